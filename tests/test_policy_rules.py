"""The rules one by one: what each looks at, what it says, and which of several has the word."""

import datetime
from collections.abc import Callable, Iterable

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import econtador as ec
from econtador.integration.fields import FieldAdapter
from econtador.integration.policy import (
    EMPRESA_RULES,
    TODAS,
    USUARIO_RULES,
    Case,
    Decision,
    Known,
    Limit,
    Rule,
    Scene,
    Seen,
    Verdict,
    decide,
    documento_of,
)
from econtador.integration.reasons import Finding, Reason
from econtador.integration.status import IN_FLIGHT, IN_PORTAL, Status

CNPJ, OUTRO = ec.Cnpj("11222333000181"), ec.Cnpj("00000000000191")
CPF, CPF_OUTRO = ec.Cpf("52998224725"), ec.Cpf("11144477735")
EMPRESA = ec.EmpresaGap("00007", "PROEMP00", "EMPRESA MODELO 01 LTDA", "11222333000181")
USUARIO = ec.UsuarioGap("U7", "PESSOA MODELO 01", "52998224725", "modelo@exemplo.com.br")
LEFT = datetime.date(2025, 12, 31)
EMPTY = Scene(proemp=ec.Proemp("PROEMP00"))
SEEN = Seen("41", "EMPRESA MODELO", CNPJ, "00007")


def empresa(scene: Scene = EMPTY, /, **fields: str | datetime.date) -> Decision:
    changes: dict[str, object] = dict(fields)
    record: ec.EmpresaGap = evolve(EMPRESA, **changes)  # type: ignore[arg-type]
    fit = FieldAdapter().fit(record)
    return decide(EMPRESA_RULES, Case(record, fit.record, fit.losses, scene))


def usuario(scene: Scene = EMPTY, /, **fields: str | datetime.date | None) -> Decision:
    changes: dict[str, object] = dict(fields)
    record: ec.UsuarioGap = evolve(USUARIO, **changes)  # type: ignore[arg-type]
    return decide(USUARIO_RULES, Case(record, record, (), scene))


BOTH: tuple[Callable[[Scene], Decision], ...] = (empresa, usuario)
"""What is true of companies and of users."""


def known(status: Status, documento: ec.Cnpj | ec.Cpf | None, nome: str = "") -> Scene:
    """A scene in which the journal knows both records so."""
    return evolve(EMPTY, known={codigo: Known(status, documento, nome) for codigo in ("00007", "U7")})


def one(verdict: Verdict, reason: Reason, detail: str = "") -> Decision:
    return Decision(verdict, (Finding(reason, detail),))


NOVA = one(Verdict.CREATE, Reason.NOVA)

# ------------------------------------------------------------------ a record against the journal


@pytest.mark.parametrize("decided", BOTH)
def test_a_record_that_nothing_stands_against_is_created(decided: Callable[[Scene], Decision]) -> None:
    assert decided(EMPTY) == NOVA
    assert decided(evolve(EMPTY, selected=frozenset({"00007", "U7"}))) == NOVA
    assert decided(evolve(EMPTY, repeated_codigos=frozenset({"00008"}))) == NOVA


@pytest.mark.parametrize("status", Status)
def test_what_the_journal_says_of_a_record_decides_it(status: Status) -> None:
    expected = NOVA
    if status in IN_PORTAL:
        expected = one(Verdict.KEEP, Reason.JA_INTEGRADA)
    elif status in IN_FLIGHT:
        expected = one(Verdict.CREATE, Reason.EM_DUVIDA)
    assert empresa(known(status, CNPJ)) == usuario(known(status, CPF)) == expected


@pytest.mark.parametrize("status", sorted(IN_PORTAL, key=str))
def test_a_name_that_changed_after_the_integration_is_told(status: Status) -> None:
    renamed = one(Verdict.KEEP, Reason.RENOMEADA)
    assert empresa(known(status, CNPJ, "NOME ANTIGO LTDA")) == renamed
    assert usuario(known(status, CPF, "NOME ANTIGO")) == renamed
    same = one(Verdict.KEEP, Reason.JA_INTEGRADA)
    assert empresa(known(status, CNPJ, EMPRESA.razao_social)) == same
    assert usuario(known(status, CPF, USUARIO.nome)) == same


def test_a_name_may_change_until_the_record_is_integrated() -> None:
    assert empresa(known(Status.FALHOU, CNPJ, "NOME ANTIGO LTDA")) == NOVA


def test_integrated_and_then_desligada_comes_before_the_name() -> None:
    gone = known(Status.INTEGRADO, CNPJ, "NOME ANTIGO LTDA")
    assert empresa(gone, data_desligamento=LEFT) == one(Verdict.KEEP, Reason.INTEGRADA_E_DESLIGADA)
    assert empresa(known(Status.FALHOU, CNPJ), data_desligamento=LEFT) == one(Verdict.SKIP, Reason.DESLIGADA)


@pytest.mark.parametrize("status", Status)
def test_a_codigo_that_may_be_in_the_portal_is_not_used_for_another_document(status: Status) -> None:
    taken = status in IN_PORTAL | IN_FLIGHT
    verdict = Verdict.REFUSE if taken else Verdict.CREATE
    for decision in (empresa(known(status, OUTRO)), usuario(known(status, CPF_OUTRO))):
        assert decision.verdict is verdict
        assert (decision.findings[0] == Finding(Reason.CODIGO_REUTILIZADO)) is taken


def test_a_document_that_is_integrated_is_refused_under_another_codigo() -> None:
    there = evolve(EMPTY, integrated={CNPJ: "00008", CPF: "U8"})
    assert empresa(there) == one(Verdict.REFUSE, Reason.DOCUMENTO_JA_INTEGRADO, "00008")
    assert usuario(there) == one(Verdict.REFUSE, Reason.DOCUMENTO_JA_INTEGRADO, "U8")
    mine = evolve(EMPTY, integrated={CNPJ: "00007", OUTRO: "00008", CPF: "U7"})
    assert empresa(mine) == usuario(mine) == NOVA


# ------------------------------------------------------------------ a record among the others


def test_a_codigo_twice_is_refused() -> None:
    twice = evolve(EMPTY, repeated_codigos=frozenset({"00007", "U7"}))
    refused = one(Verdict.REFUSE, Reason.CODIGO_REPETIDO)
    assert empresa(twice) == usuario(twice) == refused


def test_a_document_that_others_have_too_is_refused_and_the_others_named() -> None:
    shared = evolve(EMPTY, repeated={CNPJ: ("00007", "00008", "00009"), CPF: ("U6", "U7")})
    assert empresa(shared) == one(Verdict.REFUSE, Reason.DOCUMENTO_REPETIDO, "00008, 00009")
    assert usuario(shared) == one(Verdict.REFUSE, Reason.DOCUMENTO_REPETIDO, "U6")
    assert empresa(evolve(EMPTY, repeated={OUTRO: ("00008", "00009")})) == NOVA


def test_what_was_not_selected_or_has_left_is_skipped_whatever_is_wrong_with_it() -> None:
    elsewhere = evolve(EMPTY, selected=frozenset({"00008"}))
    not_chosen = one(Verdict.SKIP, Reason.NAO_SELECIONADA)
    assert empresa(elsewhere, documento="") == usuario(elsewhere, cpf=None, email=None) == not_chosen
    left = one(Verdict.SKIP, Reason.DESLIGADA)
    assert empresa(elsewhere, data_desligamento=LEFT) == usuario(EMPTY, data_desligamento=LEFT) == left


def test_todas_shows_itself_as_it_is_written() -> None:
    assert repr(TODAS) == "TODAS"


# ------------------------------------------------------------------ companies


def test_another_proemp_is_refused_by_its_name() -> None:
    assert empresa(EMPTY, proemp="PROEMP01") == one(Verdict.REFUSE, Reason.OUTRA_PROEMP, "PROEMP01")


@pytest.mark.parametrize("documento", ["", "ISENTO", "11222333000182"])
def test_a_company_without_a_valid_document_is_refused(documento: str) -> None:
    # Others without one are no records with the same document, nor is anything in the portal.
    scene = evolve(EMPTY, by_codigo={"00008": (SEEN,)}, integrated={OUTRO: "00008"})
    assert empresa(scene, documento=documento) == one(Verdict.REFUSE, Reason.DOCUMENTO_INVALIDO)


def test_inscricoes_that_would_be_cut_are_refused_by_name_unless_the_office_sends_them() -> None:
    cut = {"inscricao_estadual": "1" * 17, "inscricao_municipal": "2" * 17, "atividade": "A" * 31}
    refused = one(Verdict.REFUSE, Reason.INSCRICAO_CORTADA, "inscricao_estadual, inscricao_municipal")
    assert empresa(EMPTY, **cut) == refused
    assert empresa(evolve(EMPTY, send_cut_identifiers=True), **cut) == NOVA
    assert empresa(EMPTY, atividade="A" * 31) == NOVA


@pytest.mark.parametrize("written", ["", "ISENTO", None])
def test_what_is_no_document_is_none(written: str | None) -> None:
    assert documento_of(evolve(EMPRESA, documento=written or "")) is None
    assert documento_of(evolve(USUARIO, cpf=written)) is None
    assert (documento_of(EMPRESA), documento_of(USUARIO)) == (CNPJ, CPF)


# ------------------------------------------------------------------ what the portal has


def test_what_the_portal_has_once_is_adopted() -> None:
    adopted = one(Verdict.ADOPT, Reason.JA_NO_PORTAL)
    assert empresa(evolve(EMPTY, by_document={CNPJ: (SEEN,)}, by_codigo={"00007": (SEEN,)})) == adopted
    assert empresa(evolve(EMPTY, by_document={CNPJ: (evolve(SEEN, codigo=None),)})) == adopted
    assert usuario(evolve(EMPTY, by_document={CPF: (Seen(CPF.value, "PESSOA MODELO", CPF),)})) == adopted
    elsewhere = evolve(EMPTY, by_document={OUTRO: (evolve(SEEN, documento=OUTRO, codigo="00009"),)})
    assert empresa(elsewhere) == NOVA


def test_what_is_in_doubt_and_there_is_adopted_rather_than_sent() -> None:
    scene = evolve(known(Status.EM_DUVIDA, CNPJ), by_document={CNPJ: (SEEN,)})
    assert empresa(scene) == one(Verdict.ADOPT, Reason.JA_NO_PORTAL)


@pytest.mark.parametrize("count", [2, 3])
def test_what_the_portal_has_more_than_once_is_refused_and_all_are_named(count: int) -> None:
    found = tuple(evolve(SEEN, id=str(41 + n)) for n in range(count))
    assert empresa(evolve(EMPTY, by_document={CNPJ: found})) == one(
        Verdict.REFUSE, Reason.AMBIGUA_NO_PORTAL, "ids " + ", ".join(seen.id for seen in found)
    )


def test_a_document_under_another_codigo_and_a_codigo_with_another_document_are_refused_at_once() -> None:
    other = evolve(SEEN, id="42", documento=OUTRO)
    scene = evolve(
        EMPTY,
        by_document={CNPJ: (evolve(SEEN, codigo="00008"), evolve(SEEN, id="43", codigo="00009"))},
        by_codigo={"00007": (other, evolve(other, id="44", documento=None), SEEN)},
    )
    assert empresa(scene) == Decision(
        Verdict.REFUSE,
        (
            Finding(Reason.AMBIGUA_NO_PORTAL, "ids 41, 43"),
            Finding(Reason.DOCUMENTO_NO_PORTAL, "00008, 00009"),
            Finding(Reason.CODIGO_NO_PORTAL, "id 42, id 44"),
        ),
    )


# ------------------------------------------------------------------ users


def test_every_fault_of_a_user_is_told_at_once() -> None:
    assert usuario(EMPTY, cpf=None) == one(Verdict.REFUSE, Reason.CPF_AUSENTE)
    assert usuario(EMPTY, cpf="52998224726") == one(Verdict.REFUSE, Reason.DOCUMENTO_INVALIDO)
    assert usuario(EMPTY, email=None) == one(Verdict.REFUSE, Reason.EMAIL_AUSENTE)
    assert usuario(EMPTY, cpf=None, email="modelo") == Decision(
        Verdict.REFUSE, (Finding(Reason.CPF_AUSENTE), Finding(Reason.EMAIL_INVALIDO))
    )


@pytest.mark.parametrize(
    "email", ["modelo", "modelo@exemplo", "a@b@c.br", "a@b.c;d@e.f", "a b@c.br", "a@.br"]
)
def test_what_is_surely_no_address_is_refused(email: str) -> None:
    assert usuario(EMPTY, email=email) == one(Verdict.REFUSE, Reason.EMAIL_INVALIDO)


@pytest.mark.parametrize("email", [" modelo@exemplo.com.br ", "a.b+c@d.e.f", "é@ç.br"])
def test_what_may_be_an_address_is_not(email: str) -> None:
    assert usuario(EMPTY, email=email) == NOVA


# ------------------------------------------------------------------ deciding

LAST: Rule[ec.EmpresaGap] = Rule(Reason.NOVA, Verdict.CREATE, lambda case: "")


def says(verdict: Verdict, detail: str | None) -> Rule[ec.EmpresaGap]:
    return Rule(Reason.OUTRA_PROEMP, verdict, lambda case: detail)


@given(st.lists(st.tuples(st.sampled_from(Verdict), st.none() | st.sampled_from(["", "a", "b"])), max_size=8))
def test_the_first_rule_that_applies_has_the_word_and_further_refusals_join_a_refusal(
    script: list[tuple[Verdict, str | None]],
) -> None:
    case = Case(EMPRESA, EMPRESA, (), EMPTY)
    rules = (*(says(verdict, detail) for verdict, detail in script), LAST)
    told = [(verdict, detail) for verdict, detail in script if detail is not None]
    decision = decide(rules, case)
    if not told:
        assert decision == NOVA
        return
    verdict = told[0][0]
    details: Iterable[str] = (detail for also, detail in told if also is Verdict.REFUSE)
    expected = tuple(details) if verdict is Verdict.REFUSE else (told[0][1],)
    assert decision == Decision(verdict, tuple(Finding(Reason.OUTRA_PROEMP, detail) for detail in expected))


def test_rules_of_which_none_applies_are_no_rules() -> None:
    with pytest.raises(AssertionError, match="the last rule"):
        decide((says(Verdict.KEEP, None),), Case(EMPRESA, EMPRESA, (), EMPTY))


# ------------------------------------------------------------------ limits and policies


@pytest.mark.parametrize(
    ("count", "total", "reached"),
    [(4, 10, False), (5, 10, True), (5, 25, True), (5, 26, False), (6, 26, True), (100, 1000, False)],
)
def test_a_limit_is_reached_by_so_many_and_so_large_a_share(count: int, total: int, reached: bool) -> None:
    assert Limit(5, 0.2).reached(count, total) is reached


def test_policies_that_say_the_same_are_the_same_and_others_are_not() -> None:
    policy = ec.Policy(proemp="proemp00")
    assert policy == ec.Policy(proemp=ec.Proemp("PROEMP00"), doubt_seconds=900)
    assert policy.fingerprint == ec.Policy(proemp="PROEMP00").fingerprint
    others = (
        evolve(policy, proemp="PROEMP01"),
        evolve(policy, send_cut_identifiers=True),
        evolve(policy, doubt_seconds=0),
        evolve(policy, guards=ec.Guards(window_days=7)),
        evolve(policy, breaker=ec.Breaker(share=None)),
    )
    fingerprints = {policy.fingerprint, *(other.fingerprint for other in others)}
    assert len(fingerprints) == 1 + len(others)
    assert all(len(fingerprint) == 16 and int(fingerprint, 16) >= 0 for fingerprint in fingerprints)
