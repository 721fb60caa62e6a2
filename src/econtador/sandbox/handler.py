"""The portal itself: one call in, one answer out; what it remembers, log included, is in its memory."""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import unquote

from econtador.sandbox.exchange import Answer, Call
from econtador.sandbox.jsonapi import Refused, refusal, refuse
from econtador.sandbox.log import note_refused, note_written
from econtador.sandbox.routes import ROUTES, Action
from econtador.sandbox.store import Store

__all__ = ["handle"]


def handle(call: Call, store: Store, token: str) -> Answer:
    """Answer *call*; on return its change is durable in *store*, after an exception it is not there.

    In this order: 401 without *token*, 404 for a path, 405 for a verb, then the verb's own checks.
    """
    try:
        _authorize(call, token)
        action, keys = _find(call)
        if call.method != "GET":
            return _written(action, call, keys, store)
        with store.transaction(write=False):
            return action(call, keys, store)
    except Refused as refused:
        return refusal(refused)


def _written(action: Action, call: Call, keys: Sequence[str], store: Store) -> Answer:
    """Change, and note it in the same transaction; a refusal, which undoes the change, is noted in one of its own."""
    try:
        with store.transaction(write=True):
            answer = action(call, keys, store)
            note_written(call, answer, store)
            return answer
    except Refused as refused:
        with store.transaction(write=True):
            note_refused(call, keys, refused, store)
        raise


def _authorize(call: Call, token: str) -> None:
    scheme, _, sent = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or sent.strip() != token:
        raise refuse(HTTPStatus.UNAUTHORIZED, "token inválido ou expirado")


def _service(host: str) -> str | None:
    """Which of the portal's hosts this is by name; any other host stands for all of them."""
    name, _, domain = host.partition(".")
    return name if domain == "pack.alterdata.com.br" else None


def _find(call: Call) -> tuple[Action, Sequence[str]]:
    service = _service(call.host)
    for route in ROUTES:
        match = route.path.fullmatch(call.path)
        if match is None or service not in {None, route.service}:
            continue
        if call.method not in route.actions:
            problem = refuse(HTTPStatus.METHOD_NOT_ALLOWED, "método não permitido").problems
            raise Refused(problem, {"allow": ", ".join(route.actions)})
        return route.actions[call.method], tuple(map(unquote, match.groups()))
    raise refuse(HTTPStatus.NOT_FOUND, "rota não encontrada")
