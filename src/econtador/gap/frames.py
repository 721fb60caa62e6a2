"""Data frames as rows, through narwhals: pandas, polars, pyarrow and the others that it knows."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, cast

from econtador.errors import MalformedFile

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame, IntoFrame, IntoLazyFrame

    from econtador.gap.given import Frame

__all__ = ["named"]

_INSTALL: Final = "a data frame, which takes narwhals to read: pip install 'econtador[dataframe]'"


def named(frame: "Frame") -> tuple[Sequence[str], Iterable[Sequence[object]]]:
    """The names of the columns, and the rows.

    :raises MalformedFile: narwhals is not there.
    :raises TypeError: it is no data frame that narwhals knows.
    """
    try:
        from narwhals import DataFrame, LazyFrame, from_native
    except ModuleNotFoundError:
        pass
    else:
        # Of an unknown kind to the types: narwhals finds out which, and refuses what it does not know.
        known: DataFrame[IntoDataFrame] | LazyFrame[IntoLazyFrame] = from_native(cast("IntoFrame", frame))
        # A DuckDB relation is lazy; `execute` instead of `sql` gives a cursor, which streams.
        whole = known.collect() if isinstance(known, LazyFrame) else known
        return [str(name) for name in whole.columns], whole.iter_rows(named=False)
    raise MalformedFile("linhas", 1, _INSTALL)
