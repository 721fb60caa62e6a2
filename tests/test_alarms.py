"""What is counted before a plan needs a yes: what is new in it, and what the window before it saw."""

import datetime

from attrs import evolve

import econtador as ec
from econtador.integration.fields import FitStep, Loss
from econtador.integration.journal import LogEntry
from econtador.integration.plan import Action, Alarm
from econtador.integration.policy import Guards, Limit
from econtador.integration.reasons import Finding, Reason
from econtador.integration.safeguards import alarms
from econtador.integration.status import Kind, Outcome, Status

NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
BEGIN = NOW - datetime.timedelta(days=30)
"""Of the window; itself within."""
BEFORE = BEGIN - datetime.timedelta(microseconds=1)
CUT = Loss("bairro", "B" * 21, "B" * 20, 20, (FitStep.CORTE,))
TIDY = Loss("bairro", "B  B", "B B", 20, (FitStep.ESPACOS,))
ONE = Guards(leaving=Limit(1), renamed=Limit(1), losing=Limit(1))


def action(codigo: str, reason: Reason, verdict: ec.Verdict, *losses: Loss) -> Action:
    return Action(
        codigo=codigo,
        nome="EMPRESA MODELO",
        status=Status.INTEGRADO,
        verdict=verdict,
        findings=(Finding(reason),),
        losses=losses,
    )


def entry(codigo: str, outcome: Outcome, at: datetime.datetime, code: str = "", losses: int = 0) -> LogEntry:
    return LogEntry(
        at=at,
        kind=Kind.EMPRESA,
        codigo=codigo,
        nome="EMPRESA MODELO",
        proemp=None,
        operador="ADMIN",
        outcome=outcome,
        status=Status.INTEGRADO,
        code=code,
        losses=losses,
    )


def told(
    guards: Guards, actions: list[Action], history: list[LogEntry], integrated: int = 10
) -> tuple[Alarm, ...]:
    return alarms(guards, actions, integrated, history, NOW)


def losing(count: int, total: int) -> tuple[Alarm, ...]:
    return (Alarm(guard="losing", count=count, total=total),)


NEW = action("00001", Reason.NOVA, ec.Verdict.CREATE, CUT, TIDY)
LEAVING = action("00001", Reason.INTEGRADA_E_DESLIGADA, ec.Verdict.KEEP)
RENAMED = action("00001", Reason.RENOMEADA, ec.Verdict.KEEP)


def test_what_is_sent_cut_is_counted_with_what_the_window_saw() -> None:
    history = [
        entry("00002", Outcome.ATTEMPTED, BEGIN, losses=1),
        entry("00003", Outcome.ATTEMPTED, BEGIN),
        entry("00004", Outcome.ATTEMPTED, BEFORE, losses=1),
        entry("00005", Outcome.INTEGRATED, BEGIN, losses=1),
        entry("00002", Outcome.ATTEMPTED, NOW, losses=1),
    ]
    assert told(ONE, [NEW], history) == losing(2, 3)
    assert told(ONE, [NEW], []) == losing(1, 1)
    assert told(ONE, [NEW, evolve(NEW, codigo="00009", losses=(TIDY,))], []) == losing(1, 2)
    assert told(ONE, [evolve(NEW, verdict=ec.Verdict.REFUSE)], history) == ()
    assert told(ONE, [evolve(NEW, losses=(TIDY,))], history) == ()  # nothing new in it


def test_what_leaves_or_is_renamed_is_counted_of_what_is_integrated() -> None:
    for which, reason, kept in (
        ("leaving", "integrada-e-desligada", LEAVING),
        ("renamed", "renomeada", RENAMED),
    ):
        history = [
            entry("00002", Outcome.KEPT, BEGIN, reason),
            entry("00003", Outcome.KEPT, BEFORE, reason),
            entry("00004", Outcome.REFUSED, BEGIN, reason),
            entry("00005", Outcome.KEPT, BEGIN, "ja-integrada"),
        ]
        assert told(ONE, [kept], history) == (Alarm(guard=which, count=2, total=10),)
        # What an earlier run wrote down is no news, however long ago.
        assert told(ONE, [evolve(kept, codigo="00003")], history) == ()
        assert told(ONE, [evolve(kept, codigo="00003", nome="OUTRO")], history)[0].count == 2


def test_a_guard_counts_to_its_own_limit_or_not_at_all() -> None:
    many = [evolve(LEAVING, codigo=f"{n:05}") for n in range(1, 6)]
    assert told(Guards(), many, [], 25) == (Alarm(guard="leaving", count=5, total=25),)
    assert told(Guards(), many, [], 26) == told(Guards(), many[1:], [], 4) == ()
    assert told(Guards(leaving=None), many, [], 5) == ()
    both = [*many, evolve(RENAMED, codigo="00009"), evolve(NEW, codigo="00008")]
    assert [alarm.guard for alarm in told(ONE, both, [])] == ["leaving", "renamed", "losing"]
    short = evolve(ONE, window_days=29)
    assert told(short, [NEW], [entry("00002", Outcome.ATTEMPTED, BEGIN, losses=1)]) == losing(1, 1)
