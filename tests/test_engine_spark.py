"""The same SQL file on a real local Spark: equal answers, equal refusals, nothing left behind."""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pandas as pd
import purchase_oracle as oracle
import pyarrow as pa
import pytest

from workbench import engine, errors, periods, purchases

pytestmark = pytest.mark.spark

AS_OF = dt.date(2026, 9, 3)
TEXT = "customer_id string, ordered_at {time}, amount {money}"


def history(orders: Any, **options: Any) -> pd.DataFrame:
    return engine.query("purchase_history", orders=orders, **{"as_of": AS_OF, **options})


def assert_engines_agree(orders: pa.Table, spark_orders: Any, **options: Any) -> pd.DataFrame:
    """Both engines give the same table, types and all; it is handed back."""
    here, there = history(orders, **options), history(spark_orders, **options)
    pd.testing.assert_frame_equal(here, there, check_exact=True)
    return here


def table(
    rows: list[oracle.Row], *, money: pa.DataType | None = None, time: pa.DataType | None = None
) -> pa.Table:
    customers, times, amounts = zip(*rows, strict=True) if rows else ((), (), ())
    if money is not None and pa.types.is_decimal(money):
        amounts = tuple(Decimal(repr(amount)).quantize(Decimal("0.000001")) for amount in amounts)
    elif money is not None and pa.types.is_integer(money):
        amounts = tuple(int(amount) for amount in amounts)
    return pa.table(
        {
            "customer_id": pa.array(customers, pa.string()),
            "ordered_at": pa.array(times, pa.timestamp("us")).cast(
                time or pa.timestamp("us"), safe=False
            ),
            "amount": pa.array(amounts, money or pa.float64()),
        }
    )


@contextmanager
def zone(spark: Any, name: str) -> Iterator[None]:
    before = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", name)
    try:
        yield
    finally:
        spark.conf.set("spark.sql.session.timeZone", before)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("window_days", [None, 1, 17])
def test_generated_orders_with_every_trouble_agree(
    spark: Any, seed: int, window_days: int | None
) -> None:
    rows = oracle.orders(600, seed=seed)
    orders = table(rows)
    answer = assert_engines_agree(orders, spark.createDataFrame(orders), window_days=window_days)
    pd.testing.assert_frame_equal(answer, oracle.history(rows, AS_OF, window_days))


@pytest.mark.parametrize("cohort_until", [None, dt.date(2026, 8, 9)])
def test_purchase_days_agree(spark: Any, cohort_until: dt.date | None) -> None:
    rows = oracle.orders(600, seed=3)
    orders = table(rows)
    here, there = (
        engine.query("purchase_days", orders=some, as_of=AS_OF, cohort_until=cohort_until)
        for some in (orders, spark.createDataFrame(orders))
    )
    pd.testing.assert_frame_equal(here, there, check_exact=True)
    pd.testing.assert_frame_equal(here, oracle.days(rows, AS_OF, cohort_until))


def created(rows: list[oracle.Row]) -> pd.DataFrame:
    """Creation dates: of some not known, of some one import's, of some after the first purchase."""
    ids = sorted({who for who, *_ in rows if who and who.strip()})
    first, import_day = dt.date(2026, 8, 1), dt.date(2026, 7, 1)
    days = [(None, first, import_day, import_day)[n % 4] for n, _ in enumerate(ids)]
    leads = [f"lead {n}" for n in range(30)]
    days[-1] = dt.date(2026, 9, 1)
    known = {
        "customer_id": pd.Series(ids + leads, dtype="str"),
        "created_on": [*days, *[None] * 30],
    }
    return pd.DataFrame(known)


@pytest.mark.parametrize("name", ["cohorts", "second_purchases", "order_book"])
def test_who_is_new_agrees(spark: Any, name: str) -> None:
    rows = oracle.orders(600, seed=6)
    frame = spark.createDataFrame(rows, TEXT.format(time="timestamp_ntz", money="double"))
    dates = created(rows)
    there = list(dates.itertuples(index=False, name=None))
    customers = spark.createDataFrame(there, "customer_id string, created_on date")
    options = {"as_of": AS_OF} | ({"every": "month"} if name == "cohorts" else {})
    for book in ({}, {"begins": dt.date(2026, 8, 1), "new_after": dt.date(2026, 8, 20)}):
        here, away = (
            engine.query(name, orders=some, customers=known, **options, **book)
            for some, known in ((table(rows), dates), (frame, customers))
        )
        pd.testing.assert_frame_equal(here, away, check_exact=True)
        assert "is_new" not in here or here["is_new"].nunique() == 2


@pytest.mark.parametrize("every", ["month", "week"])
@pytest.mark.parametrize("seed", [4, None])
def test_cohorts_agree(spark: Any, seed: int | None, every: str) -> None:
    rows = oracle.orders(600, seed=seed) if seed else []
    orders = table(rows)
    frame = spark.createDataFrame(rows, TEXT.format(time="timestamp_ntz", money="double"))
    here, there = (
        engine.query("cohorts", orders=some, as_of=AS_OF, every=every) for some in (orders, frame)
    )
    pd.testing.assert_frame_equal(here, there, check_exact=True)
    assert bool(len(here)) is bool(seed)


@pytest.mark.parametrize("seed", [4, None])
def test_second_purchases_agree(spark: Any, seed: int | None) -> None:
    rows = oracle.orders(600, seed=seed) if seed else []
    orders = table(rows)
    frame = spark.createDataFrame(rows, TEXT.format(time="timestamp_ntz", money="double"))
    here, there = (
        engine.query("second_purchases", orders=some, as_of=AS_OF) for some in (orders, frame)
    )
    pd.testing.assert_frame_equal(here, there, check_exact=True)
    assert bool(here["second_purchase_date"].notna().any()) is bool(seed)


@pytest.mark.parametrize("seed", [4, None])
def test_period_figures_agree(spark: Any, seed: int | None) -> None:
    rows = oracle.orders(600, seed=seed) if seed else []
    asked = [periods.parse(text) for text in ("2026-10", "2026-W40", "2026", "2020-01")]
    frame = spark.createDataFrame(rows, TEXT.format(time="timestamp_ntz", money="double"))
    here, there = (purchases.kpis(some, periods=asked) for some in (table(rows), frame))
    pd.testing.assert_frame_equal(here, there, check_exact=True)
    assert bool(here["repurchase_rate_90d"].gt(0).any()) is bool(seed)


def test_histories_of_several_days_agree(spark: Any) -> None:
    orders = table(oracle.orders(600, seed=5))
    here, there = (
        purchases.histories(
            some, as_of_dates=["2026-08-10", AS_OF, "2020-01-01"], horizon_days=40, until=AS_OF
        )
        for some in (orders, spark.createDataFrame(orders))
    )
    pd.testing.assert_frame_equal(here, there, check_exact=True)
    assert here["as_of"].nunique() == 2


@pytest.mark.parametrize(
    "money",
    [
        pa.float64(),
        pa.float32(),
        pa.decimal128(30, 6),
        pa.decimal128(18, 2),
        pa.int64(),
        pa.int32(),
    ],
    ids=str,
)
def test_every_type_of_amount_agrees(spark: Any, money: pa.DataType) -> None:
    rows = [
        (name, when, amount if abs(amount) < 1e6 else 1e6)
        for name, when, amount in oracle.orders(200, seed=4)
    ]
    if money == pa.decimal128(18, 2):
        rows = [(name, when, round(amount, 2)) for name, when, amount in rows]
        orders = table(rows, money=pa.decimal128(30, 6))
        orders = orders.set_column(2, "amount", orders["amount"].cast(money))
    else:
        orders = table(rows, money=money)
    assert_engines_agree(orders, spark.createDataFrame(orders))


def test_floats_round_alike_to_the_cent(spark: Any) -> None:
    dice = random.Random(6)
    awkward = [1.005, 2.675, -1.005, 1e-7, 1e10 + 0.01, 123456789012.345, 0.1 + 0.2, 1e14, -1e-300]
    amounts = awkward + [
        dice.choice(
            (
                (dice.randrange(-(10**7), 10**7) * 10 + 5) / 1000,
                dice.gauss(0, 1e4),
                10 ** dice.uniform(-9, 14.9),
            )
        )
        for _ in range(20_000)
    ]
    orders = pa.table(
        {
            "customer_id": [f"{n:06}" for n in range(len(amounts))],
            "ordered_at": pa.array([dt.date(2026, 8, 1)] * len(amounts)),
            "amount": amounts,
        }
    )
    answer = assert_engines_agree(orders, spark.createDataFrame(orders))
    assert answer["monetary"].tolist() == [oracle.cents(amount) / 100 for amount in amounts]


def test_large_totals_agree_to_the_last_bit(spark: Any) -> None:
    dice = random.Random(8)
    count = 3_000
    orders = pa.table(
        {
            "customer_id": [f"{dice.randrange(40):03}" for _ in range(count)],
            "ordered_at": pa.array(
                [dt.date(2026, 8, 1) + dt.timedelta(dice.randrange(30)) for _ in range(count)]
            ),
            "amount": pa.array(
                [Decimal(dice.randrange(10**16)).scaleb(-2) for _ in range(count)],
                pa.decimal128(18, 2),
            ),
        }
    )
    assert_engines_agree(orders, spark.createDataFrame(orders))


@pytest.mark.parametrize("time", ["timestamp_ntz", "timestamp", "date"])
@pytest.mark.parametrize("zone_name", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_moments_near_midnight_keep_their_local_day(spark: Any, time: str, zone_name: str) -> None:
    rows = oracle.orders(150, seed=9)
    local = [(name, f"{when:%Y-%m-%d %H:%M:%S.%f}", amount) for name, when, amount in rows]
    with zone(spark, zone_name):
        # a TIMESTAMP is made from local text in the session's zone, and read in it again
        text = spark.createDataFrame(local, TEXT.format(time="string", money="double"))
        typed = text.selectExpr(
            "customer_id", f"cast(ordered_at as {time}) as ordered_at", "amount"
        )
        assert dict(typed.dtypes)["ordered_at"] == time
        assert_engines_agree(table(rows), typed)


@pytest.mark.parametrize("ids", ["bigint", "double", "decimal(12,0)", "string"])
def test_ids_that_are_numbers_come_back_the_same_from_both(spark: Any, ids: str) -> None:
    local = [("17850", "2026-08-01", 1.0), ("3", "2026-08-02", 2.0), (None, "2026-08-02", 4.0)]
    text = spark.createDataFrame(local, TEXT.format(time="string", money="double"))
    typed = text.selectExpr(
        f"cast(customer_id as {ids}) as customer_id",
        "cast(ordered_at as date) as ordered_at",
        "amount",
    )
    told = [3, 17850] if ids in ("bigint", "double") else ["17850", "3"]
    assert history(typed)["customer_id"].tolist() == told
    assert_engines_agree(typed.toArrow(), typed)


@pytest.mark.parametrize("as_of", ["2026-09-03", "2020-01-01"])
def test_no_rows_agree_types_and_all(spark: Any, as_of: str) -> None:
    rows = [] if as_of == "2026-09-03" else oracle.orders(20, seed=1)
    orders = table(rows)
    frame = spark.createDataFrame(rows, TEXT.format(time="timestamp_ntz", money="double"))
    answer = assert_engines_agree(orders, frame, as_of=as_of)
    assert len(answer) == 0
    assert answer.dtypes.astype(str).to_dict() == oracle.COLUMNS


def test_columns_without_any_value_agree(spark: Any) -> None:
    nothing = spark.sql("select null as customer_id, date '2026-08-01' as ordered_at, 1 as amount")
    assert len(history(nothing)) == 0


BROKEN = [
    ("A", "2026-08-01", float("nan")),
    ("A", "2026-08-01", float("inf")),
    ("A", "2026-08-01", None),
    ("A", None, -float("inf")),
    (None, "2026-08-01", 2e15),
    ("A", "2026-12-01", float("nan")),
]


def test_broken_values_are_refused_with_the_same_words(spark: Any) -> None:
    text = spark.createDataFrame(BROKEN, TEXT.format(time="string", money="double"))
    typed = text.selectExpr(
        "customer_id", "cast(ordered_at as timestamp_ntz) as ordered_at", "amount"
    )
    here = pd.DataFrame(BROKEN, columns=["customer_id", "ordered_at", "amount"])
    here["ordered_at"] = pd.to_datetime(here["ordered_at"])
    said = []
    for orders in (here, typed):
        with pytest.raises(errors.ContractError) as caught:
            history(orders)
        said.append(str(caught.value))
    assert said[0] == said[1]
    assert said[0].startswith(
        "orders: of the rows up to 2026-09-03, ordered_at is missing in 1; amount is missing (null "
        "or NaN) in 2; amount is infinite in 2; amount is 1,000,000,000,000,000 or more, plus or "
        "minus, in 1."
    )


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["'A' as cust_id", "date '2026-08-01' as ordered_at", "1 as amount"], "missing column 'customer_id'.\nFound 'cust_id'."),
        (["'A' as customer_id", "'2026-08-01' as ordered_at", "1 as amount"], "column 'ordered_at' is text (string)"),
        (["'A' as customer_id", "date '2026-08-01' as ordered_at", "'1' as amount"], "column 'amount' is text (string)"),
        (["'A' as customer_id", "date '2026-08-01' as ordered_at", "true as amount"], "of a type that does not belong there (boolean)"),
        (["'A' as customer_id", "date '2026-08-01' as ordered_at", "1 as amount", "2 as amount"], "column 'amount' is there 2 times."),
        (["1.5d as customer_id", "date '2026-08-01' as ordered_at", "1 as amount"], "customer_id is a number with a fraction, or too large to be exact in 1"),
    ],
)  # fmt: skip
def test_a_broken_contract_is_refused_on_spark_too(
    spark: Any, columns: list[str], message: str
) -> None:
    with pytest.raises(errors.ContractError) as caught:
        history(spark.sql(f"select {', '.join(columns)}"))
    assert message in str(caught.value)


def test_a_failure_inside_spark_is_told_in_one_line(spark: Any) -> None:
    broken = spark.sql(
        "select 'A' as customer_id, date '2026-08-01' as ordered_at, cast('x' as int) as amount from range(1)"
    )
    with pytest.raises(errors.EngineError, match="Spark could not answer: "):
        history(broken)


def test_nothing_is_left_behind_and_a_name_of_the_users_is_not_touched(spark: Any) -> None:
    orders = spark.createDataFrame(table(oracle.orders(20, seed=1)))
    orders.createOrReplaceTempView("orders")
    try:
        before = [view.name for view in spark.catalog.listTables()]
        answer = history(spark.createDataFrame(table(oracle.orders(20, seed=2))))
        with pytest.raises(errors.ContractError):
            history(
                spark.sql(
                    "select 1 as customer_id, date '2026-08-01' as ordered_at, cast(null as int) as amount"
                )
            )
        assert [view.name for view in spark.catalog.listTables()] == before == ["orders"]
        assert spark.table("orders").count() == 20
        pd.testing.assert_frame_equal(answer, oracle.history(oracle.orders(20, seed=2), AS_OF))
    finally:
        spark.catalog.dropTempView("orders")


def test_history_takes_a_spark_table_where_it_takes_any_other(spark: Any) -> None:
    rows = oracle.orders(100, seed=3)
    answer = purchases.history(spark.createDataFrame(table(rows)), as_of=AS_OF, window=20)
    pd.testing.assert_frame_equal(answer, oracle.history(rows, AS_OF, 20))
