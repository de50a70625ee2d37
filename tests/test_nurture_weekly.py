"""A week at the desk: what was due, done and missed, who answered, who waits, what lies ahead."""

from typing import Any

import pandas as pd
import pytest

from workbench import nurture, periods, samples

WEEK = periods.parse("2026-W43")  # 19 to 25 October


def step(number: int, due: str, status: str, closed: str | None, **more: Any) -> dict[str, Any]:
    return {
        "enrolment_id": "E1",
        "lead_id": "L1",
        "owner_id": "S1",
        "plan": "Wake-up",
        "enrolled_on": pd.Timestamp("2026-10-01"),
        "step": number,
        "due_date": pd.Timestamp(due),
        "status": status,
        "closed_on": pd.Timestamp(closed) if closed else pd.NaT,
    } | more


def touch(at: str, feedback: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "lead_id": "L1",
        "touched_at": pd.Timestamp(at),
        "channel": "sms",
        "direction": "out" if feedback is None else "in",
        "feedback": feedback,
    } | more


STEPS = pd.DataFrame(
    [
        step(1, "2026-10-18", "done", "2026-10-18"),
        step(2, "2026-10-19", "done", "2026-10-19"),
        step(3, "2026-10-20", "done", "2026-10-22"),
        step(4, "2026-10-21", "done", "2026-10-26"),
        step(5, "2026-10-22", "skipped", "2026-10-23"),
        step(6, "2026-10-24", "pending", None),
        step(7, "2026-10-25", "pending", None),
        step(8, "2026-10-26", "pending", None),
        step(9, "2026-11-08", "pending", None),
        step(10, "2026-11-09", "pending", None),
    ]
)
NOTHING = pd.DataFrame([touch("2026-10-20 10:00")]).iloc[:0]


def test_each_week_is_seen_as_of_its_own_last_day() -> None:
    touches = pd.DataFrame(
        [
            touch("2026-10-18 23:59", "positive"),
            touch("2026-10-19 00:00", "none"),
            touch("2026-10-25 23:59", "positive", lead_id="L2"),
            touch("2026-10-25 23:59", "positive", lead_id="L2"),
            touch("2026-10-26 00:00", "negative"),
        ]
    )
    found = nurture.activity(STEPS, touches, periods=[WEEK.previous, WEEK]).set_index("period")
    one = found.loc["2026-W43"]
    # the fourth was done on Monday after: missed in this week; due on Sunday itself is not missed
    assert one[["due", "done_of_due", "on_time", "missed"]].tolist() == [6, 2, 1, 2]
    assert one[["answered", "positive", "negative", "in_nurture"]].tolist() == [2, 1, 0, 1]
    assert found.loc["2026-W42", ["due", "on_time", "answered"]].tolist() == [1, 1, 1]


def test_what_was_due_is_on_time_late_missed_or_not_done_and_nothing_else() -> None:
    facts = nurture.outcomes(STEPS, NOTHING, as_of=WEEK.as_of)
    found = nurture.punctuality(facts, first=WEEK.start, last=WEEK.as_of)
    assert found[["due", *nurture.STATES]].values.tolist() == [[6, 1, 1, 2, 2]]


def test_the_parts_add_up_for_a_whole_company() -> None:
    tables = samples.company(customers=1000, seed=8)
    facts = nurture.outcomes(tables["steps"], tables["touches"], as_of=WEEK.as_of)
    found = nurture.punctuality(facts, first="2026-01-01", last=WEEK.as_of)
    assert (found[list(nurture.STATES)].sum(axis=1) == found["due"]).all()
    assert (found[list(nurture.STATES)] >= 0).all().all()
    assert found["due"].sum() == facts["is_due"].sum()
    missed = nurture.missed(facts)
    assert missed["missed_steps"].sum() == facts["is_missed"].sum()
    assert missed["lead_id"].is_unique
    assert set(missed["lead_id"]) == set(facts.loc[facts["is_missed"], "lead_id"])
    shuffled = nurture.missed(facts.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(shuffled, missed)


def test_ahead_is_what_is_pending_after_the_day_up_to_two_weeks() -> None:
    facts = nurture.outcomes(STEPS, NOTHING, as_of=WEEK.as_of)
    found = nurture.upcoming(facts)
    assert found["due_date"].dt.day.tolist() == [26, 8]
    assert nurture.upcoming(facts, days=15)["steps"].sum() == 3


def test_a_lead_has_one_row_of_missed_steps_and_the_newest_stands_first() -> None:
    facts = pd.DataFrame(
        [("old", 1, "sms", "2026-08-01"), ("both", 2, "sms", "2026-07-01"),
         ("both", 3, "email", "2026-10-24"), ("new", 1, "sms", "2026-10-25")],
        columns=["lead_id", "step", "channel", "due_date"],
    )  # fmt: skip
    facts = facts.assign(owner_id="S1", plan="p", is_missed=True, as_of=pd.Timestamp("2026-10-26"))
    found = nurture.missed(facts.astype({"due_date": "datetime64[us]"}))
    shown = found[["lead_id", "missed_steps", "channel", "overdue_days"]]
    assert shown.values.tolist() == [
        ["new", 1, "sms", 1], ["both", 2, "email", 117], ["old", 1, "sms", 86]
    ]  # fmt: skip
    assert found["missed_since"].dt.month.tolist() == [10, 7, 8]


def test_those_who_said_yes_stand_first_then_the_latest() -> None:
    touches = pd.DataFrame(
        [
            touch("2026-10-19 10:00", "none", lead_id="early"),
            touch("2026-10-24 10:00", "none", lead_id="late"),
            touch("2026-10-20 10:00", "negative", lead_id="no"),
            touch("2026-10-20 10:00", "positive", lead_id="yes"),
            touch("2026-10-21 10:00", None, lead_id="ours"),
            touch("2026-10-26 10:00", "positive", lead_id="next week"),
        ]
    )
    found = nurture.answers(touches, first=WEEK.start, last=WEEK.as_of)
    assert found["lead_id"].tolist() == ["yes", "no", "late", "early"]


@pytest.mark.parametrize(
    ("after", "lead", "waits"),
    [
        ([], {}, True),
        ([touch("2026-10-21 09:00")], {}, False),
        ([touch("2026-10-19 09:00")], {}, True),
        ([touch("2026-10-26 09:00")], {}, True),
        ([touch("2026-10-23 09:00", "negative")], {}, True),
        ([], {"need_confirmed_on": pd.Timestamp("2026-10-21")}, False),
        ([], {"need_confirmed_on": pd.Timestamp("2026-10-19")}, True),
        ([], {"converted_on": pd.Timestamp("2026-10-25")}, False),
        ([], {"converted_on": pd.Timestamp("2026-10-26")}, True),
    ],
)
def test_a_hand_over_waits_until_somebody_takes_it(
    after: list[dict[str, Any]], lead: dict[str, Any], waits: bool
) -> None:
    touches = pd.DataFrame([touch("2026-10-20 10:00", "positive"), *after])
    leads = pd.DataFrame([{"lead_id": "L1"} | lead])
    found = nurture.handovers(touches, leads, as_of=WEEK.as_of)
    assert found["waiting_days"].tolist() == ([5] if waits else [])


def test_the_order_of_rows_does_not_matter() -> None:
    tables = samples.company(customers=400, seed=2)
    for name in ("leads", "touches"):
        tables[f"{name} turned"] = tables[name].sample(frac=1, random_state=1)
    ours, theirs = (
        nurture.handovers(tables[f"touches{end}"], tables[f"leads{end}"], as_of=WEEK.as_of)
        for end in ("", " turned")
    )
    assert len(ours) > 3
    pd.testing.assert_frame_equal(ours, theirs)
