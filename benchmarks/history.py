"""How fast is purchase history, beside the same answer in plain pandas? Equal results required.

Run: make bench, or python benchmarks/history.py --orders 10000000. Each side reads the same Parquet
file and runs in a process of its own, so that its peak memory is its own; the whole process is timed,
imports and all, the order alternates and the best of the runs counts.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

AS_OF = "2026-10-31"
SIDES = ("workbench", "pandas")


def orders(count: int, *, seed: int) -> pd.DataFrame:
    """Made-up orders: ten per customer, three years, some refunds and some on the same day."""
    random = np.random.default_rng(seed)
    seconds = random.integers(0, 1096 * 86_400, count)
    cents = np.where(
        random.random(count) < 0.03,
        -random.integers(1, 20_000, count),
        random.integers(0, 50_000, count),
    )
    return pd.DataFrame(
        {
            "customer_id": random.integers(0, max(1, count // 10), count).astype(str),
            "ordered_at": pd.Timestamp("2023-11-01") + pd.to_timedelta(seconds, unit="s"),
            "amount": cents / 100,
        }
    )


def with_workbench(path: Path) -> pd.DataFrame:
    """The answer as users get it."""
    from workbench import purchases

    return purchases.history(path, as_of=AS_OF)


def with_pandas(path: Path) -> pd.DataFrame:
    """The same columns by hand, as a careful analyst would write them."""
    rows = pd.read_parquet(path)
    rows["day"] = rows["ordered_at"].dt.normalize()
    # whole cents, since sums of floats depend on the order of the rows
    rows["cents"] = (rows["amount"] * 100).round().astype("int64")
    rows["refund"] = rows["cents"] < 0
    days = rows.groupby(["customer_id", "day"], as_index=False).agg(
        cents=("cents", "sum"), refund=("refund", "any")
    )
    monetary = days.groupby("customer_id")["cents"].sum() / 100
    bought = days[~(days["refund"] & (days["cents"] <= 0))].copy()
    per = bought.groupby("customer_id")["day"]
    bought["gap"] = per.diff().dt.days
    bought["place"] = per.cumcount(ascending=False)
    answer = pd.DataFrame({"monetary": monetary})
    answer["frequency"] = per.size().reindex(answer.index, fill_value=0)
    answer["days_since_last"] = (pd.Timestamp(AS_OF) - per.max()).dt.days
    for number in (1, 2, 3):
        newest = bought.loc[bought["place"] == number - 1].set_index("customer_id")["gap"]
        answer[f"interval_{number}"] = newest
    gaps = answer[["interval_1", "interval_2", "interval_3"]]
    answer["mean_interval_days"] = gaps.mean(axis=1)
    return answer.sort_index().reset_index()


def compared(table: pd.DataFrame) -> pd.DataFrame:
    """The columns both sides make, in one type."""
    names = ["monetary", "frequency", "days_since_last", "interval_1", "interval_2", "interval_3"]
    return (
        table.set_index(table["customer_id"].astype(str))[[*names, "mean_interval_days"]]
        .astype("float64")
        .sort_index()
    )


def run_side(side: str, path: Path, out: Path) -> None:
    """Answer once, write the answer, print peak megabytes."""
    table = with_workbench(path) if side == "workbench" else with_pandas(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 * 1024 if sys.platform == "darwin" else 1024
    )
    compared(table).to_parquet(out)
    print(peak)


def run(side: str, *arguments: Path | str) -> str:
    """Run this file for one side in a process of its own; give what it prints."""
    done = subprocess.run(
        [sys.executable, __file__, "--side", side, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{side} failed:\n{done.stderr}")
    return done.stdout


def main() -> None:
    """Make the orders, run both sides, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--side", choices=("orders", *SIDES), help=argparse.SUPPRESS)
    parser.add_argument("files", nargs="*", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side == "orders":
        orders(asked.orders, seed=asked.seed).to_parquet(asked.files[0])
        return
    if asked.side:
        run_side(asked.side, *asked.files)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.parquet"
        # made elsewhere: on Linux a process starts with the peak memory of the one that starts it
        size = ["--orders", str(asked.orders), "--seed", str(asked.seed)]
        run("orders", path, *size)
        results: dict[str, list[tuple[float, float]]] = {side: [] for side in SIDES}
        answers = {side: Path(folder) / f"{side}.parquet" for side in SIDES}
        for turn in range(asked.runs):
            for side in SIDES if turn % 2 == 0 else reversed(SIDES):
                start = time.perf_counter()
                peak = float(run(side, path, answers[side]))
                results[side].append((time.perf_counter() - start, peak))
        pd.testing.assert_frame_equal(
            *(pd.read_parquet(answers[side]) for side in SIDES), check_exact=False, rtol=1e-9
        )
    print(f"Purchase history of {asked.orders:,} orders, best of {asked.runs}; equal results.")
    best = {side: min(runs) for side, runs in results.items()}
    for side, (seconds, peak) in best.items():
        ratio = best["pandas"][0] / seconds
        print(f"  {side:<10} {seconds:7.2f} s  {ratio:5.1f} x  {peak:7,.0f} MB")


if __name__ == "__main__":
    main()
