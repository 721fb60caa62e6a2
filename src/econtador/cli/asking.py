"""One question before anything is written; no answer is no."""

import sys

from econtador.cli.output import Output

__all__ = ["Unconfirmed", "confirm"]

_YES = frozenset({"s", "sim", "y", "yes"})


class Unconfirmed(Exception):
    """The person said no, or there is no person to ask."""


def confirm(out: Output, question: str, yes: bool) -> None:
    """Ask *question*, unless *yes* was said already. Raises Unconfirmed."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Unconfirmed(f"{question} (ninguém a quem perguntar: para responder sim, --yes)")
    out.ask(f"{question} [s/N] ")
    if sys.stdin.readline().strip().casefold() not in _YES:
        raise Unconfirmed("nada foi feito")
