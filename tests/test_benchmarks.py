"""The benchmarks compare equal answers, and stop where they are not. Nothing here is timed."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from benchmarks import __main__ as bench
from benchmarks import bench_history as history
from benchmarks import bench_load as loading
from benchmarks import bench_plan as planning
from benchmarks import bench_reports, laps, orders
from workbench.blocks.block import MIMETYPE

COUNT = 5_000


def installed(side: str) -> bool:
    return importlib.util.find_spec(side.partition(",")[0]) is not None


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The orders as Parquet and as CSV."""
    folder = tmp_path_factory.mktemp("orders")
    for suffix in ("parquet", "csv"):
        orders.write(folder / f"orders.{suffix}", COUNT, seed=1)
    return folder


@pytest.fixture(scope="module")
def histories(made: Path) -> dict[str, pd.DataFrame]:
    sides = {side: work for side, work in history.SIDES.items() if side != "lifetimes"}
    return {side: work(made / "orders.parquet") for side, work in sides.items() if installed(side)}


@pytest.fixture(scope="module")
def reads(made: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("reads")
    for side, work in loading.SIDES.items():
        if installed(side):
            loading.keep(work(made / "orders.csv"), side, folder)
    return {path.stem: json.loads(path.read_text()) for path in folder.iterdir()}


# ---- the orders -----------------------------------------------------------------------------


def test_both_files_hold_the_same_orders_with_all_that_makes_them_hard(made: Path) -> None:
    typed = pd.read_parquet(made / "orders.parquet")
    text = pd.read_csv(made / "orders.csv", parse_dates=["ordered_at"])
    pd.testing.assert_frame_equal(typed, text.astype(typed.dtypes.to_dict()))
    assert len(typed) == COUNT
    assert typed.duplicated().sum() == COUNT // orders._TWICE_EVERY - 1
    assert typed["amount"].lt(0).any()
    assert typed["amount"].eq(0).any()
    assert typed["customer_id"].isna().any()
    known = typed.dropna()
    assert known.assign(day=known["ordered_at"].dt.date).duplicated(["customer_id", "day"]).any()


def test_the_same_seed_makes_the_same_orders_in_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "_BLOCK", 1_000)
    for name in ("a", "b"):
        orders.write(tmp_path / f"{name}.parquet", 2_500, seed=7)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert pq.ParquetFile(tmp_path / "a.parquet").metadata.num_rows == 2_500
    orders.write(tmp_path / "c.parquet", 2_500, seed=8)
    assert (tmp_path / "a.parquet").read_bytes() != (tmp_path / "c.parquet").read_bytes()


# ---- history --------------------------------------------------------------------------------


def check_histories(made: Path, folder: Path, answers: dict[str, pd.DataFrame]) -> None:
    for side, table in answers.items():
        history.keep(table, side, folder)
    history.require_equal(made / "orders.parquet", folder)


def test_all_sides_give_one_history(
    made: Path, histories: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    assert {"workbench", "pandas"} <= set(histories)
    check_histories(made, tmp_path, histories)


def test_lifetimes_agrees_where_nothing_was_given_back(
    made: Path, histories: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    if not installed("lifetimes"):
        pytest.skip("lifetimes is installed by make bench alone")
    # in a process of its own: it warns, and here a warning is an error
    laps.run("history", "lifetimes", made / "orders.parquet", kept=tmp_path)
    check_histories(made, tmp_path, {"workbench": histories["workbench"]})
    table = pd.read_parquet(tmp_path / "lifetimes.parquet")
    table["frequency"] += 1
    history.keep(table, "lifetimes", tmp_path)
    with pytest.raises(laps.DifferentError, match="lifetimes's answer"):
        history.require_equal(made / "orders.parquet", tmp_path)


@pytest.mark.parametrize("column", history.COLUMNS)
def test_one_value_that_differs_in_one_customer_stops_the_bench(
    column: str, made: Path, histories: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    wrong = histories["pandas"].copy()
    row = wrong[column].first_valid_index()
    wrong.loc[row, column] += 0.01 if column == "monetary" else 1
    with pytest.raises(laps.DifferentError, match=rf"pandas's answer.*{column}"):
        check_histories(made, tmp_path, {**histories, "pandas": wrong})


def test_a_value_that_is_missing_on_one_side_stops_the_bench(
    made: Path, histories: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    wrong = histories["pandas"].copy()
    wrong.loc[wrong["interval_1"].first_valid_index(), "interval_1"] = None
    with pytest.raises(laps.DifferentError):
        check_histories(made, tmp_path, {**histories, "pandas": wrong})


@pytest.mark.parametrize("change", ["fewer", "another"])
def test_a_customer_that_one_side_lacks_stops_the_bench(
    change: str, made: Path, histories: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    wrong = histories["pandas"].iloc[1:]
    if change == "another":
        wrong = pd.concat([wrong, histories["pandas"].head(1).assign(customer_id="X")])
    with pytest.raises(laps.DifferentError):
        check_histories(made, tmp_path, {**histories, "pandas": wrong})


# ---- loading --------------------------------------------------------------------------------


def check_reads(made: Path, folder: Path, told: dict[str, dict[str, Any]]) -> None:
    for side, counts in told.items():
        (folder / f"{side}.json").write_text(json.dumps(counts))
    loading.require_equal(made / "orders.csv", folder)


def test_all_sides_read_the_same_rows_and_the_ledger_counts_them_right(
    made: Path, reads: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    check_reads(made, tmp_path, reads)
    assert reads["workbench"]["rows"] == COUNT
    for name in ("refunds", "anonymous", "exact_duplicates", "same_day_merges"):
        assert reads["workbench"][name] > 0


@pytest.mark.parametrize(
    "name", ["rows", "cents", "customers", "refunds", "exact_duplicates", "same_day_merges"]
)
def test_one_row_or_cent_that_differs_stops_the_bench(
    name: str, made: Path, reads: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    wrong = {**reads["pandas"], name: reads["pandas"][name] + 1}
    with pytest.raises(laps.DifferentError, match=rf"orders.csv: {name} is .* for pandas"):
        check_reads(made, tmp_path, {**reads, "pandas": wrong})


def test_a_count_that_one_side_does_not_give_stops_the_bench(
    made: Path, reads: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    wrong = {name: count for name, count in reads["pandas"].items() if name != "cents"}
    with pytest.raises(laps.DifferentError, match="cents"):
        check_reads(made, tmp_path, {**reads, "pandas": wrong})


# ---- the whole ------------------------------------------------------------------------------


def test_a_side_runs_in_a_process_of_its_own_that_tells_its_own_memory(
    made: Path, tmp_path: Path
) -> None:
    lap = laps.run("load", "pandas", made / "orders.csv", kept=tmp_path)
    assert lap.seconds > 0
    assert 10 < lap.peak_megabytes < 2_000
    assert json.loads((tmp_path / "pandas.json").read_text())["rows"] == COUNT


def test_the_check_in_a_process_of_its_own_stops_the_whole_bench(
    made: Path, reads: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    for side, counts in reads.items():
        (tmp_path / f"{side}.json").write_text(json.dumps(counts))
    laps.check("load", made / "orders.csv", tmp_path)
    wrong = {**reads["pandas"], "cents": 0}
    (tmp_path / "pandas.json").write_text(json.dumps(wrong))
    with pytest.raises(laps.DifferentError, match="cents is"):
        laps.check("load", made / "orders.csv", tmp_path)


def test_a_bench_whose_answers_differ_ends_without_a_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def differ(name: str, count: int, **_: Any) -> dict[str, laps.Lap]:
        raise laps.DifferentError("cents is 1 for the workbench and 2 for pandas.")

    monkeypatch.setattr(bench, "measure", differ)
    monkeypatch.setattr("sys.argv", ["benchmarks", "--quick"])
    with pytest.raises(SystemExit, match=r"not equal.\ncents is 1"):
        bench.main()
    assert "seconds" not in capsys.readouterr().out


def test_the_table_gives_every_side_as_a_multiple_of_the_workbench() -> None:
    best = {"workbench": laps.Lap(2.0, 1024.0), "pandas": laps.Lap(5.0, 2048.0)}
    lines = bench.table("history", 10_000_000, best, runs=2).splitlines()
    assert lines[0].startswith("Purchase history of 10,000,000 orders")
    assert [cell.strip() for cell in lines[-1].strip("|").split("|")] == [
        "pandas",
        "5.0",
        "2.5",
        "2,048",
    ]


def test_both_sizes_are_measured_unless_it_has_to_be_quick(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, int]] = []

    def measured(name: str, count: int, **_: Any) -> dict[str, laps.Lap]:
        asked.append((name, count))
        return {"workbench": laps.Lap(1.0, 1.0)}

    monkeypatch.setattr(bench, "measure", measured)
    for other, module in bench.OTHERS.items():
        asks = lambda words, other=other: asked.append((other, len(words)))  # noqa: E731
        monkeypatch.setattr(module, "main", asks)
    for words in ([], ["--quick"]):
        monkeypatch.setattr("sys.argv", ["benchmarks", *words])
        bench.main()
    million = 1_000_000
    assert asked[:-3] == [
        ("history", million),
        ("history", 10 * million),
        ("load", 10 * million),
        *((other, 0) for other in bench.OTHERS),
    ]
    assert asked[-3:] == [("history", million), ("load", million), ("tops", 1)]
    assert "cores" in capsys.readouterr().out


def test_the_table_of_reports_gives_each_page_as_a_multiple_of_one_report() -> None:
    one, nine = bench_reports.Lap(10.0, 12.0, 400.0), bench_reports.Lap(45.0, 60.0, 500.0)
    best = {"one report": one, "each owner": nine}
    said = bench_reports.table(best, {"one report": 1, "each owner": 9}, runs=2).splitlines()
    assert [cell.strip() for cell in said[-1].strip("|").split("|")] == [
        "each owner", "9", "45.0", "60.0", "0.50", "500",
    ]  # fmt: skip
    assert len({len(line) for line in said[2:]}) == 1, "its columns stand below each other"


def test_reports_that_do_not_find_the_same_stop_the_bench(tmp_path: Path) -> None:
    made = tmp_path / "reports" / bench_reports.NAME / bench_reports.PERIOD / "en"
    made.mkdir(parents=True)
    for path, title in ((made / "notebook.ipynb", "Found"), (tmp_path / "peer.ipynb", "Lost")):
        block = {MIMETYPE: {"kind": "headline", "id": "headline", "title": title}}
        path.write_text(json.dumps({"cells": [{"outputs": [{"data": block}]}]}), encoding="utf-8")
    with pytest.raises(SystemExit, match="'Found' and 'Lost'"):
        bench_reports.require_equal(tmp_path)


# ---- planning -------------------------------------------------------------------------------


def test_both_sides_plan_the_same_days_and_one_day_off_is_found() -> None:
    enrolments = planning.leads(500, seed=3)
    answers = {side: work(enrolments) for side, work in planning.SIDES.items()}
    planning.require_equal(answers)
    other = answers["pandas"]
    other.loc[7, "due_date"] += pd.Timedelta(days=1)
    with pytest.raises(SystemExit, match="1 due dates differ"):
        planning.require_equal(answers)
