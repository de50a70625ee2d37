"""How does an executed notebook become a page? One file that needs no network and calls nobody.

The notebook's blocks go through the template, which escapes all they hold, once. The page's own
styles and scripts are named by their hashes in its content-security policy; all else is refused
by the browser.
"""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, Literal, NamedTuple

import numpy as np
from markupsafe import Markup

from workbench import __version__
from workbench.blocks import layout
from workbench.blocks.block import FIGURE_MIMETYPE, MIMETYPE
from workbench.charts import style
from workbench.reports import neighbours
from workbench.words import Words
from workbench.words.wordlists import texts

_DEFAULT_HEIGHT = 360
# all that is printed but what means something to HTML or a string; report.js has the same
_SIGNS = np.frombuffer(bytes(c for c in range(33, 127) if c not in b"\"&'<>\\`{}"), dtype="uint8")
_POWERS = np.array([85**n for n in (4, 3, 2, 1, 0)], dtype="uint64")
_OWN_STYLES = re.compile(r'!document\.getElementById\("([0-9a-f]{64})"\)')


class _Plotly(NamedTuple):
    """plotly.js, compressed; the hash of what it unpacks to; the ids of styles it would add."""

    packed: Markup
    hash: str
    map_styles: tuple[str, ...]


@cache
def _plotly() -> _Plotly:
    from plotly.offline import get_plotlyjs

    source = get_plotlyjs()
    return _Plotly(_compressed(source), _hash(source), tuple(_OWN_STYLES.findall(source)))


def packed(value: Any) -> Markup:
    """Write JSON compressed: nothing in it can end the script element it stands in.

    Examples
    --------
    >>> "<" in packed({"name": "</script>"})
    False
    """
    return _compressed(json.dumps(value, allow_nan=False, separators=(",", ":")))


def _compressed(text: str) -> Markup:
    """Compress a text and write each four bytes as five signs, a sixteenth less than base64."""
    data = gzip.compress(text.encode(), 9, mtime=0)
    groups = np.frombuffer(data + bytes(-len(data) % 4), dtype=">u4").astype("uint64")
    signs = _SIGNS[(groups[:, None] // _POWERS) % 85].tobytes().decode()
    return Markup(signs[: len(data) * 5 // 4 + (len(data) % 4 > 0)])


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def _script(*names: str) -> str:
    folder = resources.files("workbench") / "report_template"
    return "".join((folder / name).read_text("utf-8") for name in names)


def _css_text(words: str) -> str:
    """Quote words for CSS so that nothing in them ends the string or the style element."""
    return '"' + re.sub(r"[^\w .·-]", lambda sign: f"\\{ord(sign[0]):x} ", words) + '"'


@cache
def _terms(words: Words) -> list[str]:
    """Name what no heading breaks inside: classes, warnings, answers, and what else is one word."""
    kept = ("segment", "warning", "feedback")
    named = [words(key) for key in texts() if key.partition(".")[0] in kept]
    return sorted({*named, *words("report.terms").split("、")})


def page(
    template: Literal["report", "failed", "index"], words: Words, *, title: str, footer: str,
    data: Mapping[str, Any] | None = None, **context: Any,
) -> str:  # fmt: skip
    """Lay out a page; the template names what else it is given.

    ``data`` is what its scripts work on: ``figures`` and ``lists`` by the blocks' names.

    Examples
    --------
    >>> said = {"what": "<script>", "mend": "", "trace": "", "cell": None, "kicker": []}
    >>> made = page("failed", Words(), title="Not made", footer="", notebook=None, last=None, **said)
    >>> "&lt;script&gt;" in made
    True
    """
    sheet = layout.environment().get_template("report.css")
    palettes = {name: Markup(style.css(name)) for name in ("light", "dark")}
    css = sheet.render(footer=Markup(_css_text(footer)), **palettes)
    hashes: list[str] = []
    context |= {"script": None, "plotly": None, "map_styles": ()}
    if data and any(data.values()):
        script = _script("joints.js", "list.js", "moves.js", "report.js")
        hashes = [_hash(script)]
        more = {"colours": style.DARK, "words": layout.list_words(words), "terms": _terms(words)}
        context |= {"script": Markup(script), "packed": packed({**data, **more})}
        if data.get("figures"):
            plotly = _plotly()
            hashes.append(plotly.hash)
            context |= {"plotly": plotly.packed, "map_styles": plotly.map_styles}
    if template == "index":
        script = _script("index.js")
        hashes, context["script"] = [_hash(script)], Markup(script)
    laid_out = layout.environment().get_template(f"{template}.html.j2")
    return laid_out.render(
        title=title,
        version=__version__,
        css=Markup(css),
        scripts=" ".join(hashes) or "'none'",
        # plotly puts an empty <style> into the page and fills it through the object model
        styles=f"{_hash(css)} {_hash('')}",
        words=words,
        **context,
    )


def blocks(notebook: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Which blocks does an executed notebook show, in order?

    A Plotly figure shown by itself is a block too; all other output stays in the notebook.

    Examples
    --------
    >>> blocks({"cells": []})
    []
    """
    found: list[dict[str, Any]] = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if MIMETYPE in data:
                block = dict(data[MIMETYPE])
            elif FIGURE_MIMETYPE in data:
                block = _bare(data[FIGURE_MIMETYPE], len(found))
            else:
                continue
            if FIGURE_MIMETYPE in data:
                block["drawing"] = data[FIGURE_MIMETYPE]
                layout = block["drawing"].get("layout", {})
                block["height"] = int(layout.get("height") or _DEFAULT_HEIGHT)
            found.append(block)
    return _with_own_ids(found)


def _bare(figure: Mapping[str, Any], place: int) -> dict[str, Any]:
    layout = figure.get("layout", {})
    meta = layout.get("meta") or {}
    title = layout.get("title") or {}
    heading = title.get("text", "") if isinstance(title, Mapping) else str(title)
    return {
        "kind": "figure",
        "id": f"figure_{place}",
        "heading": heading,
        "subtitle": meta.get("subtitle", ""),
        "alt": meta.get("alt", heading),
        "meaning": [],
        "caption": heading,
        "table": None,
    }


def _with_own_ids(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two blocks of one name would share an anchor: the later one gets a number."""
    seen: dict[str, int] = {}
    named = []
    for block in found:
        count = seen[block["id"]] = seen.get(block["id"], 0) + 1
        named.append(block if count == 1 else {**block, "id": f"{block['id']}-{count}"})
    return named


def title(notebook: Mapping[str, Any]) -> str | None:
    """What does the report find? The title of its first headline."""
    headlines = (block for block in blocks(notebook) if block["kind"] == "headline")
    return next((str(block["title"]) for block in headlines), None)


def key_figures(notebook: Mapping[str, Any], *, most: int = 4) -> list[dict[str, Any]]:
    """Which figures head the page? Of its first cards: ``name``, ``value`` and the ``recent`` ones.

    Examples
    --------
    >>> key_figures({"cells": []})
    []
    """
    of_cards = (block["cards"] for block in blocks(notebook) if block["kind"] == "cards")
    cards: list[dict[str, Any]] = next(of_cards, [])
    return [{key: card[key] for key in ("name", "value", "recent")} for card in cards[:most]]


def report(
    notebook: Mapping[str, Any],
    words: Words,
    *,
    name: str,
    footer: str,
    colophon: Mapping[str, Any],
    index: str | None = "index.html",
) -> str:
    """Make the page of a report from its executed notebook.

    Parameters
    ----------
    notebook
        The executed notebook; its blocks become the page.
    words
        What the page says of itself, in its language.
    name
        What the page is called where the notebook has no headline.
    footer
        What stands at the foot of each printed sheet.
    colophon
        How the page was made: ``notebook`` (its file name) and ``lines`` of term and text.
    index
        The address of the list of all reports; None leaves the way there out.
    """
    shown = _in_parts(blocks(notebook), words)
    dials = {block["id"]: block["whatif"] for block in shown if "pieces" in block.get("whatif", ())}
    drawn = {block["id"]: block["drawing"] for block in shown if "drawing" in block}
    tables = {block["id"]: block["table"] for block in shown if block.get("table")}
    return page(
        "report",
        words,
        title=title(notebook) or name,
        footer=footer,
        blocks=[{**_as_set(block), "drawing": block["id"] in drawn} for block in shown],
        data={
            "figures": drawn,
            "lists": {id: table for id, table in tables.items() if "first" in table},
            "whatif": dials,
        },
        colophon=colophon,
        neighbours=Markup(neighbours.nav(words, {}, index) if index else ""),
    )


def _as_set(block: dict[str, Any]) -> dict[str, Any]:
    """Of a list that a dial moves, lay out the rows that it has where the dial is set."""
    dial = block.get("whatif", {})
    rows = dial["pieces"][dial["set"]].get("rows") if "pieces" in dial else None
    if rows is None:
        return block
    every = block["table"]["rows"]
    return {
        **block,
        "table": {**block["table"], "rows": [every[row] for row in rows if row < len(every)]},
    }


def _in_parts(shown: Sequence[dict[str, Any]], words: Words) -> list[dict[str, Any]]:
    """Fold what stands below a part, and fill the contents."""
    kinds = [block["kind"] for block in shown]
    first = kinds.index("part") if "part" in kinds else len(kinds)
    links = [
        {"anchor": block["id"], "text": words(key) if words.has(key) else block["heading"]}
        for block in shown
        if words.has(key := f"report.contents.{block['id']}") or block["kind"] == "part"
    ]
    folded = [
        block if block.get("fold") is not None else {**block, "fold": place > first}
        for place, block in enumerate(shown)
    ]
    return [{**block, "links": links} if block["kind"] == "contents" else block for block in folded]
