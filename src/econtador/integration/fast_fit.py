"""The common case of fitting, at once: a tidy record, of whose fields few or none are too long.

What fitting does stands in ``integration/fields.py``, field by field. An office has most of its records fit as
they are, and for those that loop is mostly overhead: here it is written out once for each class of records, as
attrs writes constructors, with the class's own fields and sizes in it. What is not plain (white space to tidy,
something that is no text) it leaves to the loop. Both must answer the same; a test holds them to it.

Of one company with six fields, in processor time, beside six slices into a new object (``benchmarks.fitting_speed``):
the loop takes 2.2 times as long where all fits, 5.6 where 7 % of the fields are too long and 16 with abbreviations,
this 1.4, 1.9 and 1.9; 3.5 and 15 where no text that is too long ever comes again. Without looking for white space
to tidy, which is a rule and not a precaution, it would be 0.6 where all fits.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from inspect import Parameter, signature
from types import CodeType
from typing import Any, Final, TypeAlias

import attrs

from econtador.integration.adaptations import Adaptation, refuse_unless_attrs
from econtador.integration.fitting import Writing, fitted
from econtador.integration.losses import Loss
from econtador.integration.sizes import FieldLimit
from econtador.overriding import override

__all__ = ["FastFit"]

QuickFit: TypeAlias = Callable[[Any], Adaptation[Any] | None]
"""A record fitted; None where that is not plain, and so is left to the loop."""

_REMEMBERED: Final = 1024
"""Texts of a field whose loss is kept: about 0.8 KB each, so 0.8 MB a field at most.

A plan fits every text that is too long twice at least, for its record and to see which became alike, and activities
and bairros come again. Found, a loss takes 0.1 µs; made anew 2.5 µs, abbreviated 22. The example office of 48
companies, of whose long texts one in seven comes again, takes 45 µs a company to abbreviate once, and 60 to do both
things of a plan, where it was 56 and 107. Where no text ever comes again, each that is too long costs 0.3 µs more.
"""


class FastFit(dict[type, QuickFit]):
    """Of one adapter: by class the way to fit its records, written when its first comes; and the losses of texts."""

    def __init__(self, limits: Iterable[FieldLimit], writing: Writing) -> None:
        super().__init__()
        self._limits, self._writing = tuple(limits), writing
        self._shortened: Mapping[str, Callable[[str], Loss | None]] = {
            limit.field: lru_cache(_REMEMBERED)(partial(fitted, limit=limit, writing=writing))
            for limit in self._limits
        }

    @override
    def __reduce__(self) -> tuple[type["FastFit"], tuple[tuple[FieldLimit, ...], Writing]]:
        return FastFit, (self._limits, self._writing)  # functions made here do not pickle

    def __missing__(self, kind: type) -> QuickFit:
        self[kind] = made = _made(kind, self._limits, self._shortened)
        return made

    def loss(self, limit: FieldLimit, text: str) -> Loss | None:
        """What has to be done to a text; None for nothing."""
        if limit.measure(text) <= limit.limit:
            return fitted(text, limit, self._writing)  # cheap, and most are: not remembered
        return self._shortened[limit.field](text)


# --------------------------------------------------------------------------- written for a class


def _leave_it(record: object) -> None:
    """Nothing is plain here."""


def _made(
    kind: type, limits: Iterable[FieldLimit], shortened: Mapping[str, Callable[[str], Loss | None]]
) -> QuickFit:
    refuse_unless_attrs(kind)
    held = tuple(limit for limit in limits if limit.field in attrs.fields_dict(kind))
    code = _code(kind, held)
    if code is None:
        return _leave_it
    known: dict[str, Any] = {"Kind": kind, **_MAKING}
    for number, limit in enumerate(held):
        known[f"measure{number}"] = limit.measure
        known[f"shortened{number}"] = shortened[limit.field]
    exec(code, known)  # noqa: S102 - of names and numbers only, as attrs writes constructors
    made: QuickFit = known["fit"]
    return made


@lru_cache(64)  # shared by adapters: it takes 0.5 ms, more than many a small office to fit
def _code(kind: type, held: tuple[FieldLimit, ...]) -> CodeType | None:
    """None for a class whose constructor is its own, or does not take one of the fields."""
    own = attrs.fields_dict(kind)
    of_parameter = {field.alias or name: name for name, field in own.items() if field.init}
    parameters = signature(kind).parameters
    if parameters.keys() != of_parameter.keys() or not all(own[limit.field].init for limit in held):
        return None
    copied = [
        (f"{parameter}=" if parameters[parameter].kind is Parameter.KEYWORD_ONLY else "", field)
        for parameter, field in of_parameter.items()
    ]
    return compile(_source(held, copied), f"<fit of {kind.__qualname__}>", "exec")


_MAKING: Final[Mapping[str, Any]] = {
    # What Adaptation(record, losses) does, without the way around a frozen class: 0.15 µs of 1.2.
    "Adaptation": Adaptation,
    "new": object.__new__,
    "set_record": vars(Adaptation)["record"].__set__,
    "set_losses": vars(Adaptation)["losses"].__set__,
    # Bytes that it leaves as they are have no white space but U+0020. isprintable() takes 0.1 µs more.
    "SPACES": bytes(0 if chr(code).isspace() and code != ord(" ") else code for code in range(256)),
}


def _source(held: Sequence[FieldLimit], copied: Iterable[tuple[str, str]]) -> str:
    """What :data:`_BODY` is for the limits that a class holds; *copied* are all fields that its constructor takes."""
    texts = {limit.field: f"text{number}" for number, limit in enumerate(held)}
    sizes = [
        f"{'len' if limit.unit == 'code_points' else f'measure{number}'}(text{number})"
        for number, limit in enumerate(held)
    ]
    return _BODY.format(
        reads="; ".join(f"{text} = record.{field}" for field, text in texts.items()) or "pass",
        joined="".join(f"{text} or '-', " for text in texts.values()),
        short=" and ".join(
            f"(text{number} is None or {size} <= {limit.limit})"
            for number, (size, limit) in enumerate(zip(sizes, held, strict=True))
        )
        or "True",
        shortening="".join(
            _SHORTENING.format(number=number, size=size, limit=limit.limit)
            for number, (size, limit) in enumerate(zip(sizes, held, strict=True))
        ),
        values=", ".join(f"{keyword}{texts.get(field, f'record.{field}')}" for keyword, field in copied),
    )


# All the texts are tidy at once if they are so joined: a space at an end of one makes two with that beside it.
_BODY: Final = """
def fit(record):
    try:
        {reads}
        joined = ' '.join(('', {joined}''))
        short = {short}
    except (AttributeError, TypeError):
        return None
    try:
        letters = joined.encode('latin-1')
        tidy = letters.translate(SPACES) == letters
    except UnicodeEncodeError:
        tidy = joined.isprintable()
    if not tidy or '  ' in joined:
        return None
    made = new(Adaptation)
    if short:
        set_record(made, record)
        set_losses(made, ())
        return made
    losses = []
{shortening}
    set_record(made, Kind({values}))
    set_losses(made, tuple(losses))
    return made
"""

_SHORTENING: Final = """
    if text{number} is not None and {size} > {limit}:
        loss = shortened{number}(text{number})
        losses.append(loss)
        text{number} = loss.after
"""
