"""What can be done from a panel: in Python, from the page, refused, and asked anew after."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest
from toy_panel import customers_drawn

from workbench import errors
from workbench.exhibit import Shown
from workbench.panel import Act, Control, Group, Handed, Link, Panel, Slider, Text, Toggle
from workbench.words import Words


class Queue:
    """Stands in for a store outside of the panel."""

    def __init__(self) -> None:
        self.steps = {1: "Dear Lin", 2: "Dear Wu"}
        self.sent: list[str] = []


def waiting(queue: Queue, n: int) -> pd.DataFrame:
    if n == 9:
        raise errors.ParameterError("n is 9.", mend="Use less.")
    return pd.DataFrame({"step": [*queue.steps], "share": 1})


def shown(waiting: pd.DataFrame) -> Shown:
    return customers_drawn(waiting)


def words_of(queue: Queue, n: int) -> Sequence[Control]:
    return [Text(name="text", value=queue.steps.get(n, ""), lines=4, label="panel.all")]


def mark(queue: Queue, waiting: pd.DataFrame, n: int, message: dict[str, str], words: Words) -> str:
    if not message["text"]:
        raise errors.ParameterError("The message is empty <b>.", mend="Write one.")
    queue.sent.append(queue.steps.pop(n) and message["text"])
    return f"sent <i> {len(waiting)} {words.lang}"


def hand(waiting: pd.DataFrame) -> Handed:
    return Handed("steps.csv", waiting.to_csv().encode())


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
def panel(queue: Queue) -> Panel:
    return Panel(
        "panel.rfm",
        given={"queue": queue},
        controls=[
            Slider(name="n", value=1, low=1, high=9, step=1, label="panel.table"),
            Group(name="message", label="panel.view", controls=words_of),
        ],
        steps=[waiting],
        views=[shown],
        acts=[
            Act(does=mark, label="panel.all", renews=True),
            Act(does=hand, label="panel.csv"),
        ],
    )


def test_an_act_does_something_with_what_is_shown_and_says_what(panel: Panel, queue: Queue) -> None:
    panel.set(message={"text": "Dear Mr Lin"})
    assert panel.act("mark") == "sent <i> 2 en"
    assert queue.sent == ["Dear Mr Lin"]
    assert panel._page._told.value == '<p role="status">sent &lt;i&gt; 2 en</p>'


def test_what_an_act_changed_is_shown_at_once(panel: Panel) -> None:
    panel.act("mark")
    assert panel.table["step"].tolist() == [2]
    assert panel.values["message"] == {"text": ""}
    assert panel.set(n=2).values["message"] == {"text": "Dear Wu"}
    assert panel._page._told.value == ""


def test_an_act_may_hand_over_a_file(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(panel._page.frame, "send", lambda *given: sent.append(given))
    handed = panel.act("hand")
    assert isinstance(handed, Handed)
    panel._clicked(panel._page.frame, {"click": "act:hand"}, None)
    assert sent == [
        ({"id": "act:hand", "name": "steps.csv", "type": handed.type}, [handed.content])
    ]


def test_an_act_that_is_refused_is_an_alert_and_what_is_shown_stays_good(panel: Panel) -> None:
    panel.set(message={"text": ""})
    with pytest.raises(errors.ParameterError, match="is empty"):
        panel.act("mark")
    panel._clicked(panel._page.frame, {"click": "act:mark"}, None)
    assert "The message is empty &lt;b&gt;." in panel._page._alert.value
    assert "last good answer" not in panel._page._alert.value
    assert "workbench-stale" not in panel.widget._dom_classes
    assert panel.error is None
    assert panel._page.frame.busy is False


def test_nothing_is_done_with_an_answer_that_is_out_of_date(panel: Panel, queue: Queue) -> None:
    panel.inputs["n"][0].value = 9
    with pytest.raises(errors.ParameterError, match="n is 9"):
        panel.act("mark")
    panel._clicked(panel._page.frame, {"click": "act:mark"}, None)
    assert queue.sent == []
    assert "n is 9" in panel._page._alert.value
    assert isinstance(panel.error, errors.ParameterError)


def test_there_is_a_button_for_each_act_before_the_others(panel: Panel) -> None:
    assert [one["id"] for one in panel._page.frame.buttons][:3] == [
        "act:mark", "act:hand", "csv:table",
    ]  # fmt: skip
    assert panel._page.frame.buttons[1]["title"] == "All rows of the table as a CSV file"
    with pytest.raises(errors.UnknownNameError, match="no act called 'marc'"):
        panel.act("marc")


def typed(text: str) -> Shown:
    return customers_drawn(pd.DataFrame({"share": [len(text)]}))


def test_words_the_kernel_has_not_heard_of_come_with_the_click_to_their_own_box_alone() -> None:
    heard: list[str] = []

    def keep(text: str) -> str:
        heard.append(text)
        return "kept"

    panel = Panel(
        "panel.rfm",
        given={},
        controls=[Text(name="text", value="as planned", label="panel.table")],
        views=[typed],
        acts=[Act(does=keep, label="panel.save")],
    )
    (box,) = panel.inputs["text"]
    frame, number = panel._page.frame, box._dom_classes[0].rpartition("-")[2]
    panel._clicked(frame, {"click": "act:keep", "typed": {number: "as sent"}}, None)
    panel._clicked(frame, {"click": "act:keep", "typed": {"0": "not mine"}}, None)
    assert heard == ["as sent", "as sent"]


def nothing() -> Shown:
    return customers_drawn(pd.DataFrame({"share": []}))


def test_an_act_is_offered_only_where_its_values_say_so() -> None:
    panel = Panel(
        "panel.rfm",
        given={},
        controls=[Toggle(name="open", value=False, label="panel.table")],
        views=[nothing],
        acts=[Act(name="keep", does=lambda: "kept", label="panel.save", offered=lambda open: open)],
    )
    assert panel.acts == ()
    with pytest.raises(errors.ParameterError, match="cannot be done with what is shown"):
        panel.act("keep")
    assert panel.set(open=True).act("keep") == "kept"


def ways_out(waiting: pd.DataFrame, message: dict[str, str]) -> Sequence[Link]:
    return [Link(label="panel.save", text=message["text"])] if len(waiting) else []


def test_the_ways_out_and_the_acts_stand_above_the_figure_and_follow_the_values(
    queue: Queue,
) -> None:
    panel = Panel(
        "panel.rfm",
        given={"queue": queue},
        controls=[
            Slider(name="n", value=1, low=1, high=9, step=1, label="panel.table"),
            Group(name="message", label="panel.view", controls=words_of),
        ],
        steps=[waiting],
        views=[shown],
        acts=[Act(does=mark, label="panel.all", renews=True)],
        links=ways_out,
    )
    assert [one["id"] for one in panel._page.desk.buttons] == ["act:mark", "link:panel.save"]
    assert panel.set(n=2).links[0].text == "Dear Wu"
    panel.act("mark")
    panel.set(n=1).act("mark")
    assert panel.links == ()
    assert panel.table.empty


def test_a_link_leads_to_a_program_of_one_s_own_machine_alone() -> None:
    for address in ("javascript:alert(1)", "https://shop.example", "data:text/html,x"):
        with pytest.raises(errors.ParameterError, match="links to no such address"):
            Link(label="panel.save", address=address)
