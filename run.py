"""The project's two commands, one line each in every shell.

``python run.py demo`` installs the library and does its main job on the example office;
``python run.py test`` installs what the tests need and runs them, with coverage of branches.

Both work in a virtual environment of their own, ``.venv``: many a system's Python refuses to install
outside of one (PEP 668), and Windows PowerShell 5 has no ``&&`` to join two commands with.
"""

from __future__ import annotations  # so that an older Python gets as far as being told

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
COMMANDS = {
    "demo": (".", ["-m", "econtador", "demo"]),
    "test": (".[test]", ["-m", "pytest", "--cov"]),
}


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - it is this file that tells
        print(f"econtador needs Python 3.11 or newer; this is {sys.version.split()[0]}", file=sys.stderr)
        return 2
    if not arguments or arguments[0] not in COMMANDS:
        print("usage: python run.py demo | test [arguments of pytest]", file=sys.stderr)
        return 2
    what, command = COMMANDS[arguments[0]]
    if not PYTHON.exists():
        print(f"making a virtual environment in {ENVIRONMENT.name}", flush=True)
        try:
            # Links, where there are links: a copied interpreter may not find its own library.
            venv.create(ENVIRONMENT, with_pip=True, symlinks=os.name != "nt")
        except (OSError, subprocess.CalledProcessError) as error:
            shutil.rmtree(ENVIRONMENT, ignore_errors=True)  # half of one would be taken for a whole one
            print(f"this Python could not make a virtual environment: {error}", file=sys.stderr)
            print("on Debian and Ubuntu it needs: apt install python3-venv", file=sys.stderr)
            return 1
    print(f"installing {what}", flush=True)
    install: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--editable",
        what,
    ]
    installed = subprocess.run(install, cwd=HERE, check=False)
    if installed.returncode:
        return installed.returncode
    return subprocess.run([PYTHON, *command, *arguments[1:]], cwd=HERE, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
