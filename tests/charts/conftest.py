"""Words of the kinds' own tests, so that no exhibit's texts are asked for."""

import pytest

from workbench import words
from workbench.words import wordlists

TEXTS = {
    "x": ("days", "天数"),
    "within": ("<b>{share:short rate}</b> within {day:days}", "{day:days}内<b>{share:short rate}</b>"),
    "half": ("half by day {day:plain}", "第{day:plain}天达到一半"),
    "hover": (
        "<b>{value:short rate}</b> by day {days:plain}<br>{at_risk:count} wait",
        "第{days:plain}天<b>{value:short rate}</b><br>{at_risk:count}位等待",
    ),
    "one": ("bought", "实际"),
    "two": ("expected", "预期"),
    "across": ("not seen →", "未见 →"),
    "beside": (
        "<b>{value:short rate}</b> · {some:count} of {of:count}",
        "<b>{value:short rate}</b> · {of:count}中的{some:count}",
    ),
    "under": ("{customers:customers}", "{customers:customers}"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {
        f"test.{key}": {
            lang: wordlists.parsed(text, key)
            for lang, text in zip(words.LANGUAGES, both, strict=True)
        }
        for key, both in TEXTS.items()
    }
    known = {**wordlists.texts(), **own}
    monkeypatch.setattr(words, "texts", lambda: known)
