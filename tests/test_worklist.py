"""The worklist: what is planned comes in once, is done once, and its state follows from its events."""

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from workbench import errors, worklist
from workbench.worklist import tables
from workbench.worklist.store import Worklist

NINE = "2026-11-02 09:00"


def planned(
    *parties: str, plan: str = "spring", owner: str | None = "S1", **more: Any
) -> pd.DataFrame:
    """Three steps for each: on the 2nd, the 3rd and the 9th of November."""
    rows = [
        {
            "lead_id": party,
            "owner_id": owner,
            "plan": plan,
            "step": step,
            "due_date": f"2026-11-{day:02}",
        }
        for party in parties
        for step, day in ((1, 2), (2, 3), (3, 9))
    ]
    return pd.DataFrame(rows).assign(**{"channel": "wechat", "text": "Hello!", **more})


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Worklist:
    if request.param == "sqlite":
        return worklist.connect(tmp_path / "worklist.db")
    return worklist.connect(request.getfixturevalue("postgres"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "worklist.db"


@pytest.fixture
def small(file: Path) -> Worklist:
    return worklist.connect(file)


def enrol(store: Worklist, frame: pd.DataFrame, **more: Any) -> pd.DataFrame:
    return worklist.enrol(store, frame, at=NINE, by="Lin", **more)


def states(store: Worklist, as_of: str = "2026-12-31") -> list[list[Any]]:
    columns = ["lead_id", "step", "status", "is_paused"]
    return worklist.steps(store, as_of=as_of)[columns].values.tolist()


def counted(store: Worklist) -> dict[str, int]:
    with store.reading() as connection:
        return {
            table.name: connection.execute(
                sa.select(sa.func.count()).select_from(table)
            ).scalar_one()
            for table in tables.METADATA.sorted_tables
        }


def refused(
    kind: type[errors.WorkbenchError], match: str, call: Any, *args: Any, **more: Any
) -> None:
    with pytest.raises(kind, match=match) as caught:
        call(*args, **more)
    assert caught.value.mend


# The morning: due, missed, done


def test_a_morning_from_due_to_done_to_handed_over(store: Worklist) -> None:
    enrol(store, planned("L1", "L2"))
    assert worklist.due(store, as_of="2026-11-02")["lead_id"].tolist() == ["L1", "L2"]
    assert worklist.due(store, as_of="2026-11-01").empty
    first = worklist.due(store, as_of="2026-11-02").head(1).assign(text="Hello, Ada!")
    made = worklist.mark_done(store, first, at="2026-11-02 10:00", by="Lin")
    assert made[["is_written", "status", "closed_by", "text_sent"]].values.tolist() == [
        [True, "done", "Lin", "Hello, Ada!"]
    ]
    tomorrow = "2026-11-03"
    assert worklist.missed(store, as_of=tomorrow)[["lead_id", "step"]].values.tolist() == [
        ["L2", 1]
    ]
    assert worklist.due(store, as_of=tomorrow)["step"].tolist() == [2, 2]
    done = worklist.done(store, as_of=tomorrow)
    assert done[["lead_id", "text", "text_sent", "edited"]].values.tolist() == [
        ["L1", "Hello!", "Hello, Ada!", "yes"]
    ]
    ended = worklist.stop(
        store, "L1", feedback="positive", text="Yes", at="2026-11-03 11:00", by="Lin"
    )
    assert ended["step"].tolist() == [2, 3]
    waiting = worklist.handovers(store, as_of="2026-11-06")
    assert waiting[["lead_id", "owner_id", "channel", "text", "waiting_days"]].values.tolist() == [
        ["L1", "S1", "wechat", "Yes", 3]
    ]
    worklist.take_over(store, "L1", at="2026-11-06 08:00", by="Wu")
    assert worklist.handovers(store, as_of="2026-11-06").empty
    assert len(worklist.handovers(store, as_of="2026-11-05")) == 1
    refused(
        errors.WorklistError, "does not wait", worklist.take_over, store, "L1", at=NINE, by="Wu"
    )
    story = worklist.timeline(store, "L1", as_of="2026-11-30")["what"].tolist()
    assert story == ["planned"] * 3 + ["done", "positive", "stopped", "stopped", "taken_over"]


def test_lists_are_those_of_one_owner_and_nobody_else(store: Worklist) -> None:
    enrol(store, planned("L1", owner="S1"))
    enrol(store, planned("L2", owner=None))
    assert worklist.due(store, as_of="2026-11-02", owner_id="S1")["lead_id"].tolist() == ["L1"]
    assert len(worklist.due(store, as_of="2026-11-02")) == 2
    assert worklist.missed(store, as_of="2026-12-01", owner_id="S9").empty


def test_two_people_cannot_both_do_one_step(store: Worklist) -> None:
    enrol(store, planned("L1"))
    today = worklist.due(store, as_of="2026-11-02")
    worklist.mark_done(store, today, at="2026-11-02 10:00", by="Lin")
    again = worklist.mark_done(store, today.assign(text="other"), at="2026-11-02 10:01", by="Wu")
    assert again[["is_written", "status", "closed_by", "text_sent"]].values.tolist() == [
        [False, "done", "Lin", "Hello!"]
    ]
    skipped = worklist.skip(store, today, reason="ill", at="2026-11-02 10:02", by="Wu")
    assert skipped[["is_written", "status"]].values.tolist() == [[False, "done"]]
    assert len(worklist.done(store, as_of="2026-11-02")) == 1


def test_the_past_is_seen_as_it_was(small: Worklist) -> None:
    enrol(small, planned("L1"))
    worklist.mark_done(
        small, worklist.due(small, as_of="2026-11-02"), at="2026-11-05 10:00", by="Lin"
    )
    assert worklist.missed(small, as_of="2026-11-04")["step"].tolist() == [1, 2]
    assert worklist.missed(small, as_of="2026-11-05")["step"].tolist() == [2]
    assert worklist.steps(small, as_of="2026-11-01").empty


def test_an_event_is_never_earlier_than_the_one_before_it(small: Worklist) -> None:
    enrol(small, planned("L1"))
    today = worklist.due(small, as_of="2026-11-02").assign(done_at="2026-10-01 10:00")
    made = worklist.mark_done(small, today, at="2026-11-02 10:00", by="Lin")
    assert made["closed_at"].item() == pd.Timestamp(NINE)


# Enrolling


def test_enrolling_again_changes_nothing(store: Worklist) -> None:
    first = enrol(store, planned("L1"))
    before = counted(store)
    again = enrol(store, planned("L1", text="another"))
    assert (first["is_new"].item(), again["is_new"].item()) == (True, False)
    assert again["enrolment_id"].item() == first["enrolment_id"].item()
    assert counted(store) == before
    both = enrol(store, planned("L1", "L2"))
    assert both["is_new"].tolist() == [False, True]


def test_a_party_is_in_one_plan_once_at_a_time_and_in_two_plans_at_once(small: Worklist) -> None:
    enrol(small, planned("L1"))
    later = planned("L1").assign(due_date="2026-11-20")
    refused(errors.WorklistError, "'L1' is in 'spring' since 2026-11-02", enrol, small, later)
    assert enrol(small, planned("L1", plan="autumn"))["is_new"].item()
    worklist.stop(small, "L1", plan="spring", feedback="none", reason="moved", at=NINE, by="Lin")
    assert enrol(small, later)["is_new"].item()
    assert worklist.due(small, as_of="2026-11-02")["plan"].tolist() == ["autumn"]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"step": 0}, "step in row 1 .* is no whole number from 1"),
        ({"step": 1.5}, "no whole number"),
        ({"step": 1}, "is there twice"),
        ({"due_date": None}, "due_date in row 1 is empty"),
        ({"due_date": "soon"}, "due_date in row 1 .* is no day"),
        ({"due_date": "2026-11-01"}, "Step 1 .* due on 2026-11-01, before 2026-11-02, and 2 more"),
        ({"lead_id": "  "}, "lead_id in row 1 is empty"),
        ({"text": "a\x00b"}, "zero byte"),
        ({"text": pd.Series(["\ud800"] * 3, dtype="object")}, "half a sign"),
        ({"owner_id": ["S1", "S2", "S1"]}, "several owner_id"),
        ({"cycle_days": 0}, "cycle_days in row 1"),
    ],
)
def test_what_cannot_be_enrolled_is_refused_whole(
    small: Worklist, change: dict[str, Any], match: str
) -> None:
    frame = pd.concat([planned("L1").assign(**change), planned("L2")], ignore_index=True)
    refused(errors.ContractError, match, enrol, small, frame)
    assert set(counted(small).values()) == {0, 1}  # the one is the version


def test_a_missing_column_names_the_call_that_makes_it(small: Worklist) -> None:
    refused(
        errors.ContractError, "'due_date'", enrol, small, planned("L1").drop(columns="due_date")
    )
    refused(errors.ParameterTypeError, "not a table", enrol, small, [1])


def test_a_dry_run_answers_and_keeps_nothing(store: Worklist) -> None:
    dry = enrol(store, planned("L1"), dry_run=True)
    assert dry["is_new"].tolist() == [True]
    assert dry["operation_id"].isna().all()
    enrol(store, planned("L1"))
    before = counted(store)
    today = worklist.due(store, as_of="2026-11-02")
    made = worklist.mark_done(store, today, at=NINE, by="Lin", dry_run=True)
    assert made[["is_written", "status"]].values.tolist() == [[True, "done"]]
    assert len(worklist.pause(store, "L1", at=NINE, by="Lin", dry_run=True)) == 3
    worklist.stop(store, "L1", feedback="opted_out", channel="sms", at=NINE, by="Lin", dry_run=True)
    assert counted(store) == before


def test_hostile_words_come_back_as_they_were(store: Worklist) -> None:
    words = "'; DROP TABLE worklist_steps; -- \r\n\t{name} %s :x \\ 你好 😀"
    enrol(store, planned("L'1", text=words, plan=words))
    kept = worklist.due(store, as_of="2026-11-02")
    assert kept[["lead_id", "plan", "text"]].values.tolist() == [["L'1", words, words]]


# Answers


def test_opting_out_stops_all_and_closes_the_channel(store: Worklist) -> None:
    enrol(store, planned("L1"))
    enrol(store, planned("L1", plan="autumn", channel="sms"))
    worklist.stop(store, "L1", feedback="opted_out", channel="sms", at="2026-11-02 10:00", by="Lin")
    assert {state for _, _, state, _ in states(store)} == {"stopped"}
    out = worklist.opted_out(store, as_of="2026-11-02")
    assert out[["lead_id", "channel"]].values.tolist() == [["L1", "sms"]]
    assert worklist.opted_out(store, as_of="2026-11-01").empty
    fresh = planned("L1", plan="winter", channel="sms")
    refused(errors.WorklistError, "opted out of a channel.*'L1'", enrol, store, fresh)
    assert enrol(store, fresh.assign(channel="wechat"))["is_new"].item()
    # who was never in a plan may opt out as well
    worklist.stop(store, "L7", feedback="opted_out", channel="email", at=NINE, by="Lin")
    refused(errors.WorklistError, "L7", enrol, store, planned("L7", channel="email"))


def test_a_negative_answer_stops_and_hands_nobody_over(small: Worklist) -> None:
    enrol(small, planned("L1"))
    worklist.stop(small, "L1", feedback="negative", channel="wechat", at=NINE, by="Lin")
    stopped = worklist.steps(small, as_of="2026-11-02", status=["stopped"])
    assert stopped["reason"].tolist() == ["negative"] * 3
    assert worklist.handovers(small, as_of="2026-11-02").empty


def test_an_answer_that_cannot_be_is_refused(small: Worklist) -> None:
    enrol(small, planned("L1"))
    stop = worklist.stop
    asked: dict[str, Any] = {"at": NINE, "by": "Lin"}
    refused(errors.WorklistError, "no 'L9'", stop, small, "L9", feedback="negative", **asked)
    refused(errors.UnknownNameError, "positve", stop, small, "L1", feedback="positve", **asked)
    refused(
        errors.UnknownNameError,
        "fax",
        stop,
        small,
        "L1",
        feedback="positive",
        channel="fax",
        **asked,
    )
    refused(errors.ParameterError, "not stated", stop, small, "L1", feedback="opted_out", **asked)
    refused(
        errors.ParameterError, "no step was done", stop, small, "L1", feedback="positive", **asked
    )
    refused(errors.ParameterError, "reason", stop, small, "L1", feedback="none", **asked)
    refused(errors.ParameterError, "by is", stop, small, "L1", feedback="negative", at=NINE, by=" ")
    refused(
        errors.ParameterError, "no moment", stop, small, "L1", feedback="negative", at="x", by="L"
    )
    zone = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
    refused(errors.ParameterError, "zone", stop, small, "L1", feedback="negative", at=zone, by="L")
    assert {state for _, _, state, _ in states(small)} == {"pending"}


# Pause, resume, undo


def test_a_pause_hides_the_rest_until_it_is_laid_out_again(store: Worklist) -> None:
    enrol(store, planned("L1"))
    worklist.mark_done(store, worklist.due(store, as_of="2026-11-02"), at=NINE, by="Lin")
    left = worklist.pause(store, "L1", at="2026-11-02 10:00", by="Lin")
    assert left["step"].tolist() == [2, 3]
    assert worklist.missed(store, as_of="2026-11-30").empty
    assert states(store) == [
        ["L1", 1, "done", False],
        ["L1", 2, "pending", True],
        ["L1", 3, "pending", True],
    ]
    waits = worklist.steps(store, as_of="2026-11-05", status=["pending"])
    kept = worklist.mark_done(store, waits, at="2026-11-05 09:00", by="Lin")
    assert kept["is_written"].tolist() == [False, False]
    again = left.assign(due_date=["2026-12-01", "2026-12-07"], move_reason="pause")
    refused(
        errors.WorklistError,
        "has no new date",
        worklist.resume,
        store,
        again.head(1),
        at=NINE,
        by="L",
    )
    refused(
        errors.ContractError,
        "would be due on .*, before",
        worklist.resume,
        store,
        again,
        at="2026-12-02",
        by="L",
    )
    worklist.resume(store, again, at="2026-12-01 09:00", by="Lin")
    refused(errors.WorklistError, "is not paused", worklist.resume, store, again, at=NINE, by="L")
    today = worklist.due(store, as_of="2026-12-01")
    assert today[["step", "move_reason"]].values.tolist() == [[2, "pause"]]
    assert today["original_date"].item() == pd.Timestamp("2026-11-03")


def test_undo_restores_what_was_and_leaves_a_trace(store: Worklist) -> None:
    enrol(store, planned("L1"))
    today = worklist.due(store, as_of="2026-11-02")
    made = worklist.mark_done(store, today, at="2026-11-02 10:00", by="Lin")
    stopped = worklist.stop(store, "L1", feedback="positive", at="2026-11-02 10:05", by="Lin")
    undo, number = worklist.undo, int(made["operation_id"].item())
    later = int(stopped["operation_id"].iloc[0])
    undo(store, later, at="2026-11-02 10:06", by="Lin")
    assert worklist.handovers(store, as_of="2026-11-02").empty
    undo(store, number, at="2026-11-02 10:07", by="Lin")
    assert worklist.due(store, as_of="2026-11-02")["step"].tolist() == [1]
    refused(errors.WorklistError, "undone already, by Lin", undo, store, number, at=NINE, by="Wu")
    refused(errors.WorklistError, "no operation 99", undo, store, 99, at=NINE, by="Wu")
    story = worklist.timeline(store, "L1", as_of="2026-11-02")
    assert story["what"].tolist().count("undone") == 3
    assert story.loc[story["is_undone"], "what"].tolist() == [
        "done",
        "positive",
        "stopped",
        "stopped",
    ]
    worklist.mark_done(store, today, at="2026-11-02 11:00", by="Wu")
    assert worklist.done(store, as_of="2026-11-02")["closed_by"].tolist() == ["Wu"]


def test_undo_is_refused_where_something_happened_since(small: Worklist) -> None:
    number = int(enrol(small, planned("L1"))["operation_id"].item())
    today = worklist.due(small, as_of="2026-11-02")
    worklist.mark_done(small, today, at=NINE, by="Lin")
    refused(errors.WorklistError, "changed since", worklist.undo, small, number, at=NINE, by="Lin")
    answer = worklist.stop(small, "L1", feedback="positive", at=NINE, by="Lin")
    taken = worklist.take_over(small, "L1", at=NINE, by="Wu")
    assert taken is not None
    ending = int(answer["operation_id"].iloc[0])
    refused(
        errors.WorklistError, "taken over by sales", worklist.undo, small, ending, at=NINE, by="L"
    )
    worklist.undo(small, taken, at=NINE, by="Wu")
    assert len(worklist.handovers(small, as_of="2026-11-02")) == 1
    worklist.undo(small, ending, at=NINE, by="Lin")


def test_an_enrolment_that_was_undone_is_gone_and_can_be_made_again(small: Worklist) -> None:
    number = int(enrol(small, planned("L1", text="typo"))["operation_id"].item())
    worklist.undo(small, number, at="2026-11-02 09:01", by="Lin")
    assert states(small) == []
    again = enrol(small, planned("L1", text="right"))
    assert again["is_new"].item()
    assert worklist.due(small, as_of="2026-11-02")["text"].tolist() == ["right"]


# The store itself


def test_what_was_written_cannot_be_changed_or_deleted(store: Worklist) -> None:
    enrol(store, planned("L1"))
    for table in ("events", "steps", "enrolments", "operations"):
        for statement in (
            f"DELETE FROM worklist_{table}",
            f"UPDATE worklist_{table} SET operation_id = 1",
        ):
            if table == "steps":
                statement = statement.replace("operation_id = 1", "text = 'x'")
            with (
                pytest.raises(errors.SourceError, match="append-only"),
                store.writing() as connection,
            ):
                connection.exec_driver_sql(statement)
    assert len(states(store)) == 3


def test_the_declared_tables_are_those_the_migrations_make(store: Worklist) -> None:
    with store.reading() as connection:
        inspector = sa.inspect(connection)
        for table in tables.METADATA.sorted_tables:
            made = [column["name"] for column in inspector.get_columns(table.name)]
            assert sorted(made) == sorted(column.name for column in table.c), table.name


def test_an_older_store_is_migrated_and_keeps_all(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(worklist.connect(file), planned("L1"))

    def note(connection: sa.Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE worklist_steps ADD COLUMN note TEXT")

    def fail(connection: sa.Connection) -> None:
        note(connection)
        connection.exec_driver_sql("CREATE TABLE worklist_steps (x INTEGER)")

    today = tables.MIGRATIONS
    monkeypatch.setattr(tables, "MIGRATIONS", (*today, fail))
    refused(errors.SourceError, "already exists", worklist.connect, file)
    monkeypatch.setattr(tables, "MIGRATIONS", (*today, note))
    # what failed left nothing behind, so that the column can be added now
    store = worklist.connect(file)
    with store.reading() as connection:
        assert tables.version(connection) == len(today) + 1
        assert "note" in [
            one["name"] for one in sa.inspect(connection).get_columns("worklist_steps")
        ]
    assert len(states(worklist.connect(file))) == 3


def test_a_newer_store_is_refused_and_left_alone(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        newer.setattr(tables, "MIGRATIONS", (*tables.MIGRATIONS, lambda _: None))
        worklist.connect(file)
    known = len(tables.MIGRATIONS)
    what = f"is of version {known + 1}; this package knows {known}"
    refused(errors.WorklistError, what, worklist.connect, file)


def test_a_store_of_the_first_version_learns_which_step_a_touch_did(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(tables, "MIGRATIONS", tables.MIGRATIONS[:1])
        worklist.connect(file)
    store = worklist.connect(file)
    enrol(store, planned("L1"))
    touch = pd.DataFrame(
        {"touch_id": ["m1"], "lead_id": "L1", "touched_at": "2026-11-02 10:00", "channel": "wechat",
         "direction": "out"}
    )  # fmt: skip
    worklist.record(store, touch, at="2026-11-02 12:00", by="Lin")
    assert worklist.touches(store, as_of="2026-11-02")[["touch_id", "step"]].values.tolist() == [
        ["m1", 1]
    ]


@pytest.mark.parametrize("text", ["", "  ", "\n\t", "\u3000", "\u200b\ufeff"])
def test_words_as_sent_that_say_nothing_are_refused(small: Worklist, text: str) -> None:
    enrol(small, planned("L1"))
    first = worklist.due(small, as_of="2026-11-02")
    refused(
        errors.ContractError, "as sent are empty", worklist.mark_done, small,
        first.assign(text=text), at=NINE, by="Lin",
    )  # fmt: skip
    assert len(worklist.due(small, as_of="2026-11-02")) == 1
    as_planned = worklist.mark_done(small, first.assign(text=None), at=NINE, by="Lin")
    assert as_planned["text_sent"].tolist() == ["Hello!"]


def test_a_place_that_cannot_be_a_worklist_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear Sir, this is no database at all, and it is longer than a header." * 20)
    refused(errors.SourceError, "is a text file, no worklist", worklist.connect, other)
    refused(
        errors.SourceNotFoundError, "no folder", worklist.connect, tmp_path / "a" / "b" / "c.db"
    )
    for address in ("mysql://host/x", "sqlite://", "nonsense://x"):
        refused(errors.SourceError, "neither a file nor a database", worklist.connect, address)
    with pytest.raises(errors.SourceError, match="does not answer") as caught:
        worklist.connect("postgresql://ana:s3cret@127.0.0.1:1/shop")
    assert "s3cret" not in str(caught.value)


def test_a_file_that_another_holds_is_waited_for_and_then_told(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbench.worklist import store as door

    monkeypatch.setattr(door, "LOCK_SECONDS", 0.05)
    store = worklist.connect(file)
    holder = sqlite3.connect(file, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        refused(errors.SourceError, "locked by another program", enrol, store, planned("L1"))
        # readers never wait
        assert worklist.due(store, as_of="2026-11-02").empty
    finally:
        holder.close()
    enrol(store, planned("L1"))


def test_steps_nobody_planned_are_refused_and_nothing_is_written(small: Worklist) -> None:
    enrol(small, planned("L1"))
    today = worklist.due(small, as_of="2026-11-02")
    strange = pd.concat([today, today.assign(step=9)])
    mark = worklist.mark_done
    refused(errors.WorklistError, "knows no step 9", mark, small, strange, at=NINE, by="Lin")
    refused(errors.ContractError, "twice", mark, small, pd.concat([today, today]), at=NINE, by="L")
    refused(
        errors.ParameterError, "reason", worklist.skip, small, today, reason=" ", at=NINE, by="L"
    )
    refused(errors.UnknownNameError, "open", worklist.steps, small, as_of=NINE, status=["open"])
    assert {state for _, _, state, _ in states(small)} == {"pending"}


@pytest.mark.parametrize(("step", "said"), [(True, "(True)"), (1.5, "(1.5)"), (0, "(0)")])
def test_a_step_that_is_no_number_from_1_is_refused_as_it_was_written(
    small: Worklist, step: Any, said: str
) -> None:
    with pytest.raises(errors.ContractError) as caught:
        enrol(small, planned("L1").head(1).assign(step=[step]))
    assert f"step in row 1 {said} is no whole number from 1" in str(caught.value)
    assert states(small) == []


def test_undo_does_not_open_a_plan_a_second_time(small: Worklist) -> None:
    enrol(small, planned("L1"))
    worklist.stop(small, "L1", feedback="none", reason="error", at="2026-11-02 10:00", by="Lin")
    operation = int(worklist.timeline(small, "L1", as_of="2026-11-02")["operation_id"].max())
    again = planned("L1").assign(enrolled_on="2026-11-05")
    again["due_date"] = pd.to_datetime(again["due_date"]) + pd.Timedelta(days=3)
    worklist.enrol(small, again, at="2026-11-05 09:00", by="Lin")
    refused(
        errors.WorklistError, "is in the plan 'spring' again since",
        worklist.undo, small, operation, at="2026-11-05 10:00", by="Lin",
    )  # fmt: skip


def test_a_hand_over_stays_with_the_plan_that_was_answered(small: Worklist) -> None:
    enrol(small, planned("L1"))
    worklist.stop(
        small, "L1", feedback="positive", channel="wechat", at="2026-11-03 10:00", by="Lin"
    )
    other = planned("L1").assign(plan="zz", owner_id="S9", enrolled_on="2026-11-10")
    other["due_date"] = pd.to_datetime(other["due_date"]) + pd.Timedelta(days=8)
    made = worklist.enrol(small, other, at="2026-11-10 09:00", by="Lin")
    waiting = worklist.handovers(small, as_of="2026-11-12")
    assert waiting["plan"].tolist() == ["spring"]
    worklist.undo(small, int(made["operation_id"].iloc[0]), at="2026-11-10 10:00", by="Lin")
    assert worklist.handovers(small, as_of="2026-11-12")["plan"].tolist() == ["spring"]


def test_opting_out_of_a_channel_stops_the_steps_on_it_in_every_plan(small: Worklist) -> None:
    enrol(small, planned("L1"))
    enrol(small, planned("L1").assign(plan="autumn"))
    worklist.stop(
        small, "L1", feedback="opted_out", channel="wechat", plan="spring",
        at="2026-11-02 10:00", by="Lin",
    )  # fmt: skip
    steps = worklist.steps(small, as_of="2026-11-02")
    assert set(steps.loc[steps["channel"] == "wechat", "status"]) == {"stopped"}


def test_an_answer_of_the_day_is_not_dated_before_what_it_answers(small: Worklist) -> None:
    enrol(small, planned("L1"))
    today = worklist.due(small, as_of="2026-11-02")
    worklist.mark_done(small, today, at="2026-11-02 15:20", by="Lin")
    worklist.stop(small, "L1", feedback="positive", at="2026-11-02 12:00", by="Lin")
    said = worklist.touches(small, as_of="2026-11-02").query("direction == 'in'")
    assert said["touched_at"].item() == pd.Timestamp("2026-11-02 15:20")


def test_only_what_is_closed_and_whose_plan_goes_on_is_reopened(small: Worklist) -> None:
    enrol(small, planned("L1"))
    today = worklist.due(small, as_of="2026-11-02")
    say = {"at": "2026-11-02 11:00", "by": "Lin"}
    refused(errors.WorklistError, "is pending", worklist.reopen, small, today, **say)
    worklist.mark_done(small, today, at="2026-11-02 10:00", by="Lin")
    worklist.stop(small, "L1", feedback="negative", **say)
    refused(errors.WorklistError, "has been stopped", worklist.reopen, small, today, **say)
