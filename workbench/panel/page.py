"""How does a panel stand on the page? The widgets, each at its place, and what they say."""

import functools
import gzip
import html as markup
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import plotly.graph_objects as go
import plotly.offline
import traitlets

from workbench import labels, tables
from workbench.figures import style
from workbench.panel.acts import Act, Link
from workbench.panel.answering import View
from workbench.panel.controls import TYPED, Choice, Control, Field
from workbench.panel.group import GroupField

_HERE = Path(__file__).parent
LANGUAGE = Choice(
    name="lang",
    value="en",
    options=labels.LANGUAGES,
    words={"en": "English", "zh": "中文"},
    label="panel.language",
)


class Frame(anywidget.AnyWidget):  # type: ignore[misc]
    """What the page does for a panel: names, busy state, buttons, downloads."""

    _esm = _HERE / "page.js"
    _css = (
        f".workbench-panel {{ {style.css()} }}\n{(_HERE / 'page.css').read_text(encoding='utf-8')}"
    )
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

    def __init__(
        self,
        title: str,
        controls: Sequence[Control],
        *,
        lang: labels.Lang,
        height: int,
        rows: int,
        columns: tuple[str, ...],
        essential: tuple[str, ...],
        has_actions: bool,
        acts: Sequence[Act],
        is_desk: bool,
        has_cost: bool,
    ) -> None:
        self._title, self._height = title, height
        self._acts, self._is_desk = tuple(acts), is_desk
        self._rows, self._columns, self._essential = rows, columns, essential
        self._has_cost = has_cost
        self.fields: dict[str, Field] = {one.name: one.field(lang) for one in controls}
        self.language = LANGUAGE.field(lang)
        self.language.write(lang)
        self.opened: set[str] = set()
        self.round = 0  # how many acts have changed what is shown: a click belongs to one of them
        # All that is known is said at once: a page may be slow to hear of changes.
        self.frame = Frame(
            title=labels.text(title, lang),
            names=self._names(lang),
            buttons=self._buttons(has_actions=has_actions, lang=lang),
        )
        # A desk: what is done stands beside what it is done with, above the figure.
        self.desk = Frame() if is_desk else self.frame
        self.plot = Plot(library=library())
        self._heading, self._finding = _html("title"), _html("finding")
        self._alert, self._code = _html("alert"), _html("code")
        self._main, self._data = _html("rows"), _html("rows")
        self._told = _html("told")
        drawn = _box(ipywidgets.VBox, "figure", self.plot)
        # The figure's place keeps its height, whatever is drawn: nothing below it jumps.
        drawn.layout.height = f"{height}px"
        self.widget = _box(
            ipywidgets.VBox,
            "panel",
            _box(ipywidgets.HBox, "head", self._heading, self.language.box),
            *self._rows_of_controls(),
            *([self.desk, self._told] if is_desk else []),
            _box(ipywidgets.VBox, "message", self._finding, self._alert),
            drawn,
            self._main,
            *([] if is_desk else [self._told]),
            self.frame,
            self._data,
            self._code,
        )
        if has_cost:
            self.widget.add_class("workbench-costed")

    def _rows_of_controls(self) -> list[ipywidgets.Widget]:
        """Put controls side by side, and each group of them below what it follows from."""
        places: list[ipywidgets.Widget] = []
        for is_group, fields in itertools.groupby(
            self.fields.values(), lambda one: isinstance(one, GroupField)
        ):
            boxes = [one.box for one in fields]
            places += boxes if is_group else [_box(ipywidgets.HBox, "controls", *boxes)]
        return places

    def observe(self, moved: Callable[[Any], None]) -> None:
        """Call ``moved`` whenever a person changes a control or the language."""
        for one in (*self.fields.values(), self.language):
            one.observe(moved)

    def relabel(self, lang: labels.Lang) -> None:
        """Put every word that no table holds into the language."""
        for one in self.fields.values():
            one.relabel(lang)
        title = labels.text(self._title, lang)
        self._heading.value = f"<p>{markup.escape(title)}</p>"
        self.frame.title = title
        self.name_controls(lang)

    def name_controls(self, lang: labels.Lang) -> None:
        """Tell the page what screen readers are to call every control there is now."""
        self.frame.names = self._names(lang)

    def forget(self) -> None:
        """Draw every group anew next time: what it follows from may mean something else now."""
        for field in self.fields.values():
            if isinstance(field, GroupField):
                field.forget()

    def hear(self, typed: Mapping[str, str]) -> None:
        """Take over words that the page has and the kernel not yet; a box that is gone has none."""
        boxes = {
            name: box
            for field in self.fields.values()
            for box in field.inputs
            for name in box._dom_classes
        }
        for number, words in typed.items():
            if (box := boxes.get(f"{TYPED}{number}")) is not None:
                box.value = words

    def tell(self, said: str) -> None:
        """Say what was done; it stays until something moves."""
        self._told.value = f'<p role="status">{markup.escape(said)}</p>'

    def _names(self, lang: labels.Lang) -> dict[str, str]:
        fields = (*self.fields.values(), self.language)
        return {name: said for one in fields for name, said in one.titles(lang).items()}

    def show(self, view: View, *, lang: labels.Lang, code: str) -> None:
        """Show a view: sentence, figure, tables and whatever else is opened."""
        self._alert.value = self._told.value = ""
        self._alert.layout.display, self._finding.layout.display = "none", None
        self.widget.remove_class("workbench-stale")
        meta = view.figure.layout.meta or {}
        measured = view.figure.layout.title.text or "", meta.get("subtitle", "")
        self._finding.value = "".join(
            f"<{tag}>{markup.escape(said)}</{tag.partition(' ')[0]}>"
            for tag, said in (
                ("h3", view.sentence),
                ('p class="workbench-cost"', view.cost),
                ('p class="workbench-measure"', measured[0]),
                ('p class="workbench-subtitle"', measured[1]),
            )
            if said or (self._has_cost and "cost" in tag)
        )
        self.frame.alt = meta.get("alt", "")
        self.plot.figure = self._fitted(view.figure)
        shown, name = (view.table, "table") if view.actions is None else (view.actions, "actions")
        if self._columns:
            shown = shown[list(self._columns)]
        self._main.value = self._table(shown, name, lang)
        self.show_opened(view, lang=lang, code=code)

    def show_opened(self, view: View, *, lang: labels.Lang, code: str) -> None:
        """Show what a button opened: the data behind the figure, the code."""
        self._data.value = self._table(view.table, "table", lang) if "table" in self.opened else ""
        name = markup.escape(labels.text("panel.show_code", lang))
        self._code.value = (
            f'<pre tabindex="0" role="region" aria-label="{name}">{markup.escape(code)}</pre>'
            if "code" in self.opened
            else ""
        )
        acts = self._offered(view.acts, lang)
        buttons = self._buttons(has_actions=view.actions is not None, lang=lang)
        if self._is_desk:
            self.desk.buttons = acts + self._ways_out(view.links, lang)
            self.frame.buttons = buttons
        else:
            self.frame.buttons = acts + buttons

    def blame(self, what: str, mend: str, *, stale: bool, lang: labels.Lang) -> None:
        """Show what went wrong, above the figure; what stays below may be marked as out of date."""
        parts = [f"<strong>{markup.escape(what)}</strong>", markup.escape(mend)]
        parts += [markup.escape(labels.text("panel.stale", lang))] if stale else []
        said = "".join(f"<p>{part}</p>" for part in parts)
        self._told.value = ""
        self._alert.value = f'<div role="alert">{said}</div>'
        self._alert.layout.display, self._finding.layout.display = None, "none"
        if stale:
            self.widget.add_class("workbench-stale")

    def _fitted(self, figure: go.Figure) -> dict[str, Any]:
        """Give a figure as the page draws it: at the panel's height, with its title above it."""
        fitted = go.Figure(figure)
        # The page says the title as text that can be read out and wrapped.
        fitted.update_layout(height=self._height, autosize=False, title={"text": ""})
        said: dict[str, Any] = json.loads(fitted.to_json())
        return said

    def _table(self, table: Any, name: str, lang: labels.Lang) -> str:
        key = f"{self._title}_{name}"
        caption = labels.text(key, lang) if labels.has(key) else ""
        return tables.html(
            table, lang=lang, rows=self._rows, caption=caption, essential=self._essential
        )

    def _buttons(self, *, has_actions: bool, lang: labels.Lang) -> list[dict[str, Any]]:
        first = "actions" if has_actions else "table"
        files = [(first, "")]
        if has_actions and "table" in self.opened:
            files.append(("table", "_all"))
        downloads = [
            {
                "id": f"{kind}:{of}",
                "words": labels.text(f"panel.{kind}{suffix}", lang),
                "title": labels.text(f"panel.{kind}_title", lang),
                "pressed": None,
            }
            for of, suffix in files
            for kind in ("csv", "excel")
        ]
        shows = [
            {
                "id": f"show:{what}",
                "words": labels.text(f"panel.show_{what}", lang),
                "title": "",
                "pressed": what in self.opened,
            }
            for what in (*(["table"] if has_actions else []), "code")
        ]
        return downloads + shows

    def _offered(self, names: Sequence[str], lang: labels.Lang) -> list[dict[str, Any]]:
        return [
            {
                "id": f"act:{one.name}",
                "words": words,
                "title": title,
                "pressed": None,
                "round": self.round,
            }
            for one in self._acts
            if one.name in names
            for words, title in (one.words(lang),)
        ]

    def _ways_out(self, links: Sequence[Link], lang: labels.Lang) -> list[dict[str, Any]]:
        return [
            {
                "id": f"link:{one.label}",
                "words": labels.text(one.label, lang),
                "title": "",
                "pressed": None,
                "address": one.address,
                "text": one.text,
                "typed_in": one.typed_in,
                "done": labels.text("panel.copied", lang),
            }
            for one in links
        ]


def _html(role: str) -> ipywidgets.HTML:
    part = ipywidgets.HTML()
    part.add_class(f"workbench-{role}")
    return part


def _box(kind: type[ipywidgets.Box], role: str, *children: ipywidgets.Widget) -> ipywidgets.Box:
    box = kind(children)
    box.add_class(f"workbench-{role}")
    return box
