"""Journals to test, wherever they are kept, and what is written to them."""

import datetime
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import pytest
from attrs import evolve, frozen
from postgres_server import Postgres, postgres

import econtador as ec
from econtador.integration.evidence import Audit
from econtador.integration.journal import Journal, LogEntry, LogFilter, Move, Record
from econtador.integration.plan import Plan
from econtador.integration.status import Kind, Outcome, Status, after
from econtador.portal.models import EmpresaNova
from econtador.sandbox import Sandbox

__all__ = [
    "NOON", "Kept", "Place", "all_of", "claim", "in_postgres", "integrated", "journal", "move", "note", "place",
    "plan_of", "postgres",
]  # fmt: skip

NOON = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)


class Kept(Journal, Protocol):
    """What both journals have beyond what an integrator asks."""

    def audit(self) -> Audit: ...

    def forget(self, before: datetime.datetime) -> int: ...


@frozen
class Place:
    """Where a journal is kept, and can be opened again and edited by hand."""

    open: Callable[[], Kept]
    by_hand: Callable[[str], None]
    """Runs SQL in which {fact}, {record}, {log} and {plan} stand for the tables."""
    opening: str
    """Python that opens it in another process."""


def in_file(path: Path) -> Place:
    def by_hand(sql: str) -> None:
        with closing(sqlite3.connect(path)) as connection:
            for (trigger,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                connection.execute(f"DROP TRIGGER {trigger}")
            connection.execute(sql.format(fact="fact", record="record", log="log", plan="plan"))
            connection.commit()

    return Place(lambda: ec.SqliteJournal(path), by_hand, f"ec.SqliteJournal({str(path)!r})")


def in_postgres(server: Postgres) -> Place:
    name = server.fresh_name()

    def by_hand(sql: str) -> None:
        tables = {table: f"{name}_{table}" for table in ("fact", "record", "log", "plan")}
        guard = f"ALTER TABLE {name}_log DISABLE TRIGGER ALL"
        server.by_hand(guard, sql.format(**tables))

    return Place(lambda: server.journal(name), by_hand, f"ec.SqlJournal({server.url!r}, name={name!r})")


@pytest.fixture(params=["file", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, postgres: Postgres) -> Place:
    return in_file(tmp_path / "office.journal") if request.param == "file" else in_postgres(postgres)


@pytest.fixture(params=["memory", "file", "postgresql"])
def journal(request: pytest.FixtureRequest, tmp_path: Path, postgres: Postgres) -> Iterator[Kept]:
    if request.param == "memory":
        opened: Kept = ec.SqliteJournal(":memory:")
    else:
        opened = (in_file(tmp_path / "j") if request.param == "file" else in_postgres(postgres)).open()
    with closing(opened):
        yield opened


def entry(codigo: str, outcome: Outcome = Outcome.KEPT, **others: Any) -> LogEntry:
    written = LogEntry(
        at=NOON,
        kind=Kind.EMPRESA,
        codigo=codigo,
        nome=f"EMPRESA MODELO {codigo} LTDA",
        proemp=ec.Proemp("PROEMP00"),
        operador="ADMIN",
        outcome=outcome,
        status=Status.NAO_INTEGRADO,
        run="r1",
        plan="p1",
    )
    return evolve(written, **others)


def note(codigo: str, **others: Any) -> Move:
    return Move(entry=entry(codigo, **others))


def move(codigo: str, expected: Status, outcome: Outcome, **others: Any) -> Move:
    status = after(expected, outcome)
    record = Record(
        kind=Kind.EMPRESA,
        codigo=codigo,
        nome=f"EMPRESA MODELO {codigo} LTDA",
        documento=ec.Cnpj("11222333000181"),
        status=status,
        sent=EmpresaNova(
            codigo=codigo, nome="EMPRESA MODELO", documento=ec.Cnpj("11222333000181"), endereco="RUA Ç"
        ),
        attempted_at=others.pop("attempted_at", NOON),
    )
    written = entry(codigo, outcome, status=status, moved=True, **others)
    return Move(entry=written, record=record, expected=expected)


def claim(codigo: str, **others: Any) -> Move:
    return move(codigo, Status.NAO_INTEGRADO, Outcome.ATTEMPTED, **others)


def integrated(codigo: str, **others: Any) -> Move:
    return move(codigo, Status.EM_ENVIO, Outcome.INTEGRATED, **others)


def all_of(journal: Kept) -> tuple[LogEntry, ...]:
    return tuple(journal.entries(LogFilter()))


def plan_of(*codigos: str, proemp: str = "PROEMP00") -> Plan:
    with Sandbox() as sandbox:
        integrator = ec.Integrator(
            sandbox.client(), policy=ec.Policy(proemp=proemp), journal=":memory:", operador="ADMIN"
        )
        records = [
            ec.EmpresaGap(codigo, proemp, f"EMPRESA MODELO {codigo} LTDA", "11222333000181")
            for codigo in codigos
        ]
        return integrator.plan_empresas(records, selected=ec.TODAS)
