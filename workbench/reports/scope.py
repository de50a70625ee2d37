"""Which period and whose customers does a report speak of? For the first cells of its notebook."""

import datetime as dt
from typing import Any

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


def of_owner(
    table: Any, customers: pd.DataFrame, owners: pd.DataFrame | None = None, *, owner: str | None
) -> Any:
    """Which rows are of this owner's customers? All of them where no owner is asked for.

    Parameters
    ----------
    table
        A table with ``customer_id``, or what a loader returned.
    customers, owners
        ``customer_id`` with ``owner_id``; ``owner_id`` of all owners, who may have no customer.
    owner
        An ``owner_id``, or None for everybody.

    Returns
    -------
    The table itself for everybody, else a pandas table of the owner's rows.

    Raises
    ------
    UnknownNameError
        There is no such owner; the message names the likely one.

    Examples
    --------
    >>> people = pd.DataFrame({"customer_id": ["a", "b"], "owner_id": ["S01", "S02"]})
    >>> of_owner(people, people, owner="S02")["customer_id"].tolist()
    ['b']
    """
    if owner is None:
        return table
    known = set(customers["owner_id"].dropna().astype(str))
    if owners is not None:
        known |= set(owners["owner_id"].dropna().astype(str))
    if owner not in known:
        raise errors.unknown("owner", owner, known)
    theirs = customers.loc[customers["owner_id"].astype(str) == owner, "customer_id"]
    rows = table if isinstance(table, pd.DataFrame) else table.table
    return rows[rows["customer_id"].isin(theirs)].reset_index(drop=True)


def owned(table: pd.DataFrame, owners: pd.DataFrame, *, owner: str | None) -> pd.DataFrame:
    """Which rows of a table with ``owner_id`` are this owner's? All where no owner is asked for.

    Raises
    ------
    UnknownNameError
        There is no such owner; the message names the likely one.

    Examples
    --------
    >>> leads = pd.DataFrame({"lead_id": ["a", "b"], "owner_id": ["S01", "S02"]})
    >>> owned(leads, leads, owner="S02")["lead_id"].tolist()
    ['b']
    """
    if owner is None:
        return table
    known = set(owners["owner_id"].dropna().astype(str))
    if owner not in known:
        raise errors.unknown("owner", owner, known)
    return table[table["owner_id"].astype(str) == owner].reset_index(drop=True)


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
    last = by_period.iloc[-1]
    if not (last["due"] or last["enrolled"] or last["answered"]):
        seen = f"run from {first_date} to {last_date}" if first_date else "are none"
        raise errors.NoDataError(
            f"Nothing was due and nobody answered in {last['period']}.",
            mend=f"The touches {seen}. Name a period they cover, or load more touches.",
        )


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
    if not by_period["active_customers"].iloc[-1]:
        seen = f"run from {first_date} to {last_date}" if first_date else "are none"
        raise errors.NoDataError(
            f"Nobody bought in {by_period['period'].iloc[-1]}.",
            mend=f"The orders {seen}. Name a period they cover, or load more orders.",
        )
