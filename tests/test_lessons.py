"""The lessons' exercises: what is right is what the workbench computes, wrong gets a hint."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from workbench import churn, purchases, scheduling, words
from workbench.lessons import churn_and_lifetime, fish_pond, rfm
from workbench.panel.exercise import Exercise

FISH_POND: list[tuple[Callable[..., Exercise], Any, list[tuple[Any, str]]]] = [
    (
        fish_pond.ten_days,
        " ".join(map(str, scheduling.days(10))),
        [("1 3 5 7 9 10", "wrong"), ("1 2 4 6 8 9", "wrong")],
    ),
    (fish_pond.five_days, "1 2 3 3 4 5", [("1 2 2 3 4 5", "even"), ("1 1 2 3 4 5", "wrong")]),
    (fish_pond.half_up, "5", [("4", "even"), ("6", "wrong"), ("4.5", "wrong")]),
    (fish_pond.past_the_end, "5", [("4", "wrong"), ("6", "wrong")]),
    (fish_pond.known_traits, "0.75", [("0.5", "all"), ("80 %", "wrong")]),
    (fish_pond.claim, "test", [("result", "wrong"), ("target", "wrong")]),
]

CUSTOMERS: list[tuple[Callable[..., Exercise], Any, list[tuple[Any, str]]]] = [
    (rfm.all_alike, "3", [("5", "top"), ("1", "wrong")]),
    (rfm.which_class, "general_champion", [("key_champion", "money"), ("general_keep", "wrong")]),
    (rfm.next_month, "past", [("buys", "wrong"), ("causes", "wrong")]),
    (churn_and_lifetime.own_rhythm, "churn_risk", [("lost", "wrong"), ("not_due", "wrong")]),
    (churn_and_lifetime.how_right, "0.3", [("0.6", "recall"), ("0.5", "wrong")]),
    (churn_and_lifetime.bought_once, "cannot_tell", [("active", "wrong"), ("lost", "wrong")]),
    (churn_and_lifetime.chosen_on, "later", [("same", "wrong"), ("all", "wrong")]),
]


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize(
    ("ask", "right", "wrong"), FISH_POND + CUSTOMERS, ids=lambda one: getattr(one, "__name__", "")
)
def test_the_right_answer_is_right_and_wrong_ones_get_their_hint(
    ask: Callable[..., Exercise], right: Any, wrong: list[tuple[Any, str]], lang: words.Lang
) -> None:
    exercise = ask(words.Words(lang))
    assert exercise.verdict == "open"
    assert exercise.answer(right).verdict == "right"
    key = exercise.key
    for answer, hint in wrong:
        assert exercise.answer(answer).verdict == "wrong"
        assert exercise.said == exercise._text(f"{key}.{hint}")


USUAL: list[tuple[Callable[..., Exercise], list[str]]] = [
    (
        fish_pond.ten_days,
        ["1 2 4 6 8 10", "1,2,4,6,8,10", "1-2-4-6-8-10", "１、２、４、６、８、１０", "第1、2、4、6、8、10天",
         "days 1, 2, 4, 6, 8 and 10", " 1; 2; 4; 6; 8; 10 ", "1/2/4/6/8/10", "D1 D2 D4 D6 D8 D10"],
    ),
    (fish_pond.half_up, ["5", "５", "day 5", "第5天", "5.0", "on the 5th"]),
    (
        fish_pond.known_traits,
        ["0.75", ".75", "0,75", "75%", "７５％", "75 %", "75", "3/4", "3 ÷ 4", "百分之75"],
    ),
    (churn_and_lifetime.how_right, ["0.3", "30%", "30", "12/40", "30 percent"]),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "forms"), USUAL, ids=lambda one: getattr(one, "__name__", ""))
def test_a_right_answer_is_right_in_any_usual_form(
    ask: Callable[..., Exercise], forms: list[str]
) -> None:
    assert {form: ask().answer(form).verdict for form in forms} == dict.fromkeys(forms, "right")


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize(
    ("ask", "forms"),
    [
        (fish_pond.ten_days, ["1 2 4 6 8", "often", "1.5 2 4 6 8 10", "9" * 5000, "?"]),
        (fish_pond.half_up, ["four", "4 or 5", "…"]),
        (fish_pond.known_traits, ["most", "3/0", "1/2/3", "%"]),
    ],
)
def test_an_answer_in_a_form_that_cannot_be_judged_is_asked_for_again_and_is_not_wrong(
    ask: Callable[..., Exercise], forms: list[str], lang: words.Lang
) -> None:
    exercise, asked = ask(words.Words(lang)), set()
    for form in forms:
        assert exercise.answer(form).verdict == "open"
        assert "✗" not in exercise._shown.value
        asked.add(exercise.said)
    (said,) = asked - {words.Words(lang)("exercise.open")}
    assert bool(re.search("[\u4e00-\u9fff]", said)) is (lang == "zh")


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_lesson_says_of_its_two_customers_what_its_table_says(lang: words.Lang) -> None:
    folder = Path(__file__).parents[1] / "notebooks" / "lessons" / ("zh" if lang == "zh" else "")
    cells = json.loads((folder / "churn_and_lifetime.ipynb").read_text("utf-8"))["cells"]
    sources = {cell["id"]: "".join(cell["source"]) for cell in cells}
    names: dict[str, Any] = {"pd": pd, "churn": churn, "purchases": purchases}
    exec(sources["misleads"] + "\n" + sources["misleads-shown"].partition("shown =")[0], names)
    said = re.findall(r"\*([^*]+)\*", sources["misleads-say"])
    found = names["odd_warnings"].set_index("customer_id")["warning"]
    told = [words.Words(lang)(f"warning.{found[name]}") for name in ("seasonal", "irregular")]
    assert said == told
