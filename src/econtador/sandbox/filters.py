"""The filters of the portal's listings, by what their text means.

The only operator that anyone sends is ``EQ``, so there is no other.
"""

from http import HTTPStatus

from econtador.sandbox.jsonapi import refuse
from econtador.sandbox.kinds import iso_date
from econtador.sandbox.resource_type import Filter
from econtador.sandbox.store import Accepted, Store, attribute

__all__ = ["anything", "companies", "day", "flag", "latest", "number", "reference", "text", "typed"]


def typed(kind: str, name: str) -> tuple[str, str]:
    """The short spelling of a filter and the long one, as both are attested for employees.

    >>> typed("funcionarios", "status")
    ('filter[status]', 'filter[funcionarios][status][EQ]')
    """
    return f"filter[{name}]", f"filter[{kind}][{name}][EQ]"


def text(name: str, sent: str, store: Store) -> Accepted:
    """As it came."""
    return (sent,)


def number(name: str, sent: str, store: Store) -> Accepted:
    """A whole number, 400 for any other text."""
    if not (sent.isascii() and sent.isdigit() and len(sent) <= 18):
        raise refuse(HTTPStatus.BAD_REQUEST, "deve ser um número inteiro", parameter=name)
    return (int(sent),)


def reference(name: str, sent: str, store: Store) -> Accepted:
    """The id of a resource that another points at: a whole number, as linkage has it."""
    return tuple(map(str, number(name, sent, store)))


def flag(name: str, sent: str, store: Store) -> Accepted:
    """``true`` or ``false``, 400 for any other text."""
    if sent not in {"true", "false"}:
        raise refuse(HTTPStatus.BAD_REQUEST, "deve ser true ou false", parameter=name)
    return (int(sent == "true"),)


def latest(name: str, sent: str, store: Store) -> Accepted:
    """A flag that takes everything when it is false."""
    return flag(name, sent, store) if sent == "true" else (*flag(name, sent, store), 1)


def companies(name: str, sent: str, store: Store) -> Accepted:
    """The company's id, or its CNPJ or CPF (one integrator sends that, and it works)."""
    found = tuple(int(row.id) for row in store.empresas([("documento", sent)]))
    return found or number(name, sent, store)


def anything(name: str, sent: str, store: Store) -> Accepted:
    """Taken, and narrows nothing: what it compares is not attested. For the column ``1``."""
    return (1,)


def day(name: str) -> Filter:
    """A day, compared with the day as it is written (what the portal compares is assumed)."""
    spelled = f"filter[{name}]"
    return Filter((spelled,), f"substr({attribute(name)}, 1, 10)", _day)


def _day(name: str, sent: str, store: Store) -> Accepted:
    if not iso_date(sent[:10]):
        raise refuse(HTTPStatus.BAD_REQUEST, "deve ser uma data, AAAA-MM-DD", parameter=name)
    return (sent[:10],)
