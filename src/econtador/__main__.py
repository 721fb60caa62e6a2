"""``python -m econtador demo``: the main job on the example office, into a sandbox kept in a new folder."""

import argparse
import datetime
import io
import sys
from pathlib import Path

from econtador.demo import example_office, run


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m econtador", description="eContador: integração de um escritório"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo", help="o trabalho inteiro com o escritório de exemplo, num portal de treino")
    parser.parse_args(arguments)
    # A Windows console or pipe may not have every character; better a question mark than a traceback.
    output: object = sys.stdout
    if isinstance(output, io.TextIOWrapper):
        output.reconfigure(errors="replace")
    started = datetime.datetime.now().astimezone()
    run(Path("econtador-demo") / started.strftime("%Y-%m-%d-%H%M%S"), example_office(), print)
    return 0


if __name__ == "__main__":
    sys.exit(main())
