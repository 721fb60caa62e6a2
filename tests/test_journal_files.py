"""What stands where a journal should: opened, made new or refused, and never changed by being refused."""

import datetime
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Thread

import pytest
from attrs import evolve
from journal_places import NOON, all_of, claim, entry, note

import econtador as ec
from econtador.errors import JournalError, JournalLocked, JournalNotWritten, JournalUnreadable
from econtador.integration.journal import LogFilter, Move
from econtador.integration.status import Kind

ODD_NAME = "diário 100% nº 1?a=b#c"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of a good journal with one record and two entries, which nobody has open."""
    there = tmp_path / "escritorio.journal"
    with closing(ec.SqliteJournal(there)) as journal, journal.writing():
        journal.write([claim("00001"), note("00002")])
    return there


def by_hand(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def codigos(journal: ec.SqliteJournal) -> list[str]:
    return [one.codigo for one in all_of(journal)]


def refused(path: Path, error: type[JournalError] = JournalUnreadable) -> str:
    """Why the file is not opened. It is named, and left as it is."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(error) as caught:
        ec.SqliteJournal(path)
    assert caught.value.file == str(path)
    assert (path.read_bytes() if path.is_file() else None) == before
    return str(getattr(caught.value, "reason", ""))


# --------------------------------------------------------------------------- made new


def test_a_new_journal_is_marked_and_survives_a_power_cut(tmp_path: Path) -> None:
    path = tmp_path / "j"
    ec.SqliteJournal(path).close()
    with closing(sqlite3.connect(path)) as connection:
        marks = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version", "journal_mode")
        ]
    assert marks == [0x65434A31, 2, "wal"]


@pytest.mark.parametrize("name", ["j", ODD_NAME])
def test_a_journal_is_found_under_the_name_that_was_given(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is in it, and from wherever it is counted."""
    monkeypatch.chdir(tmp_path)
    with closing(ec.SqliteJournal(name)) as journal:
        assert journal.path == name
        journal.write([note("00001")])
    assert {one.name for one in tmp_path.iterdir()} == {name, f"{name}-lock"}
    with closing(ec.SqliteJournal(tmp_path / name)) as journal:
        assert codigos(journal) == ["00001"]


def test_journals_in_memory_are_one_for_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(ec.SqliteJournal(":memory:")) as one, closing(ec.SqliteJournal(":memory:")) as other:
        one.write([note("00001")])
        assert (codigos(one), codigos(other)) == (["00001"], [])
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_half_made_is_made_anew(tmp_path: Path) -> None:
    path, draft = tmp_path / "j", tmp_path / "j-new"
    draft.write_bytes(b"half")
    with closing(ec.SqliteJournal(path)) as journal:
        assert codigos(journal) == []
    assert not draft.exists()


def test_a_journal_that_another_makes_meanwhile_is_not_made_again(path: Path, tmp_path: Path) -> None:
    """The second waits for its turn and then takes what it finds."""
    late, found = tmp_path / "j", list[str]()

    def open_it() -> None:
        with closing(ec.SqliteJournal(late)) as journal:
            found.extend(codigos(journal))

    with closing(sqlite3.connect(f"{late}-lock", isolation_level=None)) as first:
        first.execute("BEGIN EXCLUSIVE")
        second = Thread(target=open_it)
        second.start()
        time.sleep(0.1)  # enough to see that there is none
        assert not late.exists()
        shutil.copy(path, late)
    second.join()
    assert found == ["00001", "00002"]


def test_where_nothing_can_be_made_nothing_is(tmp_path: Path) -> None:
    missing, taken = tmp_path / "nowhere" / "j", tmp_path / "j"
    draft = tmp_path / "j-new"
    draft.mkdir()
    with pytest.raises(OSError) as own:
        draft.unlink()
    assert refused(missing, JournalNotWritten) not in {"", "None"}
    assert refused(taken, JournalNotWritten) == own.value.strerror
    assert not missing.parent.exists()
    assert not taken.exists()


# --------------------------------------------------------------------------- refused


@pytest.mark.parametrize("content", [b"", b"codigo;nome\r\n", b"\0" * 8192, b"SQLite format 3\0" * 512])
def test_a_file_of_something_else_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "empresas.csv"
    path.write_bytes(content)
    assert refused(path) not in {"", "None"}


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) not in {"", "None"}


def test_the_database_of_another_program_is_refused_and_not_turned_into_wal(tmp_path: Path) -> None:
    path = tmp_path / "outro.db"
    by_hand(path, "CREATE TABLE record (kind TEXT, codigo TEXT)", "PRAGMA user_version = 2")
    assert refused(path) not in {"", "None"}


def test_a_journal_without_its_mark_is_refused(path: Path) -> None:
    by_hand(path, "PRAGMA application_id = 7")
    assert refused(path) not in {"", "None"}


@pytest.mark.parametrize("version", [0, 1, 3, 2**31 - 1])
def test_a_journal_of_another_format_is_refused_and_told_which(version: int, path: Path) -> None:
    by_hand(path, f"PRAGMA user_version = {version}")
    assert str(version) in refused(path)


@pytest.mark.parametrize("table", ["fact", "record", "log", "plan"])
def test_a_journal_without_one_of_its_tables_is_refused_and_told_which(table: str, path: Path) -> None:
    by_hand(path, f"DROP TABLE {table}")
    assert table in refused(path)


def test_a_journal_whose_index_and_table_disagree_is_refused(path: Path) -> None:
    """Each could be read; a record that is not found would be sent again."""
    whole = bytearray(path.read_bytes())
    (inside,) = [
        at
        for at in range(len(whole))
        if whole.startswith(b"empresa00001", at) and not whole.startswith(b"empresa00001EMPRESA", at)
    ]
    whole[inside] ^= 1
    path.write_bytes(whole)
    assert refused(path) not in {"", "None"}


def test_a_record_of_no_kind_is_refused_alone(path: Path) -> None:
    by_hand(
        path, "INSERT INTO record SELECT 'socio', codigo, nome, NULL, status, NULL, NULL, NULL FROM record"
    )
    assert refused(path) not in {"", "None"}


def test_a_schema_that_is_no_text_is_refused(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[whole.index(b"CREATE TRIGGER") + 3] |= 0x80
    path.write_bytes(whole)
    assert refused(path) not in {"", "None"}


def test_a_wal_that_is_garbage_is_refused_and_kept(path: Path) -> None:
    wal = Path(f"{path}-wal")
    wal.write_bytes(b"x" * 100)
    assert refused(path) not in {"", "None"}
    assert wal.read_bytes() == b"x" * 100


def test_a_journal_that_was_copied_by_another_tool_is_in_wal_again(path: Path) -> None:
    by_hand(path, "PRAGMA journal_mode = DELETE")
    with closing(ec.SqliteJournal(path)) as journal:
        assert codigos(journal) == ["00001", "00002"]
        journal.write([note("00003")])
        assert Path(f"{path}-wal").stat().st_size > 0


def test_a_file_that_another_program_is_writing_is_in_use_and_not_damaged(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN IMMEDIATE")
        refused(path, JournalLocked)


# --------------------------------------------------------------------------- damaged while it is open


@pytest.fixture
def journal(path: Path) -> Iterator[ec.SqliteJournal]:
    with closing(ec.SqliteJournal(path)) as opened:
        yield opened


def told(journal: ec.SqliteJournal, error: type[JournalError], moves: Sequence[Move]) -> None:
    with pytest.raises(error) as caught:
        journal.write(moves)
    assert caught.value.file == journal.path
    assert getattr(caught.value, "reason", "") not in {"", "None"}


def test_a_table_that_is_dropped_under_an_open_journal_is_missed(
    path: Path, journal: ec.SqliteJournal
) -> None:
    by_hand(path, "DROP TABLE record")
    with pytest.raises(JournalUnreadable) as caught:
        journal.records(Kind.EMPRESA)
    assert caught.value.file == str(path)
    told(journal, JournalUnreadable, [claim("00003")])
    assert codigos(journal) == ["00001", "00002"]


def test_a_head_that_was_set_back_makes_no_second_chain(path: Path, journal: ec.SqliteJournal) -> None:
    by_hand(path, "UPDATE fact SET value = '1:' || substr(value, 3) WHERE name = 'head'")
    told(journal, JournalUnreadable, [note("00003")])
    assert codigos(journal) == ["00001", "00002"]


def test_what_cannot_be_held_takes_nothing_else_with_it(journal: ec.SqliteJournal) -> None:
    too_much = Move(entry=entry("00004", attempts=2**63))
    told(journal, JournalNotWritten, [note("00003"), too_much])
    assert codigos(journal) == ["00001", "00002"]
    assert journal.write([note("00005")]) == (True,)
    assert codigos(journal) == ["00001", "00002", "00005"]
    assert journal.audit().ok


def test_words_that_no_text_can_hold_are_an_error_of_the_journal(journal: ec.SqliteJournal) -> None:
    with pytest.raises(JournalNotWritten) as caught:
        list(journal.entries(LogFilter(codigo="\ud800")))
    assert caught.value.file == journal.path


def test_text_that_is_none_is_damage_and_not_shown(path: Path, journal: ec.SqliteJournal) -> None:
    by_hand(path, "UPDATE record SET nome = CAST(x'5345475245444fff' AS TEXT)")
    with pytest.raises(JournalUnreadable) as caught:
        journal.records(Kind.EMPRESA)
    assert caught.value.file == str(path)
    assert "SEGREDO" not in str(caught.value)


READ: Sequence[tuple[str, Callable[[ec.SqliteJournal], object]]] = (
    ("UPDATE record SET status = 'x'", lambda journal: journal.records(Kind.EMPRESA)),
    ("INSERT INTO plan VALUES ('empresa', 'x', '[]')", lambda journal: journal.unfinished()),
    ("UPDATE fact SET value = 'x' WHERE name = 'head'", lambda journal: journal.revision()),
    ("INSERT INTO fact VALUES ('proemp', 'x y')", lambda journal: journal.proemp),
    ("INSERT INTO fact VALUES ('forgotten', 'x')", lambda journal: journal.audit()),
    ("UPDATE log SET status = 'x'", all_of),
)


@pytest.mark.parametrize(("edit", "read"), READ, ids=[edit for edit, _ in READ])
def test_what_makes_no_sense_is_damage_of_that_file(
    edit: str, read: Callable[[ec.SqliteJournal], object], path: Path, journal: ec.SqliteJournal
) -> None:
    by_hand(path, "DROP TRIGGER log_is_appended_to", edit)
    with pytest.raises(JournalUnreadable) as caught:
        read(journal)
    assert caught.value.file == str(path)


# --------------------------------------------------------------------------- the one that writes


@pytest.mark.parametrize("place", ["memory", "file"])
def test_a_second_run_is_refused_at_once_and_the_next_one_is_not(place: str, tmp_path: Path) -> None:
    where = ":memory:" if place == "memory" else str(tmp_path / "j")
    with closing(ec.SqliteJournal(where)) as one, ExitStack() as others:
        other = one if place == "memory" else others.enter_context(closing(ec.SqliteJournal(where)))
        with pytest.raises(LookupError), one.writing():
            waited: list[float] = []
            for _ in range(3):  # a busy machine may stop any of them for a while
                began = time.monotonic()
                with pytest.raises(JournalLocked) as caught, other.writing():
                    pass
                waited.append(time.monotonic() - began)
                assert caught.value.file == where
            assert min(waited) < 0.9
            raise LookupError
        for again in (other, one):
            with again.writing():
                again.write([note("00001")])
        assert codigos(one) == ["00001", "00001"]


def test_a_lock_that_cannot_be_taken_is_no_run_and_no_other_run(
    path: Path, journal: ec.SqliteJournal
) -> None:
    lock = Path(f"{path}-lock")
    lock.unlink()
    lock.mkdir()
    with pytest.raises(JournalNotWritten) as caught, journal.writing():
        pass
    assert caught.value.file == str(path)


@pytest.mark.parametrize("where", [":memory:", "j"])
def test_a_journal_serves_one_thread_after_another(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run, journal = ExitStack(), ec.SqliteJournal(where)

    def begin() -> None:
        run.enter_context(journal.writing())
        journal.write([note("00001")])

    thread = Thread(target=begin)
    thread.start()
    thread.join()
    journal.write([note("00002")])
    run.close()
    with closing(journal), journal.writing():
        assert codigos(journal) == ["00001", "00002"]


def test_what_a_run_wrote_is_in_the_file_itself_when_it_has_ended(path: Path, tmp_path: Path) -> None:
    """And not beside it, where damage would lose it: the file alone is copied while it is open."""
    with closing(ec.SqliteJournal(path)) as journal:
        with journal.writing():
            journal.write([note("00003")])
        shutil.copy(path, tmp_path / "copy")
        assert Path(f"{path}-wal").stat().st_size == 0
    with closing(ec.SqliteJournal(tmp_path / "copy")) as copy:
        assert codigos(copy) == ["00001", "00002", "00003"]


def test_a_run_ends_well_while_its_log_is_read(journal: ec.SqliteJournal) -> None:
    """A log that is longer than what is held of it, so that the question is still open."""
    with journal.writing():
        journal.write([note(f"{n:05}") for n in range(3, 1003)])
        reading = iter(journal.entries(LogFilter()))
        assert next(reading).codigo == "00001"
    assert [one.number for one in reading] == list(range(2, 1003))


# --------------------------------------------------------------------------- whose it is


def test_what_is_bound_is_bound_once_and_nothing_of_another_is_kept(path: Path) -> None:
    first, second = ec.Proemp("PROEMP00"), ec.Proemp("PROEMP01")
    with closing(ec.SqliteJournal(path)) as journal:
        journal.bind("conta", first)
    with closing(ec.SqliteJournal(path)) as journal:
        with pytest.raises(ec.errors.SecondProemp):
            journal.bind("conta", second)
        with pytest.raises(ec.errors.JournalOfAnotherAccount):
            journal.bind("outra", first)
        journal.bind("conta", first)
        assert journal.proemp == first
        assert journal.revision() == 2


def test_forgetting_all_leaves_the_records_and_the_number(path: Path) -> None:
    later = NOON + datetime.timedelta(days=1)
    with closing(ec.SqliteJournal(path)) as journal:
        before = journal.records(Kind.EMPRESA)
        assert journal.forget(later) == 2
    with closing(ec.SqliteJournal(path)) as journal:
        assert (journal.records(Kind.EMPRESA), journal.revision(), codigos(journal)) == (before, 2, [])
        late = note("00003")
        assert journal.write([evolve(late, entry=evolve(late.entry, at=later))]) == (True,)
        assert [one.number for one in all_of(journal)] == [3]
        assert journal.audit().ok
