"""Retention: triangles by hand, by property and against the purchase history; empty is not zero."""

import datetime as dt
from typing import Any

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


def grid(table: pd.DataFrame, column: str) -> list[list[Any]]:
    wide = table.pivot(index="first_period", columns="age", values=column)
    return [[None if pd.isna(v) else float(v) for v in row] for row in wide.to_numpy()]


def test_the_triangle_of_a_hand_worked_book() -> None:
    table = retention.cohorts(BY_HAND, as_of=AS_OF)
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
    table = retention.by_age(retention.cohorts(BY_HAND, as_of=AS_OF))
    assert table["cohort_count"].tolist() == [2, 1, 1]
    assert table["cohort_size"].tolist() == [4, 2, 2]
    assert table["active_share"].tolist() == [1, 0.5, 0.5]
    assert table["money_share"].tolist() == pytest.approx([1, 50 / 250, -5 / 250])
    wilson = estimates.rate(1, 2)
    assert table.loc[1, ["active_share_low", "active_share_high"]].tolist() == pytest.approx(
        [wilson.low, wilson.high]
    )


def test_new_and_repeat_money_of_a_hand_worked_book() -> None:
    table = retention.revenue(BY_HAND, as_of=AS_OF)
    assert table["period"].dt.strftime("%Y-%m").tolist() == ["2026-01", "2026-02", "2026-03"]
    assert table["new_customers"].tolist() == [2, 0, 2]
    assert table["repeat_customers"].tolist() == [0, 1, 1]
    assert table["new_revenue"].tolist() == [200, 0, 60]
    assert table["repeat_revenue"].tolist() == [50, 40, -5]
    assert table["repeat_share"].tolist() == pytest.approx([0.2, 1, -5 / 55])


def test_the_second_purchase_and_who_is_still_awaited() -> None:
    table = retention.second_purchases(BY_HAND, as_of=AS_OF).set_index("customer_id")
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
    second = retention.second_purchases(BY_HAND, as_of=AS_OF)
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
    table = retention.by_age(retention.cohorts(BY_HAND, as_of=AS_OF))
    assert set(table["every"]) == {"month"}
    assert table["as_of"].unique().tolist() == [pd.Timestamp(AS_OF)]


def test_a_group_has_its_own_curve() -> None:
    second = retention.second_purchases(BY_HAND, as_of=AS_OF)
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
    moved = {name: there[name] - shift for name in ("first_period", "period", "as_of")}
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
