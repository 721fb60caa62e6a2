"""Everything that both integrators share: who may do what, and what is to be decided, written and told.

Neither input nor output but the journal's; what is to be sent or looked for is a flow.
"""

import datetime
import itertools
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeAlias, TypeVar

from attrs import define, field

from econtador.errors import (
    ApplyStopped,
    EmptySelection,
    GuardedPlan,
    OperatorNotAdmin,
    PortalError,
    SecondProemp,
    StalePlan,
    UnknownCodigo,
    WritesNotConfigured,
)
from econtador.gap.models import EmpresaGap, Operador, Proemp, UsuarioGap
from econtador.integration.applying import Decided, Diary, Run, Sent, stops, told
from econtador.integration.explaining import explain
from econtador.integration.fields import FieldAdapter
from econtador.integration.journal import Journal, LogFilter, Record
from econtador.integration.logs import Logs
from econtador.integration.looking import View, look
from econtador.integration.plan import Action, Plan
from econtador.integration.planning import Grounds, candidates, chosen, make_plan, scene_of
from econtador.integration.policy import (
    EMPRESA_RULES,
    USUARIO_RULES,
    Policy,
    Rule,
    Scene,
    Todas,
    documento_of,
)
from econtador.integration.reasons import Reason
from econtador.integration.report import Explanation, Report, Result, Verification
from econtador.integration.safeguards import Tripwire, noted, window_before
from econtador.integration.sqlite_journal import SqliteJournal
from econtador.integration.status import IN_PORTAL, Kind, Outcome, Status
from econtador.integration.verifying import NOTHING, compare, documento_in, moves_of, sightings
from econtador.integration.worklist import Wanted, Worklist, make_worklist
from econtador.portal import _flow
from econtador.portal._flow import Flow
from econtador.portal._wire.empresas import USUARIOS
from econtador.portal.config import Config
from econtador.portal.models import Aba, Ativacao

__all__ = ["Clock", "Office", "Progress", "Telling", "now", "open_office"]

R = TypeVar("R", EmpresaGap, UsuarioGap)
Clock: TypeAlias = Callable[[], datetime.datetime]
Progress: TypeAlias = Callable[[Result], None]


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _journal(journal: str | os.PathLike[str] | Journal) -> Journal:
    return SqliteJournal(journal) if isinstance(journal, str | os.PathLike) else journal


@define
class _Planned:
    """What the last plan of a kind stood on, for :meth:`Integrator.explain`."""

    records: Mapping[str, EmpresaGap | UsuarioGap]
    scene: Scene


@define
class Office:
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
        return Diary(
            kind=kind,
            operador=self.operador.name,
            clock=self.clock,
            policy=self.policy,
            proemp=self.journal.proemp,
            revision=self.journal.revision(),  # before the records: what is written in between is in them, and no harm
            records=dict(self.journal.records(kind)),
            plan=plan,
        )

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
        documents = (documento for record in going if (documento := documento_of(record)))
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
        made_at = self.clock()
        kept = self.journal.entries(LogFilter(kind=kind, outcome=Outcome.KEPT))
        since = window_before(made_at, self.policy.guards)
        sent = self.journal.entries(LogFilter(kind=kind, outcome=Outcome.ATTEMPTED, since=since))
        return make_plan(
            kind, rules, all_records, scene, grounds, revision, made_at, itertools.chain(kept, sent)
        )

    # ----------------------------------------------------------------- apply

    def run(self, plan: Plan, allow: Collection[str] | None) -> Run:
        """A run over *plan*, nothing written yet. *allow* of None: it was begun before, so somebody said yes."""
        self._own(plan)
        unsaid = [alarm for alarm in plan.alarms if allow is not None and alarm.guard not in allow]
        if unsaid:
            raise GuardedPlan(tuple(a.guard for a in unsaid), tuple(str(a) for a in unsaid))
        kept = self.journal.entries(LogFilter(kind=plan.kind, outcome=Outcome.KEPT))
        return Run(self.config, self.diary(plan.kind, plan), plan, noted(kept))

    def _own(self, plan: Plan) -> None:
        """Raise unless *plan* is this office's: of this account and policy, and for whoever may do it."""
        self.authorize(plan.kind)
        if plan.account != self.config.account:
            raise StalePlan(
                f"it was made for the portal account {plan.account}, this is {self.config.account}"
            )
        if plan.policy != self.policy:
            raise StalePlan("it was made under another policy")

    def settle(self, diary: Diary, view: View) -> Iterator[Result]:
        """Settle, and write down, what was left in flight by runs that are gone."""
        held = self.journal.held(diary.kind, diary.run)
        for record in diary.in_flight():
            if record.codigo not in held:
                decided = diary.settle(record, view)
                done = self.journal.write(decided.moves)
                if all(done):
                    diary.written(decided.moves, done)
                    yield decided.result
                else:
                    yield self.lost(diary, record.codigo)

    def write(self, diary: Diary, decided: Decided) -> Result:
        """Write what was decided, and tell its result."""
        diary.written(decided.moves, self.journal.write(decided.moves))
        return decided.result

    # ----------------------------------------------------------------- when another run was faster

    def lost(self, diary: Diary, codigo: str) -> Result:
        """Another run, on this machine or on another, moved that record first."""
        diary.records.update(self.journal.records(diary.kind))
        reason = Reason.COM_OUTRA_EXECUCAO
        return diary.result(diary.records[codigo], Outcome.KEPT, reason.sentence, code=reason.value)

    def late(self, run: Run, action: Action, sent: Sent) -> Decided:
        """What came of *action* could not be written: it took so long that another run took it for dead."""
        diary = run.diary
        diary.records.update(self.journal.records(run.plan.kind))
        record = diary.records[action.codigo]
        if sent.portal_id is not None and record.status in {Status.EM_DUVIDA, Status.NAO_INTEGRADO}:
            return diary.move(
                record, Outcome.FOUND, portal_id=sent.portal_id, action=action, attempts=sent.attempts
            )
        accepted = sent.portal_id is not None
        reason = Reason.TALVEZ_DUPLICADO if accepted else Reason.COM_OUTRA_EXECUCAO
        return diary.note(
            record,
            Outcome.IN_DOUBT,
            reason.sentence,
            code=reason.value,
            action=action,
            attempts=sent.attempts,
        )

    # ----------------------------------------------------------------- resume, release

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
        return look(self.config, kind, (r.documento for r in records if r.documento))

    def release(self, selected: Iterable[str], kind: Kind) -> Report:
        """A person has looked in the portal: these are not there."""
        self.authorize(kind)
        with self.journal.writing():
            # Told as that plan's own move: by another's it would be stale, and could not be resumed.
            diary = self.diary(kind, next((p for p in self.journal.unfinished() if p.kind is kind), None))
            codigos = tuple(dict.fromkeys([selected] if isinstance(selected, str) else selected))
            doubtful = {r.codigo for r in diary.records.values() if r.status is Status.EM_DUVIDA}
            if unknown := tuple(sorted(set(codigos) - doubtful)):
                raise UnknownCodigo(f"{kind.value}s in doubt", unknown)
            return Report(results=tuple(self.write(diary, diary.release(codigo)) for codigo in codigos))

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
            return self.write(diary, diary.note(record, Outcome.REFUSED, reason.sentence, code=reason.value))
        writes: list[None] = []
        changing = _flow.update(self.config, USUARIOS, record.portal_id, Ativacao(abas=abas))
        try:
            yield from _flow.before_each(changing, lambda: writes.append(None))
        except PortalError as error:
            failed = diary.note(
                record, Outcome.ACTIVATION_FAILED, told(error), code=error.code, attempts=error.attempts
            )
            result = self.write(diary, failed)
            if stops(error):
                raise
            return result
        words = f"Abas: {', '.join(a.value for a in abas)}."
        return self.write(diary, diary.move(record, Outcome.ACTIVATED, words, attempts=len(writes)))

    # ----------------------------------------------------------------- look back

    def worklist(self, plans: Iterable[Plan]) -> Worklist:
        worklist = make_worklist(plans, made_at=self.clock(), limits=self.adapter.limits)
        for plan in worklist.plans:
            self._own(plan)
        return worklist

    def verification(self, worklist: Worklist | None) -> Flow[Verification]:
        plans = worklist.plans if worklist else ()
        for plan in plans:
            self._own(plan)
            if plan.revision > self.journal.revision():
                raise StalePlan(
                    "it was made over a journal that knew more than this one: is it the right file?"
                )
        wanted = {kind: worklist.wanted(kind) for kind in Kind} if worklist else NOTHING
        views: dict[Kind, View] = {}
        for kind in Kind:
            there = [r.documento for r in self.journal.records(kind).values() if r.status in IN_PORTAL]
            documents = [*there, *(documento_in(one.draft) for one in wanted[kind].values())]
            if documents:
                views[kind] = yield from look(self.config, kind, (d for d in documents if d))
        for plan in plans:
            if plan.kind in views:
                self._recognise(plan, wanted[plan.kind], views[plan.kind])
        return compare({kind: self.journal.records(kind) for kind in Kind}, views, wanted)

    def _recognise(self, plan: Plan, wanted: Mapping[str, Wanted], view: View) -> None:
        """Move what a person integrated, and the portal shows, to *Integrado*; nothing else is written."""
        with self.journal.writing():
            seen = sightings(self.journal.records(plan.kind), wanted, view)
            if not seen:
                return
            self.journal.bind(self.config.account, plan.policy.proemp if plan.kind is Kind.EMPRESA else None)
            diary = self.diary(plan.kind, plan)
            # Another machine's run may have been faster with one of them: its record then stands as it wrote it.
            self.journal.write([move for sighting in seen for move in moves_of(diary, sighting)])

    def explanation(self, codigo: str, kind: Kind) -> Explanation:
        planned = self.planned.get(kind)
        record = planned.records.get(codigo) if planned else None
        if planned is None or record is None:
            raise UnknownCodigo(f"{kind.value}s of the last plan", (codigo,))
        adapter = self.adapter.among(planned.records.values())  # as the plan fitted it
        if isinstance(record, EmpresaGap):
            return explain(kind, EMPRESA_RULES, record, adapter, planned.scene)
        return explain(kind, USUARIO_RULES, record, adapter, planned.scene)

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
    ) -> Logs:
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
        return Logs(self.journal.entries(wanted))


def open_office(
    config: Config,
    policy: Policy,
    journal: str | os.PathLike[str] | Journal,
    operador: str | Operador,
    adapter: FieldAdapter | None,
    clock: Clock,
) -> Office:
    """From what a user says."""
    who = operador if isinstance(operador, Operador) else Operador(operador)
    return Office(config, policy, _journal(journal), who, adapter or FieldAdapter(), clock)


# --------------------------------------------------------------------------- what came of a run, as it comes


@define
class Telling:
    """The results of one run in the order of its plan, told as they come; ends the run where the policy says so."""

    total: int
    tripwire: Tripwire
    on_progress: Progress | None
    results: dict[int, Result] = field(factory=dict[int, Result], init=False)

    def tell(self, place: int, result: Result) -> None:
        """Raises ApplyStopped where the run must end."""
        self.results[place] = result
        if self.on_progress:
            self.on_progress(result)
        reason = self.tripwire.note(result)
        if reason is not None and len(self.results) < self.total:
            raise self.stopped(reason)

    def stopped(self, reason: str) -> ApplyStopped:
        """The error that says how far it came."""
        return ApplyStopped(len(self.results), self.total, reason)

    def report(self) -> Report:
        """All of it, in the plan's order."""
        return Report(results=tuple(result for _, result in sorted(self.results.items())))
