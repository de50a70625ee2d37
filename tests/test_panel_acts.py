"""What can be done from a panel: in Python, from the page, refused, and asked anew after."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from workbench import errors
from workbench.panel import Act, Group, Handed, Link, Panel, Slider, Text, Toggle


class Queue:
    """Stands in for a store outside of the panel."""

    def __init__(self) -> None:
        self.steps = {1: "Dear Lin", 2: "Dear Wu"}
        self.sent: list[str] = []

    def mark(self, table: pd.DataFrame, n: int, message: dict[str, str], lang: str) -> str:
        if not message["words"]:
            raise errors.ParameterError("The message is empty <b>.", mend="Write one.")
        self.sent.append(self.steps.pop(n) and message["words"])
        return f"sent <i> {len(table)} {lang}"


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
def panel(queue: Queue) -> Panel:
    def answer(n: int) -> pd.DataFrame:
        if n == 9:
            raise errors.ParameterError("n is 9.", mend="Use less.")
        return pd.DataFrame({"step": [*queue.steps]})

    return Panel(
        "panel.rfm",
        controls=[
            Slider(name="n", value=1, low=1, high=9, step=1, label="panel.table"),
            Group(
                name="message",
                label="panel.view",
                controls=lambda n: [
                    Text(name="words", value=queue.steps.get(n, ""), lines=4, label="panel.all")
                ],
            ),
        ],
        answer=answer,
        figure=lambda table, message: go.Figure(),
        code="n = {n}",
        acts=[
            Act(name="mark", does=queue.mark, label="panel.all", renews=True),
            Act(
                name="hand",
                does=lambda table: Handed("steps.csv", table.to_csv().encode()),
                label="panel.csv",
            ),
        ],
    )


def test_an_act_does_something_with_what_is_shown_and_says_what(panel: Panel, queue: Queue) -> None:
    panel.set(message={"words": "Dear Mr Lin"})
    assert panel.act("mark") == "sent <i> 2 en"
    assert queue.sent == ["Dear Mr Lin"]
    assert panel._page._told.value == '<p role="status">sent &lt;i&gt; 2 en</p>'


def test_what_an_act_changed_is_shown_at_once(panel: Panel) -> None:
    panel.act("mark")
    assert panel.table["step"].tolist() == [2]
    assert panel.values["message"] == {"words": ""}
    assert panel.set(n=2).values["message"] == {"words": "Dear Wu"}
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
    panel.set(message={"words": ""})
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


def test_words_the_kernel_has_not_heard_of_come_with_the_click_to_their_own_box_alone() -> None:
    heard: list[str] = []

    def keep(_: pd.DataFrame, words: str) -> str:
        heard.append(words)
        return "kept"

    panel = Panel(
        "panel.rfm",
        controls=[Text(name="words", value="as planned", label="panel.table")],
        answer=lambda: pd.DataFrame({"customers": [1]}),
        figure=lambda table: go.Figure(go.Bar(y=table["customers"])),
        code="table = 1",
        acts=[Act(name="keep", does=keep, label="panel.save")],
    )
    (box,) = panel.inputs["words"]
    frame, number = panel._page.frame, box._dom_classes[0].rpartition("-")[2]
    panel._clicked(frame, {"click": "act:keep", "typed": {number: "as sent"}}, None)
    panel._clicked(frame, {"click": "act:keep", "typed": {"0": "not mine"}}, None)
    assert heard == ["as sent", "as sent"]


def test_an_act_is_offered_only_where_its_values_say_so() -> None:
    panel = Panel(
        "panel.rfm",
        controls=[Toggle(name="open", value=False, label="panel.table")],
        answer=lambda open: pd.DataFrame({"customers": [int(open)]}),
        figure=lambda table: go.Figure(go.Bar(y=table["customers"])),
        code="table = 1",
        acts=[
            Act(name="keep", does=lambda _: "kept", label="panel.save", offered=lambda open: open)
        ],
    )
    assert panel.acts == ()
    with pytest.raises(errors.ParameterError, match="cannot be done with what is shown"):
        panel.act("keep")
    assert panel.set(open=True).act("keep") == "kept"


def test_a_link_leads_to_a_program_of_one_s_own_machine_alone() -> None:
    for address in ("javascript:alert(1)", "https://shop.example", "data:text/html,x"):
        with pytest.raises(errors.ParameterError, match="links to no such address"):
            Link(label="panel.save", address=address)
