"""Integrate the office's users and activate them.

    python examples/users.py

Users need no PROEMP. They arrive inactive; activation is what a person does in the portal: Editar, Ativo, every tab,
Salvar. The portal is a sandbox in memory.
"""

import econtador as ec
from econtador.demo import example_office
from econtador.sandbox import Sandbox


def main() -> None:
    lidos = ec.read_usuarios(example_office() / "usuarios.csv")
    print(lidos.summary)

    with (
        Sandbox() as sandbox,
        sandbox.client() as client,
        ec.Integrator(
            client, policy=ec.Policy(proemp="PROEMP00"), journal=":memory:", operador="ADMIN"
        ) as integrator,
    ):
        plan = integrator.plan_usuarios(lidos.records)  # all of them, unless selected= names some
        print("\n1. O PLANO")
        print(plan)

        print("\n2. INTEGRAR")
        integrated = integrator.apply(plan)
        print(integrated.summary)
        show_active(sandbox)

        print("\n3. ATIVAR: PRIMEIRO SÓ UM, DEPOIS TODOS")
        first = next(result.codigo for result in integrated.results if result.status is ec.Status.INTEGRADO)
        print(integrator.activate_usuarios([first]).summary)
        show_active(sandbox)
        print(integrator.activate_usuarios().summary)  # harmless to repeat
        show_active(sandbox)


def show_active(sandbox: Sandbox) -> None:
    active = sum(usuario.ativo for usuario in sandbox.usuarios)
    print(f"No portal: {len(sandbox.usuarios)} usuários, {active} ativos.")


if __name__ == "__main__":
    main()
