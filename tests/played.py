"""A flow played against a script, without a client: which requests come out of it, and how it ends."""

from typing import TypeVar

import pytest
from attrs import define, field
from scripted import TOKEN, Fate

import econtador as ec
from econtador import errors
from econtador.portal._flow import Flow, Step
from econtador.portal.config import Config
from econtador.portal.transport import Timeout

T = TypeVar("T")

CONFIG = Config(
    token=TOKEN,
    base_url="http://portal.test",
    retry=ec.Retry(attempts=3, first=8.0, longest=100.0),
    timeout=Timeout(connect=1.0, read=2.0),
)


@define
class Played:
    """One flow against a script: the steps that it took."""

    steps: list[Step] = field(factory=list[Step])

    def run(self, flow: Flow[T], *fates: Fate) -> T:
        try:
            self.steps.append(next(flow))
            for fate in fates:
                again = flow.throw(fate) if isinstance(fate, errors.PortalError) else flow.send(fate)
                self.steps.append(again)
        except StopIteration as stop:
            result: T = stop.value
            return result
        raise AssertionError(f"not at its end after {len(fates)} answers")

    @property
    def asked(self) -> list[str]:
        return [f"{step.request.method} {step.request.url}" for step in self.steps]


def run(flow: Flow[T], *fates: Fate) -> T:
    return Played().run(flow, *fates)


def refused(kind: type[errors.UnexpectedAnswer], flow: Flow[object], *fates: Fate) -> errors.UnexpectedAnswer:
    with pytest.raises(kind) as caught:
        run(flow, *fates)
    return caught.value
