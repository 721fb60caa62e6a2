"""Inscrições estaduais that look wrong: warned of as an independent library does, and never where nothing is sure."""

import pickle
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from validador_ie import validar_ie

import econtador as ec
from econtador.gap.models import UFS
from econtador.integration.inscricao import FORMATS, Doubt, check_inscricao
from econtador.sandbox import Sandbox

# The first digits that the library asks for; here nothing is said of them.
BEGINS = {
    "AC": "01", "AL": "24", "AP": "03", "DF": "07", "GO": "10", "MA": "12", "MS": "28", "PA": "15", "RN": "20",
    "RR": "24", "TO": "2901",
}  # fmt: skip
SHAPES = [(uf, form.length, form.mask.startswith("P")) for uf, forms in FORMATS.items() for form in forms]


def number_of(uf: str, length: int, rural: bool) -> st.SearchStrategy[str]:
    begins = "P0" if rural else BEGINS.get(uf, "")
    if (uf, length) == ("TO", 9):
        begins = ""
    rest = length - len(begins)
    return st.text("0123456789", min_size=rest, max_size=rest).map(lambda digits: begins + digits)


@given(st.data())
def test_a_number_is_doubted_exactly_where_another_library_does(data: st.DataObject) -> None:
    uf, length, rural = data.draw(st.sampled_from(SHAPES))
    number = data.draw(number_of(uf, length, rural))
    # Every ending, so that right numbers are among them.
    for ending in range(100):
        ended = f"{number[:-2]}{ending:02}"
        told, doubt = validar_ie(ended, uf), check_inscricao(ended, uf)
        if told.valida:
            assert doubt is None
        elif uf != "GO" and told.motivo == "dígito verificador inválido":
            assert doubt is not None
            assert doubt.code == "ie-digito"


@given(st.sampled_from((10, 11, 15, *range(20, 30))), st.integers(0, 999_999))
def test_goias_has_one_right_digit_or_two_where_an_old_series_had_another(begins: int, rest: int) -> None:
    base = f"{begins}{rest:06}"
    right = {digit for digit in range(10) if check_inscricao(f"{base}{digit}", "GO") is None}
    others = {digit for digit in range(10) if validar_ie(f"{base}{digit}", "GO").valida}
    assert others <= right
    assert right - others <= {1}


@pytest.mark.parametrize(
    ("uf", "number"),
    [
        ("SP", "110.042.490.114"), ("SP", "P-01100424.3/002"), ("MG", "062.307.904/0081"), ("AL", "240000048"),
        ("AC", "01.004.823/001-12"), ("PE", "18.1.001.0000004-9"), ("PR", "123.45678-50"), ("RN", "20.0.040.040-0"),
        ("RS", "224/3658792"), ("RO", "0000000062521-3"), ("TO", "29010227836"), ("BA", "123456-63"),
        ("sp", "isento"), ("SP", "ISENTA"),
    ],
)  # fmt: skip
def test_numbers_that_sintegra_gives_as_examples_are_right(uf: str, number: str) -> None:
    assert check_inscricao(number, uf) is None


@pytest.mark.parametrize(
    ("uf", "number", "code", "message"),
    [
        ("SP", "110.042.490.115", "ie-digito", "o dígito verificador não confere"),
        ("SP", "1100424901", "ie-tamanho", "tem 10 dígitos, e são ###.###.###.### ou P-########.#/###"),
        ("RJ", "1234567890", "ie-tamanho", "tem 10 dígitos, e são ##.###.##-#"),
        ("MG", "623079040081", "ie-zeros", "faltam zeros à esquerda: 1"),
        ("MG", "06230790400A1", "ie-caracteres", "tem letras ou sinais que uma inscrição não tem"),
        ("RJ", "P123", "ie-caracteres", "tem letras ou sinais que uma inscrição não tem"),
        ("XX", "123", "ie-uf", "não é a sigla de um estado ou do Distrito Federal"),
    ],
)
def test_each_doubt_has_its_words(uf: str, number: str, code: str, message: str) -> None:
    doubt = check_inscricao(number, uf)
    assert doubt
    assert (doubt.code, doubt.message, doubt.uf, doubt.inscricao) == (code, message, uf, number)
    assert str(doubt) == f"inscrição estadual de {uf}: {message}"


@pytest.mark.parametrize(
    ("text", "uf"), [(None, "SP"), ("", "SP"), (" - ", "SP"), ("123", None), ("123", "")]
)
def test_nothing_is_said_where_nothing_can_be(text: str | None, uf: str | None) -> None:
    assert check_inscricao(text, uf) is None


@given(st.text(), st.sampled_from(sorted(UFS)))
def test_whatever_is_written_is_answered(text: str, uf: str) -> None:
    doubt = check_inscricao(text, uf)
    assert doubt is None or isinstance(doubt, Doubt)


def test_the_table_has_every_uf_and_only_two_masks_are_too_long_for_the_portal() -> None:
    assert set(FORMATS) == UFS
    long = {(uf, len(form.mask)) for uf, forms in FORMATS.items() for form in forms if len(form.mask) > 16}
    assert long == {("AC", 17), ("PE", 18)}
    assert all(re.fullmatch(r"P?[#./-]+", form.mask) for forms in FORMATS.values() for form in forms)
    assert max(form.length for forms in FORMATS.values() for form in forms) == 14


def test_a_doubt_pickles_and_shows_no_cpf() -> None:
    doubt = check_inscricao("529.982.247-25", "SP")
    assert doubt
    assert pickle.loads(pickle.dumps(doubt)) == doubt
    assert "529" not in repr(doubt)
    assert "529" not in str(doubt)


def test_a_plan_warns_of_it_and_sends_it_all_the_same() -> None:
    with Sandbox() as sandbox, sandbox.client() as client:
        office = ec.Integrator(
            client, policy=ec.Policy(proemp="PROEMP00"), journal=":memory:", operador="ADMIN"
        )
        odd, right, closed = (
            ec.EmpresaGap(
                codigo,
                "PROEMP00",
                "ACME LTDA",
                documento,
                inscricao_estadual=inscricao,
                uf="SP",
                data_desligamento=left,
            )
            for codigo, documento, inscricao, left in (
                ("00001", "11.222.333/0001-81", "110.042.490.115", None),
                ("00002", "11.444.777/0001-61", "110.042.490.114", None),
                ("00003", "00.000.000/0001-91", "110.042.490.115", date(2020, 1, 1)),
            )
        )
        plan = office.plan_empresas([odd, right, closed], selected=ec.TODAS)
        doubts = [notice for notice in plan.notices if notice.reason is ec.Reason.INSCRICAO_DUVIDOSA]
        assert [str(doubt) for doubt in doubts] == [
            (
                "A inscrição estadual não parece ser do estado: confira no GAP. "
                "(00001: inscrição estadual de SP: o dígito verificador não confere)"
            )
        ]
        assert office.apply(plan).counts[ec.Outcome.INTEGRATED] == 2
