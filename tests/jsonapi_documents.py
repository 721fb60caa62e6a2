"""The rules of a JSON:API document (jsonapi.org/format, 1.0 and 1.1) as a table.

Written from the specification's text and sharing nothing with the library or its sandbox, so that both are
held to it. What neither side uses (extensions, ``lid``, writes of a relationship alone) counts as unknown.
The official JSON Schema says less: nothing of linkage, of uniqueness, of requests.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import NoneType
from typing import Generic, Literal, TypeAlias, TypeVar, cast

from attrs import field, frozen
from typing_extensions import override

__all__ = [
    "DOCUMENT_RULES",
    "FULL_LINKAGE",
    "Breach",
    "Found",
    "Role",
    "Rule",
    "as_list",
    "as_object",
    "document_breaches",
]

Role = Literal["response", "create", "update"]
"""What a document is for: any answer, the body of a POST, the body of a PATCH of a resource."""

FULL_LINKAGE = "what is included is linked to"
"""Not asked where sparse fieldsets left the linkage out."""

T = TypeVar("T")
Found: TypeAlias = Iterable[str]
"""JSON Pointers (or names of headers) where a rule is broken; never values, which may be personal."""


@frozen
class Breach:
    """A rule broken at one place."""

    rule: str
    section: str
    """Anchor of the page jsonapi.org/format."""
    where: str

    @override
    def __str__(self) -> str:
        return f"{self.rule} ({self.section}): {self.where or 'the whole'}"


@frozen
class Rule(Generic[T]):
    """One MUST."""

    name: str
    section: str
    finds: Callable[[T], Found] = field(repr=False)

    def breaches(self, subject: T) -> Iterator[Breach]:
        """One for each place where *subject* breaks the rule."""
        return (Breach(self.name, self.section, where) for where in self.finds(subject))


# --------------------------------------------------------------------------- a document taken apart


def _same(names: str) -> dict[str, str]:
    return {name: name for name in names.split()}


def _text(names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), "text")


MEMBERS: Mapping[str, Mapping[str, str]] = {
    "document": _same("data errors meta links included jsonapi"),
    "resource": _same("type id attributes relationships links meta"),
    "identifier": _same("type id meta"),
    "relationship": {"links": "relationship links", "data": "linkage", "meta": "meta"},
    "link": _same("href meta") | _text("rel title type") | {"describedby": "link", "hreflang": "texts"},
    "jsonapi": _same("meta") | _text("version") | {"ext": "texts", "profile": "texts"},
    "error": _same("links source meta status") | _text("id code title detail"),
    "source": _same("pointer") | _text("parameter header"),
}
"""Objects that the specification defines: their members, and what each of these is."""

EACH = {"relationships": "relationship", "links": "link", "relationship links": "link"}
"""Objects with names of one's own, and what every member is."""

LISTS = {
    "data": "resource",
    "included": "resource",
    "errors": "error",
    "linkage": "identifier",
    "texts": "text",
}
"""Lists, and what every item is."""

ALONE = {"data": "resource", "linkage": "identifier"}
"""What may stand alone, too, in the place of a list."""


@frozen
class Part:
    """A piece of a document: what it is, where, and its value."""

    kind: str
    where: str
    value: object = field(repr=False)


@frozen
class Document:
    """A document in pieces, without the members that begin with ``@``, which count for nothing."""

    role: Role
    root: object = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False)

    def of(self, kind: str) -> Iterator[Part]:
        """The pieces of one kind."""
        return (part for part in self.parts if part.kind == kind)

    def objects(self, kind: str) -> Iterator[tuple[str, Mapping[str, object]]]:
        """Place and members of those that are objects, whatever else is wrong with them."""
        return ((part.where, as_object(part.value)) for part in self.of(kind) if isinstance(part.value, dict))


def as_object(value: object) -> Mapping[str, object]:
    """Its members; none if it is no object."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """Its items; none if it is no list."""
    return cast("list[object]", value) if isinstance(value, list) else []


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in as_object(value).items() if not name.startswith("@")}
    return [_plain(item) for item in as_list(value)] if isinstance(value, list) else value


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _parts(kind: str, value: object, where: str = "") -> Iterator[Part]:
    yield Part(kind, where, value)
    for name, item in as_object(value).items():
        inner = EACH.get(kind) or MEMBERS.get(kind, {}).get(name)
        if inner:
            yield from _parts(inner, item, f"{where}/{_step(name)}")
    if kind in LISTS:
        for index, item in enumerate(as_list(value)):
            yield from _parts(LISTS[kind], item, f"{where}/{index}")
    if kind in ALONE and isinstance(value, dict):
        yield from _parts(ALONE[kind], value, where)


def _names(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every member name of *value*, however deep, and the place of its object."""
    for name, item in as_object(value).items():
        yield name, where
        yield from _names(item, f"{where}/{_step(name)}")
    for index, item in enumerate(as_list(value)):
        yield from _names(item, f"{where}/{index}")


# --------------------------------------------------------------------------- rules of a document

_ALLOWED = r"[a-zA-Z0-9\u0080-\U0010ffff]"
_NAME = re.compile(rf"{_ALLOWED}(?:[-_ a-zA-Z0-9\u0080-\U0010ffff]*{_ALLOWED})?")
_URI = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+")
_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_STATUS = re.compile(r"[1-5][0-9]{2}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_RELATION = ("links", "data", "meta")
_PAGES = {"first", "last", "prev", "next"}


def _each(kind: str, holds: Callable[[object], bool]) -> Callable[[Document], Found]:
    """Every piece of one kind must pass."""
    return lambda document: (part.where for part in document.of(kind) if not holds(part.value))


def _when(roles: set[Role], finds: Callable[[Document], Found]) -> Callable[[Document], Found]:
    """For documents of some roles only."""
    return lambda document: finds(document) if document.role in roles else ()


def _is(shape: str) -> Callable[[object], bool]:
    return lambda value: isinstance(value, _SHAPES[shape])


def _has_any(*names: str) -> Callable[[object], bool]:
    """An object with one of *names* at least; what is no object is another rule's."""
    return lambda value: not isinstance(value, dict) or not as_object(value).keys().isdisjoint(names)


def _not_both(one: str, other: str) -> Callable[[object], bool]:
    return lambda value: not {one, other} <= as_object(value).keys()


def _not_alone(one: str, other: str) -> Callable[[object], bool]:
    return lambda value: one not in as_object(value) or other in as_object(value)


def _matches(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    """Text of that pattern; what is no text is another rule's."""
    return lambda value: not isinstance(value, str) or pattern.fullmatch(value) is not None


def _without(kind: str, name: str) -> Callable[[Document], Found]:
    return lambda document: (where for where, members in document.objects(kind) if name not in members)


def _unknown_members(document: Document) -> Found:
    for kind, known in MEMBERS.items():
        for where, members in document.objects(kind):
            yield from (f"{where}/{_step(name)}" for name in members if name not in known)


def _misnamed(document: Document) -> Found:
    return (f"{where}/{_step(name)}" for name, where in _names(document.root) if not _NAME.fullmatch(name))


def _reserved_in_attributes(document: Document) -> Found:
    for part in document.of("attributes"):
        yield from (
            f"{where}/{name}"
            for name, where in _names(part.value, part.where)
            if name in {"links", "relationships"}
        )


def _fields_named_twice(document: Document) -> Found:
    for where, members in document.objects("resource"):
        both = as_object(members.get("attributes")).keys() & as_object(members.get("relationships")).keys()
        yield from (f"{where}/relationships/{_step(name)}" for name in sorted(both))


def _fields_named_type_or_id(document: Document) -> Found:
    for where, members in document.objects("resource"):
        for kind in ("attributes", "relationships"):
            yield from (
                f"{where}/{kind}/{name}" for name in ("id", "type") if name in as_object(members.get(kind))
            )


def _identity(members: Mapping[str, object]) -> str:
    """Type and id as one key, of any JSON values."""
    return json.dumps([members.get("type"), members.get("id")])


def _resources_told_twice(document: Document) -> Found:
    told: set[str] = set()
    for where, members in document.objects("resource"):
        # With no more than its identity it may be an identifier, which the included resource then answers to.
        if "id" not in members or (where.startswith("/data") and members.keys() <= {"type", "id", "meta"}):
            continue
        if _identity(members) in told:
            yield where
        told.add(_identity(members))


def _included_without_linkage(document: Document) -> Found:
    named = {_identity(members) for _, members in document.objects("identifier")}
    # Primary data may be identifiers themselves.
    named |= {
        _identity(members) for where, members in document.objects("resource") if where.startswith("/data")
    }
    for where, members in document.objects("resource"):
        if where.startswith("/included/") and _identity(members) not in named:
            yield where


def _pages_of_one(document: Document) -> Found:
    root = as_object(document.root)
    if isinstance(root.get("data"), list):
        return ()
    return (f"/links/{name}" for name in sorted(as_object(root.get("links")).keys() & _PAGES))


def _not_one_resource(document: Document) -> Found:
    return () if isinstance(as_object(document.root).get("data"), dict) else ("/data",)


def _id_of_the_new(document: Document) -> Found:
    id = as_object(as_object(document.root).get("data")).get("id")
    return ("/data/id",) if isinstance(id, str) and not _UUID.fullmatch(id) else ()


_TOP, _OBJECT = "document-top-level", "document-resource-objects"
_IDENTITY, _FIELDS = "document-resource-object-identification", "document-resource-object-fields"
_ATTRIBUTES, _RELATIONSHIPS = "document-resource-object-attributes", "document-resource-object-relationships"
_LINKAGE, _IDENTIFIER = "document-resource-object-linkage", "document-resource-identifier-objects"
_COMPOUND, _LINKS, _ERRORS = "document-compound-documents", "document-links", "error-objects"

_SHAPES: Mapping[str, tuple[type, ...]] = {
    "an object": (dict,),
    "a list": (list,),
    "text": (str,),
    "an object, a list or null": (dict, list, NoneType),
    "text, an object or null": (str, dict, NoneType),
}

_SHAPED = (
    ("document", "an object", _TOP),
    ("data", "an object, a list or null", _TOP),
    ("included", "a list", _COMPOUND),
    ("jsonapi", "an object", "document-jsonapi-object"),
    ("meta", "an object", "document-meta"),
    ("resource", "an object", _OBJECT),
    ("type", "text", _IDENTITY),
    ("id", "text", _IDENTITY),
    ("attributes", "an object", _ATTRIBUTES),
    ("relationships", "an object", _RELATIONSHIPS),
    ("relationship", "an object", _RELATIONSHIPS),
    ("linkage", "an object, a list or null", _LINKAGE),
    ("identifier", "an object", _LINKAGE),
    ("links", "an object", _LINKS),
    ("relationship links", "an object", _LINKS),
    ("link", "text, an object or null", _LINKS),
    ("errors", "a list", _ERRORS),
    ("error", "an object", _ERRORS),
    ("source", "an object", _ERRORS),
    ("text", "text", "document-structure"),
    ("status", "text", _ERRORS),
    ("href", "text", _LINKS),
    ("pointer", "text", _ERRORS),
)
"""Pieces, what JSON value each is, and where that is said; every row is a rule: ``document is an object``."""

DOCUMENT_RULES: tuple[Rule[Document], ...] = (
    *(Rule(f"{kind} is {shape}", section, _each(kind, _is(shape))) for kind, shape, section in _SHAPED),
    Rule("a document has data, errors or meta", _TOP, _each("document", _has_any("data", "errors", "meta"))),
    Rule("data and errors are not together", _TOP, _each("document", _not_both("data", "errors"))),
    Rule("included comes with data", _TOP, _each("document", _not_alone("included", "data"))),
    Rule("a defined object has defined members only", "document-structure", _unknown_members),
    Rule("a member name has the allowed characters", "document-member-names", _misnamed),
    Rule("a resource has a type", _OBJECT, _without("resource", "type")),
    Rule("a resource has an id", _OBJECT, _when({"response", "update"}, _without("resource", "id"))),
    Rule("a type is named as a member is", _IDENTITY, _each("type", _matches(_NAME))),
    Rule("no attribute has a relationship's name", _FIELDS, _fields_named_twice),
    Rule("no field is named type or id", _FIELDS, _fields_named_type_or_id),
    Rule("links and relationships are not in attributes", _ATTRIBUTES, _reserved_in_attributes),
    Rule(
        "a relationship has links, data or meta", _RELATIONSHIPS, _each("relationship", _has_any(*_RELATION))
    ),
    Rule(
        "its links have self or related",
        _RELATIONSHIPS,
        _each("relationship links", _has_any("self", "related")),
    ),
    Rule("an identifier has a type", _IDENTIFIER, _without("identifier", "type")),
    Rule("an identifier has an id", _IDENTIFIER, _without("identifier", "id")),
    Rule("a resource is told once", _COMPOUND, _resources_told_twice),
    Rule(FULL_LINKAGE, _COMPOUND, _included_without_linkage),
    Rule("a link object has an href", _LINKS, _without("link", "href")),
    Rule("a link is a URI reference", _LINKS, _each("link", _matches(_URI))),
    Rule("an href is a URI reference", _LINKS, _each("href", _matches(_URI))),
    Rule("page links are a collection's", "fetching-pagination", _pages_of_one),
    Rule("an error says something", _ERRORS, _each("error", _has_any(*MEMBERS["error"]))),
    Rule("an error's status is an HTTP status", _ERRORS, _each("status", _matches(_STATUS))),
    Rule("a pointer is a JSON Pointer", _ERRORS, _each("pointer", _matches(_POINTER))),
    Rule("a write has one resource", "crud", _when({"create", "update"}, _not_one_resource)),
    Rule(
        "a written relationship has data",
        "crud",
        _when({"create", "update"}, _without("relationship", "data")),
    ),
    Rule("an id made by the client is a UUID", "crud-creating-client-ids", _when({"create"}, _id_of_the_new)),
)
"""All of them; ``violations`` and the transport that watches know each by its name."""


def document_breaches(document: object, role: Role) -> Iterator[Breach]:
    """What *document*, read from JSON, breaks."""
    root = _plain(document)
    whole = Document(role, root, tuple(_parts("document", root)))
    return (breach for rule in DOCUMENT_RULES for breach in rule.breaches(whole))
