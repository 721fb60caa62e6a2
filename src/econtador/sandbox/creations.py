"""The types that are posted, and what the portal takes of each.

Attested: the names of attributes and relationships, what a candidate must have and the sizes of its
fields, that an unknown attribute is taken in silence, that nothing is unique. The types of attributes
are those of the vendor's documentation as transcribed by one integrator where it tells them, else
assumed (``ANY`` and ``MOMENT`` where even that would be a guess). What the other types must have is
assumed: that without which they would say nothing.
"""

from econtador.sandbox.kinds import ANY, BYTES, DATE, FLAG, FLOAT, INTEGER, MOMENT, OBJECT, OBJECTS, TIMESTAMP
from econtador.sandbox.limits import Attribute, maximum, size
from econtador.sandbox.resource_type import ResourceType

__all__ = ["CREATIONS"]


def _names(attributes: tuple[Attribute, ...]) -> tuple[str, ...]:
    return tuple(attribute.name for attribute in attributes)


_MOVIMENTO = (
    # "7:45" for hours, "100.00" for money, a count for days.
    Attribute("valor"),
    Attribute("inicio", TIMESTAMP),
    Attribute("fim", TIMESTAMP),
    Attribute("created", TIMESTAMP),
    Attribute("comentario"),
    Attribute("horaquantidade", ANY),
    Attribute("databaixa", MOMENT),
    Attribute("faltas", OBJECTS),
)

_CANDIDATO = (
    Attribute("nome", required=True),
    Attribute("cpf", INTEGER, required=True),
    Attribute("admissao", DATE, required=True),
    Attribute("nomecargo", required=True),
    Attribute("cpfAlfanumerico"),
    Attribute("isCpf", FLAG),
    Attribute("nascimento", DATE),
    Attribute("nomedamae"),
    Attribute("nomedopai"),
    Attribute("municipionascimento"),
    Attribute("possuideficiencia", FLAG),
    Attribute("observacao"),
    Attribute("ocorrencia", ANY),
    Attribute("cep", ANY),
    Attribute("rua"),
    Attribute("numero", INTEGER),
    Attribute("bairro"),
    Attribute("complemento", rules=(size(40),)),
    Attribute("cidade"),
    Attribute("email"),
    # 12 and 13 are attested for the two together; which has which is assumed.
    Attribute("telefone", rules=(size(12),)),
    Attribute("celular", rules=(size(13),)),
    Attribute("dataatestadoocupacional", DATE),
    Attribute("diascontratoexperiencia", ANY),
    Attribute("dataterminocontrato", DATE),
    Attribute("primeiroemprego", FLAG),
    Attribute("salario", FLOAT),
    Attribute("proventosedescontos", ANY),
    Attribute("requersegurodesemprego", FLAG),
    Attribute("pis", rules=(size(14),)),
    Attribute("datapis", DATE),
    Attribute("cnh", ANY),
    Attribute("emissaocnh", DATE),
    # 9 is attested of the issuer, without saying of which document.
    Attribute("orgaoemissorcnh", rules=(size(9),)),
    Attribute("validadecnh", DATE),
    Attribute("primeiraemissaocnh", DATE),
    Attribute("identidade", rules=(size(15),)),
    Attribute("dataidentidade", DATE),
    Attribute("orgaoemissoridentidade", rules=(size(9),)),
    Attribute("ctps", INTEGER),
    Attribute("seriectps", rules=(size(5),)),
    Attribute("datactps", DATE),
    Attribute("tituloeleitor", INTEGER, (maximum(999_999_999_999),)),
    Attribute("zonatituloeleitor", ANY),
    Attribute("secaotituloeleitor", ANY),
    Attribute("banco"),
    Attribute("agencia", ANY),
    Attribute("conta", ANY),
    Attribute("valestrasnportes", ANY),  # so spelled there
    Attribute("historicosolicitacao", ANY),
    Attribute("usuariocriacao", ANY),
    Attribute("datacriacao", MOMENT),
)

_FERIAS = (
    Attribute("de", MOMENT, required=True),
    Attribute("ate", MOMENT, required=True),
    Attribute("adiantamentodecimoterceiro", ANY),
    Attribute("solicitacao", MOMENT),
    Attribute("abonodias", ANY),
    Attribute("anotacoes"),
)

_RESCISAO = (
    Attribute("solicitacao", MOMENT),
    Attribute("criacao", MOMENT),
    Attribute("simulacao", ANY),
)

_ATENDIMENTO = (
    Attribute("descricao", required=True),
    Attribute("previsao", MOMENT),
    Attribute("abertura", MOMENT),
    Attribute("aberto", FLAG),
    Attribute("abertoNaWeb", FLAG),
    Attribute("exportado", FLAG),
    Attribute("abridorId", ANY),
    Attribute("parecerInicial", OBJECT),
)

_LANCAMENTOS = (
    # A file's name: Lançamentos_contabeis_DD_MM_AAAA_a_DD_MM_AAAA.txt.
    Attribute("documento", required=True),
    Attribute("categoriaId", ANY, required=True),
    Attribute("cnpjremetente", required=True),
    Attribute("arquivoBase64", BYTES, required=True),
)

CREATIONS = (
    ResourceType(
        "dp",
        "movimentos",
        ("create",),
        _names(_MOVIMENTO),
        {
            "funcionario": "funcionarios",
            "empresa": "empresas",
            "tipomovimento": "tipos-movimento",
            "evento": "eventos",
        },
        accepts=_MOVIMENTO,
        needs=("funcionario", "empresa", "tipomovimento", "evento"),
    ),
    ResourceType(
        "dp",
        "candidatos",
        ("create", "get"),
        _names(_CANDIDATO),
        {
            "empresa": "empresas",
            "departamento": "departamentos",
            "funcao": "funcoes",
            "statusadmissao": "tipos-status-admissao",
            "tipoadmissao": "tipos-admissao",
            "tipovinculotrabalhista": "tipos-vinculos-trabalhista",
            "categoriawdp": "tipos-categoria",
            "formapagamento": "tipos-forma-de-pagamento",
            "tipoconta": "tipos-de-conta",
            "sexo": "tipos-sexo",
            "raca": "tipos-raca",
            "escolaridade": "tipos-escolaridade",
            "estadocivil": "tipos-estado-civil",
            **dict.fromkeys(("nacionalidade", "paisnascimento", "pais"), "paises"),
            **dict.fromkeys(("estado", "naturalidade", "ufidentidade", "ufctps", "ufcnh"), "estados"),
            "tipoidentidade": "tipos-identidade",
            "categoriacnh": "tipos-cnh",
            "tipoDeDeficiencia": "tipos-deficiencia",
            "statusatestadoocupacional": "tipos-status-atestado-ocupacional",
            "foto": "fotos",
        },
        accepts=_CANDIDATO,
        needs=("empresa",),
    ),
    ResourceType(
        "dp",
        "agendamentos-ferias",
        ("create",),
        _names(_FERIAS),
        {"funcionario": "funcionarios", "status": "tipos-status-agendamento"},
        accepts=_FERIAS,
        needs=("funcionario",),
    ),
    ResourceType(
        "dp",
        "notificacoes-rescisao",
        ("create",),
        _names(_RESCISAO),
        {
            "funcionario": "funcionarios",
            "empresa": "empresas",
            "documentorescisao": "tipos-documento-rescisao",
            "avisoPrevio": "tipos-aviso-previo",
            "emissornotificacao": "tipos-emissor",
            "tipoDesligamento": "tipos-desligamento",
        },
        accepts=_RESCISAO,
        needs=("funcionario", "empresa"),
    ),
    ResourceType(
        "atendimentos",
        "integracao/atendimentos",
        ("create",),
        _names(_ATENDIMENTO),
        {
            "empresa": "empresas",
            "departamento": "integracao/departamentos-do-bureau",
            "operador": "operadores",
        },
        accepts=_ATENDIMENTO,
        needs=("empresa",),
    ),
    ResourceType(
        "documentos",
        "integracao/integracaoAlterdata",
        ("create",),
        _names(_LANCAMENTOS),
        accepts=_LANCAMENTOS,
    ),
)
