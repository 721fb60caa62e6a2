"""Many at once, and one after a failure: nothing more is begun, nothing is mixed, nobody is shown."""

import base64
import contextlib
import json
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from scripted import TOKEN, Answer, client, company, ok

import econtador as ec
from econtador import errors
from econtador.portal import Empresa
from econtador.portal._flow import Flow, get
from econtador.portal._wire.empresas import EMPRESAS
from econtador.portal.transport import Request

ONCE = ec.Retry(attempts=1)


@pytest.mark.parametrize("total", [None, 1, 2, 4])
def test_a_row_that_its_own_page_repeats_is_told_once(total: int | None) -> None:
    meta = {} if total is None else {"meta": {"totalResourceCount": total}}
    page = ok([company(1), company(1)], **meta)
    portal, _ = client(page, page)
    told: list[str] = []
    with contextlib.suppress(errors.IncompleteListing):
        told.extend(one.id for one in portal.empresas.list(limit=2))
    assert len(told) == len(set(told))


def test_someone_else_is_not_the_one_with_that_document() -> None:
    other = {"id": "11144477735", "type": "usuarios", "attributes": {"nome": "PESSOA MODELO 02"}}
    for id, found in (("00000000191", True), ("191", True), ("000.000.001-91", True), (other["id"], False)):
        portal, _ = client(ok({**other, "id": id}))
        if found:
            assert portal.usuarios.by_document("00000000191") is not None
        else:
            with pytest.raises(errors.UnexpectedAnswer, match="another record"):
                portal.usuarios.by_document("00000000191")


def test_a_document_that_is_no_text_is_one_error_among_many() -> None:
    portal, _ = client()
    found = portal.empresas.by_documents([191, float("nan"), None])  # type: ignore[list-item]
    assert [type(one) for one in found] == [errors.InvalidDocument] * 3


def test_a_long_text_of_the_portals_is_redacted_in_no_time() -> None:
    for text in ("a" * 500_000, "1" * 500_000, "a.b-" * 125_000):
        begun = time.perf_counter()
        assert errors.redact(f"{text} ana@exemplo.com.br") == f"{text} ***"
        assert time.perf_counter() - begun < 5


def test_the_id_of_a_request_shows_nobody() -> None:
    portal, _ = client(Answer(400, b"", {"x-request-id": "ana@exemplo.com.br"}))
    with pytest.raises(errors.Rejected) as caught:
        portal.empresas.get("1")
    assert "exemplo" not in str(caught.value)


def test_a_wrong_path_leaves_no_token_in_the_frames_of_its_error() -> None:
    portal, _ = client()
    with pytest.raises(errors.ConfigError) as caught:
        portal.empresas.get("")
    _, *frames = traceback.walk_tb(caught.value.__traceback__)
    assert frames
    for frame, _ in frames:
        assert TOKEN not in repr(frame.f_locals)


def test_many_stop_at_once_when_their_list_breaks_off() -> None:
    class Slow:
        sent = 0

        def send(self, request: Request) -> Answer:
            self.sent += 1
            time.sleep(0.01)
            return ok(company(1))

        def close(self) -> None: ...

    slow = Slow()
    portal = ec.Client(TOKEN, transport=slow, retry=ONCE)

    def flows() -> Iterator[Flow[Empresa]]:
        for key in range(100):
            yield get(portal.config, EMPRESAS, str(key))
        raise KeyError("the list")

    with pytest.raises(KeyError):
        portal.gather(flows(), workers=2)
    assert slow.sent < 20


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_what_is_no_error_of_the_library_comes_out_alone(backend: str) -> None:
    class Broken:
        async def send(self, request: Request) -> Answer:
            await anyio.sleep(0)
            raise KeyError("a bug of the transport")

        async def aclose(self) -> None: ...

    async def main() -> None:
        with pytest.raises(KeyError):
            await ec.AsyncClient(TOKEN, transport=Broken()).empresas.get_many(["1", "2", "3"])

    anyio.run(main, backend=backend)


def test_two_files_of_one_path_are_one_of_them_whole(tmp_path: Path) -> None:
    (tmp_path / "nota.pdf.part").write_bytes(b"somebody's own")
    files = {"1": b"A" * 3000, "2": b"B" * 9000}
    together = threading.Barrier(2)

    class InPieces:
        def send(self, request: Request) -> Answer:
            key = request.url.split("/")[-2]
            attributes = {"bytes": base64.b64encode(files[key]).decode()}
            whole = json.dumps({"data": {"id": key, "attributes": attributes}}).encode()
            assert request.sink is not None
            request.sink(whole[: len(whole) // 2])
            together.wait()
            time.sleep(0.02 * int(key))
            request.sink(whole[len(whole) // 2 :])
            return Answer(200)

        def close(self) -> None: ...

    portal = ec.Client(TOKEN, transport=InPieces(), retry=ONCE)
    sizes: dict[str, int] = {}
    threads = [
        threading.Thread(
            target=lambda key=key: sizes.update({key: portal.save_arquivo(key, tmp_path / "nota.pdf")})
        )
        for key in files
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert sizes == {key: len(content) for key, content in files.items()}
    assert (tmp_path / "nota.pdf").read_bytes() in files.values()
    assert (tmp_path / "nota.pdf.part").read_bytes() == b"somebody's own"
    assert len([*tmp_path.iterdir()]) == 2
