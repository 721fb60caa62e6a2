"""``sandbox``, ``demo``: a portal to practise on; ``login``, ``logout``: the token in the system's keyring."""

import getpass
import threading
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from econtador.__main__ import demonstrate
from econtador.cli.access_token import forget, keep
from econtador.cli.exits import Exit
from econtador.cli.output import Output
from econtador.cli.words import said
from econtador.portal.config import Config
from econtador.sandbox import Sandbox

__all__ = ["demo", "login", "logout", "sandbox"]


def demo() -> Exit:
    """The whole job with the example office, in a practice portal kept in a new folder."""
    demonstrate()
    return Exit.OK


def sandbox(
    file: Annotated[
        Path, Parameter(show_default=True, help=said("Onde ele é guardado.", "Where it is kept."))
    ] = Path("portal.db"),
    *,
    port: Annotated[
        int, Parameter(show_default=True, help=said("Porta; 0: uma livre.", "Port; 0: a free one."))
    ] = 8765,
) -> Exit:
    """Serve a practice portal, to look at in a browser and for programs, until Ctrl-C."""
    out = Output(False)
    with Sandbox(file) as portal, portal.serve_pages(port) as server:
        out.say(f"Portal de treino em {server.url} (Ctrl-C encerra). Dados em {file}.")
        out.say(f"Para programas: ECONTADOR_BASE_URL={server.url} ECONTADOR_TOKEN={portal.token}")
        with suppress(KeyboardInterrupt):  # which is how it ends
            threading.Event().wait()
    return Exit.OK


def login() -> Exit:
    """Ask for the token (ePlugin's Chave de Acesso), unseen, and keep it in the system's keyring."""
    kept = Config(token=getpass.getpass("Chave de Acesso: ")).token  # what could be no token is refused here
    keep(kept.reveal())
    Output(False).say("A chave de acesso está guardada no cofre do sistema.")
    return Exit.OK


def logout() -> Exit:
    """Take the token out of the system's keyring."""
    there = forget()
    Output(False).say("A chave de acesso foi retirada." if there else "Não havia chave de acesso.")
    return Exit.OK
