"""A CSV of orders, read into typed columns: the workbench with its full ledger, pandas and polars.

The workbench casts and checks every cell, counts what the ledger tells, and leaves typed Parquet that
the next run takes at once; pandas and polars leave a table in memory and check nothing.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.laps import DifferentError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from workbench import loaders

Answer = dict[str, Any]


def with_workbench(path: Path) -> "loaders.Loaded":
    """Load as users do, with nothing known of the file from before."""
    import tempfile

    from workbench import loaders

    # beside the file; removed with it
    return loaders.load(path, cache=tempfile.mkdtemp(dir=path.parent))


def with_pandas(path: Path) -> "pd.DataFrame":
    """Read with no option at all: ids are guessed, and dates stay text."""
    import pandas as pd

    return pd.read_csv(path)


def with_pandas_typed(path: Path) -> "pd.DataFrame":
    """Read into the same columns: ids as text, so that leading zeros stay, and dates as dates."""
    import pandas as pd

    return pd.read_csv(
        path, dtype={"order_id": "str", "customer_id": "str"}, parse_dates=["ordered_at"]
    )


def with_polars(path: Path) -> "pl.DataFrame":
    """Read into the same columns."""
    import polars as pl

    return pl.read_csv(
        path, schema_overrides={"order_id": pl.String, "customer_id": pl.String},
        try_parse_dates=True,
    )  # fmt: skip


SIDES: dict[str, Callable[[Path], Any]] = {
    "workbench": with_workbench,
    "pandas": with_pandas,
    "pandas, same types": with_pandas_typed,
    "polars": with_polars,
}


def keep(answer: Any, side: str, folder: Path) -> None:
    """Keep what a side read, added up: rows, cents, refunds, what the ledger counts."""
    told = _of_ledger(answer) if side == "workbench" else _of_frame(answer)
    (folder / f"{side}.json").write_text(json.dumps(told), encoding="utf-8")


def _of_ledger(loaded: "loaders.Loaded") -> Answer:
    import duckdb

    ledger = loaded.ledger
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "SELECT count(*), CAST(sum(amount) * 100 AS BIGINT), count(DISTINCT customer_id), "
            "count(DISTINCT order_id) FROM read_parquet(?)",
            [str(loaded.source)],
        )
        rows, cents, customers, order_ids = connection.fetchall()[0]
    return {
        "rows": rows,
        "cents": cents,
        "customers": customers,
        "order_ids": order_ids,
        "rows_kept": ledger.rows_kept,
        "refunds": ledger.refunds,
        "anonymous": ledger.anonymous,
        "first_date": str(ledger.first_date),
        "last_date": str(ledger.last_date),
        "exact_duplicates": ledger.exact_duplicates,
        "same_day_merges": ledger.same_day_merges,
    }


def _of_frame(read: Any) -> Answer:
    import pandas as pd

    table = read if isinstance(read, pd.DataFrame) else read.to_arrow().to_pandas()
    days = pd.to_datetime(table["ordered_at"]).dt.normalize()
    known = table["customer_id"].notna()
    merged = pd.DataFrame({"customer": table["customer_id"], "day": days})[known].duplicated()
    return {
        "rows": len(table),
        "cents": int((table["amount"] * 100).round().astype("int64").sum()),
        "customers": table["customer_id"].nunique(),
        "order_ids": table["order_id"].nunique(),
        "rows_kept": len(table),
        "refunds": int((table["amount"] < 0).sum()),
        "anonymous": int((~known).sum()),
        "first_date": str(days.min().date()),
        "last_date": str(days.max().date()),
        "exact_duplicates": int(table.duplicated().sum()),
        "same_day_merges": int(merged.sum()),
    }


def require_equal(source: Path, folder: Path) -> None:
    """Raise where a side read something else than the workbench: rows, cents, or a ledger's count."""
    ours = json.loads((folder / "workbench.json").read_text(encoding="utf-8"))
    for path in sorted(folder.glob("*.json")):
        theirs = json.loads(path.read_text(encoding="utf-8"))
        for name, count in ours.items():
            if theirs.get(name) != count:
                raise DifferentError(
                    f"{source.name}: {name} is {count} for the workbench and "
                    f"{theirs.get(name)} for {path.stem}."
                )
