"""A table, whatever it came from, and which of its first rows is the header.

A source is one or more *forms*: a CSV file under each delimiter, a workbook's sheets. The form and the row that
make most fields of the layout are taken; statistics have no part in it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Final, NamedTuple

from attrs import frozen

from econtador.errors import EmptyFile, HeaderNotFound, MalformedFile, UnknownColumn, redact
from econtador.gap.columns import Layout, Match, match

__all__ = [
    "HEADER_ROWS",
    "Candidate",
    "Form",
    "Row",
    "Table",
    "best",
    "candidates",
    "table_under",
    "unknown_fields",
]

HEADER_ROWS: Final = 15
"""How many rows, blank ones counted, are looked at for the header. Prosoft's reports have titles above
it; 15 is what a third-party reader of them found enough."""


class Row(NamedTuple):
    """The cells of one row, and the physical line it begins on (or its number)."""

    line: int
    cells: tuple[str, ...]


@frozen
class Form:
    """One way to see a source as rows. `rows` begins anew with each call."""

    rows: Callable[[], Iterator[Row]]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@frozen
class Table:
    """Rows under a header; blank rows are left out. The rows come once."""

    file: str
    form: Form
    header: tuple[str, ...]
    index: Mapping[str, int]
    """Field to position."""
    rows: Iterator[Row]

    @property
    def columns(self) -> dict[str, str]:
        """Field to header."""
        return {name: self.header[position] for name, position in self.index.items()}

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headers that serve no field."""
        used = set(self.index.values())
        return tuple(head for position, head in enumerate(self.header) if head and position not in used)


@frozen
class Candidate:
    """A row that may be the header."""

    form: Form
    row: Row
    match: Match

    def missing(self, required: Sequence[str]) -> tuple[str, ...]:
        """The fields of *required* that it does not head."""
        return tuple(name for name in required if name not in self.match.index)

    def whole(self, required: Sequence[str]) -> bool:
        """Whether nothing that is asked for is missing."""
        return not self.missing(required) and not self.match.lacking


def unknown_fields(file: str, names: Iterable[str], layout: Layout) -> None:
    """Raise UnknownColumn for a name that is no field of *layout*."""
    for name in names:
        if name not in layout.words:
            raise UnknownColumn(file, name, tuple(layout.words))


def candidates(
    forms: Iterable[Form], layout: Layout, columns: Mapping[str, str]
) -> Iterator[Candidate | MalformedFile]:
    """The first rows of every form; where a form stops being a table, what stopped it."""
    for form in forms:
        try:
            for row in islice(form.rows(), HEADER_ROWS):
                yield Candidate(form, row, match(row.cells, layout, columns))
        except MalformedFile as error:  # no wonder under a wrong delimiter
            yield error


def harmless(cells: Sequence[str]) -> tuple[str, ...]:
    """What may be shown of a row that may be one of data: no documents, no e-mails, no endless cells."""
    shown = (redact(cell)[:40] for cell in cells if cell)
    return tuple("***" if len(re.findall(r"\d", cell)) > 4 else cell for cell in islice(shown, 20))


def best(file: str, tried: Sequence[Candidate | MalformedFile], layout: Layout) -> Candidate:
    """The header among *tried*.

    :raises ReadError: none of them is.
    """
    rows = [candidate for candidate in tried if isinstance(candidate, Candidate)]
    errors = [error for error in tried if isinstance(error, MalformedFile)]
    if not rows:
        raise errors[0] if errors else EmptyFile(file)
    # max() takes the first of equals: the upper row, and `;` before the tab before the comma.
    found = max(rows, key=lambda candidate: (candidate.whole(layout.required), len(candidate.match.index)))
    missing = found.missing(layout.required)
    if found.match.lacking and found.match.index:
        raise UnknownColumn(file, found.match.lacking[0], harmless(found.row.cells))
    if missing:
        searched = sum(candidate.form is found.form for candidate in rows)
        raise HeaderNotFound(file, searched, missing, harmless(found.row.cells))
    return found


def table_under(file: str, found: Candidate) -> Table:
    """The table below the header.

    :raises EmptyFile: there is nothing below it.
    """
    below = (row for row in found.form.rows() if row.line > found.row.line and any(row.cells))
    return Table(file, found.form, found.row.cells, found.match.index, begun(file, below))


def begun(file: str, rows: Iterator[Row]) -> Iterator[Row]:
    """*rows*, of which the first was seen to be there.

    :raises EmptyFile: there is none.
    """
    first = next(rows, None)
    if first is None:
        raise EmptyFile(file)
    return chain((first,), rows)
