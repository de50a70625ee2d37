"""Words, numbers, money and dates in both languages, and a word list anyone may edit."""

import csv
import datetime as dt
import re
import string
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import workbench
from workbench import errors, labels

PATH = Path(workbench.__file__).with_name("labels.csv")
with PATH.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.reader(file))
KEYS = [row[0] for row in ROWS[1:]]
HAN = re.compile(r"[\u4e00-\u9fff]")
every_row = pytest.mark.parametrize("row", ROWS[1:], ids=KEYS)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


# The word list


def test_every_row_has_a_key_and_both_languages() -> None:
    assert ROWS[0] == ["key", "en", "zh"]
    assert [row for row in ROWS[1:] if len(row) != 3 or not all(cell.strip() for cell in row)] == []


def test_no_key_stands_twice() -> None:
    assert sorted(KEYS) == sorted(set(KEYS))


@every_row
def test_both_languages_fill_in_the_same_values(row: list[str]) -> None:
    # the number may be spelled out where it is one
    optional = {"n"} if row[0].endswith(".one") else set()
    assert placeholders(row[1]) - optional == placeholders(row[2]) - optional


@every_row
def test_chinese_words_are_chinese(row: list[str]) -> None:
    key, english, chinese = row
    words = re.sub(r"\{[^}]*\}", "", chinese)
    assert (
        HAN.search(words)
        or words == re.sub(r"\{[^}]*\}", "", english)
        or not re.search(r"[A-Za-z]{3}", words)
    ), f"{key}: {chinese}"
    assert not HAN.search(english)


@every_row
def test_chinese_sentences_have_chinese_punctuation(row: list[str]) -> None:
    assert not re.search(r"[\u4e00-\u9fff] ?[,;:!?](?!\w)", row[2]), row[2]


def test_singular_and_plural_come_in_pairs() -> None:
    for key in KEYS:
        if key.endswith(".one"):
            assert f"{key.removesuffix('.one')}.other" in KEYS


# Text


def test_a_value_is_filled_in_as_it_is_never_interpreted() -> None:
    hostile = "{0.__class__} %s <script>"
    assert labels.text("report.rows_shown", shown=hostile, n="2") == f"{hostile} of 2 rows shown."


def test_an_unknown_key_or_language_says_which_are_known() -> None:
    with pytest.raises(errors.UnknownNameError, match=r"Did you mean 'segment\.key_keep'"):
        labels.text("segment.key_kep")
    with pytest.raises(errors.ParameterError, match="en, zh"):
        labels.text("segment.key_keep", "fr")  # type: ignore[arg-type]
    assert not labels.has("segment.key_kep")
    assert labels.has("segment.key_keep")


@pytest.mark.parametrize(
    ("n", "said"), [("1", "1 row."), ("2", "2 rows."), ("1,000", "1,000 rows."), (0, "0 rows.")]
)
def test_one_is_singular_in_english(n: object, said: str) -> None:
    assert labels.text("report.rows_all", n=n) == said


# Numbers, money, dates


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [(20118, 0, "20,118"), (-3, 0, "-3"), (-0.4, 0, "0"), (1.25, 1, "1.2"), (0.5, 2, "0.50")],
)
def test_numbers_have_separators_and_the_digits_asked_for(
    value: float, digits: int, said: str
) -> None:
    assert labels.number(value, digits=digits) == said
    assert labels.number(value, "zh", digits=digits) == said


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (184_020, "184,020", "18.4万"),
        (1_284_311, "1.28\xa0M", "128.4万"),
        (-1_284_311, "-1.28\xa0M", "-128.4万"),
        (250_000_000, "250.00\xa0M", "2.50亿"),
        (1.5e9, "1.50\xa0bn", "15.00亿"),
    ],
)
def test_money_has_no_more_digits_than_mean_something(
    value: float, english: str, chinese: str
) -> None:
    assert labels.money(value) == english
    assert labels.money(value, "zh") == chinese


@pytest.mark.parametrize("missing", [None, float("nan"), float("inf"), pd.NA, pd.NaT])
def test_what_is_missing_is_a_dash_not_a_number(missing: object) -> None:
    for say in (labels.number, labels.money, labels.percent, labels.date):
        assert say(missing) == labels.MISSING  # type: ignore[operator]


@given(st.floats(min_value=-1e12, max_value=1e12), st.sampled_from(labels.LANGUAGES))
def test_any_amount_can_be_said_in_any_language(value: float, lang: labels.Lang) -> None:
    assert labels.money(value, lang)
    assert not labels.number(value, lang).startswith("-0")


def test_percent_and_dates_are_written_as_each_language_does() -> None:
    assert labels.percent(0.462, digits=1) == labels.percent(0.462, "zh", digits=1) == "46.2%"
    assert labels.date(dt.date(2026, 10, 31)) == "31 Oct 2026"
    assert labels.date(dt.date(2026, 10, 31), "zh") == "2026年10月31日"


def test_words_are_listed_as_each_language_does() -> None:
    assert labels.listed(["a", "b", "c"]) == "a, b and c"
    assert labels.listed(["甲", "乙", "丙"], "zh") == "甲、乙和丙"
    assert labels.listed([]) == ""
    assert labels.listed(["a"]) == "a"
