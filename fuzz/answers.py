"""Any bytes as an answer of the portal: a document and models, or :class:`Malformed`; faults never fail."""

import contextlib
import json
from typing import Any

from econtador.portal._wire import documentos, empresas, envios, pessoal
from econtador.portal._wire.jsonapi import (
    Document,
    Malformed,
    faults,
    read_attributes,
    read_document,
    read_rows,
)
from econtador.portal._wire.resource import Resource

RESOURCES: dict[str, Resource[Any, Any]] = {
    resource.name: resource
    for room in (empresas, pessoal, documentos, envios)
    for resource in vars(room).values()
    if isinstance(resource, Resource)
}

_ROW = {
    "id": "7",
    "type": "empresas",
    "attributes": {
        "nome": "EMPRESA MODELO 01 LTDA",
        "cpfCnpjAlfanumerico": "11222333000181",
        "cpfcnpj": 11222333000181,
        "isCpf": False,
        "ativa": True,
        "externoid": "00001",
    },
    "relationships": {"empresa": {"data": {"type": "empresas", "id": "7"}}},
}


def seeds() -> list[bytes]:
    """A page, one resource, a bare array, and refusals; a row with every attribute of every resource."""
    rows = [
        {**_ROW, "attributes": dict.fromkeys(resource.spelling.attributes.values(), value)}
        for resource in RESOURCES.values()
        for value in ("1", 1, "2026-01-05T03:00:00Z", True)
    ]
    whole: list[object] = [{"data": [row]} for row in (_ROW, *rows)]
    whole += [
        {"data": [_ROW], "included": [_ROW], "meta": {"totalResourceCount": 1}, "links": {"next": None}},
        {"data": _ROW},
        [_ROW["attributes"]],
        {
            "errors": [
                {"status": "422", "code": "x", "title": "t", "detail": "d", "source": {"pointer": "/data"}}
            ]
        },
        {"mensagem": "não"},
    ]
    return [json.dumps(entry).encode() for entry in whole]


def once(data: bytes) -> None:
    """Read *data* as each shape of an answer, and its rows as every kind of resource."""
    for fault in faults(data, {"nome": "razao_social"}):
        assert str(fault) is not None and repr(fault)
    for read in (read_document, read_rows):
        try:
            document = read(data)
        except Malformed:
            continue
        for resource in RESOURCES.values():
            _decoded(resource, document)
    with contextlib.suppress(Malformed):
        read_attributes(data)


def _decoded(resource: Resource[Any, Any], document: Document) -> None:
    for row in document.rows:
        try:
            assert repr(resource.decode(row, document))
        except Malformed:
            continue
