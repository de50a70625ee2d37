"""What other programs write for our codes is read as them; what is none of them is told."""

import csv
from pathlib import Path

import pytest

from workbench import loaders, schema
from workbench.loaders.cast import contract

VALUES = list(
    csv.DictReader((Path(contract.__file__).parent / "values.csv").read_text("utf-8").splitlines())
)


def test_every_word_stands_for_a_code_of_its_column_and_for_one_alone() -> None:
    columns = {
        column.name: column for table in schema.TABLES for column in schema.table(table).columns
    }
    seen: dict[tuple[str, str], str] = {}
    for row in VALUES:
        assert row["code"] in columns[row["column"]].choices, row
        assert row["written"].lower() not in columns[row["column"]].choices, row
        place = row["column"], row["written"].lower()
        assert place not in seen, row
        seen[place] = row["code"]


@pytest.mark.parametrize(
    ("channel", "direction", "feedback", "read"),
    [
        ("微信", "发出", "", ["wechat", "out", None]),
        ("WeChat", "IN", "Positive", ["wechat", "in", "positive"]),
        ("E-Mail", "Received", "退订", ["email", "in", "opted_out"]),
        ("email", "in", "none", ["email", "in", "none"]),
    ],
)
def test_words_of_other_programs_are_read_as_our_codes(
    tmp_path: Path, channel: str, direction: str, feedback: str, read: list[str | None]
) -> None:
    file = tmp_path / "touches.csv"
    head = "touch_id,lead_id,touched_at,channel,direction,feedback\n"
    file.write_text(f"{head}m1,L1,2026-11-01,{channel},{direction},{feedback}\n", encoding="utf-8")
    table = loaders.load(file, table="touches", cache=tmp_path).table
    found = table[["channel", "direction", "feedback"]].astype("object").iloc[0]
    assert found.where(found.notna(), None).tolist() == read


def test_a_word_that_is_no_code_is_rejected_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "touches.csv"
    head = "touch_id,lead_id,touched_at,channel,direction\n"
    file.write_text(f"{head}m1,L1,2026-11-01,pigeon,out\n", encoding="utf-8")
    loaded = loaders.load(file, table="touches", cache=tmp_path, max_reject_rate=1.0)
    rejected = loaded.ledger.rejects_in_words()
    assert rejected[["line_number", "column", "reason"]].values.tolist() == [
        [2, "channel", "not one of the known values"]
    ]
