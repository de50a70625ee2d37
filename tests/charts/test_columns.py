"""Upright bars: periods below, counts above, and what a phone leaves out."""

from typing import Any

import pandas as pd
import pytest

from workbench import charts, periods
from workbench.charts import style
from workbench.words import LANGUAGES, Lang, Words

PARTS = {"repeat_revenue": "kept", "new_revenue": "grey"}


def revenue(n: int = 13, **changed: Any) -> charts.Columns:
    months = periods.parse("2026-10").last(n)
    rows = pd.DataFrame(
        {"period": months, "repeat_revenue": 8_000.0, "new_revenue": 2_000.0, "repeat_share": 0.8,
         "repeat_customers": 6, "new_customers": 1}
    )  # fmt: skip
    given: dict[str, Any] = {"rows": rows, "x": "period", "x_as": ("short period", "shorter period"),
             "parts": PARTS, "hover": "hover", "above": "above"}  # fmt: skip
    return charts.Columns(**given | changed)


def days(**changed: Any) -> charts.Columns:
    rows = pd.DataFrame({"due_date": pd.date_range("2026-10-26", periods=14), "steps": 3})
    given: dict[str, Any] = {"rows": rows, "x": "due_date", "x_as": ("weekday day", "weekday day"),
             "parts": {"steps": "due"}, "hover": "hover", "mark": "mark", "at_most": (14, 5)}  # fmt: skip
    return charts.Columns(**given | changed)


def drawn(chart: charts.Chart, scope: str, lang: Lang = "en") -> Any:
    words = Words(lang).within(scope)
    return chart.drawn(words, title="t", subtitle="s", alt="a")


def test_parts_stand_on_each_other_and_are_named_above() -> None:
    figure = drawn(revenue(), "retention.revenue")
    assert [trace.marker.color for trace in figure.data] == [style.KEPT, style.GREY]
    names = [one.text for one in figure.layout.annotations][:2]
    assert names == ["■ repeat business", "■ first purchase days"]
    assert figure.layout.yaxis.domain[1] < 1


def test_a_phone_names_fewer_periods_and_every_third_share_the_last_among_them() -> None:
    layout = drawn(revenue(), "retention.revenue").layout
    assert layout.xaxis.ticktext[-1] == "Oct 2026"
    assert 0 not in layout.xaxis.tickvals, "a name below the first bar would reach the other axis"
    phone = layout.meta["phone"]
    assert phone["xaxis.ticktext"][-1] == "Oct 26"
    assert len(phone["xaxis.tickvals"]) <= 4
    left_out = [place for place in phone if place.startswith("annotations")]
    assert len(left_out) == 8
    assert "annotations[14].visible" not in phone


def test_a_single_period_keeps_its_name() -> None:
    assert drawn(revenue(1), "retention.revenue").layout.xaxis.ticktext == ("Oct 2026",)


def test_what_is_given_back_reaches_below_the_line() -> None:
    rows = revenue().rows.assign(repeat_revenue=-500.0)
    axis = drawn(revenue(rows=rows), "retention.revenue").layout.yaxis
    assert axis.range[0] < -500
    assert axis.zeroline


@pytest.mark.parametrize(("lang", "below"), [("en", "Mon<br>26/10"), ("zh", "10/26<br>周一")])
def test_marks_stand_on_the_bars_instead_of_an_axis(lang: Lang, below: str) -> None:
    rows = days().rows
    rows.loc[1, "steps"] = 0
    figure = drawn(days(rows=rows), "nurture.upcoming", lang)
    assert figure.data[0].text[:3] == ("<b>3</b>", "", "<b>3</b>")
    assert figure.layout.yaxis.visible is False
    assert figure.layout.xaxis.ticktext[0] == below
    assert len(figure.layout.meta["phone"]["xaxis.tickvals"]) == 5


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_period_says_so(lang: Lang) -> None:
    figure = drawn(revenue(rows=revenue().rows.iloc[:0]), "retention.revenue", lang)
    assert figure.layout.meta["alt"] == Words(lang)("figure.no_data")
