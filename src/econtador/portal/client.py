"""The portal for ordinary code and notebooks: ``Client``, and the only clock and threads of the library.

It drives the flows of :mod:`._flow`; nothing else here waits. One client serves all threads of a process.
Closing only closes; writing is a verb.
"""

import io
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from os import PathLike
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Never, NoReturn, ParamSpec, Self, TypeVar, cast

from econtador.errors import EcontadorError, PortalError
from econtador.overriding import override
from econtador.portal import _log, _wire
from econtador.portal.config import Config, Route, Secret
from econtador.portal.pace import WORKERS, Pace, reserve
from econtador.portal.resources import Resources
from econtador.portal.retry import Retry
from econtador.portal.transport import Response, Timeout, Transport

if TYPE_CHECKING:
    from econtador.portal._flow import Flow, Step
    from econtador.portal._wire.query import Query
    from econtador.portal._wire.resource import Resource
    from econtador.portal.access import Access
    from econtador.portal.collection import Collection
    from econtador.portal.values import Recurso

__all__ = ["Client"]

T = TypeVar("T")
M = TypeVar("M")
N = TypeVar("N")
P = ParamSpec("P")


class Client(Resources):
    """The portal.

    *token* is the *Chave de Acesso* of ePlugin, and opens all six hosts. ``base_url`` sends everything to one
    address; ``timeout``, ``retry``, ``pace`` and ``writes`` are explained at :class:`~econtador.Config`; ``account``
    names the portal account where the token does not; ``transport`` carries the requests (httpx unless given).

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
        pace: Pace | None = None,
        writes: Mapping[str, Route] | None = None,
        account: str = "",
        transport: Transport | None = None,
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
        """From ``ECONTADOR_TOKEN`` and the other variables of :mod:`econtador.portal.config`."""
        return cls.from_config(Config.from_env())

    @classmethod
    def from_config(cls, config: Config, transport: Transport | None = None) -> Self:
        """From a ready :class:`~econtador.Config`."""
        client = cls.__new__(cls)
        client._start(config, transport or _httpx_transport(), None)
        return client

    def with_options(
        self, *, timeout: Timeout | None = None, retry: Retry | None = None, pace: Pace | None = None
    ) -> Self:
        """The same client with other options, for a call or for many: connections are shared, closing it closes none.

        ``client.with_options(timeout=Timeout(read=300)).save_arquivo("9", "nota.pdf")``
        """
        config = self.config.with_options(timeout, retry, pace)
        client = type(self).__new__(type(self))
        client._start(config, self._transport, self._gate if pace is None else None)
        client._owner = False
        return client

    def _start(self, config: Config, transport: Transport, gate: "_Gate | None") -> None:
        self.config = config
        self._transport = transport
        self._gate = gate or _Gate(config.pace)
        self._owner = True

    # ------------------------------------------------------------------ what is not a resource
    # What the portal has and how it is told is imported here and in `collection`, when it is first asked for: with
    # the models it takes half as long as httpx. An AsyncClient has it from the start: no event loop waits for it.

    def check(self) -> "Access":
        """Ask each host for a little, and tell what the token may see. Raises nothing for what it may not.

        >>> from econtador.sandbox import Sandbox
        >>> with Sandbox().client() as client:
        ...     print(client.check().empresas)
        0
        """
        from econtador.portal.access import checking

        return self.run(checking(self.config))

    def lookup(self, kind: str) -> "Collection[Recurso, Never, ...]":
        """Any lookup type of host dp: ``client.lookup("tipos-sexo").list()``.

        Their ids are no constants: the vendor has moved some. Raises :class:`~econtador.errors.InvalidQuery`.
        """
        return self.collection(_wire.pessoal.lookup(kind), partial(_wire.pessoal.lookups, kind))

    def vertical(self) -> str | None:
        """The vertical that the portal has for the office, or None. One integrator's transcription of the documentation."""
        from econtador.portal import _flow

        return self.run(_flow.vertical(self.config))

    def arquivo(self, documento: str) -> bytes:
        """The file of the document with that id."""
        from econtador.portal import _arquivo

        target = io.BytesIO()
        self.run(_arquivo.download(self.config, documento, target))
        return target.getvalue()

    def save_arquivo(self, documento: str, path: str | PathLike[str]) -> int:
        """Write the file of the document with that id to *path*; return its size in bytes.

        However large, it passes through little memory. *path* is there whole or not at all.
        """
        from econtador.portal import _arquivo

        with _arquivo.whole(path) as target:
            return self.run(_arquivo.download(self.config, documento, target))

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
        from econtador.portal import _flow

        return self.run(_flow.send(self.config, method, Route(host, path), query or {}, content))

    # ------------------------------------------------------------------ the driver

    def run(self, flow: "Flow[T]") -> T:
        """Drive one flow to its result."""
        try:
            step = next(flow)
            while True:
                try:
                    response = self._send(step)
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

    def _send(self, step: "Step") -> Response:
        if step.after:
            time.sleep(step.after)
        with self._gate.slots:
            self._gate.wait()
            begun = time.monotonic()
            try:
                response = self._transport.send(step.request)
            except PortalError as error:
                _log.failed(step, error, time.monotonic() - begun)
                raise
        _log.answered(step, response, time.monotonic() - begun)
        return response

    def gather(self, flows: "Iterable[Flow[T]]", *, workers: int = WORKERS) -> tuple[T | EcontadorError, ...]:
        """Drive many flows, *workers* at once: their results in their order, an error in the place of its result."""
        if workers < 1:
            raise ValueError(f"workers must be 1 or more, not {workers}")
        with ThreadPoolExecutor(workers, thread_name_prefix="econtador") as pool:
            try:
                waiting = [pool.submit(self._attempt, flow) for flow in flows]
                return tuple(result.result() for result in waiting)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _attempt(self, flow: "Flow[T]") -> T | EcontadorError:
        try:
            return self.run(flow)
        except EcontadorError as error:
            return error

    def collection(self, resource: "Resource[M, N]", query: "Callable[P, Query]") -> "Collection[M, N, P]":
        """How this client offers a resource."""
        from econtador.portal.collection import Collection

        return Collection(self, resource, query)

    # ------------------------------------------------------------------ its end

    def close(self) -> None:
        """Close the connections."""
        if self._owner:
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


class _Gate:
    """Where every request of a client passes: not too many at once, not too many a second."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._free_at = 0.0
        self._lock = Lock()
        self.slots = nullcontext() if pace.at_once is None else BoundedSemaphore(pace.at_once)

    def wait(self) -> None:
        if self._pace.per_second is None:
            return
        with self._lock:
            seconds, self._free_at = reserve(self._pace, time.monotonic(), self._free_at)
        time.sleep(seconds)


def _httpx_transport() -> Transport:
    # Imported when a client is made, not at the first request: a stall at start-up is seen.
    from econtador.portal._httpx import HttpxTransport

    return HttpxTransport()
