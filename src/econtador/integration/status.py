"""The column *Integração*: which status a record has, and how it gets from one to the next.

The transitions are one table, :data:`TRANSITIONS`; the documentation draws its picture from it and
the tests walk it. A pair that is not in the table does not happen: :func:`after` raises.
"""

import enum
from collections.abc import Mapping
from types import MappingProxyType

from econtador.overriding import override

__all__ = ["IN_FLIGHT", "IN_PORTAL", "TRANSITIONS", "Kind", "Outcome", "Status", "after"]


class Kind(enum.Enum):
    """What is integrated."""

    EMPRESA = "empresa"
    USUARIO = "usuario"


class Status(enum.Enum):
    """What the column *Integração* shows.

    ``INTEGRADO`` and ``DESLIGADA`` are GAP's own words (the article); the others are this library's.
    """

    NAO_INTEGRADO = "Não integrado"
    """Never sent, or looked for in the portal and not there."""
    EM_ENVIO = "Em envio"
    """The intent to send it is in the journal; no outcome yet."""
    EM_DUVIDA = "Em dúvida"
    """It may have been accepted, the answer was lost. Not sent again before the portal was looked at."""
    FALHOU = "Falhou"
    """The portal did not accept it; nothing was left there."""
    INTEGRADO = "Integrado"
    """In the portal. Once only: never sent again."""
    ATIVO = "Ativo"
    """A user that was integrated and then activated in the portal."""
    DESLIGADA = "Desligada"
    """Left out, since the portal keeps active companies only."""

    @property
    def of_gap(self) -> bool:
        """Whether GAP itself shows this word; the others are this library's."""
        return self in {Status.INTEGRADO, Status.DESLIGADA}

    @override
    def __str__(self) -> str:
        return self.value


class Outcome(enum.Enum):
    """What came of a record in a run. The value is the code in logs and filters."""

    ATTEMPTED = "attempted"
    """The intent is durable in the journal, before the first byte leaves."""
    INTEGRATED = "integrated"
    FAILED = "failed"
    """Surely without a trace in the portal."""
    IN_DOUBT = "in-doubt"
    """No answer, an answer that says nothing, or a run that ended in between."""
    FOUND = "found"
    ABSENT = "absent"
    ACTIVATED = "activated"
    LEFT = "left"
    RETURNED = "returned"
    # The following change no status.
    KEPT = "kept"
    SKIPPED = "skipped"
    REFUSED = "refused"
    ACTIVATION_FAILED = "activation-failed"
    """The user stays integrated and inactive; activating again is harmless."""

    @property
    def label(self) -> str:
        """In Portuguese, for logs and reports."""
        return _LABELS[self]

    @override
    def __str__(self) -> str:
        return self.label


_LABELS: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.ATTEMPTED: "envio iniciado",
        Outcome.INTEGRATED: "integrado",
        Outcome.FAILED: "não aceito pelo portal",
        Outcome.IN_DOUBT: "em dúvida",
        Outcome.FOUND: "encontrado no portal",
        Outcome.ABSENT: "procurado e não encontrado",
        Outcome.ACTIVATED: "ativado",
        Outcome.LEFT: "desligada",
        Outcome.RETURNED: "reativada no GAP",
        Outcome.KEPT: "mantido",
        Outcome.SKIPPED: "deixado de fora",
        Outcome.REFUSED: "recusado",
        Outcome.ACTIVATION_FAILED: "não ativado",
    }
)

IN_FLIGHT = frozenset({Status.EM_ENVIO, Status.EM_DUVIDA})
"""Not known whether the portal has it: look before anything else."""

IN_PORTAL = frozenset({Status.INTEGRADO, Status.ATIVO})

TRANSITIONS: Mapping[tuple[Status, Outcome], Status] = MappingProxyType(
    {
        (Status.NAO_INTEGRADO, Outcome.ATTEMPTED): Status.EM_ENVIO,
        (Status.FALHOU, Outcome.ATTEMPTED): Status.EM_ENVIO,
        (Status.EM_ENVIO, Outcome.INTEGRATED): Status.INTEGRADO,
        (Status.EM_ENVIO, Outcome.FAILED): Status.FALHOU,
        (Status.EM_ENVIO, Outcome.IN_DOUBT): Status.EM_DUVIDA,
        (Status.EM_DUVIDA, Outcome.FOUND): Status.INTEGRADO,
        (Status.EM_DUVIDA, Outcome.ABSENT): Status.NAO_INTEGRADO,
        (Status.NAO_INTEGRADO, Outcome.FOUND): Status.INTEGRADO,
        (Status.FALHOU, Outcome.FOUND): Status.INTEGRADO,
        (Status.INTEGRADO, Outcome.ACTIVATED): Status.ATIVO,
        (Status.NAO_INTEGRADO, Outcome.LEFT): Status.DESLIGADA,
        (Status.FALHOU, Outcome.LEFT): Status.DESLIGADA,
        (Status.DESLIGADA, Outcome.RETURNED): Status.NAO_INTEGRADO,
    }
)
"""Every way from a status to the next. None leaves ``INTEGRADO`` but activation: once only."""


def after(status: Status, outcome: Outcome) -> Status:
    """The status that follows. Raises ValueError for what cannot happen.

    >>> after(Status.NAO_INTEGRADO, Outcome.ATTEMPTED)
    <Status.EM_ENVIO: 'Em envio'>
    """
    try:
        return TRANSITIONS[status, outcome]
    except KeyError:
        raise ValueError(f"{outcome.name} cannot happen to a record that is {status.name}") from None
