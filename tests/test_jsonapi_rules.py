"""The JSON:API rules: good documents pass, each rule fires alone, and what the sandbox and the client say keeps to them."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import TypeAlias, cast, get_args

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st
from jsonapi_documents import DOCUMENT_RULES, MEMBERS
from jsonapi_rules import NAMES, Role, Watched, exchange_breaches, violations

import econtador as ec
from econtador import errors
from econtador.portal.models import Ativacao, EmpresaNova, UsuarioNovo
from econtador.portal.transport import Request, Response
from econtador.sandbox import Sandbox

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"
Members: TypeAlias = dict[str, Json]

EMPRESA: Members = {"type": "empresas", "id": "1"}
PESSOA: Members = {"type": "pessoas", "id": "9", "attributes": {"nome": "PESSOA MODELO 01"}}
DONO: Members = {"data": {"type": "pessoas", "id": "9"}}
WHOLE_EMPRESA: Members = {
    **EMPRESA,
    "attributes": {"nome": "EMPRESA MODELO 01 LTDA", "dados-fiscais": [{"ação_1": None}]},
    "relationships": {
        "dono": {"links": {"self": "/empresas/1/relationships/dono", "related": "/empresas/1/dono"}, **DONO},
        "filiais": {"data": [], "meta": {"quantas": 0}},
        "matriz": {"data": None},
    },
    "links": {"self": {"href": "http://exemplo.com.br/empresas/1", "meta": {}, "hreflang": ["pt", "en"]}},
    "meta": {},
}
WHOLE: Members = {
    "data": [WHOLE_EMPRESA],
    "included": [PESSOA],
    "links": {"self": "/empresas", "first": "/x?page%5Boffset%5D=0", "prev": None, "next": {"href": "/x"}},
    "meta": {"totalResourceCount": 1},
    "jsonapi": {"version": "1.1", "meta": {}},
}
FAULT: Members = {
    "status": "422",
    "code": "Size",
    "title": "Inválido",
    "detail": "longo",
    "source": {"pointer": "/data/attributes/a~1b", "parameter": "include", "header": "Accept"},
    "links": {"about": "/ajuda"},
    "meta": {},
    "id": "1",
}


def broken(document: object, role: Role = "response") -> set[str]:
    """Names of the rules that *document* breaks."""
    return {sentence.partition(" (")[0] for sentence in violations(document, role=role)}


# --------------------------------------------------------------------------- documents that keep to the rules

GOOD: list[tuple[Role, Json]] = [
    ("response", WHOLE),
    ("response", {"data": None}),
    ("response", {"data": []}),
    ("response", {"data": EMPRESA}),
    ("response", {"meta": {"qualquer coisa": 1}}),
    (
        "response",
        {"data": {"type": "pessoas", "id": "9"}, "included": [PESSOA]},
    ),  # identifiers as primary data
    ("response", {"errors": []}),
    ("response", {"errors": [FAULT, {"detail": ""}], "jsonapi": {}}),
    ("response", {"data": [], "@context": {"@": 1}}),
    ("response", {"data": EMPRESA | {"attributes": {"@type": "ignored", "dados": {"id": 1, "type": 2}}}}),
    ("create", {"data": {"type": "empresas", "attributes": {"nome": "X"}, "relationships": {"dono": DONO}}}),
    ("create", {"data": {"type": "empresas", "id": "6e6a8d11-9f1f-4a0c-8f2b-0a53b0d0a1aa"}}),
    ("update", {"data": EMPRESA | {"attributes": {"ativa": False}}}),
]


@pytest.mark.parametrize(("role", "document"), GOOD)
def test_a_document_that_keeps_to_the_rules_breaks_none(role: Role, document: Json) -> None:
    assert violations(document, role=role) == ()


def test_a_violation_is_told_with_its_section_and_its_place() -> None:
    assert violations({"data": [EMPRESA, {"id": "2"}]}, role="response") == (
        "a resource has a type (document-resource-objects): /data/1",
    )
    assert violations([], role="response") == ("document is an object (document-top-level): the whole",)


# --------------------------------------------------------------------------- one document against each rule


def company(**members: Json) -> Members:
    return {"data": EMPRESA | members}


def related(relationship: Json, **rest: Json) -> Members:
    return company(relationships={"dono": relationship}) | rest


def fault(**members: Json) -> Members:
    return {"errors": [{"detail": "x", **members}]}


BAD: Mapping[str, tuple[Role, Json]] = {
    "document is an object": ("response", [EMPRESA]),
    "data is an object, a list or null": ("response", {"data": "1"}),
    "included is a list": ("response", company() | {"included": PESSOA}),
    "jsonapi is an object": ("response", company() | {"jsonapi": "1.0"}),
    "meta is an object": ("response", company() | {"meta": []}),
    "resource is an object": ("response", {"data": ["1"]}),
    "type is text": ("response", company(type=1)),
    "id is text": ("response", company(id=1)),
    "attributes is an object": ("response", company(attributes=[])),
    "relationships is an object": ("response", company(relationships=[])),
    "relationship is an object": ("response", related(None)),
    "linkage is an object, a list or null": ("response", related({"data": "9"})),
    "identifier is an object": ("response", related({"data": ["9"]})),
    "links is an object": ("response", company(links="/empresas/1")),
    "relationship links is an object": ("response", related({"links": "/empresas/1/dono"})),
    "link is text, an object or null": ("response", company(links={"self": ["/empresas/1"]})),
    "errors is a list": ("response", {"errors": {"detail": "x"}}),
    "error is an object": ("response", {"errors": ["x"]}),
    "source is an object": ("response", fault(source="/data")),
    "text is text": ("response", fault(code=7)),
    "status is text": ("response", fault(status=422)),
    "href is text": ("response", company(links={"self": {"href": None}})),
    "pointer is text": ("response", fault(source={"pointer": 1})),
    "a document has data, errors or meta": ("response", {"links": {}}),
    "data and errors are not together": ("response", company() | {"errors": []}),
    "included comes with data": ("response", {"meta": {}, "included": []}),
    "a defined object has defined members only": ("response", fault(mensagem="x")),
    "a member name has the allowed characters": ("response", company(attributes={"cpf/cnpj": 1})),
    "a resource has a type": ("response", {"data": {"id": "1"}}),
    "a resource has an id": ("update", {"data": {"type": "empresas"}}),
    "a type is named as a member is": ("response", company(type="integracao/usuarios")),
    "no attribute has a relationship's name": (
        "response",
        company(attributes={"dono": 1}, relationships={"dono": DONO}),
    ),
    "no field is named type or id": ("response", company(attributes={"id": 1})),
    "links and relationships are not in attributes": ("response", company(attributes={"a": [{"links": {}}]})),
    "a relationship has links, data or meta": ("response", related({})),
    "its links have self or related": ("response", related({"links": {"first": "/empresas"}})),
    "an identifier has a type": ("response", related({"data": {"id": "9"}})),
    "an identifier has an id": ("response", related({"data": [{"type": "pessoas"}]})),
    "a resource is told once": ("response", related(DONO, included=[PESSOA, PESSOA])),
    "what is included is linked to": ("response", company() | {"included": [PESSOA]}),
    "a link object has an href": ("response", company(links={"self": {"meta": {}}})),
    "a link is a URI reference": ("response", company(links={"self": "/empresas/1 2"})),
    "an href is a URI reference": ("response", company(links={"self": {"href": "/empresas/%1"}})),
    "page links are a collection's": ("response", company() | {"links": {"next": None}}),
    "an error says something": ("response", {"errors": [{}]}),
    "an error's status is an HTTP status": ("response", fault(status="erro")),
    "a pointer is a JSON Pointer": ("response", fault(source={"pointer": "data/attributes"})),
    "a write has one resource": ("create", {"data": [{"type": "empresas"}]}),
    "a written relationship has data": ("update", related({"meta": {}})),
    "an id made by the client is a UUID": ("create", company()),
}


@pytest.mark.parametrize("name", BAD)
def test_each_rule_of_a_document_is_broken_alone(name: str) -> None:
    role, document = BAD[name]
    assert broken(document, role) == {name}


MEDIA = "application/vnd.api+json"
URL = "https://dp.pack.alterdata.com.br/api/v1/empresas"


@frozen
class Answer:
    status: int = 200
    content: bytes = b""
    headers: Mapping[str, str] = field(factory=lambda: {"content-type": MEDIA})


def asked(
    method: str = "GET", url: str = URL, body: Json = None, media: str = MEDIA, accept: str = MEDIA
) -> Request:
    content = json.dumps(body).encode() if body is not None else b""
    return Request(method, url, {"Content-Type": media, "Accept": accept}, content)


def answered(body: Json, status: int = 200, location: str = "", media: str = MEDIA) -> Answer:
    headers = {"content-type": media, "location": location} if location else {"content-type": media}
    return Answer(status, json.dumps(body).encode(), headers)


NEW: Members = {"data": {"type": "empresas", "attributes": {"nome": None}}}
MADE: Members = company(links={"self": "/empresas/1"})

GOOD_EXCHANGES: list[tuple[Request, Response]] = [
    (asked(), Answer(204, headers={})),
    (asked(url=f"{URL}?page[limit]=2&filter[ativa]=true&fields=nome&dataInicial=1"), answered({"data": []})),
    (asked(accept=f"text/html, {MEDIA}; q=0.5;x=1, {MEDIA}"), answered({"data": []})),
    (asked(accept="*/*"), answered({"data": []}, media=f'{MEDIA}; profile="http://x"')),
    (asked(url=f"{URL}?fields[empresas]=nome"), answered(company() | {"included": [PESSOA]})),
    (asked("POST", body=NEW), answered(MADE, 201, location="/empresas/1")),
    (asked("POST", body=NEW), answered(company(), 201, location="/empresas/1")),
    (asked("POST", body=NEW), answered(fault(source={"pointer": "/data/attributes/nome"}), 422)),
    (asked("PATCH", f"{URL}/a%2Fb?include=dono", company(id="a/b")), answered(company(id="a/b"))),
    (asked("DELETE", f"{URL}/1"), Answer(204)),
]

BAD_EXCHANGES: Mapping[str, tuple[Request, Response]] = {
    "a body has the media type": (
        asked("POST", body=NEW, media=f"{MEDIA}; charset=utf-8"),
        answered(MADE, 201),
    ),
    "Accept has the media type without parameters": (
        asked(accept=f"{MEDIA};v=1, */*"),
        answered({"data": []}),
    ),
    "a body is JSON": (asked(), Answer(content=b'{"data": NaN}')),
    "the id of a change is its address's": (asked("PATCH", f"{URL}/2", company()), answered(company())),
    "what was created is answered": (asked("POST", body=NEW), answered({"meta": {}}, 201)),
    "Location is the resource's self": (asked("POST", body=NEW), answered(MADE, 201, location="/empresas/2")),
    "a pointer leads to what was sent": (
        asked("POST", body=NEW),
        answered(fault(source={"pointer": "/data/attributes/uf"}), 422),
    ),
    "a query parameter is defined or not all a-z": (asked(url=f"{URL}?limit=2"), answered({"data": []})),
}


@pytest.mark.parametrize(("request_", "response"), GOOD_EXCHANGES)
def test_an_exchange_that_keeps_to_the_rules_breaks_none(request_: Request, response: Response) -> None:
    assert exchange_breaches(request_, response) == ()


@pytest.mark.parametrize("name", BAD_EXCHANGES)
def test_each_rule_of_an_exchange_is_broken_alone(name: str) -> None:
    assert {breach.rule for breach in exchange_breaches(*BAD_EXCHANGES[name])} == {name}


def test_every_rule_has_a_document_or_an_exchange_that_breaks_it_and_a_name_of_its_own() -> None:
    assert sorted(NAMES) == sorted([*BAD, *BAD_EXCHANGES])
    assert BAD.keys() == {rule.name for rule in DOCUMENT_RULES}


def test_the_documents_of_an_exchange_are_looked_at_each_for_what_it_is() -> None:
    said = [str(breach) for breach in exchange_breaches(asked("PATCH", f"{URL}/1", NEW), answered([], 400))]
    assert said == [
        "document is an object (document-top-level): answered",
        "a resource has an id (document-resource-objects): sent /data",
    ]


# --------------------------------------------------------------------------- good documents, and what spoils them

WORDS = st.text("abcXYZ019áç", min_size=1, max_size=6)
NAMED = st.builds(lambda begin, end: f"{begin}-_ {end}", WORDS, WORDS)
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMED, inner, max_size=2),
    max_leaves=4,
)
IDENTITIES = st.tuples(st.sampled_from(["empresas", "pessoas"]), st.integers(1, 9).map(str))


@st.composite
def compound(draw: st.DrawFn) -> Members:
    """A listing of companies and persons, each linked to all that are included."""
    first, *others = draw(st.lists(IDENTITIES, min_size=2, max_size=6, unique=True))
    cut = draw(st.integers(1, len(others)))
    linkage: list[Json] = [{"type": kind, "id": id} for kind, id in others[:cut]]
    attributes = st.dictionaries(NAMED, VALUES, max_size=3)
    resources: list[Members] = [
        {
            "type": kind,
            "id": id,
            "attributes": draw(attributes),
            "relationships": {"todos": {"data": linkage}},
        }
        for kind, id in (first, *others)
    ]
    return {"data": [*resources[cut + 1 :], resources[0]], "included": [*resources[1 : cut + 1]]}


def drop_type(document: Members) -> None:
    del rows(document, "data")[0]["type"]


def number_for_an_id(document: Members) -> None:
    rows(document, "data")[-1]["id"] = 1


def included_twice(document: Members) -> None:
    rows(document, "included").append(deepcopy(rows(document, "included")[0]))


def linkage_left_out(document: Members) -> None:
    for resource in [*rows(document, "data"), *rows(document, "included")]:
        resource["relationships"] = {"todos": {"meta": {}}}


def data_left_out(document: Members) -> None:
    document["meta"] = {}
    del document["data"]


def errors_added(document: Members) -> None:
    document["errors"] = []


def a_bracket_in_a_name(document: Members) -> None:
    rows(document, "included")[-1]["attributes"] = {"deep": [{"a[b": 1}]}


def an_attribute_like_the_relationship(document: Members) -> None:
    rows(document, "included")[0]["attributes"] = {"todos": None}


def rows(document: Members, name: str) -> list[Members]:
    return cast("list[Members]", document[name])


SPOILED: Mapping[str, Callable[[Members], None]] = {
    "a resource has a type": drop_type,
    "id is text": number_for_an_id,
    "a resource is told once": included_twice,
    "what is included is linked to": linkage_left_out,
    "included comes with data": data_left_out,
    "data and errors are not together": errors_added,
    "a member name has the allowed characters": a_bracket_in_a_name,
    "no attribute has a relationship's name": an_attribute_like_the_relationship,
}


@given(compound())
def test_any_compound_document_that_is_linked_breaks_no_rule(document: Members) -> None:
    assert violations(document, role="response") == ()


@given(compound(), st.sampled_from(sorted(SPOILED)))
def test_any_compound_document_that_is_spoiled_breaks_just_that_rule(document: Members, name: str) -> None:
    SPOILED[name](document)
    assert broken(document) == {name}


@given(compound())
def test_a_primary_resource_is_not_included_again(document: Members) -> None:
    rows(document, "included").append(deepcopy(rows(document, "data")[0]))
    assert broken(document) == {"a resource is told once"}


SPECIFIED = st.sampled_from(sorted({"self", "@own", *(name for names in MEMBERS.values() for name in names)}))


def nested(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return st.lists(inner, max_size=3) | st.dictionaries(SPECIFIED, inner, max_size=4)


@given(st.recursive(st.none() | st.booleans() | st.integers() | WORDS, nested, max_leaves=12))
def test_whatever_json_comes_it_is_judged_and_not_stumbled_over(document: Json) -> None:
    for role in get_args(Role):
        assert set(broken(document, role)) <= set(NAMES)


# --------------------------------------------------------------------------- what the sandbox and the client say

CNPJ = ec.Cnpj("12ABC34501DE35")
CPF = ec.Cpf("52998224725")
LOGIN = "52998224725"
PREFIXED = "a type is named as a member is"
"""The portal's types on all hosts but dp have a path's prefix, ``integracao/``: attested."""


def watch(*allowed: str, token: str | None = None) -> tuple[ec.Client, Watched, Sandbox]:
    """A client of a new sandbox, and the transport between them that looks at everything."""
    sandbox = Sandbox()
    transport = Watched(sandbox.transport(), allowed=allowed)
    return (
        ec.Client(token=token or sandbox.token, writes=ec.CONVENTION, transport=transport),
        transport,
        sandbox,
    )


def empresa(nome: str = "EMPRESA MODELO 01 LTDA") -> EmpresaNova:
    return EmpresaNova(codigo="00001", nome=nome, documento=CNPJ, bairro="CENTRO", uf="SP")


PESSOA_NOVA = UsuarioNovo(nome="PESSOA MODELO 01", email="modelo@exemplo.com.br", cpf=CPF)


def test_companies_are_created_listed_and_read_by_the_rules() -> None:
    client, transport, sandbox = watch()
    made = [client.empresas.create(empresa()) for _ in range(5)]
    assert list(client.empresas.list(limit=2)) == made
    assert list(client.empresas.list(limit=2, ativa=True)) == made
    assert list(client.empresas.list(ativa=False)) == []
    assert client.empresas.get("1") == made[0]
    assert client.empresas.by_document("11222333000181") is None
    assert {request.status for request in sandbox.requests} == {200, 201}
    assert transport.violations == []


def test_users_are_created_listed_read_and_activated_by_the_rules_but_for_their_type() -> None:
    client, transport, sandbox = watch(PREFIXED)
    made = client.usuarios.create(PESSOA_NOVA)
    client.usuarios.create(
        UsuarioNovo(nome="PESSOA MODELO 02", email="dois@exemplo.com.br", cpf=ec.Cpf("11144477735"))
    )
    assert client.usuarios.get(LOGIN) == made
    assert len(list(client.usuarios.list(limit=1))) == 2
    client.usuarios.update(LOGIN, Ativacao())
    assert sandbox.usuarios[0].ativo
    client.empresas.create(empresa())
    assert client.request("GET", "identificacao", "/empresas/12ABC34501DE35").status == 200
    assert (transport.violations, transport.excused) == ([], {PREFIXED})


REFUSED: Mapping[int, Callable[[ec.Client], object]] = {
    400: lambda client: client.request("GET", "dp", "/empresas", query={"page[number]": "1"}),
    404: lambda client: client.empresas.get("1"),
    405: lambda client: client.request("DELETE", "dp", "/empresas/1"),
    422: lambda client: client.empresas.create(empresa(nome="X" * 51)),
    500: lambda client: client.request("GET", "dp", "/empresas", query={"page[limit]": "201"}),
}


@pytest.mark.parametrize("status", REFUSED)
def test_a_refusal_is_told_by_the_rules(status: int) -> None:
    client, transport, sandbox = watch()
    with pytest.raises(errors.PortalError):
        REFUSED[status](client)
    assert [request.status for request in sandbox.requests] == [status]
    assert transport.violations == []


def test_a_wrong_token_is_refused_by_the_rules() -> None:
    client, transport, _ = watch(token="another")
    with pytest.raises(errors.Unauthorized):
        client.empresas.get("1")
    assert transport.violations == []


def test_an_exchange_that_breaks_a_rule_raises_at_once_and_tells_no_value() -> None:
    client, transport, _ = watch()
    with pytest.raises(AssertionError, match=f"POST .*: {PREFIXED}") as raised:
        client.usuarios.create(PESSOA_NOVA)
    assert transport.violations == str(raised.value).split("\n")
    for secret in (LOGIN, "PESSOA", "exemplo"):
        assert secret not in str(raised.value)


class Fixed:
    """A transport with one answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.closed = False

    def send(self, request: Request) -> Answer:
        return self.answer

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ([{"nome": "TAREFA"}], "document is an object"),  # historico-tarefas answers so: attested
        (related(DONO, included=[PESSOA, PESSOA]), "a resource is told once"),  # met, too
    ],
)
def test_a_quirk_is_let_through_by_its_name_only(body: Json, name: str) -> None:
    with pytest.raises(AssertionError, match=name):
        Watched(Fixed(answered(body))).send(asked())
    quirky = Watched(Fixed(answered(body)), allowed={name})
    assert quirky.send(asked()).status == 200
    assert quirky.excused == {name}


def test_what_is_allowed_is_a_rule() -> None:
    with pytest.raises(ValueError, match="no such rule: no rule"):
        Watched(Fixed(Answer()), allowed={"no rule"})


def test_closing_the_watch_closes_what_it_watches() -> None:
    inner = Fixed(Answer())
    Watched(inner).close()
    assert inner.closed
