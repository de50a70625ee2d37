"""Panes: charts below each other, each with its own axes, and a head above each."""

import pandas as pd
import pytest

from workbench import charts
from workbench.words import Words

ROWS = pd.DataFrame({"name": ["a", "b"], "share": [0.3, 0.1], "none": 0.0})
HEADS = ("figure.lifetime.models.error", "figure.lifetime.models.fit")


def bars(value: str) -> charts.Bars:
    return charts.Bars(rows=ROWS, label="name", value=value, beside="figure.pair")


def panes(*values: str, heads: tuple[str, ...] = ()) -> charts.Panes:
    return charts.Panes(charts=[bars(value) for value in values], heads=heads)


def test_each_pane_has_its_head_above_its_bars() -> None:
    figure = panes("share", "share", heads=HEADS).drawn(Words(), title="t", subtitle="s", alt="a")
    first, second = figure.layout.annotations
    assert (first.text, second.text) == ("error (and bias)", "BIC above the best")
    assert (first.y, second.y) == (figure.layout.yaxis.domain[1], figure.layout.yaxis2.domain[1])
    assert second.y < figure.layout.yaxis.domain[0]


def test_an_empty_pane_is_left_out_with_its_head() -> None:
    figure = panes("none", "share", heads=HEADS).drawn(Words(), title="t", subtitle="s", alt="a")
    assert [one.text for one in figure.layout.annotations] == ["BIC above the best"]
    assert len(figure.data) == 1


@pytest.mark.parametrize("heads", [(), HEADS])
def test_heads_take_their_room(heads: tuple[str, ...]) -> None:
    height = panes("share", "share", heads=heads).height(Words())
    assert height == panes("share", "share").height(Words()) + 20 * len(heads)
