"""Estimates: null where nothing can be said, within their bounds, the same in any order of rows."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import errors, estimates

counts = st.integers(0, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
cases = st.lists(
    st.tuples(st.integers(0, 30), st.booleans(), st.sampled_from("abc")), min_size=1, max_size=40
)


def counted(*rows: tuple[int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["hits", "all"])


# Rates


def test_a_rate_of_nothing_is_null_and_none_or_all_end_exactly() -> None:
    table = estimates.rates(
        counted((0, 0), (0, 5), (5, 5)), successes="hits", trials="all", name="rate"
    )
    assert table.columns.tolist() == ["hits", "all", "rate", "rate_low", "rate_high"]
    assert table.loc[0, ["rate", "rate_low", "rate_high"]].isna().all()
    assert table.loc[1, ["rate", "rate_low"]].tolist() == [0.0, 0.0]
    assert table.loc[2, ["rate", "rate_high"]].tolist() == [1.0, 1.0]
    assert not estimates.rate(0, 0).is_known


@given(counts)
def test_a_rate_lies_within_its_interval_and_a_wider_one_holds_a_narrower(
    of: tuple[int, int],
) -> None:
    narrow, wide = (estimates.rate(*of, level=level) for level in (0.8, 0.99))
    if of[1]:
        assert 0 <= wide.low <= narrow.low <= narrow.value <= narrow.high <= wide.high <= 1
        # what did not happen has the mirrored interval
        other = estimates.rate(of[1] - of[0], of[1], level=0.8)
        assert (1 - other.high, 1 - other.low) == pytest.approx((narrow.low, narrow.high))


@given(counts, counts)
def test_a_difference_turns_its_sign_with_the_sides(
    here: tuple[int, int], there: tuple[int, int]
) -> None:
    found, turned = estimates.difference(*here, *there), estimates.difference(*there, *here)
    assert found.is_known == bool(here[1] and there[1])
    if found.is_known:
        assert -1 <= found.low <= found.value <= found.high <= 1
        assert (turned.value, turned.low, turned.high) == pytest.approx(
            (-found.value, -found.high, -found.low)
        )


def test_a_difference_shows_when_its_interval_leaves_out_zero() -> None:
    assert estimates.difference(90, 100, 10, 100).excludes_zero
    assert estimates.difference(10, 100, 90, 100).excludes_zero
    assert not estimates.difference(5, 10, 4, 10).excludes_zero
    assert not estimates.difference(5, 10, 0, 0).excludes_zero


def test_rates_keep_rows_index_and_what_else_the_table_holds() -> None:
    table = counted((1, 2), (3, 4)).assign(step=[7, 8]).set_index(pd.Index([5, 3]))
    before = table.copy()
    found = estimates.rates(table, successes="hits", trials="all", name="rate")
    assert found.index.tolist() == [5, 3]
    assert found["step"].tolist() == [7, 8]
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((3, 2), "3 of 2 in row 1 is more than all"),
        ((-1, 2), "-1.0 in row 1 is no count"),
        ((0.5, 2), "0.5 in row 1 is no count"),
        ((None, 2), "nan in row 1 is no count"),
        (("a", 2), "hits holds something that is no number"),
    ],
)
def test_what_is_no_count_is_refused_with_its_row(row: tuple[object, int], said: str) -> None:
    table = pd.DataFrame([(1, 2), row], columns=["hits", "all"])
    with pytest.raises(errors.ContractError, match=said):
        estimates.rates(table, successes="hits", trials="all", name="rate")


@pytest.mark.parametrize("level", [0, 1, 95, float("nan")])
def test_a_level_is_a_share(level: float) -> None:
    with pytest.raises(errors.ParameterError, match=r"level is .*\nWrite level=0.95"):
        estimates.rate(1, 2, level=level)
    with pytest.raises(errors.ParameterTypeError, match="level is '95', of type str"):
        estimates.rate(1, 2, level="95")  # type: ignore[arg-type]


# Sample sizes


def test_no_number_of_trials_shows_a_difference_that_is_not_there() -> None:
    assert estimates.sample_size(0.1, 0.1) is None
    assert estimates.sample_size(0.0, 1.0) == 2


@given(st.integers(1, 40), st.integers(1, 40))
def test_a_larger_difference_takes_fewer_and_more_power_takes_more(low: int, more: int) -> None:
    few = estimates.sample_size(low / 100, (low + more + 5) / 100)
    many = estimates.sample_size(low / 100, (low + more) / 100)
    assert few is not None
    assert many is not None
    assert few <= many
    assert estimates.sample_size((low + more) / 100, low / 100) == many
    stronger = estimates.sample_size(low / 100, (low + more) / 100, power=0.95)
    assert stronger is not None
    assert stronger >= many


def test_the_size_found_reaches_its_power_and_one_half_of_it_does_not() -> None:
    size = estimates.sample_size(0.2, 0.3)
    assert size is not None

    def power(n: int) -> float:
        rng = np.random.default_rng(7)
        a, b = rng.binomial(n, 0.2, 20_000), rng.binomial(n, 0.3, 20_000)
        pooled = (a + b) / (2 * n)
        z = (b - a) / n / np.sqrt(pooled * (1 - pooled) * 2 / n)
        return float((np.abs(z) > 1.959964).mean())

    assert power(size) == pytest.approx(0.8, abs=0.02)
    assert power(size // 2) < 0.6


@pytest.mark.parametrize("rate", [-0.1, 1.1, 5])
def test_a_rate_that_is_none_is_refused(rate: float) -> None:
    with pytest.raises(errors.ParameterError, match="a rate lies between 0 and 1"):
        estimates.sample_size(rate, 0.5)
    with pytest.raises(errors.ContractError, match=r"a holds .*, no rate"):
        estimates.sample_sizes(pd.DataFrame({"a": [rate], "b": [0.5]}), rates=("a", "b"))


# Means


def test_fewer_than_two_values_have_no_interval_and_none_no_mean() -> None:
    assert not estimates.mean([]).is_known
    one = estimates.mean([3.0])
    assert one.value == 3.0
    assert np.isnan(one.low)
    assert np.isnan(estimates.mean_difference([1.0, 2.0], [3.0]).low)
    assert estimates.mean_difference([2.0, 2.0], [1.0, 1.0]).low == 1.0


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=30), st.randoms())
def test_the_order_of_values_never_shows_in_a_mean(values: list[int], random: object) -> None:
    money = [value / 7 for value in values]
    shuffled = list(money)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert estimates.mean(shuffled) == estimates.mean(money)


@pytest.mark.parametrize("values", [[1.0, None], [1.0, float("inf")]])
def test_missing_and_infinite_values_are_refused(values: list[float]) -> None:
    with pytest.raises(errors.ContractError, match="values: 1 of 2 are missing or infinite"):
        estimates.mean(values)


# Survival


def test_the_censored_are_not_counted_as_failures() -> None:
    # three cases: it came on day 2, one was last seen on day 3, it came on day 4
    curve = estimates.survival([2, 3, 4], [True, False, True])
    assert curve["time"].tolist() == [0, 2, 3, 4]
    assert curve["at_risk"].tolist() == [3, 3, 2, 1]
    assert curve["events"].tolist() == [0, 1, 0, 1]
    assert curve["censored"].tolist() == [0, 0, 1, 0]
    assert curve["survival"].tolist() == pytest.approx([1, 2 / 3, 2 / 3, 0])
    assert curve["survival_low"].isna().tolist() == [True, False, False, True]


@given(cases)
def test_each_curve_is_the_one_scipy_draws(rows: list[tuple[int, bool, str]]) -> None:
    from scipy import stats

    durations, observed, by = map(list, zip(*rows, strict=True))
    curve = estimates.survival(durations, observed, by=pd.Series(by, name="plan"))
    assert next(iter(curve.columns)) == "plan"
    for name, own in curve.groupby("plan"):
        times = [(t, seen) for t, seen, group in rows if group == name]
        data = stats.CensoredData.right_censored(
            [float(t) for t, _ in times], [not seen for _, seen in times]
        )
        theirs = stats.ecdf(data).sf
        assert own["survival"].tolist() == pytest.approx(theirs.evaluate(own["time"]).tolist())
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # where it has no value, nor have we
            bounds = theirs.confidence_interval(method="log-log")
        inside = own["survival"].between(0, 1, inclusive="neither")
        for bound, end in (("survival_low", bounds.low), ("survival_high", bounds.high)):
            expected = end.evaluate(own["time"])[inside.to_numpy()]
            assert own.loc[inside, bound].tolist() == pytest.approx(expected.tolist())
            assert own.loc[~inside, bound].isna().all()


@given(cases, st.randoms())
def test_every_case_is_in_the_curve_once_whatever_the_order(
    rows: list[tuple[int, bool, str]], random: object
) -> None:
    def drawn(rows: list[tuple[int, bool, str]]) -> pd.DataFrame:
        durations, observed, by = map(list, zip(*rows, strict=True))
        return estimates.survival(durations, observed, by=by)

    curve = drawn(rows)
    assert curve[["events", "censored"]].sum().sum() == len(rows)
    assert curve.groupby("group")["survival"].diff().dropna().le(0).all()
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(drawn(shuffled), curve)


@given(cases)
def test_comparing_two_groups_is_scipys_log_rank(rows: list[tuple[int, bool, str]]) -> None:
    from scipy import stats

    durations, observed, by = map(list, zip(*rows, strict=True))
    two = [group if group != "c" else "b" for group in by]
    found = estimates.log_rank(durations, observed, by=two)
    assert found.groups["expected"].sum() == pytest.approx(sum(observed))
    if np.isnan(found.statistic):
        return
    parts = [
        stats.CensoredData.right_censored(
            [float(t) for (t, _, _), g in zip(rows, two, strict=True) if g == name],
            [not seen for (_, seen, _), g in zip(rows, two, strict=True) if g == name],
        )
        for name in "ab"
    ]
    theirs = stats.logrank(*parts)
    assert found.statistic == pytest.approx(theirs.statistic**2)
    assert found.p_value == pytest.approx(theirs.pvalue)


def test_three_groups_are_compared_at_once_and_one_group_with_nobody() -> None:
    durations, observed = [1, 2, 3, 4, 5, 6], [True] * 6
    assert estimates.log_rank(durations, observed, by=list("aabbcc")).freedom == 2
    for alone in (["a"] * 6, ["a"] + ["b"] * 5):
        found = estimates.log_rank(durations, [False] + [True] * 5, by=alone)
        assert np.isnan(found.statistic)
        assert np.isnan(found.p_value)


def test_the_median_is_where_half_is_reached_and_its_bounds_where_the_curve_s_are() -> None:
    curve = pd.DataFrame(
        {
            "plan": ["a"] * 3 + ["b"] * 2,
            "time": [0.0, 5.0, 9.0, 0.0, 4.0],
            "at_risk": [4, 4, 2, 3, 3],
            "events": [0, 2, 1, 0, 1],
            "censored": [0, 0, 1, 0, 2],
            "survival": [1.0, 0.5, 0.25, 1.0, 2 / 3],
            "survival_low": [None, 0.06, 0.01, None, 0.05],
            "survival_high": [None, 0.84, 0.49, None, 0.95],
        }
    )
    medians = estimates.median_survival(curve)
    assert medians["plan"].tolist() == ["a", "b"]
    assert medians["cases"].tolist() == [4, 3]
    assert medians["median"].tolist()[0] == 5
    assert np.isnan(medians["median"][1])
    assert medians["median_low"].tolist() == [5, 4]
    assert medians["median_high"].tolist()[0] == 9


def test_beyond_the_last_case_seen_nothing_is_said_unless_it_came_to_all() -> None:
    curve = estimates.survival([3, 9, 2, 4], [True, False, True, True], by=list("aabb"))
    found = estimates.survival_at(curve, 10)
    assert np.isnan(found["survival"][0])
    assert found["survival"][1] == 0
    assert estimates.survival_at(curve, 3)["survival"].tolist() == [0.5, 0.5]
    assert estimates.survival_at(curve, 3)["at_risk"].tolist() == [1, 1]
    with pytest.raises(errors.ParameterError, match="time is -1"):
        estimates.survival_at(curve, -1)


def test_no_cases_make_an_empty_curve_that_still_has_its_start() -> None:
    curve = estimates.survival([], [])
    assert curve["time"].tolist() == [0.0]
    assert curve["at_risk"].tolist() == [0]
    assert estimates.survival([], [], by=pd.Series([], name="plan", dtype="str")).empty


@pytest.mark.parametrize(
    ("durations", "observed", "by", "said"),
    [
        ([-1], [True], None, "durations: 1 are negative"),
        ([1.0, None], [True, True], None, "durations: 1 of 2 are missing"),
        ([1], [2], None, "something else than yes and no"),
        ([1], [None], None, "observed: 1 of 1 are missing"),
        ([1, 2], [True], None, "hold 2, 1 and 2 rows"),
        ([1, 2], [True, True], ["a", None], "1 cases have no group"),
        ([1], [True], pd.Series(["a"], name="time"), "by is called 'time'"),
        (pd.to_timedelta([1], unit="D"), [True], None, "not numbers"),
    ],
)
def test_what_makes_no_curve_is_refused(
    durations: object, observed: object, by: object, said: str
) -> None:
    with pytest.raises(errors.ContractError, match=said):
        estimates.survival(durations, observed, by=by)


def test_what_is_no_curve_has_no_median() -> None:
    with pytest.raises(errors.ContractError, match=r"curve: missing columns .*\n.*survival"):
        estimates.median_survival(pd.DataFrame({"time": [1]}))
