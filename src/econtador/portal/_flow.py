"""The core of the client, without input or output.

A *flow* is a generator: it yields a :class:`Step` ("wait so long, then send this"), is sent the
response (or thrown the transport's error), and returns its result. ``Client.run`` and
``AsyncClient.run`` drive the same flows, so that neither retrying nor paging is written twice, and
a test can drive them without clock and socket. A flow can be closed at any step.

Here are one exchange and the verbs of one resource; listings are in :mod:`._listing`, files in :mod:`._arquivo`.
"""

import random
from collections.abc import Callable, Generator, Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import Never, TypeAlias, TypeVar, cast
from urllib.parse import quote, urlencode

from attrs import field, frozen

from econtador.errors import (
    AnswerLost,
    Forbidden,
    NotFound,
    NotOffered,
    NotSent,
    PortalError,
    Raw,
    Rejected,
    ServerError,
    StatusError,
    TooManyRequests,
    Unauthorized,
    UnexpectedAnswer,
    WritesNotConfigured,
)
from econtador.portal._wire import empresas, jsonapi
from econtador.portal._wire.jsonapi import Document, Malformed
from econtador.portal._wire.query import relations
from econtador.portal._wire.resource import NO_NAMES, Resource, Verb
from econtador.portal.config import Config, Route
from econtador.portal.models import Ativacao
from econtador.portal.retry import next_delay
from econtador.portal.transport import Request, Response

__all__ = [
    "Answered",
    "Flow",
    "Step",
    "ask",
    "before_each",
    "create",
    "exchange",
    "get",
    "models",
    "offered",
    "one",
    "request",
    "send",
    "update",
    "vertical",
]

T = TypeVar("T")
M = TypeVar("M")
N = TypeVar("N")

MEDIA_TYPE = "application/vnd.api+json"


@frozen
class Step:
    """Wait *after* seconds, then send *request*; *attempt* counts from 1."""

    request: Request
    after: float = 0.0
    attempt: int = 1


Flow: TypeAlias = Generator[Step, Response, T]


# --------------------------------------------------------------------------- one exchange


def exchange(
    config: Config,
    request: Request,
    names: Mapping[str, str] = NO_NAMES,
    dice: Callable[[], float] = random.random,
) -> Flow[Response]:
    """Send *request* until it succeeds or must not be sent again; return a response of status 2xx.

    *names* has our field for each of the portal's, for the errors that point at one.
    """
    attempt, after = 0, 0.0
    while True:
        attempt += 1
        error: PortalError
        try:
            response = yield Step(request, after, attempt)
        except (NotSent, AnswerLost) as failure:
            error = failure
            error.attempts = attempt
        else:
            if 200 <= response.status < 300:
                return response
            error = _error(request, response, attempt, names)
        delay = next_delay(config.retry, error, writes=request.writes, attempt=attempt, dice=dice())
        if delay is None:
            raise error
        after = delay


def before_each(flow: Flow[T], call: Callable[[], object]) -> Flow[T]:
    """*flow*, with *call* called before every attempt."""
    try:
        step = next(flow)
        while True:
            call()
            try:
                response = yield step
            except PortalError as error:
                step = flow.throw(error)
            else:
                step = flow.send(response)
    except StopIteration as stop:
        return cast("T", stop.value)


_BY_STATUS: Mapping[int, type[StatusError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    429: TooManyRequests,
}


def _error(request: Request, response: Response, attempt: int, names: Mapping[str, str]) -> PortalError:
    status = response.status
    if status < 400:
        reason = "a redirect: the API gives none"
        return UnexpectedAnswer(request.place, attempt, status, reason, Raw(response.content))
    kind = _BY_STATUS.get(status, Rejected if status < 500 else ServerError)
    return kind(
        request.place,
        attempt,
        status,
        jsonapi.faults(response.content, names),
        response.headers.get("x-request-id"),
        _retry_after(response.headers),
        Raw(response.content),
    )


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds; a date is counted from the answer's own ``Date``, so that no clock of ours matters."""
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        return max(
            0.0, (parsedate_to_datetime(asked) - parsedate_to_datetime(headers["date"])).total_seconds()
        )
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def request(
    config: Config, method: str, route: Route, query: Mapping[str, str], content: bytes = b""
) -> Request:
    """What is sent to *route*, with the token."""
    url = config.url(route)  # first: what it raises must not find the token among the locals of this frame
    headers = {"authorization": f"Bearer {config.token.reveal()}", "accept": MEDIA_TYPE}
    if content:
        headers["content-type"] = MEDIA_TYPE
    return Request(method, f"{url}?{urlencode(query)}" if query else url, headers, content, config.timeout)


def send(
    config: Config, method: str, route: Route, query: Mapping[str, str], content: bytes = b""
) -> Flow[Response]:
    """Anything, typed or not: one exchange."""
    return exchange(config, request(config, method, route, query, content))


@frozen
class Answered:
    """A document that came, and what it answers."""

    request: Request
    status: int
    document: Document
    raw: Raw = field(repr=False)

    def unexpected(self, reason: str) -> UnexpectedAnswer:
        """The error that it is not what was asked for."""
        return UnexpectedAnswer(self.request.place, 1, self.status, reason, self.raw)


def ask(
    config: Config,
    resource: Resource[object, Never],
    method: str,
    route: Route,
    query: Mapping[str, str],
    content: bytes = b"",
) -> Flow[Answered]:
    """One exchange about *resource*."""
    asked = request(config, method, route, query, content)
    response = yield from exchange(config, asked, resource.names)
    read = jsonapi.read_rows if resource.shape == "rows" else jsonapi.read_document
    raw = Raw(response.content)
    try:
        return Answered(asked, response.status, read(raw), raw)
    except Malformed as error:
        raise UnexpectedAnswer(asked.place, 1, response.status, str(error), raw) from None


def models(resource: Resource[M, Never], answered: Answered, rows: Iterable[jsonapi.Row]) -> tuple[M, ...]:
    """*rows* of what came as what they are here."""
    decode, document = resource.decode, answered.document
    try:
        return tuple([decode(row, document) for row in rows])
    except Malformed as error:
        raise answered.unexpected(str(error)) from None


def vertical(config: Config) -> Flow[str | None]:
    """The office's vertical, or None where the portal has none for it."""
    asked = request(config, "GET", empresas.VERTICAL, {})
    response = yield from exchange(config, asked)
    try:
        return empresas.vertical(response.content)
    except Malformed as error:
        raise UnexpectedAnswer(asked.place, 1, response.status, str(error), Raw(response.content)) from None


# --------------------------------------------------------------------------- one resource


def offered(resource: Resource[object, Never], verb: Verb) -> None:
    """Raise NotOffered where nobody is known to *verb* it."""
    if verb not in resource.verbs:
        raise NotOffered(resource.name, verb, tuple(sorted(resource.verbs)))


def _single(resource: Resource[M, Never], answered: Answered) -> M:
    found = models(resource, answered, answered.document.rows)
    if answered.document.many or len(found) != 1:
        raise answered.unexpected("one resource is expected, a list came")
    return found[0]


def one(resource: Resource[object, Never], identifier: str, there: Route | None = None) -> Route:
    """Where the one with that id is, beneath *there* if not beneath the resource's own route."""
    route = there or resource.route
    return Route(route.host, route.path + resource.one.format(id=quote(identifier, safe="")))


def get(
    config: Config, resource: Resource[M, Never], identifier: str, include: Iterable[str] = ()
) -> Flow[M]:
    """The resource with that id. Raises NotFound."""
    offered(resource, "get")
    included = relations(resource, include)
    query = {"include": ",".join(included)} if included else {}
    answered = yield from ask(config, resource, "GET", one(resource, identifier), query)
    return _single(resource, answered)


def _writing(config: Config, resource: Resource[object, N], verb: Verb) -> Route:
    offered(resource, verb)
    if verb not in resource.assumed:
        return resource.route
    route = config.route_for_writing(resource.name)
    if route is None:
        raise WritesNotConfigured(resource.name)
    return route


def create(config: Config, resource: Resource[M, N], draft: N) -> Flow[M]:
    """POST *draft*. Sent again only when it surely was not accepted."""
    there = _writing(config, resource, "create")
    content = jsonapi.body(resource.type, resource.encode(draft))
    answered = yield from ask(config, resource, "POST", there, {}, content)
    return _single(resource, answered)


def update(config: Config, resource: Resource[M, Never], identifier: str, change: Ativacao) -> Flow[M]:
    """PATCH *change*: the assumed write. Repeating it changes nothing more."""
    there = one(resource, identifier, _writing(config, resource, "update"))
    content = jsonapi.body(resource.type, empresas.activation(change), identifier)
    answered = yield from ask(config, resource, "PATCH", there, {}, content)
    return _single(resource, answered)
