"""Broken exports: a reading whose problems name line and field, or an error of reading; it ends, and in bounds."""

import codecs
import tempfile
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import econtador as ec
from econtador.errors import EcontadorError, InvalidRecord, MalformedFile, ReadError
from econtador.gap import tables

HEAD = "Código;PROEMP;Razão Social;CNPJ;Login;Nome;CPF;E-mail"
ROWS = (
    "00001;PROEMP00;PADARIA DO ZÉ LTDA;11.222.333/0001-81;ANA;PESSOA MODELO 01;529.982.247-25;a@exemplo.com.br",
    '2;PROEMP00;"OFICINA; DOIS";1222333000128;BIA;PESSOA MODELO 02;;',
    "00003;PROEMP00;LETRAS SA;12ABC34501DE35;CAIO;PESSOA MODELO 03;111.444.777-35;c@exemplo.com.br",
)
GOOD = "\r\n".join((HEAD, *ROWS))
MB = 1_000_000
SECONDS = timedelta(seconds=5)
"""For one example of a few kilobytes: what takes longer hangs."""

broken = settings(max_examples=120, deadline=SECONDS, suppress_health_check=[HealthCheck.too_slow])


def readings(data: bytes) -> Iterator[ec.Reading[Any] | ReadError]:
    """What comes of *data* as companies and as users; anything but an error of reading goes through."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dados.csv"
        path.write_bytes(data)
        for read in (lambda: ec.read_empresas(path, proemp="PROEMP00"), lambda: ec.read_usuarios(path)):
            try:
                yield read()
            except ReadError as error:
                yield error


def check(data: bytes) -> None:
    lines = 1 + sum(data.count(end) for end in (b"\n", b"\r"))
    for found in readings(data):
        if isinstance(found, ReadError):
            assert "dados.csv" in str(found)
            continue
        assert found.records or found.problems
        assert str(found) and repr(found)
        for problem in found.problems:
            assert 1 < problem.line <= lines
            assert problem.message and problem.code and str(problem) and repr(problem)
            assert problem.field in {*found.columns, "endereco", "proemp", "tipo_logradouro", ""}


# --------------------------------------------------------------------------- anything, and good files spoilt


@broken
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_under_a_good_header_cost_no_more_than_their_rows(tail: bytes) -> None:
    check(tail)
    check(GOOD.encode() + b"\r\n" + tail)


pieces = st.sampled_from(
    [
        *("\0", '"', '""', ";", ";;;;", "\r", "\n", "\t", ",", "\ufeff", "\x1a", "\u2028", "\x85", "\x0b", "'", "="),
        *("\U0001f600", "e\u0301" * 40, "9" * 5000, "1E+20", "a" * 200_000, "x;" * 3000, "\n" * 500),
    ]
)  # fmt: skip


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """The good file: cut, repeated, its columns swapped, with something in it, in an encoding or in two."""
    text = GOOD
    for _ in range(draw(st.integers(1, 4))):
        begin, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        match draw(st.sampled_from(["cut", "repeat", "put", "swap", "end"])):
            case "cut":
                text = text[:begin] + text[end:]
            case "repeat":
                text = text[:end] + text[begin:end] * draw(st.integers(1, 20)) + text[end:]
            case "put":
                text = text[:begin] + draw(pieces) + text[begin:]
            case "swap":
                order = draw(st.permutations(range(8)))
                cells = [line.split(";") for line in text.split("\r\n")]
                text = "\r\n".join(";".join(row[n] for n in order if n < len(row)) for row in cells)
            case _:
                text = text.replace("\r\n", draw(st.sampled_from(["\r", "\n", "\n\r", "\r\r\n"])))
        text = text[:300_000]
    encodings = st.sampled_from(
        ["utf-8", "cp1252", "utf-16", "utf-16-le", "utf-32", "utf-8-sig", "utf-16-be"]
    )
    middle = draw(st.integers(0, len(text)))
    return text[:middle].encode(draw(encodings), "replace") + text[middle:].encode(draw(encodings), "replace")


@broken
@given(spoilt())
def test_a_good_file_spoilt_is_read_with_its_problems_told_or_refused(data: bytes) -> None:
    check(data)


@pytest.mark.parametrize(
    "data",
    [
        HEAD.encode(),
        HEAD.encode() + b"\r",
        GOOD.replace("\r\n", "\r").encode(),
        GOOD.encode("utf-16"),
        codecs.BOM_UTF16_BE + GOOD.encode("utf-16-be"),
        codecs.BOM_UTF8 * 2 + GOOD.encode(),
        (HEAD + "\r\n\ufeff" + "\r\n".join(ROWS)).encode(),
        GOOD.encode("utf-16")[:-1],
        GOOD.encode() + b"\xff\xfe\x00",
        ("\r\n" * 14 + GOOD).encode(),
        b"\0" * 1000,
    ],
)
def test_files_that_tools_are_known_to_write(data: bytes) -> None:
    check(data)


# --------------------------------------------------------------------------- what was found


def test_utf16_without_its_mark_is_told_in_every_row_and_no_name_comes_with_nuls_in_it() -> None:
    plain = GOOD.translate(str.maketrans("óãÉ", "oaE"))
    for found in readings(plain.encode("utf-16-le")):
        assert isinstance(found, ec.Reading)
        assert found.records == ()
        told = {p.line for p in found.problems if p.code == "campo-ilegivel"}
        assert told == {p.line for p in found.problems} != set()


def test_a_nul_costs_its_row_and_no_other() -> None:
    data = GOOD.replace("PADARIA", "PADA\0RIA").replace("MODELO 01", "MODELO\0 01").encode()
    for found in readings(data):
        assert isinstance(found, ec.Reading)
        assert len(found.records) == 2
        assert [(p.line, p.code) for p in found.problems if p.code == "campo-ilegivel"] != []
        assert {p.line for p in found.problems if p.code == "campo-ilegivel"} == {2}


def test_half_of_a_surrogate_pair_is_no_name() -> None:
    for make in (
        lambda: ec.EmpresaGap("00001", "PROEMP00", "PADARIA \ud800", ""),
        lambda: ec.UsuarioGap("ANA", "PESSOA \udfff", None, None),
        lambda: ec.UsuarioGap("\ud800", "PESSOA", None, None),
    ):
        with pytest.raises(InvalidRecord, match="metade"):
            make()


def test_ten_thousand_columns_are_read_and_more_than_a_sheet_has_are_refused() -> None:
    def wide(columns: int) -> bytes:
        more = ";" + ";".join(f"coluna {number}" for number in range(columns - 8))
        return f"{HEAD}{more}\r\n{ROWS[0]}".encode()

    for found in readings(wide(10_000)):
        assert isinstance(found, ec.Reading)
        assert len(found.records) == 1
        assert len(found.ignored) > 9_900
    assert all(isinstance(found, ReadError) for found in readings(wide(20_000)))


def test_a_file_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_MOST_BYTES", 1000)
    for found in readings(GOOD.encode() + b"\n" * 1000):
        assert isinstance(found, MalformedFile)
        assert "1000 bytes" in str(found)


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_MOST_ROWS", 4)
    assert all(isinstance(found, ec.Reading) for found in readings(GOOD.encode()))
    assert all(isinstance(found, MalformedFile) for found in readings(f"{GOOD}\r\nx".encode()))


# --------------------------------------------------------------------------- 50 MB of one thing

ENDLESS = {
    "one line of letters": "a",
    "one line of delimiters": ";",
    "one row of cells with line ends": '"\n";',
    "a quotation mark that is never closed": '"a\n',
}


@pytest.mark.parametrize(
    ("name", "factor", "first"),
    [*((name, 4, "") for name in ENDLESS), ("one line of letters", 7, "\U0001f600")],
)
def test_50_mb_of_one_thing_end_soon_and_in_a_few_times_their_size(
    tmp_path: Path, name: str, factor: int, first: str
) -> None:
    path = tmp_path / "dados.csv"
    with path.open("w", newline="") as file:
        file.write(f"{HEAD}{first}\n")
        for _ in range(50):
            file.write(ENDLESS[name] * (MB // len(ENDLESS[name])))
    tracemalloc.start()
    try:
        with pytest.raises(EcontadorError):
            ec.read_empresas(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < factor * path.stat().st_size


def test_an_error_does_not_hold_what_was_read() -> None:
    found = [str(error) for error in islice(readings(b";" * MB), 2)]
    assert all(len(text) < 500 for text in found)
