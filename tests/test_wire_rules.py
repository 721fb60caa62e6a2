"""JSON:API's rules over everything: each resource that the client offers, read and written, in a sandbox."""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal

import pytest
from jsonapi_rules import Watched
from whole_drafts import DRAFTS, changed

import econtador as ec
from econtador import errors
from econtador.portal import Ativacao, EmpresaNova, UsuarioNovo
from econtador.portal.resources import Offer, Resources
from econtador.sandbox import USUAL, Quirk, Sandbox

# Two habits of the portal that are no JSON:API, and no others: types with a slash on all hosts but dp, and an array
# in the place of a document, with the media type of one, on ms-tarefas.
PREFIXED = "a type is named as a member is"
BARE = {"document is an object", "a body has the media type"}
OFFERS = {name: offer for name, offer in vars(Resources).items() if isinstance(offer, Offer)}


@pytest.fixture
def sandbox() -> Any:
    with Sandbox() as one:
        one.seed(empresas=4)
        yield one


def client(sandbox: Sandbox) -> tuple[ec.Client, Watched]:
    transport = Watched(sandbox.transport(), allowed={PREFIXED, *BARE})
    return ec.Client(sandbox.token, transport=transport, writes=ec.CONVENTION), transport


def _listing(collection: Any, name: str, login: str) -> Callable[..., Any]:
    needed: dict[str, dict[str, object]] = {
        "documentos": {"empresa": "1"},
        "categorias_documento": {"login": login},
        "empresas_do_usuario": {"usuario": login},
        "historico_tarefas": {"inicio": date(2025, 1, 1), "fim": date(2025, 12, 31)},
    }
    return lambda **more: list(collection.list(**needed.get(name, {}), **more))


@pytest.mark.parametrize("quirks", [USUAL, ()], ids=["usual", "clean"])
@pytest.mark.parametrize("name", OFFERS)
def test_whatever_is_read_and_written_keeps_the_rules(
    name: str, quirks: frozenset[Quirk] | tuple[()], sandbox: Sandbox
) -> None:
    sandbox.quirks = quirks
    portal, transport = client(sandbox)
    collection, resource = getattr(portal, name), OFFERS[name].resource
    listing = _listing(collection, name, sandbox.usuarios[0].login)
    found: list[Any] = []
    if "list" in resource.verbs:
        found = listing()
        assert found
        if resource.shape == "document":
            assert listing(limit=1) == found
    if "get" in resource.verbs:
        key = getattr(found[0], "id", "1") if found else "1"
        if name == "empresas_simplificadas":
            key = sandbox.empresas[0].documento
        if name != "candidatos":  # there is none yet
            assert collection.get(key)
        with pytest.raises(errors.NotFound):
            collection.get("999999")
    if "create" in resource.verbs:
        _written(name, collection)
    assert transport.violations == []
    off_dp = resource.route.host != "dp"
    assert (PREFIXED in transport.excused) == (off_dp and resource.shape == "document")
    assert (transport.excused >= BARE) == (resource.shape == "rows")


def _written(name: str, collection: Any) -> None:
    match name:
        case "empresas":
            draft: object = EmpresaNova(
                codigo="00099", nome="ACME LTDA", documento=ec.Cnpj("11.222.333/0001-81")
            )
        case "usuarios":
            draft = UsuarioNovo(nome="PESSOA MODELO", email="m@exemplo.com.br", cpf=ec.Cpf("111.444.777-35"))
        case _:
            draft = DRAFTS[name]
    made = collection.create(draft)
    assert made.id
    if name == "candidatos":
        assert collection.get(made.id).id == made.id
    if name == "usuarios":
        assert collection.update(made.id, Ativacao()).id == made.id


Include = Literal["departamento", "empresa", "estado"]


@pytest.mark.parametrize("quirks", [USUAL, ()], ids=["usual", "clean"])
def test_what_is_included_filtered_sorted_and_cut_keeps_the_rules(
    quirks: frozenset[Quirk] | tuple[()], sandbox: Sandbox
) -> None:
    sandbox.quirks = quirks
    portal, transport = client(sandbox)
    include: list[Include] = ["departamento", "empresa", "estado"]
    whole = list(portal.funcionarios.list(include=include, limit=5, sort="-codigo"))
    assert whole
    assert list(portal.funcionarios.list(include=include, fields=["nome", "cpf"], limit=5))
    assert list(portal.documentos.list(empresa="1", include=["categoria_ref", "status_ref"]))
    assert list(portal.certidoes.list(include=["tipo_certidao"], sort="-emissao"))
    assert list(portal.eventos.list(include=["tipo_movimento"]))
    assert portal.check().ok
    assert portal.vertical()
    assert portal.arquivo(next(iter(portal.documentos.list(empresa="1"))).id)
    assert transport.violations == []


def test_refusals_keep_the_rules(sandbox: Sandbox) -> None:
    portal, transport = client(sandbox)
    long = changed(DRAFTS["candidatos"], pis="1" * 20)
    with pytest.raises(errors.Rejected) as caught:
        portal.candidatos.create(long)
    assert [fault.field for fault in caught.value.faults] == ["pis"]
    for query in ({"page[number]": "2"}, {"filter[nome]": "ANA"}, {"include": "escolaridade"}):
        with pytest.raises(errors.StatusError):
            portal.request("GET", "dp", "/funcionarios", query=query)
    assert transport.violations == []
