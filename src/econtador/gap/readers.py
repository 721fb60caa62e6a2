"""Read the office's companies and users: all good rows, and a problem for each bad one.

Three steps that know nothing of each other: `sources` makes rows of whatever it is, `columns` makes fields of
headers, `rows` makes a record of a row. Here they meet.
"""

from collections.abc import Callable, Mapping

from attrs import evolve

from econtador.gap.clean_rows import clean_empresas
from econtador.gap.columns import EMPRESAS, USUARIOS
from econtador.gap.fixed_width import FixedWidth
from econtador.gap.models import EmpresaGap, Proemp, UsuarioGap
from econtador.gap.reading import Note, Problem, Reading, Repair
from econtador.gap.rows import empresa_from_row, usuario_from_row
from econtador.gap.sources import How, Source, open_table
from econtador.gap.stream import Stream

__all__ = [
    "MAX_PROBLEMS",
    "Note",
    "Problem",
    "Reading",
    "Repair",
    "Source",
    "Stream",
    "iter_empresas",
    "iter_usuarios",
    "read_empresas",
    "read_usuarios",
]

MAX_PROBLEMS = 10_000
"""How many problems, and how many repairs, a stream keeps unless told; further ones are counted."""


def read_empresas(
    source: Source,
    *,
    proemp: str | Proemp | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    layout: FixedWidth | None = None,
) -> Reading[EmpresaGap]:
    """Read companies from a file (CSV, spreadsheet, fixed width) or from rows that are there already.

    The header is looked for in the first 15 rows, under ``;``, tab or comma, or in every visible sheet; its words
    may be any in use (see `econtador.gap.columns`). Needed are código, razão social, documento and the PROEMP.
    A file is known by its content, whatever it is called. A last row of totals is left out, with a note.

    :param source: a path; or mappings (header to value), a DB-API cursor after its SELECT, SQLAlchemy's result, a
        data frame of pandas, polars, pyarrow or duckdb (extra ``dataframe``). Of rows, problems give the number.
    :param proemp: for the rows that name none. A row's own goes first.
    :param columns: our field name to the source's header, where the words are others. ``tipo_logradouro``
        is a field here too: it is joined with ``endereco``.
    :param encoding: of a text, where neither UTF-8, UTF-16 with its mark nor cp1252 is right; ``"cp850"``, say.
    :param sheet: of a workbook (extra ``planilhas``) in which several have the header, or whose is hidden.
    :param layout: of a text without delimiters.
    :raises MissingFile: the file cannot be opened.
    :raises WrongEncoding: its bytes are no text, or *encoding* is unknown.
    :raises MalformedFile: it is no table, or more than a spreadsheet holds: 256 MiB, 1,048,576 rows, 16,384
        columns, 1,000,000 characters in one row; the header stands in several sheets, or there is no such
        *sheet*; an extra has to be installed.
    :raises EmptyFile: nothing in it, or nothing below its header.
    :raises HeaderNotFound: no row names the columns that are needed.
    :raises UnknownColumn: *columns* names a field that does not exist, or a header that the file lacks.
    :raises InvalidRecord: *proemp* is no PROEMP.
    :raises TypeError: *source* is none of these.

    >>> linhas = [{"Código": 7, "Razão Social": "PADARIA LTDA", "CNPJ": 11222333000181.0},
    ...           {"Código": "x", "Razão Social": "BAR", "CNPJ": "191"}]
    >>> lidas = read_empresas(linhas, proemp="PROEMP00")
    >>> lidas.records
    (EmpresaGap(codigo='00007', proemp=Proemp(name='PROEMP00'), razao_social='PADARIA LTDA', \
documento=Cnpj('11.222.333/0001-81')),)
    >>> [(problem.line, problem.field, problem.code) for problem in lidas.problems]
    [(2, 'codigo', 'codigo-formato'), (2, 'documento', 'documento-ambiguo')]
    """
    how = How(columns or {}, encoding, sheet, layout)
    return _empresas(source, proemp, how, None, None).reading()


def read_usuarios(
    source: Source,
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    layout: FixedWidth | None = None,
) -> Reading[UsuarioGap]:
    """Read users. Needed are código and nome; for the rest see `read_empresas`.

    :raises ReadError: the source cannot be read as a whole, as with `read_empresas`.
    """
    table = open_table(source, USUARIOS, How(columns or {}, encoding, sheet, layout))
    return Stream(table, usuario_from_row).reading()


def iter_empresas(
    source: Source,
    *,
    proemp: str | Proemp | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    layout: FixedWidth | None = None,
    on_progress: Callable[[int], object] | None = None,
    max_problems: int | None = MAX_PROBLEMS,
) -> Stream[EmpresaGap]:
    """Read companies one at a time, in memory that does not grow with them (but a workbook is read whole).

    :param on_progress: called with the number of rows so far, every 1,000 and at the end.
    :param max_problems: how many problems, and how many repairs, are kept; further ones are counted. None: all.
    :raises ReadError: as with `read_empresas`; a table that breaks further down raises while it is read.

    >>> lidas = iter_empresas([{"código": "7", "nome": "BAR", "CNPJ": "11222333000181"}], proemp="PROEMP00")
    >>> [empresa.codigo for empresa in lidas], lidas.rows, lidas.problem_count
    (['00007'], 1, 0)
    """
    return _empresas(source, proemp, How(columns or {}, encoding, sheet, layout), max_problems, on_progress)


def iter_usuarios(
    source: Source,
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    layout: FixedWidth | None = None,
    on_progress: Callable[[int], object] | None = None,
    max_problems: int | None = MAX_PROBLEMS,
) -> Stream[UsuarioGap]:
    """Read users one at a time; see `iter_empresas` and `read_usuarios`."""
    table = open_table(source, USUARIOS, How(columns or {}, encoding, sheet, layout))
    return Stream(table, usuario_from_row, max_problems=max_problems, on_progress=on_progress)


def _empresas(
    source: Source,
    proemp: str | Proemp | None,
    how: How,
    max_problems: int | None,
    on_progress: Callable[[int], object] | None,
) -> Stream[EmpresaGap]:
    default = Proemp(proemp) if isinstance(proemp, str) else proemp
    layout = EMPRESAS if default else evolve(EMPRESAS, required=(*EMPRESAS.required, "proemp"))
    table = open_table(source, layout, how)
    return Stream(
        table,
        lambda row: empresa_from_row(row, default),
        clean=clean_empresas(table.index, len(table.header), default),
        max_problems=max_problems,
        on_progress=on_progress,
    )
