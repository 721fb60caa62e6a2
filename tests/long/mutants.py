"""Spoil the code in many small ways and count what the tests notice: ``python tests/long/mutants.py [MODULE ...]``.

Needs ``pip install -e ".[test,mutation]"``. Each module (all of the table unless told, as ``integration/policy``) is
mutated in a copy of the working tree and tried with the test files that the table names. Prints how many mutants each
had and how many were noticed, then the diff of each that was not; the exit code is 1 if a module has 90 % or less.
``docs/mutants.md`` says why the remaining ones are let live. Takes an hour or two for all; not part of ``.ci/run``.

With ``--folder F`` the copies are made there and stay, and a survivor can be tried by hand, in ``F/MODULE/mutants``:
``MUTANT_UNDER_TEST=NAME PYTHONPATH=src python -m pytest --import-mode=importlib tests/test_x.py``.
"""

import argparse
import ast
import itertools
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from multiprocessing.pool import ThreadPool
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from attrs import frozen

ROOT: Final = Path(__file__).resolve().parents[2]
ENOUGH: Final = 90.0
"""Per cent that must be noticed, and more."""
COPIED: Final = ("src", "tests", "docs", "examples", "pyproject.toml", "README.md", "LICENSE")
COLUMNS: Final = ("mutants", "killed", "survived", "timeout", "%", "seconds")

_RUN: Final = ("test_runs.py", "test_read_lag.py", "test_safeguards.py")
_FACE: Final = (
    *(*_RUN, "test_office_rules.py", "test_assisted_mode.py", "test_verifying.py", "test_integrator.py"),
)
_FITTING: Final = "test_fitting_rules.py"

TRIED_WITH: Final[Mapping[str, Sequence[str]]] = {
    "documents": ("test_documents.py",),
    "gap/clean_rows": ("test_clean_rows.py",),
    "integration/policy": ("test_policy_rules.py",),
    "integration/plan": ("test_plan_files.py",),
    "integration/fields": (_FITTING, "test_fields.py", "test_overrides.py", "test_tails.py", "test_score.py"),
    "integration/fast_fit": (_FITTING, "test_fast_fit.py", "test_fields.py"),
    "integration/fitting": (_FITTING, "test_abbreviations.py", "test_fields.py"),
    "integration/shortening": (_FITTING, "test_abbreviations.py", "test_fields.py"),
    "integration/abbreviations": (_FITTING, "test_abbreviations.py"),
    "integration/cutting": (_FITTING, "test_fields.py"),
    "integration/reducing": (_FITTING, "test_abbreviations.py"),
    "integration/tails": (_FITTING, "test_tails.py"),
    "integration/overrides": (_FITTING, "test_overrides.py"),
    "integration/override_rows": (_FITTING, "test_overrides.py"),
    "integration/office_texts": (_FITTING, "test_overrides.py"),
    "integration/encodings": (_FITTING, "test_fields.py"),
    "integration/sizes": (_FITTING, "test_fields.py"),
    "integration/score": ("test_score.py",),
    "integration/adaptations": (_FITTING, "test_fields.py", "test_overrides.py"),
    "portal/_flow": ("test_flows.py", "test_client.py", "test_retry.py"),
    "portal/_listing": ("test_lookups.py", "test_flows.py", "test_listing.py"),
    "portal/retry": ("test_retry.py",),
    "integration/evidence": ("test_audits.py",),
    "integration/safeguards": ("test_alarms.py", "test_safeguards.py"),
    "integration/applying": _RUN,
    "integration/office": _FACE,
    "integration/integrator": _FACE,
    "integration/sqlite_journal": (
        *("test_log_filters.py", "test_journal_files.py", "test_journals.py", "test_bad_input_journals.py"),
    ),
    "integration/journal_rows": ("test_audits.py",),
    "integration/workers": ("test_in_parallel.py", "test_workers.py"),
    "integration/committing": ("test_workers.py", "test_journals.py"),
}

_SLOW: Final = (
    "postgresql",
    "processes",
    "same_work",
    "saved_plan_is",
    "no_room_for",
    "over_a_socket",
    "flipped_bits",
)
"""Parts of the names of tests that would be run for nearly every mutant and take seconds each time."""
_OPTIONS: Final = (
    *("-o", "addopts=--import-mode=importlib", "-p", "no:cacheprovider"),
    "--hypothesis-profile=ci",  # the same examples each time: a mutant is to be noticed always or never
    *("-k", f"not ({' or '.join(_SLOW)})"),
)

_SQL: Final = re.compile(r"\?\"|\b(select|insert|delete|min|order by|where|pragma) ", re.IGNORECASE)

_CONFIG: Final = """
[tool.mutmut]
source_paths = ["src/econtador"]
only_mutate = ["src/econtador/{module}.py"]
pytest_add_cli_args = {options}
pytest_add_cli_args_test_selection = {tests}
also_copy = ["docs", "examples"]
"""


@frozen
class Tried:
    """What came of one module: the names of its mutants."""

    module: str
    seconds: float
    killed: Sequence[str]
    timeout: Sequence[str]
    """Ended by the clock: noticed as well."""
    survived: Mapping[str, str]
    """With the diff of each."""

    @property
    def mutants(self) -> int:
        return len(self.killed) + len(self.timeout) + len(self.survived)

    @property
    def noticed(self) -> float:
        """Per cent."""
        return 100 * (1 - len(self.survived) / self.mutants)

    def __str__(self) -> str:
        counts = (self.mutants, len(self.killed), len(self.survived), len(self.timeout))
        return (
            f"{self.module:27}"
            + "".join(f"{count:>9}" for count in counts)
            + f"{self.noticed:9.1f}{self.seconds:9.0f}"
        )


def copied(module: str, folder: Path) -> Path:
    """A copy of the working tree, set up for *module*."""
    there = folder / module.replace("/", ".")
    shutil.rmtree(there, ignore_errors=True)
    there.mkdir(parents=True)
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, there / name)
    tests = [f"tests/{name}" for name in TRIED_WITH[module]]
    with (there / "pyproject.toml").open("a", encoding="utf-8") as project:
        project.write(_CONFIG.format(module=module, options=list(_OPTIONS), tests=tests))
    return there


def _mutmut(there: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=there, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(
            f"mutmut {arguments[0]} ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr}"
        )
    return done.stdout


def _fates(there: Path) -> Mapping[str, str]:
    lines = _mutmut(there, "results", "--all", "true").splitlines()
    return dict(line.strip().split(": ", 1) for line in lines)


def _called(parts: Iterable[ast.AST]) -> set[str]:
    calls = (node.func for part in parts for node in ast.walk(part) if isinstance(node, ast.Call))
    return {call.id for call in calls if isinstance(call, ast.Name)}


def _run_once(there: Path, module: str) -> set[str]:
    """The functions that the module itself calls while it is imported, or below one whose answers it keeps."""
    parsed = ast.parse((there / "src" / "econtador" / f"{module}.py").read_text(encoding="utf-8"))
    functions = {part.name: part for part in parsed.body if isinstance(part, ast.FunctionDef)}
    kept = [part for part in functions.values() if "cache" in "".join(map(ast.unparse, part.decorator_list))]
    running = (part for part in parsed.body if not isinstance(part, ast.FunctionDef | ast.ClassDef))
    found: set[str] = set()
    new = _called([*running, *kept])
    while new := (new & functions.keys()) - found:
        found |= new
        new = _called(functions[name] for name in new)
    return found


def _noticed_alone(there: Path, module: str, name: str) -> bool:
    """Try a mutant in a process of its own: what ran before it was forked cannot be spoiled any more."""
    mutants = there / "mutants"
    tests = [f"tests/{test}" for test in TRIED_WITH[module]]
    spoiled = {**os.environ, "MUTANT_UNDER_TEST": name, "PYTHONPATH": str(mutants / "src")}
    command = [sys.executable, "-m", "pytest", "-x", "-q", *_OPTIONS, *tests]
    return subprocess.run(command, cwd=mutants, env=spoiled, capture_output=True, check=False).returncode != 0


def _means_the_same(diff: str) -> bool:
    """Whether only what nobody looks at is another: the type in a ``cast``, or the case of SQL's words."""
    lines = [re.sub(r'cast\(("[^"]*"|None),', "", line) for line in diff.splitlines()]
    lines = [line.casefold() if _SQL.search(line) else line for line in lines]
    before, after = ([x[1:] for x in lines if x[:1] == sign and x[:3] != sign * 3] for sign in "-+")
    return before == after


def tried(module: str, folder: Path, children: int) -> Tried:
    """Make the mutants of *module* and try them."""
    started = time.monotonic()
    there = copied(module, folder)
    _mutmut(there, "run", "--max-children", str(children))
    fates = _fates(there)
    killed, timeout = ([n for n, fate in fates.items() if fate == which] for which in ("killed", "timeout"))
    left = [name for name in fates if name not in {*killed, *timeout}]
    early = tuple(f".x_{function}__mutmut_" for function in _run_once(there, module))
    again = [name for name in left if any(part in name for part in early)]
    with ThreadPool(children) as pool:
        noticed = pool.map(lambda name: _noticed_alone(there, module, name), again)
    alone = list(itertools.compress(again, noticed))
    diffs = {name: _mutmut(there, "show", name) for name in left if name not in alone}
    survived = {name: diff for name, diff in diffs.items() if not _means_the_same(diff)}
    return Tried(module, time.monotonic() - started, [*killed, *alone], timeout, survived)


def main(modules: Iterable[str], folder: Path, children: int) -> int:
    """Print the table, then the survivors; return the exit code."""
    print(f"{'module':27}" + "".join(f"{name:>9}" for name in COLUMNS))
    found: list[Tried] = []
    for module in modules:
        found.append(tried(module, folder, children))
        print(found[-1], flush=True)
    for one in found:
        for diff in one.survived.values():
            print(f"\n{diff}")
    return int(any(one.noticed <= ENOUGH for one in found))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=", ".join(TRIED_WITH))
    parser.add_argument("--folder", type=Path, help="where the copies are made and stay")
    parser.add_argument("--children", type=int, default=2, help="processes at once (2)")
    told = parser.parse_args()
    if unknown := sorted(set(told.modules) - TRIED_WITH.keys()):
        parser.error(f"no such module: {', '.join(unknown)}")
    with TemporaryDirectory() as passing:
        sys.exit(main(told.modules or TRIED_WITH, told.folder or Path(passing), told.children))
