"""A text from anywhere made fit to be shown: no personal data, no character that acts."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from econtador.errors import redact

__all__ = ["LONGEST", "LONGEST_LINE", "clean", "columns_of", "padded", "wrapped"]

LONGEST: Final = 400
"""Characters of one cell."""
LONGEST_LINE: Final = 2_000
"""Characters of a line that stands by itself."""

# Controls (an escape sequence among them), halves of characters, line separators, what turns the direction of
# writing, what has no width. Joiners of emoji and of some scripts stay.
_ACTING: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def clean(text: str, longest: int | None = LONGEST) -> str:
    """*text* in one line, with CPFs, e-mails and tokens as ``***`` and every acting character by its number.

    >>> clean("BAR 52998224726"), clean("BAR\\u202e\\n")
    ('BAR ***', 'BAR<U+202E><U+000A>')
    """
    hidden = redact(text)
    if longest is not None and len(hidden) > longest:
        hidden = hidden[:longest] + "…"
    return _ACTING.sub(lambda found: f"<U+{ord(found[0]):04X}>", hidden)


def columns_of(text: str) -> int:
    """How many columns of a terminal *text* takes."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(character) in {"Mn", "Me", "Cf"}
        else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def padded(text: str, width: int) -> str:
    """*text* with spaces up to *width* columns."""
    return text + " " * (width - columns_of(text))


def wrapped(text: str, width: int) -> list[str]:
    """*text* in lines of at most *width* columns, broken at spaces, and within a word that is longer than a line.

    At least one line, if an empty one.

    >>> wrapped("Jardim Nossa Senhora", 8)
    ['Jardim', 'Nossa', 'Senhora']
    """
    if columns_of(text) <= width:
        return [text]
    lines, room = [""], width
    for word in text.split(" "):
        taken = columns_of(word) + (lines[-1] != "")
        if taken <= room:
            lines[-1] += f" {word}" if lines[-1] else word
            room -= taken
            continue
        for part in _broken(word, width):
            lines.append(part)
            room = width - columns_of(part)
    return lines[1:] if len(lines) > 1 and not lines[0] else lines


def _broken(word: str, width: int) -> Iterator[str]:
    if columns_of(word) <= width:
        yield word
        return
    part, taken = "", 0
    for character in word:
        more = columns_of(character)
        if part and taken + more > width:
            yield part
            part, taken = "", 0
        part += character
        taken += more
    yield part
