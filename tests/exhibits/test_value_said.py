"""What is said of value ahead and of models judged: their numbers, and nothing nobody can know."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from figure_tables import judged_segments, lifetime
from spoken import drawn, said

from workbench import errors, exhibits, tables, value, words
from workbench import models as judging
from workbench.exhibit import capitalised
from workbench.words import Lang, Words

ahead, top, alive, models, calibration, tracking, classes = (
    said(getattr(exhibits.value, name))
    for name in ("ahead", "top", "alive", "scores", "calibration", "tracking", "classes")
)
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


def forecast(
    model: str, *, why: str = "", steadied: bool = False, **changed: Any
) -> value.Forecast:
    found = lifetime().expected if model else value.expecting.nothing(90)
    found = replace(found, **changed)
    day, none = dt.date(2026, 10, 31), pd.DataFrame()
    compared = judging.Comparison(scores(), none, none, {})
    fits: dict[str, Any] = {}
    if model:
        fits["spend"] = judging.GammaGamma.fit(lifetime().known, steadied=steadied)
    chosen = value.Chosen(model, why, why, day, day, none, none, compared, **fits)
    return value.Forecast(found, chosen)


def below(model: str = "BetaGeo", *, held: pd.DataFrame | None = None, **changed: Any) -> list[str]:
    """The paragraphs below the figure of value ahead."""
    made = forecast(model, **changed)
    return exhibits.value.ahead(
        lifetime().concentration, expected=made.ahead, forecast=made, held=held
    ).meaning(Words())


@pytest.mark.parametrize(
    ("lang", "knowing", "alone"),
    [("en", "knowing each one's past purchases", "first purchase alone"),
     ("zh", "按各客户已有的购买记录推算", "仅凭各客户首购日推算")],
)  # fmt: skip
def test_two_totals_of_one_model_say_what_each_is_expected_from(
    lang: Lang, knowing: str, alone: str
) -> None:
    made = forecast("BetaGeo")
    shown = exhibits.value.ahead(lifetime().concentration, expected=made.ahead, forecast=made)
    assert knowing in shown.meaning(Words(lang))[1]
    assert knowing in models(scores(), lang=lang)
    assert alone in tracking(lifetime().compared.tracking, model="BetaGeo", lang=lang)


@pytest.mark.parametrize(
    ("lang", "day"), [("en", "after 31 Oct 2026"), ("zh", "2026年10月31日之后")]
)
def test_value_says_from_which_day_on_it_is_expected(lang: Lang, day: str) -> None:
    made = forecast("BetaGeo")
    shown = exhibits.value.ahead(lifetime().concentration, expected=made.ahead, forecast=made)
    assert day in (shown.sheet(Words(lang)).subtitle or "")


# Nobody is said to be active who cannot be told


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_who_cannot_be_told_is_said_so_in_lists_files_figures_and_sentences(
    lang: Lang,
) -> None:
    untold = Words(lang)("alive.cannot_tell")
    listed = pd.DataFrame(
        {
            "customer_id": ["a", "b"],
            "probability_alive": [None, 0.834],
            "expected_purchases": [3.1, 1.0],
            "lifetime_value": [90.0, 80.0],
            "worth_low": [0.0, 70.0],
            "worth_high": [199.0, 90.0],
            "purchases_low": [0, 0],
            "purchases_high": [9, 3],
        }
    )
    page = tables.html(listed, words=Words(lang))
    assert untold in page
    assert "83.4%" in page
    assert f"a,{untold},3.1" in tables.csv(listed, words=Words(lang)).decode("utf-8-sig")
    assert tables.worded(listed, words=Words(lang)).iloc[:, 1].tolist() == [untold, 0.834]
    hover = drawn(exhibits.value.top)(listed, horizon_days=90, lang=lang).data[0].hovertext
    assert untold in hover[0]
    assert "83%" in hover[1]
    bars = drawn(exhibits.value.alive)(activity([1, 4], 9), model="BetaGeo", lang=lang)
    assert bars.layout.yaxis.ticktext[-1] == untold
    assert bars.data[0].x == (4.0, 1.0, 9.0)
    assert not SURE.search(page + " ".join(hover))


def test_an_excel_file_holds_the_words_and_the_numbers() -> None:
    import io

    from openpyxl import load_workbook

    table = pd.DataFrame({"probability_alive": [None, 0.25]})
    sheet = load_workbook(io.BytesIO(tables.excel(table))).active
    assert [row[0].value for row in sheet.iter_rows()][1:] == ["cannot be told", 0.25]


def test_the_customers_that_cannot_be_told_are_counted_apart() -> None:
    both = alive(activity([40, 60], 100), model="BetaGeo")
    assert both == "More likely active than not: 60 of 100 customers; of 100 more it cannot be told"
    assert (
        alive(activity([40, 60], 0), model="BetaGeo")
        == "More likely active than not: 60 of 100 customers"
    )
    assert (
        alive(activity([1, 0], 0), model="BetaGeo")
        == "More likely active than not: 0 of 1 customer"
    )
    assert alive(activity([0, 0], 1), model="BetaGeo").startswith("Of 1 customer it cannot be told")


def test_a_model_that_knows_no_leaving_is_not_said_to_speak_of_those_who_bought_once() -> None:
    of_all = pd.DataFrame({"probability_alive": [None, None], "repeat_purchases": [0, 3]})
    assert "knows of no leaving" in below(customers=of_all)[-2]
    assert "one of them" in below(customers=of_all.head(1))[-2]
    assert "have bought once" in below(customers=of_all.head(1))[-2]
    assert "cannot be told" not in " ".join(below(customers=of_all.assign(probability_alive=0.5)))


def test_few_customers_are_not_told_of_in_tenths() -> None:
    money = {"expected_monetary": 9.0, "money_low": 4.0, "money_high": 15.0}
    many, few = (
        value.Expectation(pd.DataFrame(), pd.DataFrame([{"customers": n, **money}]), 90, 0.1)
        for n in (20, 1)
    )
    tenths = pd.DataFrame(
        {
            "tenth": [1],
            "lifetime_value_share": [1.0],
            "lifetime_value": 9.0,
            "customers": 2,
            "expected_purchases": 3.0,
            "expected_monetary": 9.0,
        }
    )
    of = exhibits.value.ahead
    assert "comes from the first" in of(tenths, expected=many).sheet(Words()).subtitle
    assert "make no tenths" in of(tenths, expected=few).sheet(Words()).subtitle
    assert ahead(tenths, expected=few) == (
        "1 customer is expected to spend 9 in the next 90 days (80% range 4 to 15)"
    )


def test_where_nobody_spent_anything_no_class_spent_most() -> None:
    nothing = judged_segments().assign(monetary_per_customer=0.0)
    assert classes(nothing, horizon_days=90) == ("No class spent anything in the 90 days after")


def test_a_chance_that_is_all_but_certain_is_not_said_to_be() -> None:
    assert Words().write(0.999, "chance") == "more than 99%"
    assert Words().write(0.42, "chance") == "42%"


# What is to come


def test_the_total_is_told_with_the_range_of_what_will_be_and_how_few_bring_it() -> None:
    found = lifetime()
    for lang in words.LANGUAGES:
        sentence = ahead(found.concentration, expected=found.expected, lang=lang)
        for name in ("expected_monetary", "money_low", "money_high"):
            money = found.expected.total[name].iloc[0]
            assert Words(lang).write(money, "said money") in sentence
        assert "184" in sentence
        assert "80%" in sentence
        assert Words(lang)("value.steadied") not in sentence


def test_a_steadied_value_says_so_in_the_sentence_and_why_below() -> None:
    made = forecast("BetaGeo", steadied=True)
    shown = exhibits.value.ahead(
        lifetime().concentration, expected=made.ahead, forecast=made, held=None
    )
    assert re.search(r"\(80% range [\d.,M\s]+ to [\d.,M\s]+, steadied\)", shown.sentence(Words()))
    assert "，经弱先验稳定）" in shown.sentence(Words("zh"))
    assert any("weak prior" in paragraph for paragraph in shown.meaning(Words()))
    assert not any("weak prior" in paragraph for paragraph in below())


def test_how_often_the_ranges_held_is_told_as_k_of_n() -> None:
    days = pd.to_datetime(["2026-05-01", "2025-11-01", "2025-05-01"])
    held = pd.DataFrame(
        {"as_of": days, "until": days + pd.Timedelta(days=182), "customers": [50, 40, 30],
         "is_held": [True, False, True], "held_count": [45, 36, 27]}
    )  # fmt: skip
    told = below(held=held)
    assert (
        "On 2 of 3 past dates the 80% range held what all customers spent in the 182 days after;"
        " nine tenths of single customers spent within their own range."
    ) in told
    assert not any("past date" in paragraph for paragraph in below(held=held.head(0)))


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_of_nobody_it_is_said_that_nothing_can_be_expected(lang: Lang) -> None:
    nobody = capitalised(Words(lang)("value.none"))
    empty = value.expecting.nothing(90)
    concentration = value.concentration(empty.customers)
    assert ahead(concentration, expected=empty, lang=lang) == nobody
    assert top(empty.customers, horizon_days=90, lang=lang) == nobody
    assert alive(activity([0], 0), model="BetaGeo", lang=lang) == nobody
    nowhere = judged_segments().iloc[:0]
    no_class = Words(lang)("value.classes.none")
    assert classes(nowhere, horizon_days=90, lang=lang) == no_class


@pytest.mark.parametrize("why", value.WHY)
def test_why_there_is_no_forecast_is_told(why: str) -> None:
    none = forecast("", why=why)
    for shown in (
        exhibits.value.ahead(
            value.concentration(none.ahead.customers), expected=none.ahead, forecast=none
        ),
        exhibits.value.customers(none.ahead.customers, horizon_days=9, forecast=none),
    ):
        assert shown.sentence(Words()).startswith("No value can be expected yet: ")
        assert shown.sentence(Words("zh")).startswith("暂时无法给出预期价值：")
        below = [shown.sheet(Words()).subtitle or "", *shown.meaning(Words())]
        assert "–" not in "".join(below)
        assert not any(text.startswith("On Monday") for text in below)
    assert exhibits.value.definitions(none) == {}


def test_the_list_says_for_how_long_and_at_which_rate() -> None:
    shown = exhibits.value.customers(lifetime().named, horizon_days=90, yearly_rate=0.125)
    assert shown.sentence(Words()) == "The most valuable customers of the next 90 days"
    assert "discounted at 12.5% a year" in shown.sheet(Words()).subtitle
    assert "owner_name" not in shown.listed(Words())
    terms = exhibits.value.definitions(forecast("BetaGeo"), Words())
    assert list(terms) == ["Lifetime value", "Probability still active"]
    assert "BG/NBD" in terms["Probability still active"]


def test_a_name_that_turns_the_text_round_is_closed_off() -> None:
    listed = lifetime().expected.customers.head(2).assign(customer_name=["\u202eevil", None])
    sentence = top(listed, horizon_days=90)
    assert sentence.startswith("\u2068\u202eevil\u2069 is worth most")
    assert sentence.endswith(str(listed["customer_id"].iloc[1]))


# Models and classes judged


def scores(**changed: Any) -> pd.DataFrame:
    row = {
        "model": "BetaGeo", "mean_absolute_error": 1.25, "bias": 0.18, "converged": True,
        "holdout_purchases": 300, "bic": 9.0, "loglik": -2.0, "aic": 8.0, "wape": 0.3, "customers": 40,
    }  # fmt: skip
    return pd.DataFrame([row | changed, row | {"model": "NBD", "mean_absolute_error": 1.9}])


def test_the_closest_model_is_told_with_its_bias_and_the_floor() -> None:
    assert "18% too many; plain NBD is off by 1.90" in models(scores())
    assert "7% too few" in models(scores(bias=-0.07))
    assert "about as many" in models(scores(bias=0.01))
    assert models(scores(model="ParetoNBD")).startswith("Pareto/NBD came closest")
    beaten = models(scores(mean_absolute_error=2.5))
    assert beaten.startswith("Plain NBD came closest")
    assert "it expected 18% too many, knowing" in below("BetaGeo")[1]
    assert "on past days" not in " ".join(below("ParetoNBD"))


def test_models_without_a_fit_or_a_purchase_to_judge_by_are_told_so() -> None:
    assert "No model" in models(scores().assign(converged=False))
    assert "Nobody bought" in models(scores().assign(holdout_purchases=0, bias=None))
    empty = lifetime().compared
    assert "No model" in calibration(empty.by_frequency.head(0), model="BetaGeo")
    assert "No model" in tracking(empty.tracking.head(0), model="BetaGeo")
    with pytest.raises(errors.UnknownNameError, match=r"(?s)'BetaGoe'.*mean 'BetaGeo'"):
        tracking(lifetime().compared.tracking, model="BetaGoe")


def test_classes_are_told_from_the_best_to_the_worst_without_those_who_came_new() -> None:
    english = classes(judged_segments(), horizon_days=184)
    assert english.startswith("Key champion spent most, 12,300 a customer in the 184 days after")
    assert english.endswith("general win-back least, 30 (3,000 expected)")
    chinese = classes(judged_segments(), horizon_days=184, lang="zh")
    assert chinese.startswith("重要价值客户")
    assert "新来" not in chinese
    plain = classes(judged_segments().assign(predicted=None), horizon_days=184)
    assert "expected" not in plain
    assert classes(lifetime().tenths, by="tenth", horizon_days=184).startswith(
        "The tenth the model put first brought"
    )


def test_no_sentence_holds_a_raw_code() -> None:
    found = lifetime()
    for lang in words.LANGUAGES:
        for sentence in (
            models(found.compared.scores, lang=lang),
            calibration(found.compared.by_frequency, model="BetaGeo", lang=lang),
            tracking(found.compared.tracking, model="BetaGeo", lang=lang),
            classes(judged_segments(), horizon_days=9, lang=lang),
        ):
            assert not re.search(r"[a-z]_[a-z]|nan|None|BetaGeo|\{", sentence), sentence
