"""A text made to fit by writing it shorter before anything of it is cut. Pure.

What is tried, and only as far as needed: the field's lists of words in their order, then the connectives, then
(of an atividade) the ends of words, then whole words, from the end. Of what would do, the fewest and smallest
changes are chosen, the later words first; what turns out not to be needed is undone, so that without any one
change the text would be too long.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from econtador.integration.abbreviations import PUNCTUATION, Piece, pieces_of, recipe_for
from econtador.integration.cutting import cut
from econtador.integration.losses import FitStep
from econtador.integration.reducing import reduced
from econtador.integration.sizes import FieldLimit

__all__ = ["ORDER", "shortened"]

ORDER: Final = {step: number for number, step in enumerate(FitStep)}
"""In which steps are tried, and told."""


class Shortened(NamedTuple):
    """What became of a text that was too long."""

    text: str
    steps: frozenset[FitStep]
    lost: str


def shortened(text: str, limit: FieldLimit) -> Shortened:
    """A tidied *text* that is too long, so that it fits *limit*."""
    recipe = recipe_for(limit.field)
    pieces = pieces_of(text, recipe, limit.measure)
    changed, slack = _changes(pieces, limit.measure(text) - limit.limit)
    if slack >= 0:
        return _told(pieces, _written(pieces, changed, slack))
    found = reduced(pieces, limit) if recipe.reduces else _with_words_left_out(pieces, changed, slack, limit)
    return _told(pieces, found) if found else _cut_plainly(pieces, limit)


def _told(pieces: Sequence[Piece], shown: Sequence[str]) -> Shortened:
    """What is shown of the pieces (of one left out an empty text), by which steps, and what is not."""
    steps: set[FitStep] = set()
    lost: list[str] = []
    for piece, word in zip(pieces, shown, strict=True):
        if word == piece.full:
            continue
        if not word:
            lost.append(piece.full)
            steps.add(FitStep.CONECTIVOS if piece.step is FitStep.CONECTIVOS else FitStep.CORTE)
        elif word == piece.short:
            steps.add(piece.step)
        else:
            short, full = piece.short.strip(PUNCTUATION), piece.full.strip(PUNCTUATION)
            if piece.saving and word != full:
                steps.add(piece.step)
            # The letters, and the signs about the word.
            lost.append(short[len(word) :] + piece.full.replace(full, "", 1))
            steps.add(FitStep.REDUCAO)
    return Shortened(" ".join(word for word in shown if word), frozenset(steps), " ".join(lost))


# --------------------------------------------------------------------------- the fewest changes


def _next_of(candidates: list[int], pieces: Sequence[Piece], need: int) -> int:
    """The smallest that is enough; where none is, the greatest. *candidates* are by saving, the greatest first."""
    chosen = candidates[0]
    for index in candidates:
        if need <= pieces[index].saving < pieces[chosen].saving:
            chosen = index
    return chosen


def _changes(pieces: Sequence[Piece], need: int) -> tuple[list[int], int]:
    """Which pieces to shorten to save *need*, in the order of the steps, and how much more that saves.

    Less than nothing: all of them are not enough.
    """
    able: dict[FitStep, list[tuple[int, int]]] = {}
    for index, piece in enumerate(pieces):
        if piece.saving:
            able.setdefault(piece.step, []).append((piece.saving, index))
    changed: list[int] = []
    for step in sorted(able, key=ORDER.__getitem__):
        # The greatest saving first, of equal ones the later word.
        candidates = [index for _, index in sorted(able[step], reverse=True)]
        while candidates and need > 0:
            chosen = _next_of(candidates, pieces, need)
            candidates.remove(chosen)
            changed.append(chosen)
            need -= pieces[chosen].saving
    return changed, -need


def _written(pieces: Sequence[Piece], changed: Sequence[int], slack: int) -> list[str]:
    """The pieces with *changed* shortened, less those that need not be, the last step's first."""
    shown = [piece.full for piece in pieces]
    for index in reversed(changed):
        piece = pieces[index]
        if piece.saving <= slack:
            slack -= piece.saving
        else:
            shown[index] = piece.short
    return shown


# --------------------------------------------------------------------------- words left out


def _with_words_left_out(
    pieces: Sequence[Piece], changed: Sequence[int], slack: int, limit: FieldLimit
) -> list[str] | None:
    """Whole words go, from the end; then what there is room for is written out again.

    None where what must stay is itself too long.
    """
    gone: set[int] = set()
    for index in reversed(range(len(pieces))):
        piece = pieces[index]
        if slack >= 0:
            break
        if not piece.kept and piece.step is not FitStep.CONECTIVOS:
            gone.add(index)
            slack += limit.measure(piece.short) + 1
    if slack < 0:
        return None
    for index in reversed(range(len(pieces))):
        # A connective whose next word is gone links nothing.
        if pieces[index].step is FitStep.CONECTIVOS and index + 1 in gone:
            gone.add(index)
    shown = _written(pieces, [index for index in changed if index not in gone], slack)
    return ["" if index in gone else word for index, word in enumerate(shown)]


def _cut_plainly(pieces: Sequence[Piece], limit: FieldLimit) -> Shortened:
    """The end falls off after all."""
    whole = _told(pieces, [piece.short for piece in pieces])
    after = cut(whole.text, limit)
    lost = f"{whole.lost} {whole.text[len(after) :].strip()}".strip()
    return Shortened(after, whole.steps | {FitStep.CORTE}, lost)
