"""A worklist as parts with rows: what the page, the workbook, the notebook and the terminal show. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from attrs import evolve, field, frozen

from econtador.errors import redact, redacted_repr
from econtador.gap.tabular import Column, Tabular
from econtador.integration.status import Kind
from econtador.integration.worklist import Worklist
from econtador.integration.worklist_items import Activation, Leave, Mend, State, Step, Tick
from econtador.showing.page import Count, Page, Section, Table, Tone

__all__ = ["TOLD", "Part", "Row", "parts_of", "sheets_of", "shown_of", "summary_of"]


TOLD: Final = frozenset({State.MISSING, State.DIFFERS, State.BY_PERSON})
"""The states that are said in words beside the box."""


@frozen
class Row:
    """One item."""

    state: State
    cells: tuple[str, ...] = field(repr=redacted_repr)
    note: str = ""
    """What is to be said of the state: the fields that differ."""

    @property
    def told(self) -> str:
        """The state in words."""
        return f"{self.state.value}: {self.note}" if self.note else self.state.value


@frozen(kw_only=True)
class Part:
    """One chapter of the list. A part without rows says so in *empty*."""

    title: str
    sheet: str
    """A shorter title, for a workbook's tab."""
    intro: str = ""
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    empty: str = "Nada a fazer."
    copied: frozenset[int] = frozenset()
    """Which columns are to be copied as they stand."""
    grouped_by: int = 0
    """So many columns at the left say whose block the rows belong to."""
    layout: Literal["table", "list"] = "table"
    """A list is of things to do: what, when, and who says so."""


_STEP: Final = ("O que fazer", "Quando", "De onde vem")
_CUT_IS_ASSUMED: Final = (
    "O artigo do fabricante diz que estes campos são menores no portal e manda editar o registro lá. "
    "Que o portal corte o fim do texto é suposto: confira o que ele mostra. "
    "Inscrições, bairro e atividade a API pública não mostra: só uma pessoa pode conferir."
)
_TABS: Final = (
    "Os usuários chegam inativos. O artigo manda marcar Ativo, passar por todas as abas e salvar; quais são as abas vem "
    "de outras páginas do fabricante, sobre usuários de clientes. Se o usuário está Ativo a API pública não mostra: "
    "só uma pessoa pode conferir."
)


def parts_of(worklist: Worklist) -> tuple[Part, ...]:
    """The parts in the order of doing them, numbered; what no plan is about is left out."""
    kinds = {plan.kind for plan in worklist.plans}
    parts = [_steps("Antes de começar", "Antes", worklist.before)]
    if Kind.EMPRESA in kinds:
        parts += _empresas(worklist)
    if Kind.USUARIO in kinds:
        parts += _usuarios(worklist)
    parts.append(_steps("Depois", "Depois", worklist.afterwards))
    return tuple(
        evolve(part, title=f"{number}. {part.title}", sheet=f"{number} {part.sheet}")
        for number, part in enumerate(parts, 1)
    )


def _steps(title: str, sheet: str, steps: Sequence[Step]) -> Part:
    rows = tuple(Row(step.state, (step.text, step.condition, step.source.value)) for step in steps)
    return Part(title=title, sheet=sheet, headers=_STEP, rows=rows, layout="list")


def _empresas(worklist: Worklist) -> Iterator[Part]:
    yield Part(
        title="Empresas a marcar",
        sheet="Empresas a marcar",
        intro=f"Em Integrações > Empresas, com a PROEMP {worklist.proemp} selecionada.",
        headers=("Código", "Razão Social", "CNPJ/CPF"),
        rows=_ticks(worklist.ticks, Kind.EMPRESA),
        empty="Nenhuma empresa a marcar.",
    )
    yield Part(
        title="Empresas a NÃO marcar",
        sheet="Empresas a não marcar",
        headers=("Código", "Razão Social", "Decisão", "Por quê"),
        rows=_leaves(worklist.leaves, Kind.EMPRESA),
        empty="Nenhuma.",
    )
    yield _steps("Integrar as empresas", "Integrar empresas", worklist.sending)
    yield Part(
        title="Campos a corrigir no portal",
        sheet="Campos a corrigir",
        intro=_CUT_IS_ASSUMED,
        headers=("Código", "Razão Social", "Campo", "No GAP", "No portal (suposto)", "Colar", "Tamanho"),
        rows=tuple(map(_mend, worklist.mends)),
        empty="Nenhum campo passa do tamanho do portal.",
        copied=frozenset({5}),
        grouped_by=2,
    )


def _usuarios(worklist: Worklist) -> Iterator[Part]:
    yield Part(
        title="Usuários a marcar",
        sheet="Usuários a marcar",
        intro="Em Integrações > Usuários; não é preciso selecionar PROEMP. Marque o campo Integrar de cada um.",
        headers=("Código", "Nome", "CPF"),
        rows=_ticks(worklist.ticks, Kind.USUARIO),
        empty="Nenhum usuário a marcar.",
    )
    yield Part(
        title="Usuários a NÃO marcar",
        sheet="Usuários a não marcar",
        headers=("Código", "Nome", "Decisão", "Por quê"),
        rows=_leaves(worklist.leaves, Kind.USUARIO),
        empty="Nenhum.",
    )
    yield _steps("Integrar os usuários", "Integrar usuários", worklist.sending_usuarios)
    yield Part(
        title="Usuários a ativar no portal",
        sheet="Usuários a ativar",
        intro=_TABS,
        headers=("Código", "Nome", "Login (CPF)", *_STEP),
        rows=tuple(row for activation in worklist.activations for row in _activation(activation)),
        empty="Nenhum usuário a ativar.",
        grouped_by=3,
        layout="list",
    )


def _ticks(ticks: Sequence[Tick], kind: Kind) -> tuple[Row, ...]:
    return tuple(
        Row(tick.state, (tick.codigo, redact(tick.nome), tick.documento), ", ".join(tick.differences))
        for tick in ticks
        if tick.kind is kind
    )


def _leaves(leaves: Sequence[Leave], kind: Kind) -> tuple[Row, ...]:
    return tuple(
        Row(
            leave.state,
            (leave.codigo, redact(leave.nome), leave.verdict.value, redact(leave.reason)),
            ", ".join(leave.differences),
        )
        for leave in leaves
        if leave.kind is kind
    )


def _mend(mend: Mend) -> Row:
    correction = mend.correction
    limit = correction.limit
    room = (
        f"{correction.size} de {limit.limit}"
        if correction.paste
        else f"não há texto melhor (até {limit.limit})"
    )
    cells = (
        correction.codigo,
        redact(correction.nome),
        limit.label,
        correction.in_gap,
        correction.expected,
        correction.paste or "",
        room,
    )
    return Row(mend.state, cells)


def _activation(activation: Activation) -> Iterator[Row]:
    nome = redact(activation.nome)
    if activation.known:
        nome += " (já integrado: confira se já está ativo)"
    for step in activation.steps:
        cells = (activation.codigo, nome, activation.login, step.text, step.condition, step.source.value)
        yield Row(step.state, cells)


# --------------------------------------------------------------------------- workbook


def sheets_of(worklist: Worklist) -> dict[str, Tabular]:
    """One table for each part, by the name of its sheet."""
    return {part.sheet: _tabular(part) for part in parts_of(worklist)}


def _tabular(part: Part) -> Tabular:
    columns = tuple(Column(header.lower(), header) for header in ("Situação", *part.headers))
    return Tabular(columns, iter([(row.told, *row.cells) for row in part.rows]))


# --------------------------------------------------------------------------- notebook and terminal


def summary_of(worklist: Worklist) -> str:
    """One line."""
    of = f" ({worklist.proemp})" if worklist.proemp else ""
    counts = {kind: sum(tick.kind is kind for tick in worklist.ticks) for kind in Kind}
    return (
        f"Lista de trabalho{of}: marcar empresas: {counts[Kind.EMPRESA]}, corrigir campos: {len(worklist.mends)}, "
        f"marcar usuários: {counts[Kind.USUARIO]}, ativar usuários: {len(worklist.activations)}"
    )


def shown_of(worklist: Worklist) -> Page:
    """The counts once the portal was looked at, what is missing or differs, then the parts."""
    parts = parts_of(worklist)
    counts = (Count(state.value, number, _TONES[state]) for state, number in worklist.counts.items())
    return Page(
        title=summary_of(worklist),
        counts=tuple(counts) if worklist.verification else (),
        sections=(_attention(parts), *(_section(part) for part in parts)),
    )


def _attention(parts: Sequence[Part]) -> Section:
    bad = [
        (part.title, row)
        for part in parts
        for row in part.rows
        if row.state in {State.MISSING, State.DIFFERS}
    ]
    table = Table.of(
        ("Parte", "Situação", "Item"),
        bad,
        lambda one: (one[0], one[1].told, " | ".join(cell for cell in one[1].cells[:3] if cell)),
    )
    return Section("O portal não mostra como deveria", table=table, attention=True)


def _section(part: Part) -> Section:
    intro = (part.intro,) if part.intro else ()
    if not part.rows:
        return Section(part.title, (*intro, part.empty))
    if part.layout == "table":
        return Section(part.title, intro, _table_of(part, part.rows, 1 if part.grouped_by else 0))
    blocks = {row.cells[: part.grouped_by]: row for row in part.rows}
    first = [
        row for row in part.rows if row.cells[: part.grouped_by] == part.rows[0].cells[: part.grouped_by]
    ]
    steps = tuple(_step_line(row, row.cells[part.grouped_by :]) for row in first)
    if not part.grouped_by:
        return Section(part.title, steps)
    table = Table.of(part.headers[: part.grouped_by], tuple(blocks), tuple)
    return Section(part.title, (*intro, "Para cada um:", *steps), table)


def _table_of(part: Part, rows: Sequence[Row], without: int) -> Table:
    """The rows but for the name beside a código, which the table of what is to be ticked has."""
    looked = any(row.state in TOLD or row.state is State.SEEN for row in rows)

    def cells(of: tuple[str, ...]) -> tuple[str, ...]:
        return (*of[:without], *of[without * 2 :])

    if not looked:  # everything is to be done
        return Table.of(cells(part.headers), rows, lambda row: cells(row.cells))
    return Table.of((*cells(part.headers), "Situação"), rows, lambda row: (*cells(row.cells), row.told))


def _step_line(row: Row, cells: tuple[str, ...]) -> str:
    what, *more = cells
    mark = "[x]" if row.state is State.SEEN else "[ ]"
    return f"{mark} {what} ({'; '.join(cell for cell in more if cell)})"


_TONES: Final = {
    State.TODO: Tone.CALM,
    State.SEEN: Tone.GOOD,
    State.MISSING: Tone.BAD,
    State.DIFFERS: Tone.BAD,
    State.BY_PERSON: Tone.WATCH,
    State.NOTHING: Tone.CALM,
}
