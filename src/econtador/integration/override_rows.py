"""The rows of an office's table of texts, from its file or from a mapping, each checked."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from econtador.errors import InvalidOverride, MissingFile
from econtador.formulas import unguarded
from econtador.gap.tables import decode
from econtador.integration.cutting import tidied
from econtador.integration.overrides import CNAE_DIGITS, COLUMNS, Override, bare_cnae

__all__ = ["rows_of_file", "rows_of_texts"]

_CODIGO_DIGITS: Final = 5


def rows_of_file(file: str) -> tuple[Override, ...]:
    """Of a CSV file. Raises InvalidOverride, MissingFile or WrongEncoding."""
    try:
        data = Path(file).read_bytes()
    except OSError as error:
        raise MissingFile(file, error.strerror or type(error).__name__) from error
    text, _ = decode(file, data)
    return tuple(_entries(file, text))


def rows_of_texts(texts: Mapping[tuple[str, str], str]) -> tuple[Override, ...]:
    """Of ``{(código or CNAE, field): text}``."""
    return tuple(
        _checked("overrides", line, {"campo": campo, "para": para, **_whose(key, campo)})
        for line, ((key, campo), para) in enumerate(texts.items(), 1)
    )


def _whose(key: str, campo: str) -> Mapping[str, str]:
    digits = bare_cnae(key)
    is_cnae = campo == "atividade" and len(key.strip()) > _CODIGO_DIGITS and len(digits) == CNAE_DIGITS
    return {"cnae": digits} if is_cnae else {"codigo": key}


def _entries(file: str, text: str) -> Iterator[Override]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    try:
        header = [name.strip().lower() for name in next(rows, ())]
        missing = [name for name in ("campo", "para") if name not in header]
        if missing or not {"codigo", "cnae"} & set(header):
            raise InvalidOverride(file, 1, f"the first row must name the columns {', '.join(COLUMNS)}")
        line = rows.line_num
        for cells in rows:
            begins, line = line + 1, rows.line_num
            row = dict(zip(header, cells, strict=False))
            if row.get("para", "").strip():
                yield _checked(file, begins, row)
    except csv.Error as error:
        raise InvalidOverride(file, rows.line_num, f"not a row of a table: {error}") from None


def _checked(file: str, line: int, row: Mapping[str, str]) -> Override:
    codigo, cnae, campo = (row.get(name, "").strip() for name in ("codigo", "cnae", "campo"))
    para, de, cnae = unguarded(row["para"]), unguarded(row.get("de", "")), bare_cnae(cnae)
    if not campo:
        raise InvalidOverride(file, line, "the column campo is empty: say which field")
    if not codigo and not cnae:
        raise InvalidOverride(file, line, "neither codigo nor cnae is filled in: say whose text it is")
    if cnae and not codigo and (campo != "atividade" or not (cnae.isdecimal() and len(cnae) == CNAE_DIGITS)):
        raise InvalidOverride(file, line, "a cnae has 7 digits and stands for the campo atividade only")
    if para != tidied(para) or not para:
        raise InvalidOverride(file, line, "para has spaces at its ends, or more than one in a row")
    if codigo.isdecimal():
        codigo = codigo.zfill(_CODIGO_DIGITS)  # a spreadsheet ate the zeros
    return Override(campo, para, codigo, "" if codigo else cnae, de, line)
