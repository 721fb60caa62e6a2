"""What goes into the sandbox and what comes out: a request, a call, an answer."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias
from urllib.parse import urlsplit

from attrs import field, frozen

__all__ = ["Answer", "Call", "Exchange", "Request", "call_of"]


class Request(Protocol):
    """Any object with these four attributes; others (a timeout) are not looked at."""

    @property
    def method(self) -> str:
        """``GET``, ``POST``, ... in capitals."""
        ...

    @property
    def url(self) -> str:
        """Absolute, brackets of the query raw or percent-encoded."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Names in any case."""
        ...

    @property
    def content(self) -> bytes:
        """The body, empty when there is none."""
        ...


@frozen
class Call:
    """A request taken apart. Headers and body stay out of the repr: they carry token, CPF and e-mail."""

    method: str
    host: str
    """Name of the host in lower case, without port."""
    path: str = field(repr=False)
    """Percent-encoded as it came; a user's path holds a CPF, hence not in the repr."""
    query: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    """Names in lower case."""
    body: bytes = field(default=b"", repr=False)
    origin: str = ""
    """Scheme, host and port as they were asked for, ``https://dp.pack.alterdata.com.br``; empty if unknown."""


@frozen
class Answer:
    """What the sandbox answers.

    >>> Answer(204)
    Answer(status=204)
    """

    status: int
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    """Names in lower case."""
    content: bytes = field(default=b"", repr=False)


Exchange: TypeAlias = Callable[[Call], Answer]
"""One call answered: what the transports and the server are given."""


def call_of(request: Request) -> Call:
    """Take *request* apart.

    Raises ``ValueError`` if its URL is none.
    """
    parts = urlsplit(request.url)
    return Call(
        method=request.method,
        host=parts.hostname or "",
        path=parts.path,
        query=parts.query,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.content,
        origin=f"{parts.scheme}://{parts.netloc}" if parts.netloc else "",
    )
