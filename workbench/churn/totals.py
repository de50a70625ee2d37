"""How many customers are in which band, how far along, and who changed it?"""

import math
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors, people
from workbench.churn.bands import (
    ABSENT,
    DECIMALS,
    WARNINGS,
    by_value,
    check_bands,
    check_warnings,
)
from workbench.results import Result

_MOST_BARS = 1000


SUMMARY = Result(
    "churn.summary(warnings)", warning="warning", customers="count", customer_share="rate",
    value_at_stake="money",
)  # fmt: skip


def summary(warnings: pd.DataFrame) -> pd.DataFrame:
    """How many customers, and how much money at stake, does each warning hold?

    Parameters
    ----------
    warnings
        One row per customer, as ``churn.warn`` makes it.

    Returns
    -------
    pandas.DataFrame
        One row per warning, all five, in the order of ``churn.WARNINGS``: ``warning``,
        ``customers``, ``customer_share`` (0 to 1; null where there is no customer),
        ``value_at_stake`` (money).

    Raises
    ------
    ContractError
        The table breaks its contract.

    Examples
    --------
    >>> warnings = pd.DataFrame(
    ...     {
    ...         "customer_id": ["a", "b"],
    ...         "as_of": pd.Timestamp("2026-10-31"),
    ...         "warning": ["churn_risk", "not_due"],
    ...         "value_at_stake": [12400.0, 600.0],
    ...     }
    ... )
    >>> summary(warnings).query("customers > 0")
          warning  customers  customer_share  value_at_stake
    0     not_due          1             0.5           600.0
    2  churn_risk          1             0.5         12400.0
    """
    check_warnings(warnings, "warnings", "value_at_stake")
    value = warnings["value_at_stake"].astype("float64").groupby(warnings["warning"])
    customers = value.size().reindex(WARNINGS, fill_value=0).astype("int64")
    return pd.DataFrame(
        {
            "warning": pd.Series(WARNINGS, dtype="str"),
            "customers": customers.to_numpy(),
            "customer_share": (customers / (len(warnings) or np.nan)).to_numpy(),
            "value_at_stake": value.sum().reindex(WARNINGS, fill_value=0.0).to_numpy(),
        }
    )


RATIOS = Result(
    "churn.ratios(warnings)", left="number", right="number", customers="count", warning="warning",
)  # fmt: skip


def ratios(
    warnings: pd.DataFrame,
    *,
    bin_width: float = 0.1,
    upto: float = 4.0,
    due_from: float = 0.8,
    risk_from: float = 1.2,
    lost_from: float = 3.0,
) -> pd.DataFrame:
    """How far along their own rhythm are customers?

    Customers with too little history have no place here; ``churn.summary`` counts them.

    Parameters
    ----------
    warnings
        One row per customer, as ``churn.warn`` makes it.
    bin_width
        Width of a bar, in ratio.
    upto
        Larger ratios share the last bar.
    due_from, risk_from, lost_from
        The bands the warnings were made with; bars are split there, so each has one warning.

    Returns
    -------
    pandas.DataFrame
        One row per bar, empty ones too: ``left``, ``right`` (the bar holds ratios from ``left``
        on and below ``right``; infinite in the last bar), ``customers``, ``warning``.

    Raises
    ------
    ContractError
        The table breaks its contract.
    ParameterError
        A bar or band makes no sense, or the warnings were made with other bands.

    Examples
    --------
    >>> warnings = pd.DataFrame(
    ...     {
    ...         "customer_id": ["a", "b"],
    ...         "as_of": pd.Timestamp("2026-10-31"),
    ...         "ratio": [1.3, 0.8],
    ...         "warning": ["churn_risk", "likely_repurchase"],
    ...     }
    ... )
    >>> ratios(warnings, bin_width=1, upto=2)
       left  right  customers            warning
    0   0.0    0.8          0            not_due
    1   0.8    1.0          1  likely_repurchase
    2   1.0    1.2          0  likely_repurchase
    3   1.2    2.0          1         churn_risk
    4   2.0    3.0          0         churn_risk
    5   3.0    inf          0               lost
    """
    edges = check_bands(due_from=due_from, risk_from=risk_from, lost_from=lost_from)
    for name, number in (("bin_width", bin_width), ("upto", upto)):
        mend = "Use a number above 0, such as 0.1 and 4."
        arguments.number(name, number, least=10**-DECIMALS, mend=mend)
    if upto / bin_width > _MOST_BARS:
        raise errors.ParameterError(
            f"bin_width is {bin_width} up to {upto}, more than {_MOST_BARS} bars.",
            mend="Use wider bars.",
        )
    check_warnings(warnings, "warnings", "ratio")
    judged = warnings.loc[warnings["warning"] != "too_little_history"]
    even = [round(i * bin_width, DECIMALS) for i in range(math.ceil(upto / bin_width - 1e-9))]
    left = np.array(sorted({*even, round(float(upto), DECIMALS), *edges.values()}))
    right = np.append(left[1:], np.inf)
    at = np.searchsorted(left, judged["ratio"].to_numpy("float64", na_value=np.nan), "right") - 1
    codes = np.searchsorted(list(edges.values()), left, side="right")
    by_band = np.array(WARNINGS, dtype=object)[codes]
    if (by_band[at] != judged["warning"].to_numpy(dtype=object)).any():
        given = ", ".join(f"{name}={edge:g}" for name, edge in edges.items())
        raise errors.ParameterError(
            f"The warnings were made with other bands than {given}.",
            mend="Give churn.ratios the bands that churn.warn was given.",
        )
    return pd.DataFrame(
        {
            "left": left,
            "right": right,
            "customers": np.bincount(at, minlength=len(left)).astype("int64"),
            "warning": pd.Series(by_band, dtype="str"),
        }
    )


CHANGES = Result(
    "churn.changes(before, after)", customer_id="id", warning_before="warning",
    warning_after="warning", value_at_stake="money",
)  # fmt: skip


def changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Whose warning is another one now than it was then?

    Parameters
    ----------
    before, after
        One row per customer, as ``churn.warn`` makes it, at two dates.

    Returns
    -------
    pandas.DataFrame
        One row per customer whose warning differs, most at stake first: ``customer_id``,
        ``warning_before``, ``warning_after`` (``absent`` where the table has no such customer),
        ``value_at_stake`` (as of ``after``; as of ``before`` for customers absent there).

    Raises
    ------
    ContractError
        A table breaks its contract.
    ParameterError
        ``before`` is later than ``after``.

    Examples
    --------
    >>> def at(day, warnings):
    ...     return pd.DataFrame(
    ...         {
    ...             "customer_id": list(warnings),
    ...             "as_of": pd.Timestamp(day),
    ...             "warning": list(warnings.values()),
    ...             "value_at_stake": 100.0,
    ...         }
    ...     )
    >>> before = at("2026-09-30", {"a": "not_due", "b": "lost"})
    >>> changes(before, at("2026-10-31", {"a": "churn_risk", "b": "lost", "c": "not_due"}))
      customer_id warning_before warning_after  value_at_stake
    0           a        not_due    churn_risk           100.0
    1           c         absent       not_due           100.0
    """
    check_warnings(before, "before", "value_at_stake")
    check_warnings(after, "after", "value_at_stake")
    arguments.rising(before, after)
    ids = people.alike(before["customer_id"], after["customer_id"])
    then, now = map(_of_customers, (before, after), ids)
    both = then.merge(now, on="customer_id", how="outer", suffixes=("_before", "_after"))
    both = both.fillna({"warning_before": ABSENT, "warning_after": ABSENT})
    both["value_at_stake"] = both["value_at_stake_after"].fillna(both["value_at_stake_before"])
    moved = both.loc[both["warning_before"] != both["warning_after"]]
    return by_value(moved)[list(CHANGES.columns)]


def _of_customers(warnings: pd.DataFrame, ids: "pd.Series[Any]") -> pd.DataFrame:
    table = warnings[["warning", "value_at_stake"]].assign(customer_id=ids)
    return table.astype({"warning": "str", "value_at_stake": "float64"})
