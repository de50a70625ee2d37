"""What does the NBD say? Customers buy at a steady rate and never stop: the floor to beat."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from workbench.likelihoods import counts
from workbench.likelihoods.rows import Rows
from workbench.likelihoods.special import Floats, digamma_rise, log_rising


@dataclass(frozen=True)
class NegativeBinomial:
    """NBD: gamma-distributed buying rates (r, α) and no dropout (Ehrenberg 1959)."""

    names: ClassVar[tuple[str, ...]] = ("r", "alpha")
    times: ClassVar[tuple[str, ...]] = ("alpha",)
    traits: ClassVar[dict[str, tuple[str, str]]] = {"buy": ("r", "alpha")}

    def starts(self, rows: Rows) -> list[Floats]:
        """Give where to begin looking for the best parameters, times in mean ages."""
        return [np.array([r, r / rows.mean_purchases]) for r in (0.5, 2.0)]

    def log_likelihood(self, p: Floats, rows: Rows) -> tuple[float, Floats]:
        """Give the total over all customers, of the times of their purchases, and its gradient."""
        r, alpha = p
        xs, _ = rows.by_x
        ages, _ = rows.by_T
        weight, by_age, bought = rows.x_weight, rows.T_weight, rows.T_purchases
        stretch = np.log1p(ages / alpha)
        total = weight @ log_rising(r, xs) - r * (by_age @ stretch) - bought @ np.log(alpha + ages)
        return float(total), np.array(
            [
                weight @ digamma_rise(r, xs) - by_age @ stretch,
                r / alpha * (by_age @ (ages / (alpha + ages))) - bought @ (1 / (alpha + ages)),
            ]
        )

    def alive(self, _p: Floats, rows: Rows) -> Floats:
        """Nobody ever stops."""
        return np.ones(len(rows))

    def silent(self, p: Floats, rows: Rows, horizon: Floats) -> Floats:
        """Give the probability of no purchase in the horizon."""
        r, alpha = p
        return np.asarray(np.exp(-(r + rows.x) * np.log1p(horizon / (alpha + rows.T))), dtype=float)

    def expected(self, p: Floats, rows: Rows, horizon: Floats) -> Floats:
        """Give the expected purchases in the horizon."""
        r, alpha = p
        return np.asarray((r + rows.x) / (alpha + rows.T) * horizon, dtype=float)

    def bend(self, p: Floats, rows: Rows) -> Floats:
        """Give a time scale; the expectation is straight."""
        return np.asarray(p[1] + rows.T, dtype=float)

    def survival(self, p: Floats, rows: Rows, horizon: Floats) -> Iterator[Floats]:
        """Give, for n = 1, 2, …, the probability of at least n purchases."""
        r, alpha = p
        return counts.survival(r + rows.x, horizon / (alpha + rows.T), 0.0, np.ones(len(rows)))

    def drawn(self, p: Floats, rows: Rows, horizon: float, dice: np.random.Generator) -> Floats:
        """Draw how often customers will buy, at an own rate."""
        rate = dice.gamma(p[0] + rows.x) / (p[1] + rows.T)
        return counts.poisson(rate * horizon, dice)
