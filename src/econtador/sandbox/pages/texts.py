"""How the pages write documents, moments and names, and how they search in them."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from econtador.errors import redact

__all__ = ["documento", "has", "momento", "nome"]

_CNPJ = re.compile(r"([0-9A-Z]{2})([0-9A-Z]{3})([0-9A-Z]{3})([0-9A-Z]{4})([0-9]{2})")
_SEPARATORS = re.compile(r"[.\-/\s]")


def documento(text: str) -> str:
    """A CNPJ with its mask; of anything else, a person's number, no more than its middle.

    >>> documento("12ABC34501DE35"), documento("52998224725")
    ('12.ABC.345/01DE-35', '***.982.247-**')
    """
    parts = _CNPJ.fullmatch(text)
    if parts is not None:
        return "{}.{}.{}/{}-{}".format(*parts.groups())
    return f"***.{text[3:6]}.{text[6:9]}-**"


def nome(text: str | None) -> str:
    """A name in a list: a sole trader's commonly ends in the owner's CPF, which is left out.

    >>> nome("PESSOA MODELO 01 52998224725"), nome(None)
    ('PESSOA MODELO 01 ***', '')
    """
    return redact(text or "")


def momento(text: str) -> str:
    """Day and time, from ISO 8601.

    >>> momento("2026-01-02T03:04:05.000-03:00")
    '02/01/2026 03:04:05'
    """
    return f"{datetime.fromisoformat(text):%d/%m/%Y %H:%M:%S}"


def has(asked: str, texts: Iterable[str | None]) -> bool:
    """Whether one of *texts* has what is *asked* in it, whatever the case, the accents and the mask.

    >>> has("acao", ["EDUCAÇÃO"]), has("12.abc", ["12ABC34501DE35"]), has("x", [None])
    (True, True, False)
    """
    wanted = _plain(asked)
    bare = _SEPARATORS.sub("", wanted)
    plain = [_plain(text) for text in texts if text]
    return any(wanted in text or (bare and bare in _SEPARATORS.sub("", text)) for text in plain)


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text)
    return "".join(character for character in split if not unicodedata.combining(character)).casefold()
