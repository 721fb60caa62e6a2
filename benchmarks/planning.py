"""Planning: what deciding a company costs, in time and in memory, and how both grow."""

import gc
import sys
import tracemalloc
from collections.abc import Iterator, Mapping
from functools import partial

import econtador as ec
from benchmarks.chart import Axis, Chart, Line
from benchmarks.measuring import Figure, Reach, Row, Table, interleaved, report, reported, timed
from benchmarks.office import rows
from econtador.sandbox import Sandbox

SIZES = (1_000, 10_000, 100_000, 1_000_000)
"""A PROEMP holds 100,000 códigos: a million are ten of them, one of which is planned and nine are told apart."""


NOTES = (
    (
        "Processor time of a process each. Memory is what the plan holds beside the records (`tracemalloc`). The "
        "portal is an empty sandbox; 7 % of the limited fields are too long. Of a million companies 900,000 are of "
        "nine other PROEMPs, since one holds 100,000 códigos: they are decided (kept out) and told as well."
    ),
)


def child(size: str, what: str) -> None:
    """Plan for all of an office at an empty portal; *what* is ``time`` or ``memory``."""
    records = [ec.EmpresaGap(**row, data_desligamento=None) for row in rows(int(size))]
    policy = ec.Policy(proemp="PROEMP00")
    with (
        Sandbox() as sandbox,
        ec.Integrator(sandbox.client(), policy=policy, journal=":memory:", operador="ADMIN") as integrator,
    ):
        integrator.plan_empresas(records[:1], selected=ec.TODAS)
        plan = partial(integrator.plan_empresas, records, selected=ec.TODAS)
        report(timed(plan) if what == "time" else Figure(0, 0, held(plan)))


def held(plan: "partial[ec.Plan]") -> float:
    """Megabytes that the plan keeps beside the records it was made of."""
    gc.collect()
    tracemalloc.start()
    made = plan()
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made.actions
    return kept / 1e6


def time_of(size: int, repeats: int) -> float:
    """Microseconds of processor a company."""
    plan = partial(reported, "planning", str(size), "time")
    return interleaved({"plan": plan}, repeats)["plan"].each(size).processor * 1e6


def memory_of(size: int) -> float:
    """Bytes a company."""
    return reported("planning", str(size), "memory").megabytes * 1e6 / size


def growth(name: str, title: str, unit: str, found: Mapping[int, float]) -> Chart:
    line = Line("plan_empresas", tuple(found.items()))
    return Chart(name, title, Axis("companies", "log"), Axis(f"{unit} a company"), (line,))


def told(found: Mapping[int, float], unit: str) -> Iterator[Row]:
    first = next(iter(found.values()))
    return (Row(f"{size:,} companies, each", value, unit, value / first) for size, value in found.items())


def measure(quick: bool) -> Table:
    sizes = (100, 1_000, 2_000) if quick else SIZES
    most, office = sizes[-1], sizes[-2]
    times = {size: time_of(size, 1 if quick or size == most else 5) for size in sizes}
    kept = {size: memory_of(size) for size in sizes}
    return Table(
        "planning",
        f"Planning: {office:,} companies",
        f"{sizes[0]:,} companies",
        (*told(times, "µs"), *told(kept, "bytes")),
        (
            Reach(f"{office:,} companies, each", times[office], 10, "µs"),
            Reach(f"{office:,} companies, each", kept[office], 600, "bytes"),
            Reach(f"{most:,} beside {office:,}", times[most] / times[office], 1.1),
        ),
        (
            growth("planning", "Planning an office", "µs of processor", times),
            growth("planning_memory", "What a plan keeps", "bytes", kept),
        ),
        NOTES,
    )


if __name__ == "__main__":
    child(*sys.argv[1:])
