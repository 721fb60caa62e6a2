"""Work shared out to threads, and their writes to a journal brought together: what any of it comes to."""

import threading
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journal_places import all_of, claim, note

import econtador as ec
from econtador.errors import JournalNotWritten
from econtador.integration.journal import Move
from econtador.integration.workers import GroupCommit, in_parallel

HANDS = st.integers(1, 6)


def nothing(place: int, result: object) -> None:
    """For whoever wants to be told nothing."""


# --------------------------------------------------------------------------- shared out


@given(items=st.lists(st.integers(), max_size=30), workers=HANDS)
def test_each_item_is_worked_on_once_and_told_with_its_place(items: list[int], workers: int) -> None:
    told: list[tuple[int, tuple[int, str]]] = []
    in_parallel(
        iter(items), lambda item: (item, "done"), lambda place, result: told.append((place, result)), workers
    )
    assert sorted(told) == [(place, (item, "done")) for place, item in enumerate(items)]


@given(items=st.lists(st.integers(), max_size=10), last=st.integers(0, 10))
def test_one_worker_is_the_caller_and_tells_each_before_it_begins_the_next(
    items: list[int], last: int
) -> None:
    seen: list[tuple[str, int]] = []

    def work(item: int) -> int:
        assert threading.current_thread() is caller
        seen.append(("begun", len(seen) // 2))
        if len(seen) // 2 == last:
            raise LookupError
        return item

    caller = threading.current_thread()
    steps = [(step, place) for place in range(min(last, len(items))) for step in ("begun", "told")]
    try:
        in_parallel(items, work, lambda place, result: seen.append(("told", place)), 1)
    except LookupError:
        assert last < len(items)
        steps.append(("begun", last))
    assert seen == steps


@pytest.mark.parametrize("workers", [2, 5])
def test_all_hands_work_at_once_and_none_is_the_caller(workers: int) -> None:
    """Each waits until all have an item: fewer would wait for ever, and more would be of another name."""
    gate, hands = threading.Barrier(workers), set[tuple[str, bool]]()

    def work(item: int) -> None:
        gate.wait(timeout=10)
        hand = threading.current_thread()
        hands.add((hand.name, hand.daemon))

    in_parallel(range(3 * workers), work, nothing, workers)
    assert hands == {(f"econtador-{number}", True) for number in range(workers)}


@pytest.mark.parametrize("items", [0, 1, 3])
def test_hands_end_whether_or_not_there_was_an_item_for_each(items: int) -> None:
    """The one who called is not left waiting, and nobody is left over."""
    told: list[int] = []
    caller = threading.Thread(
        target=in_parallel,
        args=(range(items), lambda item: item, lambda place, result: told.append(result), 2),
        daemon=True,
    )
    caller.start()
    caller.join(timeout=10)
    assert not caller.is_alive()
    assert sorted(told) == list(range(items))
    for hand in threading.enumerate():
        if hand.name.startswith("econtador-"):  # on its way out
            hand.join(timeout=10)
            assert not hand.is_alive()


@given(workers=HANDS, broken=st.integers(0, 20), by=st.sampled_from(["work", "tell"]))
def test_the_first_exception_is_raised_and_all_that_was_begun_was_finished(
    workers: int, broken: int, by: str
) -> None:
    begun: list[int] = []
    told: list[int] = []
    error = SystemExit("the first")

    def work(item: int) -> int:
        begun.append(item)
        if by == "work" and item == broken:
            raise error
        return item

    def tell(place: int, result: int) -> None:
        if by == "tell" and place == broken:
            raise error
        told.append(result)

    with pytest.raises(SystemExit) as raised:
        in_parallel(range(50), work, tell, workers)
    assert raised.value is error
    assert sorted([*told, broken]) == sorted(begun)
    assert workers > 1 or len(begun) == broken + 1


def test_a_hand_that_cannot_be_had_ends_it_and_the_others_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that gives no third thread: what the two have in hand is finished, and nobody waits for the third."""
    begun, told, both = list[int](), list[int](), threading.Barrier(3)
    start = threading.Thread.start

    def start_two(thread: threading.Thread) -> None:
        if thread.name == "econtador-2":
            both.wait(timeout=10)
            raise RuntimeError("can't start new thread")
        start(thread)

    def work(item: int) -> int:
        begun.append(item)
        both.wait(timeout=10)
        time.sleep(0.05)
        return item

    monkeypatch.setattr(threading.Thread, "start", start_two)
    with pytest.raises(RuntimeError, match="new thread"):
        in_parallel(range(100), work, lambda place, result: told.append(result), 4)
    assert sorted(begun) == sorted(told) == [0, 1]


# --------------------------------------------------------------------------- brought together


class Durable(ec.SqliteJournal):
    """Knows what is durable in it; may have no room for a while."""

    def __init__(self) -> None:
        super().__init__(":memory:")
        self.durable: list[Move] = []
        self.full = False

    def write(self, moves: Sequence[Move]) -> tuple[bool, ...]:
        time.sleep(0.002)  # as on a disk: others come meanwhile
        if self.full:
            raise JournalNotWritten(self.path, "full")
        done = super().write(moves)
        self.durable.extend(move for move, made in zip(moves, done, strict=True) if made)
        return done


@given(
    shares=st.lists(st.lists(st.sampled_from(["00001", "00002", "note"]), max_size=4), max_size=12),
    workers=HANDS,
)
@settings(max_examples=25)
def test_each_hand_is_told_what_came_of_its_own_moves_once_they_are_durable(
    shares: list[list[str]], workers: int
) -> None:
    journal = Durable()
    commit = GroupCommit(journal)
    told: list[tuple[str, bool]] = []

    def write(share: list[str]) -> list[tuple[str, bool]]:
        moves = [note("00009") if one == "note" else claim(one) for one in share]
        done = commit.write(moves)
        kept = {id(move) for move in list(journal.durable)}
        assert list(done) == [id(move) in kept for move in moves]
        return list(zip(share, done, strict=True))

    in_parallel(shares, write, lambda place, result: told.extend(result), workers)
    asked = [one for share in shares for one in share]
    assert sorted(one for one, made in told if made) == sorted(
        [*({*asked} - {"note"}), *(one for one in asked if one == "note")]
    )
    assert len(told) == len(asked)
    assert len(all_of(journal)) == sum(made for _, made in told)
    assert journal.audit().ok


class Held(Durable):
    """Writes when it is let, and counts what it is asked at once."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.let = threading.Event(), threading.Event()
        self.sizes: list[int] = []

    def write(self, moves: Sequence[Move]) -> tuple[bool, ...]:
        self.sizes.append(len(moves))
        self.asked.set()
        assert self.let.wait(timeout=10)
        return super().write(moves)


def test_what_comes_while_another_writes_is_written_together() -> None:
    journal, told = Held(), list[Sequence[bool]]()
    commit = GroupCommit(journal)

    def work(n: int) -> Sequence[bool]:
        assert n == 0 or journal.asked.wait(timeout=10)
        if n == 8:
            time.sleep(0.1)  # the others wait by then
            journal.let.set()
            return [True]
        return commit.write([claim(f"{n:05}")])

    in_parallel(range(9), work, lambda place, done: told.append(done), 9)
    assert [list(done) for done in told] == [[True]] * 9
    assert sum(journal.sizes) == 8
    assert len(journal.sizes) < 8  # 2, unless the machine is very busy


def test_what_could_not_be_written_is_told_to_every_hand_and_the_next_write_is_tried() -> None:
    journal = Durable()
    commit = GroupCommit(journal)

    def write(codigo: str) -> str | bool:
        try:
            (done,) = commit.write([claim(codigo)])
        except JournalNotWritten as error:
            return error.reason
        return done

    def told() -> list[str | bool]:
        answers: list[str | bool] = []
        in_parallel(
            [f"{n:05}" for n in range(12)], write, lambda place, answer: answers.append(answer), workers=4
        )
        return answers

    journal.full = True
    assert told() == ["full"] * 12
    journal.full = False
    assert told() == [True] * 12
    assert told() == [False] * 12
    assert len(all_of(journal)) == 12
