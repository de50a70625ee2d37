"""Likelihoods and what follows from them are right to the digits, wherever the parameters lie."""

import itertools
from collections.abc import Iterator
from typing import Any

import mpmath as mp
import numpy as np
import precise
import pytest

from workbench import errors
from workbench.likelihoods import counts, gamma_gamma
from workbench.likelihoods.beta_binomial import BetaBernoulli
from workbench.likelihoods.geometric import Geometric
from workbench.likelihoods.nbd import NegativeBinomial
from workbench.likelihoods.pareto import Pareto
from workbench.likelihoods.race import Log, buys_first, ends_first
from workbench.likelihoods.rows import Rows
from workbench.likelihoods.special import decay, log_beta, log_rising

pytestmark = pytest.mark.many

Case = tuple[tuple[float, ...], int, float, float, float]

# a log-likelihood may lie arbitrarily near 0, where only its distance from 0 can be exact
NEAR_ZERO = 1e-12
SMALLEST = 1e-290


def cases(count: int, seed: int, *, most: float = 3.7) -> Iterator[Case]:
    """Parameters over five orders of magnitude, x to 5,000, and the values others stumble over."""
    dice = np.random.default_rng(seed)
    for number in range(count):
        p = 10 ** dice.uniform(-2, 2.7, 4)
        # the special values: a or s is 1, or nearly; α = β, or nearly
        p[2] = {0: 1.0, 1: 1 + 1e-9, 2: 1 - 1e-5}.get(number % 12, p[2])
        p[3] = {3: p[1], 4: p[1] * (1 + 1e-9)}.get(number % 12, p[3])
        T = 10 ** dice.uniform(-1, 3)
        x = int(dice.choice([0, 1, 2, 10 ** dice.uniform(0, 2), 10 ** dice.uniform(2, most)]))
        t_x = T * dice.uniform(0.01, 1) if x else 0.0
        yield tuple(map(float, p)), x, float(t_x), float(T), float(T * 10 ** dice.uniform(-2, 1))


def row(x: float, t_x: float, T: float) -> Rows:
    return Rows(*(np.array([float(value)]) for value in (x, t_x, T, 1.0)), np.zeros(1))


def agrees(ours: float, exact: Any, *, rel: float, near: float = 0.0) -> bool:
    return bool(abs(mp.mpf(float(ours)) - exact) <= max(rel * abs(exact), near))


def check(process: Any, case: Case, exact: tuple[Any, Any, Any | None]) -> None:
    p, x, t_x, T, t = case
    rows, vector = row(x, t_x, T), np.array(p)
    log, alive, bought = exact
    assert agrees(process.log_likelihood(vector, rows)[0], log, rel=1e-9, near=NEAR_ZERO), case
    if alive > SMALLEST:
        assert agrees(process.alive(vector, rows)[0], alive, rel=1e-8), case
    else:
        assert process.alive(vector, rows)[0] <= SMALLEST
    if bought is not None:
        ours = process.expected(vector, rows, np.array([t]))[0]
        assert agrees(ours, bought, rel=1e-8), case


@pytest.mark.parametrize("at_start", [False, True], ids=["BG/NBD", "MBG/NBD"])
@pytest.mark.slow
def test_the_coin_models_agree_with_mpmath(at_start: bool) -> None:
    for case in cases(240, seed=1):
        check(Geometric(drop_at_start=at_start), case, precise.geometric(*case, at_start=at_start))


@pytest.mark.parametrize(("k", "at_start"), [(2, False), (3, True), (7, False)])
def test_the_models_with_a_rhythm_agree_with_mpmath(k: int, at_start: bool) -> None:
    for case in cases(60, seed=k, most=3):
        log, alive, _ = precise.geometric(*case, at_start=at_start, k=k)
        check(Geometric(k=k, drop_at_start=at_start), case, (log, alive, None))


@pytest.mark.slow
def test_pareto_agrees_with_mpmath() -> None:
    for case in cases(240, seed=2):
        check(Pareto(), case, precise.pareto(*case))


@pytest.mark.parametrize("x", [150, 200, 500, 1000, 2500, 5000])
def test_pareto_does_not_overflow_at_many_purchases(x: int) -> None:
    for p, last in itertools.product(
        [(0.55, 10.6, 0.6, 11.7), (3.0, 2.0, 1.0, 2.0), (0.1, 40.0, 2.5, 0.5)], (5.0, 30.0, 38.9)
    ):
        case = (p, x, last, 39.0, 52.0)
        check(Pareto(), case, precise.pareto(*case))


def test_beta_binomial_agrees_with_mpmath() -> None:
    dice = np.random.default_rng(3)
    for _ in range(150):
        p = 10 ** dice.uniform(-2, 2.5, 4)
        n = int(dice.integers(1, 60))
        last = int(dice.integers(0, n + 1))
        x = int(dice.integers(1, last + 1)) if last else 0
        ours = BetaBernoulli().log_likelihood(p, row(x, last, n))[0]
        assert agrees(ours, precise.beta_binomial(tuple(p), x, last, n), rel=1e-9, near=NEAR_ZERO)


def test_nbd_and_gamma_gamma_agree_with_mpmath() -> None:
    dice = np.random.default_rng(4)
    for (p, x, _, T, _), level in zip(
        cases(150, seed=5), 10 ** dice.uniform(-2, 5, 150), strict=True
    ):
        ours = NegativeBinomial().log_likelihood(np.array(p[:2]), row(x, 0, T))[0]
        assert agrees(ours, precise.nbd(p[:2], x, T), rel=1e-9, near=NEAR_ZERO)
        one = np.ones(1)
        often = max(x, 1)
        spent = gamma_gamma.log_likelihood(np.array(p[:3]), one * often, one * level, one)[0]
        exact = precise.gamma_gamma(p[:3], often, float(level))
        assert agrees(spent, exact, rel=1e-9, near=NEAR_ZERO)


MODELS: dict[str, tuple[Any, tuple[float, ...]]] = {
    "BG/NBD": (Geometric(), (0.4, 4.0, 0.8, 2.4)),
    "MBG/NBD": (Geometric(drop_at_start=True), (0.4, 4.0, 0.8, 2.4)),
    "BG/CNBD-3": (Geometric(k=3), (0.8, 2.0, 0.8, 2.4)),
    "MBG/CNBD-2": (Geometric(k=2, drop_at_start=True), (0.8, 2.0, 1.3, 0.6)),
    "Pareto/NBD": (Pareto(), (0.55, 10.6, 0.6, 11.7)),
    "NBD": (NegativeBinomial(), (0.4, 12.0)),
    "BG/BB": (BetaBernoulli(), (1.2, 0.75, 0.66, 2.8)),
}
each_model = pytest.mark.parametrize(("process", "p"), MODELS.values(), ids=MODELS)


def crowd(process: Any, count: int = 60) -> Rows:
    dice = np.random.default_rng(6)
    if isinstance(process, BetaBernoulli):
        T = dice.integers(1, 9, count).astype(float)
        last = np.floor(dice.random(count) * (T + 1))
        x = np.where(last > 0, 1 + np.floor(dice.random(count) * (last - 1)), 0.0)
    else:
        T = dice.uniform(1, 52, count)
        x = dice.poisson(2, count).astype(float)
        last = np.where(x > 0, T * dice.random(count), 0.0)
    weight = dice.integers(1, 4, count).astype(float)
    return Rows(x, last, T, weight, x * 0.3)


@each_model
def test_gradients_are_those_of_the_likelihood(process: Any, p: tuple[float, ...]) -> None:
    rows, vector = crowd(process), np.array(p)
    gradient = process.log_likelihood(vector, rows)[1]
    for i in range(len(p)):
        step = np.zeros(len(p))
        step[i] = 1e-5 * p[i]
        up, down = (process.log_likelihood(vector + s * step, rows)[0] for s in (1, -1))
        assert gradient[i] == pytest.approx((up - down) / (2 * step[i]), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("process", "p"),
    [
        (Geometric(), (0.4, 4.0, 0.8, 2.4)),
        (Geometric(drop_at_start=True), (0.4, 4.0, 0.8, 2.4)),
        (Pareto(), (0.55, 10.6, 0.6, 11.7)),
        (Pareto(), (0.55, 10.6, 0.6, 10.6)),
        (Pareto(), (2.0, 60.0, 1.0, 9.0)),
        (Pareto(), (0.8, 0.7, 1.5, 40.0)),
    ],
)
def test_second_derivatives_are_those_of_the_gradient(process: Any, p: tuple[float, ...]) -> None:
    vector, rows = np.array(p), crowd(process)
    hessian = process.derivatives(vector, rows)[2]
    for i in range(4):
        step = np.zeros(4)
        step[i] = 1e-5 * p[i]
        up, down = (process.log_likelihood(vector + s * step, rows)[1] for s in (1, -1))
        np.testing.assert_allclose(hessian[i], (up - down) / (2 * step[i]), rtol=1e-5, atol=1e-5)


@each_model
def test_rows_put_together_are_as_likely_as_apart(process: Any, p: tuple[float, ...]) -> None:
    rows, vector = crowd(process), np.array(p)
    twice = Rows(*(np.tile(c, 2) for c in (rows.x, rows.t_x, rows.T, rows.weight, rows.x * 0.3)))
    apart = process.log_likelihood(vector, twice)[0]
    together = process.log_likelihood(vector, twice.compressed)[0]
    assert together == pytest.approx(apart, rel=1e-13)
    assert len(twice.compressed) <= len(rows)


@each_model
def test_the_order_of_rows_never_matters(process: Any, p: tuple[float, ...]) -> None:
    rows = crowd(process)
    shuffled = rows.part(np.random.default_rng(7).permutation(len(rows)))
    values = [process.log_likelihood(np.array(p), some.compressed)[0] for some in (rows, shuffled)]
    assert values[0] == values[1]


@each_model
def test_the_chances_of_n_purchases_add_up_to_the_mean(process: Any, p: tuple[float, ...]) -> None:
    rows, vector = crowd(process, 12), np.array(p)
    ahead = np.full(len(rows), 4.0)
    total = np.zeros(len(rows))
    for at_least in itertools.islice(process.survival(vector, rows, ahead), 400):
        total += at_least
    np.testing.assert_allclose(total, process.expected(vector, rows, ahead), rtol=1e-8)


@each_model
def test_no_purchase_is_having_dropped_out_or_buying_nothing(
    process: Any, p: tuple[float, ...]
) -> None:
    rows, vector = crowd(process, 12), np.array(p)
    ahead = np.full(len(rows), 4.0)
    alive = process.alive(vector, rows)
    some = next(iter(process.survival(vector, rows, ahead)))
    np.testing.assert_allclose(
        process.silent(vector, rows, ahead), 1 - alive * some, rtol=1e-7, atol=1e-12
    )


@each_model
def test_what_is_silent_is_a_ratio_of_likelihoods(process: Any, p: tuple[float, ...]) -> None:
    rows = row(2, 3, 5)
    later = row(2, 3, 9)
    logs = [process.log_likelihood(np.array(p), some)[0] for some in (rows, later)]
    silent = process.silent(np.array(p), rows, np.array([4.0]))[0]
    assert silent == pytest.approx(float(np.exp(logs[1] - logs[0])), rel=1e-10)


def test_sums_and_integrals_give_the_same_expectation() -> None:
    m, z = np.array([0.6, 5.0, 40.0]), np.array([0.3, 2.0, 6.0])
    b = np.array([2.0, 7.0, 30.0])
    for a in (0.05, 1.0, 3.0):
        summed = counts._by_series(m, z, a, b, 1, 0)
        integrated = counts._by_quadrature(m, z, a, b)
        np.testing.assert_allclose(integrated, summed, rtol=1e-11)
        one = [counts._one_by_sum(*map(float, (m[i], z[i], a, b[i])), 1, 0) for i in range(3)]
        np.testing.assert_allclose(one, summed, rtol=1e-9)


def test_a_horizon_beyond_all_reason_with_a_rhythm_is_refused() -> None:
    with pytest.raises(errors.ParameterError, match="horizon is so long"):
        counts.expected(np.array([5.0]), np.array([1e7]), 1.0, np.array([2.0]), k=2)


def test_discounting_agrees_with_the_integral_of_the_rate() -> None:
    p, rows, delta, until = np.array([0.55, 10.6, 0.6, 11.7]), row(3, 20, 39), 0.003, 156.0
    found = counts.discounted(
        lambda t: Pareto().expected(p, rows, t), until, Pareto().bend(p, rows), delta
    )[0]
    r, alpha, s, beta = p
    exact = mp.quad(
        lambda t: (
            mp.exp(-delta * t) * (r + 3) / (alpha + 39) * ((beta + 39) / (beta + 39 + t)) ** s
        ),
        [0, 50, until],
    )
    assert agrees(found, exact, rel=1e-9)


def test_ratios_of_gammas_lose_no_digits_when_they_are_huge_and_near() -> None:
    with mp.workdps(60):
        for a, n in itertools.product((1e-8, 0.3, 11.9, 12.0, 1e3, 1e8, 1e14), (0, 1, 7, 5000)):
            exact = mp.loggamma(mp.mpf(a) + n) - mp.loggamma(mp.mpf(a))
            assert agrees(log_rising(a, float(n)), exact, rel=1e-13, near=1e-13), (a, n)
            ours = log_rising(np.array([a]), np.array([float(n)]))[0]
            assert agrees(ours, exact, rel=1e-13, near=1e-13)
        for a, b in itertools.product((1e-6, 0.5, 30.0, 1e7), repeat=2):
            exact = mp.log(mp.beta(mp.mpf(a), mp.mpf(b)))
            assert agrees(log_beta(a, b), exact, rel=1e-12, near=1e-12), (a, b)


def race(p: tuple[float, ...], *, deep: bool = False) -> tuple[Log, Log]:
    a, A, b, B = (np.array([value]) for value in p)
    nought = np.zeros(1, dtype=int)
    return ends_first(a, A, b, B, nought, deep=deep), buys_first(a, A, b, B, nought, deep=deep)


def test_the_end_or_the_next_purchase_comes_first_as_mpmath_says() -> None:
    dice = np.random.default_rng(13)
    for number in range(200):
        a, b = 10 ** dice.uniform(-6, 3.7), 10 ** dice.uniform(-6, 2.7)
        A, B = 10 ** dice.uniform(-2, 3, 2)
        B = {0: A, 1: A * (1 + 1e-9), 2: A * dice.uniform(0.7, 1.4)}.get(number % 6, B)
        ends, buys = race((a, A, b, B))
        assert agrees(np.exp(ends.value[0]), precise.ends_first(a, A, b, B), rel=1e-11)
        assert agrees(np.exp(buys.value[0]), precise.ends_first(b, B, a, A), rel=1e-11)
        assert np.exp(ends.value[0]) + np.exp(buys.value[0]) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("B", [0.02, 2.0, 3.0, 3.0 + 1e-9, 5.0, 900.0])
def test_the_derivatives_of_who_comes_first_are_those_of_its_logarithm(B: float) -> None:
    p = np.array([2.5, 3.0, 0.7, B])
    for which, one in enumerate(race(tuple(p), deep=True)):
        for i in range(4):
            step = np.zeros(4)
            step[i] = 1e-5 * p[i]
            up, down = (race(tuple(p + s * step), deep=True)[which] for s in (1, -1))
            slope = (up.value - down.value) / (2 * step[i])
            bend = (up.slope - down.slope) / (2 * step[i])
            np.testing.assert_allclose(one.slope[i], slope, rtol=1e-6, atol=1e-8)
            np.testing.assert_allclose(one.bend[i], bend, rtol=1e-6, atol=1e-7)


def test_decay_is_smooth_through_nothing() -> None:
    values = [float(decay(e, 3.0)) for e in (-1e-9, 0.0, 1e-9)]
    assert values[1] == 3.0
    assert values[0] == pytest.approx(3.0, rel=1e-8)
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("p", [(0.55, 10.6, 0.6, 11.7), (0.8, 2.0, 0.7, 50.0)])
@pytest.mark.parametrize("on_days", [True, False])
def test_many_customers_are_alive_as_each_by_itself(p: Any, on_days: bool) -> None:
    dice = np.random.default_rng(12)
    T = dice.integers(1, 300, 6000) / 7 if on_days else dice.uniform(1, 300, 6000)
    x = dice.poisson(0.7, 6000).astype(float)
    rows = Rows(x, np.where(x > 0, T * dice.random(6000), 0.0), T, np.ones(6000))
    together = Pareto().alive(np.array(p), rows)
    apart = np.concatenate(
        [Pareto().alive(np.array(p), rows.part(slice(i, i + 500))) for i in range(0, 6000, 500)]
    )
    np.testing.assert_allclose(together, apart, rtol=1e-13)


def test_who_bought_just_now_is_alive_for_sure() -> None:
    for p, x, T in itertools.product(
        [(0.55, 10.6, 0.6, 11.7), (0.8, 2.0, 0.7, 50.0)], (0, 1, 30, 5000), (0.5, 39.0)
    ):
        last = T if x else 0.0
        assert Pareto().alive(np.array(p), row(x, last, last))[0] == 1


def test_rows_with_one_age_in_common_are_found_and_put_back() -> None:
    dice = np.random.default_rng(14)
    for T in (dice.integers(1, 90, 9000) / 7, dice.uniform(1, 90, 9000)):
        x = dice.poisson(0.7, 9000).astype(float)
        rows = Rows(x, np.where(x > 0, T, 0.0), T + 1, np.ones(9000))
        lasts, last = rows.by_x_and_t_x
        ages, age = rows.by_x_and_T
        assert (lasts.x[last] == x).all()
        assert (lasts.T[last] == rows.t_x).all()
        assert (ages.x[age] == x).all()
        assert (ages.T[age] == rows.T).all()


def test_pieces_of_rows_are_as_likely_as_all() -> None:
    many = 20_000
    T = np.random.default_rng(15).uniform(1, 90, many)
    x = np.arange(many) % 3.0
    rows = Rows(x, np.where(x > 0, T / 2, 0.0), T, np.ones(many))
    p = np.array([0.55, 10.6, 0.6, 11.7])
    assert len(rows.pieces) > 1
    parts = [Pareto().derivatives(p, rows.part(slice(i, i + 5000))) for i in range(0, many, 5000)]
    for whole, some in zip(Pareto().derivatives(p, rows), zip(*parts, strict=True), strict=True):
        np.testing.assert_allclose(whole, np.sum(some, axis=0), rtol=1e-11)
