"""How are gamma and beta functions compared without losing digits? Logarithms of their ratios."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, exprel, gammaln, zeta

Floats: TypeAlias = NDArray[np.float64]
Number: TypeAlias = float | Floats

# from here on Stirling's series is exact to the last digit, and differences of it lose none
_STIRLING_FROM = 12.0


def _stirling_remainder(z: Floats) -> Floats:
    inverse = 1.0 / (z * z)
    series = 1 / 1188 - inverse * 691 / 360360
    for coefficient in (-1 / 1680, 1 / 1260, -1 / 360, 1 / 12):
        series = coefficient + inverse * series
    return np.asarray(series / z, dtype=float)


def log_rising(a: Number, n: Number) -> Floats:
    """Give ln Γ(a+n) − ln Γ(a) for a > 0, n ≥ 0, also where both gammas are huge and near.

    Examples
    --------
    >>> float(log_rising(1.0, 4.0).round(12)) == round(float(np.log(24.0)), 12)
    True
    >>> float(log_rising(1e12, 1.0).round(9))
    27.631021116
    """
    if np.ndim(a) == 0:
        # one parameter and many customers, the usual case: half the work
        return _by_stirling(a, n) if a >= _STIRLING_FROM else _by_gammas(a, n)
    a = np.asarray(a, dtype=float)
    by_stirling = _by_stirling(np.maximum(a, _STIRLING_FROM), n)
    return np.where(a >= _STIRLING_FROM, by_stirling, _by_gammas(a, n))


def _by_gammas(a: Number, n: Number) -> Floats:
    return np.asarray(gammaln(np.asarray(a) + n) - gammaln(a), dtype=float)


def _by_stirling(a: Number, n: Number) -> Floats:
    total = np.asarray(a) + n
    change = _stirling_remainder(total) - _stirling_remainder(np.asarray(a))
    return np.asarray((np.asarray(a) - 0.5) * np.log1p(n / a) + n * np.log(total) - n + change)


def digamma_rise(a: Number, n: Number) -> Floats:
    """Give ψ(a+n) − ψ(a), the derivative of ``log_rising`` with respect to a."""
    return np.asarray(digamma(np.asarray(a) + n) - digamma(a), dtype=float)


def trigamma_rise(a: Number, n: Number) -> Floats:
    """Give ψ′(a+n) − ψ′(a), the second derivative of ``log_rising`` with respect to a."""
    return np.asarray(zeta(2, np.asarray(a) + n) - zeta(2, a), dtype=float)


def log_beta(a: Number, b: Number) -> Floats:
    """Give ln B(a, b), also where one argument dwarfs the other.

    Examples
    --------
    >>> float(log_beta(2.0, 3.0).round(12)) == round(float(-np.log(12.0)), 12)
    True
    """
    a, b = np.broadcast_arrays(np.asarray(a, dtype=float), np.asarray(b, dtype=float))
    small, large = np.minimum(a, b), np.maximum(a, b)
    return np.asarray(gammaln(small) - log_rising(large, small), dtype=float)


def log_beta_rise(a: Number, b: Number, n: Number) -> Floats:
    """Give ln B(a, b+n) − ln B(a, b)."""
    return log_rising(b, n) - log_rising(np.asarray(a) + b, n)


def decay(epsilon: Number, length: Number) -> Floats:
    """Give (1 − e^(−ε·L))/ε, smooth through ε = 0 where it is L.

    Examples
    --------
    >>> float(decay(0.0, 3.0))
    3.0
    """
    return np.asarray(length * exprel(-np.asarray(epsilon) * length), dtype=float)


def total(one: Floats, other: Floats) -> float:
    """Give Σ one·other, without the threads that a matrix product of long columns would start.

    Examples
    --------
    >>> total(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    11.0
    """
    return float(np.einsum("i,i->", one, other))


def legendre(nodes: int) -> tuple[Floats, Floats]:
    """Give Gauss–Legendre points and weights on 0 … 1."""
    if nodes not in _LEGENDRE:
        points, weights = np.polynomial.legendre.leggauss(nodes)
        _LEGENDRE[nodes] = (0.5 * (points + 1.0), 0.5 * weights)
    return _LEGENDRE[nodes]


_LEGENDRE: dict[int, tuple[Floats, Floats]] = {}
