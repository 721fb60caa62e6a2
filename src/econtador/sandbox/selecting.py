"""The portal's richer query dialect: which rows of a type, in what order, and how much of each.

Attested: the spellings of filters, ``include``, ``fields`` and ``sort``, and that an include that is
not known is a 400. Assumed: that any other parameter that is not known is one too, that a field that
is not known is passed over, and that ``fields`` without a type means the type that was asked for.
"""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode

from attrs import frozen

from econtador.sandbox.jsonapi import refuse
from econtador.sandbox.query import Page, selection
from econtador.sandbox.resource_type import ResourceType
from econtador.sandbox.store import Accepted, Store, attribute

__all__ = ["WHOLE", "Listing", "Shape", "listing_of", "shape_of"]

_FIELDS = re.compile(r"fields(?:\[([^\[\]]+)\])?")


@frozen
class Shape:
    """How much of a resource is shown."""

    include: tuple[str, ...] | None = None
    """Relationships whose resources come along; None if that was not asked."""
    fields: Mapping[str, frozenset[str]] = MappingProxyType({})
    """Type, without prefix, to what is shown of it; all of a type that is not named."""

    def shows(self, kind: str) -> Callable[[str], bool]:
        """Whether a name among the attributes and relationships of the type *kind* is shown."""
        chosen = self.fields.get(_bare(kind))
        return lambda name: chosen is None or name in chosen


WHOLE = Shape()
"""Everything of a resource, and nothing along with it."""


@frozen
class Listing:
    """What a listing asks for."""

    page: Page
    where: tuple[tuple[str, Accepted], ...]
    order: tuple[str, ...]
    """Columns to sort by."""
    shape: Shape


def listing_of(query: str, resource: ResourceType, store: Store) -> Listing:
    """Read a listing's query; 400 for what is not known, 500 for a page over 200.

    >>> from econtador.sandbox.resources import RESOURCES
    >>> asked = listing_of("sort=-nome&page[limit]=3&include=foto", RESOURCES["funcionarios"], Store())
    >>> asked.page.limit, asked.order, asked.shape.include
    (3, ("json_extract(recursos.atributos, '$.nome') COLLATE NOCASE DESC",), ('foto',))
    """
    sent = _parameters(query)
    filters = {spelling: one for one in resource.filters for spelling in one.spellings}
    sorts = {"sort", f"sort[{resource.name}]", f"sort[{_bare(resource.name)}]"}
    _only(sent, lambda name: name in filters or name in sorts or _is_page(name) or _is_shape(name))
    for one in resource.filters:
        if one.mandatory and sent.keys().isdisjoint(one.spellings):
            raise refuse(HTTPStatus.BAD_REQUEST, "filtro obrigatório", parameter=one.spellings[0])
    page = {name: text for name, text in sent.items() if _is_page(name)}
    return Listing(
        selection(urlencode(page), {}).page,
        tuple(
            (filters[name].column, filters[name].reading(name, text, store))
            for name, text in sent.items()
            if name in filters
        ),
        tuple(
            _column(name, part, resource)
            for name, text in sent.items()
            if name in sorts
            for part in text.split(",")
        ),
        _shape(sent, resource),
    )


def shape_of(query: str, resource: ResourceType) -> Shape:
    """Read the query for one resource: ``include`` and ``fields``, 400 for any other.

    >>> from econtador.sandbox.resources import RESOURCES
    >>> shape_of("fields=nome,cei", RESOURCES["departamentos"]).shows("departamentos")("externoid")
    False
    """
    sent = _parameters(query)
    _only(sent, _is_shape)
    return _shape(sent, resource)


def _bare(kind: str) -> str:
    return kind.rpartition("/")[2]


def _is_page(name: str) -> bool:
    return name.startswith("page[")


def _is_shape(name: str) -> bool:
    return name == "include" or _FIELDS.fullmatch(name) is not None


def _parameters(query: str) -> dict[str, str]:
    sent: dict[str, str] = {}
    for name, text in parse_qsl(query, keep_blank_values=True):
        if name in sent:
            raise refuse(HTTPStatus.BAD_REQUEST, "parâmetro repetido", parameter=name)
        sent[name] = text
    return sent


def _only(sent: Mapping[str, str], known: Callable[[str], bool]) -> None:
    for name in sent:
        if not known(name):
            raise refuse(HTTPStatus.BAD_REQUEST, "parâmetro desconhecido", parameter=name)


def _column(name: str, text: str, resource: ResourceType) -> str:
    attribute_name = text.removeprefix("-")
    if attribute_name not in resource.attributes:
        raise refuse(HTTPStatus.BAD_REQUEST, "atributo desconhecido", parameter=name)
    return attribute(attribute_name) + (" DESC" if text.startswith("-") else "")


def _shape(sent: Mapping[str, str], resource: ResourceType) -> Shape:
    include = tuple(sent["include"].split(",")) if "include" in sent else None
    if not set(include or ()) <= resource.relations.keys():
        raise refuse(HTTPStatus.BAD_REQUEST, "relação desconhecida", parameter="include")
    fields = {
        _bare(found[1] or resource.name): frozenset(text.split(","))
        for name, text in sent.items()
        if (found := _FIELDS.fullmatch(name))
    }
    return Shape(include, MappingProxyType(fields))
