"""A page as a piece of HTML for a notebook: no script, nothing fetched, its own colours, light and dark."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from econtador.showing.page import MOST_ROWS, Cell, Change, Count, Page, Row, Section, Table, counted
from econtador.showing.style import STYLE
from econtador.showing.texts import LONGEST, LONGEST_LINE, clean, columns_of

__all__ = ["cell_html", "counts_html", "table_html", "text_html", "to_html"]

_OPEN: Final = {True: 15, False: 10}
"""Rows of a long table that are seen without unfolding, with and without attention."""
_SHORT: Final = 30
_WIDEST: Final = 75
"""Of columns, in widths of a digit."""


def to_html(page: Page) -> str:
    """*page* as one ``<div class="econtador">`` that brings its style along. Every text in it is escaped.

    >>> "<script>" in to_html(Page("<script>", ()))
    False
    """
    left = MOST_ROWS
    parts = [f"<style>{STYLE}</style>", f'<p class="title">{text_html(page.title, None)}</p>']
    parts += [counts_html(page.counts), _lines(page.lead)]
    for section in page.shown():
        parts.append(_section(section, left))
        left -= min(left, len(section.table.rows) if section.table else 0)
    return f'<div class="econtador">{"".join(parts)}</div>'


def text_html(text: str, longest: int | None = LONGEST) -> str:
    """*text* cleaned (see `showing.texts`) and escaped."""
    return escape(clean(text, longest))


def counts_html(counts: Sequence[Count]) -> str:
    """A bar with a segment for each count, and the same in words."""
    there = counted(counts)
    if not there:
        return ""
    said = ", ".join(f"{count.label}: {count.number}" for count in there)
    bar = "".join(f'<i class="{count.tone}" style="flex:{count.number}"></i>' for count in there)
    words = "".join(
        f'<li><i class="{count.tone}"></i>{text_html(count.label)} <b>{count.number}</b></li>'
        for count in there
    )
    return f'<div class="bar" role="img" aria-label="{text_html(said)}">{bar}</div><ul class="counts">{words}</ul>'


def _section(section: Section, left: int) -> str:
    kind = ' class="attention"' if section.attention else ""
    sign = '<span aria-label="atenção">!</span> ' if section.attention else ""
    table = table_html(section.table, _OPEN[section.attention], left) if section.table else ""
    return (
        f"<section{kind}><h4>{sign}{text_html(section.heading)}</h4>{_lines(section.lines)}{table}</section>"
    )


def _lines(lines: Sequence[str]) -> str:
    items = "".join(f"<li>{text_html(line, LONGEST_LINE)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def table_html(table: Table, first: int = 10, most: int = MOST_ROWS) -> str:
    """*table* with its *first* rows; what is more is folded, and what is more than *most* only counted."""
    rows, first = table.rows[:most], table.opened(first)
    columns = _columns(table.headers, rows)
    head = "".join(
        f"<th scope=col{' class=number' if table.numbers(place) else ''}>{text_html(header)}</th>"
        for place, header in enumerate(table.headers)
    )
    parts = [
        f"{columns}<thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, rows[:first]))}</tbody></table>"
    ]
    if folded := rows[first:]:
        body = "".join(map(_row, folded))
        parts.append(
            f"<details><summary>mais {len(folded)}</summary>{columns}<tbody>{body}</tbody></table></details>"
        )
    if table.total > len(rows):
        parts.append(
            f'<p class="more">…e mais {table.total - len(rows)}: use .to_pandas() ou .to_dicts()</p>'
        )
    return "".join(parts)


def _columns(headers: tuple[str, ...], rows: Sequence[Row]) -> str:
    """The opening of a table with its columns' widths, so that the folded part stands under the first.

    Short columns keep theirs, and the long ones share what is left.
    """
    widths = [
        max([columns_of(header), *(_width(row[place]) for row in rows)]) * 6 // 5 + 3
        for place, header in enumerate(headers)
    ]
    columns = "".join(f'<col style="width:{width}ch">' if width <= _SHORT else "<col>" for width in widths)
    whole = sum(min(width, _WIDEST) for width in widths)
    return f'<table style="width:min(100%,{whole}ch);min-width:min({whole}ch,54em)"><colgroup>{columns}</colgroup>'


def _width(cell: Cell) -> int:
    # The words before and after a change stand before it.
    return columns_of(clean(cell.before)) + 8 if isinstance(cell, Change) else columns_of(clean(str(cell)))


def _row(row: Row) -> str:
    return f"<tr>{''.join(map(cell_html, row))}</tr>"


def cell_html(cell: Cell) -> str:
    """*cell* as a ``<td>``: a change in two lines, with what is lost struck out."""
    match cell:
        case int():
            return f'<td class="number">{cell}</td>'
        case Change():
            return f"<td>{''.join(_change(cell))}</td>"
        case _:
            return f"<td>{text_html(cell)}</td>"


def _change(change: Change) -> Iterator[str]:
    after, lost = text_html(change.after), text_html(change.lost)
    before = f"{after}<del>{lost}</del>" if change.cut else text_html(change.before)
    yield f'<div class="change"><small>antes</small><bdi>{before}</bdi></div>'
    yield f'<div class="change"><small>depois</small><bdi>{after}</bdi></div>'
    if lost and not change.cut:
        yield f'<div class="change"><small>perde</small><bdi><del>{lost}</del></bdi></div>'
