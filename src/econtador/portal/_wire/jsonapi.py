"""JSON:API documents taken apart, and put together to be sent. No portal word but those of the envelope."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple, Never, TypeAlias, cast

from attrs import field, frozen

from econtador.errors import PortalFault, redact

__all__ = [
    "Document",
    "Json",
    "Key",
    "Linked",
    "Malformed",
    "Row",
    "Sent",
    "body",
    "faults",
    "read_attributes",
    "read_document",
    "read_rows",
]

Json: TypeAlias = Mapping[str, object]
"""A JSON object. Its fractions are ``Decimal``."""

_Value: TypeAlias = "dict[str, _Value] | list[_Value] | str | int | Decimal | None"
"""What is read from JSON."""

Key: TypeAlias = tuple[str, str]
"""Type and id, which only together name a resource."""

Linked: TypeAlias = Key | list[Key] | None
"""Where a relationship leads: to one, to several, to none."""


class Malformed(Exception):
    """What came is not the document that was asked for. Its text names attributes, never values."""


# --------------------------------------------------------------------------- what comes


class Row(NamedTuple):
    """A resource as it came."""

    id: str
    type: str
    attributes: Json
    relationships: Mapping[str, Linked]
    """Only those that carry ``data``: without ``include`` the portal gives links alone (attested)."""


@frozen
class Document:
    """A document: its resources, and what a listing says of itself."""

    rows: tuple[Row, ...]
    included: Mapping[Key, Row] = field(factory=dict[Key, Row])
    """Once each, though the portal was met repeating them."""
    many: bool = True
    total: int | None = None
    has_links: bool = False
    """Whether it says anything of other pages."""
    has_next: bool = False


def read_document(content: bytes) -> Document:
    """Read a document with ``data``. Raises :class:`Malformed`."""
    parsed = _json(content)
    if not isinstance(parsed, dict) or "data" not in parsed:
        raise Malformed("a JSON:API document with data is expected")
    data = parsed["data"]
    included = map(_row, _list(parsed.get("included")))
    total = _object(parsed.get("meta")).get("totalResourceCount")
    links = _object(parsed.get("links"))
    return Document(
        rows=tuple(map(_row, data if isinstance(data, list) else [data])),
        included={(row.type, row.id): row for row in included},
        many=isinstance(data, list),
        total=_count(total),
        has_links=not links.keys().isdisjoint(("first", "prev", "next", "last")),
        has_next=bool(links.get("next")),
    )


def read_rows(content: bytes) -> Document:
    """Read a bare array of objects, which one of the hosts answers in the place of a document."""
    parsed = _json(content)
    if not isinstance(parsed, list):
        raise Malformed("an array is expected")
    if not all(isinstance(row, dict) for row in parsed):
        raise Malformed("an array of objects is expected")
    return Document(tuple(Row(str(place), "", _object(row), {}) for place, row in enumerate(parsed)))


def read_attributes(content: bytes) -> Json:
    """The attributes of the one resource of a document, whether or not it has an id."""
    data = _object(_json(content)).get("data")
    attributes = _object(data).get("attributes")
    if not isinstance(attributes, dict):
        raise Malformed("one resource with attributes is expected")
    return attributes


def _no_number(constant: str) -> Never:
    raise ValueError(constant)  # NaN and Infinity, which are no JSON


# json.loads() and json.dumps() with these would make one for each text, which costs as much as a small document.
_DECODER: Final = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_number)
# NaN is what data frames have in the place of nothing; it is no JSON.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _json(content: bytes) -> _Value:
    try:
        return cast("_Value", _DECODER.decode(content.decode().removeprefix("\ufeff")))
    except (ValueError, ArithmeticError, RecursionError):  # Decimal refuses exponents of 19 digits
        looks = "HTML" if content.lstrip()[:1] == b"<" else "not JSON"
        raise Malformed(f"the body is {looks}" if content else "the body is empty") from None


def _count(value: _Value) -> int | None:
    """A number of rows, also where it came as text or as ``500.0``; None for what is none."""
    if isinstance(value, str | Decimal) and re.fullmatch(r"[0-9]{1,15}(?:\.0+)?", str(value)):
        return int(Decimal(value))
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _object(value: _Value) -> dict[str, _Value]:
    return value if isinstance(value, dict) else {}


def _list(value: _Value) -> list[_Value]:
    return value if isinstance(value, list) else []


def _row(row: _Value) -> Row:
    found = _object(row)
    identifier, kind, attributes = _id(found.get("id")), found.get("type"), found.get("attributes", {})
    if identifier is None or not isinstance(attributes, dict):
        raise Malformed("a resource without id or attributes")
    linked: dict[str, Linked] = {}
    for name, relationship in _object(found.get("relationships")).items():
        if isinstance(relationship, dict) and "data" in relationship:
            linked[name] = _linked(relationship["data"])
    return Row(identifier, kind if isinstance(kind, str) else "", attributes, linked)


def _id(value: _Value) -> str | None:
    # One that has characters which no text has, or line ends, could not be asked for either.
    if isinstance(value, str):
        return value if value and value.isprintable() else None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _linked(data: _Value) -> Linked:
    if data is None:
        return None
    if isinstance(data, list):
        return [_key(entry) for entry in data]
    return _key(data)


def _key(entry: _Value) -> Key:
    kind, identifier = _object(entry).get("type"), _id(_object(entry).get("id"))
    if not isinstance(kind, str) or identifier is None:
        raise Malformed("a relationship without type or id")
    return kind, identifier


# --------------------------------------------------------------------------- what goes


@frozen
class Sent:
    """What is written of one resource."""

    attributes: Json
    relationships: Mapping[str, Key] = field(factory=dict[str, Key])


def body(kind: str, sent: Sent, identifier: str | None = None) -> bytes:
    """The bytes of a POST of *sent*, or of a PATCH of *identifier*. Raises ValueError for what JSON cannot say."""
    data: dict[str, object] = {"type": kind, "attributes": sent.attributes}
    if identifier is not None:
        data["id"] = identifier
    if sent.relationships:
        data["relationships"] = {
            name: {"data": {"type": there, "id": key}} for name, (there, key) in sent.relationships.items()
        }
    return _ENCODER.encode({"data": data}).encode()


# --------------------------------------------------------------------------- what is refused


def faults(content: bytes, names: Mapping[str, str]) -> tuple[PortalFault, ...]:
    """The ``errors[]`` of an answer; a plain ``message`` or ``mensagem`` as one (both were met).

    *names* has our field for each of the portal's. CPFs, e-mails and tokens become ``***``: the
    portal repeats what it refuses.
    """
    try:
        whole = _object(_json(content))
    except Malformed as error:
        return (PortalFault(title=str(error)),) if content else ()
    if isinstance(whole.get("errors"), list):
        entries = (_object(entry) for entry in _list(whole["errors"]))
        return tuple(_fault(entry, names) for entry in entries if entry)
    words = whole.get("message") or whole.get("mensagem")
    return (PortalFault(detail=_words(words)),) if isinstance(words, str) else ()


def _fault(entry: dict[str, _Value], names: Mapping[str, str]) -> PortalFault:
    pointer = _object(entry.get("source")).get("pointer")
    # Met as /data/attributes/<attribute> and as /<attribute>.
    attribute = pointer.rpartition("/")[2] if isinstance(pointer, str) else ""
    said = {"status", "code", "title", "detail", "source"}
    rest = {name: value for name, value in entry.items() if name not in said}
    return PortalFault(
        status=_words(entry.get("status")),
        code=_words(entry.get("code")),
        title=_words(entry.get("title")),
        detail=_words(entry.get("detail")),
        pointer=_words(pointer),
        field=names.get(attribute),
        meta=_words(json.dumps(rest, ensure_ascii=False, default=str)) if rest else None,
    )


def _words(value: object) -> str | None:
    # Half of a character, which JSON can tell, could be neither printed nor kept in a journal.
    return None if value is None else redact(str(value).encode(errors="backslashreplace").decode())
