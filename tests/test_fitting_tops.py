"""Of several tops the highest is kept, nothing depends on a unit, and no fit says why it is none."""

import dataclasses
import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
import simulated
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import bench_tops
from workbench import errors, models, samples
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

TIMED = [BetaGeo, ModifiedBetaGeo, ParetoNBD, BetaGeoCNBD, ModifiedBetaGeoCNBD, NBD]
pytestmark = pytest.mark.many
timed = pytest.mark.parametrize("model", TIMED, ids=lambda model: model.__name__)

# Tops


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    return models.summary(samples.company()["orders"], as_of="2026-10-31")


def test_pareto_nbd_of_the_sample_company_stands_on_the_higher_of_its_two_tops(
    sample: pd.DataFrame,
) -> None:
    fitted = ParetoNBD.fit(sample)
    # the lower, where the search once stopped: −41,592.61
    assert fitted.loglik_ == pytest.approx(-41_481.594, abs=0.001)
    expected = {"r": 2.0816, "alpha": 10.1507, "s": 0.14174, "beta": 0.034871}
    assert fitted.parameters == pytest.approx(expected, rel=1e-4)
    assert fitted.verdict_.tops == 2
    assert "the highest of 2 tops" in fitted.verdict_.reason


@pytest.mark.slow
def test_no_random_start_leads_higher_than_a_fit() -> None:
    dates = ["2025-10-31", "2026-10-31"]
    found = list(
        bench_tops.search(size=300, dates=dates, seeds=[samples.SEED], starts=4)
    )  # make bench: more customers, dates, seeds and starts
    assert {one.model for _, _, one in found} == {kind.__name__ for kind in bench_tops.KINDS}
    assert [case for case in found if case[2].is_beaten] == []
    assert max(one.tops for _, _, one in found) > 1


def test_the_bench_finds_a_top_that_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    table = models.summary(samples.company(customers=300)["orders"], as_of="2026-10-31")
    starts = ModifiedBetaGeo.likelihood.starts
    monkeypatch.setattr(
        type(ModifiedBetaGeo.likelihood), "starts", lambda self, rows: starts(rows)[-1:]
    )
    found = bench_tops.compared(ModifiedBetaGeo, table, starts=8, seed=1)
    assert found.is_beaten
    assert found.highest > found.fitted + 10


def test_how_many_tops_there_were_is_kept_and_old_files_are_read(sample: pd.DataFrame) -> None:
    fitted = ModifiedBetaGeo.fit(sample)
    assert fitted.verdict_.tops == 2
    document = json.loads(fitted.to_json())
    assert ModifiedBetaGeo.from_json(json.dumps(document)).verdict_.tops == 2
    del document["fit"]["verdict"]["tops"], document["fit"]["verdict"]["cause"]
    del document["fit"]["is_steadied"]
    assert ModifiedBetaGeo.from_json(json.dumps(document)).parameters == fitted.parameters


# Units

FACTORS = [1e-3, 1.0, 100.0, 1e6]


def alike(fitted: Any, other: Any, table: pd.DataFrame, again: pd.DataFrame, factor: float) -> None:
    """Require of a fit on other units all that does not depend on them, and the rest in proportion."""
    sizes = {name: factor if name in ("alpha", "beta", "v") else 1.0 for name in fitted.parameters}
    for ours, theirs in (
        (fitted.parameters, other.parameters),
        (fitted.standard_errors_, other.standard_errors_),
    ):
        expected = {name: value * sizes[name] for name, value in ours.items()}
        assert theirs == pytest.approx(expected, rel=1e-5)
    verdict = other.verdict_
    assert (verdict.converged, verdict.reason, verdict.tops) == (
        fitted.verdict_.converged,
        fitted.verdict_.reason,
        fitted.verdict_.tops,
    )
    assert other.loglik_ == pytest.approx(other.log_likelihood(again), rel=1e-12)


def spends(factor: float, count: int = 400) -> pd.DataFrame:
    table = simulated.spending({"p": 6.0, "q": 4.0, "v": 15.0}, count, seed=3)
    return table.assign(mean_repeat_value=table["mean_repeat_value"] * factor)


def check_money(factor: float, *, count: int = 400, steadied: bool = False) -> None:
    table, again = spends(1.0, count), spends(factor, count)
    fitted, other = (GammaGamma.fit(one, steadied=steadied) for one in (table, again))
    alike(fitted, other, table, again, factor)
    # the density of a value in other money is that in the first, over the factor
    bought = int((table["repeat_purchases"] > 0).sum())
    assert other.loglik_ == pytest.approx(fitted.loglik_ - bought * math.log(factor), rel=1e-9)
    expected = factor * fitted.expected_spend(table)
    np.testing.assert_allclose(other.expected_spend(again), expected, rtol=1e-6)


@pytest.mark.parametrize("steadied", [False, True])
@pytest.mark.parametrize("factor", [*FACTORS, 1e9])
def test_a_model_of_spend_does_not_depend_on_the_currency(factor: float, steadied: bool) -> None:
    check_money(factor, steadied=steadied)


@settings(deadline=None, max_examples=10)
@given(st.floats(-12, 12))
def test_any_currency_gives_the_same_model_of_spend(power: float) -> None:
    check_money(10**power)


def of_ages(factor: float, kind: str = "coin at start") -> pd.DataFrame:
    given = {"r": 0.7, "alpha": 5.0, "a": 0.8, "b": 2.4}
    table = simulated.customers(kind, given, 500, seed=4)
    return table.assign(
        last_purchase_age=table["last_purchase_age"] * factor,
        customer_age=table["customer_age"] * factor,
        log_interval_sum=table["log_interval_sum"] + table["repeat_purchases"] * math.log(factor),
    )


def check_times(model: type[PurchaseModel], factor: float, *, steadied: bool = False) -> None:
    table, again = of_ages(1.0), of_ages(factor)
    fitted, other = (model.fit(one, steadied=steadied) for one in (table, again))
    alike(fitted, other, table, again, factor)
    bought = int(table["repeat_purchases"].sum())
    assert other.loglik_ == pytest.approx(fitted.loglik_ - bought * math.log(factor), rel=1e-9)
    alive = fitted.probability_alive(table)
    np.testing.assert_allclose(other.probability_alive(again), alive, rtol=1e-6)
    ahead = fitted.expected_purchases(table, horizon=26.0)
    found = other.expected_purchases(again, horizon=26.0 * factor)
    np.testing.assert_allclose(found, ahead, rtol=1e-6)


@timed
@pytest.mark.parametrize("steadied", [False, True])
@pytest.mark.parametrize("factor", [*FACTORS, 168.0])
def test_a_model_of_purchases_does_not_depend_on_the_unit_of_time(
    model: type[PurchaseModel], factor: float, steadied: bool
) -> None:
    check_times(model, factor, steadied=steadied)


@settings(deadline=None, max_examples=10)
@given(st.floats(-9, 9))
def test_any_unit_of_time_gives_the_same_model_of_purchases(power: float) -> None:
    check_times(ModifiedBetaGeo, 10**power)


# Reasons


@pytest.mark.parametrize("model", [BetaGeo, ModifiedBetaGeo, ParetoNBD])
def test_customers_who_never_stop_are_the_reason_and_not_that_they_are_few(
    model: type[PurchaseModel],
) -> None:
    # so regular that a silence is shorter than chance would have it, as in many order books
    table = simulated.customers("never", {"r": 2.0, "alpha": 3.0}, 800, seed=1, k=3)
    with pytest.raises(errors.ConvergenceError, match="nobody seems to stop") as caught:
        model.fit(table)
    verdict = caught.value.result.verdict_
    assert (verdict.cause, verdict.tops) == ("nobody_stops", 0)
    assert "gains nothing over customers who never do" in verdict.reason
    assert "steadied=True" in caught.value.mend
    assert "few" not in str(caught.value)
    assert caught.value.result.loglik_ == pytest.approx(NBD.fit(table).loglik_, abs=0.01)


@timed
def test_customers_who_are_all_the_same_are_the_reason(model: type[PurchaseModel]) -> None:
    table = pd.concat([simulated.one(3, 5, 20, log_interval_sum=1.0)] * 30, ignore_index=True)
    with pytest.raises(errors.ConvergenceError, match="do not differ in how often") as caught:
        model.fit(table)
    assert caught.value.result.verdict_.cause == "all_alike"
    assert model.fit(table, steadied=True).is_steadied


def test_spend_that_does_not_vary_is_the_reason() -> None:
    with pytest.raises(errors.ConvergenceError, match="same at every purchase") as caught:
        GammaGamma.fit(spends(1.0, 60))
    assert caught.value.result.verdict_.cause == "all_alike"
    dice, x = np.random.default_rng(2), np.tile([1, 2, 3, 4], 50)
    one_mean = pd.DataFrame({"repeat_purchases": x, "mean_repeat_value": dice.gamma(4 * x) / x})
    with pytest.raises(errors.ConvergenceError, match="do not differ in what they spend"):
        GammaGamma.fit(one_mean)


def test_some_who_always_buy_and_others_who_never_do_are_the_reason() -> None:
    table = pd.DataFrame(
        {"repeat_purchases": [0, 8], "last_purchase_age": [0, 8], "customer_age": 8}
    ).assign(customers=40)
    with pytest.raises(errors.ConvergenceError) as caught:
        BetaBinomial.fit(table)
    assert "never" in caught.value.what


def test_every_cause_is_one_of_those_that_are_named() -> None:
    assert set(models.CAUSES) >= {"nobody_stops", "all_alike", "extremes", "flat", "stopped_short"}
    fields = {field.name for field in dataclasses.fields(models.Verdict)}
    assert {"tops", "cause", "not_identified"} <= fields
