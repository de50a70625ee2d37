"""What does a source look like before anything is known of it? Its headers and its first rows."""

import csv
import io
import itertools
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from workbench.loaders import (
    archives,
    casting,
    database,
    delimited,
    excel,
    files,
    sources,
    typed,
    workbooks,
)
from workbench.loaders.cells import spreadsheet_text, text
from workbench.loaders.options import Widths

ROWS = 500


@dataclass(frozen=True)
class Peek:
    """The header and the first rows of a source, every cell as text.

    ``found`` says what was found on the way: encoding and separator of a CSV, sheet and header row
    of a workbook.
    """

    named: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    found: dict[str, Any]


def peek(
    source: Path | str,
    *,
    expected: Sequence[str],
    encoding: str | None = None,
    separator: str | None = None,
    widths: Widths | None = None,
    sheet: str | int | None = None,
    header_row: int | None = None,
    sql: str | None = None,
    db_table: str | None = None,
) -> Peek:
    """Read the header and the first rows of whatever a source names; of several files, the first.

    Parameters
    ----------
    source, encoding, separator, widths, sheet, header_row, sql, db_table
        As in ``loaders.load``.
    expected
        Names by which a header is recognised below titles, and a separator among others.

    Raises
    ------
    WorkbenchError
        Whatever ``loaders.load`` says of a source it cannot open.
    """
    found = sources.find(source, sql=sql, db_table=db_table)
    if isinstance(found, sources.Query):
        headers, answer = database.peek(found.asked, ROWS)
        return _peek(found.named, headers, ([text(cell) for cell in row] for row in answer), {})
    path = found.paths[0] if isinstance(found, sources.ManyFiles) else found.path
    named = found.named
    if widths is None and files.is_parquet(path):
        return _parquet(path, named)
    book = workbooks.kind(path, named) if widths is None else None
    if book is not None:
        with workbooks.opened(path, named, book) as opened:
            table = excel.open_sheet(
                opened, named, sheet=sheet, header_row=header_row, expected=expected
            )
            rows = [row for _, row in itertools.islice(table.rows, ROWS)]
        told = {"sheet": table.name, "header_row": table.header_row}
        return _peek(
            named, table.headers, ([spreadsheet_text(cell) for cell in row] for row in rows), told
        )
    with tempfile.TemporaryDirectory(prefix="workbench-") as scratch:
        path = archives.only_member(path, named, Path(scratch)) or path
        file = files.open_text_file(path, named, encoding=encoding, scratch=Path(scratch))
        if widths is not None:
            return _fixed_width(file, widths)
        return _csv(file, separator, expected)


def _csv(file: files.TextFile, separator: str | None, expected: Sequence[str]) -> Peek:
    laid = delimited.layout(file, separator=separator, expected=expected)
    reader = csv.reader(io.StringIO(file.sample, newline=""), delimiter=laid.separator)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) > ROWS:
                break
    except csv.Error:
        # What cannot be taken apart here is told by the load, with its line.
        pass
    told = {"encoding": file.encoding, "separator": laid.separator}
    # The sample may end within a row.
    whole = rows[1:] if file.sample_is_all or len(rows) > ROWS else rows[1:-1]
    return _peek(file.named, laid.headers, whole, told)


def _fixed_width(file: files.TextFile, widths: Widths) -> Peek:
    lines = [line for line in file.sample.splitlines() if line.strip()][: ROWS + 1]
    if lines and set(widths) <= set(lines[0].split()):
        lines = lines[1:]
    rows = [[line[start:stop].strip() for start, stop in widths.values()] for line in lines[:ROWS]]
    return _peek(file.named, tuple(widths), rows, {"encoding": file.encoding})


def _parquet(path: Path, named: str) -> Peek:
    with duckdb.connect(":memory:") as connection:
        file = typed.describe(connection, path, named)
        cells = ", ".join(f"CAST(c{place} AS VARCHAR)" for place in range(len(file.headers)))
        rows = connection.execute(f"SELECT {cells} FROM {file.relation} LIMIT {ROWS}").fetchall()
    return _peek(named, file.headers, rows, {})


def _peek(
    named: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[str | None]],
    found: dict[str, Any],
) -> Peek:
    """Give every row as many cells as there are headers; a missing one is empty."""
    width = len(headers)
    texts = tuple(
        tuple((cell or "").strip(casting.BLANKS) for cell in (*row[:width], *[""] * width)[:width])
        for row in rows
    )
    return Peek(named, tuple(headers), texts, found)
