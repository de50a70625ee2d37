"""The panel of the warning's track record: what it shows is what the answers say."""

import pandas as pd
import pytest

from workbench import churn, errors, exhibits, samples, widgets, words
from workbench.panel import Panel
from workbench.people import People
from workbench.words import Words

AS_OF = "2026-10-31"
PAST = ["2026-01-31", "2026-03-31", "2026-06-30"]


@pytest.fixture(scope="module")
def company() -> dict[str, pd.DataFrame]:
    tables = samples.company(customers=300, seed=7)
    return {**tables, "customers": tables["customers"].iloc[:-1]}


@pytest.fixture(scope="module")
def people(company: dict[str, pd.DataFrame]) -> People:
    return People(company["customers"], company["owners"])


@pytest.fixture
def panel(company: dict[str, pd.DataFrame], people: People) -> Panel:
    return widgets.track_record(company["orders"], as_of_dates=PAST, until=AS_OF, people=people)


@pytest.mark.slow
def test_the_track_record_is_that_of_the_back_test(
    panel: Panel, company: dict[str, pd.DataFrame]
) -> None:
    panel.set(risk_from=1.5, horizon=60, late_from=60)
    test = churn.backtest(
        company["orders"],
        as_of_dates=PAST,
        horizon_days=60,
        rule=churn.RULES,
        thresholds={"interval_ratio": 1.5, "days_since_last": 60},
        until=AS_OF,
    )
    for view, table in (
        ("rules", test.record),
        ("bands", test.bands),
        ("calibration", test.calibration),
        ("by_date", test.by_date),
    ):
        pd.testing.assert_frame_equal(panel.set(view=view).table, table)
    said = exhibits.track_record
    assert panel.sentence == said.by_date(test.by_date, horizon_days=60).sentence(Words())
    assert panel.cost == said.bands(test.bands, record=test.record).sentence(Words())
    assert panel.actions is not None
    assert panel.actions["customer_id"].tolist() == test.warned()["customer_id"].tolist()


def test_a_warning_that_begins_where_customers_are_lost_is_an_alert(panel: Panel) -> None:
    panel.inputs["risk_from"][1].value = 3.5
    assert isinstance(panel.error, errors.ParameterError)
    assert "lost" in panel.error.what


@pytest.mark.slow
def test_the_track_record_of_nobody_opens_and_says_so(company: dict[str, pd.DataFrame]) -> None:
    for view in ("by_date", "rules", "bands", "calibration"):
        panel = widgets.track_record(company["orders"].head(0), as_of_dates=PAST, until=AS_OF)
        assert panel.set(view=view).sentence in (
            "No past warning can be judged yet",
            "Too few past days to choose a band on some and judge it on others",
        )
        assert panel.actions is not None
        assert panel.actions.empty


def test_no_raw_code_and_no_unlabelled_column_is_shown(panel: Panel) -> None:
    for table in (panel.table, panel.actions):
        assert table is not None
        assert [name for name in table.columns if not words.has(f"column.{name}")] == []
    _, content = panel.set(lang="zh").file("csv")
    for code in ("churn_risk", "likely_repurchase", "absent", "interval_ratio"):
        assert code not in content.decode("utf-8-sig")
