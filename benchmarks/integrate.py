"""Integrating companies: a plan applied by one to many workers, the journal durable, at a portal that takes its time.

The floor is bare sockets at the same concurrency, which know nothing but bytes. The script that people write is
``requests`` in a loop, without a journal. Each contender is a process of its own; what is measured begins with the
plan made and ends with the last company told.
"""

import atexit
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import Thread

import econtador as ec
from benchmarks.chart import Axis, Chart, Line
from benchmarks.create import Create, attributes, by_post, by_requests, by_socket
from benchmarks.measuring import (
    Figure,
    Reach,
    Row,
    Table,
    interleaved,
    left_out,
    present,
    report,
    reported,
    timed,
)
from benchmarks.server import portal

COUNTS: Mapping[int, int] = {1: 200, 8: 2_000, 32: 10_000, 128: 10_000}
"""Companies for each number of workers, at 50 ms: fewer where few work, or a round takes ten minutes."""

ZERO: tuple[int, ...] = (1, 8, 32, 128)
"""Workers where the portal answers at once, with as many companies as the most have at 50 ms."""
LATENCIES = (0, 5, 20, 50, 100, 200)
SIZES = (300, 1_000, 3_000, 10_000, 30_000)

Work = Callable[[], object]

# --------------------------------------------------------------------------- the contenders


def company(number: int) -> ec.EmpresaGap:
    given = attributes(number)
    return ec.EmpresaGap(
        given["externoid"],
        "PROEMP00",
        given["nome"],
        given["cpfCnpjAlfanumerico"],
        inscricao_estadual=given["inscricaoEstadual"],
        endereco=given["endereco"],
        bairro=given["bairro"],
        atividade=given["atividade"],
    )


def applying(journal: str, url: str, count: int, workers: int) -> Work:
    client = ec.Client("t", base_url=url, writes=ec.CONVENTION)
    integrator = ec.Integrator(client, policy=ec.Policy(proemp="PROEMP00"), journal=journal, operador="ADMIN")
    plan = integrator.plan_empresas(map(company, range(1, count + 1)), selected=ec.TODAS)

    def apply() -> None:
        assert integrator.apply(plan, workers=workers).sent == count

    return apply


def with_a_file(url: str, count: int, workers: int) -> Work:
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return applying(str(folder / "journal.db"), url, count, workers)


def posting(by: Callable[[str], Create], url: str, count: int, workers: int) -> Work:
    """As many threads, each with a connection of its own, and no journal."""
    numbers = iter(range(1, count + 1))

    def hand() -> None:
        create = by(url)
        for number in numbers:  # one for all: each takes the next
            create(number)

    def run() -> None:
        threads = [Thread(target=hand) for _ in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return run


CONTENDERS: Mapping[str, Callable[[str, int, int], Work]] = {
    "bare sockets": partial(posting, by_socket),
    "econtador": with_a_file,
    "econtador, journal in memory": partial(applying, ":memory:"),
    "requests.post": partial(posting, by_requests),
    "requests.Session": partial(posting, partial(by_post, "requests", "Session")),
}


def one(name: str, url: str, count: int, workers: int) -> None:
    """Reports the figure of one company."""
    report(timed(CONTENDERS[name](url, count, workers)).each(count))


# --------------------------------------------------------------------------- what is measured

Found = Mapping[str, Figure]


def found_with(names: Iterable[str], milliseconds: float, count: int, workers: int, repeats: int) -> Found:
    here = [name for name in names if not name.startswith("requests") or present("requests")]
    with portal(milliseconds) as url:
        arguments = (url, str(count), str(workers))
        return interleaved({name: partial(reported, "integrate", name, *arguments) for name in here}, repeats)


def at_once(hands: Sequence[int], count: int, repeats: int) -> tuple[Mapping[int, Figure], Found]:
    """Workers of the library, and the loop that has one, where the portal answers at once."""
    script = partial(reported, "integrate", "requests.Session")
    ours = partial(reported, "integrate", "econtador")
    with portal() as url:
        runs = {str(workers): partial(ours, url, str(count), str(workers)) for workers in hands}
        loop = {"requests.Session": partial(script, url, str(count), "1")} if present("requests") else {}
        found = interleaved({**runs, **loop}, repeats)
    return {workers: found[str(workers)] for workers in hands}, {name: found[name] for name in loop}


def measure(quick: bool) -> Table:
    counts, at_zero = ({2: 4}, (2,)) if quick else (COUNTS, ZERO)
    latencies, sizes = ((5,), (50,)) if quick else (LATENCIES, SIZES)
    most, repeats = (50, 1) if quick else (10_000, 3)
    names = [name for name in CONTENDERS if name != "requests.Session"]
    waiting = {workers: found_with(names, 50, count, workers, repeats) for workers, count in counts.items()}
    zero, loop = at_once(at_zero, most, repeats)
    many = 32 if quick else 1280
    over_latency = {ms: found_with(names, ms, many, 32, 1) for ms in latencies}
    over_sizes = {size: found_with(("econtador",), 0, size, 8, 1) for size in sizes}
    return Table(
        name="integrate",
        title=f"Integrating up to {most:,} companies",
        floor="bare sockets at the same concurrency, or the loop",
        rows=(*waiting_rows(waiting), *zero_rows(zero, loop)),
        reaches=(*waiting_reaches(waiting), *zero_reaches(zero, loop)),
        charts=(
            rates("integrate", "Companies a second, at 50 ms", "workers", waiting),
            processor(waiting),
            rates("integrate-latency", "Companies a second, with 32 workers", "ms of latency", over_latency),
            growth(over_sizes),
        ),
        notes=(NOTE.format(repeats=repeats), *left_out("requests")),
        peers=("httpx", "requests"),
    )


NOTE = (
    "Medians of {repeats} rounds. The journal is durable: SQLite, WAL, `synchronous=FULL`, and each intent is on the "
    "disk before its bytes leave. `requests` has no journal; with several workers it has a thread for each."
)

# --------------------------------------------------------------------------- the table


def waiting_rows(waiting: Mapping[int, Found]) -> Iterable[Row]:
    for workers, found in waiting.items():
        floor = found["bare sockets"]
        for name, figure in found.items():
            who = f"50 ms, {workers} workers: {name}"
            yield Row(f"{who}, wall", figure.seconds * 1e6, "µs", figure.seconds / floor.seconds)
            yield Row(f"{who}, processor", figure.processor * 1e6, "µs", figure.processor / floor.processor)


def zero_rows(zero: Mapping[int, Figure], loop: Found) -> Iterable[Row]:
    for name, figure in loop.items():
        yield Row(f"0 ms, {name} in a loop, wall", figure.seconds * 1e6, "µs")
        yield Row(f"0 ms, {name} in a loop, processor", figure.processor * 1e6, "µs")
    (floor,) = loop.values() or (None,)
    for workers, figure in zero.items():
        wall, work = (
            (figure.seconds / floor.seconds, figure.processor / floor.processor) if floor else (None, None)
        )
        yield Row(f"0 ms, {workers} workers: econtador, wall", figure.seconds * 1e6, "µs", wall)
        yield Row(f"0 ms, {workers} workers: econtador, processor", figure.processor * 1e6, "µs", work)


def waiting_reaches(waiting: Mapping[int, Found]) -> Iterable[Reach]:
    for workers, found in waiting.items():
        ours, floor = found["econtador"], found["bare sockets"]
        most = 1.15 if workers > 32 else 1.06
        yield Reach(f"50 ms, {workers} workers, wall, of bare sockets", ours.seconds / floor.seconds, most)
        without = found["econtador, journal in memory"]
        what = f"50 ms, {workers} workers, wall, of a journal in memory"
        yield Reach(what, ours.seconds / without.seconds, 1.03)
    if {8, 128} <= waiting.keys():
        grown = waiting[128]["econtador"].processor / waiting[8]["econtador"].processor
        yield Reach("50 ms, processor of 128 workers, of that of 8", grown, 1.3)


def zero_reaches(zero: Mapping[int, Figure], loop: Found) -> Iterable[Reach]:
    for name, floor in loop.items():
        for workers, figure in zero.items():
            what = f"0 ms, {workers} workers, wall, of {name} in a loop"
            yield Reach(what, figure.seconds / floor.seconds, 0.5)


# --------------------------------------------------------------------------- the pictures


def lines(found: Mapping[int, Found], value: Callable[[Figure], float]) -> tuple[Line, ...]:
    names = next(iter(found.values()))
    return tuple(Line(name, tuple((at, value(each[name])) for at, each in found.items())) for name in names)


def rates(name: str, title: str, across: str, found: Mapping[int, Found]) -> Chart:
    x = Axis(across, "linear" if 0 in found else "log")
    told = lines(found, lambda figure: 1 / figure.seconds)
    return Chart(name, title, x, Axis("companies a second", "log"), told)


def processor(found: Mapping[int, Found]) -> Chart:
    title, y = "Processor time a company, at 50 ms", Axis("µs of processor a company")
    told = lines(found, lambda figure: figure.processor * 1e6)
    return Chart("integrate-processor", title, Axis("workers", "log"), y, told)


def growth(found: Mapping[int, Found]) -> Chart:
    title, y = "Processor time a company, 8 workers, at once", Axis("µs of processor a company")
    told = lines(found, lambda figure: figure.processor * 1e6)
    return Chart("integrate-records", title, Axis("companies in the plan", "log"), y, told)


if __name__ == "__main__":
    one(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
