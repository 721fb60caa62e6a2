"""Looking in the portal, with attested reads only, and matching what is there with what the office has."""

from collections.abc import Iterable

from attrs import field, frozen

from econtador.documents import Cnpj, Cpf
from econtador.errors import NotFound
from econtador.integration.policy import Seen
from econtador.integration.status import Kind
from econtador.portal import _flow, _listing
from econtador.portal._flow import Flow
from econtador.portal._wire.empresas import EMPRESAS, USUARIOS
from econtador.portal._wire.query import Query
from econtador.portal.config import Config
from econtador.portal.models import Empresa, Usuario

__all__ = ["View", "look"]


@frozen
class View:
    """What the portal showed at one moment."""

    empresas: tuple[Empresa, ...] = ()
    usuarios: tuple[Usuario, ...] = ()
    by_document: dict[Cnpj | Cpf, tuple[Seen, ...]] = field(factory=dict[Cnpj | Cpf, tuple[Seen, ...]])
    by_codigo: dict[str, tuple[Seen, ...]] = field(factory=dict[str, tuple[Seen, ...]])

    def match(self, codigo: str, documento: Cnpj | Cpf | None) -> Seen | None:
        """The one record that is this one: its document, and its código or none."""
        found = self.by_document.get(documento, ()) if documento else ()
        mine = [seen for seen in found if seen.codigo in {None, codigo}]
        return mine[0] if mine else None


def look(config: Config, kind: Kind, documents: Iterable[Cnpj | Cpf]) -> Flow[View]:
    """See all companies, or the users with these documents, each asked for once."""
    if kind is Kind.EMPRESA:
        empresas = yield from _listing.everything(config, EMPRESAS, Query({}))
        seen = [Seen(e.id, e.nome, e.documento or None, e.codigo or None) for e in empresas]
        return _view(seen, empresas=empresas)
    usuarios: list[Usuario] = []
    found: list[Seen] = []
    for documento in dict.fromkeys(documents):
        try:
            usuario = yield from _flow.get(config, USUARIOS, documento.value)
        except NotFound:
            continue
        usuarios.append(usuario)
        found.append(Seen(usuario.id, usuario.nome, documento))
    return _view(found, usuarios=tuple(usuarios))


def _view(
    found: Iterable[Seen], empresas: tuple[Empresa, ...] = (), usuarios: tuple[Usuario, ...] = ()
) -> View:
    by_document: dict[Cnpj | Cpf, tuple[Seen, ...]] = {}
    by_codigo: dict[str, tuple[Seen, ...]] = {}
    for seen in found:
        if seen.documento:
            by_document[seen.documento] = (*by_document.get(seen.documento, ()), seen)
        if seen.codigo:
            by_codigo[seen.codigo] = (*by_codigo.get(seen.codigo, ()), seen)
    return View(empresas, usuarios, by_document, by_codigo)
