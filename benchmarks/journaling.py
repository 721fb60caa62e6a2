"""The journal: what it costs that an intent is on the disk before its bytes leave, and its outcome after.

An item is two entries, each with its record, each durable when it is written. What is in flight together is written
together: so many intents in one commit, so many outcomes in another.
"""

import datetime
import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import count
from pathlib import Path

from attrs import evolve, frozen

import econtador as ec
from benchmarks.chart import Axis, Chart, Line
from benchmarks.measuring import Figure, Reach, Row, Table, interleaved, timed
from benchmarks.office import rows
from econtador.integration.journal import Move, Record
from econtador.portal import EmpresaNova

IN_FLIGHT = (1, 8, 32, 128, 512)
TOLD = (1, 32, 512)
NOW = datetime.datetime(2026, 7, 1, 12, tzinfo=datetime.UTC)


NOTES = (
    (
        f"SQLite {sqlite3.sqlite_version}, WAL, `synchronous=FULL`; the files are in the folder for temporary files "
        "(`TMPDIR`), whose disk is measured too. By hand are the same columns without a look at what stood there "
        "and without the chain of hashes, and then with both: what they cost by themselves."
    ),
)

# --------------------------------------------------------------------------- what is written


@frozen
class Item:
    """A company being integrated: what is written before it is sent, and what after."""

    intent: Move
    outcome: Move


def draft_of(row: Mapping[str, str]) -> EmpresaNova:
    return EmpresaNova(
        codigo=row["codigo"],
        nome=row["razao_social"][:50],
        documento=ec.Cnpj(row["documento"]),
        inscricao_estadual=row["inscricao_estadual"],
        endereco=row["endereco"][:50],
        bairro=row["bairro"][:20],
        municipio=row["municipio"],
        uf=row["uf"],
        cep=row["cep"],
        atividade=row["atividade"][:30],
    )


def item(row: Mapping[str, str], number: int) -> Item:
    draft = draft_of(row)
    sending = Record(
        kind=ec.Kind.EMPRESA,
        codigo=draft.codigo,
        nome=row["razao_social"],
        documento=draft.documento,
        status=ec.Status.EM_ENVIO,
        sent=draft,
        attempted_at=NOW,
    )
    entry = ec.LogEntry(
        at=NOW,
        kind=ec.Kind.EMPRESA,
        codigo=draft.codigo,
        nome=sending.nome,
        proemp=ec.Proemp("PROEMP00"),
        operador="ADMIN",
        outcome=ec.Outcome.ATTEMPTED,
        status=ec.Status.EM_ENVIO,
        run="0123456789ab",
        plan="0" * 64,
        action="0" * 16,
        policy="0" * 16,
        moved=True,
    )
    sent = evolve(sending, status=ec.Status.INTEGRADO, portal_id=str(number))
    told = evolve(entry, outcome=ec.Outcome.INTEGRATED, status=ec.Status.INTEGRADO, attempts=1)
    return Item(Move(entry=entry, record=sending), Move(entry=told, record=sent, expected=ec.Status.EM_ENVIO))


def batches(items: Sequence[Item], together: int) -> Iterator[Sequence[Item]]:
    return (items[start : start + together] for start in range(0, len(items), together))


# --------------------------------------------------------------------------- who writes


def with_the_library(items: Sequence[Item], together: int, path: Path) -> Figure:
    journal = ec.SqliteJournal(path)

    def work() -> None:
        for batch in batches(items, together):
            assert all(journal.write([item.intent for item in batch]))
            assert all(journal.write([item.outcome for item in batch]))

    with closing(journal), journal.writing():
        return timed(work).each(len(items))


def by_hand(items: Sequence[Item], together: int, path: Path) -> Figure:
    """What one writes oneself: the same columns in two tables, no check of what stood there, no chain."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(BY_HAND)

        def work() -> None:
            for batch in batches(items, together):
                for moves in ([item.intent for item in batch], [item.outcome for item in batch]):
                    database.execute("BEGIN IMMEDIATE")
                    database.executemany(PUT, [record_by_hand(move) for move in moves])
                    database.executemany(LOG, [entry_by_hand(move) for move in moves])
                    database.execute("COMMIT")

        return timed(work).each(len(items))


def by_hand_as_we(items: Sequence[Item], together: int, path: Path) -> Figure:
    """The same by hand, with what a journal that others can trust does: look what stands there, and chain the entries."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(BY_HAND)
        database.execute("ALTER TABLE log ADD COLUMN hash TEXT")

        def work() -> None:
            head = ""
            for batch in batches(items, together):
                for moves in ([item.intent for item in batch], [item.outcome for item in batch]):
                    database.execute("BEGIN IMMEDIATE")
                    entries: list[tuple[str | int, ...]] = []
                    for move in moves:
                        found = database.execute(LOOK, (move.entry.codigo,)).fetchone()
                        assert (found[0] if found else ec.Status.NAO_INTEGRADO.value) == move.expected.value
                        entry = entry_by_hand(move)
                        head = hashlib.sha256(f"{head}{json.dumps(entry)}".encode()).hexdigest()
                        entries.append((*entry, head))
                    database.executemany(PUT, [record_by_hand(move) for move in moves])
                    database.executemany(CHAINED, entries)
                    database.execute("COMMIT")

        return timed(work).each(len(items))


BY_HAND = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE record (codigo TEXT PRIMARY KEY, nome TEXT, documento TEXT, status TEXT, portal_id TEXT, sent TEXT, at TEXT);
CREATE TABLE log (
    number INTEGER PRIMARY KEY, at TEXT, codigo TEXT, nome TEXT, proemp TEXT, operador TEXT, outcome TEXT, status TEXT,
    code TEXT, message TEXT, run TEXT, plan TEXT, action TEXT, policy TEXT, attempts INTEGER
);
"""
PUT = "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?, ?)"
LOG = f"INSERT INTO log VALUES (NULL{', ?' * 14})"
CHAINED = f"INSERT INTO log VALUES (NULL{', ?' * 15})"
LOOK = "SELECT status FROM record WHERE codigo = ?"


def record_by_hand(move: Move) -> tuple[str | None, ...]:
    record = move.record
    assert record and record.documento and record.sent and record.attempted_at
    return (
        record.codigo, record.nome, record.documento.value, record.status.value, record.portal_id,
        written(record.sent), record.attempted_at.isoformat(),
    )  # fmt: skip


def entry_by_hand(move: Move) -> tuple[str | int, ...]:
    entry = move.entry
    return (
        entry.at.isoformat(), entry.codigo, entry.nome, str(entry.proemp), entry.operador, entry.outcome.value,
        entry.status.value, entry.code, entry.message, entry.run, entry.plan, entry.action, entry.policy,
        entry.attempts,
    )  # fmt: skip


def written(draft: object) -> str:
    assert isinstance(draft, EmpresaNova)
    return json.dumps(
        {
            "codigo": draft.codigo,
            "nome": draft.nome,
            "documento": str(draft.documento),
            "inscricao_estadual": draft.inscricao_estadual,
            "endereco": draft.endereco,
            "bairro": draft.bairro,
            "municipio": draft.municipio,
            "uf": draft.uf,
            "cep": draft.cep,
            "atividade": draft.atividade,
        }
    )


def appended(items: Sequence[Item], together: int, path: Path) -> Figure:
    """The floor: 700 bytes an entry at the end of a file, and one `fdatasync` for those in flight."""
    entry = b"x" * 700
    sync = getattr(os, "fdatasync", os.fsync)
    with path.open("wb", buffering=0) as file:

        def work() -> None:
            for batch in batches(items, together):
                for _ in ("intent", "outcome"):
                    file.write(entry * len(batch))
                    sync(file.fileno())

        return timed(work).each(len(items))


WRITERS: dict[str, Callable[[Sequence[Item], int, Path], Figure]] = {
    "one append and fdatasync": appended,
    "sqlite3 by hand": by_hand,
    "sqlite3 by hand, looking and chained": by_hand_as_we,
    "SqliteJournal": with_the_library,
}


# --------------------------------------------------------------------------- the table


def contenders(items: Sequence[Item], folder: Path) -> dict[str, Callable[[], Figure]]:
    numbers = count()

    def fresh(write: Callable[[Sequence[Item], int, Path], Figure], together: int) -> Figure:
        few = items[: max(together * 8, len(items) // 8)] if together < 8 else items
        return write(few, together, folder / f"{next(numbers)}.journal")

    return {
        f"{name}, {together} in flight": partial(fresh, write, together)
        for name, write in WRITERS.items()
        for together in IN_FLIGHT
    }


def growth(wall: Mapping[str, float]) -> Chart:
    return Chart(
        "journaling",
        "An item in the journal, durable",
        Axis("in flight together", "log"),
        Axis("µs an item (wall)", "log"),
        tuple(Line(name, tuple((n, wall[f"{name}, {n} in flight"]) for n in IN_FLIGHT)) for name in WRITERS),
    )


def measure(quick: bool) -> Table:
    items = [item(row, number) for number, row in enumerate(rows(600 if quick else 8192))]
    with tempfile.TemporaryDirectory() as folder:
        found = interleaved(contenders(items, Path(folder)), 1 if quick else 5)
    wall = {name: figure.seconds * 1e6 for name, figure in found.items()}
    worked = {name: figure.processor * 1e6 for name, figure in found.items()}
    told = [f"{name}, {together} in flight" for name in WRITERS for together in TOLD]
    floor = "one append and fdatasync, 32 in flight"
    ours, hand = "SqliteJournal, 32 in flight", "sqlite3 by hand, 32 in flight"
    return Table(
        "journaling",
        "Journal: an item, intent and outcome, durable",
        "one append of 32 and fdatasync",
        (
            *(Row(f"{name}: wall", wall[name], "µs", wall[name] / wall[floor]) for name in told),
            *(Row(f"{name}: processor", worked[name], "µs", worked[name] / worked[floor]) for name in told),
        ),
        (
            Reach("an item with 32 in flight, wall", wall[ours], 40, "µs"),
            Reach("beside one commit an item, wall", wall[ours] / wall["SqliteJournal, 1 in flight"], 0.05),
            Reach("beside sqlite3 by hand, 32 in flight, wall", wall[ours] / wall[hand], 1.2),
            Reach("the same, processor", worked[ours] / worked[hand], 1.2),
        ),
        (growth(wall),),
        NOTES,
    )
