"""Everything that the clients offer, once for both: a resource, and what its listing takes."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Generic, ParamSpec, Self, TypeVar, overload

from econtador.portal._wire import documentos as _documentos
from econtador.portal._wire import empresas as _empresas
from econtador.portal._wire import envios as _envios
from econtador.portal._wire import pessoal as _pessoal
from econtador.portal._wire.query import Query
from econtador.portal._wire.resource import Resource
from econtador.portal.collection import AsyncCollection, Collection

if TYPE_CHECKING:
    from econtador.portal.async_client import AsyncClient
    from econtador.portal.client import Client

__all__ = ["Offer", "Resources"]

M = TypeVar("M")
N = TypeVar("N")
P = ParamSpec("P")


class Offer(Generic[M, N, P]):
    """A resource as an attribute of both clients: a :class:`.Collection` of one, an :class:`.AsyncCollection` of the other."""

    def __init__(self, resource: Resource[M, N], query: Callable[P, Query]) -> None:
        self.resource = resource
        self.query = query
        self.__doc__ = query.__doc__

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: "Client", owner: type) -> Collection[M, N, P]: ...
    @overload
    def __get__(self, client: "AsyncClient", owner: type) -> AsyncCollection[M, N, P]: ...
    def __get__(
        self, client: "Client | AsyncClient | None", owner: type
    ) -> Self | Collection[M, N, P] | AsyncCollection[M, N, P]:
        if client is None:
            return self
        return client.collection(self.resource, self.query)


def unlisted() -> Query:
    """Nobody is known to list these."""
    return Query({})


class Resources:
    """What the portal has, each with the verbs that are attested for it. ``client.lookup(...)`` has the lookup types."""

    # Final, not annotated: the parameters of each listing are its query's, and have no other spelling.
    # On dp: companies, people, payroll.
    empresas: Final = Offer(_empresas.EMPRESAS, _empresas.empresas)
    funcionarios: Final = Offer(_pessoal.FUNCIONARIOS, _pessoal.funcionarios)
    empresa_do_funcionario: Final = Offer(_pessoal.EMPRESA_DO_FUNCIONARIO, unlisted)
    departamento_do_funcionario: Final = Offer(_pessoal.DEPARTAMENTO_DO_FUNCIONARIO, unlisted)
    departamentos: Final = Offer(_pessoal.DEPARTAMENTOS, _pessoal.departamentos)
    funcoes: Final = Offer(_pessoal.FUNCOES, _pessoal.funcoes)
    historico_funcoes: Final = Offer(_pessoal.HISTORICO_FUNCOES, _pessoal.historico_funcoes)
    eventos: Final = Offer(_pessoal.EVENTOS, _pessoal.eventos)
    tipos_movimento: Final = Offer(_pessoal.TIPOS_MOVIMENTO, _pessoal.tipos_movimento)
    movimentos: Final = Offer(_envios.MOVIMENTOS, unlisted)
    candidatos: Final = Offer(_envios.CANDIDATOS, unlisted)
    agendamentos_ferias: Final = Offer(_envios.AGENDAMENTOS_FERIAS, unlisted)
    notificacoes_rescisao: Final = Offer(_envios.NOTIFICACOES_RESCISAO, unlisted)

    # On identificacao: users.
    usuarios: Final = Offer(_empresas.USUARIOS, _empresas.usuarios)
    empresas_do_usuario: Final = Offer(_empresas.EMPRESAS_DO_USUARIO, _empresas.empresas_do_usuario)
    empresas_simplificadas: Final = Offer(_empresas.EMPRESAS_SIMPLIFICADAS, unlisted)

    # On documentos, cnd, atendimentos and ms-tarefas.
    documentos: Final = Offer(_documentos.DOCUMENTOS, _documentos.documentos)
    categorias_documento: Final = Offer(_documentos.CATEGORIAS_DOCUMENTO, _documentos.categorias_documento)
    lancamentos_contabeis: Final = Offer(_envios.LANCAMENTOS_CONTABEIS, unlisted)
    certidoes: Final = Offer(_documentos.CERTIDOES, _documentos.certidoes)
    tipos_certidao: Final = Offer(_documentos.TIPOS_CERTIDAO, _documentos.tipos_certidao)
    atendimentos: Final = Offer(_envios.ATENDIMENTOS, unlisted)
    historico_tarefas: Final = Offer(_documentos.HISTORICO_TAREFAS, _documentos.historico_tarefas)
