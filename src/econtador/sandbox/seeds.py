"""A small synthetic office to read: companies, people, papers. Nobody in it exists.

The same store and the same numbers make the same office. It has the portal's traps: CPFs and CNPJs
with leading zeros, a CNPJ with letters, a person who was dismissed and hired again, days written at
two different hours.
"""

from econtador.sandbox.documents import cnpj_of, cpf_of
from econtador.sandbox.limits import ABAS
from econtador.sandbox.rows import EmpresaRow, UsuarioRow
from econtador.sandbox.seed_folha import seed_folha
from econtador.sandbox.seed_papeis import seed_papeis
from econtador.sandbox.store import Store

__all__ = ["seed"]


def seed(store: Store, *, empresas: int = 3, funcionarios: int = 12) -> None:
    """Add an office of so many companies and records of employees. Call it inside a transaction that writes.

    The last company has a CNPJ with letters. Numbers go on from the companies that are there. Raises
    ``ValueError`` for less than one company, or less than no employees.
    """
    if empresas < 1 or funcionarios < 0:
        raise ValueError("an office has at least one of empresas and no less than 0 funcionarios")
    before = store.count("empresas")
    numbers = range(before + 1, before + empresas + 1)
    made = [_empresa(store, number, letters=number == numbers[-1]) for number in numbers]
    usuarios = [_usuario(store, number) for number in numbers]
    for empresa, usuario in zip(made, usuarios, strict=True):
        # The first user sees every company, the others one each.
        store.link(int(usuarios[0].id), int(empresa.id))
        store.link(int(usuario.id), int(empresa.id))
    seed_folha(store, made, funcionarios)
    seed_papeis(store, made, usuarios)


def _empresa(store: Store, number: int, *, letters: bool) -> EmpresaRow:
    begin = f"MODEL{number:07}" if letters else f"0{9_900_000 + number}0001"
    return store.add_empresa(
        {
            "nome": f"EMPRESA MODELO {number:02} LTDA",
            "documento": cnpj_of(begin),
            "is_cpf": False,
            "externoid": f"{number:05}",
            "ativa": True,
            "endereco": f"RUA MODELO, {number}",
            "bairro": "CENTRO",
            "municipio": "SÃO PAULO",
            "uf": "SP",
            "cep": "01000-000",
        }
    )


def _usuario(store: Store, number: int) -> UsuarioRow:
    return store.add_usuario(
        {
            "nome": f"USUARIO MODELO {number:02}",
            "login": cpf_of(f"{800_000_000 + number}"),
            "email": f"usuario{number:02}@exemplo.com.br",
            "is_cpf": True,
            "telefone": "1100000000",
            "ativo": True,
            "abas": ABAS,
        }
    )
