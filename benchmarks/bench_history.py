"""Who bought when, how often, for how much: from one Parquet file of orders to a pandas table."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.laps import DifferentError
from benchmarks.orders import AS_OF

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ["customer_id", "ordered_at", "amount"]
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


def with_workbench(path: Path) -> "pd.DataFrame":
    """The answer as users get it."""
    from workbench import purchases

    return purchases.history(path, as_of=AS_OF)


def with_pandas(path: Path) -> "pd.DataFrame":
    """The same by hand, as a careful analyst would write it who minds speed: codes, cents, one sort."""
    import pandas as pd

    rows = pd.read_parquet(path, columns=NEEDED)
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
    answer = answer.drop(index=-1, errors="ignore")  # orders without a customer
    answer["customer_id"] = ids[answer.index]
    return answer.sort_values("customer_id").reset_index(drop=True)


def with_polars(path: Path) -> "pd.DataFrame":
    """The same as one lazy polars query on its streaming engine."""
    import datetime as dt

    import polars as pl

    as_of = dt.date.fromisoformat(AS_OF)
    day, cents = pl.col("ordered_at").dt.date(), (pl.col("amount") * 100).round().cast(pl.Int64)
    days = (
        pl.scan_parquet(path)
        .filter(day <= as_of, pl.col("customer_id").is_not_null())
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


def with_lifetimes(path: Path) -> "pd.DataFrame":
    """What lifetimes gives of it: repeats, ages and mean repeat money; no intervals, no refund days."""
    import pandas as pd
    from lifetimes.utils import summary_data_from_transaction_data

    orders = pd.read_parquet(path, columns=NEEDED)
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


SIDES: "dict[str, Callable[[Path], pd.DataFrame]]" = {
    "workbench": with_workbench,
    "pandas": with_pandas,
    "polars": with_polars,
    "lifetimes": with_lifetimes,
}


def keep(answer: "pd.DataFrame", side: str, folder: Path) -> None:
    """Keep a side's answer to be compared."""
    answer.to_parquet(folder / f"{side}.parquet")


def require_equal(source: Path, folder: Path) -> None:
    """Raise where a kept answer differs from the workbench's in anything that both give."""
    import pandas as pd

    ours = pd.read_parquet(folder / "workbench.parquet").set_index("customer_id")
    for path in sorted(folder.glob("*.parquet")):
        theirs = pd.read_parquet(path).set_index("customer_id")
        names = [name for name in COLUMNS if name in theirs]
        here, there = ours[names], theirs[names]
        if path.stem == "lifetimes":
            # it takes every day with an order for a purchase day: alike where nothing came back
            rows = pd.read_parquet(source, columns=NEEDED)
            kept = ~rows["amount"].lt(0).groupby(rows["customer_id"]).any()
            here, there = here[kept.reindex(here.index)], there[kept.reindex(there.index)]
        try:
            pd.testing.assert_frame_equal(
                here.astype("float64"), there.astype("float64"), check_exact=False, rtol=1e-12,
                check_index_type=False, check_names=False, obj=f"{path.stem}'s answer",
            )  # fmt: skip
        except AssertionError as error:
            raise DifferentError(str(error)) from error
