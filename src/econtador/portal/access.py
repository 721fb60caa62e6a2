"""Whether a token works, and for what: the question that integrators ask first."""

from datetime import date
from typing import Never

from attrs import field, frozen

from econtador.errors import Forbidden, NotSent, PortalError, StatusError, Unauthorized
from econtador.overriding import override
from econtador.portal._flow import Flow
from econtador.portal._listing import Listing
from econtador.portal._wire.documentos import (
    CERTIDOES,
    DOCUMENTOS,
    HISTORICO_TAREFAS,
    certidoes,
    documentos,
    historico_tarefas,
)
from econtador.portal._wire.empresas import EMPRESAS, USUARIOS, empresas, usuarios
from econtador.portal._wire.pessoal import FUNCIONARIOS, funcionarios
from econtador.portal._wire.query import Query
from econtador.portal._wire.resource import Resource
from econtador.portal.config import Config

__all__ = ["Access", "Probe", "checking"]


@frozen
class Probe:
    """One resource that was asked for."""

    resource: str
    """As the client names it."""
    host: str
    readable: bool
    words: str
    """In Portuguese, for a person."""
    error: PortalError | None = field(default=None, repr=False)

    @override
    def __str__(self) -> str:
        return f"{'✓' if self.readable else '✗'} {self.resource} ({self.host}): {self.words}"


@frozen
class Access:
    """What the token may see."""

    account: str
    """Whose portal it is, as far as the token tells."""
    empresas: int | None
    """How many companies there are; None where they cannot be read, or the portal does not say."""
    probes: tuple[Probe, ...]

    @property
    def ok(self) -> bool:
        """Whether the companies can be read: without them nothing here is of use."""
        return bool(self.probes) and self.probes[0].readable

    @override
    def __str__(self) -> str:
        return "\n".join([f"Conta {self.account}", *(f"  {probe}" for probe in self.probes)])


def checking(config: Config) -> Flow[Access]:
    """Ask for one record of each kind, companies first; a token that is refused there is not tried elsewhere."""
    seen, total, first = yield from _probe(config, EMPRESAS, empresas(limit=1))
    probes = [seen]
    if not isinstance(seen.error, Unauthorized | NotSent):
        for resource, query in _others(first):
            probe, _, _ = yield from _probe(config, resource, query)
            probes.append(probe)
    return Access(config.account, total, tuple(probes))


def _others(empresa: str | None) -> list[tuple[Resource[object, Never], Query]]:
    day = date(2026, 1, 1)  # any: it is asked for, and what comes does not matter
    asked: list[tuple[Resource[object, Never], Query]] = [
        (USUARIOS, usuarios(limit=1)),
        (FUNCIONARIOS, funcionarios(limit=1)),
        (CERTIDOES, certidoes(limit=1)),
        (HISTORICO_TAREFAS, historico_tarefas(inicio=day, fim=day)),
    ]
    if empresa is not None:  # documents are only shown of one company
        asked.insert(2, (DOCUMENTOS, documentos(empresa=empresa, limit=1)))
    return asked


def _probe(
    config: Config, resource: Resource[object, Never], query: Query
) -> Flow[tuple[Probe, int | None, str | None]]:
    """What came of asking: the probe, the total, the id of the first."""
    try:
        page = yield from Listing(config, resource, query).page()
    except PortalError as error:
        return Probe(resource.name, resource.route.host, False, _words(error), error), None, None
    first = str(getattr(page.items[0], "id", "")) if page.items else None
    words = "pode ser lido" if page.total is None else f"pode ser lido, {page.total} no total"
    return Probe(resource.name, resource.route.host, True, words), page.total, first


def _words(error: PortalError) -> str:
    match error:
        case Unauthorized():
            return (
                "a chave de acesso não foi aceita (401): é inválida ou foi trocada; gere outra em "
                "Configurações, ePlugin / Chave de Acesso, Gerar"
            )
        case Forbidden():
            return (
                "acesso negado (403): o pacote pode não incluir a API (eContador Master, ou Plus mais antigo)"
            )
        case NotSent():
            return "o portal não pôde ser alcançado; verifique a rede e o proxy"
        case StatusError(status=status):
            return f"o portal respondeu {status}"
        case _:
            return f"não pôde ser lido ({error.code})"
