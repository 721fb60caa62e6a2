"""The integration for ``async`` code, on asyncio and trio: :class:`AsyncIntegrator`, with the names of :class:`~econtador.Integrator`."""

import datetime
import os
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from typing import Self

import anyio
import anyio.lowlevel

from econtador.errors import ApplyStopped, PortalError
from econtador.gap.models import EmpresaGap, Operador, Proemp, UsuarioGap
from econtador.integration.applying import Run, stops
from econtador.integration.committing import Batch
from econtador.integration.fields import FieldAdapter
from econtador.integration.journal import Journal, Move
from econtador.integration.logs import Logs
from econtador.integration.looking import View
from econtador.integration.office import Clock, Progress, Telling, now, open_office
from econtador.integration.plan import Action, Plan
from econtador.integration.policy import EMPRESA_RULES, TODAS, USUARIO_RULES, Policy, Todas
from econtador.integration.report import Explanation, Report, Result, Verification
from econtador.integration.safeguards import Tripwire
from econtador.integration.status import Kind, Outcome
from econtador.integration.worklist import Worklist
from econtador.portal.async_client import AsyncClient
from econtador.portal.models import ABAS, Aba

__all__ = ["AsyncIntegrator"]


class _GroupCommit:
    """A journal's ``write`` for many tasks: whoever comes first writes for all that are ready."""

    def __init__(self, journal: Journal) -> None:
        self._batch = Batch(journal)

    async def write(self, moves: Sequence[Move]) -> Sequence[bool]:
        share = self._batch.add(moves)
        with anyio.CancelScope(shield=True):  # what was sent is to be written down, cancelled or not
            await anyio.lowlevel.checkpoint()  # so that others that are ready come to the same transaction
        if share.waits:
            self._batch.write(self._batch.take())
        return share.told()


class AsyncIntegrator:
    """:class:`Integrator` for ``async``; the journal is written in the event loop's thread, about 0.4 ms an entry."""

    def __init__(
        self,
        client: AsyncClient,
        *,
        policy: Policy,
        journal: str | os.PathLike[str] | Journal,
        operador: str | Operador,
        adapter: FieldAdapter | None = None,
        clock: Clock = now,
    ) -> None:
        self.client = client
        self._office = open_office(client.config, policy, journal, operador, adapter, clock)

    @property
    def journal(self) -> Journal:
        """The journal itself."""
        return self._office.journal

    def close(self) -> None:
        """See :meth:`Integrator.close`."""
        self._office.journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def plan_empresas(self, records: Iterable[EmpresaGap], *, selected: Iterable[str] | Todas) -> Plan:
        """See :meth:`Integrator.plan_empresas`."""
        return await self.client.run(self._office.planning(Kind.EMPRESA, EMPRESA_RULES, records, selected))

    async def plan_usuarios(
        self, records: Iterable[UsuarioGap], *, selected: Iterable[str] | Todas = TODAS
    ) -> Plan:
        """See :meth:`Integrator.plan_usuarios`."""
        return await self.client.run(self._office.planning(Kind.USUARIO, USUARIO_RULES, records, selected))

    async def apply(
        self,
        plan: Plan,
        *,
        workers: int = 1,
        allow: Collection[str] = (),
        on_progress: Progress | None = None,
    ) -> Report:
        """See :meth:`Integrator.apply`; *workers* are tasks. Cancelled, it leaves what was in the air in doubt."""
        if workers < 1:
            raise ValueError(f"workers must be 1 or more, not {workers}")
        return await self._apply(plan, workers, allow, on_progress)

    async def _apply(
        self, plan: Plan, workers: int, allow: Collection[str] | None, on_progress: Progress | None
    ) -> Report:
        telling = Telling(len(plan.actions), Tripwire(plan.policy.breaker), on_progress)
        with self._office.journal.writing():
            run, view = await self._begun(plan, allow)
            commit = _GroupCommit(self._office.journal)
            numbered = iter(list(enumerate(plan.actions)))
            failures: list[Exception] = []

            async def hand() -> None:
                for place, action in numbered:
                    try:
                        telling.tell(place, await self._one(run, action, view, commit))
                    except Exception as error:  # raised below, once those in hand are finished
                        failures.append(error)
                    if failures:
                        return

            async with anyio.create_task_group() as hands:
                for _ in range(workers):
                    hands.start_soon(hand)
            if failures and isinstance(failures[0], ApplyStopped):  # those in hand were told since
                raise telling.stopped(failures[0].reason)
            if failures and isinstance(failures[0], PortalError):
                raise telling.stopped(str(failures[0])) from failures[0]
            if failures:
                raise failures[0]
            run.end(self._office.journal)
        return telling.report()

    async def steps(self, plan: Plan, *, allow: Collection[str] = ()) -> AsyncIterator[Result]:
        """See :meth:`Integrator.steps`; ``async for``."""
        telling = Telling(len(plan.actions), Tripwire(plan.policy.breaker), None)
        with self._office.journal.writing():
            run, view = await self._begun(plan, allow)
            commit = _GroupCommit(self._office.journal)
            for place, action in enumerate(plan.actions):
                try:
                    result = await self._one(run, action, view, commit)
                except PortalError as error:
                    raise telling.stopped(str(error)) from error
                try:
                    telling.tell(place, result)
                except ApplyStopped:
                    yield result
                    raise
                yield result
            run.end(self._office.journal)

    async def _begun(self, plan: Plan, allow: Collection[str] | None) -> tuple[Run, View]:
        run = self._office.run(plan, allow)  # under the journal's lock: what it knows must not be older
        run.begin(self._office.journal)
        view = await self.client.run(run.look())
        for _ in self._office.settle(run.diary, view):
            pass  # the journal tells; the plan's own results follow
        return run, view

    async def _one(self, run: Run, action: Action, view: View, commit: _GroupCommit) -> Result:
        await (
            anyio.lowlevel.checkpoint_if_cancelled()
        )  # begun and then not sent, it would be in doubt for nothing
        decided = run.decide(action, view)
        done = await commit.write(decided.moves)
        if not all(done):
            return self._office.lost(run.diary, action.codigo)
        run.diary.written(decided.moves, done)
        if decided.draft is None:
            return decided.result
        sent = await self.client.run(run.send(decided.draft))
        outcome = run.conclude(action, sent)
        done = await commit.write(outcome.moves)
        if not all(done):
            outcome = self._office.late(run, action, sent)
            done = await commit.write(outcome.moves)
        run.diary.written(outcome.moves, done)
        if sent.error is not None and stops(sent.error):
            raise sent.error
        return outcome.result

    async def resume(self) -> Report:
        """See :meth:`Integrator.resume`."""
        results: list[Result] = []
        plans = self._office.journal.unfinished()
        for plan in plans:
            results += (await self._apply(plan, 1, None, None)).results
        with self._office.journal.writing():
            for diary in self._office.unsettled(plans):
                view = await self.client.run(self._office.look_for(diary.in_flight(), diary.kind))
                results += self._office.settle(diary, view)
        return Report(results=tuple(results))

    def release(self, selected: Iterable[str], kind: Kind = Kind.EMPRESA) -> Report:
        """See :meth:`Integrator.release`."""
        return self._office.release(selected, kind)

    async def activate_usuarios(
        self, selected: Iterable[str] | Todas = TODAS, *, abas: tuple[Aba, ...] = ABAS
    ) -> Report:
        """See :meth:`Integrator.activate_usuarios`."""
        with self._office.journal.writing():
            diary, codigos = self._office.activation(selected)
            telling = Telling(len(codigos), Tripwire(self._office.policy.breaker), None)
            for place, codigo in enumerate(codigos):
                try:
                    result = await self.client.run(self._office.activate(diary, codigo, abas))
                except PortalError as error:
                    raise telling.stopped(str(error)) from error
                telling.tell(place, result)
        return telling.report()

    def worklist(self, *plans: Plan) -> Worklist:
        """See :meth:`Integrator.worklist`."""
        return self._office.worklist(plans)

    async def verify(self, worklist: Worklist | None = None) -> Verification:
        """See :meth:`Integrator.verify`."""
        return await self.client.run(self._office.verification(worklist))

    def explain(self, codigo: str, kind: Kind = Kind.EMPRESA) -> Explanation:
        """See :meth:`Integrator.explain`."""
        return self._office.explanation(codigo, kind)

    def logs(
        self,
        *,
        kind: str | Kind | None = None,
        outcome: str | Outcome | None = None,
        since: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        proemp: str | Proemp | None = None,
        codigo: str | None = None,
        operador: str | None = None,
        text: str | None = None,
    ) -> Logs:
        """See :meth:`Integrator.logs`."""
        return self._office.entries(kind, outcome, since, until, proemp, codigo, operador, text)
