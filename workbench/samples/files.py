"""How is a company of any size written, in the memory of one block? As CSV or as Parquet.

A file is begun with its first table, grows block by block under a hidden name, and takes its own
name only when the whole company is written.
"""

import dataclasses
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np
import pyarrow as pa
from pyarrow import csv

from workbench import outputs, schema, scratch

_ARROW_TYPES: dict[schema.ColumnType, pa.DataType] = {
    "id": pa.string(),
    "text": pa.string(),
    "choice": pa.string(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "money": pa.decimal128(18, 2),
    "integer": pa.int64(),
    "number": pa.float64(),
}


# What platforms say of an order besides: the made-up company's are sales in one currency.
_UNSAID = ("status", "direction", "currency", "refunded_amount")


def contract(name: str) -> schema.Table:
    """Give the contract of a table, of orders without what platforms say besides."""
    table = schema.table(name)
    if name != "orders":
        return table
    kept = tuple(column for column in table.columns if column.name not in _UNSAID)
    return dataclasses.replace(table, columns=kept)


class _File(Protocol):
    def append(self, table: pa.Table) -> None: ...

    def close(self) -> None: ...


class Company:
    """The files of one company, written side by side; all of them appear, or none.

    Parameters
    ----------
    folder
        Where; made if it is not there.
    tables
        The names of the tables.
    format
        ``csv`` or ``parquet``.
    """

    def __init__(self, folder: Path, tables: tuple[str, ...], *, format: str) -> None:
        self._folder = folder
        self.paths = [outputs.check(folder / f"{name}.{format}") for name in tables]
        self._tables = tables
        opener: dict[str, Callable[[Path, schema.Table], _File]] = {"csv": Csv, "parquet": Parquet}
        self._open = opener[format]
        self._files: dict[str, _File] = {}

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as undo:
            draft = undo.enter_context(scratch.Folder(self._folder))
            self._parts = [draft / path.name for path in self.paths]
            for name, part in zip(self._tables, self._parts, strict=True):
                self._files[name] = self._open(part, contract(name))
                undo.callback(self._files[name].close)
            self._undo = undo.pop_all()
        return self

    def append(self, name: str, table: pa.Table) -> None:
        """Add the rows of a block to a table; its money is whole cents."""
        self._files[name].append(table)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._undo:
            if error is None:
                for file in self._files.values():
                    file.close()
                for part, path in zip(self._parts, self.paths, strict=True):
                    part.replace(path)


class Csv:
    """A table as CSV: UTF-8, line feeds, no quotes, the header first."""

    def __init__(self, path: Path, table: schema.Table) -> None:
        self._table = table
        self._file = path.open("wb")
        self._file.write((",".join(table.column_names) + "\n").encode())

    def append(self, table: pa.Table) -> None:
        """Add rows."""
        # no quotes anywhere: no value has a comma, a quote or a line break, and Arrow says so if one had
        options = csv.WriteOptions(include_header=False, quoting_style="none")
        csv.write_csv(_decimals(table, self._table), self._file, options)

    def close(self) -> None:
        """End the file; a second time does nothing."""
        self._file.close()


class Parquet:
    """A table as Parquet in the types of its contract, one row group per block."""

    def __init__(self, path: Path, table: schema.Table) -> None:
        from pyarrow import parquet

        self._table = table
        self._schema = pa.schema(
            [
                pa.field(column.name, _ARROW_TYPES[column.type], nullable=column.nullable)
                for column in table.columns
            ]
        )
        self._file: Any = parquet.ParquetWriter(
            path,
            self._schema,
            compression="zstd",
            compression_level=1,
        )

    def append(self, table: pa.Table) -> None:
        """Add rows."""
        self._file.write_table(_decimals(table, self._table).cast(self._schema))

    def close(self) -> None:
        """End the file; a second time does nothing."""
        self._file.close()


def _decimals(table: pa.Table, contract: schema.Table) -> pa.Table:
    """Give the columns of the contract; money, held as whole cents, as decimals with two places."""
    columns = {}
    for column in contract.columns:
        columns[column.name] = table[column.name]
        if column.type == "money":
            cents = table[column.name].to_numpy()
            halves = np.stack([cents, cents >> 63], axis=1)  # 128 bits, low half first
            columns[column.name] = pa.Array.from_buffers(
                pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(halves.tobytes())]
            )
    return pa.table(columns)
