"""A course: lines, bands, values at the line, what is marked across it, and its axes."""

import itertools
from typing import Any

import pandas as pd
import pytest

from workbench import charts
from workbench.charts import axes, style
from workbench.words import LANGUAGES, Lang, Words


def ages(last: int = 18) -> pd.DataFrame:
    share = [0.5 - 0.01 * age for age in range(1, last + 1)]
    return pd.DataFrame(
        {"age": range(1, last + 1), "size": 1_000, "share": share, "name": "<i>$x$</i>",
         "share_low": [one - 0.05 for one in share], "share_high": [one + 0.05 for one in share]}
    )  # fmt: skip


def by_age(**changed: Any) -> charts.Course:
    given = {"rows": ages(), "x": "age", "y": ["share"], "below": "size", "labelled": [1, 6, 12],
             "x_title": "test.x", "hover": "figure.pair"}  # fmt: skip
    return charts.Course(**given | changed)


def weeks(**changed: Any) -> charts.Course:
    days = pd.date_range("2026-01-04", periods=20, freq="7D")
    rows = pd.DataFrame({"until": days, "bought": range(0, 2_000, 100), "hoped": 5.0, "name": "w"})
    given = {"rows": rows, "x": "until", "y": ["bought", "hoped"], "scale": "number",
             "names": ["test.one", "test.two"],
             "hover": "figure.pair"}  # fmt: skip
    return charts.Course(**given | changed)


def drawn(chart: charts.Course, lang: Lang = "en") -> Any:
    return chart.drawn(Words(lang), title="t", subtitle="s", alt="a")


def test_one_line_lies_in_its_band_and_its_named_places_are_written() -> None:
    figure = drawn(by_age())
    low, high, line = figure.data
    assert list(line.x) == list(range(1, 19))
    assert all(a < b < c for a, b, c in zip(low.y, line.y, high.y, strict=True))
    assert [one.x for one in figure.layout.annotations] == [1, 6, 12, 18], "and the last far behind"
    assert figure.layout.meta["phone"]["annotations[1].visible"] is False


def test_a_value_is_written_on_the_side_the_line_does_not_go_to() -> None:
    peak = ages(3).assign(share=[0.1, 0.5, 0.1])
    valley = ages(3).assign(share=[0.5, 0.1, 0.5])
    for rows, side in ((peak, "bottom"), (valley, "top")):
        figure = drawn(by_age(rows=rows, labelled=[2]))
        assert [one.yanchor for one in figure.layout.annotations] == [side]


def test_counts_stand_below_the_ticks_fewer_on_a_phone() -> None:
    layout = drawn(by_age()).layout
    assert layout.xaxis.ticktext[0] == "1<br><b>1,000</b>"
    assert len(layout.meta["phone"]["xaxis.tickvals"]) < len(layout.xaxis.tickvals)


def test_a_place_without_a_value_is_left_out() -> None:
    assert list(drawn(by_age(rows=ages(3).assign(share=[0.5, None, 0.1]))).data[-1].x) == [1, 3]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_lines_are_named_above_the_plot_in_their_colours(lang: Lang) -> None:
    figure = drawn(weeks(), lang)
    words = Words(lang)
    assert [one.text for one in figure.layout.annotations] == [
        f"━ {words('test.one')}",
        f"╍ {words('test.two')}",
    ]
    assert [one.line.color for one in figure.data] == [style.KEPT, style.INK]
    assert [one.line.dash for one in figure.data] == [None, "dash"], "not by colour alone"
    assert figure.layout.yaxis.domain[1] < 1
    assert figure.layout.yaxis.ticktext[-1] == {"en": "1.5k", "zh": "1,500"}[lang]


def test_days_are_written_at_most_six_times_and_three_on_a_phone() -> None:
    layout = drawn(weeks()).layout
    assert len(layout.xaxis.tickvals) <= 6
    assert len(layout.meta["phone"]["xaxis.tickvals"]) <= 3
    assert layout.xaxis.ticktext[0] == "18 Jan 26"


def test_a_line_across_stands_before_its_day_and_is_named_where_there_is_room() -> None:
    for row, anchor in ((4, "left"), (15, "right")):
        day = weeks().rows["until"][row]
        figure = drawn(weeks(line_at=[(day, "test.across", "grey")]))
        assert figure.layout.shapes[0].x0 == row - 0.5
        assert figure.layout.annotations[-1].xanchor == anchor


def test_what_comes_from_the_data_is_escaped() -> None:
    assert drawn(by_age()).data[-1].hovertext[0].startswith("&lt;i&gt;&#36;x&#36;&lt;/i&gt;: 0.49")


def test_nothing_to_draw_is_said() -> None:
    for rows in (ages().iloc[:0], ages().assign(share=None)):
        assert drawn(by_age(rows=rows)).data == ()


@pytest.mark.parametrize("window", [style.WIDE_PX, style.PANEL_PX])
@pytest.mark.parametrize("last", [1, 2, 9, 24, 365])
def test_ticks_keep_apart_and_begin_with_the_first(window: int, last: int) -> None:
    places = axes.fitting(last, (1, 2, 6, 30, 90, 360), window_px=window)
    each = (window - axes.BESIDE_PX) / last
    assert places[0] == 0
    assert all((b - a) * each >= 44 for a, b in itertools.pairwise(places))
