"""The sandbox's synthetic office: the same each time, and with the portal's traps."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cpf as stdnum_cpf

from econtador.sandbox import Sandbox
from econtador.sandbox.documents import cnpj_of, cpf_of, is_cnpj, is_cpf
from econtador.sandbox.rows import RecursoRow

KINDS = (
    *("funcionarios", "departamentos", "funcoes", "historico-funcoes", "eventos"),
    *("integracao/documentos", "integracao/arquivos", "integracao/categoria-documento"),
    *("integracao/certidoes", "integracao/tipoCertidao", "integracao/historico-tarefas"),
)


def office(sandbox: Sandbox) -> list[object]:
    return [sandbox.empresas, sandbox.usuarios, *map(sandbox.recursos, KINDS)]


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    made = Sandbox()
    made.seed()
    return made


def test_the_same_numbers_make_the_same_office(sandbox: Sandbox, tmp_path: Path) -> None:
    with Sandbox(tmp_path / "portal.db") as other:
        other.seed()
        assert office(other) == office(sandbox)
    with Sandbox(tmp_path / "portal.db") as again:
        assert office(again) == office(sandbox)
    assert (len(sandbox.empresas), len(sandbox.recursos("funcionarios"))) == (3, 12)
    assert all(sandbox.recursos(kind) for kind in KINDS)


@given(empresas=st.integers(1, 6), funcionarios=st.integers(0, 40))
def test_an_office_is_as_large_as_asked_and_every_document_is_right(empresas: int, funcionarios: int) -> None:
    with Sandbox() as sandbox:
        sandbox.seed(empresas=empresas, funcionarios=funcionarios)
        assert len(sandbox.empresas) == empresas
        assert all(is_cnpj(row.documento) for row in sandbox.empresas)
        assert all(is_cpf(row.login) for row in sandbox.usuarios)
        assert [row.documento.isdigit() for row in sandbox.empresas] == [True] * (empresas - 1) + [False]
        rows = sandbox.recursos("funcionarios")
        assert len(rows) == funcionarios
        for row in rows:
            cpf = str(row.attributes["cpfAlfanumerico"])
            assert stdnum_cpf.is_valid(cpf)
            assert row.attributes["cpf"] == int(cpf)


def test_one_person_was_hired_again(sandbox: Sandbox) -> None:
    rows = sandbox.recursos("funcionarios")
    (twice,) = [
        cpf for cpf, many in Counter(row.attributes["cpfAlfanumerico"] for row in rows).items() if many > 1
    ]
    before, after = [row for row in rows if row.attributes["cpfAlfanumerico"] == twice]
    assert (before.attributes["status"], after.attributes["status"]) == ("Demitido", "Ativo")
    assert before.attributes["codigo"] == after.attributes["codigo"]
    assert str(before.attributes["demissao"]) < str(after.attributes["admissao"])


def test_the_office_has_the_traps_of_the_portal(sandbox: Sandbox) -> None:
    rows = sandbox.recursos("funcionarios")
    assert {row.attributes["status"] for row in rows} == {"Ativo", "Afastado", "Demitido"}
    lengths = {len(str(row.attributes["cpf"])) for row in rows}
    assert min(lengths) < 11 == max(lengths)
    assert any(row.documento.startswith("0") for row in sandbox.empresas)
    hours = {str(row.attributes["admissao"])[10:] for row in rows}
    assert hours == {"T03:00:00Z", "T02:00:00Z"}
    assert all(re.fullmatch(r"[0-9]{4} - .+", str(row.attributes["nomefuncao"])) for row in rows)
    jobs = Counter((row.attributes["nome"], row.attributes["cbo"]) for row in sandbox.recursos("funcoes"))
    assert max(jobs.values()) == 2


def test_what_an_employee_is_related_to_is_there(sandbox: Sandbox) -> None:
    kept = {("empresas", row.id) for row in sandbox.empresas}
    for row in sandbox.recursos("funcionarios"):
        for linkage in filter(None, row.relationships.values()):
            found = {(other.type, other.id) for other in sandbox.recursos(linkage[0])} | kept
            assert linkage in found


def test_nobody_is_dismissed_before_being_hired(sandbox: Sandbox) -> None:
    with Sandbox() as large:
        large.seed(empresas=2, funcionarios=300)
        rows: list[RecursoRow] = [*sandbox.recursos("funcionarios"), *large.recursos("funcionarios")]
    for row in rows:
        assert str(row.attributes["nascimento"]) < str(row.attributes["admissao"])
        for name in ("demissao", "afastamento"):
            assert str(row.attributes[name] or "9") > str(row.attributes["admissao"])
        assert (row.attributes["demissao"] is not None) == (row.attributes["status"] == "Demitido")


def test_a_second_office_goes_on_counting() -> None:
    with Sandbox() as sandbox:
        sandbox.seed(empresas=2, funcionarios=4)
        sandbox.seed(empresas=2, funcionarios=4)
        assert [row.nome for row in sandbox.empresas] == [f"EMPRESA MODELO 0{n} LTDA" for n in (1, 2, 3, 4)]
        assert len({row.documento for row in sandbox.empresas}) == 4
        assert len({row.login for row in sandbox.usuarios}) == 4
        assert len({row.attributes["cpf"] for row in sandbox.recursos("funcionarios")}) == 6
        assert [row.id for row in sandbox.recursos("funcionarios")] == [str(n) for n in range(1, 9)]


@pytest.mark.parametrize(("empresas", "funcionarios"), [(0, 1), (0, 0), (-1, 1), (1, -1)])
def test_an_office_without_companies_is_none(empresas: int, funcionarios: int) -> None:
    with Sandbox() as sandbox, pytest.raises(ValueError, match="at least one of empresas"):
        sandbox.seed(empresas=empresas, funcionarios=funcionarios)
    with Sandbox() as sandbox:
        assert sandbox.empresas == ()


@given(begin=st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12))
def test_a_completed_cnpj_is_one(begin: str) -> None:
    whole = cnpj_of(begin)
    assert whole.startswith(begin)
    assert is_cnpj(whole) == (len(set(whole)) > 1)


@given(begin=st.text("0123456789", min_size=9, max_size=9))
def test_a_completed_cpf_is_one(begin: str) -> None:
    whole = cpf_of(begin)
    assert whole.startswith(begin)
    assert is_cpf(whole) == (len(set(whole)) > 1)
