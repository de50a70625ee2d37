"""RFM for all customers together: class totals, the grid, the spread, and who moved where."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import errors, loaders, purchases, rfm
from workbench.models import METHODS, MeasureCuts, RFMCuts
from workbench.words import has

AS_OF = pd.Timestamp("2026-10-31")
EARLIER = pd.Timestamp("2026-09-30")


def segments(*rows: tuple[str, str, float], as_of: pd.Timestamp = AS_OF) -> pd.DataFrame:
    """One row per customer: id, class, money."""
    table = pd.DataFrame(rows, columns=["customer_id", "segment", "monetary"])
    return table.astype({"customer_id": "str", "segment": "str", "monetary": "float64"}).assign(
        as_of=pd.Series([as_of] * len(rows), dtype="datetime64[us]")
    )


def scores(*rows: tuple[int, int, float]) -> pd.DataFrame:
    """One row per customer: recency score, frequency score, money."""
    table = pd.DataFrame(rows, columns=["recency_score", "frequency_score", "monetary"])
    return table.assign(
        customer_id=[str(i) for i in range(len(rows))],
        as_of=pd.Series([AS_OF] * len(rows), dtype="datetime64[us]"),
    )


def measures(*rows: tuple[int, int, float]) -> pd.DataFrame:
    """One row per customer: recency, frequency, money."""
    return rfm.measure(
        pd.DataFrame(rows, columns=["days_since_last", "frequency", "monetary"]).assign(
            customer_id=[str(i) for i in range(len(rows))],
            as_of=pd.Series([AS_OF] * len(rows), dtype="datetime64[us]"),
        )
    )


class_rows = st.dictionaries(
    st.sampled_from([f"c{i}" for i in range(30)]),
    st.tuples(st.sampled_from(rfm.SEGMENTS), st.integers(-10_000, 1_000_000)),
)
measure_rows = st.lists(
    st.tuples(
        st.integers(0, 2000),
        st.integers(1, 200),
        st.integers(-100_00, 10_000_00).map(lambda cents: cents / 100),
    ),
    min_size=1,
    max_size=60,
)


def made(rows: dict[str, tuple[str, int]], as_of: pd.Timestamp = AS_OF) -> pd.DataFrame:
    return segments(*((who, name, cents / 100) for who, (name, cents) in rows.items()), as_of=as_of)


# Summary


def test_summary_counts_customers_and_money_per_class() -> None:
    table = rfm.summary(
        segments(("a", "key_keep", 300), ("b", "general_keep", 60), ("c", "general_keep", 40))
    ).set_index("segment")
    assert table.loc["key_keep"].tolist() == [1, 1 / 3, 300, 0.75]
    assert table.loc["general_keep"].tolist() == [2, 2 / 3, 100, 0.25]


def test_summary_has_all_eight_classes_in_their_order_whoever_is_there() -> None:
    for table in (segments(), segments(("a", "key_keep", 300))):
        assert tuple(rfm.summary(table)["segment"]) == rfm.SEGMENTS


def test_nobody_has_no_share_of_nothing() -> None:
    table = rfm.summary(segments())
    assert table["customers"].sum() == 0
    assert table["monetary"].sum() == 0
    assert table[["customer_share", "monetary_share"]].isna().all(axis=None)


@pytest.mark.parametrize("money", [0.0, -10.0])
def test_there_is_no_share_of_money_that_is_not_there(money: float) -> None:
    table = rfm.summary(segments(("a", "key_keep", money)))
    assert table["monetary_share"].isna().all()
    assert table["customer_share"].sum() == 1


@given(class_rows)
def test_class_totals_are_the_totals_of_the_customers(rows: dict[str, tuple[str, int]]) -> None:
    table = made(rows)
    summed = rfm.summary(table)
    assert summed["customers"].sum() == len(table)
    assert round(summed["monetary"].sum() * 100) == sum(cents for _, cents in rows.values())
    if rows:
        assert summed["customer_share"].sum() == pytest.approx(1)


def test_classes_by_average_money_still_sum_all_money() -> None:
    measured = rfm.measure(
        pd.DataFrame(
            {
                "customer_id": ["a", "b"],
                "as_of": AS_OF,
                "days_since_last": [1, 2],
                "frequency": [4, 2],
                "monetary": [400.0, 100.0],
            }
        ),
        basis="average",
    )
    classed = rfm.segment(rfm.score(measured))
    assert rfm.summary(classed)["monetary"].sum() == 500
    assert rfm.grid(classed)["monetary"].sum() == 500
    assert rfm.migration(classed, classed)["monetary_after"].sum() == 500


def test_an_unknown_class_is_named() -> None:
    with pytest.raises(errors.ContractError, match=r"1 of 2 .* unknown segment.*'vip'"):
        rfm.summary(segments(("a", "vip", 1), ("b", "key_keep", 1)))


def test_summary_of_scores_without_classes_says_which_step_is_missing() -> None:
    with pytest.raises(errors.ContractError, match=r"missing column 'segment'\.\n.*rfm\.segment"):
        rfm.summary(segments(("a", "key_keep", 1)).drop(columns="segment"))


# Grid


def test_grid_counts_customers_and_money_per_pair_of_scores() -> None:
    table = rfm.grid(scores((5, 1, 10.0), (5, 1, 5.0), (1, 5, 2.0)))
    assert len(table) == 25
    filled = table[table["customers"] > 0].set_index(["recency_score", "frequency_score"])
    assert filled.loc[(5, 1)].tolist() == [2, 15]
    assert filled.loc[(1, 5)].tolist() == [1, 2]


def test_grid_has_every_pair_for_as_many_scores_as_there_are() -> None:
    assert len(rfm.grid(scores((3, 3, 1.0)), bins=3)) == 9
    assert len(rfm.grid(scores())) == 25


@given(measure_rows, st.integers(2, 8))
def test_grid_totals_are_the_totals_of_the_customers(rows: Any, bins: int) -> None:
    measured = measures(*rows)
    table = rfm.grid(rfm.score(measured, bins=bins, high_from=2), bins=bins)
    assert len(table) == bins**2
    assert table["customers"].sum() == len(rows)
    assert table["monetary"].sum() == pytest.approx(measured["monetary"].sum(), abs=0.001)


def test_scores_beyond_the_grid_are_refused() -> None:
    with pytest.raises(errors.ParameterError, match=r"outside 1 to 5\.\nGive bins="):
        rfm.grid(scores((7, 1, 1.0)))


@pytest.mark.parametrize("bins", [1, 21, 5.0, True])
def test_a_grid_needs_a_sensible_number_of_scores(bins: Any) -> None:
    with pytest.raises(errors.ParameterError, match="bins is"):
        rfm.grid(scores((1, 1, 1.0)), bins=bins)


# Distribution


@given(measure_rows, st.sampled_from(["quantile", "mean"]), st.integers(5, 60))
def test_bars_hold_every_customer_once_and_have_one_score_each(
    rows: Any, method: Any, bars: int
) -> None:
    measured = measures(*rows)
    cuts = rfm.cuts(measured, method=method)
    scored = rfm.score(measured, cuts=cuts)
    table = rfm.distribution(measured, cuts, bars=bars)
    for name, spread in table.groupby("measure"):
        column = f"{str(name).removesuffix('_days')}_score"
        assert spread["customers"].sum() == len(rows)
        assert (spread["right"] > spread["left"]).all()
        assert spread["left"].tolist()[1:] == spread["right"].tolist()[:-1]
        for bar in spread.itertuples():
            inside = scored[(scored[name] >= bar.left) & (scored[name] < bar.right)]
            assert len(inside) == bar.customers
            assert set(inside[column]) <= {bar.score}


def test_about_as_many_bars_are_made_as_asked_for() -> None:
    measured = measures(*((day, 1 + day // 10, day * 10.0) for day in range(300)))
    table = rfm.distribution(measured, rfm.cuts(measured), bars=30)
    assert table.groupby("measure").size().between(15, 40).all()


def test_a_few_giants_share_the_last_bar() -> None:
    measured = measures(*((1, 1, float(money)) for money in [*range(1, 100), 10**6]))
    spread = rfm.distribution(measured, rfm.cuts(measured)).query("measure == 'monetary'")
    assert spread["right"].tolist()[-1] == np.inf
    assert spread["customers"].tolist()[-1] <= 6
    assert spread["left"].max() <= 101


def test_without_giants_the_last_bar_has_an_end() -> None:
    measured = measures(*((day, 1, float(day)) for day in range(100)))
    assert np.isfinite(rfm.distribution(measured, rfm.cuts(measured))["right"]).all()


def test_customers_who_are_all_equal_stand_in_one_bar() -> None:
    measured = measures(*[(7, 3, 10.1)] * 4)
    table = rfm.distribution(measured, rfm.cuts(measured))
    assert table[table["customers"] > 0]["customers"].tolist() == [4, 4, 4]


def test_nobody_is_spread_over_no_bars() -> None:
    measured = measures((1, 1, 1.0))
    table = rfm.distribution(measured.head(0), rfm.cuts(measured))
    assert table.empty
    assert table.dtypes.to_dict() == rfm.distribution(measured, rfm.cuts(measured)).dtypes.to_dict()


@pytest.mark.parametrize("bars", [4, 201, 30.0])
def test_a_senseless_number_of_bars_is_refused(bars: Any) -> None:
    measured = measures((1, 1, 1.0))
    with pytest.raises(errors.ParameterError, match="bars is"):
        rfm.distribution(measured, rfm.cuts(measured), bars=bars)


# Cut points


def cuts(method: Any = "quantile", **threshold: float) -> RFMCuts:
    given_threshold = (lambda name: threshold.get(name)) if method != "quantile" else lambda _: None
    return RFMCuts(
        method=method,
        bins=5,
        high_from=4,
        recency_days=MeasureCuts((90.0, 60.0, 30.0, 7.0), given_threshold("recency_days")),
        frequency=MeasureCuts((1.0, 1.0, 2.0, 2.0), given_threshold("frequency")),
        monetary=MeasureCuts((10.0, 20.0), given_threshold("monetary")),
    )


def test_cut_points_say_where_each_score_and_where_high_begins() -> None:
    table = rfm.cut_points(cuts())
    assert table.values.tolist() == [
        ["recency_days", 90, 2, False],
        ["recency_days", 60, 3, False],
        ["recency_days", 30, 4, True],
        ["recency_days", 7, 5, False],
        # tied cuts are one row; the score that really begins there; high begins within the tie
        ["frequency", 1, 3, False],
        ["frequency", 2, 5, True],
        # ties left score 4 and 5 to nobody, so high begins nowhere
        ["monetary", 10, 2, False],
        ["monetary", 20, 3, False],
    ]


@pytest.mark.parametrize("method", ["mean", "median", "fixed"])
def test_a_threshold_stands_beside_the_score_cuts(method: Any) -> None:
    table = rfm.cut_points(cuts(method, recency_days=45, frequency=3, monetary=99.5))
    high = table[table["is_high_threshold"]]
    assert high["cut"].tolist() == [45, 3, 99.5]
    assert high["score_from"].isna().all()
    assert len(table) == 4 + 2 + 2 + 3


@given(measure_rows, st.sampled_from(METHODS))
def test_cut_points_agree_with_the_scores(rows: Any, method: Any) -> None:
    measured = measures(*rows)
    fixed = {"recency_days": 30, "frequency": 3, "monetary": 50}
    made_cuts = rfm.cuts(measured, method=method, thresholds=fixed if method == "fixed" else None)
    scored = rfm.score(measured, cuts=made_cuts)
    for point in rfm.cut_points(made_cuts).dropna().itertuples():
        column = f"{point.measure.removesuffix('_days')}_score"
        at = scored[scored[point.measure] == point.cut]
        assert set(at[column]) == {point.score_from}
        if point.is_high_threshold:
            assert at[column.replace("score", "high")].all()


# Migration


def moves(table: pd.DataFrame) -> dict[tuple[str, str], tuple[int, float, float]]:
    return {
        (row.segment_before, row.segment_after): (
            row.customers, row.monetary_before, row.monetary_after,
        )
        for row in table.itertuples()
        if row.customers
    }  # fmt: skip


def test_migration_says_who_moved_came_and_went_with_their_money() -> None:
    before = segments(
        ("stays", "key_keep", 10), ("moves", "key_keep", 20), ("goes", "general_keep", 5),
        as_of=EARLIER,
    )  # fmt: skip
    after = segments(
        ("stays", "key_keep", 11), ("moves", "key_champion", 70), ("new", "key_keep", 1)
    )
    assert moves(rfm.migration(before, after)) == {
        ("key_keep", "key_keep"): (1, 10, 11),
        ("key_keep", "key_champion"): (1, 20, 70),
        ("general_keep", "absent"): (1, 5, 0),
        ("absent", "key_keep"): (1, 0, 1),
    }


def test_migration_takes_classes_kept_as_categories() -> None:
    before = segments(("a", "key_keep", 10), ("goes", "general_keep", 5), as_of=EARLIER)
    after = segments(("a", "key_champion", 70), ("new", "key_keep", 1))
    tables = (table.astype({"segment": "category"}) for table in (before, after))
    pd.testing.assert_frame_equal(rfm.migration(*tables), rfm.migration(before, after))


def test_migration_has_every_move_but_from_nowhere_to_nowhere() -> None:
    for before, after in [
        (segments(), segments()),
        (segments(as_of=EARLIER), segments(("a", "key_keep", 1))),
    ]:
        table = rfm.migration(before, after)
        assert len(table) == 80
        assert not (
            (table["segment_before"] == "absent") & (table["segment_after"] == "absent")
        ).any()


@given(class_rows, class_rows)
def test_the_margins_of_migration_are_the_two_summaries(
    then: dict[str, tuple[str, int]], now: dict[str, tuple[str, int]]
) -> None:
    before, after = made(then, EARLIER), made(now)
    table = rfm.migration(before, after)
    for side, summed in (("before", rfm.summary(before)), ("after", rfm.summary(after))):
        margin = table.groupby(f"segment_{side}")[["customers", f"monetary_{side}"]].sum()
        margin = margin.drop("absent").reindex(rfm.SEGMENTS)
        assert margin["customers"].tolist() == summed["customers"].tolist()
        assert margin[f"monetary_{side}"].tolist() == pytest.approx(summed["monetary"].tolist())
    assert table["customers"].sum() == len(set(then) | set(now))


def test_migration_refuses_tables_the_wrong_way_round() -> None:
    with pytest.raises(errors.ParameterError, match=r"before is of 2026-10-31.*\nSwap the two"):
        rfm.migration(segments(("a", "key_keep", 1)), segments(("a", "key_keep", 1), as_of=EARLIER))


def test_migration_names_the_table_that_is_broken() -> None:
    good = segments(("a", "key_keep", 1))
    with pytest.raises(errors.ContractError, match="after: missing column 'segment'"):
        rfm.migration(good, good.drop(columns="segment"))


# Words and the way from orders


def test_every_column_and_class_has_words_in_both_languages() -> None:
    measured = measures((1, 1, 1.0), (9, 2, 7.0))
    made_cuts = rfm.cuts(measured)
    classed = rfm.segment(rfm.score(measured))
    tables = [
        classed,
        rfm.summary(classed),
        rfm.grid(classed),
        rfm.distribution(measured, made_cuts),
        rfm.cut_points(made_cuts),
        rfm.migration(classed, classed),
    ]
    keys = {f"column.{column}" for table in tables for column in table.columns}
    keys |= {f"segment.{code}" for code in (*rfm.SEGMENTS, rfm.ABSENT)}
    assert not [key for key in sorted(keys) if not has(key)]


def test_from_orders_to_classes_no_customer_and_no_money_is_lost() -> None:
    orders = pd.DataFrame(
        {
            "customer_id": ["a", "a", "a", "b", "b", "gave all back", "gave all back", None],
            "ordered_at": pd.to_datetime(
                [
                    "2026-08-01", "2026-09-05", "2026-09-05", "2026-10-31", "2026-01-05",
                    "2026-03-01", "2026-03-01", "2026-10-01",
                ]
            ),
            "amount": [100.1, 50.0, -20.0, 0.0, 80.2, 10.0, -10.0, 999.0],
        }
    )  # fmt: skip
    history = purchases.history(orders, as_of="2026-10-31")
    classed = rfm.segment(rfm.score(rfm.measure(history)))
    assert classed["customer_id"].tolist() == ["a", "b"]
    assert classed["recency_days"].tolist() == [56, 0]
    assert classed["frequency"].tolist() == [2, 2]
    assert rfm.summary(classed)["monetary"].sum() == pytest.approx(210.3)


def test_orders_after_the_date_give_empty_classes() -> None:
    orders = pd.DataFrame(
        {"customer_id": ["a"], "ordered_at": pd.to_datetime(["2026-10-31"]), "amount": [1.0]}
    )
    history = purchases.history(orders, as_of="2026-01-01")
    classed = rfm.segment(rfm.score(rfm.measure(history)))
    assert classed.empty
    assert rfm.summary(classed)["customers"].sum() == 0


@pytest.mark.shared
@pytest.mark.slow
def test_on_a_real_shop_every_customer_and_every_pound_is_in_a_class(
    shared_data: Path, tmp_path: Path
) -> None:
    orders = loaders.load(
        shared_data / "online_retail_uci" / "online_retail.csv.gz",
        columns={
            "customer_id": "CustomerID",
            "ordered_at": "InvoiceDate",
            "amount": "Quantity * UnitPrice",
        },
        cache=tmp_path,
    )
    history = purchases.history(orders, as_of="2011-12-09")
    gave_all_back = history.loc[history["frequency"] == 0, "monetary"]
    measured = rfm.measure(history)
    classed = rfm.segment(rfm.score(measured))
    summed = rfm.summary(classed)
    assert summed["customers"].sum() == 4_372 - len(gave_all_back) == 4_335
    assert summed["monetary"].sum() + gave_all_back.sum() == pytest.approx(
        history["monetary"].sum(), abs=0.005
    )
    for column in ("recency_score", "frequency_score", "monetary_score"):
        assert set(classed[column]) <= {1, 2, 3, 4, 5}
    # with few ties, a fifth of the customers has each score
    assert classed["monetary_score"].value_counts().between(860, 870).all()
    spread = rfm.distribution(measured, rfm.cuts(measured))
    assert (spread.groupby("measure")["customers"].sum() == 4_335).all()
    september = rfm.segment(rfm.score(rfm.measure(purchases.history(orders, as_of="2011-09-30"))))
    moved = rfm.migration(september, classed)
    assert moved["monetary_after"].sum() == pytest.approx(summed["monetary"].sum())
