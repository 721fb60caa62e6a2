"""httpx2 as a transport: the only module that imports it. See :mod:`._httpx`, to which it is the successor.

It comes with the extra ``httpx2``.
"""

import ssl
from functools import lru_cache

try:
    import httpx2
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "httpx2 is not installed: pip install 'econtador[httpx2]'", name="httpx2"
    ) from error

from econtador.portal._http.exchange import Library, timeouts
from econtador.portal._http.transport import AsyncLibraryTransport, LibraryTransport
from econtador.portal.transport import Request

__all__ = ["HTTPX2", "AsyncHttpx2Transport", "Httpx2Transport"]

# Why so short: see _httpx.
_LIMITS = httpx2.Limits(max_connections=None, max_keepalive_connections=1, keepalive_expiry=4.0)


# To take an address apart is a tenth of what a request costs, and writes have few: 15 of 260 µs.
_url = lru_cache(maxsize=32)(httpx2.URL)


def _request(request: Request) -> httpx2.Request:
    return httpx2.Request(
        request.method,
        _url(request.url),
        headers=dict(request.headers),
        content=request.content,
        extensions={"timeout": timeouts(request.timeout)},
    )


def _open(context: ssl.SSLContext, proxy: str | None) -> httpx2.HTTPTransport:
    return httpx2.HTTPTransport(verify=context, proxy=proxy, limits=_LIMITS)


def _open_async(context: ssl.SSLContext, proxy: str | None) -> httpx2.AsyncHTTPTransport:
    return httpx2.AsyncHTTPTransport(verify=context, proxy=proxy, limits=_LIMITS)


HTTPX2 = Library(
    core="httpcore2",
    request=_request,
    ssl_context=httpx2.create_ssl_context,
    open=_open,
    open_async=_open_async,
    not_sent=(
        httpx2.ConnectError,
        httpx2.ConnectTimeout,
        httpx2.PoolTimeout,
        httpx2.ProxyError,
        httpx2.UnsupportedProtocol,
        httpx2.InvalidURL,
    ),
    # The last is let through by its asyncio backend, in the middle of TLS.
    lost=(httpx2.HTTPError, httpx2.StreamError, ssl.SSLError),
)


class Httpx2Transport(LibraryTransport[httpx2.Request]):
    """httpx2 for all threads; over a transport of your own as :class:`~econtador.portal.HttpxTransport` is."""

    def __init__(self, transport: httpx2.BaseTransport | None = None) -> None:
        super().__init__(HTTPX2, transport)


class AsyncHttpx2Transport(AsyncLibraryTransport[httpx2.Request]):
    """The same for asyncio and trio; one for one event loop."""

    def __init__(self, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        super().__init__(HTTPX2, transport)
