"""RFM: what is measured, where the cuts fall, which class follows."""

import dataclasses
import math
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import errors, rfm
from workbench.models import METHODS, MeasureCuts, RFMCuts

AS_OF = pd.Timestamp("2026-10-31")
SCORES = ["recency_score", "frequency_score", "monetary_score"]
HIGHS = ["recency_high", "frequency_high", "monetary_high"]


def history(*rows: tuple[str, int | None, int, float]) -> pd.DataFrame:
    """One row per customer: id, days since last, purchase days, money."""
    table = pd.DataFrame(
        rows, columns=["customer_id", "days_since_last", "frequency", "monetary"]
    ).astype(
        {
            "customer_id": "str",
            "days_since_last": "Int64",
            "frequency": "int64",
            "monetary": "float64",
        }
    )
    return table.assign(as_of=pd.Series([AS_OF] * len(rows), dtype="datetime64[us]"))


def measures(
    recency: list[int], frequency: list[int] | None = None, monetary: list[float] | None = None
) -> pd.DataFrame:
    n = len(recency)
    return rfm.measure(
        history(
            *zip(
                [f"c{i:03}" for i in range(n)],
                recency,
                frequency or [1] * n,
                monetary or [1.0] * n,
                strict=True,
            )
        )
    )


def thresholds(recency: float, frequency: float, monetary: float) -> dict[str, float]:
    return {"recency_days": recency, "frequency": frequency, "monetary": monetary}


FIVE = history(
    ("a", 10, 9, 900.0), ("b", 20, 7, 100.0), ("c", 30, 5, 500.0), ("d", 40, 3, 300.0),
    ("e", 50, 1, 200.0),
)  # fmt: skip

customers = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 30), st.integers(-50_00, 900_00)),
    min_size=1,
    max_size=40,
).map(
    lambda rows: history(
        *((f"c{i:03}", days, bought, cents / 100) for i, (days, bought, cents) in enumerate(rows))
    )
)
any_bins = st.integers(2, 9)


# Measure


def test_measure_takes_days_purchase_days_and_money_from_history() -> None:
    table = rfm.measure(history(("a", 33, 4, 400.0), ("b", 0, 1, -5.0)))
    assert table[["customer_id", "recency_days", "frequency", "monetary"]].values.tolist() == [
        ["a", 33, 4, 400.0],
        ["b", 0, 1, -5.0],
    ]


def test_measure_by_average_divides_by_purchase_days_and_keeps_the_total() -> None:
    table = rfm.measure(history(("a", 33, 4, 400.0)), basis="average")
    assert table["monetary"].tolist() == [100.0]
    assert table["monetary_total"].tolist() == [400.0]


def test_equal_averages_are_equal_numbers() -> None:
    # in floating point 3.3 / 3 is 1.1 less a last bit, and the tie would be lost
    assert 3.3 / 3 != 1.1
    table = rfm.measure(history(("a", 1, 3, 3.3), ("b", 1, 1, 1.1)), basis="average")
    assert table["monetary"].nunique() == 1


@given(st.integers(1, 10**9), st.integers(1, 500), st.integers(1, 500))
def test_any_equal_averages_are_equal_numbers(cents: int, few: int, many: int) -> None:
    table = rfm.measure(
        history(("a", 1, few, cents * few / 100), ("b", 1, many, cents * many / 100)),
        basis="average",
    )
    assert table["monetary"].nunique() == 1


def test_money_finer_than_a_cent_is_averaged_as_it_is() -> None:
    table = rfm.measure(history(("a", 1, 2, 0.001)), basis="average")
    assert table["monetary"].tolist() == [0.0005]


def test_a_customer_without_any_purchase_day_is_left_out() -> None:
    table = rfm.measure(history(("gave all back", None, 0, -20.0), ("b", 3, 1, 5.0)))
    assert table["customer_id"].tolist() == ["b"]
    assert table.index.tolist() == [0]


def test_measures_have_stated_types() -> None:
    for table in (FIVE, history()):
        assert rfm.measure(table).dtypes.astype(str).to_dict() == {
            "customer_id": "str",
            "as_of": "datetime64[us]",
            "recency_days": "int64",
            "frequency": "int64",
            "monetary": "float64",
            "monetary_total": "float64",
        }


def test_no_step_changes_the_table_it_was_given() -> None:
    table = FIVE.copy()
    measured = rfm.measure(table)
    pd.testing.assert_frame_equal(table, FIVE)
    kept = measured.copy()
    scored = rfm.score(measured)
    rfm.cuts(measured)
    pd.testing.assert_frame_equal(measured, kept)
    kept = scored.copy()
    rfm.segment(scored)
    pd.testing.assert_frame_equal(scored, kept)


def test_a_misspelt_basis_is_answered_with_the_likely_one() -> None:
    with pytest.raises(errors.ParameterError, match=r"basis is 'averge'.\nDid you mean 'average'"):
        rfm.measure(FIVE, basis="averge")


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (
            FIVE.rename(columns={"days_since_last": "days_since"}),
            r"history: missing column 'days_since_last'\.\nDid you mean 'days_since'\?",
        ),
        (FIVE.drop(columns=["as_of", "monetary"]), "missing columns 'as_of', 'monetary'"),
        (pd.concat([FIVE, FIVE.tail(1)]), "1 row repeats a customer_id, the first is 'e'"),
        (FIVE.assign(customer_id=[None, *"bcde"]), "1 of 5 rows have no customer_id"),
        (FIVE.assign(as_of=[AS_OF] * 4 + [AS_OF - pd.Timedelta(days=1)]), "2 different values of"),
        (FIVE.assign(as_of=[AS_OF] * 4 + [pd.NaT]), "as_of is empty in some rows"),
        (
            FIVE.assign(monetary=[np.nan, np.inf, 1, 1, 1]),
            "2 of 5 customers have no finite monetar",
        ),
        (
            FIVE.assign(days_since_last=pd.array([None, 1, 1, 1, 1], dtype="Int64")),
            "1 of 5 .* days",
        ),
        (FIVE.assign(days_since_last=[-1, 1, 1, 1, 1]), "no whole number"),
        (FIVE.assign(frequency=[1.5, 1, 1, 1, 1]), "no whole number"),
        (FIVE.assign(frequency=["often", 1, 1, 1, 1]), "frequency holds something that is no num"),
        (pd.concat([FIVE, FIVE[["monetary"]]], axis=1), "'monetary' is there 2 times"),
    ],
)
def test_a_broken_history_is_refused_by_what_is_broken(broken: pd.DataFrame, message: str) -> None:
    with pytest.raises(errors.ContractError, match=message) as caught:
        rfm.measure(broken)
    assert caught.value.mend


def test_something_that_is_no_table_is_refused() -> None:
    with pytest.raises(errors.ParameterTypeError, match="history is a list, not a table"):
        rfm.measure([1, 2])


# Quantile cuts and scores


def test_five_customers_have_five_scores_nearest_and_largest_last() -> None:
    table = rfm.score(rfm.measure(FIVE)).set_index("customer_id")
    assert table["recency_score"].to_dict() == {"a": 5, "b": 4, "c": 3, "d": 2, "e": 1}
    assert table["frequency_score"].to_dict() == {"a": 5, "b": 4, "c": 3, "d": 2, "e": 1}
    assert table["monetary_score"].to_dict() == {"a": 5, "b": 1, "c": 4, "d": 3, "e": 2}


def test_a_cut_is_the_smallest_value_whose_share_reaches_it() -> None:
    # n = 5: p = .1 .3 .5 .7 .9, so .2 .4 .6 .8 are first reached by the 2nd to 5th value
    cuts = rfm.cuts(rfm.measure(FIVE))
    assert cuts.frequency.points == (3.0, 5.0, 7.0, 9.0)
    assert cuts.recency_days.points == (40.0, 30.0, 20.0, 10.0)


def test_a_share_that_meets_a_cut_exactly_has_reached_it() -> None:
    # n = 10, bins = 4: the 3rd of ten has p = .25, just the first cut
    cuts = rfm.cuts(measures([9] * 10, list(range(1, 11))), bins=4, high_from=4)
    assert cuts.frequency.points == (3.0, 6.0, 8.0)


def test_tied_customers_share_a_score() -> None:
    # 1 1 1 2: average rank of the ones is 2, p = .375; of the two 4, p = .875
    table = rfm.score(measures([9] * 4, [1, 1, 1, 2]))
    assert table["frequency_score"].tolist() == [2, 2, 2, 5]


@pytest.mark.parametrize("n", [1, 2, 3, 10, 11])
@pytest.mark.parametrize("bins", [3, 5, 7, 9])
def test_customers_who_are_all_equal_have_the_middle_score(n: int, bins: int) -> None:
    table = rfm.score(measures([30] * n, [4] * n, [10.1] * n), bins=bins, high_from=bins)
    assert set(table[SCORES].to_numpy().ravel()) == {(bins + 1) // 2}


@given(customers, any_bins)
def test_a_score_is_one_and_the_cuts_that_the_share_of_customers_reaches(
    table: pd.DataFrame, bins: int
) -> None:
    measured = rfm.measure(table)
    scored = rfm.score(measured, bins=bins, high_from=2)
    better = {
        "recency_score": -measured["recency_days"],
        "frequency_score": measured["frequency"],
        "monetary_score": measured["monetary"],
    }
    for column, values in better.items():
        for value, score in zip(values, scored[column], strict=True):
            below, equal = int((values < value).sum()), int((values == value).sum())
            average_rank = below + Fraction(equal + 1, 2)
            share = (average_rank - Fraction(1, 2)) / len(values)
            assert score == 1 + sum(share >= Fraction(k, bins) for k in range(1, bins))


@given(
    customers, st.randoms(use_true_random=False), st.sampled_from(["quantile", "mean", "median"])
)
def test_row_order_never_matters(table: pd.DataFrame, random: Any, method: Any) -> None:
    order = list(range(len(table)))
    random.shuffle(order)
    scored = rfm.segment(rfm.score(rfm.measure(table), method=method))
    shuffled = rfm.segment(rfm.score(rfm.measure(table.iloc[order]), method=method))
    pd.testing.assert_frame_equal(
        scored, shuffled.sort_values("customer_id").reset_index(drop=True)
    )


@given(customers, st.integers(1, 5000))
def test_later_days_alone_change_no_recency_score(table: pd.DataFrame, days: int) -> None:
    later = table.assign(days_since_last=table["days_since_last"] + days)
    pd.testing.assert_frame_equal(
        rfm.score(rfm.measure(table))[SCORES], rfm.score(rfm.measure(later))[SCORES]
    )


@given(
    customers,
    st.sampled_from([0.01, 0.5, 2, 7, 1000]),
    st.sampled_from(["quantile", "mean", "median"]),
)
def test_another_currency_changes_no_score(table: pd.DataFrame, rate: float, method: Any) -> None:
    exchanged = table.assign(monetary=table["monetary"] * rate)
    columns = [*SCORES, *HIGHS]
    pd.testing.assert_frame_equal(
        rfm.score(rfm.measure(table), method=method)[columns],
        rfm.score(rfm.measure(exchanged), method=method)[columns],
    )


@given(customers, any_bins)
def test_better_never_scores_worse(table: pd.DataFrame, bins: int) -> None:
    scored = rfm.score(rfm.measure(table), bins=bins, high_from=2)
    assert scored.sort_values("recency_days")["recency_score"].is_monotonic_decreasing
    assert scored.sort_values("frequency")["frequency_score"].is_monotonic_increasing
    assert scored.sort_values("monetary")["monetary_score"].is_monotonic_increasing


@given(customers, st.sampled_from(METHODS))
def test_equal_customers_get_equal_answers(table: pd.DataFrame, method: Any) -> None:
    twin = pd.concat([table, table.tail(1).assign(customer_id="twin")], ignore_index=True)
    given_thresholds = thresholds(30, 3, 100) if method == "fixed" else None
    scored = rfm.score(rfm.measure(twin), method=method, thresholds=given_thresholds)
    assert scored.tail(2)[[*SCORES, *HIGHS]].drop_duplicates().shape[0] == 1


def test_a_table_without_customers_gives_one_without_scores_of_the_same_types() -> None:
    full = rfm.segment(rfm.score(rfm.measure(FIVE)))
    empty = rfm.segment(rfm.score(rfm.measure(history())))
    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    assert full["segment"].dtype == "str"
    assert {str(full[column].dtype) for column in SCORES} == {"int64"}
    assert {str(full[column].dtype) for column in HIGHS} == {"bool"}


def test_cut_points_cannot_be_learnt_from_nobody() -> None:
    with pytest.raises(errors.ContractError, match="no customer to learn cut points from"):
        rfm.cuts(rfm.measure(history()))


# High and low


def test_high_by_quantile_is_a_score_of_four_or_more() -> None:
    table = rfm.score(rfm.measure(FIVE))
    for score, high in zip(SCORES, HIGHS, strict=True):
        assert (table[high] == (table[score] >= 4)).all()


def test_where_high_begins_can_be_moved() -> None:
    assert rfm.score(rfm.measure(FIVE), high_from=5)["recency_high"].sum() == 1
    assert rfm.score(rfm.measure(FIVE), high_from=2)["recency_high"].sum() == 4


def test_high_by_the_mean_is_strictly_better_than_it() -> None:
    # means: 20 days, 3 purchases, 300
    table = rfm.score(measures([10, 20, 30], [1, 3, 5], [100.0, 300.0, 500.0]), method="mean")
    assert table["recency_high"].tolist() == [True, False, False]
    assert table["frequency_high"].tolist() == [False, False, True]
    assert table["monetary_high"].tolist() == [False, False, True]


def test_high_by_the_median_is_strictly_better_than_it() -> None:
    table = rfm.score(measures([10, 20, 90], [1, 3, 50], [100.0, 300.0, 50_000.0]), method="median")
    assert table["recency_high"].tolist() == [True, False, False]
    assert table["frequency_high"].tolist() == [False, False, True]
    assert table["monetary_high"].tolist() == [False, False, True]


def test_high_by_the_median_of_an_even_number_lies_between_the_middle_two() -> None:
    cuts = rfm.cuts(measures([10, 20, 30, 40]), method="median")
    assert cuts.recency_days.threshold == 25.0


def test_high_by_fixed_thresholds_is_at_or_better() -> None:
    table = rfm.score(
        measures([60, 61], [5, 4], [1000.0, 999.99]),
        method="fixed",
        thresholds=thresholds(60, 5, 1000),
    )
    assert table[HIGHS].to_numpy().tolist() == [[True] * 3, [False] * 3]


@pytest.mark.parametrize("money", [0.1, 10.1, 1e-3, 123456.78, 1 / 3])
@pytest.mark.parametrize("n", [1, 3, 7, 49, 93])
def test_of_customers_who_are_all_equal_none_is_better_than_the_mean(money: float, n: int) -> None:
    for method in ("mean", "median"):
        table = rfm.score(measures([7] * n, [3] * n, [money] * n), method=method)
        assert not table[HIGHS].any(axis=None)


def test_a_customer_at_the_mean_is_not_better_than_it_by_a_last_bit() -> None:
    # in binary the mean of these lies just below 1.1, which is the mean all the same
    money = [1.05, 1.1, 1.15]
    assert math.fsum(money) / 3 < 1.1
    table = rfm.score(measures([1] * 3, None, money), method="mean")
    assert table["monetary_high"].tolist() == [False, False, True]


@pytest.mark.parametrize(("bins", "lowest_high"), [(2, 2), (3, 3), (4, 4), (5, 4), (10, 4)])
def test_unless_stated_high_begins_at_four_or_at_the_best_of_fewer_scores(
    bins: int, lowest_high: int
) -> None:
    assert rfm.cuts(rfm.measure(FIVE), bins=bins).high_from == lowest_high
    scored = rfm.score(rfm.measure(FIVE), bins=bins)
    assert (scored["recency_high"] == (scored["recency_score"] >= lowest_high)).all()


def test_scores_are_quantiles_whatever_says_high() -> None:
    by_quantile = rfm.score(rfm.measure(FIVE))
    by_mean = rfm.score(rfm.measure(FIVE), method="mean")
    pd.testing.assert_frame_equal(by_quantile[SCORES], by_mean[SCORES])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "quantiles"}, r"method is 'quantiles'.\nDid you mean 'quantile'"),
        ({"bins": 1}, "bins is 1"),
        ({"bins": 21}, "bins is 21"),
        ({"bins": 5.0}, "bins is 5.0"),
        ({"bins": True}, "bins is True"),
        ({"high_from": 1}, "high_from is 1 with 5 bins"),
        ({"high_from": 6}, "high_from is 6 with 5 bins"),
        ({"bins": 3, "high_from": 4}, r"high_from is 4 with 3 bins.\nUse a whole score from 2 to"),
        ({"thresholds": thresholds(1, 1, 1)}, "thresholds are given, but method is 'quantile'"),
        ({"method": "fixed"}, "method 'fixed' has no thresholds"),
        ({"method": "fixed", "thresholds": {"recency": 1}}, "no measure 'recency'.\nDid you mean"),
        ({"method": "fixed", "thresholds": {"monetary": 1}}, "'recency_days' is missing"),
        ({"method": "fixed", "thresholds": thresholds(-1, 1, 1)}, "recency_days is -1"),
        ({"method": "fixed", "thresholds": thresholds(1, 1, np.nan)}, "monetary is nan"),
        ({"method": "fixed", "thresholds": thresholds(1, True, 1)}, "frequency is True"),
        ({"method": "fixed", "thresholds": thresholds(1, "5", 1)}, "frequency is '5'"),
    ],
)
@pytest.mark.parametrize("step", [rfm.cuts, rfm.score])
def test_an_option_that_makes_no_sense_is_refused(step: Any, options: Any, message: str) -> None:
    for table in (FIVE, history()):
        with pytest.raises(errors.ParameterError, match=message):
            step(rfm.measure(table), **options)


def test_whole_numbers_of_numpy_are_whole_numbers(tmp_path: Path) -> None:
    five = rfm.measure(FIVE)
    bins, high_from = np.int64(4), np.int32(3)
    plain = rfm.cuts(five, bins=4, high_from=3)
    assert rfm.cuts(five, bins=bins, high_from=high_from) == plain  # type: ignore[arg-type]
    by_hand = dataclasses.replace(plain, bins=bins, high_from=high_from)  # type: ignore[arg-type]
    assert RFMCuts.load(by_hand.save(tmp_path / "cuts.json")) == plain
    scores = rfm.score(five, cuts=plain)
    grid = rfm.grid(scores, bins=bins)  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(grid, rfm.grid(scores, bins=4))
    bars = rfm.distribution(five, plain, bars=np.int64(10))  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(bars, rfm.distribution(five, plain, bars=10))


# Cuts for other customers


@given(customers, st.sampled_from(METHODS), st.integers(4, 9))
def test_scoring_by_own_cuts_is_scoring(table: pd.DataFrame, method: Any, bins: int) -> None:
    options: dict[str, Any] = {"method": method, "bins": bins}
    if method == "fixed":
        options["thresholds"] = thresholds(30, 3, 99.5)
    measured = rfm.measure(table)
    cuts = RFMCuts.from_json(rfm.cuts(measured, **options).to_json())
    pd.testing.assert_frame_equal(rfm.score(measured, cuts=cuts), rfm.score(measured, **options))
    pd.testing.assert_frame_equal(
        rfm.score(measured, cuts=cuts, **options), rfm.score(measured, **options)
    )


def test_saved_cuts_score_customers_they_have_not_seen() -> None:
    cuts = rfm.cuts(rfm.measure(FIVE))
    others = rfm.score(measures([0, 10, 11, 50, 999], [99, 9, 8, 1, 1]), cuts=cuts)
    assert others["recency_score"].tolist() == [5, 5, 4, 1, 1]
    assert others["frequency_score"].tolist() == [5, 5, 4, 1, 1]


def test_saved_thresholds_say_high_for_customers_they_have_not_seen() -> None:
    cuts = rfm.cuts(measures([10, 20, 30]), method="mean")
    others = rfm.score(measures([19, 20, 21]), cuts=cuts)
    assert others["recency_high"].tolist() == [True, False, False]


def test_nobody_is_high_where_ties_left_the_upper_scores_to_nobody() -> None:
    cuts = rfm.cuts(measures([30] * 3))
    assert cuts.recency_days.points == (30.0, 30.0)
    assert not rfm.score(measures([0, 30, 60]), cuts=cuts)["recency_high"].any()


def test_cuts_say_where_they_come_from() -> None:
    cuts = rfm.cuts(rfm.measure(FIVE))
    assert (str(cuts.as_of), cuts.customers) == ("2026-10-31", 5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "mean"}, "method is 'mean', but the cuts were made with 'fixed'"),
        ({"bins": 4}, "bins is 4, but the cuts were made with 5"),
        ({"high_from": 3}, "high_from is 3, but the cuts were made with 4"),
        ({"high_from": 5}, "high_from is 5, but the cuts were made with 4"),
        ({"method": "fixed", "thresholds": thresholds(61, 5, 1000)}, "but the cuts hold"),
    ],
)
def test_options_that_disagree_with_the_cuts_are_refused(options: Any, message: str) -> None:
    cuts = rfm.cuts(rfm.measure(FIVE), method="fixed", thresholds=thresholds(60, 5, 1000))
    with pytest.raises(errors.ParameterError, match=message):
        rfm.score(rfm.measure(FIVE), cuts=cuts, **options)


def test_a_file_name_is_not_taken_for_cuts() -> None:
    with pytest.raises(errors.ParameterTypeError, match="cuts is a str"):
        rfm.score(rfm.measure(FIVE), cuts="cuts.json")


# Segments


def test_the_eight_classes_are_those_of_the_table() -> None:
    rows = {
        (True, True, True): "key_champion",
        (False, True, True): "key_keep",
        (True, False, True): "key_develop",
        (False, False, True): "key_win_back",
        (True, True, False): "general_champion",
        (False, True, False): "general_keep",
        (True, False, False): "general_develop",
        (False, False, False): "general_win_back",
    }
    assert set(rows) == set(product([True, False], repeat=3))
    assert tuple(rows.values()) == rfm.SEGMENTS
    scores = pd.DataFrame(list(rows), columns=HIGHS).assign(
        customer_id=[str(i) for i in range(8)], as_of=AS_OF
    )
    assert rfm.segment(scores)["segment"].tolist() == list(rows.values())


@pytest.mark.parametrize("wrong", [[True, None], [1, 0], ["yes", "no"]])
def test_a_class_needs_true_or_false(wrong: list[Any]) -> None:
    scores = rfm.score(rfm.measure(FIVE.head(2))).assign(recency_high=wrong)
    with pytest.raises(errors.ContractError, match="recency_high is not true or false"):
        rfm.segment(scores)


def test_one_customer_alone_is_scored_and_classed() -> None:
    table = rfm.segment(rfm.score(rfm.measure(FIVE.head(1))))
    assert table["segment"].tolist() == ["general_win_back"]
    assert table[SCORES].iloc[0].tolist() == [3, 3, 3]


def test_customers_who_bought_once_are_scored_by_the_other_measures() -> None:
    table = rfm.score(measures([10, 20, 30, 40, 50]))
    assert table["frequency_score"].tolist() == [3] * 5
    assert table["recency_score"].tolist() == [5, 4, 3, 2, 1]


def test_cuts_out_of_hand_made_measures_serve_too() -> None:
    cuts = RFMCuts(
        method="quantile",
        bins=2,
        high_from=2,
        recency_days=MeasureCuts((30.0,)),
        frequency=MeasureCuts((2.0,)),
        monetary=MeasureCuts((100.0,)),
    )
    plain = measures([30, 31], [2, 1], [100.0, 99.0]).drop(columns="monetary_total")
    assert rfm.segment(rfm.score(plain, cuts=cuts, bins=2, high_from=2))["segment"].tolist() == [
        "key_champion",
        "general_win_back",
    ]
