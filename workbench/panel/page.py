"""How does a panel stand on the page? The widgets, each at its place, and what they say."""

import functools
import gzip
import html as markup
import itertools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import pandas as pd
import plotly.graph_objects as go
import plotly.offline
import traitlets

from workbench import tables
from workbench.charts import style
from workbench.panel.answering import View
from workbench.panel.controls import LANGUAGE, Field, classed, typed_in
from workbench.panel.desk import Desk, laid_out
from workbench.panel.group import GroupField
from workbench.words import Words

_HERE = Path(__file__).parent
_CSS = (_HERE / "page.css").read_text(encoding="utf-8")


class Frame(anywidget.AnyWidget):  # type: ignore[misc]
    """What the page does for a panel: names, busy state, buttons, downloads."""

    _esm = _HERE / "page.js"
    _css = f".workbench-panel {{ {style.css()} }}\n{_CSS}"
    title = traitlets.Unicode().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    names = traitlets.Dict().tag(sync=True)
    buttons = traitlets.List().tag(sync=True)
    busy = traitlets.Bool(False).tag(sync=True)


class Library(anywidget.AnyWidget):  # type: ignore[misc]
    """plotly.js, packed: it goes to the page once for all panels of a kernel."""

    _esm = "export default { render() {} };"
    packed = traitlets.Bytes().tag(sync=True)


@functools.cache
def library() -> Library:
    """Give the one library of this kernel."""
    return Library(packed=gzip.compress(plotly.offline.get_plotlyjs().encode(), mtime=0))


class Plot(anywidget.AnyWidget):  # type: ignore[misc]
    """Draws a figure at the width there is.

    Not plotly's own ``FigureWidget``: each of those sends plotly.js again, five megabytes for
    every panel, and on a slow machine its model then misses the time it is given to start, and
    never hears of a change.
    """

    _esm = _HERE / "plot.js"
    library = traitlets.Instance(Library).tag(sync=True, **ipywidgets.widget_serialization)
    figure = traitlets.Dict().tag(sync=True)


class Page:
    """The widgets of one panel: ``widget`` is what a notebook shows."""

    def __init__(self, answering: Any, words: Words, height: int, rows: int) -> None:
        self.words = words
        self._title, self._height, self._rows = answering.title, height, rows
        self._acts, self._is_desk = answering.acts, answering.links is not None
        self._has_cost = answering.cost is not None
        self._first = "actions" if answering.lists else "table"
        self.fields: dict[str, Field] = {
            name: control.field(words) for name, control in answering.controls.items()
        }
        self.language = LANGUAGE.field(words)
        self.language.write(words.lang)
        self.every_field = {**self.fields, LANGUAGE.name: self.language}
        self.opened: set[str] = set()
        self.round = 0  # how many acts have changed what is shown: a click belongs to one of them
        # All that is known is said at once: a page may be slow to hear of changes.
        self.frame = Frame(title=words(self._title), names=self._names(), buttons=self._buttons())
        # A desk: what is done stands beside what it is done with, above the figure.
        self.desk = Frame() if self._is_desk else self.frame
        self.typing = Desk() if self._is_desk else None
        self.plot = Plot(library=library())
        self._heading, self._finding, self._alert = map(_html, ("title", "finding", "alert"))
        self._told, self._main, self._data, self._code = map(
            _html, ("told", "rows", "rows", "code")
        )
        drawn = classed(ipywidgets.VBox([self.plot]), "figure")
        # The figure's place keeps its height, whatever is drawn: nothing below it jumps.
        drawn.layout.height = f"{height}px"
        parts = [
            classed(ipywidgets.HBox([self._heading, self.language.box]), "head"),
            *self._answered(drawn),
            self.frame,
            self._data,
            self._code,
        ]
        self.widget = classed(ipywidgets.VBox(parts), "panel")
        if self._has_cost:
            self.widget.add_class("workbench-costed")

    def _answered(self, drawn: ipywidgets.Widget) -> list[ipywidgets.Widget]:
        """Put what is answered below what is moved; at a desk, the list beside what is done."""
        places = self._rows_of_controls()
        message = classed(ipywidgets.VBox([self._finding, self._alert]), "message")
        if not self._is_desk:
            return [*places, message, drawn, self._main, self._told]
        form = [*places[1:], self.desk, self._told, *filter(None, [self.typing])]
        return [places[0], laid_out([message, self._main], form), drawn]

    def _rows_of_controls(self) -> list[ipywidgets.Widget]:
        """Put controls side by side, and each group of them below what it follows from."""
        places: list[ipywidgets.Widget] = []
        for is_group, fields in itertools.groupby(
            self.fields.values(), lambda one: isinstance(one, GroupField)
        ):
            boxes = [one.box for one in fields]
            places += boxes if is_group else [classed(ipywidgets.HBox(boxes), "controls")]
        return places

    def observe(self, moved: Callable[[Any], None]) -> None:
        """Call ``moved`` whenever a person changes a control or the language."""
        for one in self.every_field.values():
            one.observe(moved)

    def relabel(self, words: Words) -> None:
        """Put every word that no table holds into the language."""
        self.words = words
        for one in self.every_field.values():
            one.relabel(words)
        self.frame.title = words(self._title)
        self._heading.value = f"<p>{markup.escape(self.frame.title)}</p>"
        self.name_controls()

    def name_controls(self) -> None:
        """Tell the page what screen readers are to call every control there is now."""
        self.frame.names = self._names()

    def forget(self) -> None:
        """Draw every group anew next time: what it follows from may mean something else now."""
        for field in self.fields.values():
            if isinstance(field, GroupField):
                field.forget()

    def hear(self, typed: Mapping[str, str]) -> None:
        """Take over words that the page has and the kernel not yet; a box that is gone has none."""
        for box in [box for field in self.fields.values() for box in field.inputs]:
            for words in typed_in(box, typed):
                box.value = words

    def keep(self, typed: Mapping[str, str]) -> None:
        """Hand what stands in the controls, or is being typed, to whoever keeps it."""
        for field in self.fields.values():
            field.keep(typed)

    def tell(self, sentence: str) -> None:
        """Say what was done; it stays until something moves."""
        self._told.value = f'<p role="status">{markup.escape(sentence)}</p>'

    def _names(self) -> dict[str, str]:
        titles = [one.titles(self.words) for one in self.every_field.values()]
        return {name: title for one in titles for name, title in one.items()}

    def show(self, view: View, code: str) -> None:
        """Show a view: sentence, figure, tables and whatever else is opened."""
        self._alert.value = self._told.value = ""
        self._alert.layout.display, self._finding.layout.display = "none", None
        self.widget.remove_class("workbench-stale")
        meta = view.figure.layout.meta or {}
        self._finding.value = "".join(
            f"<{tag}>{markup.escape(text)}</{tag.partition(' ')[0]}>"
            for tag, text in (
                ("h3", view.sentence),
                ('p class="workbench-cost"', view.cost),
                ('p class="workbench-measure"', view.figure.layout.title.text or ""),
                ('p class="workbench-subtitle"', meta.get("subtitle", "")),
            )
            if text or (self._has_cost and "cost" in tag)
        )
        self.frame.alt = meta.get("alt", "")
        # The page says the title as text that can be read out and wrapped.
        fitted = go.Figure(view.figure).update_layout(
            height=self._height, autosize=False, title={"text": ""}
        )
        self.plot.figure = json.loads(fitted.to_json())
        self._main.value = self._table(view, view.listed, self._first)
        self.show_opened(view, code)

    def show_opened(self, view: View, code: str) -> None:
        """Show what a button opened: the data behind the figure, the code."""
        self._data.value = self._table(view, view.table, "table") if "table" in self.opened else ""
        name, code = markup.escape(self.words("panel.show_code")), markup.escape(code)
        shown = f'<pre tabindex="0" role="region" aria-label="{name}">{code}</pre>'
        self._code.value = shown if "code" in self.opened else ""
        acts = [
            _button(f"act:{one.name}", *one.said(self.words), round=self.round)
            for one in self._acts
            if one.name in view.acts
        ]
        ways_out = [
            _button(
                f"link:{one.label}", self.words(one.label), address=one.address, text=one.text,
                typed_in=one.typed_in, done=self.words("panel.copied"),
            )
            for one in view.links
        ]  # fmt: skip
        self.frame.buttons = [*([] if self._is_desk else acts), *self._buttons()]
        if self._is_desk:
            self.desk.buttons = acts + ways_out

    def blame(self, what: str, mend: str, *, stale: bool) -> None:
        """Show what went wrong, above the figure; what stays below may be marked as out of date."""
        parts = [f"<strong>{markup.escape(what)}</strong>", markup.escape(mend)]
        parts += [markup.escape(self.words("panel.stale"))] if stale else []
        self._told.value = ""
        self._alert.value = f'<div role="alert">{"".join(f"<p>{part}</p>" for part in parts)}</div>'
        self._alert.layout.display, self._finding.layout.display = None, "none"
        if stale:
            self.widget.add_class("workbench-stale")

    def _table(self, view: View, table: pd.DataFrame, name: str) -> str:
        key = f"{self._title}_{name}"
        caption = self.words(key) if self.words.has(key) else ""
        essential = [str(column) for column in table if column not in view.minor]
        return tables.html(
            table, words=self.words, rows=self._rows, caption=caption, essential=essential
        )

    def _buttons(self) -> list[dict[str, Any]]:
        """Give the buttons for what is shown: its files, what lies behind it, the code."""
        words, has_actions = self.words, self._first == "actions"
        files = {self._first: ""}
        if has_actions and "table" in self.opened:
            files["table"] = "_all"
        return [
            *(
                _button(f"{kind}:{of}", words(f"panel.{kind}{end}"), words(f"panel.{kind}_title"))
                for of, end in files.items()
                for kind in ("csv", "excel")
            ),
            *(
                _button(f"show:{what}", words(f"panel.show_{what}"), pressed=what in self.opened)
                for what in (["table"] if has_actions else [])
                + ([] if self._is_desk else ["code"])  # who works at a desk reads no Python
            ),
        ]


def _button(
    name: str, words: str, title: str = "", pressed: bool | None = None, **more: Any
) -> dict[str, Any]:
    return {"id": name, "words": words, "title": title, "pressed": pressed, **more}


def _html(role: str) -> Any:
    return classed(ipywidgets.HTML(), role)
