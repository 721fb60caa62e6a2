"""What a journal on a server does that one in a file need not: leases, lost connections, many at its beginning."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from socket import AF_UNIX, SHUT_RDWR, SOCK_STREAM, socket
from threading import Thread
from typing import Literal

import pytest
from journal_places import NOON, claim, integrated, move, note
from postgres_server import Postgres, postgres
from sqlalchemy import make_url

import econtador as ec
from econtador.errors import JournalNotWritten, JournalUnreadable
from econtador.integration.journal import LogFilter
from econtador.integration.status import Kind, Outcome, Status

__all__ = ["postgres"]

SHORT = 0.15
"""A lease, in seconds."""


def lapse() -> None:
    time.sleep(SHORT + 0.05)


@pytest.fixture
def journal(postgres: Postgres) -> Iterator[ec.SqlJournal]:
    with closing(postgres.journal(postgres.fresh_name(), SHORT)) as opened:
        yield opened


def outcomes(journal: ec.SqlJournal) -> list[Outcome]:
    return [entry.outcome for entry in journal.entries(LogFilter())]


# --------------------------------------------------------------------------- claims and leases


def test_a_claim_is_held_from_other_runs_until_its_lease_runs_out(journal: ec.SqlJournal) -> None:
    journal.write([claim("00001", run="r1"), claim("00002", run="r2")])
    assert journal.held(Kind.EMPRESA, "r2") == {"00001"}
    assert journal.held(Kind.EMPRESA, "r3") == {"00001", "00002"}
    assert journal.held(Kind.USUARIO, "r3") == frozenset()
    lapse()
    assert journal.held(Kind.EMPRESA, "r3") == frozenset()


def test_what_is_no_longer_being_sent_is_not_held(journal: ec.SqlJournal) -> None:
    journal.write([claim("00001", run="r1"), integrated("00001", run="r1")])
    assert journal.held(Kind.EMPRESA, "r2") == frozenset()


def test_only_the_run_that_claimed_it_says_what_came_of_it(journal: ec.SqlJournal) -> None:
    doubt = move("00001", Status.EM_ENVIO, Outcome.IN_DOUBT, run="r2")
    assert journal.write([claim("00001", run="r1")]) == (True,)
    assert journal.write([doubt, integrated("00001", run="r2")]) == (False, False)
    assert journal.write([integrated("00001", run="r1")]) == (True,)


def test_of_a_claim_that_ran_out_another_run_may_say_that_it_is_in_doubt(journal: ec.SqlJournal) -> None:
    journal.write([claim("00001", run="r1")])
    lapse()
    failed = move("00001", Status.EM_ENVIO, Outcome.FAILED, run="r2")
    # Whoever did not send it knows nothing of its end.
    assert journal.write([failed, integrated("00001", run="r2")]) == (False, False)
    assert journal.write([move("00001", Status.EM_ENVIO, Outcome.IN_DOUBT, run="r2")]) == (True,)
    assert journal.write([integrated("00001", run="r1")]) == (False,)


def test_a_run_that_is_late_may_still_write_what_nobody_settled(journal: ec.SqlJournal) -> None:
    journal.write([claim("00001", run="r1")])
    lapse()
    assert journal.write([integrated("00001", run="r1")]) == (True,)


def test_a_late_outcome_is_not_taken_for_that_of_a_newer_claim(journal: ec.SqlJournal) -> None:
    journal.write([claim("00001", run="r1")])
    lapse()
    settled = [
        move("00001", Status.EM_ENVIO, Outcome.IN_DOUBT, run="r2"),
        move("00001", Status.EM_DUVIDA, Outcome.ABSENT, run="r2"),
        claim("00001", run="r2"),
    ]
    assert journal.write(settled) == (True, True, True)
    assert journal.write([integrated("00001", run="r1")]) == (False,)
    lapse()
    assert journal.write([integrated("00001", run="r1")]) == (False,)


def test_the_lease_is_measured_by_the_server_and_not_by_the_entry(journal: ec.SqlJournal) -> None:
    journal.write([claim("00001", at=NOON.replace(year=1999), attempted_at=NOON.replace(year=1999))])
    assert journal.held(Kind.EMPRESA, "r9") == {"00001"}


# --------------------------------------------------------------------------- a connection that is lost

Cut = Literal["before", "after"]


class Wire:
    """Between a journal and its server; cuts a connection at a COMMIT, before the server has it or after its answer."""

    def __init__(self, server: str, folder: str) -> None:
        self.cuts: list[Cut] = []
        """One for each COMMIT of entries to come."""
        self.gone_after_a_cut = False
        """Whether the server cannot be reached again then."""
        self.refusing = False
        self.server = server
        self.listening = socket(AF_UNIX, SOCK_STREAM)
        self.listening.bind(f"{folder}/.s.PGSQL.5432")
        self.listening.listen()
        Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                near = self.listening.accept()[0]
            except OSError:
                return
            if self.refusing:
                near.close()
                continue
            far = socket(AF_UNIX, SOCK_STREAM)
            far.connect(self.server)
            cutting: list[Cut] = []
            Thread(target=self.forward, args=(near, far, cutting), daemon=True).start()
            Thread(target=self.back, args=(far, near, cutting), daemon=True).start()

    def forward(self, near: socket, far: socket, cutting: list[Cut]) -> None:
        writing = False
        with suppress(OSError):
            while data := near.recv(65536):
                writing = writing or b"_log" in data
                if writing and b"COMMIT\0" in data and self.cuts:
                    cutting.append(self.cuts.pop(0))
                    self.refusing = self.gone_after_a_cut
                    if cutting == ["before"]:
                        break
                far.sendall(data)
        self.end(near, far)
        near.close()

    def back(self, far: socket, near: socket, cutting: list[Cut]) -> None:
        with suppress(OSError):
            while (data := far.recv(65536)) and not cutting:
                near.sendall(data)
        self.end(near, far)
        far.close()

    def end(self, *ends: socket) -> None:
        for end in ends:
            with suppress(OSError):
                end.shutdown(SHUT_RDWR)


@contextmanager
def wired(postgres: Postgres, name: str) -> Iterator[tuple[Wire, ec.SqlJournal]]:
    address = make_url(postgres.url)
    with tempfile.TemporaryDirectory() as folder:
        wire = Wire(f"{address.query['host']}/.s.PGSQL.5432", folder)
        through = address.update_query_dict({"host": folder}).render_as_string(hide_password=False)
        with (
            closing(wire.listening),
            closing(ec.SqlJournal(through, name=name, lease_seconds=900)) as journal,
        ):
            yield wire, journal


@pytest.mark.parametrize(
    "cuts", [["before"], ["after"], ["before", "before"], ["after", "after"], ["before", "after"]]
)
def test_a_commit_whose_answer_is_lost_is_written_once(cuts: list[Cut], postgres: Postgres) -> None:
    with wired(postgres, postgres.fresh_name()) as (wire, journal):
        wire.cuts += cuts
        assert journal.write([note("00009"), claim("00001", run="r1")]) == (True, True)
        assert wire.cuts == []
        assert outcomes(journal) == [Outcome.KEPT, Outcome.ATTEMPTED]
        assert journal.write([integrated("00001", run="r1")]) == (True,)
        assert journal.audit().ok


@pytest.mark.parametrize(("cut", "stands"), [("before", []), ("after", [Outcome.ATTEMPTED])])
def test_a_commit_that_cannot_be_asked_after_is_an_error_that_says_so(
    cut: Cut, stands: list[Outcome], postgres: Postgres
) -> None:
    name = postgres.fresh_name()
    with wired(postgres, name) as (wire, journal), closing(postgres.journal(name)) as other:
        wire.gone_after_a_cut = True
        wire.cuts.append(cut)
        with pytest.raises(JournalNotWritten, match="whether the last entries stand is not known"):
            journal.write([claim("00001", run="r1")])
        with pytest.raises(JournalNotWritten) as caught:
            journal.write([claim("00002", run="r1")])
        assert "not known" not in str(caught.value)
        assert outcomes(other) == stands


def test_a_server_that_was_away_between_two_writes_is_found_again(postgres: Postgres) -> None:
    with closing(postgres.journal(postgres.fresh_name())) as journal:
        journal.write([note("00001")])
        postgres.by_hand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
        )
        assert journal.write([note("00002")]) == (True,)
        assert journal.audit().entries == 2


def test_a_server_that_cannot_be_reached_is_named_without_its_password(postgres: Postgres) -> None:
    url = "postgresql://someone:hunter2@127.0.0.1:1/nothing?application_name=x"
    with pytest.raises(JournalNotWritten) as caught:
        ec.SqlJournal(url)
    assert "127.0.0.1:1/nothing#econtador" in str(caught.value)
    assert "hunter2" not in repr(caught.value) + str(caught.value)


def test_what_the_server_says_of_a_statement_is_not_repeated(postgres: Postgres) -> None:
    name = postgres.fresh_name()
    with closing(postgres.journal(name)) as journal:
        postgres.by_hand(f"ALTER TABLE {name}_log ADD CHECK (nome <> 'EMPRESA MODELO 00001 LTDA')")
        with pytest.raises(JournalUnreadable) as caught:
            journal.write([note("00001")])
        assert "MODELO" not in repr(caught.value) + str(caught.value)
        assert caught.value.__cause__ is None
        assert outcomes(journal) == []
        assert name in repr(journal)
        assert make_url(postgres.url).database is not None


# --------------------------------------------------------------------------- opening

OPENING = """
import sys
import econtador as ec
sys.stdin.readline()  # all start at once
ec.SqlJournal(sys.argv[1], name=sys.argv[2]).close()
"""


def test_many_that_open_a_new_journal_at_once_make_it_once(postgres: Postgres) -> None:
    name = postgres.fresh_name()
    command = [sys.executable, "-c", OPENING, postgres.url, name]
    workers = [subprocess.Popen(command, stdin=subprocess.PIPE, text=True) for _ in range(4)]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.flush()
    for worker in workers:
        worker.communicate(timeout=60)
    assert [worker.returncode for worker in workers] == [0] * 4
    with closing(postgres.journal(name)) as journal:
        assert journal.audit().ok


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE {}_fact SET value = '2' WHERE name = 'format'", "its format is 2"),
        ("DELETE FROM {}_fact WHERE name = 'format'", "its format is None"),
    ],
)
def test_another_format_is_refused(damage: str, said: str, postgres: Postgres) -> None:
    name = postgres.fresh_name()
    postgres.journal(name).close()
    postgres.by_hand(damage.format(name))
    with pytest.raises(JournalUnreadable, match=said):
        postgres.journal(name)


def test_a_chain_without_an_end_is_damage_and_no_beginning(
    journal: ec.SqlJournal, postgres: Postgres
) -> None:
    journal.write([note("00001")])
    name = journal.file.partition("#")[2]
    postgres.by_hand(f"DELETE FROM {name}_fact WHERE name = 'head'")
    for reading in (journal.revision, journal.audit, lambda: journal.write([note("00002")])):
        with pytest.raises(JournalUnreadable):
            reading()


def test_two_journals_in_one_database_know_nothing_of_each_other(postgres: Postgres) -> None:
    name = postgres.fresh_name()
    with closing(postgres.journal(name)) as one, closing(postgres.journal(f"{name}_log")) as other:
        one.bind("1", None)
        other.bind("2", None)
        one.write([claim("00001")])
        assert dict(other.records(Kind.EMPRESA)) == {}
        assert other.write([claim("00001")]) == (True,)
        assert [one.revision(), other.revision()] == [1, 1]


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("sqlite:///x.db", {}),
        ("no url hunter2", {}),
        ("postgresql://h/d", {"name": 'x"; DROP TABLE y'}),
        ("postgresql://h/d", {"name": "Maiúsculo"}),
        ("postgresql://h/d", {"name": "x" * 41}),
        ("postgresql://h/d", {"lease_seconds": 0.0}),
        ("postgresql://h/d", {"lease_seconds": float("nan")}),
    ],
)
def test_arguments_that_are_none_are_refused_before_anything_is_opened(
    url: str, options: dict[str, object]
) -> None:
    with pytest.raises(ValueError) as caught:
        ec.SqlJournal(url, **options)  # type: ignore[arg-type]
    assert "hunter2" not in str(caught.value)


def test_nobody_pays_for_sqlalchemy_who_does_not_ask_for_it(tmp_path: Path) -> None:
    code = (
        "import sys, econtador as ec; from econtador.sandbox import Sandbox\n"
        f"j = ec.SqliteJournal({str(tmp_path / 'j')!r})\n"
        "ec.Integrator(Sandbox().client(), policy=ec.Policy(proemp='PROEMP00'), journal=j, operador='ADMIN')\n"
        "assert not {'sqlalchemy', 'psycopg'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
