"""The panels of RFM and of migration: what the answers say, and code that gives the same view."""

from pathlib import Path

import pandas as pd
import pytest
from spoken import reproduced

from workbench import config, errors, purchases, rfm, samples, widgets, words
from workbench.panel import Panel
from workbench.people import People
from workbench.words import Words

AS_OF = "2026-10-31"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def company() -> dict[str, pd.DataFrame]:
    tables = samples.company(customers=300, seed=7)
    customers = tables["customers"]
    # Names come from outside: one is hostile, one customer is not in the list at all.
    customers.loc[customers.index[0], "customer_name"] = HOSTILE
    return {**tables, "customers": customers.iloc[:-1]}


@pytest.fixture(scope="module")
def people(company: dict[str, pd.DataFrame]) -> People:
    return People(company["customers"], company["owners"])


@pytest.fixture
def classes(company: dict[str, pd.DataFrame], people: People) -> Panel:
    return widgets.rfm(company["orders"], as_of=AS_OF, people=people)


def test_the_rfm_panel_classes_customers_as_the_answer_does(
    classes: Panel, company: dict[str, pd.DataFrame]
) -> None:
    history = purchases.history(company["orders"], as_of=AS_OF, window=365)
    measures = rfm.measure(history, basis="average")
    expected = rfm.segment(rfm.score(measures, method="mean"))
    panel = classes.set(basis="average", method="mean", window=365)
    pd.testing.assert_frame_equal(panel.table, rfm.summary(expected))
    assert panel.actions is not None
    listed = panel.actions[expected.columns].sort_values("customer_id", ignore_index=True)
    pd.testing.assert_frame_equal(listed, expected.sort_values("customer_id", ignore_index=True))


def test_a_class_filters_the_list_and_an_owner_the_figure_too(
    classes: Panel, company: dict[str, pd.DataFrame]
) -> None:
    everyone, figure = classes.table, classes.figure
    classes.set(segment="key_champion")
    assert classes.actions is not None
    assert set(classes.actions["segment"]) == {"key_champion"}
    assert classes.table is everyone
    assert classes.figure == figure
    owner = str(company["owners"]["owner_id"].iloc[0])
    classes.set(owner=owner)
    assert set(classes.actions["owner_id"]) == {owner}
    assert classes.actions["monetary"].is_monotonic_decreasing
    # each keeps the class that it has among all
    of_owner = classes.table.set_index("segment")["customers"]
    assert (of_owner <= everyone.set_index("segment")["customers"]).all()
    assert of_owner["key_champion"] == len(classes.actions)


def test_the_list_of_everybody_has_everybody(
    classes: Panel, company: dict[str, pd.DataFrame]
) -> None:
    assert classes.actions is not None
    history = purchases.history(company["orders"], as_of=AS_OF)
    buyers = history.loc[history["frequency"] > 0, "customer_id"]
    assert sorted(classes.actions["customer_id"]) == sorted(buyers)


def test_a_high_score_above_the_highest_is_an_alert(classes: Panel) -> None:
    with pytest.raises(errors.ParameterError, match="high_from"):
        classes.set(bins=3)
    assert classes.set(bins=3, high_from=3).error is None


def test_fixed_thresholds_of_the_settings_can_be_chosen(company: dict[str, pd.DataFrame]) -> None:
    thresholds = {"recency_days": 60.0, "frequency": 5.0, "monetary": 1000.0}
    settings = config.Settings(rfm={"method": "fixed", "thresholds": thresholds})
    panel = widgets.rfm(company["orders"], as_of=AS_OF, settings=settings)
    assert panel.actions is not None
    near = panel.actions["recency_days"] <= 60
    assert panel.actions["recency_high"].tolist() == near.tolist()
    given = {"orders": company["orders"], "people": People()}
    reproduced(panel, **given, fixed=thresholds)
    reproduced(panel.set(method="median"), **given, fixed=thresholds)


# Migration


def test_migration_compares_the_two_days_that_are_chosen(company: dict[str, pd.DataFrame]) -> None:
    panel = widgets.migration(company["orders"], before="2026-04-30", after=AS_OF)
    buyers = (purchases.history(company["orders"], as_of=AS_OF)["frequency"] > 0).sum()
    assert panel.table["customers"].sum() == buyers
    assert panel.actions is not None
    assert (panel.actions["segment_before"] != panel.actions["segment_after"]).all()
    with pytest.raises(errors.ParameterError, match="Swap"):
        panel.set(before="2026-10-01", after="2026-05-01")
    with pytest.raises(errors.ParameterError, match="Give a day from"):
        panel.set(after="2027-01-01")


def test_migration_of_nobody_says_what_to_do(company: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(errors.ParameterError, match="nobody has bought anything"):
        widgets.migration(company["orders"], before="2020-01-01", after="2020-02-01")


def test_no_raw_code_is_in_a_file(classes: Panel, company: dict[str, pd.DataFrame]) -> None:
    migration = widgets.migration(company["orders"], before="2026-04-30", after=AS_OF)
    for panel in (classes, migration):
        _, content = panel.set(lang="zh").file("csv")
        for code in ("key_", "general_", "absent"):
            assert code not in content.decode("utf-8-sig")


def test_hostile_names_are_inert_on_the_page_and_whole_in_the_data(classes: Panel) -> None:
    assert classes.actions is not None
    assert HOSTILE in set(classes.actions["customer_name"])
    assert "<img" not in classes._page._main.value


def test_a_panel_works_with_a_file_the_engine_reads(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    samples.company(customers=50, seed=3)["orders"].to_parquet(path)
    assert len(widgets.rfm(path, as_of=AS_OF).table)


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_it_opens_on_nobody_and_says_so(lang: words.Lang) -> None:
    orders = pd.DataFrame(
        {"customer_id": ["a"], "ordered_at": [pd.Timestamp(AS_OF)], "amount": 1.0}
    )
    assert widgets.rfm(orders, as_of="2020-01-01", words=Words(lang)).sentence
