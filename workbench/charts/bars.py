"""Flat bars, one per row, with words beside them: shares, counts, money, with or without parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from workbench.charts import style
from workbench.charts.axes import interval, text_axis, told, tone
from workbench.charts.chart import Chart
from workbench.charts.opens import Counted
from workbench.charts.sketch import Sketch
from workbench.charts.text import pixels, room, wrapped
from workbench.words import Words, literal, shown

# What a line of the names of the parts may take on a narrow phone, and its height.
_KEY_PX, _KEY_LINE_PX = 240, 16
_TEXT = {"color": style.GREY_TEXT, "size": style.SMALL}


@dataclass(frozen=True, kw_only=True)
class Bars(Chart):
    """Which rows are the largest, and what stands behind each bar?

    Parameters
    ----------
    label, label_as
        The column of the names left of the bars, and how they are written: ``name`` for names from
        the data, which are cut; or codes, whose words are wrapped.
    value
        The column of the bars' ends; with ``parts``, of the ends of the stacks.
    beside
        The text right of a bar, from its row.
    hover
        The text on a bar, ``{name}`` its whole label; by default the label and what stands beside.
    counts
        The column of what a bar stands for, kept with the bar.
    parts, parts_as
        Columns that are stacked, each with its tone; and how they are called.
    tone
        The tone of all bars, or the column of each bar's.
    apart
        The bars of each tone are a series of their own.
    with_interval
        Draws ``<value>_low`` and ``<value>_high`` too.
    unnamed
        What stands for a missing label.
    at_most, more
        How many bars are drawn; the text that counts the rest, ``{n}``, with their sums by column.
    line_after
        After so many bars a dotted line parts them from the others.
    row_px, signs
        What a bar takes of the height; how many signs a label may have, here and on a phone.
    narrowest_px
        The narrowest window.

    Examples
    --------
    >>> rows = pd.DataFrame({"customer_name": ["A&B", "Harbour"], "value": [3, 1]})
    >>> bars = Bars(rows=rows, label="customer_name", value="value", beside="figure.pair")
    >>> bars.drawn(Words(), title="Calls", subtitle="by customer", alt="").data[0].text
    ('A&amp;B: 3', 'Harbour: 1')
    """

    label: str
    label_as: str = "name"
    value: str
    beside: str
    hover: str = ""
    counts: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    parts_as: str = "column"
    tone: str = "kept"
    apart: bool = False
    with_interval: bool = False
    unnamed: str = ""
    at_most: int = 20
    more: str = ""
    line_after: int = 0
    row_px: int = 30
    signs: tuple[int, int] = (30, 20)
    narrowest_px: int = style.PHONE_PX

    @property
    def is_empty(self) -> bool:
        """Is there nothing to draw?"""
        return self.rows.empty or not self._numbers(self.rows, self.counts or self.value).any()

    def height(self, words: Words) -> int:
        """How high is the figure, in pixels? Every bar has room for the label of most lines."""
        return self._height(self._labels(words)[1], words)

    def _height(self, labels: list[str], words: Words) -> int:
        lines = max(label.count("<br>") + 1 for label in labels)
        above = 54 + self._key_px(words) if self.parts else 60
        return above + max(self.row_px, 16 * lines + 2) * len(labels) + 28 * self._counts_more

    @property
    def _counts_more(self) -> bool:
        return bool(self.more) and len(self.rows) > self.at_most

    def draw(self, figure: Sketch, words: Words) -> dict[str, Any]:
        """Draw the bars; gives what is different on a phone."""
        names, wide, narrow = self._labels(words)
        rows = self.rows.head(self.at_most).assign(name=names)
        places = list(range(len(rows)))
        beside = told(rows, self.beside, words, value=self.value)
        ends = self._numbers(rows, self.value)
        hover = told(rows, self.hover, words, value=self.value)
        if not self.hover:
            both = zip(names, beside, strict=True)
            hover = [f"<b>{shown(name)}</b><br>{text}" for name, text in both]
        series = list(self._series(rows))
        for i, (column, colour, held) in enumerate(series):
            heights = self._numbers(rows, column)
            part, texts = words.write(column, self.parts_as) if self.parts else None, hover
            if part and not self.hover:
                counts = [words.write(height, "count") for height in heights]
                texts = [words.marked("figure.pair", name=part, value=count) for count in counts]
            figure.add_bar(
                orientation="h",
                x=heights.iloc[held].tolist(),
                y=held,
                name=part,
                customdata=rows[self.counts].iloc[held].tolist() if self.counts else None,
                hovertext=[texts[place] for place in held],
                hoverinfo="text",
                marker={"color": colour, "line": {"width": 0}},
            )
            # beside the whole bar: what the last part of a stack carries
            if not self.with_interval and (not self.parts or i == len(series) - 1):
                figure.data[-1] |= {
                    "text": [beside[place] for place in held], "textposition": "outside",
                    "textfont": _TEXT, "cliponaxis": False,
                }  # fmt: skip
        if self.with_interval:
            figure.data[0]["error_x"] = interval(rows, self.value, style.INK)
            ends = rows[f"{self.value}_high"].astype("float64")
            beside = [f"\u2002{text}" for text in beside]
            figure.add_scatter(
                x=ends.tolist(), y=places, mode="text", text=beside, textfont=_TEXT,
                textposition="middle right", hoverinfo="skip", cliponaxis=False,
            )  # fmt: skip
        ranges = [
            room(ends.tolist(), beside, labels, window_px=window)
            for labels, window in ((wide, style.WIDE_PX), (narrow, self.narrowest_px))
        ]
        figure.update_xaxes(visible=False, range=ranges[0])
        text_axis(figure, wide)
        barmode = "stack" if self.parts else "overlay" if self.apart else None
        figure.update_layout(bargap=0.35, barmode=barmode)
        self._write_around(figure, words)
        phone: dict[str, Any] = {"xaxis.range": ranges[1]}
        if narrow != wide:
            phone["yaxis.ticktext"] = narrow
        if (height := self._height(narrow, words)) != figure.height:
            phone["height"] = height
        return phone

    def counted(self) -> Iterator[Counted]:
        """Which bars, or parts of them, count rows of a list?"""
        shown_rows = self.rows.head(self.at_most)
        rows: list[dict[Any, Any]] = shown_rows.to_dict("records")
        for curve, (column, _, held) in enumerate(self._series(shown_rows)):
            counts = column if self.parts else self.counts or self.value
            for point, place in enumerate(held):
                yield [curve, point], rows[place][counts], {**rows[place], "part": column}

    def _labels(self, words: Words) -> tuple[list[str], list[str], list[str]]:
        """Name the bars: whole and plain, as wide as a window lets them, and for a phone."""
        names = [
            words.write(given, self.label_as)
            if not self.unnamed or (pd.notna(given) and str(given).strip())
            else words(self.unnamed)
            for given in self.rows[self.label].head(self.at_most)
        ]
        wide, narrow = ([self._label(name, most, words) for name in names] for most in self.signs)
        return names, wide, narrow

    def _label(self, name: str, most: int, words: Words) -> str:
        if self.label_as == "name":
            return literal(name, limit=most)
        return "<br>".join(map(shown, wrapped(name, words, width=most).split("<br>")))

    def _numbers(self, rows: pd.DataFrame, column: str) -> pd.Series:
        return pd.to_numeric(rows[column]).fillna(0)

    def _series(self, rows: pd.DataFrame) -> Iterator[tuple[str, Any, list[int]]]:
        """Which column is drawn in which colours, at which places?"""
        places = list(range(len(rows)))
        if self.parts:
            for part, name in self.parts.items():
                yield part, tone(name)[0], places
            return
        tones = rows[self.tone].tolist() if self.tone in rows else [self.tone] * len(rows)
        if not self.apart:
            yield self.value, [tone(name)[0] for name in tones], places
            return
        for name in dict.fromkeys(tones):
            yield self.value, tone(name)[0], [p for p in places if tones[p] == name]

    def _key(self, words: Words) -> Iterator[tuple[str, str, float, int]]:
        """Where does each part have its sign and its name: text, colour, from the left, line?"""
        x, line = 0.0, 0
        for part, name in self.parts.items():
            text = words.write(part, self.parts_as)
            wide = 16 + pixels(text)
            if x and x + wide > _KEY_PX:
                x, line = 0.0, line + 1
            mark, ink = tone(name)
            # two annotations, since a word needs a darker shade than a mark
            yield "■", mark, x, line
            yield text, ink, x + 16, line
            x += wide + 18

    def _key_px(self, words: Words) -> int:
        return _KEY_LINE_PX * (1 + max(line for *_, line in self._key(words)))

    def _write_around(self, figure: Sketch, words: Words) -> None:
        """Name the parts above, count the rest below, and draw the line between bars."""
        for text, ink, x, line in self._key(words):
            below = -_KEY_LINE_PX * line or None
            figure.add_annotation(style.edge_note(text, y=1, ink=ink, xshift=x, yshift=below))
        if self.parts:
            figure.update_yaxes(domain=[0, 1 - (self._key_px(words) + 12) / figure.height])
        if self._counts_more:
            rest = self.rows.iloc[self.at_most :]
            text = words.marked(self.more, n=len(rest), **rest.sum(numeric_only=True))
            figure.add_annotation(style.edge_note(text, y=0, yshift=-6, borderpad=None))
            figure.update_layout(margin={"b": 34})
        if self.line_after:
            y = self.line_after - 0.5
            across = {"xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": y, "y1": y}
            figure.add_shape(style.line(style.GREY, across, width=1))
