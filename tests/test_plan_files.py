"""Plans as files: what is read back is what was saved, and nothing else is taken for a plan."""

import datetime
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

import econtador as ec
from econtador.errors import InvalidPlan
from econtador.gap.models import Operador
from econtador.integration.fields import Collision, FitStep, Loss
from econtador.integration.plan import FORMAT, Action, Alarm, load_draft, save_draft
from econtador.integration.policy import Breaker, Guards, Limit
from econtador.integration.reasons import Finding, Reason
from econtador.integration.status import Kind, Status
from econtador.portal.models import EmpresaNova, UsuarioNovo

EMPRESA = EmpresaNova(
    codigo="00001",
    nome="PADARIA MODELO LTDA",
    documento=ec.Cnpj("12ABC34501DE35"),
    bairro="JARDIM DA CONCEIÇÃO",
)
RURAL = EmpresaNova(codigo="00005", nome="FAZENDA MODELO", documento=ec.Cpf("11144477735"))
USUARIO = UsuarioNovo(nome="PESSOA MODELO 01", email="modelo@exemplo.com.br", cpf=ec.Cpf("52998224725"))
CUT = Loss(
    "bairro", "JARDIM  DA CONCEIÇÃO B", "JARDIM DA CONCEIÇÃO", 20, (FitStep.ESPACOS, FitStep.CORTE), lost=" B"
)
TIDY = Loss("endereco", "RUA  A", "RUA A", 50, (FitStep.ESPACOS,))

CREATED = Action(
    codigo="00001",
    nome="PADARIA MODELO LTDA",
    status=Status.NAO_INTEGRADO,
    verdict=ec.Verdict.CREATE,
    findings=(Finding(Reason.NOVA),),
    losses=(CUT, TIDY),
    draft=EMPRESA,
)
ADOPTED = evolve(
    CREATED,
    codigo="00005",
    verdict=ec.Verdict.ADOPT,
    findings=(Finding(Reason.JA_NO_PORTAL),),
    draft=RURAL,
    losses=(),
    portal_id="41",
)
REFUSED = Action(
    codigo="00002",
    nome="OFICINA MODELO LTDA",
    status=Status.FALHOU,
    verdict=ec.Verdict.REFUSE,
    findings=(
        Finding(Reason.DOCUMENTO_REPETIDO, "00003"),
        Finding(Reason.INSCRICAO_CORTADA, "inscricao_estadual"),
    ),
    losses=(TIDY,),
)
PLAN = ec.Plan(
    kind=Kind.EMPRESA,
    account="conta",
    operador=Operador("ADMIN"),
    policy=ec.Policy(
        proemp="PROEMP00",
        guards=Guards(leaving=None, renamed=Limit(2, 0.5), window_days=7),
        breaker=Breaker(in_a_row=None, share=0.25),
    ),
    made_at=datetime.datetime(2026, 1, 5, 12, 30, tzinfo=datetime.UTC),
    revision=7,
    actions=(CREATED, ADOPTED, REFUSED),
    collisions=(Collision("bairro", "JARDIM DA CONCEIÇÃO", ("00001", "00009")),),
    notices=(Finding(Reason.TODAS_SELECIONADAS),),
    alarms=(Alarm(guard="renamed", count=2, total=4),),
)
PEOPLE = evolve(
    PLAN,
    kind=Kind.USUARIO,
    actions=(evolve(CREATED, codigo="U1", nome=USUARIO.nome, losses=(), draft=USUARIO),),
    collisions=(),
    alarms=(),
)


def sealed(content: object, format: object = FORMAT) -> str:
    """A file with that plan in it and the fingerprint that goes with it."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return json.dumps({"format": format, "fingerprint": digest, "plan": content})


def content(plan: ec.Plan) -> Any:
    return json.loads(plan.to_json())["plan"]


# ------------------------------------------------------------------ what is saved


@pytest.mark.parametrize("plan", [PLAN, PEOPLE, evolve(PLAN, actions=(), notices=())])
def test_a_plan_is_read_back_as_it_was_saved(plan: ec.Plan) -> None:
    again = ec.Plan.from_json(plan.to_json())
    assert again == plan
    assert again.to_json() == plan.to_json() != ""
    assert again == ec.Plan.from_json(sealed(content(plan)))
    for action, before in zip(again.actions, plan.actions, strict=True):
        assert type(action.draft) is type(before.draft)
        assert [type(step) for loss in action.losses for step in loss.steps] == [
            FitStep for loss in before.losses for step in loss.steps
        ]


def test_a_saved_plan_is_text_that_a_person_can_read_and_compare() -> None:
    text = PLAN.to_json()
    assert text.startswith(f'{{\n "format": {FORMAT},\n "fingerprint": "{PLAN.fingerprint}",\n "plan": {{\n')
    assert '"JARDIM DA CONCEIÇÃO"' in text
    assert '"documento": "12ABC34501DE35"' in text
    changed = evolve(PLAN, actions=(CREATED, evolve(ADOPTED, portal_id="42"), REFUSED)).to_json()
    lines = [pair for pair in zip(text.splitlines(), changed.splitlines(), strict=True) if len(set(pair)) > 1]
    assert len(lines) == 2, "the fingerprint's, and the action's that changed"


def test_a_plan_that_was_saved_indented_is_read_as_well() -> None:
    """As this library saved them at first: the same values in other white space."""
    indented = json.dumps(json.loads(PLAN.to_json()), ensure_ascii=False, indent=1)
    assert indented != PLAN.to_json()
    assert ec.Plan.from_json(indented) == PLAN


def test_fingerprints_stand_for_the_plan_and_for_each_of_its_actions() -> None:
    assert re.fullmatch("[0-9a-f]{64}", PLAN.fingerprint)
    assert json.loads(sealed(content(PLAN)))["fingerprint"] == PLAN.fingerprint
    assert evolve(PLAN).fingerprint == PLAN.fingerprint
    plans = (evolve(PLAN, revision=8), evolve(PLAN, actions=(REFUSED, ADOPTED, CREATED)), PLAN)
    assert len({plan.fingerprint for plan in plans}) == 3

    actions = (
        *PLAN.actions,
        evolve(CREATED, draft=evolve(EMPRESA, bairro="OUTRO")),
        evolve(CREATED, losses=()),
    )
    fingerprints = {action.fingerprint for action in actions}
    assert len(fingerprints) == 5
    assert all(re.fullmatch("[0-9a-f]{16}", fingerprint) for fingerprint in fingerprints)
    assert ec.Plan.from_json(PLAN.to_json()).actions[0].fingerprint == CREATED.fingerprint


@pytest.mark.parametrize("draft", [EMPRESA, RURAL, USUARIO])
def test_a_draft_is_read_back_as_it_was_saved(draft: EmpresaNova | UsuarioNovo) -> None:
    text = save_draft(draft)
    assert load_draft(text) == draft
    assert text == json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))


# ------------------------------------------------------------------ what is no plan


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "null", "[]", "1", "{}", "[" * 100_000),
        json.dumps({"format": FORMAT, "fingerprint": 1, "plan": {}}),
        json.dumps({"format": FORMAT, "plan": {}}),
        json.dumps({"fingerprint": "", "plan": {}}),
        *(sealed(None), sealed([]), sealed("")),
        *(sealed({}, "2"), sealed({}, None)),
    ],
)
def test_what_has_not_the_parts_of_a_saved_plan_is_none(text: str) -> None:
    with pytest.raises(InvalidPlan, match=r"is not JSON|has not the parts of a saved plan"):
        ec.Plan.from_json(text)


def test_a_value_that_is_no_text_is_no_plan() -> None:
    with pytest.raises(InvalidPlan, match="not JSON"):
        ec.Plan.from_json(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("format", [FORMAT - 1, FORMAT + 1, 0])
def test_a_plan_of_another_format_is_told_by_its_number(format: int) -> None:
    with pytest.raises(InvalidPlan, match=f"its format is {format}, this version reads {FORMAT}"):
        ec.Plan.from_json(sealed(content(PLAN), format))


def test_a_plan_that_was_edited_is_refused() -> None:
    whole = json.loads(PLAN.to_json())
    whole["plan"]["revision"] += 1
    with pytest.raises(InvalidPlan, match="edited after it was made"):
        ec.Plan.from_json(json.dumps(whole))


Edit = Callable[[Any], object]

WRONG: dict[str, Edit] = {
    "nothing": lambda plan: plan.clear(),
    "no account": lambda plan: plan.pop("account"),
    "account is a number": lambda plan: plan.update(account=7),
    "account is null": lambda plan: plan.update(account=None),
    "account is half a character": lambda plan: plan.update(account="\ud800"),
    "revision is a text": lambda plan: plan.update(revision="7"),
    "revision is a fraction": lambda plan: plan.update(revision=7.0),
    "revision is true": lambda plan: plan.update(revision=True),
    "revision is beyond what a journal counts": lambda plan: plan.update(revision=2**63),
    "revision is as far below": lambda plan: plan.update(revision=-(2**63)),
    "a switch is a number": lambda plan: plan["policy"].update(send_cut_identifiers=1),
    "a switch is a text": lambda plan: plan["policy"].update(send_cut_identifiers="false"),
    "a proemp is none": lambda plan: plan["policy"].update(proemp="PROEMP"),
    "a proemp is a number": lambda plan: plan["policy"].update(proemp=0),
    "a time is none": lambda plan: plan.update(made_at="today"),
    "a kind is none": lambda plan: plan.update(kind="pessoa"),
    "a kind is another": lambda plan: plan.update(kind="usuario"),
    "a verdict is none": lambda plan: plan["actions"][0].update(verdict="talvez"),
    "a status is none": lambda plan: plan["actions"][0].update(status="Talvez"),
    "a step is none": lambda plan: plan["actions"][0]["losses"][0].update(steps=["dobra"]),
    "a reason is none": lambda plan: plan["actions"][0]["findings"][0].update(reason="porque"),
    "a document is none": lambda plan: plan["actions"][0]["draft"].update(documento="11222333000182"),
    "a document is a number": lambda plan: plan["actions"][0]["draft"].update(documento=11222333000181),
    "a draft is a text": lambda plan: plan["actions"][0].update(draft="EMPRESA"),
    "a draft is of a person": lambda plan: plan["actions"][0]["draft"].update(cpf="52998224725", email="a@b.br"),
    "a draft is of another codigo": lambda plan: plan["actions"][0]["draft"].update(codigo="00002"),
    "a creation has no draft": lambda plan: plan["actions"][0].update(draft=None),
    "an adoption has no draft": lambda plan: plan["actions"][1].update(draft=None),
    "an action has no reason": lambda plan: plan["actions"][0].update(findings=[]),
    "a refusal has no reason": lambda plan: plan["actions"][2].update(findings=[]),
    "an alarm is unknown": lambda plan: plan["alarms"][0].update(guard="other"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_one_thing_wrong_in_a_plan_makes_it_none(name: str) -> None:
    plan = content(PLAN)
    WRONG[name](plan)
    with pytest.raises(InvalidPlan, match="its parts") as caught:
        ec.Plan.from_json(sealed(plan))
    assert "MODELO" not in str(caught.value)
    shown = caught.value.__suppress_context__ is False and caught.value.__context__ is not None
    assert not shown, "what it was caught from holds the values"


def test_numbers_as_far_as_a_journal_counts_are_read() -> None:
    for revision in (2**63 - 1, 1 - 2**63, 0):
        plan = evolve(PLAN, revision=revision)
        assert ec.Plan.from_json(plan.to_json()) == plan


def test_people_are_not_companies() -> None:
    people, plan = content(PEOPLE), content(PLAN)
    people["kind"] = plan["kind"]
    with pytest.raises(InvalidPlan, match="do not fit"):
        ec.Plan.from_json(sealed(people))


# ------------------------------------------------------------------ what a plan says


def test_a_plan_counts_every_verdict_in_their_order() -> None:
    assert list(PLAN.counts.items()) == [
        (verdict, sum(action.verdict is verdict for action in PLAN.actions)) for verdict in ec.Verdict
    ]
    assert PLAN.summary == "Plano de empresas (PROEMP00): integrar: 1, reconhecer: 1, recusar: 1"
    assert PEOPLE.summary == "Plano de usuários: integrar: 1"
    assert evolve(PEOPLE, actions=()).summary == "Plano de usuários: nada"


def test_the_losses_are_of_what_would_be_sent_and_say_whose_they_are() -> None:
    assert PLAN.losses == (evolve(CUT, codigo="00001"), evolve(TIDY, codigo="00001"))


def test_the_reasons_of_an_action_are_one_text() -> None:
    assert REFUSED.reason == (
        f"{Reason.DOCUMENTO_REPETIDO.sentence} (00003) {Reason.INSCRICAO_CORTADA.sentence} (inscricao_estadual)"
    )


def test_an_alarm_says_how_many_of_how_many() -> None:
    assert str(PLAN.alarms[0]).startswith("2 de 4 integrados mudaram de nome")
