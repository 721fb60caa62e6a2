"""The payroll side of the synthetic office: departments, jobs, events, employees and their former jobs."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from attrs import frozen

from econtador.sandbox.documents import cpf_of, document_number
from econtador.sandbox.jsonapi import JSON, Linkage
from econtador.sandbox.midnight import midnight
from econtador.sandbox.rows import EmpresaRow, RecursoRow
from econtador.sandbox.store import Store

__all__ = ["seed_folha"]

_DEPARTAMENTOS = ("ADMINISTRATIVO", "OPERACIONAL")
_FUNCOES = (
    ("AUXILIAR DE ESCRITORIO", "411005"),
    ("VENDEDOR", "521110"),
    ("GERENTE ADMINISTRATIVO", "142105"),
    ("VENDEDOR", "521110"),  # a job is there more than once (attested)
)
_EVENTOS = (
    ("0001", "SALARIO", "GB", "1"),
    ("0010", "HORAS EXTRAS 50%", "GB", "1"),
    ("0020", "FALTAS", "FT", "1"),
    ("0030", "FERIAS", "GB", "2"),
)
_FIRST_ADMISSION = date(2015, 1, 12)  # in summer time
_SITUATIONS: tuple[Mapping[str, JSON], ...] = (
    {"status": "Ativo"},
    {"status": "Demitido"},
    {"status": "Ativo"},
    {"status": "Ativo"},
    {
        "status": "Afastado",
        "afastamentodescricao": "Férias",
        "afastamento": midnight(date(2026, 1, 5)),
        "retorno": midnight(date(2026, 2, 4)),
    },
    {
        "status": "Afastado",
        "afastamentodescricao": "Auxílio-doença",
        "afastamento": midnight(date(2025, 12, 1)),
    },
)
"""One after the other, again and again; what is not named is null."""
_NOT_NAMED: Mapping[str, JSON] = dict.fromkeys(("afastamentodescricao", "afastamento", "retorno"))


@frozen
class _Vaga:
    """A record of an employee to be made: the how manyth, of which person, where."""

    index: int
    pessoa: int
    empresa: EmpresaRow
    departamento: RecursoRow
    funcao: RecursoRow


def seed_folha(store: Store, empresas: Sequence[EmpresaRow], funcionarios: int) -> None:
    """Add what host dp has of these companies."""
    departamentos = {
        empresa.id: [_departamento(store, empresa, nome) for nome in _DEPARTAMENTOS] for empresa in empresas
    }
    funcoes = [_funcao(store, number, *named) for number, named in enumerate(_FUNCOES, 1)]
    for codigo, nome, configuracao, movimento in _EVENTOS:
        _evento(store, codigo, nome, configuracao, movimento)
    before = store.count("recursos", [("tipo", "funcionarios")])
    for index in range(funcionarios):
        # The third record is the second person again: dismissed, then hired anew.
        pessoa = 1 if index == 2 else index
        empresa = empresas[pessoa % len(empresas)]
        departamento = departamentos[empresa.id][index % len(_DEPARTAMENTOS)]
        funcao = funcoes[index % len(funcoes)]
        made = _funcionario(store, _Vaga(index, before + pessoa + 1, empresa, departamento, funcao))
        if index % 3 == 0:
            _historico(store, made, funcao, funcoes[(index + 1) % len(funcoes)])


def _departamento(store: Store, empresa: EmpresaRow, nome: str) -> RecursoRow:
    # The portal does not show the company of a department, and filters by it.
    return store.add_recurso(
        "departamentos",
        {"nome": nome, "externoid": f"{empresa.externoid}-{nome[:3]}", "cei": None},
        {"empresa": ("empresas", empresa.id)},
    )


def _funcao(store: Store, number: int, nome: str, cbo: str) -> RecursoRow:
    codigo = f"{number:04}"
    return store.add_recurso(
        "funcoes", {"nome": nome, "cbo": cbo, "codigo": codigo, "externoid": f"F{codigo}"}
    )


def _evento(store: Store, codigo: str, nome: str, configuracao: str, movimento: str) -> None:
    store.add_recurso(
        "eventos",
        {"codigo": codigo, "nome": nome, "descricao": nome, "tipoConfiguracao": configuracao},
        {"tipomovimento": ("tipos-movimento", movimento)},
    )


def _funcionario(store: Store, vaga: _Vaga) -> RecursoRow:
    # Every second person's CPF begins with zeros.
    cpf = cpf_of(f"{vaga.pessoa if vaga.pessoa % 2 else 900_000_000 + vaga.pessoa:09}")
    # Eleven months apart, so in every season, and again from the beginning in 2025.
    admissao = _FIRST_ADMISSION + timedelta(days=331 * vaga.index % 3900)
    situation = _SITUATIONS[vaga.index % len(_SITUATIONS)]
    dismissed = situation["status"] == "Demitido"
    attributes: dict[str, JSON] = {
        # The same for a person hired again: attested.
        "codigo": f"{vaga.pessoa:06}",
        "nome": f"PESSOA MODELO {vaga.pessoa:02}",
        **_NOT_NAMED,
        **situation,
        "admissao": midnight(admissao),
        "demissao": midnight(admissao + timedelta(days=200)) if dismissed else None,
        "nascimento": midnight(date(1980, 1, 15) + timedelta(days=97 * vaga.pessoa % 8000)),
        "dataAtualizacao": midnight(date(2026, 1, 5) + timedelta(days=vaga.index % 300)),
        "nomefuncao": f"{vaga.funcao.attributes['codigo']} - {vaga.funcao.attributes['nome']}",
        "cpf": document_number(cpf),
        "cpfAlfanumerico": cpf,
        "isCpf": True,
        "externoid": f"{vaga.empresa.externoid}{vaga.pessoa:06}",
        "matriculaESocial": f"{vaga.pessoa:06}",
        "salarioBase": 1500.0 + 125.5 * vaga.index,
        **_dados(vaga.pessoa),
    }
    return store.add_recurso("funcionarios", attributes, _relations(vaga))


def _dados(pessoa: int) -> Mapping[str, JSON]:
    """Address, telephone, bank: the same kind of thing for everybody."""
    return {
        "pis": f"{pessoa:011}",
        "identidade": f"{pessoa:09}",
        "carteiradetrabalho": pessoa,
        # Often empty there (attested).
        "email": "" if pessoa % 2 else f"pessoa{pessoa:02}@exemplo.com.br",
        "telefone": None,
        "telefonecelular": "11900000000",
        "rua": "RUA MODELO",
        "numero": pessoa,
        "complemento": None,
        "bairro": "CENTRO",
        "cidade": "SÃO PAULO",
        "cep": "01000000",
        "chavePix": None,
        "banco": 1,
        "nomeDoBanco": "BANCO MODELO",
        "agencia": "0001",
        "conta": f"{pessoa:06}",
        "datavencimentocontratoexperiencia": None,
        "dataprorrogacaocontratoexperiencia": None,
    }


def _relations(vaga: _Vaga) -> Mapping[str, Linkage]:
    return {
        "empresa": ("empresas", vaga.empresa.id),
        "departamento": ("departamentos", vaga.departamento.id),
        "naturalidade": ("estados", str(1 + vaga.pessoa % 27)),
        "estado": ("estados", "25"),
        "foto": None,
        "estadocivil": ("tipos-estado-civil", str(1 + vaga.pessoa % 5)),
        "sexo": ("tipos-sexo", str(1 + vaga.pessoa % 2)),
        "formadepagamento": ("tipos-forma-de-pagamento", "3"),
        "nacionalidade": ("paises", "105"),
        "pais": ("paises", "105"),
        "tipoDeConta": ("tipos-de-conta", "1"),
        "tipoDeChavePix": None,
    }


def _historico(store: Store, funcionario: RecursoRow, atual: RecursoRow, anterior: RecursoRow) -> None:
    store.add_recurso(
        "historico-funcoes",
        {
            "dataAlteracaoFuncao": midnight(date(2025, 3, 1) + timedelta(days=int(funcionario.id) % 300)),
            "externoId": f"H{int(funcionario.id):05}",
            "funcaoAtual": {"id": atual.id, **atual.attributes},
            "funcaoAnterior": {"id": anterior.id, **anterior.attributes},
        },
        {"funcionario": (funcionario.type, funcionario.id)},
    )
