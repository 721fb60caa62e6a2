"""The rules of the integration: pure functions, each with a verdict, a reason and its source.

The rules of the article: only one PROEMP for a portal account, only what was selected, desligadas left
out, once only. Those on documents and e-mails are this library's, since the portal keys companies by
CNPJ and users by CPF, and mails the password (see the documentation's page on what is assumed).
"""

import enum
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, Generic, TypeVar

from attrs import Factory, field, frozen
from attrs.converters import optional

from econtador.documents import Cnpj, Cpf
from econtador.errors import redacted_repr
from econtador.gap.models import EmpresaGap, Proemp, UsuarioGap
from econtador.integration.fields import Loss
from econtador.integration.reasons import Finding, Reason
from econtador.integration.status import IN_FLIGHT, IN_PORTAL, Status
from econtador.overriding import override

__all__ = [
    "EMPRESA_RULES",
    "SETTLED",
    "TODAS",
    "USUARIO_RULES",
    "Breaker",
    "Case",
    "Decision",
    "Guards",
    "Known",
    "Limit",
    "Policy",
    "Rule",
    "Scene",
    "Seen",
    "Todas",
    "Verdict",
    "decide",
    "documento_of",
    "nome_of",
]


SETTLED: Final = IN_PORTAL | IN_FLIGHT
"""It is in the portal, or may be."""


class Todas(enum.Enum):
    """The selection of everything, said in so many words."""

    TODAS = "todas"

    @override
    def __repr__(self) -> str:
        return "TODAS"


TODAS: Final = Todas.TODAS
"""``selected=TODAS``. The article advises against it: send only what will be used in the portal."""


class Verdict(enum.Enum):
    """What is to be done with a record."""

    CREATE = "integrar"
    ADOPT = "reconhecer"
    """It is in the portal already: becomes *Integrado* without a write."""
    KEEP = "manter"
    SKIP = "deixar"
    REFUSE = "recusar"

    @override
    def __str__(self) -> str:
        return self.value


def _proemp(value: str | Proemp) -> Proemp:
    return value if isinstance(value, Proemp) else Proemp(value)


@frozen
class Limit:
    """Reached by so many records, and at once by so large a share of all."""

    records: int
    share: float = field(default=0.0, converter=float)
    """Of 1."""

    def reached(self, count: int, total: int) -> bool:
        """Whether *count* of *total* reach it."""
        return count >= self.records and count >= self.share * total


@frozen(kw_only=True)
class Guards:
    """What a plan needs an explicit yes for; None asks for none.

    The shares are this library's; services that provision users have similar ones (20 % is common).
    """

    leaving: Limit | None = Limit(5, 0.2)
    """Integrated, and desligada since."""
    renamed: Limit | None = Limit(5, 0.2)
    """Integrated under another name."""
    losing: Limit | None = None
    """Would be sent with text cut off. For the office to set: three of four activities are longer than the portal takes."""
    window_days: int = 30
    """What earlier runs did in these days counts too."""


@frozen(kw_only=True)
class Breaker:
    """When a run ends by itself. Bad credentials, and a portal that is not there, end it at once whatever is said here."""

    in_a_row: int | None = 5
    """So many records with the very same failure one after the other."""
    share: float | None = field(default=0.5, converter=optional(float))
    """More than this share of what was sent, of 1, once enough was sent."""
    share_after: int = 20
    """What is enough."""


@frozen(kw_only=True)
class Policy:
    """What an office decides once. A frozen value: a plan carries the one that it was made under.

    >>> Policy(proemp="proemp00").proemp.name
    'PROEMP00'
    """

    proemp: Proemp = field(converter=_proemp)
    """The one work folder whose companies go to this portal account."""
    send_cut_identifiers: bool = False
    """Send an IE or IM that had to be cut, as the article has it. Refused unless said: a cut number is another one."""
    doubt_seconds: float = field(default=900.0, converter=float)
    """How long a portal may take to show what it accepted. A record whose answer was lost is not sent again on the
    word of a look before that (*assumed*: nobody has measured such a lag; a person can release it sooner)."""

    guards: Guards = Guards()
    breaker: Breaker = Breaker()

    @cached_property
    def fingerprint(self) -> str:
        """16 hexadecimal digits that stand for these very rules."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


@frozen
class Known:
    """What the journal knows of a record."""

    status: Status
    documento: Cnpj | Cpf | None
    nome: str = field(default="", repr=redacted_repr)
    """As GAP had it when it was last moved."""


@frozen
class Seen:
    """A record as it was seen in the portal."""

    id: str = field(repr=redacted_repr)
    """A user's is the login, a CPF."""
    nome: str = field(repr=False)
    documento: Cnpj | Cpf | None = None
    codigo: str | None = None


@frozen(kw_only=True)
class Scene:
    """Everything that the rules may look at beside the record itself."""

    proemp: Proemp
    send_cut_identifiers: bool = False
    selected: frozenset[str] | Todas = TODAS
    known: Mapping[str, Known] = field(factory=dict[str, Known])
    """By código."""
    integrated: Mapping[Cnpj | Cpf, str] = field(factory=dict[Cnpj | Cpf, str])
    """Código of what is, or may be, in the portal, by document."""
    repeated_codigos: frozenset[str] = frozenset()
    repeated: Mapping[Cnpj | Cpf, tuple[str, ...]] = field(factory=dict[Cnpj | Cpf, tuple[str, ...]])
    """Códigos that share a document, among those that would be sent."""
    by_document: Mapping[Cnpj | Cpf, tuple[Seen, ...]] = field(factory=dict[Cnpj | Cpf, tuple[Seen, ...]])
    by_codigo: Mapping[str, tuple[Seen, ...]] = field(factory=dict[str, tuple[Seen, ...]])


R = TypeVar("R", EmpresaGap, UsuarioGap)
V = TypeVar("V")


def _under(by_documento: Mapping[Cnpj | Cpf, V], documento: Cnpj | Cpf | None) -> V | None:
    """What a document stands for; None where there is nothing, or no document."""
    # Mostly there is none of it at all, and to see that takes less than the document's hash.
    return by_documento.get(documento) if documento and by_documento else None


@frozen
class Case(Generic[R]):
    """One record before the rules: as GAP has it, as it would be sent, what that loses, and the scene."""

    record: R
    fitted: R
    losses: tuple[Loss, ...]
    scene: Scene
    documento: Cnpj | Cpf | None = field(init=False, repr=False)
    known: Known | None = field(init=False)
    """What the journal knows of its código."""
    seen: tuple[Seen, ...] = field(init=False)
    """What the portal has with its document."""

    def __attrs_post_init__(self) -> None:
        # Once for all rules: several ask for each, and most records have none of it.
        documento = documento_of(self.record)
        object.__setattr__(self, "documento", documento)
        object.__setattr__(self, "known", self.scene.known.get(self.record.codigo))
        object.__setattr__(self, "seen", _under(self.scene.by_document, documento) or ())


@frozen
class Decision:
    """The verdict on one record, and why; several reasons only for a refusal."""

    verdict: Verdict
    findings: tuple[Finding, ...]


def _alone(rule: "Rule[R]") -> Decision:
    return Decision(rule.verdict, (Finding(rule.reason),))


@frozen
class Rule(Generic[R]):
    """Where *applies* returns a text (its detail, often empty), the verdict follows for that reason."""

    reason: Reason
    verdict: Verdict
    applies: Callable[[Case[R]], str | None]
    alone: Decision = field(init=False, repr=False, default=Factory(_alone, takes_self=True))
    """Where it applies without a detail: one value for all records, since most fare so. Not for refusals, which add up."""


def decide(rules: tuple[Rule[R], ...], case: Case[R]) -> Decision:
    """Ask the rules in order. The first that applies gives the verdict; further refusals are told with the first."""
    asked: Iterator[Rule[R]] = iter(rules)
    for rule in asked:
        detail = rule.applies(case)
        if detail is not None:
            if rule.verdict is Verdict.REFUSE:
                return Decision(rule.verdict, (Finding(rule.reason, detail), *_refusals(asked, case)))
            return Decision(rule.verdict, (Finding(rule.reason, detail),)) if detail else rule.alone
    raise AssertionError("the last rule always applies")


def _refusals(rules: Iterable[Rule[R]], case: Case[R]) -> Iterator[Finding]:
    for rule in rules:
        if rule.verdict is Verdict.REFUSE and (detail := rule.applies(case)) is not None:
            yield Finding(rule.reason, detail)


# --------------------------------------------------------------------------- rules for both kinds


def _listed(names: list[str]) -> str | None:
    return ", ".join(names) or None


def documento_of(record: EmpresaGap | UsuarioGap) -> Cnpj | Cpf | None:
    """What the portal keys the record by: a company's CNPJ or CPF, a user's CPF; None where it is not valid."""
    written = record.documento if isinstance(record, EmpresaGap) else record.cpf
    return None if isinstance(written, str) else written


def nome_of(record: EmpresaGap | UsuarioGap) -> str:
    """A company's razão social, a user's name."""
    return record.razao_social if isinstance(record, EmpresaGap) else record.nome


def _is(case: Case[R], statuses: frozenset[Status]) -> bool:
    """Whether the journal knows the record as one of these."""
    return case.known is not None and case.known.status in statuses


def _codigo_repetido(case: Case[R]) -> str | None:
    return "" if case.record.codigo in case.scene.repeated_codigos else None


def _codigo_reutilizado(case: Case[R]) -> str | None:
    known = case.known
    return "" if known is not None and known.status in SETTLED and known.documento != case.documento else None


def _integrada_e_desligada(case: Case[R]) -> str | None:
    return "" if _is(case, IN_PORTAL) and case.record.data_desligamento is not None else None


def _renomeada(case: Case[R]) -> str | None:
    known = case.known
    if known is None or known.status not in IN_PORTAL or not known.nome:
        return None
    return "" if known.nome != nome_of(case.record) else None


def _ja_integrada(case: Case[R]) -> str | None:
    return "" if _is(case, IN_PORTAL) else None


def _desligada(case: Case[R]) -> str | None:
    return "" if case.record.data_desligamento is not None else None


def _nao_selecionada(case: Case[R]) -> str | None:
    selected = case.scene.selected
    return "" if not isinstance(selected, Todas) and case.record.codigo not in selected else None


def _documento_repetido(case: Case[R]) -> str | None:
    codigos = _under(case.scene.repeated, case.documento)
    return _listed([codigo for codigo in codigos if codigo != case.record.codigo]) if codigos else None


def _documento_ja_integrado(case: Case[R]) -> str | None:
    codigo = _under(case.scene.integrated, case.documento)
    return codigo if codigo != case.record.codigo else None


def _ambigua_no_portal(case: Case[R]) -> str | None:
    return f"ids {', '.join(seen.id for seen in case.seen)}" if len(case.seen) > 1 else None


def _ja_no_portal(case: Case[R]) -> str | None:
    return "" if len(case.seen) == 1 else None


def _em_duvida(case: Case[R]) -> str | None:
    return "" if _is(case, IN_FLIGHT) else None


def _always(case: Case[R]) -> str | None:
    return ""


# --------------------------------------------------------------------------- rules for companies


def _outra_proemp(case: Case[EmpresaGap]) -> str | None:
    name = case.record.proemp.name
    return name if name != case.scene.proemp.name else None


def _documento_invalido(case: Case[EmpresaGap]) -> str | None:
    return "" if isinstance(case.record.documento, str) else None


def _inscricao_cortada(case: Case[EmpresaGap]) -> str | None:
    if case.scene.send_cut_identifiers or not case.losses:
        return None
    return _listed([loss.field for loss in case.losses if loss.identifier])


def _documento_no_portal(case: Case[EmpresaGap]) -> str | None:
    if not case.seen:
        return None
    return _listed([seen.codigo for seen in case.seen if seen.codigo and seen.codigo != case.record.codigo])


def _codigo_no_portal(case: Case[EmpresaGap]) -> str | None:
    taken = case.scene.by_codigo.get(case.record.codigo)
    if not taken:
        return None
    return _listed([f"id {seen.id}" for seen in taken if seen.documento != case.record.documento])


# --------------------------------------------------------------------------- rules for users

# What a mail server would take is wider; this finds what is surely none: the portal mails the password.
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;.]+(?:\.[^@\s,;.]+)+")


def _cpf_ausente(case: Case[UsuarioGap]) -> str | None:
    return "" if case.record.cpf is None else None


def _cpf_invalido(case: Case[UsuarioGap]) -> str | None:
    return "" if isinstance(case.record.cpf, str) else None


def _email_ausente(case: Case[UsuarioGap]) -> str | None:
    return "" if case.record.email is None else None


def _email_invalido(case: Case[UsuarioGap]) -> str | None:
    email = case.record.email
    return "" if email is not None and not _EMAIL.fullmatch(email.strip()) else None


# --------------------------------------------------------------------------- the rules, in order

EMPRESA_RULES: tuple[Rule[EmpresaGap], ...] = (
    Rule(Reason.OUTRA_PROEMP, Verdict.REFUSE, _outra_proemp),
    Rule(Reason.CODIGO_REPETIDO, Verdict.REFUSE, _codigo_repetido),
    Rule(Reason.CODIGO_REUTILIZADO, Verdict.REFUSE, _codigo_reutilizado),
    Rule(Reason.INTEGRADA_E_DESLIGADA, Verdict.KEEP, _integrada_e_desligada),
    Rule(Reason.RENOMEADA, Verdict.KEEP, _renomeada),
    Rule(Reason.JA_INTEGRADA, Verdict.KEEP, _ja_integrada),
    Rule(Reason.DESLIGADA, Verdict.SKIP, _desligada),
    Rule(Reason.NAO_SELECIONADA, Verdict.SKIP, _nao_selecionada),
    Rule(Reason.DOCUMENTO_INVALIDO, Verdict.REFUSE, _documento_invalido),
    Rule(Reason.DOCUMENTO_REPETIDO, Verdict.REFUSE, _documento_repetido),
    Rule(Reason.DOCUMENTO_JA_INTEGRADO, Verdict.REFUSE, _documento_ja_integrado),
    Rule(Reason.INSCRICAO_CORTADA, Verdict.REFUSE, _inscricao_cortada),
    Rule(Reason.AMBIGUA_NO_PORTAL, Verdict.REFUSE, _ambigua_no_portal),
    Rule(Reason.DOCUMENTO_NO_PORTAL, Verdict.REFUSE, _documento_no_portal),
    Rule(Reason.CODIGO_NO_PORTAL, Verdict.REFUSE, _codigo_no_portal),
    Rule(Reason.JA_NO_PORTAL, Verdict.ADOPT, _ja_no_portal),
    Rule(Reason.EM_DUVIDA, Verdict.CREATE, _em_duvida),
    Rule(Reason.NOVA, Verdict.CREATE, _always),
)
"""The order is part of the rules: what is settled for ever comes first, what would be sent last."""

USUARIO_RULES: tuple[Rule[UsuarioGap], ...] = (
    Rule(Reason.CODIGO_REPETIDO, Verdict.REFUSE, _codigo_repetido),
    Rule(Reason.CODIGO_REUTILIZADO, Verdict.REFUSE, _codigo_reutilizado),
    Rule(Reason.INTEGRADA_E_DESLIGADA, Verdict.KEEP, _integrada_e_desligada),
    Rule(Reason.RENOMEADA, Verdict.KEEP, _renomeada),
    Rule(Reason.JA_INTEGRADA, Verdict.KEEP, _ja_integrada),
    Rule(Reason.DESLIGADA, Verdict.SKIP, _desligada),
    Rule(Reason.NAO_SELECIONADA, Verdict.SKIP, _nao_selecionada),
    Rule(Reason.CPF_AUSENTE, Verdict.REFUSE, _cpf_ausente),
    Rule(Reason.DOCUMENTO_INVALIDO, Verdict.REFUSE, _cpf_invalido),
    Rule(Reason.EMAIL_AUSENTE, Verdict.REFUSE, _email_ausente),
    Rule(Reason.EMAIL_INVALIDO, Verdict.REFUSE, _email_invalido),
    Rule(Reason.DOCUMENTO_REPETIDO, Verdict.REFUSE, _documento_repetido),
    Rule(Reason.DOCUMENTO_JA_INTEGRADO, Verdict.REFUSE, _documento_ja_integrado),
    Rule(Reason.AMBIGUA_NO_PORTAL, Verdict.REFUSE, _ambigua_no_portal),
    Rule(Reason.JA_NO_PORTAL, Verdict.ADOPT, _ja_no_portal),
    Rule(Reason.EM_DUVIDA, Verdict.CREATE, _em_duvida),
    Rule(Reason.NOVA, Verdict.CREATE, _always),
)
"""Users need no PROEMP (the article)."""
