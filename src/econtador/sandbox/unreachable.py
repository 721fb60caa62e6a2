"""Portals that cannot be reached, for real: before a client's transport, since no server can refuse a connection.

A listener that closes for a moment would not do: a client keeps its connections, and neither side can say
for which request the moment was. So a transport stands before the client's own; it takes the request's
number, and sends the one that meets such a fault to where nobody is. It tells the server in a header what
the others met, so that none is counted twice.
"""

import socket
from collections.abc import Mapping
from typing import Any, Generic, Protocol, TypeVar, cast

from attrs import evolve, field, frozen

from econtador.sandbox.entrance import MET, Entrance, saying
from econtador.sandbox.exchange import Request, call_of
from econtador.sandbox.faults import Fault

__all__ = ["AsyncFaultyTransport", "AsyncSends", "FaultyTransport", "Nowhere", "Sends"]

R = TypeVar("R", bound=Request)
R_contra = TypeVar("R_contra", bound=Request, contravariant=True)
A_co = TypeVar("A_co", covariant=True)


class Sends(Protocol[R_contra, A_co]):
    """A client's transport, whoever made it."""

    def send(self, request: R_contra) -> A_co: ...
    def close(self) -> None: ...


class AsyncSends(Protocol[R_contra, A_co]):
    """The same for ``async``."""

    async def send(self, request: R_contra) -> A_co: ...
    async def aclose(self) -> None: ...


class Nowhere:
    """Addresses at which nobody is, until ``close()``."""

    def __init__(self) -> None:
        # Bound and not listening: it refuses, on every system, and no other program can take it meanwhile.
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._urls: Mapping[Fault | None, str] = {
            Fault.REFUSED: f"http://127.0.0.1:{self._socket.getsockname()[1]}",
            # Reserved for names that are none (RFC 6761).
            Fault.DNS_FAILURE: "http://nowhere.invalid",
        }

    def instead(self, request: R, entrance: Entrance) -> R:
        """*request*, with the fault that it meets or on its way to nowhere."""
        call = call_of(request)
        fault = entrance.meet(call)
        there = self._urls.get(fault)
        if there is None:
            return _with(request, headers={**request.headers, MET: saying(fault)})
        entrance.answer(call, fault)
        # Whoever does answer there, a proxy or a provider's page, is not told the token.
        return _with(request, url=there + call.path, headers={}, content=b"")

    def close(self) -> None:
        """Let go of the port. May be called twice."""
        self._socket.close()


def _with(request: R, **changes: object) -> R:
    return cast("R", evolve(cast("Any", request), **changes))


@frozen
class FaultyTransport(Generic[R, A_co]):
    """A client's transport that fails to connect where the schedule says so. Made by ``Sandbox.faulty()``."""

    _inner: Sends[R, A_co] = field(repr=False)
    _entrance: Entrance = field(repr=False)
    _nowhere: Nowhere = field(repr=False)

    def send(self, request: R) -> A_co:
        """Send *request*, or what stands for it."""
        return self._inner.send(self._nowhere.instead(request, self._entrance))

    def close(self) -> None:
        """Close the client's transport."""
        self._inner.close()


@frozen
class AsyncFaultyTransport(Generic[R, A_co]):
    """The same for ``async``. Made by ``Sandbox.async_faulty()``."""

    _inner: AsyncSends[R, A_co] = field(repr=False)
    _entrance: Entrance = field(repr=False)
    _nowhere: Nowhere = field(repr=False)

    async def send(self, request: R) -> A_co:
        """Send *request*, or what stands for it."""
        return await self._inner.send(self._nowhere.instead(request, self._entrance))

    async def aclose(self) -> None:
        """Close the client's transport."""
        await self._inner.aclose()
