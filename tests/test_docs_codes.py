"""The documentation's pages of codes: every code has its place there, with the sentence that the code really says."""

import ast
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import frozen

import econtador as ec
from econtador import errors
from econtador.cli.mistakes import SENTENCES
from econtador.gap.models import TAMANHOS_EMPRESA
from econtador.integration.applying import told
from econtador.integration.inscricao import check_inscricao
from econtador.integration.office_texts import Stale
from econtador.integration.overrides import Override
from econtador.integration.plan import Alarm

ROOT = Path(__file__).parents[1]
DOCS, GAP = ROOT / "docs", ROOT / "src/econtador/gap"


@frozen
class Entry:
    """What a page tells of one code."""

    code: str
    quoted: str
    """The sentence for a person."""
    logged: str
    """The sentence of results and logs, where the page has one; empty otherwise."""
    text: str


def entries(page: str) -> dict[str, Entry]:
    """The entries of *page*, by code; a code that has two places is an error."""
    heads = [*re.finditer(r"^#+ (?:`(.+)`|.+)$", page, re.MULTILINE), None]
    found: dict[str, Entry] = {}
    for head, following in pairwise(heads):
        assert head is not None
        code = head[1]
        if code is None:
            continue
        assert code not in found, f"{code} has two places"
        text = page[head.end() : following.start() if following else len(page)]
        quoted = " ".join(re.findall(r"^> (.*)$", text, re.MULTILINE))
        logged = re.search(r"^In the log: \*(.+?)\*$", text, re.MULTILINE | re.DOTALL)
        found[code] = Entry(code, quoted, " ".join(logged[1].split()) if logged else "", text)
    return found


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


# --------------------------------------------------------------------------- what the code says


def error_classes(root: type[errors.EcontadorError]) -> Iterator[type[errors.EcontadorError]]:
    if root.__module__ == errors.__name__:  # programs have their own below it
        yield root
    for child in root.__subclasses__():
        yield from error_classes(child)


PUBLIC: list[object] = [getattr(errors, name) for name in errors.__all__]  # so that all rooms are made
ERRORS = {kind.code: kind for kind in error_classes(errors.EcontadorError)}


def sample(kind: type[errors.PortalError]) -> errors.PortalError:
    """One as a run meets it."""
    if issubclass(kind, errors.StatusError):
        faults = (errors.PortalFault(detail="tamanho deve estar entre 0 e 14", field="documento"),)
        status = {errors.Rejected: 422, errors.NotFound: 404, errors.TooManyRequests: 429}.get(kind, 500)
        return kind(status=status, faults=faults)
    return kind()


def of_row(**cells: str) -> Callable[[], Mapping[str, str]]:
    """What a reading says of a row of a company with those cells."""
    whole = {"codigo": "00001", "razao_social": "EMPRESA MODELO 01 LTDA", "documento": "11.222.333/0001-81"}
    return lambda: {p.code: p.message for p in ec.read_empresas([whole | cells], proemp="PROEMP00").problems}


def of_user(**cells: str) -> Callable[[], Mapping[str, str]]:
    whole = {"codigo": "U1", "nome": "PESSOA MODELO 01", "cpf": "529.982.247-25", "admin": "N"}
    return lambda: {p.code: p.message for p in ec.read_usuarios([whole | cells]).problems}


def of_file(text: str) -> Callable[[], Mapping[str, str]]:
    def read() -> Mapping[str, str]:
        Path("empresas.csv").write_text(text, encoding="utf-8")
        return {p.code: p.message for p in ec.read_empresas("empresas.csv", proemp="PROEMP00").problems}

    return read


def not_a_text() -> Mapping[str, str]:
    with pytest.raises(errors.InvalidRecord) as raised:
        ec.EmpresaGap("00001", "PROEMP00", "EMPRESA MODELO 01 LTDA", "11.222.333/0001-81", bairro=7)  # type: ignore[arg-type]
    return {fault.code: fault.message for fault in raised.value.faults}


PROBLEMS: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "admin-invalido": of_user(admin="talvez"),
    "campo-cientifico": of_row(inscricao_estadual="1,1E+11"),
    "campo-ilegivel": of_row(bairro="CEN\0TRO"),
    "campo-longo": of_row(razao_social="A" * 61),
    "campo-tipo": not_a_text,
    "campo-vazio": of_row(razao_social=""),
    "celula-com-erro": of_row(bairro="#REF!"),
    "celulas-a-mais": of_file(
        "codigo;razao_social;documento\n00001;EMPRESA MODELO 01;11.222.333/0001-81;X\n"
    ),
    "cnpj-digito": of_row(documento="11.222.333/0001-82"),
    "codigo-formato": of_row(codigo="A1"),
    "cpf-digito": of_row(documento="529.982.247-26"),
    "cpf-invalido": of_user(cpf="529.982.247-26"),
    "data-invalida": of_row(data_desligamento="31/02/2026"),
    "documento-ambiguo": of_row(documento="123456878"),
    "documento-cientifico": of_row(documento="1,12223E+13"),
    "documento-invalido": of_row(documento="ISENTO"),
    "documento-vazio": of_row(documento=""),
    "proemp-nome": of_row(proemp="PASTA 1"),
    "uf-desconhecida": of_row(uf="XX"),
}
"""One bad record for each code that a reading can say."""

DOUBTS: Mapping[str, tuple[str, str]] = {
    "ie-caracteres": ("110.042.490.11A", "SP"),
    "ie-digito": ("110.042.490.115", "SP"),
    "ie-tamanho": ("11004249011", "SP"),
    "ie-uf": ("110.042.490.114", "XX"),
    "ie-zeros": ("100482300112", "AC"),
}


def sentences_of_reasons() -> dict[str, str]:
    """Every code of the page of reasons, and what the code says for it."""
    row = Override("bairro", "JD AURORA", "00001", de="JARDIM AURORA")
    grounds = {"codigo": Stale(row, "codigo"), "texto": Stale(row, "texto")}
    doubts = {code: check_inscricao(text, uf) for code, (text, uf) in DOUBTS.items()}
    assert {code: doubt.code if doubt else None for code, doubt in doubts.items()} == {c: c for c in DOUBTS}
    return {
        **{reason.value: reason.sentence for reason in ec.Reason},
        **{outcome.value: outcome.label for outcome in ec.Outcome},
        **{code: doubt.message for code, doubt in doubts.items() if doubt},
        **{code: str(stale).rpartition(": ")[2] for code, stale in grounds.items()},
        **{guard: str(Alarm(guard=guard, count=5, total=20)) for guard in ("leaving", "renamed", "losing")},
    }


# --------------------------------------------------------------------------- the pages


def test_every_reason_outcome_doubt_and_guard_has_its_place_with_its_sentence() -> None:
    told_there = {code: entry.quoted for code, entry in entries(page("reasons")).items()}
    assert told_there == sentences_of_reasons()


def test_the_guards_of_the_page_are_those_of_the_policy() -> None:
    guards = {name for name in ec.Guards.__annotations__ if name != "window_days"}
    assert guards <= set(entries(page("reasons")))


@pytest.mark.parametrize("code", PROBLEMS)
def test_what_a_reading_says_of_a_bad_row_is_on_the_page_of_errors(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert PROBLEMS[code]() == {code: entries(page("errors"))[code].quoted}


def codes_in(source: str) -> Iterator[str]:
    """The codes of faults that are written in a module: texts in lower case with a hyphen, and with words beside them."""
    for node in ast.walk(ast.parse(source)):
        given = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
        for code, words in pairwise(given):
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                says = isinstance(words, ast.JoinedStr | ast.Name) or (
                    isinstance(words, ast.Constant) and " " in str(words.value)
                )
                if says and re.fullmatch(r"[a-z]+(-[a-z]+)+", code.value):
                    yield code.value


def test_no_code_of_a_reading_lacks_its_bad_row() -> None:
    written = {code for file in GAP.glob("*.py") for code in codes_in(file.read_text(encoding="utf-8"))}
    assert written == set(PROBLEMS)


def test_every_error_has_its_place_with_the_sentence_of_the_command_line() -> None:
    there = entries(page("errors"))
    assert set(there) == set(ERRORS) | set(PROBLEMS)
    assert {code: there[code].quoted for code in ERRORS} == dict(SENTENCES)


def test_the_page_of_errors_says_what_the_log_says_of_what_the_portal_did() -> None:
    of_portal = {code: kind for code, kind in ERRORS.items() if issubclass(kind, errors.PortalError)}
    of_runs = {code: told(sample(kind)) for code, kind in of_portal.items() if code not in NEVER_LOGGED}
    assert {code: e.logged for code, e in entries(page("errors")).items() if e.logged} == of_runs


NEVER_LOGGED = {"portal", "status", "incomplete-listing", "ambiguous-document"}
"""Codes of classes that only gather others, and of what only reading raises."""


def test_an_error_is_named_beside_its_code() -> None:
    there = entries(page("errors"))
    for code, kind in ERRORS.items():
        assert f"{{py:class}}`~econtador.errors.{kind.__name__}`" in there[code].text


@pytest.mark.parametrize("name", ["errors", "reasons"])
def test_every_code_has_a_cause_and_a_cure(name: str) -> None:
    for code, entry in entries(page(name)).items():
        assert re.search(r"\*\*Cause\.\*\* \S.*\*\*Cure\.\*\* \S", entry.text, re.DOTALL), code


def slug(heading: str) -> str:
    """The anchor that a heading gets, its accents left out."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@pytest.mark.parametrize("name", ["errors", "reasons"])
def test_no_other_heading_takes_the_anchor_of_a_code(name: str) -> None:
    headings = [slug(head) for head in re.findall(r"^#+ (.+)$", page(name), re.MULTILINE)]
    assert len(headings) == len(set(headings))


# --------------------------------------------------------------------------- the page of facts


def test_the_sizes_on_the_page_of_facts_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| (\w+) \| (\d+) \| (\d+|open|not sent) \|$", page("facts"), re.MULTILINE)
    limits = {limit.field: limit.limit for limit in ec.LIMITS}
    assert {field: int(size) for field, size, _ in rows} == dict(TAMANHOS_EMPRESA)
    assert {field: int(size) for field, _, size in rows if size.isdecimal()} == limits


def test_the_tabs_on_the_page_of_facts_are_those_of_the_code() -> None:
    listed = re.search(r"the tabs, in order: ([^|]+) \|", page("facts"))
    assert listed is not None
    assert [slug(tab) for tab in listed[1].split(", ")] == [tab.value for tab in ec.Aba]


def test_every_link_to_a_code_finds_its_place() -> None:
    places = {name: set(entries(page(name))) for name in ("errors", "reasons")}
    for file in DOCS.glob("*.md"):
        for name, code in re.findall(
            r"\]\(((?:errors|reasons)\.md|)#([\w-]+)\)", file.read_text(encoding="utf-8")
        ):
            there = name.removesuffix(".md") or file.stem
            if there in places:
                headings = re.findall(r"^#+ (.+)$", page(there), re.MULTILINE)
                assert code in places[there] or code in {slug(head) for head in headings}, (file, code)
