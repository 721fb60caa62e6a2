"""The portal itself: one call in, one answer out, its memory aside no state and no clock.

Reads are as attested; which writes there are (``POST`` and ``PATCH`` of companies and users) is a
convention of this library: no public write of either is attested.
"""

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import unquote

from attrs import frozen

from econtador.sandbox.documents import document_number
from econtador.sandbox.exchange import Answer, Call
from econtador.sandbox.jsonapi import (
    JSON,
    MEDIA_TYPE,
    Problem,
    Refused,
    document,
    refusal,
    refuse,
    resource_of,
)
from econtador.sandbox.limits import ABAS, EMPRESA, USUARIO, USUARIO_EDIT, Value, document_problems, read
from econtador.sandbox.query import EMPRESA_FILTERS, links, no_parameters, selection
from econtador.sandbox.rows import EmpresaRow, UsuarioRow
from econtador.sandbox.store import Store

__all__ = ["handle"]

_EMPRESAS = "/api/v1/empresas"
_SIMPLIFIED = "/api/v1/integracao/empresas"
_USUARIOS = "/api/v1/integracao/usuarios"

Action: TypeAlias = Callable[[Call, str, Store], Answer]
"""What a verb does on a route; the text is the route's key, empty if it has none."""


@frozen
class Route:
    """A path of one of the portal's hosts, and its verbs."""

    service: str
    path: re.Pattern[str]
    actions: Mapping[str, Action]


def handle(call: Call, store: Store, token: str) -> Answer:
    """Answer *call*; on return its change is durable in *store*, after an exception it is not there.

    In this order: 401 without *token*, 404 for a path, 405 for a verb, then the verb's own checks.
    """
    try:
        _authorize(call, token)
        action, key = _find(call)
        with store.transaction(write=call.method != "GET"):
            return action(call, key, store)
    except Refused as refused:
        return refusal(refused)


def _authorize(call: Call, token: str) -> None:
    scheme, _, sent = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or sent.strip() != token:
        raise refuse(HTTPStatus.UNAUTHORIZED, "token inválido ou expirado")


def _services(host: str) -> frozenset[str]:
    """The portal's two hosts by name, its others have nothing here; any other host stands for both."""
    name, _, domain = host.partition(".")
    if domain != "pack.alterdata.com.br":
        return frozenset({"dp", "identificacao"})
    return frozenset({name})


def _find(call: Call) -> tuple[Action, str]:
    services = _services(call.host)
    for route in ROUTES:
        match = route.path.fullmatch(call.path)
        if match is None or route.service not in services:
            continue
        if call.method not in route.actions:
            problem = refuse(HTTPStatus.METHOD_NOT_ALLOWED, "método não permitido").problems
            raise Refused(problem, {"allow": ", ".join(route.actions)})
        return route.actions[call.method], "".join(unquote(key) for key in match.groups())
    raise refuse(HTTPStatus.NOT_FOUND, "rota não encontrada")


# --------------------------------------------------------------------------- companies, on dp


def _list_empresas(call: Call, _: str, store: Store) -> Answer:
    asked = selection(call.query, EMPRESA_FILTERS)
    total = store.count("empresas", asked.where)
    found: list[JSON] = [_empresa(row) for row in store.empresas(asked.where, asked.page)]
    return document(
        HTTPStatus.OK,
        {"data": found, "links": links(call.path, asked.page, total), "meta": {"totalResourceCount": total}},
    )


def _get_empresa(call: Call, key: str, store: Store) -> Answer:
    no_parameters(call.query)
    return document(HTTPStatus.OK, {"data": _empresa(_empresa_of(key, store))})


def _create_empresa(call: Call, _: str, store: Store) -> Answer:
    """Convention. The same company twice makes two: no POST is idempotent here (attested of candidatos)."""
    values = read(_attributes(call, "empresas"), EMPRESA, partial=False)
    _check_document(values["documento"], values["is_cpf"])
    row = store.add_empresa(values)
    return document(HTTPStatus.CREATED, {"data": _empresa(row)}, {"location": f"{_EMPRESAS}/{row.id}"})


def _change_empresa(call: Call, key: str, store: Store) -> Answer:
    """Convention: what is sent is set, the rest stays."""
    row = _empresa_of(key, store)
    values = read(_attributes(call, "empresas", key), EMPRESA, partial=True)
    if not values.keys().isdisjoint({"documento", "is_cpf"}):
        _check_document(values.get("documento", row.documento), values.get("is_cpf", row.is_cpf))
    return document(HTTPStatus.OK, {"data": _empresa(store.change_empresa(int(row.id), values))})


def _empresa_of(key: str, store: Store) -> EmpresaRow:
    # As text: "01" is not the id of the first.
    found = store.empresas([("id", int(key))]) if re.fullmatch(r"[1-9][0-9]{0,17}", key) else []
    if not found:
        raise refuse(HTTPStatus.NOT_FOUND, "empresa não encontrada")
    return found[0]


def _empresa(row: EmpresaRow) -> dict[str, JSON]:
    """What dp shows of a company, and no more (attested): no inscrição, bairro, atividade, município."""
    return _resource(
        "empresas",
        row.id,
        f"{_EMPRESAS}/{row.id}",
        {
            "nome": row.nome,
            "ativa": row.ativa,
            "cpfcnpj": document_number(row.documento),
            "cpfCnpjAlfanumerico": row.documento,
            "isCpf": row.is_cpf,
            "endereco": row.endereco,
            "externoid": row.externoid,
            "tipoMovimentoPermitido": None,
            "controlaTransferenciaTomadores": None,
        },
    )


# --------------------------------------------------------------------------- companies, on identificacao


def _get_simplified(call: Call, key: str, store: Store) -> Answer:
    """The company by its document, which is its id here (attested); of several, the first."""
    no_parameters(call.query)
    found = store.empresas([("documento", key)])
    if not found:
        raise refuse(HTTPStatus.NOT_FOUND, "empresa não encontrada")
    row = found[0]
    shown: dict[str, JSON] = {
        "codigo": row.externoid,
        "nomeFantasia": "",
        "nome": row.nome,
        "cpfCnpjAlfanumerico": row.documento,
    }
    path = f"{_SIMPLIFIED}/{row.documento}"
    return document(HTTPStatus.OK, {"data": _resource("integracao/empresas", row.documento, path, shown)})


# --------------------------------------------------------------------------- users, on identificacao


def _list_usuarios(call: Call, _: str, store: Store) -> Answer:
    page = selection(call.query, {}).page
    total = store.count("usuarios")
    found: list[JSON] = [_usuario(row) for row in store.usuarios(page=page)]
    return document(
        HTTPStatus.OK,
        {"data": found, "links": links(call.path, page, total), "meta": {"totalResourceCount": total}},
    )


def _get_usuario(call: Call, key: str, store: Store) -> Answer:
    no_parameters(call.query)
    return document(HTTPStatus.OK, {"data": _usuario(_usuario_of(key, store))})


def _create_usuario(call: Call, _: str, store: Store) -> Answer:
    """Convention. A user arrives inactive (attested); one login twice makes two rows."""
    values = read(_attributes(call, "integracao/usuarios"), USUARIO, partial=False)
    _check_document(values["login"], values["is_cpf"])
    row = store.add_usuario(values)
    return document(HTTPStatus.CREATED, {"data": _usuario(row)}, {"location": f"{_USUARIOS}/{row.login}"})


def _change_usuario(call: Call, key: str, store: Store) -> Answer:
    """Convention: ``abas`` adds visited tabs; ``ativo`` is taken once all were (attested of the window)."""
    row = _usuario_of(key, store)
    sent = read(_attributes(call, "integracao/usuarios", key), USUARIO_EDIT, partial=True)
    added = sent.get("abas", ())
    visited = {*row.abas, *(added if isinstance(added, tuple) else ())}
    missing = [aba for aba in ABAS if aba not in visited]
    if sent.get("ativo") is True and missing:
        detail = f"passe por todas as abas: falta {', '.join(missing)}"
        raise refuse(HTTPStatus.UNPROCESSABLE_ENTITY, detail, pointer="/data/attributes/abas")
    changed = store.change_usuario(
        int(row.id),
        {"ativo": sent.get("ativo", row.ativo), "abas": tuple(aba for aba in ABAS if aba in visited)},
    )
    state: dict[str, JSON] = {"ativo": changed.ativo, "abas": list(changed.abas)}
    return document(HTTPStatus.OK, {"data": _usuario(changed, state)})


def _usuario_of(login: str, store: Store) -> UsuarioRow:
    found = store.usuarios([("login", login)])
    if not found:
        raise refuse(HTTPStatus.NOT_FOUND, "usuário não encontrado")
    return found[0]


def _usuario(row: UsuarioRow, state: Mapping[str, JSON] | None = None) -> dict[str, JSON]:
    """What identificacao shows of a user, and no more (attested): not whether it is active."""
    shown: dict[str, JSON] = {
        "isCpf": row.is_cpf,
        "nome": row.nome,
        "email": row.email,
        "telefone": row.telefone,
    }
    return _resource("integracao/usuarios", row.login, f"{_USUARIOS}/{row.login}", {**shown, **(state or {})})


# --------------------------------------------------------------------------- what they share


def _resource(kind: str, key: str, path: str, attributes: Mapping[str, JSON]) -> dict[str, JSON]:
    return {"id": key, "type": kind, "attributes": attributes, "relationships": {}, "links": {"self": path}}


def _attributes(call: Call, kind: str, key: str | None = None) -> Mapping[str, object]:
    """Attributes of the body, once type and (for a change) id are right: 415, 400."""
    no_parameters(call.query)
    media = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in {MEDIA_TYPE, "application/json"}:
        raise refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Content-Type deve ser {MEDIA_TYPE}")
    resource = resource_of(call.body)
    if resource.type != kind:
        raise refuse(HTTPStatus.BAD_REQUEST, f"'type' deve ser {kind}", pointer="/data/type")
    if key is not None and resource.id != key:
        raise refuse(HTTPStatus.BAD_REQUEST, "'id' deve ser o do endereço", pointer="/data/id")
    return resource.attributes


def _check_document(text: Value, cpf: Value) -> None:
    problems: list[Problem] = document_problems(str(text), None if cpf is None else bool(cpf))
    if problems:
        raise Refused(problems)


_KEY = r"/([^/]+)"

ROUTES = (
    Route("dp", re.compile(_EMPRESAS), {"GET": _list_empresas, "POST": _create_empresa}),
    Route("dp", re.compile(_EMPRESAS + _KEY), {"GET": _get_empresa, "PATCH": _change_empresa}),
    Route("identificacao", re.compile(_SIMPLIFIED + _KEY), {"GET": _get_simplified}),
    Route("identificacao", re.compile(_USUARIOS), {"GET": _list_usuarios, "POST": _create_usuario}),
    Route("identificacao", re.compile(_USUARIOS + _KEY), {"GET": _get_usuario, "PATCH": _change_usuario}),
)
"""Everything there is at one address."""
