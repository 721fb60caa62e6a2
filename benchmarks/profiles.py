"""Where the time of six paths goes, by the module whose code runs.

Each path runs in this process while a timer of the system interrupts it at every few milliseconds of processor time
and notes whose code is running: a sample. What is written in C counts for the module that called it: the disk for the
journal, ``json``'s reading for the wire. So nothing is slowed down, unlike under a profiler that counts calls.
"""

import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType

from attrs import frozen

import econtador as ec
from benchmarks.create import by_econtador
from benchmarks.integrate import applying
from benchmarks.journaling import item, with_the_library
from benchmarks.listing import LIMIT, pages, to_models
from benchmarks.measuring import Row, Table
from benchmarks.office import rows, write_csv
from benchmarks.reading import econtador as reading
from benchmarks.server import portal
from econtador.sandbox import Sandbox

EVERY_SECONDS = 0.001
SHOWN = 8
GENERATED: Mapping[str, str] = {"<attrs generated": "attrs, of its making", "<cattrs generated": "cattrs"}
"""Code without a module of its own, by how its file name begins."""


@frozen
class Profile:
    """How often each module was met, over so many records in so many seconds."""

    name: str
    count: int
    seconds: float
    met: Counter[str]


def module_of(frame: FrameType) -> str:
    file = frame.f_code.co_filename
    for beginning, name in GENERATED.items():
        if file.startswith(beginning):
            return name
    name = str(frame.f_globals.get("__name__", file))
    # Of this library the room, of another the library.
    return name if name.startswith("econtador.") else name.partition(".")[0]


@contextmanager
def sampled() -> Generator[Counter[str], None, None]:
    met: Counter[str] = Counter()

    def note(_: int, frame: FrameType | None) -> None:
        if frame is not None:
            met[module_of(frame)] += 1

    before = signal.signal(signal.SIGPROF, note)
    signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)
    try:
        yield met
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def profiled(name: str, count: int, work: Callable[[], object]) -> Profile:
    began = time.process_time()
    with sampled() as met:
        work()
    return Profile(name, count, time.process_time() - began, met)


# --------------------------------------------------------------------------- the paths


def create(count: int) -> Profile:
    with portal() as url:
        send = by_econtador(url)
        send(0)
        return profiled("Creating a company", count, lambda: [send(number) for number in range(1, count)])


def integrate(count: int) -> Profile:
    with tempfile.TemporaryDirectory() as folder, portal() as url:
        work = applying(str(Path(folder, "journal")), url, count, 1)
        return profiled("Integrating a company, one worker, the journal durable", count, work)


def listing(count: int) -> Profile:
    bodies = pages(count)
    to_models(pages(LIMIT))
    return profiled("Decoding a company of a listing", count, lambda: to_models(bodies))


def read(count: int) -> Profile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "empresas.csv")
        write_csv(path, rows(count))
        return profiled("Reading, validating and fitting a row", count, reading(path))


def plan(count: int) -> Profile:
    records = [ec.EmpresaGap(**row, data_desligamento=None) for row in rows(count)]
    policy = ec.Policy(proemp="PROEMP00")
    with (
        Sandbox() as sandbox,
        ec.Integrator(sandbox.client(), policy=policy, journal=":memory:", operador="ADMIN") as integrator,
    ):
        return profiled(
            "Planning a company", count, partial(integrator.plan_empresas, records, selected=ec.TODAS)
        )


def journal(count: int) -> Profile:
    items = [item(row, number) for number, row in enumerate(rows(count))]
    with tempfile.TemporaryDirectory() as folder:
        work = partial(with_the_library, items, 32, Path(folder, "journal"))
        return profiled("Writing an item of the journal, 32 in flight", count, work)


PATHS: Mapping[str, tuple[Callable[[int], Profile], int]] = {
    "create": (create, 20_000),
    "integrate": (integrate, 10_000),
    "listing": (listing, 100_000),
    "read": (read, 300_000),
    "plan": (plan, 100_000),
    "journal": (journal, 30_000),
}


# --------------------------------------------------------------------------- the table


def told(profile: Profile) -> Iterator[Row]:
    each, samples = profile.seconds / profile.count * 1e6, max(profile.met.total(), 1)
    shown = profile.met.most_common(SHOWN)
    rest = samples - sum(times for _, times in shown)
    yield Row(f"**{profile.name}**", each, "µs", 1)
    for module, times in (*((f"`{module}`", times) for module, times in shown), ("all others", rest)):
        yield Row(module, each * times / samples, "µs", times / samples)


def measure(quick: bool) -> Table:
    found = [path(400 if quick else count) for path, count in PATHS.values()]
    return Table(
        "profiles",
        "Where the time goes",
        "the whole",
        tuple(row for profile in found for row in told(profile)),
        notes=(NOTE,),
    )


NOTE = (
    "Samples of processor time, by the module whose Python code runs; what it calls in C is counted for it, its share of "
    "the disk too."
)
