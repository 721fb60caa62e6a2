"""The portal read back and compared with what was sent, or with what a worklist wants there: attested reads only."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from attrs import evolve, frozen

from econtador.documents import Cnpj, Cpf
from econtador.integration.applying import Diary
from econtador.integration.cutting import tidied
from econtador.integration.journal import Move, Record
from econtador.integration.looking import View
from econtador.integration.plan import Draft
from econtador.integration.policy import Seen
from econtador.integration.reasons import Reason
from econtador.integration.report import Check, Verification, Verified
from econtador.integration.status import IN_PORTAL, TRANSITIONS, Kind, Outcome, Status
from econtador.integration.worklist import Wanted
from econtador.portal import values
from econtador.portal.models import Empresa, EmpresaNova, Usuario, UsuarioNovo

__all__ = ["NOTHING", "UNVERIFIABLE", "Sighting", "compare", "documento_in", "moves_of", "sightings"]

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


NOTHING: Final[Mapping[Kind, Mapping[str, Wanted]]] = MappingProxyType({kind: {} for kind in Kind})
"""What no worklist wants."""


# --------------------------------------------------------------------------- comparing


def compare(
    known: Mapping[Kind, Mapping[str, Record]],
    views: Mapping[Kind, View],
    wanted: Mapping[Kind, Mapping[str, Wanted]] = NOTHING,
) -> Verification:
    """Every record that should be in the portal, and every company there that is none of them.

    *wanted* is what a worklist wants there; of its records that, and not what was sent, is compared.
    """
    checks = [
        check
        for kind, view in views.items()
        for check in _checks(kind, _due(kind, known[kind], wanted[kind]), view)
    ]
    return Verification(checks=tuple(checks), unverifiable=UNVERIFIABLE)


def _due(kind: Kind, known: Mapping[str, Record], wanted: Mapping[str, Wanted]) -> Iterator[Record]:
    """The records that should be in the portal, each with what should be seen of it."""
    for codigo, record in known.items():
        if codigo in wanted:
            yield evolve(record, sent=wanted[codigo].draft, documento=documento_in(wanted[codigo].draft))
        elif record.status in IN_PORTAL:
            yield record
    for codigo, one in wanted.items():
        if codigo not in known:
            yield Record(
                kind=kind,
                codigo=codigo,
                nome=one.action.nome,
                documento=documento_in(one.draft),
                status=Status.NAO_INTEGRADO,
                sent=one.draft,
            )


def _checks(kind: Kind, records: Iterable[Record], view: View) -> Iterator[Check]:
    there: dict[str, Empresa | Usuario] = {empresa.id: empresa for empresa in view.empresas}
    there |= {usuario.id: usuario for usuario in view.usuarios}
    expected = set[str]()
    for record in records:
        shown = there.get(record.portal_id or "")
        if shown is None or _is_another(record, shown):
            shown = there.get(_id_of(record, view))
        expected |= {shown.id} if shown else set()
        differences = _differences(record, shown) if shown else ()
        verified = Verified.MISSING if shown is None else Verified.DIFFERS if differences else Verified.EQUAL
        yield Check(
            kind=kind, codigo=record.codigo, nome=record.nome, verified=verified, differences=differences
        )
    for empresa in view.empresas:
        if empresa.id not in expected:
            yield Check(kind=kind, codigo=empresa.codigo or "", nome=empresa.nome, verified=Verified.EXTRA)


def _is_another(record: Record, shown: Empresa | Usuario) -> bool:
    """Whether what has the record's id is another company: a portal restored from a backup gives ids once more."""
    if not isinstance(shown, Empresa):
        return False  # a user's id is its login
    documento, codigo = values.known(shown.documento), values.known(shown.codigo)
    return documento not in {None, record.documento} and codigo != record.codigo


def _id_of(record: Record, view: View) -> str:
    """Of what is this record in the portal, or what has its document there under another código."""
    mine = view.match(record.codigo, record.documento)
    others = view.by_document.get(record.documento, ()) if record.documento else ()
    return next((seen.id for seen in (mine, *others) if seen), "")


def _differences(record: Record, there: Empresa | Usuario) -> tuple[str, ...]:
    pairs: dict[str, tuple[object, object]] = {}
    match record.sent, there:
        case EmpresaNova() as sent, Empresa():
            pairs = {
                "nome": (tidied(sent.nome), tidied(there.nome)),
                "documento": (sent.documento, values.known(there.documento)),
                "codigo": (sent.codigo, values.known(there.codigo)),
                "endereco": (_line(sent.endereco), _line(values.known(there.endereco))),
                "ativa": (True, values.known(there.ativa)),
            }
        case UsuarioNovo() as sent, Usuario():
            pairs = {
                "nome": (tidied(sent.nome), tidied(there.nome)),
                "email": (sent.email, values.known(there.email)),
            }
        case _:
            pass
    return tuple(name for name, (ours, theirs) in pairs.items() if ours != theirs)


def _line(text: str | None) -> str | None:
    return None if text is None else tidied(text)


def documento_in(draft: Draft) -> Cnpj | Cpf:
    """What the portal keys the record by."""
    return draft.documento if isinstance(draft, EmpresaNova) else draft.cpf


# --------------------------------------------------------------------------- recognising what a person integrated


@frozen
class Sighting:
    """A record that a worklist wants in the portal, and that is there."""

    wanted: Wanted
    seen: Seen


_MAY_BE_FOUND: Final = frozenset(before for before, outcome in TRANSITIONS if outcome is Outcome.FOUND) | {
    Status.DESLIGADA
}
"""Not what another run is sending at this moment: that is for the run, or for a resume."""


def sightings(
    records: Mapping[str, Record], wanted: Mapping[str, Wanted], view: View
) -> tuple[Sighting, ...]:
    """What of *wanted* the portal shows, once, with its document and its código (or none), and the journal does not know of."""
    found: list[Sighting] = []
    for codigo, one in wanted.items():
        if codigo in records and records[codigo].status not in _MAY_BE_FOUND:
            continue
        mine = [
            seen
            for seen in view.by_document.get(documento_in(one.draft), ())
            if seen.codigo in {None, codigo}
        ]
        if len(mine) == 1:
            found.append(Sighting(one, mine[0]))
    return tuple(found)


def moves_of(diary: Diary, sighting: Sighting) -> tuple[Move, ...]:
    """Along the table to *Integrado*, as an apply does for what is in the portal already; nothing was sent."""
    action, reason = sighting.wanted.action, Reason.JA_NO_PORTAL
    record = diary.record_of(action)
    returned: tuple[Move, ...] = ()
    if record.status is Status.DESLIGADA:
        returned = diary.move(record, Outcome.RETURNED).moves
        record = evolve(record, status=Status.NAO_INTEGRADO)
    (move,) = diary.move(
        record,
        Outcome.FOUND,
        reason.sentence,
        code=reason.value,
        portal_id=sighting.seen.id,
        action=action,
    ).moves
    assert move.record is not None, "what is found moves"
    # What the portal should show, the corrections made: a later look compares with that.
    return (*returned, evolve(move, record=evolve(move.record, sent=sighting.wanted.draft)))
