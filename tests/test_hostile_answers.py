"""Whatever a portal answers: the models mean what it said, or a ``PortalError`` comes out, and nothing else."""

import asyncio
import base64
import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

import httpx
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_rooms import MODELS, RESOURCES, linked, shown
from scripted import DRAFT, TOKEN, Answer
from whole_drafts import DRAFTS

import econtador as ec
from econtador import errors
from econtador.portal import Ativacao, Httpx2Transport, HttpxTransport, Ref, UsuarioNovo
from econtador.portal._arquivo import Decoder
from econtador.portal._wire import empresas, pessoal
from econtador.portal.resources import Offer, Resources
from econtador.portal.transport import Request
from econtador.portal.values import UNSET

ONCE = ec.Retry(attempts=1)
Call: TypeAlias = Callable[[Any], Any]
"""What is asked of either client; its result may have to be awaited or walked through."""


class Always:
    """A transport with one answer to everything."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def send(self, request: Request) -> Answer:
        return self.answer

    def close(self) -> None: ...


class AsyncAlways:
    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    async def send(self, request: Request) -> Answer:
        return self.answer

    async def aclose(self) -> None: ...


# --------------------------------------------------------------------------- every verb of every resource

ASKED: Mapping[str, Mapping[str, object]] = {
    "documentos": {"empresa": "1"},
    "categorias_documento": {"login": "1"},
    "empresas_do_usuario": {"usuario": "1"},
    "historico_tarefas": {"inicio": date(2026, 1, 1), "fim": date(2026, 1, 2)},
}
NEW: Mapping[str, object] = {
    **DRAFTS,
    "empresas": DRAFT,
    "usuarios": UsuarioNovo(nome="PESSOA MODELO 01", email="a@b.example", cpf=ec.Cpf("00000000191")),
}


def _of(name: str, offer: Offer[Any, Any, Any]) -> Iterator[tuple[str, Call]]:
    resource = offer.resource
    verbs: dict[str, Call] = {
        "list": lambda client: getattr(client, name).list(**ASKED.get(name, {})),
        "get": lambda client: getattr(client, name).get("7", include=resource.spelling.relationships),
        "create": lambda client: getattr(client, name).create(NEW[name]),
        "update": lambda client: getattr(client, name).update("7", Ativacao()),
    }
    yield from ((f"{name}.{verb}", verbs[verb]) for verb in sorted(resource.verbs))
    if resource.found_by:
        yield f"{name}.by_document", lambda client: getattr(client, name).by_document("12ABC34501DE35")


CALLS: dict[str, Call] = {
    "arquivo": lambda client: client.arquivo("7"),
    "check": lambda client: client.check(),
    "lookup": lambda client: client.lookup("tipos-sexo").list(),
    "request": lambda client: client.request("GET", "dp", "/funcoes"),
}
for _name, _offer in vars(Resources).items():
    if isinstance(_offer, Offer):
        CALLS.update(_of(_name, _offer))


def outcome(call: Call, answer: Answer) -> str:
    """What comes of it: whatever is no PortalError goes on its way, and fails the test."""
    client = ec.Client(TOKEN, retry=ONCE, writes=ec.CONVENTION, transport=Always(answer))
    try:
        result = call(client)
        return repr([*result] if isinstance(result, Iterator) else result)
    except errors.PortalError as error:
        return f"{error!r}"


async def async_outcome(call: Call, answer: Answer) -> str:
    client = ec.AsyncClient(TOKEN, retry=ONCE, writes=ec.CONVENTION, transport=AsyncAlways(answer))
    try:
        result = call(client)
        return repr([one async for one in result] if hasattr(result, "__aiter__") else await result)
    except errors.PortalError as error:
        return f"{error!r}"


# --------------------------------------------------------------------------- documents with one thing wrong

DEEP = "[" * 900 + "]" * 900
KINDS = (
    *("null", "true", "0", "-1", "1.5", '""', '"x"', "[]", "{}", "[null]", '[""]', "[[]]", "[{}]"),
    *('{"id":1}', '{"type":2}', '"\\ud800"', "1e999999", "1e-9999999999999999999999", "NaN", DEEP),
    *("1" + "0" * 4200, "1" + "0" * 5000, "[" * 100_000),
)
"""Each kind of JSON, some that is none, and what only few expect."""

WHOLE = (
    '{"data": %(data)s, "included": %(included)s, "meta": %(meta)s, "links": %(links)s, "errors": %(errors)s}'
)
ROW = '{"id": %(id)s, "type": %(type)s, "attributes": %(attributes)s, "relationships": %(relationships)s}'
RIGHT: Mapping[str, str] = {
    "id": '"7"',
    "type": '"empresas"',
    "attributes": '{"nome": %(nome)s, "cpfcnpj": %(cpfcnpj)s, "status": %(status)s, "admissao": %(admissao)s}',
    "relationships": '{"empresa": %(empresa)s, "extra": {"data": null}}',
    "nome": '"ACME LTDA"',
    "cpfcnpj": "191",
    "status": '"Ativo"',
    "admissao": '"2026-01-05T03:00:00Z"',
    "empresa": '{"data": %(linkage)s}',
    "linkage": '{"type": "empresas", "id": "7"}',
    "included": f"[{ROW}]",
    "meta": '{"totalResourceCount": %(total)s}',
    "total": "1",
    "links": '{"next": %(next)s}',
    "next": "null",
    "errors": '[{"detail": %(detail)s, "source": %(source)s, "meta": %(detail)s}]',
    "detail": '"MODELO"',
    "source": '{"pointer": %(pointer)s}',
    "pointer": '"/data/attributes/nome"',
}


def spelt(document: str, wrong: str, kind: str) -> str:
    """*document* with its parts filled in, and *kind* in the place of the part *wrong*."""
    return re.sub(
        r"%\((\w+)\)s",
        lambda part: kind if part[1] == wrong else spelt(RIGHT[part[1]], wrong, kind),
        document,
    )


def documents(wrong: str, kind: str) -> Iterator[bytes]:
    for data in (ROW, f"[{ROW}]", f"[{ROW}, {ROW}]"):
        yield spelt(WHOLE.replace("%(data)s", data), wrong, kind).encode()
    for whole, place in ((WHOLE, "data"), (f"[{RIGHT['attributes']}]", wrong), ("%(all)s", "all")):
        yield spelt(whole, place, kind).encode()


def statuses(wrong: str) -> tuple[int, ...]:
    return (200, 422, 503) if wrong in {"errors", "detail", "source", "pointer"} else (200,)


ANSWERS = [
    Answer(status, body)
    for wrong, kind in itertools.product(RIGHT, KINDS)
    for body in documents(wrong, kind)
    for status in statuses(wrong)
]
SHARE = 29
"""Each call gets one answer of so many, each another: all of them together are asked several times over."""


@pytest.mark.parametrize("name", CALLS)
def test_one_thing_wrong_at_any_place_of_an_answer_is_read_or_a_portal_error(name: str) -> None:
    for answer in ANSWERS[[*CALLS].index(name) % SHARE :: SHARE]:
        assert outcome(CALLS[name], answer)


headers = st.dictionaries(
    st.sampled_from(["retry-after", "date", "x-request-id", "content-type"]),
    st.text(max_size=40)
    | st.from_regex(r"[A-Z][a-z]{2}, \d{1,8} [A-Z][a-z]{2} -?\d{1,9} \d\d:\d\d:\d\d( GMT| [+-]\d{1,20})?")
    | st.integers(-1, 10**400).map(str),
)
json_texts = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
).map(json.dumps)
bodies = st.binary(max_size=40) | st.builds(
    lambda wrong, kind, place: [*documents(wrong, kind)][place],
    st.sampled_from(sorted(RIGHT)),
    st.integers(0, len(KINDS) - 1).map(KINDS.__getitem__) | json_texts,
    st.integers(0, 5),
)


@given(
    name=st.sampled_from(sorted(CALLS)),
    status=st.sampled_from([100, 200, 201, 204, 301, 400, 401, 403, 404, 422, 429, 500, 503, 600]),
    content=bodies,
    headers=headers,
)
def test_both_clients_come_to_the_same_whatever_is_answered(
    name: str, status: int, content: bytes, headers: Mapping[str, str]
) -> None:
    answer = Answer(status, content, headers)
    assert outcome(CALLS[name], answer) == asyncio.run(async_outcome(CALLS[name], answer))


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e9999999999999999999999", "1" + "0" * 5000])
def test_a_number_that_is_none_is_no_document_and_no_fault(number: str) -> None:
    body = f'{{"data": {number}, "errors": [{{"detail": {number}}}]}}'.encode()
    assert outcome(CALLS["empresas.get"], Answer(200, body)).startswith("UnexpectedAnswer(")
    assert outcome(CALLS["empresas.get"], Answer(422, body)).startswith("Rejected(")


@pytest.mark.parametrize(
    "body", [r'{"errors": [{"detail": "\ud800", "x": "\ud800"}]}', r'{"mensagem": "\ud800"}']
)
def test_half_a_character_is_told_so_that_it_can_be_printed_and_kept(body: str) -> None:
    client = ec.Client(TOKEN, retry=ONCE, transport=Always(Answer(422, body.encode())))
    with pytest.raises(errors.Rejected, match=r"\\ud800") as caught:
        client.empresas.get("7")
    assert f"{caught.value} {caught.value.faults}".encode()


@pytest.mark.parametrize("library", [httpx, httpx2])
@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_an_answer_that_cannot_be_unpacked_was_lost(library: Any, coding: str) -> None:
    def answer(request: object) -> Any:
        return library.Response(
            200, headers={"content-encoding": coding}, stream=library.ByteStream(b"no zip")
        )

    make = {httpx: HttpxTransport, httpx2: Httpx2Transport}[library]
    with ec.Client(TOKEN, transport=make(library.MockTransport(answer)), retry=ONCE) as client:
        with pytest.raises((errors.AnswerLost, errors.UnexpectedAnswer)):
            client.empresas.get("7")
        with pytest.raises((errors.AnswerLost, errors.UnexpectedAnswer)):
            client.arquivo("7")


# --------------------------------------------------------------------------- what a listing says of itself


def listed(data: list[object], **rest: object) -> Iterator[object]:
    answer = Answer(200, json.dumps({"data": data, **rest}).encode())
    return ec.Client(TOKEN, retry=ONCE, transport=Always(answer)).empresas.list()


ACME = {"id": "7", "type": "empresas", "attributes": {"nome": "ACME LTDA"}}


@pytest.mark.parametrize("total", [500, "500", 500.0, "500.0", -1, "0", 0])
def test_a_total_counts_however_it_is_written(total: object) -> None:
    with pytest.raises(errors.IncompleteListing):
        list(listed([ACME], meta={"totalResourceCount": total}))


@pytest.mark.parametrize("total", [True, None, "muitos", "1e9", "", [1], 1.5, 1, "1", 1.0, "01"])
def test_a_total_that_is_none_or_is_right_does_not_stop_a_listing(total: object) -> None:
    assert len(list(listed([ACME], meta={"totalResourceCount": total}))) == 1


@pytest.mark.parametrize("link", ["/x", {"href": "/x"}, {"href": None}, ["/x"], 1])
def test_whatever_next_is_a_listing_goes_on_for_as_long_as_it_is_there(link: object) -> None:
    with pytest.raises(errors.IncompleteListing, match="already seen"):
        list(listed([ACME], links={"next": link}))


@pytest.mark.parametrize("id", [True, False, "", None, 1.5, [], {"a": 1}])
def test_what_has_no_id_is_no_resource(id: object) -> None:
    with pytest.raises(errors.UnexpectedAnswer, match="id"):
        list(listed([{**ACME, "id": id}]))


# --------------------------------------------------------------------------- attributes in the way of others

WITH_LINKS = sorted(
    name for name in MODELS if RESOURCES[name].spelling.relationships and RESOURCES[name].shape == "document"
)


@pytest.mark.parametrize("name", WITH_LINKS)
@given(value=st.sampled_from(["x", 1, True, None, {"id": "1"}, ["x"]]))
def test_an_attribute_called_as_a_field_or_relationship_is_here_stays_in_extra(
    name: str, value: object
) -> None:
    resource = RESOURCES[name]
    spelled = {*resource.spelling.attributes.values(), *resource.names}
    ours = {*resource.spelling.relationships, *resource.spelling.attributes, "extra", "id", "documento"}
    links = {f"relationships/{theirs}" for theirs in resource.spelling.relationships.values()}
    told = dict.fromkeys((ours | links) - spelled, value)
    model = shown(resource, told)
    assert model.id == "7"
    assert model.extra == told
    for relationship in resource.spelling.relationships:
        assert getattr(model, relationship) is UNSET


def test_an_attribute_is_not_taken_for_the_relationship_that_is_there() -> None:
    told = {"relationships/empresa": "x"}
    model = shown(pessoal.FUNCIONARIOS, told, {"empresa": linked("empresas", "5")})
    assert model.empresa == Ref("empresas", "5")
    assert model.extra == told


# --------------------------------------------------------------------------- documents of any kind

DOCUMENTS = ("11222333000181", "00000000000191", "12ABC34501DE35", "52998224725", "00000000191")


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("spelling", ["cpfCnpjAlfanumerico", "cpfcnpj"])
def test_a_document_is_known_in_either_attribute_as_text_or_number_masked_or_short(
    document: str, spelling: str
) -> None:
    known = ec.Cpf(document) if len(document) == 11 else ec.Cnpj(document)
    written: list[object] = [document, known.format()]
    if document.isdigit():
        written += [int(document), str(int(document))]
    for told in written:
        row = {"nome": "ACME LTDA", spelling: told, "isCpf": isinstance(known, ec.Cpf)}
        for other in ({}, {"cpfcnpj": 0}, {"cpfCnpjAlfanumerico": ""}, {"cpfCnpjAlfanumerico": None}):
            model = shown(empresas.EMPRESAS, {**other, **row})
            assert model.documento == known, (told, other)
            assert model.extra == {}


@given(st.integers(0, 10**20) | st.decimals(allow_nan=False) | st.text(max_size=20) | st.booleans())
def test_what_is_no_document_is_none_and_stays(told: object) -> None:
    given = {
        "nome": "ACME LTDA",
        "cpfCnpjAlfanumerico": str(told),
        "cpfcnpj": told if not isinstance(told, Decimal) else 0,
    }
    model = shown(empresas.EMPRESAS, given)
    assert model.documento is not UNSET
    assert model.documento is not None or model.extra == {
        name: given[name] for name in given if name != "nome"
    }


# --------------------------------------------------------------------------- files


def decoded(text: bytes, places: list[int]) -> bytes | None:
    whole = b'{"bytes":"' + text + b'"}'
    ends = sorted({0, len(whole), *(place % len(whole) for place in places)})
    written = bytearray()
    decoder = Decoder(written.extend)
    try:
        for begin, end in itertools.pairwise(ends):
            decoder.feed(whole[begin:end])
        decoder.end()
    except errors.UnexpectedAnswer:
        return None
    return bytes(written)


@given(
    st.lists(st.binary(min_size=1, max_size=4).map(base64.b64encode), max_size=4).map(b"".join)
    | st.text("AB=%", max_size=12).map(str.encode),
    st.lists(st.integers(0, 200), max_size=9),
)
def test_what_is_no_file_is_none_wherever_its_answer_is_cut(text: bytes, places: list[int]) -> None:
    assert decoded(text, places) == decoded(text, [])
