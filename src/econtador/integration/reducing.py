"""The words of a text cut to their first letters, so that as many words as can be are seen. Pure.

A word is cut as Portuguese abbreviates, before a vowel, so that it ends in a consonant (``Tecel`` of
``Tecelagem``); no word gets fewer than four letters. All words get their least, then each in turn a little
more, the first words first, until the room is used.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from econtador.integration.abbreviations import PUNCTUATION, Piece
from econtador.integration.graphemes import can_cut, last_cut
from econtador.integration.losses import FitStep
from econtador.integration.sizes import FieldLimit

__all__ = ["reduced"]

_LEAST: Final = 4
"""Letters of a word by which it can still be guessed."""

_POINTS_ON: Final = frozenset(["exceto", "exc", "inclusive", "incl", "não", "sem", "sob", "uso"])
"""Words that say nothing at the end: what they point to is left out."""

# Of Latin letters, whatever accents they carry.
_VOWELS: Final = frozenset(
    letter
    for letter in map(chr, range(0x41, 0x250))
    if unicodedata.normalize("NFD", letter)[0] in "aeiouAEIOU"
)


def _forms(piece: Piece) -> Iterator[str]:
    """How a piece may be written, the shortest first; without the signs at its ends, which would cost room."""
    if piece.step is FitStep.CONECTIVOS:
        yield ""
        yield piece.full
        return
    core, full = piece.short.strip(PUNCTUATION), piece.full.strip(PUNCTUATION)
    if len(core) > _LEAST:
        yield core[: last_cut(core, _LEAST)] or core
        for end in range(_LEAST + 1, len(core)):
            if core[end] in _VOWELS and core[end - 1] not in _VOWELS and can_cut(core, end):
                yield core[:end]
    yield core
    if full != core:
        yield full


def reduced(pieces: Sequence[Piece], limit: FieldLimit) -> list[str] | None:
    """What is shown of each piece so that they fit, empty for one left out; None where not even the first fits."""
    forms = [tuple(_forms(piece)) for piece in pieces]
    sizes = [[limit.measure(form) + 1 if form else 0 for form in found] for found in forms]
    room, count = limit.limit + 1, 0
    while count < len(sizes) and sizes[count][0] <= room:
        room -= sizes[count][0]
        count += 1
    while 1 < count < len(pieces) and _points_on(pieces[count - 1]):
        count -= 1
        room += sizes[count][0]
    links = [index for index in range(count) if pieces[index].step is FitStep.CONECTIVOS]
    words = [index for index in range(count) if pieces[index].step is not FitStep.CONECTIVOS]
    levels = _grown(sizes[:count], (words, links), room)
    shown = [found[level] for found, level in zip(forms, levels, strict=False)]
    if not any(shown):
        return None
    return [*shown, *("" for _ in pieces[count:])]


def _points_on(piece: Piece) -> bool:
    return piece.step is FitStep.CONECTIVOS or piece.full.lower().strip(PUNCTUATION) in _POINTS_ON


def _grown(sizes: Sequence[Sequence[int]], order: Sequence[Sequence[int]], room: int) -> list[int]:
    """Which form of each there is room for, *room* being what the shortest leave; each in turn one more."""
    levels = [0] * len(sizes)
    for growing in order:
        while growing:
            still: list[int] = []
            for index in growing:
                level, own = levels[index] + 1, sizes[index]
                if level < len(own) and own[level] - own[level - 1] <= room:
                    room -= own[level] - own[level - 1]
                    levels[index] = level
                    still.append(index)
            growing = still
    return levels
