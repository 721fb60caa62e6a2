"""What every journal does, whatever it is kept in."""

import datetime
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from journal_places import (
    NOON,
    Kept,
    Place,
    all_of,
    claim,
    in_postgres,
    integrated,
    journal,
    move,
    note,
    place,
    plan_of,
)
from postgres_server import Postgres, postgres

import econtador as ec
from econtador.errors import JournalOfAnotherAccount, JournalUnreadable, SecondProemp
from econtador.integration.journal import LogFilter, Move, Record
from econtador.integration.status import TRANSITIONS, Kind, Outcome, Status
from econtador.sandbox import Sandbox

__all__ = ["journal", "place", "postgres"]

MINUTE = datetime.timedelta(minutes=1)


# --------------------------------------------------------------------------- records and moves


def test_a_new_journal_is_empty_and_whole(journal: Kept) -> None:
    assert (journal.revision(), journal.proemp, journal.unfinished()) == (0, None, ())
    assert [dict(journal.records(kind)) for kind in Kind] == [{}, {}]
    assert all_of(journal) == ()
    assert journal.audit().ok
    assert journal.write(()) == ()


def test_a_record_is_read_as_it_was_written(journal: Kept) -> None:
    first, second = claim("00001"), integrated("00001")
    assert tuple(journal.write([first, second])) == (True, True)
    assert dict(journal.records(Kind.EMPRESA)) == {"00001": second.record}
    assert dict(journal.records(Kind.USUARIO)) == {}
    assert [evolve(e, number=0, hash="") for e in all_of(journal)] == [first.entry, second.entry]
    assert [e.number for e in all_of(journal)] == [1, 2]
    assert journal.revision() == 2


def test_a_move_is_made_once(journal: Kept) -> None:
    assert list(journal.write([claim("00001"), claim("00001")])) == [True, False]
    assert list(journal.write([claim("00001")])) == [False]
    assert [e.outcome for e in all_of(journal)] == [Outcome.ATTEMPTED]


def test_a_move_that_is_not_made_does_not_keep_the_others_from_it(journal: Kept) -> None:
    journal.write([claim("00001")])
    assert list(journal.write([note("00009"), claim("00001"), claim("00002")])) == [True, False, True]
    assert [(e.number, e.codigo) for e in all_of(journal)] == [(1, "00001"), (2, "00009"), (3, "00002")]
    assert journal.audit().ok


def test_companies_and_users_with_one_codigo_are_two_records(journal: Kept) -> None:
    company = claim("00001")
    assert company.record is not None
    user = Move(
        entry=evolve(company.entry, kind=Kind.USUARIO, proemp=None),
        record=evolve(company.record, kind=Kind.USUARIO, sent=None),
    )
    assert list(journal.write([company, user])) == [True, True]
    assert journal.records(Kind.EMPRESA)["00001"] != journal.records(Kind.USUARIO)["00001"]
    assert journal.audit().ok


def test_what_no_database_can_hold_is_replaced_and_not_refused(journal: Kept) -> None:
    hostile = note("00001", message="a\0b\ud800c", nome="EMPRESA \0 LTDA")
    assert list(journal.write([hostile])) == [True]
    (read,) = all_of(journal)
    assert (read.message, read.nome) == (
        "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c",
        "EMPRESA \N{REPLACEMENT CHARACTER} LTDA",
    )
    assert journal.audit().ok


def test_a_plan_is_moved_past_only_by_others_of_its_kind(journal: Kept) -> None:
    journal.write([claim("00001", plan="p1"), integrated("00001", plan="p1"), note("00002", plan="p2")])
    assert not journal.moved_by_others(Kind.EMPRESA, 0, "p1")
    assert journal.moved_by_others(Kind.EMPRESA, 0, "p2")
    assert journal.moved_by_others(Kind.EMPRESA, 1, "p2")
    assert not journal.moved_by_others(Kind.EMPRESA, 2, "p2")
    assert not journal.moved_by_others(Kind.USUARIO, 0, "p2")
    activated = move("00001", Status.INTEGRADO, Outcome.ACTIVATED, plan="")
    assert list(journal.write([activated])) == [True]
    assert not journal.moved_by_others(Kind.EMPRESA, 2, "p2")


def test_a_look_older_than_the_last_attempt_settles_nothing(journal: Kept) -> None:
    later = NOON.replace(hour=13)
    doubt = move("00001", Status.EM_ENVIO, Outcome.IN_DOUBT)
    absent = move("00001", Status.EM_DUVIDA, Outcome.ABSENT)
    journal.write([claim("00001"), doubt, absent])
    # Sent again, and in doubt again: "not in the portal" was seen before that.
    again = move("00001", Status.EM_ENVIO, Outcome.IN_DOUBT, attempted_at=later)
    assert list(journal.write([claim("00001", attempted_at=later), again])) == [True, True]
    assert list(journal.write([absent])) == [False]
    assert list(journal.write([move("00001", Status.EM_DUVIDA, Outcome.ABSENT, attempted_at=later)])) == [
        True
    ]


def test_no_claim_is_held_from_the_run_that_made_it(journal: Kept) -> None:
    journal.write([claim("00001", run="r1")])
    assert tuple(journal.held(Kind.EMPRESA, "r1")) == ()
    assert tuple(journal.held(Kind.USUARIO, "r2")) == ()


# --------------------------------------------------------------------------- the same in every journal


@frozen
class Wish:
    """A move that somebody may want, whether or not the record stands so."""

    codigo: str
    step: tuple[Status, Outcome] | None
    """None: a note."""
    minutes: int
    zone: int
    words: str


WISHES = st.builds(
    Wish,
    codigo=st.sampled_from(["00001", "00002"]),
    step=st.none() | st.sampled_from(sorted(TRANSITIONS, key=str)),
    minutes=st.integers(0, 4),
    zone=st.integers(-11, 11),
    words=st.text(st.characters(codec="utf-8"), max_size=6),
)
INSTANTS = st.integers(-1, 5).map(lambda minutes: NOON + minutes * MINUTE)
FILTERS = st.builds(
    LogFilter,
    kind=st.none() | st.sampled_from(Kind),
    outcome=st.none() | st.sampled_from(Outcome),
    since=st.none() | INSTANTS,
    until=st.none() | INSTANTS,
    proemp=st.none() | st.sampled_from(["PROEMP00", "PROEMP01"]).map(ec.Proemp),
    codigo=st.none() | st.sampled_from(["00001", "00002", "0000"]),
    operador=st.none() | st.sampled_from([" admin", "ADMIN", "OUTRO"]),
    text=st.none() | st.sampled_from(["modelo 00001", "é", "não", "_", "%"]),
)


def moves_of(wishes: Sequence[Wish], known: dict[str, Record]) -> tuple[list[Move], list[bool]]:
    """What a run makes of *wishes* that stands on *known*, and which of it must be written: the model."""
    moves: list[Move] = []
    expected: list[bool] = []
    for wish in wishes:
        zone = datetime.timezone(datetime.timedelta(hours=wish.zone))
        at = (NOON + wish.minutes * MINUTE).astimezone(zone)
        if wish.step is None:
            moves.append(note(wish.codigo, at=at, message=wish.words))
            expected.append(True)
            continue
        status, outcome = wish.step
        record = known.get(wish.codigo)
        attempted = at if outcome is Outcome.ATTEMPTED else record.attempted_at if record else None
        moves.append(move(wish.codigo, status, outcome, at=at, message=wish.words, attempted_at=attempted))
        expected.append(status is (record.status if record else Status.NAO_INTEGRADO))
        made = moves[-1].record
        if expected[-1] and made is not None:
            known[wish.codigo] = made
    return moves, expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    writes=st.lists(st.lists(WISHES, max_size=5), max_size=5),
    filters=st.lists(FILTERS, min_size=1, max_size=4),
    cut=st.none() | INSTANTS,
)
def test_the_same_work_leaves_the_same_in_every_journal(
    writes: list[list[Wish]], filters: list[LogFilter], cut: datetime.datetime | None, postgres: Postgres
) -> None:
    known: dict[str, Record] = {}
    with closing(ec.SqliteJournal(":memory:")) as one, closing(in_postgres(postgres).open()) as other:
        for wishes in writes:
            moves, expected = moves_of(wishes, known)
            assert list(one.write(moves)) == list(other.write(moves)) == expected
        assert dict(one.records(Kind.EMPRESA)) == dict(other.records(Kind.EMPRESA)) == known
        for wanted in [LogFilter(), *filters]:
            assert list(one.entries(wanted)) == list(other.entries(wanted))
        if cut is not None:
            assert one.forget(cut) == other.forget(cut)
        assert all_of(one) == all_of(other)
        assert one.revision() == other.revision()
        assert one.audit() == other.audit()
        assert one.audit().ok
        for revision in range(one.revision() + 1):
            assert one.moved_by_others(Kind.EMPRESA, revision, "p2") == other.moved_by_others(
                Kind.EMPRESA, revision, "p2"
            )


def test_a_long_log_is_read_whole(journal: Kept) -> None:
    journal.write([note(f"{n:05}") for n in range(1, 1203)])
    assert [e.number for e in all_of(journal)] == list(range(1, 1203))
    assert journal.audit().entries == 1202


def test_a_log_can_be_written_while_it_is_read(journal: Kept) -> None:
    journal.write([note("00001"), note("00002")])
    reading = iter(journal.entries(LogFilter()))
    next(reading)
    assert list(journal.write([note("00003")])) == [True]
    assert [e.codigo for e in reading][:1] == ["00002"]


# --------------------------------------------------------------------------- evidence

EDITED: Sequence[tuple[str, str]] = (
    ("UPDATE {log} SET nome = 'OUTRA' WHERE number = 2", "o lançamento 2 não é"),
    ("UPDATE {log} SET outcome = 'found' WHERE number = 2", "o lançamento 2 não é"),
    ("UPDATE {log} SET at = replace(at, '2026', '2025') WHERE number = 1", "o lançamento 1 não é"),
    ("DELETE FROM {log} WHERE number = 2", "antes do 3"),
    ("DELETE FROM {log} WHERE number = 1", "antes do 2"),
    ("DELETE FROM {log} WHERE number = 4", "o fim do registro"),
    ("UPDATE {log} SET number = 5 WHERE number = 4", "antes do 5"),
    ("UPDATE {fact} SET value = '3:' || substr(value, 3) WHERE name = 'head'", "o fim do registro"),
    ("UPDATE {record} SET status = 'Não integrado' WHERE codigo = '00001'", "empresa 00001 está"),
    ("DELETE FROM {record} WHERE codigo = '00001'", "empresa 00001 está"),
)
INSERTED = (
    "INSERT INTO {log} SELECT %d, at, kind, codigo, nome, proemp, operador, outcome, status, code, message, run,"
    " plan, action, policy, attempts, losses, moved, hash FROM {log} WHERE number = 1"
)


@pytest.mark.parametrize(
    ("sql", "found"), [*EDITED, (INSERTED % 5, "5"), (INSERTED % 0, "0"), (INSERTED % -7, "-7")]
)
def test_an_audit_finds_what_was_done_by_hand(place: Place, sql: str, found: str) -> None:
    with closing(place.open()) as journal:
        journal.write([note("00009"), claim("00001"), integrated("00001"), note("00009")])
        assert journal.audit().ok
        place.by_hand(sql)
        audit = journal.audit()
    assert not audit.ok
    assert found in " ".join(fault.reason for fault in audit.faults)


@pytest.mark.parametrize("verb", ["UPDATE {} SET nome = ''", "DELETE FROM {}"])
def test_the_log_is_only_appended_to(verb: str, tmp_path: Path, postgres: Postgres) -> None:
    name = postgres.fresh_name()
    journals: list[Kept] = [ec.SqliteJournal(tmp_path / "j"), postgres.journal(name)]
    for one in journals:
        one.write([note("00001")])
        one.close()
    with (
        closing(sqlite3.connect(tmp_path / "j")) as file,
        pytest.raises(sqlite3.Error, match="only appended to"),
    ):
        file.execute(verb.format("log"))
    with pytest.raises(Exception, match="only appended to"):
        postgres.by_hand(verb.format(f"{name}_log"))


def test_forgetting_takes_the_oldest_entries_and_no_record(journal: Kept) -> None:
    journal.write(
        [claim("00001", at=NOON), integrated("00001", at=NOON + MINUTE), note("00002", at=NOON + 2 * MINUTE)]
    )
    before, head = journal.records(Kind.EMPRESA), journal.audit().head
    assert journal.forget(NOON) == 0
    assert journal.forget(NOON + 2 * MINUTE) == 2
    assert [e.number for e in all_of(journal)] == [3]
    assert journal.records(Kind.EMPRESA) == before
    audit = journal.audit()
    assert (audit.ok, audit.forgotten, audit.entries, audit.head) == (True, 2, 1, head)
    assert journal.forget(NOON + 9 * MINUTE) == 1
    journal.write([note("00003")])
    assert [e.number for e in all_of(journal)] == [4]
    assert journal.audit().ok


def test_forgetting_stops_at_the_first_entry_that_is_young_enough(journal: Kept) -> None:
    journal.write([note("00001", at=NOON), note("00002", at=NOON + 9 * MINUTE), note("00003", at=NOON)])
    assert journal.forget(NOON + 5 * MINUTE) == 1
    assert [e.number for e in all_of(journal)] == [2, 3]


# --------------------------------------------------------------------------- whose it is


def test_a_journal_belongs_to_the_first_account_for_ever(journal: Kept) -> None:
    journal.belongs_to("1")
    journal.bind("1", None)
    assert journal.proemp is None
    journal.bind("1", ec.Proemp("PROEMP00"))
    journal.bind("1", None)
    assert journal.proemp == ec.Proemp("PROEMP00")
    with pytest.raises(JournalOfAnotherAccount):
        journal.belongs_to("2")
    with pytest.raises(JournalOfAnotherAccount):
        journal.bind("2", ec.Proemp("PROEMP00"))
    with pytest.raises(SecondProemp):
        journal.bind("1", ec.Proemp("PROEMP01"))
    assert journal.proemp == ec.Proemp("PROEMP00")


def test_a_second_account_and_a_second_proemp_are_refused_by_the_integrator(journal: Kept) -> None:
    company = ec.EmpresaGap("00001", "PROEMP00", "EMPRESA MODELO 01 LTDA", "11222333000181")

    def integrator(sandbox: Sandbox, proemp: str) -> ec.Integrator:
        return ec.Integrator(
            sandbox.client(), policy=ec.Policy(proemp=proemp), journal=journal, operador="ADMIN"
        )

    with Sandbox() as first, Sandbox(token="eyJhbGciOiJub25lIn0.e30.outra") as second:
        here = integrator(first, "PROEMP00")
        assert here.apply(here.plan_empresas([company], selected=ec.TODAS)).sent == 1
        with pytest.raises(SecondProemp):
            integrator(first, "PROEMP01").plan_empresas([company], selected=ec.TODAS)
        with pytest.raises(JournalOfAnotherAccount):
            integrator(second, "PROEMP00")


# --------------------------------------------------------------------------- plans


def test_a_plan_is_unfinished_from_its_beginning_to_its_end(journal: Kept) -> None:
    first, second = plan_of("00001"), plan_of("00002")
    journal.begin(first)
    journal.begin(first)
    assert journal.unfinished() == (first,)
    journal.begin(second)
    assert journal.unfinished() == (second,)
    journal.finish(first)
    assert journal.unfinished() == (second,)
    journal.finish(second)
    journal.finish(second)
    assert journal.unfinished() == ()


# --------------------------------------------------------------------------- kept


def test_what_was_written_is_there_when_it_is_opened_again(place: Place) -> None:
    plan = plan_of("00001")
    with closing(place.open()) as journal:
        journal.bind("1", ec.Proemp("PROEMP00"))
        journal.begin(plan)
        journal.write([claim("00001"), note("00002")])
        before = (all_of(journal), journal.records(Kind.EMPRESA), journal.revision(), journal.audit())
    with closing(place.open()) as again:
        assert (all_of(again), again.records(Kind.EMPRESA), again.revision(), again.audit()) == before
        assert (again.proemp, again.unfinished()) == (ec.Proemp("PROEMP00"), (plan,))
        with pytest.raises(JournalOfAnotherAccount):
            again.belongs_to("2")
        assert list(again.write([claim("00001"), integrated("00001")])) == [False, True]
        assert again.audit().ok


@pytest.mark.parametrize("damage", ["DROP TABLE {record}", "DROP TABLE {fact}", "DROP TABLE {plan}"])
def test_a_journal_with_a_part_missing_is_not_taken_for_empty(place: Place, damage: str) -> None:
    place.open().close()
    place.by_hand(damage)
    with pytest.raises(JournalUnreadable):
        place.open()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE {record} SET status = 'Sabe-se lá'",
        "UPDATE {record} SET sent = '['",
        "UPDATE {record} SET documento = '1'",
        "UPDATE {record} SET attempted_at = 'ontem'",
    ],
)
def test_a_record_that_makes_no_sense_is_damage(place: Place, damage: str) -> None:
    with closing(place.open()) as journal:
        journal.write([claim("00001")])
        place.by_hand(damage)
        with pytest.raises(JournalUnreadable):
            journal.records(Kind.EMPRESA)


def test_a_record_of_no_kind_would_be_sent_again_so_it_is_damage(place: Place) -> None:
    with closing(place.open()) as journal:
        journal.write([claim("00001")])
    place.by_hand("UPDATE {record} SET kind = 'outra'")
    with pytest.raises(JournalUnreadable):
        place.open()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE {plan} SET content = '['",
        "UPDATE {plan} SET content = '[]'",
        "UPDATE {plan} SET content = replace(content, 'MODELO', 'OUTRA')",
    ],
)
def test_a_plan_that_makes_no_sense_is_damage(place: Place, damage: str) -> None:
    with closing(place.open()) as journal:
        journal.begin(plan_of("00001"))
        place.by_hand(damage)
        with pytest.raises(JournalUnreadable):
            journal.unfinished()


# --------------------------------------------------------------------------- many writers


def whole(place: Place, writers: Iterable[str], each: int) -> None:
    """Nobody's entry was lost, everybody's are in their order, and the chain holds."""
    with closing(place.open()) as journal:
        entries, audit = all_of(journal), journal.audit()
    assert audit.ok
    assert {writer: [int(e.codigo) for e in entries if e.run == writer] for writer in writers} == {
        writer: list(range(each)) for writer in writers
    }


def test_threads_that_write_at_once_lose_nothing_and_break_no_chain(place: Place) -> None:
    place.open().close()
    claims: list[bool] = []

    def work(writer: str) -> None:
        with closing(place.open()) as journal:
            for n in range(20):
                journal.write([note(f"{n:05}", run=writer)])
            claims.extend(journal.write([claim("00001", run=writer)]))

    writers = [f"w{n}" for n in range(4)]
    threads = [Thread(target=work, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claims) == [False, False, False, True]
    with closing(place.open()) as journal:
        claimed = [e for e in all_of(journal) if e.outcome is Outcome.ATTEMPTED]
        kept = [e for e in all_of(journal) if e.outcome is Outcome.KEPT]
        assert journal.audit().ok
    assert len(claimed) == 1
    assert [[int(e.codigo) for e in kept if e.run == writer] for writer in writers] == [list(range(20))] * 4


WRITING = """
import sys
import econtador as ec
from journal_places import note

journal = {opening}
sys.stdin.readline()  # all start at once
for n in range(20):
    journal.write([note(f"{{n:05}}", run=sys.argv[1])])
journal.close()
"""


def test_processes_that_write_at_once_lose_nothing_and_break_no_chain(place: Place) -> None:
    writers = ["w0", "w1", "w2"]
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})" + WRITING.format(
        opening=place.opening
    )
    # None of them finds it: all make it at once.
    workers = [
        subprocess.Popen([sys.executable, "-c", code, writer], stdin=subprocess.PIPE, text=True)
        for writer in writers
    ]
    for worker in workers:
        worker.communicate("\n", timeout=60)
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    whole(place, writers, 20)
