"""Single values: how the portal writes them, what they are here.

Attested facts that shape it: text fields were met as numbers, and numbers as text; an empty text
stands for nothing; days come as ``T03:00:00Z`` and ``T02:00:00Z`` (São Paulo's midnight, with and
without the former daylight saving), so a day is what is *written*, and is never moved through time zones;
enumerations grow.
"""

import enum
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from types import NoneType, UnionType
from typing import TypeAlias, Union, get_args, get_origin

from attrs import frozen

from econtador.documents import Cnpj, Cpf
from econtador.errors import InvalidDocument
from econtador.portal.values import Ref, Unset

__all__ = ["READINGS", "Reading", "document_of", "midnight", "moment", "reading"]

Kind: TypeAlias = type[Cnpj] | type[Cpf]


@frozen
class Reading:
    """How the values of a type are read."""

    read: Callable[[object], object]
    """Raises TypeError, in words without the value, for what is none."""
    as_it_is: frozenset[type] = frozenset()
    """The types of those that *read* would give back untouched: most values, and to ask costs less than to call."""


# --------------------------------------------------------------------------- plain values


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # the portal was met sending códigos as numbers
    raise TypeError(f"{type(value).__name__} where text is expected")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError(f"{type(value).__name__} where true or false is expected")


def _decimal(value: object) -> Decimal:
    if isinstance(value, int | str | Decimal) and not isinstance(value, bool):
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise TypeError("text where a number is expected") from None
        if number.is_finite():
            return number
    raise TypeError(f"{type(value).__name__} where a number is expected")


def _integer(value: object) -> int:
    number = _decimal(value)
    if number != number.to_integral_value() or number.adjusted() > 30:
        raise TypeError("a number that is not whole, where a whole one is expected")
    return int(number)


def _day(value: object) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            raise TypeError("text that is no date, where a date is expected") from None
    raise TypeError(f"{type(value).__name__} where a date is expected")


def _instant(value: object) -> datetime:
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise TypeError("text that is no moment, where a moment is expected") from None
    raise TypeError(f"{type(value).__name__} where a moment is expected")


READINGS: dict[object, Reading] = {
    str: Reading(_text, frozenset({str})),
    bool: Reading(_flag, frozenset({bool})),
    int: Reading(_integer),
    Decimal: Reading(_decimal),
    date: Reading(_day),
    datetime: Reading(_instant),
}
"""For each type that an attribute may have; models that stand inside of one come to them."""

# --------------------------------------------------------------------------- nothing, and not said

_NO_VALUE: frozenset[type] = frozenset({NoneType, Unset})


def reading(wanted: object) -> Reading:
    """How a field of the type *wanted* is read: what it may be besides its value as it is, an empty text as nothing."""
    if get_origin(wanted) not in {Union, UnionType}:
        return READINGS[wanted]
    kinds = [kind for kind in get_args(wanted) if kind not in _NO_VALUE]
    if get_origin(kinds[0]) is Ref:
        return Reading(_one, _NO_VALUE | {Ref})
    value = Reading(_open(kinds)) if len(kinds) > 1 else READINGS[kinds[0]]
    read = value.read if str in kinds else _or_nothing(value.read)
    return Reading(read, _NO_VALUE | value.as_it_is)


def _one(value: object) -> object:
    raise TypeError("several resources where one is expected")


def _or_nothing(read: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: None if value == "" else read(value)


def _open(kinds: list[type]) -> Callable[[object], object]:
    """An enumeration, or the text itself where the enumeration does not know it."""
    members = next(kind for kind in kinds if issubclass(kind, enum.Enum))
    by_word = {str(member.value).casefold(): member for member in members}

    def read(value: object) -> object:
        word = _text(value)
        return by_word.get(word.casefold(), word)

    return read


# --------------------------------------------------------------------------- documents


def document_of(text: object, number: object, is_cpf: object, kinds: tuple[Kind, ...]) -> Cnpj | Cpf | None:
    """The document that the portal means: its *text* where there is one, else the *number* with its zeros again.

    None where neither is one, or where the number would do for both a CNPJ and a CPF and *is_cpf* does not say
    (``191`` is Banco do Brasil's CNPJ and a valid CPF). Either may come as the other's kind.
    """
    for written in (text, number if isinstance(number, str) and not number.isdigit() else ""):
        if isinstance(written, str):
            for kind in kinds:
                try:  # made at once: whether it is valid takes as long to ask, and suppress() half as long
                    return kind(written)
                except InvalidDocument:
                    continue
    candidates = _padded(number, kinds) or _padded(text, kinds)
    if isinstance(is_cpf, bool) and len(kinds) > 1:
        return candidates.get(Cpf if is_cpf else Cnpj)
    return next(iter(candidates.values())) if len(candidates) == 1 else None


def _padded(told: object, kinds: tuple[Kind, ...]) -> Mapping[Kind, Cnpj | Cpf]:
    """The documents that *told* would be with its zeros."""
    digits = str(told) if isinstance(told, int | str) and not isinstance(told, bool) else ""
    return {
        kind: kind(digits.zfill(size))
        for kind, size in ((Cnpj, 14), (Cpf, 11))
        if kind in kinds and digits.isdigit() and kind.is_valid(digits.zfill(size))
    }


# --------------------------------------------------------------------------- what is sent


def midnight(day: date) -> str:
    """*day* as the portal writes one: the moment of São Paulo's midnight, ``2026-01-05T03:00:00Z``."""
    return f"{day.isoformat()}T03:00:00Z"


def moment(instant: datetime) -> str:
    """*instant* in UTC, to the second. Raises ``ValueError`` where it has no time zone."""
    if instant.tzinfo is None:
        raise ValueError("a moment without a time zone")
    # Not strftime, which leaves out the zeros of a year below 1000.
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
