"""The panels: what they show is what the answers say, and their code gives the same view."""

from typing import Any

import pandas as pd
import pytest

from workbench import (
    churn,
    config,
    errors,
    findings,
    labels,
    loaders,
    purchases,
    samples,
    widgets,
)
from workbench.panel import Panel

AS_OF = "2026-10-31"
PAST = ["2026-01-31", "2026-03-31", "2026-06-30"]
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def company() -> dict[str, pd.DataFrame]:
    tables = samples.company(customers=300, seed=7)
    customers = tables["customers"]
    # Names come from outside: one is hostile, one customer is not in the list at all.
    customers.loc[customers.index[0], "customer_name"] = HOSTILE
    return {**tables, "customers": customers.iloc[:-1]}


@pytest.fixture(scope="module")
def history(company: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return purchases.history(company["orders"], as_of=AS_OF)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, loaders.Loaded]:
    folder = tmp_path_factory.mktemp("loaded")
    orders = folder / "orders.csv"
    orders.write_text(
        "customer_id,ordered_at,amount\n"
        + "".join(f"c{i},2026-10-01,{i}.5\n" for i in range(60))
        + f"c1,2026-10-02,{HOSTILE}\n,2026-10-02,5\n"
    )
    owners = folder / "owners.csv"
    owners.write_text("owner_id,owner_name,team\nx,Lin Yue,North\n")
    return {
        "orders": loaders.load(orders, cache=folder / "cache"),
        "owners": loaders.load(owners, table="owners", cache=folder / "cache"),
    }


@pytest.fixture
def repurchase(company: dict[str, pd.DataFrame], history: pd.DataFrame) -> Panel:
    return widgets.repurchase(history, customers=company["customers"], owners=company["owners"])


def reproduced(panel: Panel, **given: Any) -> None:
    """Run the panel's code as a reader would, and compare all it makes."""
    names = dict(given)
    exec(panel.code, names)
    pd.testing.assert_frame_equal(names["table"], panel.table)
    if panel.actions is not None:
        pd.testing.assert_frame_equal(names["actions"], panel.actions)
    assert names["figure"].to_plotly_json().keys() == panel.figure.to_plotly_json().keys()
    assert names["figure"] == panel.figure


# Repurchase and churn


def test_the_call_list_is_that_of_the_answer_with_reasons_in_the_language(
    repurchase: Panel, history: pd.DataFrame, company: dict[str, pd.DataFrame]
) -> None:
    repurchase.set(risk_from=1.4, warning="likely_repurchase", lang="zh")
    warnings = churn.warn(history, risk_from=1.4)
    pd.testing.assert_frame_equal(repurchase.table, warnings)
    calls = churn.call_list(
        warnings,
        warning="likely_repurchase",
        customers=company["customers"],
        owners=company["owners"],
        lang="zh",
        currency="CNY",
    )
    assert repurchase.actions is not None
    pd.testing.assert_frame_equal(repurchase.actions, calls)


def test_moving_a_band_says_what_it_costs_in_calls_of_the_list_shown(
    repurchase: Panel, history: pd.DataFrame
) -> None:
    def at_risk(risk_from: float) -> int:
        return int((churn.warn(history, risk_from=risk_from)["warning"] == "churn_risk").sum())

    fewer = at_risk(1.2) - at_risk(1.8)
    assert fewer > 0
    said = repurchase.set(risk_from=1.8).cost
    assert said.startswith("Churn risk from 1.2 → 1.8: ")
    assert f"{fewer} in all" in said
    # What leaves one list comes into the other.
    assert f"{fewer} in all" in repurchase.set(warning="likely_repurchase").cost
    assert "more calls" in repurchase.cost


def test_bands_that_do_not_rise_are_an_alert_with_the_mend(repurchase: Panel) -> None:
    repurchase.inputs["due_from"][1].value = 1.5
    assert isinstance(repurchase.error, errors.ParameterError)
    assert "due_from" in repurchase.error.what
    assert repurchase.error.mend


def test_the_opening_values_are_those_of_the_settings(history: pd.DataFrame) -> None:
    settings = config.Settings(churn={"risk_from": 1.55, "min_intervals": 3}, currency="EUR")
    panel = widgets.repurchase(history, settings=settings)
    assert panel.values["risk_from"] == 1.55
    assert panel.values["min_intervals"] == 3
    assert panel.actions is not None
    assert "EUR" in panel.actions["reason"].iloc[0]


def test_the_panels_open_on_empty_data_and_say_so() -> None:
    orders = pd.DataFrame(
        {"customer_id": ["a"], "ordered_at": [pd.Timestamp(AS_OF)], "amount": 1.0}
    )
    empty = purchases.history(orders, as_of="2020-01-01")
    for lang in labels.LANGUAGES:
        assert widgets.repurchase(empty, lang=lang).sentence


# The warning's track record


@pytest.fixture
def track_record(company: dict[str, pd.DataFrame]) -> Panel:
    people = {name: company[name] for name in ("customers", "owners")}
    return widgets.track_record(company["orders"], as_of_dates=PAST, until=AS_OF, **people)


@pytest.mark.slow
def test_the_track_record_is_that_of_the_back_test(
    track_record: Panel, company: dict[str, pd.DataFrame]
) -> None:
    track_record.set(risk_from=1.5, horizon=60, late_from=60)
    test = churn.backtest(
        company["orders"],
        as_of_dates=PAST,
        horizon_days=60,
        rule=churn.RULES,
        thresholds={"interval_ratio": 1.5, "days_since_last": 60},
        until=AS_OF,
    )
    pd.testing.assert_frame_equal(track_record.table, test.by_date)
    said = findings.track_record.headline(test.by_date, horizon_days=60)
    assert track_record.sentence == said
    assert track_record.cost == findings.track_record.bands(test.record)
    assert track_record.actions is not None
    assert track_record.actions["customer_id"].tolist() == test.warned()["customer_id"].tolist()


def test_a_warning_that_begins_where_customers_are_lost_is_an_alert(track_record: Panel) -> None:
    track_record.inputs["risk_from"][1].value = 3.5
    assert isinstance(track_record.error, errors.ParameterError)
    assert "lost" in track_record.error.what


@pytest.mark.slow
def test_the_track_record_of_nobody_opens_and_says_so(company: dict[str, pd.DataFrame]) -> None:
    for view in ("by_date", "rules", "bands", "calibration"):
        panel = widgets.track_record(company["orders"].head(0), as_of_dates=PAST, until=AS_OF)
        assert panel.set(view=view).sentence == labels.text("figure.no_data")
        assert panel.actions is not None
        assert panel.actions.empty


# All


@pytest.mark.parametrize("view", ["by_date", "rules", "bands", "calibration"])
@pytest.mark.slow
def test_the_code_of_the_track_record_gives_the_same_view(
    track_record: Panel, company: dict[str, pd.DataFrame], view: str
) -> None:
    owner = str(company["owners"]["owner_id"].iloc[0])
    track_record.set(view=view, rule="overdue_quantile", horizon=30, risk_from=1.6, owner=owner)
    reproduced(track_record, **company)


@pytest.mark.parametrize("view", ["ratios", "workload"])
def test_the_code_of_the_repurchase_panel_gives_the_same_view(
    repurchase: Panel, company: dict[str, pd.DataFrame], history: pd.DataFrame, view: str
) -> None:
    owner = str(company["owners"]["owner_id"].iloc[0])
    repurchase.set(view=view, due_from=0.7, lost_from=2.5, owner=owner, min_intervals=1)
    reproduced(repurchase, history=history, **company)


def test_no_raw_code_and_no_unlabelled_column_is_shown(
    repurchase: Panel,
    track_record: Panel,
    company: dict[str, pd.DataFrame],
    loaded: dict[str, loaders.Loaded],
) -> None:
    for panel in (repurchase, track_record, widgets.ledger(loaded)):
        for table in (panel.table, panel.actions):
            assert table is not None
            missing = [name for name in table.columns if not labels.has(f"column.{name}")]
            assert missing == []
        for kind in ("csv",):
            _, content = panel.set(lang="zh").file(kind)
            for code in ("key_", "general_", "churn_risk", "likely_repurchase", "absent"):
                assert code not in content.decode("utf-8-sig")
