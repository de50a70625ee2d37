"""How is a share drawn that grows step by step with time, some still being waited for?"""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.charts import axes, style, text
from workbench.charts.chart import Chart
from workbench.charts.sketch import Sketch
from workbench.words import Words

_DAYS = (5, 10, 15, 30, 60, 90, 120, 180, 360)


@dataclass(frozen=True, kw_only=True)
class Steps(Chart):
    """Draw a curve of steps from nought, such as Kaplan and Meier's, with its interval.

    Parameters
    ----------
    rows
        One row per day on which something happened; the interval stands in ``<y>_low`` and
        ``<y>_high``, where there is one.
    x, y
        The columns of the day and of the share reached on it.
    until
        The last day drawn; later ones are few people's.
    below
        The column of those still watched, counted below the ticks.
    at
        The day that is marked and told of; drawn even beyond ``until``.
    half
        Key of the words at the day that half had reached; the row's values, and ``{day}``. The words
        of the axis are ``x``, a pointer's ``hover``, the marked day's ``within``.

    Examples
    --------
    >>> curve = pd.DataFrame({"days": [0, 20], "share": [0.0, 0.38], "at_risk": [50, 50]})
    >>> chart = Steps(rows=curve, x="days", y="share", below="at_risk", until=365)
    >>> chart.is_empty
    False
    """

    x: str
    y: str
    below: str
    until: int
    at: int | None = None
    half: str = ""

    @property
    def is_empty(self) -> bool:
        """Has nobody been watched for a day?"""
        return not bool((self.rows[self.x] > 0).any())

    def draw(self, figure: Sketch, words: Words) -> dict[str, Any]:
        """Draw the curve over its band, the marked days, and the counts below the ticks."""
        whole = self.rows.sort_values(self.x, ignore_index=True)
        end = int(min(max(self.until, self.at or 0), whole[self.x].max()))
        drawn = whole.loc[whole[self.x] <= end]
        if drawn[self.x].iloc[-1] < end:
            # the curve stays where it is until the end of the axis
            last = drawn.tail(1).assign(**{self.x: end, self.below: self._left(end)})
            drawn = pd.concat([drawn, last], ignore_index=True)
        days, share = drawn[self.x].tolist(), drawn[self.y].tolist()
        low, high = (self._bound(drawn, side).tolist() for side in ("low", "high"))
        axes.band(figure, days, low, high, shape="hv")
        figure.add_scatter(
            x=days, y=share, mode="lines", line={"shape": "hv", "width": 2.5, "color": style.KEPT},
            name=words("x"), hovertext=axes.told(drawn, "hover", words, value=self.y),
            hoverinfo="text",
        )  # fmt: skip
        axes.beside(
            figure, end, high[-1], axes.share(share[-1], words), anchor="right",
            ink=style.KEPT_TEXT, size=style.SIZE,
        )  # fmt: skip
        phone = self._mark_days(figure, whole, end, words)
        wide, narrow = (
            axes.fitting(end, _DAYS, window_px=window) for window in (style.WIDE_PX, style.PANEL_PX)
        )
        counts = {day: self._left(day) for day in {*wide, *narrow}}
        phone |= axes.counted_ticks(figure, wide, narrow, counts, words)
        # a little air, so that the first tick stands clear of the other axis
        ends = {"start": -end * 0.06, "end": end * 1.03}
        axes.flat_axis(figure, "x", words, **ends, tickangle=0)
        axes.value_axis(figure, "share", max(high), words)
        return phone

    def _mark_days(
        self, figure: Sketch, rows: pd.DataFrame, end: int, words: Words
    ) -> dict[str, Any]:
        """Mark the day that is asked for, and the one by which half were there."""
        marks: list[tuple[int, float]] = []
        phone: dict[str, Any] = {}
        if self.at is not None and (then := self._reached(rows, self.at)) is not None:
            share = float(then[self.y])
            upright = {"xref": "x", "x0": self.at, "x1": self.at, "yref": "y", "y0": 0, "y1": share}
            figure.add_shape(style.line(style.GREY, upright))
            said = words.marked("within", **then | {"day": self.at})
            anchor = "right" if self.at > end * 0.55 else "left"
            axes.beside(figure, self.at, 0, said, anchor=anchor, shift=6)
            marks.append((self.at, share))
        # the product of exact shares may miss a half by its last bits
        past = rows.loc[rows[self.y] >= 0.5 - 1e-12]
        if self.half and len(past) and (day := int(past[self.x].iloc[0])) <= end:
            first = past.head(1)
            said = words.marked(self.half, day=day)
            sides = [
                self._side(day, end, text.pixels(said), window)
                for window in (style.WIDE_PX, style.PANEL_PX)
            ]
            if sides[0]:
                above = sides[0] == "right"
                level = float(self._bound(first, "high" if above else "low").iloc[0])
                place = axes.beside(figure, day, level, said, above=above, anchor=sides[0], shift=6)
                if sides[1] != sides[0]:
                    phone[f"annotations[{place}].visible"] = False
            marks.append((day, float(first[self.y].iloc[0])))
        if marks:
            x, y = zip(*marks, strict=True)
            figure.add_scatter(
                x=x, y=y, mode="markers", marker={"color": style.KEPT, "size": 9},
                hoverinfo="skip", name="",
            )  # fmt: skip
        return phone

    def _side(self, half: int, end: int, wide: float, window_px: int) -> str:
        """To which side does the name reach: right and below the curve, or left and above it?"""
        room = wide * end / (window_px - axes.BESIDE_PX)
        limit = end if self.at is None or self.at <= half else self.at
        # anchored where its point is: a name to the right begins there
        return "left" if half + room < limit else "right" if half > room else ""

    def _bound(self, rows: pd.DataFrame, side: str) -> "pd.Series[Any]":
        column = f"{self.y}_{side}"
        known = rows[self.y].astype("float64")
        return rows[column].astype("float64").fillna(known) if column in rows else known

    def _reached(self, rows: pd.DataFrame, day: int) -> dict[str, Any] | None:
        """Give the row that stands on a day; None where nobody was watched that long."""
        last = rows.loc[rows[self.x] <= day].tail(1).to_dict("records")
        known = last and (rows[self.x].max() >= day or last[0][self.y] >= 1)
        return {str(name): value for name, value in last[0].items()} if known else None

    def _left(self, day: int) -> int:
        """Count who was not there yet and was still watched just before a day."""
        later = self.rows.loc[self.rows[self.x] >= day].sort_values(self.x)
        return int(later[self.below].iloc[0]) if len(later) else 0
