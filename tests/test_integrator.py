"""The integrator as it is used: every wrong input has its named error and sends nothing; everything is told."""

import asyncio
import datetime
import json
import pickle
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, cast

import pytest
import trio
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

import econtador as ec
from econtador.errors import (
    AnswerLost,
    ApplyStopped,
    EcontadorError,
    EmptySelection,
    Forbidden,
    InvalidPlan,
    JournalLocked,
    JournalNotWritten,
    JournalOfAnotherAccount,
    JournalUnreadable,
    NotSent,
    OperatorNotAdmin,
    SecondProemp,
    StalePlan,
    Unauthorized,
    UnexpectedAnswer,
    UnknownCodigo,
    WritesNotConfigured,
)
from econtador.integration.journal import Move
from econtador.integration.plan import FORMAT
from econtador.integration.report import Verified
from econtador.integration.status import Kind, Outcome, Status
from econtador.portal.models import ABAS
from econtador.portal.transport import Request, Response, Transport
from econtador.sandbox import Sandbox

POLICY = ec.Policy(proemp="PROEMP00", doubt_seconds=0)
RETRY = ec.Retry(first=0.0, longest=0.0)
PADARIA = ec.EmpresaGap("00001", "PROEMP00", "PADARIA DO ZÉ LTDA", "11.222.333/0001-81", bairro="Centro")
OFICINA = ec.EmpresaGap("00002", "PROEMP00", "OFICINA LTDA", "00.000.000/0001-91")
LETRAS = ec.EmpresaGap("00003", "PROEMP00", "LETRAS SA", "12ABC34501DE35")
EMPRESAS = (PADARIA, OFICINA, LETRAS)
FECHADA = ec.EmpresaGap(
    "00004", "PROEMP00", "FECHADA LTDA", "33.000.167/0001-01", data_desligamento=datetime.date(2024, 1, 31)
)
INVALIDA = ec.EmpresaGap("00005", "PROEMP00", "SEM DOCUMENTO", "")
ANA = ec.UsuarioGap("ANA", "Ana Lima", "529.982.247-25", "ana@exemplo.com.br")
BIA = ec.UsuarioGap("BIA", "Bia Reis", "111.444.777-35", "bia@exemplo.com.br")
USUARIOS = (ANA, BIA)

When = Literal["before", "after"]


def client(sandbox: Sandbox, transport: Transport | None = None, token: str | None = None) -> ec.Client:
    return ec.Client(
        token or sandbox.token,
        transport=transport or sandbox.transport(),
        writes=ec.CONVENTION,
        retry=RETRY,
        account="" if token is None else "the same",
    )


def integrator(
    sandbox: Sandbox,
    journal: Path | str | ec.SqliteJournal = ":memory:",
    *,
    policy: ec.Policy = POLICY,
    operador: str = "ADMIN",
    transport: Transport | None = None,
) -> ec.Integrator:
    return ec.Integrator(client(sandbox, transport), policy=policy, journal=journal, operador=operador)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as portal:
        yield portal


@pytest.fixture
def office(sandbox: Sandbox) -> ec.Integrator:
    return integrator(sandbox)


def writes(sandbox: Sandbox) -> int:
    return sum(seen.method != "GET" for seen in sandbox.requests)


def ticking() -> Callable[[], datetime.datetime]:
    """A clock that goes on by a minute each time it is looked at."""
    minutes = iter(range(10_000))
    return lambda: (
        datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(minutes=next(minutes))
    )


@frozen
class Canned:
    """An answer that is always the same."""

    status: int
    content: bytes
    headers: Mapping[str, str] = {"content-type": "text/html"}


class Always:
    """A portal that answers one thing, or fails, and counts."""

    def __init__(self, answer: Canned | type[Exception]) -> None:
        self.answer = answer
        self.sent: list[str] = []

    def send(self, request: Request) -> Response:
        self.sent.append(request.method)
        if isinstance(self.answer, Canned):
            return self.answer
        raise self.answer()

    def close(self) -> None: ...


# ------------------------------------------------------------------ what is refused, and sends nothing


def test_only_admin_integrates(sandbox: Sandbox, office: ec.Integrator) -> None:
    plan = office.plan_empresas(EMPRESAS, selected=ec.TODAS)
    asked = sandbox.requests
    other = integrator(sandbox, operador="MARIA")
    attempts: tuple[Callable[[], object], ...] = (
        lambda: other.plan_empresas(EMPRESAS, selected=ec.TODAS),
        lambda: other.plan_usuarios(USUARIOS),
        lambda: other.apply(plan),
        other.activate_usuarios,
    )
    for attempt in attempts:
        with pytest.raises(OperatorNotAdmin, match="MARIA"):
            attempt()
    assert sandbox.requests == asked
    assert integrator(sandbox, operador=" admin ").plan_empresas([PADARIA], selected=ec.TODAS)


def test_second_proemp(sandbox: Sandbox, tmp_path: Path) -> None:
    journal = ec.SqliteJournal(tmp_path / "j")
    first = integrator(sandbox, journal)
    second = integrator(sandbox, journal, policy=ec.Policy(proemp="PROEMP01"))
    theirs = second.plan_empresas([evolve(OFICINA, proemp="PROEMP01")], selected=ec.TODAS)
    first.apply(first.plan_empresas([PADARIA], selected=ec.TODAS))
    asked = sandbox.requests
    with pytest.raises(SecondProemp, match="PROEMP00.*PROEMP01"):
        second.plan_empresas([evolve(OFICINA, proemp="PROEMP01")], selected=ec.TODAS)
    with pytest.raises(SecondProemp):
        second.apply(theirs)
    assert sandbox.requests == asked
    assert second.apply(second.plan_usuarios([ANA])).counts == {Outcome.INTEGRATED: 1}  # users need no PROEMP


@pytest.mark.parametrize("empty", [[], (), set[str]()])
def test_empty_selection(sandbox: Sandbox, office: ec.Integrator, empty: Sequence[str]) -> None:
    with pytest.raises(EmptySelection, match="TODAS"):
        office.plan_empresas(EMPRESAS, selected=empty)
    assert sandbox.requests == ()


def test_unknown_codigo(sandbox: Sandbox, office: ec.Integrator) -> None:
    with pytest.raises(UnknownCodigo, match="00077, 1"):
        office.plan_empresas(EMPRESAS, selected=["00001", "1", "00077"])
    with pytest.raises(UnknownCodigo, match="ZOE"):
        office.activate_usuarios(["ZOE"])
    with pytest.raises(UnknownCodigo):
        office.explain("00001")
    assert sandbox.requests == ()


def test_a_plan_is_stale_when_another_was_applied(sandbox: Sandbox, office: ec.Integrator) -> None:
    old = office.plan_empresas([PADARIA, OFICINA], selected=ec.TODAS)
    office.apply(office.plan_empresas([OFICINA], selected=ec.TODAS))
    asked = sandbox.requests
    with pytest.raises(StalePlan, match="integrated since"):
        office.apply(old)
    assert sandbox.requests == asked


def test_a_plan_of_another_policy_or_account_is_stale(sandbox: Sandbox, office: ec.Integrator) -> None:
    plan = office.plan_empresas(EMPRESAS, selected=ec.TODAS)
    asked = sandbox.requests
    with pytest.raises(StalePlan, match="policy"):
        integrator(sandbox, policy=evolve(POLICY, send_cut_identifiers=True)).apply(plan)
    with Sandbox() as other:
        with pytest.raises(StalePlan, match="account"):
            integrator(other).apply(plan)
        assert other.requests == ()
    assert sandbox.requests == asked


def edited(plan: ec.Plan, edit: Callable[[dict[str, object]], object]) -> str:
    whole = cast("dict[str, object]", json.loads(plan.to_json()))
    edit(whole)
    return json.dumps(whole)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda w: w["plan"]["actions"][0]["draft"].update(nome="OUTRA"), "edited"),
        (lambda w: w["plan"]["actions"].pop(), "edited"),
        (lambda w: w.update(fingerprint="0" * 64), "edited"),
        (lambda w: w.update(format=FORMAT + 1), f"format is {FORMAT + 1}"),
        (lambda w: w.update(format="1"), "parts"),
        (lambda w: w.pop("plan"), "parts"),
        (lambda w: w.clear(), "parts"),
    ],
)
def test_an_edited_plan_is_refused(
    office: ec.Integrator, edit: Callable[[object], object], words: str
) -> None:
    plan = office.plan_empresas(EMPRESAS, selected=ec.TODAS)
    assert ec.Plan.from_json(edited(plan, lambda whole: None)) == plan
    with pytest.raises(InvalidPlan, match=words):
        ec.Plan.from_json(edited(plan, edit))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "1", '"plan"', "[" * 100_000])
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(InvalidPlan):
        ec.Plan.from_json(text)


# ------------------------------------------------------------------ journals


def test_journal_of_another_account(sandbox: Sandbox, tmp_path: Path) -> None:
    with Sandbox() as other:
        late = integrator(other, tmp_path / "j")  # opened while the journal was nobody's
        plan = late.plan_empresas([OFICINA], selected=ec.TODAS)
        users = late.plan_usuarios([ANA])
        first = integrator(sandbox, tmp_path / "j")
        first.apply(first.plan_empresas([PADARIA], selected=ec.TODAS))
        first.apply(first.plan_usuarios([ANA]))
        asked = other.requests
        with pytest.raises(JournalOfAnotherAccount):
            integrator(other, tmp_path / "j")
        attempts: tuple[Callable[[], object], ...] = (
            lambda: late.apply(plan),
            lambda: late.apply(users),
            late.activate_usuarios,
        )
        for attempt in attempts:
            with pytest.raises(JournalOfAnotherAccount):
                attempt()
        assert other.requests == asked


def test_journal_locked_by_another_run(sandbox: Sandbox, tmp_path: Path) -> None:
    one, two = integrator(sandbox, tmp_path / "j"), integrator(sandbox, tmp_path / "j")
    plan = one.plan_empresas(EMPRESAS, selected=ec.TODAS)
    steps = one.steps(plan)
    assert next(steps).outcome is Outcome.INTEGRATED
    asked = sandbox.requests
    attempts: tuple[Callable[[], object], ...] = (lambda: two.apply(plan), two.resume, two.activate_usuarios)
    for attempt in attempts:
        with pytest.raises(JournalLocked):
            attempt()
    assert sandbox.requests == asked
    assert len(two.logs(outcome="integrated")) == 1  # reading goes on meanwhile
    assert [result.outcome for result in steps] == [Outcome.INTEGRATED] * 2
    assert two.apply(plan).counts == {Outcome.KEPT: 3}


def _text(path: Path) -> None:
    path.write_text("CODIGO;RAZAO\n00001;PADARIA\n" * 100, encoding="utf-8")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE log (number INTEGER)")
    connection.close()


def _made(path: Path) -> None:
    with Sandbox() as portal:
        one = integrator(portal, path)
        one.apply(one.plan_empresas(EMPRESAS, selected=ec.TODAS))
        cast("ec.SqliteJournal", one.journal).close()


def _truncated(path: Path) -> None:
    _made(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _only_a_header(path: Path) -> None:
    _made(path)
    path.write_bytes(path.read_bytes()[:512])


def _newer(path: Path) -> None:
    _made(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def _older(path: Path) -> None:
    _made(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 1")
    connection.close()


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    "make", [_text, _empty, _foreign, _truncated, _only_a_header, _newer, _older, _folder]
)
def test_what_is_no_journal_is_never_taken_for_an_empty_one(
    sandbox: Sandbox, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "j"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(JournalUnreadable):
        integrator(sandbox, path)
    assert (path.read_bytes() if path.is_file() else b"") == before
    assert sandbox.requests == ()


class FullAfter(ec.SqliteJournal):
    """A journal on a disk that is full after so many moves, as sqlite itself says it."""

    def __init__(self, path: Path, moves: int) -> None:
        super().__init__(path)
        self.moves = moves

    def write(self, moves: Sequence[Move]) -> tuple[bool, ...]:
        if self.moves == 0:
            (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
            self._connection.execute(f"PRAGMA max_page_count = {pages}")
            # Fits in no page that is there.
            moves = [evolve(move, entry=evolve(move.entry, message="x" * 100_000)) for move in moves]
        self.moves -= 1
        return super().write(moves)


@pytest.mark.parametrize("moves", range(6))
def test_disk_full_at_the_journal(sandbox: Sandbox, tmp_path: Path, moves: int) -> None:
    full = FullAfter(tmp_path / "j", moves)
    one = integrator(sandbox, full)
    plan = one.plan_empresas(EMPRESAS, selected=ec.TODAS)
    with pytest.raises(JournalNotWritten, match="full"):
        one.apply(plan)
    # The intent comes first: what could not be written was not sent.
    assert writes(sandbox) == (moves + 1) // 2
    full.close()

    two = integrator(sandbox, tmp_path / "j")
    assert two.resume().ok
    assert two.apply(plan).counts == {Outcome.KEPT: 3}
    assert writes(sandbox) == 3
    assert sorted(row.externoid or "" for row in sandbox.empresas) == ["00001", "00002", "00003"]


@pytest.mark.skipif(sys.platform == "win32", reason="no RLIMIT_FSIZE")
def test_no_room_for_a_file_to_grow(tmp_path: Path) -> None:
    """The same, said by the operating system."""
    script = textwrap.dedent("""
        import resource, sqlite3, sys
        from pathlib import Path
        import econtador as ec
        from econtador.errors import JournalNotWritten
        from econtador.sandbox import Sandbox

        folder = Path(sys.argv[1])
        journal = ec.SqliteJournal(folder / "j")
        sandbox = Sandbox()
        one = ec.Integrator(sandbox.client(), policy=ec.Policy(proemp="PROEMP00", doubt_seconds=0), journal=journal, operador="ADMIN")
        plan = one.plan_empresas(
            [ec.EmpresaGap("00001", "PROEMP00", "PADARIA LTDA", "11222333000181")], selected=ec.TODAS
        )
        # What is in the write-ahead log moves to the file, so that the next entry has to make room for itself.
        sqlite3.connect(folder / "j").execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        size = (folder / "j-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        try:
            one.apply(plan)
        except JournalNotWritten as error:
            print(error.code, sum(seen.method != "GET" for seen in sandbox.requests))
    """)
    command = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.split(), done.stderr) == (["journal-not-written", "0"], "")


# ------------------------------------------------------------------ a portal that says no


def test_a_wrong_token(sandbox: Sandbox) -> None:
    wrong = ec.Integrator(
        client(sandbox, token="eyJhbGciOiJIUzI1NiJ9.e30.wrong"),
        policy=POLICY,
        journal=":memory:",
        operador="ADMIN",
    )
    with pytest.raises(Unauthorized, match="make a new one"):
        wrong.plan_empresas(EMPRESAS, selected=ec.TODAS)
    assert writes(sandbox) == 0


@pytest.mark.parametrize(
    ("answer", "error", "requests"),
    [
        (Canned(403, b""), Forbidden, 1),
        (Canned(200, b"<html>login</html>"), UnexpectedAnswer, 1),
        (Canned(302, b""), UnexpectedAnswer, 1),
        (NotSent, NotSent, RETRY.attempts),
        (AnswerLost, AnswerLost, RETRY.attempts),
    ],
)
def test_a_portal_that_is_none(
    sandbox: Sandbox, answer: Canned | type[Exception], error: type[Exception], requests: int
) -> None:
    portal = Always(answer)
    blind, journal = integrator(sandbox, transport=portal), ec.SqliteJournal(":memory:")
    with pytest.raises(error):
        blind.plan_empresas(EMPRESAS, selected=ec.TODAS)
    assert portal.sent == ["GET"] * requests

    # The plan was made while the portal still answered.
    plan = integrator(sandbox, journal).plan_empresas(EMPRESAS, selected=ec.TODAS)
    with pytest.raises(error):
        integrator(sandbox, journal, transport=portal).apply(plan)
    assert portal.sent == ["GET"] * requests * 2
    assert journal.records(Kind.EMPRESA) == {}
    # Nothing is half done.
    assert integrator(sandbox, journal).resume().counts == {Outcome.INTEGRATED: 3}


class OnWrites:
    """Reads go through; every write fares as told."""

    def __init__(self, sandbox: Sandbox, answer: Canned | type[Exception]) -> None:
        self.inner = sandbox.transport()
        self.always = Always(answer)

    def send(self, request: Request) -> Response:
        return self.always.send(request) if request.writes else self.inner.send(request)

    def close(self) -> None: ...


@pytest.mark.parametrize(
    ("answer", "cause", "code"),
    [
        (NotSent, NotSent, "not-sent"),
        (Canned(401, b""), Unauthorized, "unauthorized"),
        (Canned(403, b""), Forbidden, "forbidden"),
    ],
)
def test_what_every_record_would_meet_stops_the_run(
    sandbox: Sandbox, answer: Canned | type[Exception], cause: type[Exception], code: str
) -> None:
    journal, portal = ec.SqliteJournal(":memory:"), OnWrites(sandbox, answer)
    one = integrator(sandbox, journal, transport=portal)
    plan = one.plan_empresas(EMPRESAS, selected=ec.TODAS)
    with pytest.raises(ApplyStopped, match="0 of 3") as stopped:
        one.apply(plan)
    assert isinstance(stopped.value.__cause__, cause)
    assert (stopped.value.done, stopped.value.total) == (0, 3)
    (failed,) = one.logs(outcome="failed")
    assert (failed.codigo, failed.code, failed.attempts) == ("00001", code, len(portal.always.sent))
    assert sandbox.empresas == ()
    assert integrator(sandbox, journal).apply(plan).counts == {Outcome.INTEGRATED: 3}


@pytest.mark.parametrize("answer", [AnswerLost, Canned(200, b"<html>"), Canned(500, b""), Canned(409, b"")])
def test_an_answer_that_says_nothing_is_in_doubt_and_sent_once(
    sandbox: Sandbox, answer: Canned | type[Exception]
) -> None:
    journal, portal = ec.SqliteJournal(":memory:"), OnWrites(sandbox, answer)
    one = integrator(sandbox, journal, transport=portal)
    plan = one.plan_empresas([PADARIA], selected=ec.TODAS)
    report = one.apply(plan)
    assert report.counts == {Outcome.IN_DOUBT: 1}
    assert not report.ok
    assert portal.always.sent == ["POST"]
    assert one.journal.unfinished() == (plan,)
    assert integrator(sandbox, journal).resume().counts == {Outcome.INTEGRATED: 1}
    assert one.journal.unfinished() == ()


def test_a_lost_answer_is_looked_for_at_once(sandbox: Sandbox, office: ec.Integrator) -> None:
    def lose(method: str, path: str, when: When) -> None:
        if method == "POST" and when == "after":
            raise AnswerLost

    sandbox.fault = lose
    report = office.apply(office.plan_empresas(EMPRESAS, selected=ec.TODAS))
    assert report.counts == {Outcome.FOUND: 3}
    assert report.ok
    assert len(sandbox.empresas) == 3
    assert report.sent == 3


def test_one_refused_record_does_not_stop_the_others(sandbox: Sandbox) -> None:
    class Picky(OnWrites):
        def send(self, request: Request) -> Response:
            return super().send(request) if b"OFICINA" in request.content else self.inner.send(request)

    one = integrator(sandbox, transport=Picky(sandbox, Canned(422, b"")))
    report = one.apply(one.plan_empresas(EMPRESAS, selected=ec.TODAS))
    assert [result.outcome for result in report.results] == [
        Outcome.INTEGRATED,
        Outcome.FAILED,
        Outcome.INTEGRATED,
    ]
    assert report.results[1].code == "rejected"


def test_writes_that_nobody_configured(sandbox: Sandbox) -> None:
    reading = ec.Client(sandbox.token, transport=sandbox.transport(), retry=RETRY)
    one = ec.Integrator(reading, policy=POLICY, journal=":memory:", operador="ADMIN")
    plan = one.plan_empresas(EMPRESAS, selected=["00001"])
    assert [notice.reason for notice in plan.notices] == []
    asked = sandbox.requests
    attempts: tuple[Callable[[], object], ...] = (lambda: one.apply(plan), one.activate_usuarios)
    for attempt in attempts:
        with pytest.raises(WritesNotConfigured, match="CONVENTION"):
            attempt()
    assert sandbox.requests == asked
    assert one.logs() == ()


# ------------------------------------------------------------------ the plan


def test_desligada_is_shown_and_never_sent(sandbox: Sandbox, office: ec.Integrator) -> None:
    plan = office.plan_empresas([PADARIA, FECHADA], selected=ec.TODAS)
    shown = plan.actions[1]
    assert (shown.status, shown.verdict, shown.draft) == (Status.DESLIGADA, ec.Verdict.SKIP, None)
    for times in range(2):
        report = office.apply(plan)
        assert report.results[1].status is Status.DESLIGADA
        assert report.results[1].outcome is (Outcome.SKIPPED if times else Outcome.LEFT)
    assert [row.externoid for row in sandbox.empresas] == ["00001"]
    # Back again: it goes, once.
    back = evolve(FECHADA, data_desligamento=None)
    plan = office.plan_empresas([PADARIA, back], selected=ec.TODAS)
    assert plan.actions[1].status is Status.NAO_INTEGRADO
    assert office.apply(plan).results[1].status is Status.INTEGRADO
    assert [row.externoid for row in sandbox.empresas] == ["00001", "00004"]
    assert [e.outcome for e in office.logs(codigo="00004")] == [
        Outcome.LEFT,
        Outcome.RETURNED,
        Outcome.ATTEMPTED,
        Outcome.INTEGRATED,
    ]


def test_integrated_and_then_desligada_is_kept_and_said(sandbox: Sandbox, office: ec.Integrator) -> None:
    office.apply(office.plan_empresas([PADARIA], selected=ec.TODAS))
    closed = evolve(PADARIA, data_desligamento=datetime.date(2025, 1, 1))
    (result,) = office.apply(office.plan_empresas([closed], selected=ec.TODAS)).results
    assert (result.outcome, result.status) == (Outcome.KEPT, Status.INTEGRADO)
    assert result.code == "integrada-e-desligada"
    assert writes(sandbox) == 1


def test_a_refusal_is_told_even_where_the_codigo_is_integrated(
    sandbox: Sandbox, office: ec.Integrator
) -> None:
    office.apply(office.plan_empresas([PADARIA], selected=ec.TODAS))
    reused = evolve(PADARIA, documento="33.000.167/0001-01", razao_social="NOVA LTDA")
    foreign = evolve(reused, proemp="PROEMP07")
    for record, code in ((reused, "codigo-reutilizado"), (foreign, "outra-proemp")):
        (result,) = office.apply(office.plan_empresas([record], selected=ec.TODAS)).results
        assert (result.outcome, result.code, result.nome) == (Outcome.REFUSED, code, "NOVA LTDA")
        assert office.logs(outcome="refused")[-1].nome == "NOVA LTDA"
    assert writes(sandbox) == 1
    assert office.journal.records(Kind.EMPRESA)["00001"].nome == PADARIA.razao_social


def test_todas_is_said_and_advised_against(office: ec.Integrator) -> None:
    todas = office.plan_empresas(EMPRESAS, selected=ec.TODAS)
    some = office.plan_empresas(EMPRESAS, selected=[e.codigo for e in EMPRESAS])
    assert ec.Reason.TODAS_SELECIONADAS in {notice.reason for notice in todas.notices}
    assert ec.Reason.TODAS_SELECIONADAS not in {notice.reason for notice in some.notices}
    assert todas.actions == some.actions


@pytest.mark.parametrize("selected", ["00002", ["00002"], {"00002"}, ["00002", "00002"]])
def test_only_what_was_selected_goes(sandbox: Sandbox, selected: Sequence[str]) -> None:
    office = integrator(sandbox)
    once = selected if isinstance(selected, str) else iter(selected)  # may be read but once
    plan = office.plan_empresas(EMPRESAS, selected=once)
    assert [action.verdict for action in plan.actions] == [
        ec.Verdict.SKIP,
        ec.Verdict.CREATE,
        ec.Verdict.SKIP,
    ]
    office.apply(plan)
    assert [row.externoid for row in sandbox.empresas] == ["00002"]


def test_planning_writes_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    office = integrator(sandbox, tmp_path / "j")
    revision = office.journal.revision()
    office.plan_empresas(EMPRESAS, selected=ec.TODAS)
    office.plan_usuarios(USUARIOS)
    assert writes(sandbox) == 0
    assert (office.journal.revision(), office.journal.proemp) == (revision, None)


def test_what_is_in_the_portal_already_is_adopted(sandbox: Sandbox, office: ec.Integrator) -> None:
    elsewhere = integrator(sandbox)
    elsewhere.apply(elsewhere.plan_empresas([PADARIA], selected=ec.TODAS))
    sent = writes(sandbox)
    plan = office.plan_empresas([PADARIA], selected=ec.TODAS)
    assert [action.verdict for action in plan.actions] == [ec.Verdict.ADOPT]
    assert office.apply(plan).counts == {Outcome.FOUND: 1}
    assert office.apply(plan).counts == {Outcome.KEPT: 1}
    assert writes(sandbox) == sent


def test_what_came_into_the_portal_after_the_plan_is_not_sent(
    sandbox: Sandbox, office: ec.Integrator
) -> None:
    same, other = evolve(PADARIA, codigo="00009"), evolve(OFICINA, codigo="00003")
    plan = office.plan_empresas(EMPRESAS, selected=ec.TODAS)
    elsewhere = integrator(sandbox)
    elsewhere.apply(
        elsewhere.plan_empresas([same, OFICINA, evolve(other, documento="33000167000101")], selected=ec.TODAS)
    )
    sent = writes(sandbox)
    report = office.apply(plan)
    assert [(r.outcome, r.code) for r in report.results] == [
        (Outcome.REFUSED, "documento-no-portal"),
        (Outcome.FOUND, "ja-no-portal"),
        (Outcome.REFUSED, "codigo-no-portal"),
    ]
    assert writes(sandbox) == sent


def test_explain_tells_every_rule_up_to_the_last(sandbox: Sandbox, office: ec.Integrator) -> None:
    plan = office.plan_empresas([PADARIA, FECHADA, INVALIDA], selected=ec.TODAS)
    asked = sandbox.requests
    for action in plan.actions:
        told = office.explain(action.codigo)
        assert (told.verdict, told.findings, told.draft) == (action.verdict, action.findings, action.draft)
        assert [rule.code for rule in told.rules if rule.applies] == [f.reason.value for f in action.findings]
        assert told.rules[-1].applies
        assert action.findings[-1].reason.sentence in " ".join(str(told).split())
    with pytest.raises(UnknownCodigo):
        office.explain("00077")
    assert sandbox.requests == asked


texts = st.text(st.characters(codec="utf-8"), max_size=60)
empresas = st.builds(
    lambda n, nome, documento, bairro, ie: ec.EmpresaGap(
        f"{n:05d}", "PROEMP00", nome, documento, bairro=bairro[:30], inscricao_estadual=ie[:20]
    ),
    st.integers(0, 99_999),
    texts.filter(str.strip),
    st.sampled_from(("11222333000181", "00000000000191", "12ABC34501DE35", "52998224725", "", "xx")),
    texts,
    texts,
)


@given(st.lists(empresas, max_size=8), st.booleans())
def test_a_saved_plan_is_the_plan(records: list[ec.EmpresaGap], cut: bool) -> None:
    with Sandbox() as portal:
        office = integrator(portal, policy=evolve(POLICY, send_cut_identifiers=cut))
        plan = office.plan_empresas(records, selected=ec.TODAS)
        loaded = ec.Plan.from_json(plan.to_json())
        assert loaded == plan
        assert loaded.fingerprint == plan.fingerprint
        assert loaded.to_json() == plan.to_json()
        assert [loss.lossless for loss in loaded.losses] == [loss.lossless for loss in plan.losses]
        going = [action for action in plan.actions if action.verdict is ec.Verdict.CREATE]
        assert office.apply(loaded).counts.get(Outcome.INTEGRATED, 0) == len(going) == len(portal.empresas)


# ------------------------------------------------------------------ looking back


def test_logs_are_filtered(sandbox: Sandbox) -> None:
    journal, clock = ec.SqliteJournal(":memory:"), ticking()
    office = ec.Integrator(client(sandbox), policy=POLICY, journal=journal, operador="admin", clock=clock)
    office.apply(office.plan_empresas([*EMPRESAS, INVALIDA], selected=ec.TODAS))
    office.apply(office.plan_usuarios(USUARIOS))
    everything = office.logs()
    assert [entry.number for entry in everything] == list(range(1, len(everything) + 1))
    assert len(everything) == 3 * 2 + 1 + 2 * 2

    def only(entries: tuple[ec.LogEntry, ...], keep: Callable[[ec.LogEntry], bool]) -> bool:
        return 0 < len(entries) < len(everything) and entries == tuple(filter(keep, everything))

    assert only(office.logs(kind="usuario"), lambda e: e.kind is Kind.USUARIO)
    assert office.logs(kind=Kind.USUARIO) == office.logs(kind="usuario")
    assert only(office.logs(outcome="attempted"), lambda e: e.outcome is Outcome.ATTEMPTED)
    assert only(office.logs(proemp="proemp00"), lambda e: e.kind is Kind.EMPRESA)
    assert office.logs(proemp="PROEMP01") == ()
    assert only(office.logs(codigo="00002"), lambda e: e.codigo == "00002")
    assert office.logs(operador="Admin") == everything
    assert office.logs(operador="MARIA") == ()
    assert only(office.logs(text="oficina"), lambda e: e.nome == OFICINA.razao_social)
    assert only(office.logs(text="DOCUMENTO-INVALIDO"), lambda e: e.codigo == "00005")
    assert office.logs(text="%") == ()
    middle = everything[4].at
    assert only(office.logs(since=middle), lambda e: e.at >= middle)
    assert only(office.logs(until=middle), lambda e: e.at <= middle)
    elsewhere = middle.astimezone(datetime.timezone(datetime.timedelta(hours=-3)))
    assert office.logs(since=elsewhere, until=elsewhere) == (everything[4],)
    assert only(
        office.logs(kind="empresa", outcome="integrated", text="sa"),
        lambda e: e.codigo == "00003" and e.outcome is Outcome.INTEGRATED,
    )
    with pytest.raises(ValueError, match="no such"):
        office.logs(outcome="no such")


def test_verify_tells_what_differs_is_missing_or_extra(sandbox: Sandbox) -> None:
    office = integrator(sandbox)
    office.apply(office.plan_empresas(EMPRESAS, selected=ec.TODAS))
    office.apply(office.plan_usuarios(USUARIOS))
    assert {check.verified for check in office.verify().checks} == {Verified.EQUAL}
    assert office.verify().ok

    row = next(row for row in sandbox.empresas if row.externoid == "00001")
    body = {
        "data": {"type": "empresas", "id": row.id, "attributes": {"nome": "PADARIA NOVA", "ativa": False}}
    }
    office.client.request("PATCH", "dp", f"/empresas/{row.id}", content=json.dumps(body).encode())
    stranger = integrator(sandbox)
    extra = ec.EmpresaGap("00077", "PROEMP00", "DE FORA LTDA", "33.000.167/0001-01")
    stranger.apply(stranger.plan_empresas([extra], selected=ec.TODAS))
    sent = writes(sandbox)

    seen = office.verify()
    assert not seen.ok
    assert {check.codigo: (check.verified, check.differences) for check in seen.checks} == {
        "00001": (Verified.DIFFERS, ("nome", "ativa")),
        "00002": (Verified.EQUAL, ()),
        "00003": (Verified.EQUAL, ()),
        "00077": (Verified.EXTRA, ()),
        "ANA": (Verified.EQUAL, ()),
        "BIA": (Verified.EQUAL, ()),
    }
    assert writes(sandbox) == sent
    # Another portal in its place, of the same account, that has nothing.
    with Sandbox(token=sandbox.token) as empty:
        gone = ec.Integrator(client(empty), policy=POLICY, journal=office.journal, operador="ADMIN").verify()
    assert gone.counts == {
        Verified.EQUAL: 0,
        Verified.DIFFERS: 0,
        Verified.MISSING: 5,
        Verified.EXTRA: 0,
    }


# ------------------------------------------------------------------ users


def test_users_arrive_and_are_activated_once(sandbox: Sandbox, office: ec.Integrator) -> None:
    office.apply(office.plan_usuarios(USUARIOS))
    assert [row.ativo for row in sandbox.usuarios] == [False, False]
    assert office.activate_usuarios("ANA").counts == {Outcome.ACTIVATED: 1}
    assert [row.ativo for row in sandbox.usuarios] == [True, False]
    assert office.activate_usuarios().counts == {Outcome.KEPT: 1, Outcome.ACTIVATED: 1}
    sent = writes(sandbox)
    assert office.activate_usuarios().counts == {Outcome.KEPT: 2}
    assert office.activate_usuarios(["BIA"]).sent == 0
    assert writes(sandbox) == sent
    assert [row.ativo for row in sandbox.usuarios] == [True, True]
    assert office.plan_usuarios(USUARIOS).counts[ec.Verdict.KEEP] == 2


def test_activation_needs_every_tab(sandbox: Sandbox, office: ec.Integrator) -> None:
    office.apply(office.plan_usuarios([ANA]))
    (failed,) = office.activate_usuarios(abas=ABAS[:-1]).results
    assert (failed.outcome, failed.status, failed.code) == (
        Outcome.ACTIVATION_FAILED,
        Status.INTEGRADO,
        "rejected",
    )
    assert "422" in failed.message
    assert ABAS[-1].value in failed.message
    assert not sandbox.usuarios[0].ativo
    assert office.activate_usuarios().results[0].status is Status.ATIVO


def test_an_activation_whose_answer_is_lost_is_harmless_to_repeat(
    sandbox: Sandbox, office: ec.Integrator
) -> None:
    def lose(method: str, path: str, when: When) -> None:
        if method == "PATCH" and when == "after":
            raise AnswerLost

    office.apply(office.plan_usuarios([ANA]))
    sandbox.fault = lose
    assert office.activate_usuarios().counts == {Outcome.ACTIVATION_FAILED: 1}
    sandbox.fault = None
    once = sandbox.usuarios
    assert office.activate_usuarios().counts == {Outcome.ACTIVATED: 1}
    assert sandbox.usuarios == once
    assert once[0].ativo


def test_a_user_that_is_not_integrated_is_not_activated(sandbox: Sandbox, office: ec.Integrator) -> None:
    gone = evolve(BIA, data_desligamento=datetime.date(2024, 1, 31))
    office.apply(office.plan_usuarios([ANA, gone]))
    sent = writes(sandbox)
    (refused,) = office.activate_usuarios("BIA").results
    assert (refused.outcome, refused.code) == (Outcome.REFUSED, "nao-integrado-ainda")
    assert writes(sandbox) == sent


def test_activating_in_between_does_not_make_a_plan_stale(sandbox: Sandbox, office: ec.Integrator) -> None:
    """Stopped after one user, who is activated: the plan goes on where it stopped."""
    steps = office.steps(office.plan_usuarios(USUARIOS))
    next(steps)
    del steps
    assert office.activate_usuarios().counts == {Outcome.ACTIVATED: 1}
    assert office.resume().counts == {Outcome.KEPT: 1, Outcome.INTEGRATED: 1}
    assert [row.ativo for row in sandbox.usuarios] == [True, False]


def test_in_doubt_after_a_resume_is_settled_by_the_next(sandbox: Sandbox) -> None:
    """What a resume leaves in doubt does not make its own plan stale."""
    journal, portal = ec.SqliteJournal(":memory:"), OnWrites(sandbox, AnswerLost)
    blind = integrator(sandbox, journal, transport=portal)
    plan = blind.plan_empresas([PADARIA], selected=ec.TODAS)
    blind.apply(plan)
    for _ in range(3):
        report = blind.resume()
        assert report.counts == {Outcome.IN_DOUBT: 1}
        assert journal.records(Kind.EMPRESA)["00001"].status is Status.EM_DUVIDA
    sighted = integrator(sandbox, journal)
    assert sighted.resume().counts == {Outcome.INTEGRATED: 1}
    assert sighted.apply(plan).counts == {Outcome.KEPT: 1}
    assert len(sandbox.empresas) == 1


# ------------------------------------------------------------------ async


async def _async_day(sandbox: Sandbox) -> list[ec.Report]:
    client = ec.AsyncClient(
        sandbox.token, transport=sandbox.async_transport(), writes=ec.CONVENTION, retry=RETRY
    )
    one = ec.AsyncIntegrator(client, policy=POLICY, journal=":memory:", operador="ADMIN")
    plan = await one.plan_empresas([*EMPRESAS, FECHADA, INVALIDA], selected=ec.TODAS)
    seen: list[ec.Result] = []
    reports = [await one.apply(plan, on_progress=seen.append), await one.apply(plan)]
    assert tuple(seen) == reports[0].results
    reports.append(await one.apply(await one.plan_usuarios(USUARIOS)))
    reports += [await one.activate_usuarios(), await one.resume()]
    assert (await one.verify()).ok
    assert one.explain("00001").verdict is ec.Verdict.CREATE
    return reports


def _day(sandbox: Sandbox) -> list[ec.Report]:
    one = integrator(sandbox)
    plan = one.plan_empresas([*EMPRESAS, FECHADA, INVALIDA], selected=ec.TODAS)
    seen: list[ec.Result] = []
    reports = [one.apply(plan, on_progress=seen.append), one.apply(plan)]
    assert tuple(seen) == reports[0].results
    reports.append(one.apply(one.plan_usuarios(USUARIOS)))
    reports += [one.activate_usuarios(), one.resume()]
    assert one.verify().ok
    return reports


def _lossy(lost: list[str]) -> Callable[[str, str, When], None]:
    """Loses the answer of every second write, and does not reach the portal for the first."""

    def hook(method: str, path: str, when: When) -> None:
        if method == "GET":
            return
        if when == "before" and not lost:
            lost.append(method)
            raise NotSent
        if when == "after":
            lost.append(method)
            if len(lost) % 2:
                raise AnswerLost

    return hook


def _on_asyncio(sandbox: Sandbox) -> list[ec.Report]:
    return asyncio.run(_async_day(sandbox))


def _on_trio(sandbox: Sandbox) -> list[ec.Report]:
    return trio.run(_async_day, sandbox)


@pytest.mark.parametrize("loop", [_on_asyncio, _on_trio])
@pytest.mark.parametrize("lossy", [False, True])
def test_async_gives_the_same_reports(loop: Callable[[Sandbox], list[ec.Report]], lossy: bool) -> None:
    with Sandbox(fault=_lossy([]) if lossy else None) as portal:
        expected = _day(portal)
        requests = [seen.method for seen in portal.requests]
    with Sandbox(fault=_lossy([]) if lossy else None) as portal:
        reports = loop(portal)
        assert reports == expected
        assert [seen.method for seen in portal.requests] == requests
    assert (Outcome.FOUND in expected[0].counts) is lossy


# ------------------------------------------------------------------ what is shown of persons


def test_nothing_personal_is_shown(sandbox: Sandbox) -> None:
    secrets = ["52998224725", "529.982.247-25", "11144477735", "exemplo.com", "123.456.789-00", sandbox.token]
    mei = ec.EmpresaGap("00001", "PROEMP00", "ZE DA SILVA 52998224725", "11.222.333/0001-81")
    person = ec.EmpresaGap("00002", "PROEMP00", "ANA LIMA", "111.444.777-35")
    wrong = ec.UsuarioGap("X", "Xis", "123.456.789-00", "x@exemplo.com.br")

    def echo(status: int) -> Canned:
        detail = f"login 529.982.247-25 de ana@exemplo.com.br, token {sandbox.token}"
        return Canned(status, json.dumps({"errors": [{"status": str(status), "detail": detail}]}).encode())

    shown: list[object] = []
    said = (echo(422), echo(403), echo(500), NotSent, AnswerLost, Canned(200, b"52998224725"))
    # First nothing gets there; then everything does; then it is there and only its activation fails.
    for answer in (*said, None, *said):
        transport = None if answer is None else OnWrites(sandbox, answer)
        one = integrator(sandbox, transport=transport)
        companies = one.plan_empresas([mei, person], selected=ec.TODAS)
        users = one.plan_usuarios([ANA, BIA, wrong])
        shown += [one, one.client, companies, users, *companies.actions, *users.actions]
        shown += [one.explain("00001"), *(one.explain(u.codigo, Kind.USUARIO) for u in (ANA, wrong))]
        for plan in (companies, users):
            try:
                shown.append(one.apply(plan))
            except EcontadorError as error:
                shown += [error, error.__cause__]
                assert pickle.loads(pickle.dumps(error)).code == error.code
        shown += [
            *one.logs(),
            *one.journal.records(Kind.USUARIO).values(),
            *one.journal.records(Kind.EMPRESA).values(),
        ]
        try:
            shown += [one.activate_usuarios(), one.verify()]
        except EcontadorError as error:
            shown += [error, error.__cause__]
    assert {type(thing) for thing in shown} >= {ec.Report, ApplyStopped, Forbidden, NotSent, ec.LogEntry}
    assert (
        sum(isinstance(thing, ApplyStopped) for thing in shown) == 2 * 2 + 2
    )  # 403 and NotSent: two applied, one activated
    assert any(isinstance(thing, ec.LogEntry) and "***" in thing.message for thing in shown)
    for thing in shown:
        text = f"{thing!s}\n{thing!r}"
        assert [secret for secret in secrets if secret in text] == [], type(thing)


def test_the_same_codigo_in_another_proemp_is_another_company() -> None:
    with ec.Integrator(
        Sandbox().client(),
        policy=ec.Policy(proemp="PROEMP00", doubt_seconds=0),
        journal=":memory:",
        operador="ADMIN",
    ) as integrator:
        ours = ec.EmpresaGap("00001", "PROEMP00", "NOSSA LTDA", "11.222.333/0001-81")
        theirs = ec.EmpresaGap("00001", "PROEMP01", "OUTRA LTDA", "00.000.000/0001-91")
        integrator.apply(integrator.plan_empresas([ours], selected=ec.TODAS))
        plan = integrator.plan_empresas([ours, theirs], selected=ec.TODAS)
        assert [(action.verdict, action.status) for action in plan.actions] == [
            (ec.Verdict.KEEP, ec.Status.INTEGRADO),
            (ec.Verdict.REFUSE, ec.Status.NAO_INTEGRADO),
        ]
