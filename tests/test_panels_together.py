"""All panels at once: what a filter filters, and how what cannot be is told, in both languages."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from workbench import config, errors, loaders, purchases, samples, widgets
from workbench.panel import Choice, Day, Panel, Slider, Toggle
from workbench.people import People
from workbench.words import Lang, Words

AS_OF = "2026-10-31"
NAMES = (
    "rfm", "migration", "repurchase", "retention", "lifetime", "planner", "nurture_effect",
    "track_record", "ledger", "check",
)  # fmt: skip
LATIN_SENTENCE = re.compile(r"[A-Za-z]{2,}[ ,]+[A-Za-z]{2,}")


@pytest.fixture(scope="module")
def panels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Panel]:
    """One of each, on one small company."""
    made = samples.company(customers=120)
    orders = made["orders"]
    people = People(made["customers"], made["owners"], made["leads"])
    source = tmp_path_factory.mktemp("shop") / "orders.csv"
    source.write_text("customer_id,ordered_at,amount\na,2026-10-01,5\n", encoding="utf-8")
    days = list(pd.date_range("2026-01-31", periods=6, freq="ME"))
    leads = people.leads.dropna(subset=["owner_id"])
    return {
        "rfm": widgets.rfm(orders, as_of=AS_OF, people=people),
        "migration": widgets.migration(orders, before="2026-04-30", after=AS_OF),
        "repurchase": widgets.repurchase(purchases.history(orders, as_of=AS_OF), people=people),
        "retention": widgets.retention(orders, as_of=AS_OF, people=people),
        "lifetime": widgets.lifetime(orders, as_of=AS_OF, people=people),
        "planner": widgets.planner(leads, as_of=AS_OF, people=people),
        "nurture_effect": widgets.nurture_effect(
            made["steps"], made["touches"], as_of=AS_OF, people=people
        ),
        "track_record": widgets.track_record(orders, as_of_dates=days, until=AS_OF, people=people),
        "ledger": widgets.ledger({"orders": loaders.load(source, cache=source.parent)}),
        "check": widgets.check(source, settings=config.Settings()),
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_filter_filters_all_it_stands_above_or_stands_at_the_list_alone(
    panels: dict[str, Panel], name: str
) -> None:
    answering = panels[name]._answering
    for control in answering.controls.values():
        if isinstance(control, Choice) and (None in control.options or control.place == "list"):
            views = [control.name in answering._needs(view) for view in answering.views]
            at_list = control.place == "list"
            assert all(views) is not at_list
            assert any(views) is not at_list
            if answering.lists:
                assert control.name in answering._needs(answering.lists)


@pytest.mark.parametrize("name", ["rfm", "repurchase"])
def test_an_owner_chosen_is_the_owner_of_sentence_figure_and_list(
    panels: dict[str, Panel], name: str
) -> None:
    panel = panels[name]
    whole, people = panel.sentence, panel._answering.given["people"]
    owner = str(people.owners["owner_id"].iloc[0])
    mine = set(people.customers.loc[people.customers["owner_id"] == owner, "customer_id"])
    panel.set(owner=owner)
    assert panel.actions is not None
    assert set(panel.actions["customer_id"]) <= mine
    held = {"rfm": lambda: panel.table["customers"].sum(), "repurchase": lambda: len(panel.table)}
    bars = panel.figure.to_dict()["data"][0]["customdata"]
    assert 0 < held[name]() <= len(mine)
    assert sum(bars) <= len(mine)
    assert panel.sentence != whole
    assert panel.set(owner=None).sentence == whole


def edges(control: Any) -> list[Any]:
    """The values at which an answer is most likely to be refused."""
    if isinstance(control, Slider):
        return [control.low, control.high]
    if isinstance(control, Day):
        return [control.first, control.last]
    if isinstance(control, Choice):
        return [control.options[0], control.options[-1]]
    return [True, False] if isinstance(control, Toggle) else []


def alert(panel: Panel) -> str:
    said = re.sub("<[^>]+>", " ", panel._page._alert.value)
    assert said.strip()
    return said


def is_plain(panel: Panel, said: str, lang: Lang) -> bool:
    """Without a control's name, without Python, in zh without English."""
    names = [name for name in panel._controls if "_" in name]
    of_python = [one for one in (*names, "'", "=", "None", "datetime") if one in said]
    return not of_python and (lang == "en" or not LATIN_SENTENCE.search(said))


def refusal(panel: Panel, control: str, value: Any) -> errors.WorkbenchError | None:
    """Move a control; give what the panel then refuses."""
    try:
        panel.set(**{control: value})
    except errors.WorkbenchError as error:
        return error
    return None


@pytest.mark.parametrize("name", NAMES)
def test_what_a_control_is_refused_is_a_whole_sentence_of_the_language(
    panels: dict[str, Panel], name: str
) -> None:
    panel = panels[name].set(lang="zh")
    # where searching fits anew, one view is asked; the model is another test's
    moved = {one: each for one, each in panel._controls.items() if one not in ("view", "model")}
    refused = []
    for one, control in moved.items():
        before = panel.values[one]
        for value in edges(control):
            if error := refusal(panel, one, value):
                refused.append((one, value))
                assert error.told, f"{one}={value}: {error}"
                assert is_plain(panel, alert(panel), "zh"), alert(panel)
                spoken = panel._page.words
                panel._page.words = replace(spoken, lang="en")
                english = " ".join(panel._page.told(error))
                panel._page.words = spoken
                assert is_plain(panel, english, "en"), english
        if isinstance(control, Day):
            for day in (control.first - dt.timedelta(days=1), control.last + dt.timedelta(days=1)):
                panel.inputs[one][0].value = day
                assert panel.inputs[one][0].value == day  # said, not moved
                assert is_plain(panel, alert(panel), "zh"), alert(panel)
        panel.set(**{one: before})
    expected = {"rfm", "migration", "repurchase", "track_record", "check"}
    assert bool(refused) is (name in expected)
    panel.set(lang="en")


@pytest.mark.parametrize(
    "opening", [{"opening": {"header_row": "x"}}, {"source": "/nowhere/at/all.csv"}]
)
def test_a_file_that_cannot_be_read_is_told_in_chinese(
    panels: dict[str, Panel], opening: dict[str, Any]
) -> None:
    source = panels["check"].values["source"]
    panel = widgets.check(source, settings=config.Settings(), words=Words("zh"))
    with pytest.raises(errors.WorkbenchError):
        panel.set(**opening)
    assert is_plain(panel, alert(panel), "zh")


def test_an_error_without_a_text_of_its_own_is_told_by_its_kind(panels: dict[str, Panel]) -> None:
    page = panels["rfm"].set(lang="zh")._page
    for kind in (
        errors.SourceError,
        errors.ContractError,
        errors.WorklistError,
        errors.EngineError,
    ):
        said = " ".join(page.told(kind("It failed here.", mend="Write x='y'.")))
        assert said
        assert not LATIN_SENTENCE.search(said)
    panels["rfm"].set(lang="en")
    assert page.told(errors.EngineError("It failed.", mend="Wait."))[0] == "It failed."


def test_what_is_seldom_moved_is_folded_and_still_named_for_screen_readers(
    panels: dict[str, Panel],
) -> None:
    for panel in panels.values():
        page = panel._page
        folded = {one for one, control in panel._controls.items() if control.place == "adjust"}
        shown = {
            one
            for box in page.widget.children
            if "workbench-folded" in box._dom_classes
            for one, field in page.fields.items()
            if field.box
            in [child for row in box.children for child in getattr(row, "children", ())]
            or field.box in box.children
        }
        assert shown == folded
        assert all(any(name.startswith(one) for name in page.frame.names) for one in folded)


def test_a_long_table_is_sent_when_asked_and_said_to_be_a_part(panels: dict[str, Panel]) -> None:
    listing = panels["rfm"]._page._main
    table = pd.DataFrame({"customer_id": [f"C{i:06}" for i in range(100_000)], "frequency": 1})
    listing.show(table, panels["rfm"]._page.words, (), "All")
    assert listing.more
    assert not listing.data
    assert "first 3,000 of 100,000 rows" in listing.value
    assert listing.value.count("<tr>") == 21
    listing.fill()
    assert (len(listing.data["rows"]), listing.data["all"]) == (3000, 100_000)
    assert listing.data["keys"] == [None, [1] * 3000]
