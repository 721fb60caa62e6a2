"""Workbooks of every kind, as programs and people write them: read as the same table in CSV would be."""

import datetime
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

import econtador as ec
from econtador.errors import EmptyFile, HeaderNotFound, MalformedFile, ReadError, UnknownColumn

Grid = Sequence[Sequence[object]]
Sheets = Mapping[str, Grid]
HEAD = ["Código", "Razão Social", "CNPJ", "Bairro", "Desligamento"]
DAY = datetime.date(2024, 1, 31)
ROWS = [
    [1, "PADARIA DO ZÉ", 11222333000181, None, None],
    ["00002", "BAR", "191", "CENTRO", DAY],
    [3.0, "LOJA", 1222333000128.0, "SUL", "31/01/2024"],
]


def xlsx(path: Path, sheets: Sheets) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, grid in sheets.items():
        page = book.create_sheet(title)
        for row in grid:
            page.append(list(row))
    book.save(path)


def xls(path: Path, sheets: Sheets) -> None:
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for title, grid in sheets.items():
        page = book.add_sheet(title)
        for r, row in enumerate(grid):
            for c, value in enumerate(row):
                if value is not None:
                    page.write(r, c, value, *([day] if isinstance(value, datetime.date) else []))
    book.save(str(path))


def ods_cell(value: object) -> Any:
    match value:
        case None:
            return TableCell()
        case datetime.date():
            cell = TableCell(valuetype="date", datevalue=value.isoformat())
        case int() | float():
            cell = TableCell(valuetype="float", value=value)
        case _:
            cell = TableCell(valuetype="string")
    cell.addElement(P(text=str(value)))
    return cell


def ods(path: Path, sheets: Sheets) -> None:
    book = OpenDocumentSpreadsheet()
    for title, grid in sheets.items():
        page = Table(name=title)
        for row in grid:
            line = TableRow()
            for value in row:
                line.addElement(ods_cell(value))
            page.addElement(line)
        book.spreadsheet.addElement(page)
    book.save(str(path))


Write = Callable[[Path, Sheets], None]
WRITERS: dict[str, Write] = {"xlsx": xlsx, "xls": xls, "ods": ods}


@pytest.fixture(params=sorted(WRITERS))
def write(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Sheets], Path]:
    """Write sheets as each kind of workbook."""

    def written(sheets: Sheets) -> Path:
        path = tmp_path / f"dados.{request.param}"
        WRITERS[request.param](path, sheets)
        return path

    return written


Written = Callable[[Sheets], Path]


def read(path: Path, **options: Any) -> ec.Reading[ec.EmpresaGap]:
    return ec.read_empresas(path, **{"proemp": "PROEMP00", **options})


# --------------------------------------------------------------------------- cells


def test_numbers_dates_and_texts_are_what_they_would_be_in_csv(write: Written) -> None:
    path = write({"Empresas": [HEAD, *ROWS]})
    found = read(path)
    assert [(e.codigo, e.razao_social, e.bairro, e.data_desligamento) for e in found.records] == [
        ("00001", "PADARIA DO ZÉ", None, None),
        ("00002", "BAR", "CENTRO", DAY),
        ("00003", "LOJA", "SUL", DAY),
    ]
    assert found.records[0].documento == ec.Cnpj("11.222.333/0001-81")
    assert found.records[2].documento == ec.Cnpj("01.222.333/0001-28")
    assert [(p.line, p.code) for p in found.problems] == [(3, "documento-ambiguo")]
    assert [(r.line, r.field, r.before) for r in found.repairs] == [
        (2, "codigo", "1"),
        (4, "codigo", "3"),
        (4, "documento", "1222333000128"),
    ]
    assert (found.sheet, found.encoding, found.delimiter) == ("Empresas", "", "")
    assert "(planilha 'Empresas')" in str(found)


def test_a_workbook_is_known_by_its_content_and_not_by_its_name(write: Written, tmp_path: Path) -> None:
    path = write({"Empresas": [HEAD, *ROWS]})
    for name in ("dados.csv", "dados.txt", "dados"):
        assert read(path.rename(tmp_path / name)).records
        path = tmp_path / name
    plain = tmp_path / "exporta.xls"
    plain.write_text("Código;Nome;CNPJ\n1;BAR;11222333000181", "cp1252")
    assert read(plain).delimiter == ";"


def test_formulas_are_their_values_and_those_that_failed_are_problems_in_every_field(tmp_path: Path) -> None:
    path = tmp_path / "dados.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Capa & índice")
        page = book.add_worksheet('Dados "2024" <a> & b')
        page.write_row(0, 0, HEAD)
        for row in (1, 2, 3):
            page.write_formula(row, 0, "=1+1", None, row)
            page.write_formula(row, 1, '=UPPER("bar")', None, "BAR")
            page.write(row, 2, "11222333000181")
        page.write_formula(2, 2, "=NA()", None, "#N/A")
        page.write_formula(3, 3, "=1/0", None, "#DIV/0!")
    found = read(path)
    assert [(e.codigo, e.razao_social) for e in found.records] == [("00001", "BAR")]
    assert [(p.line, p.field, p.code) for p in found.problems if p.code == "celula-com-erro"] == [
        (3, "documento", "celula-com-erro"),
        (4, "bairro", "celula-com-erro"),
    ]


def test_what_a_spreadsheet_spoilt_is_told_in_csv_as_well(tmp_path: Path) -> None:
    path = tmp_path / "dados.csv"
    path.write_text(
        "Código;Nome;CNPJ;IE;Bairro\n1;BAR;11222333000181;1,12224E+14;\n2;BAR;11222333000181;;#REF!", "cp1252"
    )
    found = read(path)
    assert [(p.line, p.field, p.code) for p in found.problems] == [
        (2, "inscricao_estadual", "campo-cientifico"),
        (3, "bairro", "celula-com-erro"),
    ]
    assert found.records == ()


def test_a_web_page_that_is_called_a_spreadsheet_is_told(tmp_path: Path) -> None:
    path = tmp_path / "dados.xls"
    path.write_text("<html><table><tr><td>Código</td></tr></table></html>", "cp1252")
    with pytest.raises(MalformedFile, match="save it as .xlsx"):
        read(path)


def test_a_cell_far_outside_of_the_table_is_refused_and_not_spread_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(HEAD)
    book.worksheets[0]["XFD1048576"] = "x"
    book.save(tmp_path / "dados.xlsx")
    with pytest.raises(MalformedFile, match="far outside"):
        read(tmp_path / "dados.xlsx")


# --------------------------------------------------------------------------- titles, totals


@pytest.mark.parametrize("above", [0, 1, 14])
def test_the_header_stands_in_the_first_fifteen_rows(write: Written, above: int) -> None:
    titles: list[list[object]] = [["RELAÇÃO DE EMPRESAS"] if row % 2 else [] for row in range(above)]
    found = read(write({"Plan1": [*titles, HEAD, *ROWS]}))
    assert len(found.records) == 3
    assert found.problems[0].line == above + 3


def test_the_sixteenth_row_is_no_header(write: Written) -> None:
    with pytest.raises(HeaderNotFound) as caught:
        read(write({"Plan1": [["TÍTULO"]] * 15 + [HEAD, *ROWS]}))
    assert caught.value.rows == 15


def test_merged_titles_and_a_margin_are_no_hindrance(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in ([], [None, "ESCRITÓRIO MODELO"], [None, *HEAD], *([None, *row] for row in ROWS)):
        page.append(row)
    page.merge_cells("B2:F2")
    book.save(tmp_path / "dados.xlsx")
    found = read(tmp_path / "dados.xlsx")
    assert len(found.records) == 3
    assert found.problems[0].line == 5


@pytest.mark.parametrize(
    "total",
    [["TOTAL", None, 3], [None, "Total de empresas: 3"], ["Total geral", 3], [None, None, "TOTAL:", 3.0]],
)
def test_a_last_row_of_totals_is_left_out_with_a_note(write: Written, total: list[object]) -> None:
    found = read(write({"Plan1": [HEAD, *ROWS, [], total]}))
    assert len(found.records) == 3 and len(found.problems) == 1
    assert [note.line for note in found.notes] == [6]
    assert "linha 6" in str(found)


def test_what_only_looks_like_a_total_is_a_row_like_any_other(write: Written) -> None:
    middle = read(write({"Plan1": [HEAD, ["TOTAL", None, 3], *ROWS]}))
    assert middle.notes == () and middle.problems[0].line == 2
    company = read(write({"Plan1": [HEAD, *ROWS, [None, "TOTAL LTDA", "11222333000181"]]}))
    assert company.notes == () and company.problems[-1].code == "codigo-formato"
    named = read(write({"Plan1": [HEAD, ["00009", "TOTAL", "11222333000181"]]}))
    assert [e.razao_social for e in named.records] == ["TOTAL"]


# --------------------------------------------------------------------------- sheets


def test_the_only_sheet_with_a_header_is_taken(write: Written) -> None:
    found = read(write({"Capa": [["Escritório"]], "Vazia": [], "Dados": [HEAD, *ROWS]}))
    assert (found.sheet, len(found.records)) == ("Dados", 3)


def test_of_several_sheets_with_a_header_one_has_to_be_named(write: Written) -> None:
    path = write({"2023": [HEAD, *ROWS[:1]], "2024": [HEAD, *ROWS]})
    with pytest.raises(MalformedFile, match=r"sheet='2023' or '2024'"):
        read(path)
    assert len(read(path, sheet="2024").records) == 3
    assert len(list(ec.iter_empresas(path, proemp="PROEMP00", sheet="2023"))) == 1
    with pytest.raises(MalformedFile, match="2023, 2024"):
        read(path, sheet="2025")


def test_a_hidden_sheet_is_read_only_when_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "dados.xlsx"
    xlsx(path, {"Antiga": [HEAD, *ROWS[:1]], "Atual": [HEAD, *ROWS]})
    book = openpyxl.load_workbook(path)
    book["Antiga"].sheet_state = "hidden"
    book.save(path)
    assert read(path).sheet == "Atual"
    assert read(path, sheet="Antiga").sheet == "Antiga"


def test_columns_are_named_as_in_csv(write: Written) -> None:
    path = write({"Plan1": [["Emp.", "Denominação", "C.N.P.J."], ["00001", "BAR", "11222333000181"]]})
    found = read(path, columns={"codigo": "Emp.", "razao_social": "denominação"})
    assert found.records[0].razao_social == "BAR"
    with pytest.raises(UnknownColumn):
        read(path, columns={"codigo": "Emp.", "razao_social": "Nome"})


def test_users_come_from_workbooks_too(write: Written) -> None:
    path = write(
        {"Plan1": [["Login", "Nome", "CPF", "Admin"], ["ANA", "PESSOA MODELO 01", 52998224725.0, "S"]]}
    )
    [usuario] = ec.read_usuarios(path).records
    assert usuario.admin and usuario.cpf == ec.Cpf("52998224725")


# --------------------------------------------------------------------------- what cannot be read


def test_nothing_in_it_and_nothing_below_the_header(write: Written) -> None:
    empty: list[dict[str, Grid]] = [{"Plan1": []}, {"Plan1": [HEAD]}, {"Plan1": [HEAD, [None, " "]]}]
    for sheets in empty:
        with pytest.raises((EmptyFile, HeaderNotFound)):
            read(write(sheets))


def test_cut_and_spoilt_workbooks_are_read_errors_or_readings(write: Written, tmp_path: Path) -> None:
    data = write({"Plan1": [HEAD, *ROWS]}).read_bytes()
    path = tmp_path / "outro.bin"
    spoilt = [data[: len(data) * part // 20] for part in range(1, 20)]
    spoilt += [
        data[:at] + b"\xff" * 8 + data[at + 8 :] for at in range(0, len(data), max(1, len(data) // 60))
    ]
    for piece in spoilt:
        path.write_bytes(piece)
        try:
            found = read(path)
        except ReadError as error:
            assert str(path) in str(error)
        else:
            assert found.records or found.problems


def test_without_the_extra_the_error_says_what_to_install(tmp_path: Path) -> None:
    path = tmp_path / "dados.xlsx"
    xlsx(path, {"Plan1": [HEAD, *ROWS]})
    program = (
        "import sys; sys.modules['python_calamine'] = None; import econtador as ec\n"
        f"try: ec.read_empresas({str(path)!r}, proemp='PROEMP00')\n"
        "except ec.errors.ReadError as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "pip install 'econtador[planilhas]'" in said


def test_reading_csv_imports_nothing_of_the_extras(tmp_path: Path) -> None:
    path = tmp_path / "dados.csv"
    path.write_text("Código;Nome;CNPJ\n1;BAR;11222333000181", "cp1252")
    program = (
        f"import sys, econtador as ec; ec.read_empresas({str(path)!r}, proemp='PROEMP00')\n"
        "print([m for m in ('python_calamine', 'narwhals', 'zipfile', 'xlsxwriter', 'sqlalchemy') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"
