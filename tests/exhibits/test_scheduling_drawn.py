"""What is said and drawn of a plan: how long, how full, what to mind."""

from typing import Any

import figure_tables as t
import pandas as pd
import pytest

from workbench import exhibits, scheduling
from workbench.words import LANGUAGES, Lang, Words

shown: Any = exhibits.scheduling
CHINA = scheduling.Calendar("CN")
EN, ZH = Words("en"), Words("zh")


# Two rules


def test_the_rules_are_said_to_agree_where_they_do() -> None:
    assert shown.rules(scheduling.compare(6)).sentence() == (
        "A cycle of 6 days: both rules agree, six touches, the last on day 6"
    )
    assert shown.rules(scheduling.compare(30)).sentence() == (
        "As printed, two of six touches come after a cycle of 30 days is over, the last on day 44"
    )
    assert shown.rules(scheduling.compare(30)).sentence(ZH) == (
        "按原文公式，6次触达中有2次落在周期30天之后，最后一次在第44天"
    )


def test_both_rules_are_drawn_and_only_where_they_differ_twice() -> None:
    figure = shown.rules(scheduling.compare(30)).figure()
    printed, even = figure.data
    assert list(even.x) == scheduling.days(30)
    assert list(printed.x) == scheduling.days(30, rule="as_printed")[2:]
    assert {printed.marker.symbol, even.marker.symbol} == {"diamond", "circle"}
    assert [shape.x0 for shape in figure.layout.shapes] == [30]


# One lead


def test_the_timeline_counts_from_the_first_touch_to_the_last_and_what_moved() -> None:
    dates = scheduling.dates("2026-09-25", 14, calendar=CHINA)
    said = shown.timeline(dates)
    assert said.sentence() == "Six touches in eleven days, the last on 8 Oct 2026; four are moved"
    assert said.sentence(ZH) == "11天内6次触达，最后一次在2026年10月8日；其中4次顺延"
    one = shown.timeline(scheduling.dates("2026-11-02", 1, steps=1))
    assert one.sentence() == "One touch in one day, the last on 2 Nov 2026"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_touch_has_its_date_and_a_moved_one_its_reason(lang: Lang) -> None:
    dates = t.planned()
    due = shown.timeline(dates).figure(Words(lang)).data[-1]
    said = [text.strip() for text in due.text]
    assert len(said) == len(dates)
    reason = Words(lang)("move_reason.day_off")
    assert [reason in text for text in said] == dates["move_reason"].notna().tolist()
    assert ("9月29日周二" if lang == "zh" else "Tue, 29 Sept") in said


def test_a_moved_touch_shows_where_it_was_planned() -> None:
    dates = t.planned()
    line, hollow, due = shown.timeline(dates).figure().data
    first = dates["original_date"].min()
    moved = dates[dates["move_reason"].notna()]
    assert list(hollow.x) == (moved["original_date"] - first).dt.days.tolist()
    assert list(due.x) == (dates["due_date"] - first).dt.days.tolist()
    assert list(line.x).count(None) == len(moved)


def test_every_warning_is_told_in_the_grey_line_and_none_where_all_is_well() -> None:
    def grey(dates: pd.DataFrame, words: Words = EN) -> str:
        figure = shown.timeline(dates, warnings=scheduling.warnings(dates)).figure(words)
        return str(figure.layout.meta["subtitle"])

    short = scheduling.dates("2060-03-01", 3, calendar=CHINA)
    assert "Six touches share a day" in grey(short)
    assert "not announced yet" in grey(short)
    assert "不够礼貌。" in grey(short, ZH)
    assert "stand on one day" in grey(scheduling.dates("2026-09-30", 11, calendar=CHINA))
    calm = scheduling.dates("2026-11-02", 30)
    assert grey(calm) == shown.timeline(calm).figure(EN).layout.meta["subtitle"]


# Everybody's load


def test_the_fullest_day_is_the_earliest_of_equals_and_names_its_owner() -> None:
    load = pd.DataFrame(
        {
            "owner_id": ["S2", "S1", None],
            "owner_name": ["Lin Yue", None, None],
            "due_date": pd.to_datetime(["2026-11-04", "2026-11-03", "2026-11-05"]),
            "steps": [7, 7, 6],
        }
    )
    assert shown.workload(load).sentence() == (
        "The fullest day is 3 Nov 2026, with seven touches for S1"
    )
    assert shown.workload(load.iloc[[0]]).sentence(ZH).endswith("Lin Yue有7次触达")
    assert shown.workload(load.iloc[[2]]).sentence().endswith("for no owner")


def test_every_owner_and_day_has_its_touches_and_a_free_day_none() -> None:
    load = t.load()
    figure = shown.workload(load).figure()
    (heat,) = figure.data
    drawn = [n for line in heat.z for n in line]
    assert sum(n for n in drawn if n is not None) == load["steps"].sum()
    assert drawn.count(None) == 3  # the 4th, of each owner
    assert len(heat.z) == load["owner_name"].nunique(dropna=False)
    assert figure.layout.annotations[0].text == "<b>24</b> · most 9"
    assert figure.layout.meta["phone"]["annotations[0].text"] == "<b>24</b>"


def test_the_owners_beyond_twenty_are_counted_below() -> None:
    load = t.load(tuple(f"owner {i}" for i in range(25)))
    figure = shown.workload(load).figure()
    assert len(figure.data[0].z) == 20
    said = [a.text for a in figure.layout.annotations]
    rest = load.groupby("owner_id")["steps"].sum().nsmallest(5).sum()
    assert said[20:] == [f"and 5 more owners with {rest} touches"]


def test_a_name_from_the_data_is_never_markup() -> None:
    figure = shown.workload(t.load(("<b>Bold</b>",))).figure()
    assert figure.layout.yaxis.ticktext[0].startswith("&lt;b&gt;")
    assert "<b>Bold" not in str(figure.data[0].hovertext)


def test_a_plan_of_one_day_is_drawn() -> None:
    load = pd.DataFrame(
        {"owner_id": ["S1"], "owner_name": ["林悦"], "steps": [1],
         "due_date": [pd.Timestamp("2026-11-02")]}
    )  # fmt: skip
    figure = shown.workload(load).figure()
    assert figure.data[0].z == ([1.0],)
    assert "1 touch due" not in figure.layout.meta["subtitle"]


# What a change costs


def test_a_change_is_told_by_the_last_touch_and_the_fullest_day() -> None:
    one = pd.DataFrame({"lead_id": ["L1", "L2"], "owner_id": "S1", "plan": "a"})
    one = one.assign(start_date=pd.Timestamp("2026-11-02"), cycle_days=6)
    free, limited = scheduling.plan(one), scheduling.plan(one, capacity=1)
    assert shown.cost(free, limited, EN, step="no limit → 1") == (
        "no limit → 1: the last touch on 13 Nov 2026 instead of 7 Nov 2026, "
        "at most one a day instead of two"
    )


@pytest.mark.parametrize(
    ("lang", "none", "some"),
    [
        ("en", "No touch is planned", "Six touches for one lead, the first on 2 Nov 2026"),
        ("zh", "没有计划的触达", "1条线索，共6次触达，首次在2026年11月2日"),
    ],
)
def test_the_touches_of_a_plan_are_counted_and_listed_as_they_are_due(
    lang: Lang, none: str, some: str
) -> None:
    enrolled = pd.DataFrame(
        {"lead_id": ["L1"], "owner_id": "S1", "plan": "spring", "start_date": ["2026-11-02"],
         "cycle_days": 30}
    )  # fmt: skip
    plan = scheduling.plan(enrolled).sort_values("step", ascending=False)
    shown = exhibits.scheduling.touches(plan)
    assert shown.sentence(Words(lang)) == some
    assert shown.listed()["step"].tolist() == [1, 2, 3, 4, 5, 6]
    assert exhibits.scheduling.touches(plan.head(0)).sentence(Words(lang)) == none
