"""One connection of httpcore, which httpx is made of, and nothing around it.

The stack beside this lends what it has to one request at a time, so that neither httpx's pool nor its request and
response do anything for it: a POST costs 160 µs of processor time so, and 240 through httpx's transport.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Final, Generic, Protocol, TypeAlias, TypeVar

from attrs import define, field, frozen

from econtador.portal._http.exchange import Incoming
from econtador.portal.transport import Request

__all__ = [
    "IDLE_SECONDS",
    "AsyncCoreConnection",
    "AsyncStraight",
    "Body",
    "CoreConnection",
    "CoreResponse",
    "Decoding",
    "Straight",
    "headers_of",
]

# A connection that was idle for longer is not used again. A server that closes it at the moment of a write
# leaves that write in doubt, since nobody can say who was first; a new connection costs two or three round
# trips. What the portal allows is unknown, so this stays below the shortest limit that is common among
# servers, 5 s. It makes the moment rare, not impossible: a closing that has arrived is seen before sending,
# one under way is not, and that is AnswerLost.
IDLE_SECONDS: Final = 4.0

Core = TypeVar("Core")
Core_contra = TypeVar("Core_contra", contravariant=True)


class CoreResponse(Protocol):
    """Their response. Closed, it gives its connection free."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Sequence[tuple[bytes, bytes]]: ...
    def iter_stream(self) -> Iterator[bytes]: ...
    def close(self) -> None: ...
    def aiter_stream(self) -> AsyncIterator[bytes]: ...
    async def aclose(self) -> None: ...


class CoreConnection(Protocol[Core_contra]):
    """Their connection: made with its first request, and of one host."""

    def handle_request(self, request: Core_contra, /) -> CoreResponse: ...
    def has_expired(self) -> bool: ...
    def is_closed(self) -> bool: ...
    def close(self) -> None: ...


class AsyncCoreConnection(Protocol[Core_contra]):
    """Their connection for ``async``."""

    async def handle_async_request(self, request: Core_contra, /) -> CoreResponse: ...
    def has_expired(self) -> bool: ...
    def is_closed(self) -> bool: ...
    async def aclose(self) -> None: ...


Decoding: TypeAlias = Callable[[str, Iterator[bytes] | AsyncIterator[bytes]], Incoming]
"""httpx's response over an encoded body: of the encoding's name and the pieces it is made of."""


@frozen
class _Arriving:
    """Their response as httpx would have it: with a mapping of headers, and a body without its encoding."""

    core: CoreResponse
    decoding: Decoding
    headers: Mapping[str, str]

    @classmethod
    def of(cls, core: CoreResponse, decoding: Decoding) -> "_Arriving":
        headers: dict[str, str] = {}
        for raw_name, raw_value in core.headers:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return cls(core, decoding, headers)

    @property
    def status_code(self) -> int:
        return self.core.status

    def iter_bytes(self) -> Iterator[bytes]:
        pieces = self.core.iter_stream()
        encoding = self.headers.get("content-encoding")
        return self.decoding(encoding, pieces).iter_bytes() if encoding else pieces

    def read(self) -> bytes:
        return b"".join(self.iter_bytes())

    def close(self) -> None:
        self.core.close()

    def aiter_bytes(self) -> AsyncIterator[bytes]:
        pieces = self.core.aiter_stream()
        encoding = self.headers.get("content-encoding")
        return self.decoding(encoding, pieces).aiter_bytes() if encoding else pieces

    async def aread(self) -> bytes:
        return b"".join([piece async for piece in self.aiter_bytes()])

    async def aclose(self) -> None:
        await self.core.aclose()


def headers_of(request: Request, host: bytes) -> list[tuple[bytes | str, bytes | str]]:
    """The headers of *request* and those that httpx would add."""
    headers: list[tuple[bytes | str, bytes | str]] = [(b"Host", host), *request.headers.items()]
    if request.content or request.writes:
        headers.append((b"Content-Length", b"%d" % len(request.content)))
    return headers


def _spent(connection: "CoreConnection[Core] | AsyncCoreConnection[Core]") -> bool:
    return connection.is_closed() or connection.has_expired()


@define
class Body:
    """What is sent, for either kind of connection.

    Not the bytes themselves, of which they make an asynchronous generator: where sending fails that one is left
    unfinished, and trio warns of it.
    """

    content: bytes
    _sent: bool = field(default=False, init=False)

    def __iter__(self) -> Iterator[bytes]:
        return iter((self.content,))

    def __aiter__(self) -> "Body":
        return Body(self.content)

    async def __anext__(self) -> bytes:
        if self._sent:
            raise StopAsyncIteration
        self._sent = True
        return self.content


@define
class Straight(Generic[Core]):
    """A transport of theirs over one connection at a time. *connect* makes the one that a request needs."""

    connect: Callable[[Core], CoreConnection[Core]]
    decoding: Decoding
    _connection: CoreConnection[Core] | None = field(default=None, init=False)

    def handle_request(self, request: Core, /) -> Incoming:
        connection = self._connection
        if connection is None or _spent(connection):
            self.close()
            self._connection = connection = self.connect(request)
        return _Arriving.of(connection.handle_request(request), self.decoding)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


@define
class AsyncStraight(Generic[Core]):
    """The same for ``async``."""

    connect: Callable[[Core], AsyncCoreConnection[Core]]
    decoding: Decoding
    _connection: AsyncCoreConnection[Core] | None = field(default=None, init=False)

    async def handle_async_request(self, request: Core, /) -> Incoming:
        connection = self._connection
        if connection is None or _spent(connection):
            await self.aclose()
            self._connection = connection = self.connect(request)
        return _Arriving.of(await connection.handle_async_request(request), self.decoding)

    async def aclose(self) -> None:
        if self._connection is not None:
            await self._connection.aclose()
