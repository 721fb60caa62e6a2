"""Any bytes as an export of companies and of users: a reading, or an error of reading."""

import csv
import io
import tempfile
from pathlib import Path

import econtador as ec
from econtador.errors import ReadError

FILE = Path(tempfile.mkdtemp()) / "exportacao.csv"


def _table(delimiter: str, *rows: tuple[str, ...]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


_EMPRESAS = (
    ("Código", "PROEMP", "Razão Social", "CNPJ", "Endereço", "UF", "CEP", "Data Desligamento"),
    ("00001", "PROEMP00", "EMPRESA MODELO 01 LTDA", "11.222.333/0001-81", "Rua das Flores", "SP", "01001-000", ""),
    ("7", "PROEMP00", "EMPRESA; MODELO 02", "1222333000128", "", "", "", "31/01/2024"),
)  # fmt: skip
_USUARIOS = (
    ("Login", "Nome", "CPF", "E-mail", "Admin"),
    ("MODELO", "PESSOA MODELO 01", "529.982.247-25", "modelo@exemplo.com.br", "S"),
)


def seeds() -> list[bytes]:
    """Small good files in each encoding and delimiter."""
    texts = [_table(delimiter, *rows) for delimiter in ";,\t" for rows in (_EMPRESAS, _USUARIOS)]
    return [
        text.encode(encoding) for text in texts for encoding in ("utf-8-sig", "cp1252", "utf-16", "utf-32")
    ]


def once(data: bytes) -> None:
    """Read *data* as both kinds of file."""
    FILE.write_bytes(data)
    for read in (lambda: ec.read_empresas(FILE, proemp="PROEMP00"), lambda: ec.read_usuarios(FILE)):
        try:
            reading = read()
        except ReadError as error:
            assert str(FILE) in str(error), "an error that does not say where"
            continue
        assert reading.records or reading.problems, "a file read as nothing"
        for problem in reading.problems:
            assert problem.line > 1 and problem.message and str(problem) and repr(problem)
        assert str(reading) and repr(reading.records)
