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

import re
from typing import ClassVar

from attrs import define, field, frozen
from typing_extensions import override

__all__ = [
    "AmbiguousDocument",
    "AnswerLost",
    "ApplyStopped",
    "ConfigError",
    "EcontadorError",
    "EmptyFile",
    "EmptySelection",
    "Fault",
    "Forbidden",
    "GuardedPlan",
    "HeaderNotFound",
    "IncompleteListing",
    "InvalidDocument",
    "InvalidDraft",
    "InvalidOverride",
    "InvalidPlan",
    "InvalidQuery",
    "InvalidRecord",
    "JournalError",
    "JournalLocked",
    "JournalNotWritten",
    "JournalOfAnotherAccount",
    "JournalUnreadable",
    "MalformedFile",
    "MissingFile",
    "MissingToken",
    "NotFound",
    "NotOffered",
    "NotSent",
    "OperatorNotAdmin",
    "PlanError",
    "PortalError",
    "PortalFault",
    "Raw",
    "ReadError",
    "Rejected",
    "SecondProemp",
    "ServerError",
    "StalePlan",
    "StatusError",
    "TooManyRequests",
    "Unauthorized",
    "UnexpectedAnswer",
    "UnknownCodigo",
    "UnknownColumn",
    "WritesNotConfigured",
    "WrongEncoding",
    "redact",
    "redacted_repr",
]


def __dir__() -> list[str]:
    return __all__


_PERSONAL = re.compile(
    r"""
      [\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+                                # e-mail
    | eyJ[\w-]{0,999}\.[\w-]+(?:\.[\w-]*)?                             # token (JWT)
    | (?<![0-9A-Za-z])\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?![0-9A-Za-z])  # CPF
    """,
    re.VERBOSE | re.ASCII,
)


def redact(text: str) -> str:
    """Return *text* with every e-mail, token and CPF replaced by ``***``.

    For text that comes from outside (the portal's own words) and goes into an error or a log.

    >>> redact("o login 529.982.247-25 (ana@exemplo.com.br) já existe")
    'o login *** (***) já existe'
    """
    return _PERSONAL.sub("***", text)


def redacted_repr(value: object) -> str:
    """For names in reprs: a sole trader's razão social commonly ends in the owner's CPF."""
    return redact(repr(value))


class EcontadorError(Exception):
    """The root: ``except EcontadorError`` catches everything that this library raises on purpose."""

    code: ClassVar[str] = "econtador"
    """Stable, for programs and for the documentation's page of errors."""

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


# --------------------------------------------------------------------------- what the office has


@define(slots=False, repr=False)
class InvalidDocument(EcontadorError, ValueError):
    """A text that is not a CNPJ (or CPF). The text itself is not carried: it may be a person's."""

    code: ClassVar[str] = "invalid-document"
    kind: str
    """``CNPJ`` or ``CPF``."""
    reason: str
    """What is wrong with it, in a few words."""

    @override
    def __str__(self) -> str:
        return f"not a {self.kind}: {self.reason}"


@frozen
class Fault:
    """One thing that is wrong with one field of a record."""

    field: str
    code: str
    message: str
    """Portuguese, for the person who mends the record."""


@define(slots=False, repr=False)
class InvalidRecord(EcontadorError, ValueError):
    """A record that GAP itself could not hold; ``faults`` names every field, not only the first."""

    code: ClassVar[str] = "invalid-record"
    kind: str
    codigo: str
    faults: tuple[Fault, ...]

    @override
    def __str__(self) -> str:
        said = "; ".join(f"{fault.field}: {fault.message}" for fault in self.faults)
        return f"{self.kind} {self.codigo}: {said}"


class ReadError(EcontadorError):
    """A file that cannot be read as a whole. A bad *row* is no error: see ``Reading.problems``."""

    code: ClassVar[str] = "read"


@define(slots=False, repr=False)
class MissingFile(ReadError):
    """The file is not there, or cannot be opened."""

    code: ClassVar[str] = "missing-file"
    file: str
    reason: str

    @override
    def __str__(self) -> str:
        return f"{self.file}: cannot be opened ({self.reason}); check the path and the permissions"


@define(slots=False, repr=False)
class WrongEncoding(ReadError):
    """The bytes are not text in the encoding that was found or asked for."""

    code: ClassVar[str] = "wrong-encoding"
    file: str
    encoding: str
    line: int

    @override
    def __str__(self) -> str:
        return (
            f"{self.file}, line {self.line}: not {self.encoding} text; "
            "export it again as UTF-8 or Windows (cp1252), or say encoding='cp850'"
        )


@define(slots=False, repr=False)
class MalformedFile(ReadError):
    """The text is not a table."""

    code: ClassVar[str] = "malformed-file"
    file: str
    line: int
    reason: str

    @override
    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}; export it again as CSV"


@define(slots=False, repr=False)
class EmptyFile(ReadError):
    """Nothing in the file, or nothing below its header."""

    code: ClassVar[str] = "empty-file"
    file: str

    @override
    def __str__(self) -> str:
        return f"{self.file}: no rows; was the export filtered, or interrupted?"


@define(slots=False, repr=False)
class HeaderNotFound(ReadError):
    """None of the first rows names the columns that are needed."""

    code: ClassVar[str] = "header-not-found"
    file: str
    rows: int
    """How many rows were searched."""
    missing: tuple[str, ...]
    """The fields for which the best row had no column."""
    seen: tuple[str, ...]
    """The cells of the best row."""

    @override
    def __str__(self) -> str:
        seen = ", ".join(self.seen) or "nothing"
        example = f"columns={{{self.missing[0]!r}: 'its header'}}" if self.missing else "columns="
        return (
            f"{self.file}: no header in the first {self.rows} rows has {', '.join(self.missing)} "
            f"(best row: {seen}); name the columns with {example}"
        )


@define(slots=False, repr=False)
class UnknownColumn(ReadError):
    """``columns=`` names a field that does not exist, or a header that the file does not have."""

    code: ClassVar[str] = "unknown-column"
    file: str
    name: str
    known: tuple[str, ...]

    @override
    def __str__(self) -> str:
        return f"{self.file}: columns= names {self.name!r}, which is none of: {', '.join(self.known)}"


# --------------------------------------------------------------------------- plan


class PlanError(EcontadorError):
    """The plan cannot be made or cannot be applied. Nothing was sent."""

    code: ClassVar[str] = "plan"


@define(slots=False, repr=False)
class OperatorNotAdmin(PlanError):
    """Only GAP's user ADMIN integrates."""

    code: ClassVar[str] = "operator-not-admin"
    operador: str

    @override
    def __str__(self) -> str:
        return f"{self.operador!r} may not integrate: it must be done by GAP's user ADMIN (operador='ADMIN')"


@define(slots=False, repr=False)
class SecondProemp(PlanError):
    """A portal account takes one PROEMP, for ever."""

    code: ClassVar[str] = "second-proemp"
    first: str
    asked: str

    @override
    def __str__(self) -> str:
        return (
            f"this portal account already holds {self.first}; {self.asked} cannot be integrated into it: "
            "a second PROEMP needs an account (and a journal) of its own"
        )


@define(slots=False, repr=False)
class EmptySelection(PlanError):
    """Nothing was selected, so nothing could be integrated."""

    code: ClassVar[str] = "empty-selection"
    kind: str

    @override
    def __str__(self) -> str:
        return (
            f"no {self.kind} selected: name the wanted códigos, selected=['00001', ...], "
            "or say selected=TODAS for every one"
        )


@define(slots=False, repr=False)
class UnknownCodigo(PlanError):
    """The selection names a código that is not among the records."""

    code: ClassVar[str] = "unknown-codigo"
    kind: str
    codigos: tuple[str, ...]

    @override
    def __str__(self) -> str:
        return (
            f"selected {self.kind} not among the records: {', '.join(self.codigos)}; "
            "was its row a problem of the reading, or the código mistyped (5 digits)?"
        )


@define(slots=False, repr=False)
class StalePlan(PlanError):
    """Something was integrated, or the rules changed, after the plan was made."""

    code: ClassVar[str] = "stale-plan"
    reason: str

    @override
    def __str__(self) -> str:
        return f"the plan is stale: {self.reason}; nothing was sent, plan again and look at it"


@define(slots=False, repr=False)
class GuardedPlan(PlanError):
    """The plan runs into guards of the policy, and nobody said yes to them."""

    code: ClassVar[str] = "guarded-plan"
    guards: tuple[str, ...]
    said: tuple[str, ...]
    """What each guard says, in Portuguese."""

    @override
    def __str__(self) -> str:
        return (
            f"{' '.join(self.said)} Nothing was sent; look at the plan, and if it is right say "
            f"allow={list(self.guards)}"
        )


@define(slots=False, repr=False)
class InvalidPlan(PlanError):
    """A saved plan that is broken, was edited, or has a format this version does not read."""

    code: ClassVar[str] = "invalid-plan"
    reason: str

    @override
    def __str__(self) -> str:
        return f"this is not a plan that can be applied: {self.reason}; make the plan again"


# --------------------------------------------------------------------------- journal


@define(slots=False, repr=False)
class JournalError(EcontadorError):
    """The journal cannot be trusted or cannot be written, so nothing (more) is sent."""

    code: ClassVar[str] = "journal"
    file: str


@define(slots=False, repr=False)
class JournalOfAnotherAccount(JournalError):
    """The journal belongs to another portal account."""

    code: ClassVar[str] = "journal-of-another-account"
    belongs_to: str
    asked: str

    @override
    def __str__(self) -> str:
        return (
            f"{self.file} is the journal of the portal account {self.belongs_to}, not of {self.asked}: "
            "use that account's token, or another journal file"
        )


@define(slots=False, repr=False)
class JournalLocked(JournalError):
    """Another process is integrating with this journal."""

    code: ClassVar[str] = "journal-locked"

    @override
    def __str__(self) -> str:
        return f"{self.file} is in use by another run; wait for it to end (one run at a time writes)"


@define(slots=False, repr=False)
class JournalNotWritten(JournalError):
    """An entry could not be made durable: disk full, read-only, gone."""

    code: ClassVar[str] = "journal-not-written"
    reason: str

    @override
    def __str__(self) -> str:
        return (
            f"{self.file} could not be written ({self.reason}), so nothing more was sent; make room or "
            "mend the permissions, then resume(): it looks in the portal for what may be in doubt"
        )


@define(slots=False, repr=False)
class JournalUnreadable(JournalError):
    """Not a journal, damaged, or written by a newer version. Never taken for an empty one."""

    code: ClassVar[str] = "journal-unreadable"
    reason: str

    @override
    def __str__(self) -> str:
        return (
            f"{self.file} is not a usable journal ({self.reason}); restore it from a copy: "
            "a new, empty journal would forget what was already integrated"
        )


@define(slots=False, repr=False)
class ApplyStopped(EcontadorError):
    """Stopped between two records. What was done is in the journal and counted here; the cause is ``__cause__``."""

    code: ClassVar[str] = "apply-stopped"
    done: int
    total: int
    reason: str

    @override
    def __str__(self) -> str:
        return (
            f"stopped after {self.done} of {self.total} records: {self.reason}; nothing is half done, "
            "mend the cause and apply the same plan again: it goes on where it stopped"
        )


# --------------------------------------------------------------------------- portal


@define(slots=False, repr=False)
class ConfigError(EcontadorError):
    """The client cannot be made from what was given."""

    code: ClassVar[str] = "config"
    reason: str

    @override
    def __str__(self) -> str:
        return self.reason


@define(slots=False, repr=False)
class MissingToken(ConfigError):
    """No token was given, or the environment has none."""

    code: ClassVar[str] = "missing-token"
    reason: str = "no token"

    @override
    def __str__(self) -> str:
        return (
            f"{self.reason}: pass token=..., or set ECONTADOR_TOKEN; it is made in the portal under "
            "Configurações, group ePlugin, Chave de Acesso, Gerar"
        )


@define(slots=False, repr=False)
class WritesNotConfigured(ConfigError):
    """The vendor's own portal has no attested write for this, and none was configured."""

    code: ClassVar[str] = "writes-not-configured"

    @override
    def __str__(self) -> str:
        return (
            f"no write is configured for {self.reason}: the portal's public API has none that is attested. "
            "Integrate in GAP's own window from the plan, or, where a portal does accept the convention, "
            "say Client(..., writes=econtador.CONVENTION)"
        )


@define(slots=False, repr=False)
class NotOffered(ConfigError):
    """Nobody is known to do this with that resource, so the client does not offer it as if it worked."""

    code: ClassVar[str] = "not-offered"
    verb: str = ""
    known: tuple[str, ...] = ()

    @override
    def __str__(self) -> str:
        known = ", ".join(self.known) or "nothing"
        return (
            f"{self.reason} has no attested {self.verb} (attested: {known}); "
            "client.request() sends whatever you like, at your own risk"
        )


@define(slots=False, repr=False)
class InvalidOverride(EcontadorError, ValueError):
    """A row of the office's table that cannot be used."""

    code: ClassVar[str] = "invalid-override"
    file: str
    """``overrides`` where it was no file."""
    line: int
    """Of the file, from 1; of a mapping which of its entries, from 1."""
    reason: str

    @override
    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"


@define(slots=False, repr=False)
class InvalidQuery(EcontadorError, ValueError):
    """A listing was asked for in a way that the portal is not attested to take. Nothing was sent."""

    code: ClassVar[str] = "invalid-query"
    resource: str
    reason: str

    @override
    def __str__(self) -> str:
        return f"{self.resource}: {self.reason}"


@define(slots=False, repr=False)
class InvalidDraft(EcontadorError, ValueError):
    """Something to be sent that the portal could not take as it is meant. Nothing was sent."""

    code: ClassVar[str] = "invalid-draft"
    resource: str
    field: str
    reason: str

    @override
    def __str__(self) -> str:
        return f"{self.resource}, {self.field}: {self.reason}"


class Raw(bytes):
    """A body as it came, for the process that got it: it may hold CPFs, so its repr shows a size, and a pickle nothing.

    >>> Raw(b"529.982.247-25")
    <14 bytes>
    """

    @override
    def __repr__(self) -> str:
        return f"<{len(self)} bytes>"

    @override
    def __reduce__(self) -> tuple[type["Raw"], tuple[()]]:
        return Raw, ()


@define(slots=False, repr=False)
class PortalError(EcontadorError):
    """Something between here and the portal."""

    code: ClassVar[str] = "portal"
    request: str = ""
    """Method, host name and path, without query and without secrets."""
    attempts: int = 1
    """How often the request was really sent."""

    @property
    def where(self) -> str:
        """Request and attempts, to begin a sentence with."""
        times = "" if self.attempts == 1 else f" ({self.attempts} attempts)"
        return f"{self.request or 'the portal'}{times}"


@define(slots=False, repr=False)
class NotSent(PortalError):
    """The request surely was not accepted: refused, no such host, no connection in time."""

    code: ClassVar[str] = "not-sent"
    reason: str = "no connection"

    @override
    def __str__(self) -> str:
        return f"{self.where}: the portal cannot be reached ({self.reason}); nothing was accepted, try again later"


@define(slots=False, repr=False)
class AnswerLost(PortalError):
    """The request left and no answer came: the portal may have accepted it."""

    code: ClassVar[str] = "answer-lost"
    reason: str = "no answer"

    @override
    def __str__(self) -> str:
        return (
            f"{self.where}: the answer was lost ({self.reason}); a write may have been accepted, "
            "so it is in doubt: look in the portal before sending it again"
        )


@define(slots=False, repr=False)
class UnexpectedAnswer(PortalError):
    """An answer that the portal's API would not give: HTML, broken JSON, a document without its parts."""

    code: ClassVar[str] = "unexpected-answer"
    status: int = 0
    reason: str = ""
    raw: Raw = field(default=Raw(), converter=Raw)
    """The body as it came."""

    @override
    def __str__(self) -> str:
        return (
            f"{self.where}: answer {self.status} is not the portal's ({self.reason}); "
            "is base_url right, or does a proxy or login page answer in its place?"
        )


@define(slots=False, repr=False)
class IncompleteListing(PortalError):
    """The pages did not add up. Never returned as if it were whole."""

    code: ClassVar[str] = "incomplete-listing"
    reason: str = ""

    @override
    def __str__(self) -> str:
        return f"{self.where}: the listing is incomplete ({self.reason}); list again"


@define(slots=False, repr=False)
class AmbiguousDocument(PortalError):
    """Several records in the portal have the document; the first is not better than the others."""

    code: ClassVar[str] = "ambiguous-document"
    ids: tuple[str, ...] = ()

    @override
    def __str__(self) -> str:
        return (
            f"{self.where}: {len(self.ids)} records have this document (ids {', '.join(self.ids)}); "
            "a person has to settle in the portal which one stays"
        )


@frozen
class PortalFault:
    """One entry of the portal's ``errors[]``: every word of it, but for CPFs, e-mails and tokens."""

    status: str | None = None
    code: str | None = None
    title: str | None = None
    detail: str | None = None
    pointer: str | None = None
    """As the portal wrote it, ``/data/attributes/<attribute>``."""
    field: str | None = None
    """Our name of the field that the pointer means, when it is known."""
    meta: str | None = None
    """The rest, as JSON text."""

    @override
    def __str__(self) -> str:
        place = self.field or self.pointer
        words = redact(self.detail or self.title or self.code or "no detail")
        return f"{place}: {words}" if place else words


@define(slots=False, repr=False)
class StatusError(PortalError):
    """The portal answered with a status that is no success."""

    code: ClassVar[str] = "status"
    status: int = 0
    faults: tuple[PortalFault, ...] = ()
    request_id: str | None = None
    """As the portal sent it, if it did (none is attested)."""
    retry_after: float | None = None
    """Seconds, as the portal asked for, if it did (not attested either)."""
    raw: Raw = field(default=Raw(), converter=Raw)
    """The body as it came."""

    advice: ClassVar[str] = "see the portal's words"

    @override
    def __str__(self) -> str:
        said = "; ".join(str(fault) for fault in self.faults) or "no detail"
        begin = f"[{redact(self.request_id)}] " if self.request_id else ""
        return f"{begin}{self.where}: {self.status}, {said}; {self.advice}"


@define(slots=False, repr=False)
class Unauthorized(StatusError):
    """401: the token is invalid or was replaced."""

    code: ClassVar[str] = "unauthorized"
    advice: ClassVar[str] = (
        "the token is invalid or was replaced: make a new one (Configurações, ePlugin, Chave de Acesso, Gerar)"
    )


@define(slots=False, repr=False)
class Forbidden(StatusError):
    """403: met where the office's package has no API (one integrator's reading, not the vendor's word)."""

    code: ClassVar[str] = "forbidden"
    advice: ClassVar[str] = (
        "the package may be without API access: it needs eContador Master (or an older Plus)"
    )


@define(slots=False, repr=False)
class NotFound(StatusError, LookupError):
    """404: no such record or route."""

    code: ClassVar[str] = "not-found"
    advice: ClassVar[str] = "check the id; ids of one host are not those of another"


@define(slots=False, repr=False)
class Rejected(StatusError):
    """400, 422 and the other 4xx: the portal read the request and refuses it as it is."""

    code: ClassVar[str] = "rejected"
    advice: ClassVar[str] = "mend the field that is named and plan again"


@define(slots=False, repr=False)
class TooManyRequests(StatusError):
    """429: surely not accepted."""

    code: ClassVar[str] = "too-many-requests"
    advice: ClassVar[str] = "wait and go on; nothing was accepted"


@define(slots=False, repr=False)
class ServerError(StatusError):
    """5xx. This portal also answers 500 to some faults of the client (a malformed date, a page over 200)."""

    code: ClassVar[str] = "server-error"
    advice: ClassVar[str] = (
        "a read can be tried again later; a write is in doubt until the portal was looked at"
    )
