"""Everything that the clients offer, once for both: a resource, and what its listing takes."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Generic, ParamSpec, Self, TypeVar, overload

from econtador.portal import _wire

if TYPE_CHECKING:
    from econtador.portal._wire.query import Query
    from econtador.portal._wire.resource import Resource
    from econtador.portal.async_client import AsyncClient
    from econtador.portal.client import Client
    from econtador.portal.collection import AsyncCollection, Collection

__all__ = ["Offer", "Resources"]

M = TypeVar("M")
N = TypeVar("N")
P = ParamSpec("P")


class Offer(Generic[M, N, P]):
    """A resource as an attribute of both clients: a :class:`.collection.Collection` of one, an :class:`.collection.AsyncCollection` of the other.

    *found* has it, and what its listing takes. It is asked late: most clients use few of the resources, and making
    all of them, with their models, takes as long as importing attrs.
    """

    def __init__(self, found: "Callable[[], tuple[Resource[M, N], Callable[P, Query]]]") -> None:
        self._found = found

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    @property
    def resource(self) -> "Resource[M, N]":
        """What it is, and what can be done with it."""
        return self._found()[0]

    @property
    def query(self) -> "Callable[P, Query]":
        """What its listing takes."""
        return self._found()[1]

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: "Client", owner: type) -> "Collection[M, N, P]": ...
    @overload
    def __get__(self, client: "AsyncClient", owner: type) -> "AsyncCollection[M, N, P]": ...
    def __get__(
        self, client: "Client | AsyncClient | None", owner: type
    ) -> "Self | Collection[M, N, P] | AsyncCollection[M, N, P]":
        if client is None:
            self.__doc__ = self.query.__doc__  # for help()
            return self
        offered = client.collection(self.resource, self.query)
        vars(client)[self._name] = offered  # found there from now on, which takes a twentieth of this
        return offered


def unlisted() -> "Query":
    """Nobody is known to list these."""
    return _wire.query.Query({})


class Resources:
    """What the portal has, each with the verbs that are attested for it. ``client.lookup(...)`` has the lookup types."""

    # Final, not annotated: the parameters of each listing are its query's, and have no other spelling.
    # On dp: companies, people, payroll.
    empresas: Final = Offer(lambda: (_wire.empresas.EMPRESAS, _wire.empresas.empresas))
    funcionarios: Final = Offer(lambda: (_wire.pessoal.FUNCIONARIOS, _wire.pessoal.funcionarios))
    empresa_do_funcionario: Final = Offer(lambda: (_wire.pessoal.EMPRESA_DO_FUNCIONARIO, unlisted))
    departamento_do_funcionario: Final = Offer(lambda: (_wire.pessoal.DEPARTAMENTO_DO_FUNCIONARIO, unlisted))
    departamentos: Final = Offer(lambda: (_wire.pessoal.DEPARTAMENTOS, _wire.pessoal.departamentos))
    funcoes: Final = Offer(lambda: (_wire.pessoal.FUNCOES, _wire.pessoal.funcoes))
    historico_funcoes: Final = Offer(
        lambda: (_wire.pessoal.HISTORICO_FUNCOES, _wire.pessoal.historico_funcoes)
    )
    eventos: Final = Offer(lambda: (_wire.pessoal.EVENTOS, _wire.pessoal.eventos))
    tipos_movimento: Final = Offer(lambda: (_wire.pessoal.TIPOS_MOVIMENTO, _wire.pessoal.tipos_movimento))
    movimentos: Final = Offer(lambda: (_wire.envios.MOVIMENTOS, unlisted))
    candidatos: Final = Offer(lambda: (_wire.envios.CANDIDATOS, unlisted))
    agendamentos_ferias: Final = Offer(lambda: (_wire.envios.AGENDAMENTOS_FERIAS, unlisted))
    notificacoes_rescisao: Final = Offer(lambda: (_wire.envios.NOTIFICACOES_RESCISAO, unlisted))

    # On identificacao: users.
    usuarios: Final = Offer(lambda: (_wire.empresas.USUARIOS, _wire.empresas.usuarios))
    empresas_do_usuario: Final = Offer(
        lambda: (_wire.empresas.EMPRESAS_DO_USUARIO, _wire.empresas.empresas_do_usuario)
    )
    empresas_simplificadas: Final = Offer(lambda: (_wire.empresas.EMPRESAS_SIMPLIFICADAS, unlisted))

    # On documentos, cnd, atendimentos and ms-tarefas.
    documentos: Final = Offer(lambda: (_wire.documentos.DOCUMENTOS, _wire.documentos.documentos))
    categorias_documento: Final = Offer(
        lambda: (_wire.documentos.CATEGORIAS_DOCUMENTO, _wire.documentos.categorias_documento)
    )
    lancamentos_contabeis: Final = Offer(lambda: (_wire.envios.LANCAMENTOS_CONTABEIS, unlisted))
    certidoes: Final = Offer(lambda: (_wire.documentos.CERTIDOES, _wire.documentos.certidoes))
    tipos_certidao: Final = Offer(lambda: (_wire.documentos.TIPOS_CERTIDAO, _wire.documentos.tipos_certidao))
    atendimentos: Final = Offer(lambda: (_wire.envios.ATENDIMENTOS, unlisted))
    historico_tarefas: Final = Offer(
        lambda: (_wire.documentos.HISTORICO_TAREFAS, _wire.documentos.historico_tarefas)
    )
