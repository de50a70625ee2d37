"""Do customers come back? Cohorts by first purchase, the second purchase, new against repeat money.

``cohorts`` is the triangle: what became of the customers who came in one month (or week), as long as
that can be seen. ``by_age`` joins its rows, ``second_purchases`` and ``time_to_second`` say how long
the second purchase takes, ``awaited`` who has yet to make it, and ``revenue`` what part of the money
is repeat business. All but the triangle are of new customers: who had bought before the order book
begins only looks new in it (``purchases.book``), and stands apart.
"""

import datetime as dt
from typing import Any, Literal, get_args

import pandas as pd

from workbench import arguments, engine, estimates, purchases
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
    "new_only",
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


# What every table of new customers carries: since when, and how many creation dates say nothing.
_TOLD = {"book_begins": "date", "new_after": "date", "dates_set_aside": "count"}

COHORTS = Result(
    "retention.cohorts(orders, as_of=…)", first_period="date", is_new="truth", age="count",
    period="period", cohort_size="count", customers="count", active_share="rate", purchases="count",
    monetary="money", money_share="rate", **_TOLD, as_of="date", every="every",
)  # fmt: skip


def cohorts(
    orders: Any, *, as_of: arguments.DayLike, every: Every = "month", customers: Any = None,
    book: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Of the customers who first bought in one period, how many are still active, for how much?

    A period that ``as_of`` cuts short is left out, as a cohort and as a cell: it would look like a
    slump. Who had been a customer before the order book begins stands in a cohort apart.

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of
        The last day that is seen.
    every
        ``month``, or ``week`` from Monday.
    customers
        ``customer_id`` with ``created_on``: who was created within the book is new in it. A date
        later than the first purchase, or shared by over a tenth of all customers (an import),
        counts as not known; without the table all do.
    book
        From ``purchases.book``, where these orders are a part of a larger book, such as one owner's.

    Returns
    -------
    pandas.DataFrame
        One row per cohort with a customer and age, sorted by both, those of new customers first;
        every cohort has all ages:

        - ``first_period``: the first day of the period of the first purchase; ``is_new``; ``age``:
          periods since, 0 the first; ``period``: the first day of the cell's own
        - ``cohort_size``: customers of the cohort
        - ``customers``: of them with a purchase day in the period, ``active_share`` their share
        - ``purchases``: purchase days; ``monetary``: net money of the cohort in the period
        - ``money_share``: that money / the money of age 0; missing where that is not above 0
        - ``book_begins``, ``new_after``: the first day of the book, and the day after which a first
          purchase is a new customer's where no creation date tells; ``dates_set_aside``: customers
          whose creation date counts as not known
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
    >>> created = pd.DataFrame({"customer_id": ["A", "B", "C"],
    ...     "created_on": pd.to_datetime(["2026-08-03", "2026-08-05", "2026-09-20"])})
    >>> table = cohorts(orders, as_of="2026-09-30", customers=created)
    >>> table[["first_period", "age", "cohort_size", "customers", "active_share", "money_share"]]
      first_period  age  cohort_size  customers  active_share  money_share
    0   2026-08-01    0            2          2           1.0         1.00
    1   2026-08-01    1            2          1           0.5         0.25
    2   2026-09-01    0            1          1           1.0         1.00
    3   2026-09-01    1            1       <NA>           NaN          NaN
    """
    counts = _counts(orders, as_of, every, customers, book)
    until = _last_whole(arguments.day("as_of", as_of), every)
    seen = counts.loc[(counts["period"] >= counts["cohort"]) & (counts["period"] <= until)]
    cohort = ["is_new", "cohort"]
    sizes = seen.groupby(cohort)[["first_purchases"]].sum().reset_index()
    sizes = sizes.sort_values(cohort, ascending=[False, True])
    ages = _ages(sizes["cohort"], until, every)
    longest = int(ages.max()) + 1 if len(sizes) else 0
    table = sizes.merge(pd.DataFrame({"age": range(longest)}, dtype="int64"), how="cross")
    table["period"] = _later(table["cohort"], table["age"], every)
    numbers = ["customers", "purchases", "monetary"]
    cells = seen[[*cohort, "period", *numbers]]
    table = table.merge(cells, on=[*cohort, "period"], how="left")
    ahead = table["period"] > until
    table[numbers] = table[numbers].fillna(0).mask(ahead)
    size = table["first_purchases"]
    first = table.groupby(cohort)["monetary"].transform("first")
    return pd.DataFrame(
        {
            "first_period": table["cohort"],
            "is_new": table["is_new"],
            "age": table["age"],
            "period": table["period"],
            "cohort_size": size.astype("int64"),
            "customers": table["customers"].astype("Int64"),
            "active_share": (table["customers"] / size).astype("float64"),
            "purchases": table["purchases"].astype("Int64"),
            "monetary": table["monetary"].astype("float64"),
            "money_share": (table["monetary"] / first.where(first > 0)).astype("float64"),
            **_told(counts, table.index),
            "as_of": pd.Series(_stamp(as_of), index=table.index, dtype="datetime64[us]"),
            "every": pd.Series(every, index=table.index, dtype="str"),
        }
    )


BY_AGE = Result(
    "retention.by_age(cohorts)", interval=["active_share"], age="count", cohort_count="count",
    cohort_size="count", customers="count", monetary="money", active_share="rate",
    money_share="rate", **_TOLD, as_of="date", every="every",
)  # fmt: skip


def by_age(cohorts: pd.DataFrame) -> pd.DataFrame:
    """What share of new customers is active so long after they first came, all cohorts together?

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
        first money); ``book_begins`` to ``every`` as there.

    Raises
    ------
    ContractError
        A column is missing.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["A", "A", "B"], "amount": [9.0, 3.0, 9.0],
    ...     "ordered_at": pd.to_datetime(["2026-08-03", "2026-09-05", "2026-08-31"])})
    >>> created = orders.groupby("customer_id", as_index=False)["ordered_at"].min()
    >>> created.columns = ["customer_id", "created_on"]
    >>> by_age(cohorts(orders, as_of="2026-09-30", customers=created))[["age", "customers", "active_share"]]
       age  customers  active_share
    0    0          2           1.0
    1    1          1           0.5
    """
    COHORTS.require(cohorts, "cohorts", _COHORTS)
    cohorts = new_only(cohorts)
    begun = cohorts.loc[cohorts["age"] == 0].set_index("first_period")["monetary"]
    first = cohorts["first_period"].map(begun)
    seen = cohorts.assign(first=first).loc[cohorts["customers"].notna()]
    joined = seen.groupby("age", as_index=False).agg(
        cohort_count=("first_period", "size"),
        cohort_size=("cohort_size", "sum"),
        customers=("customers", "sum"),
        monetary=("monetary", "sum"),
        first=("first", "sum"),
        **{end: (end, "first") for end in (*_TOLD, "as_of", "every") if end in seen},
    )
    joined["customers"] = joined["customers"].astype("int64")
    joined = estimates.rates(
        joined, successes="customers", trials="cohort_size", name="active_share"
    )
    joined["money_share"] = joined["monetary"] / joined["first"].where(joined["first"] > 0)
    ends = [name for name in (*_TOLD, "as_of", "every") if name in joined]
    return joined[[name for name in joined if name not in ("first", *ends)] + ends]


def new_only(table: pd.DataFrame) -> pd.DataFrame:
    """Give the rows of new customers; a table that does not tell is of new ones alone.

    Examples
    --------
    >>> new_only(pd.DataFrame({"customer_id": ["A", "B"], "is_new": [True, False]}))
      customer_id  is_new
    0           A    True
    """
    return table[table["is_new"].astype("bool")] if "is_new" in table else table


SECOND = Result(
    "retention.second_purchases(orders, as_of=…)", customer_id="id", first_purchase_date="date",
    second_purchase_date="date", is_new="truth", came_back="truth", days="count", **_TOLD,
    as_of="date",
)  # fmt: skip


def second_purchases(
    orders: Any, *, as_of: arguments.DayLike, customers: Any = None,
    book: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Who has come back a second time, and after how many days?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of
        The last day that is seen.
    customers, book
        Creation dates, and the larger book: as ``cohorts``.

    Returns
    -------
    pandas.DataFrame
        One row per customer with a purchase day, sorted by ``customer_id``: ``customer_id``,
        ``first_purchase_date``, ``second_purchase_date`` (missing where there is none yet),
        ``is_new`` (else the two may be any two of theirs), ``came_back``, ``days`` (from the first
        purchase to the second, or to ``as_of``), ``book_begins``, ``new_after``,
        ``dates_set_aside``, ``as_of``.

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
    purchase_dates = purchases.with_new_after(
        engine.query(
            "second_purchases", orders=orders, as_of=as_of,
            **purchases.who_is_new(customers, book),
        )
    )  # fmt: skip
    day = _stamp(as_of)
    until = purchase_dates["second_purchase_date"].fillna(day)
    table = purchase_dates.assign(
        came_back=purchase_dates["second_purchase_date"].notna(),
        days=(until - purchase_dates["first_purchase_date"]).dt.days.astype("int64"),
        as_of=pd.Series(day, index=purchase_dates.index, dtype="datetime64[us]"),
    )
    return table[list(SECOND.columns)]


AWAITED = Result(
    "retention.awaited(second)", customer_id="id", first_purchase_date="date",
    customer_age_days="count", second_due_date="date", is_due="truth", as_of="date",
)  # fmt: skip


def awaited(second: pd.DataFrame, *, within_days: int = 90) -> pd.DataFrame:
    """Which new customers are to be won for a second purchase, the most recently due first?

    Who had bought before the order book begins is not among them: their first was another one.

    Parameters
    ----------
    second
        One row per customer, as ``second_purchases`` makes it.
    within_days
        The time from the first purchase in which the second is hoped for.

    Returns
    -------
    pandas.DataFrame
        One row per new customer who has not come back: ``customer_id``, ``first_purchase_date``,
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
    >>> created = orders.set_axis(["customer_id", "amount", "created_on"], axis=1)
    >>> found = awaited(second_purchases(orders, as_of="2026-10-31", customers=created))
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
    second = new_only(second)
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
    earlier_customers="count", **_TOLD,
)  # fmt: skip


def time_to_second(
    second: pd.DataFrame, *, by: str | None = None, level: float = 0.95
) -> pd.DataFrame:
    """What share of new customers has bought a second time so many days after the first?

    By Kaplan–Meier: who has not come back yet is counted as long as he could be watched, not as lost.
    Who had bought before the order book begins is left out, and counted.

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
        (0..1) with ``_low`` and ``_high``: one less ``estimates.survival``. Of a table that tells
        who is new also ``earlier_customers``, the number left out, and ``book_begins`` to
        ``dates_set_aside``.

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
    everybody, second = second, new_only(second)
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
    if "is_new" in everybody:
        earlier = len(everybody) - len(second)
        told = {
            name: everybody[name].iloc[0] for name in _TOLD if len(everybody) and name in everybody
        }
        table = table.assign(earlier_customers=earlier, **told)
    return table


REVENUE = Result(
    "retention.revenue(orders, as_of=…)", period="period", new_customers="count",
    repeat_customers="count", new_revenue="money", repeat_revenue="money", revenue="money",
    repeat_share="rate", **_TOLD, as_of="date", every="every",
)  # fmt: skip


def revenue(
    orders: Any, *, as_of: arguments.DayLike, every: Every = "month", customers: Any = None,
    book: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """What part of each period's money comes from new customers, what part is repeat business?

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    as_of
        The last day that is seen; the period that it cuts short is left out.
    every
        ``month``, or ``week`` from Monday.
    customers, book
        Creation dates, and the larger book: as ``cohorts``.

    Returns
    -------
    pandas.DataFrame
        One row per period from the first order of a known customer to the last whole period, those
        without an order too:

        - ``period``: its first day
        - ``new_customers``: new ones whose first purchase day lies in it; ``repeat_customers``: all
          others with a purchase day in it
        - ``new_revenue``: net money of new customers' first purchase days; ``repeat_revenue``: all
          other net money, refunds of any earlier purchase taken off; ``revenue``: both
        - ``repeat_share``: repeat / all (0..1, less where refunds outweigh); missing where the
          money is not above 0
        - ``book_begins`` to ``dates_set_aside`` as in ``cohorts``; ``as_of``, ``every``

    Raises
    ------
    ContractError, ParameterError, ParameterTypeError, UnknownNameError
        As ``cohorts``.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["A", "A", "B"], "amount": [9.0, 3.0, 9.0],
    ...     "ordered_at": pd.to_datetime(["2026-08-03", "2026-09-05", "2026-09-07"])})
    >>> created = orders.groupby("customer_id", as_index=False)["ordered_at"].min()
    >>> created.columns = ["customer_id", "created_on"]
    >>> revenue(orders, as_of="2026-09-30", customers=created)[["period", "new_revenue", "repeat_revenue"]]
          period  new_revenue  repeat_revenue
    0 2026-08-01          9.0             0.0
    1 2026-09-01          9.0             3.0
    """
    counts = _counts(orders, as_of, every, customers, book)
    until = _last_whole(arguments.day("as_of", as_of), every)
    seen = counts.loc[counts["period"] <= until]
    # whole cents are summed, so that no order of rows shows in the last digit
    is_first = seen["is_new"] & (seen["cohort"] == seen["period"])
    cents = seen.assign(
        new=(seen["first_monetary"] * 100).round().where(is_first, 0.0),
        money=(seen["monetary"] * 100).round(),
        came=seen["customers"].where(is_first, 0),
        back=seen["customers"].where(~is_first, 0),
    )
    totals = cents.groupby("period")[["came", "back", "new", "money"]].sum()
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
            "new_customers": totals["came"].to_numpy(dtype="int64"),
            "repeat_customers": totals["back"].to_numpy(dtype="int64"),
            "new_revenue": totals["new"].to_numpy(dtype="float64") / 100,
            "repeat_revenue": (totals["money"] - totals["new"]).to_numpy(dtype="float64") / 100,
            "revenue": totals["money"].to_numpy(dtype="float64") / 100,
        }
    )
    share = table["repeat_revenue"] / table["revenue"].where(table["revenue"] > 0)
    told = _told(counts, table.index)
    return table.assign(repeat_share=share, **told, as_of=_stamp(as_of), every=every)


def _counts(
    orders: Any, as_of: arguments.DayLike, every: Every, customers: Any, book: pd.DataFrame | None
) -> pd.DataFrame:
    told = purchases.who_is_new(customers, book)
    counts = engine.query("cohorts", orders=orders, as_of=as_of, every=every, **told)
    return purchases.with_new_after(counts)


def _told(counts: pd.DataFrame, index: pd.Index) -> dict[str, "pd.Series[Any]"]:
    """Give each row what the whole book tells: since when customers are new."""
    return {name: counts[name].head(1).repeat(len(index)).set_axis(index) for name in _TOLD}


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
