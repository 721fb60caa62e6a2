"""The LOGs de Integração: filtered, exported, and checked as evidence.

    python examples/logs.py [folder]

The journal and the exports go to the folder (a new temporary one unless given); the portal is a sandbox in memory.
"""

import datetime
import sys
import tempfile
from pathlib import Path

import econtador as ec
from econtador.demo import example_office
from econtador.sandbox import Faults, Sandbox


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # For something to see: a razão social that is not cut, which the portal refuses, and a request lost on its way.
    adapter = ec.FieldAdapter(limits=[limit for limit in ec.LIMITS if limit.field != "razao_social"])
    faults = Faults.at({3: "reset-before-commit"}, methods=("POST",))
    journal = ec.SqliteJournal(folder / "escritorio.journal")
    with (
        Sandbox(faults=faults) as sandbox,
        sandbox.client() as client,
        ec.Integrator(
            client,
            policy=ec.Policy(proemp="PROEMP00"),
            journal=journal,
            operador="ADMIN",
            adapter=adapter,
        ) as integrator,
    ):
        integrate(integrator)
        show(integrator)

        everything = integrator.logs()
        written = ec.write_csv(everything, folder / "logs.csv")  # opens in Excel as it should
        print(f"\nExportados {written.rows} registros para {folder / 'logs.csv'}")
        ec.write_jsonl(integrator.logs(outcome="refused"), folder / "recusados.jsonl")
        print(f"e os recusados para {folder / 'recusados.jsonl'}")
        print(f"\n{journal.audit()}")  # every entry is chained to the one before it


def integrate(integrator: ec.Integrator) -> None:
    office = example_office()
    empresas = ec.read_empresas(office / "empresas.csv", proemp="PROEMP00").records
    usuarios = ec.read_usuarios(office / "usuarios.csv").records
    chosen = ["00001", "00002", "00003", "00004", "00007"]
    print(integrator.apply(integrator.plan_empresas(empresas, selected=chosen)).summary)
    print(integrator.apply(integrator.plan_usuarios(usuarios)).summary)


def show(integrator: ec.Integrator) -> None:
    an_hour_ago = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    questions = {
        "Não aceitos pelo portal": integrator.logs(outcome="failed"),
        "Em dúvida": integrator.logs(outcome="in-doubt"),
        "Empresas integradas na última hora": integrator.logs(
            kind="empresa", outcome="integrated", since=an_hour_ago
        ),
        "Tudo da empresa 00001": integrator.logs(kind="empresa", codigo="00001"),
        "Usuários com 'CPF' no texto": integrator.logs(kind="usuario", text="cpf"),
    }
    for title, entries in questions.items():
        print(f"\n{title}: {len(entries)}")
        for entry in entries:  # or print(entries): a table
            print(f"  {entry}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="econtador-")))
