"""The portal as a user of the library meets it: ``Client`` and ``AsyncClient``, the same names in both.

Each is a driver for the flows of :mod:`._flow`; nothing else here waits, sleeps or awaits. One
client serves all threads of a process. Closing only closes; writing is a verb.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Generic, NoReturn, Self, TypeVar, cast

from typing_extensions import override

from econtador.documents import Cnpj, Cpf, parse
from econtador.errors import PortalError
from econtador.portal import _flow, _wire
from econtador.portal._flow import Flow
from econtador.portal._wire import EMPRESAS, USUARIOS, Resource
from econtador.portal.config import Config, Route, Secret
from econtador.portal.models import Ativacao, Empresa, EmpresaNova, Usuario, UsuarioNovo
from econtador.portal.retry import Retry
from econtador.portal.transport import AsyncTransport, Response, Timeout, Transport

__all__ = ["AsyncClient", "AsyncCollection", "Client", "Collection"]

T = TypeVar("T")
M = TypeVar("M")
N = TypeVar("N")


def _config(
    token: str | Secret,
    base_url: str | None,
    timeout: Timeout | None,
    retry: Retry | None,
    writes: Mapping[str, Route] | None,
    account: str,
) -> Config:
    return Config(
        token=token,
        base_url=base_url,
        timeout=timeout or Timeout(),
        retry=retry or Retry(),
        writes=writes,
        account=account,
    )


class Collection(Generic[M, N]):
    """One kind of resource: *M* is what the portal shows, *N* what makes a new one."""

    def __init__(self, client: "Client", resource: Resource[M, N]) -> None:
        self._client = client
        self._resource = resource

    def list(self, *, limit: int = _flow.LARGEST_PAGE, **filters: str | bool | None) -> Iterator[M]:
        """Every one that the filters let through, page by page; *limit* is the size of a page, at most 200.

        Filters are the attested ones (``ativa`` and ``documento`` for companies, none for users).
        Raises :class:`~econtador.errors.IncompleteListing` rather than end short.
        """
        listing = _flow.Listing(
            self._client.config, self._resource, _wire.filters(self._resource, filters), limit
        )
        while not listing.done:
            yield from self._client.run(listing.page())

    def get(self, identifier: str) -> M:
        """The one with that id (a user's is its login, the CPF's digits). Raises ``NotFound``."""
        return self._client.run(_flow.get(self._client.config, self._resource, identifier))

    def by_document(self, document: str | Cnpj | Cpf) -> M | None:
        """The one with that CNPJ or CPF, or None.

        Raises ``InvalidDocument``, and ``AmbiguousDocument`` when several have it. A CNPJ with letters costs
        a whole listing: the portal's filter compares numbers.
        """
        return self._client.run(_flow.by_document(self._client.config, self._resource, _known(document)))

    def create(self, draft: N) -> M:
        """Send a new one. *Assumed* write; sent again only if it surely was not accepted.

        The portal does not know it twice: use :class:`~econtador.Integrator`, which does.
        """
        return self._client.run(_flow.create(self._client.config, self._resource, draft))

    def update(self, identifier: str, change: Ativacao) -> M:
        """Change the one with that id. *Assumed* write; repeating it changes nothing more."""
        return self._client.run(_flow.update(self._client.config, self._resource, identifier, change))


class AsyncCollection(Generic[M, N]):
    """:class:`Collection` for ``async``."""

    def __init__(self, client: "AsyncClient", resource: Resource[M, N]) -> None:
        self._client = client
        self._resource = resource

    async def list(
        self, *, limit: int = _flow.LARGEST_PAGE, **filters: str | bool | None
    ) -> AsyncIterator[M]:
        """See :meth:`Collection.list`; ``async for``."""
        listing = _flow.Listing(
            self._client.config, self._resource, _wire.filters(self._resource, filters), limit
        )
        while not listing.done:
            for model in await self._client.run(listing.page()):
                yield model

    async def get(self, identifier: str) -> M:
        """See :meth:`Collection.get`."""
        return await self._client.run(_flow.get(self._client.config, self._resource, identifier))

    async def by_document(self, document: str | Cnpj | Cpf) -> M | None:
        """See :meth:`Collection.by_document`."""
        return await self._client.run(
            _flow.by_document(self._client.config, self._resource, _known(document))
        )

    async def create(self, draft: N) -> M:
        """See :meth:`Collection.create`."""
        return await self._client.run(_flow.create(self._client.config, self._resource, draft))

    async def update(self, identifier: str, change: Ativacao) -> M:
        """See :meth:`Collection.update`."""
        return await self._client.run(_flow.update(self._client.config, self._resource, identifier, change))


def _known(document: str | Cnpj | Cpf) -> Cnpj | Cpf:
    return parse(document) if isinstance(document, str) else document


class Client:
    """The portal, for ordinary code and notebooks.

    *token* is the *Chave de Acesso* of ePlugin. ``base_url`` sends all six hosts to one address;
    ``timeout``, ``retry`` and ``writes`` are explained at :class:`~econtador.Config`; ``account`` names the
    portal account where the token does not; ``transport`` carries the requests (httpx unless given).

    >>> from econtador.sandbox import Sandbox
    >>> with Sandbox().client() as client:
    ...     list(client.empresas.list(ativa=True))
    []
    """

    def __init__(
        self,
        token: str | Secret,
        *,
        base_url: str | None = None,
        timeout: Timeout | None = None,
        retry: Retry | None = None,
        writes: Mapping[str, Route] | None = None,
        account: str = "",
        transport: Transport | None = None,
    ) -> None:
        self._start(_config(token, base_url, timeout, retry, writes, account), transport)

    @classmethod
    def from_env(cls) -> Self:
        """From ``ECONTADOR_TOKEN`` and the other variables of :mod:`econtador.portal.config`."""
        return cls.from_config(Config.from_env())

    @classmethod
    def from_config(cls, config: Config, transport: Transport | None = None) -> Self:
        """From a ready :class:`~econtador.Config`."""
        client = cls.__new__(cls)
        client._start(config, transport)
        return client

    def _start(self, config: Config, transport: Transport | None) -> None:
        self.config = config
        self._transport = transport or _httpx_transport()
        self.empresas: Collection[Empresa, EmpresaNova] = Collection(self, EMPRESAS)
        self.usuarios: Collection[Usuario, UsuarioNovo] = Collection(self, USUARIOS)

    def request(
        self,
        method: str,
        host: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        content: bytes = b"",
    ) -> Response:
        """Anything that is not typed: ``client.request("GET", "dp", "/funcoes")``.

        *path* is beneath the host's prefix. Raises as every call does; a write is not repeated blindly here either.
        """
        return self.run(_flow.send(self.config, method, Route(host, path), query or {}, content))

    def run(self, flow: Flow[T]) -> T:
        """Drive one flow to its result."""
        try:
            step = next(flow)
            while True:
                if step.after:
                    time.sleep(step.after)
                try:
                    response = self._transport.send(step.request)
                except PortalError as error:
                    step = flow.throw(error)
                except StopIteration as error:  # or it would pass for the flow's end, with no result
                    raise RuntimeError("the transport raised StopIteration") from error
                else:
                    step = flow.send(response)
        except StopIteration as stop:
            return cast("T", stop.value)
        finally:
            flow.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}(account={self.config.account!r}, base_url={self.config.base_url!r})"

    @override
    def __reduce__(self) -> NoReturn:
        raise TypeError("a client is not pickled: make one in the other process, e.g. Client.from_env()")


class AsyncClient:
    """:class:`Client` for ``async``, on asyncio and trio."""

    def __init__(
        self,
        token: str | Secret,
        *,
        base_url: str | None = None,
        timeout: Timeout | None = None,
        retry: Retry | None = None,
        writes: Mapping[str, Route] | None = None,
        account: str = "",
        transport: AsyncTransport | None = None,
    ) -> None:
        self._start(_config(token, base_url, timeout, retry, writes, account), transport)

    @classmethod
    def from_env(cls) -> Self:
        """See :meth:`Client.from_env`."""
        return cls.from_config(Config.from_env())

    @classmethod
    def from_config(cls, config: Config, transport: AsyncTransport | None = None) -> Self:
        """See :meth:`Client.from_config`."""
        client = cls.__new__(cls)
        client._start(config, transport)
        return client

    def _start(self, config: Config, transport: AsyncTransport | None) -> None:
        self.config = config
        self._transport = transport or _async_httpx_transport()
        self.empresas: AsyncCollection[Empresa, EmpresaNova] = AsyncCollection(self, EMPRESAS)
        self.usuarios: AsyncCollection[Usuario, UsuarioNovo] = AsyncCollection(self, USUARIOS)

    async def request(
        self,
        method: str,
        host: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        content: bytes = b"",
    ) -> Response:
        """See :meth:`Client.request`."""
        return await self.run(_flow.send(self.config, method, Route(host, path), query or {}, content))

    async def run(self, flow: Flow[T]) -> T:
        """Drive one flow to its result. Cancelling closes the flow at its step."""
        try:
            step = next(flow)
            while True:
                if step.after:
                    await _sleep(step.after)
                try:
                    response = await self._transport.send(step.request)
                except PortalError as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(response)
        except StopIteration as stop:
            return cast("T", stop.value)
        finally:
            flow.close()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}(account={self.config.account!r}, base_url={self.config.base_url!r})"

    @override
    def __reduce__(self) -> NoReturn:
        raise TypeError("a client is not pickled: make one in the other process, e.g. AsyncClient.from_env()")


# httpx is imported when a client is made, not at the first request: a stall at start-up is seen,
# one inside an event loop is not.


def _httpx_transport() -> Transport:
    from econtador.portal._httpx import HttpxTransport

    return HttpxTransport()


def _async_httpx_transport() -> AsyncTransport:
    from econtador.portal._httpx import AsyncHttpxTransport

    return AsyncHttpxTransport()


async def _sleep(seconds: float) -> None:
    """On the event loop that runs: trio's only if trio is loaded and running here."""
    trio = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_run():
        await trio.sleep(seconds)
    else:
        await asyncio.sleep(seconds)
