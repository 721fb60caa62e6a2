"""The sandbox's resources: where each is, its pages, one of them, and what other hosts have."""

import base64
import sqlite3
from pathlib import Path
from typing import cast

import pytest
from bare_portal import CLEAN, SERVICES, Place, Portal, url
from hypothesis import given
from hypothesis import strategies as st

from econtador.sandbox import Sandbox
from econtador.sandbox.jsonapi import JSON
from econtador.sandbox.lookups import LOOKUPS
from econtador.sandbox.rows import RecursoRow

DP = "https://dp.pack.alterdata.com.br/api/v1"
FUNCIONARIOS = url("dp", "funcionarios")
DOCUMENTOS = url("documentos", "integracao/documentos")
CERTIDOES = url("cnd", "integracao/certidoes")
TAREFAS = url("ms-tarefas", "integracao/historico-tarefas")
IDENTIFICACAO = url("identificacao", "integracao")
USUARIOS = f"{IDENTIFICACAO}/usuarios"


@pytest.fixture(scope="module")
def office() -> Portal:
    """A seeded portal that no test writes to."""
    made = Portal()
    made.sandbox.seed(empresas=4, funcionarios=31)
    return made


PLACES = (
    *(
        Place("dp", name)
        for name in ("funcionarios", "historico-funcoes", "departamentos", "funcoes", "eventos", *LOOKUPS)
    ),
    Place(
        "documentos",
        "integracao/documentos",
        {"filter[empresaId]": "1"},
        lambda row: row.attributes["empresaId"] == 1,
    ),
    Place(
        "documentos",
        "integracao/categoria-documento",
        {"filter[login]": "80000000167"},
        lambda row: row.attributes["login"] == "80000000167",
    ),
    Place("cnd", "integracao/certidoes"),
    Place("cnd", "integracao/tipoCertidao", {"filter[usuario]": "80000000167"}),
)


# --------------------------------------------------------------------------- where they are


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.type)
def test_a_listing_is_at_its_own_host_only_and_any_other_address_stands_for_all(
    office: Portal, place: Place
) -> None:
    found = {service: office.get(url(service, place.type), place.query).status for service in SERVICES}
    assert found == {service: 200 if service == place.service else 404 for service in SERVICES}
    assert office.get(f"http://127.0.0.1:8000/api/v1/{place.type}", place.query).status == 200
    assert office.get(f"{DP}/integracao/{place.type}", place.query).status == 404


@pytest.mark.parametrize(
    ("method", "place", "allowed"),
    [
        ("POST", FUNCIONARIOS, "GET"),
        ("PATCH", f"{FUNCIONARIOS}/1", "GET"),
        ("DELETE", f"{DP}/tipos-raca/1", "GET"),
        ("GET", f"{DP}/movimentos", "POST"),
        ("GET", f"{DP}/candidatos", "POST"),
        ("POST", f"{USUARIOS}/80000000167/relationships/empresas", "GET"),
    ],
)
def test_no_verb_is_there_that_nobody_attests(office: Portal, method: str, place: str, allowed: str) -> None:
    refused = office.send(method, place)
    assert (refused.status, refused.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize("path", ["funcoes/1", "eventos/1", "historico-funcoes/1", "movimentos/1"])
def test_no_address_is_there_that_nobody_attests(office: Portal, path: str) -> None:
    assert office.get(f"{DP}/{path}").status == 404


# --------------------------------------------------------------------------- pages


@given(place=st.sampled_from(PLACES), limit=st.integers(1, 200))
def test_pages_of_every_listing_add_up_to_every_id_once(office: Portal, place: Place, limit: int) -> None:
    expected = [row.id for row in place.rows(office)]
    found: list[str] = []
    while True:
        page = office.get(place.url, {**place.query, "page[limit]": limit, "page[offset]": len(found)})
        found += page.ids
        assert page.at("meta") == {"totalResourceCount": len(expected)}
        if "next" not in cast("dict[str, str]", page.at("links")):
            break
        assert len(page.ids) == limit
    assert found == expected


@pytest.mark.parametrize(
    ("query", "status"), [("page[number]", 400), ("page[limit]", 500), ("page[size]", 400)]
)
def test_pages_are_refused_as_those_of_companies_are(office: Portal, query: str, status: int) -> None:
    refused = office.get(FUNCIONARIOS, {query: 201})
    assert (refused.status, refused.problems[0][1]) == (status, query)


# --------------------------------------------------------------------------- one, and what it is related to


@pytest.mark.parametrize(
    ("service", "kind"),
    [
        ("dp", "funcionarios"),
        ("dp", "departamentos"),
        ("documentos", "integracao/documentos"),
        ("cnd", "integracao/certidoes"),
        ("cnd", "integracao/tipoCertidao"),
    ],
)
def test_one_resource_is_as_it_is_in_its_listing(office: Portal, service: str, kind: str) -> None:
    place = next(place for place in PLACES if place.type == kind)
    for listed in office.get(place.url, place.query).listed("data"):
        assert office.get(f"{place.url}/{listed['id']}").body == {"data": listed}
    for key in ("999", "01", "a", "-1", "9" * 30, "1 "):
        assert office.get(f"{place.url}/{key}").problems == [("NOT_FOUND", None)]


def test_what_an_employee_is_related_to_has_an_address(office: Portal) -> None:
    row = office.sandbox.recursos("funcionarios")[4]
    for name in ("empresa", "departamento"):
        kind, key = cast("tuple[str, str]", row.relationships[name])
        found = office.get(f"{FUNCIONARIOS}/{row.id}/{name}")
        assert (found.at("data", "type"), found.at("data", "id")) == (kind, key)
        assert found.body == office.get(f"{DP}/{kind}/{key}").body
    assert office.get(f"{FUNCIONARIOS}/{row.id}/foto").body == {"data": None}
    assert office.get(f"{FUNCIONARIOS}/{row.id}/escolaridade").status == 404
    assert office.get(f"{FUNCIONARIOS}/999/empresa").status == 404


def test_a_change_of_jobs_nests_both_jobs(office: Portal) -> None:
    jobs = {row.id: row for row in office.sandbox.recursos("funcoes")}
    for shown in office.get(f"{DP}/historico-funcoes").listed("data"):
        assert list(shown["attributes"]) == [
            "dataAlteracaoFuncao",
            "externoId",
            "funcaoAtual",
            "funcaoAnterior",
        ]
        assert shown["relationships"] == {}
        for name in ("funcaoAtual", "funcaoAnterior"):
            nested = cast("dict[str, JSON]", shown["attributes"][name])
            assert nested == {"id": nested["id"], **jobs[str(nested["id"])].attributes}


# --------------------------------------------------------------------------- lookups


@pytest.mark.parametrize("kind", LOOKUPS)
def test_a_lookup_is_in_every_sandbox_and_says_its_name(kind: str) -> None:
    with Sandbox(quirks=CLEAN) as sandbox:
        fresh = Portal(sandbox)
        listed = fresh.get(f"{DP}/{kind}", {"page[limit]": 200}).listed("data")
        assert {int(str(one["id"])): one["attributes"] for one in listed} == {
            id: {"nome": nome} for id, nome in LOOKUPS[kind].items()
        }
        for one in listed:
            assert fresh.get(f"{DP}/{kind}/{one['id']}").body == {"data": one}
        assert fresh.get(f"{DP}/{kind}/99999").status == 404
        assert fresh.get(url("documentos", kind)).status == 404


def test_ids_of_lookups_that_are_attested() -> None:
    assert LOOKUPS["paises"][105] == "Brasil"
    assert [LOOKUPS["estados"][id] for id in (1, 19, 20, 21, 27)] == [
        *("Acre", "Roraima", "Rondônia", "Rio de Janeiro", "Tocantins")
    ]
    assert len(set(LOOKUPS["estados"].values())) == 27
    assert list(LOOKUPS["tipos-raca"]) == [1, 2, 3, 6, 8, 9]
    assert list(LOOKUPS["tipos-movimento"]) == [1, 2, 3, 4, 5, 6]
    assert (LOOKUPS["tipos-status-admissao"][0], LOOKUPS["tipos-status-admissao"][5]) == (
        *("Pendente", "A concluir"),
    )


# --------------------------------------------------------------------------- users and their companies


def test_the_companies_of_a_user_are_whole_and_paged(office: Portal) -> None:
    first, second, *_ = office.sandbox.usuarios
    place = f"{USUARIOS}/{first.login}/relationships/empresas"
    expected = [row.documento for row in office.sandbox.empresas]
    pages = [office.get(place, {"page[limit]": 3, "page[offset]": offset}) for offset in (0, 3)]
    assert pages[0].ids + pages[1].ids == expected
    assert pages[0].at("meta") == {"totalResourceCount": len(expected)}
    for documento, shown in zip(expected, office.get(place).listed("data"), strict=True):
        assert {"data": shown} == office.get(f"{IDENTIFICACAO}/empresas/{documento}").body
    other = office.get(f"{USUARIOS}/{second.login}/relationships/empresas")
    assert other.ids == [office.sandbox.empresas[1].documento]
    assert office.get(f"{USUARIOS}/52998224725/relationships/empresas").status == 404


def test_a_user_without_companies_sees_none() -> None:
    portal = Portal()
    attributes: dict[str, JSON] = {
        "nome": "PESSOA MODELO",
        "email": "pessoa@exemplo.com.br",
        "cpfCnpjAlfanumerico": "52998224725",
    }
    assert portal.post(USUARIOS, "integracao/usuarios", attributes).status == 201
    found = portal.get(f"{USUARIOS}/52998224725/relationships/empresas")
    assert (found.ids, found.at("meta")) == ([], {"totalResourceCount": 0})


def test_the_vertical_is_one_attribute(office: Portal) -> None:
    found = office.get(f"{IDENTIFICACAO}/user-connections/verificar-vertical")
    assert list(cast("dict[str, JSON]", found.at("data", "attributes"))) == ["vertical"]
    assert isinstance(found.at("data", "attributes", "vertical"), str)


# --------------------------------------------------------------------------- papers


def test_a_document_has_a_file(office: Portal) -> None:
    for empresa in office.sandbox.empresas:
        for shown in office.get(DOCUMENTOS, {"filter[empresaId]": empresa.id}).listed("data"):
            found = office.get(f"{DOCUMENTOS}/{shown['id']}/arquivos")
            text = base64.b64decode(str(found.at("data", "attributes", "bytes"))).decode()
            assert text == f"{shown['attributes']['titulo']}, {empresa.nome}\n"
    assert office.get(f"{DOCUMENTOS}/999/arquivos").status == 404
    assert office.get(f"{DOCUMENTOS}/1", {"fields[arquivos]": "bytes"}).status == 200


def test_the_history_of_tasks_is_a_bare_array(office: Portal) -> None:
    answer = office.get(TAREFAS, {"dataInicial": "2025-02-01", "dataFinal": "2025-03-15"})
    assert answer.headers["content-type"] == "application/json"
    expected = [
        dict(row.attributes)
        for row in office.sandbox.recursos("integracao/historico-tarefas")
        if "2025-02-01" <= str(row.attributes["prazoEntrega"])[:10] <= "2025-03-15"
    ]
    assert answer.body == expected
    assert 0 < len(expected) < len(office.sandbox.recursos("integracao/historico-tarefas"))
    assert office.get(TAREFAS, {"dataInicial": "2025-03-16", "dataFinal": "2025-03-15"}).body == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("dataInicial=2025-01-01", "dataFinal"),
        ("dataFinal=2025-01-01", "dataInicial"),
        ("dataInicial=01/01/2025&dataFinal=2025-01-01", "dataInicial"),
        ("dataInicial=2025-01-01&dataFinal=2025-02-30", "dataFinal"),
        ("dataInicial=2025-01-01&dataFinal=2025-02-28&page[limit]=1", "page[limit]"),
    ],
)
def test_tasks_are_asked_for_by_two_days(office: Portal, query: str, name: str) -> None:
    assert office.get(f"{TAREFAS}?{query}").problems == [("BAD_REQUEST", name)]


# --------------------------------------------------------------------------- memory


def test_a_file_of_a_former_version_opens(tmp_path: Path) -> None:
    file = tmp_path / "portal.db"
    with Sandbox(file) as sandbox:
        sandbox.seed(empresas=2, funcionarios=0)
        kept = (sandbox.token, sandbox.empresas, sandbox.usuarios)
    connection = sqlite3.connect(file)
    connection.executescript("DROP TABLE recursos; DROP TABLE vinculos")
    connection.close()
    with Sandbox(file, quirks=CLEAN) as sandbox:
        assert (sandbox.token, sandbox.empresas, sandbox.usuarios) == kept
        assert sandbox.recursos("funcionarios") == ()
        assert len(Portal(sandbox).get(f"{DP}/tipos-movimento").ids) == 6
        sandbox.seed(empresas=1, funcionarios=2)
    with Sandbox(file) as sandbox:
        assert [row.id for row in sandbox.recursos("funcionarios")] == ["1", "2"]


def test_no_repr_shows_what_a_resource_holds() -> None:
    row = RecursoRow("funcionarios", "52998224725", {"cpf": 52998224725}, {"x": ("usuarios", "52998224725")})
    assert repr(row) == "RecursoRow(type='funcionarios')"
