"""A run that dies by its own hand: started by test_kills as ``_kill_worker.py FOLDER KIND LAST``.

Imports once and forks for every k: the child works on ``FOLDER/k`` and is gone, without any clean-up,
at its k-th moment; the moments are before and after every journal write and every request, and after the
portal's commit. A child that comes to its end has outlived its last moment. Prints one exit code a line.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import econtador as ec
from econtador.integration.journal import Move
from econtador.integration.plan import Plan
from econtador.portal.transport import Request, Response, Transport
from econtador.sandbox import Sandbox

KILLED = 87
"""What a run that killed itself leaves as its exit code."""


class Moments:
    """Counts; at the k-th the process is gone."""

    def __init__(self, last: int) -> None:
        self.left = last

    def pass_one(self) -> None:
        self.left -= 1
        if self.left == 0:
            os._exit(KILLED)

    @contextmanager
    def around(self) -> Iterator[None]:
        self.pass_one()
        yield
        self.pass_one()


class MortalJournal(ec.SqliteJournal):
    """Dies before or after a write."""

    def __init__(self, path: Path, moments: Moments) -> None:
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
    return ec.Integrator(client, policy=ec.Policy(proemp="PROEMP00", doubt_seconds=0), journal=journal, operador="ADMIN")


def work(folder: Path, kind: str, k: int) -> None:
    moments = Moments(k)
    sandbox = Sandbox(
        folder / "portal.db",
        fault=lambda method, path, when: moments.pass_one() if when == "after" and method != "GET" else None,
    )
    mortal = MortalJournal(folder / "office.journal", moments)
    doing = integrator(sandbox, MortalTransport(sandbox.transport(), moments), mortal)
    doing.apply(Plan.from_json((folder / f"{kind}.json").read_text(encoding="utf-8")))
    if kind == "usuario":
        doing.activate_usuarios()


def main(folder: Path, kind: str, numbers: list[int]) -> None:
    for k in numbers:
        if hasattr(os, "fork") and len(numbers) > 1:
            child = os.fork()
            if child:
                print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
                continue
            code = 1
            try:
                work(folder / str(k), kind, k)
                code = 0
            finally:
                os._exit(code)
        work(folder / str(k), kind, k)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], [int(number) for number in sys.argv[3:]])
