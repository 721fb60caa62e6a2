"""What the portal shows of companies and users, and what is sent to make one.

``Empresa`` and ``Usuario`` mirror what the public API is attested to show, and no more: it shows
neither inscrições nor bairro nor atividade. ``EmpresaNova`` and ``UsuarioNovo`` hold what the assumed
write sends.
"""

import enum
from collections.abc import Mapping

from attrs import field, frozen

from econtador.documents import Cnpj, Cpf
from econtador.errors import redacted_repr
from econtador.portal.values import UNSET, Maybe

__all__ = [
    "ABAS",
    "Aba",
    "Ativacao",
    "Empresa",
    "EmpresaNova",
    "EmpresaSimplificada",
    "Usuario",
    "UsuarioNovo",
]


@frozen(kw_only=True)
class Empresa:
    """A company in the portal, host *dp*."""

    id: str
    """The portal's own, a sequential number; not the id of host *identificacao*."""
    nome: str = field(repr=redacted_repr)
    documento: Maybe[Cnpj | Cpf] = UNSET
    """None where what the portal shows is no CNPJ or CPF, or would do for both; it is in *extra* then."""
    codigo: Maybe[str] = UNSET
    """The código in the desktop product, 5 digits (the portal's ``externoid``)."""
    ativa: Maybe[bool] = UNSET
    endereco: Maybe[str] = UNSET
    """One line of free text."""
    tipo_movimento_permitido: Maybe[str] = UNSET
    controla_transferencia_tomadores: Maybe[bool] = UNSET
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)
    """Attributes that this version does not know, as they came."""


@frozen(kw_only=True)
class EmpresaSimplificada:
    """A company as host *identificacao* shows it."""

    id: str = field(repr=redacted_repr)
    """The CNPJ or CPF, without mask."""
    nome: Maybe[str] = field(default=UNSET, repr=redacted_repr)
    nome_fantasia: Maybe[str] = UNSET
    """Shown on this host only."""
    codigo: Maybe[str] = UNSET
    """The portal's own ``codigo``, which host *dp* does not show."""
    documento: Maybe[Cnpj | Cpf] = UNSET
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)


@frozen(kw_only=True)
class Usuario:
    """A user in the portal, host *identificacao*. Whether it is active is not shown there."""

    id: str = field(repr=False)
    """The login: CPF or CNPJ, digits."""
    nome: str = field(repr=redacted_repr)
    email: Maybe[str] = field(default=UNSET, repr=False)
    """One, though the portal's own form takes up to five."""
    telefone: Maybe[str] = field(default=UNSET, repr=False)
    is_cpf: Maybe[bool] = UNSET
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)


@frozen(kw_only=True)
class EmpresaNova:
    """A company as it would be sent: fields that the portal never shows included. *Assumed* write."""

    codigo: str
    nome: str = field(repr=redacted_repr)
    documento: Cnpj | Cpf
    inscricao_estadual: str | None = None
    inscricao_municipal: str | None = None
    endereco: str | None = None
    numero: str | None = None
    complemento: str | None = None
    bairro: str | None = None
    municipio: str | None = None
    uf: str | None = None
    cep: str | None = None
    atividade: str | None = None


@frozen(kw_only=True)
class UsuarioNovo:
    """A user as it would be sent. *Assumed* write; it arrives inactive."""

    nome: str = field(repr=redacted_repr)
    email: str = field(repr=False)
    cpf: Cpf


class Aba(enum.Enum):
    """The tabs of the portal's user form, in their order (the vendor's help pages)."""

    INFORMACOES = "informacoes"
    EMPRESAS = "empresas"
    DEPARTAMENTO_WPD = "departamento-wpd"
    """Its box "all departments, new ones too" must be ticked or the form does not save."""
    PERMISSOES = "permissoes"
    CERTIDOES = "certidoes"
    """Only where the office has the product CND."""
    CATEGORIAS = "categorias"
    ATENDIMENTO = "atendimento"
    KAROO = "karoo"
    """Only in some offices."""
    NOTIFICACOES = "notificacoes"


ABAS: tuple[Aba, ...] = tuple(Aba)
"""Every tab: the article says to pass through all of them before saving."""


@frozen(kw_only=True)
class Ativacao:
    """The activation of a user: *Ativo* ticked, every tab passed through. *Assumed* write (PATCH)."""

    ativo: bool = True
    abas: tuple[Aba, ...] = ABAS
