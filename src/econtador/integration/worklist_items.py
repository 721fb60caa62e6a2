"""The items of a worklist, each with a key of its own and what is known of it."""

import enum

from attrs import field, frozen

from econtador.errors import redacted_repr
from econtador.integration.corrections import Correction
from econtador.integration.policy import Verdict
from econtador.integration.status import Kind, Status
from econtador.integration.worklist_steps import Source
from econtador.overriding import override

__all__ = ["Activation", "Item", "Leave", "Mend", "State", "Step", "Tick"]


class State(enum.Enum):
    """What is known of one item of a worklist."""

    TODO = "a fazer"
    """The portal was not looked at since."""
    SEEN = "visto"
    """The portal shows it as it should be."""
    MISSING = "falta"
    """The portal does not show the record."""
    DIFFERS = "difere"
    BY_PERSON = "a conferir por pessoa"
    """The public API cannot show it: nothing is claimed."""
    NOTHING = "nada a fazer"

    @override
    def __str__(self) -> str:
        return self.value


@frozen(kw_only=True)
class Step:
    """Something to do that is no record's own."""

    key: str
    """Stable: the same item has the same key in a worklist made again."""
    text: str
    source: Source
    condition: str = ""
    """Only then; empty: always."""
    state: State = State.TODO


@frozen(kw_only=True)
class Tick:
    """A company or a user to tick in GAP."""

    key: str
    kind: Kind
    codigo: str
    nome: str = field(repr=redacted_repr)
    documento: str
    """With its mask; of a CPF the last two digits only."""
    state: State = State.TODO
    differences: tuple[str, ...] = ()
    """Our names of what the portal shows otherwise, the fields to be mended aside."""


@frozen(kw_only=True)
class Leave:
    """A company or a user not to tick, and why."""

    key: str
    kind: Kind
    codigo: str
    nome: str = field(repr=redacted_repr)
    verdict: Verdict
    status: Status
    reason: str
    """Portuguese; of a refusal it says what to mend first."""
    state: State = State.NOTHING
    differences: tuple[str, ...] = ()


@frozen(kw_only=True)
class Mend:
    """A correction as an item of the list."""

    key: str
    correction: Correction
    state: State = State.TODO


@frozen(kw_only=True)
class Activation:
    """A user to activate in the portal, with every tab to pass through."""

    codigo: str
    nome: str = field(repr=redacted_repr)
    login: str
    """The last two digits of the CPF; empty where the plan does not hold it."""
    steps: tuple[Step, ...]
    known: bool = False
    """Whether the user was integrated before: perhaps it is active already, which the API does not show."""


Item = Step | Tick | Leave | Mend
