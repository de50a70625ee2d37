"""What has been fitted, and how is it kept? Everything that is learnt from one table and used on another.

How often and how long do customers buy: ``BetaGeo`` and ``ModifiedBetaGeo`` (dropout by a coin after
a purchase), ``ParetoNBD`` (after a lifetime), ``BetaBinomial`` (at occasions), ``BetaGeoCNBD`` and
``ModifiedBetaGeoCNBD`` (with a rhythm), ``NBD`` (never: the floor to beat). What do they spend:
``GammaGamma``. Where are they cut: ``RFMCuts``. ``summary`` makes the table they are fitted on,
``compare`` judges them by what came next, ``lifetime_value`` joins purchases and spend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from workbench import arguments
from workbench.estimates.intervals import quantile
from workbench.fitting import comparison, spending, units
from workbench.fitting.comparison import BY_FREQUENCY, SCORES, TRACKING, Comparison
from workbench.fitting.cuts import MAX_BINS, MeasureCuts, RFMCuts, check_method
from workbench.fitting.maximum import CAUSES, Verdict
from workbench.fitting.predictions import PREDICTED, TOTAL
from workbench.fitting.purchasing import PurchaseModel, not_converged
from workbench.fitting.results import INTERVALS, Fit, Fitted, Process
from workbench.fitting.rhythm import RhythmModel
from workbench.fitting.spending import LIFETIME_VALUE, SPEND, lifetime_value
from workbench.fitting.summaries import HELD_OUT, SUMMARY, summary
from workbench.likelihoods import gamma_gamma
from workbench.likelihoods.beta_binomial import BetaBernoulli
from workbench.likelihoods.geometric import Geometric
from workbench.likelihoods.nbd import NegativeBinomial
from workbench.likelihoods.pareto import Pareto
from workbench.schema.rfm import MEASURES, METHODS, Measure, Method

__all__ = [
    "BY_FREQUENCY", "CAUSES", "HELD_OUT", "INTERVALS", "LIFETIME_VALUE", "MAX_BINS", "MEASURES", "METHODS",
    "NBD", "PREDICTED", "SCORES", "SPEND", "SUMMARY", "TOTAL", "TRACKING", "BetaBinomial",
    "BetaGeo", "BetaGeoCNBD", "Comparison", "Fit", "GammaGamma", "Measure", "MeasureCuts", "Method",
    "ModifiedBetaGeo", "ModifiedBetaGeoCNBD", "ParetoNBD", "PurchaseModel", "RFMCuts", "Verdict",
    "check_method", "compare", "lifetime_value", "summary",
]  # fmt: skip
__dir__ = __all__.copy


@dataclass(frozen=True, kw_only=True)
class BetaGeo(PurchaseModel):
    """Who may still buy, how often, if customers drop out by a coin after a purchase? BG/NBD.

    While active, a customer buys at a rate λ ~ Gamma(r, α); after each *repeat* purchase the customer
    drops out with a probability p ~ Beta(a, b). Who bought once had no coin to toss and is alive for
    sure: the model cannot tell about them.

    Parameters
    ----------
    r, alpha
        Shape and rate of the buying rates; r/alpha is their mean per time unit.
    a, b
        Of the dropout probability; a/(a+b) is its mean.
    time_unit
        Of all ages and rates.

    References
    ----------
    Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, Marketing Science 24:
    likelihood eq. 6, expectation eq. 9, conditional expectation eq. 10, here summed instead of
    through a hypergeometric function, so that a = 1 is no special case.

    Examples
    --------
    >>> model = BetaGeo(r=0.243, alpha=4.414, a=0.793, b=2.426, time_unit="W")
    >>> table = pd.DataFrame(
    ...     {"repeat_purchases": [2, 0], "last_purchase_age": [30.43, 0], "customer_age": [38.86, 38.86]}
    ... )
    >>> model.expected_purchases(table, horizon="273D").round(3).tolist()
    [1.226, 0.195]
    >>> model.probability_alive(table).round(3).tolist()
    [0.727, 1.0]
    """

    r: float
    alpha: float
    a: float
    b: float

    likelihood: ClassVar[Process] = Geometric()
    parameter_names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    tells_one_time_buyers: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class ModifiedBetaGeo(BetaGeo):
    """Who may still buy, if the coin is tossed after the first purchase too? MBG/NBD.

    As BG/NBD, but a customer may drop out right after the first purchase, so that it can tell about
    those who bought once.

    References
    ----------
    Batislam, Denizel & Filiztekin (2007), IJRM 24; Hoppe & Wagner (2007), Marketing JRM 29.

    Examples
    --------
    >>> model = ModifiedBetaGeo(r=0.525, alpha=6.183, a=0.891, b=1.614, time_unit="W")
    >>> float(model.new_customer(horizon="52W")["expected_purchases"].iloc[0].round(3))
    1.42
    """

    likelihood: ClassVar[Process] = Geometric(drop_at_start=True)
    tells_one_time_buyers: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class BetaGeoCNBD(RhythmModel):
    """Who may still buy, if customers have a rhythm? BG/NBD with Erlang-k intervals, BG/CNBD-k.

    A customer's intervals are sums of k exponential ones, so that with a larger k they are more
    regular and a long silence says more; k = 1 is BG/NBD. Its fit needs ``log_interval_sum``.

    References
    ----------
    Reutterer, Platzer & Schröder (2021), IJRM 38; Platzer & Reutterer (2016), Marketing Science 35.

    Examples
    --------
    >>> model = BetaGeoCNBD(r=0.9, alpha=3.0, a=0.8, b=2.4, k=3, time_unit="W")
    >>> table = pd.DataFrame(
    ...     {"repeat_purchases": [8], "last_purchase_age": [30.0], "customer_age": [39.0]}
    ... )
    >>> round(float(model.probability_alive(table).iloc[0]), 3)
    0.38
    """

    drop_at_start: ClassVar[bool] = False
    tells_one_time_buyers: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class ModifiedBetaGeoCNBD(RhythmModel):
    """Who may still buy, with a rhythm and a coin after the first purchase too? MBG/CNBD-k.

    References
    ----------
    Reutterer, Platzer & Schröder (2021), IJRM 38; Platzer & Reutterer (2016), Marketing Science 35.

    Examples
    --------
    >>> model = ModifiedBetaGeoCNBD(r=0.9, alpha=3.0, a=0.8, b=2.4, k=3, time_unit="W")
    >>> round(float(model.new_customer(horizon="39W")["probability_alive"].iloc[0]), 3)
    0.75
    """

    drop_at_start: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class ParetoNBD(PurchaseModel):
    """Who may still buy, how often, if customers stop after an exponential lifetime? Pareto/NBD.

    While active, a customer buys at a rate λ ~ Gamma(r, α), and stops after an exponential lifetime
    with a rate μ ~ Gamma(s, β).

    References
    ----------
    Schmittlein, Morrison & Colombo (1987), Management Science 33: conditional expectation eq. 22.
    Fader & Hardie (2005), "A note on deriving the Pareto/NBD model": likelihood as an integral over
    the moment of stopping, eq. 15; here split at the next purchase into two positive parts, so that
    neither many purchases nor α = β nor s = 1 is a special case.

    Examples
    --------
    >>> model = ParetoNBD(r=0.553, alpha=10.578, s=0.606, beta=11.669, time_unit="W")
    >>> float(model.new_customer(horizon="52W")["expected_purchases"].iloc[0].round(3))
    1.473
    """

    r: float
    alpha: float
    s: float
    beta: float

    likelihood: ClassVar[Process] = Pareto()
    parameter_names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")


@dataclass(frozen=True, kw_only=True)
class BetaBinomial(PurchaseModel):
    """Who may still buy, if buying happens at occasions: once a year, once an issue? BG/BB.

    At each occasion a customer buys with a probability ~ Beta(α, β), and before it stops for good
    with a probability ~ Beta(γ, δ). Ages are whole numbers of occasions: ``last_purchase_age`` is
    the occasion of the last purchase, ``customer_age`` how many there have been. "Alive" is who is
    there at the next occasion. A horizon is a whole number of occasions.

    References
    ----------
    Fader, Hardie & Shang (2010), Customer-Base Analysis in a Discrete-Time Noncontractual Setting,
    Marketing Science 29: likelihood eq. 5, alive eq. 11, conditional expectation eq. 13.

    Examples
    --------
    >>> model = BetaBinomial(alpha=1.204, beta=0.75, gamma=0.657, delta=2.783, time_unit="Y")
    >>> table = pd.DataFrame(
    ...     {"repeat_purchases": [6, 0], "last_purchase_age": [6, 0], "customer_age": [6, 6]}
    ... )
    >>> model.expected_purchases(table, horizon=5).round(2).tolist()
    [3.75, 0.07]
    """

    alpha: float
    beta: float
    gamma: float
    delta: float

    likelihood: ClassVar[Process] = BetaBernoulli()
    parameter_names: ClassVar[tuple[str, ...]] = ("alpha", "beta", "gamma", "delta")
    counts_occasions: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class NBD(PurchaseModel):
    """How often do customers buy if none ever stops? The floor any other model has to beat.

    References
    ----------
    Ehrenberg (1959), The Pattern of Consumer Purchases, Applied Statistics 8; with the times of the
    purchases known, so that its likelihood compares with the other models'.

    Examples
    --------
    >>> model = NBD(r=0.385, alpha=12.07, time_unit="W")
    >>> float(model.new_customer(horizon=52)["expected_purchases"].iloc[0].round(3))
    1.659
    """

    r: float
    alpha: float

    likelihood: ClassVar[Process] = NegativeBinomial()
    parameter_names: ClassVar[tuple[str, ...]] = ("r", "alpha")
    tells_one_time_buyers: ClassVar[bool] = False
    knows_dropout: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class GammaGamma(Fitted):
    """What does a customer spend per purchase? Own means, spread by a gamma distribution.

    The values of a customer's purchases are Gamma(p, ν) with ν ~ Gamma(q, v), whatever their number.
    At q ≤ 1 the mean over customers is not finite: who has no known value then has no expectation.

    Parameters
    ----------
    p
        How regular a customer's values are.
    q, v
        How the customers differ; p·v/(q−1) is the mean over customers.

    References
    ----------
    Colombo & Jiang (1999); Fader & Hardie (2013), note 025: likelihood eq. 1a, expectation eq. 5.

    Examples
    --------
    >>> model = GammaGamma(p=6.25, q=3.74, v=15.44)
    >>> round(model.mean_spend, 2)
    35.22
    >>> table = pd.DataFrame({"repeat_purchases": [2, 0], "mean_repeat_value": [22.35, None]})
    >>> model.expected_spend(table).round(2).tolist()
    [24.66, 35.22]
    """

    p: float
    q: float
    v: float

    parameter_names: ClassVar[tuple[str, ...]] = gamma_gamma.names

    @classmethod
    def fit(cls, summary: pd.DataFrame, *, steadied: bool = False) -> Self:
        """Which parameters make these mean values most likely?

        Customers whose repeat purchases have no value above 0 are left out, and counted in
        ``left_out_``.

        Parameters
        ----------
        summary
            One row per customer: ``repeat_purchases`` and ``mean_repeat_value``, in any currency.
        steadied
            Whether a weak prior keeps the parameters within reason, as with models of purchases;
            ``v`` is counted in mean values of these customers.

        Raises
        ------
        ContractError
            A column is missing or holds what it must not, or nobody has a value.
        ConvergenceError
            No maximum was found; ``error.result`` is the best that was.
        """
        x, mean, weight, left_out = spending.usable(summary)
        top = spending.climbed(x, mean, weight, steadied=steadied)
        values = dict(zip(cls.parameter_names, map(float, top.parameters), strict=True))
        fit = Fit.of(top, customers=float(weight.sum()), left_out=left_out, is_steadied=steadied)
        model = cls(**values, fit_=fit)
        if not top.verdict.converged:
            raise not_converged(model)
        return model

    def log_likelihood(self, summary: pd.DataFrame) -> float:
        """How likely are these mean values? The total of the logarithms, of all who have one."""
        x, mean, weight, _ = spending.usable(summary)
        return gamma_gamma.log_likelihood(self.vector, x, mean, weight)[0]

    @property
    def mean_spend(self) -> float:
        """The mean value per purchase of a customer of whom nothing is known.

        Raises
        ------
        ParameterError
            q ≤ 1, where there is no finite mean.
        """
        nothing = np.zeros(1)
        return float(spending.expected(self.vector, nothing, nothing)[0])

    def expected_spend(self, summary: pd.DataFrame) -> pd.Series:
        """What will each customer spend per purchase? One mean per row of the table.

        Raises
        ------
        ParameterError
            q ≤ 1, and a customer without a known value is asked about.
        """
        spends = spending.expected(self.vector, *spending.known(summary))
        return pd.Series(spends, index=summary.index, name="expected_spend")

    def predict(self, summary: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
        """What will each customer spend per purchase, and how sure is that?

        Returns
        -------
        pandas.DataFrame
            One row per row of the table, with its index: ``customer_id`` (where it is there),
            ``expected_spend`` with ``_low`` and ``_high``: how far the parameters are known.
        """
        return spending.predicted(self, summary, quantile(level))


def compare(
    orders: Any,
    *,
    calibration_end: arguments.DayLike,
    as_of: arguments.DayLike,
    models: Sequence[type[PurchaseModel]] = (
        BetaGeo,
        ModifiedBetaGeo,
        ParetoNBD,
        BetaGeoCNBD,
        ModifiedBetaGeoCNBD,
        NBD,
    ),
    time_unit: units.Unit = "W",
    steadied: bool = False,
    tracked: bool = True,
) -> Comparison:
    """Which model says best what customers did next?

    Each is fitted on what was known at ``calibration_end`` and judged by what came until ``as_of``.

    Parameters
    ----------
    orders
        Any table ``purchases.history`` takes.
    calibration_end, as_of
        The last day the models see, and the last day they are judged by.
    models
        The classes to compare.
    time_unit
        Of the models, and the step of the tracking.
    steadied
        Whether they are fitted with a weak prior, as ``PurchaseModel.fit`` has it.
    tracked
        Whether purchases are followed step by step too, which takes the longest; else ``tracking``
        has no rows, and ``tracking_error`` is missing.

    Returns
    -------
    Comparison
        Tables ``scores`` (one row per model), ``by_frequency`` and ``tracking``, and the fitted
        ``models`` by name. A model without a fit keeps its row, with the reason.

    Examples
    --------
    >>> from workbench import samples
    >>> orders = samples.company(customers=300)["orders"]
    >>> found = compare(
    ...     orders, calibration_end="2026-01-31", as_of="2026-10-31", models=[ModifiedBetaGeo, NBD]
    ... )
    >>> found.scores[["model", "converged"]]
                 model  converged
    0  ModifiedBetaGeo       True
    1              NBD       True
    """
    return comparison.compare(
        orders,
        calibration_end=calibration_end,
        as_of=as_of,
        models=models,
        time_unit=time_unit,
        steadied=steadied,
        tracked=tracked,
    )
