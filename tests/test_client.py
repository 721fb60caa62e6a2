"""The client: what it sends, what it makes of answers, and when it sends again."""

import asyncio
import json
import pickle
import traceback
from collections.abc import Mapping, Sequence

import httpx
import pytest
import respx
import trio
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

import econtador as ec
from econtador import errors
from econtador.portal.config import Secret
from econtador.portal.models import Empresa, EmpresaNova
from econtador.portal.retry import next_delay, surely_not_accepted
from econtador.portal.transport import Request
from econtador.sandbox import Sandbox

TOKEN = "eyJhbGciOiJIUzUxMiJ9.c2VjcmV0.signature"
QUICK = ec.Retry(attempts=3, first=0.0, longest=0.0)


@frozen
class Answer:
    status: int
    content: bytes = b""
    headers: Mapping[str, str] = {}


Fate = Answer | errors.PortalError


class Script:
    """A transport that does what it was told to, in order, for both kinds of client."""

    def __init__(self, fates: Sequence[Fate]) -> None:
        self.fates = list(fates)
        self.requests: list[tuple[str, str, bytes]] = []

    def _next(self, request: Request) -> Answer:
        self.requests.append((request.method, request.url, request.content))
        fate = self.fates.pop(0)
        if isinstance(fate, Answer):
            return fate
        raise type(fate)(request.place, reason="scripted")  # type: ignore[call-arg]

    def send(self, request: Request) -> Answer:
        return self._next(request)

    def close(self) -> None: ...


class AsyncScript(Script):
    async def send(self, request: Request) -> Answer:  # type: ignore[override]
        return self._next(request)

    async def aclose(self) -> None: ...


def client(*fates: Fate, retry: ec.Retry = QUICK) -> tuple[ec.Client, Script]:
    script = Script(fates)
    return ec.Client(TOKEN, base_url="http://portal.test", retry=retry, transport=script), script


def company(identifier: int = 1, /, **attributes: object) -> dict[str, object]:
    return {"id": str(identifier), "type": "empresas", "attributes": {"nome": "ACME LTDA", **attributes}}


def ok(data: object, **rest: object) -> Answer:
    return Answer(200, json.dumps({"data": data, **rest}).encode())


DRAFT = EmpresaNova(codigo="00001", nome="ACME LTDA", documento=ec.Cnpj("11.222.333/0001-81"))


# --------------------------------------------------------------------------- retrying

FAILURES: list[errors.PortalError] = [
    errors.NotSent(),
    errors.AnswerLost(),
    errors.UnexpectedAnswer(),
    errors.Unauthorized(status=401),
    errors.Rejected(status=422),
    errors.Rejected(status=409),
    errors.TooManyRequests(status=429),
    errors.TooManyRequests(status=429, retry_after=7.0),
    errors.TooManyRequests(status=429, retry_after=900.0),
    errors.ServerError(status=500),
    errors.ServerError(status=502),
    errors.ServerError(status=503),
    errors.ServerError(status=503, retry_after=2.0),
    errors.ServerError(status=504),
]


@given(
    st.sampled_from(FAILURES),
    st.booleans(),
    st.integers(1, 9),
    st.floats(0, 1, exclude_max=True),
    st.builds(ec.Retry, attempts=st.integers(1, 9), first=st.floats(0, 10), longest=st.floats(0, 60)),
)
def test_a_delay_is_bounded_and_a_write_is_never_repeated_blindly(
    error: errors.PortalError, writes: bool, attempt: int, dice: float, retry: ec.Retry
) -> None:
    delay = next_delay(retry, error, writes=writes, attempt=attempt, dice=dice)
    if delay is not None:
        assert attempt < retry.attempts
        asked = isinstance(error, errors.StatusError) and error.retry_after is not None
        assert 0 <= delay <= (retry.longest_asked if asked else retry.longest)
        assert surely_not_accepted(error) or not writes
    if isinstance(error, errors.ServerError) and error.status == 500:
        assert delay is None


def test_only_what_surely_left_nothing_is_sure() -> None:
    sure = [error for error in FAILURES if surely_not_accepted(error)]
    assert [getattr(error, "status", type(error).__name__) for error in sure] == [
        "NotSent", 401, 422, 429, 429, 429, 503,
    ]  # fmt: skip


def test_a_read_is_repeated_and_the_attempts_are_told() -> None:
    portal, script = client(errors.AnswerLost(), Answer(502), ok(company()))
    assert portal.empresas.get("1") == Empresa(id="1", nome="ACME LTDA")
    assert len(script.requests) == 3
    portal, script = client(*[errors.NotSent()] * 3)
    with pytest.raises(errors.NotSent) as caught:
        portal.empresas.get("1")
    assert caught.value.attempts == 3
    assert "(3 attempts)" in str(caught.value)


@pytest.mark.parametrize("fate", [errors.AnswerLost(), Answer(500), Answer(502), Answer(503), Answer(409)])
def test_a_write_in_doubt_is_sent_once(fate: Fate) -> None:
    portal, script = client(fate)
    with pytest.raises(errors.PortalError):
        portal.empresas.create(DRAFT)
    assert len(script.requests) == 1


def test_retry_after_is_waited_for_as_seconds_or_as_a_date() -> None:
    day = "Tue, 24 Nov 2026 10:00:0"
    for headers in ({"retry-after": "0"}, {"retry-after": f"{day}5 GMT", "date": f"{day}5 GMT"}):
        portal, script = client(Answer(503, headers=headers), ok(company()))
        portal.empresas.create(DRAFT)
        assert len(script.requests) == 2


@given(
    st.lists(
        st.sampled_from(
            [
                errors.NotSent(),
                errors.AnswerLost(),
                Answer(429),
                Answer(500),
                Answer(503),
                Answer(404),
                Answer(200, b"<p>"),
            ]
        ),
        max_size=4,
    ),
    st.booleans(),
)
def test_the_sync_and_the_async_client_do_the_same(fates: list[Fate], writes: bool) -> None:
    whole = [*fates, ok(company())]

    def outcome(call: object) -> str:
        return repr(call)

    def sync() -> tuple[str, list[tuple[str, str, bytes]]]:
        portal, script = client(*whole)
        try:
            result = outcome(portal.empresas.create(DRAFT) if writes else portal.empresas.get("1"))
        except errors.PortalError as error:
            result = outcome(error)
        return result, script.requests

    async def asynchronous() -> tuple[str, list[tuple[str, str, bytes]]]:
        script = AsyncScript(whole)
        portal = ec.AsyncClient(TOKEN, base_url="http://portal.test", retry=QUICK, transport=script)
        try:
            result = outcome(
                await portal.empresas.create(DRAFT) if writes else await portal.empresas.get("1")
            )
        except errors.PortalError as error:
            result = outcome(error)
        return result, script.requests

    assert sync() == asyncio.run(asynchronous()) == trio.run(asynchronous)


# --------------------------------------------------------------------------- answers


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.Rejected),
        (401, errors.Unauthorized),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (422, errors.Rejected),
        (429, errors.TooManyRequests),
        (500, errors.ServerError),
        (302, errors.UnexpectedAnswer),
    ],
)
def test_a_status_is_an_error_that_keeps_the_portals_words(
    status: int, kind: type[errors.PortalError]
) -> None:
    body = {
        "errors": [
            {
                "status": str(status),
                "code": "javax.validation.constraints.Size",
                "detail": "tamanho deve estar entre 0 e 50, ana@exemplo.com.br",
                "source": {"pointer": "/data/attributes/externoid"},
                "meta": {"more": 1},
            }
        ]
    }
    portal, _ = client(Answer(status, json.dumps(body).encode()), retry=ec.Retry(attempts=1))
    with pytest.raises(kind) as caught:
        portal.empresas.create(DRAFT)
    error = caught.value
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), vars(again)) == (str(error), vars(error))
    assert "POST http://portal.test/api/v1/empresas" in str(error)
    assert TOKEN not in f"{error!r}{vars(error)}{''.join(traceback.format_exception(error))}"
    assert "ana@" not in str(error)
    if isinstance(error, errors.StatusError):
        (fault,) = error.faults
        assert (fault.field, fault.pointer, fault.code) == (
            "codigo", "/data/attributes/externoid", "javax.validation.constraints.Size",
        )  # fmt: skip
        assert json.loads(fault.meta or "") == {"meta": {"more": 1}}
        assert "codigo: tamanho deve estar entre 0 e 50, ***" in str(error)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>login</html>", b"{", b"[]", b"{}", b'{"data": null}', b'{"data": {"attributes": {}}}',
     b'{"data": []}', b'{"data": {"id": "1", "attributes": {}}}', b'{"data": {"id": "1", "attributes": {"nome": null}}}',
     b'{"data": {"id": "1", "attributes": {"nome": "A", "ativa": "sim"}}}', b'{"data": {"id": "1", "attributes": 3}}'],
)  # fmt: skip
def test_what_is_not_the_portals_answer_is_said(body: bytes) -> None:
    portal, _ = client(Answer(200, body))
    with pytest.raises(errors.UnexpectedAnswer):
        portal.empresas.get("1")


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"cpfcnpj": 191}, None),
        ({"cpfcnpj": 191, "isCpf": False}, ec.Cnpj("00.000.000/0001-91")),
        ({"cpfcnpj": 191, "isCpf": True}, ec.Cpf("000.000.001-91")),
        ({"cpfcnpj": 11222333000181}, ec.Cnpj("11.222.333/0001-81")),
        ({"cpfcnpj": 0, "cpfCnpjAlfanumerico": "12ABC34501DE35"}, ec.Cnpj("12.ABC.345/01DE-35")),
        ({"cpfcnpj": 0, "cpfCnpjAlfanumerico": ""}, None),
        ({"cpfCnpjAlfanumerico": "52998224725"}, ec.Cpf("529.982.247-25")),
        ({"cpfcnpj": "11222333000181"}, ec.Cnpj("11.222.333/0001-81")),
        ({"cpfcnpj": True}, None),
    ],
)
def test_a_document_is_read_whatever_zeros_it_lost(
    attributes: dict[str, object], expected: ec.Cnpj | ec.Cpf | None
) -> None:
    portal, _ = client(ok(company(**attributes)))
    assert portal.empresas.get("1").documento == expected


def test_what_is_not_known_is_kept_and_a_number_for_a_text_is_taken() -> None:
    portal, _ = client(ok(company(externoid=7, ativa=None, segmento="novo")))
    empresa = portal.empresas.get("1")
    assert (empresa.codigo, empresa.ativa, empresa.extra) == ("7", None, {"segmento": "novo"})


# --------------------------------------------------------------------------- listings


def page(ids: Sequence[int], total: int | None, following: str | None = None) -> Answer:
    meta = {} if total is None else {"totalResourceCount": total}
    return ok([company(n) for n in ids], meta=meta, links={"next": following} if following else {})


@given(st.integers(0, 23), st.integers(1, 9), st.booleans(), st.booleans())
def test_a_listing_has_every_company_once(count: int, limit: int, told: bool, linked: bool) -> None:
    starts = range(0, max(count, 1), limit)
    pages = [
        page(
            range(n, min(n + limit, count)),
            count if told else None,
            "?x" if linked and n + limit < count else None,
        )
        for n in starts
    ]
    spare = page([], count if told else None)
    portal, _ = client(*pages, spare)
    assert [empresa.id for empresa in portal.empresas.list(limit=limit)] == [str(n) for n in range(count)]


@pytest.mark.parametrize(
    "pages",
    [
        [page([1, 2], 4, "?x"), page([1, 2], 4)],
        [page([1, 2], 4, "?x"), page([3], 3)],
        [page([1, 2], 5, "?x"), page([], 5)],
        [page([1, 2], None, "?x"), page([], None, "?x")],
        [page([1, 1], 2)],
    ],
    ids=["repeated page", "records left", "empty page", "empty page, more announced", "one id twice"],
)
def test_a_listing_that_does_not_add_up_raises_and_never_ends_short(pages: list[Answer]) -> None:
    portal, _ = client(*pages)
    with pytest.raises(errors.IncompleteListing):
        list(portal.empresas.list(limit=2))


def test_a_filter_is_sent_with_every_page_and_an_unknown_one_refused() -> None:
    portal, script = client(page([1], 2, "/lost-its-filter"), page([2], 2))
    assert len(list(portal.empresas.list(limit=1, ativa=True))) == 2
    assert all("filter%5Bempresas%5D%5Bativa%5D%5BEQ%5D=true" in url for _, url, _ in script.requests)
    with pytest.raises(TypeError, match="no filter cidade; attested: ativa, documento"):
        list(portal.empresas.list(cidade="Recife"))


def test_a_company_is_found_by_document_in_the_sandbox() -> None:
    sandbox = Sandbox()
    with sandbox.client() as portal:
        for codigo, documento in (("00001", "11.222.333/0001-81"), ("00002", "12.ABC.345/01DE-35")):
            portal.empresas.create(EmpresaNova(codigo=codigo, nome="ACME", documento=ec.Cnpj(documento)))
            found = portal.empresas.by_document(documento)
            assert found is not None
            assert (found.codigo, found.documento) == (codigo, ec.Cnpj(documento))
        assert portal.empresas.by_document("00.000.000/0001-91") is None
        assert portal.usuarios.by_document("529.982.247-25") is None
        portal.empresas.create(DRAFT)
        with pytest.raises(errors.AmbiguousDocument, match="ids 1, 3"):
            portal.empresas.by_document("11222333000181")
        with pytest.raises(errors.InvalidDocument):
            portal.empresas.by_document("11222333000182")
        assert portal.request("GET", "dp", "/empresas/1").status == 200


# --------------------------------------------------------------------------- httpx


@respx.mock
def test_what_httpx_sends_and_what_its_errors_become() -> None:
    route = respx.get("https://dp.pack.alterdata.com.br/api/v1/empresas/7")
    route.mock(return_value=httpx.Response(200, json={"data": company(7)}))
    with ec.Client(TOKEN, retry=QUICK) as portal:
        assert portal.empresas.get("7").id == "7"
        sent = route.calls.last.request
        assert sent.headers["authorization"] == f"Bearer {TOKEN}"
        assert sent.headers["accept"] == "application/vnd.api+json"
        assert sent.extensions["timeout"] == {"connect": 5.0, "read": 60.0, "write": 60.0, "pool": 60.0}
        for theirs, ours in (
            (httpx.ConnectError, errors.NotSent),
            (httpx.ConnectTimeout, errors.NotSent),
            (httpx.ReadTimeout, errors.AnswerLost),
            (httpx.WriteError, errors.AnswerLost),
            (httpx.RemoteProtocolError, errors.AnswerLost),
        ):
            route.mock(side_effect=theirs)
            with pytest.raises(ours) as caught:
                portal.empresas.get("7")
            assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_both_clients_over_a_socket() -> None:
    async def read(url: str, token: str) -> list[str]:
        async with ec.AsyncClient(token, base_url=url) as portal:
            return [empresa.nome async for empresa in portal.empresas.list()]

    with Sandbox() as sandbox, sandbox.serve() as server:
        with ec.Client(sandbox.token, base_url=server.url) as portal:
            portal.empresas.create(DRAFT)
            assert [empresa.nome for empresa in portal.empresas.list()] == ["ACME LTDA"]
        assert asyncio.run(read(server.url, sandbox.token)) == ["ACME LTDA"]
        assert trio.run(read, server.url, sandbox.token) == ["ACME LTDA"]
    with ec.Client(sandbox.token, base_url=server.url, retry=QUICK) as portal, pytest.raises(errors.NotSent):
        portal.empresas.get("1")


# --------------------------------------------------------------------------- configuration


def test_nothing_is_written_to_the_vendors_hosts_unless_said() -> None:
    script = Script([])
    with pytest.raises(errors.WritesNotConfigured, match="CONVENTION"):
        ec.Client(TOKEN, transport=script).empresas.create(DRAFT)
    script = Script([ok(company())])
    ec.Client(TOKEN, transport=script, writes=ec.CONVENTION).empresas.create(DRAFT)
    assert script.requests[0][:2] == ("POST", "https://dp.pack.alterdata.com.br/api/v1/empresas")


def test_the_environment_makes_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ECONTADOR_TOKEN", raising=False)
    for make in (ec.Client.from_env, ec.AsyncClient.from_env):
        with pytest.raises(errors.MissingToken, match="ECONTADOR_TOKEN"):
            make()
    monkeypatch.setenv("ECONTADOR_TOKEN", TOKEN)
    monkeypatch.setenv("ECONTADOR_BASE_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("ECONTADOR_TIMEOUT", "7.5")
    config = ec.Client.from_env().config
    assert (config.base_url, config.timeout) == ("http://127.0.0.1:9", ec.Timeout(read=7.5))
    monkeypatch.setenv("ECONTADOR_TIMEOUT", "long")
    with pytest.raises(errors.ConfigError, match="number of seconds"):
        ec.Client.from_env()


@pytest.mark.parametrize("token", ["", "  ", "two words", "ação"])
def test_a_token_that_is_none_is_refused(token: str) -> None:
    with pytest.raises(errors.ConfigError):
        ec.Client(token)


@pytest.mark.parametrize("base_url", ["portal.test", "ftp://portal.test", "http://"])
def test_a_base_url_that_is_none_is_refused(base_url: str) -> None:
    with pytest.raises(errors.ConfigError, match="base_url"):
        ec.Client(TOKEN, base_url=base_url)


def test_a_token_shows_nowhere_and_is_not_pickled() -> None:
    portal, _ = client()
    for thing in (portal, portal.config, Secret(TOKEN), vars(portal)):
        assert TOKEN not in f"{thing!r}{thing!s}"
        with pytest.raises(TypeError, match="not pickled"):
            pickle.dumps(thing)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(ec.AsyncClient(TOKEN, transport=AsyncScript([])))
    assert Secret(TOKEN) == Secret(TOKEN)
    assert len({Secret(TOKEN), Secret(TOKEN)}) == 1


def test_an_account_is_the_tokens_customer_or_else_its_digest() -> None:
    assert ec.Config(token=Sandbox().token).account.startswith("sandbox:")
    digest = ec.Config(token=TOKEN).account
    assert digest.startswith("token:")
    assert TOKEN not in digest
    assert ec.Config(token="opaque", account="escritorio").account == "escritorio"
