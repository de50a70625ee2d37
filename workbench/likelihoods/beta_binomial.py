"""What does BG/BB say? Occasions come one after the other; at each a customer may buy, or stop.

Fader, Hardie & Shang (2010). x repeat purchases at n occasions, the last at occasion t_x.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import digamma

from workbench.likelihoods.rows import Rows
from workbench.likelihoods.special import Floats, log_beta, log_beta_rise, log_rising

_CELLS = 400_000
# a smaller chance to stop cannot be drawn by, and stops nobody
_NEVER = 1e-12


def _log_beta_rises(a: float, b: float, m: Floats, n: Floats) -> Floats:
    """Give ln B(a+m, b+n) − ln B(a, b)."""
    return log_rising(a, m) + log_rising(b, n) - log_rising(a + b, m + n)


def _slopes(a: float, b: float, m: Floats, n: Floats) -> tuple[Floats, Floats]:
    whole = digamma(a + b + m + n) - digamma(a + b)
    return digamma(a + m) - digamma(a) - whole, digamma(b + n) - digamma(b) - whole


@dataclass(frozen=True)
class BetaBernoulli:
    """BG/BB: beta-distributed chances to buy (α, β) and to stop (γ, δ) at each occasion."""

    names: ClassVar[tuple[str, ...]] = ("alpha", "beta", "gamma", "delta")
    times: ClassVar[tuple[str, ...]] = ()
    traits: ClassVar[dict[str, tuple[str, str]]] = {
        "buy": ("alpha", "beta"),
        "stop": ("gamma", "delta"),
    }

    def starts(self, rows: Rows) -> list[Floats]:
        """Give where to begin looking for the best parameters."""
        share = float(rows.weight @ rows.x) / max(float(rows.weight @ rows.T), 1.0)
        share = min(max(share, 0.01), 0.99)
        return [
            np.array([2 * share * more, 2 * (1 - share), gamma, delta])
            for more, gamma, delta in ((1.5, 0.7, 2.5), (1.0, 0.3, 4.0), (2.0, 1.5, 1.5))
        ]

    def _paths(self, p: Floats, rows: Rows) -> tuple[Floats, Floats]:
        """Give ln of each way it may have gone: still there first, then stopped after t_x, …."""
        alpha, beta, gamma, delta = p
        x, last, n = (column[:, None] for column in (rows.x, rows.t_x, rows.T))
        later = np.arange(int((rows.T - rows.t_x).max(initial=0.0)))
        seen = np.minimum(last + later, n)
        stopped = _log_beta_rises(alpha, beta, x, seen - x) + _log_beta_rises(
            gamma, delta, np.ones_like(seen), seen
        )
        stopped = np.where(last + later < n, stopped, -np.inf)
        stays = _log_beta_rises(alpha, beta, x, n - x) + log_beta_rise(gamma, delta, n)
        return np.concatenate([stays, stopped], axis=1), np.concatenate([n, seen], axis=1)

    def log_likelihood(self, p: Floats, rows: Rows) -> tuple[float, Floats]:
        """Give the total over all customers and its gradient (eq. 5)."""
        total, gradient = 0.0, np.zeros(4)
        width = 1 + int((rows.T - rows.t_x).max(initial=0.0))
        for some in np.array_split(np.arange(len(rows)), max(1, len(rows) * width // _CELLS)):
            part, slope = self._part(p, rows.part(some))
            total += part
            gradient += slope
        return total, gradient

    def _part(self, p: Floats, rows: Rows) -> tuple[float, Floats]:
        alpha, beta, gamma, delta = p
        paths, seen = self._paths(p, rows)
        each = np.logaddexp.reduce(paths, axis=1)
        share = np.exp(paths - each[:, None]) * rows.weight[:, None]
        x = rows.x[:, None]
        stops = np.ones_like(seen)
        stops[:, 0] = 0.0
        slopes = [
            *_slopes(alpha, beta, x, seen - x),
            *_slopes(gamma, delta, stops, seen),
        ]
        return float(rows.weight @ each), np.array([np.sum(share * slope) for slope in slopes])

    def _log_each(self, p: Floats, rows: Rows) -> Floats:
        return np.asarray(np.logaddexp.reduce(self._paths(p, rows)[0], axis=1), dtype=float)

    def _log_there(self, p: Floats, rows: Rows, ahead: float) -> Floats:
        """Give ln P(still buying at a later occasion), jointly with the history."""
        alpha, beta, gamma, delta = p
        return _log_beta_rises(alpha, beta, rows.x, rows.T - rows.x) + log_beta_rise(
            gamma, delta, rows.T + ahead
        )

    def alive(self, p: Floats, rows: Rows) -> Floats:
        """Give the probability that a customer is there at the next occasion (eq. 11)."""
        return np.exp(self._log_there(p, rows, 1) - self._log_each(p, rows))

    def silent(self, p: Floats, rows: Rows, horizon: Floats) -> Floats:
        """Give the probability of no purchase at the next occasions: a ratio of likelihoods."""
        later = Rows(rows.x, rows.t_x, rows.T + horizon, rows.weight)
        return np.clip(np.exp(self._log_each(p, later) - self._log_each(p, rows)), 0.0, 1.0)

    def expected(self, p: Floats, rows: Rows, horizon: Floats) -> Floats:
        """Give the expected purchases at the next occasions of those there at the next (eq. 13)."""
        alpha, beta, gamma, delta = p
        rate = (alpha + rows.x) / (alpha + beta + rows.T)
        horizon = np.broadcast_to(horizon, rows.x.shape)
        there, total = np.ones(len(rows)), np.zeros(len(rows))
        for ahead in range(1, int(horizon.max(initial=0.0)) + 1):
            total += np.where(ahead <= horizon, there, 0.0)
            there = there * (delta + rows.T + ahead) / (gamma + delta + rows.T + ahead)
        return np.asarray(rate * total, dtype=float)

    def bend(self, p: Floats, rows: Rows) -> Floats:
        """Give a time scale."""
        return np.asarray(p[3] + rows.T, dtype=float)

    def survival(self, p: Floats, rows: Rows, horizon: Floats) -> Iterator[Floats]:
        """Give, for n = 1, 2, …, the probability that those there at the next buy at least n times."""
        alpha, beta, gamma, delta = p
        most = int(np.max(horizon, initial=0.0))
        buys, fails = alpha + rows.x, beta + rows.T - rows.x
        stops, keeps = gamma, delta + rows.T + 1
        below = np.zeros(len(rows))
        for count in range(most):
            for seen in range(max(count, 1), most + 1):
                log = (
                    log_rising(buys, count)
                    + log_rising(fails, seen - count)
                    - log_rising(buys + fails, seen)
                    + log_rising(1.0, seen)
                    - log_rising(1.0, count)
                    - log_rising(1.0, seen - count)
                )
                # there at the first of the occasions, so seen − 1 more were kept
                log = (
                    log + log_beta(stops + (seen < most), keeps + seen - 1) - log_beta(stops, keeps)
                )
                below = below + np.exp(log)
            yield np.clip(1 - below, 0.0, 1.0)
        while True:
            yield np.zeros(len(rows))

    def drawn(self, p: Floats, rows: Rows, horizon: float, dice: np.random.Generator) -> Floats:
        """Draw how often those there at the next occasion will buy, before they stop."""
        alpha, beta, gamma, delta = p
        buys = dice.beta(alpha + rows.x, beta + rows.T - rows.x)
        stop = np.maximum(dice.beta(gamma, delta + rows.T + 1), _NEVER)
        there = np.minimum(dice.geometric(stop), int(horizon))
        return np.asarray(dice.binomial(there, buys), dtype=float)
