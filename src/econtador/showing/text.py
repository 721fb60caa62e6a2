"""A page as text for a terminal: every character is one that a Portuguese Windows console has."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from econtador.showing.page import Cell, Change, Page, Section, Table
from econtador.showing.texts import LONGEST_LINE, clean, columns_of, padded, wrapped

__all__ = ["to_text"]

_NARROWEST: Final = 40
_LONG_WORD: Final = 18
"""The mask of a CNPJ: what is longer may be broken."""
_ROWS: Final = {True: 15, False: 10}
"""Rows that are shown of a long table, with and without attention."""


def to_text(page: Page, width: int = 100, rows: int | None = None) -> str:
    """*page* in lines of at most *width* columns, but for the title and words that are longer than a column.

    A cut is shown in one line, ``Jardim Nossa Senhora« Aparecida»``: what stands in the marks is lost.

    :param rows: of a long table; else 15 where attention is needed, and 10 elsewhere.

    >>> bairro = Change("Jardim Nossa Senhora Aparecida", "Jardim Nossa Senhora", " Aparecida")
    >>> table = Table(("Código", "Bairro"), (("00007", bairro),), total=313)
    >>> print(to_text(Page("313 perdas", (Section("Perdas", table=table, attention=True),))))
    313 perdas
    <BLANKLINE>
    ! Perdas (313), entre « » o que se perde
      Código  Bairro
      00007   Jardim Nossa Senhora« Aparecida»
      … e mais 312
    """
    width = max(width, _NARROWEST)
    lines = [clean(page.title, None)]
    for line in page.lead:
        lines += _paragraph(line, width - 2)
    for section in page.shown():
        lines += ["", _heading(section)]
        lines += _section(section, width - 2, rows or _ROWS[section.attention])
    return "\n".join(lines)


def _heading(section: Section) -> str:
    rows = section.table.rows if section.table else ()
    cuts = any(isinstance(cell, Change) and cell.cut for row in rows for cell in row)
    sign, legend = "! " if section.attention else "", ", entre « » o que se perde" if cuts else ""
    return f"{sign}{clean(section.heading)}{legend}"


def _paragraph(line: str, width: int) -> list[str]:
    first, *others = wrapped(clean(line, LONGEST_LINE), width - 2)
    return [f"  {first}", *(f"    {other}" for other in others)]


def _section(section: Section, width: int, most: int) -> Iterator[str]:
    for line in section.lines:
        yield from _paragraph(line, width)
    if section.table:
        yield from (f"  {line}" for line in _table(section.table, width, most))


def _table(table: Table, width: int, most: int) -> Iterator[str]:
    rows = [[_lines(cell) for cell in row] for row in table.rows[: table.opened(most)]]
    head = [[header] for header in table.headers]
    widths = _widths([head, *rows], width - 2 * (len(head) - 1))
    right = [table.numbers(place) for place in range(len(head))]
    for row in (head, *rows):
        parts_of = [
            [part for line in cell for part in wrapped(line, size)]
            for cell, size in zip(row, widths, strict=True)
        ]
        for parts in zip_longest(*parts_of, fillvalue=""):
            aligned = [
                " " * (size - columns_of(part)) + part if number else padded(part, size)
                for part, size, number in zip(parts, widths, right, strict=True)
            ]
            yield "  ".join(aligned).rstrip()
    if table.total > len(rows):
        yield f"… e mais {table.total - len(rows)}"


def _lines(cell: Cell) -> list[str]:
    match cell:
        case Change() if cell.cut:
            return [f"{clean(cell.after)}«{clean(cell.lost)}»"]
        case Change():
            lost = [f"perde:  «{clean(cell.lost)}»"] if cell.lost else []
            return [f"antes:  {clean(cell.before)}", f"depois: {clean(cell.after)}", *lost]
        case _:
            return [clean(str(cell))]


def _widths(rows: Sequence[Sequence[Sequence[str]]], room: int) -> list[int]:
    """Each column as wide as its widest line; where that is too much, the widest ones give.

    None gets narrower than its longest word, unless that is long itself.
    """
    columns = [[line for cell in column for line in cell] for column in zip(*rows, strict=True)]
    widths = [max(map(columns_of, lines)) for lines in columns]
    words = [
        max((columns_of(word) for line in lines for word in line.split()), default=1) for lines in columns
    ]
    floors = [min(word, _LONG_WORD) for word in words]
    while sum(widths) > room:
        giving = [place for place, width in enumerate(widths) if width > floors[place]]
        if not giving:
            break
        widths[max(giving, key=lambda place: widths[place])] -= 1
    return widths
