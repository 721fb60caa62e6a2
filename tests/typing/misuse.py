"""What type checkers must refuse: each line says so, and one that is not refused is an error itself."""

import econtador as ec
from econtador.portal import MovimentoNovo


def misuse(client: ec.Client, integrator: ec.Integrator, empresa: ec.EmpresaGap, novo: MovimentoNovo) -> None:
    print(ec.Integratr)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]
    client.empresas.list(ativo=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.empresas.create(novo)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.funcionarios.create(novo)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    integrator.plan_empresas([empresa])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    integrator.plan_usuarios([empresa])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    empresa.bairro = "CENTRO"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    ec.Policy()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
