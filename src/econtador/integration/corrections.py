"""What a person mends in the portal by hand after GAP has integrated a company. Pure.

GAP sends its texts whole. The article says that six fields are shorter in the portal and that one edits the record
there; that the portal cuts off what is too long is *assumed*, it is never said. So a correction names what GAP has,
what the portal is expected to show, and a text that fits and says more.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Final, cast

import attrs
from attrs import evolve, frozen

from econtador.errors import redacted_repr
from econtador.integration.cutting import cut, tidied
from econtador.integration.fields import FieldAdapter
from econtador.integration.losses import FitStep, Loss
from econtador.integration.plan import Action, Draft
from econtador.integration.sizes import FieldLimit

__all__ = ["SHOWN_AS", "Correction", "corrections_of", "wanted_draft"]

SHOWN_AS: Final[Mapping[str, str]] = {"razao_social": "nome", "endereco": "endereco"}
"""Of the fields that are shorter in the portal those that the public API shows, and how the portal calls them."""


@frozen(kw_only=True)
class Correction:
    """One field of one company, to be mended in the portal."""

    codigo: str
    nome: str = attrs.field(repr=redacted_repr)
    limit: FieldLimit
    """The field and the portal's size."""
    in_gap: str = attrs.field(repr=redacted_repr)
    expected: str = attrs.field(repr=False)
    """What the portal is expected to show before it is mended: a plain cut, *assumed*."""
    paste: str | None = attrs.field(repr=False)
    """A text that fits and is better than the cut; None where there is none."""
    steps: tuple[FitStep, ...]
    """How `paste` came to be; empty without one."""

    @property
    def field(self) -> str:
        """Our name of the field."""
        return self.limit.field

    @property
    def size(self) -> int:
        """Of `paste`, in the unit of the limit; 0 without one."""
        return self.limit.measure(self.paste) if self.paste else 0

    @property
    def wanted(self) -> str:
        """What the portal should show once all is done."""
        return self.paste or self.expected


def corrections_of(action: Action, limits: Iterable[FieldLimit]) -> tuple[Correction, ...]:
    """What is to be mended in the portal once GAP has integrated the company of *action*."""
    known = {limit.field: limit for limit in limits}
    found = (_correction(action, loss, _limit_of(loss, known)) for loss in action.losses)
    return tuple(correction for correction in found if correction)


def wanted_draft(draft: Draft, corrections: Iterable[Correction]) -> Draft:
    """*draft* with what the portal should show once *corrections* are made."""
    for correction in corrections:
        name = SHOWN_AS.get(correction.field, correction.field)
        if name in attrs.fields_dict(type(draft)):
            # Through a mapping: the name is data.
            draft = cast("Callable[..., Draft]", evolve)(draft, **{name: correction.wanted})
    return draft


def _limit_of(loss: Loss, known: Mapping[str, FieldLimit]) -> FieldLimit:
    limit = known.get(loss.field)
    # A loaded plan may have been made with other limits than this office's.
    if limit is not None and (limit.limit, limit.nature) == (loss.limit, loss.nature):
        return limit
    label = limit.label if limit is not None else loss.field
    return FieldLimit(loss.field, loss.limit, label=label, nature=loss.nature)


def _correction(action: Action, loss: Loss, limit: FieldLimit) -> Correction | None:
    expected = cut(loss.before, limit)
    if expected == loss.before and loss.after == tidied(loss.before):
        return None  # spaces only: nobody would see a difference
    paste, steps = _better(loss, limit)
    if paste == expected:
        paste, steps = None, ()
    return Correction(
        codigo=action.codigo,
        nome=action.nome,
        limit=limit,
        in_gap=loss.before,
        expected=expected,
        paste=paste,
        steps=steps,
    )


def _better(loss: Loss, limit: FieldLimit) -> tuple[str | None, tuple[FitStep, ...]]:
    """The plan's own text where it is more than a cut, else an abbreviated one."""
    if loss.identifier:
        return None, ()  # a part of a number is another number
    if loss.after != cut(tidied(loss.before), limit):
        return loss.after, loss.steps
    text, shorter = _abbreviating(limit).fit_text(loss.field, loss.before)
    return text, shorter.steps if shorter else ()


@cache
def _abbreviating(limit: FieldLimit) -> FieldAdapter:
    return FieldAdapter(limits=(limit,), abbreviate=True)
