"""Tables are read strictly, units converted, the search ends at a top or says why not."""

import datetime as dt
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
import simulated

from workbench import errors, models
from workbench.fitting import customers, units
from workbench.fitting.maximum import Climb, maximise
from workbench.fitting.summaries import summary

# Units


@pytest.mark.parametrize(
    ("horizon", "time_unit", "weeks"),
    [
        (26, None, 26.0),
        (7, "D", 1.0),
        ("14D", None, 2.0),
        ("1.5 W", None, 1.5),
        ("1Y", None, 365.25 / 7),
        (1, "Q", 365.25 / 28),
        (dt.timedelta(days=21), None, 3.0),
        (pd.Timedelta(days=7), None, 1.0),
        (np.timedelta64(7, "D"), None, 1.0),
        (0, None, 0.0),
    ],
)
def test_a_horizon_is_converted_by_its_unit(horizon: Any, time_unit: Any, weeks: float) -> None:
    assert units.horizon(horizon, unit="W", time_unit=time_unit) == pytest.approx(weeks, rel=1e-14)


@pytest.mark.parametrize(
    ("horizon", "time_unit", "message"),
    [
        (-1, None, "has to be 0 or more"),
        (math.nan, None, "has to be 0 or more"),
        (math.inf, None, "has to be 0 or more"),
        ("90", None, "horizon is '90'"),
        ("3 fortnights", None, "horizon is '3 fortnights'"),
        ("-3D", None, "horizon is '-3D'"),
        ("90D", "W", "given twice"),
        (dt.timedelta(days=1), "D", "given twice"),
        (3, "weeks", "time_unit is 'weeks'"),
        (True, None, "horizon is True"),
        (None, None, "horizon is None"),
    ],
)
def test_a_horizon_that_makes_no_sense_is_refused(
    horizon: Any, time_unit: Any, message: str
) -> None:
    with pytest.raises(errors.WorkbenchError, match=message):
        units.horizon(horizon, unit="W", time_unit=time_unit)


@pytest.mark.parametrize("rate", [-1, -1.5, math.nan, math.inf])
def test_a_discount_rate_of_minus_one_or_less_is_refused(rate: float) -> None:
    with pytest.raises(errors.ParameterError, match="has to be a number above −1"):
        units.yearly_to_continuous(rate, unit="W")


# Reading


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"repeat_purchases": -1}, "repeat_purchases is negative in 1"),
        ({"repeat_purchases": 1.5}, "no whole number in 1"),
        ({"last_purchase_age": -2.0}, "last_purchase_age is negative in 1"),
        ({"customer_age": -39.0}, "customer_age is negative in 1; last_purchase_age is above"),
        ({"last_purchase_age": 40.0}, "last_purchase_age is above customer_age in 1"),
        ({"last_purchase_age": 0.0}, "but last_purchase_age is 0 in 1"),
        ({"repeat_purchases": 0}, "no repeat purchase, but last_purchase_age is not 0 in 1"),
        ({"repeat_purchases": math.nan}, "missing, NaN or infinite in 1"),
        ({"last_purchase_age": math.inf}, "missing, NaN or infinite in 1"),
        ({"customer_age": "old"}, "holds no numbers"),
        ({"customer_age": True}, "holds no numbers"),
        ({"customers": 0}, "customers is no whole number above 0"),
        ({"time_unit": "fortnight"}, "time_unit is 'fortnight'"),
    ],
)
def test_what_no_customer_can_be_is_refused_and_counted(
    changes: dict[str, Any], message: str
) -> None:
    table = simulated.one(2, 20.0, 39.0).assign(**changes)
    with pytest.raises((errors.ContractError, errors.ParameterError), match=message) as caught:
        customers.rows(table, unit="W")
    assert "\n" in str(caught.value)
    for model in (models.BetaGeo, models.ParetoNBD):
        with pytest.raises((errors.ContractError, errors.ParameterError), match=message):
            model.fit(table)


def test_a_missing_column_is_named_with_the_likely_one() -> None:
    table = simulated.one(2, 20.0, 39.0).rename(columns={"customer_age": "customerage"})
    with pytest.raises(errors.ContractError, match="missing column 'customer_age'") as caught:
        customers.rows(table, unit="W")
    assert "Did you mean 'customerage'?" in caught.value.mend
    with pytest.raises(errors.ParameterTypeError, match="no pandas DataFrame"):
        customers.rows([1, 2], unit="W")


def test_ages_in_two_units_at_once_are_refused() -> None:
    table = pd.concat([simulated.one(2, 20, 39, time_unit=unit) for unit in ("D", "W")])
    with pytest.raises(errors.ContractError, match="'time_unit' is not the same in all rows"):
        models.BetaGeo.fit(table)


def test_nullable_columns_are_read_like_others() -> None:
    table = simulated.one(2, 20, 39).astype(
        {"repeat_purchases": "Int64", "last_purchase_age": "Float64"}
    )
    assert customers.rows(table, unit="W").x.tolist() == [2.0]


# Summaries

ORDERS = pd.DataFrame(
    {
        "customer_id": ["A", "A", "A", "A", "B", "C", "D", "D"],
        "ordered_at": pd.to_datetime(
            [
                "2026-01-01",
                "2026-01-15",
                "2026-01-22",
                "2026-03-01",
                "2026-01-08",
                "2026-02-20",
                "2026-01-05",
                "2026-01-05",
            ]
        ),
        "amount": [10.0, 20.0, 40.0, 80.0, 5.0, 7.0, 30.0, -30.0],
    }
)


def test_a_summary_counts_repeats_ages_values_and_the_holdout() -> None:
    table = summary(ORDERS, calibration_end="2026-01-29", as_of="2026-03-12").set_index(
        "customer_id"
    )
    # C had not bought yet, D bought nothing that stayed
    assert table.index.tolist() == ["A", "B"]
    a = table.loc["A"]
    assert (a["repeat_purchases"], a["last_purchase_age"], a["customer_age"]) == (2, 3.0, 4.0)
    assert a["mean_repeat_value"] == 30.0
    assert a["log_interval_sum"] == pytest.approx(math.log(2) + math.log(1), abs=1e-8)
    assert (a["holdout_purchases"], a["holdout_value"], a["holdout_age"]) == (1, 80.0, 6.0)
    b = table.loc["B"]
    assert (b["repeat_purchases"], b["last_purchase_age"], b["customer_age"]) == (0, 0.0, 3.0)
    assert pd.isna(b["mean_repeat_value"])
    assert (table["as_of"] == pd.Timestamp("2026-01-29")).all()


def test_a_summary_of_orders_and_of_their_history_are_the_same() -> None:
    from workbench import purchases

    history = purchases.history(ORDERS, as_of="2026-03-12")
    for unit in units.UNITS:
        of_orders = summary(ORDERS, as_of="2026-03-12", time_unit=unit)
        pd.testing.assert_frame_equal(of_orders, summary(history, time_unit=unit))
    weeks, days = (summary(history, time_unit=unit) for unit in ("W", "D"))
    pd.testing.assert_series_equal(weeks["customer_age"] * 7, days["customer_age"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "as_of is missing"),
        ({"as_of": "2026-03-12", "calibration_end": "2026-03-12"}, "nothing is left to judge by"),
        ({"as_of": "2026-03-12", "time_unit": "weeks"}, "time_unit is 'weeks'"),
    ],
)
def test_a_summary_that_cannot_be_made_says_why(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(errors.ParameterError, match=message):
        summary(ORDERS, **arguments)


def test_a_history_cannot_be_split_or_dated_again() -> None:
    from workbench import purchases

    history = purchases.history(ORDERS, as_of="2026-03-12")
    with pytest.raises(errors.ParameterError, match="calibration_end needs orders"):
        summary(history, calibration_end="2026-01-29")
    with pytest.raises(errors.ParameterError, match="has its own"):
        summary(history, as_of="2026-03-12")
    with pytest.raises(errors.ContractError, match="missing column 'log_interval_sum'"):
        summary(history.drop(columns="log_interval_sum"))


def test_no_orders_give_an_empty_summary_and_a_clear_refusal_to_fit() -> None:
    table = summary(ORDERS.head(0), as_of="2026-03-12")
    assert len(table) == 0
    with pytest.raises(errors.ContractError, match="there are no customers"):
        models.BetaGeo.fit(table)


# Searching


def quadratic(p: Any) -> tuple[float, Any]:
    logs = np.log(p) - np.array([1.0, -2.0])
    return -float(logs @ np.diag([3.0, 0.5]) @ logs), -2 * np.array([3.0, 0.5]) * logs / p


def test_the_search_finds_the_top_and_its_width() -> None:
    top = maximise(Climb(quadratic, 1.0, ("a", "b")), starts=[np.ones(2), np.full(2, 5.0)])
    np.testing.assert_allclose(np.log(top.parameters), [1.0, -2.0], atol=1e-7)
    np.testing.assert_allclose(np.diag(top.covariance), [1 / 6, 1.0], rtol=1e-4)
    assert top.verdict.converged
    assert top.verdict.not_identified == ()


def two_hills(p: Any) -> tuple[float, Any]:
    """A hill of 100 around e^-3, and one of 103 around e^3."""
    log = np.log(p[0])
    heights, centres = np.array([100.0, 103.0]), np.array([-3.0, 3.0])
    each = heights * np.exp(-((log - centres) ** 2) / 2)
    return float(each.sum()), np.array([float(each @ (centres - log)) / p[0]])


@pytest.mark.parametrize("first", [-2.0, 2.0])
@pytest.mark.parametrize("thin", [False, True])
def test_the_higher_of_two_tops_is_kept_whichever_start_comes_first(
    first: float, thin: bool
) -> None:
    climb = Climb(two_hills, 100.0, ("a",))
    starts = [np.exp([at]) for at in (first, -first, first / 2, -first * 1.2)]
    top = maximise(climb, starts=starts, sketch=climb if thin else None)
    assert np.log(top.parameters[0]) == pytest.approx(3.0, abs=1e-6)
    assert top.verdict.tops == 2
    assert top.verdict.reason.startswith("a maximum, the highest of 2 tops: no slope")


def test_one_top_that_all_starts_lead_to_is_one_and_is_not_climbed_four_times() -> None:
    def bent(p: Any) -> tuple[float, Any, Any]:
        logs, steep = np.log(p) - np.array([1.0, -2.0]), np.array([3.0, 0.5])
        return *quadratic(p), np.diag(2 * steep * (logs - 1) / p**2)

    climb = Climb(quadratic, 1.0, ("a", "b"), bent)
    once, often = (maximise(climb, starts=[np.array([2.0, 0.2])] * count) for count in (1, 4))
    assert often.verdict.tops == once.verdict.tops == 1
    assert "tops" not in often.verdict.reason
    # from each of the others one look: it lies on the slopes of what is known
    assert often.verdict.evaluations <= once.verdict.evaluations + 3 + 1


def test_a_ridge_that_is_higher_than_a_top_is_not_passed_over() -> None:
    def shelf(p: Any) -> tuple[float, Any]:
        log = np.log(p[0])
        hill, rise = 5 * np.exp(-((log + 3) ** 2) / 2), 9 / (1 + np.exp(-3 * (log - 2)))
        slope = hill * -(log + 3) + 3 * rise * (1 - rise / 9)
        return float(hill + rise), np.array([float(slope) / p[0]])

    verdict = maximise(Climb(shelf, 1.0, ("a",)), starts=[np.exp([-2.5]), np.exp([2.0])]).verdict
    assert not verdict.converged
    assert verdict.cause == "flat"


@pytest.mark.parametrize("unit", [1e-6, 1e-3, 1.0, 1e3, 1e9])
def test_no_unit_says_how_far_a_search_goes(unit: float) -> None:
    climb = Climb(
        lambda p: (quadratic(p / unit)[0], quadratic(p / unit)[1] / unit),
        1.0,
        ("a", "b"),
        scale=np.full(2, unit),
    )
    top = maximise(climb, starts=[np.full(2, unit)])
    assert top.verdict.converged
    np.testing.assert_allclose(np.log(top.parameters / unit), [1.0, -2.0], atol=1e-7)
    np.testing.assert_allclose(np.diag(top.covariance), [1 / 6, 1.0], rtol=1e-4)


def test_a_direction_without_slope_is_named() -> None:
    def ridge(p: Any) -> tuple[float, Any]:
        return -float(np.log(p[0]) ** 2), np.array([-2 * np.log(p[0]) / p[0], 0.0])

    verdict = maximise(Climb(ridge, 1.0, ("a", "b")), starts=[np.full(2, 2.0)]).verdict
    assert not verdict.converged
    assert verdict.not_identified == ("b",)
    assert verdict.reason == "the likelihood is flat: the data do not tell how large b should be"
    assert (verdict.cause, verdict.tops) == ("flat", 0)


def test_a_likelihood_that_breaks_off_is_climbed_all_the_same() -> None:
    def cliff(p: Any) -> tuple[float, Any]:
        return quadratic(p) if p[0] < 100 else (math.nan, np.full(2, math.nan))

    top = maximise(Climb(cliff, 1.0, ("a", "b")), starts=[np.full(2, 90.0)])
    assert top.verdict.converged
    np.testing.assert_allclose(np.log(top.parameters), [1.0, -2.0], atol=1e-6)
