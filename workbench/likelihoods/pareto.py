"""What does Pareto/NBD say? Customers buy at a steady rate and stop after an exponential lifetime.

Schmittlein, Morrison & Colombo (1987). The likelihood's integral over the moment of stopping is
computed as it stands, by Gauss–Legendre on a scale where the integrand is smooth and positive: no
hypergeometric function, so nothing overflows at many purchases, α = β is no special case, and the
gradient comes from the same nodes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from workbench.likelihoods import counts
from workbench.likelihoods.rows import Rows
from workbench.likelihoods.special import Floats, decay, digamma_rise, legendre, log_rising

_NEGLIGIBLE = 50.0
_CELLS = 60_000
_MANY = 5000


@dataclass(frozen=True)
class _Integral:
    """∫ (1+u/A)^−m (1+u/B)^−q du from 0 to h: its logarithm, and that one's slopes."""

    log: Floats
    by_m: Floats
    by_q: Floats
    by_A: Floats
    by_B: Floats


def _integral(m: Floats, q: float, A: Floats, B: Floats, h: Floats, *, slopes: bool) -> _Integral:
    # the scale on which the integrand first falls; v = ln(1 + c·u) then makes it smooth: its
    # singularities lie at ± iπ whatever the parameters
    c = (m + 1) / A + (q + 1) / B
    with np.errstate(over="ignore"):
        reach = np.minimum(A * np.expm1(_NEGLIGIBLE / m), B * np.expm1(_NEGLIGIBLE / q))
    span = np.log1p(c * np.minimum(h, reach))
    needed = _nodes(span)
    found = np.empty((5 if slopes else 1, len(m)))
    # who bought lately needs few nodes: rows of one number of nodes go together
    for nodes in np.unique(needed):
        points, weights = legendre(int(nodes))
        rows = np.flatnonzero(needed == nodes)
        for some in np.array_split(rows, max(1, len(rows) * int(nodes) // _CELLS)):
            found[:, some] = _piece(
                m[some], q, A[some], B[some], c[some], span[some], points, weights, slopes=slopes
            )
    return _Integral(*(found if slopes else np.repeat(found, 5, axis=0)))


def _nodes(span: Floats) -> NDArray[np.int64]:
    """Give how many nodes reach full precision on a span with singularities at ± iπ."""
    half = np.maximum(span / 2, 1e-3)
    ellipse = np.pi / half + np.hypot(1, np.pi / half)
    nodes = np.ceil(38 / (2 * np.log(ellipse)) / 3) * 3 + 6
    return np.asarray(np.clip(nodes, 9, 96), dtype=np.int64)


def _piece(
    m: Floats,
    q: float,
    A: Floats,
    B: Floats,
    c: Floats,
    span: Floats,
    points: Floats,
    weights: Floats,
    *,
    slopes: bool,
) -> tuple[Floats, ...]:
    v = span[:, None] * points
    u = np.expm1(v) / c[:, None]
    of_a, of_b = np.log1p(u / A[:, None]), np.log1p(u / B[:, None])
    height = np.exp(v - m[:, None] * of_a - q * of_b)
    total = height @ weights
    with np.errstate(divide="ignore"):
        log = np.log(span) + np.log(total) - np.log(c)
    if not slopes:
        return (log,)
    height = height / total[:, None]
    return (
        log,
        -((height * of_a) @ weights),
        -((height * of_b) @ weights),
        m / A * ((height * (u / (A[:, None] + u))) @ weights),
        q / B * ((height * (u / (B[:, None] + u))) @ weights),
    )


@dataclass(frozen=True)
class Pareto:
    """Pareto/NBD: gamma-distributed buying rates (r, α) and dropout rates (s, β)."""

    names: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")

    def starts(self, rows: Rows) -> list[Floats]:
        """Give where to begin looking for the best parameters."""
        age = max(float(np.average(rows.T, weights=rows.weight)), 1e-9)
        rate = max(float(np.average(rows.x, weights=rows.weight)) / age, 1e-9)
        return [
            np.array([r, r / rate * 0.7, s, age * beta])
            for r, s, beta in ((0.5, 0.5, 0.4), (1.0, 2.0, 3.0), (2.0, 0.2, 0.1))
        ]

    def log_likelihood(self, p: Floats, rows: Rows) -> tuple[float, Floats]:
        """Give the total over all customers and its gradient (Fader & Hardie 2005, eq. 12)."""
        r, alpha, s, beta = p
        xs, _ = rows.by_x
        weight = rows.weight
        total = rows.x_weight @ log_rising(r, xs)
        gradient = np.array([rows.x_weight @ digamma_rise(r, xs), 0.0, 0.0, 0.0])
        at, until = alpha + rows.t_x, rows.T - rows.t_x
        dies = beta + rows.t_x
        m = r + rows.x
        of_a, of_b = np.log1p(until / at), np.log1p(until / dies)
        part = _integral(m, s + 1, at, dies, until, slopes=True)
        staying = -m * of_a - s * of_b
        odds = np.log(s) - np.log(dies) + part.log - staying
        left = expit(odds)
        start_a, start_b = np.log1p(rows.t_x / alpha), np.log1p(rows.t_x / beta)
        common = -r * start_a - rows.x * np.log(at) - s * start_b
        total += weight @ (common + staying + np.logaddexp(0, odds))
        gone, stay = weight * left, weight * (1 - left)
        gradient[0] += -(weight @ start_a) + gone @ part.by_m - stay @ of_a
        gradient[1] += weight @ (r * rows.t_x / (alpha * at) - rows.x / at)
        gradient[1] += gone @ part.by_A + stay @ (m * until / (at * (at + until)))
        gradient[2] += -(weight @ start_b) + gone @ (1 / s + part.by_q) - stay @ of_b
        gradient[3] += weight @ (s * rows.t_x / (beta * dies))
        gradient[3] += gone @ (part.by_B - 1 / dies) + stay @ (s * until / (dies * (dies + until)))
        return float(total), gradient

    def _odds(self, p: Floats, rows: Rows) -> tuple[Floats, Floats]:
        """Give ln of the odds of having stopped, and ln of having neither stopped nor bought."""
        r, alpha, s, beta = p
        at, dies, until = alpha + rows.t_x, beta + rows.t_x, rows.T - rows.t_x
        m = r + rows.x
        part = _integral(m, s + 1, at, dies, until, slopes=False)
        staying = -m * np.log1p(until / at) - s * np.log1p(until / dies)
        return np.log(s) - np.log(dies) + part.log - staying, staying

    def alive(self, p: Floats, rows: Rows) -> Floats:
        """Give the probability that each customer has not stopped."""
        if len(rows) < _MANY:
            return np.asarray(expit(-self._odds(p, rows)[0]), dtype=float)
        # most bought once, and those differ in nothing but their age
        ages, age = rows.by_T
        nought = np.zeros(len(ages))
        kinds = Rows(nought, nought, ages, np.ones(len(ages)))
        found = expit(-self._odds(p, kinds)[0])[age]
        again = np.flatnonzero(rows.x > 0)
        found[again] = expit(-self._odds(p, rows.part(again))[0])
        return np.asarray(found, dtype=float)

    def silent(self, p: Floats, rows: Rows, horizon: Floats) -> Floats:
        """Give the probability of no purchase in the horizon: L(x, t_x, T+t) / L(x, t_x, T)."""
        later = Rows(rows.x, rows.t_x, rows.T + horizon, rows.weight)
        odds, staying = self._odds(p, rows)
        odds_later, staying_later = self._odds(p, later)
        logs = staying_later - staying + np.logaddexp(0, odds_later) - np.logaddexp(0, odds)
        return np.clip(np.exp(logs), 0.0, 1.0)

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
