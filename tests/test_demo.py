"""The demonstration, as a person runs it, and the first contact with the package."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import econtador as ec
from econtador.__main__ import main
from econtador.demo import example_office, run
from econtador.sandbox import Sandbox


def test_the_demonstration_tells_the_whole_story(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path / "demo", example_office(), print)
    told = capsys.readouterr().out
    for part in (
        "empresas.csv: 48 registros lidos, 2 problemas, 1 correção",
        "Plano de empresas (PROEMP00): integrar: 40, deixar: 4, recusar: 4",
        "BANCO NACIONAL DE DESENVOLVIMENTO ECONÔMICO E SOCI«AL»",
        "00044   REDE FERROVIÁRIA FEDERAL S.A.         Desligada",
        "00047   EMPRESA EXEMPLO COM CNPJ INVÁLIDO     Não integrado  O CNPJ ou CPF não é válido",
        "Resultado: integrado: 40, desligada: 2, deixado de fora: 2, recusado: 4 (envios feitos: 40)",
        "Resultado: ativado: 7 (envios feitos: 7)",
        "Conferência: iguais: 47, diferentes: 0, faltando: 0, a mais: 0",
        "Resultado: mantido: 40, deixado de fora: 4, recusado: 4 (envios feitos: 0)",
        "No portal de treino: 40 empresas e 7 usuários.",
    ):
        assert part in told
    with Sandbox(tmp_path / "demo" / "portal.db") as kept:
        assert (len(kept.empresas), len(kept.usuarios)) == (40, 7)
        assert all(usuario.ativo for usuario in kept.usuarios)


def test_the_demonstration_touches_no_folder_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "escritorio.journal").write_text("of a real office")
    with pytest.raises(FileExistsError):
        run(tmp_path, example_office(), print)
    assert (tmp_path / "escritorio.journal").read_text() == "of a real office"


def test_the_command_makes_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["demo"]) == 0
    (folder,) = (tmp_path / "econtador-demo").iterdir()
    assert folder.name in capsys.readouterr().out
    assert main(["nada"]) == 2


def test_the_command_speaks_to_a_console_that_lacks_its_characters(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    told = subprocess.run(
        [sys.executable, "-m", "econtador", "demo"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=True,
    )
    assert b"Resultado: integrado: 40" in told.stdout


def test_importing_the_package_loads_neither_httpx_nor_cattrs() -> None:
    code = "import sys, econtador; print(sorted({'httpx', 'cattrs', 'attrs', 'sqlite3'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


def test_every_public_name_is_there_and_no_other_is_offered() -> None:
    assert all(getattr(ec, name) is not None for name in ec.__all__)
    assert dir(ec) == sorted(ec.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Integrador'"):
        _ = ec.Integrador  # type: ignore[attr-defined]


@pytest.mark.parametrize("readme", ["README.md", "README.pt-BR.md"])
def test_the_readmes_example_runs(readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Path(__file__).parents[1]
    blocks = (repository / readme).read_text(encoding="utf-8").split("```python\n")[1:]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "data").symlink_to(repository / "examples" / "data")
    names: dict[str, object] = {}
    for block in blocks:
        exec(block.split("```")[0], names)
    assert str(names["report"]).startswith("integrado: 2")
