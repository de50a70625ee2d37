"""Whom should who call first, and how many calls is that?"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors
from workbench.churn.bands import WARNINGS, WarningName, by_value, check_warnings
from workbench.churn.owners import Teams, with_owners
from workbench.results import Result

CALLS: tuple[WarningName, ...] = ("likely_repurchase", "churn_risk")

_FACTS = ("days_since_last", "mean_interval_days", "ratio", "frequency", "value_at_stake")


CALL_LIST = Result(
    "churn.call_list(warnings)", rank="count", customer_id="id", customer_name="text",
    owner_id="id", owner_name="text", days_since_last="count", mean_interval_days="days",
    ratio="ratio", value_at_stake="money", warning="warning", frequency="count",
)  # fmt: skip


def call_list(
    warnings: pd.DataFrame,
    *,
    warning: WarningName | Sequence[WarningName] = "churn_risk",
    customers: Any = None,
    owners: Any = None,
    limit: int | None = None,
) -> pd.DataFrame:
    """Whom to call first, and who does it?

    Parameters
    ----------
    warnings
        One row per customer, as ``churn.warn`` makes it.
    warning
        The warning, or several, whose customers are called.
    customers
        ``customer_id`` with ``customer_name`` and ``owner_id``; other columns are ignored.
    owners
        ``owner_id`` with ``owner_name``.
    limit
        Keep the first so many; by default all.

    Returns
    -------
    pandas.DataFrame
        One row per customer to call, most at stake first, then by ``customer_id``: ``rank``,
        ``customer_id``, ``customer_name``, ``owner_id``, ``owner_name`` (the id where a name is not
        known, null where the owner is not), ``days_since_last``, ``mean_interval_days``, ``ratio``,
        ``value_at_stake``, ``warning``, ``frequency``. ``exhibits.churn.calls`` says the reason in
        words.

    Raises
    ------
    ContractError
        A table breaks its contract, or lists a customer or owner twice.
    UnknownNameError
        There is no such warning.
    ParameterError
        ``limit`` is not a whole number from 0 up.

    Examples
    --------
    >>> warnings = pd.DataFrame(
    ...     {
    ...         "customer_id": ["a", "b"],
    ...         "as_of": pd.Timestamp("2026-10-31"),
    ...         "days_since_last": [50, 61],
    ...         "mean_interval_days": [35.0, 21.0],
    ...         "ratio": [50 / 35, 61 / 21],
    ...         "warning": "churn_risk",
    ...         "frequency": [4, 9],
    ...         "value_at_stake": [9860.0, 12400.0],
    ...     }
    ... )
    >>> customers = pd.DataFrame({"customer_id": ["b"], "customer_name": ["Harbour Foods"]})
    >>> call_list(warnings, customers=customers)[["rank", "customer_id", "customer_name"]]
       rank customer_id  customer_name
    0     1           b  Harbour Foods
    1     2           a              a
    """
    check_warnings(warnings, "warnings", *_FACTS)
    called = check_called(warning)
    if limit is not None:
        mend = "Use a whole number from 0 up, or None for all."
        limit = arguments.whole("limit", limit, least=0, mend=mend)
    rows = by_value(warnings.loc[warnings["warning"].isin(called)]).head(
        len(warnings) if limit is None else limit
    )
    people = with_owners(rows["customer_id"], customers=customers, owners=owners)
    people.insert(0, "rank", np.arange(1, len(rows) + 1, dtype="int64"))
    return people.join(rows[["days_since_last", "mean_interval_days", "ratio", "value_at_stake",
                             "warning", "frequency"]])  # fmt: skip


WORKLOAD = Result(
    "churn.workload(warnings)", owner_id="id", owner_name="text", likely_repurchase="count",
    churn_risk="count", calls="count", value_at_stake="money",
)  # fmt: skip


def workload(
    warnings: pd.DataFrame,
    *,
    customers: Any = None,
    owners: Any = None,
) -> pd.DataFrame:
    """How many calls is that for each owner?

    Parameters
    ----------
    warnings
        One row per customer, as ``churn.warn`` makes it.
    customers
        ``customer_id`` with ``owner_id``.
    owners
        ``owner_id`` with ``owner_name``; owners without calls get a row too.

    Returns
    -------
    pandas.DataFrame
        One row per owner, most calls first, then by ``owner_id``: ``owner_id``, ``owner_name``,
        ``likely_repurchase``, ``churn_risk`` (customers with that warning), ``calls`` (both),
        ``value_at_stake`` (of the calls). Customers whose owner is not known share a row with a
        null ``owner_id``, so that no call is missing.

    Raises
    ------
    ContractError
        A table breaks its contract, or lists a customer or owner twice.

    Examples
    --------
    >>> warnings = pd.DataFrame(
    ...     {
    ...         "customer_id": ["a", "b", "c"],
    ...         "as_of": pd.Timestamp("2026-10-31"),
    ...         "warning": ["churn_risk", "likely_repurchase", "not_due"],
    ...         "value_at_stake": [100.0, 20.0, 5.0],
    ...     }
    ... )
    >>> customers = pd.DataFrame({"customer_id": ["a", "b", "c"], "owner_id": ["x", "x", "y"]})
    >>> workload(warnings, customers=customers).drop(columns="owner_name")
      owner_id  likely_repurchase  churn_risk  calls  value_at_stake
    0        x                  1           1      2           120.0
    1        y                  0           0      0             0.0
    """
    check_warnings(warnings, "warnings", "value_at_stake")
    teams = Teams.of(warnings["customer_id"], customers=customers, owners=owners)
    counts = {
        name: teams.sum((warnings["warning"] == name).to_numpy(dtype="int64")).astype("int64")
        for name in CALLS
    }
    called = warnings["warning"].isin(CALLS).to_numpy()
    value = warnings["value_at_stake"].to_numpy(dtype="float64")
    table = teams.owners.assign(
        **counts,
        calls=sum(counts.values()),
        value_at_stake=teams.sum(np.where(called, value, 0.0)),
    )
    order = pd.DataFrame({"calls": -table["calls"], "owner_id": table["owner_id"]})
    return table.loc[order.sort_values(["calls", "owner_id"]).index].reset_index(drop=True)


WORKLOAD_CHANGE = Result(
    "churn.workload_change(before, after)", owner_id="id", owner_name="text", calls_before="count",
    calls_after="count", calls_change="count", likely_repurchase_change="count",
    churn_risk_change="count", value_at_stake_change="money",
)  # fmt: skip


def workload_change(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """How many more or fewer calls is that for each owner than before?

    Parameters
    ----------
    before, after
        One row per owner, as ``churn.workload`` makes it: at two dates, or with two bands.

    Returns
    -------
    pandas.DataFrame
        One row per owner in either table, in the order of ``after``, then those only in
        ``before``: ``owner_id``, ``owner_name``, ``calls_before``, ``calls_after``,
        ``calls_change``, ``likely_repurchase_change``, ``churn_risk_change``,
        ``value_at_stake_change``. An owner in only one table has no calls in the other.

    Raises
    ------
    ContractError
        A column is missing, or an owner is there twice.

    Examples
    --------
    >>> def owner(likely, risk):
    ...     return pd.DataFrame(
    ...         {
    ...             "owner_id": ["x"],
    ...             "owner_name": ["Lin Yue"],
    ...             "likely_repurchase": [likely],
    ...             "churn_risk": [risk],
    ...             "calls": [likely + risk],
    ...             "value_at_stake": [100.0],
    ...         }
    ...     )
    >>> workload_change(owner(9, 20), owner(10, 2))[["owner_name", "calls_before", "calls_change"]]
      owner_name  calls_before  calls_change
    0    Lin Yue            29           -17
    """
    numbers = [*CALLS, "calls", "value_at_stake"]
    frames = []
    for name, table in (("before", before), ("after", after)):
        WORKLOAD.require(table, name, ("owner_id", "owner_name", *numbers))
        if table["owner_id"].duplicated().any():
            raise errors.ContractError(
                f"{name}: an owner is there twice.",
                mend="Such a table is made by churn.workload(warnings).",
            )
        frames.append(table.astype({"owner_id": "str"}).set_index("owner_id"))
    then, now = frames
    every = now.index.append(then.index.difference(now.index, sort=False))
    names = now["owner_name"].reindex(every).fillna(then["owner_name"].reindex(every))
    old, new = (frame[numbers].reindex(every).fillna(0) for frame in (then, now))
    change = new - old
    counts = {
        "calls_before": old["calls"],
        "calls_after": new["calls"],
        "calls_change": change["calls"],
        "likely_repurchase_change": change["likely_repurchase"],
        "churn_risk_change": change["churn_risk"],
    }
    return pd.DataFrame(
        {
            "owner_id": every,
            "owner_name": names.to_numpy(),
            **{name: column.to_numpy(dtype="int64") for name, column in counts.items()},
            "value_at_stake_change": change["value_at_stake"].to_numpy(dtype="float64"),
        }
    ).astype({"owner_id": "str", "owner_name": "str"})


def check_called(
    warning: WarningName | Sequence[WarningName], *, known: Sequence[str] = WARNINGS
) -> tuple[str, ...]:
    """Refuse warnings that nobody can be called by; give them as a tuple, each once.

    Raises
    ------
    UnknownNameError
        There is no such warning, or it is none that is called.
    ParameterError
        None is named.
    """
    return arguments.some_of("warning", warning, known, kind="warning to call by")
