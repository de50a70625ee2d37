"""Sentences on who is overdue, and what that means in work."""

import figure_tables as t
import pandas as pd
import pytest

from workbench.findings import churn


def warnings(n, *, at=1_000.0, others=()):
    codes = ["churn_risk"] * n + list(others)
    return pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(len(codes))],
            "warning": codes,
            "value_at_stake": [at] * len(codes),
        }
    )


def segments(key, general=0):
    codes = ["key_keep"] * key + ["general_keep"] * general
    return pd.DataFrame({"customer_id": [f"c{i}" for i in range(len(codes))], "segment": codes})


@pytest.mark.parametrize(
    ("n", "en", "zh"),
    [
        (
            12,
            "Twelve key customers are overdue by their own rhythm, with 12,000 at stake",
            "12位重要客户已超出自己的购买节奏，涉及金额1.2万",
        ),
        (
            1,
            "One key customer is overdue by their own rhythm, with 1,000 at stake",
            "1位重要客户已超出自己的购买节奏，涉及金额1,000",
        ),
        (
            13,
            "13 key customers are overdue by their own rhythm, with 13,000 at stake",
            "13位重要客户已超出自己的购买节奏，涉及金额1.3万",
        ),
    ],
)
def test_the_headline_counts_key_customers_and_what_is_at_stake(n, en, zh):
    assert churn.headline(warnings(n), segments(n)) == en
    assert churn.headline(warnings(n), segments(n), lang="zh") == zh


def test_the_headline_counts_only_the_overdue():
    table = warnings(2, others=["lost", "not_due", "likely_repurchase", "too_little_history"])
    assert churn.headline(table).startswith("Two customers are overdue")


def test_the_headline_counts_only_key_customers():
    assert churn.headline(warnings(5), segments(2, general=3)).startswith("Two key customers")


def test_without_an_overdue_key_customer_the_headline_tells_of_the_others():
    said = churn.headline(warnings(3), segments(0, general=3))
    assert said == (
        "No key customer is overdue by their own rhythm; three others are, with 3,000 at stake"
    )
    said = churn.headline(warnings(3), segments(0, general=3), lang="zh")
    assert said == "没有重要客户超出自己的购买节奏；另有3位客户超出，涉及金额3,000"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("with_segments", [True, False])
def test_nobody_overdue_is_said(lang, with_segments):
    said = churn.headline(
        warnings(0, others=["not_due"]), segments(1) if with_segments else None, lang=lang
    )
    assert (
        said
        == {
            "en": "No customer is overdue by their own rhythm",
            "zh": "没有客户超出自己的购买节奏",
        }[lang]
    )


def test_empty_tables_are_said_not_failed():
    assert churn.headline(warnings(0), segments(0)) == "No customer is overdue by their own rhythm"
    assert churn.lede(warnings(0), warnings(0), warnings(0)) == "No customer is at churn risk."
    assert churn.overdue(t.warning_summary().iloc[:0]) == (
        "No customer has bought often enough to show a rhythm"
    )
    assert churn.workload(t.workload().iloc[:0]) == "No calls to make"


@pytest.mark.parametrize(
    ("before", "said"),
    [(9, ", up from nine, with"), (15, ", down from 15, with"), (12, ", as many as before, with")],
)
def test_the_headline_compares_like_with_like(before, said):
    headline = churn.headline(
        warnings(12), segments(12), warnings(before), segments_before=segments(before)
    )
    assert said in headline
    assert said in churn.headline(warnings(12), None, warnings(before))


def test_the_headline_does_not_compare_key_customers_with_all():
    assert "up from" not in churn.headline(warnings(12), segments(12), warnings(9))


@pytest.mark.parametrize(
    ("customers", "en", "zh"),
    [
        ([8, 0, 2, 0, 90], "Every fifth regular customer is", "每五位常客就有一位明显超过"),
        ([600, 0, 400, 0, 0], "Two fifths of regular customers are", "四成的常客明显超过"),
        ([54, 0, 46, 0, 0], "46% of regular customers are", "46%的常客明显超过"),
        ([9, 0, 0, 1, 0], "No regular customer is", "没有常客"),
    ],
)
def test_the_overdue_are_a_share_of_those_with_a_known_rhythm(customers, en, zh):
    table = t.warning_summary().assign(customers=customers)
    assert churn.overdue(table).startswith(en)
    assert churn.overdue(table, lang="zh").startswith(zh)


def test_the_lede_tells_who_is_new_who_bought_and_who_is_lost():
    before = warnings(4)
    now = pd.DataFrame(
        {
            "customer_id": ["c0", "c1", "c2", "c3", "n0"],
            "warning": ["churn_risk", "not_due", "not_due", "lost", "churn_risk"],
            "value_at_stake": 1.0,
        }
    )
    assert churn.lede(now, before) == (
        "Of the two customers at churn risk, one is new on the list. "
        "Of those on it before, two have bought again and one is now lost."
    )
    assert churn.lede(now, before, lang="zh") == (
        "处于流失风险的2位客户中，1位是新进名单的。此前名单上的客户中，2位已再次购买，1位已流失。"
    )


@pytest.mark.parametrize(
    ("n", "before", "said"),
    [
        (1, 0, "The one customer at churn risk is new on the list."),
        (1, 1, "The one customer at churn risk was on the list before."),
        (3, 3, "None of the three customers at churn risk is new on the list."),
        (3, 1, "Of the three customers at churn risk, two are new on the list."),
    ],
)
def test_the_lede_minds_its_numbers(n, before, said):
    assert churn.lede(warnings(n), warnings(before)) == said


def test_the_lede_tells_on_whose_desks_the_largest_lie():
    calls = pd.DataFrame(
        {
            "customer_id": list("abcdef"),
            "owner_id": ["1", "2", "1", "2", "1", "3"],
            "owner_name": ["Lin Yue", "Chen Wei", "Lin Yue", "Chen Wei", "Lin Yue", "Wu"],
            "value_at_stake": [60.0, 50.0, 40.0, 30.0, 20.0, 10.0],
        }
    )
    assert churn.lede(warnings(6), None, calls).endswith("The five largest belong to two owners.")
    alone = calls[calls["owner_id"] == "1"]
    assert churn.lede(warnings(6), None, alone).endswith("The three largest belong to Lin Yue.")
    nobody = calls.assign(owner_id=None)
    assert "largest" not in churn.lede(warnings(6), None, nobody)


def changes():
    return pd.DataFrame(
        {
            "customer_id": list("abcdefg"),
            "warning_before": ["not_due"] * 4 + ["churn_risk", "churn_risk", "absent"],
            "warning_after": ["churn_risk"] * 4 + ["not_due", "lost", "lost"],
            "value_at_stake": [1.0, 4.0, 3.0, 2.0, 5.0, 6.0, 7.0],
        }
    )


def test_news_names_the_largest_first_and_counts_the_others():
    names = pd.Series({"b": "Harbour Foods", "c": "北辰工具"})
    assert churn.news(changes(), names, limit=2) == [
        "New at churn risk: Harbour Foods (4), 北辰工具 (3) and 2 others.",
        "Bought again: e (5).",
        "Now lost: f (6).",
    ]


def test_news_in_chinese_has_chinese_punctuation():
    said = churn.news(changes(), {"b": "北辰工具"}, limit=1, lang="zh")
    assert said[0].startswith("新进流失风险名单：北辰工具（4）")
    assert said[0].endswith("另外3位。")


def test_no_changes_are_no_news():
    assert churn.news(changes().iloc[:0]) == []


def test_names_are_given_whole():
    hostile = "<script>alert(1)</script>"
    assert hostile in churn.news(changes(), {"b": hostile})[0]


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        ([80, 20], "100 calls to make; Lin has the most, 80"),
        ([50, 50], "100 calls to make"),
        ([1, 0], "One call to make; Lin has it"),
        ([0, 0], "No calls to make"),
    ],
)
def test_the_workload_names_who_has_the_most(calls, said):
    table = pd.DataFrame({"owner_name": ["Lin", "Wei"], "calls": calls})
    assert churn.workload(table) == said


def test_calls_that_nobody_owns_make_no_owner_the_busiest():
    table = pd.DataFrame({"owner_name": [None, "Wei"], "calls": [90, 10]})
    assert churn.workload(table) == "100 calls to make; Wei has the most, 10"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([-20, -16], "1.2 → 1.4: 18 fewer calls per owner, 36 in all"),
        ([3, 2], "1.2 → 1.4: 2.5 more calls per owner, 5 in all"),
        ([-1, -1], "1.2 → 1.4: 1 fewer call per owner, 2 in all"),
        ([0, 0], "1.2 → 1.4: as many calls as before"),
        ([], "1.2 → 1.4: as many calls as before"),
    ],
)
def test_moving_a_threshold_costs_calls(changes, said):
    table = pd.DataFrame({"calls_change": pd.Series(changes, dtype="int64")})
    assert churn.cost(table, step="1.2 → 1.4") == said
