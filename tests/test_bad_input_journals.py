"""Broken journals: an error of the journal, never an empty one, and nothing is sent on its word.

The portal of these tests is empty, so that only the journal keeps its three companies from being sent again.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import econtador as ec
from econtador.errors import EcontadorError, JournalError, JournalNotWritten, JournalUnreadable
from econtador.integration.status import Status
from econtador.sandbox import Sandbox

POLICY = ec.Policy(proemp="PROEMP00")
EMPRESAS = tuple(
    ec.EmpresaGap(f"0000{number}", "PROEMP00", f"EMPRESA MODELO 0{number} LTDA", documento)
    for number, documento in enumerate(("11.222.333/0001-81", "00.000.000/0001-91", "12ABC34501DE35"), 1)
)
PAGE = 4096


def office(portal: Sandbox, journal: Path) -> ec.Integrator:
    client = ec.Client(portal.token, transport=portal.transport(), writes=ec.CONVENTION, account="conta")
    return ec.Integrator(client, policy=POLICY, journal=journal, operador="ADMIN")


def use(journal: Path) -> None:
    """All that reads a journal, with the three companies; nothing of it may send one."""
    with Sandbox() as portal:
        try:
            with office(portal, journal) as one:
                plan = one.plan_empresas(EMPRESAS, selected=ec.TODAS)
                one.resume()
                one.apply(plan)
                one.verify()
                one.logs()
        finally:
            assert all(seen.method == "GET" for seen in portal.requests)


class Left:
    """What a run leaves on the disk: after it closed its journal, and as if it had been killed before."""

    def __init__(self, folder: Path, closed: bytes, killed: bytes, wal: bytes) -> None:
        self.folder = folder
        self.closed = closed
        self.killed = killed
        self.wal = wal

    def put(self, whole: bytes, wal: bytes | None = None) -> Path:
        path = self.folder / "j"
        for old in self.folder.glob("j*"):
            old.unlink()
        path.write_bytes(whole)
        if wal is not None:
            Path(f"{path}-wal").write_bytes(wal)
        return path

    def edited(self, *statements: str) -> Path:
        path = self.put(self.closed)
        connection = sqlite3.connect(path)
        try:
            for statement in statements:
                connection.execute(statement)
            connection.commit()
        finally:
            connection.close()
        return path


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    folder = tmp_path_factory.mktemp("diario")
    path = folder / "modelo"
    with Sandbox() as portal, office(portal, path) as one:
        plan = one.plan_empresas(EMPRESAS, selected=ec.TODAS)
        one.apply(plan)
        one.journal.begin(plan)
        killed = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    yield Left(folder, path.read_bytes(), *killed)
    shutil.rmtree(folder)


def test_the_journals_that_are_broken_here_are_good_ones(left: Left) -> None:
    use(left.put(left.closed))
    use(left.put(left.killed, left.wal))


# --------------------------------------------------------------------------- the file


def test_a_journal_cut_at_any_page_is_unreadable(left: Left) -> None:
    for end in range(0, len(left.closed), PAGE):
        for cut in (end, end + 100):
            path = left.put(left.closed[:cut])
            with pytest.raises(JournalUnreadable):
                use(path)
            assert path.read_bytes() == left.closed[:cut]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flips=st.lists(st.integers(0, 2**20), min_size=1, max_size=3))
def test_flipped_bits_are_an_error_or_change_nothing_that_is_sent(left: Left, flips: list[int]) -> None:
    whole = bytearray(left.closed)
    for flip in flips:
        whole[flip // 8 % len(whole)] ^= 1 << flip % 8
    try:
        use(left.put(bytes(whole)))
    except JournalError:
        pass
    except EcontadorError as error:  # what is bound to the journal reads otherwise
        assert error.__class__.__name__ in {"JournalOfAnotherAccount", "SecondProemp", "StalePlan"}


def test_a_record_that_only_the_index_has_lost_is_missed(left: Left) -> None:
    name = b"empresa00001"
    places = [at for at in range(len(left.closed)) if left.closed[at : at + len(name)] == name]
    inside = [at for at in places if left.closed[at + len(name) :][:7] != b"EMPRESA"]
    assert inside
    for at in inside:
        whole = bytearray(left.closed)
        whole[at] ^= 1
        with pytest.raises(JournalUnreadable):
            use(left.put(bytes(whole)))


@pytest.mark.parametrize("other", ["", "PRAGMA application_id = 7;", "CREATE TABLE record (kind TEXT);"])
def test_another_sqlite_file_is_no_journal(left: Left, other: str) -> None:
    path = left.put(b"")
    path.unlink()
    connection = sqlite3.connect(path)
    connection.executescript(f"CREATE TABLE x (y); {other}")
    connection.close()
    with pytest.raises(JournalUnreadable):
        use(path)


# --------------------------------------------------------------------------- its -wal


@pytest.mark.parametrize(
    "wal", [b"\0" * 5000, b"x" * 33, b"SQLite format 3\0" * 2000, bytes(range(256)) * 80]
)
def test_a_wal_that_is_garbage_is_not_taken_for_an_empty_one(left: Left, wal: bytes) -> None:
    path = left.put(left.killed, wal)
    with pytest.raises(JournalUnreadable, match="wal"):
        use(path)
    assert Path(f"{path}-wal").read_bytes() == wal


def test_a_wal_whose_header_has_any_bit_flipped_is_unreadable(left: Left) -> None:
    for bit in range(0, 32 * 8, 3):
        wal = bytearray(left.wal)
        wal[bit // 8] ^= 1 << bit % 8
        with pytest.raises(JournalUnreadable):
            use(left.put(left.killed, bytes(wal)))


@pytest.mark.parametrize("size", [0, 1, 31, 32])
def test_a_wal_that_a_power_cut_left_without_an_entry_is_none(left: Left, size: int) -> None:
    use(left.put(left.closed, b"\0" * size))


# --------------------------------------------------------------------------- its tables

BLOBS = ("CREATE TABLE other AS SELECT * FROM {0}", "DROP TABLE {0}", "ALTER TABLE other RENAME TO {0}")
"""Without STRICT, so that columns take anything."""


@pytest.mark.parametrize("table", ["fact", "record", "log", "plan"])
def test_a_missing_table_is_told(left: Left, table: str) -> None:
    with pytest.raises(JournalUnreadable):
        use(left.edited(f"DROP TABLE {table}"))


@pytest.mark.parametrize("column", ["status", "sent", "documento", "kind", "attempted_at"])
@pytest.mark.parametrize("value", ["7", "x'ff00'", "'x'", "1.5", "CAST(x'ff' AS TEXT)"])
def test_a_column_that_holds_another_type_or_an_unknown_word_is_told(
    left: Left, column: str, value: str
) -> None:
    steps = [step.format("record") for step in BLOBS]
    with pytest.raises(JournalUnreadable):
        use(left.edited(*steps, f"UPDATE record SET {column} = {value} WHERE codigo = '00002'"))


BROKEN_JSON = ["{", "[1]", '"cpf"', "1", "null", "{}", '{"cpf": 1}', '{"codigo": "\\ud800"}', "[" * 100_000]


@pytest.mark.parametrize("text", BROKEN_JSON, ids=range(len(BROKEN_JSON)))
def test_a_record_whose_draft_is_broken_is_told(left: Left, text: str) -> None:
    with pytest.raises(JournalUnreadable):
        use(left.edited(f"UPDATE record SET sent = '{text}' WHERE codigo = '00001'"))


@pytest.mark.parametrize("text", BROKEN_JSON, ids=range(len(BROKEN_JSON)))
def test_a_plan_that_was_begun_and_is_broken_is_told(left: Left, text: str) -> None:
    with pytest.raises(JournalUnreadable, match="plan"):
        use(left.edited(f"UPDATE plan SET content = '{text}'"))


@pytest.mark.parametrize("column", ["kind", "outcome", "status", "at"])
@pytest.mark.parametrize("value", ["x", "", "2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00"])
def test_an_entry_with_an_unknown_word_or_no_time_is_told(left: Left, column: str, value: str) -> None:
    path = left.edited(
        "DROP TRIGGER log_is_appended_to", f"UPDATE log SET {column} = '{value}' WHERE number = 2"
    )
    with pytest.raises(JournalUnreadable):
        use(path)


@pytest.mark.parametrize("value", ["x", "1:2:3", "9" * 5000, "-", "\u0661"])
@pytest.mark.parametrize("fact", ["head", "forgotten", "proemp"])
def test_a_fact_that_is_none_is_an_error_or_shows_in_the_audit(left: Left, fact: str, value: str) -> None:
    path = left.edited(f"INSERT OR REPLACE INTO fact VALUES ('{fact}', '{value}')")
    try:
        use(path)
        journal = ec.SqliteJournal(path)
        assert not journal.audit().ok
        journal.close()
    except (JournalUnreadable, ec.errors.StalePlan):
        pass


def test_what_a_journal_cannot_count_or_write_is_told_before_anything_is_sent(left: Left) -> None:
    new = ec.EmpresaGap("00009", "PROEMP00", "EMPRESA MODELO 09 LTDA", "33.000.167/0001-01")
    path = left.edited(f"UPDATE fact SET value = '{2**63 - 1}:{'0' * 64}' WHERE name = 'head'")
    with Sandbox() as portal, office(portal, path) as one:
        plan = one.plan_empresas([new], selected=ec.TODAS)
        with pytest.raises(JournalNotWritten):
            one.apply(plan)
        assert all(seen.method == "GET" for seen in portal.requests)
        assert "00009" not in one.journal.records(plan.kind)


def test_an_error_of_the_journal_shows_nothing_of_its_text(left: Left) -> None:
    secret = b"529.982.247-25".hex()
    path = left.edited(f"UPDATE record SET nome = CAST(x'{secret}ff' AS TEXT)")
    with pytest.raises(JournalUnreadable) as caught:
        use(path)
    assert "529.982.247-25" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_no_status_is_known_that_the_table_of_statuses_has_not(left: Left) -> None:
    for status in Status:
        path = left.edited(f"UPDATE record SET status = '{status.value.upper()}x'")
        with pytest.raises(JournalUnreadable):
            use(path)


def test_a_schema_that_is_no_text_any_more_is_told(left: Left) -> None:
    word = left.closed.index(b"CREATE TRIGGER")
    for place in range(word, word + 40):
        whole = bytearray(left.closed)
        whole[place] |= 0x80
        with pytest.raises(JournalUnreadable):
            use(left.put(bytes(whole)))
