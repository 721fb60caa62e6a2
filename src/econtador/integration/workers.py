"""Many hands in one process: work shared out to threads, and their journal writes brought together again.

The one module of the integration that knows threads.
"""

from collections.abc import Callable, Iterable, Sequence
from threading import Lock, Thread
from typing import TypeVar

from econtador.integration.committing import Batch
from econtador.integration.journal import Journal, Move

__all__ = ["GroupCommit", "in_parallel"]

T = TypeVar("T")
R = TypeVar("R")


class GroupCommit:
    """A journal's ``write`` for many threads: whoever comes first writes for all that wait.

    Each ``write`` returns once its own moves are durable.
    """

    def __init__(self, journal: Journal) -> None:
        self._batch = Batch(journal)
        self._adding = Lock()
        self._turn = Lock()

    def write(self, moves: Sequence[Move]) -> Sequence[bool]:
        """As :meth:`.Journal.write`."""
        with self._adding:
            share = self._batch.add(moves)
        with self._turn:
            if share.waits:  # or whoever had the turn before has written it
                with self._adding:
                    shares = self._batch.take()
                self._batch.write(shares)
        return share.told()


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
