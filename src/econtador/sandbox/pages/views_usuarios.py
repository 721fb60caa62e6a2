"""Users: the list, and the tabs that a person passes through to activate one.

Attested: a user arrives inactive; *Editar*, *Ativo*, every tab, *Salvar*; without the box of the tab
*Departamento – WPD* the record does not save. Nothing is kept before *Salvar*: until then the address
of the page says what was done. A login is a CPF, so an address has the number of the row in its place.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import pairwise

from attrs import frozen

from econtador.sandbox.identificacao import change_row
from econtador.sandbox.jsonapi import refuse
from econtador.sandbox.limits import ABAS
from econtador.sandbox.log import note
from econtador.sandbox.pages.paging import slice_of
from econtador.sandbox.pages.texts import has
from econtador.sandbox.pages.visit import Fields, GoOn, Page, Visit, one
from econtador.sandbox.rows import UsuarioRow
from econtador.sandbox.store import Store, numbered

__all__ = ["LABELS", "change", "list_all", "show"]

_WPD = "departamento-wpd"
_SHOWN_EMPRESAS = 50

LABELS: Mapping[str, str] = dict(
    zip(
        ABAS,
        (
            *("Informações", "Empresas", "Departamento – WPD", "Permissões", "Certidões"),
            *("Categorias", "Atendimentos", "Karoo", "Notificações"),
        ),
        strict=True,
    )
)
"""Each tab as the vendor's help names it."""

_FOLLOWING: Mapping[str, str] = dict(pairwise(ABAS))

_ATIVO = {"sim": True, "nao": False}


@frozen
class Edit:
    """What a person has done on the tabs so far."""

    aba: str
    """The tab that is shown."""
    passed: Sequence[str]
    """The tabs that were, in the portal's order."""
    ativo: bool
    wpd: bool
    """The box of the tab Departamento – WPD."""

    @property
    def following(self) -> str | None:
        """The tab after this one."""
        return _FOLLOWING.get(self.aba)


def list_all(visit: Visit, store: Store) -> Page:
    """The users that the search and the filter leave."""
    texto, ativo = one(visit.query, "texto"), one(visit.query, "ativo")
    rows = store.usuarios()
    found = [
        row
        for row in rows
        if (not texto or has(texto, (row.nome,))) and _ATIVO.get(ativo, row.ativo) == row.ativo
    ]
    saved = next((row for row in rows if row.id == one(visit.query, "salvo")), None)
    shown = {name: value for name, value in visit.query.items() if name != "salvo"}
    return Page(
        "usuarios.html",
        {
            "pagina": slice_of(found, shown),
            "pedido": {"texto": texto, "ativo": ativo},
            "salvo": saved,
            "abas": len(ABAS),
        },
    )


def show(visit: Visit, store: Store) -> Page:
    """One tab, the first unless another is asked for."""
    row = _row(visit, store)
    return _tab(row, _edited(visit.query) if "aba" in visit.query else _unedited(row), (), store)


def change(visit: Visit, store: Store) -> Page | GoOn:
    """Save, or show what is still to be done."""
    row, edit = _row(visit, store), _edited({**visit.query, **visit.form})
    missing = _missing(edit)
    if missing:
        note(row, HTTPStatus.UNPROCESSABLE_ENTITY, visit.path, " ".join(missing), store)
        return _tab(row, edit, missing, store)
    changed = change_row(row, {"ativo": edit.ativo, "abas": [*edit.passed]}, store)
    note(changed, HTTPStatus.OK, visit.path, None, store)
    return GoOn(f"/usuarios?salvo={row.id}")


def _unedited(row: UsuarioRow) -> Edit:
    # The tab with the box is kept as passed only with it.
    return Edit(ABAS[0], _in_order((*row.abas, ABAS[0])), row.ativo, _WPD in row.abas)


def _edited(fields: Fields) -> Edit:
    aba = one(fields, "aba")
    shown = aba if aba in ABAS else ABAS[0]
    passed = _in_order((*fields.get("passou", ()), shown))
    return Edit(shown, passed, "ativo" in fields, "wpd" in fields)


def _in_order(abas: Sequence[str]) -> Sequence[str]:
    return tuple(aba for aba in ABAS if aba in abas)


def _missing(edit: Edit) -> Sequence[str]:
    unpassed = [LABELS[aba] for aba in ABAS if aba not in edit.passed]
    missing: list[str] = []
    if edit.ativo and unpassed:
        missing.append(f"Para salvar como Ativo, passe por todas as abas. Falta: {', '.join(unpassed)}.")
    if not edit.wpd:
        missing.append(f"Marque a opção da aba {LABELS[_WPD]}: sem ela o registro não é salvo.")
    return missing


def _tab(row: UsuarioRow, edit: Edit, missing: Sequence[str], store: Store) -> Page:
    linked = store.linked(int(row.id))
    return Page(
        "usuario.html",
        {
            "usuario": row,
            "edicao": edit,
            "abas": LABELS,
            "empresas": store.empresas([("id", linked[:_SHOWN_EMPRESAS])]),
            "outras": len(linked[_SHOWN_EMPRESAS:]),
            "erros": missing,
        },
        HTTPStatus.UNPROCESSABLE_ENTITY if missing else HTTPStatus.OK,
    )


def _row(visit: Visit, store: Store) -> UsuarioRow:
    for row in store.usuarios([("id", numbered(visit.keys[0]))]):
        return row
    raise refuse(HTTPStatus.NOT_FOUND, "Este usuário não existe no portal.")
