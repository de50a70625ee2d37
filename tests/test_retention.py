"""Retention: triangles by hand, by property and against the purchase history; empty is not zero."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import purchase_oracle as oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import errors, estimates, periods, purchases, retention

AS_OF = "2026-04-15"


def orders(*rows: tuple[str | None, str, float]) -> pd.DataFrame:
    return oracle.frame((who, dt.datetime.fromisoformat(day), money) for who, day, money in rows)


BY_HAND = orders(
    ("A", "2026-01-31", 100.0),
    ("A", "2026-02-01", 40.0),
    ("A", "2026-02-20", 10.0),
    ("A", "2026-03-05", -30.0),  # a refund: money, no purchase
    ("B", "2026-01-01", 100.0),
    ("B", "2026-01-02", 50.0),
    ("B", "2026-03-31 23:59", 25.0),
    ("C", "2026-03-10", 0.0),  # a free order is a purchase
    ("D", "2026-02-10", -5.0),  # never bought: in no cohort
    ("E", "2026-02-03", -5.0),  # a refund before the first purchase: in no cell
    ("E", "2026-03-03", 60.0),
    ("F", "2026-04-02", 70.0),  # April is not over
    ("A", "2026-04-16", 99.0),  # after as_of
    (None, "2026-02-02", 999.0),  # nobody's
)


# created on the day of the first purchase, so that all of them are new
CREATED = pd.DataFrame(
    {
        "customer_id": ["A", "B", "C", "E", "F"],
        "created_on": pd.to_datetime(
            ["2026-01-31", "2026-01-01", "2026-03-10", "2026-03-03", "2026-04-02"]
        ),
    }
)
ALL_NEW: dict[str, Any] = {"as_of": AS_OF, "customers": CREATED}


def grid(table: pd.DataFrame, column: str) -> list[list[Any]]:
    wide = table.pivot(index="first_period", columns="age", values=column)
    return [[None if pd.isna(v) else float(v) for v in row] for row in wide.to_numpy()]


def test_the_triangle_of_a_hand_worked_book() -> None:
    table = retention.cohorts(BY_HAND, **ALL_NEW)
    assert table["first_period"].dt.strftime("%Y-%m").unique().tolist() == ["2026-01", "2026-03"]
    assert grid(table, "cohort_size") == [[2, 2, 2], [2, 2, 2]]
    assert grid(table, "customers") == [[2, 1, 1], [2, None, None]]
    assert grid(table, "active_share") == [[1, 0.5, 0.5], [1, None, None]]
    assert grid(table, "purchases") == [[3, 2, 1], [2, None, None]]
    assert grid(table, "monetary") == [[250, 50, -5], [60, None, None]]
    assert grid(table, "money_share") == [[1, 0.2, -0.02], [1, None, None]]


def test_a_month_with_nobody_is_zero_and_a_month_ahead_is_empty() -> None:
    table = retention.cohorts(
        orders(("A", "2026-01-05", 10.0), ("B", "2026-03-05", 10.0)), as_of="2026-03-31"
    )
    assert grid(table, "customers") == [[1, 0, 0], [1, None, None]]
    assert grid(table, "monetary") == [[10, 0, 0], [10, None, None]]


def test_a_cohort_without_money_has_a_share_of_customers_and_none_of_money() -> None:
    table = retention.cohorts(
        orders(("A", "2026-01-05", 0.0), ("A", "2026-02-05", 9.0)), as_of="2026-02-28"
    )
    assert grid(table, "active_share") == [[1, 1]]
    assert grid(table, "money_share") == [[None, None]]


@pytest.mark.parametrize(
    ("as_of", "cohorts"), [("2026-01-30", 0), ("2026-01-31", 1), ("2026-02-27", 1)]
)
def test_a_month_counts_from_its_last_day_on(as_of: str, cohorts: int) -> None:
    table = retention.cohorts(orders(("A", "2026-01-05", 10.0)), as_of=as_of)
    assert len(table) == cohorts


def test_weeks_begin_on_monday_and_end_on_sunday() -> None:
    book = orders(("A", "2026-01-04", 1.0), ("A", "2026-01-05", 1.0), ("A", "2026-01-18", 1.0))
    table = retention.cohorts(book, as_of="2026-01-18", every="week")
    assert table["period"].dt.strftime("%m-%d").tolist() == ["12-29", "01-05", "01-12"]
    assert table["customers"].tolist() == [1, 1, 1]
    assert len(retention.cohorts(book, as_of="2026-01-17", every="week")) == 2


def test_an_empty_book_gives_empty_tables_with_their_types() -> None:
    none, some = BY_HAND.iloc[:0], BY_HAND
    for answer in (retention.cohorts, retention.revenue, retention.second_purchases):
        empty = answer(none, as_of=AS_OF)
        assert len(empty) == 0
        assert empty.dtypes.to_dict() == answer(some, as_of=AS_OF).dtypes.to_dict()
    assert len(retention.by_age(retention.cohorts(none, as_of=AS_OF))) == 0


def test_all_cohorts_together_are_those_that_can_be_seen_at_that_age() -> None:
    table = retention.by_age(retention.cohorts(BY_HAND, **ALL_NEW))
    assert table["cohort_count"].tolist() == [2, 1, 1]
    assert table["cohort_size"].tolist() == [4, 2, 2]
    assert table["active_share"].tolist() == [1, 0.5, 0.5]
    assert table["money_share"].tolist() == pytest.approx([1, 50 / 250, -5 / 250])
    wilson = estimates.rate(1, 2)
    assert table.loc[1, ["active_share_low", "active_share_high"]].tolist() == pytest.approx(
        [wilson.low, wilson.high]
    )


def test_new_and_repeat_money_of_a_hand_worked_book() -> None:
    table = retention.revenue(BY_HAND, **ALL_NEW)
    assert table["period"].dt.strftime("%Y-%m").tolist() == ["2026-01", "2026-02", "2026-03"]
    assert table["new_customers"].tolist() == [2, 0, 2]
    assert table["repeat_customers"].tolist() == [0, 1, 1]
    assert table["new_revenue"].tolist() == [200, 0, 60]
    assert table["repeat_revenue"].tolist() == [50, 40, -5]
    assert table["repeat_share"].tolist() == pytest.approx([0.2, 1, -5 / 55])


def test_the_second_purchase_and_who_is_still_awaited() -> None:
    table = retention.second_purchases(BY_HAND, **ALL_NEW).set_index("customer_id")
    assert table["days"].to_dict() == {"A": 1, "B": 1, "C": 36, "E": 43, "F": 13}
    assert table["came_back"].to_dict() == {
        "A": True,
        "B": True,
        "C": False,
        "E": False,
        "F": False,
    }
    curve = retention.time_to_second(table.reset_index())
    assert curve["days"].tolist() == [0, 1, 13, 36, 43]
    assert curve["at_risk"].tolist() == [5, 5, 3, 2, 1]
    assert curve["repurchased_share"].tolist() == pytest.approx([0, 0.4, 0.4, 0.4, 0.4])
    row = curve.iloc[1]
    assert row["repurchased_share_low"] < 0.4 < row["repurchased_share_high"]


def test_who_is_awaited_comes_with_the_most_recently_due_on_top() -> None:
    second = retention.second_purchases(BY_HAND, **ALL_NEW)
    due = retention.awaited(second, within_days=20)
    assert due["customer_id"].tolist() == ["C", "E", "F"]
    assert due["customer_age_days"].tolist() == [36, 43, 13]
    assert due["is_due"].tolist() == [True, True, False]
    later = due["second_due_date"] - due["first_purchase_date"]
    assert later.dt.days.tolist() == [20, 20, 20]
    on_the_day = retention.awaited(second, within_days=36).set_index("customer_id")
    assert on_the_day["is_due"].to_dict() == {"C": True, "E": True, "F": False}
    empty = retention.awaited(second.iloc[:0])
    assert empty.dtypes.to_dict() == due.dtypes.to_dict()


def test_a_second_purchase_on_the_very_day_cannot_be_waited_for() -> None:
    second = retention.second_purchases(BY_HAND, as_of=AS_OF)
    with pytest.raises(errors.ParameterError, match="within_days is 0"):
        retention.awaited(second, within_days=0)


def test_all_ages_carry_their_day_and_period() -> None:
    table = retention.by_age(retention.cohorts(BY_HAND, **ALL_NEW))
    assert set(table["every"]) == {"month"}
    assert table["as_of"].unique().tolist() == [pd.Timestamp(AS_OF)]


def test_a_group_has_its_own_curve() -> None:
    second = retention.second_purchases(BY_HAND, **ALL_NEW)
    second["year"] = ["x", "y", "x", "y", "y"]
    curve = retention.time_to_second(second, by="year")
    assert curve.groupby("year")["repurchased_share"].max().to_dict() == pytest.approx(
        {"x": 0.5, "y": 1 / 3}
    )


@pytest.mark.parametrize("every", ["year", "Month", None, 3])
def test_another_period_is_refused_with_the_two_there_are(every: Any) -> None:
    with pytest.raises(errors.WorkbenchError, match="month"):
        retention.cohorts(BY_HAND, as_of=AS_OF, every=every)


def test_a_table_that_is_no_triangle_is_refused_by_name() -> None:
    with pytest.raises(errors.ContractError, match=r"retention\.cohorts"):
        retention.by_age(BY_HAND)
    with pytest.raises(errors.ContractError, match=r"retention\.second_purchases"):
        retention.time_to_second(BY_HAND)


# Who is new


# begins on 1 Jan; twenty intervals: nineteen of at most 30 days, one of 60, so that 95 % are of 30
STEADY = [("S", f"2026-01-{day:02}", 10.0) for day in range(1, 19)]
BEGUN = orders(
    *STEADY,
    ("T", "2026-01-05", 10.0),
    ("T", "2026-02-04", 10.0),  # after 30 days
    ("T", "2026-02-05", 10.0),
    ("T", "2026-04-06", 10.0),  # after 60
    ("early", "2026-01-20", 10.0),
    ("on the day", "2026-01-31", 10.0),  # 30 days after the book begins: not later
    ("late", "2026-02-01", 10.0),
    ("older", "2026-03-01", 10.0),
    ("created after", "2026-01-25", 10.0),
    ("imported 1", "2026-01-26", 10.0),
    ("imported 2", "2026-03-26", 10.0),
)
KNOWN = pd.DataFrame(
    [
        ("early", "2026-01-01"),  # within the book
        ("older", "2025-12-31"),  # before it
        ("created after", "2026-01-26"),  # later than the first purchase
        ("imported 1", "2026-01-15"),
        ("imported 2", "2026-01-15"),
        *((f"lead {n}", None) for n in range(14)),
    ],
    columns=["customer_id", "created_on"],
).assign(created_on=lambda table: pd.to_datetime(table["created_on"]))


def who_is_new(book: pd.DataFrame, **options: Any) -> set[str]:
    second = retention.second_purchases(book, as_of="2026-04-30", **options)
    return set(second.loc[second["is_new"], "customer_id"])


def test_without_creation_dates_new_is_who_first_bought_after_95_percent_of_intervals() -> None:
    book = purchases.book(BEGUN, as_of="2026-04-30")
    days = [str(day.date()) for day in book.loc[0, ["book_begins", "new_after"]]]
    assert days == ["2026-01-01", "2026-01-31"]
    assert who_is_new(BEGUN) == {"late", "older", "imported 2"}


def test_a_creation_date_tells_unless_it_is_an_imports_or_after_the_first_purchase() -> None:
    assert who_is_new(BEGUN, customers=KNOWN) == {"early", "late", "imported 2"}
    second = retention.second_purchases(BEGUN, as_of="2026-04-30", customers=KNOWN)
    assert set(second["dates_set_aside"]) == {3}
    # two of twenty share a day: a tenth, not more
    twenty = pd.concat([KNOWN, pd.DataFrame({"customer_id": ["lead 14"]})])
    assert who_is_new(BEGUN, customers=twenty) == {"early", "late", "imported 1", "imported 2"}
    assert who_is_new(BEGUN, customers=KNOWN[["customer_id"]]) == who_is_new(BEGUN)


def test_a_rhythm_of_years_waits_one_year_and_no_more() -> None:
    yearly = orders(("A", "2024-01-01", 1.0), ("A", "2025-06-01", 1.0), ("B", "2025-01-01", 1.0))
    assert who_is_new(yearly) == {"B"}
    once = orders(("A", "2024-01-01", 1.0), ("B", "2024-12-31", 1.0), ("C", "2025-01-01", 1.0))
    assert who_is_new(once) == {"C"}


def test_earlier_customers_stand_apart_and_are_in_no_curve_and_no_new_money() -> None:
    told: dict[str, Any] = {"as_of": "2026-04-30", "customers": KNOWN}
    table = retention.cohorts(BEGUN, **told)
    first = table[table["age"] == 0].set_index(["first_period", "is_new"])["cohort_size"]
    assert {(str(day)[:7], bool(new)): n for (day, new), n in first.items()} == {
        ("2026-01", True): 1, ("2026-02", True): 1, ("2026-03", True): 1,
        ("2026-01", False): 5, ("2026-03", False): 1,
    }  # fmt: skip
    assert retention.by_age(table)["cohort_size"].max() == 3
    second = retention.second_purchases(BEGUN, **told)
    curve = retention.time_to_second(second)
    assert (curve["at_risk"].max(), set(curve["earlier_customers"])) == (3, {6})
    assert set(retention.awaited(second)["customer_id"]) == {"early", "late", "imported 2"}
    money = retention.revenue(BEGUN, **told)
    assert money["new_customers"].tolist() == [1, 1, 1, 0]
    assert money["new_revenue"].tolist() == [10, 10, 10, 0]
    assert money["repeat_customers"].tolist() == [5, 1, 1, 1]
    months = [periods.parse(f"2026-0{month}") for month in (1, 2, 3, 4)]
    kpis = purchases.kpis(BEGUN, periods=months, customers=KNOWN)
    assert kpis["new_customers"].tolist() == [1, 1, 1, 0], "the card says what the figure says"


def test_in_a_company_older_than_its_book_the_median_is_that_of_new_customers() -> None:
    # a second purchase takes 60 days in the median; then they buy every 25 days, give or take
    dice, many = np.random.default_rng(7), 4000
    came = dice.uniform(-2000, 700, many)
    gaps = [dice.exponential(60 / np.log(2), (many, 1)), dice.gamma(4, 25 / 4, (many, 120))]
    days = came[:, None] + np.column_stack([np.zeros(many), *gaps]).cumsum(axis=1)
    who, _ = np.indices(days.shape)
    seen = (days >= 0) & (days < 730)
    start, unit = pd.Timestamp("2024-01-01"), "D"
    book = pd.DataFrame(
        {
            "customer_id": who[seen].astype(str),
            "ordered_at": start + pd.to_timedelta(days[seen] // 1, unit=unit),
            "amount": 10.0,
        }
    )
    ids = np.arange(many).astype(str)
    created = start + pd.to_timedelta(came // 1, unit=unit)
    customers = pd.DataFrame({"customer_id": ids, "created_on": created})
    second = retention.second_purchases(book, as_of="2025-12-30", customers=customers)
    by_rhythm = retention.second_purchases(book, as_of="2025-12-30")
    exact, near, everybody = (
        int(curve.loc[curve["repurchased_share"] >= 0.5, "days"].min())
        for curve in map(
            retention.time_to_second, (second, by_rhythm, second.drop(columns="is_new"))
        )
    )
    assert abs(exact - 60) <= 4, "whose creation date is known"
    assert abs(near - 60) <= 10, "whose is not: who came just before the book begins slips through"
    assert everybody < 35, "the old way takes who had bought for years for new"


def test_what_is_no_book_or_no_creation_date_is_refused() -> None:
    with pytest.raises(errors.ContractError, match=r"purchases\.book"):
        retention.cohorts(BEGUN, as_of=AS_OF, book=BEGUN)
    wrong = pd.DataFrame({"customer_id": ["A"], "created_on": ["spring"]})
    with pytest.raises(errors.ContractError, match="customers: column 'created_on' is text"):
        retention.second_purchases(BEGUN, as_of=AS_OF, customers=wrong)


books = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d"]),
        st.integers(0, 200),
        st.integers(-300, 900).map(lambda cents: cents / 100),
    ),
    max_size=25,
)


def book_of(rows: list[tuple[str, int, float]], start: str = "2025-11-10") -> pd.DataFrame:
    first = dt.datetime.fromisoformat(start)
    return oracle.frame((who, first + dt.timedelta(days), money) for who, days, money in rows)


@given(books, st.randoms(use_true_random=False), st.sampled_from(["month", "week"]))
@pytest.mark.slow
def test_the_order_of_rows_changes_nothing(rows: Any, dice: Any, every: Any) -> None:
    mixed = dice.sample(rows, len(rows))
    for answer in (retention.cohorts, retention.revenue):
        pd.testing.assert_frame_equal(
            answer(book_of(rows), as_of="2026-05-31", every=every),
            answer(book_of(mixed), as_of="2026-05-31", every=every),
        )


@given(books, st.lists(st.integers(-30, 200), min_size=4, max_size=4))
@pytest.mark.slow
def test_a_part_of_the_book_knows_the_same_customers_as_new(rows: Any, days: list[int]) -> None:
    whole = book_of(rows)
    first = pd.Timestamp("2025-11-10")
    created = pd.DataFrame(
        {"customer_id": list("abcd"), "created_on": [first + pd.Timedelta(d, "D") for d in days]}
    )
    told: dict[str, Any] = {"as_of": "2026-05-31", "customers": created}
    second = retention.second_purchases(whole, **told).set_index("customer_id")["is_new"]
    book = purchases.book(whole, as_of="2026-05-31")
    part = whole[whole["customer_id"].isin(["a", "b"])]
    mine = retention.second_purchases(part, **told, book=book).set_index("customer_id")["is_new"]
    pd.testing.assert_series_equal(mine, second[second.index.isin(["a", "b"])])


@given(books)
@pytest.mark.slow
def test_totals_reconcile_with_history_and_period_figures(rows: Any) -> None:
    book = book_of(rows)
    table = retention.cohorts(book, as_of="2026-05-31")
    history = purchases.history(book, as_of="2026-05-31")
    assert table["purchases"].sum() == history["frequency"].sum()
    assert table.loc[table["age"] == 0, "cohort_size"].sum() == (history["frequency"] > 0).sum()
    revenue = retention.revenue(book, as_of="2026-05-31")
    months = [periods.parse(f"{day:%Y-%m}") for day in revenue["period"]]
    kpis = purchases.kpis(book, periods=months)
    assert revenue["revenue"].tolist() == pytest.approx(kpis["revenue"].tolist())
    assert revenue["new_customers"].tolist() == kpis["new_customers"].tolist()
    both = revenue["new_customers"] + revenue["repeat_customers"]
    assert both.tolist() == kpis["active_customers"].tolist()
    assert revenue["revenue"].sum() == pytest.approx(history["monetary"].sum())


@given(books)
def test_nothing_is_known_beyond_the_diagonal_and_everything_before_it(rows: Any) -> None:
    table = retention.cohorts(book_of(rows), as_of="2026-05-20")
    ahead = table["period"] >= pd.Timestamp("2026-05-01")
    cells = table[["customers", "active_share", "purchases", "monetary"]]
    assert cells[ahead].isna().all(axis=None)
    assert cells[~ahead].notna().all(axis=None)
    assert (table["customers"].dropna() <= table["cohort_size"][~ahead]).all()


@given(books, st.integers(1, 60))
@pytest.mark.slow
def test_whole_weeks_later_the_triangle_is_the_same(rows: Any, weeks: int) -> None:
    shift = pd.Timedelta(weeks * 7, unit="D")
    book, end = book_of(rows), pd.Timestamp("2026-05-31")
    later = book.assign(ordered_at=book["ordered_at"] + shift)
    here = retention.cohorts(book, as_of=end, every="week")
    there = retention.cohorts(later, as_of=end + shift, every="week")
    moved = {
        name: there[name] - shift
        for name in ("first_period", "period", "book_begins", "new_after", "as_of")
    }
    pd.testing.assert_frame_equal(here, there.assign(**moved), check_dtype=False)


@given(books, st.integers(1, 30))
@pytest.mark.slow
def test_whole_months_later_the_triangle_is_the_same(rows: Any, months: int) -> None:
    # days 1 to 28, which every month has
    first = pd.Timestamp("2025-11-01")
    shift = pd.DateOffset(months=months)
    days = [
        first + pd.DateOffset(months=day // 28) + pd.Timedelta(day % 28, "D") for _, day, _ in rows
    ]
    book = oracle.frame((who, day, money) for (who, _, money), day in zip(rows, days, strict=True))
    later = book.assign(ordered_at=[day + shift for day in book["ordered_at"]])
    later["ordered_at"] = later["ordered_at"].astype(book["ordered_at"].dtype)
    here = retention.cohorts(book, as_of="2026-05-31")
    end = pd.Timestamp("2026-06-01") + shift - pd.Timedelta(1, "D")
    there = retention.cohorts(later, as_of=end)
    same = ["age", "cohort_size", "customers", "active_share", "monetary", "money_share"]
    pd.testing.assert_frame_equal(here[same], there[same])


@pytest.mark.parametrize("days", ["90", 1.5, True, None])
def test_a_time_that_is_no_whole_number_of_days_is_refused(days: Any) -> None:
    orders = pd.DataFrame(
        {"customer_id": ["A"], "ordered_at": pd.to_datetime(["2026-06-03"]), "amount": 9.0}
    )
    second = retention.second_purchases(orders, as_of="2026-10-31")
    with pytest.raises(errors.ParameterTypeError, match="no whole number"):
        retention.awaited(second, within_days=days)
    with pytest.raises(errors.ParameterError, match="within_days"):
        retention.awaited(second, within_days=10**9)
