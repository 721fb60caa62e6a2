"""The history of tasks, host ms-tarefas: the one answer that is no JSON:API document (attested)."""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import parse_qsl

from econtador.sandbox.exchange import Answer, Call
from econtador.sandbox.jsonapi import JSON, bare, refuse
from econtador.sandbox.kinds import iso_date
from econtador.sandbox.store import Store

__all__ = ["TAREFAS", "list_tarefas"]

TAREFAS = "integracao/historico-tarefas"
"""End of its path, and the type of its rows in the store."""

_SHOWN = (
    *("nome", "prazoEntrega", "prazoLegal", "responsavel"),
    *("status", "dataConclusao", "empresa", "departamento"),
)
_BOUNDS = ("dataInicial", "dataFinal")


def list_tarefas(call: Call, keys: Sequence[str], store: Store) -> Answer:
    """A bare array, unpaged, of the tasks due (``prazoEntrega``, assumed) from one day to another."""
    sent = dict(parse_qsl(call.query, keep_blank_values=True))
    for name in {*sent, *_BOUNDS}:
        if name not in _BOUNDS or not iso_date(sent.get(name, "")):
            raise refuse(HTTPStatus.BAD_REQUEST, "dataInicial e dataFinal, AAAA-MM-DD", parameter=name)
    begin, end = (sent[name] for name in _BOUNDS)
    found: list[JSON] = [
        {name: row.attributes.get(name) for name in _SHOWN}
        for row in store.recursos(TAREFAS)
        if begin <= str(row.attributes["prazoEntrega"])[:10] <= end
    ]
    return bare(found)
