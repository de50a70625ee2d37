"""Who bought when, how often, for how much, in what rhythm? One pass over the orders."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench import arguments, engine, errors
from workbench.periods import Period
from workbench.results import Result

__all__ = ["HISTORIES", "HISTORY", "KPIS", "REPURCHASE_DAYS", "histories", "history", "kpis"]
__dir__ = __all__.copy

REPURCHASE_DAYS = 90
_LAST_DAY = dt.date(9999, 12, 31)


HISTORY = Result(
    "purchases.history(orders, as_of=…)", customer_id="id", as_of="date",
    first_purchase_date="date", last_purchase_date="date", days_since_last="count",
    frequency="count", monetary="money", interval_1="count", interval_2="count", interval_3="count",
    mean_interval_days="days", interval_count="count", customer_age_days="count",
    first_purchase_amount="money", repeat_monetary="money", log_interval_sum="number",
)  # fmt: skip


def history(orders: Any, *, as_of: arguments.DayLike, window: int | None = None) -> pd.DataFrame:
    """Who bought when, how often, for how much and in what rhythm?

    Orders of one customer on one day are one purchase, refunds netted off. A day is a purchase
    day unless its refunds bring it to zero or less (a free order is a purchase); a day that is
    none still lowers the money. Rows without a customer id are left out.

    Parameters
    ----------
    orders
        Any table ``engine.query`` takes, with ``customer_id``, ``ordered_at`` and ``amount``.
    as_of
        The day the figures are for; later rows are not seen. A timestamp counts as its day.
    window
        Only the last so many days, ``as_of`` included; None for all. Everything, the first
        purchase too, is then of these days alone.

    Returns
    -------
    pandas.DataFrame
        One row per customer with an order in the window, sorted by ``customer_id``:

        - ``customer_id`` (whole numbers where the orders have such, else str), ``as_of``
        - ``first_purchase_date``, ``last_purchase_date``; ``days_since_last`` and
          ``customer_age_days``, the days from them to ``as_of``
        - ``frequency``: purchase days; 0 where refunds left none, then what depends on a
          purchase is missing
        - ``monetary``: all net money; ``first_purchase_amount`` of the first purchase day,
          ``repeat_monetary`` of the purchase days after it
        - ``interval_1`` to ``interval_3``: days between purchase days, newest first, missing
          where not there; ``mean_interval_days`` their mean, ``interval_count`` how many
        - ``log_interval_sum``: the natural logarithms of all intervals in days, summed; 0 where
          there is none

    Raises
    ------
    ContractError
        A column is missing or of the wrong type, or amounts or dates are missing, NaN or
        infinite, with counts.
    ParameterError, ParameterTypeError
        ``as_of`` is no day, or ``window`` no whole number of days.

    Examples
    --------
    >>> orders = pd.DataFrame(
    ...     {
    ...         "customer_id": ["A", "A", "A", "B"],
    ...         "ordered_at": pd.to_datetime(
    ...             ["2026-08-01", "2026-09-05", "2026-09-05", "2026-10-31"]
    ...         ),
    ...         "amount": [100.0, 50.0, -20.0, 0.0],
    ...     }
    ... )
    >>> table = history(orders, as_of="2026-10-31")
    >>> table[["customer_id", "frequency", "monetary", "interval_1", "days_since_last"]]
      customer_id  frequency  monetary  interval_1  days_since_last
    0           A          2     130.0          35               56
    1           B          1       0.0        <NA>                0
    """
    return engine.query(
        "purchase_history",
        orders=orders,
        as_of=as_of,
        window_days=arguments.optional_days("window", window),
    )


HISTORIES = Result(
    "purchases.histories(orders, as_of_dates=…, horizon_days=…)", **HISTORY.kinds,
    purchases_ahead="count", monetary_ahead="money", data_until="date",
)  # fmt: skip


def histories(
    orders: Any,
    *,
    as_of_dates: Sequence[arguments.DayLike],
    horizon_days: int,
    until: arguments.DayLike | None = None,
) -> pd.DataFrame:
    """What was known of each customer at several days, and what did they do next?

    Parameters
    ----------
    orders
        Any table ``engine.query`` takes, with ``customer_id``, ``ordered_at`` and ``amount``.
    as_of_dates
        The days; each is looked at as if it were the last one known.
    horizon_days
        How many days after each of them count as what came next.
    until
        The last day of the orders that is looked at; later rows are not seen. None for all.

    Returns
    -------
    pandas.DataFrame
        One row per day and customer with an order by then, sorted by both: the columns of
        ``history`` on that day, and

        - ``purchases_ahead``: purchase days in the ``horizon_days`` after it
        - ``monetary_ahead``: net money of those days
        - ``data_until``: the last day with an order, an anonymous one too; where it comes before
          the end of a horizon, what is not there may still come

    Raises
    ------
    ContractError
        As ``history``.
    ParameterError, ParameterTypeError
        There is no day, or ``horizon_days`` is no whole number of days.

    Examples
    --------
    >>> orders = pd.DataFrame(
    ...     {
    ...         "customer_id": ["A", "A", "B"],
    ...         "ordered_at": pd.to_datetime(["2026-06-01", "2026-07-20", "2026-06-20"]),
    ...         "amount": [100.0, 50.0, 30.0],
    ...     }
    ... )
    >>> table = histories(orders, as_of_dates=["2026-06-30"], horizon_days=30)
    >>> table[["customer_id", "days_since_last", "purchases_ahead", "monetary_ahead"]]
      customer_id  days_since_last  purchases_ahead  monetary_ahead
    0           A               29                1            50.0
    1           B               10                0             0.0
    """
    return engine.query(
        "purchase_histories",
        orders=orders,
        as_of_dates=as_of_dates,
        horizon_days=horizon_days,
        as_of=_LAST_DAY if until is None else until,
    )


KPIS = Result(
    "purchases.kpis(orders, periods=…)", period="period", as_of="date", revenue="money",
    active_customers="count", purchase_days="count", new_customers="count",
    repurchase_rate_90d="rate", repurchase_base="count",
)  # fmt: skip


def kpis(orders: Any, *, periods: Period | Sequence[Period]) -> pd.DataFrame:
    """How did each period go: money, customers, purchases, and who came back?

    All figures are of known customers: sales without a customer id are in none of them.

    Parameters
    ----------
    orders
        Any table ``engine.query`` takes, with ``customer_id``, ``ordered_at`` and ``amount``.
    periods
        The periods, or one, each computed as of its last day.

    Returns
    -------
    pandas.DataFrame
        One row per period, in the order given:

        - ``period`` (its name), ``as_of`` (its last day)
        - ``revenue``: net money of known customers in the period, refunds taken off
        - ``active_customers``: with a purchase day in the period; ``purchase_days``: theirs
        - ``new_customers``: whose first purchase day ever lies in the period
        - ``repurchase_base``: customers with a purchase day in the 90 days that end 90 days
          before ``as_of``; ``repurchase_rate_90d``: the share of them (0..1) who bought again
          within 90 days of their last one there, missing where there is nobody to ask

    Raises
    ------
    ContractError
        As ``history``.
    ParameterTypeError
        ``periods`` holds something else than periods.

    Examples
    --------
    >>> from workbench import periods
    >>> orders = pd.DataFrame(
    ...     {
    ...         "customer_id": ["A", "A", "B"],
    ...         "ordered_at": pd.to_datetime(["2026-06-10", "2026-08-20", "2026-10-02"]),
    ...         "amount": [100.0, 50.0, 30.0],
    ...     }
    ... )
    >>> table = kpis(orders, periods=[periods.parse("2026-10")])
    >>> table[["period", "revenue", "active_customers", "new_customers", "repurchase_rate_90d"]]
        period  revenue  active_customers  new_customers  repurchase_rate_90d
    0  2026-10     30.0                 1              1                  1.0
    """
    asked = [periods] if isinstance(periods, Period | str) else list(periods)
    for period in asked:
        if not isinstance(period, Period):
            raise errors.ParameterTypeError(
                f"periods holds {period!r}, of type {type(period).__name__}.",
                mend="Hand in periods: periods=[periods.parse('2026-10')].",
            )
    table = pd.DataFrame({"period": map(str, asked)}).assign(
        first_day=pd.to_datetime([period.start for period in asked]),
        as_of=pd.to_datetime([period.as_of for period in asked]),
    )
    if asked:
        days = {f"{period.start}:{period.as_of}": None for period in asked}
        figures = engine.query(
            "period_figures", orders=orders, periods=",".join(days),
            repurchase_days=REPURCHASE_DAYS, as_of=max(period.as_of for period in asked),
        )  # fmt: skip
        table = table.merge(figures, how="left", on=["first_day", "as_of"])
        base = table["repurchase_base"]
        table["repurchase_rate_90d"] = table["repurchased"] / base.where(base > 0)
    return table.reindex(columns=list(_KPI_DTYPES)).astype(_KPI_DTYPES)


_KPI_DTYPES = {
    "period": "str",
    "as_of": "datetime64[us]",
    "revenue": "float64",
    "active_customers": "int64",
    "purchase_days": "int64",
    "new_customers": "int64",
    "repurchase_rate_90d": "float64",
    "repurchase_base": "int64",
}
