"""What is wrong with one record of the office, or with one text of it."""

from typing import ClassVar

from attrs import define, frozen

from econtador.errors.root import HOUSE, EcontadorError
from econtador.overriding import override

__all__ = [
    "Fault",
    "InvalidDocument",
    "InvalidOverride",
    "InvalidRecord",
]


@define(slots=False, repr=False)
class InvalidDocument(EcontadorError, ValueError):
    """A text that is not a CNPJ (or CPF). The text itself is not carried: it may be a person's."""

    code: ClassVar[str] = "invalid-document"
    kind: str
    """``CNPJ`` or ``CPF``."""
    reason: str
    """What is wrong with it, in a few words."""

    @override
    def __str__(self) -> str:
        return f"not a {self.kind}: {self.reason}"


@frozen
class Fault:
    """One thing that is wrong with one field of a record."""

    __module__ = HOUSE

    field: str
    code: str
    message: str
    """Portuguese, for the person who mends the record."""


@define(slots=False, repr=False)
class InvalidRecord(EcontadorError, ValueError):
    """A record that GAP itself could not hold; ``faults`` names every field, not only the first."""

    code: ClassVar[str] = "invalid-record"
    kind: str
    codigo: str
    faults: tuple[Fault, ...]

    @override
    def __str__(self) -> str:
        said = "; ".join(f"{fault.field}: {fault.message}" for fault in self.faults)
        return f"{self.kind} {self.codigo}: {said}"


@define(slots=False, repr=False)
class InvalidOverride(EcontadorError, ValueError):
    """A row of the office's table that cannot be used."""

    code: ClassVar[str] = "invalid-override"
    file: str
    """``overrides`` where it was no file."""
    line: int
    """Of the file, from 1; of a mapping which of its entries, from 1."""
    reason: str

    @override
    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.reason}"
