"""What is sent to the portal to stay there: movements, candidates, bookings, notices, tickets, entries.

Each is checked when it is made: what the portal could not take as it is meant raises
:class:`~econtador.errors.InvalidDraft`. What is ``UNSET`` is not sent. A day is never ``None``: the desktop
product turns a null date into 30/12/1899 (attested). Ids are the portal's, as text.

A POST is not idempotent: sending one again makes a second one (attested).
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from attrs import field, frozen

from econtador.documents import Cnpj, Cpf
from econtador.errors import redacted_repr
from econtador.portal import _checks as check
from econtador.portal.values import UNSET, Maybe, Unset

__all__ = [
    "AgendamentoFeriasNovo",
    "AtendimentoNovo",
    "CandidatoNovo",
    "Falta",
    "LancamentosContabeis",
    "MovimentoNovo",
    "NotificacaoRescisaoNova",
    "Parecer",
]


# --------------------------------------------------------------------------- payroll


@frozen(kw_only=True)
class Falta:
    """A time of absence that a movement is about."""

    RESOURCE: ClassVar[str] = "movimentos"

    empresa: str = field(validator=check.id)
    funcionario: str = field(validator=check.id)
    inicio: date = field(validator=check.day)
    fim: date = field(validator=check.day)
    dia: date = field(validator=check.day)
    """Sent as *inicio* and *fim* are (*assumed*)."""

    def __attrs_post_init__(self) -> None:
        check.period(self, "inicio", "fim")


def _now() -> datetime:
    return datetime.now(UTC)


@frozen(kw_only=True)
class MovimentoNovo:
    """A movement of the payroll: an amount for one employee in one event. Attested by several integrators."""

    RESOURCE: ClassVar[str] = "movimentos"

    empresa: str = field(validator=check.id)
    funcionario: str = field(validator=check.id)
    tipo_movimento: str = field(validator=check.id)
    """The payroll: a :class:`~econtador.portal.pessoal.TipoMovimento`."""
    evento: str = field(validator=check.id)
    valor: Decimal | timedelta | int = field(validator=check.valor, repr=False)
    """Money in reais (``Decimal("100.00")``), hours (``timedelta(hours=7, minutes=45)``) or days (``3``)."""
    inicio: date = field(validator=check.day)
    fim: date = field(validator=check.day)
    criado: datetime = field(factory=_now, validator=check.instant)
    comentario: Maybe[str] = field(default=None, validator=check.text, repr=redacted_repr)
    """None is sent as null, as integrators do."""
    faltas: tuple[Falta, ...] = field(default=(), validator=check.several(Falta))

    def __attrs_post_init__(self) -> None:
        check.period(self, "inicio", "fim")


@frozen(kw_only=True)
class AgendamentoFeriasNovo:
    """A vacation to be booked. One integrator's transcription of the documentation.

    How its days are written is not attested (*assumed*: as in movements), nor is what *solicitacao* holds
    (*assumed*: the day of the request).
    """

    RESOURCE: ClassVar[str] = "agendamentos_ferias"

    funcionario: str = field(validator=check.id)
    de: date = field(validator=check.day)
    ate: date = field(validator=check.day)
    status: str | Unset = field(default=UNSET, validator=check.id)
    """Id in the lookup ``tipos-status-agendamento``."""
    adiantamento_decimo_terceiro: Maybe[bool] = field(default=UNSET, validator=check.flag)
    solicitacao: date | Unset = field(default=UNSET, validator=check.day)
    abono_dias: Maybe[int] = field(default=UNSET, validator=check.count)
    anotacoes: Maybe[str] = field(default=UNSET, validator=check.text, repr=redacted_repr)

    def __attrs_post_init__(self) -> None:
        check.period(self, "de", "ate")


@frozen(kw_only=True)
class NotificacaoRescisaoNova:
    """A notice of dismissal. One integrator's transcription of the documentation.

    What *solicitacao* and *criacao* hold and how they are written is not attested (*assumed*: days, as in
    movements).
    """

    RESOURCE: ClassVar[str] = "notificacoes_rescisao"

    funcionario: str = field(validator=check.id)
    empresa: str = field(validator=check.id)
    solicitacao: date | Unset = field(default=UNSET, validator=check.day)
    criacao: date | Unset = field(default=UNSET, validator=check.day)
    simulacao: Maybe[bool] = field(default=UNSET, validator=check.flag)
    documento_rescisao: str | Unset = field(default=UNSET, validator=check.id)
    """Id in the lookup ``tipos-documento-rescisao``."""
    aviso_previo: str | Unset = field(default=UNSET, validator=check.id)
    """Id in the lookup ``tipos-aviso-previo``."""
    emissor_notificacao: str | Unset = field(default=UNSET, validator=check.id)
    """Id in the lookup ``tipos-emissor``."""
    tipo_desligamento: str | Unset = field(default=UNSET, validator=check.id)
    """Id in the lookup ``tipos-desligamento``."""


# --------------------------------------------------------------------------- admission


@frozen(kw_only=True)
class CandidatoNovo:
    """Somebody to be admitted. In the vendor's documentation, and sent by one integrator in production.

    The first five are required. The office's *Campos Obrigatórios* may require more: the portal then answers
    400. Sizes are those above which it was met answering 422. The last, from *departamento* on, are ids: of a
    department, of a function, or in a lookup.
    """

    RESOURCE: ClassVar[str] = "candidatos"

    empresa: str = field(validator=check.id)
    nome: str = field(validator=check.filled, repr=redacted_repr)
    cpf: Cpf = field(validator=check.a(Cpf), repr=False)
    admissao: date = field(validator=check.day)
    nome_cargo: str = field(validator=check.filled)
    nascimento: date | Unset = field(default=UNSET, validator=check.day, repr=False)
    nome_da_mae: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    nome_do_pai: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    municipio_nascimento: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    possui_deficiencia: Maybe[bool] = field(default=UNSET, validator=check.flag, repr=False)
    observacao: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    ocorrencia: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    cep: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    rua: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    numero: Maybe[int] = field(default=UNSET, validator=check.count, repr=False)
    """Of the house."""
    bairro: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    complemento: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    """At most 40 characters."""
    cidade: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    email: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    telefone: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    """At most 12 or 13 characters, as *celular*."""
    celular: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    data_atestado_ocupacional: date | Unset = field(default=UNSET, validator=check.day, repr=False)
    dias_contrato_experiencia: Maybe[int] = field(default=UNSET, validator=check.count)
    """*Assumed* to be a whole number."""
    data_termino_contrato: date | Unset = field(default=UNSET, validator=check.day)
    primeiro_emprego: Maybe[bool] = field(default=UNSET, validator=check.flag, repr=False)
    salario: Maybe[Decimal] = field(default=UNSET, validator=check.money, repr=False)
    """In reais; the portal takes a number."""
    proventos_e_descontos: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    requer_seguro_desemprego: Maybe[bool] = field(default=UNSET, validator=check.flag, repr=False)
    pis: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    """At most 14 characters."""
    data_pis: date | Unset = field(default=UNSET, validator=check.day, repr=False)
    cnh: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    emissao_cnh: date | Unset = field(default=UNSET, validator=check.day, repr=False)
    orgao_emissor_cnh: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    """At most 9 characters."""
    validade_cnh: date | Unset = field(default=UNSET, validator=check.day, repr=False)
    primeira_emissao_cnh: date | Unset = field(default=UNSET, validator=check.day, repr=False)
    identidade: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    """At most 15 characters."""
    data_identidade: date | Unset = field(default=UNSET, validator=check.day, repr=False)
    orgao_emissor_identidade: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    """At most 9 characters."""
    ctps: Maybe[int] = field(default=UNSET, validator=check.count, repr=False)
    serie_ctps: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    """At most 5 characters."""
    data_ctps: date | Unset = field(default=UNSET, validator=check.day, repr=False)
    titulo_eleitor: Maybe[int] = field(default=UNSET, validator=check.count, repr=False)
    """At most 12 digits."""
    zona_titulo_eleitor: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    secao_titulo_eleitor: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    banco: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    """The bank's code, as text."""
    agencia: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    conta: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    vales_transporte: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    """*Assumed* to be text, as *proventos_e_descontos* and *ocorrencia* are."""
    historico_solicitacao: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    usuario_criacao: Maybe[str] = field(default=UNSET, validator=check.text, repr=False)
    data_criacao: date | Unset = field(default=UNSET, validator=check.day)
    departamento: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    funcao: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    status_admissao: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    tipo_admissao: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    tipo_vinculo_trabalhista: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    categoria_wdp: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    forma_pagamento: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    tipo_conta: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    sexo: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    raca: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    escolaridade: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    estado_civil: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    nacionalidade: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    pais_nascimento: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    pais: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    estado: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    naturalidade: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    uf_identidade: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    uf_ctps: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    uf_cnh: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    tipo_identidade: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    categoria_cnh: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    tipo_de_deficiencia: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    status_atestado_ocupacional: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    foto: str | Unset = field(default=UNSET, validator=check.id, repr=False)


# --------------------------------------------------------------------------- other hosts


@frozen(kw_only=True)
class Parecer:
    """The first word on a ticket."""

    RESOURCE: ClassVar[str] = "atendimentos"

    texto: str = field(validator=check.filled, repr=redacted_repr)
    data: datetime = field(factory=_now, validator=check.instant)


@frozen(kw_only=True)
class AtendimentoNovo:
    """A ticket. One integrator's transcription of the documentation.

    How its moments are written is not attested (*assumed*: ISO, UTC, as *criado* of a movement).
    """

    RESOURCE: ClassVar[str] = "atendimentos"

    descricao: str = field(validator=check.filled, repr=redacted_repr)
    empresa: str = field(validator=check.id)
    departamento: str | Unset = field(default=UNSET, validator=check.id)
    """Id of a department of the office's."""
    operador: str | Unset = field(default=UNSET, validator=check.id)
    previsao: datetime | Unset = field(default=UNSET, validator=check.instant)
    abertura: datetime | Unset = field(default=UNSET, validator=check.instant)
    aberto: Maybe[bool] = field(default=UNSET, validator=check.flag)
    aberto_na_web: Maybe[bool] = field(default=UNSET, validator=check.flag)
    exportado: Maybe[bool] = field(default=UNSET, validator=check.flag)
    abridor_id: str | Unset = field(default=UNSET, validator=check.id, repr=False)
    parecer_inicial: Parecer | Unset = field(default=UNSET, validator=check.a(Parecer))


@frozen(kw_only=True)
class LancamentosContabeis:
    """A file of accounting entries. One integrator's transcription of the documentation."""

    RESOURCE: ClassVar[str] = "lancamentos_contabeis"

    arquivo: bytes = field(validator=check.content, repr=False)
    inicio: date = field(validator=check.day)
    """First day that the entries are of."""
    fim: date = field(validator=check.day)
    categoria_id: str = field(validator=check.id)
    """Of a :class:`~econtador.portal.documentos.CategoriaDocumento`."""
    cnpj_remetente: Cnpj = field(validator=check.a(Cnpj))

    def __attrs_post_init__(self) -> None:
        check.period(self, "inicio", "fim")

    @property
    def nome_do_arquivo(self) -> str:
        """The name by which the portal knows such a file."""
        return f"Lançamentos_contabeis_{self.inicio:%d_%m_%Y}_a_{self.fim:%d_%m_%Y}.txt"
