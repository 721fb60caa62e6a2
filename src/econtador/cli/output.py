"""What a command says: its answer on standard output, everything else on standard error.

With ``--json`` the answer is one document, and so is an error, for programs to read either.
"""

import io
import json
import sys
from collections.abc import Sequence
from typing import Final

from attrs import define

from econtador.cli.documents import Answer, document
from econtador.cli.rich_page import printed
from econtador.showing.texts import clean

__all__ = ["Output"]

_MOST: Final = 20


@define
class Output:
    """Where a command speaks; *json* says to whom."""

    json: bool

    def __attrs_post_init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # A Windows console or pipe may not have every character; better a question mark than a traceback.
                stream.reconfigure(errors="replace")

    def show(self, answer: Answer) -> None:
        """The answer itself."""
        if self.json:
            print(json.dumps(document(answer), ensure_ascii=False, indent=1))
        else:
            printed(answer, sys.stdout)

    def say(self, line: str) -> None:
        """A line of the answer."""
        print(line)

    def note(self, line: str) -> None:
        """A line beside it."""
        print(line, file=sys.stderr)

    def note_each(self, things: Sequence[object]) -> None:
        """A line for each of them, the first twenty."""
        for thing in things[:_MOST]:
            self.note(str(thing))
        if more := things[_MOST:]:
            self.note(f"… e mais {len(more)}")

    def ask(self, question: str) -> None:
        """A question that the next line on standard input answers."""
        print(question, end="", file=sys.stderr, flush=True)

    def fail(self, code: str, sentence: str, detail: str = "") -> None:
        """What went wrong, for a person and by its stable *code*."""
        if self.json:
            error = {"code": code, "sentence": sentence, "detail": detail}
            print(json.dumps({"error": error}, ensure_ascii=False, indent=1))
            return
        self.note(f"econtador: {sentence} [{code}]")
        if detail:
            self.note(f"  {clean(detail, None)}")
