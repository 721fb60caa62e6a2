"""Assisted mode: a person integrates in GAP's own window, guided by a list, and the portal is read back.

    python examples/worklist.py [folder]

No public write is attested, so this is how most offices integrate. The list goes to the folder (a new temporary one
unless given) as a page to print and as a workbook; the portal is a sandbox in memory, and the person is played.
"""

import json
import sys
import tempfile
from pathlib import Path

import econtador as ec
from econtador.demo import example_office
from econtador.sandbox import Sandbox


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    office = example_office()
    empresas = ec.read_empresas(office / "empresas.csv", proemp="PROEMP00").records
    usuarios = ec.read_usuarios(office / "usuarios.csv").records
    with (
        Sandbox() as sandbox,
        sandbox.client() as client,  # reads only: a real portal's token will do
        ec.Integrator(
            client,
            policy=ec.Policy(proemp="PROEMP00"),
            journal=folder / "escritorio.journal",
            operador="ADMIN",
        ) as integrator,
    ):
        plan = integrator.plan_empresas(empresas, selected=["00001", "00002", "00003"])
        worklist = integrator.worklist(plan, integrator.plan_usuarios(usuarios, selected=["ADMIN", "CAIO"]))
        print("A LISTA")
        print(worklist)
        (folder / "lista.html").write_text(worklist.to_html(escritorio="Escritório Modelo"), encoding="utf-8")
        ec.write_xlsx(worklist, folder / "lista.xlsx")

        somebody_integrates(client, empresas[:2])

        print("\nCONFERIDA")
        verification = integrator.verify(worklist)  # what is seen in the portal is Integrado from now on
        print(verification.summary)
        for state, count in worklist.ticked(verification).counts.items():
            print(f"  {state}: {count}")
        again = integrator.plan_empresas(empresas, selected=["00001", "00002", "00003"])
        print(f"Um novo plano: {again.summary}")
    print(f"\nPara imprimir: {folder / 'lista.html'}; planilha: {folder / 'lista.xlsx'}")


def somebody_integrates(client: ec.Client, empresas: tuple[ec.EmpresaGap, ...]) -> None:
    """GAP's part, outside of this library: the portal gets the companies, cut at its sizes."""
    for empresa in empresas:
        attributes = {
            "nome": empresa.razao_social[:50],
            "cpfCnpjAlfanumerico": str(empresa.documento),
            "externoid": empresa.codigo,
            "endereco": (empresa.endereco or "")[:50],
        }
        body = {"data": {"type": "empresas", "attributes": attributes}}
        client.request("POST", "dp", "/empresas", content=json.dumps(body).encode())


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="econtador-")))
