"""How well texts fit: what is lost and what can no longer be told apart, by field."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from attrs import frozen

from econtador.integration.cutting import tidied
from econtador.integration.losses import Loss
from econtador.integration.sizes import FieldLimit
from econtador.overriding import override

__all__ = ["FieldScore", "Score", "Tally"]


@frozen(kw_only=True)
class Tally:
    """What one way of fitting does to the texts of one field; equal texts count as often as they come."""

    lossless: int
    """Texts that say the same as before."""
    characters_lost: int
    """Code points of what is said no more, spaces apart; abbreviations lose none."""
    words_lost: int
    """Words, and ends of words, that are said no more."""
    ambiguous: int
    """Different texts (spaces apart) whose fitted form is that of another one too; each counts once."""


@frozen(kw_only=True)
class FieldScore:
    """One field."""

    limit: FieldLimit
    texts: int
    """Those that are filled in."""
    fitting: int
    """Those that are within the limit as they are, spaces apart."""
    plain: Tally
    """By a plain cut."""
    adapted: Tally
    """By the adapter that was asked."""


_HEAD: Final = (
    "campo", "até", "textos", "cabem", "como", "sem perda", "letras perdidas", "palavras perdidas", "ambíguos",
)  # fmt: skip


@frozen
class Score:
    """Field by field, in the order of the adapter's limits; fields without a text are left out."""

    fields: tuple[FieldScore, ...]

    @override
    def __str__(self) -> str:
        rows: list[tuple[str, ...]] = [_HEAD]
        for score in self.fields:
            of = (
                score.limit.label,
                str(score.limit.limit),
                str(score.texts),
                _share(score.fitting, score.texts),
            )
            rows.append((*of, "corte", *_cells(score.plain, score.texts)))
            rows.append(("", "", "", "", "ajuste", *_cells(score.adapted, score.texts)))
        widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
        return "\n".join(_line(row, widths) for row in rows)


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.1f} %"


def _cells(tally: Tally, texts: int) -> tuple[str, ...]:
    counts = (tally.characters_lost, tally.words_lost, tally.ambiguous)
    return (_share(tally.lossless, texts), *(str(count) for count in counts))


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    cells = (
        cell.ljust(width) if column in {0, 4} else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()


Fits = Iterable[tuple[str, Loss | None]]
"""Texts and what was done to them."""


def tally(fits: Fits) -> Tally:
    """Count what was done."""
    forms: dict[str, set[str]] = {}
    lossless = characters = words = 0
    for text, loss in fits:
        forms.setdefault(loss.after if loss else text, set()).add(tidied(text))
        if loss is None or loss.lossless:
            lossless += 1
        else:
            lost = loss.lost.split()
            words += len(lost)
            characters += sum(map(len, lost))
    ambiguous = sum(len(texts) for texts in forms.values() if len(texts) > 1)
    return Tally(lossless=lossless, characters_lost=characters, words_lost=words, ambiguous=ambiguous)


def score_fields(
    texts: Mapping[FieldLimit, Fits], plainly: Callable[[str, FieldLimit], Loss | None]
) -> tuple[FieldScore, ...]:
    """One score a field; *plainly* is the plain cut."""
    scores: list[FieldScore] = []
    for limit, fits in texts.items():
        found = tuple(fits)
        if found:
            scores.append(
                FieldScore(
                    limit=limit,
                    texts=len(found),
                    fitting=sum(1 for text, _ in found if limit.measure(tidied(text)) <= limit.limit),
                    plain=tally((text, plainly(text, limit)) for text, _ in found),
                    adapted=tally(found),
                )
            )
    return tuple(scores)
