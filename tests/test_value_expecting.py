"""What is expected of customers: the models' own numbers, summed rightly, and silent where unknown."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from workbench import errors, loaders, models, purchases, samples, value

AS_OF = "2026-10-31"
GIVEN: dict[str, Any] = {
    "BetaGeo": {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426},
    "ModifiedBetaGeo": {"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614},
    "ParetoNBD": {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669},
    "BetaGeoCNBD": {"r": 0.9, "alpha": 3.0, "a": 0.8, "b": 2.4, "k": 3},
    "ModifiedBetaGeoCNBD": {"r": 0.9, "alpha": 3.0, "a": 0.8, "b": 2.4, "k": 3},
    "NBD": {"r": 0.385, "alpha": 12.07},
}


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    return samples.company(customers=250, seed=5)["orders"]


@pytest.fixture(scope="module")
def summary(orders: pd.DataFrame) -> pd.DataFrame:
    return models.summary(orders, as_of=AS_OF)


@pytest.fixture(scope="module")
def fits(summary: pd.DataFrame) -> dict[str, Any]:
    return {
        "purchases": models.ModifiedBetaGeo.fit(summary),
        "spend": models.GammaGamma.fit(summary),
    }


@pytest.fixture(scope="module")
def expected(summary: pd.DataFrame, fits: dict[str, Any]) -> value.Expectation:
    return value.expect(summary, **fits, horizon_days=365, yearly_rate=0.12)


# Who is active, as far as it can be told


@pytest.mark.parametrize("name", GIVEN)
def test_who_bought_once_is_never_said_to_be_active_where_the_model_cannot_tell(name: str) -> None:
    model = getattr(models, name)(**GIVEN[name])
    table = pd.DataFrame(
        {
            "repeat_purchases": [0, 2, 0],
            "last_purchase_age": [0.0, 30.0, 0.0],
            "customer_age": [200.0, 39.0, 39.0],
        },
        index=[7, 3, 5],
    )
    found = value.alive(table, model)
    assert found.index.tolist() == [7, 3, 5]
    told = {"BetaGeo": [3], "BetaGeoCNBD": [3], "NBD": []}.get(name, [7, 3, 5])
    assert found.dropna().index.tolist() == told
    assert model.can_tell(table).tolist() == [place in told for place in table.index]
    assert (found.dropna() < 1).all()
    pd.testing.assert_series_equal(found.dropna(), model.probability_alive(table).loc[told])


def test_those_that_cannot_be_told_are_a_class_of_their_own_and_everybody_is_in_one() -> None:
    customers = pd.DataFrame({"probability_alive": [0.0, 0.1, 0.3, 0.999, 1.0, None, None]})
    found = value.activity(customers)
    assert found["customers"].sum() == 7
    assert found["customer_share"].sum() == pytest.approx(1)
    assert found.loc[~found["is_told"], "customers"].tolist() == [2]
    counted = found[found["is_told"]].set_index("left")["customers"]
    assert counted[counted > 0].round(1).to_dict() == {0.0: 1, 0.1: 1, 0.3: 1, 0.9: 2}


# What is expected


def test_each_customers_numbers_are_those_of_the_models(
    expected: value.Expectation, summary: pd.DataFrame, fits: dict[str, Any]
) -> None:
    worth = models.lifetime_value(summary, **fits, horizon="365D", yearly_rate=0.12)
    bought = fits["purchases"].predict(summary, horizon="365D")
    found = expected.customers.set_index("customer_id").loc[summary["customer_id"]]
    for source, columns in (
        (worth, ("expected_spend", "lifetime_value", "lifetime_value_low", "lifetime_value_high")),
        (bought, ("probability_alive", "expected_purchases", "expected_purchases_high")),
    ):
        for column in columns:
            # the discount is that of the estimate, whichever parameters are tried
            exact = 1e-3 if column in ("lifetime_value_low", "lifetime_value_high") else 1e-9
            np.testing.assert_allclose(found[column], source[column], rtol=exact)
    np.testing.assert_allclose(
        found["expected_monetary"], found["expected_purchases"] * found["expected_spend"]
    )


def test_the_total_is_the_sum_and_its_interval_that_of_the_model(
    expected: value.Expectation, summary: pd.DataFrame, fits: dict[str, Any]
) -> None:
    (row,) = expected.total.to_dict("records")
    for name in ("expected_purchases", "expected_monetary", "lifetime_value"):
        assert row[name] == pytest.approx(expected.customers[name].sum())
        assert row[f"{name}_low"] < row[name] < row[f"{name}_high"]
    total = fits["purchases"].total(summary, horizon="365D").iloc[0]
    for end in ("", "_low", "_high"):
        assert row[f"expected_purchases{end}"] == pytest.approx(total[f"expected_purchases{end}"])
    # the whole is surer than its parts: errors of the parts do not all go one way
    ends = expected.customers["lifetime_value_high"].sum() / row["lifetime_value"]
    assert row["lifetime_value_high"] / row["lifetime_value"] <= ends + 1e-9
    assert row["lifetime_value"] < row["expected_monetary"], "a discount makes it less"


def test_what_will_be_is_another_range_than_how_far_a_mean_is_known(
    expected: value.Expectation,
) -> None:
    total = expected.total.iloc[0]
    for name, mean in (
        ("purchases", "expected_purchases"),
        ("money", "expected_monetary"),
        ("worth", "lifetime_value"),
    ):
        ends = [total[f"{name}_{end}"] for end in ("lowest", "low", "high", "highest")]
        assert ends == sorted(ends)
        assert ends[0] < total[f"{mean}_low"] < total[f"{mean}_high"] < ends[3]
        own = expected.customers
        assert (own[f"{name}_low"] <= own[f"{name}_high"]).all()
    both = expected.customers["lifetime_value_high"] < expected.customers["worth_high"]
    assert both.head(20).all(), "who buys much will not spend the mean"


def test_the_same_seed_draws_the_same_futures(summary: pd.DataFrame, fits: dict[str, Any]) -> None:
    one, same, other = (
        value.expect(summary, **fits, horizon_days=90, seed=seed).total for seed in (3, 3, 4)
    )
    pd.testing.assert_frame_equal(one, same)
    assert one["money_low"].iloc[0] != other["money_low"].iloc[0]
    with pytest.raises(errors.ParameterError, match="draws"):
        value.expect(summary, **fits, horizon_days=90, draws=39)


def test_the_most_valuable_stand_first_whatever_the_order_of_rows(
    expected: value.Expectation, summary: pd.DataFrame, fits: dict[str, Any]
) -> None:
    assert expected.customers["lifetime_value"].is_monotonic_decreasing
    shuffled = summary.sample(frac=1, random_state=3)
    again = value.expect(shuffled, **fits, horizon_days=365, yearly_rate=0.12)
    pd.testing.assert_frame_equal(again.customers, expected.customers)


def test_without_a_discount_value_is_the_expected_money(
    summary: pd.DataFrame, fits: dict[str, Any]
) -> None:
    found = value.expect(summary, **fits, horizon_days=90, yearly_rate=0).customers
    np.testing.assert_allclose(found["lifetime_value"], found["expected_monetary"])


def test_of_nobody_nothing_is_expected(summary: pd.DataFrame, fits: dict[str, Any]) -> None:
    found = value.expect(summary.head(0), **fits, horizon_days=90)
    assert found.customers.empty
    assert found.total["customers"].tolist() == [0]
    assert found.total["lifetime_value"].tolist() == [0.0]
    assert value.concentration(found.customers).empty
    assert value.activity(found.customers)["customers"].sum() == 0
    columns = value.expecting.nothing(90).customers.columns
    assert set(columns) == set(found.customers.columns)


@pytest.mark.parametrize("horizon", [0, True, 1.5])
def test_a_horizon_that_is_none_is_refused(
    summary: pd.DataFrame, fits: dict[str, Any], horizon: Any
) -> None:
    with pytest.raises((errors.ParameterError, errors.ParameterTypeError), match="horizon_days"):
        value.expect(summary, **fits, horizon_days=horizon)


def test_a_customer_who_is_there_twice_is_refused(
    summary: pd.DataFrame, fits: dict[str, Any]
) -> None:
    with pytest.raises(errors.ContractError, match="customer_id"):
        value.expect(pd.concat([summary, summary.head(1)]), **fits, horizon_days=90)


# From how few


def test_tenths_hold_all_of_the_value_and_equal_customers_share_one(
    expected: value.Expectation,
) -> None:
    found = value.concentration(expected.customers)
    assert found["customers"].sum() == len(expected.customers)
    assert found["customers"].max() - found["customers"].min() <= 2
    assert found["lifetime_value_share"].sum() == pytest.approx(1)
    assert found["lifetime_value"].is_monotonic_decreasing
    same = value.tenths(pd.DataFrame({"lifetime_value": [4.0] * 30 + [9.0]}))
    assert same["tenth"].nunique() == 2
    assert same["tenth"].iloc[-1] == 1


def test_a_customer_without_a_number_to_rank_by_is_refused() -> None:
    with pytest.raises(errors.ContractError, match="1 have no lifetime_value"):
        value.tenths(pd.DataFrame({"lifetime_value": [1.0, None]}))


def test_the_models_order_is_judged_by_what_was_really_spent(
    orders: pd.DataFrame,
) -> None:
    known = models.summary(orders, as_of="2026-04-30")
    past = value.expect(
        known,
        purchases=models.ModifiedBetaGeo.fit(known),
        spend=models.GammaGamma.fit(known),
        horizon_days=184,
    ).customers
    order = value.tenths(past, by="expected_monetary")
    spent = value.ahead(order, orders, horizon_days=184, until=AS_OF)
    found = value.judge(order, spent, by="tenth", predicted="expected_monetary")
    assert found["tenth"].iloc[0] == "1"
    assert found["customers"].sum() == len(spent)
    assert found["predicted"].sum() == pytest.approx(past["expected_monetary"].sum())


# The closest model


@pytest.fixture(scope="module")
def forecast(orders: pd.DataFrame) -> value.Forecast:
    return value.forecast(orders, as_of=AS_OF, calibration_end="2026-04-30", horizon_days=90)


def test_the_model_that_came_closest_is_fitted_on_all_that_is_known(
    orders: pd.DataFrame, forecast: value.Forecast
) -> None:
    split = {"as_of": AS_OF, "calibration_end": "2026-04-30"}
    scores = models.compare(orders, **split, tracked=False).scores
    pd.testing.assert_frame_equal(forecast.scores, scores)
    assert {each.__name__ for each in value.CANDIDATES} == set(scores["model"])
    assert forecast.model == scores["model"].iloc[0]
    assert (forecast.why, forecast.past.horizon_days) == ("", 184)
    known = models.summary(orders, as_of=AS_OF)
    spend = models.GammaGamma.fit(known, steadied=forecast.chosen.spend.is_steadied)
    purchases = getattr(models, forecast.model).fit(known)
    again = value.expect(known, purchases=purchases, spend=spend, horizon_days=90)
    pd.testing.assert_frame_equal(forecast.ahead.customers, again.customers)


def test_an_owners_forecast_is_learnt_from_everybody(forecast: value.Forecast) -> None:
    rows = forecast.ahead.customers
    some = set(rows["customer_id"].iloc[::7])
    theirs = forecast.chosen.forecast(horizon_days=90, of=some)
    rows = rows[rows["customer_id"].isin(some)].reset_index(drop=True)
    pd.testing.assert_frame_equal(theirs.ahead.customers, rows)
    assert theirs.ahead.total["customers"].tolist() == [len(some)]
    assert theirs.ahead.total["money_high"].iloc[0] < forecast.ahead.total["money_high"].iloc[0]
    assert set(theirs.past.customers["customer_id"]) <= some
    assert forecast.chosen.forecast(horizon_days=90, of=[]).ahead.customers.empty


def test_the_days_that_judge_are_half_a_year_or_a_third_of_a_young_book(
    orders: pd.DataFrame,
) -> None:
    assert value.choose(orders, as_of=AS_OF).calibration_end.isoformat() == "2026-05-02"
    young = orders[orders["ordered_at"] >= "2026-07-01"]
    assert value.choose(young, as_of=AS_OF).calibration_end.isoformat() == "2026-09-21"


# Steadied, or the true reason


def book(again: int, once: int, *, amount: float = 9.0) -> pd.DataFrame:
    """Customers who bought three times, months apart, and such as bought once."""
    days = pd.to_datetime(["2026-01-05", "2026-03-05", "2026-08-05"])
    bought = [(f"a{i}", day + pd.Timedelta(days=i)) for i in range(again) for day in days]
    bought += [(f"b{i}", days[0] + pd.Timedelta(days=3 * i)) for i in range(once)]
    table = pd.DataFrame(bought, columns=["customer_id", "ordered_at"])
    return table.assign(amount=amount + (table.index % 5 if amount else 0))


@pytest.mark.slow
def test_customers_who_fix_no_model_have_a_steadied_value(orders: pd.DataFrame) -> None:
    few = book(6, 9)
    known = models.summary(few, as_of=AS_OF)
    with pytest.raises(errors.ConvergenceError):
        models.ModifiedBetaGeo.fit(known)
    found = value.forecast(few, as_of=AS_OF, horizon_days=90)
    assert (found.why, found.chosen.is_steadied) == ("", True)
    total = found.ahead.total.iloc[0]
    assert 0 < total["money_low"] < total["expected_monetary"] < total["money_high"]
    assert not value.forecast(orders, as_of=AS_OF, horizon_days=90).chosen.purchases.is_steadied


@pytest.mark.slow
def test_one_price_for_all_leaves_the_spend_as_sure_as_it_is() -> None:
    same = book(8, 8).assign(amount=50.0)
    found = value.forecast(same, as_of=AS_OF, horizon_days=90)
    assert (found.why, found.chosen.is_steadied) == ("", True)
    assert found.ahead.customers["expected_spend"].to_numpy() == pytest.approx(50, rel=1e-3)
    total = found.ahead.total.iloc[0]
    assert total["money_high"] == pytest.approx(50 * total["purchases_high"], rel=1e-2)


@pytest.mark.parametrize(
    ("orders", "why"),
    [
        (book(0, 30), "no_repeats"),
        (book(value.LEAST_AGAIN - 1, 30), "few"),
        (book(9, 9, amount=0.0), "no_money"),
        (book(9, 9).query("customer_id != 'a0' and ordered_at >= '2026-03-05'"), "too_short"),
    ],
)
def test_where_even_that_makes_no_sense_the_true_reason_is_told(
    orders: pd.DataFrame, why: str
) -> None:
    found = value.forecast(orders, as_of=AS_OF, calibration_end="2026-07-31", horizon_days=90)
    assert (found.model, found.why) == ("", why)
    assert found.chosen.reason
    assert found.ahead.customers.empty
    assert found.past.total.empty
    assert value.held(orders, found.chosen).empty


@pytest.mark.shared
@pytest.mark.slow
def test_a_real_shop_has_a_value_though_three_models_do_not_fit_it(
    shared_data: Any, tmp_path: Any
) -> None:
    orders = loaders.load(
        shared_data / "online_retail_uci" / "online_retail.csv.gz",
        columns={"customer_id": "CustomerID", "ordered_at": "InvoiceDate",
                 "amount": "Quantity * UnitPrice"},
        cache=tmp_path,
    )  # fmt: skip
    found = value.forecast(orders, as_of="2011-11-30", horizon_days=90)
    scores = found.scores.set_index("model")["converged"]
    assert scores[~scores].index.tolist() == ["BetaGeo", "ModifiedBetaGeo", "ParetoNBD"]
    assert found.model in ("BetaGeoCNBD", "ModifiedBetaGeoCNBD")
    assert not found.chosen.is_steadied
    assert len(found.ahead.customers) == 4_294


def test_a_wrong_question_is_still_refused(orders: pd.DataFrame) -> None:
    with pytest.raises(errors.ParameterError, match="calibration_end"):
        value.forecast(orders, as_of=AS_OF, calibration_end=AS_OF, horizon_days=90)
    with pytest.raises(errors.ContractError, match="amount"):
        value.forecast(
            orders.drop(columns="amount"),
            as_of=AS_OF,
            calibration_end="2026-04-30",
            horizon_days=90,
        )
    assert len(purchases.history(orders, as_of=AS_OF))


def test_a_table_whose_rows_stand_for_several_customers_is_refused() -> None:
    table = pd.DataFrame(
        {"customer_id": ["a"], "repeat_purchases": [2], "last_purchase_age": [3.0],
         "customer_age": [9.0], "mean_repeat_value": [5.0], "time_unit": "W", "customers": [7]}
    )  # fmt: skip
    model = models.BetaGeo(r=0.243, alpha=4.414, a=0.793, b=2.426)
    spend = models.GammaGamma(p=6.25, q=3.74, v=15.44)
    with pytest.raises(errors.ContractError, match="several customers"):
        value.expect(table, purchases=model, spend=spend, horizon_days=90)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["W", "M", "Y"])
def test_no_step_that_the_model_has_seen_in_part_is_a_test_of_it(unit: Any) -> None:
    orders = samples.company(customers=300)["orders"]
    compared = models.compare(
        orders, calibration_end="2026-04-30", as_of="2026-10-31", time_unit=unit,
        models=[models.BetaGeo],
    )  # fmt: skip
    later = compared.tracking[compared.tracking["is_holdout"]]
    seen = compared.tracking[~compared.tracking["is_holdout"]]
    assert seen["until"].iloc[-1] >= pd.Timestamp("2026-04-30")
    score = compared.scores.iloc[0]
    assert later["actual_purchases"].sum() <= score["holdout_purchases"]
    assert len(later) > 0 or pd.isna(score["tracking_error"])
