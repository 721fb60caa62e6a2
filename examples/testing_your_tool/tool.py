"""A tool as an office may have one: integrate what today's export has and the portal has not.

ECONTADOR_TOKEN=... python tool.py empresas.csv PROEMP00
"""

import sys
from pathlib import Path

import econtador as ec


def integrate(integrator: ec.Integrator, export: Path, proemp: str) -> list[str]:
    """Integrate the active companies of *export*; what a person has to look at, in Portuguese."""
    reading = ec.read_empresas(export, proemp=proemp)
    active = [empresa.codigo for empresa in reading.records if not empresa.desligada]
    integrator.resume()  # what an earlier run left in doubt
    report = integrator.apply(integrator.plan_empresas(reading.records, selected=active))
    bad = {ec.Outcome.FAILED, ec.Outcome.IN_DOUBT, ec.Outcome.REFUSED}
    return [
        *(str(problem) for problem in reading.problems),
        *(f"{result.codigo}: {result.message}" for result in report.results if result.outcome in bad),
    ]


def main(export: str, proemp: str) -> int:
    with (
        ec.Client.from_env() as client,
        ec.Integrator(
            client,
            policy=ec.Policy(proemp=proemp),
            journal=Path(export).with_suffix(".journal"),
            operador="ADMIN",
        ) as integrator,
    ):
        attention = integrate(integrator, Path(export), proemp)
    print("\n".join(attention) or "Nada a conferir.")
    return 1 if attention else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
