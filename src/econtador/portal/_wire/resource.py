"""One kind of thing in the portal, as data: where it is, how it is told and made."""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Generic, Literal, TypeAlias, TypeVar, cast

from attrs import Factory, field, fields, frozen
from cattrs import BaseValidationError, transform_error
from cattrs.gen import make_dict_structure_fn, override

from econtador.documents import Cnpj, Cpf
from econtador.portal._wire.converting import CONVERTER, document_of
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
    known = frozenset(spelling.attributes.values())
    has_id = any(attribute.name == "id" for attribute in fields(cast("type", model)))

    @cache
    def structure(told: bool) -> Callable[[object, type], R]:
        # Written by cattrs when it is first needed: a client has 25 of them, and uses few. The one that tells what is
        # wrong takes twice as long, so it is asked only where something is.
        renamed = {ours: override(rename=theirs) for ours, theirs in spelling.attributes.items()}
        renamed |= {ours: override(rename=_LINK + theirs) for ours, theirs in spelling.relationships.items()}
        renamed["extra"] = override(struct_hook=_as_it_is)
        # cattrs types its options and the fields' overrides as one **kwargs.
        made = make_dict_structure_fn(
            model,
            CONVERTER,
            _cattrs_detailed_validation=told,
            **renamed,  # type: ignore[arg-type]
        )
        return cast("Callable[[object, type], R]", made)

    def decode(row: Row, document: Document) -> R:
        # No more than is known: an attribute may be called as a relationship or a field is here.
        extra = dict(row.attributes)
        given = {name: extra.pop(name) for name in known if name in extra}
        if spelling.document:
            given[spelling.document.ours] = _documento(spelling.document, row.attributes, extra)
        for theirs, linked in row.relationships.items():
            given[_LINK + theirs] = _ref(linked, document, includes())
        given["extra"] = extra
        if has_id:
            given["id"] = row.id
        try:
            return structure(False)(given, model)
        except (BaseValidationError, KeyError, TypeError, ValueError):
            return _told(lambda: structure(True)(given, model))

    return decode


def _told(structure: Callable[[], R]) -> R:
    """Raises Malformed for everything that *structure* stumbles over, by the attributes' names."""
    try:
        return structure()
    except BaseValidationError as error:
        raise Malformed("; ".join(transform_error(error, format_exception=_say))) from None


_LINK = "relationships/"  # an attribute may have a relationship's name


def _as_it_is(value: object, _: type) -> object:
    return value


def _say(error: BaseException, type: type | None) -> str:
    return str(error) if isinstance(error, TypeError) else "missing"


def _documento(spelled: DocumentSpelling, given: Json, extra: dict[str, object]) -> Cnpj | Cpf | Unset | None:
    """The document of *given*. What told it leaves *extra*; what told nothing stays there."""
    if spelled.text not in given and spelled.number not in given:
        return UNSET
    found = document_of(
        given.get(spelled.text), given.get(spelled.number), given.get(spelled.is_cpf), spelled.kinds
    )
    if found is not None:
        for name in (spelled.text, spelled.number, spelled.is_cpf):
            extra.pop(name, None)
    return found


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
    return Ref(*key, decode(row, Document(())))


def nested(model: type[R], spelling: Spelling) -> None:
    """Let *model* stand inside of an attribute: an object there, and no resource."""
    decode = decoder(model, spelling)

    def structure(value: object, _: type) -> R:
        if not isinstance(value, dict):
            raise TypeError(f"{type(value).__name__} where an object is expected")
        return decode(Row("", "", cast("Json", value), {}), Document(()))

    CONVERTER.register_structure_hook(model, structure)


def recurso(row: Row, document: Document) -> Recurso:
    """A row of which nothing but type and id is attested."""
    linked = {name: _ref(link, document, {}) for name, link in row.relationships.items()}
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
