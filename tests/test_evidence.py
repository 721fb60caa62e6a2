"""The log as evidence: what was changed by hand is found, and what is written can be taken out as files."""

import csv
import datetime
import io
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

import econtador as ec
from econtador.errors import JournalUnreadable
from econtador.integration.evidence import Anchor, to_csv, to_jsonl
from econtador.integration.journal import LogFilter
from econtador.integration.journal_rows import ENTRY_COLUMNS
from econtador.integration.status import Kind, Outcome, Status
from econtador.sandbox import Faults, Sandbox

NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)
CNPJS = ("11222333000181", "00000000000191", "33000167000101", "60746948000112")
EMPRESAS = [
    ec.EmpresaGap(f"{n:05}", "PROEMP00", f"EMPRESA MODELO {n:02} LTDA", cnpj)
    for n, cnpj in enumerate(CNPJS, 1)
]
PESSOA = ec.UsuarioGap("U1", "PESSOA MODELO 01", "529.982.247-25", "modelo@exemplo.com.br")
INVALIDA = ec.EmpresaGap("00009", "PROEMP00", "EMPRESA MODELO 09 LTDA", "")


def ticking() -> Iterator[datetime.datetime]:
    for minutes in range(10_000):
        yield NOON + datetime.timedelta(minutes=minutes)


def worked(path: Path | str) -> ec.SqliteJournal:
    """A journal with entries of all sorts: integrated, refused, in doubt and found, failed, activated."""
    journal, clock = ec.SqliteJournal(path), ticking()
    faults = Faults.at({2: "reset-after-commit", 3: "reset-before-commit"}, methods=("POST",))
    with Sandbox(faults=faults) as sandbox:
        one = ec.Integrator(
            sandbox.client(),
            policy=ec.Policy(proemp="PROEMP00", doubt_seconds=0),
            journal=journal,
            operador="ADMIN",
            clock=lambda: next(clock),
        )
        one.apply(one.plan_empresas([*EMPRESAS, INVALIDA], selected=ec.TODAS))
        one.resume()
        one.apply(one.plan_usuarios([PESSOA]))
        one.activate_usuarios()
    return journal


@pytest.fixture(scope="module")
def original() -> Iterator[bytes]:
    """The bytes of such a journal."""
    with TemporaryDirectory() as folder:
        worked(Path(folder) / "j").close()
        yield (Path(folder) / "j").read_bytes()


def forged(original: bytes, folder: str, *statements: tuple[str, tuple[object, ...]]) -> bool:
    """Whether the audit finds what was done to a copy by hand, its triggers dropped first."""
    path = Path(folder) / "j"
    path.write_bytes(original)
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("DROP TRIGGER log_is_appended_to")
        connection.execute("DROP TRIGGER log_is_kept")
        changed = 0
        for sql, values in statements:
            changed += connection.execute(sql, values).rowcount
    connection.close()
    assert changed
    try:
        journal = ec.SqliteJournal(path)
        try:
            return not journal.audit().ok
        finally:
            journal.close()
    except JournalUnreadable:
        return True  # it could not have been written so: found as well


def entries_of(original: bytes) -> list[ec.LogEntry]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "j"
        path.write_bytes(original)
        journal = ec.SqliteJournal(path)
        entries = list(journal.entries(LogFilter()))
        journal.close()
        return entries


# ------------------------------------------------------------------ changed by hand


def test_what_was_only_written_is_whole(original: bytes) -> None:
    outcomes = {entry.outcome for entry in entries_of(original)}
    assert outcomes >= {
        Outcome.ATTEMPTED,
        Outcome.INTEGRATED,
        Outcome.IN_DOUBT,
        Outcome.FOUND,
        Outcome.ABSENT,
        Outcome.REFUSED,
        Outcome.ACTIVATED,
    }
    with TemporaryDirectory() as folder:
        (Path(folder) / "j").write_bytes(original)
        journal = ec.SqliteJournal(Path(folder) / "j")
        audit = journal.audit()
        journal.close()
    assert audit.ok and audit.entries == len(entries_of(original)) and audit.forgotten == 0
    assert "íntegro" in str(audit)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
SAID = st.sampled_from(
    (
        "integrated",
        "found",
        "absent",
        "Integrado",
        "Não integrado",
        "empresa",
        "usuario",
        "PROEMP00",
        "proemp00",
        "00001",
    )
)
TIMES = st.datetimes(
    timezones=st.sampled_from((datetime.UTC, datetime.timezone(datetime.timedelta(hours=-3))))
).map(datetime.datetime.isoformat)
NUMBERS = {"number", "attempts", "losses", "moved"}


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_any_column_of_any_entry_that_was_edited_is_found(original: bytes, data: st.DataObject) -> None:
    entries = entries_of(original)
    number = data.draw(st.integers(1, len(entries)))
    column = data.draw(st.sampled_from(ENTRY_COLUMNS))
    value: object
    if column in NUMBERS:
        value = data.draw(st.integers(-1, 2**40) | st.integers(0, 2))
    elif column == "proemp":
        value = data.draw(st.none() | TEXTS | SAID)
    elif column == "at":
        value = data.draw(TIMES | TEXTS)
    else:
        value = data.draw(TEXTS | SAID)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "j"
        path.write_bytes(original)
        reading = sqlite3.connect(path)
        (before,) = reading.execute(f"SELECT {column} FROM log WHERE number = ?", (number,)).fetchone()
        taken = {row[0] for row in reading.execute("SELECT number FROM log")}
        reading.close()
        if value == before or (column == "number" and value in taken):
            return
        assert forged(original, folder, (f"UPDATE log SET {column} = ? WHERE number = ?", (value, number)))


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("at", "'2026-01-01T09:' || substr(at, 15, 12) || '-03:00'"),
        ("at", "replace(at, '+00:00', 'Z')"),
        ("proemp", "lower(proemp)"),
        ("proemp", "proemp || ' '"),
        ("moved", "moved + 1"),
        ("hash", "upper(hash)"),
    ],
)
def test_an_edit_that_reads_the_same_is_found_too(original: bytes, column: str, change: str) -> None:
    """Filters look at the columns: an entry written otherwise would be hidden from them."""
    with TemporaryDirectory() as folder:
        sql = f"UPDATE log SET {column} = {change} WHERE number = 2 AND {column} <> {change}"
        assert forged(original, folder, (sql, ()))


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_entries_that_were_taken_out_are_found(original: bytes, data: st.DataObject) -> None:
    """At the beginning, in the middle, at the end, all of them."""
    numbers = [entry.number for entry in entries_of(original)]
    gone = data.draw(st.sets(st.sampled_from(numbers), min_size=1) | st.just(set(numbers)))
    marks = ", ".join(str(number) for number in gone)
    with TemporaryDirectory() as folder:
        assert forged(original, folder, (f"DELETE FROM log WHERE number IN ({marks})", ()))
    with TemporaryDirectory() as folder:
        # And the numbers closed up again.
        closing = [
            (f"UPDATE log SET number = number - 1 WHERE number > {number}", ())
            for number in sorted(gone, reverse=True)
        ]
        assert forged(original, folder, (f"DELETE FROM log WHERE number IN ({marks})", ()), *closing)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_an_entry_that_was_put_in_is_found(original: bytes, data: st.DataObject) -> None:
    count = len(entries_of(original))
    like, place = data.draw(st.integers(1, count)), data.draw(st.integers(1, count + 1))
    columns = ", ".join(column for column in ENTRY_COLUMNS if column != "number")
    room = [
        (f"UPDATE log SET number = {number + 1} WHERE number = {number}", ())
        for number in range(count, place - 1, -1)
    ]
    source = like if like < place else like + 1
    put = f"INSERT INTO log (number, {columns}) SELECT {place}, {columns} FROM log WHERE number = {source}"
    with TemporaryDirectory() as folder:
        assert forged(original, folder, *room, (put, ()))


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_two_entries_that_changed_places_are_found(original: bytes, data: st.DataObject) -> None:
    count = len(entries_of(original))
    one, other = data.draw(st.lists(st.integers(1, count), min_size=2, max_size=2, unique=True))
    with TemporaryDirectory() as folder:
        swap = [(one, -1), (other, one), (-1, other)]
        statements = [("UPDATE log SET number = ? WHERE number = ?", (to, of)) for of, to in swap]
        assert forged(original, folder, *statements)


@pytest.mark.parametrize("status", [status.value for status in Status if status is not Status.INTEGRADO])
def test_a_record_whose_status_the_log_does_not_explain_is_found(original: bytes, status: str) -> None:
    with TemporaryDirectory() as folder:
        sql = "UPDATE record SET status = ? WHERE codigo = '00001'"
        assert forged(original, folder, (sql, (status,)))


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM record WHERE codigo = '00001'",
        "DELETE FROM record",
        "INSERT INTO record (kind, codigo, nome, status) VALUES ('empresa', '00077', 'X', 'Integrado')",
        "UPDATE record SET codigo = '00077' WHERE codigo = '00001'",
        "UPDATE fact SET value = '3' || substr(value, instr(value, ':')) WHERE name = 'head'",
        "DELETE FROM fact WHERE name = 'head'",
    ],
)
def test_records_and_the_head_that_do_not_fit_the_log_are_found(original: bytes, sql: str) -> None:
    with TemporaryDirectory() as folder:
        assert forged(original, folder, (sql, ()))


def test_a_fault_is_told_by_its_number_and_without_names(original: bytes) -> None:
    with TemporaryDirectory() as folder:
        assert forged(original, folder, ("UPDATE log SET message = 'x' WHERE number = 3", ()))
        journal = ec.SqliteJournal(Path(folder) / "j")
        audit = journal.audit()
        journal.close()
    assert audit.faults[0].number == 3
    assert "3" in audit.faults[0].reason
    assert "MODELO" not in str(audit) + repr(audit)


def test_a_chain_that_was_made_anew_has_another_head(original: bytes) -> None:
    """Whoever noted the head elsewhere sees it; the journal by itself cannot."""
    with TemporaryDirectory() as folder:
        whole = worked(Path(folder) / "whole")
        noted = whole.audit().head
        whole.close()
        with Sandbox() as sandbox:
            other = ec.SqliteJournal(Path(folder) / "other")
            one = ec.Integrator(
                sandbox.client(), policy=ec.Policy(proemp="PROEMP00"), journal=other, operador="ADMIN"
            )
            one.apply(one.plan_empresas(EMPRESAS, selected=ec.TODAS))
            assert other.audit().ok and other.audit().head != noted
            other.close()
    assert Anchor.parse(str(noted)) == noted


@pytest.mark.parametrize(
    "sql", ["UPDATE log SET message = 'x'", "DELETE FROM log", "DELETE FROM log WHERE number = 1"]
)
def test_an_ordinary_change_is_refused_by_the_file_itself(original: bytes, sql: str, tmp_path: Path) -> None:
    (tmp_path / "j").write_bytes(original)
    connection = sqlite3.connect(tmp_path / "j")
    with pytest.raises(sqlite3.IntegrityError, match="only appended to"):
        connection.execute(sql)
    connection.rollback()
    connection.close()
    journal = ec.SqliteJournal(tmp_path / "j")
    assert journal.audit().ok
    journal.close()


# ------------------------------------------------------------------ shortened by command


@given(minutes=st.lists(st.integers(-5, 60), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_only_the_oldest_are_forgotten_and_the_audit_tells_how_many(minutes: list[int]) -> None:
    journal = worked(":memory:")
    before = list(journal.entries(LogFilter()))
    records = {kind: dict(journal.records(kind)) for kind in Kind}
    gone = 0
    for minute in minutes:
        gone += journal.forget(NOON + datetime.timedelta(minutes=minute))
        left = list(journal.entries(LogFilter()))
        assert left == before[gone:]
        audit = journal.audit()
        assert audit.ok and (audit.forgotten, audit.entries) == (gone, len(left))
        assert audit.head == Anchor(before[-1].number, before[-1].hash)
    assert {kind: dict(journal.records(kind)) for kind in Kind} == records
    last = NOON + datetime.timedelta(minutes=max(minutes))
    assert all(entry.at >= last for entry in before[gone : gone + 1])


def test_a_clock_that_went_back_keeps_what_came_after_an_entry_that_is_kept() -> None:
    times = iter((0, 50, 10, 20, 60, 70, 80, 90))
    journal = ec.SqliteJournal(":memory:")
    with Sandbox() as sandbox:
        one = ec.Integrator(
            sandbox.client(),
            policy=ec.Policy(proemp="PROEMP00"),
            journal=journal,
            operador="ADMIN",
            clock=lambda: NOON + datetime.timedelta(minutes=next(times)),
        )
        one.apply(one.plan_empresas(EMPRESAS[:2], selected=ec.TODAS))
    at = [entry.at for entry in journal.entries(LogFilter())]
    assert at != sorted(at)
    assert journal.forget(NOON + datetime.timedelta(minutes=30)) == 0
    assert journal.audit().ok


def test_what_was_forgotten_is_not_sent_again_and_the_chain_goes_on() -> None:
    journal = ec.SqliteJournal(":memory:")
    with Sandbox() as sandbox:
        one = ec.Integrator(
            sandbox.client(), policy=ec.Policy(proemp="PROEMP00"), journal=journal, operador="ADMIN"
        )
        one.apply(one.plan_empresas(EMPRESAS[:2], selected=ec.TODAS))
        assert journal.forget(datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)) == 4
        assert (journal.audit().ok, journal.audit().entries, journal.revision()) == (True, 0, 4)
        report = one.apply(one.plan_empresas(EMPRESAS, selected=ec.TODAS))
        assert report.counts == {Outcome.INTEGRATED: 2, Outcome.KEPT: 2}
        assert len(sandbox.empresas) == 4
        assert journal.audit().ok


# ------------------------------------------------------------------ as files


def test_the_files_have_every_entry_and_every_column() -> None:
    journal = worked(":memory:")
    entries = list(journal.entries(LogFilter()))
    lines, table = io.StringIO(), io.StringIO(newline="")
    assert to_jsonl(entries, lines) == to_csv(entries, table) == len(entries)
    read = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [list(row) for row in read] == [list(ENTRY_COLUMNS)] * len(entries)
    assert [(row["number"], row["hash"]) for row in read] == [(e.number, e.hash) for e in entries]
    rows = list(csv.DictReader(io.StringIO(table.getvalue()), delimiter=";"))
    for row, other in zip(rows, read, strict=True):
        assert row == {name: "" if value is None else str(value) for name, value in other.items()}


@given(words=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12))
@settings(max_examples=60, deadline=None)
def test_no_text_becomes_a_formula_or_another_line(words: str) -> None:
    entry = evolve(next(iter(worked_entries())), message=words, nome=f"={words}")
    table = io.StringIO(newline="")
    to_csv([entry], table)
    (row,) = list(csv.DictReader(io.StringIO(table.getvalue(), newline=""), delimiter=";"))
    assert row["nome"] == f"'={words}"
    assert row["message"] in {words, f"'{words}"}
    assert row["message"][:1] not in {"=", "+", "-", "@", "\t", "\r"}


def worked_entries() -> list[ec.LogEntry]:
    if not _WORKED:
        _WORKED.extend(worked(":memory:").entries(LogFilter()))
    return _WORKED


_WORKED: list[ec.LogEntry] = []
