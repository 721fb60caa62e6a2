"""The sandbox's dialect, in process: what it takes, refuses, shows and keeps."""

import asyncio
import base64
import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlencode

import pytest
from attrs import asdict, field, frozen
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cnpj as stdnum_cnpj
from stdnum.br import cpf as stdnum_cpf

from econtador.errors import AnswerLost, NotSent
from econtador.sandbox import Sandbox
from econtador.sandbox.documents import is_cnpj, is_cpf
from econtador.sandbox.exchange import Answer, Call, Request
from econtador.sandbox.jsonapi import JSON, Problem, Resource
from econtador.sandbox.limits import ABAS
from econtador.sandbox.rows import EmpresaRow, UsuarioRow
from econtador.sandbox.store import Store, patiently

DP = "https://dp.pack.alterdata.com.br"
IDENTIFICACAO = "https://identificacao.pack.alterdata.com.br"
EMPRESAS = "/api/v1/empresas"
USUARIOS = "/api/v1/integracao/usuarios"
JSONAPI = "application/vnd.api+json"

CNPJ = "11222333000181"
ZEROS = "00000000000191"
LETTERS = "12ABC34501DE35"
CPF = "52998224725"
LIMITS = {
    "nome": 50,
    "inscricaoEstadual": 16,
    "inscricaoMunicipal": 16,
    "endereco": 50,
    "bairro": 20,
    "atividade": 30,
}
WHOLE: dict[str, JSON] = {
    "nome": "PADARIA DO ZÉ LTDA",
    "cpfCnpjAlfanumerico": ZEROS,
    "isCpf": False,
    "externoid": "00007",
    "ativa": False,
    "endereco": "RUA DAS FLORES",
    "inscricaoEstadual": "110.042.490.114",
    "inscricaoMunicipal": "1.234.567-8",
    "bairro": "CENTRO",
    "atividade": "PADARIA",
    "municipio": "SÃO PAULO",
    "uf": "SP",
    "cep": "01000-000",
    "numero": "12 A",
    "complemento": "FUNDOS",
}
ANA: dict[str, JSON] = {
    "nome": "ANA",
    "email": "ana@exemplo.com.br",
    "isCpf": True,
    "cpfCnpjAlfanumerico": CPF,
    "telefone": "11999990000",
}

# Text that JSON can carry whole: no halves of surrogate pairs.
CHARACTERS = st.characters(exclude_categories=["Cs"])
WORDS = st.text(CHARACTERS)
VISIBLE = st.characters(exclude_categories=["Cs", "Z", "C"])


@frozen
class Sent:
    """A request as any client may make it."""

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes = b""


@frozen
class Got:
    """An answer, read."""

    status: int
    headers: Mapping[str, str]
    body: JSON

    def at(self, *path: str | int) -> JSON:
        """What is at *path* in the body."""
        body = cast("dict[str | int, object]", self.body)
        return cast("JSON", reduce(getitem, path, body))  # type: ignore[arg-type]

    @property
    def problems(self) -> list[tuple[str | None, str | None]]:
        """Code and place of each error."""
        assert self.headers["content-type"] == JSONAPI
        found: list[tuple[str | None, str | None]] = []
        for error in cast("list[dict[str, str | dict[str, str]]]", self.at("errors")):
            assert error["status"] == str(self.status)
            assert error["title"]
            assert error["detail"]
            source = cast("dict[str, str]", error.get("source", {}))
            found.append((cast("str", error["code"]), source.get("pointer", source.get("parameter"))))
        return found


@frozen
class Portal:
    """A sandbox spoken to with bare requests."""

    sandbox: Sandbox = field(factory=Sandbox)

    def send(
        self, method: str, url: str, content: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Got:
        usual = {"Authorization": f"Bearer {self.sandbox.token}", "Content-Type": JSONAPI}
        answer = self.sandbox.transport().send(Sent(method, url, {**usual, **(headers or {})}, content))
        return Got(answer.status, answer.headers, json.loads(answer.content))

    def get(self, url: str, **query: str | int) -> Got:
        return self.send("GET", url + (f"?{urlencode(query)}" if query else ""))

    def listed(self, **query: str | int) -> Got:
        return self.get(DP + EMPRESAS, **query)

    def empresa(self, **attributes: JSON) -> Got:
        return self.write("POST", DP + EMPRESAS, "empresas", attributes)

    def usuario(self, **attributes: JSON) -> Got:
        return self.write("POST", IDENTIFICACAO + USUARIOS, "integracao/usuarios", attributes)

    def edit(self, key: str, **attributes: JSON) -> Got:
        return self.write("PATCH", f"{DP}{EMPRESAS}/{key}", "empresas", attributes, key)

    def activate(self, login: str, **attributes: JSON) -> Got:
        return self.write(
            "PATCH", f"{IDENTIFICACAO}{USUARIOS}/{login}", "integracao/usuarios", attributes, login
        )

    def write(
        self, method: str, url: str, kind: str, attributes: Mapping[str, JSON], key: str | None = None
    ) -> Got:
        named: dict[str, JSON] = {"id": key} if key else {}
        data: dict[str, JSON] = {"type": kind, "attributes": attributes, **named}
        return self.send(method, url, json.dumps({"data": data}).encode())


@pytest.fixture
def portal() -> Iterator[Portal]:
    with Sandbox() as sandbox:
        yield Portal(sandbox)


@pytest.fixture(scope="module")
def shared() -> Portal:
    """One portal for properties, where an example more or less in it does not matter."""
    return Portal()


def numbers(answer: Got) -> list[str]:
    return [resource["id"] for resource in cast("list[dict[str, str]]", answer.at("data"))]


# --------------------------------------------------------------------------- the door


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer other", "Basic {token}", "{token}"])
def test_each_call_needs_the_token(portal: Portal, sent: str) -> None:
    refused = portal.send(
        "GET", f"{DP}/nowhere", headers={"Authorization": sent.format(token=portal.sandbox.token)}
    )
    assert (refused.status, refused.problems) == (401, [("UNAUTHORIZED", None)])
    assert portal.sandbox.token not in json.dumps(refused.body)


def test_the_token_has_the_shape_of_the_portals(tmp_path: Path) -> None:
    def claims(token: str) -> list[dict[str, str]]:
        return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]

    with Sandbox(tmp_path / "a.db") as first, Sandbox(tmp_path / "b.db") as second:
        header, payload = claims(first.token)
        assert header == {"typ": "JWT", "alg": "HS512"}
        assert list(payload) == ["uc", "iss", "data"]
        assert payload["uc"].isdigit()
        assert payload["iss"] == "sandbox"
        assert first.token.count(".") == 2
        assert first.token != second.token
    with Sandbox(tmp_path / "a.db") as again:
        assert again.token == first.token


def test_a_token_of_ones_own() -> None:
    own = Portal(Sandbox(token="segredo"))
    assert own.sandbox.token == "segredo"
    assert own.listed().status == 200
    assert own.send("GET", DP + EMPRESAS, headers={"Authorization": "bearer segredo"}).status == 200


@pytest.mark.parametrize(
    "url",
    [
        f"{DP}/api/v1/nada",
        f"{DP}/api/v1/empresas/",
        f"{DP}/api/v2/empresas",
        f"{DP}/empresas",
        f"{DP}/",
        f"{DP}{USUARIOS}",
        f"{IDENTIFICACAO}{EMPRESAS}",
        f"{IDENTIFICACAO}/api/v1/integracao/empresas",
        f"https://documentos.pack.alterdata.com.br{EMPRESAS}",
        f"http://127.0.0.1:8000{EMPRESAS}/1/empresa",
    ],
)
def test_unknown_routes(portal: Portal, url: str) -> None:
    assert portal.get(url).problems == [("NOT_FOUND", None)]


def test_any_other_host_stands_for_both(portal: Portal) -> None:
    assert portal.get(f"http://127.0.0.1:8000{EMPRESAS}").status == 200
    assert portal.get(f"http://localhost{USUARIOS}").status == 200


@pytest.mark.parametrize(
    ("verb", "url", "allowed"),
    [
        ("PATCH", f"{DP}{EMPRESAS}", "GET, POST"),
        ("POST", f"{DP}{EMPRESAS}/1", "GET, PATCH"),
        ("DELETE", f"{DP}{EMPRESAS}/1", "GET, PATCH"),
        ("PUT", f"{IDENTIFICACAO}{USUARIOS}", "GET, POST"),
        ("POST", f"{IDENTIFICACAO}/api/v1/integracao/empresas/{CNPJ}", "GET"),
    ],
)
def test_unknown_verbs(portal: Portal, verb: str, url: str, allowed: str) -> None:
    refused = portal.send(verb, url)
    assert (refused.problems, refused.headers["allow"]) == ([("METHOD_NOT_ALLOWED", None)], allowed)


# --------------------------------------------------------------------------- companies, read


def test_a_company_shows_what_the_portal_shows_and_no_more(portal: Portal) -> None:
    portal.empresa(**WHOLE)
    resource: dict[str, JSON] = {
        "id": "1",
        "type": "empresas",
        "attributes": {
            "nome": "PADARIA DO ZÉ LTDA",
            "ativa": False,
            "cpfcnpj": 191,
            "cpfCnpjAlfanumerico": ZEROS,
            "isCpf": False,
            "endereco": "RUA DAS FLORES",
            "externoid": "00007",
            "tipoMovimentoPermitido": None,
            "controlaTransferenciaTomadores": None,
        },
        "relationships": {},
        "links": {"self": "/api/v1/empresas/1"},
    }
    assert portal.get(f"{DP}{EMPRESAS}/1").body == {"data": resource}
    listed = portal.listed()
    assert listed.at("data") == [resource]
    assert listed.at("meta") == {"totalResourceCount": 1}


@pytest.mark.parametrize("key", ["2", "0", "01", "1 ", "a", "-1", "9" * 30, "%31%00"])
def test_a_company_that_is_not_there(portal: Portal, key: str) -> None:
    portal.empresa(**WHOLE)
    assert portal.get(f"{DP}{EMPRESAS}/{key}").problems == [("NOT_FOUND", None)]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("filter[ativa]", "true", ["1", "2", "4"]),
        ("filter[ativa]", "false", ["3"]),
        ("filter[empresas][ativa][EQ]", "false", ["3"]),
        ("filter[cpfcnpj]", ZEROS, ["2", "3"]),
        ("filter[cpfcnpj]", "191", ["2", "3"]),
        ("filter[empresas][cpfcnpj][EQ]", CNPJ, ["1"]),
        ("filter[cpfcnpj]", "123", []),
        ("filter[cpfcnpj]", "0", ["4"]),
    ],
)
def test_filters(portal: Portal, name: str, value: str, expected: list[str]) -> None:
    for document, active in ((CNPJ, True), (ZEROS, True), (ZEROS, False), (LETTERS, True)):
        portal.empresa(nome="ACME", cpfCnpjAlfanumerico=document, ativa=active)
    found = portal.listed(**{name: value})
    assert (numbers(found), found.at("meta", "totalResourceCount")) == (expected, len(expected))


def test_filters_narrow_each_other_and_may_be_sent_raw(portal: Portal) -> None:
    for active in (True, False):
        portal.empresa(nome="ACME", cpfCnpjAlfanumerico=ZEROS, ativa=active)
    assert numbers(portal.get(f"{DP}{EMPRESAS}?filter[ativa]=false&filter[cpfcnpj]=191")) == ["2"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("filter[externoid]=00007", 400),
        ("filter[nome]=ACME", 400),
        ("filter[empresas][ativa][NEQ]=true", 400),
        ("filter[ativa]=sim", 400),
        ("filter[ativa]=", 400),
        (f"filter[cpfcnpj]={LETTERS}", 400),
        ("filter[cpfcnpj]=11.222.333/0001-81", 400),
        ("page[number]=1", 400),
        ("page[limit]=0", 400),
        ("page[limit]=-1", 400),
        ("page[limit]=x", 400),
        ("page[limit]=201", 500),
        ("page[offset]=-1", 400),
        ("page[offset]=" + "9" * 19, 400),
        ("include=empresa", 400),
        ("sort=nome", 400),
        ("filter[ativa]=true&filter[ativa]=true", 400),
    ],
)
def test_queries_that_are_refused_name_their_parameter(portal: Portal, query: str, status: int) -> None:
    refused = portal.get(f"{DP}{EMPRESAS}?{query}")
    assert refused.status == status
    assert refused.problems[0][1] == query.partition("=")[0]


def test_only_a_listing_takes_parameters(portal: Portal) -> None:
    portal.empresa(**WHOLE)
    portal.usuario(**ANA)
    for url in (
        f"{DP}{EMPRESAS}/1",
        f"{IDENTIFICACAO}{USUARIOS}/{CPF}",
        f"{IDENTIFICACAO}/api/v1/integracao/empresas/{ZEROS}",
    ):
        assert (portal.get(url).status, portal.get(url, include="empresa").status) == (200, 400)
    assert portal.get(IDENTIFICACAO + USUARIOS, **{"filter[ativa]": "true"}).status == 400


# --------------------------------------------------------------------------- pages


@pytest.fixture(scope="module")
def many() -> Portal:
    filled = Portal()
    for number in range(230):
        active = number % 3 > 0
        filled.empresa(nome=f"EMPRESA {number}", cpfCnpjAlfanumerico=CNPJ, ativa=active)
        filled.usuario(**{**ANA, "nome": f"USUARIO {number}"})
    return filled


@given(limit=st.integers(1, 200), active=st.none() | st.booleans())
def test_pages_add_up_to_every_id_once(many: Portal, limit: int, active: bool | None) -> None:
    asked: dict[str, str | int] = {} if active is None else {"filter[ativa]": str(active).lower()}
    expected = [row.id for row in many.sandbox.empresas if active in (None, row.ativa)]
    found: list[str] = []
    while True:
        asked |= {"page[limit]": limit, "page[offset]": len(found)}
        page = many.listed(**asked)
        found += numbers(page)
        assert page.at("meta") == {"totalResourceCount": len(expected)}
        if "next" not in cast("dict[str, str]", page.at("links")):
            break
        assert len(numbers(page)) == limit
    assert found == expected


@given(limit=st.integers(1, 200), offset=st.integers(0, 300), path=st.sampled_from([EMPRESAS, USUARIOS]))
def test_any_window(many: Portal, limit: int, offset: int, path: str) -> None:
    url = f"http://localhost{path}"
    page = many.get(url, **{"page[limit]": limit, "page[offset]": offset})
    rows = [row.id for row in many.sandbox.empresas] if path == EMPRESAS else [CPF] * 230
    assert numbers(page) == rows[offset : offset + limit]
    links = cast("dict[str, str]", page.at("links"))
    assert ("next" in links) == (offset + limit < 230)
    last = many.get(f"http://localhost{links['last']}")
    assert 1 <= len(numbers(last)) <= limit
    assert "next" not in cast("dict[str, str]", last.at("links"))
    if "next" in links:
        following = many.get(f"http://localhost{links['next']}")
        assert numbers(following) == rows[offset + limit : offset + 2 * limit]
    assert numbers(many.get(f"http://localhost{links['first']}")) == rows[:limit]


def test_a_page_has_25_rows_unless_told_and_200_at_most(many: Portal) -> None:
    assert len(numbers(many.listed())) == 25
    assert len(numbers(many.listed(**{"page[limit]": 200}))) == 200


def test_links_drop_the_filter(many: Portal) -> None:
    page = many.get(f"{DP}{EMPRESAS}?filter[ativa]=false&page[limit]=1")
    assert page.at("links", "next") == "/api/v1/empresas?page%5Blimit%5D=1&page%5Boffset%5D=1"


def test_an_empty_listing(portal: Portal) -> None:
    empty = portal.listed()
    assert (empty.at("data"), empty.at("meta")) == ([], {"totalResourceCount": 0})
    only = "/api/v1/empresas?page%5Blimit%5D=25&page%5Boffset%5D=0"
    assert empty.at("links") == {"first": only, "last": only}


# --------------------------------------------------------------------------- companies, written


def test_a_company_is_kept_whole(portal: Portal) -> None:
    made = portal.empresa(**WHOLE, cor="azul")
    assert (made.status, made.headers["location"]) == (201, "/api/v1/empresas/1")
    assert made.body == portal.get(f"{DP}/api/v1/empresas/1").body
    assert portal.sandbox.empresas == (
        EmpresaRow(
            id="1",
            nome="PADARIA DO ZÉ LTDA",
            documento=ZEROS,
            is_cpf=False,
            externoid="00007",
            ativa=False,
            endereco="RUA DAS FLORES",
            inscricao_estadual="110.042.490.114",
            inscricao_municipal="1.234.567-8",
            bairro="CENTRO",
            atividade="PADARIA",
            municipio="SÃO PAULO",
            uf="SP",
            cep="01000-000",
            numero="12 A",
            complemento="FUNDOS",
        ),
    )


def test_the_same_company_twice_makes_two(portal: Portal) -> None:
    assert [portal.empresa(**WHOLE).at("data", "id") for _ in range(2)] == ["1", "2"]
    first, second = portal.sandbox.empresas
    assert asdict(first) | {"id": "2"} == asdict(second)


def test_what_a_company_need_not_say(portal: Portal) -> None:
    portal.empresa(nome="ACME", cpfCnpjAlfanumerico=LETTERS)
    assert portal.sandbox.empresas == (EmpresaRow(id="1", nome="ACME", documento=LETTERS),)


@given(name=st.sampled_from(sorted(LIMITS)), extra=st.integers(1, 80), data=st.data())
def test_over_the_limit_is_422_with_its_pointer(
    shared: Portal, name: str, extra: int, data: st.DataObject
) -> None:
    size = LIMITS[name] + extra
    text = data.draw(st.text(VISIBLE, min_size=size, max_size=size))
    before = len(shared.sandbox.empresas)
    refused = shared.empresa(**{**WHOLE, name: text})
    code = "javax.validation.constraints.Size"
    assert (refused.status, refused.problems) == (422, [(code, f"/data/attributes/{name}")])
    assert refused.at("errors", 0, "detail") == f"tamanho deve estar entre 0 e {LIMITS[name]}"
    assert len(shared.sandbox.empresas) == before


@given(
    texts=st.fixed_dictionaries(
        {name: st.text(CHARACTERS, max_size=limit) for name, limit in LIMITS.items()}
    ),
    free=st.fixed_dictionaries(
        {name: st.none() | WORDS for name in ("externoid", "municipio", "uf", "cep", "numero", "complemento")}
    ),
    active=st.booleans(),
)
def test_what_fits_is_kept_to_the_letter(
    shared: Portal, texts: dict[str, str], free: dict[str, str | None], active: bool
) -> None:
    sent = {**texts, "nome": f"A{texts['nome'][1:]}", **free}
    made = shared.empresa(**sent, cpfCnpjAlfanumerico=CNPJ, ativa=active)
    assert made.status == 201
    row = shared.sandbox.empresas[-1]
    spelled = {"inscricaoEstadual": "inscricao_estadual", "inscricaoMunicipal": "inscricao_municipal"}
    assert {name: getattr(row, spelled.get(name, name)) for name in sent} == sent
    assert (row.ativa, made.at("data", "id")) == (active, row.id)


def test_every_broken_rule_is_named_at_once(portal: Portal) -> None:
    refused = portal.empresa(nome=" " * 51, bairro="x" * 21, ativa=None)
    assert refused.problems == [
        ("javax.validation.constraints.NotBlank", "/data/attributes/nome"),
        ("javax.validation.constraints.Size", "/data/attributes/nome"),
        ("javax.validation.constraints.NotBlank", "/data/attributes/cpfCnpjAlfanumerico"),
        ("javax.validation.constraints.NotNull", "/data/attributes/ativa"),
        ("javax.validation.constraints.Size", "/data/attributes/bairro"),
    ]
    assert portal.sandbox.empresas == ()


@pytest.mark.parametrize("attribute", ["ativa", "isCpf", "nome", "bairro"])
@pytest.mark.parametrize("value", [7, [], {}, "sim"])
def test_another_type_is_500_as_on_this_portal(portal: Portal, attribute: str, value: JSON) -> None:
    if attribute in {"nome", "bairro"} and isinstance(value, str):
        value = True
    refused = portal.empresa(**{**WHOLE, attribute: value})
    expected = (500, [("INTERNAL_SERVER_ERROR", f"/data/attributes/{attribute}")])
    assert (refused.status, refused.problems) == expected
    assert str(refused.at("errors", 0, "detail")).startswith("Cannot deserialize value of type `java.lang.")


@pytest.mark.parametrize(
    ("document", "cpf", "refused"),
    [
        (CNPJ, False, None),
        (CNPJ, None, None),
        (LETTERS, False, None),
        (CPF, True, None),
        (CPF, None, None),
        (CNPJ, True, "CPF"),
        (CPF, False, "CNPJ"),
        ("11222333000182", False, "CNPJ"),
        ("11.222.333/0001-81", False, "CNPJ"),
        ("12abc34501de35", False, "CNPJ"),
        ("00000000000000", False, "CNPJ"),
        ("52998224724", True, "CPF"),
        ("11111111111", None, "CPF"),
        ("1", None, "CNPJ"),
    ],
)
def test_documents_are_checked(portal: Portal, document: str, cpf: bool | None, refused: str | None) -> None:
    made = portal.empresa(**{**WHOLE, "cpfCnpjAlfanumerico": document, "isCpf": cpf})
    if refused is None:
        assert made.status == 201
        assert [(row.documento, row.is_cpf) for row in portal.sandbox.empresas] == [(document, cpf)]
        return
    code = f"org.hibernate.validator.constraints.br.{refused}"
    assert (made.status, made.problems) == (422, [(code, "/data/attributes/cpfCnpjAlfanumerico")])


@given(
    base=st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12), wrong=st.integers(0, 99)
)
def test_cnpj_agrees_with_another_library(base: str, wrong: int) -> None:
    digits = stdnum_cnpj.calc_check_digits(base)
    assert is_cnpj(base + digits) == (base + digits != "0" * 14)
    assert is_cnpj(f"{base}{wrong:02}") == (f"{wrong:02}" == digits and base != "0" * 12)


@given(text=st.text("0123456789", min_size=9, max_size=11))
def test_cpf_agrees_with_another_library(text: str) -> None:
    assert is_cpf(text) == (len(text) == 11 and len(set(text)) > 1 and stdnum_cpf.is_valid(text))
    if len(text) == 9 and len(set(text)) > 1:
        digits = [f"{number:02}" for number in range(100) if is_cpf(f"{text}{number:02}")]
        assert len(digits) == 1
        assert stdnum_cpf.is_valid(text + digits[0])


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b"", ""),
        (b"{", ""),
        (b"\xff", ""),
        (b"[" * 100_000, ""),
        (b'{"data": {"type": "empresas", "attributes": {"nome": "\\ud800"}}}', ""),
        (b"[]", "/data"),
        (b"{}", "/data"),
        (b'{"data": []}', "/data"),
        (b'{"data": {"type": "empresas"}}', "/data/attributes"),
        (b'{"data": {"type": "empresas", "attributes": 1}}', "/data/attributes"),
        (b'{"data": {"attributes": {}}}', "/data/type"),
        (b'{"data": {"type": "usuarios", "attributes": {}}}', "/data/type"),
        (b'{"data": {"type": "empresas", "id": 1, "attributes": {}}}', "/data/id"),
    ],
)
def test_bodies_that_are_no_resource(portal: Portal, body: bytes, pointer: str) -> None:
    assert portal.send("POST", DP + EMPRESAS, body).problems == [("BAD_REQUEST", pointer)]


@pytest.mark.parametrize(
    ("media", "status"),
    [
        ("application/vnd.api+json", 400),
        ("Application/JSON; charset=utf-8", 400),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("", 415),
    ],
)
def test_media_types_of_a_body(portal: Portal, media: str, status: int) -> None:
    assert portal.send("POST", DP + EMPRESAS, b"{}", {"Content-Type": media}).status == status
    assert portal.send("GET", DP + EMPRESAS, b"{}", {"Content-Type": media}).status == 200


# --------------------------------------------------------------------------- companies, changed


def test_a_change_sets_what_it_names_and_leaves_the_rest(portal: Portal) -> None:
    portal.empresa(**WHOLE)
    portal.empresa(**WHOLE)
    before = portal.sandbox.empresas[1]
    changed = portal.edit("2", nome="NOVA", inscricaoEstadual=None, cor="azul")
    assert (changed.status, changed.body) == (200, portal.get(f"{DP}{EMPRESAS}/2").body)
    first, second = portal.sandbox.empresas
    assert first.nome == WHOLE["nome"]
    assert asdict(second) == asdict(before) | {"nome": "NOVA", "inscricao_estadual": None}
    assert portal.edit("2").status == 200
    assert portal.sandbox.empresas == (first, second)


def test_a_changed_document_is_checked_and_found(portal: Portal) -> None:
    portal.empresa(nome="ACME", cpfCnpjAlfanumerico=CNPJ, isCpf=False)
    pointer = "/data/attributes/cpfCnpjAlfanumerico"
    assert portal.edit("1", cpfCnpjAlfanumerico=CPF).problems[0][1] == pointer
    assert portal.edit("1", isCpf=True).problems[0][1] == pointer
    changed = portal.edit("1", cpfCnpjAlfanumerico=CPF, isCpf=True)
    assert changed.at("data", "attributes", "cpfcnpj") == int(CPF)
    assert numbers(portal.listed(**{"filter[cpfcnpj]": CPF})) == ["1"]
    assert numbers(portal.listed(**{"filter[cpfcnpj]": CNPJ})) == []


def test_a_change_has_the_checks_of_a_new_one(portal: Portal) -> None:
    portal.empresa(**WHOLE)
    before = portal.sandbox.empresas
    refused: dict[int, list[dict[str, JSON]]] = {
        422: [{"nome": "x" * 51}, {"nome": " "}, {"nome": None}, {"ativa": None}],
        500: [{"ativa": "sim"}],
    }
    for status, changes in refused.items():
        for change in changes:
            assert portal.edit("1", **change).status == status
    assert portal.edit("2", nome="NOVA").status == 404
    url = f"{DP}{EMPRESAS}/1"
    for key in ("2", None):
        assert portal.write("PATCH", url, "empresas", {"nome": "NOVA"}, key).problems[0][1] == "/data/id"
    assert portal.sandbox.empresas == before


# --------------------------------------------------------------------------- identificacao


def test_the_simplified_company_has_its_document_for_id(portal: Portal) -> None:
    portal.empresa(nome="ACME", cpfCnpjAlfanumerico=LETTERS, externoid="00007")
    portal.empresa(nome="OUTRA", cpfCnpjAlfanumerico=LETTERS, externoid="00008")
    url = f"{IDENTIFICACAO}/api/v1/integracao/empresas"
    found = portal.get(f"{url}/{LETTERS}")
    assert (found.at("data", "id"), found.at("data", "type")) == (LETTERS, "integracao/empresas")
    assert found.at("data", "attributes") == {
        "codigo": "00007",
        "nomeFantasia": "",
        "nome": "ACME",
        "cpfCnpjAlfanumerico": LETTERS,
    }
    assert portal.get(f"{url}/{CNPJ}").status == 404


def test_a_user_arrives_inactive_and_shows_four_attributes(portal: Portal) -> None:
    made = portal.usuario(**ANA, senha="123")
    assert (made.status, made.headers["location"]) == (201, f"{USUARIOS}/{CPF}")
    shown: dict[str, JSON] = {
        "isCpf": True,
        "nome": "ANA",
        "email": "ana@exemplo.com.br",
        "telefone": "11999990000",
    }
    assert (made.at("data", "id"), made.at("data", "type")) == (CPF, "integracao/usuarios")
    assert made.at("data", "attributes") == shown
    assert portal.get(f"{IDENTIFICACAO}{USUARIOS}/{CPF}").body == made.body
    assert portal.get(IDENTIFICACAO + USUARIOS).at("data") == [made.at("data")]
    assert portal.sandbox.usuarios == (
        UsuarioRow(
            id="1", nome="ANA", login=CPF, email="ana@exemplo.com.br", is_cpf=True, telefone="11999990000"
        ),
    )


def test_one_login_twice_makes_two_rows_and_the_first_is_read(portal: Portal) -> None:
    portal.usuario(**ANA)
    assert portal.usuario(**{**ANA, "nome": "BIA"}).status == 201
    assert [(row.id, row.nome, row.documento) for row in portal.sandbox.usuarios] == [
        ("1", "ANA", CPF),
        ("2", "BIA", CPF),
    ]
    read = portal.get(f"{IDENTIFICACAO}{USUARIOS}/{CPF}")
    assert read.at("data", "attributes", "nome") == "ANA"


@pytest.mark.parametrize("login", ["529.982.247-25", "52998224724", "0"])
def test_a_user_is_found_by_the_whole_login_only(portal: Portal, login: str) -> None:
    portal.usuario(**ANA)
    portal.usuario(nome="BIA", email="b@x.br", cpfCnpjAlfanumerico="00000000191")
    assert portal.get(f"{IDENTIFICACAO}{USUARIOS}/{login}").status == 404
    assert portal.get(f"{IDENTIFICACAO}{USUARIOS}/191").status == 404
    assert portal.get(f"{IDENTIFICACAO}{USUARIOS}/00000000191").status == 200


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"nome": None}, "nome"),
        ({"nome": " "}, "nome"),
        ({"email": None}, "email"),
        ({"email": ""}, "email"),
        ({"email": "ana"}, "email"),
        ({"email": "ana@exemplo"}, "email"),
        ({"email": "a@x.br,b@x.br"}, "email"),
        ({"cpfCnpjAlfanumerico": None}, "cpfCnpjAlfanumerico"),
        ({"cpfCnpjAlfanumerico": "52998224724"}, "cpfCnpjAlfanumerico"),
        ({"cpfCnpjAlfanumerico": CNPJ}, "cpfCnpjAlfanumerico"),
    ],
)
def test_a_user_that_is_refused(portal: Portal, change: dict[str, JSON], place: str) -> None:
    refused = portal.usuario(**{**ANA, **change})
    assert (refused.status, [pointer for _, pointer in refused.problems]) == (
        422,
        [f"/data/attributes/{place}"],
    )
    assert portal.sandbox.usuarios == ()


# --------------------------------------------------------------------------- users, activated


def test_a_user_is_active_only_after_every_tab(portal: Portal) -> None:
    portal.usuario(**ANA)
    refused = portal.activate(CPF, ativo=True, abas=list(ABAS[:-2]))
    assert (refused.status, refused.problems[0][1]) == (422, "/data/attributes/abas")
    assert refused.at("errors", 0, "detail") == "passe por todas as abas: falta karoo, notificacoes"
    assert (portal.sandbox.usuarios[0].ativo, portal.sandbox.usuarios[0].abas) == (False, ())
    done = portal.activate(CPF, ativo=True, abas=list(ABAS))
    assert done.status == 200
    state = {"ativo": True, "abas": list(ABAS)}
    attributes = cast("dict[str, JSON]", done.at("data", "attributes"))
    assert {name: attributes[name] for name in state} == state
    assert (portal.sandbox.usuarios[0].ativo, portal.sandbox.usuarios[0].abas) == (True, ABAS)
    read = portal.get(f"{IDENTIFICACAO}{USUARIOS}/{CPF}")
    assert list(cast("dict[str, JSON]", read.at("data", "attributes"))) == [
        "isCpf",
        "nome",
        "email",
        "telefone",
    ]
    assert portal.activate(CPF, ativo=False).status == 200
    assert (portal.sandbox.usuarios[0].ativo, portal.sandbox.usuarios[0].abas) == (False, ABAS)
    assert portal.activate(CPF, ativo=True).status == 200


@given(visits=st.lists(st.lists(st.sampled_from(ABAS)), max_size=6))
def test_tabs_add_up_in_any_order(visits: list[list[str]]) -> None:
    with Sandbox() as sandbox:
        portal = Portal(sandbox)
        portal.usuario(**ANA)
        seen: set[str] = set()
        for visit in visits:
            seen |= set(visit)
            assert portal.activate(CPF, abas=visit).status == 200
            assert sandbox.usuarios[0].abas == tuple(aba for aba in ABAS if aba in seen)
        assert portal.activate(CPF, ativo=True).status == (200 if len(seen) == len(ABAS) else 422)
        assert sandbox.usuarios[0].ativo == (len(seen) == len(ABAS))


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"ativo": "true"}, 500),
        ({"ativo": 1}, 500),
        ({"ativo": None}, 422),
        ({"abas": None}, 422),
        ({"abas": "empresas"}, 500),
        ({"abas": [1]}, 500),
        ({"abas": ["outra"]}, 422),
    ],
)
def test_changes_of_a_user_that_are_refused(portal: Portal, change: dict[str, JSON], status: int) -> None:
    portal.usuario(**ANA)
    refused = portal.activate(CPF, **change)
    assert (refused.status, refused.problems[0][1]) == (status, f"/data/attributes/{next(iter(change))}")
    assert portal.activate(CNPJ, ativo=True).status == 404
    url = f"{IDENTIFICACAO}{USUARIOS}/{CPF}"
    assert portal.write("PATCH", url, "integracao/usuarios", {}, "1").problems[0][1] == "/data/id"
    assert portal.sandbox.usuarios[0].abas == ()


# --------------------------------------------------------------------------- memory


def test_a_file_keeps_everything(tmp_path: Path) -> None:
    with Sandbox(tmp_path / "portal.db") as sandbox:
        before = Portal(sandbox)
        before.empresa(**WHOLE)
        before.usuario(**ANA)
        before.activate(CPF, ativo=True, abas=list(ABAS))
        kept = (sandbox.token, sandbox.empresas, sandbox.usuarios)
    with Sandbox(str(tmp_path / "portal.db")) as sandbox:
        assert (sandbox.token, sandbox.empresas, sandbox.usuarios) == kept
        assert sandbox.requests == ()
        assert Portal(sandbox).empresa(**WHOLE).at("data", "id") == "2"


def test_two_sandboxes_share_one_file(tmp_path: Path) -> None:
    with Sandbox(tmp_path / "portal.db") as first, Sandbox(tmp_path / "portal.db") as second:
        assert first.token == second.token
        ids = [Portal(one).empresa(**WHOLE).at("data", "id") for one in (first, second, first)]
        assert ids == ["1", "2", "3"]
        assert first.empresas == second.empresas
        assert len(second.empresas) == 3


def test_a_killed_process_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    file = tmp_path / "portal.db"
    program = f"""
import os, signal
from test_sandbox import ANA, Portal, Sandbox, WHOLE
portal = Portal(Sandbox({str(file)!r}))
portal.empresa(**WHOLE), portal.usuario(**ANA)
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parent, check=False, timeout=60
    )
    assert killed.returncode == -9
    with Sandbox(file) as sandbox:
        assert (len(sandbox.empresas), len(sandbox.usuarios)) == (1, 1)


@pytest.mark.parametrize("shared_file", [False, True])
def test_threads_post_at_once(tmp_path: Path, shared_file: bool) -> None:
    path = tmp_path / "portal.db" if shared_file else None
    one = Sandbox(path)
    other = Sandbox(path) if shared_file else one
    ids: list[JSON] = []

    def post(sandbox: Sandbox) -> None:
        ids.extend(Portal(sandbox).empresa(**WHOLE).at("data", "id") for _ in range(40))

    threads = [threading.Thread(target=post, args=(sandbox,)) for sandbox in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = [str(number) for number in range(1, 81)]
    assert sorted(ids, key=str) == sorted(expected)
    assert [row.id for row in one.empresas] == expected
    assert len(one.requests) + (len(other.requests) if shared_file else 0) == 80
    one.close()
    other.close()


def test_changes_of_two_processes_do_not_overwrite_each_other(tmp_path: Path) -> None:
    path = tmp_path / "portal.db"
    with Sandbox(path) as one, Sandbox(path) as other:
        Portal(one).usuario(**ANA)
        answers: list[int] = []

        def visit(sandbox: Sandbox, abas: tuple[str, ...]) -> None:
            # Each reads the tabs visited so far and writes them back with one more.
            answers.extend(Portal(sandbox).activate(CPF, abas=[aba]).status for aba in abas * 10)

        halves = ((one, ABAS[::2]), (other, ABAS[1::2]))
        threads = [threading.Thread(target=visit, args=half) for half in halves]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [200] * 90
        assert one.usuarios[0].abas == ABAS


def test_a_transaction_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    store = Store(tmp_path / "portal.db")
    company: dict[str, str | int] = {"nome": "ACME", "documento": CNPJ, "ativa": True}
    with pytest.raises(KeyboardInterrupt), store.transaction(write=True):
        store.add_empresa(company)
        raise KeyboardInterrupt
    with store.transaction(write=True):
        assert store.add_empresa(company).id == "1"
    assert store.count("empresas") == 1
    store.close()


def test_another_programs_file_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE journal (id)")
    connection.commit()
    connection.close()
    before = file.read_bytes()
    with pytest.raises(ValueError, match="not a sandbox's"):
        Sandbox(file)
    assert file.read_bytes() == before
    text = tmp_path / "text.db"
    text.write_text("nome;cnpj\n" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        Sandbox(text)


def test_patience_ends_and_is_for_locks_only(tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    waiter = sqlite3.connect(tmp_path / "x.db", isolation_level=None, timeout=0)
    holder.execute("BEGIN IMMEDIATE")
    tries: list[str] = []

    def locked() -> None:
        tries.append("once more")
        waiter.execute("BEGIN IMMEDIATE")

    with pytest.raises(sqlite3.OperationalError, match="locked"):
        patiently(locked, 0.03)
    assert len(tries) > 1
    with pytest.raises(sqlite3.OperationalError, match="syntax"):
        patiently(lambda: waiter.execute("NONSENSE"), 60)
    threading.Timer(0.05, lambda: tries.append("free")).start()

    def freed() -> None:
        if "free" in tries and holder.in_transaction:
            holder.execute("COMMIT")
        waiter.execute("BEGIN IMMEDIATE")

    patiently(freed, 30)
    assert waiter.in_transaction
    holder.close()
    waiter.close()


# --------------------------------------------------------------------------- what is seen, and faults


def test_requests_are_counted_with_their_status(portal: Portal) -> None:
    portal.listed(**{"filter[ativa]": "true"})
    portal.empresa()
    portal.get(f"{IDENTIFICACAO}{USUARIOS}/{CPF}")
    assert [(seen.method, seen.path, seen.status) for seen in portal.sandbox.requests] == [
        ("GET", EMPRESAS, 200),
        ("POST", EMPRESAS, 422),
        ("GET", f"{USUARIOS}/{CPF}", 404),
    ]
    assert {type(seen.status) for seen in portal.sandbox.requests} == {int}
    assert repr(portal.sandbox) == "<Sandbox, 3 requests answered>"


When = Literal["before", "after"]


def failing(when: When, error: BaseException) -> Callable[[str, str, When], None]:
    def fault(method: str, path: str, now: When) -> None:
        if (method, path, now) == ("POST", EMPRESAS, when):
            raise error

    return fault


@pytest.mark.parametrize(
    ("when", "error", "kept", "answered"),
    [
        ("before", NotSent(), 0, 0),
        ("after", AnswerLost(), 1, 1),
        ("after", KeyboardInterrupt(), 1, 1),
    ],
)
def test_a_fault_is_let_out_before_or_after_the_effect(
    when: When, error: BaseException, kept: int, answered: int
) -> None:
    portal = Portal(Sandbox(fault=failing(when, error)))
    with pytest.raises(type(error)) as raised:
        portal.empresa(**WHOLE)
    assert raised.value is error
    assert (len(portal.sandbox.empresas), len(portal.sandbox.requests)) == (kept, answered)
    assert portal.listed().at("meta", "totalResourceCount") == kept
    portal.sandbox.fault = None
    assert portal.empresa(**WHOLE).status == 201


def test_a_fault_may_look_at_the_sandbox() -> None:
    seen: list[tuple[str, int]] = []
    portal = Portal()
    portal.sandbox.fault = lambda method, path, when: seen.append((when, len(portal.sandbox.empresas)))
    portal.empresa(**WHOLE)
    assert seen == [("before", 0), ("after", 1)]


def test_the_asynchronous_transport_answers_the_same(portal: Portal) -> None:
    headers = {"authorization": f"Bearer {portal.sandbox.token}"}
    request: Request = Sent("GET", DP + EMPRESAS, headers)

    async def ask() -> Answer:
        transport = portal.sandbox.async_transport()
        answer = await transport.send(request)
        await transport.aclose()
        return answer

    transport = portal.sandbox.transport()
    answer = transport.send(request)
    transport.close()
    assert asyncio.run(ask()) == answer
    assert transport.send(request) == answer


def test_the_librarys_clients_are_wired_to_it(portal: Portal) -> None:
    portal.empresa(**WHOLE)
    with portal.sandbox.client() as client:
        assert [empresa.nome for empresa in client.empresas.list()] == ["PADARIA DO ZÉ LTDA"]

    async def names() -> list[str]:
        async with portal.sandbox.async_client() as client:
            return [empresa.nome async for empresa in client.empresas.list()]

    assert asyncio.run(names()) == ["PADARIA DO ZÉ LTDA"]
    assert [seen.path for seen in portal.sandbox.requests] == [EMPRESAS] * 3


def test_closing_twice_is_closing() -> None:
    sandbox = Sandbox()
    sandbox.close()
    sandbox.close()
    with pytest.raises(sqlite3.ProgrammingError):
        _ = sandbox.empresas


def test_no_repr_shows_a_cpf_an_email_or_the_token(portal: Portal) -> None:
    portal.empresa(**{**WHOLE, "cpfCnpjAlfanumerico": CPF, "isCpf": True})
    portal.usuario(**ANA)
    portal.activate(CPF, ativo=False)
    sandbox = portal.sandbox
    call = Call("POST", "dp", f"/{CPF}", CPF, {"authorization": sandbox.token}, CPF.encode())
    shown = repr(
        [
            sandbox,
            sandbox.transport(),
            sandbox.async_transport(),
            sandbox.empresas,
            sandbox.usuarios,
            sandbox.requests,
            call,
            Answer(200, {"location": CPF}, CPF.encode()),
            Resource("usuarios", CPF, {"email": "ana@exemplo.com.br"}),
            Problem(422, "x", CPF),
        ]
    )
    assert not [
        secret for secret in (CPF, "ana@exemplo.com.br", sandbox.token, "11999990000") if secret in shown
    ]
