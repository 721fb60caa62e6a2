"""``Sandbox``: the portal to practise on, as it is used."""

import time
from collections.abc import Callable, Iterable
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self, TypeAlias, TypeVar

from econtador.overriding import override
from econtador.sandbox.account import token_of
from econtador.sandbox.effects import disturbed
from econtador.sandbox.entrance import MET, Entrance, met
from econtador.sandbox.exchange import Answer, Call, Request
from econtador.sandbox.faults import Fault
from econtador.sandbox.handler import handle
from econtador.sandbox.lag import Lag
from econtador.sandbox.quirks import USUAL, Quirk, quirks_of
from econtador.sandbox.reply import is_page
from econtador.sandbox.rows import EmpresaRow, RecursoRow, RegistroRow, Seen, UsuarioRow
from econtador.sandbox.schedule import Count, Faults
from econtador.sandbox.seeds import seed
from econtador.sandbox.server import Server
from econtador.sandbox.store import Store
from econtador.sandbox.transport import AsyncSandboxTransport, SandboxTransport
from econtador.sandbox.unique import UniqueStore
from econtador.sandbox.unreachable import AsyncFaultyTransport, AsyncSends, FaultyTransport, Nowhere, Sends

if TYPE_CHECKING:
    from econtador.portal.async_client import AsyncClient
    from econtador.portal.client import Client

__all__ = ["FaultHook", "Sandbox"]

R = TypeVar("R", bound=Request)
A = TypeVar("A")

FaultHook: TypeAlias = Callable[[str, str, Literal["before", "after"]], None]
"""Code for two moments of a request, called with its method, its path and which of them it is: ``"before"``
the portal reads it, ``"after"`` its change is durable and before the answer leaves. What it raises takes the
answer's place."""


class Sandbox:
    """An eContador portal of one's own. Safe to use from several threads.

    >>> with Sandbox() as sandbox:
    ...     sandbox.token.startswith("eyJ"), sandbox.usuarios
    (True, ())
    """

    fault: FaultHook | None
    """For what no schedule can say: to wait, to look, to die at a moment; may be replaced at any time. Not
    called for a request that a fault keeps from the portal."""

    lag: int
    """``Quirk.READ_LAG``: how many reads do not show a new record. 3 unless set."""

    delay: float
    """``Quirk.SLOW_PAGE``: how long a page of a listing waits, in seconds. 0.2 unless set; an asynchronous
    client in process waits with its whole event loop."""

    sleep: Callable[[float], object]
    """What waits: ``time.sleep`` unless set."""

    def __init__(
        self,
        path: str | PathLike[str] | None = None,
        *,
        token: str | None = None,
        fault: FaultHook | None = None,
        faults: Faults | None = None,
        quirks: Iterable[Quirk | str] = USUAL,
        unique: bool = False,
    ) -> None:
        """Open a portal in memory, or the one kept in the file *path*, which is made if need be.

        *token* stands in for the account's own as long as this object lives; *quirks* are
        :attr:`quirks`, *faults* :attr:`faults`. With *unique* a second company, or user, with the document
        of another is a 409: *assumed*, as the contrary is attested (of candidates). Raises ``ValueError`` for
        a quirk that there is not or if *path* is another program's SQLite file, ``sqlite3.Error`` if it cannot
        be opened.
        """
        self.quirks = quirks
        self._store = UniqueStore(path) if unique else Store(path)
        with self._store.transaction(write=False):
            self._token = token_of(*self._store.account()) if token is None else token
        self._seen: list[Seen] = []
        self._open: list[Server | Nowhere] = []
        self._entrance = Entrance(self._met, self._answered)
        self.fault, self.faults = fault, faults
        self.lag, self.delay, self.sleep = 3, 0.2, time.sleep

    @property
    def quirks(self) -> frozenset[Quirk]:
        """What this portal does against the rules, each by member or name; may be replaced at any time.

        ``USUAL`` is the portal as everyone meets it, ``()`` one that obeys JSON:API and its own
        documentation. Raises ``ValueError``, naming those that exist, for a quirk that there is not.

        >>> with Sandbox() as sandbox:
        ...     sandbox.quirks = [*USUAL, "read-lag"]
        ...     Quirk.READ_LAG in sandbox.quirks
        True
        """
        return self._quirks

    @quirks.setter
    def quirks(self, quirks: Iterable[Quirk | str]) -> None:
        self._quirks = quirks_of(quirks)
        # Of what was new for another portal nothing is known in this one.
        self._lag = Lag()

    @property
    def token(self) -> str:
        """What a client must send as its bearer token; the same each time for one file."""
        return self._token

    @property
    def faults(self) -> Faults | None:
        """What is to go wrong, and when; may be replaced at any time, and then counts from 1 again.

        >>> with Sandbox(faults=Faults.at({2: "503-before-commit"})) as sandbox:
        ...     sandbox.faults = Faults.always("late-answer", methods=("POST",))
        """
        return self._count.faults

    @faults.setter
    def faults(self, faults: Faults | None) -> None:
        self._count = Count(faults)

    def _met(self, call: Call) -> Fault | None:
        said = call.headers.get(MET)
        return self._count.next(call.method, call.path) if said is None else met(said)

    def _answered(self, call: Call, fault: Fault | None) -> Answer | None:
        instead = fault.ending if fault is not None and isinstance(fault.ending, Answer) else None
        if fault is not None and not fault.commits:
            self._seen.append(
                Seen(call.method, call.path, None if instead is None else instead.status, fault)
            )
            return instead
        hook = self.fault
        if hook is not None:
            hook(call.method, call.path, "before")
        acted = self._disturbed(call)
        answer = acted if instead is None else instead
        self._seen.append(Seen(call.method, call.path, answer.status, fault))
        if hook is not None:
            hook(call.method, call.path, "after")
        return answer

    def _disturbed(self, call: Call) -> Answer:
        quirks = self._quirks
        ask = self._late if Quirk.READ_LAG in quirks else self._handled
        answer = disturbed(call, ask, quirks)
        if Quirk.SLOW_PAGE in quirks and is_page(answer):
            self.sleep(self.delay)
        return answer

    def _late(self, call: Call) -> Answer:
        return self._lag.answer(call, self._handled, self.lag)

    def _handled(self, call: Call) -> Answer:
        return handle(call, self._store, self._token)

    # ------------------------------------------------------------------ ways in

    def transport(self) -> SandboxTransport:
        """A transport in process, for a synchronous client."""
        return SandboxTransport(self._entrance)

    def async_transport(self) -> AsyncSandboxTransport:
        """A transport in process, for an asynchronous client."""
        return AsyncSandboxTransport(self._entrance)

    def client(self) -> "Client":
        """The library's own client, wired in process."""
        import econtador

        return econtador.Client(token=self.token, writes=econtador.CONVENTION, transport=self.transport())

    def async_client(self) -> "AsyncClient":
        """The library's own asynchronous client, wired in process."""
        import econtador

        return econtador.AsyncClient(
            token=self.token, writes=econtador.CONVENTION, transport=self.async_transport()
        )

    def serve(self, port: int = 0) -> Server:
        """Serve at ``http://127.0.0.1:PORT`` in the background (0: a free port).

        Raises ``OSError`` if the port is taken. ``close()`` of either ends it.
        """
        return self._served(self._entrance, port)

    def serve_pages(self, port: int = 0) -> Server:
        """The same, with the pages for a person beside the API: ``/`` to look at, ``/api/`` for programs.

        The pages ask for no token: whoever uses this machine may open them. They meet no fault and have no quirk.
        Needs the extra ``sandbox``: without it, ModuleNotFoundError. Raises ``OSError`` if the port is taken.

        >>> with Sandbox() as sandbox, sandbox.serve_pages() as server:
        ...     server.url.startswith("http://127.0.0.1:")
        True
        """
        from econtador.sandbox.pages.site import Site

        return self._served(Site(self._store).beside(self._entrance), port)

    def _served(self, entrance: Entrance, port: int) -> Server:
        server = Server(entrance, port)
        self._open.append(server)
        return server

    def faulty(self, transport: Sends[R, A]) -> FaultyTransport[R, A]:
        """A client's *transport* to the served sandbox, refused and without an address where the schedule says so.

        No server can refuse a connection that it has: alone it resets it. With this a request that meets
        ``Fault.REFUSED`` or ``Fault.DNS_FAILURE`` is sent to where nobody is, without token and body. Requests
        are of an attrs class, as the library's are.
        """
        return FaultyTransport(transport, self._entrance, self._nowhere())

    def async_faulty(self, transport: AsyncSends[R, A]) -> AsyncFaultyTransport[R, A]:
        """The same for an asynchronous client's."""
        return AsyncFaultyTransport(transport, self._entrance, self._nowhere())

    def _nowhere(self) -> Nowhere:
        nowhere = Nowhere()
        self._open.append(nowhere)
        return nowhere

    # ------------------------------------------------------------------ what is in it

    @property
    def empresas(self) -> tuple[EmpresaRow, ...]:
        """Every company, in the order of their ids."""
        with self._store.transaction(write=False):
            return tuple(self._store.empresas())

    @property
    def usuarios(self) -> tuple[UsuarioRow, ...]:
        """Every user, in the order of arrival."""
        with self._store.transaction(write=False):
            return tuple(self._store.usuarios())

    def recursos(self, kind: str) -> tuple[RecursoRow, ...]:
        """Every resource of another type (``funcionarios``, ``integracao/documentos``), in the order of their ids."""
        with self._store.transaction(write=False):
            return tuple(self._store.recursos(kind))

    @property
    def registros(self) -> tuple[RegistroRow, ...]:
        """The log: every write of a company or user that the portal read, by API or page; the latest ten thousand."""
        with self._store.transaction(write=False):
            return tuple(self._store.registros())

    def seed(self, *, empresas: int = 3, funcionarios: int = 12) -> None:
        """Add so many made-up companies and employees, and what belongs to them.

        Raises ``ValueError`` for less than one company, or less than no employees.

        >>> with Sandbox() as sandbox:
        ...     sandbox.seed(funcionarios=2)
        ...     len(sandbox.empresas), len(sandbox.recursos("funcionarios"))
        (3, 2)
        """
        with self._store.transaction(write=True):
            seed(self._store, empresas=empresas, funcionarios=funcionarios)

    @property
    def requests(self) -> tuple[Seen, ...]:
        """Every request that came, those included that a fault kept from the portal, or whose answer it took."""
        return tuple(self._seen)

    def close(self) -> None:
        """End its servers and close its file. May be called twice."""
        for one in self._open:
            one.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @override
    def __repr__(self) -> str:
        return f"<Sandbox, {len(self._seen)} requests answered>"
