"""Typed Parquet is used where it lies if it keeps the contract, else cast like text."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from workbench import loaders

DAY = dt.datetime(2026, 3, 5, 10, 30)


def orders(**columns: Any) -> pa.Table:
    table: dict[str, Any] = {
        "order_id": ["a", "b", "c"],
        "customer_id": ["007", None, "007"],
        "ordered_at": pa.array([DAY, DAY, DAY], pa.timestamp("us")),
        "amount": [1.005, -2.0, 0.0],
    }
    return pa.table({**table, **columns})


def load(table: pa.Table, folder: Path, **options: Any) -> loaders.Loaded:
    path = folder / "orders.parquet"
    pq.write_table(table, path)
    return loaders.load(path, cache=folder / "cache", max_reject_rate=1, **options)


def is_in_place(loaded: loaders.Loaded, folder: Path) -> bool:
    return loaded.source == (folder / "orders.parquet").resolve()


def test_a_clean_file_is_not_copied_and_fully_counted(tmp_path: Path) -> None:
    loaded = load(orders(till=[1, 2, 3]), tmp_path)
    assert is_in_place(loaded, tmp_path)
    ledger = loaded.ledger
    assert (ledger.rows_read, ledger.rows_kept, ledger.rows_rejected) == (3, 3, 0)
    assert (ledger.refunds, ledger.anonymous, ledger.same_day_merges) == (1, 1, 1)
    assert ledger.amounts_finer_than_cent == 1
    assert ledger.ignored_columns == ("till",)
    assert ledger.encoding is None
    assert loaded.table.columns.tolist() == ["order_id", "customer_id", "ordered_at", "amount"]
    again = loaders.load(tmp_path / "orders.parquet", cache=tmp_path / "cache")
    assert again.ledger == ledger
    assert is_in_place(again, tmp_path)


@pytest.mark.parametrize(
    "column",
    [
        {"amount": pa.array([1, 2, 3], pa.int32())},
        {"amount": pa.array([Decimal("1.0050")] * 3, pa.decimal128(12, 4))},
        {"ordered_at": pa.array([DAY.date()] * 3, pa.date32())},
        {"ordered_at": pa.array([DAY] * 3, pa.timestamp("ns"))},
        {"customer_id": pa.array(["a", "b", "c"], pa.large_string())},
    ],
)
def test_other_exact_types_are_taken_as_they_are(tmp_path: Path, column: dict[str, Any]) -> None:
    loaded = load(orders(**column), tmp_path)
    assert is_in_place(loaded, tmp_path)
    assert str(loaded.table["amount"].dtype) == "float64"
    assert str(loaded.table["ordered_at"].dtype) == "datetime64[us]"


@pytest.mark.parametrize(
    "column",
    [
        {"customer_id": pa.array([17850, 13047, None], pa.int64())},
        {"customer_id": pa.array([17850.0, 13047.0, None])},
        {"customer_id": ["17850.0", "13047.0", None]},
        {"customer_id": [" 17850", "13047", ""]},
    ],
)
def test_ids_that_are_numbers_or_untrimmed_become_text(
    tmp_path: Path, column: dict[str, Any]
) -> None:
    loaded = load(orders(**column), tmp_path)
    assert not is_in_place(loaded, tmp_path)
    assert loaded.table["customer_id"].tolist()[:2] == ["17850", "13047"]
    assert loaded.ledger.anonymous == 1


def test_a_float_becomes_money_through_its_shortest_text(tmp_path: Path) -> None:
    loaded = load(orders(customer_id=[1, 2, 3]), tmp_path)
    assert loaded.table["amount"].tolist() == [1.01, -2.0, 0.0]
    assert loaded.ledger.amounts_finer_than_cent == 1


def test_texts_in_parquet_are_cast_like_texts_in_csv(tmp_path: Path) -> None:
    table = orders(ordered_at=["05.03.2026", "05.03.2026", "soon"], amount=["1", "2", "3"])
    loaded = load(table, tmp_path, date_format="%d.%m.%Y")
    assert loaded.ledger.rows_kept == 2
    assert loaded.ledger.rejects.iloc[0].tolist() == [3, "ordered_at", "soon", "not_a_date"]


def test_a_date_format_for_texts_leaves_typed_times_alone(tmp_path: Path) -> None:
    loaded = load(orders(customer_id=[1, 2, 3]), tmp_path, date_format="%d.%m.%Y")
    assert loaded.ledger.rows_kept == 3


def test_a_mapped_product_is_computed(tmp_path: Path) -> None:
    table = orders(amount=[0, 0, 0], pieces=[2, -1, 0], price=[1.5, 1.5, 9.0])
    loaded = load(table, tmp_path, columns={"amount": "pieces * price"})
    assert not is_in_place(loaded, tmp_path)
    assert loaded.table["amount"].tolist() == [3.0, -1.5, 0.0]


def test_moments_with_a_zone_become_local_time(tmp_path: Path) -> None:
    table = orders(ordered_at=pa.array([DAY] * 3, pa.timestamp("us", tz="UTC")))
    loaded = load(table, tmp_path, local_timezone="Asia/Shanghai")
    assert loaded.table["ordered_at"].dt.hour.tolist() == [18, 18, 18]
    assert load(table, tmp_path).ledger.rejects["reason"].unique() == ["offset_without_zone"]


def test_naive_times_are_converted_between_stated_zones(tmp_path: Path) -> None:
    loaded = load(orders(), tmp_path, timezone="UTC", local_timezone="Asia/Shanghai")
    assert loaded.table["ordered_at"].dt.hour.tolist() == [18, 18, 18]
    same = load(orders(), tmp_path, timezone="Asia/Shanghai", local_timezone="Asia/Shanghai")
    assert is_in_place(same, tmp_path)


def test_duplicates_are_counted_in_place_and_dropped_in_a_copy(tmp_path: Path) -> None:
    table = orders(order_id=[None] * 3, customer_id=["1"] * 3, amount=[1.0] * 3)
    kept = load(table, tmp_path)
    assert (is_in_place(kept, tmp_path), kept.ledger.exact_duplicates) == (True, 2)
    dropped = load(table, tmp_path, drop_duplicates=True)
    assert (dropped.ledger.rows_kept, dropped.ledger.duplicates_dropped) == (1, 2)


def test_a_repeated_key_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    pq.write_table(pa.table({"customer_id": ["1", "1", "2"]}), path)
    loaded = loaders.load(path, table="customers", cache=tmp_path / "c", max_reject_rate=1)
    assert loaded.table["customer_id"].tolist() == ["1", "2"]
    assert loaded.ledger.rejects["line_number"].tolist() == [2]


def test_parquet_is_known_by_its_content_and_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    pq.write_table(orders(), path)
    assert loaders.load(path, cache=tmp_path / "cache").ledger.format == "parquet"


def test_an_empty_parquet_file_is_an_empty_table(tmp_path: Path) -> None:
    loaded = load(orders().slice(0, 0), tmp_path)
    assert loaded.table.empty
    assert loaded.ledger.rows_read == 0


def test_a_path_with_pattern_signs_names_one_file(tmp_path: Path) -> None:
    path = tmp_path / "o[1]*?.parquet"
    pq.write_table(orders(), path)
    assert loaders.load(path, cache=tmp_path / "cache").ledger.rows_kept == 3
