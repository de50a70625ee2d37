"""What falls on which day? Marks in lines along the days, with their dates beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from workbench.charts import axes, style, text
from workbench.charts.chart import Chart
from workbench.charts.sketch import Sketch
from workbench.words import Words

_SIZE = 13
_SIGNS = {"circle": "●", "diamond": "◆"}
# What is left free at both ends, as a share; how far words stand from their mark, and apart.
_EDGE, _SHIFT, _GAP = 0.07, 14, 6
_WEEK = pd.Timedelta(days=6)


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What does a kind of mark look like?

    Parameters
    ----------
    colour, ink
        Of the mark, and of the words beside it, by their names in the palette.
    symbol
        Of the mark.
    is_hollow
        What is not done yet.
    side
        Where its words stand.
    """

    colour: str = "kept"
    ink: str = "ink"
    symbol: Literal["circle", "diamond"] = "circle"
    is_hollow: bool = False
    side: Literal["left", "right"] = "right"

    @property
    def drawn(self) -> dict[str, Any]:
        """Give the mark as it is drawn."""
        colour = style.LIGHT[self.colour]
        if not self.is_hollow:
            return {"color": colour, "size": _SIZE, "symbol": self.symbol}
        line = {"color": colour, "width": 2}
        return {"color": style.PAPER, "size": _SIZE - 2, "symbol": self.symbol, "line": line}


@dataclass(frozen=True, kw_only=True)
class Timeline(Chart):
    """What falls on which day, line by line?

    Parameters
    ----------
    x, y
        The columns of the day, as a date or counted, and of the line. Counted days have a line at
        least for each step; lines of codes stand in the order of ``lanes``.
    y_name
        Key of a line's name, with its ``{line}``; with ``lanes`` each has a text of its own below.
    lanes
        The codes in ``y``, from the top.
    mark, marks
        The column of a mark's kind, and what each looks like, the uppermost last.
    legend
        The family of words that names the kinds, above the lines.
    beside
        Key of what stands beside a mark.
    above
        Key of what stands above a mark: else below it, else nowhere, so that no words meet.
    hover
        Key of what a pointer is told.
    planned
        The column of the day a mark was moved from; a pointer is told the words ``planned`` there.
    line_at
        The day of the dotted line.
    x_name
        Key of the name of a ``{day}``; without it the days are told beside the marks alone.
    head_px
        How high is all above the lines?

    Examples
    --------
    >>> days = pd.DataFrame({"step": [1, 2], "day": [0, 3]})
    >>> timeline = Timeline(rows=days, x="day", y="step", y_name="scheduling.step",
    ...                     beside="figure.no_data", hover="figure.no_data")
    >>> timeline.drawn(Words(), title="Days", subtitle="", alt="").layout.yaxis.ticktext
    ('Touch 1', 'Touch 2')
    """

    x: str
    y: str
    y_name: str
    lanes: Sequence[str] = ()
    mark: str = ""
    marks: Mapping[Any, Mark] = field(default_factory=lambda: {"": Mark()})
    legend: str = ""
    beside: str = ""
    above: str = ""
    hover: str = "hover"
    planned: str = ""
    line_at: Any = None
    x_name: str = ""
    head_px: int = 60

    @property
    def _lines(self) -> list[Any]:
        return list(self.lanes) or sorted(self.rows[self.y].unique().tolist())

    def height(self, _words: Words) -> int:
        """How high is the figure, in pixels?"""
        return self.head_px + 34 * len(self._lines)

    def draw(self, figure: Sketch, words: Words) -> dict[str, Any]:
        """Draw onto a figure; gives what is different on a phone."""
        if self.planned:
            self._draw_planned(figure, words)
        for kind, mark in self.marks.items():
            rows = self.rows[self.rows[self.mark] == kind] if self.mark else self.rows
            if len(rows):
                self._draw_marks(figure, words, rows, mark)
        if self.line_at is not None:
            day = {"x0": self.line_at, "x1": self.line_at, "xref": "x", "layer": "below"}
            figure.add_shape(style.line(style.GREY, {**day, "yref": "paper", "y0": 0, "y1": 1}))
        if self.legend:
            self._name_marks(figure, words)
        names = [
            words.marked(f"{self.y_name}.{line}" if self.lanes else self.y_name, line=line)
            for line in self._lines
        ]
        places = self._places(self._lines)
        figure.update_yaxes(
            tickvals=places, ticktext=names, range=[max(places) + 0.6, min(places) - 0.6],
            showgrid=True,
        )  # fmt: skip
        if self.x_name:
            return self._draw_days(figure, words, names)
        beside = [f"    {said}" for said in axes.told(self.rows, self.beside, words)]
        days = [float(day) for day in self.rows[self.x]]
        (_, wide), (_, narrow) = (
            text.room(days, beside, names, window_px=window_px)
            for window_px in (style.WIDE_PX, style.PANEL_PX)
        )
        edge = max(max(days) * 0.06, 0.3)
        figure.update_xaxes(visible=False, range=[-edge, wide])
        return {"xaxis.range": [-edge, narrow]}

    def _places(self, lines: Sequence[Any]) -> list[Any]:
        return [self.lanes.index(line) for line in lines] if self.lanes else list(lines)

    def _draw_marks(self, figure: Sketch, words: Words, rows: pd.DataFrame, mark: Mark) -> None:
        beside: dict[str, Any] = {"mode": "markers"}
        if self.beside:
            gap = "" if self.x_name else "  "
            beside = {
                "mode": "markers+text",
                "text": [f"{gap}{said}" for said in axes.told(rows, self.beside, words)],
                "textposition": f"middle {mark.side}",
                "textfont": {"color": style.LIGHT[mark.ink], "size": style.SMALL},
            }
        figure.add_scatter(
            x=rows[self.x].tolist(),
            y=self._places(rows[self.y].tolist()),
            marker=mark.drawn,
            hovertext=axes.told(rows, self.hover, words),
            hoverinfo="text",
            cliponaxis=False,
            **beside,
        )

    def _draw_planned(self, figure: Sketch, words: Words) -> None:
        """Draw a line from where a mark was planned to where it is."""
        moved = self.rows[self.rows[self.planned].notna()]
        if moved.empty:
            return
        line = [
            part
            for was, day, y in zip(moved[self.planned], moved[self.x], moved[self.y], strict=True)
            for part in ((was, y), (day, y), (None, None))
        ]
        figure.add_scatter(
            x=[x for x, _ in line], y=[y for _, y in line], mode="lines", hoverinfo="skip",
            line={"color": style.DUE, "width": 2}, cliponaxis=False,
        )  # fmt: skip
        figure.add_scatter(
            x=moved[self.planned].tolist(), y=moved[self.y].tolist(), mode="markers",
            marker=Mark(colour="due", is_hollow=True).drawn,
            hovertext=axes.told(moved, "planned", words),
            hoverinfo="text", cliponaxis=False,
        )  # fmt: skip

    def _name_marks(self, figure: Sketch, words: Words) -> None:
        """Write what the marks mean above the first line, in their colours."""
        x = 0.0
        for kind, mark in list(self.marks.items())[::-1]:
            name = words.write(kind, self.legend)
            for said, colour, room in (
                (_SIGNS[mark.symbol], mark.colour, 16),
                (name, mark.ink, text.pixels(name) + 18),
            ):
                key = style.edge_note(said, y=1, ink=style.LIGHT[colour], xshift=x)
                figure.add_annotation(key)
                x += room
        figure.update_yaxes(domain=[0, 1 - 34 / figure.height])

    def _draw_days(self, figure: Sketch, words: Words, names: list[str]) -> dict[str, Any]:
        """Draw the axis of days, fewer of them on a phone, and the words above the marks."""
        first, last = min(self._days), max(self._days)
        if isinstance(first, pd.Timestamp):
            last = first + max(last - first, _WEEK)
            edge = _EDGE * (last - first)
            days = pd.date_range(first, last, periods=4).normalize().tolist()
            few = [days[0], days[-1]]
        else:
            edge = 0.12 * max(last - first, 8)
            days = sorted({first, last, *([] if self.line_at is None else [self.line_at])})
            few = days if last - days[-2:][0] >= last * 0.3 else [first, last]
        named, briefly = (
            [words.marked(self.x_name, day=day) for day in some] for some in (days, few)
        )
        figure.update_xaxes(
            range=[first - edge, last + edge], tickvals=days, ticktext=named,
            tickfont={"color": style.GREY_TEXT},
        )  # fmt: skip
        phone = {"xaxis.tickvals": few, "xaxis.ticktext": briefly}
        if not self.above:
            return phone
        wide, narrow = (
            self._above(words, first - edge, last + edge,
                        window_px - max(map(text.pixels, names)) - 16)
            for window_px in (style.WIDE_PX, style.PANEL_PX)
        )  # fmt: skip
        for day, y, words_there in zip(
            self.rows[self.x], self._places(self.rows[self.y].tolist()), wide, strict=True
        ):
            figure.add_annotation(
                style.note(words_there["text"], {"x": day, "y": y, **words_there})
            )
        return phone | {
            f"annotations[{place}].{part}": value
            for place, words_there in enumerate(narrow)
            for part, value in words_there.items()
        }

    @property
    def _days(self) -> list[Any]:
        return [*self.rows[self.x], *([] if self.line_at is None else [self.line_at])]

    def _above(self, words: Words, start: Any, end: Any, room: float) -> list[dict[str, Any]]:
        """Place the words of each mark above it, else below it, else nowhere."""
        placed = []
        taken: dict[tuple[Any, bool], float] = {}
        for day, line, said in zip(
            self.rows[self.x], self.rows[self.y], axes.told(self.rows, self.above, words),
            strict=True,
        ):  # fmt: skip
            x = (day - start) / (end - start) * room
            half = text.pixels(said) / 2
            anchor = "left" if x < half else "right" if x + half > room else "center"
            left = {"left": x, "center": x - half, "right": x - 2 * half}[anchor]
            for shift in (_SHIFT, -_SHIFT):
                if left >= taken.get((line, shift > 0), -_GAP) + _GAP:
                    taken[line, shift > 0] = left + 2 * half
                    placed.append({"text": said, "yshift": shift, "xanchor": anchor})
                    break
            else:
                # a pointer still tells them
                placed.append({"text": "", "yshift": _SHIFT, "xanchor": "center"})
        return placed
