"""Models are fitted or say why not, predict within what they know, and come back from JSON."""

import dataclasses
import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import simulated

from workbench import errors, models
from workbench.models import (
    NBD,
    BetaBinomial,
    BetaGeo,
    BetaGeoCNBD,
    GammaGamma,
    ModifiedBetaGeo,
    ModifiedBetaGeoCNBD,
    ParetoNBD,
    PurchaseModel,
)

pytestmark = pytest.mark.many

COIN = {"r": 0.7, "alpha": 5.0, "a": 0.8, "b": 2.4}
LIFETIME = {"r": 0.7, "alpha": 5.0, "s": 1.2, "beta": 30.0}
GIVEN: dict[str, PurchaseModel] = {
    "BG/NBD": BetaGeo(**COIN),
    "MBG/NBD": ModifiedBetaGeo(**COIN),
    "BG/CNBD-k": BetaGeoCNBD(**{**COIN, "alpha": 1.5}, k=3),
    "MBG/CNBD-k": ModifiedBetaGeoCNBD(**COIN, k=2),
    "Pareto/NBD": ParetoNBD(**LIFETIME),
    "NBD": NBD(r=0.7, alpha=5.0),
    "BG/BB": BetaBinomial(alpha=1.2, beta=0.75, gamma=0.66, delta=2.8, time_unit="Y"),
}
each = pytest.mark.parametrize("model", GIVEN.values(), ids=GIVEN)


def truth(model: PurchaseModel, count: int, seed: int) -> pd.DataFrame:
    """Customers who behave as the model says."""
    if isinstance(model, BetaBinomial):
        return simulated.occasions(model.parameters, count, n=8, seed=seed)
    kind = {ParetoNBD: "lifetime", NBD: "never"}.get(type(model), "coin")
    if isinstance(model, ModifiedBetaGeo | ModifiedBetaGeoCNBD):
        kind = "coin at start"
    return simulated.customers(kind, model.parameters, count, seed=seed, k=getattr(model, "k", 1))


# Fitting


@pytest.mark.slow
@each
def test_true_parameters_lie_in_the_intervals_as_often_as_stated(model: PurchaseModel) -> None:
    # with a rhythm every k has to be tried, so there are fewer repetitions
    repetitions = 25 if hasattr(model, "k") else 60
    inside = []
    for seed in range(repetitions):
        fitted = type(model).fit(truth(model, 1500, seed), time_unit=model.time_unit)
        if hasattr(model, "k"):
            assert fitted.k == model.k
        table = fitted.confidence_intervals(level=0.9)
        inside.append(table["low"].le(model.vector) & table["high"].ge(model.vector))
    covered = np.mean(inside, axis=0)
    # four standard deviations of a share of 0.9 in so many repetitions, for each parameter
    assert (np.abs(covered - 0.9) <= 4 * math.sqrt(0.09 / repetitions)).all(), covered


def test_gamma_gamma_recovers_its_parameters() -> None:
    given = GammaGamma(p=6.25, q=3.74, v=15.44)
    inside = []
    for seed in range(60):
        fitted = GammaGamma.fit(simulated.spending(given.parameters, 1200, seed=seed))
        table = fitted.confidence_intervals(level=0.9)
        inside.append(table["low"].le(given.vector) & table["high"].ge(given.vector))
    assert (np.abs(np.mean(inside, axis=0) - 0.9) <= 4 * math.sqrt(0.09 / 60)).all()


@each
def test_a_fit_carries_its_likelihood_its_criteria_and_its_verdict(model: PurchaseModel) -> None:
    table = truth(model, 400, 1)
    fitted = type(model).fit(table, time_unit=model.time_unit)
    size = fitted.parameter_count_
    assert fitted.loglik_ == pytest.approx(fitted.log_likelihood(table), rel=1e-12)
    assert fitted.loglik_ >= model.log_likelihood(table)
    assert fitted.aic_ == 2 * size - 2 * fitted.loglik_
    assert fitted.bic_ == pytest.approx(size * math.log(400) - 2 * fitted.loglik_)
    assert fitted.customers_ == 400
    assert set(fitted.standard_errors_) == set(fitted.parameters)
    assert all(0 < error < math.inf for error in fitted.standard_errors_.values())
    assert fitted.verdict_.reason.startswith("a maximum")
    assert np.linalg.eigvalsh(fitted.covariance_.to_numpy())[0] > 0


THREE = pd.DataFrame(
    {
        "repeat_purchases": [1, 2, 3],
        "last_purchase_age": [3, 5, 9],
        "customer_age": [20, 20, 20],
        "log_interval_sum": [1.0, 1.0, 1.0],
    }
)


@each
def test_where_the_data_leave_parameters_open_a_weak_prior_steadies_the_fit(
    model: PurchaseModel,
) -> None:
    with pytest.raises(errors.ConvergenceError) as caught:
        type(model).fit(THREE, time_unit=model.time_unit)
    assert not caught.value.result.is_steadied
    fitted = type(model).fit(THREE, time_unit=model.time_unit, steadied=True)
    assert fitted.is_steadied
    assert type(model).from_json(fitted.to_json()).is_steadied
    assert "steadied by a weak prior" in fitted.verdict_.reason
    assert fitted.loglik_ == pytest.approx(fitted.log_likelihood(THREE), rel=1e-12)
    assert all(0 < error < math.inf for error in fitted.standard_errors_.values())


@each
def test_a_steadied_fit_is_the_top_of_likelihood_times_prior_with_the_width_of_the_posterior(
    model: PurchaseModel,
) -> None:
    fitted = type(model).fit(THREE, time_unit=model.time_unit, steadied=True)
    timed = {"alpha", "beta"} if model.counts_occasions is False else set()
    scale = np.array([20.0 if name in timed else 1.0 for name in fitted.parameter_names])

    def posterior(logs: Any) -> float:
        given = dict(zip(fitted.parameter_names, np.exp(logs), strict=True))
        likely = dataclasses.replace(fitted, **given, fit_=None).log_likelihood(THREE)
        return likely - float(np.sum((logs - np.log(scale)) ** 2)) / (2 * 3**2)

    top, step, size = np.log(fitted.vector), 1e-3, len(scale)
    eye = np.eye(size) * step
    bends = np.array(
        [
            [
                posterior(top + one + two)
                - posterior(top + one - two)
                - posterior(top - one + two)
                + posterior(top - one - two)
                for two in eye
            ]
            for one in eye
        ]
    ) / (4 * step**2)
    slopes = [(posterior(top + one) - posterior(top - one)) / (2 * step) for one in eye]
    assert np.abs(slopes).max() < 1e-4
    expected = np.sqrt(np.diag(np.linalg.inv(-bends))) * fitted.vector
    np.testing.assert_allclose(list(fitted.standard_errors_.values()), expected, rtol=2e-3)


def test_where_the_data_speak_the_prior_is_hardly_heard() -> None:
    table = truth(GIVEN["MBG/NBD"], 3000, 1)
    plain, steadied = (ModifiedBetaGeo.fit(table, steadied=steadied) for steadied in (False, True))
    apart = np.abs(np.log(steadied.vector / plain.vector))
    assert (apart < 0.1 * np.sqrt(np.diag(np.array(plain.fit_.covariance)))).all()
    assert not plain.is_steadied
    assert plain.loglik_ - 0.05 < steadied.loglik_ < plain.loglik_


def test_spend_of_one_purchase_each_is_steadied_too() -> None:
    table = pd.DataFrame({"repeat_purchases": [1, 1, 1], "mean_repeat_value": [20.0, 21.0, 22.0]})
    with pytest.raises(errors.ConvergenceError):
        GammaGamma.fit(table)
    fitted = GammaGamma.fit(table, steadied=True)
    assert fitted.is_steadied
    assert GammaGamma.from_json(fitted.to_json()) == fitted


@each
def test_the_order_of_rows_and_putting_rows_together_change_nothing(model: PurchaseModel) -> None:
    table = truth(model, 300, 2)
    fitted = type(model).fit(table)
    shuffled = table.sample(frac=1, random_state=1)
    assert type(model).fit(shuffled) == fitted
    weighted = table.assign(customers=2)
    twice = type(model).fit(weighted)
    assert twice.loglik_ == pytest.approx(2 * fitted.loglik_, rel=1e-9)
    assert twice.vector == pytest.approx(fitted.vector, rel=1e-4)


def test_the_unit_of_the_table_is_the_model_s_unless_another_is_asked_for() -> None:
    weeks = simulated.customers("coin", COIN, 800, seed=3).assign(time_unit="W")
    days = weeks.assign(
        time_unit="D",
        last_purchase_age=weeks["last_purchase_age"] * 7,
        customer_age=weeks["customer_age"] * 7,
    )
    weekly, daily = BetaGeo.fit(weeks), BetaGeo.fit(days)
    assert (weekly.time_unit, daily.time_unit) == ("W", "D")
    assert daily.alpha == pytest.approx(7 * weekly.alpha, rel=1e-5)
    assert BetaGeo.fit(days, time_unit="W").alpha == pytest.approx(weekly.alpha, rel=1e-9)
    predicted = [m.expected_purchases(weeks, horizon="90D") for m in (weekly, daily)]
    np.testing.assert_allclose(*predicted, rtol=1e-5)


def table_of(rows: list[tuple[float, float, float]]) -> pd.DataFrame:
    columns = ["repeat_purchases", "last_purchase_age", "customer_age"]
    return pd.DataFrame(rows, columns=columns).assign(
        log_interval_sum=lambda table: table["repeat_purchases"] * 0.1
    )


ONE = table_of([(3, 20, 39)])
SAME = table_of([(3, 20, 39)] * 50)
NONE = table_of([(0, 0, 39)] * 50)
six = pytest.mark.parametrize(
    "model", [BetaGeo, ModifiedBetaGeo, ParetoNBD, NBD, BetaGeoCNBD, BetaBinomial]
)


@six
@pytest.mark.parametrize("table", [ONE, SAME], ids=["one customer", "all the same"])
def test_too_little_to_learn_from_is_said_and_what_was_found_is_held(
    model: type[PurchaseModel], table: pd.DataFrame
) -> None:
    with pytest.raises(
        errors.ConvergenceError, match="do not differ in how often they buy"
    ) as caught:
        model.fit(table)
    result = caught.value.result
    assert isinstance(result, model)
    assert result.verdict_.not_identified
    assert not result.verdict_.converged
    assert all(math.isfinite(value) and value > 0 for value in result.vector)
    assert model.from_json(result.to_json()) == result


@six
def test_no_repeat_purchase_at_all_is_a_clear_error(model: type[PurchaseModel]) -> None:
    with pytest.raises(errors.ContractError, match="none of the 50 customers has a repeat"):
        model.fit(NONE)
    with pytest.raises(errors.ContractError, match="every customer_age is 0"):
        model.fit(table_of([(0, 0, 0)]))


def test_customers_who_never_stop_leave_the_dropout_unknown() -> None:
    table = simulated.customers("never", {"r": 0.5, "alpha": 8}, 2000, seed=2)
    with pytest.raises(errors.ConvergenceError, match="nobody seems to stop: with a and b") as caught:
        BetaGeo.fit(table)
    assert caught.value.result.loglik_ == pytest.approx(NBD.fit(table).loglik_, abs=0.5)


@pytest.mark.parametrize("model", [BetaGeo, ModifiedBetaGeo, ParetoNBD, NBD])
@pytest.mark.slow
def test_purchases_in_the_thousands_are_fitted(model: type[PurchaseModel]) -> None:
    busy = {"r": 3.0, "alpha": 0.03, "a": 0.3, "b": 300.0}
    table = simulated.customers("coin", busy, 300, seed=1)
    assert table["repeat_purchases"].max() > 5000
    fitted = model.fit(table)
    predicted = fitted.predict(table, horizon=2)
    assert np.isfinite(predicted.to_numpy(dtype=float)).all()


# Predicting


@each
def test_predictions_are_numbers_in_their_range(model: PurchaseModel) -> None:
    table = truth(model, 200, 4).rename_axis("row").iloc[::-1]
    table.insert(0, "customer_id", [f"C{i}" for i in range(len(table))])
    fitted = type(model).fit(table, time_unit=model.time_unit)
    found = fitted.predict(table, horizon=5)
    assert found.index.equals(table.index)
    assert found["customer_id"].equals(table["customer_id"])
    assert np.isfinite(found.drop(columns="customer_id").to_numpy(dtype=float)).all()
    for column in ("probability_alive", "probability_no_purchase"):
        assert found[column].between(0, 1).all()
    for column in ("probability_alive", "expected_purchases"):
        assert (found[f"{column}_low"] <= found[column] + 1e-12).all()
        assert (found[column] <= found[f"{column}_high"] + 1e-12).all()
    assert (found["purchases_low"] <= found["purchases_high"]).all()
    pd.testing.assert_series_equal(
        found["expected_purchases"], fitted.expected_purchases(table, horizon=5)
    )
    pd.testing.assert_series_equal(found["probability_alive"], fitted.probability_alive(table))
    pd.testing.assert_series_equal(
        found["probability_no_purchase"], fitted.probability_no_purchase(table, horizon=5)
    )
    total = fitted.total(table, horizon=5).iloc[0]
    assert total["expected_purchases"] == pytest.approx(found["expected_purchases"].sum())
    assert total["purchases_low"] < total["expected_purchases_low"] < total["expected_purchases"]
    assert total["expected_purchases"] < total["expected_purchases_high"] < total["purchases_high"]


@each
def test_a_horizon_of_nothing_holds_no_purchase(model: PurchaseModel) -> None:
    found = model.predict(truth(model, 20, 5), horizon=0)
    for column in ("expected_purchases", "expected_purchases_high", "purchases_high"):
        assert (found[column] == 0).all()
    assert (found["probability_no_purchase"] == 1).all()
    assert model.total(truth(model, 20, 5), horizon=0).iloc[0]["purchases_high"] == 0


@each
def test_nobody_is_predicted_nothing(model: PurchaseModel) -> None:
    nobody = truth(model, 20, 5).head(0)
    assert len(model.predict(nobody, horizon=5)) == 0
    assert model.log_likelihood(nobody) == 0
    assert model.total(nobody, horizon=5)["expected_purchases"].tolist() == [0.0]


@each
def test_a_new_customer_is_one_who_bought_today(model: PurchaseModel) -> None:
    today = simulated.one(0, 0, 0)
    new = model.new_customer(horizon=5)
    pd.testing.assert_frame_equal(new, model.predict(today, horizon=5))


@pytest.mark.parametrize("model", [m for n, m in GIVEN.items() if n != "BG/BB"], ids=str)
@pytest.mark.slow
def test_customers_do_what_the_true_model_expects_and_within_its_ranges(
    model: PurchaseModel,
) -> None:
    table = truth(model, 20_000, 6)
    found = model.predict(table, horizon=26, level=0.9)
    total = model.total(table, horizon=26, level=0.999).iloc[0]
    assert total["purchases_low"] < table["future"].sum() < total["purchases_high"]
    # by what they did before, too: no group is expected too much or too little
    often = table["repeat_purchases"].clip(upper=6)
    errors_ = (table["future"] - found["expected_purchases"]).groupby(often).agg(["mean", "sem"])
    assert (errors_["mean"].abs() < 4.5 * errors_["sem"]).all(), errors_
    silent = found["probability_no_purchase"].groupby(often).mean()
    was_silent = (table["future"] == 0).groupby(often).mean()
    assert (silent - was_silent).abs().max() < 0.05
    inside = table["future"].between(found["purchases_low"], found["purchases_high"]).mean()
    assert inside >= 0.9


def test_the_number_alive_is_right_where_it_can_be_told() -> None:
    table = truth(GIVEN["Pareto/NBD"], 20_000, 7)
    expected = GIVEN["Pareto/NBD"].expected_purchases(table, horizon=26).sum()
    assert table["future"].sum() == pytest.approx(expected, rel=0.05)


@pytest.mark.slow
def test_intervals_are_as_wide_as_fits_scatter() -> None:
    customer = simulated.one(4, 20, 39)
    estimates, inside = [], []
    right = GIVEN["BG/NBD"].expected_purchases(customer, horizon=26)[0]
    for seed in range(80):
        fitted = BetaGeo.fit(simulated.customers("coin", COIN, 800, seed=seed))
        row = fitted.predict(customer, horizon=26, level=0.9).iloc[0]
        estimates.append(row["expected_purchases"])
        inside.append(row["expected_purchases_low"] <= right <= row["expected_purchases_high"])
    assert 0.9 - 4 * math.sqrt(0.09 / 80) <= np.mean(inside) <= 1
    assert np.std(estimates) > 0


def test_who_bought_once_is_alive_for_sure_in_bg_nbd_which_says_it_cannot_tell() -> None:
    once = simulated.one(0, 0, 500)
    for model in GIVEN.values():
        if isinstance(model, BetaBinomial):
            continue
        alive = model.probability_alive(once)[0]
        assert (alive == 1) == (not model.tells_one_time_buyers), model


def test_a_and_s_may_be_one_and_a_plus_b_below_one() -> None:
    table = simulated.one(3, 20, 39)
    for make in (
        lambda a: BetaGeo(r=0.5, alpha=5, a=a, b=2),
        lambda s: ParetoNBD(r=0.5, alpha=5, s=s, beta=5),
    ):
        values = [
            make(v).expected_purchases(table, horizon=52)[0] for v in (1 - 1e-7, 1.0, 1 + 1e-7)
        ]
        assert values == sorted(values, reverse=True)
        assert values[0] - values[2] < 1e-5
    small = BetaGeo(r=0.5, alpha=5, a=0.2, b=0.3)
    assert 0 < small.expected_purchases(table, horizon=52)[0] < 52


def test_models_with_a_rhythm_tell_sooner_that_a_regular_customer_is_gone() -> None:
    table = simulated.one(8, 30, 39)
    alive = [
        BetaGeoCNBD(r=0.9 * k, alpha=3, a=0.8, b=2.4, k=k).probability_alive(table)[0]
        for k in (1, 2, 4, 8)
    ]
    assert alive == sorted(alive, reverse=True)


# Spend


def test_customers_without_a_value_are_left_out_and_counted() -> None:
    table = simulated.spending({"p": 6.0, "q": 4.0, "v": 15.0}, 500, seed=1)
    fitted = GammaGamma.fit(table)
    free = pd.DataFrame({"repeat_purchases": [2, 1, 0], "mean_repeat_value": [0.0, -5.0, None]})
    with_free = GammaGamma.fit(pd.concat([table, free], ignore_index=True))
    assert with_free.left_out_ == 2
    assert with_free.parameters == fitted.parameters
    assert fitted.expected_spend(free).tolist() == [fitted.mean_spend] * 3
    with pytest.raises(errors.ContractError, match="no customer has a mean_repeat_value above 0"):
        GammaGamma.fit(free)


def test_q_at_or_below_one_says_that_there_is_no_mean_and_gives_no_negative_value() -> None:
    for q in (0.5, 0.9, 1.0):
        model = GammaGamma(p=3, q=q, v=15)
        with pytest.raises(errors.ParameterError, match="not finite") as caught:
            _ = model.mean_spend
        assert "repeat purchases" in caught.value.mend
        known = pd.DataFrame({"repeat_purchases": [2], "mean_repeat_value": [20.0]})
        assert model.expected_spend(known)[0] > 0
        unknown = pd.DataFrame({"repeat_purchases": [2, 0], "mean_repeat_value": [20.0, None]})
        with pytest.raises(errors.ParameterError, match="so 1 customers without a known value"):
            model.predict(unknown)
    heavy = GammaGamma.fit(simulated.spending({"p": 3, "q": 0.7, "v": 15}, 3000, seed=1))
    assert heavy.q < 1


def test_infinite_values_are_refused() -> None:
    table = pd.DataFrame({"repeat_purchases": [2], "mean_repeat_value": [math.inf]})
    with pytest.raises(errors.ContractError, match="mean_repeat_value is infinite in 1"):
        GammaGamma.fit(table)


@pytest.mark.parametrize("p", [3.0, 30.0])
def test_expected_spend_moves_from_the_mean_to_the_customer_s_own(p: float) -> None:
    model = GammaGamma(p=p, q=3, v=20)
    table = pd.DataFrame(
        {"repeat_purchases": [0, 1, 5, 500], "mean_repeat_value": [None, 90, 90, 90.0]}
    )
    found = model.predict(table)["expected_spend"]
    own = 90.0
    assert found[0] == pytest.approx(model.mean_spend)
    assert (found.diff().dropna() * np.sign(own - found[0]) > 0).all()
    assert found[3] == pytest.approx(own, rel=0.01)


def worth(**options: Any) -> pd.DataFrame:
    table = truth(GIVEN["BG/NBD"], 50, 8).assign(mean_repeat_value=30.0)
    spend = GammaGamma(p=6.25, q=3.74, v=15.44)
    return models.lifetime_value(
        table, purchases=GIVEN["BG/NBD"], spend=spend, **{"horizon": "1Y", **options}
    )


def test_lifetime_value_is_purchases_times_spend_discounted() -> None:
    plain = worth(yearly_rate=0.0)
    assert plain["lifetime_value"].to_numpy() == pytest.approx(
        (plain["discounted_purchases"] * plain["expected_spend"]).to_numpy()
    )
    table = truth(GIVEN["BG/NBD"], 50, 8)
    undiscounted = GIVEN["BG/NBD"].expected_purchases(table, horizon="1Y")
    assert plain["discounted_purchases"].to_numpy() == pytest.approx(undiscounted.to_numpy())
    dearer = worth(yearly_rate=0.2)
    assert (dearer["lifetime_value"] < plain["lifetime_value"]).all()
    # a year at 20 % takes off at most a sixth
    assert (dearer["lifetime_value"] > plain["lifetime_value"] / 1.2).all()
    assert worth(margin=0.5, yearly_rate=0.0)["lifetime_value"].to_numpy() == pytest.approx(
        plain["lifetime_value"].to_numpy() / 2
    )
    assert (worth(horizon=0)["lifetime_value"] == 0).all()


def test_lifetime_value_intervals_hold_the_uncertainty_of_both_models() -> None:
    table = truth(GIVEN["BG/NBD"], 600, 9).assign(
        mean_repeat_value=lambda t: np.where(t["repeat_purchases"] > 0, 30.0 + t.index % 7, np.nan)
    )
    purchases, spend = BetaGeo.fit(table), GammaGamma.fit(table)
    given = GammaGamma(**spend.parameters)
    both, one = (
        models.lifetime_value(table, purchases=purchases, spend=s, horizon="1Y")
        for s in (spend, given)
    )
    assert (both["lifetime_value_high"] > one["lifetime_value_high"]).all()
    assert (one["lifetime_value_high"] > one["lifetime_value"]).all()
    assert (both["lifetime_value_low"] > 0).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"yearly_rate": -1}, "above −1"),
        ({"margin": 0}, "margin is 0"),
        ({"margin": math.nan}, "margin is nan"),
        ({"level": 1.0}, "level is 1.0"),
        ({"horizon": -3}, "0 or more"),
    ],
)
def test_lifetime_value_of_nonsense_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(errors.ParameterError, match=message):
        worth(**options)


# Keeping


@each
def test_a_model_comes_back_from_json_exactly(model: PurchaseModel, tmp_path: Path) -> None:
    fitted = type(model).fit(truth(model, 300, 10), time_unit=model.time_unit)
    for one in (model, fitted):
        assert type(model).load(one.save(tmp_path / "model.json")) == one
    back = type(model).load(tmp_path / "model.json")
    assert back.verdict_ == fitted.verdict_
    assert back.standard_errors_ == fitted.standard_errors_


def test_another_model_s_file_is_refused() -> None:
    text = GIVEN["BG/NBD"].to_json()
    with pytest.raises(errors.SourceError, match=r"'workbench\.BetaGeo', not"):
        ParetoNBD.from_json(text)
    document = json.loads(text)
    for changes, message in (
        ({"r": -1.0}, "r is -1.0"),
        ({"fit": {"loglik": 1.0}}, "the fit cannot be read"),
        ({"fit": 3}, "the fit cannot be read"),
        ({"surprise": 1}, "'surprise' is unknown"),
        ({"time_unit": "weeks"}, "time_unit is 'weeks'"),
    ):
        with pytest.raises(errors.SourceError, match=message):
            BetaGeo.from_json(json.dumps({**document, **changes}))


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf, "1", True])
def test_parameters_that_no_model_can_have_are_refused(value: Any) -> None:
    with pytest.raises(errors.ParameterError, match="Give parameters that are numbers above 0"):
        BetaGeo(**{**COIN, "r": value})
    with pytest.raises(errors.ParameterError, match=r"k is"):
        BetaGeoCNBD(**COIN, k=0)


@each
def test_a_model_never_changes_and_what_was_not_fitted_says_so(model: PurchaseModel) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        model.r = 2.0  # type: ignore[attr-defined,misc]
    for name in ("loglik_", "aic_", "standard_errors_", "verdict_"):
        with pytest.raises(errors.ParameterError, match="was given its parameters"):
            getattr(model, name)


# Comparing


def orders_of_coins(count: int) -> pd.DataFrame:
    """Orders whose customers behave as BG/NBD says, from 2024 on."""
    dice = np.random.default_rng(11)
    rows = []
    for customer in range(count):
        day, rate, stop = dice.uniform(0, 90), dice.gamma(0.7, 1 / 35), dice.beta(0.8, 2.4)
        while day < 550:
            rows.append((f"C{customer}", pd.Timestamp("2024-01-01") + pd.Timedelta(days=day), 10.0))
            if len(rows) > 1 and rows[-2][0] == f"C{customer}" and dice.random() < stop:
                break
            day += dice.exponential(1 / rate)
    return pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"])


def test_a_comparison_adds_up_whatever_it_is_looked_at_by() -> None:
    orders = orders_of_coins(400)
    found = models.compare(orders, calibration_end="2024-12-31", as_of="2025-06-30")
    assert set(found.models) == set(found.scores["model"]) - set(
        found.scores.loc[~found.scores["converged"], "model"]
    )
    table = models.summary(orders, calibration_end="2024-12-31", as_of="2025-06-30")
    happened = table["holdout_purchases"].sum()
    assert (found.scores["holdout_purchases"] == happened).all()
    for name, rows in found.by_frequency.groupby("model"):
        assert (rows["customers"] * rows["actual_mean"]).sum() == pytest.approx(happened)
        score = found.scores.set_index("model").loc[str(name)]
        expected = (rows["customers"] * rows["expected_mean"]).sum()
        assert expected == pytest.approx(score["expected_purchases"])
        assert score["bias"] == pytest.approx(expected / happened - 1)
        assert score["wape"] == pytest.approx(score["mean_absolute_error"] * len(table) / happened)
    for _, rows in found.tracking.groupby("model"):
        assert rows["step"].tolist() == list(range(1, len(rows) + 1))
        assert rows["expected_cumulated"].diff().dropna().ge(0).all()
        assert rows["actual_purchases"].cumsum().equals(rows["actual_cumulated"])
    scores = found.scores.set_index("model")
    assert scores.loc["BetaGeo", "loglik"] > scores.loc["NBD", "loglik"]
    assert abs(scores.loc["BetaGeo", "bias"]) < abs(scores.loc["NBD", "bias"])
    # as many as were repeats of customers who had come by then
    weeks = found.tracking[found.tracking["model"] == "BetaGeo"]
    whole = models.summary(orders, as_of=weeks["until"].iloc[-1])
    known = whole["customer_id"].isin(table["customer_id"])
    assert weeks["actual_purchases"].sum() == whole.loc[known, "repeat_purchases"].sum()


def test_a_model_without_a_fit_keeps_its_row_and_the_reason() -> None:
    days = pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01", "2024-05-01"])
    orders = pd.DataFrame({"customer_id": "A", "ordered_at": days, "amount": 1.0})
    found = models.compare(
        orders, calibration_end="2024-03-31", as_of="2024-06-30", models=[BetaGeo]
    )
    assert found.models == {}
    (row,) = found.scores.to_dict("records")
    assert not row["converged"]
    assert "no fit" in row["reason"]
    assert math.isnan(row["loglik"])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "models is empty"),
        ([GammaGamma], "no class of a purchase model"),
        ([BetaBinomial], "occasions"),
    ],
)
def test_what_cannot_be_compared_is_refused(given: Any, message: str) -> None:
    with pytest.raises(errors.WorkbenchError, match=message):
        models.compare(
            orders_of_coins(5), calibration_end="2024-12-31", as_of="2025-06-30", models=given
        )


def test_every_purchase_model_is_there_under_its_name() -> None:
    for model, other in itertools.combinations(GIVEN.values(), 2):
        assert model.kind != other.kind
    assert all(type(model).__name__ in models.__all__ for model in GIVEN.values())
