"""Rows that a program already has: mappings, a database's cursor, SQLAlchemy's result, a data frame."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Final, Protocol, TypeAlias, cast, runtime_checkable

from econtador.errors import EmptyFile
from econtador.gap.cells import text_of
from econtador.gap.columns import Layout, match
from econtador.gap.headers import Candidate, Form, Row, Table, begun, best

__all__ = ["ROWS", "Cursor", "Frame", "Result", "Rows", "table_of"]

ROWS: Final = "linhas"
"""What problems give as the file of rows that came from none."""

_AT_ONCE: Final = 1000
_LOOKED_AT: Final = 100
"""How many mappings are looked at for their keys: what only a later one has is told as a cell more."""


@runtime_checkable
class Cursor(Protocol):
    """A DB-API cursor after its SELECT; what DuckDB's ``execute`` gives is one."""

    @property
    def description(self) -> Sequence[Sequence[object]] | None:
        """One sequence for each column, its name first."""
        ...

    def fetchmany(self, size: int, /) -> Sequence[object]:
        """The next rows."""
        ...


@runtime_checkable
class Result(Protocol):
    """What SQLAlchemy's ``execute`` gives, with or without ``.mappings()``."""

    def keys(self) -> Iterable[str]:
        """The names of the columns."""
        ...

    def fetchmany(self, size: int, /) -> Sequence[object]:
        """The next rows."""
        ...


@runtime_checkable
class Frame(Protocol):
    """A data frame of pandas, polars, pyarrow or any other that narwhals knows."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Arrow's door, by which all of them are known."""
        ...


Rows: TypeAlias = Iterable[Mapping[str, object]] | Cursor | Result | Frame
Named: TypeAlias = tuple[Sequence[str], Iterable[Sequence[object]]]


def table_of(rows: Rows, layout: Layout, columns: Mapping[str, str]) -> Table:
    """The rows as a table; `Row.line` counts them from 1.

    :raises ReadError: there are none, or their names lack what is needed.
    :raises TypeError: something else.
    """
    names, values = _named(rows)
    header = tuple(names)
    found = best(
        ROWS, [Candidate(Form(lambda: iter(())), Row(0, header), match(header, layout, columns))], layout
    )
    numbered = (Row(number, tuple(map(text_of, row))) for number, row in enumerate(values, 1))
    return Table(
        ROWS, found.form, header, found.match.index, begun(ROWS, (row for row in numbered if any(row.cells)))
    )


def _named(rows: Rows) -> Named:
    if isinstance(rows, Cursor):
        if rows.description is None:
            raise EmptyFile(ROWS)
        names = [str(column[0]) for column in rows.description]
        return names, _fetched(rows.fetchmany, names)
    if isinstance(rows, Result):
        names = list(rows.keys())
        return names, _fetched(rows.fetchmany, names)
    if isinstance(rows, Frame):
        from econtador.gap.frames import named

        return named(rows)
    if not isinstance(rows, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance] - of a caller without types
        raise TypeError(
            f"cannot read a {type(rows).__name__}: give a path, mappings, a cursor or a data frame (a lazy one collected)"
        )
    return _mappings(iter(rows))


def _fetched(
    fetchmany: Callable[[int], Sequence[object]], names: Sequence[str]
) -> Iterator[Sequence[object]]:
    while some := fetchmany(_AT_ONCE):
        for row in some:
            if isinstance(row, Mapping):
                found = cast("Mapping[str, object]", row)
                yield [found[name] for name in names]
            else:
                yield cast("Sequence[object]", row)


def _mappings(rows: Iterator[Mapping[str, object]]) -> Named:
    begin = list(islice(rows, _LOOKED_AT))
    for row in begin:
        if not isinstance(row, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] - of a caller without types
            raise TypeError(f"a row must be a mapping, header to value, not a {type(row).__name__}")
    names = list(dict.fromkeys(name for row in begin for name in row))
    if not names:
        raise EmptyFile(ROWS)
    known = set(names)

    def values() -> Iterator[Sequence[object]]:
        for row in chain(begin, rows):
            more = [row[name] for name in row if name not in known] if not known.issuperset(row) else []
            yield [*(row.get(name) for name in names), *more]

    return names, values()
