"""httpx as a transport: the only module that imports it.

httpx's transports are used beneath its client: this portal needs no redirects, cookies or auth
flow, and without them a request costs about 0.6 of the processor time. httpx's own log line, which would
carry the whole URL, is written by that client too, so none is written here.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager

import httpx
from attrs import frozen

from econtador.errors import AnswerLost, NotSent
from econtador.portal.transport import Request

__all__ = ["AsyncHttpxTransport", "HttpxTransport"]

# Nothing of the request had left when these are raised. A write error or a cut connection is not
# among them: the portal may have read enough to act on it.
_SURELY_NOT_ACCEPTED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


@frozen
class HttpxResponse:
    status: int
    headers: Mapping[str, str]
    content: bytes


@contextmanager
def _in_our_words(request: Request) -> Generator[None, None, None]:
    # `from None`: httpx's exception holds the request, hence the token.
    try:
        yield
    except _SURELY_NOT_ACCEPTED as error:
        raise NotSent(request.place, reason=type(error).__name__) from None
    except httpx.HTTPError as error:
        raise AnswerLost(request.place, reason=type(error).__name__) from None


def _theirs(request: Request) -> httpx.Request:
    timeout = httpx.Timeout(request.timeout.read, connect=request.timeout.connect)
    return httpx.Request(
        request.method,
        request.url,
        headers=dict(request.headers),
        content=request.content,
        extensions={"timeout": timeout.as_dict()},
    )


def _ours(response: httpx.Response, content: bytes) -> HttpxResponse:
    return HttpxResponse(response.status_code, response.headers, content)


class HttpxTransport:
    """A connection pool of httpx. One for all threads."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        self._transport = transport or httpx.HTTPTransport()

    def send(self, request: Request) -> HttpxResponse:
        with _in_our_words(request):
            response = self._transport.handle_request(_theirs(request))
            try:
                return _ours(response, response.read())
            finally:
                response.close()

    def close(self) -> None:
        self._transport.close()


class AsyncHttpxTransport:
    """The same for asyncio and trio."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._transport = transport or httpx.AsyncHTTPTransport()

    async def send(self, request: Request) -> HttpxResponse:
        with _in_our_words(request):
            response = await self._transport.handle_async_request(_theirs(request))
            try:
                return _ours(response, await response.aread())
            finally:
                await response.aclose()

    async def aclose(self) -> None:
        await self._transport.aclose()
