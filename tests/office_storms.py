"""What may happen to an office's run, as Hypothesis draws it: faults of the portal, the process's death, ways to run."""

import logging
from collections import Counter
from collections.abc import Callable
from typing import Literal

from attrs import field, frozen
from hypothesis import strategies as st
from typing_extensions import override

import econtador as ec
from econtador.integration.status import Kind
from econtador.sandbox import Fault

AT_ONCE = ec.Retry(first=0.0, longest=0.0, longest_asked=0.0)
ALL_GUARDS = ("leaving", "renamed", "losing")
CNPJS = ("11222333000181", "00000000000191", "12ABC34501DE35", "33000167000101", "60746948000112")
CPFS = ("52998224725", "11144477735", "12345678909")


class Crash(BaseException):
    """The process is gone: no handler of the library may swallow it."""


@frozen
class Weather:
    """What goes wrong in one run: a fault for each request in turn, and a moment at which the process dies."""

    faults: tuple[Fault | None, ...] = ()
    dies_at: int = 0
    when: Literal["before", "after"] = "before"
    methods: tuple[str, ...] = ("POST",)
    """Of the requests that count."""

    def hook(self) -> Callable[[str, str, str], None] | None:
        """The portal's, at which the process dies."""
        count = Counter[str]()

        def hook(method: str, path: str, when: str) -> None:
            count[when] += method in self.methods
            if method in self.methods and when == self.when and count[when] == self.dies_at:
                raise Crash

        return hook if self.dies_at else None


@frozen
class Way:
    """How a run is made."""

    writer: int = 0
    workers: int = 1
    is_async: bool = False
    allow: tuple[str, ...] = field(default=ALL_GUARDS)


COMMITTING = tuple(fault for fault in Fault if fault.commits)
weathers = st.builds(
    Weather,
    faults=st.lists(st.none() | st.sampled_from(Fault) | st.sampled_from(COMMITTING), max_size=6).map(tuple),
    dies_at=st.sampled_from((0, 0, 0, 1, 2, 3)),
    when=st.sampled_from(("before", "after")),
    methods=st.sampled_from((("POST",), ("POST",), ("GET", "POST", "PATCH"))),
)
ways = st.builds(
    Way,
    writer=st.integers(0, 1),
    workers=st.integers(1, 4),
    is_async=st.sampled_from((False, False, False, True)),
    allow=st.sampled_from((ALL_GUARDS, ALL_GUARDS, ())),
)
numbers = st.integers(0, len(CNPJS) - 1)
people = st.integers(0, len(CPFS) - 1)
changes = st.sampled_from(("close", "open", "EMPRESA MODELO NOVA SA", "PESSOA MODELO RENOMEADA"))
kinds = st.sampled_from((Kind.EMPRESA, Kind.EMPRESA, Kind.USUARIO))
subsets = st.none() | st.sets(numbers, min_size=1)


def empresa_of(codigo: int, documento: int) -> ec.EmpresaGap:
    """A sole trader's name ends in a CPF, as names do; of some the portal cuts the bairro."""
    nome = f"EMPRESA MODELO {codigo} LTDA" if codigo else f"PESSOA MODELO {CPFS[0]}"
    bairro = "BAIRRO MODELO COMPRIDO 3" if codigo > 2 else None
    return ec.EmpresaGap(f"0000{codigo}", "PROEMP00", nome, CNPJS[documento], bairro=bairro)


def usuario_of(number: int) -> ec.UsuarioGap:
    return ec.UsuarioGap(f"U{number}", f"PESSOA MODELO {number}", CPFS[number], "modelo@exemplo.com.br")


class Shown(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
