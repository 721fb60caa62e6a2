"""Creating one company: what the processor does for it, through this library, its peers and a bare socket.

Each contender is a process of its own that makes what it sends from four texts, sends it, and reads the answer into
what it gives its users. Connecting and the first calls are not measured. Nothing waits: the portal answers at once.
"""

import json
import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from itertools import count, islice
from socket import IPPROTO_TCP, TCP_NODELAY, create_connection
from urllib.parse import urlsplit

import econtador as ec
from benchmarks.documents import cnpj
from benchmarks.measuring import (
    Figure,
    Reach,
    Row,
    Table,
    interleaved,
    left_out,
    present,
    report,
    reported,
    timed,
)
from benchmarks.server import portal
from econtador.portal import EmpresaNova

HEADERS = {"authorization": "Bearer t", "content-type": "application/vnd.api+json"}
Create = Callable[[int], object]


def attributes(number: int) -> dict[str, str]:
    """A company as scripts have it."""
    return {
        "externoid": f"{number:05}",
        "nome": f"EMPRESA MODELO {number:05} COMERCIO DE ALIMENTOS LTDA",
        "cpfCnpjAlfanumerico": cnpj(number),
        "endereco": "RUA DAS FLORES",
        "bairro": "CENTRO",
        "atividade": "COMERCIO VAREJISTA DE ALIMENTOS",
        "inscricaoEstadual": "110042490114",
    }


def document(number: int) -> dict[str, object]:
    return {"data": {"type": "empresas", "attributes": attributes(number)}}


# --------------------------------------------------------------------------- the contenders


def by_socket(url: str) -> Create:
    """One write, one read, and the answer's JSON."""
    connection = create_connection((urlsplit(url).hostname, urlsplit(url).port))
    connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    fields = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())

    def create(number: int) -> object:
        body = json.dumps(document(number)).encode()
        head = f"POST /empresas HTTP/1.1\r\nhost: portal\r\n{fields}content-length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        return json.loads(connection.recv(65536).partition(b"\r\n\r\n")[2])

    return create


def by_client(client: ec.Client) -> Create:
    def create(number: int) -> object:
        given = attributes(number)
        return client.empresas.create(
            EmpresaNova(
                codigo=given["externoid"],
                nome=given["nome"],
                documento=ec.Cnpj(given["cpfCnpjAlfanumerico"]),
                endereco=given["endereco"],
                bairro=given["bairro"],
                atividade=given["atividade"],
                inscricao_estadual=given["inscricaoEstadual"],
            )
        )

    return create


def by_econtador(url: str) -> Create:
    return by_client(ec.Client("t", base_url=url, writes=ec.CONVENTION))


def by_econtador_httpx2(url: str) -> Create:
    transport = import_module("econtador.portal._httpx2").Httpx2Transport()
    return by_client(ec.Client("t", base_url=url, writes=ec.CONVENTION, transport=transport))


def by_post(module: str, session: str, url: str) -> Create:
    """``httpx.Client``, ``httpx2.Client`` or ``requests.Session``: they are called alike."""
    client = getattr(import_module(module), session)()
    client.headers.update(HEADERS)

    def create(number: int) -> object:
        answer = client.post(f"{url}/empresas", json=document(number))
        answer.raise_for_status()
        return answer.json()

    return create


def by_requests(url: str) -> Create:
    """A connection for each call: the function that scripts begin with."""
    post = import_module("requests").post

    def create(number: int) -> object:
        answer = post(f"{url}/empresas", json=document(number), headers=HEADERS)
        answer.raise_for_status()
        return answer.json()

    return create


def by_stripe(url: str) -> Create:
    client = import_module("stripe").StripeClient("sk_test_t", base_addresses={"api": url})

    def create(number: int) -> object:
        given = attributes(number)
        return client.v1.customers.create(params={"name": given["nome"], "metadata": given})

    return create


def by_openai(url: str) -> Create:
    client = import_module("openai").OpenAI(api_key="t", base_url=url)

    def create(number: int) -> object:
        given = attributes(number)
        return client.vector_stores.create(name=given["nome"], metadata=given)

    return create


CONTENDERS: Mapping[str, tuple[str, Callable[[str], Create]]] = {
    "bare socket": ("", by_socket),
    "econtador": ("", by_econtador),
    "econtador on httpx2": ("httpx2", by_econtador_httpx2),
    "httpx.Client.post": ("", partial(by_post, "httpx", "Client")),
    "httpx2.Client.post": ("httpx2", partial(by_post, "httpx2", "Client")),
    "requests.Session.post": ("requests", partial(by_post, "requests", "Session")),
    "requests.post": ("requests", by_requests),
    "stripe": ("stripe", by_stripe),
    "openai": ("openai", by_openai),
}
"""By name: the peer that it needs, and how it creates."""

PEERS = ("httpx2", "requests", "stripe", "openai")
REACHES = (
    ("econtador", "httpx.Client.post", 0.7),
    ("econtador", "requests.Session.post", 0.45),
    ("econtador", "stripe", 0.35),
    ("econtador", "openai", 0.35),
    ("econtador on httpx2", "econtador", 1.0),
)

NOTE = (
    "Medians of {repeats} rounds of {times:,} creates; user and system time of the client's process, "
    "all of its threads. The portal is another process and answers at once."
)


def one(name: str, url: str, times: int) -> None:
    """Reports the figure of one create."""
    create, numbers = CONTENDERS[name][1](url), count(1)
    for number in islice(numbers, times // 10 + 2):
        create(number)
    figure = timed(lambda: [create(number) for number in islice(numbers, times)])
    report(figure.each(times))


def measure(quick: bool) -> Table:
    times, repeats = (20, 1) if quick else (3000, 5)
    here = [name for name, (peer, _) in CONTENDERS.items() if not peer or present(peer)]
    with portal() as url:
        found = interleaved(
            {name: partial(reported, "create", name, url, str(times)) for name in here}, repeats
        )
    return Table(
        name="create",
        title="Creating one company: processor time",
        floor="bare socket",
        rows=tuple(row(name, figure, found["bare socket"]) for name, figure in found.items()),
        reaches=tuple(
            Reach(f"{ours}, of {theirs}", found[ours].processor / found[theirs].processor, most)
            for ours, theirs, most in REACHES
            if ours in found and theirs in found
        ),
        notes=(NOTE.format(repeats=repeats, times=times), *left_out(*PEERS)),
        peers=("httpx", *PEERS),
    )


def row(name: str, figure: Figure, floor: Figure) -> Row:
    return Row(name, figure.processor * 1e6, "µs", figure.processor / floor.processor)


if __name__ == "__main__":
    one(sys.argv[1], sys.argv[2], int(sys.argv[3]))
