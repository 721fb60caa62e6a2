"""From the bytes of a CSV file to rows under a header: encoding, delimiter, header row.

``csv.Sniffer`` has no part in it (it can pick a letter as delimiter), and no statistics either: a
delimiter is right when it makes a row of known headers out of one of the first rows.
"""

import codecs
import contextlib
import csv
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from attrs import frozen

from econtador.errors import (
    EmptyFile,
    HeaderNotFound,
    MalformedFile,
    MissingFile,
    UnknownColumn,
    WrongEncoding,
    redact,
)
from econtador.gap.columns import Layout, Match, match

__all__ = ["HEADER_ROWS", "Row", "Table", "decode", "read_table"]

HEADER_ROWS: Final = 15
"""How many rows, blank ones counted, are looked at for the header. Prosoft's reports have titles above
it; 15 is what a third-party reader of them found enough."""

_DELIMITERS: Final = (";", "\t", ",")
# The file comes from anywhere, and reading it must end. Rows and columns are those of a spreadsheet; all of GAP's
# fields together are under 1,000 characters, and its códigos end at 99999: none of these is met by an export.
_MOST_BYTES: Final = 256 * 1024 * 1024
_MOST_ROWS: Final = 1_048_576
_MOST_CELLS: Final = 16_384
_LONGEST_ROW: Final = 1_000_000
# As a file that is opened with newline="" has them, and without the copy of the text that io.StringIO would be.
_LINE: Final = re.compile(r"[^\r\n]+(?:\r\n?|\n)?|\r\n?|\n")
# UTF-32 before UTF-16: the mark of the one begins with the mark of the other.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@frozen
class Row:
    """The cells of one row and the physical line it begins on."""

    line: int
    cells: tuple[str, ...]


@frozen
class Table:
    """Rows under a header; blank rows are left out. What a spreadsheet would be read into as well."""

    file: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    index: Mapping[str, int]
    """Field to position."""
    rows: tuple[Row, ...]

    @property
    def columns(self) -> dict[str, str]:
        """Field to header."""
        return {name: self.header[position] for name, position in self.index.items()}

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headers that serve no field."""
        used = set(self.index.values())
        return tuple(head for position, head in enumerate(self.header) if head and position not in used)


@frozen
class _Candidate:
    delimiter: str
    row: Row
    match: Match

    def missing(self, required: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in required if name not in self.match.index)

    def rank(self, required: Sequence[str]) -> tuple[bool, int]:
        whole = not self.missing(required) and not self.match.lacking
        return whole, len(self.match.index)


# --------------------------------------------------------------------------- bytes to text


def _read_bytes(path: str | os.PathLike[str]) -> bytes:
    try:
        if Path(path).stat().st_size <= _MOST_BYTES:
            return Path(path).read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except ValueError as error:  # a path with a NUL in it
        reason = str(error)
    else:
        raise MalformedFile(os.fspath(path), 1, f"more than {_MOST_BYTES} bytes")
    raise MissingFile(os.fspath(path), reason)


def _strictly(file: str, data: bytes, encoding: str) -> str:
    # Raised outside of `except`: the UnicodeError would carry the whole file with it.
    try:
        return data.decode(encoding)
    except UnicodeError as error:
        where, name = error.start if isinstance(error, UnicodeDecodeError) else 0, encoding
    except (LookupError, ValueError):
        where, name = 0, f"{encoding} (an encoding that Python does not know)"
    raise WrongEncoding(file, name, data.count(b"\n", 0, where) + 1)


def decode(file: str, data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text of *data* and its encoding: the given one, else by its mark, else UTF-8, else cp1252.

    UTF-8 is strict, and text of another encoding is all but never valid UTF-8, so trying it first is
    safe. GAP is a Windows program: cp1252 is *assumed* for what is not.

    :raises WrongEncoding: some bytes are no text in it.

    >>> decode("e.csv", "Razão".encode("cp1252"))
    ('Razão', 'cp1252')
    """
    if encoding is None:
        encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding is not None:
        return _strictly(file, data, encoding).removeprefix("\ufeff"), encoding
    with contextlib.suppress(UnicodeDecodeError):
        return data.decode("utf-8"), "utf-8"
    return _strictly(file, data, "cp1252"), "cp1252"


# --------------------------------------------------------------------------- text to rows


def _rows(file: str, text: str, delimiter: str) -> Iterator[Row]:
    # strict: otherwise a quotation mark that is never closed swallows the rest of the file in silence.
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        for found in _LINE.finditer(text):
            taken += found.end() - found.start()
            if taken > _LONGEST_ROW:
                raise csv.Error(f"a row of more than {_LONGEST_ROW} characters")
            yield found[0]

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    line = 1
    try:
        for count, cells in enumerate(reader, 1):
            if len(cells) > _MOST_CELLS or count > _MOST_ROWS:
                raise csv.Error(f"more than {_MOST_ROWS} rows or {_MOST_CELLS} columns")
            yield Row(line, tuple(cell.strip() for cell in cells))
            line, taken = reader.line_num + 1, 0
    except csv.Error as error:
        raise MalformedFile(file, line, f"not a table ({error})") from None


def _candidates(
    file: str, text: str, layout: Layout, columns: Mapping[str, str]
) -> Iterator[_Candidate | MalformedFile]:
    for delimiter in _DELIMITERS:
        try:
            for row in islice(_rows(file, text, delimiter), HEADER_ROWS):
                yield _Candidate(delimiter, row, match(row.cells, layout, columns))
        except MalformedFile as error:  # no wonder under a wrong delimiter
            yield error


def _harmless(cells: Sequence[str]) -> tuple[str, ...]:
    # The best row may be a row of data: no documents, no e-mails, no endless cells in the error.
    shown = (redact(cell)[:40] for cell in cells if cell)
    return tuple("***" if len(re.findall(r"\d", cell)) > 4 else cell for cell in islice(shown, 20))


def _header(file: str, text: str, layout: Layout, columns: Mapping[str, str]) -> _Candidate:
    tried = list(_candidates(file, text, layout, columns))
    rows = [candidate for candidate in tried if isinstance(candidate, _Candidate)]
    errors = [error for error in tried if isinstance(error, MalformedFile)]
    if not rows:
        raise errors[0]
    # max() takes the first of equals: the upper row, and `;` before the tab before the comma.
    best = max(rows, key=lambda candidate: candidate.rank(layout.required))
    missing = best.missing(layout.required)
    if best.match.lacking and best.match.index:
        raise UnknownColumn(file, best.match.lacking[0], _harmless(best.row.cells))
    if missing:
        searched = sum(candidate.delimiter == best.delimiter for candidate in rows)
        raise HeaderNotFound(file, searched, missing, _harmless(best.row.cells))
    return best


def read_table(
    path: str | os.PathLike[str], layout: Layout, columns: Mapping[str, str], encoding: str | None
) -> Table:
    """Read a CSV file whose header is that of *layout*, or as *columns* (field to header) says.

    :raises ReadError: any of its kinds; see `econtador.gap.readers.read_empresas`.
    """
    file = os.fspath(path)
    for name in columns:
        if name not in layout.words:
            raise UnknownColumn(file, name, tuple(layout.words))
    text, found = decode(file, _read_bytes(path), encoding)
    if not text or text.isspace():
        raise EmptyFile(file)
    best = _header(file, text, layout, columns)
    rows = tuple(
        row for row in _rows(file, text, best.delimiter) if row.line > best.row.line and any(row.cells)
    )
    if not rows:
        raise EmptyFile(file)
    return Table(file, found, best.delimiter, best.row.cells, best.match.index, rows)
