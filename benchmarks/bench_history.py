"""How fast is purchase history beside plain pandas, polars and lifetimes? Equal results required.

Run: make bench, or python -m benchmarks --orders 10000000. Every side reads the same Parquet file and
runs in a process of its own, so that its peak memory is its own; the whole process is timed, imports
and all, the order of sides alternates, and each side's best run counts. A peer that is not installed
is left out, and said so (lifetimes is no dependency of the project: pip install lifetimes).
"""

import argparse
import importlib.util
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

AS_OF = "2026-10-31"
COLUMNS = (
    "monetary",
    "frequency",
    "days_since_last",
    "customer_age_days",
    "interval_1",
    "interval_2",
    "interval_3",
    "mean_interval_days",
)


def write_orders(path: Path, count: int, seed: int) -> None:
    """Made-up orders: ten per customer over three years, some refunds, some free, some on one day."""
    import numpy as np

    random = np.random.default_rng(seed)
    seconds = random.integers(0, 1096 * 86_400, count)
    cents = random.integers(0, 50_000, count)
    kind = random.random(count)
    cents = np.where(
        kind < 0.03, -random.integers(1, 20_000, count), np.where(kind > 0.99, 0, cents)
    )
    numbers = pd.Series(random.integers(0, max(1, count // 10), count))
    pd.DataFrame(
        {
            "customer_id": "C" + numbers.astype("str").str.zfill(7),
            "ordered_at": pd.Timestamp("2023-11-01") + pd.to_timedelta(seconds, unit="s"),
            "amount": cents / 100,
        }
    ).to_parquet(path)


def with_workbench(path: Path) -> pd.DataFrame:
    """The answer as users get it."""
    from workbench import purchases

    return purchases.history(path, as_of=AS_OF)


def with_pandas(path: Path) -> pd.DataFrame:
    """The same by hand, as a careful analyst would write it who minds speed: codes, cents, one sort."""
    rows = pd.read_parquet(path, columns=["customer_id", "ordered_at", "amount"])
    codes, ids = pd.factorize(rows["customer_id"])
    # whole cents, since sums of floats depend on the order of the rows
    days = (
        pd.DataFrame(
            {
                "customer": codes,
                "day": rows["ordered_at"].to_numpy().astype("datetime64[D]").astype("int64"),
                "cents": (rows["amount"] * 100).round().astype("int64"),
            }
        )
        .groupby(["customer", "day"])["cents"]
        .agg(["sum", "min"])
        .reset_index()
    )
    answer = pd.DataFrame({"monetary": days.groupby("customer")["sum"].sum() / 100})
    bought = days[(days["min"] >= 0) | (days["sum"] > 0)]
    per = bought.groupby("customer")["day"]
    as_of = pd.Timestamp(AS_OF).to_datetime64().astype("datetime64[D]").astype("int64")
    answer["frequency"] = per.size().reindex(answer.index, fill_value=0)
    answer["days_since_last"] = as_of - per.max()
    answer["customer_age_days"] = as_of - per.min()
    gap, place = per.diff(), per.cumcount(ascending=False)
    for number in (1, 2, 3):
        newest = place == number - 1
        answer[f"interval_{number}"] = gap[newest].set_axis(bought.loc[newest, "customer"])
    gaps = answer[["interval_1", "interval_2", "interval_3"]]
    answer["mean_interval_days"] = gaps.mean(axis=1)
    answer["customer_id"] = ids[answer.index]
    return answer.sort_values("customer_id").reset_index(drop=True)


def with_polars(path: Path) -> pd.DataFrame:
    """The same as one lazy polars query on its streaming engine."""
    import datetime as dt

    import polars as pl

    as_of = dt.date.fromisoformat(AS_OF)
    day, cents = pl.col("ordered_at").dt.date(), (pl.col("amount") * 100).round().cast(pl.Int64)
    days = (
        pl.scan_parquet(path)
        .filter(day <= as_of)
        .group_by("customer_id", day.alias("day"))
        .agg(cents.sum().alias("cents"), cents.min().alias("least"))
        .with_columns(bought=(pl.col("least") >= 0) | (pl.col("cents") > 0))
    )
    bought = pl.col("day").filter(pl.col("bought")).sort(descending=True)
    newest = (
        days.group_by("customer_id")
        .agg(
            (pl.col("cents").sum() / 100).alias("monetary"),
            pl.col("bought").sum().cast(pl.Int64).alias("frequency"),
            bought.first().alias("last"),
            bought.last().alias("first"),
            *[bought.get(n, null_on_oob=True).alias(f"day_{n}") for n in range(4)],
        )
        .with_columns(
            (as_of - pl.col("last")).dt.total_days().alias("days_since_last"),
            (as_of - pl.col("first")).dt.total_days().alias("customer_age_days"),
            *[
                (pl.col(f"day_{n - 1}") - pl.col(f"day_{n}")).dt.total_days().alias(f"interval_{n}")
                for n in (1, 2, 3)
            ],
        )
        .with_columns(
            mean_interval_days=pl.mean_horizontal("interval_1", "interval_2", "interval_3")
        )
        .select("customer_id", *COLUMNS)
        .sort("customer_id")
    )
    table: pd.DataFrame = newest.collect(engine="streaming").to_arrow().to_pandas()
    return table


def with_lifetimes(path: Path) -> pd.DataFrame:
    """What lifetimes gives of it: repeats, ages and mean repeat money; no intervals, no refund days."""
    from lifetimes.utils import summary_data_from_transaction_data

    orders = pd.read_parquet(path)
    summary = summary_data_from_transaction_data(
        orders, "customer_id", "ordered_at", "amount", observation_period_end=AS_OF
    )
    return pd.DataFrame(
        {
            "customer_id": summary.index.astype("str"),
            "frequency": summary["frequency"].to_numpy() + 1,
            "days_since_last": (summary["T"] - summary["recency"]).to_numpy(),
            "customer_age_days": summary["T"].to_numpy(),
        }
    )


SIDES: dict[str, Callable[[Path], pd.DataFrame]] = {
    "workbench": with_workbench,
    "pandas": with_pandas,
    "polars": with_polars,
    "lifetimes": with_lifetimes,
}


def answer(side: str, orders: Path, out: Path | None = None) -> None:
    """Answer once, print the peak megabytes that took, and write the answer where it is asked for."""
    table = SIDES[side](orders)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))
    if out is not None:
        table.to_parquet(out)


def run(*arguments: object) -> str:
    """Run this module in a process of its own; give what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_history", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, arguments[:2]))} failed:\n{done.stderr}")
    return done.stdout


def require_equal(answers: dict[str, Path], orders: Path) -> None:
    """Stop where a side's answer differs from the workbench's in anything that both give."""
    ours = pd.read_parquet(answers["workbench"]).set_index("customer_id")
    for side in answers.keys() - {"workbench"}:
        theirs = pd.read_parquet(answers[side]).set_index("customer_id")
        names = [name for name in COLUMNS if name in theirs]
        here, there = ours[names], theirs[names]
        if side == "lifetimes":
            # it takes every day with an order for a purchase day: alike where nothing came back
            rows = pd.read_parquet(orders)
            kept = ~rows["amount"].lt(0).groupby(rows["customer_id"]).any()
            here, there = here[kept.reindex(here.index)], there[kept.reindex(there.index)]
        pd.testing.assert_frame_equal(
            here.astype("float64"), there.astype("float64"), check_exact=False, rtol=1e-12,
            check_index_type=False, check_names=False, obj=f"{side}'s answer",
        )  # fmt: skip


def main() -> None:
    """Make the orders, run all sides in turn, require equal answers, print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=str(__doc__).split("\n\n")[0]
    )
    parser.add_argument(
        "--orders", type=int, default=1_000_000, help="how many (default 1,000,000)"
    )
    parser.add_argument("--runs", type=int, default=3, help="of each side, the best counts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=[*SIDES, "orders"], help=argparse.SUPPRESS)
    parser.add_argument("--files", nargs="+", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.files:
        if asked.only == ["orders"]:
            write_orders(asked.files[0], asked.orders, asked.seed)
        else:
            answer(asked.only[0], *asked.files)
        return
    sides = [side for side in SIDES if importlib.util.find_spec(side)]
    for side in SIDES.keys() - set(sides):
        print(f"{side} is not installed and is left out: pip install {side}")
    with tempfile.TemporaryDirectory() as folder:
        orders = Path(folder) / "orders.parquet"
        # made elsewhere: on Linux a process starts with the peak memory of the one that starts it
        run("--orders", asked.orders, "--seed", asked.seed, "--only", "orders", "--files", orders)
        answers = {side: Path(folder) / f"{side}.parquet" for side in sides}
        # not timed: the answers are written for the comparison, and the file is warm for everyone
        for side in sides:
            run("--only", side, "--files", orders, answers[side])
        require_equal(answers, orders)
        best: dict[str, tuple[float, float]] = {}
        for turn in range(asked.runs):
            for side in sides if turn % 2 == 0 else sides[::-1]:
                start = time.perf_counter()
                printed = run("--only", side, "--files", orders)
                took = (time.perf_counter() - start, float(printed.split()[-1]))
                best[side] = min(best.get(side, took), took)
    print(f"Purchase history of {asked.orders:,} orders, best of {asked.runs}; equal results.")
    print(f"  {'':<10} {'seconds':>8} {'× workbench':>12} {'peak MB':>9}")
    for side, (seconds, peak) in best.items():
        ratio = seconds / best["workbench"][0]
        print(f"  {side:<10} {seconds:>8.2f} {ratio:>12.1f} {peak:>9,.0f}")


if __name__ == "__main__":
    main()
