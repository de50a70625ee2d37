"""Whatever is done to a worklist in whatever order, it says what a plain list of it would say."""

import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from workbench import errors, worklist

PARTIES = ("A", "B", "C")
DUE = {1: "2026-11-02", 2: "2026-11-05", 3: "2026-11-09"}
LATER = "2026-12-01"
pytestmark = pytest.mark.slow

OPEN = ("pending", "paused")

Key = tuple[str, int]
parties = st.sampled_from(PARTIES)


class Morning(RuleBasedStateMachine):
    """A store, and beside it the same as a plain dict from party and step to status."""

    def __init__(self) -> None:
        super().__init__()
        folder = tempfile.TemporaryDirectory()
        self.folder = folder
        self.store = worklist.connect(Path(folder.name) / "worklist.db")
        self.status: dict[Key, str] = {}
        self.ids: dict[str, str] = {}
        self.last: tuple[int, dict[Key, str]] | None = None
        self.clock = pd.Timestamp("2026-11-01 09:00")

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def when(self) -> dict[str, Any]:
        self.clock += pd.Timedelta(minutes=1)
        return {"at": self.clock, "by": "Lin"}

    def keys(self, *steps: Key) -> pd.DataFrame:
        rows = [(self.ids[party], step) for party, step in steps]
        return pd.DataFrame(rows, columns=["enrolment_id", "step"])

    def became(self, made: pd.DataFrame, before: dict[Key, str]) -> None:
        """Remember the last operation that changed something, and how it was before."""
        if self.status != before:
            self.last = (int(made["operation_id"].dropna().iloc[0]), before)

    @precondition(lambda self: len(self.ids) < len(PARTIES))
    @rule(party=parties)
    def enrol(self, party: str) -> None:
        rows = {"lead_id": party, "plan": "spring", "step": [*DUE], "due_date": [*DUE.values()]}
        made = worklist.enrol(self.store, pd.DataFrame(rows), **self.when())
        known = party in self.ids
        assert made["enrolment_id"].nunique() == 1
        if not known:
            self.ids[party] = made["enrolment_id"].iloc[0]
            self.status |= {(party, step): "pending" for step in DUE}
            self.last = None

    @precondition(lambda self: self.status)
    @rule(data=st.data(), how=st.sampled_from(["done", "skipped"]))
    def close(self, data: Any, how: str) -> None:
        steps = data.draw(st.lists(st.sampled_from(sorted(self.status)), min_size=1, unique=True))
        before = dict(self.status)
        asked = self.keys(*steps)
        if how == "done":
            made = worklist.mark_done(self.store, asked, **self.when())
        else:
            made = worklist.skip(self.store, asked, reason="ill", **self.when())
        was_open = [before[step] == "pending" for step in steps]
        assert made["is_written"].tolist() == was_open
        self.status |= {step: how for step, is_open in zip(steps, was_open, strict=True) if is_open}
        self.became(made[made["is_written"]], before)

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), feedback=st.sampled_from(["positive", "negative"]))
    def stop(self, data: Any, feedback: Any) -> None:
        party = data.draw(st.sampled_from(sorted(self.ids)))
        before = dict(self.status)
        made = worklist.stop(self.store, party, feedback=feedback, channel="wechat", **self.when())
        ended = [key for key, status in before.items() if key[0] == party and status in OPEN]
        assert made["step"].tolist() == sorted(step for _, step in ended)
        self.status |= dict.fromkeys(ended, "stopped")
        self.became(made, before)

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def pause(self, data: Any) -> None:
        party = data.draw(st.sampled_from(sorted(self.ids)))
        before = dict(self.status)
        made = worklist.pause(self.store, party, **self.when())
        waiting = [key for key, status in before.items() if key[0] == party and status == "pending"]
        assert made["step"].tolist() == sorted(step for _, step in waiting)
        self.status |= dict.fromkeys(waiting, "paused")
        self.became(made, before)

    @precondition(lambda self: "paused" in self.status.values())
    @rule()
    def resume(self) -> None:
        before = dict(self.status)
        paused = sorted(key for key, status in before.items() if status == "paused")
        asked = self.keys(*paused).assign(due_date=[DUE[step] for _, step in paused])
        made = worklist.resume(self.store, asked, **self.when())
        self.status |= dict.fromkeys(paused, "pending")
        self.became(made, before)

    @precondition(lambda self: self.last is not None)
    @rule()
    def undo(self) -> None:
        assert self.last is not None
        operation, before = self.last
        worklist.undo(self.store, operation, **self.when())
        self.status, self.last = before, None
        with pytest.raises(errors.WorklistError, match="undone already"):
            worklist.undo(self.store, operation, **self.when())

    @invariant()
    def it_says_what_the_plain_list_says(self) -> None:
        steps = worklist.steps(self.store, as_of=LATER)
        shown = steps["status"].mask(steps["is_paused"].astype(bool), "paused")
        keys = zip(steps["lead_id"], steps["step"].astype(int), strict=True)
        assert dict(zip(keys, shown, strict=True)) == self.status

    @invariant()
    def every_open_step_is_in_one_list_and_no_closed_one_is(self) -> None:
        due = worklist.due(self.store, as_of="2026-11-05")
        missed = worklist.missed(self.store, as_of="2026-11-05")
        listed = [(row.lead_id, int(row.step)) for row in due.itertuples()]
        late = [(row.lead_id, int(row.step)) for row in missed.itertuples()]
        pending = {key for key, status in self.status.items() if status == "pending"}
        assert sorted([*listed, *late]) == sorted(key for key in pending if key[1] < 3)


TestMorning = Morning.TestCase
TestMorning.settings = settings(max_examples=10, stateful_step_count=20, deadline=None)
