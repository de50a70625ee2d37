"""In which band of their own rhythm is each customer?"""

from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from workbench import arguments, errors, people, purchases
from workbench.results import Result

WarningName = Literal["not_due", "likely_repurchase", "churn_risk", "lost", "too_little_history"]
WARNINGS: tuple[WarningName, ...] = get_args(WarningName)
Band = Literal["due_from", "risk_from", "lost_from"]
BANDS: tuple[Band, ...] = get_args(Band)
ABSENT = "absent"

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

_INTERVALS = ("interval_1", "interval_2", "interval_3")
_HISTORY = ("days_since_last", "frequency", "monetary", *_INTERVALS)
# A band is read to six decimals, so that 0.1 + 0.7, as a slider may send it, is 0.8.
DECIMALS = 6
_LARGEST = 1000.0


WARNED = Result(
    "churn.warn(history)", customer_id="id", days_since_last="count", mean_interval_days="days",
    ratio="ratio", warning="warning", as_of="date", frequency="count", monetary="money",
    value_at_stake="money",
)  # fmt: skip


def warn(
    history: pd.DataFrame,
    *,
    due_from: float = 0.8,
    risk_from: float = 1.2,
    lost_from: float = 3.0,
    min_intervals: int = 2,
) -> pd.DataFrame:
    """Which customers are due, at risk or lost, by their own rhythm?

    Parameters
    ----------
    history
        One row per customer, as ``purchases.history`` makes it.
    due_from, risk_from, lost_from
        The ratio at which each band begins, rising; read to six decimals.
    min_intervals
        With fewer intervals than this, 1 to 3, nothing is said about a rhythm.

    Returns
    -------
    pandas.DataFrame
        One row per customer with a purchase day, in the order of ``history``:

        - ``customer_id``
        - ``days_since_last``: days from the last purchase day to ``as_of``
        - ``mean_interval_days``: mean of the last three intervals, or of those there are; null
          after a single purchase
        - ``ratio``: ``days_since_last / mean_interval_days``; null where there is no interval
        - ``warning``: one of ``churn.WARNINGS``
        - ``as_of``, ``frequency`` (purchase days), ``monetary`` (all net money)
        - ``value_at_stake``: net money per purchase day, never below 0

    Raises
    ------
    ContractError
        A column is missing, a customer is there twice, days of different tables are mixed, or a
        number is missing or impossible.
    ParameterError
        The bands do not rise, or ``min_intervals`` is not 1, 2 or 3.

    Notes
    -----
    The ratio is days times intervals over the sum of intervals: whole numbers divided once. Such a
    quotient, rounded once, stands to a band of few decimals as the exact fraction does: 3 days
    after intervals of 3, 3 and 4 are at 0.9, where 3 / (10 / 3) falls just below it.

    Examples
    --------
    >>> history = pd.DataFrame(
    ...     {
    ...         "customer_id": ["a", "b"],
    ...         "as_of": pd.Timestamp("2026-10-31"),
    ...         "days_since_last": [33, 50],
    ...         "frequency": [4, 4],
    ...         "monetary": [4000.0, 49600.0],
    ...         "interval_1": [35, 30],
    ...         "interval_2": [35, 35],
    ...         "interval_3": [35, 40],
    ...     }
    ... )
    >>> warn(history)[["customer_id", "mean_interval_days", "warning", "value_at_stake"]]
      customer_id  mean_interval_days            warning  value_at_stake
    0           a                35.0  likely_repurchase          1000.0
    1           b                35.0         churn_risk         12400.0
    """
    edges = check_bands(due_from=due_from, risk_from=risk_from, lost_from=lost_from)
    if not arguments.is_whole(min_intervals) or not 1 <= min_intervals <= 3:
        raise errors.ParameterError(
            f"min_intervals is {min_intervals}, but only the last three intervals are looked at.",
            mend="Use 1, 2 or 3; 2 is usual.",
        )
    purchases.HISTORY.require_customers(history, "history", *_HISTORY)
    bought = arguments.counts(history, "history", "frequency") > 0
    buyers = history.loc[bought]
    frequency = arguments.counts(buyers, "history", "frequency")
    since = arguments.counts(buyers, "history", "days_since_last")
    money = arguments.money(buyers, "history", "monetary")
    intervals = np.column_stack(
        [arguments.counts(buyers, "history", name, nullable=True) for name in _INTERVALS]
    )
    if short := int((intervals < 1).sum()):
        raise errors.ContractError(
            f"history: {short} intervals are shorter than a day.",
            mend="Make the table with purchases.history, which merges the orders of one day.",
        )
    count = np.isfinite(intervals).sum(axis=1)
    spanned = np.nansum(intervals, axis=1)
    with np.errstate(invalid="ignore"):  # nobody's rhythm without an interval: 0 / 0
        ratio, mean = since * count / spanned, spanned / count
    (ids,) = people.alike(buyers["customer_id"])
    return pd.DataFrame(
        {
            "customer_id": ids.array,
            "days_since_last": since.astype("int64"),
            "mean_interval_days": mean,
            "ratio": ratio,
            "warning": _by_ratio(ratio, count >= min_intervals, edges),
            "as_of": buyers["as_of"].to_numpy(),
            "frequency": frequency.astype("int64"),
            "monetary": money,
            "value_at_stake": np.maximum(money / frequency, 0.0),
        }
    ).astype({"warning": "str"})


def banded(
    warnings: pd.DataFrame, *, due_from: float = 0.8, risk_from: float = 1.2, lost_from: float = 3.0
) -> pd.DataFrame:
    """Which warning has each customer by other bands? As ``warn`` gives it, from the ratios known.

    Parameters
    ----------
    warnings
        One row per customer, from ``warn``.
    due_from, risk_from, lost_from
        As ``warn``.

    Returns
    -------
    pandas.DataFrame
        The same rows, with another ``warning``.

    Raises
    ------
    ContractError, ParameterError
        As ``warn``; the table is none of its making.

    Examples
    --------
    >>> warnings = pd.DataFrame({"customer_id": ["a"], "as_of": pd.Timestamp("2026-10-31"),
    ...                          "ratio": [1.3], "warning": ["churn_risk"]})
    >>> banded(warnings, risk_from=1.4)["warning"].item()
    'likely_repurchase'
    """
    edges = check_bands(due_from=due_from, risk_from=risk_from, lost_from=lost_from)
    check_warnings(warnings, "warnings", "ratio")
    is_known = warnings["warning"].to_numpy() != "too_little_history"
    ratio = warnings["ratio"].to_numpy("float64", na_value=np.nan)
    codes = _by_ratio(ratio, is_known, edges)
    return warnings.assign(warning=pd.Series(codes, warnings.index, dtype="str"))


def _by_ratio(ratio: Floats, is_known: Any, edges: dict[Band, float]) -> Any:
    codes = np.searchsorted(list(edges.values()), ratio, side="right")
    codes = np.where(is_known, codes, WARNINGS.index("too_little_history"))
    return np.array(WARNINGS, dtype=object)[codes]


def by_value(table: pd.DataFrame) -> pd.DataFrame:
    """Sort by money at stake, the most first; equal to the cent, by customer."""
    order = pd.DataFrame(
        {"value": -table["value_at_stake"].round(2), "customer": table["customer_id"]}
    ).sort_values(["value", "customer"])
    return table.loc[order.index].reset_index(drop=True)


def check_bands(**bands: float) -> dict[Band, float]:
    """Refuse bands that are no numbers or do not rise; give them as they are read.

    Raises
    ------
    ParameterError
        A band is not a number above 0 and below 1000, or they do not rise.

    Examples
    --------
    >>> check_bands(due_from=0.1 + 0.7, risk_from=1.2, lost_from=3)
    {'due_from': 0.8, 'risk_from': 1.2, 'lost_from': 3.0}
    """
    read: dict[Band, float] = {}
    for name in BANDS:
        value = bands[name]
        if not arguments.is_number(value) or not 0 < round(float(value), DECIMALS) < _LARGEST:
            raise errors.ParameterError(
                f"{name} is {value!r}.",
                mend=f"Use a ratio above 0 and below {_LARGEST:g}; 0.8, 1.2 and 3 are usual.",
            )
        read[name] = round(float(value), DECIMALS)
    arguments.in_order("The bands", **read)
    return read


def check_warnings(warnings: pd.DataFrame, name: str, *columns: str) -> None:
    """Refuse a table that ``churn.warn`` cannot have made.

    Raises
    ------
    ContractError
        A column is missing, a customer is there twice, dates are mixed, or a code is unknown.
    """
    WARNED.require_customers(warnings, name, "warning", *columns)
    arguments.codes(warnings, name, "warning", WARNINGS)
    judged = warnings["warning"] != "too_little_history"
    for column in columns:
        # A customer without a rhythm has no ratio; all else has to be there.
        needed = warnings.loc[judged] if column in ("ratio", "mean_interval_days") else warnings
        mend = "Such a table is made by churn.warn(history)."
        arguments.filled(needed, name, column, rows="customers", mend=mend)
