"""Documents: the rule of Receita, the vectors, and other people's code as a second opinion.

Every oracle is wrong (or differs by choice) somewhere. Where it is, the strategy leaves that part out and
a test of its own writes the disagreement down, so that a new version of the oracle that mends it is noticed.
"""

import pickle
import string
import sys

import cnpjalfa
import cpf_alfacnpj
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cnpj as stdnum_cnpj
from stdnum.br import cpf as stdnum_cpf

from econtador.documents import Cnpj, Cpf, parse
from econtador.errors import InvalidDocument

ALPHABET = string.digits + string.ascii_uppercase

bases = st.text(ALPHABET, min_size=12, max_size=12)
numeric_bases = st.text(string.digits, min_size=12, max_size=12)
cpf_bases = st.text(string.digits, min_size=9, max_size=9)


def varied(text: str) -> bool:
    return len(set(text)) > 1


def made_varied(text: str) -> str:
    # Not a filter: Hypothesis likes repeated characters, and would throw away too many examples.
    return text if varied(text) else ("1" if text[0] == "0" else "0") + text[1:]


valid_cnpjs = (bases | numeric_bases).map(made_varied).map(lambda b: b + cpf_alfacnpj.calcular_dv_cnpj(b))
valid_cpfs = cpf_bases.map(made_varied).map(lambda b: b + cpf_alfacnpj.calcular_dv_cpf(b))
# Near misses are where validators differ: right length, right alphabet, any check digits.
near_cnpjs = st.tuples(bases | numeric_bases, st.text(string.digits, min_size=2, max_size=2)).map("".join)
near_cpfs = st.text(string.digits, min_size=11, max_size=11)


# --------------------------------------------------------------------------- CNPJ


@pytest.mark.parametrize(
    ("base", "digits"),
    [
        ("12ABC34501DE", "35"),  # Receita's own example
        ("12345678000A", "08"),
        ("123456780001", "95"),
        ("112223330001", "81"),
        ("000000000001", "91"),  # Banco do Brasil: eleven zeros and valid
        ("A1B2C3D4E5F6", "68"),
        ("ZZZZZZZZZZZZ", "62"),
    ],
)
def test_cnpj_vectors(base: str, digits: str) -> None:
    assert Cnpj(base + digits).value == base + digits
    others = [f"{number:02}" for number in range(100) if f"{number:02}" != digits]
    assert not any(Cnpj.is_valid(base + other) for other in others)


@pytest.mark.parametrize(
    "text",
    [
        "12.ABC.345/01DE-35",
        "12.abc.345/01de-35",
        " 12abc34501de35 ",
        "12 ABC 345 01DE 35",
        "12ABC345/01DE-35",
    ],
)
def test_cnpj_takes_any_mask_and_case(text: str) -> None:
    assert str(Cnpj(text)) == "12ABC34501DE35"
    assert Cnpj.validate(text) == Cnpj("12ABC34501DE35")
    assert parse(text) == Cnpj("12ABC34501DE35")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "0 characters, not 14"),
        ("191", "3 characters, not 14"),
        ("1222333000181", "13 characters, not 14"),  # never padded
        ("112223330001810", "15 characters, not 14"),
        ("00000000000000", "only zeros"),
        ("00.000.000/0000-00", "only zeros"),
        ("11222333000182", "wrong check digits"),
        ("12ABC34501DEA5", "check digits that are not digits"),
        ("11222333\t000181", "a character that it cannot have"),
        ("11222333_000181", "a character that it cannot have"),
        ("11\u00a0222.333/0001-81", "a character outside ASCII"),
        ("１１２２２３３３０００１８１", "a character outside ASCII"),
        ("ſ2ABC34501DE35", "a character outside ASCII"),
        ("1,12224E+13", "a character that it cannot have"),
    ],
)
def test_cnpj_refuses_and_says_why(text: str, reason: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        Cnpj(text)
    assert (caught.value.kind, caught.value.reason) == ("CNPJ", reason)
    assert not Cnpj.is_valid(text)


@pytest.mark.parametrize("value", [None, 11222333000181, 11222333000181.0, b"11222333000181"])
def test_what_is_no_text_is_no_document(value: object) -> None:
    assert not Cnpj.is_valid(value)  # type: ignore[arg-type]
    assert not Cpf.is_valid(value)  # type: ignore[arg-type]
    with pytest.raises(InvalidDocument, match="not a text"):
        parse(value)  # type: ignore[arg-type]


def test_compact_cleans_and_checks_nothing_else() -> None:
    assert Cnpj.compact(" 12.abc-3/ ") == "12ABC3"
    assert Cpf.compact("529.982 247-2") == "5299822472"
    for bad in ("12*", "é"):
        with pytest.raises(InvalidDocument):
            Cnpj.compact(bad)
    with pytest.raises(InvalidDocument):
        Cpf.compact("12A")


@given(valid_cnpjs)
def test_cnpj_round_trip(text: str) -> None:
    cnpj = Cnpj(text)
    assert Cnpj(cnpj.format()) == Cnpj(text.lower()) == Cnpj.validate(str(cnpj)) == cnpj
    assert cnpj.format() == cpf_alfacnpj.formatar_cnpj(text) == cnpjalfa.formatar(text)
    assert repr(cnpj) == f"Cnpj('{cnpj.format()}')"
    assert pickle.loads(pickle.dumps(cnpj)) == cnpj


@given(valid_cnpjs, st.integers(0, 11), st.data())
def test_what_the_check_digits_cannot_see(text: str, place: int, data: st.DataObject) -> None:
    # Characters worth the same modulo 11 (0, F and Q, say) change nothing: no validator can tell them apart.
    other = data.draw(st.sampled_from([c for c in ALPHABET if (ord(c) - ord(text[place])) % 11 == 0]))
    changed = text[:place] + other + text[place + 1 :]
    assert Cnpj.is_valid(changed) or set(changed) == {"0"}


@given(valid_cnpjs, st.integers(0, 99))
def test_a_base_has_one_pair_of_check_digits(text: str, other: int) -> None:
    assert Cnpj.is_valid(f"{text[:12]}{other:02}") == (f"{other:02}" == text[12:])


@given(near_cnpjs.map(lambda text: made_varied(text[:12]) + text[12:]) | valid_cnpjs)
def test_cnpj_agrees_with_the_oracles(text: str) -> None:
    mine = Cnpj.is_valid(text)
    assert mine == stdnum_cnpj.is_valid(text)
    assert mine == cnpjalfa.validar(text)
    assert mine == cpf_alfacnpj.validar_cnpj(text)


@given(
    st.text(ALPHABET + string.ascii_lowercase + ".-/ ", max_size=20).filter(lambda text: varied(text[:12]))
)
def test_cnpj_agrees_with_an_oracle_on_masks(text: str) -> None:
    assert Cnpj.is_valid(text) == cpf_alfacnpj.validar_cnpj(text)


def test_disagreement_base_of_one_repeated_character() -> None:
    # cnpj-alfanumerico calls every such base invalid; the norm does not, and its check digits are right.
    text = "ZZZZZZZZZZZZ62"
    assert not cnpjalfa.validar(text)
    assert Cnpj.is_valid(text) and stdnum_cnpj.is_valid(text) and cpf_alfacnpj.validar_cnpj(text)


def test_disagreement_masks_of_another_shape() -> None:
    # cnpj-alfanumerico takes the official mask or none; a cell of a spreadsheet has any.
    assert not cnpjalfa.validar("11 222 333 0001 81")
    assert Cnpj.is_valid("11 222 333 0001 81")


def test_disagreement_characters_outside_ascii() -> None:
    # python-stdnum makes ASCII of look-alikes ('ſ' becomes S); here they are refused, since whatever is
    # written to the portal must be what was read.
    text = "ſſABC34501DE" + cpf_alfacnpj.calcular_dv_cnpj("SSABC34501DE")
    assert stdnum_cnpj.is_valid(text)
    assert stdnum_cnpj.is_valid("11.222.333/0001\N{EN DASH}81")
    assert not Cnpj.is_valid(text)
    assert not Cnpj.is_valid("11.222.333/0001\N{EN DASH}81")


def test_disagreement_white_space_inside() -> None:
    # cpf-alfacnpj and cnpj-alfanumerico drop every white space; here a tab or line end is a broken cell.
    assert cpf_alfacnpj.validar_cnpj("11222333\n000181") and cpf_alfacnpj.validar_cpf("529982247\t25")
    assert not Cnpj.is_valid("11222333\n000181") and not Cpf.is_valid("529982247\t25")


# --------------------------------------------------------------------------- CPF


@pytest.mark.parametrize("text", ["529.982.247-25", "52998224725", " 529 982 247 25 ", "529.982.247/25"])
def test_cpf_takes_any_mask(text: str) -> None:
    cpf = Cpf(text)
    assert (cpf.value, str(cpf), cpf.format()) == ("52998224725", "52998224725", "529.982.247-25")
    assert Cpf.validate(text) == cpf == parse(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "0 characters, not 11"),
        ("5299822472", "10 characters, not 11"),
        ("52998224726", "wrong check digits"),
        ("5299822472A", "a character that it cannot have"),
        ("٥٢٩٩٨٢٢٤٧٢٥", "a character outside ASCII"),
        *((digit * 11, "one repeated digit") for digit in string.digits),
    ],
)
def test_cpf_refuses_and_says_why_without_the_number(text: str, reason: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        Cpf(text)
    assert (caught.value.kind, caught.value.reason) == ("CPF", reason)
    assert not text or text not in f"{caught.value} {caught.value!r} {caught.value.args}"
    assert not Cpf.is_valid(text)


@given(valid_cpfs)
def test_cpf_round_trip_and_a_repr_that_hides(text: str) -> None:
    cpf = Cpf(text)
    assert Cpf(cpf.format()) == cpf
    assert cpf.format() == cpf_alfacnpj.formatar_cpf(text) == stdnum_cpf.format(text)
    assert repr(cpf) == f"Cpf('***.{text[3:6]}.{text[6:9]}-**')"
    assert pickle.loads(pickle.dumps(cpf)) == cpf


@given(near_cpfs.map(made_varied) | valid_cpfs)
def test_cpf_agrees_with_the_oracles(text: str) -> None:
    assert Cpf.is_valid(text) == stdnum_cpf.is_valid(text) == cpf_alfacnpj.validar_cpf(text)


@given(st.text(string.digits + ".-/ ", max_size=16).filter(varied))
def test_cpf_agrees_with_an_oracle_on_masks(text: str) -> None:
    assert Cpf.is_valid(text) == cpf_alfacnpj.validar_cpf(text)


@pytest.mark.parametrize("digit", "123456789")
def test_disagreement_cpf_of_one_repeated_digit(digit: str) -> None:
    # python-stdnum refuses only the zeros; none of the ten is ever given out.
    assert stdnum_cpf.is_valid(digit * 11)
    assert not Cpf.is_valid(digit * 11) and not cpf_alfacnpj.validar_cpf(digit * 11)


# --------------------------------------------------------------------------- both


@pytest.mark.parametrize("text", ["", "191", "123456789012", "112223330001811"])
def test_parse_goes_by_length(text: str) -> None:
    with pytest.raises(InvalidDocument, match=rf"not a CNPJ or CPF: {len(text)} characters, not 14 or 11"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "kind"), [("11222333000182", "CNPJ"), ("52998224726", "CPF"), ("5299822472A", "CPF")]
)
def test_parse_says_what_it_was_taken_for(text: str, kind: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        parse(text)
    assert caught.value.kind == kind


def test_values_compare_hash_and_sort() -> None:
    a, b = Cnpj("00000000000191"), Cnpj("11222333000181")
    assert a < b and sorted([b, a]) == [a, b]
    assert {a, Cnpj("00.000.000/0001-91")} == {a}
    assert parse("00000000191") != a
    assert min(Cpf("52998224725"), Cpf("00000000191")) == Cpf("00000000191")


def test_values_are_frozen_and_small() -> None:
    for value in (Cnpj("00000000000191"), Cpf("00000000191")):
        with pytest.raises(AttributeError):
            value.value = "x"  # type: ignore[misc]
        assert not hasattr(value, "__dict__")
        assert sys.getsizeof(value) <= 48


@given(st.text(max_size=30))
def test_any_text_is_a_document_or_invalid(text: str) -> None:
    try:
        document = parse(text)
    except InvalidDocument:
        assert not Cnpj.is_valid(text) and not Cpf.is_valid(text)
    else:
        assert isinstance(document, Cnpj) == Cnpj.is_valid(text)
        assert isinstance(document, Cpf) == Cpf.is_valid(text)
