"""Companies and users, on the hosts dp and identificacao."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import Never

from econtador.documents import Cnpj, Cpf
from econtador.portal._wire.jsonapi import Json, Sent, read_attributes
from econtador.portal._wire.query import LARGEST_PAGE, Query, query, whose
from econtador.portal._wire.resource import DocumentSpelling, Resource, Spelling, decoder
from econtador.portal.config import CONVENTION, Route
from econtador.portal.models import (
    Ativacao,
    Empresa,
    EmpresaNova,
    EmpresaSimplificada,
    Usuario,
    UsuarioNovo,
)

__all__ = [
    "EMPRESAS",
    "EMPRESAS_DO_USUARIO",
    "EMPRESAS_SIMPLIFICADAS",
    "USUARIOS",
    "VERTICAL",
    "activation",
    "empresas",
    "empresas_do_usuario",
    "usuarios",
    "vertical",
]

# --------------------------------------------------------------------------- spellings

_EMPRESA = Spelling(
    attributes={
        "nome": "nome",
        "ativa": "ativa",
        "codigo": "externoid",
        "endereco": "endereco",
        "tipo_movimento_permitido": "tipoMovimentoPermitido",
        "controla_transferencia_tomadores": "controlaTransferenciaTomadores",
    },
    document=DocumentSpelling("documento", text="cpfCnpjAlfanumerico", number="cpfcnpj"),
)
_SIMPLIFICADA = Spelling(
    attributes={"nome": "nome", "nome_fantasia": "nomeFantasia", "codigo": "codigo"},
    document=DocumentSpelling("documento", text="cpfCnpjAlfanumerico", number="cpfcnpj"),
)
_USUARIO = Spelling(attributes={"nome": "nome", "email": "email", "telefone": "telefone", "is_cpf": "isCpf"})

# What the portal never shows is spelled by this library's convention.
_EMPRESA_NOVA: Mapping[str, str] = MappingProxyType(
    {
        "codigo": "externoid",
        "nome": "nome",
        "inscricao_estadual": "inscricaoEstadual",
        "inscricao_municipal": "inscricaoMunicipal",
        "endereco": "endereco",
        "numero": "numero",
        "complemento": "complemento",
        "bairro": "bairro",
        "municipio": "municipio",
        "uf": "uf",
        "cep": "cep",
        "atividade": "atividade",
    }
)


_values_of: Callable[[EmpresaNova], tuple[str | None, ...]] = attrgetter(*_EMPRESA_NOVA)


def _documento(documento: Cnpj | Cpf) -> Json:
    return {"cpfCnpjAlfanumerico": documento.value, "isCpf": isinstance(documento, Cpf)}


def _empresa_nova(nova: EmpresaNova) -> Sent:
    given = zip(_EMPRESA_NOVA.values(), _values_of(nova), strict=True)
    said = {theirs: value for theirs, value in given if value is not None}
    return Sent({**said, **_documento(nova.documento), "ativa": True})


def _usuario_novo(novo: UsuarioNovo) -> Sent:
    return Sent({"nome": novo.nome, "email": novo.email, **_documento(novo.cpf)})


def activation(ativacao: Ativacao) -> Sent:
    """What a PATCH of a user says."""
    return Sent({"ativo": ativacao.ativo, "abas": [aba.value for aba in ativacao.abas]})


# --------------------------------------------------------------------------- resources

EMPRESAS: Resource[Empresa, EmpresaNova] = Resource(
    name="empresas",
    route=CONVENTION["empresas"],
    type="empresas",
    decode=decoder(Empresa, _EMPRESA),
    verbs=frozenset({"list", "get", "create"}),
    assumed=frozenset({"create"}),
    spelling=_EMPRESA,
    encode=_empresa_nova,
    found_by="filter[cpfcnpj]",
    more_names={theirs: ours for ours, theirs in _EMPRESA_NOVA.items()},
)
EMPRESAS_SIMPLIFICADAS: Resource[EmpresaSimplificada, Never] = Resource(
    name="empresas_simplificadas",
    route=Route("identificacao", "/empresas"),
    type="integracao/empresas",
    decode=decoder(EmpresaSimplificada, _SIMPLIFICADA),
    verbs=frozenset({"get"}),
    spelling=_SIMPLIFICADA,
    found_by="id",
)
USUARIOS: Resource[Usuario, UsuarioNovo] = Resource(
    name="usuarios",
    route=CONVENTION["usuarios"],
    type="integracao/usuarios",
    decode=decoder(Usuario, _USUARIO),
    verbs=frozenset({"list", "get", "create", "update"}),
    assumed=frozenset({"create", "update"}),
    spelling=_USUARIO,
    encode=_usuario_novo,
    found_by="id",
    more_names={"cpfCnpjAlfanumerico": "documento", "abas": "abas", "ativo": "ativo"},
)
EMPRESAS_DO_USUARIO: Resource[EmpresaSimplificada, Never] = Resource(
    name="empresas_do_usuario",
    route=Route("identificacao", "/usuarios/{usuario}/relationships/empresas"),
    type="integracao/empresas",
    decode=decoder(EmpresaSimplificada, _SIMPLIFICADA),
    verbs=frozenset({"list"}),
    spelling=_SIMPLIFICADA,
)

VERTICAL: Route = Route("identificacao", "/user-connections/verificar-vertical")
"""No resource to list or to have by an id: one text about the office, as one integrator transcribed the documentation."""


def vertical(content: bytes) -> str | None:
    """What :data:`VERTICAL` answered. Raises Malformed."""
    told = read_attributes(content).get("vertical")
    return told if isinstance(told, str) else None


# --------------------------------------------------------------------------- what their listings take


def empresas(
    *,
    ativa: bool | None = None,
    documento: str | Cnpj | Cpf | None = None,
    where: Mapping[str, str] | None = None,
    limit: int = LARGEST_PAGE,
) -> Query:
    """Companies, all or those that are *ativa*, or have that *documento*.

    The filter by document compares numbers: it does not find a CNPJ with letters (``by_document`` does). *where*
    takes any other parameter in the portal's spelling; *limit* is the size of a page, 1 to 200.
    Both filters are attested by integrators; the portal's sorting, fields and inclusions here are not.
    """
    known = None if documento is None else whose(EMPRESAS, "documento", documento)
    filters = {"filter[empresas][ativa][EQ]": ativa, "filter[cpfcnpj]": known}
    return query(EMPRESAS, filters, where=where, limit=limit)


def usuarios(*, where: Mapping[str, str] | None = None, limit: int = LARGEST_PAGE) -> Query:
    """Every user of the office's clients. No filter is attested here; see ``client.empresas.list`` for the rest."""
    return query(USUARIOS, {}, where=where, limit=limit)


def empresas_do_usuario(
    *, usuario: str | Cnpj | Cpf, where: Mapping[str, str] | None = None, limit: int = LARGEST_PAGE
) -> Query:
    """The companies that a user may see; *usuario* is its login. One integrator's transcription of the documentation."""
    login = whose(EMPRESAS_DO_USUARIO, "usuario", usuario)
    return query(EMPRESAS_DO_USUARIO, {}, where=where, limit=limit, path={"usuario": login})
