"""The commands, put together, and how each ends."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import Final, cast

from cyclopts import App, CycloptsError, Group, Parameter

from econtador.cli import integrating, looking, practising, reading
from econtador.cli.asking import Unconfirmed
from econtador.cli.exits import Exit, exit_of
from econtador.cli.mistakes import misunderstood, told
from econtador.cli.output import Output
from econtador.cli.words import said
from econtador.errors import EcontadorError

__all__ = ["app", "main"]

_GROUP: Final = Group(said("Comandos", "Commands"), sort_key=0)
_ABOUT: Final = said(
    "Integrar empresas e usuários do GAP no portal eContador: veja antes de enviar, envie uma única vez, "
    "saiba o que se perdeu, confira depois.",
    "Integrate GAP's companies and users into the eContador portal: see before you send, send once, "
    "know what was lost, prove it afterwards.",
)
_EPILOGUE: Final = said(
    "Códigos de saída: 0 feito; 1 feito, e algo precisa de atenção; 2 não entendido ou não confirmado; "
    "3 recusado antes de enviar; 4 parado entre dois registros; 5 o portal; 130 interrompido. "
    "A chave de acesso vem de ECONTADOR_TOKEN ou do cofre do sistema (login), nunca de um argumento.",
    "Exit codes: 0 done; 1 done, and something needs a person; 2 not understood or not confirmed; "
    "3 refused before anything was sent; 4 stopped between two records; 5 the portal; 130 interrupted. "
    "The token comes from ECONTADOR_TOKEN or the system's keyring (login), never from an argument.",
)

_COMMANDS: Final[tuple[tuple[str, Callable[..., Exit], str], ...]] = (
    ("profile", reading.profile_file, said("Olhar um arquivo: o que parece ser e o que está errado.", "Look at a file: what it seems to be, and what is wrong.")),
    ("apply", integrating.apply, said("Fazer o que um plano salvo diz, cada registro uma única vez.", "Do what a saved plan says, each record at most once.")),
    ("resume", integrating.resume, said("Resolver o que ficou em dúvida e continuar o interrompido.", "Settle what is in doubt and go on with what was interrupted.")),
    ("activate", integrating.activate, said("Ativar os usuários integrados, aba por aba.", "Activate integrated users, tab by tab.")),
    ("release", integrating.release, said("Dizer que alguém conferiu: o que está em dúvida não está no portal.", "Say that a person looked: what is in doubt is not in the portal.")),
    ("verify", looking.verify, said("Ler o portal de volta e comparar; com planos, anotar o que já está lá.", "Read the portal back and compare; with plans, note what is there.")),
    ("logs", looking.logs, said("Os LOGs de Integração, com filtros.", "The integration logs, with filters.")),
    ("audit", looking.audit, said("Se o log está inteiro, como foi escrito.", "Whether the log is whole, as it was written.")),
    ("worklist", looking.worklist, said("A lista de trabalho: o que uma pessoa faz no GAP e no portal.", "The worklist: what a person does at GAP and in the portal.")),
    ("check", looking.check, said("O que a chave de acesso pode ver.", "What the token may see.")),
    ("sandbox", practising.sandbox, said("Um portal de treino, para o navegador e para programas.", "A practice portal, for the browser and for programs.")),
    ("demo", practising.demo, said("O trabalho inteiro com um escritório de exemplo.", "The whole job on an example office.")),
    ("login", practising.login, said("Guardar a chave de acesso no cofre do sistema.", "Keep the token in the system's keyring.")),
    ("logout", practising.logout, said("Retirar a chave de acesso do cofre.", "Take the token out of the keyring.")),
)  # fmt: skip


def _app(name: str, help: str) -> App:
    made = App(
        name=name,
        help=help,
        help_epilogue=_EPILOGUE,
        group=_GROUP,
        group_commands=_GROUP,
        group_parameters=Group(said("Opções", "Options"), sort_key=2),
        group_arguments=Group(said("Argumentos", "Arguments"), sort_key=1),
        help_format="plaintext",
        default_parameter=Parameter(negative="", show_default=False),
        error_formatter=misunderstood,
        suppress_keyboard_interrupt=False,
    )
    made["--help"].help = said("Mostrar esta ajuda.", "Show this help.")
    made["--version"].help = said("Mostrar a versão.", "Show the version.")
    return made


def _made() -> App:
    made = _app("econtador", _ABOUT)
    plan = _app("plan", said("Decidir, sem enviar nada: quem vai, quem fica e por quê.", "Decide, and send nothing: who goes, who stays, and why."))  # fmt: skip
    plan.command(
        reading.plan_empresas, name="empresas", help=said("Plano de empresas.", "A plan of companies.")
    )
    plan.command(reading.plan_usuarios, name="usuarios", help=said("Plano de usuários.", "A plan of users."))
    made.command(plan)
    for name, command, help in _COMMANDS:
        made.command(command, name=name, help=help)
    return made


app: Final = _made()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    tokens = list(sys.argv[1:] if arguments is None else arguments)
    out = Output("--json" in tokens)
    try:
        return int(cast("int | None", app(tokens, result_action="return_value", exit_on_error=False)) or 0)
    except CycloptsError:
        return Exit.USAGE  # it has said so
    except Unconfirmed as no:
        out.fail("unconfirmed", str(no))
        return Exit.USAGE
    except EcontadorError as error:
        out.fail(error.code, told(error), str(error))
        return exit_of(error)
    except BrokenPipeError:  # whoever read it has had enough, as head has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except KeyboardInterrupt:
        out.fail("interrupted", "interrompido; o diário sabe o que foi enviado: econtador resume")
        return Exit.INTERRUPTED
