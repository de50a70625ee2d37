"""How a figure changed, against what, and whether that is good."""

import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from workbench import blocks, errors
from workbench.blocks import layout
from workbench.blocks.cards import change
from workbench.words import Words

EN, ZH = Words(), Words("zh")


@pytest.mark.parametrize(
    ("now", "before", "unit", "en", "zh"),
    [
        (1_031, 1_000, "count", "▲ 3.1% on September", "▲ 3.1% 较9月"),
        (988, 1_000, "money", "▼ 1.2% on September", "▼ 1.2% 较9月"),
        (0.462, 0.454, "rate", "▲ 0.8 pt on September", "▲ 0.8个百分点 较9月"),
        (5, 0, "count", "▲ 5 on September", "▲ 5 较9月"),
        (5, -20, "money", "▲ 25 on September", "▲ 25 较9月"),
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
    for against, words, said in (("September", EN, en), ("9月", ZH, zh)):
        found = change(now, before, unit=unit, against=against, words=words)
        assert f"{found.arrow} {found.amount} {found.against}".strip() == said


@pytest.mark.parametrize(
    ("now", "good", "is_good", "judged"),
    [
        (150, "up", True, "which is good"),
        (60, "up", False, "which is bad"),
        (150, "down", False, "which is bad"),
        (60, "down", True, "which is good"),
        (150, "neither", None, ""),
        (100, "up", None, ""),
        (110, "up", None, ""),
        (90, "up", None, ""),
    ],
)
def test_good_depends_on_the_direction_wanted(now, good, is_good, judged):
    found = change(now, 100, good=good, against="September", words=EN)
    assert found.is_good is is_good
    assert judged in found.spoken
    assert "good" not in found.spoken.replace(judged or "-", "")


def test_what_is_spoken_needs_no_arrow():
    found = change(271, 203, good="down", against="September", words=EN)
    assert found.spoken == "up 33.5% on September, which is bad"
    assert change(271, 203, good="down", against="9月", words=ZH).spoken == (
        "较9月上升33.5%，是不好的变化"
    )


def test_a_change_inside_its_interval_is_told_and_is_neither_good_nor_bad():
    months = pd.DataFrame(
        {"period": ["2026-09", "2026-10"], "repurchase_rate_90d": [0.42, 0.38], "base": [500, 480]}
    )
    card = blocks.Card("repurchase_rate_90d", unit="rate", base="base")
    told = blocks.cards(months, [card]).content["cards"][0]["changes"][0]
    assert (told["amount"], told["is_good"]) == ("4.0 pt", None)
    assert "bad" not in told["spoken"]
    many = months.assign(base=[50_000, 48_000])
    assert blocks.cards(many, [card]).content["cards"][0]["changes"][0]["is_good"] is False
    money = pd.DataFrame(
        {"period": ["2026-09", "2026-10"], "revenue": [85.0, 74.0], "n": [107, 101]}
    )
    for base, is_good in (("n", None), ("", False)):
        card = blocks.Card("revenue", unit="money", base=base)
        assert blocks.cards(money, [card]).content["cards"][0]["changes"][0]["is_good"] is is_good
    with pytest.raises(errors.UnknownNameError, match="bases"):
        blocks.cards(months, [blocks.Card("repurchase_rate_90d", unit="rate", base="bases")])


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        (1_284_311, "money", "1.28\xa0M", "128万"),
        (1_198, "count", "1,198", "1,198"),
        (0.462, "rate", "46.2%", "46.2%"),
        (None, "rate", "–", "–"),
    ],
)
def test_a_figure_is_written_in_its_unit(value, unit, en, zh):
    months = pd.DataFrame({"period": ["2026-10"], "revenue": [value]})
    for words, said in ((EN, en), (ZH, zh)):
        block = blocks.cards(months, [blocks.Card("revenue", unit=unit)], words=words)
        assert block.content["cards"][0]["value"] == said


# Sparklines

SVG = "{http://www.w3.org/2000/svg}"


def parts(svg):
    tree = ET.fromstring(svg)
    return tree, tree.find("path").get("d"), tree.findall("circle")


def test_the_line_goes_up_where_the_values_do():
    _, path, _ = parts(layout.sparkline([1, 2, 3], width=100, height=20))
    assert path == "M3 17L50 10L97 3"


def test_screen_readers_pass_over_it():
    tree, _, _ = parts(layout.sparkline([1, 2]))
    assert tree.get("aria-hidden") == "true"
    assert tree.get("focusable") == "false"


def test_it_takes_the_colour_of_the_text_around_it():
    svg = layout.sparkline([1, 2])
    assert 'stroke="currentColor"' in svg
    assert "#" not in svg


def test_a_missing_value_breaks_the_line():
    for missing in (None, float("nan"), pd.NA):
        _, path, dots = parts(layout.sparkline([1, 2, missing, 3, 4]))
        assert path.count("M") == 2
        assert len(dots) == 1


def test_there_is_no_last_dot_where_the_last_value_is_missing():
    _, _, dots = parts(layout.sparkline([1, 2, None]))
    assert dots == []


def test_equal_values_are_a_level_line():
    _, path, _ = parts(layout.sparkline([5, 5, 5], width=100, height=20))
    assert path == "M3 10L50 10L97 10"


@pytest.mark.parametrize("values", [[], [1], [None, 2], [float("inf"), 2]])
def test_fewer_than_two_values_are_no_line(values):
    assert layout.sparkline(values) == ""


def test_everything_stays_inside_the_picture():
    svg = layout.sparkline([0, 1e12, -1e12, 5], width=80, height=20)
    _, path, _ = parts(svg)
    for point in path.replace("M", " ").replace("L", " ").split("  "):
        numbers = [float(n) for n in point.split()]
        assert all(0 <= x <= 80 for x in numbers[0::2])
        assert all(0 <= y <= 20 for y in numbers[1::2])
