"""How is CSV read in one pass, without losing a row?

DuckDB parses the file strictly and in parallel. It reports rows with too few or too many fields;
where each record is one physical line, that is all there is to know. Anything odder (quoted line
breaks or blank lines beside rejects, stray quotes, mixed line ends) is read ``line_by_line``.
"""

import csv
import io
import itertools
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt

from workbench import errors
from workbench.loaders.open.cells import Reject
from workbench.loaders.open.sql import literal, path_literal
from workbench.loaders.open.text_file import TextFile

SEPARATORS = (",", ";", "\t", "|")
# A text that stands in no file, so that an empty field stays an empty text.
_NO_NULL = "\x1fNULL\x1f"
_MALFORMED = {
    "MISSING COLUMNS": "too_few_fields",
    "TOO MANY COLUMNS": "too_many_fields",
}


@dataclass(frozen=True)
class Layout:
    """How a CSV is laid out: separator, header, and the lines up to the first record."""

    separator: str
    headers: tuple[str, ...]
    header_lines: int
    header_is_plain: bool


def records(sample: str, separator: str, most: int) -> tuple[list[list[str]], int]:
    """Take the beginning of a file apart: its first records, and the lines the header runs over.

    What cannot be taken apart here is told by the load, with its line.
    """
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    header_lines = 0
    with suppress(csv.Error):
        for row in itertools.islice(filter(None, reader), most):
            rows.append(row)
            header_lines = header_lines or reader.line_num
    return rows, header_lines


def layout(file: TextFile, separator: str | None, expected: Sequence[str]) -> Layout:
    """Find the separator and the header.

    Parameters
    ----------
    file
        The file.
    separator
        As stated; None takes the one under which the header holds the expected names, else the
        one that cuts the first records into the most equal fields.
    expected
        Names that are looked for in the header.
    """
    best: tuple[tuple[float, float], Layout] | None = None
    for candidate in [separator] if separator is not None else SEPARATORS:
        rows, header_lines = records(file.sample, candidate, 51)
        if not rows:
            continue
        names = tuple(name.strip().lstrip("\N{ZERO WIDTH NO-BREAK SPACE}") for name in rows[0])
        plain = not any("\n" in name or "\r" in name for name in rows[0])
        alike = sum(len(row) == len(names) for row in rows) / len(rows)
        rank = len(set(expected) & set(names)), alike * (len(names) - 1)
        if best is None or rank > best[0]:
            best = rank, Layout(candidate, names, header_lines, plain)
    if best is None:
        raise errors.SourceError(
            f"'{file.named}' has no header: it holds nothing but blank lines.",
            mend="Its first line has to name the columns; export the table again.",
        )
    return best[1]


def relation(file: TextFile, laid: Layout) -> str:
    """Write the DuckDB expression that reads the records as text columns ``c0``, ``c1`` …"""
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(laid.headers)))
    return (
        f"read_csv({path_literal(file.path)}, auto_detect=false, header=false, "
        f"skip={laid.header_lines}, sep={literal(laid.separator)}, quote='\"', escape='\"', "
        f"columns={{{columns}}}, nullstr={literal(_NO_NULL)}, "
        f"compression='{'gzip' if file.compressed else 'none'}', strict_mode=true, "
        "store_rejects=true, hive_partitioning=false)"
    )


def malformed(connection: duckdb.DuckDBPyConnection) -> list[Reject] | None:
    """Give the rows DuckDB could not take, one per record; None where it lost its way.

    Their lines count records, not physical lines.
    """
    rows = connection.execute(
        "SELECT line, error_type::VARCHAR, csv_line FROM reject_errors ORDER BY line, byte_position"
    ).fetchall()
    rejects: dict[int, Reject] = {}
    for line, kind, text in rows:
        if kind not in _MALFORMED:
            return None
        said = str(text).strip("\r\n")
        rejects.setdefault(int(line), Reject(int(line), "", said, _MALFORMED[kind]))
    return list(rejects.values())


def lines_of(
    ordinals: npt.NDArray[np.int64], malformed_lines: npt.NDArray[np.int64], header_lines: int
) -> npt.NDArray[np.int64]:
    """Give the line of the n-th well-formed record, where each record is one line.

    Examples
    --------
    >>> lines_of(np.array([0, 1, 2]), np.array([3]), header_lines=1).tolist()
    [2, 4, 5]
    """
    order = np.sort(malformed_lines)
    well_formed_before = order - header_lines - 1 - np.arange(len(order))
    skipped = np.searchsorted(well_formed_before, ordinals, side="right")
    return ordinals + header_lines + 1 + skipped


def is_regular(file: TextFile, laid: Layout, well_formed: int, malformed_rows: int) -> bool:
    """Is each record one physical line, so that lines can be counted?"""
    return file.count_lines() == laid.header_lines + well_formed + malformed_rows
