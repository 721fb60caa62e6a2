"""Records and entries as columns of a table, and the chain that the entries make: the same for every journal."""

import datetime
import hashlib
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Final, TypeAlias, cast

from cattrs import BaseValidationError

from econtador.documents import parse
from econtador.errors import EcontadorError, InvalidPlan, JournalError, JournalUnreadable
from econtador.gap.models import Proemp
from econtador.integration.journal import LogEntry, Record
from econtador.integration.plan import canonical, load_draft, save_draft
from econtador.integration.status import Kind, Outcome, Status

__all__ = [
    "BEGINNING",
    "ENTRY_COLUMNS",
    "RECORD_COLUMNS",
    "Column",
    "chained",
    "entry_from",
    "entry_row",
    "instant",
    "meaning",
    "mentions",
    "record_from",
    "record_row",
]

Column: TypeAlias = str | int | None

BEGINNING: Final = "0" * 64
"""What the first entry is chained to."""

RECORD_COLUMNS: Final = ("kind", "codigo", "nome", "documento", "status", "portal_id", "sent", "attempted_at")
ENTRY_COLUMNS: Final = (
    "number", "at", "kind", "codigo", "nome", "proemp", "operador", "outcome", "status", "code", "message", "run",
    "plan", "action", "policy", "attempts", "losses", "moved", "hash",
)  # fmt: skip

_UNWRITABLE: Final = re.compile(r"[\x00\ud800-\udfff]")
"""What no database takes: NUL, and halves of characters. A portal's answer can hold both, as JSON."""


def instant(at: datetime.datetime) -> str:
    """*at* in one zone and one width, so that text order is time order; a naive time is the machine's own."""
    return at.astimezone(datetime.UTC).isoformat(timespec="microseconds")


def record_row(record: Record) -> dict[str, Column]:
    """The columns of *record*."""
    row: dict[str, Column] = {
        "kind": record.kind.value,
        "codigo": record.codigo,
        "nome": record.nome,
        "documento": record.documento.value if record.documento else None,
        "status": record.status.value,
        "portal_id": record.portal_id,
        "sent": save_draft(record.sent) if record.sent else None,
        "attempted_at": instant(record.attempted_at) if record.attempted_at else None,
    }
    return _writable(row)


def record_from(row: Mapping[str, Column]) -> Record:
    """The record of these columns. Raises ValueError and its like for columns that are none."""
    documento, sent, attempted = (_text(row[name]) for name in ("documento", "sent", "attempted_at"))
    return Record(
        kind=Kind(row["kind"]),
        codigo=str(row["codigo"]),
        nome=str(row["nome"]),
        documento=parse(documento) if documento else None,
        status=Status(row["status"]),
        portal_id=_text(row["portal_id"]),
        sent=load_draft(sent) if sent else None,
        attempted_at=_moment(attempted) if attempted else None,
    )


def entry_row(entry: LogEntry) -> dict[str, Column]:
    """The columns of *entry*."""
    row: dict[str, Column] = {
        "number": entry.number,
        "at": instant(entry.at),
        "kind": entry.kind.value,
        "codigo": entry.codigo,
        "nome": entry.nome,
        "proemp": entry.proemp.name if entry.proemp else None,
        "operador": entry.operador,
        "outcome": entry.outcome.value,
        "status": entry.status.value,
        "code": entry.code,
        "message": entry.message,
        "run": entry.run,
        "plan": entry.plan,
        "action": entry.action,
        "policy": entry.policy,
        "attempts": entry.attempts,
        "losses": entry.losses,
        "moved": int(entry.moved),
        "hash": entry.hash,
    }
    return _writable(row)


def entry_from(row: Mapping[str, Column]) -> LogEntry:
    """The entry of these columns. Raises ValueError and its like for columns that are none."""
    proemp = _text(row["proemp"])
    words = ("codigo", "nome", "operador", "code", "message", "run", "plan", "action", "policy", "hash")
    entry = LogEntry(
        number=cast("int", row["number"]),
        at=_moment(str(row["at"])),
        kind=Kind(row["kind"]),
        proemp=Proemp(proemp) if proemp else None,
        outcome=Outcome(row["outcome"]),
        status=Status(row["status"]),
        attempts=cast("int", row["attempts"]),
        losses=cast("int", row["losses"]),
        moved=bool(row["moved"]),
        **{word: str(row[word]) for word in words},
    )
    # What can be written in two ways would escape the chain, and a filter by the column would miss it.
    read = (instant(entry.at), entry.proemp.name if entry.proemp else None, int(entry.moved))
    if read != (row["at"], row["proemp"], row["moved"]):
        raise ValueError("not as it is written")
    return entry


def chained(entry: LogEntry, number: int, before: str) -> dict[str, Column]:
    """The columns of *entry* as the one with that number, after the one whose hash is *before*."""
    row = {**entry_row(entry), "number": number, "hash": ""}
    row["hash"] = hashlib.sha256(f"{before}\n{canonical(row)}".encode()).hexdigest()
    return row


@contextmanager
def meaning(file: str) -> Generator[None, None, None]:
    """What a column of the journal *file* holds and could not, in this library's words: a damage that no database sees."""
    try:
        yield
    except JournalError:
        raise
    except InvalidPlan as error:
        raise JournalUnreadable(file, f"the plan that was begun: {error.reason}") from None
    except (ValueError, KeyError, TypeError, RecursionError, EcontadorError, BaseValidationError) as error:
        raise JournalUnreadable(file, f"it is damaged: {type(error).__name__}") from None


def mentions(entry: LogEntry, text: str | None) -> bool:
    """Whether *text* is somewhere in name, code or message; case does not count."""
    return (text or "").casefold() in f"{entry.nome}\n{entry.code}\n{entry.message}".casefold()


def _moment(text: str) -> datetime.datetime:
    """What :func:`instant` wrote. Raises ValueError for a time that it never writes, such as one without zone."""
    at = datetime.datetime.fromisoformat(text)
    if at.utcoffset() != datetime.timedelta(0):
        raise ValueError("not in UTC")
    return at


def _text(value: Column) -> str | None:
    return None if value is None else str(value)


def _writable(row: dict[str, Column]) -> dict[str, Column]:
    # All at once, since hardly a row has one: 2 µs, and 10 text by text.
    if _UNWRITABLE.search("".join([text for text in row.values() if isinstance(text, str)])) is None:
        return row
    return {
        name: _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else value
        for name, value in row.items()
    }
