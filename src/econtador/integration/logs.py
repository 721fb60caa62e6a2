"""The *LOGs de Integração* as they were asked for: a tuple of entries that shows itself."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from econtador.integration.journal import LogEntry
from econtador.integration.status import Outcome
from econtador.overriding import override
from econtador.showing.face import Framed, Shown

if TYPE_CHECKING:
    from econtador.gap.tabular import Tabular
    from econtador.showing.page import Page

__all__ = ["Logs"]


class Logs(Shown, Framed, tuple[LogEntry, ...]):
    """Log entries, oldest first. A tuple like any other, and equal to one.

    >>> print(Logs())
    0 lançamentos
    """

    __slots__ = ()

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many entries tell of each outcome; only those that occur."""
        counted = Counter(entry.outcome for entry in self)
        return {outcome: counted[outcome] for outcome in Outcome if counted[outcome]}

    @property
    @override
    def summary(self) -> str:
        """How many entries, and of what."""
        parts = ", ".join(f"{outcome.label}: {count}" for outcome, count in self.counts.items())
        entries = f"{len(self)} {'lançamento' if len(self) == 1 else 'lançamentos'}"
        return f"{entries}: {parts}" if parts else entries

    @override
    def _page(self) -> "Page":
        from econtador.integration.pages import logs_page

        return logs_page(self)

    @override
    def tabular(self) -> "Tabular":
        from econtador.integration.tabular import ENTRY

        return ENTRY.of(self)
