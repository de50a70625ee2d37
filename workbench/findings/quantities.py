# ruff: noqa: D103
"""The old way to quantities in sentences, until all texts write their own values."""

from workbench import labels, words
from workbench.words import formats
from workbench.words.formats import name

__all__ = ["count", "every", "money", "name", "sentence", "share"]


def count(n: int, lang: labels.Lang = "en") -> str:
    return words.Words(lang).write(n, "said count")


def share(rate: float | None, lang: labels.Lang = "en") -> str:
    return words.Words(lang).write(rate, "said rate")


def every(rate: float, lang: labels.Lang = "en") -> str | None:
    written = words.Words(lang).write(rate, "every rate")
    return None if written == formats.MISSING else written


def money(value: float | None, lang: labels.Lang = "en") -> str:
    return words.Words(lang).write(value, "said money")


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
