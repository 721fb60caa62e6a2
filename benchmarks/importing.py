"""Importing: a whole process from its start to its end, beside a bare interpreter and other libraries."""

import compileall
import sys
from functools import partial
from pathlib import Path

import econtador
from benchmarks.measuring import Reach, Row, Table, command, interleaved, left_out, present

STATEMENTS = {
    "pass": "pass",
    "import econtador": "import econtador",
    "import attrs": "import attrs",
    "EmpresaGap and FieldAdapter": "from econtador import EmpresaGap, FieldAdapter",
    "import httpx, attrs, cattrs": "import httpx, attrs, cattrs",
    "the same and httpx.Client()": "import httpx, attrs, cattrs; httpx.Client()",
    "first Client": "import econtador; econtador.Client('token')",
    "and its first resource": "import econtador; econtador.Client('token').empresas",
    "Integrator": "from econtador import Client, Integrator, Policy",
    "import pandas": "import pandas",
    "import stripe": "import stripe",
    "import openai": "import openai",
}
PEERS = ("pandas", "stripe", "openai")


REACHES = (
    ("import econtador", "pass", 1.15),
    ("EmpresaGap and FieldAdapter", "import attrs", 1.3),
    ("first Client", "import httpx, attrs, cattrs", 1.15),
    ("first Client", "import openai", 0.25),
)


def measure(quick: bool) -> Table:
    # As pip leaves its own installations: a tree that was never run, or by PYTHONDONTWRITEBYTECODE, is compiled each time.
    compileall.compile_dir(Path(econtador.__file__).parent, quiet=1)
    absent = {f"import {peer}" for peer in PEERS if peer not in present(*PEERS)}
    ways = {
        name: partial(command, [sys.executable, "-c", statement])
        for name, statement in STATEMENTS.items()
        if name not in absent
    }
    found = interleaved(ways, 1 if quick else 21)
    milliseconds = {name: figure.processor * 1e3 for name, figure in found.items()}
    shells = " and ".join(present("rich", "click", "pygments")) or "none"
    return Table(
        "importing",
        "Importing",
        "`pass`",
        tuple(Row(name, value, "ms", value / milliseconds["pass"]) for name, value in milliseconds.items()),
        tuple(
            Reach(f"{name} beside {other}", milliseconds[name] / milliseconds[other], most)
            for name, other, most in REACHES
            if other not in absent
        ),
        (),
        (
            (
                "Processor time of a whole process, everything compiled. `Client('token')` makes no connection, and "
                "what its first connection and its first resource need comes with them. httpx imports its command "
                f"line too where rich, click and pygments are installed; here there is {shells}."
            ),
            *left_out(*PEERS),
        ),
        ("attrs", "cattrs", "httpx", *PEERS),
    )
