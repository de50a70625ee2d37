"""What do BG/NBD, MBG/NBD and their regular-timing kin say? Dropout by a coin after a purchase.

One set of formulas serves all four: k = 1 is BG/NBD (Fader, Hardie & Lee 2005) and MBG/NBD
(Batislam, Denizel & Filiztekin 2007), k > 1 has Erlang-k intervals (Platzer & Reutterer 2016);
``drop_at_start`` tosses the coin after the first purchase too, as the modified models do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, gammaln

from workbench.likelihoods import counts
from workbench.likelihoods.rows import Rows
from workbench.likelihoods.special import (
    Floats,
    digamma_rise,
    log_beta_rise,
    log_rising,
    trigamma_rise,
)


@dataclass(frozen=True)
class Geometric:
    """Which of the four models is it?"""

    k: int = 1
    drop_at_start: bool = False

    names = ("r", "alpha", "a", "b")

    @property
    def _more(self) -> int:
        return 1 if self.drop_at_start else 0

    def starts(self, rows: Rows) -> list[Floats]:
        """Give where to begin looking for the best parameters."""
        age = max(float(np.average(rows.T, weights=rows.weight)), 1e-9)
        rate = max(float(np.average(rows.x, weights=rows.weight)) / age, 1e-9)
        return [
            np.array([r, r / (rate * self.k) * more, a, b])
            for r, more, a, b in ((0.5, 0.7, 0.8, 2.0), (2.0, 0.5, 0.3, 0.6), (1.0, 0.9, 0.2, 4.0))
        ]

    def log_likelihood(self, p: Floats, rows: Rows) -> tuple[float, Floats]:
        """Give the total over all customers and its gradient in the parameters (eq. 7)."""
        r, alpha, a, b = p
        (xs, _), (ages, _) = rows.by_x, rows.by_T
        kx, more = self.k * xs, xs + self._more
        weight, by_age = rows.x_weight, rows.T_weight
        purchases = float(weight @ xs)
        bought = self.k * rows.T_purchases
        total = weight @ (log_rising(r, kx) + log_beta_rise(a, b, more))
        total -= r * (by_age @ np.log1p(ages / alpha)) + bought @ np.log(alpha + ages)
        if self.k > 1:
            logs = np.zeros(1) if rows.log_intervals is None else rows.log_intervals
            total += (self.k - 1) * logs.sum() - gammaln(self.k) * purchases
        whole = digamma_rise(a + b, more)
        gradient = np.array(
            [
                weight @ digamma_rise(r, kx) - by_age @ np.log1p(ages / alpha),
                r * (by_age @ (ages / (alpha + ages))) / alpha - bought @ (1 / (alpha + ages)),
                -(weight @ whole),
                weight @ (digamma_rise(b, more) - whole),
            ]
        )
        tossed = rows if self.drop_at_start else rows.repeating
        if len(tossed):
            part, slope = self._silence(p, tossed)
            total += part
            gradient += slope
        return float(total), gradient

    def _silence(self, p: Floats, rows: Rows) -> tuple[float, Floats]:
        """Give what the time since the last purchase adds, and its gradient."""
        r, alpha, a, b = p
        waiting, by_m, by_alpha = self._waiting(p, rows)
        m = r + self.k * rows.x
        tosses = b + (rows.x - 1 + self._more)
        old = alpha + rows.t_x
        stretch = np.log1p(rows.waited / old)
        odds = np.log(a / tosses) + m * stretch - waiting
        left = expit(odds)
        here = rows.weight * left
        stay = rows.weight - here
        # ∂ ln((α+T)/(α+t_x)) / ∂α
        slope = -rows.waited / ((alpha + rows.T) * old)
        return float(rows.weight @ (waiting + np.logaddexp(0, odds))), np.array(
            [
                here @ stretch + stay @ by_m,
                here @ (m * slope) + stay @ by_alpha,
                here.sum() / a,
                -(here @ (1 / tosses)),
            ]
        )

    def hessian(self, p: Floats, rows: Rows) -> Floats | None:
        """Give the second derivatives of the total; None where k > 1, which has no short form."""
        if self.k > 1:
            return None
        r, alpha, a, b = p
        xs, ages = rows.by_x[0], rows.by_T[0]
        more, weight = xs + self._more, rows.x_weight
        old = alpha + ages
        whole = weight @ trigamma_rise(a + b, more)
        result = np.zeros((4, 4))
        result[0, 0] = weight @ trigamma_rise(r, xs)
        result[0, 1] = rows.T_weight @ (ages / old) / alpha
        result[1, 1] = (rows.T_purchases + r * rows.T_weight) @ old**-2.0
        result[1, 1] -= r * rows.T_weight.sum() / alpha**2
        result[2, 2] = result[2, 3] = -whole
        result[3, 3] = weight @ trigamma_rise(b, more) - whole
        tossed = rows if self.drop_at_start else rows.repeating
        if len(tossed):
            result += self._silence_curvature(p, tossed)
        return np.triu(result) + np.triu(result, 1).T

    def _silence_curvature(self, p: Floats, rows: Rows) -> Floats:
        r, alpha, a, b = p
        left = expit(self._gone(p, rows))
        here = rows.weight * left
        change = here * (1 - left)
        now, then = 1 / (alpha + rows.T), 1 / (alpha + rows.t_x)
        m, toss = r + rows.x, 1 / (b + (rows.x - 1 + self._more))
        slopes = (np.log1p(rows.waited * then), m * (now - then), np.full(len(rows), 1 / a), -toss)
        result = np.zeros((4, 4))
        for i, one in enumerate(slopes):
            for j in range(i, 4):
                result[i, j] = change @ (one * slopes[j])
        result[0, 1] += here @ (now - then)
        result[1, 1] += here @ (m * (then * then - now * now))
        result[2, 2] -= here.sum() / a**2
        result[3, 3] += here @ (toss * toss)
        return result

    def _gone(self, p: Floats, rows: Rows) -> Floats:
        """Give the logarithm of the weight of having dropped out at the last purchase."""
        r, alpha, a, b = p
        tosses = b + (rows.x - 1 + self._more)
        with np.errstate(divide="ignore"):
            able = np.where((rows.x > 0) | self.drop_at_start, 0.0, -np.inf)
            log_tosses = np.log(np.where(tosses > 0, tosses, 1.0))
        stretch = np.log1p(rows.waited / (alpha + rows.t_x))
        return np.asarray(able + np.log(a) - log_tosses + (r + self.k * rows.x) * stretch)

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
        total = np.sum(terms, axis=0)
        by_m = np.zeros(len(rows))
        by_y = np.zeros(len(rows))
        rise = np.zeros(len(rows))
        for j in range(1, self.k):
            rise = rise + 1 / (m + (j - 1))
            by_m = by_m + terms[j] * rise
            by_y = by_y + terms[j] * j
        return np.log(total), by_m / total, -by_y / total / (alpha + rows.T)

    def alive(self, p: Floats, rows: Rows) -> Floats:
        """Give the probability that each customer has not dropped out."""
        return np.asarray(expit(self._waiting(p, rows)[0] - self._gone(p, rows)), dtype=float)

    def silent(self, p: Floats, rows: Rows, horizon: Floats) -> Floats:
        """Give the probability of no purchase in the horizon: L(x, t_x, T+t) / L(x, t_x, T)."""
        r, alpha = p[:2]
        later = Rows(rows.x, rows.t_x, rows.T + horizon, rows.weight)
        logs = []
        for then in (rows, later):
            waiting = self._waiting(p, then)[0]
            logs.append(waiting + np.logaddexp(0, self._gone(p, then) - waiting))
        fewer = (r + self.k * rows.x) * np.log1p(horizon / (alpha + rows.T))
        return np.clip(np.exp(logs[1] - logs[0] - fewer), 0.0, 1.0)

    def expected(self, p: Floats, rows: Rows, horizon: Floats) -> Floats:
        """Give the expected purchases in the horizon of those who are alive."""
        r, alpha, a, b = p
        if self.k == 1:
            m, z = r + rows.x, horizon / (alpha + rows.T)
            return counts.expected(m, z, a, b + rows.x + self._more)
        terms = self._stage_terms(p, rows)
        whole = np.sum(terms, axis=0)
        total = np.zeros(len(rows))
        for j, term in enumerate(terms):
            m, z = r + self.k * rows.x + j, horizon / (alpha + rows.T)
            share = term / whole
            total += share * counts.expected(m, z, a, b + rows.x + self._more, k=self.k, stage=j)
        return total

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


