"""One kind of thing in the portal, as data: where it is, how it is told and made."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Generic, Literal, TypeAlias, TypeVar, cast

from attrs import Factory, field, frozen

from econtador.documents import Cnpj, Cpf
from econtador.portal._wire.converting import READINGS, Reading, document_of
from econtador.portal._wire.fields import Field, fields_of, reader, what_is_wrong
from econtador.portal._wire.jsonapi import Document, Json, Key, Linked, Malformed, Row, Sent
from econtador.portal.config import Route
from econtador.portal.values import UNSET, Recurso, Ref, Unset

__all__ = [
    "DocumentSpelling",
    "Includes",
    "Resource",
    "Spelling",
    "Verb",
    "decoder",
    "nested",
    "recurso",
    "unsent",
]

M = TypeVar("M", covariant=True)
N = TypeVar("N", contravariant=True)
R = TypeVar("R")

NO_NAMES: Mapping[str, str] = MappingProxyType({})
NO_REFS: Mapping[str, object] = MappingProxyType({})
NOTHING_ELSE = Document(())

Verb: TypeAlias = Literal["list", "get", "create", "update"]
Decode: TypeAlias = Callable[[Row, Document], M]
"""A resource of a document to its model."""


@frozen
class DocumentSpelling:
    """A CNPJ or CPF that the portal tells by up to three attributes."""

    ours: str
    text: str
    number: str
    is_cpf: str = "isCpf"
    kinds: tuple[type[Cnpj] | type[Cpf], ...] = (Cnpj, Cpf)


@frozen
class Spelling:
    """How the fields of a model are spelled by the portal: ours → theirs."""

    attributes: Mapping[str, str]
    relationships: Mapping[str, str] = NO_NAMES
    document: DocumentSpelling | None = None

    def names(self) -> dict[str, str]:
        """Theirs → ours, for the errors that point at an attribute."""
        found = {theirs: ours for ours, theirs in {**self.attributes, **self.relationships}.items()}
        if self.document:
            found |= dict.fromkeys((self.document.text, self.document.number), self.document.ours)
        return found


# --------------------------------------------------------------------------- rows to models

Includes: TypeAlias = Mapping[str, "Decode[object]"]
"""For each type of the portal, what decodes it where it came along as ``included``."""


def decoder(
    model: type[R], spelling: Spelling, includes: Callable[[], Includes] = dict[str, Decode[object]]
) -> Decode[R]:
    """A function (row, document) → *model*, made once.

    *includes* is called late: resources point at each other.
    """
    told_by = spelling.document
    names = frozenset(spelling.attributes.values())
    with_document = names.union((told_by.text, told_by.number, told_by.is_cpf) if told_by else ())
    ready = {"id": "id", "extra": "extra"} | ({told_by.ours: "documento"} if told_by else {})

    # Both when they are first needed: a client has 25 decoders, and uses few.
    @cache
    def read() -> tuple[Field, ...]:
        return fields_of(model, {"attributes": spelling.attributes, "relationships": spelling.relationships})

    structure = cache(lambda: reader(model, read(), ready))

    def decode(row: Row, document: Document) -> R:
        attributes = row.attributes
        linked = _refs(row.relationships, document, includes()) if row.relationships else NO_REFS
        documento = _documento(told_by, attributes) if told_by else UNSET
        known = with_document if documento else names  # what told it is no extra; what told nothing is
        extra: Json = (
            {}
            if known.issuperset(attributes)
            else {name: value for name, value in attributes.items() if name not in known}
        )
        try:
            return structure()(attributes, linked, row.id, documento, extra)
        except (KeyError, TypeError, ValueError):
            raise Malformed("; ".join(what_is_wrong(read(), attributes, linked))) from None

    return decode


def _documento(spelled: DocumentSpelling, given: Json) -> Cnpj | Cpf | Unset | None:
    text, number = given.get(spelled.text, UNSET), given.get(spelled.number, UNSET)
    if text is UNSET and number is UNSET:
        return UNSET
    return document_of(text, number, given.get(spelled.is_cpf), spelled.kinds)


def _refs(relationships: Mapping[str, Linked], document: Document, includes: Includes) -> dict[str, object]:
    return {name: _ref(linked, document, includes) for name, linked in relationships.items()}


def _ref(linked: Linked, document: Document, includes: Includes) -> object:
    if linked is None:
        return None
    if isinstance(linked, list):
        return tuple(_one_ref(key, document, includes) for key in linked)
    return _one_ref(linked, document, includes)


def _one_ref(key: Key, document: Document, includes: Includes) -> Ref[object]:
    row = document.included.get(key)
    if row is None:
        return Ref(*key)
    # One step: what an included resource points at is named, and not resolved again.
    decode = includes.get(row.type, recurso)
    return Ref(*key, decode(row, NOTHING_ELSE))


def nested(model: type[R], spelling: Spelling) -> None:
    """Let *model* stand inside of an attribute: an object there, and no resource."""
    decode = decoder(model, spelling)

    def read(value: object) -> R:
        if not isinstance(value, dict):
            raise TypeError(f"{type(value).__name__} where an object is expected")
        return decode(Row("", "", cast("Json", value), {}), NOTHING_ELSE)

    READINGS[model] = Reading(read)


def recurso(row: Row, document: Document) -> Recurso:
    """A row of which nothing but type and id is attested."""
    linked = _refs(row.relationships, document, {})
    return Recurso(
        id=row.id,
        type=row.type,
        relationships=cast("Mapping[str, Ref[Recurso] | tuple[Ref[Recurso], ...] | Unset | None]", linked),
        extra=row.attributes,
    )


# --------------------------------------------------------------------------- resources


def unsent(draft: object) -> Sent:
    """For what is only read: no draft has its type, so no draft comes here."""
    raise TypeError(f"{type(draft).__name__} is not sent to this resource")


@frozen
class Resource(Generic[M, N]):
    """*M* is what the portal shows, *N* what makes a new one (``Never``: nothing does)."""

    name: str
    """Ours: the client's attribute, and the key of ``Config.writes``."""
    route: Route
    type: str
    """The JSON:API type that a write carries; never checked on reads (not attested for every host)."""
    decode: Decode[M] = field(repr=False)
    verbs: frozenset[Verb]
    """What somebody is known to do with it, and what this library's convention adds."""
    spelling: Spelling = field(default=Spelling(NO_NAMES), repr=False)
    """Of what is read; of what is sent where nothing is read."""
    encode: Callable[[N], Sent] = field(default=unsent, repr=False)
    one: str = "/{id}"
    """Path of one, beneath the route's."""
    found_by: str | None = None
    """How a document is looked for: as the ``id`` itself, or by the filter that is named."""
    shape: Literal["document", "rows"] = "document"
    """What a listing answers: a JSON:API document in pages, or a bare array at once."""
    assumed: frozenset[Verb] = frozenset()
    """Those of the verbs that are this library's convention."""
    more_names: Mapping[str, str] = field(default=NO_NAMES, repr=False)
    """The portal's name of a field that is only sent → ours."""
    names: Mapping[str, str] = field(
        init=False,
        repr=False,
        default=Factory(lambda self: self.spelling.names() | dict(self.more_names), takes_self=True),
    )
    """The portal's name of every field → ours, for the errors that point at one."""
