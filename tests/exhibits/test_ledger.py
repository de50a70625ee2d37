"""What became of every row, which are left out and why, how complete each column is."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import figure_tables as t
import pandas as pd
import pytest
from spoken import drawn, said

from workbench import exhibits, loaders
from workbench.charts import style
from workbench.loaders.account import rejects as rejecting
from workbench.words import Words

summary, completeness, rejects = (
    said(one)
    for one in (exhibits.ledger.summary, exhibits.ledger.completeness, exhibits.ledger.rejects)
)
draw: Any = SimpleNamespace(
    summary=drawn(exhibits.ledger.summary), completeness=drawn(exhibits.ledger.completeness)
)


def counts(read: int, rejected: int, anonymous: int | None) -> pd.DataFrame:
    ledger = loaders.Ledger(
        "orders.csv", "orders", "csv", "0", rows_read=read, rows_kept=read - rejected,
        rows_rejected=rejected, anonymous=anonymous,
    )  # fmt: skip
    return ledger.summary()


@pytest.mark.parametrize(
    ("held", "en", "zh"),
    [
        (counts(0, 0, 0), "The source has no rows", "数据源中没有数据行"),
        (counts(1, 0, None), "The one row was kept", "全部1行均已保留"),
        (counts(200, 0, 0), "All 200 rows were kept", "全部200行均已保留"),
        (
            counts(200, 1, 0),
            "One of 200 rows was rejected (less than 1%)",
            "200行中有1行被剔除（不到1%）",
        ),
        (
            counts(200, 20, 0),
            "20 of 200 rows were rejected (a tenth)",
            "200行中有20行被剔除（一成）",
        ),
        (
            counts(200, 0, 1),
            "All 200 rows were kept; one has no customer and counts in no customer figure",
            "全部200行均已保留；不到1%的行没有客户，不计入客户指标",
        ),
        (
            counts(541_909, 0, 135_080),
            "All 541,909 rows were kept; a quarter have no customer and count in no customer figure",
            "全部541,909行均已保留；四分之一的行没有客户，不计入客户指标",
        ),
    ],
)
def test_rejected_and_anonymous_rows_are_told(held: pd.DataFrame, en: str, zh: str) -> None:
    assert summary(held) == en
    assert summary(held, lang="zh") == zh


@pytest.mark.parametrize(
    ("shares", "en", "zh"),
    [
        ([1.0, None], "Every column is complete", "所有列均完整"),
        (
            [1.0, 0.75],
            "Amount is the emptiest column: a quarter of its rows hold nothing",
            "“金额”空值最多：四分之一的行没有取值",
        ),
        ([None, None], "The source has no rows", "数据源中没有数据行"),
    ],
)
def test_the_emptiest_column_is_named(shares: list[float | None], en: str, zh: str) -> None:
    table = pd.DataFrame({"column": ["order_id", "amount"], "rows": 4, "filled": [4, 3]})
    table = table.assign(completeness=pd.Series(shares, dtype="float64"))
    assert completeness(table) == en
    assert completeness(table, lang="zh") == zh


def test_without_a_table_a_file_is_waited_for() -> None:
    for show in (exhibits.ledger.summary, exhibits.ledger.completeness):
        nothing = show(pd.DataFrame(columns=show.result.columns))
        assert nothing.sentence() == "Drop a file above, or write its path"
        figure = nothing.figure()
        assert figure is not None
        assert not figure.data


@pytest.mark.parametrize(
    ("rows", "en", "zh"),
    [
        ([], "No row was left out", "没有被剔除的行"),
        ([(2, "amount", "x", "not_a_number")], "One row was left out", "1行被剔除"),
    ],
)
def test_how_many_rows_were_left_out_is_said(rows: Any, en: str, zh: str) -> None:
    table = rejecting.table(rows)
    assert rejects(table) == en
    assert rejects(table, lang="zh") == zh


def test_each_reason_stands_in_words() -> None:
    table = rejecting.table([(2, "ordered_at; amount", "soon; x", "not_a_date; not_a_number")])
    shown = exhibits.ledger.rejects(table)
    assert shown.listed(Words("zh"))["reason"].tolist() == ["不是日期; 不是数字"]
    assert shown.listed()["reason"].tolist() == ["not a date; not a number"]


def test_the_bars_are_the_shares_of_the_rows_read() -> None:
    figure = draw.summary(t.ledger())
    (bars,) = figure.data
    assert list(bars.customdata) == [20_081, 37, 216, 561]
    assert list(bars.x) == [n / 20_118 for n in bars.customdata]


def test_kept_and_rejected_are_always_drawn_and_others_where_they_found_something() -> None:
    figure = draw.summary(t.ledger(rows_kept=20_118, rows_rejected=0, refunds=0))
    assert list(figure.data[0].customdata) == [20_118, 0, 216]


def test_kept_and_rejected_have_the_colours_of_their_meaning() -> None:
    bars = draw.summary(t.ledger()).data[0]
    assert list(bars.marker.color)[:3] == [style.KEPT, style.RISK, style.GREY]


def test_rows_stand_beside_shares() -> None:
    bars = draw.summary(t.ledger()).data[0]
    assert bars.text[1] == "<b>37</b> · &lt;1%"


def test_the_rows_read_are_told_in_the_subtitle() -> None:
    assert "20,118 rows read" in draw.summary(t.ledger()).layout.meta["subtitle"]


def test_each_column_has_a_bar_of_its_completeness_and_an_absent_one_says_so() -> None:
    figure = draw.completeness(t.completeness())
    (bars,) = figure.data
    assert list(bars.x) == [1.0, 0.75, 0.0]
    assert list(bars.text) == ["<b>200</b> · 100%", "<b>150</b> · 75%", "not in the source"]
    assert list(bars.marker.color) == [style.KEPT, style.GREY, style.GREY]
    assert figure.layout.meta["alt"] == (
        "Owner is the emptiest column: a quarter of its rows hold nothing"
    )


STRANGERS = pd.DataFrame(
    [
        ["orders", "customer_id", 4372, 3, "12346", "customers", "C0001"],
        ["leads", "owner_id", 1, 0, "S09", "owners", "S01"],
    ],
    columns=["table", "column", "ids", "shared", "example", "known_in", "known_example"],
)


@pytest.mark.parametrize(
    ("lang", "many", "one", "late"),
    [
        (
            "en",
            "“Orders” and “Customers” have hardly any Customer ID in common: 3 of 4,372 in the former stand in"
            " the latter; 12346 does not, and the latter has C0001.",
            "“Leads” and “Owners” have hardly any Owner ID in common: 0 of 1 in the former stand in the latter;"
            " S09 does not, and the latter has S01.",
            "31 Dec 2027 lies far after the data, which end on 30 Oct 2026.",
        ),
        (
            "zh",
            "“订单”与“客户”的客户编号几乎对不上：前者4,372个中只有3个见于后者；例如12346不在其中，"
            "后者有C0001。",
            "“线索”与“负责人”的负责人编号几乎对不上：前者1个中只有0个见于后者；例如S09不在其中，后者有S01。",
            "截至日2027年12月31日远在数据之后，数据止于2026年10月30日。",
        ),
    ],
)
def test_tables_that_hardly_share_an_id_and_a_day_far_from_the_data_are_told_a_sentence_each(
    lang: Any, many: str, one: str, late: str
) -> None:
    words, dates = Words(lang), (dt.date(2025, 1, 1), dt.date(2026, 10, 30))
    far = dt.date(2027, 12, 31)
    found = exhibits.ledger.remarks(STRANGERS, as_of=far, dates=dates, words=words)
    assert found == [many, one, late]
    shown = exhibits.ledger.summary(counts(1, 0, None), strangers=STRANGERS, as_of=far, dates=dates)
    assert shown.sentence(words).endswith(words.joined(found))
    assert shown.sentence(words).startswith(("The one row was kept. “", "全部1行均已保留。“"))


def test_of_a_day_within_the_data_and_tables_that_fit_nothing_is_said() -> None:
    dates = dt.date(2025, 1, 1), dt.date(2026, 10, 30)
    assert exhibits.ledger.remarks(STRANGERS.head(0), as_of=dates[1], dates=dates) == []
    assert exhibits.ledger.remarks(as_of=dt.date(2030, 1, 1), dates=(None, None)) == []
    before = exhibits.ledger.remarks(as_of=dt.date(2024, 1, 1), dates=dates, words=Words())
    assert before == ["1 Jan 2024 lies before the data, which begin on 1 Jan 2025."]
