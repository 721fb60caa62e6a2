"""The portal's query dialect: filters and pages."""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import parse_qsl, urlencode

from attrs import frozen

from econtador.sandbox.jsonapi import JSON, refuse

__all__ = [
    "EMPRESA_FILTERS",
    "Filters",
    "Page",
    "Selection",
    "links",
    "no_parameters",
    "selection",
    "window",
    "without_page",
]

DEFAULT_LIMIT = 25
"""Rows in a page when ``page[limit]`` is not sent: assumed (the portal's own is not known)."""

MOST = 200
"""Above it the portal answers 500, not 400: attested by one team."""

_NUMBER = re.compile(r"[0-9]{1,18}")  # 18 digits always fit 64 bits
_FLAGS = {"true": True, "false": False}

Filters: TypeAlias = Mapping[str, tuple[str, Callable[[str, str], int]]]
"""Spelling of a filter to its column and to the reading of its value."""


@frozen
class Page:
    """A window of rows, in rows."""

    limit: int = DEFAULT_LIMIT
    offset: int = 0


@frozen
class Selection:
    """What a listing asks for."""

    page: Page
    where: tuple[tuple[str, int], ...]
    """Columns and the values they must have, all of them."""


def _number(name: str, text: str) -> int:
    if _NUMBER.fullmatch(text) is None:
        raise refuse(HTTPStatus.BAD_REQUEST, "deve ser um número inteiro, 0 ou maior", parameter=name)
    return int(text)


def _flag(name: str, text: str) -> int:
    if text not in _FLAGS:
        raise refuse(HTTPStatus.BAD_REQUEST, "deve ser true ou false", parameter=name)
    return _FLAGS[text]


EMPRESA_FILTERS: Filters = {
    "filter[ativa]": ("ativa", _flag),
    "filter[empresas][ativa][EQ]": ("ativa", _flag),
    "filter[cpfcnpj]": ("cpfcnpj", _number),
    "filter[empresas][cpfcnpj][EQ]": ("cpfcnpj", _number),
}
"""The spellings attested for companies, and no other. The document is compared as a number, so
leading zeros do not matter and a CNPJ with letters is not found."""


def selection(query: str, filters: Filters) -> Selection:
    """Read a listing's query.

    400 for whatever is not known (``page[number]`` among it: attested), 500 for a limit over 200.

    >>> selection("page%5Blimit%5D=2&filter[ativa]=true", EMPRESA_FILTERS)
    Selection(page=Page(limit=2, offset=0), where=(('ativa', True),))
    """
    sent = _parameters(query, known={"page[limit]", "page[offset]", *filters})
    limit = _number("page[limit]", sent.pop("page[limit]", str(DEFAULT_LIMIT)))
    offset = _number("page[offset]", sent.pop("page[offset]", "0"))
    if limit == 0:
        raise refuse(HTTPStatus.BAD_REQUEST, "deve ser maior que 0", parameter="page[limit]")
    if limit > MOST:
        raise refuse(HTTPStatus.INTERNAL_SERVER_ERROR, f"limite acima de {MOST}", parameter="page[limit]")
    where = tuple((filters[name][0], filters[name][1](name, text)) for name, text in sent.items())
    return Selection(Page(limit, offset), where)


def window(query: str) -> Page | None:
    """The page that *query* asks for, by ``page[offset]`` or by ``page[number]``; ``None`` if by neither rightly.

    >>> window("page[limit]=2&page[number]=3"), window("page[limit]=dois")
    (Page(limit=2, offset=4), None)
    """
    sent = dict(parse_qsl(query))
    limit = sent.get("page[limit]", str(DEFAULT_LIMIT))
    place = sent.get("page[number]", sent.get("page[offset]", "0"))
    if not all(map(_NUMBER.fullmatch, (limit, place))) or int(limit) == 0:
        return None
    if "page[number]" not in sent:
        return Page(int(limit), int(place))
    return Page(int(limit), (int(place) - 1) * int(limit)) if int(place) > 0 else None


def without_page(query: str) -> list[tuple[str, str]]:
    """All that *query* asks for but its page.

    >>> without_page("filter[ativa]=true&page[limit]=2")
    [('filter[ativa]', 'true')]
    """
    return [item for item in parse_qsl(query, keep_blank_values=True) if not item[0].startswith("page[")]


def no_parameters(query: str) -> None:
    """400 for any parameter: only a listing takes some (include, fields, sort are not attested here)."""
    _parameters(query, known=set())


def _parameters(query: str, known: set[str]) -> dict[str, str]:
    sent: dict[str, str] = {}
    for name, text in parse_qsl(query, keep_blank_values=True):
        if name not in known:
            raise refuse(HTTPStatus.BAD_REQUEST, "parâmetro desconhecido", parameter=name)
        if name in sent:
            raise refuse(HTTPStatus.BAD_REQUEST, "parâmetro repetido", parameter=name)
        sent[name] = text
    return sent


def links(path: str, page: Page, total: int) -> dict[str, JSON]:
    """``first``, ``last`` and, but for the last page, ``next``.

    They are relative, and without the filters: both have been met (one integrator), and a client
    that follows them blindly is to be caught here. (``RELATIVE_NEXT`` and ``NEXT_WITHOUT_FILTER``: a
    sandbox without these quirks completes them.)

    >>> links("/api/v1/empresas", Page(limit=2), total=3)["next"]
    '/api/v1/empresas?page%5Blimit%5D=2&page%5Boffset%5D=2'
    >>> "next" in links("/api/v1/empresas", Page(limit=2, offset=2), total=3)
    False
    """
    offsets = {"first": 0, "last": max(0, (total - 1) // page.limit * page.limit)}
    if page.offset + page.limit < total:
        offsets["next"] = page.offset + page.limit
    return {
        name: f"{path}?{urlencode({'page[limit]': page.limit, 'page[offset]': offset})}"
        for name, offset in offsets.items()
    }
