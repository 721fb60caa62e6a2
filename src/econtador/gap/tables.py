"""From a file of text to rows: under a delimiter (CSV), or by position (fixed width).

``csv.Sniffer`` has no part in it (it can pick a letter as delimiter): the delimiter is the one that makes a row
of known headers out of one of the first rows.
"""

import csv
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Final

from econtador.errors import MalformedFile
from econtador.gap.fixed_width import FixedWidth
from econtador.gap.headers import Form, Row
from econtador.gap.texts import TextFile, decode

__all__ = ["DELIMITERS", "by_position", "decode", "delimited", "most_bytes"]

DELIMITERS: Final = (";", "\t", ",")
# The file comes from anywhere, and reading it must end. Rows and columns are those of a spreadsheet; all of GAP's
# fields together are under 1,000 characters, and its códigos end at 99999: none of these is met by an export.
_MOST_BYTES: Final = 256 * 1024 * 1024
_MOST_ROWS: Final = 1_048_576
_MOST_CELLS: Final = 16_384
_LONGEST_ROW: Final = 1_000_000
_LONGEST_PLAIN: Final = 4096
"""Well under ``csv.field_size_limit()`` and the others here."""


def most_bytes() -> int:
    """How large a file may be."""
    return _MOST_BYTES


def delimited(text: TextFile) -> tuple[Form, ...]:
    """The file under every delimiter."""
    return tuple(Form(partial(_rows, text, mark), text.encoding, mark) for mark in DELIMITERS)


def by_position(text: TextFile, layout: FixedWidth) -> Form:
    """The file cut at the layout's positions; what stands behind the last one is a cell more."""
    return Form(partial(_cut, text, layout), text.encoding)


def _rows(text: TextFile, delimiter: str) -> Iterator[Row]:
    lines = text.lines(_LONGEST_ROW + 1)
    line = 1
    try:
        for number, first in enumerate(lines, 1):
            # csv.reader cuts a line without a quotation mark just so (an empty one it gives no cells): 2.1 µs a row, and
            # 2.8 where it is given all.
            plain = '"' not in first and 2 < len(first) <= _LONGEST_PLAIN
            cells, took = (first.split(delimiter), 1) if plain else _quoted(chain((first,), lines), delimiter)
            if len(cells) > _MOST_CELLS or number > _MOST_ROWS:
                raise csv.Error(f"more than {_MOST_ROWS} rows or {_MOST_CELLS} columns")
            yield Row(line, tuple(map(str.strip, cells)))
            line += took
    except csv.Error as error:
        raise MalformedFile(text.path, line, f"not a table ({error})") from None


def _quoted(lines: Iterator[str], delimiter: str) -> tuple[list[str], int]:
    """The cells of the row that *lines* begin with, and of how many lines it is."""

    def pieces() -> Iterator[str]:
        taken = 0
        for line in lines:
            taken += len(line)
            if taken > _LONGEST_ROW:
                raise csv.Error(f"a row of more than {_LONGEST_ROW} characters")
            yield line

    # strict: otherwise a quotation mark that is never closed swallows the rest of the file in silence.
    reader = csv.reader(pieces(), delimiter=delimiter, strict=True)
    return next(reader), reader.line_num


def _cut(text: TextFile, layout: FixedWidth) -> Iterator[Row]:
    for number, line in enumerate(text.lines(_LONGEST_ROW + 1), 1):
        if len(line) > _LONGEST_ROW or number > _MOST_ROWS:
            raise MalformedFile(
                text.path, number, f"more than {_MOST_ROWS} rows or {_LONGEST_ROW} characters in one"
            )
        if number >= layout.first_line:
            yield Row(number, layout.cells(line))
