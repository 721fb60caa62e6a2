"""What the portal shows of people and payroll, host *dp*: employees, departments, functions, events.

Every attribute that is attested is a field here; one that this version does not know is in ``extra``.
All of it is read only: employees are written by the desktop product alone.
"""

import enum
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from attrs import field, frozen

from econtador.documents import Cpf
from econtador.errors import redacted_repr
from econtador.portal.models import Empresa
from econtador.portal.values import UNSET, Maybe, Recurso, Ref

__all__ = [
    "ConfiguracaoEvento",
    "Departamento",
    "Evento",
    "Funcao",
    "FuncaoNoHistorico",
    "Funcionario",
    "HistoricoFuncao",
    "StatusFuncionario",
    "TipoMovimento",
]


class StatusFuncionario(enum.Enum):
    """Where an employee stands, as one integrator met it. Someone on vacation is *Afastado*."""

    ATIVO = "Ativo"
    """Said of future admissions, too."""
    AFASTADO = "Afastado"
    DEMITIDO = "Demitido"


class ConfiguracaoEvento(enum.Enum):
    """What a payroll event is about, as one integrator met it."""

    FALTA = "FT"
    OUTROS = "GB"


class TipoMovimento(enum.StrEnum):
    """Ids of the payrolls that a movement goes to (attested by several integrators).

    Ids of other lookups are no constants: two of them were renumbered in 2026.
    """

    FOLHA = "1"
    FERIAS = "2"
    RESCISAO = "3"
    ADIANTAMENTO = "4"
    PRIMEIRA_PARCELA_13 = "5"
    SEGUNDA_PARCELA_13 = "6"


@frozen(kw_only=True)
class Departamento:
    """A department of a company."""

    id: str
    nome: Maybe[str] = field(default=UNSET, repr=redacted_repr)
    id_externo: Maybe[str] = field(default=UNSET, repr=False)
    """Its key in the desktop product (the portal's ``externoid``); nothing can be read from it."""
    cei: Maybe[str] = field(default=UNSET, repr=False)
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)


@frozen(kw_only=True)
class Funcao:
    """What somebody is employed as. One office has thousands, many with the same name and CBO."""

    id: str
    nome: Maybe[str] = UNSET
    cbo: Maybe[str] = UNSET
    """Code in the Classificação Brasileira de Ocupações."""
    codigo: Maybe[str] = UNSET
    id_externo: Maybe[str] = field(default=UNSET, repr=False)
    """Its key in the desktop product."""
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)


@frozen(kw_only=True)
class FuncaoNoHistorico:
    """A function as a change of function names it: an object inside of it, and no resource."""

    id_funcao: Maybe[str] = UNSET
    """The id of the :class:`Funcao`."""
    nome: Maybe[str] = UNSET
    cbo: Maybe[str] = UNSET
    codigo: Maybe[str] = UNSET
    id_externo: Maybe[str] = field(default=UNSET, repr=False)
    """Its key in the desktop product."""
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)


@frozen(kw_only=True)
class HistoricoFuncao:
    """A change of function of an employee. One integrator's transcription of the documentation."""

    id: str
    data_alteracao_funcao: Maybe[date] = UNSET
    funcao_atual: Maybe[FuncaoNoHistorico] = UNSET
    """The function after the change."""
    funcao_anterior: Maybe[FuncaoNoHistorico] = UNSET
    id_externo: Maybe[str] = field(default=UNSET, repr=False)
    """Its key in the desktop product."""
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)


@frozen(kw_only=True)
class Evento:
    """A payroll event: what a movement is about."""

    id: str
    codigo: Maybe[str] = UNSET
    nome: Maybe[str] = UNSET
    descricao: Maybe[str] = UNSET
    tipo_configuracao: Maybe[ConfiguracaoEvento | str] = UNSET
    """Text where it is one that this version does not know."""
    tipo_movimento: Maybe[Ref[Recurso]] = UNSET
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)


@frozen(kw_only=True)
class Funcionario:
    """An employee, or rather one employment: who was hired twice is there twice, with the same CPF.

    Relationships are UNSET unless the listing asked for them with ``include=``.
    """

    id: str
    codigo: Maybe[str] = UNSET
    """The matrícula, 6 digits. It is given again: an old record may have the same."""
    nome: Maybe[str] = field(default=UNSET, repr=redacted_repr)
    status: Maybe[StatusFuncionario | str] = UNSET
    """Text where it is one that this version does not know."""
    cpf: Maybe[Cpf] = field(default=UNSET, repr=False)
    """None where what the portal shows is no CPF; it is in *extra* then."""
    nome_funcao: Maybe[str] = UNSET
    """Code and name in one, ``000001 - VENDEDOR`` by its form."""
    admissao: Maybe[date] = UNSET
    """May be in the future."""
    demissao: Maybe[date] = UNSET
    afastamento: Maybe[date] = UNSET
    """First day of the leave."""
    retorno: Maybe[date] = UNSET
    """End of the leave."""
    afastamento_descricao: Maybe[str] = field(default=UNSET, repr=False)
    """Why: ``Férias``, or an illness."""
    data_vencimento_contrato_experiencia: Maybe[date] = UNSET
    data_prorrogacao_contrato_experiencia: Maybe[date] = UNSET
    data_atualizacao: Maybe[datetime] = UNSET
    """The last change. No filter by it is attested."""
    salario_base: Maybe[Decimal] = field(default=UNSET, repr=False)
    """In reais."""
    nascimento: Maybe[date] = field(default=UNSET, repr=False)
    pis: Maybe[str] = field(default=UNSET, repr=False)
    identidade: Maybe[str] = field(default=UNSET, repr=False)
    carteira_de_trabalho: Maybe[str] = field(default=UNSET, repr=False)
    """The portal sends a number: zeros in front are lost."""
    matricula_esocial: Maybe[str] = field(default=UNSET, repr=False)
    email: Maybe[str] = field(default=UNSET, repr=False)
    """Often an empty text."""
    telefone: Maybe[str] = field(default=UNSET, repr=False)
    telefone_celular: Maybe[str] = field(default=UNSET, repr=False)
    rua: Maybe[str] = field(default=UNSET, repr=False)
    numero: Maybe[str] = field(default=UNSET, repr=False)
    """Of the house."""
    complemento: Maybe[str] = field(default=UNSET, repr=False)
    bairro: Maybe[str] = field(default=UNSET, repr=False)
    cidade: Maybe[str] = field(default=UNSET, repr=False)
    cep: Maybe[str] = field(default=UNSET, repr=False)
    banco: Maybe[str] = field(default=UNSET, repr=False)
    """The bank's code. The portal sends a number: zeros in front are lost."""
    nome_do_banco: Maybe[str] = field(default=UNSET, repr=False)
    agencia: Maybe[str] = field(default=UNSET, repr=False)
    conta: Maybe[str] = field(default=UNSET, repr=False)
    chave_pix: Maybe[str] = field(default=UNSET, repr=False)
    id_externo: Maybe[str] = field(default=UNSET, repr=False)
    """Its key in the desktop product (the portal's ``externoid``)."""
    empresa: Maybe[Ref[Empresa]] = UNSET
    departamento: Maybe[Ref[Departamento]] = UNSET
    sexo: Maybe[Ref[Recurso]] = field(default=UNSET, repr=False)
    estado_civil: Maybe[Ref[Recurso]] = field(default=UNSET, repr=False)
    nacionalidade: Maybe[Ref[Recurso]] = field(default=UNSET, repr=False)
    naturalidade: Maybe[Ref[Recurso]] = field(default=UNSET, repr=False)
    """The state of birth."""
    pais: Maybe[Ref[Recurso]] = field(default=UNSET, repr=False)
    estado: Maybe[Ref[Recurso]] = field(default=UNSET, repr=False)
    foto: Maybe[Ref[Recurso]] = field(default=UNSET, repr=False)
    forma_de_pagamento: Maybe[Ref[Recurso]] = field(default=UNSET, repr=False)
    tipo_de_conta: Maybe[Ref[Recurso]] = field(default=UNSET, repr=False)
    tipo_de_chave_pix: Maybe[Ref[Recurso]] = field(default=UNSET, repr=False)
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)
    """Attributes that this version does not know, as they came."""
