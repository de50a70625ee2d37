"""A histogram: bins, the bands above them, the line that cuts them, the open bin and a phone."""

import math
from typing import Any

import pandas as pd
import pytest

from workbench import charts
from workbench.charts import style
from workbench.words import LANGUAGES, Lang, Words


def ratios(**changed: Any) -> charts.Histogram:
    rows = pd.DataFrame(
        {"left": [0.0, 0.8, 1.2, 3.0, 4.0], "right": [0.8, 1.2, 3.0, 4.0, math.inf],
         "customers": [300, 144, 200, 50, 7],
         "warning": ["not_due", "likely_repurchase", "churn_risk", "lost", "lost"]}
    )  # fmt: skip
    given: dict[str, Any] = {"rows": rows, "x_title": "x", "y_title": "y", "hover": "hover", "tick_as": "plain",
             "band": "warning", "tones": style.WARNING_TONES}  # fmt: skip
    return charts.Histogram(**given | changed)


def days(**changed: Any) -> charts.Histogram:
    rows = pd.DataFrame(
        {"left": [0.0, 20.0, 40.0], "right": [20.0, 40.0, math.inf], "customers": [40, 30, 20],
         "score": [3, 2, 1]}
    )  # fmt: skip
    given: dict[str, Any] = {"rows": rows, "x_title": "recency_days.x", "y_title": "y", "score": "score",
             "hover": "recency_days.hover", "line_at": 20.0, "line": "recency_days.line",
             "sides": ("kept", "grey"), "is_whole": True}  # fmt: skip
    return charts.Histogram(**given | changed)


def drawn(chart: charts.Chart, scope: str = "churn.ratios", lang: Lang = "en") -> Any:
    words = Words(lang).within(scope)
    return chart.drawn(words, title="t", subtitle="s", alt="a")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_bands_are_named_and_counted_above_their_stretch(lang: Lang) -> None:
    figure = drawn(ratios(held={"lost": 58}), lang=lang)
    said = {one.text.replace("<br>", " "): one.font.color for one in figure.layout.annotations}
    words = Words(lang)
    assert said[f"{words('warning.not_due')} <b>300</b>"] == style.GREY_TEXT
    assert said[f"{words('warning.lost')} <b>58</b>"] == style.LOST_TEXT, "as it was told"
    assert len(figure.layout.shapes) == 4


def test_edges_of_bands_and_the_open_bin_are_marked_fewer_on_a_phone() -> None:
    layout = drawn(ratios()).layout
    assert {"0", "0.8", "1.2", "3", "4+"} <= set(layout.xaxis.ticktext)
    close = ratios().rows.assign(left=[0.0, 0.8, 1.1, 3.0, 4.0], right=[0.8, 1.1, 3, 4, math.inf])
    layout = drawn(ratios(rows=close)).layout
    assert "1.1" in layout.xaxis.ticktext
    assert "1.1" not in layout.meta["phone"]["xaxis.ticktext"]


def test_an_open_bin_that_dwarfs_the_others_is_cut_and_counted() -> None:
    rows = ratios().rows
    rows.loc[4, "customers"] = 90_000
    figure = drawn(ratios(rows=rows))
    assert figure.layout.yaxis.range[1] < 2_000
    assert "<b>90,000</b> ↑" in [one.text for one in figure.layout.annotations]


def test_hover_texts_tell_the_last_value_a_bin_holds_and_where_it_is_open() -> None:
    (trace,) = drawn(days(), "rfm.distributions").data
    assert trace.hovertext[0].endswith("days since last purchase: 0 to 19<br>score 3")
    assert trace.hovertext[2].endswith("days since last purchase: 40 or more<br>score 1")
    single = days().rows.assign(left=[0.0, 1.0, 2.0], right=[1.0, 2.0, 3.0])
    (trace,) = drawn(days(rows=single), "rfm.distributions").data
    assert ": 1<br>" in trace.hovertext[1]


def test_a_line_parts_the_bars_by_colour_and_says_where_it_stands() -> None:
    figure = drawn(days(), "rfm.distributions")
    assert figure.data[0].marker.color == (style.KEPT, style.GREY, style.GREY)
    said = [one.text for one in figure.layout.annotations]
    assert said == ["3", "2", "1", "near: within 19 days"]
    (trace,) = drawn(days(line_at=None), "rfm.distributions").data
    assert set(trace.marker.color) == {style.GREY}


def test_nobody_to_draw_says_so() -> None:
    for rows in (ratios().rows.iloc[:0], ratios().rows.assign(customers=0)):
        assert not drawn(ratios(rows=rows)).data
