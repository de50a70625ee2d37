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

from markupsafe import Markup

from workbench import __version__
from workbench.blocks import layout
from workbench.blocks.block import FIGURE_MIMETYPE, MIMETYPE
from workbench.charts import style
from workbench.reports import neighbours
from workbench.words import Words

_DEFAULT_HEIGHT = 360
_OWN_STYLES = re.compile(r'!document\.getElementById\("([0-9a-f]{64})"\)')
_UNSAFE_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


class _Plotly(NamedTuple):
    """plotly.js, compressed; the hash of what it unpacks to; the ids of styles it would add."""

    packed: str
    hash: str
    map_styles: tuple[str, ...]


@cache
def _plotly() -> _Plotly:
    from plotly.offline import get_plotlyjs

    source = get_plotlyjs()
    packed = gzip.compress(source.encode(), 9, mtime=0)
    return _Plotly(
        base64.b64encode(packed).decode(), _hash(source), tuple(_OWN_STYLES.findall(source))
    )


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def _script(name: str) -> str:
    return (resources.files("workbench") / "report_template" / name).read_text("utf-8")


def embedded(value: Any) -> Markup:
    r"""Write JSON that cannot end the script element it stands in, whatever it holds.

    Examples
    --------
    >>> str(embedded({"name": "</script>"}))
    '{"name": "\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    for sign, safe in _UNSAFE_IN_SCRIPT.items():
        text = text.replace(sign, safe)
    return Markup(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _css_text(words: str) -> str:
    """Quote words for CSS so that nothing in them ends the string or the style element."""
    return '"' + re.sub(r"[^\w .·-]", lambda sign: f"\\{ord(sign[0]):x} ", words) + '"'


def page(
    template: Literal["report", "failed", "index"], words: Words, *, title: str, footer: str,
    **context: Any,
) -> str:  # fmt: skip
    """Lay out a page; the template names what else it is given.

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
    if context.get("drawings"):
        script = _script("report.js")
        plotly = _plotly()
        hashes = [_hash(script), plotly.hash]
        context |= {
            "script": Markup(script),
            "plotly": plotly.packed,
            "map_styles": plotly.map_styles,
            "dark": embedded(style.DARK),
            "page_words": embedded({"failed": words("report.figure_failed")}),
        }
    if template == "index":
        script = _script("index.js")
        hashes = [_hash(script)]
        context |= {"own_script": Markup(script)}
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
    shown = blocks(notebook)
    drawn = {block["id"]: block["drawing"] for block in shown if "drawing" in block}
    return page(
        "report",
        words,
        title=title(notebook) or name,
        footer=footer,
        blocks=[{**block, "drawing": block["id"] in drawn} for block in shown],
        drawings=[{"id": id, "json": embedded(figure)} for id, figure in drawn.items()],
        colophon=colophon,
        neighbours=Markup(neighbours.nav(words, {}, index) if index else ""),
    )
