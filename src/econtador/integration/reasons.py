"""Why a record goes, stays or is refused: one stable code and one Portuguese sentence each."""

import enum
from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

from econtador.overriding import override

__all__ = ["Finding", "Reason"]


class Reason(enum.Enum):
    """The value is the code: for programs, and for the documentation's page of reasons."""

    NOVA = "nova"
    EM_DUVIDA = "em-duvida"
    JA_NO_PORTAL = "ja-no-portal"
    JA_INTEGRADA = "ja-integrada"
    INTEGRADA_E_DESLIGADA = "integrada-e-desligada"
    RENOMEADA = "renomeada"
    DESLIGADA = "desligada"
    NAO_SELECIONADA = "nao-selecionada"
    OUTRA_PROEMP = "outra-proemp"
    CODIGO_REPETIDO = "codigo-repetido"
    CODIGO_REUTILIZADO = "codigo-reutilizado"
    DOCUMENTO_INVALIDO = "documento-invalido"
    DOCUMENTO_REPETIDO = "documento-repetido"
    DOCUMENTO_JA_INTEGRADO = "documento-ja-integrado"
    INSCRICAO_CORTADA = "inscricao-cortada"
    NOME_VAZIO = "nome-vazio"
    CPF_AUSENTE = "cpf-ausente"
    EMAIL_AUSENTE = "email-ausente"
    EMAIL_INVALIDO = "email-invalido"
    AMBIGUA_NO_PORTAL = "ambigua-no-portal"
    DOCUMENTO_NO_PORTAL = "documento-no-portal"
    CODIGO_NO_PORTAL = "codigo-no-portal"
    NAO_MAIS_NO_PORTAL = "nao-mais-no-portal"
    NAO_INTEGRADO_AINDA = "nao-integrado-ainda"
    CEDO_DEMAIS = "cedo-demais"
    CONFERIDO = "conferido"
    COM_OUTRA_EXECUCAO = "com-outra-execucao"
    TALVEZ_DUPLICADO = "talvez-duplicado"
    TODAS_SELECIONADAS = "todas-selecionadas"
    ESCRITA_POR_CONVENCAO = "escrita-por-convencao"
    TEXTO_VENCIDO = "texto-vencido"
    INSCRICAO_DUVIDOSA = "inscricao-duvidosa"

    @property
    def sentence(self) -> str:
        """For the accountant."""
        return SENTENCES[self]


SENTENCES: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.NOVA: "Ainda não está no portal: será enviado uma única vez.",
        Reason.EM_DUVIDA: "A resposta de um envio anterior se perdeu: o portal é consultado antes de qualquer novo envio.",
        Reason.JA_NO_PORTAL: "Já está no portal com este documento: passa a Integrado sem novo envio.",
        Reason.JA_INTEGRADA: "Já está integrado: empresas e usuários são integrados uma única vez.",
        Reason.INTEGRADA_E_DESLIGADA: "Já está integrado e agora está desligado no GAP: confira no portal se deve continuar ativo.",
        Reason.RENOMEADA: "Já está integrado, e o nome mudou no GAP desde então: corrija no portal.",
        Reason.DESLIGADA: "Desligado no GAP: o portal mantém apenas empresas e usuários ativos.",
        Reason.NAO_SELECIONADA: "Não selecionado: só vai ao portal o que foi escolhido.",
        Reason.OUTRA_PROEMP: "Pertence a outra PROEMP: somente uma PROEMP pode ser integrada ao portal.",
        Reason.CODIGO_REPETIDO: "O mesmo código aparece mais de uma vez nos registros: corrija a exportação.",
        Reason.CODIGO_REUTILIZADO: "Este código já foi integrado com outro documento: confira o cadastro no GAP.",
        Reason.DOCUMENTO_INVALIDO: "O CNPJ ou CPF não é válido: corrija no cadastro do GAP.",
        Reason.DOCUMENTO_REPETIDO: "O mesmo CNPJ ou CPF está em mais de um registro selecionado: selecione só um deles.",
        Reason.DOCUMENTO_JA_INTEGRADO: "O mesmo CNPJ ou CPF já foi integrado com outro código.",
        Reason.INSCRICAO_CORTADA: "A inscrição não cabe no portal e, cortada, deixaria de identificar: corrija no GAP.",
        Reason.NOME_VAZIO: "O nome ficaria vazio no portal: corrija no GAP.",
        Reason.CPF_AUSENTE: "O usuário está sem CPF, que é o login no portal: complete no GAP.",
        Reason.EMAIL_AUSENTE: "O usuário está sem e-mail, para onde o portal envia a senha: complete no GAP.",
        Reason.EMAIL_INVALIDO: "O e-mail do usuário não é um endereço: corrija no GAP.",
        Reason.AMBIGUA_NO_PORTAL: "O portal já tem mais de um registro com este documento: resolva no portal qual fica.",
        Reason.DOCUMENTO_NO_PORTAL: "O portal já tem este documento com outro código: confira antes de integrar.",
        Reason.CODIGO_NO_PORTAL: "O portal já usa este código para outro documento: confira antes de integrar.",
        Reason.NAO_MAIS_NO_PORTAL: "Estava no portal quando o plano foi feito e não está mais: faça outro plano.",
        Reason.NAO_INTEGRADO_AINDA: "O usuário ainda não foi integrado: integre antes de ativar.",
        Reason.CEDO_DEMAIS: (
            "Ainda não aparece no portal, que pode demorar a mostrar o que aceitou: continua em dúvida, e será "
            "procurado de novo mais tarde; se conferir no portal que não está lá, libere-o."
        ),
        Reason.CONFERIDO: "Uma pessoa conferiu no portal que não está lá: pode ser enviado.",
        Reason.COM_OUTRA_EXECUCAO: "Outra execução está enviando este registro, ou já o enviou.",
        Reason.TALVEZ_DUPLICADO: (
            "O portal aceitou este envio quando outra execução já o dava por perdido: confira no portal se ficou em dobro."
        ),
        Reason.TODAS_SELECIONADAS: (
            "Todas as empresas foram selecionadas: é muito importante enviar ao portal "
            "somente as que realmente serão utilizadas nele."
        ),
        Reason.ESCRITA_POR_CONVENCAO: (
            "A escrita no portal segue uma convenção desta biblioteca: "
            "nenhuma escrita de empresas ou usuários é atestada na API pública."
        ),
        Reason.INSCRICAO_DUVIDOSA: "A inscrição estadual não parece ser do estado: confira no GAP.",
        Reason.TEXTO_VENCIDO: "Um texto da tabela do escritório não foi usado: confira a tabela.",
    }
)


@frozen
class Finding:
    """A reason as it applies to one record; *detail* names what it is about (another código, a field)."""

    reason: Reason
    detail: str = ""

    @override
    def __str__(self) -> str:
        return f"{self.reason.sentence} ({self.detail})" if self.detail else self.reason.sentence
