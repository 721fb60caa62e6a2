"""CNPJ and CPF: values that are valid from the moment they exist.

Own code and no library: every one that was tried is wrong on something (masks, lower case, a CPF
of one repeated digit, Banco do Brasil's CNPJ). Inscrição estadual has no type here: it stays text.

A text is never padded and never cleared of its letters: since July 2026 a CNPJ may have letters in
its first twelve positions (IN RFB 2.119/2022 as changed by IN RFB 2.229/2024, Annex XV), and whether
zeros are missing is a question for who reads a spreadsheet, not for the document.
"""

from operator import mul

from attrs import field, frozen

from econtador.errors import InvalidDocument
from econtador.overriding import override

__all__ = ["Cnpj", "Cpf", "parse"]

_DIGITS = frozenset("0123456789")
_LETTERS_AND_DIGITS = _DIGITS | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _weights(second: tuple[int, ...]) -> tuple[tuple[int, ...], int]:
    """The weights of both check digits in one number each, so that one sum is both; and what that sum begins at.

    The row of the first check digit is that of the second without its head. No sum comes near to ``1 << 16``, and a
    character is worth its code less 48.
    """
    both = tuple(head << 16 | tail for head, tail in zip(second[1:], second[:-1], strict=True))
    return both, -48 * sum(both)


_CNPJ_WEIGHTS = _weights((6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2))
_CPF_WEIGHTS = _weights((11, 10, 9, 8, 7, 6, 5, 4, 3, 2))


def _compact(kind: str, text: object, alphabet: frozenset[str] = _LETTERS_AND_DIGITS) -> str:
    # `object`: what a notebook or a database hands over is not always the text that was promised.
    if not isinstance(text, str):
        raise InvalidDocument(kind, "not a text")
    # Before upper(): it would make an ASCII letter of some that are not ('ı' to 'I', 'ſ' to 'S').
    if not text.isascii():
        raise InvalidDocument(kind, "a character outside ASCII")
    compact = text.replace(".", "").replace("-", "").replace("/", "").replace(" ", "")
    if compact.isdigit():  # as nearly all are
        return compact
    compact = compact.upper()
    if not alphabet.issuperset(compact):
        raise InvalidDocument(kind, "a character that it cannot have")
    return compact


def _checked(kind: str, compact: str, size: int, weights: tuple[tuple[int, ...], int]) -> str:
    if len(compact) != size:
        raise InvalidDocument(kind, f"{len(compact)} characters, not {size}")
    told = compact[-2:]
    if not told.isdigit():
        raise InvalidDocument(kind, "check digits that are not digits")
    row, begin = weights
    both = sum(map(mul, row, compact.encode()), begin)  # the row ends before the check digits
    # 11 less the rest, and 0 where that is 10 or 11. The second one counts the first, twice.
    first = -(both >> 16) % 11 % 10
    second = -((both & 0xFFFF) + 2 * first) % 11 % 10
    if int(told) != 10 * first + second:
        raise InvalidDocument(kind, "wrong check digits")
    return compact


def _cnpj(text: str) -> str:
    compact = _checked("CNPJ", _compact("CNPJ", text), 14, _CNPJ_WEIGHTS)
    if compact == "0" * 14:  # its check digits are right, and it is what an empty field looks like
        raise InvalidDocument("CNPJ", "only zeros")
    return compact


def _cpf(text: str) -> str:
    compact = _checked("CPF", _compact("CPF", text, _DIGITS), 11, _CPF_WEIGHTS)
    if compact == compact[0] * 11:  # the check digits of all ten are right; none is ever given out
        raise InvalidDocument("CPF", "one repeated digit")
    return compact


@frozen(order=True, repr=False, weakref_slot=False)
class Cnpj:
    """A valid CNPJ, numeric or alphanumeric.

    Positions 1 to 12 are ``[0-9A-Z]`` (a character is worth its ASCII code less 48), the two check
    digits are digits, modulo 11. All letters are taken: some pages say that Receita avoids I, O, Q
    and F, others that it does not.

    :raises InvalidDocument: the text is none, whatever its mask.

    >>> matriz = Cnpj("12.abc.345/01de-35")
    >>> matriz
    Cnpj('12.ABC.345/01DE-35')
    >>> matriz.value, str(matriz), matriz.format()
    ('12ABC34501DE35', '12ABC34501DE35', '12.ABC.345/01DE-35')
    >>> Cnpj("00.000.000/0001-91") == Cnpj("00000000000191")
    True
    """

    value: str = field(converter=_cnpj)
    """14 characters, without mask."""

    @staticmethod
    def compact(text: str) -> str:
        """Take off ``.``, ``-``, ``/`` and spaces, make upper case; check nothing else.

        :raises InvalidDocument: something other than ``[0-9A-Z]`` is left.

        >>> Cnpj.compact("12.abc.345/01de-3")
        '12ABC34501DE3'
        """
        return _compact("CNPJ", text)

    @classmethod
    def validate(cls, text: str) -> "Cnpj":
        """The same as ``Cnpj(text)``.

        :raises InvalidDocument: the text is no CNPJ.

        >>> Cnpj.validate("11222333000182")
        Traceback (most recent call last):
            ...
        econtador.errors.InvalidDocument: not a CNPJ: wrong check digits
        """
        return cls(text)

    @classmethod
    def is_valid(cls, text: str) -> bool:
        """Whether *text* is a CNPJ; never raises.

        >>> Cnpj.is_valid("11.222.333/0001-81"), Cnpj.is_valid("1222333000181")
        (True, False)
        """
        try:
            cls(text)
        except InvalidDocument:
            return False
        return True

    def format(self) -> str:
        """The text with its mask, ``SS.SSS.SSS/SSSS-NN`` (18 characters)."""
        text = self.value
        return f"{text[:2]}.{text[2:5]}.{text[5:8]}/{text[8:12]}-{text[12:]}"

    @override
    def __str__(self) -> str:
        return self.value

    @override
    def __repr__(self) -> str:
        return f"Cnpj({self.format()!r})"


@frozen(order=True, repr=False, weakref_slot=False)
class Cpf:
    """A valid CPF. Personal: ``repr`` shows the middle six digits only, ``str`` and ``value`` all.

    :raises InvalidDocument: the text is none. The error does not carry the text.

    >>> Cpf("529.982.247-25")
    Cpf('***.982.247-**')
    >>> Cpf("111.111.111-11")
    Traceback (most recent call last):
        ...
    econtador.errors.InvalidDocument: not a CPF: one repeated digit
    """

    value: str = field(converter=_cpf)
    """11 digits, without mask."""

    @staticmethod
    def compact(text: str) -> str:
        """Take off ``.``, ``-``, ``/`` and spaces; check nothing else.

        :raises InvalidDocument: something other than digits is left.

        >>> Cpf.compact("529.982.247-25")
        '52998224725'
        """
        return _compact("CPF", text, _DIGITS)

    @classmethod
    def validate(cls, text: str) -> "Cpf":
        """The same as ``Cpf(text)``.

        :raises InvalidDocument: the text is no CPF.
        """
        return cls(text)

    @classmethod
    def is_valid(cls, text: str) -> bool:
        """Whether *text* is a CPF; never raises.

        >>> Cpf.is_valid("529.982.247-25"), Cpf.is_valid("529.982.247-26")
        (True, False)
        """
        try:
            cls(text)
        except InvalidDocument:
            return False
        return True

    def format(self) -> str:
        """The text with its mask, ``NNN.NNN.NNN-NN`` (14 characters). All of it: mind where it goes."""
        text = self.value
        return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"

    @override
    def __str__(self) -> str:
        return self.value

    @override
    def __repr__(self) -> str:
        return f"Cpf('***.{self.value[3:6]}.{self.value[6:9]}-**')"


def parse(text: str) -> Cnpj | Cpf:
    """The document that *text* is, told by its length without mask: 14 a CNPJ, 11 a CPF.

    :raises InvalidDocument: another length, or not valid as what its length says.

    >>> parse("11.222.333/0001-81"), parse("52998224725")
    (Cnpj('11.222.333/0001-81'), Cpf('***.982.247-**'))
    """
    compact = _compact("CNPJ or CPF", text)
    match len(compact):
        case 14:
            return Cnpj(compact)
        case 11:
            return Cpf(compact)
        case size:
            raise InvalidDocument("CNPJ or CPF", f"{size} characters, not 14 or 11")
