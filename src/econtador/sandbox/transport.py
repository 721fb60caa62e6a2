"""The sandbox in process: what a client sends requests through, without a socket."""

from attrs import field, frozen

from econtador.sandbox.entrance import Entrance, delivered
from econtador.sandbox.exchange import Answer, Request, call_of

__all__ = ["AsyncSandboxTransport", "SandboxTransport"]


@frozen
class SandboxTransport:
    """Requests answered at once, in the caller's thread. Made by ``Sandbox.transport()``."""

    _entrance: Entrance = field(repr=False)

    def send(self, request: Request) -> Answer:
        """Answer *request*. Raises ``NotSent`` or ``AnswerLost`` for a fault, and whatever the fault hook raises."""
        return delivered(self._entrance, call_of(request))

    def close(self) -> None:
        """Do nothing: the sandbox stays open, to be looked at after its client was closed."""


@frozen
class AsyncSandboxTransport:
    """The same for an asynchronous client, on any event loop: nothing in it waits, save for ``Quirk.SLOW_PAGE``."""

    _entrance: Entrance = field(repr=False)

    async def send(self, request: Request) -> Answer:
        """Answer *request*. Raises ``NotSent`` or ``AnswerLost`` for a fault, and whatever the fault hook raises."""
        return delivered(self._entrance, call_of(request))

    async def aclose(self) -> None:
        """Do nothing: the sandbox stays open, to be looked at after its client was closed."""
