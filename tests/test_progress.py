"""Progress of a run: what it says, how often, and that nothing of it ever stops a run."""

import io
import os
import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace

import pytest
from attrs import define
from hypothesis import given
from hypothesis import strategies as st

import econtador as ec
from econtador.sandbox import Sandbox


@define
class Told:
    outcome: ec.Outcome = ec.Outcome.INTEGRATED


@define
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(progress: ec.Progress, clock: Clock, *seconds: float) -> None:
    for taken in seconds:
        clock.now += taken
        progress(Told())


def test_a_run_is_told_while_it_is_applied() -> None:
    integrator = ec.Integrator(
        Sandbox().client(), policy=ec.Policy(proemp="PROEMP00"), journal=":memory:", operador="ADMIN"
    )
    empresas = [
        ec.EmpresaGap("00001", "PROEMP00", "EMPRESA MODELO 01", "11.222.333/0001-81"),
        ec.EmpresaGap("00002", "PROEMP00", "EMPRESA MODELO 02", "11.222.333/0001-82"),
    ]
    plan, stream = integrator.plan_empresas(empresas, selected=ec.TODAS), io.StringIO()
    with ec.Progress(len(plan.actions), stream=stream) as progress:
        integrator.apply(plan, on_progress=progress)
    assert stream.getvalue().split("\n")[-2] == str(progress) == "2 de 2 (100%), integrado: 1, recusado: 1"
    assert repr(progress) == f"<Progress {progress}>"


def test_the_rate_and_the_time_left_wait_for_a_basis() -> None:
    clock = Clock()
    progress = ec.Progress(100, stream=io.StringIO(), clock=clock)
    run(progress, clock, 0.5, 0.5)
    assert progress.rate is None and progress.seconds_left is None
    run(progress, clock, 1.0)
    assert progress.rate == 1.5 and progress.seconds_left == 97 / 1.5
    assert str(progress) == "3 de 100 (3%), integrado: 3, 1,5/s, faltam cerca de 1 min 5 s"


def test_the_rate_is_of_the_last_seconds() -> None:
    clock = Clock()
    progress = ec.Progress(1_000, stream=io.StringIO(), clock=clock)
    run(progress, clock, *[0.01] * 500)
    assert progress.rate is not None and progress.rate > 90
    run(progress, clock, *[1.0] * 40)
    assert progress.rate == 1.0 and progress.seconds_left == 460


def test_the_time_left_is_told_in_the_units_that_say_enough() -> None:
    def left(total: int, seconds: float) -> str:
        clock = Clock()
        progress = ec.Progress(total, stream=io.StringIO(), clock=clock)
        run(progress, clock, seconds, seconds, seconds)
        return str(progress).split("faltam cerca de ")[1]

    assert left(15, 1) == "12 s"
    assert left(203, 1) == "3 min 20 s"
    assert left(7303, 1) == "2 h 1 min"
    assert left(4, 0.7) == "1 s"


def test_nothing_is_left_when_all_is_done_and_of_nothing_there_is_no_share() -> None:
    clock = Clock()
    progress = ec.Progress(4, stream=io.StringIO(), clock=clock)
    run(progress, clock, 1, 1, 1, 1)
    assert progress.seconds_left is None and "faltam" not in str(progress)
    assert str(ec.Progress(0, stream=io.StringIO())) == "0 de 0"


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60), st.integers(0, 100))
def test_whatever_the_clock_says_what_is_told_makes_sense(seconds: list[float], total: int) -> None:
    clock = Clock()
    progress = ec.Progress(total, stream=io.StringIO(), clock=clock)
    run(progress, clock, *seconds)
    assert str(progress).startswith(f"{len(seconds)} de {total}")
    assert progress.rate is None or progress.rate > 0
    assert progress.seconds_left is None or progress.seconds_left > 0


def test_in_a_terminal_it_is_one_line_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    clock, terminal = Clock(), Terminal()
    with ec.Progress(30, stream=terminal, clock=clock) as progress:
        run(progress, clock, *[0.06] * 30)
    *lines, end = terminal.getvalue().split("\r")[1:]
    assert end.endswith("\n") and not any("\n" in line for line in lines)
    assert len(lines) == 15  # not for each record
    assert all(len(line.rstrip()) <= 29 for line in lines)


def test_a_shorter_line_leaves_nothing_of_a_longer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    clock, terminal = Clock(), Terminal()
    with ec.Progress(3, stream=terminal, clock=clock) as progress:
        run(progress, clock, 100, 100, 100)  # the time left goes away at the end
    lines = terminal.getvalue().rstrip("\n").split("\r")[1:]
    assert max(map(len, lines)) == len(lines[-1]) or len(lines[-1]) >= len(lines[-2].rstrip())


def test_where_there_is_no_terminal_a_line_comes_every_ten_seconds_and_at_the_end() -> None:
    clock, stream = Clock(), io.StringIO()
    with ec.Progress(100, stream=stream, clock=clock) as progress:
        run(progress, clock, *[0.5] * 100)
    lines = stream.getvalue().splitlines()
    assert [line.split(" ")[0] for line in lines] == ["1", "21", "41", "61", "81", "100"]


def closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


class Full(io.StringIO):
    def write(self, text: str, /) -> int:
        raise OSError("no space left")


class ClosedTerminal(Terminal):
    def write(self, text: str, /) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize("make", [closed, Full, ClosedTerminal])
def test_a_stream_that_fails_stops_no_run(make: Callable[[], io.StringIO]) -> None:
    clock = Clock()
    with ec.Progress(3, stream=make(), clock=clock) as progress:
        run(progress, clock, 20, 20, 20)
    assert progress.done == 3


def test_a_process_without_stderr_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with ec.Progress(1) as progress:
        progress(Told())
    assert progress.done == 1


def test_characters_that_the_stream_has_not_are_written_otherwise() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    with ec.Progress(1, stream=stream) as progress:
        progress(Told(ec.Outcome.FAILED))
    stream.flush()
    assert b"n?o aceito pelo portal: 1" in raw.getvalue()


def test_it_is_written_to_stderr_unless_told(capsys: pytest.CaptureFixture[str]) -> None:
    with ec.Progress(1) as progress:
        progress(Told())
    told = capsys.readouterr()
    assert told.out == "" and "1 de 1" in told.err


@define
class Handle:
    shown: list[str]
    broken: bool = False

    def update(self, shown: object) -> None:
        if self.broken:
            raise RuntimeError("the kernel is gone")
        self.shown.append(shown._repr_html_())  # type: ignore[attr-defined]


def notebook(monkeypatch: pytest.MonkeyPatch, shell: object) -> Handle:
    """IPython as a kernel has it: already imported."""
    handle = Handle([])

    def display(shown: object, *, display_id: bool) -> Handle:
        assert display_id
        handle.update(shown)
        return handle

    core, shown = ModuleType("IPython"), ModuleType("IPython.display")
    core.__dict__["get_ipython"], shown.__dict__["display"] = lambda: shell, display
    monkeypatch.setitem(sys.modules, "IPython", core)
    monkeypatch.setitem(sys.modules, "IPython.display", shown)
    return handle


def test_in_a_notebook_one_display_is_shown_anew(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    handle = notebook(monkeypatch, SimpleNamespace(kernel=object()))
    clock = Clock()
    with ec.Progress(50, clock=clock) as progress:
        run(progress, clock, *[0.02] * 50)
    assert "0 de 50" in handle.shown[0] and "50 de 50 (100%)" in handle.shown[-1]
    assert '<progress max="50" value="50">' in handle.shown[-1]
    assert len(handle.shown) < 15
    assert capsys.readouterr().err == ""


def test_a_notebook_that_is_gone_stops_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    handle = notebook(monkeypatch, SimpleNamespace(kernel=object()))
    clock = Clock()
    with ec.Progress(3, clock=clock) as progress:
        handle.broken = True
        run(progress, clock, 1, 1, 1)
    assert progress.done == 3 and len(handle.shown) == 1


def test_ipythons_terminal_is_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    handle = notebook(monkeypatch, SimpleNamespace())
    with ec.Progress(1) as progress:
        progress(Told())
    assert handle.shown == [] and "1 de 1" in capsys.readouterr().err


def test_where_ipython_was_never_imported_it_is_not_imported_either(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    with ec.Progress(1) as progress:
        progress(Told())
    assert "1 de 1" in capsys.readouterr().err and "IPython" not in sys.modules


def test_in_a_real_kernel_the_display_is_updated_in_place() -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    code = """
import econtador as ec
from types import SimpleNamespace
with ec.Progress(3) as progress:
    for _ in range(3):
        progress(SimpleNamespace(outcome=ec.Outcome.INTEGRATED))
"""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbclient.NotebookClient(book, timeout=60, kernel_name="python3").execute(env=dict(os.environ))
    (output,) = book.cells[0].outputs
    assert "3 de 3 (100%), integrado: 3" in output["data"]["text/html"]
