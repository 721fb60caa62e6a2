"""The client: what it sends, what it makes of answers, and when it sends again."""

import asyncio
import json
import pickle
import traceback
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal, cast

import httpx
import pytest
import respx
import trio
from attrs import evolve, fields, frozen, has
from hypothesis import given
from hypothesis import strategies as st

import econtador as ec
from econtador import errors
from econtador.portal.config import Secret
from econtador.portal.models import Ativacao, Empresa, EmpresaNova, UsuarioNovo
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
        (408, errors.Rejected),
        (409, errors.Rejected),
        (404, errors.NotFound),
        (422, errors.Rejected),
        (429, errors.TooManyRequests),
        (500, errors.ServerError),
        (502, errors.ServerError),
        (503, errors.ServerError),
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
    assert isinstance(error, errors.StatusError | errors.UnexpectedAnswer)
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), vars(again)) == (str(error), {**vars(error), "raw": b""})  # it stays in its process
    assert error.raw == json.dumps(body).encode()
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
        [page([1, 2], None, "?x"), page([1, 2], None, "?x")],
    ],
    ids=[
        "repeated page",
        "records left",
        "empty page",
        "empty page, more announced",
        "one id twice",
        "repeated page, no total",
    ],
)
def test_a_listing_that_does_not_add_up_raises_and_never_ends_short(pages: list[Answer]) -> None:
    portal, _ = client(*pages)
    with pytest.raises(errors.IncompleteListing):
        list(portal.empresas.list(limit=2))


def test_a_filter_is_sent_with_every_page_and_an_unknown_one_refused() -> None:
    portal, script = client(page([1], 2, "/lost-its-filter"), page([2], 2))
    assert len(list(portal.empresas.list(limit=1, ativa=True))) == 2
    assert all("filter%5Bempresas%5D%5Bativa%5D%5BEQ%5D=true" in url for _, url, _ in script.requests)
    with pytest.raises(TypeError, match="cidade"):
        portal.empresas.list(cidade="Recife")  # type: ignore[call-arg]


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


Hostility = Literal["repeat", "drop", "lose"]


class Hostile:
    """The sandbox's transport, but from request *at* on it breaks a listing in one way."""

    def __init__(self, sandbox: Sandbox, kind: Hostility, at: int, rows: int) -> None:
        self.inner = sandbox.transport()
        self.kind, self.at, self.rows = kind, at, rows
        self.answers: list[bytes] = []
        self.harmed = False

    def send(self, request: Request) -> Answer:
        if self.kind == "lose" and len(self.answers) >= self.at:
            # What was first is gone: all that follows moves up, past what was read.
            offset = "page%5Boffset%5D="
            before, _, asked = request.url.partition(offset)
            request = evolve(request, url=f"{before}{offset}{int(asked) + self.rows}")
        content = self.inner.send(request).content
        document = json.loads(content)
        if self.kind == "lose" and len(self.answers) >= self.at:
            document["meta"]["totalResourceCount"] -= self.rows
            self.harmed = True
        if self.kind == "drop" and len(self.answers) == self.at and document["data"]:
            del document["data"][-self.rows :]
            self.harmed = True
        content = json.dumps(document).encode()
        if self.kind == "repeat" and len(self.answers) == self.at > 0:
            content = self.answers[-1]
            self.harmed = True
        self.answers.append(content)
        return Answer(200, content)

    def close(self) -> None: ...


class AsyncHostile:
    def __init__(self, inner: Hostile) -> None:
        self.inner = inner

    async def send(self, request: Request) -> Answer:
        return self.inner.send(request)

    async def aclose(self) -> None: ...


@lru_cache
def filled(count: int) -> Sandbox:
    """A portal with so many companies, every third of them inactive. Not to be written to."""
    sandbox = Sandbox()
    attributes = {"nome": "ACME LTDA", "cpfCnpjAlfanumerico": "11222333000181"}
    for number in range(count):
        body = {"data": {"type": "empresas", "attributes": {**attributes, "ativa": number % 3 != 0}}}
        headers = {"authorization": f"Bearer {sandbox.token}", "content-type": "application/vnd.api+json"}
        url = "http://portal.test/api/v1/empresas"
        made = sandbox.transport().send(Request("POST", url, headers, json.dumps(body).encode()))
        assert made.status == 201
    return sandbox


@given(st.integers(0, 20), st.integers(1, 200) | st.integers(1, 7), st.none() | st.booleans())
def test_any_page_size_gives_every_company_of_the_sandbox_once(
    count: int, limit: int, ativa: bool | None
) -> None:
    # The sandbox's next links lose the filter, as the portal's were met doing.
    sandbox = filled(count)
    wanted = [row.id for row in sandbox.empresas if ativa is None or row.ativa == ativa]
    assert [empresa.id for empresa in sandbox.client().empresas.list(limit=limit, ativa=ativa)] == wanted

    async def listed() -> list[str]:
        listing = sandbox.async_client().empresas.list(limit=limit, ativa=ativa)
        return [empresa.id async for empresa in listing]

    assert asyncio.run(listed()) == wanted


@given(
    st.integers(1, 20),
    st.integers(1, 7),
    st.sampled_from(["repeat", "drop", "lose"]),
    st.integers(0, 4),
    st.integers(1, 3),
)
def test_a_broken_listing_is_whole_or_raises_in_every_client(
    count: int, limit: int, kind: Hostility, at: int, rows: int
) -> None:
    sandbox = filled(count)
    whole = [row.id for row in sandbox.empresas]
    # Rows that are gone before the first page are no loss that anyone could see.
    at = max(at, 1) if kind == "lose" else at

    def outcome(found: list[str], error: errors.IncompleteListing | None) -> str:
        assert len(set(found)) == len(found)
        return repr(error) if error else f"whole: {found}"

    def sync() -> tuple[str, bool]:
        transport = Hostile(sandbox, kind, at, rows)
        portal = ec.Client(sandbox.token, base_url="http://portal.test", transport=transport)
        found: list[str] = []
        try:
            for empresa in portal.empresas.list(limit=limit):
                found.append(empresa.id)
        except errors.IncompleteListing as error:
            return outcome(found, error), transport.harmed
        return outcome(found, None), transport.harmed

    async def asynchronous() -> tuple[str, bool]:
        transport = Hostile(sandbox, kind, at, rows)
        portal = ec.AsyncClient(
            sandbox.token, base_url="http://portal.test", transport=AsyncHostile(transport)
        )
        found: list[str] = []
        try:
            async for empresa in portal.empresas.list(limit=limit):
                found.append(empresa.id)
        except errors.IncompleteListing as error:
            return outcome(found, error), transport.harmed
        return outcome(found, None), transport.harmed

    result, harmed = sync()
    if not harmed:
        assert result == f"whole: {whole}"
    elif kind == "drop":
        # The next page is asked for where the rows that came end, so rows that were left out may yet come.
        assert result == f"whole: {whole}" or result.startswith("IncompleteListing(")
    else:
        assert result.startswith("IncompleteListing(")
    assert asyncio.run(asynchronous()) == trio.run(asynchronous) == (result, harmed)


@given(st.integers(1, 12), st.integers(1, 5), st.data())
def test_rows_left_out_for_good_are_noticed(count: int, limit: int, data: st.DataObject) -> None:
    missing = data.draw(st.sets(st.integers(0, count - 1), min_size=1))

    class Lossy(Script):
        def send(self, request: Request) -> Answer:
            offset = int(request.url.rpartition("=")[2])
            rows = [n for n in range(offset, min(offset + limit, count)) if n not in missing]
            return page(rows, count)

    portal = ec.Client(TOKEN, base_url="http://portal.test", transport=Lossy([]))
    with pytest.raises(errors.IncompleteListing):
        list(portal.empresas.list(limit=limit))


def test_more_records_than_were_told_do_not_add_up_either() -> None:
    # A total that is too small would otherwise end the listing before the other pages.
    portal, _ = client(page([1, 2, 3], 2), page([4, 5], 2))
    with pytest.raises(errors.IncompleteListing, match="3 of 2 records came"):
        list(portal.empresas.list(limit=3))


def test_records_that_arrive_while_it_is_read_are_listed() -> None:
    portal, _ = client(page([1, 2], 3), page([3, 4], 4))
    assert [empresa.id for empresa in portal.empresas.list(limit=2)] == ["1", "2", "3", "4"]


DOCUMENTS: list[ec.Cnpj | ec.Cpf] = [
    ec.Cnpj("11.222.333/0001-81"),
    ec.Cnpj("00.000.000/0001-91"),
    ec.Cpf("000.000.001-91"),  # the same number as the one above
    ec.Cpf("529.982.247-25"),
    ec.Cnpj("12.ABC.345/01DE-35"),
    ec.Cnpj("A1.B2C.3D4/E5F6-68"),
]


@given(st.lists(st.sampled_from(DOCUMENTS), max_size=6), st.sampled_from(DOCUMENTS))
def test_by_document_finds_the_one_or_none_or_says_that_there_are_several(
    there: list[ec.Cnpj | ec.Cpf], wanted: ec.Cnpj | ec.Cpf
) -> None:
    with Sandbox() as sandbox, sandbox.client() as portal:
        for number, documento in enumerate(there):
            portal.empresas.create(EmpresaNova(codigo=f"{number:05}", nome="ACME", documento=documento))
        ids = tuple(str(n) for n, documento in enumerate(there, 1) if documento == wanted)

        def sync() -> object:
            try:
                found = portal.empresas.by_document(wanted.format())
            except errors.AmbiguousDocument as error:
                return error.ids
            return None if found is None else (found.id, found.documento)

        async def asynchronous() -> object:
            try:
                found = await sandbox.async_client().empresas.by_document(wanted)
            except errors.AmbiguousDocument as error:
                return error.ids
            return None if found is None else (found.id, found.documento)

        expected = ids if len(ids) > 1 else (ids[0], wanted) if ids else None
        assert sync() == asyncio.run(asynchronous()) == trio.run(asynchronous) == expected


def test_by_document_finds_a_user_by_its_login_and_hides_it_in_errors() -> None:
    with Sandbox() as sandbox, sandbox.client() as portal:
        portal.usuarios.create(UsuarioNovo(nome="ANA", email="ana@exemplo.com.br", cpf=ec.Cpf("52998224725")))
        found = portal.usuarios.by_document("529.982.247-25")
        assert found is not None
        assert (found.id, found.nome, found.email, found.is_cpf) == (
            "52998224725", "ANA", "ana@exemplo.com.br", True,
        )  # fmt: skip
        assert "52998224725" not in repr(found) and "ana@" not in repr(found)
        with pytest.raises(errors.NotFound) as caught:
            portal.usuarios.get("00000000191")
        assert "00000000191" not in f"{caught.value} {caught.value.request}"
        portal.usuarios.update("52998224725", Ativacao())
        assert [row.ativo for row in sandbox.usuarios] == [True]


# --------------------------------------------------------------------------- errors


def error_classes(root: type[errors.EcontadorError]) -> list[type[errors.EcontadorError]]:
    return [root, *(below for child in root.__subclasses__() for below in error_classes(child))]


def sample(kind: type[errors.EcontadorError]) -> errors.EcontadorError:
    """One with something in every field, by the field's type."""
    values: dict[object, object] = {
        str: "texto", int: 7, float: 1.5, errors.Raw: errors.Raw(), str | None: "id", float | None: 2.5,
        tuple[str, ...]: ("a", "b"),
        tuple[errors.Fault, ...]: (errors.Fault("nome", "size", "longo"),),
        tuple[errors.PortalFault, ...]: (errors.PortalFault(detail="longo", field="nome"),),
    }  # fmt: skip
    if not has(kind):
        return kind()
    given = {attribute.name: values[attribute.type] for attribute in fields(kind)}
    return cast("type[errors.EcontadorError]", kind)(**given)


ERRORS = [kind for kind in error_classes(errors.EcontadorError) if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_an_error_is_pickled_whole(kind: type[errors.EcontadorError]) -> None:
    error = sample(kind)
    if isinstance(error, errors.PortalError):
        error.attempts = 3  # told after it was made
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(error, protocol))
        assert type(again) is kind
        assert (str(again), repr(again), vars(again)) == (str(error), repr(error), vars(error))
    assert not isinstance(error, errors.PortalError) or error.attempts == 3
    assert repr(error) == f"{kind.__name__}({str(error)!r})"


def test_every_error_is_public_and_has_a_code_of_its_own() -> None:
    assert {kind.__name__ for kind in ERRORS} == set(errors.__all__) - {
        "Fault", "PortalFault", "Raw", "redact", "redacted_repr",
    }  # fmt: skip
    assert len({kind.code for kind in ERRORS}) == len(ERRORS)


# --------------------------------------------------------------------------- httpx


@respx.mock
def test_a_write_on_the_wire() -> None:
    route = respx.post("https://dp.pack.alterdata.com.br/api/v1/empresas")
    route.mock(return_value=httpx.Response(201, json={"data": company(9)}))
    with ec.Client(TOKEN, writes=ec.CONVENTION, retry=QUICK) as portal:
        assert portal.empresas.create(DRAFT).id == "9"
        sent = route.calls.last.request
        assert sent.headers["content-type"] == sent.headers["accept"] == "application/vnd.api+json"
        assert sent.headers["content-length"] == str(len(sent.content))
        assert json.loads(sent.content) == {
            "data": {
                "type": "empresas",
                "attributes": {
                    "externoid": "00001",
                    "nome": "ACME LTDA",
                    "cpfCnpjAlfanumerico": "11222333000181",
                    "isCpf": False,
                    "ativa": True,
                },
            }
        }
        for theirs, ours, requests in (
            (httpx.ConnectError, errors.NotSent, 3),
            (httpx.PoolTimeout, errors.NotSent, 3),
            (httpx.WriteTimeout, errors.AnswerLost, 1),
            (httpx.ReadTimeout, errors.AnswerLost, 1),
            (httpx.ReadError, errors.AnswerLost, 1),
        ):
            before = route.call_count
            route.mock(side_effect=theirs)
            with pytest.raises(ours) as caught:
                portal.empresas.create(DRAFT)
            assert (route.call_count - before, caught.value.attempts) == (requests, requests)


@respx.mock
def test_the_async_client_maps_the_same_errors_and_hides_the_token() -> None:
    route = respx.get("https://dp.pack.alterdata.com.br/api/v1/empresas/7")

    async def ask() -> str:
        async with ec.AsyncClient(TOKEN, retry=QUICK) as portal:
            return (await portal.empresas.get("7")).id

    for theirs, ours in ((httpx.ConnectError, errors.NotSent), (httpx.ReadTimeout, errors.AnswerLost)):
        route.mock(side_effect=theirs)
        with pytest.raises(ours) as caught:
            asyncio.run(ask())
        assert TOKEN not in "".join(traceback.format_exception(caught.value))
        assert TOKEN not in f"{caught.value!r} {vars(caught.value)}"
        assert caught.value.__cause__ is None and caught.value.__suppress_context__
    route.mock(return_value=httpx.Response(200, json={"data": company(7)}))
    assert asyncio.run(ask()) == "7"
    assert route.calls.last.request.headers["authorization"] == f"Bearer {TOKEN}"


@respx.mock
def test_a_redirect_is_not_followed() -> None:
    route = respx.get("https://dp.pack.alterdata.com.br/api/v1/empresas/7")
    route.mock(return_value=httpx.Response(302, headers={"location": "https://login.test/"}))
    elsewhere = respx.get("https://login.test/")
    with ec.Client(TOKEN, retry=QUICK) as portal, pytest.raises(errors.UnexpectedAnswer, match="redirect"):
        portal.empresas.get("7")
    assert (route.call_count, elsewhere.call_count) == (1, 0)


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
    with pytest.raises(errors.ConfigError, match="ECONTADOR_TIMEOUT must be a number above 0"):
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
