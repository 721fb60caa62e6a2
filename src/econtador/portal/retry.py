"""What to do after a failed attempt: one pure decision, no clock and no dice.

The table, from most to least sure:

===============================  ==================  ===============
failure                          a read              a write
===============================  ==================  ===============
not sent (refused, DNS)          again               again
429                              again               again
502, 503, 504                    again               in doubt
answer lost                      again               in doubt
408, 409                         the error           in doubt
500                              the error           in doubt
not the portal's answer          the error           in doubt
other 4xx                        the error           refused
===============================  ==================  ===============

A 503 is in doubt even where it asks to come back (``Retry-After``): a gateway in front of the portal can say so once
the portal has acted, and the portal itself is not attested to say it at all.

500 is no reason to repeat a read: this portal answers it to malformed requests too (attested).
*In doubt* means: never sent again before the portal was looked at.
"""

from attrs import frozen

from econtador.errors import (
    AnswerLost,
    NotSent,
    PortalError,
    ServerError,
    StatusError,
    TooManyRequests,
    UnexpectedAnswer,
)

__all__ = ["Retry", "next_delay", "surely_not_accepted"]

_PASSING = frozenset({502, 503, 504})
_MAY_HAVE_BEEN_ACCEPTED = frozenset({408, 409})


@frozen
class Retry:
    """How often and how long to try. Seconds."""

    attempts: int = 4
    """In all, the first one included; 1 never repeats."""
    first: float = 0.5
    """Upper bound of the first wait; it doubles with every attempt."""
    longest: float = 30.0
    """Upper bound of any wait."""
    longest_asked: float = 120.0
    """A longer ``Retry-After`` is not waited for: the error is raised."""


def surely_not_accepted(error: PortalError) -> bool:
    """Whether a write that failed with *error* can have left no trace in the portal."""
    match error:
        case NotSent():
            return True
        case AnswerLost() | UnexpectedAnswer() | ServerError():
            return False
        case StatusError(status=status):
            return status not in _MAY_HAVE_BEEN_ACCEPTED
        case _:
            return False


def _worth_repeating(error: PortalError) -> bool:
    match error:
        case NotSent() | AnswerLost() | TooManyRequests():
            return True
        case ServerError(status=status):
            return status in _PASSING
        case _:
            return False


def next_delay(retry: Retry, error: PortalError, *, writes: bool, attempt: int, dice: float) -> float | None:
    """Seconds to wait before attempt *attempt* + 1, or None to give up.

    *dice* in [0, 1) spreads the wait over its whole range (full jitter), so that many clients
    do not come back together.

    >>> next_delay(Retry(), NotSent(), writes=True, attempt=1, dice=0.5)
    0.25
    >>> next_delay(Retry(), AnswerLost(), writes=True, attempt=1, dice=0.5) is None
    True
    """
    if attempt >= retry.attempts or not _worth_repeating(error):
        return None
    if writes and not surely_not_accepted(error):
        return None
    asked = error.retry_after if isinstance(error, StatusError) else None
    if asked is not None:
        return asked if asked <= retry.longest_asked else None
    # 2.0 ** 1024 is an OverflowError; long before it any first wait is above the longest.
    return dice * min(retry.longest, retry.first * 2.0 ** min(attempt - 1, 1000))
