"""An office's own texts for single records, or for every company of a CNAE.

A table in a CSV file (``;``, UTF-8 or cp1252) with these columns, in any order, further ones ignored::

    codigo;cnae;campo;de;para
    00007;;razao_social;PADARIA E CONFEITARIA MODELO ...;PADARIA MODELO LTDA
    ;4721102;atividade;;Padaria e confeitaria

``campo`` is our name of the field. A row has a código or a CNAE, the CNAE only for ``atividade``; a código goes
before a CNAE. ``de`` is the text that the row was written for: where it is filled in, another text is not
replaced, and the row is stale. Rows without ``para`` are still to be filled in, and do nothing.
"""

import csv
import io
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs
from attrs import frozen

from econtador.errors import InvalidOverride, MissingFile, redacted_repr
from econtador.formulas import unguarded
from econtador.gap.tables import decode
from econtador.integration.cutting import tidied

__all__ = ["COLUMNS", "Override", "Overrides", "as_overrides", "bare_cnae"]

COLUMNS: Final = ("codigo", "cnae", "campo", "de", "para")
"""Of the table."""
_CNAE_DIGITS: Final = 7
_CODIGO_DIGITS: Final = 5


def bare_cnae(text: str) -> str:
    """A CNAE's digits, zeros that a spreadsheet ate put back: ``4721-1/02`` is ``4721102``."""
    digits = text.strip().translate(str.maketrans("", "", ".-/ "))
    return digits.zfill(_CNAE_DIGITS) if digits.isdecimal() else digits


@frozen
class Override:
    """One text of the office's own."""

    campo: str
    para: str = attrs.field(repr=redacted_repr)
    """What the portal is to have, exactly; it must fit."""
    codigo: str = attrs.field(default="", repr=redacted_repr)
    cnae: str = ""
    """Seven digits; for ``atividade``, and only without a código."""
    de: str = attrs.field(default="", repr=redacted_repr)
    """The text that it was written for; empty for any."""
    line: int = attrs.field(default=0, eq=False)

    def is_for(self, text: str) -> bool:
        """Whether *text* is what it was written for, or already what it makes of it; spaces do not count."""
        return not self.de or tidied(text) in (tidied(self.de), self.para)


Key = tuple[str, str, str]


def _key(entry: Override) -> Key:
    return entry.campo, entry.codigo, entry.cnae


@frozen
class Overrides:
    """An office's table. Equal tables are equal and hash alike."""

    entries: tuple[Override, ...] = ()
    file: str = attrs.field(default="overrides", eq=False)
    _by_key: Mapping[Key, Override] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        by_key: dict[Key, Override] = {}
        for entry in self.entries:
            if _key(entry) in by_key:
                raise InvalidOverride(
                    self.file, entry.line, f"a second text for {entry.campo} of the same key"
                )
            by_key[_key(entry)] = entry
        object.__setattr__(self, "_by_key", by_key)

    def find(self, campo: str, codigo: str, cnae: str, text: str) -> Override | None:
        """The office's text for one field of one record."""
        own = self._by_key.get((campo, codigo, "")) if codigo else None
        if own is not None and own.is_for(text):
            return own
        common = self._by_key.get((campo, "", cnae)) if cnae else None
        return common if common is not None and common.is_for(text) else None

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> "Overrides":
        """The table in a CSV file. Raises InvalidOverride, MissingFile or WrongEncoding."""
        file = os.fspath(path)
        try:
            data = Path(file).read_bytes()
        except OSError as error:
            raise MissingFile(file, error.strerror or type(error).__name__) from error
        text, _ = decode(file, data)
        return cls(tuple(_entries(file, text)), file)

    @classmethod
    def of(cls, texts: Mapping[tuple[str, str], str]) -> "Overrides":
        """A table of ``{(código or CNAE, field): text}``; for ``atividade``, seven digits are a CNAE."""
        return cls(
            tuple(
                _checked("overrides", line, {"campo": campo, "para": para, **_whose(key, campo)})
                for line, ((key, campo), para) in enumerate(texts.items(), 1)
            )
        )


def as_overrides(
    given: "Overrides | Mapping[tuple[str, str], str] | str | os.PathLike[str] | None",
) -> Overrides:
    """From what a user says."""
    if given is None:
        return Overrides()
    if isinstance(given, Overrides):
        return given
    if isinstance(given, Mapping):
        return Overrides.of(given)
    return Overrides.read(given)


def _whose(key: str, campo: str) -> Mapping[str, str]:
    digits = bare_cnae(key)
    is_cnae = campo == "atividade" and len(key.strip()) > _CODIGO_DIGITS and len(digits) == _CNAE_DIGITS
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
    if cnae and not codigo and (campo != "atividade" or not (cnae.isdecimal() and len(cnae) == _CNAE_DIGITS)):
        raise InvalidOverride(file, line, "a cnae has 7 digits and stands for the campo atividade only")
    if para != tidied(para) or not para:
        raise InvalidOverride(file, line, "para has spaces at its ends, or more than one in a row")
    if codigo.isdecimal():
        codigo = codigo.zfill(_CODIGO_DIGITS)  # a spreadsheet ate the zeros
    return Override(campo, para, codigo, "" if codigo else cnae, de, line)
