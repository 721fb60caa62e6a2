"""One of several machines over one plan: started as ``_machine_worker.py PORTAL TOKEN DATABASE NAME LEASE PLAN``.

Prints ``ready``, waits for a line, applies, and prints how many records it sent.
"""

import sys
from contextlib import closing
from pathlib import Path

import econtador as ec

HANDS = 2
"""How many records one machine sends at once."""


def main(portal: str, token: str, database: str, name: str, lease: str, saved: str) -> None:
    journal = ec.SqlJournal(database, name=name, lease_seconds=float(lease))
    with closing(journal), ec.Client(token, base_url=portal, writes=ec.CONVENTION) as client:
        policy = ec.Policy(proemp="PROEMP00", doubt_seconds=0)
        integrator = ec.Integrator(client, policy=policy, journal=journal, operador="ADMIN")
        plan = ec.Plan.from_json(Path(saved).read_text(encoding="utf-8"))
        print("ready", flush=True)
        sys.stdin.readline()
        print(integrator.apply(plan, workers=HANDS).sent, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
