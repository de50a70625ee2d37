"""Where in a table of rows and columns does it lie? A heat map with its cells written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from workbench.charts import axes, style, text
from workbench.charts.chart import Chart
from workbench.charts.opens import Counted
from workbench.charts.sketch import Sketch
from workbench.words import MISSING, Words, literal, shown

Cell = dict[str, Any]
Written = tuple[float, float, str, str]
# How much of a name there is room for, here and on a phone; a tick of a day takes so much.
_NAME, _DAY_PX = (16, 10), 58


@dataclass(frozen=True, kw_only=True)
class Matrix(Chart):
    """How do rows and columns meet? One cell for each pair, darker for more or tinted by its kind.

    A pair that is not in the rows stays empty; one without a value is grey. Columns of days are
    without a gap.

    Parameters
    ----------
    x, y
        The columns that say where a cell lies. Numbers and days stand in their order.
    value
        The column that darkens a cell; from ``darkest`` on it is as dark as it gets.
    tone, tones
        Instead: the column of its kind, and the colour of each by its name in the palette.
    cell, cell_phone, hover
        Keys of what is written in a cell, also on a phone, and told by a pointer. Where nothing is
        left of a cell's text, there is a dash.
    order
        The order of the codes in ``x`` and ``y``.
    x_as, y_as, y_as_phone
        How rows and columns are named: a format or family of codes.
    name
        Instead of ``y_as``: the column of names from the data; they are cut and escaped.
    x_title, y_title
        Keys of the axes; ``{last}`` is the highest.
    first
        Key of the head of the first column, where that counts how many there are.
    columns
        How many columns behind the first there are at most, wide and on a phone; fewer where the
        cells would not fit.
    beside
        Key of what stands beside a row, of its ``{total}`` and its ``{most}``; the fullest rows
        then stand first. Behind `` · `` it is left out on a phone.
    more, rows_shown
        Key of what is told of the ``{n}`` rows beyond so many, and of their ``{total}``.
    counts
        The columns of numbers that a cell carries; where the first is nought throughout, there is
        nothing to draw.
    absent
        What a pointer is told of a pair that is not in the rows; by default nothing.
    upward
        The highest row stands at the top.
    apart
        The last row stands apart, below a line.
    head_px, row_px
        How high is the head, and each row?

    Examples
    --------
    >>> moves = pd.DataFrame({"before": ["key_keep"], "after": ["key_keep"], "customers": [3]})
    >>> matrix = Matrix(rows=moves, x="after", y="before", value="customers", x_as="segment",
    ...                 y_as="segment", hover="figure.no_data")
    >>> matrix.drawn(Words(), title="Moves", subtitle="", alt="").layout.yaxis.ticktext
    ('Key keep',)
    """

    x: str
    y: str
    value: str = ""
    darkest: float | None = None
    tone: str = ""
    tones: Mapping[str, str] = field(default_factory=dict)
    cell: str = ""
    cell_phone: str = ""
    hover: str = "hover"
    order: Sequence[Any] = ()
    x_as: str = ""
    y_as: str = ""
    y_as_phone: str = ""
    name: str = ""
    x_title: str = ""
    y_title: str = ""
    first: str = ""
    columns: tuple[int, int] | None = None
    beside: str = ""
    more: str = ""
    rows_shown: int = 20
    counts: str | Sequence[str] = ()
    absent: Mapping[str, Any] | None = None
    upward: bool = False
    apart: bool = False
    head_px: int = 90
    row_px: int = 30

    @property
    def is_empty(self) -> bool:
        """Is there nothing to draw?"""
        first = self.counts if isinstance(self.counts, str) else next(iter(self.counts), "")
        return self.rows.empty or bool(first and not self.rows[first].sum())

    def height(self, _words: Words) -> int:
        """How high is the figure, in pixels?"""
        rows = len(self._ys) if self.beside else max(len(self._ys), 3)
        return self.head_px + self.row_px * rows + (28 if len(self._rest) else 0)

    def draw(self, figure: Sketch, words: Words) -> dict[str, Any]:
        """Draw onto a figure; gives what is different on a phone."""
        names, short_names = self._names(words)
        phone: dict[str, Any] = {} if _is_counted(self._ys) else {"yaxis.ticktext": short_names}
        xs = self._xs[: self.columns[0] + 1] if self.columns else self._xs
        written = self._written(words, xs)
        if self.columns:
            room, narrow_room = (
                min(most, _fitting(written, names, window_px))
                for most, names, window_px in (
                    (self.columns[0], names, style.WIDE_PX),
                    (self.columns[1], short_names, style.PANEL_PX),
                )
            )
            xs = xs[: room + 1]
            last = max(len(xs) - 1, 1)
            figure.update_xaxes(range=[-0.5, last + 0.5])
            phone["xaxis.range"] = [-0.5, min(last, narrow_room) + 0.5]
        self._shade(figure, words, xs)
        # annotations, since a page can change these for a phone, and a heat map's own text it cannot
        drawn = [said for said in written if said[0] <= _places(xs)[-1]]
        for i, (x, y, wide, narrow) in enumerate(drawn):
            figure.add_annotation(style.note(wide, {"x": x, "y": y}))
            if narrow != wide:
                phone[f"annotations[{i}].text"] = narrow
        if self.beside:
            phone |= self._write_beside(figure, words, names, short_names)
        else:
            phone |= self._name_columns(figure, words, xs)
        figure.update_yaxes(tickvals=_places(self._ys), ticktext=names)
        if not self.upward:
            figure.update_yaxes(
                range=[len(self._ys) - 0.5, -0.5], ticklabelstandoff=6 if self.beside else 4
            )
        if self.apart and len(self._ys) > 1:
            place = len(self._ys) - 1.5
            across = {"xref": "x domain", "x0": 0, "x1": 1, "y0": place, "y1": place}
            figure.add_shape(style.line(style.GREY, across, width=1))
        if self.x_title:
            figure.update_xaxes(title={"text": words(self.x_title, last=xs[-1])})
        if self.y_title:
            figure.update_yaxes(title={"text": words(self.y_title, last=self._ys[-1])})
        return phone

    def counted(self) -> Iterator[Counted]:
        """Which cells count rows of a list? Those of the first of ``counts``."""
        first = self.counts if isinstance(self.counts, str) else self.counts[0]
        for row, y in enumerate(self._ys):
            for column, x in enumerate(self._xs):
                if cell := self._cells.get((y, x)):
                    yield [0, row, column], cell[first], cell

    @cached_property
    def _cells(self) -> dict[tuple[Any, Any], Cell]:
        cells: list[Any] = self.rows.to_dict("records")
        return {(cell[self.y], cell[self.x]): cell for cell in cells}

    @cached_property
    def _called(self) -> dict[Any, Any]:
        """What is each row called?"""
        names: dict[Any, Any] = self.rows.groupby(self.y)[self.name].first().to_dict()
        return names

    @cached_property
    def _xs(self) -> list[Any]:
        if pd.api.types.is_datetime64_any_dtype(self.rows[self.x]):
            return list(pd.date_range(self.rows[self.x].min(), self.rows[self.x].max()))
        return self._sorted(self.x)

    @cached_property
    def _ys(self) -> list[Any]:
        if self.beside:
            return self._totals.index[: self.rows_shown].tolist()
        return self._sorted(self.y)

    def _sorted(self, column: str) -> list[Any]:
        return sorted(
            self.rows[column].unique().tolist(), key=self.order.index if self.order else None
        )

    @cached_property
    def _totals(self) -> pd.DataFrame:
        by_row = self.rows.groupby(self.y)[self.value]
        totals = pd.DataFrame({"total": by_row.sum(), "most": by_row.max()})
        return totals.sort_values(["total", self.y], ascending=[False, True])

    @property
    def _rest(self) -> pd.DataFrame:
        return self._totals.iloc[self.rows_shown :] if self.beside else self.rows.iloc[:0]

    def _names(self, words: Words) -> tuple[list[str], list[str]]:
        if self.name:
            of = [self._called[y] for y in self._ys]
            wide, narrow = ([literal(name, limit=most) for name in of] for most in _NAME)
            return wide, narrow
        wide = [shown(words.write(y, self.y_as)) for y in self._ys]
        if self.y_as_phone:
            return wide, [shown(words.write(y, self.y_as_phone)) for y in self._ys]
        return wide, [text.wrapped(called, words, width=8) for called in wide]

    def _level(self, cell: Cell | None) -> float | None:
        """What colours a cell? Nothing where there is none, or no value in it."""
        level = None if cell is None else cell[self.tone or self.value]
        if level is None or pd.isna(level):
            return None
        return list(self.tones).index(level) if self.tone else float(level)

    def _is_grey(self, cell: Cell | None) -> bool:
        return not self.tone and cell is not None and self._level(cell) is None

    def _shade(self, figure: Sketch, words: Words, xs: list[Any]) -> None:
        lines = [[self._cells.get((y, x)) for x in xs] for y in self._ys]
        levels = [[self._level(cell) for cell in line] for line in lines]
        highest = max((level for line in levels for level in line if level is not None), default=0)
        if self.tone:
            colours = [style.LIGHT[tone] for tone in self.tones.values()]
            scale = [[edge / len(colours), colour]
                     for i, colour in enumerate(colours) for edge in (i, i + 1)]  # fmt: skip
            low, high = -0.5, len(colours) - 0.5
        else:
            scale = [[i / (len(style.HEAT) - 1), colour] for i, colour in enumerate(style.HEAT)]
            low, high = 0, max(highest, 0.01)
            high = high if self.darkest is None else min(high, self.darkest)
        look: dict[str, Any] = {
            "x": _places(xs), "y": _places(self._ys), "hoverinfo": "text", "showscale": False,
            "hovertext": [
                [self._told(words, y, x, cell) for x, cell in zip(xs, line, strict=True)]
                for y, line in zip(self._ys, lines, strict=True)
            ],
            "xgap": 2 if self.cell else 1, "ygap": 2 if self.cell else 3,
        }  # fmt: skip
        if self.absent is None:
            look["hoverongaps"] = False
        carried = {}
        if self.counts:
            carried["customdata"] = [[self._counted(cell) for cell in line] for line in lines]
        figure.add_heatmap(z=levels, zmin=low, zmax=high, colorscale=scale, **look, **carried)
        grey = [[0.0 if self._is_grey(cell) else None for cell in line] for line in lines]
        if any(level is not None for line in grey for level in line):
            figure.add_heatmap(
                z=grey, colorscale=[[0, style.GREY_TINT], [1, style.GREY_TINT]], **look
            )

    def _told(self, words: Words, y: Any, x: Any, cell: Cell | None) -> str:
        if cell is None and self.absent is None:
            return ""
        return words.marked(self.hover, **(cell or self._blank(y, x)))

    def _blank(self, y: Any, x: Any) -> Cell:
        named = {self.name: self._called[y]} if self.name else {}
        return {self.y: y, self.x: x, **named, **(self.absent or {})}

    def _counted(self, cell: Cell | None) -> Any:
        if isinstance(self.counts, str):
            return 0 if cell is None else cell[self.counts]
        return [0 if cell is None else cell[column] for column in self.counts]

    def _written(self, words: Words, xs: list[Any]) -> list[Written]:
        written = []
        for y, row in zip(_places(self._ys), self._ys, strict=True):
            for x, column in zip(_places(xs), xs, strict=True):
                cell = self._cells.get((row, column))
                if not self.cell or cell is None or (self.tone and self._level(cell) is None):
                    continue
                wide, narrow = (
                    words.marked(key, **cell) or MISSING
                    for key in (self.cell, self.cell_phone or self.cell)
                )
                written.append((float(x), float(y), wide, narrow))
        return written

    def _name_columns(self, figure: Sketch, words: Words, xs: list[Any]) -> dict[str, Any]:
        """Name each column, above the cells where the rows go down."""
        names = [shown(words.write(x, self.x_as)) for x in xs]
        if self.first:
            names[0] = words(self.first)
        figure.update_xaxes(tickvals=_places(xs), ticktext=names)
        if not self.upward:
            figure.update_xaxes(side="top")
        if _is_counted(xs):
            figure.update_xaxes(tickangle=0)
            return {}
        wrapped = [text.wrapped(name, words, width=8) for name in names]
        figure.update_xaxes(ticktext=wrapped, autotickangles=[0, -90])
        return {"xaxis.ticktext": names, "xaxis.tickangle": -90}

    def _write_beside(
        self, figure: Sketch, words: Words, names: list[str], short_names: list[str]
    ) -> dict[str, Any]:
        """Write the totals right of the rows, and what is not shown below; thin out the columns."""
        beside = axes.told(self._totals.loc[self._ys], self.beside, words)
        shorter = [said.partition(" · ")[0] for said in beside]
        first = len(figure.annotations)
        # annotations, since a page can shorten these on a phone
        for place, said in enumerate(beside):
            right = {"x": len(self._xs) - 0.5, "y": place, "xanchor": "left", "xshift": 5}
            figure.add_annotation(style.note(said, right, ink=style.GREY_TEXT))
        layouts = []
        for window_px, called, written in (
            (style.WIDE_PX, names, beside),
            (style.PANEL_PX, short_names, shorter),
        ):
            plot = window_px - max(map(text.pixels, called)) - 16
            room = max(plot - max(map(text.pixels, written)) - 10, plot / 4)
            every = next(n for n in range(1, len(self._xs) + 1)
                         if len(self._xs) / n * _DAY_PX <= room or n == len(self._xs))  # fmt: skip
            days = list(range(0, len(self._xs), every))
            named = [shown(words.write(self._xs[n], self.x_as)) for n in days]
            end = len(self._xs) * plot / room - 0.5
            layouts.append({"range": [-0.5, end], "tickvals": days, "ticktext": named})
        wide, narrow = layouts
        figure.update_xaxes(tickfont={"color": style.GREY_TEXT}, **wide)
        if len(self._rest):
            said = words.marked(self.more, n=len(self._rest), total=self._rest["total"].sum())
            figure.add_annotation(style.edge_note(said, y=0, yshift=-26, borderpad=None))
            figure.update_layout(margin={"b": 56})
        return {
            **{f"xaxis.{part}": values for part, values in narrow.items()},
            **{f"annotations[{first + i}].text": said for i, said in enumerate(shorter)},
        }


def _fitting(written: list[Written], names: list[str], window_px: int) -> int:
    """How many columns behind the first have room for what stands in their cells?"""
    first, later = (
        max((text.pixels(said) for x, _, said, _ in written if bool(x) is behind), default=0.0)
        for behind in (False, True)
    )
    plot = window_px - max(map(text.pixels, names)) - 24
    return max(1, int(plot / (max(later, (first + later) / 2) + 4)) - 1)


def _is_counted(values: list[Any]) -> bool:
    return all(isinstance(value, int) for value in values)


def _places(values: list[Any]) -> list[Any]:
    """Where do they stand? Numbers at their own place, all else one behind the other."""
    return values if _is_counted(values) else list(range(len(values)))
