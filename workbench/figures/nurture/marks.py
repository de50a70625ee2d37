"""What do the figures of nurture share? Dots with their intervals, names, a key of colours."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import labels
from workbench.figures import style, text
from workbench.findings import nurture as findings

# What a line of a key may take beside the names on a narrow phone, and its height.
_KEY_PX, _KEY_LINE_PX = 240, 16


def split(by: str, lang: labels.Lang) -> str:
    """What is the effect split by, in a title?"""
    return labels.text(f"figure.nurture.by.{by}", lang)


def named(by: str, value: Any, names: Mapping[str, str] | None, lang: labels.Lang) -> str:
    """What is one group called on an axis?"""
    known = None if pd.isna(value) else (names or {}).get(str(value))
    return text.literal(known or findings.group(by, value, lang), limit=18)


def bars(values: Sequence[float], low: Any, high: Any, colour: str) -> dict[str, Any]:
    """Give the bars of intervals around values."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [top - value for value, top in zip(values, high, strict=True)],
        "arrayminus": [value - bottom for value, bottom in zip(values, low, strict=True)],
        "color": colour,
        "thickness": 1.5,
        "width": 3,
    }


def dots(
    title: str,
    called: list[str],
    values: list[float],
    low: list[float],
    high: list[float],
    beside: list[str],
    *,
    colours: list[str],
    lang: labels.Lang,
    row: int = 34,
) -> go.Figure:
    """Draw a dot and its interval per row, with the words right of it."""
    rows = list(range(len(values)))
    figure = style.base(title, height=64 + row * len(values))
    for colour in dict.fromkeys(colours):
        mine = [place for place, own in enumerate(colours) if own == colour]
        figure.add_scatter(
            x=[values[place] for place in mine],
            y=mine,
            mode="markers",
            name="",
            marker={"color": colour, "size": 10},
            error_x=bars(
                [values[p] for p in mine], [low[p] for p in mine], [high[p] for p in mine], colour
            ),
            hovertext=[
                labels.text(
                    "figure.nurture.interval",
                    lang,
                    name=called[place].replace("<br>", " "),
                    low=labels.percent(low[place], lang, digits=1),
                    high=labels.percent(high[place], lang, digits=1),
                )
                for place in mine
            ],
            hoverinfo="text",
            cliponaxis=False,
        )
    for place, words in enumerate(beside):
        figure.add_annotation(
            x=high[place], y=place, text=words, showarrow=False, xanchor="left", xshift=8,
            align="left", borderpad=0, font={"color": style.GREY_TEXT, "size": style.SMALL},
        )  # fmt: skip
    figure.update_yaxes(
        tickvals=rows, ticktext=called, range=[len(rows) - 0.5, -0.5], ticklabelstandoff=6
    )
    return figure


def finished(
    figure: go.Figure,
    called: list[str],
    beside: list[str],
    ends: list[float],
    alt: str,
    subtitle: str,
    *,
    low: float = 0.0,
) -> go.Figure:
    """Leave room for the words beside the dots, and finish."""
    wide, narrow = (
        text.room([end - low for end in ends], beside, called, window_px=window)
        for window in (style.WIDE_PX, style.PHONE_PX)
    )
    ranges = [[low, span[1] + low] for span in (wide, narrow)]
    figure.update_xaxes(range=ranges[0], tickformat=".0%", showgrid=True, nticks=5, zeroline=False)
    return style.finished(figure, alt=alt, subtitle=subtitle, phone={"xaxis.range": ranges[1]})


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
