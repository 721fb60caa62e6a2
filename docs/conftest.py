"""Every block of the pages is run, from the top of a page to its end, in a folder of its own.

Of the commands for a shell those of ``econtador`` itself are run; what installs, builds or runs long is left.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser, SkipParser

_DONE = {0, 1}
"""Exit codes of a command that did what it is for."""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What a page writes is not left among the pages."""
    former, folder = Path.cwd(), tmp_path_factory.mktemp("page")
    os.chdir(folder)
    yield folder
    os.chdir(former)


def _commands(example: Example) -> None:
    environment = example.namespace.setdefault("environment", {**os.environ, "PYTHONWARNINGS": "error"})
    for line in str(example.parsed).splitlines():
        words = shlex.split(line, comments=True)
        match words:
            case ["export", *settings]:
                environment.update(setting.split("=", 1) for setting in settings)
            case ["econtador", *arguments]:
                command = [sys.executable, "-m", "econtador", *arguments]
                done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
                assert done.returncode in _DONE, f"{line}\n{done.stdout}{done.stderr}"


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), CodeBlockParser("sh", _commands), SkipParser()],
    patterns=["*.md"],
    fixtures=["elsewhere"],
).pytest()
