"""Files out of the portal: as bytes, or straight to the disk, whole or not at all."""

import asyncio
import base64
import itertools
import json
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import TOKEN, Answer

import econtador as ec
from econtador import errors
from econtador.portal._arquivo import Decoder
from econtador.portal.transport import Request
from econtador.sandbox import Sandbox


def body(content: bytes) -> bytes:
    """As the portal sends a file."""
    attributes = {"nome": 'nota \\"bytes\\": "x"', "bytes": base64.b64encode(content).decode()}
    return json.dumps({"data": {"id": "9", "type": "integracao/arquivos", "attributes": attributes}}).encode()


def cut(whole: bytes, places: Iterable[int]) -> list[bytes]:
    ends = sorted({place % (len(whole) + 1) for place in places} | {0, len(whole)})
    return [whole[begin:end] for begin, end in itertools.pairwise(ends)]


class Pieces:
    """A transport whose every answer is a list of pieces; an error among them breaks it off."""

    def __init__(self, *answers: list[bytes | errors.PortalError]) -> None:
        self.answers = list(answers)

    def send(self, request: Request) -> Answer:
        for piece in self.answers.pop(0):
            if isinstance(piece, errors.PortalError):
                raise piece
            assert request.sink is not None
            request.sink(piece)
        return Answer(200)

    def close(self) -> None: ...


def client(*answers: list[bytes | errors.PortalError]) -> ec.Client:
    return ec.Client(TOKEN, transport=Pieces(*answers), retry=ec.Retry(first=0.0))


# --------------------------------------------------------------------------- the decoder


@given(st.binary(max_size=200), st.lists(st.integers(0, 10_000), max_size=12))
def test_a_file_is_the_same_however_its_answer_is_cut(content: bytes, places: list[int]) -> None:
    written = bytearray()
    decoder = Decoder(written.extend)
    for piece in cut(body(content), places):
        decoder.feed(piece)
    decoder.end()
    assert written == content


@given(st.binary(min_size=1, max_size=200), st.lists(st.integers(0, 10_000), max_size=12))
def test_base64_may_be_escaped_and_folded(content: bytes, places: list[int]) -> None:
    folded = base64.encodebytes(content).decode()
    answer = json.dumps({"bytes": folded}).replace("/", r"\/").encode()
    written = bytearray()
    decoder = Decoder(written.extend)
    for piece in cut(answer, places):
        decoder.feed(piece)
    decoder.end()
    assert written == content


@given(st.binary(min_size=1, max_size=60), st.data())
def test_an_answer_that_breaks_off_is_no_file(content: bytes, data: st.DataObject) -> None:
    whole = body(content)
    end = data.draw(st.integers(0, whole.rindex(b'"', 0, len(whole) - 3)))
    decoder = Decoder(bytearray().extend)
    with pytest.raises(errors.UnexpectedAnswer, match="no file|breaks off|no base64"):
        decoder.feed(whole[:end])
        decoder.end()


@pytest.mark.parametrize(
    "answer",
    [b"", b"<html>", b'{"data": null}', b'{"bytes": null}', b'{"bytes": "%%%%"}', b'{"bytes": "abc"}',
     b'{"bytes": "YWJj\\u0020YWJj"}', b" " * (1 << 20) + b"x"],
)  # fmt: skip
def test_what_is_no_file_is_said_to_be_none(answer: bytes) -> None:
    with pytest.raises(errors.UnexpectedAnswer):
        client([answer]).arquivo("9")


# --------------------------------------------------------------------------- the client


def test_a_file_that_broke_off_is_fetched_again_from_its_beginning(tmp_path: Path) -> None:
    content = bytes(range(256)) * 40
    first, second = cut(body(content), [700])
    portal = client([first, errors.AnswerLost()], [first, second])
    assert portal.save_arquivo("9", tmp_path / "nota.pdf") == len(content)
    assert (tmp_path / "nota.pdf").read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == ["nota.pdf"]


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "nota.pdf").write_bytes(b"the former one")
    first, _ = cut(body(b"x" * 3000), [1500])
    fates: list[bytes | errors.PortalError] = [first, errors.AnswerLost()]
    with pytest.raises(errors.AnswerLost):
        client(*[fates] * 4).save_arquivo("9", tmp_path / "nota.pdf")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [
        ("nota.pdf", b"the former one")
    ]


def test_a_large_file_passes_through_little_memory(tmp_path: Path) -> None:
    block = base64.b64encode(b"abcdef" * 8192)

    class Large:
        def send(self, request: Request) -> Answer:
            assert request.sink is not None
            request.sink(b'{"data": {"attributes": {"bytes": "')
            for _ in range(400):
                request.sink(block)
            request.sink(b'"}}}')
            return Answer(200)

        def close(self) -> None: ...

    portal = ec.Client(TOKEN, transport=Large())
    tracemalloc.start()
    size = portal.save_arquivo("9", tmp_path / "large.bin")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == (tmp_path / "large.bin").stat().st_size == 400 * 6 * 8192
    assert peak < 2_000_000, f"{peak} bytes for a file of {size}"


def test_the_files_of_the_sandbox_in_process_served_and_async(tmp_path: Path) -> None:
    with Sandbox() as sandbox, sandbox.serve() as server, sandbox.client() as here:
        sandbox.seed()
        with ec.Client(sandbox.token, base_url=server.url) as there:
            (first, *_) = [
                documento
                for empresa in here.empresas.list()
                for documento in here.documentos.list(empresa=empresa.id)
            ]
            content = here.arquivo(first.id)
            assert content
            assert there.arquivo(first.id) == content
            assert there.save_arquivo(first.id, tmp_path / "served") == len(content)
            with pytest.raises(errors.NotFound):
                there.save_arquivo("none", tmp_path / "none")

        async def asynchronous() -> None:
            async with ec.AsyncClient(sandbox.token, base_url=server.url) as other:
                assert await other.arquivo(first.id) == content
                assert await other.save_arquivo(first.id, tmp_path / "async") == len(content)

        asyncio.run(asynchronous())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "served": content,
        "async": content,
    }
