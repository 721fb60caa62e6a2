"""Kill real runs, many times, and count what each left: ``python tests/long/kills.py [KILLS]`` (1,000 unless told).

Every run applies one plan over a journal in a file to a sandbox that is served, in a process of its own. It is killed
(SIGKILL) at its k-th journal write, its k-th request or the portal's k-th answer, for every k that a run has, with one
worker and with four. A fresh integrator then resumes, and once more when the time of doubt is over. Prints a table;
the exit code is 1 if anything was sent twice, lost, or is not explained by the log. Needs ``os.fork``.
"""

import datetime
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Literal

from attrs import asdict, define, field, frozen

import econtador as ec
from econtador.sandbox import Sandbox
from econtador.sandbox.rows import EmpresaRow, UsuarioRow

WORKER = Path(__file__).parents[1] / "_kill_worker.py"
POLICY = ec.Policy(proemp="PROEMP00")
IN_PORTAL = {ec.Status.INTEGRADO, ec.Status.ATIVO}

Where = Literal["write", "send", "answer"]


def cnpj(number: int) -> str:
    """The one valid CNPJ with that raiz and the ordem 0001."""
    return next(text for dv in range(100) if ec.Cnpj.is_valid(text := f"{number:08}0001{dv:02}"))


EMPRESAS = [ec.EmpresaGap(f"{n:05}", "PROEMP00", f"EMPRESA MODELO {n:02} LTDA", cnpj(n)) for n in range(1, 9)]
USUARIOS = [
    ec.UsuarioGap(f"U{n}", f"PESSOA MODELO {n:02}", cpf, "modelo@exemplo.com.br")
    for n, cpf in enumerate(("52998224725", "11144477735", "12345678909"), 1)
]


@frozen
class Moment:
    """Where a run is killed."""

    kind: ec.Kind
    workers: int
    where: Where
    last: int


def moments(step: int) -> Iterator[list[Moment]]:
    """Each *step*-th moment of one sort in their order: when a run outlives one, it has none of the later ones."""
    sorts: tuple[Where, ...] = ("write", "send", "answer")
    for kind, workers, where in itertools.product(ec.Kind, (1, 4), sorts):
        yield [Moment(kind, workers, where, last) for last in range(1, 100, step)]


@define
class Executioner:
    """The portal's hook that kills its client when an answer is ready and before it leaves."""

    last: int
    answers: int = 0
    pid: int = 0
    known: threading.Event = field(factory=threading.Event)
    """Whether *pid* is."""
    counting: threading.Lock = field(factory=threading.Lock)

    def __call__(self, method: str, path: str, when: str) -> None:
        if when == "before" or method == "GET":
            return
        with self.counting:
            self.answers += 1
            if self.answers == self.last:
                self.known.wait(timeout=60)
                os.kill(self.pid, signal.SIGKILL)


@define
class Tally:
    """What the killed runs left."""

    kills: int = 0
    in_doubt: int = 0
    """Records that a kill left in the air."""
    accepted: int = 0
    """Of those, how many the portal had."""
    duplicates: int = 0
    lost: int = 0
    unexplained: int = 0

    @property
    def bad(self) -> int:
        return self.duplicates + self.lost + self.unexplained


class Room:
    """One office and one portal, made anew for each kill."""

    def __init__(self, folder: Path, moment: Moment) -> None:
        self.moment = moment
        self.executioner = Executioner(moment.last if moment.where == "answer" else 0)
        self.sandbox = Sandbox(fault=self.executioner)
        self.journal, self.saved = folder / "office.journal", folder / "plan.json"
        with self.integrator() as one:
            if moment.kind is ec.Kind.EMPRESA:
                plan = one.plan_empresas(EMPRESAS, selected=ec.TODAS)
            else:
                plan = one.plan_usuarios(USUARIOS)
        self.saved.write_text(plan.to_json(), encoding="utf-8")
        self.wanted = len(plan.actions)

    def integrator(self, later: float = 0.0) -> ec.Integrator:
        """As of now, or of so many seconds *later*."""
        moved = datetime.timedelta(seconds=later)
        return ec.Integrator(
            self.sandbox.client(),
            policy=POLICY,
            journal=self.journal,
            operador="ADMIN",
            clock=lambda: datetime.datetime.now(datetime.UTC) + moved,
        )

    def killed(self, worker: "subprocess.Popen[str]") -> bool:
        """Run until it is killed; False if it came to its end."""
        assert worker.stdin and worker.stdout
        with self.sandbox.serve() as server:
            job = {
                "url": server.url, "token": self.sandbox.token,
                "journal": os.fspath(self.journal), "plan": os.fspath(self.saved),
            }  # fmt: skip
            job |= {name: value for name, value in asdict(self.moment).items() if name != "kind"}
            worker.stdin.write(json.dumps(job) + "\n")
            worker.stdin.flush()
            self.executioner.pid = _number(worker.stdout)
            self.executioner.known.set()
            code = _number(worker.stdout)
        if code not in {0, -signal.SIGKILL}:
            raise RuntimeError(f"a run ended with {code}")
        self.executioner.last = 0
        return code != 0

    def settle(self, tally: Tally) -> None:
        """Resume, now and when the time of doubt is over, and count what is there."""
        kind = self.moment.kind
        with self.integrator() as one:
            flying = {r.documento.value for r in one.journal.records(kind).values()
                      if r.documento and r.status in {ec.Status.EM_ENVIO, ec.Status.EM_DUVIDA}}  # fmt: skip
            tally.in_doubt += len(flying)
            tally.accepted += len(flying & {row.documento for row in self.rows()})
            one.resume()
            self._twice(tally)
        with self.integrator(later=POLICY.doubt_seconds + 1) as one:
            one.resume()
            # Killed before it was begun, nothing is known of a plan: it is applied once more, as a person would.
            one.apply(ec.Plan.from_json(self.saved.read_text(encoding="utf-8")))
            self._twice(tally)
            tally.lost += self.wanted - len(self.rows())
            tally.unexplained += self._unexplained(one)

    def rows(self) -> tuple[EmpresaRow | UsuarioRow, ...]:
        """What the portal has of the kind."""
        return self.sandbox.empresas if self.moment.kind is ec.Kind.EMPRESA else self.sandbox.usuarios

    def _twice(self, tally: Tally) -> None:
        times = Counter(row.documento for row in self.rows())
        tally.duplicates += sum(times.values()) - len(times)

    def _unexplained(self, one: ec.Integrator) -> int:
        """Faults of the log, requests without an intent before them, records that are not where the portal is."""
        journal = one.journal
        assert isinstance(journal, ec.SqliteJournal)
        posts = sum(seen.method == "POST" for seen in self.sandbox.requests)
        intents = len(one.logs(outcome=ec.Outcome.ATTEMPTED))
        records = journal.records(self.moment.kind).values()
        open_ends = len(journal.unfinished()) + sum(record.status not in IN_PORTAL for record in records)
        return len(journal.audit().faults) + max(0, posts - intents) + open_ends


def _number(lines: IO[str]) -> int:
    line = lines.readline()
    if not line:
        raise RuntimeError("the worker is gone")
    return int(line)


def kill(wanted: int) -> dict[tuple[str, int, Where], Tally]:
    """Kill so many runs: every moment in turn, and again from the first until there were enough."""
    tallies: dict[tuple[str, int, Where], Tally] = {}
    command = [sys.executable, os.fspath(WORKER)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        done = 0
        while done < wanted:
            # A share of what is left for each sort, so that few kills see all sorts too.
            sorts = list(moments(step=max(1, 200 // wanted)))
            for place, sort in enumerate(sorts):
                share = -(-(wanted - done) // (len(sorts) - place))
                killed = _kill_one_sort(worker, sort, share, tallies)
                done += killed
        assert worker.stdin
        worker.stdin.close()
    return tallies


def _kill_one_sort(
    worker: "subprocess.Popen[str]",
    sort: list[Moment],
    share: int,
    tallies: dict[tuple[str, int, Where], Tally],
) -> int:
    killed = 0
    for moment in sort:
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            room = Room(Path(folder), moment)
            with room.sandbox:
                if killed == share or not room.killed(worker):
                    return killed
                tally = tallies.setdefault((moment.kind.value, moment.workers, moment.where), Tally())
                tally.kills += 1
                killed += 1
                room.settle(tally)
    return killed


def main(wanted: int) -> int:
    """Print the table; return the exit code."""
    begun = time.monotonic()
    tallies = kill(wanted)
    names = ("kills", "in_doubt", "accepted", "duplicates", "lost", "unexplained")
    print(f"{'kind':<10}{'workers':>8}{'at':>8}" + "".join(f"{name:>13}" for name in names))
    for (kind, workers, where), tally in sorted(tallies.items()):
        row = "".join(f"{getattr(tally, name):>13}" for name in names)
        print(f"{kind:<10}{workers:>8}{where:>8}{row}")
    totals = [sum(getattr(tally, name) for tally in tallies.values()) for name in names]
    print(f"{'total':<26}" + "".join(f"{total:>13}" for total in totals))
    print(f"{time.monotonic() - begun:.0f} seconds")
    return 1 if any(tally.bad for tally in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 1000))
