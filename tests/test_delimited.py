"""Lines of a delimited file: cut as the ``csv`` module cuts them, whoever does it."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from econtador.errors import MalformedFile
from econtador.gap.readers import read_empresas
from econtador.gap.tables import DELIMITERS, delimited
from econtador.gap.texts import TextFile


def by_csv(text: str, delimiter: str) -> list[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(
        io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True
    )
    found, line = [], 1
    for cells in reader:
        found.append((line, tuple(part.strip() for part in cells)))
        line = reader.line_num + 1
    return found


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from("ab;,\t\"\r\n #\0'\xa0é€"), max_size=40), st.sampled_from(DELIMITERS))
@example('a;b\n"c\nd";e\nf;g', ";")
@example('a\n"b', ";")
def test_lines_are_cut_as_csv_cuts_them(text: str, delimiter: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "linhas.csv"
        file.write_bytes(text.encode())
        form = delimited(TextFile(str(file), "utf-8"))[DELIMITERS.index(delimiter)]
        try:
            wanted = by_csv(text, delimiter)
        except csv.Error:
            with pytest.raises(MalformedFile):
                list(form.rows())
        else:
            assert [(row.line, row.cells) for row in form.rows()] == wanted


def test_an_endless_row_of_many_lines_is_refused_where_it_begins(tmp_path: Path) -> None:
    file = tmp_path / "empresas.csv"
    cells = ";".join(f'"{"x" * 99_998}\n"' for _ in range(11))
    file.write_text(f"Código;Razão Social;CNPJ\n00001;MODELO;{cells}\n")
    with pytest.raises(MalformedFile, match="more than 1000000 characters") as raised:
        read_empresas(file, proemp="PROEMP00")
    assert raised.value.line == 2
