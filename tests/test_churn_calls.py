"""Calls: whom to call first and why, how many calls for whom, and what another band would cost."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench import churn, errors, exhibits, words
from workbench.words import Words

AS_OF = pd.Timestamp("2026-10-31")

CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["a", "b", "c", "d", "never bought"],
        "customer_name": ["Harbour Foods", "北辰工具", "<script>", None, "Zed"],
        "owner_id": ["x", "y", "x", None, "z"],
        "region": "north",
    }
)
OWNERS = pd.DataFrame(
    {"owner_id": ["x", "y", "idle"], "owner_name": ["Lin Yue", "Chen Wei", "Idle"]}
)


def warnings(*rows: tuple[str, int, list[int], int, float], **bands: Any) -> pd.DataFrame:
    return churn.warn(history(*rows), **bands)


def history(*rows: tuple[str, int, list[int], int, float]) -> pd.DataFrame:
    """One row per customer: id, days since last, intervals newest first, purchase days, money."""
    padded = [(*intervals, None, None, None)[:3] for _, _, intervals, _, _ in rows]
    return pd.DataFrame(
        {
            "customer_id": pd.Series([row[0] for row in rows], dtype="str"),
            "as_of": pd.Series([AS_OF] * len(rows), dtype="datetime64[us]"),
            "days_since_last": pd.array([row[1] for row in rows], dtype="Int64"),
            "frequency": pd.Series([row[3] for row in rows], dtype="int64"),
            "monetary": pd.Series([row[4] for row in rows], dtype="float64"),
            **{
                f"interval_{k + 1}": pd.array([row[k] for row in padded], dtype="Int64")
                for k in range(3)
            },
        }
    )


# all buy every ten days: ratios 1.3, 1.5, 1.0, 1.25, 9.9 and no rhythm
BOOK = history(
    ("a", 13, [10, 10, 10], 4, 400.0),
    ("b", 15, [10, 10, 10], 4, 2000.0),
    ("c", 10, [10, 10, 10], 4, 200.0),
    ("d", 25, [20, 20, 20], 4, 400.0),
    ("e", 99, [10, 10, 10], 4, 40.0),
    ("f", 5, [], 1, 10.0),
)

books = st.lists(
    st.tuples(
        st.integers(0, 90), st.lists(st.integers(1, 40), max_size=3), st.integers(-5_00, 900_00)
    ),
    max_size=30,
).map(
    lambda rows: history(
        *(
            (f"c{i:02}", days, gaps, len(gaps) + 1, cents / 100)
            for i, (days, gaps, cents) in enumerate(rows)
        )
    )
)
# every third customer has no owner, and half the owners have no name
BOOK_CUSTOMERS = pd.DataFrame(
    {
        "customer_id": [f"c{i:02}" for i in range(30)],
        "owner_id": [None if i % 3 == 0 else f"o{i % 4}" for i in range(30)],
    }
)
BOOK_OWNERS = pd.DataFrame({"owner_id": ["o1", "o2"], "owner_name": ["One", "Two"]})


# Reasons


def why(*row: Any, lang: Any = "en", currency: str | None = None, **options: Any) -> str:
    table = warnings(("a", *row))
    is_due = table["warning"].iloc[0] == "likely_repurchase"
    shown = (exhibits.churn.due if is_due else exhibits.churn.calls)(table, **options)
    return str(shown.whole(Words(lang, currency))["reason"].iloc[0])


@pytest.mark.parametrize(
    ("row", "en", "zh"),
    [
        (
            (50, [35, 35, 35], 4, 49_600.0),
            "buys every 35 days, last 50 days ago, 12,400 at stake",
            "平均每35天购买一次，上次购买在50天前，预计单次采购额12,400",
        ),
        (
            (1, [1, 1, 1], 4, 40.0),
            "buys every day, last 1 day ago, 10 at stake",
            "平均每1天购买一次，上次购买在1天前，预计单次采购额10",
        ),
        (
            (2, [1, 2], 3, 30.0),
            "buys every 1.5 days, last 2 days ago, 10 at stake",
            "平均每1.5天购买一次，上次购买在2天前，预计单次采购额10",
        ),
        (
            (1200, [400, 401, 401], 4, -4.0),
            "buys every 401 days, last 1,200 days ago, 0 at stake",
            "平均每401天购买一次，上次购买在1,200天前，预计单次采购额0",
        ),
    ],
)
def test_the_reason_reads_as_people_speak(row: Any, en: str, zh: str) -> None:
    assert why(*row) == en
    assert why(*row, lang="zh") == zh


def test_who_is_not_overdue_is_on_no_list_of_calls() -> None:
    table = churn.warn(BOOK)
    called = exhibits.churn.calls(table).whole(Words())["customer_id"]
    assert set(called) == set(table.loc[table["warning"] == "churn_risk", "customer_id"])
    assert exhibits.churn.due(table).whole(Words())["customer_id"].tolist() == ["c"]


def test_the_reason_names_the_currency_when_told() -> None:
    row = (50, [35, 35, 35], 4, 49_600.0)
    assert why(*row, currency="CNY").endswith("CNY 12,400 at stake")
    assert why(*row, lang="zh", currency="CNY").endswith("预计单次采购额12,400元")


def test_the_reason_leaves_the_money_to_a_column_when_told() -> None:
    row = (50, [35, 35, 35], 4, 49_600.0)
    assert why(*row, with_money=False) == "buys every 35 days, last 50 days ago"
    assert why(*row, lang="zh", with_money=False) == "平均每35天购买一次，上次购买在50天前"


def test_reasons_stand_under_the_index_of_their_rows() -> None:
    table = churn.warn(BOOK).iloc[[3, 1]]
    reasons = exhibits.churn.calls(table).whole(Words())["reason"]
    assert reasons.index.tolist() == [3, 1]
    assert str(reasons.dtype) == "str"
    assert exhibits.churn.calls(table.head(0)).whole(Words())["reason"].tolist() == []


# Call list


def test_the_call_list_is_ranked_by_value_at_stake_with_names() -> None:
    table = churn.call_list(churn.warn(BOOK), customers=CUSTOMERS, owners=OWNERS)
    assert table.columns.tolist() == [
        "rank", "customer_id", "customer_name", "owner_id", "owner_name",
        "days_since_last", "mean_interval_days", "ratio", "value_at_stake", "warning", "frequency",
    ]  # fmt: skip
    assert table["rank"].tolist() == [1, 2, 3]
    assert table["customer_id"].tolist() == ["b", "a", "d"]
    assert table["customer_name"].tolist()[:2] == ["北辰工具", "Harbour Foods"]
    assert table["owner_name"].tolist()[:2] == ["Chen Wei", "Lin Yue"]
    assert table.loc[2, "customer_name"] == "d"
    assert table.loc[2, ["owner_id", "owner_name"]].isna().all()
    reasons = exhibits.churn.calls(table).whole(Words())["reason"]
    assert reasons.iloc[0] == "buys every 10 days, last 15 days ago, 500 at stake"
    assert set(table["warning"]) == {"churn_risk"}


def test_equal_value_is_ranked_by_customer_even_past_a_last_bit() -> None:
    assert 3.3 / 3 < 1.1
    table = churn.call_list(warnings(("b", 15, [10, 10], 1, 1.1), ("a", 15, [10, 10], 3, 3.3)))
    assert table["customer_id"].tolist() == ["a", "b"]


def test_hostile_names_stay_whole_in_the_data() -> None:
    table = churn.call_list(
        churn.warn(BOOK), warning="likely_repurchase", customers=CUSTOMERS, owners=OWNERS
    )
    assert table["customer_name"].tolist() == ["<script>"]


def test_several_warnings_make_one_list() -> None:
    table = churn.call_list(churn.warn(BOOK), warning=("likely_repurchase", "churn_risk"))
    assert set(table["customer_id"]) == {"a", "b", "c", "d"}
    everyone = churn.call_list(churn.warn(BOOK), warning=churn.WARNINGS)
    assert len(everyone) == len(BOOK)


def test_without_customers_and_owners_the_ids_are_the_names_and_nobody_is_in_charge() -> None:
    table = churn.call_list(churn.warn(BOOK))
    names = ["customer_name", "owner_id", "owner_name"]
    assert table["customer_name"].tolist() == table["customer_id"].tolist()
    assert table[["owner_id", "owner_name"]].isna().all(axis=None)
    assert {str(table[name].dtype) for name in names} == {"str"}


def test_a_limit_keeps_the_first_and_0_none() -> None:
    assert churn.call_list(churn.warn(BOOK), limit=2)["customer_id"].tolist() == ["b", "a"]
    assert churn.call_list(churn.warn(BOOK), limit=0).empty
    assert len(churn.call_list(churn.warn(BOOK), limit=99)) == 3


def test_an_empty_list_has_the_columns_and_types_of_a_full_one() -> None:
    full = churn.call_list(churn.warn(BOOK), customers=CUSTOMERS, owners=OWNERS)
    for table in (
        churn.call_list(churn.warn(BOOK.head(0)), customers=CUSTOMERS, owners=OWNERS),
        churn.call_list(
            churn.warn(BOOK.tail(1)), customers=CUSTOMERS.head(0), owners=OWNERS.head(0)
        ),
    ):
        assert table.empty
        assert table.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()


def test_ids_that_pandas_read_as_numbers_meet_ids_as_text() -> None:
    numbered = warnings(("17850", 15, [10, 10], 3, 3.0), ("13047", 15, [10, 10], 3, 6.0))
    for ids in ([17850, 13047], [17850.0, 13047.0]):
        customers = pd.DataFrame({"customer_id": ids, "owner_id": [7.0, None]})
        owners = pd.DataFrame({"owner_id": [7], "owner_name": ["Lin Yue"]})
        table = churn.call_list(numbered, customers=customers, owners=owners)
        assert table["customer_id"].tolist() == ["13047", "17850"]
        assert table["owner_id"].tolist()[1] == "7"
        assert table["owner_name"].tolist()[1] == "Lin Yue"
        assert churn.workload(numbered, customers=customers, owners=owners)["calls"].tolist() == [
            1,
            1,
        ]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"warning": "churn_rsk"}, errors.UnknownNameError, "Did you mean 'churn_risk'"),
        ({"warning": ("lost", "gone")}, errors.UnknownNameError, "called 'gone'"),
        ({"warning": ()}, errors.ParameterError, "warning is empty"),
        ({"limit": -1}, errors.ParameterError, "limit is -1"),
        ({"limit": 2.5}, errors.ParameterError, r"limit is 2\.5"),
        ({"limit": True}, errors.ParameterError, "limit is True"),
        (
            {"customers": pd.concat([CUSTOMERS, CUSTOMERS.head(1)])},
            errors.ContractError, "customers: 1 row repeats a customer_id, the first is 'a'",
        ),
        (
            {"customers": pd.DataFrame({"customer_id": [7, "7"]})},
            errors.ContractError, "customers: 1 row repeats a customer_id",
        ),
        (
            {"customers": CUSTOMERS.rename(columns={"customer_id": "cust_id"})},
            errors.ContractError, r"missing column 'customer_id'\.\nDid you mean 'cust_id'",
        ),
        (
            {"owners": pd.concat([OWNERS, OWNERS])},
            errors.ContractError, "owners: 3 rows repeat an? owner_id",
        ),
        (
            {"owners": OWNERS.drop(columns="owner_name")},
            errors.ContractError, "owners: missing column 'owner_name'",
        ),
    ],
)  # fmt: skip
def test_a_call_list_that_makes_no_sense_is_refused(
    options: Any, error: type[errors.WorkbenchError], message: str
) -> None:
    with pytest.raises(error, match=message):
        churn.call_list(churn.warn(BOOK), **options)


def test_no_table_is_changed_by_making_a_list() -> None:
    table, customers, owners = churn.warn(BOOK), CUSTOMERS.copy(), OWNERS.copy()
    kept = table.copy()
    churn.call_list(table, customers=customers, owners=owners)
    churn.workload(table, customers=customers, owners=owners)
    churn.costs(BOOK, values=[1.3], customers=customers, owners=owners)
    pd.testing.assert_frame_equal(table, kept)
    pd.testing.assert_frame_equal(customers, CUSTOMERS)
    pd.testing.assert_frame_equal(owners, OWNERS)


def test_a_call_list_takes_warnings_that_were_filtered_first() -> None:
    late = churn.warn(BOOK).query("ratio > 1.27")
    assert churn.call_list(late)["customer_id"].tolist() == ["b", "a"]


@given(books)
def test_lists_of_all_warnings_hold_every_customer_once(book: pd.DataFrame) -> None:
    table = churn.warn(book)
    lists = [churn.call_list(table, warning=code) for code in churn.WARNINGS]
    assert sorted(pd.concat(lists)["customer_id"]) == sorted(table["customer_id"])
    for one in lists:
        assert one["rank"].tolist() == list(range(1, len(one) + 1))
        assert one["value_at_stake"].round(2).is_monotonic_decreasing


# Workload


def test_workload_counts_calls_per_owner_and_keeps_those_without_one() -> None:
    table = churn.workload(churn.warn(BOOK), customers=CUSTOMERS, owners=OWNERS)
    told = table.astype(object).where(table.notna(), None).values.tolist()
    assert told == [
        ["x", "Lin Yue", 1, 1, 2, 150],
        ["y", "Chen Wei", 0, 1, 1, 500],
        [None, None, 0, 1, 1, 100],
        ["idle", "Idle", 0, 0, 0, 0],
        ["z", "z", 0, 0, 0, 0],
    ]


def test_without_owners_all_calls_stand_in_one_row() -> None:
    table = churn.workload(churn.warn(BOOK))
    assert table["owner_id"].isna().tolist() == [True]
    assert table["calls"].tolist() == [4]


def test_workload_of_nobody_has_stated_types() -> None:
    full = churn.workload(churn.warn(BOOK), customers=CUSTOMERS, owners=OWNERS)
    empty = churn.workload(churn.warn(BOOK.head(0)))
    assert empty.empty
    assert empty.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()
    idle = churn.workload(churn.warn(BOOK.head(0)), owners=OWNERS)
    assert idle["calls"].tolist() == [0, 0, 0]


@given(books)
def test_no_call_is_missing_from_the_workload(book: pd.DataFrame) -> None:
    table = churn.warn(book)
    work = churn.workload(table, customers=BOOK_CUSTOMERS, owners=BOOK_OWNERS)
    summed = churn.summary(table).set_index("warning")
    for code in churn.CALLS:
        assert work[code].sum() == summed.loc[code, "customers"]
    assert (work["calls"] == work["likely_repurchase"] + work["churn_risk"]).all()
    assert work["value_at_stake"].sum() == pytest.approx(
        summed.loc[list(churn.CALLS), "value_at_stake"].sum()
    )
    assert work["calls"].is_monotonic_decreasing
    assert not work["owner_id"].duplicated().any()


def test_workload_change_says_who_has_how_many_more() -> None:
    before = churn.workload(churn.warn(BOOK), customers=CUSTOMERS, owners=OWNERS)
    later = BOOK.assign(days_since_last=BOOK["days_since_last"] - 5)
    after = churn.workload(churn.warn(later), customers=CUSTOMERS, owners=OWNERS)
    table = churn.workload_change(before, after).set_index("owner_id")
    # a moves from risk to due (0.8), b too (1.0), c to not due (0.5), d too late to due (1.0)
    assert table.loc["x", "calls_before":"churn_risk_change"].tolist() == [2, 1, -1, 0, -1]
    assert table.loc["y", "calls_before":"churn_risk_change"].tolist() == [1, 1, 0, 1, -1]
    assert table.loc["x", "value_at_stake_change"] == -50
    # the row without an owner is compared with its like
    assert table[table.index.isna()]["churn_risk_change"].tolist() == [-1]


def test_owners_in_only_one_workload_are_kept() -> None:
    def owner(name: str, calls: int) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "owner_id": [name], "owner_name": [name.upper()], "likely_repurchase": [0],
                "churn_risk": [calls], "calls": [calls], "value_at_stake": [1.0],
            }
        )  # fmt: skip

    table = churn.workload_change(owner("left", 4), owner("new", 3))
    assert table["owner_id"].tolist() == ["new", "left"]
    assert table["owner_name"].tolist() == ["NEW", "LEFT"]
    assert table["calls_change"].tolist() == [3, -4]


@settings(max_examples=settings().max_examples // 2)
@given(books, books)
def test_changes_in_workload_are_the_difference_of_the_two(
    then: pd.DataFrame, now: pd.DataFrame
) -> None:
    before, after = (
        churn.workload(churn.warn(book), customers=BOOK_CUSTOMERS) for book in (then, now)
    )
    table = churn.workload_change(before, after)
    assert table["calls_before"].sum() == before["calls"].sum()
    assert table["calls_after"].sum() == after["calls"].sum()
    assert (table["calls_change"] == table["calls_after"] - table["calls_before"]).all()
    assert table["value_at_stake_change"].sum() == pytest.approx(
        after["value_at_stake"].sum() - before["value_at_stake"].sum(), abs=1e-6
    )


def test_a_workload_with_an_owner_twice_is_refused() -> None:
    work = churn.workload(churn.warn(BOOK), customers=CUSTOMERS)
    with pytest.raises(errors.ContractError, match="after: an owner is there twice"):
        churn.workload_change(work, pd.concat([work, work]))


# Costs


def test_a_wider_band_says_how_many_calls_fewer_each_owner_has() -> None:
    table = churn.costs(BOOK, values=[1.2, 1.4], customers=CUSTOMERS, owners=OWNERS)
    assert table.columns.tolist() == [
        "band", "threshold", "owner_id", "owner_name", "likely_repurchase", "churn_risk", "calls",
        "value_at_stake", "calls_change", "value_at_stake_change",
    ]  # fmt: skip
    assert set(table["band"]) == {"risk_from"}
    wider = table[table["threshold"] == 1.4].set_index("owner_id")
    assert wider.loc["x", "likely_repurchase":].tolist() == [2, 0, 0, 0, -1, -100]
    assert wider.loc["y", "likely_repurchase":].tolist() == [0, 1, 1, 500, 0, 0]
    assert wider[wider.index.isna()]["calls_change"].tolist() == [-1]
    same = table[table["threshold"] == 1.2]
    assert (same[["calls_change", "value_at_stake_change"]] == 0).all(axis=None)


def test_each_band_moves_the_list_it_opens_or_closes() -> None:
    due = churn.costs(BOOK, band="due_from", values=[1.1])
    assert due[["calls", "calls_change"]].values.tolist() == [[0, -1]]
    lost = churn.costs(BOOK, band="lost_from", values=[1.27])
    assert lost[["calls", "calls_change"]].values.tolist() == [[1, -2]]


def test_both_lists_can_be_counted_together() -> None:
    table = churn.costs(BOOK, values=[1.4], warning=churn.CALLS)
    # a call for risk becomes a call for repurchase: no work is saved
    assert table[["calls", "calls_change"]].values.tolist() == [[4, 0]]


@settings(max_examples=settings().max_examples // 2)
@given(
    books,
    st.sampled_from(["due_from", "risk_from", "lost_from"]),
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.sampled_from(["likely_repurchase", "churn_risk", churn.CALLS]),
    st.integers(1, 3),
)
def test_costs_are_what_warning_again_would_count(
    book: pd.DataFrame, band: Any, steps: list[int], warning: Any, min_intervals: int
) -> None:
    now = {"due_from": 1.0, "risk_from": 2.0, "lost_from": 3.0}
    values = [round(now[band] - 0.5 + step / 10, 6) for step in steps]
    people = {"customers": BOOK_CUSTOMERS, "owners": BOOK_OWNERS}
    costs = churn.costs(
        book, values=values, band=band, warning=warning, min_intervals=min_intervals,
        **now, **people,
    )  # fmt: skip
    called = [warning] if isinstance(warning, str) else list(warning)

    def work(**bands: float) -> pd.DataFrame:
        table = churn.warn(book, min_intervals=min_intervals, **bands)
        return churn.workload(table, **people).sort_values("owner_id").reset_index(drop=True)

    owners = len(work(**now))
    assert len(costs) == owners * len(values)
    for i, value in enumerate(values):
        part = costs.iloc[i * owners : (i + 1) * owners].reset_index(drop=True)
        moved, compared = work(**{**now, band: value}), work(**now)
        assert (part["threshold"] == value).all()
        pd.testing.assert_series_equal(part["owner_id"], moved["owner_id"])
        for code in churn.CALLS:
            assert part[code].tolist() == moved[code].tolist()
        assert part["calls"].tolist() == moved[called].sum(axis=1).tolist()
        change = moved[called].sum(axis=1) - compared[called].sum(axis=1)
        assert part["calls_change"].tolist() == change.tolist()
        if len(called) == 2:
            assert part["value_at_stake"].tolist() == pytest.approx(
                moved["value_at_stake"].tolist()
            )


def test_costs_of_nobody_have_stated_types() -> None:
    full = churn.costs(BOOK, values=[1.4], customers=CUSTOMERS, owners=OWNERS)
    for empty in (
        churn.costs(BOOK.head(0), values=[1.4]),
        churn.costs(BOOK.head(0), values=[1.4], owners=OWNERS),
    ):
        assert empty["calls"].sum() == 0
        assert empty.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()


def test_values_may_come_as_an_array() -> None:
    assert churn.costs(BOOK, values=np.array([1.2, 1.4]))["calls"].tolist() == [3, 1]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"values": []}, errors.ParameterError, r"values is \[\].\nGive a list"),
        ({"values": 1.4}, errors.ParameterError, r"values is 1\.4"),
        ({"values": "1.4"}, errors.ParameterError, "values is '1.4'"),
        ({"values": [0.7]}, errors.ParameterError, "do not rise: due_from 0.8, risk_from 0.7"),
        ({"values": [None]}, errors.ParameterError, "risk_from is None"),
        ({"values": [1.4], "band": "risk"}, errors.UnknownNameError, "Did you mean 'risk_from'"),
        ({"values": [1.4], "warning": "lost"}, errors.UnknownNameError, "Known: churn_risk, lik"),
        ({"values": [1.4], "min_intervals": 9}, errors.ParameterError, "min_intervals is 9"),
        ({"values": [1.4], "due_from": 5}, errors.ParameterError, "do not rise"),
    ],
)
def test_costs_that_make_no_sense_are_refused(
    options: Any, error: type[errors.WorkbenchError], message: str
) -> None:
    with pytest.raises(error, match=message):
        churn.costs(BOOK, **options)


def test_every_column_has_words_in_both_languages() -> None:
    table = churn.warn(BOOK)
    work = churn.workload(table)
    tables = [
        churn.call_list(table),
        work,
        churn.workload_change(work, work),
        churn.costs(BOOK, values=[1.4]),
    ]
    keys = {f"column.{column}" for one in tables for column in one.columns}
    assert not [key for key in sorted(keys) if not words.has(key)]
