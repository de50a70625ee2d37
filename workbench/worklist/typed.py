"""Are these rows that the store can keep? Tables are read in their types, on the way in and out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors, schema

#: The reading of a column of the store: days, moments, whole numbers; all others are texts.
DAYS = ("enrolled_on", "due_date", "original_date", "closed_on", "waiting_since")
MOMENTS = ("at", "closed_at", "touched_at", "done_at")
NUMBERS = ("step", "seq", "cycle_days", "template_version", "operation_id", "undoes", "did_step")
_SHOWN = 5


def table(
    frame: Any, name: str, required: Sequence[str], optional: Sequence[str] = (), *, made_by: str
) -> pd.DataFrame:
    """Read a table: those columns, each in its type, missing values as missing.

    Raises
    ------
    ContractError
        A required column is missing or empty in a row, or a value is of another type; the message
        names the first row.
    """
    schema.require(frame, name, required, made_by=made_by)
    wanted = [*required, *optional]
    read: pd.DataFrame = frame.reindex(columns=wanted).reset_index(drop=True)
    for column in wanted:
        given = read[column]
        if column in DAYS or column in MOMENTS:
            read[column] = _times(given, name, column)
        elif column in NUMBERS:
            read[column] = _numbers(given, name, column)
        else:
            read[column] = _texts(given, name, column)
        lacking = read[column].isna()
        if column in required and lacking.any():
            raise _refused(name, column, given, lacking, "is empty")
    return read


def _times(given: "pd.Series[Any]", name: str, column: str) -> "pd.Series[pd.Timestamp]":
    try:
        read = pd.to_datetime(given, format="ISO8601", errors="coerce")
    except (TypeError, ValueError):
        read = pd.to_datetime(given.astype("object").map(_naive), format="ISO8601", errors="coerce")
    if isinstance(read.dtype, pd.DatetimeTZDtype):
        raise _refused(name, column, given, given.notna(), "is bound to a time zone")
    wrong = given.notna() & read.isna()
    if wrong.any():
        raise _refused(name, column, given, wrong, "is no day" if column in DAYS else "is no time")
    read = read.astype("datetime64[us]")
    return read.dt.normalize() if column in DAYS else read


def _naive(value: Any) -> Any:
    return None if getattr(value, "tzinfo", None) is not None else value


def _numbers(given: "pd.Series[Any]", name: str, column: str) -> "pd.Series[int]":
    read = pd.to_numeric(given, errors="coerce")
    wrong = (given.notna() & read.isna()) | (read % 1 != 0) & read.notna()
    wrong |= ~read.fillna(1).between(1, 2**31 - 1)
    wrong |= given.map(lambda value: isinstance(value, bool | np.bool_)).astype("bool")
    if wrong.any():
        raise _refused(name, column, given, wrong, "is no whole number from 1")
    return read.astype("Int64")


def _texts(given: "pd.Series[Any]", name: str, column: str) -> "pd.Series[str]":
    plain = given.astype("object").where(given.notna(), None)
    said = [None if value is None else str(value) for value in plain]
    # looked at before pandas keeps them: its texts cannot hold half a sign
    unkept = [value is not None and bool(arguments.UNKEPT.search(value)) for value in said]
    if any(unkept):
        raise _refused(name, column, given, pd.Series(unkept), "holds a zero byte or half a sign")
    kept = [None if value is None or not value.strip() else value for value in said]
    return pd.Series(kept, index=given.index, dtype="str")


def _refused(
    name: str, column: str, given: "pd.Series[Any]", wrong: "pd.Series[bool]", what: str
) -> errors.ContractError:
    rows = [place for place, flag in enumerate(wrong) if flag]
    first = given.iloc[rows[0]]
    first = first.item() if isinstance(first, np.generic) else first
    shown = "" if what == "is empty" else f" ({first!r:.40})"
    and_so = f", and so in {len(rows) - 1} more" if len(rows) > 1 else ""
    return errors.ContractError(
        f"{column} in row {rows[0] + 1}{shown} {what}{and_so}, among the {name}.",
        mend="Correct these rows; nothing was changed.",
    )


def more(flags: "pd.Series[bool]") -> str:
    """Say how many more there are than the first that is told.

    Examples
    --------
    >>> more(pd.Series([True, False, True])), more(pd.Series([True]))
    (', and 1 more', '')
    """
    count = int(flags.sum()) - 1
    return f", and {count} more" if count > 0 else ""


def named(values: Any) -> str:
    """Name the first of many, and how many more there are.

    Examples
    --------
    >>> named(["L1", "L2"])
    "'L1', 'L2'"
    """
    listed = [str(value) for value in values]
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(f"'{value}'" for value in listed[:_SHOWN]) + more


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a table's rows as the store takes them: plain Python values, None where missing."""
    columns = []
    for name in frame.columns:
        values = frame[name]
        if name in DAYS:
            plain = [None if one is pd.NaT else one.date() for one in values.astype("object")]
        elif name in MOMENTS:
            plain = [None if one is pd.NaT else one for one in values.dt.to_pydatetime()]
        else:
            plain = values.astype("object").where(values.notna(), None).tolist()
        columns.append(plain)
    names = list(frame.columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def frame(rows: Sequence[Any], columns: Sequence[str]) -> pd.DataFrame:
    """Make a table of what the store gave, each column in its type."""
    table = pd.DataFrame([tuple(row) for row in rows], columns=list(columns), dtype="object")
    for name in columns:
        if name in DAYS or name in MOMENTS:
            table[name] = pd.to_datetime(table[name]).astype("datetime64[us]")
        elif name in NUMBERS:
            table[name] = table[name].astype("Int64")
        elif name.startswith("is_"):
            table[name] = table[name].astype("bool")
        else:
            table[name] = table[name].astype("str")
    return table
