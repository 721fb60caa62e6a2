"""What the options name, opened: the client, the journal, the integrator. Closed again by the ``with`` around it."""

import os
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from attrs import evolve

from econtador.cli.access_token import token
from econtador.cli.options import Where
from econtador.cli.words import said
from econtador.errors import InvalidPlan, JournalUnreadable, MissingFile, OperatorNotAdmin
from econtador.gap.models import Proemp
from econtador.integration.fields import FieldAdapter
from econtador.integration.integrator import Integrator
from econtador.integration.plan import Plan
from econtador.integration.policy import Policy
from econtador.integration.sqlite_journal import SqliteJournal
from econtador.portal.client import Client
from econtador.portal.config import CONVENTION, Config
from econtador.sandbox import Sandbox

__all__ = ["client", "integrator", "journal", "policy_of", "saved_plan"]


@contextmanager
def client(where: Where) -> Generator[Client, None, None]:
    """The portal that *where* names: a sandbox's file, or the one that the environment and the keyring lead to.

    Raises ConfigError.
    """
    with ExitStack() as stack:
        if where.sandbox is not None:
            sandbox = stack.enter_context(Sandbox(where.sandbox))
            yield stack.enter_context(sandbox.client())
            return
        config = Config.from_env({**os.environ, "ECONTADOR_TOKEN": token()})
        if where.writes:
            config = evolve(config, writes=CONVENTION)
        yield stack.enter_context(Client.from_config(config))


@contextmanager
def journal(where: Where) -> Generator[SqliteJournal, None, None]:
    """The journal, which must be there: a new one would say that nothing was ever sent. Raises JournalUnreadable."""
    if not where.journal.exists():
        raise JournalUnreadable(str(where.journal), said("não existe", "there is none"))
    opened = SqliteJournal(where.journal)
    try:
        yield opened
    finally:
        opened.close()


def policy_of(where: Where) -> Policy:
    """What the journal goes on under: the policy of a plan that was interrupted, or else its PROEMP's plain one."""
    with journal(where) as kept:
        begun = kept.unfinished()
        # Users need no PROEMP; a policy names one all the same.
        return begun[0].policy if begun else Policy(proemp=kept.proemp or Proemp("PROEMP00"))


@contextmanager
def integrator(
    where: Where, policy: Policy, adapter: FieldAdapter | None = None
) -> Generator[Integrator, None, None]:
    """The integrator over portal and journal. Raises OperatorNotAdmin where nobody was named."""
    if where.operador is None:
        raise OperatorNotAdmin("")
    with (
        client(where) as portal,
        Integrator(
            portal, policy=policy, journal=where.journal, operador=where.operador, adapter=adapter
        ) as opened,
    ):
        yield opened


def saved_plan(path: Path) -> Plan:
    """The plan in the file. Raises MissingFile, InvalidPlan."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise MissingFile(str(path), error.strerror or type(error).__name__) from error
    except UnicodeDecodeError as error:
        raise InvalidPlan("it is no text in UTF-8") from error
    return Plan.from_json(text)
