"""What makes a run stop, and what a plan needs a yes for."""

import datetime
from collections.abc import Iterator

import pytest
from attrs import define, evolve, field

import econtador as ec
from econtador.errors import ApplyStopped, Forbidden, GuardedPlan, Unauthorized
from econtador.integration.status import Kind, Outcome, Status
from econtador.portal.transport import Request, Response, Transport
from econtador.sandbox import Faults, Sandbox
from econtador.sandbox.exchange import Answer

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
CLOSED = datetime.date(2026, 1, 31)


def cnpj(number: int) -> str:
    """The one valid CNPJ with that raiz and the ordem 0001."""
    return next(text for dv in range(100) if ec.Cnpj.is_valid(text := f"{number:08}0001{dv:02}"))


EMPRESAS = [
    ec.EmpresaGap(f"{n:05}", "PROEMP00", f"EMPRESA MODELO {n:02} LTDA", cnpj(n)) for n in range(1, 31)
]
PESSOAS = [
    ec.UsuarioGap(f"U{n}", f"PESSOA MODELO {n:02}", cpf, "modelo@exemplo.com.br")
    for n, cpf in enumerate(("52998224725", "11144477735", "12345678909"), 1)
]


@define
class Refusing:
    """Answers some POSTs, counted from 1, with a status of its own; the message differs where it is told to."""

    inner: Transport
    status: int
    posts: frozenset[int]
    varied: bool = False
    seen: int = field(default=0, init=False)

    def send(self, request: Request) -> Response:
        if request.method == "POST":
            self.seen += 1
            if self.seen in self.posts:
                detail = f"motivo {self.seen}" if self.varied else "motivo"
                body = f'{{"errors": [{{"status": "{self.status}", "detail": "{detail}"}}]}}'
                return Answer(self.status, {"content-type": "application/vnd.api+json"}, body.encode())
        return self.inner.send(request)

    def close(self) -> None: ...


@define
class Office:
    """An office with a clock of its own."""

    sandbox: Sandbox
    guards: ec.Guards = ec.Guards()
    breaker: ec.Breaker = ec.Breaker()
    transport: Transport | None = None
    days: float = 0.0
    integrator: ec.Integrator = field(init=False)

    def __attrs_post_init__(self) -> None:
        client = ec.Client(
            self.sandbox.token,
            transport=self.transport or self.sandbox.transport(),
            writes=ec.CONVENTION,
            retry=ec.Retry(attempts=1),
        )
        self.integrator = ec.Integrator(
            client,
            policy=ec.Policy(proemp="PROEMP00", guards=self.guards, breaker=self.breaker),
            journal=":memory:",
            operador="ADMIN",
            clock=lambda: START + datetime.timedelta(days=self.days),
        )

    @property
    def posts(self) -> int:
        return sum(seen.method == "POST" for seen in self.sandbox.requests)

    def plan(self, empresas: list[ec.EmpresaGap]) -> ec.Plan:
        return self.integrator.plan_empresas(empresas, selected=ec.TODAS)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as portal:
        yield portal


def failing(
    sandbox: Sandbox, posts: set[int], breaker: ec.Breaker, *, status: int = 422, varied: bool = False
) -> Office:
    return Office(
        sandbox, breaker=breaker, transport=Refusing(sandbox.transport(), status, frozenset(posts), varied)
    )


# ------------------------------------------------------------------ the breaker


@pytest.mark.parametrize("limit", [1, 3, 5])
def test_the_same_failure_in_a_row_ends_a_run(sandbox: Sandbox, limit: int) -> None:
    office = failing(sandbox, set(range(3, 31)), ec.Breaker(in_a_row=limit, share=None))
    with pytest.raises(ApplyStopped, match=f"{limit} records in a row") as stopped:
        office.integrator.apply(office.plan(EMPRESAS))
    assert (stopped.value.done, stopped.value.total) == (2 + limit, 30)
    assert len(office.integrator.logs(outcome=Outcome.FAILED)) == limit


def test_a_success_or_another_failure_begins_the_row_anew(sandbox: Sandbox) -> None:
    breaker = ec.Breaker(in_a_row=3, share=None)
    office = failing(sandbox, {n for n in range(1, 31) if n % 3}, breaker)
    assert office.integrator.apply(office.plan(EMPRESAS)).counts == {
        Outcome.INTEGRATED: 10,
        Outcome.FAILED: 20,
    }
    with Sandbox() as other:
        varied = failing(other, set(range(1, 31)), breaker, varied=True)
        assert varied.integrator.apply(varied.plan(EMPRESAS)).counts == {Outcome.FAILED: 30}


def test_lost_answers_in_a_row_end_a_run_too() -> None:
    with Sandbox(faults=Faults.always("504-before-commit", methods=("POST",))) as sandbox:
        office = Office(sandbox)
        with pytest.raises(ApplyStopped, match="5 records in a row"):
            office.integrator.apply(office.plan(EMPRESAS))
        assert office.posts == 5


def test_more_than_a_share_of_failures_ends_a_run_once_enough_was_sent(sandbox: Sandbox) -> None:
    """11 of 20 are more than half; 10 of 20 are not."""
    breaker = ec.Breaker(in_a_row=None, share=0.5, share_after=20)
    office = failing(sandbox, set(range(10, 31)), breaker, varied=True)
    with pytest.raises(ApplyStopped, match="11 of 20 records failed") as stopped:
        office.integrator.apply(office.plan(EMPRESAS))
    assert stopped.value.done == 20
    with Sandbox() as other:
        half = failing(other, set(range(2, 31, 2)), breaker)
        assert half.integrator.apply(half.plan(EMPRESAS)).counts == {
            Outcome.INTEGRATED: 15,
            Outcome.FAILED: 15,
        }


def test_what_was_not_sent_counts_for_nothing(sandbox: Sandbox) -> None:
    refused = [evolve(empresa, documento="") for empresa in EMPRESAS[:25]]
    office = failing(sandbox, {1, 2}, ec.Breaker(in_a_row=3, share=0.9, share_after=3))
    report = office.integrator.apply(office.plan([*refused, *EMPRESAS[25:]]))
    assert report.counts == {Outcome.INTEGRATED: 3, Outcome.FAILED: 2, Outcome.REFUSED: 25}


@pytest.mark.parametrize(("status", "error"), [(401, Unauthorized), (403, Forbidden)])
def test_bad_credentials_end_it_at_once_whatever_the_breaker_says(
    sandbox: Sandbox, status: int, error: type[Exception]
) -> None:
    office = failing(sandbox, set(range(1, 31)), ec.Breaker(in_a_row=None, share=None), status=status)
    transport = office.transport
    with pytest.raises(ApplyStopped) as stopped:
        office.integrator.apply(office.plan(EMPRESAS))
    assert isinstance(stopped.value.__cause__, error)
    assert isinstance(transport, Refusing) and transport.seen == 1


def test_a_run_that_was_ended_goes_on_where_it_stopped(sandbox: Sandbox) -> None:
    office = failing(sandbox, set(range(3, 8)), ec.Breaker())
    plan = office.plan(EMPRESAS)
    with pytest.raises(ApplyStopped):
        office.integrator.apply(plan)
    assert office.integrator.apply(plan).counts == {Outcome.INTEGRATED: 28, Outcome.KEPT: 2}
    assert len(sandbox.empresas) == 30


# ------------------------------------------------------------------ the guards


def integrated(sandbox: Sandbox, **guards: ec.Limit | int | None) -> Office:
    """An office with thirty companies in the portal, 100 days ago."""
    office = Office(sandbox, guards=ec.Guards(**guards))  # type: ignore[arg-type]
    assert office.integrator.apply(office.plan(EMPRESAS), allow=["losing"]).ok
    office.days = 100
    return office


def leaving(*numbers: int) -> list[ec.EmpresaGap]:
    return [evolve(e, data_desligamento=CLOSED) if int(e.codigo) in numbers else e for e in EMPRESAS]


def renamed(*numbers: int) -> list[ec.EmpresaGap]:
    return [
        evolve(e, razao_social=f"OUTRA {e.codigo} SA") if int(e.codigo) in numbers else e for e in EMPRESAS
    ]


@pytest.mark.parametrize("guard", ["leaving", "renamed"])
def test_many_at_once_need_a_yes_and_few_need_none(guard: str, sandbox: Sandbox) -> None:
    """Both 5 and 20 % are reached by six of thirty, and not by five."""
    make = leaving if guard == "leaving" else renamed
    office = integrated(sandbox)
    assert office.plan(make(1, 2, 3, 4, 5)).alarms == ()
    plan = office.plan(make(1, 2, 3, 4, 5, 6))
    (alarm,) = plan.alarms
    assert (alarm.guard, alarm.count, alarm.total) == (guard, 6, 30)
    before, logged = office.posts, office.integrator.logs()
    for allow in ((), ("losing",), ("outra",)):
        with pytest.raises(GuardedPlan, match="6 de 30") as refused:
            office.integrator.apply(plan, allow=allow)
        assert refused.value.guards == (guard,)
    with pytest.raises(GuardedPlan):
        next(iter(office.integrator.steps(plan)))
    assert (office.posts, office.integrator.logs()) == (before, logged)
    assert office.integrator.journal.unfinished() == ()
    assert office.integrator.apply(plan, allow=[guard]).counts == {Outcome.KEPT: 30}


def test_a_plan_that_is_guarded_sends_nothing_of_what_is_new_in_it(sandbox: Sandbox) -> None:
    office = Office(sandbox, guards=ec.Guards(leaving=ec.Limit(1)))
    office.integrator.apply(office.plan(EMPRESAS[:5]))
    plan = office.plan(leaving(1))
    with pytest.raises(GuardedPlan):
        office.integrator.apply(plan)
    assert office.posts == len(sandbox.empresas) == 5
    assert office.integrator.resume().results == ()
    assert office.integrator.apply(plan, allow=["leaving"]).counts == {
        Outcome.INTEGRATED: 25,
        Outcome.KEPT: 5,
    }


@pytest.mark.parametrize("guard", ["leaving", "renamed"])
def test_a_fault_in_small_pieces_is_counted_together(guard: str, sandbox: Sandbox) -> None:
    """Two a day: below any limit each day, and seen on the third."""
    make = leaving if guard == "leaving" else renamed
    office = integrated(sandbox)
    gone: list[int] = []
    for piece in ((1, 2), (3, 4)):
        gone += piece
        plan = office.plan(make(*gone))
        assert plan.alarms == ()
        office.integrator.apply(plan)
        office.days += 1
    (alarm,) = office.plan(make(*gone, 5, 6)).alarms
    assert (alarm.guard, alarm.count) == (guard, 6)


def test_a_piece_that_is_older_than_the_window_counts_no_more(sandbox: Sandbox) -> None:
    office = integrated(sandbox, window_days=30)
    office.integrator.apply(office.plan(leaving(1, 2, 3, 4)))
    office.days += 30
    assert [alarm.count for alarm in office.plan(leaving(1, 2, 3, 4, 5, 6)).alarms] == [6]
    office.days += 0.01
    assert office.plan(leaving(1, 2, 3, 4, 5, 6)).alarms == ()


def test_a_yes_holds(sandbox: Sandbox) -> None:
    """What somebody said yes to is not asked again, in the same plan or in the next of the same export."""
    office = integrated(sandbox)
    export = leaving(*range(1, 11))
    plan = office.plan(export)
    office.integrator.apply(plan, allow=["leaving"])
    assert office.plan(export).alarms == ()
    noted = office.integrator.logs(outcome=Outcome.KEPT)
    assert len(noted) == 10
    office.integrator.apply(office.plan(export))
    assert office.integrator.logs(outcome=Outcome.KEPT) == noted  # and it is written down once


def test_text_that_is_cut_is_guarded_where_the_office_says_so(sandbox: Sandbox) -> None:
    long = [evolve(e, bairro="BAIRRO MODELO COMPRIDO 99") for e in EMPRESAS[:6]]
    office = Office(sandbox, guards=ec.Guards(losing=ec.Limit(4)))
    assert office.plan(long[:3]).alarms == ()
    assert [(a.guard, a.count, a.total) for a in office.plan(long).alarms] == [("losing", 6, 6)]
    office.integrator.apply(office.plan(long[:3]))
    assert [a.count for a in office.plan(long[:4]).alarms] == [4]  # what went before counts
    assert Office(sandbox).plan(long).alarms == ()


def test_users_have_guards_of_their_own(sandbox: Sandbox) -> None:
    office = Office(sandbox, guards=ec.Guards(leaving=ec.Limit(2)))
    office.integrator.apply(office.plan(EMPRESAS[:4]))
    office.integrator.apply(office.integrator.plan_usuarios(PESSOAS))
    office.integrator.apply(office.plan(leaving(1)[:4]))
    one = [evolve(PESSOAS[0], data_desligamento=CLOSED), *PESSOAS[1:]]
    assert office.integrator.plan_usuarios(one).alarms == ()  # the company does not count
    two = [evolve(pessoa, data_desligamento=CLOSED) for pessoa in PESSOAS[:2]]
    assert [(a.count, a.total) for a in office.integrator.plan_usuarios(two).alarms] == [(2, 3)]


def test_a_guard_that_is_none_asks_nothing(sandbox: Sandbox) -> None:
    office = integrated(sandbox, leaving=None, renamed=None)
    assert office.plan(leaving(*range(1, 31))).alarms == ()


def test_a_saved_plan_keeps_its_alarms(sandbox: Sandbox) -> None:
    office = integrated(sandbox)
    plan = office.plan(leaving(*range(1, 11)))
    saved = ec.Plan.from_json(plan.to_json())
    assert saved.alarms == plan.alarms != ()
    with pytest.raises(GuardedPlan, match="10 de 30"):
        office.integrator.apply(saved)
    assert office.integrator.apply(saved, allow=["leaving"]).ok


def test_resume_does_not_ask_again(sandbox: Sandbox) -> None:
    """Whoever began it said yes."""
    office = Office(sandbox, guards=ec.Guards(leaving=ec.Limit(1)))
    office.integrator.apply(office.plan(EMPRESAS[:5]))
    plan = office.plan(leaving(1))
    sandbox.faults = Faults.at({3: "refused"}, methods=("POST",))
    with pytest.raises(ApplyStopped):
        office.integrator.apply(plan, allow=["leaving"])
    assert office.integrator.resume().counts[Outcome.INTEGRATED] == 23
    assert len(sandbox.empresas) == 30
    statuses = {r.status for r in office.integrator.journal.records(Kind.EMPRESA).values()}
    assert statuses == {Status.INTEGRADO}
