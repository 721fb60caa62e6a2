"""In which language the help is: Portuguese where the system's is, English elsewhere.

What a command *answers* is Portuguese always, as everything that an accountant reads.
"""

import locale
import os
from typing import Final

__all__ = ["PORTUGUESE", "said"]


def _language() -> str:
    told = next(
        (os.environ[name] for name in ("ECONTADOR_LANG", "LC_ALL", "LANG") if os.environ.get(name)), ""
    )
    return told or locale.getlocale()[0] or ""  # "Portuguese_Brazil" on Windows, which sets none of the three


PORTUGUESE: Final = _language().casefold().startswith(("pt", "por"))


def said(portuguese: str, english: str) -> str:
    """The one of the two that the person reads."""
    return portuguese if PORTUGUESE else english
