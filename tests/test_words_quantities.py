"""Numbers and shares as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.exhibit import capitalised
from workbench.words import Words, formats


@pytest.mark.parametrize(
    ("n", "en", "zh"),
    [(0, "no", "0"), (1, "one", "1"), (12, "twelve", "12"), (1_204, "1,204", "1,204")],
)
def test_small_counts_are_words_in_english_and_digits_in_chinese(n, en, zh):
    assert Words().write(n, "said count") == en
    assert Words("zh").write(n, "said count") == zh


@pytest.mark.parametrize(
    ("rate", "en", "zh"),
    [
        (0, "0%", "0%"),
        (0.002, "less than 1%", "不到1%"),
        (0.0999, "a tenth", "一成"),
        (0.2, "a fifth", "两成"),
        (0.26, "a quarter", "四分之一"),
        (0.29, "three tenths", "三成"),
        (0.34, "a third", "三分之一"),
        (0.39, "two fifths", "四成"),
        (0.46, "46%", "46%"),
        (0.5, "half", "一半"),
        (0.66, "two thirds", "三分之二"),
        (0.75, "three quarters", "四分之三"),
        (0.998, "more than 99%", "99%以上"),
        (1, "100%", "100%"),
        (None, "–", "–"),
        (float("nan"), "–", "–"),
    ],
)
def test_shares_are_simple_fractions_where_close_to_one(rate, en, zh):
    assert Words().write(rate, "said rate") == en
    assert Words("zh").write(rate, "said rate") == zh


@given(st.floats(0.0126, 0.98))
def test_no_fraction_is_further_off_than_it_may_be(rate):
    said = Words().write(rate, "said rate")
    fractions = {
        "half": 1 / 2,
        "a third": 1 / 3,
        "two thirds": 2 / 3,
        "a quarter": 1 / 4,
        "three quarters": 3 / 4,
        "a fifth": 1 / 5,
        "two fifths": 2 / 5,
        "three fifths": 3 / 5,
        "four fifths": 4 / 5,
        "a tenth": 1 / 10,
        "three tenths": 3 / 10,
        "seven tenths": 7 / 10,
        "nine tenths": 9 / 10,
    }
    value = fractions.get(said)
    exact = float(said.rstrip("%")) / 100 if value is None else value
    assert abs(exact - rate) <= formats.CLOSE_TO


@pytest.mark.parametrize(
    ("rate", "said"),
    [(0.5, "every second"), (0.2, "every fifth"), (0.1, "every tenth"), (0.4, "–"), (0, "–")],
)
def test_one_in_n_is_said_as_every_nth(rate, said):
    assert Words().write(rate, "every rate") == said


@pytest.mark.parametrize(
    ("amount", "en", "zh"),
    [
        (0, "0", "0"),
        (840.4, "840", "840"),
        (1_284, "1,280", "1,280"),
        (184_020, "184,000", "18.4万"),
        (1_284_311, "1.28\xa0M", "128万"),
        (999_950, "1\xa0M", "100万"),
        (-184_020, "-184,000", "-18.4万"),
        (None, "–", "–"),
        (float("nan"), "–", "–"),
    ],
)
def test_money_in_a_sentence_has_three_digits(amount, en, zh):
    assert Words().write(amount, "said money") == en
    assert Words("zh").write(amount, "said money") == zh


def test_a_sentence_begins_with_a_capital_and_keeps_the_rest():
    assert capitalised("twelve customers of ACME") == "Twelve customers of ACME"
    assert capitalised("") == ""
