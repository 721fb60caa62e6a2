"""A look at an unknown file: what it proposes can be given to the reader, and what is wrong is said."""

from pathlib import Path

import pytest

import econtador as ec
from econtador.errors import EmptyFile, MalformedFile, MissingFile, WrongEncoding

EXAMPLES = Path(__file__).parents[1] / "examples" / "data"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "dados.csv"


def write(file: Path, *lines: str, encoding: str = "cp1252") -> Path:
    file.write_text("\r\n".join(lines), encoding)
    return file


def test_the_example_is_known_by_its_words() -> None:
    seen = ec.profile(EXAMPLES / "empresas.csv")
    assert (seen.kind, seen.encoding, seen.delimiter, seen.header_line) == ("empresas", "cp1252", ";", 3)
    assert (seen.rows, seen.records) == (49, 48)
    reading = ec.read_empresas(EXAMPLES / "empresas.csv", proemp="PROEMP00", columns=seen.columns)
    assert reading == ec.read_empresas(EXAMPLES / "empresas.csv", proemp="PROEMP00")
    assert ec.profile(EXAMPLES / "usuarios.csv").kind == "usuarios"


def test_columns_without_known_words_are_proposed_by_likeness_and_content(file: Path) -> None:
    write(
        file,
        "Relação de clientes",
        "Chave;Razao Socal;Insc;Estado?;Obs",
        "00007;PADARIA MODELO LTDA;11222333000181;SP;x",
        "00008;BAR MODELO LTDA;1222333000128;RJ;",
        "00009;LOJA MODELO LTDA;12ABC34501DE35;RJ;y",
    )
    seen = ec.profile(file)
    assert dict(seen.columns) == {
        "codigo": "Chave",
        "razao_social": "Razao Socal",
        "documento": "Insc",
        "uf": "Estado?",
    }
    assert [column.header for column in seen.proposed if not column.field] == ["Obs"]
    assert len(ec.read_empresas(file, proemp="PROEMP00", columns=seen.columns).records) == seen.records == 3
    assert "confira" in str(seen) and "Razao Socal" in str(seen)


def test_users_by_content(file: Path) -> None:
    write(
        file,
        "Login;Contato;Documento pessoal",
        "ANA;ana@exemplo.com.br;529.982.247-25",
        "BIA;bia@exemplo.com.br;11144477735",
    )
    seen = ec.profile(file, kind="usuarios")
    assert dict(seen.columns) == {"codigo": "Login", "email": "Contato", "cpf": "Documento pessoal"}
    assert str(seen.troubles[0]) == "nenhuma coluna parece ser nome"
    assert seen.records == 0


def test_proemps_are_counted_and_several_are_told(file: Path) -> None:
    row = "{};{};BAR;11222333000181"
    write(file, "PROEMP;Código;Nome;CNPJ", row.format("PROEMP01", "00001"), row.format("proemp00", "00002"))
    seen = ec.profile(file)
    assert dict(seen.proemps) == {"PROEMP00": 1, "PROEMP01": 1}
    assert "2 PROEMPs" in str(seen)
    write(file, "PROEMP;Código;Nome;CNPJ", row.format("PROEMP01", "00001"))
    one = ec.profile(file)
    assert dict(one.proemps) == {"PROEMP01": 1} and one.troubles == ()
    assert str(one).endswith("Nada de errado.") and "PROEMP: PROEMP01 (1)" in str(one)


def test_problems_are_counted_with_their_first_lines(file: Path) -> None:
    write(file, "Código;Nome;CNPJ", *["1;BAR;x"] * 7, "2;;11222333000181")
    said = [str(trouble) for trouble in ec.profile(file).troubles]
    assert said[0].startswith("nenhuma coluna de PROEMP")
    assert said[1].startswith("7 × documento:") and said[1].endswith("(linha 2, 3, 4, 5, 6, ...)")
    assert said[2].startswith("1 × razao_social:") and said[2].endswith("(linha 9)")


def test_data_without_a_header_is_told_and_nothing_personal_is_shown(file: Path) -> None:
    write(file, "00007;PADARIA;529.982.247-25;a@exemplo.com.br", "00008;BAR;11222333000181;b@exemplo.com.br")
    seen = ec.profile(file)
    assert (seen.header_line, seen.records, dict(seen.columns)) == (0, 0, {})
    assert "não há cabeçalho" in str(seen)
    assert "529" not in str(seen) and "exemplo.com" not in str(seen)


def test_a_date_is_never_guessed_to_be_a_desligamento(file: Path) -> None:
    write(file, "Código;Nome;CNPJ;Data;Desligament", "1;BAR;11222333000181;31/01/2024;31/01/2024")
    assert "data_desligamento" not in ec.profile(file).columns


def test_a_workbook_with_several_sheets_says_which(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Capa"
    for title in ("2023", "2024"):
        page = book.create_sheet(title)
        page.append(["Código", "Nome", "CNPJ", "PROEMP"])
        page.append([1, "BAR", 11222333000181, "PROEMP00"])
    path = tmp_path / "dados.xlsx"
    book.save(path)
    seen = ec.profile(path)
    assert seen.sheet == "2023" and "2023, 2024" in str(seen.troubles[0])
    assert ec.profile(path, sheet="2024").sheet == "2024"


def test_what_cannot_be_looked_at_is_a_read_error(file: Path) -> None:
    with pytest.raises(MissingFile):
        ec.profile(file)
    for content in ("", " \r\n ", "Código;Nome;CNPJ"):
        with pytest.raises(EmptyFile):
            ec.profile(write(file, content))
    with pytest.raises(MalformedFile):
        ec.profile(write(file, '"a"b'))
    with pytest.raises(WrongEncoding):
        ec.profile(write(file, "é"), encoding="utf-8")
