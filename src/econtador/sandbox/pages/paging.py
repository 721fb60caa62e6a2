"""A long list, a page at a time."""

import re
from collections.abc import Sequence
from typing import Generic, TypeVar
from urllib.parse import urlencode

from attrs import field, frozen

from econtador.sandbox.pages.visit import Fields, one

__all__ = ["Slice", "slice_of"]

T = TypeVar("T")

_NUMBER = re.compile(r"[0-9]{1,9}")
ROWS = 25


@frozen
class Slice(Generic[T]):
    """The rows of one page, and how to get to the others."""

    rows: Sequence[T] = field(repr=False)
    total: int
    number: int
    """Of this page, from 1."""
    last: int
    """Number of the last page, 1 even of nothing."""
    previous: str | None
    """Query of the page before this one."""
    next: str | None


def slice_of(found: Sequence[T], asked: Fields) -> Slice[T]:
    """The page of *found* that ``pagina`` asks for, the nearest there is; its links keep the other fields.

    >>> slice_of(range(30), {"pagina": ["2"], "texto": ["a b"]})
    Slice(total=30, number=2, last=2, previous='texto=a+b&pagina=1', next=None)
    """
    last = max(1, -(-len(found) // ROWS))
    text = one(asked, "pagina")
    number = min(max(1, int(text)), last) if _NUMBER.fullmatch(text) else 1
    kept = [(name, one(asked, name)) for name in asked if name != "pagina" and one(asked, name)]

    def query(to: int) -> str | None:
        return urlencode([*kept, ("pagina", to)]) if 1 <= to <= last else None

    rows = found[(number - 1) * ROWS : number * ROWS]
    return Slice(rows, len(found), number, last, query(number - 1), query(number + 1))
