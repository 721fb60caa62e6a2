"""Text without delimiters, by a layout that is data."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import econtador as ec
from econtador.errors import (
    EmptyFile,
    HeaderNotFound,
    MalformedFile,
    MissingFile,
    UnknownColumn,
    WrongEncoding,
)
from econtador.gap import tables

LAYOUT = ec.FixedWidth([("documento", 36, 49), ("codigo", 1, 5), ("razao_social", 6, 35)])
LINE = "00001PADARIA DO ZÉ                 11222333000181"


def read(
    tmp_path: Path, text: str, written: str = "cp1252", encoding: str | None = None
) -> ec.Reading[ec.EmpresaGap]:
    path = tmp_path / "empresas.txt"
    path.write_bytes(text.encode(written))
    return ec.read_empresas(path, proemp="PROEMP00", layout=LAYOUT, encoding=encoding)


def test_positions_become_fields_in_any_encoding_and_with_any_line_end(tmp_path: Path) -> None:
    for encoding in ("cp1252", "utf-8", "utf-16"):
        for end in ("\n", "\r\n", "\r"):
            found = read(tmp_path, LINE + end + end + LINE.replace("00001", "    2"), encoding)
            assert [(e.codigo, e.razao_social) for e in found.records] == [
                ("00001", "PADARIA DO ZÉ"),
                ("00002", "PADARIA DO ZÉ"),
            ]
            assert (found.encoding, found.delimiter) == (encoding, "")
            assert [(repair.line, repair.field) for repair in found.repairs] == [(3, "codigo")]
    assert read(tmp_path, LINE, "cp850", encoding="cp850").records[0].razao_social == "PADARIA DO ZÉ"


def test_a_bad_line_is_told_with_its_number_and_costs_no_other(tmp_path: Path) -> None:
    found = read(tmp_path, f"{LINE}\r\nRELATORIO\r\n{LINE}  SOBRA")
    assert len(found.records) == 2
    assert {problem.line for problem in found.problems} == {2}


def test_titles_stand_above_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "usuarios.txt"
    path.write_text(f"RELAÇÃO DE USUÁRIOS\nCÓDIGO NOME\n{'ANA':10}PESSOA MODELO 01\n", "utf-8")
    layout = ec.FixedWidth([("codigo", 1, 10), ("nome", 11, 40)], first_line=3)
    found = ec.read_usuarios(path, layout=layout)
    assert [(u.codigo, u.nome) for u in found.records] == [("ANA", "PESSOA MODELO 01")]
    assert list(ec.iter_usuarios(path, layout=layout)) == list(found.records)


def test_what_cannot_be_read_is_in_the_tree_of_read_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EmptyFile):
        read(tmp_path, "\r\n  \r\n")
    with pytest.raises(WrongEncoding):
        read(tmp_path, LINE, encoding="klingon")
    with pytest.raises(MissingFile):
        ec.read_empresas(tmp_path / "nada.txt", proemp="PROEMP00", layout=LAYOUT)
    with pytest.raises(HeaderNotFound) as missing:
        ec.read_empresas(tmp_path / "empresas.txt", layout=LAYOUT)
    assert missing.value.missing == ("proemp",)
    with pytest.raises(UnknownColumn):
        ec.read_usuarios(tmp_path / "empresas.txt", layout=LAYOUT)
    monkeypatch.setattr(tables, "_MOST_ROWS", 1)
    with pytest.raises(MalformedFile) as many:
        read(tmp_path, f"{LINE}\n{LINE}")
    assert many.value.line == 2


@pytest.mark.parametrize(
    "columns",
    [
        [],
        [("codigo", 0, 5)],
        [("codigo", 5, 4)],
        [("codigo", 1, 5), ("nome", 5, 9)],
        [("nome", 1, 5), ("nome", 6, 9)],
    ],
)
def test_a_layout_that_cannot_be_is_refused(columns: list[tuple[str, int, int]]) -> None:
    with pytest.raises(ValueError):
        ec.FixedWidth(columns)


@given(st.lists(st.text("ABC", min_size=1, max_size=9), min_size=1, max_size=6), st.integers(0, 3))
def test_what_was_written_at_a_position_comes_back(texts: list[str], gap: int) -> None:
    columns, line = [], ""
    for number, text in enumerate(texts):
        begin = len(line) + 1
        line += text
        columns.append((f"field{number}", begin, len(line)))
        line += "-" * gap
    assert ec.FixedWidth(columns).cells(line) == tuple(texts)
