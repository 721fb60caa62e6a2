"""``apply``, ``resume``, ``activate``, ``release``: the commands that write. Each asks first."""

from pathlib import Path
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from econtador.cli.asking import confirm
from econtador.cli.exits import Exit
from econtador.cli.opening import integrator, policy_of, saved_plan
from econtador.cli.options import HERE, Allow, Json, Where, Workers, Yes
from econtador.cli.output import Output
from econtador.cli.words import said
from econtador.integration.policy import TODAS, Verdict
from econtador.integration.report import Report
from econtador.integration.status import Kind
from econtador.showing.progress import Progress

__all__ = ["activate", "apply", "release", "resume"]

_Plan: TypeAlias = Annotated[Path, Parameter(help=said("Plano salvo por plan.", "A plan that plan saved."))]
_Codigos: TypeAlias = Annotated[tuple[str, ...], Parameter(help=said("Códigos.", "Códigos."))]


def apply(
    plan: _Plan,
    /,
    *,
    workers: Workers = 1,
    allow: Allow = (),
    where: Where = HERE,
    yes: Yes = False,
    json: Json = False,
) -> Exit:
    """Do what a saved plan says: each record at most once."""
    out = Output(json)
    saved = saved_plan(plan)
    out.note(saved.summary)
    for alarm in saved.alarms:
        out.note(f"alerta {alarm.guard}: {alarm}")
    count = saved.counts[Verdict.CREATE]
    losing = len({loss.codigo for loss in saved.losses if not loss.lossless})
    with integrator(where, saved.policy) as office:
        if count:
            confirm(out, f"Enviar {count} registros, {losing} deles com texto cortado, uma única vez?", yes)
        with Progress(len(saved.actions)) as progress:
            report = office.apply(saved, workers=workers, allow=allow, on_progress=progress)
    return _shown(out, report)


def resume(*, where: Where = HERE, yes: Yes = False, json: Json = False) -> Exit:
    """Settle what is in doubt, looking in the portal first, and go on with what was interrupted."""
    out = Output(json)
    with integrator(where, policy_of(where)) as office:
        left = [f"{plan.summary}, interrompido" for plan in office.journal.unfinished()]
        for line in left:
            out.note(line)
        if left:
            confirm(out, "Continuar o que foi interrompido?", yes)
        report = office.resume()
    return _shown(out, report)


def activate(codigos: _Codigos = (), /, *, where: Where = HERE, yes: Yes = False, json: Json = False) -> Exit:
    """Activate integrated users, tab by tab; all, unless some are named."""
    out = Output(json)
    with integrator(where, policy_of(where)) as office:
        confirm(out, "Ativar no portal os usuários integrados, com todas as abas?", yes)
        report = office.activate_usuarios(codigos or TODAS)
    return _shown(out, report)


def release(
    codigos: _Codigos,
    /,
    *,
    kind: Kind = Kind.EMPRESA,
    where: Where = HERE,
    yes: Yes = False,
    json: Json = False,
) -> Exit:
    """Say of records in doubt that a person looked in the portal and they are not there."""
    out = Output(json)
    with integrator(where, policy_of(where)) as office:
        confirm(out, f"Você conferiu no portal que não estão lá: {', '.join(codigos)}?", yes)
        report = office.release(codigos, kind)
    return _shown(out, report)


def _shown(out: Output, report: Report) -> Exit:
    out.show(report)
    return Exit.OK if report.ok else Exit.ATTENTION
