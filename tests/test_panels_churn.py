"""The panel of churn: what it shows is what the answers say."""

import pandas as pd
import pytest

from workbench import churn, config, errors, exhibits, purchases, samples, widgets, words
from workbench.panel import Panel
from workbench.people import People
from workbench.words import Words

AS_OF = "2026-10-31"


@pytest.fixture(scope="module")
def company() -> dict[str, pd.DataFrame]:
    tables = samples.company(customers=300, seed=7)
    return {**tables, "customers": tables["customers"].iloc[:-1]}


@pytest.fixture(scope="module")
def people(company: dict[str, pd.DataFrame]) -> People:
    return People(company["customers"], company["owners"])


@pytest.fixture(scope="module")
def history(company: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return purchases.history(company["orders"], as_of=AS_OF)


@pytest.fixture
def panel(history: pd.DataFrame, people: People) -> Panel:
    return widgets.repurchase(history, people=people, words=Words("en", "CNY"))


def test_the_call_list_is_that_of_the_answer_with_reasons_in_the_language(
    panel: Panel, history: pd.DataFrame, company: dict[str, pd.DataFrame]
) -> None:
    panel.set(risk_from=1.4, warning="likely_repurchase", lang="zh")
    warnings = churn.warn(history, risk_from=1.4)
    pd.testing.assert_frame_equal(panel.table, warnings)
    calls = churn.call_list(
        warnings,
        warning="likely_repurchase",
        customers=company["customers"],
        owners=company["owners"],
    )
    shown = exhibits.churn.due(calls).whole(Words("zh", "CNY"))
    assert panel.actions is not None
    pd.testing.assert_frame_equal(panel.actions, shown)


def test_moving_a_band_says_what_it_costs_in_calls_of_the_list_shown(
    panel: Panel, history: pd.DataFrame
) -> None:
    def at_risk(risk_from: float) -> int:
        return int((churn.warn(history, risk_from=risk_from)["warning"] == "churn_risk").sum())

    fewer = at_risk(1.2) - at_risk(1.8)
    assert fewer > 0
    said = panel.set(risk_from=1.8).cost
    assert said.startswith("Churn risk from 1.2 → 1.8: ")
    assert f"{fewer} in all" in said
    # What leaves one list comes into the other.
    assert f"{fewer} in all" in panel.set(warning="likely_repurchase").cost
    assert "more calls" in panel.cost


def test_bands_that_do_not_rise_are_an_alert_with_the_mend(panel: Panel) -> None:
    panel.inputs["due_from"][1].value = 1.5
    assert isinstance(panel.error, errors.ParameterError)
    assert "due_from" in panel.error.what
    assert panel.error.mend


def test_the_opening_values_are_those_of_the_settings(history: pd.DataFrame) -> None:
    settings = config.Settings(churn={"risk_from": 1.55, "min_intervals": 3})
    panel = widgets.repurchase(history, settings=settings, words=Words("en", "EUR"))
    assert panel.values["risk_from"] == 1.55
    assert panel.values["min_intervals"] == 3
    assert panel.actions is not None
    assert "EUR" in panel.actions["reason"].iloc[0]


def test_nobody_opens_and_is_said() -> None:
    orders = pd.DataFrame(
        {"customer_id": ["a"], "ordered_at": [pd.Timestamp(AS_OF)], "amount": 1.0}
    )
    empty = purchases.history(orders, as_of="2020-01-01")
    for lang in words.LANGUAGES:
        panel = widgets.repurchase(empty, words=Words(lang))
        assert panel.sentence
        assert panel.set(view="workload").sentence


def test_no_raw_code_and_no_unlabelled_column_is_shown(panel: Panel) -> None:
    for table in (panel.table, panel.actions):
        assert table is not None
        assert [name for name in table.columns if not words.has(f"column.{name}")] == []
    _, content = panel.set(lang="zh").file("csv")
    for code in ("churn_risk", "likely_repurchase", "absent", "interval_ratio"):
        assert code not in content.decode("utf-8-sig")
