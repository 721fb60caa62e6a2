"""A workbook: of one sheet, of a worklist one for each part. The only import of xlsxwriter, and a late one."""

import datetime
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol, cast

from econtador.exports.tabular import Items, Tabular, tabular
from econtador.exports.text import Written, shown
from econtador.formulas import opens_formula
from econtador.integration.worklist import Worklist

__all__ = ["write_xlsx"]

_MOST_ROWS: Final = 1_048_575
"""Below the header: more, xlsxwriter would leave out without a word."""
_LONGEST: Final = 32_767
_NARROWEST: Final = 12
_WIDEST: Final = 60
"""Of a column, in characters: a longer text is there, and cut off to the eye."""
_FIRST_DAY: Final = datetime.date(1900, 3, 1)
"""Excel takes 1900 for a leap year, and knows no day before it."""
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


_FORMATS: Final[Mapping[str, Mapping[str, object]]] = {
    "head": {"bold": True},
    "day": {"num_format": "dd/mm/yyyy"},
    "text": {"num_format": "@"},
    # As if an apostrophe had been typed before it: what a person edits stays a text.
    "quoted": {"num_format": "@", "quote_prefix": True},
}


def write_xlsx(items: Items | Worklist, path: str | os.PathLike[str], *, sheet: str = "Dados") -> Written:
    """Write *items* as an .xlsx (extra ``planilhas``): texts as texts, dates as dates, a header that stays in view.

    Of a worklist every part is a sheet, with a name of its own.

    No cell is ever a formula, nor becomes one when a person edits it. **Personal data is in it.**

    :raises ModuleNotFoundError: xlsxwriter is not there.
    :raises TypeError: the items are not of one kind, or of none that can be written.
    :raises ValueError: more rows, or longer texts, than a sheet holds. The file is then not whole.
    :raises OSError: the file cannot be written.
    """
    try:
        import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]
    except ModuleNotFoundError as error:
        told = "xlsxwriter is not installed: pip install 'econtador[planilhas]'"
        raise ModuleNotFoundError(told, name="xlsxwriter") from error

    sheets = items.sheets() if isinstance(items, Worklist) else {sheet: tabular(items)}
    with Path(path).open("wb") as file:
        book = cast("_Book", xlsxwriter.Workbook(file, _OPTIONS))
        try:
            formats = {name: book.add_format(how) for name, how in _FORMATS.items()}
            rows = sum(_fill(book.add_worksheet(name), table, formats) for name, table in sheets.items())
        finally:
            book.close()  # its temporary files, too
    return Written(rows)


def _fill(page: "_Page", table: Tabular, formats: Mapping[str, object]) -> int:
    widths = [max(_NARROWEST, len(header) + 2) for header in table.headers]
    for column, header in enumerate(table.headers):
        page.write_string(0, column, header, formats["head"])
    page.freeze_panes(1, 0)
    count = 0
    for count, row in enumerate(table.rows, 1):
        if count > _MOST_ROWS:
            raise ValueError(f"more than {_MOST_ROWS} rows: a sheet has no more, write CSV or JSON Lines")
        for column, cell in enumerate(row):
            _write(page, count, column, cell, formats)
            widths[column] = max(widths[column], min(_WIDEST, len(shown(cell))))
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    return count


def _write(page: "_Page", row: int, column: int, cell: object, formats: Mapping[str, object]) -> None:
    if isinstance(cell, int) and not isinstance(cell, bool):
        page.write_number(row, column, cell)
    elif isinstance(cell, datetime.date) and cell >= _FIRST_DAY:
        page.write_datetime(row, column, cell, formats["day"])
    elif text := shown(cell):
        if len(text.encode("utf-16-le")) // 2 > _LONGEST:
            raise ValueError(f"a text of more than {_LONGEST} characters: a cell holds no more")
        page.write_string(row, column, text, formats["quoted" if opens_formula(text) else "text"])


# What is used of xlsxwriter, which has no types that can be relied on.


class _Page(Protocol):
    def set_column(self, first: int, last: int, width: float, /) -> object: ...
    def freeze_panes(self, row: int, column: int, /) -> object: ...
    def write_string(self, row: int, column: int, text: str, how: object, /) -> object: ...
    def write_number(self, row: int, column: int, number: float, /) -> object: ...
    def write_datetime(self, row: int, column: int, day: datetime.date, how: object, /) -> object: ...


class _Book(Protocol):
    def add_worksheet(self, name: str, /) -> _Page: ...
    def add_format(self, properties: Mapping[str, object], /) -> object: ...
    def close(self) -> object: ...
