"""What the portal shows of documents, certificates and tasks, each on a host of its own.

The types of what comes along with ``include=`` are not attested on these hosts, so it is a
:class:`~econtador.portal.values.Recurso` whatever it is.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from econtador.errors import redacted_repr
from econtador.portal.values import UNSET, Maybe, Recurso, Ref

__all__ = ["CategoriaDocumento", "Certidao", "Documento", "Tarefa", "TipoCertidao"]


@frozen(kw_only=True)
class Documento:
    """A document of a company's in the portal, without its file.

    What is called as one of the attributes and can be included, too, ends in ``_ref``.
    """

    id: str
    empresa_id: Maybe[str] = UNSET
    """The portal sends a number."""
    titulo: Maybe[str] = field(default=UNSET, repr=redacted_repr)
    descricao: Maybe[str] = field(default=UNSET, repr=redacted_repr)
    categoria: Maybe[str] = UNSET
    departamento: Maybe[str] = UNSET
    status: Maybe[str] = UNSET
    valor: Maybe[Decimal] = UNSET
    """In reais."""
    criacao: Maybe[date] = UNSET
    vencimento: Maybe[date] = UNSET
    expiracao: Maybe[date] = UNSET
    pagamento: Maybe[date] = UNSET
    pago: Maybe[bool] = UNSET
    abridor: Maybe[Ref[Recurso]] = UNSET
    empresa: Maybe[Ref[Recurso]] = UNSET
    categoria_ref: Maybe[Ref[Recurso]] = UNSET
    departamento_ref: Maybe[Ref[Recurso]] = UNSET
    status_ref: Maybe[Ref[Recurso]] = UNSET
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)
    """Attributes that this version does not know, as they came."""


@frozen(kw_only=True)
class CategoriaDocumento:
    """A kind of document, as one user has it. One integrator's transcription of the documentation."""

    id: str
    descricao: Maybe[str] = UNSET
    personalizada: Maybe[bool] = UNSET
    pagavel: Maybe[bool] = UNSET
    login: Maybe[str] = field(default=UNSET, repr=False)
    """The user's: a CPF or CNPJ."""
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)


@frozen(kw_only=True)
class Certidao:
    """A certificate of a company's (CND), host *cnd*."""

    id: str
    empresa_id: Maybe[str] = UNSET
    abrangencia: Maybe[str] = UNSET
    status: Maybe[str] = UNSET
    emissao: Maybe[date] = UNSET
    vencimento: Maybe[date] = UNSET
    nome_orgao_emissor: Maybe[str] = UNSET
    mime_type: Maybe[str] = UNSET
    """Of *arquivo*."""
    arquivo: Maybe[str] = field(default=UNSET, repr=False)
    """The file, as the portal writes it; how it is coded is not attested."""
    tipo_certidao: Maybe[Ref[Recurso]] = UNSET
    status_ref: Maybe[Ref[Recurso]] = UNSET
    """The status as a resource, where ``include=`` brought it along."""
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)


@frozen(kw_only=True)
class TipoCertidao:
    """A kind of certificate. One integrator's transcription of the documentation."""

    id: str
    nome: Maybe[str] = UNSET
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)


@frozen(kw_only=True)
class Tarefa:
    """A task of the office's, host *ms-tarefas*. It has no id.

    One integrator's transcription of the documentation.
    """

    nome: Maybe[str] = UNSET
    empresa: Maybe[str] = field(default=UNSET, repr=redacted_repr)
    departamento: Maybe[str] = UNSET
    responsavel: Maybe[str] = field(default=UNSET, repr=redacted_repr)
    status: Maybe[str] = UNSET
    prazo_entrega: Maybe[date] = UNSET
    prazo_legal: Maybe[date] = UNSET
    data_conclusao: Maybe[date] = UNSET
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)
