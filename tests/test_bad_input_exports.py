"""The log as files: no cell of a spreadsheet becomes a formula, and JSON Lines give back what was written."""

import csv
import datetime
import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from econtador.gap.models import Proemp
from econtador.integration.evidence import to_csv, to_jsonl
from econtador.integration.journal import LogEntry
from econtador.integration.journal_rows import ENTRY_COLUMNS, entry_from, entry_row
from econtador.integration.status import Kind, Outcome, Status

OPENING = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '+HYPERLINK("http://exemplo.com.br")',
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1",
    "\n=1",
    '="a";"=1"',
    "＝1+1",
]

# A journal keeps no NUL; halves of surrogate pairs Hypothesis does not draw as text.
kept = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
texts = kept | st.builds(str.__add__, st.sampled_from(OPENING), kept)
entries = st.builds(
    LogEntry,
    number=st.integers(-(2**63), 2**63 - 1),
    at=st.datetimes(min_value=datetime.datetime(1, 1, 2), timezones=st.just(datetime.UTC)),
    kind=st.sampled_from(Kind),
    codigo=texts,
    nome=texts,
    proemp=st.none() | st.just(Proemp("PROEMP00")),
    operador=texts,
    outcome=st.sampled_from(Outcome),
    status=st.sampled_from(Status),
    code=texts,
    message=texts,
    run=texts,
    plan=texts,
    moved=st.booleans(),
    hash=texts,
)


def entry(text: str) -> LogEntry:
    return LogEntry(
        at=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        kind=Kind.EMPRESA,
        codigo=text,
        nome=text,
        proemp=None,
        operador=text,
        outcome=Outcome.KEPT,
        status=Status.INTEGRADO,
        message=text,
    )


def rows_of(logged: list[LogEntry]) -> list[dict[str, str]]:
    target = io.StringIO(newline="")
    assert to_csv(logged, target) == len(logged)
    header, *rows = csv.reader(io.StringIO(target.getvalue(), newline=""), delimiter=";", strict=True)
    assert tuple(header) == ENTRY_COLUMNS
    return [dict(zip(header, row, strict=True)) for row in rows]


@given(st.lists(entries, max_size=3))
@example([entry(text) for text in FORMULAS])
def test_no_text_of_the_log_opens_a_formula_and_none_is_lost(logged: list[LogEntry]) -> None:
    rows = rows_of(logged)
    assert len(rows) == len(logged)
    for row, told in zip(rows, logged, strict=True):
        for name, value in entry_row(told).items():
            if isinstance(value, str) and value.startswith(OPENING):
                assert row[name] == f"'{value}"
            else:
                assert row[name] == ("" if value is None else str(value))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_written_as_text(text: str) -> None:
    [row] = rows_of([entry(text)])
    assert {row[name] for name in ("codigo", "nome", "operador", "message")} == {f"'{text}"}


@given(st.lists(entries, max_size=3))
def test_json_lines_are_one_to_a_line_and_give_back_every_entry(logged: list[LogEntry]) -> None:
    target = io.StringIO(newline="")
    assert to_jsonl(logged, target) == len(logged)
    lines = target.getvalue().split("\n")
    assert lines.pop() == ""
    assert [entry_from(json.loads(line)) for line in lines] == logged
