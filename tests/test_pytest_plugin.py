"""The fixtures for whoever tests a tool, in sessions of pytest's own as such a person runs them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import econtador as ec
from econtador.sandbox import Sandbox

pytest_plugins = "pytester"

# What an inner session imports first is gone after it, and would be there twice after the next.
LOADED_BEFORE = [Sandbox, *(getattr(ec, name) for name in ec.__all__)]

WITH_ONE_COMPANY = """
    import econtador as ec
    import pytest

    PADARIA = ec.EmpresaGap("00001", "PROEMP00", "EMPRESA MODELO 01 LTDA", "11.222.333/0001-81")
"""


@pytest.fixture(autouse=True)
def in_a_session_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    # The inner session finds and imports the plugin as any session does, not as this one left it.
    monkeypatch.delitem(sys.modules, "econtador.pytest_plugin")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


def ran(pytester: pytest.Pytester, test: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(WITH_ONE_COMPANY + test)
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", "--strict-markers", *arguments)


def test_each_test_has_a_portal_of_its_own(pytester: pytest.Pytester) -> None:
    test = """
    @pytest.mark.parametrize("time", [1, 2])
    def test_it_is_empty(econtador_sandbox, econtador_client, time):
        assert econtador_sandbox.empresas == ()
        econtador_sandbox.seed(empresas=time)
        assert len(list(econtador_client.empresas.list())) == time
    """
    ran(pytester, test).assert_outcomes(passed=2)


def test_the_client_and_the_sandbox_are_closed_after_the_test(pytester: pytest.Pytester) -> None:
    test = """
    import sqlite3

    kept = []

    def test_it_is_open(econtador_sandbox, econtador_integrator):
        kept.extend([econtador_sandbox, econtador_integrator()])

    def test_it_is_closed():
        sandbox, integrator = kept
        with pytest.raises(sqlite3.ProgrammingError):
            sandbox.empresas
        with pytest.raises(ec.errors.JournalError):
            integrator.logs()
    """
    ran(pytester, test).assert_outcomes(passed=2)


def test_an_integrator_integrates_for_proemp00_as_admin_unless_told(pytester: pytest.Pytester) -> None:
    test = """
    def test_it_integrates(econtador_sandbox, econtador_integrator, tmp_path):
        integrator = econtador_integrator()
        report = integrator.apply(integrator.plan_empresas([PADARIA], selected=ec.TODAS))
        assert report.sent == 1
        assert [row.externoid for row in econtador_sandbox.empresas] == ["00001"]
        assert (tmp_path / "econtador.journal").is_file()
    """
    ran(pytester, test).assert_outcomes(passed=1)


def test_a_second_integrator_is_the_next_run_on_the_same_journal(pytester: pytest.Pytester) -> None:
    test = """
    def test_nothing_is_sent_twice(econtador_integrator):
        sent = []
        for _ in range(2):
            integrator = econtador_integrator()
            sent.append(integrator.apply(integrator.plan_empresas([PADARIA], selected=ec.TODAS)).sent)
        assert sent == [1, 0]
    """
    ran(pytester, test).assert_outcomes(passed=1)


def test_an_integrator_takes_policy_operador_adapter_and_clock(pytester: pytest.Pytester) -> None:
    test = """
    import datetime

    NOON = datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.UTC)
    OTHER = ec.EmpresaGap("00002", "PROEMP07", "EMPRESA MODELO 02 LTDA", "33.000.167/0001-01")

    def test_they_arrive(econtador_integrator):
        adapter = ec.FieldAdapter(overrides={("00002", "razao_social"): "MODELO 02"})
        integrator = econtador_integrator(
            policy=ec.Policy(proemp="PROEMP07"), adapter=adapter, clock=lambda: NOON
        )
        plan = integrator.plan_empresas([OTHER], selected=ec.TODAS)
        assert (plan.made_at, plan.actions[0].draft.nome) == (NOON, "MODELO 02")
        with pytest.raises(ec.errors.OperatorNotAdmin):
            econtador_integrator(operador="HELENA").plan_empresas([OTHER], selected=ec.TODAS)
    """
    ran(pytester, test).assert_outcomes(passed=1)


def test_the_marker_says_what_the_sandbox_is_made_with_and_the_closest_counts(
    pytester: pytest.Pytester,
) -> None:
    test = """
    from econtador.sandbox import USUAL, Faults, Quirk

    pytestmark = pytest.mark.econtador_sandbox(quirks=["no-total"])

    def test_that_of_the_module(econtador_sandbox):
        assert econtador_sandbox.quirks == {Quirk.NO_TOTAL}

    @pytest.mark.econtador_sandbox(faults=Faults.always("reset-before-commit", methods=("POST",)))
    def test_that_of_the_test(econtador_sandbox, econtador_integrator):
        assert econtador_sandbox.quirks == USUAL
        integrator = econtador_integrator()
        report = integrator.apply(integrator.plan_empresas([PADARIA], selected=ec.TODAS))
        assert [result.outcome for result in report.results] == [ec.Outcome.IN_DOUBT]
    """
    ran(pytester, test).assert_outcomes(passed=2)


def test_a_word_that_the_sandbox_does_not_take_is_an_error(pytester: pytest.Pytester) -> None:
    test = """
    @pytest.mark.econtador_sandbox(quirk="no-total")
    def test_it_does_not_come_so_far(econtador_sandbox):
        pass
    """
    result = ran(pytester, test)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*TypeError: *unexpected keyword argument 'quirk'*"])


def test_fixtures_and_marker_explain_themselves(pytester: pytest.Pytester) -> None:
    pytester.runpytest_inprocess("--fixtures").stdout.fnmatch_lines_random(
        [
            "econtador_sandbox -- *",
            "    A portal in memory, empty, and closed after the test.",
            "econtador_client -- *",
            "econtador_integrator -- *",
        ]
    )
    pytester.runpytest_inprocess("--markers").stdout.fnmatch_lines(
        ["@pytest.mark.econtador_sandbox(quirks=*"]
    )


def test_a_session_that_asks_for_nothing_loads_none_of_the_library(tmp_path: Path) -> None:
    (tmp_path / "test_of_others.py").write_text("def test_it(): pass\n")
    code = """
import sys
import pytest

assert pytest.main(["-q", "-p", "econtador", "-p", "no:cacheprovider"]) == 0
print(sorted(name for name in sys.modules if name.split(".")[0] in {"attrs", "cattrs", "econtador", "httpx"}))
"""
    # Other plugins of the environment load attrs and httpx for themselves.
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=alone, capture_output=True, text=True, check=True
    )
    assert told.stdout.splitlines()[-1] == "['econtador', 'econtador.pytest_plugin']"


def test_no_econtador_keeps_the_fixtures_away(pytester: pytest.Pytester) -> None:
    result = ran(pytester, "    def test_it(econtador_sandbox): pass\n", "-p", "no:econtador")
    result.stdout.fnmatch_lines(["*fixture 'econtador_sandbox' not found*"])


def test_the_tests_on_the_guides_page_pass(pytester: pytest.Pytester) -> None:
    page = (Path(__file__).parents[1] / "docs" / "testing-your-tool.md").read_text(encoding="utf-8")
    pytester.makepyfile("\n".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL)))
    pytester.runpytest_inprocess("-p", "no:cacheprovider", "--strict-markers").assert_outcomes(passed=5)
