"""Every resource of the portal's rooms, the model that each is read into, and how one is shown."""

import json
from collections.abc import Mapping
from typing import Any, Never, TypeAlias

import attrs

from econtador.portal._wire import documentos, empresas, envios, pessoal
from econtador.portal._wire.jsonapi import read_document, read_rows
from econtador.portal._wire.resource import Resource
from econtador.portal.documentos import CategoriaDocumento, Certidao, Documento, Tarefa, TipoCertidao
from econtador.portal.models import Empresa, EmpresaSimplificada, Usuario
from econtador.portal.pessoal import Departamento, Evento, Funcao, Funcionario, HistoricoFuncao

__all__ = ["MODELS", "REQUIRED", "RESOURCES", "ROOMS", "Read", "linked", "shown"]

Read: TypeAlias = Resource[Any, Never]

ROOMS = (empresas, pessoal, documentos, envios)
RESOURCES: dict[str, Read] = {
    resource.name: resource
    for room in ROOMS
    for resource in vars(room).values()
    if isinstance(resource, Resource)
}
MODELS: Mapping[str, type[attrs.AttrsInstance]] = {
    "categorias_documento": CategoriaDocumento,
    "certidoes": Certidao,
    "departamento_do_funcionario": Departamento,
    "departamentos": Departamento,
    "documentos": Documento,
    "empresa_do_funcionario": Empresa,
    "empresas": Empresa,
    "empresas_do_usuario": EmpresaSimplificada,
    "empresas_simplificadas": EmpresaSimplificada,
    "eventos": Evento,
    "funcionarios": Funcionario,
    "funcoes": Funcao,
    "historico_funcoes": HistoricoFuncao,
    "historico_tarefas": Tarefa,
    "tipos_certidao": TipoCertidao,
    "usuarios": Usuario,
}
REQUIRED: Mapping[str, Mapping[str, object]] = {
    name: {"nome": "MODELO"} if model in {Empresa, Usuario} else {} for name, model in MODELS.items()
}
"""What a row must have."""


def shown(
    resource: Read,
    attributes: Mapping[str, object],
    relationships: Mapping[str, object] | None = None,
    included: list[object] | None = None,
) -> Any:
    """The model of a resource that the portal shows so."""
    if resource.shape == "rows":
        document = read_rows(json.dumps([attributes]).encode())
    else:
        row = {"type": resource.type, "id": "7", "attributes": attributes}
        whole = {"data": row | {"relationships": relationships or {}}, "included": included or []}
        document = read_document(json.dumps(whole).encode())
    return resource.decode(document.rows[0], document)


def linked(kind: str, id: str) -> dict[str, object]:
    return {"data": {"type": kind, "id": id}}
