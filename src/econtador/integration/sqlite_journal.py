"""A journal in one SQLite file: the only module that imports sqlite3 in the three wings.

WAL and ``synchronous=FULL``: an entry that was written stands after a power cut. Beside ``NAME`` lie
``NAME-wal`` and ``NAME-shm`` while it is open, and ``NAME-lock``, which the one run that writes holds
locked; the operating system lets go of it when that process ends, however it ends.

The file holds what was sent, users' CPFs and e-mails included: keep it as you keep the export itself.
"""

import datetime
import os
import sqlite3
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final, TypeAlias

from econtador.errors import (
    JournalLocked,
    JournalNotWritten,
    JournalOfAnotherAccount,
    JournalUnreadable,
    SecondProemp,
)
from econtador.gap.models import Proemp
from econtador.integration.evidence import Anchor, Audit, audit
from econtador.integration.journal import LogEntry, LogFilter, Move, Record
from econtador.integration.journal_rows import (
    ENTRY_COLUMNS,
    RECORD_COLUMNS,
    Column,
    chained,
    entry_from,
    instant,
    meaning,
    mentions,
    record_from,
    record_row,
)
from econtador.integration.plan import Plan
from econtador.integration.status import Kind, Outcome, Status
from econtador.integration.wal import has_sound_wal

__all__ = ["SqliteJournal"]

_Key: TypeAlias = tuple[str, str]
_Row: TypeAlias = Mapping[str, Column]

_APPLICATION: Final = 0x65434A31
"""Marks the file as a journal of this library."""
_FORMAT: Final = 2

# ruff: noqa: S608 - SQL of fixed words only; what varies is bound.
_SCHEMA: Final = f"""
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {_FORMAT};
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE record (
    kind TEXT NOT NULL, codigo TEXT NOT NULL, nome TEXT NOT NULL, documento TEXT,
    status TEXT NOT NULL, portal_id TEXT, sent TEXT, attempted_at TEXT, PRIMARY KEY (kind, codigo)
) STRICT;
CREATE TABLE log (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, codigo TEXT NOT NULL,
    nome TEXT NOT NULL, proemp TEXT, operador TEXT NOT NULL, outcome TEXT NOT NULL, status TEXT NOT NULL,
    code TEXT NOT NULL, message TEXT NOT NULL, run TEXT NOT NULL, plan TEXT NOT NULL, action TEXT NOT NULL,
    policy TEXT NOT NULL, attempts INTEGER NOT NULL, losses INTEGER NOT NULL, moved INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE TABLE plan (kind TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, content TEXT NOT NULL) STRICT;
CREATE TRIGGER log_is_appended_to BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
CREATE TRIGGER log_is_kept BEFORE DELETE ON log
    WHEN OLD.number > (SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM fact WHERE name = 'forgotten')
    BEGIN SELECT RAISE(ABORT, 'the log is only appended to'); END;
"""
# The second trigger reads the number at the beginning of the anchor that forget() sets.

_BUSY_SECONDS: Final = 5.0
_STRANGERS: Final = "SELECT count(*) FROM record WHERE kind NOT IN (?, ?)"
"""Records that no question for a kind would find."""


class SqliteJournal:
    """The journal of one portal account, in the file *path* (``:memory:`` for trying things out).

    One object serves one thread at a time; any number of processes may read, one run writes. Raises
    :class:`~econtador.errors.JournalUnreadable` for a file that is no journal, damaged, or newer; never
    takes one for empty.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path: str = os.fspath(path)
        self._in_memory = self.path == ":memory:"
        self._free = [True]  # in memory: taken by the run that writes
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
        if not has_sound_wal(self.path):
            raise JournalUnreadable(self.path, "the latest entries, in its -wal, are damaged")
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
            # Not quick_check, which does not look into indexes: a record that its index has lost would be sent again.
            (state,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            strangers = connection.execute(_STRANGERS, [kind.value for kind in Kind]).fetchone()[0]
            if state != "ok" or strangers:
                raise JournalUnreadable(self.path, "it is damaged")
            connection.execute("SELECT count(*) FROM fact, record, log, plan WHERE 0").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise JournalLocked(self.path) from None
            raise JournalUnreadable(self.path, str(error)) from None
        except sqlite3.DatabaseError as error:
            raise JournalUnreadable(self.path, str(error)) from None
        except UnicodeDecodeError:  # of sqlite's own words, which cite a damaged schema
            raise JournalUnreadable(self.path, "it is damaged") from None

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
            if str(error).startswith(("Could not decode", "no such")):  # the first has the text with it
                raise JournalUnreadable(self.path, "it is damaged") from None
            raise JournalNotWritten(self.path, str(error)) from None
        except UnicodeDecodeError:  # of sqlite's own words
            raise JournalUnreadable(self.path, "it is damaged") from None
        except (OverflowError, UnicodeEncodeError) as error:
            raise JournalNotWritten(
                self.path, f"a value that it cannot hold: {type(error).__name__}"
            ) from None
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
            try:
                self._free.pop()
            except IndexError:
                raise JournalLocked(self.path) from None
            try:
                yield
            finally:
                self._free.append(True)
            return
        with ExitStack() as held:
            with self._words():  # of taking the lock; what is done under it has words of its own
                held.enter_context(self._lock(patience=0))
            yield
            # Into the file itself: what a damaged -wal would lose is at most what one run wrote.
            with suppress(sqlite3.OperationalError):  # no room, or a reader: all of it stands in the -wal
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection, None, None]:
        with self._words():
            try:
                # Inside, or an interruption just after it would leave the transaction open for ever.
                self._connection.execute("BEGIN IMMEDIATE")
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

    def _remember(self, name: str, value: str) -> None:
        self._connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    def _anchor(self, name: str) -> Anchor:
        text = self._fact(name)
        with meaning(self.path):
            return Anchor.parse(text) if text else Anchor()

    def _rows(self, sql: str, values: tuple[str, ...]) -> Iterator[Mapping[str, Column]]:
        with self._words():
            found = self._connection.execute(sql, values)
            names = [column[0] for column in found.description]
        while True:
            with self._words():
                rows = found.fetchmany(500)  # a log may be longer than is good to hold
            if not rows:
                return
            yield from (dict(zip(names, row, strict=True)) for row in rows)

    @property
    def proemp(self) -> Proemp | None:
        """The one whose companies go to this account."""
        name = self._fact("proemp")
        with meaning(self.path):
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
            self.belongs_to(account)  # before anything is kept: another account's is left as it is
            if proemp and self.proemp and self.proemp != proemp:
                raise SecondProemp(self.proemp.name, proemp.name)
            for name, value in wanted.items():
                connection.execute("INSERT INTO fact VALUES (?, ?) ON CONFLICT DO NOTHING", (name, value))

    # ----------------------------------------------------------------- records

    def records(self, kind: Kind) -> Mapping[str, Record]:
        """Everything known of one kind, by código."""
        rows = self._rows(f"SELECT {', '.join(RECORD_COLUMNS)} FROM record WHERE kind = ?", (kind.value,))
        with meaning(self.path):
            return {str(row["codigo"]): record_from(row) for row in rows}

    def held(self, kind: Kind, run: str) -> Collection[str]:  # noqa: ARG002 - a journal for many machines looks
        """None: whoever else had begun to send is dead, since its lock is free."""
        return ()

    def revision(self) -> int:
        """Grows with every entry."""
        return self._anchor("head").number

    def moved_by_others(self, kind: Kind, revision: int, plan: str) -> bool:
        """Whether a record of *kind* moved after *revision* by something other than *plan*."""
        with self._words():
            row = self._connection.execute(
                # Activation takes nothing away from a plan.
                "SELECT 1 FROM log WHERE number > ? AND kind = ? AND plan <> ? AND moved AND outcome <> ? LIMIT 1",
                (revision, kind.value, plan, Outcome.ACTIVATED.value),
            ).fetchone()
        return row is not None

    def write(self, moves: Sequence[Move]) -> tuple[bool, ...]:
        """Write *moves* in one transaction; tell of each whether its record still stood as expected."""
        if not moves:
            return ()
        with self._transaction() as connection:
            head = self._anchor("head")
            records: dict[_Key, _Row] = {}
            entries: list[_Row] = []
            written: list[bool] = []
            for move in moves:
                written.append(move.record is None or _moved(connection, move.record, move, records))
                if written[-1]:
                    entry = chained(move.entry, head.number + 1, head.hash)
                    entries.append(entry)
                    head = Anchor(head.number + 1, str(entry["hash"]))
            connection.executemany(_PUT_RECORD, [tuple(row.values()) for row in records.values()])
            connection.executemany(_PUT_ENTRY, [tuple(row.values()) for row in entries])
            self._remember("head", str(head))
        return tuple(written)

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
        with meaning(self.path):
            return tuple(Plan.from_json(content) for (content,) in rows)

    # ----------------------------------------------------------------- log

    def entries(self, wanted: LogFilter) -> Iterator[LogEntry]:
        """The entries that *wanted* lets through, oldest first."""
        asked: dict[str, str | None] = {
            "kind = ?": wanted.kind.value if wanted.kind else None,
            "outcome = ?": wanted.outcome.value if wanted.outcome else None,
            "at >= ?": instant(wanted.since) if wanted.since else None,
            "at <= ?": instant(wanted.until) if wanted.until else None,
            "proemp = ?": wanted.proemp.name if wanted.proemp else None,
            "codigo = ?": wanted.codigo,
            "operador = ?": wanted.operador.strip().upper() if wanted.operador else None,
        }
        given = {condition: value for condition, value in asked.items() if value is not None}
        where = " AND ".join(given) or "1"
        for row in self._rows(_LOG.format(where=where), tuple(given.values())):
            with meaning(self.path):
                entry = entry_from(row)
            if mentions(entry, wanted.text):
                yield entry

    def audit(self) -> Audit:
        """Examine the log: an entry that was edited, taken out or put in is found, and told by its number.

        >>> from econtador import SqliteJournal
        >>> print(SqliteJournal(":memory:").audit().summary)
        Registro de 0 lançamentos: íntegro
        """
        records = {(kind, codigo): r for kind in Kind for codigo, r in self.records(kind).items()}
        return audit(self.entries(LogFilter()), self._anchor("forgotten"), self._anchor("head"), records)

    def forget(self, before: datetime.datetime) -> int:
        """Take out the log's oldest entries, up to the first that is not older than *before*; return how many.

        The one way to shorten the log, and only by command. What is known of each record stays, so that
        nothing is sent again; the chain goes on from where it was cut, and :meth:`audit` tells how many are gone.
        """
        with self._transaction() as connection:
            old = connection.execute(
                "SELECT number, hash FROM log WHERE number <"
                " coalesce((SELECT min(number) FROM log WHERE at >= ?), 9223372036854775807)"
                " ORDER BY number DESC LIMIT 1",
                (instant(before),),
            ).fetchone()
            if old is None:
                return 0
            self._remember("forgotten", str(Anchor(*old)))
            return connection.execute("DELETE FROM log WHERE number <= ?", (old[0],)).rowcount

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


_LOG: Final = f"SELECT {', '.join(ENTRY_COLUMNS)} FROM log WHERE {{where}} ORDER BY number"


_STANDING: Final = "SELECT status, attempted_at FROM record WHERE kind = ? AND codigo = ?"


def _moved(connection: sqlite3.Connection, record: Record, move: Move, records: dict[_Key, _Row]) -> bool:
    """Whether *record* still stands as *move* expects. Then it is among *records*, which are still to be written."""
    row, key = record_row(record), (record.kind.value, record.codigo)
    if key in records:
        status, attempted_at = records[key]["status"], records[key]["attempted_at"]
    else:
        unknown = (Status.NAO_INTEGRADO.value, None)
        status, attempted_at = connection.execute(_STANDING, key).fetchone() or unknown
    if status != move.expected.value:
        return False
    if move.entry.outcome is not Outcome.ATTEMPTED and attempted_at != row["attempted_at"]:
        return False  # what is told is of an older attempt
    records[key] = row
    return True


def _put(verb: str, columns: Sequence[str]) -> str:
    return f"{verb} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


_PUT_RECORD: Final = _put("INSERT OR REPLACE INTO record", RECORD_COLUMNS)
_PUT_ENTRY: Final = _put("INSERT INTO log", ENTRY_COLUMNS)
