"""Two processes, one journal, one plan: each record is sent once between them."""

import subprocess
import sys
from pathlib import Path

import pytest

import econtador as ec
from econtador.sandbox import Sandbox

APPLY = """
import sys
import econtador as ec
from econtador.sandbox import Sandbox

portal, journal, saved, workers = sys.argv[1:]
with Sandbox(portal) as sandbox:
    integrator = ec.Integrator(
        sandbox.client(), policy=ec.Policy(proemp="PROEMP00", doubt_seconds=0), journal=journal, operador="ADMIN"
    )
    plan = ec.Plan.from_json(open(saved, encoding="utf-8").read())
    sys.stdin.readline()  # both start at once
    while True:
        try:
            print(integrator.apply(plan, workers=int(workers)).sent)
            break
        except ec.errors.JournalLocked:
            print("locked")
"""


@pytest.mark.parametrize("workers", [1, 4])
def test_two_processes_never_both_send(workers: int, tmp_path: Path) -> None:
    portal, journal, saved = (tmp_path / name for name in ("portal.db", "escritorio.journal", "plano.json"))
    companies = [
        ec.EmpresaGap(
            f"{n:05}", "PROEMP00", f"EMPRESA MODELO {n:02} LTDA", _cnpj(n), atividade="COMÉRCIO VAREJISTA"
        )
        for n in range(1, 41)
    ]
    with Sandbox(portal) as sandbox:
        integrator = ec.Integrator(
            sandbox.client(),
            policy=ec.Policy(proemp="PROEMP00", doubt_seconds=0),
            journal=journal,
            operador="ADMIN",
        )
        plan = integrator.plan_empresas(companies, selected=ec.TODAS)
        saved.write_text(plan.to_json(), encoding="utf-8")
        arguments = [sys.executable, "-c", APPLY, str(portal), str(journal), str(saved), str(workers)]
        processes = [
            subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        told = [process.communicate(timeout=60)[0].split() for process in processes]
        assert [process.returncode for process in processes] == [0, 0]
        assert sorted(int(lines[-1]) for lines in told) == [0, 40]
        assert len(sandbox.empresas) == 40
        assert len({row.documento for row in sandbox.empresas}) == 40
        statuses = {record.status for record in integrator.journal.records(ec.Kind.EMPRESA).values()}
        assert statuses == {ec.Status.INTEGRADO}
        assert isinstance(integrator.journal, ec.SqliteJournal)
        assert integrator.journal.audit().ok
        integrator.close()


def _cnpj(n: int) -> str:
    """The one valid CNPJ with the raiz *n* and the ordem 0001."""
    return next(text for dv in range(100) if ec.Cnpj.is_valid(text := f"{n:08}0001{dv:02}"))
