"""What is said of value ahead and of models judged: their numbers, and nothing nobody can know."""

import re
from typing import Any

import pandas as pd
import pytest
from figure_tables import judged_segments, lifetime

from workbench import figures, findings, labels, tables, value

said = findings.lifetime
SURE = re.compile(r"100%")


def activity(told: list[int], untold: int) -> pd.DataFrame:
    n = len(told)
    return pd.DataFrame(
        {
            "left": [*(place / n for place in range(n)), None],
            "right": [*((place + 1) / n for place in range(n)), None],
            "is_told": [*[True] * n, False],
            "customers": [*told, untold],
            "customer_share": 0.5,
        }
    )


# Nobody is said to be active who cannot be told


@pytest.mark.parametrize("lang", labels.LANGUAGES)
def test_who_cannot_be_told_is_said_so_in_lists_files_figures_and_sentences(
    lang: labels.Lang,
) -> None:
    words = labels.text("alive.cannot_tell", lang)
    listed = pd.DataFrame(
        {
            "customer_id": ["a", "b"],
            "probability_alive": [None, 0.834],
            "expected_purchases": [3.1, 1.0],
            "lifetime_value": [90.0, 80.0],
            "lifetime_value_low": [80.0, 70.0],
            "lifetime_value_high": [99.0, 90.0],
        }
    )
    page = tables.html(listed, lang=lang)
    assert words in page
    assert "83.4%" in page
    assert f"a,{words},3.1" in tables.csv(listed, lang=lang).decode("utf-8-sig")
    assert tables.worded(listed, lang=lang).iloc[:, 1].tolist() == [words, 0.834]
    hover = figures.lifetime.top(listed, horizon_days=90, lang=lang).data[0].hovertext
    assert words in hover[0]
    assert "83%" in hover[1]
    drawn = figures.lifetime.alive(activity([1, 4], 9), model="BetaGeo", lang=lang)
    assert drawn.layout.yaxis.ticktext[-1] == words
    assert drawn.data[0].x == (4.0, 1.0, 9.0)
    assert not SURE.search(page + " ".join(hover))


def test_an_excel_file_holds_the_words_and_the_numbers() -> None:
    import io

    from openpyxl import load_workbook

    table = pd.DataFrame({"probability_alive": [None, 0.25]})
    sheet = load_workbook(io.BytesIO(tables.excel(table))).active
    assert [row[0].value for row in sheet.iter_rows()][1:] == ["cannot be told", 0.25]


def test_the_customers_that_cannot_be_told_are_counted_apart() -> None:
    both = said.alive(activity([40, 60], 100))
    assert both == "More likely active than not: 60 of 100 customers; of 100 more it cannot be told"
    assert said.alive(activity([40, 60], 0)) == "More likely active than not: 60 of 100 customers"
    assert said.alive(activity([1, 0], 0)) == "More likely active than not: 0 of 1 customer"
    assert said.alive(activity([0, 0], 1)).startswith("Of 1 customer it cannot be told")
    assert said.unknown(pd.DataFrame({"probability_alive": [0.5]})) == ""


def test_a_model_that_knows_no_leaving_is_not_said_to_speak_of_those_who_bought_once() -> None:
    of_all = pd.DataFrame({"probability_alive": [None, None], "repeat_purchases": [0, 3]})
    assert "knows of no leaving" in said.unknown(of_all)
    assert "have bought once" in said.unknown(of_all.head(1))


def test_few_customers_are_not_told_of_in_tenths() -> None:
    many, few = (
        pd.DataFrame(
            {"customers": [n], "expected_monetary": 9.0, "expected_monetary_low": 8.0,
             "expected_monetary_high": 10.0}
        )
        for n in (20, 1)
    )  # fmt: skip
    tenths = pd.DataFrame({"tenth": [1], "lifetime_value_share": [1.0]})
    assert "tenth" in said.ahead(many, tenths, horizon_days=90)
    assert said.ahead(few, tenths, horizon_days=90) == (
        "1 customer is expected to spend 9 in the next 90 days, 8 to 10 if the model holds"
    )


def test_where_nobody_spent_anything_no_class_spent_most() -> None:
    nothing = judged_segments().assign(monetary_per_customer=0.0)
    assert said.classes(nothing, horizon_days=90) == (
        "No class spent anything in the 90 days after"
    )


def test_a_chance_that_is_all_but_certain_is_not_said_to_be() -> None:
    assert said.probability(0.999) == "more than 99%"
    assert said.probability(0.42) == "42%"


# What is to come


def test_the_total_is_told_with_its_interval_and_how_few_bring_it() -> None:
    found = lifetime()
    for lang in labels.LANGUAGES:
        sentence = said.ahead(
            found.expected.total, found.concentration, horizon_days=184, lang=lang
        )
        for name in ("", "_low", "_high"):
            money = found.expected.total[f"expected_monetary{name}"].iloc[0]
            assert findings.quantities.money(money, lang) in sentence
        assert "184" in sentence


@pytest.mark.parametrize("lang", labels.LANGUAGES)
def test_of_nobody_it_is_said_that_nothing_can_be_expected(lang: labels.Lang) -> None:
    nobody = labels.text("finding.lifetime.nobody", lang)
    empty = value.expecting.nothing(90)
    concentration = value.concentration(empty.customers)
    assert said.ahead(empty.total, concentration, horizon_days=90, lang=lang) == nobody
    assert said.top(empty.customers, horizon_days=90, lang=lang) == nobody
    assert said.alive(activity([0], 0), lang=lang) == nobody
    nowhere = judged_segments().iloc[:0]
    no_class = labels.text("finding.lifetime.no_class", lang)
    assert said.classes(nowhere, horizon_days=90, lang=lang) == no_class


@pytest.mark.parametrize("why", value.WHY)
def test_why_there_is_no_forecast_is_told(why: str) -> None:
    assert said.no_fit(why).startswith("No value can be expected yet: ")
    assert said.no_fit(why, lang="zh").startswith("暂时无法给出预期价值：")


def test_a_name_that_turns_the_text_round_is_closed_off() -> None:
    listed = lifetime().expected.customers.head(2).assign(customer_name=["\u202eevil", None])
    sentence = said.top(listed, horizon_days=90)
    assert sentence.startswith("\u2068\u202eevil\u2069 is worth most")
    assert sentence.endswith(str(listed["customer_id"].iloc[1]))


# Models and classes judged


def scores(**changed: Any) -> pd.DataFrame:
    row = {
        "model": "BetaGeo", "mean_absolute_error": 1.25, "bias": 0.18, "converged": True,
        "holdout_purchases": 300,
    }  # fmt: skip
    return pd.DataFrame([row | changed, row | {"model": "NBD", "mean_absolute_error": 1.9}])


def test_the_closest_model_is_told_with_its_bias_and_the_floor() -> None:
    assert "18% too many; plain NBD is off by 1.90" in said.models(scores())
    assert "7% too few" in said.models(scores(bias=-0.07))
    assert "about as many" in said.models(scores(bias=0.01))
    assert said.models(scores(model="ParetoNBD")).startswith("Pareto/NBD came closest")
    beaten = said.models(scores(mean_absolute_error=2.5))
    assert beaten.startswith("Plain NBD came closest")
    assert said.check(scores(), "BetaGeo").endswith("it expected 18% too many.")
    assert said.check(scores(), "ParetoNBD") == ""


def test_models_without_a_fit_or_a_purchase_to_judge_by_are_told_so() -> None:
    assert "No model" in said.models(scores().assign(converged=False))
    assert "Nobody bought" in said.models(scores().assign(holdout_purchases=0, bias=None))
    empty = lifetime().compared
    assert "No model" in said.calibration(empty.by_frequency, "Absent")
    assert "No model" in said.tracking(empty.tracking, "Absent")


def test_classes_are_told_from_the_best_to_the_worst_without_those_who_came_new() -> None:
    english = said.classes(judged_segments(), horizon_days=184)
    assert english.startswith("Key champion spent most, 12,300 a customer in the 184 days after")
    assert english.endswith("general win-back least, 30 (3,000 expected)")
    chinese = said.classes(judged_segments(), horizon_days=184, lang="zh")
    assert chinese.startswith("重要价值客户")
    assert "新来" not in chinese
    plain = said.classes(judged_segments().assign(predicted=None), horizon_days=184)
    assert "expected" not in plain
    assert said.classes(lifetime().tenths, by="tenth", horizon_days=184).startswith(
        "The tenth the model put first brought"
    )


def test_no_sentence_holds_a_raw_code() -> None:
    found = lifetime()
    for lang in labels.LANGUAGES:
        for sentence in (
            said.models(found.compared.scores, lang=lang),
            said.calibration(found.compared.by_frequency, "BetaGeo", lang=lang),
            said.tracking(found.compared.tracking, "BetaGeo", lang=lang),
            said.classes(judged_segments(), horizon_days=9, lang=lang),
        ):
            assert not re.search(r"[a-z]_[a-z]|nan|None|BetaGeo|\{", sentence), sentence
