"""The tool's tests, on econtador's fixtures: each has a portal and a journal of its own.

python -m pytest examples/testing_your_tool
"""

from pathlib import Path

import pytest
from tool import integrate, main

import econtador as ec
from econtador.pytest_plugin import OpenIntegrator
from econtador.sandbox import Faults, Sandbox

EXPORT = """\
Código;Razão Social;CNPJ/CPF;Data Desligamento
00001;EMPRESA MODELO 01 LTDA;11.222.333/0001-81;
00002;EMPRESA MODELO 02 LTDA;33.000.167/0001-01;
00003;EMPRESA MODELO 03 LTDA;33.000.167/0001-02;
00004;EMPRESA MODELO 04 LTDA;00.000.000/0001-91;31/12/2025
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    file = tmp_path / "empresas.csv"
    file.write_text(EXPORT, encoding="utf-8")
    return file


def codigos(sandbox: Sandbox) -> list[str | None]:
    return [row.externoid for row in sandbox.empresas]


def test_good_companies_arrive_and_the_others_are_told(
    econtador_sandbox: Sandbox, econtador_integrator: OpenIntegrator, export: Path
) -> None:
    attention = integrate(econtador_integrator(), export, "PROEMP00")
    assert codigos(econtador_sandbox) == ["00001", "00002"]
    assert any(line.startswith("00003") for line in attention)


def test_the_next_run_sends_nothing(
    econtador_sandbox: Sandbox, econtador_integrator: OpenIntegrator, export: Path
) -> None:
    integrate(econtador_integrator(), export, "PROEMP00")
    integrate(econtador_integrator(), export, "PROEMP00")  # on the same journal, as tomorrow
    assert len([seen for seen in econtador_sandbox.requests if seen.method == "POST"]) == 2


@pytest.mark.econtador_sandbox(
    faults=Faults.at({1: "reset-after-commit"}, methods=("POST",)), quirks=["read-lag"]
)
def test_a_company_whose_answer_was_lost_is_told_until_the_portal_shows_it(
    econtador_sandbox: Sandbox, econtador_integrator: OpenIntegrator, export: Path
) -> None:
    attention = [integrate(econtador_integrator(), export, "PROEMP00") for _ in range(4)]
    assert [any(line.startswith("00001") for line in lines) for lines in (attention[0], attention[-1])] == [
        True,
        False,
    ]
    assert codigos(econtador_sandbox) == ["00001", "00002"]  # sent once


@pytest.mark.econtador_sandbox(faults=Faults.always("503-before-commit", methods=("POST",)))
def test_a_portal_that_is_not_there_ends_the_run(
    econtador_sandbox: Sandbox, econtador_integrator: OpenIntegrator, export: Path
) -> None:
    with pytest.raises(ec.errors.ApplyStopped):
        integrate(econtador_integrator(), export, "PROEMP00")
    assert codigos(econtador_sandbox) == []


def test_the_command_takes_the_portal_from_the_environment(
    econtador_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, export: Path
) -> None:
    monkeypatch.setenv("ECONTADOR_TOKEN", econtador_sandbox.token)
    monkeypatch.setenv("ECONTADOR_BASE_URL", econtador_sandbox.serve().url)  # over a real socket
    assert main(str(export), "PROEMP00") == 1
    assert codigos(econtador_sandbox) == ["00001", "00002"]
