"""The figures of retention draw what their tables hold, and nothing where nothing is known."""

import itertools
from types import SimpleNamespace
from typing import Any

import figure_tables as t
import pandas as pd
import pytest
from spoken import drawn

from workbench import exhibits, periods, retention, words
from workbench.charts import axes, style
from workbench.words import Lang, Words

draw: Any = SimpleNamespace(
    **{
        name: drawn(getattr(exhibits.retention, name))
        for name in ("triangle", "by_age", "second", "revenue")
    }
)


def cells(figure: Any) -> dict[tuple[float, float], str]:
    """What is written in each cell, by column and row."""
    return {(one.x, one.y): one.text for one in figure.layout.annotations}


# The triangle


def test_every_cell_holds_its_share_and_the_first_column_how_many_came() -> None:
    table = t.retained()["cohorts"]
    figure = draw.triangle(table)
    table = retention.new_only(table)
    wide = table.pivot(index="first_period", columns="age", values="active_share")
    drawn = pd.DataFrame(figure.data[0].z).iloc[:-1, 1:]
    assert len(drawn.columns) > 6, "as many months as have room"
    last = wide.tail(13).loc[:, 1 : len(drawn.columns)]
    pd.testing.assert_frame_equal(
        drawn.astype("float64"), last.reset_index(drop=True).set_axis(drawn.columns, axis=1)
    )
    sizes = table.groupby("first_period")["cohort_size"].first().tail(13)
    written = cells(figure)
    assert [written[0, row] for row in range(len(sizes))] == [f"<b>{n}</b>" for n in sizes]


def test_what_lies_ahead_is_empty_and_a_month_with_nobody_is_nought() -> None:
    table = t.refunded()
    figure = draw.triangle(table)
    assert [list(row) for row in figure.data[0].z] == [
        [None, 0.45, 0.0],
        [None, 0.8, None],
        [None, None, None],
    ]
    written = cells(figure)
    assert written[2, 0] == "0%"
    for ahead in ((2, 1), (1, 2), (2, 2)):
        assert ahead not in written
        column, row = ahead
        assert figure.data[0].hovertext[row][column] == figure.data[1].hovertext[row][column] == ""


def test_no_first_money_is_a_grey_dash_told_apart_from_what_lies_ahead() -> None:
    figure = draw.triangle(t.refunded(), measure="money")
    written = cells(figure)
    grey = figure.data[1]
    assert [written[column, 0] for column in (0, 1, 2)] == ["<b>0</b>", "–", "–"]
    assert [list(row) for row in grey.z] == [[0, 0, 0], [0, None, None], [0, None, None]]
    assert {colour for _, colour in grey.colorscale} == {style.GREY_TINT}
    assert "no first money to compare with" in grey.hovertext[0][1]
    assert (2, 1) not in written
    assert "–: no first money" in figure.layout.meta["subtitle"]
    assert "–" not in draw.triangle(t.retained()["cohorts"]).layout.meta["subtitle"]


def test_money_beyond_the_first_is_as_dark_as_the_first() -> None:
    figure = draw.triangle(t.refunded(), measure="money")
    assert cells(figure)[1, 1] == "12×"
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 1)


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_who_had_bought_before_the_book_begins_stands_apart_in_the_last_row(lang: Lang) -> None:
    table = t.retained()["cohorts"]
    figure = draw.triangle(table, lang=lang)
    earlier = {"en": "earlier", "zh": "此前"}[lang]
    assert figure.layout.yaxis.ticktext[-1] == earlier
    assert earlier in figure.layout.meta["subtitle"]
    assert "13" in figure.layout.meta["subtitle"], "how many of the others are drawn"
    older = table[~table["is_new"]]
    first, then = (older[older["age"] == age] for age in (0, 1))
    last = len(figure.layout.yaxis.ticktext) - 1
    assert cells(figure)[0, last] == f"<b>{first['cohort_size'].sum()}</b>"
    share = then["customers"].sum() / then.loc[then["customers"].notna(), "cohort_size"].sum()
    assert figure.data[0].z[last][1] == pytest.approx(share)
    (line,) = figure.layout.shapes
    assert line.y0 == last - 0.5
    assert draw.triangle(retention.new_only(table)).layout.yaxis.ticktext[-1] != "earlier"


def test_a_phone_gets_as_many_months_as_have_room_and_short_names() -> None:
    phone = draw.triangle(t.retained()["cohorts"]).layout.meta["phone"]
    assert phone["xaxis.range"] == [-0.5, 4.5]
    assert phone["yaxis.ticktext"][-2:] == ["Oct 26", "earlier"]


# All together


@pytest.mark.parametrize(("measure", "share"), [("customers", "active"), ("money", "money")])
def test_the_line_is_the_share_at_each_age_and_the_first_is_left_out(
    measure: Any, share: str
) -> None:
    table = t.retained()["by_age"]
    figure = draw.by_age(table, measure=measure)
    rows = table[table["age"].between(1, 24)]
    assert list(figure.data[-1].x) == rows["age"].tolist()
    assert list(figure.data[-1].y) == pytest.approx(rows[f"{share}_share"].tolist())
    # money has no interval
    assert len(figure.data) == (3 if measure == "customers" else 1)


def test_below_each_named_month_stands_how_many_could_be_seen() -> None:
    table = t.retained()["by_age"].set_index("age")["cohort_size"]
    axis = draw.by_age(t.retained()["by_age"]).layout.xaxis
    assert list(axis.ticktext) == [f"{age}<br><b>{table[age]}</b>" for age in axis.tickvals]
    assert axis.tickvals[0] == 1


# The second purchase


def test_the_curve_and_its_band_are_those_of_the_estimate() -> None:
    table = t.retained()["curve"]
    low, high, line, _ = draw.second(table).data
    year = table[table["days"] <= 365]
    assert list(line.y)[: len(year)] == pytest.approx(year["repurchased_share"].tolist())
    assert list(line.x)[-1] == 365
    assert all(a <= b <= c for a, b, c in zip(low.y, line.y, high.y, strict=True))


def test_the_ticks_say_who_was_still_waiting_just_before() -> None:
    second = pd.DataFrame(
        {"customer_id": list("abcdef"), "days": [10, 30, 30, 45, 200, 400],
         "came_back": [True, True, False, True, False, False]}
    )  # fmt: skip
    axis = draw.second(retention.time_to_second(second)).layout.xaxis
    said = dict(zip(axis.tickvals, axis.ticktext, strict=True))
    assert said[0] == "0<br><b>6</b>"
    assert said[60] == "60<br><b>2</b>"
    assert said[300] == "300<br><b>1</b>"


def test_the_days_asked_for_are_marked_where_the_curve_stands() -> None:
    table = t.retained()["curve"]
    figure = draw.second(table, within_days=30)
    share = table.loc[table["days"] <= 30, "repurchased_share"].iloc[-1]
    assert (figure.data[-1].x[0], figure.data[-1].y[0]) == (30, pytest.approx(share))
    named = [one.text for one in figure.layout.annotations]
    assert f"<b>{Words().write(share, 'rate')}</b> within 30 days" in named


def test_days_beyond_what_was_watched_are_not_marked() -> None:
    second = pd.DataFrame({"customer_id": ["a", "b"], "days": [10, 60], "came_back": [True, False]})
    figure = draw.second(retention.time_to_second(second), within_days=90)
    assert 90 not in figure.data[-1].x
    assert figure.data[2].x[-1] == 60


@pytest.mark.parametrize(
    ("half", "within_days", "wide", "phone"),
    [
        (60, 30, ("left", "top"), True),  # right of its point and below the curve
        (250, 30, ("left", "top"), False),  # on a phone there is room on the other side alone
        (240, 280, ("right", "bottom"), True),  # none before the days asked for: left and above
        (20, 90, None, None),  # no room on either side: the sentence tells of it
    ],
)
def test_the_day_by_which_half_were_back_is_named_where_there_is_room(
    half: int, within_days: int, wide: tuple[str, str] | None, phone: bool | None
) -> None:
    rows = [(half, True)] * 6 + [(365, False)] * 4
    second = pd.DataFrame(rows, columns=["days", "came_back"]).assign(customer_id="a")
    figure = draw.second(retention.time_to_second(second), within_days=within_days)
    named = [
        (i, one)
        for i, one in enumerate(figure.layout.annotations)
        if one.text == f"half by day {half}"
    ]
    assert half in figure.data[-1].x, "it is marked in any case"
    assert bool(named) == bool(wide)
    for i, one in named:
        assert (one.xanchor, one.yanchor) == wide
        assert figure.layout.meta["phone"].get(f"annotations[{i}].visible", True) is phone


# New and repeat money


def test_the_bars_are_the_last_thirteen_months_of_both_kinds_of_money() -> None:
    table = t.retained()["revenue"].tail(13)
    repeat, new = draw.revenue(t.retained()["revenue"]).data
    assert list(repeat.y) == table["repeat_revenue"].tolist()
    assert list(new.y) == table["new_revenue"].tolist()
    assert (repeat.marker.color, new.marker.color) == (style.KEPT, style.GREY)


def test_each_bar_has_its_share_and_a_phone_every_third() -> None:
    table = t.retained()["revenue"].tail(13)
    figure = draw.revenue(t.retained()["revenue"])
    shares = [Words().write(share, "rate") for share in table["repeat_share"]]
    assert [one.text for one in figure.layout.annotations][2:] == shares
    blank = [place for place in figure.layout.meta["phone"] if place.startswith("annotations")]
    assert len(blank) == 8
    assert f"annotations[{len(shares) + 1}].visible" not in blank, "the last stays"


def test_refunds_reach_below_the_line_and_a_month_without_money_has_no_share() -> None:
    table = t.retained()["revenue"].tail(3).assign(
        repeat_revenue=[-50.0, 0.0, 80.0], new_revenue=[60.0, 0.0, 20.0],
        repeat_share=[-5.0, None, 0.8],
    )  # fmt: skip
    figure = draw.revenue(table)
    assert figure.layout.yaxis.range[0] < -50
    assert [one.text for one in figure.layout.annotations][3] == words.MISSING


# Names


@pytest.mark.parametrize("window", [style.WIDE_PX, style.PANEL_PX])
@pytest.mark.parametrize("last", [1, 2, 5, 9, 13, 24, 60, 365])
@pytest.mark.parametrize("first", [0, 1])
def test_ticks_keep_apart_and_begin_with_the_first(window: int, last: int, first: int) -> None:
    steps = (1, 2, 3, 6, 12, 30, 60, 90, 120, 180, 360)
    places = axes.fitting(last, steps, window_px=window, first=first)
    assert places[0] == first
    assert places == sorted(set(places))
    each = (window - 62) / max(last - first, 1)
    apart = [(b - a) * each for a, b in itertools.pairwise(places)]
    assert min([*apart, 44]) >= 44


@pytest.mark.parametrize(
    ("every", "lang", "said"),
    [
        ("month", "en", ("Jan 2026", "Jan 26")),
        ("month", "zh", ("2026年1月", "26/1")),
        ("week", "en", ("W1, 2026", "W1")),
        ("week", "zh", ("2026年第1周", "第1周")),
    ],
)
def test_months_and_weeks_have_short_names(every: str, lang: Lang, said: tuple[str, str]) -> None:
    # the Monday of the first week of 2026 lies in 2025
    start = pd.Timestamp("2026-01-01" if every == "month" else "2025-12-29")
    period = periods.containing(start.date(), every)
    written = [Words(lang).write(period, how) for how in ("short period", "shorter period")]
    assert tuple(written) == said
