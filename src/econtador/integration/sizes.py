"""How long the portal lets each field be, and how a length is counted."""

from collections.abc import Callable
from typing import Literal, get_args

import attrs
from attrs import frozen

__all__ = ["LIMITS", "FieldLimit", "Nature", "Unit"]

Unit = Literal["code_points", "utf16", "utf8"]
"""What a limit counts: Unicode code points, 16-bit units, or bytes of UTF-8.

*Assumed*: the article gives sizes without a unit, so code points are the default.
"""

Nature = Literal["text", "identifier"]
"""A text that is cut can still be read; an identifier that is cut is no longer that identifier."""


# surrogatepass: a lone surrogate, left by a lenient decoder, is measured and not refused.
def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _utf8_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


_MEASURES: dict[Unit, Callable[[str], int]] = {
    "code_points": len,
    "utf16": _utf16_units,
    "utf8": _utf8_bytes,
}


def _own_name(limit: "FieldLimit") -> str:
    return limit.field


@frozen
class FieldLimit:
    """How long the portal lets one field be.

    >>> FieldLimit("bairro", 20)
    FieldLimit(field='bairro', limit=20, gap=None, label='bairro', nature='text', unit='code_points')

    :raises ValueError: limit below 1, unknown nature or unknown unit.
    """

    field: str
    """Our name of the field, as in ``EmpresaGap``."""
    limit: int
    """The portal's size, in *unit*."""
    gap: int | None = None
    """GAP's size, in characters; None where it is not known."""
    label: str = attrs.Factory(_own_name, takes_self=True)
    """What the article calls the field."""
    nature: Nature = "text"
    unit: Unit = "code_points"
    measure: Callable[[str], int] = attrs.field(init=False, eq=False, repr=False)
    """The size of a text in *unit*. Never raises, lone surrogates included.

    >>> [FieldLimit("nome", 9, unit=unit).measure("Zé 🏢") for unit in ("code_points", "utf16", "utf8")]
    [4, 5, 8]
    """

    def __attrs_post_init__(self) -> None:
        if self.limit < 1:
            raise ValueError(f"limit of {self.field!r} must be 1 or more, not {self.limit}")
        if self.nature not in get_args(Nature):
            raise ValueError(
                f"nature of {self.field!r} must be one of {get_args(Nature)}, not {self.nature!r}"
            )
        if self.unit not in _MEASURES:
            raise ValueError(f"unit of {self.field!r} must be one of {get_args(Unit)}, not {self.unit!r}")
        object.__setattr__(self, "measure", _MEASURES[self.unit])


LIMITS: tuple[FieldLimit, ...] = (
    FieldLimit("razao_social", 50, gap=60, label="Razão Social"),
    FieldLimit("inscricao_estadual", 16, gap=20, label="Inscrição Estadual", nature="identifier"),
    FieldLimit("inscricao_municipal", 16, gap=20, label="Inscrição Municipal", nature="identifier"),
    FieldLimit("endereco", 50, gap=70, label="Endereço"),
    FieldLimit("bairro", 20, gap=30, label="Bairro"),
    FieldLimit("atividade", 30, gap=100, label="Atividade"),
)
"""The six fields that are shorter in the portal, in the order of the vendor's article EC1."""
