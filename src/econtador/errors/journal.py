"""Journals that cannot be trusted or written."""

from typing import ClassVar

from attrs import define

from econtador.errors.root import EcontadorError
from econtador.overriding import override

__all__ = [
    "JournalError",
    "JournalLocked",
    "JournalNotWritten",
    "JournalOfAnotherAccount",
    "JournalUnreadable",
]


@define(slots=False, repr=False)
class JournalError(EcontadorError):
    """The journal cannot be trusted or cannot be written, so nothing (more) is sent."""

    code: ClassVar[str] = "journal"
    file: str


@define(slots=False, repr=False)
class JournalOfAnotherAccount(JournalError):
    """The journal belongs to another portal account."""

    code: ClassVar[str] = "journal-of-another-account"
    belongs_to: str
    asked: str

    @override
    def __str__(self) -> str:
        return (
            f"{self.file} is the journal of the portal account {self.belongs_to}, not of {self.asked}: "
            "use that account's token, or another journal file"
        )


@define(slots=False, repr=False)
class JournalLocked(JournalError):
    """Another process is integrating with this journal."""

    code: ClassVar[str] = "journal-locked"

    @override
    def __str__(self) -> str:
        return f"{self.file} is in use by another run; wait for it to end (one run at a time writes)"


@define(slots=False, repr=False)
class JournalNotWritten(JournalError):
    """An entry could not be made durable: disk full, read-only, gone."""

    code: ClassVar[str] = "journal-not-written"
    reason: str

    @override
    def __str__(self) -> str:
        return (
            f"{self.file} could not be written ({self.reason}), so nothing more was sent; make room or "
            "mend the permissions, then resume(): it looks in the portal for what may be in doubt"
        )


@define(slots=False, repr=False)
class JournalUnreadable(JournalError):
    """Not a journal, damaged, or written by a newer version. Never taken for an empty one."""

    code: ClassVar[str] = "journal-unreadable"
    reason: str

    @override
    def __str__(self) -> str:
        return (
            f"{self.file} is not a usable journal ({self.reason}); restore it from a copy: "
            "a new, empty journal would forget what was already integrated"
        )
