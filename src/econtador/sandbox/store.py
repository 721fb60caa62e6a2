"""The sandbox's memory: rows in SQLite, in memory or in a file.

In a file each change is on the disk before its answer leaves (write-ahead log,
``synchronous=FULL``), so a killed process loses nothing that was answered, and several
processes may share one file.
"""

import json
import re
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from os import PathLike, fspath
from typing import Any, TypeAlias, TypeVar

from econtador.sandbox.documents import document_number
from econtador.sandbox.jsonapi import JSON, Linkage
from econtador.sandbox.lookups import LOOKUPS
from econtador.sandbox.query import Page
from econtador.sandbox.rows import EmpresaRow, RecursoRow, RegistroRow, UsuarioRow

__all__ = ["Accepted", "Store", "Where", "attribute", "numbered", "patiently", "related"]

_APPLICATION = 0x65435442  # "eCTB"
_BRASILIA = timezone(timedelta(hours=-3))
_WAIT_SECONDS = 60.0  # for another process to end its transaction
_REGISTROS = 10_000  # the latest lines of the log that are kept

_TABLES = (
    "CREATE TABLE IF NOT EXISTS conta (uc TEXT NOT NULL, data TEXT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS empresas (
        id INTEGER PRIMARY KEY AUTOINCREMENT, nome TEXT NOT NULL, documento TEXT NOT NULL, is_cpf INTEGER,
        externoid TEXT, ativa INTEGER NOT NULL, endereco TEXT, inscricao_estadual TEXT,
        inscricao_municipal TEXT, bairro TEXT, atividade TEXT, municipio TEXT, uf TEXT, cep TEXT,
        numero TEXT, complemento TEXT, cpfcnpj INTEGER NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS empresas_cpfcnpj ON empresas (cpfcnpj)",
    "CREATE INDEX IF NOT EXISTS empresas_documento ON empresas (documento)",
    """CREATE TABLE IF NOT EXISTS usuarios (
        id INTEGER PRIMARY KEY AUTOINCREMENT, nome TEXT NOT NULL, login TEXT NOT NULL, email TEXT NOT NULL,
        is_cpf INTEGER, telefone TEXT, ativo INTEGER NOT NULL DEFAULT 0, abas TEXT NOT NULL DEFAULT '[]')""",
    "CREATE INDEX IF NOT EXISTS usuarios_login ON usuarios (login)",
    """CREATE TABLE IF NOT EXISTS vinculos (
        usuario INTEGER NOT NULL, empresa INTEGER NOT NULL, PRIMARY KEY (usuario, empresa))""",
    """CREATE TABLE IF NOT EXISTS recursos (
        tipo TEXT NOT NULL, id INTEGER NOT NULL, atributos TEXT NOT NULL, relacoes TEXT NOT NULL,
        PRIMARY KEY (tipo, id))""",
    """CREATE TABLE IF NOT EXISTS registros (
        id INTEGER PRIMARY KEY AUTOINCREMENT, momento TEXT NOT NULL, tipo TEXT NOT NULL, codigo TEXT,
        nome TEXT, resultado TEXT NOT NULL, status INTEGER NOT NULL, caminho TEXT NOT NULL, mensagem TEXT)""",
)

_Row = TypeVar("_Row")

Columns: TypeAlias = Mapping[str, JSON]
"""Columns and what they are to hold."""

Accepted: TypeAlias = tuple[int | str, ...]
"""Values of which a column must have one."""

Where: TypeAlias = Sequence[tuple[str, int | str | Accepted]]
"""Columns and the values they must have. Columns come from this package, never from a request."""


def numbered(text: str) -> Accepted:
    """The number of a row whose id is *text*, or none: as text, "01" is not the id of the first.

    >>> numbered("1"), numbered("01")
    ((1,), ())
    """
    return (int(text),) if re.fullmatch(r"0|[1-9][0-9]{0,17}", text) else ()


def attribute(name: str) -> str:
    """The column of a resource's attribute; capitals or not, it compares the same.

    >>> attribute("status")
    "json_extract(recursos.atributos, '$.status') COLLATE NOCASE"
    """
    return f"json_extract(recursos.atributos, '$.{name}') COLLATE NOCASE"


def related(name: str) -> str:
    """The column with the id that a resource's relationship points at."""
    return f"json_extract(recursos.relacoes, '$.{name}[1]')"


class Store:
    """What the portal has. Every method but ``close`` belongs inside ``with store.transaction(...)``."""

    def __init__(self, path: str | PathLike[str] | None = None) -> None:
        """Open *path*, or a new memory.

        Raises ``ValueError`` if the file is another program's database, and sqlite3's errors if it
        cannot be opened.
        """
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            ":memory:" if path is None else fspath(path),
            timeout=_WAIT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        self._connection.row_factory = sqlite3.Row
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        run = self._connection.execute
        # Looked at and made in one transaction: another process may be doing the same.
        with self.transaction(write=True):
            application, tables = run(
                "SELECT (SELECT application_id FROM pragma_application_id),"
                " (SELECT count(*) FROM sqlite_master)"
            ).fetchone()
            if tables and application != _APPLICATION:
                raise ValueError("this SQLite file is not a sandbox's; give Sandbox a path of its own")
            run(f"PRAGMA application_id = {_APPLICATION}")
            for statement in _TABLES:
                run(statement)
            if run("SELECT count(*) FROM conta").fetchone()[0] == 0:
                made = datetime.now(_BRASILIA).isoformat()
                run("INSERT INTO conta VALUES (?, ?)", (str(secrets.randbelow(900_000) + 100_000), made))
            lookups = ((kind, id, nome) for kind, names in LOOKUPS.items() for id, nome in names.items())
            self._connection.executemany(
                "INSERT OR IGNORE INTO recursos VALUES (?, ?, json_object('nome', ?), '{}')", lookups
            )
        patiently(lambda: run("PRAGMA journal_mode = WAL"), _WAIT_SECONDS)
        run("PRAGMA synchronous = FULL")

    @contextmanager
    def transaction(self, *, write: bool) -> Generator[None]:
        """One consistent view, or one change that is wholly kept or, on any exception, not at all."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise

    def close(self) -> None:
        """Close the file; memory is gone. May be called twice."""
        with self._lock:
            self._connection.close()

    def account(self) -> tuple[str, str]:
        """The customer's number and when the account was made (ISO 8601)."""
        number, made = self._connection.execute("SELECT uc, data FROM conta").fetchone()
        return str(number), str(made)

    # ------------------------------------------------------------------ companies

    def add_empresa(self, values: Columns) -> EmpresaRow:
        """Keep a new company; nothing is unique but its id."""
        return self._empresa(self._insert("empresas", {**values, **_number(values)}))

    def change_empresa(self, key: int, values: Columns) -> EmpresaRow:
        """Set some columns of the company *key*."""
        self._update("empresas", key, {**values, **_number(values)})
        return self._empresa(key)

    def empresas(self, where: Where = (), page: Page | None = None) -> list[EmpresaRow]:
        """Companies in the order of their ids."""
        return self._select("empresas", _empresa_row, where, page)

    def _empresa(self, key: int) -> EmpresaRow:
        return self.empresas([("id", key)])[0]

    # ------------------------------------------------------------------ users

    def add_usuario(self, values: Columns) -> UsuarioRow:
        """Keep a new user; nothing is unique but the number of its row."""
        return self._usuario(self._insert("usuarios", values))

    def change_usuario(self, key: int, values: Columns) -> UsuarioRow:
        """Set some columns of the row *key*."""
        self._update("usuarios", key, values)
        return self._usuario(key)

    def usuarios(self, where: Where = (), page: Page | None = None) -> list[UsuarioRow]:
        """Users in the order of their rows."""
        return self._select("usuarios", _usuario_row, where, page)

    def _usuario(self, key: int) -> UsuarioRow:
        return self.usuarios([("id", key)])[0]

    def link(self, usuario: int, empresa: int) -> None:
        """Let the user of one row see the company of another."""
        self._connection.execute("INSERT OR IGNORE INTO vinculos VALUES (?, ?)", (usuario, empresa))

    def linked(self, usuario: int) -> tuple[int, ...]:
        """Rows of the companies that a user sees."""
        found = self._connection.execute("SELECT empresa FROM vinculos WHERE usuario = ?", (usuario,))
        return tuple(int(empresa) for (empresa,) in found)

    # ------------------------------------------------------------------ everything else

    def add_recurso(
        self, kind: str, attributes: Mapping[str, JSON], relationships: Mapping[str, Linkage] | None = None
    ) -> RecursoRow:
        """Keep a new resource of the type *kind*; ids count up within a type."""
        counted = self._connection.execute(
            "SELECT coalesce(max(id), 0) + 1 FROM recursos WHERE tipo = ?", (kind,)
        )
        (key,) = counted.fetchone()
        columns: Columns = {"tipo": kind, "id": key, "atributos": attributes, "relacoes": relationships or {}}
        return self.recursos(kind, [("id", self._insert("recursos", columns))])[0]

    def recursos(
        self, kind: str, where: Where = (), page: Page | None = None, order: Sequence[str] = ()
    ) -> list[RecursoRow]:
        """Resources of the type *kind*, by *order* (columns, ``DESC`` if need be), then by their ids."""
        return self._select("recursos", _recurso_row, [("tipo", kind), *where], page, order)

    # ------------------------------------------------------------------ the log

    def add_registro(self, values: Columns) -> None:
        """Keep a line of the log, of now; beyond ten thousand the oldest go."""
        moment = datetime.now(_BRASILIA).isoformat(timespec="milliseconds")
        key = self._insert("registros", {**values, "momento": moment})
        self._connection.execute("DELETE FROM registros WHERE id <= ?", (key - _REGISTROS,))

    def registros(self) -> list[RegistroRow]:
        """The log, oldest first."""
        return self._select("registros", _registro_row, (), None)

    # ------------------------------------------------------------------ SQL

    def count(self, table: str, where: Where = ()) -> int:
        """How many rows *table* has."""
        condition, values = _condition(where)
        sql = f"SELECT count(*) FROM {table}{condition}"  # noqa: S608 - names of this package only
        return int(self._connection.execute(sql, values).fetchone()[0])

    def _select(
        self,
        table: str,
        row: Callable[[dict[str, Any]], _Row],
        where: Where,
        page: Page | None,
        order: Sequence[str] = (),
    ) -> list[_Row]:
        condition, values = _condition(where)
        limit, offset = (-1, 0) if page is None else (page.limit, page.offset)
        by = ", ".join([*order, "id"])
        sql = f"SELECT * FROM {table}{condition} ORDER BY {by} LIMIT ? OFFSET ?"  # noqa: S608 - names of this package only
        return [row(dict(found)) for found in self._connection.execute(sql, (*values, limit, offset))]

    def _insert(self, table: str, values: Columns) -> int:
        marks = ", ".join("?" * len(values))
        columns = ", ".join(values)
        sql = f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING id"  # noqa: S608 - as above
        return int(self._connection.execute(sql, _kept(values)).fetchone()[0])

    def _update(self, table: str, key: int, values: Columns) -> None:
        if values:
            settings = ", ".join(f"{column} = ?" for column in values)
            sql = f"UPDATE {table} SET {settings} WHERE id = ?"  # noqa: S608 - as above
            self._connection.execute(sql, (*_kept(values), key))


def patiently(change: Callable[[], object], seconds: float) -> None:
    """Try *change* until no other process is in its way, *seconds* long.

    For the change to a write-ahead log, the one thing for which SQLite itself does not wait.
    Raises the last ``sqlite3.OperationalError``.
    """
    end = time.monotonic() + seconds
    while True:
        try:
            change()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                raise
            time.sleep(0.005)


def _condition(where: Where) -> tuple[str, Accepted]:
    accepted = [(column, one if isinstance(one, tuple) else (one,)) for column, one in where]
    terms = " AND ".join(f"{column} IN ({', '.join('?' * len(values))})" for column, values in accepted)
    return (f" WHERE {terms}" if terms else ""), tuple(value for _, values in accepted for value in values)


def _kept(values: Columns) -> list[str | int | float | None]:
    return [
        value if isinstance(value, str | int | float | None) else json.dumps(value)
        for value in values.values()
    ]


def _number(values: Columns) -> Columns:
    document = values.get("documento")
    return {"cpfcnpj": document_number(document)} if isinstance(document, str) else {}


def _flag(kept: int | None) -> bool | None:
    return None if kept is None else bool(kept)


def _empresa_row(found: dict[str, Any]) -> EmpresaRow:
    del found["cpfcnpj"]
    typed: dict[str, Any] = {
        "id": str(found["id"]),
        "is_cpf": _flag(found["is_cpf"]),
        "ativa": bool(found["ativa"]),
    }
    return EmpresaRow(**(found | typed))


def _usuario_row(found: dict[str, Any]) -> UsuarioRow:
    typed: dict[str, Any] = {
        "id": str(found["id"]),
        "is_cpf": _flag(found["is_cpf"]),
        "ativo": bool(found["ativo"]),
        "abas": tuple(json.loads(found["abas"])),
    }
    return UsuarioRow(**(found | typed))


def _registro_row(found: dict[str, Any]) -> RegistroRow:
    typed: dict[str, Any] = {"id": str(found["id"])}
    return RegistroRow(**(found | typed))


def _recurso_row(found: dict[str, Any]) -> RecursoRow:
    related = {
        name: None if linkage is None else (str(linkage[0]), str(linkage[1]))
        for name, linkage in json.loads(found["relacoes"]).items()
    }
    return RecursoRow(found["tipo"], str(found["id"]), json.loads(found["atributos"]), related)
