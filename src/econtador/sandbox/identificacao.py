"""Users, their companies, and the account's vertical: host identificacao.

Reads are as attested; the writes of a user (``POST``, ``PATCH``) are a convention of this library: no
public write is attested.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from econtador.sandbox.bodies import sent
from econtador.sandbox.empresas import check_document
from econtador.sandbox.exchange import Answer, Call
from econtador.sandbox.jsonapi import JSON, document, refuse
from econtador.sandbox.limits import ABAS, USUARIO, USUARIO_EDIT, read
from econtador.sandbox.query import no_parameters, selection
from econtador.sandbox.reading import listed
from econtador.sandbox.rows import UsuarioRow
from econtador.sandbox.showing import location, simplified, usuario
from econtador.sandbox.store import Store

__all__ = [
    "change_row",
    "change_usuario",
    "create_usuario",
    "get_simplified",
    "get_usuario",
    "get_vertical",
    "list_empresas_of_usuario",
    "list_usuarios",
]

_TYPE = "integracao/usuarios"
_VERTICAL = "CONTABIL"  # that there is this one attribute is attested, its values are not


def get_simplified(call: Call, keys: Sequence[str], store: Store) -> Answer:
    """The company by its document, which is its id here (attested); of several, the first."""
    no_parameters(call.query)
    for row in store.empresas([("documento", keys[0])]):
        return document(HTTPStatus.OK, {"data": simplified(row)})
    raise refuse(HTTPStatus.NOT_FOUND, "empresa não encontrada")


def get_vertical(call: Call, keys: Sequence[str], store: Store) -> Answer:
    """The account's vertical; type and id are assumed."""
    no_parameters(call.query)
    resource: dict[str, JSON] = {
        "id": "1",
        "type": "integracao/user-connections",
        "attributes": {"vertical": _VERTICAL},
        "links": {"self": call.path},
    }
    return document(HTTPStatus.OK, {"data": resource})


def list_usuarios(call: Call, keys: Sequence[str], store: Store) -> Answer:
    """All users; no filter is attested."""
    page = selection(call.query, {}).page
    return listed(call, page, store.count("usuarios"), [usuario(row) for row in store.usuarios(page=page)])


def list_empresas_of_usuario(call: Call, keys: Sequence[str], store: Store) -> Answer:
    """The companies of a user: whole resources and not linkage, as attested."""
    where = [("id", store.linked(int(_row(keys[0], store).id)))]
    page = selection(call.query, {}).page
    return listed(
        call, page, store.count("empresas", where), [simplified(row) for row in store.empresas(where, page)]
    )


def get_usuario(call: Call, keys: Sequence[str], store: Store) -> Answer:
    """One user, by its login."""
    no_parameters(call.query)
    return document(HTTPStatus.OK, {"data": usuario(_row(keys[0], store))})


def create_usuario(call: Call, keys: Sequence[str], store: Store) -> Answer:
    """Convention. A user arrives inactive (attested); one login twice makes two rows."""
    values = read(sent(call, _TYPE).attributes, USUARIO, partial=False)
    check_document(values["login"], values["is_cpf"])
    row = store.add_usuario(values)
    return document(HTTPStatus.CREATED, {"data": usuario(row)}, {"location": location(_TYPE, row.login)})


def change_usuario(call: Call, keys: Sequence[str], store: Store) -> Answer:
    """Convention: what :func:`change_row` does."""
    row = _row(keys[0], store)
    changed = change_row(row, sent(call, _TYPE, row.login).attributes, store)
    state: dict[str, JSON] = {"ativo": changed.ativo, "abas": list(changed.abas)}
    return document(HTTPStatus.OK, {"data": usuario(changed, state)})


def change_row(row: UsuarioRow, attributes: Mapping[str, object], store: Store) -> UsuarioRow:
    """``abas`` adds visited tabs; ``ativo`` is taken once all were (attested of the window), else it is a 422."""
    values = read(attributes, USUARIO_EDIT, partial=True)
    added = values.get("abas")
    seen = (*row.abas, *(added if isinstance(added, tuple) else ()))
    visited = tuple(aba for aba in ABAS if aba in seen)
    missing = [aba for aba in ABAS if aba not in visited]
    if values.get("ativo") is True and missing:
        detail = f"passe por todas as abas: falta {', '.join(missing)}"
        raise refuse(HTTPStatus.UNPROCESSABLE_ENTITY, detail, pointer="/data/attributes/abas")
    columns: dict[str, JSON] = {"ativo": values.get("ativo", row.ativo), "abas": visited}
    return store.change_usuario(int(row.id), columns)


def _row(login: str, store: Store) -> UsuarioRow:
    for row in store.usuarios([("login", login)]):
        return row
    raise refuse(HTTPStatus.NOT_FOUND, "usuário não encontrado")
