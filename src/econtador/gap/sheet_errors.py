"""Cells of an .xlsx whose formula failed (``#N/D``): python-calamine gives them as empty, and they are not.

Of .xls and .ods nothing tells them from empty ones.
"""

import io
import re
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Final
from xml.sax.saxutils import unescape

if TYPE_CHECKING:
    from zipfile import ZipFile

__all__ = ["cells_in_error", "column_of"]

_PIECE: Final = 1 << 20
_OVERLAP: Final = 1 << 13
"""Longer than a cell that failed: its formula has at most 8,192 characters."""
_FAILED: Final = re.compile(
    rb'<c\s([^<>]*\bt="e"[^<>]*)>(?:<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?<v>([^<]{1,20})</v>'
)
_PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_SHEET: Final = re.compile(r"<(?:\w+:)?sheet\s([^<>]*)/?>")
_RELATION: Final = re.compile(r"<Relationship\s([^<>]*)/?>")
_ATTRIBUTE: Final = re.compile(r'([\w:]+)="([^"]*)"')


def column_of(letters: bytes) -> int:
    """The position of a column, from 0.

    >>> column_of(b"A"), column_of(b"XFD")
    (0, 16383)
    """
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def cells_in_error(data: bytes, title: str) -> Mapping[tuple[int, int], str]:
    """What stands in the failed cells of the sheet *title*, by row (from 1) and position (from 0)."""
    from zipfile import ZipFile

    if not data.startswith(b"PK"):
        return {}
    with ZipFile(io.BytesIO(data)) as parts:
        part = _part_of(parts, title)
        if part not in parts.namelist():
            return {}
        with parts.open(part) as file:
            return dict(_failed(file))


def _failed(file: IO[bytes]) -> Iterator[tuple[tuple[int, int], str]]:
    before = b""
    while piece := file.read(_PIECE):
        text = before + piece
        for found in _FAILED.finditer(text) if b't="e"' in text else ():
            if place := _PLACE.search(found[1]):
                yield (int(place[2]), column_of(place[1])), found[2].decode("utf-8", "replace")
        before = text[-_OVERLAP:]


def _part_of(parts: "ZipFile", title: str) -> str:
    relations = {
        one.get("Id"): one.get("Target", "") for one in _tags(parts, "xl/_rels/workbook.xml.rels", _RELATION)
    }
    for sheet in _tags(parts, "xl/workbook.xml", _SHEET):
        if unescape(sheet.get("name", ""), {"&quot;": '"', "&apos;": "'"}) == title:
            target = relations.get(sheet.get("r:id"), "")
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _tags(parts: "ZipFile", part: str, tag: re.Pattern[str]) -> Iterator[Mapping[str, str]]:
    if part in parts.namelist():
        for found in tag.finditer(parts.read(part).decode("utf-8", "replace")):
            yield dict(_ATTRIBUTE.findall(found[1]))
