"""Sentences on who is overdue, and what that means in work."""

import re

import figure_tables as t
import pandas as pd
import pytest
from spoken import said as sentence

from workbench import exhibits
from workbench.churn import changes as changes_of
from workbench.people import People
from workbench.words import Words

EN, ZH = Words(), Words("zh")
churn = exhibits.churn
overdue = sentence(churn.ratios)
workload = sentence(churn.workload)


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


def named(table, owners=("Lin Yue", "Chen Wei")):
    """The table as it stands on the page: the first customer is called, and two owners share all."""
    ids = table["customer_id"]
    return table.assign(
        customer_name=ids.replace("c0", "Harbour Foods"),
        owner_id=[f"S{i % len(owners)}" for i in range(len(table))],
        owner_name=[owners[i % len(owners)] for i in range(len(table))],
    )


@pytest.mark.parametrize(
    ("n", "en", "zh"),
    [
        (
            12,
            "Call twelve key customers who are late: 12,000 at stake."
            " Start with Harbour Foods (Lin Yue)",
            "请联系12位逾期未购的重要客户：涉及金额1.2万，先联系Harbour Foods（Lin Yue）",
        ),
        (
            1,
            "Call Harbour Foods (Lin Yue), the one key customer who is late: 1,000 at stake",
            "请联系1位逾期未购的重要客户：涉及金额1,000，先联系Harbour Foods（Lin Yue）",
        ),
    ],
)
def test_the_headline_says_whom_to_call_for_how_much_and_with_whom_to_begin(n, en, zh):
    table = named(warnings(n, others=["lost"]))
    assert churn.headline(table, EN, segments=segments(n)) == en
    assert churn.headline(table, ZH, segments=segments(n)) == zh


def test_the_headline_begins_with_the_largest():
    table = named(warnings(3)).assign(value_at_stake=[1.0, 9.0, 5.0])
    assert churn.headline(table, EN).endswith("Start with c1 (Chen Wei)")


def test_the_headline_names_no_owner_where_all_are_one_s_or_nobody_s():
    assert churn.headline(named(warnings(2), owners=["Wu"]), EN).endswith("Harbour Foods")
    assert churn.headline(warnings(2), EN).endswith("Start with c0"), "the id, where no name is"
    nobody = named(warnings(2)).assign(owner_id=[None, "S1"], owner_name=[None, "Wu"])
    assert churn.headline(nobody, EN).endswith("Start with Harbour Foods")


def test_the_headline_counts_only_the_overdue():
    table = warnings(2, others=["lost", "not_due", "likely_repurchase", "too_little_history"])
    assert churn.headline(table, EN).startswith("Call two customers who are late")


def test_the_headline_counts_only_key_customers():
    said = churn.headline(warnings(5), EN, segments=segments(2, general=3))
    assert said.startswith("Call two key customers who are late: 2,000 at stake")


def test_without_an_overdue_key_customer_the_headline_tells_of_the_others():
    said = churn.headline(warnings(3), EN, segments=segments(0, general=3))
    assert said == "Call three customers who are late: 3,000 at stake. Start with c0"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("with_segments", [True, False])
def test_nobody_overdue_is_said(lang, with_segments):
    said = churn.headline(
        warnings(0, others=["not_due"]),
        Words(lang),
        segments=segments(1) if with_segments else None,
    )
    assert (
        said
        == {
            "en": "No customer is overdue by their own rhythm",
            "zh": "没有客户超出自己的购买节奏",
        }[lang]
    )


@pytest.mark.parametrize(
    ("others", "bought", "en", "zh"),
    [
        (["too_little_history"] * 3, [1, 1, 2],
         "No customer has bought often enough to show a rhythm yet; two customers bought once",
         "还没有客户的购买次数多到能看出节奏；2位客户只买过一次"),
        (["not_due", "lost", "lost", "too_little_history"], [9, 9, 9, 1],
         "No customer is overdue by their own rhythm; two customers lost; one customer without a"
         " rhythm yet",
         "没有客户超出自己的购买节奏；2位客户已流失；1位客户尚无节奏"),
    ],
)  # fmt: skip
def test_a_headline_without_a_call_says_who_is_lost_and_of_whom_it_cannot_be_told(
    others, bought, en, zh
):
    table = warnings(0, others=others).assign(frequency=bought)
    for words, said in ((EN, en), (ZH, zh)):
        assert churn.headline(table, words, segments=segments(0, general=4)) == said


@pytest.mark.parametrize("listed", [churn.calls, churn.due])
def test_a_list_of_calls_says_how_many_of_other_warnings_it_leaves_out(listed):
    table = pd.concat([t.calls(), t.calls().assign(warning="not_due")])
    left = len(table) - len(listed(table).whole(EN))
    assert left
    assert f"; {EN.write(left, 'customers')} of other warnings left out" in (
        listed(table).sheet(EN).subtitle
    )
    own = table[
        table["warning"] == ("churn_risk" if listed is churn.calls else "likely_repurchase")
    ]
    assert "left out" not in listed(own).sheet(EN).subtitle


def test_empty_tables_are_said_not_failed():
    assert (
        churn.headline(warnings(0), EN, segments=segments(0))
        == "No customer is overdue by their own rhythm"
    )
    assert churn.lede(warnings(0), EN, before=warnings(0)) == "No customer is at churn risk."
    assert overdue(t.warning_summary().iloc[:0], bins=t.ratios()) == (
        "No customer has bought often enough to show a rhythm"
    )
    assert workload(t.workload().iloc[:0]) == "No calls to make"


@pytest.mark.parametrize(
    ("customers", "en", "zh"),
    [
        ([8, 0, 2, 0, 90], "A fifth of regular customers are late", "两成的老客户逾期未购"),
        ([600, 0, 400, 0, 0], "Two fifths of regular customers are late", "四成的老客户逾期未购"),
        ([54, 0, 46, 0, 0], "46% of regular customers are late", "46%的老客户逾期未购"),
        (
            [5, 0, 2, 3, 0],
            "Three tenths of regular customers are lost; a fifth are late",
            "三成的老客户已流失，两成逾期未购",
        ),
        (
            [9, 0, 0, 1, 0],
            "A tenth of regular customers are lost, and none is late",
            "一成的老客户已流失，没有逾期未购者",
        ),
        ([9, 0, 0, 0, 0], "No regular customer is late", "没有老客户逾期未购"),
    ],
)
def test_the_overdue_are_a_share_of_those_with_a_known_rhythm(customers, en, zh):
    table = t.warning_summary().assign(customers=customers)
    assert overdue(table, bins=t.ratios()).startswith(en)
    assert overdue(table, bins=t.ratios(), lang="zh").startswith(zh)


def test_the_lede_tells_who_is_new_who_bought_and_who_is_lost():
    before = warnings(4)
    now = pd.DataFrame(
        {
            "customer_id": ["c0", "c1", "c2", "c3", "n0"],
            "warning": ["churn_risk", "not_due", "not_due", "lost", "churn_risk"],
            "value_at_stake": 1.0,
        }
    )
    assert churn.lede(now, EN, before=before) == (
        "Of the two customers at churn risk, one is new on the list. "
        "Of those on it before, two have bought again and one is now lost."
    )
    assert churn.lede(now, ZH, before=before) == (
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
    assert churn.lede(warnings(n), EN, before=warnings(before)) == said


def changes(**names):
    table = pd.DataFrame(
        {
            "customer_id": list("abcdefg"),
            "warning_before": ["not_due"] * 4 + ["churn_risk", "churn_risk", "absent"],
            "warning_after": ["churn_risk"] * 4 + ["not_due", "lost", "lost"],
            "value_at_stake": [1.0, 4.0, 3.0, 2.0, 5.0, 6.0, 7.0],
        }
    )
    known = pd.DataFrame({"customer_id": names.keys(), "customer_name": names.values()})
    return People(known).named(table)


def test_news_names_the_largest_first_and_counts_the_others():
    named = changes(b="Harbour Foods", c="北辰工具")
    assert churn.news(named, EN, limit=2) == [
        "New at churn risk: Harbour Foods (4), 北辰工具 (3) and 2 others.",
        "Bought again: e (5).",
        "Now lost: f (6).",
    ]


def test_news_in_chinese_has_chinese_punctuation():
    said = churn.news(changes(b="北辰工具"), ZH, limit=1)
    assert said[0].startswith("新进流失风险名单：北辰工具（4）")
    assert said[0].endswith("另外3位。")


def test_no_changes_are_no_news():
    assert churn.news(changes().iloc[:0], EN) == []


def test_the_text_counts_whom_the_list_below_names():
    was, now = t.company()["warnings"]
    told = churn.lede(now, EN, before=was)
    moves = changes_of(was, now)
    listed = moves["warning_before"] == "churn_risk"
    bought = listed & moves["warning_after"].isin(["not_due", "likely_repurchase"])
    lost = listed & (moves["warning_after"] == "lost")
    for many, said in ((bought.sum(), "bought again"), (lost.sum(), "now lost")):
        count = EN.write(many, "said count")
        assert re.search(rf"{count} (has|have|is|are) {said}", told), told
    news = churn.news(People().named(moves), EN, limit=10**6)
    names = {line.partition(":")[0]: line.count("(") for line in news}
    assert names["Bought again"] == bought.sum()
    assert names["Now lost"] == lost.sum()
    back = (moves["warning_before"] == "lost") & (moves["warning_after"] != "churn_risk")
    assert names["Bought again, after they had been lost"] == back.sum()


def test_a_call_list_of_everybody_calls_those_at_risk_alone():
    everybody = t.company()["warnings"][1]
    late = (everybody["warning"] == "churn_risk").sum()
    shown = churn.calls(everybody)
    assert shown.sentence(EN).startswith(f"Call these first: {late} customers at churn risk")
    assert len(shown.listed(EN)) == late


def test_names_are_given_whole():
    hostile = "<script>alert(1)</script>"
    assert hostile in churn.news(changes(b=hostile), EN)[0]


def of_two(one, other, calls):
    return t.workload((one, other)).assign(calls=calls)


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
    assert workload(of_two("Lin", "Wei", calls)) == said


def test_calls_that_nobody_owns_make_no_owner_the_busiest():
    assert workload(of_two(None, "Wei", [90, 10])) == "100 calls to make; Wei has the most, 10"


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
    assert churn.cost(table, EN, step="1.2 → 1.4") == said


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_empty_call_list_has_a_heading_too(lang):
    nobody = t.calls().iloc[:0]
    assert sentence(churn.calls)(nobody, lang=lang) == {
        "en": "No customer is at churn risk", "zh": "没有处于流失风险的客户"
    }[lang]  # fmt: skip
    assert sentence(churn.due)(nobody, lang=lang) == {
        "en": "No customer is due to buy again", "zh": "没有即将复购的客户"
    }[lang]  # fmt: skip


def test_a_call_list_is_counted_with_its_money():
    assert sentence(churn.calls)(t.calls()).startswith(
        "Call these first: 2 customers at churn risk"
    )
    one = t.calls().head(1).assign(warning="likely_repurchase")
    assert sentence(churn.due)(one) == "1 customer is due to buy again, worth about 12,400"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_bands_in_force_are_told_below_the_figure_and_above_the_lists(lang):
    words = Words(lang)
    bins = t.ratios().replace({"left": {1.2: 1.35}})
    told = churn.ratios(t.warning_summary(), bins=bins).meaning(words)
    assert len(told) == 2
    assert "0.8" in told[0]
    assert "1.35" in told[0]
    shown = churn.due(t.calls(), due_from=0.7, risk_from=1.35).sheet(words).subtitle
    assert "0.7" in shown
    assert "1.35" in shown
