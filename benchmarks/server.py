"""A portal that answers as fast as it can: a process of its own, so that its work is not its clients'.

    with portal(milliseconds=50, listed=10_000) as url: ...

A POST is answered with what was sent, and an id; a GET with the page that it asks for, of *listed* companies
spelled as the portal spells them. Nothing is kept and nothing is looked at. Connections stay open. The peers' own
addresses answer with what each of them expects.
"""

import argparse
import asyncio
import json
import re
import socket
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count

from benchmarks.documents import cnpj
from benchmarks.measuring import ROOT

HEAD = "HTTP/1.1 {status}\r\ncontent-type: application/vnd.api+json; charset=utf-8\r\ncontent-length: {length}\r\n\r\n"
SENT = b'{"data":{'
PEERS = {
    "/v1/customers": {
        "id": "cus_1",
        "object": "customer",
        "name": "EMPRESA MODELO 00001 LTDA",
        "metadata": {},
        "created": 1760000000,
        "livemode": False,
    },
    "/vector_stores": {
        "id": "vs_1",
        "object": "vector_store",
        "name": "EMPRESA MODELO 00001 LTDA",
        "metadata": {},
        "created_at": 1760000000,
        "status": "completed",
        "usage_bytes": 0,
    },
}


def answer(status: str, body: bytes) -> bytes:
    return HEAD.format(status=status, length=len(body)).encode() + body


def resource(number: int) -> dict[str, object]:
    """A company as the portal's public API shows it, its relationships as links alone."""
    itself = f"/api/v1/empresas/{number}"
    related = ("funcionarios", "departamentos", "eventos")
    documento = cnpj(number)
    attributes = {
        "nome": f"EMPRESA MODELO {number:05} COMERCIO DE ALIMENTOS LTDA",
        "ativa": True,
        "cpfcnpj": int(documento),
        "cpfCnpjAlfanumerico": documento,
        "isCpf": False,
        "endereco": f"RUA DAS FLORES, {number}, CENTRO, SÃO PAULO, SP",
        "externoid": f"{number:05}",
        "tipoMovimentoPermitido": None,
        "controlaTransferenciaTomadores": False,
    }
    links = {name: {"links": {"related": f"{itself}/{name}"}} for name in related}
    return {
        "id": str(number),
        "type": "empresas",
        "attributes": attributes,
        "relationships": links,
        "links": {"self": itself},
    }


@cache
def page(listed: int, limit: int, offset: int) -> bytes:
    rows = [resource(number) for number in range(offset + 1, min(offset + limit, listed) + 1)]
    first = f"/api/v1/empresas?page%5Blimit%5D={limit}&page%5Boffset%5D=0"
    document = {"data": rows, "links": {"first": first}, "meta": {"totalResourceCount": listed}}
    return answer("200 OK", json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


@cache
def of_peer(path: str) -> bytes:
    return answer("200 OK", json.dumps(PEERS[path]).encode())


class Portal(asyncio.Protocol):
    """One connection."""

    def __init__(self, latency: float, listed: int, ids: Iterator[int]) -> None:
        self.latency, self.listed, self.ids = latency, listed, ids
        self.later = asyncio.get_running_loop().call_later
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.received[:end]
        length = re.search(rb"(?i)\r\ncontent-length: *([0-9]+)", head)
        body = self.received[end + 4 :]
        if length and len(body) < int(length[1]):
            return
        self.received = b""
        reply = self.reply(head, body)
        if self.latency:
            self.later(self.latency, self.transport.write, reply)
        else:
            self.transport.write(reply)

    def reply(self, head: bytes, body: bytes) -> bytes:
        if body.startswith(SENT):
            created = b'{"data":{"id":"%d",%s' % (next(self.ids), body[len(SENT) :])
            return answer("201 Created", created)
        path, _, query = head.split(b" ", 2)[1].decode("ascii").partition("?")
        if path in PEERS:
            return of_peer(path)
        asked = dict(re.findall(r"page(?:%5B|\[)(limit|offset)(?:%5D|\])=([0-9]+)", query))
        return page(self.listed, int(asked.get("limit", 25)), int(asked.get("offset", 0)))


async def serve(latency: float, listed: int) -> None:
    ids = count(1)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Portal(latency, listed, ids), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def portal(milliseconds: float = 0, listed: int = 0) -> Generator[str, None, None]:
    """Its address. Each page is made once, when it is first asked for."""
    words = [sys.executable, "-m", "benchmarks.server", str(milliseconds), str(listed)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("milliseconds", type=float)
    parser.add_argument("listed", type=int)
    asked = parser.parse_args()
    asyncio.run(serve(asked.milliseconds / 1000, asked.listed))
