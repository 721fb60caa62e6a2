"""The portal's resources as data: each told apart, each field spelled, each word used once."""

from typing import Any, get_args

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_rooms import MODELS, RESOURCES, ROOMS, Read, shown
from whole_drafts import DRAFTS

from econtador.errors import InvalidQuery
from econtador.portal._wire import documentos, pessoal
from econtador.portal._wire.resource import Resource
from econtador.portal.values import Recurso

each_model = pytest.mark.parametrize("name", sorted(MODELS))
each_draft = pytest.mark.parametrize("name", sorted(DRAFTS))


def spelled_fields(resource: Read) -> list[str]:
    document = resource.spelling.document
    return [
        *resource.spelling.attributes,
        *resource.spelling.relationships,
        *([document.ours] if document else []),
    ]


def test_every_resource_has_a_name_of_its_own() -> None:
    found = [value for room in ROOMS for value in vars(room).values() if isinstance(value, Resource)]
    once = {id(resource): resource.name for resource in found}
    assert len(set(once.values())) == len(once) == len(RESOURCES)


def test_every_resource_that_is_read_has_its_model_here() -> None:
    without = {name for name, resource in RESOURCES.items() if type(shown_as(resource)) is Recurso}
    assert without == set(RESOURCES) - set(MODELS)
    assert without == {
        "agendamentos_ferias",
        "arquivo_do_documento",
        "atendimentos",
        "candidatos",
        "lancamentos_contabeis",
        "movimentos",
        "notificacoes_rescisao",
        "tipos_movimento",
    }


def shown_as(resource: Read) -> object:
    return shown(resource, {"nome": "MODELO"})


WHERE = """
empresas                    dp /empresas /{id}                                         create get list
empresas_simplificadas      identificacao /empresas /{id}                              get
empresas_do_usuario         identificacao /usuarios/{usuario}/relationships/empresas /{id}  list
usuarios                    identificacao /usuarios /{id}                              create get list update
funcionarios                dp /funcionarios /{id}                                     get list
empresa_do_funcionario      dp /funcionarios /{id}/empresa                             get
departamento_do_funcionario dp /funcionarios /{id}/departamento                        get
departamentos               dp /departamentos /{id}                                    get list
funcoes                     dp /funcoes /{id}                                          list
historico_funcoes           dp /historico-funcoes /{id}                                list
eventos                     dp /eventos /{id}                                          list
tipos_movimento             dp /tipos-movimento /{id}                                  get list
movimentos                  dp /movimentos /{id}                                       create
candidatos                  dp /candidatos /{id}                                       create get
agendamentos_ferias         dp /agendamentos-ferias /{id}                              create
notificacoes_rescisao       dp /notificacoes-rescisao /{id}                            create
documentos                  documentos /documentos /{id}                               get list
arquivo_do_documento        documentos /documentos /{id}/arquivos                      get
categorias_documento        documentos /categoria-documento /{id}                      list
lancamentos_contabeis       documentos /integracaoAlterdata /{id}                      create
certidoes                   cnd /certidoes /{id}                                       get list
tipos_certidao              cnd /tipoCertidao /{id}                                    get list
atendimentos                atendimentos /atendimentos /{id}                           create
historico_tarefas           ms-tarefas /historico-tarefas /{id}                        list
"""


def test_every_resource_is_where_it_is_attested_and_takes_what_is_attested() -> None:
    found = {
        (name, resource.route.host, resource.route.path, resource.one, *sorted(resource.verbs))
        for name, resource in RESOURCES.items()
    }
    assert found == {tuple(line.split()) for line in WHERE.strip().splitlines()}
    assert [name for name, resource in RESOURCES.items() if resource.shape == "rows"] == ["historico_tarefas"]


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_no_attribute_is_spelled_twice(name: str) -> None:
    spelling = RESOURCES[name].spelling
    for spelled in (spelling.attributes, spelling.relationships):
        assert len(set(spelled.values())) == len(spelled)


@each_model
def test_every_field_is_spelled_and_every_spelling_is_of_a_field(name: str) -> None:
    fields = {field.name for field in attrs.fields(MODELS[name])}
    assert fields - {"id", "extra"} == set(spelled_fields(RESOURCES[name]))


@each_model
def test_errors_at_an_attribute_name_our_field(name: str) -> None:
    resource = RESOURCES[name]
    for ours, theirs in resource.spelling.attributes.items():
        named = resource.names[theirs]
        assert named == ours or resource.spelling.relationships[named] == theirs


def test_only_the_hosts_but_dp_prefix_their_types() -> None:
    for resource in RESOURCES.values():
        assert resource.type.startswith("integracao/") is (resource.route.host != "dp")


@each_draft
def test_every_field_of_a_draft_is_spelled_and_every_spelling_is_of_a_field(name: str) -> None:
    fields = {field.name for field in attrs.fields(type(DRAFTS[name]))}
    spelled = set(spelled_fields(RESOURCES[name]))
    if name == "lancamentos_contabeis":  # two of its fields are sent as the name of the file
        fields = fields - {"inicio", "fim"} | {"nome_do_arquivo"}
    assert fields == spelled


@each_draft
def test_a_draft_knows_where_it_goes(name: str) -> None:
    assert DRAFTS[name].RESOURCE == RESOURCES[name].name == name
    assert "create" in RESOURCES[name].verbs


@pytest.mark.parametrize(
    ("offered", "resource"),
    [
        (pessoal.IncluidoNoFuncionario, pessoal.FUNCIONARIOS),
        (pessoal.IncluidoNoEvento, pessoal.EVENTOS),
        (documentos.IncluidoNoDocumento, documentos.DOCUMENTOS),
        (documentos.IncluidoNaCertidao, documentos.CERTIDOES),
    ],
)
def test_every_relationship_and_nothing_else_is_offered_for_inclusion(
    offered: object, resource: Read
) -> None:
    assert set(get_args(offered)) == set(resource.spelling.relationships)


# --------------------------------------------------------------------------- lookups


@pytest.mark.parametrize("kind", [*pessoal.LOOKUPS, "tipos-de-outra-coisa"])
def test_a_lookup_is_where_its_name_says(kind: str) -> None:
    lookup: Resource[Any, Any] = pessoal.lookup(kind)
    assert (lookup.name, lookup.type, lookup.route.host, lookup.route.path) == (kind, kind, "dp", f"/{kind}")
    assert lookup.verbs == {"list", "get"}
    assert shown(lookup, {"descricao": "X"}) == Recurso(id="7", type=kind, extra={"descricao": "X"})


@given(kind=st.text(alphabet="aZ0-_/?#. é", max_size=6))
def test_what_could_leave_the_route_is_no_lookup(kind: str) -> None:
    well_formed = bool(kind) and all(part and set(part) <= {"a", "0"} for part in kind.split("-"))
    if well_formed:
        assert pessoal.lookup(kind).type == kind
    else:
        with pytest.raises(InvalidQuery):
            pessoal.lookup(kind)
