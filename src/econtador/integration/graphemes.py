"""Where a text may be cut without splitting what a reader sees as one character.

Boundaries of extended grapheme clusters (Unicode UAX #29), on the safe side: these functions never
cut where the standard forbids it, and refuse a few places where it does not (before a spacing mark of
any kind, after any ZERO WIDTH JOINER, before a letter after a virama of any script). Code points that
this Python's Unicode does not know yet are taken for combining marks, since the newer standard may say
so. Indices count code points.

Sources: UAX #29, rules GB3 to GB13; the tables are ``GraphemeBreakProperty.txt`` and
``IndicConjunctBreak`` of Unicode 17, less what :mod:`unicodedata` tells.
"""

from collections.abc import Iterable
from unicodedata import category, combining

__all__ = ["can_cut", "last_cut"]


def _characters(ranges: Iterable[tuple[int, int]]) -> frozenset[str]:
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))


# Every property below belongs to code points from here on; before, only CR LF stays together.
_FIRST_THAT_JOINS = "\u0300"

# Combining marks, and (Cn) code points assigned after this Python was made.
_MARKS = frozenset({"Mn", "Mc", "Me", "Cn"})

# What joins to the character before it without being a mark by category.
_JOINS_BACK = _characters(
    (
        (0x0E33, 0x0E33),  # Thai SARA AM
        (0x0EB3, 0x0EB3),  # Lao AM
        (0x1160, 0x11FF),  # Hangul vowels and finals
        (0x200C, 0x200D),  # ZWNJ, ZWJ
        (0xD7B0, 0xD7FB),  # Hangul vowels and finals, extended
        (0xFF9E, 0xFF9F),  # half-width katakana voiced marks
        (0x16D63, 0x16D63),  # Kirat Rai vowels, which behave as those of Hangul
        (0x16D67, 0x16D6A),
        (0x1F3FB, 0x1F3FF),  # emoji skin tones
        (0xE0020, 0xE007F),  # tags: the flags of Scotland, Wales, England
    )
)

# Viramas that are letters, with no combining class to know them by.
_LETTER_VIRAMAS = frozenset("\u1cf5\u1cf6\U00011a3a")

# What joins to the character after it. The letter viramas were here before Unicode 16.
_JOINS_ON = _LETTER_VIRAMAS | _characters(
    (
        (0x0600, 0x0605),
        (0x06DD, 0x06DD),
        (0x070F, 0x070F),
        (0x0890, 0x0891),
        (0x08E2, 0x08E2),
        (0x0D4E, 0x0D4E),
        (0x200D, 0x200D),  # ZWJ: more than GB11 asks, which joins pictographs only
        (0x110BD, 0x110BD),
        (0x110CD, 0x110CD),
        (0x111C2, 0x111C3),
        (0x113D1, 0x113D1),
        (0x1193F, 0x1193F),
        (0x11941, 0x11941),
        (0x11A84, 0x11A89),
        (0x11D46, 0x11D46),
        (0x11F02, 0x11F02),
    )
)

_HANGUL_INITIALS = _characters(((0x1100, 0x115F), (0xA960, 0xA97C)))
_REGIONAL_INDICATORS = _characters(((0x1F1E6, 0x1F1FF),))
_VIRAMA_CLASS = 9


def can_cut(text: str, index: int) -> bool:
    """Tell whether cutting *text* before ``text[index]`` surely splits no character.

    *index* counts code points. Cutting at an end, or beyond it, splits nothing.

    >>> can_cut("SÃO", 2), can_cut("SA\\u0303O", 2)
    (True, False)
    >>> brasil_portugal = "🇧🇷🇵🇹"
    >>> [index for index in range(5) if can_cut(brasil_portugal, index)]
    [0, 2, 4]
    """
    if not 0 < index < len(text):
        return True
    before, after = text[index - 1], text[index]
    if before < _FIRST_THAT_JOINS and after < _FIRST_THAT_JOINS:
        return before != "\r" or after != "\n"
    return not (
        after in _JOINS_BACK
        or before in _JOINS_ON
        or category(after) in _MARKS
        or _is_syllable_begun(before, after)
        or _is_surrogate_pair(before, after)
        or _is_inside_flag(text, index)
        or _is_inside_conjunct(text, index)
    )


def last_cut(text: str, at_most: int) -> int:
    """Return the greatest index, *at_most* or less, where *text* can be cut; 0 where there is none.

    Units: code points.

    >>> last_cut("SA\\u0303O", 2), last_cut("SAO", 2), last_cut("SAO", 99)
    (1, 2, 3)
    """
    index = max(0, min(at_most, len(text)))
    while not can_cut(text, index):
        index -= 1
    return index


def _is_syllable_begun(before: str, after: str) -> bool:
    """Hangul (GB6): an initial with a further initial or with a whole syllable."""
    return before in _HANGUL_INITIALS and (after in _HANGUL_INITIALS or "\uac00" <= after <= "\ud7a3")


def _is_surrogate_pair(before: str, after: str) -> bool:
    """Two halves that a decoder left apart; the standard lets them be cut, a UTF-16 reader does not."""
    return "\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff"


def _is_inside_flag(text: str, index: int) -> bool:
    """Flags (GB12, GB13): regional indicators pair off from the start of their run."""
    if text[index] not in _REGIONAL_INDICATORS:
        return False
    start = index
    while start and text[start - 1] in _REGIONAL_INDICATORS:
        start -= 1
    return (index - start) % 2 == 1


def _is_inside_conjunct(text: str, index: int) -> bool:
    """Indic conjuncts (GB9c): a virama, perhaps further marks, and a letter."""
    if not category(text[index]).startswith("L"):
        return False
    for position in range(index - 1, -1, -1):
        mark = text[position]
        if combining(mark) == _VIRAMA_CLASS or mark in _LETTER_VIRAMAS:
            return True
        if category(mark) not in _MARKS and mark not in _JOINS_BACK:
            return False
    return False
