"""The retention panel: what it shows is what the answers say."""

import pandas as pd
import pytest
from spoken import reproduced, said

from workbench import errors, exhibits, periods, retention, samples, widgets
from workbench.panel import Panel
from workbench.people import People
from workbench.words import LANGUAGES, Lang, Words, has

AS_OF = "2026-10-31"
HOSTILE = "<img src=x onerror=alert(1)>"
VIEWS = ("triangle", "by_age", "second", "revenue")


@pytest.fixture(scope="module")
def company() -> dict[str, pd.DataFrame]:
    made = samples.company(customers=300, seed=7)
    customers = made["customers"].copy()
    second = retention.second_purchases(made["orders"], as_of=AS_OF, customers=customers)
    # Names come from outside: the first to call has a hostile one, the second is in no list.
    first, unknown = retention.awaited(second)["customer_id"].head(2)
    customers.loc[customers["customer_id"] == first, "customer_name"] = HOSTILE
    return {**made, "customers": customers[customers["customer_id"] != unknown]}


@pytest.fixture
def panel(company: dict[str, pd.DataFrame]) -> Panel:
    return widgets.retention(company["orders"], as_of=AS_OF, people=people(company))


def people(company: dict[str, pd.DataFrame]) -> People:
    return People(company["customers"], company["owners"])


@pytest.mark.parametrize("every", retention.EVERY)
def test_the_table_is_the_answer_behind_the_figure(
    panel: Panel, company: dict[str, pd.DataFrame], every: retention.Every
) -> None:
    orders = company["orders"]
    known = {"as_of": AS_OF, "customers": company["customers"]}
    cohorts = retention.cohorts(orders, every=every, **known)
    second = retention.second_purchases(orders, **known)
    for view, expected in (
        ("triangle", cohorts),
        ("by_age", retention.by_age(cohorts)),
        ("second", retention.time_to_second(second)),
        ("revenue", retention.revenue(orders, every=every, **known)),
    ):
        panel.set(view=view, every=every)
        rows = expected[expected["customers"].notna()] if view == "triangle" else expected
        # months and weeks stand by their names, not by their first days
        named = "first_period" if view == "triangle" else "period"
        if named in rows:
            names = [str(periods.containing(day.date(), every)) for day in rows[named]]
            rows = rows.assign(**{named: pd.Series(names, rows.index, dtype="str")})
        same = ["is_new", "first_period", "age", "days", "period"]
        same = [name for name in same if name in rows]
        pd.testing.assert_frame_equal(
            panel.table.sort_values(same, ignore_index=True),
            rows.sort_values(same, ignore_index=True),
        )


def test_the_sentence_is_that_of_the_measure_and_the_days_chosen(
    panel: Panel, company: dict[str, pd.DataFrame]
) -> None:
    known = {"as_of": AS_OF, "customers": company["customers"]}
    cohorts = retention.cohorts(company["orders"], **known)
    panel.set(measure="money")
    assert panel.sentence == said(exhibits.retention.triangle)(cohorts, measure="money")
    panel.set(view="by_age", lang="zh")
    together = retention.by_age(cohorts)
    told = said(exhibits.retention.by_age)(together, measure="money", lang="zh")
    assert panel.sentence == told
    panel.set(view="second", within_days=30, lang="en")
    assert panel.sentence == said(exhibits.retention.second)(panel.table, within_days=30)
    assert "within 30 days" in panel.sentence
    revenue = panel.set(view="revenue")
    earned = retention.revenue(company["orders"], **known)
    assert revenue.sentence == said(exhibits.retention.revenue)(earned)


def test_the_list_holds_all_who_came_once_with_the_most_recently_due_on_top(
    panel: Panel, company: dict[str, pd.DataFrame]
) -> None:
    second = retention.second_purchases(
        company["orders"], as_of=AS_OF, customers=company["customers"]
    )
    once = second.loc[~second["came_back"] & second["is_new"], "customer_id"]
    panel.set(within_days=60)
    listed = panel.actions
    assert listed is not None
    assert sorted(listed["customer_id"]) == sorted(once)
    due = listed[listed["is_due"]]
    assert due["customer_age_days"].is_monotonic_increasing
    assert due["customer_age_days"].min() >= 60
    assert listed["is_due"].tolist() == sorted(listed["is_due"], reverse=True)
    assert listed[~listed["is_due"]]["customer_age_days"].is_monotonic_decreasing


def test_an_owner_filters_the_list_and_not_the_figure(
    panel: Panel, company: dict[str, pd.DataFrame]
) -> None:
    table, figure, everybody = panel.table, panel.figure, panel.actions
    owner = str(company["owners"]["owner_id"].iloc[0])
    panel.set(owner=owner)
    assert panel.actions is not None
    assert everybody is not None
    mine = everybody[everybody["owner_id"] == owner].reset_index(drop=True)
    pd.testing.assert_frame_equal(panel.actions, mine)
    assert len(panel.actions) < len(everybody)
    assert panel.table is table
    assert panel.figure == figure


def test_without_a_list_of_customers_there_is_no_owner_to_choose(
    company: dict[str, pd.DataFrame],
) -> None:
    panel = widgets.retention(company["orders"], as_of=AS_OF)
    assert "owner" not in panel.values
    reproduced(panel, orders=company["orders"], people=People())


def test_the_currency_is_the_one_stated(company: dict[str, pd.DataFrame]) -> None:
    panel = widgets.retention(company["orders"], as_of=AS_OF, words=Words(currency="EUR"))
    assert "(Euro)" in panel.set(view="revenue").figure.layout.meta["subtitle"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_nobody_opens_and_is_said(company: dict[str, pd.DataFrame], view: str, lang: Lang) -> None:
    panel = widgets.retention(company["orders"].head(0), as_of=AS_OF, words=Words(lang))
    panel.set(view=view)
    assert panel.sentence == Words(lang).within(f"retention.{view}")("none")
    # a curve of nobody begins at day 0, with nobody at risk
    assert len(panel.table) == (view == "second")
    assert panel.actions is not None
    assert panel.actions.empty


def test_days_off_the_slider_are_refused_with_its_ends(panel: Panel) -> None:
    with pytest.raises(errors.ParameterError, match="Give a number from 10 to 360"):
        panel.set(within_days=0)


@pytest.mark.parametrize("view", VIEWS)
def test_every_column_has_its_word_and_no_code_is_in_a_file(panel: Panel, view: str) -> None:
    panel.set(view=view, lang="zh")
    for table in (panel.table, panel.actions):
        assert table is not None
        assert [name for name in table.columns if not has(f"column.{name}")] == []
        heads = [Words("zh").header(str(name)) for name in table.columns]
        assert len(set(heads)) == len(heads)
    _, content = panel.file("csv", of="table")
    said = content.decode("utf-8-sig")
    assert "month" not in said
    # the first purchase is no enrolment
    assert "入组" not in said


def test_a_hostile_name_is_inert_on_the_page_and_whole_in_the_data(panel: Panel) -> None:
    assert panel.actions is not None
    assert panel.actions["customer_name"].iloc[0] == HOSTILE
    # nobody is dropped for want of a name: the id stands for it
    assert panel.actions["customer_name"].iloc[1] == panel.actions["customer_id"].iloc[1]
    assert "<img" not in panel._page._main.value
    assert "&lt;img" in panel._page._main.value
