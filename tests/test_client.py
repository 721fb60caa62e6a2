"""The client: what it makes of answers, and what it sends over the wire."""

import asyncio
import json
import pickle
import traceback

import httpx
import pytest
import respx
import trio
from scripted import DRAFT, QUICK, TOKEN, Answer, Fate, client, company, ok

import econtador as ec
from econtador import errors
from econtador.portal.models import Empresa
from econtador.sandbox import Sandbox


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
