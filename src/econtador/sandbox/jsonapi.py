"""JSON:API documents as the portal writes them: resources, listings, errors."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TypeAlias, cast

from attrs import field, frozen

from econtador.sandbox.exchange import Answer

__all__ = [
    "JSON",
    "MEDIA_TYPE",
    "Linkage",
    "Problem",
    "Refused",
    "Resource",
    "bare",
    "document",
    "refusal",
    "refuse",
    "resource_of",
]

JSON: TypeAlias = "Mapping[str, JSON] | Sequence[JSON] | str | int | float | bool | None"
"""What JSON can say."""

Linkage: TypeAlias = tuple[str, str] | None
"""What a relationship points at: type and id, or nothing."""

MEDIA_TYPE = "application/vnd.api+json"
"""Of every answer that is a JSON:API document (attested)."""


@frozen
class Problem:
    """One entry of ``errors[]``."""

    status: int
    code: str
    detail: str = field(repr=False)
    pointer: str | None = None
    """Place in the body, ``/data/attributes/nome``."""
    parameter: str | None = None
    """Name of a query parameter."""


class Refused(Exception):
    """Ends the handling of a call; the transaction is rolled back and the problems are the answer."""

    def __init__(self, problems: Sequence[Problem], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problems, headers)
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.headers: Mapping[str, str] = dict(headers or {})


def refuse(
    status: HTTPStatus, detail: str, *, pointer: str | None = None, parameter: str | None = None
) -> Refused:
    """A refusal with one problem, its code the status in words.

    >>> refuse(HTTPStatus.NOT_FOUND, "recurso não encontrado").problems[0].code
    'NOT_FOUND'
    """
    return Refused([Problem(status, status.name, detail, pointer, parameter)])


def refusal(refused: Refused) -> Answer:
    """The answer to a refused call: ``{"errors": [...]}`` with the first problem's status (body attested)."""
    status = refused.problems[0].status
    entries: list[JSON] = [_entry(problem) for problem in refused.problems]
    return _answer(status, {"errors": entries}, {"content-type": MEDIA_TYPE, **refused.headers})


def document(status: int, content: Mapping[str, JSON], headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with *content*, whose ``data`` is a resource or a list of them."""
    return _answer(status, content, {"content-type": MEDIA_TYPE, **(headers or {})})


def bare(content: JSON) -> Answer:
    """An answer that is no JSON:API document (its media type is assumed).

    >>> bare([1, 2]).content
    b'[1,2]'
    """
    return _answer(HTTPStatus.OK, content, {"content-type": "application/json"})


def _answer(status: int, content: JSON, headers: Mapping[str, str]) -> Answer:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(int(status), headers, body)


def _entry(problem: Problem) -> dict[str, JSON]:
    places = {"pointer": problem.pointer, "parameter": problem.parameter}
    source: dict[str, JSON] = {name: place for name, place in places.items() if place is not None}
    entry: dict[str, JSON] = {
        "status": str(problem.status),
        "code": problem.code,
        "title": HTTPStatus(problem.status).phrase,
        "detail": problem.detail,
    }
    return entry | ({"source": source} if source else {})


@frozen
class Resource:
    """The resource of a request's body."""

    type: str
    id: str | None = field(repr=False)
    """A user's is a CPF, hence not in the repr."""
    attributes: Mapping[str, object] = field(repr=False)
    relationships: Mapping[str, Linkage] = field(factory=dict[str, Linkage], repr=False)


def resource_of(body: bytes) -> Resource:
    """Read the one resource of *body*; 400 if it is not JSON or has not the shape (assumed status)."""
    data = _member(_parsed(body), "data", "")
    kind, key = data.get("type"), data.get("id")
    if not isinstance(kind, str):
        raise refuse(HTTPStatus.BAD_REQUEST, "'type' é obrigatório", pointer="/data/type")
    if not isinstance(key, str | None):
        raise refuse(HTTPStatus.BAD_REQUEST, "'id' deve ser um texto", pointer="/data/id")
    related = _member(data, "relationships", "/data") if "relationships" in data else {}
    linkages = {name: _linkage(name, value) for name, value in related.items()}
    return Resource(kind, key, _member(data, "attributes", "/data"), linkages)


def _linkage(name: str, relationship: object) -> Linkage:
    """One relationship of the body; 400 without a type and an id, both texts (attested)."""
    pointer = f"/data/relationships/{name.replace('~', '~0').replace('/', '~1')}"
    members = cast("dict[str, object]", relationship) if isinstance(relationship, dict) else {}
    if "data" in members and members["data"] is None:
        return None
    data = _member(members, "data", pointer)
    kind, key = data.get("type"), data.get("id")
    if not (isinstance(kind, str) and kind and isinstance(key, str) and key):
        detail = "uma relação precisa de 'type' e 'id', ambos textos"
        raise refuse(HTTPStatus.BAD_REQUEST, detail, pointer=f"{pointer}/data")
    return kind, key


def _parsed(body: bytes) -> object:
    try:
        parsed: object = json.loads(body.decode())
        # Half a surrogate pair ("\ud800") is JSON but no text: it could not be kept or sent back.
        # NaN and infinity are neither.
        json.dumps(parsed, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise refuse(HTTPStatus.BAD_REQUEST, "JSON malformado", pointer="") from None
    return parsed


def _member(parent: object, name: str, pointer: str) -> dict[str, object]:
    value = cast("dict[str, object]", parent).get(name) if isinstance(parent, dict) else None
    if not isinstance(value, dict):
        raise refuse(HTTPStatus.BAD_REQUEST, f"'{name}' deve ser um objeto", pointer=f"{pointer}/{name}")
    return cast("dict[str, object]", value)
