"""A journal in one SQLite file: the only module that imports sqlite3 in the three wings.

WAL and ``synchronous=FULL``: an entry that was written stands after a power cut. Beside ``NAME`` lie
``NAME-wal`` and ``NAME-shm`` while it is open, and ``NAME-lock``, which the one run that writes holds
locked; the operating system lets go of it when that process ends, however it ends.

The file holds what was sent, users' CPFs and e-mails included: keep it as you keep the export itself.
"""

import datetime
import os
import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from econtador.documents import parse
from econtador.errors import (
    JournalLocked,
    JournalNotWritten,
    JournalOfAnotherAccount,
    JournalUnreadable,
    SecondProemp,
)
from econtador.gap.models import Proemp
from econtador.integration.journal import LogEntry, LogFilter, Record
from econtador.integration.plan import Plan, load_draft, save_draft
from econtador.integration.status import Kind, Outcome, Status

__all__ = ["SqliteJournal"]

_APPLICATION: Final = 0x65434A31
"""Marks the file as a journal of this library."""
_FORMAT: Final = 1

_SCHEMA: Final = f"""
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {_FORMAT};
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE record (
    kind TEXT NOT NULL, codigo TEXT NOT NULL, nome TEXT NOT NULL, documento TEXT,
    status TEXT NOT NULL, portal_id TEXT, sent TEXT, PRIMARY KEY (kind, codigo)
) STRICT;
CREATE TABLE log (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, kind TEXT NOT NULL, codigo TEXT NOT NULL,
    nome TEXT NOT NULL, proemp TEXT, operador TEXT NOT NULL, outcome TEXT NOT NULL, status TEXT NOT NULL,
    code TEXT NOT NULL, message TEXT NOT NULL, run TEXT NOT NULL, plan TEXT NOT NULL, attempts INTEGER NOT NULL,
    moved INTEGER NOT NULL
) STRICT;
CREATE TABLE plan (kind TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, content TEXT NOT NULL) STRICT;
"""

_LOG_COLUMNS: Final = (
    "number, at, kind, codigo, nome, proemp, operador, outcome, status, code, message, run, plan, attempts"
)
_BUSY_SECONDS: Final = 5.0


class SqliteJournal:
    """The journal of one portal account, in the file *path* (``:memory:`` for trying things out).

    One object serves one thread at a time; any number of processes may read, one run writes. Raises
    :class:`~econtador.errors.JournalUnreadable` for a file that is no journal, damaged, or newer; never
    takes one for empty.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path: str = os.fspath(path)
        self._in_memory = self.path == ":memory:"
        if self._in_memory:
            self._connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            self._connection.executescript(_SCHEMA)
        else:
            self._connection = self._opened()

    # ----------------------------------------------------------------- opening

    def _opened(self) -> sqlite3.Connection:
        if not Path(self.path).exists():
            with self._words():
                self._create()
        try:
            # Never made by connecting: an empty file in the place of a journal would be a journal that forgot.
            connection = sqlite3.connect(
                f"{Path(self.path).absolute().as_uri()}?mode=rw",
                uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False,
            )  # fmt: skip
        except sqlite3.Error as error:
            raise JournalUnreadable(self.path, str(error)) from None
        try:
            self._check(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _create(self) -> None:
        """Make it beside its place and move it there whole, so that a killed process leaves no half journal."""
        draft = f"{self.path}-new"
        with self._lock(patience=_BUSY_SECONDS):
            if Path(self.path).exists():
                return
            Path(draft).unlink(missing_ok=True)
            connection = sqlite3.connect(draft, isolation_level=None)
            try:
                # Now, under the lock: sqlite does not wait for its turn when it changes to WAL.
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
            finally:
                connection.close()
            Path(draft).replace(self.path)

    def _check(self, connection: sqlite3.Connection) -> None:
        try:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if application != _APPLICATION:
                raise JournalUnreadable(self.path, "it is not a journal of econtador")
            if version != _FORMAT:
                raise JournalUnreadable(self.path, f"its format is {version}, this version reads {_FORMAT}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if state != "ok":
                raise JournalUnreadable(self.path, "it is damaged")
            connection.execute("SELECT count(*) FROM fact, record, log, plan WHERE 0").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise JournalLocked(self.path) from None
            raise JournalUnreadable(self.path, str(error)) from None
        except sqlite3.DatabaseError as error:
            raise JournalUnreadable(self.path, str(error)) from None

    @contextmanager
    def _words(self) -> Generator[None, None, None]:
        """sqlite's and the system's errors in this library's words."""
        try:
            yield
        except OSError as error:
            raise JournalNotWritten(self.path, error.strerror or type(error).__name__) from None
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise JournalLocked(self.path) from None
            raise JournalNotWritten(self.path, str(error)) from None
        except sqlite3.DatabaseError as error:
            raise JournalUnreadable(self.path, str(error)) from None

    @contextmanager
    def _lock(self, patience: float) -> Generator[None, None, None]:
        # A lock of sqlite's own on a file of its own: it works the same on Windows, and ends with the process.
        connection = sqlite3.connect(
            f"{self.path}-lock", timeout=patience, isolation_level=None, check_same_thread=False
        )
        try:
            connection.execute("BEGIN EXCLUSIVE")
            yield
        finally:
            connection.close()

    @contextmanager
    def writing(self) -> Generator[None, None, None]:
        """Be the one run that writes. Raises JournalLocked."""
        if self._in_memory:
            yield
            return
        with ExitStack() as held:
            with self._words():  # of taking the lock; what is done under it has words of its own
                held.enter_context(self._lock(patience=0))
            yield

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection, None, None]:
        with self._words():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    # ----------------------------------------------------------------- whose it is

    def _fact(self, name: str) -> str | None:
        with self._words():
            row = self._connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    @property
    def proemp(self) -> Proemp | None:
        """The one whose companies go to this account."""
        name = self._fact("proemp")
        return Proemp(name) if name else None

    def belongs_to(self, account: str) -> None:
        """Raise JournalOfAnotherAccount unless it is *account*'s, or nobody's yet."""
        owner = self._fact("account")
        if owner not in {None, account}:
            raise JournalOfAnotherAccount(self.path, str(owner), account)

    def bind(self, account: str, proemp: Proemp | None) -> None:
        """Belong to *account* and, where given, to *proemp*, for ever."""
        wanted = {"account": account} | ({"proemp": proemp.name} if proemp else {})
        if all(self._fact(name) == value for name, value in wanted.items()):
            return
        with self._transaction() as connection:
            for name, value in wanted.items():
                connection.execute("INSERT INTO fact VALUES (?, ?) ON CONFLICT DO NOTHING", (name, value))
        self.belongs_to(account)
        if proemp and self.proemp and self.proemp != proemp:
            raise SecondProemp(self.proemp.name, proemp.name)

    # ----------------------------------------------------------------- records

    def records(self, kind: Kind) -> Mapping[str, Record]:
        """Everything known of one kind, by código."""
        with self._words():
            rows = self._connection.execute(
                "SELECT codigo, nome, documento, status, portal_id, sent FROM record WHERE kind = ?",
                (kind.value,),
            ).fetchall()
        return {
            codigo: Record(
                kind=kind,
                codigo=codigo,
                nome=nome,
                documento=parse(documento) if documento else None,
                status=Status(status),
                portal_id=portal_id,
                sent=load_draft(sent) if sent else None,
            )
            for codigo, nome, documento, status, portal_id, sent in rows
        }

    def revision(self) -> int:
        """Grows with every entry."""
        with self._words():
            (number,) = self._connection.execute("SELECT coalesce(max(number), 0) FROM log").fetchone()
        return int(number)

    def moved_by_others(self, kind: Kind, revision: int, plan: str) -> bool:
        """Whether a record of *kind* moved after *revision* by something other than *plan*."""
        with self._words():
            row = self._connection.execute(
                "SELECT 1 FROM log WHERE number > ? AND kind = ? AND plan <> ? AND moved LIMIT 1",
                (revision, kind.value, plan),
            ).fetchone()
        return row is not None

    def move(self, record: Record, expected: Status, entry: LogEntry) -> bool:
        """Keep *record* and append *entry* if its status still is *expected*; tell whether it was."""
        key = (record.kind.value, record.codigo)
        with self._transaction() as connection:
            row = connection.execute(
                "SELECT status FROM record WHERE kind = ? AND codigo = ?", key
            ).fetchone()
            if Status(row[0] if row else Status.NAO_INTEGRADO.value) is not expected:
                return False
            connection.execute(
                "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    *key,
                    record.nome,
                    record.documento.value if record.documento else None,
                    record.status.value,
                    record.portal_id,
                    save_draft(record.sent) if record.sent else None,
                ),
            )
            # An activation makes no plan stale: what is in the portal stays what it is.
            _append(connection, entry, moved=entry.outcome is not Outcome.ACTIVATED)
        return True

    def note(self, entry: LogEntry) -> None:
        """Append an entry that moves nothing."""
        with self._transaction() as connection:
            _append(connection, entry, moved=False)

    # ----------------------------------------------------------------- plans

    def begin(self, plan: Plan) -> None:
        """Keep *plan* as the one of its kind that is being applied."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO plan VALUES (?, ?, ?)",
                (plan.kind.value, plan.fingerprint, plan.to_json()),
            )

    def finish(self, plan: Plan) -> None:
        """Nothing of *plan* is left to do."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM plan WHERE fingerprint = ?", (plan.fingerprint,))

    def unfinished(self) -> tuple[Plan, ...]:
        """The plans that were begun and not finished: companies first."""
        with self._words():
            rows = self._connection.execute("SELECT content FROM plan ORDER BY kind").fetchall()
        return tuple(Plan.from_json(content) for (content,) in rows)

    # ----------------------------------------------------------------- log

    def entries(self, wanted: LogFilter) -> Iterator[LogEntry]:
        """The entries that *wanted* lets through, oldest first."""
        asked: dict[str, str | None] = {
            "kind = ?": wanted.kind.value if wanted.kind else None,
            "outcome = ?": wanted.outcome.value if wanted.outcome else None,
            "at >= ?": _instant(wanted.since) if wanted.since else None,
            "at <= ?": _instant(wanted.until) if wanted.until else None,
            "proemp = ?": wanted.proemp.name if wanted.proemp else None,
            "codigo = ?": wanted.codigo,
            "operador = ?": wanted.operador.strip().upper() if wanted.operador else None,
        }
        given = {condition: value for condition, value in asked.items() if value is not None}
        where = " AND ".join(given) or "1"
        with self._words():
            rows = self._connection.execute(
                f"SELECT {_LOG_COLUMNS} FROM log WHERE {where} ORDER BY number",  # noqa: S608 - fixed words only
                tuple(given.values()),
            ).fetchall()
        text = wanted.text.casefold() if wanted.text else ""
        for row in rows:
            entry = _entry(row)
            if text in f"{entry.nome}\n{entry.code}\n{entry.message}".casefold():
                yield entry

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _instant(at: datetime.datetime) -> str:
    # One zone and one width, so that text order is time order; a naive time is the machine's own.
    return at.astimezone(datetime.UTC).isoformat(timespec="microseconds")


def _append(connection: sqlite3.Connection, entry: LogEntry, *, moved: bool) -> None:
    connection.execute(
        "INSERT INTO log VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            _instant(entry.at),
            entry.kind.value,
            entry.codigo,
            entry.nome,
            entry.proemp.name if entry.proemp else None,
            entry.operador,
            entry.outcome.value,
            entry.status.value,
            entry.code,
            entry.message,
            entry.run,
            entry.plan,
            entry.attempts,
            int(moved),
        ),
    )


def _entry(
    row: tuple[int, str, str, str, str, str | None, str, str, str, str, str, str, str, int],
) -> LogEntry:
    number, at, kind, codigo, nome, proemp, operador, outcome, status, code, message, run, plan, attempts = (
        row
    )
    return LogEntry(
        number=number,
        at=datetime.datetime.fromisoformat(at),
        kind=Kind(kind),
        codigo=codigo,
        nome=nome,
        proemp=Proemp(proemp) if proemp else None,
        operador=operador,
        outcome=Outcome(outcome),
        status=Status(status),
        code=code,
        message=message,
        run=run,
        plan=plan,
        attempts=attempts,
    )
