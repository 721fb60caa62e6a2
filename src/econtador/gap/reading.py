"""What reading one of the office's files gives: the good records, and a line for everything that was not.

Personal values (documento, cpf, email) are kept for the program and never shown by ``repr`` or ``str``.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from attrs import frozen

from econtador.errors import redact
from econtador.overriding import override
from econtador.showing.face import Framed, Shown

if TYPE_CHECKING:
    from econtador.gap.tabular import Tabular
    from econtador.showing.page import Page

__all__ = ["Note", "Problem", "Reading", "Repair", "described"]

R = TypeVar("R", covariant=True)

# The empty field is a row that does not fit its header: anything may have slipped into it.
_HIDDEN: Final = frozenset({"", "documento", "cpf", "email"})
_SHOWN_CHARACTERS: Final = 40


def in_view(field: str, value: str) -> str:
    """*value* as it may be shown: not at all where the field is a person's."""
    return "***" if field in _HIDDEN and value else redact(value)[:_SHOWN_CHARACTERS]


def _place(file: str, line: int, field: str) -> str:
    return f"{file}, linha {line}" + (f", {field}" if field else "")


def described(encoding: str, delimiter: str, sheet: str) -> str:
    """How a source was read, in brackets; empty for rows, of which there is nothing to say."""
    parts = (
        encoding,
        f"separador {delimiter!r}" if delimiter else "",
        f"planilha {sheet!r}" if sheet else "",
    )
    said = ", ".join(part for part in parts if part)
    return f" ({said})" if said else ""


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


@frozen(repr=False)
class Problem:
    """One thing in one row that a person has to mend. `message` is Portuguese, `code` is stable.

    >>> print(Problem("e.csv", 7, "uf", "XX", "não é a sigla de um estado", "uf-desconhecida"))
    e.csv, linha 7, uf: não é a sigla de um estado ('XX')
    >>> print(Problem("e.csv", 7, "documento", "52998224726", "CPF com dígito errado", "cpf-digito"))
    e.csv, linha 7, documento: CPF com dígito errado
    """

    file: str
    line: int
    """Of the file as an editor counts it, from 1; where the row begins, if a cell spans lines."""
    field: str
    """Our name of the field; empty when it is the row as a whole."""
    value: str
    message: str
    code: str

    @override
    def __str__(self) -> str:
        shown = f" ({in_view(self.field, self.value)!r})" if self.value and self.field not in _HIDDEN else ""
        return f"{_place(self.file, self.line, self.field)}: {self.message}{shown}"

    @override
    def __repr__(self) -> str:
        return (
            f"Problem(file={self.file!r}, line={self.line}, field={self.field!r}, "
            f"value={in_view(self.field, self.value)!r}, message={self.message!r}, code={self.code!r})"
        )


@frozen(repr=False)
class Repair:
    """One value that was mended while reading: the zeros that a spreadsheet ate, say.

    >>> print(Repair("e.csv", 7, "codigo", "7", "00007", "zeros à esquerda repostos"))
    e.csv, linha 7, codigo: zeros à esquerda repostos ('7' → '00007')
    """

    file: str
    line: int
    field: str
    before: str
    after: str
    message: str

    @override
    def __str__(self) -> str:
        hidden = self.field in _HIDDEN
        shown = "" if hidden else f" ({in_view('-', self.before)!r} → {in_view('-', self.after)!r})"
        return f"{_place(self.file, self.line, self.field)}: {self.message}{shown}"

    @override
    def __repr__(self) -> str:
        return (
            f"Repair(file={self.file!r}, line={self.line}, field={self.field!r}, "
            f"before={in_view(self.field, self.before)!r}, after={in_view(self.field, self.after)!r}, "
            f"message={self.message!r})"
        )


@frozen
class Note:
    """Something to know of one row that nobody has to mend.

    >>> print(Note("e.xlsx", 50, "a última linha é de totais e ficou de fora"))
    e.xlsx, linha 50: a última linha é de totais e ficou de fora
    """

    file: str
    line: int
    message: str
    """In Portuguese."""

    @override
    def __str__(self) -> str:
        return f"{_place(self.file, self.line, '')}: {self.message}"


@frozen(repr=False)
class Reading(Shown, Framed, Generic[R]):
    """What came of one file or of rows. ``print`` it, and look at `problems` before using `records`.

    A record whose document is not valid is in `records` *and* has a problem: the plan has to show it
    as refused. A row with any other problem is not in `records`.

    >>> Reading("e.csv", (), (), (), "cp1252", ";", {"codigo": "Cód."}, ("Fax",)).summary
    "e.csv: 0 registros lidos, 0 problemas, 0 correções (cp1252, separador ';'; colunas sem uso: 1)"
    """

    file: str
    records: tuple[R, ...]
    problems: tuple[Problem, ...]
    repairs: tuple[Repair, ...]
    encoding: str
    """Empty where the source is no text."""
    delimiter: str
    """Empty where there is none."""
    columns: Mapping[str, str]
    """Our name of each field that was found, and the header it was found under."""
    ignored: tuple[str, ...]
    """The file's headers that nothing was read from."""
    sheet: str = ""
    """The workbook's sheet."""
    notes: tuple[Note, ...] = ()
    """Rows that were left out and are no problem."""

    @property
    @override
    def summary(self) -> str:
        """The file, how it was read, and how much came of it."""
        counts = ", ".join(
            (
                _count(len(self.records), "registro lido", "registros lidos"),
                _count(len(self.problems), "problema", "problemas"),
                _count(len(self.repairs), "correção", "correções"),
            )
        )
        how = described(self.encoding, self.delimiter, self.sheet)
        unused = f"colunas sem uso: {len(self.ignored)}" if self.ignored else ""
        if unused:
            how = f"{how[:-1]}; {unused})" if how else f" ({unused})"
        left_out = "".join(f"; {note.message} (linha {note.line})" for note in self.notes)
        return f"{self.file}: {counts}{how}{left_out}"

    @override
    def _page(self) -> "Page":
        from econtador.gap.pages import reading_page

        return reading_page(self)

    @override
    def tabular(self) -> "Tabular":
        from econtador.gap.tabular import of_records

        return of_records(self.records, self.columns)
