"""How are values drawn whose sureness matters? A mark with its interval per row, or per column."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.charts import axes, style, text
from workbench.charts.chart import Chart
from workbench.charts.sketch import Sketch
from workbench.words import Words, literal

# More rows than this make a list, not a figure; the table below holds them all.
_MOST = 20
_SIGNS = {"circle": "●", "diamond": "◆", "diamond-open": "◇"}


@dataclass(frozen=True, kw_only=True)
class Dots(Chart):
    """Draw a dot with its interval per row; a second mark beside it, and a line to hold it against.

    Parameters
    ----------
    rows
        One row per name, from the top down, or from the left where ``upright``.
    name
        The column of the name, or of the day.
    values
        The column that is drawn, and a second one; intervals stand in ``<value>_low`` and
        ``<value>_high``. One without an interval is what was expected, a hollow mark.
    scale
        Of the values: shares up to the highest, all shares, or numbers.
    upright, columns
        Names stand below and values go up; the first value is a column, not a dot.
    names
        Keys of what the values are called, above the plot.
    tones
        Colours of the palette; a hollow mark is in ink.
    strong
        The column that says which rows are in colour; the others are grey.
    line, line_name
        The column of what the values are held against, a dotted line; the key of its name.
    under, beside, hover
        Keys of words of a row: below its name, right of its dot, and on it; its values, and the
        ``{value}``, ``{low}``, ``{high}`` and ``{what}`` (its name) of the mark.
    x_title
        The key of the flat axis's title.
    limit
        Where a name is cut.

    Examples
    --------
    >>> rows = pd.DataFrame({"name": ["A"], "share": [0.3], "share_low": [0.1], "share_high": [0.6]})
    >>> chart = Dots(rows=rows, values=["share"], hover="figure.pair")
    >>> chart.drawn(Words(), title="Answered", subtitle="share", alt="30%").data[0].x
    (0.3,)
    """

    values: Sequence[str]
    name: str = "name"
    scale: axes.Scale = "share"
    upright: bool = False
    columns: bool = False
    names: Sequence[str] = ()
    tones: Sequence[str] = ("kept", "risk")
    strong: str = ""
    line: str = ""
    line_name: str = ""
    under: str = ""
    beside: str = ""
    hover: str = "hover"
    x_title: str = ""
    limit: int = 20

    @property
    def is_empty(self) -> bool:
        """Is there no value to draw?"""
        return self._drawn.empty

    @property
    def _drawn(self) -> pd.DataFrame:
        rows = self.rows.loc[self.rows[self.values[0]].notna()].reset_index(drop=True)
        return rows if self.upright else rows.head(_MOST)

    def height(self, words: Words) -> int:
        """Give each row its room."""
        if self.upright:
            return super().height(words)
        return 64 + 70 * bool(self.names) + (40 if self.under else 34) * len(self._drawn)

    def draw(self, figure: Sketch, words: Words) -> dict[str, Any]:
        """Draw the marks, their names above, the names of the rows and the axes."""
        rows = self._drawn
        if self.line:
            # from edge to edge
            self._add(
                figure, [rows[self.line].iloc[0], *rows[self.line], rows[self.line].iloc[-1]],
                [-0.5, *range(len(rows)), len(rows) - 0.5], mode="lines", hoverinfo="skip", name="",
                line={"color": style.GREY, "width": 2, "dash": "dot"},
            )  # fmt: skip
        named: list[tuple[str, str]] = []
        for i, column in enumerate(self.values):
            if rows[column].notna().any():
                sign, ink = self._draw_mark(figure, rows, i, words)
                if self.names:
                    named.append((f"{sign} {words(self.names[i])}", ink))
        if self.line_name:
            named.append((f"┅ {words(self.line_name)}", style.GREY_TEXT))
        is_wide = max([text.pixels(name) for name, _ in named] or [0]) > 100
        axes.names_above(figure, named, right=is_wide and not self.upright)
        axis = self._stand if self.upright else self._lie
        return axis(figure, rows, self._labels(rows, words), words)

    def _draw_mark(
        self, figure: Sketch, rows: pd.DataFrame, i: int, words: Words
    ) -> tuple[str, str]:
        """Draw one of the values; give its sign and the ink of its name."""
        column = self.values[i]
        is_hollow = f"{column}_low" not in rows
        tone, ink = axes.tone("ink" if is_hollow else self.tones[i])
        sign = "diamond-open" if is_hollow else "diamond" if i else "circle"
        what = words(self.names[i]) if self.names else ""
        hover = pd.Series(axes.told(rows, self.hover, words, value=column, what=what))
        colours = pd.Series(tone, index=rows.index)
        if self.strong:
            colours = colours.where(rows[self.strong].astype("bool"), style.GREY)
        # two that are equally sure stand side by side
        pair = len(self.values) > 1 and all(f"{value}_low" in rows for value in self.values)
        shift = 0.12 * (2 * i - 1) if pair else 0
        for colour in colours.unique():
            mine = rows.loc[colours == colour]
            values, places = axes.numbers(mine[column]), mine.index + shift
            drawn = {"hovertext": hover[mine.index].tolist(), "hoverinfo": "text", "name": what}
            if self.columns and not i:
                figure.add_bar(
                    x=places.tolist(), y=values, error_y=axes.interval(mine, column, style.INK),
                    marker={"color": colour, "line": {"width": 0}}, **drawn,
                )  # fmt: skip
                figure.update_layout(bargap=0.25)
                continue
            marker: dict[str, Any] = {"color": colour, "symbol": sign, "size": 10}
            if is_hollow:
                marker |= {"size": 11, "line": {"width": 2, "color": colour}}
            if is_hollow and self.columns:
                # an open mark would not be seen on a column
                marker |= {"color": style.PAPER, "symbol": "diamond"}
            error = {"error_y" if self.upright else "error_x": axes.interval(mine, column, colour)}
            self._add(
                figure, values, places, mode="markers", marker=marker, cliponaxis=False, **error,
                **drawn,
            )  # fmt: skip
        return _SIGNS[sign], ink

    def _add(self, figure: Sketch, values: Any, places: Any, **look: Any) -> None:
        x, y = (places, values) if self.upright else (values, places)
        figure.add_scatter(x=list(x), y=list(y), **look)

    def _labels(self, rows: pd.DataFrame, words: Words) -> list[str]:
        """Name the rows: a name is cut and escaped, and a line of words below it."""
        if axes.is_dated(rows, self.name):
            return [words.write(day, "short day and year") for day in rows[self.name]]
        joint = "<br>" if self.upright else " "
        labels = [literal(name, limit=self.limit).replace(" ", joint) for name in rows[self.name]]
        below = axes.told(rows, self.under, words)
        return [
            f"{one}<br>{more}" if more else one for one, more in zip(labels, below, strict=True)
        ]

    def _ends(self, rows: pd.DataFrame) -> tuple[list[float], list[float]]:
        """Give the lowest and the highest that is drawn in each row, with nought."""
        columns = [f"{value}{end}" for value in self.values for end in ("", "_low", "_high")]
        drawn = rows[[column for column in columns if column in rows]].astype("float64")
        return drawn.min(axis=1).clip(upper=0).tolist(), drawn.max(axis=1).clip(lower=0).tolist()

    def _stand(
        self, figure: Sketch, rows: pd.DataFrame, labels: list[str], words: Words
    ) -> dict[str, Any]:
        # a few people tell nothing: their interval may leave the picture
        most = float(rows[list(self.values)].max().max())
        top = min(max(self._ends(rows)[1]), 1.6 * most or 1)
        axes.value_axis(figure, self.scale, top, words)
        axes.flat_axis(figure, self.x_title, words, start=-0.5, end=len(rows) - 0.5)
        return axes.spaced_ticks(figure, labels)

    def _lie(
        self, figure: Sketch, rows: pd.DataFrame, labels: list[str], words: Words
    ) -> dict[str, Any]:
        axes.text_axis(figure, labels)
        lows, ends = self._ends(rows)
        low, end = min(lows), max(ends)
        figure.update_xaxes(showgrid=True)
        if self.scale == "whole share":
            quarters = [0, 0.25, 0.5, 0.75, 1]
            figure.update_xaxes(range=[-0.02, 1.04], tickvals=quarters, tickformat=".0%")
            return {"xaxis.tickvals": quarters[::2]}
        if self.scale == "number":
            air = ((end - low) or 1) * 0.04
            wide, narrow = (axes.round_ticks(end, at_most=most) for most in (4, 2))
            said = {mark: words.write(mark, "short number") for mark in (*wide, *narrow)}
            figure.update_xaxes(
                range=[low - air, end + air], tickvals=wide, ticktext=[said[mark] for mark in wide]
            )
            return {"xaxis.tickvals": narrow, "xaxis.ticktext": [said[mark] for mark in narrow]}
        beside = axes.told(rows, self.beside, words, value=self.values[0])
        for place, text_beside in enumerate(beside):
            right = {"x": ends[place], "y": place, "xanchor": "left", "xshift": 8, "align": "left"}
            figure.add_annotation(style.note(text_beside, right, ink=style.GREY_TEXT))
        reach = [end - low for end in ends]
        wide, narrow = (
            [low, low + text.room(reach, beside, labels, window_px=window)[1]]
            for window in (style.WIDE_PX, style.PHONE_PX)
        )
        figure.update_xaxes(range=wide, tickformat=".0%", nticks=5, zeroline=False)
        return {"xaxis.range": narrow}
