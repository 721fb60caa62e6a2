"""The portal's own check of a CNPJ or CPF, written apart from the library's.

Modulo 11 over ASCII minus 48, letters allowed in the first twelve places of a CNPJ: attested
(IN RFB 2.229/2024, Annex XV). That *this portal* checks digits at all is assumed.
"""

import re

__all__ = ["cnpj_of", "cpf_of", "document_number", "is_cnpj", "is_cpf"]

_CNPJ = re.compile(r"[0-9A-Z]{12}[0-9]{2}")
_CPF = re.compile(r"[0-9]{11}")
_CNPJ_WEIGHTS = tuple(2 + place % 8 for place in range(13))  # 2 to 9 from the right, then again from 2
_CPF_WEIGHTS = tuple(range(2, 12))


def is_cnpj(text: str) -> bool:
    """Whether *text* is a CNPJ without mask: 14 places, capitals, digits that agree.

    >>> is_cnpj("12ABC34501DE35"), is_cnpj("00000000000191"), is_cnpj("12.ABC.345/01DE-35")
    (True, True, False)
    """
    return _checks(_CNPJ, text, _CNPJ_WEIGHTS)


def is_cpf(text: str) -> bool:
    """Whether *text* is a CPF without mask: 11 digits that agree, not all the same.

    >>> is_cpf("52998224725"), is_cpf("11111111111")
    (True, False)
    """
    return _checks(_CPF, text, _CPF_WEIGHTS)


def cnpj_of(begin: str) -> str:
    """The CNPJ that begins with these twelve places.

    >>> cnpj_of("12ABC34501DE")
    '12ABC34501DE35'
    """
    return _completed(begin, _CNPJ_WEIGHTS)


def cpf_of(begin: str) -> str:
    """The CPF that begins with these nine digits.

    >>> cpf_of("529982247")
    '52998224725'
    """
    return _completed(begin, _CPF_WEIGHTS)


def document_number(text: str) -> int:
    """The document as the portal's old number: without leading zeros, 0 for a CNPJ with letters (attested).

    >>> document_number("00000000000191"), document_number("12ABC34501DE35")
    (191, 0)
    """
    return int(text) if text.isascii() and text.isdigit() else 0


def _checks(shape: re.Pattern[str], text: str, weights: tuple[int, ...]) -> bool:
    # One repeated character passes modulo 11 (zeros always) and is nobody's document.
    if shape.fullmatch(text) is None or len(set(text)) == 1:
        return False
    return _completed(text[:-2], weights) == text


def _completed(begin: str, weights: tuple[int, ...]) -> str:
    first = begin + _digit(begin, weights)
    return first + _digit(first, weights)


def _digit(begin: str, weights: tuple[int, ...]) -> str:
    total = sum(
        (ord(character) - 48) * weight for character, weight in zip(reversed(begin), weights, strict=False)
    )
    rest = total % 11
    return "0" if rest < 2 else str(11 - rest)
