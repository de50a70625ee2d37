"""How much on average, and how much more than the other?"""

from typing import Any

import numpy as np

from workbench.arguments import Floats, finite, share
from workbench.estimates.intervals import Estimate


def mean(values: Any, *, level: float = 0.95) -> Estimate:
    """How much is it on average, and how sure is that?

    Parameters
    ----------
    values
        One number per case, none missing.
    level
        The confidence of the interval.

    Returns
    -------
    Estimate
        The mean with Student's interval; the bounds are NaN for fewer than two values, the mean
        too where there is none.

    Raises
    ------
    ContractError
        A value is missing, infinite or no number.
    ParameterError, ParameterTypeError
        ``level`` is no number between 0 and 1.

    Examples
    --------
    >>> found = mean([10, 12, 14])
    >>> print(f"{found.value:.1f} ({found.low:.2f} to {found.high:.2f})")
    12.0 (7.03 to 16.97)
    """
    level = share("level", level, example=0.95)
    centre, squared, freedom = _moments(finite(values, "values"))
    return _within(centre, squared, freedom, level)


def mean_difference(values: Any, others: Any, *, level: float = 0.95) -> Estimate:
    """How much more is it on average here than there, and how sure is that?

    Parameters
    ----------
    values, others
        One number per case, none missing, here and there; two separate groups, whose spread may
        differ.
    level
        The confidence of the interval.

    Returns
    -------
    Estimate
        The mean here less the mean there with Welch's interval; the bounds are NaN where either
        has fewer than two values, the difference too where either has none.

    Raises
    ------
    ContractError, ParameterError, ParameterTypeError
        As ``mean``.

    References
    ----------
    Welch (1947), *The generalization of Student's problem when several different population
    variances are involved*.

    Examples
    --------
    >>> found = mean_difference([10, 12, 14, 12], [9, 11, 10, 10])
    >>> print(f"{found.value:.1f} ({found.low:.2f} to {found.high:.2f})")
    2.0 (-0.44 to 4.44)
    """
    level = share("level", level, example=0.95)
    here, squared, freedom = _moments(finite(values, "values"))
    other_mean, other_squared, other_freedom = _moments(finite(others, "others"))
    together = squared + other_squared
    shares = 0.0
    if together > 0:
        shares = (squared / together) ** 2 / freedom + (
            other_squared / together
        ) ** 2 / other_freedom
    return _within(here - other_mean, together, 1 / shares if shares else np.inf, level)


def _moments(values: Floats) -> tuple[float, float, float]:
    """Give the mean, the square of its standard error, and the degrees of freedom of that."""
    n = len(values)
    if not n:
        return np.nan, np.nan, np.nan
    if n == 1:
        return float(values[0]), np.nan, np.nan
    # sorted, so that the order of rows does not show in the last bit
    values = np.sort(values)
    return float(values.mean()), float(values.var(ddof=1) / n), float(n - 1)


def _within(value: float, squared: float, freedom: float, level: float) -> Estimate:
    from scipy.special import ndtri, stdtrit

    upper = (1 + level) / 2
    width = float(ndtri(upper) if np.isinf(freedom) else stdtrit(freedom, upper))
    half = width * float(np.sqrt(squared))
    return Estimate(value, value - half, value + half, level)
