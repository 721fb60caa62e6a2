"""How records move in a journal that many runs write: a move is written if what its writer saw still holds.

**A claim** is the move to *Em envio*, which of several runs one makes. It is a lease: until it runs out, by the
database's clock, only that run may say what came of it; afterwards another may take it for dead.

**The chain** has one writer at a time, for the length of a transaction: whoever holds the lock of its end.
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Final

from attrs import frozen
from sqlalchemy import Connection, func, select, text, tuple_

from econtador.integration.evidence import Anchor
from econtador.integration.journal import LogEntry, Move, Record
from econtador.integration.journal_rows import Column, chained, instant, record_row
from econtador.integration.sql_tables import Tables, locked_head
from econtador.integration.status import Outcome, Status

__all__ = ["Attempt", "append"]


@frozen
class Attempt:
    """A transaction that was written whole, and perhaps committed: what it did, and its last entry."""

    done: tuple[bool, ...]
    last: Anchor


@frozen
class _Standing:
    """Where a record stands, and who claimed it."""

    status: str = Status.NAO_INTEGRADO.value
    attempted_at: str | None = None
    run: str | None = None
    lapsed: bool = False

    def lets(self, move: Move) -> bool:
        """Whether *move* still stands on what its writer saw."""
        if move.record is None:
            return True
        if self.status != move.expected.value:
            return False
        if self.status == Status.EM_ENVIO.value and self.run != move.entry.run:
            # Of a claim that ran out others may say that nobody knows, and no more.
            return self.lapsed and move.entry.outcome is Outcome.IN_DOUBT
        # The status is not enough: another run may have sent the record since the writer looked, and left it with
        # the same status again. "It is not in the portal" is then told of an older time.
        return move.entry.outcome is Outcome.ATTEMPTED or self.attempted_at == _attempted_at(move.record)


def _attempted_at(record: Record) -> str | None:
    return instant(record.attempted_at) if record.attempted_at else None


def append(
    connection: Connection,
    tables: Tables,
    moves: Sequence[Move],
    lease: datetime.timedelta,
    earlier: list[Attempt],
) -> tuple[bool, ...]:
    """Write those of *moves* that may be, and tell which; *earlier* are attempts at the same of which one may stand.

    A connection that is lost during a commit leaves it open whether the server has committed, and neither may be
    taken for granted: an attempt that stands and is made again looks like another run's; one that does not and is
    believed lets a record be sent whose intent is nowhere. So the log is asked. The lock is held by then, which the
    lost transaction had: whatever became of that one, it is over.
    """
    head = locked_head(connection, tables)
    for attempt in earlier:
        if _stands(connection, tables, attempt.last):
            return attempt.done
    standing = _standing(connection, tables, moves)
    done: list[bool] = []
    records: dict[tuple[str, str], Mapping[str, Column]] = {}
    entries: list[Mapping[str, Column]] = []
    for move in moves:
        key = (move.entry.kind.value, move.entry.codigo)
        done.append(standing.get(key, _Standing()).lets(move))
        if not done[-1]:
            continue
        entry = chained(move.entry, head.number + 1, head.hash)
        if move.record is not None:
            standing[key], records[key] = _moved(move.record, move.entry, head.number + 1)
        entries.append(entry)
        head = Anchor(head.number + 1, str(entry["hash"]))
    if entries:
        _put(connection, tables, tuple(records.values()), entries, head, lease)
        earlier.append(Attempt(tuple(done), head))
    return tuple(done)


def _stands(connection: Connection, tables: Tables, last: Anchor) -> bool:
    log = tables.log.c
    return connection.execute(select(log.hash).where(log.number == last.number)).scalar() == last.hash


def _standing(
    connection: Connection, tables: Tables, moves: Sequence[Move]
) -> dict[tuple[str, str], _Standing]:
    record = tables.record.c
    keys = {(move.record.kind.value, move.record.codigo) for move in moves if move.record is not None}
    # clock_timestamp(), since now() is when the transaction began: it may have waited long for its turn.
    lapsed = func.coalesce(record.lease_until <= func.clock_timestamp(), True)
    query = select(record.kind, record.codigo, record.status, record.attempted_at, record.run, lapsed)
    rows = connection.execute(query.where(tuple_(record.kind, record.codigo).in_(sorted(keys))))
    return {(row[0], row[1]): _Standing(*row[2:]) for row in rows}


def _moved(record: Record, entry: LogEntry, number: int) -> tuple[_Standing, Mapping[str, Column]]:
    row = record_row(record)
    run = entry.run if entry.outcome is Outcome.ATTEMPTED else None
    standing = _Standing(record.status.value, _attempted_at(record), run)
    return standing, {**row, "number": number, "run": run}


# In one statement, since everybody waits while the lock is held; each parameter holds any number of rows. Of fixed
# words, and a name that tables_of() let through.
_PUT: Final = """
WITH moved AS (
    INSERT INTO {name}_record ({columns}, lease_until)
    SELECT {columns}, CASE WHEN run IS NOT NULL THEN clock_timestamp() + CAST(:lease AS interval) END
    FROM json_populate_recordset(CAST(NULL AS {name}_record), CAST(:records AS json))
    ON CONFLICT (kind, codigo) DO UPDATE SET ({columns}, lease_until) = ({new}, excluded.lease_until)
), written AS (
    INSERT INTO {name}_log SELECT * FROM json_populate_recordset(CAST(NULL AS {name}_log), CAST(:entries AS json))
)
UPDATE {name}_fact SET value = :head WHERE name = 'head'
"""


def _put(
    connection: Connection,
    tables: Tables,
    records: Sequence[Mapping[str, Column]],
    entries: Sequence[Mapping[str, Column]],
    head: Anchor,
    lease: datetime.timedelta,
) -> None:
    columns = [column.name for column in tables.record.c if column.name != "lease_until"]
    new = ", ".join(f"excluded.{column}" for column in columns)
    statement = _PUT.format(name=tables.name, columns=", ".join(columns), new=new)
    values = {
        "records": json.dumps(records),
        "entries": json.dumps(entries),
        "head": str(head),
        "lease": lease,
    }
    connection.execute(text(statement), values)
