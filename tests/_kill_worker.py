"""Runs that die by their own hand, forked from one process that has imported everything.

``_kill_worker.py FOLDER KIND NUMBER...`` works on ``FOLDER/k`` for each number k, on a portal in a file, and is gone,
without any clean-up, at its k-th moment; the moments are before and after every journal write and every request,
and after the portal's commit. A child that comes to its end has outlived its last moment. Prints one exit code a line.

``_kill_worker.py`` alone reads a JSON object a line, a :class:`Job` for a portal that is served elsewhere, and prints
two lines for each: the child's process id, and its exit code. That child ends by SIGKILL.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from attrs import frozen

import econtador as ec
from econtador.integration.journal import Move
from econtador.integration.plan import Plan
from econtador.portal._httpx import HttpxTransport
from econtador.portal.transport import Request, Response, Transport
from econtador.sandbox import Sandbox

KILLED = 87
"""What a run that killed itself leaves as its exit code."""


@frozen
class Job:
    """What one child does, and where it dies."""

    url: str
    token: str
    journal: str
    plan: str
    """A path."""
    workers: int
    where: str
    """``write`` or ``send``: it dies at the *last*-th moment of these. ``answer``: whoever serves kills it."""
    last: int


class Moments:
    """Counts, in whichever thread; at the last the process is gone."""

    def __init__(self, last: int, end: Callable[[], object]) -> None:
        self.left = last
        self._end = end
        self._lock = threading.Lock()

    def pass_one(self) -> None:
        with self._lock:
            self.left -= 1
            if self.left == 0:
                self._end()

    @contextmanager
    def around(self) -> Iterator[None]:
        self.pass_one()
        yield
        self.pass_one()


class MortalJournal(ec.SqliteJournal):
    """Dies before or after a write."""

    def __init__(self, path: Path | str, moments: Moments) -> None:
        super().__init__(path)
        self.moments = moments

    def bind(self, account: str, proemp: ec.Proemp | None) -> None:
        with self.moments.around():
            super().bind(account, proemp)

    def begin(self, plan: Plan) -> None:
        with self.moments.around():
            super().begin(plan)

    def write(self, moves: Sequence[Move]) -> tuple[bool, ...]:
        with self.moments.around():
            return super().write(moves)

    def finish(self, plan: Plan) -> None:
        with self.moments.around():
            super().finish(plan)


class MortalTransport:
    """Dies before or after a request."""

    def __init__(self, inner: Transport, moments: Moments) -> None:
        self.inner = inner
        self.moments = moments

    def send(self, request: Request) -> Response:
        with self.moments.around():
            return self.inner.send(request)

    def close(self) -> None:
        self.inner.close()


def integrator(sandbox: Sandbox, transport: Transport, journal: ec.SqliteJournal) -> ec.Integrator:
    client = ec.Client(
        sandbox.token, transport=transport, writes=ec.CONVENTION, retry=ec.Retry(first=0.0, longest=0.0)
    )
    policy = ec.Policy(proemp="PROEMP00", doubt_seconds=0)
    return ec.Integrator(client, policy=policy, journal=journal, operador="ADMIN")


def work(folder: Path, kind: str, k: int) -> None:
    """On a portal in a file, dying at the *k*-th moment of all."""
    moments = Moments(k, lambda: os._exit(KILLED))
    sandbox = Sandbox(
        folder / "portal.db",
        fault=lambda method, path, when: moments.pass_one() if when == "after" and method != "GET" else None,
    )
    mortal = MortalJournal(folder / "office.journal", moments)
    doing = integrator(sandbox, MortalTransport(sandbox.transport(), moments), mortal)
    doing.apply(Plan.from_json((folder / f"{kind}.json").read_text(encoding="utf-8")))
    if kind == "usuario":
        doing.activate_usuarios()


def work_afar(job: Job) -> None:
    """On a portal that is served, dying at the *last*-th moment of one sort."""

    def moments(where: str) -> Moments:
        return Moments(job.last if where == job.where else -1, lambda: os.kill(os.getpid(), signal.SIGKILL))

    transport = MortalTransport(HttpxTransport(), moments("send"))
    client = ec.Client(job.token, base_url=job.url, transport=transport, writes=ec.CONVENTION)
    plan = Plan.from_json(Path(job.plan).read_text(encoding="utf-8"))
    journal = MortalJournal(job.journal, moments("write"))
    ec.Integrator(client, policy=plan.policy, journal=journal, operador="ADMIN").apply(
        plan, workers=job.workers
    )


def forked(child: Callable[[], object]) -> Iterator[int]:
    """The process id of *child*, and then its exit code."""
    pid = os.fork()
    if pid:
        yield pid
        yield os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return
    code = 1
    try:
        child()
        code = 0
    finally:
        os._exit(code)


def main(folder: Path, kind: str, numbers: list[int]) -> None:
    for k in numbers:
        if hasattr(os, "fork") and len(numbers) > 1:
            _, code = forked(lambda k=k: work(folder / str(k), kind, k))  # type: ignore[misc]
            print(code, flush=True)
        else:
            work(folder / str(k), kind, k)


def serve() -> None:
    for line in sys.stdin:
        job = Job(**json.loads(line))
        for number in forked(lambda job=job: work_afar(job)):  # type: ignore[misc]
            print(number, flush=True)


if __name__ == "__main__":
    if sys.argv[1:]:
        main(Path(sys.argv[1]), sys.argv[2], [int(number) for number in sys.argv[3:]])
    else:
        serve()
