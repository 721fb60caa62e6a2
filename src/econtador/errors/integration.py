"""Plans that cannot be made or applied, and runs that stopped."""

from typing import ClassVar

from attrs import define

from econtador.errors.root import EcontadorError
from econtador.overriding import override

__all__ = [
    "ApplyStopped",
    "EmptySelection",
    "GuardedPlan",
    "InvalidPlan",
    "OperatorNotAdmin",
    "PlanError",
    "SecondProemp",
    "StalePlan",
    "UnknownCodigo",
]


class PlanError(EcontadorError):
    """The plan cannot be made or cannot be applied. Nothing was sent."""

    code: ClassVar[str] = "plan"


@define(slots=False, repr=False)
class OperatorNotAdmin(PlanError):
    """Only GAP's user ADMIN integrates."""

    code: ClassVar[str] = "operator-not-admin"
    operador: str

    @override
    def __str__(self) -> str:
        return f"{self.operador!r} may not integrate: it must be done by GAP's user ADMIN (operador='ADMIN')"


@define(slots=False, repr=False)
class SecondProemp(PlanError):
    """A portal account takes one PROEMP, for ever."""

    code: ClassVar[str] = "second-proemp"
    first: str
    asked: str

    @override
    def __str__(self) -> str:
        return (
            f"this portal account already holds {self.first}; {self.asked} cannot be integrated into it: "
            "a second PROEMP needs an account (and a journal) of its own"
        )


@define(slots=False, repr=False)
class EmptySelection(PlanError):
    """Nothing was selected, so nothing could be integrated."""

    code: ClassVar[str] = "empty-selection"
    kind: str

    @override
    def __str__(self) -> str:
        return (
            f"no {self.kind} selected: name the wanted códigos, selected=['00001', ...], "
            "or say selected=TODAS for every one"
        )


@define(slots=False, repr=False)
class UnknownCodigo(PlanError):
    """The selection names a código that is not among the records."""

    code: ClassVar[str] = "unknown-codigo"
    kind: str
    codigos: tuple[str, ...]

    @override
    def __str__(self) -> str:
        return (
            f"selected {self.kind} not among the records: {', '.join(self.codigos)}; "
            "was its row a problem of the reading, or the código mistyped (5 digits)?"
        )


@define(slots=False, repr=False)
class StalePlan(PlanError):
    """Something was integrated, or the rules changed, after the plan was made."""

    code: ClassVar[str] = "stale-plan"
    reason: str

    @override
    def __str__(self) -> str:
        return f"the plan is stale: {self.reason}; nothing was sent, plan again and look at it"


@define(slots=False, repr=False)
class GuardedPlan(PlanError):
    """The plan runs into guards of the policy, and nobody said yes to them."""

    code: ClassVar[str] = "guarded-plan"
    guards: tuple[str, ...]
    said: tuple[str, ...]
    """What each guard says, in Portuguese."""

    @override
    def __str__(self) -> str:
        return (
            f"{' '.join(self.said)} Nothing was sent; look at the plan, and if it is right say "
            f"allow={list(self.guards)}"
        )


@define(slots=False, repr=False)
class InvalidPlan(PlanError):
    """A saved plan that is broken, was edited, or has a format this version does not read."""

    code: ClassVar[str] = "invalid-plan"
    reason: str

    @override
    def __str__(self) -> str:
        return f"this is not a plan that can be applied: {self.reason}; make the plan again"


@define(slots=False, repr=False)
class ApplyStopped(EcontadorError):
    """Stopped between two records. What was done is in the journal and counted here; the cause is ``__cause__``."""

    code: ClassVar[str] = "apply-stopped"
    done: int
    total: int
    reason: str

    @override
    def __str__(self) -> str:
        return (
            f"stopped after {self.done} of {self.total} records: {self.reason}; nothing is half done, "
            "mend the cause and apply the same plan again: it goes on where it stopped"
        )
