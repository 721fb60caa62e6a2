"""Values as tables for programs: the same columns everywhere, and texts that stay texts."""

import datetime
import json
import sys
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from attrs import evolve

import econtador as ec
from econtador.integration.report import Report, Verification
from econtador.sandbox import Sandbox
from econtador.showing.face import Framed

PADARIA = ec.EmpresaGap(
    "00001",
    "PROEMP00",
    "PADARIA MODELO LTDA",
    "01.222.333/0001-28",
    bairro="Jardim Nossa Senhora Aparecida",
    cep="01000-000",
    data_desligamento=None,
)
LEFT = evolve(PADARIA, codigo="00002", data_desligamento=datetime.date(1600, 1, 31))
ANA = ec.UsuarioGap("ANA", "PESSOA MODELO 01", "529.982.247-25", "ana@exemplo.com.br", admin=True)


@pytest.fixture
def every_value() -> list[Framed]:
    office = ec.Integrator(
        Sandbox().client(), policy=ec.Policy(proemp="PROEMP00"), journal=":memory:", operador="ADMIN"
    )
    plan = office.plan_empresas([PADARIA], selected=ec.TODAS)
    reading = ec.read_empresas([{"Código": "7", "Nome": "BAR", "CNPJ": "11222333000181"}], proemp="PROEMP00")
    return [
        reading,
        ec.FieldAdapter().fit(PADARIA),
        plan,
        office.apply(plan),
        office.verify(),
        office.logs(),
    ]


def test_the_parts_and_the_whole_have_the_same_rows(every_value: list[Framed]) -> None:
    reading, fit, plan, report, verification, logs = every_value
    assert isinstance(reading, ec.Reading) and reading.to_dicts() == ec.to_dicts(reading.records)
    assert isinstance(fit, ec.Adaptation) and fit.to_dicts() == ec.to_dicts(fit.losses)
    assert isinstance(plan, ec.Plan) and plan.to_dicts() == ec.to_dicts(plan.actions) == ec.to_dicts(plan)
    assert isinstance(report, Report) and report.to_dicts() == ec.to_dicts(report.results)
    assert isinstance(verification, Verification)
    assert verification.to_dicts() == ec.to_dicts(verification.checks) == ec.to_dicts(verification)
    assert isinstance(logs, ec.Logs) and logs.to_dicts() == ec.to_dicts(tuple(logs)) == ec.to_dicts(logs)
    assert all(len(value.to_dicts()) >= 1 for value in every_value)


def test_what_is_in_a_report_and_in_a_verification(every_value: list[Framed]) -> None:
    assert every_value[3].to_dicts() == [
        {
            "tipo": "empresa",
            "codigo": "00001",
            "nome": "PADARIA MODELO LTDA",
            "resultado": "integrated",
            "situacao": "Integrado",
            "codigo_motivo": "",
            "mensagem": "",
            "id_portal": "1",
            "envios": 1,
        }
    ]
    (check,) = every_value[4].to_dicts()
    assert (check["codigo"], check["conferencia"], check["diferencas"]) == ("00001", "equal", "")


def test_frames_of_pandas_and_of_polars_hold_the_same(every_value: list[Framed]) -> None:
    for value in every_value:
        rows = value.to_dicts()
        assert value.to_polars().to_dicts() == rows
        frame = value.to_pandas()
        assert list(frame.columns) == list(rows[0])
        assert [
            {name: None if pd.isna(cell) else cell for name, cell in row.items()}
            for row in frame.to_dict("records")
        ] == rows


def test_codigos_documents_and_ceps_stay_texts() -> None:
    reading = ec.Reading("linhas", (PADARIA, LEFT), (), (), "", "", {}, ())
    pandas, polars = reading.to_pandas(), reading.to_polars()
    assert str(pandas["codigo"].dtype) == "string" and polars["codigo"].dtype == pl.String
    assert pandas["documento"][0] == polars["documento"][0] == "01222333000128"
    assert pandas["cep"][0] == polars["cep"][0] == "01000-000"
    assert polars["data_desligamento"].to_list() == [None, datetime.date(1600, 1, 31)]
    assert pd.isna(pandas["data_desligamento"][0]) and pandas["data_desligamento"][1].year == 1600
    people = ec.Reading("linhas", (ANA,), (), (), "", "", {}, ())
    assert people.to_polars()["admin"].to_list() == [True] and people.to_pandas()["admin"].dtype == "boolean"


def test_the_readers_read_the_frames_back() -> None:
    reading = ec.Reading("linhas", (PADARIA, evolve(LEFT, data_desligamento=datetime.date(2024, 1, 31))), (), (), "", "", {}, ())  # fmt: skip
    for frame in (reading.to_pandas(), reading.to_polars()):
        assert ec.read_empresas(frame).records == reading.records


def test_what_is_empty_has_its_columns_and_their_types() -> None:
    def empty(columns: dict[str, str]) -> ec.Reading[ec.EmpresaGap]:
        return ec.Reading("e.csv", (), (), (), "", "", columns, ())

    empresas, usuarios = empty({"razao_social": "Nome"}), empty({"nome": "Nome"})
    values: list[Framed] = [empresas, usuarios, ec.Logs(), Report(results=())]
    values.append(Verification(checks=(), unverifiable=()))
    values.append(ec.FieldAdapter().fit(evolve(PADARIA, bairro=None)))
    for value in values:
        assert value.to_dicts() == []
        assert list(value.to_pandas().columns) == value.to_polars().columns != []
        assert "codigo" in value.to_polars().columns and value.to_polars()["codigo"].dtype == pl.String
    assert empresas.to_polars()["data_desligamento"].dtype == pl.Date
    assert "cpf" in usuarios.to_polars().columns and "proemp" in empresas.to_polars().columns


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_without_the_library_it_says_what_to_install(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ModuleNotFoundError, match=f"pip install {name}"):
        getattr(ec.Logs(), f"to_{name}")()


def test_a_library_that_is_broken_is_not_said_to_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "polars.py").write_text("import a_library_that_polars_would_need")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "polars")
    with pytest.raises(ModuleNotFoundError, match="a_library_that_polars_would_need"):
        ec.Logs().to_polars()


def test_every_table_can_be_written(every_value: list[Framed], tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    reading, _, plan, report, verification, logs = every_value
    assert isinstance(reading, ec.Reading) and isinstance(plan, ec.Plan) and isinstance(report, Report)
    assert isinstance(verification, Verification) and isinstance(logs, ec.Logs)
    for value in (reading, plan, report, verification, logs):
        rows = value.to_dicts()
        assert ec.write_jsonl(value, tmp_path / "a.jsonl").rows == len(rows)
        lines = (tmp_path / "a.jsonl").read_text("utf-8").splitlines()
        assert [json.loads(line) for line in lines] == rows
        assert ec.write_csv(value, tmp_path / "a.csv").rows == len(rows)
        ec.write_xlsx(value, tmp_path / "a.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
        head = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[0]
        assert [cell.value for cell in sheet[1]] == head.split(";")
    empty = Report(results=())
    ec.write_csv(empty, tmp_path / "empty.csv")
    assert (tmp_path / "empty.csv").read_text("utf-8-sig").startswith("Tipo;Código;Nome;Resultado")
