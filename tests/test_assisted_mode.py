"""Assisted mode from end to end: plan, worklist, a person at GAP and in the portal, and the portal read back."""

import asyncio
import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest
import trio
from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from office_storms import Crash

import econtador as ec
from econtador.errors import (
    JournalOfAnotherAccount,
    NotSent,
    OperatorNotAdmin,
    SecondProemp,
    StalePlan,
)
from econtador.integration.report import Verified
from econtador.integration.status import Kind, Outcome, Status
from econtador.integration.worklist_items import State
from econtador.sandbox import Fault, Faults, Sandbox

POLICY = ec.Policy(proemp="PROEMP00")
LONGA = ec.EmpresaGap(
    "00001",
    "PROEMP00",
    "COMERCIO DE MATERIAIS DE CONSTRUCAO EMPRESA MODELO LIMITADA",
    "11.222.333/0001-81",
    inscricao_estadual="01.004.823/001-12",
    endereco="Avenida Doutor Presidente Modelo da Silva Sobrinho Quadra 1",
    bairro="Jardim Nossa Senhora Aparecida",
    atividade="Comércio varejista de materiais de construção em geral",
)
CURTA = ec.EmpresaGap("00002", "PROEMP00", "EMPRESA MODELO 02 LTDA", "00.000.000/0001-91")
LETRAS = ec.EmpresaGap("00003", "PROEMP00", "EMPRESA MODELO 03 SA", "12ABC34501DE35")
EMPRESAS = (LONGA, CURTA, LETRAS)
ANA = ec.UsuarioGap("ANA", "PESSOA MODELO 01", "529.982.247-25", "ana@exemplo.com.br")
BIA = ec.UsuarioGap("BIA", "PESSOA MODELO 02", "111.444.777-35", "bia@exemplo.com.br")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as portal:
        yield portal


def reading(sandbox: Sandbox) -> ec.Client:
    """The office's client: of the vendor's hosts, on which nothing can be written."""
    return ec.Client(
        sandbox.token, transport=sandbox.transport(), retry=ec.Retry(first=0.0, longest=0.0, attempts=1)
    )


def office_of(
    sandbox: Sandbox,
    journal: str | Path | ec.SqliteJournal = ":memory:",
    *,
    policy: ec.Policy = POLICY,
    operador: str = "ADMIN",
    adapter: ec.FieldAdapter | None = None,
) -> ec.Integrator:
    return ec.Integrator(reading(sandbox), policy=policy, journal=journal, operador=operador, adapter=adapter)


@pytest.fixture
def office(sandbox: Sandbox) -> ec.Integrator:
    return office_of(sandbox)


def gap(sandbox: Sandbox, *records: ec.EmpresaGap | ec.UsuarioGap) -> None:
    """What a person does in GAP's window: what is ticked goes to the portal, which cuts it plainly."""
    window = ec.Integrator(sandbox.client(), policy=POLICY, journal=":memory:", operador="ADMIN")
    empresas = [record for record in records if isinstance(record, ec.EmpresaGap)]
    usuarios = [record for record in records if isinstance(record, ec.UsuarioGap)]
    assert window.apply(window.plan_empresas(empresas, selected=ec.TODAS)).ok
    assert window.apply(window.plan_usuarios(usuarios)).ok


def mend(sandbox: Sandbox, codigo: str, **attributes: str | bool) -> None:
    """What a person does in the portal's form."""
    row = next(row for row in sandbox.empresas if row.externoid == codigo)
    body = {"data": {"type": "empresas", "id": row.id, "attributes": attributes}}
    sandbox.client().request("PATCH", "dp", f"/empresas/{row.id}", content=json.dumps(body).encode())


def listed(office: ec.Integrator, empresas: Iterable[ec.EmpresaGap] = EMPRESAS) -> ec.Worklist:
    return office.worklist(office.plan_empresas(tuple(empresas), selected=ec.TODAS))


def writes(sandbox: Sandbox) -> int:
    return sum(seen.method != "GET" for seen in sandbox.requests)


def statuses(office: ec.Integrator, kind: Kind = Kind.EMPRESA) -> Mapping[str, Status]:
    return {codigo: record.status for codigo, record in office.journal.records(kind).items()}


def states(worklist: ec.Worklist) -> Mapping[str, State]:
    return {item.key: item.state for item in worklist.items}


PASTED = {"nome": "razao_social", "endereco": "endereco"}


def paste_all(sandbox: Sandbox, worklist: ec.Worklist) -> None:
    for item in worklist.mends:
        for attribute in ("nome", "endereco"):
            if PASTED[attribute] == item.correction.field and item.correction.paste:
                mend(sandbox, item.correction.codigo, **{attribute: item.correction.paste})


# ------------------------------------------------------------------ the whole way


def test_what_a_person_integrates_becomes_integrado_when_it_is_seen(
    sandbox: Sandbox, office: ec.Integrator
) -> None:
    plan = office.plan_empresas(EMPRESAS, selected=ec.TODAS)
    users = office.plan_usuarios([ANA, BIA])
    worklist = office.worklist(plan, users)
    assert worklist.proemp == ec.Proemp("PROEMP00")
    gap(sandbox, *EMPRESAS, ANA, BIA)
    paste_all(sandbox, worklist)
    sent = writes(sandbox)

    verification = office.verify(worklist)
    assert verification.ok
    assert verification.counts[Verified.EQUAL] == 5
    assert statuses(office) == dict.fromkeys(("00001", "00002", "00003"), Status.INTEGRADO)
    assert statuses(office, Kind.USUARIO) == dict.fromkeys(("ANA", "BIA"), Status.INTEGRADO)
    assert {(e.outcome, e.code, e.attempts) for e in office.logs()} == {(Outcome.FOUND, "ja-no-portal", 0)}
    assert office.journal.proemp == ec.Proemp("PROEMP00")

    again = office.plan_empresas(EMPRESAS, selected=ec.TODAS)
    assert {action.findings[0].reason for action in again.actions} == {ec.Reason.JA_INTEGRADA}
    assert office.apply(again).counts == {Outcome.KEPT: 3}
    direct = ec.Integrator(sandbox.client(), policy=POLICY, journal=office.journal, operador="ADMIN")
    assert direct.apply(plan).counts == {Outcome.KEPT: 3}  # the plan is still good, and sends nothing
    assert writes(sandbox) == sent


def test_a_second_look_changes_nothing(sandbox: Sandbox, office: ec.Integrator) -> None:
    worklist = listed(office)
    gap(sandbox, *EMPRESAS)
    paste_all(sandbox, worklist)
    first = office.verify(worklist)
    entries = office.logs()
    assert office.verify(worklist) == first
    assert office.verify() == first
    assert office.logs() == entries


def test_without_a_worklist_nothing_is_written(sandbox: Sandbox, office: ec.Integrator) -> None:
    listed(office)
    gap(sandbox, *EMPRESAS)
    assert office.verify().checks == ()
    assert office.logs() == ()


def test_what_was_not_done_yet_is_missing_and_stays_to_be_done(
    sandbox: Sandbox, office: ec.Integrator
) -> None:
    worklist = listed(office)
    gap(sandbox, CURTA)
    ticked = worklist.ticked(office.verify(worklist))
    assert {tick.codigo: tick.state for tick in ticked.ticks} == {
        "00001": State.MISSING,
        "00002": State.SEEN,
        "00003": State.MISSING,
    }
    assert {m.state for m in ticked.mends if m.correction.field == "razao_social"} == {State.MISSING}
    assert statuses(office) == {"00002": Status.INTEGRADO}
    rest = listed(office)
    assert [tick.codigo for tick in rest.ticks] == ["00001", "00003"]


def test_nothing_done_writes_nothing_and_binds_no_proemp(sandbox: Sandbox, office: ec.Integrator) -> None:
    verification = office.verify(listed(office))
    assert verification.counts[Verified.MISSING] == 3
    assert not verification.ok
    assert office.logs() == ()
    assert office.journal.proemp is None


def test_the_same_document_under_another_codigo_is_not_recognised(
    sandbox: Sandbox, office: ec.Integrator
) -> None:
    worklist = listed(office, [CURTA])
    gap(sandbox, evolve(CURTA, codigo="00099"))
    verification = office.verify(worklist)
    (check,) = verification.checks
    assert (check.codigo, check.verified, check.differences) == ("00002", Verified.DIFFERS, ("codigo",))
    assert statuses(office) == {}
    (tick,) = worklist.ticked(verification).ticks
    assert (tick.state, tick.differences) == (State.DIFFERS, ("codigo",))


def test_the_same_codigo_with_another_document_is_missing_and_told_to_be_there_twice(
    sandbox: Sandbox, office: ec.Integrator
) -> None:
    worklist = listed(office, [CURTA])
    gap(sandbox, evolve(LETRAS, codigo="00002"))
    verification = office.verify(worklist)
    assert [check.verified for check in verification.checks] == [Verified.MISSING, Verified.EXTRA]
    assert statuses(office) == {}
    assert worklist.ticked(verification).ticks[0].state is State.MISSING


def test_a_company_that_is_there_twice_is_not_recognised(sandbox: Sandbox, office: ec.Integrator) -> None:
    worklist = listed(office, [CURTA])
    body = {
        "data": {
            "type": "empresas",
            "attributes": {"nome": CURTA.razao_social, "cpfCnpjAlfanumerico": "00000000000191"}
            | {"externoid": "00002", "isCpf": False, "ativa": True},
        }
    }
    for _ in range(2):
        sandbox.client().request("POST", "dp", "/empresas", content=json.dumps(body).encode())
    verification = office.verify(worklist)
    assert statuses(office) == {}
    (tick,) = worklist.ticked(verification).ticks
    assert (tick.state, tick.differences) == (State.DIFFERS, ("em dobro",))


# ------------------------------------------------------------------ corrections


def test_a_correction_is_seen_when_the_portal_shows_the_pasted_text(
    sandbox: Sandbox, office: ec.Integrator
) -> None:
    worklist = listed(office)
    gap(sandbox, *EMPRESAS)
    cut = states(worklist.ticked(office.verify(worklist)))
    assert (
        cut["marcar/empresa/00001"] is State.SEEN
    )  # it is there; what is to be mended is told where it is mended
    assert cut["corrigir/00001/razao_social"] is State.DIFFERS
    assert cut["corrigir/00001/endereco"] is State.DIFFERS

    nome = next(m.correction.paste for m in worklist.mends if m.correction.field == "razao_social")
    assert nome
    mend(sandbox, "00001", nome=nome)
    half = states(worklist.ticked(office.verify(worklist)))
    assert half["corrigir/00001/razao_social"] is State.SEEN
    assert half["corrigir/00001/endereco"] is State.DIFFERS

    paste_all(sandbox, worklist)
    done = states(worklist.ticked(office.verify(worklist)))
    assert done["corrigir/00001/endereco"] is State.SEEN
    assert office.verify().ok  # the journal compares with the text that was pasted, too


def test_what_the_api_cannot_show_is_never_ticked(sandbox: Sandbox, office: ec.Integrator) -> None:
    worklist = office.worklist(office.plan_empresas(EMPRESAS, selected=ec.TODAS), office.plan_usuarios([ANA]))
    gap(sandbox, *EMPRESAS, ANA)
    paste_all(sandbox, worklist)
    ticked = worklist.ticked(office.verify(worklist))
    unseen = {m.correction.field for m in ticked.mends if m.state is State.BY_PERSON}
    assert unseen == {"inscricao_estadual", "bairro", "atividade"}
    assert {step.state for a in ticked.activations for step in a.steps} == {State.BY_PERSON}
    assert {step.state for step in (*ticked.before, *ticked.sending)} == {State.BY_PERSON}


def test_a_name_that_a_person_changed_otherwise_is_told_on_the_company(
    sandbox: Sandbox, office: ec.Integrator
) -> None:
    worklist = listed(office)
    gap(sandbox, *EMPRESAS)
    mend(sandbox, "00002", nome="OUTRO NOME LTDA", ativa=False)
    tick = next(t for t in worklist.ticked(office.verify(worklist)).ticks if t.codigo == "00002")
    assert (tick.state, tick.differences) == (State.DIFFERS, ("nome", "ativa"))


def test_spaces_that_nobody_sees_are_no_difference(sandbox: Sandbox, office: ec.Integrator) -> None:
    spaced = evolve(CURTA, razao_social="EMPRESA  MODELO 02 LTDA")
    worklist = listed(office, [spaced])
    assert worklist.mends == ()
    gap(sandbox, CURTA)
    mend(sandbox, "00002", nome="EMPRESA  MODELO 02 LTDA")
    assert office.verify(worklist).ok


def test_the_plans_own_abbreviations_are_what_is_wanted(sandbox: Sandbox) -> None:
    office = office_of(sandbox, adapter=ec.FieldAdapter(abbreviate=True))
    plan = office.plan_empresas([LONGA], selected=ec.TODAS)
    worklist = office.worklist(plan)
    fitted = {loss.field: loss.after for loss in plan.losses}
    assert {m.correction.field: m.correction.paste for m in worklist.mends} == fitted
    gap(sandbox, LONGA)
    paste_all(sandbox, worklist)
    assert office.verify(worklist).ok


# ------------------------------------------------------------------ what is left alone


def test_what_is_in_the_portal_already_is_left_and_recognised(
    sandbox: Sandbox, office: ec.Integrator
) -> None:
    gap(sandbox, CURTA, ANA)
    worklist = office.worklist(office.plan_empresas([CURTA], selected=ec.TODAS), office.plan_usuarios([ANA]))
    assert worklist.ticks == ()
    assert [(leave.codigo, leave.verdict) for leave in worklist.leaves] == [
        ("00002", ec.Verdict.ADOPT),
        ("ANA", ec.Verdict.ADOPT),
    ]
    assert [(a.codigo, a.known) for a in worklist.activations] == [("ANA", True)]
    assert "já integrado: confira se já está ativo" in worklist.to_html()
    ticked = worklist.ticked(office.verify(worklist))
    assert {leave.state for leave in ticked.leaves} == {State.SEEN}
    assert statuses(office) == {"00002": Status.INTEGRADO}


def test_a_company_that_should_have_been_left_and_is_there_is_told(
    sandbox: Sandbox, office: ec.Integrator
) -> None:
    worklist = office.worklist(office.plan_empresas(EMPRESAS, selected=["00002"]))
    gap(sandbox, *EMPRESAS)
    ticked = worklist.ticked(office.verify(worklist))
    assert {(leave.codigo, leave.state, leave.differences) for leave in ticked.leaves} == {
        ("00001", State.DIFFERS, ("no portal",)),
        ("00003", State.DIFFERS, ("no portal",)),
    }


def test_the_same_codigo_of_another_proemp_is_not_taken_for_it(
    sandbox: Sandbox, office: ec.Integrator
) -> None:
    other = ec.EmpresaGap("00003", "PROEMP01", "EMPRESA MODELO 04 LTDA", "33.000.167/0001-01")
    worklist = listed(office, [CURTA, other])
    gap(sandbox, CURTA, LETRAS)
    (leave,) = worklist.ticked(office.verify(worklist)).leaves
    assert (leave.codigo, leave.state) == ("00003", State.NOTHING)


def test_a_company_in_doubt_is_not_to_be_ticked(sandbox: Sandbox, tmp_path: Path) -> None:
    with ec.Integrator(sandbox.client(), policy=POLICY, journal=tmp_path / "j", operador="ADMIN") as direct:
        plan = direct.plan_empresas([LONGA], selected=ec.TODAS)
        sandbox.faults = Faults.always(Fault.RESET_BEFORE_COMMIT, methods=("POST",))
        direct.apply(plan)
        sandbox.faults = None
        assert statuses(direct) == {"00001": Status.EM_DUVIDA}
    with office_of(sandbox, tmp_path / "j") as office:
        worklist = listed(office, [LONGA])
        assert (worklist.ticks, worklist.mends) == ((), ())
        (leave,) = worklist.ticked(office.verify(worklist)).leaves
        assert (leave.codigo, leave.verdict, leave.state) == ("00001", ec.Verdict.CREATE, State.MISSING)
        gap(sandbox, LONGA)  # it was on its way after all
        (leave,) = worklist.ticked(office.verify(worklist)).leaves
        assert leave.state is State.SEEN
        assert statuses(office) == {"00001": Status.INTEGRADO}


def test_what_a_run_may_be_sending_is_left_to_it(sandbox: Sandbox, tmp_path: Path) -> None:
    direct = ec.Integrator(sandbox.client(), policy=POLICY, journal=tmp_path / "j", operador="ADMIN")

    def dies(method: str, path: str, when: str) -> None:
        if (method, when) == ("POST", "after"):
            raise Crash

    plan = direct.plan_empresas([CURTA], selected=ec.TODAS)
    sandbox.fault = dies
    with pytest.raises(Crash):
        direct.apply(plan)
    sandbox.fault = None
    direct.close()
    with office_of(sandbox, tmp_path / "j") as office:
        worklist = listed(office, [CURTA])
        assert office.verify(worklist).counts[Verified.EQUAL] == 1
        assert statuses(office) == {"00002": Status.EM_ENVIO}
    with ec.Integrator(sandbox.client(), policy=POLICY, journal=tmp_path / "j", operador="ADMIN") as direct:
        direct.resume()
        assert statuses(direct) == {"00002": Status.INTEGRADO}


def test_a_company_that_came_back_in_gap_is_recognised(sandbox: Sandbox, tmp_path: Path) -> None:
    closed = evolve(CURTA, data_desligamento=datetime.date(2024, 1, 31))
    direct = ec.Integrator(sandbox.client(), policy=POLICY, journal=tmp_path / "j", operador="ADMIN")
    direct.apply(direct.plan_empresas([closed], selected=ec.TODAS))
    assert statuses(direct) == {"00002": Status.DESLIGADA}
    direct.close()
    with office_of(sandbox, tmp_path / "j") as office:
        worklist = listed(office, [CURTA])
        gap(sandbox, CURTA)
        office.verify(worklist)
        assert statuses(office) == {"00002": Status.INTEGRADO}
        assert [e.outcome for e in office.logs()] == [Outcome.LEFT, Outcome.RETURNED, Outcome.FOUND]


# ------------------------------------------------------------------ who may


def test_a_worklist_is_authorised_as_an_apply_is(sandbox: Sandbox, tmp_path: Path) -> None:
    office = office_of(sandbox, tmp_path / "j")
    plan = office.plan_empresas([CURTA], selected=ec.TODAS)
    worklist = office.worklist(plan)
    gap(sandbox, CURTA)
    with pytest.raises(OperatorNotAdmin):
        office_of(sandbox, operador="ANA").verify(worklist)
    with pytest.raises(StalePlan, match="policy"):
        office_of(sandbox, policy=evolve(POLICY, send_cut_identifiers=True)).verify(worklist)
    with Sandbox() as other, pytest.raises(StalePlan, match="account"):
        office_of(other).worklist(plan)
    office.verify(worklist)
    with pytest.raises(SecondProemp):
        office_of(sandbox, tmp_path / "j", policy=ec.Policy(proemp="PROEMP01")).worklist(plan)
    with Sandbox() as other, pytest.raises(JournalOfAnotherAccount):
        office_of(other, tmp_path / "j")


def test_a_worklist_over_another_journal_is_stale(sandbox: Sandbox) -> None:
    office = office_of(sandbox)
    gap(sandbox, CURTA)
    office.verify(listed(office, [CURTA]))
    worklist = listed(office)
    with pytest.raises(StalePlan, match="right file"):
        office_of(sandbox).verify(worklist)


def test_a_portal_that_is_not_there_moves_nothing(sandbox: Sandbox, office: ec.Integrator) -> None:
    worklist = listed(office)
    gap(sandbox, *EMPRESAS)
    sandbox.faults = Faults.always("refused")
    with pytest.raises(NotSent):
        office.verify(worklist)
    assert office.logs() == ()


def test_the_journal_stays_whole(sandbox: Sandbox, tmp_path: Path) -> None:
    journal = ec.SqliteJournal(tmp_path / "j")
    office = office_of(sandbox, journal)
    worklist = listed(office)
    gap(sandbox, *EMPRESAS)
    office.verify(worklist)
    assert journal.audit().ok
    journal.close()


# ------------------------------------------------------------------ async


async def _async_way(sandbox: Sandbox) -> tuple[ec.Worklist, tuple[Verified, ...], Mapping[str, Status]]:
    client = ec.AsyncClient(sandbox.token, transport=sandbox.async_transport())
    office = ec.AsyncIntegrator(client, policy=POLICY, journal=":memory:", operador="ADMIN")
    worklist = office.worklist(await office.plan_empresas(EMPRESAS, selected=ec.TODAS))
    gap(sandbox, LONGA, LETRAS)
    verification = await office.verify(worklist)
    known = {codigo: r.status for codigo, r in office.journal.records(Kind.EMPRESA).items()}
    return worklist.ticked(verification), tuple(c.verified for c in verification.checks), known


def test_the_async_face_says_the_same() -> None:
    shown: list[object] = []
    for way in (asyncio.run, trio.run):
        with Sandbox() as sandbox:
            if way is trio.run:
                ticked, verified, known = trio.run(_async_way, sandbox)
            else:
                ticked, verified, known = asyncio.run(_async_way(sandbox))
            shown.append((dict(states(ticked)), verified, known))
    with Sandbox() as sandbox:
        office = office_of(sandbox)
        worklist = listed(office)
        gap(sandbox, LONGA, LETRAS)
        verification = office.verify(worklist)
        verified = tuple(c.verified for c in verification.checks)
        shown.append((dict(states(worklist.ticked(verification))), verified, statuses(office)))
    assert shown[0] == shown[1] == shown[2]


# ------------------------------------------------------------------ any order of doing


class Afternoon(RuleBasedStateMachine):
    """A person does the list in any order, and looks when they like."""

    @initialize()
    def begin(self) -> None:
        self.sandbox = Sandbox()
        self.office = office_of(self.sandbox)
        self.worklist = listed(self.office)
        self.done = set[str]()
        self.pasted = set[str]()
        self.looked = set[str]()

    @rule(empresa=st.sampled_from(EMPRESAS))
    def integrate(self, empresa: ec.EmpresaGap) -> None:
        if empresa.codigo not in self.done:
            gap(self.sandbox, empresa)
            self.done.add(empresa.codigo)

    @rule(attribute=st.sampled_from(("nome", "endereco")))
    def mend(self, attribute: str) -> None:
        if "00001" in self.done:
            text = next(
                m.correction.paste for m in self.worklist.mends if m.correction.field == PASTED[attribute]
            )
            assert text
            mend(self.sandbox, "00001", **{attribute: text})
            self.pasted.add(attribute)

    @rule(anew=st.booleans())
    def look(self, anew: bool) -> None:
        verification = self.office.verify(self.worklist)
        self.looked |= self.done
        ticked = self.worklist.ticked(verification)
        for tick in ticked.ticks:
            assert tick.state is (State.SEEN if tick.codigo in self.done else State.MISSING)
        for attribute, name in PASTED.items():
            state = states(ticked)[f"corrigir/00001/{name}"]
            if "00001" not in self.done:
                assert state is State.MISSING
            else:
                assert state is (State.SEEN if attribute in self.pasted else State.DIFFERS)
        if anew:  # the list made again is the list of what is left
            assert {tick.codigo for tick in listed(self.office).ticks} == {
                "00001",
                "00002",
                "00003",
            } - self.done

    @invariant()
    def what_was_seen_is_integrado_and_nothing_else(self) -> None:
        if hasattr(self, "office"):
            assert statuses(self.office) == dict.fromkeys(self.looked, Status.INTEGRADO)
            assert len(self.sandbox.empresas) == len(self.done)

    def teardown(self) -> None:
        self.sandbox.close()


TestAfternoon = Afternoon.TestCase
TestAfternoon.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
