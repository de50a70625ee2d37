"""Which rows were left out, and why, in words and as a file to hand back?"""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from workbench import errors
from workbench.results import Result
from workbench.words import Words

REJECTS = Result(
    "loaders.load(…).rejects", file="text", line_number="count", column="column", value="text",
    reason="feedback",
)  # fmt: skip
COLUMNS = REJECTS.columns[1:]
# What a spreadsheet may take for a formula when it opens a text cell.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


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


def write(rejects: pd.DataFrame, path: Path | str, words: Words) -> Path:
    """Write rejects as a CSV that spreadsheets read, whole or not at all."""
    target = Path(path)
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with draft.open("w", encoding="utf-8-sig", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow([words.header(name) for name in rejects.columns])
            for row in said(rejects, words).itertuples(index=False):
                writer.writerow([inert(one) if isinstance(one, str) else one for one in row])
        draft.replace(target)
    except OSError as error:
        raise errors.SourceError(
            f"rejects: '{target}' cannot be written ({error.strerror}).",
            mend="Name a file in a folder that exists and that you may write to.",
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return target


def inert(text: str) -> str:
    """Make a text cell that no spreadsheet runs as a formula.

    Examples
    --------
    >>> inert("=cmd|'/c calc'!A0"), inert("O'Neill")
    ("'=cmd|'/c calc'!A0", "O'Neill")
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
