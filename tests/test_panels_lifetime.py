"""The lifetime panel: what it shows is what the answers say."""

import re
from typing import Any

import pandas as pd
import pytest

from workbench import config, errors, exhibits, models, rfm, samples, value, widgets
from workbench.panel import Panel
from workbench.people import People
from workbench.words import LANGUAGES, Lang, Words, has

AS_OF, BEFORE = "2026-10-31", "2026-04-30"
HOSTILE = "<img src=x onerror=alert(1)>"
VIEWS = ("ahead", "top", "alive", "scores", "calibration", "tracking", "segments", "tenths")


@pytest.fixture(scope="module")
def company() -> dict[str, pd.DataFrame]:
    made = samples.company(customers=300, seed=7)
    customers = made["customers"]
    return {name: made[name] for name in ("orders", "owners")} | {"customers": customers.iloc[:-1]}


def opened(company: dict[str, pd.DataFrame], **more: Any) -> Panel:
    options = {"as_of": AS_OF, "calibration_end": BEFORE, "people": people(company), **more}
    return widgets.lifetime(company["orders"], **options)


def people(company: dict[str, pd.DataFrame]) -> People:
    return People(company["customers"], company["owners"])


@pytest.fixture(scope="module")
def shared(company: dict[str, pd.DataFrame]) -> Panel:
    return opened(company)


@pytest.fixture
def panel(shared: Panel) -> Panel:
    """One panel, since fits are kept; put back to its opening values."""
    return shared.set(
        view="ahead", model="ModifiedBetaGeo", horizon=365, yearly_rate=0.1, owner=None, lang="en"
    )


def expected(company: dict[str, pd.DataFrame], model: str, **more: Any) -> value.Expectation:
    known = models.summary(company["orders"], as_of=AS_OF)
    fitted = getattr(models, model).fit(known)
    return value.expect(known, purchases=fitted, spend=models.GammaGamma.fit(known), **more)


def test_the_list_is_that_of_the_answer_by_name_most_valuable_first(
    panel: Panel, company: dict[str, pd.DataFrame]
) -> None:
    panel.set(model="ParetoNBD", horizon=90, yearly_rate=0.2)
    found = expected(company, "ParetoNBD", horizon_days=90, yearly_rate=0.2)
    assert panel.actions is not None
    pd.testing.assert_frame_equal(panel.actions, people(company).named(found.customers))
    assert panel.actions["lifetime_value"].is_monotonic_decreasing
    pd.testing.assert_frame_equal(panel.table, value.concentration(found.customers))
    shown = exhibits.value.ahead(panel.table, expected=found)
    assert panel.sentence == shown.sentence(Words())


def test_it_opens_on_the_number_that_everybody_gives(
    panel: Panel, company: dict[str, pd.DataFrame]
) -> None:
    forecast = value.forecast(
        company["orders"], as_of=AS_OF, calibration_end=BEFORE, horizon_days=365
    )
    panel.set(model="closest")
    assert panel.actions is not None
    pd.testing.assert_frame_equal(panel.actions, people(company).named(forecast.ahead.customers))
    share = value.concentration(forecast.ahead.customers)
    shown = exhibits.value.ahead(share, expected=forecast.ahead, forecast=forecast)
    assert panel.sentence == shown.sentence(Words())
    assert panel.set(view="scores").sentence == exhibits.value.scores(forecast.scores).sentence()


def test_an_owner_filters_the_list_and_not_the_figure(
    panel: Panel, company: dict[str, pd.DataFrame]
) -> None:
    figure, everybody = panel.figure, panel.actions
    owner = str(company["owners"]["owner_id"].iloc[1])
    panel.set(owner=owner)
    assert panel.actions is not None
    assert everybody is not None
    assert set(panel.actions["owner_id"]) == {owner}
    assert 0 < len(panel.actions) < len(everybody)
    assert panel.figure == figure


@pytest.mark.parametrize("lang", LANGUAGES)
def test_who_bought_once_is_never_listed_as_active_by_bg_nbd(panel: Panel, lang: Lang) -> None:
    panel.set(lang=lang, view="alive", model="BetaGeo")
    untold = Words(lang)("alive.cannot_tell")
    assert panel.actions is not None
    once = panel.actions[panel.actions["repeat_purchases"] == 0]
    assert len(once) > 20
    assert once["probability_alive"].isna().all()
    lines = panel.file("csv")[1].decode("utf-8-sig").splitlines()
    assert sum(untold in line for line in lines) == len(once)
    assert panel.table.loc[~panel.table["is_told"], "customers"].tolist() == [len(once)]
    panel.set(model="ModifiedBetaGeo")
    assert panel.actions["probability_alive"].notna().all(), "which can tell of everybody"
    assert untold not in panel.figure.layout.yaxis.ticktext


def test_moving_the_horizon_fits_nothing_again(
    panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fit(*_: Any, **__: Any) -> None:
        raise AssertionError("fitted again")

    for kind in (models.ModifiedBetaGeo, models.GammaGamma):
        monkeypatch.setattr(kind, "fit", fit)
    before = panel.sentence
    assert panel.set(horizon=120, yearly_rate=0.05).sentence != before


@pytest.mark.slow
def test_the_comparison_is_that_of_the_models(
    panel: Panel, company: dict[str, pd.DataFrame]
) -> None:
    split = {"calibration_end": BEFORE, "as_of": AS_OF}
    compared = models.compare(company["orders"], **split, tracked=False)
    panel.set(view="scores")
    pd.testing.assert_frame_equal(panel.table, compared.scores.drop(columns="reason"))
    assert panel.sentence == exhibits.value.scores(compared.scores).sentence(Words())
    panel.set(view="tracking", model="ModifiedBetaGeo")
    assert panel.table["model"].unique().tolist() == ["ModifiedBetaGeo"]


@pytest.mark.slow
def test_classes_are_judged_by_the_settings_and_hold_everybody(
    company: dict[str, pd.DataFrame],
) -> None:
    settings = config.Settings(rfm={"method": "mean"})
    panel = opened(company, settings=settings, words=Words(currency="EUR")).set(
        view="segments", model="ModifiedBetaGeo"
    )
    assert set(panel.table["segment"]) <= {*rfm.SEGMENTS, value.NOT_SEEN}
    seen = panel.table.loc[panel.table["segment"] != value.NOT_SEEN, "customers"].sum()
    assert seen == len(models.summary(company["orders"], as_of=BEFORE))
    assert "Euro" in panel.figure.layout.meta["subtitle"]
    panel.set(view="tenths")
    assert panel.table["customers"].sum() >= seen


@pytest.mark.parametrize("view", VIEWS)
def test_no_raw_code_and_no_unlabelled_column_is_shown(panel: Panel, view: str) -> None:
    panel.set(view=view, model="ModifiedBetaGeo", lang="zh")
    for table in (panel.table, panel.actions):
        assert table is not None
        assert [name for name in table.columns if not has(f"column.{name}")] == []
    for of in ("table", "actions"):
        content = panel.file("csv", of=of)[1].decode("utf-8-sig")
        for raw in ("key_", "general_", "not_seen", "BetaGeo", "ParetoNBD"):
            assert raw not in content


# What goes wrong


def test_a_model_whose_parameters_the_data_leave_open_is_steadied_and_says_so(
    panel: Panel,
) -> None:
    # of the customers known on the earlier day, too few had stopped to tell how they stop
    panel.set(model="BetaGeo")
    assert "steadied" in panel.sentence
    for view in VIEWS:
        assert panel.set(view=view).error is None


def test_customers_who_bought_once_alone_have_no_value_and_every_view_says_so() -> None:
    orders = pd.DataFrame(
        {"customer_id": ["a", "b"], "ordered_at": pd.to_datetime(["2026-01-05"] * 2), "amount": 9.0}
    )
    panel = widgets.lifetime(orders, as_of=AS_OF, calibration_end=BEFORE)
    assert panel.sentence == "No value can be expected yet: nobody has bought twice"
    for view in VIEWS:
        assert panel.set(view=view).error is None
        assert re.search(r"\b(no|nobody)\b", panel.sentence.lower())


def test_a_calibration_that_ends_too_late_is_refused(company: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(errors.ParameterError, match="nothing is left to judge by"):
        opened(company, calibration_end=AS_OF)


def test_hostile_names_are_inert_on_the_page_and_whole_in_the_data(
    company: dict[str, pd.DataFrame], panel: Panel
) -> None:
    assert panel.actions is not None
    customers = company["customers"].copy()
    first = panel.actions["customer_id"].iloc[0]
    customers.loc[customers["customer_id"] == first, "customer_name"] = HOSTILE
    hostile = opened({**company, "customers": customers}).set(view="top")
    assert hostile.actions is not None
    assert hostile.actions["customer_name"].iloc[0] == HOSTILE
    assert "<img" not in hostile._page._main.value
    assert "<img" not in str(hostile.figure.to_dict()["layout"]["yaxis"]["ticktext"])
    assert "<img" not in str(hostile.figure.data)
