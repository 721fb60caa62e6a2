"""The query dialect of the sandbox's listings: filters, include, fields, sort."""

from collections.abc import Callable
from typing import cast

import pytest
from attrs import frozen
from bare_portal import Place, Portal, url
from hypothesis import given
from hypothesis import strategies as st
from jsonapi_rules import violations

from econtador.sandbox.jsonapi import JSON
from econtador.sandbox.rows import RecursoRow

DP = "https://dp.pack.alterdata.com.br/api/v1"
FUNCIONARIOS = url("dp", "funcionarios")
DOCUMENTOS = url("documentos", "integracao/documentos")
CATEGORIAS = url("documentos", "integracao/categoria-documento")
CERTIDOES = url("cnd", "integracao/certidoes")
USUARIOS = url("identificacao", "integracao/usuarios")

INCLUDES = {
    "empresa": "empresas",
    "departamento": "departamentos",
    "naturalidade": "estados",
    "estado": "estados",
    "foto": "fotos",
    "estadocivil": "tipos-estado-civil",
    "sexo": "tipos-sexo",
    "formadepagamento": "tipos-forma-de-pagamento",
    "nacionalidade": "paises",
    "pais": "paises",
    "tipoDeConta": "tipos-de-conta",
    "tipoDeChavePix": "tipos-de-chave-pix",
}
SHOWN = (
    *("codigo", "nome", "status", "afastamentodescricao", "afastamento", "retorno", "admissao", "demissao"),
    *("nascimento", "dataAtualizacao", "nomefuncao", "cpf", "cpfAlfanumerico", "isCpf", "pis", "identidade"),
    *("carteiradetrabalho", "email", "telefone", "telefonecelular", "rua", "numero", "complemento", "bairro"),
    *("cidade", "cep", "chavePix", "banco", "nomeDoBanco", "agencia", "conta", "externoid"),
    *("matriculaESocial", "salarioBase", "datavencimentocontratoexperiencia"),
    "dataprorrogacaocontratoexperiencia",
)


@pytest.fixture(scope="module")
def office() -> Portal:
    """A seeded portal that no test writes to."""
    made = Portal()
    made.sandbox.seed(empresas=4, funcionarios=31)
    return made


# --------------------------------------------------------------------------- filters


@frozen
class Narrowing:
    """A filter in each of its spellings, and what it is to find."""

    place: Place
    spellings: tuple[str, ...]
    texts: tuple[str, ...]
    finds: Callable[[RecursoRow, str], bool]


def points(name: str) -> Callable[[RecursoRow, str], bool]:
    return lambda row, text: (row.relationships[name] or ("", ""))[1] == text


def has(name: str) -> Callable[[RecursoRow, str], bool]:
    return lambda row, text: str(row.attributes[name]).lower() == text.lower()


def on(name: str) -> Callable[[RecursoRow, str], bool]:
    return lambda row, text: str(row.attributes[name])[:10] == text


OF_COMPANY_1 = Place(
    "documentos",
    "integracao/documentos",
    {"filter[empresaId]": "1"},
    lambda row: row.attributes["empresaId"] == 1,
)
DAYS = ("2025-01-07", "2025-01-21", "2025-02-16", "2025-02-20", "2024-02-29")
NARROWINGS = (
    Narrowing(
        Place("dp", "funcionarios"),
        ("filter[empresaId]", "filter[empresa.id]", "filter[funcionarios][empresa.id][EQ]"),
        ("1", "2", "4", "99"),
        points("empresa"),
    ),
    Narrowing(
        Place("dp", "funcionarios"),
        ("filter[status]", "filter[funcionarios][status][EQ]"),
        ("ativo", "afastado", "demitido", "Ativo", "DEMITIDO", "outro", "ati%", ""),
        has("status"),
    ),
    Narrowing(
        Place("dp", "funcionarios"),
        ("filter[id]", "filter[funcionarios][id][EQ]"),
        ("1", "31", "32", "0"),
        lambda row, text: row.id == text,
    ),
    Narrowing(
        Place("dp", "historico-funcoes"), ("filter[funcionarioId]",), ("1", "4", "2"), points("funcionario")
    ),
    Narrowing(Place("dp", "departamentos"), ("filter[empresaId]",), ("1", "3", "9"), points("empresa")),
    Narrowing(Place("dp", "eventos"), ("filter[eventos][codigo][EQ]",), ("0001", "0020", "1"), has("codigo")),
    Narrowing(OF_COMPANY_1, ("filter[pago]",), ("true", "false"), has("pago")),
    *(
        Narrowing(OF_COMPANY_1, (f"filter[{name}]",), DAYS, on(name))
        for name in ("criacao", "vencimento", "expiracao", "pagamento")
    ),
    Narrowing(
        Place("cnd", "integracao/certidoes"), ("filter[empresaId]",), ("1", "4", "9"), has("empresaId")
    ),
)


@given(data=st.data())
def test_a_filter_finds_the_same_in_each_of_its_spellings(office: Portal, data: st.DataObject) -> None:
    narrowing = data.draw(st.sampled_from(NARROWINGS))
    name, text = data.draw(st.sampled_from(narrowing.spellings)), data.draw(st.sampled_from(narrowing.texts))
    expected = [row.id for row in narrowing.place.rows(office) if narrowing.finds(row, text)]
    found = office.get(narrowing.place.url, {**narrowing.place.query, name: text, "page[limit]": 200})
    assert found.ids == expected
    assert found.at("meta") == {"totalResourceCount": len(expected)}


def test_every_filter_finds_something_and_not_everything(office: Portal) -> None:
    for narrowing in NARROWINGS:
        rows = narrowing.place.rows(office)
        sizes = {sum(narrowing.finds(row, text) for row in rows) for text in narrowing.texts}
        assert max(sizes) > 0
        assert min(sizes) < len(rows)


@given(company=st.sampled_from(["1", "2"]), status=st.sampled_from(["ativo", "demitido"]))
def test_filters_of_employees_narrow_each_other(office: Portal, company: str, status: str) -> None:
    found = office.get(
        FUNCIONARIOS, {"filter[empresaId]": company, "filter[status]": status, "page[limit]": 200}
    )
    assert found.ids == [
        row.id
        for row in office.sandbox.recursos("funcionarios")
        if points("empresa")(row, company) and has("status")(row, status)
    ]


@pytest.mark.parametrize(
    ("place", "query"),
    [
        (FUNCIONARIOS, "filter[nome]=PESSOA"),
        (FUNCIONARIOS, "filter[funcionarios][status][NEQ]=ativo"),
        (FUNCIONARIOS, "filter[empresaId]=x"),
        (FUNCIONARIOS, "filter[id]=-1"),
        (FUNCIONARIOS, "filter[status]=ativo&filter[status]=ativo"),
        (f"{DP}/eventos", "filter[codigo]=0001"),
        (f"{DP}/funcoes", "filter[empresa]=1"),
        (f"{DP}/tipos-raca", "filter[nome]=Branca"),
        (f"{DP}/departamentos/1", "filter[empresaId]=1"),
        (f"{FUNCIONARIOS}/1/empresa", "include=empresa"),
        (CERTIDOES, "filter[ultimasemissoes]=sim"),
        (CERTIDOES, "filter[empresaId]=x"),
        (USUARIOS, "filter[email]=x"),
    ],
)
def test_filters_that_are_refused_name_their_parameter(office: Portal, place: str, query: str) -> None:
    assert office.get(f"{place}?{query}").problems == [("BAD_REQUEST", query.partition("=")[0])]


@pytest.mark.parametrize(
    "query", ["filter[pago]=1", "filter[criacao]=01/02/2025", "filter[criacao]=2025-13-01"]
)
def test_filters_of_documents_are_read_strictly(office: Portal, query: str) -> None:
    refused = office.get(f"{DOCUMENTOS}?filter[empresaId]=1&{query}")
    assert refused.problems == [("BAD_REQUEST", query.partition("=")[0])]


@pytest.mark.parametrize(
    ("place", "name"), [(DOCUMENTOS, "filter[empresaId]"), (CATEGORIAS, "filter[login]")]
)
def test_a_mandatory_filter_is_asked_for(office: Portal, place: str, name: str) -> None:
    assert office.get(place, {"page[limit]": 1}).problems == [("BAD_REQUEST", name)]


def test_documents_are_found_by_the_id_or_the_cnpj_of_their_company(office: Portal) -> None:
    for empresa in office.sandbox.empresas:
        by_id = office.get(DOCUMENTOS, {"filter[empresaId]": empresa.id})
        by_document = office.get(DOCUMENTOS, {"filter[empresaId]": empresa.documento})
        assert by_id.ids
        assert by_document.ids == by_id.ids
    assert office.get(DOCUMENTOS, {"filter[empresaId]": "11222333000181"}).ids == []


def test_the_latest_certificates_are_one_of_each_company_and_type(office: Portal) -> None:
    latest: dict[tuple[JSON, object], tuple[str, str]] = {}
    for row in office.sandbox.recursos("integracao/certidoes"):
        key = row.attributes["empresaId"], row.relationships["tipoCertidao"]
        latest[key] = max(latest.get(key, ("", "")), (str(row.attributes["emissao"]), row.id))
    asked: dict[str, str | int] = {"page[limit]": 200, "filter[ultimasemissoes]": "true"}
    assert sorted(office.get(CERTIDOES, asked).ids) == sorted(id for _, id in latest.values())
    every = office.get(CERTIDOES, {**asked, "filter[ultimasemissoes]": "false"})
    assert len(every.ids) == 2 * len(latest)


# --------------------------------------------------------------------------- include


@given(names=st.lists(st.sampled_from(sorted(INCLUDES)), min_size=1, unique=True), limit=st.integers(1, 40))
def test_what_is_included_comes_once_for_each_type_and_id(
    office: Portal, names: list[str], limit: int
) -> None:
    page = office.get(FUNCIONARIOS, {"include": ",".join(names), "page[limit]": limit})
    rows = office.sandbox.recursos("funcionarios")[:limit]
    wanted = {row.relationships[name] for row in rows for name in names} - {None}
    found = [(str(one["type"]), str(one["id"])) for one in page.listed("included")]
    assert len(found) == len(set(found))
    assert set(found) == wanted


def test_an_employee_shows_its_attributes_and_every_relationship_with_its_linkage(office: Portal) -> None:
    for row, shown in zip(
        office.sandbox.recursos("funcionarios"),
        office.get(FUNCIONARIOS, {"page[limit]": 200}).listed("data"),
        strict=True,
    ):
        assert shown["attributes"] == {name: row.attributes[name] for name in SHOWN}
        assert list(shown["relationships"]) == list(INCLUDES)
        for name, relationship in shown["relationships"].items():
            linkage = row.relationships[name]
            assert relationship == {
                "data": None if linkage is None else {"type": linkage[0], "id": linkage[1]},
                "links": {"related": f"/api/v1/funcionarios/{row.id}/{name}"},
            }
            assert linkage is None or linkage[0] == INCLUDES[name]


@pytest.mark.parametrize("names", ["escolaridade", "departamento,escolaridade", "", "departamento.empresa"])
def test_an_unknown_include_is_refused(office: Portal, names: str) -> None:
    for place in (FUNCIONARIOS, f"{FUNCIONARIOS}/1", f"{DP}/tipos-raca"):
        assert office.get(place, {"include": names}).problems == [("BAD_REQUEST", "include")]


def test_nothing_is_included_unless_asked(office: Portal) -> None:
    assert "included" not in cast("dict[str, JSON]", office.get(FUNCIONARIOS).body)
    assert "included" not in cast("dict[str, JSON]", office.get(f"{FUNCIONARIOS}/1").body)
    assert office.get(f"{FUNCIONARIOS}/1", {"include": "foto"}).at("included") == []


@pytest.mark.parametrize(
    ("place", "names"),
    [
        (f"{FUNCIONARIOS}?", ",".join(INCLUDES)),
        (f"{DP}/eventos?", "tipomovimento"),
        (f"{DOCUMENTOS}?filter[empresaId]=1&", "abridor,categoria,status,empresa,departamento,arquivos"),
        (f"{CERTIDOES}?", "tipoCertidao,status"),
    ],
)
def test_answers_are_well_formed(office: Portal, place: str, names: str) -> None:
    for query in ("", f"include={names}", f"include={names}&fields=nome,titulo"):
        answer = office.get(place + query)
        assert answer.status == 200
        broken = violations(answer.body, role="response")
        # The portal's own way with the types of its other hosts: integracao/documentos.
        assert [one for one in broken if not one.startswith("a type is named as a member is")] == []


# --------------------------------------------------------------------------- fields


@given(
    names=st.lists(st.sampled_from([*SHOWN, "empresa", "foto", "naoexiste"]), min_size=1, unique=True),
    spelling=st.sampled_from(["fields", "fields[funcionarios]"]),
    one=st.booleans(),
)
def test_fields_choose_attributes_and_relationships(
    office: Portal, names: list[str], spelling: str, one: bool
) -> None:
    answer = office.get(f"{FUNCIONARIOS}/3" if one else FUNCIONARIOS, {spelling: ",".join(names)})
    whole = office.get(f"{FUNCIONARIOS}/3").at("data")
    resources = [answer.at("data")] if one else answer.listed("data")
    for resource in cast("list[dict[str, dict[str, JSON]]]", resources):
        assert resource["attributes"].keys() == set(names) & set(SHOWN)
        assert resource["relationships"].keys() == set(names) & INCLUDES.keys()
    if one:
        attributes = cast("dict[str, dict[str, JSON]]", whole)["attributes"]
        assert answer.at("data", "attributes").items() <= attributes.items()  # type: ignore[union-attr]


def test_fields_of_another_type_are_of_what_is_included(office: Portal) -> None:
    asked = {
        "include": "departamento,empresa",
        "fields": "nome",
        "fields[departamentos]": "externoid",
        "fields[empresas]": "ativa,nome",
    }
    page = office.get(FUNCIONARIOS, asked)
    shown = {str(one["type"]): list(one["attributes"]) for one in page.listed("included")}
    assert shown == {"departamentos": ["externoid"], "empresas": ["nome", "ativa"]}
    for resource in page.listed("data"):
        assert list(resource["attributes"]) == ["nome"]
        # What is included stays linked to.
        assert list(resource["relationships"]) == ["empresa", "departamento"]


@pytest.mark.parametrize("spelling", ["fields", "fields[documentos]", "fields[integracao/documentos]"])
def test_fields_of_other_hosts_take_the_type_with_and_without_its_prefix(
    office: Portal, spelling: str
) -> None:
    page = office.get(DOCUMENTOS, {"filter[empresaId]": "1", spelling: "titulo"})
    assert [list(one["attributes"]) for one in page.listed("data")] == [["titulo"]] * 2


# --------------------------------------------------------------------------- sort


@given(
    name=st.sampled_from(SHOWN),
    spelling=st.sampled_from(["sort", "sort[funcionarios]"]),
    minus=st.sampled_from(["", "-"]),
)
def test_a_listing_is_sorted_by_any_attribute(office: Portal, name: str, spelling: str, minus: str) -> None:
    def key(row: RecursoRow) -> tuple[bool, str | float]:
        value = row.attributes[name]
        assert isinstance(value, str | int | float | None)
        return value is not None, value.lower() if isinstance(value, str) else value or 0

    expected = sorted(office.sandbox.recursos("funcionarios"), key=key, reverse=bool(minus))
    found = office.get(FUNCIONARIOS, {spelling: minus + name, "page[limit]": 200})
    assert found.ids == [row.id for row in expected]


@given(limit=st.integers(1, 40))
def test_sorted_pages_add_up_too(office: Portal, limit: int) -> None:
    whole = office.get(FUNCIONARIOS, {"sort": "status,-nome", "page[limit]": 200})
    found: list[str] = []
    while len(found) < len(whole.ids):
        asked: dict[str, str | int] = {
            "sort": "status,-nome",
            "page[limit]": limit,
            "page[offset]": len(found),
        }
        found += office.get(FUNCIONARIOS, asked).ids
    assert found == whole.ids
    rows = [one["attributes"] for one in whole.listed("data")]
    assert rows == sorted(
        sorted(rows, key=lambda row: str(row["nome"]), reverse=True), key=lambda row: str(row["status"])
    )


def test_documents_and_certificates_come_newest_first(office: Portal) -> None:
    for place, name in ((f"{DOCUMENTOS}?filter[empresaId]=1&", "criacao"), (f"{CERTIDOES}?", "emissao")):
        days = [one["attributes"][name] for one in office.get(f"{place}sort=-{name}").listed("data")]
        assert days == sorted(days, key=str, reverse=True)
        assert len(set(days)) > 1


@pytest.mark.parametrize(
    "query", ["sort=escolaridade", "sort=", "sort=+nome", "sort[empresas]=nome", "sort=empresa", "sort=nome,"]
)
def test_sorts_that_are_refused(office: Portal, query: str) -> None:
    assert office.get(f"{FUNCIONARIOS}?{query}").problems == [("BAD_REQUEST", query.partition("=")[0])]
