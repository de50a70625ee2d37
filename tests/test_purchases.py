"""Purchase history and the figures of a period: the rules, by hand, by oracle and by property."""

import datetime as dt
import itertools
from typing import Any

import pandas as pd
import purchase_oracle as oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench import errors, periods, purchases

AS_OF = dt.date(2026, 10, 31)


def orders(*rows: tuple[str | None, str, float]) -> pd.DataFrame:
    return oracle.frame(
        (customer, dt.datetime.fromisoformat(when), amount) for customer, when, amount in rows
    )


def one(*rows: tuple[str, float], window: int | None = None) -> pd.Series:
    """The history row of a single customer."""
    table = purchases.history(
        orders(*[("A", when, amount) for when, amount in rows]), as_of=AS_OF, window=window
    )
    assert len(table) == 1
    return table.iloc[0]


# By hand


def test_history_of_a_hand_worked_customer() -> None:
    row = one(
        ("2026-01-10 09:00", 100.0),
        ("2026-03-01", 40.0),
        ("2026-03-01 17:30", 60.0),
        ("2026-05-20", -500.0),
        ("2026-06-09", 30.0),
        ("2026-07-04", 0.0),
        ("2026-09-11 23:59:59.999999", 20.0),
        ("2026-11-01", 999.0),
    )
    assert row["customer_id"] == "A"
    assert row["as_of"] == pd.Timestamp(AS_OF)
    assert row["first_purchase_date"] == pd.Timestamp("2026-01-10")
    assert row["last_purchase_date"] == pd.Timestamp("2026-09-11")
    assert row["days_since_last"] == 50
    assert row["customer_age_days"] == 294
    assert row["frequency"] == 5
    assert [row["interval_1"], row["interval_2"], row["interval_3"]] == [69, 25, 100]
    assert row["interval_count"] == 3
    assert row["mean_interval_days"] == pytest.approx((69 + 25 + 100) / 3)
    assert row["monetary"] == -250.0
    assert row["first_purchase_amount"] == 100.0
    assert row["repeat_monetary"] == 150.0


def test_history_has_its_columns_and_types() -> None:
    table = purchases.history(orders(("A", "2026-10-01", 1.0)), as_of=AS_OF)
    assert table.dtypes.astype(str).to_dict() == oracle.COLUMNS


@pytest.mark.parametrize(
    ("amounts", "is_purchase"),
    [
        ([10], True),
        ([0], True),
        ([0, 0], True),
        ([10, 0], True),
        ([10, -4], True),
        ([10, -10], False),
        ([10, -10.01], False),
        ([0, -5], False),
        ([-5], False),
        ([0.01, 0.01, -0.02], False),
        ([0.004], True),
        ([-0.004], True),
        ([-0.005], False),
    ],
)
def test_a_day_is_a_purchase_unless_refunds_bring_it_to_zero_or_less(
    amounts: list[float], is_purchase: bool
) -> None:
    row = one(*[("2026-10-01", amount) for amount in amounts])
    assert row["frequency"] == int(is_purchase)
    assert row["monetary"] == sum(map(oracle.cents, amounts)) / 100


def test_a_customer_without_a_purchase_day_keeps_a_row() -> None:
    row = one(("2026-10-01", 10.0), ("2026-10-01", -12.0), ("2026-10-09", -3.0))
    assert row["frequency"] == 0
    assert row["monetary"] == -5.0
    assert row["repeat_monetary"] == 0.0
    assert row["interval_count"] == 0
    missing = ["first_purchase_date", "last_purchase_date", "days_since_last", "interval_1"]
    missing += ["mean_interval_days", "customer_age_days", "first_purchase_amount"]
    assert row[missing].isna().all()


def test_a_refund_day_between_purchases_breaks_no_interval() -> None:
    row = one(("2026-10-01", 10.0), ("2026-10-11", -3.0), ("2026-10-21", 10.0))
    assert row["interval_1"] == 20
    assert row["monetary"] == 17.0


def test_fewer_than_three_intervals_are_averaged_as_many_as_there_are() -> None:
    row = one(("2026-10-01", 1.0), ("2026-10-11", 1.0), ("2026-10-31", 1.0))
    assert [row["interval_1"], row["interval_2"]] == [20, 10]
    assert pd.isna(row["interval_3"])
    assert row["mean_interval_days"] == 15.0


def test_the_window_holds_as_of_and_the_days_before_it() -> None:
    rows = [("2026-10-02", 1.0), ("2026-10-03", 2.0), ("2026-10-31 23:59:59", 4.0)]
    assert one(*rows, window=1)["monetary"] == 4.0
    assert one(*rows, window=28)["monetary"] == 4.0
    assert one(*rows, window=29)["monetary"] == 6.0
    assert one(*rows, window=29)["first_purchase_date"] == pd.Timestamp("2026-10-03")
    assert one(*rows, window=30)["monetary"] == 7.0


def test_one_customer_with_one_order_on_as_of() -> None:
    row = one(("2026-10-31", 5.0))
    assert row["days_since_last"] == 0
    assert row["customer_age_days"] == 0
    assert pd.isna(row["mean_interval_days"])


def test_anonymous_orders_are_part_of_no_history() -> None:
    table = purchases.history(
        orders(
            ("A", "2026-10-01", 1.0),
            (None, "2026-10-01", 2.0),
            ("", "2026-10-01", 4.0),
            ("  ", "2026-10-01", 8.0),
        ),
        as_of=AS_OF,
    )
    assert table["customer_id"].tolist() == ["A"]
    assert table["monetary"].tolist() == [1.0]


def test_ids_that_differ_in_a_space_a_capital_or_an_accent_are_different_customers() -> None:
    ids = ["A", "a", " A", "Ä", "A\u0308", "\t"]
    table = purchases.history(orders(*[(name, "2026-10-01", 1.0) for name in ids]), as_of=AS_OF)
    assert sorted(table["customer_id"]) == sorted(ids)


@pytest.mark.parametrize(
    "nothing",
    [
        orders(),
        pd.DataFrame(columns=["customer_id", "ordered_at", "amount"]),
        pd.DataFrame({"customer_id": [], "ordered_at": [], "amount": []}),
        orders(("A", "2026-11-01", 1.0)),
        orders((None, "2026-10-01", 1.0)),
    ],
    ids=[
        "no rows",
        "no rows and no types",
        "empty lists",
        "as_of before all data",
        "only anonymous",
    ],
)
def test_no_orders_to_see_give_an_empty_table_with_all_columns(nothing: pd.DataFrame) -> None:
    table = purchases.history(nothing, as_of=AS_OF)
    assert len(table) == 0
    assert table.dtypes.astype(str).to_dict() == oracle.COLUMNS


def test_history_leaves_the_orders_as_they_were() -> None:
    table = orders(("A", "2026-10-01", 1.005), (None, "2026-10-02", -1.0))
    before = table.copy(deep=True)
    purchases.history(table, as_of=AS_OF)
    pd.testing.assert_frame_equal(table, before)


def test_a_wrong_window_is_named_as_the_caller_named_it() -> None:
    with pytest.raises(
        errors.ParameterError, match=r"^window is 0; it has to be at least 1\.\n.*window=365"
    ):
        purchases.history(orders(), as_of=AS_OF, window=0)
    with pytest.raises(errors.ParameterTypeError, match=r"window is 1\.5, of type float"):
        purchases.history(orders(), as_of=AS_OF, window=1.5)  # type: ignore[arg-type]


# By oracle


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("window", [None, 1, 17])
@pytest.mark.many
def test_history_equals_the_rules_read_aloud(seed: int, window: int | None) -> None:
    rows = oracle.orders(600, seed=seed)
    as_of = dt.date(2026, 9, 3)
    pd.testing.assert_frame_equal(
        purchases.history(oracle.frame(rows), as_of=as_of, window=window),
        oracle.history(rows, as_of, window),
    )


# By property

START = dt.datetime(2026, 8, 1)
rows_of_orders = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "客", None, ""]),
        st.integers(0, 60 * 24 * 40).map(lambda minutes: START + dt.timedelta(minutes=minutes)),
        st.one_of(
            st.sampled_from([0.0, 10.0, -10.0]),
            st.integers(-100_000, 100_000).map(lambda value: value / 1000),
        ),
    ),
    max_size=30,
)
days_seen = st.integers(0, 45).map(lambda days: START.date() + dt.timedelta(days=days))
windows = st.none() | st.integers(1, 50)
quick = settings(max_examples=settings().max_examples // 2)


@quick
@given(rows=rows_of_orders, as_of=days_seen, window=windows)
def test_any_orders_give_what_the_rules_say(
    rows: list[oracle.Row], as_of: dt.date, window: int | None
) -> None:
    pd.testing.assert_frame_equal(
        purchases.history(oracle.frame(rows), as_of=as_of, window=window),
        oracle.history(rows, as_of, window),
    )


@quick
@given(data=st.data(), rows=rows_of_orders, as_of=days_seen)
def test_the_order_of_rows_never_matters(
    data: st.DataObject, rows: list[oracle.Row], as_of: dt.date
) -> None:
    shuffled = data.draw(st.permutations(rows))
    pd.testing.assert_frame_equal(
        purchases.history(oracle.frame(rows), as_of=as_of),
        purchases.history(oracle.frame(shuffled), as_of=as_of),
    )


@quick
@given(rows=rows_of_orders, as_of=days_seen, window=windows, days=st.integers(-20_000, 20_000))
def test_shifting_all_dates_with_as_of_shifts_dates_alone(
    rows: list[oracle.Row], as_of: dt.date, window: int | None, days: int
) -> None:
    shift = dt.timedelta(days=days)
    here = purchases.history(oracle.frame(rows), as_of=as_of, window=window)
    there = purchases.history(
        oracle.frame((who, when + shift, amount) for who, when, amount in rows),
        as_of=as_of + shift,
        window=window,
    )
    dates = ["as_of", "first_purchase_date", "last_purchase_date"]
    there[dates] = there[dates] - pd.Timedelta(shift)
    pd.testing.assert_frame_equal(here, there)


@quick
@given(rows=rows_of_orders, as_of=days_seen, scale=st.sampled_from([2, 7, 100]))
def test_scaling_whole_cents_scales_money_alone(
    rows: list[oracle.Row], as_of: dt.date, scale: int
) -> None:
    exact = [(who, when, oracle.cents(amount) / 100) for who, when, amount in rows]
    scaled = [(who, when, oracle.cents(amount) * scale / 100) for who, when, amount in rows]
    here = purchases.history(oracle.frame(exact), as_of=as_of)
    there = purchases.history(oracle.frame(scaled), as_of=as_of)
    money = ["monetary", "first_purchase_amount", "repeat_monetary"]
    pd.testing.assert_frame_equal(here.drop(columns=money), there.drop(columns=money))
    pd.testing.assert_frame_equal(
        (here[money] * 100 * scale).round(), (there[money] * 100).round(), check_exact=True
    )


@quick
@given(rows=rows_of_orders, as_of=days_seen, window=windows)
def test_totals_reconcile_with_the_orders(
    rows: list[oracle.Row], as_of: dt.date, window: int | None
) -> None:
    earliest = dt.date.min if window is None else as_of - dt.timedelta(days=window - 1)
    seen = [
        oracle.cents(amount)
        for who, when, amount in rows
        if who and earliest <= when.date() <= as_of
    ]
    table = purchases.history(oracle.frame(rows), as_of=as_of, window=window)
    assert round(table["monetary"].sum() * 100) == sum(seen)
    assert (table["frequency"] <= len(seen)).all()


@quick
@given(rows=rows_of_orders, as_of=days_seen, inner=st.integers(1, 30), more=st.integers(0, 30))
def test_a_wider_window_holds_the_narrower(
    rows: list[oracle.Row], as_of: dt.date, inner: int, more: int
) -> None:
    table = oracle.frame(rows)
    narrow = purchases.history(table, as_of=as_of, window=inner).set_index("customer_id")
    wide = purchases.history(table, as_of=as_of, window=inner + more).set_index("customer_id")
    assert set(narrow.index) <= set(wide.index)
    within = wide.loc[narrow.index]
    assert (narrow["frequency"] <= within["frequency"]).all()
    bought = narrow["frequency"] > 0
    assert (narrow["last_purchase_date"] == within["last_purchase_date"])[bought].all()
    assert (narrow["first_purchase_date"] >= within["first_purchase_date"])[bought].all()


# The figures of a period

KPI_ORDERS = orders(
    # A: bought in May, again after 84 days, and in October
    ("A", "2026-05-20", 100.0),
    ("A", "2026-08-12", 50.0),
    ("A", "2026-10-05", 30.0),
    ("A", "2026-10-05", 20.0),
    # B: bought in the base twice; after the last one only 95 days later
    ("B", "2026-06-01", 10.0),
    ("B", "2026-07-01", 10.0),
    ("B", "2026-10-04", 10.0),
    # C: in the base, never again; a refund in October lowers revenue but is no purchase
    ("C", "2026-08-02", 40.0),
    ("C", "2026-10-20", -15.0),
    # D: new in October, with a free order on the last day of the month
    ("D", "2026-10-31 23:30", 0.0),
    # E: after the period
    ("E", "2026-11-01", 70.0),
    # nobody we know
    (None, "2026-10-10", 500.0),
)


def test_kpis_of_a_hand_worked_month() -> None:
    # as_of 2026-10-31: the base days are 2026-05-05 to 2026-08-02, those to return in end on as_of
    table = purchases.kpis(KPI_ORDERS, periods=[periods.parse("2026-10")])
    assert table.to_dict("records") == [
        {
            "period": "2026-10",
            "as_of": pd.Timestamp("2026-10-31"),
            "revenue": 45.0,
            "active_customers": 3,
            "purchase_days": 3,
            "new_customers": 1,
            "repurchase_rate_90d": pytest.approx(1 / 3),
            "repurchase_base": 3,
        }
    ]


def test_a_customer_returns_on_the_ninetieth_day_but_not_after() -> None:
    october = periods.parse("2026-10")
    for day, rate in [("2026-10-31", 1.0), ("2026-11-01", 0.0)]:
        bought = orders(("A", "2026-08-02", 1.0), ("A", day, 1.0))
        assert purchases.kpis(bought, periods=[october])["repurchase_rate_90d"].tolist() == [rate]
    for day, rate in [("2026-08-30", 1.0), ("2026-08-31", 0.0)]:
        bought = orders(("A", "2026-06-01", 1.0), ("A", day, 1.0))
        assert purchases.kpis(bought, periods=[october])["repurchase_rate_90d"].tolist() == [rate]


@pytest.mark.parametrize(
    ("day", "base"), [("2026-05-04", 0), ("2026-05-05", 1), ("2026-08-02", 1), ("2026-08-03", 0)]
)
def test_the_base_is_the_ninety_days_before_the_last_ninety(day: str, base: int) -> None:
    table = purchases.kpis(orders(("A", day, 1.0)), periods=[periods.parse("2026-10")])
    assert table["repurchase_base"].tolist() == [base]


def test_kpis_keep_the_order_of_periods_and_say_nothing_of_an_empty_base() -> None:
    asked = [periods.parse(name) for name in ("2026-10", "2025", "2026-Q2", "2026-W45")]
    table = purchases.kpis(KPI_ORDERS, periods=asked)
    assert table["period"].tolist() == ["2026-10", "2025", "2026-Q2", "2026-W45"]
    assert table["revenue"].tolist() == [45.0, 0.0, 110.0, 0.0]
    assert table["new_customers"].tolist() == [1, 0, 0, 0], "the others are from before the book"
    first = KPI_ORDERS[KPI_ORDERS["amount"] >= 0].groupby("customer_id")["ordered_at"].min()
    created = (first - pd.to_timedelta(range(len(first)), unit="h")).rename("created_on")
    known = purchases.kpis(KPI_ORDERS, periods=asked, customers=created.reset_index())
    assert known["new_customers"].tolist() == [1, 0, 2, 0]
    assert table["repurchase_base"].tolist()[1] == 0
    assert table["repurchase_rate_90d"].isna().tolist() == [False, True, True, False]


def test_kpis_of_no_periods_or_no_orders_keep_their_columns() -> None:
    october = [periods.parse("2026-10")]
    full = purchases.kpis(KPI_ORDERS, periods=october)
    assert purchases.kpis(KPI_ORDERS, periods=[]).dtypes.equals(full.dtypes)
    none = purchases.kpis(orders(), periods=october)
    assert none.dtypes.equals(full.dtypes)
    assert none[["revenue", "active_customers", "repurchase_base"]].to_numpy().tolist() == [
        [0, 0, 0]
    ]


def test_kpis_of_one_period_need_no_list() -> None:
    october = periods.parse("2026-10")
    pd.testing.assert_frame_equal(
        purchases.kpis(KPI_ORDERS, periods=october),
        purchases.kpis(KPI_ORDERS, periods=[october]),
    )
    with pytest.raises(errors.ParameterTypeError, match="periods holds '2026-10'"):
        purchases.kpis(KPI_ORDERS, periods="2026-10")  # type: ignore[arg-type]


def test_months_add_up_to_their_quarter() -> None:
    rows = oracle.orders(500, seed=7, days=92)
    asked = [periods.parse(name) for name in ("2026-08", "2026-09", "2026-10", "2026")]
    table = purchases.kpis(oracle.frame(rows), periods=asked)
    for column in ("revenue", "purchase_days", "new_customers"):
        assert table[column][:3].sum() == pytest.approx(table[column][3], abs=1e-6)


def test_kpis_follow_the_rules_read_aloud() -> None:
    rows = oracle.orders(900, seed=3, days=300)
    as_of = periods.parse("2027-03").as_of
    table = purchases.kpis(oracle.frame(rows), periods=[periods.parse("2027-03")])
    base_end = as_of - dt.timedelta(days=90)
    bought: dict[str, list[dt.date]] = {}
    for customer, group in itertools.groupby(
        sorted((r for r in rows if r[0] and r[0].strip()), key=lambda row: (row[0], row[1])),
        key=lambda row: row[0],
    ):
        for day, amounts in itertools.groupby(group, key=lambda row: row[1].date()):
            money = [oracle.cents(row[2]) for row in amounts]
            if sum(money) > 0 or min(money) >= 0:
                bought.setdefault(customer, []).append(day)
    base = returned = 0
    for days in bought.values():
        before = [day for day in days if base_end - dt.timedelta(days=90) < day <= base_end]
        if before:
            base += 1
            returned += any(0 < (day - before[-1]).days <= 90 for day in days)
    assert table["repurchase_base"].tolist() == [base]
    assert table["repurchase_rate_90d"].tolist() == [pytest.approx(returned / base)]


def test_kpis_take_periods_and_nothing_else() -> None:
    with pytest.raises(errors.ParameterTypeError, match=r"periods\.parse"):
        purchases.kpis(KPI_ORDERS, periods=["2026-10"])  # type: ignore[list-item]


# Histories of several days


def test_a_history_of_several_days_is_the_history_of_each_of_them() -> None:
    orders = oracle.frame(oracle.orders(500, seed=8))
    days = [dt.date(2026, 7, 31), dt.date(2026, 3, 31), dt.date(2026, 5, 31)]
    found = purchases.histories(orders, as_of_dates=days, horizon_days=45)
    parts = []
    for day in sorted(days):
        whole = purchases.history(orders, as_of=day)
        part = found.loc[found["as_of"] == pd.Timestamp(day)].reset_index(drop=True)
        pd.testing.assert_frame_equal(part[whole.columns], whole, check_exact=True)
        later = purchases.history(orders, as_of=day + dt.timedelta(days=45), window=45)
        later = later.set_index("customer_id").reindex(part["customer_id"])
        assert part["purchases_ahead"].tolist() == later["frequency"].fillna(0).tolist()
        assert part["monetary_ahead"].tolist() == later["monetary"].fillna(0).tolist()
        parts.append(part)
    assert len(found) == sum(map(len, parts))


def test_until_hides_later_rows_from_a_history_of_several_days() -> None:
    orders = pd.DataFrame(
        {
            "customer_id": ["a", "a", None],
            "ordered_at": pd.to_datetime(["2026-01-01", "2026-01-20", "2026-01-25"]),
            "amount": [1.0, 2.0, 3.0],
        }
    )
    ask = {"as_of_dates": ["2026-01-10"], "horizon_days": 30}
    whole = purchases.histories(orders, **ask)
    assert (whole["purchases_ahead"].item(), whole["monetary_ahead"].item()) == (1, 2.0)
    assert whole["data_until"].item() == pd.Timestamp("2026-01-25")
    cut = purchases.histories(orders, **ask, until="2026-01-19")
    assert (cut["purchases_ahead"].item(), cut["data_until"].item()) == (
        0,
        pd.Timestamp("2026-01-01"),
    )


@pytest.mark.parametrize("days", [[], None, ["2026-02-30"], 7])
def test_a_history_of_no_day_is_refused(days: Any) -> None:
    with pytest.raises(errors.ParameterError, match="as_of_dates"):
        purchases.histories(oracle.frame([]), as_of_dates=days, horizon_days=30)
