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
        [("1 2 4 6 8", "number"), ("1 3 5 7 9 10", "wrong"), ("1 2 4 6 8 9", "wrong")],
    ),
    (fish_pond.half_up, 5, [(4, "even"), (6, "wrong")]),
    (fish_pond.past_the_end, 5, [(4, "wrong"), (6, "wrong")]),
    (fish_pond.known_traits, 0.75, [(0.5, "all"), (0.8, "wrong")]),
    (fish_pond.claim, "test", [("result", "wrong"), ("target", "wrong")]),
]

CUSTOMERS: list[tuple[Callable[..., Exercise], Any, list[tuple[Any, str]]]] = [
    (rfm.all_alike, 3, [(5, "top"), (1, "wrong")]),
    (rfm.which_class, "general_champion", [("key_champion", "money"), ("general_keep", "wrong")]),
    (rfm.next_month, "past", [("buys", "wrong"), ("causes", "wrong")]),
    (churn_and_lifetime.own_rhythm, "churn_risk", [("lost", "wrong"), ("not_due", "wrong")]),
    (churn_and_lifetime.how_right, 0.3, [(0.6, "recall"), (0.5, "wrong")]),
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
