"""The face of the integration: see before you send, send once, know what was lost, prove it afterwards.

:class:`Integrator` for ordinary code; :class:`~econtador.AsyncIntegrator` has the same names.
"""

import datetime
import os
from collections.abc import Collection, Iterable, Iterator
from typing import Self

from econtador.errors import ApplyStopped, PortalError
from econtador.gap.models import EmpresaGap, Operador, Proemp, UsuarioGap
from econtador.integration.applying import Run, stops
from econtador.integration.fields import FieldAdapter
from econtador.integration.journal import Journal
from econtador.integration.logs import Logs
from econtador.integration.looking import View
from econtador.integration.office import Clock, Progress, Telling, now, open_office
from econtador.integration.plan import Action, Plan
from econtador.integration.policy import EMPRESA_RULES, TODAS, USUARIO_RULES, Policy, Todas
from econtador.integration.report import Explanation, Report, Result, Verification
from econtador.integration.safeguards import Tripwire
from econtador.integration.status import Kind, Outcome
from econtador.integration.workers import GroupCommit, in_parallel
from econtador.integration.worklist import Worklist
from econtador.portal.client import Client
from econtador.portal.models import ABAS, Aba

__all__ = ["Integrator"]


class Integrator:
    """Integrate an office's companies and users, once.

    *client* leads to the portal; *policy* names the PROEMP; *journal* is a path (or a ready journal) and
    belongs to this portal account for ever; *operador* must be GAP's ADMIN. One integrator serves one thread.

    >>> import econtador as ec
    >>> from econtador.sandbox import Sandbox
    >>> padaria = ec.EmpresaGap("00001", "PROEMP00", "PADARIA DO ZÉ LTDA", "11.222.333/0001-81")
    >>> integrator = ec.Integrator(
    ...     Sandbox().client(), policy=ec.Policy(proemp="PROEMP00"), journal=":memory:", operador="ADMIN"
    ... )
    >>> plan = integrator.plan_empresas([padaria], selected=["00001"])
    >>> plan
    <Plan Plano de empresas (PROEMP00): integrar: 1>
    >>> integrator.apply(plan)
    <Report integrado: 1 (envios feitos: 1)>
    >>> integrator.apply(plan)
    <Report mantido: 1 (envios feitos: 0)>
    """

    def __init__(
        self,
        client: Client,
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
        """Close the journal; the client is its owner's to close."""
        self._office.journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def plan_empresas(self, records: Iterable[EmpresaGap], *, selected: Iterable[str] | Todas) -> Plan:
        """Decide on companies; nothing is written, to the portal or to the journal.

        *selected* names the wanted códigos (5 digits); ``TODAS`` says all. Reads the portal's companies once.
        Raises OperatorNotAdmin, SecondProemp, EmptySelection, UnknownCodigo, and PortalError.
        """
        return self.client.run(self._office.planning(Kind.EMPRESA, EMPRESA_RULES, records, selected))

    def plan_usuarios(
        self, records: Iterable[UsuarioGap], *, selected: Iterable[str] | Todas = TODAS
    ) -> Plan:
        """Decide on users; they need no PROEMP. Asks the portal for each by its login."""
        return self.client.run(self._office.planning(Kind.USUARIO, USUARIO_RULES, records, selected))

    def apply(
        self,
        plan: Plan,
        *,
        workers: int = 1,
        allow: Collection[str] = (),
        on_progress: Progress | None = None,
    ) -> Report:
        """Do what *plan* says, each record at most once, and tell what came of each.

        *workers* records are sent at once, by as many threads, and share the journal's transactions. *on_progress* is
        called with every result as it comes, by one thread at a time. *allow* says yes to the guards that
        ``plan.alarms`` names. Applying a plan again goes on where it stopped and sends nothing twice.

        Raises GuardedPlan and StalePlan before anything is sent; ApplyStopped where bad credentials, a portal
        that is not there, or the policy's breaker end the run between two records; JournalError, and PortalError
        before the first write.
        """
        if workers < 1:
            raise ValueError(f"workers must be 1 or more, not {workers}")
        return self._apply(plan, workers, allow, on_progress)

    def _apply(
        self, plan: Plan, workers: int, allow: Collection[str] | None, on_progress: Progress | None
    ) -> Report:
        telling = Telling(len(plan.actions), Tripwire(plan.policy.breaker), on_progress)
        with self._office.journal.writing():
            run, view = self._begun(plan, allow)
            commit = GroupCommit(self._office.journal)
            try:
                in_parallel(
                    plan.actions,
                    lambda action: self._one(run, action, view, commit),
                    telling.tell,
                    workers,
                )
            except ApplyStopped as error:  # those in hand were told since
                raise telling.stopped(error.reason) from None
            except PortalError as error:
                raise telling.stopped(str(error)) from error
            run.end(self._office.journal)
        return telling.report()

    def steps(self, plan: Plan, *, allow: Collection[str] = ()) -> Iterator[Result]:
        """Apply *plan* one record at a time: closing the iterator stops after the record in hand."""
        telling = Telling(len(plan.actions), Tripwire(plan.policy.breaker), None)
        with self._office.journal.writing():
            run, view = self._begun(plan, allow)
            commit = GroupCommit(self._office.journal)
            for place, action in enumerate(plan.actions):
                try:
                    result = self._one(run, action, view, commit)
                except PortalError as error:
                    raise telling.stopped(str(error)) from error
                try:
                    telling.tell(place, result)
                except ApplyStopped:
                    yield result
                    raise
                yield result
            run.end(self._office.journal)

    def _begun(self, plan: Plan, allow: Collection[str] | None) -> tuple[Run, View]:
        run = self._office.run(plan, allow)  # under the journal's lock: what it knows must not be older
        run.begin(self._office.journal)
        view = self.client.run(run.look())
        for _ in self._office.settle(run.diary, view):
            pass  # the journal tells; the plan's own results follow
        return run, view

    def _one(self, run: Run, action: Action, view: View, commit: GroupCommit) -> Result:
        decided = run.decide(action, view)
        done = commit.write(decided.moves)
        if not all(done):
            return self._office.lost(run.diary, action.codigo)
        run.diary.written(decided.moves, done)
        if decided.draft is None:
            return decided.result
        sent = self.client.run(run.send(decided.draft))
        outcome = run.conclude(action, sent)
        done = commit.write(outcome.moves)
        if not all(done):
            outcome = self._office.late(run, action, sent)
            done = commit.write(outcome.moves)
        run.diary.written(outcome.moves, done)
        if sent.error is not None and stops(sent.error):
            raise sent.error
        return outcome.result

    def resume(self) -> Report:
        """Settle what is in doubt, looking in the portal first, and go on with what an interrupted apply had begun.

        What the portal does not show yet stays in doubt for ``policy.doubt_seconds`` after it was sent: call it
        again later, or look in the portal yourself and :meth:`release` it.
        """
        results: list[Result] = []
        plans = self._office.journal.unfinished()
        for plan in plans:
            results += self._apply(plan, 1, None, None).results
        with self._office.journal.writing():
            for diary in self._office.unsettled(plans):
                view = self.client.run(self._office.look_for(diary.in_flight(), diary.kind))
                results += self._office.settle(diary, view)
        return Report(results=tuple(results))

    def release(self, selected: Iterable[str], kind: Kind = Kind.EMPRESA) -> Report:
        """Say of records in doubt that a person has looked in the portal and they are not there: they may be sent again.

        The one way to send them before the portal had its time to show them. Raises UnknownCodigo for what is not in doubt.
        """
        return self._office.release(selected, kind)

    def activate_usuarios(
        self, selected: Iterable[str] | Todas = TODAS, *, abas: tuple[Aba, ...] = ABAS
    ) -> Report:
        """Activate integrated users in the portal: *Ativo*, every tab passed through, saved. *Assumed* write.

        Harmless to repeat. Raises UnknownCodigo for a user that was never integrated.
        """
        with self._office.journal.writing():
            diary, codigos = self._office.activation(selected)
            telling = Telling(len(codigos), Tripwire(self._office.policy.breaker), None)
            for place, codigo in enumerate(codigos):
                try:
                    result = self.client.run(self._office.activate(diary, codigo, abas))
                except PortalError as error:
                    raise telling.stopped(str(error)) from error
                telling.tell(place, result)
        return telling.report()

    def worklist(self, *plans: Plan) -> Worklist:
        """What a person does at GAP and in the portal, for a plan of companies, of users, or one of each.

        Writes nothing and asks nothing. Raises OperatorNotAdmin, SecondProemp and StalePlan as an apply does, and
        ValueError without a plan or for two of one kind.
        """
        return self._office.worklist(plans)

    def verify(self, worklist: Worklist | None = None) -> Verification:
        """Read the portal back and compare it with what was sent: equal, differs, missing, extra. Writes nothing.

        With a *worklist* it is compared with what that wants too, and what the portal shows with the same document and
        código moves to *Integrado* in the journal: attested reads only, and nothing is sent. Raises then what
        an apply raises before its first write.
        """
        return self.client.run(self._office.verification(worklist))

    def explain(self, codigo: str, kind: Kind = Kind.EMPRESA) -> Explanation:
        """Why a record of the last plan fares as it does. Writes nothing and asks nothing. Raises UnknownCodigo."""
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
        """The *LOGs de Integração*: every integration and every attempt that the filters let through, oldest first."""
        return self._office.entries(kind, outcome, since, until, proemp, codigo, operador, text)
