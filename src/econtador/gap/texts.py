"""A file of text: which encoding its bytes are in, and its lines, never all of it at once."""

import codecs
import contextlib
import io
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Final, TextIO

from attrs import frozen

from econtador.errors import EmptyFile, MalformedFile, MissingFile, WrongEncoding

__all__ = ["TextFile", "decode", "first_bytes", "text_file"]

_CHUNK: Final = 1 << 16
# UTF-32 before UTF-16: the mark of the one begins with the mark of the other.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@frozen
class TextFile:
    """A file whose bytes were seen to be text in `encoding`."""

    path: str
    encoding: str

    def lines(self, longest: int) -> Iterator[str]:
        """Its lines with their ends; a line of more than *longest* characters comes in pieces."""
        with _opened(self.path, self.encoding) as file:
            if first := file.readline(longest).removeprefix("\ufeff"):
                yield first
            while line := file.readline(longest):
                yield line


# --------------------------------------------------------------------------- opening


@contextlib.contextmanager
def _told(path: str) -> Generator[None, None, None]:
    try:
        yield
        return
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except UnicodeError:  # it was text when it was looked at
        reason = "it changed while it was read"
    except ValueError as error:  # a path with a NUL in it
        reason = str(error)
    raise MissingFile(path, reason)


@contextlib.contextmanager
def _opened(path: str, encoding: str) -> Generator[TextIO, None, None]:
    with _told(path), Path(path).open(encoding=encoding, newline="") as file:
        yield file


def first_bytes(path: str | os.PathLike[str], most_bytes: int) -> bytes:
    """The first bytes, by which a file's kind is known.

    :raises MissingFile: it cannot be opened, or is not one that can be read twice.
    :raises MalformedFile: more than *most_bytes*.
    """
    name = os.fspath(path)
    with _told(name):
        size = Path(path).stat().st_size
        with Path(path).open("rb") as file:
            if not file.seekable():
                raise MissingFile(name, "not a file that can be read twice")
            begin = file.read(512)
    if size > most_bytes:
        raise MalformedFile(name, 1, f"more than {most_bytes} bytes")
    return begin


# --------------------------------------------------------------------------- encodings


def decode(file: str, data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text of *data* and its encoding: the given one, else by its mark, else UTF-8, else cp1252.

    UTF-8 is strict, and text of another encoding is all but never valid UTF-8, so trying it first is
    safe. GAP is a Windows program: cp1252 is *assumed* for what is not.

    :raises WrongEncoding: some bytes are no text in it.

    >>> decode("e.csv", "Razão".encode("cp1252"))
    ('Razão', 'cp1252')
    """
    known = encoding or _marked(data)
    if encoding is None and known is None:
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode("utf-8"), "utf-8"
        known = "cp1252"
    return _strictly(file, data, known or ""), known or ""


def _strictly(file: str, data: bytes, encoding: str) -> str:
    # Raised outside of `except`: the UnicodeError would carry the whole file with it.
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeError as error:
        where, name = error.start if isinstance(error, UnicodeDecodeError) else 0, encoding
    except (LookupError, ValueError):
        where, name = 0, _unknown(encoding)
    raise WrongEncoding(file, name, data.count(b"\n", 0, where) + 1)


def _marked(data: bytes) -> str | None:
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def _unknown(encoding: str) -> str:
    return f"{encoding} (an encoding that Python does not know)"


def text_file(path: str | os.PathLike[str], begin: bytes, encoding: str | None) -> TextFile:
    """The file as text; *begin* are its first bytes. All of it is looked at, a piece at a time; see `decode`.

    :raises WrongEncoding: some bytes are no text in the encoding.
    :raises EmptyFile: there is nothing but blanks.
    """
    name = os.fspath(path)
    marked = _marked(begin) if encoding is None else encoding
    names = ("utf-8", "cp1252") if marked is None else (marked,)
    for tried in names[:-1]:
        if isinstance(_looked_at(name, tried), TextFile):
            return TextFile(name, tried)
    found = _looked_at(name, names[-1])
    if isinstance(found, WrongEncoding):
        raise found
    return found


def _looked_at(path: str, encoding: str) -> TextFile | WrongEncoding:
    blank, name, wrong = True, encoding, -1
    # Raised outside of `except`: the UnicodeError would carry a piece of the file with it.
    with _told(path), Path(path).open("rb") as data:
        try:
            # Its lines are nothing to this: not to look for them saves two thirds.
            text = io.TextIOWrapper(data, encoding=encoding, newline="\n")
            while piece := text.read(_CHUNK):
                blank = blank and not piece.lstrip("\ufeff").strip()
        except UnicodeDecodeError as error:
            wrong = data.tell() - len(error.object) + error.start
        except UnicodeError:
            wrong = 0
        except (LookupError, ValueError):
            name, wrong = _unknown(encoding), 0
    if wrong >= 0:
        return WrongEncoding(path, name, _lines_before(path, wrong) + 1)
    if blank:
        raise EmptyFile(path)
    return TextFile(path, encoding)


def _lines_before(path: str, position: int) -> int:
    count = 0
    with _told(path), Path(path).open("rb") as data:
        while position > 0 and (piece := data.read(min(_CHUNK, position))):
            count += piece.count(b"\n")
            position -= len(piece)
    return count
