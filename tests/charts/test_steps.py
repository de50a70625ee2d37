"""A curve of steps: what it draws, marks and counts, in both languages and on a phone."""

from typing import Any

import pandas as pd
import pytest
from dark_paper import themed

from workbench import charts
from workbench.charts import style
from workbench.words import LANGUAGES, Lang, Words


def curve(**changed: Any) -> charts.Steps:
    rows = pd.DataFrame(
        {"days": [0, 20, 80, 120], "at_risk": [1_200, 1_200, 62, 40],
         "share": [0.0, 0.38, 0.61, 0.61],
         "share_low": [None, 0.29, 0.52, 0.52],
         "share_high": [None, 0.48, 0.71, 0.71]}
    )  # fmt: skip
    given = {"rows": rows, "x": "days", "y": "share", "below": "at_risk", "until": 100}
    return charts.Steps(**given | changed)


def drawn(chart: charts.Steps, lang: Lang = "en") -> Any:
    return chart.drawn(Words(lang).within("test"), title="t", subtitle="s", alt="a")


def test_the_line_lies_in_its_band_and_goes_on_to_the_end_of_the_axis() -> None:
    low, high, line = drawn(curve()).data
    assert line.x == (0, 20, 80, 100)
    assert line.y == (0.0, 0.38, 0.61, 0.61)
    assert low.y == (0.0, 0.29, 0.52, 0.52)
    assert high.y == (0.0, 0.48, 0.71, 0.71)


def test_a_curve_without_bounds_has_a_band_without_width() -> None:
    rows = curve().rows[["days", "at_risk", "share"]]
    low, high, line = drawn(curve(rows=rows)).data
    assert low.y == high.y == line.y


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_counts_stand_below_the_ticks_and_in_the_hover_text(lang: Lang) -> None:
    figure = drawn(curve(), lang)
    ticks = dict(zip(figure.layout.xaxis.tickvals, figure.layout.xaxis.ticktext, strict=True))
    assert ticks[0] == "0<br><b>1,200</b>"
    assert ticks[90] == "90<br><b>40</b>"
    assert "38%" in figure.data[2].hovertext[1]
    assert "1,200" in figure.data[2].hovertext[1]
    assert len(figure.layout.meta["phone"]["xaxis.tickvals"]) < len(ticks)


def test_a_marked_day_is_drawn_even_beyond_the_end_unless_nobody_was_watched_so_long() -> None:
    figure = drawn(curve(at=110))
    assert (figure.data[-1].x, figure.data[-1].y) == ((110,), (0.61,))
    assert "<b>61%</b> within 110 days" in [one.text for one in figure.layout.annotations]
    assert drawn(curve(at=130)).layout.shapes == ()


def test_half_is_marked_where_it_is_reached() -> None:
    assert drawn(curve(half="half")).data[-1].x == (80,)
    rows = curve().rows.assign(share=0.2)
    assert len(drawn(curve(rows=rows, half="half")).data) == 3


def test_a_share_below_one_percent_is_no_markup() -> None:
    rows = curve().rows.assign(share=0.001)
    figure = drawn(curve(rows=rows))
    assert figure.data[2].hovertext[1].startswith("<b>&lt;1%</b>")
    assert figure.layout.annotations[0].text == "<b>&lt;1%</b>"


@pytest.mark.parametrize("rows", [curve().rows.iloc[:0], curve().rows.iloc[:1]])
def test_nobody_watched_for_a_day_is_said(rows: pd.DataFrame) -> None:
    figure = drawn(curve(rows=rows))
    assert figure.data == ()
    assert figure.layout.annotations[0].text == "There is no data to draw here."


def test_every_colour_has_its_dark() -> None:
    dark = themed(drawn(curve(at=30, half="half")), "dark")
    assert dark.data[2].line.color == style.DARK[style.KEPT]
