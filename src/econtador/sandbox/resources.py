"""Every type of resources that is read or posted as the portal's public API is attested to do.

Companies and users have rooms of their own: their writes are a convention. Where a name of the portal
is assumed, a comment says so.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from econtador.sandbox.creations import CREATIONS
from econtador.sandbox.filters import anything, companies, day, flag, latest, number, reference, text, typed
from econtador.sandbox.lookups import LOOKUPS
from econtador.sandbox.resource_type import Filter, ResourceType
from econtador.sandbox.store import attribute, related

__all__ = ["RESOURCES"]

_FUNCIONARIOS = ResourceType(
    "dp",
    "funcionarios",
    ("list", "get"),
    (
        *("codigo", "nome", "status", "afastamentodescricao", "afastamento", "retorno"),
        *("admissao", "demissao", "nascimento", "dataAtualizacao", "nomefuncao"),
        *("cpf", "cpfAlfanumerico", "isCpf", "pis", "identidade", "carteiradetrabalho"),
        *("email", "telefone", "telefonecelular"),
        *("rua", "numero", "complemento", "bairro", "cidade", "cep"),
        *("chavePix", "banco", "nomeDoBanco", "agencia", "conta"),
        *("externoid", "matriculaESocial", "salarioBase"),
        *("datavencimentocontratoexperiencia", "dataprorrogacaocontratoexperiencia"),
    ),
    {
        "empresa": "empresas",
        "departamento": "departamentos",
        "naturalidade": "estados",
        "estado": "estados",
        "foto": "fotos",
        "estadocivil": "tipos-estado-civil",
        "sexo": "tipos-sexo",
        "formadepagamento": "tipos-forma-de-pagamento",
        "nacionalidade": "paises",
        "pais": "paises",
        "tipoDeConta": "tipos-de-conta",
        "tipoDeChavePix": "tipos-de-chave-pix",  # the type is assumed
    },
    (
        Filter(("filter[empresaId]", *typed("funcionarios", "empresa.id")), related("empresa"), reference),
        Filter(typed("funcionarios", "status"), attribute("status"), text),
        Filter(typed("funcionarios", "id"), "id", number),
    ),
)

_HISTORICO = ResourceType(
    "dp",
    "historico-funcoes",
    ("list",),
    ("dataAlteracaoFuncao", "externoId", "funcaoAtual", "funcaoAnterior"),
    filters=(Filter(("filter[funcionarioId]",), related("funcionario"), reference),),
)

_DEPARTAMENTOS = ResourceType(
    "dp",
    "departamentos",
    ("list", "get"),
    ("nome", "externoid", "cei"),
    filters=(Filter(("filter[empresaId]",), related("empresa"), reference),),
)

_FUNCOES = ResourceType("dp", "funcoes", ("list",), ("nome", "cbo", "codigo", "externoid"))

_EVENTOS = ResourceType(
    "dp",
    "eventos",
    ("list",),
    ("codigo", "nome", "descricao", "tipoConfiguracao"),
    {"tipomovimento": "tipos-movimento"},
    (Filter(("filter[eventos][codigo][EQ]",), attribute("codigo"), text),),
)

_DOCUMENTOS = ResourceType(
    "documentos",
    "integracao/documentos",
    ("list", "get"),
    # One integrator lists categoria, departamento and status among the attributes, too. They are names
    # that include takes, and a JSON:API document has each name once: here they are relationships.
    (
        *("empresaId", "valor", "titulo", "descricao", "pago"),
        *("criacao", "vencimento", "expiracao", "pagamento"),
    ),
    # The types, but for empresas and categoria-documento, are assumed; so is it that a file is a relationship.
    {
        "abridor": "integracao/usuarios",
        "categoria": "integracao/categoria-documento",
        "status": "integracao/status-documento",
        "empresa": "empresas",
        "departamento": "integracao/departamentos-do-bureau",
        "arquivos": "integracao/arquivos",
    },
    (
        Filter(("filter[empresaId]",), attribute("empresaId"), companies, mandatory=True),
        Filter(("filter[pago]",), attribute("pago"), flag),
        *map(day, ("criacao", "vencimento", "expiracao", "pagamento")),
    ),
)

_CATEGORIAS = ResourceType(
    "documentos",
    "integracao/categoria-documento",
    ("list",),
    ("personalizada", "pagavel", "login", "descricao"),
    filters=(Filter(("filter[login]",), attribute("login"), text, mandatory=True),),
)

# The last of each company and type of certificate, by its emission: what "latest" means is assumed.
_LATEST = """(NOT EXISTS (SELECT 1 FROM recursos AS outro WHERE outro.tipo = recursos.tipo
    AND json_extract(outro.atributos, '$.empresaId') = json_extract(recursos.atributos, '$.empresaId')
    AND json_extract(outro.relacoes, '$.tipoCertidao[1]') = json_extract(recursos.relacoes, '$.tipoCertidao[1]')
    AND json_extract(outro.atributos, '$.emissao') > json_extract(recursos.atributos, '$.emissao')))"""

_CERTIDOES = ResourceType(
    "cnd",
    "integracao/certidoes",
    ("list", "get"),
    # As with documents, status is a relationship here.
    ("empresaId", "arquivo", "abrangencia", "mimeType", "emissao", "vencimento", "nomeOrgaoEmissor"),
    {"tipoCertidao": "integracao/tipoCertidao", "status": "integracao/status-certidao"},  # the latter assumed
    (
        Filter(("filter[empresaId]",), attribute("empresaId"), companies),
        Filter(("filter[ultimasemissoes]",), _LATEST, latest),
    ),
)

_TIPOS_DE_CERTIDAO = ResourceType(
    "cnd",
    "integracao/tipoCertidao",
    ("list", "get"),
    ("nome",),
    filters=(Filter(("filter[usuario]",), "1", anything),),
)

# Types that only linkage names: they are included, and have no route of their own.
_INCLUDED = (
    ResourceType("documentos", "integracao/arquivos", (), ("bytes",)),
    ResourceType("documentos", "integracao/status-documento", (), ("nome",)),
    ResourceType("documentos", "integracao/departamentos-do-bureau", (), ("nome",)),
    ResourceType("cnd", "integracao/status-certidao", (), ("nome",)),
)

_LOOKUPS = tuple(ResourceType("dp", name, ("list", "get"), ("nome",)) for name in LOOKUPS)


def _named(types: Iterable[ResourceType]) -> Mapping[str, ResourceType]:
    return MappingProxyType({one.name: one for one in types})


RESOURCES = _named(
    (
        *(_FUNCIONARIOS, _HISTORICO, _DEPARTAMENTOS, _FUNCOES, _EVENTOS),
        *(_DOCUMENTOS, _CATEGORIAS, _CERTIDOES, _TIPOS_DE_CERTIDAO),
        *_INCLUDED,
        *_LOOKUPS,
        *CREATIONS,
    )
)
"""By their type on the wire."""
