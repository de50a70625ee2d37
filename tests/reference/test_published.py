"""Published figures that need no data: one customer, one set of parameters, one number."""

from pathlib import Path

import pandas as pd
import pytest
import simulated

from workbench import models
from workbench.models import NBD, BetaBinomial, BetaGeo, GammaGamma, ParetoNBD

BETA_GEO = BetaGeo(r=0.2425945, alpha=4.4136019, a=0.7929199, b=2.4258881, time_unit="W")
PARETO = ParetoNBD(r=0.5533, alpha=10.5776, s=0.6061, beta=11.6656, time_unit="W")
CUSTOMER_1516 = simulated.one(26, 216 / 7, 31)


@pytest.mark.parametrize(
    ("model", "expected", "alive", "new"),
    [(BETA_GEO, 25.757, 0.96885, 1.4440), (PARETO, 25.456, 0.99787, 1.4734)],
)
def test_customer_1516_expects_what_was_published(
    model: models.PurchaseModel, expected: float, alive: float, new: float
) -> None:
    assert model.expected_purchases(CUSTOMER_1516, horizon=52)[0] == pytest.approx(
        expected, abs=2e-3
    )
    assert model.probability_alive(CUSTOMER_1516)[0] == pytest.approx(alive, abs=1e-5)
    fresh = model.new_customer(horizon=52)["expected_purchases"][0]
    assert fresh == pytest.approx(new, abs=1e-3)


def test_a_daily_horizon_handed_to_a_weekly_fit_is_converted_and_never_misread() -> None:
    weekly = BETA_GEO.expected_purchases(CUSTOMER_1516, horizon=52)[0]
    for horizon, unit in (
        ("364D", None),
        (364, "D"),
        (pd.Timedelta(days=364), None),
        ("52W", None),
    ):
        found = BETA_GEO.expected_purchases(CUSTOMER_1516, horizon=horizon, time_unit=unit)[0]
        assert found == pytest.approx(weekly, rel=1e-12)
    daily = CUSTOMER_1516.assign(
        last_purchase_age=216, customer_age=217, time_unit="D", repeat_purchases=26
    )
    assert BETA_GEO.expected_purchases(daily, horizon="364D")[0] == pytest.approx(weekly, rel=1e-12)


def test_lifetime_value_does_not_depend_on_the_unit_of_time() -> None:
    spend = GammaGamma(p=6.25, q=3.74, v=15.44)
    weekly = simulated.one(2, 30, 39, mean_repeat_value=22.35)
    daily = simulated.one(2, 210, 273, mean_repeat_value=22.35, time_unit="D")
    in_days = BetaGeo(**{**BETA_GEO.parameters, "alpha": BETA_GEO.alpha * 7}, time_unit="D")
    values = [
        models.lifetime_value(table, purchases=model, spend=spend, horizon="1Y", yearly_rate=0.15)[
            "lifetime_value"
        ][0]
        for table, model in ((weekly, BETA_GEO), (daily, BETA_GEO), (daily, in_days))
    ]
    assert values == pytest.approx([values[0]] * 3, rel=1e-12)
    # not four times too much: at most spend × purchases
    assert values[0] < 30 * BETA_GEO.expected_purchases(weekly, horizon="1Y")[0]


def test_gamma_gamma_has_the_published_mean() -> None:
    assert GammaGamma(p=6.25, q=3.74, v=15.44).mean_spend == pytest.approx(35.2, abs=0.05)


@pytest.mark.shared
def test_donations_have_the_published_parameters(shared_data: Path) -> None:
    """BG/BB: Fader, Hardie & Shang (2010), table 3."""
    table = pd.read_csv(shared_data / "donations" / "donations.csv").rename(
        columns={
            "frequency": "repeat_purchases",
            "recency": "last_purchase_age",
            "periods": "customer_age",
            "weights": "customers",
        }
    )
    fitted = BetaBinomial.fit(table, time_unit="Y")
    published = {"alpha": 1.204, "beta": 0.750, "gamma": 0.657, "delta": 2.783}
    assert fitted.parameters == pytest.approx(published, abs=6e-4)
    assert fitted.loglik_ == pytest.approx(-33225.58, abs=0.006)
    assert fitted.customers_ == 11_104
    best = table[table["repeat_purchases"] == 6]
    # the paper's table 5: 3.75 expected donations in five years of who gave every year
    assert fitted.expected_purchases(best, horizon=5).iloc[0] == pytest.approx(3.75, abs=0.01)


def test_nbd_expects_what_its_mean_says() -> None:
    model = NBD(r=0.3848, alpha=12.072)
    table = simulated.one(3, 20, 39)
    assert model.expected_purchases(table, horizon=39)[0] == pytest.approx(
        (0.3848 + 3) / (12.072 + 39) * 39
    )
