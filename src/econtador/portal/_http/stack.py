"""Transports that are lent to one request at a time.

One pool of httpx for all workers does not scale: every request walks all its connections, under its lock. At
128 workers and 50 ms it sends 225 requests a second in threads and 50 in tasks, this 2,347 and 2,225, bare
sockets 2,477 (``benchmarks/transport_scale.py``). So each request takes a transport of its own from a stack
and puts it back: there are never more than requests were in flight at once, and as the last used is taken
first, the fewest connections stay warm. A deque's append and pop are atomic; no lock is needed.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from typing import Generic, Self, TypeVar
from urllib.parse import urlsplit

from attrs import field, frozen

from econtador.errors import NotSent
from econtador.portal._http.proxies import proxy_for
from econtador.portal.transport import AsyncTransport, Request, Response, Transport

__all__ = ["AsyncStack", "Stack"]

T = TypeVar("T")


@frozen
class _Origin(Generic[T]):
    """One host, how it is reached, and the transports that wait for its next request."""

    proxy: str | None = field(repr=False)  # it may hold a password
    idle: deque[T] = field(factory=deque[T], repr=False)

    @classmethod
    def of(cls, url: str) -> Self:
        """Raises ValueError for an address that is none."""
        host = urlsplit(url).hostname or ""
        if host.isascii():
            host.encode("idna")  # socket and trio would raise its UnicodeError, which no library rewords
        return cls(proxy_for(url))

    def drained(self) -> Iterator[T]:
        while self.idle:
            try:
                yield self.idle.pop()
            except IndexError:  # another thread was quicker
                return


class _Lent(Generic[T]):
    """The transports of all hosts; *open* makes one more."""

    def __init__(self, open: Callable[[Request, str | None], T]) -> None:
        self._open = open
        self._origins: dict[tuple[int, str, str], _Origin[T]] = {}
        self.closed = False

    def origin(self, request: Request) -> _Origin[T]:
        # By process too: a child of fork must not write into its parent's connections.
        try:
            parts = urlsplit(request.url)
            key = (os.getpid(), parts.scheme, parts.netloc)
            return self._origins.get(key) or self._origins.setdefault(key, _Origin[T].of(request.url))
        except ValueError as error:
            raise NotSent(request.place, reason=f"no address: {type(error).__name__}") from None

    def take(self, origin: _Origin[T], request: Request) -> T:
        try:
            return origin.idle.pop()
        except IndexError:
            return self._open(request, origin.proxy)

    def drained(self) -> Iterator[T]:
        for origin in tuple(self._origins.values()):
            yield from origin.drained()


class Stack:
    """A transport for all threads, over as many of *open* as are in use at once.

    Closed, it closes what is idle; a request in flight ends in peace, and its connection after it.
    """

    def __init__(self, open: Callable[[Request, str | None], Transport]) -> None:
        self._lent = _Lent(open)

    def send(self, request: Request) -> Response:
        origin = self._lent.origin(request)
        transport = self._lent.take(origin, request)
        try:
            response = transport.send(request)
        except BaseException:  # interrupted or failed: nobody knows what is left on its connection
            transport.close()
            raise
        origin.idle.append(transport)
        if self._lent.closed:  # looked at after the append: closing then sees it, or this does
            self.close()
        return response

    def close(self) -> None:
        self._lent.closed = True
        with ExitStack() as closing:
            for transport in self._lent.drained():
                closing.callback(transport.close)


class AsyncStack:
    """The same for ``async``. Its connections belong to one event loop."""

    def __init__(self, open: Callable[[Request, str | None], AsyncTransport]) -> None:
        self._lent = _Lent(open)

    async def send(self, request: Request) -> Response:
        origin = self._lent.origin(request)
        transport = self._lent.take(origin, request)
        try:
            response = await transport.send(request)
        except BaseException:  # cancelled or failed
            await transport.aclose()
            raise
        origin.idle.append(transport)
        if self._lent.closed:
            await self.aclose()
        return response

    async def aclose(self) -> None:
        self._lent.closed = True
        async with AsyncExitStack() as closing:
            for transport in self._lent.drained():
                closing.push_async_callback(transport.aclose)
