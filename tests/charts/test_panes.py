"""Panes: charts below each other, each with its own axes, and a head above each."""

from typing import Any

import pandas as pd
import pytest
from test_bars import bars
from test_histogram import days, ratios

from workbench import charts
from workbench.words import Words


def drawn(*each: charts.Chart) -> Any:
    words = Words().within("rfm.distributions")
    return charts.Panes(charts=each).drawn(words, title="t", subtitle="s", alt="a")


def words_within(chart: charts.Chart, scope: str) -> Any:
    return chart.drawn(Words().within(scope), title="t", subtitle="s", alt="a")


def test_each_chart_has_its_own_axes_one_below_the_other() -> None:
    figure = drawn(days(), days(line_at=None))
    assert [trace.yaxis for trace in figure.data] == ["y", "y2"]
    upper, lower = figure.layout.yaxis.domain, figure.layout.yaxis2.domain
    assert 0 < lower[0] < lower[1] < upper[0] < upper[1] < 1
    assert (figure.layout.xaxis2.anchor, figure.layout.yaxis2.anchor) == ("y2", "x2")
    alone = words_within(days(), "rfm.distributions")
    assert figure.layout.height == 2 * alone.layout.height - 40


def test_what_stands_at_an_axis_or_in_the_paper_moves_along() -> None:
    figure = drawn(days(line_at=None), days())
    upper, lower = figure.layout.annotations[0], figure.layout.annotations[3]
    assert (upper.xref, lower.xref) == ("x", "x2")
    assert lower.y == figure.layout.yaxis2.domain[1]
    (line,) = figure.layout.shapes
    assert (line.xref, line.yref) == ("x2", "y2 domain")


def test_what_changes_on_a_phone_finds_its_new_place() -> None:
    one = bars(label="churn_risk", label_as="", beside="figure.no_data", line_after=1)
    phone = drawn(one, one).layout.meta["phone"]
    assert {"xaxis.range", "xaxis2.range"} <= set(phone)
    banded = ratios(hover="figure.no_data", x_title="y", rows=ratios().rows.iloc[:4])
    figure = drawn(days(), banded)
    moved = [place for place in figure.layout.meta["phone"] if place.startswith("annotations")]
    assert moved == [f"annotations[{i}].x" for i in range(4, 8)]


def test_empty_charts_are_left_out_and_only_empty_ones_say_so() -> None:
    empty = days(rows=pd.DataFrame({"left": [], "right": [], "customers": [], "score": []}))
    assert len(drawn(empty, days()).data) == 1
    assert not drawn(empty, empty).data


ROWS = pd.DataFrame({"name": ["a", "b"], "share": [0.3, 0.1], "none": 0.0})
HEADS = ("test.one", "test.two")


def shares(value: str) -> charts.Bars:
    return charts.Bars(rows=ROWS, label="name", value=value, beside="figure.pair")


def panes(*values: str, heads: tuple[str, ...] = ()) -> charts.Panes:
    return charts.Panes(charts=[shares(value) for value in values], heads=heads)


def test_each_pane_has_its_head_above_its_bars() -> None:
    figure = panes("share", "share", heads=HEADS).drawn(Words(), title="t", subtitle="s", alt="a")
    first, second = figure.layout.annotations
    assert (first.text, second.text) == ("bought", "expected")
    assert (first.y, second.y) == (figure.layout.yaxis.domain[1], figure.layout.yaxis2.domain[1])
    assert second.y < figure.layout.yaxis.domain[0]


def test_an_empty_pane_is_left_out_with_its_head() -> None:
    figure = panes("none", "share", heads=HEADS).drawn(Words(), title="t", subtitle="s", alt="a")
    assert [one.text for one in figure.layout.annotations] == ["expected"]
    assert len(figure.data) == 1


@pytest.mark.parametrize("heads", [(), HEADS])
def test_heads_take_their_room(heads: tuple[str, ...]) -> None:
    height = panes("share", "share", heads=heads).height(Words())
    assert height == panes("share", "share").height(Words()) + 20 * len(heads)
