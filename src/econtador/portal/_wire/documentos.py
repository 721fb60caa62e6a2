"""Documents, certificates and tasks: the hosts documentos, cnd and ms-tarefas."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, Never, TypeAlias

from econtador.documents import Cnpj, Cpf
from econtador.errors import InvalidQuery
from econtador.portal._wire.query import LARGEST_PAGE, Query, query, whose
from econtador.portal._wire.resource import Resource, Spelling, decoder, recurso
from econtador.portal.config import Route
from econtador.portal.documentos import CategoriaDocumento, Certidao, Documento, Tarefa, TipoCertidao
from econtador.portal.values import Recurso

__all__ = [
    "ARQUIVO_DO_DOCUMENTO",
    "CATEGORIAS_DOCUMENTO",
    "CERTIDOES",
    "CONTEUDO",
    "DOCUMENTOS",
    "HISTORICO_TAREFAS",
    "TIPOS_CERTIDAO",
    "IncluidoNaCertidao",
    "IncluidoNoDocumento",
    "categorias_documento",
    "certidoes",
    "documentos",
    "historico_tarefas",
    "tipos_certidao",
]

# --------------------------------------------------------------------------- spellings

_DOCUMENTO = Spelling(
    attributes={
        "empresa_id": "empresaId",
        "titulo": "titulo",
        "descricao": "descricao",
        "categoria": "categoria",
        "departamento": "departamento",
        "status": "status",
        "valor": "valor",
        "criacao": "criacao",
        "vencimento": "vencimento",
        "expiracao": "expiracao",
        "pagamento": "pagamento",
        "pago": "pago",
    },
    relationships={
        "abridor": "abridor",
        "empresa": "empresa",
        "categoria_ref": "categoria",
        "departamento_ref": "departamento",
        "status_ref": "status",
    },
)
_CATEGORIA_DOCUMENTO = Spelling(
    attributes={
        "descricao": "descricao",
        "personalizada": "personalizada",
        "pagavel": "pagavel",
        "login": "login",
    }
)
_CERTIDAO = Spelling(
    attributes={
        "empresa_id": "empresaId",
        "abrangencia": "abrangencia",
        "status": "status",
        "emissao": "emissao",
        "vencimento": "vencimento",
        "nome_orgao_emissor": "nomeOrgaoEmissor",
        "mime_type": "mimeType",
        "arquivo": "arquivo",
    },
    relationships={"tipo_certidao": "tipoCertidao", "status_ref": "status"},
)
_TIPO_CERTIDAO = Spelling(attributes={"nome": "nome"})
_TAREFA = Spelling(
    attributes={
        "nome": "nome",
        "empresa": "empresa",
        "departamento": "departamento",
        "responsavel": "responsavel",
        "status": "status",
        "prazo_entrega": "prazoEntrega",
        "prazo_legal": "prazoLegal",
        "data_conclusao": "dataConclusao",
    }
)

# --------------------------------------------------------------------------- resources

DOCUMENTOS: Resource[Documento, Never] = Resource(
    name="documentos",
    route=Route("documentos", "/documentos"),
    type="integracao/documentos",
    decode=decoder(Documento, _DOCUMENTO),
    verbs=frozenset({"list", "get"}),
    spelling=_DOCUMENTO,
)
ARQUIVO_DO_DOCUMENTO: Resource[Recurso, Never] = Resource(
    name="arquivo_do_documento",
    route=DOCUMENTOS.route,
    type="integracao/arquivos",
    decode=recurso,
    verbs=frozenset({"get"}),
    one="/{id}/arquivos",
)
CONTEUDO = "bytes"
"""The attribute of a document's file with the file itself, in base64."""
CATEGORIAS_DOCUMENTO: Resource[CategoriaDocumento, Never] = Resource(
    name="categorias_documento",
    route=Route("documentos", "/categoria-documento"),
    type="integracao/categoria-documento",
    decode=decoder(CategoriaDocumento, _CATEGORIA_DOCUMENTO),
    verbs=frozenset({"list"}),
    spelling=_CATEGORIA_DOCUMENTO,
)
CERTIDOES: Resource[Certidao, Never] = Resource(
    name="certidoes",
    route=Route("cnd", "/certidoes"),
    type="integracao/certidoes",
    decode=decoder(Certidao, _CERTIDAO),
    verbs=frozenset({"list", "get"}),
    spelling=_CERTIDAO,
)
TIPOS_CERTIDAO: Resource[TipoCertidao, Never] = Resource(
    name="tipos_certidao",
    route=Route("cnd", "/tipoCertidao"),
    type="integracao/tipoCertidao",
    decode=decoder(TipoCertidao, _TIPO_CERTIDAO),
    verbs=frozenset({"list", "get"}),
    spelling=_TIPO_CERTIDAO,
)
HISTORICO_TAREFAS: Resource[Tarefa, Never] = Resource(
    name="historico_tarefas",
    route=Route("ms-tarefas", "/historico-tarefas"),
    type="integracao/historico-tarefas",
    decode=decoder(Tarefa, _TAREFA),
    verbs=frozenset({"list"}),
    spelling=_TAREFA,
    shape="rows",
)

# --------------------------------------------------------------------------- what their listings take

IncluidoNoDocumento: TypeAlias = Literal[
    "abridor", "categoria_ref", "departamento_ref", "empresa", "status_ref"
]
IncluidoNaCertidao: TypeAlias = Literal["status_ref", "tipo_certidao"]


def documentos(
    *,
    empresa: str | Cnpj | Cpf,
    pago: bool | None = None,
    criacao: date | None = None,
    vencimento: date | None = None,
    expiracao: date | None = None,
    pagamento: date | None = None,
    include: Iterable[IncluidoNoDocumento] = (),
    fields: Iterable[str] = (),
    sort: str | None = None,
    where: Mapping[str, str] | None = None,
    limit: int = LARGEST_PAGE,
) -> Query:
    """Documents of one *empresa*: its CNPJ, as one integrator sends in production, or its id.

    The other filters are attested, how a date is written in them is not (*assumed*: ``2026-01-05``); *sort*
    by ``-criacao`` is, how *fields* are spelled on this host is not. *where* takes any other parameter in the
    portal's spelling; *limit* is the size of a page, 1 to 200.
    """
    filters = {
        "filter[empresaId]": whose(DOCUMENTOS, "empresa", empresa),
        "filter[pago]": pago,
        "filter[criacao]": criacao,
        "filter[vencimento]": vencimento,
        "filter[expiracao]": expiracao,
        "filter[pagamento]": pagamento,
    }
    return query(DOCUMENTOS, filters, include=include, fields=fields, sort=sort, where=where, limit=limit)


def categorias_documento(
    *, login: str | Cnpj | Cpf, where: Mapping[str, str] | None = None, limit: int = LARGEST_PAGE
) -> Query:
    """The kinds of document of the user with that *login*. One integrator's transcription of the documentation."""
    filters = {"filter[login]": whose(CATEGORIAS_DOCUMENTO, "login", login)}
    return query(CATEGORIAS_DOCUMENTO, filters, where=where, limit=limit)


def certidoes(
    *,
    empresa: str | None = None,
    ultimas_emissoes: bool | None = None,
    include: Iterable[IncluidoNaCertidao] = (),
    fields: Iterable[str] = (),
    sort: str | None = None,
    where: Mapping[str, str] | None = None,
    limit: int = LARGEST_PAGE,
) -> Query:
    """Certificates, all or those of one *empresa* (its id), or the latest of each kind.

    The filters are attested, that *ultimas_emissoes* takes true or false is *assumed*; *sort* by ``-emissao``
    is attested, how *fields* are spelled on this host is not. *where* takes any other parameter in the
    portal's spelling; *limit* is the size of a page, 1 to 200.
    """
    filters = {"filter[empresaId]": empresa, "filter[ultimasemissoes]": ultimas_emissoes}
    return query(CERTIDOES, filters, include=include, fields=fields, sort=sort, where=where, limit=limit)


def tipos_certidao(
    *,
    usuario: str | Cnpj | Cpf | None = None,
    where: Mapping[str, str] | None = None,
    limit: int = LARGEST_PAGE,
) -> Query:
    """Kinds of certificate, all or those of one *usuario*. One integrator's transcription of the documentation."""
    filters = {} if usuario is None else {"filter[usuario]": whose(TIPOS_CERTIDAO, "usuario", usuario)}
    return query(TIPOS_CERTIDAO, filters, where=where, limit=limit)


def historico_tarefas(*, inicio: date, fim: date, where: Mapping[str, str] | None = None) -> Query:
    """Tasks from *inicio* to *fim*, all at once. One integrator's transcription of the documentation.

    How the two dates are written is not attested (*assumed*: ``2026-01-05``). Raises
    :class:`~econtador.errors.InvalidQuery` where *fim* is before *inicio*.
    """
    if fim < inicio:
        raise InvalidQuery(HISTORICO_TAREFAS.name, "fim is before inicio")
    return query(HISTORICO_TAREFAS, {"dataInicial": inicio, "dataFinal": fim}, where=where)
