"""The examples, each as a person runs it: the scripts, the notebooks, and the tool with its tests."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import nbformat
import pytest
from attrs import frozen
from nbclient import NotebookClient

EXAMPLES = Path(__file__).parents[1] / "examples"


@frozen
class Run:
    """What a script is given, and what has to be in what it says."""

    says: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    leaves: frozenset[str] = frozenset()
    """The files in the folder that it was given."""


SCRIPTS: Mapping[str, Run] = {
    "first_look.py": Run(
        (
            "48 registros lidos, 2 problemas, 1 correção",
            "Empresas em atividade: 46; desligadas: 2",
            "00009  Razão Social: BANCO NACIONAL DE DESENVOLVIMENTO ECONÔMICO E SOCI [perde: AL]",
            "Com o corte simples perdem algo: 64 textos (Atividade: 38, Razão Social: 10, ",
            "Com abreviações perdem algo: 44 textos (Atividade: 25, ",
        )
    ),
    "choose_and_integrate.py": Run(
        (
            "Escolhidas: 20 de 48 empresas",
            "Plano de empresas (PROEMP00): integrar: 17, deixar: 29, recusar: 2",
            "integrado: 17, desligada: 2, deixado de fora: 27, recusado: 2 (envios feitos: 17)",
            "Envios feitos: 0. No portal: 17 empresas.",
        ),
        ("folder",),
        frozenset({"escritorio.journal", "plano.json", "portal.db"}),
    ),
    "users.py": Run(
        (
            "Plano de usuários: integrar: 7, deixar: 1, recusar: 4",
            "GUSTAVO SERPA D'ÁVILA",
            "Recusados (4)",
            "No portal: 7 usuários, 0 ativos.",
            "No portal: 7 usuários, 1 ativos.",
            "No portal: 7 usuários, 7 ativos.",
        )
    ),
    "logs.py": Run(
        (
            "integrado: 3, não aceito pelo portal: 1, em dúvida: 1",
            "Não aceitos pelo portal: 1\n",
            "O portal respondeu 422",
            "Em dúvida: 1\n",
            "Empresas integradas na última hora: 3\n",
            "Exportados 31 registros",
            "31 lançamentos: íntegro",
        ),
        ("folder",),
        frozenset({"escritorio.journal", "logs.csv", "recusados.jsonl"}),
    ),
    "reconcile.py": Run(
        (
            "Conferência: iguais: 2, diferentes: 1, faltando: 1, a mais: 1\n",
            "Nome, Endereço",
            "não se afirma nada de: Inscrição Estadual",
            "A olhar no portal: 00001, 00004, 00077\n",
        )
    ),
    "api_tour.py": Run(
        (
            "funcionarios (dp): pode ser lido, 12 no total",
            "00003 EMPRESA MODELO 03 LTDA MO.DEL.000/0003-96",
            "EMPRESA MODELO 02 LTDA: 5\n",
            "Guias 01/2025: vence em 2025-01-21",
            "{'nome': 'Feminino'}",
            "not-found: ",
        )
    ),
    "abbreviations.py": Run(
        (
            "corte:      Jardim Nossa Senhora\n",
            "abreviação: Jd N Sra Aparecida (título abreviado, palavras de bairro abreviadas)",
            "bairro: 'CENTRO' em 00003, ",
            "com distinguish='tail':\n    Colisões: 0\n",
            "39 textos a escrever melhor",
            "1 preenchido; agora: BNDES\n",
        ),
        ("folder",),
        frozenset({"textos.csv"}),
    ),
    "worklist.py": Run(
        (
            "marcar empresas: 3, corrigir campos: 5, marcar usuários: 2, ativar usuários: 2",
            "ST AUTARQUIAS NORTE",
            "Um novo plano: Plano de empresas (PROEMP00): integrar: 1, manter: 2, deixar: 45\n",
        ),
        ("folder",),
        frozenset({"escritorio.journal", "lista.html", "lista.xlsx"}),
    ),
    "postgres.py": Run(
        (
            "Plano de empresas (PROEMP00): integrar: 42, deixar: 2, recusar: 4",
            "Juntas enviaram 42; no portal: 42 empresas.",
            "No diário: 42 integrações, nenhuma em dobro.",
        )
    ),
}


def around(folder: Path) -> dict[str, str]:
    """An environment in which what is written for a time is written in *folder*, and no portal is named.

    Not in pytest's own: PostgreSQL's user is not let in there whenever another session of pytest begins.
    """
    named = {
        name: value for name, value in os.environ.items() if not name.startswith(("ECONTADOR", "PYTEST"))
    }
    runtime, temporary = folder / "runtime", folder / "temporary"
    runtime.mkdir(mode=0o700)  # or PostgreSQL's package warns that there is none
    temporary.mkdir()
    return {
        **named,
        "COLUMNS": "200",
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
        "TMPDIR": str(temporary),
        "XDG_RUNTIME_DIR": str(runtime),
    }


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def python(*arguments: str, here: Path, environment: Mapping[str, str]) -> str:
    told = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=here,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Exception ignored" not in told.stderr  # a warning where none can be raised
    return told.stdout


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_runs_as_it_stands_and_tells_what_it_is_for(script: str, folder: Path) -> None:
    run = SCRIPTS[script]
    here = folder / "here"
    here.mkdir()
    told = python(str(EXAMPLES / script), *run.arguments, here=here, environment=around(folder))
    for part in run.says:
        assert part in told
    assert [path.name for path in here.iterdir()] == list(run.arguments)  # and nothing else is left there
    left = {path.name for path in here.glob("folder/*")}
    kept = {name for name in left if not name.endswith(("-lock", "-shm", "-wal"))}
    assert kept == run.leaves


def test_every_script_is_run_here_and_told_of_on_the_page() -> None:
    scripts = {path.name for path in EXAMPLES.glob("*.py")}
    assert scripts == set(SCRIPTS)
    page = (EXAMPLES.parent / "docs" / "examples.md").read_text(encoding="utf-8")
    notebooks = {path.name for path in (EXAMPLES / "notebooks").iterdir()}
    assert notebooks == set(NOTEBOOKS)
    assert [name for name in scripts | notebooks if name not in page] == []


def test_a_first_look_takes_a_file_of_ones_own(folder: Path) -> None:
    (folder / "minhas.csv").write_text(
        "Cód.;Denominação;Insc.\n7;PADARIA MODELO LTDA;11222333000181\n", encoding="utf-8"
    )
    script = str(EXAMPLES / "first_look.py")
    told = python(script, "minhas.csv", "PROEMP07", here=folder, environment=around(folder))
    assert "pelo conteúdo: confira" in told
    assert "minhas.csv: 1 registro lido" in told
    assert "Com o corte simples perdem algo: 0 textos" in told


def test_the_tours_token_leads_to_a_real_portal(folder: Path) -> None:
    environment = {**around(folder), "ECONTADOR_TOKEN": "x", "ECONTADOR_BASE_URL": "http://127.0.0.1:9"}
    environment |= {"ECONTADOR_ATTEMPTS": "1"}
    told = subprocess.run(
        [sys.executable, str(EXAMPLES / "api_tour.py")],
        env=environment,
        capture_output=True,
        encoding="utf-8",
    )
    assert told.returncode == 1
    assert "127.0.0.1:9" in told.stderr


def test_the_journal_may_be_in_a_server_that_is_named(folder: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:9/nothing"
    told = subprocess.run(
        [sys.executable, str(EXAMPLES / "postgres.py"), nowhere],
        env=around(folder),
        capture_output=True,
        encoding="utf-8",
    )
    assert told.returncode == 1
    assert "127.0.0.1:9" in told.stderr


def test_the_tools_own_tests_pass(folder: Path) -> None:
    tests = str(EXAMPLES / "testing_your_tool")
    told = python(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", tests, here=folder, environment=around(folder)
    )
    assert "5 passed" in told


# --------------------------------------------------------------------------- notebooks

NOTEBOOKS: Mapping[str, tuple[str, ...]] = {
    "primeiro_olhar.ipynb": ("perfil", "lidas"),
    "escolher_e_integrar.ipynb": ("plano", 'integrador.explain("00015")', "relatorio", "plano_usuarios"),
    "abreviacoes.ipynb": (),
    "conferir.ipynb": ("conferencia", 'integrador.logs(outcome="refused")'),
}
"""And the values at the end of a cell that show themselves as HTML."""


def read(notebook: str) -> nbformat.NotebookNode:
    path = EXAMPLES / "notebooks" / notebook
    return cast("nbformat.NotebookNode", nbformat.read(path, nbformat.NO_CONVERT))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_notebook_is_kept_without_what_a_run_leaves_in_it(notebook: str) -> None:
    kept = read(notebook)
    nbformat.validate(kept)
    assert (kept.nbformat, kept.nbformat_minor) == (4, 5)
    assert set(kept.metadata) == {"kernelspec", "language_info"}
    assert kept.metadata.kernelspec.name == "python3"
    for cell in kept.cells:
        assert not cell.metadata
        assert cell.cell_type == "markdown" or (cell.outputs, cell.execution_count) == ([], None)
    ids = [cell.id for cell in kept.cells]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_notebook_runs_from_top_to_end_and_shows_its_values(
    notebook: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in around(folder).items():
        monkeypatch.setenv(name, value)
    here = folder / "here"
    here.mkdir()
    run = read(notebook)
    client = NotebookClient(
        run, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(here)}}
    )
    asyncio.run(client.async_execute())  # a cell's error is raised
    code = [cell for cell in run.cells if cell.cell_type == "code"]
    for cell in code:
        # Nothing may go to stderr: warnings are shown there.
        assert [output for output in cell.outputs if output.get("name") == "stderr"] == []
    for value in NOTEBOOKS[notebook]:
        (shown,) = [cell.outputs for cell in code if cell.source.splitlines()[-1] == value]
        assert "<table" in shown[-1]["data"]["text/html"], json.dumps(shown)[:500]
    assert list(here.iterdir()) == []
