"""What the office has as rows of a table, and what such a table is."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Generic, TypeAlias, TypeVar

from attrs import frozen

from econtador.documents import Cnpj, Cpf
from econtador.gap.models import EmpresaGap, Proemp, UsuarioGap
from econtador.showing.face import Value

__all__ = ["EMPRESA", "USUARIO", "Cell", "Column", "Columns", "Tabular", "of_records", "plain"]

T = TypeVar("T", contravariant=True)

Cell: TypeAlias = Value | Cnpj | Cpf


@frozen
class Column:
    """One column: its name for programs, its header for people, and what its cells are where they are not empty."""

    name: str
    header: str
    kind: type[Value] = str


@frozen
class Columns(Generic[T]):
    """The columns of one kind of thing, and how its cells are found."""

    every: tuple[Column, ...]
    cells: Callable[[T], Iterable[Cell]]

    def of(self, things: Iterable[T]) -> "Tabular":
        """*things* as a table."""
        return Tabular(self.every, (tuple(self.cells(thing)) for thing in things))


@frozen
class Tabular:
    """A table whose rows are made as they are asked for. They come once."""

    columns: tuple[Column, ...]
    rows: Iterator[tuple[Cell, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the columns, for programs."""
        return tuple(column.name for column in self.columns)

    @property
    def headers(self) -> tuple[str, ...]:
        """Of the columns, for people, in words that the readers know."""
        return tuple(column.header for column in self.columns)

    @property
    def types(self) -> dict[str, type[Value]]:
        """Of the columns, by name."""
        return {column.name: column.kind for column in self.columns}

    def dicts(self) -> list[dict[str, Value]]:
        """The rows by the columns' names, documents as their characters without a mask."""
        names = self.names
        return [dict(zip(names, map(plain, row), strict=True)) for row in self.rows]


def plain(cell: Cell) -> Value:
    """*cell* with a document as its characters."""
    return cell.value if isinstance(cell, Cnpj | Cpf) else cell


def _named(headers: Mapping[str, str], **kinds: type[Value]) -> tuple[Column, ...]:
    return tuple(Column(name, header, kinds.get(name, str)) for name, header in headers.items())


def _by_attribute(columns: tuple[Column, ...]) -> Callable[[EmpresaGap | UsuarioGap], Iterator[Cell]]:
    def cells(record: EmpresaGap | UsuarioGap) -> Iterator[Cell]:
        for column in columns:
            value: Cell | Proemp = getattr(record, column.name)
            yield value.name if isinstance(value, Proemp) else value

    return cells


_EMPRESA: Final = _named(
    {
        "codigo": "Código",
        "proemp": "PROEMP",
        "razao_social": "Razão Social",
        "documento": "CNPJ/CPF",
        "apelido": "Apelido",
        "inscricao_estadual": "Inscrição Estadual",
        "inscricao_municipal": "Inscrição Municipal",
        "endereco": "Endereço",
        "numero": "Número",
        "complemento": "Complemento",
        "bairro": "Bairro",
        "municipio": "Município",
        "uf": "UF",
        "cep": "CEP",
        "atividade": "Atividade",
        "cnae": "CNAE",
        "data_desligamento": "Data Desligamento",
    },
    data_desligamento=datetime.date,
)
_USUARIO: Final = _named(
    {
        "codigo": "Código",
        "nome": "Nome",
        "cpf": "CPF",
        "email": "E-mail",
        "grupo": "Grupo",
        "admin": "Administrador",
        "data_desligamento": "Data Desligamento",
    },
    admin=bool,
    data_desligamento=datetime.date,
)

EMPRESA: Final[Columns[EmpresaGap]] = Columns(_EMPRESA, _by_attribute(_EMPRESA))
USUARIO: Final[Columns[UsuarioGap]] = Columns(_USUARIO, _by_attribute(_USUARIO))


def of_records(records: Iterable[object], found: Iterable[str]) -> Tabular:
    """*records* of companies or users; where there are none, the columns of whichever has the fields *found*."""
    every = tuple(records)
    empresas = [record for record in every if isinstance(record, EmpresaGap)]
    usuarios = [record for record in every if isinstance(record, UsuarioGap)]
    if usuarios or (not empresas and "nome" in found):
        return USUARIO.of(usuarios)
    return EMPRESA.of(empresas)
