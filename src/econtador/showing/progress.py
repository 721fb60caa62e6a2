"""How far a long run is: one line in a terminal, one display in a notebook."""

import shutil
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Final, Protocol, Self, TextIO, cast

from econtador.overriding import override
from econtador.showing.html import text_html
from econtador.showing.style import STYLE

__all__ = ["Progress"]

_WINDOW: Final = 15.0
"""Seconds over which the rate is taken: what comes may be slower than what went."""
_BASIS: Final = (2.0, 3)
"""Seconds and records before a rate is told."""
_OFTEN: Final = 0.1
_SELDOM: Final = 10.0
"""Seconds between two lines where a line cannot be written over."""


class _Told(Protocol):
    """Whatever has an outcome that reads as text."""

    @property
    def outcome(self) -> object: ...


class _Display(Protocol):
    """A notebook's display that can be shown anew."""

    def update(self, shown: object, /) -> object: ...


class Progress:
    """Shows how far a run is: how many of how many, what came of them, how fast, and how long it will take.

    Give it as ``on_progress=``. In a notebook it is one display that moves; in a terminal one line on stderr; where
    that is no terminal, a line every 10 seconds and one at the end. A stream that is closed is no longer written to:
    nothing of it stops the run.

    :param total: how many records there are, ``len(plan.actions)``.
    :param stream: where to write, instead of a notebook's display or stderr.
    :param clock: seconds that only grow.

    >>> import io
    >>> import econtador as ec
    >>> from econtador.sandbox import Sandbox
    >>> padaria = ec.EmpresaGap("00001", "PROEMP00", "PADARIA MODELO LTDA", "11.222.333/0001-81")
    >>> integrator = ec.Integrator(
    ...     Sandbox().client(), policy=ec.Policy(proemp="PROEMP00"), journal=":memory:", operador="ADMIN"
    ... )
    >>> plan = integrator.plan_empresas([padaria], selected=ec.TODAS)
    >>> with ec.Progress(len(plan.actions), stream=io.StringIO()) as progress:
    ...     report = integrator.apply(plan, on_progress=progress)
    >>> print(progress)
    1 de 1 (100%), integrado: 1
    """

    def __init__(
        self, total: int, *, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.total: int = total
        self.done: int = 0
        self.counts: Counter[str] = Counter()
        """How many came to each outcome."""
        self._clock = clock
        self._marks = deque([(clock(), 0)])
        self._shown_at = float("-inf")
        self._width = 0
        self._display = _notebook(self) if stream is None else None
        self._stream: TextIO | None = sys.stderr if stream is None and self._display is None else stream

    def __call__(self, result: _Told) -> None:
        """Count *result*, and show it if it is time."""
        self.done += 1
        self.counts[str(result.outcome)] += 1
        now = self._clock()
        self._marks.append((now, self.done))
        while len(self._marks) > 2 and self._marks[1][0] <= now - _WINDOW:
            self._marks.popleft()
        if now - self._shown_at >= (_OFTEN if self._display or self._over_itself() else _SELDOM):
            self._shown_at = now
            self._show()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Show where it ended."""
        self._show(last=True)

    @property
    def rate(self) -> float | None:
        """Records a second, of late; None until there is a basis."""
        (since, before), (now, done) = self._marks[0], self._marks[-1]
        seconds, records = _BASIS
        if now - since < seconds or done - before < records:
            return None
        return (done - before) / (now - since)

    @property
    def seconds_left(self) -> float | None:
        """How long the rest will take at that rate."""
        return (self.total - self.done) / self.rate if self.rate and self.done < self.total else None

    @override
    def __str__(self) -> str:
        share = f" ({100 * self.done // self.total}%)" if self.total else ""
        parts = [f"{self.done} de {self.total}{share}"]
        parts += [f"{outcome}: {count}" for outcome, count in self.counts.items()]
        if (rate := self.rate) is not None:
            parts.append(f"{rate:.1f}/s".replace(".", ","))
        if (left := self.seconds_left) is not None:
            parts.append(f"faltam cerca de {_told(left)}")
        return ", ".join(parts)

    @override
    def __repr__(self) -> str:
        return f"<Progress {self}>"

    def _repr_html_(self) -> str:
        return (
            f'<div class="econtador"><style>{STYLE}</style><p class="title">{text_html(str(self))}</p>'
            f'<progress max="{max(self.total, 1)}" value="{min(self.done, self.total)}"></progress></div>'
        )

    # ------------------------------------------------------------------ where it is shown

    def _over_itself(self) -> bool:
        try:
            return self._stream is not None and self._stream.isatty()
        except ValueError:  # it is closed
            self._stream = None
            return False

    def _show(self, *, last: bool = False) -> None:
        if self._display is not None:
            self._update(self._display)
        elif self._over_itself():
            room = shutil.get_terminal_size().columns - 1
            line = str(self)[:room]
            self._write("\r" + line.ljust(self._width) + ("\n" if last else ""))
            self._width = len(line)
        else:
            self._write(f"{self}\n")

    def _update(self, display: _Display) -> None:
        try:
            display.update(self)
        except (
            Exception
        ):  # of whatever a notebook is made of: what was sent is told to the caller all the same
            self._display = None

    def _write(self, text: str) -> None:
        if self._stream is None:
            return
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        try:
            self._stream.write(text.encode(encoding, "replace").decode(encoding))
            self._stream.flush()
        except (OSError, ValueError):  # closed, a broken pipe, a full disk
            self._stream = None


def _told(seconds: float) -> str:
    """Seconds in the two units that say enough.

    >>> _told(12), _told(200), _told(7_300)
    ('12 s', '3 min 20 s', '2 h 1 min')
    """
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


class _IPython(Protocol):
    """What is used of IPython, which is there already where it matters."""

    def get_ipython(self) -> object: ...
    def display(self, shown: object, /, *, display_id: bool) -> object: ...


def _notebook(shown: object) -> _Display | None:
    """A display of *shown* in the notebook that this runs in, if it runs in one."""
    ipython = cast("_IPython | None", sys.modules.get("IPython.display"))
    core = sys.modules.get("IPython")
    if core is None or ipython is None:
        return None
    shell: object = cast("_IPython", core).get_ipython()
    if not hasattr(shell, "kernel"):  # a terminal's
        return None
    return cast("_Display | None", ipython.display(shown, display_id=True))
