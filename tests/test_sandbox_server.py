"""The sandbox over a socket, asked by httpx and by hand."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import httpx
import pytest

from econtador.errors import AnswerLost
from econtador.sandbox import Sandbox, Server

EMPRESAS = "/api/v1/empresas"
BODY = {
    "data": {"type": "empresas", "attributes": {"nome": "ZÉ LTDA", "cpfCnpjAlfanumerico": "12ABC34501DE35"}}
}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {sandbox.token}", "Content-Type": "application/vnd.api+json"}
    # The machine's proxy is not asked for its own address.
    with httpx.Client(base_url=sandbox.serve().url, headers=headers, trust_env=False) as made:
        yield made


def raw(server: Server, sent: bytes) -> bytes:
    """All that comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", urlsplit(server.url).port or 0), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_the_socket_answers_as_the_transport_does(sandbox: Sandbox, client: httpx.Client) -> None:
    made = client.post(EMPRESAS, json=BODY)
    assert (made.status_code, made.headers["location"]) == (201, "/api/v1/empresas/1")
    assert made.headers["content-type"] == "application/vnd.api+json"
    assert made.json()["data"]["attributes"]["nome"] == "ZÉ LTDA"
    assert client.get(made.headers["location"]).json() == made.json()
    listed = client.get(EMPRESAS, params={"page[limit]": 1, "filter[ativa]": "true"})
    assert listed.json()["data"] == [made.json()["data"]]
    assert client.get("/api/v1/integracao/usuarios").json()["data"] == []
    assert client.get(EMPRESAS, headers={"Authorization": ""}).status_code == 401
    assert [row.nome for row in sandbox.empresas] == ["ZÉ LTDA"]


def test_the_host_header_chooses_the_service(client: httpx.Client) -> None:
    asked = {"dp": 404, "identificacao": 200, "documentos": 404}
    for name, status in asked.items():
        host = {"Host": f"{name}.pack.alterdata.com.br"}
        assert client.get("/api/v1/integracao/usuarios", headers=host).status_code == status


def test_every_verb_is_answered_by_the_portal(client: httpx.Client) -> None:
    for verb in ("PUT", "PATCH", "DELETE", "OPTIONS"):
        assert client.request(verb, EMPRESAS).json()["errors"][0]["code"] == "METHOD_NOT_ALLOWED"
    head = client.head(EMPRESAS)
    assert (head.status_code, head.content) == (405, b"")
    assert client.get(EMPRESAS).status_code == 200


def test_one_connection_is_kept_and_answers_at_once(sandbox: Sandbox) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(sandbox.serve().url).port or 0, timeout=10)
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    connection.connect()
    first = connection.sock
    begin = time.perf_counter()
    for _ in range(100):
        connection.request("GET", EMPRESAS, headers=headers)
        assert connection.getresponse().read()
        assert connection.sock is first
    # With Nagle's algorithm each would take 40 ms: 4 s for the hundred.
    assert time.perf_counter() - begin < 3
    connection.close()


def test_a_lost_answer_is_a_dropped_connection(sandbox: Sandbox, client: httpx.Client) -> None:
    def fault(method: str, path: str, when: Literal["before", "after"]) -> None:
        if (method, path, when) == ("POST", EMPRESAS, "after"):
            raise AnswerLost

    sandbox.fault = fault
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(EMPRESAS, json=BODY)
    assert client.get(EMPRESAS).json()["meta"] == {"totalResourceCount": 1}


def test_any_other_error_is_shown_and_drops_the_connection(
    sandbox: Sandbox, client: httpx.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(method: str, path: str, when: Literal["before", "after"]) -> None:
        raise RuntimeError("a bug")

    sandbox.fault = broken
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(EMPRESAS)
    sandbox.fault = None
    assert client.get(EMPRESAS).status_code == 200
    assert "a bug" in capsys.readouterr().err


def test_half_a_request_is_none(sandbox: Sandbox) -> None:
    head = f"POST {EMPRESAS} HTTP/1.1\r\nAuthorization: Bearer {sandbox.token}\r\nContent-Length: 500\r\n\r\n"
    assert raw(sandbox.serve(), head.encode() + b'{"data"') == b""
    assert sandbox.requests == ()


@pytest.mark.parametrize(
    "length",
    ["Transfer-Encoding: chunked", "Content-Length: x", "Content-Length: -1", f"Content-Length: {9**40}"],
)
def test_a_body_needs_its_length(sandbox: Sandbox, length: str) -> None:
    answer = raw(sandbox.serve(), f"POST {EMPRESAS} HTTP/1.1\r\n{length}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 411 ")
    assert b"connection: close" in answer
    assert sandbox.requests == ()


def test_a_request_without_a_host(sandbox: Sandbox) -> None:
    head = f"GET {EMPRESAS} HTTP/1.1\r\nAuthorization: Bearer {sandbox.token}\r\n\r\n"
    assert raw(sandbox.serve(), head.encode()).startswith(b"HTTP/1.1 200 OK\r\n")


def test_nothing_is_logged(
    sandbox: Sandbox, client: httpx.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/api/v1/integracao/usuarios/52998224725")
    raw(sandbox.serve(), b"nonsense\r\n\r\n")
    assert capsys.readouterr() == ("", "")


def test_a_server_ends_its_connections_and_frees_its_port(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    with sandbox.serve() as server, httpx.Client(headers=headers, trust_env=False) as client:
        assert str(server) == server.url
        assert repr(server) == f"<Server {server.url}>"
        port = urlsplit(server.url).port or 0
        assert client.get(server.url + EMPRESAS).status_code == 200
        server.close()
        # The connection that the client kept is ended too, not served on.
        with pytest.raises(httpx.TransportError):
            client.get(server.url + EMPRESAS)
    server.close()
    with sandbox.serve(port) as again:
        assert again.url == server.url
        with pytest.raises(OSError, match="in use"):
            sandbox.serve(port)
    assert len(sandbox.requests) == 1


def test_closing_lets_an_answer_under_way_go_out(sandbox: Sandbox) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(method: str, path: str, when: Literal["before", "after"]) -> None:
        if when == "after":
            inside.set()
            assert go_on.wait(10)

    sandbox.fault = slow
    server = sandbox.serve()
    got: list[int] = []

    def ask() -> None:
        headers = {"Authorization": f"Bearer {sandbox.token}"}
        got.append(httpx.get(server.url + EMPRESAS, headers=headers, trust_env=False).status_code)

    asking = threading.Thread(target=ask)
    asking.start()
    assert inside.wait(10)
    threading.Timer(0.1, go_on.set).start()
    server.close()
    asking.join(10)
    assert got == [200]


def test_closing_the_sandbox_closes_its_servers() -> None:
    with Sandbox() as sandbox:
        url = sandbox.serve().url
        assert httpx.get(url + EMPRESAS, trust_env=False).status_code == 401
    with pytest.raises(httpx.ConnectError):
        httpx.get(url + EMPRESAS, trust_env=False)
