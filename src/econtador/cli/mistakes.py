"""Each error of the library as a sentence for the person at the terminal: what happened, and what to do.

The error's own words, which name the record and the field, follow it; they are English, as for programmers.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cyclopts import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    UnknownCommandError,
    UnknownOptionError,
)

from econtador.cli.words import PORTUGUESE
from econtador.errors import EcontadorError
from econtador.showing.texts import clean

__all__ = ["SENTENCES", "misunderstood", "told"]

SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "econtador": "Algo deu errado.",
        "invalid-document": "O texto não é um CNPJ nem um CPF: corrija o documento.",
        "invalid-record": "O registro tem algo que o próprio GAP não guardaria: corrija na exportação.",
        "read": "O arquivo não pôde ser lido.",
        "missing-file": "O arquivo não pôde ser aberto: confira o caminho e as permissões.",
        "wrong-encoding": "O texto do arquivo está em outra codificação: exporte de novo em UTF-8 ou informe --encoding.",
        "malformed-file": "O arquivo não é uma tabela que se possa ler: exporte de novo em CSV ou como planilha.",
        "empty-file": "O arquivo está vazio: exporte de novo.",
        "header-not-found": "O cabeçalho não foi encontrado: veja com profile quais colunas o arquivo tem.",
        "unknown-column": "Falta uma coluna, ou há duas para o mesmo campo: veja com profile quais o arquivo tem.",
        "plan": "O plano não pode ser feito ou aplicado assim; nada foi enviado.",
        "operator-not-admin": "Somente o usuário ADMIN do GAP integra: informe --operador ADMIN, sendo ele.",
        "second-proemp": "Somente uma PROEMP pode ser integrada ao portal, e este diário já é de outra.",
        "empty-selection": "Nada foi escolhido: informe --selected com os códigos, ou --todas.",
        "unknown-codigo": "Há um código que não existe entre os registros: confira os códigos.",
        "stale-plan": "O plano envelheceu ou é de outras regras: faça outro plano; nada foi enviado.",
        "guarded-plan": "O plano tem um alerta: confira a exportação e, se está certo, aceite com --allow.",
        "invalid-plan": "Este arquivo não é um plano que se possa aplicar: faça outro plano.",
        "journal": "O diário não pôde ser usado; nada foi enviado sem ele.",
        "journal-of-another-account": "Este diário é de outra conta do portal: use o diário desta conta.",
        "journal-locked": "Outra execução está usando o diário: espere que termine.",
        "journal-not-written": "O diário não pôde ser gravado: confira disco e permissões; depois, resume.",
        "journal-unreadable": "Este diário não pode ser usado: restaure uma cópia; um novo esqueceria o que já foi enviado.",
        "apply-stopped": "Parou entre dois registros, nenhum pela metade: resolva a causa e aplique o mesmo plano outra vez.",
        "config": "A configuração não serve: confira as variáveis ECONTADOR_*.",
        "missing-token": "Falta a chave de acesso: defina ECONTADOR_TOKEN ou guarde-a com login.",
        "writes-not-configured": (
            "Na API pública nenhuma escrita de empresas ou usuários é atestada: integre com a lista de trabalho "
            "(worklist), ou diga --writes convention."
        ),
        "not-offered": "O portal não oferece isso.",
        "invalid-override": "Uma linha da tabela de textos do escritório não serve: corrija-a.",
        "invalid-query": "Essa consulta não é uma que o portal responda.",
        "invalid-draft": "O que seria enviado não faz sentido para o portal; nada foi enviado.",
        "portal": "O portal não pôde ser usado.",
        "not-sent": "O portal não pôde ser alcançado; nada foi enviado: confira a rede e o proxy.",
        "answer-lost": "A resposta do portal se perdeu; o que foi enviado está em dúvida: resume olha antes de enviar.",
        "unexpected-answer": "Respondeu algo que não é o portal: confira ECONTADOR_BASE_URL e o proxy.",
        "incomplete-listing": "A lista do portal mudou enquanto era lida: tente de novo.",
        "ambiguous-document": "O portal tem mais de um registro com este documento: resolva lá qual fica.",
        "status": "O portal recusou.",
        "unauthorized": "A chave de acesso não foi aceita: gere outra em Configurações, ePlugin / Chave de Acesso.",
        "forbidden": "Acesso negado: o pacote contratado pode não incluir isto.",
        "not-found": "Não existe no portal.",
        "rejected": "O portal não aceitou o que foi enviado.",
        "too-many-requests": "O portal pede que se espere: tente mais tarde.",
        "server-error": "O portal falhou: tente mais tarde.",
    }
)


def told(error: EcontadorError) -> str:
    """The sentence for *error*."""
    return SENTENCES[error.code]


def misunderstood(error: CycloptsError) -> str:
    """What was not understood of a command line, and where to look."""
    if not PORTUGUESE:
        return f"econtador: {clean(str(error))} See --help."
    match error:
        case UnknownCommandError():
            said = f"não há o comando {' '.join(error.unused_tokens or ())}"
        case UnknownOptionError():
            said = f"não há a opção {error.token.keyword if error.token else ''}"
        case MissingArgumentError():
            said = f"falta {error.argument.name if error.argument else 'um argumento'}"
        case CoercionError():
            said = f"valor que não serve para {error.argument.name if error.argument else 'um argumento'}"
        case _:
            said = "não entendido"
    return f"econtador: {clean(said)}. Veja --help."
