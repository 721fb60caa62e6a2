"""What one meets before reading anything: the import, tab completion, ``help()``, and what type checkers say."""

import ast
import importlib
import inspect
import json
import pkgutil
import pydoc
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import econtador
from econtador import errors, portal, sandbox

ROOT = Path(__file__).parents[1]
FACES = [econtador, errors, portal, sandbox]
HEAVY = {"anyio", "asyncio", "attr", "attrs", "cattrs", "httpx", "httpx2", "sqlalchemy", "sqlite3", "ssl"}
EXTRAS = {
    "calamine",
    "cyclopts",
    "httpx2",
    "jinja2",
    "narwhals",
    "pandas",
    "polars",
    "psycopg",
    "rich",
    "sqlalchemy",
}


def told_by(code: str) -> object:
    """What *code* prints as JSON, in an interpreter of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)


def test_importing_the_library_loads_nothing_heavy() -> None:
    code = "import econtador, json, sys; print(json.dumps(sorted({n.split('.')[0] for n in sys.modules})))"
    loaded = told_by(code)
    assert isinstance(loaded, list)
    assert not HEAVY & set(loaded)


def test_records_and_fitting_need_neither_the_portal_nor_a_journal() -> None:
    code = (
        "import econtador as ec, json, sys; ec.FieldAdapter().fit_text('bairro', 'CENTRO'); ec.EmpresaGap;"
        "print(json.dumps(sorted({n.split('.')[0] for n in sys.modules})))"
    )
    loaded = told_by(code)
    assert isinstance(loaded, list)
    assert not {"cattrs", "httpx", "httpx2", "sqlalchemy", "sqlite3", "ssl"} & set(loaded)


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_completion_offers_public_names_and_nothing_else(face: ModuleType) -> None:
    assert sorted(dir(face)) == sorted(face.__all__)


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_every_name_that_completes_is_there(face: ModuleType) -> None:
    assert {name for name, _ in inspect.getmembers(face)} == set(face.__all__)


@pytest.mark.parametrize("face", [econtador, portal, sandbox], ids=lambda face: face.__name__)
def test_help_begins_with_a_table_of_contents(face: ModuleType) -> None:
    text = pydoc.plain(pydoc.render_doc(face))
    contents = text[: text.index("PACKAGE CONTENTS")]
    assert set(face.__all__) <= set(re.findall(r"\w+", contents))
    assert ":mod:" not in contents
    assert ":class:" not in contents


@pytest.mark.parametrize("face", ["econtador", "econtador.portal"])
def test_help_and_completion_need_no_extra(face: str) -> None:
    code = (
        f"import importlib, json, pydoc, sys; sys.modules.update(dict.fromkeys({sorted(EXTRAS)}));"
        f"face = importlib.import_module({face!r}); text = pydoc.render_doc(face);"
        "print(json.dumps([name in text and hasattr(face, name) for name in dir(face)]))"
    )
    there = told_by(code)
    assert isinstance(there, list)
    assert there
    assert all(there)


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_every_public_name_is_told_once_in_the_reference(face: ModuleType) -> None:
    pages = sorted((ROOT / "docs/reference").glob("*.md"))
    directives = re.findall(
        r"^\.\. auto(?:class|function|data):: (.+)$",
        "\n".join(p.read_text("utf-8") for p in pages),
        re.MULTILINE,
    )
    assert len(directives) == len(set(directives))
    if face is errors:
        assert "automodule:: econtador.errors\n" in (ROOT / "docs/reference/errors.md").read_text("utf-8")
        return
    elsewhere = {
        "econtador.EcontadorError",
        "econtador.errors",
        "econtador.portal.UNSET",
    }  # each told by its one home
    wanted = {f"{face.__name__}.{name}" for name in face.__all__} - elsewhere
    assert wanted == {name for name in directives if name.rpartition(".")[0] == face.__name__}


def test_type_checkers_see_the_public_face_as_it_is_meant(tmp_path: Path) -> None:
    """By mypy, with its cache where others' runs have left it; pyright is a check of its own."""
    pytest.importorskip("mypy", reason="mypy comes with the extra 'check'")
    command = [sys.executable, "-m", "mypy", "--strict", "tests/typing"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout


# --------------------------------------------------------------------------- what docstrings point at


def modules() -> list[str]:
    """Every module whose import needs no extra beyond those of the tests."""
    found = pkgutil.walk_packages(econtador.__path__, "econtador.")
    return [module.name for module in found if not module.name.endswith("__main__")]


def roles(module: str) -> Iterator[tuple[str, str]]:
    """Of each role in the docstrings of *module*: the class in which it stands (or nothing), and its target."""
    source = Path(importlib.import_module(module).__file__ or "").read_text("utf-8")
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    for role in re.finditer(r":(?:py:)?(?:mod|class|func|meth|attr|data|exc|obj):`~?([^`]+)`", source):
        line = source.count("\n", 0, role.start()) + 1
        around = [node.name for node in classes if node.lineno <= line <= (node.end_lineno or 0)]
        yield around[0] if around else "", role[1].rpartition("<")[2].rstrip(">")


def leads_somewhere(module: str, owner: str, target: str) -> bool:
    """Whether *target* is a name of its class, its module or package, the public face, or of a module by its full name."""
    package = importlib.import_module(module).__package__ or ""
    begins = [f"{module}:{owner}.{target}"] if owner else []
    begins += [f"{place}:{target.lstrip('.')}" for place in (module, "econtador", package)]
    begins.append(f"{package}{target}" if target.startswith(".") else target)
    for name in begins:
        try:
            pkgutil.resolve_name(name)
        except (ImportError, AttributeError, ValueError):
            continue
        return True
    return False


def test_every_role_in_a_docstring_leads_somewhere() -> None:
    lost = [
        f"{module}: {target}"
        for module in modules()
        for owner, target in roles(module)
        if not leads_somewhere(module, owner, target)
    ]
    assert lost == []
