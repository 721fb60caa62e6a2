"""The sandbox's faults, every one: what a client makes of it, and whether the portal acted."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

import anyio
import pytest
from attrs import frozen

import econtador as ec
from econtador import errors
from econtador.portal import AsyncHttpxTransport, EmpresaNova, HttpxTransport
from econtador.portal.transport import Request, Transport
from econtador.sandbox import Fault, Faults, Sandbox, Server
from econtador.sandbox.exchange import Answer

EMPRESAS = "/api/v1/empresas"
DRAFT = EmpresaNova(codigo="00001", nome="EMPRESA MODELO 01 LTDA", documento=ec.Cnpj("11.222.333/0001-81"))
BODY = b'{"data":{"type":"empresas","attributes":{"nome":"EMPRESA","cpfCnpjAlfanumerico":"11222333000181"}}}'
PAGE = Path(__file__).parent.parent / "docs" / "sandbox-faults.md"
ONCE = ec.Retry(attempts=1)


@frozen
class Outcome:
    """What a client raises for a create, and how many companies the portal then has."""

    error: type[errors.PortalError]
    kept: int
    status: int | None = None
    retry_after: float | None = None


EXPECTED: Mapping[Fault, Outcome] = {
    Fault.REFUSED: Outcome(errors.NotSent, 0),
    Fault.DNS_FAILURE: Outcome(errors.NotSent, 0),
    Fault.RESET_BEFORE_COMMIT: Outcome(errors.AnswerLost, 0),
    Fault.RESET_AFTER_COMMIT: Outcome(errors.AnswerLost, 1),
    Fault.CLOSED_BEFORE_COMMIT: Outcome(errors.AnswerLost, 0),
    Fault.CLOSED_AFTER_COMMIT: Outcome(errors.AnswerLost, 1),
    Fault.CUT_ANSWER: Outcome(errors.AnswerLost, 1),
    Fault.LATE_ANSWER: Outcome(errors.AnswerLost, 1),
    Fault.HTML_ANSWER: Outcome(errors.UnexpectedAnswer, 1, 200),
    Fault.STATUS_409: Outcome(errors.Rejected, 0, 409),
    Fault.STATUS_429: Outcome(errors.TooManyRequests, 0, 429),
    Fault.STATUS_429_WITH_RETRY_AFTER: Outcome(errors.TooManyRequests, 0, 429, 1.0),
    Fault.STATUS_500_BEFORE_COMMIT: Outcome(errors.ServerError, 0, 500),
    Fault.STATUS_500_AFTER_COMMIT: Outcome(errors.ServerError, 1, 500),
    Fault.STATUS_502_BEFORE_COMMIT: Outcome(errors.ServerError, 0, 502),
    Fault.STATUS_502_AFTER_COMMIT: Outcome(errors.ServerError, 1, 502),
    Fault.STATUS_503_BEFORE_COMMIT: Outcome(errors.ServerError, 0, 503),
    Fault.STATUS_503_AFTER_COMMIT: Outcome(errors.ServerError, 1, 503),
    Fault.STATUS_503_WITH_RETRY_AFTER_BEFORE_COMMIT: Outcome(errors.ServerError, 0, 503, 1.0),
    Fault.STATUS_503_WITH_RETRY_AFTER_AFTER_COMMIT: Outcome(errors.ServerError, 1, 503, 1.0),
    Fault.STATUS_504_BEFORE_COMMIT: Outcome(errors.ServerError, 0, 504),
    Fault.STATUS_504_AFTER_COMMIT: Outcome(errors.ServerError, 1, 504),
}


def patience(fault: Fault) -> ec.Timeout:
    """Short only where the answer is late: elsewhere a slow machine must not pass for one."""
    return ec.Timeout(connect=10.0, read=0.2 if fault is Fault.LATE_ANSWER else 30.0)


def in_process(sandbox: Sandbox, fault: Fault) -> None:
    with ec.Client(sandbox.token, writes=ec.CONVENTION, retry=ONCE, transport=sandbox.transport()) as client:
        client.empresas.create(DRAFT)


def served(sandbox: Sandbox, fault: Fault) -> None:
    with (
        sandbox.serve() as server,
        ec.Client(
            sandbox.token,
            base_url=server.url,
            retry=ONCE,
            timeout=patience(fault),
            transport=sandbox.faulty(HttpxTransport()),
        ) as client,
    ):
        client.empresas.create(DRAFT)


async def asynchronously_in_process(sandbox: Sandbox, fault: Fault) -> None:
    async with ec.AsyncClient(
        sandbox.token, writes=ec.CONVENTION, retry=ONCE, transport=sandbox.async_transport()
    ) as client:
        await client.empresas.create(DRAFT)


async def asynchronously_served(sandbox: Sandbox, fault: Fault) -> None:
    with sandbox.serve() as server:
        async with ec.AsyncClient(
            sandbox.token,
            base_url=server.url,
            retry=ONCE,
            timeout=patience(fault),
            transport=sandbox.async_faulty(AsyncHttpxTransport()),
        ) as client:
            await client.empresas.create(DRAFT)


Way: TypeAlias = Callable[[Sandbox, Fault], None]

WAYS: Mapping[str, Way] = {
    "in-process": in_process,
    "in-process-asyncio": lambda sandbox, fault: anyio.run(asynchronously_in_process, sandbox, fault),
    "in-process-trio": lambda sandbox, fault: anyio.run(
        asynchronously_in_process, sandbox, fault, backend="trio"
    ),
    "served": served,
    "served-asyncio": lambda sandbox, fault: anyio.run(asynchronously_served, sandbox, fault),
    "served-trio": lambda sandbox, fault: anyio.run(asynchronously_served, sandbox, fault, backend="trio"),
}


# A reset amid the writing: httpx leaves the generator of the body where it stands, and trio alone tells of it.
@pytest.mark.filterwarnings("ignore:Async generator 'httpx._content.ByteStream:ResourceWarning")
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("fault", Fault)
def test_a_client_raises_what_is_stated_and_the_portal_acts_as_stated(fault: Fault, way: Way) -> None:
    expected = EXPECTED[fault]
    with Sandbox(faults=Faults.always(fault)) as sandbox:
        with pytest.raises(expected.error) as raised:
            way(sandbox, fault)
        assert type(raised.value) is expected.error
        assert getattr(raised.value, "status", None) == expected.status
        assert getattr(raised.value, "retry_after", None) == expected.retry_after
        assert len(sandbox.empresas) == expected.kept == fault.commits
        assert [(seen.method, seen.path, seen.fault) for seen in sandbox.requests] == [
            ("POST", EMPRESAS, fault)
        ]


@pytest.mark.parametrize("fault", Fault)
def test_what_a_fault_says_of_itself_is_what_happens(fault: Fault) -> None:
    expected = EXPECTED[fault]
    ending = fault.ending
    assert fault.commits == bool(expected.kept)
    if isinstance(ending, Answer):
        assert ending.status == expected.status
    else:
        assert ending.error is expected.error


def test_a_read_meets_faults_as_well() -> None:
    with Sandbox(faults=Faults.script(["reset-after-commit", "502-before-commit"])) as sandbox:
        # As usual: the client repeats a read.
        with ec.Client(sandbox.token, retry=ec.Retry(first=0.0), transport=sandbox.transport()) as client:
            assert list(client.empresas.list()) == []
        assert [(seen.status, seen.fault) for seen in sandbox.requests] == [
            (200, Fault.RESET_AFTER_COMMIT),
            (502, Fault.STATUS_502_BEFORE_COMMIT),
            (200, None),
        ]


def test_a_503_that_invites_to_send_again_what_was_accepted_is_in_doubt_and_sent_once() -> None:
    with Sandbox(faults=Faults.script(["503-with-retry-after-after-commit"])) as sandbox:
        with sandbox.client() as client, pytest.raises(errors.ServerError):
            client.empresas.create(DRAFT)
        assert len(sandbox.empresas) == 1


def test_an_error_in_process_names_the_request_without_its_secrets() -> None:
    with Sandbox(faults=Faults.always("dns-failure")) as sandbox:
        once = ec.Client(sandbox.token, retry=ONCE, transport=sandbox.transport())
        with pytest.raises(errors.NotSent) as raised:
            once.usuarios.get("52998224725")
    assert str(raised.value).startswith(
        "GET https://identificacao.pack.alterdata.com.br/api/v1/integracao/usuarios/***: "
    )
    assert "no such host" in str(raised.value)


def test_the_hook_is_called_only_for_what_comes_to_the_portal() -> None:
    moments: list[str] = []
    faults = Faults.script(["refused", "503-before-commit", "late-answer", "500-after-commit"])
    with Sandbox(fault=lambda method, path, when: moments.append(when), faults=faults) as sandbox:
        for _ in range(4):
            with pytest.raises(errors.PortalError):
                in_process(sandbox, Fault.REFUSED)
    assert moments == ["before", "after", "before", "after"]


# --------------------------------------------------------------------------- on the wire


@contextmanager
def connected(fault: Fault | str) -> Iterator[tuple[Sandbox, Server, socket.socket]]:
    with Sandbox(faults=Faults.always(fault)) as sandbox, sandbox.serve() as server:
        port = urlsplit(server.url).port or 0
        with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
            yield sandbox, server, connection


def head(sandbox: Sandbox) -> bytes:
    lines = (
        f"POST {EMPRESAS} HTTP/1.1",
        f"Authorization: Bearer {sandbox.token}",
        "Content-Type: application/vnd.api+json",
        f"Content-Length: {len(BODY)}",
    )
    return "\r\n".join([*lines, "", ""]).encode()


def rest(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(4096), b""))


def test_reset_before_the_commit_does_not_wait_for_the_body() -> None:
    with connected("reset-before-commit") as (sandbox, _, connection):
        connection.sendall(head(sandbox))
        with pytest.raises(ConnectionResetError):
            rest(connection)
        assert sandbox.empresas == ()


def test_reset_after_the_commit_is_a_reset() -> None:
    with connected("reset-after-commit") as (sandbox, _, connection):
        connection.sendall(head(sandbox) + BODY)
        with pytest.raises(ConnectionResetError):
            rest(connection)
        assert len(sandbox.empresas) == 1


@pytest.mark.parametrize("fault", [Fault.CLOSED_BEFORE_COMMIT, Fault.CLOSED_AFTER_COMMIT])
def test_a_closed_connection_ends_in_order(fault: Fault) -> None:
    with connected(fault) as (sandbox, _, connection):
        connection.sendall(head(sandbox) + BODY)
        assert rest(connection) == b""
        assert len(sandbox.empresas) == fault.commits


def test_a_cut_answer_has_its_headers_and_half_its_body() -> None:
    with connected("cut-answer") as (sandbox, _, connection):
        connection.sendall(head(sandbox) + BODY)
        said, _, body = rest(connection).partition(b"\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 201 Created\r\n")
        announced = int(said.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        assert announced // 3 < len(body) < announced


def test_a_late_answer_is_kept_back_after_the_commit_until_the_client_goes() -> None:
    with connected("late-answer") as (sandbox, server, connection):
        connection.sendall(head(sandbox) + BODY)
        while not sandbox.requests:  # which is once it has committed
            time.sleep(0.01)
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        assert len(sandbox.empresas) == 1
        # A server that is closed does not wait for the client.
        begin = time.perf_counter()
        server.close()
        assert time.perf_counter() - begin < 4
        connection.settimeout(30)
        assert rest(connection) == b""


def test_what_is_served_goes_on_after_each_fault() -> None:
    with (
        Sandbox(faults=Faults.script(Fault)) as sandbox,
        sandbox.serve() as server,
        ec.Client(sandbox.token, base_url=server.url, retry=ONCE, timeout=ec.Timeout(read=0.3)) as client,
    ):
        for _ in Fault:
            with pytest.raises(errors.PortalError):
                client.empresas.get("1")
        assert list(client.empresas.list()) == []
        server.close()
        assert {seen.fault for seen in sandbox.requests} == {*Fault, None}


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.DNS_FAILURE])
def test_no_server_can_refuse_so_it_resets_unless_the_transport_is_faulty(fault: Fault) -> None:
    with (
        Sandbox(faults=Faults.always(fault)) as sandbox,
        sandbox.serve() as server,
        ec.Client(sandbox.token, base_url=server.url, retry=ONCE) as client,
    ):
        with pytest.raises(errors.AnswerLost):
            client.empresas.create(DRAFT)
        assert sandbox.empresas == ()


# --------------------------------------------------------------------------- a faulty transport


@frozen
class Recorder:
    """A transport that only notes what it is given."""

    sent: list[Request]

    def send(self, request: Request) -> Answer:
        self.sent.append(request)
        return Answer(200, {}, b'{"data":[]}')

    def close(self) -> None:
        self.sent.clear()


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.DNS_FAILURE])
def test_what_is_sent_nowhere_carries_neither_token_nor_body(fault: Fault) -> None:
    sent: list[Request] = []
    with Sandbox(faults=Faults.script([fault])) as sandbox:
        transport = sandbox.faulty(Recorder(sent))
        for _ in range(2):
            transport.send(Request("POST", "http://127.0.0.1:9/api", {"authorization": "Bearer x"}, b"{}"))
        astray, straight = sent
        assert (astray.url != "http://127.0.0.1:9/api", dict(astray.headers), astray.content) == (
            True,
            {},
            b"",
        )
        assert straight.url == "http://127.0.0.1:9/api"
        assert (straight.headers["authorization"], straight.content) == ("Bearer x", b"{}")
        transport.close()
        assert sent == []


def test_a_faulty_transport_and_its_server_count_a_request_once() -> None:
    faults = Faults.script([None, "refused", "reset-after-commit", "429", None], methods=("GET",))
    with (
        Sandbox(faults=faults) as sandbox,
        sandbox.serve() as server,
        ec.Client(
            sandbox.token, base_url=server.url, retry=ONCE, transport=sandbox.faulty(HttpxTransport())
        ) as client,
    ):
        for kind in (None, errors.NotSent, errors.AnswerLost, errors.TooManyRequests, None, None):
            if kind is None:
                assert list(client.empresas.list()) == []
            else:
                with pytest.raises(kind):
                    list(client.empresas.list())
        met = [seen.fault for seen in sandbox.requests]
        assert met == [None, Fault.REFUSED, Fault.RESET_AFTER_COMMIT, Fault.STATUS_429, None, None]


TRANSPORTS: Mapping[str, Callable[[Sandbox], Transport]] = {
    "in-process": lambda sandbox: sandbox.transport(),
    "served": lambda sandbox: HttpxTransport(),
    "faulty": lambda sandbox: sandbox.faulty(HttpxTransport()),
}


@pytest.mark.parametrize("way", TRANSPORTS.values(), ids=TRANSPORTS)
def test_across_threads_each_number_is_used_once(way: Callable[[Sandbox], Transport]) -> None:
    numbers: list[int] = []

    def rule(number: int, method: str, path: str) -> Fault | None:
        numbers.append(number)
        return Fault.STATUS_429 if number % 2 else None

    with Sandbox(faults=Faults(rule)) as sandbox, sandbox.serve() as server:
        with ec.Client(sandbox.token, base_url=server.url, retry=ONCE, transport=way(sandbox)) as client:

            def ask() -> None:
                for _ in range(10):
                    with suppress(errors.TooManyRequests):
                        client.request("GET", "dp", "/empresas")

            threads = [threading.Thread(target=ask) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert sorted(numbers) == list(range(1, 81))
        assert [seen.fault for seen in sandbox.requests].count(Fault.STATUS_429) == 40


# --------------------------------------------------------------------------- the page


def test_the_page_tells_each_fault_as_it_is() -> None:
    rows = [line.split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
    told = {cells[1].strip(" `"): (cells[3].strip(), cells[4]) for cells in rows}
    assert told.keys() == {fault.value for fault in Fault}
    for fault in Fault:
        commits, client = told[fault.value]
        assert commits == ("yes" if fault.commits else "no")
        assert f"`{EXPECTED[fault].error.__name__}`" in client
