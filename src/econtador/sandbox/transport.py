"""The sandbox in process: what a client sends requests through, without a socket."""

from attrs import field, frozen

from econtador.sandbox.exchange import Answer, Exchange, Request, call_of

__all__ = ["AsyncSandboxTransport", "SandboxTransport"]


@frozen
class SandboxTransport:
    """Requests answered at once, in the caller's thread. Made by ``Sandbox.transport()``."""

    _exchange: Exchange = field(repr=False)

    def send(self, request: Request) -> Answer:
        """Answer *request*; lets out whatever the sandbox's fault hook raises."""
        return self._exchange(call_of(request))

    def close(self) -> None:
        """Do nothing: the sandbox stays open, to be looked at after its client was closed."""


@frozen
class AsyncSandboxTransport:
    """The same for an asynchronous client, on any event loop: nothing in it waits, save for ``Quirk.SLOW_PAGE``."""

    _exchange: Exchange = field(repr=False)

    async def send(self, request: Request) -> Answer:
        """Answer *request*; lets out whatever the sandbox's fault hook raises."""
        return self._exchange(call_of(request))

    async def aclose(self) -> None:
        """Do nothing: the sandbox stays open, to be looked at after its client was closed."""
