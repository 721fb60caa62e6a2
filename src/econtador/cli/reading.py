"""``profile``, ``plan``: what is in a file, and what would be done. Neither writes to portal or journal."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from cyclopts import Parameter

from econtador.cli.exits import Exit
from econtador.cli.opening import integrator
from econtador.cli.options import BY_ITSELF, HERE, Json, Reader, Where
from econtador.cli.output import Output
from econtador.cli.words import said
from econtador.errors import MissingFile
from econtador.gap.profiling import profile
from econtador.gap.readers import read_empresas, read_usuarios
from econtador.integration.fields import FieldAdapter
from econtador.integration.plan import Plan
from econtador.integration.policy import TODAS, Policy, Todas, Verdict

__all__ = ["plan_empresas", "plan_usuarios", "profile_file"]

_File: TypeAlias = Annotated[
    Path,
    Parameter(help=said("Exportação do GAP: CSV, planilha.", "GAP's export: CSV, spreadsheet.")),
]
_Proemp: TypeAlias = Annotated[
    str,
    Parameter(
        env_var="ECONTADOR_PROEMP",
        help=said("A PROEMP, uma só: PROEMP e dois dígitos.", "The PROEMP, one only: PROEMP and two digits."),
    ),
]
_Selected: TypeAlias = Annotated[
    tuple[str, ...],
    Parameter(
        help=said(
            "Código escolhido (5 dígitos); pode repetir-se, ou vir de um arquivo: @codigos.txt.",
            "A chosen código (5 digits); may be repeated, or come from a file: @codigos.txt.",
        ),
    ),
]
_Todas: TypeAlias = Annotated[
    bool,
    Parameter(
        help=said(
            "Todas; o artigo aconselha enviar só as que serão usadas.",
            "All; the article advises to send only those that will be used.",
        ),
    ),
]
_Save: TypeAlias = Annotated[
    Path | None,
    Parameter(
        help=said(
            "Salvar o plano, para apply. Contém o que seria enviado, CPFs e e-mails inclusive.",
            "Save the plan, for apply. It holds what would be sent, CPFs and e-mails included.",
        ),
    ),
]
_Abbreviate: TypeAlias = Annotated[
    bool,
    Parameter(
        help=said("Abreviar antes de cortar.", "Abbreviate before cutting."),
    ),
]
_Overrides: TypeAlias = Annotated[
    Path | None,
    Parameter(
        help=said("CSV com textos do próprio escritório.", "CSV with the office's own texts."),
    ),
]


def profile_file(
    file: _File, /, *, kind: Literal["empresas", "usuarios"] | None = None, json: Json = False
) -> Exit:
    """What a file seems to be, column by column, and what is wrong with it."""
    out = Output(json)
    found = profile(file, kind=kind)
    out.show(found)
    return Exit.ATTENTION if found.troubles else Exit.OK


def plan_empresas(
    file: _File,
    /,
    *,
    proemp: _Proemp,
    selected: _Selected = (),
    todas: _Todas = False,
    save: _Save = None,
    abbreviate: _Abbreviate = False,
    overrides: _Overrides = None,
    reader: Reader = BY_ITSELF,
    where: Where = HERE,
    json: Json = False,
) -> Exit:
    """Decide on companies."""
    out = Output(json)
    read = read_empresas(file, proemp=proemp, encoding=reader.encoding, sheet=reader.sheet)
    out.note_each(read.problems)
    adapter = FieldAdapter(abbreviate=abbreviate, overrides=overrides)
    with integrator(where, Policy(proemp=proemp), adapter) as office:
        plan = office.plan_empresas(read.records, selected=_chosen(selected, todas))
    return _shown(out, plan, save, bool(read.problems))


def plan_usuarios(
    file: _File,
    /,
    *,
    proemp: _Proemp = "PROEMP00",
    selected: _Selected = (),
    save: _Save = None,
    reader: Reader = BY_ITSELF,
    where: Where = HERE,
    json: Json = False,
) -> Exit:
    """Decide on users; all, unless some are chosen."""
    out = Output(json)
    read = read_usuarios(file, encoding=reader.encoding, sheet=reader.sheet)
    out.note_each(read.problems)
    with integrator(where, Policy(proemp=proemp)) as office:
        plan = office.plan_usuarios(read.records, selected=_chosen(selected, not selected))
    return _shown(out, plan, save, bool(read.problems))


def _chosen(selected: tuple[str, ...], todas: bool) -> tuple[str, ...] | Todas:
    """The códigos, those in files (``@codigos.txt``, one a line) among them."""
    if todas:
        return TODAS
    return tuple(codigo for told in selected for codigo in _codigos(told))


def _codigos(told: str) -> list[str]:
    if not told.startswith("@"):
        return [one.strip() for one in told.split(",")]
    try:
        return Path(told[1:]).read_text(encoding="utf-8-sig").split()
    except OSError as error:
        raise MissingFile(told[1:], error.strerror or type(error).__name__) from error


def _shown(out: Output, plan: Plan, save: Path | None, problems: bool) -> Exit:
    out.show(plan)
    if save is not None:
        save.write_text(plan.to_json(), encoding="utf-8")
        out.note(said(f"plano salvo em {save}", f"plan saved to {save}"))
    needs = plan.counts[Verdict.REFUSE] or plan.alarms or problems
    return Exit.ATTENTION if needs else Exit.OK
