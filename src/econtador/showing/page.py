"""What there is to see of a value: counts, sections, tables. Neither HTML nor text yet."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import compress, islice
from typing import Final, TypeAlias, TypeVar

from attrs import frozen

__all__ = ["MOST_ROWS", "Cell", "Change", "Count", "Page", "Row", "Section", "Table", "Tone"]

T = TypeVar("T")

MOST_ROWS: Final = 1_000
"""Rows that a page shows at most, all its tables together; the rest is counted."""


class Tone(StrEnum):
    """How a count is to be taken. Never told by colour alone: the count has its words."""

    GOOD = "good"
    KNOWN = "known"
    CALM = "calm"
    WATCH = "watch"
    BAD = "bad"


@frozen
class Count:
    """How many there are of something."""

    label: str
    number: int
    tone: Tone = Tone.CALM


@frozen
class Change:
    """A text before and after, and what is lost of it.

    >>> Change("Jardim  Nossa Senhora Aparecida", "Jardim Nossa Senhora", " Aparecida").cut
    True
    """

    before: str
    after: str
    lost: str = ""

    @property
    def cut(self) -> bool:
        """Whether the end fell off and nothing else changed but white space."""
        return bool(self.lost) and self.before.split() == (self.after + self.lost).split()


Cell: TypeAlias = str | int | Change
Row: TypeAlias = tuple[Cell, ...]


@frozen
class Table:
    """Rows under headers; *total* counts those too that are too many to be shown."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int

    @classmethod
    def of(cls, headers: tuple[str, ...], items: Sequence[T], row: Callable[[T], Row]) -> "Table":
        """A row for each of *items*, made for the first `MOST_ROWS` only; columns that are empty in all are left out."""
        rows = tuple(map(row, islice(items, MOST_ROWS)))
        filled = [not rows or any(row[place] != "" for row in rows) for place in range(len(headers))]
        return cls(
            tuple(compress(headers, filled)), tuple(tuple(compress(row, filled)) for row in rows), len(items)
        )

    def without(self, header: str) -> "Table":
        """The table but for one column, if it has it."""
        kept = [one != header for one in self.headers]
        rows = tuple(tuple(compress(row, kept)) for row in self.rows)
        return Table(tuple(compress(self.headers, kept)), rows, self.total)

    def numbers(self, place: int) -> bool:
        """Whether the column at *place* is of numbers, which stand to the right."""
        return bool(self.rows) and all(isinstance(row[place], int) for row in self.rows)

    def opened(self, first: int) -> int:
        """How many rows are seen before the rest is folded: *first*, or all of them where little would be hidden."""
        return len(self.rows) if self.total <= 2 * first else first


@frozen
class Section:
    """One part of a page: some lines, a table, or both."""

    title: str
    lines: tuple[str, ...] = ()
    table: Table | None = None
    attention: bool = False
    """Whether somebody has to look at it. A page shows these first."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to be shown under the title."""
        return not self.lines and (self.table is None or not self.table.total)

    @property
    def heading(self) -> str:
        """The title, with the number of rows where there is a table."""
        return f"{self.title} ({self.table.total})" if self.table else self.title


@frozen
class Page:
    """Everything that there is to see of a value, in the order in which it is read.

    `title` is its summary in one line. Texts are raw: each rendering takes personal data out and makes
    hostile characters harmless.
    """

    title: str
    sections: tuple[Section, ...]
    counts: tuple[Count, ...] = ()
    lead: tuple[str, ...] = ()
    """Lines that go before every section."""

    def shown(self) -> Iterator[Section]:
        """The sections with something in them, those for attention first."""
        there = [section for section in self.sections if not section.empty]
        yield from sorted(there, key=lambda section: not section.attention)


def counted(counts: Iterable[Count]) -> tuple[Count, ...]:
    """Those that are not zero."""
    return tuple(count for count in counts if count.number)
