"""Templates filled in. The only import of jinja2, and a late one."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from econtador.sandbox.pages.texts import documento, momento, nome

__all__ = ["Render", "open_templates"]

Render: TypeAlias = Callable[[str, Mapping[str, object]], str]
"""Name of a template, and what it is filled with, to a page. All that it is filled with is escaped."""


def open_templates() -> Render:
    """What fills in the templates of this package. Raises ModuleNotFoundError without the extra ``sandbox``."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ModuleNotFoundError as error:
        told = "jinja2 is not installed: pip install 'econtador[sandbox]'"
        raise ModuleNotFoundError(told, name="jinja2") from error
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({"documento": documento, "momento": momento, "nome": nome})
    return lambda name, values: environment.get_template(name).render(values)
