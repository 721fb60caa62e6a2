"""From one row of texts to one record, with every fault of the row and every repair.

A row here is a mapping, our field name to text, so that a CSV line, a spreadsheet's row and a row of a
database come to the same thing.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Final, Generic, TypeVar

from attrs import field, frozen

from econtador.documents import Cnpj, Cpf, parse
from econtador.errors import Fault, InvalidDocument, InvalidRecord
from econtador.gap.models import (
    TAMANHOS_LOGRADOURO,
    EmpresaGap,
    Proemp,
    UsuarioGap,
    linha_de_endereco,
)

__all__ = ["Outcome", "Zeros", "date_of", "empresa_from_row", "usuario_from_row"]

R = TypeVar("R")
D = TypeVar("D", Cnpj, Cpf, Cnpj | Cpf)

_DATE: Final = re.compile(
    r"(?:(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>[0-9]{4})|(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2}))"
    r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"
)
# What Windows forms leave of an empty masked field, and the date that some systems write for none.
_EMPTY_MASK: Final = re.compile(r"[\s./_-]*")
_EMPTY_DATE: Final = re.compile(r"(?:[\s/_-]*|00/00/0000|0000-00-00)(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_SCIENTIFIC: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?[Ee]\+?[0-9]+")
_SHORT_CODIGO: Final = re.compile(r"[0-9]{1,4}")
_SHORT_NUMBER: Final = re.compile(r"[0-9]{1,13}")

_ADMIN: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("S", "SIM", "1", "X", "TRUE", "VERDADEIRO"), True),
    **dict.fromkeys(("N", "NAO", "NÃO", "0", "", "FALSE", "FALSO"), False),
}

_BY_LENGTH: Final[Mapping[int, tuple[str, str]]] = {
    14: ("cnpj-digito", "não é um CNPJ válido: confira os dígitos"),
    11: ("cpf-digito", "não é um CPF válido: confira os dígitos"),
}
_SCIENTIFIC_FAULT: Final = (
    "documento-cientifico",
    "a planilha gravou o número em notação científica e perdeu dígitos: formate a coluna como texto e exporte de novo",
)


_DOCUMENTS: Final = frozenset({"documento", "cpf"})
"""Theirs is a fault of its own, which leaves the record in the plan."""

# What stands in a cell and is none of its words.
_UNREADABLE: Final = (
    # UTF-16 without its mark is read as UTF-8: its header is known, and a NUL stands between the letters.
    (
        re.compile("\0"),
        "campo-ilegivel",
        "tem o caractere NUL, que não é texto: confira a codificação do arquivo",
    ),
    (
        re.compile(r"\A#(?:N/A|N/D|REF!|DIV/0!|VALUE!|VALOR!|NAME\?|NOME\?|NUM!|NÚM!|NULL!|NULO!)\Z"),
        "celula-com-erro",
        "a fórmula da planilha deu erro: corrija-a, ou apague a célula",
    ),
    (
        re.compile(r"\A[0-9](?:[.,][0-9]+)?E\+[0-9]{2}\Z"),
        "campo-cientifico",
        "a planilha gravou o número em notação científica e perdeu dígitos: formate a coluna como texto e exporte de novo",
    ),
)

_SUSPECT: Final = re.compile(r"\0|#|E\+")
"""In every text that one of them matches: nearly no row has it, and one search is cheaper than many."""


@frozen
class Zeros:
    """Zeros put back into the field `name`; the row's `Repair` before it has a file and a line."""

    name: str
    before: str = field(repr=False)
    after: str = field(repr=False)


@frozen
class Outcome(Generic[R]):
    """What came of one row. A fault together with a record is one that the plan has to name."""

    record: R | None
    faults: tuple[Fault, ...]
    zeros: tuple[Zeros, ...]


# --------------------------------------------------------------------------- single cells


def date_of(name: str, text: str, faults: list[Fault]) -> datetime.date | None:
    """The day that *text* is; None for what stands for none, and for what is no date, which *faults* then tells."""
    if _EMPTY_DATE.fullmatch(text):
        return None
    if found := _DATE.fullmatch(text):
        iso = found["iso"] or f"{found['year']}-{found['month']}-{found['day']}"
        try:
            return datetime.date.fromisoformat(iso)
        except ValueError:
            pass  # 31/02: of the right form, and no day
    faults.append(Fault(name, "data-invalida", "não é uma data: escreva dd/mm/aaaa"))
    return None


def _admin(text: str, faults: list[Fault]) -> bool:
    known = _ADMIN.get(text.upper())
    if known is None:
        faults.append(Fault("admin", "admin-invalido", "não é sim nem não: escreva S ou N"))
    return bool(known)


def _codigo(text: str, zeros: list[Zeros]) -> str:
    if not _SHORT_CODIGO.fullmatch(text):
        return text
    zeros.append(Zeros("codigo", text, text.zfill(5)))
    return text.zfill(5)


def _try(kind: Callable[[str], D], text: str) -> D | None:
    try:
        return kind(text)
    except InvalidDocument:
        return None


def _padded(text: str) -> list[Cnpj | Cpf]:
    """The documents that *text* may have been before its zeros were eaten.

    Both kinds weigh their last eight digits alike, so up to 9 digits are always both or neither: only
    10 digits and more can tell.
    """
    if not _SHORT_NUMBER.fullmatch(text):
        return []
    cnpj = _try(Cnpj, text.zfill(14))
    cpf = _try(Cpf, text.zfill(11)) if len(text) < 11 else None
    return [document for document in (cnpj, cpf) if document is not None]


def _document_fault(name: str, text: str) -> Fault:
    if _SCIENTIFIC.fullmatch(text):
        return Fault(name, *_SCIENTIFIC_FAULT)
    length = len(re.sub(r"[./\s-]", "", text))
    unknown = ("documento-invalido", "não é um CNPJ (14 caracteres) nem um CPF (11 dígitos)")
    return Fault(name, *_BY_LENGTH.get(length, unknown))


def _documento(text: str, faults: list[Fault], zeros: list[Zeros]) -> Cnpj | Cpf | str:
    if _EMPTY_MASK.fullmatch(text):
        faults.append(Fault("documento", "documento-vazio", "falta o CNPJ ou CPF"))
        return ""
    if document := _try(parse, text):
        return document
    match _padded(text):
        case [document]:
            zeros.append(Zeros("documento", text, document.value))
            return document
        case []:
            faults.append(_document_fault("documento", text))
        case _:
            told = "com os zeros repostos tanto pode ser um CNPJ como um CPF: escreva-o inteiro"
            faults.append(Fault("documento", "documento-ambiguo", told))
    return text


def _cpf(text: str, faults: list[Fault], zeros: list[Zeros]) -> Cpf | str | None:
    if _EMPTY_MASK.fullmatch(text):
        return None
    if document := _try(Cpf, text):
        return document
    if _SHORT_NUMBER.fullmatch(text) and len(text) < 11 and (document := _try(Cpf, text.zfill(11))):
        zeros.append(Zeros("cpf", text, document.value))
        return document
    scientific = _SCIENTIFIC.fullmatch(text)
    told = _SCIENTIFIC_FAULT if scientific else ("cpf-invalido", "não é um CPF válido: confira os 11 dígitos")
    faults.append(Fault("cpf", *told))
    return text


def _endereco(row: Mapping[str, str], faults: list[Fault]) -> str:
    if row.get("tipo_logradouro"):  # the parts have sizes of their own
        faults.extend(
            Fault(name, "campo-longo", f"tem {len(row[name])} caracteres e o GAP guarda {size}")
            for name, size in TAMANHOS_LOGRADOURO.items()
            if len(row.get(name, "")) > size
        )
    return linha_de_endereco(row.get("tipo_logradouro"), row.get("endereco"))


# --------------------------------------------------------------------------- rows


def _unreadable(row: Mapping[str, str]) -> list[Fault]:
    if not _SUSPECT.search("\n".join(row.values())):
        return []
    return [
        Fault(name, code, told)
        for name, text in row.items()
        for pattern, code, told in _UNREADABLE
        if pattern.search(text) and not (code == "campo-cientifico" and name in _DOCUMENTS)
    ]


def _outcome(build: Callable[[], R], fatal: list[Fault], told: list[Fault], zeros: list[Zeros]) -> Outcome[R]:
    """*fatal* faults keep the record out; *told* ones (a document) go along with it."""
    record: R | None = None
    try:
        record = build()
    except InvalidRecord as error:
        named = {fault.field for fault in fatal}
        fatal.extend(fault for fault in error.faults if fault.field not in named)
    if fatal:
        return Outcome(None, (*fatal, *told), ())
    return Outcome(record, tuple(told), tuple(zeros))


def empresa_from_row(row: Mapping[str, str], proemp: Proemp | None = None) -> Outcome[EmpresaGap]:
    """One company of a row of stripped texts; *proemp* is for a row that names none.

    Never raises for what the row holds.

    >>> out = empresa_from_row({"codigo": "7", "razao_social": "PADARIA", "documento": "1222333000128"},
    ...                        Proemp("PROEMP00"))
    >>> out.record.codigo, out.record.documento, out.zeros[0].name
    ('00007', Cnpj('01.222.333/0001-28'), 'codigo')
    """
    fatal = _unreadable(row)
    told: list[Fault] = []
    zeros: list[Zeros] = []
    codigo = _codigo(row.get("codigo", ""), zeros)
    documento = _documento(row.get("documento", ""), told, zeros)
    endereco = _endereco(row, fatal)
    desligamento = date_of("data_desligamento", row.get("data_desligamento", ""), fatal)

    def build() -> EmpresaGap:
        cep = row.get("cep", "")
        return EmpresaGap(
            codigo,
            row.get("proemp") or proemp or "",
            row.get("razao_social", ""),
            documento,
            inscricao_estadual=row.get("inscricao_estadual"),
            inscricao_municipal=row.get("inscricao_municipal"),
            endereco=endereco,
            bairro=row.get("bairro"),
            atividade=row.get("atividade"),
            apelido=row.get("apelido"),
            numero=row.get("numero"),
            complemento=row.get("complemento"),
            municipio=row.get("municipio"),
            uf=row.get("uf"),
            cep=None if _EMPTY_MASK.fullmatch(cep) else cep,
            cnae=row.get("cnae"),
            data_desligamento=desligamento,
        )

    return _outcome(build, fatal, told, zeros)


def usuario_from_row(row: Mapping[str, str]) -> Outcome[UsuarioGap]:
    """One user of a row of stripped texts. Never raises for what the row holds.

    >>> out = usuario_from_row({"codigo": "ANA", "nome": "Ana Lima", "cpf": "123", "admin": "talvez"})
    >>> out.record, [fault.code for fault in out.faults]
    (None, ['admin-invalido', 'cpf-invalido'])
    """
    fatal = _unreadable(row)
    told: list[Fault] = []
    zeros: list[Zeros] = []
    cpf = _cpf(row.get("cpf", ""), told, zeros)
    admin = _admin(row.get("admin", ""), fatal)
    desligamento = date_of("data_desligamento", row.get("data_desligamento", ""), fatal)

    def build() -> UsuarioGap:
        return UsuarioGap(
            row.get("codigo", ""),
            row.get("nome", ""),
            cpf,
            row.get("email"),
            grupo=row.get("grupo"),
            admin=admin,
            data_desligamento=desligamento,
        )

    return _outcome(build, fatal, told, zeros)
