"""What the portal's models are made of, besides text and numbers."""

import enum
from collections.abc import Mapping
from typing import Final, Generic, Literal, TypeAlias, TypeVar

from attrs import field, frozen

from econtador.errors import redacted_repr
from econtador.overriding import override

__all__ = ["UNSET", "Maybe", "Recurso", "Ref", "Unset", "known"]

T = TypeVar("T")
M = TypeVar("M")


class Unset(enum.Enum):
    """The type of :data:`UNSET`. False, so that ``if funcionario.email:`` asks for a text that is there."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        return False

    @override
    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
"""Not said at all: the portal did not show the attribute, or it is not to be sent. ``None`` is said, and empty."""

Maybe: TypeAlias = T | Unset | None
"""A value, nothing (``None``, JSON's null), or not said (``UNSET``)."""


def known(value: Maybe[T]) -> T | None:
    """The value, or None whether it was null or not said.

    >>> known(UNSET), known("00001")
    (None, '00001')
    """
    return None if value is UNSET else value


@frozen
class Ref(Generic[M]):
    """Another resource that one points at: a value; fetching it is a call of the client's."""

    type: str
    """The portal's word for the kind, ``departamentos``."""
    id: str = field(repr=redacted_repr)
    resource: M | None = field(default=None, eq=False)
    """The resource itself, where ``include=`` brought it along."""


@frozen(kw_only=True)
class Recurso:
    """A resource of which only type and id are attested: a lookup, or what the portal made of a POST."""

    id: str = field(repr=redacted_repr)
    type: str
    relationships: Mapping[str, "Ref[Recurso] | tuple[Ref[Recurso], ...] | Unset | None"] = field(
        factory=dict[str, "Ref[Recurso] | tuple[Ref[Recurso], ...] | Unset | None"], repr=False
    )
    """By the portal's names. UNSET where it gave links only."""
    extra: Mapping[str, object] = field(factory=dict[str, object], repr=False)
    """The attributes as they came, by the portal's names."""
