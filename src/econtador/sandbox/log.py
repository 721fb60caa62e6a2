"""The portal's own log of writes: companies and users made, changed and refused.

It knows what reached the portal, whichever client sent it, and nothing of what an office kept back. Assumed:
of the real portal no such log is attested (the article's *LOGs de Integração* are GAP's).
"""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias
from urllib.parse import unquote

from econtador.errors import redact
from econtador.sandbox.exchange import Answer, Call
from econtador.sandbox.jsonapi import Problem, Refused, resource_of
from econtador.sandbox.resource_type import PREFIX
from econtador.sandbox.rows import EmpresaRow, UsuarioRow
from econtador.sandbox.store import Store, numbered

__all__ = ["RESULTADOS", "TIPOS", "note", "note_refused", "note_written", "reason"]

_EMPRESA, _USUARIO = "empresa", "usuario"
TIPOS = (_EMPRESA, _USUARIO)

RESULTADOS = ("criado", "alterado", "recusado")

_LISTINGS = {f"{PREFIX}empresas": _EMPRESA, f"{PREFIX}integracao/usuarios": _USUARIO}
_LONGEST = 300
"""Characters of a text in the log: a client may send any."""

Named: TypeAlias = tuple[str | None, str | None]
"""Código and name."""


def note_written(call: Call, answer: Answer, store: Store) -> None:
    """Note that *call* made or changed what *answer* shows. Call it inside the change's transaction."""
    tipo = _tipo(call)
    if tipo is not None:
        resultado = "criado" if call.method == "POST" else "alterado"
        _add(tipo, resultado, answer.status, _path(call), _shown(answer), None, store)


def note_refused(call: Call, keys: Sequence[str], refused: Refused, store: Store) -> None:
    """Note that *call* was refused. Call it inside a transaction that writes."""
    tipo = _tipo(call)
    if tipo is not None:
        named = _kept(tipo, keys[0], store) if keys else _sent(call)
        status, why = refused.problems[0].status, reason(refused.problems)
        _add(tipo, "recusado", status, _path(call), named, why, store)


def note(row: EmpresaRow | UsuarioRow, status: int, caminho: str, why: str | None, store: Store) -> None:
    """Note that a page at *caminho* changed *row*, or was refused to for *why*."""
    tipo, named = (_EMPRESA, _of(row)) if isinstance(row, EmpresaRow) else (_USUARIO, _of(row))
    _add(tipo, "alterado" if why is None else "recusado", status, caminho, named, why, store)


def reason(problems: Sequence[Problem]) -> str:
    """What is wrong, in one line: place and words of each."""
    return "; ".join(": ".join(filter(None, (_place(problem), problem.detail))) for problem in problems)


def _place(problem: Problem) -> str:
    return (problem.pointer or "").removeprefix("/data/").removeprefix("attributes/")


def _tipo(call: Call) -> str | None:
    listing, _, _ = call.path.rpartition("/")
    return _LISTINGS.get(call.path) or _LISTINGS.get(listing)


def _path(call: Call) -> str:
    listing, _, _ = call.path.rpartition("/")
    # What follows is a login, or was meant for one.
    return f"{listing}/***" if _LISTINGS.get(listing) == _USUARIO else unquote(call.path)


def _add(
    tipo: str, resultado: str, status: int, caminho: str, named: Named, why: str | None, store: Store
) -> None:
    codigo, nome = named
    store.add_registro(
        {
            "tipo": tipo,
            "codigo": _fit(codigo),
            "nome": _fit(nome),
            "resultado": resultado,
            "status": status,
            "caminho": _fit(caminho),
            "mensagem": _fit(why),
        }
    )


def _fit(text: str | None) -> str | None:
    # A sole trader's name commonly ends in the owner's CPF.
    return None if text is None else redact(text)[:_LONGEST]


def _shown(answer: Answer) -> Named:
    document: Mapping[str, Mapping[str, Mapping[str, object]]] = json.loads(answer.content)
    return _named(document["data"]["attributes"])


def _sent(call: Call) -> Named:
    try:
        return _named(resource_of(call.body).attributes)
    except Refused:
        return None, None  # what it was about cannot be read, which the log's line then says


def _named(attributes: Mapping[str, object]) -> Named:
    codigo, nome = attributes.get("externoid"), attributes.get("nome")
    return codigo if isinstance(codigo, str) else None, nome if isinstance(nome, str) else None


def _kept(tipo: str, key: str, store: Store) -> Named:
    rows: Sequence[EmpresaRow | UsuarioRow] = (
        store.empresas([("id", numbered(key))]) if tipo == _EMPRESA else store.usuarios([("login", key)])
    )
    return _of(rows[0]) if rows else (None, None)


def _of(row: EmpresaRow | UsuarioRow) -> Named:
    return (row.externoid if isinstance(row, EmpresaRow) else None), row.nome
