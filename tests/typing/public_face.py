"""What type checkers make of the public face. Not run: mypy and pyright read it, each in strict mode."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Never, assert_type

import econtador as ec
from econtador.integration.report import Check, Explanation, Verification, Verified
from econtador.integration.score import Score
from econtador.portal import (
    Documento,
    Empresa,
    EmpresaNova,
    Funcionario,
    Maybe,
    MovimentoNovo,
    Page,
    Recurso,
    Ref,
    StatusFuncionario,
    Tarefa,
    Unset,
    Usuario,
    UsuarioNovo,
    known,
)
from econtador.portal.collection import AsyncCollection, Collection
from econtador.portal.transport import Response
from econtador.sandbox import Sandbox, Server


def what_the_office_has() -> None:
    lidas = ec.read_empresas("empresas.csv", proemp="PROEMP00")
    assert_type(lidas, ec.Reading[ec.EmpresaGap])
    assert_type(lidas.records, tuple[ec.EmpresaGap, ...])
    assert_type(lidas.problems, tuple[ec.Problem, ...])
    assert_type(lidas.repairs, tuple[ec.Repair, ...])
    assert_type(lidas.columns, Mapping[str, str])
    assert_type(ec.read_usuarios("usuarios.csv"), ec.Reading[ec.UsuarioGap])
    assert_type(ec.iter_empresas("empresas.csv"), ec.Stream[ec.EmpresaGap])
    assert_type(list(ec.iter_usuarios("usuarios.csv")), list[ec.UsuarioGap])
    assert_type(ec.profile("empresas.csv"), ec.Profile)


def records(empresa: ec.EmpresaGap, usuario: ec.UsuarioGap) -> None:
    assert_type(empresa.proemp, ec.Proemp)
    assert_type(empresa.documento, ec.Cnpj | ec.Cpf | str)
    assert_type(empresa.bairro, str | None)
    assert_type(empresa.data_desligamento, date | None)
    assert_type(empresa.desligada, bool)
    assert_type(usuario.cpf, ec.Cpf | str | None)


def what_the_portal_would_cut(empresa: ec.EmpresaGap) -> None:
    adapter = ec.FieldAdapter(abbreviate=True, overrides={("00001", "bairro"): "JD AURORA"})
    assert_type(adapter.limits, tuple[ec.FieldLimit, ...])
    fit = adapter.fit(empresa)
    assert_type(fit, ec.Adaptation[ec.EmpresaGap])
    assert_type(fit.record, ec.EmpresaGap)
    assert_type(fit.losses, tuple[ec.Loss, ...])
    assert_type([(loss.field, loss.before, loss.limit) for loss in fit.losses], list[tuple[str, str, int]])
    assert_type(adapter.collisions([empresa]), tuple[ec.Collision, ...])
    assert_type(adapter.score([empresa]), Score)


def integrating(client: ec.Client, empresas: list[ec.EmpresaGap], usuarios: list[ec.UsuarioGap]) -> None:
    policy = ec.Policy(proemp="PROEMP00")
    assert_type(policy.proemp, ec.Proemp)
    with ec.Integrator(client, policy=policy, journal="escritorio.journal", operador="ADMIN") as integrator:
        assert_type(integrator, ec.Integrator)
        plan = integrator.plan_empresas(empresas, selected=["00001"])
        integrator.plan_empresas(empresas, selected=ec.TODAS)
        assert_type(plan, ec.Plan)
        assert_type(plan.actions, tuple[ec.Action, ...])
        assert_type(plan.counts, Mapping[ec.Verdict, int])
        assert_type(plan.losses, tuple[ec.Loss, ...])
        assert_type(ec.Plan.from_json(plan.to_json()), ec.Plan)
        with ec.Progress(len(plan.actions)) as progress:
            report = integrator.apply(plan, workers=4, on_progress=progress)
        assert_type(report, ec.Report)
        assert_type(report.results, tuple[ec.Result, ...])
        assert_type(report.counts, Mapping[ec.Outcome, int])
        assert_type(integrator.steps(plan), Iterator[ec.Result])
        assert_type(integrator.plan_usuarios(usuarios), ec.Plan)
        assert_type(integrator.activate_usuarios(), ec.Report)
        assert_type(integrator.resume(), ec.Report)
        assert_type(integrator.release(["00001"]), ec.Report)
        assert_type(integrator.explain("00001"), Explanation)
        assert_type(integrator.worklist(plan), ec.Worklist)
        checked = integrator.verify()
        assert_type(checked, Verification)
        assert_type(checked.checks, tuple[Check, ...])
        assert_type(checked.counts, Mapping[Verified, int])
        logs = integrator.logs(kind="empresa", outcome="failed", text="MODELO")
        assert_type(logs, ec.Logs)
        assert_type([entry.outcome for entry in logs], list[ec.Outcome])


def reading_the_portal(client: ec.Client) -> None:
    assert_type(client.empresas.list(ativa=True), Iterator[Empresa])
    assert_type(client.empresas.pages(limit=50), Iterator[Page[Empresa]])
    assert_type(client.empresas.get("123"), Empresa)
    assert_type(client.empresas.by_document("12.ABC.345/01DE-35"), Empresa | None)
    assert_type(client.empresas.get_many(["1"]), tuple[Empresa | ec.EcontadorError, ...])
    assert_type(client.empresas.by_documents(["1"]), tuple[Empresa | ec.EcontadorError | None, ...])
    assert_type(client.usuarios.list(), Iterator[Usuario])
    assert_type(
        client.funcionarios.list(empresa="123", status="ativo", include=["departamento"]),
        Iterator[Funcionario],
    )
    assert_type(client.documentos.list(empresa="11.222.333/0001-81"), Iterator[Documento])
    assert_type(
        client.historico_tarefas.list(inicio=date(2026, 1, 1), fim=date(2026, 1, 31)), Iterator[Tarefa]
    )
    assert_type(client.lookup("tipos-sexo"), Collection[Recurso, Never, ...])
    assert_type(client.request("GET", "dp", "/qualquer"), Response)
    assert_type(client.check(), ec.Access)
    assert_type(client.arquivo("9"), bytes)


def sending(client: ec.Client, movimento: MovimentoNovo, empresa: EmpresaNova, usuario: UsuarioNovo) -> None:
    assert_type(client.movimentos.create(movimento), Recurso)
    assert_type(client.empresas.create(empresa), Empresa)
    assert_type(client.usuarios.create(usuario), Usuario)


def between_null_and_absent(empresa: Empresa, pessoa: Funcionario) -> None:
    assert_type(empresa.codigo, str | Unset | None)
    assert_type(empresa.ativa, bool | Unset | None)
    assert_type(empresa.extra, Mapping[str, object])
    assert_type(known(empresa.codigo), str | None)
    assert_type(pessoa.status, StatusFuncionario | str | Unset | None)
    assert_type(pessoa.admissao, date | Unset | None)
    assert_type(known(pessoa.salario_base), Decimal | None)
    if empresa.codigo:
        assert_type(empresa.codigo, str)
    if empresa.endereco is not ec.UNSET:
        assert_type(empresa.endereco, str | None)
    departamento = known(pessoa.departamento)
    if departamento:
        assert_type(departamento.id, str)


def a_field(value: Maybe[int]) -> int | None:
    return known(value)


def a_ref(ref: Ref[Empresa]) -> Empresa | None:
    return ref.resource


async def the_same_with_await(client: ec.AsyncClient, empresas: list[ec.EmpresaGap]) -> None:
    assert_type(client.empresas.list(ativa=True), AsyncIterator[Empresa])
    assert_type([empresa async for empresa in client.empresas.list()], list[Empresa])
    assert_type(client.empresas.pages(), AsyncIterator[Page[Empresa]])
    assert_type(await client.empresas.get("123"), Empresa)
    assert_type(await client.empresas.by_document("123"), Empresa | None)
    assert_type(client.lookup("tipos-sexo"), AsyncCollection[Recurso, Never, ...])
    assert_type(await client.check(), ec.Access)
    integrator = ec.AsyncIntegrator(
        client, policy=ec.Policy(proemp="PROEMP00"), journal="escritorio.journal", operador="ADMIN"
    )
    plan = await integrator.plan_empresas(empresas, selected=ec.TODAS)
    assert_type(plan, ec.Plan)
    assert_type(await integrator.apply(plan), ec.Report)
    assert_type([result async for result in integrator.steps(plan)], list[ec.Result])
    assert_type(await integrator.verify(), Verification)
    assert_type(integrator.logs(), ec.Logs)


def practising() -> None:
    with Sandbox() as sandbox, sandbox.client() as client, sandbox.serve() as server:
        assert_type(client, ec.Client)
        assert_type(server, Server)
        assert_type(sandbox.async_client(), ec.AsyncClient)


def exports(plan: ec.Plan, reading: ec.Reading[ec.EmpresaGap]) -> None:
    assert_type(ec.write_csv(reading.records, "empresas.csv"), ec.Written)
    assert_type(ec.write_xlsx(plan.losses, "perdas.xlsx"), ec.Written)


def errors(error: ec.EcontadorError) -> None:
    assert_type(error.code, str)
    if isinstance(error, ec.errors.Rejected):
        assert_type(error.faults, tuple[ec.errors.PortalFault, ...])
