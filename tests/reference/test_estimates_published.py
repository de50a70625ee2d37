"""Rates, differences, sizes and survival curves are those of the papers and textbooks."""

import math

import pandas as pd
import pytest

from workbench import estimates

# Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
SINGLE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
# Newcombe (1998), "Interval estimation for the difference between independent proportions",
# table II, method 10.
PAIRS = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0),
    (10, 10, 0, 10, 0.6075, 1.0),
]
# Freireich et al. (1963), weeks in remission, as in Kleinbaum & Klein, "Survival Analysis"
# (2012), tables 1.1 and 2.1; a negative number is a censored case.
SIX_MP = [6, 6, 6, 7, 10, 13, 16, 22, 23, -6, -9, -10, -11, -17, -19, -20, -25, -32, -32, -34, -35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
# Klein & Moeschberger, "Survival Analysis" (2003), section 1.3: days free of disease after a bone
# marrow transplant, the 38 patients with acute lymphoblastic leukaemia.
ALL = [
    -2081, -1602, -1496, -1462, -1433, -1377, -1330, -996, -226, -1199, -1111, -530, -1182, -1167,
    418, 383, 276, 104, 609, 172, 487, 662, 194, 230, 526, 122, 129, 74, 122, 86, 466, 192, 109,
    55, 1, 107, 110, 332,
]  # fmt: skip
# Student (1908): hours of sleep gained under two drugs, ten values each, as R's help of t.test
# compares them.
SLEEP_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


def curve_of(*groups: list[int]) -> pd.DataFrame:
    cases = [(abs(days), days > 0, i) for i, group in enumerate(groups) for days in group]
    durations, observed, by = zip(*cases, strict=True)
    return estimates.survival(durations, observed, by=by if len(groups) > 1 else None)


@pytest.mark.parametrize(("successes", "trials", "low", "high"), SINGLE)
def test_wilsons_interval_is_newcombes_method_3(
    successes: int, trials: int, low: float, high: float
) -> None:
    found = estimates.rate(successes, trials)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("x", "n", "y", "m", "low", "high"), PAIRS)
def test_the_interval_of_a_difference_is_newcombes_method_10(
    x: int, n: int, y: int, m: int, low: float, high: float
) -> None:
    found = estimates.difference(x, n, y, m)
    assert found.value == pytest.approx(x / n - y / m)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_the_size_of_an_arm_is_the_textbooks() -> None:
    # R's help of power.prop.test: 76.7 in each arm
    assert estimates.sample_size(0.50, 0.75, power=0.90) == 77
    # Fleiss, Levin & Paik (2003): the formula by hand, to four digits of the normal quantiles
    spread = 1.9600 * math.sqrt(2 * 0.075 * 0.925) + 0.8416 * math.sqrt(0.05 * 0.95 + 0.1 * 0.9)
    assert estimates.sample_size(0.05, 0.10) == math.ceil((spread / 0.05) ** 2) == 435


def test_the_remission_curve_is_the_textbooks() -> None:
    curve = curve_of(SIX_MP)
    shown = curve.loc[curve["events"] > 0]
    assert shown["time"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert shown["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert shown["events"].tolist() == [3, 1, 1, 1, 1, 1, 1]
    assert shown["survival"].round(4).tolist() == [
        0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482,
    ]  # fmt: skip


def test_the_medians_of_remission_are_23_and_8_weeks() -> None:
    medians = estimates.median_survival(curve_of(SIX_MP, PLACEBO))
    assert medians["median"].tolist() == [23, 8]
    assert medians["events"].tolist() == [9, 21]


def test_the_log_rank_statistic_of_remission_is_the_textbooks() -> None:
    # Kleinbaum & Klein (2012), section 2.IV: 16.793, expected 19.25 and 10.75 events
    durations = [abs(weeks) for weeks in SIX_MP + PLACEBO]
    observed = [weeks > 0 for weeks in SIX_MP + PLACEBO]
    found = estimates.log_rank(durations, observed, by=["6-MP"] * 21 + ["placebo"] * 21)
    assert found.statistic == pytest.approx(16.793, abs=5e-4)
    assert found.freedom == 1
    assert found.p_value < 0.0001
    assert found.groups["events"].tolist() == [9, 21]
    assert found.groups["expected"].round(2).tolist() == [19.25, 10.75]


def test_the_log_log_interval_is_klein_and_moeschbergers() -> None:
    # example 4.2: 0.5492 after a year, between 0.3783 and 0.6911; example 4.3: median 418 days
    curve = curve_of(ALL)
    year = estimates.survival_at(curve, 365).iloc[0]
    assert year[["survival", "survival_low", "survival_high"]].tolist() == pytest.approx(
        [0.5492, 0.3783, 0.6911], abs=6e-5
    )
    assert estimates.median_survival(curve)["median"].tolist() == [418]


def test_the_difference_of_means_is_welchs() -> None:
    found = estimates.mean_difference(SLEEP_1, SLEEP_2)
    assert found.value == pytest.approx(-1.58)
    assert (found.low, found.high) == pytest.approx((-3.3654832, 0.2054832), abs=5e-8)
