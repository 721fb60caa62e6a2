"""The sandbox at an address: HTTP/1.1 with keep-alive on 127.0.0.1, for any client in any language.

Whoever can reach the address needs the sandbox's token. Nothing is logged.
"""

import re
import socket
import struct
import sys
import threading
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import urlsplit

from attrs import evolve

from econtador.errors import EcontadorError
from econtador.overriding import override
from econtador.sandbox.entrance import Entrance
from econtador.sandbox.exchange import Answer, Call
from econtador.sandbox.faults import Break, Fault

__all__ = ["Server"]

_LENGTH = re.compile(r"[0-9]{1,9}")
_FINISH_SECONDS = 5.0  # how long close() may wait for answers under way
_POLL_SECONDS = 0.02  # how long close() may wait for the accepting thread

# Once a connection is there it cannot be refused any more: the nearest to it is a reset.
_BEFORE_THE_BODY = {Fault.REFUSED, Fault.DNS_FAILURE, Fault.RESET_BEFORE_COMMIT}

# Closed so, a connection ends in a reset, not in order. Windows has its own size of the structure's two numbers.
_ABRUPTLY = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class _Listener(ThreadingTCPServer):
    """Accepts connections, a thread for each, and knows those that are open."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, entrance: Entrance) -> None:
        self.entrance = entrance
        self._open: set[socket.socket] = set()
        self._changed = threading.Condition()
        super().__init__(("127.0.0.1", port), _Connection)

    @override
    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._open.add(request)
        super().process_request(request, client_address)

    @override
    def shutdown_request(self, request: Any) -> None:
        with self._changed:
            super().shutdown_request(request)
            self._open.discard(request)
            self._changed.notify_all()

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that went away, or a fault that the hook asked for: the connection is dropped, no more.
        if not isinstance(sys.exception(), ConnectionError | EcontadorError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """Read no more from any connection, and wait for the answers that are under way."""
        with self._changed:
            for connection in self._open:
                with suppress(OSError):  # its client was quicker
                    connection.shutdown(socket.SHUT_RD)
            self._changed.wait_for(lambda: not self._open, _FINISH_SECONDS)


class _Connection(BaseHTTPRequestHandler):
    """One connection: requests read from it, answered in order."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _answer(self) -> None:
        length = self.headers.get("content-length", "0")
        if "transfer-encoding" in self.headers or _LENGTH.fullmatch(length) is None:
            self.close_connection = True
            return self._write(Answer(int(HTTPStatus.LENGTH_REQUIRED)))
        entrance = cast("_Listener", self.server).entrance
        try:
            call = self._call()
        except ValueError:  # a path or a host that is none
            self.close_connection = True
            return self._write(Answer(int(HTTPStatus.BAD_REQUEST)))
        turned_away = entrance.turn_away(call)
        if turned_away is not None:
            self.close_connection = True
            return self._write(turned_away)
        fault = entrance.meet(call)
        if fault not in _BEFORE_THE_BODY:
            call = evolve(call, body=self.rfile.read(int(length)))
            if len(call.body) < int(length):
                self.close_connection = True  # half a request is none
                return None
        answer = entrance.answer(call, fault)
        if fault is not None and isinstance(fault.ending, Break):
            return self._break(fault.ending, answer)
        assert answer is not None
        return self._write(answer)

    def _call(self) -> Call:
        """The request, its body still to be read."""
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        there = headers.get("host", "")
        host = urlsplit(f"//{there}").hostname or ""
        origin = f"http://{there}" if there else ""
        return Call(self.command, host, parts.path, parts.query, headers, origin=origin)

    def _break(self, ending: Break, answer: Answer | None) -> None:
        """End the connection in the place of *answer*."""
        self.close_connection = True
        match ending:
            case Break.CLOSED:
                pass
            case Break.CUT if answer is not None:
                self.wfile.write(self._bytes(answer)[: -1 - len(answer.content) // 2])
            case Break.LATE:
                # Comes back when the client hangs up, or close() does it in its place.
                self.connection.recv(1, socket.MSG_PEEK)
            case _:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABRUPTLY)
                # Here and not by the listener, which says goodbye before it closes.
                self.connection.close()

    def _write(self, answer: Answer) -> None:
        # In one write: in two, the second would wait for the first's acknowledgement.
        self.wfile.write(self._bytes(answer))

    def _bytes(self, answer: Answer) -> bytes:
        lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        lines += [
            f"content-length: {len(answer.content)}",
            *(["connection: close"] if self.close_connection else []),
        ]
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        return head if self.command == "HEAD" else head + answer.content

    # http.server's names for the verbs.
    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer  # noqa: N815

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a path may hold a CPF."""


class Server:
    """A sandbox being served until ``close()``. Made by ``Sandbox.serve()``.

    >>> from econtador.sandbox import Sandbox
    >>> with Sandbox() as sandbox, sandbox.serve() as server:
    ...     server.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(self, entrance: Entrance, port: int = 0) -> None:
        """Listen on *port* of 127.0.0.1 (0: a free one). Raises ``OSError`` if it is taken."""
        self._listener = _Listener(port, entrance)
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(_POLL_SECONDS,), name="econtador-sandbox", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``: all of the portal's hosts at one address."""
        return f"http://127.0.0.1:{self._listener.server_address[1]}"

    def close(self) -> None:
        """Stop listening, let answers under way go out, end every connection. May be called twice."""
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()
        self._listener.hang_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @override
    def __str__(self) -> str:
        return self.url

    @override
    def __repr__(self) -> str:
        return f"<Server {self.url}>"
