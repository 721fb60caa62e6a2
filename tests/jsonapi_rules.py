"""The JSON:API rules for all that passes between a client and a portal, and a transport that checks them.

``violations`` checks one document (its table is in ``jsonapi_documents``), ``exchange_breaches`` a request with
its answer, headers included, and ``Watched`` every exchange of a test::

    sandbox = Sandbox()
    client = econtador.Client(
        token=sandbox.token, writes=econtador.CONVENTION, transport=Watched(sandbox.transport())
    )
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import cast
from urllib.parse import parse_qsl, unquote, urlsplit

from attrs import evolve, field, frozen
from jsonapi_documents import (
    DOCUMENT_RULES,
    FULL_LINKAGE,
    Breach,
    Found,
    Role,
    Rule,
    as_list,
    as_object,
    document_breaches,
)

from econtador.portal.transport import Request, Response, Transport

__all__ = ["NAMES", "Breach", "Role", "Watched", "exchange_breaches", "violations"]

_MEDIA_TYPE = "application/vnd.api+json"
_ROLES: Mapping[str, Role] = {"POST": "create", "PATCH": "update"}
_FAMILIES = {"include", "sort", "fields", "filter", "page"}
_UNREADABLE = object()


@frozen
class Exchange:
    """A request and its answer, with their bodies read."""

    request: Request
    response: Response
    sent: object = field(repr=False)
    """None for no body."""
    answered: object = field(repr=False)

    @property
    def parameters(self) -> list[str]:
        """Names in the query."""
        return [name for name, _ in parse_qsl(urlsplit(self.request.url).query, keep_blank_values=True)]


def _read(content: bytes) -> object:
    try:
        return cast("object", json.loads(content.decode(), parse_constant=_no_number)) if content else None
    except ValueError:
        return _UNREADABLE


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")


def _bare(media: str, parameters: set[str]) -> bool:
    """Whether *media* is JSON:API's with no other parameters than these."""
    name, *rest = (piece.strip() for piece in media.lower().split(";"))
    return name == _MEDIA_TYPE and {piece.partition("=")[0] for piece in rest} <= parameters


def _other_media(exchange: Exchange) -> Found:
    for side, whole in (("sent", exchange.request), ("answered", exchange.response)):
        if whole.content and not _bare(_header(whole.headers, "content-type"), {"ext", "profile"}):
            yield f"{side} Content-Type"


def _accept(exchange: Exchange) -> Found:
    taken = [
        media for media in _header(exchange.request.headers, "accept").split(",") if _MEDIA_TYPE in media
    ]
    return ("Accept",) if taken and not any(_bare(media, set()) for media in taken) else ()


def _not_json(exchange: Exchange) -> Found:
    sides = {"sent": exchange.sent, "answered": exchange.answered}
    return (side for side, body in sides.items() if body is _UNREADABLE)


def _another_id(exchange: Exchange) -> Found:
    id = as_object(as_object(exchange.sent).get("data")).get("id")
    path = urlsplit(exchange.request.url).path
    differs = (
        exchange.request.method == "PATCH" and isinstance(id, str) and unquote(path.rpartition("/")[2]) != id
    )
    return ("sent /data/id",) if differs else ()


def _created_without_resource(exchange: Exchange) -> Found:
    created = exchange.response.status == 201 and not isinstance(
        as_object(exchange.answered).get("data"), dict
    )
    return ("answered /data",) if created else ()


def _another_location(exchange: Exchange) -> Found:
    link = as_object(as_object(as_object(exchange.answered).get("data")).get("links")).get("self")
    own = as_object(link).get("href", link)
    location = _header(exchange.response.headers, "location")
    differs = exchange.response.status == 201 and location and own is not None and location != own
    return ("answered /data/links/self",) if differs else ()


def _pointing_nowhere(exchange: Exchange) -> Found:
    for index, error in enumerate(as_list(as_object(exchange.answered).get("errors"))):
        pointer = as_object(as_object(error).get("source")).get("pointer")
        if (
            isinstance(pointer, str)
            and exchange.sent is not _UNREADABLE
            and not _leads(pointer, exchange.sent)
        ):
            yield f"answered /errors/{index}/source/pointer"


def _leads(pointer: str, value: object) -> bool:
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        items = {str(index): item for index, item in enumerate(as_list(value))} | dict(as_object(value))
        if name not in items:
            return False
        value = items[name]
    return value is not None or "/" in pointer


def _reserved_parameters(exchange: Exchange) -> Found:
    for name in exchange.parameters:
        family = name.partition("[")[0]
        if family not in _FAMILIES and re.fullmatch("[a-z]*", family):
            yield f"?{name}"


EXCHANGE_RULES: tuple[Rule[Exchange], ...] = (
    Rule("a body has the media type", "content-negotiation", _other_media),
    Rule("Accept has the media type without parameters", "content-negotiation-clients", _accept),
    Rule("a body is JSON", "document-structure", _not_json),
    Rule("the id of a change is its address's", "crud-updating", _another_id),
    Rule("what was created is answered", "crud-creating-responses-201", _created_without_resource),
    Rule("Location is the resource's self", "crud-creating-responses-201", _another_location),
    Rule("a pointer leads to what was sent", "error-objects", _pointing_nowhere),
    Rule("a query parameter is defined or not all a-z", "query-parameters", _reserved_parameters),
)
"""What no document alone can break."""

NAMES = tuple(rule.name for rule in DOCUMENT_RULES) + tuple(rule.name for rule in EXCHANGE_RULES)
"""Of all rules."""


def violations(document: object, *, role: Role) -> tuple[str, ...]:
    """What *document*, read from JSON, breaks: ``rule (section): place``."""
    return tuple(str(breach) for breach in document_breaches(document, role))


def exchange_breaches(request: Request, response: Response) -> tuple[Breach, ...]:
    """What *request* and *response* break, documents and headers, each on its own and together."""
    exchange = Exchange(request, response, _read(request.content), _read(response.content))
    bodies: list[tuple[str, bytes, object, Role]] = [
        ("answered", response.content, exchange.answered, "response"),
    ]
    if request.method in _ROLES:
        bodies.append(("sent", request.content, exchange.sent, _ROLES[request.method]))
    found = [
        evolve(breach, where=f"{side} {breach.where}".rstrip())
        for side, content, body, role in bodies
        if content and body is not _UNREADABLE
        for breach in document_breaches(body, role)
    ]
    found += [breach for rule in EXCHANGE_RULES for breach in rule.breaches(exchange)]
    # Of sparse fieldsets full linkage is not asked.
    sparse = any(name.startswith("fields") for name in exchange.parameters)
    return tuple(breach for breach in found if not (sparse and breach.rule == FULL_LINKAGE))


class Watched:
    """A transport around another that raises ``AssertionError`` at the first exchange that breaks a rule.

    *allowed* names the rules that may be broken: the portal's quirks. A misspelt name is a ``ValueError``.
    """

    def __init__(self, inner: Transport, *, allowed: Iterable[str] = ()) -> None:
        self._inner = inner
        self._allowed = frozenset(allowed)
        if unknown := self._allowed - set(NAMES):
            raise ValueError(f"no such rule: {', '.join(sorted(unknown))}")
        self.violations: list[str] = []
        """Of all exchanges, should something in between have swallowed the error."""
        self.excused: set[str] = set()
        """Allowed rules that were broken indeed: what is not here need not be allowed."""

    def send(self, request: Request) -> Response:
        """The inner transport's answer, once it was looked at."""
        response = self._inner.send(request)
        breaches = exchange_breaches(request, response)
        self.excused |= {breach.rule for breach in breaches if breach.rule in self._allowed}
        broken = [f"{request.place}: {breach}" for breach in breaches if breach.rule not in self._allowed]
        self.violations += broken
        if broken:
            raise AssertionError("\n".join(broken))
        return response

    def close(self) -> None:
        """Close the inner transport."""
        self._inner.close()
