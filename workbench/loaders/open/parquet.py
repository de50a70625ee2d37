"""What does a Parquet file hold, and how would its cells be written in a CSV?"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from workbench import errors
from workbench.loaders.find import limits
from workbench.loaders.open.sql import columns, one_parquet


@dataclass(frozen=True)
class ParquetFile:
    """A Parquet file's columns: their names, and their types as DuckDB says them."""

    path: Path
    headers: tuple[str, ...]
    types: tuple[str, ...]

    @property
    def relation(self) -> str:
        """The DuckDB expression that reads it, its columns called ``c0``, ``c1`` …"""
        return f"(SELECT * FROM {one_parquet(self.path)}) AS source({columns(len(self.headers))})"


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
        size, rows = path.stat().st_size, pq.read_metadata(path).num_rows
        limits.parquet(named, size, rows, len(headers))
        blank = ParquetFile(path, headers, ())
        found = connection.execute(f"DESCRIBE SELECT * FROM {blank.relation}").fetchall()
    except errors.WorkbenchError:
        raise
    except (pa.ArrowException, duckdb.Error, OSError) as error:
        raise damaged(named) from error
    return ParquetFile(path, headers, tuple(str(row[1]) for row in found))


def damaged(named: str) -> errors.SourceError:
    """Say that what should be Parquet cannot be read as such."""
    return errors.SourceError(
        f"'{named}' cannot be read as Parquet; it is damaged or something else.",
        mend="Copy or export it again.",
    )


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
