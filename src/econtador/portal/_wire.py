"""JSON:API documents to models and back. The portal's spellings stand here and nowhere else.

Attested facts that shape it: a document comes as a number without its zeros and, where the portal
has it, as text (``cpfCnpjAlfanumerico``), the number then being 0 for a CNPJ with letters; text
fields were met as numbers; attributes that nobody listed do come.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Generic, Literal, TypeVar, cast

from attrs import field, fields, frozen
from cattrs import BaseValidationError, Converter, transform_error
from cattrs.gen import make_dict_structure_fn, override

from econtador.documents import Cnpj, Cpf
from econtador.errors import PortalFault
from econtador.portal.config import CONVENTION, Route
from econtador.portal.models import Ativacao, Empresa, EmpresaNova, Usuario, UsuarioNovo

__all__ = [
    "EMPRESAS",
    "USUARIOS",
    "Document",
    "Malformed",
    "Resource",
    "body",
    "faults",
    "filters",
    "read_document",
]

M = TypeVar("M", covariant=True)
N = TypeVar("N", contravariant=True)

JsonObject = Mapping[str, object]


class Malformed(Exception):
    """What came is not the document that was asked for. Its text names attributes, never values."""


# --------------------------------------------------------------------------- attributes to models


def _text(value: object, _: type) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # the portal was met sending códigos as numbers
    raise TypeError(f"{type(value).__name__} where text is expected")


def _flag(value: object, _: type) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError(f"{type(value).__name__} where true or false is expected")


def _document(value: object, _: type) -> Cnpj | Cpf | None:
    if value is None or isinstance(value, Cnpj | Cpf):
        return value
    raise TypeError("no document")


_CONVERTER = Converter()
_CONVERTER.register_structure_hook(str, _text)
_CONVERTER.register_structure_hook(bool, _flag)
_CONVERTER.register_structure_hook(Cnpj | Cpf | None, _document)


def _documento(attributes: JsonObject) -> Cnpj | Cpf | None:
    text = attributes.get("cpfCnpjAlfanumerico")
    if isinstance(text, str) and Cnpj.is_valid(text):
        return Cnpj(text)
    if isinstance(text, str) and Cpf.is_valid(text):
        return Cpf(text)
    number = attributes.get("cpfcnpj")
    digits = str(number) if isinstance(number, int | str) and not isinstance(number, bool) else ""
    candidates: dict[bool, Cnpj | Cpf] = {}
    if len(digits) <= 14 and Cnpj.is_valid(digits.zfill(14)):
        candidates[False] = Cnpj(digits.zfill(14))
    if len(digits) <= 11 and Cpf.is_valid(digits.zfill(11)):
        candidates[True] = Cpf(digits.zfill(11))
    is_cpf = attributes.get("isCpf")
    if isinstance(is_cpf, bool):
        return candidates.get(is_cpf)
    return next(iter(candidates.values())) if len(candidates) == 1 else None


_EMPRESA: Mapping[str, str] = MappingProxyType(
    {
        "nome": "nome",
        "ativa": "ativa",
        "codigo": "externoid",
        "endereco": "endereco",
        "tipo_movimento_permitido": "tipoMovimentoPermitido",
        "controla_transferencia_tomadores": "controlaTransferenciaTomadores",
    }
)
_USUARIO: Mapping[str, str] = MappingProxyType(
    {"nome": "nome", "email": "email", "telefone": "telefone", "is_cpf": "isCpf"}
)
_IN_DOCUMENTO = ("cpfCnpjAlfanumerico", "cpfcnpj", "isCpf")


def _decoder(
    model: type[M],
    spellings: Mapping[str, str],
    derived: Mapping[str, Callable[[JsonObject], object]],
    consumed: Iterable[str],
) -> Callable[[str, JsonObject], M]:
    """A function (id, attributes) → model. *derived* fields are made from several attributes, *consumed* by them."""
    renamed = {ours: override(rename=theirs) for ours, theirs in spellings.items()}
    renamed["extra"] = override(struct_hook=lambda extra, _: extra)
    # cattrs types its options and the fields' overrides as one **kwargs.
    structure = make_dict_structure_fn(model, _CONVERTER, **renamed)  # type: ignore[arg-type]
    known = {*spellings.values(), *consumed}
    optional = {
        theirs
        for ours, theirs in spellings.items()
        if getattr(fields(cast("type", model)), ours).default is None
    }

    def decode(identifier: str, attributes: JsonObject) -> M:
        # An optional attribute that is null is the same as one that is absent.
        given = {
            name: value for name, value in attributes.items() if value is not None or name not in optional
        }
        given |= {name: make(attributes) for name, make in derived.items()}
        given["extra"] = {name: value for name, value in attributes.items() if name not in known}
        given["id"] = identifier
        try:
            return structure(given, model)
        except BaseValidationError as error:
            raise Malformed("; ".join(transform_error(error, format_exception=_say))) from None

    return decode


def _say(error: BaseException, type: type | None) -> str:
    return str(error) if isinstance(error, TypeError) else "missing"


# --------------------------------------------------------------------------- drafts to attributes

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


def _encode_documento(documento: Cnpj | Cpf) -> JsonObject:
    return {"cpfCnpjAlfanumerico": documento.value, "isCpf": isinstance(documento, Cpf)}


def _encode_empresa(nova: EmpresaNova) -> JsonObject:
    given = {theirs: getattr(nova, ours) for ours, theirs in _EMPRESA_NOVA.items()}
    return {
        **{name: value for name, value in given.items() if value is not None},
        **_encode_documento(nova.documento),
        "ativa": True,
    }


def _encode_usuario(novo: UsuarioNovo) -> JsonObject:
    return {"nome": novo.nome, "email": novo.email, **_encode_documento(novo.cpf)}


def _encode_ativacao(ativacao: Ativacao) -> JsonObject:
    return {"ativo": ativacao.ativo, "abas": [aba.value for aba in ativacao.abas]}


# --------------------------------------------------------------------------- resources


@frozen
class Resource(Generic[M, N]):
    """One kind of thing in the portal, as data: where it is read, how it is told and made."""

    name: str
    """Ours, and the key of ``Config.writes``."""
    route: Route
    type: str
    """The JSON:API type that a write carries; never checked on reads (not attested for every host)."""
    decode: Callable[[str, JsonObject], M] = field(repr=False)
    encode: Callable[[N], JsonObject] = field(repr=False)
    found_by: Literal["filter", "id"]
    """How a document is looked for: by a filter of the listing, or as the id itself."""
    filters: Mapping[str, str] = field(default=MappingProxyType({}), repr=False)
    """Our name of each attested filter → its spelling."""


EMPRESAS: Resource[Empresa, EmpresaNova] = Resource(
    name="empresas",
    route=CONVENTION["empresas"],
    type="empresas",
    decode=_decoder(Empresa, _EMPRESA, {"documento": _documento}, _IN_DOCUMENTO),
    encode=_encode_empresa,
    found_by="filter",
    filters=MappingProxyType({"ativa": "filter[empresas][ativa][EQ]", "documento": "filter[cpfcnpj]"}),
)
USUARIOS: Resource[Usuario, UsuarioNovo] = Resource(
    name="usuarios",
    route=CONVENTION["usuarios"],
    type="integracao/usuarios",
    decode=_decoder(Usuario, _USUARIO, {}, ()),
    encode=_encode_usuario,
    found_by="id",
)

_OUR_FIELD: Mapping[str, str] = MappingProxyType(
    {theirs: ours for spellings in (_EMPRESA, _EMPRESA_NOVA, _USUARIO) for ours, theirs in spellings.items()}
    | {"cpfCnpjAlfanumerico": "documento", "cpfcnpj": "documento", "abas": "abas", "ativo": "ativo"}
)


# --------------------------------------------------------------------------- documents


@frozen
class Document:
    """A JSON:API document: its resources as (id, attributes), and what a listing says of itself."""

    resources: tuple[tuple[str, JsonObject], ...]
    many: bool
    total: int | None
    has_next: bool


def body(resource: Resource[M, N], draft: N | Ativacao, identifier: str | None = None) -> bytes:
    """The bytes of a write of *draft*."""
    attributes = _encode_ativacao(draft) if isinstance(draft, Ativacao) else resource.encode(draft)
    data: dict[str, object] = {"type": resource.type, "attributes": attributes}
    if identifier is not None:
        data["id"] = identifier
    return json.dumps({"data": data}, ensure_ascii=False, separators=(",", ":")).encode()


def filters(resource: Resource[M, N], wanted: Mapping[str, str | bool | None]) -> dict[str, str]:
    """Query parameters for *wanted*, by our names. TypeError for a filter that is not attested."""
    given = {name: value for name, value in wanted.items() if value is not None}
    if unknown := given.keys() - resource.filters.keys():
        known = ", ".join(resource.filters) or "none"
        raise TypeError(f"{resource.name} has no filter {', '.join(sorted(unknown))}; attested: {known}")
    return {
        resource.filters[name]: str(value).lower() if isinstance(value, bool) else value
        for name, value in given.items()
    }


def read_document(content: bytes) -> Document:
    """Read a document. Raises :class:`Malformed`."""
    parsed = _json(content)
    if not isinstance(parsed, dict) or "data" not in parsed:
        raise Malformed("a JSON:API document with data is expected")
    document = cast("JsonObject", parsed)
    data = document["data"]
    many = isinstance(data, list)
    rows = cast("list[object]", data) if isinstance(data, list) else [data]
    meta, links = document.get("meta"), document.get("links")
    total = cast("JsonObject", meta).get("totalResourceCount") if isinstance(meta, dict) else None
    following = cast("JsonObject", links).get("next") if isinstance(links, dict) else None
    return Document(
        resources=tuple(_resource(row) for row in rows),
        many=many,
        total=total if isinstance(total, int) and not isinstance(total, bool) else None,
        has_next=bool(following),
    )


def _json(content: bytes) -> object:
    try:
        return cast("object", json.loads(content))
    except (ValueError, RecursionError):
        looks = "HTML" if content.lstrip()[:1] == b"<" else "not JSON"
        raise Malformed(f"the body is {looks}" if content else "the body is empty") from None


def _resource(row: object) -> tuple[str, JsonObject]:
    if isinstance(row, dict):
        found = cast("JsonObject", row)
        identifier, attributes = found.get("id"), found.get("attributes", {})
        if isinstance(identifier, str | int) and isinstance(attributes, dict):
            return str(identifier), cast("JsonObject", attributes)
    raise Malformed("a resource without id or attributes")


def faults(content: bytes) -> tuple[PortalFault, ...]:
    """The ``errors[]`` of an answer, whole; a plain ``message`` or ``mensagem`` as one (both were met)."""
    try:
        parsed = _json(content)
    except Malformed as error:
        return (PortalFault(title=str(error)),) if content else ()
    whole: JsonObject = cast("JsonObject", parsed) if isinstance(parsed, dict) else {}
    entries = whole.get("errors")
    if isinstance(entries, list):
        found = cast("list[object]", entries)
        return tuple(_fault(cast("JsonObject", entry)) for entry in found if isinstance(entry, dict))
    words = whole.get("message") or whole.get("mensagem")
    return (PortalFault(detail=words),) if isinstance(words, str) else ()


def _fault(entry: JsonObject) -> PortalFault:
    source = entry.get("source")
    pointer = cast("JsonObject", source).get("pointer") if isinstance(source, dict) else None
    # Met as /data/attributes/<attribute> and as /<attribute>.
    attribute = pointer.rpartition("/")[2] if isinstance(pointer, str) else ""
    rest = {
        name: value
        for name, value in entry.items()
        if name not in {"status", "code", "title", "detail", "source"}
    }
    return PortalFault(
        status=_words(entry.get("status")),
        code=_words(entry.get("code")),
        title=_words(entry.get("title")),
        detail=_words(entry.get("detail")),
        pointer=_words(pointer),
        field=_OUR_FIELD.get(attribute),
        meta=json.dumps(rest, ensure_ascii=False) if rest else None,
    )


def _words(value: object) -> str | None:
    return None if value is None else str(value)
