"""Many records at once: the same as one after the other, in fewer transactions, and stopped as surely."""

import datetime
import itertools
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from attrs import define, evolve, field
from hypothesis import given, settings
from hypothesis import strategies as st

import econtador as ec
from econtador.errors import ApplyStopped, JournalNotWritten
from econtador.integration.journal import LogEntry, LogFilter, Move
from econtador.integration.status import Kind, Outcome, Status
from econtador.integration.workers import in_parallel
from econtador.portal.transport import Request, Response, Transport
from econtador.sandbox import Fault, Faults, Sandbox
from econtador.sandbox.exchange import Answer

POLICY = ec.Policy(proemp="PROEMP00", doubt_seconds=0)


def cnpj(number: int) -> str:
    """The one valid CNPJ with that raiz and the ordem 0001."""
    return next(text for dv in range(100) if ec.Cnpj.is_valid(text := f"{number:08}0001{dv:02}"))


CNPJS = [cnpj(number) for number in range(1, 41)]


def empresa(number: int) -> ec.EmpresaGap:
    return ec.EmpresaGap(f"{number:05}", "PROEMP00", f"EMPRESA MODELO {number:02} LTDA", CNPJS[number - 1])


EMPRESAS = [empresa(number) for number in range(1, 41)]


def interrupt() -> None:
    """Ctrl-C, as a thread is given it that is not the one that waits."""
    signal.raise_signal(signal.SIGINT)


class Counting(ec.SqliteJournal):
    """Counts transactions and moves; each takes a while, as on a disk; may fail from one of them on."""

    def __init__(self, path: str | Path = ":memory:", *, seconds: float = 0.0, full_after: int = -1) -> None:
        super().__init__(path)
        self.seconds, self.full_after = seconds, full_after
        self.transactions: list[Sequence[Move]] = []

    def write(self, moves: Sequence[Move]) -> tuple[bool, ...]:
        if moves and len(self.transactions) == self.full_after:
            raise JournalNotWritten(self.path, "database or disk is full")
        done = super().write(moves)
        time.sleep(self.seconds)
        if moves:
            self.transactions.append(moves)
        return done


@define
class Slow:
    """A transport that takes a while, and refuses companies with these códigos."""

    inner: Transport
    seconds: float = 0.0
    refused: frozenset[str] = frozenset()
    interrupt_at: int = 0
    """The POST, counted from 1, with which Ctrl-C comes."""
    seen: int = field(default=0, init=False)
    at_once: int = field(default=0, init=False)
    most: int = field(default=0, init=False)

    def send(self, request: Request) -> Response:
        if request.method != "POST":
            return self.inner.send(request)
        self.seen += 1
        if self.seen == self.interrupt_at:
            interrupt()
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        time.sleep(self.seconds)
        try:
            if any(f'"{codigo}"'.encode() in request.content for codigo in self.refused):
                return Answer(422, {"content-type": "application/vnd.api+json"}, b'{"errors": [{}]}')
            return self.inner.send(request)
        finally:
            self.at_once -= 1

    def close(self) -> None: ...


def integrator(
    sandbox: Sandbox,
    journal: ec.SqliteJournal | str = ":memory:",
    transport: Transport | None = None,
    policy: ec.Policy = POLICY,
) -> ec.Integrator:
    client = ec.Client(
        sandbox.token,
        transport=transport or sandbox.transport(),
        writes=ec.CONVENTION,
        retry=ec.Retry(attempts=1),
    )
    return ec.Integrator(client, policy=policy, journal=journal, operador="ADMIN")


def posts(sandbox: Sandbox) -> int:
    return sum(seen.method == "POST" for seen in sandbox.requests)


# ------------------------------------------------------------------ the same as one after the other


@st.composite
def exports(draw: st.DrawFn) -> list[ec.EmpresaGap]:
    """Companies of all sorts: new, closed, of another PROEMP, with a document that is none or another's."""
    found: list[ec.EmpresaGap] = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        sort = draw(st.sampled_from(("new", "new", "new", "closed", "foreign", "invalid", "twin")))
        one = empresa(number)
        found.append(
            {
                "new": one,
                "closed": evolve(one, data_desligamento=datetime.date(2024, 1, 31)),
                "foreign": evolve(one, proemp="PROEMP01"),
                "invalid": evolve(one, documento=""),
                "twin": evolve(one, documento=CNPJS[0]),
            }[sort]
        )
    return found


@given(
    records=exports(),
    workers=st.integers(2, 16),
    refused=st.sets(st.integers(1, 12)),
    there=st.integers(0, 4),
)
@settings(max_examples=40, deadline=None)
def test_any_number_of_workers_comes_to_the_same(
    records: list[ec.EmpresaGap], workers: int, refused: set[int], there: int
) -> None:
    codigos = frozenset(f"{number:05}" for number in refused)
    told: list[tuple[ec.Report, set[tuple[str, str | None]], dict[str, Status]]] = []
    for hands in (1, workers):
        with Sandbox() as sandbox:
            for number in range(1, there + 1):
                before = integrator(sandbox)
                before.apply(before.plan_empresas([empresa(number)], selected=ec.TODAS))
            one = integrator(
                sandbox,
                transport=Slow(sandbox.transport(), refused=codigos),
                policy=evolve(POLICY, breaker=ec.Breaker(in_a_row=None, share=None)),
            )
            report = one.apply(one.plan_empresas(records, selected=ec.TODAS), workers=hands)
            rows = {(row.documento, row.externoid) for row in sandbox.empresas}
            known = one.journal.records(Kind.EMPRESA)
            # Which of two gets which id of the portal is chance.
            results = tuple(evolve(result, portal_id=None) for result in report.results)
            told.append((ec.Report(results=results), rows, {codigo: r.status for codigo, r in known.items()}))
            assert [result.codigo for result in results] == [record.codigo for record in records]
            assert isinstance(one.journal, ec.SqliteJournal)
            assert one.journal.audit().ok
    assert told[0] == told[1]


def test_records_are_sent_at_once_and_never_more_than_there_are_workers() -> None:
    with Sandbox() as sandbox:
        slow = Slow(sandbox.transport(), seconds=0.02)
        one = integrator(sandbox, transport=slow)
        assert one.apply(one.plan_empresas(EMPRESAS, selected=ec.TODAS), workers=5).ok
        assert 1 < slow.most <= 5
        assert len(sandbox.empresas) == 40


@pytest.mark.parametrize("workers", [0, -1])
def test_nobody_works_without_workers(workers: int) -> None:
    with Sandbox() as sandbox:
        one = integrator(sandbox)
        plan = one.plan_empresas(EMPRESAS, selected=ec.TODAS)
        with pytest.raises(ValueError, match="workers"):
            one.apply(plan, workers=workers)
        assert posts(sandbox) == 0


# ------------------------------------------------------------------ group commit


def test_what_waits_together_is_written_together() -> None:
    with Sandbox() as sandbox:
        journal = Counting(seconds=0.04)  # while one group is written the next gathers
        one = integrator(sandbox, journal)
        one.apply(one.plan_empresas(EMPRESAS, selected=ec.TODAS), workers=8)
        moves = sum(len(moves) for moves in journal.transactions)
        assert moves == 2 * len(EMPRESAS)
        assert len(journal.transactions) < moves  # half of them, unless the machine is very busy
        assert journal.audit().ok


def test_one_worker_writes_each_move_by_itself() -> None:
    with Sandbox() as sandbox:
        journal = Counting()
        one = integrator(sandbox, journal)
        one.apply(one.plan_empresas(EMPRESAS[:5], selected=ec.TODAS))
        assert [len(moves) for moves in journal.transactions] == [1] * 10


@pytest.mark.parametrize("full_after", range(0, 12, 2))
def test_where_the_journal_fails_nothing_goes_that_was_not_written(full_after: int, tmp_path: Path) -> None:
    """What several hands wanted written in one transaction is not sent by any of them."""
    with Sandbox() as sandbox:
        journal = Counting(tmp_path / "j", seconds=0.005, full_after=full_after)
        one = integrator(sandbox, journal)
        plan = one.plan_empresas(EMPRESAS, selected=ec.TODAS)
        with pytest.raises(JournalNotWritten, match="full"):
            one.apply(plan, workers=6)
        journal.close()

        reopened = ec.SqliteJournal(tmp_path / "j")
        intents = {e.codigo for e in reopened.entries(LogFilter(outcome=Outcome.ATTEMPTED))}
        assert {row.externoid for row in sandbox.empresas} <= intents
        assert posts(sandbox) == len(sandbox.empresas)
        assert reopened.audit().ok
        two = integrator(sandbox, reopened)
        two.resume()
        assert two.apply(plan).ok
        assert sorted(row.externoid or "" for row in sandbox.empresas) == [e.codigo for e in EMPRESAS]
        assert posts(sandbox) <= len(EMPRESAS)


# ------------------------------------------------------------------ how it ends early


def test_an_exception_in_one_hand_ends_it_and_those_in_hand_are_finished() -> None:
    begun: list[int] = []
    finished: list[int] = []
    gate = threading.Barrier(3)

    def work(item: int) -> int:
        begun.append(item)
        gate.wait(timeout=10)  # three are in hand
        if item == 1:
            raise ZeroDivisionError
        time.sleep(0.05)
        finished.append(item)
        return item

    told: list[int] = []
    with pytest.raises(ZeroDivisionError):
        in_parallel(range(100), work, lambda place, result: told.append(result), workers=3)
    assert sorted(begun) == [0, 1, 2]
    assert sorted(finished) == sorted(told) == [0, 2]


def test_an_exception_of_the_one_who_is_told_ends_it_too() -> None:
    with Sandbox() as sandbox:
        one = integrator(sandbox, transport=Slow(sandbox.transport(), seconds=0.005))
        plan = one.plan_empresas(EMPRESAS, selected=ec.TODAS)

        def fail(result: ec.Result) -> None:
            raise LookupError

        with pytest.raises(LookupError):
            one.apply(plan, workers=4, on_progress=fail)
        assert 1 <= posts(sandbox) <= 8
        assert set(statuses(one)) == {Status.INTEGRADO}
        assert len(statuses(one)) == posts(sandbox) == len(sandbox.empresas)


def statuses(one: ec.Integrator) -> list[Status]:
    return [record.status for record in one.journal.records(Kind.EMPRESA).values()]


def one_entry(journal: ec.SqliteJournal) -> LogEntry:
    with Sandbox() as sandbox:
        one = integrator(sandbox, journal)
        one.apply(one.plan_empresas([evolve(EMPRESAS[0], documento="")], selected=ec.TODAS))
        return one.logs()[0]


def test_a_journal_that_was_interrupted_at_any_line_goes_on() -> None:
    """All of what was being written is there, or nothing; and the next write is not kept from it."""
    for last in itertools.count(1):
        journal = ec.SqliteJournal(":memory:")
        note = Move(entry=one_entry(journal))
        lines = itertools.count(1)

        def trace(frame: FrameType, event: str, argument: object) -> Callable[..., Any] | None:
            if not frame.f_code.co_filename.endswith("sqlite_journal.py"):
                return None
            if event == "line" and next(lines) == last:  # noqa: B023 - used up within the turn
                raise KeyboardInterrupt
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            journal.write([note, note])
        except KeyboardInterrupt:
            interrupted = True
        else:
            interrupted = False
        finally:
            sys.settrace(before)
        assert len(list(journal.entries(LogFilter()))) in {1, 3}
        assert journal.write([note]) == (True,)
        assert journal.audit().ok
        if not interrupted:
            assert last > 10
            return


@pytest.mark.parametrize("workers", [1, 4])
def test_ctrl_c_ends_it_between_two_records_and_everything_is_written(workers: int) -> None:
    """The signal comes while the calling thread waits for the others, or while it does the work itself."""
    with Sandbox() as sandbox:
        slow = Slow(sandbox.transport(), seconds=0.1, interrupt_at=3)
        one = integrator(sandbox, transport=slow)
        plan = one.plan_empresas(EMPRESAS, selected=ec.TODAS)
        with pytest.raises(KeyboardInterrupt):
            one.apply(plan, workers=workers)
        after = posts(sandbox)
        assert 0 < after < len(EMPRESAS)
        time.sleep(0.3)
        assert posts(sandbox) == after, "a hand worked on"
        assert statuses(one).count(Status.EM_ENVIO) == (1 if workers == 1 else 0)
        slow.seconds = 0.0
        one.resume()
        assert one.apply(plan, workers=workers).ok
        assert len(sandbox.empresas) == posts(sandbox) == len(EMPRESAS)


def test_an_interruption_of_the_waiting_thread_lets_no_further_item_begin() -> None:
    """And waits for those in hand, however long they take."""
    begun: list[int] = []
    told: list[int] = []

    def work(item: int) -> int:
        begun.append(item)
        if item == 2:
            interrupt()
        time.sleep(1.0 if item == 0 else 0.05)
        return item

    with pytest.raises(KeyboardInterrupt):
        in_parallel(range(1000), work, lambda place, result: told.append(result), workers=2)
    assert len(begun) < 20
    assert sorted(told) == sorted(begun)


# ------------------------------------------------------------------ what is told


@pytest.mark.parametrize("workers", [1, 3, 8])
def test_progress_is_told_once_for_each_result_and_by_one_at_a_time(workers: int) -> None:
    told: list[ec.Result] = []
    telling = threading.Lock()

    def progress(result: ec.Result) -> None:
        assert telling.acquire(blocking=False), "told by two at once"
        time.sleep(0.001)
        told.append(result)
        telling.release()

    with Sandbox() as sandbox:
        one = integrator(sandbox)
        report = one.apply(
            one.plan_empresas(EMPRESAS, selected=ec.TODAS), workers=workers, on_progress=progress
        )
    assert sorted(told, key=lambda result: result.codigo) == list(report.results)
    assert (tuple(told) == report.results) or workers > 1


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("fault", ["500-before-commit", "refused", "429", "503-before-commit"])
def test_how_far_it_came_is_counted_right(workers: int, fault: str) -> None:
    """``done`` are the records that were told, those in hand when it stopped included."""
    told: list[ec.Result] = []
    with Sandbox(
        faults=Faults(lambda n, method, path: None if n < 9 else Fault(fault), methods=("POST",))
    ) as sandbox:
        one = integrator(sandbox, transport=Slow(sandbox.transport(), seconds=0.003))
        plan = one.plan_empresas(EMPRESAS, selected=ec.TODAS)
        with pytest.raises(ApplyStopped) as stopped:
            one.apply(plan, workers=workers, on_progress=told.append)
        assert (stopped.value.done, stopped.value.total) == (len(told), len(plan.actions))
        assert len(statuses(one)) >= len(told)
        assert posts(sandbox) < 30
