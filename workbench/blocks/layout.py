"""How is a block laid out as HTML? By the template, which escapes all it holds, once."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from workbench.figures import kpis
from workbench.words import Words


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
    templates.globals["sparkline"] = _sparkline
    return templates


def _sparkline(values: Sequence[float | None]) -> Markup:
    return Markup(kpis.sparkline_svg(values, width=120, height=30))


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
