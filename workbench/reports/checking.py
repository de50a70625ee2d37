"""Is a page fit to be read? Nothing empty, nothing missing and no code of ours stands on it.

A mistake of a notebook or of this package is found here, before the page goes live; the last good
page stays. What comes from the data may say what it likes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from workbench import errors
from workbench.words import MISSING, families
from workbench.words.wordlists import texts

#: Where a block holds words of ours; what they are called in the message.
_SAID = ("title", "heading", "subtitle", "caption", "paragraphs", "meaning", "kicker", "points",
         "items", "cards", "sources")  # fmt: skip
_HEADS = ("title", "heading")
_CODE = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
# a dash between two of them is a range
_BESIDE = "[0-9A-Za-z年月日周]"
_NOTHING = re.compile(
    rf"(?<!{_BESIDE}){MISSING}(?!{_BESIDE})|\b(?:nan|NaN|NaT|None|null)\b|<NA>|\{{\w*\}}"
)


def require(shown: Sequence[Mapping[str, Any]], *, what: str) -> None:
    """Refuse a page that is not fit to be read.

    Parameters
    ----------
    shown
        Its blocks.
    what
        What was made: "monthly_customers for 2026-10".

    Raises
    ------
    ReportError
        A figure is empty though its table has rows, a heading lacks a number, or our own words
        show a code.

    Examples
    --------
    >>> require([{"kind": "text", "id": "x", "heading": "Call – customers"}], what="calls")
    Traceback (most recent call last):
    workbench.errors.ReportError: calls: 'x' has a heading without its number: 'Call – customers'.
    The last good page stays. Give the exhibit what it needs, or leave it out of the notebook.
    """
    ours = _Ours(shown)
    for block in shown:
        if wrong := _wrong(block, ours):
            raise errors.ReportError(
                f"{what}: '{block['id']}' {wrong}.",
                mend="The last good page stays. Give the exhibit what it needs, or leave it out of"
                " the notebook.",
            )


class _Ours:
    """Tells our own words from those of the data: the texts in the cells of all tables."""

    def __init__(self, shown: Sequence[Mapping[str, Any]]) -> None:
        self._shown = shown

    @cached_property
    def _data(self) -> "re.Pattern[str]":
        cells = {
            str(cell.get("text", "")) if isinstance(cell, Mapping) else str(cell)
            for block in self._shown
            for table in [block.get("table"), *_of_sources(block)]
            if table
            for row in table["rows"]
            for cell in row
        }
        longest = sorted((cell for cell in cells if len(cell) > 1), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest)) or "(?!)")

    def found(self, pattern: "re.Pattern[str]", text: str) -> list[str]:
        """Find it where it is not what the data say."""
        return pattern.findall(self._data.sub("x", text)) if pattern.search(text) else []


def _wrong(block: Mapping[str, Any], ours: _Ours) -> str:
    drawing, table = block.get("drawing"), block.get("table") or {}
    if drawing and table.get("rows") and not _is_drawn(drawing):
        return "has an empty figure, though its table has rows"
    for place in _SAID:
        for text in _texts(block.get(place)):
            if place in _HEADS and ours.found(_NOTHING, text):
                return f"has a heading without its number: '{text}'"
            if codes := ours.found(_CODE, text):
                return f"shows the code '{codes[0]}' to its reader: '{text}'"
    for text in _texts(drawing):
        if codes := [code for code in ours.found(_CODE, text) if code in _codes()]:
            return f"shows the code '{codes[0]}' in its figure"
    return ""


def _is_drawn(drawing: Mapping[str, Any]) -> bool:
    """Is there a mark in the figure, or a text that says why there is none?"""
    if any(note.get("text") for note in drawing.get("layout", {}).get("annotations", ())):
        return True
    marks = ("x", "y", "z", "values", "labels", "base")
    return any(
        len(values["bdata"] if isinstance(values, Mapping) and "bdata" in values else values) > 0
        for trace in drawing.get("data", ())
        for values in (trace.get(name) for name in marks)
        if values is not None and not isinstance(values, int | float | str)
    )


def _texts(part: Any, key: str = "text") -> Iterator[str]:
    """Walk what is read: in a figure, titles, notes and ticks, not where it stands."""
    if isinstance(part, str):
        if key not in ("href", "anchor", "file", "bdata", "dtype", "id", "name_of"):
            yield part
    elif isinstance(part, Mapping):
        for name, inner in part.items():
            if name not in ("table", "rejects", "customdata", "ids", "recent", "template", "meta"):
                yield from _texts(inner, name)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _texts(inner, key)


def _of_sources(block: Mapping[str, Any]) -> list[Any]:
    return [
        source.get(name) for source in block.get("sources", ()) for name in ("table", "rejects")
    ]


@cache
def _codes() -> frozenset[str]:
    """Which codes does our own language have, that people read under another name?"""
    return frozenset(
        code
        for key in texts()
        for family, _, code in [key.partition(".")]
        if family in families() and "_" in code
    )
