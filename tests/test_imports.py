"""What an import brings along, and what waits until it is needed: each in a process of its own."""

import subprocess
import sys

import pytest


def brought(statement: str) -> set[str]:
    """The modules that *statement* imports."""
    code = f"import sys; before = set(sys.modules); {statement}; print(*set(sys.modules) - before)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_econtador_alone_brings_only_itself() -> None:
    assert brought("import econtador") == {"econtador"}


def test_models_and_adapter_bring_neither_what_reads_files_nor_the_words_nor_the_portal() -> None:
    found = brought("from econtador import EmpresaGap, FieldAdapter; FieldAdapter()")
    assert {"econtador.gap.models", "econtador.integration.fields"} <= found
    assert not found & {
        "csv", "pathlib", "tempfile", "typing_extensions",
        "econtador.errors.portal", "econtador.gap.tables", "econtador.integration.abbreviations",
        "econtador.integration.score", "econtador.portal", "econtador.showing.page",
    }  # fmt: skip


def test_the_words_come_with_the_first_text_that_is_abbreviated() -> None:
    adapter = "from econtador import FieldAdapter; FieldAdapter(abbreviate=True).fit_text('bairro', {!r})"
    assert "econtador.integration.abbreviations" not in brought(adapter.format("Centro"))
    assert "econtador.integration.abbreviations" in brought(adapter.format("Jardim Nossa Senhora Aparecida"))


def test_a_client_brings_httpx_and_neither_models_nor_what_decodes_nor_what_connects() -> None:
    found = brought("import econtador; econtador.Client('token')")
    assert "httpx" in found
    assert not found & {
        "cattrs", "httpcore", "econtador.portal.models", "econtador.portal._wire.resource", "econtador.portal._flow",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("resource", "room"),
    [
        ("empresas", "empresas"),
        ("funcionarios", "pessoal"),
        ("documentos", "documentos"),
        ("movimentos", "envios"),
    ],
)
def test_a_resource_comes_with_its_first_use(resource: str, room: str) -> None:
    found = brought(f"import econtador; econtador.Client('token').{resource}")
    rooms = {"documentos", "empresas", "envios", "pessoal"}
    assert {name for name in rooms if f"econtador.portal._wire.{name}" in found} <= {room, "empresas"}
    assert f"econtador.portal._wire.{room}" in found


def test_an_async_client_has_all_from_the_start_so_that_no_event_loop_waits_for_it() -> None:
    found = brought("import econtador; econtador.AsyncClient('token')")
    assert {"httpcore", "econtador.portal._flow", "econtador.portal._wire.pessoal"} <= found
    assert "econtador.portal.access" in found
