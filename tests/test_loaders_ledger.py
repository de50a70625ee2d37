"""The ledger tells what happened to every row, in both languages, and can be kept."""

import csv
import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest

from workbench import errors, loaders, words
from workbench.loaders.account import ledger
from workbench.loaders.account import rejects as rejecting
from workbench.loaders.cast import contract, dates, numbers
from workbench.loaders.open import cells, line_by_line

TEXT = """customer_id,ordered_at,amount
=cmd|'/c calc'!A0,=1+1,9
-5,soon,\t@SUM(A1)
1,2026-03-05,1.0051
,2026-03-06,-2
"""


@pytest.fixture
def loaded(tmp_path: Path) -> loaders.Loaded:
    path = tmp_path / "orders.csv"
    path.write_text(TEXT, encoding="utf-8")
    return loaders.load(path, cache=tmp_path / "cache", max_reject_rate=1)


def test_the_summary_has_one_row_per_check_that_applies(loaded: loaders.Loaded) -> None:
    summary = loaded.ledger.summary()
    assert summary.columns.tolist() == ["check", "rows", "share"]
    assert dict(zip(summary["check"], summary["rows"], strict=True)) == {
        "rows_read": 4,
        "rows_kept": 2,
        "rows_rejected": 2,
        "rows_apart": 0,
        "duplicates_dropped": 0,
        "exact_duplicates": 0,
        "refunds": 1,
        "anonymous": 1,
        "same_day_merges": 0,
        "amounts_finer_than_cent": 1,
        "further_lines": 0,
        "total_rows": 0,
        "implausible_dates": 0,
        "cleaned_ids": 0,
        "placeholder_ids": 0,
        "case_ids": 0,
    }
    assert summary["share"].tolist()[:3] == [1.0, 0.5, 0.5]


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_every_check_and_reason_has_its_words(lang: words.Lang) -> None:
    source = "".join(
        Path(str(module.__file__)).read_text("utf-8")
        for module in (contract, dates, numbers, cells, line_by_line)
    )
    reasons = {
        "missing_value", "not_a_date", "date_out_of_range", "offset_without_zone", "not_a_number",
        "not_finite", "number_too_large", "not_whole", "unknown_choice", "nul_byte",
        "too_few_fields", "too_many_fields", "malformed_quotes", "not_in_encoding", "two_digit_year",
        "other_date_form", "other_number_form", "percentage",
    }  # fmt: skip
    assert {reason for reason in reasons if f"'{reason}'" in source or f'"{reason}"' in source} == (
        reasons
    )
    for reason in (*reasons, "duplicate_key"):
        assert words.Words(lang)(f"ledger.reason.{reason}")
    for check in ledger.CHECKS:
        assert words.Words(lang)(f"ledger.{check}")


def test_the_ledger_keeps_hostile_text_whole(loaded: loaders.Loaded) -> None:
    assert loaded.ledger.rejects["value"].tolist() == ["=1+1", "soon; @SUM(A1)"]


def test_rejects_are_written_with_words_and_without_live_formulas(
    loaded: loaders.Loaded, tmp_path: Path
) -> None:
    path = loaded.ledger.write_rejects(tmp_path / "rejects.csv")
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    assert rows == [
        ["Line", "Column", "Value", "Reason"],
        ["2", "ordered_at", "'=1+1", "not a date"],
        ["3", "ordered_at; amount", "soon; @SUM(A1)", "not a date; not a number"],
    ]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark for Chinese"
    chinese = loaded.ledger.write_rejects(tmp_path / "zh.csv", words=words.Words("zh"))
    assert "行号,列,值,原因" in chinese.read_text("utf-8-sig")
    assert "不是日期; 不是数字" in chinese.read_text("utf-8-sig")


def test_rejects_that_cannot_be_written_say_so_and_leave_nothing(
    loaded: loaders.Loaded, tmp_path: Path
) -> None:
    with pytest.raises(errors.SourceError, match=r" cannot be written.*\nName a file"):
        loaded.ledger.write_rejects(tmp_path / "nowhere" / "rejects.csv")
    (tmp_path / "folder").mkdir()
    with pytest.raises(errors.SourceError):
        loaded.ledger.write_rejects(tmp_path / "folder")
    assert not list(tmp_path.glob(".workbench-draft-*"))


def test_a_ledger_survives_json(loaded: loaders.Loaded) -> None:
    told = json.loads(json.dumps(loaded.ledger.to_dict()))
    back = loaders.Ledger.from_dict(told)
    assert back == loaded.ledger
    assert back.rejects.equals(loaded.ledger.rejects)
    assert back.last_date == dt.date(2026, 3, 6)
    assert "rejects" not in loaded.ledger.to_dict(rejects=False)


def test_an_empty_rejects_table_has_its_columns_and_types() -> None:
    table = rejecting.table()
    assert table.columns.tolist() == ["line_number", "column", "value", "reason"]
    assert table.dtypes.astype(str).tolist() == ["int64", "str", "str", "str"]
    assert isinstance(table, pd.DataFrame)


def test_completeness_counts_what_each_column_of_the_contract_holds(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "customer_id,ordered_at,amount\na,2026-03-05,5\n,2026-03-06,7.5\nb,2026-03-06,x\n",
        encoding="utf-8",
    )
    loaded = loaders.load(path, cache=tmp_path / "cache", max_reject_rate=1)
    table = loaded.completeness()[:4]
    assert table["column"].tolist() == ["order_id", "customer_id", "ordered_at", "amount"]
    assert table["rows"].tolist() == [2, 2, 2, 2]
    assert table["filled"].tolist() == [0, 1, 2, 2]
    assert table["completeness"].tolist()[1:] == [0.5, 1.0, 1.0]
    assert pd.isna(table["completeness"][0]), "the file has no such column"
    assert table["distinct"].tolist() == [0, 1, 2, 2]
    assert table["largest"].tolist()[2:] == ["2026-03-06", "7.50"]


def test_completeness_of_nothing_is_missing_and_not_zero(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer_id,ordered_at,amount\n", encoding="utf-8")
    table = loaders.load(path, cache=tmp_path / "cache").completeness()
    assert table["completeness"].isna().all()
