"""A sparkline as a figure: gaps, the last value, names as they are."""

from typing import Any

import pandas as pd
import pytest

from workbench.charts.sparkline import Sparkline
from workbench.words import LANGUAGES, Lang, Words


def drawn(values: list[Any], lang: Lang = "en") -> Any:
    rows = pd.DataFrame({"y": values, "period": "<i>Oct</i>"})
    chart = Sparkline(rows=rows, y="y", y_as="exact rate", hover="hover")
    words = Words(lang).within("figure.kpis")
    return chart.drawn(words, title="t", subtitle="s", alt="a")


def test_a_missing_value_is_a_gap_and_the_last_one_is_written() -> None:
    line, end = drawn([0.4, None, 0.462, None]).data
    assert line.y == (0.4, None, 0.462, None)
    assert (end.x, end.text) == ((2,), ("46.2%",))


def test_a_period_is_shown_as_it_is_called() -> None:
    assert drawn([0.1, 0.2]).data[0].hovertext[1] == "<b>20.0%</b><br>&lt;i&gt;Oct&lt;/i&gt;"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("values", [[], [0.1], [None, float("inf"), 0.1]])
def test_fewer_than_two_values_say_so(values: list[Any], lang: Lang) -> None:
    figure = drawn(values, lang)
    assert [one.text for one in figure.layout.annotations] == [Words(lang)("figure.no_data")]
