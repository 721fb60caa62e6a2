"""What GAP can hold, and what it cannot: every fault of a record at once, nothing personal shown."""

import datetime
import pickle
import sys
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from econtador.documents import Cnpj, Cpf
from econtador.errors import InvalidRecord
from econtador.gap.models import (
    TAMANHOS_EMPRESA,
    TAMANHOS_LOGRADOURO,
    TAMANHOS_USUARIO,
    UFS,
    EmpresaGap,
    Operador,
    Proemp,
    UsuarioGap,
    linha_de_endereco,
)

CNPJ = "11.222.333/0001-81"
CPF = "529.982.247-25"
DAY = datetime.date(2024, 2, 29)

FULL = EmpresaGap(
    "00001",
    "PROEMP00",
    "PADARIA DO ZÉ LTDA",
    CNPJ,
    "110.042.490.114",
    "1.234-5",
    "Rua das Flores",
    "Centro",
    "Padaria",
    "ZÉ",
    "12-A",
    "Fundos",
    "São Paulo",
    "SP",
    "01000-000",
    "4721-1/02",
    DAY,
)


def changed(**fields: Any) -> EmpresaGap:
    """The full record with other values, of whatever type a notebook might hand over."""
    return evolve(FULL, **fields)


def codes(caught: pytest.ExceptionInfo[InvalidRecord]) -> list[tuple[str, str]]:
    return [(fault.field, fault.code) for fault in caught.value.faults]


# --------------------------------------------------------------------------- Proemp, Operador


@pytest.mark.parametrize("name", ["PROEMP00", "proemp00", "ProEmp00", "  PROEMP00 "])
def test_proemp_does_not_mind_case(name: str) -> None:
    assert Proemp(name) == Proemp("PROEMP00")
    assert Proemp(name).name == str(Proemp(name)) == "PROEMP00"


@pytest.mark.parametrize(
    "name", ["", "PROEMP", "PROEMP0", "PROEMP000", "PROEMP٠٠", "EMP00", "PROEMP0A", 0, None]
)
def test_proemp_refuses_other_names(name: str) -> None:
    with pytest.raises(InvalidRecord) as caught:
        Proemp(name)
    assert codes(caught) == [("proemp", "proemp-nome")]


def test_proemp_that_is_a_cpf_is_not_shown() -> None:
    with pytest.raises(InvalidRecord) as caught:
        Proemp("52998224725")
    assert "529" not in str(caught.value)


def test_proemps_have_an_order() -> None:
    assert min(Proemp("PROEMP01"), Proemp("PROEMP00")) == Proemp("PROEMP00")


def test_operador() -> None:
    assert Operador(" admin ").is_admin
    assert str(Operador(" admin ")) == "ADMIN"
    assert not Operador("ana").is_admin
    assert not Operador("ADMIN2").is_admin
    with pytest.raises(InvalidRecord):
        Operador("  ")


# --------------------------------------------------------------------------- EmpresaGap


def test_the_positions_are_the_contract() -> None:
    assert (FULL.codigo, FULL.proemp, FULL.documento) == ("00001", Proemp("PROEMP00"), Cnpj(CNPJ))
    assert (FULL.inscricao_estadual, FULL.inscricao_municipal) == ("110.042.490.114", "1.234-5")
    assert (FULL.endereco, FULL.bairro, FULL.atividade) == ("Rua das Flores", "Centro", "Padaria")
    assert (FULL.apelido, FULL.numero, FULL.complemento) == ("ZÉ", "12-A", "Fundos")
    assert (FULL.municipio, FULL.uf, FULL.cep, FULL.cnae) == ("São Paulo", "SP", "01000-000", "4721-1/02")
    assert (FULL.data_desligamento, FULL.desligada) == (DAY, True)


@pytest.mark.parametrize("field", [*TAMANHOS_EMPRESA, "cnae"])
@pytest.mark.parametrize("blank", ["", "  ", "\u00a0\t"])
def test_blank_is_missing(field: str, blank: str) -> None:
    if field == "razao_social":
        with pytest.raises(InvalidRecord) as caught:
            changed(razao_social=blank)
        assert codes(caught) == [("razao_social", "campo-vazio")]
    else:
        assert getattr(changed(**{field: blank}), field) is None
        assert getattr(changed(**{field: None}), field) is None


@pytest.mark.parametrize(("field", "size"), [item for item in TAMANHOS_EMPRESA.items() if item[0] != "uf"])
def test_sizes_are_of_characters_and_exact(field: str, size: int) -> None:
    assert getattr(changed(**{field: "Ç" * size}), field) == "Ç" * size
    with pytest.raises(InvalidRecord) as caught:
        changed(**{field: "Ç" * (size + 1)})
    assert codes(caught) == [(field, "campo-longo")]
    assert f"tem {size + 1} caracteres e o GAP guarda {size}" in str(caught.value)


def test_texts_are_kept_as_given() -> None:
    assert changed(razao_social="  padaria  do zé ").razao_social == "  padaria  do zé "
    assert changed(bairro=" x ").bairro == " x "


def test_an_address_of_71_is_taken_only_with_the_joining_space_as_the_11th() -> None:
    line = linha_de_endereco("A" * 10, "B" * 60)
    assert len(line) == 71
    assert changed(endereco=line).endereco == line
    for wrong in ("A" * 9 + " " + "B" * 61, "A" * 71, line + "B"):
        with pytest.raises(InvalidRecord):
            changed(endereco=wrong)
    with pytest.raises(InvalidRecord):  # the rule is the address's own
        changed(razao_social="A" * 10 + " " + "B" * 50)


def test_the_parts_of_the_address_make_up_its_size() -> None:
    assert sum(TAMANHOS_LOGRADOURO.values()) == TAMANHOS_EMPRESA["endereco"]


@pytest.mark.parametrize(
    ("tipo", "nome", "line"),
    [
        ("Rua", "das Flores", "Rua das Flores"),
        (None, "das Flores", "das Flores"),
        ("", "das Flores", "das Flores"),
        ("Rua", None, "Rua"),
        (None, None, ""),
    ],
)
def test_linha_de_endereco(tipo: str | None, nome: str | None, line: str) -> None:
    assert linha_de_endereco(tipo, nome) == line


@pytest.mark.parametrize("codigo", ["", "1", "0001", "000001", "A0001", "٠٠٠٠١", "00 01", "0001²"])
def test_codigo_has_exactly_five_ascii_digits(codigo: str) -> None:
    with pytest.raises(InvalidRecord) as caught:
        changed(codigo=codigo)
    assert codes(caught) == [("codigo", "codigo-formato")]


def test_codigo_and_uf_are_normalised() -> None:
    empresa = changed(codigo=" 00001 ", uf=" sp ")
    assert (empresa.codigo, empresa.uf) == ("00001", "SP")


def test_only_the_27_ufs() -> None:
    assert len(UFS) == 27
    assert all(changed(uf=uf.lower()).uf == uf for uf in UFS)
    with pytest.raises(InvalidRecord) as caught:
        changed(uf="xx")
    assert codes(caught) == [("uf", "uf-desconhecida")]


def test_documento_may_be_given_as_a_value_or_a_text() -> None:
    assert changed(documento=Cnpj(CNPJ)) == FULL
    assert changed(documento=CPF).documento == Cpf(CPF) == changed(documento=Cpf(CPF)).documento


@pytest.mark.parametrize("text", ["", "52998224726", "1,12224E+13", "  isento ", "191"])
def test_an_invalid_documento_is_held_as_written_and_not_shown(text: str) -> None:
    empresa = changed(documento=text)
    assert empresa.documento == text
    shown = repr(empresa)
    assert "documento=''" in shown if not text else "documento=***" in shown and text not in shown


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InvalidRecord) as caught:
        EmpresaGap(
            "7",
            "PASTA",
            "R" * 61,
            "",
            "I" * 21,
            endereco="E" * 72,
            uf="ZZ",
            data_desligamento="2024-02-30",  # type: ignore[arg-type]
        )
    assert codes(caught) == [
        ("codigo", "codigo-formato"),
        ("proemp", "proemp-nome"),
        ("razao_social", "campo-longo"),
        ("inscricao_estadual", "campo-longo"),
        ("endereco", "campo-longo"),
        ("uf", "uf-desconhecida"),
        ("data_desligamento", "campo-tipo"),
    ]
    assert (caught.value.kind, caught.value.codigo) == ("empresa", "7")


@pytest.mark.parametrize("field", ["razao_social", "documento", "bairro", "uf", "cnae"])
@pytest.mark.parametrize("value", [12, 1.5, float("nan"), b"x"])
def test_what_a_data_frame_hands_over_is_no_text(field: str, value: object) -> None:
    with pytest.raises(InvalidRecord) as caught:
        changed(**{field: value})
    assert codes(caught) == [(field, "campo-tipo")]


def test_numbers_and_none_in_the_key_are_faults_too() -> None:
    with pytest.raises(InvalidRecord) as caught:
        EmpresaGap(7, None, None, None)  # type: ignore[arg-type]
    assert [field for field, _ in codes(caught)] == ["codigo", "proemp", "documento", "razao_social"]


@pytest.mark.parametrize("day", [datetime.date(1999, 1, 1), datetime.date(2999, 1, 1)])
def test_any_date_means_desligada(day: datetime.date) -> None:
    assert changed(data_desligamento=day).desligada
    assert not changed(data_desligamento=None).desligada


def test_a_datetime_becomes_its_day() -> None:
    given_time = datetime.datetime(2024, 2, 29, 13, 5)
    assert type(changed(data_desligamento=given_time).data_desligamento) is datetime.date
    assert changed(data_desligamento=given_time) == FULL


def test_repr_shows_what_is_filled_in_and_no_cpf() -> None:
    mei = EmpresaGap("00002", "PROEMP00", "JOAO DA SILVA 52998224725", Cpf(CPF))
    assert repr(mei) == (
        "EmpresaGap(codigo='00002', proemp=Proemp(name='PROEMP00'), razao_social='JOAO DA SILVA ***', "
        "documento=Cpf('***.982.247-**'))"
    )
    assert "data_desligamento=datetime.date(2024, 2, 29)" in repr(FULL)


def test_a_codigo_that_is_a_cpf_is_not_in_the_error() -> None:
    for codigo in (CPF, "52998224725", "2998224725"):
        with pytest.raises(InvalidRecord) as caught:
            changed(codigo=codigo)
        assert codigo not in str(caught.value) + repr(caught.value) + repr(caught.value.args)


def test_records_are_values() -> None:
    again = pickle.loads(pickle.dumps(FULL))
    assert again == FULL and hash(again) == hash(FULL)
    assert not hasattr(FULL, "__dict__") and sys.getsizeof(FULL) < 200
    with pytest.raises(AttributeError):
        FULL.codigo = "00002"  # type: ignore[misc]


def test_the_error_pickles_with_its_faults() -> None:
    with pytest.raises(InvalidRecord) as caught:
        changed(uf="xx")
    assert pickle.loads(pickle.dumps(caught.value)).faults == caught.value.faults


@given(st.text(max_size=80))
def test_any_razao_social_is_held_as_it_is_or_refused_by_name(text: str) -> None:
    try:
        empresa = changed(razao_social=text)
    except InvalidRecord as error:
        assert [fault.field for fault in error.faults] == ["razao_social"]
        assert len(text) > 60 or not text.strip()
    else:
        assert empresa.razao_social == text and 0 < len(text) <= 60


# --------------------------------------------------------------------------- UsuarioGap


def test_usuario_positions_and_values() -> None:
    usuario = UsuarioGap(" ANA ", "Ana Lima", CPF, "ana@exemplo.com.br", "Fiscal", True, DAY)
    assert (usuario.codigo, usuario.nome, usuario.cpf) == ("ANA", "Ana Lima", Cpf(CPF))
    assert (usuario.email, usuario.grupo, usuario.admin) == ("ana@exemplo.com.br", "Fiscal", True)
    assert usuario.desligado
    assert pickle.loads(pickle.dumps(usuario)) == usuario


def test_usuario_needs_only_codigo_and_nome() -> None:
    usuario = UsuarioGap("1", "Ana")
    assert (usuario.cpf, usuario.email, usuario.grupo) == (None, None, None)
    assert not usuario.admin and not usuario.desligado
    assert UsuarioGap("1", "Ana", "  ", " ", " ") == usuario
    assert UsuarioGap("1", "Ana", Cpf(CPF)).cpf == Cpf(CPF)


@pytest.mark.parametrize("cpf", ["52998224726", "1,12224E+10", CNPJ])
def test_an_invalid_cpf_is_held_as_written(cpf: str) -> None:
    assert UsuarioGap("1", "Ana", cpf).cpf == cpf


@pytest.mark.parametrize("cpf", [CPF, "52998224726"])
def test_usuario_repr_hides_cpf_and_email(cpf: str) -> None:
    shown = repr(
        UsuarioGap("52998224725", "Ana ana@exemplo.com.br", cpf, "ana@exemplo.com.br", "Fiscal", True)
    )
    assert shown == "UsuarioGap(codigo='***', nome='Ana ***', grupo='Fiscal', admin=True)"


def test_usuario_sizes() -> None:
    assert UsuarioGap("C" * TAMANHOS_USUARIO["codigo"], "N" * TAMANHOS_USUARIO["nome"])
    with pytest.raises(InvalidRecord) as caught:
        UsuarioGap("C" * 21, "N" * 61)
    assert codes(caught) == [("codigo", "campo-longo"), ("nome", "campo-longo")]
    assert caught.value.kind == "usuario"


@pytest.mark.parametrize("blank", ["", " "])
def test_usuario_blank_codigo_and_nome(blank: str) -> None:
    with pytest.raises(InvalidRecord) as caught:
        UsuarioGap(blank, blank)
    assert codes(caught) == [("codigo", "campo-vazio"), ("nome", "campo-vazio")]


def test_usuario_without_codigo_or_nome_at_all() -> None:
    with pytest.raises(InvalidRecord) as caught:
        UsuarioGap(None, None)  # type: ignore[arg-type]
    assert codes(caught) == [("codigo", "campo-tipo"), ("nome", "campo-tipo")]


def test_usuario_faults_of_type_are_told_at_once() -> None:
    with pytest.raises(InvalidRecord) as caught:
        UsuarioGap("1", "Ana", 52998224725, 3, 4, "S", "ontem")  # type: ignore[arg-type]
    assert [field for field, _ in codes(caught)] == ["email", "grupo", "cpf", "admin", "data_desligamento"]
