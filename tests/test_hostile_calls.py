"""Whatever a program hands over: the request is what was meant, or an error comes before anything is sent."""

import base64
import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import anyio
import httpx
import pytest
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st
from scripted import DRAFT, TOKEN, Answer
from whole_drafts import ATENDIMENTO, CANDIDATO, MOVIMENTO

import econtador as ec
from econtador import errors
from econtador.portal import UNSET, Ativacao
from econtador.portal._flow import Flow
from econtador.portal._wire import envios
from econtador.portal.resources import Offer, Resources
from econtador.portal.transport import Request

ONCE = ec.Retry(attempts=1)
CPF, EMAIL = "52998224725", "ana@exemplo.com.br"
ROW = {"id": "7", "type": "empresas", "attributes": {"nome": "ACME LTDA"}}
ONE = Answer(200, json.dumps({"data": ROW}).encode())
NONE = Answer(200, b'{"data": [], "meta": {"totalResourceCount": 0}}')


class Asked:
    """A transport that keeps what it was asked."""

    def __init__(self, answer: Callable[[Request], Answer]) -> None:
        self.answer = answer
        self.requests: list[Request] = []

    def send(self, request: Request) -> Answer:
        self.requests.append(request)
        return self.answer(request)

    def close(self) -> None: ...


def portal(answer: Answer | Callable[[Request], Answer], **options: Any) -> tuple[ec.Client, Asked]:
    asked = Asked((lambda request: answer) if isinstance(answer, Answer) else answer)
    return ec.Client(TOKEN, retry=ONCE, writes=ec.CONVENTION, transport=asked, **options), asked


def path(request: Request) -> str:
    """As httpx puts it on the wire, without what all hosts begin with."""
    return httpx.URL(request.url).raw_path.decode().partition("?")[0].removeprefix("/api/v1")


def parameters(request: Request) -> dict[str, list[str]]:
    return parse_qs(urlsplit(request.url).query, keep_blank_values=True, strict_parsing=True)


# --------------------------------------------------------------------------- ids and paths

OFFERS = {name: offer for name, offer in vars(Resources).items() if isinstance(offer, Offer)}
BY_ID: dict[str, Callable[[Any, str], object]] = {
    "usuarios.update": lambda client, key: client.usuarios.update(key, Ativacao()),
    "arquivo": lambda client, key: client.arquivo(key),
    "empresas_do_usuario": lambda client, key: list(client.empresas_do_usuario.list(usuario=key)),
    "lookup": lambda client, key: client.lookup("tipos-sexo").get(key),
}


def _get(name: str) -> Callable[[Any, str], object]:
    return lambda client, key: getattr(client, name).get(key)


BY_ID |= {f"{name}.get": _get(name) for name, offer in OFFERS.items() if "get" in offer.resource.verbs}

awkward = st.text(
    st.sampled_from("./?#%&=@:\\ \r\n\t\0é7a٣\u2028") | st.characters(exclude_categories=["Cs"]), max_size=8
)


@pytest.mark.parametrize("name", BY_ID)
@given(key=awkward | st.sampled_from(["..", ".", "", "../usuarios", "%2e%2e", "\ud800"]))
@example(key="..")
@example(key="")
def test_an_id_is_one_part_of_the_path_or_nothing_is_sent(name: str, key: str) -> None:
    plain, asked = portal(lambda request: Answer(404))
    with pytest.raises(errors.NotFound):
        BY_ID[name](plain, "MODELO")
    expected = path(asked.requests[0]).split("/")
    strange, asked = portal(lambda request: Answer(404))
    with pytest.raises((errors.NotFound, errors.ConfigError, errors.InvalidQuery, UnicodeError)) as caught:
        BY_ID[name](strange, key)
    if isinstance(caught.value, errors.NotFound):
        parts = path(asked.requests[0]).split("/")
        assert [unquote(part) for part in parts] == [key if part == "MODELO" else part for part in expected]
    else:
        assert not asked.requests
        assert key in {"", ".", "..", "\ud800"}


@given(there=awkward.map("/".__add__) | awkward | st.sampled_from(["//evil", "@evil", "/../x", "/a/./b", ""]))
def test_a_path_is_beneath_the_prefix_as_it_is_written_or_nothing_is_sent(there: str) -> None:
    client, asked = portal(ONE)
    try:
        client.request("GET", "dp", there)
    except errors.ConfigError:
        assert not asked.requests
        return
    (request,) = asked.requests
    address = httpx.URL(request.url)
    assert (address.host, address.query, address.fragment) == ("dp.pack.alterdata.com.br", b"", "")
    assert unquote(path(request)) == unquote(there)


@pytest.mark.parametrize("key", [EMAIL, f" {CPF}", f"é{CPF}", "529.982.247-25", f"{CPF}\n", f"x/{EMAIL}"])
def test_no_error_and_no_log_line_shows_whom_one_asked_for(
    key: str, caplog: pytest.LogCaptureFixture
) -> None:
    client, _ = portal(Answer(404))
    with caplog.at_level(logging.DEBUG), pytest.raises(errors.NotFound) as caught:
        client.usuarios.get(key)
    for text in (str(caught.value), repr(caught.value), caplog.text):
        assert "usuarios/" in text
        assert "***" in text
        assert not any(secret in unquote(text) for secret in (CPF, EMAIL, "529.982.247-25"))
        assert "\n" not in text.rstrip("\n")


@pytest.mark.parametrize("token", [None, b"abc", 5, "", "a\r\nX: y", "a b", "é"])
def test_a_token_that_would_be_another_header_makes_no_client(token: Any) -> None:
    with pytest.raises(errors.ConfigError):
        ec.Client(token)


@pytest.mark.parametrize(
    "address", ["http://portal.test\n", "http://portal.test/a b", "http://portal\r\n.test"]
)
def test_an_address_has_no_line_end_and_no_blank(address: str) -> None:
    with pytest.raises(errors.ConfigError, match="base_url"):
        ec.Client(TOKEN, base_url=address)


def test_the_environments_address_may_end_in_a_line() -> None:
    config = ec.Config.from_env({"ECONTADOR_TOKEN": TOKEN, "ECONTADOR_BASE_URL": "http://portal.test\n"})
    assert config.base_url == "http://portal.test"


# --------------------------------------------------------------------------- queries

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(st.dictionaries(words.filter(lambda name: not name.startswith("page[")), words, max_size=3))
def test_where_is_sent_as_it_is_said(where: Mapping[str, str]) -> None:
    client, asked = portal(NONE)
    assert list(client.empresas.list(where=where)) == []
    page = {"page[limit]": ["200"], "page[offset]": ["0"]}
    assert parameters(asked.requests[0]) == {name: [value] for name, value in where.items()} | page


@pytest.mark.parametrize("value", [None, True, 5, ["x"], b"x", UNSET])
def test_where_takes_texts_and_guesses_none(value: Any) -> None:
    client, asked = portal(NONE)
    with pytest.raises(errors.InvalidQuery, match="where"):
        client.empresas.list(where={"filter[x]": value})
    assert not asked.requests


class Integer:
    """As whole numbers of numerical libraries are."""

    def __index__(self) -> int:
        return 50


def test_a_page_is_a_whole_number_of_rows_of_any_make() -> None:
    client, asked = portal(NONE)
    limit: Any
    for limit in (100.0, 1.5, "50", Decimal(50), True, None):
        with pytest.raises((TypeError, errors.InvalidQuery)):
            client.empresas.list(limit=limit)
    limit = Integer()
    assert list(client.empresas.list(limit=limit)) == []
    assert parameters(asked.requests[0])["page[limit]"] == ["50"]


OWNED: Mapping[str, str] = {
    "documentos": "empresa",
    "categorias_documento": "login",
    "empresas_do_usuario": "usuario",
}


@pytest.mark.parametrize("name", OWNED)
@pytest.mark.parametrize("whose", [None, "", UNSET, float("nan"), ["1"]])
def test_what_belongs_to_nobody_in_particular_is_not_asked_for(name: str, whose: Any) -> None:
    client, asked = portal(NONE)
    with pytest.raises(errors.InvalidQuery, match=OWNED[name]):
        getattr(client, name).list(**{OWNED[name]: whose})
    assert not asked.requests


@pytest.mark.parametrize("wrong", ["", UNSET, float("nan"), b"1"])
def test_a_filter_that_filters_nothing_is_refused(wrong: Any) -> None:
    client, asked = portal(NONE)
    for listing in (client.funcionarios, client.departamentos, client.certidoes):
        with pytest.raises(errors.InvalidQuery, match="empresaId"):
            listing.list(empresa=wrong)
    assert not asked.requests


@pytest.mark.parametrize("written", ["529.982.247-25", CPF, ec.Cpf(CPF)])
def test_a_document_is_asked_for_without_its_mask(written: str | ec.Cpf) -> None:
    client, asked = portal(NONE)
    lists: list[Iterator[object]] = [
        client.empresas.list(documento=written),
        client.documentos.list(empresa=written),
        client.categorias_documento.list(login=written),
        client.tipos_certidao.list(usuario=written),
        client.empresas_do_usuario.list(usuario=written),
    ]
    for listing in lists:
        assert list(listing) == []
        assert CPF in asked.requests.pop().url


def test_a_moment_is_no_day() -> None:
    client, asked = portal(NONE)
    with pytest.raises(errors.InvalidQuery, match="datetime"):
        client.documentos.list(empresa="1", criacao=datetime(2026, 1, 5, 3))
    assert list(client.documentos.list(empresa="1", criacao=date(2026, 1, 5))) == []
    assert parameters(asked.requests[0])["filter[criacao]"] == ["2026-01-05"]


def test_include_may_be_anything_that_names_come_from() -> None:
    client, asked = portal(ONE)
    names: Iterable[Any]
    for names in (iter(["empresa"]), ("empresa",), {"empresa": 1}, {"empresa"}):
        client.funcionarios.get_many(["1", "2"], include=names)
    assert [parameters(request)["include"] for request in asked.requests] == [["empresa"]] * 8


@pytest.mark.parametrize("document", [191, None, float("nan"), b"191", ["1"]])
def test_a_document_that_is_no_text_is_said_to_be_none(document: Any) -> None:
    client, asked = portal(NONE)
    with pytest.raises(errors.InvalidDocument, match="not a text"):
        client.empresas.by_document(document)
    assert not asked.requests


# --------------------------------------------------------------------------- drafts


def test_what_json_cannot_say_is_not_sent() -> None:
    client, asked = portal(ONE)
    nan: Any = float("nan")
    with pytest.raises(ValueError, match="JSON"):
        client.empresas.create(evolve(DRAFT, bairro=nan))
    with pytest.raises(UnicodeError):
        client.empresas.create(evolve(DRAFT, nome="\ud800"))
    assert not asked.requests


@given(cents=st.integers(0, 10**15 - 1), places=st.integers(0, 4), precision=st.integers(1, 28))
def test_an_amount_is_sent_exactly_whatever_precision_a_program_has_set(
    cents: int, places: int, precision: int
) -> None:
    amount = Decimal(f"{cents // 100}.{cents % 100:02}{'0' * places}")
    with localcontext() as context:
        context.prec = precision
        moved = envios.MOVIMENTOS.encode(evolve(MOVIMENTO, valor=amount)).attributes["valor"]
        salary = envios.CANDIDATOS.encode(evolve(CANDIDATO, salario=amount)).attributes["salario"]
    assert moved == f"{cents // 100}.{cents % 100:02}"
    assert json.loads(json.dumps(salary), parse_float=Decimal) == amount


@pytest.mark.parametrize("id", ["7\n", " 7", "7\u00a0"])
def test_an_id_with_blanks_around_it_is_refused(id: str) -> None:
    with pytest.raises(errors.InvalidDraft, match="blanks"):
        evolve(MOVIMENTO, funcionario=id)


def test_a_moment_is_sent_in_utc_in_any_year_or_refused() -> None:
    early = datetime(202, 1, 5, tzinfo=UTC)  # a slip of the hand, and told as it is
    assert envios.ATENDIMENTOS.encode(evolve(ATENDIMENTO, previsao=early)).attributes["previsao"] == (
        "0202-01-05T00:00:00Z"
    )
    with pytest.raises(errors.InvalidDraft, match="UTC"):
        evolve(ATENDIMENTO, previsao=datetime.max.replace(tzinfo=timezone(timedelta(hours=-3))))


# --------------------------------------------------------------------------- many at once


@pytest.mark.parametrize("workers", [1, 3])
def test_many_inside_of_many_end_though_only_one_may_be_asked_at_once(workers: int) -> None:
    client, asked = portal(ONE, pace=ec.Pace(at_once=1))

    def nested() -> Flow[int]:
        yield from ()
        return len(client.empresas.get_many(["1", "2"], workers=workers))

    done: list[object] = []
    thread = threading.Thread(
        target=lambda: done.extend(client.gather([nested() for _ in range(4)], workers=workers)), daemon=True
    )
    thread.start()
    thread.join(5)
    assert done == [2, 2, 2, 2]
    assert len(asked.requests) == 8


def test_nothing_is_nothing_and_more_workers_than_work_do_no_harm() -> None:
    client, asked = portal(ONE)
    assert client.gather([]) == client.empresas.get_many([]) == client.empresas.by_documents([]) == ()
    assert len(client.empresas.get_many(["1"], workers=50)) == 1
    assert len(asked.requests) == 1


def test_an_interrupt_begins_nothing_more() -> None:
    def answer(request: Request) -> Answer:
        time.sleep(0.005)
        if len(asked.requests) == 4:
            raise KeyboardInterrupt
        return ONE

    client, asked = portal(answer)
    with pytest.raises(KeyboardInterrupt):
        client.empresas.get_many([str(key) for key in range(1, 200)], workers=2)
    assert len(asked.requests) < 20


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_what_is_cancelled_half_way_leaves_nothing_running(backend: str) -> None:
    begun: list[str] = []
    ended: list[str] = []

    class Slow:
        async def send(self, request: Request) -> Answer:
            begun.append(request.url)
            try:
                await anyio.sleep(0.01 if len(begun) <= 3 else 60)
            finally:
                ended.append(request.url)
            return ONE

        async def aclose(self) -> None: ...

    async def main() -> None:
        client = ec.AsyncClient(TOKEN, transport=Slow())
        with anyio.move_on_after(0.2) as scope:
            await client.empresas.get_many([str(key) for key in range(1, 50)], workers=3)
        assert scope.cancelled_caught

    anyio.run(main, backend=backend)
    assert 3 < len(begun) == len(ended) <= 6


# --------------------------------------------------------------------------- files


def file(content: bytes) -> Answer:
    attributes = {"bytes": base64.b64encode(content).decode()}
    return Answer(200, json.dumps({"data": {"id": "9", "attributes": attributes}}).encode())


@pytest.mark.parametrize("where", ["missing/nota.pdf", "folder", "old.pdf/nota.pdf"])
def test_a_file_that_cannot_be_written_leaves_all_as_it_was(where: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "old.pdf").write_bytes(b"as it was")
    client, _ = portal(file(b"new"))
    with pytest.raises(OSError):
        client.save_arquivo("9", tmp_path / where)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder", "old.pdf"]
    assert (tmp_path / "old.pdf").read_bytes() == b"as it was"


def test_a_full_disk_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="only here can a disk be made full")
    (tmp_path / "old.pdf").write_bytes(b"as it was")
    client, _ = portal(file(b"new" * 10_000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OSError):
            client.save_arquivo("9", tmp_path / "old.pdf")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [entry.name for entry in tmp_path.iterdir()] == ["old.pdf"]
    assert (tmp_path / "old.pdf").read_bytes() == b"as it was"
