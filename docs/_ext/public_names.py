"""Each name under which users import it: references to where it is written lead to where it is told."""

import builtins
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from docutils.nodes import Element, document, inline, reference
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import PycodeError
from sphinx.pycode import ModuleAnalyzer
from sphinx.util.nodes import make_refnode

FACES = ("econtador.errors", "econtador.sandbox", "econtador", "econtador.portal")
"""The modules that users import from; a name in two of them is told in the first."""


def public_names() -> dict[str, object]:
    """Every public name, and what it stands for, once."""
    names: dict[str, object] = {}
    for face in FACES:
        module = import_module(face)
        for name in module.__all__:
            value = getattr(module, name)
            if not any(value is known for known in names.values()):
                names[f"{face}.{name}"] = value
    return names


@cache
def _names_of() -> dict[int, str]:
    return {id(value): name for name, value in public_names().items()}


@cache
def public_name(written: str) -> str | None:
    """The public name of what is *written* by a module's own name; None where there is no such thing."""
    parts = written.split(".")
    for length in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:length])
        try:
            value = pkgutil.resolve_name(f"{module}:{parts[length]}")
        except (ImportError, AttributeError, ValueError):
            continue
        home = f"{getattr(value, '__module__', module)}.{parts[length]}"
        return ".".join((_names_of().get(id(value), home), *parts[length + 1 :]))
    return None


def _meanings(node: pending_xref) -> Iterator[str]:
    """What a reference may mean: from the class in whose docstring it stands, from that one's module, or as it is."""
    target, module, owner = node["reftarget"].lstrip("."), node.get("py:module"), node.get("py:class")
    if module and owner:
        yield f"{module}.{owner}.{target}"
        home = pkgutil.resolve_name(f"{module}:{owner}").__module__
        yield f"{home}.{target}"
    if module:
        yield f"{module}.{target}"
    yield target


def resolve(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: Element) -> reference | None:
    """A reference that Sphinx cannot follow, by the public name of what it means."""
    if node.get("refdomain") != "py":
        return None
    told = env.domains.python_domain.objects
    for meaning in _meanings(node):
        name = public_name(meaning)
        if name in told:
            entry = told[name]
            return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, content, name)
    return None


def leave_builtins(app: Sphinx, read: document) -> None:
    """``list`` in a signature is Python's, and none of the methods that are called so."""
    for node in list(read.findall(pending_xref)):
        if node.get("refdomain") == "py" and node["reftarget"] in vars(builtins):
            node.replace_self(inline("", node["reftarget"], classes=["n"]))


GIVEN = frozenset(
    {
        "econtador.Stream",
        "econtador.portal.collection.AsyncCollection",
        "econtador.portal.collection.Collection",
        "econtador.sandbox.Server",
        "econtador.sandbox.transport.AsyncSandboxTransport",
        "econtador.sandbox.transport.SandboxTransport",
        "econtador.sandbox.unreachable.AsyncFaultyTransport",
        "econtador.sandbox.unreachable.FaultyTransport",
    }
)
"""What the library makes and nobody else: how it is made is no business of the reference."""


def readable_signature(
    app: Sphinx, what: str, name: str, value: object, options: object, taken: str | None, result: str | None
) -> tuple[str | None, str | None]:
    """Nothing for what is only given; defaults that have no spelling in Python as an ellipsis."""
    if name in GIVEN:
        return "", None
    return re.sub(r"=\s?(?:<[^<>]*>|frozenset\(\{[^{}]*\}\))", "=...", taken) if taken else taken, result


def words_of_a_value(
    app: Sphinx, what: str, name: str, value: object, options: object, lines: list[str]
) -> None:
    """The docstring of a constant stands in the module that writes it; autodoc looks where it is imported."""
    if what == "data":
        lines[:] = next(_written(name), "").splitlines() or lines


def names_of_a_face(
    app: Sphinx, what: str, name: str, value: object, options: object, lines: list[str]
) -> None:
    """What the docstring of a module that users import from names is a link here."""
    if name in FACES:
        lines[:] = [re.sub(r"``([\w.]+)``", lambda named: _link(name, named[1]), line) for line in lines]


def _link(face: str, named: str) -> str:
    if named in FACES:
        return f":py:mod:`{named}`"
    public = named in import_module(face).__all__
    return f":py:obj:`{named} <{face}.{named}>`" if public else f"``{named}``"


def _written(name: str) -> Iterator[str]:
    face, _, last = name.rpartition(".")
    value = getattr(import_module(face), last)
    for module in pkgutil.walk_packages(import_module("econtador").__path__, "econtador."):
        if module.name.rpartition(".")[2] == "__main__":
            continue
        try:
            found = ModuleAnalyzer.for_module(module.name).find_attr_docs().get(("", last))
        except PycodeError:
            continue
        if found and getattr(import_module(module.name), last, None) is value:
            yield "\n".join(found)


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("missing-reference", resolve)
    app.connect("doctree-read", leave_builtins)
    app.connect("autodoc-process-docstring", words_of_a_value)
    app.connect("autodoc-process-docstring", names_of_a_face)
    app.connect("autodoc-process-signature", readable_signature)
    return {"parallel_read_safe": True}
