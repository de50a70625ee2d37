"""How often, and how much more often than the other? Rates and their differences."""

import numpy as np
import pandas as pd

from workbench.arguments import Floats
from workbench.estimates.intervals import Estimate, check_counts, counts, quantile


def rate(successes: int, trials: int, *, level: float = 0.95) -> Estimate:
    """How often does it happen, and how sure is that?

    Parameters
    ----------
    successes, trials
        So many of so many.
    level
        The confidence of the interval.

    Returns
    -------
    Estimate
        The rate (0..1) with Wilson's interval, without continuity correction; all NaN where there
        were no trials.

    Raises
    ------
    ContractError
        These are no counts, or more successes than trials.
    ParameterError, ParameterTypeError
        ``level`` is no number between 0 and 1.

    References
    ----------
    Wilson (1927), *Probable inference, the law of succession, and statistical inference*;
    method 3 of Newcombe (1998), *Two-sided confidence intervals for the single proportion*.

    Examples
    --------
    >>> found = rate(15, 148)
    >>> print(f"{found.value:.4f} ({found.low:.4f} to {found.high:.4f})")
    0.1014 (0.0624 to 0.1605)
    """
    table = rates(
        pd.DataFrame({"successes": [successes], "trials": [trials]}),
        successes="successes",
        trials="trials",
        name="rate",
        level=level,
    )
    return of_row(table, "rate", level)


def rates(
    table: pd.DataFrame, *, successes: str, trials: str, name: str, level: float = 0.95
) -> pd.DataFrame:
    """How often in each group, and how sure is that?

    Parameters
    ----------
    table
        One row per group.
    successes, trials
        The columns of counts: so many of so many.
    name
        What the rate is called.
    level
        The confidence of the interval.

    Returns
    -------
    pandas.DataFrame
        The rows of ``table`` with three more columns: ``name`` (0..1), ``name_low`` and
        ``name_high``, the bounds of Wilson's interval without continuity correction. All three
        are missing where there were no trials.

    Raises
    ------
    ContractError
        A column is missing, or holds what are no counts.
    ParameterError, ParameterTypeError
        ``level`` is no number between 0 and 1.

    References
    ----------
    As ``rate``.

    Examples
    --------
    >>> steps = pd.DataFrame({"step": [1, 2], "delivered": [20, 0], "replied": [5, 0]})
    >>> rates(steps, successes="replied", trials="delivered", name="reply_rate").round(3)
       step  delivered  replied  reply_rate  reply_rate_low  reply_rate_high
    0     1         20        5        0.25           0.112            0.469
    1     2          0        0         NaN             NaN              NaN
    """
    width = quantile(level)
    x, n = counts(table, "table", successes=successes, trials=trials)
    value, low, high = wilson(x, n, width)
    return table.assign(**{name: value, f"{name}_low": low, f"{name}_high": high})


def difference(
    successes: int,
    trials: int,
    other_successes: int,
    other_trials: int,
    *,
    level: float = 0.95,
) -> Estimate:
    """How much more often does it happen here than there, and how sure is that?

    Parameters
    ----------
    successes, trials, other_successes, other_trials
        So many of so many here, and there; two separate groups.
    level
        The confidence of the interval.

    Returns
    -------
    Estimate
        The rate here less the rate there (-1..1), with Newcombe's interval by his method 10; all
        NaN where either had no trials.

    Raises
    ------
    ContractError, ParameterError, ParameterTypeError
        As ``rate``.

    References
    ----------
    Newcombe (1998), *Interval estimation for the difference between independent proportions*,
    method 10: square-and-add of Wilson's intervals.

    Examples
    --------
    >>> found = difference(56, 70, 48, 80)
    >>> print(f"{found.value:.4f} ({found.low:.4f} to {found.high:.4f})")
    0.2000 (0.0524 to 0.3339)
    """
    table = differences(
        pd.DataFrame(
            {"x": [successes], "n": [trials], "y": [other_successes], "m": [other_trials]}
        ),
        successes=("x", "y"),
        trials=("n", "m"),
        name="d",
        level=level,
    )
    return of_row(table, "d", level)


def differences(
    table: pd.DataFrame,
    *,
    successes: tuple[str, str],
    trials: tuple[str, str],
    name: str,
    level: float = 0.95,
) -> pd.DataFrame:
    """How much more often here than there, in each row?

    Parameters
    ----------
    table
        One row per comparison.
    successes, trials
        The columns of counts, here and there.
    name
        What the difference is called.
    level
        The confidence of the interval.

    Returns
    -------
    pandas.DataFrame
        The rows of ``table`` with three more columns: ``name``, the rate here less the rate there,
        ``name_low`` and ``name_high``, the bounds by Newcombe's method 10. All three are missing
        where either had no trials.

    Raises
    ------
    ContractError, ParameterError, ParameterTypeError
        As ``rates``.

    References
    ----------
    As ``difference``.

    Examples
    --------
    >>> variants = pd.DataFrame({"b": [9], "sent_b": [10], "a": [3], "sent_a": [10]})
    >>> differences(
    ...     variants, successes=("b", "a"), trials=("sent_b", "sent_a"), name="gain"
    ... ).round(4)
       b  sent_b  a  sent_a  gain  gain_low  gain_high
    0  9      10  3      10   0.6    0.1705      0.809
    """
    width = quantile(level)
    pairs = zip(successes, trials, strict=True)
    here, other = (wilson(*counts(table, "table", successes=x, trials=n), width) for x, n in pairs)
    value = here[0] - other[0]
    low = value - np.hypot(here[0] - here[1], other[2] - other[0])
    high = value + np.hypot(here[2] - here[0], other[0] - other[1])
    return table.assign(
        **{
            name: value,
            # square-and-add stays within -1 and 1 but for the last bit
            f"{name}_low": np.clip(low, -1.0, 1.0),
            f"{name}_high": np.clip(high, -1.0, 1.0),
        }
    )


def of_row(table: pd.DataFrame, name: str, level: float) -> Estimate:
    """Give the estimate that stands in the first row of a table."""
    value, low, high = (float(table[f"{name}{end}"].iloc[0]) for end in ("", "_low", "_high"))
    return Estimate(value, low, high, float(level))


def wilson(successes: Floats, trials: Floats, width: float) -> tuple[Floats, Floats, Floats]:
    """Give rate, low and high bound of each count; NaN where there were no trials."""
    x, n = check_counts(successes, trials, what="counts")
    n = np.where(n > 0, n, np.nan)
    value = x / n
    squared = width * width
    middle = (x + squared / 2) / (n + squared)
    half = width * np.sqrt(value * (n - x) + squared / 4) / (n + squared)
    # none and all are exact ends, whatever rounding makes of the difference
    low = np.where(x == 0, np.where(n > 0, 0.0, np.nan), middle - half)
    high = np.where(x == n, 1.0, middle + half)
    return value, low, high
