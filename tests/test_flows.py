"""The flows without a client: which request comes out of each, after how long, and what becomes of the answer."""

import json
from collections.abc import Mapping
from typing import Never, TypeVar

import pytest
from attrs import evolve
from played import CONFIG, Played, refused, run
from scripted import DRAFT, TOKEN, Answer, Fate, company, ok

import econtador as ec
from econtador import errors
from econtador.errors import Raw
from econtador.portal import _flow, _listing
from econtador.portal._flow import Flow
from econtador.portal._wire import documentos, empresas, pessoal
from econtador.portal._wire.query import Query
from econtador.portal._wire.resource import Resource
from econtador.portal.config import Route
from econtador.portal.models import Aba, Ativacao, Empresa
from econtador.portal.values import Ref

T = TypeVar("T")
MEDIA = "application/vnd.api+json"
EMPRESA, USUARIO = empresas.EMPRESAS, empresas.USUARIOS
CPF = ec.Cpf("52998224725")
WRONG: Mapping[str, object] = {"id": "1", "type": "empresas", "attributes": {"ativa": 7}}


# ------------------------------------------------------------------ one exchange


def test_a_request_is_whole() -> None:
    route = Route("dp", "/empresas")
    asked = _flow.request(CONFIG, "GET", route, {"a": "1 2", "b": "ç"})
    assert (asked.method, asked.url) == ("GET", "http://portal.test/api/v1/empresas?a=1+2&b=%C3%A7")
    assert dict(asked.headers) == {"authorization": f"Bearer {TOKEN}", "accept": MEDIA}
    assert (asked.content, asked.timeout) == (b"", CONFIG.timeout)
    assert _flow.request(CONFIG, "GET", route, {}).url == "http://portal.test/api/v1/empresas"
    sent = _flow.request(CONFIG, "POST", route, {}, b"{}")
    assert dict(sent.headers) == {"authorization": f"Bearer {TOKEN}", "accept": MEDIA, "content-type": MEDIA}
    assert sent.content == b"{}"


def test_anything_is_sent_as_it_was_said() -> None:
    played = Played()
    answer = played.run(_flow.send(CONFIG, "PUT", Route("cnd", "/x"), {"a": "1"}, b"bytes"), Answer(204))
    assert answer.status == 204
    assert played.asked == ["PUT http://portal.test/api/v1/integracao/x?a=1"]
    assert played.steps[0].request.content == b"bytes"
    bare = next(_flow.send(CONFIG, "GET", Route("dp", "/x"), {}))
    assert (bare.request.content, "content-type" in bare.request.headers) == (b"", False)


def test_attempts_are_counted_and_waits_grow() -> None:
    played = Played()
    flow = _flow.exchange(CONFIG, _flow.request(CONFIG, "GET", Route("dp", "/x"), {}), dice=lambda: 0.5)
    answer = played.run(flow, errors.NotSent(), Answer(503), Answer(299, b"x"))
    assert (answer.status, answer.content) == (299, b"x")
    assert [(step.after, step.attempt) for step in played.steps] == [(0.0, 1), (4.0, 2), (8.0, 3)]


@pytest.mark.parametrize(
    ("fates", "kind"),
    [
        ([errors.NotSent()] * 3, errors.NotSent),
        ([Answer(502), errors.AnswerLost(), errors.AnswerLost()], errors.AnswerLost),
        ([Answer(502), Answer(502), Answer(300)], errors.UnexpectedAnswer),
        ([Answer(502), Answer(502), Answer(199)], errors.UnexpectedAnswer),
        ([Answer(503), Answer(503), Answer(503)], errors.ServerError),
        ([Answer(429), Answer(429), Answer(404)], errors.NotFound),
    ],
)
def test_an_error_says_how_often_it_was_tried(fates: list[Fate], kind: type[errors.PortalError]) -> None:
    flow = _flow.send(CONFIG, "GET", Route("dp", "/x"), {})
    with pytest.raises(kind) as caught:
        run(flow, *fates)
    assert caught.value.attempts == 3


def test_an_error_keeps_what_the_portal_said() -> None:
    refusal = Answer(422, b'{"message": "nao"}', {"x-request-id": "r-7", "retry-after": "9"})
    with pytest.raises(errors.Rejected) as caught:
        run(_flow.send(CONFIG, "POST", Route("dp", "/x"), {}), refusal)
    error = caught.value
    assert (error.status, error.request_id, error.retry_after) == (422, "r-7", 9.0)
    assert (error.request, error.raw) == ("POST http://portal.test/api/v1/x", Raw(refusal.content))
    moved = refused(
        errors.UnexpectedAnswer, _flow.send(CONFIG, "GET", Route("dp", "/x"), {}), Answer(302, b"x")
    )
    assert (moved.status, moved.raw, moved.attempts) == (302, b"x", 1)
    assert (moved.request, "redirect" in moved.reason) == ("GET http://portal.test/api/v1/x", True)


# ------------------------------------------------------------------ before each attempt


def test_what_is_called_before_each_attempt_is_called_as_often_as_is_sent() -> None:
    told: list[int] = []
    played = Played()
    flow = _flow.before_each(
        _flow.send(CONFIG, "GET", Route("dp", "/x"), {}), lambda: told.append(len(played.steps))
    )
    answer = played.run(flow, errors.NotSent(), Answer(503), Answer(200, b"x"))
    assert answer.content == b"x"
    assert told == [0, 1, 2]
    assert [step.attempt for step in played.steps] == [1, 2, 3]


def test_a_flow_that_ends_before_it_asks_calls_nothing() -> None:
    def nothing() -> Flow[int]:
        yield from ()
        return 7

    told: list[None] = []
    assert run(_flow.before_each(nothing(), lambda: told.append(None))) == 7
    assert told == []


# ------------------------------------------------------------------ one resource


def test_one_is_asked_for_by_an_id_that_cannot_leave_its_place() -> None:
    played = Played()
    found = played.run(_flow.get(CONFIG, EMPRESA, "a/b?c"), ok(company(1)))
    assert isinstance(found, Empresa)
    assert played.asked == ["GET http://portal.test/api/v1/empresas/a%2Fb%3Fc"]
    assert played.steps[0].request.content == b""


def test_what_is_to_come_along_is_named() -> None:
    played = Played()
    link = {"data": {"type": "departamentos", "id": "9"}}
    row = {"id": "1", "type": "funcionarios", "attributes": {}, "relationships": {"departamento": link}}
    there = {"id": "9", "type": "departamentos", "attributes": {"nome": "CAIXA"}}
    answer = ok(row, included=[there])
    found = played.run(_flow.get(CONFIG, pessoal.FUNCIONARIOS, "1", ["departamento", "empresa"]), answer)
    assert isinstance(found.departamento, Ref) and found.departamento.resource is not None
    assert found.departamento.resource.nome == "CAIXA"
    assert played.asked == ["GET http://portal.test/api/v1/funcionarios/1?include=departamento%2Cempresa"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(201, b"<html>"), "HTML"),
        (ok([company(1)]), "a list came"),
        (ok([company(1), company(2)]), "a list came"),
        (ok([]), "a list came"),
        (ok(WRONG), "."),
    ],
)
def test_what_is_not_one_resource_is_told_with_its_bytes(answer: Answer, words: str) -> None:
    error = refused(errors.UnexpectedAnswer, _flow.get(CONFIG, EMPRESA, "1"), answer)
    assert error.raw == answer.content != b""
    assert (error.status, error.attempts) == (answer.status, 1)
    assert error.request.startswith("GET ") and "empresas" in error.request
    assert words in error.reason and error.reason != "None"


def test_what_a_write_is_answered_with_is_told_with_its_bytes_and_as_that_write() -> None:
    answer = evolve(ok([company(1)]), status=201)
    writes = {
        "POST http://portal.test/api/v1/empresas": _flow.create(CONFIG, EMPRESA, DRAFT),
        "PATCH http://portal.test/api/v1/integracao/usuarios/***": (
            _flow.update(CONFIG, USUARIO, CPF.value, Ativacao())
        ),
    }
    for place, flow in writes.items():
        error = refused(errors.UnexpectedAnswer, flow, answer)
        assert (error.request, error.status, error.raw) == (place, 201, answer.content)


def test_a_new_one_is_posted_where_the_convention_has_it() -> None:
    played = Played()
    made = played.run(_flow.create(CONFIG, EMPRESA, DRAFT), ok(company(1)))
    assert made.id == "1"
    assert played.asked == ["POST http://portal.test/api/v1/empresas"]
    assert json.loads(played.steps[0].request.content)["data"]["type"] == EMPRESA.type
    elsewhere = evolve(CONFIG, writes={"empresas": Route("cnd", "/novas")})
    (played := Played()).run(_flow.create(elsewhere, EMPRESA, DRAFT), ok(company(1)))
    assert played.asked == ["POST http://portal.test/api/v1/integracao/novas"]


def test_a_change_is_patched_with_its_id() -> None:
    played = Played()
    row = {"id": CPF.value, "type": USUARIO.type, "attributes": {"nome": "PESSOA MODELO 01"}}
    change = Ativacao(ativo=False, abas=(Aba.KAROO,))
    usuario = played.run(_flow.update(CONFIG, USUARIO, CPF.value, change), ok(row))
    assert usuario.id == CPF.value
    assert played.asked == [f"PATCH http://portal.test/api/v1/integracao/usuarios/{CPF.value}"]
    data = json.loads(played.steps[0].request.content)["data"]
    assert (data["id"], data["type"], data["attributes"]["ativo"]) == (CPF.value, USUARIO.type, False)


def test_a_write_that_nobody_configured_and_a_verb_that_nobody_knows_are_told_by_name() -> None:
    bare = evolve(CONFIG, writes={})
    with pytest.raises(errors.WritesNotConfigured, match="empresas"):
        run(_flow.create(bare, EMPRESA, DRAFT))
    resource: Resource[object, Never] = pessoal.DEPARTAMENTOS
    with pytest.raises(errors.NotOffered) as caught:
        _flow.offered(resource, "create")
    same = errors.NotOffered(resource.name, "create", tuple(sorted(resource.verbs)))
    assert (str(caught.value), vars(caught.value)) == (str(same), vars(same))


def test_the_vertical_is_a_text_or_nothing() -> None:
    def told(attributes: object) -> Answer:
        return ok({"id": "1", "type": "x", "attributes": attributes})

    played = Played()
    vertical = played.run(_flow.vertical(CONFIG), errors.NotSent(), told({"vertical": "contabil"}))
    assert vertical == "contabil"
    assert set(played.asked) == {
        "GET http://portal.test/api/v1/integracao/user-connections/verificar-vertical"
    }
    assert run(_flow.vertical(CONFIG), told({"vertical": None})) is None
    answer = Answer(203, b"<html>")
    error = refused(errors.UnexpectedAnswer, _flow.vertical(CONFIG), answer)
    assert (error.status, error.attempts, error.raw) == (203, 1, answer.content)
    assert "verificar-vertical" in error.request and "HTML" in error.reason


# ------------------------------------------------------------------ listings


def test_pages_are_asked_for_from_where_the_last_one_ended() -> None:
    played = Played()
    pages = [ok([company(1), company(2)]), ok([company(3)]), ok([])]
    found = played.run(_listing.everything(CONFIG, EMPRESA, Query({"ativa": "true"}, limit=2)), *pages)
    assert [empresa.id for empresa in found] == ["1", "2", "3"]
    base = "GET http://portal.test/api/v1/empresas?ativa=true&page%5Blimit%5D=2&page%5Boffset%5D="
    assert played.asked == [f"{base}0", f"{base}2", f"{base}3"]


def test_a_page_tells_where_it_is_and_what_came() -> None:
    listing = _listing.Listing(CONFIG, EMPRESA, Query({}, limit=2))
    first, last = (ok([company(n), company(n + 1)], meta={"totalResourceCount": 4}) for n in (1, 3))
    page = run(listing.page(), first)
    assert (page.offset, page.total, page.raw, listing.done) == (0, 4, first.content, False)
    page = run(listing.page(), last)
    assert (page.offset, page.total, page.raw, listing.done) == (2, 4, last.content, True)
    assert [empresa.id for empresa in page.items] == ["3", "4"]


def test_one_resource_in_the_place_of_a_list_is_told_with_its_bytes() -> None:
    answer = ok(company(1))
    error = refused(errors.UnexpectedAnswer, _listing.everything(CONFIG, EMPRESA, Query({})), answer)
    assert (error.request, error.status, error.attempts) == ("GET http://portal.test/api/v1/empresas", 200, 1)
    assert "one resource came" in error.reason and error.raw == answer.content


def test_what_is_bare_rows_is_asked_for_once_and_without_pages() -> None:
    resource = next(r for r in vars(documentos).values() if isinstance(r, Resource) and r.shape == "rows")
    played = Played()
    found = played.run(_listing.everything(CONFIG, resource, Query({"a": "1"})), Answer(200, b"[{}]"))
    assert len(found) == 1
    assert [step.request.url.partition("?")[2] for step in played.steps] == ["a=1"]
