"""CSV that Excel opens as it should, and JSON Lines."""

import csv
import datetime
import json
import os
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from econtador.documents import Cnpj, Cpf
from econtador.exports.tabular import Items, tabular
from econtador.formulas import guarded
from econtador.integration.encodings import encodable, known_encoding

__all__ = ["Written", "shown", "write_csv", "write_jsonl"]


@frozen
class Written:
    """What came of writing a file."""

    rows: int
    """Below the header."""
    changed: int = 0
    """Cells with characters that the encoding has not, which were written otherwise or left out."""


def shown(cell: object) -> str:
    """A cell as a person reads it: documents with their mask, dates as dd/mm/aaaa, S and N."""
    match cell:
        case None:
            return ""
        case bool():
            return "S" if cell else "N"
        case Cnpj() | Cpf():
            return cell.format()
        case datetime.date():
            # The months of a year before 1000 would be read as its day.
            return f"{cell:%d/%m/%Y}" if cell.year > 999 else cell.isoformat()
        case _:
            return str(cell)


def write_csv(items: Items, path: str | os.PathLike[str], *, encoding: str = "utf-8-sig") -> Written:
    """Write *items* as CSV for Excel: ``;``, and UTF-8 with its mark unless told.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it, which the readers take off
    again. Documents have their mask, or Excel would take them for numbers. **Personal data is in it.**

    :param encoding: ``"cp1252"`` for programs of Windows that know no other. A character that it has not is written
        in the usual other way or left out, never as ``?``; see `Written.changed`.
    :raises ValueError: an encoding that Python does not know.
    :raises TypeError: the items are not of one kind, or of none that can be written.
    :raises OSError: the file cannot be written.

    >>> import pathlib, tempfile
    >>> from econtador import UsuarioGap
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "usuarios.csv"
    ...     _ = write_csv([UsuarioGap("ANA", "=1+1", "529.982.247-25")], file)
    ...     print(file.read_text("utf-8-sig"))
    Código;Nome;CPF;E-mail;Grupo;Administrador;Data Desligamento
    ANA;'=1+1;529.982.247-25;;;N;
    <BLANKLINE>
    """
    known = known_encoding(encoding) or encoding
    table = tabular(items)
    rows = changed = 0
    with Path(path).open("w", encoding=known, newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        if table.headers:
            writer.writerow(table.headers)
        for row in table.rows:
            texts = [guarded(shown(cell)) for cell in row]
            fitting = [encodable(text, known).text for text in texts]
            rows += 1
            changed += sum(one != other for one, other in zip(texts, fitting, strict=True))
            writer.writerow(fitting)
    return Written(rows, changed)


def write_jsonl(items: Items, path: str | os.PathLike[str]) -> Written:
    """Write *items* as JSON Lines in UTF-8, one object a line: the names and values of `to_dicts`, dates as ISO.

    :raises TypeError: the items are not of one kind, or of none that can be written.
    :raises OSError: the file cannot be written.
    """
    rows = 0
    with Path(path).open("w", encoding="utf-8", newline="\n") as file:
        for line in _lines(items):
            file.write(line + "\n")
            rows += 1
    return Written(rows)


def _lines(items: Items) -> Iterator[str]:
    table = tabular(items)
    for row in table.rows:
        plain = [
            cell.value
            if isinstance(cell, Cnpj | Cpf)
            else cell.isoformat()
            if isinstance(cell, datetime.date)
            else cell
            for cell in row
        ]
        yield json.dumps(dict(zip(table.names, plain, strict=True)), ensure_ascii=False)
