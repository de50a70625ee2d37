"""Nothing is dated far from what the worklist holds: it would stand in no list until then."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from workbench import campaigns, errors, worklist
from workbench.worklist import Worklist, events

BY = {"by": "Lin"}
DAY, FAR = "2026-11-02 09:00", "2062-11-02 09:00"


@pytest.fixture
def store(tmp_path: Path) -> Worklist:
    """A plan of two steps, a paused one, and a lead that said yes."""
    store = worklist.connect(tmp_path / "worklist.db")
    for lead in ("L1", "L2", "L3"):
        planned = pd.DataFrame(
            {"lead_id": lead, "plan": "spring", "step": [1, 2], "channel": "sms",
             "due_date": ["2026-11-02", "2026-11-09"]}
        )  # fmt: skip
        worklist.enrol(store, planned, at=DAY, **BY)
    worklist.pause(store, "L2", at=DAY, **BY)
    worklist.stop(store, "L3", feedback="positive", channel="sms", at=DAY, **BY)
    return store


def first(store: Worklist) -> pd.DataFrame:
    return worklist.due(store, as_of="2026-11-02").head(1)


def again(store: Worklist, day: str) -> pd.DataFrame:
    waiting = worklist.steps(store, as_of="2026-11-02", lead_id="L2")
    return waiting.assign(due_date=day)


def call(store: Worklist, at: str, day: str) -> Any:
    rows = pd.DataFrame({"lead_id": ["L9"]})
    return campaigns.hand_over(store, rows, plan="late", on=day, at=at, **BY)


def heard(store: Worklist, at: str) -> Any:
    touch = pd.DataFrame({"touch_id": ["m"], "lead_id": "L1", "touched_at": "2026-11-02 10:00",
                          "channel": "sms", "direction": "out"})  # fmt: skip
    return worklist.record(store, touch, at=at, **BY)


WRITES: dict[str, Callable[[Worklist, str], Any]] = {
    "done": lambda store, at: worklist.mark_done(store, first(store), at=at, **BY),
    "done at": lambda store, at: worklist.mark_done(
        store, first(store).assign(done_at=at), at=DAY, **BY
    ),
    "skip": lambda store, at: worklist.skip(store, first(store), reason="ill", at=at, **BY),
    "stop": lambda store, at: worklist.stop(
        store, "L1", feedback="opted_out", channel="sms", at=at, **BY
    ),
    "a stranger's opting out": lambda store, at: worklist.stop(
        store, "L9", feedback="opted_out", channel="sms", at=at, **BY
    ),
    "pause": lambda store, at: worklist.pause(store, "L1", at=at, **BY),
    "resume": lambda store, at: worklist.resume(store, again(store, at[:10]), at=at, **BY),
    "resume on": lambda store, at: worklist.resume(store, again(store, at[:10]), at=DAY, **BY),
    "take over": lambda store, at: worklist.take_over(store, "L3", at=at, **BY),
    "undo": lambda store, at: worklist.undo(store, 1, at=at, **BY),
    "enrol": lambda store, at: call(store, at, at[:10]),
    "enrol on": lambda store, at: call(store, DAY, at[:10]),
    "import": heard,
}  # fmt: skip


@pytest.mark.parametrize("name", WRITES)
def test_a_day_far_from_the_plan_is_refused_and_nothing_is_in_limbo(
    store: Worklist, name: str
) -> None:
    before = worklist.fingerprint(store)
    with pytest.raises(errors.ParameterError, match="more than a year") as caught:
        WRITES[name](store, FAR)
    assert "nothing was changed" in caught.value.mend
    assert worklist.fingerprint(store) == before
    WRITES[name](store, "2026-11-03 09:00")
    assert worklist.fingerprint(store) != before


@pytest.mark.parametrize("off", ["1962-11-02", "2025-10-31", "2027-11-11"])
def test_a_year_is_the_bound_on_either_side(store: Worklist, off: str) -> None:
    with pytest.raises(errors.ParameterError, match="2026-11-02 to 2026-11-09"):
        worklist.pause(store, "L1", at=off, **BY)
    within = "2025-11-01" if off < "2026" else "2027-11-10"
    assert len(worklist.pause(store, "L1", at=within, **BY)) == 2


def test_after_years_of_rest_today_is_still_a_day_to_write_on(tmp_path: Path) -> None:
    place, late = tmp_path / "worklist.db", dt.date(2031, 5, 6)
    with worklist.connect(place) as store:
        call(store, DAY, DAY[:10])
        with pytest.raises(errors.ParameterError, match="more than a year"):
            worklist.pause(store, "L9", at=f"{late} 09:00", **BY)
    with worklist.connect(place, today=late) as store:
        assert len(worklist.pause(store, "L9", at=f"{late} 09:00", **BY)) == 1


def test_a_year_typed_wrong_is_refused_and_moves_no_bound(tmp_path: Path) -> None:
    with worklist.connect(tmp_path / "worklist.db", today=dt.date(2026, 11, 20)) as store:
        call(store, DAY, DAY[:10])
        step = worklist.due(store, as_of="2026-11-02")
        for day in ("2027-11-20 09:00", "2026-12-22 09:00"):
            with pytest.raises(errors.ParameterError, match="more than a month after"):
                worklist.skip(store, step, reason="ill", at=day, **BY)
        assert len(worklist.skip(store, step, reason="ill", at="2026-12-21 09:00", **BY)) == 1
        with pytest.raises(errors.ParameterError, match="more than a month after"):
            call(store, "2027-01-02 09:00", "2027-01-02")


def test_the_first_day_of_a_new_worklist_lies_within_a_month_of_today(tmp_path: Path) -> None:
    place = tmp_path / "worklist.db"
    with (
        pytest.raises(errors.ParameterError, match="more than a month"),
        worklist.opened_or_made(place, today=dt.date(2026, 11, 2)) as store,
    ):
        call(store, FAR, FAR[:10])
    assert not place.exists()
    with worklist.opened_or_made(place, today=dt.date(2031, 5, 6)) as store:
        call(store, DAY, DAY[:10])  # the samples are of a day that lies ever further back


def test_what_was_dated_far_off_and_taken_back_moves_no_bound(
    store: Worklist, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(events, "FAR_DAYS", 99_999)
        made = worklist.mark_done(store, first(store), at=FAR, **BY)
    worklist.undo(store, made["operation_id"].item(), at=DAY, **BY)
    with pytest.raises(errors.ParameterError, match="more than a year"):
        worklist.pause(store, "L1", at=FAR, **BY)
