"""A text file without delimiters: which positions of a line hold which field, as data."""

from collections.abc import Iterable
from itertools import pairwise
from typing import TypeAlias

from attrs import field, frozen

__all__ = ["FixedWidth"]

Column: TypeAlias = tuple[str, int, int]


def _to_columns(columns: Iterable[Column]) -> tuple[Column, ...]:
    found = tuple(sorted(columns, key=lambda column: column[1]))
    if not found:
        raise ValueError("a fixed-width layout needs at least one column")
    for name, begin, end in found:
        if not 1 <= begin <= end:
            raise ValueError(
                f"column {name!r}: positions count from 1 and begin before they end, not {begin}-{end}"
            )
    for (name, _, end), (other, begin, _) in pairwise(found):
        if begin <= end:
            raise ValueError(f"columns {name!r} and {other!r} overlap")
    if len({name for name, _, _ in found}) < len(found):
        raise ValueError("a fixed-width layout names each field once")
    return found


@frozen
class FixedWidth:
    """The layout of a fixed-width file. Raises ValueError for columns that overlap or are none.

    >>> layout = FixedWidth([("codigo", 1, 5), ("razao_social", 6, 65), ("documento", 66, 79)])
    >>> layout.cells("00007PADARIA" + " " * 53 + "11222333000181")
    ('00007', 'PADARIA', '11222333000181')
    """

    columns: tuple[Column, ...] = field(converter=_to_columns)
    """Our name of the field, and its first and last position, counted in characters from 1 as layouts are."""
    first_line: int = 1
    """The first line that is a record; titles stand above it."""

    @property
    def names(self) -> tuple[str, ...]:
        """The fields, in the order of the line."""
        return tuple(name for name, _, _ in self.columns)

    def cells(self, line: str) -> tuple[str, ...]:
        """A line cut into its fields, stripped. What stands outside of all of them is not read."""
        return tuple(line[begin - 1 : end].strip() for _, begin, end in self.columns)
