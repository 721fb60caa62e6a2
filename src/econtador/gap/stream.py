"""Records as they are read, one row at a time: what is kept of a row is the record, its problems and its repairs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import Final, Generic, TypeVar

from econtador.errors import Fault
from econtador.formulas import unguarded
from econtador.gap.headers import Row, Table
from econtador.gap.reading import Note, Problem, Reading, Repair, described
from econtador.gap.rows import Outcome
from econtador.gap.totals import is_total
from econtador.overriding import override

__all__ = ["PROGRESS_EVERY", "Stream"]

R = TypeVar("R")
T = TypeVar("T")

PROGRESS_EVERY: Final = 1000
"""Rows between two calls of ``on_progress``."""

_ZEROS: Final = "zeros à esquerda repostos"
_GUARD: Final = "apóstrofo que protegia de fórmulas retirado"
_TOTAL: Final = "a última linha é de totais e ficou de fora"
_TOO_MANY: Final = Fault("", "celulas-a-mais", "a linha tem mais células do que o cabeçalho")


class _Kept(Generic[T]):
    """The first of many, and how many there were."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self.first: list[T] = []
        self.count = 0

    def add(self, value: T) -> None:
        self.count += 1
        if self._most is None or len(self.first) < self._most:
            self.first.append(value)


class Stream(Generic[R]):
    """The good records of a table, in its order, while it is read. Comes once.

    `problems`, `repairs` and `notes` grow with the rows; look at them at the end.
    """

    def __init__(
        self,
        table: Table,
        build: Callable[[Mapping[str, str]], Outcome[R]],
        *,
        clean: Callable[[Sequence[str]], R | None] | None = None,
        max_problems: int | None = None,
        on_progress: Callable[[int], object] | None = None,
    ) -> None:
        """*clean* gives the record of a row of which nothing is to be told, else None: then *build* sees to it."""
        self._table = table
        self._build = build
        self._clean = clean
        self._on_progress = on_progress
        self._problems = _Kept[Problem](max_problems)
        self._repairs = _Kept[Repair](max_problems)
        self._notes: list[Note] = []
        self._rows = 0
        self._records = self._read()

    def __iter__(self) -> Iterator[R]:
        return self._records

    def __next__(self) -> R:
        return next(self._records)

    @property
    def file(self) -> str:
        """What is read; ``linhas`` where it is no file."""
        return self._table.file

    @property
    def rows(self) -> int:
        """How many rows were read so far, blank ones left out."""
        return self._rows

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The first ``max_problems`` of them."""
        return tuple(self._problems.first)

    @property
    def problem_count(self) -> int:
        """How many problems there are, those that were not kept included."""
        return self._problems.count

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """The first ``max_problems`` of them."""
        return tuple(self._repairs.first)

    @property
    def repair_count(self) -> int:
        """How many repairs there are, those that were not kept included."""
        return self._repairs.count

    @property
    def notes(self) -> tuple[Note, ...]:
        """What else is to be known of single rows."""
        return tuple(self._notes)

    @property
    def columns(self) -> Mapping[str, str]:
        """Our name of each field that was found, and its header."""
        return self._table.columns

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headers that nothing is read from."""
        return self._table.ignored

    def reading(self) -> Reading[R]:
        """All that is left, as one value."""
        records, form = tuple(self), self._table.form
        return Reading(
            file=self.file,
            records=records,
            problems=self.problems,
            repairs=self.repairs,
            encoding=form.encoding,
            delimiter=form.delimiter,
            columns=self.columns,
            ignored=self.ignored,
            sheet=form.sheet,
            notes=self.notes,
        )

    @override
    def __repr__(self) -> str:
        form = self._table.form
        told = f"{self.problem_count} problemas, {self.repair_count} correções"
        return f"<Stream {self.file}: {self.rows} linhas, {told}{described(form.encoding, form.delimiter, form.sheet)}>"

    def _read(self) -> Iterator[R]:
        clean = self._clean
        for row, is_last in _with_last(self._table.rows):
            self._rows += 1
            if clean is not None and (record := clean(row.cells)) is not None:
                yield record
            elif is_last and is_total(row.cells, self._table.index.get("codigo", len(row.cells))):
                self._notes.append(Note(self.file, row.line, _TOTAL))
            else:
                yield from self._record(row)
            if self._on_progress is not None and (is_last or self._rows % PROGRESS_EVERY == 0):
                self._on_progress(self._rows)

    def _record(self, row: Row) -> Iterator[R]:
        values = {name: _cell(row, position) for name, position in self._table.index.items()}
        guarded = self._unguard(values) if self._table.form.delimiter else {}
        outcome = self._build(values)
        extra = tuple(cell for cell in row.cells[len(self._table.header) :] if cell)
        faults = (*outcome.faults, _TOO_MANY) if extra else outcome.faults
        values[""] = " ".join(extra)
        for fault in faults:
            value = values.get(fault.field, "")
            self._problems.add(Problem(self.file, row.line, fault.field, value, fault.message, fault.code))
        if outcome.record is None or extra:
            return
        for name, before in guarded.items():
            self._repairs.add(Repair(self.file, row.line, name, before, values[name], _GUARD))
        for zeros in outcome.zeros:
            self._repairs.add(Repair(self.file, row.line, zeros.name, zeros.before, zeros.after, _ZEROS))
        yield outcome.record

    def _unguard(self, values: dict[str, str]) -> dict[str, str]:
        """Take the guards off *values*; give what they were."""
        guarded = {name: text for name, text in values.items() if text[:1] == "'" and unguarded(text) != text}
        values.update({name: unguarded(text) for name, text in guarded.items()})
        return guarded


def _with_last(rows: Iterator[Row]) -> Iterator[tuple[Row, bool]]:
    """Every row, and whether it is the last."""
    return ((row, following is None) for row, following in pairwise(chain(rows, (None,))) if row is not None)


def _cell(row: Row, position: int) -> str:
    return row.cells[position] if position < len(row.cells) else ""
