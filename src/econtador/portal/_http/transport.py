"""What a library of the httpx line is to the client: a transport for all threads, and one for ``async``."""

import os
import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from attrs import frozen

from econtador.errors import ConfigError, NotSent
from econtador.portal._http.exchange import AsyncExchange, AsyncInner, Exchange, Inner, Words
from econtador.portal._http.hushing import hush
from econtador.portal._http.stack import AsyncStack, Stack
from econtador.portal.transport import AsyncTransport, Request, Response, Transport

__all__ = ["AsyncLibraryTransport", "Library", "LibraryTransport"]

Theirs = TypeVar("Theirs")
Core = TypeVar("Core")


@frozen
class Library(Generic[Theirs, Core]):
    """What differs between the two. *Theirs* is the library's own request, *Core* that of its connections."""

    words: Words
    ssl_context: Callable[[], ssl.SSLContext]
    core_request: Callable[[Request], Core]
    straight: Callable[[ssl.SSLContext | None], Inner[Core]]
    """Of one connection, to where there is no proxy; None where it is not https."""
    async_straight: Callable[[ssl.SSLContext | None], AsyncInner[Core]]
    request: Callable[[Request], Theirs]
    through: Callable[[ssl.SSLContext, str], Inner[Theirs]]
    """With the address of a proxy."""
    async_through: Callable[[ssl.SSLContext, str], AsyncInner[Theirs]]


class LibraryTransport(Generic[Theirs]):
    """Over a transport of yours as it is, or over a stack of plain ones.

    *core* is what the library's transports are made of, by the name under which it logs. The library is *found* when
    it is first needed.
    """

    def __init__(
        self, core: str, found: Callable[[], Library[Theirs, Core]], yours: Inner[Theirs] | None
    ) -> None:
        hush(core)
        self._carrier: Transport = (
            _stack(found) if yours is None else Exchange(found().words, found().request, yours)
        )

    def send(self, request: Request) -> Response:
        return self._carrier.send(request)

    def close(self) -> None:
        self._carrier.close()


class AsyncLibraryTransport(Generic[Theirs]):
    """The same for asyncio and trio; one for one event loop, which waits for no import and no certificate."""

    def __init__(
        self, core: str, found: Callable[[], Library[Theirs, Core]], yours: AsyncInner[Theirs] | None
    ) -> None:
        hush(core)
        library = found()
        self._carrier: AsyncTransport = (
            _async_stack(library) if yours is None else AsyncExchange(library.words, library.request, yours)
        )

    async def send(self, request: Request) -> Response:
        return await self._carrier.send(request)

    async def aclose(self) -> None:
        await self._carrier.aclose()


# The context with the certificates costs 20 ms, a transport over it 3 µs: one for all, and for threads made by the
# first request to https, under a lock, or many threads would make many.


def _look_at_certificates() -> None:
    """Raise ConfigError, when a client is made, where the file that the environment names cannot be read."""
    named = os.environ.get("SSL_CERT_FILE")
    if not named:
        return
    try:
        Path(named).open("rb").close()
    except OSError as error:
        raise ConfigError(_UNREADABLE.format(error.strerror or type(error).__name__)) from None


_UNREADABLE = "the certificates that SSL_CERT_FILE names cannot be read: {}"


def _stack(found: Callable[[], Library[Theirs, Core]]) -> Stack:
    _look_at_certificates()
    making = Lock()
    context = cache(lambda: found().ssl_context())

    def certified(request: Request) -> ssl.SSLContext:
        try:
            with making:
                return context()
        except OSError as error:  # ssl's are of it
            reason = _UNREADABLE.format(error.strerror or type(error).__name__)
            raise NotSent(request.place, reason=reason) from None

    def open(request: Request, proxy: str | None) -> Transport:
        library = found()
        if proxy is None:
            needed = certified(request) if request.url[:6].lower() == "https:" else None
            return Exchange(library.words, library.core_request, library.straight(needed))
        with _opening(library, request):
            return Exchange(library.words, library.request, library.through(certified(request), proxy))

    return Stack(open)


def _async_stack(library: Library[Theirs, Core]) -> AsyncStack:
    _look_at_certificates()
    context = library.ssl_context()

    def open(request: Request, proxy: str | None) -> AsyncTransport:
        if proxy is None:
            return AsyncExchange(library.words, library.core_request, library.async_straight(context))
        with _opening(library, request):
            return AsyncExchange(library.words, library.request, library.async_through(context, proxy))

    return AsyncStack(open)


@contextmanager
def _opening(library: Library[Theirs, Core], request: Request) -> Generator[None, None, None]:
    # Only the environment's proxy can be wrong here. Its address may hold a password, so only the kind of
    # error is told; where a library for SOCKS is missing, what to install.
    try:
        yield
    except ImportError as error:
        raise NotSent(request.place, reason=f"{_PROXY}: {error}") from None
    except ValueError as error:
        raise NotSent(request.place, reason=f"{_PROXY}: {type(error).__name__}") from None
    except library.words.not_sent as error:
        raise NotSent(request.place, reason=f"{_PROXY}: {type(error).__name__}") from None


_PROXY = "the proxy that the environment names"
