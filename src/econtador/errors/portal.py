"""What went wrong between here and the portal, and what the portal refused."""

from typing import ClassVar

from attrs import define, field, frozen

from econtador.errors.root import HOUSE, EcontadorError, redact
from econtador.overriding import override

__all__ = [
    "AmbiguousDocument",
    "AnswerLost",
    "Forbidden",
    "IncompleteListing",
    "NotFound",
    "NotSent",
    "PortalError",
    "PortalFault",
    "Raw",
    "Rejected",
    "ServerError",
    "StatusError",
    "TooManyRequests",
    "Unauthorized",
    "UnexpectedAnswer",
]


class Raw(bytes):
    """A body as it came, for the process that got it: it may hold CPFs, so its repr shows a size, and a pickle nothing.

    >>> Raw(b"529.982.247-25")
    <14 bytes>
    """

    __module__ = HOUSE

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

    __module__ = HOUSE

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
