"""A look at an unknown file: what it is, which column is which field, and what is wrong with it. Nothing is changed."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from attrs import evolve, field, frozen

from econtador.errors import EmptyFile, ReadError
from econtador.gap.columns import EMPRESAS, USUARIOS, Layout
from econtador.gap.guessing import by_content, by_likeness, is_document
from econtador.gap.headers import Candidate, Form, candidates, table_under
from econtador.gap.models import EmpresaGap, Proemp, UsuarioGap
from econtador.gap.reading import described
from econtador.gap.rows import empresa_from_row, usuario_from_row
from econtador.gap.sources import How, forms_of
from econtador.gap.stream import Stream
from econtador.overriding import override
from econtador.showing.face import Shown

if TYPE_CHECKING:
    from econtador.showing.page import Page

__all__ = ["Fields", "Profile", "ProfiledColumn", "Trouble", "profile"]

Fields: TypeAlias = Literal["empresas", "usuarios"]

_LAYOUTS: Final[Mapping[Fields, Layout]] = {"empresas": EMPRESAS, "usuarios": USUARIOS}
_SAMPLE: Final = 200
"""Rows that are looked at to guess what a column holds."""
_MOST_PROBLEMS: Final = 10_000
_UNUSED: Final = "sem uso"


@frozen
class ProfiledColumn:
    """One column of the file."""

    header: str
    field: str
    """Our name of what it seems to hold; empty where it is nothing that is read."""
    how: str
    """Why it seems so, in Portuguese."""


@frozen
class Trouble:
    """Something wrong, in Portuguese, and where."""

    message: str
    count: int = 1
    lines: tuple[int, ...] = ()
    """The first of them."""

    @override
    def __str__(self) -> str:
        if not self.lines:
            return self.message
        more = ", ..." if self.count > len(self.lines) else ""
        return f"{self.count} × {self.message} (linha {', '.join(map(str, self.lines))}{more})"


@frozen(kw_only=True, repr=False)
class Profile(Shown):
    """What was seen of a file. ``print`` it, then give its `columns` to the reader."""

    file: str
    kind: Fields
    """Whether it seems to hold companies or users."""
    encoding: str
    delimiter: str
    sheet: str
    header_line: int
    """Where the header stands; 0 where there seems to be none."""
    rows: int
    records: int
    """How many rows would come out as records."""
    proposed: tuple[ProfiledColumn, ...]
    """The file's columns, in its order."""
    proemps: Mapping[str, int]
    """The work folders that the records name, and how many records each has."""
    troubles: tuple[Trouble, ...] = field(default=())

    @property
    def columns(self) -> Mapping[str, str]:
        """Field to header, as ``read_empresas(columns=...)`` takes it."""
        return {column.field: column.header for column in self.proposed if column.field}

    @property
    @override
    def summary(self) -> str:
        """The file, what it seems to hold, and how it would be read."""
        how = described(self.encoding, self.delimiter, self.sheet)
        where = f"cabeçalho na linha {self.header_line}" if self.header_line else "sem cabeçalho"
        return f"{self.file}: {self.kind}, {self.rows} linhas, {self.records} registros{how}, {where}"

    @override
    def _page(self) -> "Page":
        from econtador.gap.pages import profile_page

        return profile_page(self)


def profile(
    path: str | os.PathLike[str],
    *,
    kind: Fields | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> Profile:
    """Look at a file and propose how to read it.

    Columns are known by the words of their headers, else by words that are much alike, else by what stands in
    them; the last two are guesses, and told as such. Then the whole file is read so, and what is wrong is counted.

    :param path: a CSV file or a workbook.
    :param kind: where the file's own words would lead to the other one.
    :raises ReadError: it cannot be opened, is no table or has nothing in it.

    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder) / "clientes.csv"
    ...     _ = file.write_text("Cód.;Denominação;Insc.\\n7;PADARIA LTDA;11222333000181\\n")
    ...     visto = profile(file)
    >>> dict(visto.columns)
    {'codigo': 'Cód.', 'razao_social': 'Denominação', 'documento': 'Insc.'}
    """
    file = os.fspath(path)
    forms = forms_of(path, How({}, encoding, sheet))
    kinds: tuple[Fields, ...] = ("empresas", "usuarios") if kind is None else (kind,)
    found: list[tuple[Fields, Candidate]] = [
        (name, candidate) for name in kinds for candidate in _rows(file, forms, _LAYOUTS[name])
    ]
    named, header = max(found, key=lambda one: _rank(one[1], _LAYOUTS[one[0]]))
    if any(map(is_document, header.row.cells)):
        return _without_header(file, named, header)
    proposed = _proposed(header, _LAYOUTS[named])
    return _read(file, named, header, proposed, _several(file, forms, found))


def _rows(file: str, forms: tuple[Form, ...], layout: Layout) -> list[Candidate]:
    tried = list(candidates(forms, layout, {}))
    rows = [candidate for candidate in tried if isinstance(candidate, Candidate) and any(candidate.row.cells)]
    errors = [error for error in tried if isinstance(error, ReadError)]
    if not rows:
        raise errors[0] if errors else EmptyFile(file)
    return rows


def _rank(candidate: Candidate, layout: Layout) -> tuple[bool, int, int]:
    filled = sum(map(bool, candidate.row.cells))
    return candidate.whole(layout.required), len(candidate.match.index), filled


def _several(file: str, forms: tuple[Form, ...], found: list[tuple[Fields, Candidate]]) -> list[Trouble]:
    sheets = {
        one.form.sheet: 0 for kind, one in found if one.form.sheet and one.whole(_LAYOUTS[kind].required)
    }
    if len(sheets) < 2:
        return []
    return [Trouble(f"o cabeçalho está em várias planilhas, diga qual com sheet=: {', '.join(sheets)}")]


def _proposed(header: Candidate, layout: Layout) -> tuple[ProfiledColumn, ...]:
    cells = header.row.cells
    fields = {position: (name, "pelo nome") for name, position in header.match.index.items()}
    free = [name for name in layout.words if name not in header.match.index]
    open_ = [
        place for place, head in enumerate(cells) if head and place not in fields and cells.count(head) == 1
    ]
    for place in open_:
        if alike := by_likeness(cells[place], layout, free):
            fields[place] = alike, "por um nome parecido: confira"
            free.remove(alike)
    sample = list(islice((row for row in header.form.rows() if row.line > header.row.line), _SAMPLE))
    held = {
        place: [row.cells[place] for row in sample if place < len(row.cells)]
        for place in open_
        if place not in fields
    }
    for name, place in by_content(held, free):
        fields[place] = name, "pelo conteúdo: confira"
    return tuple(
        ProfiledColumn(head, *fields.get(place, ("", _UNUSED))) for place, head in enumerate(cells) if head
    )


def _without_header(file: str, kind: Fields, row: Candidate) -> Profile:
    rows = sum(any(row.cells) for row in row.form.rows())
    told = f"não há cabeçalho: a linha {row.row.line} já é de dados; escreva os nomes das colunas acima dela"
    form = row.form
    return Profile(
        file=file, kind=kind, encoding=form.encoding, delimiter=form.delimiter, sheet=form.sheet, header_line=0,
        rows=rows, records=0, proposed=(), proemps={}, troubles=(Trouble(told),),
    )  # fmt: skip


def _read(
    file: str, kind: Fields, header: Candidate, proposed: tuple[ProfiledColumn, ...], troubles: list[Trouble]
) -> Profile:
    layout, form = _LAYOUTS[kind], header.form
    places = {head: place for place, head in reversed(list(enumerate(header.row.cells)))}
    index = {column.field: places[column.header] for column in proposed if column.field}
    troubles += [
        Trouble(f"nenhuma coluna parece ser {name}") for name in layout.required if name not in index
    ]
    known = "proemp" in index
    if kind == "empresas" and not known:
        troubles.append(Trouble("nenhuma coluna de PROEMP: diga qual é com proemp="))
    table = table_under(file, evolve(header, match=evolve(header.match, index=index)))
    proemps: Counter[str] = Counter()
    count = 0
    stream: Stream[EmpresaGap] | Stream[UsuarioGap]
    if kind == "empresas":
        default = None if known else Proemp("PROEMP00")
        stream = Stream(table, lambda row: empresa_from_row(row, default), max_problems=_MOST_PROBLEMS)
    else:
        stream = Stream(table, usuario_from_row, max_problems=_MOST_PROBLEMS)
    for record in stream:
        count += 1
        if known and isinstance(record, EmpresaGap):
            proemps[record.proemp.name] += 1
    if len(proemps) > 1:
        troubles.append(Trouble(f"há {len(proemps)} PROEMPs, e uma conta do portal recebe uma só"))
    return Profile(
        file=file, kind=kind, encoding=form.encoding, delimiter=form.delimiter, sheet=form.sheet,
        header_line=header.row.line, rows=stream.rows, records=count, proposed=proposed,
        proemps=dict(sorted(proemps.items())), troubles=(*troubles, *_counted(stream)),
    )  # fmt: skip


def _counted(stream: Stream[EmpresaGap] | Stream[UsuarioGap]) -> Iterator[Trouble]:
    lines: dict[str, list[int]] = {}
    for problem in stream.problems:
        lines.setdefault(f"{problem.field}: {problem.message}".removeprefix(": "), []).append(problem.line)
    for message, where in sorted(lines.items(), key=lambda item: -len(item[1])):
        yield Trouble(message, len(where), tuple(where[:5]))
    if stream.problem_count > len(stream.problems):
        yield Trouble(f"e mais {stream.problem_count - len(stream.problems)} problemas")
    if stream.repair_count:
        yield Trouble(f"valores corrigidos na leitura, como zeros à esquerda repostos: {stream.repair_count}")
    yield from (Trouble(note.message, 1, (note.line,)) for note in stream.notes)
