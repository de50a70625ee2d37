"""Who bought when, how often, for how much, in what rhythm? One pass over the orders."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench import arguments, engine, errors
from workbench.periods import Period
from workbench.results import Result

__all__ = [
    "BOOK", "HISTORIES", "HISTORY", "KPIS", "REPURCHASE_DAYS", "book", "histories", "history", "kpis",
]  # fmt: skip
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


BOOK = Result("purchases.book(orders, as_of=…)", book_begins="date", new_after="date", as_of="date")


def book(orders: Any, *, as_of: arguments.DayLike) -> pd.DataFrame:
    """When does the order book begin, and who first bought so late that they are new in it?

    Who had bought before the book begins looks new in it. Of whom nothing else is known, those are
    new whose first purchase comes later after the first day of the book than 95 % of all intervals
    between purchases are long, at most 365 days (so many, where nobody has bought twice).

    Parameters
    ----------
    orders
        All orders, any table ``engine.query`` takes: the whole book, not one owner's part of it.
    as_of
        The last day that is seen.

    Returns
    -------
    pandas.DataFrame
        One row, none where there is no order: ``book_begins``, ``new_after`` (who first bought
        later is new), ``as_of``.

    Raises
    ------
    ContractError, ParameterError, ParameterTypeError
        As ``history``.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["A", "A", "B"], "amount": [9.0, 3.0, 9.0],
    ...     "ordered_at": pd.to_datetime(["2026-06-01", "2026-07-01", "2026-09-02"])})
    >>> book(orders, as_of="2026-10-31")[["book_begins", "new_after"]]
      book_begins  new_after
    0  2026-06-01 2026-07-01
    """
    table = engine.query("order_book", orders=orders, as_of=as_of)
    day = pd.Timestamp(arguments.day("as_of", as_of)).as_unit("us")
    return with_new_after(table).assign(as_of=pd.Series(day, table.index, "datetime64[us]"))


def with_new_after(table: pd.DataFrame) -> pd.DataFrame:
    """Give the day after which who first bought is new, in place of how long after the beginning."""
    later = table["book_begins"] + pd.to_timedelta(table["settled_days"], unit="D")
    named = table.rename(columns={"settled_days": "new_after"})
    return named.assign(new_after=later.astype("datetime64[us]"))


def who_is_new(customers: Any, book: pd.DataFrame | None) -> dict[str, Any]:
    """Give what a query takes that tells who is new: creation dates, and the larger book.

    A table of customers that holds no ``created_on`` says nothing.

    Raises
    ------
    ContractError, ParameterTypeError
        ``book`` is no table of ``book``.
    """
    if hasattr(customers, "ledger"):
        customers = customers.table
    names = getattr(customers, "column_names", getattr(customers, "columns", None))
    if names is not None and "created_on" not in list(names):
        customers = None
    days: dict[str, Any] = {}
    if book is not None:
        BOOK.require(book, "book")
        days = dict(*book.head(1)[["book_begins", "new_after"]].to_dict("records"))
    return {
        "customers": customers, "begins": days.get("book_begins"), "new_after": days.get("new_after")
    }  # fmt: skip


KPIS = Result(
    "purchases.kpis(orders, periods=…)", period="period", as_of="date", revenue="money",
    active_customers="count", purchase_days="count", new_customers="count",
    repurchase_rate_90d="rate", repurchase_base="count",
)  # fmt: skip


def kpis(
    orders: Any, *, periods: Period | Sequence[Period], customers: Any = None,
    book: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """How did each period go: money, customers, purchases, and who came back?

    All figures are of known customers: sales without a customer id are in none of them.

    Parameters
    ----------
    orders
        Any table ``engine.query`` takes, with ``customer_id``, ``ordered_at`` and ``amount``.
    periods
        The periods, or one, each computed as of its last day.
    customers
        ``customer_id`` with ``created_on``: who was created within the book is new in it.
    book
        From ``book``, where these orders are a part of a larger book, such as one owner's.

    Returns
    -------
    pandas.DataFrame
        One row per period, in the order given:

        - ``period`` (its name), ``as_of`` (its last day)
        - ``revenue``: net money of known customers in the period, refunds taken off
        - ``active_customers``: with a purchase day in the period; ``purchase_days``: theirs
        - ``new_customers``: whose first purchase day lies in the period, and who had not bought
          before the book begins: created within it or, where that is not known, first seen later
          than ``book`` says
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
    >>> created = pd.DataFrame({"customer_id": ["B"], "created_on": [pd.Timestamp("2026-10-01")]})
    >>> table = kpis(orders, periods=[periods.parse("2026-10")], customers=created)
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
            **who_is_new(customers, book),
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
