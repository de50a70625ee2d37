"""Warnings: in which band of their own rhythm customers are, and what the bands hold."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench import churn, errors, loaders, purchases
from workbench.words import has

AS_OF = pd.Timestamp("2026-10-31")
EARLIER = pd.Timestamp("2026-09-30")
BANDS = (Fraction("0.8"), Fraction("1.2"), Fraction(3))

Row = tuple[int | None, list[int], int, float]


def history(*rows: Row, as_of: pd.Timestamp = AS_OF) -> pd.DataFrame:
    """One row per customer: days since last, intervals newest first, purchase days, money."""
    padded = [(*intervals, None, None, None)[:3] for _, intervals, _, _ in rows]
    return pd.DataFrame(
        {
            "customer_id": pd.Series([f"c{i:03}" for i in range(len(rows))], dtype="str"),
            "as_of": pd.Series([as_of] * len(rows), dtype="datetime64[us]"),
            "days_since_last": pd.array([row[0] for row in rows], dtype="Int64"),
            "frequency": pd.Series([row[2] for row in rows], dtype="int64"),
            "monetary": pd.Series([row[3] for row in rows], dtype="float64"),
            **{
                f"interval_{k + 1}": pd.array([row[k] for row in padded], dtype="Int64")
                for k in range(3)
            },
        }
    )


def rhythm(days: int, *intervals: int) -> pd.DataFrame:
    return history((days, list(intervals), len(intervals) + 1, 100.0))


def warning(days: int, *intervals: int, **options: Any) -> str:
    return str(churn.warn(rhythm(days, *intervals), **options)["warning"].iloc[0])


def exact(days: int, intervals: list[int], bands: tuple[Fraction, ...] = BANDS) -> str:
    """The rule in whole numbers."""
    ratio = Fraction(days * len(intervals), sum(intervals))
    return churn.WARNINGS[sum(ratio >= band for band in bands)]


customers = st.lists(
    st.tuples(
        st.integers(0, 1500),
        st.lists(st.integers(1, 400), max_size=3),
        st.integers(4, 40),
        st.integers(-50_00, 900_00).map(lambda cents: cents / 100),
    ).map(lambda row: (*row[:2], row[2] if len(row[1]) == 3 else len(row[1]) + 1, row[3])),
    max_size=40,
).map(lambda rows: history(*rows))


# The rule


def test_a_rhythm_of_35_days_is_due_after_33_and_at_risk_after_50() -> None:
    assert warning(33, 35, 35, 35) == "likely_repurchase"
    assert warning(50, 35, 35, 35) == "churn_risk"
    assert warning(33, 30, 35, 40) == "likely_repurchase"
    assert warning(50, 40, 30) == "churn_risk"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, "not_due"),
        (27, "not_due"),
        (28, "likely_repurchase"),
        (41, "likely_repurchase"),
        (42, "churn_risk"),
        (104, "churn_risk"),
        (105, "lost"),
        (9999, "lost"),
    ],
)
def test_a_band_begins_at_its_edge(days: int, expected: str) -> None:
    # the mean is 35: 0.8, 1.2 and 3 are 28, 42 and 105 days
    assert warning(days, 35, 35, 35) == expected
    assert warning(days, 36, 35, 34) == expected
    assert warning(days, 34, 36) == expected


@pytest.mark.parametrize("edges", [("0.8", "1.2", "3"), ("0.9", "1.1", "2.3")])
def test_every_ratio_of_whole_days_lies_in_the_band_that_whole_numbers_say(
    edges: tuple[str, str, str],
) -> None:
    bands = tuple(Fraction(edge) for edge in edges)
    rows: list[Row] = []
    for count in (1, 2, 3):
        for total in range(count, 260):
            intervals = [total - count + 1, *[1] * (count - 1)]
            # the day before, at and after each edge
            days = {int(band * total / count) + step for band in bands for step in (-1, 0, 1, 2)}
            rows += [(day, intervals, count + 1, 1.0) for day in sorted(days) if day >= 0]
    due, risk, lost = (float(edge) for edge in edges)
    table = churn.warn(
        history(*rows), due_from=due, risk_from=risk, lost_from=lost, min_intervals=1
    )
    assert table["warning"].tolist() == [exact(int(row[0] or 0), row[1], bands) for row in rows]


def test_an_edge_is_met_where_dividing_by_the_mean_would_miss_it() -> None:
    assert 3 / (10 / 3) < 0.9
    assert warning(3, 3, 3, 4, due_from=0.9) == "likely_repurchase"


@given(
    st.integers(0, 5000),
    st.lists(st.integers(1, 2000), min_size=1, max_size=3),
    st.lists(st.integers(1, 9999), min_size=3, max_size=3, unique=True).map(sorted),
    st.sampled_from([10, 100, 1000]),
)
def test_any_band_of_few_decimals_is_met_exactly(
    days: int, intervals: list[int], steps: list[int], tenth: int
) -> None:
    due, risk, lost = (step / tenth for step in steps)
    assert warning(
        days, *intervals, due_from=due, risk_from=risk, lost_from=lost, min_intervals=1
    ) == exact(days, intervals, tuple(Fraction(step, tenth) for step in steps))


def test_noise_of_a_slider_moves_no_edge() -> None:
    assert 0.1 * 3 != 0.3
    assert warning(3, 10, 10, due_from=0.1 * 3) == "likely_repurchase"


def test_mean_and_ratio_are_those_of_the_last_three_intervals_or_fewer() -> None:
    table = churn.warn(
        history(
            (50, [30, 35, 40], 9, 1.0), (10, [4, 5], 3, 1.0), (10, [4], 2, 1.0), (3, [], 1, 1.0)
        )
    )
    assert table["mean_interval_days"].tolist()[:3] == [35, 4.5, 4]
    assert table["ratio"].tolist()[:3] == [50 / 35, 10 / 4.5, 2.5]
    assert table.loc[3, ["mean_interval_days", "ratio"]].isna().all()


def test_fewer_intervals_than_asked_for_say_nothing() -> None:
    for asked in (1, 2, 3):
        for there in (0, 1, 2, 3):
            expected = "lost" if there >= asked else "too_little_history"
            assert warning(999, *[5] * there, min_intervals=asked) == expected


@given(st.integers(0, 100_000), st.integers(1, 3))
def test_customer_with_no_repeat_order_is_never_called_lost(days: int, asked: int) -> None:
    assert warning(days, min_intervals=asked) == "too_little_history"


def test_a_customer_without_any_purchase_day_gets_no_warning() -> None:
    table = churn.warn(history((None, [], 0, -20.0), (33, [35, 35], 3, 30.0)))
    assert table["customer_id"].tolist() == ["c001"]
    assert table.index.tolist() == [0]


def test_value_at_stake_is_money_per_purchase_day_and_never_below_zero() -> None:
    table = churn.warn(history((1, [5, 5], 4, 49_600.0), (1, [5, 5], 4, -10.0), (1, [], 1, 0.0)))
    assert table["value_at_stake"].tolist() == [12_400, 0, 0]


def test_warnings_have_stated_columns_and_types() -> None:
    for table in (rhythm(33, 35, 35), history()):
        warnings = churn.warn(table)
        assert {name: str(dtype) for name, dtype in warnings.dtypes.items()} == {
            "customer_id": "str",
            "days_since_last": "int64",
            "mean_interval_days": "float64",
            "ratio": "float64",
            "warning": "str",
            "as_of": "datetime64[us]",
            "frequency": "int64",
            "monetary": "float64",
            "value_at_stake": "float64",
        }
        assert list(warnings.columns)[:5] == [
            "customer_id", "days_since_last", "mean_interval_days", "ratio", "warning",
        ]  # fmt: skip


def test_history_stays_as_it_was() -> None:
    table = rhythm(33, 35, 35)
    kept = table.copy()
    churn.warn(table)
    pd.testing.assert_frame_equal(table, kept)


# Properties


@given(customers, st.randoms(use_true_random=False))
def test_row_order_never_matters(table: pd.DataFrame, random: Any) -> None:
    order = list(range(len(table)))
    random.shuffle(order)
    shuffled = churn.warn(table.iloc[order]).sort_values("customer_id").reset_index(drop=True)
    pd.testing.assert_frame_equal(churn.warn(table), shuffled)


@given(customers, st.integers(0, 500))
def test_waiting_longer_is_never_a_better_sign(table: pd.DataFrame, days: int) -> None:
    later = table.assign(days_since_last=table["days_since_last"] + days)
    order = [churn.WARNINGS.index(code) for code in churn.warn(table)["warning"]]
    after = [churn.WARNINGS.index(code) for code in churn.warn(later)["warning"]]
    assert all(was <= now for was, now in zip(order, after, strict=True))


@given(customers, st.integers(2, 9))
def test_only_the_ratio_counts_not_the_pace(table: pd.DataFrame, pace: int) -> None:
    days = ["days_since_last", "interval_1", "interval_2", "interval_3"]
    slower = table.assign(**{column: table[column] * pace for column in days})
    assert churn.warn(table)["warning"].tolist() == churn.warn(slower)["warning"].tolist()


@given(customers, st.sampled_from([EARLIER, pd.Timestamp("1999-01-01")]))
def test_shifting_all_dates_changes_no_warning(table: pd.DataFrame, as_of: pd.Timestamp) -> None:
    shifted = table.assign(as_of=as_of)
    assert churn.warn(table)["warning"].tolist() == churn.warn(shifted)["warning"].tolist()


@given(customers)
def test_every_customer_is_in_just_one_band_and_no_value_is_lost(table: pd.DataFrame) -> None:
    warnings = churn.warn(table)
    summed = churn.summary(warnings)
    assert tuple(summed["warning"]) == churn.WARNINGS
    assert summed["customers"].sum() == len(table)
    assert summed["value_at_stake"].sum() == pytest.approx(warnings["value_at_stake"].sum())
    if len(table):
        assert summed["customer_share"].sum() == pytest.approx(1)


@given(
    customers, st.sampled_from([0.05, 0.1, 0.25, 0.3, 1.0]), st.sampled_from([0.5, 2.0, 4.0, 7.7])
)
def test_bars_of_ratios_hold_each_judged_customer_in_its_band(
    table: pd.DataFrame, width: float, upto: float
) -> None:
    warnings = churn.warn(table)
    bars = churn.ratios(warnings, bin_width=width, upto=upto)
    assert bars["left"].iloc[0] == 0
    assert bars["right"].iloc[-1] == np.inf
    assert bars["left"].tolist()[1:] == bars["right"].tolist()[:-1]
    assert (bars["right"] > bars["left"]).all()
    summed = churn.summary(warnings).set_index("warning")["customers"]
    by_band = bars.groupby("warning")["customers"].sum()
    for code in churn.WARNINGS[:4]:
        assert by_band[code] == summed[code]
    assert bars["customers"].sum() == len(table) - summed["too_little_history"]


# Refusals


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"due_from": 1.2}, r"do not rise: due_from 1.2, risk_from 1.2, lost_from 3\.\nWrite due"),
        ({"risk_from": 3.5}, "do not rise"),
        ({"lost_from": 1.0}, "do not rise"),
        ({"due_from": 0}, "due_from is 0"),
        ({"due_from": -1}, "due_from is -1"),
        ({"due_from": 1e-9}, "due_from is 1e-09"),
        ({"due_from": True}, "due_from is True"),
        ({"risk_from": "1.2"}, "risk_from is '1.2'"),
        ({"risk_from": float("nan")}, "risk_from is nan"),
        ({"lost_from": float("inf")}, "lost_from is inf"),
        ({"lost_from": 1000}, "lost_from is 1000"),
        ({"min_intervals": 0}, r"min_intervals is 0, .* last three"),
        ({"min_intervals": 4}, r"min_intervals is 4, .* last three"),
        ({"min_intervals": 2.0}, r"min_intervals is 2\.0"),
        ({"min_intervals": True}, "min_intervals is True"),
    ],
)
def test_a_band_that_makes_no_sense_is_refused(options: Any, message: str) -> None:
    with pytest.raises(errors.ParameterError, match=message) as caught:
        churn.warn(rhythm(33, 35, 35), **options)
    assert caught.value.mend


TWO = history((33, [35, 35], 3, 30.0), (50, [35, 35], 3, 30.0))


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (
            TWO.rename(columns={"interval_1": "intervall_1"}),
            r"missing column 'interval_1'\.\nDid you mean 'intervall_1'\? .* purchases\.history",
        ),
        (pd.concat([TWO, TWO]), "2 rows repeat a customer_id, the first is 'c000'"),
        (TWO.assign(as_of=[AS_OF, EARLIER]), "2 different values of as_of, from 2026-09-30"),
        (TWO.assign(customer_id=["a", None]), "1 of 2 rows have no customer_id"),
        (TWO.assign(monetary=[np.nan, 1.0]), "1 of 2 customers have no finite monetary"),
        (TWO.assign(monetary=[np.inf, 1.0]), "1 of 2 customers have no finite monetary"),
        (TWO.assign(days_since_last=[None, 1]), "1 of 2 customers have no days_since_last"),
        (TWO.assign(days_since_last=[-1, 1]), "1 of 2 customers have a days_since_last that is no"),
        (TWO.assign(days_since_last=["long", 1]), "days_since_last holds something that is no num"),
        (TWO.assign(interval_2=[0, 35]), "1 intervals are shorter than a day"),
        (TWO.assign(interval_2=[3.5, 35]), "1 of 2 customers have a interval_2 that is no whole"),
    ],
)
def test_a_broken_history_is_refused_by_what_is_broken(broken: pd.DataFrame, message: str) -> None:
    with pytest.raises(errors.ContractError, match=message) as caught:
        churn.warn(broken)
    assert caught.value.mend


def test_something_that_is_no_table_is_refused() -> None:
    with pytest.raises(errors.ParameterTypeError, match="history is a dict, not a table"):
        churn.warn({})


# Summary and ratios


def test_summary_keeps_warnings_that_nobody_has() -> None:
    table = churn.summary(churn.warn(rhythm(50, 35, 35)))
    assert tuple(table["warning"]) == churn.WARNINGS
    assert table["customers"].tolist() == [0, 0, 1, 0, 0]
    empty = churn.summary(churn.warn(history()))
    assert empty["customers"].sum() == 0
    assert empty["customer_share"].isna().all()


def test_an_unknown_warning_is_named() -> None:
    warnings = churn.warn(rhythm(50, 35, 35)).assign(warning="gone")
    with pytest.raises(errors.ContractError, match=r"1 of 1 rows .* 'gone'\.\nKnown: not_due"):
        churn.summary(warnings)


def test_bars_are_split_where_a_band_begins() -> None:
    bars = churn.ratios(
        churn.warn(rhythm(28, 35, 35), due_from=0.85, risk_from=1.2),
        bin_width=0.5, upto=2, due_from=0.85,
    )  # fmt: skip
    assert bars["left"].tolist() == [0, 0.5, 0.85, 1, 1.2, 1.5, 2, 3]
    assert bars["warning"].tolist() == [
        "not_due", "not_due", "likely_repurchase", "likely_repurchase", "churn_risk", "churn_risk",
        "churn_risk", "lost",
    ]  # fmt: skip


def test_without_customers_all_bars_are_there_and_empty() -> None:
    bars = churn.ratios(churn.warn(history()))
    assert len(bars) == 41
    assert bars["customers"].sum() == 0


def test_bars_by_other_bands_than_the_warnings_are_refused() -> None:
    warnings = churn.warn(rhythm(45, 35, 35))
    with pytest.raises(errors.ParameterError, match=r"other bands than .*risk_from=1\.4.*\nGive"):
        churn.ratios(warnings, risk_from=1.4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bin_width": 0}, "bin_width is 0"),
        ({"bin_width": 1e-9}, "bin_width is 1e-09"),
        ({"upto": float("inf")}, "upto is inf"),
        ({"upto": "4"}, "upto is '4'"),
        ({"bin_width": 0.001}, "more than 1000 bars"),
    ],
)
def test_senseless_bars_are_refused(options: Any, message: str) -> None:
    with pytest.raises(errors.ParameterError, match=message):
        churn.ratios(churn.warn(rhythm(33, 35, 35)), **options)


# Changes


def at(as_of: pd.Timestamp, **codes: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": pd.Series(list(codes), dtype="str"),
            "as_of": pd.Series([as_of] * len(codes), dtype="datetime64[us]"),
            "warning": pd.Series(list(codes.values()), dtype="str"),
            "value_at_stake": pd.Series(
                [100.0 * (i + 1) for i in range(len(codes))], dtype="float64"
            ),
        }
    )


def test_changes_lists_only_customers_whose_warning_differs_most_at_stake_first() -> None:
    before = at(EARLIER, same="lost", worse="not_due", gone="not_due")
    after = at(AS_OF, same="lost", worse="churn_risk", new="too_little_history")
    assert churn.changes(before, after).values.tolist() == [
        ["gone", "not_due", "absent", 300],
        ["new", "absent", "too_little_history", 300],
        ["worse", "not_due", "churn_risk", 200],
    ]


def test_nothing_changes_between_equal_tables() -> None:
    table = at(AS_OF, a="lost", b="not_due")
    assert churn.changes(table, table).empty
    assert churn.changes(at(AS_OF), at(AS_OF)).empty


def test_changes_have_stated_types() -> None:
    for table in (at(AS_OF), at(AS_OF, a="lost")):
        changed = churn.changes(at(EARLIER), table)
        assert [str(dtype) for dtype in changed.dtypes] == ["str", "str", "str", "float64"]


@given(customers, customers)
def test_changes_reconcile_with_the_two_summaries(one: pd.DataFrame, other: pd.DataFrame) -> None:
    before, after = churn.warn(one.assign(as_of=EARLIER)), churn.warn(other)
    changed = churn.changes(before, after)
    gained = changed["warning_after"].value_counts()
    dropped = changed["warning_before"].value_counts()
    then, now = (
        churn.summary(table).set_index("warning")["customers"] for table in (before, after)
    )
    for code in churn.WARNINGS:
        assert now[code] - then[code] == gained.get(code, 0) - dropped.get(code, 0)


def test_changes_refuses_tables_the_wrong_way_round() -> None:
    with pytest.raises(errors.ParameterError, match=r"before is of 2026-10-31.*\nSwap the two"):
        churn.changes(at(AS_OF, a="lost"), at(EARLIER, a="lost"))


# Words and the way from orders


def test_every_warning_and_column_has_words_in_both_languages() -> None:
    warnings = churn.warn(TWO)
    tables = [
        warnings,
        churn.summary(warnings),
        churn.ratios(warnings),
        churn.changes(warnings, warnings),
    ]
    keys = {f"column.{column}" for table in tables for column in table.columns}
    keys |= {f"warning.{code}" for code in (*churn.WARNINGS, churn.ABSENT)}
    assert not [key for key in sorted(keys) if not has(key)]


def test_from_orders_to_warnings_rhythm_is_counted_in_purchase_days() -> None:
    orders = pd.DataFrame(
        {
            "customer_id": ["a"] * 5 + ["once", "gave all back", "gave all back"],
            "ordered_at": pd.to_datetime(
                [
                    "2026-06-03", "2026-07-08", "2026-07-08", "2026-08-12", "2026-09-16",
                    "2024-01-01", "2026-03-01", "2026-03-01",
                ]
            ),
            "amount": [400.0, 300.0, 100.0, 400.0, 400.0, 9.0, 10.0, -10.0],
        }
    )  # fmt: skip
    for as_of, expected in (("2026-10-19", "likely_repurchase"), ("2026-11-05", "churn_risk")):
        warnings = churn.warn(purchases.history(orders, as_of=as_of)).set_index("customer_id")
        assert warnings["warning"].to_dict() == {"a": expected, "once": "too_little_history"}
        assert warnings.loc["a", "mean_interval_days"] == 35
        assert warnings.loc["a", "value_at_stake"] == 400


def test_orders_after_the_date_give_no_warnings() -> None:
    orders = pd.DataFrame(
        {"customer_id": ["a"], "ordered_at": pd.to_datetime(["2026-10-31"]), "amount": [1.0]}
    )
    warnings = churn.warn(purchases.history(orders, as_of="2026-01-01"))
    assert warnings.empty
    assert churn.call_list(warnings).empty


@pytest.mark.slow
@pytest.mark.shared
def test_on_real_buyers_warnings_are_those_of_plain_python(
    shared_data: Path, tmp_path: Path
) -> None:
    orders = loaders.load(
        shared_data / "cdnow" / "CDNOW_master.txt.gz",
        widths={"customer_id": (0, 6), "ordered_at": (7, 15), "amount": (18, 27)},
        date_format="%Y%m%d",
        cache=tmp_path,
    )
    as_of = pd.Timestamp("1998-06-30")
    warnings = churn.warn(purchases.history(orders, as_of=as_of)).set_index("customer_id")
    assert len(warnings) == 23_570
    days = orders.table.groupby("customer_id")["ordered_at"].agg(lambda at: sorted(set(at)))
    for customer, bought in days.items():
        gaps = [(b - a).days for a, b in pairwise(bought)][-3:]
        since = (as_of - bought[-1]).days
        expected = exact(since, gaps) if len(gaps) >= 2 else "too_little_history"
        assert warnings.at[customer, "warning"] == expected
