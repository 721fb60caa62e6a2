"""The demonstration: an office's files, a plan to read, one integration, and a second run that sends nothing.

All text is Portuguese, as an accountant would read it.
"""

from collections.abc import Callable
from pathlib import Path

from attrs import evolve

from econtador.gap.models import EmpresaGap
from econtador.gap.readers import read_empresas, read_usuarios
from econtador.gap.reading import Reading
from econtador.integration.integrator import Integrator
from econtador.integration.plan import Plan
from econtador.integration.policy import Policy
from econtador.sandbox import Sandbox
from econtador.showing.face import Shown, page_of
from econtador.showing.text import to_text

__all__ = ["example_office", "run"]

Say = Callable[[str], None]

_EVERY_ROW = 100
"""Of the example's plans: every field that would be cut is shown."""


def example_office() -> Path:
    """The folder with the example office: inside the installed package, or in the repository."""
    installed = Path(__file__).parent / "_example"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "examples" / "data"


def run(folder: Path, office: Path, say: Say) -> None:
    """Do the whole job in *folder*, a new one, which keeps the sandbox, the journal and the saved plan.

    Raises FileExistsError rather than touch what is there: a journal is never to be overwritten.
    """
    folder.mkdir(parents=True)
    say("econtador: demonstração com um escritório de exemplo.")
    say("Nada sai desta máquina: o portal é um portal de treino (sandbox), guardado em arquivo.")
    say("A escrita de empresas e usuários segue uma convenção; na API pública ela não é atestada.")
    with Sandbox(folder / "portal.db") as sandbox:
        integrator = Integrator(
            sandbox.client(),
            policy=Policy(proemp="PROEMP00"),
            journal=folder / "escritorio.journal",
            operador="ADMIN",
        )
        _first_run(integrator, office, folder, say)
        _second_run(integrator, office, say)
        say("")
        say(f"No portal de treino: {len(sandbox.empresas)} empresas e {len(sandbox.usuarios)} usuários.")
        integrator.close()
    say(f"Ficaram em {folder}: portal.db (o portal), escritorio.journal (o diário) e plano.json (o plano).")


def _first_run(integrator: Integrator, office: Path, folder: Path, say: Say) -> None:
    _title(say, "1. O que o escritório tem")
    empresas = read_empresas(office / "empresas.csv", proemp="PROEMP00")
    usuarios = read_usuarios(office / "usuarios.csv")
    _show(evolve(empresas, file="empresas.csv"), say)
    say("")
    _show(evolve(usuarios, file="usuarios.csv"), say)

    _title(say, "2. O plano das empresas: veja antes de enviar")
    # As the article advises: chosen, not everything.
    plan = integrator.plan_empresas(empresas.records, selected=_chosen(empresas))
    _show(plan, say, _EVERY_ROW)
    (folder / "plano.json").write_text(plan.to_json(), encoding="utf-8")

    _title(say, "3. Integrar: envie uma única vez")
    saved = Plan.from_json((folder / "plano.json").read_text(encoding="utf-8"))
    say("Aplicando o plano que foi salvo em plano.json.")
    say(f"Resultado: {integrator.apply(saved).summary}")

    _title(say, "4. Usuários: integrar e ativar")
    users = integrator.plan_usuarios(usuarios.records)
    _show(users, say, _EVERY_ROW)
    say(f"Resultado: {integrator.apply(users).summary}")
    say("Os usuários chegam inativos. Ativando: opção Ativo, todas as abas, Salvar.")
    say(f"Resultado: {integrator.activate_usuarios().summary}")

    _title(say, "5. Conferir: o portal lido de volta")
    _show(integrator.verify(), say)


def _second_run(integrator: Integrator, office: Path, say: Say) -> None:
    _title(say, "6. Tudo outra vez: nada é enviado duas vezes")
    empresas = read_empresas(office / "empresas.csv", proemp="PROEMP00")
    plan = integrator.plan_empresas(empresas.records, selected=_chosen(empresas))
    say(plan.summary)
    say(f"Resultado: {integrator.apply(plan).summary}")
    users = integrator.plan_usuarios(read_usuarios(office / "usuarios.csv").records)
    say(users.summary)
    say(f"Resultado: {integrator.apply(users).summary}")
    say(f"Resultado: {integrator.activate_usuarios().summary}")

    _title(say, "7. LOGs de Integração")
    _show(integrator.logs(), say)
    for kind, codigo in (("empresa", "00001"), ("usuario", "ADMIN")):
        say("")
        say(f"Só os de {kind} {codigo}:")
        _show(integrator.logs(kind=kind, codigo=codigo), say)


def _chosen(empresas: Reading[EmpresaGap]) -> list[str]:
    """All but two that, let us say, the office does not serve through the portal."""
    return [empresa.codigo for empresa in empresas.records if empresa.codigo not in {"00040", "00041"}]


def _title(say: Say, text: str) -> None:
    say("")
    say(text)
    say("-" * len(text))


def _show(shown: Shown, say: Say, rows: int | None = None) -> None:
    """The same wherever the demonstration runs, however wide its terminal is."""
    say(to_text(page_of(shown), rows=rows))
