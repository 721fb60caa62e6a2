"""A portal that shows late what it accepted: a lost answer is not answered by one early look."""

import datetime

import pytest
from attrs import define, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

import econtador as ec
from econtador.errors import UnknownCodigo
from econtador.integration.status import Kind, Outcome, Status
from econtador.sandbox import USUAL, Faults, Quirk, Sandbox

MODELO = ec.EmpresaGap("00001", "PROEMP00", "EMPRESA MODELO 01 LTDA", "11.222.333/0001-81")
PESSOA = ec.UsuarioGap("U1", "PESSOA MODELO 01", "529.982.247-25", "modelo@exemplo.com.br")
NEVER = 10_000
"""Reads, more than any test makes."""
START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@define
class Clock:
    """What time it is, as the test has it."""

    seconds: float = 0.0

    def __call__(self) -> datetime.datetime:
        return START + datetime.timedelta(seconds=self.seconds)


@frozen
class Office:
    """An integrator whose first write lost its answer, and the time."""

    sandbox: Sandbox
    clock: Clock
    integrator: ec.Integrator
    plan: ec.Plan
    kind: Kind

    @property
    def codigo(self) -> str:
        return self.plan.actions[0].codigo

    @property
    def status(self) -> Status:
        return self.integrator.journal.records(self.kind)[self.codigo].status

    @property
    def posts(self) -> int:
        return sum(seen.method == "POST" for seen in self.sandbox.requests)

    @property
    def rows(self) -> int:
        return len(self.sandbox.empresas) + len(self.sandbox.usuarios)


def office(
    kind: Kind, *, fault: str = "reset-after-commit", lag: int = NEVER, doubt: float = 900.0
) -> Office:
    sandbox = Sandbox(quirks={*USUAL, Quirk.READ_LAG}, faults=Faults.at({1: fault}, methods=("POST",)))
    sandbox.lag = lag
    clock = Clock()
    one = ec.Integrator(
        sandbox.client(),
        policy=ec.Policy(proemp="PROEMP00", doubt_seconds=doubt),
        journal=":memory:",
        operador="ADMIN",
        clock=clock,
    )
    if kind is Kind.EMPRESA:
        plan = one.plan_empresas([MODELO], selected=ec.TODAS)
    else:
        plan = one.plan_usuarios([PESSOA])
    return Office(sandbox, clock, one, plan, kind)


kinds = pytest.mark.parametrize("kind", list(Kind))


@kinds
def test_not_seen_at_once_it_stays_in_doubt_and_is_sent_once(kind: Kind) -> None:
    here = office(kind)
    assert here.integrator.apply(here.plan).counts == {Outcome.IN_DOUBT: 1}
    for seconds in (0, 1, 450, 899):
        here.clock.seconds = seconds
        assert here.integrator.resume().counts == {Outcome.IN_DOUBT: 1}
        (result,) = here.integrator.apply(here.plan).results
        assert (result.outcome, result.code, result.attempts) == (Outcome.IN_DOUBT, "cedo-demais", 0)
    assert (here.status, here.posts, here.rows) == (Status.EM_DUVIDA, 1, 1)
    assert here.integrator.journal.unfinished() == (here.plan,)


@kinds
@pytest.mark.parametrize("seconds", [1.0, 1000.0])
def test_seen_it_becomes_integrated_without_a_second_write(kind: Kind, seconds: float) -> None:
    here = office(kind)
    here.integrator.apply(here.plan)
    here.sandbox.quirks = USUAL
    here.clock.seconds = seconds
    (result,) = here.integrator.resume().results
    assert (result.status, result.attempts) == (Status.INTEGRADO, 0)
    assert (here.status, here.posts, here.rows) == (Status.INTEGRADO, 1, 1)
    assert here.integrator.journal.unfinished() == ()


@kinds
def test_the_time_of_doubt_counts_from_the_sending_and_includes_its_last_moment(kind: Kind) -> None:
    here = office(kind, fault="reset-before-commit")
    here.clock.seconds = 100.0
    here.integrator.apply(here.plan)
    here.clock.seconds = 999.999
    assert here.integrator.resume().counts == {Outcome.IN_DOUBT: 1}
    assert here.rows == 0
    here.clock.seconds = 1000.0
    assert here.integrator.resume().counts == {Outcome.INTEGRATED: 1}
    assert (here.status, here.posts, here.rows) == (Status.INTEGRADO, 2, 1)


@kinds
def test_another_attempt_begins_another_time_of_doubt(kind: Kind) -> None:
    here = office(kind, fault="reset-before-commit")
    here.integrator.apply(here.plan)
    here.clock.seconds = 900.0
    here.sandbox.faults = Faults.always("reset-after-commit", methods=("POST",))
    assert here.integrator.resume().counts == {Outcome.IN_DOUBT: 1}
    here.clock.seconds = 1799.0
    here.integrator.resume()
    here.integrator.resume()
    assert (here.status, here.posts, here.rows) == (Status.EM_DUVIDA, 2, 1)


@kinds
def test_without_a_time_of_doubt_one_look_is_believed(kind: Kind) -> None:
    """What ``doubt_seconds=0`` means: it is for a portal that shows at once."""
    here = office(kind, doubt=0)
    here.integrator.apply(here.plan)
    here.integrator.resume()
    assert (here.posts, here.rows) == (2, 2)


@kinds
def test_a_clock_that_went_backwards_waits(kind: Kind) -> None:
    here = office(kind, fault="reset-before-commit")
    here.clock.seconds = 86_400.0
    here.integrator.apply(here.plan)
    for seconds in (0.0, -86_400.0, 86_399.0):
        here.clock.seconds = seconds
        assert here.integrator.resume().counts == {Outcome.IN_DOUBT: 1}
    assert (here.posts, here.rows) == (1, 0)


@kinds
def test_a_person_who_looked_may_release_it_and_resume_sends_it(kind: Kind) -> None:
    here = office(kind, fault="reset-before-commit")
    here.integrator.apply(here.plan)
    (released,) = here.integrator.release([here.codigo], kind).results
    assert (released.outcome, released.status, released.code) == (
        Outcome.ABSENT,
        Status.NAO_INTEGRADO,
        "conferido",
    )
    assert here.posts == 1  # releasing sends nothing
    assert here.integrator.resume().counts == {Outcome.INTEGRATED: 1}
    assert (here.status, here.posts, here.rows) == (Status.INTEGRADO, 2, 1)
    assert here.integrator.journal.unfinished() == ()


@kinds
def test_what_was_released_goes_with_the_same_plan_or_another(kind: Kind) -> None:
    for again in (True, False):
        here = office(kind, fault="reset-before-commit")
        here.integrator.apply(here.plan)
        here.integrator.release([here.codigo], kind)
        plan = here.plan
        if not again:
            one = here.integrator
            plan = (
                one.plan_empresas([MODELO], selected=ec.TODAS)
                if kind is Kind.EMPRESA
                else one.plan_usuarios([PESSOA])
            )
        assert here.integrator.apply(plan).counts == {Outcome.INTEGRATED: 1}
        assert (here.posts, here.rows) == (2, 1)


@kinds
def test_released_by_mistake_it_is_found_by_the_look_before_the_write(kind: Kind) -> None:
    here = office(kind)
    here.integrator.apply(here.plan)
    here.sandbox.quirks = USUAL
    here.integrator.release([here.codigo], kind)
    here.integrator.resume()
    assert (here.status, here.posts, here.rows) == (Status.INTEGRADO, 1, 1)


@kinds
def test_only_what_is_in_doubt_is_released(kind: Kind) -> None:
    here = office(kind)
    with pytest.raises(UnknownCodigo):
        here.integrator.release([here.codigo], kind)
    here.integrator.apply(here.plan)
    before = here.integrator.logs()
    with pytest.raises(UnknownCodigo, match="00099"):
        here.integrator.release([here.codigo, "00099"], kind)
    assert here.integrator.logs() == before


steps = st.lists(st.sampled_from(("resume", "apply", "forward", "backward", "plan")), max_size=12)


@given(
    kind=st.sampled_from(Kind),
    fault=st.sampled_from(("reset", "500", "504")),
    steps=steps,
    lag=st.integers(0, 9),
)
@settings(max_examples=60, deadline=None)
def test_however_often_it_is_tried_in_the_time_of_doubt_at_most_one_arrives(
    kind: Kind, fault: str, steps: list[str], lag: int
) -> None:
    here = office(kind, fault=f"{fault}-after-commit", lag=lag)
    one, plan = here.integrator, here.plan
    one.apply(plan)
    for step in steps:
        match step:
            case "resume":
                one.resume()
            case "apply":
                one.apply(plan)
            case "forward":
                here.clock.seconds = min(here.clock.seconds + 300.0, 899.0)
            case "backward":
                here.clock.seconds -= 300.0
            case _:
                plan = (
                    one.plan_empresas([MODELO], selected=ec.TODAS)
                    if kind is Kind.EMPRESA
                    else one.plan_usuarios([PESSOA])
                )
                one.apply(plan)
    assert (here.posts, here.rows) == (1, 1)
    for _ in range(lag + 1):
        one.resume()
    assert here.posts == 1
    assert here.status is Status.INTEGRADO
