"""The papers of the synthetic office: documents with their files, certificates, tasks."""

import base64
from collections.abc import Sequence
from datetime import date, timedelta

from econtador.sandbox.jsonapi import Linkage
from econtador.sandbox.midnight import midnight
from econtador.sandbox.rows import EmpresaRow, RecursoRow, UsuarioRow
from econtador.sandbox.store import Store
from econtador.sandbox.tarefas import TAREFAS

__all__ = ["seed_papeis"]

_CATEGORIAS = (("Guias", True), ("Folha de pagamento", False))
_CERTIDOES = ("Certidão de débitos federais", "Certidão de regularidade do FGTS")
_FIRST_DAY = date(2025, 1, 6)


def seed_papeis(store: Store, empresas: Sequence[EmpresaRow], usuarios: Sequence[UsuarioRow]) -> None:
    """Add what hosts documentos, cnd and ms-tarefas have of these companies."""
    status = [_named(store, "integracao/status-documento", nome) for nome in ("Pendente", "Pago")]
    vigente = _named(store, "integracao/status-certidao", "Negativa")
    departamento = _named(store, "integracao/departamentos-do-bureau", "FISCAL")
    tipos = [_named(store, "integracao/tipoCertidao", nome) for nome in _CERTIDOES]
    for empresa, usuario in zip(empresas, usuarios, strict=True):
        for index, (descricao, pagavel) in enumerate(_CATEGORIAS):
            categoria = store.add_recurso(
                "integracao/categoria-documento",
                {"personalizada": False, "pagavel": pagavel, "login": usuario.login, "descricao": descricao},
            )
            relations: dict[str, Linkage] = {
                "abridor": ("integracao/usuarios", usuario.login),
                "categoria": _to(categoria),
                "status": _to(status[index]),
                "empresa": ("empresas", empresa.id),
                "departamento": _to(departamento),
            }
            _documento(store, empresa, f"{descricao} {index + 1:02}/2025", relations, pago=index == 1)
        for tipo in tipos:
            _certidoes(store, empresa, tipo, vigente)
        _tarefas(store, empresa)


def _to(row: RecursoRow) -> tuple[str, str]:
    return row.type, row.id


def _named(store: Store, kind: str, nome: str) -> RecursoRow:
    return store.add_recurso(kind, {"nome": nome})


def _file(text: str) -> str:
    return base64.b64encode(f"{text}\n".encode()).decode()


def _documento(
    store: Store, empresa: EmpresaRow, titulo: str, relations: dict[str, Linkage], *, pago: bool
) -> None:
    criacao = _FIRST_DAY + timedelta(days=int(empresa.id) % 300 + 30 * pago)
    arquivo = store.add_recurso("integracao/arquivos", {"bytes": _file(f"{titulo}, {empresa.nome}")})
    store.add_recurso(
        "integracao/documentos",
        {
            "empresaId": int(empresa.id),
            "valor": 100.5 * int(empresa.id),
            "titulo": titulo,
            "descricao": "Documento de exemplo",
            "pago": pago,
            "criacao": midnight(criacao),
            "vencimento": midnight(criacao + timedelta(days=14)),
            "expiracao": midnight(criacao + timedelta(days=44)),
            "pagamento": midnight(criacao + timedelta(days=10)) if pago else None,
        },
        {**relations, "arquivos": _to(arquivo)},
    )


def _certidoes(store: Store, empresa: EmpresaRow, tipo: RecursoRow, status: RecursoRow) -> None:
    """Two of one type: the latter replaces the former."""
    for emissao in (_FIRST_DAY, _FIRST_DAY + timedelta(days=180)):
        store.add_recurso(
            "integracao/certidoes",
            {
                "empresaId": int(empresa.id),
                "arquivo": _file(f"{tipo.attributes['nome']}, {empresa.nome}"),
                "abrangencia": "Federal",
                "mimeType": "text/plain",
                "emissao": midnight(emissao),
                "vencimento": midnight(emissao + timedelta(days=180)),
                "nomeOrgaoEmissor": "ORGAO MODELO",
            },
            {"tipoCertidao": _to(tipo), "status": _to(status)},
        )


def _tarefas(store: Store, empresa: EmpresaRow) -> None:
    for month in (1, 2, 3):
        prazo = date(2025, month, 15)
        store.add_recurso(
            TAREFAS,
            {
                "nome": "Fechamento da folha",
                "prazoEntrega": midnight(prazo),
                "prazoLegal": midnight(prazo + timedelta(days=5)),
                "responsavel": "USUARIO MODELO 01",
                "status": "Concluída" if month == 1 else "Pendente",
                "dataConclusao": midnight(prazo) if month == 1 else None,
                "empresa": empresa.nome,
                "departamento": "PESSOAL",
            },
        )
