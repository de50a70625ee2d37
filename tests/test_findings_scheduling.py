"""Sentences on a plan: how long, how full, what to mind."""

import pandas as pd

from workbench import scheduling
from workbench.findings import scheduling as findings

CHINA = scheduling.Calendar("CN")


def test_the_timeline_counts_from_the_first_touch_to_the_last_and_what_moved() -> None:
    dates = scheduling.dates("2026-09-25", 14, calendar=CHINA)
    assert findings.timeline(dates) == (
        "Six touches in eleven days, the last on 8 Oct 2026; four are moved"
    )
    assert findings.timeline(dates, lang="zh") == (
        "11天内6次触达，最后一次在2026年10月8日；其中4次顺延"
    )
    assert findings.timeline(scheduling.dates("2026-11-02", 1, steps=1)).startswith(
        "One touch in one day"
    )


def test_the_fullest_day_is_the_earliest_of_equals_and_names_its_owner() -> None:
    load = pd.DataFrame(
        {
            "owner_id": ["S2", "S1", None],
            "owner_name": ["Lin Yue", None, None],
            "due_date": pd.to_datetime(["2026-11-04", "2026-11-03", "2026-11-05"]),
            "steps": [7, 7, 6],
        }
    )
    assert findings.workload(load) == "The fullest day is 3 Nov 2026, with seven touches for S1"
    assert findings.workload(load.iloc[[0]], lang="zh").endswith("Lin Yue有7次触达")
    assert findings.workload(load.iloc[[2]]).endswith("for no owner")


def test_every_warning_is_said_and_none_where_all_is_well() -> None:
    short = scheduling.warnings(scheduling.dates("2060-03-01", 3, calendar=CHINA))
    said = findings.warned(short)
    assert "share a day" in said
    assert "not announced yet" in said
    moved = scheduling.warnings(scheduling.dates("2026-09-30", 11, calendar=CHINA))
    assert "stand on one day" in findings.warned(moved)
    assert findings.warned(scheduling.warnings(scheduling.dates("2026-11-02", 30))) == ""


def test_the_rules_are_said_to_agree_where_they_do() -> None:
    assert findings.rules(scheduling.compare(6)) == (
        "A cycle of 6 days: both rules agree, six touches, the last on day 6"
    )
    assert findings.rules(scheduling.compare(30), lang="zh") == (
        "按原文公式，6次触达中有2次落在周期30天之后，最后一次在第44天"
    )


def test_a_change_is_told_by_the_last_touch_and_the_fullest_day() -> None:
    one = pd.DataFrame({"lead_id": ["L1", "L2"], "owner_id": "S1", "plan": "a"})
    one = one.assign(start_date=pd.Timestamp("2026-11-02"), cycle_days=6)
    free, limited = scheduling.plan(one), scheduling.plan(one, capacity=1)
    assert findings.cost(free, limited, step="no limit → 1") == (
        "no limit → 1: the last touch on 13 Nov 2026 instead of 7 Nov 2026, "
        "at most one a day instead of two"
    )
