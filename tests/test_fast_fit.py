"""Records fitted by what is written once for their class, and by the loop over their fields: always the same."""

import copy
import pickle

import attrs
import pytest
from attrs import frozen
from hypothesis import example, given
from hypothesis import strategies as st

from econtador.integration.fields import LIMITS, Adaptation, FieldAdapter, FieldLimit, FitStep, Loss

ADAPTERS = (
    FieldAdapter(),
    FieldAdapter(abbreviate=True),
    FieldAdapter([attrs.evolve(limit, unit="utf8") for limit in LIMITS]),
)
LONG = "Jardim Nossa Senhora Aparecida"


@frozen
class Cliente:
    codigo: str
    razao_social: str | None = None
    inscricao_estadual: str | None = None
    bairro: str | None = attrs.field(default=None, alias="regiao")
    atividade: str | None = attrs.field(default=None, kw_only=True)


class ByTheLoop(Cliente):
    """A class whose constructor is its own, so that nothing is written for it."""

    def __init__(self, *given: str | None, **named: str | None) -> None:
        self.__attrs_init__(*given, **named)  # type: ignore[attr-defined]


# A class with __attrs_init__ of its own.
ByTheLoop = attrs.frozen(init=False)(ByTheLoop)  # type: ignore[misc]

texts = st.none() | st.lists(
    st.one_of(
        st.sampled_from(
            ["Comércio de", "Limitada", LONG, "1.234.567-8", "", "–", "🏢", "ab\u0600", "SA\u0303O"]
        ),
        st.sampled_from(["\t", "\u00a0", "\u2003", "\x1f", "\x00", " "]),
        st.text(max_size=9),
    ),
    max_size=9,
).map(" ".join)


def plainly(adapter: FieldAdapter, record: Cliente) -> Adaptation[Cliente]:
    """What :meth:`FieldAdapter.fit` answers, from each text by itself."""
    found = (
        adapter.fit_text(limit.field, text)[1]
        for limit in adapter.limits
        if (text := getattr(record, limit.field, None)) is not None
    )
    losses = tuple(loss for loss in found if loss)
    names = {"bairro": "regiao"}
    changes = {names.get(loss.field, loss.field): loss.after for loss in losses}
    return Adaptation(attrs.evolve(record, **changes), losses)


@given(texts, texts, texts, texts)
@example(" Modelo", None, None, None)
@example("Modelo", "", "", "Padaria ")
@example("Modelo\u00a0Novo", "", None, LONG * 2)
@example("Modelo – Novo", "01.004.823/001-12", LONG, LONG * 2)
@example("Modelo –\u2003Novo", "1", LONG, LONG * 2)
def test_a_record_is_fitted_as_its_texts_are(
    razao: str | None, inscricao: str | None, bairro: str | None, atividade: str | None
) -> None:
    for kind in (Cliente, ByTheLoop):
        record = kind("00001", razao, inscricao, bairro, atividade=atividade)
        for adapter in ADAPTERS:
            fit = adapter.fit(record)
            assert fit == plainly(adapter, record)
            assert type(fit.record) is kind
            assert (fit.record is record) is (fit.losses == ())
            assert adapter.fit(record) == fit


def test_an_adaptation_is_as_good_as_one_that_was_constructed() -> None:
    for record in (Cliente("00001", "Modelo"), Cliente("00001", "Modelo", regiao=LONG)):
        fit = ADAPTERS[0].fit(record)
        again = Adaptation(fit.record, fit.losses)
        assert (fit, hash(fit), repr(fit)) == (again, hash(again), repr(again))
        assert pickle.loads(pickle.dumps(fit)) == fit
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            fit.losses = ()  # type: ignore[misc]


def test_the_records_own_constructor_makes_the_copy() -> None:
    def upper(text: str) -> str:
        return text.upper()

    @attrs.define
    class Anotado:
        atividade: str = attrs.field(converter=upper)
        bairro: str = attrs.field(kw_only=True)
        made: int = attrs.field(init=False, default=1)

    fit = FieldAdapter([FieldLimit("atividade", 7), FieldLimit("bairro", 4)]).fit(
        Anotado("Padaria modelo", bairro="Vila Nova")
    )
    assert fit.record == Anotado("PADARIA", bairro="Vila")
    assert [loss.lost for loss in fit.losses] == [" MODELO", " Nova"]


def test_a_field_that_the_constructor_does_not_take_is_let_be_while_it_fits() -> None:
    @attrs.define
    class Feito:
        codigo: str
        bairro: str = attrs.field(init=False, default="Centro")

    record = Feito("00001")
    assert ADAPTERS[0].fit(record) == Adaptation(record, ())
    record.bairro = LONG
    with pytest.raises(TypeError, match="bairro"):
        ADAPTERS[0].fit(record)


def test_a_field_that_was_taken_away_is_let_be() -> None:
    @attrs.define(slots=False)
    class Solto:
        codigo: str
        bairro: str | None = None

    record = Solto("00001")
    del record.bairro
    fit = ADAPTERS[0].fit(record)
    assert fit.record is record
    assert fit.losses == ()


@pytest.mark.parametrize("wrong", [7, 0, b"Centro", ["Centro"]])
def test_what_is_no_text_is_refused(wrong: object) -> None:
    with pytest.raises((TypeError, AttributeError)):
        ADAPTERS[0].fit(Cliente("00001", regiao=wrong))  # type: ignore[arg-type]


def test_no_other_than_records_of_attrs_are_fitted_however_often_they_come() -> None:
    for _ in range(2):
        with pytest.raises(TypeError, match="cannot fit a dict: not an instance of an attrs class"):
            ADAPTERS[0].fit({"bairro": LONG})  # type: ignore[type-var]


def test_an_adapter_that_fitted_can_be_copied_and_sent_and_fits_the_same() -> None:
    record = Cliente("00001", regiao=LONG)
    for adapter in ADAPTERS:
        fit = adapter.fit(record)
        for again in (copy.copy(adapter), copy.deepcopy(adapter), pickle.loads(pickle.dumps(adapter))):
            assert (again, hash(again), again.fit(record)) == (adapter, hash(adapter), fit)


def test_more_texts_than_are_remembered_are_each_their_own() -> None:
    adapter = FieldAdapter([FieldLimit("bairro", 4)])
    for _ in range(2):
        for number in range(1500):
            fit = adapter.fit(Cliente("00001", regiao=f"Vila {number:04}"))
            assert fit.losses == (
                Loss("bairro", f"Vila {number:04}", "Vila", 4, (FitStep.CORTE,), lost=f" {number:04}"),
            )
