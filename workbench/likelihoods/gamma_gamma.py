"""What does Gamma–Gamma say? Each customer's purchases spread around an own mean value.

Colombo & Jiang (1999); Fader & Hardie (2013), note 025. x purchases with the mean value m̄.
"""

import numpy as np
from scipy.special import digamma, gammaln

from workbench.likelihoods.special import Floats, digamma_rise, log_rising

names = ("p", "q", "v")


def starts() -> list[Floats]:
    """Give where to begin looking for the best parameters, money in mean values."""
    return [np.array([p, q, (q - 1) / p]) for p, q in ((4.0, 3.0), (1.0, 2.0), (20.0, 6.0))]


def log_likelihood(
    parameters: Floats, x: Floats, mean: Floats, weight: Floats
) -> tuple[float, Floats]:
    """Give the total over all customers and its gradient (eq. 1a)."""
    p, q, v = parameters
    px, spent = p * x, x * mean
    by_spent, by_v = np.log1p(v / spent), np.log1p(spent / v)
    each = log_rising(px, q) - gammaln(q) - px * by_spent - q * by_v - np.log(mean)
    over = 1 / (spent + v)
    return float(weight @ each), np.array(
        [
            weight @ (x * (digamma_rise(px, q) - by_spent)),
            weight @ (digamma(px + q) - digamma(q) - by_v),
            weight @ ((q * spent / v - px) * over),
        ]
    )


def expected(parameters: Floats, x: Floats, mean: Floats) -> Floats:
    """Give the expected value per purchase: p·(v + x·m̄)/(px + q − 1) (eq. 5)."""
    p, q, v = parameters
    return np.asarray(p * (v + x * mean) / (p * x + q - 1), dtype=float)


def drawn(
    parameters: Floats, x: Floats, mean: Floats, bought: Floats, dice: np.random.Generator
) -> Floats:
    """Draw what so many purchases come to, of customers with x purchases of a mean value before."""
    p, q, v = parameters
    spent, some = np.zeros(len(x)), bought > 0
    x, mean = x[some], mean[some]
    spread = np.maximum(dice.gamma(p * x + q), np.finfo(float).tiny)
    spent[some] = dice.gamma(p * bought[some]) * (v + x * mean) / spread
    return spent
