"""How many purchases will a customer make who is alive now? A mixture of Poissons, cut off by dropout.

Gamma-distributed rates make the number of *possible* purchases negative binomial with shape m and
odds z = t/(α+T). After each purchase the customer drops out with a probability that is Beta(a, b)
distributed, so that the n-th possible purchase happens with the probability
s(n) = Π (b+i)/(a+b+i), i < n−1. Sums of products of these two are sums of positive terms: nothing
cancels, and no value of the parameters is special, where the closed forms divide by a − 1.
"""

from collections.abc import Callable, Iterator

import numpy as np
from scipy.special import betainc, expm1

from workbench import errors
from workbench.likelihoods.special import Floats, legendre, log_beta, log_rising

_SERIES_TERMS = 1500
_MOST_STAGES = 5_000_000
_PRECISION = 1e-16
# from here on chance is no part of a number of events
_MOST_DRAWN = 1e12


def _stages(m: Floats, z: Floats) -> Floats:
    """Give how many terms of the negative binomial matter: its mean and its long tail."""
    return np.asarray(m * z + 12 * np.sqrt(m * z * (1 + z)) + 45 * (1 + z), dtype=float)


def expected(m: Floats, z: Floats, a: float, b: Floats, *, k: int = 1, stage: int = 0) -> Floats:
    """Give the expected purchases of customers who are alive, in the paper's eq. 10 for all a.

    Parameters
    ----------
    m, z
        Shape and odds of the negative binomial, one per customer.
    a, b
        The Beta distribution of the dropout probability of those who are alive; ``b`` per customer.
    k, stage
        With regular timing every k-th event is a purchase, and ``stage`` events have passed.

    Examples
    --------
    Without dropout the mean is m·z.

    >>> expected(np.array([2.0]), np.array([0.5]), 1e-12, np.array([1.0])).round(9)
    array([1.])
    """
    m, z, b = np.broadcast_arrays(m, z, b)
    result = np.zeros(m.shape)
    terms = _stages(m, z)
    short = (terms <= _SERIES_TERMS) & (m * np.log1p(z) < 600)
    series = np.flatnonzero(short & (z > 0))
    # similar lengths together, so that few rows wait for the longest
    series = series[np.argsort(terms[series], kind="stable")]
    for some in np.array_split(series, max(1, len(series) // 8192)):
        if len(some):
            result[some] = _by_series(m[some], z[some], a, b[some], k, stage)
    rest = np.flatnonzero(~short)
    if k == 1:
        for some in np.array_split(rest, max(1, len(rest) // 1024)):
            if len(some):
                result[some] = _by_quadrature(m[some], z[some], a, b[some])
    else:
        for row in rest:
            result[row] = _one_by_sum(float(m[row]), float(z[row]), a, float(b[row]), k, stage)
    return result


def _by_series(m: Floats, z: Floats, a: float, b: Floats, k: int, stage: int) -> Floats:
    w = z / (1.0 + z)
    mass = np.exp(-m * np.log1p(z))
    total, done, alive = np.zeros_like(m), np.zeros_like(m), np.ones_like(m)
    bought, n = 0, 0
    while True:
        n += 1
        mass = mass * (w * ((m + (n - 1)) / n))
        if (n + stage) % k == 0:
            done = done + alive
            alive = alive * ((b + bought) / (a + b + bought))
            bought += 1
        total = total + mass * done
        if n % 8 == 0:
            ratio = np.maximum((m + n) / (n + 1) * w, w)
            falling = ratio < 1
            room = np.where(falling, 1 - ratio, 1.0)
            rest = mass * ratio / room * (done + 1 / room)
            if np.all(falling & (rest <= _PRECISION * total)):
                return total


def _by_quadrature(m: Floats, z: Floats, a: float, b: Floats) -> Floats:
    """Integrate over the dropout probability p, in ln(p/(1−p)) where every part of it is smooth.

    What is integrated is (1 − (1+pz)^−m)/p, over p with a Beta(a, b) distribution.
    """
    log_norm = log_beta(a, b)
    spread = 12 * np.sqrt(1 / a + 1 / b)
    peak = np.log(a) - np.log(b)
    # beyond these points the integrand is its limit times a power: added in closed form
    first = np.log(1e-13) - np.log((m + 1) * (1 + z)) - np.log(1 + b)
    last = -np.log(1e-13) + np.log1p(a + m)
    low = np.maximum(peak - spread - 45 / a, first)
    high = np.maximum(np.minimum(peak + spread + 45 / b, last), low + 1e-9)

    def value(p: Floats, shape: Floats, odds: Floats) -> Floats:
        return np.asarray(-expm1(-shape * np.log1p(p * odds)) / p, dtype=float)

    points, weights = legendre(16)
    panels = 40
    width = (high - low) / panels
    total = np.zeros_like(m)
    for panel in range(panels):
        y = low[:, None] + width[:, None] * (panel + points)
        log_p, log_q = -np.logaddexp(0, -y), -np.logaddexp(0, y)
        density = np.exp(a * log_p + b[:, None] * log_q - log_norm[:, None])
        total += width * (density * value(np.exp(log_p), m[:, None], z[:, None]) @ weights)
    below = np.exp(a * -np.logaddexp(0, -low) - log_norm) / a * m * z
    above = np.exp(b * -np.logaddexp(0, high) - log_norm) / b * value(np.ones_like(m), m, z)
    total += np.where(low == first, below, 0.0) + np.where(high == last, above, 0.0)
    return total


def _one_by_sum(m: float, z: float, a: float, b: float, k: int, stage: int) -> float:
    stages = float(_stages(np.asarray(m), np.asarray(z)))
    if stages > _MOST_STAGES:
        raise errors.ParameterError(
            f"The horizon is so long that over {_MOST_STAGES // k:,} purchases could fall in it.",
            mend="Ask for a shorter horizon.",
        )
    n = np.arange(1.0, int(stages) + 2)
    mass = np.exp(log_rising(m, n) - log_rising(1.0, n) - m * np.log1p(z) + n * np.log(z / (1 + z)))
    bought = (n.astype(np.intp) + stage) // k
    each = np.arange(float(bought[-1] + 1))
    done = np.concatenate([[0.0], np.cumsum(np.exp(log_rising(b, each) - log_rising(a + b, each)))])
    return float(np.sum(mass * done[bought]))


def survival(
    m: Floats, z: Floats, a: float, b: Floats, *, k: int = 1, stage: int = 0
) -> Iterator[Floats]:
    """Give, for n = 1, 2, …, the probability of at least n purchases of customers who are alive.

    The n-th purchase needs n possible purchases and n − 1 times no dropout, which are independent.

    Examples
    --------
    >>> at_least = survival(np.array([1.0]), np.array([1.0]), 1.0, np.array([1.0]))
    >>> [float(next(at_least)[0].round(9)) for _ in range(2)]
    [0.5, 0.125]
    """
    alive = np.ones(np.broadcast(m, z, b).shape)
    possible = tails(m, z)
    bought, passed = 0, 0
    while True:
        needed = k * (bought + 1) - stage
        at_least = next(possible)
        passed += 1
        while passed < needed:
            at_least = next(possible)
            passed += 1
        yield at_least * alive
        alive = alive * ((b + bought) / (a + b + bought))
        bought += 1


def tails(m: Floats, z: Floats) -> Iterator[Floats]:
    """Give, for n = 1, 2, …, the probability that a negative binomial is n or more.

    Examples
    --------
    >>> at_least = tails(np.array([1.0]), np.array([1.0]))
    >>> [float(next(at_least)[0]) for _ in range(3)]
    [0.5, 0.25, 0.125]
    """
    m, z = np.broadcast_arrays(np.asarray(m, dtype=float), np.asarray(z, dtype=float))
    w = z / (1.0 + z)
    log_none = -m * np.log1p(z)
    mass = np.exp(log_none)
    left = -expm1(log_none)
    # where even "none" is too small to be written down, each tail is computed by itself
    tiny = log_none < -600
    n = 1
    while True:
        if tiny.any():
            left[tiny] = betainc(n, m[tiny], w[tiny])
        yield np.maximum(left, 0.0)
        mass = mass * (w * ((m + (n - 1)) / n))
        left = left - mass
        n += 1


def poisson(mean: Floats, dice: np.random.Generator) -> Floats:
    """Draw numbers of events; a mean past what can be drawn is its own number.

    Examples
    --------
    >>> poisson(np.array([0.0, 1e30]), np.random.default_rng(1)).tolist()
    [0.0, 1e+30]
    """
    drawn = dice.poisson(np.minimum(mean, _MOST_DRAWN)).astype(float)
    return np.where(mean > _MOST_DRAWN, mean, drawn)


def discounted(
    expected_until: Callable[[Floats], Floats], horizon: float, scale: Floats, rate: float
) -> Floats:
    """Give the present value of one money unit per purchase, at a continuous rate per time unit.

    The integral of e^(−δt) dE(t) is e^(−δH)·E(H) + δ·∫ e^(−δt)·E(t) dt, taken in ln(1 + t/scale).

    Parameters
    ----------
    expected_until
        Gives the expected purchases up to a time, one time per customer.
    horizon, rate
        H and δ, in the model's time unit.
    scale
        The time in which a customer's expectation bends, one per customer.
    """
    final = expected_until(np.full(scale.shape, horizon))
    if rate == 0:
        return final
    points, weights = legendre(24)
    span = np.log1p(horizon / scale)
    total = np.exp(-rate * horizon) * final
    for point, weight in zip(points, weights, strict=True):
        t = scale * np.expm1(span * point)
        step = weight * span * (t + scale)
        total = total + step * rate * np.exp(-rate * t) * expected_until(t)
    return np.asarray(total, dtype=float)
