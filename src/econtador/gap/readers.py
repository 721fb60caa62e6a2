"""Read the office's companies and users from CSV: all good rows, and a problem for each bad one.

Three steps that know nothing of each other: `tables` makes rows of bytes, `columns` makes fields of
headers, `rows` makes a record of a row. Here they meet.
"""

import os
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from attrs import evolve

from econtador.errors import Fault
from econtador.gap.columns import EMPRESAS, USUARIOS
from econtador.gap.models import EmpresaGap, Proemp, UsuarioGap
from econtador.gap.reading import Problem, Reading, Repair
from econtador.gap.rows import Outcome, empresa_from_row, usuario_from_row
from econtador.gap.tables import Row, Table, read_table

__all__ = ["Problem", "Reading", "Repair", "read_empresas", "read_usuarios"]

R = TypeVar("R")

_ZEROS: Final = "zeros à esquerda repostos"
_TOO_MANY: Final = Fault("", "celulas-a-mais", "a linha tem mais células do que o cabeçalho")


def read_empresas(
    path: str | os.PathLike[str],
    *,
    proemp: str | Proemp | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Reading[EmpresaGap]:
    """Read companies from a CSV file.

    The header is looked for in the first 15 rows, under ``;``, tab or comma; its words may be any in
    use (see `econtador.gap.columns`). Needed are código, razão social, documento and the PROEMP.

    :param path: the file.
    :param proemp: for the rows that name none. A row's own goes first.
    :param columns: our field name to the file's header, where the words are others. ``tipo_logradouro``
        is a field here too: it is joined with ``endereco``.
    :param encoding: where neither UTF-8, UTF-16 with its mark nor cp1252 is right; ``"cp850"``, say.
    :raises MissingFile: the file cannot be opened.
    :raises WrongEncoding: its bytes are no text, or *encoding* is unknown.
    :raises MalformedFile: its text is no table, or more than a spreadsheet holds: 256 MiB, 1,048,576 rows,
        16,384 columns, 1,000,000 characters in one row.
    :raises EmptyFile: nothing in it, or nothing below its header.
    :raises HeaderNotFound: no row names the columns that are needed.
    :raises UnknownColumn: *columns* names a field that does not exist, or a header that the file lacks.
    :raises InvalidRecord: *proemp* is no PROEMP.

    >>> import pathlib, tempfile
    >>> text = "Código;Razão Social;CNPJ\\n7;PADARIA LTDA;11222333000181\\nx;BAR;191\\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "empresas.csv"
    ...     _ = file.write_text(text, "cp1252")
    ...     lidas = read_empresas(file, proemp="PROEMP00")
    >>> lidas.records
    (EmpresaGap(codigo='00007', proemp=Proemp(name='PROEMP00'), razao_social='PADARIA LTDA', \
documento=Cnpj('11.222.333/0001-81')),)
    >>> [(problem.line, problem.field, problem.code) for problem in lidas.problems]
    [(3, 'codigo', 'codigo-formato'), (3, 'documento', 'documento-ambiguo')]
    """
    default = Proemp(proemp) if isinstance(proemp, str) else proemp
    layout = EMPRESAS if default else evolve(EMPRESAS, required=(*EMPRESAS.required, "proemp"))
    table = read_table(path, layout, columns or {}, encoding)
    return _reading(table, lambda row: empresa_from_row(row, default))


def read_usuarios(
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Reading[UsuarioGap]:
    """Read users from a CSV file. Needed are código and nome; for the rest see `read_empresas`.

    :raises ReadError: the file cannot be read as a whole, as with `read_empresas`.
    """
    return _reading(read_table(path, USUARIOS, columns or {}, encoding), usuario_from_row)


def _reading(table: Table, build: Callable[[Mapping[str, str]], Outcome[R]]) -> Reading[R]:
    records: list[R] = []
    problems: list[Problem] = []
    repairs: list[Repair] = []
    for row in table.rows:
        values = {name: _cell(row, position) for name, position in table.index.items()}
        outcome = build(values)
        extra = tuple(cell for cell in row.cells[len(table.header) :] if cell)
        faults = (*outcome.faults, _TOO_MANY) if extra else outcome.faults
        values[""] = " ".join(extra)
        problems.extend(
            Problem(table.file, row.line, fault.field, values.get(fault.field, ""), fault.message, fault.code)
            for fault in faults
        )
        if outcome.record is None or extra:
            continue
        records.append(outcome.record)
        repairs.extend(
            Repair(table.file, row.line, zeros.name, zeros.before, zeros.after, _ZEROS)
            for zeros in outcome.zeros
        )
    return Reading(
        table.file,
        tuple(records),
        tuple(problems),
        tuple(repairs),
        table.encoding,
        table.delimiter,
        table.columns,
        table.ignored,
    )


def _cell(row: Row, position: int) -> str:
    return row.cells[position] if position < len(row.cells) else ""
