"""Several machines, one plan, one journal on a server: each company is sent once, whoever dies."""

import itertools
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

import _machine_worker as worker
import pytest
from attrs import frozen
from postgres_server import Postgres, postgres

import econtador as ec
from econtador.integration.journal import LogFilter
from econtador.integration.status import Kind, Outcome, Status
from econtador.sandbox import Sandbox

__all__ = ["postgres"]

POLICY = ec.Policy(proemp="PROEMP00", doubt_seconds=0)
MACHINES = 3
LEASE = 600.0
"""Seconds, none of which a test waits: how a lease runs out by itself is asked in test_sql_journal."""


def _cnpj(n: int) -> str:
    """The one valid CNPJ with the raiz *n* and the ordem 0001."""
    return next(text for dv in range(100) if ec.Cnpj.is_valid(text := f"{n:08}0001{dv:02}"))


EMPRESAS = [
    ec.EmpresaGap(f"{n:05}", "PROEMP00", f"EMPRESA MODELO {n:02} LTDA", _cnpj(n)) for n in range(1, 61)
]


@frozen
class Office:
    """A portal that is slow to accept, a journal on a server, and a plan that is saved where every machine finds it."""

    postgres: Postgres
    name: str
    sandbox: Sandbox
    journal: ec.SqlJournal
    integrator: ec.Integrator
    saved: Path
    command: tuple[str, ...]

    def start(self, machines: int) -> list["subprocess.Popen[str]"]:
        """Machines that are ready to begin, and begin together."""
        started = [
            subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(machines)
        ]
        for machine in started:
            assert machine.stdout is not None
            assert machine.stdout.readline() == "ready\n"
        for machine in started:
            assert machine.stdin is not None
            machine.stdin.write("\n")
            machine.stdin.flush()
        return started

    def time_passes(self) -> None:
        """Every lease is over."""
        self.postgres.by_hand(
            f"UPDATE {self.name}_record SET lease_until = lease_until - interval '{LEASE} seconds'"
        )

    def plan(self) -> ec.Plan:
        return ec.Plan.from_json(self.saved.read_text(encoding="utf-8"))

    def attempts(self) -> Counter[str]:
        attempted = self.journal.entries(LogFilter(outcome=Outcome.ATTEMPTED))
        return Counter(entry.codigo for entry in attempted)

    def everything_is_there_once(self) -> None:
        expected = Counter((e.codigo, str(e.documento)) for e in EMPRESAS)
        there = Counter((row.externoid, str(ec.Cnpj(row.documento))) for row in self.sandbox.empresas)
        assert there == expected
        statuses = {r.status for r in self.journal.records(Kind.EMPRESA).values()}
        assert statuses == {Status.INTEGRADO}
        assert len(self.journal.records(Kind.EMPRESA)) == len(EMPRESAS)
        assert self.journal.unfinished() == ()
        assert self.journal.audit().ok


@contextmanager
def office(postgres: Postgres, folder: Path) -> Iterator[Office]:
    name, saved = postgres.fresh_name(), folder / "plano.json"
    with Sandbox() as sandbox, sandbox.serve() as server, closing(postgres.journal(name, LEASE)) as journal:
        integrator = ec.Integrator(sandbox.client(), policy=POLICY, journal=journal, operador="ADMIN")
        saved.write_text(integrator.plan_empresas(EMPRESAS, selected=ec.TODAS).to_json(), encoding="utf-8")
        arguments = (server.url, sandbox.token, postgres.url, name, str(LEASE), str(saved))
        yield Office(
            postgres, name, sandbox, journal, integrator, saved, (sys.executable, worker.__file__, *arguments)
        )


def test_machines_share_a_plan_and_send_each_company_once(postgres: Postgres, tmp_path: Path) -> None:
    with office(postgres, tmp_path) as shared:
        shared.sandbox.fault = lambda method, path, when: time.sleep(0.02) if method == "POST" else None
        machines = shared.start(MACHINES)
        sent = [int(machine.communicate(timeout=50)[0]) for machine in machines]
        assert [machine.returncode for machine in machines] == [0] * MACHINES
        assert sum(sent) == len(EMPRESAS)
        assert sum(count > 0 for count in sent) > 1  # shared indeed
        assert shared.attempts() == Counter(e.codigo for e in EMPRESAS)
        shared.everything_is_there_once()


class Gate:
    """Lets the answers to *free* companies out; those to the next *held* wait, all of them, until it is opened.

    The portal has accepted them by then.
    """

    def __init__(self, free: int, held: int) -> None:
        self.turns = itertools.count(1 - free)  # one of C: whole, whatever the number of threads
        self.held = held
        self.full, self.open = Event(), Event()

    def __call__(self, method: str, path: str, when: str) -> None:
        if method != "POST" or when != "after":
            return
        turn = next(self.turns)
        if turn == self.held:
            self.full.set()
        if turn > 0:
            self.open.wait(30)


@pytest.mark.parametrize("killed", [1, MACHINES])
def test_what_dead_machines_had_claimed_is_settled_once_the_lease_is_over(
    killed: int, postgres: Postgres, tmp_path: Path
) -> None:
    with office(postgres, tmp_path) as shared:
        # Every hand of every machine waits for an answer; then some machines are no more.
        gate = shared.sandbox.fault = Gate(free=10, held=MACHINES * worker.HANDS)
        machines = shared.start(MACHINES)
        assert gate.full.wait(30)
        for machine in machines[:killed]:
            machine.kill()
            machine.communicate(timeout=10)
        gate.open.set()
        for machine in machines[killed:]:
            machine.communicate(timeout=30)
        assert [machine.returncode for machine in machines[killed:]] == [0] * (MACHINES - killed)
        held = set(shared.journal.held(Kind.EMPRESA, "another"))
        assert len(held) == killed * worker.HANDS

        # Whoever comes before the lease is over does the rest, and leaves these alone.
        early = {result.codigo: result for result in shared.integrator.apply(shared.plan()).results}
        assert {codigo for codigo, r in early.items() if r.code == ec.Reason.COM_OUTRA_EXECUCAO.value} == held
        assert shared.journal.unfinished() == (shared.plan(),)

        shared.time_passes()
        assert shared.integrator.apply(shared.plan()).sent == 0
        shared.everything_is_there_once()
        found = shared.journal.entries(LogFilter(outcome=Outcome.FOUND))
        assert Counter(entry.codigo for entry in found) == Counter(held)
        assert shared.attempts() == Counter(e.codigo for e in EMPRESAS)


def test_the_recipes_of_the_page_are_python() -> None:
    page = Path(__file__).parent.parent / "docs" / "many-machines.md"
    recipes = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert len(recipes) == 4
    for recipe in recipes:
        compile(recipe, "many-machines.md", "exec")
