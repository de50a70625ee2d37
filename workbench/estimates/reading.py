"""Are these counts, shares and durations? What statistics are made of is read once, strictly."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench import errors, schema

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class Estimate:
    """What is it, and between which bounds does it lie?

    Parameters
    ----------
    value
        The estimate; NaN where there is nothing to estimate it from.
    low, high
        The bounds of its interval; NaN where there is none.
    level
        The confidence of the interval, 0.95 for 95 %.
    """

    value: float
    low: float
    high: float
    level: float = 0.95

    @property
    def is_known(self) -> bool:
        """Is there an estimate at all?"""
        return not np.isnan(self.value)

    @property
    def excludes_zero(self) -> bool:
        """Does the whole interval lie on one side of zero, as a difference does that shows?"""
        return self.low > 0 or self.high < 0


def share(name: str, value: Any, *, example: float) -> float:
    """Read a share strictly between 0 and 1, as a confidence or a power is.

    Raises
    ------
    ParameterError
        It is not between 0 and 1.
    ParameterTypeError
        It is no number.

    Examples
    --------
    >>> share("level", 0.95, example=0.95)
    0.95
    """
    mend = f"Write {name}={example}."
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        raise errors.ParameterTypeError(
            f"{name} is {value!r}, of type {type(value).__name__}, not a number.", mend=mend
        )
    if not 0 < value < 1:
        raise errors.ParameterError(f"{name} is {value}; it lies between 0 and 1.", mend=mend)
    return float(value)


def quantile(level: float) -> float:
    """How many standard errors wide is half an interval of this level?"""
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


def counts(table: pd.DataFrame, name: str, *, successes: str, trials: str) -> tuple[Floats, Floats]:
    """Read two columns of counts: so many of so many.

    Raises
    ------
    ContractError
        A column is missing, or a count is missing, negative, no whole number or above its trials.
    """
    schema.require(table, name, [successes, trials], made_by="counting rows of each group")
    return check_counts(
        numbers(table[successes], f"{name}: {successes}"),
        numbers(table[trials], f"{name}: {trials}"),
        what=f"{name}: {successes} of {trials}",
    )


def check_counts(successes: Floats, trials: Floats, *, what: str) -> tuple[Floats, Floats]:
    """Refuse what are no counts: missing, negative, broken or more than there were."""
    for values in (successes, trials):
        wrong = ~(np.isfinite(values) & (values >= 0) & (values == np.floor(values)))
        if wrong.any():
            raise errors.ContractError(
                f"{what}: {values[wrong][0]} in row {int(np.argmax(wrong))} is no count.",
                mend="Counts are whole numbers from 0, and none is missing.",
            )
    above = successes > trials
    if above.any():
        row = int(np.argmax(above))
        raise errors.ContractError(
            f"{what}: {successes[row]:.0f} of {trials[row]:.0f} in row {row} is more than all.",
            mend="Count successes among the trials alone.",
        )
    return successes, trials


def numbers(values: Any, what: str) -> Floats:
    """Read numbers of any kind as floats, missing ones as NaN; text is refused.

    Raises
    ------
    ContractError
        They are no numbers.

    Examples
    --------
    >>> numbers([1, None], "durations").tolist()
    [1.0, nan]
    """
    column = pd.Series(values)
    if pd.api.types.is_datetime64_any_dtype(column) or pd.api.types.is_timedelta64_dtype(column):
        raise errors.ContractError(
            f"{what} holds {column.dtype}, not numbers.",
            mend="Give days as numbers: (later - earlier).dt.days.",
        )
    try:
        return np.asarray(column.to_numpy(dtype="float64", na_value=np.nan))
    except (TypeError, ValueError):
        raise errors.ContractError(f"{what} holds no numbers.", mend="Give numbers.") from None


def finite(values: Any, what: str) -> Floats:
    """Read numbers none of which is missing or infinite.

    Raises
    ------
    ContractError
        One is, with its row.
    """
    found = numbers(values, what)
    wrong = ~np.isfinite(found)
    if wrong.any():
        raise errors.ContractError(
            f"{what}: {int(wrong.sum())} of {len(found)} are missing or infinite, "
            f"the first in row {int(np.argmax(wrong))}.",
            mend="Leave these rows out, and say how many they were.",
        )
    return found
