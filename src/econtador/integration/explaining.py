"""Why one record fares as it does: every rule that was asked, in its order. Pure."""

from typing import TypeVar

from econtador.gap.models import EmpresaGap, UsuarioGap
from econtador.integration.fields import FieldAdapter
from econtador.integration.planning import action_of, case_of
from econtador.integration.policy import Case, Rule, Scene, documento_of
from econtador.integration.report import Explanation, RuleStep
from econtador.integration.status import Kind

__all__ = ["explain"]

R = TypeVar("R", EmpresaGap, UsuarioGap)


def explain(
    kind: Kind, rules: tuple[Rule[R], ...], record: R, adapter: FieldAdapter, scene: Scene
) -> Explanation:
    """Decide *record* once more and tell every rule up to the one that decided."""
    action = action_of(rules, record, adapter, scene)
    case = case_of(record, adapter, scene)
    documento = documento_of(record)
    last = action.findings[-1].reason
    asked = [rule.reason for rule in rules]
    upto = asked.index(last) + 1 if last in asked else 0
    return Explanation(
        kind=kind,
        codigo=record.codigo,
        nome=action.nome,
        status=action.status,
        verdict=action.verdict,
        findings=action.findings,
        matches=scene.by_document.get(documento, ()) if documento else (),
        rules=tuple(_asked(rule, case) for rule in rules[:upto]) if case else (),
        losses=action.losses,
        draft=action.draft,
    )


def _asked(rule: Rule[R], case: Case[R]) -> RuleStep:
    detail = rule.applies(case)
    return RuleStep(
        code=rule.reason.value,
        sentence=rule.reason.sentence,
        applies=detail is not None,
        detail=detail or "",
    )
