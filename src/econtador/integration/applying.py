"""One run over one plan: the once-only rules, step by step.

1. the intent is durable in the journal before the bytes leave;
2. a write whose answer is lost is in doubt, and is never sent again before the portal was looked at;
3. a record moves from the status that this run saw, so that two runs never both send it.

Everything here is a flow or a journal write; a run can be killed between any two of them.
"""

import datetime
import uuid
from collections.abc import Callable, Iterator

from attrs import define, evolve, field

from econtador.documents import Cnpj, Cpf
from econtador.errors import (
    Forbidden,
    NotSent,
    PortalError,
    ServerError,
    StalePlan,
    StatusError,
    TooManyRequests,
    Unauthorized,
    WritesNotConfigured,
)
from econtador.integration.journal import Journal, LogEntry, Record
from econtador.integration.looking import View, look
from econtador.integration.plan import Action, Draft, Plan
from econtador.integration.policy import Verdict
from econtador.integration.reasons import Reason
from econtador.integration.report import Result
from econtador.integration.status import IN_FLIGHT, IN_PORTAL, Kind, Outcome, Status, after
from econtador.portal import _flow
from econtador.portal._flow import Flow
from econtador.portal._wire.empresas import EMPRESAS, USUARIOS
from econtador.portal.config import Config
from econtador.portal.models import EmpresaNova
from econtador.portal.retry import surely_not_accepted

__all__ = ["Diary", "Run", "stops", "told"]

_LOST = "A resposta do portal se perdeu: ele será consultado antes de qualquer novo envio."


def stops(error: PortalError) -> bool:
    """Whether every further record would fare the same, so that the run ends here."""
    return isinstance(error, NotSent | Unauthorized | Forbidden | TooManyRequests) or (
        isinstance(error, ServerError) and error.status == 503
    )


def told(error: PortalError) -> str:
    """*error* for the accountant, in Portuguese, without personal data."""
    match error:
        case NotSent():
            return "O portal não pôde ser alcançado; nada foi aceito."
        case Unauthorized():
            return "O portal não aceitou a chave de acesso (401); gere outra em Configurações, ePlugin."
        case Forbidden():
            return "O portal negou o acesso (403); o pacote pode não incluir a API."
        case StatusError(status=status, faults=faults):
            words = "; ".join(str(fault) for fault in faults)
            return f"O portal respondeu {status}" + (f": {words}." if words else ".")
        case _:
            return _LOST


@define
class Diary:
    """The journal as one run writes it: who, when, under which plan."""

    journal: Journal
    kind: Kind
    operador: str
    clock: Callable[[], datetime.datetime]
    plan: Plan | None = None
    run: str = field(factory=lambda: uuid.uuid4().hex[:12])
    records: dict[str, Record] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.records = dict(self.journal.records(self.kind))

    def record_of(self, action: Action) -> Record:
        """What the journal knows of the record of *action*, or its beginning."""
        known = self.records.get(action.codigo)
        if known is not None:
            return evolve(known, nome=action.nome)
        return Record(
            kind=self.kind,
            codigo=action.codigo,
            nome=action.nome,
            documento=_documento(action.draft),
            status=Status.NAO_INTEGRADO,
        )

    def move(
        self,
        record: Record,
        outcome: Outcome,
        message: str = "",
        *,
        code: str = "",
        portal_id: str | None = None,
        sent: Draft | None = None,
        attempts: int = 0,
    ) -> Result:
        """Move *record* along the table, durably, and tell it. Raises StalePlan if another run was faster."""
        moved = evolve(
            record,
            status=after(record.status, outcome),
            portal_id=portal_id or record.portal_id,
            sent=sent or record.sent,
            documento=_documento(sent) or record.documento,
        )
        entry = self._entry(record, outcome, moved.status, code, message, attempts)
        if not self.journal.move(moved, record.status, entry):
            raise StalePlan(f"{record.kind.value} {record.codigo} was moved by another run")
        self.records[record.codigo] = moved
        return self.result(moved, outcome, message, code=code, attempts=attempts)

    def note(self, record: Record, outcome: Outcome, message: str, *, code: str, attempts: int = 0) -> Result:
        """Write down what moves nothing."""
        self.journal.note(self._entry(record, outcome, record.status, code, message, attempts))
        return self.result(record, outcome, message, code=code, attempts=attempts)

    def result(
        self, record: Record, outcome: Outcome, message: str = "", *, code: str = "", attempts: int = 0
    ) -> Result:
        """A result, nothing written."""
        return Result(
            kind=self.kind,
            codigo=record.codigo,
            nome=record.nome,
            outcome=outcome,
            status=record.status,
            code=code,
            message=message,
            portal_id=record.portal_id,
            attempts=attempts,
        )

    def _entry(
        self, record: Record, outcome: Outcome, status: Status, code: str, message: str, attempts: int
    ) -> LogEntry:
        return LogEntry(
            at=self.clock(),
            kind=self.kind,
            codigo=record.codigo,
            nome=record.nome,
            proemp=self.journal.proemp if self.kind is Kind.EMPRESA else None,
            operador=self.operador,
            outcome=outcome,
            status=status,
            code=code,
            message=message,
            run=self.run,
            plan=self.plan.fingerprint if self.plan else "",
            attempts=attempts,
        )

    # ----------------------------------------------------------------- what is in flight

    def in_flight(self) -> tuple[Record, ...]:
        """The records of which it is not known whether the portal has them."""
        return tuple(record for record in self.records.values() if record.status in IN_FLIGHT)

    def settle(self, view: View) -> Iterator[Result]:
        """Settle what is in flight by what the portal shows. No other run writes now, so whoever began it is gone."""
        for record in self.in_flight():
            if record.status is Status.EM_ENVIO:
                self.move(record, Outcome.IN_DOUBT, "A execução que enviava terminou antes da resposta.")
            yield self.settle_one(self.records[record.codigo], view)

    def settle_one(self, record: Record, view: View) -> Result:
        """Settle one that is in doubt."""
        seen = view.match(record.codigo, record.documento)
        if seen:
            return self.move(
                record, Outcome.FOUND, "Estava no portal: o envio tinha sido aceito.", portal_id=seen.id
            )
        return self.move(record, Outcome.ABSENT, "Não está no portal: pode ser enviado.")


def _documento(draft: Draft | None) -> Cnpj | Cpf | None:
    if draft is None:
        return None
    return draft.documento if isinstance(draft, EmpresaNova) else draft.cpf


@define
class Run:
    """A plan being applied. ``begin``, ``look``, ``settle``, then ``execute`` for each action, then ``end``."""

    config: Config
    diary: Diary
    plan: Plan

    def begin(self) -> None:
        """Refuse what must not be applied, bind the journal, keep the plan for a resume."""
        plan, journal = self.plan, self.diary.journal
        resource = EMPRESAS if plan.kind is Kind.EMPRESA else USUARIOS
        creates = any(action.verdict is Verdict.CREATE for action in plan.actions)
        if creates and self.config.route_for_writing(resource.name) is None:
            raise WritesNotConfigured(resource.name)
        if journal.moved_by_others(plan.kind, plan.revision, plan.fingerprint):
            raise StalePlan(f"other {plan.kind.value}s were integrated since it was made")
        journal.bind(self.config.account, plan.policy.proemp if plan.kind is Kind.EMPRESA else None)
        journal.begin(plan)

    def look(self) -> Flow[View]:
        """What the portal shows, if anything of the plan depends on it."""
        wanted = [
            documento
            for action in self.plan.actions
            if action.verdict in {Verdict.CREATE, Verdict.ADOPT} and not self._done(action)
            if (documento := _documento(action.draft))
        ]
        wanted += [record.documento for record in self.diary.in_flight() if record.documento]
        if not wanted:
            return View()
        return (yield from look(self.config, self.plan.kind, dict.fromkeys(wanted)))

    def settle(self, view: View) -> None:
        """Settle what an earlier run left in flight. (The journal tells; the plan's own result follows.)"""
        for _ in self.diary.settle(view):
            pass

    def end(self) -> None:
        """Nothing is left to do, unless something is in doubt."""
        if not self.diary.in_flight():
            self.diary.journal.finish(self.plan)

    def _done(self, action: Action) -> bool:
        known = self.diary.records.get(action.codigo)
        return known is not None and known.status in IN_PORTAL

    # ----------------------------------------------------------------- one action

    def execute(self, action: Action, view: View) -> Flow[Result]:
        """Do one action. Raises PortalError, everything noted, where :func:`stops` says that the run must end."""
        diary, record = self.diary, self.diary.record_of(action)
        code = action.findings[0].reason.value
        match action.verdict:
            case Verdict.REFUSE:
                return diary.note(record, Outcome.REFUSED, action.reason, code=code)
            case Verdict.KEEP:
                return diary.result(record, Outcome.KEPT, action.reason, code=code)
            case _ if self._done(action):
                reason = Reason.JA_INTEGRADA
                return diary.result(record, Outcome.KEPT, reason.sentence, code=reason.value)
            case Verdict.SKIP if action.status is Status.DESLIGADA and record.status is not Status.DESLIGADA:
                return diary.move(record, Outcome.LEFT, action.reason, code=code)
            case Verdict.SKIP:
                return diary.result(record, Outcome.SKIPPED, action.reason, code=code)
            case Verdict.CREATE | Verdict.ADOPT:
                return (yield from self._integrate(action, record, view))

    def _integrate(self, action: Action, record: Record, view: View) -> Flow[Result]:
        diary, documento = self.diary, _documento(action.draft)
        assert action.draft is not None and documento is not None, "a plan sends only what it holds"
        record = evolve(record, nome=action.nome, documento=documento)
        if record.status is Status.DESLIGADA:
            diary.move(record, Outcome.RETURNED)
            record = diary.records[record.codigo]
        seen = view.match(action.codigo, documento)
        if seen:
            return diary.move(
                record,
                Outcome.FOUND,
                Reason.JA_NO_PORTAL.sentence,
                code=Reason.JA_NO_PORTAL.value,
                portal_id=seen.id,
                sent=action.draft,
            )
        objection = self._objection(action, view, documento)
        if objection:
            return diary.note(record, Outcome.REFUSED, objection.sentence, code=objection.value)
        return (yield from self._send(record, action.draft))

    def _objection(self, action: Action, view: View, documento: Cnpj | Cpf) -> Reason | None:
        """What the portal shows now and did not show when the plan was made."""
        if view.by_document.get(documento):
            return Reason.DOCUMENTO_NO_PORTAL
        if view.by_codigo.get(action.codigo) and self.plan.kind is Kind.EMPRESA:
            return Reason.CODIGO_NO_PORTAL
        if action.verdict is Verdict.ADOPT:
            return Reason.NAO_MAIS_NO_PORTAL
        return None

    def _send(self, record: Record, draft: Draft) -> Flow[Result]:
        diary = self.diary
        diary.move(record, Outcome.ATTEMPTED, sent=draft)  # durable before the first byte leaves
        record = diary.records[record.codigo]
        try:
            portal_id = yield from _create(self.config, draft)
        except PortalError as error:
            sure = surely_not_accepted(error)
            outcome = Outcome.FAILED if sure else Outcome.IN_DOUBT
            message = told(error) if sure else f"{told(error)} {_LOST}".replace(f"{_LOST} {_LOST}", _LOST)
            result = diary.move(record, outcome, message, code=error.code, attempts=error.attempts)
            if stops(error):
                raise
            return result if sure else (yield from self._look_once(result))
        return diary.move(record, Outcome.INTEGRATED, portal_id=portal_id, attempts=1)

    def _look_once(self, lost: Result) -> Flow[Result]:
        """Look for a record whose answer was lost. Not seen yet is no proof: then it stays in doubt."""
        record = self.diary.records[lost.codigo]
        assert record.documento is not None
        try:
            view = yield from look(self.config, self.plan.kind, (record.documento,))
        except PortalError:
            return lost  # still in doubt, which the journal says; the next run looks again
        if view.match(record.codigo, record.documento):
            return evolve(self.diary.settle_one(record, view), attempts=lost.attempts)
        return lost


def _create(config: Config, draft: Draft) -> Flow[str]:
    if isinstance(draft, EmpresaNova):
        empresa = yield from _flow.create(config, EMPRESAS, draft)
        return empresa.id
    usuario = yield from _flow.create(config, USUARIOS, draft)
    return usuario.id
