"""The planner: what it shows is what scheduling says."""

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from workbench import errors, scheduling, widgets, words
from workbench.panel import Panel
from workbench.people import People
from workbench.words import Lang, Words

AS_OF = "2026-10-30"
LEADS = pd.DataFrame(
    {
        "lead_id": [f"L{i}" for i in range(12)],
        "lead_name": ["<img src=x onerror=alert(1)>", *(f"Lead {i}" for i in range(1, 12))],
        "owner_id": ["S1", "S2", "S1"] * 4,
    }
)
OWNERS = pd.DataFrame({"owner_id": ["S1", "S2"], "owner_name": ["Lin Yue", "Marek Dolan"]})
PEOPLE = People(leads=LEADS, owners=OWNERS)


@pytest.fixture
def panel() -> Panel:
    return widgets.planner(LEADS, as_of=AS_OF, people=PEOPLE)


def planned(**way: Any) -> pd.DataFrame:
    rows = LEADS.drop(columns="lead_name").assign(
        plan="nurture", start_date=pd.Timestamp(AS_OF), cycle_days=way.pop("cycle_days", 30)
    )
    return scheduling.plan(rows, calendar=scheduling.Calendar("CN"), **way)


def test_the_load_is_that_of_the_plan_of_all_leads(panel: Panel) -> None:
    columns = ["owner_id", "due_date", "steps", "moved", "leads"]
    for way in ({}, {"cycle_days": 14, "capacity": 3, "steps": 4}):
        panel.set(view="workload", **way)
        pd.testing.assert_frame_equal(panel.table[columns], scheduling.workload(planned(**way)))
    assert panel.table["steps"].max() == 3


def test_the_dates_of_one_lead_are_those_of_the_rule(panel: Panel) -> None:
    dates = scheduling.dates(AS_OF, 30, calendar=scheduling.Calendar("CN"))
    pd.testing.assert_frame_equal(panel.table, dates)


def test_the_list_is_by_name_in_the_order_it_is_due_for_one_owner_or_all(panel: Panel) -> None:
    assert panel.actions is not None
    assert len(panel.actions) == len(LEADS) * 6
    assert panel.actions["due_date"].is_monotonic_increasing
    panel.set(owner="S2")
    assert set(panel.actions["owner_name"]) == {"Marek Dolan"}


def test_the_cost_of_a_shorter_cycle_is_told(panel: Panel) -> None:
    panel.set(cycle_days=14)
    assert panel.cost.startswith("Cycle, days 30 → 14: the last touch on")
    assert "12 Nov 2026 instead of" in panel.cost


def test_warnings_stand_below_the_sentence(panel: Panel) -> None:
    panel.set(cycle_days=3, calendar="every_day")
    assert "share a day" in panel.figure.layout.meta["subtitle"]


def test_what_is_promised_already_takes_its_room() -> None:
    already = planned().assign(plan="old")
    panel = widgets.planner(LEADS, as_of=AS_OF, people=PEOPLE, already=already)
    both = pd.concat([already, panel.actions])
    assert both.groupby(["lead_id", "due_date"])["plan"].nunique().max() == 1


def test_no_plan_starts_before_the_day_it_is(panel: Panel) -> None:
    with pytest.raises(errors.ParameterError, match="Give a day from 2026-10-30"):
        panel.set(start=dt.date(2026, 10, 29))


@pytest.mark.slow
def test_a_capacity_that_leaves_no_room_is_an_alert(panel: Panel) -> None:
    many = pd.concat([LEADS.assign(lead_id=LEADS["lead_id"] + f"-{i}") for i in range(600)])
    crowded = widgets.planner(many.assign(owner_id="S1"), as_of="2099-10-30", people=PEOPLE)
    with pytest.raises(errors.ParameterError, match="no room before the end of 2100"):
        crowded.set(capacity=1)
    assert crowded.error is not None


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_calendar_is_called_by_its_country(lang: Lang) -> None:
    panel = widgets.planner(LEADS, as_of=AS_OF, countries=("CN", "DE"), words=Words(lang))
    options = panel.inputs["calendar"][0].options
    assert options == (
        ("Working days, China", "Working days, Germany", "Every day")
        if lang == "en"
        else ("中国工作日", "德国工作日", "每天")
    )


def test_leads_that_are_no_leads_are_refused() -> None:
    with pytest.raises(errors.ContractError, match="leads: missing column 'owner_id'"):
        widgets.planner(LEADS.drop(columns="owner_id"), as_of=AS_OF)
    with pytest.raises(errors.ContractError, match="repeat a lead_id"):
        widgets.planner(pd.concat([LEADS, LEADS]), as_of=AS_OF)
