"""How is this said in English and in Chinese? Words, numbers, money and dates per language.

The words stand in ``labels.csv`` (columns ``key,en,zh``), which people who don't program can edit.
"""

import csv
import datetime as dt
import math
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

from workbench import errors

Lang = Literal["en", "zh"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)
MISSING = "–"


@cache
def _words() -> dict[str, dict[str, str]]:
    text = resources.files("workbench").joinpath("labels.csv").read_text(encoding="utf-8")
    return {
        row["key"]: {lang: row[lang] for lang in LANGUAGES}
        for row in csv.DictReader(text.splitlines())
    }


def _language(lang: str) -> str:
    if lang not in LANGUAGES:
        raise errors.ParameterError(
            f"lang is '{lang}'.", mend=f"Use one of: {', '.join(LANGUAGES)}."
        )
    return lang


@cache
def _locale(lang: str) -> Any:
    from babel import Locale

    return Locale.parse({"en": "en_GB", "zh": "zh_CN"}[_language(lang)])


def text(key: str, lang: Lang = "en", /, **values: object) -> str:
    """Say the words under a key, with values filled in.

    Parameters
    ----------
    key
        A key of ``labels.csv``. Where it has the forms ``key.one`` and ``key.other``, the value
        ``n`` chooses between them.
    lang
        ``en`` or ``zh``.
    **values
        What the ``{placeholders}`` stand for, already formatted; they are never interpreted.

    Raises
    ------
    UnknownNameError
        There is no such key.

    Examples
    --------
    >>> text("segment.key_champion")
    'Key champion'
    >>> text("segment.key_champion", "zh")
    '重要价值客户'
    """
    _language(lang)
    words = _words()
    if key not in words and f"{key}.other" in words:
        n = values.get("n", 0)
        count = float(str(n).replace(",", "")) if not isinstance(n, int | float) else n
        key = f"{key}.one" if lang == "en" and count == 1 else f"{key}.other"
    if key not in words:
        raise errors.unknown("label", key, words)
    said = words[key][lang]
    return said.format(**values) if values else said


def has(key: str) -> bool:
    """Is there a label with this key?"""
    return key in _words()


def _is_missing(value: Any) -> bool:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and not math.isfinite(value)


def number(value: float | None, lang: Lang = "en", *, digits: int = 0) -> str:
    """Write a number with its separators; a missing one as a dash.

    Examples
    --------
    >>> number(20118)
    '20,118'
    >>> number(float("nan"))
    '–'
    """
    if _is_missing(value):
        return MISSING
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    said: str = format_decimal(
        round(float(value or 0), digits) + 0.0, pattern, locale=_locale(lang)
    )
    return said


def money(value: float | None, lang: Lang = "en") -> str:
    r"""Write money with no more digits than mean something: 1.28 M, 12,400; in zh with 万 and 亿.

    Examples
    --------
    >>> money(1_284_311)
    '1.28\xa0M'
    >>> money(184_020)
    '184,020'
    >>> money(1_284_311, "zh")
    '128.4万'
    """
    if _is_missing(value):
        return MISSING
    amount = float(value or 0)
    steps = (
        ((1e9, "\N{NO-BREAK SPACE}bn", 2), (1e6, "\N{NO-BREAK SPACE}M", 2))
        if _language(lang) == "en"
        else ((1e8, "亿", 2), (1e4, "万", 1))
    )
    for size, word, digits in steps:
        if abs(amount) >= size:
            return number(amount / size, lang, digits=digits) + word
    return number(amount, lang)


def percent(rate: float | None, lang: Lang = "en", *, digits: int = 0) -> str:
    """Write a rate 0..1 as a percentage.

    Examples
    --------
    >>> percent(0.462, digits=1)
    '46.2%'
    """
    if _is_missing(rate):
        return MISSING
    return number(float(rate or 0) * 100, lang, digits=digits) + "%"


def date(day: dt.date | None, lang: Lang = "en") -> str:
    """Write a day as people do.

    Examples
    --------
    >>> date(dt.date(2026, 10, 31))
    '31 Oct 2026'
    >>> date(dt.date(2026, 10, 31), "zh")
    '2026年10月31日'
    """
    if _is_missing(day) or day is None:
        return MISSING
    from babel.dates import format_date

    said: str = format_date(
        day, "d MMM y" if _language(lang) == "en" else "y年M月d日", locale=_locale(lang)
    )
    return said


def listed(words: list[str], lang: Lang = "en") -> str:
    """Join words as a sentence does: a, b and c.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    from babel.lists import format_list

    return str(format_list(words, locale=_locale(lang))) if words else ""
