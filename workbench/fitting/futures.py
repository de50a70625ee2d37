"""What will customers really buy and spend? Futures drawn from the fitted models, with a seed.

A range *of the expectation* says how far a mean is known; nobody ever buys a mean. The ranges here
are *of what will be*: each future has its own parameters (from the fit's covariance, on the scale of
logarithms), its own purchases of each customer (rates, dropout and chance, given what is known of the
customer), and an own value of every purchase.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workbench import kept
from workbench.fitting import spending
from workbench.fitting.purchasing import PurchaseModel
from workbench.fitting.results import Fitted
from workbench.likelihoods import gamma_gamma
from workbench.likelihoods.special import Floats

#: What will be lies in the range eight times in ten; in the wide one 95 times in a hundred.
LIKELY, WIDE = 0.8, 0.95
DRAWS = 600
# so many futures share their parameters: to draw purchases costs less than who is alive
_SHARE = 3
# so many numbers at a time, whatever the number of customers
_CELLS = 2_000_000
# whose futures may be kept for the next who asks, each at most 32 MB
_FEW_PIECES = 3
# a step in logarithms that is as good as without an end
_BOUND = 20.0


@dataclass(frozen=True)
class Futures:
    """What will be, of each customer and of all together?

    Parameters
    ----------
    purchases_low, purchases_high, money_low, money_high
        One value per customer: what will be lies between them eight times in ten.
    purchases, money, worth
        One value per future: that of all customers asked about together.
    """

    purchases_low: Floats
    purchases_high: Floats
    money_low: Floats
    money_high: Floats
    purchases: Floats
    money: Floats
    worth: Floats


def drawn(
    summary: pd.DataFrame,
    *,
    purchases: PurchaseModel,
    spend: Fitted,
    horizon: str,
    today: Floats | None = None,
    asked: Floats | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> Futures:
    """Draw what customers will buy and spend in the time ahead.

    Parameters
    ----------
    summary
        One row per customer; equal tables in equal order give equal futures.
    purchases, spend
        Fitted models; of one whose parameters were given these are taken as true.
    horizon
        The time ahead, with its unit: ``"90D"``.
    today
        What money of the time ahead is worth today, as a share, per customer.
    asked
        Which customers count in the totals, as 0 or 1; None: all.
    draws, seed
        How many futures, and where the dice begin.

    Examples
    --------
    >>> from workbench import models
    >>> table = pd.DataFrame({"repeat_purchases": [2], "last_purchase_age": [30.43],
    ...                       "customer_age": [38.86], "mean_repeat_value": [22.35]})
    >>> found = drawn(table, purchases=models.BetaGeo(r=0.243, alpha=4.414, a=0.793, b=2.426),
    ...               spend=models.GammaGamma(p=6.25, q=3.74, v=15.44), horizon="1Y")
    >>> found.purchases_low.tolist(), found.purchases_high.tolist(), len(found.money)
    ([0.0], [4.0], 600)
    """
    dice = np.random.default_rng(seed)
    ahead = purchases._ahead(horizon, None)
    rows, process = purchases._rows(summary), purchases.process
    x, mean = spending.known(summary)
    today = np.ones(len(rows)) if today is None else today
    asked = np.ones(len(rows)) if asked is None else asked
    if not len(rows):
        nobody, nothing = np.empty(0), np.zeros(draws)
        return Futures(*[nobody] * 4, *[nothing] * 3)
    pieces = np.array_split(np.arange(len(rows)), -(-len(rows) * draws // _CELLS))

    def thrown() -> Iterator[tuple[Floats, Floats]]:
        sets = -(-draws // _SHARE)
        buying, paying = parameters(purchases, sets, dice), parameters(spend, sets, dice)
        for some in pieces:
            part = rows.part(some)
            kinds, which = part.alike
            bought, spent = np.zeros((2, draws, len(some)))
            for future in range(draws):
                p, values = buying[future // _SHARE], paying[future // _SHARE]
                if future % _SHARE == 0:
                    alive = process.alive(p, kinds)[which]
                here = np.flatnonzero(dice.random(len(some)) < alive)
                bought[future, here] = process.drawn(p, part.part(here), ahead, dice)
                spent[future] = gamma_gamma.drawn(values, x[some], mean[some], bought[future], dice)
            yield bought, spent

    futures: Iterable[tuple[Floats, Floats]] = thrown()
    if len(pieces) <= _FEW_PIECES:
        question = ("futures", summary, purchases, spend, horizon, draws, seed)
        futures = kept.answer(lambda: list(thrown()), *question)
    each = {name: np.empty(len(rows)) for name in _EACH}
    bought_in_all, spent_in_all, worth_in_all = np.zeros((3, draws))
    for some, (bought, spent) in zip(pieces, futures, strict=True):
        bought_in_all += bought @ asked[some]
        spent_in_all += spent @ asked[some]
        worth_in_all += spent @ (asked[some] * today[some])
        ends = (*between(bought, LIKELY), *between(spent, LIKELY))
        for name, end in zip(_EACH, ends, strict=True):
            each[name][some] = end
    return Futures(**each, purchases=bought_in_all, money=spent_in_all, worth=worth_in_all)


_EACH = ("purchases_low", "purchases_high", "money_low", "money_high")


def between(futures: Floats, level: float) -> tuple[Floats, Floats]:
    """Give the ends between which one more future would lie, at least so often; along the first axis.

    Examples
    --------
    >>> [float(end) for end in between(np.arange(1.0, 100.0), 0.8)]
    [10.0, 90.0]
    """
    count = len(futures)
    tail = (count + 1) * (1 - level) / 2
    low = max(int(np.floor(tail + 1e-9)) - 1, 0)
    ordered = np.partition(futures, [low, count - 1 - low], axis=0)
    return np.asarray(ordered[low]), np.asarray(ordered[count - 1 - low])


def parameters(model: Fitted, count: int, dice: np.random.Generator) -> Floats:
    """Draw parameters as the fit leaves them open, one set per row; those that were given stay."""
    logs = np.log(model.vector)
    if model.fit_ is None or not model.fit_.covariance:
        return np.tile(model.vector, (count, 1))
    root = np.linalg.cholesky(np.array(model.fit_.covariance))
    steps = dice.standard_normal((count, len(logs))) @ root.T
    return np.asarray(np.exp(logs + np.clip(steps, -_BOUND, _BOUND)), dtype=float)
