"""How a value takes part: it says its summary and its page, and shows itself everywhere.

Whoever takes part is imported often and shown seldom: what renders is imported when something is shown.
"""

import datetime
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

from econtador.overriding import override

if TYPE_CHECKING:
    import pandas  # pyright: ignore[reportMissingTypeStubs]
    import polars

    from econtador.showing.page import Page

__all__ = ["Framed", "Shown", "Tableau", "Value", "page_of"]

Value: TypeAlias = str | int | bool | datetime.date | None
"""What a row of a table holds, for programs."""


class _Printer(Protocol):
    """What is used of IPython's pretty printer."""

    @property
    def stack(self) -> Sequence[object]:
        """What is being printed, one within the other."""
        ...

    def text(self, text: str, /) -> object: ...


class Shown:
    """A value that shows itself: as HTML in a notebook, as text where it is printed, in one line as ``repr``."""

    __slots__ = ()

    @property
    @abstractmethod
    def summary(self) -> str:
        """All of it in one line, in Portuguese."""

    @abstractmethod
    def _page(self) -> "Page":
        """What there is to see."""

    @override
    def __str__(self) -> str:
        import shutil

        from econtador.showing.text import to_text

        return to_text(self._page(), shutil.get_terminal_size((100, 24)).columns)

    @override
    def __repr__(self) -> str:
        from econtador.showing.texts import clean

        return f"<{type(self).__name__} {clean(self.summary, None)}>"

    def _repr_html_(self) -> str:
        from econtador.showing.html import to_html

        return to_html(self._page())

    def _repr_pretty_(self, printer: _Printer, cycle: bool) -> None:
        printer.text(repr(self) if cycle or len(printer.stack) > 1 else str(self))


def page_of(shown: Shown) -> "Page":
    """What there is to see of *shown*, for a rendering of one's own."""
    return shown._page()  # pyright: ignore[reportPrivateUsage] - this is the way to it


class Tableau(Protocol):
    """A table whose columns are known before its rows."""

    @property
    def types(self) -> dict[str, type[Value]]:
        """Of each column, by its name for programs."""
        ...

    def dicts(self) -> list[dict[str, Value]]:
        """Its rows."""
        ...


class Framed:
    """A value that is also a table: for programs, pandas and polars. **Personal data is in it.**"""

    __slots__ = ()

    @abstractmethod
    def tabular(self) -> Tableau:
        """The rows as they are asked for, under columns that are known before."""

    def to_dicts(self) -> list[dict[str, Value]]:
        """A dictionary for each row. Documents are their characters without a mask, dates are dates."""
        return self.tabular().dicts()

    def to_pandas(self) -> "pandas.DataFrame":
        """The rows as a frame of pandas; códigos and documents are texts. Raises ModuleNotFoundError without pandas."""
        from econtador.showing.frames import pandas_frame

        return pandas_frame(self.tabular())

    def to_polars(self) -> "polars.DataFrame":
        """The rows as a frame of polars; códigos and documents are texts. Raises ModuleNotFoundError without polars."""
        from econtador.showing.frames import polars_frame

        return polars_frame(self.tabular())
