"""How do typed cells, of a workbook or a database, become the texts that every source is cast from?

A cell may hold a number in one row and a text in the next. So each is written as the text it would
be in a CSV, exactly; beside the columns of dates and numbers stands which cells were real ones,
since of those nobody has to find out how they are written.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from workbench.loaders import records
from workbench.loaders.casting import Times, has_clock, literal, one_parquet
from workbench.loaders.checking import Source
from workbench.loaders.mapping import Resolved, by_name

BATCH = 50_000


def text(value: Any) -> str | None:
    """Write one typed cell as text; None where there is none.

    Examples
    --------
    >>> import datetime
    >>> text(datetime.datetime(2026, 3, 5, 10, 30)), text(Decimal("0.10")), text(0.1), text(True)
    ('2026-03-05 10:30:00', '0.10', '0.1', 'TRUE')
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "surrogateescape")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def spreadsheet_text(value: Any) -> str | None:
    """Write one cell as a spreadsheet shows it: numbers to fifteen digits, whole ones without ``.0``.

    Examples
    --------
    >>> spreadsheet_text(17850.0), spreadsheet_text(3 * 19.8), spreadsheet_text("007")
    ('17850', '59.4', '007')
    """
    return format(value, ".15g") if isinstance(value, float) else text(value)


class Writer:
    """A Parquet file of rows as text, written batch by batch: ``line``, ``c0`` …, ``d0`` …

    Parameters
    ----------
    path
        The file to write.
    width
        How many cells a row has.
    resolved
        Our columns: for each of dates or numbers, ``d<n>`` says which cells were real ones.
    say
        How a cell becomes text.
    typed
        The columns whose every cell is a real date, whatever Python type it has here.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        resolved: Resolved,
        say: Callable[[Any], str | None] = text,
        *,
        typed: Collection[int] = (),
    ) -> None:
        self._path, self._width, self._say = path, width, say
        self._dated, self._numbers = resolved.dated, resolved.numbers
        self._typed = frozenset(typed)
        names = [("line", pa.int64())]
        names += [(f"c{place}", pa.string()) for place in range(width)]
        names += [(f"d{place}", pa.bool_()) for place in (*self._dated, *self._numbers)]
        self._schema = pa.schema(names)
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd", compression_level=1)
        self._lines: list[int] = []
        self._rows: list[Sequence[Any]] = []
        self._rejects: list[records.Reject] = []
        self._digest = hashlib.sha256()

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            self._writer.close()

    def add(self, line: int, row: Sequence[Any]) -> None:
        """Write one row."""
        self._lines.append(line)
        self._rows.append(row)
        if len(self._rows) >= BATCH:
            self._flush()

    def reject(self, line: int, column: str, value: str, reason: str) -> None:
        """Leave a row out, and say why."""
        self._rejects.append((line, column, records.shown(value), reason))

    @property
    def rejects(self) -> pd.DataFrame:
        """The rows that were left out, as a rejects table."""
        return records.rejects_table(self._rejects)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that was written."""
        return self._digest.hexdigest()

    def source(self, times: Times, headers: Sequence[str]) -> Source:
        """Say how the rows are taken from the file; columns without a name make no difference."""
        cells = {place: f"c{place}" for place in range(self._width)}
        typed: frozenset[int] = frozenset()
        if times.date_format is not None and "%" in times.date_format:
            cells |= {place: _dated(place, times.date_format) for place in self._dated}
            typed = frozenset(self._dated)
        named = tuple(place for place in by_name(headers) if headers[place])
        real = {place: f"d{place}" for place in (*self._dated, *self._numbers)}
        return Source(
            one_parquet(self._path), cells, named, has_line=True, typed_times=typed, real=real
        )

    def _flush(self) -> None:
        lines, rows = self._lines, self._rows
        self._lines, self._rows = [], []
        columns = [[self._say(cell) for cell in column] for column in zip(*rows, strict=True)]
        if not rows:
            columns = [[] for _ in range(self._width)]
        flags = [
            [place in self._typed or isinstance(row[place], dt.date) for row in rows]
            for place in self._dated
        ]
        flags += [
            [row[place] is not None and not isinstance(row[place], str) for row in rows]
            for place in self._numbers
        ]
        try:
            self._write(lines, columns, flags)
        except UnicodeEncodeError:
            self._write(*self._without_unsound(lines, columns, flags))

    def _without_unsound(
        self, lines: list[int], columns: list[list[Any]], flags: list[list[bool]]
    ) -> tuple[list[int], list[list[Any]], list[list[bool]]]:
        """Leave out the rows with bytes that are no text."""
        kept = []
        for place, row in enumerate(zip(*columns, strict=True)):
            texts = [cell for cell in row if cell is not None]
            if records.is_sound(texts):
                kept.append(place)
            else:
                self.reject(lines[place], "", ", ".join(texts), "not_in_encoding")
        return (
            [lines[place] for place in kept],
            [[column[place] for place in kept] for column in columns],
            [[column[place] for place in kept] for column in flags],
        )

    def _write(self, lines: list[int], columns: list[list[Any]], flags: list[list[bool]]) -> None:
        arrays = [pa.array(lines, pa.int64())]
        arrays += [pa.array(column, pa.string()) for column in columns]
        arrays += [pa.array(column, pa.bool_()) for column in flags]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        for column in columns:
            said = "\x1f".join("\0" if cell is None else cell for cell in column)
            self._digest.update(said.encode())


def _dated(place: int, form: str) -> str:
    """Write a cell of a dated column as ISO: real dates as they are, texts by the stated form."""
    parsed = f"try_strptime(c{place}, {literal(form)})"
    if "%z" not in form and "%Z" not in form:
        shape = "%Y-%m-%d %H:%M:%S.%f" if has_clock(form) else "%Y-%m-%d"
        said = f"strftime({parsed}, {literal(shape)})"
    else:
        said = f"CAST({parsed} AS VARCHAR)"
    return f"CASE WHEN d{place} THEN c{place} ELSE coalesce({said}, c{place}) END"
