"""What do BG/NBD, MBG/NBD and their regular-timing kin say? Dropout by a coin after a purchase.

One set of formulas serves all four: k = 1 is BG/NBD (Fader, Hardie & Lee 2005) and MBG/NBD
(Batislam, Denizel & Filiztekin 2007), k > 1 has Erlang-k intervals (Platzer & Reutterer 2016);
``drop_at_start`` tosses the coin after the first purchase too, as the modified models do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import expit, gammaln

from workbench.likelihoods import counts
from workbench.likelihoods.rows import Rows
from workbench.likelihoods.special import (
    Floats,
    digamma_rise,
    log_beta_rise,
    log_rising,
    total,
    trigamma_rise,
)

# a coin that falls so seldom ends nothing; a smaller chance cannot be drawn by
_NEVER = 1e-12


@dataclass(frozen=True)
class Geometric:
    """Which of the four models is it?"""

    k: int = 1
    drop_at_start: bool = False

    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")
    times: ClassVar[tuple[str, ...]] = ("alpha",)
    traits: ClassVar[dict[str, tuple[str, str]]] = {"buy": ("r", "alpha"), "stop": ("a", "b")}

    @property
    def _more(self) -> int:
        return 1 if self.drop_at_start else 0

    def starts(self, rows: Rows) -> list[Floats]:
        """Give where to begin looking for the best parameters, times in mean ages."""
        return [
            np.array([r, r / (rows.mean_purchases * self.k) * more, a, b])
            for r, more, a, b in (
                (0.5, 0.7, 0.8, 2.0),
                (2.0, 0.5, 0.3, 0.6),
                (1.5, 0.5, 0.03, 0.05),
                (0.3, 0.7, 1.0, 30.0),
            )
        ]

    def log_likelihood(self, p: Floats, rows: Rows) -> tuple[float, Floats]:
        """Give the total over all customers and its gradient in the parameters (eq. 7)."""
        return self.derivatives(p, rows, second=False)[:2]

    def derivatives(
        self, p: Floats, rows: Rows, *, second: bool = True
    ) -> tuple[float, Floats, Floats]:
        """Give the total, its gradient and, for k = 1, its second derivatives, in one pass.

        What depends on x alone, or on T alone, is added up over their different values.
        """
        r, alpha, a, b = p
        xs, ages = rows.by_x[0], rows.by_T[0]
        kx, more = self.k * xs, xs + self._more
        weight, by_age = rows.x_weight, rows.T_weight
        bought = self.k * rows.T_purchases
        old = alpha + ages
        stretch = by_age @ np.log1p(ages / alpha)
        loglik = weight @ (log_rising(r, kx) + log_beta_rise(a, b, more))
        loglik -= r * stretch + bought @ np.log(old)
        if self.k > 1:
            logs = np.zeros(1) if rows.log_intervals is None else rows.log_intervals
            loglik += (self.k - 1) * logs.sum() - gammaln(self.k) * (weight @ xs)
        whole = weight @ digamma_rise(a + b, more)
        gradient = np.array(
            [
                weight @ digamma_rise(r, kx) - stretch,
                r * (by_age @ (ages / old)) / alpha - bought @ (1 / old),
                -whole,
                weight @ digamma_rise(b, more) - whole,
            ]
        )
        hessian = np.zeros((4, 4))
        if second:
            whole = weight @ trigamma_rise(a + b, more)
            hessian[0, 0] = weight @ trigamma_rise(r, kx)
            hessian[0, 1] = by_age @ (ages / old) / alpha
            hessian[1, 1] = (bought + r * by_age) @ old**-2.0 - r * rows.customers / alpha**2
            hessian[2, 2] = hessian[2, 3] = -whole
            hessian[3, 3] = weight @ trigamma_rise(b, more) - whole
        # without a rhythm and a coin at the start, silence after one purchase says nothing
        tossed = rows if self.drop_at_start or self.k > 1 else rows.repeating
        if len(tossed):
            part, slope, curve = self._silence(p, tossed, second=second)
            loglik, gradient, hessian = loglik + part, gradient + slope, hessian + curve
        return float(loglik), gradient, np.triu(hessian) + np.triu(hessian, 1).T

    def _silence(self, p: Floats, rows: Rows, *, second: bool) -> tuple[float, Floats, Floats]:
        """Give what the time since the last purchase adds, and how that changes."""
        r, alpha, a, b = p
        waiting, by_m, by_alpha = self._waiting(p, rows)
        m = r + self.k * rows.x
        toss = self._toss(b, rows.by_x[0])[rows.by_x[1]]
        now, then = 1 / (alpha + rows.T), 1 / (alpha + rows.t_x)
        stretch = np.log1p(rows.waited * then)
        with np.errstate(divide="ignore"):
            odds = m * stretch + np.log(a * toss) - waiting
        # ln(1 + e^odds) and its derivative out of one exponential
        small = np.exp(-np.abs(odds))
        value = waiting + np.maximum(odds, 0.0) + np.log1p(small)
        left = np.where(odds >= 0, 1.0, small) / (1.0 + small)
        here = rows.weight * left
        stay = rows.weight - here
        # ∂ ln((α+T)/(α+t_x)) / ∂α
        bend = now - then
        slopes = (stretch, m * bend, np.full(len(rows), 1 / a), -toss)
        gradient = np.array([total(here, slope) for slope in slopes])
        if self.k > 1:
            gradient[:2] += total(stay, by_m), total(stay, by_alpha)
        hessian = np.zeros((4, 4))
        if second:
            for i, one in enumerate(slopes):
                change = stay * left * one
                for j in range(i, 4):
                    hessian[i, j] = total(change, slopes[j])
            hessian[0, 1] += total(here, bend)
            hessian[1, 1] -= total(here * m * bend, now + then)
            hessian[2, 2] -= here.sum() / a**2
            hessian[3, 3] += total(here * toss, toss)
        return total(rows.weight, value), gradient, hessian

    def _gone(self, p: Floats, rows: Rows) -> Floats:
        """Give the logarithm of the weight of having dropped out at the last purchase."""
        r, alpha, a, b = p
        xs, x = rows.by_x
        stretch = np.log1p(rows.waited / (alpha + rows.t_x))
        with np.errstate(divide="ignore"):
            log_toss = np.log(a * self._toss(b, xs))
        return np.asarray((r + self.k * rows.x) * stretch + log_toss[x])

    def _toss(self, b: float, xs: Floats) -> Floats:
        """Give 1/(b+x−1), or 1/(b+x) with a coin at the start; 0 where no coin was tossed."""
        tossed = (xs > 0) | self.drop_at_start
        return np.where(tossed, 1 / np.where(tossed, b + (xs - 1 + self._more), 1.0), 0.0)

    def _stage_terms(self, p: Floats, rows: Rows) -> list[Floats]:
        """Give the weights of having passed 0 … k−1 stages since the last purchase."""
        r, alpha = p[:2]
        m = r + self.k * rows.x
        y = rows.waited / (alpha + rows.T)
        terms = [np.ones(len(rows))]
        for j in range(1, self.k):
            terms.append(terms[-1] * y * ((m + (j - 1)) / j))
        return terms

    def _waiting(self, p: Floats, rows: Rows) -> tuple[Floats, Floats, Floats]:
        """Give the logarithm of the weight of only waiting, and its slopes in m and α."""
        if self.k == 1:
            nought = np.zeros(len(rows))
            return nought, nought, nought
        r, alpha = p[:2]
        m = r + self.k * rows.x
        terms = self._stage_terms(p, rows)
        whole = np.sum(terms, axis=0)
        by_m = np.zeros(len(rows))
        by_y = np.zeros(len(rows))
        rise = np.zeros(len(rows))
        for j in range(1, self.k):
            rise = rise + 1 / (m + (j - 1))
            by_m = by_m + terms[j] * rise
            by_y = by_y + terms[j] * j
        return np.log(whole), by_m / whole, -by_y / whole / (alpha + rows.T)

    def alive(self, p: Floats, rows: Rows) -> Floats:
        """Give the probability that each customer has not dropped out."""
        gone = self._gone(p, rows)
        return np.asarray(expit(-gone if self.k == 1 else self._waiting(p, rows)[0] - gone))

    def silent(self, p: Floats, rows: Rows, horizon: Floats) -> Floats:
        """Give the probability of no purchase in the horizon: L(x, t_x, T+t) / L(x, t_x, T)."""
        r, alpha = p[:2]
        later = Rows(rows.x, rows.t_x, rows.T + horizon, rows.weight)
        logs = []
        for then in (rows, later):
            waiting = self._waiting(p, then)[0]
            logs.append(waiting + np.logaddexp(0, self._gone(p, then) - waiting))
        fewer = (r + self.k * rows.x) * np.log1p(horizon / (alpha + rows.T))
        return np.asarray(np.clip(np.exp(logs[1] - logs[0] - fewer), 0.0, 1.0), dtype=float)

    def expected(self, p: Floats, rows: Rows, horizon: Floats) -> Floats:
        """Give the expected purchases in the horizon of those who are alive."""
        r, alpha, a, b = p
        if self.k == 1:
            m, z = r + rows.x, horizon / (alpha + rows.T)
            return counts.expected(m, z, a, b + rows.x + self._more)
        terms = self._stage_terms(p, rows)
        whole = np.sum(terms, axis=0)
        mean = np.zeros(len(rows))
        for j, term in enumerate(terms):
            m, z = r + self.k * rows.x + j, horizon / (alpha + rows.T)
            share = term / whole
            mean = mean + share * counts.expected(
                m, z, a, b + rows.x + self._more, k=self.k, stage=j
            )
        return mean

    def bend(self, p: Floats, rows: Rows) -> Floats:
        """Give the time in which the expectation of a customer bends."""
        r, alpha, a, b = p
        dropout = a / (a + b + rows.x + self._more)
        return np.asarray((alpha + rows.T) / (1 + (r / self.k + rows.x) * dropout), dtype=float)

    def survival(self, p: Floats, rows: Rows, horizon: Floats) -> Iterator[Floats]:
        """Give, for n = 1, 2, …, the probability that those who are alive buy at least n times."""
        r, alpha, a, b = p
        terms = self._stage_terms(p, rows)
        whole = np.sum(terms, axis=0)
        runs = [
            counts.survival(
                r + self.k * rows.x + j,
                horizon / (alpha + rows.T),
                a,
                b + rows.x + self._more,
                k=self.k,
                stage=j,
            )
            for j in range(self.k)
        ]
        for values in zip(*runs, strict=True):
            yield np.sum([v * t / whole for v, t in zip(values, terms, strict=True)], axis=0)

    def drawn(self, p: Floats, rows: Rows, horizon: float, dice: np.random.Generator) -> Floats:
        """Draw how often those who are alive will buy: events at an own rate, ended by a coin."""
        r, alpha, a, b = p
        passed = np.zeros(len(rows), dtype=int)
        if self.k > 1:
            stages = np.cumsum(self._stage_terms(p, rows), axis=0)
            passed = np.sum(dice.random(len(rows)) * stages[-1] > stages, axis=0)
        rate = dice.gamma(r + self.k * rows.x + passed) / (alpha + rows.T)
        possible = (counts.poisson(rate * horizon, dice) + passed) // self.k
        stop = dice.beta(a, b + rows.x + self._more)
        ended = dice.geometric(np.maximum(stop, _NEVER))
        return np.asarray(np.minimum(possible, ended), dtype=float)
