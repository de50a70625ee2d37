"""Where is a table that outgrew this machine queried? On Spark, by the same SQL file."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Self
from uuid import uuid4

import pyarrow as pa

from workbench import errors
from workbench.engine import contract
from workbench.engine.contract import Found, Kind

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("string", "varchar", "char"), "text"),
    **dict.fromkeys(("tinyint", "smallint", "int", "bigint"), "integer"),
    **dict.fromkeys(("float", "double"), "float"),
    "decimal": "decimal",
    "date": "date",
    # an instant: Spark itself reads it in the session's zone, which makes it local time
    "timestamp": "timestamp",
    "timestamp_ntz": "timestamp",
    "void": "nothing",
}


def is_spark(table: object) -> bool:
    """Is this a Spark DataFrame? Asked without importing Spark."""
    return type(table).__module__.startswith("pyspark.") and hasattr(table, "sparkSession")


class Spark:
    """A Spark session for one query: views under names nobody else has, dropped at the end."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        there = {name: table for name, table in tables.items() if table is not None}
        local = [name for name, table in there.items() if not is_spark(table)]
        if local:
            raise errors.ParameterTypeError(
                f"{local[0]} is no Spark DataFrame, while another table is.",
                mend=f"Hand in all tables from Spark: spark.createDataFrame({local[0]}).",
            )
        self._spark = next(iter(there.values())).sparkSession
        self._views: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        for view in self._views.values():
            self._spark.catalog.dropTempView(view)

    def attach(self, name: str, table: Any, needed: Sequence[str]) -> list[Found]:
        """Make a Spark DataFrame known."""
        contract.check_names(name, table.columns, needed)
        with _failures_told():
            chosen = table.select(*needed)
            self._name(contract.raw(name), chosen)
            types = dict(chosen.dtypes)
        return contract.found(types, needed, _KINDS)

    def define(self, name: str, sql: str) -> None:
        """Make a view."""
        with _failures_told():
            self._name(name, self._spark.sql(self._translated(sql)))

    def run(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Run a query to an Arrow table."""
        with _failures_told():
            return self._spark.sql(self._translated(sql), args=dict(parameters)).toArrow()

    def _name(self, name: str, table: Any) -> None:
        view = f"workbench_{name}_{uuid4().hex}"
        table.createTempView(view)
        self._views[name] = view

    def _translated(self, sql: str) -> str:
        return _to_spark(sql, tuple(self._views.items()))


@contextmanager
def _failures_told() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if not type(error).__module__.startswith(("pyspark.", "py4j.")):
            raise
        first_line = (str(error).strip().splitlines() or ["no reason given"])[0]
        raise errors.EngineError(
            f"Spark could not answer: {first_line}",
            mend="Look at the table that was handed in, and at Spark's own log.",
        ) from error


@cache
def _parsed(sql: str) -> Any:
    import sqlglot

    return sqlglot.parse_one(sql, read="duckdb")


def _to_spark(sql: str, views: tuple[tuple[str, str], ...]) -> str:
    """Write DuckDB's SQL as Spark's, the tables under the names they have there."""
    from sqlglot import expressions

    tree = _parsed(sql).copy()
    names = dict(views)
    for table in tree.find_all(expressions.Table):
        if table.name in names:
            table.set("this", expressions.to_identifier(names[table.name]))
    written: str = tree.sql(dialect="spark", comments=False)
    return written
