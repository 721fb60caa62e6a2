"""What can be written, as the rows of a table: companies, users, and all that the integration says."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import TypeAlias

from econtador.gap.models import EmpresaGap, UsuarioGap
from econtador.gap.reading import Reading
from econtador.gap.tabular import EMPRESA, USUARIO, Cell, Column, Tabular
from econtador.integration.journal import LogEntry
from econtador.integration.logs import Logs
from econtador.integration.losses import Loss
from econtador.integration.plan import Action, Plan
from econtador.integration.report import Check, Report, Result, Verification
from econtador.integration.tabular import ACTION, CHECK, ENTRY, LOSS, RESULT
from econtador.showing.face import Value

__all__ = ["Item", "Items", "Tabular", "Value", "tabular", "to_dicts"]

Item: TypeAlias = EmpresaGap | UsuarioGap | Action | Loss | Result | Check | LogEntry
Items: TypeAlias = (
    Plan
    | Report
    | Verification
    | Reading[EmpresaGap]
    | Reading[UsuarioGap]
    | Iterable[EmpresaGap]
    | Iterable[UsuarioGap]
    | Iterable[Action]
    | Iterable[Loss]
    | Iterable[Result]
    | Iterable[Check]
    | Iterable[LogEntry]
)
"""Things of one kind; a plan stands for its actions, a report for its results, a verification for its checks, a
reading for its records."""


def _columns(item: Item) -> tuple[tuple[Column, ...], Callable[[], Iterable[Cell]]]:
    match item:
        case EmpresaGap():
            return EMPRESA.every, lambda: EMPRESA.cells(item)
        case UsuarioGap():
            return USUARIO.every, lambda: USUARIO.cells(item)
        case Action():
            return ACTION.every, lambda: ACTION.cells(item)
        case Loss():
            return LOSS.every, lambda: LOSS.cells(item)
        case Result():
            return RESULT.every, lambda: RESULT.cells(item)
        case Check():
            return CHECK.every, lambda: CHECK.cells(item)
        case LogEntry():
            return ENTRY.every, lambda: ENTRY.cells(item)


def tabular(items: Items) -> Tabular:
    """*items* as a table; one without columns where there are none and nothing says of what.

    :raises TypeError: they are not of one kind, or of none that can be written.
    """
    if isinstance(items, Plan | Report | Verification | Logs | Reading):
        return items.tabular()
    every: Iterator[Item] = iter(items)
    first = next(every, None)
    if first is None:
        return Tabular((), iter(()))
    if not isinstance(first, Item):  # pyright: ignore[reportUnnecessaryIsInstance] - of a caller without types
        raise TypeError(f"cannot write a {type(first).__name__} as a row of a table")
    columns, _ = _columns(first)

    def rows() -> Iterator[tuple[Cell, ...]]:
        for item in chain((first,), every):
            if type(item) is not type(first):
                raise TypeError(
                    f"a table is of one kind: a {type(item).__name__} among {type(first).__name__}"
                )
            yield tuple(_columns(item)[1]())

    return Tabular(columns, rows())


def to_dicts(items: Items) -> list[dict[str, Value]]:
    """*items* as dictionaries: what ``pandas.DataFrame(...)``, ``polars.DataFrame(...)`` and
    ``pyarrow.Table.from_pylist(...)`` take, and what the readers read back.

    Documents are their characters without a mask; dates are dates. **Personal data is in it.**

    >>> to_dicts([UsuarioGap("ANA", "PESSOA MODELO 01")])[0]["nome"]
    'PESSOA MODELO 01'
    """
    return tabular(items).dicts()
