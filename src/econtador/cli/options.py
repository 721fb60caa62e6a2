"""The options that several commands share, each once: its name, its environment variable, its help."""

from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from attrs import frozen
from cyclopts import Group, Parameter

from econtador.cli.words import said

__all__ = ["BY_ITSELF", "HERE", "Allow", "Csv", "Json", "Plans", "Reader", "Where", "Workers", "Yes"]

_PORTAL = Group(said("Portal e diário", "Portal and journal"), sort_key=4)
_FILE = Group(said("Arquivo", "File"), sort_key=3)

Json: TypeAlias = Annotated[
    bool,
    Parameter(
        help=said(
            "Um documento JSON na saída, para programas (com os dados pessoais que houver).",
            "One JSON document on standard output, for programs (with the personal data there is).",
        ),
    ),
]
Yes: TypeAlias = Annotated[
    bool,
    Parameter(
        name=["--yes", "-y"],
        help=said("Sim: não perguntar antes de escrever.", "Yes: do not ask before writing."),
    ),
]
Allow: TypeAlias = Annotated[
    tuple[Literal["leaving", "renamed", "losing"], ...],
    Parameter(
        help=said("Aceitar o alerta do plano com este nome.", "Accept the plan's alarm of that name."),
    ),
]
Workers: TypeAlias = Annotated[
    int, Parameter(help=said("Quantos registros de cada vez.", "How many records at once."))
]
Plans: TypeAlias = Annotated[
    tuple[Path, ...],
    Parameter(help=said("Planos salvos por plan.", "Plans that plan saved.")),
]
Csv: TypeAlias = Annotated[
    Path | None,
    Parameter(help=said("Salvar as linhas também neste CSV.", "Save the rows to this CSV as well.")),
]


@Parameter(name="*", group=_PORTAL)
@frozen(kw_only=True)
class Where:
    """Which portal, which journal, and who is at GAP."""

    journal: Annotated[
        Path,
        Parameter(
            env_var="ECONTADOR_JOURNAL",
            show_default=True,
            help=said(
                "O diário: o que foi enviado, uma única vez.", "The journal: what was sent, once only."
            ),
        ),
    ] = Path("escritorio.journal")
    operador: Annotated[
        str | None,
        Parameter(
            env_var="ECONTADOR_OPERADOR",
            help=said(
                "Usuário do GAP que integra: precisa ser ADMIN.",
                "GAP's user who integrates: it must be ADMIN.",
            ),
        ),
    ] = None
    sandbox: Annotated[
        Path | None,
        Parameter(
            env_var="ECONTADOR_SANDBOX",
            help=said(
                "Usar o portal de treino deste arquivo, e não o portal.",
                "Use the practice portal in this file, and not the portal.",
            ),
        ),
    ] = None
    writes: Annotated[
        Literal["convention"] | None,
        Parameter(
            help=said(
                "Escrever por convenção em endereços do próprio portal: na API pública nenhuma escrita é atestada.",
                "Write by convention to the vendor's own hosts: no write is attested in the public API.",
            ),
        ),
    ] = None


@Parameter(name="*", group=_FILE)
@frozen(kw_only=True)
class Reader:
    """How a file is read, where it does not tell by itself."""

    encoding: Annotated[
        str | None,
        Parameter(help=said("Codificação, se não for a que parece.", "Encoding, if not what it seems.")),
    ] = None
    sheet: Annotated[
        str | None, Parameter(help=said("Planilha da pasta de trabalho.", "Sheet of the workbook."))
    ] = None


HERE: Final = Where()
BY_ITSELF: Final = Reader()
