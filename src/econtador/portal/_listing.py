"""Listings: page after page, by their own parameters, whole or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, Never, TypeVar
from urllib.parse import quote

from attrs import define, field, frozen

from econtador.documents import Cnpj, Cpf, parse
from econtador.errors import (
    AmbiguousDocument,
    IncompleteListing,
    InvalidDocument,
    NotFound,
    NotOffered,
    PortalError,
    Raw,
    UnexpectedAnswer,
)
from econtador.portal import _flow
from econtador.portal._flow import Flow
from econtador.portal._wire.jsonapi import Document, Row
from econtador.portal._wire.query import Query
from econtador.portal._wire.resource import Resource
from econtador.portal.config import Config, Route

__all__ = ["Listing", "Page", "by_document", "everything", "lookups"]

M = TypeVar("M", covariant=True)


@frozen
class Page(Generic[M]):
    """A page of a listing, as it came."""

    items: tuple[M, ...]
    """What it has that no page before it had."""
    offset: int
    """Rows before it."""
    total: int | None
    """Rows in all, where the portal says so."""
    raw: Raw = field(repr=False)
    """The body of the answer."""


@define
class Listing(Generic[M]):
    """One listing, page after page: ``next`` and the total only tell when to stop.

    The portal was met with a ``next`` that had lost its filter, and with repeated pages. A listing
    whose pages do not add up raises :class:`~econtador.errors.IncompleteListing`. What cannot be seen: that between
    two pages one row left and another came, so that the total stayed.
    """

    config: Config
    resource: Resource[M, Never]
    query: Query
    offset: int = field(default=0, init=False)
    done: bool = field(default=False, init=False)
    _seen: set[str] = field(factory=set[str], init=False, repr=False)
    _total: int | None = field(default=None, init=False)
    _asks_again: bool = field(default=False, init=False)
    """Whether the last page was short and said nothing of others: the next is to show that there is none."""

    def page(self) -> Flow[Page[M]]:
        """Fetch the next page."""
        _flow.offered(self.resource, "list")
        answered = yield from _flow.ask(
            self.config, self.resource, "GET", _route(self.resource, self.query), self._parameters()
        )
        document = answered.document
        if not document.many:
            raise answered.unexpected("a list is expected, one resource came")
        fresh = self._fresh(document.rows)
        self._check(document, len(fresh))
        offset, self.offset = self.offset, self.offset + len(document.rows)
        self._stop(document, len(fresh))
        return Page(_flow.models(self.resource, answered, fresh), offset, self._total, answered.raw)

    def _parameters(self) -> Mapping[str, str]:
        if self.resource.shape == "rows":  # comes at once, and knows no pages
            return self.query.parameters
        page = {"page[limit]": str(self.query.limit), "page[offset]": str(self.offset)}
        return {**self.query.parameters, **page}

    def _fresh(self, rows: Sequence[Row]) -> list[Row]:
        fresh: list[Row] = []
        for row in rows:  # one by one: a page may repeat a row of its own, too
            if row.id not in self._seen:
                self._seen.add(row.id)
                fresh.append(row)
        return fresh

    def _check(self, document: Document, fresh: int) -> None:
        if document.rows and not fresh and not self._asks_again:
            raise self._incomplete(f"the page at {self.offset} was already seen")
        if self._total is not None and document.total is not None and document.total < self._total:
            # What stood at this offset has moved up, past what was read.
            raise self._incomplete(f"records left while it was read, {self._total} to {document.total}")
        self._total = document.total if document.total is not None else self._total

    def _stop(self, document: Document, fresh: int) -> None:
        rows = len(document.rows)
        if self.resource.shape == "rows" or (self._asks_again and not fresh):
            self.done = True
        elif self._total is None:
            short = rows < self.query.limit and not document.has_next
            # A page that is short, not empty, and says nothing of others may have the portal's own size, not ours.
            self._asks_again = short and rows > 0 and not document.has_links
            self.done = short and not self._asks_again
        else:
            self.done = self.offset >= self._total
        if self.done and self._total is not None and len(self._seen) != self._total:
            raise self._incomplete(f"{len(self._seen)} of {self._total} records came")
        if not rows and not self.done:
            raise self._incomplete(f"an empty page at {self.offset}, and more was announced")

    def _incomplete(self, reason: str) -> IncompleteListing:
        return IncompleteListing(f"GET {self.resource.name}", reason=reason)


def _route(resource: Resource[object, Never], query: Query) -> Route:
    parts = {name: quote(part, safe="") for name, part in query.path.items()}
    return Route(resource.route.host, resource.route.path.format(**parts))


def everything(config: Config, resource: Resource[M, Never], query: Query) -> Flow[tuple[M, ...]]:
    """A whole listing at once."""
    listing = Listing(config, resource, query)
    found: list[M] = []
    while not listing.done:
        page = yield from listing.page()
        found += page.items
    return tuple(found)


# --------------------------------------------------------------------------- by document


def by_document(config: Config, resource: Resource[M, Never], documento: Cnpj | Cpf) -> Flow[M | None]:
    """The one resource with that document, or None. Raises AmbiguousDocument when there are several."""
    _findable(resource)
    if resource.found_by == "id":
        try:
            found = yield from _flow.get(config, resource, documento.value)
        except NotFound:
            return None
        came = str(getattr(found, "id", ""))
        if documento not in (getattr(found, "documento", None), _as_document(came, documento)):
            raise UnexpectedAnswer(
                f"GET {resource.name}", 1, 200, "another record than the one asked for came"
            )
        return found
    # The filter compares numbers, so it cannot find a CNPJ with letters: those need the whole listing.
    filters = {} if _needs_listing(resource, documento) else {str(resource.found_by): documento.value}
    candidates = yield from everything(config, resource, Query(filters))
    unsure = [model for model in candidates if not getattr(model, "documento", None)] if filters else []
    if unsure:
        # The filter let it through by its number, which does for a CNPJ and a CPF: nobody can say whether it is this.
        raise AmbiguousDocument(f"GET {resource.name}", ids=_ids(candidates))
    return _the_one(resource, documento, candidates)


def _as_document(id: str, like: Cnpj | Cpf) -> Cnpj | Cpf | None:
    """The document that an *id* is, masked or without its zeros."""
    whole = id.zfill(len(like.value))
    return type(like)(whole) if type(like).is_valid(whole) else None


def _ids(found: Iterable[object]) -> tuple[str, ...]:
    return tuple(str(getattr(model, "id", "?")) for model in found)


def _findable(resource: Resource[object, Never]) -> None:
    if resource.found_by is None:
        raise NotOffered(resource.name, "by_document", tuple(sorted(resource.verbs)))


def _the_one(resource: Resource[object, Never], documento: Cnpj | Cpf, candidates: Iterable[M]) -> M | None:
    found = [model for model in candidates if getattr(model, "documento", None) == documento]
    if len(found) > 1:
        raise AmbiguousDocument(f"GET {resource.name}", ids=_ids(found))
    return found[0] if found else None


def lookups(
    config: Config, resource: Resource[M, Never], documents: Iterable[str | Cnpj | Cpf]
) -> Flow[list[Flow[M | None]]]:
    """A flow for each of *documents*, to be run in any order.

    CNPJs with letters share one listing, made here, where each alone would cost a whole one.
    """
    _findable(resource)
    wanted = [_parsed(document) for document in documents]
    shared: tuple[M, ...] | PortalError = ()
    if any(_needs_listing(resource, documento) for documento in wanted):
        try:
            shared = yield from everything(config, resource, Query({}))
        except PortalError as error:
            shared = error
    return [
        _among(resource, documento, shared)
        if isinstance(documento, InvalidDocument) or _needs_listing(resource, documento)
        else by_document(config, resource, documento)
        for documento in wanted
    ]


def _parsed(document: str | Cnpj | Cpf) -> Cnpj | Cpf | InvalidDocument:
    try:
        return document if isinstance(document, Cnpj | Cpf) else parse(document)
    except InvalidDocument as error:
        return error


def _needs_listing(resource: Resource[object, Never], documento: Cnpj | Cpf | InvalidDocument) -> bool:
    letters = isinstance(documento, Cnpj) and not documento.value.isdigit()
    return letters and resource.found_by != "id"


def _among(
    resource: Resource[object, Never],
    documento: Cnpj | Cpf | InvalidDocument,
    listed: tuple[M, ...] | PortalError,
) -> Flow[M | None]:
    yield from ()
    if isinstance(documento, InvalidDocument):
        raise documento
    if isinstance(listed, PortalError):
        raise listed
    return _the_one(resource, documento, listed)
