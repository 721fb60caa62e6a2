"""Sending again: the decision by itself, then through the clients, then against a portal that fails."""

import asyncio
import time
from collections.abc import Sequence
from typing import Literal

import anyio
import pytest
import trio
import trio.testing
from hypothesis import example, given
from hypothesis import strategies as st
from scripted import Answer

import econtador as ec
from econtador import errors
from econtador.portal.models import EmpresaNova
from econtador.portal.retry import next_delay, surely_not_accepted
from econtador.portal.transport import Request
from econtador.sandbox import Sandbox

COMPANY = b'{"data": {"id": "1", "attributes": {"nome": "ACME LTDA"}}}'
DRAFT = EmpresaNova(codigo="00001", nome="ACME LTDA", documento=ec.Cnpj("11.222.333/0001-81"))
DATE = "Tue, 24 Nov 2026 10:00:00 GMT"

Fate = Literal["ok", "refused", "lost", "html", "redirect"] | int | tuple[int, int]
"""What becomes of a request; a number is a status, a second one its Retry-After."""


class Scripted:
    """A transport that goes through its fates and counts."""

    def __init__(self, fates: Sequence[Fate | Answer]) -> None:
        self.fates = list(fates)
        self.sent = 0

    def send(self, request: Request) -> Answer:
        fate = self.fates[self.sent]
        self.sent += 1
        match fate:
            case Answer():
                return fate
            case "ok":
                return Answer(200, COMPANY)
            case "refused":
                raise errors.NotSent(request.place)
            case "lost":
                raise errors.AnswerLost(request.place)
            case "html":
                return Answer(200, b"<html>login</html>")
            case "redirect":
                return Answer(302, headers={"location": "https://elsewhere.test/"})
            case int():
                return Answer(fate)
            case (status, seconds):
                return Answer(status, headers={"retry-after": str(seconds)})

    def close(self) -> None: ...


class AsyncScripted:
    def __init__(self, fates: Sequence[Fate | Answer]) -> None:
        self.script = Scripted(fates)

    async def send(self, request: Request) -> Answer:
        return self.script.send(request)

    async def aclose(self) -> None: ...


def client(transport: Scripted, retry: ec.Retry) -> ec.Client:
    return ec.Client("token", base_url="http://portal.test", retry=retry, transport=transport)


def async_client(transport: AsyncScripted, retry: ec.Retry) -> ec.AsyncClient:
    return ec.AsyncClient("token", base_url="http://portal.test", retry=retry, transport=transport)


# --------------------------------------------------------------------------- the decision


def status_error(status: int, retry_after: float | None) -> errors.PortalError:
    kind = {429: errors.TooManyRequests, 404: errors.NotFound, 401: errors.Unauthorized}.get(
        status, errors.Rejected if status < 500 else errors.ServerError
    )
    return kind(status=status, retry_after=retry_after)


waits = st.none() | st.floats(0, 1e6)
failures = st.one_of(
    st.builds(errors.NotSent),
    st.builds(errors.AnswerLost),
    st.builds(errors.UnexpectedAnswer, status=st.integers(200, 399)),
    st.builds(errors.IncompleteListing),
    st.builds(errors.AmbiguousDocument),
    st.builds(status_error, st.sampled_from([429, 500, 502, 503, 504]) | st.integers(400, 599), waits),
)
retries = st.builds(
    ec.Retry,
    attempts=st.integers(1, 9) | st.integers(1000, 10**6),
    first=st.floats(0, 100),
    longest=st.floats(0, 100),
    longest_asked=st.floats(0, 1000),
)
dices = st.floats(0, 1, exclude_max=True)


@given(failures, st.booleans(), st.integers(1, 9) | st.integers(1, 10**6), dices, retries)
@example(errors.NotSent(), False, 5000, 0.5, ec.Retry(attempts=10**6))  # 2.0 ** 5000 is no float
def test_a_wait_is_within_its_bounds_and_attempts_end(
    error: errors.PortalError, writes: bool, attempt: int, dice: float, retry: ec.Retry
) -> None:
    delay = next_delay(retry, error, writes=writes, attempt=attempt, dice=dice)
    if attempt >= retry.attempts:
        assert delay is None
    if delay is not None:
        asked = error.retry_after if isinstance(error, errors.StatusError) else None
        if asked is None:
            assert 0 <= delay <= retry.longest
        else:
            assert delay == asked <= retry.longest_asked


@given(failures, st.integers(1, 20), dices, retries)
def test_a_write_is_repeated_as_a_read_is_where_nothing_was_accepted_and_never_elsewhere(
    error: errors.PortalError, attempt: int, dice: float, retry: ec.Retry
) -> None:
    read = next_delay(retry, error, writes=False, attempt=attempt, dice=dice)
    write = next_delay(retry, error, writes=True, attempt=attempt, dice=dice)
    assert write == (read if surely_not_accepted(error) else None)


@pytest.mark.parametrize(
    ("error", "read_again", "write_again", "sure"),
    [
        (errors.NotSent(), True, True, True),
        (errors.TooManyRequests(status=429), True, True, True),
        (errors.TooManyRequests(status=429, retry_after=5.0), True, True, True),
        (errors.ServerError(status=503, retry_after=5.0), True, False, False),
        (errors.ServerError(status=503, retry_after=0.0), True, False, False),
        (errors.ServerError(status=503), True, False, False),
        (errors.ServerError(status=502, retry_after=5.0), True, False, False),
        (errors.ServerError(status=504), True, False, False),
        (errors.AnswerLost(), True, False, False),
        (errors.Rejected(status=408), False, False, False),
        (errors.Rejected(status=409), False, False, False),
        (errors.ServerError(status=500), False, False, False),
        (errors.UnexpectedAnswer(status=200), False, False, False),
        (errors.Rejected(status=400), False, False, True),
        (errors.Unauthorized(status=401), False, False, True),
        (errors.Forbidden(status=403), False, False, True),
        (errors.NotFound(status=404), False, False, True),
        (errors.Rejected(status=422), False, False, True),
    ],
    ids=repr,
)
def test_the_table(error: errors.PortalError, read_again: bool, write_again: bool, sure: bool) -> None:
    def again(writes: bool) -> bool:
        return next_delay(ec.Retry(), error, writes=writes, attempt=1, dice=0.5) is not None

    assert (again(False), again(True), surely_not_accepted(error)) == (read_again, write_again, sure)


def test_waits_double_up_to_the_longest_and_spread_over_their_whole_range() -> None:
    retry = ec.Retry(attempts=9, first=1.0, longest=6.0)

    def delays(dice: float) -> list[float | None]:
        return [next_delay(retry, errors.NotSent(), writes=True, attempt=n, dice=dice) for n in range(1, 6)]

    assert delays(0.0) == [0.0] * 5
    assert delays(0.5) == [0.5, 1.0, 2.0, 3.0, 3.0]


# --------------------------------------------------------------------------- through the clients

QUICK = ec.Retry(attempts=4, first=0.0)
fates: st.SearchStrategy[list[Fate]] = st.lists(
    st.sampled_from(
        ["refused", "lost", "html", "redirect", 400, 401, 403, 404, 408, 409, 422, 429, (429, 0), (429, 999),
         500, 502, 503, (503, 0), (502, 0), 504]
    ),
    max_size=5,
)  # fmt: skip
REPEATED: dict[bool, set[Fate]] = {
    False: {"refused", "lost", 429, (429, 0), 502, 503, (503, 0), (502, 0), 504},
    True: {"refused", 429, (429, 0)},
}


def expected_requests(whole: Sequence[Fate], writes: bool) -> int:
    """Written apart from the library's table, by what a portal may have done."""
    for sent, fate in enumerate(whole, 1):
        if fate not in REPEATED[writes] or sent == QUICK.attempts:
            return sent
    raise AssertionError("the script ends with a success")


@given(fates, st.booleans())
def test_every_client_sends_as_often_as_is_safe_and_ends_the_same(before: list[Fate], writes: bool) -> None:
    whole: list[Fate] = [*before, "ok"]

    def shown(result: object) -> tuple[str, int | None]:
        return repr(result), result.attempts if isinstance(result, errors.PortalError) else None

    def sync() -> tuple[tuple[str, int | None], int]:
        script = Scripted(whole)
        portal = client(script, QUICK)
        try:
            return shown(portal.empresas.create(DRAFT) if writes else portal.empresas.get("1")), script.sent
        except errors.PortalError as error:
            return shown(error), script.sent

    async def asynchronous() -> tuple[tuple[str, int | None], int]:
        transport = AsyncScripted(whole)
        portal = async_client(transport, QUICK)
        try:
            made = await (portal.empresas.create(DRAFT) if writes else portal.empresas.get("1"))
            return shown(made), transport.script.sent
        except errors.PortalError as error:
            return shown(error), transport.script.sent

    (result, attempts), sent = sync()
    assert sent == expected_requests(whole, writes)
    assert result.startswith("Empresa(") == (whole[sent - 1] == "ok")
    # An answer that cannot be read is no attempt that failed: it counts as one.
    assert attempts in {None, sent} or whole[sent - 1] == "html"
    assert asyncio.run(asynchronous()) == trio.run(asynchronous) == ((result, attempts), sent)


def test_a_retry_after_is_waited_for_on_the_clock_of_the_loop_that_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[tuple[str, float]] = []

    async def asyncio_sleep(seconds: float) -> None:
        slept.append(("asyncio", seconds))

    monkeypatch.setattr(time, "sleep", lambda seconds: slept.append(("time", seconds)))
    whole: list[Fate] = [(429, 7), (429, 35), "ok"]

    assert client(Scripted(whole), ec.Retry()).empresas.create(DRAFT).id == "1"
    assert slept == [("time", 7.0), ("time", 35.0)]
    slept.clear()

    async def asynchronous() -> None:
        assert (await async_client(AsyncScripted(whole), ec.Retry()).empresas.create(DRAFT)).id == "1"

    with monkeypatch.context() as patch:
        patch.setattr(anyio, "sleep", asyncio_sleep)
        asyncio.run(asynchronous())
    assert slept == [("asyncio", 7.0), ("asyncio", 35.0)]
    slept.clear()

    async def on_trio() -> float:
        begin = trio.current_time()
        await asynchronous()
        return trio.current_time() - begin

    assert trio.run(on_trio, clock=trio.testing.MockClock(autojump_threshold=0)) == pytest.approx(42)
    assert slept == []


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("3", 3.0),
        ("Tue, 24 Nov 2026 10:00:09 GMT", 9.0),
        ("Tue, 24 Nov 2026 07:00:09 -0300", 9.0),
        ("Tue, 24 Nov 2026 09:00:00 GMT", 0.0),  # gone by
        ("121", None),
        ("9" * 400, None),
    ],
)
def test_a_retry_after_counts_from_the_answers_own_date(
    monkeypatch: pytest.MonkeyPatch, asked: str, waited: float | None
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    script = Scripted([Answer(429, headers={"retry-after": asked, "date": DATE}), "ok"])
    portal = client(script, ec.Retry())
    if waited is None:
        with pytest.raises(errors.TooManyRequests) as caught:
            portal.empresas.get("1")
        assert caught.value.retry_after is not None and caught.value.retry_after > 120
        assert (script.sent, slept) == (1, [])
    else:
        assert portal.empresas.get("1").id == "1"
        assert slept == ([waited] if waited else [])


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "soon",
        "-3",
        "1.5",
        "٣",
        "Tue, 24 Nov 2026 10:00:00 +999999999999999999",
        "Tue, 24 Nov 2026 99999999999999999999:00:00 GMT",
        "Tue, 24 Nov 99999 10:00:00 GMT",
        "Tue, 24 Nov 2026 10:00:00",  # of no zone
    ],
)
def test_a_retry_after_that_says_nothing_is_none(asked: str) -> None:
    script = Scripted([Answer(503, headers={"retry-after": asked, "date": DATE}), "ok"])
    with pytest.raises(errors.ServerError) as caught:
        client(script, QUICK).empresas.create(DRAFT)
    assert (caught.value.retry_after, script.sent) == (None, 1)


def test_what_is_no_portal_error_passes_through_both_clients_at_once() -> None:
    class Broken:
        def __init__(self, error: Exception) -> None:
            self.error = error

        def send(self, request: Request) -> Answer:
            raise self.error

        def close(self) -> None: ...

    def portal(error: Exception) -> ec.Client:
        return ec.Client("token", base_url="http://portal.test", transport=Broken(error))

    with pytest.raises(ZeroDivisionError):
        portal(ZeroDivisionError()).empresas.create(DRAFT)
    # It must not pass for the end of the flow, which would be a write that succeeded with None.
    with pytest.raises(RuntimeError, match="StopIteration"):
        portal(StopIteration()).empresas.create(DRAFT)


# --------------------------------------------------------------------------- against a portal


@given(st.lists(st.sampled_from(["refused", "lost", "fine"]), max_size=6))
def test_one_call_makes_one_company_or_none(script: list[str]) -> None:
    left = list(script)

    def fault(method: str, path: str, when: Literal["before", "after"]) -> None:
        fate = left[0] if left else "fine"
        if fate == "refused" and when == "before":
            left.pop(0)
            raise errors.NotSent
        if when == "after":
            if left:
                left.pop(0)
            if fate == "lost":
                raise errors.AnswerLost

    with Sandbox(fault=fault) as sandbox:
        portal = ec.Client(
            sandbox.token, base_url="http://portal.test", retry=QUICK, transport=sandbox.transport()
        )
        try:
            made = portal.empresas.create(DRAFT)
        except errors.NotSent:
            assert sandbox.empresas == ()
            assert script[:4] == ["refused"] * 4
        except errors.AnswerLost:
            assert len(sandbox.empresas) == 1
        else:
            assert [row.id for row in sandbox.empresas] == [made.id]
