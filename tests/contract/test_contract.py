"""What the library takes for granted of the portal, checked on the portal itself.

Each test is a fact that integrators attest and that the client rests on. Against the sandbox it keeps the sandbox
honest; pointed at a real portal (see ``conftest.py``) it tells which of the facts hold there. A portal without what a test
needs (no employee, no document) skips it, with the reason.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar, cast

import pytest

import econtador as ec
from econtador import errors
from econtador.portal import Empresa, Funcionario, Ref

T = TypeVar("T")
SAMPLE = 50


def some(items: Iterable[T], what: str) -> list[T]:
    """The first few of *items*."""
    found = [item for item, _ in zip(items, range(SAMPLE), strict=False)]
    if not found:
        pytest.skip(f"this portal has no {what}")
    return found


@pytest.fixture(scope="session")
def empresas(portal: ec.Client) -> list[Empresa]:
    return some(portal.empresas.list(), "company")


@pytest.fixture(scope="session")
def funcionarios(portal: ec.Client) -> list[Funcionario]:
    return some(portal.funcionarios.list(include=["empresa", "departamento"]), "employee")


def raw(portal: ec.Client, path: str, query: Mapping[str, str], host: str = "dp") -> Mapping[str, object]:
    """A document as it comes."""
    document: object = json.loads(portal.request("GET", host, path, query=query).content)
    assert isinstance(document, dict)
    return cast("Mapping[str, object]", document)


# --------------------------------------------------------------------------- the token


def test_a_token_that_is_none_is_401(stranger: ec.Client) -> None:
    with pytest.raises(errors.Unauthorized):
        stranger.empresas.get("1")
    access = stranger.check()
    assert not access.ok


def test_one_token_opens_the_hosts_and_the_total_is_told(portal: ec.Client) -> None:
    access = portal.check()
    assert access.ok, str(access)
    assert access.empresas is not None
    assert {probe.host for probe in access.probes if probe.readable} >= {"dp", "identificacao"}, str(access)


# --------------------------------------------------------------------------- listings


@pytest.mark.parametrize("limit", [1, 3, 200])
def test_pages_of_any_size_add_up_to_the_same(portal: ec.Client, limit: int) -> None:
    total = portal.check().empresas
    assert total is not None
    if total > SAMPLE and limit < 200:
        pytest.skip("too many companies to page through by few")
    ids = [empresa.id for empresa in portal.empresas.list(limit=limit)]
    assert len(ids) == len(set(ids)) == total


def test_a_page_over_200_is_refused(portal: ec.Client) -> None:
    with pytest.raises(errors.StatusError) as caught:
        raw(portal, "/empresas", {"page[limit]": "201"})
    assert caught.value.status in {400, 500}  # 500 by one team


def test_pages_are_not_numbered(portal: ec.Client) -> None:
    with pytest.raises(errors.Rejected) as caught:
        raw(portal, "/empresas", {"page[number]": "1"})
    assert caught.value.status == 400


def test_the_active_companies_are_those_that_are_active(portal: ec.Client, empresas: list[Empresa]) -> None:
    active = {empresa.id for empresa in portal.empresas.list(ativa=True)}
    for empresa in empresas:
        assert (empresa.id in active) == (empresa.ativa is True)


def test_the_spellings_of_a_filter_are_one(portal: ec.Client, funcionarios: list[Funcionario]) -> None:
    empresa = funcionarios[0].empresa
    assert isinstance(empresa, Ref)
    spellings = ("filter[empresaId]", "filter[empresa.id]", "filter[funcionarios][empresa.id][EQ]")
    found = [
        [one.id for one in portal.funcionarios.list(where={spelling: empresa.id})] for spelling in spellings
    ]
    assert found[0] == found[1] == found[2] != []


# --------------------------------------------------------------------------- companies


def test_a_company_is_the_same_by_id_by_document_and_in_the_listing(
    portal: ec.Client, empresas: list[Empresa]
) -> None:
    for empresa in empresas[:5]:
        assert portal.empresas.get(empresa.id) == empresa
        if empresa.documento:
            try:
                assert portal.empresas.by_document(empresa.documento) == empresa
            except errors.AmbiguousDocument as error:
                assert empresa.id in error.ids


def test_a_companys_document_is_a_cnpj_or_cpf(empresas: list[Empresa]) -> None:
    without = [empresa.id for empresa in empresas if not empresa.documento]
    assert len(without) <= len(empresas) // 2, f"ids {without}"


def test_a_company_has_no_attribute_that_is_not_known(empresas: list[Empresa]) -> None:
    assert {name for empresa in empresas for name in empresa.extra} == set()


def test_an_id_that_is_none_is_404(portal: ec.Client) -> None:
    with pytest.raises(errors.NotFound):
        portal.empresas.get("999999999999")


def test_the_simplified_company_has_the_document_for_id(portal: ec.Client, empresas: list[Empresa]) -> None:
    for empresa in empresas[:3]:
        if isinstance(empresa.documento, ec.Cnpj):
            simple = portal.empresas_simplificadas.get(empresa.documento.value)
            assert simple.documento == empresa.documento
            return
    pytest.skip("no company with a CNPJ among the first")


# --------------------------------------------------------------------------- users


def test_a_user_is_had_by_its_login_and_shows_its_companies(portal: ec.Client) -> None:
    for usuario in some(portal.usuarios.list(), "user")[:3]:
        assert portal.usuarios.get(usuario.id) == usuario
        assert usuario.extra == {}
        for empresa in portal.empresas_do_usuario.list(usuario=usuario.id):
            assert empresa.documento is None or empresa.documento


def test_the_office_has_a_vertical_or_none(portal: ec.Client) -> None:
    told = portal.vertical()
    assert told is None or told.strip()


# --------------------------------------------------------------------------- people


def test_an_employee_has_a_cpf_days_and_a_status(funcionarios: list[Funcionario]) -> None:
    for one in funcionarios:
        assert isinstance(one.cpf, ec.Cpf)
        assert one.admissao is None or isinstance(one.admissao, date)
        assert isinstance(one.status, str) or one.status is not None


def test_what_is_included_comes_along_and_what_is_not_is_not_linked(
    portal: ec.Client, funcionarios: list[Funcionario]
) -> None:
    first = funcionarios[0]
    assert isinstance(first.empresa, Ref)
    assert isinstance(first.empresa.resource, Empresa)
    assert first.empresa.resource.id == first.empresa.id
    bare = portal.funcionarios.get(first.id)
    assert bare.empresa is ec.UNSET  # links alone, without include
    assert portal.empresa_do_funcionario.get(first.id) == first.empresa.resource


def test_fields_leave_the_rest_out(portal: ec.Client, funcionarios: list[Funcionario]) -> None:
    found = some(portal.funcionarios.list(fields=["nome"]), "employee")
    assert {one.nome is ec.UNSET for one in found} == {False}
    assert {one.admissao for one in found} == {ec.UNSET}


def test_the_lookups_are_there(portal: ec.Client) -> None:
    for kind in ("estados", "tipos-sexo", "tipos-movimento"):
        assert some(portal.lookup(kind).list(), kind)
    assert {one.id for one in portal.tipos_movimento.list()} >= {"1", "2", "3", "4", "5", "6"}


# --------------------------------------------------------------------------- documents


def test_a_documents_file_is_the_same_at_once_and_on_disk(
    portal: ec.Client, empresas: list[Empresa], tmp_path: object
) -> None:
    for empresa in empresas:
        for documento in portal.documentos.list(empresa=empresa.id):
            content = portal.arquivo(documento.id)
            assert portal.save_arquivo(documento.id, f"{tmp_path}/file") == len(content)
            return
    pytest.skip("no document among the first companies")


def test_documents_are_shown_of_one_company_only(portal: ec.Client) -> None:
    with pytest.raises(errors.StatusError):
        raw(portal, "/documentos", {"page[limit]": "1"}, host="documentos")
