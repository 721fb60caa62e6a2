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
from types import UnionType
from typing import TypeAlias, Union, cast, get_args, get_origin

from cattrs import Converter

from econtador.documents import Cnpj, Cpf
from econtador.errors import InvalidDocument
from econtador.portal.values import UNSET, Ref, Unset

__all__ = ["CONVERTER", "document_of", "midnight", "moment"]

Hook: TypeAlias = Callable[[object, type], object]
Kind: TypeAlias = type[Cnpj] | type[Cpf]


# --------------------------------------------------------------------------- plain values


def _text(value: object, _: type) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # the portal was met sending códigos as numbers
    raise TypeError(f"{type(value).__name__} where text is expected")


def _maybe_text(value: object, wanted: type) -> object:
    # Of most fields, hence not by a hook within a hook.
    return value if value is None or value is UNSET or isinstance(value, str) else _text(value, wanted)


def _flag(value: object, _: type) -> bool:
    if isinstance(value, bool):
        return value
    raise TypeError(f"{type(value).__name__} where true or false is expected")


def _decimal(value: object, _: type) -> Decimal:
    if isinstance(value, int | str | Decimal) and not isinstance(value, bool):
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise TypeError("text where a number is expected") from None
        if number.is_finite():
            return number
    raise TypeError(f"{type(value).__name__} where a number is expected")


def _integer(value: object, _: type) -> int:
    number = _decimal(value, int)
    if number != number.to_integral_value() or number.adjusted() > 30:
        raise TypeError("a number that is not whole, where a whole one is expected")
    return int(number)


def _day(value: object, _: type) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            raise TypeError("text that is no date, where a date is expected") from None
    raise TypeError(f"{type(value).__name__} where a date is expected")


def _instant(value: object, _: type) -> datetime:
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            raise TypeError("text that is no moment, where a moment is expected") from None
    raise TypeError(f"{type(value).__name__} where a moment is expected")


def _as_it_is(value: object, _: type) -> object:
    return value  # made by the decoder, out of several attributes


def _one(value: object, _: type) -> object:
    if isinstance(value, tuple):
        raise TypeError("several resources where one is expected")
    return value  # made by the decoder, out of a relationship


# --------------------------------------------------------------------------- nothing, and not said


def _is_union(wanted: object) -> bool:
    return get_origin(wanted) in {Union, UnionType}


def _union(wanted: object) -> Hook:
    kinds = [kind for kind in get_args(wanted) if kind not in {type(None), Unset}]
    if set(kinds) <= {Cnpj, Cpf}:
        return _as_it_is
    if get_origin(kinds[0]) is Ref:
        return _one
    if kinds == [str]:
        return _maybe_text
    hook = _open(kinds) if len(kinds) > 1 else cast("Hook", CONVERTER.get_structure_hook(kinds[0]))
    kind, is_text = kinds[0], str in kinds

    def structure(value: object, _: type) -> object:
        if value is None or value is UNSET:
            return value
        if value == "" and not is_text:
            return None
        return hook(value, kind)

    return structure


def _open(kinds: list[type]) -> Hook:
    """An enumeration, or the text itself where the enumeration does not know it."""
    members = next(kind for kind in kinds if issubclass(kind, enum.Enum))
    by_word = {str(member.value).casefold(): member for member in members}

    def structure(value: object, wanted: type) -> object:
        word = _text(value, wanted)
        return by_word.get(word.casefold(), word)

    return structure


def _converter() -> Converter:
    converter = Converter()
    hooks: Mapping[type, Hook] = {
        str: _text,
        bool: _flag,
        int: _integer,
        Decimal: _decimal,
        date: _day,
        datetime: _instant,
    }
    for kind, hook in hooks.items():
        converter.register_structure_hook(kind, hook)
    converter.register_structure_hook_factory(_is_union, _union)
    return converter


CONVERTER = _converter()


# --------------------------------------------------------------------------- documents


def document_of(text: object, number: object, is_cpf: object, kinds: tuple[Kind, ...]) -> Cnpj | Cpf | None:
    """The document that the portal means: its *text* where there is one, else the *number* with its zeros again.

    None where neither is one, or where the number would do for both a CNPJ and a CPF and *is_cpf* does not say
    (``191`` is Banco do Brasil's CNPJ and a valid CPF). Either may come as the other's kind.
    """
    for written in (text, number if isinstance(number, str) and not number.isdigit() else ""):
        if isinstance(written, str):
            for kind in kinds:
                try:  # made at once: whether it is valid takes as long to ask
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
