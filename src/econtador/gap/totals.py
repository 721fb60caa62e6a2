"""The row of totals that reports end with: no record, and no problem either."""

import re
from collections.abc import Sequence
from typing import Final

from econtador.gap.columns import fold

__all__ = ["is_total"]

_TOTAL: Final = re.compile(
    r"(?:sub)?total(?:geral)?(?:d[eao]s?)?(?:empresas?|usuarios?|registros?|clientes?|linhas?)?[0-9]*"
)
_NUMBER: Final = re.compile(r"[0-9.,]{0,12}")


def is_total(cells: Sequence[str], codigo: int) -> bool:
    """Whether a last row is one of totals: one cell says so, the others are short numbers, none is a código.

    >>> is_total(["", "TOTAL DE EMPRESAS:", "49"], 0), is_total(["Total: 49", "", ""], 0)
    (True, True)
    >>> is_total(["00049", "TOTAL", ""], 0), is_total(["", "TOTAL LTDA", "11222333000181"], 0)
    (False, False)
    """
    said = [place for place, cell in enumerate(cells) if _TOTAL.fullmatch(fold(cell))]
    others = (cell for place, cell in enumerate(cells) if place not in said)
    free = codigo >= len(cells) or not cells[codigo] or codigo in said
    return len(said) == 1 and free and all(_NUMBER.fullmatch(cell) for cell in others)
