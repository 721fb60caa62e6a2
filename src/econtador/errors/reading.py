"""Files of the office that cannot be read as a whole."""

from typing import ClassVar

from attrs import define

from econtador.errors.root import EcontadorError
from econtador.overriding import override

__all__ = [
    "EmptyFile",
    "HeaderNotFound",
    "MalformedFile",
    "MissingFile",
    "ReadError",
    "UnknownColumn",
    "WrongEncoding",
]


class ReadError(EcontadorError):
    """A file that cannot be read as a whole. A bad *row* is no error: see ``Reading.problems``."""

    code: ClassVar[str] = "read"


@define(slots=False, repr=False)
class MissingFile(ReadError):
    """The file is not there, or cannot be opened."""

    code: ClassVar[str] = "missing-file"
    file: str
    reason: str

    @override
    def __str__(self) -> str:
        return f"{self.file}: cannot be opened ({self.reason}); check the path and the permissions"


@define(slots=False, repr=False)
class WrongEncoding(ReadError):
    """The bytes are not text in the encoding that was found or asked for."""

    code: ClassVar[str] = "wrong-encoding"
    file: str
    encoding: str
    line: int

    @override
    def __str__(self) -> str:
        return (
            f"{self.file}, line {self.line}: not {self.encoding} text; "
            "export it again as UTF-8 or Windows (cp1252), or say encoding='cp850'"
        )


@define(slots=False, repr=False)
class MalformedFile(ReadError):
    """The text is not a table."""

    code: ClassVar[str] = "malformed-file"
    file: str
    line: int
    reason: str

    @override
    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}; export it again as CSV"


@define(slots=False, repr=False)
class EmptyFile(ReadError):
    """Nothing in the file, or nothing below its header."""

    code: ClassVar[str] = "empty-file"
    file: str

    @override
    def __str__(self) -> str:
        return f"{self.file}: no rows; was the export filtered, or interrupted?"


@define(slots=False, repr=False)
class HeaderNotFound(ReadError):
    """None of the first rows names the columns that are needed."""

    code: ClassVar[str] = "header-not-found"
    file: str
    rows: int
    """How many rows were searched."""
    missing: tuple[str, ...]
    """The fields for which the best row had no column."""
    seen: tuple[str, ...]
    """The cells of the best row."""

    @override
    def __str__(self) -> str:
        seen = ", ".join(self.seen) or "nothing"
        example = f"columns={{{self.missing[0]!r}: 'its header'}}" if self.missing else "columns="
        return (
            f"{self.file}: no header in the first {self.rows} rows has {', '.join(self.missing)} "
            f"(best row: {seen}); name the columns with {example}"
        )


@define(slots=False, repr=False)
class UnknownColumn(ReadError):
    """``columns=`` names a field that does not exist, or a header that the file does not have."""

    code: ClassVar[str] = "unknown-column"
    file: str
    name: str
    known: tuple[str, ...]

    @override
    def __str__(self) -> str:
        return f"{self.file}: columns= names {self.name!r}, which is none of: {', '.join(self.known)}"
