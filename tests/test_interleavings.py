"""Two runs over one journal, in every order of their steps."""

import itertools
from collections import Counter
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from threading import Semaphore, Thread, current_thread

import pytest
from attrs import define, field

import econtador as ec
from econtador.errors import ApplyStopped, EcontadorError, JournalLocked, StalePlan
from econtador.integration.journal import LogFilter, Move
from econtador.integration.status import Kind, Outcome, Status
from econtador.portal.transport import Request, Response, Transport
from econtador.sandbox import Faults, Sandbox
from econtador.sandbox.exchange import Answer

CNPJS = ("11222333000181", "00000000000191", "33000167000101", "60746948000112", "33592510000154")
EMPRESAS = [
    ec.EmpresaGap(f"{n:05}", "PROEMP00", f"EMPRESA MODELO {n:02} LTDA", cnpj)
    for n, cnpj in enumerate(CNPJS, 1)
]
IN_PORTAL = {Status.INTEGRADO, Status.ATIVO}


# ------------------------------------------------------------------ two runs, one step at a time


@define
class Turns:
    """Lets one of many threads go on to its next step, and waits until it is there."""

    go: dict[str, Semaphore] = field(factory=dict[str, Semaphore])
    there: dict[str, Semaphore] = field(factory=dict[str, Semaphore])
    ended: set[str] = field(factory=set[str])

    def step(self) -> None:
        """Called by a hand before each of its steps: waits for its turn."""
        name = current_thread().name
        if name in self.go:
            self.there[name].release()
            self.go[name].acquire()

    def begin(self, name: str, thread: Thread) -> None:
        self.go[name], self.there[name] = Semaphore(0), Semaphore(0)
        thread.start()
        self.there[name].acquire()

    def end(self) -> None:
        """Called by a hand when it has no more steps."""
        name = current_thread().name
        self.ended.add(name)
        self.there[name].release()

    def one(self, name: str) -> None:
        if name not in self.ended:
            self.go[name].release()
            self.there[name].acquire()

    def rest(self) -> None:
        """Both to their ends, in turn."""
        while set(self.go) - self.ended:
            for name in self.go:
                self.one(name)


class Shared(ec.SqliteJournal):
    """A journal for runs on many machines: none waits for the other, and with *leases* none takes another for dead."""

    def __init__(self, turns: Turns, *, leases: bool) -> None:
        super().__init__(":memory:")
        self.turns, self.leases = turns, leases
        self.dead: set[str] = set()
        """Runs of whom the lease has run out."""

    @contextmanager
    def writing(self) -> Generator[None, None, None]:
        self.turns.step()
        yield

    def held(self, kind: Kind, run: str) -> Collection[str]:
        if not self.leases:
            return ()
        begun = {e.codigo: e.run for e in self.entries(LogFilter(kind=kind, outcome=Outcome.ATTEMPTED))}
        return {codigo for codigo, other in begun.items() if other not in {run, *self.dead}}

    def write(self, moves: Sequence[Move]) -> tuple[bool, ...]:
        if moves:
            self.turns.step()
        return super().write(moves)


@define
class Stepping:
    """Waits for its turn before each request; the portal refuses the POSTs that it is told to."""

    inner: Transport
    turns: Turns
    refused: set[int]
    posts: list[bytes]

    def send(self, request: Request) -> Response:
        self.turns.step()
        if request.method == "POST":
            self.posts.append(request.content)
            if len(self.posts) in self.refused:
                return Answer(
                    422, {"content-type": "application/vnd.api+json"}, b'{"errors": [{"status": "422"}]}'
                )
        return self.inner.send(request)

    def close(self) -> None: ...


@define
class Scene:
    """Two integrators, A and B, over one journal and one portal."""

    sandbox: Sandbox
    leases: bool
    doubt: float
    refused: set[int] = field(factory=set[int])
    posts: list[bytes] = field(factory=list[bytes])
    turns: Turns = field(factory=Turns)
    reports: dict[str, ec.Report] = field(factory=dict[str, ec.Report])
    errors: dict[str, EcontadorError] = field(factory=dict[str, EcontadorError])
    journal: Shared = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.journal = Shared(self.turns, leases=self.leases)

    def integrator(self) -> ec.Integrator:
        client = ec.Client(
            self.sandbox.token,
            transport=Stepping(self.sandbox.transport(), self.turns, self.refused, self.posts),
            writes=ec.CONVENTION,
            retry=ec.Retry(attempts=1),
        )
        policy = ec.Policy(proemp="PROEMP00", doubt_seconds=self.doubt)
        return ec.Integrator(client, policy=policy, journal=self.journal, operador="ADMIN")

    def run(self, plans: dict[str, ec.Plan], order: Sequence[str], *, together: int) -> None:
        """Both runs in that *order* of their steps, each beginning with *together* steps in its first."""
        for name, plan in plans.items():
            self.turns.begin(name, Thread(target=self._apply, args=(name, plan), name=name, daemon=True))
            for _ in range(together):
                self.turns.one(name)
        for name in order:
            self.turns.one(name)
        self.turns.rest()

    def _apply(self, name: str, plan: ec.Plan) -> None:
        try:
            self.reports[name] = self.integrator().apply(plan)
        except EcontadorError as error:
            self.errors[name] = error
        finally:
            self.turns.end()

    def holds(self, records: int) -> None:
        """What must be so in the end, whatever happened."""
        assert max(Counter(row.documento for row in self.sandbox.empresas).values(), default=1) == 1
        assert self.journal.audit().ok
        attempted = Counter(e.codigo for e in self.journal.entries(LogFilter(outcome=Outcome.ATTEMPTED)))
        assert len(self.posts) == sum(attempted.values())
        for report in self.reports.values():
            assert len(report.results) == records
        if not self.errors:
            assert sum(report.sent for report in self.reports.values()) == len(self.posts)


def orders(steps: int) -> Iterator[tuple[str, ...]]:
    """Every order of so many steps of A and so many of B; A first, since the others are these with the names exchanged."""
    for places in itertools.combinations(range(1, 2 * steps), steps - 1):
        yield tuple("A" if place in {0, *places} else "B" for place in range(2 * steps))


def settled(scene: Scene, plan: ec.Plan) -> None:
    """Later, without faults: everything is there, once."""
    scene.sandbox.faults, scene.journal.leases = None, False
    scene.refused.clear()
    one = scene.integrator()
    for codigo, record in scene.journal.records(Kind.EMPRESA).items():
        if record.status is Status.EM_ENVIO:
            raise AssertionError(f"{codigo} was left without an outcome by a run that ended")
        if record.status is Status.EM_DUVIDA and not any(
            r.externoid == codigo for r in scene.sandbox.empresas
        ):
            one.release([codigo])
    one.apply(plan)
    assert {r.status for r in scene.journal.records(Kind.EMPRESA).values()} == {Status.INTEGRADO}
    assert sorted(row.externoid or "" for row in scene.sandbox.empresas) == [a.codigo for a in plan.actions]
    assert scene.journal.audit().ok


FATES = ("answers", "reset-before-commit", "reset-after-commit", "500-after-commit", "422", "refused")


def _scene(fate: str, sandbox: Sandbox, leases: bool, doubt: float) -> Scene:
    """The first POST meets *fate*."""
    if fate in {"answers", "422"}:
        return Scene(sandbox, leases, doubt, refused={1} if fate == "422" else set())
    sandbox.faults = Faults.at({1: fate}, methods=("POST",))
    return Scene(sandbox, leases, doubt)


@pytest.mark.parametrize(("leases", "doubt"), [(True, 0.0), (False, 900.0)])
@pytest.mark.parametrize("fate", FATES)
def test_two_runs_of_one_record_in_every_order(fate: str, leases: bool, doubt: float) -> None:
    """Opening, look, claim, request, outcome: five steps of each, 126 orders."""
    for order in orders(5):
        with Sandbox() as sandbox:
            scene = _scene(fate, sandbox, leases, doubt)
            plan = scene.integrator().plan_empresas(EMPRESAS[:1], selected=ec.TODAS)
            scene.run({"A": plan, "B": plan}, order, together=0)
            assert all(isinstance(error, ApplyStopped) for error in scene.errors.values()), (
                order,
                scene.errors,
            )
            scene.holds(records=1)
            # A second request only where the first surely left nothing.
            assert len(scene.posts) <= (
                1 if fate in {"answers", "reset-after-commit", "500-after-commit"} else 2
            )
            if doubt and fate == "reset-before-commit":
                assert len(scene.posts) == 1
            settled(scene, plan)


@pytest.mark.parametrize("fate", ["answers", "reset-after-commit", "422"])
def test_two_runs_of_two_records_in_every_order(fate: str) -> None:
    """Both have looked and found nothing; then claim, request and outcome of two records each: 462 orders."""
    for order in orders(6):
        with Sandbox() as sandbox:
            scene = _scene(fate, sandbox, leases=True, doubt=0.0)
            plan = scene.integrator().plan_empresas(EMPRESAS[:2], selected=ec.TODAS)
            scene.run({"A": plan, "B": plan}, order, together=2)
            assert scene.errors == {}, order
            scene.holds(records=2)
            assert len(scene.posts) <= (3 if fate == "422" else 2)
            settled(scene, plan)


def test_two_runs_that_recognise_one_record_in_every_order() -> None:
    """It is in the portal already: both would write that down, one does, and neither ends for it."""
    for order in orders(3):
        with Sandbox() as sandbox:
            first = ec.Integrator(
                sandbox.client(), policy=ec.Policy(proemp="PROEMP00"), journal=":memory:", operador="ADMIN"
            )
            first.apply(first.plan_empresas(EMPRESAS[:1], selected=ec.TODAS))
            scene = Scene(sandbox, leases=True, doubt=0.0)
            plan = scene.integrator().plan_empresas(EMPRESAS[:2], selected=ec.TODAS)
            scene.run({"A": plan, "B": plan}, order, together=2)
            assert scene.errors == {}, order
            scene.holds(records=2)
            settled(scene, plan)


@pytest.mark.parametrize("fate", ["answers", "reset-after-commit"])
def test_two_runs_that_both_take_a_third_for_dead_in_every_order(fate: str) -> None:
    """Opening, look, settling, claim, request, outcome of one record that was left in the air: 462 orders."""
    for order in orders(6):
        with Sandbox() as sandbox:
            scene = Scene(sandbox, leases=True, doubt=0.0)
            plan = scene.integrator().plan_empresas(EMPRESAS[:1], selected=ec.TODAS)
            sandbox.fault = _dies
            with pytest.raises(KeyboardInterrupt):
                scene.integrator().apply(plan)
            sandbox.fault = None
            scene.posts.clear()
            scene.journal.dead = {entry.run for entry in scene.journal.entries(LogFilter())}
            sandbox.faults = None if fate == "answers" else Faults.at({1: fate}, methods=("POST",))
            scene.run({"A": plan, "B": plan}, order, together=0)
            assert scene.errors == {}, order
            assert len(scene.posts) == len(sandbox.empresas) == 1, order
            assert scene.journal.audit().ok
            settled(scene, plan)


def _dies(method: str, path: str, when: str) -> None:
    if method == "POST":
        raise KeyboardInterrupt


def test_two_plans_in_every_order() -> None:
    """The one that comes to begin after the other moved something is stale, and sends nothing."""
    stale = 0
    for order in orders(5):
        with Sandbox() as sandbox:
            scene = Scene(sandbox, leases=True, doubt=0.0)
            one = scene.integrator()
            plans = {
                "A": one.plan_empresas(EMPRESAS[:1], selected=ec.TODAS),
                "B": one.plan_empresas(EMPRESAS[:2], selected=["00001"]),
            }
            scene.run(plans, order, together=0)
            assert all(isinstance(error, StalePlan) for error in scene.errors.values())
            stale += len(scene.errors)
            assert len(scene.posts) == len(sandbox.empresas) == 1
            assert scene.journal.audit().ok
    assert stale > 0


def test_a_journal_in_memory_takes_one_run_at_a_time_too() -> None:
    with Sandbox() as sandbox:
        journal, policy = ec.SqliteJournal(":memory:"), ec.Policy(proemp="PROEMP00", doubt_seconds=0)
        one, two = (
            ec.Integrator(sandbox.client(), policy=policy, journal=journal, operador="ADMIN")
            for _ in range(2)
        )
        plan = one.plan_empresas(EMPRESAS, selected=ec.TODAS)

        def meanwhile(result: ec.Result) -> None:
            with pytest.raises(JournalLocked):
                two.apply(plan)

        one.apply(plan, on_progress=meanwhile)
        assert two.apply(plan).ok
        assert len(sandbox.empresas) == len(EMPRESAS)
