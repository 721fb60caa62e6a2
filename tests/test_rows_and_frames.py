"""Rows that a program already has, a database's, a data frame's: the same reading as of a file with the same words."""

import datetime
import sqlite3
import tracemalloc
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, cast

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

import econtador as ec
from econtador.errors import EmptyFile, HeaderNotFound, UnknownColumn
from econtador.gap.cells import text_of

ROWS: list[dict[str, object]] = [
    {"Código": 1, "Nome": "PADARIA", "CNPJ": 11222333000181.0, "Bairro": None, "Desligamento": None},
    {"Código": 2, "Nome": "BAR", "CNPJ": 191.0, "Bairro": "CENTRO", "Desligamento": datetime.date(2024, 1, 31)},
    {"Código": 3, "Nome": "LOJA", "CNPJ": 1222333000128.0, "Bairro": "SUL", "Desligamento": None},
]  # fmt: skip


def check(found: ec.Reading[ec.EmpresaGap]) -> None:
    assert [(e.codigo, e.razao_social, e.bairro, e.desligada) for e in found.records] == [
        ("00001", "PADARIA", None, False),
        ("00002", "BAR", "CENTRO", True),
        ("00003", "LOJA", "SUL", False),
    ]
    assert [(p.file, p.line, p.field, p.code) for p in found.problems] == [
        ("linhas", 2, "documento", "documento-ambiguo")
    ]
    assert found.records[2].documento == ec.Cnpj("01.222.333/0001-28")
    assert [(r.line, r.field) for r in found.repairs] == [
        (1, "codigo"),
        (2, "codigo"),
        (3, "codigo"),
        (3, "documento"),
    ]
    assert (found.encoding, found.delimiter, found.sheet) == ("", "", "")
    assert found.columns["razao_social"] == "Nome"


def columns() -> dict[str, list[object]]:
    return {name: [row[name] for row in ROWS] for name in ROWS[0]}


def database() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:")
    made.execute(
        'create table e ("Código" int, "Nome" text, "CNPJ" real, "Bairro" text, "Desligamento" text)'
    )
    rows = [[str(v) if isinstance(v, datetime.date) else v for v in row.values()] for row in ROWS]
    made.executemany("insert into e values (?, ?, ?, ?, ?)", rows)
    return made


# --------------------------------------------------------------------------- every kind of rows


def test_dictionaries_in_any_iterable() -> None:
    check(ec.read_empresas(ROWS, proemp="PROEMP00"))
    check(ec.read_empresas(iter(ROWS), proemp="PROEMP00"))


def test_a_dbapi_cursor() -> None:
    connection = database()
    check(ec.read_empresas(connection.execute("select * from e"), proemp="PROEMP00"))
    connection.row_factory = sqlite3.Row
    check(ec.read_empresas(connection.execute("select * from e"), proemp="PROEMP00"))
    connection.close()


def test_a_cursor_without_a_select_is_empty() -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(EmptyFile):
        ec.read_empresas(connection.execute("create table e (codigo int)"), proemp="PROEMP00")
    connection.close()


def test_sqlalchemys_result_with_and_without_mappings() -> None:
    engine = sa.create_engine("sqlite://")
    table = sa.Table(
        "e",
        sa.MetaData(),
        sa.Column("Código", sa.Integer),
        sa.Column("Nome", sa.String),
        sa.Column("CNPJ", sa.Float),
        sa.Column("Bairro", sa.String),
        sa.Column("Desligamento", sa.Date),
    )
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert(), ROWS)
        check(ec.read_empresas(connection.execute(sa.select(table)), proemp="PROEMP00"))
        check(ec.read_empresas(connection.execute(sa.select(table)).mappings(), proemp="PROEMP00"))
        streamed = connection.execution_options(yield_per=2).execute(sa.select(table))
        check(ec.read_empresas(streamed, proemp="PROEMP00"))
    engine.dispose()


def test_pandas() -> None:
    frame = pd.DataFrame(columns())
    frame["Desligamento"] = pd.to_datetime(frame["Desligamento"])  # NaT where there is none
    check(ec.read_empresas(frame, proemp="PROEMP00"))
    frame["Bairro"] = frame["Bairro"].astype("string")  # NA where there is none
    frame["Código"] = frame["Código"].astype("Int64")
    check(ec.read_empresas(frame, proemp="PROEMP00"))


def test_polars_pyarrow_and_duckdb() -> None:
    check(ec.read_empresas(pl.DataFrame(columns()), proemp="PROEMP00"))
    table = pa.table(cast("Any", columns()))
    check(ec.read_empresas(table, proemp="PROEMP00"))
    connection = duckdb.connect()
    connection.register("e", table)
    check(ec.read_empresas(connection.sql("select * from e"), proemp="PROEMP00"))
    check(ec.read_empresas(connection.execute("select * from e"), proemp="PROEMP00"))
    connection.close()


def test_a_lazy_frame_and_a_list_of_texts_are_refused_with_what_would_do() -> None:
    with pytest.raises(TypeError, match="collected"):
        ec.read_empresas(cast("Any", pl.LazyFrame(columns())), proemp="PROEMP00")
    with pytest.raises(TypeError, match="mapping"):
        ec.read_empresas(cast("Any", ["00001;BAR"]), proemp="PROEMP00")


# --------------------------------------------------------------------------- names and rows


def test_users_and_the_names_of_our_fields() -> None:
    found = ec.read_usuarios(
        [{"codigo": "ANA", "nome": "PESSOA MODELO 01", "admin": True, "email": float("nan")}]
    )
    [usuario] = found.records
    assert usuario.admin and usuario.email is None


def test_names_that_lack_what_is_needed() -> None:
    with pytest.raises(HeaderNotFound) as caught:
        ec.read_empresas([{"Código": 1, "Nome": "BAR"}], proemp="PROEMP00")
    assert (caught.value.file, caught.value.missing) == ("linhas", ("documento",))
    with pytest.raises(UnknownColumn):
        ec.read_empresas(ROWS, proemp="PROEMP00", columns={"razao": "Nome"})
    with pytest.raises(UnknownColumn):
        ec.read_empresas(ROWS, proemp="PROEMP00", columns={"apelido": "Alcunha"})


@pytest.mark.parametrize("rows", [[], [{}], [{"Código": None, "Nome": "", "CNPJ": float("nan")}]])
def test_no_rows(rows: list[dict[str, object]]) -> None:
    with pytest.raises(EmptyFile):
        ec.read_empresas(rows, proemp="PROEMP00")


def test_a_key_that_only_a_later_row_has_is_never_dropped_in_silence() -> None:
    early = ec.read_empresas([*ROWS[:1], {**ROWS[2], "Fax": "1"}], proemp="PROEMP00")
    assert early.ignored == ("Fax",) and not early.problems
    late = ec.read_empresas([*ROWS[:1] * 100, {**ROWS[2], "Fax": "1"}], proemp="PROEMP00")
    assert [(p.line, p.code) for p in late.problems] == [(101, "celulas-a-mais")]


@given(
    st.text()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.datetimes()
    | st.dates()
    | st.binary()
    | st.none()
)
def test_every_value_is_a_text_without_blanks_around(value: object) -> None:
    text = text_of(value)
    assert text == text.strip()
    if isinstance(value, int):
        assert int(text) == value
    if isinstance(value, float) and abs(value) < 1e15:
        assert float(text) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal(11222333000181), "11222333000181"),
        (Decimal("1E+3"), "1000"),
        (Decimal("NaN"), ""),
        (Decimal("1.50"), "1.50"),
        (1e15, "1.00000000000000E+15"),
        (-0.0, "0"),
        (float("inf"), "INF"),
        (b"ZI\xc9 ", "ZIÉ"),
        (False, "N"),
        (datetime.datetime(2024, 1, 31, 23, 59, tzinfo=datetime.UTC), "2024-01-31"),
    ],
)
def test_values_as_texts(value: object, text: str) -> None:
    assert text_of(value) == text


def test_a_number_that_lost_digits_is_told() -> None:
    found = ec.read_empresas([{**ROWS[0], "CNPJ": 1.12223330001815e15}], proemp="PROEMP00")
    assert [p.code for p in found.problems] == ["documento-cientifico"]


# --------------------------------------------------------------------------- one at a time


def many(count: int) -> Iterator[Mapping[str, object]]:
    for number in range(count):
        yield {
            "codigo": number,
            "razao_social": f"EMPRESA MODELO {number}",
            "documento": "x" if number % 10 else "",
        }


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        stream = ec.iter_empresas(many(count), proemp="PROEMP00", max_problems=50)
        assert sum(1 for _ in stream) == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (stream.rows, len(stream.problems), stream.problem_count) == (count, 50, count)
        assert len(stream.repairs) == 50
        return most

    peak(100)  # what is made once
    assert peak(12_000) < peak(2000) + 300_000  # records kept would be megabytes


def test_progress_is_told_every_thousand_rows_and_at_the_end() -> None:
    told: list[int] = []
    list(ec.iter_empresas(many(2500), proemp="PROEMP00", on_progress=told.append))
    assert told == [1000, 2000, 2500]
    told.clear()
    list(ec.iter_usuarios([{"codigo": "ANA", "nome": "PESSOA MODELO 01"}] * 2000, on_progress=told.append))
    assert told == [1000, 2000]


def test_problems_grow_while_the_stream_is_read_and_are_all_kept_if_asked() -> None:
    stream = ec.iter_empresas(many(30), proemp="PROEMP00", max_problems=None)
    assert (stream.rows, stream.problems) == (0, ())
    assert next(stream).codigo == "00000"
    assert (stream.rows, stream.problem_count) == (1, 1)
    rest = list(stream)
    assert len(rest) == 29 and [p.line for p in stream.problems] == list(range(1, 31))
    assert repr(stream) == "<Stream linhas: 30 linhas, 30 problemas, 30 correções>"


def test_a_stream_says_the_same_as_a_reading() -> None:
    stream, reading = ec.iter_empresas(ROWS, proemp="PROEMP00"), ec.read_empresas(ROWS, proemp="PROEMP00")
    assert tuple(stream) == reading.records
    for name in ("file", "problems", "repairs", "notes", "columns", "ignored"):
        assert getattr(stream, name) == getattr(reading, name)
