"""How is CSV read in one pass, without losing a row?

DuckDB parses the file strictly and in parallel. It reports rows with too few or too many fields;
where each record is one physical line, that is all there is to know. Anything odder (quoted line
breaks or blank lines beside rejects, stray quotes, mixed line ends) is read by ``records``.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from workbench import errors, schema
from workbench.loaders.casting import literal, path_literal
from workbench.loaders.files import TextFile

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


def layout(file: TextFile, *, separator: str | None, expected: Sequence[str]) -> Layout:
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
    if separator is not None and (len(separator) != 1 or separator in '"\r\n'):
        raise errors.ParameterError(
            f"separator is {separator!r}.", mend="It is one character, such as ',' or ';' or a tab."
        )
    candidates = [separator] if separator is not None else list(SEPARATORS)
    found = [_lay_out(file, candidate) for candidate in candidates]
    known = [laid for laid in found if laid is not None]
    if not known:
        raise errors.SourceError(
            f"'{file.named}' has no header: it holds nothing but blank lines.",
            mend="Its first line has to name the columns; export the table again.",
        )
    names = set(expected)
    return max(known, key=lambda laid: (len(names & set(laid[0].headers)), laid[1]))[0]


def _lay_out(file: TextFile, separator: str) -> tuple[Layout, float] | None:
    reader = csv.reader(io.StringIO(file.sample, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    header_lines = 0
    try:
        for row in reader:
            if row:
                rows.append(row)
                header_lines = header_lines or reader.line_num
            if len(rows) > 50:
                break
    except csv.Error:
        pass
    if not rows:
        return None
    header = tuple(name.strip().lstrip("\N{ZERO WIDTH NO-BREAK SPACE}") for name in rows[0])
    plain = not any("\n" in name or "\r" in name for name in rows[0])
    alike = sum(len(row) == len(header) for row in rows) / len(rows)
    return Layout(separator, header, header_lines, plain), alike * (len(header) - 1)


def relation(file: TextFile, laid: Layout) -> str:
    """Write the DuckDB expression that reads the records as text columns ``c0``, ``c1`` …"""
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(len(laid.headers)))
    options = {
        "auto_detect": "false",
        "header": "false",
        "skip": str(laid.header_lines),
        "sep": literal(laid.separator),
        "quote": literal('"'),
        "escape": literal('"'),
        "columns": f"{{{columns}}}",
        "nullstr": literal(_NO_NULL),
        "compression": literal("gzip" if file.compressed else "none"),
        "strict_mode": "true",
        "store_rejects": "true",
        "hive_partitioning": "false",
    }
    said = ", ".join(f"{name}={value}" for name, value in options.items())
    return f"read_csv({path_literal(file.path)}, {said})"


def malformed(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame | None:
    """Give the rows DuckDB could not take, one row per record; None where it lost its way.

    Returns
    -------
    DataFrame
        ``line_number`` (counting records, not lines), ``column``, ``value``, ``reason``.
    """
    found = connection.execute(
        "SELECT line, error_type::VARCHAR, csv_line FROM reject_errors ORDER BY line, byte_position"
    ).fetchall()
    kinds: dict[int, tuple[str, str]] = {}
    for line, kind, text in found:
        if kind not in _MALFORMED:
            return None
        kinds.setdefault(int(line), (_MALFORMED[kind], str(text)))
    return pd.DataFrame(
        {
            "line_number": pd.Series(list(kinds), dtype="int64"),
            "column": pd.Series([""] * len(kinds), dtype="str"),
            "value": pd.Series([text.strip("\r\n") for _, text in kinds.values()], dtype="str"),
            "reason": pd.Series([reason for reason, _ in kinds.values()], dtype="str"),
        }
    )


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


def contract_names(table: schema.Table, columns: dict[str, str] | None) -> list[str]:
    """List the header names that a table may be looking for."""
    stated = dict(columns or {})
    names = [name for name in table.column_names if name not in stated]
    for theirs in stated.values():
        names += [theirs, *(factor.strip() for factor in theirs.split("*"))]
    return names
