"""What is odd about an inscrição estadual: its length or its check digits are not those of its UF. Pure.

Only a warning, and never more: states add series, and old numbers live on. Nothing is said of what is not sure:
the first digits (states open new ones), a number without UF, the words ISENTO and ISENTA.

Sources: the masks as an open table of SINTEGRA's pages has them; lengths and check digits by the routines that
SINTEGRA and the states publish, as two open libraries transcribe them, which the tests compare. Where old rules
of Goiás and Amapá let two digits be, both are taken.
"""

from collections.abc import Callable, Mapping
from operator import mul
from types import MappingProxyType
from typing import Final, Literal

import attrs
from attrs import frozen

from econtador.errors import redacted_repr
from econtador.overriding import override

__all__ = ["FORMATS", "Doubt", "Format", "check_inscricao"]

Digits = Callable[[bytes], bool]
"""Whether the check digits are right, of a bare number as the values of its digits (``b"\x01\x02"`` for 12)."""

Code = Literal["ie-uf", "ie-caracteres", "ie-tamanho", "ie-zeros", "ie-digito"]


def _length(form: "Format") -> int:
    return sum(sign in "#P" for sign in form.mask)


def _is_rural(form: "Format") -> bool:
    return form.mask.startswith("P")


@frozen
class Format:
    """One way in which a UF numbers its contribuintes."""

    mask: str
    """As it is usually written, ``#`` for a digit."""
    digits: Digits = attrs.field(repr=False)
    length: int = attrs.field(init=False, repr=False, default=attrs.Factory(_length, takes_self=True))
    """Of the bare number; the P of São Paulo's rural producers counts."""
    rural: bool = attrs.field(init=False, repr=False, default=attrs.Factory(_is_rural, takes_self=True))
    """Whether it begins with that P."""


@frozen
class Doubt:
    """A warning. Its text is Portuguese, its code stable."""

    code: Code
    uf: str
    inscricao: str = attrs.field(repr=redacted_repr)
    message: str

    @override
    def __str__(self) -> str:
        return f"inscrição estadual de {self.uf}: {self.message}"


# --------------------------------------------------------------------------- check digits


def _eleven(total: int) -> int:
    rest = total % 11
    return 0 if rest < 2 else 11 - rest


def _eleven_less_ten(total: int) -> int:
    return (11 - total % 11) % 10


def _ten(total: int) -> int:
    return -total % 10


def _rest_of_eleven(total: int) -> int:
    return total % 11 % 10


def _rest_of_nine(total: int) -> int:
    return total % 9


_VALUES: Final = bytes(max(0, code - ord("0")) for code in range(256))


def _values(number: str) -> bytes:
    """The values of the digits; of the P of São Paulo's rural producers none that counts."""
    return number.encode().translate(_VALUES)


def _total(number: bytes, weights: tuple[int, ...]) -> int:
    total: int = sum(map(mul, number, weights))
    return total


def _down(first: int, *more: int) -> tuple[int, ...]:
    """Weights from *first* down to 2, then *more* runs of the like."""
    return tuple(weight for start in (first, *more) for weight in range(start, 1, -1))


def _digit(at: int, weights: tuple[int, ...], rule: Callable[[int], int] = _eleven, start: int = 0) -> Digits:
    """That the digit *at* follows by *rule* from the weighted digits from *start* on."""
    if start:
        return lambda number: rule(_total(number[start:], weights)) == number[at]
    return lambda number: rule(_total(number, weights)) == number[at]


def _both(one: Digits, other: Digits) -> Digits:
    return lambda number: one(number) and other(number)


_NINE: Final = _digit(8, _down(9))
_THIRTEEN: Final = _both(_digit(11, _down(4, 9)), _digit(12, _down(5, 9)))


def _amapa(number: bytes) -> bool:
    base = number[:8]
    added, for_eleven = 0, 0
    if _values("03000001") <= base <= _values("03017000"):
        added = 5
    elif _values("03017001") <= base <= _values("03019022"):
        added, for_eleven = 9, 1
    digit = 11 - (added + _total(number, _down(9))) % 11
    return number[8] == {10: 0, 11: for_eleven}.get(digit, digit)


def _bahia(number: bytes) -> bool:
    """The last digit first; the modulus follows from the first digit of the old numbers, the second of the new."""
    size = len(number) - 2
    rule = _ten if number[size - 6] in {0, 1, 2, 3, 4, 5, 8} else _eleven
    last = rule(_total(number[:size], _down(size + 1)))
    before = rule(_total(bytes((*number[:size], last)), _down(size + 2)))
    return number[size:] == bytes((before, last))


def _goias(number: bytes) -> bool:
    # Rest 1 gave a 1 in a series of old numbers, and gives a 0 today: both are about.
    total, digit = _total(number, _down(9)), number[8]
    return (
        digit == _eleven(total)
        or (total % 11 == 1 and digit == 1)
        or (number[:8] == _values("11094402") and digit < 2)
    )


def _minas(number: bytes) -> bool:
    products = (
        digit * (2 if index % 2 else 1) for index, digit in enumerate((*number[:3], 0, *number[3:11]))
    )
    return _ten(sum(product // 10 + product % 10 for product in products)) == number[11]


def _mato_grosso(number: bytes) -> bool:
    return _digit(10, _down(3, 9))(number.rjust(11, b"\0"))


def _tocantins(number: bytes) -> bool:
    """The third and fourth digits say of which kind the number is, and do not count."""
    return _NINE(number[:2] + number[4:])


# --------------------------------------------------------------------------- the table

_WEIGHTS_SP: Final = (1, 3, 4, 5, 6, 7, 8, 10)

FORMATS: Final[Mapping[str, tuple[Format, ...]]] = MappingProxyType(
    {
        "AC": (Format("##.###.###/###-##", _THIRTEEN),),
        "AL": (Format("#########", _NINE),),
        "AM": (Format("##.###.###-#", _NINE),),
        "AP": (Format("#########", _amapa),),
        "BA": (Format("######-##", _bahia), Format("#######-##", _bahia)),
        "CE": (Format("########-#", _NINE),),
        "DF": (Format("###########-##", _THIRTEEN),),
        "ES": (Format("########-#", _NINE),),
        "GO": (Format("##.###.###-#", _goias),),
        "MA": (Format("#########", _NINE),),
        "MG": (Format("###.###.###/####", _both(_minas, _digit(12, (3, 2, *_down(11))))),),
        "MS": (Format("#########", _NINE),),
        "MT": (Format("##########-#", _mato_grosso), Format("#########", _mato_grosso)),
        "PA": (Format("##-######-#", _NINE),),
        "PB": (Format("########-#", _NINE),),
        "PE": (
            Format("#######-##", _both(_digit(7, _down(8)), _digit(8, _down(9)))),
            Format("##.#.###.#######-#", _digit(13, (5, 4, 3, 2, 1, *_down(9)), _eleven_less_ten)),
        ),
        "PI": (Format("#########", _NINE),),
        "PR": (Format("###.#####-##", _both(_digit(8, _down(3, 7)), _digit(9, _down(4, 7)))),),
        "RJ": (Format("##.###.##-#", _digit(7, (2, *_down(7)))),),
        "RN": (Format("##.###.###-#", _NINE), Format("##.#.###.###-#", _digit(9, _down(10)))),
        "RO": (
            Format("#############-#", _digit(13, _down(6, 9), _eleven_less_ten)),
            Format("###.#####-#", _digit(8, _down(6), _eleven_less_ten, start=3)),
        ),
        "RR": (Format("########-#", _digit(8, (1, 2, 3, 4, 5, 6, 7, 8), _rest_of_nine)),),
        "RS": (Format("###/#######", _digit(9, (2, *_down(9)))),),
        "SC": (Format("###.###.###", _NINE),),
        "SE": (Format("########-#", _NINE),),
        "SP": (
            Format(
                "###.###.###.###",
                _both(
                    _digit(8, _WEIGHTS_SP, _rest_of_eleven),
                    _digit(11, (3, 2, *range(10, 1, -1)), _rest_of_eleven),
                ),
            ),
            Format("P-########.#/###", _digit(9, _WEIGHTS_SP, _rest_of_eleven, start=1)),
        ),
        "TO": (Format("##.##.######-#", _tocantins), Format("##.###.###-#", _NINE)),
    }
)
"""The 26 states and the Distrito Federal; the way of today first."""

_EXEMPT: Final = frozenset({"ISENTO", "ISENTA"})


def check_inscricao(text: str | None, uf: str | None) -> Doubt | None:
    """What is odd about an inscrição estadual; None where nothing is, or nothing can be said.

    >>> check_inscricao("110.042.490.114", "SP")
    >>> print(check_inscricao("110.042.490.115", "SP"))
    inscrição estadual de SP: o dígito verificador não confere
    >>> print(check_inscricao("11004249011", "SP"))
    inscrição estadual de SP: tem 11 dígitos, e são ###.###.###.### ou P-########.#/###
    """
    bare = (text or "").upper()
    for sign in ".-/ ":
        bare = bare.replace(sign, "")  # half the time of translate()
    if not bare or bare in _EXEMPT or not uf:
        return None
    found = _odd(bare, FORMATS.get(uf.strip().upper(), ()))
    return Doubt(found[0], uf.strip().upper(), text or "", found[1]) if found else None


def _odd(bare: str, formats: tuple[Format, ...]) -> tuple[Code, str] | None:
    if not formats:
        return "ie-uf", "não é a sigla de um estado ou do Distrito Federal"
    rural = bare.startswith("P") and any(form.rural for form in formats)
    if not (bare[rural:].isascii() and bare[rural:].isdigit()):
        return "ie-caracteres", "tem letras ou sinais que uma inscrição não tem"
    number = _values(bare)
    own = [form for form in formats if form.length == len(bare) and form.rural is rural]
    for form in own:
        if form.digits(number):
            return None
    if own:
        return "ie-digito", "o dígito verificador não confere"
    for form in formats:
        if not rural and form.length > len(bare) and form.digits(number.rjust(form.length, b"\0")):
            return "ie-zeros", f"faltam zeros à esquerda: {form.length - len(bare)}"
    return "ie-tamanho", f"tem {len(bare)} dígitos, e são {' ou '.join(form.mask for form in formats)}"
