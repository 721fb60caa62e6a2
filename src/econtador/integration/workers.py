"""Many hands in one process: work shared out to threads, and their journal writes brought together again.

The one module of the integration that knows threads.
"""

from collections.abc import Callable, Iterable, Sequence
from threading import Lock, Thread
from typing import TypeVar

from attrs import define, field

from econtador.integration.journal import Journal, Move

__all__ = ["GroupCommit", "in_parallel"]

T = TypeVar("T")
R = TypeVar("R")


@define
class _Share:
    """What one thread wants written, and what came of it."""

    moves: Sequence[Move]
    done: Sequence[bool] | None = None
    error: BaseException | None = None


@define
class GroupCommit:
    """A journal's ``write`` for many threads: whoever comes first writes for all that wait, in one transaction.

    A durable transaction costs the same for one entry and for thirty. Each ``write`` returns once its own moves
    are durable.
    """

    journal: Journal
    _waiting: list[_Share] = field(factory=list[_Share], init=False)
    _adding: Lock = field(factory=Lock, init=False)
    _turn: Lock = field(factory=Lock, init=False)

    def write(self, moves: Sequence[Move]) -> Sequence[bool]:
        """As :meth:`.Journal.write`."""
        share = _Share(moves)
        with self._adding:
            self._waiting.append(share)
        with self._turn:
            # Whoever had the turn before may have written this already.
            if share.done is None and share.error is None:
                self._write_all()
        if share.error is not None:
            raise share.error
        return share.done or ()

    def _write_all(self) -> None:
        with self._adding:
            shares, self._waiting = self._waiting, []
        try:
            done = list(self.journal.write([move for share in shares for move in share.moves]))
        except BaseException as error:
            for share in shares:
                share.error = error
            return
        for share in shares:
            share.done, done = done[: len(share.moves)], done[len(share.moves) :]


def in_parallel(
    items: Iterable[T], work: Callable[[T], R], tell: Callable[[int, R], None], workers: int
) -> None:
    """*work* on each of *items*, *workers* at once; *tell* its place and its result, one at a time.

    The first exception, of either, ends it: no further item is begun, those in hand are finished and told, and then it
    is raised. So does an interruption of the waiting thread.
    """
    numbered = iter(list(enumerate(items)))
    if workers == 1:
        for place, item in numbered:
            tell(place, work(item))
        return
    taking, telling = Lock(), Lock()
    failures: list[BaseException] = []

    def hand() -> None:
        while not failures:
            with taking:
                taken = next(numbered, None)
            if taken is None:
                return
            try:
                result = work(taken[1])
                with telling:
                    tell(taken[0], result)
            except BaseException as error:  # raised below, by the thread that waits
                failures.append(error)

    threads = [Thread(target=hand, name=f"econtador-{number}", daemon=True) for number in range(workers)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    except BaseException as interruption:
        failures.append(interruption)
        for thread in threads:
            if thread.ident is not None:
                thread.join()
        raise
    if failures:
        raise failures[0]
