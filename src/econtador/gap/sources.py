"""What the office has, by what it is: a workbook, a text under a delimiter or by position, rows. Each to a table."""

import os
from collections.abc import Mapping
from typing import TypeAlias

from attrs import frozen

from econtador.errors import HeaderNotFound, MalformedFile
from econtador.gap.columns import Layout
from econtador.gap.fixed_width import FixedWidth
from econtador.gap.given import Rows, table_of
from econtador.gap.headers import (
    Form,
    Table,
    begun,
    best,
    candidates,
    table_under,
    unknown_fields,
)
from econtador.gap.tables import by_position, delimited, most_bytes
from econtador.gap.texts import first_bytes, text_file

__all__ = ["How", "Source", "forms_of", "open_table"]

_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""A zip (.xlsx, .xlsm, .xlsb, .ods), and what came before it (.xls)."""
_WEB = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta")
"""What some programs write and call .xls."""

Source: TypeAlias = str | os.PathLike[str] | Rows
"""A path; or mappings, header to value; a DB-API cursor; SQLAlchemy's result; a data frame."""


@frozen
class How:
    """How a source is to be read where that has to be said."""

    columns: Mapping[str, str]
    encoding: str | None = None
    sheet: str | None = None
    layout: FixedWidth | None = None


def open_table(source: Source, layout: Layout, how: How) -> Table:
    """The table in *source* whose header is that of *layout*, or as ``how.columns`` (field to header) says.

    :raises ReadError: any of its kinds; see `econtador.gap.readers.read_empresas`.
    """
    if not isinstance(source, str | os.PathLike):
        unknown_fields("columns", how.columns, layout)
        return table_of(source, layout, how.columns)
    file = os.fspath(source)
    unknown_fields(file, how.columns, layout)
    if how.layout is not None:
        return _fixed(file, how.layout, layout, how)
    forms = forms_of(source, how)
    tried = list(candidates(forms, layout, how.columns))
    if forms[0].sheet:
        from econtador.gap.sheets import refuse_several

        refuse_several(file, tried, layout.required)
    return table_under(file, best(file, tried, layout))


def forms_of(path: str | os.PathLike[str], how: How) -> tuple[Form, ...]:
    """The ways to see a file as rows: its sheets, or its text under every delimiter. By its content, not its name.

    :raises ReadError: it cannot be opened, or is neither.
    """
    begin = first_bytes(path, most_bytes())
    if begin.startswith(_WORKBOOK):
        from econtador.gap.sheets import sheets  # with what it imports, 5.4 MB

        return sheets(path, how.sheet)
    if begin.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB):
        raise MalformedFile(
            os.fspath(path), 1, "a web page that is called a table; open it in Excel and save it as .xlsx"
        )
    return delimited(text_file(path, begin, how.encoding))


def _fixed(file: str, fixed: FixedWidth, layout: Layout, how: How) -> Table:
    unknown_fields(file, fixed.names, layout)
    missing = tuple(name for name in layout.required if name not in fixed.names)
    if missing:
        raise HeaderNotFound(file, 0, missing, fixed.names)
    form = by_position(text_file(file, first_bytes(file, most_bytes()), how.encoding), fixed)
    index = {name: position for position, name in enumerate(fixed.names)}
    return Table(file, form, fixed.names, index, begun(file, (row for row in form.rows() if any(row.cells))))
