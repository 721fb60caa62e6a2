"""GAP's fields into the portal's shorter ones, with a report of every change.

The portal holds less than GAP in six fields (vendor's article EC1). What it does with a longer value is
not attested; here the value is made to fit before it is sent, and each change is told: what was lost,
and what only looks different.

For each field, in this order:

1. spaces are tidied, always: every run of white space becomes one space, the ends are stripped;
2. the mask (``. - /`` and space) of an identifier is removed, only if it is still too long. A valid
   inscrição estadual loses nothing by it: the mask follows from UF and digits, and without it none is
   longer than 14 (SINTEGRA's formats; the NF-e schema);
3. what remains is cut, only if it is still too long, and never inside a character as a reader sees it
   (:mod:`econtador.integration.graphemes`). An identifier that had to be cut is marked as one.

All is pure: no state, no cache, the same answer each time.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from operator import attrgetter
from typing import Generic, Literal, TypeVar, cast, get_args

import attrs
from attrs import AttrsInstance, frozen

from econtador.errors import redacted_repr
from econtador.integration.graphemes import last_cut

__all__ = [
    "LIMITS",
    "Adaptation",
    "Collision",
    "FieldAdapter",
    "FieldLimit",
    "FitStep",
    "Loss",
    "Nature",
    "Unit",
]

Unit = Literal["code_points", "utf16", "utf8"]
"""What a limit counts: Unicode code points, 16-bit units, or bytes of UTF-8.

*Assumed*: the article gives sizes without a unit, so code points are the default.
"""

Nature = Literal["text", "identifier"]
"""A text that is cut can still be read; an identifier that is cut is no longer that identifier."""

R = TypeVar("R", bound=AttrsInstance)


# surrogatepass: a lone surrogate, left by a lenient decoder, is measured and not refused.
def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _utf8_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


_MEASURES: dict[Unit, Callable[[str], int]] = {
    "code_points": len,
    "utf16": _utf16_units,
    "utf8": _utf8_bytes,
}


def _own_name(limit: "FieldLimit") -> str:
    return limit.field


@frozen
class FieldLimit:
    """How long the portal lets one field be.

    >>> FieldLimit("bairro", 20)
    FieldLimit(field='bairro', limit=20, gap=None, label='bairro', nature='text', unit='code_points')

    :raises ValueError: limit below 1, unknown nature or unknown unit.
    """

    field: str
    """Our name of the field, as in ``EmpresaGap``."""
    limit: int
    """The portal's size, in *unit*."""
    gap: int | None = None
    """GAP's size, in characters; None where it is not known."""
    label: str = attrs.Factory(_own_name, takes_self=True)
    """What the article calls the field."""
    nature: Nature = "text"
    unit: Unit = "code_points"

    def __attrs_post_init__(self) -> None:
        if self.limit < 1:
            raise ValueError(f"limit of {self.field!r} must be 1 or more, not {self.limit}")
        if self.nature not in get_args(Nature):
            raise ValueError(
                f"nature of {self.field!r} must be one of {get_args(Nature)}, not {self.nature!r}"
            )
        if self.unit not in _MEASURES:
            raise ValueError(f"unit of {self.field!r} must be one of {get_args(Unit)}, not {self.unit!r}")

    def measure(self, text: str) -> int:
        """Return the size of *text* in *unit*. Never raises, lone surrogates included.

        >>> [FieldLimit("nome", 9, unit=unit).measure("Zé 🏢") for unit in ("code_points", "utf16", "utf8")]
        [4, 5, 8]
        """
        return _MEASURES[self.unit](text)


LIMITS: tuple[FieldLimit, ...] = (
    FieldLimit("razao_social", 50, gap=60, label="Razão Social"),
    FieldLimit("inscricao_estadual", 16, gap=20, label="Inscrição Estadual", nature="identifier"),
    FieldLimit("inscricao_municipal", 16, gap=20, label="Inscrição Municipal", nature="identifier"),
    FieldLimit("endereco", 50, gap=70, label="Endereço"),
    FieldLimit("bairro", 20, gap=30, label="Bairro"),
    FieldLimit("atividade", 30, gap=100, label="Atividade"),
)
"""The six fields that are shorter in the portal, in the order of the vendor's article EC1."""


class FitStep(StrEnum):
    """What was done to a text, in the order in which it is tried.

    >>> FitStep.CORTE.label, FitStep.CORTE.lossless
    ('cortado', False)
    """

    ESPACOS = "espacos"
    MASCARA = "mascara"
    CORTE = "corte"

    @property
    def label(self) -> str:
        """For a person, in Portuguese."""
        return _LABELS[self]

    @property
    def lossless(self) -> bool:
        """Whether the text says the same as before."""
        return self not in _LOSING


_LABELS: dict[FitStep, str] = {
    FitStep.ESPACOS: "espaços arrumados",
    FitStep.MASCARA: "máscara retirada",
    FitStep.CORTE: "cortado",
}

_LOSING = frozenset({FitStep.CORTE})


@frozen
class Loss:
    """One field that was changed; see *lossless* for whether it says less than before.

    ``repr`` shows no CPF, the attributes hold what they hold.

    >>> _, loss = FieldAdapter().fit_text("bairro", "Jardim  Nossa Senhora Aparecida")
    >>> loss.after, loss.lost, [step.label for step in loss.steps]
    ('Jardim Nossa Senhora', ' Aparecida', ['espaços arrumados', 'cortado'])
    """

    field: str
    before: str = attrs.field(repr=redacted_repr)
    """As GAP has it."""
    after: str = attrs.field(repr=redacted_repr)
    """As the portal will have it."""
    limit: int
    """The portal's size, in the unit of the field's ``FieldLimit``."""
    steps: tuple[FitStep, ...]
    """At least one, in the order in which they were taken."""
    nature: Nature = "text"
    lost: str = attrs.field(default="", repr=redacted_repr)
    """What fell off the end by the cut: ``after + lost`` is the text as it was before the cut."""
    codigo: str | None = None
    """Whose it is, where the losses of many records stand together (``plan.losses``)."""

    @property
    def lossless(self) -> bool:
        """Whether the text only looks different."""
        return all(step.lossless for step in self.steps)

    @property
    def identifier(self) -> bool:
        """Whether an identifier lost characters, so that it identifies nothing, or something else."""
        return self.nature == "identifier" and not self.lossless


@frozen
class Adaptation(Generic[R]):
    """A record that fits, and what was done for it."""

    record: R
    """The fitted copy; the very same object where nothing had to change."""
    losses: tuple[Loss, ...]
    """In the order of the adapter's limits; the lossless changes too."""

    @property
    def lossless(self) -> bool:
        """Whether no field says less than before."""
        return all(loss.lossless for loss in self.losses)


@frozen
class Collision:
    """Records that could be told apart by a field in GAP and cannot in the portal.

    >>> @frozen
    ... class Cliente:
    ...     codigo: str
    ...     atividade: str
    >>> maquinas = "Manutenção e reparação de máquinas"
    >>> clientes = Cliente("00001", maquinas + " de escritório"), Cliente("00007", maquinas + "-ferramenta")
    >>> FieldAdapter().collisions(clientes)
    (Collision(field='atividade', value='Manutenção e reparação de máqu', codigos=('00001', '00007')),)
    """

    field: str
    value: str = attrs.field(repr=redacted_repr)
    """As the portal will have it."""
    codigos: tuple[str, ...]
    """Of all records with that value, in the order in which they came."""


def _tidied(text: str) -> str:
    return " ".join(text.split())


def _tidy(text: str, limit: FieldLimit) -> str:
    return _tidied(text)


_MASK = str.maketrans("", "", ".-/ ")


def _unmask(text: str, limit: FieldLimit) -> str:
    if limit.nature != "identifier" or limit.measure(text) <= limit.limit:
        return text
    return text.translate(_MASK)


def _room(text: str, limit: FieldLimit) -> int:
    """Return how many code points of *text*, which is too long, are within the limit."""
    # A code point takes one unit or more, so `limit` of them are the most; mostly they do fit.
    if limit.measure(text[: limit.limit]) <= limit.limit:
        return limit.limit
    return bisect_right(range(limit.limit), limit.limit, key=lambda size: limit.measure(text[:size])) - 1


def _cut(text: str, limit: FieldLimit) -> str:
    if limit.measure(text) <= limit.limit:
        return text
    end = last_cut(text, _room(text, limit))
    # FitStep by step, since a space may itself be part of a character: a sign that joins to what follows.
    while text[:end].endswith(" "):
        end = last_cut(text, end - 1)
    return text[:end]


# In order. A step that has nothing to do returns its text as it is.
_STEPS: tuple[tuple[FitStep, Callable[[str, FieldLimit], str]], ...] = (
    (FitStep.ESPACOS, _tidy),
    (FitStep.MASCARA, _unmask),
    (FitStep.CORTE, _cut),
)


def _fit(text: str, limit: FieldLimit) -> Loss | None:
    """Return what has to be done to *text*; None for nothing."""
    after = text
    steps: list[FitStep] = []
    lost = ""
    for step, change in _STEPS:
        changed = change(after, limit)
        if changed != after:
            steps.append(step)
            lost = after[len(changed) :] if step is FitStep.CORTE else ""
            after = changed
    if not steps:
        return None
    return Loss(limit.field, text, after, limit.limit, tuple(steps), limit.nature, lost)


def _refuse_unless_attrs(record: object) -> None:
    # Said aloud: a dict has none of the fields as attributes, and would seem to fit.
    if not attrs.has(type(record)):
        raise TypeError(f"cannot fit a {type(record).__name__}: not an instance of an attrs class")


def _has(record: AttrsInstance, field: str) -> bool:
    """Whether *field* is one that the record holds, and not a property, say."""
    return field in attrs.fields_dict(type(record))


def _replaced(record: R, losses: Iterable[Loss]) -> R:
    own = attrs.fields_dict(type(record))
    # Through a variable: mypy's attrs plugin refuses evolve() of a type variable.
    evolve = cast("Callable[..., R]", attrs.evolve)
    return evolve(record, **{own[loss.field].alias or loss.field: loss.after for loss in losses})


# By name and not by a protocol: to pyright an attrs field with a converter is a descriptor, which fits none.
_codigo: Callable[[AttrsInstance], str] = attrgetter("codigo")


def _collisions(records: Iterable[AttrsInstance], limit: FieldLimit) -> Iterator[Collision]:
    seen: dict[str, list[tuple[str, str]]] = {}
    for record in records:
        text: str | None = getattr(record, limit.field, None)
        if text is not None and _has(record, limit.field):
            loss = _fit(text, limit)
            seen.setdefault(loss.after if loss else text, []).append((_tidied(text), _codigo(record)))
    for value, found in seen.items():
        if len({text for text, _ in found}) > 1:
            yield Collision(limit.field, value, tuple(codigo for _, codigo in found))


def _as_tuple(limits: Iterable[FieldLimit]) -> tuple[FieldLimit, ...]:
    return tuple(limits)


@frozen
class FieldAdapter:
    """Makes records fit the portal's fields.

    >>> adapter = FieldAdapter()
    >>> adapter.fit_text("inscricao_estadual", "01.004.823/001-12")[0]
    '0100482300112'
    >>> FieldAdapter(limits=(FieldLimit("bairro", 6),)).fit_text("bairro", "Vila Nova")[0]
    'Vila N'

    Equal adapters are equal, hash alike, pickle, and give equal answers. Limits of their own replace the
    article's: keep some of those with ``FieldAdapter(limits=(*LIMITS, FieldLimit("apelido", 15)))``.

    :raises ValueError: two limits for one field.
    """

    limits: tuple[FieldLimit, ...] = attrs.field(default=LIMITS, converter=_as_tuple)

    def __attrs_post_init__(self) -> None:
        names = [limit.field for limit in self.limits]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"more than one limit for {', '.join(twice)}")

    def fit(self, record: R) -> Adaptation[R]:
        """Return *record* with every limited field fitted. A field that it has not, or None, is let be.

        >>> @frozen
        ... class Cliente:
        ...     bairro: str
        ...     atividade: str | None = None
        >>> cliente = Cliente("Centro")
        >>> FieldAdapter().fit(cliente).record is cliente
        True
        >>> FieldAdapter().fit(Cliente("Centro", "Comércio varejista de artigos de papelaria")).record
        Cliente(bairro='Centro', atividade='Comércio varejista de artigos')

        The copy is made by the record's own constructor, which may refuse or convert what it gets: a
        text of one single character as a reader sees it, longer than the limit, becomes empty, and
        ``EmpresaGap`` turns that into None, or for the razão social into an error.

        :raises TypeError: *record* is no attrs instance.
        :raises InvalidRecord: the razão social became empty.
        """
        _refuse_unless_attrs(record)
        losses: list[Loss] = []
        for limit in self.limits:
            text: str | None = getattr(record, limit.field, None)
            # The common case, cheapest first: printable text has no white space but U+0020.
            if text is None or (
                _MEASURES[limit.unit](text) <= limit.limit
                and text.isprintable()
                and "  " not in text
                and text.strip() == text
            ):
                continue
            loss = _fit(text, limit)
            if loss and _has(record, limit.field):
                losses.append(loss)
        return Adaptation(_replaced(record, losses) if losses else record, tuple(losses))

    def fit_text(self, field: str, text: str) -> tuple[str, Loss | None]:
        """Return *text* as it fits *field*, and what was done; None for nothing.

        >>> FieldAdapter().fit_text("bairro", "Centro")
        ('Centro', None)

        :raises ValueError: no limit for *field*.
        """
        for limit in self.limits:
            if limit.field == field:
                loss = _fit(text, limit)
                return (loss.after if loss else text), loss
        names = ", ".join(limit.field for limit in self.limits) or "no field"
        raise ValueError(f"no limit for {field!r}; there is one for {names}")

    def collisions(self, records: Iterable[AttrsInstance]) -> tuple[Collision, ...]:
        """Return the values that were different (spaces apart) in *records* and are one when fitted.

        *records* are as GAP has them, not fitted, each with a ``codigo``. By field in the order of the
        limits, then by value as it first comes. One number written with a mask and without is reported
        too: the texts differed.

        :raises TypeError: a record is no attrs instance.
        """
        rows = tuple(records)
        for record in rows:
            _refuse_unless_attrs(record)
        return tuple(collision for limit in self.limits for collision in _collisions(rows, limit))
