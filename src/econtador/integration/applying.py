"""One run over one plan: the once-only rules, step by step.

1. the intent is durable in the journal before the bytes leave;
2. a write whose answer is lost is in doubt, and is never sent again before the portal was looked at, nor on
   the word of one early look: a portal may show late what it has;
3. a record moves from the status that this run saw, so that two runs never both send it.

Nothing here writes or waits: a run *decides* what is to be written to the journal (:class:`Decided`), whoever drives it
writes that, sends what is to be sent, and asks what follows. It can be killed between any two of them.
"""

import datetime
import uuid
from collections.abc import Callable, Collection

from attrs import define, evolve, field, frozen

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
from econtador.gap.models import Proemp
from econtador.integration.journal import Journal, LogEntry, Move, Record
from econtador.integration.looking import View, look
from econtador.integration.plan import Action, Draft, Plan
from econtador.integration.policy import Policy, Verdict
from econtador.integration.reasons import Reason
from econtador.integration.report import Result
from econtador.integration.safeguards import NOTED
from econtador.integration.status import IN_FLIGHT, IN_PORTAL, TRANSITIONS, Kind, Outcome, Status, after
from econtador.portal import _flow
from econtador.portal._flow import Flow
from econtador.portal._wire.empresas import EMPRESAS, USUARIOS
from econtador.portal.config import Config
from econtador.portal.models import EmpresaNova
from econtador.portal.retry import surely_not_accepted

__all__ = ["Decided", "Diary", "Run", "Sent", "stops", "told"]

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


@frozen
class Decided:
    """What is to be written, what is to be told, and what is to be sent in between."""

    result: Result
    moves: tuple[Move, ...] = ()
    draft: Draft | None = None
    """To be sent once the moves are durable; the result is then the attempt's."""


@define
class Diary:
    """The journal as one run sees and writes it: who, when, under which policy and plan."""

    kind: Kind
    operador: str
    clock: Callable[[], datetime.datetime]
    policy: Policy
    proemp: Proemp | None
    revision: int
    """The journal's when *records* were read, and what this run has written since: what is beyond it is another run's."""
    records: dict[str, Record]
    """As the journal has them; :meth:`written` keeps them so."""
    plan: Plan | None = None
    run: str = field(factory=lambda: uuid.uuid4().hex[:12])

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
        action: Action | None = None,
        attempts: int = 0,
    ) -> Decided:
        """*record* along the table."""
        now, sent = self.clock(), action.draft if action else None
        moved = Record(
            kind=record.kind,
            codigo=record.codigo,
            nome=record.nome,
            documento=_documento(sent) or record.documento,
            status=after(record.status, outcome),
            portal_id=portal_id or record.portal_id,
            sent=sent or record.sent,
            attempted_at=now if outcome is Outcome.ATTEMPTED else record.attempted_at,
        )
        entry = self._entry(now, moved, outcome, message, code, action, attempts, moved=True)
        move = Move(entry=entry, record=moved, expected=record.status)
        return Decided(self.result(moved, outcome, message, code=code, attempts=attempts), (move,))

    def note(
        self,
        record: Record,
        outcome: Outcome,
        message: str,
        *,
        code: str,
        action: Action | None = None,
        attempts: int = 0,
    ) -> Decided:
        """What moves nothing, and is written down."""
        entry = self._entry(self.clock(), record, outcome, message, code, action, attempts, moved=False)
        told = self.result(record, outcome, message, code=code, attempts=attempts)
        return Decided(told, (Move(entry=entry),))

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

    def written(self, moves: Collection[Move], done: Collection[bool]) -> None:
        """*moves* were given to the journal. Raises StalePlan where another run had been faster."""
        self.revision += sum(done)
        for move, wrote in zip(moves, done, strict=True):
            if not wrote:
                raise StalePlan(f"{self.kind.value} {move.entry.codigo} was moved by another run")
            if move.record is not None:
                self.records[move.record.codigo] = move.record

    def _entry(
        self,
        now: datetime.datetime,
        record: Record,
        outcome: Outcome,
        message: str,
        code: str,
        action: Action | None,
        attempts: int,
        *,
        moved: bool,
    ) -> LogEntry:
        return LogEntry(
            at=now,
            kind=self.kind,
            codigo=record.codigo,
            nome=record.nome,
            proemp=self.proemp if self.kind is Kind.EMPRESA else None,
            operador=self.operador,
            outcome=outcome,
            status=record.status,
            code=code,
            message=message,
            run=self.run,
            plan=self.plan.fingerprint if self.plan else "",
            action=action.fingerprint if action else "",
            policy=self.policy.fingerprint,
            attempts=attempts,
            losses=len({loss.field for loss in action.losses if not loss.lossless}) if action else 0,
            moved=moved,
        )

    # ----------------------------------------------------------------- what is in flight

    def in_flight(self) -> tuple[Record, ...]:
        """The records of which it is not known whether the portal has them."""
        return tuple(record for record in self.records.values() if record.status in IN_FLIGHT)

    def settle(self, record: Record, view: View) -> Decided:
        """One in flight by what the portal shows. Whoever began to send it is gone, or gave up."""
        moves: tuple[Move, ...] = ()
        if record.status is Status.EM_ENVIO:
            ended = self.move(record, Outcome.IN_DOUBT, "A execução que enviava terminou antes da resposta.")
            moves, record = ended.moves, evolve(record, status=Status.EM_DUVIDA)
        seen = view.match(record.codigo, record.documento)
        if seen:
            words = "Estava no portal: o envio tinha sido aceito."
            decided = self.move(record, Outcome.FOUND, words, portal_id=seen.id)
        elif self._too_early(record):
            decided = self.note(record, Outcome.IN_DOUBT, _TOO_EARLY, code=Reason.CEDO_DEMAIS.value)
        else:
            decided = self.move(record, Outcome.ABSENT, "Não está no portal: pode ser enviado.")
        return evolve(decided, moves=(*moves, *decided.moves))

    def _too_early(self, record: Record) -> bool:
        """Whether a portal that shows late could have it and not show it yet."""
        if record.attempted_at is None:
            return False
        elapsed = (self.clock() - record.attempted_at).total_seconds()
        # A clock that went backwards tells nothing, hence waits.
        return elapsed < self.policy.doubt_seconds

    def release(self, codigo: str) -> Decided:
        """A person has looked in the portal, and it is not there."""
        reason = Reason.CONFERIDO
        return self.move(self.records[codigo], Outcome.ABSENT, reason.sentence, code=reason.value)


_TOO_EARLY = Reason.CEDO_DEMAIS.sentence
_MAY_LEAVE = frozenset(before for before, outcome in TRANSITIONS if outcome is Outcome.LEFT)


def _documento(draft: Draft | None) -> Cnpj | Cpf | None:
    if draft is None:
        return None
    return draft.documento if isinstance(draft, EmpresaNova) else draft.cpf


@frozen
class Sent:
    """What came of sending: the portal's id, or the error, and then perhaps what one look showed."""

    portal_id: str | None = None
    attempts: int = 1
    error: PortalError | None = None
    view: View | None = None


@define
class Run:
    """A plan being applied: :meth:`begin` and :meth:`look`; then for each action :meth:`decide`,
    :meth:`send`, :meth:`conclude`; then :meth:`end`."""

    config: Config
    diary: Diary
    plan: Plan
    noted: frozenset[tuple[str, str, str]] = frozenset()
    """Código, code and name of what earlier runs wrote down of records that were kept."""

    def begin(self, journal: Journal) -> None:
        """Refuse what must not be applied, bind the journal, keep the plan for a resume."""
        plan = self.plan
        resource = EMPRESAS if plan.kind is Kind.EMPRESA else USUARIOS
        creates = any(action.verdict is Verdict.CREATE for action in plan.actions)
        if creates and self.config.route_for_writing(resource.name) is None:
            raise WritesNotConfigured(resource.name)
        if plan.revision > journal.revision():
            raise StalePlan("it was made over a journal that knew more than this one: is it the right file?")
        if journal.moved_by_others(plan.kind, plan.revision, plan.fingerprint):
            raise StalePlan(f"other {plan.kind.value}s were integrated since it was made")
        journal.bind(self.config.account, plan.policy.proemp if plan.kind is Kind.EMPRESA else None)
        self.diary.proemp = journal.proemp
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
        return (yield from look(self.config, self.plan.kind, wanted))

    def end(self, journal: Journal) -> None:
        """Nothing is left to do, unless something is in doubt, or in another run's hands."""
        if journal.revision() != self.diary.revision:
            self.diary.records.update(journal.records(self.plan.kind))
        if not self.diary.in_flight():
            journal.finish(self.plan)

    def _done(self, action: Action) -> bool:
        known = self.diary.records.get(action.codigo)
        return known is not None and known.status in IN_PORTAL

    def _is_news(self, action: Action) -> bool:
        """Whether what is kept has something to it that the log does not say yet."""
        return (action.codigo, action.findings[0].reason.value, action.nome) not in self.noted and (
            action.findings[0].reason in NOTED
        )

    # ----------------------------------------------------------------- one action

    def decide(self, action: Action, view: View) -> Decided:
        """What is to be done with one record, as things stand."""
        diary, record = self.diary, self.diary.record_of(action)
        code = action.findings[0].reason.value
        match action.verdict:
            case Verdict.REFUSE:
                return diary.note(record, Outcome.REFUSED, action.reason, code=code, action=action)
            case Verdict.KEEP if self._is_news(action):
                return diary.note(record, Outcome.KEPT, action.reason, code=code)
            case Verdict.KEEP:
                return Decided(diary.result(record, Outcome.KEPT, action.reason, code=code))
            case _ if self._done(action):
                reason = Reason.JA_INTEGRADA
                return Decided(diary.result(record, Outcome.KEPT, reason.sentence, code=reason.value))
            case Verdict.SKIP if action.status is Status.DESLIGADA and record.status in _MAY_LEAVE:
                return diary.move(record, Outcome.LEFT, action.reason, code=code)
            case Verdict.SKIP:
                return Decided(diary.result(record, Outcome.SKIPPED, action.reason, code=code))
            case Verdict.CREATE | Verdict.ADOPT:
                return self._integrate(action, record, view)

    def _integrate(self, action: Action, record: Record, view: View) -> Decided:
        diary, documento = self.diary, _documento(action.draft)
        assert action.draft is not None and documento is not None, "a plan sends only what it holds"
        if record.status is Status.EM_ENVIO:
            reason = Reason.COM_OUTRA_EXECUCAO
            return Decided(diary.result(record, Outcome.KEPT, reason.sentence, code=reason.value))
        if record.status is Status.EM_DUVIDA:
            return Decided(diary.result(record, Outcome.IN_DOUBT, _TOO_EARLY, code=Reason.CEDO_DEMAIS.value))
        if record.status is not Status.DESLIGADA:
            return self._create_or_adopt(action, record, documento, view)
        returned = diary.move(evolve(record, documento=documento), Outcome.RETURNED).moves
        back = evolve(record, documento=documento, status=Status.NAO_INTEGRADO)
        decided = self._create_or_adopt(action, back, documento, view)
        return evolve(decided, moves=(*returned, *decided.moves))

    def _create_or_adopt(self, action: Action, record: Record, documento: Cnpj | Cpf, view: View) -> Decided:
        seen = view.match(action.codigo, documento)
        if seen:
            reason = Reason.JA_NO_PORTAL
            return self.diary.move(
                record, Outcome.FOUND, reason.sentence, code=reason.value, portal_id=seen.id, action=action
            )
        objection = self._objection(action, view, documento)
        if objection:
            return self.diary.note(
                record, Outcome.REFUSED, objection.sentence, code=objection.value, action=action
            )
        # Durable before the first byte leaves.
        attempt = self.diary.move(record, Outcome.ATTEMPTED, action=action)
        return Decided(attempt.result, attempt.moves, action.draft)

    def _objection(self, action: Action, view: View, documento: Cnpj | Cpf) -> Reason | None:
        """What the portal shows now and did not show when the plan was made."""
        if view.by_document.get(documento):
            return Reason.DOCUMENTO_NO_PORTAL
        if view.by_codigo.get(action.codigo) and self.plan.kind is Kind.EMPRESA:
            return Reason.CODIGO_NO_PORTAL
        if action.verdict is Verdict.ADOPT:
            return Reason.NAO_MAIS_NO_PORTAL
        return None

    def send(self, draft: Draft) -> Flow[Sent]:
        """POST *draft*; where its answer is lost, look for it once."""
        writes: list[None] = []
        try:
            creating = _create(self.config, draft)
            portal_id = yield from _flow.before_each(creating, lambda: writes.append(None))
        except PortalError as error:
            if surely_not_accepted(error) or stops(error):
                return Sent(error=error, attempts=error.attempts)
            documento = _documento(draft)
            assert documento is not None
            try:
                view = yield from look(self.config, self.plan.kind, (documento,))
            except PortalError:
                view = None  # still in doubt, which the journal says; the next run looks again
            return Sent(error=error, attempts=error.attempts, view=view)
        return Sent(portal_id, attempts=len(writes))

    def conclude(self, action: Action, sent: Sent) -> Decided:
        """What came of an action that was sent. Not seen by one look is no proof: it stays in doubt."""
        diary, record, error = self.diary, self.diary.records[action.codigo], sent.error
        if error is None:
            return diary.move(
                record, Outcome.INTEGRATED, portal_id=sent.portal_id, action=action, attempts=sent.attempts
            )
        sure = surely_not_accepted(error)
        outcome = Outcome.FAILED if sure else Outcome.IN_DOUBT
        words = told(error)
        message = words if sure or words == _LOST else f"{words} {_LOST}"
        lost = diary.move(record, outcome, message, code=error.code, action=action, attempts=sent.attempts)
        if sure or sent.view is None or not sent.view.match(record.codigo, record.documento):
            return lost
        found = diary.settle(evolve(record, status=Status.EM_DUVIDA), sent.view)
        return Decided(evolve(found.result, attempts=sent.attempts), (*lost.moves, *found.moves))


def _create(config: Config, draft: Draft) -> Flow[str]:
    if isinstance(draft, EmpresaNova):
        empresa = yield from _flow.create(config, EMPRESAS, draft)
        return empresa.id
    usuario = yield from _flow.create(config, USUARIOS, draft)
    return usuario.id
