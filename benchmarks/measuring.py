"""Figures, how they are taken, and the table they go in.

A benchmark is a module with ``def measure(quick: bool) -> Table``. It gives its contenders to :func:`interleaved`,
which runs them in turns, so that what else the machine does falls on all alike, and takes medians. What must not
see another's memory or imports is a process of its own: :func:`command` measures one from without, start and end
included; :func:`reported` has a module of this package measure within and :func:`report`.
"""

import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from attrs import asdict, frozen

from benchmarks.chart import Chart

ROOT = Path(__file__).resolve().parent.parent


@frozen
class Figure:
    """One measurement: *seconds* on the wall, seconds of *processor* (user and system, all threads), peak memory."""

    seconds: float
    processor: float
    megabytes: float = 0.0

    def each(self, count: int) -> "Figure":
        """The time of one of *count*; the peak is that of all."""
        return Figure(self.seconds / count, self.processor / count, self.megabytes)


def timed(work: Callable[[], object]) -> Figure:
    """*work* once, in this process."""
    gc.collect()
    seconds, processor = time.perf_counter(), time.process_time()
    work()
    return Figure(time.perf_counter() - seconds, time.process_time() - processor, peak())


def peak() -> float:
    """The most memory this process has had, in megabytes.

    Linux's own count for resources begins with what the parent had; the status of the process does not.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text(encoding="ascii").splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def command(words: Sequence[str]) -> Figure:
    """A process from its start to its end, without its memory; raises if it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words)
    return Figure(seconds, used.ru_utime + used.ru_stime)


def reported(module: str, *arguments: str) -> Figure:
    """What ``python -m benchmarks.MODULE ARGUMENTS`` reports of itself, in a process of its own."""
    words = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    return Figure(**json.loads(done.stdout.splitlines()[-1]))


def report(figure: Figure) -> None:
    """To :func:`reported`."""
    print(json.dumps(asdict(figure)))


def interleaved(contenders: Mapping[str, Callable[[], Figure]], repeats: int) -> dict[str, Figure]:
    """Each contender once a round, each round begun by another; the medians of the rounds."""
    taken: dict[str, list[Figure]] = {name: [] for name in contenders}
    names = list(contenders)
    for turn in range(repeats):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            taken[name].append(contenders[name]())
    return {name: middle(figures) for name, figures in taken.items()}


def middle(figures: Sequence[Figure]) -> Figure:
    """The median of each measure by itself."""
    return Figure(
        median(figure.seconds for figure in figures),
        median(figure.processor for figure in figures),
        median(figure.megabytes for figure in figures),
    )


def present(*peers: str) -> tuple[str, ...]:
    """Which of these modules are installed."""
    return tuple(peer for peer in peers if find_spec(peer))


def left_out(*peers: str) -> tuple[str, ...]:
    """A note for each peer that is not installed."""
    return tuple(f"{peer} is not installed and is left out." for peer in peers if not find_spec(peer))


# --------------------------------------------------------------------------- the table


@frozen
class Row:
    """A figure, and how many times the floor it is."""

    name: str
    value: float
    unit: str
    ratio: float | None = None


@frozen
class Reach:
    """What a figure is to be at most, as a ratio or in a unit, and what it was."""

    what: str
    got: float
    at_most: float
    unit: str = "×"

    @property
    def reached(self) -> bool:
        return self.got <= self.at_most


@frozen
class Table:
    """What a benchmark found. *floor* says what the ratios are to; the *charts* are written beside the table."""

    name: str
    title: str
    floor: str
    rows: tuple[Row, ...]
    reaches: tuple[Reach, ...] = ()
    charts: tuple[Chart, ...] = ()
    notes: tuple[str, ...] = ()
    peers: tuple[str, ...] = ()
    """Distributions whose versions are told."""


def number(value: float) -> str:
    """Three digits that say something, and no more."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.3g}"


def versions(names: Sequence[str]) -> str:
    """``httpx 0.28.1, requests 2.34.2``, of those that are installed."""
    found = []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def markdown(table: Table, machine: str) -> str:
    """The table, for people and for the documentation."""
    lines = [f"# {table.title}", "", machine + ".", ""]
    if told := versions(table.peers):
        lines += [f"Peers: {told}.", ""]
    lines += [f"| | figure | × {table.floor} |", "|---|---:|---:|"]
    for row in table.rows:
        ratio = "" if row.ratio is None else number(row.ratio)
        lines.append(f"| {row.name} | {number(row.value)} {row.unit} | {ratio} |")
    if table.reaches:
        lines += ["", "| reach | at most | got | reached |", "|---|---:|---:|---|"]
    for reach in table.reaches:
        most, got = number(reach.at_most), number(reach.got)
        lines.append(
            f"| {reach.what} | {most} {reach.unit} | {got} {reach.unit} | {'yes' if reach.reached else '**no**'} |"
        )
    for chart in table.charts:
        lines += ["", f"![{chart.title}]({chart.name}.svg)"]
    for note in table.notes:
        lines += ["", note]
    return "\n".join(lines) + "\n"
