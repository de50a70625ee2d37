# ruff: noqa: D103
"""The old way to texts of figures, until every figure is a chart kind."""

from workbench import labels, words
from workbench.charts.text import pixels, room, spread
from workbench.charts.text import wrapped as _wrapped
from workbench.words import literal, shown

__all__ = ["customers", "literal", "pixels", "room", "share", "short", "shown", "spread", "wrapped"]


def wrapped(label: str, lang: labels.Lang, *, width: int = 12) -> str:
    return _wrapped(label, words.Words(lang), width=width)


def short(value: float | None, lang: labels.Lang = "en") -> str:
    return words.Words(lang).write(value, "short number")


def share(rate: float | None, lang: labels.Lang = "en") -> str:
    return words.Words(lang).write(rate, "short rate")


def customers(n: int, lang: labels.Lang = "en") -> str:
    return words.Words(lang).write(n, "customers")
