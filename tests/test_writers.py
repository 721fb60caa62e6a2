"""Files for people and for programs: nothing becomes a formula, and what was written can be read back."""

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_readers import some_empresas, some_usuarios

import econtador as ec
from econtador.formulas import guarded, opens_formula, unguarded
from econtador.sandbox import Sandbox

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''=1"]
many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

Write = Callable[..., Any]
WRITERS: dict[str, Write] = {"csv": ec.write_csv, "xlsx": ec.write_xlsx}
ROW = ec.EmpresaGap(
    "00001", "PROEMP00", "PADARIA DO ZÉ LTDA", "11.222.333/0001-81", bairro="Jardim das Flores do Campo"
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[tuple[ec.Integrator, ec.Plan]]:
    """A plan of one company whose bairro is cut, applied."""
    with Sandbox().client() as client:
        integrator = ec.Integrator(
            client, policy=ec.Policy(proemp="PROEMP00"), journal=tmp_path / "a.journal", operador="ADMIN"
        )
        plan = integrator.plan_empresas([ROW], selected=ec.TODAS)
        integrator.apply(plan, allow=[alarm.guard for alarm in plan.alarms])
        yield integrator, plan


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


def written_and_read(
    name: str, records: Sequence[Any], read: Callable[[Path], ec.Reading[Any]]
) -> ec.Reading[Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"dados.{name}"
        assert WRITERS[name](records, path).rows == len(records)
        return read(path)


# --------------------------------------------------------------------------- round trips


@pytest.mark.parametrize("name", sorted(WRITERS))
@many
@given(st.lists(some_empresas, min_size=1, max_size=5))
def test_empresas_come_back_from_what_was_written(name: str, records: list[ec.EmpresaGap]) -> None:
    reading = written_and_read(name, records, ec.read_empresas)
    assert (reading.records, reading.problems) == (tuple(records), ())
    assert {repair.message for repair in reading.repairs} <= {"apóstrofo que protegia de fórmulas retirado"}


@pytest.mark.parametrize("name", sorted(WRITERS))
@many
@given(st.lists(some_usuarios, min_size=1, max_size=5))
def test_usuarios_come_back_from_what_was_written(name: str, records: list[ec.UsuarioGap]) -> None:
    reading = written_and_read(name, records, ec.read_usuarios)
    assert (reading.records, reading.problems) == (tuple(records), ())


@many
@given(st.lists(some_empresas, min_size=1, max_size=5), st.lists(some_usuarios, min_size=1, max_size=5))
def test_dictionaries_and_json_lines_come_back(
    empresas: list[ec.EmpresaGap], usuarios: list[ec.UsuarioGap]
) -> None:
    assert ec.read_empresas(ec.to_dicts(empresas)).records == tuple(empresas)
    assert ec.read_usuarios(ec.to_dicts(usuarios)).records == tuple(usuarios)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dados.jsonl"
        assert ec.write_jsonl(empresas, path).rows == len(empresas)
        read = [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]
    assert ec.read_empresas(read).records == tuple(empresas)


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_names_that_begin_like_formulas_come_back(name: str) -> None:
    records = [
        ec.EmpresaGap(f"{n:05}", "PROEMP00", text.strip() + " SA", "") for n, text in enumerate(FORMULAS)
    ]
    assert written_and_read(name, records, ec.read_empresas).records == tuple(records)


def test_data_frames_take_the_dictionaries() -> None:
    dicts = ec.to_dicts([ROW, ROW])
    for frame in (pd.DataFrame(dicts), pl.DataFrame(dicts), pa.Table.from_pylist(dicts)):
        assert ec.read_empresas(frame).records == (ROW, ROW)


# --------------------------------------------------------------------------- formulas


@given(st.text() | st.sampled_from(FORMULAS))
def test_a_guarded_text_opens_no_formula_and_its_guard_comes_off(text: str) -> None:
    assert not opens_formula(guarded(text))
    assert unguarded(guarded(text)) == text


def test_no_cell_of_csv_opens_a_formula(tmp_path: Path) -> None:
    records = [ec.UsuarioGap(f"U{n}", text, None, text, text) for n, text in enumerate(FORMULAS)]
    ec.write_csv(records, tmp_path / "a.csv")
    cells = [cell for row in lines(tmp_path / "a.csv") for cell in row]
    assert len(cells) == 7 * (len(FORMULAS) + 1)
    assert not any(map(opens_formula, cells))


def test_no_cell_of_a_workbook_is_a_formula_a_number_or_a_link(tmp_path: Path) -> None:
    texts = [*FORMULAS, "https://exemplo.com.br", "00123", "1E5"]
    ec.write_xlsx([ec.UsuarioGap(f"U{n}", text) for n, text in enumerate(texts)], tmp_path / "a.xlsx")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    cells = [row[1] for row in page.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value.replace("_x000D_", "\r") for cell in cells] == texts
    assert [bool(cell.quotePrefix) for cell in cells] == [opens_formula(text) for text in texts]


# --------------------------------------------------------------------------- plan, losses, log


def test_a_plan_its_losses_and_the_log_are_tables(
    office: tuple[ec.Integrator, ec.Plan], tmp_path: Path
) -> None:
    integrator, plan = office
    path = tmp_path / "a.csv"
    assert ec.write_csv(plan, path).rows == 1
    head, row = lines(path)
    assert head[:4] == ["Código", "Nome", "Situação", "Decisão"]
    assert row[:2] == ["00001", "PADARIA DO ZÉ LTDA"] and row[5] == "1"
    assert ec.write_csv(plan.losses, path).rows == 1
    _, loss = lines(path)
    assert loss[:4] == ["00001", "bairro", "Jardim das Flores do Campo", "Jardim das Flores do"]
    log = tuple(integrator.logs())
    assert ec.write_csv(log, path).rows == len(log) > 0
    assert ec.write_xlsx(log, tmp_path / "a.xlsx").rows == len(log)
    assert [entry["number"] for entry in ec.to_dicts(log)] == [entry.number for entry in log]
    assert ec.to_dicts(plan)[0]["campos_com_perda"] == 1
    assert ec.to_dicts(plan.losses)[0]["sem_perda"] is False


# --------------------------------------------------------------------------- encodings and limits


def test_excel_sees_utf8_by_its_mark(tmp_path: Path) -> None:
    ec.write_csv([ROW], tmp_path / "a.csv")
    data = (tmp_path / "a.csv").read_bytes()
    assert data.startswith("\ufeffCódigo;PROEMP;".encode()) and data.count(b"\r\n") == 2


def test_cp1252_never_writes_a_question_mark_and_says_what_changed(tmp_path: Path) -> None:
    record = ec.UsuarioGap("ANA", "PESSOA Şirin − 日本")
    assert ec.write_csv([record], tmp_path / "a.csv", encoding="cp1252") == ec.Written(rows=1, changed=1)
    text = (tmp_path / "a.csv").read_bytes().decode("cp1252")
    assert "PESSOA Sirin - " in text and "?" not in text
    assert ec.write_csv([ROW], tmp_path / "a.csv", encoding="cp1252").changed == 0
    with pytest.raises(ValueError, match="klingon"):
        ec.write_csv([ROW], tmp_path / "a.csv", encoding="klingon")


def test_a_table_is_of_one_kind(tmp_path: Path) -> None:
    mixed = cast("list[ec.EmpresaGap]", [ROW, ec.UsuarioGap("ANA", "PESSOA MODELO 01")])
    for write in (ec.write_csv, ec.write_jsonl, ec.write_xlsx):
        with pytest.raises(TypeError, match="one kind"):
            write(mixed, tmp_path / "a")
        with pytest.raises(TypeError, match="str"):
            write(cast("Any", ["x"]), tmp_path / "a")


def test_nothing_is_an_empty_table(tmp_path: Path) -> None:
    assert ec.to_dicts([]) == []
    for write in (ec.write_csv, ec.write_jsonl, ec.write_xlsx):
        assert write([], tmp_path / "a").rows == 0


def test_a_text_that_no_cell_holds_is_refused_and_never_left_out(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32767"):
        ec.write_xlsx([ec.UsuarioGap("ANA", "PESSOA MODELO 01", grupo="x" * 32_768)], tmp_path / "a.xlsx")


def test_a_file_that_cannot_be_written_is_an_oserror(tmp_path: Path) -> None:
    for write in (ec.write_csv, ec.write_jsonl, ec.write_xlsx):
        with pytest.raises(OSError):
            write([ROW], tmp_path / "nada" / "a")


def test_without_the_extra_the_error_says_what_to_install(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['xlsxwriter'] = None; import econtador as ec\n"
        f"try: ec.write_xlsx([], {str(tmp_path / 'a.xlsx')!r})\n"
        "except ModuleNotFoundError as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "pip install 'econtador[planilhas]'" in said
