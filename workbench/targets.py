"""How much of what was aimed at came in, in each month and for each owner?"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from workbench import periods
from workbench.people import as_text
from workbench.results import Result

__all__ = ["AIMS", "BY_OWNER", "REACHED", "by_owner", "reached"]
__dir__ = __all__.copy

REACHED = Result(
    "targets.reached(by_period, targets, until=…)", period="period", revenue="money",
    revenue_target="money", target_share="rate",
)  # fmt: skip

#: What is told of a target: how much it is, and what share of it came in.
AIMS = ("revenue_target", "target_share")


def reached(
    by_period: pd.DataFrame, targets: Mapping[str, float], *, until: dt.date | None
) -> pd.DataFrame:
    """What share of its target did each period reach?

    Parameters
    ----------
    by_period
        One row per period, as ``purchases.kpis`` gives it.
    targets
        What each period is to bring, by its name, as ``settings.targets.by_period`` gives it.
    until
        The last day that the data cover; None: no day.

    Returns
    -------
    pandas.DataFrame
        The same rows; with ``revenue_target``, and ``target_share`` (0..1 and above), which is
        missing for a period that is not over: a part is not measured by the target of the whole.
        Where there is no target for any of them, the same table.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> months = pd.DataFrame({"period": ["2026-09", "2026-10"], "revenue": [90.0, 60.0]})
    >>> aims = {"2026-09": 100.0, "2026-10": 100.0}
    >>> reached(months, aims, until=dt.date(2026, 10, 15))["target_share"].tolist()
    [0.9, nan]
    """
    REACHED.require(by_period, "by_period", ["period", "revenue"])
    names = by_period["period"].astype("str")
    aims = names.map(pd.Series(dict(targets), dtype="float64"))
    if aims.isna().all():
        return by_period
    is_over = pd.Series([_is_over(periods.parse(name), until) for name in names], by_period.index)
    share = (by_period["revenue"] / aims).where(is_over)
    return by_period.assign(revenue_target=aims, target_share=share)


def _is_over(period: periods.Period, until: dt.date | None) -> bool:
    return until is not None and period.as_of <= until


BY_OWNER = Result(
    "targets.by_owner(bought, owners=…)", owner_id="id", owner_name="text", revenue="money",
    revenue_target="money", target_share="rate", calls="count", done="count",
)  # fmt: skip


def by_owner(
    bought: pd.DataFrame,
    *,
    owners: Mapping[str, str],
    period: periods.Period,
    until: dt.date | None,
    targets: Mapping[str, float] | None = None,
    calls: pd.DataFrame | None = None,
    done: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What did each owner's customers bring, of which target, and what is to be done and was?

    Parameters
    ----------
    bought
        One row per customer, as ``purchases.history`` gives it for the days of the period alone,
        with ``owner_id`` by ``people.named``.
    owners
        Whose rows there are: names by ``owner_id``; who has no customer has a row of nothing.
    period, until
        Which days; the last day that the data cover: a part is not measured by the target of the
        whole.
    targets
        What each is to bring, by ``owner_id``, as ``settings.owner_targets`` gives it.
    calls
        One row per owner, as ``churn.workload`` gives it.
    done
        One row per owner, as ``campaigns.done`` gives it; None: there is no worklist.

    Returns
    -------
    pandas.DataFrame
        One row per owner, the most revenue first, then by ``owner_id``: ``owner_id``,
        ``owner_name``, ``revenue``; ``revenue_target`` and ``target_share`` where there is any
        target, ``calls`` and ``done`` where given. What belongs to no owner is a row without one.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> bought = pd.DataFrame({"owner_id": ["S1", "S1"], "monetary": [60.0, 30.0]})
    >>> month = periods.parse("2026-10")
    >>> by_owner(bought, owners={"S1": "Lin", "S2": "Chen"}, period=month, until=month.as_of,
    ...          targets={"S1": 100.0})
      owner_id owner_name  revenue  revenue_target  target_share
    0       S1        Lin     90.0           100.0           0.9
    1       S2       Chen      0.0             NaN           NaN
    """
    BY_OWNER.require(bought, "bought", ["owner_id", "monetary"])
    sums = {"revenue": _by_id(bought, bought["monetary"])}
    for name, table in (("calls", calls), ("done", done)):
        if table is not None:
            BY_OWNER.require(table, name, ["owner_id", name])
            sums[name] = _by_id(table, table[name])
    # nobody's is told by an empty id
    nobody = [""] * any(found.get("", 0) != 0 for found in sums.values())
    unnamed = {owner for found in sums.values() for owner in found.index} - {*owners, ""}
    ids = pd.Index([*owners, *sorted(unnamed), *nobody], dtype="str")
    rows = pd.DataFrame({name: found.reindex(ids, fill_value=0) for name, found in sums.items()})
    rows.insert(0, "owner_name", [owners.get(owner, owner) or None for owner in ids])
    rows["revenue"] = rows["revenue"].round(2)
    if targets:
        over = _is_over(period, until)
        aims = pd.Series(dict(targets), dtype="float64").reindex(ids)
        rows.insert(2, "revenue_target", aims)
        rows.insert(3, "target_share", rows["revenue"] / aims if over else float("nan"))
    rows = rows.rename_axis("owner_id").reset_index().astype({"owner_name": "str"})
    rows = rows.sort_values(["revenue", "owner_id"], ascending=[False, True], ignore_index=True)
    return rows.assign(owner_id=rows["owner_id"].mask(rows["owner_id"] == ""))


def _by_id(table: pd.DataFrame, values: "pd.Series[Any]") -> "pd.Series[Any]":
    return values.groupby(as_text(table["owner_id"]).fillna("")).sum()
