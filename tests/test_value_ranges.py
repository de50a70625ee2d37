"""What will be, drawn from the fitted models: it agrees with their formulas, and holds what comes."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from simulated import one
from test_value_expecting import GIVEN

from benchmarks import bench_ranges as bench
from workbench import models
from workbench.fitting import customers, futures

SPEND = models.GammaGamma(p=6.25, q=3.74, v=15.44)
OCCASIONS = models.BetaBinomial(alpha=1.204, beta=0.75, gamma=0.657, delta=2.783, time_unit="Y")


def drawn(model: models.PurchaseModel, table: pd.DataFrame, ahead: float) -> Any:
    """So many futures of customers who are alive."""
    rows = customers.rows(table, unit=model.time_unit)
    many = rows.part(np.zeros(40_000, dtype=int))
    return model.process.drawn(model.vector, many, ahead, np.random.default_rng(5)), rows


@pytest.mark.parametrize("name", [*GIVEN, "BetaBinomial"])
@pytest.mark.parametrize("x", [0, 3])
def test_futures_are_as_many_as_the_formulas_of_each_model_say(name: str, x: int) -> None:
    model = OCCASIONS if name == "BetaBinomial" else getattr(models, name)(**GIVEN[name])
    bought, rows = drawn(model, one(x, 4 * x, 20), 12)
    process, ahead = model.process, np.full(1, 12.0)
    (mean,) = process.expected(model.vector, rows, ahead)
    assert bought.mean() == pytest.approx(mean, abs=5 * bought.std() / 200)
    run = process.survival(model.vector, rows, ahead)
    for n in range(1, 5):
        (at_least,) = next(run)
        assert np.mean(bought >= n) == pytest.approx(at_least, abs=0.013), n


def test_what_purchases_come_to_is_as_much_as_the_model_of_spend_says() -> None:
    from workbench.likelihoods import gamma_gamma

    x, mean, bought = np.full((3, 60_000), 3.0)
    mean = mean * 20
    spent = gamma_gamma.drawn(SPEND.vector, x, mean, bought, np.random.default_rng(5))
    (expected,) = gamma_gamma.expected(SPEND.vector, x[:1], mean[:1])
    assert spent.mean() == pytest.approx(3 * expected, rel=0.02)
    nothing = gamma_gamma.drawn(SPEND.vector, x, mean, 0 * bought, np.random.default_rng(5))
    assert not nothing.any()


def test_the_ranges_of_given_parameters_are_those_of_the_count_itself() -> None:
    table = pd.concat([one(x, 30.0, 39.0, mean_repeat_value=9.0) for x in (2, 6, 14)])
    model = models.ModifiedBetaGeo(**GIVEN["ModifiedBetaGeo"])
    exact = model.predict(table, horizon="26W", level=futures.LIKELY)
    found = futures.drawn(table, purchases=model, spend=SPEND, horizon="26W", draws=4000)
    for end in ("low", "high"):
        ours, theirs = getattr(found, f"purchases_{end}"), exact[f"purchases_{end}"]
        assert np.abs(ours - theirs.to_numpy()).max() <= 1
    assert (found.purchases.mean()) == pytest.approx(exact["expected_purchases"].sum(), rel=0.03)


def test_purchases_past_all_bounds_are_still_numbers() -> None:
    table = one(5000, 31.0, 31.0, mean_repeat_value=9.0)
    model = models.BetaGeo(r=50.0, alpha=1e-6, a=1e-8, b=50.0)
    found = futures.drawn(table, purchases=model, spend=SPEND, horizon="1000Y", draws=40)
    assert np.isfinite(found.money_high).all()
    assert found.purchases_high[0] > 1e6


@pytest.mark.slow
def test_ranges_hold_what_comes_in_simulated_shops_as_often_as_they_say() -> None:
    """A fixed part of ``make bench``, which simulates 200: of so few, fewer can be asked."""
    found = bench.coverage(24, customers=200, seed=100)
    for what in ("purchases", "money", "worth"):
        assert 16 <= found[f"{what}_80"].sum() <= 23, what
        assert found[f"{what}_95"].sum() >= 21, what
        assert found[f"own_{what}"].mean() >= futures.LIKELY
    # the fault: how far a mean is known holds what one customer spends next to never
    made = bench.shop("BetaGeo", 200, 100)
    known = made.known
    fits = {"purchases": models.BetaGeo.fit(known), "spend": models.GammaGamma.fit(known)}
    mean = models.lifetime_value(known, **fits, horizon="26W")
    came = made.came["worth"].to_numpy()
    assert (
        np.mean((mean["lifetime_value_low"] <= came) & (came <= mean["lifetime_value_high"])) < 0.1
    )


@pytest.mark.slow
def test_worth_holds_also_far_ahead_at_a_high_rate() -> None:
    rows = [bench.held("ParetoNBD", 200, seed, weeks=156, yearly_rate=0.5) for seed in range(8)]
    found = pd.DataFrame(rows).astype(float)
    assert found["own_worth"].mean() >= futures.LIKELY
    assert found["worth_95"].sum() >= 6


def test_a_bench_of_ranges_that_do_not_hold_ends_with_what_is_wrong() -> None:
    right = pd.DataFrame({name: [0.8] for name in bench.COLUMNS})
    right = right.assign(**{name: 0.95 for name in bench.COLUMNS if name.endswith("95")})
    assert bench.faults(right) == []
    assert bench.faults(right.assign(own_money=1.0)) == []
    wrong = right.assign(money_80=0.72, own_money=0.02)
    assert [fault.split()[0] for fault in bench.faults(wrong)] == ["money_80", "own_money"]
