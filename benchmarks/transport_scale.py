"""How the transports scale: POSTs of 1 KB by 1 to 128 workers, against raw sockets.

    python benchmarks/transport_scale.py            # every row, about four minutes
    python benchmarks/transport_scale.py --seconds 1 --latency 50 --workers 128 --only httpx2

*shared* is one pool of the library for all workers, *stack* what ``Client`` uses. Prints requests a second and
the processor time of this process for each request; the server is another process.
"""

import argparse
import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from socket import IPPROTO_TCP, TCP_NODELAY, create_connection

import httpx
import httpx2
from attrs import frozen

from econtador.portal._httpx import AsyncHttpxTransport, HttpxTransport
from econtador.portal._httpx2 import AsyncHttpx2Transport, Httpx2Transport
from econtador.portal.transport import AsyncTransport, Request, Transport

BODY = b"x" * 1024
HEADERS = {"authorization": "Bearer t", "content-type": "application/vnd.api+json"}
ANSWER = (
    b'HTTP/1.1 201 Created\r\ncontent-type: application/vnd.api+json\r\ncontent-length: 11\r\n\r\n{"data":{}}'
)

# --------------------------------------------------------------------------- the server


class Portal(asyncio.Protocol):
    """Answers each POST of :data:`BODY` after *latency* seconds, and looks at nothing."""

    def __init__(self, latency: float) -> None:
        self.latency = latency
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.received += data
        if self.received.endswith(b"\r\n\r\n" + BODY):
            self.received = b""
            asyncio.get_running_loop().call_later(self.latency, self.transport.write, ANSWER)


async def serve(latency: float) -> None:
    server = await asyncio.get_running_loop().create_server(
        lambda: Portal(latency), "127.0.0.1", 0, backlog=512
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def portal(milliseconds: float) -> Iterator[int]:
    command = [sys.executable, __file__, "--serve", str(milliseconds / 1000)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


# --------------------------------------------------------------------------- who posts


class RawTransport:
    """The floor: a socket for each thread, one write, one read."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mine = threading.local()

    def send(self, request: Request) -> None:
        if not hasattr(self.mine, "socket"):
            self.mine.socket = create_connection(("127.0.0.1", self.port))
            self.mine.socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        self.mine.socket.sendall(raw(request))
        assert self.mine.socket.recv(65536) == ANSWER

    def close(self) -> None: ...


class AsyncRawTransport:
    """The same with asyncio's streams, one for each task."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: dict[asyncio.Task[None] | None, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}

    async def send(self, request: Request) -> None:
        task = asyncio.current_task()
        if task not in self.streams:
            self.streams[task] = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams[task]
        writer.write(raw(request))
        assert await reader.readexactly(len(ANSWER)) == ANSWER

    async def aclose(self) -> None:
        for _, writer in self.streams.values():
            writer.close()


def raw(request: Request) -> bytes:
    headers = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    head = f"{request.method} /x HTTP/1.1\r\nhost: portal\r\n{headers}content-length: {len(BODY)}\r\n\r\n"
    return head.encode() + request.content


WIDE = httpx.Limits(max_connections=None, max_keepalive_connections=None)
WIDE2 = httpx2.Limits(max_connections=None, max_keepalive_connections=None)

THREADS: Mapping[str, Callable[[int], Transport | RawTransport]] = {
    "raw sockets": RawTransport,
    "httpx shared": lambda port: HttpxTransport(httpx.HTTPTransport(limits=WIDE)),
    "httpx stack": lambda port: HttpxTransport(),
    "httpx2 shared": lambda port: Httpx2Transport(httpx2.HTTPTransport(limits=WIDE2)),
    "httpx2 stack": lambda port: Httpx2Transport(),
}
TASKS: Mapping[str, Callable[[int], AsyncTransport | AsyncRawTransport]] = {
    "raw sockets": AsyncRawTransport,
    "httpx shared": lambda port: AsyncHttpxTransport(httpx.AsyncHTTPTransport(limits=WIDE)),
    "httpx stack": lambda port: AsyncHttpxTransport(),
    "httpx2 shared": lambda port: AsyncHttpx2Transport(httpx2.AsyncHTTPTransport(limits=WIDE2)),
    "httpx2 stack": lambda port: AsyncHttpx2Transport(),
}

# --------------------------------------------------------------------------- measuring


@frozen
class Figure:
    requests: int
    seconds: float
    processor: float

    def __str__(self) -> str:
        each = self.processor / max(self.requests, 1) * 1e6
        return f"{self.requests / self.seconds:>9,.0f} {each:>9,.0f}"


class Clock:
    """Starts when the last worker has had its first answer, so that connecting is not measured."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.until = float("inf")

    def start(self) -> None:
        self.began, self.processor = time.perf_counter(), time.process_time()
        self.until = self.began + self.seconds

    def figure(self, requests: int) -> Figure:
        return Figure(requests, time.perf_counter() - self.began, time.process_time() - self.processor)


def with_threads(send: Callable[[Request], object], request: Request, workers: int, seconds: float) -> Figure:
    clock, done = Clock(seconds), [0] * workers
    ready = threading.Barrier(workers, action=clock.start)

    def work(number: int) -> None:
        send(request)
        ready.wait()
        while time.perf_counter() < clock.until:
            send(request)
            done[number] += 1

    threads = [threading.Thread(target=work, args=[number]) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return clock.figure(sum(done))


async def with_tasks(
    send: Callable[[Request], Awaitable[object]], request: Request, workers: int, seconds: float
) -> Figure:
    clock, done, ready = Clock(seconds), [0] * workers, asyncio.Event()
    waiting = set(range(workers))

    async def work(number: int) -> None:
        await send(request)
        waiting.discard(number)
        if not waiting:
            clock.start()
            ready.set()
        await ready.wait()
        while time.perf_counter() < clock.until:
            await send(request)
            done[number] += 1

    async with asyncio.TaskGroup() as group:
        for number in range(workers):
            group.create_task(work(number))
    return clock.figure(sum(done))


def threads_figure(name: str, port: int, request: Request, workers: int, seconds: float) -> Figure:
    transport = THREADS[name](port)
    try:
        return with_threads(transport.send, request, workers, seconds)
    finally:
        transport.close()


def tasks_figure(name: str, port: int, request: Request, workers: int, seconds: float) -> Figure:
    async def measured() -> Figure:
        transport = TASKS[name](port)
        try:
            return await with_tasks(transport.send, request, workers, seconds)
        finally:
            await transport.aclose()

    return asyncio.run(measured())


def table(milliseconds: float, workers: Sequence[int], seconds: float, only: str) -> None:
    print(f"\n{milliseconds:g} ms, requests/s and µs of processor a request")
    print(" " * 24 + "".join(f"{f'{count} workers':>20}" for count in workers))
    for kind, figure in (("threads", threads_figure), ("tasks", tasks_figure)):
        for name in THREADS:
            if not name.startswith(only):
                continue
            print(f"{kind:<8} {name:<15}", end="", flush=True)
            for count in workers:
                with portal(milliseconds) as port:
                    request = Request("POST", f"http://127.0.0.1:{port}/x", HEADERS, BODY)
                    print(f" {figure(name, port, request, count, seconds)}", end="", flush=True)
            print()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--latency", type=float, nargs="+", default=[0, 50], help="milliseconds")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 8, 32, 128])
    parser.add_argument("--only", default="", help="rows that begin so, e.g. httpx2")
    asked = parser.parse_args()
    if asked.serve is not None:
        asyncio.run(serve(asked.serve))
    for milliseconds in asked.latency:
        table(milliseconds, asked.workers, asked.seconds, asked.only)


if __name__ == "__main__":
    main()
