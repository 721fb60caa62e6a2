"""Errors in docstrings: their names are links, and each class leads to where its code's cause and cure are told."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

from sphinx.application import Sphinx

from econtador import errors

_NAMES = "|".join(
    name
    for name in errors.__all__
    if isinstance(kind := getattr(errors, name), type) and issubclass(kind, errors.EcontadorError)
)
_NAMED = re.compile(rf"(?<![\w.`~:])(``)?({_NAMES})(?(1)``)(?![\w`:(])")


def _linked(lines: list[str]) -> Iterator[str]:
    """*lines* with links in the prose; examples and drawings stay as they are."""
    example = False
    for line in lines:
        example = bool(line.strip()) and (example or line.lstrip().startswith((">>>", "├", "└", "│")))
        yield line if example else _NAMED.sub(r":py:exc:`~econtador.errors.\2`", line)


def link(app: Sphinx, what: str, name: str, value: object, options: object, lines: list[str]) -> None:
    """Link what is named; the last line of an error's docstring is its code."""
    if what != "module":
        lines[:] = _linked(lines)
    if isinstance(value, type) and issubclass(value, errors.EcontadorError):
        lines += ["", f"Code `{value.code} <../errors.html#{value.code}>`__."]


def name_the_rooms() -> None:
    """Autodoc reads the words beneath a field in the module of its class, which here is the house, not the room."""
    for found in pkgutil.iter_modules(errors.__path__, f"{errors.__name__}."):
        room = import_module(found.name)
        for name in room.__all__:
            if isinstance(kind := getattr(room, name), type):
                kind.__module__ = found.name


def setup(app: Sphinx) -> dict[str, bool]:
    name_the_rooms()
    app.connect("autodoc-process-docstring", link)
    return {"parallel_read_safe": True}
