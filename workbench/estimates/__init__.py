"""How sure are we? Rates, differences, means and survival curves, each with its interval.

Intervals are 95 % unless said otherwise: Wilson's for a rate, Newcombe's method 10 for a difference
of rates, Welch's for a difference of means, log-log for a survival curve. What cannot be computed,
as a rate of nothing, is null, never 0 or infinite.
"""

from workbench.estimates.comparison import LogRank, log_rank
from workbench.estimates.intervals import Estimate
from workbench.estimates.means import mean, mean_difference
from workbench.estimates.rates import difference, differences, rate, rates
from workbench.estimates.sizes import sample_size, sample_sizes
from workbench.estimates.survival import (
    MEDIANS,
    SURVIVAL,
    SURVIVAL_AT,
    median_survival,
    survival,
    survival_at,
)

__all__ = [
    "MEDIANS", "SURVIVAL", "SURVIVAL_AT", "Estimate", "LogRank", "difference", "differences",
    "log_rank", "mean", "mean_difference", "median_survival", "rate", "rates", "sample_size",
    "sample_sizes", "survival", "survival_at",
]  # fmt: skip
__dir__ = __all__.copy
