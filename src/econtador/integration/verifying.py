"""The portal read back and compared with what was sent: attested reads only, nothing assumed."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from econtador.integration.journal import Record
from econtador.integration.looking import View
from econtador.integration.report import Check, Verification, Verified
from econtador.integration.status import IN_PORTAL, Kind
from econtador.portal import values
from econtador.portal.models import Empresa, EmpresaNova, Usuario, UsuarioNovo

__all__ = ["UNVERIFIABLE", "compare"]

UNVERIFIABLE: Final = (
    "inscricao_estadual",
    "inscricao_municipal",
    "numero",
    "complemento",
    "bairro",
    "municipio",
    "uf",
    "cep",
    "atividade",
    "ativo",
)
"""Sent, and not shown by the public API."""


def compare(known: Mapping[Kind, Mapping[str, Record]], views: Mapping[Kind, View]) -> Verification:
    """Every record that should be in the portal, and every company there that the journal does not know."""
    checks = [check for kind, view in views.items() for check in _checks(kind, known[kind].values(), view)]
    return Verification(checks=tuple(checks), unverifiable=UNVERIFIABLE)


def _checks(kind: Kind, records: Iterable[Record], view: View) -> Iterator[Check]:
    empresas = {empresa.id: empresa for empresa in view.empresas}
    usuarios = {usuario.id: usuario for usuario in view.usuarios}
    expected = set[str]()
    for record in records:
        if record.status not in IN_PORTAL:
            continue
        there = empresas.get(record.portal_id or "") or usuarios.get(record.portal_id or "")
        seen = there or view.match(record.codigo, record.documento)
        expected |= {seen.id} if seen else set()
        differences = _differences(record, there) if there else ()
        verified = Verified.MISSING if seen is None else Verified.DIFFERS if differences else Verified.EQUAL
        yield Check(
            kind=kind, codigo=record.codigo, nome=record.nome, verified=verified, differences=differences
        )
    for empresa in view.empresas:
        if empresa.id not in expected:
            yield Check(kind=kind, codigo=empresa.codigo or "", nome=empresa.nome, verified=Verified.EXTRA)


def _differences(record: Record, there: Empresa | Usuario) -> tuple[str, ...]:
    pairs: dict[str, tuple[object, object]] = {}
    match record.sent, there:
        case EmpresaNova() as sent, Empresa():
            pairs = {
                "nome": (sent.nome, there.nome.strip()),
                "documento": (sent.documento, values.known(there.documento)),
                "codigo": (sent.codigo, values.known(there.codigo)),
                "endereco": (sent.endereco, values.known(there.endereco)),
                "ativa": (True, values.known(there.ativa)),
            }
        case UsuarioNovo() as sent, Usuario():
            pairs = {
                "nome": (sent.nome, there.nome.strip()),
                "email": (sent.email, values.known(there.email)),
            }
        case _:
            pass
    return tuple(name for name, (ours, theirs) in pairs.items() if ours != theirs)
