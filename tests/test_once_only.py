"""Once only, whatever happens: a state machine of an office, a portal that fails, and runs that die."""

import datetime
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from attrs import evolve
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from typing_extensions import override

import econtador as ec
from econtador.errors import AnswerLost, ApplyStopped, NotSent, PortalError, StalePlan
from econtador.integration.status import IN_PORTAL, TRANSITIONS, Kind, Outcome, Status
from econtador.sandbox import Sandbox

When = Literal["before", "after"]
UNMOVING = {Outcome.KEPT, Outcome.SKIPPED, Outcome.REFUSED, Outcome.ACTIVATION_FAILED}

CNPJS = (
    "11222333000181",
    "00000000000191",
    "12ABC34501DE35",
    "33000167000101",
    "60746948000112",
    "33592510000154",
)
CPFS = ("52998224725", "11144477735", "12345678909")


class Crash(BaseException):
    """The process is gone: no handler of the library may swallow it."""


class Faults:
    """One fault for each request to come, in order; None lets it through."""

    def __init__(self) -> None:
        self.schedule: list[tuple[When, type[BaseException]] | None] = []
        self._now: tuple[When, type[BaseException]] | None = None

    def __call__(self, method: str, path: str, when: When) -> None:
        if when == "before":
            self._now = self.schedule.pop(0) if self.schedule else None
        if self._now is not None and self._now[0] == when:
            raise self._now[1]()


fault = st.sampled_from(
    (
        None,
        None,
        ("before", NotSent),
        ("before", AnswerLost),
        ("after", AnswerLost),
        ("before", Crash),
        ("after", Crash),
    )
)
schedules = st.lists(fault, max_size=10)
numbers = st.integers(0, len(CNPJS) - 1)


class Office(RuleBasedStateMachine):
    """Companies and users come and go, plans are made, applied, saved, applied again, and runs die."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(ignore_cleanup_errors=True)
        self.faults = Faults()
        self.sandbox = Sandbox(fault=self.faults)
        self.empresas: dict[str, ec.EmpresaGap] = {}
        self.usuarios: dict[str, ec.UsuarioGap] = {}
        self.plans: list[str] = []
        self.opened: list[ec.SqliteJournal] = []
        self.reopen()

    def reopen(self) -> None:
        """A new process: journal and integrator anew."""
        for journal in self.opened:
            journal.close()
        journal = ec.SqliteJournal(Path(self.folder.name) / "j.journal")
        self.opened = [journal]
        client = ec.Client(
            self.sandbox.token,
            transport=self.sandbox.transport(),
            writes=ec.CONVENTION,
            retry=ec.Retry(first=0.0, longest=0.0),
        )
        self.integrator = ec.Integrator(
            client, policy=ec.Policy(proemp="PROEMP00", doubt_seconds=0), journal=journal, operador="ADMIN"
        )

    # ------------------------------------------------------------------ the office

    @initialize(documents=st.lists(numbers, min_size=1, max_size=5, unique=True))
    def begin(self, documents: list[int]) -> None:
        for number in documents:
            self.add(number, number)

    @rule(codigo=numbers, documento=numbers)
    def add(self, codigo: int, documento: int) -> None:
        key = f"0000{codigo}"
        self.empresas.setdefault(
            key, ec.EmpresaGap(key, "PROEMP00", f"EMPRESA {codigo} LTDA", CNPJS[documento])
        )

    @rule(number=st.integers(0, 2))
    def add_user(self, number: int) -> None:
        key = f"U{number}"
        self.usuarios.setdefault(
            key, ec.UsuarioGap(key, f"Pessoa {number}", CPFS[number], "p@exemplo.com.br")
        )

    @rule(codigo=numbers, name=st.sampled_from(("NOVO NOME SA", "OUTRA RAZAO LTDA")))
    def rename(self, codigo: int, name: str) -> None:
        key = f"0000{codigo}"
        if key in self.empresas:
            self.empresas[key] = evolve(self.empresas[key], razao_social=name)

    @rule(codigo=numbers, day=st.sampled_from((None, "2024-01-31")))
    def close_or_open(self, codigo: int, day: str | None) -> None:
        key = f"0000{codigo}"
        if key in self.empresas:
            date = datetime.date.fromisoformat(day) if day else None
            self.empresas[key] = evolve(self.empresas[key], data_desligamento=date)

    # ------------------------------------------------------------------ the runs

    def attempt(self, faults: list[tuple[When, type[BaseException]] | None], plan: ec.Plan | None) -> None:
        """Apply *plan*, or resume, under *faults*."""
        self.faults.schedule = list(faults)
        try:
            if plan is None:
                self.integrator.resume()
            else:
                self.integrator.apply(plan)
        except (ApplyStopped, StalePlan, PortalError):
            pass
        except Crash:
            self.reopen()
        finally:
            self.faults.schedule = []

    def planned(self, kind: Kind, subset: set[int] | None) -> ec.Plan | None:
        if kind is Kind.USUARIO:
            return self.integrator.plan_usuarios(self.usuarios.values()) if self.usuarios else None
        wanted = None if subset is None else {f"0000{n}" for n in subset} & self.empresas.keys()
        if wanted is not None and not wanted:
            return None
        return self.integrator.plan_empresas(
            self.empresas.values(), selected=ec.TODAS if wanted is None else wanted
        )

    kinds = st.sampled_from((Kind.EMPRESA, Kind.EMPRESA, Kind.USUARIO))
    subsets = st.none() | st.sets(numbers, min_size=1)

    @rule(kind=kinds, subset=subsets)
    def plan(self, kind: Kind, subset: set[int] | None) -> None:
        plan = self.planned(kind, subset)
        if plan is not None:
            self.plans.append(plan.to_json())

    @rule(kind=kinds, subset=subsets, faults=schedules)
    def plan_and_apply(
        self, kind: Kind, subset: set[int] | None, faults: list[tuple[When, type[BaseException]] | None]
    ) -> None:
        plan = self.planned(kind, subset)
        if plan is not None:
            self.plans.append(plan.to_json())
            self.attempt(faults, plan)

    @precondition(lambda self: bool(self.plans))
    @rule(which=st.integers(0, 99), faults=schedules)
    def apply_saved(self, which: int, faults: list[tuple[When, type[BaseException]] | None]) -> None:
        self.attempt(faults, ec.Plan.from_json(self.plans[-1 - which % len(self.plans)]))

    @rule(faults=schedules)
    def resume(self, faults: list[tuple[When, type[BaseException]] | None]) -> None:
        self.attempt(faults, None)

    @rule(faults=schedules)
    def activate(self, faults: list[tuple[When, type[BaseException]] | None]) -> None:
        self.faults.schedule = list(faults)
        try:
            self.integrator.activate_usuarios()
        except ApplyStopped:
            pass
        except Crash:
            self.reopen()
        finally:
            self.faults.schedule = []

    # ------------------------------------------------------------------ what always holds

    @invariant()
    def no_row_twice(self) -> None:
        empresas = self.sandbox.empresas
        assert max(Counter(row.documento for row in empresas).values(), default=1) == 1
        assert max(Counter(row.externoid for row in empresas).values(), default=1) == 1
        assert max(Counter(row.login for row in self.sandbox.usuarios).values(), default=1) == 1

    @invariant()
    def every_row_was_meant(self) -> None:
        attempted = {(entry.kind, entry.codigo) for entry in self.integrator.logs(outcome=Outcome.ATTEMPTED)}
        for row in self.sandbox.empresas:
            assert (Kind.EMPRESA, row.externoid) in attempted
        for login in (row.login for row in self.sandbox.usuarios):
            assert (Kind.USUARIO, f"U{CPFS.index(login)}") in attempted

    @invariant()
    def only_the_table(self) -> None:
        status: dict[tuple[Kind, str], Status] = {}
        for entry in self.integrator.logs():
            key = (entry.kind, entry.codigo)
            before = status.get(key, Status.NAO_INTEGRADO)
            expected = before if entry.outcome in UNMOVING else TRANSITIONS[before, entry.outcome]
            assert entry.status is expected
            status[key] = expected
        for kind in Kind:
            for codigo, record in self.integrator.journal.records(kind).items():
                assert record.status is status.get((kind, codigo), Status.NAO_INTEGRADO)

    @invariant()
    def integrated_means_there(self) -> None:
        there = {row.id for row in self.sandbox.empresas}
        for record in self.integrator.journal.records(Kind.EMPRESA).values():
            if record.status in IN_PORTAL:
                assert record.portal_id in there

    # ------------------------------------------------------------------ how it ends

    @override
    def teardown(self) -> None:
        try:
            self.finish()
        finally:
            for journal in self.opened:
                journal.close()
            self.sandbox.close()
            self.folder.cleanup()

    def finish(self) -> None:
        """Without faults: resume, plan, apply; then everything that may go is there, once."""
        self.faults.schedule = []
        self.reopen()
        self.integrator.resume()  # a plan that cannot go on would raise
        for kind in Kind:
            # Twice: what was settled by the first pass is decided anew by the second.
            for _ in range(2):
                plan = self.planned(kind, None) if kind is Kind.USUARIO or self.empresas else None
                if plan is None:
                    continue
                report = self.integrator.apply(plan)
                assert report.ok
                for action in plan.actions:
                    if action.verdict in {ec.Verdict.CREATE, ec.Verdict.ADOPT, ec.Verdict.KEEP}:
                        record = self.integrator.journal.records(kind)[action.codigo]
                        assert record.status in IN_PORTAL
        self.no_row_twice()
        self.every_row_was_meant()
        self.only_the_table()
        self.everything_that_may_go_is_there()

    def everything_that_may_go_is_there(self) -> None:
        rows = {(row.externoid, row.documento) for row in self.sandbox.empresas}
        records = self.integrator.journal.records(Kind.EMPRESA)
        shared = Counter(e.documento for e in self.empresas.values() if not e.desligada)
        for codigo, empresa in self.empresas.items():
            assert not isinstance(empresa.documento, str)
            documento = empresa.documento
            if (
                not empresa.desligada
                and shared[documento] == 1
                and documento.value not in {value for other, value in rows if other != codigo}
            ):
                assert (codigo, documento.value) in rows
                assert records[codigo].status is Status.INTEGRADO
        logins = {row.login for row in self.sandbox.usuarios}
        assert logins == {CPFS[int(codigo[1])] for codigo in self.usuarios}
        assert self.integrator.journal.unfinished() == ()


TestOnceOnly = Office.TestCase
TestOnceOnly.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
