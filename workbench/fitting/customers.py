"""What does a table say of the customers? Read strictly, in the model's unit."""

from typing import Any

import numpy as np
import pandas as pd

from workbench import errors
from workbench.fitting import units
from workbench.likelihoods.rows import Rows
from workbench.likelihoods.special import Floats

COLUMNS = ("repeat_purchases", "last_purchase_age", "customer_age")
LOG_INTERVALS = "log_interval_sum"
VALUE = "mean_repeat_value"
_MEND = "models.summary makes such a table of orders or of a purchase history."


def unit_of(summary: Any) -> units.Unit | None:
    """Give the unit a table states in its column ``time_unit``, if it does."""
    table = frame(summary, ())
    if "time_unit" not in table.columns or not len(table):
        return None
    time_units = table["time_unit"].unique()
    if len(time_units) > 1:
        raise errors.ContractError(
            f"summary: 'time_unit' is not the same in all rows: {', '.join(map(repr, time_units[:5]))}.",
            mend="Make the ages of all rows in one unit.",
        )
    return units.check(time_units[0], "summary: time_unit")


def frame(summary: Any, needed: tuple[str, ...]) -> pd.DataFrame:
    """Refuse what is no table, or lacks a column."""
    if not isinstance(summary, pd.DataFrame):
        raise errors.ParameterTypeError(
            f"summary is {type(summary).__name__}, no pandas DataFrame.", mend=_MEND
        )
    for column in needed:
        if column not in summary.columns:
            names = [str(name) for name in summary.columns]
            raise errors.ContractError(
                f"summary: missing column '{column}'.",
                mend=f"{errors.did_you_mean(column, names)}{_MEND}",
            )
    return summary


def rows(summary: Any, *, unit: str, with_intervals: bool = False, whole: bool = False) -> Rows:
    """Read purchases and ages, converted to the unit; every rule that is broken is counted.

    Parameters
    ----------
    summary
        A table with the columns ``repeat_purchases``, ``last_purchase_age`` and ``customer_age``,
        perhaps ``time_unit`` and ``customers`` (how many customers a row stands for).
    unit
        The unit wanted; a table that states none is taken to be in it.
    with_intervals
        Whether ``log_interval_sum`` is needed.
    whole
        Whether the ages are counts of occasions: whole numbers, at most one purchase each.

    Raises
    ------
    ContractError
        A column is missing, or holds values that no customer can have, with counts.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"repeat_purchases": [2], "last_purchase_age": [30.0], "customer_age": [70], "time_unit": "D"}
    ... )
    >>> rows(table, unit="W").T
    array([10.])
    """
    needed = (*COLUMNS, *((LOG_INTERVALS,) if with_intervals else ()))
    table = frame(summary, needed)
    x, last, age = (_numbers(table, name) for name in COLUMNS)
    weight = _numbers(table, "customers") if "customers" in table.columns else np.ones(len(table))
    faults = {
        "repeat_purchases is negative": x < 0,
        "repeat_purchases is no whole number": x != np.rint(x),
        "last_purchase_age is negative": last < 0,
        "customer_age is negative": age < 0,
        "last_purchase_age is above customer_age": last > age,
        "there are repeat purchases, but last_purchase_age is 0": (x > 0) & (last == 0),
        "there is no repeat purchase, but last_purchase_age is not 0": (x == 0) & (last > 0),
    }
    if "customers" in table.columns:
        faults["customers is no whole number above 0"] = (weight <= 0) | (weight % 1 != 0)
    if whole:
        faults["an age is no whole number of occasions"] = (age != np.floor(age)) | (
            last != np.floor(last)
        )
        faults["there are more repeat purchases than occasions"] = x > last
    _refuse(faults)
    stated = unit_of(table)
    scale = 1.0 if stated is None else units.factor(stated, unit)
    logs = None
    if with_intervals:
        logs = _numbers(table, LOG_INTERVALS)
        _refuse({"log_interval_sum is not 0 without a repeat purchase": (x == 0) & (logs != 0)})
        # a row's customers are alike, and each has these intervals
        logs = weight * (logs + x * np.log(scale))
    if scale != 1.0:
        # by the days, so that 30 days in weeks are 30/7 to the last digit
        last, age = (column * units.DAYS[str(stated)] / units.DAYS[unit] for column in (last, age))
    return Rows(x, last, age, weight, logs)


def values(summary: Any) -> tuple[Floats, Floats, Floats]:
    """Read repeat purchases, their mean value (NaN where there is none) and weights.

    Raises
    ------
    ContractError
        A column is missing or holds what it must not; a value that is infinite.
    """
    table = frame(summary, ("repeat_purchases", VALUE))
    x = _numbers(table, "repeat_purchases")
    mean = _numbers(table, VALUE, missing=True)
    weight = _numbers(table, "customers") if "customers" in table.columns else np.ones(len(table))
    _refuse(
        {
            "repeat_purchases is negative": x < 0,
            "repeat_purchases is no whole number": x != np.rint(x),
            "mean_repeat_value is infinite": np.isinf(mean),
            "customers is no whole number above 0": (weight <= 0) | (weight != np.floor(weight)),
        }
    )
    return x, mean, weight


def _numbers(table: pd.DataFrame, name: str, *, missing: bool = False) -> Floats:
    column = table[name]
    if isinstance(column, pd.DataFrame):
        raise errors.ContractError(
            f"summary: column '{name}' is there {column.shape[1]} times.", mend="Keep one."
        )
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        raise errors.ContractError(
            f"summary: column '{name}' holds no numbers ({column.dtype}).",
            mend=f"Convert it: pandas.to_numeric(summary['{name}']).",
        )
    numbers = column.to_numpy(dtype=float, na_value=np.nan)
    if not missing:
        _refuse({f"{name} is missing, NaN or infinite": ~np.isfinite(numbers)})
    return np.asarray(numbers, dtype=float)


def _refuse(faults: dict[str, Any]) -> None:
    reasons = [
        f"{fault} in {int(np.sum(where)):,}" for fault, where in faults.items() if where.any()
    ]
    if reasons:
        raise errors.ContractError(
            f"summary: of the rows, {'; '.join(reasons)}.", mend=f"Mend or drop these rows. {_MEND}"
        )
