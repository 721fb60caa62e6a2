"""Every error that econtador raises.

::

    EcontadorError
    ├── InvalidDocument (ValueError)     a text that is no CNPJ or CPF
    ├── InvalidRecord (ValueError)       a record that GAP itself could not hold
    ├── ReadError                        a file of the office that cannot be read as a whole
    │   ├── MissingFile
    │   ├── WrongEncoding
    │   ├── MalformedFile
    │   ├── EmptyFile
    │   ├── HeaderNotFound
    │   └── UnknownColumn
    ├── PlanError                        nothing was sent
    │   ├── OperatorNotAdmin
    │   ├── SecondProemp
    │   ├── EmptySelection
    │   ├── UnknownCodigo
    │   ├── StalePlan
    │   ├── GuardedPlan
    │   └── InvalidPlan
    ├── ApplyStopped                     stopped between two records; says what was done
    ├── JournalError
    │   ├── JournalOfAnotherAccount
    │   ├── JournalLocked
    │   ├── JournalNotWritten
    │   └── JournalUnreadable
    ├── ConfigError
    │   ├── MissingToken
    │   ├── WritesNotConfigured
    │   └── NotOffered                   a verb that nobody is known to use on a resource
    ├── InvalidOverride (ValueError)     a row of the office's own texts that cannot be used
    ├── InvalidQuery (ValueError)        a listing asked for in a way that it is not attested to take
    ├── InvalidDraft (ValueError)        something to be sent that the portal could not mean
    └── PortalError
        ├── NotSent                      the portal surely did not accept the request
        ├── AnswerLost                   the portal may have accepted it: a write is in doubt
        ├── UnexpectedAnswer             an answer that is not the portal's
        ├── IncompleteListing            a listing that would have been short
        ├── AmbiguousDocument            several records where one is meant
        └── StatusError                  the portal said no
            ├── Unauthorized             401
            ├── Forbidden                403
            ├── NotFound (LookupError)   404
            ├── Rejected                 400, 409, 422 and the other 4xx
            ├── TooManyRequests          429
            └── ServerError              5xx

Each says what happened, to which record and field, and what to do; each has a stable
``code``; each survives pickling. None carries a token, a CPF or an e-mail.
"""

# Type checkers take the name for typing's; importing that, and importlib, would cost more than all of this.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from econtador.errors.client import ConfigError as ConfigError
    from econtador.errors.client import InvalidDraft as InvalidDraft
    from econtador.errors.client import InvalidQuery as InvalidQuery
    from econtador.errors.client import MissingToken as MissingToken
    from econtador.errors.client import NotOffered as NotOffered
    from econtador.errors.client import WritesNotConfigured as WritesNotConfigured
    from econtador.errors.integration import ApplyStopped as ApplyStopped
    from econtador.errors.integration import EmptySelection as EmptySelection
    from econtador.errors.integration import GuardedPlan as GuardedPlan
    from econtador.errors.integration import InvalidPlan as InvalidPlan
    from econtador.errors.integration import OperatorNotAdmin as OperatorNotAdmin
    from econtador.errors.integration import PlanError as PlanError
    from econtador.errors.integration import SecondProemp as SecondProemp
    from econtador.errors.integration import StalePlan as StalePlan
    from econtador.errors.integration import UnknownCodigo as UnknownCodigo
    from econtador.errors.journal import JournalError as JournalError
    from econtador.errors.journal import JournalLocked as JournalLocked
    from econtador.errors.journal import JournalNotWritten as JournalNotWritten
    from econtador.errors.journal import JournalOfAnotherAccount as JournalOfAnotherAccount
    from econtador.errors.journal import JournalUnreadable as JournalUnreadable
    from econtador.errors.portal import AmbiguousDocument as AmbiguousDocument
    from econtador.errors.portal import AnswerLost as AnswerLost
    from econtador.errors.portal import Forbidden as Forbidden
    from econtador.errors.portal import IncompleteListing as IncompleteListing
    from econtador.errors.portal import NotFound as NotFound
    from econtador.errors.portal import NotSent as NotSent
    from econtador.errors.portal import PortalError as PortalError
    from econtador.errors.portal import PortalFault as PortalFault
    from econtador.errors.portal import Raw as Raw
    from econtador.errors.portal import Rejected as Rejected
    from econtador.errors.portal import ServerError as ServerError
    from econtador.errors.portal import StatusError as StatusError
    from econtador.errors.portal import TooManyRequests as TooManyRequests
    from econtador.errors.portal import Unauthorized as Unauthorized
    from econtador.errors.portal import UnexpectedAnswer as UnexpectedAnswer
    from econtador.errors.reading import EmptyFile as EmptyFile
    from econtador.errors.reading import HeaderNotFound as HeaderNotFound
    from econtador.errors.reading import MalformedFile as MalformedFile
    from econtador.errors.reading import MissingFile as MissingFile
    from econtador.errors.reading import ReadError as ReadError
    from econtador.errors.reading import UnknownColumn as UnknownColumn
    from econtador.errors.reading import WrongEncoding as WrongEncoding
    from econtador.errors.records import Fault as Fault
    from econtador.errors.records import InvalidDocument as InvalidDocument
    from econtador.errors.records import InvalidOverride as InvalidOverride
    from econtador.errors.records import InvalidRecord as InvalidRecord
    from econtador.errors.root import EcontadorError as EcontadorError
    from econtador.errors.root import redact as redact
    from econtador.errors.root import redacted_repr as redacted_repr

# Where each name lives, in the order in which they are told. Making all the classes takes 8 ms, which is a fifth of
# importing attrs, and most are never raised: each room is made when one of its names is asked for.
_HOME = {
    "root": ("EcontadorError", "redact", "redacted_repr"),
    "records": ("InvalidDocument", "Fault", "InvalidRecord", "InvalidOverride"),
    "reading": (
        "ReadError",
        "MissingFile",
        "WrongEncoding",
        "MalformedFile",
        "EmptyFile",
        "HeaderNotFound",
        "UnknownColumn",
    ),
    "integration": (
        "PlanError",
        "OperatorNotAdmin",
        "SecondProemp",
        "EmptySelection",
        "UnknownCodigo",
        "StalePlan",
        "GuardedPlan",
        "InvalidPlan",
        "ApplyStopped",
    ),
    "journal": (
        "JournalError",
        "JournalOfAnotherAccount",
        "JournalLocked",
        "JournalNotWritten",
        "JournalUnreadable",
    ),
    "client": (
        "ConfigError",
        "MissingToken",
        "WritesNotConfigured",
        "NotOffered",
        "InvalidQuery",
        "InvalidDraft",
    ),
    "portal": (
        "Raw",
        "PortalError",
        "NotSent",
        "AnswerLost",
        "UnexpectedAnswer",
        "IncompleteListing",
        "AmbiguousDocument",
        "PortalFault",
        "StatusError",
        "Unauthorized",
        "Forbidden",
        "NotFound",
        "Rejected",
        "TooManyRequests",
        "ServerError",
    ),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = list(_MODULE_OF)  # pyright: ignore[reportUnsupportedDunderAll]


if not TYPE_CHECKING:  # or every misspelt name would be an object to type checkers

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name in _MODULE_OF:
            value: object = getattr(import_module(f"econtador.errors.{_MODULE_OF[name]}"), name)
            globals()[name] = value
            return value
        raise AttributeError(f"module 'econtador.errors' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
