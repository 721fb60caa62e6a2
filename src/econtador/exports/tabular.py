"""What can be written, as the rows of a table: companies, users, a plan, losses, log entries."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, TypeAlias

from attrs import frozen

from econtador.documents import Cnpj, Cpf
from econtador.gap.models import EmpresaGap, Proemp, UsuarioGap
from econtador.integration.journal import LogEntry
from econtador.integration.journal_rows import ENTRY_COLUMNS, entry_row
from econtador.integration.losses import Loss
from econtador.integration.plan import Action, Plan

__all__ = ["Item", "Items", "Tabular", "Value", "tabular", "to_dicts"]

Item: TypeAlias = EmpresaGap | UsuarioGap | Action | Loss | LogEntry
Items: TypeAlias = (
    Plan
    | Iterable[EmpresaGap]
    | Iterable[UsuarioGap]
    | Iterable[Action]
    | Iterable[Loss]
    | Iterable[LogEntry]
)
"""Things of one kind; a plan stands for its actions."""
Value: TypeAlias = str | int | bool | datetime.date | None
_Cell: TypeAlias = Value | Cnpj | Cpf

_EMPRESA: Final = {
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
}
_USUARIO: Final = {
    "codigo": "Código",
    "nome": "Nome",
    "cpf": "CPF",
    "email": "E-mail",
    "grupo": "Grupo",
    "admin": "Administrador",
    "data_desligamento": "Data Desligamento",
}
_ACTION: Final = {
    "codigo": "Código",
    "nome": "Nome",
    "situacao": "Situação",
    "decisao": "Decisão",
    "motivo": "Motivo",
    "campos_com_perda": "Campos com perda",
    "id_portal": "Id no portal",
}
_LOSS: Final = {
    "codigo": "Código",
    "campo": "Campo",
    "antes": "No GAP",
    "depois": "No portal",
    "perdido": "Perdido",
    "limite": "Limite",
    "passos": "O que foi feito",
    "sem_perda": "Sem perda",
}


def _of_fields(record: EmpresaGap | UsuarioGap, names: Mapping[str, str]) -> Iterator[_Cell]:
    for name in names:
        value: _Cell | Proemp = getattr(record, name)
        yield value.name if isinstance(value, Proemp) else value


def _of_action(action: Action) -> Iterator[_Cell]:
    yield from (action.codigo, action.nome, action.status.value, action.verdict.value, action.reason)
    yield sum(not loss.lossless for loss in action.losses)
    yield action.portal_id


def _of_loss(loss: Loss) -> Iterator[_Cell]:
    yield from (loss.codigo, loss.field, loss.before, loss.after, loss.lost, loss.limit)
    yield ", ".join(step.label for step in loss.steps)
    yield loss.lossless


def _cells(item: Item) -> tuple[Mapping[str, str], Callable[[], Iterable[_Cell]]]:
    match item:
        case EmpresaGap():
            return _EMPRESA, lambda: _of_fields(item, _EMPRESA)
        case UsuarioGap():
            return _USUARIO, lambda: _of_fields(item, _USUARIO)
        case Action():
            return _ACTION, lambda: _of_action(item)
        case Loss():
            return _LOSS, lambda: _of_loss(item)
        case LogEntry():
            return {name: name for name in ENTRY_COLUMNS}, entry_row(item).values


@frozen
class Tabular:
    """A table whose rows are made as they are asked for. They come once."""

    names: tuple[str, ...]
    """Of the columns, for programs."""
    headers: tuple[str, ...]
    """Of the columns, for people, in words that the readers know."""
    rows: Iterator[tuple[_Cell, ...]]


def tabular(items: Items) -> Tabular:
    """*items* as a table; one without columns where there are none and nothing says of what.

    :raises TypeError: they are not of one kind, or of none that can be written.
    """
    every: Iterator[Item] = iter(items.actions if isinstance(items, Plan) else items)
    first = next(every, None)
    if first is None:
        known = _ACTION if isinstance(items, Plan) else {}
        return Tabular(tuple(known), tuple(known.values()), iter(()))
    if not isinstance(first, Item):  # pyright: ignore[reportUnnecessaryIsInstance] - of a caller without types
        raise TypeError(f"cannot write a {type(first).__name__} as a row of a table")
    names, _ = _cells(first)

    def rows() -> Iterator[tuple[_Cell, ...]]:
        for item in chain((first,), every):
            if type(item) is not type(first):
                raise TypeError(
                    f"a table is of one kind: a {type(item).__name__} among {type(first).__name__}"
                )
            yield tuple(_cells(item)[1]())

    return Tabular(tuple(names), tuple(names.values()), rows())


def _plain(cell: _Cell) -> Value:
    return cell.value if isinstance(cell, Cnpj | Cpf) else cell


def to_dicts(items: Items) -> list[dict[str, Value]]:
    """*items* as dictionaries: what ``pandas.DataFrame(...)``, ``polars.DataFrame(...)`` and
    ``pyarrow.Table.from_pylist(...)`` take, and what the readers read back.

    Documents are their characters without a mask; dates are dates. **Personal data is in it.**

    >>> to_dicts([UsuarioGap("ANA", "PESSOA MODELO 01")])[0]["nome"]
    'PESSOA MODELO 01'
    """
    table = tabular(items)
    return [dict(zip(table.names, map(_plain, row), strict=True)) for row in table.rows]
