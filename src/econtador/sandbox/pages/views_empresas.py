"""Companies: the list, and the form in which a person mends what arrived cut."""

from collections.abc import Mapping
from http import HTTPStatus

from attrs import frozen

from econtador.sandbox.jsonapi import Refused, refuse
from econtador.sandbox.limits import EMPRESA, read
from econtador.sandbox.log import note, reason
from econtador.sandbox.pages.paging import slice_of
from econtador.sandbox.pages.texts import has
from econtador.sandbox.pages.visit import Fields, GoOn, Page, Visit, one
from econtador.sandbox.rows import EmpresaRow
from econtador.sandbox.store import Store, numbered

__all__ = ["CAMPOS", "change", "list_all", "show"]

_LABELS = {
    "nome": "Razão Social",
    "inscricaoEstadual": "Inscrição Estadual",
    "inscricaoMunicipal": "Inscrição Municipal",
    "endereco": "Endereço",
    "bairro": "Bairro",
    "atividade": "Atividade",
}
"""The article's table of fields that are shorter than GAP's, in its order."""

_ATIVA = {"sim": True, "nao": False}


@frozen
class Campo:
    """A field of the form."""

    name: str
    column: str
    label: str
    most: int
    """Characters."""

    def of(self, row: EmpresaRow) -> str:
        """What *row* has in it."""
        return getattr(row, self.column) or ""


CAMPOS = tuple(
    Campo(attribute.name, attribute.column, label, attribute.most)
    for name, label in _LABELS.items()
    for attribute in EMPRESA
    if attribute.name == name and attribute.most is not None
)
"""The fields that can be edited here; how long each may be says ``limits``, as for the API."""


def list_all(visit: Visit, store: Store) -> Page:
    """The companies that the search and the filter leave."""
    texto, ativa = one(visit.query, "texto"), one(visit.query, "ativa")
    found = [
        row
        for row in store.empresas()
        if (not texto or has(texto, (row.nome, row.documento, row.externoid)))
        and _ATIVA.get(ativa, row.ativa) == row.ativa
    ]
    asked = {"texto": texto, "ativa": ativa}
    return Page(
        "empresas.html",
        {"pagina": slice_of(found, visit.query), "campos": CAMPOS, "pedido": asked},
    )


def show(visit: Visit, store: Store) -> Page:
    """The form, with what the company has."""
    row = _row(visit, store)
    values = {campo.name: campo.of(row) for campo in CAMPOS}
    return _form(row, values, {}, saved="salvo" in visit.query)


def change(visit: Visit, store: Store) -> Page | GoOn:
    """Save the form, under the API's own checks; what does not pass is shown again with its reasons."""
    row, values = _row(visit, store), _values(visit.form)
    try:
        columns = read({name: value or None for name, value in values.items()}, EMPRESA, partial=True)
    except Refused as refused:
        note(row, HTTPStatus.UNPROCESSABLE_ENTITY, visit.path, reason(refused.problems), store)
        wrong = {_name(problem.pointer): problem.detail for problem in refused.problems}
        return _form(row, values, wrong)
    note(store.change_empresa(int(row.id), columns), HTTPStatus.OK, visit.path, None, store)
    return GoOn(f"/empresas/{row.id}?salvo=1")


def _values(form: Fields) -> Mapping[str, str]:
    """What the form has of the fields that can be edited; any other is passed over."""
    return {campo.name: one(form, campo.name) for campo in CAMPOS if campo.name in form}


def _form(
    row: EmpresaRow, values: Mapping[str, str], wrong: Mapping[str, str], *, saved: bool = False
) -> Page:
    return Page(
        "empresa.html",
        {"empresa": row, "campos": CAMPOS, "valores": values, "erros": wrong, "salvo": saved},
        HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
    )


def _name(pointer: str | None) -> str:
    return (pointer or "").rpartition("/")[2]


def _row(visit: Visit, store: Store) -> EmpresaRow:
    for row in store.empresas([("id", numbered(visit.keys[0]))]):
        return row
    raise refuse(HTTPStatus.NOT_FOUND, "Esta empresa não existe no portal.")
