"""What a draft is checked for when it is made: validators for attrs, each a plain function.

A field that may be left out is not checked where it is ``UNSET``; whether ``None`` can be said of it is for
its type to say, and is refused here for ids and days.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from typing import ClassVar, Protocol, TypeAlias, TypeVar, cast

from attrs import Attribute

from econtador.errors import InvalidDraft
from econtador.portal.values import UNSET

__all__ = [
    "Check",
    "Draft",
    "a",
    "content",
    "count",
    "day",
    "filled",
    "flag",
    "id",
    "instant",
    "money",
    "period",
    "several",
    "text",
    "valor",
]

T = TypeVar("T")


class Draft(Protocol):
    """Something to be sent."""

    RESOURCE: ClassVar[str]
    """Where to: the client's attribute."""


Check: TypeAlias = Callable[[Draft, "Attribute[T]", T], None]


def _refused(draft: Draft, field: "Attribute[T]", reason: str) -> InvalidDraft:
    return InvalidDraft(draft.RESOURCE, field.name, reason)


def _expected(draft: Draft, field: "Attribute[T]", what: str, value: object) -> InvalidDraft:
    return _refused(draft, field, f"{what} is expected, not {type(value).__name__}")


def _written(draft: Draft, field: "Attribute[T]", value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _refused(
            draft, field, "characters that no text has (was a file read as it is not coded?)"
        ) from None


# --------------------------------------------------------------------------- kinds of value


def id(draft: Draft, field: "Attribute[T]", value: T) -> None:
    """An id, as the portal tells it: text."""
    if value is UNSET:
        return
    if not isinstance(value, str):
        raise _expected(draft, field, "an id as text", value)
    if not value.strip():
        raise _refused(draft, field, "an empty id")
    if value != value.strip():
        raise _refused(draft, field, "an id with blanks around it")
    _written(draft, field, value)


def text(draft: Draft, field: "Attribute[T]", value: T) -> None:
    """Text, or nothing."""
    if value is UNSET or value is None:
        return
    if not isinstance(value, str):
        raise _expected(draft, field, "text", value)
    _written(draft, field, value)


def filled(draft: Draft, field: "Attribute[T]", value: T) -> None:
    """Text that says something."""
    if not isinstance(value, str):
        raise _expected(draft, field, "text", value)
    if not value.strip():
        raise _refused(draft, field, "an empty text")
    _written(draft, field, value)


def flag(draft: Draft, field: "Attribute[T]", value: T) -> None:
    """True, False, or nothing."""
    if value is not UNSET and value is not None and not isinstance(value, bool):
        raise _expected(draft, field, "True or False", value)


def count(draft: Draft, field: "Attribute[T]", value: T) -> None:
    """A whole number from 0 on, or nothing."""
    if value is UNSET or value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool):
        raise _expected(draft, field, "a whole number", value)
    if value < 0:
        raise _refused(draft, field, "a number below 0")


def day(draft: Draft, field: "Attribute[T]", value: T) -> None:
    """A day; a datetime is one for Python, and its hour would be lost."""
    if value is not UNSET and (not isinstance(value, date) or isinstance(value, datetime)):
        raise _expected(draft, field, "a date", value)


def instant(draft: Draft, field: "Attribute[T]", value: T) -> None:
    """A moment, the same everywhere."""
    if value is UNSET:
        return
    if not isinstance(value, datetime):
        raise _expected(draft, field, "a datetime", value)
    if value.utcoffset() is None:
        raise _refused(draft, field, "a datetime without a time zone")
    try:
        value.astimezone(UTC)
    except OverflowError:
        raise _refused(draft, field, "a datetime that UTC does not have") from None


def content(draft: Draft, field: "Attribute[T]", value: T) -> None:
    """The content of a file."""
    if not isinstance(value, bytes):
        raise _expected(draft, field, "the file's content as bytes", value)
    if not value:
        raise _refused(draft, field, "an empty file")


def a(kind: type) -> Check[T]:
    """A *kind*."""

    def check(draft: Draft, field: "Attribute[T]", value: T) -> None:
        if value is not UNSET and not isinstance(value, kind):
            raise _expected(draft, field, f"a {kind.__name__}", value)

    return check


def several(kind: type) -> Check[T]:
    """A tuple of *kind*."""

    def check(draft: Draft, field: "Attribute[T]", value: T) -> None:
        if not isinstance(value, tuple):
            raise _expected(draft, field, f"a tuple of {kind.__name__}", value)
        for item in cast("tuple[object, ...]", value):
            if not isinstance(item, kind):
                raise _expected(draft, field, f"a tuple of {kind.__name__}", item)

    return check


# --------------------------------------------------------------------------- amounts

_LARGEST = Decimal(10) ** 13
"""Below it an amount has at most 15 digits, which a JSON number keeps."""
_CENT = Decimal("0.01")
_EXACT = Context(prec=15, traps=[])
"""Whatever precision the program around has set for its own sums."""


def money(draft: Draft, field: "Attribute[T]", value: T) -> None:
    """An amount in reais, or nothing. Never rounded."""
    if value is UNSET or value is None:
        return
    if not isinstance(value, Decimal):
        raise _expected(draft, field, "a Decimal", value)
    if not value.is_finite():
        raise _refused(draft, field, "an amount that is no number")
    if value.is_signed():
        raise _refused(draft, field, "an amount below 0")
    if value >= _LARGEST:
        raise _refused(draft, field, "an amount of ten trillion or more")
    if value != value.quantize(_CENT, context=_EXACT):
        raise _refused(draft, field, "more than 2 decimals; nothing is rounded here")


def valor(draft: Draft, field: "Attribute[T]", value: T) -> None:
    """What a movement moves: money, hours or a number of days, told apart by their types."""
    match value:
        case Decimal():
            money(draft, field, value)
        case timedelta():
            if value < timedelta(0):
                raise _refused(draft, field, "hours below 0")
            if value % timedelta(minutes=1):
                raise _refused(draft, field, "hours that are not in whole minutes")
        case int():
            count(draft, field, value)
        case _:
            raise _expected(draft, field, "money as Decimal, hours as timedelta or days as int", value)


# --------------------------------------------------------------------------- fields together


def period(draft: Draft, beginning: str, end: str) -> None:
    """An *end* that is not before its *beginning*."""
    if getattr(draft, end) < getattr(draft, beginning):
        raise InvalidDraft(draft.RESOURCE, end, f"before {beginning}")
