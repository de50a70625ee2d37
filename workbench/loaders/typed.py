"""How is Parquet read: as it lies where it keeps the contract, else cast like text?"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from workbench import errors, schema
from workbench.loaders import checking
from workbench.loaders.casting import BLANKS, Times, literal, one_parquet
from workbench.loaders.mapping import Resolved

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_TIMES = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE")


@dataclass(frozen=True)
class ParquetFile:
    """A Parquet file's columns: their names, and their types as DuckDB says them."""

    path: Path
    headers: tuple[str, ...]
    types: tuple[str, ...]

    @property
    def relation(self) -> str:
        """The DuckDB expression that reads it, its columns called ``c0``, ``c1`` …"""
        names = ", ".join(f"c{place}" for place in range(len(self.headers)))
        return f"(SELECT * FROM {one_parquet(self.path)}) AS source({names})"


def describe(connection: duckdb.DuckDBPyConnection, path: Path, named: str) -> ParquetFile:
    """Read the columns of a Parquet file.

    Raises
    ------
    SourceError
        It is damaged, or no Parquet.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        headers = tuple(str(name) for name in pq.read_schema(path).names)
        blank = ParquetFile(path, headers, ())
        found = connection.execute(f"DESCRIBE SELECT * FROM {blank.relation}").fetchall()
    except (pa.ArrowException, duckdb.Error, OSError) as error:
        raise errors.SourceError(
            f"'{named}' cannot be read as Parquet; it is damaged or something else.",
            mend="Copy or export it again.",
        ) from error
    return ParquetFile(path, headers, tuple(str(row[1]) for row in found))


def take(
    connection: duckdb.DuckDBPyConnection,
    file: ParquetFile,
    resolved: Resolved,
    table: schema.Table,
    times: Times,
) -> dict[str, Any] | None:
    """Count a file that keeps the contract as it lies; None where a row or a type has to be cast.

    Returns
    -------
    dict
        The counts of a ledger: every row is read and kept.
    """
    if not _serves(connection, file, resolved, times):
        return None
    cells = {mapped.column.name: f"c{mapped.positions[0]}" for mapped in resolved.columns}
    if table.key and _count(connection, f"count(*) - count(DISTINCT {cells[table.key]})", file):
        return None
    whole = ", ".join(f"c{place}" for place in range(len(file.headers)))
    duplicates = _count(connection, f"count(*) - count(DISTINCT hash({whole}))", file)
    money = [
        (cells[mapped.column.name], file.types[mapped.positions[0]])
        for mapped in resolved.columns
        if mapped.column.type == "money"
    ]
    finer = " OR ".join(f"round({cell}, 2) <> {cell}" for cell, kind in money if kind not in _WHOLE)
    found = checking.counts(
        connection, file.relation, "true", cells, (finer or "false") if money else None
    )
    has_id = any(mapped.column.type == "id" for mapped in resolved.columns)
    return {
        "rows_read": found["rows_kept"],
        "rows_rejected": 0,
        "exact_duplicates": duplicates,
        "float_ids": 0 if has_id else None,
        **found,
    }


def _count(connection: duckdb.DuckDBPyConnection, what: str, file: ParquetFile) -> int:
    row = connection.execute(f"SELECT {what} FROM {file.relation}").fetchone()
    return int(row[0]) if row else 0


def _serves(
    connection: duckdb.DuckDBPyConnection, file: ParquetFile, resolved: Resolved, times: Times
) -> bool:
    """Does every row keep the contract, under our names and types? Asked by aggregates alone."""
    doubts: list[str] = []
    for mapped in resolved.columns:
        if mapped.said != mapped.column.name or len(mapped.positions) != 1:
            return False
        place = mapped.positions[0]
        doubt = _doubt(mapped.column, f"c{place}", file.types[place], times)
        if doubt is None:
            return False
        doubts.append(doubt)
        if not mapped.column.nullable:
            doubts.append(f"c{place} IS NULL")
    found = " OR ".join(f"({doubt})" for doubt in doubts)
    return _count(connection, f"count(*) FILTER ({found})", file) == 0


def _doubt(column: schema.Column, cell: str, kind: str, times: Times) -> str | None:
    """Write when a typed cell breaks its contract; None where the type itself needs a cast."""
    if column.type in ("id", "text", "choice"):
        if kind != "VARCHAR":
            return None
        blanks = f"{cell} <> trim({cell}, {literal(BLANKS)})"
        unknown = ", ".join(literal(choice) for choice in column.choices)
        choice = f" OR {cell} NOT IN ({unknown})" if unknown else ""
        float_id = (
            f" OR (ends_with({cell}, '.0') AND regexp_full_match({cell}, '[0-9]+\\.0'))"
            if column.type == "id"
            else ""
        )
        return f"{cell} = '' OR contains({cell}, chr(0)) OR {blanks}{choice}{float_id}"
    if column.type in ("date", "timestamp"):
        zones = {times.source_zone, times.local_zone}
        is_converted = None not in zones and len(zones) == 2
        if kind not in _TIMES or (kind != "DATE" and (column.type == "date" or is_converted)):
            return None
        # Nanoseconds hold no year outside 1677 to 2262: they need no asking, and could not be asked.
        first, last = "'0001-01-01'", "'9999-12-31 23:59:59.999999'"
        return (
            "false"
            if kind == "TIMESTAMP_NS"
            else f"NOT ({cell} BETWEEN {first}::TIMESTAMP AND {last}::TIMESTAMP)"
        )
    if kind in _WHOLE:
        return "false"
    if column.type == "integer":
        return None
    if kind == "DOUBLE":
        return f"NOT isfinite({cell}) OR abs({cell}) >= 1e15"
    if kind.startswith("DECIMAL"):
        return f"abs({cell}) >= 1e15"
    return None


def cells(file: ParquetFile) -> Mapping[int, str]:
    """Write every cell as the text it would be in a CSV."""
    return {
        place: (
            f"CASE WHEN isnan(c{place}) THEN 'nan' ELSE CAST(c{place} AS VARCHAR) END"
            if kind in ("DOUBLE", "FLOAT")
            else f"CAST(c{place} AS VARCHAR)"
        )
        for place, kind in enumerate(file.types)
    }


def is_time(kind: str) -> bool:
    """Is this a type of date or time, whose text is ISO whatever a date_format says?"""
    return kind.startswith(("TIMESTAMP", "DATE"))
