"""What the portal shows, into models: every attribute of every resource that is read."""

import enum
import types
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias, get_args, get_type_hints

import attrs
import cpf_alfacnpj
import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_rooms import MODELS, REQUIRED, RESOURCES, linked, shown

from econtador.documents import Cnpj, Cpf
from econtador.portal._wire import documentos, empresas, pessoal
from econtador.portal._wire.jsonapi import Malformed, read_rows
from econtador.portal.documentos import Tarefa
from econtador.portal.models import Empresa
from econtador.portal.pessoal import (
    ConfiguracaoEvento,
    Departamento,
    FuncaoNoHistorico,
    Funcionario,
    StatusFuncionario,
    TipoMovimento,
)
from econtador.portal.values import UNSET, Recurso, Ref, Unset, known

Values: TypeAlias = st.SearchStrategy[tuple[object, object]]
"""What the portal sends, and what it is here."""


def kinds(model: type, ours: str) -> list[Any]:
    """What a field may be, besides null and not said."""
    hint = get_type_hints(model)[ours]
    return [kind for kind in get_args(hint) or (hint,) if kind not in {types.NoneType, Unset}]


def attributes_of_all(holds: Callable[[list[Any]], bool] = bool) -> list[tuple[str, str]]:
    """Those that may be left out and whose types pass."""
    return [
        (name, ours)
        for name in sorted(MODELS)
        for ours in RESOURCES[name].spelling.attributes
        if ours not in REQUIRED[name] and holds(kinds(MODELS[name], ours))
    ]


each_model = pytest.mark.parametrize("name", sorted(MODELS))
each_attribute = pytest.mark.parametrize(("name", "ours"), attributes_of_all())


# --------------------------------------------------------------------------- values of every type

days = st.tuples(st.dates(), st.sampled_from(["", "T03:00:00Z", "T02:00:00Z"])).map(
    lambda pair: (pair[0].isoformat() + pair[1], pair[0])
)
moments = st.datetimes(timezones=st.just(UTC)).map(lambda moment: (moment.isoformat(), moment))
texts = st.text().map(lambda text: (text, text)) | st.integers().map(lambda number: (number, str(number)))
amounts = (
    st.integers(-(10**15), 10**15).map(lambda number: (number, Decimal(number)))
    | st.floats(allow_nan=False, allow_infinity=False).map(lambda number: (number, Decimal(repr(number))))
    | st.decimals(allow_nan=False, allow_infinity=False).map(lambda number: (str(number), number))
)
flags = st.booleans().map(lambda flag: (flag, flag))
functions = st.fixed_dictionaries(
    {}, optional={"id": texts, "nome": texts, "cbo": texts, "codigo": texts}
).map(
    lambda given: (
        {theirs: sent for theirs, (sent, _) in given.items()},
        FuncaoNoHistorico(
            **{"id_funcao" if theirs == "id" else theirs: expected for theirs, (_, expected) in given.items()}  # type: ignore[arg-type]
        ),
    )
)
PLAIN: Mapping[type, Values] = {
    str: texts,
    bool: flags,
    date: days,
    datetime: moments,
    Decimal: amounts,
    FuncaoNoHistorico: functions,
}


def values(found: list[Any]) -> Values:
    enumeration = next((kind for kind in found if issubclass(kind, enum.Enum)), None)
    if enumeration is None:
        return PLAIN[found[0]]
    members = {str(member.value).casefold(): member for member in enumeration}
    spelled = st.sampled_from(list(enumeration)).flatmap(
        lambda member: st.sampled_from(
            [
                (str(member.value), member),
                (str(member.value).lower(), member),
                (str(member.value).upper(), member),
            ]
        )
    )
    unknown = st.text().filter(lambda text: text.casefold() not in members)
    return spelled | unknown.map(lambda text: (text, text))


@each_model
@given(data=st.data())
def test_every_attribute_becomes_its_field_in_its_type(name: str, data: st.DataObject) -> None:
    spelled = RESOURCES[name].spelling.attributes
    drawn = {ours: data.draw(values(kinds(MODELS[name], ours)), ours) for ours in spelled}
    model = shown(RESOURCES[name], {spelled[ours]: sent for ours, (sent, _) in drawn.items()})
    for ours, (_, expected) in drawn.items():
        assert getattr(model, ours) == expected
        assert type(getattr(model, ours)) is type(expected)
    assert isinstance(model, MODELS[name])
    assert model.extra == {}  # type: ignore[attr-defined]


@each_attribute
def test_null_is_none_and_absent_is_unset(name: str, ours: str) -> None:
    resource, required = RESOURCES[name], REQUIRED[name]
    assert getattr(shown(resource, required), ours) is UNSET
    model = shown(resource, {**required, resource.spelling.attributes[ours]: None})
    assert getattr(model, ours) is None
    assert known(getattr(model, ours)) is None


@pytest.mark.parametrize("name", sorted(name for name, required in REQUIRED.items() if required))
def test_a_name_that_must_be_there_is_missed_by_its_name(name: str) -> None:
    with pytest.raises(Malformed, match=r"missing @ \$\.nome"):
        shown(RESOURCES[name], {})


@pytest.mark.parametrize(
    ("name", "ours"), attributes_of_all(lambda found: found[0] in {str, date, datetime, Decimal})
)
def test_an_empty_text_is_nothing_where_no_text_is_meant(name: str, ours: str) -> None:
    spelled = RESOURCES[name].spelling.attributes[ours]
    model = shown(RESOURCES[name], {**REQUIRED[name], spelled: ""})
    assert getattr(model, ours) == ("" if kinds(MODELS[name], ours) == [str] else None)


@each_attribute
def test_a_wrong_kind_is_refused_by_the_name_of_the_field_without_its_value(name: str, ours: str) -> None:
    spelled = RESOURCES[name].spelling.attributes[ours]
    is_object = kinds(MODELS[name], ours) == [FuncaoNoHistorico]
    for wrong in (["SEGREDO"], "SEGREDO" if is_object else {"senha": "SEGREDO"}):
        with pytest.raises(Malformed) as caught:
            shown(RESOURCES[name], {**REQUIRED[name], spelled: wrong})
        assert str(caught.value).endswith(f"$.{ours}")
        assert "SEGREDO" not in str(caught.value)


anything = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["", "1.50", "Ativo", "2026-01-05", "2026-13-45", "2026-01-05T03:00:00Z"])
    | st.lists(st.text(), max_size=1)
)


def read(name: str, attributes: Mapping[str, object]) -> tuple[Any, str]:
    """The model, and what is said where there is none."""
    try:
        return shown(RESOURCES[name], attributes), ""
    except Malformed as error:
        return None, str(error)


@each_model
@given(data=st.data())
def test_a_row_is_what_its_attributes_are_one_by_one_and_tells_all_that_is_wrong_with_them(
    name: str, data: st.DataObject
) -> None:
    spelled = RESOURCES[name].spelling.attributes
    some = st.fixed_dictionaries({}, optional=dict.fromkeys(spelled.values(), anything))
    sent = {**REQUIRED[name], **data.draw(some)}
    ours = [one.name for one in attrs.fields(MODELS[name]) if spelled.get(one.name) in sent]
    alone = {one: read(name, {**REQUIRED[name], spelled[one]: sent[spelled[one]]}) for one in ours}
    model, wrong = read(name, sent)
    assert wrong == "; ".join(filter(None, (wrong for _, wrong in alone.values())))
    for one, (expected, _) in alone.items() if model else ():
        assert getattr(model, one) == getattr(expected, one)


@each_model
@given(value=st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()))
def test_what_is_not_known_is_kept_as_it_came(name: str, value: object) -> None:
    model = shown(RESOURCES[name], {**REQUIRED[name], "coisaNova": value})
    assert model.extra == {"coisaNova": value}


def test_what_is_not_attested_of_employees_is_no_field() -> None:
    probed = {"nomedamae": "PESSOA MODELO 02", "orgaoemissor": "SSP", "quantidadefilhos": 2}
    assert shown(pessoal.FUNCIONARIOS, probed).extra == probed


# --------------------------------------------------------------------------- days, documents, enumerations


@given(day=st.dates(), hour=st.sampled_from(["03", "02"]))
def test_a_day_is_the_one_that_is_written(day: date, hour: str) -> None:
    sent = f"{day.isoformat()}T{hour}:00:00Z"
    assert shown(pessoal.FUNCIONARIOS, {"admissao": sent}).admissao == day
    assert shown(documentos.HISTORICO_TAREFAS, {"prazoLegal": sent}).prazo_legal == day


def test_a_day_that_is_none_is_refused_by_the_name_of_its_field() -> None:
    with pytest.raises(Malformed, match="no date.*admissao"):
        shown(pessoal.FUNCIONARIOS, {"admissao": "05/01/2026"})


bases = st.text("0123456789", min_size=9, max_size=9).filter(lambda base: len(set(base)) > 1)
cpfs = bases.map(lambda base: Cpf(base + cpf_alfacnpj.calcular_dv_cpf(base)))


@given(cpf=cpfs)
def test_a_cpf_that_lost_its_zeros_has_them_again(cpf: Cpf) -> None:
    number = int(cpf.value)
    for told in (
        {"cpf": number},
        {"cpf": str(number)},
        {"cpfAlfanumerico": cpf.value, "cpf": number, "isCpf": True},
        {"cpfAlfanumerico": cpf.format()},
        {"cpfAlfanumerico": None, "cpf": number, "isCpf": None},
    ):
        funcionario = shown(pessoal.FUNCIONARIOS, told)
        assert funcionario.cpf == cpf
        assert funcionario.extra == {}


@pytest.mark.parametrize("told", [{"cpf": 0}, {"cpf": 123}, {"cpfAlfanumerico": ""}, {"cpf": None}])
def test_what_is_no_cpf_is_none_and_stays_in_extra(told: Mapping[str, object]) -> None:
    funcionario = shown(pessoal.FUNCIONARIOS, told)
    assert funcionario.cpf is None
    assert funcionario.extra == told


def test_a_document_that_is_not_told_is_unset() -> None:
    assert shown(pessoal.FUNCIONARIOS, {}).cpf is UNSET
    assert shown(empresas.EMPRESAS, {"nome": "EMPRESA MODELO 01 LTDA"}).documento is UNSET


def test_the_cnpj_of_a_company_that_lost_its_zeros_has_them_again() -> None:
    told = {"nome": "EMPRESA MODELO 01 LTDA", "cpfcnpj": 191, "isCpf": False}
    assert shown(empresas.EMPRESAS, told).documento == Cnpj("00000000000191")


def test_known_words_of_enumerations_are_members_and_others_are_text() -> None:
    assert shown(pessoal.FUNCIONARIOS, {"status": "Afastado"}).status is StatusFuncionario.AFASTADO
    assert shown(pessoal.FUNCIONARIOS, {"status": "Cedido"}).status == "Cedido"
    assert shown(pessoal.EVENTOS, {"tipoConfiguracao": "FT"}).tipo_configuracao is ConfiguracaoEvento.FALTA
    assert shown(pessoal.EVENTOS, {"tipoConfiguracao": "XX"}).tipo_configuracao == "XX"
    assert [tipo.value for tipo in TipoMovimento] == ["1", "2", "3", "4", "5", "6"]


def test_functions_of_a_history_are_objects_inside_of_it() -> None:
    historico = shown(
        pessoal.HISTORICO_FUNCOES,
        {
            "dataAlteracaoFuncao": "2026-01-05T03:00:00Z",
            "externoId": "K1",
            "funcaoAtual": {
                "id": 12,
                "externoid": "K2",
                "codigo": "000012",
                "nome": "CAIXA",
                "cbo": 421125,
                "nivel": 3,
            },
            "funcaoAnterior": None,
        },
    )
    assert historico.funcao_atual == FuncaoNoHistorico(
        id_funcao="12", id_externo="K2", codigo="000012", nome="CAIXA", cbo="421125", extra={"nivel": 3}
    )
    assert historico.funcao_anterior is None
    assert (historico.id, historico.id_externo, historico.data_alteracao_funcao) == (
        "7",
        "K1",
        date(2026, 1, 5),
    )


def test_tasks_are_rows_without_id() -> None:
    document = read_rows(b'[{"nome": "DCTF", "prazoEntrega": "2026-01-15T03:00:00Z"}, {"status": "Aberta"}]')
    tarefas = [documentos.HISTORICO_TAREFAS.decode(row, document) for row in document.rows]
    assert tarefas == [Tarefa(nome="DCTF", prazo_entrega=date(2026, 1, 15)), Tarefa(status="Aberta")]


# --------------------------------------------------------------------------- relationships


def relationships_of_all() -> list[tuple[str, str]]:
    return [(name, ours) for name in sorted(MODELS) for ours in RESOURCES[name].spelling.relationships]


@pytest.mark.parametrize(("name", "ours"), relationships_of_all())
def test_a_relationship_is_unset_none_or_a_ref(name: str, ours: str) -> None:
    resource = RESOURCES[name]
    spelled = resource.spelling.relationships[ours]
    assert getattr(shown(resource, {}, {spelled: {"links": {"self": "/x"}}}), ours) is UNSET
    assert getattr(shown(resource, {}, {spelled: {"data": None}}), ours) is None
    assert getattr(shown(resource, {}, {spelled: linked("coisas", "3")}), ours) == Ref("coisas", "3")
    with pytest.raises(Malformed, match=ours):
        shown(resource, {}, {spelled: {"data": [{"type": "coisas", "id": "3"}]}})


def test_what_came_along_is_in_its_ref() -> None:
    included: list[object] = [
        {"type": "departamentos", "id": "3", "attributes": {"nome": "FISCAL", "cei": 12}},
        {
            "type": "empresas",
            "id": "3",
            "attributes": {"nome": "EMPRESA MODELO 01 LTDA", "externoid": "00001"},
        },
        {"type": "departamentos", "id": "3", "attributes": {"nome": "FISCAL", "cei": 12}},
        {"type": "tipos-sexo", "id": "3", "attributes": {"descricao": "F"}},
    ]
    links = {
        "departamento": linked("departamentos", "3"),
        "empresa": linked("empresas", "3"),
        "sexo": linked("tipos-sexo", "3"),
        "foto": linked("fotos", "3"),
    }
    funcionario: Funcionario = shown(pessoal.FUNCIONARIOS, {}, links, included)
    departamento, empresa, sexo, foto = (
        known(funcionario.departamento),
        known(funcionario.empresa),
        known(funcionario.sexo),
        known(funcionario.foto),
    )
    assert departamento
    assert departamento.resource == Departamento(id="3", nome="FISCAL", cei="12")
    assert empresa
    assert empresa.resource == Empresa(id="3", nome="EMPRESA MODELO 01 LTDA", codigo="00001")
    assert sexo
    assert sexo.resource == Recurso(id="3", type="tipos-sexo", extra={"descricao": "F"})
    assert foto
    assert foto.resource is None


def test_a_type_that_is_not_known_comes_along_as_recurso() -> None:
    included: list[object] = [{"type": "setores", "id": "3", "attributes": {"nome": "FISCAL"}}]
    funcionario = shown(pessoal.FUNCIONARIOS, {}, {"departamento": linked("setores", "3")}, included)
    assert funcionario.departamento.resource == Recurso(id="3", type="setores", extra={"nome": "FISCAL"})


def test_an_attribute_and_a_relationship_of_one_name_do_not_meet() -> None:
    documento = shown(documentos.DOCUMENTOS, {"categoria": "GUIAS"}, {"categoria": linked("categorias", "3")})
    assert documento.categoria == "GUIAS"
    assert documento.categoria_ref == Ref("categorias", "3")


# --------------------------------------------------------------------------- what is personal


def test_reprs_have_nothing_personal() -> None:
    personal = {
        "nome": "PESSOA MODELO 52998224725",
        "cpf": 52998224725,
        **dict.fromkeys(
            ("pis", "identidade", "email", "telefone", "telefonecelular", "matriculaESocial"), "SEGREDO"
        ),
        **dict.fromkeys(("rua", "complemento", "bairro", "cidade", "cep", "numero"), "SEGREDO"),
        **dict.fromkeys(("chavePix", "banco", "agencia", "conta", "carteiradetrabalho"), "SEGREDO"),
        "afastamentodescricao": "SEGREDO",
        "salarioBase": 4321.98,
        "nascimento": "1990-07-17",
        "desconhecido": "SEGREDO",
    }
    shows = repr(shown(pessoal.FUNCIONARIOS, personal))
    assert "PESSOA MODELO" in shows
    for value in ("SEGREDO", "52998224725", "982.247", "4321", "1990"):
        assert value not in shows
