"""What would be done, decided and explained before anything is sent.

A :class:`Plan` is a frozen value. It saves to JSON and loads from it; what was saved is what is
applied, and a plan that was edited, or that is of a format which this version does not read, is
refused. **A saved plan holds what would be sent, personal data of users included: keep it as you
keep the export itself.**
"""

import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from attrs import evolve, field, frozen
from cattrs import BaseValidationError
from cattrs.preconf.json import JsonConverter, make_converter

from econtador.documents import Cnpj, Cpf, parse
from econtador.errors import EcontadorError, InvalidPlan, redacted_repr
from econtador.gap.models import Operador, Proemp
from econtador.integration.fields import Collision, FitStep, Loss
from econtador.integration.policy import Policy, Verdict
from econtador.integration.reasons import Finding
from econtador.integration.status import Kind, Status
from econtador.overriding import override
from econtador.portal.models import EmpresaNova, UsuarioNovo
from econtador.showing.face import Framed, Shown

if TYPE_CHECKING:
    from econtador.gap.tabular import Tabular
    from econtador.showing.page import Page

__all__ = ["FORMAT", "Action", "Alarm", "Draft", "Plan", "canonical", "load_draft", "save_draft"]

FORMAT: Final = 3
"""Of saved plans. It grows when an older version could no longer read, or would misread, a plan."""

Draft = EmpresaNova | UsuarioNovo
"""What would be sent."""


@frozen(kw_only=True)
class Action:
    """What is to be done with one record, and why."""

    codigo: str
    nome: str = field(repr=redacted_repr)
    """As GAP has it."""
    status: Status
    """Before."""
    verdict: Verdict
    findings: tuple[Finding, ...]
    losses: tuple[Loss, ...] = ()
    draft: Draft | None = None
    """What would be sent; only where something would be."""
    portal_id: str | None = field(default=None, repr=False)
    """Where it already is in the portal."""

    @property
    def reason(self) -> str:
        """The findings as one text, in Portuguese."""
        return " ".join(str(finding) for finding in self.findings)

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that stand for what is to be done with the record, what would be sent included."""
        return _digest(cast("dict[str, object]", _CONVERTER.unstructure(self)))[:16]


@frozen(kw_only=True)
class Alarm:
    """A guard of the policy that the plan runs into: applying it needs ``allow=[guard]``."""

    guard: str
    """``leaving``, ``renamed`` or ``losing``."""
    count: int
    total: int

    @override
    def __str__(self) -> str:
        return _ALARMS[self.guard].format(count=self.count, total=self.total)


_ALARMS: Final = {
    "leaving": "{count} de {total} integrados estão agora desligados no GAP: a exportação está certa?",
    "renamed": "{count} de {total} integrados mudaram de nome no GAP: a exportação está certa?",
    "losing": "{count} de {total} seriam enviados com texto cortado: veja as perdas do plano.",
}


@frozen(kw_only=True, repr=False)
class Plan(Shown, Framed):
    """The decided fate of every record of one kind, under one policy, for one portal account."""

    kind: Kind
    account: str
    operador: Operador
    policy: Policy
    made_at: datetime.datetime
    revision: int
    """The journal's, when the plan was made: if another plan moved it on, this one is stale."""
    actions: tuple[Action, ...]
    collisions: tuple[Collision, ...] = ()
    """Records that would be sent and could no longer be told apart by a field."""
    notices: tuple[Finding, ...] = ()
    """What holds for the plan as a whole."""
    alarms: tuple[Alarm, ...] = ()
    """What needs an explicit yes before it is applied."""

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """How many records have each verdict, in the verdicts' order, zeros included."""
        counted = Counter(action.verdict for action in self.actions)
        return {verdict: counted[verdict] for verdict in Verdict}

    @property
    def losses(self) -> tuple[Loss, ...]:
        """Every change to a field of what would be sent; ``loss.codigo`` says whose, ``loss.lossless`` whether nothing is lost."""
        return tuple(
            evolve(loss, codigo=action.codigo)
            for action in self.actions
            if action.verdict is Verdict.CREATE
            for loss in action.losses
        )

    @cached_property
    def fingerprint(self) -> str:
        """64 hexadecimal digits that stand for this very plan."""
        return _digest(_unstructured(self))

    def to_json(self) -> str:
        """The plan as text, a line for each action. It holds what would be sent, users' CPFs and e-mails included."""
        return _written(self.fingerprint, _unstructured(self))

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """The plan that :meth:`to_json` saved. Raises :class:`~econtador.errors.InvalidPlan`."""
        return _structured(_checked(text))

    @property
    @override
    def summary(self) -> str:
        """How many records have each verdict."""
        parts = ", ".join(f"{verdict.value}: {count}" for verdict, count in self.counts.items() if count)
        of = f"empresas ({self.policy.proemp})" if self.kind is Kind.EMPRESA else "usuários"
        return f"Plano de {of}: {parts or 'nada'}"

    @override
    def _page(self) -> "Page":
        from econtador.integration.pages import plan_page

        return plan_page(self)

    @override
    def tabular(self) -> "Tabular":
        """Its actions, one row each."""
        from econtador.integration.tabular import ACTION

        return ACTION.of(self.actions)


# --------------------------------------------------------------------------- JSON

_BEYOND: Final = 2**63
"""What a journal cannot count to."""


def _converter() -> JsonConverter:
    converter = make_converter()

    @converter.register_structure_hook
    def text(value: object, _: type) -> str:
        # cattrs would make texts of None and of numbers, silently.
        if isinstance(value, str):
            value.encode()  # a ValueError for half of a surrogate pair, which no journal can hold
            return value
        raise TypeError("text expected")

    @converter.register_structure_hook
    def _(value: object, _: type) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _BEYOND:
            return value
        raise TypeError("whole number expected")

    @converter.register_structure_hook
    def _(value: object, _: type) -> bool:
        if isinstance(value, bool):
            return value
        raise TypeError("true or false expected")

    def document(value: object, _: type) -> Cnpj | Cpf:
        return parse(cast("str", value))

    def draft(value: object, _: type) -> Draft:
        data = cast("Mapping[str, object]", value)
        if "cpf" in data:
            return converter.structure(data, UsuarioNovo)
        return converter.structure(data, EmpresaNova)

    # Its members are texts too, and a text would do for equality.
    converter.register_structure_hook(FitStep, lambda value, _: FitStep(value))
    # Most fields of a draft: what cattrs makes of an optional text asks it once more what a text is.
    converter.register_structure_hook(
        str | None, lambda value, _: None if value is None else text(value, str)
    )
    converter.register_structure_hook(Cnpj | Cpf, document)
    converter.register_structure_hook(Draft, draft)
    for value_type in (Cnpj, Cpf, Proemp, Operador):
        converter.register_unstructure_hook(value_type, str)
        converter.register_structure_hook(
            value_type, lambda value, kind: kind(converter.structure(value, str))
        )
    return converter


_CONVERTER: Final = _converter()


def _unstructured(plan: Plan) -> dict[str, object]:
    return cast("dict[str, object]", _CONVERTER.unstructure(plan))


canonical: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
"""As text that a hash is over: of a plan, of an action, of the journal's entries."""

_line: Final = json.JSONEncoder(ensure_ascii=False).encode


def _digest(content: Mapping[str, object]) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _written(fingerprint: str, content: Mapping[str, object]) -> str:
    """A line for each part of the plan, and for each of what a part lists: to be read, and compared line by line.

    Not ``json.dumps(indent=1)``, which leaves the encoder in C for one in Python: 23 µs an action, and this 6.
    """
    parts = ",\n".join(f"  {_line(name)}: {_part(value)}" for name, value in content.items())
    return f'{{\n "format": {FORMAT},\n "fingerprint": {_line(fingerprint)},\n "plan": {{\n{parts}\n }}\n}}'


def _part(value: object) -> str:
    if not isinstance(value, list) or not value:
        return _line(value)
    lines = ",\n".join(f"   {_line(one)}" for one in cast("list[object]", value))
    return f"[\n{lines}\n  ]"


def _checked(text: str) -> Mapping[str, object]:
    try:
        whole: object = json.loads(text)
    except (ValueError, RecursionError, TypeError):
        raise InvalidPlan("the text is not JSON") from None
    parts: Mapping[str, object] = cast("Mapping[str, object]", whole) if isinstance(whole, dict) else {}
    version, fingerprint, content = (parts.get(name) for name in ("format", "fingerprint", "plan"))
    if isinstance(version, int) and version != FORMAT:
        raise InvalidPlan(f"its format is {version}, this version reads {FORMAT}")
    if version != FORMAT or not isinstance(fingerprint, str) or not isinstance(content, dict):
        raise InvalidPlan("it has not the parts of a saved plan")
    found = cast("Mapping[str, object]", content)
    if _digest(found) != fingerprint:
        raise InvalidPlan("it was edited after it was made")
    return found


def _structured(content: Mapping[str, object]) -> Plan:
    try:
        plan = _CONVERTER.structure(content, Plan)
    except (BaseValidationError, EcontadorError, ValueError, TypeError, KeyError, AttributeError):
        # `from None`: the causes hold the values, personal data included.
        raise InvalidPlan("its parts are not those of a plan") from None
    if not all(_fits(action, plan.kind) for action in plan.actions) or any(
        alarm.guard not in _ALARMS for alarm in plan.alarms
    ):
        raise InvalidPlan("its parts do not fit together")
    return plan


def _fits(action: Action, kind: Kind) -> bool:
    """Whether *action* has its reason, and the draft of its own record where something would be sent."""
    if not action.findings:
        return False
    match action.draft:
        case None:
            return action.verdict not in {Verdict.CREATE, Verdict.ADOPT}
        case EmpresaNova(codigo=codigo):
            return kind is Kind.EMPRESA and codigo == action.codigo
        case UsuarioNovo():
            return kind is Kind.USUARIO


_compact: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def save_draft(draft: Draft) -> str:
    """A draft as JSON text, for the journal."""
    return _compact(_CONVERTER.unstructure(draft))


def load_draft(text: str) -> Draft:
    """The draft that :func:`save_draft` saved."""
    return _CONVERTER.structure(json.loads(text), cast("type[Draft]", Draft))
