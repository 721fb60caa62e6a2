"""Integrate an accounting office's companies and users from Prosoft's GAP into the eContador portal.

See before you send, send once, know what was lost, prove it afterwards.

What the office has
    ``read_empresas``, ``read_usuarios`` → ``Reading`` of ``EmpresaGap``, ``UsuarioGap``, with each ``Problem``,
    ``Repair`` and ``Note``; ``iter_empresas``, ``iter_usuarios`` → ``Stream``; ``FixedWidth``; ``profile`` → ``Profile``;
    ``Proemp``, ``Operador``, ``Cnpj``, ``Cpf``

What the portal would cut
    ``FieldAdapter``, ``FieldLimit``, ``LIMITS`` → ``Adaptation``, ``Loss``, ``Collision``

Where it goes, and whether
    ``Integrator``, ``AsyncIntegrator``, ``Policy`` (with ``Guards``, ``Breaker``, ``Limit``), ``TODAS`` → ``Plan`` of an
    ``Action`` for each record, with its ``Verdict`` and ``Reason`` → ``Report`` of a ``Result`` for each, with its
    ``Outcome`` and ``Status``; ``Kind``; ``Progress``; ``Worklist`` for a person at GAP

What was done
    ``SqliteJournal``, ``SqlJournal`` → ``Logs`` of ``LogEntry``, ``Audit``

What others can keep
    ``write_csv``, ``write_xlsx``, ``write_jsonl`` → ``Written``; ``to_dicts``

The portal
    ``Client``, ``AsyncClient`` → ``Access``, and the models of ``econtador.portal``;
    ``Config``, ``Timeout``, ``Retry``, ``Pace``, ``CONVENTION``, ``UNSET``, ``Aba``;
    ``econtador.sandbox`` to practise on

What can go wrong
    ``econtador.errors``, root ``EcontadorError``
"""

# Type checkers take the name for typing's; importing that, and importlib, would cost more than all of this.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from econtador import errors as errors
    from econtador.documents import Cnpj as Cnpj
    from econtador.documents import Cpf as Cpf
    from econtador.errors import EcontadorError as EcontadorError
    from econtador.exports.tabular import to_dicts as to_dicts
    from econtador.exports.text import Written as Written
    from econtador.exports.text import write_csv as write_csv
    from econtador.exports.text import write_jsonl as write_jsonl
    from econtador.exports.xlsx import write_xlsx as write_xlsx
    from econtador.gap.fixed_width import FixedWidth as FixedWidth
    from econtador.gap.models import EmpresaGap as EmpresaGap
    from econtador.gap.models import Operador as Operador
    from econtador.gap.models import Proemp as Proemp
    from econtador.gap.models import UsuarioGap as UsuarioGap
    from econtador.gap.profiling import Profile as Profile
    from econtador.gap.profiling import profile as profile
    from econtador.gap.readers import iter_empresas as iter_empresas
    from econtador.gap.readers import iter_usuarios as iter_usuarios
    from econtador.gap.readers import read_empresas as read_empresas
    from econtador.gap.readers import read_usuarios as read_usuarios
    from econtador.gap.reading import Note as Note
    from econtador.gap.reading import Problem as Problem
    from econtador.gap.reading import Reading as Reading
    from econtador.gap.reading import Repair as Repair
    from econtador.gap.stream import Stream as Stream
    from econtador.integration.async_integrator import AsyncIntegrator as AsyncIntegrator
    from econtador.integration.evidence import Audit as Audit
    from econtador.integration.fields import LIMITS as LIMITS
    from econtador.integration.fields import Adaptation as Adaptation
    from econtador.integration.fields import Collision as Collision
    from econtador.integration.fields import FieldAdapter as FieldAdapter
    from econtador.integration.fields import FieldLimit as FieldLimit
    from econtador.integration.fields import Loss as Loss
    from econtador.integration.integrator import Integrator as Integrator
    from econtador.integration.journal import LogEntry as LogEntry
    from econtador.integration.logs import Logs as Logs
    from econtador.integration.plan import Action as Action
    from econtador.integration.plan import Plan as Plan
    from econtador.integration.policy import TODAS as TODAS
    from econtador.integration.policy import Breaker as Breaker
    from econtador.integration.policy import Guards as Guards
    from econtador.integration.policy import Limit as Limit
    from econtador.integration.policy import Policy as Policy
    from econtador.integration.policy import Verdict as Verdict
    from econtador.integration.reasons import Reason as Reason
    from econtador.integration.report import Report as Report
    from econtador.integration.report import Result as Result
    from econtador.integration.sql_journal import SqlJournal as SqlJournal
    from econtador.integration.sqlite_journal import SqliteJournal as SqliteJournal
    from econtador.integration.status import Kind as Kind
    from econtador.integration.status import Outcome as Outcome
    from econtador.integration.status import Status as Status
    from econtador.integration.worklist import Worklist as Worklist
    from econtador.portal.access import Access as Access
    from econtador.portal.async_client import AsyncClient as AsyncClient
    from econtador.portal.client import Client as Client
    from econtador.portal.config import CONVENTION as CONVENTION
    from econtador.portal.config import Config as Config
    from econtador.portal.models import Aba as Aba
    from econtador.portal.pace import Pace as Pace
    from econtador.portal.retry import Retry as Retry
    from econtador.portal.transport import Timeout as Timeout
    from econtador.portal.values import UNSET as UNSET
    from econtador.showing.progress import Progress as Progress

# Where each name lives. Nothing is imported before it is asked for: httpx and cattrs cost far more than this file.
_HOME = {
    "errors": {"EcontadorError"},
    "documents": {"Cnpj", "Cpf"},
    "exports.tabular": {"to_dicts"},
    "exports.text": {"Written", "write_csv", "write_jsonl"},
    "exports.xlsx": {"write_xlsx"},
    "gap.fixed_width": {"FixedWidth"},
    "gap.models": {"EmpresaGap", "Operador", "Proemp", "UsuarioGap"},
    "gap.profiling": {"Profile", "profile"},
    "gap.readers": {"iter_empresas", "iter_usuarios", "read_empresas", "read_usuarios"},
    "gap.reading": {"Note", "Problem", "Reading", "Repair"},
    "gap.stream": {"Stream"},
    "integration.async_integrator": {"AsyncIntegrator"},
    "integration.evidence": {"Audit"},
    "integration.fields": {"LIMITS", "Adaptation", "Collision", "FieldAdapter", "FieldLimit", "Loss"},
    "integration.integrator": {"Integrator"},
    "integration.journal": {"LogEntry"},
    "integration.logs": {"Logs"},
    "integration.plan": {"Action", "Plan"},
    "integration.policy": {"TODAS", "Breaker", "Guards", "Limit", "Policy", "Verdict"},
    "integration.reasons": {"Reason"},
    "integration.report": {"Report", "Result"},
    "integration.sql_journal": {"SqlJournal"},
    "integration.sqlite_journal": {"SqliteJournal"},
    "integration.status": {"Kind", "Outcome", "Status"},
    "integration.worklist": {"Worklist"},
    "portal.access": {"Access"},
    "portal.async_client": {"AsyncClient"},
    "portal.client": {"Client"},
    "portal.config": {"CONVENTION", "Config"},
    "portal.models": {"Aba"},
    "portal.pace": {"Pace"},
    "portal.retry": {"Retry"},
    "portal.transport": {"Timeout"},
    "portal.values": {"UNSET"},
    "showing.progress": {"Progress"},
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

# Whoever asks for one without its extra is told which; help() and completion, which ask for all, leave it out.
_EXTRA_OF = {"SqlJournal": "sqlalchemy"}

__all__ = sorted([*_MODULE_OF, "errors"])  # pyright: ignore[reportUnsupportedDunderAll]


if not TYPE_CHECKING:  # or every misspelt name would be an object to type checkers

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name == "errors":
            return import_module("econtador.errors")
        if name in _MODULE_OF:
            value: object = getattr(import_module(f"econtador.{_MODULE_OF[name]}"), name)
            globals()[name] = value
            return value
        raise AttributeError(f"module 'econtador' has no attribute {name!r}")


def __dir__() -> list[str]:
    from importlib.util import find_spec

    return [name for name in __all__ if name not in _EXTRA_OF or find_spec(_EXTRA_OF[name])]
