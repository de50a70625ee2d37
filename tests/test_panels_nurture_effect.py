"""The effect panel: what it shows is what the answers say."""

import pandas as pd
import pytest

from workbench import nurture, samples, widgets
from workbench.panel import Panel
from workbench.people import People
from workbench.words import Words

AS_OF = "2026-10-31"


@pytest.fixture(scope="module")
def company() -> dict[str, pd.DataFrame]:
    return samples.company(customers=600, seed=4)


def opened(company: dict[str, pd.DataFrame], words: Words | None = None) -> Panel:
    people = People(owners=company["owners"], leads=company["leads"])
    return widgets.nurture_effect(
        company["steps"], company["touches"], as_of=AS_OF, people=people, words=words
    )


@pytest.fixture
def panel(company: dict[str, pd.DataFrame]) -> Panel:
    return opened(company)


def test_the_table_is_the_effect_of_one_plan_and_owner_or_all(
    panel: Panel, company: dict[str, pd.DataFrame]
) -> None:
    facts = nurture.outcomes(company["steps"], company["touches"], as_of=AS_OF)
    pd.testing.assert_frame_equal(
        panel.table, nurture.effect(facts, by="step", rates=["reply_rate"])
    )
    panel.set(by="channel", rate="on_time_rate", plan="Tasting", owner="S04")
    mine = facts[(facts["plan"] == "Tasting") & (facts["owner_id"] == "S04")]
    pd.testing.assert_frame_equal(
        panel.table, nurture.effect(mine, by="channel", rates=["on_time_rate"])
    )


def test_owners_are_called_by_name(panel: Panel, company: dict[str, pd.DataFrame]) -> None:
    panel.set(by="owner_id")
    assert set(panel.listed["owner_name"]) <= set(company["owners"]["owner_name"])
    assert "S0" not in panel.sentence


def test_it_speaks_chinese(company: dict[str, pd.DataFrame]) -> None:
    assert opened(company, Words("zh")).sentence.startswith("回复率最高：")
    assert Words("zh")("panel.nurture_effect") == "培养的成效"
