"""httpx as a transport: the only module that imports it.

httpx's transports are used beneath its client: this portal needs no redirects, cookies or auth
flow, and without them a request costs about 0.6 of the processor time. httpx's own log line, which would
carry the whole URL, is written by that client too, so none is written here.
"""

import ssl
from functools import lru_cache

import anyio
import httpx

from econtador.portal._http.exchange import Library, timeouts
from econtador.portal._http.transport import AsyncLibraryTransport, LibraryTransport
from econtador.portal.transport import Request

__all__ = ["HTTPX", "AsyncHttpxTransport", "HttpxTransport"]

# A connection that was idle for longer is not used again. A server that closes it at the moment of a write
# leaves that write in doubt, since nobody can say who was first; a new connection costs two or three round
# trips. What the portal allows is unknown, so this stays below the shortest limit that is common among
# servers, 5 s. It makes the moment rare, not impossible: a closing that has arrived is seen before sending,
# one under way is not, and that is AnswerLost.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=1, keepalive_expiry=4.0)


# To take an address apart is a tenth of what a request costs, and writes have few: 15 of 260 µs.
_url = lru_cache(maxsize=32)(httpx.URL)


def _request(request: Request) -> httpx.Request:
    return httpx.Request(
        request.method,
        _url(request.url),
        headers=dict(request.headers),
        content=request.content,
        extensions={"timeout": timeouts(request.timeout)},
    )


def _open(context: ssl.SSLContext, proxy: str | None) -> httpx.HTTPTransport:
    return httpx.HTTPTransport(verify=context, proxy=proxy, limits=_LIMITS)


def _open_async(context: ssl.SSLContext, proxy: str | None) -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(verify=context, proxy=proxy, limits=_LIMITS)


HTTPX = Library(
    core="httpcore",
    request=_request,
    ssl_context=httpx.create_ssl_context,
    open=_open,
    open_async=_open_async,
    # A write error or a cut connection is not among them: the portal may have read enough to act on it.
    # A ProxyError is a proxy that refused to connect (CONNECT or SOCKS), before anything of the request.
    not_sent=(
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ProxyError,
        httpx.UnsupportedProtocol,
        httpx.InvalidURL,
    ),
    # The last two are let through by httpx's asyncio backend, in the middle of TLS.
    lost=(httpx.HTTPError, httpx.StreamError, ssl.SSLError, anyio.EndOfStream),
)


class HttpxTransport(LibraryTransport[httpx.Request]):
    """httpx for all threads.

    Give a transport of your own for what the environment does not say (certificates, a proxy): it is used as
    it is, shared by all threads, and closed at the end.
    """

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        super().__init__(HTTPX, transport)


class AsyncHttpxTransport(AsyncLibraryTransport[httpx.Request]):
    """The same for asyncio and trio; one for one event loop."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        super().__init__(HTTPX, transport)
