"""The portal for ``async`` code, on asyncio and trio: :class:`AsyncClient`, with the names of :class:`~econtador.Client`.

The only ``await`` of the portal's wing, and through anyio, which httpx brings along: one code for both loops.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from functools import partial
from os import PathLike
from typing import Never, NoReturn, ParamSpec, Self, TypeVar, cast

import anyio

from econtador.errors import EcontadorError, PortalError
from econtador.overriding import override
from econtador.portal import _arquivo, _flow, _log
from econtador.portal._flow import Flow, Step
from econtador.portal._wire import pessoal
from econtador.portal._wire.query import Query
from econtador.portal._wire.resource import Resource
from econtador.portal.access import Access, checking
from econtador.portal.collection import AsyncCollection
from econtador.portal.config import Config, Route, Secret
from econtador.portal.pace import WORKERS, Pace, reserve
from econtador.portal.resources import Resources
from econtador.portal.retry import Retry
from econtador.portal.transport import AsyncTransport, Response, Timeout
from econtador.portal.values import Recurso

__all__ = ["AsyncClient"]

T = TypeVar("T")
M = TypeVar("M")
N = TypeVar("N")
P = ParamSpec("P")


class AsyncClient(Resources):
    """:class:`~econtador.Client` for ``async``. One client belongs to one event loop."""

    def __init__(
        self,
        token: str | Secret,
        *,
        base_url: str | None = None,
        timeout: Timeout | None = None,
        retry: Retry | None = None,
        pace: Pace | None = None,
        writes: Mapping[str, Route] | None = None,
        account: str = "",
        transport: AsyncTransport | None = None,
    ) -> None:
        config = Config(
            token=token,
            base_url=base_url,
            timeout=timeout or Timeout(),
            retry=retry or Retry(),
            pace=pace or Pace(),
            writes=writes,
            account=account,
        )
        self._start(config, transport or _httpx_transport(), None)

    @classmethod
    def from_env(cls) -> Self:
        """See :meth:`Client.from_env`."""
        return cls.from_config(Config.from_env())

    @classmethod
    def from_config(cls, config: Config, transport: AsyncTransport | None = None) -> Self:
        """See :meth:`Client.from_config`."""
        client = cls.__new__(cls)
        client._start(config, transport or _httpx_transport(), None)
        return client

    def with_options(
        self, *, timeout: Timeout | None = None, retry: Retry | None = None, pace: Pace | None = None
    ) -> Self:
        """See :meth:`Client.with_options`."""
        config = self.config.with_options(timeout, retry, pace)
        client = type(self).__new__(type(self))
        client._start(config, self._transport, self._gate if pace is None else None)
        client._owner = False
        return client

    def _start(self, config: Config, transport: AsyncTransport, gate: "_Gate | None") -> None:
        self.config = config
        self._transport = transport
        self._gate = gate or _Gate(config.pace)
        self._owner = True

    # ------------------------------------------------------------------ what is not a resource

    async def check(self) -> Access:
        """See :meth:`Client.check`."""
        return await self.run(checking(self.config))

    def lookup(self, kind: str) -> AsyncCollection[Recurso, Never, ...]:
        """See :meth:`Client.lookup`."""
        return AsyncCollection(self, pessoal.lookup(kind), partial(pessoal.lookups, kind))

    async def vertical(self) -> str | None:
        """See :meth:`Client.vertical`."""
        return await self.run(_flow.vertical(self.config))

    async def arquivo(self, documento: str) -> bytes:
        """See :meth:`Client.arquivo`."""
        target = io.BytesIO()
        await self.run(_arquivo.download(self.config, documento, target))
        return target.getvalue()

    async def save_arquivo(self, documento: str, path: str | PathLike[str]) -> int:
        """See :meth:`Client.save_arquivo`. The disk is written to from the event loop."""
        with _arquivo.whole(path) as target:
            return await self.run(_arquivo.download(self.config, documento, target))

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

    # ------------------------------------------------------------------ the driver

    async def run(self, flow: Flow[T]) -> T:
        """Drive one flow to its result. Cancelling closes the flow at its step."""
        try:
            step = next(flow)
            while True:
                try:
                    response = await self._send(step)
                except PortalError as error:
                    step = flow.throw(error)
                else:
                    step = flow.send(response)
        except StopIteration as stop:
            return cast("T", stop.value)
        finally:
            flow.close()

    async def _send(self, step: Step) -> Response:
        if step.after:
            await anyio.sleep(step.after)
        async with self._gate.slots:
            await self._gate.wait()
            begun = anyio.current_time()
            try:
                response = await self._transport.send(step.request)
            except PortalError as error:
                _log.failed(step, error, anyio.current_time() - begun)
                raise
        _log.answered(step, response, anyio.current_time() - begun)
        return response

    async def gather(
        self, flows: Iterable[Flow[T]], *, workers: int = WORKERS
    ) -> tuple[T | EcontadorError, ...]:
        """See :meth:`Client.gather`."""
        if workers < 1:
            raise ValueError(f"workers must be 1 or more, not {workers}")
        waiting = dict(enumerate(flows))
        numbered = iter(list(waiting.items()))

        async def work() -> None:
            try:
                for place, flow in numbered:
                    results[place] = await self._attempt(flow)
            except Exception as bug:  # alone, as from Client.gather: a task group would wrap it
                bugs.append(bug)
                tasks.cancel_scope.cancel()

        results: dict[int, T | EcontadorError] = {}
        bugs: list[Exception] = []
        async with anyio.create_task_group() as tasks:
            for _ in range(min(workers, len(waiting))):
                tasks.start_soon(work)
        if bugs:
            raise bugs[0]
        return tuple(results[place] for place in range(len(waiting)))

    async def _attempt(self, flow: Flow[T]) -> T | EcontadorError:
        try:
            return await self.run(flow)
        except EcontadorError as error:
            return error

    def collection(self, resource: Resource[M, N], query: Callable[P, Query]) -> AsyncCollection[M, N, P]:
        """How this client offers a resource."""
        return AsyncCollection(self, resource, query)

    # ------------------------------------------------------------------ its end

    async def aclose(self) -> None:
        """Close the connections."""
        if self._owner:
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


class _Gate:
    """Where every request of a client passes: not too many at once, not too many a second."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._free_at = 0.0
        self.slots = nullcontext() if pace.at_once is None else anyio.Semaphore(pace.at_once)

    async def wait(self) -> None:
        if self._pace.per_second is None:
            return
        # No other task runs between here and the sleep.
        seconds, self._free_at = reserve(self._pace, anyio.current_time(), self._free_at)
        await anyio.sleep(seconds)


def _httpx_transport() -> AsyncTransport:
    # Imported when a client is made, not at the first request: one inside an event loop stalls it.
    from econtador.portal._httpx import AsyncHttpxTransport

    return AsyncHttpxTransport()
