"""What was meant and what came of it: the journal that *once only* rests on.

:class:`Journal` is what an integrator asks of one; :class:`~econtador.SqliteJournal` is the one that
is given. The intent to send a record is durable **before** its first byte leaves, and a status moves
only along the table of :mod:`.status`, from the status that the writer saw: of two writers one moves it.
"""

import datetime
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from attrs import field, frozen
from typing_extensions import override

from econtador.documents import Cnpj, Cpf
from econtador.errors import redact, redacted_repr
from econtador.gap.models import Proemp
from econtador.integration.plan import Draft, Plan
from econtador.integration.status import Kind, Outcome, Status

__all__ = ["Journal", "LogEntry", "LogFilter", "Record"]


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


@frozen(kw_only=True)
class LogEntry:
    """One line of the *LOGs de Integração*: an integration or an attempt.

    The article attests that logs list both and can be filtered; the columns are this library's.
    """

    number: int = 0
    """In the order of writing, from 1."""
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
    attempts: int = 0
    """How often a request was really sent."""

    @override
    def __str__(self) -> str:
        when = self.at.astimezone().strftime("%d/%m/%Y %H:%M:%S")
        said = f": {self.message}" if self.message else ""
        return (
            f"{when}  {self.kind.value:<8} {self.codigo:<8} {self.outcome.label}{said} [{redact(self.nome)}]"
        )


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
        """Be the one run that writes; raise :class:`~econtador.errors.JournalLocked` if another is."""
        ...

    def records(self, kind: Kind) -> Mapping[str, Record]:
        """Everything known of one kind, by código."""
        ...

    def revision(self) -> int:
        """Grows with every entry."""
        ...

    def moved_by_others(self, kind: Kind, revision: int, plan: str) -> bool:
        """Whether a record of *kind* moved after *revision* by something other than *plan*."""
        ...

    def move(self, record: Record, expected: Status, entry: LogEntry) -> bool:
        """Keep *record* and append *entry*, together, if its status still is *expected*; tell whether it was."""
        ...

    def note(self, entry: LogEntry) -> None:
        """Append an entry that moves nothing."""
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
