"""A worklist as one page of HTML: to be printed on A4 and ticked with a pen, or read on a screen. Pure.

No script, nothing from elsewhere.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final

from econtador.integration.worklist import Worklist
from econtador.integration.worklist_items import State
from econtador.integration.worklist_parts import TOLD, Part, Row, parts_of, summary_of
from econtador.showing.texts import clean

__all__ = ["page"]


def page(worklist: Worklist, escritorio: str) -> str:
    """A whole document."""
    title = f"Lista de trabalho – integração eContador{f' – {escritorio}' if escritorio else ''}"
    return (
        '<!DOCTYPE html>\n<html lang="pt-BR">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{_PAGE}{_STYLE}</style>\n</head>\n<body>\n"
        f"{_list(worklist, escritorio)}\n</body>\n</html>\n"
    )


def _list(worklist: Worklist, escritorio: str) -> str:
    parts = "\n".join(_part(part) for part in parts_of(worklist))
    return f'<div class="ec-lista">\n{_head(worklist, escritorio)}\n{parts}\n</div>'


def _head(worklist: Worklist, escritorio: str) -> str:
    facts = (
        ("Escritório", escritorio),
        ("PROEMP", str(worklist.proemp or "")),
        ("Conta do portal", worklist.account),
        ("Operador", str(worklist.operador)),
        ("Feita em", f"{worklist.made_at.astimezone():%d/%m/%Y %H:%M}"),
    )
    told = "".join(f"<div><dt>{name}</dt><dd>{_text(value)}</dd></div>" for name, value in facts if value)
    return (
        f"<h1>Lista de trabalho: integração eContador</h1>\n<dl>{told}</dl>\n"
        f"<p><strong>{_text(summary_of(worklist))}.</strong></p>"
    )


def _part(part: Part) -> str:
    intro = f"<p>{_text(part.intro)}</p>" if part.intro else ""
    body = "".join(_blocks(part)) if part.rows else f"<p>{_text(part.empty)}</p>"
    return f"<section>\n<h2>{_text(part.title)}</h2>{intro}\n{body}</section>"


def _blocks(part: Part) -> Iterator[str]:
    """All rows together; of what belongs to a record each, one block for each record, kept on one page."""
    render = _RENDER[part.layout]
    at = part.grouped_by
    if not at:
        yield render(part, part.rows)
        return
    for names, rows in groupby(part.rows, key=lambda row: row.cells[:at]):
        title = " ".join(f"<bdi>{_text(name)}</bdi>" for name in names if name)
        yield f'<div class="bloco"><h3>{title}</h3>{render(part, tuple(rows))}</div>\n'


def _table(part: Part, rows: Sequence[Row]) -> str:
    headers = "".join(f'<th scope="col">{_text(header)}</th>' for header in part.headers[part.grouped_by :])
    lines = "".join(_line(part, row) for row in rows)
    return (
        f'<table><thead><tr><th scope="col">Feito</th>{headers}</tr></thead><tbody>{lines}</tbody></table>\n'
    )


def _line(part: Part, row: Row) -> str:
    cells = "".join(
        _td(cell, at in part.copied) for at, cell in enumerate(row.cells) if at >= part.grouped_by
    )
    told = f"<small>{_text(row.told)}</small>" if row.state in TOLD else ""
    return f'<tr><td class="feito">{_box(row)}{told}</td>{cells}</tr>\n'


def _td(cell: str, copied: bool) -> str:
    if copied and cell:
        return f"<td><code>{escape(cell)}</code></td>"
    short = ' class="curto"' if " " not in cell else ""
    return f"<td{short}>{_cell(cell)}</td>"


def _items(part: Part, rows: Sequence[Row]) -> str:
    return f"<ul>{''.join(_item(row, row.cells[part.grouped_by :]) for row in rows)}</ul>\n"


def _item(row: Row, cells: tuple[str, ...]) -> str:
    what, *more = cells
    told = [_text(cell) for cell in more if cell]
    told += [f"<strong>{_text(row.told)}</strong>"] if row.state in TOLD else []
    return f"<li>{_box(row)}<div>{_cell(what)} <small>{' · '.join(told)}</small></div></li>\n"


_RENDER: Final = {"table": _table, "list": _items}


def _box(row: Row) -> str:
    return _BOXES.get(row.state, _BOX)


def _cell(text: str) -> str:
    return f"<bdi>{_text(text)}</bdi>" if text else ""


def _text(text: str) -> str:
    return escape(clean(text, None))


_BOX: Final = '<span class="caixa" role="img" aria-label="a fazer">☐</span>'
_BOXES: Final = {
    State.SEEN: '<span class="caixa" role="img" aria-label="visto">☑</span>',
    State.NOTHING: "–",
}

_PAGE: Final = """
@page { size: A4; margin: 14mm 12mm; @bottom-right { content: counter(page) " / " counter(pages); } }
body { margin: 0 auto; padding: 1rem; max-width: 62rem; }
@media screen { body { background: #f4f4f4; } .ec-lista { padding: 1rem 1.5rem; } }
@media screen and (prefers-color-scheme: dark) { body { background: #111; } }
@media print { body { padding: 0; max-width: none; } }
"""

_STYLE: Final = """
.ec-lista { --tinta: #1a1a1a; --fundo: #fff; --linha: #8a8a8a; --leve: #eee; color: var(--tinta);
  background: var(--fundo); font: 15px/1.4 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
.ec-lista h1 { font-size: 1.5em; margin: 0 0 .4em; }
.ec-lista h2 { font-size: 1.15em; margin: 1.6em 0 .4em; padding-top: .3em; border-top: 2px solid var(--tinta); }
.ec-lista h3 { font-size: 1em; margin: .9em 0 .3em; }
.ec-lista h3 bdi + bdi { margin-left: .5em; font-weight: normal; }
.ec-lista p { margin: .3em 0 .6em; }
.ec-lista dl { display: flex; flex-wrap: wrap; gap: .2em 2em; margin: 0 0 .6em; }
.ec-lista dt { font-size: .8em; }
.ec-lista dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.ec-lista table { border-collapse: collapse; width: 100%; font-size: .92em; background: none; }
.ec-lista th, .ec-lista td { border: 1px solid var(--linha); padding: .25em .5em; text-align: left;
  vertical-align: top; overflow-wrap: break-word; color: inherit; background: none; white-space: normal; }
.ec-lista th { background: var(--leve); font-weight: 600; }
.ec-lista .curto { white-space: nowrap; width: 1%; }
.ec-lista .feito { width: 1%; min-width: 3em; }
.ec-lista .feito small { display: block; font-weight: 600; line-height: 1.2; min-width: 6em; }
.ec-lista ul { list-style: none; margin: .3em 0; padding: 0; }
.ec-lista li { display: flex; gap: .5em; align-items: baseline; padding: .15em 0; }
.ec-lista li small { opacity: .8; }
.ec-lista .bloco ul { columns: 2; column-gap: 2em; }
.ec-lista .caixa { font-size: 1.25em; line-height: 1; font-family: "DejaVu Sans", "Segoe UI Symbol", sans-serif; }
.ec-lista .bloco table { table-layout: fixed; }
.ec-lista .bloco th:first-child { width: 4.4em; }
.ec-lista .bloco th:nth-child(2), .ec-lista .bloco th:last-child { width: 6.6em; }
.ec-lista code { display: block; font: .95em/1.35 "DejaVu Sans Mono", Consolas, monospace; white-space: pre-wrap;
  overflow-wrap: anywhere; unicode-bidi: isolate; border: 1px dashed var(--linha); padding: 0 .25em;
  color: inherit; background: none; }
@media screen and (prefers-color-scheme: dark) {
  .ec-lista { --tinta: #e8e8e8; --fundo: #1b1b1b; --linha: #666; --leve: #2a2a2a; } }
@media print {
  .ec-lista { font-size: 9.5pt; line-height: 1.3; padding-right: 1px; }
  .ec-lista thead { display: table-header-group; }
  .ec-lista tr, .ec-lista li, .ec-lista .bloco { break-inside: avoid; }
  .ec-lista h2, .ec-lista h3 { break-after: avoid; } }
"""
