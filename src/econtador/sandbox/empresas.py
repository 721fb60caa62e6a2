"""Companies, on host dp.

Reads are as attested; the writes (``POST``, ``PATCH``) are a convention of this library: no public write
is attested.
"""

from collections.abc import Sequence
from http import HTTPStatus

from econtador.sandbox.bodies import sent
from econtador.sandbox.exchange import Answer, Call
from econtador.sandbox.jsonapi import JSON, Refused, document, refuse
from econtador.sandbox.limits import EMPRESA, document_problems, read
from econtador.sandbox.query import EMPRESA_FILTERS, no_parameters, selection
from econtador.sandbox.reading import listed
from econtador.sandbox.rows import EmpresaRow
from econtador.sandbox.showing import empresa, location
from econtador.sandbox.store import Store, numbered

__all__ = ["change_empresa", "check_document", "create_empresa", "get_empresa", "list_empresas"]


def list_empresas(call: Call, keys: Sequence[str], store: Store) -> Answer:
    """The companies that the query asks for."""
    asked = selection(call.query, EMPRESA_FILTERS)
    total = store.count("empresas", asked.where)
    return listed(call, asked.page, total, [empresa(row) for row in store.empresas(asked.where, asked.page)])


def get_empresa(call: Call, keys: Sequence[str], store: Store) -> Answer:
    """One company."""
    no_parameters(call.query)
    return document(HTTPStatus.OK, {"data": empresa(_row(keys[0], store))})


def create_empresa(call: Call, keys: Sequence[str], store: Store) -> Answer:
    """Convention. The same company twice makes two: no POST is idempotent here (attested of candidatos)."""
    values = read(sent(call, "empresas").attributes, EMPRESA, partial=False)
    check_document(values["documento"], values["is_cpf"])
    row = store.add_empresa(values)
    return document(HTTPStatus.CREATED, {"data": empresa(row)}, {"location": location("empresas", row.id)})


def change_empresa(call: Call, keys: Sequence[str], store: Store) -> Answer:
    """Convention: what is sent is set, the rest stays."""
    row = _row(keys[0], store)
    values = read(sent(call, "empresas", row.id).attributes, EMPRESA, partial=True)
    if not values.keys().isdisjoint({"documento", "is_cpf"}):
        check_document(values.get("documento", row.documento), values.get("is_cpf", row.is_cpf))
    return document(HTTPStatus.OK, {"data": empresa(store.change_empresa(int(row.id), values))})


def check_document(text: JSON, cpf: JSON) -> None:
    """Refuse with 422 what is no CNPJ (*cpf* false), no CPF (true), or neither of the two (None)."""
    problems = document_problems(str(text), None if cpf is None else bool(cpf))
    if problems:
        raise Refused(problems)


def _row(key: str, store: Store) -> EmpresaRow:
    for row in store.empresas([("id", numbered(key))]):
        return row
    raise refuse(HTTPStatus.NOT_FOUND, "empresa não encontrada")
