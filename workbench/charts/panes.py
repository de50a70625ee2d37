"""Several charts below each other in one figure, each with its own axes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from workbench.charts import style
from workbench.charts.chart import Chart
from workbench.charts.sketch import Sketch
from workbench.words import Words

# What the figure's title takes of a height, and the marks and title below each plot.
_TITLE_PX, _BELOW_PX, _HEAD_PX = 40, 52, 20


@dataclass(frozen=True, kw_only=True)
class Panes(Chart):
    """Which charts are read together, below each other?

    Each draws itself as if it were alone and is then moved into its pane. Empty ones are left out.

    Parameters
    ----------
    charts
        Of any kind, from top to bottom.
    heads
        Keys of what stands above each pane, where they need names.

    Examples
    --------
    >>> from workbench.charts import Columns
    >>> week = pd.DataFrame({"day": ["Mon"], "steps": [3], "calls": [5]})
    >>> panes = Panes(charts=[
    ...     Columns(rows=week, x="day", x_as=("", ""), parts={name: "due"},
    ...             hover="figure.no_data")
    ...     for name in ("steps", "calls")])
    >>> [trace.yaxis for trace in panes.drawn(Words(), title="", subtitle="", alt="").data]
    ['y', 'y2']
    """

    charts: Sequence[Chart]
    heads: Sequence[str] = ()
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def is_empty(self) -> bool:
        """Is there nothing to draw in any of them?"""
        return all(chart.is_empty for chart in self.charts)

    def height(self, words: Words) -> int:
        """How high are all of them, in pixels?"""
        return _TITLE_PX + sum(self._height(chart, words) for chart, _ in self._drawn)

    @property
    def _drawn(self) -> list[tuple[Chart, str]]:
        heads = self.heads or [""] * len(self.charts)
        both = zip(self.charts, heads, strict=True)
        return [(chart, head) for chart, head in both if not chart.is_empty]

    def _height(self, chart: Chart, words: Words) -> int:
        return chart.height(words) - _TITLE_PX + _HEAD_PX * bool(self.heads)

    def draw(self, figure: Sketch, words: Words) -> dict[str, Any]:
        """Draw each and move it into its pane; gives what is different on a phone."""
        whole = self.height(words) - _TITLE_PX
        top = 1.0
        phone: dict[str, Any] = {}
        for number, (chart, head) in enumerate(self._drawn, 1):
            pane = style.base("", height=chart.height(words))
            changed = chart.draw(pane, words)
            low = top - self._height(chart, words) / whole
            below = 12 if pane.layout["xaxis"].get("visible") is False else _BELOW_PX
            ends = (low + below / whole, top - _HEAD_PX / whole * bool(self.heads))
            phone |= _moved(pane, figure, str(number) if number > 1 else "", ends, changed)
            if head:
                name = style.edge_note(words(head), y=ends[1], yanchor="bottom", yshift=3)
                figure.add_annotation(name)
            top = low
        return phone


def _moved(
    pane: Sketch, figure: Sketch, number: str, ends: tuple[float, float],
    phone: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """Move what is drawn into a pane between two heights; gives a phone's changes by new place."""
    layout = pane.layout
    low, size = ends[0], ends[1] - ends[0]
    for trace in pane.data:
        figure.data.append({**trace, "xaxis": f"x{number}", "yaxis": f"y{number}"})
    domain = [low + size * end for end in layout["yaxis"].get("domain", (0, 1))]
    axes = {
        f"xaxis{number}": {**layout["xaxis"], "anchor": f"y{number}"},
        f"yaxis{number}": {**layout["yaxis"], "anchor": f"x{number}", "domain": domain},
    }
    figure.layout |= axes | {name: layout[name] for name in ("barmode", "bargap") if name in layout}
    first = len(figure.annotations)
    for name in ("annotations", "shapes"):
        figure.layout[name] += [_renumbered(part, number, low, size) for part in layout[name]]

    def place(name: str) -> str:
        if name.startswith("annotations["):
            n, end = name.removeprefix("annotations[").split("]", 1)
            return f"annotations[{int(n) + first}]{end}"
        return name[:5] + number + name[5:] if name[1:5] == "axis" else name

    return {place(name): value for name, value in phone.items() if name != "height"}


def _renumbered(part: dict[str, Any], number: str, low: float, size: float) -> dict[str, Any]:
    moved = dict(part)
    for letter in "xy":
        ref = part.get(f"{letter}ref", letter)
        if ref != "paper":
            moved[f"{letter}ref"] = ref.replace(letter, letter + number, 1)
        elif letter == "y":
            moved |= {name: low + size * part[name] for name in ("y", "y0", "y1") if name in part}
    return moved
