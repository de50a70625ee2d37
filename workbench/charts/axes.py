"""What do kinds with axes share? Ticks with room, texts of rows, intervals, names beside marks."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench.charts import style
from workbench.words import Words


def tone(name: str) -> tuple[str, str]:
    """Give a colour of the palette, and the shade of it for words.

    Examples
    --------
    >>> tone("kept") == (style.KEPT, style.KEPT_TEXT)
    True
    """
    return style.LIGHT[name], style.LIGHT.get(f"{name}_text", style.INK)


def round_ticks(top: float, *, at_most: int = 4) -> list[float]:
    """Which round values mark an axis from zero to ``top``?

    Examples
    --------
    >>> round_ticks(118), round_ticks(3)
    ([0, 50, 100], [0, 1, 2, 3])
    """
    if not top > 0:
        return [0]
    step = 1
    while top / step > at_most:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return [step * mark for mark in range(int(top // step) + 1)]


def told(
    rows: pd.DataFrame, key: str, words: Words, *, value: str = "", name: str = ""
) -> list[str]:
    """Write a text for each row; ``{value}``, ``{low}``, ``{high}`` are the drawn column's.

    Examples
    --------
    >>> rows = pd.DataFrame({"share": [0.25]})
    >>> told(rows, "figure.pair", Words(), value="share", name="<b>")
    ['&lt;b&gt;: 0.25']
    """
    ends = {"value": value, "low": f"{value}_low", "high": f"{value}_high"}
    return [
        words.marked(
            key,
            **{str(column): given for column, given in row.items()},
            **{end: row.get(column) for end, column in ends.items() if end not in row},
            **({"name": name} if name else {}),
        )
        for row in rows.to_dict("records")
    ]


def interval(rows: pd.DataFrame, column: str, colour: str) -> dict[str, Any] | None:
    """Give the bars of a column's intervals; None where it has none."""
    if f"{column}_low" not in rows:
        return None
    value = rows[column].astype("float64")
    low, high = (rows[f"{column}_{end}"].astype("float64").fillna(value) for end in ("low", "high"))
    return {
        "type": "data", "symmetric": False, "array": (high - value).tolist(),
        "arrayminus": (value - low).tolist(), "color": colour, "thickness": 1.5, "width": 4,
    }  # fmt: skip


def names_above(
    figure: go.Figure, names: Sequence[tuple[str, str]], *, right: bool = False
) -> float:
    """Name the marks above the plot, each in its ink; the plot makes way. Gives where it ends."""
    for i, (text, ink) in enumerate(names):
        figure.add_annotation(
            text=text, showarrow=False, xref="paper", x=int(right),
            xanchor="right" if right else "left", yref="paper", y=1, yanchor="top",
            yshift=-19 * i, borderpad=0, font={"color": ink, "size": style.SMALL},
        )  # fmt: skip
    # title and axis take about 90 px of the height, two names 44 of the rest
    top = 1 - 44 / max(float(figure.layout.height) - 90, 88) if names else 1.0
    if names:
        figure.update_yaxes(domain=[0, top])
    return top
