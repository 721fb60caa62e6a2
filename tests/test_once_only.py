"""Once only, whatever happens: a state machine of an office, a portal that fails, and runs that die."""

import datetime
import logging
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import anyio
import office_storms as storms
from attrs import evolve
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from typing_extensions import override

import econtador as ec
from econtador.errors import ApplyStopped, GuardedPlan, JournalLocked, NotFound, PortalError, StalePlan
from econtador.integration.report import Verified
from econtador.integration.status import IN_FLIGHT, IN_PORTAL, TRANSITIONS, Kind, Outcome, Status
from econtador.sandbox import USUAL, Fault, Faults, Quirk, Sandbox

UNMOVING = {Outcome.KEPT, Outcome.SKIPPED, Outcome.REFUSED, Outcome.ACTIVATION_FAILED}
GUARDS = ec.Guards(leaving=ec.Limit(2), renamed=ec.Limit(2), losing=ec.Limit(3))
NEVER_ACCEPTED = {Fault.REFUSED, Fault.DNS_FAILURE, Fault.STATUS_429, Fault.STATUS_429_WITH_RETRY_AFTER}
LAG = 3
"""Reads."""
PERSONAL = (*storms.CPFS, "529.982.247-25", "111.444.777-35", "123.456.789-09", "exemplo.com")
PATHS = {Kind.EMPRESA: "/api/v1/empresas", Kind.USUARIO: "/api/v1/integracao/usuarios"}


class Office(RuleBasedStateMachine):
    """Companies and users come and go, plans are made, applied, saved, applied again, and runs die."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(ignore_cleanup_errors=True)
        self.sandbox = Sandbox()
        self.now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
        self.policy = ec.Policy(proemp="PROEMP00", doubt_seconds=0, guards=GUARDS)
        self.empresas: dict[str, ec.EmpresaGap] = {}
        self.usuarios: dict[str, ec.UsuarioGap] = {}
        self.plans: list[str] = []
        self.opened: list[ec.SqliteJournal] = []
        self.forgotten: set[str] = set()
        """Ids of what the portal has lost, or has under another código, by hand."""
        self.log = storms.Shown()
        logging.getLogger("econtador").addHandler(self.log)
        self.shown: list[object] = []
        self.reopen()

    def clock(self) -> datetime.datetime:
        self.now += datetime.timedelta(milliseconds=1)
        return self.now

    def reopen(self) -> None:
        """Two new processes: journals and integrators anew."""
        for journal in self.opened:
            journal.close()
        self.opened = [ec.SqliteJournal(Path(self.folder.name) / "j.journal") for _ in range(2)]
        self.writers = [
            ec.Integrator(
                self.client(), policy=self.policy, journal=journal, operador="ADMIN", clock=self.clock
            )
            for journal in self.opened
        ]
        self.integrator = self.writers[0]

    def client(self) -> ec.Client:
        return ec.Client(
            self.sandbox.token,
            transport=self.sandbox.transport(),
            writes=ec.CONVENTION,
            retry=storms.AT_ONCE,
        )

    # ------------------------------------------------------------------ the office

    @initialize(
        documents=st.lists(storms.numbers, min_size=1, max_size=5, unique=True), patient=st.booleans()
    )
    def begin(self, documents: list[int], patient: bool) -> None:
        """An office that waits, before a portal that shows late; or neither."""
        if patient:
            self.policy = evolve(self.policy, doubt_seconds=900)
            self.sandbox.quirks, self.sandbox.lag = {*USUAL, Quirk.READ_LAG}, LAG
            self.reopen()
        for number in documents:
            self.add(number, number)
        self.add_user(0)

    @rule(codigo=storms.numbers, documento=storms.numbers, user=storms.people)
    def come(self, codigo: int, documento: int, user: int) -> None:
        self.add(codigo, documento)
        self.add_user(user)

    def add(self, codigo: int, documento: int) -> None:
        key = f"0000{codigo}"
        self.empresas.setdefault(key, storms.empresa_of(codigo, documento))

    def add_user(self, number: int) -> None:
        self.usuarios.setdefault(f"U{number}", storms.usuario_of(number))

    @rule(kind=storms.kinds, number=storms.numbers, change=storms.changes)
    def somebody_changes_gap(self, kind: Kind, number: int, change: str) -> None:
        """A record gets another name, is closed, or opened again."""
        day = datetime.date(2024, 1, 31) if change == "close" else None
        if kind is Kind.EMPRESA and (empresa := self.empresas.get(f"0000{number}")):
            nome = change if change not in {"close", "open"} else empresa.razao_social
            self.empresas[empresa.codigo] = evolve(empresa, razao_social=nome, data_desligamento=day)
        if kind is Kind.USUARIO and (usuario := self.usuarios.get(f"U{number}")):
            nome = change if change not in {"close", "open"} else usuario.nome
            self.usuarios[usuario.codigo] = evolve(usuario, nome=nome, data_desligamento=day)

    # ------------------------------------------------------------------ time, and people in the portal

    @rule(hours=st.sampled_from((-30, -1, 1, 30)))
    def clock_moves(self, hours: int) -> None:
        """Forwards only as far as the portal has had its time: what it accepted is shown by then."""
        self.now += datetime.timedelta(hours=hours)
        if hours > 0:
            self.portal_catches_up()

    def portal_catches_up(self) -> None:
        """As many reads as it takes to show everything."""
        with self.client() as reading:
            for _ in range(LAG + 1):
                list(reading.empresas.list())
                for cpf in storms.CPFS:
                    with suppress(NotFound):
                        reading.usuarios.get(cpf)

    @rule(which=st.integers(0, 9), edit=st.sampled_from(("nome", "codigo", "forget")))
    def hand_edit(self, which: int, edit: str) -> None:
        """A person renames a company in the portal, gives it another código, or takes it out."""
        if not self.sandbox.empresas:
            return
        row = self.sandbox.empresas[which % len(self.sandbox.empresas)]
        store = self.sandbox._store
        with store.transaction(write=True):
            if edit == "nome":
                store.change_empresa(int(row.id), {"nome": "EDITADA NO PORTAL"})
                return
            self.forgotten.add(row.id)
            if edit == "codigo":
                store.change_empresa(int(row.id), {"externoid": f"9{row.id:0>4}"})
            else:
                store._connection.execute("DELETE FROM empresas WHERE id = ?", (int(row.id),))

    @rule()
    def release_what_is_surely_not_there(self) -> None:
        """A person has looked, in the portal itself and not in what it shows late."""
        there = {row.documento for row in self.sandbox.empresas} | {u.login for u in self.sandbox.usuarios}
        for kind in Kind:
            for codigo, record in self.integrator.journal.records(kind).items():
                missing = record.documento is not None and record.documento.value not in there
                if record.status is Status.EM_DUVIDA and missing:
                    self.integrator.release([codigo], kind)

    # ------------------------------------------------------------------ the runs

    def posts(self, kind: Kind | None = None, *, sure: bool = False) -> int:
        """POSTs that the sandbox saw; *sure*: without those that surely were not accepted."""
        paths = set(PATHS.values()) if kind is None else {PATHS[kind]}
        return sum(
            seen.method == "POST" and seen.path in paths and not (sure and seen.fault in NEVER_ACCEPTED)
            for seen in self.sandbox.requests
        )

    def attempt(self, weather: storms.Weather, way: storms.Way, plan: ec.Plan | None) -> None:
        """Apply *plan*, or resume, in that *weather*."""
        self.sandbox.faults = Faults.script(weather.faults, methods=weather.methods)
        self.sandbox.fault = weather.hook()
        before = self.posts()
        try:
            report = self.run(way, plan)
            self.shown += [report, *report.results]
            if plan is not None:
                assert [result.codigo for result in report.results] == [a.codigo for a in plan.actions]
                assert sum(report.counts.values()) == len(plan.actions)
        except (GuardedPlan, StalePlan) as error:
            assert self.posts() == before, "nothing is sent of a plan that is refused"
            self.shown.append(error)
        except (ApplyStopped, PortalError) as error:
            self.shown += [error, error.__cause__]
        except storms.Crash:
            self.reopen()
        finally:
            self.sandbox.faults, self.sandbox.fault = None, None

    def run(self, way: storms.Way, plan: ec.Plan | None) -> ec.Report:
        writer = self.writers[way.writer]
        if way.is_async:
            return anyio.run(self.run_async, way, plan)
        if plan is None:
            return writer.resume()
        other = self.writers[1 - way.writer]

        def meanwhile(result: ec.Result) -> None:
            try:
                other.resume()
            except JournalLocked:
                return
            raise AssertionError("two runs write at once")

        progress = meanwhile if way.workers == 1 else None
        return writer.apply(plan, workers=way.workers, allow=way.allow, on_progress=progress)

    async def run_async(self, way: storms.Way, plan: ec.Plan | None) -> ec.Report:
        client = ec.AsyncClient(
            self.sandbox.token,
            transport=self.sandbox.async_transport(),
            writes=ec.CONVENTION,
            retry=storms.AT_ONCE,
        )
        writer = ec.AsyncIntegrator(
            client, policy=self.policy, journal=self.opened[way.writer], operador="ADMIN", clock=self.clock
        )
        try:
            if plan is None:
                return await writer.resume()
            return await writer.apply(plan, workers=way.workers, allow=way.allow)
        except BaseExceptionGroup as group:
            if group.subgroup(storms.Crash):
                raise storms.Crash from None
            raise

    def planned(self, kind: Kind, subset: set[int] | None, writer: int = 0) -> ec.Plan | None:
        one = self.writers[writer]
        if kind is Kind.USUARIO:
            return one.plan_usuarios(self.usuarios.values()) if self.usuarios else None
        wanted = None if subset is None else {f"0000{n}" for n in subset} & self.empresas.keys()
        if wanted is not None and not wanted:
            return None
        return one.plan_empresas(self.empresas.values(), selected=ec.TODAS if wanted is None else wanted)

    @rule(kind=storms.kinds, subset=storms.subsets)
    def plan(self, kind: Kind, subset: set[int] | None) -> None:
        plan = self.planned(kind, subset)
        if plan is not None:
            self.plans.append(plan.to_json())

    @rule(kind=storms.kinds, subset=storms.subsets, weather=storms.weathers, way=storms.ways)
    def plan_and_apply(
        self, kind: Kind, subset: set[int] | None, weather: storms.Weather, way: storms.Way
    ) -> None:
        plan = self.planned(kind, subset, way.writer)
        if plan is not None:
            self.shown.append(plan)
            self.plans.append(plan.to_json())
            self.attempt(weather, way, plan)

    @precondition(lambda self: bool(self.plans))
    @rule(which=st.integers(0, 99), weather=storms.weathers, way=storms.ways)
    def apply_saved(self, which: int, weather: storms.Weather, way: storms.Way) -> None:
        self.attempt(weather, way, ec.Plan.from_json(self.plans[-1 - which % len(self.plans)]))

    @rule(weather=storms.weathers, way=storms.ways)
    def resume(self, weather: storms.Weather, way: storms.Way) -> None:
        self.attempt(weather, way, None)

    @rule(kind=storms.kinds, weathers=st.lists(storms.weathers, min_size=2, max_size=4), way=storms.ways)
    def a_bad_day(self, kind: Kind, weathers: list[storms.Weather], way: storms.Way) -> None:
        """One plan, applied and resumed again and again."""
        plan = self.planned(kind, None, way.writer)
        for number, weather in enumerate(weathers):
            self.attempt(weather, way, plan if number % 2 == 0 else None)

    @rule(weather=storms.weathers)
    def activate(self, weather: storms.Weather) -> None:
        self.sandbox.faults = Faults.script(weather.faults, methods=weather.methods)
        self.sandbox.fault = weather.hook()
        try:
            self.integrator.activate_usuarios()
        except ApplyStopped:
            pass
        except storms.Crash:
            self.reopen()
        finally:
            self.sandbox.faults, self.sandbox.fault = None, None

    # ------------------------------------------------------------------ what always holds

    @invariant()
    def no_row_twice(self) -> None:
        empresas = self.sandbox.empresas
        assert max(Counter(row.documento for row in empresas).values(), default=1) == 1
        assert max(Counter(row.externoid for row in empresas).values(), default=1) == 1
        assert max(Counter(row.login for row in self.sandbox.usuarios).values(), default=1) == 1

    @invariant()
    def every_request_was_meant(self) -> None:
        logs = self.integrator.logs(outcome=Outcome.ATTEMPTED)
        attempted = {(entry.kind, entry.codigo) for entry in logs}
        for row in self.sandbox.empresas:
            assert row.id in self.forgotten or (Kind.EMPRESA, row.externoid) in attempted
        for login in (row.login for row in self.sandbox.usuarios):
            assert (Kind.USUARIO, f"U{storms.CPFS.index(login)}") in attempted
        for kind in Kind:
            assert self.posts(kind, sure=True) <= sum(entry.kind is kind for entry in logs)

    @invariant()
    def only_the_table(self) -> None:
        status: dict[tuple[Kind, str], Status] = {}
        for entry in self.integrator.logs():
            key = (entry.kind, entry.codigo)
            before = status.get(key, Status.NAO_INTEGRADO)
            moves = entry.outcome not in UNMOVING and (before, entry.outcome) in TRANSITIONS
            # What is only noted moves nothing: that it is too early to tell, or a refusal.
            assert entry.moved is moves or (entry.outcome is Outcome.IN_DOUBT and not entry.moved)
            assert entry.status is (TRANSITIONS[before, entry.outcome] if entry.moved else before)
            status[key] = entry.status
        for kind in Kind:
            for codigo, record in self.integrator.journal.records(kind).items():
                assert record.status is status.get((kind, codigo), Status.NAO_INTEGRADO)
        assert self.opened[0].audit().ok

    @invariant()
    def integrated_means_there(self) -> None:
        there = {row.id for row in self.sandbox.empresas} | self.forgotten
        for record in self.integrator.journal.records(Kind.EMPRESA).values():
            if record.status in IN_PORTAL:
                assert record.portal_id in there

    @invariant()
    def nothing_personal_is_shown(self) -> None:
        records = [record for kind in Kind for record in self.integrator.journal.records(kind).values()]
        shown = [*self.shown, *self.log.lines, *self.integrator.logs(), *records, self.integrator]
        text = "\n".join(f"{thing!s} {thing!r}" for thing in shown)
        assert not [secret for secret in (*PERSONAL, self.sandbox.token) if secret in text]
        self.shown.clear()
        self.log.lines.clear()

    # ------------------------------------------------------------------ how it ends

    @override
    def teardown(self) -> None:
        try:
            self.finish()
        finally:
            logging.getLogger("econtador").removeHandler(self.log)
            for journal in self.opened:
                journal.close()
            self.sandbox.close()
            self.folder.cleanup()

    def finish(self) -> None:
        """Without faults, and late enough: resume, plan, apply; then everything that may go is there, once."""
        self.now = max(self.now, datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC))
        self.portal_catches_up()
        self.reopen()
        self.integrator.resume()  # a plan that cannot go on would raise
        for kind in Kind:
            # Twice: what was settled by the first pass is decided anew by the second.
            for _ in range(2):
                plan = self.planned(kind, None) if kind is Kind.USUARIO or self.empresas else None
                if plan is not None:
                    assert self.integrator.apply(plan, allow=storms.ALL_GUARDS).ok
            records = self.integrator.journal.records(kind)
            assert not {record.status for record in records.values()} & IN_FLIGHT
            for action in plan.actions if plan else ():
                if action.verdict in {ec.Verdict.CREATE, ec.Verdict.ADOPT, ec.Verdict.KEEP}:
                    assert records[action.codigo].status in IN_PORTAL
        for holds in (self.no_row_twice, self.every_request_was_meant, self.only_the_table):
            holds()
        self.everything_that_may_go_is_there()

    def everything_that_may_go_is_there(self) -> None:
        rows = {(row.externoid, row.documento) for row in self.sandbox.empresas}
        records = self.integrator.journal.records(Kind.EMPRESA)
        missing = {c.codigo for c in self.integrator.verify().checks if c.verified is Verified.MISSING}
        shared = Counter(e.documento for e in self.empresas.values() if not e.desligada)
        taken = {documento: codigo for codigo, documento in rows}
        for codigo, empresa in self.empresas.items():
            assert not isinstance(empresa.documento, str)
            lost = codigo in missing and self.forgotten
            alone = taken.get(empresa.documento.value, codigo) == codigo
            known = {
                c for c, r in records.items() if r.documento == empresa.documento and r.status in IN_PORTAL
            }
            if not empresa.desligada and shared[empresa.documento] == 1 and alone and known <= {codigo}:
                assert lost or (codigo, empresa.documento.value) in rows
                assert records[codigo].status is Status.INTEGRADO
        logins = {row.login for row in self.sandbox.usuarios}
        assert logins >= {storms.CPFS[int(c[1])] for c, u in self.usuarios.items() if not u.desligado}
        assert self.integrator.journal.unfinished() == ()


TestOnceOnly = Office.TestCase
TestOnceOnly.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
