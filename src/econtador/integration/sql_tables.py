"""The tables of a journal in PostgreSQL: what they hold, and how they come to be."""

import re
from typing import Final

from attrs import frozen
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
    func,
    insert,
    inspect,
    literal,
    select,
)

from econtador.errors import JournalUnreadable
from econtador.integration.evidence import Anchor
from econtador.integration.journal_rows import ENTRY_COLUMNS
from econtador.integration.status import Kind

__all__ = ["Tables", "anchor", "fact", "locked_head", "opened", "tables_of"]

_FORMAT: Final = "1"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")  # PostgreSQL cuts names at 63
_CREATING: Final = 0x65434A31
"""The advisory lock under which tables are made: of two sessions that make the same one, one would fail."""

_TEXT: Final = Text(collation="C")
"""Ordered by code point, whatever the database's language: instants are kept as text, and compared as such."""
_NUMBERS: Final = {"attempts", "losses", "moved"}

_GUARD: Final = """
CREATE FUNCTION {name}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' AND OLD.number <=
        (SELECT split_part(value, ':', 1)::bigint FROM {name}_fact WHERE name = 'forgotten') THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'the log is only appended to';
END $$;
CREATE TRIGGER {name}_kept BEFORE UPDATE OR DELETE ON {name}_log FOR EACH ROW EXECUTE FUNCTION {name}_kept();
"""
# It reads the number at the beginning of the anchor that forget() sets.


@frozen
class Tables:
    """The four tables of one journal: those of a SqliteJournal, and for each record which entry
    moved it last and who has claimed it until when."""

    name: str
    """What each table's name begins with."""
    file: str
    """What errors call the journal."""
    metadata: MetaData
    fact: Table
    record: Table
    log: Table
    plan: Table


def tables_of(name: str, file: str) -> Tables:
    """The tables of the journal *name*. Raises ValueError for a name that could not begin a table's."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"name must be a small letter and up to 39 of a-z, 0-9 and _, not {name!r}")
    metadata = MetaData()
    record = Table(
        f"{name}_record",
        metadata,
        *(_key("kind"), _key("codigo"), _text("nome"), _text("documento", nullable=True)),
        *(_text("status"), _text("portal_id", nullable=True), _text("sent", nullable=True)),
        *(_text("attempted_at", nullable=True), _text("run", nullable=True)),
        Column("number", BigInteger, nullable=False, index=True),
        Column("lease_until", DateTime(timezone=True)),
    )
    return Tables(
        name=name,
        file=file,
        metadata=metadata,
        fact=Table(f"{name}_fact", metadata, _key("name"), _text("value")),
        record=record,
        log=Table(f"{name}_log", metadata, *(_entry_column(column) for column in ENTRY_COLUMNS)),
        plan=Table(f"{name}_plan", metadata, _key("kind"), _text("fingerprint"), _text("content")),
    )


def _key(name: str) -> Column[str]:
    return Column(name, _TEXT, primary_key=True)


def _text(name: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, _TEXT, nullable=nullable)


def _entry_column(name: str) -> Column[int] | Column[str]:
    if name == "number":
        # The chain gives it. A sequence would leave gaps where a transaction is rolled back.
        return Column(name, BigInteger, primary_key=True, autoincrement=False)
    return (
        Column(name, Integer, nullable=False) if name in _NUMBERS else _text(name, nullable=name == "proemp")
    )


def opened(connection: Connection, tables: Tables) -> None:
    """Find *tables*, or make them all. Raises JournalUnreadable for anything in between, and for another format."""
    connection.execute(select(func.pg_advisory_xact_lock(literal(_CREATING, BigInteger))))
    wanted = set(tables.metadata.tables)
    there = wanted & set(inspect(connection).get_table_names())
    if not there:
        _make(connection, tables)
    elif there != wanted:
        raise JournalUnreadable(tables.file, f"it has no table {min(wanted - there)}")
    found = fact(connection, tables, "format")
    if found != _FORMAT:
        raise JournalUnreadable(tables.file, f"its format is {found}, this version reads {_FORMAT}")
    kinds = [kind.value for kind in Kind]
    # Such a record no question for a kind would find: it would be sent again.
    if connection.execute(
        select(tables.record.c.kind).where(tables.record.c.kind.not_in(kinds)).limit(1)
    ).first():
        raise JournalUnreadable(tables.file, "it is damaged")


def _make(connection: Connection, tables: Tables) -> None:
    tables.metadata.create_all(connection, checkfirst=False)
    connection.exec_driver_sql(
        _GUARD.format(name=tables.name)
    )  # fixed words, and a name that _NAME let through
    facts = {"format": _FORMAT, "head": str(Anchor()), "forgotten": str(Anchor())}
    connection.execute(insert(tables.fact), [{"name": name, "value": value} for name, value in facts.items()])


def fact(connection: Connection, tables: Tables, name: str) -> str | None:
    """What is noted of the journal under *name*."""
    column = tables.fact.c
    return connection.execute(select(column.value).where(column.name == name)).scalar()


def anchor(connection: Connection, tables: Tables, name: str) -> Anchor:
    """The place in the chain that is noted under *name*; every journal has it."""
    return _parsed(tables, fact(connection, tables, name))


def locked_head(connection: Connection, tables: Tables) -> Anchor:
    """The end of the chain, which nobody else moves before this transaction has ended."""
    column = tables.fact.c
    query = select(column.value).where(column.name == "head").with_for_update()
    return _parsed(tables, connection.execute(query).scalar())


def _parsed(tables: Tables, text: str | None) -> Anchor:
    try:
        return Anchor.parse(text or "")
    except ValueError:
        raise JournalUnreadable(tables.file, "it is damaged: its chain has no end") from None
