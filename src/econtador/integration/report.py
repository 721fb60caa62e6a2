"""What came of a run: one result for each record, and what the portal shows afterwards."""

import enum
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from attrs import field, frozen

from econtador.errors import redact, redacted_repr
from econtador.integration.fields import Loss
from econtador.integration.plan import Draft
from econtador.integration.policy import Seen, Verdict
from econtador.integration.reasons import Finding
from econtador.integration.status import Kind, Outcome, Status
from econtador.overriding import override
from econtador.showing.face import Framed, Shown

if TYPE_CHECKING:
    from econtador.gap.tabular import Tabular
    from econtador.showing.page import Page

__all__ = ["Check", "Explanation", "Report", "Result", "RuleStep", "Verification", "Verified"]


@frozen(kw_only=True)
class Result:
    """What came of one record."""

    kind: Kind
    codigo: str
    nome: str = field(repr=redacted_repr)
    outcome: Outcome
    status: Status
    """After it."""
    code: str = ""
    """A reason's or an error's stable code."""
    message: str = ""
    """Portuguese, without personal data."""
    portal_id: str | None = field(default=None, repr=False)
    attempts: int = 0
    """Writes that were sent, repeats of what surely was not accepted included; 0: nothing was."""

    @override
    def __str__(self) -> str:
        said = f": {self.message}" if self.message else ""
        return f"{self.codigo:<8} {self.outcome.label}{said} [{redact(self.nome)}]"


@frozen(kw_only=True, repr=False)
class Report(Shown, Framed):
    """Every record's result, in the plan's order."""

    results: tuple[Result, ...]

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many records came to each outcome; only those that occur."""
        counted = Counter(result.outcome for result in self.results)
        return {outcome: counted[outcome] for outcome in Outcome if counted[outcome]}

    @property
    def sent(self) -> int:
        """How many writes were really sent."""
        return sum(result.attempts for result in self.results)

    @property
    def ok(self) -> bool:
        """Whether nothing failed and nothing is in doubt."""
        bad = {Outcome.FAILED, Outcome.IN_DOUBT, Outcome.ACTIVATION_FAILED}
        return not any(result.outcome in bad for result in self.results)

    @property
    @override
    def summary(self) -> str:
        """How many records came to each outcome, and how many writes were sent."""
        parts = ", ".join(f"{outcome.label}: {count}" for outcome, count in self.counts.items())
        return f"{parts or 'nada a fazer'} (envios feitos: {self.sent})"

    @override
    def _page(self) -> "Page":
        from econtador.integration.pages import report_page

        return report_page(self)

    @override
    def tabular(self) -> "Tabular":
        """Its results, one row each."""
        from econtador.integration.tabular import RESULT

        return RESULT.of(self.results)


class Verified(enum.Enum):
    """How the portal compares with what was sent."""

    EQUAL = "equal"
    DIFFERS = "differs"
    MISSING = "missing"
    EXTRA = "extra"
    """In the portal and not in the journal."""

    @property
    def label(self) -> str:
        """Of several, in Portuguese."""
        return _LABELS[self]


_LABELS: Mapping[Verified, str] = MappingProxyType(
    {
        Verified.EQUAL: "iguais",
        Verified.DIFFERS: "diferentes",
        Verified.MISSING: "faltando",
        Verified.EXTRA: "a mais",
    }
)


@frozen(kw_only=True)
class Check:
    """One record of the journal or of the portal, compared."""

    kind: Kind
    codigo: str
    nome: str = field(repr=redacted_repr)
    verified: Verified
    differences: tuple[str, ...] = ()
    """Our names of the fields that differ."""


@frozen(kw_only=True, repr=False)
class Verification(Shown, Framed):
    """The portal read back."""

    checks: tuple[Check, ...]
    unverifiable: tuple[str, ...]
    """Fields that were sent and that the public API does not show: nothing is claimed of them."""

    @property
    def counts(self) -> Mapping[Verified, int]:
        """How many records compare in each way, zeros included."""
        counted = Counter(check.verified for check in self.checks)
        return {verified: counted[verified] for verified in Verified}

    @property
    def ok(self) -> bool:
        """Whether nothing differs and nothing is missing."""
        return not (self.counts[Verified.DIFFERS] or self.counts[Verified.MISSING])

    @property
    @override
    def summary(self) -> str:
        """How many records compare in each way."""
        return f"Conferência: {', '.join(f'{way.label}: {count}' for way, count in self.counts.items())}"

    @override
    def _page(self) -> "Page":
        from econtador.integration.pages import verification_page

        return verification_page(self)

    @override
    def tabular(self) -> "Tabular":
        """Its checks, one row each."""
        from econtador.integration.tabular import CHECK

        return CHECK.of(self.checks)


@frozen(kw_only=True)
class RuleStep:
    """One rule as it was asked for one record."""

    code: str
    sentence: str
    applies: bool
    detail: str = ""


@frozen(kw_only=True, repr=False)
class Explanation(Shown):
    """Why one record fares as it does: match, rules, losses, and what would be sent."""

    kind: Kind
    codigo: str
    nome: str = field(repr=redacted_repr)
    status: Status
    verdict: Verdict
    findings: tuple[Finding, ...]
    matches: tuple[Seen, ...]
    """What the portal has with this document."""
    rules: tuple[RuleStep, ...]
    """Every rule in its order, up to the one that decided."""
    losses: tuple[Loss, ...]
    draft: Draft | None
    """What would be sent; None where nothing would be."""

    @property
    @override
    def summary(self) -> str:
        """The record, its verdict and its status."""
        return f"{self.codigo} {redact(self.nome)}: {self.verdict.value} ({self.status.value})"

    @override
    def _page(self) -> "Page":
        from econtador.integration.pages import explanation_page

        return explanation_page(self)
