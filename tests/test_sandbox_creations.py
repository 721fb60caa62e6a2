"""What the sandbox takes by POST: each type that the portal's public API is attested to take."""

import json
from typing import cast

import pytest
from bare_portal import SERVICES, Portal, url
from hypothesis import given
from hypothesis import strategies as st
from jsonapi_rules import violations
from posted_bodies import ATENDIMENTO, CANDIDATO, EVERY, FERIAS, LANCAMENTOS, MOVIMENTO, Posted, to

from econtador.sandbox import Sandbox
from econtador.sandbox.jsonapi import JSON

SIZE = "javax.validation.constraints.Size"


every = pytest.mark.parametrize("posted", EVERY, ids=lambda posted: posted.type)


@pytest.fixture(scope="module")
def shared() -> Portal:
    """One portal for all: a row more or less in it does not matter."""
    made = Portal()
    made.sandbox.seed()
    return made


def candidate(portal: Portal, **changes: JSON) -> "tuple[int, list[tuple[str, str | None]]]":
    """Post a candidate: the status, and what was refused."""
    got = portal.post(CANDIDATO.url, CANDIDATO.type, CANDIDATO.body(**changes), CANDIDATO.relationships)
    return got.status, [] if got.status == 201 else got.problems


# --------------------------------------------------------------------------- what is taken


@every
def test_what_is_posted_is_kept_whole(posted: Posted) -> None:
    with Sandbox() as sandbox:
        portal = Portal(sandbox)
        got = portal.post(posted.url, posted.type, posted.attributes, posted.relationships)
        (row,) = sandbox.recursos(posted.type)
    assert (got.status, got.at("data", "id"), got.at("data", "type")) == (201, "1", posted.type)
    assert got.headers["location"] == f"/api/v1/{posted.type}/1"
    shown = cast("dict[str, JSON]", got.at("data", "attributes"))
    assert shown == dict(row.attributes)
    assert {name: value for name, value in shown.items() if value is not None} == {
        name: value for name, value in posted.attributes.items() if value is not None
    }
    related = {name: linkage for name, linkage in row.relationships.items() if linkage is not None}
    assert {name: to(*linkage) for name, linkage in related.items()} == posted.relationships


@every
def test_a_post_is_taken_at_its_own_host_only(shared: Portal, posted: Posted) -> None:
    found = {
        service: shared.post(
            url(service, posted.type), posted.type, posted.attributes, posted.relationships
        ).status
        for service in SERVICES
    }
    assert found == {service: 201 if service == posted.service else 404 for service in SERVICES}


@every
def test_the_same_body_twice_makes_two(shared: Portal, posted: Posted) -> None:
    before = len(shared.sandbox.recursos(posted.type))
    ids = [
        shared.post(posted.url, posted.type, posted.attributes, posted.relationships).at("data", "id")
        for _ in range(2)
    ]
    first, second = shared.sandbox.recursos(posted.type)[before:]
    assert ids == [first.id, second.id]
    assert int(second.id) == int(first.id) + 1
    assert (first.attributes, first.relationships) == (second.attributes, second.relationships)


@every
def test_an_unknown_attribute_is_taken_and_kept_as_null(shared: Portal, posted: Posted) -> None:
    got = shared.post(
        posted.url,
        posted.type,
        {**posted.attributes, "cor": "azul"},
        {**posted.relationships, "padrinho": to("pessoas")},
    )
    assert got.status == 201
    assert "cor" not in cast("dict[str, JSON]", got.at("data", "attributes"))
    row = shared.sandbox.recursos(posted.type)[-1]
    assert row.attributes["cor"] is None
    assert "padrinho" not in row.relationships


@every
def test_answers_to_posts_are_well_formed(shared: Portal, posted: Posted) -> None:
    for attributes in (posted.attributes, {}, {name: [] for name in posted.attributes}):
        answer = shared.post(posted.url, posted.type, attributes, posted.relationships)
        broken = violations(answer.body, role="response")
        assert [one for one in broken if not one.startswith("a type is named as a member is")] == []


@given(
    texts=st.fixed_dictionaries(
        {
            "complemento": st.text(max_size=40),
            "identidade": st.text(max_size=15),
            "pis": st.text(max_size=14),
            "telefone": st.text(max_size=12),
            "celular": st.text(max_size=13),
            "seriectps": st.text(max_size=5),
            "orgaoemissoridentidade": st.text(max_size=9),
            "observacao": st.text(),
        }
    ),
    salario=st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**63 - 1),
    admissao=st.dates(),
)
def test_what_fits_is_kept_to_the_letter(
    shared: Portal, texts: dict[str, str], salario: float, admissao: object
) -> None:
    sent: dict[str, JSON] = {**texts, "salario": salario, "admissao": str(admissao)}
    assert candidate(shared, **sent) == (201, [])
    kept = shared.sandbox.recursos("candidatos")[-1].attributes
    assert {name: kept[name] for name in sent} == sent


# --------------------------------------------------------------------------- what is refused


@every
def test_what_must_be_there_is_asked_for(shared: Portal, posted: Posted) -> None:
    before = shared.sandbox.recursos(posted.type)
    parts = {"attributes": posted.attributes, "relationships": posted.relationships}
    for name in posted.needs:
        member = "relationships" if name in posted.relationships else "attributes"
        null: JSON = {"data": None} if member == "relationships" else None
        without = {key: value for key, value in parts[member].items() if key != name}
        for lacking in (without, {**without, name: null}):
            got = shared.post(posted.url, posted.type, **(parts | {member: lacking}))
            assert got.problems == [("BAD_REQUEST", f"/data/{member}/{name}")]
    assert shared.sandbox.recursos(posted.type) == before


def test_a_blank_is_no_name(shared: Portal) -> None:
    for name in ("nome", "nomecargo"):
        assert candidate(shared, **{name: " "}) == (400, [("BAD_REQUEST", f"/data/attributes/{name}")])


def test_everything_that_is_missing_is_named_at_once(shared: Portal) -> None:
    got = shared.post(CANDIDATO.url, "candidatos", {}, {})
    assert [place for _, place in got.problems] == [
        f"/data/attributes/{name}" for name in ("nome", "cpf", "admissao", "nomecargo")
    ]
    no_one = shared.post(MOVIMENTO.url, "movimentos", {}, {})
    assert [place for _, place in no_one.problems] == [
        f"/data/relationships/{name}" for name in MOVIMENTO.needs
    ]


@given(
    name_and_most=st.sampled_from(
        [
            ("orgaoemissoridentidade", 9),
            ("orgaoemissorcnh", 9),
            ("seriectps", 5),
            ("identidade", 15),
            ("complemento", 40),
            ("pis", 14),
            ("telefone", 12),
            ("celular", 13),
        ]
    ),
    extra=st.integers(1, 30),
)
def test_over_the_size_is_422_with_its_pointer(
    shared: Portal, name_and_most: tuple[str, int], extra: int
) -> None:
    name, most = name_and_most
    sent = CANDIDATO.body(**{name: "1" * (most + extra)})
    got = shared.post(CANDIDATO.url, "candidatos", sent, CANDIDATO.relationships)
    assert (got.status, got.problems) == (422, [(SIZE, f"/data/attributes/{name}")])
    assert got.at("errors", 0, "detail") == f"tamanho deve estar entre 0 e {most}"
    assert candidate(shared, **{name: "1" * most}) == (201, [])


def test_the_title_of_an_elector_has_a_maximum(shared: Portal) -> None:
    code = "javax.validation.constraints.Max"
    assert candidate(shared, tituloeleitor=1_000_000_000_000) == (
        422,
        [(code, "/data/attributes/tituloeleitor")],
    )


@pytest.mark.parametrize(
    ("posted", "name", "values"),
    [
        (CANDIDATO, "cpf", ["52998224725", "", True, 1.5, 2**63]),
        (
            CANDIDATO,
            "admissao",
            ["02/03/2026", "2026-02-30", "2026-3-2", "2026-03-02T03:00:00Z", 20260302, ""],
        ),
        (CANDIDATO, "nascimento", ["31/12/1990", "x"]),
        (CANDIDATO, "salario", ["1500", True]),
        (CANDIDATO, "primeiroemprego", ["sim", 0]),
        (CANDIDATO, "nome", [7, ["A"]]),
        (CANDIDATO, "datacriacao", ["ontem"]),
        (MOVIMENTO, "valor", [100, 7.45]),
        (MOVIMENTO, "inicio", ["2026-01-01", "2026-01-01T25:00:00Z", "01/01/2026"]),
        (MOVIMENTO, "faltas", [{}, [1], "x"]),
        (FERIAS, "de", ["2026-07-32", 1]),
        (ATENDIMENTO, "aberto", ["true"]),
        (ATENDIMENTO, "parecerInicial", ["texto", []]),
        (LANCAMENTOS, "arquivoBase64", ["não é base64", "abc", 1]),
    ],
)
def test_a_value_of_another_type_is_500(
    shared: Portal, posted: Posted, name: str, values: list[JSON]
) -> None:
    before = shared.sandbox.recursos(posted.type)
    for value in values:
        got = shared.post(posted.url, posted.type, posted.body(**{name: value}), posted.relationships)
        assert (got.status, got.problems) == (500, [("INTERNAL_SERVER_ERROR", f"/data/attributes/{name}")])
        assert str(got.at("errors", 0, "detail")).startswith("Cannot deserialize value of type `")
    assert shared.sandbox.recursos(posted.type) == before


@pytest.mark.parametrize(
    ("relationship", "pointer"),
    [
        ({"data": {"type": "empresas"}}, "/data"),
        ({"data": {"id": "1"}}, "/data"),
        ({"data": {"type": "", "id": "1"}}, "/data"),
        ({"data": {"type": "empresas", "id": ""}}, "/data"),
        ({"data": {"type": "empresas", "id": 1}}, "/data"),
        ({"data": []}, "/data"),
        ({"data": "1"}, "/data"),
        ({}, "/data"),
        ("1", "/data"),
        (None, "/data"),
        ({"data": {"type": "funcionarios", "id": "1"}}, ""),
        ({"data": {"type": "integracao/empresas", "id": "1"}}, ""),
    ],
)
def test_a_relationship_needs_the_right_type_and_an_id(
    shared: Portal, relationship: JSON, pointer: str
) -> None:
    got = shared.post(CANDIDATO.url, "candidatos", CANDIDATO.attributes, {"empresa": relationship})
    assert got.problems == [("BAD_REQUEST", f"/data/relationships/empresa{pointer}")]


def test_relationships_are_an_object_if_they_are_there(shared: Portal) -> None:
    bare: dict[str, JSON] = {"type": "integracao/integracaoAlterdata", "attributes": LANCAMENTOS.attributes}
    wrong: list[JSON] = [[], None, "x"]
    for relationships in wrong:
        body = json.dumps({"data": {**bare, "relationships": relationships}})
        got = shared.send("POST", LANCAMENTOS.url, body.encode())
        assert got.problems == [("BAD_REQUEST", "/data/relationships")]
    assert shared.send("POST", LANCAMENTOS.url, json.dumps({"data": bare}).encode()).status == 201


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999"])
def test_what_is_no_number_is_no_json(shared: Portal, number: bytes) -> None:
    body = json.dumps({"data": {"type": "candidatos", "attributes": {"salario": 0}}}).encode()
    got = shared.send("POST", CANDIDATO.url, body.replace(b"0", number))
    assert got.problems == [("BAD_REQUEST", "")]


@every
def test_the_type_of_a_body_is_that_of_its_address(shared: Portal, posted: Posted) -> None:
    for kind in (f"integracao/{posted.type}", posted.type.rpartition("/")[2][:-1]):
        got = shared.post(posted.url, kind, posted.attributes, posted.relationships)
        assert got.problems == [("BAD_REQUEST", "/data/type")]


# --------------------------------------------------------------------------- read again


def test_a_candidate_is_read_by_its_id(shared: Portal) -> None:
    made = shared.post(CANDIDATO.url, "candidatos", CANDIDATO.attributes, CANDIDATO.relationships)
    place = f"{CANDIDATO.url}/{made.at('data', 'id')}"
    assert shared.get(place).body == made.body
    whole = shared.get(place, {"include": "empresa,estado,raca,foto"})
    included = [str(one["type"]) for one in whole.listed("included")]
    assert included == ["empresas", "estados", "tipos-raca"]
    assert shared.get(place, {"include": "funcionario"}).status == 400
    assert shared.get(f"{place}/estado").at("data", "attributes") == {"nome": "São Paulo"}
    assert shared.get(f"{CANDIDATO.url}/99999").status == 404


def test_nobody_looks_whether_what_is_pointed_at_is_there(shared: Portal) -> None:
    relationships: dict[str, JSON] = {"empresa": to("empresas", "99999"), "estado": to("estados", "025")}
    made = shared.post(CANDIDATO.url, "candidatos", CANDIDATO.attributes, relationships)
    assert made.status == 201
    place = f"{CANDIDATO.url}/{made.at('data', 'id')}"
    assert shared.get(place, {"include": "empresa,estado"}).at("included") == []
    assert shared.get(f"{place}/empresa").status == 404
