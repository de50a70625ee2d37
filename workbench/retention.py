"""Do customers come back? Cohorts by first purchase, the second purchase, new against repeat money.

``cohorts`` is the triangle: what became of the customers who came in one month (or week), as long as
that can be seen. ``by_age`` joins its rows, ``second_purchases`` and ``time_to_second`` say how long
the second purchase takes, ``awaited`` who has yet to make it, and ``revenue`` what part of the money
is repeat business.
"""

import datetime as dt
from typing import Any, Literal, get_args

import pandas as pd

from workbench import arguments, engine, estimates
from workbench.results import Result

__all__ = [
    "AWAITED",
    "BY_AGE",
    "COHORTS",
    "EVERY",
    "REVENUE",
    "SECOND",
    "TIME_TO_SECOND",
    "awaited",
    "by_age",
    "cohorts",
    "revenue",
    "second_purchases",
    "time_to_second",
]
__dir__ = __all__.copy

Every = Literal["month", "week"]
EVERY: tuple[Every, ...] = get_args(Every)

_COHORTS = (
    "first_period", "age", "cohort_size", "customers", "active_share", "monetary", "money_share",
    "as_of", "every",
)  # fmt: skip
# weeks begin on Monday
_PERIODS = {"month": "M", "week": "W-SUN"}
_LONGEST_DAYS = 36_500
_SECOND = ("customer_id", "days", "came_back")


COHORTS = Result(
    "retention.cohorts(orders, as_of=…)", first_period="date", age="count", period="period",
    cohort_size="count", customers="count", active_share="rate", purchases="count",
    monetary="money", money_share="rate", as_of="date", every="every",
)  # fmt: skip


def cohorts(orders: Any, *, as_of: arguments.DayLike, every: Every = "month") -> pd.DataFrame:
    """Of the customers who first bought in one period, how many are still active, for how much?

    A period that ``as_of`` cuts short is left out, as a cohort and as a cell: it would look like a
    slump. The first cohorts of an order book hold also those who had been customers before it begins.

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of
        The last day that is seen.
    every
        ``month``, or ``week`` from Monday.

    Returns
    -------
    pandas.DataFrame
        One row per cohort with a customer and age, sorted by both; every cohort has all ages:

        - ``first_period``: the first day of the period of the first purchase; ``age``: periods
          since, 0 the first; ``period``: the first day of the cell's own
        - ``cohort_size``: customers of the cohort
        - ``customers``: of them with a purchase day in the period, ``active_share`` their share
        - ``purchases``: purchase days; ``monetary``: net money of the cohort in the period
        - ``money_share``: that money / the money of age 0; missing where that is not above 0
        - ``as_of``, ``every``

        Cells that lie ahead are missing, in all columns from ``customers`` to ``money_share``; where
        nobody came there is a 0. Refunds before the first purchase day, and those of customers
        without any, are in no cell.

    Raises
    ------
    ContractError
        As ``purchases.history``.
    ParameterError, ParameterTypeError, UnknownNameError
        ``as_of`` is no day, or ``every`` no period.

    Examples
    --------
    >>> orders = pd.DataFrame(
    ...     {
    ...         "customer_id": ["A", "A", "B", "C"],
    ...         "ordered_at": pd.to_datetime(
    ...             ["2026-08-03", "2026-09-05", "2026-08-31", "2026-09-30"]
    ...         ),
    ...         "amount": [100.0, 50.0, 100.0, 30.0],
    ...     }
    ... )
    >>> table = cohorts(orders, as_of="2026-09-30")
    >>> table[["first_period", "age", "cohort_size", "customers", "active_share", "money_share"]]
      first_period  age  cohort_size  customers  active_share  money_share
    0   2026-08-01    0            2          2           1.0         1.00
    1   2026-08-01    1            2          1           0.5         0.25
    2   2026-09-01    0            1          1           1.0         1.00
    3   2026-09-01    1            1       <NA>           NaN          NaN
    """
    counts = engine.query("cohorts", orders=orders, as_of=as_of, every=every)
    until = _last_whole(arguments.day("as_of", as_of), every)
    seen = counts.loc[(counts["period"] >= counts["cohort"]) & (counts["period"] <= until)]
    sizes = seen.groupby("cohort")["first_purchases"].sum()
    ages = _ages(sizes.index.to_series(), until, every)
    longest = int(ages.max()) + 1 if len(sizes) else 0
    cells = pd.MultiIndex.from_product([sizes.index, range(longest)], names=["cohort", "age"])
    table = cells.to_frame(index=False).astype({"cohort": "datetime64[us]", "age": "int64"})
    table["period"] = _later(table["cohort"], table["age"], every)
    numbers = ["customers", "purchases", "monetary"]
    table = table.merge(seen[["cohort", "period", *numbers]], on=["cohort", "period"], how="left")
    ahead = table["period"] > until
    table[numbers] = table[numbers].fillna(0).mask(ahead)
    size = table["cohort"].map(sizes)
    first = table.groupby("cohort")["monetary"].transform("first")
    return pd.DataFrame(
        {
            "first_period": table["cohort"],
            "age": table["age"],
            "period": table["period"],
            "cohort_size": size.astype("int64"),
            "customers": table["customers"].astype("Int64"),
            "active_share": (table["customers"] / size).astype("float64"),
            "purchases": table["purchases"].astype("Int64"),
            "monetary": table["monetary"].astype("float64"),
            "money_share": (table["monetary"] / first.where(first > 0)).astype("float64"),
            "as_of": pd.Series(_stamp(as_of), index=table.index, dtype="datetime64[us]"),
            "every": pd.Series(every, index=table.index, dtype="str"),
        }
    )


BY_AGE = Result(
    "retention.by_age(cohorts)", interval=["active_share"], age="count", cohort_count="count",
    cohort_size="count", customers="count", monetary="money", active_share="rate",
    money_share="rate", as_of="date", every="every",
)  # fmt: skip


def by_age(cohorts: pd.DataFrame) -> pd.DataFrame:
    """What share of customers is active so long after they first came, all cohorts together?

    Parameters
    ----------
    cohorts
        As ``cohorts`` makes it.

    Returns
    -------
    pandas.DataFrame
        One row per age: ``age``, ``cohort_count`` and ``cohort_size`` (the cohorts that can be seen
        at that age, and their customers), ``customers`` (of them active), ``active_share`` with
        ``_low`` and ``_high`` (Wilson, 95 %), ``monetary``, ``money_share`` (of the same cohorts'
        first money), ``as_of``, ``every``.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["A", "A", "B"], "amount": [9.0, 3.0, 9.0],
    ...     "ordered_at": pd.to_datetime(["2026-08-03", "2026-09-05", "2026-08-31"])})
    >>> by_age(cohorts(orders, as_of="2026-09-30"))[["age", "customers", "active_share"]]
       age  customers  active_share
    0    0          2           1.0
    1    1          1           0.5
    """
    COHORTS.require(cohorts, "cohorts", _COHORTS)
    begun = cohorts.loc[cohorts["age"] == 0].set_index("first_period")["monetary"]
    first = cohorts["first_period"].map(begun)
    seen = cohorts.assign(first=first).loc[cohorts["customers"].notna()]
    joined = seen.groupby("age", as_index=False).agg(
        cohort_count=("first_period", "size"),
        cohort_size=("cohort_size", "sum"),
        customers=("customers", "sum"),
        monetary=("monetary", "sum"),
        first=("first", "sum"),
        as_of=("as_of", "first"),
        every=("every", "first"),
    )
    joined["customers"] = joined["customers"].astype("int64")
    joined = estimates.rates(
        joined, successes="customers", trials="cohort_size", name="active_share"
    )
    joined["money_share"] = joined["monetary"] / joined["first"].where(joined["first"] > 0)
    ends = ["as_of", "every"]
    return joined[[name for name in joined if name not in ("first", *ends)] + ends]


SECOND = Result(
    "retention.second_purchases(orders, as_of=…)", customer_id="id", first_purchase_date="date",
    second_purchase_date="date", came_back="truth", days="count", as_of="date",
)  # fmt: skip


def second_purchases(orders: Any, *, as_of: arguments.DayLike) -> pd.DataFrame:
    """Who has come back a second time, and after how many days?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of
        The last day that is seen.

    Returns
    -------
    pandas.DataFrame
        One row per customer with a purchase day, sorted by ``customer_id``: ``customer_id``,
        ``first_purchase_date``, ``second_purchase_date`` (missing where there is none yet),
        ``came_back``, ``days`` (from the first purchase to the second, or to ``as_of``), ``as_of``.

    Raises
    ------
    ContractError, ParameterError, ParameterTypeError
        As ``purchases.history``.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["A", "A", "B"], "amount": [9.0, 3.0, 9.0],
    ...     "ordered_at": pd.to_datetime(["2026-08-03", "2026-09-05", "2026-08-31"])})
    >>> second_purchases(orders, as_of="2026-09-30")[["customer_id", "came_back", "days"]]
      customer_id  came_back  days
    0           A       True    33
    1           B      False    30
    """
    purchase_dates = engine.query("second_purchases", orders=orders, as_of=as_of)
    day = _stamp(as_of)
    until = purchase_dates["second_purchase_date"].fillna(day)
    return purchase_dates.assign(
        came_back=purchase_dates["second_purchase_date"].notna(),
        days=(until - purchase_dates["first_purchase_date"]).dt.days.astype("int64"),
        as_of=pd.Series(day, index=purchase_dates.index, dtype="datetime64[us]"),
    )


AWAITED = Result(
    "retention.awaited(second)", customer_id="id", first_purchase_date="date",
    customer_age_days="count", second_due_date="date", is_due="truth", as_of="date",
)  # fmt: skip


def awaited(second: pd.DataFrame, *, within_days: int = 90) -> pd.DataFrame:
    """Who has bought once and is to be won for a second purchase, the most recently due first?

    Parameters
    ----------
    second
        One row per customer, as ``second_purchases`` makes it.
    within_days
        The time from the first purchase in which the second is hoped for.

    Returns
    -------
    pandas.DataFrame
        One row per customer who has not come back: ``customer_id``, ``first_purchase_date``,
        ``customer_age_days`` (since then), ``second_due_date``, ``is_due`` (that day has come),
        ``as_of``. Those due stand first, the latest of them on top, since the longer ago the colder;
        then those who have time left, the next due on top.

    Raises
    ------
    ContractError
        A column is missing.
    ParameterError
        ``within_days`` is less than 1.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["A", "B", "C"], "amount": 9.0,
    ...     "ordered_at": pd.to_datetime(["2026-06-03", "2026-07-05", "2026-09-07"])})
    >>> found = awaited(second_purchases(orders, as_of="2026-10-31"))
    >>> found[["customer_id", "customer_age_days", "is_due"]]
      customer_id  customer_age_days  is_due
    0           B                118    True
    1           A                150    True
    2           C                 54   False
    """
    wanted = (*_SECOND, "first_purchase_date", "as_of")
    SECOND.require(second, "second", wanted)
    mend = "Write within_days=90 for 90 days from the first purchase."
    arguments.whole("within_days", within_days, most=_LONGEST_DAYS, mend=mend)
    left = second.loc[~second["came_back"]]
    due = left["first_purchase_date"] + pd.Timedelta(int(within_days), unit="D")
    listed = pd.DataFrame(
        {
            "customer_id": left["customer_id"],
            "first_purchase_date": left["first_purchase_date"],
            "customer_age_days": left["days"],
            "second_due_date": due.astype("datetime64[us]"),
            "is_due": left["days"] >= within_days,
            "as_of": left["as_of"],
        }
    )
    order = listed.assign(away=(left["days"] - within_days).abs(), later=~listed["is_due"])
    order = order.sort_values(["later", "away", "customer_id"])
    return order[listed.columns].reset_index(drop=True)


TIME_TO_SECOND = Result(
    "retention.time_to_second(second)", interval=["repurchased_share"], days="count",
    at_risk="count", came_back_count="count", repurchased_share="rate",
)  # fmt: skip


def time_to_second(
    second: pd.DataFrame, *, by: str | None = None, level: float = 0.95
) -> pd.DataFrame:
    """What share of customers has bought a second time so many days after the first?

    By Kaplan–Meier: who has not come back yet is counted as long as he could be watched, not as lost.

    Parameters
    ----------
    second
        One row per customer, as ``second_purchases`` makes it.
    by
        A column of groups, for a curve each; None for one curve.
    level
        The confidence of the interval.

    Returns
    -------
    pandas.DataFrame
        One row per group and day on which somebody came back or was last seen: the group, ``days``,
        ``at_risk`` (not back and still watched before that day), ``came_back_count``, ``repurchased_share``
        (0..1) with ``_low`` and ``_high``: one less ``estimates.survival``.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> second = pd.DataFrame({"customer_id": ["A", "B", "C"], "days": [10, 20, 30],
    ...                        "came_back": [True, False, True]})
    >>> time_to_second(second)[["days", "at_risk", "came_back_count", "repurchased_share"]].round(3)
       days  at_risk  came_back_count  repurchased_share
    0     0        3                0              0.000
    1    10        3                1              0.333
    2    20        2                0              0.333
    3    30        1                1              1.000
    """
    wanted = (*_SECOND, by) if by else _SECOND
    SECOND.require(second, "second", wanted)
    curve = estimates.survival(
        second["days"], second["came_back"], by=None if by is None else second[by], level=level
    )
    table = curve[["time", "at_risk", "events"]].set_axis(
        ["days", "at_risk", "came_back_count"], axis=1
    )
    table["days"] = table["days"].astype("int64")
    table["repurchased_share"] = 1 - curve["survival"]
    table["repurchased_share_low"] = 1 - curve["survival_high"]
    table["repurchased_share_high"] = 1 - curve["survival_low"]
    if by is not None:
        table.insert(0, by, curve[by])
    return table


REVENUE = Result(
    "retention.revenue(orders, as_of=…)", period="period", new_customers="count",
    repeat_customers="count", new_revenue="money", repeat_revenue="money", revenue="money",
    repeat_share="rate", as_of="date", every="every",
)  # fmt: skip


def revenue(orders: Any, *, as_of: arguments.DayLike, every: Every = "month") -> pd.DataFrame:
    """What part of each period's money comes from new customers, what part is repeat business?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of
        The last day that is seen; the period that it cuts short is left out.
    every
        ``month``, or ``week`` from Monday.

    Returns
    -------
    pandas.DataFrame
        One row per period from the first order of a known customer to the last whole period, those
        without an order too:

        - ``period``: its first day
        - ``new_customers``: whose first purchase day lies in it; ``repeat_customers``: with a
          purchase day in it who had first bought in an earlier period
        - ``new_revenue``: net money of first purchase days; ``repeat_revenue``: all other net
          money, refunds of any earlier purchase taken off; ``revenue``: both
        - ``repeat_share``: repeat / all (0..1, less where refunds outweigh); missing where the
          money is not above 0

    Raises
    ------
    ContractError, ParameterError, ParameterTypeError, UnknownNameError
        As ``cohorts``.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["A", "A", "B"], "amount": [9.0, 3.0, 9.0],
    ...     "ordered_at": pd.to_datetime(["2026-08-03", "2026-09-05", "2026-09-07"])})
    >>> revenue(orders, as_of="2026-09-30")[["period", "new_revenue", "repeat_revenue"]]
          period  new_revenue  repeat_revenue
    0 2026-08-01          9.0             0.0
    1 2026-09-01          9.0             3.0
    """
    counts = engine.query("cohorts", orders=orders, as_of=as_of, every=every)
    until = _last_whole(arguments.day("as_of", as_of), every)
    seen = counts.loc[counts["period"] <= until]
    # whole cents are summed, so that no order of rows shows in the last digit
    cents = seen.assign(
        new=(seen["first_monetary"] * 100).round(),
        money=(seen["monetary"] * 100).round(),
        back=seen["customers"].where(seen["cohort"] != seen["period"], 0),
    )
    totals = cents.groupby("period")[["first_purchases", "back", "new", "money"]].sum()
    start = seen["period"].min() if len(seen) else until
    count = int(_ages(pd.Series([start]), until, every).iloc[0]) + 1 if len(seen) else 0
    steps = pd.Series(range(count), dtype="int64")
    index = pd.DatetimeIndex(
        _later(pd.Series([start] * count, dtype="datetime64[us]"), steps, every)
    )
    totals = totals.reindex(index, fill_value=0)
    table = pd.DataFrame(
        {
            "period": index.as_unit("us"),
            "new_customers": totals["first_purchases"].to_numpy(dtype="int64"),
            "repeat_customers": totals["back"].to_numpy(dtype="int64"),
            "new_revenue": totals["new"].to_numpy(dtype="float64") / 100,
            "repeat_revenue": (totals["money"] - totals["new"]).to_numpy(dtype="float64") / 100,
            "revenue": totals["money"].to_numpy(dtype="float64") / 100,
        }
    )
    share = table["repeat_revenue"] / table["revenue"].where(table["revenue"] > 0)
    return table.assign(repeat_share=share, as_of=_stamp(as_of), every=every)


def _stamp(day: arguments.DayLike) -> pd.Timestamp:
    return pd.Timestamp(arguments.day("as_of", day)).as_unit("us")


def _last_whole(as_of: dt.date, every: Every) -> pd.Timestamp:
    """Give the first day of the last period that has ended by the day."""
    after = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    return (after.to_period(_PERIODS[every]) - 1).start_time


def _ages(starts: "pd.Series[Any]", until: pd.Timestamp, every: Every) -> "pd.Series[int]":
    begun = pd.PeriodIndex(starts, freq=_PERIODS[every]).astype("int64")
    last = until.to_period(_PERIODS[every]).ordinal
    return pd.Series(last - begun, index=starts.index, dtype="int64")


def _later(starts: "pd.Series[Any]", ages: "pd.Series[int]", every: Every) -> "pd.Series[Any]":
    """Give the first days of the periods so much later."""
    later = pd.PeriodIndex(starts, freq=_PERIODS[every]) + ages.to_numpy()
    return pd.Series(later.to_timestamp().as_unit("us"), index=starts.index)
