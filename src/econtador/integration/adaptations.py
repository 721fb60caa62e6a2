"""A record that fits, what was done for it, and records that became alike."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import attrs
from attrs import AttrsInstance, frozen

from econtador.errors import redacted_repr
from econtador.integration.cutting import tidied
from econtador.integration.losses import Loss
from econtador.integration.overrides import bare_cnae
from econtador.overriding import override
from econtador.showing.face import Framed, Shown

if TYPE_CHECKING:
    from econtador.gap.tabular import Tabular
    from econtador.showing.page import Page

__all__ = ["Adaptation", "Collision"]

R = TypeVar("R", bound=AttrsInstance)


@frozen(repr=False)
class Adaptation(Shown, Framed, Generic[R]):
    """A record that fits, and what was done for it."""

    record: R
    """The fitted copy; the very same object where nothing had to change."""
    losses: tuple[Loss, ...]
    """In the order of the adapter's limits; the lossless changes too."""

    @property
    def lossless(self) -> bool:
        """Whether no field says less than before."""
        return all(loss.lossless for loss in self.losses)

    @property
    @override
    def summary(self) -> str:
        """How many fields were changed, and how many of them say less than before."""
        losing = sum(not loss.lossless for loss in self.losses)
        codigo: object = getattr(self.record, "codigo", None)
        of = f"Adaptação de {codigo}" if codigo else "Adaptação"
        if not self.losses:
            return f"{of}: cabe sem mudança"
        return f"{of}: campos mudados: {len(self.losses)}, com perda: {losing}"

    @override
    def _page(self) -> "Page":
        from econtador.integration.pages import adaptation_page

        return adaptation_page(self)

    @override
    def tabular(self) -> "Tabular":
        """Its changes, one row each."""
        from econtador.integration.tabular import LOSS

        return LOSS.of(self.losses)


@frozen
class Collision:
    """Records that could be told apart by a field in GAP and cannot in the portal.

    >>> from econtador import FieldAdapter
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


def collisions_among(
    fields: Iterable[str], records: Sequence[AttrsInstance], losses: Sequence[Sequence[Loss]]
) -> tuple[Collision, ...]:
    """What became alike of *records*, with all *losses* of each: by field, then by value as it first comes."""
    return tuple(found for field in fields for found in _alike(field, records, losses))


def _alike(
    field: str, records: Sequence[AttrsInstance], losses: Sequence[Sequence[Loss]]
) -> Iterator[Collision]:
    # First what may be alike: only a text that was changed can have become as another, and few have.
    made: dict[str, set[str]] = {}
    for of_one in losses:
        for loss in of_one:
            if loss.field == field:
                made.setdefault(loss.after, set()).add(tidied(loss.before))
    twice = {value for value, texts in made.items() if len(texts) > 1}
    if made:
        twice |= made.keys() & {getattr(record, field, None) for record in records}
    seen: dict[str, list[tuple[str, str]]] = {}
    for record, of_one in zip(records, losses, strict=True) if twice else ():
        text = text_of(record, field)
        value = next((loss.after for loss in of_one if loss.field == field), text)
        if text is not None and value in twice:
            seen.setdefault(value, []).append((tidied(text), codigo_of(record)))
    for value, found in seen.items():
        if len({text for text, _ in found}) > 1:
            yield Collision(field, value, tuple(codigo for _, codigo in found))


# By name and not by a protocol: to pyright an attrs field with a converter is a descriptor, which fits none.
codigo_of: Callable[[AttrsInstance], str] = attrgetter("codigo")


def cnae_of(record: AttrsInstance) -> str:
    """The CNAE's digits; empty for a record without one."""
    cnae: str | None = getattr(record, "cnae", None)
    return bare_cnae(cnae) if cnae else ""


def refuse_unless_attrs(kind: type) -> None:
    """Raise TypeError for dict, say: a dict has none of the fields as attributes, and would seem to fit."""
    # As attrs.has() asks, without its search for generic aliases, which no instance is of.
    if not hasattr(kind, "__attrs_attrs__"):
        raise TypeError(f"cannot fit a {kind.__name__}: not an instance of an attrs class")


@lru_cache(64)  # attrs makes a new dictionary for each question: 4 µs, at each field of each record of a plan
def _fields_of(kind: type[AttrsInstance]) -> frozenset[str]:
    return frozenset(attrs.fields_dict(kind))


def holds(record: AttrsInstance, field: str) -> bool:
    """Whether *field* is one that the record holds, and not a property, say."""
    return field in _fields_of(type(record))


def text_of(record: AttrsInstance, field: str) -> str | None:
    """The field's text, None where it is empty or the record has no such field."""
    text: str | None = getattr(record, field, None)
    return text if text is not None and holds(record, field) else None


def replaced(record: R, losses: Iterable[Loss]) -> R:
    """A copy with the fitted texts, made by the record's own constructor."""
    own = attrs.fields_dict(type(record))
    # Through a variable: mypy's attrs plugin refuses evolve() of a type variable.
    evolve = cast("Callable[..., R]", attrs.evolve)
    return evolve(record, **{own[loss.field].alias or loss.field: loss.after for loss in losses})
