"""A log is examined entry by entry, and written out as files: pure, whatever the journal is kept in."""

import datetime
import hashlib
import io
import json

import pytest
from attrs import evolve

import econtador as ec
from econtador.integration.evidence import Anchor, Fault, audit, to_csv, to_jsonl
from econtador.integration.journal import LogEntry, Record
from econtador.integration.journal_rows import (
    BEGINNING,
    ENTRY_COLUMNS,
    RECORD_COLUMNS,
    Column,
    chained,
    entry_from,
    entry_row,
    record_from,
    record_row,
)
from econtador.integration.status import Kind, Outcome, Status
from econtador.portal.models import EmpresaNova

NOON = datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.UTC)
ENTRY = LogEntry(
    number=7,
    at=NOON,
    kind=Kind.EMPRESA,
    codigo="00001",
    nome="PADARIA MODELO Ç LTDA",
    proemp=ec.Proemp("PROEMP00"),
    operador="ADMIN",
    outcome=Outcome.INTEGRATED,
    status=Status.INTEGRADO,
    code="codigo",
    message="mensagem",
    run="run",
    plan="plan",
    action="action",
    policy="policy",
    attempts=2,
    losses=3,
    moved=True,
    hash="h" * 64,
)
RECORD = Record(
    kind=Kind.EMPRESA,
    codigo="00001",
    nome="PADARIA MODELO LTDA",
    documento=ec.Cnpj("12ABC34501DE35"),
    status=Status.INTEGRADO,
    portal_id="41",
    sent=EmpresaNova(codigo="00001", nome="PADARIA", documento=ec.Cnpj("12ABC34501DE35")),
    attempted_at=NOON,
)
USER = Record(kind=Kind.USUARIO, codigo="U1", nome="PESSOA MODELO 01", documento=None, status=Status.FALHOU)
EMPTY = LogEntry(
    at=NOON,
    kind=Kind.USUARIO,
    codigo="U1",
    nome="PESSOA MODELO 01",
    proemp=None,
    operador="ADMIN",
    outcome=Outcome.KEPT,
    status=Status.FALHOU,
)


def chain(*entries: LogEntry) -> list[LogEntry]:
    made: list[LogEntry] = []
    for number, entry in enumerate(entries, 1):
        made.append(entry_from(chained(entry, number, made[-1].hash if made else BEGINNING)))
    return made


def end(entries: list[LogEntry]) -> Anchor:
    return Anchor(entries[-1].number, entries[-1].hash)


LOG = chain(ENTRY, evolve(ENTRY, codigo="00002"), EMPTY, evolve(EMPTY, moved=True))
RECORDS = {
    (Kind.EMPRESA, "00001"): RECORD,
    (Kind.EMPRESA, "00002"): evolve(RECORD, codigo="00002"),
    (Kind.USUARIO, "U1"): USER,
}


# ------------------------------------------------------------------ the chain


def test_an_entrys_hash_is_over_itself_and_the_one_before_it() -> None:
    content = json.dumps(
        {**entry_row(ENTRY), "number": 3, "hash": ""},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
    )
    digest = hashlib.sha256(f"before\n{content}".encode()).hexdigest()
    assert chained(ENTRY, 3, "before") == entry_row(evolve(ENTRY, number=3, hash=digest))


def test_an_anchor_is_read_as_it_is_shown() -> None:
    anchor = Anchor(12, "ab" * 32)
    assert str(anchor) == f"12:{'ab' * 32}"
    assert Anchor.parse(str(anchor)) == anchor
    assert Anchor() == Anchor(0, BEGINNING) == Anchor(0, "0" * 64)
    with pytest.raises(ValueError, match="int"):
        Anchor.parse("none")


# ------------------------------------------------------------------ what an audit says


def test_a_whole_log_has_no_fault() -> None:
    found = audit(LOG, Anchor(), end(LOG), RECORDS)
    assert (found.ok, found.entries, found.head, found.forgotten, found.faults) == (True, 4, end(LOG), 0, ())
    assert found.summary == "Registro de 4 lançamentos: íntegro"
    assert audit([], Anchor(), Anchor(), {}).ok


def test_each_fault_has_the_number_of_its_entry_and_its_words() -> None:
    torn = [LOG[0], evolve(LOG[2], nome="OUTRO NOME"), evolve(LOG[3], nome="OUTRO NOME")]
    assert audit(torn, Anchor(), Anchor(9, "x"), {(Kind.EMPRESA, "00001"): RECORD, (Kind.USUARIO, "U1"): USER}).faults == (
        Fault(3, "faltam lançamentos antes do 3"),
        Fault(4, "o lançamento 4 não é o que foi escrito"),
        Fault(4, "o fim do registro não é o que foi escrito por último"),
    )  # fmt: skip


def test_a_status_that_the_log_does_not_explain_is_told_of_no_entry() -> None:
    records = {
        (Kind.EMPRESA, "00001"): evolve(RECORD, status=Status.FALHOU),
        (Kind.EMPRESA, "00002"): evolve(RECORD, codigo="00002"),
        (Kind.EMPRESA, "00003"): evolve(RECORD, codigo="00003"),
    }
    found = audit(LOG, Anchor(), end(LOG), records)
    assert found.faults == (
        Fault(0, "empresa 00001 está Falhou, e o registro não o explica"),
        Fault(0, "empresa 00003 está Integrado, e o registro não o explica"),
        Fault(0, "usuario U1 está no registro e não no diário"),
    )
    assert found.summary == f"Registro de 4 lançamentos: 3 problemas, o primeiro: {found.faults[0].reason}"


def test_what_was_forgotten_may_explain_a_record_and_is_counted() -> None:
    begin = Anchor(1, LOG[0].hash)
    records = {(Kind.EMPRESA, "00001"): RECORD, (Kind.EMPRESA, "00002"): evolve(RECORD, status=Status.FALHOU), (Kind.USUARIO, "U1"): USER}  # fmt: skip
    found = audit(LOG[1:], begin, end(LOG), records)
    assert (found.entries, found.forgotten) == (3, 1)
    assert found.faults == (Fault(0, "empresa 00002 está Falhou, e o registro não o explica"),)


# ------------------------------------------------------------------ rows


@pytest.mark.parametrize("entry", [ENTRY, EMPTY])
def test_an_entry_is_read_as_it_was_written(entry: LogEntry) -> None:
    row = entry_row(entry)
    assert tuple(row) == ENTRY_COLUMNS
    assert entry_from(row) == entry


def test_the_columns_of_an_entry_are_its_values() -> None:
    assert entry_row(ENTRY) == {
        "number": 7, "at": "2026-01-05T12:00:00.000000+00:00", "kind": "empresa", "codigo": "00001",
        "nome": "PADARIA MODELO Ç LTDA", "proemp": "PROEMP00", "operador": "ADMIN", "outcome": "integrated",
        "status": "Integrado", "code": "codigo", "message": "mensagem", "run": "run", "plan": "plan",
        "action": "action", "policy": "policy", "attempts": 2, "losses": 3, "moved": 1, "hash": "h" * 64,
    }  # fmt: skip


@pytest.mark.parametrize("record", [RECORD, USER])
def test_a_record_is_read_as_it_was_written(record: Record) -> None:
    row = record_row(record)
    assert tuple(row) == RECORD_COLUMNS
    assert record_from(row) == record


def test_a_time_is_written_in_one_zone_and_one_width() -> None:
    zone = datetime.timezone(datetime.timedelta(hours=-3))
    assert entry_row(evolve(ENTRY, at=NOON.astimezone(zone)))["at"] == entry_row(ENTRY)["at"]
    assert record_row(evolve(RECORD, attempted_at=NOON.astimezone(zone))) == record_row(RECORD)


def test_what_no_database_takes_is_replaced() -> None:
    assert entry_row(evolve(ENTRY, message="a\x00b\ud800c"))["message"] == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"  # fmt: skip
    assert record_row(evolve(RECORD, nome="a\x00"))["nome"] == "a\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2026-01-05T12:00:00+00:00"),
        ("at", "2026-01-05T09:00:00.000000-03:00"),
        ("at", "2026-01-05T12:00:00.000000"),
        ("at", None),
        ("proemp", "proemp00"),
        ("proemp", "PROEMP"),
        ("moved", 2),
        ("moved", None),
        ("kind", "pessoa"),
        ("outcome", "other"),
        ("status", "integrado"),
    ],
)
def test_what_could_be_written_otherwise_is_no_entry(column: str, value: Column) -> None:
    with pytest.raises(ValueError):
        entry_from({**entry_row(ENTRY), column: value})


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("attempted_at", "2026-01-05T12:00:00"),
        ("documento", "1"),
        ("kind", ""),
        ("status", ""),
        ("sent", "["),
    ],
)
def test_what_is_no_record_is_none(column: str, value: Column) -> None:
    with pytest.raises(ValueError):
        record_from({**record_row(RECORD), column: value})


# ------------------------------------------------------------------ files


def test_json_lines_are_readable_and_end_each_line() -> None:
    target = io.StringIO()
    assert to_jsonl(LOG, target) == 4
    lines = target.getvalue().split("\n")
    assert [json.loads(line) for line in lines[:-1]] == [entry_row(entry) for entry in LOG]
    assert lines[-1] == ""
    assert "PADARIA MODELO Ç LTDA" in lines[0]


def test_a_table_has_its_head_and_a_line_for_each_entry() -> None:
    target = io.StringIO(newline="")
    assert to_csv([ENTRY, evolve(EMPTY, nome="=1+1")], target) == 2
    head, first, second, rest = target.getvalue().split("\r\n")
    assert head == ";".join(ENTRY_COLUMNS)
    assert first.startswith(
        "7;2026-01-05T12:00:00.000000+00:00;empresa;00001;PADARIA MODELO Ç LTDA;PROEMP00;"
    )
    assert ";'=1+1;" in second and rest == ""
