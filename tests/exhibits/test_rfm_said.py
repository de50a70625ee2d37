"""Sentences on where the money is and who moved."""

import figure_tables as t
import pytest
from spoken import said

from workbench import exhibits
from workbench import rfm as answers
from workbench.words import Words


def summary(customer_share, money_share, segment="key_champion"):
    table = t.segment_summary().assign(
        customers=0, customer_share=0.0, monetary=0.0, monetary_share=0.0
    )
    held = table["segment"] == segment
    rest = table["segment"] == "general_develop"
    for rows, people, money in (
        (held, customer_share, money_share),
        (rest, 1 - customer_share, 0.01),
    ):
        table.loc[rows, "customers"] = round(people * 100)
        table.loc[rows, "customer_share"] = people
        table.loc[rows, "monetary_share"] = money
    return table


@pytest.mark.parametrize(
    ("customers", "money", "en", "zh"),
    [
        (
            0.1,
            0.4,
            "A tenth of customers, the key champions, bring two fifths of the money",
            "一成的客户（重要价值客户）带来四成的收入",
        ),
        (
            0.13,
            0.38,
            "13% of customers, the key champions, bring 38% of the money",
            "13%的客户（重要价值客户）带来38%的收入",
        ),
    ],
)
def test_concentration_tells_what_the_richest_class_brings(customers, money, en, zh):
    assert said(exhibits.rfm.segments)(summary(customers, money)) == en
    assert said(exhibits.rfm.segments)(summary(customers, money), lang="zh") == zh


@pytest.mark.parametrize("segment", answers.SEGMENTS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_class_has_its_words(segment, lang):
    table = t.segment_summary().assign(customers=0, monetary_share=0.0)
    table.loc[table["segment"] == segment, ["customers", "monetary_share"]] = [9, 0.5]
    table.loc[table["segment"] != segment, "customers"] = 1
    assert "_" not in said(exhibits.rfm.segments)(table, lang=lang)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_customers_and_no_money_are_said(lang):
    empty = {"en": "There is no money to divide among the classes", "zh": "没有可按类别划分的收入"}
    assert said(exhibits.rfm.segments)(t.segment_summary().iloc[:0], lang=lang) == empty[lang]
    broke = t.segment_summary().assign(monetary=0.0, monetary_share=float("nan"))
    assert said(exhibits.rfm.segments)(broke, lang=lang) == empty[lang]
    assert said(exhibits.rfm.grid)(t.grid().iloc[:0], lang=lang) == empty[lang]


def test_one_class_for_all_is_said():
    table = t.segment_summary().head(1).assign(customers=3, customer_share=1.0, monetary_share=1.0)
    assert said(exhibits.rfm.segments)(table) == "All customers are key champions"


def test_the_grid_tells_the_money_of_the_best_corner():
    table = t.grid()
    share = table.query("recency_score >= 2 and frequency_score >= 2")["monetary"].sum()
    share /= table["monetary"].sum()
    assert round(share * 100) == 71
    sentence = said(exhibits.rfm.grid)(table, high_from=2)
    assert sentence == "Customers who bought lately and often bring 71% of the money"


def test_an_empty_best_corner_is_said():
    assert said(exhibits.rfm.grid)(t.grid(), high_from=9).startswith("No money comes from")


@pytest.mark.parametrize(
    ("fell", "rose", "told"),
    [
        (52, 38, "52 customers fell out of the key classes and 38 rose into them"),
        (1, 2, "One customer fell out of the key classes and two rose into them"),
        (3, 0, "Three customers fell out of the key classes and none rose into them"),
        (0, 1, "One customer rose into the key classes and none fell out of them"),
        (0, 0, "No customer fell out of the key classes or rose into them"),
    ],
)
def test_migration_tells_who_fell_and_who_rose(fell, rose, told):
    table = t.migration()
    table["customers"] = [10, fell, rose, 5, 73, 106]
    sentence = said(exhibits.rfm.migration)(table)
    assert sentence.partition(";")[0] == told
    # who bought lately then and no longer does is told even where money of all time cannot fall
    assert ("cooled: near before, far now" in sentence) is bool(fell)


def test_coming_and_going_are_no_falls():
    table = t.migration()
    only = table[table["segment_before"].eq("absent") | table["segment_after"].eq("absent")]
    assert said(exhibits.rfm.migration)(only) == "No customer has a class at both dates"


def test_thresholds_are_told_per_measure():
    assert exhibits.rfm.thresholds(t.cut_points(), Words()) == (
        "High means: bought within 19 days, on 3 purchase days or more, for 2,000 or more"
    )
    assert exhibits.rfm.thresholds(t.cut_points(), Words("zh")) == (
        "“高”指：19天内购买过，购买3天及以上，金额2,000及以上"
    )
    assert exhibits.rfm.thresholds(t.cut_points().iloc[:0], Words()) == "No customer counts as high"
