"""A journal in a PostgreSQL server: many machines over one plan.

Its modules, :mod:`.sql_server`, :mod:`.sql_tables`, :mod:`.sql_claims` and this one, are the only ones that import
SQLAlchemy, which takes longer to import than all of this library.

The tables hold what was sent, users' CPFs and e-mails included: guard the database as you guard the export itself.
"""

import datetime
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, func, select, update
from sqlalchemy.dialects import postgresql

from econtador.errors import (
    JournalNotWritten,
    JournalOfAnotherAccount,
    SecondProemp,
)
from econtador.gap.models import Proemp
from econtador.integration.evidence import Anchor, Audit, audit
from econtador.integration.journal import LogEntry, LogFilter, Move, Record
from econtador.integration.journal_rows import Column, entry_from, instant, meaning, mentions, record_from
from econtador.integration.plan import Plan
from econtador.integration.sql_claims import Attempt, append
from econtador.integration.sql_server import server_of
from econtador.integration.sql_tables import anchor, fact, locked_head, opened, tables_of
from econtador.integration.status import Kind, Outcome, Status
from econtador.overriding import override

__all__ = ["SqlJournal"]

_PAGE: Final = 500


class SqlJournal:
    """The journal *name* of one portal account in the PostgreSQL database *url*, for any number of runs at once.

    *url* is SQLAlchemy's (``postgresql://user:password@host/database``); needs the extra ``sql``. A second
    account's journal in the same database takes another *name*, which its tables' names begin with. The tables are
    made if they are not there.

    *lease_seconds* is how long a run may take over one record, repetitions included, before another may take
    it for dead. Choose it longer than the longest send: a run that is paused for longer, between its claim and its
    request, sends what may have been settled meanwhile, and no portal that knows no keys can tell.

    Safe to use from several threads, not across a fork. Raises ValueError for arguments that are none,
    :class:`~econtador.errors.JournalNotWritten` where the server cannot be reached, and
    :class:`~econtador.errors.JournalUnreadable` for tables that are damaged or of another version.
    """

    def __init__(self, url: str, *, name: str = "econtador", lease_seconds: float = 900.0) -> None:
        if not (math.isfinite(lease_seconds) and lease_seconds > 0):
            raise ValueError(f"lease_seconds must be more than 0, not {lease_seconds}")
        self._lease = datetime.timedelta(seconds=lease_seconds)
        self._server = server_of(url, name)
        self._tables = tables_of(name, self._server.file)
        self._known: dict[Kind, tuple[int, Mapping[str, Record]]] = {}
        try:
            self._server.transaction(partial(opened, tables=self._tables))
        except BaseException:
            self.close()
            raise

    @property
    def file(self) -> str:
        """The database without its password, and the journal's name: what errors call it."""
        return self._server.file

    @override
    def __repr__(self) -> str:
        return f"SqlJournal({self.file!r}, lease_seconds={self._lease.total_seconds():g})"

    def close(self) -> None:
        """Give the connections back."""
        self._server.engine.dispose()

    def writing(self) -> AbstractContextManager[None]:
        """Nothing to wait for: any number of runs write."""
        return nullcontext()

    # ----------------------------------------------------------------- whose it is

    def _fact(self, name: str) -> str | None:
        return self._server.transaction(lambda connection: fact(connection, self._tables, name))

    @property
    def proemp(self) -> Proemp | None:
        """The one whose companies go to this account."""
        name = self._fact("proemp")
        with meaning(self.file):
            return Proemp(name) if name else None

    def belongs_to(self, account: str) -> None:
        """Raise JournalOfAnotherAccount unless it is *account*'s, or nobody's yet."""
        owner = self._fact("account")
        if owner not in {None, account}:
            raise JournalOfAnotherAccount(self.file, str(owner), account)

    def bind(self, account: str, proemp: Proemp | None) -> None:
        """Belong to *account* and, where given, to *proemp*, for ever."""
        wanted = {"account": account} | ({"proemp": proemp.name} if proemp else {})
        rows = [{"name": name, "value": value} for name, value in wanted.items()]

        def binding(connection: Connection) -> None:
            connection.execute(postgresql.insert(self._tables.fact).on_conflict_do_nothing(), rows)
            owner, first = (fact(connection, self._tables, name) for name in ("account", "proemp"))
            # Before the commit: of a binding that is refused nothing is kept.
            if owner != account:
                raise JournalOfAnotherAccount(self.file, str(owner), account)
            if proemp and first != proemp.name:
                raise SecondProemp(str(first), proemp.name)

        self._server.transaction(binding)

    # ----------------------------------------------------------------- records

    def records(self, kind: Kind) -> Mapping[str, Record]:
        """Everything known of one kind, by código.

        Runs that share a plan ask for it whenever another was faster: only what moved since the last time is read.
        """
        seen, known = self._known.get(kind, (0, {}))
        # Numbers are given in the order of the commits, so none below the highest seen comes later.
        number, moved = self._server.transaction(partial(self._moved_since, kind=kind, seen=seen))
        known = {**known, **moved}
        self._known[kind] = (number, known)  # together, for other threads
        return MappingProxyType(known)

    def _moved_since(self, connection: Connection, kind: Kind, seen: int) -> tuple[int, dict[str, Record]]:
        record = self._tables.record
        query = select(record).where(record.c.kind == kind.value, record.c.number > seen)
        rows = connection.execute(query.order_by(record.c.codigo)).mappings().all()
        with meaning(self.file):
            moved = {str(row["codigo"]): record_from(_columns(row)) for row in rows}
        return max((row["number"] for row in rows), default=seen), moved

    def held(self, kind: Kind, run: str) -> Collection[str]:
        """The códigos that another run has claimed, and whose lease has not run out."""
        record = self._tables.record.c
        query = select(record.codigo).where(
            record.kind == kind.value,
            record.status == Status.EM_ENVIO.value,
            record.run != run,
            record.lease_until > func.clock_timestamp(),
        )
        return frozenset(
            self._server.transaction(lambda connection: connection.execute(query).scalars().all())
        )

    def revision(self) -> int:
        """Grows with every entry."""
        return self._server.transaction(partial(anchor, tables=self._tables, name="head")).number

    def moved_by_others(self, kind: Kind, revision: int, plan: str) -> bool:
        """Whether a record of *kind* moved after *revision* by something other than *plan*."""
        log = self._tables.log.c
        query = select(log.number).where(
            log.number > revision,
            log.kind == kind.value,
            log.plan != plan,
            log.moved == 1,
            log.outcome != Outcome.ACTIVATED.value,  # takes nothing away from a plan
        )
        found = self._server.transaction(lambda connection: connection.execute(query.limit(1)).first())
        return found is not None

    def write(self, moves: Sequence[Move]) -> tuple[bool, ...]:
        """Write *moves* in one transaction; tell of each whether its record still stood as expected.

        A record that is being sent stands so for the run that claimed it; once the lease has run out another may
        say that it is in doubt. What the record says of its last attempt must be true still as well.
        """
        if not moves:
            return ()
        attempts: list[Attempt] = []
        try:
            return self._server.transaction(
                lambda connection: append(connection, self._tables, moves, self._lease, attempts)
            )
        except JournalNotWritten as error:
            if not attempts:
                raise
            reason = f"{error.reason}; whether the last entries stand is not known"
            raise JournalNotWritten(self.file, reason) from None

    # ----------------------------------------------------------------- plans

    def begin(self, plan: Plan) -> None:
        """Keep *plan* as the one of its kind that is being applied."""
        table = self._tables.plan
        adding = postgresql.insert(table).values(
            kind=plan.kind.value, fingerprint=plan.fingerprint, content=plan.to_json()
        )
        new = adding.excluded
        keeping = adding.on_conflict_do_update(
            index_elements=["kind"], set_={"fingerprint": new.fingerprint, "content": new.content}
        )
        self._server.transaction(lambda connection: connection.execute(keeping))

    def finish(self, plan: Plan) -> None:
        """Nothing of *plan* is left to do."""
        table = self._tables.plan
        query = delete(table).where(table.c.fingerprint == plan.fingerprint)
        self._server.transaction(lambda connection: connection.execute(query))

    def unfinished(self) -> tuple[Plan, ...]:
        """The plans that were begun and not finished: companies first."""
        plan = self._tables.plan.c
        query = select(plan.content).order_by(plan.kind)
        contents = self._server.transaction(lambda connection: connection.execute(query).scalars().all())
        with meaning(self.file):
            return tuple(Plan.from_json(content) for content in contents)

    # ----------------------------------------------------------------- log

    def entries(self, wanted: LogFilter) -> Iterator[LogEntry]:
        """The entries that *wanted* lets through, oldest first."""
        after: int | None = None
        # A transaction for each page: whoever reads may take their time between two entries.
        while page := self._server.transaction(partial(self._page, wanted=wanted, after=after)):
            for entry in page:
                if mentions(entry, wanted.text):
                    yield entry
            after = page[-1].number

    def _page(self, connection: Connection, wanted: LogFilter, after: int | None) -> tuple[LogEntry, ...]:
        log = self._tables.log
        equal = {
            "kind": wanted.kind.value if wanted.kind else None,
            "outcome": wanted.outcome.value if wanted.outcome else None,
            "proemp": wanted.proemp.name if wanted.proemp else None,
            "codigo": wanted.codigo,
            "operador": wanted.operador.strip().upper() if wanted.operador else None,
        }
        query = select(log).where(
            *(log.c[name] == value for name, value in equal.items() if value is not None)
        )
        if wanted.since:
            query = query.where(log.c.at >= instant(wanted.since))
        if wanted.until:
            query = query.where(log.c.at <= instant(wanted.until))
        if after is not None:
            query = query.where(log.c.number > after)
        rows = connection.execute(query.order_by(log.c.number).limit(_PAGE)).mappings()
        with meaning(self.file):
            return tuple(entry_from(_columns(row)) for row in rows)

    def audit(self) -> Audit:
        """Examine the log: an entry that was edited, taken out or put in is found, and told by its number."""
        return self._server.snapshot(self._audited)

    def _audited(self, connection: Connection) -> Audit:
        def entries() -> Iterator[LogEntry]:
            after: int | None = None
            while page := self._page(connection, LogFilter(), after):
                yield from page
                after = page[-1].number

        known = {
            (kind, codigo): r
            for kind in Kind
            for codigo, r in self._moved_since(connection, kind, 0)[1].items()
        }
        begin, head = (anchor(connection, self._tables, name) for name in ("forgotten", "head"))
        return audit(entries(), begin, head, known)

    def forget(self, before: datetime.datetime) -> int:
        """Take out the log's oldest entries, up to the first that is not older than *before*; return how many.

        The one way to shorten the log, and only by command. What is known of each record stays, so that
        nothing is sent again; the chain goes on from where it was cut, and :meth:`audit` tells how many are gone.
        """
        return self._server.transaction(partial(self._forgotten, before=before))

    def _forgotten(self, connection: Connection, before: datetime.datetime) -> int:
        locked_head(connection, self._tables)
        log, facts = self._tables.log, self._tables.fact
        kept = select(func.min(log.c.number)).where(log.c.at >= instant(before)).scalar_subquery()
        old = select(log.c.number, log.c.hash).where(func.coalesce(log.c.number < kept, True))
        last = connection.execute(old.order_by(log.c.number.desc()).limit(1)).first()
        if last is None:
            return 0
        here = update(facts).where(facts.c.name == "forgotten").values(value=str(Anchor(*last)))
        connection.execute(here)
        return connection.execute(delete(log).where(log.c.number <= last.number)).rowcount


def _columns(row: RowMapping) -> Mapping[str, Column]:
    return {str(name): value for name, value in row.items()}
