"""Rows as the portal shows them: resources of JSON:API, each with its attributes and its links.

A relationship has links and always its linkage. Not every address among the links is served: those
that nobody attests answer 404.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import quote

from econtador.sandbox.documents import document_number
from econtador.sandbox.jsonapi import JSON, Linkage
from econtador.sandbox.resource_type import PREFIX, ResourceType
from econtador.sandbox.resources import RESOURCES
from econtador.sandbox.rows import EmpresaRow, RecursoRow, UsuarioRow
from econtador.sandbox.selecting import WHOLE, Shape
from econtador.sandbox.store import Store, numbered

__all__ = ["empresa", "included", "linked", "location", "recurso", "simplified", "usuario"]

_NOTHING: Mapping[str, JSON] = MappingProxyType({})


def location(kind: str, key: str) -> str:
    """The address of a resource.

    >>> location("integracao/usuarios", "52998224725")
    '/api/v1/integracao/usuarios/52998224725'
    """
    return f"{PREFIX}{kind}/{quote(key, safe='')}"


def empresa(row: EmpresaRow, shape: Shape = WHOLE) -> Mapping[str, JSON]:
    """What dp shows of a company, and no more (attested): no inscrição, bairro, atividade, município."""
    return _resource(
        "empresas",
        row.id,
        {
            "nome": row.nome,
            "ativa": row.ativa,
            "cpfcnpj": document_number(row.documento),
            "cpfCnpjAlfanumerico": row.documento,
            "isCpf": row.is_cpf,
            "endereco": row.endereco,
            "externoid": row.externoid,
            "tipoMovimentoPermitido": None,
            "controlaTransferenciaTomadores": None,
        },
        shape=shape,
    )


def simplified(row: EmpresaRow) -> Mapping[str, JSON]:
    """What identificacao shows of a company: there its document is its id (attested)."""
    return _resource(
        "integracao/empresas",
        row.documento,
        {
            "codigo": row.externoid,
            "nomeFantasia": "",
            "nome": row.nome,
            "cpfCnpjAlfanumerico": row.documento,
        },
    )


def usuario(
    row: UsuarioRow, state: Mapping[str, JSON] = _NOTHING, shape: Shape = WHOLE
) -> Mapping[str, JSON]:
    """What identificacao shows of a user, and no more (attested): not whether it is active."""
    shown: dict[str, JSON] = {
        "isCpf": row.is_cpf,
        "nome": row.nome,
        "email": row.email,
        "telefone": row.telefone,
    }
    return _resource("integracao/usuarios", row.login, {**shown, **state}, shape=shape)


def recurso(row: RecursoRow, resource: ResourceType, shape: Shape = WHOLE) -> Mapping[str, JSON]:
    """Any other resource; an included relationship stays, whatever the fields (assumed)."""
    relationships: dict[str, JSON] = {
        name: {
            "data": _identifier(row.relationships.get(name)),
            "links": {"related": f"{location(row.type, row.id)}/{name}"},
        }
        for name in resource.relations
        if shape.shows(row.type)(name) or name in (shape.include or ())
    }
    attributes: dict[str, JSON] = {name: row.attributes.get(name) for name in resource.attributes}
    return _resource(row.type, row.id, attributes, relationships, shape)


def linked(linkage: Linkage, store: Store, shape: Shape = WHOLE) -> Mapping[str, JSON] | None:
    """The resource that *linkage* points at; None if it points nowhere, or at what is not there."""
    kind, key = linkage or ("", "")
    if kind == "integracao/usuarios":
        return next((usuario(row, shape=shape) for row in store.usuarios([("login", key)])), None)
    if kind == "empresas":
        return next((empresa(row, shape) for row in store.empresas([("id", numbered(key))])), None)
    found = store.recursos(kind, [("id", numbered(key))]) if kind in RESOURCES else []
    return next((recurso(row, RESOURCES[kind], shape) for row in found), None)


def included(rows: Sequence[RecursoRow], shape: Shape, store: Store) -> list[JSON]:
    """What *shape* includes of all *rows*, each once."""
    alone = Shape(fields=shape.fields)
    wanted = dict.fromkeys(_linkages(rows, shape.include or ()))
    found = (linked(linkage, store, alone) for linkage in wanted)
    return [resource for resource in found if resource is not None]


def _linkages(rows: Sequence[RecursoRow], names: Iterable[str]) -> Iterator[Linkage]:
    return (row.relationships.get(name) for name in names for row in rows)


def _identifier(linkage: Linkage) -> JSON:
    return None if linkage is None else {"type": linkage[0], "id": linkage[1]}


def _resource(
    kind: str,
    key: str,
    attributes: Mapping[str, JSON],
    relationships: Mapping[str, JSON] = _NOTHING,
    shape: Shape = WHOLE,
) -> Mapping[str, JSON]:
    shows = shape.shows(kind)
    return {
        "id": key,
        "type": kind,
        "attributes": {name: value for name, value in attributes.items() if shows(name)},
        "relationships": {**relationships},
        "links": {"self": location(kind, key)},
    }
