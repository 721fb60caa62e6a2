"""httpx, and httpcore which it is made of, as what a transport needs of a library.

Straight to the portal httpcore's connections are used, through a proxy httpx's transports, and httpx's client for
neither: this portal needs no redirects, cookies or auth flow, and without them a request costs 0.4 of the processor
time. httpx's own log line, which would carry the whole URL, is written by that client too, so none is written here.
"""

import ssl
from collections.abc import AsyncIterator, Iterator
from functools import lru_cache

import anyio
import httpcore
import httpx

from econtador.portal._http.exchange import Words, timeouts
from econtador.portal._http.straight import IDLE_SECONDS, AsyncStraight, Body, Straight, headers_of
from econtador.portal._http.transport import Library
from econtador.portal.transport import Request

__all__ = ["HTTPX"]

_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=1, keepalive_expiry=IDLE_SECONDS)


# To take an address apart is a tenth of what a request costs, and writes have few: 15 of 160 µs.
@lru_cache(maxsize=32)
def _address(url: str) -> tuple[httpx.URL, httpcore.URL, bytes]:
    theirs = httpx.URL(url)
    if theirs.scheme not in {"http", "https"} or not theirs.host:
        raise httpx.UnsupportedProtocol("the address is not one of http:// or https://")
    core = httpcore.URL(
        scheme=theirs.raw_scheme, host=theirs.raw_host, port=theirs.port, target=theirs.raw_path
    )
    return theirs, core, theirs.netloc


def _core_request(request: Request) -> httpcore.Request:
    _, url, host = _address(request.url)
    return httpcore.Request(
        request.method,
        url,
        headers=headers_of(request, host),
        content=Body(request.content),
        extensions={"timeout": timeouts(request.timeout)},
    )


def _straight(context: ssl.SSLContext | None) -> Straight[httpcore.Request]:
    def connect(request: httpcore.Request) -> httpcore.HTTPConnection:
        return httpcore.HTTPConnection(request.url.origin, context, keepalive_expiry=IDLE_SECONDS)

    return Straight(connect, _decoding)


def _async_straight(context: ssl.SSLContext | None) -> AsyncStraight[httpcore.Request]:
    def connect(request: httpcore.Request) -> httpcore.AsyncHTTPConnection:
        return httpcore.AsyncHTTPConnection(request.url.origin, context, keepalive_expiry=IDLE_SECONDS)

    return AsyncStraight(connect, _decoding)


def _decoding(encoding: str, pieces: Iterator[bytes] | AsyncIterator[bytes]) -> httpx.Response:
    return httpx.Response(200, headers={"content-encoding": encoding}, content=pieces)


def _request(request: Request) -> httpx.Request:
    return httpx.Request(
        request.method,
        _address(request.url)[0],
        headers=dict(request.headers),
        content=request.content,
        extensions={"timeout": timeouts(request.timeout)},
    )


def _through(context: ssl.SSLContext, proxy: str) -> httpx.HTTPTransport:
    return httpx.HTTPTransport(verify=context, proxy=proxy, limits=_LIMITS)


def _async_through(context: ssl.SSLContext, proxy: str) -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(verify=context, proxy=proxy, limits=_LIMITS)


HTTPX = Library(
    words=Words(
        # A write error or a cut connection is not among them: the portal may have read enough to act on it.
        # A ProxyError is a proxy that refused to connect (CONNECT or SOCKS), before anything of the request.
        not_sent=(
            *(httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError),
            *(httpx.UnsupportedProtocol, httpx.InvalidURL),
            *(httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.ConnectionNotAvailable),
        ),
        # Either's root, and the last two, which are let through by their asyncio backend in the middle of TLS.
        lost=(
            *(httpx.HTTPError, httpx.StreamError),
            *(httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError),
            *(ssl.SSLError, anyio.EndOfStream),
        ),
    ),
    ssl_context=httpx.create_ssl_context,
    core_request=_core_request,
    straight=_straight,
    async_straight=_async_straight,
    request=_request,
    through=_through,
    async_through=_async_through,
)
