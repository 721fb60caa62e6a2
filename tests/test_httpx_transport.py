"""The transports of httpx and of httpx2, in threads, asyncio and trio, over real sockets."""

import asyncio
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import httpx
import httpx2
import pytest
import trio
from attrs import define, evolve, field, frozen

import econtador as ec
from econtador import errors
from econtador.portal._http.proxies import proxy_for
from econtador.portal._http.stack import AsyncStack, Stack
from econtador.portal._httpx import AsyncHttpxTransport, HttpxTransport
from econtador.portal._httpx2 import AsyncHttpx2Transport, Httpx2Transport
from econtador.portal.models import EmpresaNova
from econtador.portal.transport import AsyncTransport, Request, Response, Timeout, Transport
from econtador.sandbox import Sandbox

TOKEN = "eyJhbGciOiJIUzUxMiJ9.c2VjcmV0.signature"
QUICK = Timeout(connect=2.0, read=5.0)

# --------------------------------------------------------------------------- a portal that misbehaves when asked


@frozen
class Heard:
    connection: int
    line: str
    headers: dict[str, str]
    body: bytes


def answer(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"content-length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def echo(heard: Heard) -> bytes:
    return answer("200 OK", heard.body)


def once(gate: threading.Event, body: bytes) -> "Fate":
    def fate(heard: Heard) -> bytes:
        gate.wait(10)
        return answer("200 OK", body)

    return fate


BIG = b"0123456789" * 50_000

Fate = Callable[[Heard], bytes]
"""Bytes that do not make a whole answer are followed by the end of the connection."""

FATES: dict[str, Fate] = {
    "/echo": echo,
    "/big": lambda heard: answer("200 OK", BIG),
    "/refused": lambda heard: answer("422 Unprocessable", b"no"),
    "/cut": lambda heard: b"",
    "/half": lambda heard: answer("201 Created", BIG)[:200_000],
    "/garbage": lambda heard: b"SSH-2.0-OpenSSH\r\n\r\n",
    "/gzip": lambda heard: answer("201 Created", b"not gzip", "content-encoding: gzip"),
    "/last": lambda heard: answer("200 OK", b"last"),
}
_ENDS = ("/cut", "/half", "/garbage", "/last")


@define
class Portal:
    """A server of one thread for each connection. It remembers what it heard, and on which connection."""

    listener: socket.socket
    fates: dict[str, Fate]
    heard: list[Heard] = field(factory=list)
    connections: list[socket.socket] = field(factory=list)
    ended: threading.Semaphore = field(factory=lambda: threading.Semaphore(0))
    threads: list[threading.Thread] = field(factory=list)

    @property
    def port(self) -> int:
        return cast("int", self.listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            number = len(self.connections)
            self.connections.append(connection)
            thread = threading.Thread(target=self.talk, args=[connection, number])
            self.threads.append(thread)
            thread.start()

    def talk(self, connection: socket.socket, number: int) -> None:
        with suppress(OSError), connection, connection.makefile("rb") as file:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while (heard := read(file, number)) is not None:
                self.heard.append(heard)
                path = "/" + heard.line.split()[1].partition("?")[0].rpartition("/")[2]
                connection.sendall(self.fates[path](heard))
                if path in _ENDS:
                    break
        self.ended.release()


def read(file: BinaryIO, connection: int) -> Heard | None:
    first = file.read(1)
    if first in (b"", b"\x16"):  # the end, or the hello of TLS, which is not spoken here
        return None
    line = (first + file.readline()).decode()
    headers: dict[str, str] = {}
    while header := file.readline().decode().strip():
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    return Heard(connection, line.strip(), headers, file.read(int(headers.get("content-length", "0"))))


@contextmanager
def portal(**fates: Fate) -> Iterator[Portal]:
    """``name=fate`` adds the path ``/name``."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    made = Portal(listener, FATES | {f"/{name}": fate for name, fate in fates.items()})
    accepting = threading.Thread(target=made.accept)
    accepting.start()
    try:
        yield made
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        for connection in made.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in made.threads:
            thread.join()


def ask(url: str, content: bytes = b"", *, method: str = "POST") -> Request:
    return Request(method, url, {"authorization": f"Bearer {TOKEN}"}, content, QUICK)


# --------------------------------------------------------------------------- the six ways to send

Outcome = Response | Exception


@frozen
class Sync:
    make: Callable[[], Transport]
    together: bool = False

    def __call__(self, requests: Sequence[Request]) -> list[Outcome]:
        transport = self.make()
        try:
            with ThreadPoolExecutor(len(requests) if self.together else 1) as pool:
                return list(pool.map(lambda request: outcome(transport, request), requests))
        finally:
            transport.close()


@frozen
class Async:
    make: Callable[[], AsyncTransport]
    run: Callable[[Callable[[], Awaitable[object]]], object]
    together: bool = False

    def __call__(self, requests: Sequence[Request]) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}

        async def one(transport: AsyncTransport, number: int) -> None:
            outcomes[number] = await async_outcome(transport, requests[number])

        async def everything() -> None:
            transport = self.make()
            try:
                await (at_once if self.together else in_turn)(
                    [partial(one, transport, number) for number in range(len(requests))]
                )
            finally:
                await transport.aclose()

        self.run(everything)
        return [outcomes[number] for number in range(len(requests))]


def outcome(transport: Transport, request: Request) -> Outcome:
    try:
        return transport.send(request)
    except Exception as error:
        return error


async def async_outcome(transport: AsyncTransport, request: Request) -> Outcome:
    try:
        return await transport.send(request)
    except Exception as error:
        return error


async def in_turn(calls: Sequence[Callable[[], Awaitable[None]]]) -> None:
    for call in calls:
        await call()


async def at_once(calls: Sequence[Callable[[], Awaitable[None]]]) -> None:
    if trio.lowlevel.in_trio_run():
        async with trio.open_nursery() as nursery:
            for call in calls:
                nursery.start_soon(call)
    else:
        await asyncio.gather(*(call() for call in calls))


def on_asyncio(main: Callable[[], Awaitable[object]]) -> object:
    async def run() -> object:
        return await main()

    return asyncio.run(run())


Way = Sync | Async

WAYS: dict[str, Way] = {
    "httpx": Sync(HttpxTransport),
    "httpx-asyncio": Async(AsyncHttpxTransport, on_asyncio),
    "httpx-trio": Async(AsyncHttpxTransport, trio.run),
    "httpx2": Sync(Httpx2Transport),
    "httpx2-asyncio": Async(AsyncHttpx2Transport, on_asyncio),
    "httpx2-trio": Async(AsyncHttpx2Transport, trio.run),
}


@pytest.fixture(params=list(WAYS.values()), ids=list(WAYS))
def send(request: pytest.FixtureRequest) -> Way:
    return cast("Way", request.param)


def status_and_content(outcome: Outcome) -> tuple[int, bytes]:
    assert not isinstance(outcome, Exception), outcome
    return outcome.status, outcome.content


def assert_hidden(error: Outcome, *secrets: str) -> None:
    """The error, its traceback and what hangs on it show none of *secrets*."""
    assert isinstance(error, errors.PortalError)
    assert error.__cause__ is None
    assert error.__suppress_context__
    shown = "".join(traceback.format_exception(error)) + f"{error!r}{error}{vars(error)}"
    assert not [secret for secret in secrets if secret in shown]


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


# --------------------------------------------------------------------------- one request


def test_a_request_arrives_whole_and_its_answer_comes_back(send: Way) -> None:
    with portal() as server:
        created, refused = send([ask(f"{server.url}/echo?q=1", b'{"data": 1}'), ask(f"{server.url}/refused")])
        host = f"127.0.0.1:{server.port}"
    assert status_and_content(created) == (200, b'{"data": 1}')
    assert status_and_content(refused) == (422, b"no")
    assert not isinstance(created, Exception)
    assert created.headers["content-length"] == "11"
    heard = server.heard[0]
    assert heard.line == "POST /echo?q=1 HTTP/1.1"
    assert heard.headers["authorization"] == f"Bearer {TOKEN}"
    assert heard.headers["host"] == host
    assert TOKEN not in repr(created)
    assert "data" not in repr(created)


# Both libraries leave iterators half way when a body breaks in their decoder, or in a sink; only trio minds.
HALF_WAY = pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")


@HALF_WAY
@pytest.mark.parametrize("path", ["cut", "half", "garbage", "gzip"])
def test_an_answer_that_does_not_come_whole_is_lost_and_the_next_one_comes(send: Way, path: str) -> None:
    with portal() as server:
        lost, after = send([ask(f"{server.url}/{path}"), ask(f"{server.url}/echo", b"after")])
    assert isinstance(lost, errors.AnswerLost)
    assert_hidden(lost, TOKEN)
    assert status_and_content(after) == (200, b"after")


def test_an_answer_that_takes_too_long_is_lost(send: Way) -> None:
    gate = threading.Event()
    with portal(late=once(gate, b"late")) as server:
        hasty = evolve(ask(f"{server.url}/late"), timeout=Timeout(connect=2.0, read=0.1))
        lost, after = send([hasty, ask(f"{server.url}/echo", b"after")])
        gate.set()
    assert isinstance(lost, errors.AnswerLost)
    assert lost.reason == "ReadTimeout"
    assert status_and_content(after) == (200, b"after")


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return cast("int", listener.getsockname()[1])


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{closed}/x",
        "https://127.0.0.1:{open}/x",  # the other end speaks no TLS
        "http://[/x",
        "http://\x00/x",
        "http://" + "a" * 64 + ".test/x",
        "ftp://portal.test/x",
    ],
)
def test_what_found_no_portal_was_not_sent(send: Way, url: str) -> None:
    with portal() as server:
        [outcome] = send([ask(url.format(closed=closed_port(), open=server.port))])
    assert isinstance(outcome, errors.NotSent)
    assert_hidden(outcome, TOKEN)
    assert not any(heard.line.startswith("POST") for heard in server.heard)


# --------------------------------------------------------------------------- certificates


@pytest.mark.parametrize(
    "make",
    [HttpxTransport, Httpx2Transport, AsyncHttpxTransport, AsyncHttpx2Transport],
    ids=lambda kind: kind.__name__,
)
def test_a_file_of_certificates_that_is_not_there_is_told_when_a_client_is_made(
    make: Callable[[], object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(errors.ConfigError, match="SSL_CERT_FILE names cannot be read: No such file"):
        make()


@pytest.mark.parametrize("make", [HttpxTransport, Httpx2Transport])
def test_what_is_no_certificate_stops_requests_to_https_and_no_others(
    make: Callable[[], Transport], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "words.pem"
    file.write_text("no certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    transport = make()
    with portal() as server:
        assert transport.send(ask(f"{server.url}/echo", b"1")).content == b"1"
        for scheme in ("https", "HTTPS"):
            with pytest.raises(errors.NotSent, match="SSL_CERT_FILE names cannot be read") as caught:
                transport.send(ask(f"{scheme}://127.0.0.1:{server.port}/echo", b"2"))
            assert_hidden(caught.value, TOKEN)
        transport.close()
    assert [heard.body for heard in server.heard] == [b"1"]


# --------------------------------------------------------------------------- the errors of the libraries


def tree(kind: type[Exception], library: str) -> Iterator[type[Exception]]:
    for child in kind.__subclasses__():
        if child.__module__.partition(".")[0] == library:
            yield child
        yield from tree(child, library)


NOT_SENT = {
    "ConnectError",
    "ConnectTimeout",
    "PoolTimeout",
    "ProxyError",
    "UnsupportedProtocol",
    "InvalidURL",
}
LOST = {
    "CloseError", "DecodingError", "HTTPError", "HTTPStatusError", "LocalProtocolError", "NetworkError",
    "ProtocolError", "ReadError", "ReadTimeout", "RemoteProtocolError", "RequestError", "RequestNotRead",
    "ResponseNotRead", "StreamClosed", "StreamConsumed", "StreamError", "TimeoutException", "TooManyRedirects",
    "TransportError", "WriteError", "WriteTimeout", "SSEError",
}  # fmt: skip
NOT_OF_A_TRANSPORT = {"CookieConflict", "HTTPXDeprecationWarning"}  # of the client's cookies; a warning


def raising(error: Exception) -> Callable[[object], object]:
    def handler(request: object) -> object:
        raise error

    return handler


MOCKED: dict[str, Callable[[Callable[[object], object]], Transport]] = {
    "httpx": lambda handler: HttpxTransport(
        httpx.MockTransport(cast("Callable[..., httpx.Response]", handler))
    ),
    "httpx2": lambda handler: Httpx2Transport(
        httpx2.MockTransport(cast("Callable[..., httpx2.Response]", handler))
    ),
}


@pytest.mark.parametrize("library", MOCKED)
def test_every_error_of_the_library_is_known_and_has_a_word_of_ours(library: str) -> None:
    kinds = {kind.__name__: kind for kind in tree(Exception, library)}
    assert set(kinds) <= NOT_SENT | LOST | NOT_OF_A_TRANSPORT
    assert set(kinds) >= NOT_SENT | LOST - {"SSEError"}  # httpx2's own
    for name in kinds.keys() - NOT_OF_A_TRANSPORT:
        error = kinds[name].__new__(kinds[name], f"Bearer {TOKEN}")
        expected = errors.NotSent if name in NOT_SENT else errors.AnswerLost
        with pytest.raises(expected) as caught:
            MOCKED[library](raising(error)).send(ask("http://portal.test/x"))
        assert caught.value.reason.startswith(name)  # type: ignore[attr-defined]
        assert_hidden(caught.value, TOKEN)


def test_a_transport_of_yours_is_used_as_it_is_and_closed_at_the_end() -> None:
    ends: list[str] = []

    class Mine(httpx.HTTPTransport):
        def close(self) -> None:
            ends.append("sync")
            super().close()

    class Mine2(httpx2.AsyncHTTPTransport):
        async def aclose(self) -> None:
            ends.append("async")
            await super().aclose()

    with portal() as server:
        requests = [ask(f"{server.url}/cut"), ask(f"{server.url}/echo", b"mine")]
        for send in (
            Sync(lambda: HttpxTransport(Mine())),
            Async(lambda: AsyncHttpx2Transport(Mine2()), on_asyncio),
        ):
            lost, after = send(requests)
            assert isinstance(lost, errors.AnswerLost)
            assert status_and_content(after) == (200, b"mine")
    assert ends == ["sync", "async"]


def test_the_client_writes_and_reads_over_either_library(send: Way) -> None:
    draft = EmpresaNova(
        codigo="00001", nome="EMPRESA MODELO 01 LTDA", documento=ec.Cnpj("11.222.333/0001-81")
    )
    with Sandbox() as sandbox, sandbox.serve() as server:

        def sync(transport: Transport) -> None:
            client = ec.Client(sandbox.token, base_url=server.url, transport=transport)
            client.empresas.create(draft)
            assert [empresa.nome for empresa in client.empresas.list()] == [draft.nome]

        async def asynchronous(transport: AsyncTransport) -> None:
            client = ec.AsyncClient(sandbox.token, base_url=server.url, transport=transport)
            await client.empresas.create(draft)
            assert [empresa.nome async for empresa in client.empresas.list()] == [draft.nome]

        drive(send, sync, asynchronous)


# --------------------------------------------------------------------------- many at once


def test_each_of_64_requests_at_once_gets_its_own_answer(send: Way) -> None:
    with portal() as server:
        requests = [ask(f"{server.url}/echo", b"%d" % number) for number in range(64)] * 3
        outcomes = evolve(send, together=True)(requests)
    assert [status_and_content(outcome)[1] for outcome in outcomes] == [
        request.content for request in requests
    ]


def test_there_are_no_more_connections_than_requests_at_once(send: Way) -> None:
    workers = 8
    full = threading.Barrier(workers)

    def together(heard: Heard) -> bytes:
        full.wait(10)  # all of a round are in flight at once
        return echo(heard)

    with portal(together=together) as server:
        first = [ask(f"{server.url}/together", b"%d" % number) for number in range(workers)]
        alone = [ask(f"{server.url}/echo", b"alone")]

        def rounds(transport: Transport) -> None:
            with ThreadPoolExecutor(workers) as pool:
                for _ in range(5):
                    list(pool.map(transport.send, first))
                    transport.send(*alone)

        async def async_rounds(transport: AsyncTransport) -> None:
            async def call(request: Request) -> None:
                await transport.send(request)

            for _ in range(5):
                await at_once([partial(call, request) for request in first])
                await transport.send(*alone)

        drive(send, rounds, async_rounds)
        assert len(server.heard) == 5 * (workers + 1)
        assert len(server.connections) == workers


def drive(
    way: Way, sync: Callable[[Transport], None], asynchronous: Callable[[AsyncTransport], Awaitable[None]]
) -> None:
    """One of the two over a new transport of *way*, closed afterwards."""
    if isinstance(way, Sync):
        transport = way.make()
        try:
            sync(transport)
        finally:
            transport.close()
        return
    make = way.make

    async def main() -> None:
        transport = make()
        try:
            await asynchronous(transport)
        finally:
            await transport.aclose()

    way.run(main)


def test_one_after_the_other_they_share_a_connection(send: Way) -> None:
    with portal() as server:
        send([ask(f"{server.url}/echo", b"%d" % number) for number in range(5)])
    assert len(server.connections) == 1


def test_a_connection_that_the_server_has_closed_is_not_written_to(send: Way) -> None:
    with portal() as server:

        def sync(transport: Transport) -> None:
            transport.send(ask(f"{server.url}/last"))
            assert server.ended.acquire(timeout=5)
            assert transport.send(ask(f"{server.url}/echo", b"after")).content == b"after"

        async def asynchronous(transport: AsyncTransport) -> None:
            await transport.send(ask(f"{server.url}/last"))
            assert server.ended.acquire(timeout=5)
            assert (await transport.send(ask(f"{server.url}/echo", b"after"))).content == b"after"

        drive(send, sync, asynchronous)
        assert len(server.connections) == 2


@pytest.mark.parametrize("make", [HttpxTransport, Httpx2Transport])
def test_closing_lets_a_request_in_flight_end_and_leaves_no_connection(make: Callable[[], Transport]) -> None:
    arrived, gate = threading.Event(), threading.Event()

    def slow(heard: Heard) -> bytes:
        arrived.set()
        gate.wait(10)
        return echo(heard)

    with portal(slow=slow) as server, ThreadPoolExecutor(1) as pool:
        transport = make()
        transport.send(ask(f"{server.url}/echo"))
        running = pool.submit(transport.send, ask(f"{server.url}/slow", b"whole"))
        assert arrived.wait(5)
        transport.close()
        gate.set()
        assert running.result(5).content == b"whole"
        for _ in server.connections:
            assert server.ended.acquire(timeout=5)


def test_without_httpx2_its_transport_says_what_to_install() -> None:
    code = "import sys; sys.modules['httpx2'] = None; import econtador.portal._httpx2"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "ModuleNotFoundError: httpx2 is not installed: pip install 'econtador[httpx2]'" in ran.stderr


FORKED = """
import os, sys
from econtador.portal.{module} import {name}
from econtador.portal.transport import Request
transport = {name}()
def send(word):
    assert transport.send(Request("POST", sys.argv[1], {{}}, word)).content == word
send(b"parent")
child = os.fork()
if not child:
    send(b"child")
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
send(b"parent")
transport.close()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no fork")
@pytest.mark.parametrize(("module", "name"), [("_httpx", "HttpxTransport"), ("_httpx2", "Httpx2Transport")])
def test_a_child_of_fork_does_not_write_into_its_parents_connection(module: str, name: str) -> None:
    with portal() as server:
        code = FORKED.format(module=module, name=name)
        subprocess.run([sys.executable, "-c", code, f"{server.url}/echo"], check=True, timeout=60)
    assert [(heard.body, heard.connection) for heard in server.heard] == [
        (b"parent", 0), (b"child", 1), (b"parent", 0),
    ]  # fmt: skip


# --------------------------------------------------------------------------- cut short from this side


@pytest.mark.parametrize("name", [name for name, way in WAYS.items() if isinstance(way, Async)])
def test_a_cancelled_request_spoils_none_that_follows(name: str) -> None:
    way = WAYS[name]
    gate = threading.Event()
    with portal(slow=once(gate, b"stale")) as server:

        async def main(transport: AsyncTransport) -> None:
            await transport.send(ask(f"{server.url}/echo", b"warm"))
            if trio.lowlevel.in_trio_run():
                with trio.move_on_after(0.2) as scope:
                    await transport.send(ask(f"{server.url}/slow"))
                assert scope.cancelled_caught
            else:
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(transport.send(ask(f"{server.url}/slow")), 0.2)
            gate.set()
            for word in (b"one", b"two"):
                assert (await transport.send(ask(f"{server.url}/echo", word))).content == word

        drive(way, lambda transport: None, main)
    assert [(heard.line.split()[1], heard.connection) for heard in server.heard] == [
        ("/echo", 0), ("/slow", 0), ("/echo", 1), ("/echo", 1),
    ]  # fmt: skip


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="no timer that interrupts")
@pytest.mark.parametrize("make", [HttpxTransport, Httpx2Transport])
def test_an_interrupted_request_spoils_none_that_follows(make: Callable[[], Transport]) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    gate = threading.Event()
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with portal(slow=once(gate, b"stale")) as server:
            transport = make()
            transport.send(ask(f"{server.url}/echo", b"warm"))
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(KeyboardInterrupt):
                transport.send(ask(f"{server.url}/slow"))
            gate.set()
            for word in (b"one", b"two"):
                assert transport.send(ask(f"{server.url}/echo", word)).content == word
            transport.close()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Recorded:
    """A transport of either kind that fails as it is told and notes its end."""

    def __init__(self, fates: list[BaseException | None], ends: list[object]) -> None:
        self.fates, self.ends = fates, ends

    def answer(self) -> Response:
        if (fate := self.fates.pop(0)) is not None:
            raise fate
        return cast("Response", self)

    def send(self, request: Request) -> Response:
        return self.answer()

    def close(self) -> None:
        self.ends.append(self)


class AsyncRecorded(Recorded):
    async def send(self, request: Request) -> Response:  # type: ignore[override]
        return self.answer()

    async def aclose(self) -> None:
        self.ends.append(self)


@pytest.mark.parametrize("failure", [errors.AnswerLost(), KeyboardInterrupt(), asyncio.CancelledError()])
def test_what_failed_is_closed_and_not_used_again(failure: BaseException) -> None:
    ends: list[object] = []
    fates = [None, None, failure, None]
    stack = Stack(lambda request, proxy: Recorded(fates, ends))
    first = stack.send(ask("http://portal.test/x"))
    assert stack.send(ask("http://portal.test/x")) is first
    with pytest.raises(type(failure)):
        stack.send(ask("http://portal.test/x"))
    assert ends == [first]
    assert stack.send(ask("http://portal.test/x")) is not first


@pytest.mark.parametrize("failure", [errors.AnswerLost(), asyncio.CancelledError()])
def test_what_was_cancelled_is_closed_and_not_used_again(failure: BaseException) -> None:
    ends: list[object] = []
    fates = [None, None, failure, None]
    stack = AsyncStack(lambda request, proxy: AsyncRecorded(fates, ends))

    async def main() -> None:
        first = await stack.send(ask("http://portal.test/x"))
        assert await stack.send(ask("http://portal.test/x")) is first
        with pytest.raises(type(failure)):
            await stack.send(ask("http://portal.test/x"))
        assert ends == [first]
        assert await stack.send(ask("http://portal.test/x")) is not first

    on_asyncio(main)


# --------------------------------------------------------------------------- a body that is too large to hold


def test_the_body_of_a_success_goes_to_the_sink_in_pieces(send: Way) -> None:
    pieces: list[bytes] = []
    with portal() as server:
        [whole] = send([evolve(ask(f"{server.url}/big"), sink=pieces.append)])
    assert status_and_content(whole) == (200, b"")
    assert b"".join(pieces) == BIG
    assert len(pieces) > 1


def test_the_body_of_a_refusal_does_not_go_to_the_sink(send: Way) -> None:
    pieces: list[bytes] = []
    with portal() as server:
        [refused] = send([evolve(ask(f"{server.url}/refused"), sink=pieces.append)])
    assert status_and_content(refused) == (422, b"no")
    assert pieces == []


def test_a_body_that_breaks_off_is_lost_with_a_sink_too(send: Way) -> None:
    pieces: list[bytes] = []
    with portal() as server:
        [lost] = send([evolve(ask(f"{server.url}/half"), sink=pieces.append)])
    assert isinstance(lost, errors.AnswerLost)
    assert_hidden(lost, TOKEN)
    assert 0 < len(b"".join(pieces)) < len(BIG)


@HALF_WAY
@pytest.mark.parametrize("own", [OSError("no space left"), httpx.ReadError("mine"), httpx2.ReadError("mine")])
def test_what_the_sink_raises_comes_out_unchanged(send: Way, own: Exception) -> None:
    def sink(piece: bytes) -> None:
        raise own

    with portal() as server:
        failed, after = send(
            [evolve(ask(f"{server.url}/big"), sink=sink), ask(f"{server.url}/echo", b"after")]
        )
    assert failed is own
    assert status_and_content(after) == (200, b"after")


# --------------------------------------------------------------------------- proxies

PASSWORD = "s3cret-of-the-office"


def set_proxy(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://escritorio:{PASSWORD}@127.0.0.1:{port}")


def test_the_environments_proxy_carries_the_request(send: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    with portal() as proxy:
        set_proxy(monkeypatch, proxy.port)
        outcomes = send([ask("http://portal.test/echo", b"1"), ask("http://outro.test/echo", b"2")])
    assert [status_and_content(outcome) for outcome in outcomes] == [(200, b"1"), (200, b"2")]
    assert [heard.line for heard in proxy.heard] == [
        "POST http://portal.test/echo HTTP/1.1", "POST http://outro.test/echo HTTP/1.1",
    ]  # fmt: skip
    assert all(heard.headers["proxy-authorization"].startswith("Basic ") for heard in proxy.heard)


def test_this_machine_is_reached_without_the_proxy(send: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    with portal() as proxy, portal() as server:
        set_proxy(monkeypatch, proxy.port)
        [outcome] = send([ask(f"{server.url}/echo", b"straight")])
    assert status_and_content(outcome) == (200, b"straight")
    assert proxy.heard == []


@pytest.mark.parametrize("status", ["407 Proxy Authentication Required", "502 " + "Bad " * 99])
def test_a_tunnel_that_the_proxy_refuses_was_not_sent(
    send: Way, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    fates = {"portal.test:443": lambda heard: answer(status, b"")}
    with portal(**fates) as proxy:
        set_proxy(monkeypatch, proxy.port)
        [outcome] = send([ask("https://portal.test/echo", b"1")])
    assert isinstance(outcome, errors.NotSent)
    assert status[:150] in outcome.reason
    assert len(outcome.reason) < 250
    assert_hidden(outcome, TOKEN, PASSWORD)
    assert [heard.line for heard in proxy.heard] == ["CONNECT portal.test:443 HTTP/1.1"]
    assert "authorization" not in proxy.heard[0].headers  # the token is the portal's


@pytest.mark.parametrize(
    "address",
    [
        f"http://escritorio:{PASSWORD}@127.0.0.1:{{closed}}",
        f"escritorio:{PASSWORD}@127.0.0.1:{{closed}}",
        f"gopher://escritorio:{PASSWORD}@127.0.0.1:1",
        f"http://escritorio:{PASSWORD}@127.0.0.1:port",
        f"http://escritorio:{PASSWORD}@[",
        f"socks5://escritorio:{PASSWORD}@127.0.0.1:{{closed}}",
    ],
)
def test_a_proxy_that_is_none_is_told_without_its_password(
    send: Way, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", address.format(closed=closed_port()))
    for url in ("http://portal.test/echo", "https://portal.test/echo"):
        [outcome] = send([ask(url, b"1")])
        assert isinstance(outcome, errors.NotSent)
        assert_hidden(outcome, TOKEN, PASSWORD)


@pytest.mark.parametrize(
    ("url", "environment", "proxy"),
    [
        ("https://portal.test/x", {}, None),
        ("https://portal.test/x", {"HTTPS_PROXY": "http://p:3128"}, "http://p:3128"),
        ("https://portal.test/x", {"https_proxy": "p:3128"}, "http://p:3128"),
        ("https://portal.test/x", {"HTTP_PROXY": "http://p:3128"}, None),
        ("https://portal.test/x", {"ALL_PROXY": "socks5://p:1080"}, "socks5://p:1080"),
        ("https://portal.test/x", {"ALL_PROXY": "http://a:1", "HTTPS_PROXY": "http://p:2"}, "http://p:2"),
        ("https://dp.portal.test/x", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".portal.test"}, None),
        ("https://portal.test:8443/x", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "portal.test:8443"}, None),
        ("https://portal.test/x", {"HTTPS_PROXY": "http://p:1", "no_proxy": "*"}, None),
        ("https://portal.test/x", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "outro.test"}, "http://p:1"),
        ("http://localhost:8000/x", {"HTTP_PROXY": "http://p:1"}, None),
        ("http://127.8.8.8/x", {"HTTP_PROXY": "http://p:1"}, None),
        ("http://[::1]:8000/x", {"HTTP_PROXY": "http://p:1"}, None),
        ("http://10.0.0.1/x", {"HTTP_PROXY": "http://p:1"}, "http://p:1"),
    ],
)
def test_the_environment_says_which_proxy(
    url: str, environment: dict[str, str], proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == proxy
