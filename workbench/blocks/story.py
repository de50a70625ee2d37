"""Words of a page: its title and lede, the line of facts, what changed, what terms mean."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.blocks.block import Block, file_name
from workbench.words import Words, spoken

_LEAD = re.compile(r"[^:：]{1,40}(: |：)")


def headline(
    title: str, lede: str | Sequence[str], *, kicker: Sequence[str] = (), words: Words | None = None
) -> Block:
    """Open the page: the finding as its title, then what changed, by name.

    Parameters
    ----------
    title
        The finding, in a sentence a manager would say.
    lede
        One or more paragraphs below it.
    kicker
        The small words above: the report's name, its period, an owner.
    words
        In which language; by default the one last spoken.

    Examples
    --------
    >>> headline("Twelve key customers are overdue", "38 are new.", kicker=["Monthly"]).plain
    'Twelve key customers are overdue'
    """
    paragraphs = [lede] if isinstance(lede, str) else list(lede)
    return Block(
        "headline",
        {
            "id": "headline",
            "title": title,
            "paragraphs": [p for p in paragraphs if p],
            "kicker": [word for word in kicker if word],
        },
        words or spoken(),
    )


def facts(*items: str | tuple[str, str], words: Words | None = None) -> Block:
    """Put facts on one quiet line; a pair is a text and the block it leads to.

    Examples
    --------
    >>> facts("As of 31 Oct 2026", ("37 rows rejected", "ledger")).content["items"][1]
    {'text': '37 rows rejected', 'anchor': 'ledger'}
    """
    shown = [
        {"text": item, "anchor": None}
        if isinstance(item, str)
        else {"text": item[0], "anchor": file_name(item[1])}
        for item in items
        if item
    ]
    return Block("facts", {"id": "facts", "items": shown}, words or spoken())


def contents(*, words: Words | None = None) -> Block:
    """Link what follows, on one line: each part, and each block that has a short name.

    The short names are the texts ``report.contents.NAME``, by the blocks' names.

    Examples
    --------
    >>> contents().kind
    'contents'
    """
    return Block("contents", {"id": "contents", "links": []}, words or spoken())


def part(
    heading: str, *, name: str = "analyst", subtitle: str = "", words: Words | None = None
) -> Block:
    """Begin a part whose blocks stand folded, each under its heading, and open by a click.

    Examples
    --------
    >>> part("For the analyst").plain
    'For the analyst'
    """
    content = {"id": file_name(name), "heading": heading, "subtitle": subtitle}
    return Block("part", content, words or spoken())


def text(
    heading: str,
    paragraphs: str | Sequence[str] = (),
    *,
    name: str,
    items: Mapping[str, str] | None = None,
    points: Sequence[str] = (),
    subtitle: str = "",
    words: Words | None = None,
) -> Block:
    """Say something in words: paragraphs, points, and items that open with a few strong words.

    Examples
    --------
    >>> said = text("What changed", items={"New at risk": "Harbour Foods"}, name="changes")
    >>> said.content["items"]
    [{'term': 'New at risk', 'text': 'Harbour Foods'}]
    """
    content: dict[str, Any] = {
        "id": file_name(name),
        "heading": heading,
        "subtitle": subtitle,
        "paragraphs": [paragraphs] if isinstance(paragraphs, str) else list(paragraphs),
        "points": [_point(point) for point in points],
        "items": [{"term": term, "text": said} for term, said in (items or {}).items()],
    }
    return Block("text", content, words or spoken())


def definitions(
    terms: Mapping[str, str], *, name: str = "definitions", words: Words | None = None
) -> Block:
    """Explain the words of the page: a glossary, folded.

    Examples
    --------
    >>> definitions({"Churn risk": "Ratio from 1.2 to 3."}).content["heading"]
    'What the words mean'
    """
    words = words or spoken()
    content = {
        "id": file_name(name),
        "fold": True,
        "heading": words("report.definitions.heading"),
        "items": [{"term": term, "text": said} for term, said in terms.items()],
    }
    return Block("definitions", content, words)


def _point(said: str) -> dict[str, str]:
    """Split the words before the first colon off a point: they are set strong."""
    found = _LEAD.match(said)
    lead = found[0] if found else ""
    return {"lead": lead, "text": said[len(lead) :]}
