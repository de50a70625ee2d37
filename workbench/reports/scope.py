"""Which period does a report speak of, and is there anything to say? For the first cells of its notebook."""

import datetime as dt

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
    raise errors.NoDataError(
        f"The data cover no whole {kind}.", mend=f"{seen} Name a period, or load more data."
    )


def require_nurture(
    by_period: pd.DataFrame, first_date: dt.date | None, last_date: dt.date | None
) -> None:
    """Is there anything to report on in the last of these periods?

    Parameters
    ----------
    by_period
        One row per period, from ``nurture.activity``.
    first_date, last_date
        The days the touches lie between, for the message.

    Raises
    ------
    NoDataError
        Nothing was due, nobody was enrolled and nobody answered in it.

    Examples
    --------
    >>> quiet = pd.DataFrame({"period": ["2026-W43"], "due": 0, "enrolled": 0, "answered": 0})
    >>> require_nurture(quiet, dt.date(2026, 1, 1), dt.date(2026, 9, 30))
    Traceback (most recent call last):
    workbench.errors.NoDataError: Nothing was due and nobody answered in 2026-W43.
    The touches run from 2026-01-01 to 2026-09-30. Name a period they cover, or load more touches.
    """
    _require(
        by_period, ("due", "enrolled", "answered"), "touches", first_date, last_date,
        none="Nothing was due and nobody answered",
    )  # fmt: skip


def require_purchases(
    by_period: pd.DataFrame, first_date: dt.date | None, last_date: dt.date | None
) -> None:
    """Is there anything to report on in the last of these periods?

    Parameters
    ----------
    by_period
        One row per period, from ``purchases.kpis``.
    first_date, last_date
        The days the data lie between, for the message.

    Raises
    ------
    NoDataError
        Nobody bought in it.

    Examples
    --------
    >>> quiet = pd.DataFrame({"period": ["2026-10"], "active_customers": [0]})
    >>> require_purchases(quiet, dt.date(2026, 1, 1), dt.date(2026, 9, 30))
    Traceback (most recent call last):
    workbench.errors.NoDataError: Nobody bought in 2026-10.
    The orders run from 2026-01-01 to 2026-09-30. Name a period they cover, or load more orders.
    """
    _require(
        by_period, ("active_customers",), "orders", first_date, last_date, none="Nobody bought"
    )


def _require(
    by_period: pd.DataFrame, columns: tuple[str, ...], table: str, first: dt.date | None,
    last: dt.date | None, *, none: str,
) -> None:  # fmt: skip
    if not by_period.iloc[-1][list(columns)].any():
        seen = f"run from {first} to {last}" if first else "are none"
        raise errors.NoDataError(
            f"{none} in {by_period['period'].iloc[-1]}.",
            mend=f"The {table} {seen}. Name a period they cover, or load more {table}.",
        )
