"""An asynchronous run that is cancelled at each of its steps: nothing is sent twice, nothing is lost."""

from collections import Counter
from collections.abc import Sequence

import anyio
import anyio.lowlevel
import pytest
from attrs import define

import econtador as ec
from econtador.integration.journal import LogFilter, Move
from econtador.integration.status import Kind, Outcome, Status
from econtador.portal.transport import AsyncTransport, Request, Response
from econtador.sandbox import Sandbox

CNPJS = ("11222333000181", "00000000000191", "33000167000101", "60746948000112", "33592510000154")
EMPRESAS = [
    ec.EmpresaGap(f"{n:05}", "PROEMP00", f"EMPRESA MODELO {n:02} LTDA", cnpj)
    for n, cnpj in enumerate(CNPJS, 1)
]


@define
class Cancelling:
    """An asynchronous transport that cancels its run at the *last*-th of its moments: before and after each request."""

    inner: AsyncTransport
    scope: anyio.CancelScope
    last: int
    moment: int = 0
    posts_after: int = 0

    async def _pass(self) -> None:
        self.moment += 1
        if self.moment == self.last:
            self.scope.cancel()
        await anyio.lowlevel.checkpoint()

    async def send(self, request: Request) -> Response:
        await self._pass()
        self.posts_after += request.method == "POST" and self.scope.cancel_called
        response = await self.inner.send(request)
        await self._pass()
        return response

    async def aclose(self) -> None: ...


class CancellingJournal(ec.SqliteJournal):
    """Cancels the run at its *last*-th write, before it or after."""

    def __init__(self, scope: anyio.CancelScope, last: int, *, before: bool) -> None:
        super().__init__(":memory:")
        self.scope, self.left, self.before = scope, last, before
        self.begun_after = 0

    def write(self, moves: Sequence[Move]) -> tuple[bool, ...]:
        if self.scope.cancel_called:
            self.begun_after += sum(move.entry.outcome is Outcome.ATTEMPTED for move in moves)
        self.left -= 1
        if self.left == 0 and self.before:
            self.scope.cancel()
        done = super().write(moves)
        if self.left == 0:
            self.scope.cancel()
        return done


def _async(
    sandbox: Sandbox, journal: ec.SqliteJournal, transport: AsyncTransport | None = None
) -> ec.AsyncIntegrator:
    client = ec.AsyncClient(
        sandbox.token,
        transport=transport or sandbox.async_transport(),
        writes=ec.CONVENTION,
    )
    policy = ec.Policy(proemp="PROEMP00", doubt_seconds=0)
    return ec.AsyncIntegrator(client, policy=policy, journal=journal, operador="ADMIN")


async def _cancelled_and_resumed(workers: int, last: int, where: str) -> bool:
    """Whether the run lived to that moment; afterwards everything is there, once."""
    with Sandbox() as sandbox:
        scope = anyio.CancelScope()
        at = last if where == "request" else -1
        transport = Cancelling(sandbox.async_transport(), scope, at)
        journal = CancellingJournal(scope, -1 if where == "request" else last, before=where == "before write")
        plan = await _async(sandbox, journal).plan_empresas(EMPRESAS, selected=ec.TODAS)
        tasks = len(anyio.get_running_tasks())
        with scope:
            await _async(sandbox, journal, transport).apply(plan, workers=workers)
        assert len(anyio.get_running_tasks()) == tasks
        assert transport.posts_after == 0, "a request was begun after the run was cancelled"
        assert journal.begun_after == 0, "a record was begun after the run was cancelled"
        journal.scope = anyio.CancelScope()
        posts = sum(seen.method == "POST" for seen in sandbox.requests)
        assert len(journal_entries(journal, Outcome.ATTEMPTED)) >= posts

        after = _async(sandbox, journal)
        await after.resume()
        await after.apply(plan)
        assert Counter(row.externoid for row in sandbox.empresas) == Counter(e.codigo for e in EMPRESAS)
        assert {r.status for r in journal.records(Kind.EMPRESA).values()} == {Status.INTEGRADO}
        assert journal.audit().ok
        assert journal.unfinished() == ()
        return scope.cancelled_caught


def journal_entries(journal: ec.SqliteJournal, outcome: Outcome) -> list[ec.LogEntry]:
    return list(journal.entries(LogFilter(outcome=outcome)))


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("where", ["request", "before write", "after write"])
def test_cancelled_at_each_of_its_steps(backend: str, workers: int, where: str) -> None:
    lived: list[bool] = []
    for last in range(1, 2 * len(EMPRESAS) + 5):
        lived.append(anyio.run(_cancelled_and_resumed, workers, last, where, backend=backend))
    assert lived.count(True) >= 3
