"""``workbench calls``: whom should who call first, on a terminal and as a workbook by owner?"""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from workbench import churn, cli, config, exhibits, loaders, purchases, samples, tables
from workbench.words import Words

AS_OF, LAST = "2026-09-30", "2026-10-31"


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings and tables of its own, entered."""
    samples.write(tmp_path / "data", customers=300)
    lines = ['currency = "CNY"']
    lines += [f'[tables.{name}]\nsource = "data/{name}.csv"' for name in samples.TABLES]
    lines.append("[churn]\nrisk_from = 1.4")
    (tmp_path / "workbench.toml").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def listed(as_of: str) -> pd.DataFrame:
    settings = config.load()
    orders, customers, owners = (
        loaders.load_configured(name, settings) for name in ("orders", "customers", "owners")
    )
    warnings = churn.warn(purchases.history(orders, as_of=as_of), risk_from=1.4)
    return churn.call_list(warnings, customers=customers.table, owners=owners.table)


def sheets(path: Path) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def test_the_workbook_by_owner_is_what_the_functions_give(
    company: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["calls", "--by", "owner", "--as-of", AS_OF, "--excel", "calls.xlsx"]
    assert cli.main(command) == 0
    calls = listed(AS_OF)
    assert len(calls) > 5
    rows = exhibits.churn.calls(calls, risk_from=1.4).whole(Words("en", "CNY"))
    (company / "mine.xlsx").write_bytes(tables.excel(rows, by="owner"))
    mine = sheets(company / "mine.xlsx")
    assert sheets(company / "calls.xlsx") == mine
    assert sum(len(part) - 1 for part in mine.values()) == len(calls)
    assert capsys.readouterr().out.endswith("at stake: calls.xlsx\n")


def test_without_a_day_it_is_the_last_of_the_last_whole_month(company: Path) -> None:
    assert cli.main(["calls", "--excel", "calls.xlsx", "--lang", "zh"]) == 0
    ((name, rows),) = sheets(company / "calls.xlsx").items()
    assert name == "Sheet1"
    assert "客户" in rows[0]
    assert [row[1] for row in rows[1:]] == listed(LAST)["customer_id"].tolist()


def test_the_terminal_lists_one_owners_calls(
    company: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = listed(LAST)
    owner = calls["owner_id"].value_counts().index[0]
    assert cli.main(["calls", "--owner", owner]) == 0
    said = capsys.readouterr().out
    mine = calls[calls["owner_id"] == owner]
    assert [one in said for one in calls["customer_id"]] == (calls["owner_id"] == owner).tolist()
    assert len(said.splitlines()) == 1 + len(mine) + 1
    assert "buys every" in said


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--by", "owner"], 2, "no workbook is asked for. Write: workbench calls --by owner"),
        (["--by", "region", "--excel", "x.xlsx"], 2, "--by is 'region'"),
        (["--excel", "data/orders.csv"], 2, "would be overwritten: it is the source of the table"),
        (["--owner", "S99"], 2, "no owner called 'S99'"),
        (["--lang", "fr"], 2, "lang is 'fr'"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_writes_nothing(
    company: Path, words: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (company / "data" / "orders.csv").read_bytes()
    assert cli.main(["calls", *words]) == code
    assert said in capsys.readouterr().err
    assert not (company / "x.xlsx").exists()
    assert (company / "data" / "orders.csv").read_bytes() == before
