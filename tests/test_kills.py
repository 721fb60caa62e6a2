"""A run killed at any moment: nothing is lost, nothing is sent twice. ``tests/long/kills.py`` does it a thousand times."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import _kill_worker as worker
import pytest

import econtador as ec
from econtador.integration.report import Verified
from econtador.integration.status import Kind, Outcome, Status
from econtador.sandbox import Sandbox

EMPRESAS = [
    ec.EmpresaGap(f"0000{n}", "PROEMP00", f"EMPRESA {n} LTDA", document)
    for n, document in enumerate(
        (
            "11222333000181",
            "00000000000191",
            "12ABC34501DE35",
            "33000167000101",
            "60746948000112",
            "33592510000154",
        )
    )
]
USUARIOS = [
    ec.UsuarioGap(f"U{n}", f"Pessoa {n}", cpf, "p@exemplo.com.br")
    for n, cpf in enumerate(("52998224725", "11144477735"))
]
INVALID = ec.EmpresaGap("00009", "PROEMP00", "SEM DOCUMENTO", "")
"""Refused: writes a note."""

# bind, begin, the note and finish: 2 each. Six companies: 2 moves of 2, and a request of 3. The first look: 2.
MOMENTS = {"empresa": 4 * 2 + 6 * (2 * 2 + 3) + 2}
# bind, begin, finish: 2 each. The look: 2 for each user. Two users: as above, then activated: 3 and 2.
MOMENTS["usuario"] = 3 * 2 + 2 * 2 + 2 * (2 * 2 + 3) + 2 * (3 + 2)

STEP = 1 if hasattr(os, "fork") else 5
"""Without fork every k costs an interpreter's start."""


def office(folder: Path) -> tuple[Sandbox, ec.Integrator]:
    sandbox = Sandbox(folder / "portal.db")
    journal = ec.SqliteJournal(folder / "office.journal")
    return sandbox, worker.integrator(sandbox, sandbox.transport(), journal)


def run(folder: Path, kind: str, numbers: list[int]) -> list[int]:
    command = [sys.executable, worker.__file__, str(folder), kind, *map(str, numbers)]
    if STEP == 1:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return [int(line) for line in done.stdout.split()]
    return [subprocess.run([*command[:4], str(k)], timeout=60, check=False).returncode for k in numbers]


def prepared(folder: Path, kind: str, numbers: list[int]) -> None:
    """A copy of one portal, one journal and one plan for each k."""
    first = folder / "first"
    first.mkdir()
    sandbox, integrator = office(first)
    if kind == "empresa":
        plan = integrator.plan_empresas([*EMPRESAS, INVALID], selected=ec.TODAS)
    else:
        plan = integrator.plan_usuarios(USUARIOS)
    (first / f"{kind}.json").write_text(plan.to_json(), encoding="utf-8")
    integrator.journal.close()
    sandbox.close()
    for k in numbers:
        shutil.copytree(first, folder / str(k))


@pytest.mark.parametrize("kind", ["empresa", "usuario"])
def test_killed_at_every_moment(kind: str, tmp_path: Path) -> None:
    total = MOMENTS[kind]
    numbers = [*range(1, total + 1, STEP), total + 1]
    prepared(tmp_path, kind, numbers)

    # Every moment but the one beyond the last was lived to, and none after it: MOMENTS is right.
    assert run(tmp_path, kind, numbers) == [worker.KILLED] * (len(numbers) - 1) + [0]

    in_doubt = 0
    for k in numbers:
        in_doubt += after(tmp_path / str(k), kind)
    # The kills did fall into the open second between the portal's commit and the journal's.
    assert in_doubt > 0


def after(folder: Path, kind: str) -> int:
    """Resume, apply the same plan, and look; return how many were found in the portal by it."""
    sandbox, integrator = office(folder)
    plan = ec.Plan.from_json((folder / f"{kind}.json").read_text(encoding="utf-8"))
    there = len(sandbox.empresas) + len(sandbox.usuarios)
    resumed = integrator.resume()
    assert resumed.ok
    again = integrator.apply(plan)
    assert again.ok
    if kind == "usuario":
        assert integrator.activate_usuarios().ok
    wanted = EMPRESAS if kind == "empresa" else USUARIOS
    assert resumed.sent + again.sent == len(wanted) - there
    integrated(sandbox, integrator, kind)
    found = len(integrator.logs(outcome=Outcome.FOUND))
    integrator.journal.close()
    sandbox.close()
    return found


def integrated(sandbox: Sandbox, integrator: ec.Integrator, kind: str) -> None:
    """Everything is in the portal once, and the journal says so."""
    records = integrator.journal.records(Kind(kind))
    if kind == "empresa":
        expected = Counter(
            (e.codigo, e.documento.value) for e in EMPRESAS if not isinstance(e.documento, str)
        )
        assert Counter((row.externoid, row.documento) for row in sandbox.empresas) == expected
        assert {c: r.status for c, r in records.items()} == {e.codigo: Status.INTEGRADO for e in EMPRESAS}
    else:
        assert Counter(row.login for row in sandbox.usuarios) == Counter(["52998224725", "11144477735"])
        assert all(row.ativo for row in sandbox.usuarios)
        assert {c: r.status for c, r in records.items()} == {u.codigo: Status.ATIVO for u in USUARIOS}
    assert {check.verified for check in integrator.verify().checks} == {Verified.EQUAL}
    assert integrator.journal.unfinished() == ()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_sample_of_kills_over_a_portal_that_is_served() -> None:
    """By SIGKILL, at writes, requests and answers, with one worker and with four."""
    command = [sys.executable, str(Path(__file__).parent / "long" / "kills.py"), "24"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (total,) = (line.split()[1:] for line in done.stdout.splitlines() if line.startswith("total"))
    kills, in_doubt, accepted, *bad = map(int, total)
    assert kills == 24
    assert in_doubt >= accepted > 0
    assert bad == [0, 0, 0]
