"""The sentences of the report on customers: true, whole, and in both languages."""

import datetime as dt

import pandas as pd
import pytest
from spoken import said

from workbench import periods, words
from workbench.exhibits import purchases
from workbench.words import Words

OCTOBER = periods.parse("2026-10")
BANDS = {"due_from": 0.8, "risk_from": 1.2, "lost_from": 3.0, "min_intervals": 2}


def months(*revenue: float) -> pd.DataFrame:
    names = [str(period) for period in OCTOBER.last(len(revenue))]
    return pd.DataFrame({"period": names, "revenue": revenue, "active_customers": 403})


def test_revenue_is_told_against_the_last_month_and_the_year_before() -> None:
    thirteen = months(80_000.0, *[0.0] * 10, 125_000.0, 100_000.0)
    assert said(purchases.revenue)(thirteen) == (
        "403 customers bought for 100,000 in October 2026, "
        "20.0% less than in September 2026 and 25.0% more than in October 2025"
    )
    assert said(purchases.revenue)(thirteen, lang="zh") == (
        "2026年10月有403位客户购买，金额10万，比2026年9月少20.0%，比2025年10月多25.0%"
    )


@pytest.mark.parametrize(
    ("revenue", "told"),
    [
        ((100.0,), "403 customers bought for 100 in October 2026"),
        ((100.0, 100.0), "in October 2026, as much as in September 2026"),
        ((0.0, 100.0), "in October 2026, 100 more than in September 2026"),
    ],
)
def test_revenue_without_anything_to_compare_with_stays_a_sentence(
    revenue: tuple[float, ...], told: str
) -> None:
    assert said(purchases.revenue)(months(*revenue)).endswith(told)


def test_facts_say_where_the_data_end_only_if_the_period_is_not_whole() -> None:
    asked = {"customers": 9, "orders": 20, "rejected": 0, "first_date": None}
    whole = purchases.facts(OCTOBER, last_date=dt.date(2026, 10, 31), **asked)
    assert not any("not whole" in str(fact) for fact in whole)
    assert ("No row rejected: ledger", "ledger") in whole
    cut = purchases.facts(
        OCTOBER, last_date=dt.date(2026, 10, 30), words=Words("zh", "CNY"), **asked
    )
    assert "数据截至2026年10月30日，本期尚不完整" in cut
    assert "单位：元" in cut


@pytest.mark.parametrize(
    ("first_date", "told"),
    [
        (dt.date(2025, 10, 31), "Compared with September 2026 and October 2025"),
        (dt.date(2025, 11, 1), "Compared with September 2026"),
        (dt.date(2026, 10, 1), None),
    ],
)
def test_a_period_is_compared_with_those_that_the_data_know(
    first_date: dt.date, told: str | None
) -> None:
    asked = {"customers": 9, "orders": 20, "rejected": 0, "last_date": dt.date(2026, 10, 31)}
    facts = purchases.facts(OCTOBER, first_date=first_date, **asked)
    compared = [fact for fact in facts if str(fact).startswith("Compared")]
    assert compared == ([told] if told else [])


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_definitions_name_every_warning_with_the_bands_in_force(lang: words.Lang) -> None:
    told = purchases.definitions({**BANDS, "risk_from": 1.35}, Words(lang))
    assert sum("1.35" in text for text in told.values()) == 2
    assert not any("{" in text or "report." in text for text in [*told, *told.values()])
