"""What were classes and predictions worth? Judged by what customers spent afterwards."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors, estimates, people, purchases, schema
from workbench.results import Result

#: The row of those who bought for the first time after the day the classes are of.
NOT_SEEN = "not_seen"
CLASSES = Result(
    "value.judge(classes, spent)", interval=["purchase_rate", "monetary_per_customer"],
    segment="segment", customers="count", customer_share="rate", buyers="count",
    purchase_rate="rate", monetary_ahead="money", monetary_ahead_share="rate",
    monetary_per_customer="money", lift="ratio", predicted="money", predicted_ratio="ratio",
)  # fmt: skip
COLUMNS = CLASSES.columns[1:]
_LAST_DAY = dt.date(9999, 12, 31)


AHEAD = Result(
    "value.ahead(customers, orders, horizon_days=…)", customer_id="id", is_seen="truth",
    frequency_ahead="count", monetary_ahead="money",
)  # fmt: skip


def ahead(
    customers: pd.DataFrame,
    orders: Any,
    *,
    horizon_days: int,
    until: arguments.DayLike | None = None,
) -> pd.DataFrame:
    """What did each of these customers spend in the days after, and who came new?

    Parameters
    ----------
    customers
        One row per customer: ``customer_id`` and ``as_of``, the same in all rows.
    orders
        Any table ``purchases.history`` takes, with the days after ``as_of`` too.
    horizon_days
        How many days after ``as_of`` count.
    until
        The last day the orders tell of; by default the day of the last purchase in them.

    Returns
    -------
    pandas.DataFrame
        One row per customer of ``customers`` or with an order in these days, by ``customer_id``:
        ``customer_id``, ``is_seen`` (it stands in ``customers``), ``frequency_ahead`` (purchase
        days), ``monetary_ahead`` (net money; the sum over all is that of the orders of known
        customers in these days).

    Raises
    ------
    ContractError
        A column is missing, a customer is there twice, or ``as_of`` differs.
    ParameterError, ParameterTypeError
        ``horizon_days`` is no whole number from 1, or the days after are not over by ``until``.

    Examples
    --------
    >>> orders = pd.DataFrame({"customer_id": ["a", "a", "b"], "amount": [9.0, 5.0, 3.0],
    ...     "ordered_at": pd.to_datetime(["2026-07-01", "2026-10-02", "2026-10-31"])})
    >>> ahead(purchases.history(orders, as_of="2026-09-30"), orders, horizon_days=31)
      customer_id  is_seen  frequency_ahead  monetary_ahead
    0           a     True                1             5.0
    1           b    False                1             3.0
    """
    purchases.HISTORY.require_customers(customers, "customers")
    days = arguments.number_of_days("horizon_days", horizon_days)
    names = list(AHEAD.columns)
    if customers.empty:
        kinds = {"is_seen": "bool", "frequency_ahead": "int64", "monetary_ahead": "float64"}
        (ids,) = people.alike(customers["customer_id"])
        return pd.DataFrame(columns=names).astype({"customer_id": ids.dtype, **kinds})
    end = (customers["as_of"].iloc[0] + pd.Timedelta(days=days)).date()
    last_day = _last_day(orders) if until is None else arguments.day("until", until)
    if last_day is None or last_day < end:
        raise errors.ParameterError(
            f"The {days} days end on {end}, and the orders tell of no day after {last_day}.",
            mend="Take classes of an earlier day, or fewer days; state until= if nothing was"
            " bought on the last of them.",
        )
    spent = purchases.history(orders, as_of=end, window=days)
    spent = spent[["customer_id", "frequency", "monetary"]].set_axis(
        ["customer_id", "frequency_ahead", "monetary_ahead"], axis="columns"
    )
    ids, spent["customer_id"] = people.alike(customers["customer_id"], spent["customer_id"])
    seen = pd.DataFrame({"customer_id": ids, "is_seen": True})
    table = seen.merge(spent, on="customer_id", how="outer")
    table = table.assign(
        is_seen=table["is_seen"].astype("boolean").fillna(False).astype("bool"),
        frequency_ahead=table["frequency_ahead"].fillna(0).astype("int64"),
        monetary_ahead=table["monetary_ahead"].fillna(0.0).astype("float64"),
    )
    return table.sort_values("customer_id", ignore_index=True)[names]


def judge(
    classes: pd.DataFrame, spent: pd.DataFrame, *, by: str = "segment", predicted: str | None = None
) -> pd.DataFrame:
    """What did each class turn out to be worth, and was that what was predicted?

    Parameters
    ----------
    classes
        One row per customer, as ``rfm.segment`` makes it, or with classes of one's own:
        ``customer_id``, the column ``by`` and, if asked for, the column ``predicted``.
    spent
        What they spent afterwards, as ``value.ahead`` gives it for the same customers.
    by
        The column of the class.
    predicted
        The column with the money that was expected of each customer in the same days, such as
        a model's.

    Returns
    -------
    pandas.DataFrame
        One row per class, most money per customer first, and last those who came new
        (``not_seen``), where there are any:

        - ``by``, ``customers``, ``customer_share``
        - ``buyers`` (with a purchase in these days), ``purchase_rate`` with its interval
        - ``monetary_ahead``, ``monetary_ahead_share`` (null where the total is not above zero)
        - ``monetary_per_customer`` with Student's interval
        - ``lift``: share of the money of those seen / share of the customers seen
        - ``predicted``, ``predicted_ratio`` (predicted / really spent; null where nothing was)

        Money and customers sum to those of ``spent``.

    Raises
    ------
    ContractError
        A column is missing, a customer is there twice, has no class, or is not in ``spent``; a
        prediction is missing, negative or infinite.

    Examples
    --------
    >>> classes = pd.DataFrame({"customer_id": ["a", "b", "c"], "segment": ["key", "key", "rest"],
    ...                         "expected": [50.0, 40.0, 10.0]})
    >>> spent = pd.DataFrame({"customer_id": ["a", "b", "c", "d"], "frequency_ahead": [1, 2, 0, 1],
    ...     "monetary_ahead": [60.0, 40.0, 0.0, 5.0], "is_seen": [True, True, True, False]})
    >>> found = judge(classes, spent, predicted="expected")
    >>> found[["segment", "customers", "buyers", "monetary_ahead", "lift", "predicted_ratio"]]
        segment  customers  buyers  monetary_ahead  lift  predicted_ratio
    0       key          2       2           100.0   1.5              0.9
    1      rest          1       0             0.0   0.0              NaN
    2  not_seen          1       1             5.0   NaN              NaN
    """
    needed = ["customer_id", by, *([] if predicted is None else [predicted])]
    schema.require(classes, "classes", needed, made_by="rfm.segment(scores)", key="customer_id")
    AHEAD.require(spent, "spent", key="customer_id")
    table = _together(classes, spent, by, predicted)
    is_seen = table["is_seen"]
    seen, money = int(is_seen.sum()), float(table.loc[is_seen, "monetary_ahead"].sum())
    everything = float(table["monetary_ahead"].sum())
    groups = table.groupby(by, observed=True)
    worth = groups.agg(
        customers=("customer_id", "size"),
        buyers=("is_buyer", "sum"),
        monetary_ahead=("monetary_ahead", "sum"),
        predicted=("expected", lambda values: values.sum(min_count=1)),
    ).reset_index()
    means = [estimates.mean(rows["monetary_ahead"]) for _, rows in groups]
    worth = worth.assign(
        buyers=worth["buyers"].astype("int64"),
        customer_share=worth["customers"] / (len(table) or np.nan),
        monetary_ahead_share=worth["monetary_ahead"] / (everything if everything > 0 else np.nan),
        monetary_per_customer=[mean.value for mean in means],
        monetary_per_customer_low=[mean.low for mean in means],
        monetary_per_customer_high=[mean.high for mean in means],
    )
    worth = estimates.rates(worth, successes="buyers", trials="customers", name="purchase_rate")
    is_new = worth[by] == NOT_SEEN
    share = worth["monetary_ahead"] / (money if money > 0 else np.nan)
    lift = share / (worth["customers"] / (seen or np.nan))
    really = worth["monetary_ahead"].where(worth["monetary_ahead"] > 0)
    worth = worth.assign(lift=lift.mask(is_new), predicted_ratio=worth["predicted"] / really)
    worth = worth.assign(is_new=is_new).sort_values(
        ["is_new", "monetary_per_customer", by], ascending=[True, False, True], ignore_index=True
    )
    return worth[[by, *COLUMNS]]


def _together(
    classes: pd.DataFrame, spent: pd.DataFrame, by: str, predicted: str | None
) -> pd.DataFrame:
    """Put each customer's class beside what it spent; refuse what does not fit together."""
    ids, theirs = people.alike(classes["customer_id"], spent["customer_id"])
    given = pd.DataFrame(
        {
            "customer_id": ids,
            by: classes[by].astype("str"),
            "expected": np.nan if predicted is None else classes[predicted].astype("float64"),
        }
    ).reset_index(drop=True)
    if given[by].isna().any():
        raise errors.ContractError(
            f"classes: {int(given[by].isna().sum())} customers have no {by}.",
            mend="Give every customer a class, one for the rest if need be.",
        )
    if predicted is not None:
        odd = ~(given["expected"] >= 0) | np.isinf(given["expected"])
        if odd.any():
            raise errors.ContractError(
                f"classes: {int(odd.sum())} values of '{predicted}' are missing, negative or"
                f" infinite, the first is that of customer '{given.loc[odd, 'customer_id'].iloc[0]}'.",
                mend="Hand over money, 0 where nothing is expected.",
            )
    spending = spent.assign(customer_id=theirs)
    table = given.merge(spending, on="customer_id", how="outer", indicator=True)
    lost = (table["_merge"] == "left_only") | (
        table["is_seen"].eq(True) & (table["_merge"] == "right_only")
    )
    if lost.any():
        raise errors.ContractError(
            f"classes and spent are of other customers: {int(lost.sum())} stand in one alone, the"
            f" first is '{table.loc[lost, 'customer_id'].iloc[0]}'.",
            mend="Make spent with value.ahead(classes, orders, horizon_days=…).",
        )
    return table.assign(
        **{by: table[by].fillna(NOT_SEEN)},
        is_seen=table["is_seen"].astype("bool"),
        is_buyer=table["frequency_ahead"] > 0,
    )


def _last_day(orders: Any) -> dt.date | None:
    last = purchases.history(orders, as_of=_LAST_DAY)["last_purchase_date"].max()
    return None if pd.isna(last) else last.date()
