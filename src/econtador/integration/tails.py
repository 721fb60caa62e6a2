"""Different texts that would become one, told apart by an end of their own. Pure.

Of each the beginning is kept, then two dots, then the place where it differs from its nearest like, from the
beginning of that word on and as short as will do::

    Transp rod colet pass..interes
    Transp rod colet pass..interna

Where texts differ by what one of them has not, or the room is too small, a number takes that place. The answer
depends on which texts there are, and not on their order.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs
from attrs import evolve, frozen

from econtador.errors import redacted_repr
from econtador.integration.graphemes import can_cut
from econtador.integration.sizes import FieldLimit

__all__ = ["GAP", "Tail", "TailKey", "tell_apart"]

GAP: Final = ".."
"""Between the beginning and the end: something is left out."""

_READABLE: Final = 4
"""An end has as many letters, if its text has them: one would tell apart, and not tell what."""

_MOST_NUMBERS: Final = 9_999

Fit = Callable[[str, FieldLimit], str]

TailKey = tuple[str, str, str]
"""A field, a tidied text, and the CNAE where that is to tell texts apart (else empty)."""

_CNAE_DIGITS: Final = 7


@frozen
class Tail:
    """A text of a field and the form that tells it from others."""

    campo: str
    de: str = attrs.field(repr=redacted_repr)
    cnae: str
    para: str = attrs.field(repr=redacted_repr)

    @property
    def key(self) -> TailKey:
        """What it is found by."""
        return self.campo, self.de, self.cnae


def tell_apart(
    whole: Iterable[tuple[str, str]], taken: Iterable[str], limit: FieldLimit, fit: Fit
) -> tuple[Tail, ...]:
    """Forms of the tidied texts in *whole*, each with a CNAE or none, that would else be as another's."""
    pairs = sorted(set(whole))
    given = set(taken)
    found = _by_cnae(pairs, given, limit, fit)
    rest = {text for text, cnae in pairs if (text, cnae) not in found}
    ends = tails(rest, given | set(found.values()), limit, fit)
    return (
        *(Tail(limit.field, text, cnae, para) for (text, cnae), para in found.items()),
        *(Tail(limit.field, text, "", para) for text, para in ends.items()),
    )


def _by_cnae(
    pairs: Sequence[tuple[str, str]], taken: set[str], limit: FieldLimit, fit: Fit
) -> Mapping[tuple[str, str], str]:
    """The digits of the CNAE before the text, where it is known and tells apart."""
    if limit.field != "atividade":
        return {}
    forms = {text: fit(text, limit) for text, _ in pairs}
    count = Counter(forms.values())
    room = limit.limit - _CNAE_DIGITS - 1
    used = taken | set(count)
    found: dict[tuple[str, str], str] = {}
    for text, cnae in pairs:
        form = forms[text]
        alike = form != text and (count[form] > 1 or form in taken)
        if alike and room > 0 and len(cnae) == _CNAE_DIGITS:
            para = f"{cnae} {fit(text, evolve(limit, limit=room))}"
            if para not in used:
                found[text, cnae] = para
                used.add(para)
    return found


def tails(texts: Iterable[str], taken: Iterable[str], limit: FieldLimit, fit: Fit) -> Mapping[str, str]:
    """The forms of those tidied *texts* that would be as another or as one of *taken*; none for those that
    cannot be told apart within the limit."""
    groups: dict[str, list[str]] = {}
    for text in sorted(set(texts)):
        groups.setdefault(fit(text, limit), []).append(text)
    given = set(taken)
    used = given | set(groups)
    found: dict[str, str] = {}
    for form, group in sorted(groups.items()):
        if len(group) == 1 and form not in given:
            continue
        stays = None if form in given else _keeper(group)
        for number, text in enumerate(group):
            if text not in (form, stays):
                own = _own(text, _ends(group, number), limit, fit, used)
                if own is not None:
                    found[text] = own
                    used.add(own)
    return found


def _keeper(group: Sequence[str]) -> str | None:
    """Which text of a sorted group has the form to itself, besides one that fits as it is: that all others begin with."""
    return group[0] if all(text.startswith(group[0]) for text in group) else None


def _own(text: str, ends: Iterable[str], limit: FieldLimit, fit: Fit, used: set[str]) -> str | None:
    for end in ends:
        room = limit.limit - limit.measure(GAP + end)
        if room < 1:
            continue
        begins = fit(text, evolve(limit, limit=room)).rstrip(" .,;:-(")
        form = begins + GAP + end
        if begins and form not in used and limit.measure(form) <= limit.limit:
            return form
    return None


def _ends(group: Sequence[str], number: int) -> Iterator[str]:
    """Ends of a text, the shortest first: its own letters, then numbers."""
    text = group[number]
    # Sorted, so that one of the neighbours is the nearest.
    near = (group[other] for other in (number - 1, number + 1) if 0 <= other < len(group))
    differs = max((_in_common(text, other) for other in near), default=0)
    while differs < len(text) and not text[differs].isalnum():
        differs += 1
    begins = text.rfind(" ", 0, differs) + 1
    for end in range(min(len(text), max(differs + 1, begins + _READABLE)), len(text) + 1):
        if differs < len(text) and can_cut(text, begins) and can_cut(text, end) and text[end - 1] != " ":
            yield text[begins:end].rstrip(" .,;:-")
    for count in range(2, _MOST_NUMBERS):
        yield str(count)


def _in_common(one: str, other: str) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
