"""What is sent to stay: how drafts are spelled, and where they go."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from econtador.documents import Cpf
from econtador.portal._wire.converting import midnight
from econtador.portal._wire.resource import DocumentSpelling, Resource, Spelling, recurso
from econtador.portal._wire.writing import Writing, encoder
from econtador.portal.config import Route
from econtador.portal.envios import (
    AgendamentoFeriasNovo,
    AtendimentoNovo,
    CandidatoNovo,
    Falta,
    LancamentosContabeis,
    MovimentoNovo,
    NotificacaoRescisaoNova,
    Parecer,
)
from econtador.portal.values import Recurso

__all__ = [
    "AGENDAMENTOS_FERIAS",
    "ATENDIMENTOS",
    "CANDIDATOS",
    "LANCAMENTOS_CONTABEIS",
    "MOVIMENTOS",
    "NOTIFICACOES_RESCISAO",
]

# --------------------------------------------------------------------------- spellings

_MOVIMENTO = Spelling(
    attributes={
        "valor": "valor",
        "inicio": "inicio",
        "fim": "fim",
        "criado": "created",
        "comentario": "comentario",
        "faltas": "faltas",
    },
    relationships={
        "funcionario": "funcionario",
        "empresa": "empresa",
        "tipo_movimento": "tipomovimento",
        "evento": "evento",
    },
)
_FALTA = Spelling(
    attributes={
        "empresa": "empresaId",
        "funcionario": "funcionarioId",
        "inicio": "inicio",
        "fim": "fim",
        "dia": "dia",
    }
)
_PARECER = Spelling(attributes={"texto": "texto", "data": "data"})
_AGENDAMENTO = Spelling(
    attributes={
        "de": "de",
        "ate": "ate",
        "adiantamento_decimo_terceiro": "adiantamentodecimoterceiro",
        "solicitacao": "solicitacao",
        "abono_dias": "abonodias",
        "anotacoes": "anotacoes",
    },
    relationships={"funcionario": "funcionario", "status": "status"},
)
_NOTIFICACAO = Spelling(
    attributes={"solicitacao": "solicitacao", "criacao": "criacao", "simulacao": "simulacao"},
    relationships={
        "funcionario": "funcionario",
        "empresa": "empresa",
        "documento_rescisao": "documentorescisao",
        "aviso_previo": "avisoPrevio",
        "emissor_notificacao": "emissornotificacao",
        "tipo_desligamento": "tipoDesligamento",
    },
)
_ATENDIMENTO = Spelling(
    attributes={
        "descricao": "descricao",
        "previsao": "previsao",
        "abertura": "abertura",
        "aberto": "aberto",
        "aberto_na_web": "abertoNaWeb",
        "exportado": "exportado",
        "abridor_id": "abridorId",
        "parecer_inicial": "parecerInicial",
    },
    relationships={"empresa": "empresa", "departamento": "departamento", "operador": "operador"},
)
_LANCAMENTOS = Spelling(
    attributes={
        "nome_do_arquivo": "documento",
        "categoria_id": "categoriaId",
        "cnpj_remetente": "cnpjremetente",
        "arquivo": "arquivoBase64",
    }
)
_CANDIDATO = Spelling(
    attributes={
        "nome": "nome",
        "admissao": "admissao",
        "nome_cargo": "nomecargo",
        "nascimento": "nascimento",
        "nome_da_mae": "nomedamae",
        "nome_do_pai": "nomedopai",
        "municipio_nascimento": "municipionascimento",
        "possui_deficiencia": "possuideficiencia",
        "observacao": "observacao",
        "ocorrencia": "ocorrencia",
        "cep": "cep",
        "rua": "rua",
        "numero": "numero",
        "bairro": "bairro",
        "complemento": "complemento",
        "cidade": "cidade",
        "email": "email",
        "telefone": "telefone",
        "celular": "celular",
        "data_atestado_ocupacional": "dataatestadoocupacional",
        "dias_contrato_experiencia": "diascontratoexperiencia",
        "data_termino_contrato": "dataterminocontrato",
        "primeiro_emprego": "primeiroemprego",
        "salario": "salario",
        "proventos_e_descontos": "proventosedescontos",
        "requer_seguro_desemprego": "requersegurodesemprego",
        "pis": "pis",
        "data_pis": "datapis",
        "cnh": "cnh",
        "emissao_cnh": "emissaocnh",
        "orgao_emissor_cnh": "orgaoemissorcnh",
        "validade_cnh": "validadecnh",
        "primeira_emissao_cnh": "primeiraemissaocnh",
        "identidade": "identidade",
        "data_identidade": "dataidentidade",
        "orgao_emissor_identidade": "orgaoemissoridentidade",
        "ctps": "ctps",
        "serie_ctps": "seriectps",
        "data_ctps": "datactps",
        "titulo_eleitor": "tituloeleitor",
        "zona_titulo_eleitor": "zonatituloeleitor",
        "secao_titulo_eleitor": "secaotituloeleitor",
        "banco": "banco",
        "agencia": "agencia",
        "conta": "conta",
        "vales_transporte": "valestrasnportes",
        "historico_solicitacao": "historicosolicitacao",
        "usuario_criacao": "usuariocriacao",
        "data_criacao": "datacriacao",
    },
    relationships={
        "empresa": "empresa",
        "departamento": "departamento",
        "funcao": "funcao",
        "status_admissao": "statusadmissao",
        "tipo_admissao": "tipoadmissao",
        "tipo_vinculo_trabalhista": "tipovinculotrabalhista",
        "categoria_wdp": "categoriawdp",
        "forma_pagamento": "formapagamento",
        "tipo_conta": "tipoconta",
        "sexo": "sexo",
        "raca": "raca",
        "escolaridade": "escolaridade",
        "estado_civil": "estadocivil",
        "nacionalidade": "nacionalidade",
        "pais_nascimento": "paisnascimento",
        "pais": "pais",
        "estado": "estado",
        "naturalidade": "naturalidade",
        "uf_identidade": "ufidentidade",
        "uf_ctps": "ufctps",
        "uf_cnh": "ufcnh",
        "tipo_identidade": "tipoidentidade",
        "categoria_cnh": "categoriacnh",
        "tipo_de_deficiencia": "tipoDeDeficiencia",
        "status_atestado_ocupacional": "statusatestadoocupacional",
        "foto": "foto",
    },
    document=DocumentSpelling("cpf", text="cpfAlfanumerico", number="cpf", kinds=(Cpf,)),
)
# Where the documentation names no lookup, the one whose name fits is *assumed*.
_TIPOS_DO_CANDIDATO: Mapping[str, str] = {
    "empresa": "empresas",
    "departamento": "departamentos",
    "funcao": "funcoes",
    "status_admissao": "tipos-status-admissao",
    "tipo_admissao": "tipos-admissao",
    "tipo_vinculo_trabalhista": "tipos-vinculos-trabalhista",
    "categoria_wdp": "tipos-categoria",
    "forma_pagamento": "tipos-forma-de-pagamento",
    "tipo_conta": "tipos-de-conta",
    "sexo": "tipos-sexo",
    "raca": "tipos-raca",
    "escolaridade": "tipos-escolaridade",
    "estado_civil": "tipos-estado-civil",
    "nacionalidade": "paises",
    "pais_nascimento": "paises",
    "pais": "paises",
    "estado": "estados",
    "naturalidade": "estados",
    "uf_identidade": "estados",
    "uf_ctps": "estados",
    "uf_cnh": "estados",
    "tipo_identidade": "tipos-identidade",
    "categoria_cnh": "tipos-cnh",
    "tipo_de_deficiencia": "tipos-deficiencia",
    "status_atestado_ocupacional": "tipos-status-atestado-ocupacional",
    "foto": "fotos",
}


def _valor(valor: object) -> str:
    """``100.00``, ``7:45`` or ``3``."""
    match valor:
        case Decimal():
            return f"{valor:.2f}"
        case timedelta():
            hours, minutes = divmod(valor // timedelta(minutes=1), 60)
            return f"{hours}:{minutes:02}"
        case _:
            return str(valor)


# --------------------------------------------------------------------------- resources
# None of these was met being listed, and of what a POST answers no more than the id is attested.

MOVIMENTOS: Resource[Recurso, MovimentoNovo] = Resource(
    name=MovimentoNovo.RESOURCE,
    route=Route("dp", "/movimentos"),
    type="movimentos",
    decode=recurso,
    verbs=frozenset({"create"}),
    spelling=_MOVIMENTO,
    encode=encoder(
        Writing(
            _MOVIMENTO,
            types={
                "funcionario": "funcionarios",
                "empresa": "empresas",
                "tipo_movimento": "tipos-movimento",
                "evento": "eventos",
            },
            days=midnight,
            values={"valor": _valor},
            always={"horaquantidade": None, "databaixa": None},
            inner={Falta: Writing(_FALTA, days=midnight, always={"empresa": None, "funcionario": None})},
        )
    ),
)
CANDIDATOS: Resource[Recurso, CandidatoNovo] = Resource(
    name=CandidatoNovo.RESOURCE,
    route=Route("dp", "/candidatos"),
    type="candidatos",
    decode=recurso,
    # One integrator reads them in production, by id; the documentation has the POST alone.
    verbs=frozenset({"create", "get"}),
    spelling=_CANDIDATO,
    encode=encoder(Writing(_CANDIDATO, types=_TIPOS_DO_CANDIDATO)),
)
AGENDAMENTOS_FERIAS: Resource[Recurso, AgendamentoFeriasNovo] = Resource(
    name=AgendamentoFeriasNovo.RESOURCE,
    route=Route("dp", "/agendamentos-ferias"),
    type="agendamentos-ferias",
    decode=recurso,
    verbs=frozenset({"create"}),
    spelling=_AGENDAMENTO,
    encode=encoder(
        Writing(
            _AGENDAMENTO,
            types={"funcionario": "funcionarios", "status": "tipos-status-agendamento"},
            days=midnight,
        )
    ),
)
NOTIFICACOES_RESCISAO: Resource[Recurso, NotificacaoRescisaoNova] = Resource(
    name=NotificacaoRescisaoNova.RESOURCE,
    route=Route("dp", "/notificacoes-rescisao"),
    type="notificacoes-rescisao",
    decode=recurso,
    verbs=frozenset({"create"}),
    spelling=_NOTIFICACAO,
    encode=encoder(
        Writing(
            _NOTIFICACAO,
            types={
                "funcionario": "funcionarios",
                "empresa": "empresas",
                "documento_rescisao": "tipos-documento-rescisao",
                "aviso_previo": "tipos-aviso-previo",
                "emissor_notificacao": "tipos-emissor",
                "tipo_desligamento": "tipos-desligamento",
            },
            days=midnight,
        )
    ),
)
ATENDIMENTOS: Resource[Recurso, AtendimentoNovo] = Resource(
    name=AtendimentoNovo.RESOURCE,
    route=Route("atendimentos", "/atendimentos"),
    type="integracao/atendimentos",
    decode=recurso,
    verbs=frozenset({"create"}),
    spelling=_ATENDIMENTO,
    encode=encoder(
        Writing(
            _ATENDIMENTO,
            types={
                "empresa": "empresas",  # these two without the host's prefix (attested)
                "operador": "operadores",
                "departamento": "integracao/departamentos-do-bureau",
            },
            inner={Parecer: Writing(_PARECER)},
        )
    ),
)
LANCAMENTOS_CONTABEIS: Resource[Recurso, LancamentosContabeis] = Resource(
    name=LancamentosContabeis.RESOURCE,
    route=Route("documentos", "/integracaoAlterdata"),
    type="integracao/integracaoAlterdata",
    decode=recurso,
    verbs=frozenset({"create"}),
    spelling=_LANCAMENTOS,
    encode=encoder(Writing(_LANCAMENTOS)),
)
