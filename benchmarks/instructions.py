"""How many processor instructions five hot paths take, with a bound for each: what got slower shows, on any machine.

    apt-get install valgrind
    python -m benchmarks.instructions              # all five, a few minutes; fails if one is over its bound
    python -m benchmarks.instructions read fit     # these two

Each path runs under callgrind as a process of its own, few times and many times: the difference is what one time
takes, without the start of Python. Clocks, load and frequency have no part in it, so that one run tells.

How CPython was built has: the same code takes a third more in one build than in another. So the bounds are in
multiples of a yardstick, six slices into a new object, counted in the same run. They were set with CPython 3.11;
with another version the figures are told, and nothing fails.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import frozen

import econtador as ec
from benchmarks.fitting_speed import PLAIN, clientes, over, sliced
from benchmarks.journaling import item
from benchmarks.listing import Canned, pages, to_models
from benchmarks.measuring import ROOT, number
from benchmarks.office import REALISTIC, rows, write_csv
from econtador.portal import EmpresaNova

VERSION = (3, 11)
YARDSTICK = "slices"
TOGETHER = 32


# --------------------------------------------------------------------------- the paths, each so many times
# What is made first costs the same however many times follow.


def slices(times: int) -> None:
    over(clientes(1, 0.0) * times, sliced)


def fit(times: int) -> None:
    few = clientes(100, REALISTIC)
    over([few[at % 100] for at in range(times)], PLAIN.fit)


def read(times: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "empresas.csv")
        write_csv(path, rows(1_000))
        for _ in range(times // 1_000):
            assert sum(1 for _ in ec.iter_empresas(path)) == 1_000


def journal(times: int) -> None:
    """In memory: what the disk does is not the processor's."""
    items = [item(row, at) for at, row in enumerate(rows(TOGETHER))]
    written = ec.SqliteJournal(":memory:")
    for _ in range(times // TOGETHER):
        written.write([one.intent for one in items])
        written.write([one.outcome for one in items])
    written.close()


def create(times: int) -> None:
    body = b'{"data": {"type": "empresas", "id": "1", "attributes": {"nome": "EMPRESA MODELO LTDA"}}}'
    client = ec.Client("t", transport=Canned((body,) * times), writes=ec.CONVENTION)
    draft = EmpresaNova(codigo="00001", nome="EMPRESA MODELO LTDA", documento=ec.Cnpj("11222333000181"))
    for _ in range(times):
        client.empresas.create(draft)


def listing(times: int) -> None:
    page = pages(200)
    for _ in range(times // 200):
        assert to_models(page) == 200


@frozen
class Count:
    """What is counted: *work* so often, and so often; and the bound of one time, in yardsticks."""

    what: str
    work: Callable[[int], object]
    few: int
    many: int
    at_most: float = 1.0


COUNTS = {
    YARDSTICK: Count("six slices into a new object", slices, 1_000, 11_000),
    "create": Count("one create, without a socket", create, 10, 210, 17.6),
    "listing": Count("one company of a page of 200", listing, 200, 1_200, 10.1),
    "read": Count("one row of CSV into a company", read, 1_000, 3_000, 9.55),
    "fit": Count("one company, 7 % of its fields too long", fit, 1_000, 3_000, 1.71),
    "journal": Count("one item, intent and outcome, 32 together", journal, 32, 352, 27.4),
}
"""Bounds are what was counted and a twentieth."""


# --------------------------------------------------------------------------- counting


def total(name: str, times: int) -> int:
    """Instructions of a whole process that does *name* so often."""
    words = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    words += [sys.executable, "-m", "benchmarks.instructions", "--child", name, str(times)]
    # Hashes alike in each process: sets and dictionaries then collide alike.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        raise SystemExit(done.stderr)
    return int(found[1])


def one(name: str) -> float:
    """Instructions of one time."""
    count = COUNTS[name]
    return (total(name, count.many) - total(name, count.few)) / (count.many - count.few)


def check(names: Sequence[str]) -> bool:
    """Print each; whether all are within their bounds."""
    yardstick, well = one(YARDSTICK), True
    print(f"yardstick: {COUNTS[YARDSTICK].what}, {yardstick:,.0f} instructions\n")
    print("| path | instructions | yardsticks | at most | |")
    print("|---|---:|---:|---:|---|")
    for name in names:
        count, found = COUNTS[name], one(name)
        within = found / yardstick <= count.at_most
        told = "" if within else "**over**"
        cells = (f"{found:,.0f}", number(found / yardstick), number(count.at_most), told)
        print(f"| {name}: {count.what} | {' | '.join(cells)} |", flush=True)
        well = well and within
    return well


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [name for name in COUNTS if name != YARDSTICK]
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    parser.add_argument("--child", nargs=2, metavar=("NAME", "TIMES"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        COUNTS[asked.child[0]].work(int(asked.child[1]))
        return
    if unknown := set(asked.names) - set(names):
        parser.error(f"no path is called {', '.join(sorted(unknown))}: there are {', '.join(names)}")
    if not shutil.which("valgrind"):
        parser.error("valgrind is not installed: apt-get install valgrind")
    well = check(asked.names or names)
    if sys.version_info[:2] != VERSION:
        print(f"\nThe bounds are CPython {'.'.join(map(str, VERSION))}'s: nothing fails with this one.")
    elif not well:
        sys.exit(1)


if __name__ == "__main__":
    main()
