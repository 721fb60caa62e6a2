"""httpx as a transport: this and the module beside it, which a first request needs, are the only ones to import it."""

from typing import TYPE_CHECKING

import httpx

from econtador.portal._http.transport import AsyncLibraryTransport, Library, LibraryTransport

if TYPE_CHECKING:
    import httpcore

__all__ = ["AsyncHttpxTransport", "HttpxTransport"]


def _library() -> "Library[httpx.Request, httpcore.Request]":
    # httpx itself is here when a client is made. httpcore, a fourth of its time, it too imports for a first connection.
    from econtador.portal._httpx_library import HTTPX

    return HTTPX


class HttpxTransport(LibraryTransport[httpx.Request]):
    """httpx for all threads.

    Give a transport of your own for what the environment does not say (certificates, a proxy): it is used as
    it is, shared by all threads, and closed at the end.
    """

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        super().__init__("httpcore", _library, transport)


class AsyncHttpxTransport(AsyncLibraryTransport[httpx.Request]):
    """The same for asyncio and trio; one for one event loop."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        super().__init__("httpcore", _library, transport)
