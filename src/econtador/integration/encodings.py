"""Texts in the characters that a portal or a database can hold, each change told. Pure.

A character that the encoding has stays as it is. Another is written with those that it has, where there is a
usual way (``ş`` → ``s``, ``ﬁ`` → ``fi``, ``−`` → ``-``), or else left out. There is never a ``?`` for it.
"""

import codecs
import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from econtador.integration.losses import FitStep

__all__ = ["Encoded", "encodable", "known_encoding"]

# Where Unicode itself names no decomposition. What cp1252 has („ – • €) is here for encodings that have less.
_USUAL: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys("‘’‚‛′ʹʻʼ‹›", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−﹣⁃", "-"),
        "⁄": "/", "∕": "/", "×": "x", "•": "*", "·": "-", "…": "...", "№": "No", "€": "EUR",
        "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "ẞ": "SS", "ß": "ss", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l",
        "Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Þ": "Th", "þ": "th", "Ħ": "H", "ħ": "h", "ı": "i", "ĸ": "k",
        "Ŋ": "N", "ŋ": "n", "Ŧ": "T", "ŧ": "t",
    }
)  # fmt: skip

_UNSEEN: Final = frozenset({"Cf", "Mn", "Me", "Cc"})
"""Categories that show nothing by themselves: marks on a letter that stays, joiners, variation selectors."""


class Encoded(NamedTuple):
    """A text that the encoding can hold."""

    text: str
    steps: tuple[FitStep, ...]
    lost: str


def known_encoding(name: str | None) -> str | None:
    """The encoding's own name. Raises ValueError for one that Python does not know, or that is not of text."""
    if name is None:
        return None
    try:
        found = codecs.lookup(name).name
        "é".encode(found, "ignore")
    except LookupError:
        raise ValueError(f"encoding must be one of text that Python knows, as cp1252, not {name!r}") from None
    return found


def _holds(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _otherwise(character: str, encoding: str) -> str | None:
    """The usual way to write *character* without it; None where there is none."""
    usual = _USUAL.get(character)
    if usual is None:
        decomposed = unicodedata.normalize("NFKD", character)
        usual = "".join(c for c in decomposed if unicodedata.category(c) not in _UNSEEN)
        usual = "".join(_USUAL.get(c, c) for c in usual)
        if not usual and unicodedata.category(character) not in _UNSEEN:
            return None
    return usual if usual != character and _holds(usual, encoding) else None


def _written(text: str, encoding: str) -> Iterator[tuple[str, str | None]]:
    for character in text:
        yield character, character if _holds(character, encoding) else _otherwise(character, encoding)


def encodable(text: str, encoding: str) -> Encoded:
    """*text* in characters of *encoding*.

    >>> encodable("Praça Şirin − 2º", "cp1252").text
    'Praça Sirin - 2º'
    >>> encodable("Padaria 🥖 do Zé", "cp1252").lost
    '🥖'
    """
    if _holds(text, encoding):
        return Encoded(text, (), "")
    written = tuple(_written(unicodedata.normalize("NFC", text), encoding))
    after = "".join(other for _, other in written if other is not None)
    lost = "".join(character for character, other in written if other is None)
    swapped = "".join(c for c, other in written if other is not None) != after or not lost
    if not swapped:
        # The text may still have been composed: e and an accent to é.
        swapped = unicodedata.normalize("NFC", text) != text
    steps = (FitStep.CARACTERES,) * swapped + (FitStep.CARACTERES_RETIRADOS,) * bool(lost)
    return Encoded(after, steps, lost)
