"""From a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods) to rows. The only import of python-calamine, and a late one."""

import contextlib
import io
import os
import re
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from econtador.errors import MalformedFile
from econtador.gap.cells import text_of
from econtador.gap.headers import Candidate, Form, Row
from econtador.gap.sheet_errors import cells_in_error, column_of

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

    _Loaded: TypeAlias = tuple[CalamineSheet, Mapping[tuple[int, int], str]]

__all__ = ["refuse_several", "sheets"]

_ZIP: Final = b"PK\x03\x04"
_MOST_UNPACKED: Final = 2 * 1024**3
"""Bytes of a workbook's parts together: a sheet of a million rows has 0.3 of it."""
_MOST_CELLS: Final = 50_000_000
"""Of one sheet, from its first corner to its last: a million rows of 48 columns."""
_HEAD: Final = 4096
_DIMENSION: Final = re.compile(rb'<dimension ref="[A-Z]{1,3}[0-9]{1,7}:([A-Z]{1,3})([0-9]{1,7})"')
_DAMAGED: Final = "a spreadsheet that was cut off or damaged"
_INSTALL: Final = "a spreadsheet, which takes python-calamine to read: pip install 'econtador[planilhas]'"


def sheets(path: str | os.PathLike[str], sheet: str | None) -> tuple[Form, ...]:
    """The visible sheets, or the one that is named.

    :raises MalformedFile: no workbook, one with a password, no such sheet, or python-calamine is not there.
    """
    name = os.fspath(path)
    data = Path(path).read_bytes()
    book = _book(name, data)
    from python_calamine import SheetVisibleEnum  # there, or there were no book

    visible = [about.name for about in book.sheets_metadata if about.visible == SheetVisibleEnum.Visible]
    if sheet is not None and sheet not in book.sheet_names:
        raise MalformedFile(name, 1, f"no sheet {sheet!r}, it has: {', '.join(book.sheet_names)}")
    wanted = visible or book.sheet_names if sheet is None else [sheet]
    # A sheet is read once, though its rows begin anew for the header and for what is below it.
    loaders = {title: cache(partial(_loaded, name, data, book, title)) for title in wanted}
    return tuple(Form(partial(_rows, load), sheet=title) for title, load in loaders.items())


def refuse_several(file: str, tried: list[Candidate | MalformedFile], required: tuple[str, ...]) -> None:
    """Raise MalformedFile where the header stands in more than one sheet: which is meant has to be said."""
    rows = (candidate for candidate in tried if isinstance(candidate, Candidate))
    found = sorted({row.form.sheet for row in rows if row.whole(required)})
    if len(found) > 1:
        raise MalformedFile(
            file,
            1,
            f"the header stands in several sheets, say which one: sheet={found[0]!r} or "
            + " or ".join(map(repr, found[1:])),
        )


@contextlib.contextmanager
def _refused(name: str) -> Generator[None, None, None]:
    """What python-calamine raises for a broken workbook, as an error of reading."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
        return
    except PasswordError:
        reason = "a spreadsheet with a password: save it without one"
    except CalamineError as error:
        reason = f"not a spreadsheet ({error})"
    except BaseException as error:
        # Rust's panics are no Exception, and their class has no name to import.
        if type(error).__name__ != "PanicException":
            raise
        reason = _DAMAGED
    raise MalformedFile(name, 1, reason)


def _book(name: str, data: bytes) -> "CalamineWorkbook":
    try:
        from python_calamine import CalamineWorkbook
    except ModuleNotFoundError:
        pass
    else:
        _refuse_endless(name, data)
        with _refused(name):
            return CalamineWorkbook.from_filelike(io.BytesIO(data))
    raise MalformedFile(name, 1, _INSTALL)


@contextlib.contextmanager
def _unpacked(name: str) -> Generator[None, None, None]:
    """What zipfile raises for a broken file, as an error of reading."""
    from zipfile import BadZipFile

    try:
        yield
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise MalformedFile(name, 1, _DAMAGED) from None


def _refuse_endless(name: str, data: bytes) -> None:
    """Raise MalformedFile unless unpacking the file and spreading it out has an end."""
    from zipfile import ZipFile

    if not data.startswith(_ZIP):
        return
    with _unpacked(name), ZipFile(io.BytesIO(data)) as parts:
        size = sum(part.file_size for part in parts.infolist())
        begins = [parts.open(part).read(_HEAD) for part in parts.namelist() if _is_sheet(part)]
    if size > _MOST_UNPACKED or max(map(_area, begins), default=0) > _MOST_CELLS:
        told = f"a spreadsheet of more than {_MOST_UNPACKED} bytes or {_MOST_CELLS} cells"
        raise MalformedFile(name, 1, f"{told}: delete what stands far outside of the table")


def _is_sheet(part: str) -> bool:
    return part.startswith("xl/worksheets/") and part.endswith(".xml")


def _area(begin: bytes) -> int:
    """How many cells there are between a sheet's corners, as it says of itself; blank ones take memory too."""
    found = _DIMENSION.search(begin)
    return (column_of(found[1]) + 1) * int(found[2]) if found else 0


def _loaded(name: str, data: bytes, book: "CalamineWorkbook", title: str) -> "_Loaded":
    with _refused(name):
        sheet = book.get_sheet_by_name(title)
    with _unpacked(name):
        return sheet, cells_in_error(data, title)


def _rows(load: "Callable[[], _Loaded]") -> Iterator[Row]:
    sheet, failed = load()
    width = 1 + max((column for _, column in failed), default=-1)
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells = tuple(map(text_of, values))
        if failed:
            cells += ("",) * (width - len(cells))
            cells = tuple(failed.get((number, place), cell) for place, cell in enumerate(cells))
        yield Row(number, cells)
