"""Choose companies, look at the plan, keep it, apply it, and see that a second run sends nothing.

    python examples/choose_and_integrate.py [folder]

The portal is a sandbox in the folder (a new temporary one unless given), beside the journal and the plan.
"""

import sys
import tempfile
from pathlib import Path

import econtador as ec
from econtador.demo import example_office
from econtador.sandbox import Sandbox


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lidas = ec.read_empresas(example_office() / "empresas.csv", proemp="PROEMP00")
    chosen = [empresa.codigo for empresa in lidas.records if empresa.uf == "SP"]
    print(f"Escolhidas: {len(chosen)} de {len(lidas.records)} empresas, as de São Paulo.")

    with (
        Sandbox(folder / "portal.db") as sandbox,
        sandbox.client() as client,  # a real portal: ec.Client.from_env()
        ec.Integrator(
            client,
            policy=ec.Policy(proemp="PROEMP00"),
            journal=folder / "escritorio.journal",
            operador="ADMIN",
            adapter=ec.FieldAdapter(abbreviate=True),
        ) as integrator,
    ):
        plan = integrator.plan_empresas(lidas.records, selected=chosen)  # nothing is sent yet
        print("\n1. VEJA ANTES DE ENVIAR")
        print(plan)

        # What somebody looked at and approved is what is applied, perhaps by another program.
        saved = folder / "plano.json"
        saved.write_text(plan.to_json(), encoding="utf-8")

        print("\n2. ENVIE UMA VEZ")
        approved = ec.Plan.from_json(saved.read_text(encoding="utf-8"))
        with ec.Progress(len(approved.actions)) as progress:
            report = integrator.apply(approved, on_progress=progress)
        print(report.summary)

        print("\n3. OUTRA VEZ: NADA É ENVIADO")
        again = integrator.apply(integrator.plan_empresas(lidas.records, selected=chosen))
        print(f"Envios feitos: {again.sent}. No portal: {len(sandbox.empresas)} empresas.")
    print(f"\nFicaram em {folder}: portal.db, escritorio.journal e plano.json.")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="econtador-")))
