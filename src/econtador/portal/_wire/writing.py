"""Drafts to what is sent, by data: the way back of :mod:`.resource`'s decoder."""

import base64
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import cast

from attrs import field, frozen

from econtador.documents import Cnpj, Cpf
from econtador.portal._wire.converting import moment
from econtador.portal._wire.jsonapi import Json, Sent
from econtador.portal._wire.resource import DocumentSpelling, Spelling
from econtador.portal.values import UNSET

__all__ = ["Writing", "encoder"]

NOTHING: Json = MappingProxyType({})


@frozen
class Writing:
    """How a draft is written down."""

    spelling: Spelling
    types: Mapping[str, str] = field(factory=dict[str, str])
    """For each relationship, by our name, the type that it leads to."""
    days: Callable[[date], str] = date.isoformat
    values: Mapping[str, Callable[[object], object]] = field(factory=dict[str, Callable[[object], object]])
    """Fields, by our name, that are written otherwise than their kind is."""
    always: Json = NOTHING
    """Attributes that are sent the same every time."""
    inner: "Mapping[type, Writing]" = field(factory=dict[type, "Writing"])
    """How drafts are written that stand inside of an attribute."""


def encoder(writing: Writing) -> Callable[[object], Sent]:
    """A function that spells a draft as *writing* says. What is UNSET is left out."""

    def encode(draft: object) -> Sent:
        keys = _given(draft, writing.spelling.relationships)
        return Sent(
            _attributes(draft, writing),
            {
                writing.spelling.relationships[ours]: (writing.types[ours], cast("str", key))
                for ours, key in keys.items()
            },
        )

    return encode


def _given(draft: object, names: Mapping[str, str]) -> dict[str, object]:
    return {ours: value for ours in names if (value := getattr(draft, ours)) is not UNSET}


def _attributes(draft: object, writing: Writing) -> Json:
    attributes = dict(writing.always)
    for ours, value in _given(draft, writing.spelling.attributes).items():
        write = writing.values.get(ours)
        attributes[writing.spelling.attributes[ours]] = write(value) if write else _written(value, writing)
    if writing.spelling.document:
        attributes |= _documento(draft, writing.spelling.document)
    return attributes


def _documento(draft: object, spelled: DocumentSpelling) -> Json:
    documento = cast("Cnpj | Cpf", getattr(draft, spelled.ours))
    return {
        spelled.text: documento.value,
        spelled.number: int(documento.value),
        spelled.is_cpf: isinstance(documento, Cpf),
    }


def _written(value: object, writing: Writing) -> object:
    match value:
        case datetime():  # before date, of which it is one
            return moment(value)
        case date():
            return writing.days(value)
        case Decimal():
            return float(value)  # exact: no draft takes more than 15 digits
        case Cnpj():
            return value.value
        case bytes():
            return base64.b64encode(value).decode()
        case tuple():
            return [_written(item, writing) for item in cast("tuple[object, ...]", value)]
        case _:
            inner = writing.inner.get(type(value))
            return _attributes(value, inner) if inner else value
