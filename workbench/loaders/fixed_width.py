"""How is a file read whose columns are told by their position in the line?"""

import duckdb
import pandas as pd

from workbench.loaders import records
from workbench.loaders.files import TextFile
from workbench.loaders.options import Widths

_BATCH = 50_000


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
