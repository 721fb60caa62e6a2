"""What an office is told where another run was faster, or left something in the air, or it asked for what cannot be."""

import datetime
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread, current_thread

import pytest
from attrs import define, evolve, field
from watched_office import POLICY, START, Crash, Fate, Faulty

import econtador as ec
from econtador.errors import (
    ApplyStopped,
    EmptySelection,
    NotSent,
    SecondProemp,
    UnknownCodigo,
    WritesNotConfigured,
)
from econtador.integration.journal import LogEntry, LogFilter, Move, Record
from econtador.integration.plan import Plan
from econtador.integration.reasons import Reason
from econtador.integration.report import Result
from econtador.integration.status import Kind, Outcome, Status
from econtador.portal.config import Route
from econtador.portal.transport import Request, Response, Transport
from econtador.sandbox import Sandbox
from econtador.sandbox.exchange import Answer

ADMIN = ec.Operador("admin")
CLOSED = datetime.date(2025, 12, 31)
DOUBT = datetime.timedelta(seconds=POLICY.doubt_seconds)
REFUSAL = Answer(422, {}, b'{"errors": [{"detail": "motivo"}]}')
GATEWAY = Answer(502, {}, b"")
BY_ANOTHER = Reason.COM_OUTRA_EXECUCAO
A, B, C = (
    ec.EmpresaGap(f"{n:05}", "PROEMP00", f"EMPRESA MODELO {n:02} LTDA", cnpj)
    for n, cnpj in enumerate(("11222333000181", "00000000000191", "33000167000101"), 1)
)
ANA, BIA = (
    ec.UsuarioGap(f"U{n}", f"PESSOA MODELO {n:02}", cpf, "modelo@exemplo.com.br")
    for n, cpf in enumerate(("52998224725", "11144477735"), 1)
)


class Shared(ec.SqliteJournal):
    """A journal for runs on many machines: none waits for another, nor takes what another is sending while *alive*.

    Remembers who asked what is held, and every entry that it gave.
    """

    def __init__(self) -> None:
        super().__init__(":memory:")
        self.alive = True
        self.asked: list[tuple[Kind, str]] = []
        self.given: list[LogEntry] = []

    @contextmanager
    def writing(self) -> Generator[None, None, None]:
        yield

    def held(self, kind: Kind, run: str) -> Collection[str]:
        self.asked.append((kind, run))
        attempts = super().entries(LogFilter(kind=kind, outcome=Outcome.ATTEMPTED))
        return {entry.codigo for entry in attempts if self.alive and entry.run != run}

    def entries(self, wanted: LogFilter) -> Iterator[LogEntry]:
        found = tuple(super().entries(wanted))
        self.given += found
        return iter(found)


@define
class Line:
    """A line to the portal; what is in *before* happens before the first request of that method, once."""

    inner: Transport
    before: dict[str, Callable[[], object]]

    def send(self, request: Request) -> Response:
        if happens := self.before.pop(request.method, None):
            happens()
        return self.inner.send(request)

    def close(self) -> None: ...


@define
class Office:
    """One journal and one portal, for as many machines as a test needs."""

    sandbox: Sandbox
    journal: Shared = field(factory=Shared)
    now: datetime.datetime = START

    def machine(
        self,
        fates: Mapping[int, Fate] = {},
        *,
        before: Mapping[str, Callable[[], object]] = {},
        policy: ec.Policy = POLICY,
        writes: Mapping[str, Route] = ec.CONVENTION,
        adapter: ec.FieldAdapter | None = None,
    ) -> ec.Integrator:
        line = Line(Faulty(self.sandbox.transport(), dict(fates)), dict(before))
        client = ec.Client(self.sandbox.token, transport=line, writes=writes, retry=ec.Retry(attempts=1))
        return ec.Integrator(
            client, policy=policy, journal=self.journal, operador=ADMIN, adapter=adapter, clock=lambda: self.now
        )  # fmt: skip

    def empresas(self, *records: ec.EmpresaGap) -> Plan:
        return self.machine().plan_empresas(records, selected=ec.TODAS)

    def usuarios(self, *records: ec.UsuarioGap) -> Plan:
        return self.machine().plan_usuarios(records)

    def log(self) -> tuple[LogEntry, ...]:
        return self.machine().logs()

    def record(self, codigo: str, kind: Kind = Kind.EMPRESA) -> Record:
        return self.journal.records(kind)[codigo]

    def left_in_the_air(self, mine: Plan, other: Plan) -> None:
        """Run *mine* until the portal has its record and the answer is not there; *other* was begun and done since it began."""

        def replace() -> None:
            assert self.machine().apply(other).ok

        with pytest.raises(Crash):
            self.machine({1: Crash}, before={"GET": replace}).apply(mine)
        self.journal.alive = False
        assert self.record(mine.actions[0].codigo, mine.kind).status is Status.EM_ENVIO
        assert self.journal.unfinished() == ()


@pytest.fixture
def office() -> Iterator[Office]:
    with Sandbox() as sandbox:
        yield Office(sandbox)


def told(
    record: ec.EmpresaGap,
    outcome: Outcome,
    status: Status,
    said: Reason | str = "",
    *,
    portal_id: str | None = None,
    attempts: int = 0,
) -> Result:
    """What is told of a company, whole."""
    code, message = (said.value, said.sentence) if isinstance(said, Reason) else ("", said)
    return Result(
        kind=Kind.EMPRESA, codigo=record.codigo, nome=record.razao_social, outcome=outcome, status=status,
        code=code, message=message, portal_id=portal_id, attempts=attempts,
    )  # fmt: skip


# ------------------------------------------------------------------ another run was faster


def test_what_another_run_sent_since_is_told_and_not_sent_again(office: Office) -> None:
    """While the first sends A, the second finds A taken and sends B."""
    plan, reports = office.empresas(A, B), list[ec.Report]()
    second = office.machine()
    first = office.machine(before={"POST": lambda: reports.append(second.apply(plan))})
    results = first.apply(plan).results
    b, a = (row.id for row in office.sandbox.empresas)
    assert results == (
        told(A, Outcome.INTEGRATED, Status.INTEGRADO, portal_id=a, attempts=1),
        told(B, Outcome.KEPT, Status.INTEGRADO, BY_ANOTHER, portal_id=b),
    )
    assert reports[0].results == (
        told(A, Outcome.KEPT, Status.EM_ENVIO, BY_ANOTHER),
        told(B, Outcome.INTEGRATED, Status.INTEGRADO, portal_id=b, attempts=1),
    )
    assert office.journal.unfinished() == ()


def _doubted(office: Office) -> None:
    """The run that sends is taken for dead, and one look does not find what it sends."""
    office.journal.alive = False
    assert office.machine().resume().counts == {Outcome.IN_DOUBT: 1}


def _released(office: Office) -> None:
    _doubted(office)
    office.machine().release(A.codigo)


def _sent(office: Office) -> None:
    _doubted(office)
    office.now += DOUBT
    assert office.machine().resume().counts == {Outcome.INTEGRATED: 1}


@pytest.mark.parametrize(
    ("meanwhile", "accepted", "outcome", "status", "said"),
    [
        (_doubted, True, Outcome.FOUND, Status.INTEGRADO, ""),
        (_released, True, Outcome.FOUND, Status.INTEGRADO, ""),
        (_sent, True, Outcome.IN_DOUBT, Status.INTEGRADO, Reason.TALVEZ_DUPLICADO),
        (_doubted, False, Outcome.IN_DOUBT, Status.EM_DUVIDA, BY_ANOTHER),
        (_released, False, Outcome.IN_DOUBT, Status.NAO_INTEGRADO, BY_ANOTHER),
        (_sent, False, Outcome.IN_DOUBT, Status.INTEGRADO, BY_ANOTHER),
    ],
)
def test_an_answer_that_comes_after_another_run_gave_it_up_is_told_for_what_it_is(
    office: Office,
    meanwhile: Callable[[Office], None],
    accepted: bool,
    outcome: Outcome,
    status: Status,
    said: Reason | str,
) -> None:
    plan = office.empresas(evolve(A, bairro="B" * 21))
    slow = office.machine({} if accepted else {1: REFUSAL}, before={"POST": lambda: meanwhile(office)})
    (result,) = slow.apply(plan).results
    rows = office.sandbox.empresas
    in_portal = rows[0].id if status is Status.INTEGRADO else None
    assert result == told(A, outcome, status, said, portal_id=in_portal, attempts=1)
    assert len(rows) == accepted + (meanwhile is _sent)
    # The log has it as the slow run's own word, beside what the others wrote.
    attempt, *_, last = office.log()
    assert attempt.outcome is Outcome.ATTEMPTED and attempt.losses == 1
    assert {entry.proemp for entry in office.log()} == {POLICY.proemp}
    assert last == evolve(
        attempt, number=last.number, at=office.now, hash=last.hash, outcome=outcome, status=status,
        code=result.code, message=result.message, attempts=1, moved=outcome is Outcome.FOUND,
    )  # fmt: skip
    record = office.record(A.codigo)
    assert (record.status, record.portal_id, record.sent) == (status, in_portal, plan.actions[0].draft)
    assert office.journal.unfinished() == ((plan,) if status is Status.EM_DUVIDA else ())


# ------------------------------------------------------------------ what is in the air, and no plan knows


def test_a_resume_settles_what_no_plan_knows_of_by_looking(office: Office) -> None:
    office.left_in_the_air(office.empresas(A), office.empresas(B))
    office.now += DOUBT
    office.journal.alive, before = True, office.log()
    assert office.machine().resume().results == () and office.log() == before  # it may be being sent
    office.journal.alive = False
    (result,) = office.machine().resume().results
    row = next(row for row in office.sandbox.empresas if row.externoid == A.codigo)
    words = "Estava no portal: o envio tinha sido aceito."
    assert result == told(A, Outcome.FOUND, Status.INTEGRADO, words, portal_id=row.id)
    *_, attempt, ended, last = office.log()
    assert (attempt.outcome, ended.outcome) == (Outcome.ATTEMPTED, Outcome.IN_DOUBT)
    # By a run of its own, under no plan, and a company's PROEMP all the same.
    assert last == evolve(
        attempt, number=last.number, at=office.now, hash=last.hash, outcome=Outcome.FOUND,
        status=Status.INTEGRADO, message=words, run=ended.run, plan="", action="",
    )  # fmt: skip
    assert office.journal.asked[-1] == (Kind.EMPRESA, last.run)
    assert len(office.sandbox.empresas) == 2


def test_a_resume_tells_of_every_plan_and_then_of_what_no_plan_knows(office: Office) -> None:
    office.left_in_the_air(office.usuarios(ANA), office.usuarios(BIA))
    office.machine({1: GATEWAY}).apply(office.empresas(A))
    results = office.machine().resume().results
    assert [(r.codigo, r.outcome) for r in results] == [
        (A.codigo, Outcome.IN_DOUBT), (ANA.codigo, Outcome.FOUND),
    ]  # fmt: skip
    office.now += DOUBT
    office.journal.begin(office.usuarios(BIA))
    results = office.machine().resume().results
    assert [(r.codigo, r.outcome) for r in results] == [
        (A.codigo, Outcome.INTEGRATED), (BIA.codigo, Outcome.KEPT),
    ]  # fmt: skip


def test_what_another_run_settles_at_the_same_time_is_settled_once(office: Office) -> None:
    office.left_in_the_air(office.empresas(A), office.empresas(B))
    second = office.machine()
    first = office.machine(before={"GET": lambda: second.resume()})
    (result,) = first.resume().results
    portal_id = office.record(A.codigo).portal_id
    assert portal_id is not None
    assert result == told(A, Outcome.KEPT, Status.INTEGRADO, BY_ANOTHER, portal_id=portal_id)
    assert [entry.outcome for entry in office.log()].count(Outcome.FOUND) == 1


def test_another_proemp_settles_and_releases_nothing(office: Office) -> None:
    office.left_in_the_air(office.empresas(A), office.empresas(B))
    other, before = office.machine(policy=evolve(POLICY, proemp="PROEMP01")), office.log()
    for attempt in (other.resume, lambda: other.release(A.codigo)):
        with pytest.raises(SecondProemp):
            attempt()
    assert office.log() == before


def test_a_resume_sends_in_the_thread_that_asked_for_it(office: Office) -> None:
    with pytest.raises(ApplyStopped):
        office.machine({1: NotSent}).apply(office.empresas(A, B, C))
    seen: list[Thread] = []
    resumed = office.machine(before={"POST": lambda: seen.append(current_thread())})
    assert [result.codigo for result in resumed.resume().results] == [A.codigo, B.codigo, C.codigo]
    assert seen == [current_thread()]


# ------------------------------------------------------------------ where a run ends


Tell = Callable[[Result], None]


def _at_once(one: ec.Integrator, plan: Plan, tell: Tell) -> None:
    one.apply(plan, on_progress=tell)


def _step_by_step(one: ec.Integrator, plan: Plan, tell: Tell) -> None:
    for result in one.steps(plan):
        tell(result)


@pytest.mark.parametrize("run", [_at_once, _step_by_step])
def test_the_breaker_ends_a_run_and_not_after_its_last_record(
    office: Office, run: Callable[[ec.Integrator, Plan, Tell], None]
) -> None:
    policy = evolve(POLICY, breaker=ec.Breaker(in_a_row=2, share=None))
    seen: list[Result] = []

    def apply(*records: ec.EmpresaGap) -> None:
        one = office.machine(dict.fromkeys(range(1, 9), REFUSAL), policy=policy)
        run(one, one.plan_empresas(records, selected=ec.TODAS), seen.append)

    with pytest.raises(ApplyStopped) as stopped:
        apply(A, B, C)
    assert (stopped.value.done, stopped.value.total) == (2, 3)
    apply(A, B)
    assert [(r.codigo, r.outcome) for r in seen] == [(e.codigo, Outcome.FAILED) for e in (A, B, A, B)]


def test_steps_and_an_activation_that_end_say_why_and_how_far_they_came(office: Office) -> None:
    steps = office.machine({3: NotSent}).steps(office.empresas(A, B, C))
    assert [next(steps).codigo, next(steps).codigo] == [A.codigo, B.codigo]
    with pytest.raises(ApplyStopped) as stopped:
        next(steps)
    assert (stopped.value.done, stopped.value.reason) == (2, str(stopped.value.__cause__))
    users = office.usuarios(ANA, BIA)
    office.machine().apply(users)
    with pytest.raises(ApplyStopped) as stopped:
        office.machine({2: NotSent}).activate_usuarios()
    assert (stopped.value.done, stopped.value.reason) == (1, str(stopped.value.__cause__))
    assert isinstance(stopped.value.__cause__, NotSent)


# ------------------------------------------------------------------ plans, and what is asked for


def test_the_notice_of_the_convention_is_there_where_that_kind_is_written(office: Office) -> None:
    for written in Kind:
        name = f"{written.value}s"
        one = office.machine(writes={name: ec.CONVENTION[name]})
        plans = (one.plan_empresas([A], selected=[A.codigo]), one.plan_usuarios([ANA]))
        for plan in plans:
            assert [notice.reason for notice in plan.notices] == (
                [Reason.ESCRITA_POR_CONVENCAO] if plan.kind is written else []
            )


def test_the_log_is_asked_for_what_counts_and_no_more(office: Office) -> None:
    """What was kept, ever; what was sent in the window, for a plan; and of one kind. A long log is not read for each plan."""
    user = evolve(ANA, codigo=A.codigo, nome=A.razao_social)
    for left in (None, CLOSED):  # noted of both, though they have one code and one name
        office.machine().apply(office.empresas(evolve(A, data_desligamento=left)))
        office.machine().apply(office.usuarios(evolve(user, data_desligamento=left)))
    office.now += datetime.timedelta(days=POLICY.guards.window_days, seconds=1)
    office.machine().apply(office.empresas(B))
    office.machine().apply(office.usuarios(BIA))
    for kind, other in ((Kind.EMPRESA, B.codigo), (Kind.USUARIO, BIA.codigo)):
        kept, sent = (kind, Outcome.KEPT, A.codigo), (kind, Outcome.ATTEMPTED, other)
        office.journal.given.clear()
        plan = office.empresas(C) if kind is Kind.EMPRESA else office.usuarios(BIA)
        assert [(e.kind, e.outcome, e.codigo) for e in office.journal.given] == [kept, sent]
        office.journal.given.clear()
        office.machine().apply(plan)
        assert [(e.kind, e.outcome, e.codigo) for e in office.journal.given] == [kept]


def test_an_explanation_is_of_the_plan_with_its_adapter(office: Office) -> None:
    """Both would be cut to one text; the adapter tells them apart, all records of the plan together."""
    alike = [evolve(A, bairro="B" * 20 + "NORTE"), evolve(B, bairro="B" * 20 + "SUL")]
    one = office.machine(adapter=ec.FieldAdapter(distinguish="tail"))
    plan = one.plan_empresas(alike, selected=ec.TODAS)
    plans = (plan, one.plan_usuarios([ANA, BIA]))
    for action, kind in ((action, plan.kind) for plan in plans for action in plan.actions):
        why = one.explain(action.codigo, kind)
        assert (why.kind, why.codigo, why.verdict) == (kind, action.codigo, action.verdict)
        assert (why.draft, why.losses) == (action.draft, action.losses)
    assert plan.collisions == () and plan != office.empresas(*alike)


def test_a_plan_warns_only_of_what_it_would_send(office: Office) -> None:
    """Another PROEMP's company has the código of one that goes, and stays at home."""
    odd = evolve(A, atividade="A" * 31, inscricao_estadual="11004249011", uf="SP")
    theirs = evolve(odd, proemp="PROEMP01", atividade="A" * 32, inscricao_estadual="12")
    plan = office.empresas(odd, theirs)
    assert [action.verdict for action in plan.actions] == [ec.Verdict.CREATE, ec.Verdict.REFUSE]
    assert plan.collisions == ()
    doubts = [notice for notice in plan.notices if notice.reason is Reason.INSCRICAO_DUVIDOSA]
    assert ["tem 11 dígitos" in doubt.detail for doubt in doubts] == [True]


def test_what_cannot_be_asked_for_names_what_it_was_asked_of(office: Office) -> None:
    one = office.machine()
    office.machine().apply(office.usuarios(ANA))
    with pytest.raises(EmptySelection) as empty:
        one.activate_usuarios([])
    assert empty.value.kind == "usuarios"
    with pytest.raises(UnknownCodigo) as unknown:
        one.activate_usuarios(["U9", ANA.codigo, "U8"])
    assert (unknown.value.kind, unknown.value.codigos) == ("usuarios", ("U8", "U9"))
    for kind in Kind:
        with pytest.raises(UnknownCodigo) as unknown:
            one.explain("U9", kind)
        assert unknown.value.codigos == ("U9",)
        assert unknown.value.kind.startswith(f"{kind.value}s")
    with pytest.raises(WritesNotConfigured) as unwritten:
        office.machine(writes={"empresas": ec.CONVENTION["empresas"]}).activate_usuarios()
    assert unwritten.value.reason == "usuarios"


def test_a_user_of_whom_no_login_is_known_is_not_activated(office: Office) -> None:
    """As a journal could have it that was written by something else."""
    office.machine().apply(office.usuarios(ANA))
    record = evolve(office.record(ANA.codigo, Kind.USUARIO), portal_id=None)
    entry = evolve(office.log()[-1], outcome=Outcome.FOUND)
    assert office.journal.write([Move(entry=entry, record=record, expected=Status.INTEGRADO)]) == (True,)
    (refused,) = office.machine().activate_usuarios().results
    assert (refused.outcome, refused.code) == (Outcome.REFUSED, Reason.NAO_INTEGRADO_AINDA.value)
    assert not office.sandbox.usuarios[0].ativo
