"""The root of every error, and what keeps the words of persons out of them."""

import re
from typing import ClassVar, Final

from econtador.overriding import override

__all__ = ["HOUSE", "EcontadorError", "redact", "redacted_repr"]

HOUSE: Final = "econtador.errors"
"""What tracebacks and pickles call the module of all that is in its rooms: from there users import it."""

_PERSONAL = re.compile(
    r"""
      [\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+                                # e-mail
    | eyJ[\w-]{0,999}\.[\w-]+(?:\.[\w-]*)?                             # token (JWT)
    | (?<![0-9A-Za-z])\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?![0-9A-Za-z])  # CPF
    """,
    re.VERBOSE | re.ASCII,
)


def redact(text: str) -> str:
    """Return *text* with every e-mail, token and CPF replaced by ``***``.

    For text that comes from outside (the portal's own words) and goes into an error or a log.

    >>> redact("o login 529.982.247-25 (ana@exemplo.com.br) já existe")
    'o login *** (***) já existe'
    """
    return _PERSONAL.sub("***", text)


def redacted_repr(value: object) -> str:
    """For names in reprs: a sole trader's razão social commonly ends in the owner's CPF."""
    return redact(repr(value))


class EcontadorError(Exception):
    """The root: ``except EcontadorError`` catches everything that this library raises on purpose."""

    __module__ = HOUSE

    code: ClassVar[str] = "econtador"
    """Stable, for programs and for the documentation's page of errors."""

    def __init_subclass__(cls) -> None:
        if cls.__module__.startswith(f"{HOUSE}."):
            cls.__module__ = HOUSE

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"
