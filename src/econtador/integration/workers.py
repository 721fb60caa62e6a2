"""Many hands in one process: work shared out to threads, and their journal writes brought together again.

The one module of the integration that knows threads.
"""

from collections.abc import Callable, Iterable, Sequence
from threading import Event, Lock, Thread
from typing import Final, TypeVar

from econtador.integration.committing import Batch
from econtador.integration.journal import Journal, Move

__all__ = ["GroupCommit", "in_parallel"]

T = TypeVar("T")
R = TypeVar("R")

_PATIENCE_SECONDS: Final = 0.2
"""Waiting without a limit hears no Ctrl-C on Windows, nor one that another thread was given."""


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

    def hand(end: Event) -> None:
        try:
            while not failures:
                with taking:
                    taken = next(numbered, None)
                if taken is None:
                    return
                result = work(taken[1])
                with telling:
                    tell(taken[0], result)
        except BaseException as error:  # raised below, by the thread that waits
            failures.append(error)
        finally:
            end.set()

    ends = [Event() for _ in range(workers)]
    threads = [
        Thread(target=hand, args=(end,), name=f"econtador-{number}", daemon=True)
        for number, end in enumerate(ends)
    ]
    try:
        for thread in threads:
            thread.start()
        _wait_for(ends)
    except BaseException as interruption:
        failures.append(interruption)
        _wait_for(end for end, thread in zip(ends, threads, strict=True) if thread.ident is not None)
        raise
    if failures:
        raise failures[0]


def _wait_for(ends: Iterable[Event]) -> None:
    # Not Thread.join: interrupted, it takes a thread that works on for one that has ended (CPython before 3.13).
    for end in ends:
        while not end.wait(_PATIENCE_SECONDS):
            pass
