"""Controls that follow from other controls: drawn anew when those move, one value together."""

from collections.abc import Sequence
from typing import Any

import pytest
import toy_panel
from toy_panel import toy_of_groups as toy

from workbench import errors
from workbench.exhibit import Shown
from workbench.panel import Control, Group, Panel, Text


def test_a_group_is_one_value_of_all_its_controls() -> None:
    panel = toy()
    assert panel.values == {"source": "a", "columns": {"customer_id": "id", "ordered_at": "when"}}
    assert panel.table["customer_id"].tolist() == ["id", "when"]
    names: dict[str, Any] = {}
    exec(panel.code, names)
    assert names["columns"] == panel.values["columns"]


def test_what_it_follows_from_draws_it_anew_and_its_own_moves_do_not() -> None:
    panel = toy()
    before = panel.inputs["columns"]
    panel.set(columns={"ordered_at": None})
    assert panel.inputs["columns"] == before
    assert panel.values["columns"] == {"customer_id": "id", "ordered_at": None}
    panel.inputs["source"][0].index = 1
    assert panel.inputs["columns"] != before
    assert panel.values["columns"] == {"customer_id": "kunde", "ordered_at": "datum"}
    assert panel.table["customer_id"].tolist() == ["kunde", "datum"]


def test_a_control_that_is_drawn_later_moves_the_panel_too() -> None:
    panel = toy().set(source="b")
    panel.inputs["columns"][1].index = 3
    assert panel.table["customer_id"].tolist() == ["kunde", "betrag"]


def test_a_group_and_what_it_follows_from_can_be_set_in_one_step() -> None:
    panel = toy().set(source="b", columns={"ordered_at": "betrag"})
    assert panel.values["columns"] == {"customer_id": "kunde", "ordered_at": "betrag"}
    with pytest.raises(errors.ParameterError, match="Did you mean 'id'"):
        panel.set(source="a", columns={"customer_id": "idd"})
    with pytest.raises(errors.UnknownNameError, match="no control in 'columns' called 'amount'"):
        panel.set(columns={"amount": "id"})
    with pytest.raises(errors.ParameterError, match="by name"):
        panel.set(columns="id")


def test_a_group_that_cannot_be_drawn_is_empty_an_alert_and_tried_again() -> None:
    panel = toy()
    with pytest.raises(errors.SourceError, match="is empty"):
        panel.set(source="c")
    assert panel.inputs["columns"] == ()
    assert "&lt;b&gt;" in panel._page._alert.value
    assert panel.set(source="a").error is None
    assert len(panel.inputs["columns"]) == 2


def test_groups_may_follow_from_groups() -> None:
    options = Group(name="options", label="panel.view", controls=toy_panel.more_parts)
    panel = toy(
        controls=[toy_panel.SOURCE, toy_panel.COLUMNS, options], views=[toy_panel.named_options]
    )
    assert panel.values["options"] == {"id": True, "when": True}
    panel.set(source="b", columns={"customer_id": "betrag"}, options={"betrag": False})
    assert panel.values["options"] == {"betrag": False, "datum": True}


def test_every_control_of_a_group_has_its_name_for_screen_readers_and_its_own_place() -> None:
    panel = toy()
    named = panel._page.frame.names
    assert named["columns-customer_id"] == "Customer ID"
    panel.set(lang="zh")
    assert panel._page.frame.names["columns-customer_id"] == "客户编号"
    box = panel._page.fields["columns"].box.children[1].children[0]
    assert "workbench-control-columns-customer_id" in box._dom_classes


def test_a_note_says_something_of_the_value_and_is_inert() -> None:
    panel = toy()

    def note() -> str:
        said: str = panel._page.fields["columns"].box.children[1].children[0].children[2].value
        return said

    assert note() == "<span>id &lt;i&gt; en</span>"
    panel.set(columns={"customer_id": "when"}, lang="zh")
    assert note() == "<span>when &lt;i&gt; zh</span>"


def test_a_function_of_a_group_that_asks_for_an_unknown_name_is_refused() -> None:
    sauce = Group(name="columns", label="panel.table", controls=lambda sauce: [])
    with pytest.raises(errors.ParameterError, match="asks for 'sauce', and nothing is called so"):
        toy(controls=[toy_panel.SOURCE, sauce])


def parts_twice(headers: Sequence[str]) -> Sequence[Control]:
    return [*toy_panel.parts(headers), *toy_panel.parts(headers)]


def no_parts(headers: Sequence[str]) -> Sequence[Control]:
    return None  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("controls", "told"),
    [
        (parts_twice, "The group 'columns': 'customer_id' stands for two things"),
        (
            no_parts,
            "The group 'columns': something of type NoneType is given.\nGive a list of controls",
        ),
    ],
)
def test_a_group_whose_controls_are_no_list_of_different_names_is_refused(
    controls: Any, told: str
) -> None:
    with pytest.raises(errors.ParameterError, match=told):
        toy(controls=[toy_panel.SOURCE, Group(name="columns", controls=controls)])


def test_a_group_stands_behind_what_it_follows_from_by_whatever_way() -> None:
    with pytest.raises(errors.ParameterError, match="'columns' follows from 'source', declared"):
        toy(controls=[toy_panel.COLUMNS, toy_panel.SOURCE])


def typed(short: str, long: str) -> Shown:
    return toy_panel.named_columns({"a": short, "b": long})


def test_text_is_typed_in_one_line_or_several() -> None:
    texts = [
        Text(name="short", value=" a ", label="panel.table"),
        Text(name="long", value="b\nc", lines=3, label="panel.all"),
    ]
    panel = Panel("panel.rfm", given={}, controls=texts, views=[typed])
    assert panel.table["customer_id"].tolist() == ["a", "b\nc"]
    panel.inputs["long"][0].value = "d\n"
    assert panel.table["customer_id"].tolist() == ["a", "d"]
    with pytest.raises(errors.ParameterError, match="Give a text"):
        panel.set(short=3)
