"""What can go wrong between a client and the portal, each by its name.

Attested of this portal: 500; 502, 503 and 504 (one integrator); pages of HTML (two); and that what had timed
out was there (one, who repeated it and made 31 admissions of 17). The others are *assumed*: what any connection
and any gateway may do to a request. A schedule of them is a :class:`~econtador.sandbox.schedule.Faults`.
"""

from collections.abc import Mapping
from enum import Enum
from http import HTTPStatus

from attrs import evolve, frozen

from econtador.errors import AnswerLost, NotSent
from econtador.overriding import override
from econtador.sandbox.exchange import Answer
from econtador.sandbox.html import HTML, html
from econtador.sandbox.jsonapi import refusal, refuse

__all__ = ["Break", "Fault"]


class Break(Enum):
    """How a request ends without its whole answer. The value is the reason that an error tells."""

    REFUSED = "connection refused"
    NO_HOST = "no such host"
    RESET = "connection reset"
    CLOSED = "connection closed without an answer"
    CUT = "answer cut in the middle"
    LATE = "no answer in time"

    @property
    def error(self) -> type[NotSent] | type[AnswerLost]:
        """What a client has to make of it: without a connection nothing was accepted, after that nobody knows."""
        return NotSent if self in {Break.REFUSED, Break.NO_HOST} else AnswerLost


class Fault(Enum):
    """A failure by its name.

    Before the commit the portal does nothing; after it, it has acted as if nothing were wrong, and only the
    answer suffers.

    >>> Fault("reset-after-commit").commits, Fault.REFUSED.commits
    (True, False)
    """

    REFUSED = "refused"
    """Nobody listens: the connection is refused."""

    DNS_FAILURE = "dns-failure"
    """The portal's name has no address."""

    RESET_BEFORE_COMMIT = "reset-before-commit"
    """The connection is reset before the body is read."""

    RESET_AFTER_COMMIT = "reset-after-commit"
    """The connection is reset in the place of the answer."""

    CLOSED_BEFORE_COMMIT = "closed-before-commit"
    """The request is read, nothing is done, and the connection ends in order, without an answer."""

    CLOSED_AFTER_COMMIT = "closed-after-commit"
    """The connection ends in order, without an answer."""

    CUT_ANSWER = "cut-answer"
    """The answer's headers come, half of its body, and the connection ends. After commit."""

    LATE_ANSWER = "late-answer"
    """No answer comes for as long as the client waits. After commit."""

    HTML_ANSWER = "html-answer"
    """A 200 whose body is a page of HTML, as from a login page or a proxy. After commit."""

    STATUS_409 = "409"
    """The portal says that there is a conflict, and does nothing."""

    STATUS_429 = "429"
    """Too many requests; nothing is done."""

    STATUS_429_WITH_RETRY_AFTER = "429-with-retry-after"
    """The same, and how long to wait: 1 s."""

    STATUS_500_BEFORE_COMMIT = "500-before-commit"
    STATUS_500_AFTER_COMMIT = "500-after-commit"
    """The portal's own failure."""

    STATUS_502_BEFORE_COMMIT = "502-before-commit"
    STATUS_502_AFTER_COMMIT = "502-after-commit"
    """A gateway that did not understand the portal."""

    STATUS_503_BEFORE_COMMIT = "503-before-commit"
    STATUS_503_AFTER_COMMIT = "503-after-commit"
    """A gateway without a portal behind it, as it believes."""

    STATUS_503_WITH_RETRY_AFTER_BEFORE_COMMIT = "503-with-retry-after-before-commit"
    """The same, and how long to wait: 1 s."""

    STATUS_503_WITH_RETRY_AFTER_AFTER_COMMIT = "503-with-retry-after-after-commit"
    """A lie: it invites to send again what was accepted. No client can tell."""

    STATUS_504_BEFORE_COMMIT = "504-before-commit"
    STATUS_504_AFTER_COMMIT = "504-after-commit"
    """A gateway that had no answer from the portal in time."""

    @property
    def commits(self) -> bool:
        """Whether the portal does what it was asked to."""
        return _EFFECTS[self].commits

    @property
    def ending(self) -> Answer | Break:
        """What comes in the place of the portal's answer.

        >>> Fault.STATUS_429.ending, Fault.CUT_ANSWER.ending.error.__name__
        (Answer(status=429), 'AnswerLost')
        """
        return _EFFECTS[self].ending

    @classmethod
    @override
    def _missing_(cls, value: object) -> "Fault":
        known = ", ".join(sorted(fault.value for fault in cls))
        raise ValueError(f"no fault is called {value!r}; there are {known}")


@frozen
class _Effect:
    commits: bool
    ending: Answer | Break


def _portal(status: int) -> Answer:
    """In the portal's words."""
    return refusal(refuse(HTTPStatus(status), HTTPStatus(status).phrase))


def _gateway(status: int) -> Answer:
    """In those of something before the portal, which knows no JSON:API."""
    return Answer(status, {"content-type": HTML}, html(status))


def _with_retry_after(answer: Answer) -> Answer:
    return evolve(answer, headers={**answer.headers, "retry-after": "1"})


_EFFECTS: Mapping[Fault, _Effect] = {
    Fault.REFUSED: _Effect(False, Break.REFUSED),
    Fault.DNS_FAILURE: _Effect(False, Break.NO_HOST),
    Fault.RESET_BEFORE_COMMIT: _Effect(False, Break.RESET),
    Fault.RESET_AFTER_COMMIT: _Effect(True, Break.RESET),
    Fault.CLOSED_BEFORE_COMMIT: _Effect(False, Break.CLOSED),
    Fault.CLOSED_AFTER_COMMIT: _Effect(True, Break.CLOSED),
    Fault.CUT_ANSWER: _Effect(True, Break.CUT),
    Fault.LATE_ANSWER: _Effect(True, Break.LATE),
    Fault.HTML_ANSWER: _Effect(True, _gateway(200)),
    Fault.STATUS_409: _Effect(False, _portal(409)),
    Fault.STATUS_429: _Effect(False, _portal(429)),
    Fault.STATUS_429_WITH_RETRY_AFTER: _Effect(False, _with_retry_after(_portal(429))),
    Fault.STATUS_500_BEFORE_COMMIT: _Effect(False, _portal(500)),
    Fault.STATUS_500_AFTER_COMMIT: _Effect(True, _portal(500)),
    Fault.STATUS_502_BEFORE_COMMIT: _Effect(False, _gateway(502)),
    Fault.STATUS_502_AFTER_COMMIT: _Effect(True, _gateway(502)),
    Fault.STATUS_503_BEFORE_COMMIT: _Effect(False, _gateway(503)),
    Fault.STATUS_503_AFTER_COMMIT: _Effect(True, _gateway(503)),
    Fault.STATUS_503_WITH_RETRY_AFTER_BEFORE_COMMIT: _Effect(False, _with_retry_after(_gateway(503))),
    Fault.STATUS_503_WITH_RETRY_AFTER_AFTER_COMMIT: _Effect(True, _with_retry_after(_gateway(503))),
    Fault.STATUS_504_BEFORE_COMMIT: _Effect(False, _gateway(504)),
    Fault.STATUS_504_AFTER_COMMIT: _Effect(True, _gateway(504)),
}
