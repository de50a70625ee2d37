"""Which rows were left out, and why, in words and as a file to hand back?"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from workbench import outputs
from workbench.results import Result
from workbench.words import Words

REJECTS = Result(
    "loaders.load(…).rejects", file="text", line_number="count", column="column", value="text",
    reason="feedback",
)  # fmt: skip
COLUMNS = REJECTS.columns[1:]


def table(rows: Sequence[Sequence[object]] = (), *, file: str | None = None) -> pd.DataFrame:
    """Make the rejects table of lines, columns, values and reasons; of several files with ``file``.

    Examples
    --------
    >>> table([(2, "amount", "x", "not_a_number")])["reason"].tolist()
    ['not_a_number']
    """
    made = pd.DataFrame(list(rows), columns=list(COLUMNS))
    made = made.astype({name: "int64" if name == "line_number" else "str" for name in COLUMNS})
    if file is not None:
        made.insert(0, "file", pd.Series(file, index=made.index, dtype="str"))
    return made


def in_words(codes: str, words: Words) -> str:
    """Why was a row rejected? The words for one or several reason codes.

    Examples
    --------
    >>> in_words("not_a_date; not_a_number", Words())
    'not a date; not a number'
    """
    return "; ".join(words(f"ledger.reason.{code}") for code in codes.split("; "))


def said(rejects: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Say in words why each row was rejected."""
    reasons = {codes: in_words(codes, words) for codes in rejects["reason"].unique()}
    return rejects.assign(reason=rejects["reason"].map(reasons).astype("str"))


def write(rejects: pd.DataFrame, path: Path | str, words: Words, source: str) -> Path:
    """Write rejects as a CSV that spreadsheets read, whole or not at all, never over the source."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([words.header(name) for name in rejects.columns])
    for row in said(rejects, words).itertuples(index=False):
        writer.writerow([outputs.guarded(one) for one in row])
    return outputs.write(path, text.getvalue().encode("utf-8-sig"), source)
