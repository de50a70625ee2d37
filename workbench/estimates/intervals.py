"""What is an estimate with its interval, and which counts can one be made of?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench import arguments, errors, schema
from workbench.arguments import Floats


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


def quantile(level: float) -> float:
    """How many standard errors wide is half an interval of this level?

    Raises
    ------
    ParameterError
        The level does not lie between 0 and 1.

    Examples
    --------
    >>> round(quantile(0.95), 3)
    1.96
    """
    from scipy.special import ndtri

    return float(ndtri((1 + arguments.share("level", level, example=0.95)) / 2))


def counts(table: pd.DataFrame, name: str, *, successes: str, trials: str) -> tuple[Floats, Floats]:
    """Read two columns of counts: so many of so many.

    Raises
    ------
    ContractError
        A column is missing, or a count is missing, negative, no whole number or above its trials.
    """
    schema.require(table, name, [successes, trials], made_by="counting rows of each group")
    return check_counts(
        arguments.numbers(table[successes], f"{name}: {successes}"),
        arguments.numbers(table[trials], f"{name}: {trials}"),
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
