"""Where is a table that lives on this machine queried? In DuckDB, inside this process."""

import glob
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import duckdb
import pandas as pd
import pyarrow as pa

from workbench import errors, scratch
from workbench.engine import contract
from workbench.engine.contract import Found, Kind

# enough to be fast at ten million orders; beyond it DuckDB spills to disk instead of failing
MEMORY_LIMIT = "2GB"

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": MEMORY_LIMIT,
    # every query states its order, so the order of files costs nothing to give up
    "preserve_insertion_order": "false",
    # nothing is fetched, and no Python variable is taken for a table by its name
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("VARCHAR", "UUID", "ENUM"), "text"),
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"), "integer"),
    **dict.fromkeys(("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"), "integer"),
    **dict.fromkeys(("FLOAT", "DOUBLE"), "float"),
    "DECIMAL": "decimal",
    "DATE": "date",
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), "timestamp"),
    "TIMESTAMP WITH TIME ZONE": "zoned timestamp",
    '"NULL"': "nothing",
}


class Embedded:
    """An own DuckDB for one query: nothing is shared between threads, nothing is left behind."""

    def __enter__(self) -> Self:
        self._spill = scratch.Folder()
        self._connection = duckdb.connect(
            ":memory:", config={**_SETTINGS, "temp_directory": str(self._spill.path)}
        )
        self._connection.execute("SET TimeZone = 'UTC'")
        return self

    def __exit__(self, *raised: object) -> None:
        self._connection.close()
        self._spill.remove()

    def attach(self, name: str, table: Any, needed: Sequence[str]) -> list[Found]:
        """Make any kind of local table known, without copying what can be read in place."""
        try:
            relation = self._relation(name, table, needed)
            relation.create_view(contract.raw(name))
        except duckdb.Error as error:
            raise errors.EngineError(
                f"{name}: DuckDB could not read the table: {_first_line(error)}",
                mend="Hand in plain columns of text, numbers and dates; loaders.load makes them.",
            ) from error
        types = dict(zip(relation.columns, map(str, relation.types), strict=True))
        return contract.found(types, needed, _KINDS)

    def define(self, name: str, sql: str) -> None:
        """Make a view."""
        self._execute(f"create view {name} as {sql}", {})

    def run(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Run a query to an Arrow table."""
        return self._execute(sql, parameters)

    def _execute(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        try:
            result = self._connection.sql(sql, params=dict(parameters) or None)
            return None if result is None else result.to_arrow_table()
        except duckdb.OutOfMemoryException as error:
            raise errors.EngineError(
                f"DuckDB ran out of memory or disk: {_first_line(error)}",
                mend=f"Free space in {tempfile.gettempdir()}, where it spills, or hand in fewer rows.",
            ) from error
        except duckdb.Error as error:
            raise errors.EngineError(
                f"DuckDB could not answer: {_first_line(error)}",
                mend="Look at the table that was handed in; loaders.load checks and mends a source.",
            ) from error

    def _relation(self, name: str, table: Any, needed: Sequence[str]) -> duckdb.DuckDBPyRelation:
        if isinstance(table, duckdb.DuckDBPyRelation):
            contract.check_names(name, table.columns, needed)
            # a relation belongs to its own connection: its rows are fetched there
            return self._arrow(_fetched(table, needed))
        if isinstance(table, pd.DataFrame):
            contract.check_names(name, list(table.columns), needed)
            return self._arrow(_arrow_from_pandas(name, table, needed))
        if hasattr(table, "collect_schema") and hasattr(table, "lazy"):
            contract.check_names(name, table.collect_schema().names(), needed)
            chosen = table.lazy().select(list(needed)).collect()
            return self._arrow(chosen.to_arrow())
        if hasattr(table, "__arrow_c_stream__"):
            whole = pa.table(table)
            contract.check_names(name, whole.column_names, needed)
            return self._arrow(whole.select(list(needed)))
        if isinstance(table, str | Path):
            return self._parquet(name, table, needed)
        if isinstance(getattr(table, "source", None), str | Path):
            return self._parquet(name, table.source, needed)
        raise errors.ParameterTypeError(
            f"{name} is of type {type(table).__name__}, which is no table.",
            mend="Hand in what loaders.load returned, a pandas, Arrow or Polars frame, the path of "
            "Parquet files, a DuckDB relation or a Spark DataFrame.",
        )

    def _arrow(self, table: pa.Table) -> duckdb.DuckDBPyRelation:
        for position, field in enumerate(table.schema):
            # wider than DuckDB reads; as a float it is checked like any other amount
            if pa.types.is_decimal256(field.type):
                narrow = table.column(position).cast(pa.float64())
                table = table.set_column(position, field.name, narrow)
        return self._connection.from_arrow(table)

    def _parquet(
        self, name: str, source: str | Path, needed: Sequence[str]
    ) -> duckdb.DuckDBPyRelation:
        from pyarrow import parquet

        files = _files(name, source)
        try:
            contract.check_names(name, parquet.read_schema(files[0]).names, needed)
            # the files were found already: what looks like a pattern in a name is not one
            plain = [file.replace("[", "[[]") for file in files]
            relation = self._connection.read_parquet(plain, union_by_name=len(plain) > 1)
        except (duckdb.Error, pa.ArrowInvalid, OSError) as error:
            raise errors.SourceError(
                f"{name}: {files[0]} could not be read as Parquet: {_first_line(error)}",
                mend=_LOAD.format(name=name),
            ) from error
        return relation.select(*needed)


_LOAD = (
    "Load it first: loaders.load(source, table='{name}') reads CSV, checks it and keeps a ledger."
)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _fetched(relation: duckdb.DuckDBPyRelation, needed: Sequence[str]) -> pa.Table:
    quoted = ", ".join(f'"{column}"' for column in needed)
    return relation.project(quoted).to_arrow_table()


def _arrow_from_pandas(name: str, table: pd.DataFrame, needed: Sequence[str]) -> pa.Table:
    columns = {}
    for column in needed:
        if table.empty and table[column].dtype == "float64":
            # pandas makes an empty list float64: that says nothing about what would be in it
            columns[column] = pa.nulls(0)
            continue
        try:
            columns[column] = pa.Array.from_pandas(table[column])
        except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
            raise errors.ContractError(
                f"{name}: column '{column}' cannot be read as one type: {_first_line(error)}.",
                mend=f"Make it one type, such as {name}['{column}'].astype('str') for ids, "
                "pandas.to_numeric for amounts, pandas.to_datetime for dates.",
            ) from error
    return pa.table(columns)


def _files(name: str, source: str | Path) -> list[str]:
    """Find the Parquet files that a path, a folder or a pattern stands for."""
    path = Path(source)
    if path.is_dir():
        found = sorted(str(file) for file in path.rglob("*.parquet"))
    elif path.exists():
        found = [str(path)]
    else:
        found = sorted(glob.glob(str(source), recursive=True))  # noqa: PTH207 – a pattern may be absolute
    if not found:
        raise errors.SourceNotFoundError(
            f"{name}: there is nothing at '{source}'.",
            mend="Check the path; a pattern such as 'orders/*.parquet' has to match a Parquet file.",
        )
    wrong = [file for file in found if not _is_parquet(file)]
    if wrong:
        raise errors.SourceError(
            f"{name}: '{wrong[0]}' is not a Parquet file.", mend=_LOAD.format(name=name)
        )
    return found


def _is_parquet(file: str) -> bool:
    with Path(file).open("rb") as stream:
        return stream.read(4) in (b"PAR1", b"PARE")
