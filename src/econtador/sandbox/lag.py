"""``READ_LAG``: a new record is kept, and not seen at once."""

import threading
from collections.abc import Collection, Mapping
from http import HTTPStatus
from urllib.parse import unquote, urlencode

from attrs import evolve

from econtador.sandbox.exchange import Answer, Call, Exchange
from econtador.sandbox.jsonapi import JSON, refusal, refuse
from econtador.sandbox.query import MOST, links, window, without_page
from econtador.sandbox.reply import Reply, reply_of, with_reply

__all__ = ["Lag"]

_LATE = ("/api/v1/empresas", "/api/v1/integracao/usuarios")


class Lag:
    """Knows which records are new, and for how many reads more. Safe to use from several threads.

    Reads are counted and not seconds, so that a test comes out the same on any machine: each read of
    companies, or of users, that succeeds is one. A record is known by its address: two users with one
    login are shown there when both may be.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: dict[str, tuple[tuple[JSON, int], ...]] = dict.fromkeys(_LATE, ())

    def answer(self, call: Call, ask: Exchange, reads: int) -> Answer:
        """What *ask* answers, without what is too new; what is made now is so for *reads* reads."""
        # One at a time: no read may fall between a record's making and its being known as new.
        with self._lock:
            answer = ask(call)
            path, key = _place(call.path)
            reply = reply_of(answer) if path in _LATE else None
            if reply is None or reply.status >= 300:
                return answer
            if call.method == "POST":
                self._left[path] += ((_id(reply.document.get("data")), reads),)
                return answer
            new = self._new(path) if call.method == "GET" else ()
            if key in new:
                return refusal(refuse(HTTPStatus.NOT_FOUND, "recurso não encontrado"))
            return with_reply(answer, _without(call, reply, new, ask))

    def _new(self, path: str) -> tuple[JSON, ...]:
        """The ids that this read is not to show, one for each record."""
        left = tuple((key, reads) for key, reads in self._left[path] if reads > 0)
        self._left[path] = tuple((key, reads - 1) for key, reads in left)
        return tuple(key for key, _ in left)


def _place(path: str) -> tuple[str, str | None]:
    """The listing that *path* is or belongs to, and the id of one record."""
    if path in _LATE:
        return path, None
    listing, _, key = path.rpartition("/")
    return listing, unquote(key)


def _without(call: Call, reply: Reply, new: Collection[JSON], ask: Exchange) -> Reply:
    """The page without the new ones. Listings are in the order of arrival, so these are the last."""
    page, total = window(call.query), reply.total
    if page is None or total is None or reply.rows is None or not new:
        return reply
    left = total - _count(call, total, new, ask)
    return reply.having(
        data=reply.rows[: max(0, left - page.offset)],
        links=links(call.path, page, left),
        meta={"totalResourceCount": left},
    )


def _count(call: Call, total: int, new: Collection[JSON], ask: Exchange) -> int:
    """How many of the listing's last rows are *new*: with another filter there may be fewer."""
    found = 0
    for offset in range(max(0, total - len(new)), total, MOST):
        query = urlencode([*without_page(call.query), ("page[limit]", MOST), ("page[offset]", offset)])
        reply = reply_of(ask(evolve(call, query=query)))
        rows = reply.rows if reply is not None else None
        found += sum(_id(row) in new for row in rows or ())
    return found


def _id(row: JSON) -> JSON:
    return row.get("id") if isinstance(row, Mapping) else None
