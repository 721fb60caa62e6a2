"""An office's own texts for single records, or for every company of a CNAE.

A table in a CSV file (``;``, UTF-8 or cp1252) with these columns, in any order, further ones ignored::

    codigo;cnae;campo;de;para
    00007;;razao_social;PADARIA E CONFEITARIA MODELO ...;PADARIA MODELO LTDA
    ;4721102;atividade;;Padaria e confeitaria

``campo`` is our name of the field. A row has a código or a CNAE, the CNAE only for ``atividade``; a código goes
before a CNAE. ``de`` is the text that the row was written for: where it is filled in, another text is not
replaced, and the row is stale. Rows without ``para`` are still to be filled in, and do nothing.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Final

import attrs
from attrs import frozen

from econtador.errors import InvalidOverride, redact, redacted_repr
from econtador.integration.cutting import tidied
from econtador.integration.encodings import encodable
from econtador.integration.sizes import FieldLimit

__all__ = ["CNAE_DIGITS", "COLUMNS", "Override", "Overrides", "as_overrides", "bare_cnae", "refuse_misfits"]

COLUMNS: Final = ("codigo", "cnae", "campo", "de", "para")
"""Of the table."""
CNAE_DIGITS: Final = 7


def bare_cnae(text: str) -> str:
    """A CNAE's digits, zeros that a spreadsheet ate put back: ``4721-1/02`` is ``4721102``."""
    digits = text.strip().translate(str.maketrans("", "", ".-/ "))
    return digits.zfill(CNAE_DIGITS) if digits.isdecimal() else digits


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
        # Here and below, since a table is seldom given: csv and what reads files take 9 ms, a fifth of importing attrs.
        from econtador.integration.override_rows import rows_of_file

        file = os.fspath(path)
        return cls(rows_of_file(file), file)

    @classmethod
    def of(cls, texts: Mapping[tuple[str, str], str]) -> "Overrides":
        """A table of ``{(código or CNAE, field): text}``; for ``atividade``, seven digits are a CNAE."""
        from econtador.integration.override_rows import rows_of_texts

        return cls(rows_of_texts(texts))


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


def refuse_misfits(overrides: Overrides, limits: Sequence[FieldLimit], encoding: str | None) -> None:
    """Raise InvalidOverride for the first text that its field or the portal cannot hold."""
    by_field = {limit.field: limit for limit in limits}
    for entry in overrides.entries:
        limit = by_field.get(entry.campo)
        if limit is None:
            known = ", ".join(by_field) or "no field"
            raise InvalidOverride(
                overrides.file, entry.line, f"no limit for {redact(entry.campo)!r}; there is one for {known}"
            )
        size = limit.measure(entry.para)
        if size > limit.limit:
            raise InvalidOverride(
                overrides.file, entry.line, f"para takes {size} and {entry.campo} holds {limit.limit}"
            )
        if encoding is not None and encodable(entry.para, encoding).steps:
            raise InvalidOverride(overrides.file, entry.line, f"para has characters that {encoding} has not")
