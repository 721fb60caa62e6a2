"""The common row of a company, at once: every cell is as it has to be, with nothing to tell and nothing to mend.

What a row means, and all that can be wrong with it, stands in `econtador.gap.rows` and in the record's constructor.
Here is the form of a row with which none of that has to do, as one pattern over all its cells. A row of any other form
is nothing here and goes the long way; of a row of this form both ways must give the same record: a test holds them to
it.

Of a row of the office of ``benchmarks.reading``, in processor time: 5.3 µs here, and 17 the long way.
"""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final, TypeAlias

from attrs import fields_dict

from econtador.documents import parse
from econtador.errors import Fault
from econtador.gap.columns import EMPRESAS
from econtador.gap.models import (
    TAMANHOS_EMPRESA,
    TAMANHOS_LOGRADOURO,
    UFS,
    EmpresaGap,
    Proemp,
    linha_de_endereco,
)
from econtador.gap.rows import date_of

__all__ = ["Clean", "clean_empresas"]

Clean: TypeAlias = Callable[[Sequence[str]], EmpresaGap | None]
"""Of one row's cells, stripped."""

_FORMS: Final[Mapping[str, str]] = {
    "codigo": "[0-9]{5}",
    "proemp": "PROEMP[0-9]{2}",
    "documento": "[0-9A-Z./-]{11,18}",
    "uf": "|".join(sorted(UFS)),
    "cep": "[0-9]{5}-?[0-9]{3}",
    "data_desligamento": "[0-9/-]{10}",
}
"""Of the fields of which more is asked than a size. Documents and days are looked at further."""
_TEXT: Final = r"[^\0'#][^\0]{{0,{more}}}"
"""Begins with no apostrophe, which may guard a formula, and with no ``#``, as the word of a formula that failed does."""
_ANY: Final = r"[^\0]*"
_NONE: Final = "(?!)"
"""Where no row is clean: a column is two fields at once, or one that has to be there is not."""
_BETWEEN: Final = "\0"
"""Cells are seen joined by what none of them may have in it."""

_REQUIRED: Final = frozenset(EMPRESAS.required)
_PUT: Final[Mapping[str, Callable[[EmpresaGap, object], None]]] = {
    name: vars(EmpresaGap)[name].__set__ for name in fields_dict(EmpresaGap)
}
"""What gives a record its fields without its constructor, which would look at all of them again: 1.4 µs and not 4.5."""
_LOOKED_AT: Final = ("proemp", "documento", "tipo_logradouro", "endereco", "data_desligamento")
"""The columns whose text is not the record's as it stands."""


def clean_empresas(index: Mapping[str, int], width: int, proemp: Proemp | None) -> Clean:
    """What makes companies of a table's clean rows.

    *index* is field to position among *width* columns, *proemp* for a row that names none.

    >>> clean = clean_empresas({"codigo": 0, "razao_social": 1, "documento": 2}, 3, Proemp("PROEMP00"))
    >>> clean(("00007", "PADARIA", "191")), clean(("7", "PADARIA", "11222333000181"))  # zeros to put back, to tell of
    (None, None)
    >>> clean(("00007", "PADARIA", "11222333000181")).documento
    Cnpj('11.222.333/0001-81')
    """
    fullmatch = _form(index, width, _REQUIRED if proemp else _REQUIRED | {"proemp"}).fullmatch
    known_proemp = cache(Proemp)  # of the hundred that there can be
    # The cell behind the last is that of a column which is not there.
    pasta, documento, tipo, nome, day = (index.get(name, width) for name in _LOOKED_AT)
    texts = [(put, index.get(name, width)) for name, put in _PUT.items() if name not in _LOOKED_AT]

    def clean(cells: Sequence[str]) -> EmpresaGap | None:
        joined = _BETWEEN.join(cells)
        # As many cells as it has to be, and so none with a NUL in it. E+ is of a number that a spreadsheet has cut.
        if len(cells) != width or not fullmatch(joined) or "E+" in joined:
            return None
        cells = (*cells, "")
        empresa = object.__new__(EmpresaGap)
        try:
            joined.encode()
            _PUT["documento"](empresa, parse(cells[documento]))
            _PUT["data_desligamento"](empresa, _day(cells[day]) if cells[day] else None)
        except ValueError:  # the half of a character; a document or a day that is none
            return None
        _PUT["proemp"](empresa, known_proemp(cells[pasta]) if cells[pasta] else proemp)
        endereco = linha_de_endereco(cells[tipo], cells[nome]) if cells[tipo] else cells[nome]
        _PUT["endereco"](empresa, endereco or None)
        for put, position in texts:
            put(empresa, cells[position] or None)
        return empresa

    return clean


def _form(index: Mapping[str, int], width: int, required: frozenset[str]) -> re.Pattern[str]:
    """The form of a row's cells, joined."""
    if not required <= index.keys():
        return re.compile(_NONE)
    sizes = {**TAMANHOS_EMPRESA, **(TAMANHOS_LOGRADOURO if "tipo_logradouro" in index else {})}
    cells = [_ANY] * width
    for name, position in index.items():
        form = _FORMS.get(name) or _TEXT.format(more=sizes.get(name, 100) - 1)
        one = f"(?:{form})" if name in required else f"(?:{form}|)"
        cells[position] = one if cells[position] == _ANY else _NONE
    return re.compile(_BETWEEN.join(cells))


def _day(text: str) -> datetime.date | None:
    faults: list[Fault] = []
    day = date_of("data_desligamento", text, faults)
    if faults:
        raise ValueError
    return day
