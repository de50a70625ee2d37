"""Touches of another tool: each comes in once, closes what it did, and loses nothing."""

from typing import Any

import pandas as pd
import pytest
from test_worklist import enrol, file, planned, refused, small, states, store  # noqa: F401

from workbench import errors, worklist
from workbench.worklist.store import Worklist

LATER = "2026-11-20 09:00"


def touches(*rows: tuple[Any, ...], **more: Any) -> pd.DataFrame:
    columns = ["touch_id", "lead_id", "touched_at", "direction", "feedback", "text"]
    return pd.DataFrame(rows, columns=columns).assign(channel="wechat", **more)


def record(there: Worklist, frame: pd.DataFrame, **more: Any) -> pd.DataFrame:
    return worklist.record(there, frame, at=LATER, by="Wu", **more)


MORNING = (
    ("m1", "L1", "2026-11-02 10:00", "out", None, "Hello, Ada!"),
    ("m2", "L1", "2026-11-02 11:00", "out", None, "One more thing"),  # step 2 is not due yet
    ("m3", "L1", "2026-11-03 12:00", "in", "positive", "Call me"),
    ("m4", "L1", "2026-11-09 12:00", "out", None, "After the answer"),
    ("m5", "L9", "2026-11-03 12:00", "out", None, "Who?"),
)


def test_touches_close_the_steps_they_did_and_answers_end_the_rest(store: Worklist) -> None:  # noqa: F811
    enrol(store, planned("L1", "L2"))
    found = record(store, touches(*MORNING))
    assert found["outcome"].tolist() == ["done", "kept", "stopped", "kept", "unknown_lead"]
    assert found["step"].tolist()[:1] == [1]
    assert found["steps_stopped"].tolist() == [0, 0, 2, 0, 0]
    assert sorted(states(store)) == [
        ["L1", 1, "done", False],
        ["L1", 2, "stopped", False],
        ["L1", 3, "stopped", False],
        ["L2", 1, "pending", False],
        ["L2", 2, "pending", False],
        ["L2", 3, "pending", False],
    ]
    steps = worklist.steps(store, as_of="2026-12-31", lead_id="L1").set_index("step")
    assert steps.loc[1, ["text_sent", "edited"]].tolist() == ["Hello, Ada!", "yes"]
    assert steps.loc[1, "closed_on"] == pd.Timestamp("2026-11-02")
    assert worklist.handovers(store, as_of="2026-11-20")["text"].tolist() == ["Call me"]
    assert (
        worklist.timeline(store, "L1", as_of="2026-11-20")["text"]
        .tolist()
        .count("After the answer")
        == 1
    )


def test_an_export_that_is_imported_again_changes_nothing(small: Worklist) -> None:  # noqa: F811
    enrol(small, planned("L1"))
    record(small, touches(*MORNING))
    before = worklist.timeline(small, "L1", as_of="2026-12-31")
    again = record(small, touches(*MORNING))
    assert again["outcome"].tolist() == ["there_already"] * 4 + ["unknown_lead"]
    assert again["operation_id"].isna().all()
    pd.testing.assert_frame_equal(worklist.timeline(small, "L1", as_of="2026-12-31"), before)


def test_the_order_of_rows_changes_nothing(small: Worklist) -> None:  # noqa: F811
    enrol(small, planned("L1"))
    found = record(small, touches(*MORNING[::-1]), dry_run=True)
    assert found["outcome"].tolist()[::-1] == record(small, touches(*MORNING))["outcome"].tolist()


def test_a_dry_run_and_an_undo_leave_all_open(small: Worklist) -> None:  # noqa: F811
    enrol(small, planned("L1"))
    before = states(small)
    dry = record(small, touches(*MORNING), dry_run=True)
    assert dry["operation_id"].isna().all()
    assert states(small) == before
    made = record(small, touches(*MORNING))
    assert dry["outcome"].tolist() == made["outcome"].tolist()
    worklist.undo(small, int(made["operation_id"].iloc[0]), at=LATER, by="Wu")
    assert states(small) == before
    assert worklist.handovers(small, as_of="2026-11-20").empty
    assert record(small, touches(*MORNING))["outcome"].tolist() == made["outcome"].tolist()


def test_a_touch_that_names_its_step_does_that_one(small: Worklist) -> None:  # noqa: F811
    enrol(small, planned("L1"))
    named = touches(("m1", "L1", "2026-11-02 10:00", "out", None, None), plan="spring", step=2)
    assert record(small, named)["step"].tolist() == [2]
    assert [row[2] for row in sorted(states(small))] == ["pending", "done", "pending"]


def test_another_channel_or_a_paused_step_is_not_what_was_planned(small: Worklist) -> None:  # noqa: F811
    enrol(small, planned("L1", "L2"))
    worklist.pause(small, "L2", at="2026-11-02 09:30", by="Lin")
    frame = touches(
        ("m1", "L1", "2026-11-02 10:00", "out", None, None),
        ("m2", "L2", "2026-11-02 10:00", "out", None, None),
    )
    frame.loc[0, "channel"] = "email"
    assert record(small, frame)["outcome"].tolist() == ["kept", "kept"]


def test_two_touches_never_do_one_step(small: Worklist) -> None:  # noqa: F811
    enrol(small, planned("L1"))
    frame = touches(
        *(
            (f"m{number}", "L1", f"2026-11-20 10:0{number}", "out", None, None)
            for number in range(5)
        )
    )
    found = record(small, frame)
    assert found["outcome"].tolist() == ["done", "done", "done", "kept", "kept"]
    assert found["step"].dropna().tolist() == [1, 2, 3]


def test_what_cannot_be_is_refused_whole(small: Worklist) -> None:  # noqa: F811
    enrol(small, planned("L1"))
    before = states(small)
    good = touches(MORNING[0])
    twice = pd.concat([good, good])
    refused(errors.ContractError, "there twice", record, small, twice)
    refused(errors.UnknownNameError, "pigeon", record, small, good.assign(channel="pigeon"))
    refused(errors.UnknownNameError, "up", record, small, good.assign(direction="up"))
    refused(errors.UnknownNameError, "perhaps", record, small, good.assign(feedback="perhaps"))
    refused(errors.ContractError, "touched_at", record, small, good.assign(touched_at="soon"))
    with pytest.raises(errors.ContractError, match=r"loaders\.load"):
        record(small, good.drop(columns="direction"))
    assert states(small) == before


# ---- what was before, what comes later, what was marked by hand --------------------------------


def test_what_happened_before_a_lead_was_enrolled_closes_and_ends_nothing(
    store: Worklist,  # noqa: F811
) -> None:
    enrol(store, planned("L1"))
    old = touches(
        ("o1", "L1", "2025-03-01 10:00", "in", "positive", "Yes, long ago"),
        ("o2", "L1", "2025-03-02 10:00", "out", None, "An old message"),
    )
    found = record(store, old.assign(plan="spring", step=[None, 1]))
    assert found["outcome"].tolist() == ["kept", "kept"]
    assert {state[2] for state in states(store)} == {"pending"}
    assert worklist.handovers(store, as_of="2026-11-20").empty
    assert len(worklist.timeline(store, "L1", as_of="2026-11-20")) == 3 + 2


def test_what_is_dated_after_the_day_is_not_taken_in(store: Worklist) -> None:  # noqa: F811
    enrol(store, planned("L1"))
    ahead = touches(("f1", "L1", "2026-12-05 10:00", "in", "positive", "Not yet said"))
    found = record(store, ahead)
    assert found["outcome"].tolist() == ["not_yet"]
    assert worklist.touches(store, as_of="2026-12-31").empty
    assert {state[2] for state in states(store)} == {"pending"}
    same_day = touches(("f2", "L1", "2026-11-20 23:00", "in", None, "Tonight"))
    assert record(store, same_day)["outcome"].tolist() == ["kept"]


@pytest.mark.parametrize("named", [True, False])
def test_a_step_marked_by_hand_and_sent_by_the_tool_is_one_touch(
    store: Worklist,  # noqa: F811
    named: bool,
) -> None:
    enrol(store, planned("L1"))
    today = worklist.due(store, as_of="2026-11-02")
    worklist.mark_done(store, today, at="2026-11-02 09:00", by="Lin")
    sent = touches(("m1", "L1", "2026-11-02 09:14", "out", None, "Hello"), delivered="yes")
    sent = sent.assign(plan="spring", step=1) if named else sent
    found = record(store, sent)
    assert found[["outcome", "plan", "step"]].values.tolist() == [["done_already", "spring", 1]]
    known = worklist.touches(store, as_of="2026-11-20")
    assert known[["touch_id", "delivered", "step"]].values.tolist() == [["m1", "yes", 1]]
    what = worklist.timeline(store, "L1", as_of="2026-11-20")["what"].tolist()
    assert what == ["planned"] * 3 + ["done"]
    # undone and imported again: still one touch, at the time it was sent
    worklist.undo(store, int(found["operation_id"].item()), at="2026-11-20 10:00", by="Wu")
    assert record(store, sent)["outcome"].tolist() == ["done_already"]
    assert len(worklist.touches(store, as_of="2026-11-21")) == 1


def test_an_import_that_is_undone_and_made_again_is_one_touch_at_its_own_time(
    store: Worklist,  # noqa: F811
) -> None:
    enrol(store, planned("L1"))
    sent = touches(("m1", "L1", "2026-11-02 10:00", "out", None, "Hello"))
    found = record(store, sent)
    worklist.undo(store, int(found["operation_id"].item()), at="2026-11-20 10:00", by="Wu")
    assert record(store, sent)["outcome"].tolist() == ["done"]
    known = worklist.touches(store, as_of="2026-11-21")
    assert known["touched_at"].tolist() == [pd.Timestamp("2026-11-02 10:00")]


SAME = {
    "under two ids": ({}, {}),
    "in other blanks and case": ({}, {"text": " hello,  ADA!"}),
    "without the words": ({}, {"text": None}),
    "without the step": ({"plan": "spring", "step": 1}, {}),
}
OTHER = {
    "in other words": {"text": "Second message"},
    "at another time": {"touched_at": "2026-11-02 10:01"},
    "by another way": {"channel": "sms"},
    "of another step": {"plan": "spring", "step": 2},
    "an answer": {"direction": "in", "feedback": "positive"},
}
MESSAGE = {"lead_id": "L1", "touched_at": "2026-11-02 10:00", "direction": "out", "feedback": None,
           "text": "Hello, Ada!", "channel": "wechat", "plan": None, "step": None}  # fmt: skip


def two(first: dict[str, Any], second: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(
        [MESSAGE | first | {"touch_id": "m1"}, MESSAGE | second | {"touch_id": "m2"}]
    )


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("name", SAME)
def test_the_same_message_under_two_ids_closes_one_step(
    small: Worklist,  # noqa: F811
    name: str,
    at_once: bool,
) -> None:
    enrol(small, planned("L1").assign(due_date="2026-11-02"))
    both = two(*SAME[name])
    parts = [both] if at_once else [both.head(1), both.tail(1)]
    outcomes = [one for part in parts for one in record(small, part)["outcome"]]
    assert outcomes == ["done", "there_already"]
    assert [step for _, step, status, _ in states(small) if status == "done"] == [1]
    assert len(worklist.touches(small, as_of="2026-12-31")) == 1


@pytest.mark.parametrize("name", OTHER)
def test_another_message_is_another(small: Worklist, name: str) -> None:  # noqa: F811
    enrol(small, planned("L1").assign(due_date="2026-11-02"))
    found = record(small, two({"plan": "spring", "step": 1}, OTHER[name]))
    assert "there_already" not in found["outcome"].tolist()


def test_answers_without_words_are_each_kept(small: Worklist) -> None:  # noqa: F811
    enrol(small, planned("L1"))
    heard = {"direction": "in", "feedback": "none", "text": None}
    assert record(small, two(heard, heard))["outcome"].tolist() == ["kept", "kept"]
    said = heard | {"text": "Tell me more"}
    found = record(small, two(said, said).assign(touch_id=["m3", "m4"]))
    assert found["outcome"].tolist() == ["kept", "there_already"]


def test_a_message_whose_import_was_taken_back_is_no_double(small: Worklist) -> None:  # noqa: F811
    enrol(small, planned("L1"))
    both = two({}, {})
    made = record(small, both.head(1))
    worklist.undo(small, made["operation_id"].item(), at=LATER, by="Wu")
    assert record(small, both.tail(1))["outcome"].tolist() == ["done"]
