"""The seam between the client and whatever carries its requests.

A transport sends one :class:`Request` and gives back one :class:`Response`. It retries nothing,
follows no redirect and knows nothing of the portal. Three exist: httpx (:class:`~econtador.portal.HttpxTransport`), the
sandbox in process, and any object of yours with the same two methods.
"""

from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import quote, unquote

from attrs import field, frozen

from econtador.errors import redact
from econtador.overriding import override

__all__ = ["AsyncTransport", "Request", "Response", "Timeout", "Transport"]


_SHOWN = " !$&'()*+,:;=@[]"
"""What stands in a path as it is. Line ends do not: they would be lines of a log."""


@frozen
class Timeout:
    """Limits of one request, in seconds."""

    connect: float = 5.0
    read: float = 60.0
    """Between two pieces of the answer. The portal takes about 10 s for a page of 200 (one integrator's figure)."""


@frozen
class Request:
    """One HTTP request, whole. Its repr shows neither query nor headers nor body: they hold secrets."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(default=b"", repr=False)
    timeout: Timeout = Timeout()
    sink: Callable[[bytes], None] | None = field(default=None, eq=False, repr=False)
    """Where a transport puts the body of a success, piece by piece; the content that it then gives back is empty.

    For bodies too large to hold. A transport that cannot do it gives back the content as always."""

    @property
    def place(self) -> str:
        """Method, host and path, fit for an error or a log."""
        # A user's path ends in the CPF. In an address an e-mail's @ is %40, and a blank would be digits before it.
        parts = f"{self.method} {self.url.partition('?')[0]}".split("/")
        return "/".join(quote(redact(unquote(part)), safe=_SHOWN, errors="replace") for part in parts)

    @property
    def writes(self) -> bool:
        """Whether the portal may have changed after it, so that it is never repeated blindly."""
        return self.method != "GET"

    @override
    def __str__(self) -> str:
        return self.place


class Response(Protocol):
    """What a transport gives back: any object with these three."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Names in lower case."""
        ...

    @property
    def content(self) -> bytes: ...


class Transport(Protocol):
    """Sends from any thread.

    ``send`` raises :class:`~econtador.errors.NotSent` when the portal surely did not accept the
    request and :class:`~econtador.errors.AnswerLost` when it may have.
    """

    def send(self, request: Request) -> Response: ...

    def close(self) -> None: ...


class AsyncTransport(Protocol):
    """The same for ``async``, on asyncio and trio."""

    async def send(self, request: Request) -> Response: ...

    async def aclose(self) -> None: ...
