"""How is a file read whose columns are told by their position in the line?"""

from collections.abc import Mapping

import duckdb
import pandas as pd

from workbench import errors
from workbench.loaders import records
from workbench.loaders.files import TextFile

Widths = Mapping[str, tuple[int, int]]
_BATCH = 50_000


def check(widths: Widths) -> dict[str, tuple[int, int]]:
    """Refuse positions that cut nothing out of a line.

    Examples
    --------
    >>> check({"customer_id": (0, 6)})
    {'customer_id': (0, 6)}
    """
    if not widths:
        raise errors.ParameterError(
            "widths names no column.", mend="Write widths={'customer_id': (0, 6), …}."
        )
    checked: dict[str, tuple[int, int]] = {}
    for name, place in widths.items():
        try:
            start, stop = (int(edge) for edge in place)
        except (TypeError, ValueError):
            start, stop = 0, -1
        if not 0 <= start < stop:
            raise errors.ParameterError(
                f"widths: '{name}' is {place!r}.",
                mend="Write where the column starts and stops, counted from 0, the stop left out: "
                f"'{name}': (0, 6) is the first six characters.",
            )
        checked[name] = (start, stop)
    return checked


def has_header(file: TextFile, widths: Widths) -> bool:
    """Does the first line name every column? Then it is a header and not a row."""
    first = file.sample.lstrip("\r\n").split("\n", 1)[0]
    return set(widths) <= set(first.split())


def stage(
    connection: duckdb.DuckDBPyConnection, file: TextFile, widths: Widths
) -> tuple[str, pd.DataFrame]:
    """Cut every line into ``raw``: ``line``, one text per column, and last the whole line.

    Blank lines are no rows. What a line holds beyond the stated positions is left alone.
    """
    names = ", ".join(f"c{position} VARCHAR" for position in range(len(widths) + 1))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE raw (line BIGINT, {names})")
    cuts = [slice(start, stop) for start, stop in widths.values()]
    skip_header = has_header(file, widths)
    numbers: list[int] = []
    rows: list[list[str]] = []
    rejects: list[records.Reject] = []
    with file.open_text() as handle:
        for number, ended in enumerate(handle, 1):
            line = ended.rstrip("\r\n")
            if not line.strip():
                continue
            if skip_header:
                skip_header = False
                continue
            if not records.is_sound([line]):
                rejects.append((number, "", records.shown(line), "not_in_encoding"))
                continue
            numbers.append(number)
            rows.append([*(line[cut] for cut in cuts), line])
            if len(rows) >= _BATCH:
                records.insert(connection, numbers, rows, len(cuts) + 1)
                numbers, rows = [], []
    if rows:
        records.insert(connection, numbers, rows, len(cuts) + 1)
    return "raw", records.rejects_table(rejects)
