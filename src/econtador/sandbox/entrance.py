"""Where every request comes in, in process or over a socket: it meets its fault, then it is answered."""

from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import quote, unquote

from attrs import frozen

from econtador.errors import redact
from econtador.sandbox.exchange import Answer, Call
from econtador.sandbox.faults import Break, Fault

__all__ = ["MET", "Entrance", "delivered", "met", "saying"]

MET = "x-sandbox-fault"
"""Header of a request that was counted before it was sent: the name of the fault that it met."""

_NONE = "none"

Meet: TypeAlias = Callable[[Call], Fault | None]
Keep: TypeAlias = Callable[[Call, Fault | None], Answer | None]
TurnAway: TypeAlias = Callable[[Call], Answer | None]


def _nobody(call: Call) -> Answer | None:
    """Turn nobody away."""
    return None


@frozen
class Entrance:
    """What the sandbox gives to each of its ways in."""

    meet: Meet
    """Counts a request, whose body need not have been read yet, and gives the fault that it meets."""
    answer: Keep
    """What the portal says under that fault; None if it says nothing."""
    turn_away: TurnAway = _nobody
    """Over a socket, before all else and before the body is read: what is said instead, after which the
    connection ends; None if the request may come in."""


def saying(fault: Fault | None) -> str:
    """What ``MET`` says of *fault*."""
    return _NONE if fault is None else fault.value


def met(said: str) -> Fault | None:
    """What ``MET`` said. Raises ``ValueError`` for a fault that there is not."""
    return None if said == _NONE else Fault(said)


def delivered(entrance: Entrance, call: Call) -> Answer:
    """Answer *call* in process. Raises ``NotSent`` or ``AnswerLost`` where a fault leaves no answer."""
    fault = entrance.meet(call)
    answer = entrance.answer(call, fault)
    if fault is not None and isinstance(fault.ending, Break):
        raise fault.ending.error(_place(call), reason=fault.ending.value)
    assert answer is not None
    return answer


def _place(call: Call) -> str:
    """Method, host and path, fit for an error: a user's path ends in a CPF."""
    path = quote(redact(unquote(call.path)), safe="/*:@")
    return f"{call.method} {call.origin}{path}"
