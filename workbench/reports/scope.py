"""Which period does a report speak of, and is there anything to say? For the first cells of its notebook."""

import datetime as dt
from typing import Literal

import pandas as pd

from workbench import errors, periods


def period(
    name: str | None,
    first_date: dt.date | None,
    last_date: dt.date | None,
    *,
    kind: periods.Kind = "month",
) -> periods.Period:
    """Which period is reported: the one that is named, or the last one the data cover whole?

    Parameters
    ----------
    name
        A period's name, or None.
    first_date, last_date
        The days the data lie between, as their ledger says.
    kind
        The kind of period, where none is named.

    Raises
    ------
    NoDataError
        None is named, and the data cover none whole.

    Examples
    --------
    >>> str(period(None, dt.date(2025, 1, 1), dt.date(2026, 10, 30)))
    '2026-09'
    """
    if name is not None:
        return periods.parse(name)
    if first_date is not None and last_date is not None:
        found = periods.last_whole(first_date, last_date, kind)
        if found is not None:
            return found
    seen = f"They run from {first_date} to {last_date}." if first_date else "There are none."
    name = f": --period {periods.containing(last_date, kind)}" if last_date else ""
    raise errors.NoDataError(
        f"The data cover no whole {kind}.", mend=f"{seen} Name a period{name}, or load more data."
    )


#: Of each kind of report: the columns that count, the table they come from, and what is said of none.
_NEEDED = {
    "nurture": (
        ["due", "enrolled", "answered"], "touches", "Nothing was due and nobody answered",
    ),
    "purchases": (["active_customers"], "orders", "Nobody bought"),
}  # fmt: skip


def require(
    what: Literal["nurture", "purchases"],
    by_period: pd.DataFrame,
    first_date: dt.date | None,
    last_date: dt.date | None,
) -> None:
    """Is there anything to report on in the last of these periods?

    Parameters
    ----------
    what
        ``nurture``: something was due, somebody was enrolled or answered; ``purchases``: somebody
        bought.
    by_period
        One row per period, from ``nurture.activity`` or ``purchases.kpis``.
    first_date, last_date
        The days the touches or orders lie between, for the message.

    Raises
    ------
    NoDataError
        There is not.

    Examples
    --------
    >>> quiet = pd.DataFrame({"period": ["2026-10"], "active_customers": [0]})
    >>> require("purchases", quiet, dt.date(2026, 1, 1), dt.date(2026, 9, 30))
    Traceback (most recent call last):
    workbench.errors.NoDataError: Nobody bought in 2026-10.
    The orders run from 2026-01-01 to 2026-09-30. Name a period: --period 2026-09, or load more orders.
    """
    columns, table, none = _NEEDED[what]
    if not by_period.iloc[-1][columns].any():
        seen = f"run from {first_date} to {last_date}" if first_date else "are none"
        kind = periods.parse(by_period["period"].iloc[-1]).kind
        name = f": --period {periods.containing(last_date, kind)}" if last_date else ""
        raise errors.NoDataError(
            f"{none} in {by_period['period'].iloc[-1]}.",
            mend=f"The {table} {seen}. Name a period{name}, or load more {table}.",
        )
