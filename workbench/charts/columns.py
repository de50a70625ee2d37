"""Upright bars, one per period or day, with what counts written above."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.charts import style
from workbench.charts.axes import names_above, told, tone, value_axis
from workbench.charts.chart import Chart
from workbench.charts.opens import Counted
from workbench.charts.sketch import Sketch
from workbench.words import Words


@dataclass(frozen=True, kw_only=True)
class Columns(Chart):
    """How much in each period, and what part of it is what?

    Parameters
    ----------
    x, x_as
        The column of the periods or days, and how they are written below the bars, here and on a
        phone.
    parts
        Columns that stand on each other, each with its tone; several are named above the plot by
        the texts of their names.
    hover
        The text on a bar, from its row.
    mark
        The text on top of each bar, from its row; there is no upright axis then.
    above
        The text of each bar in a line above all, from its row; on a phone every third.
    line
        A column of amounts that the bars are measured by: a line across each bar, named above the
        plot by the text of its name.
    at_most
        How many bars are named below, here and on a phone, the last among them.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"day": ["Mon", "Tue"], "steps": [3, 1]})
    >>> chart = Columns(rows=rows, x="day", x_as=("", ""), parts={"steps": "due"},
    ...                 hover="figure.no_data")
    >>> chart.drawn(Words(), title="Steps", subtitle="by day", alt="").data[0].y
    (3, 1)
    """

    x: str
    x_as: tuple[str, str]
    parts: Mapping[str, str] = field(default_factory=dict)
    hover: str = ""
    mark: str = ""
    above: str = ""
    line: str = ""
    at_most: tuple[int, int] = (5, 4)

    def height(self, _words: Words) -> int:
        """How high is the figure, in pixels?"""
        return 300 if self.mark else 380

    def draw(self, figure: Sketch, words: Words) -> dict[str, Any]:
        """Draw the bars; gives what is different on a phone."""
        rows = self.rows
        places = list(range(len(rows)))
        hover = told(rows, self.hover, words)
        for part, name in self.parts.items():
            figure.add_bar(
                x=places,
                y=rows[part].tolist(),
                marker={"color": tone(name)[0], "line": {"width": 0}},
                hovertext=hover,
                hoverinfo="text",
                name=words(part) if len(self.parts) > 1 else None,
            )
        heights = rows[list(self.parts)]
        lines = {i: aim for i, aim in enumerate(rows[self.line]) if aim == aim} if self.line else {}
        top = max(float(heights.clip(lower=0).sum(axis=1).max()), *lines.values(), 1.0)
        bottom = float(heights.clip(upper=0).sum(axis=1).min())
        span = [bottom * 1.08 if bottom < 0 else 0, top * 1.15]
        if self.mark:
            texts = told(rows, self.mark, words)
            filled = heights.any(axis=1)
            said = [text if there else "" for text, there in zip(texts, filled, strict=True)]
            for bars in figure.data:
                bars |= {
                    "text": said, "textposition": "outside", "cliponaxis": False,
                    "textfont": {"color": style.INK, "size": style.SMALL},
                }  # fmt: skip
            figure.update_yaxes(visible=False, range=span)
        else:
            # from two on the marks are whole
            value_axis(figure, "number", max(top, 2), words)
            figure.update_yaxes(range=span, zeroline=bottom < 0)
        kinds = self.parts.items() if len(self.parts) > 1 else ()
        named = [(f"■ {words(part)}", tone(name)[1]) for part, name in kinds]
        for i, aim in lines.items():
            across = {"x0": i - 0.42, "x1": i + 0.42, "y0": aim, "y1": aim}
            figure.add_shape(style.line(style.INK, across, width=2, dash=None))
        if lines:
            named.append((f"━ {words(self.line)}", style.INK))
        names_above(figure, named)
        phone = self._write_above(figure, words, top) if self.above else {}
        wide, narrow = (places[::-1][:: -(-len(places) // most)][::-1] for most in self.at_most)
        if not self.mark:
            # a name below the first bar would reach the other axis
            wide, narrow = ([i for i in some if i or len(some) == 1] for some in (wide, narrow))
        said, briefly = ([words.write(given, how) for given in rows[self.x]] for how in self.x_as)
        figure.update_xaxes(tickvals=wide, ticktext=[said[i] for i in wide], tickangle=0)
        figure.update_xaxes(range=[-0.6, len(places) - 0.4])
        figure.update_layout(barmode="relative", bargap=0.3)
        return phone | {"xaxis.tickvals": narrow, "xaxis.ticktext": [briefly[i] for i in narrow]}

    def counted(self) -> Iterator[Counted]:
        """Which bars, or parts of them, count rows of a list?"""
        for curve, part in enumerate(self.parts):
            for point, row in enumerate(self.rows.to_dict("records")):
                yield [curve, point], row[part], {**row, "part": part}

    def _write_above(self, figure: Sketch, words: Words, top: float) -> dict[str, Any]:
        """Write what counts in a line above the bars; on a phone every third, the last too."""
        phone: dict[str, Any] = {}
        for i, text in enumerate(told(self.rows, self.above, words)):
            if (len(self.rows) - 1 - i) % 3:
                phone[f"annotations[{len(figure.annotations)}].visible"] = False
            place = {"x": i, "y": top, "yanchor": "bottom", "yshift": 4, "visible": True}
            figure.add_annotation(style.note(text, place, ink=style.KEPT_TEXT))
        return phone
