"""What classes turned out to be worth: every customer and every coin is counted once."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import errors, purchases, rfm, value

AS_OF = "2026-09-30"
ORDERS = pd.DataFrame(
    [
        ("a", "2026-07-01", 100.0),
        ("a", "2026-10-01", 60.0),  # the first day after
        ("a", "2026-10-30", 40.0),  # the last
        ("a", "2026-10-31", 999.0),  # too late
        ("b", "2026-09-30", 20.0),  # the day itself
        ("b", "2026-10-05", 30.0),
        ("b", "2026-10-06", -50.0),  # gave back more than it bought
        ("c", "2026-08-01", 10.0),
        ("d", "2026-10-10", 7.0),  # came new
    ],
    columns=["customer_id", "ordered_at", "amount"],
).astype({"ordered_at": "datetime64[us]"})


def before(orders: pd.DataFrame = ORDERS) -> pd.DataFrame:
    return purchases.history(orders, as_of=AS_OF)


def classes(**more: Any) -> pd.DataFrame:
    table = pd.DataFrame({"customer_id": ["a", "b", "c"], "segment": ["key", "rest", "rest"]})
    return table.assign(**more)


def spent(**more: Any) -> pd.DataFrame:
    return value.ahead(before(), ORDERS, horizon_days=30, **more)


def test_the_days_after_are_those_after_the_day_and_no_more() -> None:
    assert spent().values.tolist() == [
        ["a", True, 2, 100.0],
        ["b", True, 1, -20.0],
        ["c", True, 0, 0.0],
        ["d", False, 1, 7.0],
    ]


def test_classes_hold_what_a_hand_count_gives() -> None:
    found = value.judge(classes(expected=[80.0, 5.0, 5.0]), spent(), predicted="expected")
    found = found.set_index("segment")
    assert found.index.tolist() == ["key", "rest", value.NOT_SEEN]
    assert found["customers"].tolist() == [1, 2, 1]
    assert found["buyers"].tolist() == [1, 1, 1]
    assert found["monetary_ahead"].tolist() == [100.0, -20.0, 7.0]
    assert found["monetary_ahead_share"].round(4).tolist() == [1.1494, -0.2299, 0.0805]
    assert found["monetary_per_customer"].tolist() == [100.0, -10.0, 7.0]
    assert found["purchase_rate"].tolist() == [1.0, 0.5, 1.0]
    # 100 of 80 from one of three, -20 of 80 from two of three
    assert found["lift"].round(4).tolist()[:2] == [3.75, -0.375]
    assert np.isnan(found.loc[value.NOT_SEEN, "lift"])
    assert found["predicted"].tolist()[:2] == [80.0, 10.0]
    assert found.loc["key", "predicted_ratio"] == 0.8
    assert found["predicted_ratio"].isna().tolist() == [False, True, True]


def test_the_eight_classes_are_judged_as_they_come() -> None:
    segments = rfm.segment(rfm.score(rfm.measure(before()), method="mean"))
    found = value.judge(segments, spent())
    assert set(found["segment"]) <= {*rfm.SEGMENTS, value.NOT_SEEN}
    assert found["customers"].sum() == 4
    assert found["monetary_ahead"].sum() == 87.0


def test_days_that_are_not_over_are_refused_and_may_be_stated() -> None:
    with pytest.raises(errors.ParameterError, match="end on 2026-11-01"):
        value.ahead(before(), ORDERS, horizon_days=32)
    found = value.ahead(before(), ORDERS, horizon_days=32, until="2026-11-01")
    assert found["monetary_ahead"].tolist() == [1099.0, -20.0, 0.0, 7.0]


def test_nobody_seen_is_nobody_judged() -> None:
    nobody = value.ahead(before().head(0), ORDERS, horizon_days=30)
    assert nobody.empty
    assert value.judge(classes().head(0), nobody).empty


@pytest.mark.parametrize(
    ("horizon", "error"),
    [
        (0, errors.ParameterError),
        (-3, errors.ParameterError),
        (True, errors.ParameterTypeError),
        (1.5, errors.ParameterTypeError),
    ],
)
def test_a_horizon_that_is_none_is_refused(horizon: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="horizon_days"):
        value.ahead(before(), ORDERS, horizon_days=horizon)


BAD: dict[str, tuple[pd.DataFrame, str]] = {
    "no class": (classes(segment=["key", None, "rest"]), "1 customers have no segment"),
    "twice": (pd.concat([classes(), classes()]), "customer_id"),
    "one too few": (classes().head(2), "first is 'c'"),
    "a stranger": (classes(customer_id=["a", "b", "z"]), "stand in one alone"),
    "no column": (classes().drop(columns="segment"), "segment"),
}


@pytest.mark.parametrize(("table", "said"), BAD.values(), ids=BAD)
def test_tables_that_do_not_fit_together_are_refused(table: pd.DataFrame, said: str) -> None:
    with pytest.raises(errors.ContractError, match=said) as caught:
        value.judge(table, spent())
    assert caught.value.mend


@pytest.mark.parametrize("expected", [-1.0, np.nan, np.inf])
def test_a_prediction_that_is_no_money_is_refused(expected: float) -> None:
    with pytest.raises(errors.ContractError, match="1 values of 'expected'"):
        value.judge(classes(expected=[expected, 1.0, 1.0]), spent(), predicted="expected")


rows = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.dates(pd.Timestamp("2026-08-01").date(), pd.Timestamp("2026-11-30").date()),
        st.integers(-5_000, 20_000),
    ),
    min_size=1,
    max_size=25,
)


@given(rows=rows, seed=st.integers(0, 99))
@pytest.mark.slow
def test_totals_are_those_of_the_orders_and_the_order_of_rows_changes_nothing(
    rows: list[Any], seed: int
) -> None:
    orders = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"])
    orders = orders.assign(
        ordered_at=pd.to_datetime(orders["ordered_at"]), amount=orders["amount"] / 100
    )
    seen = before(orders)
    after = value.ahead(seen, orders, horizon_days=30, until="2026-12-31")
    if seen.empty:
        assert after.empty
        return
    days = orders["ordered_at"].between("2026-10-01", "2026-10-30")
    assert np.isclose(after["monetary_ahead"].sum(), orders.loc[days, "amount"].sum())
    kinds = seen[["customer_id"]].assign(segment=seen["customer_id"].isin(["a", "b"]).astype(str))
    found = value.judge(kinds, after)
    assert found["customers"].sum() == len(after)
    assert np.isclose(found["monetary_ahead"].sum(), after["monetary_ahead"].sum())
    assert np.isclose(found["customer_share"].sum(), 1)
    shuffled = orders.sample(frac=1, random_state=seed)
    again = value.ahead(
        seen.sample(frac=1, random_state=seed), shuffled, horizon_days=30, until="2026-12-31"
    )
    pd.testing.assert_frame_equal(again, after)
    pd.testing.assert_frame_equal(value.judge(kinds.iloc[::-1], again), found)
