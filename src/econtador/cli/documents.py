"""An answer as one JSON document. The names are the library's: they stay, and may become more."""

import datetime
import enum
from collections.abc import Mapping
from typing import TypeAlias, TypeVar

from econtador.gap.profiling import Profile
from econtador.integration.evidence import Audit
from econtador.integration.logs import Logs
from econtador.integration.plan import Plan
from econtador.integration.report import Report, Verification
from econtador.integration.worklist import Worklist
from econtador.portal.access import Access
from econtador.showing.face import Framed, Value

__all__ = ["Answer", "Document", "document"]

Answer: TypeAlias = Profile | Plan | Report | Verification | Logs | Audit | Worklist | Access
Document: TypeAlias = Mapping[str, object]
_Kind = TypeVar("_Kind", bound=enum.Enum)


def document(answer: Answer) -> Document:
    """*answer* with texts, numbers, lists and dictionaries only. **Personal data is in it.**"""
    match answer:
        case Plan():
            own: Document = {
                "fingerprint": answer.fingerprint,
                "alarms": [alarm.guard for alarm in answer.alarms],
                "counts": _counts(answer.counts),
                "losses": [
                    {"codigo": loss.codigo, "field": loss.field, "before": loss.before, "after": loss.after}
                    for loss in answer.losses
                    if not loss.lossless
                ],
            }
        case Report():
            own = {"ok": answer.ok, "sent": answer.sent, "counts": _counts(answer.counts)}
        case Verification():
            own = {"ok": answer.ok, "counts": _counts(answer.counts), "unverifiable": answer.unverifiable}
        case Profile():
            own = {
                "kind": answer.kind,
                "records": answer.records,
                "columns": dict(answer.columns),
                "troubles": [str(trouble) for trouble in answer.troubles],
            }
        case Audit():
            own = {
                "ok": answer.ok,
                "entries": answer.entries,
                "head": str(answer.head),
                "faults": [fault.reason for fault in answer.faults],
            }
        case Access():
            own = {
                "ok": answer.ok,
                "account": answer.account,
                "empresas": answer.empresas,
                "probes": {probe.resource: probe.readable for probe in answer.probes},
            }
        case Worklist():
            own = {
                "counts": _counts(answer.counts),
                "items": [{"key": item.key, "state": item.state.value} for item in answer.items],
            }
        case Logs():
            own = {}
    rows = {"rows": [_plain(row) for row in answer.to_dicts()]} if isinstance(answer, Framed) else {}
    return {"summary": str(answer).partition("\n")[0], **own, **rows}


def _counts(counts: Mapping[_Kind, int]) -> Mapping[str, int]:
    return {str(kind.value): count for kind, count in counts.items()}


def _plain(row: Mapping[str, Value]) -> Document:
    return {
        name: value.isoformat() if isinstance(value, datetime.date) else value for name, value in row.items()
    }
