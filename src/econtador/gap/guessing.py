"""Which field a column may be when its header is in no list: by a word much like one, or by what stands in it.

Guesses for a person to confirm, never used by a reading unasked. No column is guessed to be a date of
desligamento: a wrong guess there would leave companies out.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from econtador.documents import Cpf, parse
from econtador.errors import InvalidDocument
from econtador.gap.columns import Layout, fold
from econtador.gap.models import UFS

__all__ = ["by_content", "by_likeness", "is_document"]

_ENOUGH: Final = 0.8
"""Of the filled cells that have to be what the field holds: an office's data has errors."""
_ALIKE: Final = 0.85
_NOT_GUESSED: Final = frozenset({"data_desligamento"})


def is_document(text: str) -> bool:
    """Whether it is a CNPJ or CPF, with or without the zeros before it."""
    return any(_valid(parse, text.zfill(size)) for size in (0, 11, 14)) and len(text) >= 10


def _valid(kind: Callable[[str], object], text: str) -> bool:
    try:
        kind(text)
    except InvalidDocument:
        return False
    return True


def _pattern(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text, re.IGNORECASE) is not None


# In the order in which the fields choose; what is wanted of every cell, and whether the cells must differ.
_CONTENT: Final[Mapping[str, tuple[Callable[[str], bool], bool]]] = {
    "proemp": (_pattern("PROEMP[0-9]{2}"), False),
    "email": (_pattern(r"[^@\s]+@[^@\s]+\.[^@\s]+"), False),
    "cpf": (lambda text: len(text) >= 10 and _valid(Cpf, text.zfill(11)), True),
    "documento": (is_document, True),
    "cep": (_pattern("[0-9]{5}-?[0-9]{3}"), False),
    "uf": (lambda text: text.upper() in UFS, False),
    "codigo": (_pattern("[0-9]{1,5}"), True),
    "razao_social": (_pattern(r"(?=.*\s).{8,60}"), True),
    "nome": (_pattern(r"(?=.*\s).{8,60}"), True),
}


def by_likeness(header: str, layout: Layout, free: Sequence[str]) -> str | None:
    """The field of *free* one of whose words is much like *header*."""
    words = {word: name for name in free if name not in _NOT_GUESSED for word in layout.words[name]}
    alike = get_close_matches(fold(header), [word for word in words if len(word) > 3], 1, _ALIKE)
    return words[alike[0]] if alike else None


def by_content(columns: Mapping[int, Sequence[str]], free: Sequence[str]) -> Iterator[tuple[str, int]]:
    """The fields of *free* and the position of the first column that holds what the field holds."""
    left = dict(columns)
    for name in _CONTENT:
        position = next((place for place, cells in left.items() if _holds(cells, name)), None)
        if name in free and position is not None:
            del left[position]
            yield name, position


def _holds(cells: Sequence[str], name: str) -> bool:
    wanted, distinct = _CONTENT[name]
    filled = [cell for cell in cells if cell]
    fitting = sum(map(wanted, filled))
    differing = not distinct or len(set(filled)) >= _ENOUGH * len(filled)
    return bool(filled) and fitting >= _ENOUGH * len(filled) and differing
