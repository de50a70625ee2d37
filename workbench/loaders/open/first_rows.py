"""What does a source look like before anything is known of it? Its headers and its first rows."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from workbench import scratch
from workbench.load_options import LoadOptions
from workbench.loaders.find import archives, files, sources, workbooks
from workbench.loaders.open import (
    cells,
    database,
    delimited,
    fixed_width,
    parquet,
    sheet,
    text_file,
    workbook,
)

ROWS = 500


@dataclass(frozen=True)
class FirstRows:
    """The header and the first rows of a source, every cell as text, as many as there are headers.

    ``found`` says what was found on the way: encoding and separator of a CSV, sheet and header row
    of a workbook.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    found: dict[str, Any] = field(default_factory=dict)


def read(source: sources.Source, options: LoadOptions, expected: Sequence[str]) -> FirstRows:
    """Read the header and the first rows of whatever a source names; of several files, the first.

    Parameters
    ----------
    source, options
        The source, and how it is opened.
    expected
        Names by which a header is recognised below titles, and a separator among others.

    Raises
    ------
    WorkbenchError
        Whatever ``loaders.load`` says of a source it cannot open.
    """
    if source.question is not None:
        with database.asked(source.question, ROWS) as answer:
            return _texts(answer.headers, next(answer.batches, ()))
    path, named = source.paths[0], source.named
    if options.widths is None and files.is_parquet(path):
        with duckdb.connect(":memory:") as connection:
            file = parquet.describe(connection, path, named)
            texts = ", ".join(f"CAST(c{place} AS VARCHAR)" for place in range(len(file.headers)))
            query = f"SELECT {texts} FROM {file.relation} LIMIT {ROWS}"
            return _texts(file.headers, connection.execute(query).fetchall())
    kind = workbooks.kind(path, named) if options.widths is None else None
    if kind is not None:
        with workbook.opened(path, named, kind) as book:
            table = sheet.open_sheet(book, named, options, expected)
            rows = [
                [cells.spreadsheet_text(cell) for cell in row]
                for _, row in itertools.islice(table.rows, ROWS)
            ]
        told = {"sheet": table.name, "header_row": table.header_row}
        return _texts(table.headers, rows, told)
    with scratch.Folder() as draft:
        path = archives.only_member(path, named, draft) or path
        text = text_file.open_text_file(path, named, options.encoding, draft)
    if options.widths is not None:
        return _cut(text, options.widths)
    laid = delimited.layout(text, options.separator, expected, options.header_row)
    records, ends = delimited.records(text.sample, laid.separator, ROWS + 300)
    # The sample may end within a row.
    last = len(records) if text.sample_is_all or len(records) >= ROWS + 300 else -1
    whole = records[ends.index(laid.header_lines) + 1 : last]
    found: dict[str, Any] = {"encoding": text.encoding, "separator": laid.separator}
    if laid.header_lines > 1:
        found["header_row"] = laid.header_lines
    return _texts(laid.headers, whole[:ROWS], found)


def _cut(text: text_file.TextFile, widths: fixed_width.Widths) -> FirstRows:
    lines = [line for line in text.sample.splitlines() if line.strip()][: ROWS + 1]
    if lines and fixed_width.is_header(lines[0], widths):
        lines = lines[1:]
    rows = [[line[start:stop] for start, stop in widths.values()] for line in lines[:ROWS]]
    return _texts(tuple(widths), rows, {"encoding": text.encoding})


def _texts(
    headers: Sequence[str], rows: Iterable[Sequence[Any]], found: dict[str, Any] | None = None
) -> FirstRows:
    """Give every row as many texts as there are headers; a missing one is empty."""
    texts = tuple(
        tuple(
            (cells.text(cell) or "").strip(cells.BLANKS)
            for cell in itertools.islice(itertools.chain(row, itertools.repeat("")), len(headers))
        )
        for row in rows
    )
    return FirstRows(tuple(headers), texts, found or {})
