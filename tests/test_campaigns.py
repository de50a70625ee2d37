"""Use cases: who is dormant, what can be written, who goes onto the worklist, how it goes on."""

import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from workbench import campaigns, config, errors, worklist
from workbench.campaigns import Pond
from workbench.words import Words
from workbench.worklist import Worklist

DAY = "2026-11-02"
HAND: dict[str, Any] = {"at": f"{DAY} 09:00", "by": "Lin"}
ASKED: dict[str, Any] = {"as_of": DAY, **HAND}


def write(folder: Path, name: str, rows: dict[str, Any]) -> None:
    pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    with (folder / "workbench.toml").open("a", encoding="utf-8") as file:
        file.write(f'[tables.{name}]\nsource = "{name}.csv"\n')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four leads, three of which can be written to, and a plan of two steps."""
    leads = {
        "lead_id": ["L1", "L2", "L3", "L4"],
        "lead_name": ["Ada", "Bo", "Cem", "Dee"],
        "owner_id": ["S1", "S1", "S1", "S2"],
        "created_on": "2026-01-05",
        "language": "en",
        "email": ["ada@mail.example", "bo@mail.example", None, "dee@mail.example"],
    }
    templates = {
        "template_id": ["T1", "T2"], "plan": "Wake-up", "step": [1, 2], "channel": "email",
        "language": "en", "variant": "A", "template_version": 1, "approved_by": "Lin",
        "approved_on": "2026-01-01", "body": ["Hello {lead_name}", "{lead_name}, tea?"],
    }  # fmt: skip
    rules = "[nurture]\nsteps = 2\ncycle_days = 7\ncapacity = 1\n"
    (tmp_path / "workbench.toml").write_text(rules, encoding="utf-8")
    write(tmp_path, "leads", leads)
    write(tmp_path, "owners", {"owner_id": ["S1", "S2"], "owner_name": ["Lin", "Wu"]})
    write(tmp_path, "templates", templates)
    return tmp_path


@pytest.fixture
def store(tmp_path: Path) -> Worklist:
    return worklist.connect(tmp_path / "worklist.db")


@pytest.fixture
def pond(folder: Path, store: Worklist) -> Pond:
    return campaigns.pond(config.load(folder), store=store)


def asleep(pond: Pond, as_of: str = DAY, **more: Any) -> list[str]:
    found: list[str] = campaigns.dormant(pond, as_of=as_of, **more)["lead_id"].tolist()
    return found


# Who is dormant


def test_who_is_dormant_follows_from_tables_and_worklist(pond: Pond, store: Worklist) -> None:
    assert asleep(pond) == ["L1", "L2", "L4"]  # nobody reaches L3
    assert asleep(pond, owner="S1", most=1) == ["L1"]
    campaigns.enrol(pond, ["L1"], **ASKED)
    worklist.stop(store, "L2", feedback="opted_out", channel="email", **HAND)
    assert asleep(pond) == ["L4"]
    worklist.stop(store, "L1", feedback="negative", channel="email", **HAND)
    assert "L1" not in asleep(pond, "2026-11-30")
    assert "L1" in asleep(pond, "2026-12-02")


def test_where_nobody_is_dormant_nothing_is_drafted_and_nothing_enrolled(pond: Pond) -> None:
    nobody = asleep(pond, "2020-01-01")
    assert nobody == []
    drafted = campaigns.draft(pond, nobody, as_of=DAY)
    assert (len(drafted.steps), len(drafted.left_out)) == (0, 0)
    made = campaigns.enrol(pond, nobody, **ASKED)
    assert (list(made.enrolled), made.reasons) == (list(worklist.ENROLLED.columns), [])
    assert made.enrolled["is_new"].all()


def test_a_number_and_an_owner_that_cannot_be_are_refused(pond: Pond, store: Worklist) -> None:
    with pytest.raises(errors.ParameterError, match="most is 0; it has to be at least 1"):
        asleep(pond, most=0)
    with pytest.raises(errors.ParameterTypeError, match="most is '5', of type str"):
        asleep(pond, most="5")
    with pytest.raises(errors.UnknownNameError, match="no owner called 'ZZ'"):
        asleep(pond, owner="ZZ")
    days: Any = "14"
    with pytest.raises(errors.ParameterTypeError, match="days is '14', of type str"):
        campaigns.workload(store, as_of=DAY, days=days)


def test_a_table_of_leads_without_a_row_has_nobody_dormant(folder: Path, store: Worklist) -> None:
    (folder / "leads.csv").write_text("lead_id,created_on,owner_id,email\n", encoding="utf-8")
    assert asleep(campaigns.pond(config.load(folder), store=store)) == []


# Draft


def test_a_draft_holds_the_words_and_days_and_says_what_cannot_be_written(pond: Pond) -> None:
    drafted = campaigns.draft(pond, ["L2", "L1", "L3", "L1"], as_of=DAY)
    steps = drafted.steps[["lead_id", "step", "due_date", "text"]]
    assert steps.astype({"due_date": "str"}).values.tolist() == [
        ["L1", 1, "2026-11-02", "Hello Ada"],
        ["L1", 2, "2026-11-04", "Ada, tea?"],
        ["L2", 1, "2026-11-03", "Hello Bo"],
        ["L2", 2, "2026-11-05", "Bo, tea?"],
    ]
    assert drafted.left_out[["lead_id", "step", "problem"]].values.tolist() == [
        ["L3", 1, "no_channel"],
        ["L3", 2, "no_channel"],
    ]


def test_who_cannot_be_written_to_takes_no_room_of_an_owner(folder: Path, store: Worklist) -> None:
    leads = pd.read_csv(folder / "leads.csv")
    leads.loc[0, "email"] = None
    leads.to_csv(folder / "leads.csv", index=False)
    pond = campaigns.pond(config.load(folder), store=store)
    first = campaigns.draft(pond, ["L1", "L2"], as_of=DAY).steps.iloc[0]
    assert (first["lead_id"], first["due_date"]) == ("L2", pd.Timestamp(DAY))


def test_a_draft_of_what_is_not_there_is_refused(pond: Pond) -> None:
    with pytest.raises(errors.UnknownNameError, match="no lead called 'L9'"):
        campaigns.draft(pond, ["L1", "L9"], as_of=DAY)
    with pytest.raises(errors.UnknownNameError, match="Did you mean 'Wake-up'"):
        campaigns.draft(pond, ["L1"], plan="Wakeup", as_of=DAY)
    with pytest.raises(errors.ContractError, match="before 2026-11-02"):
        campaigns.draft(pond, ["L1"], start="2026-11-01", as_of=DAY)


# Enrol


def test_those_who_can_be_written_to_are_enrolled_and_the_rest_is_named(
    pond: Pond, store: Worklist
) -> None:
    campaigns.enrol(pond, ["L1"], **ASKED)
    later: dict[str, Any] = {"as_of": "2026-11-03", "at": "2026-11-03 09:00", "by": "Lin"}
    made = campaigns.enrol(pond, ["L1", "L2", "L3"], **later)
    assert made.enrolled[["lead_id", "plan", "steps", "is_new"]].values.tolist() == [
        ["L2", "Wake-up", 2, True]
    ]
    assert sorted(made.reasons) == [
        "Lead L1 is in 'Wake-up' already, since 2026-11-02.",
        "Step 1 of 'Wake-up' for lead L3: can be reached by no channel that has a template.",
    ]
    steps = worklist.steps(store, as_of="2026-11-03", lead_id="L2")
    assert steps["due_date"].dt.day.tolist() == [4, 5]  # the 3rd is L1's


def test_enrolling_again_on_the_same_first_day_changes_nothing(pond: Pond) -> None:
    campaigns.enrol(pond, ["L1", "L2"], **ASKED)
    again = campaigns.enrol(pond, ["L1", "L2"], **ASKED)
    assert (again.enrolled["is_new"].any(), again.reasons) == (False, [])


def test_where_nobody_can_be_enrolled_that_is_an_error_with_all_reasons(
    pond: Pond, store: Worklist
) -> None:
    with pytest.raises(errors.ContentError, match=r"None of 1 can be enrolled: .*L3") as caught:
        campaigns.enrol(pond, ["L3"], **ASKED)
    assert caught.value.problems["problem"].tolist() == ["no_channel"] * 2
    campaigns.enrol(pond, ["L1"], **ASKED)
    with pytest.raises(errors.WorklistError, match="since 2026-11-02"):
        campaigns.enrol(pond, ["L1"], start="2026-11-09", **ASKED)
    assert len(worklist.steps(store, as_of="2026-12-31")) == 2


def test_tables_without_a_worklist_are_read_and_not_enrolled_from(
    folder: Path, store: Worklist
) -> None:
    write(folder, "steps", {"enrolment_id": ["E1"], "lead_id": ["L1"], "plan": ["Wake-up"],
                            "owner_id": ["S1"], "step": [1], "enrolled_on": [DAY],
                            "due_date": [DAY], "status": ["pending"], "closed_on": None})  # fmt: skip
    write(folder, "touches", {"touch_id": ["m1"], "lead_id": ["L2"], "direction": ["in"],
                              "touched_at": [f"{DAY} 10:00"], "channel": ["email"]})  # fmt: skip
    read = campaigns.pond(config.load(folder))
    assert read.store is None
    assert read.steps(as_of=DAY)["lead_id"].tolist() == ["L1"]
    assert read.touches(as_of=DAY)["owner_id"].tolist() == ["S1"]
    assert read.dates == (dt.date(2026, 11, 2), dt.date(2026, 11, 2))
    assert asleep(read) == ["L4"]
    only_tables = Pond(read.loaded, store, read.rules)
    for unopened, use in itertools.product((read, only_tables), (campaigns.draft, campaigns.enrol)):
        given = {"as_of": DAY} if use is campaigns.draft else ASKED
        with pytest.raises(errors.ParameterError, match="without a worklist, or without templates"):
            use(unopened, ["L4"], **given)
    both = campaigns.pond(config.load(folder), store=store)
    campaigns.enrol(both, ["L4"], **ASKED)
    assert sorted(both.steps(as_of=DAY)["lead_id"]) == ["L1", "L4", "L4"]


# Hand a list over


def test_a_list_is_handed_over_and_who_cannot_be_called_is_named(store: Worklist) -> None:
    late = pd.DataFrame({"customer_id": ["C1", "C2", "C3"], "owner_id": "S1", "channel": "phone"})
    worklist.stop(store, "C2", feedback="opted_out", channel="phone", **HAND)
    campaigns.hand_over(store, late.head(1), plan="late", on=DAY, **HAND)
    made = campaigns.hand_over(store, late, plan="late", on="2026-11-03", **HAND)
    assert made.enrolled["lead_id"].tolist() == ["C3"]
    assert made.reasons == [
        "Lead C1 is in 'late' already, since 2026-11-02.",
        "Step 1 of 'late' for lead C2: has opted out of phone.",
    ]
    assert worklist.due(store, as_of="2026-11-03")["lead_id"].tolist() == ["C3"]


def test_an_empty_list_is_nothing_and_one_of_nobody_is_refused(store: Worklist) -> None:
    none = pd.DataFrame({"customer_id": pd.Series([], dtype="str")})
    made = campaigns.hand_over(store, none, plan="late", on=DAY, **HAND)
    assert (len(made.enrolled), len(made.left_out)) == (0, 0)
    assert made.enrolled["is_new"].all()
    nobody = {"missing column 'lead_id'": {"name": ["Ada"]}, "no lead_id": {"lead_id": [None]}}
    for told, rows in nobody.items():
        with pytest.raises(errors.ContractError, match=told):
            campaigns.hand_over(store, pd.DataFrame(rows), plan="late", on=DAY, **HAND)


def test_a_list_of_any_kind_is_handed_over_by_lead_where_it_has_both_ids(store: Worklist) -> None:
    listed = pl.DataFrame({"lead_id": [7, 8], "customer_id": ["C1", None], "owner_id": "S1"})
    made = campaigns.hand_over(store, listed, plan="late", on=DAY, **HAND)
    assert made.enrolled["lead_id"].tolist() == ["7", "8"]
    with pytest.raises(errors.ParameterTypeError, match="A list is no table"):
        campaigns.hand_over(store, ["L1"], plan="late", on=DAY, **HAND)


# How it goes on


def test_the_next_step_is_the_first_open_one_that_is_due(pond: Pond, store: Worklist) -> None:
    campaigns.enrol(pond, ["L1"], **ASKED)
    first = campaigns.next_step(store, "L1", as_of=DAY)
    assert first["step"].item() == 1
    worklist.mark_done(store, first, **HAND)
    with pytest.raises(errors.WorklistError, match="next step of 'L1' is due on 2026-11-03"):
        campaigns.next_step(store, "L1", as_of=DAY)
    assert campaigns.next_step(store, "L1", as_of=DAY, step=2)["step"].item() == 2
    with pytest.raises(errors.WorklistError, match="no open step 7"):
        campaigns.next_step(store, "L1", as_of=DAY, step=7)
    with pytest.raises(errors.WorklistError, match="no step of 'L9'"):
        campaigns.next_step(store, "L9", as_of=DAY)
    assert campaigns.ahead(store, as_of=DAY)["step"].tolist() == [1, 2]
    assert campaigns.ahead(store, as_of="2026-11-05", owner="S1")["step"].tolist() == [2]
    assert campaigns.ahead(store, as_of=DAY, owner="S9").empty


def test_a_pause_ends_at_the_pace_of_the_settings(pond: Pond, store: Worklist) -> None:
    campaigns.enrol(pond, ["L1", "L2"], **ASKED)
    worklist.pause(store, "L1", **HAND)
    made = campaigns.resume(store, "L1", on="2026-11-03", pace=pond.pace, **ASKED)
    days = made["due_date"].dt.day.tolist()
    others = worklist.steps(store, as_of=DAY).query("lead_id == 'L2'")["due_date"].dt.day.tolist()
    assert not set(days) & set(others)
    with pytest.raises(errors.WorklistError, match="No step of 'L1' waits"):
        campaigns.resume(store, "L1", on="2026-11-03", **ASKED)


def test_the_only_step_that_is_due_is_meant_and_of_several_the_one_that_is_named(
    pond: Pond, store: Worklist
) -> None:
    campaigns.enrol(pond, ["L1"], **ASKED)
    asked: dict[str, Any] = {"lead_id": "L1"}
    assert campaigns.next_step(store, **asked, as_of=DAY)["step"].item() == 1
    done = campaigns.next_step(store, **asked, as_of=DAY)
    worklist.mark_done(store, done, **HAND)
    with pytest.raises(errors.WorklistError, match="due on 2026-11-"):
        campaigns.next_step(store, **asked, as_of=DAY)
    later = "2026-11-30"
    campaigns.hand_over(store, pd.DataFrame({"lead_id": ["L1"]}), plan="late", on=DAY, **HAND)
    with pytest.raises(errors.ParameterError) as caught:
        campaigns.next_step(store, **asked, as_of=later)
    assert "2 steps that could be meant: step 1 of 'late' (due 2026-11-02); step 2 of" in str(
        caught.value
    )
    assert "--plan 'late' --step 1" in caught.value.mend, "what is due first is the example"
    assert campaigns.next_step(store, **asked, as_of=later, plan="late")["plan"].item() == "late"


def test_a_paused_lead_is_said_to_wait_since_when_and_how_it_goes_on(
    pond: Pond, store: Worklist
) -> None:
    campaigns.enrol(pond, ["L1"], **ASKED)
    worklist.pause(store, "L1", at="2026-11-03 09:00", by="Lin")
    for asked in ({}, {"step": 1}, {"plan": "Wake-up"}):
        with pytest.raises(errors.WorklistError) as caught:
            campaigns.next_step(store, "L1", as_of="2026-11-05", **asked)
        assert caught.value.what == "'Wake-up' for 'L1' is paused since 2026-11-03."
        assert "workbench nurture resume L1 --plan 'Wake-up'" in caught.value.mend


def test_before_the_plan_began_it_is_said_when_it_began(pond: Pond, store: Worklist) -> None:
    campaigns.enrol(pond, ["L1"], **ASKED)
    with pytest.raises(errors.WorklistError) as caught:
        campaigns.next_step(store, "L1", as_of="2026-10-20")
    assert caught.value.what == f"'L1' was put into its plan on {DAY}, after 2026-10-20."
    assert f"--as-of {DAY}" in caught.value.mend


def test_the_timeline_tells_what_lies_ahead_with_the_days_that_hold_now(
    pond: Pond, store: Worklist
) -> None:
    campaigns.enrol(pond, ["L1"], **ASKED)

    def ahead() -> list[str]:
        told = campaigns.timeline(store, "L1", as_of="2026-11-20")
        return told.loc[told["what"] == "pending", "due_date"].dt.strftime("%m-%d").tolist()

    assert ahead() == ["11-02", "11-03"]
    worklist.pause(store, "L1", at="2026-11-02 10:00", by="Lin")
    assert ahead() == []
    campaigns.resume(
        store, "L1", on="2026-12-01", as_of="2026-11-20", at="2026-11-20 10:00", by="Lin"
    )
    assert ahead() == ["12-01", "12-02"]
    assert campaigns.timeline(store, "nobody", as_of=DAY).empty


def test_another_tool_s_touches_find_their_leads_by_address(pond: Pond, store: Worklist) -> None:
    campaigns.enrol(pond, ["L1"], **ASKED)
    heard = pd.DataFrame(
        {
            "touch_id": ["m1", "m2"],
            "lead_id": [" ADA@mail.example", "who@mail.example"],
            "touched_at": [f"{DAY} 10:00", f"{DAY} 11:00"],
            "channel": "email",
            "direction": "out",
        }
    )
    leads = pond.leads(as_of=DAY)
    late: dict[str, Any] = {"at": f"{DAY} 12:00", "by": "Lin"}
    made = campaigns.record(store, heard, leads=leads, **late)
    assert made["outcome"].tolist() == ["done", "unknown_address"]
    assert made["lead_id"].tolist() == heard["lead_id"].tolist()
    by_id = campaigns.record(store, heard.assign(touch_id=["m3", "m4"]), **late)
    assert by_id["outcome"].tolist() == ["unknown_lead"] * 2
    assert campaigns.record(store, heard.head(0), leads=leads, **late).empty


def test_a_problem_of_the_worklist_is_told_in_both_languages() -> None:
    problem = {"lead_id": "L1", "plan": "P", "step": None, "channel": None, "language": None,
               "problem": "in_plan", "field": DAY}  # fmt: skip
    told = [campaigns.reason(problem, Words(lang)) for lang in ("en", "zh")]
    assert told == [f"Lead L1 is in 'P' already, since {DAY}.", f"线索L1自{DAY}起已在“P”中。"]


def test_a_morning_s_lists_are_the_worklist_s_and_paused_steps_wait_in_one_of_their_own(
    tmp_path: Path,
) -> None:
    store = worklist.connect(tmp_path / "worklist.db")
    steps = pd.DataFrame(
        {"lead_id": ["L1", "L2"], "owner_id": ["S1", "S2"], "plan": "P", "step": 1,
         "due_date": [DAY, "2026-11-20"], "channel": "sms"}
    )  # fmt: skip
    worklist.enrol(store, steps, **HAND)
    asked: dict[str, Any] = {"as_of": DAY}
    assert campaigns.queue(store, "due", **asked)["lead_id"].tolist() == ["L1"]
    assert campaigns.workload(store, **asked)["owner_id"].tolist() == ["S1"]
    assert campaigns.workload(store, **asked, days=30)["owner_id"].tolist() == ["S1", "S2"]
    worklist.pause(store, "L1", **HAND)
    assert campaigns.queue(store, "paused", **asked, owner="S1")["lead_id"].tolist() == ["L1"]
    assert campaigns.open_steps(store, **asked)["lead_id"].tolist() == ["L2"]
    assert campaigns.morning(store, **asked)[["due", "missed", "done"]].to_numpy().sum() == 0
    with pytest.raises(errors.UnknownNameError, match="Did you mean 'paused'"):
        campaigns.queue(store, "pausd", **asked)


def test_the_first_day_a_lead_opted_out_counts_whoever_knows_of_it(tmp_path: Path) -> None:
    store = worklist.connect(tmp_path / "worklist.db")
    worklist.stop(store, "L1", feedback="opted_out", channel="sms", **HAND)
    leads = pd.DataFrame(
        {"lead_id": ["L1", "L2"], "sms_opted_out_on": ["2026-10-01", "2026-12-01"]}
    )
    steps = [{"lead_id": lead, "channel": "sms"} for lead in ("L1", "L2")]
    first, later = (campaigns.opted_out_on(store, leads, step, as_of=DAY) for step in steps)
    assert (first, later) == (dt.date(2026, 10, 1), None)
    known = campaigns.opted_out_on(store, leads.head(0), steps[0], as_of=DAY)
    assert known == dt.date(2026, 11, 2)
