"""How a figure changed, against what, and whether that is good."""

import pandas as pd
import pytest

from workbench.findings import kpis


@pytest.mark.parametrize(
    ("now", "before", "unit", "en", "zh"),
    [
        (1_031, 1_000, "count", "▲ 3.1% on September", "较9月 ▲ 3.1%"),
        (988, 1_000, "money", "▼ 1.2% on September", "较9月 ▼ 1.2%"),
        (0.462, 0.454, "rate", "▲ 0.8 pt on September", "较9月 ▲ 0.8个百分点"),
        (5, 0, "count", "▲ 5 on September", "较9月 ▲ 5"),
        (5, -20, "money", "▲ 25 on September", "较9月 ▲ 25"),
        (7, 7, "count", "unchanged on September", "与9月持平"),
        (100_001, 100_000, "count", "unchanged on September", "与9月持平"),
        (0.5001, 0.5, "rate", "unchanged on September", "与9月持平"),
        (None, 7, "count", "no figure for September", "9月无数据"),
        (7, None, "count", "no figure for September", "9月无数据"),
        (7, float("nan"), "count", "no figure for September", "9月无数据"),
        (7, pd.NA, "count", "no figure for September", "9月无数据"),
    ],
)
def test_a_change_is_told_against_its_period(now, before, unit, en, zh):
    assert kpis.card(now, before, unit=unit, against="September").text == en
    assert kpis.card(now, before, unit=unit, against="9月", lang="zh").text == zh


@pytest.mark.parametrize(
    ("now", "good", "is_good", "judged"),
    [
        (11, "up", True, "which is good"),
        (9, "up", False, "which is bad"),
        (11, "down", False, "which is bad"),
        (9, "down", True, "which is good"),
        (11, "neither", None, ""),
        (10, "up", None, ""),
    ],
)
def test_good_depends_on_the_direction_wanted(now, good, is_good, judged):
    change = kpis.card(now, 10, good=good, against="September")
    assert change.is_good is is_good
    assert judged in change.spoken
    assert "good" not in change.spoken.replace(judged or "-", "")


def test_what_is_spoken_needs_no_arrow():
    change = kpis.card(241, 203, good="down", against="September")
    assert change.spoken == "up 18.7% on September, which is bad"
    assert kpis.card(241, 203, good="down", against="9月", lang="zh").spoken == (
        "较9月上升18.7%，是不好的变化"
    )


def test_the_parts_make_the_whole():
    change = kpis.card(1_031, 1_000, against="September")
    assert f"{change.arrow} {change.amount} {change.against}" == change.text


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        (1_284_311, "money", "1.28\xa0M", "128.4万"),
        (1_198, "count", "1,198", "1,198"),
        (0.462, "rate", "46.2%", "46.2%"),
        (None, "rate", "–", "–"),
    ],
)
def test_a_figure_is_written_in_its_unit(value, unit, en, zh):
    assert kpis.value(value, unit=unit) == en
    assert kpis.value(value, unit=unit, lang="zh") == zh
