"""What a journal in SQLite lets through of its log, and whose it is."""

import datetime
from collections.abc import Iterator

import pytest
from attrs import evolve

import econtador as ec
from econtador.errors import JournalOfAnotherAccount, SecondProemp
from econtador.integration.journal import LogEntry, LogFilter, Move
from econtador.integration.status import Kind, Outcome, Status

NOON = datetime.datetime(2026, 1, 5, 12, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
ENTRY = LogEntry(
    at=NOON,
    kind=Kind.EMPRESA,
    codigo="00001",
    nome="PADARIA MODELO LTDA",
    proemp=ec.Proemp("PROEMP00"),
    operador="ADMIN",
    outcome=Outcome.KEPT,
    status=Status.INTEGRADO,
    code="ja-integrada",
    message="mantido",
)
LOG = (
    ENTRY,
    evolve(ENTRY, at=NOON + HOUR, codigo="00002", nome="OFICINA MODELO SA", proemp=ec.Proemp("PROEMP01")),
    evolve(ENTRY, at=NOON + 2 * HOUR, outcome=Outcome.REFUSED, operador="MARIA", code="cpf-ausente"),
    evolve(ENTRY, at=NOON + 3 * HOUR, kind=Kind.USUARIO, codigo="U1", proemp=None, message="Está em dia"),
)


@pytest.fixture
def journal() -> Iterator[ec.SqliteJournal]:
    one = ec.SqliteJournal(":memory:")
    one.write([Move(entry=entry) for entry in LOG])
    yield one
    one.close()


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (LogFilter(), [1, 2, 3, 4]),
        (LogFilter(kind=Kind.USUARIO), [4]),
        (LogFilter(outcome=Outcome.KEPT), [1, 2, 4]),
        (LogFilter(since=NOON + HOUR), [2, 3, 4]),
        (LogFilter(until=NOON + HOUR), [1, 2]),
        (LogFilter(since=NOON + HOUR, until=NOON + 2 * HOUR), [2, 3]),
        (LogFilter(proemp=ec.Proemp("PROEMP01")), [2]),
        (LogFilter(codigo="00002"), [2]),
        (LogFilter(codigo="0000"), []),
        (LogFilter(operador=" maria "), [3]),
        (LogFilter(text="oficina"), [2]),
        (LogFilter(text="CPF"), [3]),
        (LogFilter(text="está EM"), [4]),
        (LogFilter(kind=Kind.EMPRESA, outcome=Outcome.KEPT, text="modelo"), [1, 2]),
    ],
    ids=str,
)
def test_a_filter_lets_through_what_it_says(
    journal: ec.SqliteJournal, wanted: LogFilter, numbers: list[int]
) -> None:
    assert [entry.number for entry in journal.entries(wanted)] == numbers


def test_a_journal_names_whose_it_is_and_whose_it_is_not(journal: ec.SqliteJournal) -> None:
    journal.belongs_to("anybody")
    journal.bind("mine", None)
    journal.bind("mine", ec.Proemp("PROEMP00"))
    journal.bind("mine", None)
    assert journal.proemp == ec.Proemp("PROEMP00")
    for attempt in (journal.belongs_to, lambda account: journal.bind(account, None)):
        with pytest.raises(JournalOfAnotherAccount) as caught:
            attempt("theirs")
        same = JournalOfAnotherAccount(":memory:", "mine", "theirs")
        assert (str(caught.value), vars(caught.value)) == (str(same), vars(same))
    with pytest.raises(SecondProemp) as second:
        journal.bind("mine", ec.Proemp("PROEMP01"))
    assert str(second.value) == str(SecondProemp("PROEMP00", "PROEMP01"))
    assert journal.proemp == ec.Proemp("PROEMP00")
