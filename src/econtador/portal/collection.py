"""One kind of resource, as a user meets it: the same verbs for all of them, ``client.funcionarios.list(...)``."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from functools import lru_cache
from inspect import Signature, signature
from itertools import chain
from typing import TYPE_CHECKING, Generic, Never, ParamSpec, TypeVar

from econtador.documents import Cnpj, Cpf, parse
from econtador.errors import EcontadorError
from econtador.overriding import override
from econtador.portal import _flow, _listing
from econtador.portal._listing import Listing, Page
from econtador.portal._wire.query import Query
from econtador.portal._wire.resource import Resource
from econtador.portal.models import Ativacao
from econtador.portal.pace import WORKERS

if TYPE_CHECKING:
    from econtador.portal.async_client import AsyncClient
    from econtador.portal.client import Client

__all__ = ["AsyncCollection", "Collection"]

M = TypeVar("M")
N = TypeVar("N")
P = ParamSpec("P")
R = TypeVar("R")


class Collection(Generic[M, N, P]):
    """One kind of resource: *M* is what the portal shows, *N* what makes a new one, *P* what its listing takes.

    A verb that nobody is known to use on it raises :class:`~econtador.errors.NotOffered`, and is not among
    those that complete.
    """

    def __init__(self, client: "Client", resource: Resource[M, N], query: Callable[P, Query]) -> None:
        self._client = client
        self._resource = resource
        self._query = query

    @property
    def list(self) -> Callable[P, Iterator[M]]:
        """Every one that the filters let through, page by page.

        Raises :class:`~econtador.errors.IncompleteListing` rather than end short.
        """

        def list(*args: P.args, **kwargs: P.kwargs) -> Iterator[M]:
            pages = self.pages(*args, **kwargs)
            # A page's models are let go of before the next page is read: two at a time take the collector 0.5 µs a model.
            return chain.from_iterable(map(_items, pages))

        return _like(self._query, list)

    @property
    def pages(self) -> Callable[P, Iterator[Page[M]]]:
        """The same listing by its pages, each with the answer as it came."""

        def pages(*args: P.args, **kwargs: P.kwargs) -> Iterator[Page[M]]:
            _flow.offered(self._resource, "list")
            return self._walk(Listing(self._client.config, self._resource, self._query(*args, **kwargs)))

        return _like(self._query, pages)

    def _walk(self, listing: Listing[M]) -> Iterator[Page[M]]:
        while not listing.done:
            yield self._client.run(listing.page())

    def get(self, identifier: str, *, include: Iterable[str] = ()) -> M:
        """The one with that id (a user's is its login, the CPF's digits). Raises ``NotFound``."""
        return self._client.run(_flow.get(self._client.config, self._resource, identifier, include))

    def get_many(
        self, identifiers: Iterable[str], *, include: Iterable[str] = (), workers: int = WORKERS
    ) -> tuple[M | EcontadorError, ...]:
        """Those with these ids, in their order; for one that cannot be had, its error."""
        asked = tuple(include)
        flows = [_flow.get(self._client.config, self._resource, key, asked) for key in identifiers]
        return self._client.gather(flows, workers=workers)

    def by_document(self, document: str | Cnpj | Cpf) -> M | None:
        """The one with that CNPJ or CPF, or None.

        Raises ``InvalidDocument``, and ``AmbiguousDocument`` when several have it. A CNPJ with letters costs
        a whole listing: the portal's filter compares numbers.
        """
        return self._client.run(_listing.by_document(self._client.config, self._resource, _known(document)))

    def by_documents(
        self, documents: Iterable[str | Cnpj | Cpf], *, workers: int = WORKERS
    ) -> tuple[M | EcontadorError | None, ...]:
        """For each of *documents*, in their order: the one that has it, None, or the error.

        CNPJs with letters share one listing.
        """
        flows = self._client.run(_listing.lookups(self._client.config, self._resource, documents))
        return self._client.gather(flows, workers=workers)

    def create(self, draft: N) -> M:
        """Send a new one; again only if it surely was not accepted.

        The portal does not know it twice. For companies and users this is an *assumed* write: use
        :class:`~econtador.Integrator`, which sends each once.
        """
        return self._client.run(_flow.create(self._client.config, self._resource, draft))

    def update(self, identifier: str, change: Ativacao) -> M:
        """Change the one with that id. *Assumed* write; repeating it changes nothing more."""
        return self._client.run(_flow.update(self._client.config, self._resource, identifier, change))

    @override
    def __repr__(self) -> str:
        return _repr(self, self._resource)

    @override
    def __dir__(self) -> Iterable[str]:
        return _dir(object.__dir__(self), self._resource)


class AsyncCollection(Generic[M, N, P]):
    """:class:`Collection` for ``async``."""

    def __init__(self, client: "AsyncClient", resource: Resource[M, N], query: Callable[P, Query]) -> None:
        self._client = client
        self._resource = resource
        self._query = query

    @property
    def list(self) -> Callable[P, AsyncIterator[M]]:
        """See :attr:`Collection.list`; ``async for``."""

        def list(*args: P.args, **kwargs: P.kwargs) -> AsyncIterator[M]:
            pages = self.pages(*args, **kwargs)
            return (item async for page in pages for item in page.items)

        return _like(self._query, list)

    @property
    def pages(self) -> Callable[P, AsyncIterator[Page[M]]]:
        """See :attr:`Collection.pages`; ``async for``."""

        def pages(*args: P.args, **kwargs: P.kwargs) -> AsyncIterator[Page[M]]:
            _flow.offered(self._resource, "list")
            return self._walk(Listing(self._client.config, self._resource, self._query(*args, **kwargs)))

        return _like(self._query, pages)

    async def _walk(self, listing: Listing[M]) -> AsyncIterator[Page[M]]:
        while not listing.done:
            yield await self._client.run(listing.page())

    async def get(self, identifier: str, *, include: Iterable[str] = ()) -> M:
        """See :meth:`Collection.get`."""
        return await self._client.run(_flow.get(self._client.config, self._resource, identifier, include))

    async def get_many(
        self, identifiers: Iterable[str], *, include: Iterable[str] = (), workers: int = WORKERS
    ) -> tuple[M | EcontadorError, ...]:
        """See :meth:`Collection.get_many`."""
        asked = tuple(include)
        flows = [_flow.get(self._client.config, self._resource, key, asked) for key in identifiers]
        return await self._client.gather(flows, workers=workers)

    async def by_document(self, document: str | Cnpj | Cpf) -> M | None:
        """See :meth:`Collection.by_document`."""
        return await self._client.run(
            _listing.by_document(self._client.config, self._resource, _known(document))
        )

    async def by_documents(
        self, documents: Iterable[str | Cnpj | Cpf], *, workers: int = WORKERS
    ) -> tuple[M | EcontadorError | None, ...]:
        """See :meth:`Collection.by_documents`."""
        flows = await self._client.run(_listing.lookups(self._client.config, self._resource, documents))
        return await self._client.gather(flows, workers=workers)

    async def create(self, draft: N) -> M:
        """See :meth:`Collection.create`."""
        return await self._client.run(_flow.create(self._client.config, self._resource, draft))

    async def update(self, identifier: str, change: Ativacao) -> M:
        """See :meth:`Collection.update`."""
        return await self._client.run(_flow.update(self._client.config, self._resource, identifier, change))

    @override
    def __repr__(self) -> str:
        return _repr(self, self._resource)

    @override
    def __dir__(self) -> Iterable[str]:
        return _dir(object.__dir__(self), self._resource)


def _known(document: str | Cnpj | Cpf) -> Cnpj | Cpf:
    # A data frame may hold a number: parse says that it is not a text.
    return document if isinstance(document, Cnpj | Cpf) else parse(document)


def _like(query: Callable[P, Query], call: Callable[P, R]) -> Callable[P, R]:
    """*call* as notebooks and ``help()`` show it: with the parameters and the words of *query*."""
    call.__doc__ = query.__doc__
    vars(call)["__signature__"] = _signature(query, call.__annotations__["return"])
    return call


# Made once for each listing: inspect takes 45 µs for it, more than a short page.
@lru_cache(maxsize=64)
def _signature(query: Callable[..., Query], returned: object) -> Signature:
    return signature(query).replace(return_annotation=returned)


def _items(page: Page[M]) -> tuple[M, ...]:
    return page.items


def _repr(collection: object, resource: Resource[object, Never]) -> str:
    verbs = ", ".join(sorted(resource.verbs))
    return f"<{type(collection).__name__} {resource.name} on {resource.route.host}: {verbs}>"


def _dir(names: Iterable[str], resource: Resource[object, Never]) -> Iterable[str]:
    offered = {
        "list": "list" in resource.verbs,
        "pages": "list" in resource.verbs,
        "get": "get" in resource.verbs,
        "get_many": "get" in resource.verbs,
        "by_document": resource.found_by is not None,
        "by_documents": resource.found_by is not None,
        "create": "create" in resource.verbs,
        "update": "update" in resource.verbs,
    }
    return [name for name in names if offered.get(name, True)]
