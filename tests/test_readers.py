"""Reading the office's files: what was written comes back, a bad row costs nothing but itself, nothing is silent."""

import codecs
import csv
import io
import pickle
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import cpf_alfacnpj
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from econtador.documents import Cnpj, Cpf
from econtador.errors import (
    EmptyFile,
    HeaderNotFound,
    InvalidRecord,
    MalformedFile,
    MissingFile,
    ReadError,
    UnknownColumn,
    WrongEncoding,
)
from econtador.gap.columns import EMPRESAS, USUARIOS, fold
from econtador.gap.models import TAMANHOS_EMPRESA, UFS, EmpresaGap, Proemp, UsuarioGap
from econtador.gap.readers import Problem, Reading, Repair, read_empresas, read_usuarios

HEAD = "Código;Razão Social;CNPJ"
GOOD = "00001;PADARIA DO ZÉ;11.222.333/0001-81"
CPF_BAD = "52998224726"

Empresas = Callable[..., Reading[EmpresaGap]]
Usuarios = Callable[..., Reading[UsuarioGap]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "dados.csv"


@pytest.fixture
def empresas(file: Path) -> Empresas:
    """Write lines (or bytes) and read them as companies of PROEMP00."""

    def read(*lines: str | bytes, **options: Any) -> Reading[EmpresaGap]:
        write(file, lines)
        return read_empresas(file, **{"proemp": "PROEMP00", **options})

    return read


@pytest.fixture
def usuarios(file: Path) -> Usuarios:
    def read(*lines: str | bytes, **options: Any) -> Reading[UsuarioGap]:
        write(file, lines)
        return read_usuarios(file, **options)

    return read


def write(file: Path, lines: Sequence[str | bytes]) -> None:
    file.write_bytes(b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in lines))


def problems(reading: Reading[Any]) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.field, problem.code) for problem in reading.problems]


def one(reading: Reading[EmpresaGap]) -> EmpresaGap:
    [record] = reading.records
    return record


# --------------------------------------------------------------------------- what is written comes back

letters = st.characters(codec="cp1252", exclude_categories=["Cc", "Cf"])


def texts(size: int) -> st.SearchStrategy[str]:
    cell = st.text(letters | st.sampled_from(';,\t"\n'), min_size=1, max_size=size)
    # An apostrophe before a sign is what guards a cell from being a formula: see test_writers.
    return cell.filter(lambda text: text == text.strip() and text[0] != "'")


valid_cnpjs = st.text("0123456789ABCXYZ", min_size=12, max_size=12).filter(lambda base: len(set(base)) > 1)
valid_cpfs = st.text("0123456789", min_size=9, max_size=9).filter(lambda base: len(set(base)) > 1)
cnpjs = valid_cnpjs.map(lambda base: Cnpj(base + cpf_alfacnpj.calcular_dv_cnpj(base)))
cpfs = valid_cpfs.map(lambda base: Cpf(base + cpf_alfacnpj.calcular_dv_cpf(base)))
dates = st.none() | st.dates(min_value=date(1900, 1, 1))

FREE = [name for name in TAMANHOS_EMPRESA if name not in ("razao_social", "uf", "endereco", "cep")]
some_empresas = st.builds(
    EmpresaGap,
    st.integers(0, 99999).map("{:05}".format),
    st.integers(0, 99).map("PROEMP{:02}".format),
    texts(60),
    cnpjs | cpfs,
    endereco=st.none() | texts(70),
    uf=st.none() | st.sampled_from(sorted(UFS)),
    cep=st.none() | st.from_regex(r"[0-9]{5}-[0-9]{3}", fullmatch=True),
    cnae=st.none() | texts(9),
    data_desligamento=dates,
    **{name: st.none() | texts(TAMANHOS_EMPRESA[name]) for name in FREE},
)
some_usuarios = st.builds(
    UsuarioGap,
    texts(20),
    texts(60),
    st.none() | cpfs,
    # An apostrophe at the beginning is taken for a spreadsheet's, as it is of every text.
    st.none() | st.emails().filter(lambda email: not email.startswith("'")),
    st.none() | texts(30),
    st.booleans(),
    dates,
)

HEADS_EMPRESA = {
    "codigo": "Cód. Empresa",
    "proemp": "ProEmp",
    "razao_social": "Razão Social",
    "documento": "CNPJ / CPF",
    "inscricao_estadual": "I.E.",
    "inscricao_municipal": "Inscr. Municipal",
    "endereco": "Endereço",
    "bairro": "BAIRRO",
    "atividade": "Ramo de Atividade",
    "apelido": "Apelido",
    "numero": "Nº",
    "complemento": "Complemento",
    "municipio": "Cidade",
    "uf": "UF",
    "cep": "CEP",
    "cnae": "CNAE",
    "data_desligamento": "Data Desligamento",
}
HEADS_USUARIO = {
    "codigo": "Código",
    "nome": "Nome",
    "cpf": "CPF",
    "email": "E-mail",
    "grupo": "Grupo",
    "admin": "Administrador",
    "data_desligamento": "Dt. Desligamento",
}
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "cp1252": "cp1252",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
    "utf-32": "utf-32",
}
MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}


def cell(value: object, masked: bool, iso: bool) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "S" if value else "N"
        case date():
            return f"{value:%d/%m/%Y}" if not iso and value.year > 999 else value.isoformat()
        case Cnpj() | Cpf():
            return value.format() if masked else value.value
        case _:
            return str(value)


class Layout:
    """How a file may look; drawn by Hypothesis."""

    def __init__(self, draw: st.DataObject) -> None:
        self.delimiter = draw.draw(st.sampled_from(";,\t"), "delimiter")
        self.encoding = draw.draw(st.sampled_from(sorted(ENCODINGS)), "encoding")
        self.above = draw.draw(st.integers(0, 14), "rows above the header")
        self.masked = draw.draw(st.booleans(), "masked documents")
        self.iso = draw.draw(st.booleans(), "ISO dates")
        self.quote_all = draw.draw(st.booleans(), "every cell in quotation marks")
        self.end = draw.draw(st.sampled_from(["\n", "\r\n"]), "line end")

    def bytes_of(self, heads: Mapping[str, str], records: Sequence[object]) -> bytes:
        out = io.StringIO(newline="")
        quoting: Literal[0, 1] = csv.QUOTE_ALL if self.quote_all else csv.QUOTE_MINIMAL
        writer = csv.writer(out, delimiter=self.delimiter, quoting=quoting, lineterminator=self.end)
        writer.writerows([["Relação", "emitida"], []][number % 2] for number in range(self.above))
        writer.writerow([*heads.values(), "Fax"])
        for record in records:
            values = [cell(getattr(record, name), self.masked, self.iso) for name in heads]
            writer.writerow([*values, "", ""])
        data = out.getvalue().encode(self.encoding)
        return MARKS.get(self.encoding, b"") + data


def check_round_trip(layout: Layout, heads: Mapping[str, str], records: Sequence[Any], read: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dados.csv"
        path.write_bytes(layout.bytes_of(heads, records))
        reading = read(path)
    assert reading.records == tuple(records)
    assert reading.problems == reading.repairs == ()
    assert (reading.delimiter, reading.encoding) == (layout.delimiter, ENCODINGS[layout.encoding])
    assert reading.columns == heads
    assert reading.ignored == ("Fax",)
    assert reading.file == str(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.lists(some_empresas, min_size=1, max_size=4))
def test_empresas_come_back_as_they_were_written(data: st.DataObject, records: list[EmpresaGap]) -> None:
    check_round_trip(Layout(data), HEADS_EMPRESA, records, read_empresas)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.lists(some_usuarios, min_size=1, max_size=4))
def test_usuarios_come_back_as_they_were_written(data: st.DataObject, records: list[UsuarioGap]) -> None:
    check_round_trip(Layout(data), HEADS_USUARIO, records, read_usuarios)


BAD_ROWS = [
    "",
    ";;",
    "x",
    "total: 3",
    "00009;;11222333000181",
    "9;BAR;191;sobra",
    "00009;" + "R" * 61 + ";x",
    '"";""',
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([GOOD, *BAD_ROWS]), min_size=1, max_size=12))
def test_a_bad_row_never_costs_a_good_one(rows: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dados.csv"
        write(path, [HEAD, GOOD, *rows])
        reading = read_empresas(path, proemp="PROEMP00")
    assert len(reading.records) == 1 + rows.count(GOOD)
    bad = {number for number, row in enumerate(rows, 3) if row not in (GOOD, "", ";;", '"";""')}
    totals = {note.line for note in reading.notes}
    assert totals <= {max(bad, default=0)} and all(rows[line - 3] == "total: 3" for line in totals)
    assert {problem.line for problem in reading.problems} == bad - totals


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200) | st.text(max_size=80).map(str.encode),
    st.sampled_from([b"", f"{HEAD}\n{GOOD}\n".encode(), b"codigo,nome,cnpj\n", b"\xff\xfe", b'"']),
    st.sampled_from([None, None, "utf-8", "cp1252", "utf-16", "cp850", "ascii", "idna"]),
)
def test_any_bytes_are_a_reading_or_a_read_error(tail: bytes, head: bytes, encoding: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dados.csv"
        path.write_bytes(head + tail)
        for read in (
            lambda: read_empresas(path, proemp="PROEMP00", encoding=encoding),
            lambda: read_usuarios(path),
        ):
            try:
                reading = read()
            except ReadError as error:
                assert str(path) in str(error)
            else:
                assert reading.records or reading.problems


# --------------------------------------------------------------------------- files that cannot be read


def test_missing_file_folder_and_impossible_path(tmp_path: Path) -> None:
    for path in (tmp_path / "nenhum.csv", tmp_path, str(tmp_path / "a\0b")):
        with pytest.raises(MissingFile) as caught:
            read_empresas(path, proemp="PROEMP00")
        assert caught.value.file == str(path) and caught.value.reason


@pytest.mark.parametrize("content", ["", "  \n\n", "\ufeff", HEAD, f"{HEAD}\n\n;;\n  ; ;\t\n"])
def test_empty(empresas: Empresas, content: str) -> None:
    with pytest.raises(EmptyFile):
        empresas(content)


def test_bytes_that_no_encoding_has_are_told_with_their_line(empresas: Empresas) -> None:
    with pytest.raises(WrongEncoding) as caught:
        empresas(HEAD, GOOD, b"00002;BAR \x81;11222333000181")
    assert (caught.value.encoding, caught.value.line) == ("cp1252", 3)


def test_the_encoding_asked_for_is_strict(empresas: Empresas) -> None:
    with pytest.raises(WrongEncoding) as caught:
        empresas("codigo;nome;cnpj", "1;ZÉ;11222333000181", encoding="ascii")
    assert (caught.value.encoding, caught.value.line) == ("ascii", 2)


def test_a_cut_utf16_file(empresas: Empresas) -> None:
    with pytest.raises(WrongEncoding) as caught:
        empresas(codecs.BOM_UTF16_LE + f"{HEAD}\n{GOOD}".encode("utf-16-le")[:-1])
    assert (caught.value.encoding, caught.value.line) == ("utf-16", 2)


@pytest.mark.parametrize("encoding", ["klingon", "", "rot13", "a\0b"])
def test_an_unknown_encoding_is_told(empresas: Empresas, encoding: str) -> None:
    with pytest.raises(WrongEncoding, match="does not know"):
        empresas(HEAD, GOOD, encoding=encoding)


def test_the_encoding_asked_for_is_used(empresas: Empresas) -> None:
    reading = empresas(f"{HEAD}\n{GOOD}".encode("cp850"), encoding="cp850")
    assert one(reading).razao_social == "PADARIA DO ZÉ"
    assert reading.encoding == "cp850"
    assert one(empresas(f"\ufeff{HEAD}\n{GOOD}", encoding="utf-8")) == one(reading)


def test_the_error_does_not_carry_the_file(empresas: Empresas) -> None:
    with pytest.raises(WrongEncoding) as caught:
        empresas(HEAD, b"00002;BAR \x81;529.982.247-25")
    # Nor does what it came from: a UnicodeDecodeError holds all the bytes.
    assert caught.value.__cause__ is None and caught.value.__context__ is None


def test_a_quotation_mark_that_is_never_closed_is_told_where_it_begins(empresas: Empresas) -> None:
    with pytest.raises(MalformedFile) as caught:
        empresas(HEAD, GOOD, '00002;"BAR;11222333000181', GOOD, GOOD)
    assert caught.value.line == 3


def test_text_after_a_closing_quotation_mark(empresas: Empresas) -> None:
    with pytest.raises(MalformedFile) as caught:
        empresas(HEAD, '00002;"BAR" DO ZÉ;11222333000181')
    assert caught.value.line == 2


def test_a_file_that_is_a_table_under_no_delimiter(empresas: Empresas) -> None:
    with pytest.raises(MalformedFile):
        empresas('"a"b', HEAD, GOOD)


def test_quotation_marks_inside_a_cell_are_text(empresas: Empresas) -> None:
    assert one(empresas(HEAD, '00001;BAR "DO ZÉ";11222333000181')).razao_social == 'BAR "DO ZÉ"'


# --------------------------------------------------------------------------- header and columns


def test_no_header(empresas: Empresas) -> None:
    with pytest.raises(HeaderNotFound) as caught:
        empresas("Relatório", "Código;Nome;Fax", GOOD)
    assert (caught.value.rows, caught.value.missing) == (3, ("documento",))
    assert caught.value.seen == ("Código", "Nome", "Fax")


def test_no_header_and_only_data_shows_nothing_personal(empresas: Empresas) -> None:
    with pytest.raises(HeaderNotFound) as caught:
        empresas("00001;JOÃO;529.982.247-25;joao@exemplo.com.br;2998224725;;" + "x" * 500)
    assert caught.value.seen == ("***", "JOÃO", "***", "***", "***", "x" * 40)
    assert caught.value.missing == ("codigo", "razao_social", "documento")


def test_the_header_stands_in_the_first_fifteen_rows(empresas: Empresas) -> None:
    assert empresas(*["Título"] * 7, *[""] * 7, HEAD, GOOD).records
    with pytest.raises(HeaderNotFound) as caught:
        empresas(*["Título"] * 8, *[""] * 7, HEAD, GOOD)
    assert caught.value.rows == 15


def test_the_delimiter_is_the_one_that_makes_a_header(empresas: Empresas) -> None:
    # Commas are in the majority, and a title row has tabs.
    reading = empresas("a\tb\tc", HEAD, "00001;A, B, C, D e E;11222333000181")
    assert reading.delimiter == ";"
    assert one(reading).razao_social == "A, B, C, D e E"


def test_excels_own_delimiter_row_is_above_the_header(empresas: Empresas) -> None:
    assert empresas("sep=,", HEAD.replace(";", ","), GOOD.replace(";", ",")).delimiter == ","


def test_usuarios_need_codigo_and_nome(usuarios: Usuarios) -> None:
    with pytest.raises(HeaderNotFound) as caught:
        usuarios("Nome;CPF", "Ana;52998224725")
    assert caught.value.missing == ("codigo",)


def test_columns_name_other_headers(empresas: Empresas) -> None:
    names = {"codigo": "Emp.", "razao_social": "denominação", "documento": "C.N.P.J."}
    reading = empresas("EMP;Denominação;Nome;CNPJ", "1;PADARIA;Zé;11222333000181", columns=names)
    assert one(reading).razao_social == "PADARIA"
    assert reading.columns == {"codigo": "EMP", "razao_social": "Denominação", "documento": "CNPJ"}
    assert reading.ignored == ("Nome",)


def test_columns_may_name_a_header_of_signs_only(empresas: Empresas) -> None:
    assert one(empresas("#;Nome;CNPJ", "1;BAR;11222333000181", columns={"codigo": "#"})).codigo == "00001"


def test_columns_with_a_field_that_does_not_exist(empresas: Empresas, usuarios: Usuarios) -> None:
    with pytest.raises(UnknownColumn) as caught:
        empresas(HEAD, GOOD, columns={"razao": "Nome"})
    assert caught.value.name == "razao" and "razao_social" in caught.value.known
    with pytest.raises(UnknownColumn):
        usuarios(HEAD, GOOD, columns={"razao_social": "Nome"})


def test_columns_with_a_header_that_the_file_lacks(empresas: Empresas) -> None:
    with pytest.raises(UnknownColumn) as caught:
        empresas(HEAD, GOOD, columns={"apelido": "Alcunha"})
    assert caught.value.name == "Alcunha"
    assert caught.value.known == ("Código", "Razão Social", "CNPJ")


@pytest.mark.parametrize(
    ("head", "field", "header"),
    [
        ("Nome;Razão Social;Código;CNPJ", "razao_social", "Razão Social"),
        ("Código;Empresa;Nome;CNPJ", "razao_social", "Nome"),
        ("Código;Nome;CPF;CNPJ", "documento", "CNPJ"),
        ("Código;Cód.;Nome;CNPJ", "codigo", "Código"),
        ("Código;Nome;CNPJ;cnpj", "documento", "CNPJ"),
    ],
)
def test_of_two_headers_for_one_field_the_plainer_wins_and_the_other_is_named(
    empresas: Empresas, head: str, field: str, header: str
) -> None:
    reading = empresas(head, "1;1;1;1")
    assert reading.columns[field] == header
    assert len(reading.ignored) == 1 and header not in reading.ignored


def test_the_words_tell_fields_apart() -> None:
    for layout in (EMPRESAS, USUARIOS):
        first = [words[0] for words in layout.words.values()]
        assert len(set(first)) == len(first)
        assert all(word and word == fold(word) for words in layout.words.values() for word in words)


def test_the_file_as_a_whole_is_told(empresas: Empresas) -> None:
    reading = empresas(f"{HEAD};Fax;;Obs", f"{GOOD};1;2;3", "2;BAR;191")
    assert (reading.encoding, reading.delimiter, reading.ignored) == ("utf-8", ";", ("Fax", "Obs"))
    assert reading.summary.endswith(
        "dados.csv: 2 registros lidos, 1 problema, 1 correção (utf-8, separador ';'; colunas sem uso: 2)"
    )
    assert repr(reading) == f"<Reading {reading.summary}>"
    assert empresas(HEAD, GOOD).summary.endswith(
        "1 registro lido, 0 problemas, 0 correções (utf-8, separador ';')"
    )
    assert pickle.loads(pickle.dumps(reading)) == reading


# --------------------------------------------------------------------------- PROEMP


def test_a_rows_own_proemp_goes_first(empresas: Empresas) -> None:
    reading = empresas(f"{HEAD};PROEMP", f"{GOOD};proemp07", f"{GOOD};", proemp=Proemp("PROEMP01"))
    assert [empresa.proemp.name for empresa in reading.records] == ["PROEMP07", "PROEMP01"]


def test_without_any_proemp(empresas: Empresas) -> None:
    with pytest.raises(HeaderNotFound) as caught:
        empresas(HEAD, GOOD, proemp=None)
    assert caught.value.missing == ("proemp",)
    reading = empresas(f"{HEAD};PROEMP", f"{GOOD};PROEMP07", f"{GOOD};", f"{GOOD};X", proemp=None)
    assert len(reading.records) == 1
    assert problems(reading) == [(3, "proemp", "proemp-nome"), (4, "proemp", "proemp-nome")]
    with pytest.raises(InvalidRecord):
        empresas(HEAD, GOOD, proemp="X")


# --------------------------------------------------------------------------- rows and lines


def test_lines_are_those_of_an_editor(empresas: Empresas) -> None:
    reading = empresas("Título", "", HEAD, '1;"A\nB\nC";x', "", ";;", "2;BAR;y", "3;BAZ;z")
    assert [problem.line for problem in reading.problems] == [4, 9, 10]
    assert reading.records[0].razao_social == "A\nB\nC"


def test_a_header_may_span_lines(empresas: Empresas) -> None:
    assert problems(empresas('Código;"Razão\nSocial";CNPJ', "1;BAR;x")) == [
        (3, "documento", "documento-invalido")
    ]


def test_every_fault_of_a_row_is_told(empresas: Empresas) -> None:
    reading = empresas(
        f"{HEAD};UF;Bairro;Desligamento",
        f"123456;;1,12224E+13;XX;{'B' * 31};31/02/2024;sobra;",
        GOOD,
    )
    assert len(reading.records) == 1
    assert problems(reading) == [
        (2, "data_desligamento", "data-invalida"),
        (2, "codigo", "codigo-formato"),
        (2, "razao_social", "campo-vazio"),
        (2, "bairro", "campo-longo"),
        (2, "uf", "uf-desconhecida"),
        (2, "documento", "documento-cientifico"),
        (2, "", "celulas-a-mais"),
    ]
    assert reading.problems[0].value == "31/02/2024"
    assert reading.problems[-1].value == "sobra"


def test_short_rows_have_empty_cells(empresas: Empresas) -> None:
    assert one(empresas(f"{HEAD};UF;Bairro", GOOD)).uf is None


def test_cells_beyond_the_header_refuse_the_row_without_repairs(empresas: Empresas) -> None:
    reading = empresas(HEAD, "7;BAR;11222333000181;;529.982.247-25")
    assert reading.records == () and reading.repairs == ()
    assert problems(reading) == [(2, "", "celulas-a-mais")]
    assert "529" not in repr(reading.problems) + str(reading.problems[0])


def test_cells_are_stripped_outside_and_kept_inside(empresas: Empresas) -> None:
    assert one(empresas(HEAD, "\u00a0 00001 ;\u00a0 BAR  DO\u00a0ZÉ \u00a0;11222333000181")).razao_social == (
        "BAR  DO\u00a0ZÉ"
    )


# --------------------------------------------------------------------------- código


@pytest.mark.parametrize(
    ("text", "codigo"), [("7", "00007"), ("0007", "00007"), ("0", "00000"), ("1234", "01234")]
)
def test_zeros_of_the_codigo_are_put_back(empresas: Empresas, text: str, codigo: str) -> None:
    reading = empresas(HEAD, f"{text};BAR;11222333000181")
    assert one(reading).codigo == codigo
    [repair] = reading.repairs
    assert (repair.line, repair.field, repair.before, repair.after) == (2, "codigo", text, codigo)
    assert str(repair).endswith(f"linha 2, codigo: zeros à esquerda repostos ('{text}' → '{codigo}')")


@pytest.mark.parametrize("text", ["", "A1", "-1", "1.0", "123456", "٧"])
def test_other_codigos_are_problems(empresas: Empresas, text: str) -> None:
    assert problems(empresas(HEAD, f"{text};BAR;11222333000181")) == [(2, "codigo", "codigo-formato")]


def test_the_codigo_of_a_user_is_left_alone(usuarios: Usuarios) -> None:
    [usuario] = usuarios("Código;Nome", "7;Ana").records
    assert usuario.codigo == "7"


# --------------------------------------------------------------------------- documento


def cut_zeros(base: str, size: int) -> str:
    digits = cpf_alfacnpj.calcular_dv_cnpj(base) if size == 14 else cpf_alfacnpj.calcular_dv_cpf(base)
    return (base + digits).lstrip("0")


@pytest.mark.parametrize(
    ("text", "document"),
    [
        (cut_zeros("012223330001", 14), Cnpj("01222333000128")),  # 13 digits: only a CNPJ
        (cut_zeros("001112220001", 14), Cnpj("001112220001" + cpf_alfacnpj.calcular_dv_cnpj("001112220001"))),
        (cut_zeros("012345678", 11), Cpf("012345678" + cpf_alfacnpj.calcular_dv_cpf("012345678"))),
    ],
)
def test_zeros_of_the_document_are_put_back_where_there_is_one_answer(
    empresas: Empresas, text: str, document: Cnpj | Cpf
) -> None:
    reading = empresas(HEAD, f"00001;BAR;{text}")
    assert one(reading).documento == document
    assert reading.problems == ()
    [repair] = reading.repairs
    assert (repair.field, repair.before, repair.after) == ("documento", text, document.value)
    assert text not in str(repair) + repr(repair)


@given(st.integers(1, 9999999))
def test_up_to_nine_digits_never_tell_a_cpf_from_a_cnpj(number: int) -> None:
    # Both weigh the last eight digits with 2 to 9: so such a text is never repaired, not even for a CPF
    # that only lost two zeros.
    base = str(number)
    as_cpf = cut_zeros(base.zfill(9), 11)
    as_cnpj = cut_zeros(base.zfill(12), 14)
    assert as_cpf == as_cnpj
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dados.csv"
        write(path, [HEAD, f"00001;BAR;{as_cpf}"])
        assert problems(read_empresas(path, proemp="PROEMP00")) == [(2, "documento", "documento-ambiguo")]


def test_eleven_digits_that_are_a_cpf_are_that_cpf(empresas: Empresas) -> None:
    reading = empresas(HEAD, "00001;BAR;52998224725")
    assert (one(reading).documento, reading.repairs) == (Cpf("52998224725"), ())


def test_eleven_digits_that_are_no_cpf_may_be_a_cnpj_without_its_zeros(empresas: Empresas) -> None:
    base = "000123450001"
    text = cut_zeros(base, 14)
    assert len(text) == 11 and not Cpf.is_valid(text)
    assert one(empresas(HEAD, f"00001;BAR;{text}")).documento == Cnpj("000" + text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("191", "documento-ambiguo"),
        ("11222333000182", "cnpj-digito"),
        ("11.222.333/0001-82", "cnpj-digito"),
        (CPF_BAD, "cpf-digito"),
        ("529.982.247-26", "cpf-digito"),
        ("1,12224E+13", "documento-cientifico"),
        ("1.12224e13", "documento-cientifico"),
        ("isento", "documento-invalido"),
        ("123", "documento-invalido"),
        ("0", "documento-invalido"),
        ("00000000000000", "cnpj-digito"),
        ("1.222.333/0001-28", "documento-invalido"),  # a mask is no spreadsheet's work: not padded
    ],
)
def test_a_bad_document_is_a_problem_and_the_record_goes_on(empresas: Empresas, text: str, code: str) -> None:
    reading = empresas(HEAD, f"00001;BAR;{text}")
    assert one(reading).documento == text
    assert problems(reading) == [(2, "documento", code)]
    assert reading.problems[0].value == text
    assert reading.repairs == ()


@pytest.mark.parametrize("text", ["", "  .   .   /    -  "])
def test_a_missing_document_is_a_problem_and_the_record_goes_on(empresas: Empresas, text: str) -> None:
    reading = empresas(HEAD, f"00001;BAR;{text}")
    assert one(reading).documento == ""
    assert problems(reading) == [(2, "documento", "documento-vazio")]


def test_personal_values_are_kept_and_not_shown(empresas: Empresas, usuarios: Usuarios) -> None:
    by_company = empresas(HEAD, f"00001;BAR;{CPF_BAD}", f"JOAO 52998224725;BAR;{CPF_BAD}")
    by_user = usuarios("Código;Nome;CPF;Admin", f"1;Ana;{CPF_BAD};ana@exemplo.com.br")
    for reading in (by_company, by_user):
        for problem in reading.problems:
            shown = f"{problem}{problem!r}{reading}{reading!r}"
            assert "5299822472" not in shown and "ana@" not in shown
    assert CPF_BAD in [problem.value for problem in by_company.problems]
    assert CPF_BAD in [problem.value for problem in by_user.problems]


def test_problem_and_repair_show_themselves() -> None:
    problem = Problem("e.csv", 7, "uf", "XX", "não é a sigla", "uf-desconhecida")
    assert str(problem) == "e.csv, linha 7, uf: não é a sigla ('XX')"
    assert repr(problem) == (
        "Problem(file='e.csv', line=7, field='uf', value='XX', message='não é a sigla', code='uf-desconhecida')"
    )
    assert str(Problem("e.csv", 7, "", "", "sobra", "x")) == "e.csv, linha 7: sobra"
    hidden = Problem("e.csv", 7, "cpf", CPF_BAD, "inválido", "cpf-invalido")
    assert str(hidden) == "e.csv, linha 7, cpf: inválido" and "value='***'" in repr(hidden)
    repair = Repair("e.csv", 7, "cpf", "1", "00000000001", "zeros")
    assert str(repair) == "e.csv, linha 7, cpf: zeros"
    assert "before='***', after='***'" in repr(repair)
    assert "before='7', after='00007'" in repr(Repair("e.csv", 7, "codigo", "7", "00007", "zeros"))
    assert pickle.loads(pickle.dumps((problem, repair))) == (problem, repair)


# --------------------------------------------------------------------------- dates, CEP, address


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("29/02/2024", date(2024, 2, 29)),
        ("2024-02-29", date(2024, 2, 29)),
        ("29/02/2024 00:00", date(2024, 2, 29)),
        ("29/02/2024 00:00:00", date(2024, 2, 29)),
        ("2024-02-29T00:00:00", date(2024, 2, 29)),
        ("2024-02-29 00:00:00.000", date(2024, 2, 29)),
        ("", None),
        ("  /  /    ", None),
        ("__/__/____", None),
        ("00/00/0000", None),
        ("0000-00-00", None),
        ("00/00/0000 00:00:00", None),
    ],
)
def test_dates(empresas: Empresas, text: str, day: date | None) -> None:
    empresa = one(empresas(f"{HEAD};Data de Saída", f"{GOOD};{text}"))
    assert (empresa.data_desligamento, empresa.desligada) == (day, day is not None)


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2024",
        "2024-02-30",
        "02/29/2024",
        "1/2/2024",
        "29/02/24",
        "29/02/2024 13:05",
        "0000-01-01",
        "ontem",
        "45351",
    ],
)
def test_other_dates_are_problems(empresas: Empresas, usuarios: Usuarios, text: str) -> None:
    reading = empresas(f"{HEAD};Data de Saída", f"{GOOD};{text}", f"{GOOD};")
    assert problems(reading) == [(2, "data_desligamento", "data-invalida")]
    assert len(reading.records) == 1
    assert problems(usuarios("Código;Nome;Desligado em", f"1;Ana;{text}")) == problems(reading)


def test_an_empty_mask_of_the_cep_is_missing(empresas: Empresas) -> None:
    reading = empresas(f"{HEAD};CEP", f"{GOOD};     -   ", f"{GOOD};01000-000")
    assert [empresa.cep for empresa in reading.records] == [None, "01000-000"]


def test_type_and_name_of_the_street_are_joined(empresas: Empresas) -> None:
    reading = empresas(
        f"{HEAD};Tipo Logradouro;Logradouro", f"{GOOD};Rua;das Flores", f"{GOOD};;Rua das Flores"
    )
    assert [empresa.endereco for empresa in reading.records] == ["Rua das Flores"] * 2


def test_logradouro_is_gaps_type_beside_endereco_and_the_address_alone(empresas: Empresas) -> None:
    assert one(empresas(f"{HEAD};Logradouro;Endereço", f"{GOOD};Rua;das Flores")).endereco == "Rua das Flores"
    assert one(empresas(f"{HEAD};Logradouro", f"{GOOD};Rua das Flores")).endereco == "Rua das Flores"


def test_the_parts_of_the_address_have_sizes_of_their_own(empresas: Empresas) -> None:
    head = f"{HEAD};Tipo;Endereço"
    assert len(one(empresas(head, f"{GOOD};{'A' * 10};{'B' * 60}")).endereco or "") == 71
    assert problems(empresas(head, f"{GOOD};{'A' * 11};{'B' * 61}")) == [
        (2, "tipo_logradouro", "campo-longo"),
        (2, "endereco", "campo-longo"),
    ]
    # Under the 70 of the line, over the 60 of the name.
    assert problems(empresas(head, f"{GOOD};Rua;{'B' * 61}")) == [(2, "endereco", "campo-longo")]
    assert one(empresas(head, f"{GOOD};;{'B' * 70}")).endereco == "B" * 70


# --------------------------------------------------------------------------- users


@pytest.mark.parametrize("text", ["S", "s", "SIM", "Sim", "1", "X", "x", "true", "VERDADEIRO"])
def test_admin_yes(usuarios: Usuarios, text: str) -> None:
    assert usuarios("Código;Nome;Admin", f"1;Ana;{text}").records[0].admin


@pytest.mark.parametrize("text", ["N", "n", "NAO", "Não", "0", "", "false", "FALSO"])
def test_admin_no(usuarios: Usuarios, text: str) -> None:
    assert not usuarios("Código;Nome;Admin", f"1;Ana;{text}").records[0].admin


def test_admin_that_is_neither(usuarios: Usuarios) -> None:
    reading = usuarios("Código;Nome;Admin", "1;Ana;talvez", "2;Bia;S")
    assert problems(reading) == [(2, "admin", "admin-invalido")]
    assert [usuario.codigo for usuario in reading.records] == ["2"]


@pytest.mark.parametrize(
    ("text", "cpf", "codes"),
    [
        ("529.982.247-25", Cpf("52998224725"), []),
        ("191", Cpf("00000000191"), []),
        ("", None, []),
        ("   .   .   -  ", None, []),
        (CPF_BAD, CPF_BAD, ["cpf-invalido"]),
        ("123", "123", ["cpf-invalido"]),
        ("11222333000181", "11222333000181", ["cpf-invalido"]),
        ("5,29982E+10", "5,29982E+10", ["documento-cientifico"]),
    ],
)
def test_cpf_of_a_user(usuarios: Usuarios, text: str, cpf: Cpf | str | None, codes: list[str]) -> None:
    reading = usuarios("Código;Nome;CPF", f"1;Ana;{text}")
    assert reading.records[0].cpf == cpf
    assert [problem.code for problem in reading.problems] == codes
    assert [repair.field for repair in reading.repairs] == (["cpf"] if text == "191" else [])


def test_usuario_words(usuarios: Usuarios) -> None:
    assert usuarios("Código;Usuário", "1;Ana").columns == {"codigo": "Código", "nome": "Usuário"}
    assert usuarios("Usuário;Nome", "1;Ana").columns == {"codigo": "Usuário", "nome": "Nome"}


def test_a_path_may_be_a_text(file: Path) -> None:
    write(file, [HEAD, GOOD])
    assert read_empresas(str(file), proemp="PROEMP00") == read_empresas(file, proemp="PROEMP00")


def test_messages_are_for_the_person_and_codes_for_the_program(empresas: Empresas) -> None:
    reading = empresas(f"{HEAD};UF", "1;;191;XX", "2;BAR;x;", "3;BAR;;")
    for problem in reading.problems:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", problem.code)
        assert problem.message and problem.message[0].islower()


def test_a_text_is_read_without_what_a_workbook_takes(file: Path) -> None:
    write(file, (HEAD, GOOD))
    code = (
        "import sys; from econtador import read_empresas; read_empresas(sys.argv[1], proemp='PROEMP00'); "
        "print(sorted({'econtador.gap.sheets', 'urllib.request', 'ssl'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
