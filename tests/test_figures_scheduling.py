"""The figures of a plan draw what their tables hold."""

import figure_tables as t
import pandas as pd
import pytest

from workbench import figures, labels, scheduling


def texts(figure) -> list[str]:
    return [said.strip() for trace in figure.data for said in trace.text or ()]


def test_both_rules_are_drawn_and_only_where_they_differ_twice():
    figure = figures.scheduling.rules(scheduling.compare(30))
    printed, even = figure.data
    assert list(even.x) == scheduling.days(30)
    assert list(printed.x) == scheduling.days(30, rule="as_printed")[2:]
    assert {printed.marker.symbol, even.marker.symbol} == {"diamond", "circle"}
    assert [shape.x0 for shape in figure.layout.shapes] == [30]


@pytest.mark.parametrize("lang", labels.LANGUAGES)
def test_each_touch_has_its_date_and_a_moved_one_its_reason(lang):
    dates = t.planned()
    figure = figures.scheduling.timeline(dates, lang=lang)
    said = texts(figure)
    assert len(said) == len(dates)
    reason = labels.text("move_reason.day_off", lang)
    assert [reason in one for one in said] == dates["move_reason"].notna().tolist()
    assert ("9月29日周二" if lang == "zh" else "Tue, 29 Sept") in said


def test_a_moved_touch_shows_where_it_was_planned():
    dates = t.planned()
    line, hollow, due = figures.scheduling.timeline(dates).data
    first = dates["original_date"].min()
    moved = dates[dates["move_reason"].notna()]
    assert list(hollow.x) == (moved["original_date"] - first).dt.days.tolist()
    assert list(due.x) == (dates["due_date"] - first).dt.days.tolist()
    assert list(line.x).count(None) == len(moved)


def test_warnings_stand_in_the_subtitle():
    dates = scheduling.dates("2026-11-02", 3)
    figure = figures.scheduling.timeline(dates, scheduling.warnings(dates))
    assert "Six touches share a day" in figure.layout.meta["subtitle"]


def test_every_owner_and_day_has_its_touches_and_a_free_day_none():
    load = t.load()
    figure = figures.scheduling.workload(load)
    (heat,) = figure.data
    drawn = [n for line in heat.z for n in line]
    assert sum(n for n in drawn if n is not None) == load["steps"].sum()
    assert drawn.count(None) == 3  # the 4th, of each owner
    assert len(heat.z) == load["owner_name"].nunique(dropna=False)
    assert figure.layout.annotations[0].text == "<b>24</b> · most 9"
    assert figure.layout.meta["phone"]["annotations[0].text"] == "<b>24</b>"


def test_the_owners_beyond_twenty_are_counted_below():
    load = t.load(tuple(f"owner {i}" for i in range(25)))
    figure = figures.scheduling.workload(load)
    assert len(figure.data[0].z) == 20
    said = [a.text for a in figure.layout.annotations]
    rest = load.groupby("owner_id")["steps"].sum().nsmallest(5).sum()
    assert said[20:] == [f"and 5 more owners with {rest} touches"]


def test_a_name_from_the_data_is_never_markup():
    figure = figures.scheduling.workload(t.load(("<b>Bold</b>",)))
    assert figure.layout.yaxis.ticktext[0].startswith("&lt;b&gt;")
    assert "<b>Bold" not in str(figure.data[0].hovertext)


def test_a_plan_of_one_day_is_drawn():
    load = pd.DataFrame(
        {"owner_id": ["S1"], "owner_name": ["林悦"], "steps": [1],
         "due_date": [pd.Timestamp("2026-11-02")]}
    )  # fmt: skip
    figure = figures.scheduling.workload(load)
    assert figure.data[0].z == ([1.0],)
    assert "1 touch due" not in figure.layout.meta["subtitle"]
