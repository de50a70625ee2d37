"""Whole numbers as ids come back as they came, in histories and in all that is made of them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from workbench import (
    campaigns,
    churn,
    engine,
    exhibits,
    models,
    people,
    purchases,
    retention,
    rfm,
    value,
    worklist,
)

AS_OF, BEFORE = "2026-10-31", "2026-08-31"


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    """Ids that sort otherwise as text: 9 before 10, 100."""
    chance = np.random.default_rng(5)
    days = pd.Timestamp("2025-01-01") + pd.to_timedelta(chance.integers(0, 660, 900), "D")
    return pd.DataFrame(
        {
            "customer_id": chance.integers(1, 121, 900),
            "ordered_at": days,
            "amount": chance.integers(5, 90, 900) * 1.25,
        }
    )


MADE: dict[str, Callable[[pd.DataFrame], Any]] = {
    "pandas": lambda orders: orders,
    "pandas, nullable": lambda orders: orders.astype({"customer_id": "Int64"}),
    "pandas, small": lambda orders: orders.astype({"customer_id": "uint8"}),
    "pandas, with gaps": lambda orders: pd.concat(
        [orders, orders.head(3).assign(customer_id=np.nan)]
    ),
    "Polars": pl.from_pandas,
    "Arrow": pa.Table.from_pandas,
}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE)
def test_a_frame_with_whole_numbers_gives_whole_numbers_in_their_order(
    orders: pd.DataFrame, make: Callable[[pd.DataFrame], Any]
) -> None:
    handed_in = make(orders)
    texts = purchases.history(orders.astype({"customer_id": "str"}), as_of=AS_OF)
    history = purchases.history(handed_in, as_of=AS_OF)
    assert history["customer_id"].dtype == np.int64
    assert history["customer_id"].is_monotonic_increasing
    as_text = history.astype({"customer_id": "str"}).sort_values("customer_id", ignore_index=True)
    pd.testing.assert_frame_equal(as_text, texts)
    several = purchases.histories(handed_in, as_of_dates=[BEFORE, AS_OF], horizon_days=30)
    assert several[["as_of", "customer_id"]].apply(tuple, axis=1).is_monotonic_increasing
    assert several["customer_id"].dtype == np.int64


@pytest.mark.spark
def test_spark_gives_them_as_well(orders: pd.DataFrame, spark: Any) -> None:
    here = engine.query("purchase_history", orders=orders, as_of=AS_OF)
    there = engine.query(
        "purchase_history", orders=spark.createDataFrame(pa.Table.from_pandas(orders)), as_of=AS_OF
    )
    pd.testing.assert_frame_equal(there, here)


def test_numbers_too_large_for_a_whole_number_column_stay_themselves() -> None:
    large = pd.DataFrame({"customer_id": np.array([2**64 - 1], "uint64"), "amount": [1.0]})
    large["ordered_at"] = pd.Timestamp("2026-10-01")
    assert purchases.history(large, as_of=AS_OF)["customer_id"].tolist() == [2**64 - 1]


@pytest.mark.slow
def test_all_that_is_made_of_a_history_keeps_them(orders: pd.DataFrame) -> None:
    history = purchases.history(orders, as_of=AS_OF)
    earlier = purchases.history(orders, as_of=BEFORE)
    known = pd.DataFrame({"customer_id": [7, 8], "customer_name": ["Ada", "Bo"], "owner_id": 1})
    owners = pd.DataFrame({"owner_id": [1], "owner_name": ["Lin"]})
    segments = rfm.segment(rfm.score(rfm.measure(history)))
    warnings, before = churn.warn(history), churn.warn(earlier)
    calls = churn.call_list(warnings, customers=known, owners=owners, warning=churn.WARNINGS)
    backtest = churn.backtest(orders, as_of_dates=[BEFORE], horizon_days=30)
    summary = models.summary(history, time_unit="W")
    buying = models.BetaGeo(r=0.8, alpha=4.0, a=0.7, b=3.0, time_unit="W")
    spend = models.GammaGamma(p=6.0, q=4.0, v=15.0)
    expected = value.expect(summary, purchases=buying, spend=spend, horizon_days=90)
    spent = value.ahead(earlier, orders, horizon_days=30)
    named = people.People(known, owners).named(history)
    made = {
        "measured": rfm.measure(history), "segments": segments, "warnings": warnings,
        "changes": churn.changes(before, warnings), "calls": calls,
        "judged": backtest.customers, "warned": backtest.warned(), "summary": summary,
        "expected": expected.customers, "ahead": spent, "named": named,
        "second": retention.second_purchases(orders, as_of=AS_OF),
        "shown calls": exhibits.churn.calls(calls).whole(),
        "shown classes": exhibits.rfm.customers(people.People().named(segments)).whole(),
        "mine": people.People(known, owners).of(history, "1"),
    }  # fmt: skip
    kinds = {name: str(table["customer_id"].dtype) for name, table in made.items()}
    assert kinds == dict.fromkeys(made, "int64")
    assert calls.set_index("customer_id")["owner_name"].dropna().to_dict() == {7: "Lin", 8: "Lin"}
    assert made["mine"]["customer_id"].tolist() == [7, 8]
    assert named.set_index("customer_id")["customer_name"].loc[[7, 8, 9]].tolist() == [
        "Ada",
        "Bo",
        "9",
    ]
    judged = value.judge(rfm.segment(rfm.score(rfm.measure(earlier))), spent[spent["is_seen"]])
    assert judged["customers"].sum() == spent["is_seen"].sum()
    # and so they go together with a table of one's own
    own = pd.DataFrame({"customer_id": range(1, 121), "region": "north"})
    assert made["shown calls"].merge(own, on="customer_id")["region"].notna().all()


def test_numbers_meet_the_texts_of_a_file(orders: pd.DataFrame) -> None:
    texts = orders.astype({"customer_id": "str"})
    as_text, as_number = (purchases.history(table, as_of=AS_OF) for table in (texts, orders))
    earlier = churn.warn(purchases.history(texts, as_of=BEFORE))
    changes = churn.changes(earlier, churn.warn(as_number))
    pd.testing.assert_frame_equal(changes, churn.changes(earlier, churn.warn(as_text)))
    spent = value.ahead(purchases.history(texts, as_of=BEFORE), orders, horizon_days=30)
    assert spent["is_seen"].sum() == len(purchases.history(orders, as_of=BEFORE))


def test_a_list_by_numbers_is_handed_over(orders: pd.DataFrame, tmp_path: Any) -> None:
    calls = churn.call_list(churn.warn(purchases.history(orders, as_of=AS_OF)), limit=3)
    with worklist.connect(tmp_path / "worklist.db") as store:
        made = campaigns.hand_over(
            store, calls, plan="late", on="2026-11-02", at="2026-11-02 09:00", by="Lin"
        )
    assert sorted(made.enrolled["lead_id"]) == sorted(calls["customer_id"].astype("str"))
