"""The face of the integration: see before you send, send once, know what was lost, prove it afterwards.

:class:`Integrator` and :class:`AsyncIntegrator` have the same names. Both stand on :class:`_Office`, which
does neither input nor output but the journal's.
"""

import datetime
import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import Self, TypeVar

from attrs import define, field

from econtador.errors import (
    ApplyStopped,
    EmptySelection,
    OperatorNotAdmin,
    PortalError,
    SecondProemp,
    StalePlan,
    UnknownCodigo,
    WritesNotConfigured,
)
from econtador.gap.models import EmpresaGap, Operador, Proemp, UsuarioGap
from econtador.integration.applying import Diary, Run, stops, told
from econtador.integration.explaining import explain
from econtador.integration.fields import FieldAdapter
from econtador.integration.journal import Journal, LogEntry, LogFilter, Record
from econtador.integration.looking import View, look
from econtador.integration.plan import Plan
from econtador.integration.planning import Grounds, candidates, chosen, make_plan, scene_of
from econtador.integration.policy import (
    EMPRESA_RULES,
    TODAS,
    USUARIO_RULES,
    Policy,
    Rule,
    Scene,
    Todas,
    documento_of,
)
from econtador.integration.reasons import Reason
from econtador.integration.report import Explanation, Report, Result, Verification
from econtador.integration.sqlite_journal import SqliteJournal
from econtador.integration.status import IN_PORTAL, Kind, Outcome, Status
from econtador.integration.verifying import compare
from econtador.portal import _flow
from econtador.portal._flow import Flow
from econtador.portal._wire.empresas import USUARIOS
from econtador.portal.async_client import AsyncClient
from econtador.portal.client import Client
from econtador.portal.config import Config
from econtador.portal.models import ABAS, Aba, Ativacao

__all__ = ["AsyncIntegrator", "Integrator"]

R = TypeVar("R", EmpresaGap, UsuarioGap)
Clock = Callable[[], datetime.datetime]
Progress = Callable[[Result], None]


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _journal(journal: str | os.PathLike[str] | Journal) -> Journal:
    return SqliteJournal(journal) if isinstance(journal, str | os.PathLike) else journal


@define
class _Planned:
    """What the last plan of a kind stood on, for :meth:`Integrator.explain`."""

    records: Mapping[str, EmpresaGap | UsuarioGap]
    scene: Scene


@define
class _Office:
    """Everything that both integrators share."""

    config: Config
    policy: Policy
    journal: Journal
    operador: Operador
    adapter: FieldAdapter
    clock: Clock
    planned: dict[Kind, _Planned] = field(factory=dict[Kind, _Planned], init=False)

    def __attrs_post_init__(self) -> None:
        self.journal.belongs_to(self.config.account)

    def authorize(self, kind: Kind) -> None:
        """Only ADMIN; only this account's journal; and for companies only the one PROEMP."""
        if not self.operador.is_admin:
            raise OperatorNotAdmin(self.operador.name)
        # Once more: it may have been nobody's when it was opened.
        self.journal.belongs_to(self.config.account)
        first = self.journal.proemp
        if kind is Kind.EMPRESA and first is not None and first != self.policy.proemp:
            raise SecondProemp(first.name, self.policy.proemp.name)

    def diary(self, kind: Kind, plan: Plan | None = None) -> Diary:
        return Diary(self.journal, kind, self.operador.name, self.clock, plan)

    # ----------------------------------------------------------------- plan

    def planning(
        self, kind: Kind, rules: tuple[Rule[R], ...], records: Iterable[R], selected: Iterable[str] | Todas
    ) -> Flow[Plan]:
        self.authorize(kind)
        all_records = tuple(records)
        codigos = chosen(kind, all_records, selected)
        revision = self.journal.revision()
        known = self.journal.records(kind)
        going = candidates(all_records, known, self.policy, codigos)
        documents = dict.fromkeys(d for r in going if (d := documento_of(r)))
        view = yield from look(self.config, kind, documents)
        scene = scene_of(all_records, going, known, self.policy, codigos, view)
        grounds = Grounds(
            account=self.config.account,
            operador=self.operador,
            policy=self.policy,
            adapter=self.adapter,
            by_convention=self.config.route_for_writing(f"{kind.value}s") is not None,
        )
        self.planned[kind] = _Planned({record.codigo: record for record in all_records}, scene)
        return make_plan(kind, rules, all_records, scene, grounds, revision, self.clock())

    # ----------------------------------------------------------------- apply

    def run(self, plan: Plan) -> Run:
        self.authorize(plan.kind)
        if plan.account != self.config.account:
            raise StalePlan(
                f"it was made for the portal account {plan.account}, this is {self.config.account}"
            )
        if plan.policy != self.policy:
            raise StalePlan("it was made under another policy")
        return Run(self.config, self.diary(plan.kind, plan), plan)

    def unsettled(self, gone_on_with: Iterable[Plan]) -> Iterator[Diary]:
        """The kinds of which something is in flight, but those of a plan that was just gone on with.

        What such a plan left in doubt stays so until it is resumed again: settled outside it, it would be stale.
        """
        done = {plan.kind for plan in gone_on_with}
        for kind in Kind:
            diary = self.diary(kind)
            if kind not in done and diary.in_flight():
                self.authorize(kind)
                yield diary

    def look_for(self, records: Iterable[Record], kind: Kind) -> Flow[View]:
        return look(self.config, kind, dict.fromkeys(r.documento for r in records if r.documento))

    # ----------------------------------------------------------------- activate

    def activation(self, selected: Iterable[str] | Todas) -> tuple[Diary, tuple[str, ...]]:
        self.authorize(Kind.USUARIO)
        if self.config.route_for_writing(USUARIOS.name) is None:
            raise WritesNotConfigured(USUARIOS.name)
        diary = self.diary(Kind.USUARIO)
        if isinstance(selected, Todas):
            return diary, tuple(codigo for codigo, r in diary.records.items() if r.status in IN_PORTAL)
        codigos = tuple(dict.fromkeys([selected] if isinstance(selected, str) else selected))
        if not codigos:
            raise EmptySelection("usuarios")
        unknown = tuple(sorted(set(codigos) - diary.records.keys()))
        if unknown:
            raise UnknownCodigo("usuarios", unknown)
        return diary, codigos

    def activate(self, diary: Diary, codigo: str, abas: tuple[Aba, ...]) -> Flow[Result]:
        record = diary.records[codigo]
        if record.status is Status.ATIVO:
            return diary.result(record, Outcome.KEPT)
        if record.status is not Status.INTEGRADO or record.portal_id is None:
            reason = Reason.NAO_INTEGRADO_AINDA
            return diary.note(record, Outcome.REFUSED, reason.sentence, code=reason.value)
        try:
            yield from _flow.update(self.config, USUARIOS, record.portal_id, Ativacao(abas=abas))
        except PortalError as error:
            result = diary.note(
                record, Outcome.ACTIVATION_FAILED, told(error), code=error.code, attempts=error.attempts
            )
            if stops(error):
                raise
            return result
        return diary.move(record, Outcome.ACTIVATED, f"Abas: {', '.join(a.value for a in abas)}.", attempts=1)

    # ----------------------------------------------------------------- look back

    def verification(self) -> Flow[Verification]:
        known = {kind: self.journal.records(kind) for kind in Kind}
        views: dict[Kind, View] = {}
        for kind in Kind:
            there = [record for record in known[kind].values() if record.status in IN_PORTAL]
            if there:
                views[kind] = yield from self.look_for(there, kind)
        return compare(known, views)

    def explanation(self, codigo: str, kind: Kind) -> Explanation:
        planned = self.planned.get(kind)
        record = planned.records.get(codigo) if planned else None
        if planned is None or record is None:
            raise UnknownCodigo(f"{kind.value}s of the last plan", (codigo,))
        if isinstance(record, EmpresaGap):
            return explain(kind, EMPRESA_RULES, record, self.adapter, planned.scene)
        return explain(kind, USUARIO_RULES, record, self.adapter, planned.scene)

    def entries(
        self,
        kind: str | Kind | None,
        outcome: str | Outcome | None,
        since: datetime.datetime | None,
        until: datetime.datetime | None,
        proemp: str | Proemp | None,
        codigo: str | None,
        operador: str | None,
        text: str | None,
    ) -> tuple[LogEntry, ...]:
        wanted = LogFilter(
            kind=Kind(kind) if isinstance(kind, str) else kind,
            outcome=Outcome(outcome) if isinstance(outcome, str) else outcome,
            since=since,
            until=until,
            proemp=Proemp(proemp) if isinstance(proemp, str) else proemp,
            codigo=codigo,
            operador=operador,
            text=text,
        )
        return tuple(self.journal.entries(wanted))


# --------------------------------------------------------------------------- for ordinary code


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
    >>> print(plan)
    Plano de empresas (PROEMP00): integrar: 1
    >>> print(integrator.apply(plan))
    integrado: 1 (envios feitos: 1)
    >>> print(integrator.apply(plan))
    mantido: 1 (envios feitos: 0)
    """

    def __init__(
        self,
        client: Client,
        *,
        policy: Policy,
        journal: str | os.PathLike[str] | Journal,
        operador: str | Operador,
        adapter: FieldAdapter | None = None,
        clock: Clock = _now,
    ) -> None:
        self.client = client
        self._office = _office(client.config, policy, journal, operador, adapter, clock)

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

    def apply(self, plan: Plan, *, on_progress: Progress | None = None) -> Report:
        """Do what *plan* says, each record at most once, and tell what came of each.

        *on_progress* is called with every result. Applying a plan again goes on where it stopped and sends
        nothing twice. Raises StalePlan, ApplyStopped, JournalError, and PortalError before the first write.
        """
        results: list[Result] = []
        for result in self.steps(plan):
            results.append(result)
            if on_progress:
                on_progress(result)
        return Report(results=tuple(results))

    def steps(self, plan: Plan) -> Iterator[Result]:
        """Apply *plan* one record at a time: closing the iterator stops after the record in hand."""
        with self._office.journal.writing():
            run = self._office.run(plan)  # under the lock: what it knows must not be older
            run.begin()
            view = self.client.run(run.look())
            run.settle(view)
            for done, action in enumerate(plan.actions):
                try:
                    result = self.client.run(run.execute(action, view))
                except PortalError as error:
                    raise ApplyStopped(done, len(plan.actions), str(error)) from error
                yield result
            run.end()

    def resume(self) -> Report:
        """Settle what is in doubt, looking in the portal first, and go on with what an interrupted apply had begun."""
        results: list[Result] = []
        plans = self._office.journal.unfinished()
        for plan in plans:
            results += self.steps(plan)
        with self._office.journal.writing():
            for diary in self._office.unsettled(plans):
                view = self.client.run(self._office.look_for(diary.in_flight(), diary.kind))
                results += diary.settle(view)
        return Report(results=tuple(results))

    def activate_usuarios(
        self, selected: Iterable[str] | Todas = TODAS, *, abas: tuple[Aba, ...] = ABAS
    ) -> Report:
        """Activate integrated users in the portal: *Ativo*, every tab passed through, saved. *Assumed* write.

        Harmless to repeat. Raises UnknownCodigo for a user that was never integrated.
        """
        with self._office.journal.writing():
            diary, codigos = self._office.activation(selected)
            results: list[Result] = []
            for codigo in codigos:
                try:
                    results.append(self.client.run(self._office.activate(diary, codigo, abas)))
                except PortalError as error:
                    raise ApplyStopped(len(results), len(codigos), str(error)) from error
        return Report(results=tuple(results))

    def verify(self) -> Verification:
        """Read the portal back and compare it with what was sent: equal, differs, missing, extra. Writes nothing."""
        return self.client.run(self._office.verification())

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
    ) -> tuple[LogEntry, ...]:
        """The *LOGs de Integração*: every integration and every attempt that the filters let through, oldest first."""
        return self._office.entries(kind, outcome, since, until, proemp, codigo, operador, text)


def _office(
    config: Config,
    policy: Policy,
    journal: str | os.PathLike[str] | Journal,
    operador: str | Operador,
    adapter: FieldAdapter | None,
    clock: Clock,
) -> _Office:
    who = operador if isinstance(operador, Operador) else Operador(operador)
    return _Office(config, policy, _journal(journal), who, adapter or FieldAdapter(), clock)


# --------------------------------------------------------------------------- for async


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
        clock: Clock = _now,
    ) -> None:
        self.client = client
        self._office = _office(client.config, policy, journal, operador, adapter, clock)

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

    async def apply(self, plan: Plan, *, on_progress: Progress | None = None) -> Report:
        """See :meth:`Integrator.apply`."""
        results: list[Result] = []
        async for result in self.steps(plan):
            results.append(result)
            if on_progress:
                on_progress(result)
        return Report(results=tuple(results))

    async def steps(self, plan: Plan) -> AsyncIterator[Result]:
        """See :meth:`Integrator.steps`; ``async for``."""
        with self._office.journal.writing():
            run = self._office.run(plan)  # under the lock: what it knows must not be older
            run.begin()
            view = await self.client.run(run.look())
            run.settle(view)
            for done, action in enumerate(plan.actions):
                try:
                    result = await self.client.run(run.execute(action, view))
                except PortalError as error:
                    raise ApplyStopped(done, len(plan.actions), str(error)) from error
                yield result
            run.end()

    async def resume(self) -> Report:
        """See :meth:`Integrator.resume`."""
        results: list[Result] = []
        plans = self._office.journal.unfinished()
        for plan in plans:
            results += [result async for result in self.steps(plan)]
        with self._office.journal.writing():
            for diary in self._office.unsettled(plans):
                view = await self.client.run(self._office.look_for(diary.in_flight(), diary.kind))
                results += diary.settle(view)
        return Report(results=tuple(results))

    async def activate_usuarios(
        self, selected: Iterable[str] | Todas = TODAS, *, abas: tuple[Aba, ...] = ABAS
    ) -> Report:
        """See :meth:`Integrator.activate_usuarios`."""
        with self._office.journal.writing():
            diary, codigos = self._office.activation(selected)
            results: list[Result] = []
            for codigo in codigos:
                try:
                    results.append(await self.client.run(self._office.activate(diary, codigo, abas)))
                except PortalError as error:
                    raise ApplyStopped(len(results), len(codigos), str(error)) from error
        return Report(results=tuple(results))

    async def verify(self) -> Verification:
        """See :meth:`Integrator.verify`."""
        return await self.client.run(self._office.verification())

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
    ) -> tuple[LogEntry, ...]:
        """See :meth:`Integrator.logs`."""
        return self._office.entries(kind, outcome, since, until, proemp, codigo, operador, text)
