"""Which comes first, the end or the next purchase? The chance, where both rates are uncertain.

With a buying rate λ ~ Gamma(a, A) and a dropout rate μ ~ Gamma(b, B), the end comes first with the
probability H = E[μ/(λ+μ)] = b/B ∫ (1+u/A)^−a (1+u/B)^−(b+1) du over all u > 0. As a hypergeometric
function it is b/(a+b) · ₂F₁(1, a; a+b+1; 1−B/A) where A ≥ B, and b/(a+b) · A/B ·
₂F₁(1, b+1; a+b+1; 1−A/B) where A < B: always a series of positive terms, so no digits are lost, and
A = B is no special case. Where A and B are so far apart that it would be long, the near future is
integrated by Gauss–Legendre, until the two have come closer.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from workbench.likelihoods.rows import Whole
from workbench.likelihoods.special import Floats, legendre

# up to here the series is short: of 80 terms at most
_NEAR = 0.6
# few different lengths, so that many customers go together
_STEPS = np.array([6, 12, 18, 27, 40, 60, 80])
# has a logarithm, and next to 1 is nothing
_TINY = 1e-300
_NEGLIGIBLE = 50.0
# so many numbers at a time stay in the processor's cache
_CELLS = 60_000
_DEEP_CELLS = 20_000


@dataclass(frozen=True)
class Log:
    """A logarithm and its derivatives in a, A, b, B; one column per customer.

    Parameters
    ----------
    value
        The logarithm.
    slope, bend
        The four first and the four times four second derivatives; no columns where not asked for.
    """

    value: Floats
    slope: Floats
    bend: Floats

    @classmethod
    def empty(cls, count: int, *, deep: bool) -> "Log":
        """Give one to be filled in."""
        columns = count if deep else 0
        return cls(np.empty(count), np.zeros((4, columns)), np.zeros((4, 4, columns)))

    @property
    def deep(self) -> bool:
        """Whether the derivatives are there."""
        return bool(self.slope.shape[1] == len(self.value))

    def part(self, which: Whole) -> "Log":
        """Give some of the columns."""
        if not self.deep:
            return Log(self.value[which], self.slope, self.bend)
        slope, bend = (np.take(one, which, axis=-1) for one in (self.slope, self.bend))
        return Log(self.value[which], slope, bend)

    def put(self, which: Whole, other: "Log") -> None:
        """Fill in some of the columns."""
        self.value[which] = other.value
        if self.deep:
            self.slope[:, which] = other.slope
            self.bend[:, :, which] = other.bend

    def times(self, other: "Log") -> "Log":
        """Give the logarithm of the product."""
        return Log(self.value + other.value, self.slope + other.slope, self.bend + other.bend)

    def plus(self, other: "Log") -> "Log":
        """Give the logarithm of the sum."""
        value = np.logaddexp(self.value, other.value)
        if not self.deep:
            return Log(value, self.slope, self.bend)
        share = expit(self.value - other.value)
        apart = self.slope - other.slope
        return Log(
            value,
            other.slope + share * apart,
            other.bend
            + share * (self.bend - other.bend)
            + share * (1 - share) * apart * apart[:, None],
        )

    def swapped(self) -> "Log":
        """Give the same where a, A and b, B have changed places."""
        there = [2, 3, 0, 1]
        return Log(self.value, self.slope[there], self.bend[there][:, there])


def ends_first(
    a: Floats, A: Floats, b: Floats, B: Floats, which: Whole, *, deep: bool = False
) -> Log:
    """Give the logarithm of the chance that a customer stops before the next purchase.

    Parameters
    ----------
    a, b
        The shapes of the buying and the dropout rate, for each kind of customer.
    A, B
        Their rates, for each customer; A − B is the same for all, as only their ages differ.
    which
        Of which kind each customer is.
    deep
        Whether the derivatives are wanted.

    Examples
    --------
    >>> one = np.ones(1)
    >>> float(np.exp(ends_first(3 * one, 2 * one, one, 2 * one, np.zeros(1, int)).value[0]).round(12))
    0.25
    """
    a, b = np.broadcast_arrays(a, b)
    # how long until A and B, which grow with time, are near enough
    until = np.abs(A - B) / _NEAR - np.maximum(A, B)
    far = np.flatnonzero(until > 0)
    if not len(far):
        return _by_series(a, A, b, B, which, deep=deep)
    wait = np.maximum(until, 0.0)
    found = _by_series(a, A + wait, b, B + wait, which, deep=deep)
    kind, A, B, wait = which[far], A[far], B[far], wait[far]
    a, b = a[kind], b[kind]
    later = _neither(a, A, b, B, wait, deep=deep).times(found.part(far))
    found.put(far, _ends_within(a, A, b, B, wait, deep=deep).plus(later))
    return found


def buys_first(
    a: Floats, A: Floats, b: Floats, B: Floats, which: Whole, *, deep: bool = False
) -> Log:
    """Give the logarithm of the chance that a customer buys again, before stopping.

    Examples
    --------
    >>> one = np.ones(1)
    >>> float(np.exp(buys_first(3 * one, 2 * one, one, 2 * one, np.zeros(1, int)).value[0]).round(12))
    0.75
    """
    # the same race, seen from the other side
    return ends_first(b, B, a, A, which, deep=deep).swapped()


def _by_series(a: Floats, A: Floats, b: Floats, B: Floats, which: Whole, *, deep: bool) -> Log:
    found = Log.empty(len(A), deep=deep)
    # one of the two at all ages: A and B differ by the same at each
    rising = bool(len(A)) and bool(A[0] < B[0])
    terms = _terms(1 - A / B if rising else 1 - B / A)
    kinds: dict[int, Floats] = {}
    for most, some in _alike(terms, _DEEP_CELLS if deep else _CELLS):
        if most not in kinds:
            kinds[most] = _coefficients(a, b, most, rising=rising, deep=deep)
        found.put(some, _summed(kinds[most], a, A[some], b, B[some], which[some], rising=rising))
    return found


def _terms(z: Floats) -> NDArray[np.int64]:
    """Give how many terms of a series with coefficients below 1 are all that counts."""
    terms = (37 - np.log1p(-z)) / -np.log(np.maximum(z, _TINY)) + 3
    return _STEPS[np.searchsorted(_STEPS, terms)]


def _alike(needed: NDArray[np.int64], cells: int) -> Iterator[tuple[int, Whole]]:
    """Put together those who need equally many terms or nodes, so many numbers at a time."""
    if len(needed) and len(needed) * int(needed.max()) <= cells:
        # so few that to take them apart costs more than what it saves
        yield int(needed.max()), np.arange(len(needed))
        return
    for each in np.unique(needed):
        rows = np.flatnonzero(needed == each)
        for some in np.array_split(rows, -(-len(rows) * int(each) // cells)):
            yield int(each), some


def _coefficients(a: Floats, b: Floats, terms: int, *, rising: bool, deep: bool) -> Floats:
    """Give (top)_k/(a+b+1)_k for each kind, and its derivatives in a, b, aa, ab, bb."""
    k = np.arange(terms - 1)
    top = (b + 1 if rising else a)[:, None] + k
    bottom = (a + b + 1)[:, None] + k
    plain = np.ones((len(a), terms))
    np.cumprod(top / bottom, axis=1, out=plain[:, 1:])
    if not deep:
        return plain[None]
    # of the logarithm, in the shape that stands below alone and the one that stands in both
    below, curve, both, bent = np.zeros((4, len(a), terms))
    np.cumsum(-1 / bottom, axis=1, out=below[:, 1:])
    np.cumsum(1 / bottom**2, axis=1, out=curve[:, 1:])
    np.cumsum((bottom - top) / (top * bottom), axis=1, out=both[:, 1:])
    np.cumsum(1 / bottom**2 - 1 / top**2, axis=1, out=bent[:, 1:])
    by_a, by_b, by_aa, by_bb = (below, both, curve, bent) if rising else (both, below, bent, curve)
    seconds = (by_a**2 + by_aa, by_a * by_b + curve, by_b**2 + by_bb)
    return plain * np.stack([np.ones_like(plain), by_a, by_b, *seconds])


def _summed(
    kinds: Floats, a: Floats, A: Floats, b: Floats, B: Floats, which: Whole, *, rising: bool
) -> Log:
    """Add up the series of each customer from the coefficients of its kind."""
    small, large = (A, B) if rising else (B, A)
    z = 1 - small / large
    k = np.arange(kinds.shape[2])
    # through the logarithm, for speed: where its error grows with k, the power is next to nothing
    powers = np.exp(np.log(np.maximum(z, _TINY))[:, None] * k)
    each = np.take(kinds, which, axis=1)
    sums = np.einsum("jnk,nk->jn", each, powers)
    a, b = a[which], b[which]
    whole = sums[0]
    value = np.log(b / (a + b) * whole)
    if rising:
        value += np.log(A / B)
    if len(kinds) == 1:
        return Log(value, np.empty((4, 0)), np.empty((4, 4, 0)))
    by_z = np.einsum("jnk,nk->jn", each[:3, :, 1:], k[1:] * powers[:, :-1])
    by_zz = np.einsum("nk,nk->n", each[0, :, 2:], k[2:] * k[1:-1] * powers[:, :-2])
    # of ln ₂F₁ in a, b and z, then through z in A and B
    of_a, of_b, of_z = sums[1] / whole, sums[2] / whole, by_z[0] / whole
    of_az, of_bz = by_z[1] / whole - of_a * of_z, by_z[2] / whole - of_b * of_z
    of_zz = by_zz / whole - of_z**2
    down, up = -1 / large, small / large**2
    z_A, z_B = (down, up) if rising else (up, down)
    one = 1 / (a + b)
    found = Log(value, np.empty((4, len(z))), np.empty((4, 4, len(z))))
    found.slope[:] = of_a - one, of_z * z_A, of_b - one + 1 / b, of_z * z_B
    bend = found.bend
    bend[0, 0] = sums[3] / whole - of_a**2 + one**2
    bend[0, 2] = sums[4] / whole - of_a * of_b + one**2
    bend[2, 2] = sums[5] / whole - of_b**2 + one**2 - 1 / b**2
    bend[0, 1], bend[0, 3] = of_az * z_A, of_az * z_B
    bend[1, 2], bend[2, 3] = of_bz * z_A, of_bz * z_B
    bend[1, 1], bend[3, 3] = of_zz * z_A**2, of_zz * z_B**2
    bend[1, 3] = of_zz * z_A * z_B + of_z / large**2
    widest = 3 if rising else 1
    bend[widest, widest] -= 2 * of_z * small / large**3
    if rising:
        found.slope[1] += 1 / A
        found.slope[3] -= 1 / B
        bend[1, 1] -= 1 / A**2
        bend[3, 3] += 1 / B**2
    return _mirrored(found)


def _mirrored(found: Log) -> Log:
    """Fill in below the diagonal what stands above."""
    for i in range(4):
        for j in range(i):
            found.bend[i, j] = found.bend[j, i]
    return found


def _neither(a: Floats, A: Floats, b: Floats, B: Floats, wait: Floats, *, deep: bool) -> Log:
    """Give the logarithm of the chance that neither comes for a while."""
    of_a, of_b = -np.log1p(wait / A), -np.log1p(wait / B)
    found = Log.empty(len(A), deep=deep)
    found.value[:] = a * of_a + b * of_b
    if deep:
        by_A, by_B = wait / (A * (A + wait)), wait / (B * (B + wait))
        found.slope[:] = of_a, a * by_A, of_b, b * by_B
        found.bend[0, 1], found.bend[2, 3] = by_A, by_B
        found.bend[1, 1] = -a * by_A * (1 / A + 1 / (A + wait))
        found.bend[3, 3] = -b * by_B * (1 / B + 1 / (B + wait))
    return _mirrored(found) if deep else found


def _ends_within(a: Floats, A: Floats, b: Floats, B: Floats, wait: Floats, *, deep: bool) -> Log:
    """Give the logarithm of the chance that the end comes first, and within a while."""
    # the scale on which the integrand first falls; v = ln(1 + c·u) then makes it smooth: its
    # singularities lie at ± iπ whatever the parameters
    c = (a + 1) / A + (b + 2) / B
    with np.errstate(over="ignore", divide="ignore"):
        reach = np.minimum(A * np.expm1(_NEGLIGIBLE / a), B * np.expm1(_NEGLIGIBLE / (b + 1)))
    span = np.log1p(c * np.minimum(wait, reach))
    found = Log.empty(len(A), deep=deep)
    # who bought lately needs few nodes: those with one number of nodes go together
    for nodes, some in _alike(_nodes(span), _DEEP_CELLS if deep else _CELLS):
        found.put(some, _piece(nodes, *(one[some] for one in (a, A, b, B, c, span)), deep=deep))
    return found


def _nodes(span: Floats) -> NDArray[np.int64]:
    """Give how many nodes reach full precision on a span with singularities at ± iπ."""
    half = np.maximum(span / 2, 1e-3)
    ellipse = np.pi / half + np.hypot(1, np.pi / half)
    nodes = np.ceil(38 / (2 * np.log(ellipse)) / 3) * 3 + 6
    return np.asarray(np.clip(nodes, 9, 96), dtype=np.int64)


def _piece(
    nodes: int, a: Floats, A: Floats, b: Floats, B: Floats, c: Floats, span: Floats, *, deep: bool
) -> Log:
    points, weights = legendre(nodes)
    a, A, b, B, c, span = (one[:, None] for one in (a, A, b, B, c, span))
    v = span * points
    u = np.expm1(v) / c
    of_a, of_b = np.log1p(u / A), np.log1p(u / B)
    height = np.exp(v - a * of_a - (b + 1) * of_b) * weights
    total = height.sum(axis=1)
    found = Log.empty(len(total), deep=deep)
    with np.errstate(divide="ignore"):
        found.value[:] = np.log(total) + np.log(span * b / (B * c))[:, 0]
    if not deep:
        return found
    height /= total[:, None]
    by_A, by_B = u / (A * (A + u)), u / (B * (B + u))
    slopes = np.stack([-of_a, a * by_A, -of_b, (b + 1) * by_B])
    found.slope[:] = np.einsum("ink,nk->in", slopes, height)
    # the second derivatives of an integral's logarithm: a mean and a covariance
    slopes -= found.slope[:, :, None]
    found.bend[:] = np.einsum("ink,jnk->ijn", slopes * height, slopes)
    found.bend[0, 1] += np.sum(height * by_A, axis=1)
    found.bend[2, 3] += np.sum(height * by_B, axis=1)
    found.bend[1, 1] -= np.sum(height * a * by_A * (1 / A + 1 / (A + u)), axis=1)
    found.bend[3, 3] -= np.sum(height * (b + 1) * by_B * (1 / B + 1 / (B + u)), axis=1)
    found.slope[2] += 1 / b[:, 0]
    found.slope[3] -= 1 / B[:, 0]
    found.bend[2, 2] -= 1 / b[:, 0] ** 2
    found.bend[3, 3] += 1 / B[:, 0] ** 2
    return _mirrored(found)
