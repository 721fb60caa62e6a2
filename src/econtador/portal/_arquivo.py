"""Files out of the portal: base64 inside of a JSON document, decoded while it comes.

A document's file may be larger than is good to hold, twice, in memory (once as JSON, once as bytes).
So the answer is given to a :class:`Decoder` piece by piece; it lets the file through, and nothing else.
"""

import base64
import binascii
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from attrs import define, evolve, field

from econtador.errors import UnexpectedAnswer
from econtador.portal import _flow
from econtador.portal._flow import Flow
from econtador.portal._wire.documentos import ARQUIVO_DO_DOCUMENTO, CONTEUDO
from econtador.portal.config import Config

__all__ = ["Decoder", "download", "whole"]

# A quotation mark inside of a JSON text is escaped, so this can only be a name with its value.
_BEGIN = re.compile(rb'"%s"\s*:\s*"' % CONTEUDO.encode())
_ESCAPES = ((b"\\/", b"/"), (b"\\n", b""), (b"\\r", b""))
_LONGEST_HEAD = 1 << 20


def _no_file(reason: str) -> UnexpectedAnswer:
    return UnexpectedAnswer(f"GET {ARQUIVO_DO_DOCUMENTO.name}", 1, 200, reason)


@define
class Decoder:
    """Takes an answer in pieces of any size and writes its file. Holds a few bytes between two pieces."""

    write: Callable[[bytes], object] = field(repr=False)
    _rest: bytes = field(default=b"", init=False, repr=False)
    begun: bool = field(default=False, init=False)
    done: bool = field(default=False, init=False)
    _padded: bool = field(default=False, init=False)
    """Its last four characters were the last of a file."""

    def restart(self) -> None:
        """Forget what came: it comes again."""
        self.begun, self.done, self._padded, self._rest = False, False, False, b""

    def feed(self, piece: bytes) -> None:
        """The next *piece* of the answer. Raises UnexpectedAnswer for what is no file."""
        if self.done:
            return
        self._rest += piece
        if not self.begun:
            found = _BEGIN.search(self._rest)
            if found is None:
                if len(self._rest) > _LONGEST_HEAD:
                    raise _no_file("no file at its beginning")
                return
            self.begun, self._rest = True, self._rest[found.end() :]
        text, quote, _ = self._rest.partition(b'"')
        self.done = bool(quote)
        # An escape may be cut in two by the pieces.
        held = b"\\" if not self.done and text.endswith(b"\\") else b""
        text = text[: len(text) - len(held)]
        for escape, plain in _ESCAPES:
            text = text.replace(escape, plain)
        whole = len(text) if self.done else len(text) // 4 * 4
        self._rest = text[whole:] + held
        self._decode(text[:whole])

    def _decode(self, text: bytes) -> None:
        if not text:
            return
        if self._padded:
            raise _no_file("a file that goes on after its end")
        self._padded = text.endswith(b"=")
        try:
            self.write(base64.b64decode(text, validate=True))
        except binascii.Error:
            raise _no_file("a file that is no base64") from None

    def end(self) -> None:
        """The answer ended. Raises UnexpectedAnswer unless the file did too."""
        if not self.done:
            raise _no_file("a file that breaks off" if self.begun else "no file")


@contextmanager
def whole(path: str | PathLike[str]) -> Generator[BinaryIO, None, None]:
    """A file to write to that is at *path* whole, once all went well, or not at all."""
    place = Path(path)
    part = place.with_name(f"{place.name}.{token_hex(4)}.part")  # its own: two may write *path* at once
    try:
        with part.open("xb") as target:
            yield target
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def download(config: Config, identifier: str, target: BinaryIO) -> Flow[int]:
    """Write the file of the document *identifier* to *target*, from where it stands; return its size in bytes.

    An attempt that broke off is written over by the next, hence *target* must be able to seek.
    """
    start = target.tell()
    decoder = Decoder(target.write)

    def begin() -> None:
        target.seek(start)
        target.truncate()
        decoder.restart()

    asked = _flow.request(config, "GET", _flow.one(ARQUIVO_DO_DOCUMENTO, identifier), {})
    asked = evolve(asked, sink=decoder.feed)
    exchange = _flow.exchange(config, asked, ARQUIVO_DO_DOCUMENTO.names)
    response = yield from _flow.before_each(exchange, begin)
    decoder.feed(response.content)  # of a transport that knows no sink
    decoder.end()
    return target.tell() - start
