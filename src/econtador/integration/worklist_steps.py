"""What a person does in GAP and in the portal, step by step, each with where it comes from. Data, in Portuguese."""

import enum
from typing import Final

from attrs import frozen

from econtador.overriding import override
from econtador.portal.models import Aba

__all__ = [
    "AFTERWARDS",
    "BEFORE",
    "BEFORE_EMPRESAS",
    "IN_THE_FORM",
    "SEND_EMPRESAS",
    "SEND_USUARIOS",
    "Instruction",
    "Source",
]


class Source(enum.Enum):
    """Who says so."""

    ARTIGO = "artigo EC1"
    """The vendor's article that this library implements."""
    ARTIGO_ANTERIOR = "versão anterior do EC1"
    """The same article as it was before; the present one does not say it."""
    OUTRA_PAGINA = "outra página do fabricante"
    """Another help page of the vendor's, some of them of a sister product."""
    BIBLIOTECA = "econtador"
    """This library's advice; no page attests it."""

    @override
    def __str__(self) -> str:
        return self.value


@frozen
class Instruction:
    """One thing to do. ``{proemp}`` stands for the one of the plan."""

    name: str
    """Stable: a part of the item's key."""
    text: str
    source: Source
    condition: str = ""
    """Only then; empty: always."""


BEFORE: Final = (
    Instruction(
        "contrato",
        "O eContador está ativo para o escritório, com ambiente, login e senha criados pelo suporte.",
        Source.OUTRA_PAGINA,
    ),
    Instruction(
        "masterfull",
        "O responsável já cadastrou o usuário MasterFull no portal.",
        Source.ARTIGO_ANTERIOR,
        "antes da primeira integração",
    ),
    Instruction(
        "base",
        "A base PROSOFTECONT existe e está atualizada: Parâmetros Gerais > Rotinas Auxiliares > "
        "Criação/Atual. Base de Dados eContador (rotina liberada no GGU, aba Rotinas).",
        Source.OUTRA_PAGINA,
    ),
    Instruction("admin", "Entre no GAP com o usuário ADMIN.", Source.ARTIGO),
    Instruction("rotina", "Abra Parâmetros Gerais > Integração eContador.", Source.ARTIGO),
)

BEFORE_EMPRESAS: Final = (
    Instruction("menu", "À esquerda, abra Integrações > Empresas.", Source.ARTIGO),
    Instruction(
        "proemp",
        "Selecione a PROEMP: {proemp}. Somente uma PROEMP pode ser integrada ao portal.",
        Source.ARTIGO,
    ),
)

SEND_EMPRESAS: Final = (
    Instruction("conferir-proemp", "Confira outra vez: a PROEMP selecionada é {proemp}.", Source.ARTIGO),
    Instruction("conferir-empresas", "Confira: só as empresas desta lista estão marcadas.", Source.ARTIGO),
    Instruction("integrar", "Clique no botão Integrar e espere a mensagem do fim.", Source.ARTIGO),
    Instruction("integrado", "Na coluna Integração, as empresas marcadas mostram Integrado.", Source.ARTIGO),
)

SEND_USUARIOS: Final = (
    Instruction(
        "conferir-usuarios", "Confira: só os usuários desta lista estão marcados.", Source.BIBLIOTECA
    ),
    Instruction(
        "integrar",
        "Clique em Integrar. O artigo mostra o botão para as empresas; para os usuários, só o campo de marcar.",
        Source.BIBLIOTECA,
    ),
    Instruction("integrado", "Os usuários marcados mostram o status Integrado.", Source.ARTIGO),
)

_WPD: Final = "Aba Departamento – WPD: marque “todos os departamentos, inclusive novos”; sem isso o cadastro não é salvo."

IN_THE_FORM: Final = (
    Instruction("editar", "Portal > menu Usuários > Editar.", Source.ARTIGO),
    Instruction("ativo", "Marque Ativo.", Source.ARTIGO),
    Instruction(
        Aba.INFORMACOES.value,
        "Aba Informações: confira o CPF (é o login) e o e-mail (para lá vai a senha).",
        Source.OUTRA_PAGINA,
    ),
    Instruction(Aba.EMPRESAS.value, "Aba Empresas: escolha as que o usuário pode ver.", Source.OUTRA_PAGINA),
    Instruction(Aba.DEPARTAMENTO_WPD.value, _WPD, Source.OUTRA_PAGINA),
    Instruction(
        Aba.PERMISSOES.value,
        "Aba Permissões: ver, criar, editar e excluir, item por item.",
        Source.OUTRA_PAGINA,
    ),
    Instruction(Aba.CERTIDOES.value, "Aba Certidões.", Source.OUTRA_PAGINA, "só com o produto CND"),
    Instruction(Aba.CATEGORIAS.value, "Aba Categorias.", Source.OUTRA_PAGINA),
    Instruction(Aba.ATENDIMENTO.value, "Aba Atendimentos.", Source.OUTRA_PAGINA),
    Instruction(Aba.KAROO.value, "Aba Karoo.", Source.OUTRA_PAGINA, "só em alguns escritórios"),
    Instruction(Aba.NOTIFICACOES.value, "Aba Notificações: marque todas.", Source.OUTRA_PAGINA),
    Instruction("salvar", "Clique em Salvar.", Source.ARTIGO),
)
"""The article says *pass through all the tabs*; which they are is told by the vendor's pages on users of clients."""

AFTERWARDS: Final = (
    Instruction(
        "logs",
        "No GAP, abra LOGs de Integração e confira o retorno de cada integração e tentativa.",
        Source.ARTIGO,
    ),
    Instruction(
        "verify",
        "Avise quem opera o econtador: verify lê o portal e marca nesta lista o que foi visto.",
        Source.BIBLIOTECA,
    ),
)
