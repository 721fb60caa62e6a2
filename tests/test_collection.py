"""What every resource has: its verbs, many at once, options, a check of the token, files."""

import asyncio
import inspect
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import TOKEN, Answer

import econtador as ec
from econtador import errors
from econtador.portal import Ativacao, Empresa, EmpresaNova
from econtador.portal.pace import reserve
from econtador.portal.resources import Offer, Resources
from econtador.portal.transport import Request
from econtador.sandbox import Sandbox

ONCE = ec.Retry(attempts=1)


class Answering:
    """A transport that answers by a function of the request, and remembers what it was asked."""

    def __init__(self, answer: Callable[[Request], Answer]) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        self.closed = False

    def send(self, request: Request) -> Answer:
        self.requests.append(request)
        return self.answer(request)

    def close(self) -> None:
        self.closed = True


def portal(answer: Callable[[Request], Answer], **options: object) -> tuple[ec.Client, Answering]:
    transport = Answering(answer)
    client = ec.Client(TOKEN, base_url="http://portal.test", transport=transport, retry=ONCE, **options)  # type: ignore[arg-type]
    return client, transport


def empresa(key: str) -> Answer:
    return Answer(
        200,
        json.dumps(
            {"data": {"id": key, "type": "empresas", "attributes": {"nome": f"EMPRESA {key}"}}}
        ).encode(),
    )


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as one:
        yield one


# --------------------------------------------------------------------------- verbs

OFFERS = {name: offer for name, offer in vars(Resources).items() if isinstance(offer, Offer)}


@pytest.mark.parametrize("name", OFFERS)
def test_a_resource_has_its_name_and_completes_with_the_verbs_that_are_attested(name: str) -> None:
    client, transport = portal(lambda request: Answer(500))
    collection = getattr(client, name)
    resource = OFFERS[name].resource
    assert resource.name == name
    assert f"Collection {name} on {resource.route.host}" in repr(collection)
    completed = {word for word in dir(collection) if not word.startswith("_")}
    assert ("list" in completed, "get" in completed, "create" in completed, "update" in completed) == tuple(
        verb in resource.verbs for verb in ("list", "get", "create", "update")
    )
    calls: dict[str, Callable[[], object]] = {
        "list": lambda: collection.list(**_required(OFFERS[name].query)),
        "get": lambda: collection.get("1"),
        "create": lambda: collection.create(object()),
        "update": lambda: collection.update("1", Ativacao()),
    }
    for verb, call in calls.items():
        if verb not in resource.verbs:
            with pytest.raises(errors.NotOffered, match=f"{name} has no attested {verb}"):
                call()
    if resource.found_by is None:
        with pytest.raises(errors.NotOffered):
            collection.by_document("11.222.333/0001-81")
        with pytest.raises(errors.NotOffered):
            collection.by_documents([])
    assert transport.requests == []


def _required(query: Callable[..., object]) -> dict[str, str]:
    parameters = inspect.signature(query).parameters.values()
    return {each.name: "1" for each in parameters if each.default is inspect.Parameter.empty}


def test_a_listing_shows_its_own_parameters_and_words() -> None:
    client, _ = portal(lambda request: Answer(500))
    for collection in (client.funcionarios, ec.AsyncClient(TOKEN).funcionarios):
        assert {"empresa", "status", "include", "fields", "sort", "where", "limit"} <= set(
            inspect.signature(collection.list).parameters
        )
        assert "Employees" in (inspect.getdoc(collection.list) or "")
        assert "Query" not in str(inspect.signature(collection.list))


@pytest.mark.parametrize("limit", [0, -1, 201, True])
def test_a_page_is_1_to_200_rows(limit: int) -> None:
    client, transport = portal(lambda request: Answer(500))
    with pytest.raises(errors.InvalidQuery, match="limit is 1 to 200"):
        client.empresas.list(limit=limit)
    assert transport.requests == []


def test_what_is_not_typed_is_asked_for_as_it_is_spelled() -> None:
    client, transport = portal(lambda request: Answer(200, b'{"data": []}'))
    assert list(client.empresas.list(where={"filter[empresas][cpfcnpj][EQ]": "191", "sort": "nome"})) == []
    assert "filter%5Bempresas%5D%5Bcpfcnpj%5D%5BEQ%5D=191&sort=nome&page" in transport.requests[0].url
    with pytest.raises(errors.InvalidQuery, match="say limit="):
        client.empresas.list(where={"page[limit]": "9"})


def test_include_fields_and_sort_are_by_our_names() -> None:
    client, transport = portal(lambda request: Answer(200, b'{"data": []}'))
    asked = client.funcionarios.list(
        empresa="7", status="ativo", include=["departamento"], fields=["nome", "cpf"], sort="-codigo"
    )
    assert list(asked) == []
    url = transport.requests[0].url.replace("%5B", "[").replace("%5D", "]").replace("%2C", ",")
    assert "filter[empresaId]=7&filter[status]=ativo&include=departamento" in url
    assert (
        "fields[funcionarios]=nome,cpfAlfanumerico,cpf,isCpf,departamento&sort=-codigo&page[limit]=200" in url
    )
    for wrong in (
        {"include": ["escolaridade"]},
        {"fields": ["nomedamae"]},
        {"sort": "idade"},
        {"include": "estado"},
    ):
        with pytest.raises(errors.InvalidQuery):
            client.funcionarios.list(**wrong)


def test_pages_come_with_what_the_portal_sent(sandbox: Sandbox) -> None:
    sandbox.seed(empresas=3)
    with sandbox.client() as client:
        pages = list(client.empresas.pages(limit=2))
        assert [(page.offset, len(page.items), page.total) for page in pages] == [(0, 2, 3), (2, 1, 3)]
        assert [len(json.loads(page.raw)["data"]) for page in pages] == [2, 1]
        assert repr(pages[0].raw) not in {"", str(bytes(pages[0].raw))}
        assert [e for page in pages for e in page.items] == list(client.empresas.list())


# --------------------------------------------------------------------------- many at once


@given(st.lists(st.sampled_from(["1", "2", "3", "missing"]), max_size=12), st.integers(1, 9))
def test_many_come_in_their_order_with_one_error_a_record(keys: list[str], workers: int) -> None:
    client, transport = portal(
        lambda request: Answer(404) if request.url.endswith("missing") else empresa(request.url[-1])
    )
    found = client.empresas.get_many(keys, workers=workers)
    assert len(found) == len(keys) == len(transport.requests)
    for key, one in zip(keys, found, strict=True):
        assert isinstance(one, errors.NotFound) if key == "missing" else getattr(one, "id", None) == key


def test_many_are_really_asked_for_at_once_and_no_more_than_the_workers() -> None:
    together = threading.Barrier(4, timeout=10)
    inside, most = [0], [0]
    lock = threading.Lock()

    def answer(request: Request) -> Answer:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        together.wait()
        with lock:
            inside[0] -= 1
        return empresa("1")

    client, _ = portal(answer)
    assert len(client.empresas.get_many(["1"] * 8, workers=4)) == 8
    assert most == [4]
    with pytest.raises(ValueError, match="workers must be 1 or more"):
        client.empresas.get_many(["1"], workers=0)


def test_what_is_no_error_of_the_library_ends_it_all() -> None:
    def answer(request: Request) -> Answer:
        raise KeyError("a bug of the transport")

    client, _ = portal(answer)
    with pytest.raises(KeyError):
        client.empresas.get_many(["1", "2", "3"])


DOCUMENTS = ["11222333000181", "12ABC34501DE35", "52998224725", "00000000000191"]


@given(
    st.lists(st.sampled_from([*DOCUMENTS, "none of them", "11444777000161", "AB123CDE000155"]), max_size=9)
)
def test_many_documents_are_found_as_each_alone_is(wanted: list[str]) -> None:
    with Sandbox() as sandbox, sandbox.client() as client:
        for place, document in enumerate(DOCUMENTS[:3]):
            client.empresas.create(
                EmpresaNova(codigo=f"{place:05}", nome="ACME LTDA", documento=_document(document))
            )
        together = client.empresas.by_documents(wanted, workers=3)

        async def asynchronous() -> tuple[Empresa | errors.EcontadorError | None, ...]:
            async with sandbox.async_client() as other:
                return await other.empresas.by_documents(wanted, workers=3)

        async_together = asyncio.run(asynchronous())
        for document, one, other in zip(wanted, together, async_together, strict=True):
            alone: Empresa | errors.EcontadorError | None
            try:
                alone = client.empresas.by_document(document)
            except errors.InvalidDocument as error:
                alone = error
            assert repr(one) == repr(other) == repr(alone)


def _document(text: str) -> ec.Cnpj | ec.Cpf:
    return ec.Cnpj(text) if len(text) == 14 else ec.Cpf(text)


def test_cnpjs_with_letters_share_one_listing() -> None:
    client, transport = portal(
        lambda request: Answer(200, b'{"data": [], "meta": {"totalResourceCount": 0}}')
    )
    assert client.empresas.by_documents(["12ABC34501DE35"] * 3 + ["11222333000181"] * 2) == (None,) * 5
    assert len(transport.requests) == 3
    client, transport = portal(lambda request: Answer(500))
    found = client.empresas.by_documents(["12ABC34501DE35"] * 3)
    assert [type(one) for one in found] == [errors.ServerError] * 3
    assert len(transport.requests) == 1


# --------------------------------------------------------------------------- pace and options


@given(st.floats(0.1, 100), st.lists(st.floats(0, 5), min_size=1, max_size=20))
def test_turns_are_spread_evenly(per_second: float, gaps: list[float]) -> None:
    pace, now, free, turns = ec.Pace(per_second=per_second), 0.0, 0.0, []
    for gap in gaps:
        now += gap
        wait, free = reserve(pace, now, free)
        assert wait >= 0
        turns.append(now + wait)
    assert all(later - earlier >= 1 / per_second - 1e-9 for earlier, later in itertools.pairwise(turns))
    assert turns[0] == gaps[0]


@pytest.mark.parametrize("wrong", [{"per_second": 0.0}, {"per_second": float("nan")}, {"at_once": 0}])
def test_a_pace_that_is_none_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        ec.Pace(**wrong)  # type: ignore[arg-type]


def test_a_client_keeps_its_pace_over_all_of_its_threads() -> None:
    begun: list[float] = []
    inside = threading.Semaphore(2)

    def answer(request: Request) -> Answer:
        begun.append(time.monotonic())
        assert inside.acquire(blocking=False), "more than two at once"
        time.sleep(0.03)
        inside.release()
        return empresa("1")

    client, _ = portal(answer, pace=ec.Pace(per_second=50, at_once=2))
    assert not [one for one in client.empresas.get_many(["1"] * 8, workers=8) if isinstance(one, Exception)]
    begun.sort()
    assert begun[-1] - begun[0] >= 7 / 50 - 0.005


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_async_client_keeps_its_pace(backend: str) -> None:
    inside = [0]

    class Slow:
        async def send(self, request: Request) -> Answer:
            inside[0] += 1
            assert inside[0] <= 2
            await anyio.sleep(0.01)
            inside[0] -= 1
            return empresa("1")

        async def aclose(self) -> None: ...

    async def main() -> None:
        client = ec.AsyncClient(TOKEN, transport=Slow(), pace=ec.Pace(per_second=100, at_once=2))
        begun = time.monotonic()
        assert len(await client.empresas.get_many(["1"] * 6, workers=6)) == 6
        assert time.monotonic() - begun >= 5 / 100 - 0.005

    anyio.run(main, backend=backend)


def test_other_options_for_a_call_share_the_connections_and_close_none() -> None:
    client, transport = portal(lambda request: empresa("1"), pace=ec.Pace(at_once=3))
    patient = client.with_options(timeout=ec.Timeout(read=300.0))
    assert patient.empresas.get("1").id == "1"
    assert client.empresas.get("1").id == "1"
    assert [request.timeout.read for request in transport.requests] == [300.0, 60.0]
    assert (patient.config.retry, patient.config.pace) == (ONCE, ec.Pace(at_once=3))
    with patient:
        assert client.with_options(retry=ec.Retry(attempts=9)).config.retry.attempts == 9
        assert client.with_options(pace=ec.Pace(per_second=1)).config.pace.per_second == 1
    assert not transport.closed
    client.close()
    assert transport.closed


# --------------------------------------------------------------------------- what a token may see


def test_a_check_tells_how_many_companies_there_are_and_what_can_be_read(sandbox: Sandbox) -> None:
    sandbox.seed(empresas=3)
    with sandbox.client() as client:
        access = client.check()
    assert (access.ok, access.empresas) == (True, 3)
    assert [(probe.resource, probe.host, probe.readable) for probe in access.probes] == [
        ("empresas", "dp", True),
        ("usuarios", "identificacao", True),
        ("funcionarios", "dp", True),
        ("documentos", "documentos", True),
        ("certidoes", "cnd", True),
        ("historico_tarefas", "ms-tarefas", True),
    ]
    assert "empresas (dp): pode ser lido, 3 no total" in str(access)
    assert {seen.method for seen in sandbox.requests} == {"GET"}

    async def asynchronous() -> ec.Access:
        async with sandbox.async_client() as other:
            return await other.check()

    assert asyncio.run(asynchronous()) == access


def test_a_token_that_is_refused_is_tried_once_and_told_in_plain_words() -> None:
    client, transport = portal(lambda request: Answer(401))
    access = client.check()
    assert (access.ok, access.empresas, len(transport.requests)) == (False, None, 1)
    assert "a chave de acesso não foi aceita (401)" in str(access)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(403), "o pacote pode não incluir a API"),
        (Answer(500), "o portal respondeu 500"),
        (Answer(200, b"<html>"), "não pôde ser lido (unexpected-answer)"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_rest_is_tried(answer: Answer, words: str) -> None:
    client, _transport = portal(
        lambda request: answer if "/funcionarios" in request.url else Answer(200, b'{"data": []}')
    )
    access = client.check()
    assert access.ok
    assert [probe.resource for probe in access.probes if not probe.readable] == [
        "funcionarios",
        "historico_tarefas",
    ]
    assert words in str(access)


def test_a_portal_that_cannot_be_reached_is_told() -> None:
    def answer(request: Request) -> Answer:
        raise errors.NotSent(request.place)

    client, transport = portal(answer)
    assert "não pôde ser alcançado" in str(client.check())
    assert len(transport.requests) == 1
