"""Texts in figures: names shown as they are, labels that fit."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.charts import text
from workbench.words import Words, literal, shown

HOSTILE = (
    "<script>alert(1)</script>",
    "<a href='https://example.org'>click</a>",
    "<b>bold</b> & <br> broken",
    "&lt;already&gt;",
    "$x^2$ and $$y$$",
    "=cmd|' /C calc'!A0",
    "{{ 7*7 }} %{customdata[0]}",
    "'; drop table customers; --",
    "\u202egnihtyreve sesrever",
    "مرحبا <b>بالعالم</b>",
    "line\nbreak\u2028and\ttab\x00",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_holds_no_markup_that_plotly_would_read(name):
    said = literal(name)
    assert not set("<>$\n\t\x00\u2028") & set(said)
    assert "&" not in said.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "").replace(
        "&#36;", ""
    )


@given(st.text())
def test_unescaping_gives_the_whole_name_back(name):
    whole = html.unescape(literal(name)).strip("\u2068\u2069")
    # control signs become one space; nothing else is lost
    kept = "".join(sign for sign in name if sign.isprintable() and not sign.isspace())
    assert [s for s in whole if s in kept] == [s for s in kept if s not in "\u2068\u2069"]


def test_a_right_to_left_name_cannot_turn_round_what_follows():
    said = literal("\u202eabc")
    assert said.startswith("\u2068")
    assert said.endswith("\u2069")
    assert literal("abc") == "abc"


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_a_missing_name_is_a_dash(missing):
    assert literal(missing) == "–"


def test_long_names_are_cut_before_they_are_escaped():
    assert literal("<" * 30, limit=4) == "&lt;&lt;&lt;…"
    assert literal("北辰工具有限公司上海分公司", limit=9) == "北辰工具…"
    assert literal("Lin Yue", limit=16) == "Lin Yue"


def test_english_breaks_between_words_and_chinese_does_not():
    assert text.wrapped("General win-back", Words("en"), width=8) == "General<br>win-back"
    assert text.wrapped("一般挽留客户", Words("zh"), width=4) == "一般挽留客户"


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (999_600, "1M", "100万"),
        (12_000, "12k", "1.2万"),
        (5_000, "5k", "5,000"),
        (123_456_789, "123M", "1.2亿"),
        (2.4e9, "2.4bn", "24亿"),
        (-45_000, "-45k", "-4.5万"),
        (float("nan"), "–", "–"),
        (None, "–", "–"),
    ],
)
def test_short_numbers_keep_two_or_three_digits(value, en, zh):
    assert Words("en").write(value, "short number") == en
    assert Words("zh").write(value, "short number") == zh


@given(st.floats(-1e11, 1e11))
def test_short_numbers_fit_a_cell(value):
    assert text.pixels(Words("en").write(value, "short number")) <= 48


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (0, "0%"),
        (0.001, "<1%"),
        (0.005, "<1%"),
        (0.006, "1%"),
        (0.384, "38%"),
        (1, "100%"),
        (-0.02, "-2%"),
    ],
)
def test_a_share_is_never_nothing_when_there_is_something(rate, said):
    assert Words().write(rate, "short rate").replace("−", "-") == said


def test_our_own_words_may_hold_a_smaller_than():
    assert shown("<1%") == "&lt;1%"


def test_width_is_that_of_the_widest_line():
    assert text.pixels("ab<br><b>abcd</b>") == text.pixels("abcd")


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(5, 60)), min_size=1, max_size=4))
def test_spread_labels_never_cover_each_other(labels):
    labels.sort()
    centres, widths = [c for c, _ in labels], [w for _, w in labels]
    placed = text.spread(centres, widths, start=0, end=300, gap=4)
    for i in range(len(placed) - 1):
        assert placed[i] + widths[i] / 2 + 4 <= placed[i + 1] - widths[i + 1] / 2 + 1e-6
    assert placed[0] - widths[0] / 2 >= -1e-6
    assert placed[-1] + widths[-1] / 2 <= 300 + 1e-6


def test_labels_with_room_stay_at_their_centres():
    assert text.spread([10, 100], [10, 10], start=0, end=200, gap=4) == [10, 100]


def test_the_words_beside_every_bar_fit_in():
    values, beside, names = (
        [50.0, 49.0, 1.0],
        ["short", "much longer words", "w" * 20],
        ["name"] * 3,
    )
    low, high = text.room(values, beside, names, window_px=330)
    plot = 330 - text.pixels("name") - 30
    assert low == 0
    for value, words in zip(values, beside, strict=True):
        assert value / high * plot + text.pixels(words) <= plot


def test_the_longest_bar_keeps_a_fifth_of_the_axis_whatever_stands_beside_it():
    _, high = text.room([50.0], ["w" * 99], ["name"], window_px=330)
    assert 50 / high == pytest.approx(0.2)


def test_no_bar_at_all_still_has_an_axis():
    low, high = text.room([0.0, 0.0], ["0", "0"], ["a", "b"], window_px=330)
    assert low == 0 < high


def test_a_bar_below_zero_moves_the_start_of_the_axis():
    low, high = text.room([50.0, -5.0], ["", ""], ["a", "b"], window_px=330)
    assert low == -5
    assert high >= 50
