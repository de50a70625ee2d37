"""How is CSV read in one pass, without losing a row?

DuckDB parses the file strictly and in parallel. It reports rows with too few or too many fields;
where each record is one physical line, that is all there is to know. Anything odder (quoted line
breaks or blank lines beside rejects, stray quotes, mixed line ends) is read ``line_by_line``.
"""

import csv
import io
import itertools
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt

from workbench import errors
from workbench.loaders.find import limits
from workbench.loaders.open.cells import Reject
from workbench.loaders.open.header_row import TOP, find_header
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


def records(sample: str, separator: str, most: int) -> tuple[list[list[str]], list[int]]:
    """Take the beginning of a file apart: its first records, and the line each of them ends on.

    What cannot be taken apart here is told by the load, with its line.
    """
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    ends: list[int] = []
    with suppress(csv.Error):
        for row in itertools.islice(filter(None, reader), most):
            rows.append(row)
            ends.append(reader.line_num)
    return rows, ends


def layout(
    file: TextFile, separator: str | None, expected: Sequence[str], header_row: int | None
) -> Layout:
    """Find the separator and the header.

    Parameters
    ----------
    file
        The file.
    separator
        As stated; None takes the one that a first line ``sep=;`` names, else the one under which
        the header holds the expected names, else the one that cuts the first records into the
        most equal fields.
    expected
        Names that are looked for in the header.
    header_row
        The line the header ends on, as stated; None looks for it, below titles.
    """
    best: tuple[tuple[float, float], Layout] | None = None
    told = re.match(r"sep=(.)\r?$", file.sample, re.MULTILINE)
    named = separator or (told[1] if told else None)
    most = max(TOP, header_row or 0) + 50
    for candidate in [named] if named else SEPARATORS:
        rows, ends = records(file.sample, candidate, most)
        rows, ends = rows[told is not None :], ends[told is not None :]
        cleaned = [[_clean(name) for name in row] for row in rows[:TOP]]
        if not any(map(any, cleaned)):
            continue
        if header_row is None:
            place = find_header(cleaned, expected)
        elif header_row in ends:
            place = ends.index(header_row)
        else:
            continue
        names = tuple(_clean(name) for name in rows[place])
        # bare separators at the end of a title line make no columns
        plain = not any("\n" in name or "\r" in name for row in rows[: place + 1] for name in row)
        below = rows[place : place + 51]
        alike = sum(len(row) == len(names) for row in below) / len(below)
        rank = len(set(expected) & set(names)), alike * (len(names) - 1)
        if best is None or rank > best[0]:
            best = rank, Layout(candidate, names, ends[place], plain)
    if best is None and header_row is not None:
        raise errors.ParameterError(
            f"header_row is {header_row}, but line {header_row} of '{file.named}' is empty.",
            mend="Lines are counted from 1; without it, the header is looked for.",
        )
    if best is None:
        raise errors.SourceError(
            f"'{file.named}' has no header: it holds nothing but blank lines.",
            mend="Its first line has to name the columns; export the table again.",
        )
    limits.columns(file.named, len(best[1].headers))
    return best[1]


def _clean(name: str) -> str:
    return name.strip().lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")


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
