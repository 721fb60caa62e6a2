"""The portal's small tables of names, each a type of its own on host dp, in every sandbox.

Attested: the types; ids and names of movements and of the status of an admission; ids and names of
states (19 to 21 out of their alphabetical order, as there); Brazil's id; the ids of races, of the
status of a vacation and of dismissals. Every other id and name is assumed, and so is ``nome`` as their
attribute. Ids have changed at the portal before: a client is to look them up by name.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

__all__ = ["LOOKUPS"]


def _counted(names: Sequence[str], first: int = 1) -> Mapping[int, str]:
    return MappingProxyType(dict(enumerate(names, first)))


_ESTADOS = _counted(
    [
        "Acre",
        "Alagoas",
        "Amapá",
        "Amazonas",
        "Bahia",
        "Ceará",
        "Distrito Federal",
        "Espírito Santo",
        "Goiás",
        "Maranhão",
        "Mato Grosso",
        "Mato Grosso do Sul",
        "Minas Gerais",
        "Pará",
        "Paraíba",
        "Paraná",
        "Pernambuco",
        "Piauí",
        "Roraima",
        "Rondônia",
        "Rio de Janeiro",
        "Rio Grande do Norte",
        "Rio Grande do Sul",
        "Santa Catarina",
        "São Paulo",
        "Sergipe",
        "Tocantins",
    ]
)
_RACAS = {
    1: "Indígena",
    2: "Branca",
    3: "Preta",
    6: "Amarela",
    8: "Parda",
    9: "Não informada",
}
_MOVIMENTOS = _counted(
    ["Folha", "Férias", "Rescisão", "Adiantamento", "1ª parcela do 13º", "2ª parcela do 13º"]
)
_ADMISSAO = _counted(
    ["Pendente", "Análise", "Aguardando Cliente", "Cadastrado", "Cancelado", "A concluir"], first=0
)
_ESCOLARIDADES = _counted(
    [
        "Analfabeto",
        "Fundamental incompleto",
        "Fundamental completo",
        "Médio incompleto",
        "Médio completo",
        "Superior incompleto",
        "Superior completo",
    ]
)

LOOKUPS: Mapping[str, Mapping[int, str]] = MappingProxyType(
    {
        "estados": _ESTADOS,
        "paises": {105: "Brasil"},
        "fotos": {},
        "tipos-sexo": _counted(["Masculino", "Feminino"]),
        "tipos-raca": _RACAS,
        "tipos-estado-civil": _counted(["Solteiro", "Casado", "Divorciado", "Viúvo", "União estável"]),
        "tipos-escolaridade": _ESCOLARIDADES,
        "tipos-vinculos-trabalhista": _counted(["Prazo indeterminado", "Prazo determinado", "Aprendiz"]),
        "tipos-admissao": _counted(["Primeiro emprego", "Reemprego", "Transferência"]),
        "tipos-status-admissao": _ADMISSAO,
        "tipos-categoria": _counted(["Mensalista", "Horista", "Estagiário"]),
        "tipos-forma-de-pagamento": _counted(["Dinheiro", "Cheque", "Depósito em conta"]),
        "tipos-de-conta": _counted(["Conta corrente", "Conta poupança", "Conta salário"]),
        "tipos-identidade": _counted(["RG", "RNE", "Passaporte"]),
        "tipos-cnh": _counted(["A", "B", "AB", "C", "D", "E"]),
        "tipos-deficiencia": _counted(["Nenhuma", "Física", "Auditiva", "Visual", "Intelectual"]),
        "tipos-status-atestado-ocupacional": _counted(["Apto", "Inapto"]),
        "tipos-status-agendamento": {number: f"Status {number}" for number in range(1, 9)},
        "tipos-documento-rescisao": _counted(["Aviso prévio", "Pedido de demissão"]),
        "tipos-aviso-previo": _counted(["Trabalhado", "Indenizado", "Dispensado"]),
        "tipos-emissor": _counted(["Empregador", "Empregado"]),
        "tipos-desligamento": {code: f"Desligamento {code}" for code in range(10, 90, 10)},
        "tipos-movimento": _MOVIMENTOS,
    }
)
"""Type to its rows, id to name."""
