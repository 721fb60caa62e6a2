"""The PostgreSQL server of a journal: its connections, its transactions, and what its errors mean."""

from collections.abc import Callable
from typing import Final, TypeVar

from attrs import frozen
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.pool import ConnectionPoolEntry

from econtador.errors import JournalError, JournalNotWritten, JournalUnreadable

__all__ = ["Server", "server_of"]

T = TypeVar("T")

_TRIES: Final = 3
_CONNECTING: Final = {"connect_timeout": 10, "tcp_user_timeout": 30_000}
"""Seconds, and milliseconds without a sign of the network's: a server that is gone is not waited for for ever."""
_SESSION: Final = """
SELECT set_config('lock_timeout', '30s', false),
       set_config('idle_in_transaction_session_timeout', '20s', false),
       set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off', 'on'), false)
"""
"""A machine that is paused while it writes does not keep the others waiting for ever; and what was written stands."""
_ROLLED_BACK: Final = {"40001", "40P01"}
"""Serialization failure and deadlock: the server asks to try again."""
_NO_RIGHT: Final = "42501"


@frozen(repr=False)
class Server:
    """A database, and what errors call it."""

    file: str
    """Its address without the password, and the journal's name."""
    engine: Engine

    def transaction(self, work: Callable[[Connection], T]) -> T:
        """*work* in a transaction; again where the connection was lost or the server asks for it, so it must stand that."""
        tries = _TRIES
        while True:
            try:
                with self.engine.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                tries -= 1
                if not tries or not (error.connection_invalidated or _state(error) in _ROLLED_BACK):
                    raise self._in_words(error) from None

    def snapshot(self, work: Callable[[Connection], T]) -> T:
        """*work*, which only reads, on one state of the database, whoever writes meanwhile."""
        engine = self.engine.execution_options(isolation_level="REPEATABLE READ")
        return Server(self.file, engine).transaction(work)

    def _in_words(self, error: DBAPIError) -> JournalError:
        # What the server says of a statement may hold what was to be written: a name, a CPF. Only of connecting is it told.
        state, kind = _state(error), type(error.orig).__name__
        if error.statement is None:
            said, password = str(error.orig).strip().partition("\n")[0], self.engine.url.password
            return JournalNotWritten(self.file, said.replace(str(password), "***") if password else said)
        reason = f"{kind} {state}".strip()
        if isinstance(error, IntegrityError) or (isinstance(error, ProgrammingError) and state != _NO_RIGHT):
            return JournalUnreadable(self.file, reason)
        return JournalNotWritten(self.file, reason)


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


def server_of(url: str, name: str) -> Server:
    """The server at *url*, not yet connected to. Raises ValueError for what is no address of a PostgreSQL database."""
    try:
        address = make_url(url)
    except ArgumentError:
        # Not in the words of the cause, which may hold all of it.
        raise ValueError(
            "url is not one of SQLAlchemy's, like postgresql://user:password@host/database"
        ) from None
    if address.get_backend_name() != "postgresql":
        raise ValueError(f"a journal needs PostgreSQL, not {address.get_backend_name()}")
    engine = create_engine(
        # Said, since without a driver older versions of SQLAlchemy look for psycopg2.
        address.set(drivername="postgresql+psycopg"),
        isolation_level="READ COMMITTED",  # what waits for a lock must then see what the other has written
        hide_parameters=True,
        pool_size=2,
        max_overflow=-1,
        connect_args={key: value for key, value in _CONNECTING.items() if key not in address.query},
    )
    event.listen(engine, "connect", _begin_session)
    # The query may hold a password as well.
    where = address.set(query={}).render_as_string(hide_password=True)
    return Server(f"{where}#{name}", engine)


def _begin_session(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(_SESSION)
    cursor.close()
    connection.commit()
