"""From what the office has, what the journal knows and what the portal shows, to a plan. Pure."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from attrs import evolve, frozen

from econtador.documents import Cnpj, Cpf
from econtador.errors import EmptySelection, InvalidRecord, UnknownCodigo
from econtador.gap.models import EmpresaGap, Operador, Proemp, UsuarioGap
from econtador.integration.fields import Adaptation, FieldAdapter
from econtador.integration.inscricao import check_inscricao
from econtador.integration.journal import LogEntry, Record
from econtador.integration.looking import View
from econtador.integration.plan import Action, Draft, Plan
from econtador.integration.policy import (
    TODAS,
    Case,
    Decision,
    Known,
    Policy,
    Rule,
    Scene,
    Todas,
    Verdict,
    decide,
    documento_of,
    nome_of,
)
from econtador.integration.reasons import Finding, Reason
from econtador.integration.safeguards import alarms
from econtador.integration.status import IN_FLIGHT, IN_PORTAL, Kind, Status
from econtador.portal.models import EmpresaNova, UsuarioNovo

__all__ = ["Grounds", "candidates", "case_of", "chosen", "make_plan", "scene_of"]

R = TypeVar("R", EmpresaGap, UsuarioGap)


@frozen(kw_only=True)
class Grounds:
    """What every plan of an integrator stands on."""

    account: str
    operador: Operador
    policy: Policy
    adapter: FieldAdapter
    by_convention: bool
    """Whether direct writes are configured; they follow the convention, which no page attests."""


def chosen(kind: Kind, records: Iterable[R], selected: Iterable[str] | Todas) -> frozenset[str] | Todas:
    """The selection, checked. Raises EmptySelection and UnknownCodigo."""
    if isinstance(selected, Todas):
        return selected
    # A text is iterable too, and "00001" would select five digits.
    codigos = frozenset([selected] if isinstance(selected, str) else selected)
    if not codigos:
        raise EmptySelection(f"{kind.value}s")
    unknown = codigos - {record.codigo for record in records}
    if unknown:
        raise UnknownCodigo(f"{kind.value}s", tuple(sorted(unknown)))
    return codigos


def _in_scope(record: EmpresaGap | UsuarioGap, proemp: Proemp) -> bool:
    return not isinstance(record, EmpresaGap) or record.proemp == proemp


def candidates(
    records: Iterable[R], known: Mapping[str, Record], policy: Policy, selected: frozenset[str] | Todas
) -> list[R]:
    """Those that would be sent if nothing else stood against it."""
    return [
        record
        for record in records
        if _in_scope(record, policy.proemp)
        and record.data_desligamento is None
        and (selected is TODAS or record.codigo in selected)
        and not (record.codigo in known and known[record.codigo].status in IN_PORTAL)
    ]


def _shared(going: Iterable[EmpresaGap | UsuarioGap]) -> dict[Cnpj | Cpf, tuple[str, ...]]:
    codigos: dict[Cnpj | Cpf, tuple[str, ...]] = {}
    for record in going:
        documento = documento_of(record)
        if documento is not None:
            codigos[documento] = (*codigos.get(documento, ()), record.codigo)
    return codigos


def scene_of(
    records: tuple[R, ...],
    going: Iterable[R],
    known: Mapping[str, Record],
    policy: Policy,
    selected: frozenset[str] | Todas,
    view: View,
) -> Scene:
    """What the rules may look at; *going* are the :func:`candidates` among *records*."""
    shared = _shared(going)
    times = Counter(record.codigo for record in records if _in_scope(record, policy.proemp))
    return Scene(
        proemp=policy.proemp,
        send_cut_identifiers=policy.send_cut_identifiers,
        selected=selected,
        known={codigo: Known(have.status, have.documento, have.nome) for codigo, have in known.items()},
        integrated={
            have.documento: codigo
            for codigo, have in known.items()
            if have.documento and have.status in IN_PORTAL | IN_FLIGHT
        },
        repeated_codigos=frozenset(codigo for codigo, count in times.items() if count > 1),
        repeated={documento: codigos for documento, codigos in shared.items() if len(codigos) > 1},
        by_document=view.by_document,
        by_codigo=view.by_codigo,
    )


def case_of(record: R, adapter: FieldAdapter, scene: Scene) -> Case[R] | None:
    """The record as the rules see it; None where nothing would be left of its name."""
    try:
        fit: Adaptation[R] = adapter.fit(record)
    except InvalidRecord:
        return None
    return Case(record, fit.record, fit.losses, scene)


def _draft(fitted: EmpresaGap | UsuarioGap) -> Draft:
    documento = documento_of(fitted)
    if isinstance(fitted, EmpresaGap):
        assert documento is not None, "the rules refuse a company without a valid document"
        return EmpresaNova(
            codigo=fitted.codigo,
            nome=fitted.razao_social,
            documento=documento,
            inscricao_estadual=fitted.inscricao_estadual,
            inscricao_municipal=fitted.inscricao_municipal,
            endereco=fitted.endereco,
            numero=fitted.numero,
            complemento=fitted.complemento,
            bairro=fitted.bairro,
            municipio=fitted.municipio,
            uf=fitted.uf,
            cep=fitted.cep,
            atividade=fitted.atividade,
        )
    assert isinstance(documento, Cpf) and fitted.email, "the rules refuse a user without CPF or e-mail"
    return UsuarioNovo(nome=fitted.nome, email=fitted.email.strip(), cpf=documento)


def _shown_status(record: EmpresaGap | UsuarioGap, scene: Scene) -> Status:
    # The journal knows companies of the one PROEMP: the same código in another is another company.
    known = scene.known.get(record.codigo) if _in_scope(record, scene.proemp) else None
    status = known.status if known else Status.NAO_INTEGRADO
    settled = status in IN_PORTAL | IN_FLIGHT
    if settled:
        return status
    if record.data_desligamento is not None:
        return Status.DESLIGADA
    return Status.NAO_INTEGRADO if status is Status.DESLIGADA else status


def action_of(rules: tuple[Rule[R], ...], record: R, adapter: FieldAdapter, scene: Scene) -> Action:
    """Decide one record."""
    case = case_of(record, adapter, scene)
    decision = decide(rules, case) if case else Decision(Verdict.REFUSE, (Finding(Reason.NOME_VAZIO),))
    goes = decision.verdict is Verdict.CREATE
    documento = documento_of(record)
    there = [seen.id for seen in scene.by_document.get(documento, ())] if documento else []
    return Action(
        codigo=record.codigo,
        nome=nome_of(record),
        status=_shown_status(record, scene),
        verdict=decision.verdict,
        findings=decision.findings,
        losses=case.losses if case and decision.verdict in {Verdict.CREATE, Verdict.REFUSE} else (),
        draft=_draft(case.fitted) if case and (goes or decision.verdict is Verdict.ADOPT) else None,
        portal_id=there[0] if decision.verdict is Verdict.ADOPT else None,
    )


def _doubts(record: EmpresaGap | UsuarioGap) -> Iterator[Finding]:
    """What is odd about a record and stops nothing."""
    if isinstance(record, EmpresaGap):
        doubt = check_inscricao(record.inscricao_estadual, record.uf)
        if doubt is not None:
            yield Finding(Reason.INSCRICAO_DUVIDOSA, f"{record.codigo}: {doubt}")


def make_plan(
    kind: Kind,
    rules: tuple[Rule[R], ...],
    records: tuple[R, ...],
    scene: Scene,
    grounds: Grounds,
    revision: int,
    made_at: datetime.datetime,
    history: Iterable[LogEntry],
) -> Plan:
    """Decide every record; *history* is what the journal says of the kind."""
    # Among all records and not those that go: a record is fitted the same, whatever is selected.
    adapter = grounds.adapter.among(records)
    actions = tuple(action_of(rules, record, adapter, scene) for record in records)
    going = {action.codigo for action in actions if action.verdict is Verdict.CREATE}
    notices: list[Finding] = []
    if scene.selected is TODAS and kind is Kind.EMPRESA:
        notices.append(Finding(Reason.TODAS_SELECIONADAS))
    if grounds.by_convention:
        notices.append(Finding(Reason.ESCRITA_POR_CONVENCAO))
    notices += [Finding(Reason.TEXTO_VENCIDO, str(stale)) for stale in adapter.stale(records)]
    notices += [finding for record in records if record.codigo in going for finding in _doubts(record)]
    plan = Plan(
        kind=kind,
        account=grounds.account,
        operador=grounds.operador,
        policy=grounds.policy,
        made_at=made_at,
        revision=revision,
        actions=actions,
        notices=tuple(notices),
        alarms=alarms(
            grounds.policy.guards,
            actions,
            sum(1 for known in scene.known.values() if known.status in IN_PORTAL),
            history,
            made_at,
        ),
    )
    collisions = adapter.collisions(record for record in records if record.codigo in going)
    return evolve(plan, collisions=collisions)
