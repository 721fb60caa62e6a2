"""Reading a CSV of companies, row by row: read, validated and fitted, in memory that does not grow."""

import csv
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks.chart import Axis, Chart, Line
from benchmarks.measuring import (
    Figure,
    Reach,
    Row,
    Table,
    interleaved,
    left_out,
    peak,
    present,
    report,
    reported,
    timed,
)
from benchmarks.office import HEADERS, SIX, rows, write_csv

SIZES = (10_000, 100_000, 1_000_000)


# --------------------------------------------------------------------------- who reads, each in its own process
# Each imports what it needs and gives back the work: memory is counted from there.


def dict_reader(path: Path) -> Callable[[], None]:
    def work() -> None:
        with path.open(encoding="utf-8", newline="") as file:
            for _ in csv.DictReader(file, delimiter=";"):
                pass

    return work


def dict_reader_and_slices(path: Path) -> Callable[[], None]:
    sizes = [(HEADERS[name], size) for name, size in SIX.items()]

    def work() -> None:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                for name, size in sizes:
                    row[name] = row[name][:size]

    return work


def econtador(path: Path) -> Callable[[], None]:
    import econtador as ec

    adapter, read = ec.FieldAdapter(), ec.iter_empresas

    def work() -> None:
        for empresa in read(path):
            adapter.fit(empresa)

    return work


def polars(path: Path) -> Callable[[], None]:
    import polars as pl

    def work() -> None:
        pl.read_csv(path, separator=";", infer_schema=False)

    return work


def pandas(path: Path) -> Callable[[], None]:
    import pandas as pd

    def work() -> None:
        frame = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False)
        for name, size in SIX.items():
            frame[HEADERS[name]] = frame[HEADERS[name]].str[:size]

    return work


READERS: Mapping[str, Callable[[Path], Callable[[], None]]] = {
    "csv.DictReader": dict_reader,
    "csv.DictReader and slices": dict_reader_and_slices,
    "econtador": econtador,
    "polars": polars,
    "pandas": pandas,
}
DOES: Mapping[str, str] = {
    "csv.DictReader": "csv.DictReader alone",
    "csv.DictReader and slices": "csv.DictReader and six slices",
    "econtador": "econtador: read, validate and fit",
    "polars": "polars: read_csv alone",
    "pandas": "pandas: read_csv and six slices",
}


NOTES = (
    (
        "Processor time of a process for each, imports left out. Memory is the peak above what the process had once "
        "all was imported. A row has 15 columns; 7 % of the six limited fields are too long."
    ),
)


def child(reader: str, path: str) -> None:
    """Memory is what the work took above what was there once all was imported."""
    work = READERS[reader](Path(path))
    imported = peak()
    took = timed(work)
    report(Figure(took.seconds, took.processor, took.megabytes - imported))


# --------------------------------------------------------------------------- the table


def among(readers: tuple[str, ...], size: int, repeats: int, folder: Path) -> dict[str, Figure]:
    """Of one row."""
    path = folder / f"{size}.csv"
    write_csv(path, rows(size))
    ways = {name: partial(reported, "reading", name, str(path)) for name in readers}
    figures = interleaved(ways, repeats)
    path.unlink()
    return {name: figure.each(size) for name, figure in figures.items()}


def growth(name: str, title: str, unit: str, found: Mapping[str, Mapping[int, float]]) -> Chart:
    lines = tuple(Line(reader, tuple(sizes.items())) for reader, sizes in found.items())
    return Chart(name, title, Axis("rows", "log"), Axis(unit, "log" if unit == "MB" else "linear"), lines)


def told(reader: str, times: Mapping[int, float], memory: Mapping[int, float], floor: float) -> Iterator[Row]:
    few, most = min(times), max(times)
    yield Row(f"{DOES[reader]}, a row", times[most], "µs", times[most] / floor)
    yield from (Row(f"{reader}: memory, {size:,} rows", memory[size], "MB") for size in (few, most))


def measure(quick: bool) -> Table:
    sizes = (1_000, 2_000) if quick else SIZES
    absent = {"polars", "pandas"} - set(present("polars", "pandas"))
    readers = tuple(name for name in READERS if name not in absent)
    with tempfile.TemporaryDirectory() as folder:
        found = {size: among(readers, size, 1 if quick else 3, Path(folder)) for size in sizes}
    most = sizes[-1]
    times = {name: {size: found[size][name].processor * 1e6 for size in sizes} for name in readers}
    # No less than a tenth: a page more or less is nobody's doing, and a logarithm needs something.
    memory = {name: {size: max(found[size][name].megabytes, 0.1) for size in sizes} for name in readers}
    floor, ours = times["csv.DictReader"][most], times["econtador"][most]
    return Table(
        "reading",
        f"Reading: {most:,} rows of CSV",
        "csv.DictReader",
        tuple(row for name in readers for row in told(name, times[name], memory[name], floor)),
        (
            Reach("econtador, a row", ours / floor, 1.8),
            Reach(f"econtador, memory for {most:,} rows", memory["econtador"][most], 3.0, "MB"),
        ),
        (
            growth("reading", "Reading, validating and fitting a CSV", "µs of processor a row", times),
            growth("reading_memory", "Memory above the imported libraries", "MB", memory),
        ),
        (*NOTES, *left_out(*absent)),
        ("polars", "pandas"),
    )


if __name__ == "__main__":
    child(*sys.argv[1:])
