"""What no draft can say: it is refused where it is written, by its field, and its value is not repeated."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import pytest
from whole_drafts import (
    ATENDIMENTO,
    CANDIDATO,
    DAY,
    FALTA,
    FERIAS,
    LANCAMENTOS,
    LATER,
    MOMENT,
    MOVIMENTO,
    PARECER,
    RESCISAO,
    changed,
)

from econtador.documents import Cnpj, Cpf
from econtador.errors import InvalidDraft
from econtador.portal.envios import AtendimentoNovo, CandidatoNovo, LancamentosContabeis, MovimentoNovo
from econtador.portal.values import UNSET

WHOLE: tuple[Any, ...] = (MOVIMENTO, FALTA, CANDIDATO, FERIAS, RESCISAO, PARECER, ATENDIMENTO, LANCAMENTOS)
WRONG: Mapping[str, tuple[object, ...]] = {
    "id": ("", "  ", 12, None, b"12", "\udce7"),
    "text": (12, b"", True, ["SEGREDO"], "\udce7"),
    "filled": ("", "\t", None, 12, UNSET, "\udce7"),
    "flag": (0, 1, "true"),
    "count": (-1, True, 1.0, "1", Decimal(1)),
    "day": (None, "2026-01-05", MOMENT, datetime(2026, 1, 5), 20260105),
    "instant": (None, DAY, "2026-01-05T03:00:00Z", datetime(2026, 1, 5)),
    "content": (b"", "texto", bytearray(b"1"), None),
    "money": (1, 1.5, "1.50", True, Decimal("0.001"), Decimal(-1), Decimal("-0"), Decimal(10) ** 13),
    "valor": (
        True,
        -1,
        7.75,
        "7:45",
        None,
        Decimal("0.001"),
        Decimal("-0.01"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1E+999999"),
        Decimal("1E-999999"),
        timedelta(seconds=30),
        timedelta(minutes=-1),
    ),
}
WRONG_OF: Mapping[tuple[type, str], tuple[object, ...]] = {
    (MovimentoNovo, "faltas"): ([FALTA], (MOVIMENTO,), None, FALTA),
    (CandidatoNovo, "cpf"): ("52998224725", 52998224725, Cnpj("11222333000181"), None),
    (AtendimentoNovo, "parecer_inicial"): ("ABRIR", None, {"texto": "ABRIR"}),
    (LancamentosContabeis, "cnpj_remetente"): ("11222333000181", Cpf("52998224725"), None),
}


def wrong_values() -> list[Any]:
    """Every field of every draft with every value that its check refuses."""
    cases = []
    for draft in WHOLE:
        for field in attrs.fields(type(draft)):
            check: Any = field.validator
            values = WRONG_OF.get((type(draft), field.name)) or WRONG[check.__name__]
            cases += [
                pytest.param(draft, field.name, value, id=f"{type(draft).__name__}-{field.name}-{value!r}")
                for value in values
            ]
    return cases


@pytest.mark.parametrize(("draft", "name", "value"), wrong_values())
def test_what_the_portal_could_not_mean_is_refused_when_the_draft_is_made(
    draft: Any, name: str, value: object
) -> None:
    with pytest.raises(InvalidDraft) as caught:
        changed(draft, **{name: value})
    assert (caught.value.resource, caught.value.field) == (draft.RESOURCE, name)
    for personal in ("SEGREDO", "52998224725", "11222333000181"):
        assert personal not in str(caught.value)


@pytest.mark.parametrize(
    ("draft", "beginning", "end"),
    [
        (MOVIMENTO, "inicio", "fim"),
        (FALTA, "inicio", "fim"),
        (FERIAS, "de", "ate"),
        (LANCAMENTOS, "inicio", "fim"),
    ],
)
def test_a_period_does_not_end_before_it_begins(draft: Any, beginning: str, end: str) -> None:
    changed(draft, **{beginning: LATER, end: LATER})
    with pytest.raises(InvalidDraft, match=f"{end}: before {beginning}"):
        changed(draft, **{beginning: LATER, end: DAY})


def test_reprs_of_drafts_have_nothing_personal() -> None:
    texts = {
        field.name: "SEGREDO"
        for field in attrs.fields(CandidatoNovo)
        if getattr(field.validator, "__name__", "") in {"text", "id"} and field.name != "empresa"
    }
    candidato = changed(
        CANDIDATO,
        nome="PESSOA MODELO 52998224725",
        nascimento=date(1990, 7, 17),
        salario=Decimal(4321),
        **texts,
    )
    for value in ("SEGREDO", "52998224725", "000000", "4321", "1990"):
        assert value not in repr(candidato)
