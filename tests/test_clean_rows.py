"""The short way of a clean row and the long way of any: the same records, problems, repairs and notes."""

import csv
import datetime
import io
import pickle
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given, settings
from hypothesis import strategies as st

from econtador.documents import Cpf
from econtador.gap.clean_rows import clean_empresas
from econtador.gap.columns import EMPRESAS
from econtador.gap.models import EmpresaGap, Proemp
from econtador.gap.readers import Stream, iter_empresas, read_empresas
from econtador.gap.rows import empresa_from_row
from econtador.gap.sources import How, open_table
from econtador.gap.tables import DELIMITERS

PROEMP = Proemp("PROEMP00")
CLEAN = {
    "codigo": "00007",
    "proemp": "PROEMP01",
    "razao_social": "EMPRESA MODELO 01 LTDA",
    "documento": "11.222.333/0001-81",
    "tipo_logradouro": "Rua",
    "endereco": "das Flores",
    "municipio": "Santa Bárbara d'Oeste",
    "uf": "SP",
    "cep": "01001-000",
    "data_desligamento": "31/01/2024",
}
FAULTY = {
    "codigo": ("7", "123456", "1234a", "１２３４５", "0001²"),
    "proemp": ("ProEmp02", "PASTA", "PROEMP٠١"),
    "razao_social": ("A" * 60, "A" * 61, "1,1E+11"),
    "documento": ("52998224725", "1222333000128", "191", "1.1E+13", "12.ABC.345/01DE-35", "__.___", "0" * 14),
    "tipo_logradouro": ("Travessa A", "Travessa AB"),
    "endereco": ("x" * 60, "x" * 61, "x" * 70, "x" * 71, f"{'x' * 10} {'x' * 60}"),
    "uf": ("sp", "XX", "SPX"),
    "cep": ("_____-___", "-", "01001-0000"),
    "data_desligamento": ("2024-01-31 00:00:00", "00/00/0000", "31/02/2024", "hoje"),
    "numero": ("1" * 10, "1" * 11, "1E+05"),
}
ODD = (
    "\0",
    "#N/D",
    "1E+05",
    "'=1+1",
    "'tis",
    "=1",
    "",
    " ",
    "\xa0",
    "\x1d",
    "\u2003",
    "€",
    "a  b",
    "a;b",
    'a"b',
    "'",
)
HEADERS = {name: words[0] for name, words in EMPRESAS.words.items()}


def cell(name: str) -> st.SearchStrategy[str]:
    """Mostly clean; else with a fault of its field, or of any."""
    clean = CLEAN.get(name, "texto")
    odd = st.sampled_from((*ODD, *FAULTY.get(name, ()))) | st.text(max_size=8)
    ends = st.sampled_from(("", "", " ", "\t", "\xa0"))
    return st.integers(0, 9).flatmap(
        lambda chance: (
            st.just(clean) if chance else st.builds(lambda a, text, b: a + text + b, ends, odd, ends)
        )
    )


@st.composite
def tables(draw: st.DrawFn) -> str:
    """The text of a file: columns in any order, some not there, some that serve nothing, rows that do not fit."""
    others = st.lists(
        st.sampled_from([name for name in HEADERS if name not in EMPRESAS.required]), unique=True
    )
    names = draw(st.permutations([*EMPRESAS.required, *draw(others), "fax"]))
    rows: list[Sequence[str]] = [[HEADERS.get(name, name) for name in names]]
    for _ in range(draw(st.integers(1, 6))):
        row = [draw(cell(name)) for name in names]
        rows.append(draw(st.sampled_from((row, row, row, row, row[:-1], [*row, "a mais"], [*row, ""]))))
    out = io.StringIO(newline="")
    delimiter, end = draw(st.sampled_from(DELIMITERS)), draw(st.sampled_from(("\r\n", "\n", "\r")))
    if draw(st.booleans()):
        csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    else:
        csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def seen(stream: Stream[EmpresaGap]) -> object:
    records = tuple(stream)
    return records, stream.rows, stream.problems, stream.repairs, stream.notes


# --------------------------------------------------------------------------- both ways


@settings(max_examples=300, deadline=None)
@given(tables(), st.sampled_from((None, PROEMP)), st.sampled_from(("utf-8", "utf-16")))
def test_both_ways_give_the_same(text: str, proemp: Proemp | None, encoding: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "empresas.csv"
        file.write_bytes(text.encode(encoding, "replace"))
        how = How({})
        long_way = Stream(open_table(file, EMPRESAS, how), lambda row: empresa_from_row(row, proemp))
        table = open_table(file, EMPRESAS, how)
        short_way = Stream(
            table,
            lambda row: empresa_from_row(row, proemp),
            clean=clean_empresas(table.index, len(table.header), proemp),
        )
        assert seen(short_way) == seen(long_way)


def test_a_clean_row_needs_no_long_way() -> None:
    names = tuple(EMPRESAS.words)
    clean = clean_empresas({name: place for place, name in enumerate(names)}, len(names), None)
    made = clean([CLEAN.get(name, "texto") for name in names])
    assert made == EmpresaGap(
        "00007", "PROEMP01", "EMPRESA MODELO 01 LTDA", "11222333000181", "texto", "texto", "Rua das Flores", "texto",
        "texto", "texto", "texto", "texto", "Santa Bárbara d'Oeste", "SP", "01001-000", "texto",
        datetime.date(2024, 1, 31),
    )  # fmt: skip


@pytest.mark.parametrize("name", CLEAN)
def test_a_blank_cell_is_none_or_takes_the_long_way(name: str) -> None:
    row = {**CLEAN, name: ""}
    clean = clean_empresas({field: place for place, field in enumerate(row)}, len(row), PROEMP)
    long_way = empresa_from_row(row, PROEMP)
    assert clean(list(row.values())) == (None if long_way.faults else long_way.record)


@pytest.mark.parametrize(
    "absent", [("tipo_logradouro",), ("endereco",), ("tipo_logradouro", "endereco"), ("proemp",)]
)
def test_a_column_that_is_not_there_is_none(absent: tuple[str, ...]) -> None:
    row = {name: text for name, text in CLEAN.items() if name not in absent}
    clean = clean_empresas({name: place for place, name in enumerate(row)}, len(row), PROEMP)
    assert clean(list(row.values())) == empresa_from_row(row, PROEMP).record


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in FAULTY.items() for text in texts])
def test_what_has_to_be_told_takes_the_long_way(name: str, text: str) -> None:
    row = {**CLEAN, name: text}
    clean = clean_empresas({field: place for place, field in enumerate(row)}, len(row), PROEMP)
    long_way = empresa_from_row(row, PROEMP)
    assert clean(list(row.values())) in (None, long_way.record)
    assert not (clean(list(row.values())) and (long_way.faults or long_way.zeros))


def test_the_record_of_a_clean_row_is_one_like_any_other() -> None:
    clean = clean_empresas({"codigo": 0, "razao_social": 1, "documento": 2}, 3, PROEMP)
    made = clean(("00007", "EMPRESA MODELO 01 LTDA", "52998224725"))
    other = EmpresaGap("00007", "PROEMP00", "EMPRESA MODELO 01 LTDA", Cpf("52998224725"))
    assert made == other
    assert made is not None
    assert type(made) is EmpresaGap
    assert (hash(made), repr(made), pickle.dumps(made)) == (hash(other), repr(other), pickle.dumps(other))
    with pytest.raises(FrozenInstanceError):
        made.codigo = "00008"  # type: ignore[misc]


def test_a_column_that_is_two_fields_takes_the_long_way() -> None:
    index = {"codigo": 0, "razao_social": 1, "documento": 2, "apelido": 1}
    row = ("00007", "MODELO", "11222333000181")
    assert clean_empresas(index, 3, PROEMP)(row) is None


@pytest.mark.parametrize("row", [(), ("00007",), ("00007", "EMPRESA MODELO 01 LTDA", "52998224725", "")])
def test_a_row_of_another_width_takes_the_long_way(row: tuple[str, ...]) -> None:
    assert clean_empresas({"codigo": 0, "razao_social": 1, "documento": 2}, 3, PROEMP)(row) is None


def test_a_nul_is_not_where_one_cell_ends() -> None:
    clean = clean_empresas({"codigo": 0, "documento": 1, "razao_social": 2, "bairro": 3}, 4, PROEMP)
    assert clean(("00007", "11222333000181", "MODELO", "Centro")) is not None
    assert clean(("00007", "11222333000181", "MODELO\0Centro")) is None


def test_no_row_is_clean_without_a_work_folder() -> None:
    index = {"codigo": 0, "documento": 1, "razao_social": 2}
    assert clean_empresas(index, 3, None)(("00007", "11222333000181", "MODELO")) is None


# --------------------------------------------------------------------------- files


def test_half_a_character_is_told_in_an_encoding_that_can_give_one(tmp_path: Path) -> None:
    file = tmp_path / "empresas.csv"
    file.write_bytes("Código;Razão Social;CNPJ\n00001;MODELO \ud800;11222333000181\n".encode("utf-7"))
    lidas = read_empresas(file, proemp="PROEMP00", encoding="utf-7")
    assert [(problem.line, problem.code) for problem in lidas.problems] == [(2, "campo-ilegivel")]


def test_a_work_folder_that_is_none_is_told_in_every_row(tmp_path: Path) -> None:
    file = tmp_path / "empresas.csv"
    rows = "".join(f"{number:05};PASTA {number};MODELO;11222333000181\n" for number in range(50))
    file.write_text(f"Código;PROEMP;Razão Social;CNPJ\n{rows}")
    lidas = iter_empresas(file)
    assert not list(lidas)
    assert lidas.problem_count == 50
