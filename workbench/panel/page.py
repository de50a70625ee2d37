"""How does a panel stand on the page? The widgets, each at its place, and what they say."""

import functools
import gzip
import html as markup
import itertools
import json
import re
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import pandas as pd
import plotly.offline
import traitlets

from workbench import errors, tables
from workbench.blocks.exhibited import LIST_ROWS, sortable
from workbench.blocks.layout import list_words
from workbench.charts import style
from workbench.panel.answering import View
from workbench.panel.controls import LANGUAGE, Control, Field, Place, classed, typed_in
from workbench.panel.desk import Desk, laid_out
from workbench.panel.group import GroupField
from workbench.words import Words

_HERE = Path(__file__).parent
_ENGLISH = re.compile(r"\b[A-Za-z]+ [a-z]+ [a-z]+\b")
_DARK = "color-scheme: dark; --field: #1d232c;"
_CSS = (_HERE / "page.css").read_text(encoding="utf-8")


class Frame(anywidget.AnyWidget):  # type: ignore[misc]
    """What the page does for a panel: names, busy state, buttons, downloads."""

    _esm = _HERE / "page.js"
    # JupyterLab says whether it is dark; a plain page has the reader's own choice.
    _css = (
        f".workbench-panel {{ {style.css()} }}\n{_CSS}\n"
        f"[data-jp-theme-light='false'] .workbench-panel {{ {style.css('dark')} {_DARK} }}\n"
        "@media (prefers-color-scheme: dark) { body:not([data-jp-theme-light]) .workbench-panel"
        f" {{ {style.css('dark')} {_DARK} }} }}"
    )
    title = traitlets.Unicode().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    names = traitlets.Dict().tag(sync=True)
    buttons = traitlets.List().tag(sync=True)
    busy = traitlets.Bool(False).tag(sync=True)
    lost = traitlets.Unicode().tag(sync=True)

    def __init__(self, **said: Any) -> None:
        super().__init__(**said)
        self.on_msg(self._heard)

    def _heard(self, _frame: Any, message: Any, _buffers: Any) -> None:
        """Tell a page that asks that there is still a kernel."""
        if "ping" in message:
            self.send({"pong": True})


class Listing(anywidget.AnyWidget):  # type: ignore[misc]
    """A table: its first rows as they are read, then all of them, to be sorted, searched and paged."""

    _esm = (_HERE.parent / "report_template" / "list.js").read_text("utf-8") + (
        _HERE / "list.js"
    ).read_text("utf-8")
    value = traitlets.Unicode().tag(sync=True)
    more = traitlets.Bool(False).tag(sync=True)
    data = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows
        self.asked: Callable[[], dict[str, Any]] = dict
        self.on_msg(lambda _list, _message, _buffers: self.fill())

    def show(self, table: pd.DataFrame, words: Words, minor: Collection[str], caption: str) -> None:
        """Show the first rows; the others follow when the page has come to rest and asks."""
        essential = [str(column) for column in table if column not in minor]
        value = tables.html(
            table, words=words, rows=self.rows, caption=caption, essential=essential
        )
        if len(table) > LIST_ROWS:
            part = words("panel.first_rows", shown=LIST_ROWS, n=len(table))
            value += f'<p class="workbench-subtitle">{markup.escape(part)}</p>'
        self.asked = lambda: sortable(table, words=words, minor=minor, first=self.rows)
        with self.hold_sync():
            self.data, self.words, self.more = {}, list_words(words), len(table) > self.rows
            self.value = value

    def hide(self) -> None:
        """Show nothing."""
        with self.hold_sync():
            self.data, self.more, self.value = {}, False, ""

    def fill(self) -> None:
        """Give the page all rows that it may hold."""
        self.data = self.asked()


class Library(anywidget.AnyWidget):  # type: ignore[misc]
    """plotly.js, packed: it goes to the page once for all panels of a kernel."""

    _esm = "export default { render() {} };"
    packed = traitlets.Bytes().tag(sync=True)
    dark = traitlets.Dict(default_value=style.DARK).tag(sync=True)


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
        self._title, self._height = answering.title, height
        self._acts, self._is_desk = answering.acts, answering.links is not None
        self._has_cost = answering.cost is not None
        self._first = "actions" if answering.lists else "table"
        self._controls: Mapping[str, Control] = answering.controls
        self._adjust = classed(ipywidgets.ToggleButton(), "adjust")
        self._only = classed(ipywidgets.HTML(), "only")
        self.fields: dict[str, Field] = {
            name: control.field(words) for name, control in answering.controls.items()
        }
        self.language = LANGUAGE.field(words)
        self.language.write(words.lang)
        self.every_field = {**self.fields, LANGUAGE.name: self.language}
        self.opened: set[str] = set()
        self.round = 0  # how many acts have changed what is shown: a click belongs to one of them
        # All that is known is said at once: a page may be slow to hear of changes.
        self.frame = Frame(title=words(self._title), names=self._names(), buttons=self._buttons(),
                           lost=words("panel.lost"))  # fmt: skip
        # A desk: what is done stands beside what it is done with, above the figure.
        self.desk = Frame() if self._is_desk else self.frame
        self.typing = Desk() if self._is_desk else None
        self.plot = Plot(library=library())
        self._heading, self._finding, self._alert = map(_html, ("title", "finding", "alert"))
        self.chip = classed(ipywidgets.Button(), "chip")
        self._told, self._code = map(_html, ("told", "code"))
        self._main, self._data = (classed(Listing(rows), "rows") for _ in range(2))
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
        above, at_list = self._rows_of_controls("above"), self._rows_of_controls("list")
        message = classed(ipywidgets.VBox([self._finding, self._alert]), "message")
        listed = [*at_list, self.chip, self._main]
        if not self._is_desk:
            return [*above, *self._folded(), message, drawn, *listed, self._told]
        form = [*above[1:], self.desk, self._told, *filter(None, [self.typing])]
        return [above[0], *self._folded(), laid_out([message, *listed], form), drawn]

    def _rows_of_controls(self, place: Place) -> list[ipywidgets.Widget]:
        """Put the controls of a place side by side, each group of them below what it follows from."""
        rows: list[ipywidgets.Widget] = []
        here = [self.fields[name] for name, one in self._controls.items() if one.place == place]
        for is_group, fields in itertools.groupby(here, lambda one: isinstance(one, GroupField)):
            boxes = [one.box for one in fields]
            rows += boxes if is_group else [classed(ipywidgets.HBox(boxes), "controls")]
        if place == "list" and rows:
            rows = [classed(ipywidgets.VBox([self._only, *rows]), "at-list")]
        return rows

    def _folded(self) -> list[ipywidgets.Widget]:
        """Fold away what is seldom moved: the page opens it by the button's state, without a kernel."""
        rows = self._rows_of_controls("adjust")
        return [self._adjust, classed(ipywidgets.VBox(rows), "folded")] if rows else []

    def observe(self, moved: Callable[[Any], None]) -> None:
        """Call ``moved`` whenever a person changes a control or the language."""
        for one in self.every_field.values():
            one.observe(moved)

    def relabel(self, words: Words) -> None:
        """Put every word that no table holds into the language."""
        self.words = words
        for one in self.every_field.values():
            one.relabel(words)
        self.frame.title, self.frame.lost = words(self._title), words("panel.lost")
        self._heading.value = f"<p>{markup.escape(self.frame.title)}</p>"
        self._adjust.description = words("panel.adjust")
        self._only.value = f"<p>{markup.escape(words('panel.only_list'))}</p>"
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

    def picked(self) -> list[str]:
        """Say which row stands chosen, as the page says what it shows."""
        boxes = self.fields["chosen"].inputs if "chosen" in self.fields else ()
        return [
            # the page's blanks are of another kind
            " ".join(f"{-1 if box.index is None else box.index} {box.label or ''}".split())
            for box in boxes
            if isinstance(box, ipywidgets.Dropdown)
        ]

    def keep(self, typed: Mapping[str, str]) -> None:
        """Hand what stands in the controls, or is being typed, to whoever keeps it."""
        for field in self.fields.values():
            field.keep(typed)

    def tell(self, sentence: str) -> None:
        """Say what was done; it stays until something moves."""
        self._told.value = f'<p role="status">{markup.escape(sentence)}</p>'

    def _titles(self) -> dict[str, str]:
        """What is each control called in a sentence?"""
        return {name: self.words("quoted", name=title) for name, title in self._names().items()}

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
        fitted = json.loads(view.figure.to_json())
        fitted["layout"] |= {"height": self._height, "autosize": False, "title": {"text": ""}}
        self.plot.figure = fitted
        self.show_list(view)
        self.show_opened(view, code)

    def show_list(self, view: View, only: str = "") -> None:
        """Show the list, and what it is filtered by: a chip takes that away."""
        self._list(self._main, view, view.listed, self._first)
        self.chip.description = f"{only} ✕"
        self.chip.tooltip = self.words("list.clear", label=only)
        self.chip.layout.display = None if only else "none"

    def show_opened(self, view: View, code: str) -> None:
        """Show what a button opened: the data behind the figure, the code."""
        if "table" in self.opened:
            self._list(self._data, view, view.table, "table")
        else:
            self._data.hide()
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

    def told(self, error: errors.WorkbenchError) -> tuple[str, str]:
        """Tell an error and its mend in the panel's language, with controls by their titles."""
        key, fields = error.told or ("", {})
        # what was written for the panel is in its language already
        is_chinese = re.search("[\u4e00-\u9fff]", error.what) and not _ENGLISH.search(error.what)
        if not key and (self.words.lang == "en" or is_chinese):
            return error.what, error.mend
        # what has no text of its own is told by its kind, in a language that it is not written in
        kinds = [kind.__name__ for kind in type(error).__mro__]
        key = key or next(kind for kind in kinds if self.words.has(f"error.{kind}"))

        def titled(value: Any) -> Any:
            if isinstance(value, list):
                return [titled(one) for one in value]
            return self._titles().get(value, value) if isinstance(value, str) else value

        fields = {name: titled(value) for name, value in fields.items()}
        return self.words(f"error.{key}", **fields), self.words(f"error.{key}.mend", **fields)

    def blame(self, what: str, mend: str, *, stale: bool) -> None:
        """Show what went wrong, above the figure; what stays below may be marked as out of date."""
        parts = [f"<strong>{markup.escape(what)}</strong>", markup.escape(mend)]
        parts += [markup.escape(self.words("panel.stale"))] if stale else []
        self._told.value = ""
        self._alert.value = f'<div role="alert">{"".join(f"<p>{part}</p>" for part in parts)}</div>'
        self._alert.layout.display, self._finding.layout.display = None, "none"
        if stale:
            self.widget.add_class("workbench-stale")

    def _list(self, place: Listing, view: View, table: pd.DataFrame, name: str) -> None:
        key = f"{self._title}_{name}"
        caption = self.words(key) if self.words.has(key) else ""
        place.show(table, self.words, view.minor, caption)

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
