"""What makes a run stop, or ask first: small offices notice a fault late, and nothing here can be undone.

:class:`Breaker` ends a run whose records fare badly one like the other. :class:`Guards` want an explicit yes to a plan that
looks like a broken export rather than an office's day: many companies leaving, renamed, or losing text at once. They
count over a window of days, so that a fault which comes in small pieces is seen too.
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Final

from attrs import define, field, frozen

from econtador.integration.journal import LogEntry
from econtador.integration.plan import Action, Alarm
from econtador.integration.policy import Breaker, Guards, Limit, Verdict
from econtador.integration.reasons import Reason
from econtador.integration.report import Result
from econtador.integration.status import Outcome

__all__ = ["NOTED", "Tripwire", "alarms", "noted", "window_before"]

NOTED: Final = frozenset({Reason.INTEGRADA_E_DESLIGADA, Reason.RENOMEADA})
"""What an apply writes down of a record that it keeps, once: guards count it over their window."""

_CODES: Final = frozenset(reason.value for reason in NOTED)


def _is_note(entry: LogEntry) -> bool:
    return entry.outcome is Outcome.KEPT and entry.code in _CODES


def noted(entries: Iterable[LogEntry]) -> frozenset[tuple[str, str, str]]:
    """Código, code and name of what earlier runs wrote down of records that were kept."""
    return frozenset((entry.codigo, entry.code, entry.nome) for entry in entries if _is_note(entry))


def window_before(now: datetime.datetime, guards: Guards) -> datetime.datetime:
    """Since when what earlier runs did counts too."""
    return now - datetime.timedelta(days=guards.window_days)


# --------------------------------------------------------------------------- while it runs


@define
class Tripwire:
    """Counts what came of the records of one run, and says when it must end."""

    breaker: Breaker
    sent: int = field(default=0, init=False)
    bad: int = field(default=0, init=False)
    _same: tuple[Outcome, str, str] | None = field(default=None, init=False)
    _in_a_row: int = field(default=0, init=False)

    def note(self, result: Result) -> str | None:
        """Why the run must end after *result*, in English for the error; None to go on."""
        if not result.attempts:
            return None  # nothing was sent, so nothing is learnt of the portal
        self.sent += 1
        if result.outcome not in {Outcome.FAILED, Outcome.IN_DOUBT, Outcome.ACTIVATION_FAILED}:
            self._in_a_row = 0
            return None
        self.bad += 1
        told = (result.outcome, result.code, result.message)
        self._in_a_row = self._in_a_row + 1 if told == self._same else 1
        self._same = told
        limit, share = self.breaker.in_a_row, self.breaker.share
        if limit is not None and self._in_a_row >= limit:
            return f"{self._in_a_row} records in a row with the same failure ({result.code})"
        if share is not None and self.sent >= self.breaker.share_after and self.bad > share * self.sent:
            return f"{self.bad} of {self.sent} records failed, the last with {result.code}"
        return None


# --------------------------------------------------------------------------- before it runs


def alarms(
    guards: Guards,
    actions: Iterable[Action],
    integrated: int,
    history: Iterable[LogEntry],
    now: datetime.datetime,
) -> tuple[Alarm, ...]:
    """What of a plan needs a yes. *history* are the journal's entries of the kind: what was kept, ever, and what was sent in the
    window; others do no harm. *integrated*: how many are in the portal."""
    counts = _Counts.of(actions, history, window_before(now, guards))
    watched: Mapping[str, tuple[Limit | None, set[str], set[str], int]] = {
        "leaving": (guards.leaving, *counts.leaving, integrated),
        "renamed": (guards.renamed, *counts.renamed, integrated),
        "losing": (guards.losing, *counts.losing, len(counts.sent)),
    }
    return tuple(
        Alarm(guard=name, count=len(new | recent), total=total)
        for name, (limit, new, recent, total) in watched.items()
        if limit is not None and new and limit.reached(len(new | recent), total)
    )


@frozen
class _Counts:
    """Códigos: new in this plan, and in the window before it."""

    leaving: tuple[set[str], set[str]]
    renamed: tuple[set[str], set[str]]
    losing: tuple[set[str], set[str]]
    sent: set[str]

    @classmethod
    def of(
        cls, actions: Iterable[Action], history: Iterable[LogEntry], since: datetime.datetime
    ) -> "_Counts":
        entries = tuple(history)
        known = noted(entries)
        in_window = [entry for entry in entries if entry.at >= since]
        attempted = [entry for entry in in_window if entry.outcome is Outcome.ATTEMPTED]
        recent = {
            reason: {e.codigo for e in in_window if _is_note(e) and e.code == reason.value}
            for reason in NOTED
        }
        going = [action for action in actions if action.verdict is Verdict.CREATE]
        kept = {
            reason: {
                a.codigo
                for a in actions
                if a.findings[0].reason is reason and (a.codigo, reason.value, a.nome) not in known
            }
            for reason in NOTED
        }
        losing = {a.codigo for a in going if a.losses and not all(loss.lossless for loss in a.losses)}
        return cls(
            leaving=(kept[Reason.INTEGRADA_E_DESLIGADA], recent[Reason.INTEGRADA_E_DESLIGADA]),
            renamed=(kept[Reason.RENOMEADA], recent[Reason.RENOMEADA]),
            losing=(losing, {entry.codigo for entry in attempted if entry.losses}),
            sent={entry.codigo for entry in attempted} | {a.codigo for a in going},
        )
