"""What is said of customers who come back: the numbers of the tables, and no more than they bear."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from spoken import drawn, said

from workbench import exhibits, words
from workbench import retention as answers
from workbench.words import Lang, Words

retention = SimpleNamespace(
    **{
        name: said(getattr(exhibits.retention, name))
        for name in ("triangle", "by_age", "second", "revenue", "awaited")
    }
)
every_language = pytest.mark.parametrize("lang", words.LANGUAGES)


def orders(*rows: tuple[str, str, float]) -> pd.DataFrame:
    book = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"])
    return book.assign(ordered_at=pd.to_datetime(book["ordered_at"]).astype("datetime64[us]"))


def cohorts(*rows: tuple[str, int, int | None, float, float | None]) -> pd.DataFrame:
    """Each as first period, size, customers in the next one, first money, money in the next one."""
    cells = []
    for first, size, back, money, later in rows:
        cells += [(first, 0, size, size, money), (first, 1, size, back, later)]
    names = ["first_period", "age", "cohort_size", "customers", "monetary"]
    table = pd.DataFrame(cells, columns=names)
    table = table.assign(every="month", active_share=1.0, money_share=1.0)
    return table.assign(first_period=pd.to_datetime(table["first_period"]))


THREE_YEARS = cohorts(
    ("2024-11-01", 400, 300, 900.0, 800.0),  # who came before the order book begins
    ("2025-03-01", 60, 15, 600.0, 90.0),
    ("2025-04-01", 40, 5, 400.0, 60.0),
    ("2026-09-01", 50, 18, 500.0, 400.0),
    ("2026-10-01", 70, None, 700.0, None),  # the next month is not over
)


# The triangle


def test_the_latest_year_is_told_of_and_the_one_before_it() -> None:
    assert retention.triangle(THREE_YEARS) == (
        "Of the customers who first came in 2026, 36% bought again in the month after; "
        "of those of 2025, 20%"
    )
    assert retention.triangle(THREE_YEARS, lang="zh") == (
        "2026年首购的客户中，36%在次月再次购买；2025年首购的为20%"
    )


def test_the_money_is_that_of_the_same_customers_and_their_first_month() -> None:
    assert retention.triangle(THREE_YEARS, measure="money") == (
        "Customers who first came in 2026 brought 80% of their first month's money in the month "
        "after; those of 2025, 15%"
    )
    said = retention.triangle(THREE_YEARS.assign(every="week"), measure="money", lang="zh")
    assert said == "2026年首购的客户在次周带来首周金额的80%；2025年首购的为15%"


@every_language
def test_few_customers_are_counted_and_no_share_is_given(lang: Lang) -> None:
    said = retention.triangle(cohorts(("2026-09-01", 9, 1, 5.0, 1.0)), lang=lang)
    assert "%" not in said
    assert "9" in said
    one = retention.triangle(cohorts(("2026-09-01", 1, 0, 5.0, 0.0)))
    assert one.startswith("Too few to tell: of 1 customer who first came in 2026, 0 bought")


@every_language
def test_where_nothing_can_be_known_yet_it_says_so(lang: Lang) -> None:
    none = Words(lang)("retention.none")
    assert retention.triangle(THREE_YEARS.iloc[:0], lang=lang) == none
    assert retention.triangle(THREE_YEARS.tail(2), lang=lang) == none
    assert retention.triangle(THREE_YEARS.tail(2), measure="money", lang=lang) == none
    empty = answers.by_age(answers.cohorts(orders(), as_of="2026-10-31"))
    assert retention.by_age(empty, lang=lang) == none


@every_language
def test_no_first_money_is_no_share_of_money(lang: Lang) -> None:
    said = retention.triangle(cohorts(("2026-09-01", 50, 20, 0.0, 9.0)), measure="money", lang=lang)
    assert (
        said
        == {"en": "There is no first money to compare with", "zh": "首期金额不大于零，无从比较"}[
            lang
        ]
    )


# All together


def ages(**changed: Any) -> pd.DataFrame:
    table = {
        "age": [0, 1, 2, 6, 12],
        "cohort_size": [200, 190, 180, 140, 80],
        "customers": [200, 61, 50, 39, 8],
        "active_share": [1.0, 0.321, 0.27, 0.279, 0.1],
        "money_share": [1.0, 0.5, 0.4, 0.41, None],
        "every": "month",
    }
    return pd.DataFrame(table | changed)


def test_one_six_and_twelve_months_after_are_told_of() -> None:
    assert retention.by_age(ages()) == (
        "32% of new customers are active one month after they first came, six months after 28%, "
        "twelve months after 10%"
    )
    assert retention.by_age(ages(), lang="zh") == (
        "首购1个月后，32%的新客户仍活跃，6个月后为28%，12个月后为10%"
    )


def test_ages_that_rest_on_few_customers_or_no_money_are_left_out() -> None:
    few = ages(cohort_size=[200, 190, 180, 140, 9])
    assert "twelve" not in retention.by_age(few)
    assert "twelve" not in retention.by_age(ages(), measure="money")
    said = retention.by_age(ages(cohort_size=[5, 4, 3, 2, 1], customers=[5, 2, 1, 1, 0]))
    assert said == "Too few to tell: of 4 customers, 2 active one month after the first purchase"


def test_weeks_are_told_as_weeks() -> None:
    table = ages(age=[0, 1, 2, 4, 12], every="week")
    assert retention.by_age(table, measure="money").startswith(
        "New customers bring 50% of their first week's money one week after they first came, "
        "four weeks after 41%"
    )


# The second purchase


def curve(*durations: tuple[int, bool]) -> pd.DataFrame:
    second = pd.DataFrame(durations, columns=["days", "came_back"]).assign(customer_id="a")
    return answers.time_to_second(second)


def test_half_is_told_with_the_day_and_the_share_within_the_days_with_its_interval() -> None:
    table = curve(*[(10, True)] * 6, *[(40, True)] * 6, *[(200, False)] * 8)
    said = retention.second(table)
    assert said.startswith("Half of new customers have bought a second time within 40 days; 60%")
    assert said.endswith("60% within 90 days (40% to 81%)")
    row = table[table["days"] == 40].iloc[0]
    for end, written in (("low", "40%"), ("high", "81%")):
        assert Words().write(row[f"repurchased_share_{end}"], "rate") == written
    assert retention.second(table, within_days=20, lang="zh") == (
        "半数新客户在40天内完成第二次购买；20天内为30%（区间15%至55%）"
    )


def test_where_half_never_came_back_it_says_so() -> None:
    table = curve(*[(10, True)] * 4, *[(200, False)] * 16)
    assert retention.second(table).startswith("Fewer than half of new customers")
    assert retention.second(table, lang="zh").startswith("完成第二次购买的新客户尚不到一半")


def test_half_exactly_is_half() -> None:
    table = curve(*[(10, True)] * 10, *[(20, False)] * 10)
    assert exhibits.retention.half_day(table) == 10
    assert retention.second(table, within_days=1).startswith(
        "Half of new customers have bought a second time within 10 days; 0% within 1 day"
    )


@every_language
def test_longer_than_anybody_was_watched_is_not_guessed(lang: Lang) -> None:
    table = curve(*[(10, True)] * 6, *[(60, False)] * 6)
    said = retention.second(table, within_days=90, lang=lang)
    assert said.count("%") == 0
    assert "90" in said
    everybody = curve(*[(10, True)] * 12)
    assert "100%" in retention.second(everybody, within_days=90, lang=lang)


@every_language
def test_a_handful_of_new_customers_is_counted_and_nobody_said_to_be_nobody(
    lang: Lang,
) -> None:
    said = retention.second(curve((3, True), (5, False)), lang=lang)
    assert "%" not in said
    assert retention.second(curve((3, True))) == (
        "Too few to tell: of 1 new customer, 1 came a second time"
    )
    none = Words(lang)("retention.second.none")
    assert retention.second(curve(), lang=lang) == none


# New and repeat money


def months(**changed: Any) -> pd.DataFrame:
    last = {
        "period": pd.Timestamp("2026-10-01"), "new_customers": 49, "new_revenue": 36_876.5,
        "repeat_revenue": 521_706.1, "revenue": 558_582.6, "repeat_share": 0.934, "every": "month",
        "repeat_customers": 310,
    } | changed  # fmt: skip
    first = last | {"period": pd.Timestamp("2025-08-01"), "repeat_share": 0.2}
    year_before = last | {"period": pd.Timestamp("2025-10-01"), "repeat_share": 0.958}
    return pd.DataFrame([last, first, year_before])


def test_the_last_month_is_told_of_beside_the_year_before() -> None:
    assert retention.revenue(months()) == (
        "Repeat business brought 93% of the money in October 2026 (October 2025: 96%); "
        "49 new customers brought 36,900"
    )
    assert retention.revenue(months(), lang="zh") == (
        "2026年10月复购带来93%的收入（2025年10月为96%）；49位新客户带来3.69万"
    )


def test_the_first_month_of_an_order_book_is_no_comparison() -> None:
    assert "(" not in retention.revenue(months().iloc[[0, 2]])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"new_customers": 1, "new_revenue": 20.0}, "; one new customer brought 20"),
        ({"new_customers": 0, "new_revenue": 0.0}, "; no new customer came"),
        ({"revenue": 0.0}, "No revenue in October 2026"),
        ({"revenue": -5.0}, "More money went back than came in in October 2026"),
        (
            {"repeat_revenue": -40.0, "new_revenue": 60.0, "revenue": 20.0, "new_customers": 3},
            "In October 2026 refunds took 40 more than repeat business brought; "
            "three new customers brought 60",
        ),
    ],
)
def test_a_month_without_one_of_the_two_is_said_as_it_was(
    changed: dict[str, object], said: str
) -> None:
    assert retention.revenue(months(**changed)).endswith(said)
    assert "{" not in retention.revenue(months(**changed), lang="zh")


@every_language
def test_no_whole_month_is_said_to_be_none(lang: Lang) -> None:
    none = Words(lang)("retention.revenue.none")
    assert retention.revenue(months().iloc[:0], lang=lang) == none


# Who is awaited


@pytest.mark.parametrize(
    ("due", "ahead", "said"),
    [
        (1, 0, "One customer came once, 90 days ago or longer, and has not been back"),
        (13, 1, "13 customers came once, 90 days ago or longer, and have not been back; "
                "there is still time for one more"),
        (0, 2, "Nobody is late for a second purchase; there is still time for two more"),
        (0, 0, "No new customer is awaited for a second purchase"),
    ],
)  # fmt: skip
def test_who_is_late_and_who_has_time_are_counted(due: int, ahead: int, said: str) -> None:
    table = pd.DataFrame({"is_due": [True] * due + [False] * ahead})
    assert retention.awaited(table) == said
    assert "{" not in retention.awaited(table, lang="zh")


def test_a_week_over_the_turn_of_the_year_belongs_to_the_year_most_of_its_days_are_in() -> None:
    book = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(12)] * 2,
            "ordered_at": pd.to_datetime(["2026-01-01"] * 12 + ["2026-01-06"] * 12),
            "amount": 9.0,
        }
    )
    table = answers.cohorts(book, as_of="2026-01-31", every="week")
    table = table.assign(is_new=True)
    assert retention.triangle(table).startswith("Of the customers who first came in 2026")


def test_where_more_went_back_than_came_in_no_negative_share_is_told() -> None:
    book = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(12)] * 2,
            "ordered_at": pd.to_datetime(["2026-01-05"] * 12 + ["2026-02-05"] * 12),
            "amount": [10.0] * 12 + [-4.0] * 12,
        }
    )
    table = answers.cohorts(book, as_of="2026-03-31").assign(is_new=True)
    said = retention.triangle(table, measure="money")
    assert "more money went back than came in" in said


@every_language
def test_every_figure_tells_since_when_customers_are_new(lang: Lang) -> None:
    book = orders(
        *[("a", f"2026-08-{day:02}", 9.0) for day in range(1, 29)], ("b", "2026-08-09", 9.0)
    )
    known = pd.DataFrame(
        {"customer_id": ["b", "c", "d"], "created_on": pd.to_datetime(["2026-08-10"] * 2 + [None])}
    )
    told: dict[str, Any] = {"as_of": "2026-09-30", "customers": known}
    cohorts = answers.cohorts(book, **told)
    second = answers.second_purchases(book, **told)
    shown = {
        "triangle": cohorts,
        "by_age": answers.by_age(cohorts),
        "second": answers.time_to_second(second),
        "revenue": answers.revenue(book, **told),
    }
    day = {"en": "2 Aug 2026", "zh": "2026年8月2日"}[lang]
    aside = {"en": "1 creation date counts as not known", "zh": "1位客户的建档日按不详计"}[lang]
    for name, table in shown.items():
        subtitle = drawn(getattr(exhibits.retention, name))(table, lang=lang).layout.meta[
            "subtitle"
        ]
        assert day in subtitle, name
        assert aside in subtitle, name
    assert retention.second(answers.time_to_second(second.assign(is_new=False)), lang=lang) == {
        "en": "Nobody new has come yet: 2 customers had bought before the orders begin",
        "zh": "还没有新客户：2位客户在订单开始之前已经购买过",
    }[lang]  # fmt: skip


def test_a_years_wait_is_told_as_the_longest_there_is() -> None:
    book = orders(("a", "2024-01-01", 9.0), ("a", "2025-06-01", 9.0), ("b", "2025-01-01", 9.0))
    curve = answers.time_to_second(answers.second_purchases(book, as_of="2026-09-30"))
    subtitle = drawn(exhibits.retention.second)(curve).layout.meta["subtitle"]
    assert "first seen after 31 Dec 2024 (365 days on, the longest wait)" in subtitle
