"""The demonstration: an office's files, a plan to read, one integration, and a second run that sends nothing.

All text is Portuguese, as an accountant would read it.
"""

from collections.abc import Callable
from pathlib import Path

from econtador.gap.models import EmpresaGap
from econtador.gap.readers import read_empresas, read_usuarios
from econtador.gap.reading import Reading
from econtador.integration.fields import LIMITS
from econtador.integration.integrator import Integrator
from econtador.integration.plan import Action, Plan
from econtador.integration.policy import Policy, Verdict
from econtador.integration.report import Report, Verified
from econtador.sandbox import Sandbox

__all__ = ["example_office", "run"]

Say = Callable[[str], None]

_LABELS = {limit.field: limit.label for limit in LIMITS}


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
    _show_reading(empresas, say)
    _show_reading(usuarios, say)

    _title(say, "2. O plano das empresas: veja antes de enviar")
    # As the article advises: chosen, not everything.
    plan = integrator.plan_empresas(empresas.records, selected=_chosen(empresas))
    _show_plan(plan, say)
    (folder / "plano.json").write_text(plan.to_json(), encoding="utf-8")

    _title(say, "3. Integrar: envie uma única vez")
    saved = Plan.from_json((folder / "plano.json").read_text(encoding="utf-8"))
    say("Aplicando o plano que foi salvo em plano.json.")
    _show_report(integrator.apply(saved), say)

    _title(say, "4. Usuários: integrar e ativar")
    users = integrator.plan_usuarios(usuarios.records)
    _show_plan(users, say)
    _show_report(integrator.apply(users), say)
    say("Os usuários chegam inativos. Ativando: opção Ativo, todas as abas, Salvar.")
    _show_report(integrator.activate_usuarios(), say)

    _title(say, "5. Conferir: o portal lido de volta")
    verification = integrator.verify()
    counts = verification.counts
    say(
        f"Iguais: {counts[Verified.EQUAL]}, diferentes: {counts[Verified.DIFFERS]}, "
        f"faltando: {counts[Verified.MISSING]}, a mais: {counts[Verified.EXTRA]}."
    )
    say(f"A API pública não mostra e por isso não se afirma nada de: {', '.join(verification.unverifiable)}.")


def _second_run(integrator: Integrator, office: Path, say: Say) -> None:
    _title(say, "6. Tudo outra vez: nada é enviado duas vezes")
    empresas = read_empresas(office / "empresas.csv", proemp="PROEMP00")
    plan = integrator.plan_empresas(empresas.records, selected=_chosen(empresas))
    say(str(plan))
    _show_report(integrator.apply(plan), say)
    users = integrator.plan_usuarios(read_usuarios(office / "usuarios.csv").records)
    say(str(users))
    _show_report(integrator.apply(users), say)
    _show_report(integrator.activate_usuarios(), say)

    _title(say, "7. LOGs de Integração")
    entries = integrator.logs()
    say(f"{len(entries)} registros, de integrações e de tentativas. Os das empresas recusadas:")
    for entry in integrator.logs(kind="empresa", outcome="refused"):
        say(f"  {entry}")
    say("Os da empresa 00001:")
    for entry in integrator.logs(kind="empresa", codigo="00001"):
        say(f"  {entry}")
    say("Os do usuário ADMIN:")
    for entry in integrator.logs(kind="usuario", codigo="ADMIN"):
        say(f"  {entry}")


def _chosen(empresas: Reading[EmpresaGap]) -> list[str]:
    """All but two that, let us say, the office does not serve through the portal."""
    return [empresa.codigo for empresa in empresas.records if empresa.codigo not in {"00040", "00041"}]


def _title(say: Say, text: str) -> None:
    say("")
    say(text)
    say("-" * len(text))


def _show_reading(reading: Reading[object], say: Say) -> None:
    say(str(reading).replace(reading.file, Path(reading.file).name))
    for problem in reading.problems:
        say(f"  problema: {str(problem).replace(reading.file, Path(reading.file).name)}")
    for repair in reading.repairs:
        say(
            f"  correção: {str(repair).replace(reading.file, Path(reading.file).name)}: {repair.before} → {repair.after}"
        )


def _show_plan(plan: Plan, say: Say) -> None:
    say(str(plan))
    for notice in plan.notices:
        say(f"  aviso: {notice}")
    for verdict in Verdict:
        actions = [action for action in plan.actions if action.verdict is verdict]
        if actions:
            say("")
            say(f"{verdict.value.capitalize()} ({len(actions)}):")
        for action in actions:
            _show_action(action, say)
    if plan.collisions:
        say("")
        say("Ficariam iguais no portal:")
    for collision in plan.collisions:
        label = _LABELS.get(collision.field, collision.field)
        say(f"  {label} {collision.value!r}: {', '.join(collision.codigos)}")


def _show_action(action: Action, say: Say) -> None:
    why = "" if action.verdict is Verdict.CREATE else f": {action.reason}"
    say(f"  {action.codigo} {action.nome} [{action.status.value}]{why}")
    for loss in action.losses:
        how = ", ".join(step.label for step in loss.steps)
        say(f"      {_LABELS.get(loss.field, loss.field)} (até {loss.limit}), {how}:")
        say(f"        antes:  {loss.before}")
        say(f"        depois: {loss.after}")


def _show_report(report: Report, say: Say) -> None:
    say(f"Resultado: {report}")
