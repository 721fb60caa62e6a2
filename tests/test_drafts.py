"""What is sent to stay: the body of each draft, as it is attested."""

import base64
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs
import cpf_alfacnpj
import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_rooms import RESOURCES
from whole_drafts import (
    ATENDIMENTO,
    CANDIDATO,
    DAY,
    DRAFTS,
    FERIAS,
    LANCAMENTOS,
    LATER,
    MOMENT,
    MOVIMENTO,
    RESCISAO,
    changed,
)

from econtador.documents import Cpf
from econtador.portal._wire.jsonapi import body
from econtador.portal.envios import MovimentoNovo
from econtador.portal.values import UNSET


def sent(draft: Any) -> Any:
    """The JSON document that *draft* becomes, fractions exact."""
    resource = RESOURCES[draft.RESOURCE]
    return json.loads(body(resource.type, resource.encode(draft)), parse_float=Decimal)


def linkage(**relationships: str) -> dict[str, object]:
    """``name="type id"`` as JSON:API says it."""
    pairs = {name: key.split() for name, key in relationships.items()}
    return {name: {"data": {"type": kind, "id": id}} for name, (kind, id) in pairs.items()}


def test_a_movement_is_sent_as_several_integrators_send_it() -> None:
    assert sent(MOVIMENTO) == {
        "data": {
            "type": "movimentos",
            "attributes": {
                "valor": "7:45",
                "inicio": "2026-01-05T03:00:00Z",
                "fim": "2026-01-31T03:00:00Z",
                "created": "2026-01-05T15:30:15Z",
                "comentario": "HORAS",
                "horaquantidade": None,
                "databaixa": None,
                "faltas": [
                    {
                        "empresaId": "12",
                        "empresa": None,
                        "funcionarioId": "7",
                        "funcionario": None,
                        "inicio": "2026-01-05T03:00:00Z",
                        "fim": "2026-01-05T03:00:00Z",
                        "dia": "2026-01-05T03:00:00Z",
                    }
                ],
            },
            "relationships": linkage(
                funcionario="funcionarios 7",
                empresa="empresas 12",
                tipomovimento="tipos-movimento 1",
                evento="eventos 55",
            ),
        }
    }


def test_a_movement_without_more_says_so_and_is_made_now() -> None:
    before = datetime.now(UTC)
    movimento = MovimentoNovo(
        empresa="12", funcionario="7", tipo_movimento="1", evento="55", valor=3, inicio=DAY, fim=DAY
    )
    assert before <= movimento.criado <= datetime.now(UTC)
    attributes = sent(movimento)["data"]["attributes"]
    assert (attributes["comentario"], attributes["faltas"]) == (None, [])


@pytest.mark.parametrize(
    ("valor", "written"),
    [
        (Decimal(100), "100.00"),
        (Decimal("0.5"), "0.50"),
        (Decimal("1E+3"), "1000.00"),
        (Decimal("7.500"), "7.50"),
        (Decimal("9999999999999.99"), "9999999999999.99"),
        (timedelta(minutes=5), "0:05"),
        (timedelta(days=2, hours=1), "49:00"),
        (3, "3"),
        (0, "0"),
    ],
)
def test_a_value_is_money_hours_or_days(valor: Decimal | timedelta | int, written: str) -> None:
    assert sent(changed(MOVIMENTO, valor=valor))["data"]["attributes"]["valor"] == written


def test_a_candidate_with_the_least_is_sent_with_no_more() -> None:
    assert sent(CANDIDATO) == {
        "data": {
            "type": "candidatos",
            "attributes": {
                "nome": "PESSOA MODELO 01",
                "cpf": 191,
                "cpfAlfanumerico": "00000000191",
                "isCpf": True,
                "admissao": "2026-01-05",
                "nomecargo": "CAIXA",
            },
            "relationships": linkage(empresa="empresas 12"),
        }
    }


TEXTS = [
    "nomedamae",
    "nomedopai",
    "municipionascimento",
    "observacao",
    "ocorrencia",
    "cep",
    "rua",
    "bairro",
    "complemento",
    "cidade",
    "email",
    "telefone",
    "celular",
    "proventosedescontos",
    "pis",
    "cnh",
    "orgaoemissorcnh",
    "identidade",
    "orgaoemissoridentidade",
    "seriectps",
    "zonatituloeleitor",
    "secaotituloeleitor",
    "banco",
    "agencia",
    "conta",
    "valestrasnportes",
    "historicosolicitacao",
    "usuariocriacao",
]
DAYS = [
    "nascimento",
    "dataatestadoocupacional",
    "dataterminocontrato",
    "datapis",
    "emissaocnh",
    "validadecnh",
    "primeiraemissaocnh",
    "dataidentidade",
    "datactps",
    "datacriacao",
]
NUMBERS = ["numero", "diascontratoexperiencia", "ctps", "tituloeleitor"]
FLAGS = ["possuideficiencia", "primeiroemprego", "requersegurodesemprego"]
LINKED = {
    "departamento": "departamentos",
    "funcao": "funcoes",
    "statusadmissao": "tipos-status-admissao",
    "tipoadmissao": "tipos-admissao",
    "tipovinculotrabalhista": "tipos-vinculos-trabalhista",
    "categoriawdp": "tipos-categoria",
    "formapagamento": "tipos-forma-de-pagamento",
    "tipoconta": "tipos-de-conta",
    "sexo": "tipos-sexo",
    "raca": "tipos-raca",
    "escolaridade": "tipos-escolaridade",
    "estadocivil": "tipos-estado-civil",
    "nacionalidade": "paises",
    "paisnascimento": "paises",
    "pais": "paises",
    "estado": "estados",
    "naturalidade": "estados",
    "ufidentidade": "estados",
    "ufctps": "estados",
    "ufcnh": "estados",
    "tipoidentidade": "tipos-identidade",
    "categoriacnh": "tipos-cnh",
    "tipoDeDeficiencia": "tipos-deficiencia",
    "statusatestadoocupacional": "tipos-status-atestado-ocupacional",
    "foto": "fotos",
}


def test_a_candidate_with_everything_is_sent_with_all_of_it() -> None:
    # By the portal's names here, so that the table of spellings is not its own witness.
    theirs: dict[str, object] = {
        **{name: f"TEXTO {name}" for name in TEXTS},
        **dict.fromkeys(DAYS, LATER),
        **{name: place for place, name in enumerate(NUMBERS, 10)},
        **dict.fromkeys(FLAGS, False),
        **{name: f"{place}" for place, name in enumerate(LINKED, 100)},
        "salario": Decimal("1234.56"),
    }
    spelling = RESOURCES["candidatos"].spelling
    ours = {**spelling.attributes, **spelling.relationships}
    given = {name: theirs[spelled] for name, spelled in ours.items() if spelled in theirs}
    assert len(given) == len(theirs)

    data = sent(changed(CANDIDATO, **given))["data"]
    least = sent(CANDIDATO)["data"]
    plain = {name: theirs[name] for name in [*TEXTS, *NUMBERS, *FLAGS, "salario"]}
    assert data["attributes"] == least["attributes"] | plain | dict.fromkeys(DAYS, "2026-01-31")
    links = {name: f"{kind} {theirs[name]}" for name, kind in LINKED.items()}
    assert data["relationships"] == least["relationships"] | linkage(**links)


bases = st.text("0123456789", min_size=9, max_size=9).filter(lambda base: len(set(base)) > 1)


@given(base=bases)
def test_a_cpf_is_sent_as_number_and_as_text(base: str) -> None:
    cpf = Cpf(base + cpf_alfacnpj.calcular_dv_cpf(base))
    attributes = sent(changed(CANDIDATO, cpf=cpf))["data"]["attributes"]
    assert attributes["cpfAlfanumerico"] == cpf.value
    assert attributes["cpf"] == int(cpf.value)


@given(
    salario=st.decimals(0, Decimal("9999999999999.99"), places=2).filter(lambda value: not value.is_signed())
)
def test_a_salary_is_sent_to_the_centavo(salario: Decimal) -> None:
    assert sent(changed(CANDIDATO, salario=salario))["data"]["attributes"]["salario"] == salario


def test_a_vacation_is_sent() -> None:
    ferias = changed(
        FERIAS,
        status="1",
        adiantamento_decimo_terceiro=True,
        solicitacao=DAY,
        abono_dias=10,
        anotacoes="MODELO",
    )
    assert sent(ferias) == {
        "data": {
            "type": "agendamentos-ferias",
            "attributes": {
                "de": "2026-01-05T03:00:00Z",
                "ate": "2026-01-31T03:00:00Z",
                "adiantamentodecimoterceiro": True,
                "solicitacao": "2026-01-05T03:00:00Z",
                "abonodias": 10,
                "anotacoes": "MODELO",
            },
            "relationships": linkage(funcionario="funcionarios 7", status="tipos-status-agendamento 1"),
        }
    }


def test_a_notice_of_dismissal_is_sent() -> None:
    rescisao = changed(
        RESCISAO,
        solicitacao=DAY,
        criacao=LATER,
        simulacao=False,
        documento_rescisao="1",
        aviso_previo="2",
        emissor_notificacao="3",
        tipo_desligamento="10",
    )
    assert sent(rescisao) == {
        "data": {
            "type": "notificacoes-rescisao",
            "attributes": {
                "solicitacao": "2026-01-05T03:00:00Z",
                "criacao": "2026-01-31T03:00:00Z",
                "simulacao": False,
            },
            "relationships": linkage(
                funcionario="funcionarios 7",
                empresa="empresas 12",
                documentorescisao="tipos-documento-rescisao 1",
                avisoPrevio="tipos-aviso-previo 2",
                emissornotificacao="tipos-emissor 3",
                tipoDesligamento="tipos-desligamento 10",
            ),
        }
    }


def test_a_ticket_is_sent() -> None:
    atendimento = changed(
        ATENDIMENTO,
        previsao=MOMENT,
        abertura=MOMENT,
        aberto=True,
        aberto_na_web=True,
        exportado=False,
        abridor_id="4",
        departamento="5",
        operador="6",
    )
    assert sent(atendimento) == {
        "data": {
            "type": "integracao/atendimentos",
            "attributes": {
                "descricao": "MODELO",
                "previsao": "2026-01-05T15:30:15Z",
                "abertura": "2026-01-05T15:30:15Z",
                "aberto": True,
                "abertoNaWeb": True,
                "exportado": False,
                "abridorId": "4",
                "parecerInicial": {"texto": "ABRIR", "data": "2026-01-05T15:30:15Z"},
            },
            "relationships": linkage(
                empresa="empresas 12",
                departamento="integracao/departamentos-do-bureau 5",
                operador="operadores 6",
            ),
        }
    }


def test_a_file_of_entries_is_sent_under_the_name_that_the_portal_knows() -> None:
    assert sent(LANCAMENTOS) == {
        "data": {
            "type": "integracao/integracaoAlterdata",
            "attributes": {
                "documento": "Lançamentos_contabeis_05_01_2026_a_31_01_2026.txt",
                "categoriaId": "9",
                "cnpjremetente": "12ABC34501DE35",
                "arquivoBase64": base64.b64encode(b"0001;\xe7\n").decode(),
            },
        }
    }


@pytest.mark.parametrize("name", sorted(DRAFTS))
def test_a_draft_can_be_made_without_what_may_be_left_out(name: str) -> None:
    draft = DRAFTS[name]
    bare = {field.name: UNSET for field in attrs.fields(type(draft)) if field.default is UNSET}
    assert UNSET not in leaves(sent(changed(draft, **bare)))


def leaves(value: Any) -> list[object]:
    if isinstance(value, dict | list):
        return [
            leaf for inner in (value.values() if isinstance(value, dict) else value) for leaf in leaves(inner)
        ]
    return [value]
