"""What was meant and what came of it: the journal that *once only* rests on.

:class:`Journal` is what an integrator asks of one; :class:`~econtador.SqliteJournal` is given, and
:class:`~econtador.SqlJournal` for many machines. The intent to send a record is durable **before** its first
byte leaves, and a status moves only along the table of :mod:`.status`, from the status that the writer saw: of
two writers one moves it.
"""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from attrs import field, frozen

from econtador.documents import Cnpj, Cpf
from econtador.errors import redact, redacted_repr
from econtador.gap.models import Proemp
from econtador.integration.plan import Draft, Plan
from econtador.integration.status import Kind, Outcome, Status
from econtador.overriding import override

__all__ = ["Journal", "LogEntry", "LogFilter", "Move", "Record"]


@frozen(kw_only=True)
class Record:
    """What is known of one record: where it stands, and what was sent of it."""

    kind: Kind
    codigo: str
    nome: str = field(repr=redacted_repr)
    documento: Cnpj | Cpf | None
    status: Status
    portal_id: str | None = field(default=None, repr=False)
    sent: Draft | None = field(default=None, repr=False)
    attempted_at: datetime.datetime | None = None
    """When it was last about to be sent."""


@frozen(kw_only=True)
class LogEntry:
    """One line of the *LOGs de Integração*: an integration or an attempt.

    The article attests that logs list both and can be filtered; the columns are this library's.
    """

    number: int = 0
    """In the order of writing, from 1. The journal gives it."""
    at: datetime.datetime
    kind: Kind
    codigo: str
    nome: str = field(repr=redacted_repr)
    proemp: Proemp | None
    """Companies only: users need none."""
    operador: str
    outcome: Outcome
    status: Status
    """After it."""
    code: str = ""
    """A reason's or an error's stable code."""
    message: str = ""
    """Portuguese, without personal data."""
    run: str = ""
    """Which call of apply, resume, activate or verify wrote it."""
    plan: str = ""
    """The fingerprint of the plan, where there was one."""
    action: str = ""
    """The fingerprint of the plan's action with this record, what was to be sent included."""
    policy: str = ""
    """The fingerprint of the policy that the run was under."""
    attempts: int = 0
    """How often a request was really sent."""
    losses: int = 0
    """In how many fields what was sent says less than what GAP has."""
    moved: bool = False
    """Whether the record's status changed."""
    hash: str = ""
    """64 hexadecimal digits over the entry and the one before it. The journal gives it."""

    @override
    def __str__(self) -> str:
        when = self.at.astimezone().strftime("%d/%m/%Y %H:%M:%S")
        said = f": {self.message}" if self.message else ""
        return (
            f"{when}  {self.kind.value:<8} {self.codigo:<8} {self.outcome.label}{said} [{redact(self.nome)}]"
        )


@frozen(kw_only=True)
class Move:
    """Something to be written: an entry, and the record that it moves, if it moves one."""

    entry: LogEntry
    record: Record | None = None
    """As it is afterwards."""
    expected: Status = Status.NAO_INTEGRADO
    """The status that it must have still, or nothing of this is written."""


@frozen(kw_only=True)
class LogFilter:
    """Which entries; what is None is not asked. *since* and *until* include their own instant."""

    kind: Kind | None = None
    outcome: Outcome | None = None
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    proemp: Proemp | None = None
    codigo: str | None = None
    operador: str | None = None
    text: str | None = None
    """Somewhere in name, code or message; case does not count, accents do."""


class Journal(Protocol):
    """What an integrator needs of a journal. Every write is durable when it returns.

    Any method may raise a :class:`~econtador.errors.JournalError`.
    """

    @property
    def proemp(self) -> Proemp | None:
        """The one whose companies go to this account; None before the first apply."""
        ...

    def belongs_to(self, account: str) -> None:
        """Raise :class:`~econtador.errors.JournalOfAnotherAccount` unless it is *account*'s, or nobody's yet."""
        ...

    def bind(self, account: str, proemp: Proemp | None) -> None:
        """Belong to *account* and, where given, to *proemp*, for ever."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Be a run that writes. A journal that takes one at a time raises :class:`~econtador.errors.JournalLocked`."""
        ...

    def records(self, kind: Kind) -> Mapping[str, Record]:
        """Everything known of one kind, by código."""
        ...

    def held(self, kind: Kind, run: str) -> Collection[str]:
        """The códigos that a run other than *run* may be sending at this moment: not for *run* to settle."""
        ...

    def revision(self) -> int:
        """Grows with every entry."""
        ...

    def moved_by_others(self, kind: Kind, revision: int, plan: str) -> bool:
        """Whether a record of *kind* moved after *revision* by something other than *plan*."""
        ...

    def write(self, moves: Sequence[Move]) -> Sequence[bool]:
        """Write *moves* in their order, all durable together; tell of each whether its record still stood as expected.

        One that did not is not written, and does not keep the others from it. Nor is what is told of an older
        attempt than the record's last (:attr:`Record.attempted_at`): another run may have come to the same status again.
        """
        ...

    def begin(self, plan: Plan) -> None:
        """Keep *plan* as the one of its kind that is being applied, in the place of an older one."""
        ...

    def finish(self, plan: Plan) -> None:
        """Nothing of *plan* is left to do."""
        ...

    def unfinished(self) -> tuple[Plan, ...]:
        """The plans that were begun and not finished."""
        ...

    def entries(self, wanted: LogFilter) -> Iterable[LogEntry]:
        """The entries that *wanted* lets through, oldest first."""
        ...

    def close(self) -> None: ...
