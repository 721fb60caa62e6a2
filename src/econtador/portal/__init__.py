"""What eContador has, and how it is spoken to: what the clients of ``econtador`` show, and what they send.

What is read
    ``Empresa``, ``EmpresaSimplificada``, ``Usuario``; ``Funcionario``, ``StatusFuncionario``, ``Departamento``,
    ``Funcao``, ``HistoricoFuncao``, ``FuncaoNoHistorico``, ``Evento``, ``ConfiguracaoEvento``, ``TipoMovimento``;
    ``Documento``, ``CategoriaDocumento``, ``Certidao``, ``TipoCertidao``, ``Tarefa``; ``Recurso`` for what is
    only known by type and id, ``Ref`` for what one resource says of another, ``Page`` of a listing

What is sent
    ``MovimentoNovo``, ``Falta``, ``CandidatoNovo``, ``AgendamentoFeriasNovo``, ``NotificacaoRescisaoNova``,
    ``AtendimentoNovo``, ``Parecer``, ``LancamentosContabeis``; by this library's convention, ``EmpresaNova``,
    ``UsuarioNovo``, ``Ativacao``

How it is carried
    ``HttpxTransport``, ``AsyncHttpxTransport``, and with the extra ``httpx2`` the same on its successor,
    ``Httpx2Transport``, ``AsyncHttpx2Transport``: for ``Client(..., transport=...)``

Between null and absent
    ``UNSET``, ``Unset``, ``Maybe``, ``known``
"""

# Type checkers take the name for typing's; importing that, and importlib, would cost more than all of this.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from econtador.portal._httpx import AsyncHttpxTransport as AsyncHttpxTransport
    from econtador.portal._httpx import HttpxTransport as HttpxTransport
    from econtador.portal._httpx2 import AsyncHttpx2Transport as AsyncHttpx2Transport
    from econtador.portal._httpx2 import Httpx2Transport as Httpx2Transport
    from econtador.portal._listing import Page as Page
    from econtador.portal.documentos import CategoriaDocumento as CategoriaDocumento
    from econtador.portal.documentos import Certidao as Certidao
    from econtador.portal.documentos import Documento as Documento
    from econtador.portal.documentos import Tarefa as Tarefa
    from econtador.portal.documentos import TipoCertidao as TipoCertidao
    from econtador.portal.envios import AgendamentoFeriasNovo as AgendamentoFeriasNovo
    from econtador.portal.envios import AtendimentoNovo as AtendimentoNovo
    from econtador.portal.envios import CandidatoNovo as CandidatoNovo
    from econtador.portal.envios import Falta as Falta
    from econtador.portal.envios import LancamentosContabeis as LancamentosContabeis
    from econtador.portal.envios import MovimentoNovo as MovimentoNovo
    from econtador.portal.envios import NotificacaoRescisaoNova as NotificacaoRescisaoNova
    from econtador.portal.envios import Parecer as Parecer
    from econtador.portal.models import Ativacao as Ativacao
    from econtador.portal.models import Empresa as Empresa
    from econtador.portal.models import EmpresaNova as EmpresaNova
    from econtador.portal.models import EmpresaSimplificada as EmpresaSimplificada
    from econtador.portal.models import Usuario as Usuario
    from econtador.portal.models import UsuarioNovo as UsuarioNovo
    from econtador.portal.pessoal import ConfiguracaoEvento as ConfiguracaoEvento
    from econtador.portal.pessoal import Departamento as Departamento
    from econtador.portal.pessoal import Evento as Evento
    from econtador.portal.pessoal import Funcao as Funcao
    from econtador.portal.pessoal import FuncaoNoHistorico as FuncaoNoHistorico
    from econtador.portal.pessoal import Funcionario as Funcionario
    from econtador.portal.pessoal import HistoricoFuncao as HistoricoFuncao
    from econtador.portal.pessoal import StatusFuncionario as StatusFuncionario
    from econtador.portal.pessoal import TipoMovimento as TipoMovimento
    from econtador.portal.values import UNSET as UNSET
    from econtador.portal.values import Maybe as Maybe
    from econtador.portal.values import Recurso as Recurso
    from econtador.portal.values import Ref as Ref
    from econtador.portal.values import Unset as Unset
    from econtador.portal.values import known as known

# Where each name lives: a model is made when it is asked for.
_HOME = {
    "_httpx": {"AsyncHttpxTransport", "HttpxTransport"},
    "_httpx2": {"AsyncHttpx2Transport", "Httpx2Transport"},
    "_listing": {"Page"},
    "documentos": {"CategoriaDocumento", "Certidao", "Documento", "Tarefa", "TipoCertidao"},
    "envios": {
        "AgendamentoFeriasNovo",
        "AtendimentoNovo",
        "CandidatoNovo",
        "Falta",
        "LancamentosContabeis",
        "MovimentoNovo",
        "NotificacaoRescisaoNova",
        "Parecer",
    },
    "models": {"Ativacao", "Empresa", "EmpresaNova", "EmpresaSimplificada", "Usuario", "UsuarioNovo"},
    "pessoal": {
        "Departamento",
        "Evento",
        "Funcao",
        "FuncaoNoHistorico",
        "Funcionario",
        "HistoricoFuncao",
        "StatusFuncionario",
        "ConfiguracaoEvento",
        "TipoMovimento",
    },
    "values": {"UNSET", "Maybe", "Recurso", "Ref", "Unset", "known"},
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

# Whoever asks for one without its extra is told which; help() and completion, which ask for all, leave it out.
_EXTRA_OF = {"AsyncHttpx2Transport": "httpx2", "Httpx2Transport": "httpx2"}

__all__ = sorted(_MODULE_OF)  # pyright: ignore[reportUnsupportedDunderAll]


if not TYPE_CHECKING:  # or every misspelt name would be an object to type checkers

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name in _MODULE_OF:
            value: object = getattr(import_module(f"econtador.portal.{_MODULE_OF[name]}"), name)
            globals()[name] = value
            return value
        raise AttributeError(f"module 'econtador.portal' has no attribute {name!r}")


def __dir__() -> list[str]:
    from importlib.util import find_spec

    return [name for name in __all__ if name not in _EXTRA_OF or find_spec(_EXTRA_OF[name])]
