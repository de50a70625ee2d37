"""Which way has a figure been going? Twelve periods in the space of a word."""

import math
from collections.abc import Sequence

import plotly.graph_objects as go

from workbench import labels
from workbench.figures import style, text
from workbench.findings import kpis as findings


def sparkline_svg(values: Sequence[float | None], *, width: int = 96, height: int = 24) -> str:
    """Which way has it been going? A line as inline SVG, in the colour of the text around it.

    Parameters
    ----------
    values
        One per period, oldest first; a missing one breaks the line.
    width, height
        Size in pixels.

    Returns
    -------
    str
        An ``<svg aria-hidden="true">``; empty where fewer than two values are known. It shows the
        shape only: the line spans its own smallest and largest value, not zero.

    Examples
    --------
    >>> sparkline_svg([1, 2, 3])[:20]
    '<svg class="sparklin'
    >>> sparkline_svg([1])
    ''
    """
    known = [_number(v) for v in values]
    present = [v for v in known if v is not None]
    if len(present) < 2:
        return ""
    low, high = min(present), max(present)
    pad = 3.0
    step = (width - 2 * pad) / (len(known) - 1)

    def point(i: int, value: float) -> tuple[float, float]:
        up = 0.5 if high == low else (value - low) / (high - low)
        return round(pad + i * step, 1), round(height - pad - up * (height - 2 * pad), 1)

    path, last, pen_up = [], (0.0, 0.0), True
    for i, value in enumerate(known):
        if value is None:
            pen_up = True
            continue
        last = point(i, value)
        path.append(f"{'M' if pen_up else 'L'}{last[0]:g} {last[1]:g}")
        pen_up = False
    dot = ""
    if known[-1] is not None:
        dot = f'<circle cx="{last[0]:g}" cy="{last[1]:g}" r="2.2" fill="currentColor"/>'
    return (
        f'<svg class="sparkline" aria-hidden="true" focusable="false" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}">'
        f'<path d="{"".join(path)}" fill="none" stroke="currentColor" stroke-width="1.5" '
        f'stroke-linejoin="round" stroke-linecap="round"/>'
        f"{dot}</svg>"
    )


def _number(value: float | None) -> float | None:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    return float(value) if math.isfinite(value) else None


def sparkline(
    values: Sequence[float | None],
    *,
    name: str,
    periods: Sequence[str] | None = None,
    unit: findings.Unit = "count",
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
    said = [findings.value(v, unit=unit, lang=lang) for v in known]
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
