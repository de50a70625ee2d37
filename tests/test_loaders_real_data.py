"""Two real exports, each in with a few lines of mapping and a true ledger."""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from workbench import loaders

pytestmark = pytest.mark.shared


@pytest.mark.slow
def test_the_uci_online_retail_lines_come_in_with_a_true_ledger(
    shared_data: Path, tmp_path: Path
) -> None:
    loaded = loaders.load(
        shared_data / "online_retail_uci" / "online_retail.csv.gz",
        columns={
            "order_id": "InvoiceNo",
            "customer_id": "CustomerID",
            "ordered_at": "InvoiceDate",
            "amount": "Quantity * UnitPrice",
        },
        cache=tmp_path,
    )
    ledger = loaded.ledger
    assert (ledger.rows_read, ledger.rows_kept, ledger.rows_rejected) == (541_909, 541_909, 0)
    assert ledger.anonymous == 135_080
    assert ledger.refunds == 9_288 + 2
    assert ledger.exact_duplicates == 5_268
    assert ledger.cleaned_ids == 541_909 - 135_080
    assert (ledger.first_date, ledger.last_date) == (dt.date(2010, 12, 1), dt.date(2011, 12, 9))
    assert ledger.ignored_columns == ("StockCode", "Description", "Country")
    assert loaded.table["customer_id"].iloc[0] == "17850"
    connection = duckdb.connect()
    customers, cents = connection.execute(
        "SELECT count(DISTINCT customer_id), sum(amount) FROM read_parquet(?)", [str(loaded.source)]
    ).fetchall()[0]
    assert customers == 4_372
    assert abs(float(cents) - 9_747_747.93) < 0.05, "the total published with the data"
    cancelled = loaded.table["order_id"].str.startswith("C")
    assert cancelled.sum() == 9_288
    assert (loaded.table.loc[cancelled, "amount"] < 0).all()


@pytest.mark.slow
def test_dropping_the_uci_duplicates_accounts_for_every_row(
    shared_data: Path, tmp_path: Path
) -> None:
    loaded = loaders.load(
        shared_data / "online_retail_uci" / "online_retail.csv.gz",
        columns={
            "customer_id": "CustomerID",
            "ordered_at": "InvoiceDate",
            "amount": "Quantity * UnitPrice",
        },
        drop_duplicates=True,
        cache=tmp_path,
    )
    ledger = loaded.ledger
    assert ledger.duplicates_dropped == 5_268
    assert ledger.rows_read == ledger.rows_kept + ledger.rows_rejected + ledger.duplicates_dropped


def test_the_cdnow_master_file_comes_in_by_position(shared_data: Path, tmp_path: Path) -> None:
    loaded = loaders.load(
        shared_data / "cdnow" / "CDNOW_master.txt.gz",
        widths={
            "customer_id": (0, 6),
            "date": (7, 15),
            "number_of_cds": (16, 18),
            "dollar_value": (18, 27),
        },
        columns={"ordered_at": "date", "amount": "dollar_value"},
        date_format="%Y%m%d",
        cache=tmp_path,
    )
    ledger = loaded.ledger
    assert (ledger.rows_read, ledger.rows_kept, ledger.rows_rejected) == (69_659, 69_659, 0)
    assert loaded.table["customer_id"].nunique() == 23_570
    assert (ledger.first_date, ledger.last_date) == (dt.date(1997, 1, 1), dt.date(1998, 6, 30))
    assert loaded.table["customer_id"].iloc[0] == "00001", "ids keep leading zeros"


def test_the_cdnow_sample_has_no_header_and_loses_no_row(shared_data: Path, tmp_path: Path) -> None:
    loaded = loaders.load(
        shared_data / "cdnow" / "CDNOW_sample.txt.gz",
        widths={
            "master_id": (1, 6),
            "customer_id": (7, 11),
            "date": (12, 20),
            "dollar_value": (23, 32),
        },
        columns={"ordered_at": "date", "amount": "dollar_value"},
        date_format="%Y%m%d",
        cache=tmp_path,
    )
    assert loaded.ledger.rows_kept == 6_919
    assert loaded.table["customer_id"].nunique() == 2_357
    assert loaded.table.iloc[0].tolist()[::2] == ["0001", 29.33]
