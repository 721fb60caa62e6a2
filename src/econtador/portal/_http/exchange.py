"""One request over one transport of httpx or of httpx2, in our words: written once for both libraries.

They have one line of interfaces under two names. :class:`.transport.Library` holds what differs; ``_httpx`` and
``_httpx2`` fill it in, and nothing else imports either.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from types import TracebackType
from typing import Generic, Protocol, TypeVar

from attrs import field, frozen

from econtador.errors import AnswerLost, NotSent, redact
from econtador.portal.transport import Request, Timeout

__all__ = [
    "AsyncExchange",
    "AsyncInner",
    "Exchange",
    "HttpResponse",
    "Incoming",
    "Inner",
    "Words",
    "timeouts",
]

Theirs = TypeVar("Theirs")
Theirs_contra = TypeVar("Theirs_contra", contravariant=True)


class Incoming(Protocol):
    """Their response, whose body may still be on its way."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    def read(self) -> bytes: ...
    def iter_bytes(self) -> Iterator[bytes]: ...
    def close(self) -> None: ...
    async def aread(self) -> bytes: ...
    def aiter_bytes(self) -> AsyncIterator[bytes]: ...
    async def aclose(self) -> None: ...


class Inner(Protocol[Theirs_contra]):
    """Their transport."""

    def handle_request(self, request: Theirs_contra, /) -> Incoming: ...
    def close(self) -> None: ...


class AsyncInner(Protocol[Theirs_contra]):
    """Their transport for ``async``."""

    async def handle_async_request(self, request: Theirs_contra, /) -> Incoming: ...
    async def aclose(self) -> None: ...


@frozen
class Words:
    """Which of a library's errors mean what."""

    not_sent: tuple[type[Exception], ...]
    """Raised only while nothing of the request has left."""
    lost: tuple[type[Exception], ...]
    """All others that come out of a transport, the library's root included: the portal may have acted."""

    def ours(self, request: Request) -> "_InOurWords":
        """Raise NotSent and AnswerLost in the place of the library's own, which lead to request and token."""
        return _InOurWords(self, request)


class _InOurWords:
    # A class: contextlib's generators cost five times as much, and each request passes here twice.
    __slots__ = ("_request", "_words")

    def __init__(self, words: Words, request: Request) -> None:
        self._words, self._request = words, request

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, self._words.not_sent):
            raise NotSent(self._request.place, reason=_told(error)) from None
        if isinstance(error, self._words.lost):
            raise AnswerLost(self._request.place, reason=type(error).__name__) from None


def timeouts(timeout: Timeout) -> dict[str, float]:
    """As both libraries' transports take them."""
    read = timeout.read
    return {"connect": timeout.connect, "read": read, "write": read, "pool": read}


def _told(error: Exception) -> str:
    # The system's or the proxy's word is what a person can act upon: "certificate verify failed", "407 ...".
    # Of a failure after sending only the class is told: its text may quote the answer.
    return f"{type(error).__name__}: {redact(str(error))[:200]}".removesuffix(": ")


@frozen
class HttpResponse:
    """A whole answer."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)


def _goes_to_the_sink(request: Request, response: Incoming) -> Callable[[bytes], None] | None:
    return request.sink if 200 <= response.status_code < 300 else None


@frozen
class Exchange(Generic[Theirs]):
    """A :class:`~econtador.portal.transport.Transport` over one of theirs."""

    words: Words
    spelled: Callable[[Request], Theirs]
    """Our request as theirs."""
    inner: Inner[Theirs]

    def send(self, request: Request) -> HttpResponse:
        with self.words.ours(request):
            response = self.inner.handle_request(self.spelled(request))
        try:
            return HttpResponse(response.status_code, response.headers, self._body(request, response))
        finally:
            response.close()

    def _body(self, request: Request, response: Incoming) -> bytes:
        sink = _goes_to_the_sink(request, response)
        if sink is None:
            with self.words.ours(request):
                return response.read()
        pieces = response.iter_bytes()
        while True:
            with self.words.ours(request):
                piece = next(pieces, None)
            if piece is None:
                return b""
            sink(piece)  # what it raises is its own: not ours to reword

    def close(self) -> None:
        self.inner.close()


@frozen
class AsyncExchange(Generic[Theirs]):
    """The same for ``async``."""

    words: Words
    spelled: Callable[[Request], Theirs]
    inner: AsyncInner[Theirs]

    async def send(self, request: Request) -> HttpResponse:
        with self.words.ours(request):
            response = await self.inner.handle_async_request(self.spelled(request))
        try:
            return HttpResponse(response.status_code, response.headers, await self._body(request, response))
        finally:
            await response.aclose()

    async def _body(self, request: Request, response: Incoming) -> bytes:
        sink = _goes_to_the_sink(request, response)
        if sink is None:
            with self.words.ours(request):
                return await response.aread()
        pieces = response.aiter_bytes()
        while True:
            with self.words.ours(request):
                piece = await anext(pieces, None)
            if piece is None:
                return b""
            sink(piece)

    async def aclose(self) -> None:
        await self.inner.aclose()
