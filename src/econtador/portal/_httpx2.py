"""httpx2, and httpcore2, as a transport: the only module that imports them. See :mod:`._httpx`, to which it is the successor.

It comes with the extra ``httpx2``.
"""

import ssl
from collections.abc import AsyncIterator, Iterator
from functools import lru_cache

try:
    import httpcore2
    import httpx2
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "httpx2 is not installed: pip install 'econtador[httpx2]'", name="httpx2"
    ) from error

from econtador.portal._http.exchange import Words, timeouts
from econtador.portal._http.straight import IDLE_SECONDS, AsyncStraight, Body, Straight, headers_of
from econtador.portal._http.transport import AsyncLibraryTransport, Library, LibraryTransport
from econtador.portal.transport import Request

__all__ = ["HTTPX2", "AsyncHttpx2Transport", "Httpx2Transport"]

_LIMITS = httpx2.Limits(max_connections=None, max_keepalive_connections=1, keepalive_expiry=IDLE_SECONDS)


# To take an address apart is a tenth of what a request costs, and writes have few: 15 of 160 µs.
@lru_cache(maxsize=32)
def _address(url: str) -> tuple[httpx2.URL, httpcore2.URL, bytes]:
    theirs = httpx2.URL(url)
    if theirs.scheme not in {"http", "https"} or not theirs.host:
        raise httpx2.UnsupportedProtocol("the address is not one of http:// or https://")
    core = httpcore2.URL(
        scheme=theirs.raw_scheme, host=theirs.raw_host, port=theirs.port, target=theirs.raw_path
    )
    return theirs, core, theirs.netloc


def _core_request(request: Request) -> httpcore2.Request:
    _, url, host = _address(request.url)
    return httpcore2.Request(
        request.method,
        url,
        headers=headers_of(request, host),
        content=Body(request.content),
        extensions={"timeout": timeouts(request.timeout)},
    )


def _straight(context: ssl.SSLContext | None) -> Straight[httpcore2.Request]:
    def connect(request: httpcore2.Request) -> httpcore2.HTTPConnection:
        return httpcore2.HTTPConnection(request.url.origin, context, keepalive_expiry=IDLE_SECONDS)

    return Straight(connect, _decoding)


def _async_straight(context: ssl.SSLContext | None) -> AsyncStraight[httpcore2.Request]:
    def connect(request: httpcore2.Request) -> httpcore2.AsyncHTTPConnection:
        return httpcore2.AsyncHTTPConnection(request.url.origin, context, keepalive_expiry=IDLE_SECONDS)

    return AsyncStraight(connect, _decoding)


def _decoding(encoding: str, pieces: Iterator[bytes] | AsyncIterator[bytes]) -> httpx2.Response:
    return httpx2.Response(200, headers={"content-encoding": encoding}, content=pieces)


def _request(request: Request) -> httpx2.Request:
    return httpx2.Request(
        request.method,
        _address(request.url)[0],
        headers=dict(request.headers),
        content=request.content,
        extensions={"timeout": timeouts(request.timeout)},
    )


def _through(context: ssl.SSLContext, proxy: str) -> httpx2.HTTPTransport:
    return httpx2.HTTPTransport(verify=context, proxy=proxy, limits=_LIMITS)


def _async_through(context: ssl.SSLContext, proxy: str) -> httpx2.AsyncHTTPTransport:
    return httpx2.AsyncHTTPTransport(verify=context, proxy=proxy, limits=_LIMITS)


HTTPX2 = Library(
    words=Words(
        not_sent=(
            *(httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError),
            *(httpx2.UnsupportedProtocol, httpx2.InvalidURL),
            *(httpcore2.ConnectError, httpcore2.ConnectTimeout, httpcore2.ConnectionNotAvailable),
        ),
        # Either's root, and the last, which is let through by its asyncio backend in the middle of TLS.
        lost=(
            *(httpx2.HTTPError, httpx2.StreamError),
            *(httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError),
            ssl.SSLError,
        ),
    ),
    ssl_context=httpx2.create_ssl_context,
    core_request=_core_request,
    straight=_straight,
    async_straight=_async_straight,
    request=_request,
    through=_through,
    async_through=_async_through,
)


class Httpx2Transport(LibraryTransport[httpx2.Request]):
    """httpx2 for all threads; over a transport of your own as :class:`~econtador.portal.HttpxTransport` is."""

    def __init__(self, transport: httpx2.BaseTransport | None = None) -> None:
        super().__init__("httpcore2", lambda: HTTPX2, transport)


class AsyncHttpx2Transport(AsyncLibraryTransport[httpx2.Request]):
    """The same for asyncio and trio; one for one event loop."""

    def __init__(self, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        super().__init__("httpcore2", lambda: HTTPX2, transport)
