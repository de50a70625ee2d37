"""Which way has a figure been going? Twelve periods in the space of a word, as SVG or as a figure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from workbench.charts import style
from workbench.charts.axes import told
from workbench.charts.chart import Chart
from workbench.charts.text import pixels
from workbench.words import Words


@dataclass(frozen=True, kw_only=True)
class Sparkline(Chart):
    """Which way has it been going? The line with its last value, without axes.

    Parameters
    ----------
    rows
        One per period, oldest first; a missing value breaks the line.
    y, y_as
        The column of the values, and how they are written.
    hover
        The text on a value, from its row; ``{value}`` is written already.

    Examples
    --------
    >>> import pandas as pd
    >>> line = Sparkline(rows=pd.DataFrame({"y": [1, 2]}), y="y", y_as="count", hover="figure.no_data")
    >>> line.drawn(Words(), title="Active", subtitle="customers", alt="").data[1].text
    ('2',)
    """

    y: str
    y_as: str
    hover: str

    @property
    def _known(self) -> list[float | None]:
        return [number(value) for value in self.rows[self.y]]

    @property
    def is_empty(self) -> bool:
        """Are there fewer than two values?"""
        return sum(value is not None for value in self._known) < 2

    def height(self, words: Words) -> int:
        """How high is the figure, in pixels?"""
        del words
        return 110

    def draw(self, figure: go.Figure, words: Words) -> dict[str, Any]:
        """Draw the line and its last value."""
        known = self._known
        written = [words.write(value, self.y_as) for value in known]
        end = max(place for place, value in enumerate(known) if value is not None)
        figure.add_scatter(
            x=list(range(len(known))), y=known, mode="lines", hoverinfo="text",
            hovertext=told(self.rows.assign(value=written), self.hover, words),
            line={"color": style.INK, "width": 1.5},
        )  # fmt: skip
        figure.add_scatter(
            x=[end], y=[known[end]], mode="markers+text", text=[written[end]],
            textposition="middle right", textfont={"color": style.INK, "size": style.SMALL},
            marker={"color": style.INK, "size": 6}, cliponaxis=False, hoverinfo="skip",
        )  # fmt: skip
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False)
        figure.update_layout(margin={"r": int(pixels(written[end])) + 16})
        return {}


def svg(values: Sequence[float | None], *, width: int = 96, height: int = 24) -> str:
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
    >>> svg([1, 2, 3])[:20]
    '<svg class="sparklin'
    >>> svg([1])
    ''
    """
    known = [number(v) for v in values]
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


def number(value: float | None) -> float | None:
    """Give a value as it is drawn; None where it is missing or infinite."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return None
    return float(value) if math.isfinite(value) else None
