"""What does Pareto/NBD say? Customers buy at a steady rate and stop after an exponential lifetime.

Schmittlein, Morrison & Colombo (1987). After the last purchase one of two things is true: the customer
stops before buying again, whether that has happened or lies ahead; or has not bought until now, and
will buy again. With K(t) = Γ(r+x)/Γ(r) · α^r β^s / ((α+t)^(r+x) (β+t)^s), and H(t) the chance that at
the age t the end comes before the next purchase, the likelihood is K(t_x)·H(t_x) + K(T)·(1 − H(T)).
Each of the two depends on x and one age only, so what customers have in common is computed once;
nothing is subtracted, and nothing overflows at many purchases.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import expit

from workbench.likelihoods import counts
from workbench.likelihoods.race import Log, buys_first, ends_first
from workbench.likelihoods.rows import Rows, Whole
from workbench.likelihoods.special import (
    Floats,
    decay,
    digamma_rise,
    legendre,
    log_rising,
    total,
    trigamma_rise,
)


@dataclass(frozen=True)
class Pareto:
    """Pareto/NBD: gamma-distributed buying rates (r, α) and dropout rates (s, β)."""

    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")
    times: ClassVar[tuple[str, ...]] = ("alpha", "beta")
    traits: ClassVar[dict[str, tuple[str, str]]] = {"buy": ("r", "alpha"), "stop": ("s", "beta")}

    def starts(self, rows: Rows) -> list[Floats]:
        """Give where to begin looking for the best parameters, times in mean ages."""
        return [
            np.array([r, r / rows.mean_purchases * 0.7, s, beta])
            for r, s, beta in ((0.5, 0.5, 0.4), (1.0, 2.0, 3.0), (2.0, 0.2, 0.1), (2.0, 0.15, 5e-4))
        ]

    def log_likelihood(self, p: Floats, rows: Rows) -> tuple[float, Floats]:
        """Give the total over all customers and its gradient (Fader & Hardie 2005, eq. 12)."""
        return self.derivatives(p, rows)[:2]

    def derivatives(self, p: Floats, rows: Rows) -> tuple[float, Floats, Floats]:
        """Give the total, its gradient and its second derivatives, in one pass."""
        xs, _ = rows.by_x
        loglik = float(rows.x_weight @ log_rising(p[0], xs))
        gradient, hessian = np.zeros(4), np.zeros((4, 4))
        gradient[0] = rows.x_weight @ digamma_rise(p[0], xs)
        hessian[0, 0] = rows.x_weight @ trigamma_rise(p[0], xs)
        for some in rows.pieces:
            (lasts, last), (ages, age) = some.by_x_and_t_x, some.by_x_and_T
            ended, buying = _ends(p, lasts, deep=True), _buys(p, ages, deep=True)
            one, other = ended.value[last], buying.value[age]
            left = expit(one - other)
            gone, stay = some.weight * left, some.weight * (1 - left)
            loglik += total(some.weight, np.logaddexp(one, other))
            # added up over those who have the age in common, before the derivatives come in
            of_ended = np.bincount(last, gone, len(lasts))
            of_buying = np.bincount(age, stay, len(ages))
            gradient += ended.slope @ of_ended + buying.slope @ of_buying
            hessian += ended.bend @ of_ended + buying.bend @ of_buying
            apart = np.take(ended.slope, last, axis=1) - np.take(buying.slope, age, axis=1)
            hessian += (apart * (gone * (1 - left))) @ apart.T
        return loglik, gradient, hessian

    def alive(self, p: Floats, rows: Rows) -> Floats:
        """Give the probability that each customer has not stopped."""
        (lasts, last), (ages, age) = rows.by_x_and_t_x, rows.by_x_and_T
        stays = _stays(p, ages, deep=False).value
        again = np.exp(_buys(p, ages, deep=False).value - stays)
        with np.errstate(over="ignore"):
            ended = np.exp(_ends(p, lasts, deep=False).value[last] - stays[age])
        # rounding apart, the two are never below 1; who bought just now is there for sure
        found = np.minimum(1 / (ended + again[age]), 1.0)
        found[rows.waited == 0] = 1.0
        return np.asarray(found, dtype=float)

    def silent(self, p: Floats, rows: Rows, horizon: Floats) -> Floats:
        """Give the probability of no purchase in the horizon: L(x, t_x, T+t) / L(x, t_x, T)."""
        (lasts, last), (ages, age) = rows.by_x_and_t_x, rows.by_x_and_T
        thens, then = Rows(rows.x, rows.t_x, rows.T + horizon, rows.weight).by_x_and_T
        ended = _ends(p, lasts, deep=False).value[last]
        now = np.logaddexp(ended, _buys(p, ages, deep=False).value[age])
        later = np.logaddexp(ended, _buys(p, thens, deep=False).value[then])
        return np.asarray(np.clip(np.exp(later - now), 0.0, 1.0), dtype=float)

    def expected(self, p: Floats, rows: Rows, horizon: Floats) -> Floats:
        """Give the expected purchases in the horizon of those who are alive (eq. 41 / P(alive))."""
        r, alpha, s, beta = p
        length = np.log1p(horizon / (beta + rows.T))
        rate = (r + rows.x) / (alpha + rows.T)
        return np.asarray(rate * (beta + rows.T) * decay(s - 1, length), dtype=float)

    def bend(self, p: Floats, rows: Rows) -> Floats:
        """Give the time in which the expectation of a customer bends."""
        return np.asarray((p[3] + rows.T) / (1 + p[2]), dtype=float)

    def survival(self, p: Floats, rows: Rows, horizon: Floats) -> Iterator[Floats]:
        """Give, for n = 1, 2, …, the probability that those who are alive buy at least n times.

        A customer who stops after D buys as in NBD for min(t, D); D is integrated out.
        """
        r, alpha, s, beta = p
        m, at, dies = r + rows.x, alpha + rows.T, beta + rows.T
        horizon = np.broadcast_to(horizon, m.shape)
        points, weights = legendre(20)
        scale = 1 / ((s + 1) / dies + (m + 1) / at)
        span = np.log1p(horizon / scale)
        u = scale[:, None] * np.expm1(span[:, None] * points)
        density = s / dies[:, None] * np.exp(-(s + 1) * np.log1p(u / dies[:, None]))
        mass = density * (u + scale[:, None]) * span[:, None] * weights
        stays = np.exp(-s * np.log1p(horizon / dies))
        within = counts.tails(m[:, None], u / at[:, None])
        throughout = counts.tails(m, horizon / at)
        for by_death, by_end in zip(within, throughout, strict=True):
            bought = stays * by_end + np.sum(mass * by_death, axis=1)
            yield np.minimum(bought, 1.0)

    def drawn(self, p: Floats, rows: Rows, horizon: float, dice: np.random.Generator) -> Floats:
        """Draw how often those who are alive will buy: at an own rate, until they stop."""
        r, alpha, s, beta = p
        rate = dice.gamma(r + rows.x) / (alpha + rows.T)
        ends = dice.gamma(s, size=len(rows)) / (beta + rows.T)
        with np.errstate(divide="ignore", over="ignore"):
            lasts = np.minimum(dice.exponential(size=len(rows)) / ends, horizon)
        return counts.poisson(rate * lasts, dice)


def _stays(p: Floats, rows: Rows, *, deep: bool) -> Log:
    """Give the logarithm of x purchases, the last at T at the latest, and no end until T."""
    r, alpha, s, beta = p
    x, T = rows.x, rows.T
    of_a, of_b = -np.log1p(T / alpha), -np.log1p(T / beta)
    old = alpha + T
    found = Log.empty(len(rows), deep=deep)
    found.value[:] = r * of_a - x * np.log(old) + s * of_b
    if deep:
        by_alpha, by_beta = T / (alpha * old), T / (beta * (beta + T))
        found.slope[:] = of_a, r * by_alpha - x / old, of_b, s * by_beta
        bend = found.bend
        bend[0, 1] = bend[1, 0] = by_alpha
        bend[2, 3] = bend[3, 2] = by_beta
        bend[1, 1] = x / old**2 - r * by_alpha * (1 / alpha + 1 / old)
        bend[3, 3] = -s * by_beta * (1 / beta + 1 / (beta + T))
    return found


def _ends(p: Floats, rows: Rows, *, deep: bool) -> Log:
    """Give the logarithm of x purchases, the last at T at the latest, and no other before the end."""
    return _stays(p, rows, deep=deep).times(ends_first(*_rates(p, rows), deep=deep))


def _buys(p: Floats, rows: Rows, *, deep: bool) -> Log:
    """Give the logarithm of x purchases, the last at T at the latest, and another before the end."""
    return _stays(p, rows, deep=deep).times(buys_first(*_rates(p, rows), deep=deep))


def _rates(p: Floats, rows: Rows) -> tuple[Floats, Floats, Floats, Floats, Whole]:
    """Give what is known at T of the rates: shapes by x, rates by row, and which x it is."""
    r, alpha, s, beta = p
    xs, which = rows.by_x
    return r + xs, alpha + rows.T, np.asarray(s), beta + rows.T, which
