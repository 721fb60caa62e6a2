"""An answer of the handler, read again: what the quirks work on."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from attrs import evolve, field, frozen

from econtador.sandbox.exchange import Answer
from econtador.sandbox.jsonapi import JSON

__all__ = ["Object", "Reply", "is_page", "reply_of", "with_reply"]

Object: TypeAlias = Mapping[str, JSON]


@frozen
class Reply:
    """An answer whose body is a JSON object."""

    status: int
    document: Object = field(repr=False)

    @property
    def rows(self) -> Sequence[JSON] | None:
        """The resources of a page; ``None`` if this is none."""
        data = self.document.get("data")
        return cast("Sequence[JSON]", data) if self.status < 300 and isinstance(data, list) else None

    @property
    def total(self) -> int | None:
        """The announced number of rows of the listing."""
        meta = self.document.get("meta")
        total = meta.get("totalResourceCount") if isinstance(meta, Mapping) else None
        return total if isinstance(total, int) else None

    def having(self, **members: JSON) -> "Reply":
        """The same with other members of the document."""
        return evolve(self, document={**self.document, **members})


def reply_of(answer: Answer) -> Reply | None:
    """Read *answer*; ``None`` for a body that is no JSON object."""
    try:
        document: object = json.loads(answer.content)
    except ValueError:
        return None
    return Reply(answer.status, cast("Object", document)) if isinstance(document, dict) else None


def with_reply(answer: Answer, reply: Reply) -> Answer:
    """*answer*, saying *reply*."""
    body = json.dumps(reply.document, ensure_ascii=False, separators=(",", ":")).encode()
    return evolve(answer, status=reply.status, content=body)


def is_page(answer: Answer) -> bool:
    """Whether *answer* is a page of a listing."""
    reply = reply_of(answer)
    return reply is not None and reply.rows is not None
