"""A page on a terminal, with colour and width: what `econtador.showing.text` is for files and consoles without.

The only import of rich. Where the output goes to a file or a pipe it is that plain text, so that a script reads the same everywhere.
"""

from collections.abc import Iterator
from typing import TextIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from econtador.cli.documents import Answer
from econtador.showing.face import Shown, page_of
from econtador.showing.page import Cell, Change, Count, Page, Table, Tone
from econtador.showing.text import to_text
from econtador.showing.texts import clean

__all__ = ["printed"]

_ROWS = {True: 50, False: 20}
"""Rows of a section that are shown, with and without attention."""
_WIDTH = 100
"""Columns where there is no terminal."""
_STYLES = {
    Tone.GOOD: "black on green",
    Tone.KNOWN: "black on cyan",
    Tone.CALM: "black on white",
    Tone.WATCH: "black on yellow",
    Tone.BAD: "white on red",
}


def printed(answer: Answer, stream: TextIO) -> None:
    """Print *answer* to *stream*."""
    if not isinstance(answer, Shown):
        print(answer, file=stream)
    elif stream.isatty():
        console = Console(file=stream, highlight=False, markup=False, emoji=False)
        for part in _parts(page_of(answer), console.width):
            console.print(part)
    else:
        print(to_text(page_of(answer), _WIDTH, rows=1_000), file=stream)


def _parts(page: Page, width: int) -> Iterator[Text | Padding]:
    yield Text(clean(page.title, None), style="bold")
    if page.counts:
        yield _bar(page.counts, min(width, _WIDTH))
    for section in page.shown():
        yield Text()
        yield Text(
            ("! " if section.attention else "") + section.heading,
            style="bold red" if section.attention else "bold",
        )
        for line in section.lines:
            yield Padding(Text(clean(line)), (0, 0, 0, 2))
        if section.table:
            most = _ROWS[section.attention]
            yield Padding(_grid(section.table, most), (0, 0, 0, 2))
            if section.table.total > most:
                yield Text(f"  … e mais {section.table.total - most}", style="dim")


def _bar(counts: tuple[Count, ...], width: int) -> Text:
    """The counts as segments: each as wide as its words, and its share of what is left of the *width*."""
    there = [(f" {clean(count.label)} {count.number} ", count) for count in counts if count.number]
    spare = max(0, width - sum(len(words) for words, _ in there))
    whole = sum(count.number for _, count in there)
    bar = Text()
    for words, count in there:
        bar.append(words.ljust(len(words) + spare * count.number // whole), style=_STYLES[count.tone])
    return bar


def _grid(table: Table, most: int) -> Grid:
    grid = Grid(box=None, pad_edge=False, header_style="dim", expand=False)
    for place, header in enumerate(table.headers):
        grid.add_column(header, justify="right" if table.numbers(place) else "left", overflow="fold")
    for row in table.rows[:most]:
        grid.add_row(*map(_cell, row))
    return grid


def _cell(cell: Cell) -> Text:
    match cell:
        case Change() if cell.cut:
            return Text.assemble(clean(cell.after), (clean(cell.lost), "strike red"))
        case Change():
            lines: list[str | tuple[str, str]] = [
                ("antes  ", "dim"),
                clean(cell.before),
                "\n",
                ("depois ", "dim"),
                clean(cell.after),
            ]
            if cell.lost:
                lines += ["\n", ("perde  ", "dim"), (clean(cell.lost), "strike red")]
            return Text.assemble(*lines)
        case _:
            return Text(clean(str(cell)))
