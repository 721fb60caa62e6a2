"""An office whose clock and whose line to the portal are in the test's hands."""

import datetime
from typing import TypeAlias

from attrs import define, field

import econtador as ec
from econtador.errors import AnswerLost, NotSent, PortalError
from econtador.integration.journal import LogEntry
from econtador.integration.report import Result
from econtador.integration.status import Outcome, Status
from econtador.portal.transport import Request, Response, Transport
from econtador.sandbox import Sandbox
from econtador.sandbox.exchange import Answer

START = datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.UTC)
POLICY = ec.Policy(proemp="PROEMP00", doubt_seconds=600)


class Crash(BaseException):
    """The process is gone: no handler of the library may swallow it."""


Fate: TypeAlias = Answer | type[PortalError] | type[Crash]
"""``Crash``: once the portal acted."""


@define
class Faulty:
    """Meets some writes, counted from 1, with a fate of its own; a lost answer is lost after the portal acted."""

    inner: Transport
    fates: dict[int, Fate] = field(factory=dict[int, Fate])
    blind: bool = False
    """Whether reads that follow a write fail."""
    writes: int = 0

    def send(self, request: Request) -> Response:
        if request.method == "GET":
            if self.blind and self.writes:
                raise AnswerLost
            return self.inner.send(request)
        self.writes += 1
        fate = self.fates.get(self.writes)
        if isinstance(fate, Answer):
            return fate
        if fate is NotSent:
            raise NotSent
        answer = self.inner.send(request)
        if fate is not None:
            raise fate
        return answer

    def close(self) -> None: ...


@define
class Office:
    """An office with a clock and a line to the portal of its own."""

    sandbox: Sandbox = field(factory=Sandbox)
    now: datetime.datetime = START
    line: Faulty = field(init=False)
    integrator: ec.Integrator = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.line = Faulty(self.sandbox.transport())
        client = ec.Client(
            self.sandbox.token, transport=self.line, writes=ec.CONVENTION, retry=ec.Retry(attempts=1)
        )
        self.integrator = ec.Integrator(
            client, policy=POLICY, journal=":memory:", operador=" admin ", clock=lambda: self.now
        )

    def plan(self, *records: ec.EmpresaGap) -> ec.Plan:
        return self.integrator.plan_empresas(records, selected=ec.TODAS)

    def apply(self, *records: ec.EmpresaGap) -> tuple[Result, ...]:
        return self.integrator.apply(self.plan(*records)).results

    def log(self) -> tuple[LogEntry, ...]:
        return self.integrator.logs()


def words(entry: LogEntry | Result) -> tuple[Outcome, Status, str, str, int]:
    return entry.outcome, entry.status, entry.code, entry.message, entry.attempts
