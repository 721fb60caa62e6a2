"""What listings ask for, as the portal is attested to be asked."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from econtador.documents import Cnpj, Cpf
from econtador.errors import InvalidQuery
from econtador.portal._wire import documentos, pessoal
from econtador.portal._wire.query import LARGEST_PAGE, Query
from econtador.portal.pessoal import StatusFuncionario

CNPJ = Cnpj("11222333000181")


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        (pessoal.funcionarios(), {}),
        (pessoal.funcionarios(empresa="12", id="7"), {"filter[empresaId]": "12", "filter[id]": "7"}),
        (pessoal.funcionarios(status=StatusFuncionario.ATIVO), {"filter[status]": "ativo"}),
        (pessoal.funcionarios(status="demitido"), {"filter[status]": "demitido"}),
        (
            pessoal.funcionarios(include=["estado_civil", "tipo_de_conta"], sort="-codigo"),
            {"include": "estadocivil,tipoDeConta", "sort": "-codigo"},
        ),
        (
            pessoal.funcionarios(fields=["nome", "cpf", "salario_base"], include=["empresa"]),
            {
                "include": "empresa",
                "fields[funcionarios]": "nome,cpfAlfanumerico,cpf,isCpf,salarioBase,empresa",
            },
        ),
        (pessoal.departamentos(empresa="12"), {"filter[empresaId]": "12"}),
        (pessoal.funcoes(), {}),
        (pessoal.historico_funcoes(funcionario="7"), {"filter[funcionarioId]": "7"}),
        (
            pessoal.eventos(codigo="0101", include=["tipo_movimento"]),
            {"filter[eventos][codigo][EQ]": "0101", "include": "tipomovimento"},
        ),
        (pessoal.tipos_movimento(), {}),
        (pessoal.lookups("tipos-sexo"), {}),
        (documentos.documentos(empresa="12"), {"filter[empresaId]": "12"}),
        (
            documentos.documentos(
                empresa=CNPJ,
                pago=False,
                criacao=date(2026, 1, 5),
                vencimento=date(2026, 1, 6),
                expiracao=date(2026, 1, 7),
                pagamento=date(2026, 1, 8),
                include=["abridor", "categoria_ref"],
                sort="-criacao",
            ),
            {
                "filter[empresaId]": "11222333000181",
                "filter[pago]": "false",
                "filter[criacao]": "2026-01-05",
                "filter[vencimento]": "2026-01-06",
                "filter[expiracao]": "2026-01-07",
                "filter[pagamento]": "2026-01-08",
                "include": "abridor,categoria",
                "sort": "-criacao",
            },
        ),
        (
            documentos.documentos(empresa="12", fields=["titulo"]),
            {"filter[empresaId]": "12", "fields[integracao/documentos]": "titulo"},
        ),
        (
            documentos.categorias_documento(login=Cpf("52998224725")),
            {"filter[login]": "52998224725"},
        ),
        (
            documentos.certidoes(
                empresa="12", ultimas_emissoes=True, include=["tipo_certidao", "status_ref"], sort="-emissao"
            ),
            {
                "filter[empresaId]": "12",
                "filter[ultimasemissoes]": "true",
                "include": "tipoCertidao,status",
                "sort": "-emissao",
            },
        ),
        (documentos.tipos_certidao(usuario=CNPJ), {"filter[usuario]": "11222333000181"}),
        (
            documentos.historico_tarefas(inicio=date(2026, 1, 1), fim=date(2026, 1, 1)),
            {"dataInicial": "2026-01-01", "dataFinal": "2026-01-01"},
        ),
        (
            documentos.historico_tarefas(inicio=date(2026, 1, 1), fim=date(2026, 1, 31)),
            {"dataInicial": "2026-01-01", "dataFinal": "2026-01-31"},
        ),
    ],
)
def test_a_query_is_spelled_as_the_portal_is_asked(query: Query, parameters: Mapping[str, str]) -> None:
    assert query == Query(parameters, LARGEST_PAGE)


PAGED: list[Callable[..., Query]] = [
    pessoal.funcionarios,
    pessoal.departamentos,
    pessoal.funcoes,
    pessoal.historico_funcoes,
    pessoal.eventos,
    pessoal.tipos_movimento,
    documentos.certidoes,
    documentos.tipos_certidao,
]


@pytest.mark.parametrize("query", PAGED)
@given(limit=st.integers(-3, 300))
def test_a_page_has_1_to_200_rows(query: Callable[..., Query], limit: int) -> None:
    if 1 <= limit <= 200:
        assert query(limit=limit).limit == limit
    else:
        with pytest.raises(InvalidQuery, match="limit"):
            query(limit=limit)


@pytest.mark.parametrize("query", PAGED)
def test_any_other_parameter_can_be_said_but_those_of_the_page(query: Callable[..., Query]) -> None:
    assert query(where={"filter[x][y][EQ]": "1"}).parameters == {"filter[x][y][EQ]": "1"}
    with pytest.raises(InvalidQuery, match=r"page\[offset\]"):
        query(where={"page[offset]": "1"})


@pytest.mark.parametrize(
    "wrong",
    [{"include": ["escolaridade"]}, {"fields": ["nomedamae"]}, {"sort": "-nada"}, {"include": "foto"}],
)
def test_what_is_not_attested_is_refused_before_it_is_sent(wrong: Mapping[str, Any]) -> None:
    with pytest.raises(InvalidQuery, match="funcionarios"):
        pessoal.funcionarios(**wrong)


def test_tasks_are_asked_for_from_the_first_day_to_the_last() -> None:
    with pytest.raises(InvalidQuery, match="fim is before inicio"):
        documentos.historico_tarefas(inicio=date(2026, 1, 31), fim=date(2026, 1, 1))


def test_a_query_does_not_show_the_login_that_it_asks_for() -> None:
    assert "52998224725" not in repr(documentos.categorias_documento(login="52998224725"))
