"""Read the portal back: what is equal, differs, is missing or extra.

    python examples/reconcile.py

Only attested reads are used. What the public API does not show is named, and nothing is claimed of it. The portal is a
sandbox in a temporary folder, in which somebody changes things by hand.
"""

import json
import shutil
import tempfile
from pathlib import Path

import econtador as ec
from econtador.demo import example_office
from econtador.integration.report import Verified
from econtador.sandbox import Sandbox


def opened(sandbox: Sandbox, folder: Path) -> ec.Integrator:
    policy, journal = ec.Policy(proemp="PROEMP00"), folder / "escritorio.journal"
    return ec.Integrator(sandbox.client(), policy=policy, journal=journal, operador="ADMIN")


def integrate(folder: Path, selected: list[str]) -> None:
    empresas = ec.read_empresas(example_office() / "empresas.csv", proemp="PROEMP00").records
    with Sandbox(folder / "portal.db") as sandbox, opened(sandbox, folder) as integrator:
        print(integrator.apply(integrator.plan_empresas(empresas, selected=selected)).summary)


def by_hand(folder: Path, method: str, path: str, resource: dict[str, object]) -> None:
    with Sandbox(folder / "portal.db") as sandbox, sandbox.client() as client:
        client.request(method, "dp", path, content=json.dumps({"data": resource}).encode())


def main(folder: Path) -> None:
    integrate(folder, ["00001", "00002", "00003"])
    # Somebody adds a company that the journal knows nothing of,
    stranger = {
        "nome": "EMPRESA MODELO 77 LTDA",
        "cpfCnpjAlfanumerico": "11222333000181",
        "externoid": "00077",
    }
    by_hand(folder, "POST", "/empresas", {"type": "empresas", "attributes": stranger})
    # the portal goes back to a backup that is older than 00004,
    shutil.copy(folder / "portal.db", folder / "copia.db")
    integrate(folder, ["00004"])
    shutil.move(folder / "copia.db", folder / "portal.db")
    # and somebody writes another name and another address.
    change = {"nome": "BANCO DO BRASIL S/A", "endereco": "ENDEREÇO NOVO"}
    by_hand(folder, "PATCH", "/empresas/1", {"type": "empresas", "id": "1", "attributes": change})

    with Sandbox(folder / "portal.db") as sandbox, opened(sandbox, folder) as integrator:
        verification = integrator.verify()  # writes nothing
    print(f"\n{verification}")
    to_mend = [check.codigo for check in verification.checks if check.verified is not Verified.EQUAL]
    print(f"\nA olhar no portal: {', '.join(to_mend)}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="econtador-") as temporary:
        main(Path(temporary))
