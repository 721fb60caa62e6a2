"""What there is to see of an integration: a plan, a report, what the portal shows, the logs, an audit.

Each page has its counts, then what somebody has to look at, then the rest.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias, TypeVar

import attrs
from attrs import AttrsInstance

from econtador.documents import Cnpj, Cpf
from econtador.errors import redact
from econtador.gap.tabular import EMPRESA, USUARIO
from econtador.integration.adaptations import Adaptation, Collision
from econtador.integration.evidence import Audit, Fault
from econtador.integration.fields import LIMITS
from econtador.integration.journal import LogEntry
from econtador.integration.logs import Logs
from econtador.integration.losses import Loss
from econtador.integration.plan import Action, Draft, Plan
from econtador.integration.policy import Seen, Verdict
from econtador.integration.reasons import Finding, Reason
from econtador.integration.report import Check, Explanation, Report, Result, RuleStep, Verification, Verified
from econtador.integration.status import IN_FLIGHT, Kind, Outcome
from econtador.showing.page import Change, Count, Page, Row, Section, Table, Tone

__all__ = [
    "adaptation_page",
    "audit_page",
    "explanation_page",
    "logs_page",
    "plan_page",
    "report_page",
    "verification_page",
]

T = TypeVar("T")
R = TypeVar("R", bound=AttrsInstance)

_LABELS: Final = {limit.field: limit.label for limit in LIMITS}
_SHOWN: Final = {
    **{column.name: column.header for column in (*USUARIO.every, *EMPRESA.every)},
    **_LABELS,
    "ativa": "Ativa",
    "ativo": "Ativo",
}
"""A field of ours as a person knows it."""
_KINDS: Final = {Kind.EMPRESA: "empresa", Kind.USUARIO: "usuário"}
_IN_ORDER: Final = {outcome: place for place, outcome in enumerate(Outcome)}

_OF_VERDICT: Final = {
    Verdict.CREATE: Tone.GOOD,
    Verdict.ADOPT: Tone.KNOWN,
    Verdict.KEEP: Tone.CALM,
    Verdict.SKIP: Tone.CALM,
    Verdict.REFUSE: Tone.BAD,
}
_OF_OUTCOME: Final = {
    Outcome.INTEGRATED: Tone.GOOD,
    Outcome.ACTIVATED: Tone.GOOD,
    Outcome.FOUND: Tone.KNOWN,
    Outcome.RETURNED: Tone.KNOWN,
    Outcome.IN_DOUBT: Tone.WATCH,
    Outcome.FAILED: Tone.BAD,
    Outcome.ACTIVATION_FAILED: Tone.BAD,
    Outcome.REFUSED: Tone.BAD,
}
"""The others are calm."""
_OF_VERIFIED: Final = {
    Verified.EQUAL: Tone.GOOD,
    Verified.DIFFERS: Tone.WATCH,
    Verified.MISSING: Tone.BAD,
    Verified.EXTRA: Tone.CALM,
}
_TO_LOOK_AT: Final = {
    Outcome.IN_DOUBT: "Em dúvida",
    Outcome.FAILED: "Não aceitos pelo portal",
    Outcome.ACTIVATION_FAILED: "Não ativados",
    Outcome.REFUSED: "Recusados",
}
_DRIFTED: Final = {Reason.RENOMEADA, Reason.INTEGRADA_E_DESLIGADA}
"""What has to be put right by hand and stops nothing."""
_TO_CHECK: Final = (Reason.INSCRICAO_DUVIDOSA, Reason.TEXTO_VENCIDO)
"""Notices that ask for a look at GAP or at the office's own table."""

# --------------------------------------------------------------------------- losses

_LOSS_HEADERS: Final = ("Código", "Campo", "Até", "No GAP e no portal", "O que foi feito")


def _loss(loss: Loss) -> Row:
    field = _LABELS.get(loss.field, loss.field)
    return loss.codigo or "", field, loss.limit, _change(loss), ", ".join(step.label for step in loss.steps)


def _change(loss: Loss) -> Change:
    if redact(loss.before) != loss.before:  # half of a CPF is not known for one
        return Change(loss.before, "***")
    return Change(loss.before, loss.after, loss.lost)


def _losses(losses: Iterable[Loss]) -> tuple[Section, Section]:
    """Those that lose something, for attention; those that do not."""
    every = tuple(losses)
    return (
        Section(
            "Perdas de texto",
            table=Table.of(_LOSS_HEADERS, [loss for loss in every if not loss.lossless], _loss),
            attention=True,
        ),
        Section(
            "Mudados sem perda",
            table=Table.of(_LOSS_HEADERS, [loss for loss in every if loss.lossless], _loss),
        ),
    )


def adaptation_page(adaptation: Adaptation[R]) -> Page:
    """What a record loses, then what only looks different."""
    losing = sum(not loss.lossless for loss in adaptation.losses)
    counts = (
        Count("sem perda", len(adaptation.losses) - losing, Tone.GOOD),
        Count("com perda", losing, Tone.BAD),
    )
    return Page(adaptation.summary, _losses(adaptation.losses), counts)


# --------------------------------------------------------------------------- plan

_ACTION_HEADERS: Final = ("Código", "Nome", "Situação", "Motivo")


def _action(action: Action) -> Row:
    return action.codigo, action.nome, action.status.value, action.reason


def _actions(title: str, actions: Sequence[Action], *, attention: bool = False) -> Section:
    """A reason that all of them have is said once."""
    table = Table.of(_ACTION_HEADERS, actions, _action)
    if len(actions) > 1 and all(action.findings == actions[0].findings for action in actions):
        return Section(title, (actions[0].reason,), table.without("Motivo"), attention)
    return Section(title, table=table, attention=attention)


def _collision(collision: Collision) -> Row:
    field = _LABELS.get(collision.field, collision.field)
    return field, collision.value, ", ".join(collision.codigos)


def _notices(notices: tuple[Finding, ...]) -> Iterator[Section]:
    for reason in _TO_CHECK:
        found = [notice for notice in notices if notice.reason is reason]
        yield Section(
            reason.sentence, table=Table.of(("Onde",), found, lambda notice: (notice.detail,)), attention=True
        )
    yield Section("Avisos", tuple(str(notice) for notice in notices if notice.reason not in _TO_CHECK))


def plan_page(plan: Plan) -> Page:
    """Alarms, who is refused, in doubt or to be looked at, what would be lost; then everyone by verdict."""
    by_verdict = {verdict: [a for a in plan.actions if a.verdict is verdict] for verdict in Verdict}
    refused = by_verdict.pop(Verdict.REFUSE)
    doubtful = [action for action in plan.actions if action.status in IN_FLIGHT]
    drifted = [
        action
        for action in plan.actions
        if action.verdict is not Verdict.REFUSE and _DRIFTED & {finding.reason for finding in action.findings}
    ]
    collisions = Table.of(("Campo", "Texto no portal", "Códigos"), plan.collisions, _collision)
    losing, lossless = _losses(plan.losses)
    return Page(
        plan.summary,
        (
            Section("Antes de aplicar", tuple(map(str, plan.alarms)), attention=True),
            _actions("Recusados", refused, attention=True),
            _actions("Em dúvida", doubtful, attention=True),
            _actions("A conferir", drifted, attention=True),
            losing,
            Section("Ficariam iguais no portal", table=collisions, attention=True),
            *_notices(plan.notices),
            *(_actions(verdict.value.capitalize(), actions) for verdict, actions in by_verdict.items()),
            lossless,
        ),
        tuple(Count(verdict.value, number, _OF_VERDICT[verdict]) for verdict, number in plan.counts.items()),
    )


# --------------------------------------------------------------------------- report and logs

Happening: TypeAlias = Result | LogEntry
H = TypeVar("H", Result, LogEntry)


def _to_look_at(
    happened: Sequence[H], headers: tuple[str, ...], row: Callable[[H], Row]
) -> Iterator[Section]:
    for outcome, title in _TO_LOOK_AT.items():
        found = [one for one in happened if one.outcome is outcome]
        yield Section(title, table=Table.of(headers, found, row).without("Resultado"), attention=True)


def _outcomes(counts: Iterable[tuple[Outcome, int]]) -> tuple[Count, ...]:
    return tuple(
        Count(outcome.label, number, _OF_OUTCOME.get(outcome, Tone.CALM)) for outcome, number in counts
    )


def report_page(report: Report) -> Page:
    """What is in doubt, failed or was refused; then the others in the plan's order."""
    kinds = {result.kind for result in report.results}

    def row(result: Result) -> Row:
        kind = (_KINDS[result.kind],) if len(kinds) > 1 else ()
        said = (result.outcome.label, result.status.value, result.message)
        return *kind, result.codigo, result.nome, *said

    kind_header = ("Tipo",) if len(kinds) > 1 else ()
    headers = (*kind_header, "Código", "Nome", "Resultado", "Situação", "Mensagem")
    others = [result for result in report.results if result.outcome not in _TO_LOOK_AT]
    others.sort(key=lambda result: _IN_ORDER[result.outcome])  # what was done before what was left out
    return Page(
        report.summary,
        (*_to_look_at(report.results, headers, row), Section("Demais", table=Table.of(headers, others, row))),
        _outcomes(report.counts.items()),
    )


def _entry(entry: LogEntry) -> Row:
    when = entry.at.astimezone().strftime("%d/%m/%Y %H:%M:%S")
    return when, _KINDS[entry.kind], entry.codigo, entry.nome, entry.outcome.label, entry.message


def logs_page(logs: Logs) -> Page:
    """The entries of what is in doubt, failed or was refused; then every entry, oldest first."""
    headers = ("Quando", "Tipo", "Código", "Nome", "Resultado", "Mensagem")
    every = Section("Lançamentos", table=Table.of(headers, logs, _entry))
    return Page(logs.summary, (*_to_look_at(logs, headers, _entry), every), _outcomes(logs.counts.items()))


# --------------------------------------------------------------------------- looking back


def _check(check: Check) -> Row:
    return _KINDS[check.kind], check.codigo, check.nome, _fields(check.differences)


def _fields(names: Iterable[str]) -> str:
    return ", ".join(_SHOWN.get(name, name) for name in names)


def verification_page(verification: Verification) -> Page:
    """What differs, is missing or is not known; then what is equal, and what nothing can be said of."""
    headers = ("Tipo", "Código", "Nome", "Campos diferentes")
    by_way = {way: [c for c in verification.checks if c.verified is way] for way in Verified}
    equal = by_way.pop(Verified.EQUAL)
    unsaid = _fields(verification.unverifiable)
    return Page(
        verification.summary,
        (
            *(
                Section(way.label.capitalize(), table=Table.of(headers, checks, _check), attention=True)
                for way, checks in by_way.items()
            ),
            Section(
                Verified.EQUAL.label.capitalize(), table=Table.of(headers[:3], equal, lambda c: _check(c)[:3])
            ),
            Section(
                "Sem conferência",
                (f"A API pública não mostra e por isso não se afirma nada de: {unsaid}.",) if unsaid else (),
            ),
        ),
        tuple(Count(way.label, number, _OF_VERIFIED[way]) for way, number in verification.counts.items()),
    )


def _rules(rules: tuple[RuleStep, ...]) -> tuple[str, ...]:
    said = {
        "Valem": [
            f"{rule.code} ({rule.detail})" if rule.detail else rule.code for rule in rules if rule.applies
        ],
        "Não valem": [rule.code for rule in rules if not rule.applies],
    }
    return tuple(f"{how}: {', '.join(codes)}." for how, codes in said.items() if codes)


def _seen(seen: Seen) -> Row:
    return seen.id, seen.codigo or "", _document(seen.documento)


def _document(documento: Cnpj | Cpf | None) -> str:
    return documento.format() if documento else ""


def explanation_page(explanation: Explanation) -> Page:
    """Why, what would be lost, every rule in its order, what the portal has, and what would be sent."""
    return Page(
        explanation.summary,
        (
            *_losses(explanation.losses),
            Section("Regras, na ordem em que foram perguntadas", _rules(explanation.rules)),
            Section("No portal", table=Table.of(("Id", "Código", "Documento"), explanation.matches, _seen)),
            Section("Seria enviado", table=_draft(explanation.draft)),
        ),
        lead=tuple(map(str, explanation.findings)),
    )


def _draft(draft: Draft | None) -> Table:
    values: dict[str, object] = attrs.asdict(draft, recurse=False) if draft else {}
    cells = [(name, _sent(value)) for name, value in values.items() if value]
    return Table.of(("Campo", "Valor"), cells, lambda cell: cell)


def _sent(value: object) -> str:
    return value.format() if isinstance(value, Cnpj | Cpf) else str(value)


# --------------------------------------------------------------------------- audit


def _fault(fault: Fault) -> Row:
    return fault.number or "", fault.reason


def audit_page(audit: Audit) -> Page:
    """What is not as it was written, and where the log ends."""
    forgotten = f"Retirados por ordem, dos mais antigos: {audit.forgotten}"
    return Page(
        audit.summary,
        (
            Section(
                "Problemas", table=Table.of(("Lançamento", "O que há"), audit.faults, _fault), attention=True
            ),
            Section("Fim do registro", (str(audit.head), *([forgotten] if audit.forgotten else []))),
        ),
        (
            Count("lançamentos", audit.entries, Tone.GOOD),
            Count("problemas", len(audit.faults), Tone.BAD),
        ),
    )
