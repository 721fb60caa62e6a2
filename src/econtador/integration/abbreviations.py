"""Which words of a text have a shorter way to be written, and which must stay. Pure.

The words are data, one file a step in ``words/``, each entry with its source beside it. An entry is written as
in a title, with its accents; it is found in capitals, in small letters and without accents too, and answered in
the style that the text has: COMÉRCIO → COM, Máquinas → Máq, maquinas → maq. Other spellings are let be.

Within one field one short form stands for one word and its kin, so that abbreviating says the same as before.
"""

import csv
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from attrs import frozen

from econtador.integration.losses import FitStep

__all__ = ["Piece", "Recipe", "pieces_of", "recipe_for"]

_FILES: Final[Mapping[FitStep, str]] = {
    FitStep.FORMA_JURIDICA: "formas_juridicas.csv",
    FitStep.COMERCIO: "comercio.csv",
    FitStep.LOGRADOURO: "logradouros.csv",
    FitStep.TITULO: "titulos.csv",
    FitStep.BAIRRO: "bairros.csv",
    FitStep.ATIVIDADE: "atividades.csv",
}

PUNCTUATION: Final = ",;.:()"
"""What may stand at a word and is no part of it."""

# --------------------------------------------------------------------------- what must stay


class Guarded(NamedTuple):
    """Words by their position in the text."""

    kept: AbstractSet[int]
    """Never left out while anything else can be."""
    whole: AbstractSet[int]
    """Never abbreviated."""


_NOTHING: Final = Guarded(frozenset(), frozenset())

_FIRST: Final = Guarded(frozenset({0}), frozenset())

_FORMS_OF_A_COMPANY: Final = frozenset(
    ["LTDA", "LIMITADA", "S/A", "SA", "S.A", "ANONIMA", "ANÔNIMA", "CIA", "COMPANHIA", "EIRELI", "S/S", "SLU"]
)
_AFTER_A_NAME: Final = _FORMS_OF_A_COMPANY | frozenset(["ME", "MICROEMPRESA", "EPP", "MEI", "EI"])
_KIN: Final = frozenset(
    spelt
    for word in ("Filho", "Filha", "Júnior", "Junior", "Neto", "Neta", "Sobrinho", "Sobrinha")
    for spelt in (word, word.upper(), word.lower())
)
_ROMAN: Final = frozenset("IVX")


def _core(word: str) -> str:
    return word.strip(PUNCTUATION).upper()


def _has_digit(word: str) -> bool:
    return not word.isalpha() and any(letter.isdigit() for letter in word)


def _guard_name(words: Sequence[str]) -> Guarded:
    """Of a razão social: its first word, digits, the legal form at its end; of a person the last surname.

    Law lets a sole trader's given names be shortened, and never the last surname nor FILHO, JÚNIOR, NETO and
    SOBRINHO. Whose name has no legal form is taken for a person's; the words of a trade after it are no surname.
    """
    last = len(words) - 1
    cores = {last: _core(words[last])}
    while last > 0 and (cores[last] in _AFTER_A_NAME or not cores[last].isalpha()):
        last -= 1
        cores[last] = _core(words[last])
    ending = range(last + 1, len(words))
    kin = [index for index, word in enumerate(words) if word in _KIN]
    surnames = {*kin, *(index - 1 for index in kin if index)}
    if not any(cores[index] in _FORMS_OF_A_COMPANY for index in ending):
        surnames.update(_surname(words, last))
    numbers = (index for index, word in enumerate(words) if _has_digit(word))
    return Guarded({0, *ending, *numbers, *surnames}, surnames)


def _surname(words: Sequence[str], last: int) -> Iterator[int]:
    trade = _vocabulary((FitStep.COMERCIO,))
    for index in range(last, -1, -1):
        if words[index].strip(PUNCTUATION) not in trade and words[index] not in _connectives():
            yield index
            return


def _guard_place(words: Sequence[str]) -> Guarded:
    """Of an endereço or a bairro: its first word, and the number at its end (SETOR 12, VILA NOVA II)."""
    last = len(words) - 1
    if _has_digit(words[last]) or _ROMAN.issuperset(_core(words[last])):
        return Guarded({0, last}, frozenset())
    return _FIRST


def _guard_nothing(words: Sequence[str]) -> Guarded:
    return _NOTHING


# --------------------------------------------------------------------------- a field's recipe


@frozen
class Recipe:
    """How texts of one field are shortened."""

    lists: tuple[FitStep, ...] = ()
    """Of words, in the order in which they are used; connectives come after all of them."""
    guard: Callable[[Sequence[str]], Guarded] = _guard_nothing
    reduces: bool = False
    """Whether words may be cut to their first letters before whole words are left out: it tells activities
    apart, and would make other names of names."""


_RECIPES: Final[Mapping[str, Recipe]] = {
    "razao_social": Recipe((FitStep.FORMA_JURIDICA, FitStep.COMERCIO, FitStep.TITULO), _guard_name),
    "endereco": Recipe((FitStep.LOGRADOURO, FitStep.TITULO), _guard_place),
    "bairro": Recipe((FitStep.TITULO, FitStep.BAIRRO), _guard_place),
    "atividade": Recipe((FitStep.COMERCIO, FitStep.ATIVIDADE), reduces=True),
}
_OTHER: Final = Recipe(guard=_guard_place)


def recipe_for(field: str) -> Recipe:
    """The field's recipe; for a field that has none, connectives and a cut at a word."""
    return _RECIPES.get(field, _OTHER)


# --------------------------------------------------------------------------- the words


class _Entry(NamedTuple):
    spelt: str
    """The whole term as the text has it."""
    words: int
    short: str
    step: FitStep


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _small(short: str) -> str:
    # LTDA is small in a small text; EPP, NE and S/A are capitals in any.
    return short if short.isupper() and len(short) > 1 else short.lower()


def _spellings(term: str, short: str) -> Iterator[tuple[str, str]]:
    for spelt, brief in ((term, short), (_bare(term), _bare(short))):
        yield spelt, brief
        yield spelt.upper(), brief.upper()
        yield spelt.lower(), _small(brief)
        yield spelt.capitalize(), brief


def _rows(file: str) -> list[dict[str, str]]:
    text = resources.files("econtador.integration").joinpath("words", file).read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


@cache
def _connectives() -> frozenset[str]:
    return frozenset(
        spelt for row in _rows("conectivos.csv") for spelt, _ in _spellings(row["termo"].capitalize(), "")
    )


@cache
def _vocabulary(lists: tuple[FitStep, ...]) -> Mapping[str, tuple[_Entry, ...]]:
    """By the first word: what may begin with it, longest first, then in the order of *lists*."""
    found: dict[str, dict[tuple[str, FitStep], _Entry]] = {}
    for step in lists:
        for row in _rows(_FILES[step]):
            for spelt, short in _spellings(row["termo"], row["abreviatura"]):
                words = spelt.split(" ")
                entry = _Entry(spelt, len(words), short, step)
                found.setdefault(words[0], {}).setdefault((spelt, step), entry)
    return {
        word: tuple(sorted(entries.values(), key=lambda entry: -entry.words))
        for word, entries in found.items()
    }


# --------------------------------------------------------------------------- a text


class Piece(NamedTuple):
    """A word of a text, or a few that are shortened together."""

    full: str
    short: str
    """As it may be written; empty for a connective; *full* itself where nothing shorter is known."""
    saving: int
    """What *short* saves, in the limit's unit; 0 where nothing shorter is known."""
    step: FitStep
    """Which list knows it; ``CORTE`` for none."""
    kept: bool
    """Never left out while anything else can be; of no connective, which goes with the words that it links."""


def _is_in_place(entry: _Entry, index: int, count: int) -> bool:
    """Types of street come first, and before a name; titles and words of a bairro come before one."""
    if entry.step is FitStep.LOGRADOURO:
        return index == 0 and count > 1
    return entry.step not in _BEFORE_A_NAME or index + entry.words < count


_BEFORE_A_NAME: Final = frozenset({FitStep.TITULO, FitStep.BAIRRO})


def _entry_at(
    words: Sequence[str], index: int, entries: Iterable[_Entry], whole: AbstractSet[int]
) -> _Entry | None:
    for entry in entries:
        end = index + entry.words
        if (
            (entry.words == 1 or " ".join(words[index:end]).strip(PUNCTUATION) == entry.spelt)
            and _is_in_place(entry, index, len(words))
            and whole.isdisjoint(range(index, end))
        ):
            return entry
    return None


def _links(words: Sequence[str], index: int) -> bool:
    """Whether a connective is between two others, and no letter of A E C LTDA."""
    if not 0 < index < len(words) - 1:
        return False
    return len(words[index]) > 1 or (len(words[index - 1]) > 1 and len(words[index + 1]) > 1)


def pieces_of(text: str, recipe: Recipe, measure: Callable[[str], int]) -> list[Piece]:
    """The words of a tidied *text*, in order, each with the shorter way to write it."""
    given = text.split(" ")
    words = given if text.isascii() else unicodedata.normalize("NFC", text).split(" ")
    kept, whole = recipe.guard(words)
    known, connectives = _vocabulary(recipe.lists), _connectives()
    pieces: list[Piece] = []
    index, count = 0, len(words)
    while index < count:
        word = words[index]
        entries = known.get(word) or known.get(word.strip(PUNCTUATION))
        entry = _entry_at(words, index, entries, whole) if entries else None
        if entry is not None:
            end = index + entry.words
            full = " ".join(given[index:end])
            short = " ".join(words[index:end]).replace(entry.spelt, entry.short, 1)
            stays = not kept.isdisjoint(range(index, end))
            pieces.append(Piece(full, short, measure(full) - measure(short), entry.step, stays))
            index = end
            continue
        if word in connectives and index not in whole and _links(words, index):
            pieces.append(Piece(given[index], "", measure(given[index]) + 1, FitStep.CONECTIVOS, kept=False))
        else:
            pieces.append(Piece(given[index], given[index], 0, FitStep.CORTE, index in kept))
        index += 1
    return pieces
