"""What a run writes down and tells, column by column, for each thing that can come of a record."""

import datetime
import re
from collections.abc import Iterator

import pytest
from attrs import evolve
from watched_office import POLICY, START, Crash, Fate, Office, words

import econtador as ec
from econtador.errors import (
    AnswerLost,
    ApplyStopped,
    NotSent,
    PortalError,
    StalePlan,
    UnknownCodigo,
    WritesNotConfigured,
)
from econtador.integration.applying import told
from econtador.integration.reasons import Reason
from econtador.integration.report import Result
from econtador.integration.status import Kind, Outcome, Status
from econtador.portal.models import ABAS, Aba, EmpresaNova
from econtador.sandbox import Sandbox
from econtador.sandbox.exchange import Answer

CLOSED = datetime.date(2025, 12, 31)
CNPJS = ("11222333000181", "00000000000191", "33000167000101", "60746948000112", "33592510000154")
A, B, C, D, E = (
    ec.EmpresaGap(f"{n:05}", "PROEMP00", f"EMPRESA MODELO {n:02} LTDA", cnpj)
    for n, cnpj in enumerate(CNPJS, 1)
)
ANA, BIA, CLE = (
    ec.UsuarioGap(f"U{n}", f"PESSOA MODELO {n:02}", cpf, "modelo@exemplo.com.br")
    for n, cpf in enumerate(("52998224725", "11144477735", "12345678909"), 1)
)
LOST = "A resposta do portal se perdeu: ele será consultado antes de qualquer novo envio."


@pytest.fixture
def office() -> Iterator[Office]:
    one = Office()
    with one.sandbox:
        yield one


ATTEMPTED = (Outcome.ATTEMPTED, Status.EM_ENVIO, "", "", 0)
DOUBT = (Outcome.IN_DOUBT, Status.EM_DUVIDA, "answer-lost", LOST, 1)
FOUND = (Outcome.FOUND, Status.INTEGRADO, "", "Estava no portal: o envio tinha sido aceito.", 0)
EARLY = (Outcome.IN_DOUBT, Status.EM_DUVIDA, "cedo-demais", Reason.CEDO_DEMAIS.sentence, 0)
ABSENT = (Outcome.ABSENT, Status.NAO_INTEGRADO, "", "Não está no portal: pode ser enviado.", 0)
INTEGRATED = (Outcome.INTEGRATED, Status.INTEGRADO, "", "", 1)


def of(reason: Reason, outcome: Outcome, status: Status) -> tuple[Outcome, Status, str, str, int]:
    return outcome, status, reason.value, reason.sentence, 0


# ------------------------------------------------------------------ one record


def test_an_integration_is_an_attempt_and_its_success_in_every_column(office: Office) -> None:
    cut = evolve(A, bairro="B" * 21, atividade="C" * 31, endereco="RUA  A")
    plan = office.plan(cut)
    (result,) = office.integrator.apply(plan).results
    (row,) = office.sandbox.empresas
    assert (result.kind, result.codigo, result.nome) == (Kind.EMPRESA, A.codigo, A.razao_social)
    assert (words(result), result.portal_id) == (INTEGRATED, row.id)
    log = office.log()
    assert [words(entry) for entry in log] == [ATTEMPTED, INTEGRATED]
    for number, entry in enumerate(log, 1):
        assert (entry.number, entry.at, entry.kind, entry.moved) == (number, START, Kind.EMPRESA, True)
        assert (entry.codigo, entry.nome, entry.operador) == (A.codigo, A.razao_social, "ADMIN")
        assert entry.proemp == POLICY.proemp
        assert (entry.plan, entry.action) == (plan.fingerprint, plan.actions[0].fingerprint)
        assert (entry.policy, entry.losses) == (POLICY.fingerprint, 2)
        assert entry.run == log[0].run and re.fullmatch("[0-9a-f]{12}", entry.run)
    record = office.integrator.journal.records(Kind.EMPRESA)[A.codigo]
    assert (record.status, record.portal_id, record.attempted_at) == (Status.INTEGRADO, row.id, START)
    assert (record.documento, record.sent, record.nome) == (
        A.documento,
        plan.actions[0].draft,
        A.razao_social,
    )
    assert isinstance(record.sent, EmpresaNova) and record.sent.bairro == "B" * 20


def test_a_user_has_no_proemp_and_its_document_is_the_cpf(office: Office) -> None:
    (result,) = office.integrator.apply(office.integrator.plan_usuarios([ANA])).results
    assert (words(result), result.kind, result.portal_id) == (INTEGRATED, Kind.USUARIO, str(ANA.cpf))
    assert office.integrator.journal.proemp is None
    office.apply(A)
    office.integrator.apply(office.integrator.plan_usuarios([BIA]))
    assert [(entry.proemp, entry.kind) for entry in office.log()[4:]] == [(None, Kind.USUARIO)] * 2
    assert [(entry.proemp, entry.kind, entry.codigo) for entry in office.log()[:2]] == [
        (None, Kind.USUARIO, "U1")
    ] * 2
    assert office.integrator.journal.records(Kind.USUARIO)["U1"].documento == ANA.cpf


REFUSAL = Answer(422, {}, b'{"errors": [{"detail": "grande demais"}, {"detail": "feio"}]}')


@pytest.mark.parametrize(
    ("fate", "code", "message"),
    [
        (REFUSAL, "rejected", "O portal respondeu 422: grande demais; feio."),
        (Answer(400, {}, b""), "rejected", "O portal respondeu 400."),
        (NotSent, "not-sent", "O portal não pôde ser alcançado; nada foi aceito."),
        (Answer(401, {}, b""), "unauthorized", "O portal não aceitou a chave de acesso (401); gere outra em Configurações, ePlugin."),
        (Answer(403, {}, b""), "forbidden", "O portal negou o acesso (403); o pacote pode não incluir a API."),
        (Answer(429, {}, b""), "too-many-requests", "O portal respondeu 429."),
    ],
)  # fmt: skip
def test_what_was_not_accepted_is_told_in_the_portals_words(
    office: Office, fate: Fate, code: str, message: str
) -> None:
    office.line.fates[1] = fate
    stops = code != "rejected"
    if stops:
        with pytest.raises(ApplyStopped) as stopped:
            office.apply(A, B)
        assert (stopped.value.done, stopped.value.total) == (0, 2)
        assert isinstance(stopped.value.__cause__, PortalError)
    else:
        assert [words(result)[:2] for result in office.apply(A, B)] == [
            (Outcome.FAILED, Status.FALHOU),
            (Outcome.INTEGRATED, Status.INTEGRADO),
        ]
    assert [words(entry) for entry in office.log()[:2]] == [
        ATTEMPTED,
        (Outcome.FAILED, Status.FALHOU, code, message, 1),
    ]
    assert office.log()[0].action == office.log()[1].action != ""
    assert len(office.sandbox.empresas) == (0 if stops else 1)
    again = office.apply(A)
    assert [words(result) for result in again] == [INTEGRATED]


def test_a_lost_answer_is_looked_for_and_found(office: Office) -> None:
    office.line.fates[1] = AnswerLost
    (result,) = office.apply(A)
    (row,) = office.sandbox.empresas
    assert words(result) == (*FOUND[:4], 1)
    assert result.portal_id == row.id
    assert [words(entry) for entry in office.log()] == [ATTEMPTED, DOUBT, FOUND]


def test_a_lost_answer_that_one_look_does_not_explain_waits_for_its_time(office: Office) -> None:
    office.line.fates[1] = Answer(502, {}, b"")
    gateway = (Outcome.IN_DOUBT, Status.EM_DUVIDA, "server-error", f"O portal respondeu 502. {LOST}", 1)
    plan = office.plan(A)
    assert [words(result) for result in office.integrator.apply(plan).results] == [gateway]
    assert [words(entry) for entry in office.log()] == [ATTEMPTED, gateway]
    office.now += datetime.timedelta(seconds=599)
    assert [words(result) for result in office.integrator.apply(plan).results] == [EARLY]
    assert [words(entry) for entry in office.log()] == [ATTEMPTED, gateway, EARLY]
    assert office.line.writes == 1
    office.now += datetime.timedelta(seconds=1)
    assert [words(result) for result in office.integrator.resume().results] == [INTEGRATED]
    assert [words(entry) for entry in office.log()[3:]] == [ABSENT, ATTEMPTED, INTEGRATED]
    assert office.integrator.journal.unfinished() == ()


def test_a_portal_that_is_blind_after_the_write_leaves_it_in_doubt(office: Office) -> None:
    office.line.fates[1], office.line.blind = AnswerLost, True
    plan = office.plan(A)
    assert [words(result) for result in office.integrator.apply(plan).results] == [DOUBT]
    assert office.integrator.journal.unfinished() == (plan,)
    office.line.blind = False
    (result,) = office.integrator.resume().results
    assert (result.outcome, result.status, result.attempts) == (Outcome.KEPT, Status.INTEGRADO, 0)
    assert [words(entry) for entry in office.log()[2:]] == [FOUND]
    assert office.line.writes == 1


def test_a_503_stops_the_run_in_doubt_and_without_a_look(office: Office) -> None:
    office.line.fates[1] = Answer(503, {}, b"")
    reads = len(office.sandbox.requests)
    with pytest.raises(ApplyStopped) as stopped:
        office.apply(A, B)
    assert (stopped.value.done, stopped.value.total) == (0, 2)
    assert "503" in stopped.value.reason
    assert [entry.outcome for entry in office.log()] == [Outcome.ATTEMPTED, Outcome.IN_DOUBT]
    assert len(office.sandbox.requests) == reads + 2  # for the plan, and before the write


def test_only_what_creates_needs_to_be_configured(office: Office) -> None:
    plan, closed = office.plan(A), office.plan(evolve(B, data_desligamento=CLOSED))
    users = office.integrator.plan_usuarios([ANA])
    client = ec.Client(
        office.sandbox.token, transport=office.line, writes={"usuarios": ec.CONVENTION["usuarios"]}
    )
    journal = office.integrator.journal
    other = ec.Integrator(client, policy=POLICY, journal=journal, operador="ADMIN", clock=lambda: office.now)
    with pytest.raises(WritesNotConfigured, match="empresas"):
        other.apply(plan)
    assert [words(result)[0] for result in other.apply(users).results] == [Outcome.INTEGRATED]
    assert [words(result)[0] for result in other.apply(closed).results] == [Outcome.LEFT]


# ------------------------------------------------------------------ what is not sent


def test_what_is_left_kept_or_refused_is_told_with_its_reason(office: Office) -> None:
    office.apply(A, D)
    before = len(office.log())
    closed = evolve(B, data_desligamento=CLOSED)
    results = office.apply(
        A,
        closed,
        evolve(C, documento=""),
        evolve(D, razao_social="NOME NOVO LTDA"),
        evolve(E, proemp="PROEMP01"),
    )
    expected = [
        of(Reason.JA_INTEGRADA, Outcome.KEPT, Status.INTEGRADO),
        of(Reason.DESLIGADA, Outcome.LEFT, Status.DESLIGADA),
        of(Reason.DOCUMENTO_INVALIDO, Outcome.REFUSED, Status.NAO_INTEGRADO),
        of(Reason.RENOMEADA, Outcome.KEPT, Status.INTEGRADO),
        (
            Outcome.REFUSED,
            Status.NAO_INTEGRADO,
            "outra-proemp",
            f"{Reason.OUTRA_PROEMP.sentence} (PROEMP01)",
            0,
        ),
    ]
    assert [words(result) for result in results] == expected
    noted = office.log()[before:]
    assert [words(entry) for entry in noted] == expected[1:]  # what is settled is no news
    assert [(entry.moved, bool(entry.action)) for entry in noted] == [
        (True, False), (False, True), (False, False), (False, True),
    ]  # fmt: skip
    assert noted[2].nome == "NOME NOVO LTDA"
    # Told once.
    assert [words(r)[0] for r in office.apply(evolve(D, razao_social="NOME NOVO LTDA"), closed)] == [
        Outcome.KEPT,
        Outcome.SKIPPED,
    ]
    assert office.log()[before:] == noted


def test_a_company_that_came_back_is_sent(office: Office) -> None:
    office.apply(evolve(A, data_desligamento=CLOSED))
    assert [words(result) for result in office.apply(A)] == [INTEGRATED]
    returned = (Outcome.RETURNED, Status.NAO_INTEGRADO, "", "", 0)
    assert [words(entry) for entry in office.log()[1:]] == [returned, ATTEMPTED, INTEGRATED]


def test_what_others_brought_to_the_portal_since_the_plan_decides(office: Office) -> None:
    plan = office.plan(A, B, C)
    put = office.integrator.client.empresas.create
    mine = put(EmpresaNova(codigo=A.codigo, nome="A", documento=ec.Cnpj(CNPJS[0])))
    put(EmpresaNova(codigo="00099", nome="B", documento=ec.Cnpj(CNPJS[1])))
    put(EmpresaNova(codigo=C.codigo, nome="C", documento=ec.Cnpj(CNPJS[4])))
    found, document, codigo = office.integrator.apply(plan).results
    assert words(found) == of(Reason.JA_NO_PORTAL, Outcome.FOUND, Status.INTEGRADO)
    assert found.portal_id == mine.id
    assert words(document) == of(Reason.DOCUMENTO_NO_PORTAL, Outcome.REFUSED, Status.NAO_INTEGRADO)
    assert words(codigo) == of(Reason.CODIGO_NO_PORTAL, Outcome.REFUSED, Status.NAO_INTEGRADO)
    assert [words(entry) for entry in office.log()] == [words(found), words(document), words(codigo)]
    assert {entry.action for entry in office.log()} == {action.fingerprint for action in plan.actions}


# ------------------------------------------------------------------ plans and runs


def test_a_plan_that_was_moved_past_names_what_moved(office: Office) -> None:
    plan = office.plan(A)
    office.apply(B)
    with pytest.raises(StalePlan, match="other empresas were integrated since"):
        office.integrator.apply(plan)


def test_progress_is_told_in_order_and_the_steps_are_the_results(office: Office) -> None:
    seen: list[Result] = []
    report = office.integrator.apply(office.plan(A, B), on_progress=seen.append)
    assert tuple(seen) == report.results
    assert list(office.integrator.steps(office.plan(C, D)))[1].codigo == D.codigo
    assert office.integrator.journal.unfinished() == ()
    with pytest.raises(ValueError, match="workers must be 1 or more, not 0"):
        office.integrator.apply(office.plan(E), workers=0)


def test_steps_stop_as_an_apply_does(office: Office) -> None:
    office.line.fates[2] = NotSent
    steps = office.integrator.steps(office.plan(A, B))
    assert next(steps).codigo == A.codigo
    with pytest.raises(ApplyStopped) as stopped:
        next(steps)
    assert (stopped.value.done, stopped.value.total) == (1, 2)


def test_a_release_is_a_persons_word(office: Office) -> None:
    office.line.fates[1] = Answer(502, {}, b"")
    plan = office.plan(A)
    office.integrator.apply(plan)
    with pytest.raises(UnknownCodigo, match=r"empresas in doubt.*00002"):
        office.integrator.release([A.codigo, B.codigo])
    (result,) = office.integrator.release(A.codigo).results
    released = (
        Outcome.ABSENT, Status.NAO_INTEGRADO, "conferido", "Uma pessoa conferiu no portal que não está lá: pode ser enviado.", 0,
    )  # fmt: skip
    assert words(result) == words(office.log()[-1]) == released
    assert office.log()[-1].plan == plan.fingerprint
    assert [words(r) for r in office.integrator.resume().results] == [INTEGRATED]


# ------------------------------------------------------------------ activation


def test_an_activation_names_the_tabs_and_is_made_once(office: Office) -> None:
    office.integrator.apply(office.integrator.plan_usuarios([ANA, BIA]))
    first, second = office.integrator.activate_usuarios([ANA.codigo, BIA.codigo, ANA.codigo]).results
    activated = (Outcome.ACTIVATED, Status.ATIVO, "", f"Abas: {', '.join(aba.value for aba in ABAS)}.", 1)
    assert words(first) == words(second) == activated
    assert [words(entry) for entry in office.log()[4:]] == [activated, activated]
    assert {(entry.plan, entry.action, entry.losses) for entry in office.log()[4:]} == {("", "", 0)}
    (again,) = office.integrator.activate_usuarios("U1", abas=(Aba.KAROO,)).results
    assert words(again) == (Outcome.KEPT, Status.ATIVO, "", "", 0)
    assert len(office.integrator.activate_usuarios().results) == 2


def test_an_activation_that_fails_is_told_and_the_user_stays_integrated(office: Office) -> None:
    office.integrator.apply(office.integrator.plan_usuarios([ANA, BIA]))
    office.line.fates = {3: REFUSAL, 5: Answer(403, {}, b"")}
    failed, fine = office.integrator.activate_usuarios().results
    message = "O portal respondeu 422: grande demais; feio."
    assert words(failed) == (Outcome.ACTIVATION_FAILED, Status.INTEGRADO, "rejected", message, 1)
    assert fine.outcome is Outcome.ACTIVATED
    with pytest.raises(ApplyStopped) as stopped:
        office.integrator.activate_usuarios()
    assert (stopped.value.done, stopped.value.total) == (0, 2)
    assert [entry.code for entry in office.log()[-3:]] == ["rejected", "", "forbidden"]


def test_a_user_that_was_not_integrated_is_not_activated(office: Office) -> None:
    office.line.fates[1] = REFUSAL
    office.integrator.apply(office.integrator.plan_usuarios([ANA, BIA]))
    refused = of(Reason.NAO_INTEGRADO_AINDA, Outcome.REFUSED, Status.FALHOU)
    assert [words(r) for r in office.integrator.activate_usuarios(["U1"]).results] == [refused]
    assert words(office.log()[-1]) == refused
    assert [r.codigo for r in office.integrator.activate_usuarios().results] == ["U2"]
    with pytest.raises(UnknownCodigo, match="U9"):
        office.integrator.activate_usuarios(["U1", "U9"])


def test_an_error_of_no_status_is_told_as_a_lost_answer() -> None:
    assert told(AnswerLost()) == told(PortalError()) == LOST


# ------------------------------------------------------------------ runs that died


def dead(office: Office) -> ec.Plan:
    """A plan whose run died between its write and the answer."""
    office.line.fates[1] = Crash
    plan = office.plan(A)
    with pytest.raises(Crash):
        office.integrator.apply(plan)
    return plan


ENDED = (Outcome.IN_DOUBT, Status.EM_DUVIDA, "", "A execução que enviava terminou antes da resposta.", 0)


def test_what_a_dead_run_had_sent_is_found_by_the_next(office: Office) -> None:
    plan = dead(office)
    assert [words(entry) for entry in office.log()] == [ATTEMPTED]
    (result,) = office.integrator.resume().results
    (row,) = office.sandbox.empresas
    assert words(result) == of(Reason.JA_INTEGRADA, Outcome.KEPT, Status.INTEGRADO)
    assert result.portal_id == row.id
    log = office.log()
    assert [words(entry) for entry in log] == [ATTEMPTED, ENDED, FOUND]
    assert [(entry.moved, entry.plan) for entry in log] == [(True, plan.fingerprint)] * 3
    assert log[0].run != log[1].run == log[2].run


def test_what_a_dead_run_had_sent_and_is_not_there_waits_for_its_time(office: Office) -> None:
    dead(office)
    with Sandbox(token=office.sandbox.token) as other:  # a portal that never had it
        office.line.inner = other.transport()
        assert [words(result) for result in office.integrator.resume().results] == [EARLY]
        assert [words(entry) for entry in office.log()] == [ATTEMPTED, ENDED, EARLY]
        office.now += datetime.timedelta(seconds=600)
        assert [words(result) for result in office.integrator.resume().results] == [INTEGRATED]
        assert [words(entry) for entry in office.log()[3:]] == [ABSENT, ATTEMPTED, INTEGRATED]
