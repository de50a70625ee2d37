"""What do the figures of nurture share? Names of groups, a key of colours."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import labels
from workbench.figures import style, text
from workbench.findings import nurture as findings

# What a line of a key may take beside the names on a narrow phone, and its height.
_KEY_PX, _KEY_LINE_PX = 240, 16


def named(by: str, value: Any, names: Mapping[str, str] | None, lang: labels.Lang) -> str:
    """What is one group called on an axis?"""
    known = None if pd.isna(value) else (names or {}).get(str(value))
    return text.literal(known or findings.group(by, value, lang), limit=18)


def key(figure: go.Figure, words: list[tuple[str, str]]) -> int:
    """Name the colours above the figure, each in its own; give the height of the lines it takes."""
    x, line = 0.0, 0
    for said, colour in words:
        wide = text.pixels(said) + 14
        if x and x + wide > _KEY_PX:
            x, line = 0.0, line + 1
        figure.add_annotation(
            x=0, xref="paper", xshift=x, y=1, yref="paper", yshift=-_KEY_LINE_PX * line,
            xanchor="left", yanchor="top", text=said, showarrow=False, borderpad=0,
            font={"color": colour, "size": style.SMALL},
        )  # fmt: skip
        x += wide
    return _KEY_LINE_PX * (line + 1)
