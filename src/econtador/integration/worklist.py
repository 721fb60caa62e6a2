"""Assisted mode: what a person does at GAP and in the portal, made from plans. Pure.

No public write of companies or users is attested, so an office integrates in GAP's own window. A
:class:`Worklist` says what to tick there and what not, what to mend in the portal afterwards, and whom to activate;
:meth:`.Integrator.verify` then reads the portal back, and :meth:`Worklist.ticked` says what was seen.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from econtador.documents import Cpf
from econtador.errors import redact
from econtador.gap.models import Operador, Proemp
from econtador.integration.corrections import SHOWN_AS, Correction, corrections_of, wanted_draft
from econtador.integration.fields import LIMITS, FieldLimit
from econtador.integration.plan import Action, Draft, Plan
from econtador.integration.policy import Verdict
from econtador.integration.reasons import Finding, Reason
from econtador.integration.report import Check, Verification, Verified
from econtador.integration.status import Kind, Status
from econtador.integration.worklist_items import Activation, Item, Leave, Mend, State, Step, Tick
from econtador.integration.worklist_steps import (
    AFTERWARDS,
    BEFORE,
    BEFORE_EMPRESAS,
    IN_THE_FORM,
    SEND_EMPRESAS,
    SEND_USUARIOS,
    Instruction,
    Source,
)
from econtador.overriding import override
from econtador.showing.face import Shown

if TYPE_CHECKING:
    from econtador.gap.tabular import Tabular
    from econtador.showing.page import Page

__all__ = ["Wanted", "Worklist", "make_worklist"]


@frozen
class Wanted:
    """What the portal should show of one record."""

    action: Action
    draft: Draft


@frozen(kw_only=True, repr=False)
class Worklist(Shown):
    """What a person does, in the order of doing it. A function of its plans: make it again rather than keep it.

    ``print`` it, look at it in a notebook, or print :meth:`to_html`.
    """

    plans: tuple[Plan, ...]
    """At most one of each kind, all for one account."""
    made_at: datetime.datetime
    limits: tuple[FieldLimit, ...] = LIMITS
    verification: Verification | None = None
    """What :meth:`ticked` was given."""

    # ----------------------------------------------------------------- whose

    @property
    def account(self) -> str:
        """The portal account of the plans."""
        return self.plans[0].account

    @property
    def operador(self) -> Operador:
        """Who made the plans."""
        return self.plans[0].operador

    @property
    def proemp(self) -> Proemp | None:
        """The one whose companies are ticked; None where there are no companies."""
        return next((plan.policy.proemp for plan in self.plans if plan.kind is Kind.EMPRESA), None)

    # ----------------------------------------------------------------- the parts

    @cached_property
    def before(self) -> tuple[Step, ...]:
        """Before anything is ticked, and what the plans warn of."""
        warnings = (
            Instruction(f"aviso-{number}", redact(text), Source.BIBLIOTECA)
            for number, text in enumerate(_warnings(self.plans), 1)
        )
        return self._steps("antes", (*BEFORE, *(BEFORE_EMPRESAS if self.proemp else ()), *warnings))

    @cached_property
    def ticks(self) -> tuple[Tick, ...]:
        """The companies and users to tick in GAP."""
        return tuple(self._tick(kind, action) for kind, action in self._actions() if _to_tick(action))

    @cached_property
    def leaves(self) -> tuple[Leave, ...]:
        """The companies and users not to tick: what was refused first, what was not chosen last."""
        found = [(kind, action) for kind, action in self._actions() if not _to_tick(action)]
        found.sort(key=lambda one: _LEFT_ORDER.index(one[1].verdict))
        times = Counter[str]()
        leaves: list[Leave] = []
        for kind, action in found:
            key = f"deixar/{kind.value}/{action.codigo}"
            times[key] += 1  # a código may come twice, which is then why it is left
            leaves.append(self._leave(kind, action, key if times[key] == 1 else f"{key}/{times[key]}"))
        return tuple(leaves)

    @cached_property
    def sending(self) -> tuple[Step, ...]:
        """The last look, and the button, for companies."""
        return self._steps("integrar/empresa", SEND_EMPRESAS if self.proemp else ())

    @cached_property
    def sending_usuarios(self) -> tuple[Step, ...]:
        """The same for users."""
        there = any(plan.kind is Kind.USUARIO for plan in self.plans)
        return self._steps("integrar/usuario", SEND_USUARIOS if there else ())

    @cached_property
    def mends(self) -> tuple[Mend, ...]:
        """The fields to mend in the portal once the companies are there."""
        return tuple(
            Mend(
                key=f"corrigir/{correction.codigo}/{correction.field}",
                correction=correction,
                state=self._state_of(correction),
            )
            for corrections in self._corrections.values()
            for correction in corrections
        )

    @cached_property
    def activations(self) -> tuple[Activation, ...]:
        """The users to activate in the portal, those that were integrated before too."""
        return tuple(
            self._activation(action)
            for kind, action in self._actions()
            if kind is Kind.USUARIO and (_to_tick(action) or _may_be_inactive(action))
        )

    @cached_property
    def afterwards(self) -> tuple[Step, ...]:
        """What remains when all is done."""
        steps = self._steps("depois", AFTERWARDS)
        if self.verification is None:
            return steps
        return tuple(
            evolve(step, state=State.SEEN) if step.key == "depois/verify" else step for step in steps
        )

    @property
    def items(self) -> Iterator[Item]:
        """Every item of every part, in order."""
        for part in (self.before, self.ticks, self.leaves, self.sending, self.sending_usuarios, self.mends):
            yield from part
        for activation in self.activations:
            yield from activation.steps
        yield from self.afterwards

    @property
    def counts(self) -> Mapping[State, int]:
        """How many items are in each state, zeros included."""
        counted = Counter(item.state for item in self.items)
        return {state: counted[state] for state in State}

    # ----------------------------------------------------------------- what the portal shows

    def wanted(self, kind: Kind) -> Mapping[str, Wanted]:
        """What the portal should show once all is done, by código: what is ticked, and what is there already."""
        return {
            action.codigo: Wanted(action, wanted_draft(action.draft, self._corrections_of(kind, action)))
            for of, action in self._actions()
            if of is kind and action.draft is not None
        }

    def ticked(self, verification: Verification) -> "Worklist":
        """The same list with what was seen in the portal. What the public API cannot show is said to be for a person."""
        return evolve(self, verification=verification)

    @cached_property
    def _corrections(self) -> Mapping[str, tuple[Correction, ...]]:
        """By código, of the companies to tick."""
        return {
            action.codigo: corrections_of(action, self.limits)
            for kind, action in self._actions()
            if kind is Kind.EMPRESA and _to_tick(action)
        }

    def _corrections_of(self, kind: Kind, action: Action) -> tuple[Correction, ...]:
        return self._corrections.get(action.codigo, ()) if kind is Kind.EMPRESA else ()

    @cached_property
    def _checks(self) -> Mapping[tuple[Kind, str], Check]:
        checks = self.verification.checks if self.verification else ()
        return {(c.kind, c.codigo): c for c in checks if c.verified is not Verified.EXTRA}

    @cached_property
    def _extras(self) -> frozenset[tuple[Kind, str]]:
        checks = self.verification.checks if self.verification else ()
        return frozenset((c.kind, c.codigo) for c in checks if c.verified is Verified.EXTRA)

    @property
    def _for_a_person(self) -> State:
        return State.TODO if self.verification is None else State.BY_PERSON

    def _actions(self) -> Iterator[tuple[Kind, Action]]:
        for plan in self.plans:
            for action in plan.actions:
                yield plan.kind, action

    def _steps(self, prefix: str, instructions: Iterable[Instruction]) -> tuple[Step, ...]:
        return tuple(
            Step(
                key=f"{prefix}/{one.name}",
                text=one.text.format(proemp=self.proemp) if "{proemp}" in one.text else one.text,
                source=one.source,
                condition=one.condition,
                state=self._for_a_person,
            )
            for one in instructions
        )

    def _tick(self, kind: Kind, action: Action) -> Tick:
        check = self._checks.get((kind, action.codigo))
        mended = {SHOWN_AS.get(correction.field) for correction in self._corrections_of(kind, action)}
        differences = tuple(name for name in check.differences if name not in mended) if check else ()
        if (kind, action.codigo) in self._extras:
            differences += ("em dobro",)
        return Tick(
            key=f"marcar/{kind.value}/{action.codigo}",
            kind=kind,
            codigo=action.codigo,
            nome=action.nome,
            documento=_documento_shown(action.draft),
            state=_state(check, bool(differences)) if check else State.TODO,
            differences=differences,
        )

    def _leave(self, kind: Kind, action: Action, key: str) -> Leave:
        check = self._checks.get((kind, action.codigo))
        state, differences = State.NOTHING, tuple[str, ...]()
        if action.verdict in _THERE and check:
            state, differences = _state(check, bool(check.differences)), check.differences
        elif (kind, action.codigo) in self._extras and action.findings[0].reason not in _OF_ANOTHER:
            state, differences = State.DIFFERS, ("no portal",)
        return Leave(
            key=key,
            kind=kind,
            codigo=action.codigo,
            nome=action.nome,
            verdict=action.verdict,
            status=action.status,
            reason=action.reason,
            state=state,
            differences=differences,
        )

    def _state_of(self, correction: Correction) -> State:
        shown = SHOWN_AS.get(correction.field)
        if shown is None:
            return self._for_a_person
        check = self._checks.get((Kind.EMPRESA, correction.codigo))
        return _state(check, shown in check.differences) if check else State.TODO

    def _activation(self, action: Action) -> Activation:
        return Activation(
            codigo=action.codigo,
            nome=action.nome,
            login=_documento_shown(action.draft),
            steps=self._steps(f"ativar/{action.codigo}", IN_THE_FORM),
            known=not _to_tick(action),
        )

    # ----------------------------------------------------------------- for people

    @property
    @override
    def summary(self) -> str:
        """One line, in Portuguese."""
        from econtador.integration.worklist_parts import summary_of

        return summary_of(self)

    @override
    def _page(self) -> "Page":
        from econtador.integration.worklist_parts import shown_of

        return shown_of(self)

    def sheets(self) -> "Mapping[str, Tabular]":
        """What a workbook holds: one table for each part, by its sheet's name."""
        from econtador.integration.worklist_parts import sheets_of

        return sheets_of(self)

    def to_html(self, *, escritorio: str = "") -> str:
        """One page that needs nothing else, to be printed (A4) or opened in a browser.

        *escritorio* is the office's name, for the head of the page. Texts to be pasted stand there whole: where a
        razão social holds a CPF, the page holds it too.
        """
        from econtador.integration.worklist_page import page

        return page(self, escritorio)


def make_worklist(
    plans: Iterable[Plan], *, made_at: datetime.datetime, limits: Iterable[FieldLimit] = LIMITS
) -> Worklist:
    """The worklist of *plans*, companies first. Raises ValueError without a plan, for two of one kind or of two accounts."""
    order = list(Kind)
    chosen = tuple(sorted(plans, key=lambda plan: order.index(plan.kind)))
    if not chosen:
        raise ValueError("a worklist is made of one plan or more")
    if len({plan.kind for plan in chosen}) < len(chosen):
        raise ValueError("a worklist takes one plan of each kind: make one plan of all that is to be done")
    if len({plan.account for plan in chosen}) > 1:
        raise ValueError("the plans are of different portal accounts")
    return Worklist(plans=chosen, made_at=made_at, limits=tuple(limits))


# --------------------------------------------------------------------------- what is to be done with an action

_LEFT_ORDER = (Verdict.REFUSE, Verdict.CREATE, Verdict.ADOPT, Verdict.KEEP, Verdict.SKIP)
_THERE = frozenset({Verdict.CREATE, Verdict.ADOPT, Verdict.KEEP})
"""Where an action that is not ticked has these, the record is, or may be, in the portal."""
_OF_ANOTHER = frozenset({Reason.OUTRA_PROEMP, Reason.CODIGO_REPETIDO})
"""The código alone does not say whose the record in the portal is."""


def _to_tick(action: Action) -> bool:
    # What may be there already is never to be sent on a person's word either: look first.
    return action.verdict is Verdict.CREATE and action.findings[0].reason is not Reason.EM_DUVIDA


def _may_be_inactive(action: Action) -> bool:
    if action.findings[0].reason is Reason.INTEGRADA_E_DESLIGADA:
        return False
    return action.verdict is Verdict.ADOPT or (
        action.verdict is Verdict.KEEP and action.status is Status.INTEGRADO
    )


def _state(check: Check, differs: bool) -> State:
    if check.verified is Verified.MISSING:
        return State.MISSING
    return State.DIFFERS if differs else State.SEEN


def _documento_shown(draft: Draft | None) -> str:
    if draft is None:
        return ""
    documento = getattr(draft, "cpf", None) or getattr(draft, "documento", None)
    if isinstance(documento, Cpf):
        return f"***.***.***-{documento.value[-2:]}"
    return documento.format() if documento else ""


def _warnings(plans: Iterable[Plan]) -> Iterator[str]:
    """Alarms, and each notice once with all that it is about."""
    for plan in plans:
        yield from (str(alarm) for alarm in plan.alarms)
        details: dict[Reason, list[str]] = {}
        for notice in plan.notices:
            details.setdefault(notice.reason, []).extend([notice.detail] if notice.detail else [])
        for reason, found in details.items():
            if reason is not Reason.ESCRITA_POR_CONVENCAO:
                yield str(Finding(reason, "; ".join(found)))
