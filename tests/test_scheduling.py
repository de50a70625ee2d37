"""The schedule: which day, exactly; which date, in order; nothing lost on the way."""

import datetime as dt
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import errors, scheduling

EXAMPLES = {
    3: [1, 1, 2, 2, 3, 3],
    6: [1, 2, 3, 4, 5, 6],
    7: [1, 2, 3, 5, 6, 7],
    14: [1, 2, 5, 8, 11, 14],
    30: [1, 2, 9, 16, 23, 30],
}
CHINA = scheduling.Calendar("CN")


def half_up(value: Fraction) -> int:
    return (value + Fraction(1, 2)).__floor__()


# Days


@pytest.mark.parametrize(("cycle", "expected"), EXAMPLES.items())
def test_the_published_examples(cycle: int, expected: list[int]) -> None:
    assert scheduling.days(cycle) == expected


def test_every_cycle_and_number_of_steps_keeps_the_rule() -> None:
    for cycle in range(1, 401):
        for steps in range(1, 13):
            days = scheduling.days(cycle, steps=steps)
            assert len(days) == steps
            assert days[0] == 1
            assert days == sorted(days)
            if cycle >= steps:
                assert len(set(days)) == steps
            if steps >= 3 or cycle <= steps:
                assert days[-1] == cycle
            else:
                assert days == list(range(1, steps + 1))


def test_days_are_the_fractions_rounded_half_up() -> None:
    for cycle in range(1, 401):
        for steps in range(1, 13):
            for n, day in enumerate(scheduling.days(cycle, steps=steps), start=1):
                if cycle <= steps:
                    assert day == max(1, half_up(Fraction(n * cycle, steps)))
                elif n > 2:
                    assert day == 2 + half_up(Fraction((n - 2) * (cycle - 2), steps - 2))


def test_half_up_differs_from_what_round_does() -> None:
    # 2 + 1 · (12 - 2)/4 is 4.5
    assert scheduling.days(12)[2] == 5
    assert round(4.5) == np.round(4.5) == 4


def test_the_rule_as_printed_runs_past_the_end_and_agrees_up_to_six_days() -> None:
    assert scheduling.days(30, rule="as_printed") == [1, 2, 23, 30, 37, 44]
    for cycle in range(1, 401):
        printed = scheduling.days(cycle, rule="as_printed")
        if cycle <= 6:
            assert printed == scheduling.days(cycle)
        else:
            assert printed[-1] == 2 + half_up(Fraction(6 * (cycle - 2), 4)) > cycle


@pytest.mark.parametrize("integer", [np.int8, np.int64, np.uint16])
def test_numpys_whole_numbers_are_whole_numbers(integer: Any) -> None:
    assert scheduling.days(integer(30), steps=integer(6)) == EXAMPLES[30]


@pytest.mark.parametrize("value", [True, np.True_, 30.0, "30", None, np.float64(6), Fraction(6)])
def test_what_is_no_whole_number_is_refused(value: Any) -> None:
    for name in ("cycle_days", "steps"):
        given = {"cycle_days": 30, "steps": 6} | {name: value}
        with pytest.raises(errors.ParameterTypeError, match=rf"{name} is .*\nWrite {name}="):
            scheduling.days(**given)


@pytest.mark.parametrize("value", [0, -1, np.int64(-30)])
def test_a_cycle_has_at_least_one_day(value: int) -> None:
    with pytest.raises(
        errors.ParameterError, match=f"cycle_days is {value}; it has to be at least 1"
    ):
        scheduling.days(value)
    with pytest.raises(errors.ParameterError, match=f"steps is {value}"):
        scheduling.days(30, steps=value)


def test_the_rule_as_printed_is_for_six_steps_and_there_is_no_third() -> None:
    with pytest.raises(errors.ParameterError, match="'as_printed' is for 6 steps, and steps is 5"):
        scheduling.days(30, steps=5, rule="as_printed")
    with pytest.raises(errors.UnknownNameError, match="Did you mean 'as_printed'"):
        scheduling.days(30, rule="printed")  # type: ignore[arg-type]


# Dates of one lead


def days_of(table: pd.DataFrame) -> list[str]:
    return table["due_date"].dt.strftime("%m-%d").tolist()


def test_day_one_is_the_day_of_enrolment() -> None:
    table = scheduling.dates("2026-11-02", 7)
    assert days_of(table) == ["11-02", "11-03", "11-04", "11-06", "11-07", "11-08"]
    assert table["move_reason"].isna().all()
    assert table["due_date"].equals(table["original_date"])


def test_a_step_on_a_day_off_moves_to_the_next_working_day_and_says_so() -> None:
    # 1 to 7 October 2026 are off; Saturday the 10th makes up for one of them
    table = scheduling.dates("2026-09-30", 11, steps=4, calendar=CHINA)
    assert table["original_date"].dt.strftime("%m-%d").tolist() == [
        "09-30",
        "10-01",
        "10-06",
        "10-10",
    ]
    assert days_of(table) == ["09-30", "10-08", "10-08", "10-10"]
    assert table["move_reason"].fillna("").tolist() == ["", "day_off", "day_off", ""]
    assert table["brought_together"].tolist() == [False, True, True, False]
    assert not table["shares_day"].any()


def test_a_sunday_worked_to_make_up_for_a_holiday_is_a_working_day() -> None:
    assert scheduling.dates("2026-09-20", 1, steps=1, calendar=CHINA)["move_reason"].isna().all()
    usual = scheduling.dates("2026-09-13", 1, steps=1, calendar=CHINA)
    assert days_of(usual) == ["09-14"]


def test_the_companys_own_days_decide_before_the_country() -> None:
    own = scheduling.Calendar("CN", days_off=["2026-11-02"], working_days=[dt.date(2026, 11, 1)])  # type: ignore[arg-type]
    assert own.is_working("2026-11-01")
    assert not own.is_working("2026-11-02")
    assert scheduling.EVERY_DAY.is_working("2026-11-01")


def test_steps_that_share_a_day_are_kept_and_said() -> None:
    table = scheduling.dates("2026-11-02", 3)
    assert days_of(table) == ["11-02", "11-02", "11-03", "11-03", "11-04", "11-04"]
    assert table["shares_day"].all()
    assert scheduling.warnings(table)[["warning", "steps"]].values.tolist() == [["shares_day", 6]]
    assert scheduling.warnings(scheduling.dates("2026-11-02", 6)).empty


@pytest.mark.parametrize(
    ("calendar", "year", "known"),
    [
        (CHINA, 2026, True),
        (CHINA, 2060, False),  # no decree yet moves its weekends
        (scheduling.Calendar("DE"), 2060, True),  # by law, for all years
        (scheduling.Calendar("SA"), 2060, False),  # by the moon
        (scheduling.EVERY_DAY, 2060, True),
    ],
)
def test_a_year_whose_days_off_are_only_computed_is_said(
    calendar: scheduling.Calendar, year: int, known: bool
) -> None:
    assert calendar.knows(year) == known
    table = scheduling.dates(f"{year}-03-02", 6, calendar=calendar)
    assert table["year_unknown"].all() != known
    assert ("year_unknown" in scheduling.warnings(table)["warning"].tolist()) != known


def test_an_unknown_country_is_refused_with_the_likely_one() -> None:
    with pytest.raises(errors.UnknownNameError, match="no country's calendar called 'CHN0'"):
        scheduling.Calendar("CHN0")
    with pytest.raises(errors.UnknownNameError, match="no part of DE called 'XX'"):
        scheduling.Calendar("DE", "XX")
    with pytest.raises(errors.ParameterError, match="days_off is 'soon', no day"):
        scheduling.Calendar(days_off=("soon",))


def test_dates_outside_the_calendars_are_refused() -> None:
    with pytest.raises(errors.ParameterError, match="outside the years 1950 to 2100"):
        scheduling.dates("2099-12-01", 4000)


# Plans of many


def enrolled(*rows: tuple[str, str | None, str, str, int]) -> pd.DataFrame:
    """One row per lead and plan: lead, owner, plan, start, cycle."""
    table = pd.DataFrame(rows, columns=["lead_id", "owner_id", "plan", "start_date", "cycle_days"])
    return table.assign(start_date=pd.to_datetime(table["start_date"]))


START = dt.date(2026, 9, 20)
several = st.lists(
    st.tuples(
        st.sampled_from(["L1", "L2", "L3", "L4"]),
        st.sampled_from(["S1", "S2"]),
        st.sampled_from(["a", "b", "c"]),
        st.integers(0, 12).map(lambda n: (START + dt.timedelta(days=n)).isoformat()),
        st.integers(1, 15),
    ),
    min_size=1,
    max_size=9,
    unique_by=lambda row: (row[0], row[2]),
)
ways = st.fixed_dictionaries(
    {
        "capacity": st.sampled_from([None, 1, 2, 3]),
        "per_day": st.sampled_from([1, 1, 2]),
        "steps": st.sampled_from([1, 3, 6]),
        "calendar": st.sampled_from([scheduling.EVERY_DAY, CHINA]),
    }
)


@given(several, ways)
def test_a_plan_keeps_every_promise_at_once(rows: list[Any], way: dict[str, Any]) -> None:
    enrolments = enrolled(*rows)
    found = scheduling.plan(enrolments, **way)
    # nothing lost, nothing doubled, each where the cycle puts it first
    assert len(found) == len(rows) * way["steps"]
    for lead, owner, plan, start, cycle in rows:
        mine = found[(found["lead_id"] == lead) & (found["plan"] == plan)]
        assert mine["day"].tolist() == scheduling.days(cycle, steps=way["steps"])
        assert set(mine["owner_id"]) == {owner}
        first = pd.Timestamp(start)
        assert (mine["original_date"] - first).dt.days.add(1).tolist() == mine["day"].tolist()
        assert mine["due_date"].is_monotonic_increasing
    assert (found["due_date"] >= found["original_date"]).all()
    moved = found["due_date"] != found["original_date"]
    assert (found["move_reason"].notna() == moved).all()
    assert all(way["calendar"].is_working(day) for day in found["due_date"])
    if way["capacity"]:
        assert scheduling.workload(found)["steps"].max() <= way["capacity"]
    plans = found.groupby(["lead_id", "due_date"])["plan"].nunique()
    assert plans.max() <= way["per_day"]


@given(several, ways, st.randoms())
def test_the_order_of_rows_never_shows_in_a_plan(
    rows: list[Any], way: dict[str, Any], random: Any
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    pd.testing.assert_frame_equal(
        scheduling.plan(enrolled(*shuffled), **way), scheduling.plan(enrolled(*rows), **way)
    )


def one_after_the_other(rows: list[Any], capacity: int) -> dict[tuple[str, str, int], dt.date]:
    """Give each step the first free day of its owner, walking the queue step by step."""
    steps = sorted(
        (dt.date.fromisoformat(start) + dt.timedelta(days=day - 1), lead, plan, n, owner)
        for lead, owner, plan, start, cycle in rows
        for n, day in enumerate(scheduling.days(cycle), start=1)
    )
    full: Counter[tuple[str, dt.date]] = Counter()
    found = {}
    for day, lead, plan, n, owner in steps:
        while full[owner, day] >= capacity:
            day += dt.timedelta(days=1)
        full[owner, day] += 1
        found[lead, plan, n] = day
    return found


@given(several, st.integers(1, 4))
def test_the_queue_without_a_loop_is_the_queue_walked_step_by_step(
    rows: list[Any], capacity: int
) -> None:
    single = list({row[0]: row for row in rows}.values())  # one plan a lead: no other limit
    found = scheduling.plan(enrolled(*single), capacity=capacity)
    expected = one_after_the_other(single, capacity)
    assert {
        (row.lead_id, row.plan, row.step): row.due_date.date() for row in found.itertuples()
    } == expected


def test_the_overflow_moves_to_the_next_free_day_oldest_first() -> None:
    table = enrolled(*((f"L{i}", "S1", "a", "2026-11-02", 1) for i in range(5)))
    found = scheduling.plan(table, steps=1, capacity=2)
    assert days_of(found) == ["11-02", "11-02", "11-03", "11-03", "11-04"]
    assert found["move_reason"].fillna("").tolist() == ["", "", "capacity", "capacity", "capacity"]
    newer = enrolled(("A", "S1", "a", "2026-11-03", 1))
    both = scheduling.plan(pd.concat([newer, table]), steps=1, capacity=2)
    assert both.set_index("lead_id").loc["A", "due_date"] == pd.Timestamp("2026-11-04")


def test_each_owner_may_have_a_capacity_of_their_own_or_none() -> None:
    rows = [(f"L{i}", owner, "a", "2026-11-02", 1) for i in range(3) for owner in ("S1", "S2")]
    table = enrolled(*[(f"{lead}{owner}", owner, *rest) for lead, owner, *rest in rows])
    found = scheduling.workload(scheduling.plan(table, steps=1, capacity={"S1": 1}))
    assert found[["owner_id", "steps", "moved"]].values.tolist() == [
        ["S1", 1, 0], ["S1", 1, 1], ["S1", 1, 1], ["S2", 3, 0],
    ]  # fmt: skip


def test_nobodys_queue_is_never_full() -> None:
    table = enrolled(*((f"L{i}", None, "a", "2026-11-02", 1) for i in range(3)))
    found = scheduling.plan(table, steps=1, capacity=1)
    assert found["move_reason"].isna().all()
    assert scheduling.workload(found)["steps"].tolist() == [3]


def test_two_plans_of_a_lead_never_meet_and_a_plans_own_days_stay() -> None:
    table = enrolled(("L1", "S1", "a", "2026-11-02", 3), ("L1", "S1", "b", "2026-11-02", 6))
    found = scheduling.plan(table).set_index("plan")
    assert days_of(found.loc["a"]) == ["11-02", "11-02", "11-04", "11-04", "11-04", "11-04"]
    assert days_of(found.loc["b"]) == ["11-03", "11-03", "11-05", "11-05", "11-06", "11-07"]
    assert set(found["move_reason"].dropna()) == {"frequency_cap"}
    roomy = scheduling.plan(table, per_day=2)
    assert roomy["move_reason"].isna().all()


def test_a_step_that_the_cap_moves_pushes_no_later_step_of_its_own_plan() -> None:
    table = enrolled(("L1", "S1", "p", "2026-02-02", 1), ("L1", "S1", "q", "2026-02-02", 2))
    found = scheduling.plan(table.assign(steps=[1, 2]))
    assert days_of(found) == ["02-02", "02-03", "02-03"]
    assert found["move_reason"].fillna("").tolist() == ["", "frequency_cap", ""]
    assert found["brought_together"].tolist() == [False, True, True]
    told = scheduling.warnings(found)
    assert told[["warning", "steps"]].to_numpy().tolist() == [["brought_together", 2]]


def test_what_is_promised_keeps_its_day_and_takes_its_room() -> None:
    promised = pd.DataFrame(
        {
            "lead_id": ["L1", "X", "Y"],
            "owner_id": ["S2", "S1", "S1"],
            "plan": "old",
            "due_date": pd.to_datetime(["2026-11-02", "2026-11-03", "2026-11-04"]),
        }
    )
    table = enrolled(("L1", "S1", "new", "2026-11-02", 1))
    found = scheduling.plan(table, steps=1, already=promised, capacity=1)
    # the 2nd has the lead's old plan, the 3rd and 4th are full
    assert days_of(found) == ["11-05"]
    assert found["move_reason"].tolist() == ["capacity"]
    assert days_of(scheduling.plan(table, steps=1, already=promised)) == ["11-03"]
    assert days_of(scheduling.plan(table, steps=1, already=promised, per_day=2)) == ["11-02"]


@given(several, several, ways)
def test_no_day_is_promised_twice(first: list[Any], then: list[Any], way: dict[str, Any]) -> None:
    old = scheduling.plan(enrolled(*first), **way)
    renamed = [(lead, owner, f"{plan}2", *rest) for lead, owner, plan, *rest in then]
    new = scheduling.plan(enrolled(*renamed), **way, already=old)
    both = pd.concat([old, new])
    if way["capacity"]:
        assert scheduling.workload(both)["steps"].max() <= way["capacity"]
    assert both.groupby(["lead_id", "due_date"])["plan"].nunique().max() <= way["per_day"]


def test_plans_may_differ_in_their_number_of_steps() -> None:
    table = enrolled(("L1", "S1", "a", "2026-11-02", 10), ("L2", "S1", "b", "2026-11-02", 10))
    found = scheduling.plan(table.assign(steps=[2, 4]))
    assert found.groupby("lead_id")["day"].apply(list).tolist() == [[1, 2], [1, 2, 6, 10]]


def test_no_enrolment_makes_an_empty_plan_with_all_columns() -> None:
    found = scheduling.plan(enrolled(), capacity=3, calendar=CHINA)
    assert found.empty
    assert found.columns.tolist() == list(scheduling.PLAN)
    assert scheduling.workload(found).empty
    assert scheduling.warnings(found).empty


def test_steps_that_find_no_room_before_the_calendars_end_are_refused() -> None:
    table = enrolled(*((f"L{i}", "S1", "a", "2100-12-30", 1) for i in range(3)))
    assert len(scheduling.plan(table.head(2), steps=1, capacity=1)) == 2
    with pytest.raises(errors.ParameterError, match="no room before the end of 2100"):
        scheduling.plan(table, steps=1, capacity=1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"cycle_days": [0, 7]}, "cycle_days of lead 'L1' is 0, below 1"),
        ({"cycle_days": [None, 7]}, "1 of 2 rows have no cycle_days"),
        ({"lead_id": [None, "L2"]}, "1 of 2 rows have no lead_id"),
        ({"start_date": [pd.NaT, pd.Timestamp("2026-11-02")]}, "1 of 2 rows have no start_date"),
        (
            {"lead_id": "L1"},
            "rows of the enrolments enrol a lead twice in one plan, the first is lead_id 'L1', plan 'a'",
        ),
        ({"steps": [0, 6]}, "steps of lead 'L1' is 0, below 1"),
        (
            {"start_date": pd.Timestamp("2026-10-30")},
            "'L1' would start on 2026-10-30, before 2026-11-01, and 1 more",
        ),
    ],
)
def test_bad_enrolments_are_refused_whole(change: dict[str, Any], said: str) -> None:
    table = enrolled(("L1", "S1", "a", "2026-11-02", 7), ("L2", "S1", "a", "2026-11-02", 7))
    with pytest.raises(errors.ContractError, match=said):
        scheduling.plan(table.assign(**change), as_of="2026-11-01")


def test_a_cycle_that_is_no_whole_number_is_refused_in_a_table_too() -> None:
    table = enrolled(("L1", "S1", "a", "2026-11-02", 7))
    for wrong in (7.5, True, "7"):
        with pytest.raises(errors.ParameterTypeError, match="cycle_days is"):
            scheduling.plan(table.assign(cycle_days=wrong))
    with pytest.raises(errors.ParameterError, match="capacity is 0"):
        scheduling.plan(table, capacity=0)
    with pytest.raises(errors.ParameterError, match=r"capacity\['S1'\] is -1"):
        scheduling.plan(table, capacity={"S1": -1})
    with pytest.raises(errors.ContractError, match="missing column 'cycle_days'"):
        scheduling.plan(table.drop(columns="cycle_days"))


# After a pause


def test_what_is_left_after_a_pause_keeps_its_gaps_from_the_day_of_resuming() -> None:
    whole = scheduling.plan(enrolled(("L1", "S1", "a", "2026-11-02", 30)))
    found = scheduling.resume(whole.iloc[2:], on="2026-12-01")
    assert days_of(found) == ["12-01", "12-08", "12-15", "12-22"]
    assert found["original_date"].dt.day.tolist() == [10, 17, 24, 1]
    assert set(found["move_reason"]) == {"pause"}
    again = scheduling.resume(found.iloc[1:], on="2027-01-04", calendar=CHINA)
    assert again["due_date"].dt.strftime("%m-%d").tolist() == ["01-04", "01-11", "01-18"]


@given(several, ways)
def test_resuming_keeps_every_promise_a_plan_does(rows: list[Any], way: dict[str, Any]) -> None:
    left = scheduling.plan(enrolled(*rows), **way | {"steps": 4}).query("step > 1")
    del way["steps"]
    found = scheduling.resume(left, on="2026-12-30", **way)
    assert len(found) == len(left)
    assert (found["due_date"] >= pd.Timestamp("2026-12-30")).all()
    assert found.groupby(["lead_id", "plan"])["due_date"].is_monotonic_increasing.eq(True).all()
    if way["capacity"]:
        assert scheduling.workload(found)["steps"].max() <= way["capacity"]
    assert found.groupby(["lead_id", "due_date"])["plan"].nunique().max() <= way["per_day"]


def test_what_is_left_of_a_plan_has_one_owner_and_no_step_twice() -> None:
    whole = scheduling.plan(enrolled(("L1", "S1", "a", "2026-11-02", 30)))
    with pytest.raises(errors.ContractError, match="'a' of lead 'L1' has 2 owners"):
        scheduling.resume(whole.assign(owner_id=["S1"] * 5 + ["S2"]), on="2026-12-01")
    with pytest.raises(
        errors.ContractError, match="1 rows of the remaining repeat a step of a plan"
    ):
        scheduling.resume(pd.concat([whole, whole.tail(1)]), on="2026-12-01")
