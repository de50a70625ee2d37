"""How do the cells of a workbook or a database become the texts that every source is cast from?

A cell may hold a number in one row and a text in the next. So each is written as the text it would
be in a CSV, exactly; beside the columns of dates and numbers stands which cells were real ones,
since of those nobody has to find out how they are written. What of a CSV only Python reads comes
the same way.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from workbench import schema
from workbench.loaders.open import encodings

BATCH = 50_000
# Blanks of Western and Chinese text, no-break and full width, and a stray byte order mark.
BLANKS = " \t\r\n\v\f\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"
# The types of our columns whose cells may be written in many ways.
DATED: tuple[schema.ColumnType, ...] = ("date", "timestamp")
NUMERIC: tuple[schema.ColumnType, ...] = ("money", "number", "integer")


class Reject(NamedTuple):
    """A row that no cast could judge: its line, the column if it is one, what stood there, why."""

    line: int
    column: str
    value: str
    reason: str


def shown(text: str) -> str:
    """Show a line as it stood; a byte that is no text as its escape."""
    return text.strip("\r\n").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


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
    say
        How a cell becomes text; None where every cell is one.
    dated, numbers
        The columns of dates and of numbers: ``d<n>`` says which of their cells were real ones.
    typed
        The columns whose every cell is a real date, whatever Python type it has here.
    between
        What stands between the cells of a row that is shown whole.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        say: Callable[[Any], str | None] | None = None,
        *,
        dated: Sequence[int] = (),
        numbers: Sequence[int] = (),
        typed: Collection[int] = (),
        between: str = ", ",
    ) -> None:
        self.path, self.width, self.dated, self.numbers = path, width, dated, numbers
        self.rejects: list[Reject] = []
        self._say, self._between, self._typed = say, between, frozenset(typed)
        names = [("line", pa.int64())]
        names += [(f"c{place}", pa.string()) for place in range(width)]
        names += [(f"d{place}", pa.bool_()) for place in (*dated, *numbers)]
        self._schema = pa.schema(names)
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd", compression_level=1)
        self._lines: list[int] = []
        self._rows: list[Sequence[Any]] = []
        self._digest = hashlib.sha256()

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
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
        self.rejects.append(Reject(line, column, shown(value), reason))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that was written."""
        return self._digest.hexdigest()

    def _flush(self) -> None:
        lines, rows = self._lines, self._rows
        self._lines, self._rows = [], []
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [[]] * self.width
        if self._say is not None:
            columns = [[self._say(cell) for cell in column] for column in columns]
        flags: list[Sequence[Any]] = [
            [place in self._typed or isinstance(row[place], dt.date) for row in rows]
            for place in self.dated
        ]
        flags += [
            [row[place] is not None and not isinstance(row[place], str) for row in rows]
            for place in self.numbers
        ]
        try:
            self._write([lines, *columns, *flags])
        except UnicodeEncodeError:
            self._write(self._sound_only([lines, *columns, *flags]))

    def _sound_only(self, columns: list[Sequence[Any]]) -> list[Sequence[Any]]:
        """Leave out the rows with bytes that are no text."""
        kept = []
        for row in zip(*columns, strict=True):
            texts = [cell for cell in row[1 : self.width + 1] if cell is not None]
            if encodings.is_sound("".join(texts)):
                kept.append(row)
            else:
                self.reject(row[0], "", self._between.join(texts), "not_in_encoding")
        return list(zip(*kept, strict=True)) or [[]] * len(columns)

    def _write(self, columns: list[Sequence[Any]]) -> None:
        table = pa.Table.from_arrays(
            [
                pa.array(column, entry.type)
                for column, entry in zip(columns, self._schema, strict=True)
            ],
            schema=self._schema,
        )
        self._writer.write_table(table)
        for column in columns[1 : self.width + 1]:
            said = "\x1f".join("\0" if cell is None else cell for cell in column)
            self._digest.update(said.encode())
