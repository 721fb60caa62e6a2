"""Reads of any type of resources: a listing, one, what one is related to."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from econtador.sandbox.exchange import Answer, Call
from econtador.sandbox.jsonapi import JSON, document, refuse
from econtador.sandbox.query import Page, links, no_parameters
from econtador.sandbox.resource_type import ResourceType
from econtador.sandbox.rows import RecursoRow
from econtador.sandbox.selecting import Shape, listing_of, shape_of
from econtador.sandbox.showing import included, linked, recurso
from econtador.sandbox.store import Store, numbered

__all__ = ["get", "get_related", "list_all", "listed"]


def listed(
    call: Call, page: Page, total: int, found: Sequence[JSON], more: Mapping[str, JSON] | None = None
) -> Answer:
    """A page of a listing of *total* rows, *more* being further members of the document."""
    meta: dict[str, JSON] = {"totalResourceCount": total}
    envelope: dict[str, JSON] = {"data": found, "links": links(call.path, page, total), "meta": meta}
    return document(HTTPStatus.OK, envelope | dict(more or {}))


def list_all(resource: ResourceType, call: Call, keys: Sequence[str], store: Store) -> Answer:
    """The rows of a type that the query asks for."""
    asked = listing_of(call.query, resource, store)
    total = store.count("recursos", [("tipo", resource.name), *asked.where])
    rows = store.recursos(resource.name, asked.where, asked.page, asked.order)
    found = [recurso(row, resource, asked.shape) for row in rows]
    return listed(call, asked.page, total, found, _compound(rows, asked.shape, store))


def get(resource: ResourceType, call: Call, keys: Sequence[str], store: Store) -> Answer:
    """One row, 404 if there is none of that id."""
    shape = shape_of(call.query, resource)
    row = _row(resource, keys[0], store)
    return document(HTTPStatus.OK, {"data": recurso(row, resource, shape), **_compound([row], shape, store)})


def get_related(resource: ResourceType, call: Call, keys: Sequence[str], store: Store) -> Answer:
    """What a relationship of one row points at, null if nowhere; 404 if it is not there."""
    no_parameters(call.query)
    linkage = _row(resource, keys[0], store).relationships.get(keys[1])
    found = linked(linkage, store)
    if linkage is not None and found is None:
        raise refuse(HTTPStatus.NOT_FOUND, "recurso não encontrado")
    return document(HTTPStatus.OK, {"data": found})


def _row(resource: ResourceType, key: str, store: Store) -> RecursoRow:
    for row in store.recursos(resource.name, [("id", numbered(key))]):
        return row
    raise refuse(HTTPStatus.NOT_FOUND, "recurso não encontrado")


def _compound(rows: Sequence[RecursoRow], shape: Shape, store: Store) -> Mapping[str, JSON]:
    return {} if shape.include is None else {"included": included(rows, shape, store)}
