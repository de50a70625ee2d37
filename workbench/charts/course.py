"""How is a course over time drawn, or over any measure? Lines, with what is marked on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.charts import axes, style
from workbench.charts.chart import Chart
from workbench.charts.sketch import Sketch
from workbench.words import Words

_STEPS = (1, 2, 3, 6, 12)
# the dash of a line, and its sign beside the name
_LOOKS = ((None, "━"), ("dash", "╍"))


@dataclass(frozen=True, kw_only=True)
class Course(Chart):
    """Draw one line, with its interval as a band, or two beside each other.

    Parameters
    ----------
    rows
        One row per place.
    x
        The column of the place: a day, or a number.
    y
        One column or two; the interval of the only one stands in ``<y>_low`` and ``<y>_high``.
    scale
        Of the upright axis: shares up to the highest, or all of them, or numbers.
    names
        Keys of the lines' names, where there are two.
    tones
        Colours of the palette.
    below
        The column of a count below each tick, for whole numbers as places.
    labelled
        The places that are written at the line; a last one that lies far behind is written as well.
    line_at
        Places with a line across, each with the key of its words (``{value}`` is the place) and a
        colour.
    x_title, hover
        Keys of words: ``hover`` of a row's values, and of the ``{value}``, ``{low}``, ``{high}``
        and ``{what}`` (its name) of the line.

    Examples
    --------
    >>> rows = pd.DataFrame({"age": [1, 2], "share": [0.4, 0.3], "customers": [90, 80]})
    >>> Course(rows=rows, x="age", y=["share"], below="customers", hover="figure.pair").is_empty
    False
    """

    x: str
    y: Sequence[str]
    scale: axes.Scale = "share"
    names: Sequence[str] = ()
    tones: Sequence[str] = ("kept", "ink")
    below: str = ""
    labelled: Sequence[int] = ()
    line_at: Sequence[tuple[Any, str, str]] = ()
    x_title: str = ""
    hover: str = "hover"

    @property
    def is_empty(self) -> bool:
        """Is there no value to draw?"""
        return self._drawn.empty

    @property
    def _drawn(self) -> pd.DataFrame:
        rows = self.rows.loc[self.rows[self.y[0]].notna()]
        return rows.sort_values(self.x, ignore_index=True)

    def draw(self, figure: Sketch, words: Words) -> dict[str, Any]:
        """Draw the lines, their names above or their values beside them, and the axes."""
        rows = self._drawn
        is_dated = axes.is_dated(rows, self.x)
        places = list(range(len(rows))) if is_dated else rows[self.x].tolist()
        top = float(rows[list(self.y)].max().max())
        named = []
        for i, column in enumerate(self.y):
            colour, ink = axes.tone(self.tones[i])
            name = words(self.names[i]) if self.names else ""
            named.append((f"{_LOOKS[i][1]} {name}", ink))
            if f"{column}_low" in rows:
                low, high = (rows[f"{column}_{end}"].tolist() for end in ("low", "high"))
                axes.band(figure, places, low, high, shape="linear")
                top = max(high)
            figure.add_scatter(
                x=places, y=axes.numbers(rows[column]), name=name,
                mode="lines" if self.names else "lines+markers",
                line={"color": colour, "width": 2.5, "dash": _LOOKS[i][0]},
                marker=None if self.names else {"color": colour, "size": 6},
                hovertext=axes.told(rows, self.hover, words, value=column, what=name),
                hoverinfo="text",
            )  # fmt: skip
        phone = self._label(figure, rows, words)
        height = axes.names_above(figure, named if self.names else [])
        self._mark(figure, rows, places, height, words)
        axes.value_axis(figure, self.scale, top, words)
        air = 0.5 if is_dated else max(places[-1] * 0.06, 0.4 if self.below else 0)
        start, end = places[0] - air, places[-1] + air
        axes.flat_axis(figure, self.x_title, words, start=start, end=end, tickangle=0)
        if self.below:
            counts = dict(zip(places, rows[self.below], strict=True))
            wide, narrow = (
                [
                    place
                    for place in axes.fitting(places[-1], _STEPS, window_px=window, first=1)
                    if place in counts
                ]
                for window in (style.WIDE_PX, style.PANEL_PX)
            )
            phone |= axes.counted_ticks(figure, wide, narrow, counts, words)
        elif is_dated:
            days = [words.write(day, "short day and year") for day in rows[self.x]]
            phone |= axes.spaced_ticks(figure, days)
        return phone

    def _label(self, figure: Sketch, rows: pd.DataFrame, words: Words) -> dict[str, Any]:
        """Write values at the line, on the side it does not go to; a phone leaves out the middle."""
        phone: dict[str, Any] = {}
        places, values = rows[self.x].tolist(), rows[self.y[0]].tolist()
        lows, highs = (
            rows.get(f"{self.y[0]}_{end}", rows[self.y[0]]).tolist() for end in ("low", "high")
        )
        highest = max(highs, default=0)
        for i, (place, value) in enumerate(zip(places, values, strict=True)):
            is_last = i == len(places) - 1 and self.labelled and place > self.labelled[-1] + 4
            if place not in self.labelled and not is_last:
                continue
            before, after = values[max(i - 1, 0)], values[min(i + 1, len(values) - 1)]
            # between a line near 0 and the ticks there is no room
            above = 2 * value >= before + after or lows[i] < highest / 10
            anchor = "left" if before > value > after else "right" if after > value > before else ""
            level = (highs if above else lows)[i]
            number = axes.beside(
                figure, place, level, axes.share(value, words), above=above,
                anchor=anchor or "center", ink=axes.tone(self.tones[0])[1], size=style.SIZE,
            )  # fmt: skip
            if place in self.labelled[1:-1]:
                phone[f"annotations[{number}].visible"] = False
        return phone

    def _mark(
        self, figure: Sketch, rows: pd.DataFrame, places: list[Any], height: float, words: Words
    ) -> None:
        """Draw lines across, their names together on the side with more room."""
        at = [
            # between the places before and from then on
            int((rows[self.x] < value).sum()) - 0.5 if isinstance(value, pd.Timestamp) else value
            for value, _, _ in self.line_at
        ]
        for i, (value, key, colour) in enumerate(self.line_at):
            mark, ink = axes.tone(colour)
            is_far = min(at) - places[0] > places[-1] - max(at)
            across = {"xref": "x", "x0": at[i], "x1": at[i], "yref": "paper", "y0": 0, "y1": height}
            figure.add_shape(style.line(mark, across))
            # lines that grow leave room below, shares of all above
            at_top = self.scale == "whole share"
            figure.add_annotation(
                style.edge_note(
                    words.marked(key, value=value), ink=ink, xref="x",
                    x=min(at) if is_far else max(at), xanchor="right" if is_far else "left",
                    xshift=-6 if is_far else 6, y=height if at_top else 0.02,
                    yanchor="top" if at_top else "bottom", yshift=-17 * i if at_top else 17 * i,
                )
            )  # fmt: skip
