"""What the integration says, as rows of tables: actions, losses, results, checks, log entries."""

from collections.abc import Iterator
from typing import Final

from econtador.gap.tabular import Cell, Column, Columns
from econtador.integration.journal import LogEntry
from econtador.integration.journal_rows import ENTRY_COLUMNS, entry_row
from econtador.integration.losses import Loss
from econtador.integration.plan import Action
from econtador.integration.report import Check, Result

__all__ = ["ACTION", "CHECK", "ENTRY", "LOSS", "RESULT"]


def _of_action(action: Action) -> Iterator[Cell]:
    yield from (action.codigo, action.nome, action.status.value, action.verdict.value, action.reason)
    yield sum(not loss.lossless for loss in action.losses)
    yield action.portal_id


def _of_loss(loss: Loss) -> Iterator[Cell]:
    yield from (loss.codigo, loss.field, loss.before, loss.after, loss.lost, loss.limit)
    yield ", ".join(step.label for step in loss.steps)
    yield loss.lossless


def _of_result(result: Result) -> Iterator[Cell]:
    yield from (result.kind.value, result.codigo, result.nome, result.outcome.value, result.status.value)
    yield from (result.code, result.message, result.portal_id, result.attempts)


def _of_check(check: Check) -> Iterator[Cell]:
    yield from (check.kind.value, check.codigo, check.nome, check.verified.value)
    yield ", ".join(check.differences)


ACTION: Final[Columns[Action]] = Columns(
    (
        Column("codigo", "Código"),
        Column("nome", "Nome"),
        Column("situacao", "Situação"),
        Column("decisao", "Decisão"),
        Column("motivo", "Motivo"),
        Column("campos_com_perda", "Campos com perda", int),
        Column("id_portal", "Id no portal"),
    ),
    _of_action,
)
LOSS: Final[Columns[Loss]] = Columns(
    (
        Column("codigo", "Código"),
        Column("campo", "Campo"),
        Column("antes", "No GAP"),
        Column("depois", "No portal"),
        Column("perdido", "Perdido"),
        Column("limite", "Limite", int),
        Column("passos", "O que foi feito"),
        Column("sem_perda", "Sem perda", bool),
    ),
    _of_loss,
)
RESULT: Final[Columns[Result]] = Columns(
    (
        Column("tipo", "Tipo"),
        Column("codigo", "Código"),
        Column("nome", "Nome"),
        Column("resultado", "Resultado"),
        Column("situacao", "Situação"),
        Column("codigo_motivo", "Código do motivo"),
        Column("mensagem", "Mensagem"),
        Column("id_portal", "Id no portal"),
        Column("envios", "Envios", int),
    ),
    _of_result,
)
CHECK: Final[Columns[Check]] = Columns(
    (
        Column("tipo", "Tipo"),
        Column("codigo", "Código"),
        Column("nome", "Nome"),
        Column("conferencia", "Conferência"),
        Column("diferencas", "Campos diferentes"),
    ),
    _of_check,
)
# A program's own columns: a log that is kept elsewhere is read back by these names.
_NUMBERS: Final = {"number", "attempts", "losses", "moved"}
ENTRY: Final[Columns[LogEntry]] = Columns(
    tuple(Column(name, name, int if name in _NUMBERS else str) for name in ENTRY_COLUMNS),
    lambda entry: entry_row(entry).values(),
)
