"""The salesperson's morning: the panel shows what the worklist holds, and writes what is done."""

import datetime as dt
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest

from workbench import campaigns, config, errors, exhibits, scheduling, widgets, worklist
from workbench.panel import Handed, Panel
from workbench.panel.controls import TYPED
from workbench.people import People
from workbench.words import LANGUAGES, Words

MONDAY = "2026-11-02"
HOSTILE = "<img src=x onerror=alert(1)>"
LEADS = pd.DataFrame(
    {
        "lead_id": ["L1", "L2", "L3", "L4"],
        "lead_name": ["Wu Ning", HOSTILE, "Ada Reed", "林悦"],
        "owner_id": ["S1", "S1", "S2", "S1"],
    }
)
OWNERS = pd.DataFrame({"owner_id": ["S1", "S2"], "owner_name": ["Lin Yue", "Marek Dolan"]})
WAYS = {
    "L1": ("email", "wu@mail.example?bcc=all@mail.example"),
    "L2": ("sms", "+999 00 12"),
    "L3": ("wechat", "0wx-3"),
    "L4": ("phone", "+999 77"),
}
DAYS = ["2026-11-02", "2026-11-03", "2026-11-10"]


def planned(leads: list[str], days: list[str] = DAYS) -> pd.DataFrame:
    owner = LEADS.set_index("lead_id")["owner_id"]
    rows = [
        {
            "lead_id": lead,
            "owner_id": owner[lead],
            "plan": "Wake-up",
            "enrolled_on": days[0],
            "step": step,
            "due_date": day,
            "channel": WAYS[lead][0],
            "address": WAYS[lead][1],
            "subject": "Tea & coffee",
            "text": f"Hello {lead}, step {step}.\nShall we talk?",
        }
        for lead in leads
        for step, day in enumerate(days, start=1)
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def store(tmp_path: Path) -> worklist.Worklist:
    store = worklist.connect(tmp_path / "worklist.db")
    worklist.enrol(store, planned(["L1", "L2", "L3"]), at=f"{MONDAY} 08:00", by="Lin")
    earlier = planned(["L4"], ["2026-10-30", "2026-11-06"])
    worklist.enrol(store, earlier, at="2026-10-30 08:00", by="Lin")
    return store


PEOPLE = People(owners=OWNERS, leads=LEADS)


def opened(store: worklist.Worklist, leads: pd.DataFrame = LEADS, **given: Any) -> Panel:
    people = People(owners=OWNERS, leads=leads)
    return widgets.nurture_queue(
        store, **{"as_of": MONDAY, "by": "Lin Yue", "people": people} | given
    )


@pytest.fixture
def panel(store: worklist.Worklist) -> Panel:
    return opened(store)


def in_list(panel: Panel) -> pd.DataFrame:
    assert panel.actions is not None
    return panel.actions


def choose(panel: Panel, lead: str, queue: str = "due") -> Panel:
    panel.set(queue=queue)
    options = panel.inputs["chosen"][0].options
    name = LEADS.set_index("lead_id")["lead_name"][lead]
    (place,) = (i for i, words in enumerate(options) if words.startswith(name))
    panel.inputs["chosen"][0].index = place
    return panel


def standing(store: worklist.Worklist, lead: str, step: int) -> pd.Series:
    steps = worklist.steps(store, as_of="2026-12-31", lead_id=lead)
    return steps[steps["step"] == step].iloc[0]


@pytest.mark.slow
@pytest.mark.parametrize("queue", ["due", "done", "handovers"])
def test_each_list_is_the_worklist_s_own_for_one_owner_or_all(
    store: worklist.Worklist, panel: Panel, queue: str
) -> None:
    choose(panel, "L1").act("done")
    choose(panel, "L2").set(answer={"feedback": "positive", "note": "Yes!"}).act("answer")
    for owner in (None, "S1"):
        panel.set(queue=queue, owner=owner)
        expected = getattr(worklist, queue)(store, as_of=MONDAY, owner_id=owner)
        assert panel.actions is not None
        pd.testing.assert_frame_equal(panel.actions[expected.columns], expected)
        assert len(panel.actions) == len(expected) > 0 or (queue, owner) == ("due", "S1")


def test_the_sentence_counts_what_is_due_missed_and_done_today(panel: Panel) -> None:
    assert panel.sentence == "Three touches are due on 2 Nov 2026; one was missed, none is done"
    panel.act("done")
    assert panel.sentence == "Two touches are due on 2 Nov 2026; one was missed, one is done"
    panel.set(owner="S2")
    assert panel.sentence.startswith("One touch is due")


def test_a_step_is_done_with_the_words_as_sent_by_whom_and_when(store: worklist.Worklist) -> None:
    panel = opened(store, now=lambda: dt.datetime(2027, 1, 1, 9, 41, 7, 5))
    choose(panel, "L1").set(letter={"message": "Dear Wu Ning, tea?"})
    assert panel.act("done") == "Done: Wu Ning, step 1, in words of your own."
    step = standing(store, "L1", 1)
    assert (step["status"], step["text_sent"], step["edited"]) == (
        "done",
        "Dear Wu Ning, tea?",
        "yes",
    )
    assert (step["closed_by"], str(step["closed_at"])) == ("Lin Yue", "2026-11-02 09:41:07")
    assert "in the words of the template" in str(choose(panel, "L3").act("done"))
    assert standing(store, "L3", 1)["edited"] == "no"


def test_after_each_act_the_next_of_the_list_is_in_hand(panel: Panel) -> None:
    first = panel.inputs["chosen"][0].options[0]
    panel.act("done")
    assert panel.inputs["chosen"][0].options[0] != first
    assert "step 1" in panel.values["letter"]["message"]


def test_what_another_did_meanwhile_is_said_and_not_done_again(
    store: worklist.Worklist, panel: Panel
) -> None:
    choose(panel, "L1")
    mine = worklist.due(store, as_of=MONDAY).query("lead_id == 'L1'")
    worklist.mark_done(store, mine, at=f"{MONDAY} 09:00", by="Wu")
    said = panel.act("done")
    assert said == "Nothing was written: Wu Ning is done already, by Wu."
    assert standing(store, "L1", 1)["closed_by"] == "Wu"
    assert len(in_list(panel)) == 2


def test_looking_again_shows_what_others_did(store: worklist.Worklist, panel: Panel) -> None:
    worklist.mark_done(store, worklist.due(store, as_of=MONDAY), at=f"{MONDAY} 09:00", by="Wu")
    assert len(in_list(panel)) == 3
    panel.act("again")
    assert in_list(panel).empty
    assert panel.sentence.startswith("No touch is due")


def test_a_step_is_skipped_only_with_a_reason(store: worklist.Worklist, panel: Panel) -> None:
    choose(panel, "L1")
    with pytest.raises(errors.ParameterError, match="There is no reason"):
        panel.act("skip")
    assert standing(store, "L1", 1)["status"] == "pending"
    panel.set(answer={"note": "on holiday"}).act("skip")
    assert standing(store, "L1", 1)[["status", "reason"]].tolist() == ["skipped", "on holiday"]
    assert standing(store, "L1", 2)["status"] == "pending"


def test_a_yes_stops_the_plan_and_hands_the_lead_over_until_it_is_taken(
    store: worklist.Worklist, panel: Panel
) -> None:
    choose(panel, "L1").set(answer={"feedback": "positive", "note": "Call me!"})
    assert panel.act("answer") == "Wu Ning said yes: 3 steps are stopped, and sales is to call."
    panel.set(queue="handovers")
    assert in_list(panel)[["lead_id", "text"]].values.tolist() == [["L1", "Call me!"]]
    assert panel.act("take_over") == "Wu Ning is taken over by Lin Yue."
    assert in_list(panel).empty


@pytest.mark.parametrize("feedback", ["negative", "opted_out"])
def test_a_no_stops_the_plan_and_opting_out_closes_the_channel(
    store: worklist.Worklist, panel: Panel, feedback: str
) -> None:
    choose(panel, "L1").set(answer={"feedback": feedback, "note": "Please stop"}).act("answer")
    assert standing(store, "L1", 3)["status"] == "stopped"
    closed = worklist.opted_out(store, as_of=MONDAY)
    assert closed[["lead_id", "channel"]].values.tolist() == (
        [["L1", "email"]] if feedback == "opted_out" else []
    )


def test_stopping_without_an_answer_needs_a_reason(panel: Panel) -> None:
    choose(panel, "L1").set(answer={"feedback": "none"})
    with pytest.raises(errors.ParameterError, match="reason"):
        panel.act("answer")
    panel.set(answer={"note": "moved away"})
    assert panel.act("answer") == "Wu Ning: 3 steps are stopped."


def test_a_paused_plan_waits_in_its_own_list_and_goes_on_with_the_gaps_it_had(
    store: worklist.Worklist, panel: Panel
) -> None:
    choose(panel, "L1")
    assert panel.act("pause") == "Wu Ning: 3 steps wait until the plan is resumed."
    assert "L1" not in in_list(panel)["lead_id"].tolist()
    panel.set(queue="paused", answer={"resume_on": "2026-12-01"})
    assert panel.act("resume") == "Wu Ning: 3 steps, the first on 1 Dec 2026."
    due = worklist.steps(store, as_of=MONDAY, lead_id="L1")["due_date"]
    assert due.dt.strftime("%m-%d").tolist() == ["12-01", "12-02", "12-09"]


def test_a_plan_goes_on_within_the_working_days_and_the_limit(store: worklist.Worklist) -> None:
    panel = opened(store, pace=campaigns.Pace(scheduling.Calendar("CN"), capacity=1))
    choose(panel, "L1").act("pause")
    panel.set(queue="paused", answer={"resume_on": "2026-11-02"}).act("resume")
    due = worklist.steps(store, as_of=MONDAY, lead_id="L1")["due_date"]
    others = worklist.steps(store, as_of=MONDAY, owner_id="S1").query("lead_id != 'L1'")
    assert not set(due) & set(others["due_date"])
    assert (due.dt.day_of_week < 5).all()


def test_undo_takes_back_what_was_done_last_here_then_what_came_before(
    store: worklist.Worklist, panel: Panel
) -> None:
    choose(panel, "L1").act("done")
    choose(panel, "L2").set(answer={"note": "no thanks", "feedback": "negative"}).act("answer")
    assert "Taken back: 3 steps stand as before" in str(panel.act("undo"))
    assert standing(store, "L2", 1)["status"] == "pending"
    panel.act("undo")
    assert standing(store, "L1", 1)["status"] == "pending"
    with pytest.raises(errors.ParameterError, match="Nothing has been done in this panel"):
        panel.act("undo")
    told = worklist.timeline(store, "L1", as_of=MONDAY)["what"].tolist()
    assert told == ["planned"] * 3 + ["done", "undone"]


def test_one_step_of_many_is_taken_back_from_the_list_of_what_is_done(
    store: worklist.Worklist, panel: Panel
) -> None:
    worklist.mark_done(store, worklist.due(store, as_of=MONDAY), at=f"{MONDAY} 09:00", by="Wu")
    choose(panel, "L3", "done")
    assert panel.act("reopen") == "Taken back: Ada Reed, step 1, stands as before."
    assert standing(store, "L3", 1)["status"] == "pending"
    # of what was marked at once, the rest stays done
    assert [standing(store, lead, 1)["status"] for lead in ("L1", "L2")] == ["done", "done"]
    told = worklist.timeline(store, "L3", as_of=MONDAY)
    assert told["what"].tolist() == [*["planned"] * 3, "done", "undone"]
    assert told["is_undone"].tolist() == [False, False, False, True, False]


def test_the_message_is_handed_to_the_program_of_its_channel(panel: Panel) -> None:
    choose(panel, "L1").set(letter={"message": "Hi & bye\nÄ?"})
    copy, mail = panel.links
    assert (copy.address, copy.text) == ("", "Hi & bye\nÄ?")
    assert mail.address.startswith(
        "mailto:wu@mail.example%3Fbcc%3Dall%40mail.example?subject=Tea%20%26%20coffee&body="
    )
    assert unquote(mail.address.partition("body=")[2]) == "Hi & bye\r\nÄ?"
    choose(panel, "L2")
    assert panel.links[1].address.startswith("sms:+9990012?body=Hello%20L2")
    choose(panel, "L3")
    assert [link.label for link in panel.links] == ["queue.copy"]
    choose(panel, "L4", "missed")
    assert panel.links[1].address == "tel:+99977"
    panel.set(queue="done")
    assert panel.links == ()


def test_only_what_makes_sense_is_offered(panel: Panel) -> None:
    always = ["undo", "again", "ics"]
    offered = {
        "due": ["done", "skip", "answer", "pause"],
        "missed": ["done", "skip", "answer", "pause"],
        "done": [],
        "paused": [],
        "handovers": [],
    }
    assert list(choose(panel, "L1").acts)[:4] == offered["due"]
    assert panel._page.desk.buttons[0]["words"] == "Mark done"
    for queue, acts in offered.items():
        assert list(panel.set(queue=queue).acts) == [*acts, *always]
    with pytest.raises(errors.ParameterError, match="'Mark done' cannot be done"):
        panel.act("done")


def test_the_calendar_file_holds_the_steps_of_the_owner(panel: Panel) -> None:
    handed = panel.set(owner="S1").act("ics")
    assert isinstance(handed, Handed)
    assert handed.name == "worklist.ics"
    text = handed.content.decode()
    assert text.count("BEGIN:VEVENT") == 8
    assert "Wu Ning" in text
    assert "Ada Reed" not in text


def test_the_timeline_tells_all_that_happened_with_the_lead_in_hand(panel: Panel) -> None:
    choose(panel, "L1").act("done")
    panel.set(queue="done", view="timeline", answer={"feedback": "negative", "note": "No"})
    panel.act("answer")
    assert panel.table["what"].tolist() == [
        *["planned"] * 3, "done", "negative", *["stopped"] * 2,
    ]  # fmt: skip
    assert panel.sentence == (
        "Wu Ning: Written to once, answered on 2 Nov 2026 (negative); nothing lies ahead"
    )


def test_the_timeline_lists_what_lies_ahead_and_after_a_pause_the_new_days(
    store: worklist.Worklist, panel: Panel
) -> None:
    def ahead(queue: str) -> list[str]:
        rows = panel.set(queue=queue, view="timeline").table
        pending = rows[rows["what"] == "pending"]
        return pending["due_date"].dt.strftime("%Y-%m-%d").tolist()

    choose(panel, "L1")
    assert ahead("due") == DAYS
    panel.act("pause")
    assert ahead("paused") == []
    panel.set(answer={"resume_on": dt.date(2026, 12, 1)}).act("resume")
    rows = campaigns.timeline(store, "L1", as_of=MONDAY)
    days = rows.loc[rows["what"] == "pending", "due_date"]
    assert days.dt.strftime("%m-%d").tolist() == ["12-01", "12-02", "12-09"]


def test_who_shares_the_number_of_one_who_opts_out_is_not_to_be_written_to(
    store: worklist.Worklist,
) -> None:
    steps = planned(["L1"]).assign(lead_id="L9", channel="sms", address="00999 0012")
    worklist.enrol(store, steps, at=f"{MONDAY} 08:00", by="Lin")
    panel = choose(opened(store), "L2")
    panel.set(answer={"feedback": "opted_out", "channel": "sms", "note": "Stop"})
    panel.act("answer")
    assert not worklist.due(store, as_of=MONDAY)["lead_id"].isin(["L2", "L9"]).any()


def test_an_empty_worklist_says_so_and_offers_nothing_to_do(tmp_path: Path) -> None:
    panel = opened(worklist.connect(tmp_path / "empty.db"))
    assert panel.sentence == "No touch is due on 2 Nov 2026; none was missed, none is done"
    assert panel.acts == ("undo", "again", "ics")
    assert panel.set(view="timeline").sentence == "Not written to yet; nothing lies ahead"


def test_a_name_that_is_markup_is_text_on_the_page(panel: Panel) -> None:
    choose(panel, "L2").set(view="timeline")
    panel.act("done")
    page = panel._page
    shown = [page._main.value, page._told.value, page._finding.value]
    assert not [part for part in shown if "<img" in part]
    assert "&lt;img" in page._told.value


def test_a_lead_that_is_not_in_the_table_of_leads_is_called_by_its_id(
    store: worklist.Worklist,
) -> None:
    panel = opened(store, leads=LEADS[LEADS["lead_id"] != "L1"])
    assert any(words.startswith("L1 · ") for words in panel.inputs["chosen"][0].options)
    assert len(in_list(panel)) == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_panel_is_in_the_language(store: worklist.Worklist, lang: Any) -> None:
    panel = opened(store, words=Words(lang))
    said = [str(panel.act("done")), panel.sentence, *panel.inputs["queue"][0].options]
    said += [button["words"] for button in panel._page.desk.buttons]
    for words in said:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in words) is (lang == "zh"), words


def test_a_second_click_is_not_taken_for_the_next_lead(
    store: worklist.Worklist, panel: Panel
) -> None:
    frame, round_ = panel._page.desk, panel._page.desk.buttons[0]["round"]
    for _ in range(2):
        panel._clicked(frame, {"click": "act:done", "typed": {}, "round": round_}, [])
    assert len(worklist.done(store, as_of=MONDAY)) == 1
    round_ = panel._page.desk.buttons[0]["round"]
    panel._clicked(frame, {"click": "act:done", "typed": {}, "round": round_}, [])
    assert len(worklist.done(store, as_of=MONDAY)) == 2


def test_leads_of_one_name_and_plans_of_one_lead_are_told_apart(
    store: worklist.Worklist,
) -> None:
    again = planned(["L1"]).assign(plan="Tasting")
    worklist.enrol(store, again, at=f"{MONDAY} 08:30", by="Lin")
    panel = opened(store, leads=LEADS.assign(lead_name="Wu Ning"))
    lines = panel.inputs["chosen"][0].options
    assert len(set(lines)) == len(lines) == 4
    assert sum("Tasting" in line for line in lines) == 1
    assert not any("L1" in line for line in opened(store, owner="S2").inputs["chosen"][0].options)


def test_nothing_leads_out_to_a_lead_that_has_opted_out_and_the_panel_says_so(
    store: worklist.Worklist,
) -> None:
    for known in (LEADS.assign(email_opted_out_on=pd.Timestamp("2026-10-01")), LEADS):
        panel = choose(opened(store, leads=known), "L1")
        assert bool(panel.links) is ("email_opted_out_on" not in known)
    worklist.stop(
        store, "L1", feedback="opted_out", channel="email", at=f"{MONDAY} 09:00", by="Lin"
    )
    worklist.undo(store, 3, at=f"{MONDAY} 09:10", by="Lin")
    assert choose(opened(store), "L1").links
    note = (
        choose(
            opened(store, leads=LEADS.assign(email_opted_out_on=pd.Timestamp("2026-10-01"))), "L1"
        )
        ._page.fields["letter"]
        .box.children[1]
        .children[0]
        .children[2]
        .value
    )
    assert "Opted out of e-mail on 1 Oct 2026: do not send" in note


def test_an_emptied_message_is_refused_and_spaces_are_no_words_of_one_s_own(
    store: worklist.Worklist, panel: Panel
) -> None:
    choose(panel, "L1").set(letter={"message": ""})
    with pytest.raises(errors.ParameterError, match="The message is empty"):
        panel.act("done")
    panel.set(letter={"message": " Hello L1, step 1.\nShall we talk?  "})
    assert "in the words of the template" in str(panel.act("done"))
    assert standing(store, "L1", 1)["edited"] == "no"


def test_looking_again_keeps_the_lead_in_hand_and_the_words_typed(
    store: worklist.Worklist, panel: Panel
) -> None:
    choose(panel, "L3").set(letter={"message": "half a sentence"}, answer={"note": "asked back"})
    worklist.mark_done(
        store, worklist.due(store, as_of=MONDAY).query("lead_id == 'L1'"),
        at=f"{MONDAY} 09:00", by="Wu",
    )  # fmt: skip
    before = panel.values
    panel.act("again")
    assert panel.values == before
    worklist.mark_done(
        store, worklist.due(store, as_of=MONDAY).query("lead_id == 'L3'"),
        at=f"{MONDAY} 09:05", by="Wu",
    )  # fmt: skip
    panel.act("again")
    assert "L2" in panel.values["letter"]["message"]
    assert panel.values["answer"]["note"] == ""


def test_what_another_has_undone_is_not_in_the_way_of_undo(
    store: worklist.Worklist, panel: Panel
) -> None:
    choose(panel, "L1").act("done")
    choose(panel, "L2").act("done")
    last = int(standing(store, "L2", 1)["operation_id"])
    worklist.undo(store, last, at=f"{MONDAY} 13:00", by="Wu")
    panel.act("undo")
    assert standing(store, "L1", 1)["status"] == "pending"


def test_a_missed_step_is_said_to_have_been_due_since(panel: Panel) -> None:
    choose(panel, "L4", "missed").set(view="timeline")
    assert "step 1 has been due since 30 Oct 2026" in panel.sentence


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_another_s_work_makes_impossible_is_refused_in_words_without_python(
    store: worklist.Worklist, lang: Any
) -> None:
    panel = choose(opened(store, words=Words(lang)), "L1")
    panel.act("done")
    mine = standing(store, "L1", 1).to_frame().T
    worklist.reopen(store, mine[["enrolment_id", "step"]], at=f"{MONDAY} 13:00", by="Wu")
    with pytest.raises(errors.WorklistError) as refused:
        panel.act("undo")
    for words in (refused.value.what, refused.value.mend):
        assert "worklist" not in words
        assert any("\u4e00" <= sign <= "\u9fff" for sign in words) is (lang == "zh")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_step_is_done_that_stood_chosen_as_the_button_was_pressed_or_none(
    store: worklist.Worklist, lang: Any
) -> None:
    panel = choose(opened(store, words=Words(lang)), "L3")
    frame, seen = panel._page.frame, panel._page.picked()
    choose(panel, "L1")  # what a late answer of the kernel does
    panel._clicked(frame, {"click": "act:done", "typed": {}, "picked": seen}, [])
    assert Words(lang)("error.moved_on") in panel._page._alert.value
    assert standing(store, "L1", 1)["status"] == standing(store, "L3", 1)["status"] == "pending"
    panel._clicked(frame, {"click": "act:done", "typed": {}, "picked": panel._page.picked()}, [])
    assert standing(store, "L1", 1)["status"] == "done"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_day_far_from_the_plan_is_refused_in_the_panel_s_own_language(
    store: worklist.Worklist, lang: Any
) -> None:
    panel = opened(store, as_of="2062-11-02", words=Words(lang))
    panel.set(queue="missed")
    with pytest.raises(errors.ParameterError) as caught:
        panel.act("done")
    words = Words(lang)
    assert caught.value.what == words("queue.far", date=dt.date(2062, 11, 2))
    assert caught.value.mend == words("queue.far_mend")


def test_words_typed_for_a_lead_are_there_again_after_another_lead_and_a_restart(
    store: worklist.Worklist, panel: Panel
) -> None:
    choose(panel, "L1").set(letter={"message": "Dear Wu,"}, answer={"note": "asked back"})
    choose(panel, "L3")
    assert panel.values["letter"]["message"].startswith("Hello L3")
    for again in (panel, opened(store)):
        values = choose(again, "L1").values
        assert (values["letter"]["message"], values["answer"]["note"]) == ("Dear Wu,", "asked back")
    # another's desk has its own words
    assert "Hello L1" in choose(opened(store, by="Wu"), "L1").values["letter"]["message"]
    choose(panel, "L1").act("done")
    panel.act("undo")
    assert "Hello L1" in choose(opened(store), "L1").values["letter"]["message"]


def test_words_are_kept_while_they_are_typed_and_the_box_is_left_alone(
    store: worklist.Worklist, panel: Panel
) -> None:
    choose(panel, "L1")
    box = next(box for box in panel.inputs["letter"])
    (number,) = (name.removeprefix(TYPED) for name in box._dom_classes if name.startswith(TYPED))
    before = box.value
    panel._typed(None, {"typed": {number: "Dear Wu, half a sen"}}, [])
    assert box.value == before
    assert choose(opened(store), "L1").values["letter"]["message"] == "Dear Wu, half a sen"
    # words as planned are no words of one's own
    panel._typed(None, {"typed": {number: before}}, [])
    assert worklist.draft(store, *key_in_hand(panel), by="Lin Yue") == {}


def key_in_hand(panel: Panel) -> tuple[str, int]:
    enrolment, _, step = panel.values["chosen"]["step"].rpartition("/")
    return enrolment, int(step)


def test_words_that_cannot_be_kept_are_told_of_and_stay_in_the_box(
    store: worklist.Worklist, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise errors.SourceError("The disk is full.", mend="Make room.")

    choose(panel, "L1")
    monkeypatch.setattr(worklist, "keep_draft", refuse)
    panel.inputs["letter"][0].value = "Dear Wu,"
    assert "The disk is full" in panel._page._alert.value
    panel.inputs["chosen"][0].index = 2
    assert panel.inputs["letter"][0].value == "Dear Wu,"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_answer_is_chosen_and_told_in_words_before_it_is_written_down(
    store: worklist.Worklist, lang: Any
) -> None:
    panel = choose(opened(store, words=Words(lang)), "L1")
    assert panel.inputs["answer"][0].options[0] == Words(lang)("panel.choose")
    for answer, missing in (
        ({"note": "Call me!"}, "queue.needs_answer"),
        ({"feedback": "positive", "note": " "}, "queue.needs_words"),
    ):
        panel.set(answer=answer)
        with pytest.raises(errors.ParameterError) as refused:
            panel.act("answer")
        assert refused.value.what == Words(lang)(missing)
        assert refused.value.mend == Words(lang)(f"{missing}_mend")
    assert standing(store, "L1", 1)["status"] == "pending"


@pytest.fixture
def late(tmp_path: Path) -> worklist.Worklist:
    """L4 missed two steps and has one today; L1 missed one, L2 did the second before the first."""
    store = worklist.connect(tmp_path / "late.db")
    days = {"L4": ["2026-10-27", "2026-10-29", MONDAY], "L1": ["2026-10-30", "2026-11-20"],
            "L2": ["2026-10-28", "2026-11-09"]}  # fmt: skip
    for lead, due in days.items():
        worklist.enrol(store, planned([lead], due), at="2026-10-27 08:00", by="Lin")
    second = worklist.steps(store, as_of=MONDAY, lead_id="L2").query("step == 2")
    worklist.mark_done(store, second, at="2026-10-30 09:00", by="Lin")
    return store


def test_missed_steps_stand_in_one_row_per_lead_the_longest_waiting_first(
    late: worklist.Worklist,
) -> None:
    panel = opened(late).set(queue="missed")
    columns = ["lead_id", "missed", "overtaken", "step"]
    assert in_list(panel)[columns].values.tolist() == [
        ["L4", 2, 2, 2], ["L2", 1, 1, 1], ["L1", 1, 0, 1],
    ]  # fmt: skip
    assert panel.inputs["chosen"][0].options[0] == "林悦 · 2 steps missed, since 27 Oct 2026"
    caption = exhibits.queue.missed(in_list(panel)).sentence(Words())
    assert caption == "3 leads, 4 steps missed"
    assert len(in_list(panel.set(owner="S2"))) == 0


def test_a_step_that_a_later_one_has_overtaken_is_not_offered_as_it_stands(
    late: worklist.Worklist,
) -> None:
    panel = choose(opened(late), "L2", "missed")
    assert panel.values["letter"]["message"] == ""
    note = panel._page.fields["letter"].box.children[1].children[0].children[2].value
    assert "Step 2 has come since" in note
    with pytest.raises(errors.ParameterError, match="The message is empty"):
        panel.act("done")
    panel.set(letter={"message": "Sorry for the silence!"}).act("done")
    assert standing(late, "L2", 1)["text_sent"] == "Sorry for the silence!"
    assert "Hello L1" in choose(panel, "L1", "missed").values["letter"]["message"]


@pytest.mark.parametrize(
    ("skips", "left"), [("step", ["L4", "L2", "L1"]), ("lead", ["L2", "L1"]), ("overtaken", ["L1"])]
)
def test_several_missed_steps_are_skipped_with_one_reason_and_taken_back_together(
    late: worklist.Worklist, skips: str, left: list[str]
) -> None:
    panel = opened(late).set(queue="missed", answer={"skips": skips})
    with pytest.raises(errors.ParameterError, match="There is no reason"):
        panel.act("skip")
    panel.set(answer={"note": "was ill"}).act("skip")
    assert in_list(panel)["lead_id"].tolist() == left
    skipped = worklist.steps(late, as_of=MONDAY, status=["skipped"])
    assert set(skipped["reason"]) == {"was ill"}
    panel.act("undo")
    assert in_list(panel)["missed"].tolist() == [2, 1, 1]


def test_it_opens_with_the_owner_whose_lists_were_last_looked_at_by_who_works_here(
    store: worklist.Worklist,
) -> None:
    settings = config.Settings(worklist=config.WorklistSettings(owner="S2"))
    assert opened(store, settings=settings).values["owner"] == "S2"
    for owner in ("S1", None):
        opened(store, settings=settings).set(owner=owner)
        assert opened(store, settings=settings).values["owner"] == owner
    assert opened(store, by="Wu").values["owner"] is None
    worklist.keep_owner(store, "S99", by="Wu")  # has left
    assert opened(store, by="Wu").values["owner"] is None
    assert opened(store, owner="S1").values["owner"] == "S1"


def test_what_is_done_is_dated_on_the_day_whose_lists_are_shown(
    store: worklist.Worklist, panel: Panel
) -> None:
    panel.set(as_of="2026-11-03", queue="missed")
    assert panel.sentence.startswith("Three touches are due on 3 Nov 2026")
    choose(panel, "L1", "missed").set(letter={"message": "Dear Wu"}).act("done")
    assert str(standing(store, "L1", 1)["closed_on"])[:10] == "2026-11-03"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_practice_is_chosen_said_across_the_panel_and_reaches_nothing(
    store: worklist.Worklist, tmp_path: Path, lang: Any
) -> None:
    def practice() -> worklist.Worklist:
        tried = worklist.connect(tmp_path / "practice.db")
        worklist.enrol(tried, planned(["L3"]), at=f"{MONDAY} 08:00", by="Lin")
        return tried

    panel = opened(store, practice=practice, words=Words(lang))
    banner = panel._page.fields["lists"].box.children[-1]
    assert panel.values["lists"] == "kept"
    assert banner.value == "<span></span>"
    assert not (tmp_path / "practice.db").exists()
    assert in_list(panel.set(lists="practice"))["lead_id"].tolist() == ["L3"]
    assert Words(lang)("queue.practice") in banner.value
    panel.act("done")
    panel.set(lists="kept")
    assert len(in_list(panel)) == 3
    with pytest.raises(errors.ParameterError):
        panel.act("undo")  # what was tried is not what was done
    assert opened(store, practice=practice, practises=True).values["lists"] == "practice"


def test_a_salesperson_s_desk_shows_no_python(panel: Panel) -> None:
    assert "show:code" not in [button["id"] for button in panel._page.frame.buttons]


def test_nobody_works_at_a_desk_without_a_name_or_a_worklist(store: worklist.Worklist) -> None:
    with pytest.raises(errors.ParameterError, match="Who works here"):
        opened(store, by=" ")
    with pytest.raises(errors.ParameterTypeError, match="no open worklist"):
        opened("worklist.db")  # type: ignore[arg-type]
