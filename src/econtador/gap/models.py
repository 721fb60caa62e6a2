"""What GAP holds of a company and of a user, as far as the integration needs it.

A record that GAP itself could not hold does not come to be: its constructor raises one
`InvalidRecord` that names every fault. A record that GAP can hold and the portal would refuse
(an invalid document, no e-mail) does come to be, since the plan has to name it.

Sizes are characters. Texts are kept as given; only blank ones become ``None``.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import Final, cast

from attrs import field, fields_dict, frozen

from econtador.documents import Cnpj, Cpf, parse
from econtador.errors import Fault, InvalidDocument, InvalidRecord, redact
from econtador.overriding import override

__all__ = [
    "TAMANHOS_EMPRESA",
    "TAMANHOS_LOGRADOURO",
    "TAMANHOS_USUARIO",
    "UFS",
    "EmpresaGap",
    "Operador",
    "Proemp",
    "UsuarioGap",
    "linha_de_endereco",
]

TAMANHOS_EMPRESA: Final[Mapping[str, int]] = {
    "razao_social": 60,
    "apelido": 20,
    "inscricao_estadual": 20,
    "inscricao_municipal": 20,
    "endereco": 70,
    "numero": 10,
    "complemento": 20,
    "bairro": 30,
    "municipio": 30,
    "uf": 2,
    "cep": 9,
    "atividade": 100,
}
"""GAP's sizes of a company's fields: razão social, both inscrições, endereço, bairro and atividade from
the article EC1, the others from the variables of the vendor's article F23."""

TAMANHOS_LOGRADOURO: Final[Mapping[str, int]] = {"tipo_logradouro": 10, "endereco": 60}
"""The two parts of the address line, from F23 (``$ LOGRAD`` and ``$ ENDERECO``)."""

TAMANHOS_USUARIO: Final[Mapping[str, int]] = {"codigo": 20, "nome": 60}
"""*Assumed*: no page says how long a user's code and name may be."""

UFS: Final = frozenset(
    "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO".split()  # noqa: SIM905 - one line
)
"""The 26 states and the Distrito Federal."""

_CODIGO = re.compile(r"[0-9]{5}")
_PROEMP = re.compile(r"PROEMP[0-9]{2}")
_HALF = re.compile("[\ud800-\udfff]")  # of a surrogate pair: it can be neither kept nor sent
# GAP's size of a CNAE is not known; only that it is a text is checked.
_TEXTOS_EMPRESA: Final[Mapping[str, int | None]] = {**TAMANHOS_EMPRESA, "cnae": None}
_TEXTOS_USUARIO: Final[Mapping[str, int | None]] = {**TAMANHOS_USUARIO, "email": None, "grupo": None}

_PROEMP_FAULT = Fault(
    "proemp", "proemp-nome", "não é uma PROEMP: escreva PROEMP e dois dígitos, como PROEMP00"
)


def linha_de_endereco(tipo: str | None, nome: str | None) -> str:
    """Join the street's type and name into the one line that the portal has; a missing part is left out.

    >>> linha_de_endereco("Rua", "das Flores")
    'Rua das Flores'
    >>> linha_de_endereco(None, "Rua das Flores")
    'Rua das Flores'
    """
    return " ".join(part for part in (tipo, nome) if part)


# --------------------------------------------------------------------------- converters
# They take what they cannot convert as it is: the faults are told together, after all of them ran.


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _stripped(text: str) -> str:
    return text.strip() if _is_text(text) else text


def _to_uf(text: str | None) -> str | None:
    return text.strip().upper() or None if text is not None and _is_text(text) else text


def _to_proemp(value: "str | Proemp") -> "Proemp":
    if isinstance(value, Proemp):
        return value
    try:
        return Proemp(value)
    except InvalidRecord:
        # Never seen outside: `EmpresaGap` makes a fault of it, together with the record's others.
        return cast("Proemp", None)


def _to_documento(value: str | Cnpj | Cpf) -> Cnpj | Cpf | str:
    if isinstance(value, Cnpj | Cpf):
        return value
    try:
        return parse(value)
    except InvalidDocument:
        return value


def _to_cpf(value: str | Cpf | None) -> Cpf | str | None:
    if value is None or isinstance(value, Cpf):
        return value
    if _is_blank(value):
        return None
    try:
        return Cpf(value)
    except InvalidDocument:
        return value


def _to_day(value: datetime.date | None) -> datetime.date | None:
    return value.date() if isinstance(value, datetime.datetime) else value


# --------------------------------------------------------------------------- faults


def _joined(name: str, text: str, size: int) -> bool:
    # EC1 gives endereço 70, F23 gives type 10 and name 60: whether GAP counts the space that joins
    # them is open. So 71 is taken when it can only be a full type, that space, and a full name.
    return name == "endereco" and len(text) == size + 1 and text[10] == " "


def _settle_texts(record: object, sizes: Mapping[str, int | None], *required: str) -> Iterator[Fault]:
    """Make None of the blank texts, and tell what is wrong with the others.

    Both in one pass, with no more looks at a text than it needs: a company takes 4.5 µs, nearly all of it here, and 6.8
    with a converter for each field.
    """
    for name, size in sizes.items():
        value: object = getattr(record, name)
        if value is None and name not in required:
            continue
        if not isinstance(value, str):
            yield Fault(name, "campo-tipo", "não é um texto")
        elif not value.strip():
            if name in required:
                yield Fault(name, "campo-vazio", "está vazio e é obrigatório")
            else:
                object.__setattr__(record, name, None)
        elif not value.isprintable() and _HALF.search(value):  # a half is not printable
            yield Fault(name, "campo-ilegivel", "tem a metade de um caractere: confira a codificação")
        elif size is not None and len(value) > size and not _joined(name, value, size):
            yield Fault(name, "campo-longo", f"tem {len(value)} caracteres e o GAP guarda {size}")


def _is(value: object, *kinds: type) -> bool:
    # Asked and not trusted: a pandas NaT or a text in the date would make a company `desligada` in silence.
    return isinstance(value, kinds)


def _type_fault(name: str, wanted: str) -> Fault:
    return Fault(name, "campo-tipo", f"não é {wanted}")


def _empresa_faults(empresa: "EmpresaGap") -> Iterator[Fault]:
    if not (_is_text(empresa.codigo) and _CODIGO.fullmatch(empresa.codigo)):
        yield Fault("codigo", "codigo-formato", "não tem exatamente 5 dígitos, como 00001")
    if not empresa.proemp:
        yield _PROEMP_FAULT
    if not _is(empresa.documento, Cnpj, Cpf, str):
        yield _type_fault("documento", "um CNPJ, um CPF ou um texto")
    yield from _settle_texts(empresa, _TEXTOS_EMPRESA, "razao_social")
    if isinstance(empresa.uf, str) and empresa.uf not in UFS:
        yield Fault("uf", "uf-desconhecida", "não é a sigla de um estado ou do Distrito Federal")
    if not _is(empresa.data_desligamento, datetime.date, NoneType):
        yield _type_fault("data_desligamento", "uma data")


def _usuario_faults(usuario: "UsuarioGap") -> Iterator[Fault]:
    yield from _settle_texts(usuario, _TEXTOS_USUARIO, *TAMANHOS_USUARIO)
    if not _is(usuario.cpf, Cpf, str, NoneType):
        yield _type_fault("cpf", "um CPF ou um texto")
    if not _is(usuario.admin, bool):
        yield _type_fault("admin", "verdadeiro ou falso")
    if not _is(usuario.data_desligamento, datetime.date, NoneType):
        yield _type_fault("data_desligamento", "uma data")


def _raise_if_any(kind: str, codigo: object, faults: Iterable[Fault]) -> None:
    found = tuple(faults)
    if found:
        # A código of another length may be a column gone astray, and so a person's CPF.
        shown = codigo if isinstance(codigo, str) and len(codigo) <= 6 else "***"
        raise InvalidRecord(kind, shown, found)


# --------------------------------------------------------------------------- values


def _to_proemp_name(text: str) -> str:
    name = text.strip().upper() if _is_text(text) else ""
    if not _PROEMP.fullmatch(name):
        raise InvalidRecord("proemp", "***" if len(name) > 8 else name, (_PROEMP_FAULT,))
    return name


@frozen(order=True, weakref_slot=False)
class Proemp:
    """The work folder ("pasta de trabalho") that holds a set of companies: ``PROEMP00``.

    One folder name is attested (article A707); that every one is PROEMP and two digits is inferred
    from it, and the upper limit, 99, is *assumed*. EC1 writes PROEMP, its older version ProEmp: case
    does not count.

    :raises InvalidRecord: another name.

    >>> Proemp("ProEmp00")
    Proemp(name='PROEMP00')
    >>> str(Proemp("PROEMP07"))
    'PROEMP07'
    """

    name: str = field(converter=_to_proemp_name)

    @override
    def __str__(self) -> str:
        return self.name


def _to_operador_name(text: str) -> str:
    name = text.strip().upper()
    if not name:
        raise InvalidRecord("operador", "", (Fault("name", "campo-vazio", "está vazio e é obrigatório"),))
    return name


@frozen(weakref_slot=False)
class Operador:
    """Who runs the integration at GAP. It must be the user ADMIN (article EC1).

    That GAP's user names do not tell upper from lower case is *assumed*.

    :raises InvalidRecord: an empty name.

    >>> Operador("admin").is_admin
    True
    """

    name: str = field(converter=_to_operador_name)

    @property
    def is_admin(self) -> bool:
        """Whether this is GAP's user ADMIN."""
        return self.name == "ADMIN"

    @override
    def __str__(self) -> str:
        return self.name


# --------------------------------------------------------------------------- records

_HIDDEN: Final = frozenset({"cpf", "email"})


def _shown(value: object) -> str:
    # A MEI's razão social commonly ends in the owner's CPF, and a código may be one: hence redact.
    return repr(redact(value)) if isinstance(value, str) else repr(value)


def _record_repr(record: "EmpresaGap | UsuarioGap") -> str:
    """What is filled in; an invalid document is `***`, since it may be a person's with a typing error."""
    shown: list[str] = []
    for name in fields_dict(type(record)):
        value: object = getattr(record, name)
        if value is None or value is False or name in _HIDDEN:
            continue
        hidden = name == "documento" and isinstance(value, str) and value
        shown.append(f"{name}={'***' if hidden else _shown(value)}")
    return f"{type(record).__name__}({', '.join(shown)})"


@frozen(repr=False, weakref_slot=False)
class EmpresaGap:
    """A company as it stands in GAP's Cadastro de Empresas. Its natural key is (`proemp`, `codigo`).

    :raises InvalidRecord: GAP could not hold it; every fault is named at once.

    >>> EmpresaGap("00007", "PROEMP00", "PADARIA DO ZÉ LTDA", "11.222.333/0001-81", uf="sp")
    ... # doctest: +NORMALIZE_WHITESPACE
    EmpresaGap(codigo='00007', proemp=Proemp(name='PROEMP00'), razao_social='PADARIA DO ZÉ LTDA',
               documento=Cnpj('11.222.333/0001-81'), uf='SP')
    >>> EmpresaGap("7", "PROEMP00", "", "", uf="XX")
    Traceback (most recent call last):
        ...
    econtador.errors.InvalidRecord: empresa 7: codigo: não tem exatamente 5 dígitos, como 00001; \
razao_social: está vazio e é obrigatório; uf: não é a sigla de um estado ou do Distrito Federal
    """

    codigo: str = field(converter=_stripped)
    """Exactly 5 digits with the zeros, ``00001`` (article A707)."""
    proemp: Proemp = field(converter=_to_proemp)
    razao_social: str
    documento: Cnpj | Cpf | str = field(converter=_to_documento)
    """A `str` is a text that is neither, as written (it may be empty): GAP can hold it, the policy
    refuses it by name."""
    inscricao_estadual: str | None = None
    inscricao_municipal: str | None = None
    endereco: str | None = None
    """The whole line: type of street, a space, name; see `linha_de_endereco`. Up to 70 characters, or
    71 when the eleventh is the space: EC1's 70 are F23's type 10 and name 60, and whether the space
    counts is open."""
    bairro: str | None = None
    atividade: str | None = None
    apelido: str | None = None
    numero: str | None = None
    complemento: str | None = None
    municipio: str | None = None
    uf: str | None = field(default=None, converter=_to_uf)
    cep: str | None = None
    cnae: str | None = None
    data_desligamento: datetime.date | None = field(default=None, converter=_to_day)
    """*Assumed* for companies; attested for users (article I510)."""

    def __attrs_post_init__(self) -> None:
        _raise_if_any("empresa", self.codigo, _empresa_faults(self))

    @property
    def desligada(self) -> bool:
        """Whether the company is Desligada. Any date means so, past or to come: *assumed*."""
        return self.data_desligamento is not None

    @override
    def __repr__(self) -> str:
        return _record_repr(self)


@frozen(repr=False, weakref_slot=False)
class UsuarioGap:
    """A user as it stands in GAP's Gerenciamento de Grupos e Usuários. ``repr`` shows no CPF and no e-mail.

    GAP demands código, nome and CPF, and leaves the e-mail open (article I510); here the CPF may be
    missing as well, so that the plan can name who lacks it.

    :raises InvalidRecord: GAP could not hold it; every fault is named at once.

    >>> UsuarioGap("ANA", "Ana Lima", "529.982.247-25", "ana@exemplo.com.br", admin=True)
    UsuarioGap(codigo='ANA', nome='Ana Lima', admin=True)
    """

    codigo: str = field(converter=_stripped)
    """1 to 20 characters: *assumed*."""
    nome: str
    """Up to 60 characters: *assumed*."""
    cpf: Cpf | str | None = field(default=None, converter=_to_cpf)
    """A `str` is a text that is no CPF, as written."""
    email: str | None = None
    grupo: str | None = None
    admin: bool = False
    data_desligamento: datetime.date | None = field(default=None, converter=_to_day)

    def __attrs_post_init__(self) -> None:
        _raise_if_any("usuario", self.codigo, _usuario_faults(self))

    @property
    def desligado(self) -> bool:
        """Whether the user is desligado. Any date means so, past or to come: *assumed*."""
        return self.data_desligamento is not None

    @override
    def __repr__(self) -> str:
        return _record_repr(self)
