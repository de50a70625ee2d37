"""How many would it take to see it?"""

from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors, schema
from workbench.arguments import numbers, share


def sample_size(
    rate: float, other_rate: float, *, alpha: float = 0.05, power: float = 0.8
) -> int | None:
    """How many in each arm does it take to tell these two rates apart?

    Parameters
    ----------
    rate, other_rate
        The two rates, 0..1, as they are expected to be.
    alpha
        How often a difference may be seen where there is none; two-sided.
    power
        How often the difference is to be seen where it is there.

    Returns
    -------
    int or None
        The size of each of two equal arms; None where the rates are equal, since no number of
        trials shows a difference that is not there.

    Raises
    ------
    ParameterError, ParameterTypeError
        A rate is not between 0 and 1, or ``alpha`` or ``power`` is not.

    References
    ----------
    Fleiss, Levin & Paik (2003), *Statistical Methods for Rates and Proportions*, equation 4.14:
    without continuity correction.

    Examples
    --------
    >>> sample_size(0.50, 0.75, power=0.9)
    77
    """
    for name, value in (("rate", rate), ("other_rate", other_rate)):
        mend = "Write 0.05 for 5 %: a rate lies between 0 and 1."
        arguments.number(name, value, least=0, most=1, mend=mend)
    size = _sizes(np.array([rate]), np.array([other_rate]), alpha, power)[0]
    return None if np.isnan(size) else int(size)


def sample_sizes(
    table: pd.DataFrame,
    *,
    rates: tuple[str, str],
    name: str = "sample_size",
    alpha: float = 0.05,
    power: float = 0.8,
) -> pd.DataFrame:
    """How many in each arm does it take to tell the two rates of each row apart?

    Parameters
    ----------
    table
        One row per comparison.
    rates
        The columns of the two rates, 0..1.
    name
        What the size is called.
    alpha, power
        As ``sample_size``.

    Returns
    -------
    pandas.DataFrame
        The rows of ``table`` with one more column, ``name``: the size of each of two equal arms,
        missing where the rates are equal or one is missing.

    Raises
    ------
    ContractError
        A column is missing or holds no rates.
    ParameterError, ParameterTypeError
        ``alpha`` or ``power`` is not between 0 and 1.

    References
    ----------
    As ``sample_size``.

    Examples
    --------
    >>> sample_sizes(pd.DataFrame({"a": [0.05, 0.1], "b": [0.10, 0.1]}), rates=("a", "b"))
          a    b  sample_size
    0  0.05  0.1          435
    1  0.10  0.1         <NA>
    """
    schema.require(table, "table", list(rates), made_by="estimates.rates(…)")
    first, second = (numbers(table[column], f"table: {column}") for column in rates)
    for column, values in zip(rates, (first, second), strict=True):
        if ((values < 0) | (values > 1)).any():
            raise errors.ContractError(
                f"table: {column} holds {values[(values < 0) | (values > 1)][0]}, no rate.",
                mend="Rates lie between 0 and 1: write 0.05 for 5 %.",
            )
    sizes = pd.array(_sizes(first, second, alpha, power), dtype="Float64").astype("Int64")
    return table.assign(**{name: sizes})


def _sizes(first: Any, second: Any, alpha: Any, power: Any) -> np.ndarray[Any, Any]:
    from scipy.special import ndtri

    wrongly = float(-ndtri(share("alpha", alpha, example=0.05) / 2))
    seen = float(ndtri(share("power", power, example=0.8)))
    between = (first + second) / 2
    apart = np.where(first == second, np.nan, np.abs(first - second))
    spread = wrongly * np.sqrt(2 * between * (1 - between)) + seen * np.sqrt(
        first * (1 - first) + second * (1 - second)
    )
    return np.asarray(np.ceil((spread / apart) ** 2))
