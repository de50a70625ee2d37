"""What one person has typed and chosen at the desk: kept until it is used, and nobody else's."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from workbench import errors, worklist
from workbench.worklist import tables
from workbench.worklist.store import Worklist

NINE = "2026-11-02 09:00"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Worklist:
    if request.param == "sqlite":
        return filled(worklist.connect(tmp_path / "worklist.db"))
    return filled(worklist.connect(request.getfixturevalue("postgres")))


def filled(store: Worklist) -> Worklist:
    steps = {"plan": "spring", "step": [1, 2, 3], "channel": "sms", "text": "Hello!",
             "due_date": ["2026-11-02", "2026-11-03", "2026-11-09"]}  # fmt: skip
    worklist.enrol(store, pd.DataFrame({"lead_id": "L1", **steps}), at=NINE, by="Lin")
    return store


def key(store: Worklist, step: int = 1) -> tuple[str, int]:
    return str(worklist.steps(store, as_of="2026-11-02")["enrolment_id"].iloc[0]), step


def close(store: Worklist, how: str) -> Any:
    enrolment, step = key(store)
    row = pd.DataFrame({"enrolment_id": [enrolment], "step": [step]})
    if how == "stop":
        return worklist.stop(store, "L1", feedback="negative", channel="sms", at=NINE, by="Wu")
    if how == "record":
        touch = {"touch_id": "m1", "lead_id": "L1", "touched_at": NINE, "channel": "sms"}
        touches = pd.DataFrame([touch | {"direction": "out"}])
        return worklist.record(store, touches, at=NINE, by="Wu")
    reason = {"reason": "away"} if how == "skip" else {}
    return getattr(worklist, how)(store, row, at=NINE, by="Wu", **reason)


def test_words_typed_are_there_when_the_store_is_opened_again_for_who_typed_them(
    tmp_path: Path,
) -> None:
    store = filled(worklist.connect(tmp_path / "worklist.db"))
    worklist.keep_draft(store, *key(store), part="text", text="Dear A", by="Lin")
    worklist.keep_draft(store, *key(store), part="text", text="Dear Ada", by="Lin")
    worklist.keep_draft(store, *key(store), part="note", text="called back", by="Lin")
    again = worklist.connect(tmp_path / "worklist.db")
    typed = worklist.draft(again, *key(again), by="Lin")
    assert typed == {"text": "Dear Ada", "note": "called back"}
    assert worklist.draft(again, *key(again), by="Wu") == {}
    assert worklist.draft(again, *key(again, 2), by="Lin") == {}
    worklist.keep_draft(store, *key(store), part="text", text=None, by="Lin")
    assert worklist.draft(store, *key(store), by="Lin") == {"note": "called back"}


@pytest.mark.parametrize("how", ["mark_done", "skip", "stop", "record"])
def test_a_step_that_is_closed_by_whomever_drops_what_was_typed_for_it(
    store: Worklist, how: str
) -> None:
    for step in (1, 3):
        worklist.keep_draft(store, *key(store, step), part="text", text="Dear", by="Lin")
    close(store, how)
    assert worklist.draft(store, *key(store), by="Lin") == {}
    left = {} if how == "stop" else {"text": "Dear"}
    assert worklist.draft(store, *key(store, 3), by="Lin") == left
    # typed in another window meanwhile: no message of a closed step comes back
    worklist.keep_draft(store, *key(store), part="text", text="late", by="Lin")
    worklist.keep_draft(store, *key(store), part="note", text="what they said", by="Lin")
    assert worklist.draft(store, *key(store), by="Lin") == {"note": "what they said"}


def test_a_pause_and_a_dry_run_leave_what_was_typed(store: Worklist) -> None:
    worklist.keep_draft(store, *key(store), part="text", text="Dear", by="Lin")
    worklist.stop(store, "L1", feedback="negative", channel="sms", at=NINE, by="Wu", dry_run=True)
    worklist.pause(store, "L1", at=NINE, by="Wu")
    assert worklist.draft(store, *key(store), by="Lin") == {"text": "Dear"}


def test_words_for_a_step_that_nobody_planned_are_refused(store: Worklist) -> None:
    with pytest.raises(errors.WorklistError, match="knows no step 9"):
        worklist.keep_draft(store, *key(store, 9), part="note", text="Dear", by="Lin")


def test_whose_lists_were_looked_at_last_is_known_for_each_person(store: Worklist) -> None:
    for owner in ("S1", "S2", None, "S3"):
        worklist.keep_owner(store, owner, by="Lin")
        assert worklist.last_owner(store, by="Lin") == owner
    assert worklist.last_owner(store, by="Wu") is None


def test_a_store_from_before_there_were_drafts_gets_room_for_them_and_keeps_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(tables, "MIGRATIONS", tables.MIGRATIONS[:2])
        with worklist.connect(tmp_path / "worklist.db").writing() as connection:
            connection.execute(
                sa.text(
                    "INSERT INTO worklist_operations VALUES (1,'enrol','2026-11-02 08:00:00.000000','Lin',NULL)"
                )
            )
            connection.execute(
                sa.text(
                    "INSERT INTO worklist_enrolments VALUES ('E1',1,'L1','spring','S1','2026-11-02',9)"
                )
            )
            connection.execute(
                sa.text(
                    "INSERT INTO worklist_steps VALUES ('E1',1,'2026-11-02','sms','1','en','T',1,NULL,NULL,NULL,'Hello!')"
                )
            )
            connection.execute(
                sa.text(
                    "INSERT INTO worklist_events VALUES ('E1',1,0,1,'pending','2026-11-02',NULL,'2026-11-02 08:00:00.000000',NULL,NULL)"
                )
            )
    store = worklist.connect(tmp_path / "worklist.db")
    worklist.keep_draft(store, "E1", 1, part="text", text="Dear", by="Lin")
    assert worklist.draft(store, *key(store), by="Lin") == {"text": "Dear"}
