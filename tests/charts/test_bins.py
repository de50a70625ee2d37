"""Histograms lose no customer, whatever their bins."""

import math

import pandas as pd
import pytest

from workbench.charts.axes import round_ticks
from workbench.charts.histogram import drawn_bins, folded


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (0, [0]),
        (1, [0, 1]),
        (7, [0, 2, 4, 6]),
        (118, [0, 50, 100]),
        (74_000, [0, 20_000, 40_000, 60_000]),
    ],
)
def test_ticks_are_round_and_few(top, expected):
    assert round_ticks(top) == expected


@pytest.mark.parametrize("top", [3, 11, 49, 51, 999, 123_456_789])
def test_ticks_never_pass_the_top_and_never_exceed_their_number(top):
    marks = round_ticks(top)
    assert 2 <= len(marks) <= 5
    assert marks[-1] <= top


def test_an_open_bin_is_drawn_as_wide_as_the_others():
    bins = pd.DataFrame(
        {"left": [0.0, 1.0, 2.0], "right": [1.0, 2.0, math.inf], "customers": [1, 2, 3]}
    )
    drawn = drawn_bins(bins)
    assert drawn["end"].tolist() == [1, 2, 3]
    assert drawn["height"].tolist() == [1, 2, 3]
    assert drawn["is_open"].tolist() == [False, False, True]


def test_a_bin_cut_in_two_is_no_dent():
    bins = pd.DataFrame(
        {"left": [0.0, 1.0, 1.5, 2.0], "right": [1.0, 1.5, 2.0, 3.0], "customers": [10, 5, 5, 10]}
    )
    assert drawn_bins(bins)["height"].tolist() == [10, 10, 10, 10]


def test_folding_loses_no_customer():
    bins = pd.DataFrame(
        {"left": range(100), "right": range(1, 101), "customers": [500, 300] + [2] * 98}
    )
    tail = folded(bins)
    assert len(tail) < len(bins)
    assert tail["customers"].sum() == bins["customers"].sum()
    assert tail["right"].iloc[-1] == math.inf


def test_bins_that_fill_their_axis_are_not_folded():
    bins = pd.DataFrame({"left": range(10), "right": range(1, 11), "customers": [5] * 10})
    assert folded(bins).equals(bins)
