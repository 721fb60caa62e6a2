"""What goes into a view and what comes out: a visit; a page, or where to go on."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import parse_qs

from attrs import field, frozen

from econtador.sandbox.store import Store

__all__ = ["Fields", "GoOn", "Page", "View", "Visit", "fields_of", "one"]

_MOST_FIELDS = 100

Fields: TypeAlias = Mapping[str, Sequence[str]]
"""Names of a form or query, each with what it was given."""


def fields_of(text: str) -> Fields:
    """Read a query or an urlencoded form. Raises ``ValueError`` for more fields than any page has.

    >>> fields_of("nome=A%26B&nome=&ativa")
    {'nome': ['A&B', ''], 'ativa': ['']}
    """
    return parse_qs(text, keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS)


def one(fields: Fields, name: str) -> str:
    """What *name* was given, without spaces around it; empty if it was not.

    >>> one({"nome": [" A "]}, "nome"), one({}, "nome")
    ('A', '')
    """
    return fields[name][0].strip() if name in fields else ""


@frozen
class Visit:
    """A request for a page."""

    path: str
    keys: Sequence[str] = ()
    """The variable parts of the path."""
    query: Fields = field(factory=dict[str, Sequence[str]], repr=False)
    form: Fields = field(factory=dict[str, Sequence[str]], repr=False)


@frozen
class Page:
    """A template and what it is filled with."""

    template: str
    values: Mapping[str, object] = field(repr=False)
    status: HTTPStatus = HTTPStatus.OK


@frozen
class GoOn:
    """What was asked is done; the browser goes on to another page, which may be loaded again without doing it twice."""

    to: str


View: TypeAlias = Callable[[Visit, Store], Page | GoOn]
"""Answers a visit. Raises ``Refused`` for what is not there."""
