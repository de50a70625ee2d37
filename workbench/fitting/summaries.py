"""What do the models need to know of each customer? One row each, made of orders or a history."""

from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors, purchases
from workbench.fitting import units
from workbench.results import Result

_HISTORY = (
    "customer_id", "as_of", "frequency", "days_since_last", "customer_age_days", "repeat_monetary",
    "log_interval_sum",
)  # fmt: skip


SUMMARY = Result(
    "models.summary(orders, as_of=…)", customer_id="id", repeat_purchases="count",
    last_purchase_age="number", customer_age="number", mean_repeat_value="money",
    log_interval_sum="number", time_unit="text", as_of="date",
)  # fmt: skip
HELD_OUT = Result(
    "models.summary(orders, calibration_end=…, as_of=…)", **SUMMARY.kinds,
    holdout_purchases="count", holdout_value="money", holdout_age="number",
)  # fmt: skip


def summary(
    orders: Any,
    *,
    time_unit: units.Unit = "W",
    calibration_end: arguments.DayLike | None = None,
    as_of: arguments.DayLike | None = None,
) -> pd.DataFrame:
    """Who bought how often again, when last, and for how much? What all models are fitted on.

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes, or the purchase history itself.
    time_unit
        The unit of the ages: ``"D"``, ``"W"``, ``"M"`` (30.4375 days), ``"Q"`` or ``"Y"``.
    calibration_end
        The last day the models may see. What comes after it, up to ``as_of``, is the holdout that
        they are judged by. Needs orders.
    as_of
        The last day of the data; needed with orders, known of a history.

    Returns
    -------
    pandas.DataFrame
        One row per customer with a purchase day, sorted by ``customer_id``:

        - ``customer_id``
        - ``repeat_purchases``: purchase days after the first
        - ``last_purchase_age``: from the first to the last purchase day; 0 without a repeat
        - ``customer_age``: from the first purchase day to ``as_of`` (or ``calibration_end``)
        - ``mean_repeat_value``: net money per repeat purchase day; missing without one
        - ``log_interval_sum``: the sum of the logarithms of all intervals
        - ``time_unit`` of the ages; ``as_of``: the last day seen
        - with ``calibration_end`` also ``holdout_purchases``, ``holdout_value`` (net money) and
          ``holdout_age`` (its length)

    Raises
    ------
    ParameterError
        ``as_of`` is missing or given twice, the calibration does not end before ``as_of``, or a
        history is to be split.
    ContractError
        The table lacks a column or holds what it must not.

    Examples
    --------
    >>> orders = pd.DataFrame(
    ...     {
    ...         "customer_id": ["A", "A", "A", "B"],
    ...         "ordered_at": pd.to_datetime(
    ...             ["2026-08-01", "2026-08-15", "2026-10-10", "2026-10-03"]
    ...         ),
    ...         "amount": [10.0, 30.0, 50.0, 20.0],
    ...     }
    ... )
    >>> table = summary(orders, time_unit="W", as_of="2026-10-31")
    >>> table[["customer_id", "repeat_purchases", "last_purchase_age", "customer_age"]]
      customer_id  repeat_purchases  last_purchase_age  customer_age
    0           A                 2               10.0          13.0
    1           B                 0                0.0           4.0
    """
    units.check(time_unit)
    if _is_history(orders):
        if calibration_end is not None:
            raise errors.ParameterError(
                "calibration_end needs orders, and this is a purchase history.",
                mend="Hand in the orders: a history does not know what came before a day.",
            )
        if as_of is not None:
            raise errors.ParameterError(
                "as_of is given, but a purchase history has its own.", mend="Leave as_of out."
            )
        return _summarised(orders, time_unit)
    if as_of is None:
        raise errors.ParameterError(
            "as_of is missing.", mend="Say up to which day the orders count: as_of='2026-10-31'."
        )
    until = arguments.day("as_of", as_of)
    whole = purchases.history(orders, as_of=until)
    if calibration_end is None:
        return _summarised(whole, time_unit)
    end = arguments.day("calibration_end", calibration_end)
    if end >= until:
        raise errors.ParameterError(
            f"calibration_end is {end}, and as_of is {until}: nothing is left to judge by.",
            mend="Let the calibration end before as_of.",
        )
    seen = purchases.history(orders, as_of=end)
    table = _summarised(seen, time_unit)
    kept = seen.loc[seen["frequency"] > 0, ["customer_id", "frequency", "monetary"]]
    later = kept.merge(
        whole[["customer_id", "frequency", "monetary"]], on="customer_id", suffixes=("", "_later")
    )
    table["holdout_purchases"] = (later["frequency_later"] - later["frequency"]).to_numpy()
    cents = (later["monetary_later"] * 100).round() - (later["monetary"] * 100).round()
    table["holdout_value"] = (cents / 100).to_numpy()
    table["holdout_age"] = (until - end).days / units.DAYS[time_unit]
    return table


def _is_history(table: Any) -> bool:
    known = {"frequency", "customer_age_days"}
    return isinstance(table, pd.DataFrame) and known <= {*table.columns}


def _summarised(history: pd.DataFrame, time_unit: str) -> pd.DataFrame:
    for column in _HISTORY:
        if column not in history.columns:
            raise errors.ContractError(
                f"history: missing column '{column}'.", mend="Make it with purchases.history."
            )
    # without a purchase day there is no age, so nothing to fit on
    bought = history[history["frequency"] > 0].sort_values("customer_id", ignore_index=True)
    days = units.DAYS[time_unit]
    repeats = bought["frequency"].to_numpy(dtype=np.int64) - 1
    age = bought["customer_age_days"].to_numpy(dtype=float)
    last = age - bought["days_since_last"].to_numpy(dtype=float)
    spent = bought["repeat_monetary"].to_numpy(dtype=float)
    logs = bought["log_interval_sum"].to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        value = np.where(repeats > 0, spent / np.maximum(repeats, 1), np.nan)
    return pd.DataFrame(
        {
            "customer_id": bought["customer_id"],
            "repeat_purchases": repeats,
            "last_purchase_age": last / days,
            "customer_age": age / days,
            "mean_repeat_value": value,
            "log_interval_sum": logs - repeats * np.log(days),
            "time_unit": pd.Series(time_unit, index=bought.index, dtype="str"),
            "as_of": bought["as_of"],
        }
    )
