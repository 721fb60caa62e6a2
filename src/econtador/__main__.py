"""``econtador``, ``python -m econtador``: the command line; without the extra ``cli`` the demonstration alone."""

import datetime
import io
import sys
from importlib.util import find_spec
from pathlib import Path

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code."""
    tokens = sys.argv[1:] if arguments is None else arguments
    if find_spec("cyclopts") and find_spec("rich"):
        from econtador.cli.app import main as commands

        return commands(tokens)
    if tokens != ["demo"]:
        print("A linha de comando pede um extra: pip install 'econtador[cli]'", file=sys.stderr)
        print("The command line needs an extra: pip install 'econtador[cli]'", file=sys.stderr)
        return 2
    demonstrate()
    return 0


def demonstrate() -> None:
    """The main job on the example office, into a sandbox that is kept in a new folder."""
    from econtador.demo import example_office, run

    # A Windows console or pipe may not have every character; better a question mark than a traceback.
    output: object = sys.stdout
    if isinstance(output, io.TextIOWrapper):
        output.reconfigure(errors="replace")
    started = datetime.datetime.now().astimezone()
    run(Path("econtador-demo") / started.strftime("%Y-%m-%d-%H%M%S"), example_office(), print)


if __name__ == "__main__":
    sys.exit(main())
