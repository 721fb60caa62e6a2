"""Employees and what belongs to them, payroll events, and lookups: host dp."""

import re
from collections.abc import Iterable, Mapping
from typing import Literal, Never, TypeAlias

from econtador.documents import Cpf
from econtador.errors import InvalidQuery
from econtador.portal._wire.empresas import EMPRESAS
from econtador.portal._wire.query import LARGEST_PAGE, Query, query
from econtador.portal._wire.resource import (
    DocumentSpelling,
    Includes,
    Resource,
    Spelling,
    decoder,
    nested,
    recurso,
)
from econtador.portal.config import Route
from econtador.portal.models import Empresa
from econtador.portal.pessoal import (
    Departamento,
    Evento,
    Funcao,
    FuncaoNoHistorico,
    Funcionario,
    HistoricoFuncao,
    StatusFuncionario,
)
from econtador.portal.values import Recurso

__all__ = [
    "DEPARTAMENTOS",
    "DEPARTAMENTO_DO_FUNCIONARIO",
    "EMPRESA_DO_FUNCIONARIO",
    "EVENTOS",
    "FUNCIONARIOS",
    "FUNCOES",
    "HISTORICO_FUNCOES",
    "LOOKUPS",
    "TIPOS_MOVIMENTO",
    "IncluidoNoEvento",
    "IncluidoNoFuncionario",
    "departamentos",
    "eventos",
    "funcionarios",
    "funcoes",
    "historico_funcoes",
    "lookup",
    "lookups",
    "tipos_movimento",
]

# --------------------------------------------------------------------------- spellings

_FUNCIONARIO = Spelling(
    attributes={
        "codigo": "codigo",
        "nome": "nome",
        "status": "status",
        "nome_funcao": "nomefuncao",
        "admissao": "admissao",
        "demissao": "demissao",
        "afastamento": "afastamento",
        "retorno": "retorno",
        "afastamento_descricao": "afastamentodescricao",
        "data_vencimento_contrato_experiencia": "datavencimentocontratoexperiencia",
        "data_prorrogacao_contrato_experiencia": "dataprorrogacaocontratoexperiencia",
        "data_atualizacao": "dataAtualizacao",
        "salario_base": "salarioBase",
        "nascimento": "nascimento",
        "pis": "pis",
        "identidade": "identidade",
        "carteira_de_trabalho": "carteiradetrabalho",
        "matricula_esocial": "matriculaESocial",
        "email": "email",
        "telefone": "telefone",
        "telefone_celular": "telefonecelular",
        "rua": "rua",
        "numero": "numero",
        "complemento": "complemento",
        "bairro": "bairro",
        "cidade": "cidade",
        "cep": "cep",
        "banco": "banco",
        "nome_do_banco": "nomeDoBanco",
        "agencia": "agencia",
        "conta": "conta",
        "chave_pix": "chavePix",
        "id_externo": "externoid",
    },
    relationships={
        "empresa": "empresa",
        "departamento": "departamento",
        "sexo": "sexo",
        "estado_civil": "estadocivil",
        "nacionalidade": "nacionalidade",
        "naturalidade": "naturalidade",
        "pais": "pais",
        "estado": "estado",
        "foto": "foto",
        "forma_de_pagamento": "formadepagamento",
        "tipo_de_conta": "tipoDeConta",
        "tipo_de_chave_pix": "tipoDeChavePix",
    },
    document=DocumentSpelling("cpf", text="cpfAlfanumerico", number="cpf", kinds=(Cpf,)),
)
_DEPARTAMENTO = Spelling(attributes={"nome": "nome", "id_externo": "externoid", "cei": "cei"})
_FUNCAO = Spelling(attributes={"nome": "nome", "cbo": "cbo", "codigo": "codigo", "id_externo": "externoid"})
_FUNCAO_NO_HISTORICO = Spelling(attributes={"id_funcao": "id", **_FUNCAO.attributes})
_HISTORICO_FUNCAO = Spelling(
    attributes={
        "data_alteracao_funcao": "dataAlteracaoFuncao",
        "funcao_atual": "funcaoAtual",
        "funcao_anterior": "funcaoAnterior",
        "id_externo": "externoId",  # sic: with a capital here only
    }
)
_EVENTO = Spelling(
    attributes={
        "codigo": "codigo",
        "nome": "nome",
        "descricao": "descricao",
        "tipo_configuracao": "tipoConfiguracao",
    },
    relationships={"tipo_movimento": "tipomovimento"},
)

nested(FuncaoNoHistorico, _FUNCAO_NO_HISTORICO)  # before the decoder that meets it


def _included() -> Includes:
    return {EMPRESAS.type: EMPRESAS.decode, DEPARTAMENTOS.type: DEPARTAMENTOS.decode}


# --------------------------------------------------------------------------- resources

FUNCIONARIOS: Resource[Funcionario, Never] = Resource(
    name="funcionarios",
    route=Route("dp", "/funcionarios"),
    type="funcionarios",
    decode=decoder(Funcionario, _FUNCIONARIO, _included),
    verbs=frozenset({"list", "get"}),
    spelling=_FUNCIONARIO,
)
EMPRESA_DO_FUNCIONARIO: Resource[Empresa, Never] = Resource(
    name="empresa_do_funcionario",
    route=FUNCIONARIOS.route,
    type=EMPRESAS.type,
    decode=EMPRESAS.decode,
    verbs=frozenset({"get"}),
    spelling=EMPRESAS.spelling,
    one="/{id}/empresa",
)
DEPARTAMENTOS: Resource[Departamento, Never] = Resource(
    name="departamentos",
    route=Route("dp", "/departamentos"),
    type="departamentos",
    decode=decoder(Departamento, _DEPARTAMENTO),
    verbs=frozenset({"list", "get"}),
    spelling=_DEPARTAMENTO,
)
DEPARTAMENTO_DO_FUNCIONARIO: Resource[Departamento, Never] = Resource(
    name="departamento_do_funcionario",
    route=FUNCIONARIOS.route,
    type=DEPARTAMENTOS.type,
    decode=DEPARTAMENTOS.decode,
    verbs=frozenset({"get"}),
    spelling=DEPARTAMENTOS.spelling,
    one="/{id}/departamento",
)
FUNCOES: Resource[Funcao, Never] = Resource(
    name="funcoes",
    route=Route("dp", "/funcoes"),
    type="funcoes",
    decode=decoder(Funcao, _FUNCAO),
    verbs=frozenset({"list"}),
    spelling=_FUNCAO,
)
HISTORICO_FUNCOES: Resource[HistoricoFuncao, Never] = Resource(
    name="historico_funcoes",
    route=Route("dp", "/historico-funcoes"),
    type="historico-funcoes",
    decode=decoder(HistoricoFuncao, _HISTORICO_FUNCAO),
    verbs=frozenset({"list"}),
    spelling=_HISTORICO_FUNCAO,
)
EVENTOS: Resource[Evento, Never] = Resource(
    name="eventos",
    route=Route("dp", "/eventos"),
    type="eventos",
    decode=decoder(Evento, _EVENTO),
    verbs=frozenset({"list"}),
    spelling=_EVENTO,
)
TIPOS_MOVIMENTO: Resource[Recurso, Never] = Resource(
    name="tipos_movimento",
    route=Route("dp", "/tipos-movimento"),
    type="tipos-movimento",
    decode=recurso,
    verbs=frozenset({"list", "get"}),
)

LOOKUPS: tuple[str, ...] = (
    "estados",
    "fotos",
    "paises",
    "tipos-admissao",
    "tipos-aviso-previo",
    "tipos-categoria",
    "tipos-cnh",
    "tipos-de-conta",
    "tipos-deficiencia",
    "tipos-desligamento",
    "tipos-documento-rescisao",
    "tipos-emissor",
    "tipos-escolaridade",
    "tipos-estado-civil",
    "tipos-forma-de-pagamento",
    "tipos-identidade",
    "tipos-movimento",
    "tipos-raca",
    "tipos-sexo",
    "tipos-status-admissao",
    "tipos-status-agendamento",
    "tipos-status-atestado-ocupacional",
    "tipos-vinculos-trabalhista",
)
"""The lookups that somebody named. There may be more; these may go (one was renamed in 2026)."""

_KIND = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def lookup(kind: str) -> Resource[Recurso, Never]:
    """The lookup *kind*: its route is its type (the vendor's documentation as transcribed by one integrator).

    Any type is taken, named in :data:`LOOKUPS` or not. Raises :class:`~econtador.errors.InvalidQuery` for
    what cannot be one.
    """
    if not _KIND.fullmatch(kind):
        raise InvalidQuery("lookups", "the name of a lookup is lower case words with hyphens, as tipos-sexo")
    return Resource(
        name=kind,
        route=Route("dp", f"/{kind}"),
        type=kind,
        decode=recurso,
        verbs=frozenset({"list", "get"}),
    )


# --------------------------------------------------------------------------- what their listings take

IncluidoNoFuncionario: TypeAlias = Literal[
    "departamento",
    "empresa",
    "estado",
    "estado_civil",
    "forma_de_pagamento",
    "foto",
    "nacionalidade",
    "naturalidade",
    "pais",
    "sexo",
    "tipo_de_chave_pix",
    "tipo_de_conta",
]
IncluidoNoEvento: TypeAlias = Literal["tipo_movimento"]


def funcionarios(
    *,
    empresa: str | None = None,
    status: StatusFuncionario | Literal["ativo", "afastado", "demitido"] | None = None,
    id: str | None = None,
    include: Iterable[IncluidoNoFuncionario] = (),
    fields: Iterable[str] = (),
    sort: str | None = None,
    where: Mapping[str, str] | None = None,
    limit: int = LARGEST_PAGE,
) -> Query:
    """Employees, all or those of one *empresa* (its id), of one *status*, or the one of an *id*.

    *include* brings along what they point at; *fields* names the only attributes to be told; *sort* by
    ``codigo`` is attested, ``-`` before it turns it round. *where* takes any other parameter in the portal's
    spelling; *limit* is the size of a page, 1 to 200. The filters are attested by several integrators; one by
    name does not work.
    """
    word = status.value if isinstance(status, StatusFuncionario) else status
    # Each was met in other spellings too (empresa.id, [funcionarios][status][EQ]); these are the
    # documentation's, and most integrators'. In lower case by the documentation, though told as "Ativo".
    filters = {
        "filter[empresaId]": empresa,
        "filter[status]": None if word is None else word.lower(),
        "filter[id]": id,
    }
    return query(FUNCIONARIOS, filters, include=include, fields=fields, sort=sort, where=where, limit=limit)


def departamentos(
    *, empresa: str | None = None, where: Mapping[str, str] | None = None, limit: int = LARGEST_PAGE
) -> Query:
    """Departments, all or those of one *empresa* (its id). Attested by two integrators; one of them distrusts it."""
    return query(DEPARTAMENTOS, {"filter[empresaId]": empresa}, where=where, limit=limit)


def funcoes(*, where: Mapping[str, str] | None = None, limit: int = LARGEST_PAGE) -> Query:
    """Every function, thousands of them, many with the same name and CBO. No filter is attested."""
    return query(FUNCOES, {}, where=where, limit=limit)


def historico_funcoes(
    *, funcionario: str | None = None, where: Mapping[str, str] | None = None, limit: int = LARGEST_PAGE
) -> Query:
    """Changes of function, of one *funcionario* (its id). One integrator's transcription of the documentation."""
    return query(HISTORICO_FUNCOES, {"filter[funcionarioId]": funcionario}, where=where, limit=limit)


def eventos(
    *,
    codigo: str | None = None,
    include: Iterable[IncluidoNoEvento] = (),
    where: Mapping[str, str] | None = None,
    limit: int = LARGEST_PAGE,
) -> Query:
    """Payroll events, all or the one of a *codigo*. Filter and inclusion are attested by one integrator."""
    filters = {"filter[eventos][codigo][EQ]": codigo}
    return query(EVENTOS, filters, include=include, where=where, limit=limit)


def tipos_movimento(*, where: Mapping[str, str] | None = None, limit: int = LARGEST_PAGE) -> Query:
    """The payrolls that a movement can go to; their ids are in :class:`~econtador.portal.pessoal.TipoMovimento`."""
    return query(TIPOS_MOVIMENTO, {}, where=where, limit=limit)


def lookups(kind: str, *, where: Mapping[str, str] | None = None, limit: int = LARGEST_PAGE) -> Query:
    """Every row of the lookup *kind*. Its ids are no constants: the portal renumbered two lookups in 2026."""
    return query(lookup(kind), {}, where=where, limit=limit)
