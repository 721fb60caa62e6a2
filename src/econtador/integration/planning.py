"""From what the office has, what the journal knows and what the portal shows, to a plan. Pure."""

import datetime
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import compress
from typing import Final, TypeVar

from attrs import frozen

from econtador.documents import Cnpj, Cpf
from econtador.errors import EmptySelection, InvalidRecord, UnknownCodigo
from econtador.gap.models import EmpresaGap, Operador, Proemp, UsuarioGap
from econtador.integration.adaptations import collisions_among
from econtador.integration.fields import Adaptation, FieldAdapter
from econtador.integration.inscricao import check_inscricao
from econtador.integration.journal import LogEntry, Record
from econtador.integration.looking import View
from econtador.integration.plan import Action, Draft, Plan
from econtador.integration.policy import (
    SETTLED,
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
from econtador.integration.status import IN_PORTAL, Kind, Status
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
    return not isinstance(record, EmpresaGap) or record.proemp.name == proemp.name


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


K = TypeVar("K", bound=Hashable)


def _twice(keys: Iterable[K]) -> set[K]:
    return {key for key, count in Counter(keys).items() if count > 1}


def _repeated(going: Sequence[EmpresaGap | UsuarioGap]) -> dict[Cnpj | Cpf, tuple[str, ...]]:
    """The códigos that share a document, by that document."""
    twice = _twice(documento_of(record) for record in going)
    codigos: dict[Cnpj | Cpf, tuple[str, ...]] = {}
    for record in going if twice else ():
        documento = documento_of(record)
        if documento is not None and documento in twice:
            codigos[documento] = (*codigos.get(documento, ()), record.codigo)
    return codigos


def scene_of(
    records: tuple[R, ...],
    going: Sequence[R],
    known: Mapping[str, Record],
    policy: Policy,
    selected: frozenset[str] | Todas,
    view: View,
) -> Scene:
    """What the rules may look at; *going* are the :func:`candidates` among *records*."""
    return Scene(
        proemp=policy.proemp,
        send_cut_identifiers=policy.send_cut_identifiers,
        selected=selected,
        known={codigo: Known(have.status, have.documento, have.nome) for codigo, have in known.items()},
        integrated={
            have.documento: codigo
            for codigo, have in known.items()
            if have.documento and have.status in SETTLED
        },
        repeated_codigos=frozenset(_twice(r.codigo for r in records if _in_scope(r, policy.proemp))),
        repeated=_repeated(going),
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
    known = scene.known.get(record.codigo)
    status = known.status if known and _in_scope(record, scene.proemp) else Status.NAO_INTEGRADO
    if known and status in SETTLED:
        return status
    if record.data_desligamento is not None:
        return Status.DESLIGADA
    return Status.NAO_INTEGRADO if status is Status.DESLIGADA else status


_NAMELESS: Final = Decision(Verdict.REFUSE, (Finding(Reason.NOME_VAZIO),))


def action_of(rules: tuple[Rule[R], ...], record: R, adapter: FieldAdapter, scene: Scene) -> Action:
    """Decide one record."""
    case = case_of(record, adapter, scene)
    decision = decide(rules, case) if case else _NAMELESS
    verdict = decision.verdict
    new, there = verdict is Verdict.CREATE, verdict is Verdict.ADOPT
    return Action(
        codigo=record.codigo,
        nome=nome_of(record),
        status=_shown_status(record, scene),
        verdict=verdict,
        findings=decision.findings,
        losses=case.losses if case and (new or verdict is Verdict.REFUSE) else (),
        draft=_draft(case.fitted) if case and (new or there) else None,
        portal_id=case.seen[0].id if case and there else None,
    )


def _doubt(record: EmpresaGap | UsuarioGap) -> Finding | None:
    """What is odd about a record and stops nothing."""
    if not isinstance(record, EmpresaGap):
        return None
    doubt = check_inscricao(record.inscricao_estadual, record.uf)
    return Finding(Reason.INSCRICAO_DUVIDOSA, f"{record.codigo}: {doubt}") if doubt else None


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
    goes = [action.verdict is Verdict.CREATE for action in actions]
    going = tuple(compress(records, goes))
    losses = tuple(action.losses for action in compress(actions, goes))
    notices: list[Finding] = []
    if scene.selected is TODAS and kind is Kind.EMPRESA:
        notices.append(Finding(Reason.TODAS_SELECIONADAS))
    if grounds.by_convention:
        notices.append(Finding(Reason.ESCRITA_POR_CONVENCAO))
    notices += [Finding(Reason.TEXTO_VENCIDO, str(stale)) for stale in adapter.stale(records)]
    notices += [doubt for record in going if (doubt := _doubt(record))]
    return Plan(
        kind=kind,
        account=grounds.account,
        operador=grounds.operador,
        policy=grounds.policy,
        made_at=made_at,
        revision=revision,
        actions=actions,
        collisions=collisions_among((limit.field for limit in adapter.limits), going, losses),
        notices=tuple(notices),
        alarms=alarms(
            grounds.policy.guards,
            actions,
            sum(1 for known in scene.known.values() if known.status in IN_PORTAL),
            history,
            made_at,
        ),
    )
