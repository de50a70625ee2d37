"""What are the likelihoods and expectations, to fifty digits? The papers' closed forms in mpmath."""

from typing import Any

import mpmath as mp

DIGITS = 60
# closed forms divide by a − 1 and s − 1: a hair beside the hole costs fewer digits than there are
HAIR = mp.mpf(10) ** -25


def _beside(value: Any, hole: int) -> Any:
    return value + HAIR if abs(value - hole) < HAIR else value


def numbers(*values: float) -> tuple[Any, ...]:
    """The same doubles as exact numbers."""
    return tuple(mp.mpf(float(value)) for value in values)


def geometric(
    p: tuple[float, ...], x: int, t_x: float, T: float, t: float, *, at_start: bool, k: int = 1
) -> tuple[Any, Any, Any]:
    """ln L, P(alive) and, for k = 1, the conditional expectation of BG/NBD and its kin."""
    with mp.workdps(DIGITS):
        r, alpha, a, b, last, age, ahead = numbers(*p, t_x, T, t)
        more, m = int(at_start), r + k * x
        start = mp.gammaprod([m], [r]) * alpha**r * mp.beta(a, b + x + more) / mp.beta(a, b)
        start /= mp.factorial(k - 1) ** x
        waits = mp.fsum(
            mp.rf(m, j) / mp.factorial(j) * ((age - last) / (alpha + age)) ** j for j in range(k)
        )
        stays = waits * (alpha + age) ** -m
        gone = a / (b + x - 1 + more) * (alpha + last) ** -m if x or at_start else mp.mpf(0)
        a_, tosses = _beside(a, 1), b + x + more
        closed = (a_ + tosses - 1) / (a_ - 1)
        w = ahead / (alpha + age + ahead)
        bought = closed * (1 - (1 - w) ** m * mp.hyp2f1(m, tosses, a_ + tosses - 1, w))
        return mp.log(start * (stays + gone)), stays / (stays + gone), bought


def pareto(p: tuple[float, ...], x: int, t_x: float, T: float, t: float) -> tuple[Any, Any, Any]:
    """ln L, P(alive) and the expectation of those alive, of Pareto/NBD through 2F1."""
    with mp.workdps(DIGITS):
        r, alpha, s, beta, last, age, ahead = numbers(*p, t_x, T, t)
        m = r + x

        def part(at: Any) -> Any:
            if alpha >= beta:
                z = (alpha - beta) / (alpha + at)
                return mp.hyp2f1(m + s, s + 1, m + s + 1, z) / (alpha + at) ** (m + s)
            z = (beta - alpha) / (beta + at)
            return mp.hyp2f1(m + s, m, m + s + 1, z) / (beta + at) ** (m + s)

        stays = (alpha + age) ** -m * (beta + age) ** -s
        whole = stays + s / (m + s) * (part(last) - part(age))
        start = mp.gammaprod([m], [r]) * alpha**r * beta**s
        s_ = _beside(s, 1)
        shrink = 1 - ((beta + age) / (beta + age + ahead)) ** (s_ - 1)
        bought = m * (beta + age) / ((alpha + age) * (s_ - 1)) * shrink
        return mp.log(start * whole), stays / whole, bought


def ends_first(a: float, A: float, b: float, B: float) -> Any:
    """E[μ/(λ+μ)] for λ ~ Gamma(a, A) and μ ~ Gamma(b, B), through 2F1."""
    with mp.workdps(DIGITS):
        a, A, b, B = numbers(a, A, b, B)
        if A >= B:
            return b / (a + b) * mp.hyp2f1(1, a, a + b + 1, 1 - B / A)
        return b / (a + b) * A / B * mp.hyp2f1(1, b + 1, a + b + 1, 1 - A / B)


def beta_binomial(p: tuple[float, ...], x: int, t_x: int, n: int) -> Any:
    """ln L of BG/BB, as the sum it is."""
    with mp.workdps(DIGITS):
        a, b, c, d = numbers(*p)
        base = mp.beta(a, b) * mp.beta(c, d)
        total = mp.beta(a + x, b + n - x) * mp.beta(c, d + n)
        for i in range(n - t_x):
            total += mp.beta(a + x, b + t_x - x + i) * mp.beta(c + 1, d + t_x + i)
        return mp.log(total / base)


def gamma_gamma(parameters: tuple[float, ...], x: int, mean: float) -> Any:
    """ln L of Gamma–Gamma."""
    with mp.workdps(DIGITS):
        p, q, v, m = numbers(*parameters, mean)
        px = p * x
        density = mp.gammaprod([px + q], [px, q]) * v**q * m ** (px - 1) * mp.mpf(x) ** px
        return mp.log(density / (x * m + v) ** (px + q))


def nbd(p: tuple[float, ...], x: int, T: float) -> Any:
    """ln L of NBD, of the times of the purchases."""
    with mp.workdps(DIGITS):
        r, alpha, age = numbers(*p, T)
        return mp.log(mp.gammaprod([r + x], [r]) * alpha**r / (alpha + age) ** (r + x))
