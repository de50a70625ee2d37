"""Which way has a figure been going? Twelve periods in the space of a word."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from workbench import labels
from workbench.blocks.cards import Unit
from workbench.figures import style, text
from workbench.words import Words


def _number(value: float | None) -> float | None:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    return float(value) if math.isfinite(value) else None


def sparkline(
    values: Sequence[float | None],
    *,
    name: str,
    periods: Sequence[str] | None = None,
    unit: Unit = "count",
    lang: labels.Lang = "en",
) -> go.Figure:
    """Which way has it been going? The line with its last value, for a notebook.

    Parameters
    ----------
    values
        One per period, oldest first.
    name
        What is measured, in words.
    periods
        What each period is called, for the hover text.
    unit
        ``count``, ``money`` or ``rate`` (0..1).
    lang
        ``en`` or ``zh``.

    Examples
    --------
    >>> sparkline([1, 2, 3], name="Active customers").data[0].y
    (1.0, 2.0, 3.0)
    """
    known = [_number(v) for v in values]
    present = [v for v in known if v is not None]
    shown = text.literal(name)
    title = labels.text("figure.kpis.title", lang, name=shown, n=len(known))
    subtitle = labels.text("figure.kpis.subtitle", lang, name=name)
    if len(present) < 2:
        return style.no_data(title, subtitle=subtitle, lang=lang)
    called = (
        [text.literal(p) for p in periods] if periods else [str(i + 1) for i in range(len(known))]
    )
    said = [Words(lang).write(v, "exact rate" if unit == "rate" else unit) for v in known]
    figure = style.base(title, height=110)
    figure.add_scatter(
        x=list(range(len(known))),
        y=known,
        mode="lines",
        line={"color": style.INK, "width": 1.5},
        hovertext=[f"<b>{v}</b><br>{p}" for v, p in zip(said, called, strict=True)],
        hoverinfo="text",
    )
    end = max(i for i, v in enumerate(known) if v is not None)
    figure.add_scatter(
        x=[end],
        y=[known[end]],
        mode="markers+text",
        text=[said[end]],
        textposition="middle right",
        textfont={"color": style.INK, "size": style.SMALL},
        marker={"color": style.INK, "size": 6},
        cliponaxis=False,
        hoverinfo="skip",
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.update_layout(margin={"r": int(text.pixels(said[end])) + 16})
    alt = labels.text(
        "figure.kpis.alt",
        lang,
        name=name,
        first=next(s for s, v in zip(said, known, strict=True) if v is not None),
        last=said[end],
        n=len(known),
    )
    return style.finished(figure, alt=alt, subtitle=subtitle)
