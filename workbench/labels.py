# ruff: noqa: D103
"""The old way to words, until everything takes :class:`workbench.words.Words`."""

import datetime as dt
from typing import Any

from workbench import words
from workbench.words import LANGUAGES, MISSING, Lang, formats, has

__all__ = [
    "LANGUAGES",
    "MISSING",
    "Lang",
    "date",
    "has",
    "listed",
    "money",
    "number",
    "percent",
    "text",
]


def text(key: str, lang: Lang = "en", /, **values: Any) -> str:
    return words.Words(lang)(key, **values)


def number(value: float | None, lang: Lang = "en", *, digits: int = 0) -> str:
    if value is None or formats.is_missing(value):
        return MISSING
    return formats.number(value, words.Words(lang), digits=digits)


def money(value: float | None, lang: Lang = "en") -> str:
    return words.Words(lang).write(value, "money")


def percent(rate: float | None, lang: Lang = "en", *, digits: int = 0) -> str:
    if rate is None or formats.is_missing(rate):
        return MISSING
    return formats.percent(rate, words.Words(lang), digits=digits)


def date(day: dt.date | None, lang: Lang = "en") -> str:
    return words.Words(lang).write(day, "date")


def listed(parts: list[str], lang: Lang = "en") -> str:
    return words.Words(lang).listed(parts)
