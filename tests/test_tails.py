"""Different texts that would be one, told apart: always where there is room, the same in any order, and told."""

import pickle
from itertools import permutations

import pytest
from attrs import evolve, frozen
from hypothesis import example, given
from hypothesis import strategies as st

from econtador.integration.fields import Distinguish, FieldAdapter, FieldLimit, FitStep, Unit

MAQUINAS = "Manutenção e reparação de máquinas e equipamentos para uso"
ATIVIDADE = FieldLimit("atividade", 30)


@frozen
class Cliente:
    codigo: str
    atividade: str | None = None
    cnae: str | None = None


def clientes(*atividades: str) -> list[Cliente]:
    return [Cliente(f"{number:05}", atividade) for number, atividade in enumerate(atividades, 1)]


def adapter(
    size: int = 30, *, abbreviate: bool = False, distinguish: Distinguish = "tail", unit: Unit = "code_points"
) -> FieldAdapter:
    return FieldAdapter(
        limits=[FieldLimit("atividade", size, unit=unit)], abbreviate=abbreviate, distinguish=distinguish
    )


texts = st.lists(
    st.sampled_from(
        [
            "Comércio de",
            "máquinas",
            "para uso",
            "agrícola",
            "industrial,",
            "exceto",
            "peças",
            "🏢",
            "e\u0301",
            "2",
            "..2",
        ]
    ),
    min_size=1,
    max_size=9,
).map(" ".join)


@given(
    st.lists(texts, max_size=12),
    st.integers(12, 40),
    st.booleans(),
    st.sampled_from(("code_points", "utf16", "utf8")),
)
@example(["..2 Comércio de", "..2 Comércio de Comércio de"], 12, False, "code_points")
def test_no_two_different_texts_are_one(found: list[str], size: int, abbreviate: bool, unit: Unit) -> None:
    fitter = adapter(size, abbreviate=abbreviate, unit=unit)
    records = clientes(*found)
    fitted = [fit.record.atividade for fit in fitter.fit_all(records)]
    assert len(set(fitted)) == len(set(found))
    assert fitter.collisions(records) == ()
    for text, after in zip(found, fitted, strict=True):
        assert after is not None
        assert fitter.limits[0].measure(after) <= size
        assert after == text or fitter.limits[0].measure(text) > size


@given(st.lists(st.text("ab .", min_size=1, max_size=5), max_size=9), st.integers(1, 4))
def test_what_cannot_be_told_apart_is_reported(found: list[str], size: int) -> None:
    fitter = adapter(size)
    records = clientes(*found)
    fitted = [fit.record.atividade or "" for fit in fitter.fit_all(records)]
    tidied = [" ".join(text.split()) for text in found]
    alike = {
        one for one, text in zip(fitted, tidied, strict=True) for other, other_text in zip(fitted, tidied, strict=True)
        if one == other and text != other_text
    }  # fmt: skip
    assert {collision.value for collision in fitter.collisions(records)} == alike


@given(st.lists(texts, min_size=2, max_size=4, unique=True), st.booleans())
def test_the_order_of_the_records_does_not_count(found: list[str], abbreviate: bool) -> None:
    fitter = adapter(16, abbreviate=abbreviate)
    answers = set()
    for order in permutations(clientes(*found)):
        answers.add(frozenset((fit.record.codigo, fit.record.atividade) for fit in fitter.fit_all(order)))
    assert len(answers) == 1


@given(st.lists(texts, max_size=9), st.booleans())
def test_only_what_would_be_one_is_changed(found: list[str], abbreviate: bool) -> None:
    fitter = adapter(20, abbreviate=abbreviate)
    alone = evolve(fitter, distinguish=None)
    records = clientes(*found)
    among = fitter.among(records)
    alike = {codigo for collision in alone.collisions(records) for codigo in collision.codigos}
    for record in records:
        fit = among.fit(record)
        if record.codigo not in alike:
            assert fit == alone.fit(record)
        for loss in fit.losses:
            assert (FitStep.DISTINCAO in loss.steps) is (fit.record != alone.fit(record).record)


def test_an_end_begins_with_the_word_that_differs_and_says_that_something_is_left_out() -> None:
    records = clientes(
        f"{MAQUINAS} agrícola", f"{MAQUINAS} agroindustrial", f"{MAQUINAS} doméstico", "Padaria"
    )
    fits = adapter().fit_all(records)
    assert [fit.record.atividade for fit in fits] == [
        "Manutenção e reparação d..agrí",
        "Manutenção e reparação d..agro",
        "Manutenção e reparação d..domé",
        "Padaria",
    ]
    assert [loss.steps for fit in fits for loss in fit.losses] == [(FitStep.CORTE, FitStep.DISTINCAO)] * 3
    assert not fits[0].lossless


def test_the_text_that_all_others_begin_with_keeps_its_form() -> None:
    records = clientes(MAQUINAS, f"{MAQUINAS} agrícola", f"{MAQUINAS} doméstico")
    assert (
        next(fit.record.atividade for fit in adapter(abbreviate=True).fit_all(records))
        == "Manut e rep de máq e equip uso"
    )


def test_a_text_that_fits_stays_as_it_is() -> None:
    short = (MAQUINAS + " agrícola")[:30].rstrip()
    fits = adapter().fit_all(clientes(f"{MAQUINAS} agrícola", short))
    assert fits[1].record.atividade == short
    assert fits[1].losses == ()
    assert fits[0].record.atividade != short


def test_by_cnae_the_digits_stand_before_the_text_where_they_are_known_and_differ() -> None:
    records = [
        Cliente("00001", f"{MAQUINAS} agrícola", "3314-7/11"),
        Cliente("00002", f"{MAQUINAS} doméstico", "9521500"),
        Cliente("00003", f"{MAQUINAS} industrial"),
        Cliente("00004", f"{MAQUINAS} próprio", "331"),
        Cliente("00005", "Padaria", "1091101"),
    ]
    fitted = [fit.record.atividade for fit in adapter(distinguish="cnae").fit_all(records)]
    assert fitted[:2] == ["3314711 Manutenção e reparação", "9521500 Manutenção e reparação"]
    assert len(set(fitted)) == 5
    assert fitted[4] == "Padaria"
    same = [evolve(record, cnae="3314711") for record in records[:2]]
    assert len({fit.record.atividade for fit in adapter(distinguish="cnae").fit_all(same)}) == 2


def test_ends_keep_clear_of_the_offices_own_texts() -> None:
    records = clientes(f"{MAQUINAS} agrícola", f"{MAQUINAS} doméstico", "Padaria")
    taken = adapter().fit_all(records)[0].record.atividade
    assert taken
    fitter = evolve(adapter(), overrides={("00003", "atividade"): taken})
    assert len({fit.record.atividade for fit in fitter.fit_all(records)}) == 3
    assert fitter.fit_all(records)[2].record.atividade == taken


def test_an_adapter_among_records_is_a_value_and_fits_one_record_at_a_time() -> None:
    records = clientes(f"{MAQUINAS} agrícola", f"{MAQUINAS} doméstico")
    among = adapter().among(records)
    again = pickle.loads(pickle.dumps(among))
    assert (again, hash(again)) == (among, hash(among))
    assert tuple(again.fit(record) for record in records) == adapter().fit_all(records)
    assert among.fit_text("atividade", f"{MAQUINAS} agrícola")[0] == "Manutenção e reparação d..agrí"
    assert FieldAdapter().among(records) == FieldAdapter()
    # Nothing is told apart before all records were seen.
    assert adapter().fit(records[0]).record == FieldAdapter().fit(records[0]).record


def test_an_identifier_is_not_told_apart() -> None:
    @frozen
    class Inscrito:
        codigo: str
        inscricao_estadual: str

    records = [Inscrito("00001", "1" * 17), Inscrito("00002", "1" * 18)]
    assert len(FieldAdapter(distinguish="tail").collisions(records)) == 1


def test_another_way_is_refused() -> None:
    with pytest.raises(ValueError, match=r"distinguish must be one of \('tail', 'cnae'\), not 'codigo'"):
        FieldAdapter(distinguish="codigo")  # type: ignore[arg-type]


def test_records_of_no_attrs_class_are_refused() -> None:
    for ask in (adapter().among, adapter().stale, adapter().suggest, adapter().score, FieldAdapter().score):
        with pytest.raises(TypeError, match="cannot fit a dict"):
            ask([{"codigo": "1"}])  # type: ignore[list-item]
