"""Words, numbers, money and dates in both languages, and a word list anyone may edit."""

import csv
import datetime as dt
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import workbench
from workbench import errors, words
from workbench.words import LANGUAGES, MISSING, Lang, Words, formats, has
from workbench.words import wordlists as texts

LISTS = {
    path.stem: list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    for path in sorted(Path(workbench.__file__).parent.glob("words/*.csv"))
}
ROWS = [row for rows in LISTS.values() for row in rows[1:]]
KEYS = [row[0] for row in ROWS]
HAN = re.compile(r"[\u4e00-\u9fff]")


# The word list


def test_every_text_can_be_read_and_both_languages_fill_in_the_same_values() -> None:
    assert set(texts.texts()) == set(KEYS)  # reading them refuses what is wrong
    words.Words()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["a", "only English", ""], "a row needs a key, English and Chinese"),
        (["a", "text", "文", "more"], "a row needs a key, English and Chinese"),
        (["a", "a [clause", "文"], "a bracket of 'a [clause' has no partner"),
        (["a", "a field}", "文"], "a bracket of 'a field}' has no partner"),
        (["a", "{n} rows", "行"], "only one of the languages names {n}"),
        (["a", "{n:custommers}", "{n:custommers}"], "Did you mean 'customers'"),
        (["segment.key_keep", "text", "文"], "the key stands twice"),
        (["a.one", "a row", "一行"], "words/odd.csv, 'a.one': there is no 'a.other' beside it"),
        (["a.other", "{n} rows", "{n}行"], "'a.other': there is no 'a.one' beside it"),
    ],
)
def test_a_wrong_row_is_refused_with_its_place_and_its_mend(
    row: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = {**texts.lists(), "odd": [row]}
    monkeypatch.setattr(texts, "lists", lambda: lists)
    monkeypatch.setattr(words, "texts", lambda: texts.texts.__wrapped__())
    with pytest.raises(errors.ParameterError, match=re.escape(told)):
        words._check.__wrapped__()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("key,en,zh\na,row,行".encode("gbk"), "words/odd.csv, line 2: this is not UTF-8"),
        ("a,row,行".encode(), "words/odd.csv, line 1: the columns are not key,en,zh"),
        ("key,zh,en\na,行,row".encode(), "words/odd.csv, line 1: the columns are not key,en,zh"),
        (b"", "words/odd.csv, line 1: the columns are not key,en,zh"),
    ],
)
def test_a_file_that_is_no_word_list_is_refused_by_name(
    content: bytes, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "words" / "odd.csv"
    file.parent.mkdir()
    file.write_bytes("key,en,zh\na,row,行".encode("utf-8-sig"))  # as Excel marks UTF-8
    monkeypatch.setattr(texts.resources, "files", lambda package: tmp_path)
    assert texts.lists.__wrapped__() == {"odd": [["a", "row", "行"]]}
    file.write_bytes(content)
    with pytest.raises(errors.ParameterError, match=re.escape(told)):
        texts.lists.__wrapped__()


def test_chinese_words_are_chinese() -> None:
    def latin(text: str) -> str:
        return re.sub(r"\{[^}]*\}|</?b>|<br>", "", text)

    odd = [
        row
        for row in ROWS
        if HAN.search(row[1])
        or not (
            HAN.search(latin(row[2]))
            or latin(row[2]) == latin(row[1])
            or not re.search(r"[A-Za-z]{3}", latin(row[2]))
        )
    ]
    assert odd == []


def test_what_was_missed_has_one_chinese_word() -> None:
    assert Words("zh").header("missed") in Words("zh")("panel.nurture_queue.queue.missed")
    assert [row for row in ROWS if re.search("漏做|漏掉|遗漏", row[2])] == []


def test_chinese_sentences_have_chinese_punctuation() -> None:
    wrong = r"[\u4e00-\u9fff] ?[,;:!?](?!\w)"
    assert [row for row in ROWS if re.search(wrong, re.sub(r"\{[^}]*\}", "", row[2]))] == []


def test_every_family_of_codes_has_its_words_in_both_languages() -> None:
    assert {"segment", "warning", "channel", "status", "rule"} <= set(texts.families())


def test_a_clause_falls_away_where_a_value_is_missing() -> None:
    text = texts.parsed("{a:rate}[ ({b:rate}[ of {n:customers}])]", "here")

    def said(**values: object) -> str | None:
        return words.Words()._said(text, values, str, "here")

    assert said(a=0.5, b=0.25, n=1) == "50% (25% of 1 customer)"
    assert said(a=0.5, b=0.25, n=None) == "50% (25%)"
    assert said(a=0.5, b=float("nan"), n=3) == "50%"
    assert said(a=None, b=None) == "–"
    with pytest.raises(errors.UnknownNameError, match=r"asks for \{a\}"):
        said(b=0.25)


def test_behind_a_bar_stands_what_is_said_instead() -> None:
    text = texts.parsed("[half within {half:days}|not half yet][; {share:rate}|]", "here")

    def said(**values: object) -> str | None:
        return words.Words()._said(text, values, str, "here")

    assert said(half=3, share=0.5) == "half within 3 days; 50%"
    assert said(half=None, share=None) == "not half yet"
    assert texts.parsed("either | or", "here").parts == ("either ", "|", " or")


@pytest.mark.parametrize(
    ("code", "lang", "told"),
    [("CNY", "zh", "每月净收入（人民币）"), ("EUR", "en", "Net revenue per month (Euro)"),
     (None, "en", "Net revenue per month;"), ("", "zh", "每月净收入；")],
)  # fmt: skip
def test_a_currency_is_told_in_words_and_none_is_told_where_none_was_stated(
    code: str | None, lang: words.Lang, told: str
) -> None:
    values = {"every": "month", "all": 3}
    assert words.Words(lang, code)("retention.revenue.subtitle", **values).startswith(told)


def test_what_is_spoken_is_said_once_and_the_currency_with_it() -> None:
    words.speak("zh", currency="CNY")
    try:
        assert words.spoken() == words.Words("zh", "CNY")
    finally:
        words.speak()


# Text


def test_a_value_is_filled_in_as_it_is_never_interpreted() -> None:
    hostile = "{0.__class__} %s <script>"
    said = Words()("report.owner_kicker", owner=hostile)
    assert said == f"Customers of {hostile}"


def test_an_unknown_key_or_language_says_which_are_known() -> None:
    with pytest.raises(errors.UnknownNameError, match=r"Did you mean 'segment\.key_keep'"):
        Words()("segment.key_kep")
    with pytest.raises(errors.ParameterError, match="en, zh"):
        Words("fr")  # type: ignore[arg-type]
    assert not has("segment.key_kep")
    assert has("segment.key_keep")


@pytest.mark.parametrize(
    ("n", "said"), [(1, "1 row."), (2, "2 rows."), (1000, "1,000 rows."), (0, "0 rows.")]
)
def test_one_is_singular_in_english(n: object, said: str) -> None:
    assert Words()("report.rows_all", n=n) == said


# Numbers, money, dates


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [(20118, 0, "20,118"), (-3, 0, "-3"), (-0.4, 0, "0"), (1.25, 1, "1.2"), (0.5, 2, "0.50")],
)
def test_numbers_have_separators_and_the_digits_asked_for(
    value: float, digits: int, said: str
) -> None:
    for lang in LANGUAGES:
        assert formats.number(value, Words(lang), digits=digits) == said


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (184_020, "184,020", "184,020"),
        (1_284_311, "1.28\xa0M", "128.43万"),
        (-1_284_311, "-1.28\xa0M", "-128.43万"),
        (250_000_000, "250\xa0M", "2.5亿"),
        (1.5e9, "1.5\xa0bn", "15亿"),
    ],
)
def test_money_has_no_more_digits_than_mean_something(
    value: float, english: str, chinese: str
) -> None:
    assert Words().write(value, "money") == english
    assert Words("zh").write(value, "money") == chinese


@given(st.floats(min_value=1, max_value=1e12))
def test_an_amount_is_rounded_alike_in_both_languages(value: float) -> None:
    units = {"M": 1e6, "bn": 1e9, "万": 1e4, "亿": 1e8, "": 1}

    def read(lang: Lang) -> float:
        number, unit = re.fullmatch(
            r"([\d.,]+)\s?(\D*)", Words(lang).write(value, "said money")
        ).groups()
        return float(number.replace(",", "")) * units[unit]

    assert read("en") == pytest.approx(read("zh"), rel=1e-9)
    assert read("en") == pytest.approx(value, rel=0.005, abs=0.5)


def test_one_amount_has_one_rounding_in_sentences_and_labels() -> None:
    """Exact is a table, what hovers over a mark, a threshold and the amount of one customer."""
    exact = r"\.hover(_open)?$|^churn\.(news\.name|reason\.)|^rfm\.(high|distributions)\."
    # where there is hardly room, and no sentence says the amount
    cells = {"retention.triangle.cell.money", "rfm.grid.cell", "rfm.migration.cell"}
    odd = {
        key for key, *said in ROWS
        if re.search(r":(short )?money\}", " ".join(said)) and not re.search(exact, key)
    }  # fmt: skip
    assert odd == cells


@pytest.mark.parametrize("missing", [None, float("nan"), float("inf"), pd.NA, pd.NaT])
def test_what_is_missing_is_a_dash_not_a_number(missing: object) -> None:
    for how in ("count", "money", "rate", "date", "said rate", "customers"):
        assert Words().write(missing, how) == MISSING


@given(st.floats(min_value=-1e12, max_value=1e12), st.sampled_from(LANGUAGES))
def test_any_amount_can_be_said_in_any_language(value: float, lang: Lang) -> None:
    assert Words(lang).write(value, "money")
    assert not Words(lang).write(value, "count").startswith("-0")


def test_percent_and_dates_are_written_as_each_language_does() -> None:
    assert Words().write(0.462, "exact rate") == Words("zh").write(0.462, "exact rate") == "46.2%"
    assert Words().write(dt.date(2026, 10, 31), "date") == "31 Oct 2026"
    assert Words("zh").write(dt.date(2026, 10, 31), "date") == "2026年10月31日"


def test_words_are_listed_as_each_language_does() -> None:
    assert Words().listed(["a", "b", "c"]) == "a, b and c"
    assert Words("zh").listed(["甲", "乙", "丙"]) == "甲、乙和丙"
    assert Words().listed([]) == ""
    assert Words().listed(["a"]) == "a"


@pytest.mark.parametrize(
    ("value", "how", "en", "zh"),
    [
        (0.11, "points", "+11.0", "+11.0"),
        (-0.04, "points", "−4.0", "−4.0"),
        (0.0, "points", "±0.0", "±0.0"),
        (0.08, "signed rate", "+8%", "+8%"),
        (-0.02, "signed rate", "-2%", "-2%"),
        (dt.date(2026, 10, 5), "short day and year", "5 Oct 26", "26/10/5"),
        ("Harbour Foods Limited", "short name", "Harbour Foods…", "Harbour Foods…"),
    ],
)
def test_values_are_written_where_there_is_hardly_room(
    value: object, how: str, en: str, zh: str
) -> None:
    assert words.Words("en").write(value, how) == en
    assert words.Words("zh").write(value, how) == zh
