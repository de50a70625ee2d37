"""What do kinds with axes share? Ticks with room, texts of rows, intervals, names beside marks."""

from collections.abc import Sequence
from typing import Any, Literal

import pandas as pd

from workbench.charts import style, text
from workbench.charts.sketch import Sketch
from workbench.words import Words, shown

# What stands beside the plot, and what a tick with a count below it takes.
BESIDE_PX, _TICK_PX = 62, 44

Scale = Literal["share", "whole share", "number"]


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


def fitting(last: int, steps: Sequence[int], *, window_px: int, first: int = 0) -> list[int]:
    """Which of the places up to the last get a tick, so that the counts below do not collide?

    Parameters
    ----------
    last
        The last place.
    steps
        Steps that read well, the smallest first.
    window_px
        The width of the window.
    first
        The first place, which always has a tick.

    Examples
    --------
    >>> fitting(24, (1, 3, 6), window_px=440, first=1)
    [1, 6, 12, 18, 24]
    """
    each = (window_px - BESIDE_PX) / max(last - first, 1)
    # between the first and the first multiple there is a little less than a step
    fits = (step for step in steps if max(step - first, 1) * each >= _TICK_PX)
    step = next(fits, steps[-1])
    return [first, *(place for place in range(step, last + 1, step) if place > first)]


def thinned(places: Sequence[int], *, at_most: int) -> list[int]:
    """Which places get a tick? From the middle of the first stretch on, so that none juts out."""
    step = -(-len(places) // at_most)
    return list(places[step // 2 :: step])


def told(
    rows: pd.DataFrame, key: str, words: Words, *, value: str = "", what: str = ""
) -> list[str]:
    """Write a text for each row; ``{value}``, ``{low}``, ``{high}`` are a column's, ``{what}`` its name.

    Examples
    --------
    >>> told(pd.DataFrame({"share": [0.25], "name": ["<b>"]}), "figure.pair", Words(), value="share")
    ['&lt;b&gt;: 0.25']
    """
    if not key:
        return [""] * len(rows)
    ends = {"value": value, "low": f"{value}_low", "high": f"{value}_high"}
    return [
        words.marked(
            key,
            **{str(column): given for column, given in row.items()},
            **{end: row.get(column) for end, column in ends.items() if end not in row},
            **({"what": what} if what else {}),
        )
        for row in rows.to_dict("records")
    ]


def numbers(values: "pd.Series[Any]") -> list[float | None]:
    """Give the values to draw; a missing one is none, as in the page."""
    return [None if pd.isna(value) else float(value) for value in values]


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


def band(figure: Sketch, x: list[Any], low: list[float], high: list[float], *, shape: str) -> None:
    """Draw the interval of a line as a band below it."""
    line = {"shape": shape, "width": 0, "color": style.KEPT}
    figure.add_scatter(x=x, y=low, mode="lines", line=line, hoverinfo="skip", name="")
    figure.add_scatter(
        x=x, y=high, mode="lines", line=line, hoverinfo="skip", fill="tonexty",
        fillcolor=style.KEPT_TINT, name="",
    )  # fmt: skip


def beside(
    figure: Sketch, x: float, y: float, said: str, *, above: bool = True,
    anchor: str = "center", shift: int = 0, ink: str = style.INK, size: int = style.SMALL,
) -> int:  # fmt: skip
    """Write words at a point, above or below it; give the annotation's number."""
    xshift = {"left": shift, "right": -shift}.get(anchor, 0) or None
    upright = {"yanchor": "bottom", "yshift": 5} if above else {"yanchor": "top", "yshift": -5}
    place = {"x": x, "y": y, "xanchor": anchor, "xshift": xshift, "visible": True, **upright}
    figure.add_annotation(style.note(said, place, ink=ink, size=size))
    return len(figure.annotations) - 1


def share(value: float, words: Words) -> str:
    """Write a share at a point."""
    return f"<b>{shown(words.write(value, 'short rate'))}</b>"


def names_above(figure: Sketch, names: Sequence[tuple[str, str]], *, right: bool = False) -> float:
    """Name the marks above the plot, each in its ink; the plot makes way. Gives where it ends."""
    for i, (name, ink) in enumerate(names):
        side: dict[str, Any] = {"x": 1, "xanchor": "right"} if right else {}
        figure.add_annotation(style.edge_note(name, y=1, ink=ink, yshift=-19 * i, **side))
    if not names:
        return 1.0
    # title and axis take about 90 px of the height, names 22 each of the rest
    top = 1 - 22 * max(len(names), 2) / max(figure.height - 90, 88)
    figure.update_yaxes(domain=[0, top])
    return top


def value_axis(figure: Sketch, scale: Scale, top: float, words: Words) -> None:
    """Mark the upright axis from nought, in shares or in round numbers."""
    look: dict[str, Any]
    if scale == "share":
        look = {"range": [0, max(top, 0.05) * 1.16], "tickformat": ".0%", "nticks": 6}
    elif scale == "whole share":
        quarters = [0, 0.25, 0.5, 0.75, 1]
        look = {"range": [0, 1.02], "tickvals": quarters, "tickformat": ".0%"}
    else:
        marks = round_ticks(top) if top >= 2 else [0, round(top / 2, 2), round(top, 2)]
        said = [words.write(mark, "short number" if top >= 2 else "plain") for mark in marks]
        look = {"range": [0, top * 1.04 or 1], "tickvals": marks, "ticktext": said}
    figure.update_yaxes(
        showgrid=True, tickfont={"color": style.GREY_TEXT}, ticklabelstandoff=6, **look
    )


def text_axis(figure: Sketch, labels: list[str]) -> None:
    """Name the rows on the upright axis, from the top down."""
    places, ends = list(range(len(labels))), [len(labels) - 0.5, -0.5]
    figure.update_yaxes(tickvals=places, ticktext=labels, range=ends, ticklabelstandoff=6)


def flat_axis(
    figure: Sketch, title: str, words: Words, *, start: float, end: float, **marks: Any
) -> None:
    """Draw the flat axis between two places, with the text of a key below it."""
    named = {"text": words(title) if title else None}
    figure.update_xaxes(
        title=named, range=[start, end], showline=True, linecolor=style.GREY, **marks
    )


def counted_ticks(
    figure: Sketch, wide: list[int], narrow: list[int], counts: dict[int, Any], words: Words
) -> dict[str, Any]:
    """Mark the flat axis, with a count below each tick; gives what is different on a phone."""

    def written(places: list[int]) -> list[str]:
        return [f"{place}<br><b>{words.write(counts[place], 'count')}</b>" for place in places]

    figure.update_xaxes(tickvals=wide, ticktext=written(wide))
    return {"xaxis.tickvals": narrow, "xaxis.ticktext": written(narrow)}


def spaced_ticks(figure: Sketch, written: Sequence[str]) -> dict[str, Any]:
    """Mark places one after the other, as many as have room; gives what is left on a phone."""
    widest = max(map(text.pixels, written)) + 6
    wide, narrow = (
        thinned(range(len(written)), at_most=max(1, int((window - BESIDE_PX) // widest)))
        for window in (style.WIDE_PX, style.PANEL_PX)
    )
    figure.update_xaxes(tickvals=wide, ticktext=[written[place] for place in wide], tickangle=0)
    return {"xaxis.tickvals": narrow, "xaxis.ticktext": [written[place] for place in narrow]}


def is_dated(rows: pd.DataFrame, column: str) -> bool:
    """Does a column hold days?"""
    return pd.api.types.is_datetime64_any_dtype(rows[column])
