"""Measures this library, its peers and the floor side by side, and writes a table for each benchmark.

    pip install --editable ".[bench]"
    python -m benchmarks.run                   # all of them, most of an hour
    python -m benchmarks.run create listing    # these two
    python -m benchmarks.run --quick           # tiny sizes: whether they run, in seconds, and nothing is written

Tables go to ``benchmarks/results/NAME.md`` with their pictures, and to the terminal. Take them on a machine that
does nothing else.
"""

import argparse
import os
import platform
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks.chart import svg
from benchmarks.measuring import Table, markdown

NAMES = (
    "create",
    "integrate",
    "listing",
    "fitting_speed",
    "reading",
    "planning",
    "journaling",
    "importing",
    "size",
    "profiles",
)
RESULTS = Path(__file__).resolve().parent / "results"


def processor() -> str:
    """Its name, where the system tells it."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    named = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def machine() -> str:
    today = datetime.now(UTC).date()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    load = f"load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    system = f"{platform.system()} {platform.release()}"
    return ", ".join(filter(None, (f"{today}", f"{os.cpu_count()} × {processor()}", system, python, load)))


def write(table: Table, text: str) -> None:
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{table.name}.md").write_text(text, encoding="utf-8")
    for chart in table.charts:
        (RESULTS / f"{chart.name}.svg").write_text(svg(chart), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="tiny sizes; writes nothing")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(NAMES):
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}: there are {', '.join(NAMES)}")
    for name in asked.names or NAMES:
        table: Table = import_module(f"benchmarks.{name}").measure(asked.quick)
        text = markdown(table, machine())
        print(text, flush=True)
        for chart in table.charts:
            svg(chart)
        if not asked.quick:
            write(table, text)


if __name__ == "__main__":
    main()
