"""A body that is taken for each type that is posted."""

import base64
from collections.abc import Mapping

from attrs import field, frozen
from bare_portal import Members, url

from econtador.sandbox.jsonapi import JSON


def to(kind: str, key: str = "1") -> Members:
    return {"data": {"type": kind, "id": key}}


@frozen
class Posted:
    """A type that is posted, and a body that is taken."""

    service: str
    type: str
    attributes: Mapping[str, JSON]
    relationships: Mapping[str, JSON] = field(factory=dict[str, JSON])
    needs: tuple[str, ...] = ()
    """Attributes and relationships that must be there."""

    @property
    def url(self) -> str:
        return url(self.service, self.type)

    def body(self, **changes: JSON) -> dict[str, JSON]:
        return {**self.attributes, **changes}


MOVIMENTO = Posted(
    "dp",
    "movimentos",
    {
        "valor": "7:45",
        "inicio": "2026-01-01T03:00:00Z",
        "fim": "2026-01-31T03:00:00Z",
        "created": "2026-02-01T12:30:00.123Z",
        "comentario": "Conferido",
        "horaquantidade": None,
        "databaixa": None,
        "faltas": [
            {
                "empresaId": 1,
                "empresa": None,
                "funcionarioId": 2,
                "dia": "2026-01-02T03:00:00Z",
                "funcionario": None,
            }
        ],
    },
    {
        "funcionario": to("funcionarios", "2"),
        "empresa": to("empresas"),
        "tipomovimento": to("tipos-movimento"),
        "evento": to("eventos", "3"),
    },
    ("funcionario", "empresa", "tipomovimento", "evento"),
)
CANDIDATO = Posted(
    "dp",
    "candidatos",
    {
        "nome": "PESSOA MODELO 01",
        "cpf": 52998224725,
        "admissao": "2026-03-02",
        "nomecargo": "VENDEDOR",
        "nascimento": "1990-12-31",
        "salario": 1500.5,
        "primeiroemprego": False,
        "numero": 12,
        "tituloeleitor": 999_999_999_999,
    },
    {"empresa": to("empresas"), "estado": to("estados", "25"), "raca": to("tipos-raca", "2")},
    ("nome", "cpf", "admissao", "nomecargo", "empresa"),
)
FERIAS = Posted(
    "dp",
    "agendamentos-ferias",
    {"de": "2026-07-01", "ate": "2026-07-30T03:00:00Z", "abonodias": 10, "anotacoes": "Combinado"},
    {"funcionario": to("funcionarios"), "status": to("tipos-status-agendamento")},
    ("de", "ate", "funcionario"),
)
RESCISAO = Posted(
    "dp",
    "notificacoes-rescisao",
    {"solicitacao": "2026-05-04", "criacao": "2026-05-04T15:00:00-03:00", "simulacao": True},
    {
        "funcionario": to("funcionarios"),
        "empresa": to("empresas"),
        "documentorescisao": to("tipos-documento-rescisao"),
        "avisoPrevio": to("tipos-aviso-previo"),
        "emissornotificacao": to("tipos-emissor"),
        "tipoDesligamento": to("tipos-desligamento", "10"),
    },
    ("funcionario", "empresa"),
)
ATENDIMENTO = Posted(
    "atendimentos",
    "integracao/atendimentos",
    {
        "descricao": "Segunda via",
        "previsao": "2026-01-10",
        "aberto": True,
        "abridorId": 7,
        "parecerInicial": {"texto": "Pedido por telefone", "data": "2026-01-09T12:00:00Z"},
    },
    {
        "empresa": to("empresas"),
        "departamento": to("integracao/departamentos-do-bureau"),
        "operador": to("operadores"),
    },
    ("descricao", "empresa"),
)
LANCAMENTOS = Posted(
    "documentos",
    "integracao/integracaoAlterdata",
    {
        "documento": "Lançamentos_contabeis_01_01_2026_a_31_01_2026.txt",
        "categoriaId": 3,
        "cnpjremetente": "11222333000181",
        "arquivoBase64": base64.b64encode(b"1;2;3").decode(),
    },
    {},
    ("documento", "categoriaId", "cnpjremetente", "arquivoBase64"),
)
EVERY = (MOVIMENTO, CANDIDATO, FERIAS, RESCISAO, ATENDIMENTO, LANCAMENTOS)
