"""What the sandbox keeps, for tests and demonstrations to look at.

More than the portal's API shows: inscrições, bairro and atividade of a company, whether a user is
active. Documents, e-mails and telephones stay out of the reprs.
"""

from collections.abc import Mapping

from attrs import field, frozen

from econtador.errors import redact
from econtador.sandbox.faults import Fault
from econtador.sandbox.jsonapi import JSON, Linkage

__all__ = ["EmpresaRow", "RecursoRow", "RegistroRow", "Seen", "UsuarioRow"]


@frozen
class EmpresaRow:
    """A company in the portal.

    >>> EmpresaRow(id="1", nome="ACME LTDA", documento="12ABC34501DE35")
    EmpresaRow(id='1', nome='ACME LTDA', externoid=None, ativa=True)
    """

    id: str
    """The portal's, a sequential number."""
    nome: str
    documento: str = field(repr=False)
    """CNPJ or CPF without mask."""
    is_cpf: bool | None = field(default=None, repr=False)
    externoid: str | None = None
    """Code in the office's system, ``00001``."""
    ativa: bool = True
    endereco: str | None = field(default=None, repr=False)
    inscricao_estadual: str | None = field(default=None, repr=False)
    inscricao_municipal: str | None = field(default=None, repr=False)
    bairro: str | None = field(default=None, repr=False)
    atividade: str | None = field(default=None, repr=False)
    municipio: str | None = field(default=None, repr=False)
    uf: str | None = field(default=None, repr=False)
    cep: str | None = field(default=None, repr=False)
    numero: str | None = field(default=None, repr=False)
    complemento: str | None = field(default=None, repr=False)


@frozen
class UsuarioRow:
    """A user in the portal; it arrives inactive, with no tab visited."""

    id: str
    """Number of the row, never shown by the API; two rows may have one login."""
    nome: str
    login: str = field(repr=False)
    """CPF or CNPJ without mask."""
    email: str = field(repr=False)
    is_cpf: bool | None = field(default=None, repr=False)
    telefone: str | None = field(default=None, repr=False)
    ativo: bool = False
    abas: tuple[str, ...] = ()
    """Tabs that were visited, in the portal's order."""

    @property
    def documento(self) -> str:
        """The login, by the name that it has in a company."""
        return self.login


@frozen
class RecursoRow:
    """Any other resource, as it was posted or as the portal has it.

    >>> RecursoRow("movimentos", "1", {"valor": "7:45"}, {"evento": ("eventos", "3")})
    RecursoRow(type='movimentos')
    """

    type: str
    """As on the wire, with its host's prefix: ``integracao/documentos``."""
    id: str = field(repr=False)
    attributes: Mapping[str, JSON] = field(repr=False)
    """With the portal's spellings; of what was posted every one that it knows, None if it was not sent."""
    relationships: Mapping[str, Linkage] = field(repr=False)
    """Type and id of what each points at, or None."""


@frozen
class RegistroRow:
    """One line of the portal's own log: a write of a company or user that reached it, and what came of it.

    >>> RegistroRow("1", "2026-01-02T03:04:05.000-03:00", "usuario", "recusado", 422, "/api/v1/integracao/usuarios")
    RegistroRow(id='1', momento='2026-01-02T03:04:05.000-03:00', tipo='usuario', resultado='recusado', status=422)
    """

    id: str
    momento: str
    """When, ISO 8601 with the offset of Brasília."""
    tipo: str
    """``empresa`` or ``usuario``."""
    resultado: str
    """``criado``, ``alterado`` or ``recusado``."""
    status: int
    """Of the answer."""
    caminho: str = field(repr=False)
    """Path that was written to, of the API or of a page, without personal data."""
    codigo: str | None = field(default=None, repr=False)
    """A company's ``externoid``; users come without one."""
    nome: str | None = field(default=None, repr=False)
    mensagem: str | None = field(default=None, repr=False)
    """Why it was refused."""


@frozen
class Seen:
    """A request that came to the sandbox.

    >>> Seen("GET", "/api/v1/integracao/usuarios/52998224725", 200)
    Seen(method='GET', path='/api/v1/integracao/usuarios/***', status=200, fault=None)
    """

    method: str
    path: str = field(repr=lambda path: repr(redact(path)))
    """Without host and query."""
    status: int | None
    """Of the answer that was given, or lost on its way; None if a fault came before there was one."""
    fault: Fault | None = None
    """What went wrong with it, by the sandbox's schedule."""
