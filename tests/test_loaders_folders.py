"""Many files come in as one table: each row's file is known, and none counts twice unseen."""

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from workbench import config, errors, loaders
from workbench.loaders.account import acceptance
from workbench.loaders.account import cache as caching
from workbench.loaders.cast import by_kind

pytestmark = pytest.mark.many

HEADER = "order_id,customer_id,ordered_at,amount\n"
Put = Callable[[str, str | bytes], Path]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "exports"
    path.mkdir()
    return path


@pytest.fixture
def put(folder: Path) -> Put:
    def write(name: str, content: str | bytes) -> Path:
        path = folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def month(number: int, *rows: str) -> str:
    body = rows or (f"O{number},C{number},2026-{number:02d}-05,{number}.50",)
    return HEADER + "".join(f"{row}\n" for row in body)


def load(source: Path | str, **options: Any) -> loaders.Loaded:
    loaded = loaders.load(source, **{"max_reject_rate": 1, **options})
    ledger = loaded.ledger
    kept = ledger.rows_kept + ledger.rows_rejected + ledger.duplicates_dropped + ledger.rows_apart
    assert ledger.rows_read == kept
    assert len(ledger.rejects) == ledger.rows_rejected
    assert len(loaded.table) == ledger.rows_kept
    files = ledger.by_file()
    for name in ("rows_read", "rows_kept", "rows_apart", "rows_rejected", "duplicates_dropped"):
        assert files[name].sum() == getattr(ledger, name)
    return loaded


def refused(source: Path | str, **options: Any) -> str:
    with pytest.raises(errors.WorkbenchError) as caught:
        loaders.load(source, **options)
    assert caught.value.what
    assert caught.value.mend
    return str(caught.value)


@pytest.mark.parametrize("how", ["folder", "pattern"])
def test_a_folder_and_a_pattern_are_one_table(put: Put, folder: Path, how: str) -> None:
    for number in (3, 1, 2):
        put(f"2026-{number:02d}.csv", month(number))
    source = folder if how == "folder" else f"{folder}/2026-*.csv"
    loaded = load(source)
    assert loaded.table["order_id"].tolist() == ["O1", "O2", "O3"], "in the order of their names"
    assert loaded.ledger.by_file()["file"].tolist() == ["2026-01.csv", "2026-02.csv", "2026-03.csv"]
    assert loaded.ledger.source == str(source)
    assert str(loaded.ledger.first_date) == "2026-01-05"


def test_rejects_name_their_file_and_line(put: Put, folder: Path, tmp_path: Path) -> None:
    put("b.csv", month(2, "1,a,soon,1", "2,b,2026-02-02,2"))
    put("a.csv", month(1, "1,a,2026-01-01,1", '2,"b\n",2026-01-02,free', "3,c", "4,d,x,1"))
    ledger = load(folder).ledger
    assert ledger.rejects[["file", "line_number", "reason"]].to_numpy().tolist() == [
        ["a.csv", 3, "not_a_number"],
        ["a.csv", 5, "too_few_fields"],
        ["a.csv", 6, "not_a_date"],
        ["b.csv", 2, "not_a_date"],
    ]
    assert ledger.by_file()["rows_rejected"].tolist() == [3, 1]
    written = ledger.write_rejects(tmp_path / "rejects.csv").read_text("utf-8-sig").splitlines()
    assert written[0] == "File,Line,Column,Value,Reason"
    assert written[1] == "a.csv,3,amount,free,not a number"


def test_too_many_rejects_name_the_first_with_its_file(put: Put, folder: Path) -> None:
    put("a.csv", month(1))
    put("b.csv", month(2, "1,a,soon,1"))
    with pytest.raises(
        errors.RejectRateError, match=r"first in b\.csv, line 2 \('soon'\)"
    ) as caught:
        loaders.load(folder)
    assert caught.value.ledger.rejects["file"].tolist() == ["b.csv"]


def test_columns_may_stand_in_another_order_and_rows_are_still_equal(
    put: Put, folder: Path
) -> None:
    put("a.csv", "customer_id,ordered_at,amount\na,2026-01-01,10\n")
    put("b.csv", "amount,ordered_at,customer_id\n10,2026-01-01,a\n")
    assert load(folder).ledger.exact_duplicates == 1
    assert load(folder, drop_duplicates=True).ledger.by_file()["rows_kept"].tolist() == [1, 0]


def test_a_file_without_an_optional_column_is_told(put: Put, folder: Path) -> None:
    put("a.csv", month(1))
    put("b.csv", "customer_id,ordered_at,amount,shop\nb,2026-02-01,2,N\n")
    loaded = load(folder)
    assert loaded.ledger.by_file()["lacks"].tolist() == ["", "order_id"]
    assert loaded.table["order_id"].isna().tolist() == [False, True]
    assert loaded.ledger.ignored_columns == ("shop",)


def test_a_file_that_spells_a_column_otherwise_is_refused_by_name(put: Put, folder: Path) -> None:
    put("a.csv", month(1))
    put("b.csv", month(2).replace("customer_id", "cust_id"))
    said = refused(folder)
    assert "'b.csv': orders: missing column 'customer_id'" in said
    assert "Found 'cust_id'" in said
    put("b.csv", month(2).replace("order_id", "oder_id"))
    said = refused(folder)
    assert "'b.csv' has no column 'order_id', which 'a.csv' has" in said
    assert "Did you mean 'oder_id'?" in said


def test_the_same_file_twice_is_told_and_counted(put: Put, folder: Path) -> None:
    put("a.csv", month(1, "1,a,2026-01-01,1", "2,b,2026-01-02,2"))
    put("b.csv", month(2))
    put("copy of a.csv", month(1, "1,a,2026-01-01,1", "2,b,2026-01-02,2"))
    ledger = load(folder).ledger
    assert ledger.by_file()["same_as"].tolist() == ["", "", "a.csv"]
    assert (ledger.repeated_file_rows, ledger.replaced_orders, ledger.rows_kept) == (2, 2, 3)
    added = load(folder, same_order="add").ledger
    assert (added.rows_kept, added.exact_duplicates, added.replaced_orders) == (5, 2, 0)
    dropped = load(folder, same_order="add", drop_duplicates=True).ledger
    assert (dropped.rows_kept, dropped.duplicates_dropped) == (3, 2)


def test_keys_are_looked_for_across_files(put: Put, folder: Path) -> None:
    put("a.csv", "customer_id,customer_name\na,A\nb,B\n")
    put("b.csv", "customer_id,customer_name\n,nobody\nc,C\na,Another\n")
    loaded = load(folder, table="customers")
    assert loaded.table["customer_name"].tolist() == ["A", "B", "C"]
    assert loaded.ledger.rejects[["file", "line_number", "reason"]].to_numpy().tolist() == [
        ["b.csv", 2, "missing_value"],
        ["b.csv", 4, "duplicate_key"],
    ]


def test_purchases_of_one_day_in_two_files_are_one(put: Put, folder: Path) -> None:
    put("a.csv", month(1, "1,a,2026-01-01 09:00:00,1"))
    put("b.csv", month(1, "2,a,2026-01-01 19:00:00,2"))
    assert load(folder).ledger.same_day_merges == 1


def test_packed_files_and_other_encodings_stand_beside_plain_ones(put: Put, folder: Path) -> None:
    put("a.csv", month(1))
    put("b.csv.gz", gzip.compress(month(2).encode()))
    put("c.txt", month(3).replace(",", ";"))
    ledger = load(folder).ledger
    assert ledger.rows_kept == 3
    assert ledger.separator == ",, ;"


def test_float_ids_are_mended_in_every_file(put: Put, folder: Path) -> None:
    put("a.csv", month(1, "1,17850.0,2026-01-01,1"))
    put("b.csv", month(1, "2,17851.0,2026-01-01,1"))
    assert load(folder).table["customer_id"].tolist() == ["17850", "17851"]
    put("c.csv", month(1, "3,A1,2026-01-01,1"))
    assert load(folder).table["customer_id"].tolist() == ["17850", "17851", "A1"]


def test_each_file_has_its_own_way_of_writing_dates(put: Put, folder: Path) -> None:
    put("a.csv", month(1, "1,a,31/01/2026,1", "2,b,05/01/2026,1"))
    put("b.csv", month(2, "3,c,2026-02-05,1"))
    loaded = load(folder)
    assert loaded.table["ordered_at"].dt.strftime("%d.%m.").tolist() == [
        "31.01.",
        "05.01.",
        "05.02.",
    ]
    assert loaded.ledger.forms["ordered_at"] == "%Y-%m-%d, %d/%m/%Y"


def test_files_of_two_currencies_are_refused(put: Put, folder: Path) -> None:
    put("a.csv", month(1, "1,a,2026-01-01,€5.00"))
    put("b.csv", month(1, "2,b,2026-01-01,$5.00"))
    said = refused(folder)
    assert "'b.csv' is in $, 'a.csv' in EUR" in said


def test_workbooks_and_parquet_come_in_together_too(folder: Path) -> None:
    for number in (1, 2):
        book = openpyxl.Workbook()
        book.active.append(["Sales"] if number == 2 else ["customer_id", "ordered_at", "amount"])
        if number == 2:
            book.active.append(["customer_id", "ordered_at", "amount"])
        book.active.append([17850, pd.Timestamp("2026-03-05").to_pydatetime(), 0.1])
        book.save(folder / f"{number}.xlsx")
    (folder / "~$1.xlsx").write_bytes(b"lock")
    ledger = load(folder).ledger
    assert (ledger.format, ledger.rows_kept, ledger.number_ids) == ("excel", 2, 2)
    assert (ledger.sheet, ledger.header_row) == ("Sheet", None)
    shutil.rmtree(folder)
    folder.mkdir()
    for number in (1, 2):
        pd.DataFrame(
            {"customer_id": ["a"], "ordered_at": [pd.Timestamp("2026-03-05")], "amount": [number]}
        ).to_parquet(folder / f"{number}.parquet")
    assert load(folder).table["amount"].tolist() == [1.0, 2.0]


def test_files_of_several_kinds_are_refused(put: Put, folder: Path) -> None:
    put("a.csv", month(1))
    openpyxl.Workbook().save(folder / "b.xlsx")
    said = refused(folder)
    assert "holds files of several kinds: 1 Excel ('b.xlsx'), 1 text ('a.csv')" in said
    assert "such as '*.csv'" in said


def test_hidden_files_and_folders_inside_are_no_part(put: Put, folder: Path) -> None:
    put("a.csv", month(1))
    put(".DS_Store", b"\0\0\0\1Bud1")
    put("old/b.csv", "not read")
    assert load(folder).ledger.rows_kept == 1


def test_a_pattern_may_reach_into_folders(put: Put, folder: Path) -> None:
    put("2025/12.csv", month(12))
    put("2026/01.csv", month(1))
    loaded = load(f"{folder}/**/*.csv")
    assert loaded.ledger.by_file()["file"].tolist() == ["2025/12.csv", "2026/01.csv"]


def test_a_pattern_that_matches_nothing_says_what_there_is(put: Put, folder: Path) -> None:
    put("2026-01.csv", month(1))
    said = refused(f"{folder}/2025-*.csv")
    assert "No file matches" in said
    assert "there is '2026-01.csv'" in said
    assert "is not there either" in refused(f"{folder}/nowhere/*.csv")
    empty = folder / "empty"
    empty.mkdir()
    assert "holds no file" in refused(empty)


def test_a_file_whose_name_holds_a_sign_of_patterns_is_a_file(put: Put) -> None:
    path = put("orders [1]*.csv", month(1))
    assert loaders.load(path).ledger.files == ()


def test_a_bad_file_among_good_ones_is_named(put: Put, folder: Path, cache: Path) -> None:
    put("a.csv", month(1))
    put("b.csv.gz", gzip.compress(month(2).encode() * 99)[:-9])
    assert "'b.csv.gz' is damaged" in refused(folder)
    put("b.csv.gz", "")
    assert "'b.csv.gz' is empty" in refused(folder)
    assert not list(cache.glob("*-*")), "nothing half-written is left"


def test_a_second_load_reads_nothing_again(
    put: Put, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a.csv", month(1))
    put("b.csv", month(2, "1,a,soon,1"))
    first = load(folder)
    with monkeypatch.context() as patch:
        patch.setattr(by_kind, "stage", lambda *_, **__: pytest.fail("read again"))
        second = load(folder)
    assert second.ledger == first.ledger
    assert second.ledger.rejects.equals(first.ledger.rejects)
    (folder / "a.csv").rename(folder / "z.csv")
    renamed = load(folder)
    assert renamed.ledger.fingerprint != first.ledger.fingerprint, "the ledger names its files"
    told = json.loads(json.dumps(first.ledger.to_dict()))
    assert loaders.Ledger.from_dict(told) == first.ledger
    assert loaders.Ledger.from_dict(told).rejects.equals(first.ledger.rejects)


def test_a_file_that_changes_meanwhile_is_told(
    put: Put, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a.csv", month(1))
    path = put("b.csv", month(2))
    honest = by_kind.stage

    def meanwhile(*args: Any, **options: Any) -> Any:
        path.write_text(month(2) + "9,x,2026-03-05,1\n")
        return honest(*args, **options)

    monkeypatch.setattr(by_kind, "stage", meanwhile)
    assert "changed while it was read" in refused(folder)


def test_the_settings_name_a_pattern(put: Put, folder: Path, tmp_path: Path) -> None:
    put("2026-01.csv", month(1))
    put("2026-02.csv", month(2))
    (tmp_path / "workbench.toml").write_text('[tables.orders]\nsource = "exports/2026-*.csv"\n')
    ledger = loaders.load_configured("orders", config.load(tmp_path)).ledger
    assert (ledger.source, ledger.rows_kept) == ("exports/2026-*.csv", 2)


def test_an_entry_of_the_cache_is_whole_or_absent(
    put: Put, folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a.csv", month(1))
    put("b.csv", month(2))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(acceptance, "write", full)
    assert "No space left" in refused(folder)
    assert not list(cache.glob(f"*/{caching.LEDGER}"))
    assert not list(cache.glob(".workbench-draft-*"))
