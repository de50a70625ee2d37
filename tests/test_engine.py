"""The engine on this machine: every kind of table, every refusal, the same answer."""

import datetime as dt
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import purchase_oracle as oracle
import pyarrow as pa
import pytest
from pyarrow import parquet

from workbench import arguments, engine, errors
from workbench.engine import embedded, queries

pytestmark = pytest.mark.many

AS_OF = dt.date(2026, 9, 3)
ROWS = oracle.orders(400, seed=11)
TABLE = oracle.frame(ROWS)
SMALL = pd.DataFrame(
    {
        "customer_id": ["A", "B"],
        "ordered_at": pd.to_datetime(["2026-08-01", "2026-08-02"]),
        "amount": [1.0, 2.0],
    }
)


def history(orders: Any, **options: Any) -> pd.DataFrame:
    return engine.query("purchase_history", orders=orders, **{"as_of": AS_OF, **options})


def refusal(orders: Any, kind: type[errors.WorkbenchError], **options: Any) -> str:
    """The whole message of the error, which must be of exactly this kind."""
    with pytest.raises(kind) as caught:
        history(orders, **options)
    assert type(caught.value) is kind
    assert caught.value.mend
    return caught.value.one_line


# Every kind of table


def as_parquet(folder: Path, *, parts: int = 1) -> Path:
    for part in range(parts):
        TABLE.iloc[part::parts].to_parquet(folder / f"part-{part}.parquet")
    return folder


@pytest.mark.parametrize(
    "kind",
    [
        "pandas",
        "pandas with an index and more columns",
        "pandas of objects",
        "pandas categories",
        "arrow table",
        "arrow stream",
        "polars",
        "polars lazy",
        "parquet file",
        "parquet text",
        "parquet folder",
        "parquet glob",
        "loaded",
        "relation",
    ],
)
def test_every_kind_of_table_gives_the_same_history(kind: str, tmp_path: Path) -> None:
    if kind == "pandas":
        orders: Any = TABLE
    elif kind == "pandas with an index and more columns":
        orders = TABLE.assign(source="web", order_id=range(len(TABLE))).set_index(
            TABLE.index * 7 % 5
        )
    elif kind == "pandas of objects":
        orders = TABLE.astype(object).where(TABLE.notna(), None)
    elif kind == "pandas categories":
        orders = TABLE.astype({"customer_id": "category"})
    elif kind == "arrow table":
        orders = pa.Table.from_pandas(TABLE)
    elif kind == "arrow stream":
        orders = pa.Table.from_pandas(TABLE).to_reader(max_chunksize=50)
    elif kind.startswith("polars"):
        import polars

        orders = polars.from_arrow(pa.Table.from_pandas(TABLE))
        orders = orders.lazy() if kind == "polars lazy" else orders
    elif kind == "relation":
        frame = TABLE
        orders = duckdb.connect().from_df(frame)
    else:
        folder = as_parquet(
            tmp_path, parts=1 if kind in ("parquet file", "parquet text", "loaded") else 3
        )
        file = folder / "part-0.parquet"
        orders = {
            "parquet file": file,
            "parquet text": str(file),
            "parquet folder": folder,
            "parquet glob": str(folder / "part-*.parquet"),
            "loaded": SimpleNamespace(source=file, table=None),
        }[kind]
    pd.testing.assert_frame_equal(history(orders), oracle.history(ROWS, AS_OF))


def test_a_file_name_that_looks_like_a_pattern_is_a_file_name(tmp_path: Path) -> None:
    file = tmp_path / "it's [1] *; drop table.parquet"
    SMALL.to_parquet(file)
    assert history(file)["customer_id"].tolist() == ["A", "B"]


def test_files_whose_columns_stand_in_another_order_are_read_by_name(tmp_path: Path) -> None:
    SMALL.to_parquet(tmp_path / "a.parquet")
    SMALL[["amount", "ordered_at", "customer_id"]].to_parquet(tmp_path / "b.parquet")
    assert history(tmp_path)["monetary"].tolist() == [2.0, 4.0]


# What a column may hold


@pytest.mark.parametrize(
    ("ids", "told"),
    [
        (["x", "y"], ["x", "y"]),
        ([17850, 3], [3, 17850]),
        ([17850.0, float("nan")], [17850]),
        (pd.array([17850, None], dtype="Int64"), [17850]),
        ([Decimal("17850"), Decimal("3.00")], ["17850", "3"]),
        (pd.Categorical([17850, 3]), [3, 17850]),
        ([2**63 - 1, -1], [-1, 2**63 - 1]),
        ([2**63, 1], [1, 2**63]),
    ],
)
def test_ids_come_back_as_whole_numbers_or_as_the_text_people_write(
    ids: Any, told: list[Any]
) -> None:
    assert history(SMALL.assign(customer_id=ids))["customer_id"].tolist() == told


MONEY = {
    1.005: 1.01,
    2.675: 2.68,
    -1.005: -1.01,
    0.125: 0.13,
    1e-7: 0.0,
    -0.005: -0.01,
    1e10 + 0.01: 10000000000.01,
    123456789012.34: 123456789012.34,
    -1e-300: 0.0,
    1.1 + 2.2: 3.3,
}


def money_of(amounts: Any) -> list[float]:
    count = len(amounts)
    orders = pa.table(
        {
            "customer_id": [f"{n:09}" for n in range(count)],
            "ordered_at": pa.array([dt.date(2026, 8, 1)] * count),
            "amount": amounts,
        }
    )
    return history(orders)["monetary"].tolist()


def test_floats_become_money_through_their_shortest_text_half_away_from_zero() -> None:
    assert money_of(pa.array(list(MONEY))) == list(MONEY.values())


def test_random_floats_round_as_their_text_does() -> None:
    dice = random.Random(5)
    amounts = [
        dice.choice(
            (
                dice.randrange(-(10**9), 10**9) / 1000,
                (dice.randrange(-(10**7), 10**7) * 10 + 5) / 1000,
                dice.gauss(0, 1e4),
                10 ** dice.uniform(-9, 14.9),
            )
        )
        for _ in range(20_000)
    ]
    assert money_of(pa.array(amounts)) == [oracle.cents(amount) / 100 for amount in amounts]


@pytest.mark.parametrize(
    ("amounts", "money"),
    [
        (pa.array([3, -7], pa.int8()), [3.0, -7.0]),
        (pa.array([3, 2**40], pa.uint64()), [3.0, float(2**40)]),
        (pa.array([1.1, 2.675], pa.float32()), [1.1, 2.68]),
        (pa.array([Decimal("1.005"), Decimal("-2.675")]), [1.01, -2.68]),
        (pa.array([Decimal("0.0049999999"), Decimal("123456789012.345")]), [0.0, 123456789012.35]),
        (pa.array([Decimal("1.25"), Decimal("2")], pa.decimal256(60, 10)), [1.25, 2.0]),
    ],
)
def test_amounts_may_be_whole_numbers_floats_or_decimals(amounts: Any, money: list[float]) -> None:
    assert money_of(amounts) == money


def test_a_million_small_amounts_sum_to_the_cent() -> None:
    orders = pa.table(
        {
            "customer_id": pa.array(["A"] * 1_000_000),
            "ordered_at": pa.array([dt.date(2026, 8, 1)] * 1_000_000),
            "amount": pa.array([0.1] * 1_000_000),
        }
    )
    assert history(orders)["monetary"].tolist() == [100_000.0]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_moment_before_midnight_belongs_to_its_day_in_every_unit(unit: str) -> None:
    late = np.array(["2026-08-01T23:59:59", "1969-12-31T23:59:59"], dtype=f"datetime64[{unit}]")
    table = history(SMALL.assign(ordered_at=late))
    assert table["last_purchase_date"].tolist() == [
        pd.Timestamp("2026-08-01"),
        pd.Timestamp("1969-12-31"),
    ]


def test_dates_without_a_time_are_days() -> None:
    days = [dt.date(2026, 8, 1), dt.date(1, 1, 1)]
    assert history(SMALL.assign(ordered_at=days))["days_since_last"].tolist() == [
        33,
        (AS_OF - days[1]).days,
    ]


@pytest.mark.parametrize(
    "as_of",
    [
        "2026-09-03",
        dt.date(2026, 9, 3),
        dt.datetime(2026, 9, 3, 0, 0),
        pd.Timestamp("2026-09-03 23:59:59.999"),
        np.datetime64("2026-09-03T12"),
    ],
)
def test_as_of_is_a_day_however_it_is_written(as_of: Any) -> None:
    pd.testing.assert_frame_equal(history(TABLE, as_of=as_of), oracle.history(ROWS, AS_OF))


def test_rows_after_as_of_are_not_even_checked() -> None:
    later = SMALL.assign(ordered_at=pd.Timestamp("2026-09-04"), amount=[float("inf"), 1e300])
    assert len(history(pd.concat([SMALL, later]))) == 2


def test_columns_that_no_question_needs_are_not_read() -> None:
    orders = SMALL.assign(note=[object(), {"any": "thing"}])
    assert len(history(orders)) == 2


# Refusals


def test_a_missing_column_is_named_with_the_likely_one_and_the_mend() -> None:
    assert refusal(SMALL.rename(columns={"customer_id": "cust_id"}), errors.ContractError) == (
        "orders: missing column 'customer_id'. Found 'cust_id'. Rename it, or map it: "
        'workbench.toml → [tables.orders.columns] customer_id = "cust_id"'
    )
    assert "Found 'Amount'." in refusal(
        SMALL.rename(columns={"amount": "Amount"}), errors.ContractError
    )
    message = refusal(SMALL.rename(columns={"amount": "x"}), errors.ContractError)
    assert "Found: 'customer_id', 'ordered_at', 'x'." in message
    assert "no columns at all" in refusal(pd.DataFrame(), errors.ContractError)
    wide = pd.DataFrame(columns=[f"c{n}" for n in range(30)])
    assert "'c11' and 18 more." in refusal(wide, errors.ContractError)


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    twice = pd.concat([SMALL, SMALL["amount"]], axis=1)
    assert "column 'amount' is there 2 times." in refusal(twice, errors.ContractError)
    arrow = pa.table([pa.array([]), pa.array([])], names=["amount", "amount"])
    parquet.write_table(
        pa.table(SMALL).append_column("amount", pa.array([1.0, 2.0])), tmp_path / "x.parquet"
    )
    assert "there 2 times" in refusal(tmp_path / "x.parquet", errors.ContractError)
    assert "missing column 'customer_id'" in refusal(arrow, errors.ContractError)
    cased = SMALL.assign(Amount=1)
    assert "is there 2 times, as 'amount', 'Amount'." in refusal(cased, errors.ContractError)


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("amount", ["1", "2"], r"column 'amount' is text (VARCHAR); it takes whole numbers, floats or decimals. Convert it: pandas.to_numeric(orders['amount'])"),
        ("amount", [True, False], "column 'amount' is of a type that does not belong there (BOOLEAN)"),
        ("amount", pd.to_timedelta([1, 2]), "column 'amount' is of a type that does not belong there (INTERVAL)"),
        ("ordered_at", ["2026-08-01", "2026-08-02"], "column 'ordered_at' is text (VARCHAR); it takes dates or timestamps in local time. Convert it: pandas.to_datetime(orders['ordered_at'])"),
        ("ordered_at", [20260801, 20260802], "column 'ordered_at' is whole numbers (BIGINT)"),
        ("ordered_at", pd.to_datetime(["2026-08-01", "2026-08-02"], utc=True), "column 'ordered_at' is timestamps bound to a time zone (TIMESTAMP WITH TIME ZONE); it takes dates or timestamps in local time. Convert it to local time: orders['ordered_at'].dt.tz_convert("),
        ("customer_id", [True, False], "column 'customer_id' is of a type that does not belong there (BOOLEAN); it takes text or whole numbers."),
        ("customer_id", [17850, "A1"], "column 'customer_id' cannot be read as one type"),
        ("amount", [1, "A1"], "column 'amount' cannot be read as one type"),
        ("customer_id", [b"a", b"b"], "column 'customer_id' is of a type that does not belong there (BLOB)"),
    ],
)  # fmt: skip
def test_a_column_of_the_wrong_type_is_refused_with_the_mend(
    column: str, values: Any, message: str
) -> None:
    assert f"orders: {message}" in refusal(SMALL.assign(**{column: values}), errors.ContractError)


def test_missing_and_infinite_values_are_refused_with_all_their_counts() -> None:
    orders = pd.concat([SMALL] * 3, ignore_index=True)
    orders["amount"] = [float("nan"), float("inf"), -float("inf"), float("nan"), float("nan"), 2e15]
    orders.loc[[1, 2], "ordered_at"] = pd.NaT
    assert refusal(orders, errors.ContractError).startswith(
        "orders: of the rows up to 2026-09-03, ordered_at is missing in 2; amount is missing (null "
        "or NaN) in 3; amount is infinite in 2; amount is 1,000,000,000,000,000 or more, plus or "
        "minus, in 1. Mend or drop these rows"
    )


@pytest.mark.parametrize(
    "amounts",
    [
        pa.array([1e15, -1e300]),
        pa.array([10**18, -(2**63)]),
        pa.array([Decimal("1234567890123456789.12"), Decimal("-1e15")]),
        pa.array([Decimal("1e40"), Decimal("-1e40")]),
    ],
)
def test_amounts_beyond_money_are_refused_and_not_lost(amounts: Any) -> None:
    message = refusal(SMALL.assign(amount=amounts.to_pylist()), errors.ContractError)
    assert "amount is 1,000,000,000,000,000 or more, plus or minus, in 2" in message
    just_below = [999_999_999_999_999.9, -999_999_999_999_999.9]
    assert money_of(pa.array(just_below)) == just_below


def test_ids_that_are_numbers_but_not_whole_are_refused() -> None:
    floats = SMALL.assign(customer_id=[17850.5, 1e20])
    assert "customer_id is a number with a fraction, or too large to be exact in 2" in refusal(
        floats, errors.ContractError
    )
    decimals = SMALL.assign(customer_id=[Decimal("1.5"), Decimal("2.0")])
    assert "customer_id is a number with a fraction in 1" in refusal(decimals, errors.ContractError)


def test_a_day_that_a_database_does_not_know_is_refused() -> None:
    relation = duckdb.sql("select 'A' as customer_id, date '-infinity' as ordered_at, 1 as amount")
    assert "ordered_at is before the year 1 in 1" in refusal(relation, errors.ContractError)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"as_of": None}, errors.ParameterTypeError, "as_of is None, of type NoneType."),
        ({"as_of": True}, errors.ParameterTypeError, "as_of is True, of type bool."),
        ({"as_of": 20260903}, errors.ParameterTypeError, "as_of is 20260903, of type int."),
        ({"as_of": pd.NaT}, errors.ParameterError, "as_of is NaT, no day."),
        ({"as_of": "03.09.2026"}, errors.ParameterError, "as_of is '03.09.2026', no day."),
        ({"as_of": "2026-02-30"}, errors.ParameterError, "as_of is '2026-02-30', no day."),
        ({"as_of": pd.Timestamp("2026-09-03", tz="UTC")}, errors.ParameterError, "as_of is bound to a time zone (UTC)"),
        ({"window_days": True}, errors.ParameterTypeError, "window_days is True, of type bool"),
        ({"window_days": 30.0}, errors.ParameterTypeError, "window_days is 30.0, of type float"),
        ({"window_days": "30"}, errors.ParameterTypeError, "window_days is '30', of type str"),
        ({"window_days": 0}, errors.ParameterError, "window_days is 0; it has to be at least 1."),
        ({"window_days": -1}, errors.ParameterError, "window_days is -1; it has to be at least 1."),
        ({"window_days": 2**31}, errors.ParameterError, "and at most 2147483647."),
    ],
)  # fmt: skip
def test_a_bad_parameter_is_refused(
    options: dict[str, Any], kind: type[errors.WorkbenchError], message: str
) -> None:
    assert message in refusal(SMALL, kind, **options)


def test_an_unknown_query_or_argument_is_answered_with_the_likely_one() -> None:
    with pytest.raises(errors.UnknownNameError, match=r"Did you mean 'purchase_history'"):
        engine.query("purchase_histry", orders=SMALL, as_of=AS_OF)
    with pytest.raises(errors.UnknownNameError, match=r"Did you mean 'window_days'"):
        history(SMALL, window_day=3)
    with pytest.raises(errors.ParameterError, match=r"'as_of' is missing\.\nWrite engine\.query"):
        engine.query("purchase_history", orders=SMALL)


def test_what_is_no_table_is_refused() -> None:
    for nothing in (None, 5, [1], {"customer_id": ["A"]}, SimpleNamespace(source=None)):
        assert "which is no table. Hand in" in refusal(nothing, errors.ParameterTypeError)


def test_a_path_to_nothing_or_to_no_parquet_says_so(tmp_path: Path) -> None:
    assert "there is nothing at 'nowhere.parquet'" in refusal(
        "nowhere.parquet", errors.SourceNotFoundError
    )
    assert "there is nothing at" in refusal(tmp_path, errors.SourceNotFoundError)
    text = tmp_path / "orders.csv"
    text.write_text("customer_id,ordered_at,amount\nA,2026-08-01,1\n", encoding="utf-8")
    assert refusal(text, errors.SourceError).endswith(
        "is not a Parquet file. Load it first: loaders.load(source, table='orders') reads CSV, "
        "checks it and keeps a ledger."
    )
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1 and then nothing of it")
    assert "could not be read as Parquet" in refusal(broken, errors.SourceError)


# Where it runs


def test_many_threads_ask_at_once_and_none_disturbs_another() -> None:
    seeds = range(8)
    start = threading.Barrier(4)

    def ask(seed: int) -> pd.DataFrame:
        if seed < 4:
            start.wait(timeout=30)
        return history(oracle.frame(oracle.orders(200, seed=seed)))

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(ask, seeds))
    for seed, answer in zip(seeds, answers, strict=True):
        pd.testing.assert_frame_equal(answer, oracle.history(oracle.orders(200, seed=seed), AS_OF))


def test_a_query_spills_to_its_own_folder_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with embedded.Embedded() as session:
        setting = session.run(
            "select current_setting('temp_directory') as folder, current_setting('memory_limit') as memory",
            {},
        )
        assert Path(setting["folder"][0].as_py()).parent == tmp_path
        assert setting["memory"][0].as_py() == "1.8 GiB"
    history(SMALL)
    refusal(SMALL.assign(amount=float("nan")), errors.ContractError)
    assert list(tmp_path.iterdir()) == []


def test_python_variables_are_never_taken_for_tables() -> None:
    orders = SMALL
    with (
        embedded.Embedded() as session,
        pytest.raises(errors.EngineError, match="could not answer"),
    ):
        session.run("select * from orders", {})
    assert len(orders) == 2


def test_a_relation_stays_usable_on_its_own_connection() -> None:
    connection = duckdb.connect()
    connection.execute(
        "create table sales as select 'A' as customer_id, date '2026-08-01' as ordered_at, 1.5 as amount"
    )
    relation = connection.table("sales")
    assert history(relation)["monetary"].tolist() == [1.5]
    assert relation.fetchall() == [("A", dt.date(2026, 8, 1), Decimal("1.5"))]
    assert connection.sql("show tables").fetchall() == [("sales",)]


# The file


def test_the_sql_file_runs_by_itself_in_duckdb() -> None:
    connection = duckdb.connect()
    connection.execute(
        "create table orders as select 'A' as customer_id, timestamp '2026-08-01 10:00' as ordered_at, "
        "1.50::decimal(18, 2) as amount"
    )
    sql = queries.named("purchase_history").sql
    result = connection.sql(sql, params={"as_of": AS_OF, "window_days": None})
    assert result.columns == queries.named("purchase_history").result.names


@pytest.mark.parametrize("name", queries.QUERIES)
def test_every_query_says_its_question_tables_and_parameters(name: str) -> None:
    query = queries.named(name)
    header = query.sql.split("\n\nwith")[0]
    assert header.startswith("-- ")
    for word in [*query.tables, *(f"${parameter}" for parameter in query.parameters)]:
        assert word in header


def test_results_are_in_the_order_of_ids_by_code_point() -> None:
    ids = history(TABLE)["customer_id"].tolist()
    assert ids == sorted(ids)


def test_parameters_are_values_and_never_text() -> None:
    assert arguments.day("as_of", "2026-09-03") == AS_OF
    with pytest.raises(errors.ParameterError):
        arguments.day("as_of", "2026-09-03'; drop table orders; --")


# First and repeat purchases by day


@pytest.mark.parametrize("cohort_until", [None, dt.date(2026, 8, 3), dt.date(2020, 1, 1)])
def test_purchase_days_are_those_of_the_rules_read_aloud(cohort_until: dt.date | None) -> None:
    rows = oracle.orders(500, seed=8)
    found = engine.query(
        "purchase_days", orders=oracle.frame(rows), as_of=AS_OF, cohort_until=cohort_until
    )
    pd.testing.assert_frame_equal(found, oracle.days(rows, AS_OF, cohort_until))


def test_purchase_days_and_purchase_history_count_the_same_purchases() -> None:
    orders = oracle.frame(oracle.orders(500, seed=9))
    days = engine.query("purchase_days", orders=orders, as_of=AS_OF)
    bought = history(orders, as_of=AS_OF)["frequency"]
    assert days["first_purchases"].sum() == (bought > 0).sum()
    assert days["repeat_purchases"].sum() == (bought - 1).clip(lower=0).sum()
