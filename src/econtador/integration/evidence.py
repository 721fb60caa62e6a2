"""The log as evidence: whether it is whole, and as files that others can keep.

Each entry's hash covers the entry and the hash of the one before it, so an entry that was edited, taken out
or put in breaks the chain from there on; what the journal keeps of its end (its *head*) shows an end that was
cut off. Whoever can write to the journal can also make the whole chain anew: note the head elsewhere
(:attr:`Audit.head`), and that shows too.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Protocol, TextIO

from attrs import field, frozen

from econtador.formulas import guarded
from econtador.integration.journal import LogEntry, Record
from econtador.integration.journal_rows import BEGINNING, ENTRY_COLUMNS, Column, chained, entry_row
from econtador.integration.status import Kind, Status
from econtador.overriding import override
from econtador.showing.face import Shown

if TYPE_CHECKING:
    from econtador.showing.page import Page

__all__ = ["Anchor", "Audit", "Fault", "audit", "to_csv", "to_jsonl"]


class Textual(Protocol):
    """Anything that takes text."""

    def write(self, text: str, /) -> object: ...


@frozen
class Anchor:
    """A place in the chain: the number of an entry, and its hash."""

    number: int = 0
    hash: str = BEGINNING

    @override
    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> "Anchor":
        """What ``str`` made. Raises ValueError."""
        number, _, digest = text.partition(":")
        return cls(int(number), digest)


@frozen
class Fault:
    """Something in the log that is not as it was written."""

    number: int
    """Of the entry, 0 where it is none."""
    reason: str
    """In Portuguese."""


@frozen(kw_only=True, repr=False)
class Audit(Shown):
    """What an examination of the log found."""

    entries: int
    head: Anchor
    """The end of the log. Kept elsewhere, it shows later that nothing before it was changed."""
    forgotten: int = 0
    """Entries that were taken out by command, oldest first."""
    faults: tuple[Fault, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether nothing was edited, taken out or put in."""
        return not self.faults

    @property
    @override
    def summary(self) -> str:
        """How many entries, and whether the log is whole."""
        said = "íntegro" if self.ok else f"{len(self.faults)} problemas, o primeiro: {self.faults[0].reason}"
        return f"Registro de {self.entries} lançamentos: {said}"

    @override
    def _page(self) -> "Page":
        from econtador.integration.pages import audit_page

        return audit_page(self)


def audit(
    entries: Iterable[LogEntry], begin: Anchor, head: Anchor, records: Mapping[tuple[Kind, str], Record]
) -> Audit:
    """Examine *entries*, which follow *begin* and should end at *head*, and what they say of *records*."""
    faults: list[Fault] = []
    last, count = begin, 0
    statuses: dict[tuple[Kind, str], Status] = {}
    for entry in entries:
        count += 1
        if entry.number != last.number + 1:
            faults.append(Fault(entry.number, f"faltam lançamentos antes do {entry.number}"))
        elif chained(entry, entry.number, last.hash)["hash"] != entry.hash:
            faults.append(Fault(entry.number, f"o lançamento {entry.number} não é o que foi escrito"))
        last = Anchor(entry.number, entry.hash)
        if entry.moved:
            statuses[entry.kind, entry.codigo] = entry.status
    if last != head:
        faults.append(Fault(last.number, "o fim do registro não é o que foi escrito por último"))
    faults += _unexplained(statuses, records, forgotten=begin.number > 0)
    return Audit(entries=count, head=last, forgotten=begin.number, faults=tuple(faults))


def _unexplained(
    statuses: Mapping[tuple[Kind, str], Status],
    records: Mapping[tuple[Kind, str], Record],
    *,
    forgotten: bool,
) -> Iterator[Fault]:
    for (kind, codigo), record in records.items():
        told = statuses.get((kind, codigo))
        if told is None and forgotten:
            continue  # what moved it may be among what was forgotten
        if told is not record.status:
            yield Fault(0, f"{kind.value} {codigo} está {record.status}, e o registro não o explica")
    for kind, codigo in statuses.keys() - records.keys():
        yield Fault(0, f"{kind.value} {codigo} está no registro e não no diário")


# --------------------------------------------------------------------------- files


def to_jsonl(entries: Iterable[LogEntry], target: Textual) -> int:
    """Write *entries* as JSON Lines, every column, hashes included; return how many."""
    count = 0
    for entry in entries:
        target.write(json.dumps(entry_row(entry), ensure_ascii=False) + "\n")
        count += 1
    return count


def to_csv(entries: Iterable[LogEntry], target: TextIO) -> int:
    """Write *entries* as CSV for a spreadsheet (``;``, every column); return how many.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    table = csv.writer(target, delimiter=";", lineterminator="\r\n")
    table.writerow(ENTRY_COLUMNS)
    count = 0
    for entry in entries:
        table.writerow([_cell(value) for value in entry_row(entry).values()])
        count += 1
    return count


def _cell(value: Column) -> Column:
    return guarded(value) if isinstance(value, str) else value
