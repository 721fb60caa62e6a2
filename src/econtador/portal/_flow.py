"""The core of the client, without input or output.

A *flow* is a generator: it yields a :class:`Step` ("wait so long, then send this"), is sent the
response (or thrown the transport's error), and returns its result. ``Client.run`` and
``AsyncClient.run`` drive the same flows, so that neither retrying nor paging is written twice, and
a test can drive them without clock and socket. A flow can be closed at any step.
"""

import random
from collections.abc import Callable, Generator, Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import Generic, Never, TypeVar
from urllib.parse import quote, urlencode

from attrs import define, evolve, field, frozen

from econtador.documents import Cnpj, Cpf
from econtador.errors import (
    AmbiguousDocument,
    AnswerLost,
    Forbidden,
    IncompleteListing,
    NotFound,
    NotSent,
    PortalError,
    Rejected,
    ServerError,
    StatusError,
    TooManyRequests,
    Unauthorized,
    UnexpectedAnswer,
    WritesNotConfigured,
)
from econtador.portal import _wire
from econtador.portal._wire import Resource
from econtador.portal.config import Config, Route
from econtador.portal.models import Ativacao
from econtador.portal.retry import next_delay
from econtador.portal.transport import Request, Response

__all__ = [
    "Flow",
    "Listing",
    "Step",
    "by_document",
    "create",
    "everything",
    "exchange",
    "get",
    "send",
    "update",
]

T = TypeVar("T")
M = TypeVar("M")
N = TypeVar("N")

MEDIA_TYPE = "application/vnd.api+json"
LARGEST_PAGE = 200
"""The portal answers 500 above it (one team, twice)."""


@frozen
class Step:
    """Wait *after* seconds, then send *request*."""

    request: Request
    after: float = 0.0


Flow = Generator[Step, Response, T]


# --------------------------------------------------------------------------- one exchange


def exchange(config: Config, request: Request, dice: Callable[[], float] = random.random) -> Flow[Response]:
    """Send *request* until it succeeds or must not be sent again; return a response of status 2xx."""
    attempt, after = 0, 0.0
    while True:
        attempt += 1
        error: PortalError
        try:
            response = yield Step(request, after)
        except (NotSent, AnswerLost) as failure:
            error = failure
            error.attempts = attempt
        else:
            if 200 <= response.status < 300:
                return response
            error = _error(request, response, attempt)
        delay = next_delay(config.retry, error, writes=request.writes, attempt=attempt, dice=dice())
        if delay is None:
            raise error
        after = delay


_BY_STATUS: Mapping[int, type[StatusError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    429: TooManyRequests,
}


def _error(request: Request, response: Response, attempt: int) -> PortalError:
    status = response.status
    if status < 400:
        return UnexpectedAnswer(request.place, attempt, status, "a redirect: the API gives none")
    kind = _BY_STATUS.get(status, Rejected if status < 500 else ServerError)
    return kind(
        request.place,
        attempt,
        status,
        _wire.faults(response.content),
        response.headers.get("x-request-id"),
        _retry_after(response.headers),
        response.content,
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


def _request(
    config: Config, method: str, route: Route, query: Mapping[str, str], content: bytes = b""
) -> Request:
    headers = {"authorization": f"Bearer {config.token.reveal()}", "accept": MEDIA_TYPE}
    if content:
        headers["content-type"] = MEDIA_TYPE
    url = config.url(route)
    return Request(method, f"{url}?{urlencode(query)}" if query else url, headers, content, config.timeout)


def send(
    config: Config, method: str, route: Route, query: Mapping[str, str], content: bytes = b""
) -> Flow[Response]:
    """Anything, typed or not: one exchange."""
    return exchange(config, _request(config, method, route, query, content))


def _ask(
    config: Config, method: str, route: Route, query: Mapping[str, str], content: bytes = b""
) -> Flow[_wire.Document]:
    request = _request(config, method, route, query, content)
    response = yield from exchange(config, request)
    try:
        return _wire.read_document(response.content)
    except _wire.Malformed as error:
        raise UnexpectedAnswer(request.place, status=response.status, reason=str(error)) from None


def _models(resource: Resource[M, Never], rows: Iterable[tuple[str, Mapping[str, object]]]) -> tuple[M, ...]:
    try:
        return tuple(resource.decode(identifier, attributes) for identifier, attributes in rows)
    except _wire.Malformed as error:
        raise UnexpectedAnswer(resource.name, status=200, reason=str(error)) from None


# --------------------------------------------------------------------------- one resource


def _single(resource: Resource[M, Never], document: _wire.Document) -> M:
    models = _models(resource, document.resources)
    if document.many or len(models) != 1:
        raise UnexpectedAnswer(resource.name, status=200, reason="one resource is expected, a list came")
    return models[0]


def _one(resource: Resource[object, Never], identifier: str) -> Route:
    return evolve(resource.route, path=f"{resource.route.path}/{quote(identifier, safe='')}")


def get(config: Config, resource: Resource[M, Never], identifier: str) -> Flow[M]:
    """The resource with that id. Raises NotFound."""
    document = yield from _ask(config, "GET", _one(resource, identifier), {})
    return _single(resource, document)


def _writing(config: Config, resource: Resource[M, N]) -> Resource[M, N]:
    route = config.route_for_writing(resource.name)
    if route is None:
        raise WritesNotConfigured(resource.name)
    return evolve(resource, route=route)


def create(config: Config, resource: Resource[M, N], draft: N) -> Flow[M]:
    """POST *draft*: the assumed write. Sent again only when it surely was not accepted."""
    there = _writing(config, resource)
    document = yield from _ask(config, "POST", there.route, {}, _wire.body(resource, draft))
    return _single(resource, document)


def update(config: Config, resource: Resource[M, Never], identifier: str, change: Ativacao) -> Flow[M]:
    """PATCH *change*: the assumed write. Repeating it changes nothing more."""
    there = _one(_writing(config, resource), identifier)
    document = yield from _ask(config, "PATCH", there, {}, _wire.body(resource, change, identifier))
    return _single(resource, document)


# --------------------------------------------------------------------------- listings


@define
class Listing(Generic[M]):
    """One listing, page after page, by its own parameters: ``next`` and the total only tell when to stop.

    The portal was met with a ``next`` that had lost its filter, and with repeated pages. A listing
    whose pages do not add up raises :class:`~econtador.errors.IncompleteListing`.
    """

    config: Config
    resource: Resource[M, Never]
    query: Mapping[str, str] = field(factory=dict[str, str])
    limit: int = LARGEST_PAGE
    offset: int = field(default=0, init=False)
    done: bool = field(default=False, init=False)
    _seen: set[str] = field(factory=set[str], init=False, repr=False)
    _total: int | None = field(default=None, init=False)

    def page(self) -> Flow[tuple[M, ...]]:
        """Fetch the next page; return what it has that no page before it had."""
        query = {**self.query, "page[limit]": str(self.limit), "page[offset]": str(self.offset)}
        document = yield from _ask(self.config, "GET", self.resource.route, query)
        if not document.many:
            raise UnexpectedAnswer(
                self.resource.name, status=200, reason="a list is expected, one resource came"
            )
        fresh = tuple(row for row in document.resources if row[0] not in self._seen)
        self._check(document, len(fresh))
        self._seen.update(identifier for identifier, _ in fresh)
        self.offset += len(document.resources)
        self._stop(document)
        return _models(self.resource, fresh)

    def _check(self, document: _wire.Document, fresh: int) -> None:
        if document.resources and not fresh:
            raise self._incomplete(f"the page at {self.offset} was already seen")
        if self._total is not None and document.total is not None and document.total < self._total:
            # What stood at this offset has moved up, past what was read.
            raise self._incomplete(f"records left while it was read, {self._total} to {document.total}")
        self._total = document.total if document.total is not None else self._total

    def _stop(self, document: _wire.Document) -> None:
        rows = len(document.resources)
        if self._total is None:
            self.done = not document.has_next and rows < self.limit
        else:
            self.done = self.offset >= self._total
        if self.done and self._total is not None and len(self._seen) != self._total:
            raise self._incomplete(f"{len(self._seen)} of {self._total} records came")
        if not rows and not self.done:
            raise self._incomplete(f"an empty page at {self.offset}, and more was announced")

    def _incomplete(self, reason: str) -> IncompleteListing:
        return IncompleteListing(f"GET {self.resource.name}", reason=reason)


def everything(config: Config, resource: Resource[M, Never], query: Mapping[str, str]) -> Flow[tuple[M, ...]]:
    """A whole listing at once."""
    listing = Listing(config, resource, query)
    found: list[M] = []
    while not listing.done:
        found += yield from listing.page()
    return tuple(found)


# --------------------------------------------------------------------------- by document


def by_document(config: Config, resource: Resource[M, Never], documento: Cnpj | Cpf) -> Flow[M | None]:
    """The one resource with that document, or None. Raises AmbiguousDocument when there are several."""
    if resource.found_by == "id":
        try:
            return (yield from get(config, resource, documento.value))
        except NotFound:
            return None
    # The filter compares numbers, so it cannot find a CNPJ with letters: those need the whole listing.
    wanted = {"documento": documento.value} if documento.value.isdigit() else {}
    candidates = yield from everything(config, resource, _wire.filters(resource, wanted))
    found = [model for model in candidates if getattr(model, "documento", None) == documento]
    if len(found) > 1:
        raise AmbiguousDocument(
            f"GET {resource.name}", ids=tuple(str(getattr(model, "id", "?")) for model in found)
        )
    return found[0] if found else None
