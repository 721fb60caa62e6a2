"""What a listing asks for, in the portal's spelling."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from operator import index
from typing import Never, TypeAlias

from attrs import field, frozen

from econtador.documents import Cnpj, Cpf, parse
from econtador.errors import InvalidQuery
from econtador.portal._wire.resource import Resource

__all__ = ["LARGEST_PAGE", "Asked", "Query", "query", "relations", "whose"]

LARGEST_PAGE = 200
"""The portal answers 500 above it (one team, twice)."""

Asked: TypeAlias = str | bool | int | date | Cnpj | Cpf | None
"""The value of a filter; None does not filter."""


@frozen
class Query:
    """A listing's parameters, but for the page's own."""

    parameters: Mapping[str, str] = field(repr=False)
    """They may hold a CPF."""
    limit: int = LARGEST_PAGE
    """Rows in a page, 1 to 200."""
    path: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    """The parts of the route that it names."""


def query(
    resource: Resource[object, Never],
    filters: Mapping[str, Asked],
    *,
    include: Iterable[str] = (),
    fields: Iterable[str] = (),
    sort: str | None = None,
    where: Mapping[str, str] | None = None,
    limit: int = LARGEST_PAGE,
    path: Mapping[str, str] | None = None,
) -> Query:
    """Spell a query of *resource*.

    *filters* and *where* are by the portal's names; *include*, *fields* and *sort* (``-`` before it
    turns it round) by ours. Raises :class:`~econtador.errors.InvalidQuery`.
    """
    rows = 0 if isinstance(limit, bool) else index(limit)  # whole numbers of numerical libraries are taken
    if not 1 <= rows <= LARGEST_PAGE:
        raise InvalidQuery(resource.name, f"limit is 1 to {LARGEST_PAGE} rows a page, not {limit!r}")
    included = relations(resource, include)
    parameters = {name: _text(resource, name, value) for name, value in filters.items() if value is not None}
    if included:
        parameters["include"] = ",".join(included)
    if shown := [*_attributes(resource, fields)]:
        # A relationship that is not among the fields would be left out, included or not (JSON:API).
        parameters[f"fields[{resource.type}]"] = ",".join([*shown, *included])
    if sort is not None:
        (spelled,) = _attributes(resource, [sort.removeprefix("-")])
        parameters["sort"] = ("-" if sort.startswith("-") else "") + spelled.partition(",")[0]
    for name, value in dict(where or {}).items():
        if not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidQuery(resource.name, f"where= takes texts; {name} has {type(value).__name__}")
        if name.startswith("page["):
            raise InvalidQuery(
                resource.name, f"{name} belongs to the listing: it pages by itself; say limit="
            )
        parameters[name] = value
    return Query(parameters, rows, path or {})


def relations(resource: Resource[object, Never], names: Iterable[str]) -> list[str]:
    """The portal's names of relationships by our *names*."""
    return _spelled(resource, "include", resource.spelling.relationships, names)


def _attributes(resource: Resource[object, Never], names: Iterable[str]) -> list[str]:
    document = resource.spelling.document
    spelled = dict(resource.spelling.attributes)
    if document is not None:
        spelled[document.ours] = ",".join(dict.fromkeys((document.text, document.number, document.is_cpf)))
    return _spelled(resource, "field", spelled, names)


def _spelled(
    resource: Resource[object, Never], what: str, spelling: Mapping[str, str], names: Iterable[str]
) -> list[str]:
    if isinstance(names, str):
        raise InvalidQuery(resource.name, f"{what} takes a list of names, not one text")
    wanted = list(names)
    if unknown := [name for name in wanted if name not in spelling]:
        known = ", ".join(sorted(spelling)) or "none"
        raise InvalidQuery(
            resource.name, f"no {what} {', '.join(unknown)} is known; known: {known}; where= takes any other"
        )
    return [spelling[name] for name in wanted]


def whose(resource: Resource[object, Never], name: str, value: str | Cnpj | Cpf | None) -> str:
    """An id, or a document without its mask, that has to be said. Raises :class:`~econtador.errors.InvalidQuery`."""
    if value is None:
        raise InvalidQuery(resource.name, f"{name} is None: what belongs to everybody would come")
    text = _text(resource, name, value)
    return parse(text).value if Cnpj.is_valid(text) or Cpf.is_valid(text) else text


def _text(resource: Resource[object, Never], name: str, value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case Cnpj() | Cpf():
            return value.value
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case str() | int() if value != "":
            return str(value)
        case _:  # an empty filter may let everything through
            what = "an empty text" if value == "" else f"a {type(value).__name__}"
            raise InvalidQuery(resource.name, f"{name} does not filter by {what}")
