"""What it costs to make a company fit: six slices by hand, and the library with its report of every loss."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from typing import TypeVar

import attrs
from attrs import frozen

import econtador as ec
from benchmarks.chart import Axis, Chart, Line
from benchmarks.measuring import Figure, Reach, Row, Table, interleaved, timed
from benchmarks.office import REALISTIC, SIX, rows

R = TypeVar("R")

SHARES = (0.0, 0.03, REALISTIC, 0.1, 0.2, 0.3)
"""Of the limited fields, how many are too long."""

CHARTED = ("six slices", "fit", "fit, abbreviating")
NOTES = (
    (
        "A real office repeats its activities and bairros, and the library remembers what it did to a text; where "
        "no long text comes twice, that helps nothing."
    ),
    (
        "Processor time. The slices make a new object and tell nothing; `fit` gives back the record and every loss. "
        "`EmpresaGap` is GAP's whole record of 15 fields, which checks itself whenever one is made."
    ),
)
APART = ", none of them twice"
MARKS = count(1)

PLAIN = ec.FieldAdapter()
ABBREVIATING = ec.FieldAdapter(abbreviate=True)


@frozen
class Cliente:
    """A company of six fields."""

    razao_social: str
    inscricao_estadual: str
    inscricao_municipal: str
    endereco: str
    bairro: str
    atividade: str


def sliced(cliente: Cliente) -> Cliente:
    return Cliente(
        cliente.razao_social[:50],
        cliente.inscricao_estadual[:16],
        cliente.inscricao_municipal[:16],
        cliente.endereco[:50],
        cliente.bairro[:20],
        cliente.atividade[:30],
    )


def evolved(empresa: ec.EmpresaGap) -> ec.EmpresaGap:
    """The same of GAP's whole record, which checks itself."""
    return attrs.evolve(
        empresa,
        razao_social=empresa.razao_social[:50],
        inscricao_estadual=(empresa.inscricao_estadual or "")[:16],
        inscricao_municipal=(empresa.inscricao_municipal or "")[:16],
        endereco=(empresa.endereco or "")[:50],
        bairro=(empresa.bairro or "")[:20],
        atividade=(empresa.atividade or "")[:30],
    )


def clientes(many: int, share: float) -> list[Cliente]:
    return [Cliente(**{name: row[name] for name in SIX}) for row in rows(many, share)]


def no_text_twice(few: Sequence[Cliente]) -> list[Cliente]:
    """Every text that is too long made one of its own, so that nothing helps that remembers texts."""
    return [attrs.evolve(cliente, **dict(_marked(cliente))) for cliente in few]


def _marked(cliente: Cliente) -> Iterator[tuple[str, str]]:
    mark = next(MARKS)
    for name, size in SIX.items():
        text: str = getattr(cliente, name)
        if len(text) > size:
            yield name, f"{text} {mark}"


def empresas(many: int, share: float) -> list[ec.EmpresaGap]:
    return [ec.EmpresaGap(**row, data_desligamento=None) for row in rows(many, share)]


def over(records: Sequence[R], fit: Callable[[R], object]) -> Figure:
    """*fit* of one of *records*."""

    def work() -> None:
        for record in records:
            fit(record)

    return timed(work).each(len(records))


def contenders(many: int) -> dict[tuple[str, float], Callable[[], Figure]]:
    """By name and share."""
    ways: dict[tuple[str, float], Callable[[], Figure]] = {}
    for share in SHARES:
        few = clientes(many, share)
        ways["six slices", share] = partial(over, few, sliced)
        ways["fit", share] = partial(over, few, PLAIN.fit)
        ways["fit, abbreviating", share] = partial(over, few, ABBREVIATING.fit)
    realistic = clientes(many, REALISTIC)
    ways[f"six slices{APART}", REALISTIC] = lambda: over(no_text_twice(realistic), sliced)
    ways[f"fit{APART}", REALISTIC] = lambda: over(no_text_twice(realistic), PLAIN.fit)
    ways[f"fit, abbreviating{APART}", REALISTIC] = lambda: over(no_text_twice(realistic), ABBREVIATING.fit)
    for share in (0.0, REALISTIC):
        whole = empresas(many, share)
        ways["EmpresaGap: six slices", share] = partial(over, whole, evolved)
        ways["EmpresaGap: fit", share] = partial(over, whole, PLAIN.fit)
        ways["EmpresaGap: fit, abbreviating", share] = partial(over, whole, ABBREVIATING.fit)
    return ways


def floor_of(name: str) -> str:
    """What *name* is beside: the slices of the same records."""
    if name.startswith("EmpresaGap"):
        return "EmpresaGap: six slices"
    return f"six slices{APART}" if name.endswith(APART) else "six slices"


def told(name: str, share: float) -> str:
    way, _, apart = name.partition(APART[:6])
    return f"{way}, {share:.0%} of the fields too long{APART if apart else ''}"


def growth(each: Mapping[tuple[str, float], float]) -> Chart:
    """Over the share of the fields that are too long."""
    return Chart(
        "fitting_speed",
        "Fitting a company of six fields",
        Axis("% of the fields too long"),
        Axis("µs of processor a company"),
        tuple(Line(name, tuple((share * 100, each[name, share]) for share in SHARES)) for name in CHARTED),
    )


def measure(quick: bool) -> Table:
    ways = contenders(100 if quick else 10_000)
    found = interleaved({told(*way): work for way, work in ways.items()}, 1 if quick else 9)
    each = {way: found[told(*way)].processor * 1e6 for way in ways}
    ratio = {(name, share): each[name, share] / each[floor_of(name), share] for name, share in ways}
    order = sorted(ways, key=lambda way: way[1])
    return Table(
        "fitting_speed",
        "Fitting: a company of six fields",
        "its slices",
        tuple(Row(told(*way), each[way], "µs", ratio[way]) for way in order if way[1] in (0.0, REALISTIC)),
        (
            Reach("fit, everything fits", ratio["fit", 0.0], 1.0),
            Reach("fit, 7 % of the fields too long", ratio["fit", REALISTIC], 2.0),
            Reach("the same, abbreviating", ratio["fit, abbreviating", REALISTIC], 4.0),
            Reach("fit, 7 %, no long text twice", ratio[f"fit{APART}", REALISTIC], 2.0),
            Reach("the same, abbreviating", ratio[f"fit, abbreviating{APART}", REALISTIC], 4.0),
        ),
        (growth(each),),
        NOTES,
        ("attrs",),
    )
