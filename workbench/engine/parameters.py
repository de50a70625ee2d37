"""Is this a day, is this a number of days? Arguments are read once, strictly, for every engine."""

import datetime as dt
import operator
import re
from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from workbench import errors

DayLike: TypeAlias = dt.date | pd.Timestamp | np.datetime64 | str

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOST_DAYS = 2**31 - 1


def day(name: str, value: Any) -> dt.date:
    """Read a day: a date, a timestamp (its time of day is ignored) or ISO text.

    Raises
    ------
    ParameterError
        The text is no day, or the timestamp is NaT or bound to a zone, where the day depends on
        who looks.
    ParameterTypeError
        It is none of these.

    Examples
    --------
    >>> day("as_of", "2026-10-31")
    datetime.date(2026, 10, 31)
    >>> day("as_of", pd.Timestamp("2026-10-31 23:59"))
    datetime.date(2026, 10, 31)
    """
    mend = f"Write {name}=date(2026, 10, 31), a naive timestamp, or '2026-10-31'."
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if value is pd.NaT:
        raise errors.ParameterError(f"{name} is NaT, no day.", mend=mend)
    if isinstance(value, dt.datetime):
        if value.tzinfo is not None:
            raise errors.ParameterError(
                f"{name} is bound to a time zone ({value.tzinfo}); the day depends on who looks.",
                mend=mend,
            )
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):
        try:
            if _ISO_DAY.fullmatch(value):
                return dt.date.fromisoformat(value)
        except ValueError:
            pass
        raise errors.ParameterError(f"{name} is '{value}', no day.", mend=mend)
    raise errors.ParameterTypeError(
        f"{name} is {value!r}, of type {type(value).__name__}.", mend=mend
    )


def optional_day(name: str, value: Any) -> dt.date | None:
    """Read a day as ``day`` does; None means no limit.

    Examples
    --------
    >>> optional_day("cohort_until", "2026-10-31")
    datetime.date(2026, 10, 31)
    """
    return None if value is None else day(name, value)


def optional_days(name: str, value: Any) -> int | None:
    """Read a number of days, at least one; None means no limit.

    Raises
    ------
    ParameterError
        It is less than one, or too large to count days with.
    ParameterTypeError
        It is no whole number.

    Examples
    --------
    >>> optional_days("window_days", 90)
    90
    """
    mend = f"Write {name}=365 for the last 365 days, or {name}=None for all."
    if value is None:
        return None
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        days = operator.index(value)
    except TypeError:
        raise errors.ParameterTypeError(
            f"{name} is {value!r}, of type {type(value).__name__}; it takes a whole number of days.",
            mend=mend,
        ) from None
    if not 1 <= days <= _MOST_DAYS:
        raise errors.ParameterError(
            f"{name} is {days}; it has to be at least 1"
            + (f" and at most {_MOST_DAYS}." if days > 1 else "."),
            mend=mend,
        )
    return days


def days(name: str, values: Any) -> str:
    """Read one day or several; give them rising, each once, as one text that a query takes apart.

    Raises
    ------
    ParameterError, ParameterTypeError
        There is none, or one of them is no day.

    Examples
    --------
    >>> days("as_of_dates", ["2026-10-31", dt.date(2026, 9, 30), "2026-10-31"])
    '2026-09-30,2026-10-31'
    """
    listed = [values] if isinstance(values, str | dt.date | np.datetime64) else values
    if not isinstance(listed, Iterable) or not (read := {day(name, one) for one in listed}):
        raise errors.ParameterError(
            f"{name} is {values!r}.", mend=f"Give the days: {name}=['2026-06-30', '2026-07-31']."
        )
    return ",".join(one.isoformat() for one in sorted(read))


def number_of_days(name: str, value: Any) -> int:
    """Read a number of days, at least one.

    Examples
    --------
    >>> number_of_days("horizon_days", 90)
    90
    """
    if value is None:
        raise errors.ParameterTypeError(
            f"{name} is None; it takes a whole number of days.", mend=f"Write {name}=90."
        )
    read = optional_days(name, value)
    assert read is not None
    return read


def month_or_week(name: str, value: Any) -> str:
    """Read how long a period is.

    Raises
    ------
    UnknownNameError
        It is neither ``month`` nor ``week``.

    Examples
    --------
    >>> month_or_week("every", "week")
    'week'
    """
    if value not in ("month", "week"):
        raise errors.unknown(name, str(value), ["month", "week"])
    return str(value)
