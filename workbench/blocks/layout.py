"""How is a block laid out as HTML? By the template, which escapes all it holds, once."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from workbench.words import Words, formats


@cache
def environment() -> Environment:
    """Give the templates of pages and blocks."""
    templates = Environment(
        loader=PackageLoader("workbench", "report_template"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["sparkline"] = sparkline
    return templates


def list_words(words: Words) -> dict[str, str]:
    """What does a list say of itself, in ``list.js``? Numbers are put in where braces stand.

    Examples
    --------
    >>> list_words(Words())["range"]
    '{from}–{to} of {n}'
    """
    said = ("search", "range", "matching", "none", "all", "fewer", "before", "after", "clear",
            "save", "numbers")  # fmt: skip
    kept = {name: f"{{{name}}}" for name in ("from", "to", "n", "label")}
    return {"lang": words.lang, **{key: words(f"list.{key}", **kept) for key in said}}


def sparkline(values: Sequence[float | None], *, width: int = 120, height: int = 30) -> Markup:
    """Which way has it been going? A line as inline SVG, in the colour of the text around it.

    Parameters
    ----------
    values
        One per period, oldest first; a missing one breaks the line.
    width, height
        Size in pixels.

    Returns
    -------
    Markup
        An ``<svg aria-hidden="true">``; empty where fewer than two values are known. It shows the
        shape only: the line spans its own smallest and largest value, not zero.

    Examples
    --------
    >>> sparkline([1, 2, 3])[:20], str(sparkline([1]))
    (Markup('<svg class="sparklin'), '')
    """
    known = [None if formats.is_missing(value) else float(value or 0) for value in values]
    present = [value for value in known if value is not None]
    if len(present) < 2:
        return Markup()
    low, high = min(present), max(present)
    pad = 3.0
    step = (width - 2 * pad) / (len(known) - 1)

    def point(i: int, value: float) -> tuple[float, float]:
        up = 0.5 if high == low else (value - low) / (high - low)
        return round(pad + i * step, 1), round(height - pad - up * (height - 2 * pad), 1)

    path, dot, pen_up = "", "", True
    for i, value in enumerate(known):
        dot = ""
        if value is not None:
            x, y = point(i, value)
            path += f"{'M' if pen_up else 'L'}{x:g} {y:g}"
            dot = f'<circle cx="{x:g}" cy="{y:g}" r="2.2" fill="currentColor"/>'
        pen_up = value is None
    return Markup(
        f'<svg class="sparkline" aria-hidden="true" focusable="false" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}">'
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="1.5" '
        f'stroke-linejoin="round" stroke-linecap="round"/>'
        f"{dot}</svg>"
    )


def fragment(block: Mapping[str, Any]) -> str:
    """Lay out one block as plain HTML, for a reader of the notebook.

    Examples
    --------
    >>> "&lt;b&gt;" in fragment({"kind": "text", "lang": "en", "id": "x", "heading": "<b>",
    ...     "subtitle": "", "paragraphs": [], "points": [], "items": []})
    True
    """
    words = Words(block.get("lang", "en"))
    module: Any = environment().get_template("blocks.html.j2").make_module({"words": words})
    return str(module.render(block))
