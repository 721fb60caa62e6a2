"""Tables as frames of pandas and of polars. The only import of either, and a late one."""

import datetime
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Final, cast

from econtador.showing.face import Tableau, Value

if TYPE_CHECKING:
    import pandas  # pyright: ignore[reportMissingTypeStubs]
    import polars

__all__ = ["pandas_frame", "polars_frame"]

# Those that know nothing and years before 1678.
_PANDAS: Final[dict[type[Value], str]] = {
    str: "string",
    int: "Int64",
    bool: "boolean",
    datetime.date: "datetime64[s]",
}
_POLARS: Final[dict[type[Value], str]] = {str: "String", int: "Int64", bool: "Boolean", datetime.date: "Date"}


def pandas_frame(table: Tableau) -> "pandas.DataFrame":
    """A column for each of the table's, with its type also where there are no rows. Raises ModuleNotFoundError."""
    made_by = _installed("pandas")
    rows = table.dicts()
    columns = {
        name: made_by.Series([row[name] for row in rows], dtype=_PANDAS[kind])
        for name, kind in table.types.items()
    }
    return cast("pandas.DataFrame", made_by.DataFrame(columns))


def polars_frame(table: Tableau) -> "polars.DataFrame":
    """A column for each of the table's, with its type also where there are no rows. Raises ModuleNotFoundError."""
    made_by = _installed("polars")
    schema = {name: getattr(made_by, _POLARS[kind]) for name, kind in table.types.items()}
    return cast("polars.DataFrame", made_by.DataFrame(table.dicts(), schema=schema, orient="row"))


def _installed(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ModuleNotFoundError(f"{name} is not installed: pip install {name}", name=name) from error
