"""How are customers spread over a measure: bins, the bands they fall in, and where a line cuts."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from workbench.charts import style
from workbench.charts.axes import flat_axis, round_ticks, told, tone
from workbench.charts.chart import Chart
from workbench.charts.opens import Counted
from workbench.charts.sketch import Sketch
from workbench.charts.text import pixels, spread, wrapped
from workbench.words import Words, shown

# Beside the plot stand the marks of the upright axis.
_AXIS_PX = 65
# Where a plot with named bands ends, and the names begin.
_TOP = 0.8


@dataclass(frozen=True, kw_only=True)
class Histogram(Chart):
    """How are customers spread over a measure?

    Bars stand for customers per usual bin width, so that a bin cut by a band keeps the shape; the
    hover text counts customers. An open last bin has no ``right``, or an infinite one.

    Parameters
    ----------
    rows
        One row per bin: ``left, right, customers``, and the band or the score.
    x_title, y_title
        The texts of the axes; that of the upright one may tell the ``{width}`` which the bars
        stand for, where bins differ.
    hover
        The text on a bar, from its row; that of an open bin is ``<hover>_open``. ``{last}`` is the
        last value a bin holds, where it holds more than one.
    tick_as
        How the marks of the flat axis are written.
    band, tones, held
        The column of bands, whose edges are marked, and which are named and counted above; the
        tone of each; and how many each holds, where that is known of more than the bins.
    score
        The column of scores, which stand above their stretch where there is room.
    line_at, line, sides
        Where a line parts the bars; its text, with ``{value}`` or, before it, ``{last}``; and the
        tones left and right of it.
    is_whole
        The measure counts whole things, such as days.
    is_folded
        Where a few customers stretch the axis, they share the last bin.

    Examples
    --------
    >>> rows = pd.DataFrame({"left": [0.0, 1.2], "right": [0.1, 1.3], "customers": [3, 5],
    ...                      "warning": ["not_due", "churn_risk"]})
    >>> chart = Histogram(rows=rows, x_title="column.days", y_title="column.customers",
    ...                   hover="warning.lost", band="warning", tones=style.WARNING_TONES)
    >>> chart.drawn(Words(), title="Ratios", subtitle="customers", alt="").data[0].y
    (3.0, 5.0)
    """

    x_title: str
    y_title: str
    hover: str
    tick_as: str = "short number"
    band: str = ""
    tones: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[Any, int] = field(default_factory=dict)
    score: str = ""
    line_at: float | None = None
    line: str = ""
    sides: tuple[str, str] = ("grey", "kept")
    is_whole: bool = False
    is_folded: bool = False

    @property
    def is_empty(self) -> bool:
        """Is there nobody to draw?"""
        return not self.rows["customers"].sum()

    def height(self, _words: Words) -> int:
        """How high is the figure, in pixels?"""
        return 380 if self.band else 210

    def draw(self, figure: Sketch, words: Words) -> dict[str, Any]:
        """Draw the bars and what stands above them; gives what is different on a phone."""
        bins = self._bins
        figure.add_bar(
            x=bins["middle"].tolist(),
            y=bins["height"].tolist(),
            # a sliver of paper between neighbours
            width=(bins["width"] * 0.94).tolist(),
            customdata=bins["customers"].tolist(),
            hovertext=self._told(bins, words),
            hoverinfo="text",
            marker={"color": [tone(name)[0] for name in self._tones(bins)], "line": {"width": 0}},
        )
        is_split = not math.isclose(bins["width"].min(), bins["width"].max(), rel_tol=1e-6)
        phone = self._name_bands(figure, bins, words) if self.band else {}
        top = self._top(figure, bins, words)
        # the title and what stands below the plot take about 92 px of the height
        end = _TOP if self.band else 1 - 36 / (figure.height - 92)
        figure.update_yaxes(
            title={"text": words(self.y_title, width=bins["usual"].iloc[0] if is_split else None)},
            range=[0, top * 1.06],
            domain=[0, end],
            showgrid=True,
            tickvals=round_ticks(top, at_most=4 if self.band else 3),
            tickformat=",d",
            tickfont={"color": style.GREY_TEXT},
            ticklabelstandoff=6,
        )
        if self.score:
            self._write_scores(figure, bins, end)
        if self.line_at is not None:
            self._draw_line(figure, bins, end, words)
        wide, narrow = (self._ticks(bins, words, apart=apart) for apart in (0.05, 0.075))
        ends = {"start": float(bins["left"].min()), "end": float(bins["end"].max())}
        flat_axis(figure, self.x_title, words, **ends, **wide)
        return phone | ({f"xaxis.{name}": marks for name, marks in narrow.items()} if phone else {})

    def counted(self) -> Iterator[Counted]:
        """Which bars count rows of a list? All: an open last one has no right end."""
        for point, row in enumerate(self._bins.to_dict("records")):
            yield [0, point], row["customers"], row

    @cached_property
    def _bins(self) -> pd.DataFrame:
        return drawn_bins(folded(self.rows) if self.is_folded else self.rows)

    @cached_property
    def _bands(self) -> list[dict[Any, Any]]:
        return _stretches(self._bins, self.band)

    def _told(self, bins: pd.DataFrame, words: Words) -> list[str]:
        last = bins["right"] - 1 if self.is_whole else bins["right"]
        rows = bins.assign(last=last.where(last > bins["left"]))
        closed, opened = (
            told(rows[rows["is_open"] == is_open], f"{self.hover}{end}", words)
            for is_open, end in ((False, ""), (True, "_open"))
        )
        return [*closed, *opened]

    def _tones(self, bins: pd.DataFrame) -> list[str]:
        if self.band:
            return [self.tones[band] for band in bins[self.band]]
        at = math.inf if self.line_at is None else self.line_at
        sides = self.sides if self.line_at is not None else ("grey", "grey")
        return [sides[middle >= at] for middle in bins["middle"]]

    def _top(self, figure: Sketch, bins: pd.DataFrame, words: Words) -> float:
        """Where does the axis end? Above the tallest bar, unless the open bin dwarfs the others.

        That one holds all that lies beyond it, so its height says nothing about the shape: it is
        cut off and its customers are written beside it.
        """
        shape = float(bins.loc[~bins["is_open"], "height"].max())
        last = bins.iloc[-1]
        if not self.band or not last["is_open"] or not 0 < shape * 1.5 < last["height"]:
            return float(bins["height"].max())
        figure.add_annotation(
            style.edge_note(
                f"<b>{words.write(last['customers'], 'count')}</b> ↑", xref="x", x=last["left"],
                xanchor="right", xshift=-4, y=_TOP - 0.01, ink=tone(self.tones[last[self.band]])[1],
            )
        )  # fmt: skip
        # the cut: a strip of paper across the bar
        ends = {"x0": last["left"], "x1": last["end"], "y0": _TOP - 0.06, "y1": _TOP - 0.035}
        strip = {**ends, "xref": "x", "yref": "paper"}
        figure.add_shape(style.line(style.PAPER, strip, width=4, dash=None))
        return shape

    def _name_bands(self, figure: Sketch, bins: pd.DataFrame, words: Words) -> dict[str, Any]:
        """Write each band's name and count above it; gives what moves on a phone."""
        bands = self._bands
        start, end = float(bins["left"].min()), float(bins["end"].max())
        texts = [
            f"{wrapped(shown(words.write(band[self.band], self.band)), words)}<br>"
            f"<b>{words.write(self.held.get(band[self.band], band['customers']), 'count')}</b>"
            for band in bands
        ]
        centres = [(band["left"] + band["end"]) / 2 for band in bands]
        first, places = len(figure.annotations), []
        for window in (style.WIDE_PX, style.PHONE_PX):
            per_pixel = (end - start) / (window - _AXIS_PX)
            widths = [pixels(text, size=style.SMALL) * per_pixel for text in texts]
            # The first may reach over the axis' marks, but plotly hides one centred outside it.
            first_px = start - min(40 * per_pixel, widths[0] / 2)
            places.append(spread(centres, widths, start=first_px, end=end, gap=6 * per_pixel))
        for band, x, text in zip(bands, places[0], texts, strict=True):
            mark, ink = tone(self.tones[band[self.band]])
            above = {"x": x, "xref": "x", "y": _TOP + 0.03, "yref": "paper", "yanchor": "bottom"}
            figure.add_annotation(style.note(text, above, ink=ink))
            pad = min((end - start) / 200, (band["end"] - band["left"]) / 8)
            ends = {"x0": band["left"] + pad, "x1": band["end"] - pad, "y0": _TOP + 0.02}
            level = {**ends, "y1": _TOP + 0.02, "xref": "x", "yref": "paper"}
            figure.add_shape(style.line(mark, level, width=3, dash=None))
        return {f"annotations[{first + i}].x": x for i, x in enumerate(places[1])}

    def _write_scores(self, figure: Sketch, bins: pd.DataFrame, y: float) -> None:
        """Write each score above its stretch, where the stretch is wide enough on a phone."""
        least = 12 / (style.PHONE_PX - _AXIS_PX) * float(bins["end"].max() - bins["left"].min())
        for stretch in _stretches(bins, self.score):
            left, end = stretch["left"], stretch["end"]
            if end - left >= least:
                place = {"xref": "x", "x": (left + end) / 2, "xanchor": None, "yanchor": "bottom"}
                score = style.edge_note(str(stretch[self.score]), y=y, **place)
                figure.add_annotation(score)

    def _draw_line(self, figure: Sketch, bins: pd.DataFrame, y: float, words: Words) -> None:
        at = float(self.line_at or 0)
        start, end = float(bins["left"].min()), float(bins["end"].max())
        place = min(max(at, start), end)
        is_right = (place - start) / (end - start) > 0.55
        ends = {"xref": "x", "x0": place, "x1": place, "yref": "y domain", "y0": 0, "y1": 1.12}
        figure.add_shape(style.line(style.KEPT_TEXT, ends, width=1))
        figure.add_annotation(
            style.edge_note(
                words.marked(self.line, value=at, last=at - 1), xref="x", x=place, y=y, yshift=15,
                xanchor="right" if is_right else "left", yanchor="bottom", ink=style.KEPT_TEXT,
            )
        )  # fmt: skip

    def _ticks(self, bins: pd.DataFrame, words: Words, *, apart: float) -> dict[str, Any]:
        """Mark the open bin, then zero and the edges of bands, then round values with room."""
        start, end = float(bins["left"].min()), float(bins["end"].max())
        opened = bins.loc[bins["is_open"], "left"].tolist()
        edges: Sequence[float] = ()
        if self.band:
            edges = sorted({0.0, *(round(band["left"], 6) for band in self._bands)})
        kept = list(opened)
        for values, part in ((edges, apart), (round_ticks(end, at_most=6), 1 / 12)):
            for value in values:
                has_room = all(abs(value - k) >= part * (end - start) - 1e-9 for k in kept)
                if has_room and start <= value < min([*opened, end]):
                    kept.append(value)
        kept.sort()
        # what is counted one by one is marked below the middle of its bar
        shift = 0.5 if self.is_whole and math.isclose(bins["usual"].iloc[0], 1) else 0.0
        return {
            "tickvals": [value + shift for value in kept],
            "ticktext": [
                words.write(value, self.tick_as) + ("+" if value in opened else "")
                for value in kept
            ],
        }


def _stretches(bins: pd.DataFrame, by: str) -> list[dict[Any, Any]]:
    """Where does each band begin and end, and how many customers does it hold?"""
    spans = bins.groupby(by, sort=False, as_index=False).agg(
        left=("left", "min"), end=("end", "max"), customers=("customers", "sum")
    )
    return spans.to_dict("records")


def drawn_bins(histogram: pd.DataFrame) -> pd.DataFrame:
    """Where is each bin of a histogram drawn? An open last bin gets the width of the others.

    Adds ``end``, ``width``, ``middle``, ``is_open``, ``usual`` (the most frequent width) and
    ``height``: customers per usual width, so that a bin cut in two is no dent in the shape.

    Examples
    --------
    >>> bins = pd.DataFrame({"left": [0.0, 1.0], "right": [1.0, float("inf")], "customers": [4, 2]})
    >>> drawn_bins(bins)["end"].tolist()
    [1.0, 2.0]
    """
    bins = histogram.sort_values("left").reset_index(drop=True)
    right = bins["right"].astype("float64")
    is_open = ~right.map(math.isfinite)
    widths = (right - bins["left"])[~is_open].round(9)
    usual = float(widths.mode().max()) if len(widths) else 1.0
    end = right.where(~is_open, bins["left"] + usual)
    width = end - bins["left"]
    return bins.assign(
        is_open=is_open,
        end=end,
        width=width,
        middle=(bins["left"] + end) / 2,
        # rounded: 1.3 - 1.2 is not 0.1 in floating point, yet such a bin is a whole one
        height=(bins["customers"] * (usual / width).round(9)).astype("float64"),
        usual=usual,
    )


def folded(bins: pd.DataFrame) -> pd.DataFrame:
    """Which bins are drawn one by one? Where a few customers stretch the axis, they share the last.

    Half of the customers get an eighth of the axis or more: bins from beyond the 95th, else the
    90th … at most the 75th percent of the customers are folded into an open one.

    Examples
    --------
    >>> bins = pd.DataFrame({"left": range(20), "right": range(1, 21),
    ...                      "customers": [90, 8] + [0] * 17 + [2]})
    >>> folded(bins)[["left", "right", "customers"]].iloc[-1].tolist()
    [2.0, inf, 2.0]
    """
    bins = bins.sort_values("left").reset_index(drop=True)
    if len(bins) < 3:
        return bins
    held = bins["customers"].cumsum() / max(int(bins["customers"].sum()), 1)
    left = bins["left"].astype("float64")
    half = float(left[int((held >= 0.5).to_numpy().argmax()) + 1 :].head(1).sum()) - left[0]
    last = len(bins) - 1
    for keep in (0.95, 0.9, 0.85, 0.8, 0.75):
        if half >= (left[last] - left[0]) / 8:
            break
        last = min(int((held >= keep).to_numpy().argmax()) + 1, last)
    if last == len(bins) - 1:
        return bins
    tail = bins.iloc[[last]].assign(right=math.inf, customers=int(bins["customers"][last:].sum()))
    return pd.concat([bins.iloc[:last], tail], ignore_index=True)
