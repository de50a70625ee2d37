"""What do customers spend, and what is it worth today? Value per purchase times purchases."""

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from workbench import arguments, errors
from workbench.estimates.intervals import quantile
from workbench.fitting import customers, predictions, units
from workbench.fitting.maximum import PRIOR_SPREAD, Climb, Maximum, listed, maximise
from workbench.fitting.purchasing import PurchaseModel
from workbench.fitting.results import Fitted
from workbench.likelihoods import gamma_gamma
from workbench.likelihoods.rows import sums, unique
from workbench.likelihoods.special import Floats
from workbench.results import Result

# a shape past which nothing varies any more
_HUGE = 1e3


def usable(summary: Any) -> tuple[Floats, Floats, Floats, int]:
    """Give purchases, mean values and weights of the customers with a value, and count the rest.

    Equal rows are put together; who has repeat purchases but no value above 0 is counted.
    """
    x, mean, weight = customers.values(summary)
    has_value = (x > 0) & (mean > 0)
    left_out = int(weight[(x > 0) & ~has_value].sum())
    x, mean, weight = x[has_value], mean[has_value], weight[has_value]
    if not len(x):
        raise errors.ContractError(
            "summary: no customer has a mean_repeat_value above 0, so nothing can be learnt about "
            "the value of a purchase.",
            mend="Hand in customers with repeat purchases and their mean value.",
        )
    counts, count = unique(x)
    levels, level = unique(mean)
    order, index = unique(count.astype(np.int64) * len(levels) + level)
    return (
        counts[order // len(levels)],
        levels[order % len(levels)],
        sums(index, weight, len(order)),
        left_out,
    )


def climbed(x: Floats, mean: Floats, weight: Floats, *, steadied: bool) -> Maximum:
    """Find the parameters that make the mean values most likely, or, steadied, are most probable."""
    scale = np.array([1.0, 1.0, np.average(mean, weights=weight)])
    climb = Climb(
        lambda p: gamma_gamma.log_likelihood(p, x, mean, weight),
        customers=float(weight.sum()),
        names=gamma_gamma.names,
        scale=scale,
        prior_spread=PRIOR_SPREAD if steadied else None,
    )
    top = maximise(climb, starts=[scale * start for start in gamma_gamma.starts()])
    p, q, _ = top.parameters
    unknown = top.verdict.not_identified
    if "p" in unknown and p > _HUGE:
        what = "every customer seems to spend the same at every purchase: the likelihood is highest"
    elif "q" in unknown and q > _HUGE:
        what = "the customers do not differ in what they spend: the likelihood is highest"
    else:
        return top
    reason = f"{what} with {listed(unknown)} at the end of what is possible"
    verdict = dataclasses.replace(top.verdict, cause="all_alike", reason=reason)
    return dataclasses.replace(top, verdict=verdict)


def known(summary: pd.DataFrame) -> tuple[Floats, Floats]:
    """Give each customer's purchases with a known value, 0 where there is none, and the value."""
    x, mean, _ = customers.values(summary)
    has_value = (x > 0) & (mean > 0)
    return np.where(has_value, x, 0.0), np.where(has_value, mean, 0.0)


def refuse_without_mean(parameters: Floats, x: Floats) -> None:
    """Refuse customers whose expected value is not finite."""
    p, q, _ = parameters
    infinite = int(np.sum(p * x + q <= 1))
    if infinite:
        raise errors.ParameterError(
            f"GammaGamma: q is {q:.4g}; at q ≤ 1 the mean value over customers is not finite, so "
            f"{infinite:,} customers without a known value of repeat purchases have none.",
            mend="Ask only about customers with repeat purchases, or fit on more customers or "
            "without the few who spent most.",
        )


def expected(parameters: Floats, x: Floats, mean: Floats) -> Floats:
    """Give the expected value per purchase of customers for whom there is one."""
    refuse_without_mean(parameters, x)
    return gamma_gamma.expected(parameters, x, mean)


def with_interval(model: Fitted, x: Floats, mean: Floats) -> tuple[Floats, Floats]:
    """Give the expected value, and the standard deviation of its logarithm from the fit."""
    centre, others = with_likely(model, x, mean)
    return centre, predictions.spread(centre, others)


def with_likely(model: Fitted, x: Floats, mean: Floats) -> tuple[Floats, list[Floats]]:
    """Give the expected value, and what it would be with each likely set of parameters."""
    centre = expected(model.vector, x, mean)
    others = []
    for likely in model.likely_parameters():
        # a likely q at or below 1 has no finite mean to compare with: the estimate's tail stays
        finite = likely[0] * x + likely[1] > 1
        value = gamma_gamma.expected(likely, x, mean)
        others.append(np.where(finite & (value > 0), value, centre))
    return centre, others


LIFETIME_VALUE = Result(
    "models.lifetime_value(summary, purchases=…, spend=…, horizon=…)", interval=["lifetime_value"],
    customer_id="id", probability_alive="rate", discounted_purchases="ratio",
    expected_spend="money", lifetime_value="money",
)  # fmt: skip


def lifetime_value(
    summary: pd.DataFrame,
    *,
    purchases: PurchaseModel,
    spend: Fitted,
    horizon: units.Horizon,
    time_unit: str | None = None,
    yearly_rate: float = 0.1,
    margin: float = 1.0,
    level: float = 0.95,
) -> pd.DataFrame:
    """What is each customer worth from now on, in today's money?

    Parameters
    ----------
    summary
        One row per customer, with ``mean_repeat_value``.
    purchases
        A fitted model of purchases.
    spend
        A fitted ``GammaGamma``; its values must not depend on how often a customer buys.
    horizon, time_unit
        How far ahead is counted: a number in ``time_unit`` (None: the model's own), or a text
        such as ``"3Y"``.
    yearly_rate
        The discount rate per year, as a share: 0.1 is 10 % a year, compounded continuously at
        ln(1.1).
    margin
        The share of a purchase's value that is earned.
    level
        The level of the intervals.

    Returns
    -------
    pandas.DataFrame
        One row per row of the table, with its index: ``customer_id`` (where it is there),
        ``probability_alive``, ``discounted_purchases``, ``expected_spend`` (per purchase),
        ``lifetime_value`` with ``_low`` and ``_high``: how far the parameters of both models are
        known.

    Raises
    ------
    ParameterError
        The rate is −1 or less, the margin not above 0, or q ≤ 1 leaves customers without a mean.

    Examples
    --------
    >>> from workbench import models
    >>> table = pd.DataFrame(
    ...     {
    ...         "repeat_purchases": [2, 0],
    ...         "last_purchase_age": [30.43, 0.0],
    ...         "customer_age": [38.86, 38.86],
    ...         "mean_repeat_value": [22.35, None],
    ...     }
    ... )
    >>> value = models.lifetime_value(
    ...     table,
    ...     purchases=models.BetaGeo(r=0.243, alpha=4.414, a=0.793, b=2.426),
    ...     spend=models.GammaGamma(p=6.25, q=3.74, v=15.44),
    ...     horizon="1Y",
    ... )
    >>> value[["expected_spend", "lifetime_value"]].round(2)
       expected_spend  lifetime_value
    0           24.66           36.90
    1           35.22            8.51
    """
    mend = "Give the share that is earned: margin=0.3 for 30 %."
    arguments.number("margin", margin, above=0, mend=mend)
    z = quantile(level)
    rows = customers.rows(summary, unit=purchases.time_unit, whole=purchases.counts_occasions)
    ahead = units.horizon(horizon, unit=purchases.time_unit, time_unit=time_unit)
    rate = units.yearly_to_continuous(yearly_rate, unit=purchases.time_unit)
    process, likely = purchases.process, purchases.likely_parameters()
    x, mean = known(summary)
    columns = {name: np.empty(len(rows)) for name in LIFETIME_VALUE.columns[1:]}
    for piece in predictions.pieces(len(rows)):
        some = rows.part(piece)

        def bought(p: Floats, some: Any = some) -> Floats:
            return predictions.discounted(process, p, some, ahead, rate)

        count = bought(purchases.vector)
        value, by_spend = with_interval(spend, x[piece], mean[piece])
        by_count = predictions.spread(count, [bought(q) for q in likely])
        reach = np.exp(z * np.hypot(by_count, by_spend))
        worth = count * value * margin
        values = (
            process.alive(purchases.vector, some),
            count,
            value,
            worth,
            worth / reach,
            worth * reach,
        )
        for name, numbers in zip(LIFETIME_VALUE.columns[1:], values, strict=True):
            columns[name][piece] = numbers
    table = pd.DataFrame(columns, index=summary.index)
    if "customer_id" in summary.columns:
        table.insert(0, "customer_id", summary["customer_id"])
    return table


SPEND = Result(
    "models.GammaGamma.fit(summary).predict(summary)", interval=["expected_spend"],
    customer_id="id", expected_spend="money",
)  # fmt: skip


def predicted(model: Fitted, summary: pd.DataFrame, z: float) -> pd.DataFrame:
    """Give the expected value per purchase with its interval, one row per row."""
    centre, by_fit = with_interval(model, *known(summary))
    reach = np.exp(z * by_fit)
    table = pd.DataFrame(
        {
            "expected_spend": centre,
            "expected_spend_low": centre / reach,
            "expected_spend_high": centre * reach,
        },
        index=summary.index,
    )
    if "customer_id" in summary.columns:
        table.insert(0, "customer_id", summary["customer_id"])
    return table
