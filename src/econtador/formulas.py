"""Text that a spreadsheet would take for a formula, made harmless in a file of text, and back."""

import re
from typing import Final

__all__ = ["guarded", "opens_formula", "unguarded"]

# Tab and line ends open a formula too in some spreadsheets, and the wide signs in those of some countries.
_OPENING: Final = "=+\\-@\t\r\n＝＋－＠"
_FORMULA: Final = re.compile(f"[{_OPENING}]")
_MAYBE_GUARDED: Final = re.compile(f"'*[{_OPENING}]")
_GUARDED: Final = re.compile(f"'+[{_OPENING}]")


def opens_formula(text: str) -> bool:
    """Whether a spreadsheet that opens a file of text could take *text* for a formula."""
    return _FORMULA.match(text) is not None


def guarded(text: str) -> str:
    """*text* with an apostrophe before it where it would be taken for a formula, or for such a guard.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("PADARIA")
    ("'=1+1", "''=1+1", 'PADARIA')
    """
    return f"'{text}" if _MAYBE_GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given.

    >>> unguarded("'=1+1"), unguarded("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if _GUARDED.match(text) else text
