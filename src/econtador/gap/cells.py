"""Values of spreadsheets, databases and data frames as the texts that a CSV file would have."""

import datetime
import math
import numbers
from decimal import Decimal
from typing import Final

__all__ = ["text_of"]

# By name: their libraries are not imported for it. Neither is equal to itself, and the one cannot even be asked.
_MISSING: Final = frozenset({"NAType", "NaTType"})
_MOST_EXACT: Final = 10**15
"""A spreadsheet keeps 15 digits of a number: from here on the others are made up."""


def text_of(value: object) -> str:
    """*value* as text: stripped, and empty for what is missing (None, NaN, NaT).

    A whole number has no fraction, so that a document which a spreadsheet took for a number is its digits again
    (its zeros are put back later, with a note). One that lost digits is told by its exponent.

    >>> text_of(1222333000128.0), text_of(Decimal("7.00")), text_of(1.5), text_of(float("nan"))
    ('1222333000128', '7', '1.5', '')
    >>> text_of(datetime.datetime(2024, 1, 31, 14, 30)), text_of(True), text_of(1.23456789012345e19)
    ('2024-01-31', 'S', '1.23456789012345E+19')
    """
    match value:
        case str():
            return value.strip()
        case None:
            return ""
        case bool():
            return "S" if value else "N"
        case _ if type(value).__name__ in _MISSING:
            return ""
        case datetime.datetime():
            return value.date().isoformat()
        case datetime.date():
            return value.isoformat()
        case bytes():
            return _decoded(value).strip()
        case Decimal():
            return _decimal(value)
        case numbers.Integral():
            return str(int(value))
        case numbers.Real():
            return _real(float(value))
        case _:
            return str(value).strip()


def _decoded(data: bytes) -> str:
    # As drivers of old databases give CHAR columns.
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        return "" if value.is_nan() else str(value)
    return f"{value.to_integral_value():f}" if value == value.to_integral_value() else f"{value:f}"


def _real(value: float) -> str:
    if math.isnan(value):
        return ""
    if not value.is_integer():
        return repr(value).upper()
    return str(int(value)) if abs(value) < _MOST_EXACT else f"{value:.14E}"
