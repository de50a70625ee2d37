"""Which way has a figure been going? A line without axes, and its last value."""

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from workbench.charts import style
from workbench.charts.axes import told
from workbench.charts.chart import Chart
from workbench.charts.text import pixels
from workbench.words import Words
from workbench.words.formats import is_missing


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
        return [None if is_missing(value) else float(value) for value in self.rows[self.y]]

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
