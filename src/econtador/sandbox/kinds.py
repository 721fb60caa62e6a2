"""Types of the portal's attributes: what a JSON value must be to be taken.

That a value of another type is a 500 is attested for dates and for text where a number belongs;
that a number is not taken for a text, nor digits for a number, is assumed.
"""

import base64
import math
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import cast

from attrs import field, frozen

__all__ = [
    "ANY",
    "BYTES",
    "DATE",
    "FLAG",
    "FLOAT",
    "INTEGER",
    "MOMENT",
    "OBJECT",
    "OBJECTS",
    "TEXT",
    "TEXTS",
    "TIMESTAMP",
    "Kind",
    "iso_date",
]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


@frozen
class Kind:
    """A type of the portal and whether a JSON value is one."""

    java: str
    """Its name in error texts."""
    takes: Callable[[object], bool] = field(repr=False)


def iso_date(text: str) -> bool:
    """Whether *text* is a day of the calendar, ``YYYY-MM-DD``.

    >>> iso_date("2024-02-29"), iso_date("2023-02-29"), iso_date("29/02/2024")
    (True, False, False)
    """
    return _DATE.fullmatch(text) is not None and _is_made(date.fromisoformat, text)


def _iso_timestamp(text: str) -> bool:
    return _TIMESTAMP.fullmatch(text) is not None and _is_made(datetime.fromisoformat, text)


def _is_made(make: Callable[[str], object], text: str) -> bool:
    try:
        make(text)
    except ValueError:
        return False
    return True


def _is_base64(value: object) -> bool:
    return isinstance(value, str) and _is_made(lambda text: base64.b64decode(text, validate=True), value)


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _is_number(value: object) -> bool:
    return _is_integer(value) or (isinstance(value, float) and math.isfinite(value))


def _each(takes: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(map(takes, cast("list[object]", value)))


def _text_that(holds: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and holds(value)


ANY = Kind("java.lang.Object", lambda _: True)
"""For attributes whose type nobody attests."""
BYTES = Kind("byte[]", _is_base64)
"""A file, in base64."""
DATE = Kind("java.time.LocalDate", _text_that(iso_date))
FLAG = Kind("java.lang.Boolean", lambda value: isinstance(value, bool))
FLOAT = Kind("java.lang.Double", _is_number)
INTEGER = Kind("java.lang.Long", _is_integer)
MOMENT = Kind("java.time.temporal.Temporal", _text_that(lambda text: iso_date(text) or _iso_timestamp(text)))
"""A day or a time of day: for attributes where nobody attests which."""
OBJECT = Kind("java.util.Map", lambda value: isinstance(value, dict))
OBJECTS = Kind("java.util.List<java.util.Map>", _each(lambda item: isinstance(item, dict)))
TEXT = Kind("java.lang.String", lambda value: isinstance(value, str))
TEXTS = Kind("java.util.List<java.lang.String>", _each(lambda item: isinstance(item, str)))
TIMESTAMP = Kind("java.time.OffsetDateTime", _text_that(_iso_timestamp))
"""With its time of day, ``2024-01-31T03:00:00Z``."""
