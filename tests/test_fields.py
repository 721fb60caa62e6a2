"""Fields of GAP in the portal's sizes: what is kept, what is lost, and what is said of it."""

import pickle
import re
from itertools import accumulate
from typing import Any, cast

import attrs
import pytest
from attrs import evolve, frozen
from attrs.exceptions import FrozenInstanceError
from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from econtador.errors import InvalidRecord
from econtador.gap.models import EmpresaGap
from econtador.integration.fields import (
    LIMITS,
    Adaptation,
    Collision,
    FieldAdapter,
    FieldLimit,
    FitStep,
    Loss,
    Nature,
    Unit,
)

ADAPTER = FieldAdapter()
CARDINAL = {"code_points": ("utf-32-le", 4), "utf16": ("utf-16-le", 2), "utf8": ("utf-8", 1)}

EMPRESA = EmpresaGap(
    codigo="00007",
    proemp="PROEMP00",
    razao_social="PADARIA DO ZÉ LTDA",
    documento="11.222.333/0001-81",
    inscricao_estadual="110.042.490.114",
    inscricao_municipal="1.234.567-8",
    endereco="Rua das Flores",
    bairro="Centro",
    atividade="Padaria",
    complemento="  loja  2  ",
)


@frozen
class Curta:
    """A record with some of the fields, one of them under another name in its constructor."""

    codigo: str
    bairro: str | None = attrs.field(default=None, alias="regiao")

    @property
    def endereco(self) -> str:
        return "made up, " * 9 + self.codigo


def with_text(empresa: EmpresaGap, field: str, text: str) -> EmpresaGap:
    changes: dict[str, Any] = {field: text}
    return evolve(empresa, **changes)


# ------------------------------------------------------------------ texts

ORDINARY = (
    "A",
    "ç",
    "E\u0301",
    "👩🏽\u200d🦱",
    "🇧🇷",
    "한",
    "\u1112\u1161\u11ab",
    "क्षि",
    "Z\u0351\u036b\u0343\u033b",
)
SPACES = (" ", "  ", "\t", "\r\n", "\u00a0", "\u2003", "\u3000")
MASK = (".", "-", "/", " ")

ordinary_texts = st.lists(st.sampled_from((*ORDINARY, " ")), max_size=40).map("".join)
any_texts = st.lists(
    st.one_of(
        st.characters(exclude_categories=["Cn"]),  # lone surrogates too
        st.sampled_from((*ORDINARY, *SPACES, *MASK)),
        st.sampled_from("".join(ORDINARY)),
        st.text("0123456789", max_size=9),
    ),
    max_size=40,
).map("".join)

limits = st.builds(
    FieldLimit,
    st.just("campo"),
    st.integers(1, 25),
    nature=st.sampled_from(("text", "identifier")),
    unit=st.sampled_from(("code_points", "utf16", "utf8")),
)


def size(text: str, unit: Unit) -> int:
    encoding, width = CARDINAL[unit]
    return len(text.encode(encoding, "surrogatepass")) // width


def tidied(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def unmasked(text: str) -> str:
    return re.sub("[-./ ]", "", text)


def before_cut(text: str, limit: FieldLimit) -> str:
    """What a text is before any cut, in the rule's own words."""
    tidy = tidied(text)
    too_long = size(tidy, limit.unit) > limit.limit
    return unmasked(tidy) if too_long and limit.nature == "identifier" else tidy


def boundaries(text: str) -> list[int]:
    return [0, *accumulate(len(character) for character in iter_graphemes(text))]


def fit_one(text: str, limit: FieldLimit) -> tuple[str, Loss | None]:
    return FieldAdapter(limits=(limit,)).fit_text(limit.field, text)


# ------------------------------------------------------------------ what holds for any text


@given(any_texts, limits)
@example("", FieldLimit("campo", 1))
@example(" \t ", FieldLimit("campo", 1))
@example("\ud800" * 9, FieldLimit("campo", 4, unit="utf8"))
def test_the_result_is_within_the_limit_in_its_unit(text: str, limit: FieldLimit) -> None:
    after, _ = fit_one(text, limit)
    assert size(after, limit.unit) <= limit.limit
    assert size(after, limit.unit) == limit.measure(after)


@given(any_texts, limits)
@example("ab\u0600 cd", FieldLimit("campo", 4))
def test_fitting_again_changes_nothing(text: str, limit: FieldLimit) -> None:
    after, _ = fit_one(text, limit)
    assert fit_one(after, limit) == (after, None)


@given(any_texts, limits)
def test_there_is_a_loss_exactly_when_something_changed(text: str, limit: FieldLimit) -> None:
    after, loss = fit_one(text, limit)
    assert (loss is None) == (after == text)
    if loss:
        assert (loss.field, loss.before, loss.after) == ("campo", text, after)
        assert (loss.limit, loss.nature) == (limit.limit, limit.nature)


@given(any_texts, limits)
def test_the_result_and_what_was_lost_are_the_tidied_or_unmasked_text(text: str, limit: FieldLimit) -> None:
    after, loss = fit_one(text, limit)
    assert after + (loss.lost if loss else "") == before_cut(text, limit)


@given(any_texts, limits)
def test_the_steps_are_those_that_were_needed_in_order(text: str, limit: FieldLimit) -> None:
    _, loss = fit_one(text, limit)
    tidy, whole = tidied(text), before_cut(text, limit)
    needed = {
        FitStep.ESPACOS: tidy != text,
        FitStep.MASCARA: whole != tidy,
        FitStep.CORTE: size(whole, limit.unit) > limit.limit,
    }
    assert (loss.steps if loss else ()) == tuple(step for step in FitStep if needed.get(step))
    if loss:
        assert loss.lossless is not needed[FitStep.CORTE]
        assert loss.identifier is (needed[FitStep.CORTE] and limit.nature == "identifier")


@given(any_texts, limits)
@example("ab\u0600 cd", FieldLimit("campo", 4))
@example("🇧🇷🇵🇹", FieldLimit("campo", 3))
def test_no_character_is_split(text: str, limit: FieldLimit) -> None:
    after, _ = fit_one(text, limit)
    assert len(after) in boundaries(before_cut(text, limit))


@given(ordinary_texts, limits)
def test_of_ordinary_text_as_much_is_kept_as_can_be(text: str, limit: FieldLimit) -> None:
    whole = before_cut(text, limit)
    fitting = [whole[:end] for end in boundaries(whole) if size(whole[:end], limit.unit) <= limit.limit]
    assert fit_one(text, limit)[0] == fitting[-1].rstrip()


@pytest.mark.parametrize(
    ("text", "limit", "after"),
    [
        ("  Rua \t das\u00a0Flores ", 50, "Rua das Flores"),
        ("JARDIM DAS FLORES", 7, "JARDIM"),
        ("SA\u0303O", 2, "S"),
        ("Z" + "\u0351" * 60, 50, ""),
        ("👩🏽\u200d🦱👩🏽\u200d🦱", 7, "👩🏽\u200d🦱"),
        ("ab\u0600 cd", 4, "ab"),  # the sign and the space after it are one character
        ("x \u0600 y", 4, "x"),
        ("", 1, ""),
        (" \u3000 ", 1, ""),
    ],
)
def test_texts_worth_remembering(text: str, limit: int, after: str) -> None:
    assert fit_one(text, FieldLimit("campo", limit))[0] == after


@pytest.mark.parametrize(("unit", "after"), [("code_points", "Zé 🏢çã"), ("utf16", "Zé 🏢ç"), ("utf8", "Zé")])
def test_a_limit_counts_in_its_unit(unit: Unit, after: str) -> None:
    limit = FieldLimit("campo", 6, unit=unit)
    assert fit_one("Zé 🏢çãs", limit)[0] == after


# ------------------------------------------------------------------ encodings

CP1252 = FieldAdapter(limits=(FieldLimit("campo", 25),), encoding="cp1252")


@given(any_texts)
def test_what_an_encoding_cannot_hold_is_told_and_never_a_question_mark(text: str) -> None:
    after, loss = CP1252.fit_text("campo", text)
    assert len(after.encode("cp1252")) == len(after) <= 25
    assert after.count("?") <= text.count("?") + text.count("\uff1f") + 2 * sum(map(text.count, "⁇⁈⁉︖﹖"))
    assert CP1252.fit_text("campo", after) == (after, None)
    changes = {FitStep.CARACTERES, FitStep.CARACTERES_RETIRADOS}
    told = bool(loss and changes & set(loss.steps))
    assert told is not can_hold(tidied(text))


def can_hold(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "after", "steps", "lost"),
    [
        ("Praça “São João” – 2º €", "Praça “São João” – 2º €", (), ""),
        ("Cafe\u0301", "Café", (FitStep.CARACTERES,), ""),
        ("Şirin − ﬁm", "Sirin - fim", (FitStep.CARACTERES,), ""),
        ("Zé 🥖 Pão", "Zé Pão", (FitStep.CARACTERES_RETIRADOS,), "🥖"),
        ("Łódź 👩🏽\u200d🦱", "Lódz", (FitStep.CARACTERES, FitStep.CARACTERES_RETIRADOS), "👩🏽🦱"),
        ("Москва", "", (FitStep.CARACTERES_RETIRADOS,), "Москва"),
    ],
)
def test_characters_that_cp1252_has_not(text: str, after: str, steps: tuple[FitStep, ...], lost: str) -> None:
    fitted, loss = CP1252.fit_text("campo", text)
    assert (fitted, loss.steps if loss else (), loss.lost if loss else "") == (after, steps, lost)


def test_an_encoding_that_has_less_gets_plain_signs() -> None:
    adapter = FieldAdapter(limits=(FieldLimit("campo", 25),), encoding="ascii")
    assert adapter.fit_text("campo", "„Praça” – São João…")[0] == '"Praca" - Sao Joao...'


def test_an_encoding_goes_by_any_of_its_names_and_must_be_one_of_text() -> None:
    assert FieldAdapter(encoding="windows-1252") == FieldAdapter(encoding="cp1252")
    for name in ("windows-portal", "base64", "rot13"):
        with pytest.raises(ValueError, match=f"encoding must be one of text that Python knows.*'{name}'"):
            FieldAdapter(encoding=name)


def test_a_record_is_fitted_to_the_encoding_too() -> None:
    fit = FieldAdapter(encoding="cp1252").fit(evolve(EMPRESA, bairro="Centro 🥖"))
    assert fit.record == EMPRESA
    assert [loss.lost for loss in fit.losses] == ["🥖"]


# ------------------------------------------------------------------ inscrições

# Masks by UF as SINTEGRA writes them, one or more for each; the PE number of 18 is its own example.
INSCRICOES = (
    "240000048", "04.123.456-9", "123456-63", "1234567-48", "06000001-5", "07300001001-09", "08.012.345-6",
    "10.987.654-7", "12.000.038-5", "0013000001-9", "28.000.000-0", "062.307.904/0081", "15-999999-5",
    "06.000.001-5", "123.45678-50", "0321418-40", "20.040.040-1", "20.0.040.040-0", "224/3658792",
    "0000000062521-3", "24.006.628-1", "251.040.852", "27123456-3", "110.042.490.114", "P-01100424.3/002",
    "29010227836", "ISENTO",
)  # fmt: skip
TOO_LONG_WITH_THEIR_MASK = (("01.004.823/001-12", "0100482300112"), ("18.1.001.0000004-9", "18100100000049"))


@pytest.mark.parametrize("inscricao", INSCRICOES)
@pytest.mark.parametrize("field", ["inscricao_estadual", "inscricao_municipal"])
def test_an_inscricao_that_fits_keeps_its_mask(field: str, inscricao: str) -> None:
    assert ADAPTER.fit_text(field, inscricao) == (inscricao, None)


@pytest.mark.parametrize(("inscricao", "bare"), TOO_LONG_WITH_THEIR_MASK)
def test_an_inscricao_loses_its_mask_rather_than_its_end(inscricao: str, bare: str) -> None:
    after, loss = ADAPTER.fit_text("inscricao_estadual", f" {inscricao}")
    assert after == bare
    assert loss == Loss(
        "inscricao_estadual", f" {inscricao}", bare, 16, (FitStep.ESPACOS, FitStep.MASCARA), "identifier"
    )
    assert loss
    assert (loss.lossless, loss.identifier, loss.lost) == (True, False, "")


def test_an_inscricao_too_long_without_its_mask_is_cut_and_marked() -> None:
    after, loss = ADAPTER.fit_text("inscricao_municipal", "1234567890.1234567-8")
    assert after == "1234567890123456"
    assert loss
    assert (loss.identifier, loss.lossless, loss.lost) == (True, False, "78")
    assert loss.steps == (FitStep.MASCARA, FitStep.CORTE)


def test_a_text_keeps_its_signs_and_is_no_identifier() -> None:
    _, loss = ADAPTER.fit_text("bairro", "JD. STA. MARIA - ZONA SUL / B")
    assert loss
    assert (loss.after, loss.lost, loss.identifier) == ("JD. STA. MARIA - ZON", "A SUL / B", False)
    assert loss.steps == (FitStep.CORTE,)


# ------------------------------------------------------------------ the article's table


def test_the_limits_are_those_of_the_article() -> None:
    assert [(limit.label, limit.gap, limit.limit) for limit in LIMITS] == [
        ("Razão Social", 60, 50),
        ("Inscrição Estadual", 20, 16),
        ("Inscrição Municipal", 20, 16),
        ("Endereço", 70, 50),
        ("Bairro", 30, 20),
        ("Atividade", 100, 30),
    ]
    assert [limit.field for limit in LIMITS if limit.nature == "identifier"] == [
        "inscricao_estadual",
        "inscricao_municipal",
    ]
    assert {limit.unit for limit in LIMITS} == {"code_points"}


@pytest.mark.parametrize("limit", LIMITS, ids=[limit.field for limit in LIMITS])
def test_each_limit_is_a_field_of_gap_and_cuts_what_gap_can_hold(limit: FieldLimit) -> None:
    assert limit.gap
    fit = ADAPTER.fit(with_text(EMPRESA, limit.field, "1" * limit.gap))
    assert getattr(fit.record, limit.field) == "1" * limit.limit
    assert [(loss.field, loss.lost) for loss in fit.losses] == [
        (limit.field, "1" * (limit.gap - limit.limit))
    ]


# ------------------------------------------------------------------ records

# GAP holds no half of a surrogate pair.
whole_texts = any_texts.map(lambda text: re.sub("[\ud800-\udfff]", "", text))
gap_empresas = st.builds(
    EmpresaGap,
    codigo=st.from_regex(r"[0-9]{5}", fullmatch=True),
    proemp=st.just("PROEMP00"),
    razao_social=whole_texts.map(lambda text: ("A " + text)[:60]),
    documento=st.just("11.222.333/0001-81"),
    inscricao_estadual=st.none() | whole_texts.map(lambda text: text[:20]),
    inscricao_municipal=st.none() | st.text("0123456789.-/ ", max_size=20),
    endereco=st.none() | whole_texts.map(lambda text: text[:70]),
    bairro=st.none() | whole_texts.map(lambda text: text[:30]),
    atividade=st.none() | whole_texts.map(lambda text: text[:100]),
)


def texts(empresa: EmpresaGap) -> dict[str, str | None]:
    return {limit.field: getattr(empresa, limit.field) for limit in LIMITS}


@given(gap_empresas)
def test_a_record_is_fitted_field_by_field(empresa: EmpresaGap) -> None:
    fit = ADAPTER.fit(empresa)
    one_by_one = {
        field: ADAPTER.fit_text(field, text) for field, text in texts(empresa).items() if text is not None
    }
    assert fit.losses == tuple(loss for _, loss in one_by_one.values() if loss)
    # Where a text becomes empty, GAP's record has None.
    assert texts(fit.record) == {
        **texts(empresa),
        **{k: after or None for k, (after, _) in one_by_one.items()},
    }
    assert fit.lossless is all(loss.lossless for loss in fit.losses)


@given(gap_empresas)
def test_a_record_that_fits_is_the_same_object(empresa: EmpresaGap) -> None:
    fit = ADAPTER.fit(empresa)
    assert (fit.record is empresa) is (fit.losses == ())
    again = ADAPTER.fit(fit.record)
    assert again.record is fit.record
    assert again.losses == ()


def test_the_other_fields_are_let_be() -> None:
    fit = ADAPTER.fit(evolve(EMPRESA, bairro=" Centro"))
    assert fit.record == EMPRESA
    assert fit.record.complemento == "  loja  2  "
    assert fit.lossless
    assert [loss.steps for loss in fit.losses] == [(FitStep.ESPACOS,)]


def test_losses_come_in_the_order_of_the_limits() -> None:
    long = evolve(EMPRESA, razao_social="A" * 60, inscricao_estadual="1" * 20, atividade="x " * 50)
    fit = ADAPTER.fit(long)
    assert [loss.field for loss in fit.losses] == ["razao_social", "inscricao_estadual", "atividade"]
    assert [loss.identifier for loss in fit.losses] == [False, True, False]
    assert not fit.lossless


def test_only_fields_of_the_record_are_fitted_whatever_its_constructor_calls_them() -> None:
    fit = ADAPTER.fit(Curta("00001", regiao="Jardim  América"))
    assert fit.record == Curta("00001", regiao="Jardim América")
    assert [loss.field for loss in fit.losses] == ["bairro"]
    empty = Curta("00001")
    assert ADAPTER.fit(empty) == Adaptation(empty, ())
    assert ADAPTER.collisions([empty, Curta("00002")]) == ()


def test_other_limits_take_the_place_of_the_articles() -> None:
    adapter = FieldAdapter(limits=[FieldLimit("complemento", 4)])
    assert isinstance(adapter.limits, tuple)
    fit = adapter.fit(evolve(EMPRESA, bairro="B" * 30))
    assert fit.record.complemento == "loja"
    assert fit.record.bairro == "B" * 30
    assert FieldAdapter(limits=()).fit(EMPRESA).record is EMPRESA


def test_a_razao_social_of_which_nothing_fits_is_refused_by_the_record() -> None:
    with pytest.raises(InvalidRecord, match="razao_social"):
        ADAPTER.fit(evolve(EMPRESA, razao_social="Z" + "\u0351" * 59))


# ------------------------------------------------------------------ collisions

MAQUINAS = "MANUTENÇÃO E REPARAÇÃO DE MÁQUINAS"


def test_activities_that_become_one_are_told_with_every_codigo() -> None:
    activities = (
        f"{MAQUINAS} DE ESCRITÓRIO",
        "Padaria",
        f"{MAQUINAS}-FERRAMENTA",
        None,
        f"{MAQUINAS} DE ESCRITÓRIO",
        "MANUTENÇÃO E REPARAÇÃO DE MÁQU",
        "Padaria",
    )
    empresas = (
        evolve(EMPRESA, codigo=f"{number:05}", atividade=activity)
        for number, activity in enumerate(activities, 1)
    )
    assert ADAPTER.collisions(empresas) == (
        Collision("atividade", "MANUTENÇÃO E REPARAÇÃO DE MÁQU", ("00001", "00003", "00005", "00006")),
    )


def test_texts_that_differ_in_spaces_only_were_never_different() -> None:
    assert ADAPTER.collisions([EMPRESA, evolve(EMPRESA, bairro=" Centro ", atividade="Padaria\u00a0")]) == ()


def test_equal_texts_that_are_cut_were_never_different() -> None:
    assert ADAPTER.collisions([evolve(EMPRESA, atividade=MAQUINAS)] * 2) == ()


def test_a_number_with_and_without_its_mask_is_told() -> None:
    masked, bare = TOO_LONG_WITH_THEIR_MASK[0]
    found = ADAPTER.collisions(
        [evolve(EMPRESA, codigo="00002", inscricao_estadual=masked), evolve(EMPRESA, inscricao_estadual=bare)]
    )
    assert found == (Collision("inscricao_estadual", bare, ("00002", "00007")),)


@given(st.lists(st.none() | st.text("ab .", max_size=4), max_size=8))
def test_two_records_collide_exactly_when_fitting_makes_their_texts_one(bairros: list[str | None]) -> None:
    adapter = FieldAdapter(limits=(FieldLimit("bairro", 2), FieldLimit("atividade", 2)))
    records = [Curta(str(number), regiao=bairro) for number, bairro in enumerate(bairros)]
    collisions = adapter.collisions(records)
    given_texts = [(number, bairro) for number, bairro in enumerate(bairros) if bairro is not None]
    fitted = {number: adapter.fit_text("bairro", bairro)[0] for number, bairro in given_texts}
    colliding = {
        fitted[one]
        for one, text in given_texts
        for other, other_text in given_texts
        if tidied(text) != tidied(other_text) and fitted[one] == fitted[other]
    }
    assert {collision.value for collision in collisions} == colliding
    assert len(collisions) == len(colliding)
    for collision in collisions:
        assert collision.field == "bairro"
        assert collision.codigos == tuple(
            str(number) for number, text in fitted.items() if text == collision.value
        )


# ------------------------------------------------------------------ values, errors


def test_everything_pickles_to_an_equal() -> None:
    long = evolve(EMPRESA, atividade=MAQUINAS)
    fit = ADAPTER.fit(long)
    collision = ADAPTER.collisions([long, evolve(long, atividade=MAQUINAS + " DE COSTURA")])
    for value in (ADAPTER, FieldAdapter(limits=(FieldLimit("bairro", 6, unit="utf8"),)), fit, collision):
        assert pickle.loads(pickle.dumps(value)) == value
    assert pickle.loads(pickle.dumps(ADAPTER)).fit(long) == fit


def test_adapters_are_values() -> None:
    six = FieldLimit("bairro", 6)
    assert len({FieldAdapter(), ADAPTER, FieldAdapter(limits=(six,)), FieldAdapter(limits=[six])}) == 2
    with pytest.raises(FrozenInstanceError):
        ADAPTER.limits = ()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def test_each_step_has_its_words() -> None:
    assert [(step.value, step.label, step.lossless) for step in FitStep] == [
        ("espacos", "espaços arrumados", True),
        ("caracteres", "caracteres trocados", True),
        ("caracteres-retirados", "caracteres retirados", False),
        ("substituicao", "texto do escritório", True),
        ("mascara", "máscara retirada", True),
        ("forma-juridica", "forma jurídica abreviada", True),
        ("comercio", "palavras do comércio abreviadas", True),
        ("logradouro", "tipo de logradouro abreviado", True),
        ("titulo", "título abreviado", True),
        ("bairro", "palavras de bairro abreviadas", True),
        ("atividade", "palavras de atividade abreviadas", True),
        ("conectivos", "conectivos retirados", False),
        ("reducao", "palavras reduzidas", False),
        ("corte", "cortado", False),
        ("distincao", "distinguido de outros", False),
    ]


def test_repr_shows_no_cpf() -> None:
    mei = "JOAO  DA SILVA 529.982.247-25 COMERCIO DE DOCES E SALGADOS"
    _, loss = ADAPTER.fit_text("razao_social", mei)
    assert loss
    assert "529.982.247-25" in loss.before
    shown = repr((loss, Collision("razao_social", loss.after, ("00001", "00002"))))
    assert "529" not in shown
    assert "JOAO  DA SILVA ***" in shown


def test_repr_shows_no_half_of_a_cpf_that_was_cut() -> None:
    _, loss = ADAPTER.fit_text("razao_social", "PESSOA MODELO 01 DA SILVA DOS SANTOS 52998 52998224725")
    assert loss
    assert loss.lost == "4725"
    assert "4725" not in repr(loss)
    assert "5299822" not in repr(loss)


@pytest.mark.parametrize("size_", [0, -1])
def test_a_limit_below_one_is_refused(size_: int) -> None:
    with pytest.raises(ValueError, match=f"limit of 'bairro' must be 1 or more, not {size_}"):
        FieldLimit("bairro", size_)


def test_a_kind_or_a_unit_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="nature of 'bairro'.*'number'"):
        FieldLimit("bairro", 6, nature=cast("Nature", "number"))
    with pytest.raises(ValueError, match="unit of 'bairro'.*'bytes'"):
        FieldLimit("bairro", 6, unit=cast("Unit", "bytes"))


def test_two_limits_for_one_field_are_refused() -> None:
    with pytest.raises(ValueError, match="more than one limit for bairro$"):
        FieldAdapter(limits=(*LIMITS, FieldLimit("apelido", 15), FieldLimit("bairro", 6)))


def test_a_text_of_a_field_without_limit_is_refused() -> None:
    with pytest.raises(
        ValueError, match="no limit for 'apelido'; there is one for razao_social, .*, atividade"
    ):
        ADAPTER.fit_text("apelido", "x")
    with pytest.raises(ValueError, match="no field"):
        FieldAdapter(limits=()).fit_text("bairro", "x")


def test_a_record_of_no_attrs_class_is_refused_and_not_passed_as_fitting() -> None:
    row = cast("EmpresaGap", {"bairro": "B" * 30})
    with pytest.raises(TypeError, match="cannot fit a dict"):
        ADAPTER.fit(row)
    with pytest.raises(TypeError, match="cannot fit a dict"):
        ADAPTER.collisions([EMPRESA, row])
