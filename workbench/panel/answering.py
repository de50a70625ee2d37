"""What does a panel show at given values? The pure half of a panel: no widget, no page.

A name stands for what was given, for a control's value, or for what the function of that name
gives. Whoever names it among its arguments gets it.
"""

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import errors
from workbench.charts import style
from workbench.exhibit import Shown
from workbench.panel import source
from workbench.panel.acts import Act, Handed, Link
from workbench.panel.controls import Choice, Control
from workbench.panel.group import Group
from workbench.words import Words

Function = Callable[..., Any]

#: What a function may ask for besides: of a name, what it stood for when the panel opened.
OPENING = "opening_"
#: What speaks; nothing that is kept, or shown as code, may ask for it.
_SPOKEN = ("words", "step")


@dataclass(frozen=True)
class View:
    """Everything that one setting of the controls shows."""

    values: dict[str, Any]
    table: pd.DataFrame
    actions: pd.DataFrame | None
    listed: pd.DataFrame
    figure: go.Figure
    sentence: str
    cost: str = ""
    minor: Collection[str] = ()
    acts: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


class Answering:
    """Which functions answer, and what does each of them get?

    What a step, a view or the list gives is kept by the values of the controls it follows from,
    for the last ``kept`` of them.
    """

    def __init__(
        self,
        title: str,
        given: Mapping[str, Any],
        controls: Sequence[Control],
        steps: Sequence[Function],
        views: Sequence[Function],
        lists: Function | None,
        cost: Function | None,
        acts: Sequence[Act],
        links: Function | None,
        kept: int,
    ) -> None:
        self.title, self.given, self.acts = title, dict(given), {one.name: one for one in acts}
        self.controls = {one.name: one for one in _with_views(controls, views)}
        self._views = {one.__name__: one for one in views}
        self._lists, self._cost, self._links, self._size = lists, cost, links, kept
        shown = [*steps, *views, *([lists] if lists else [])]
        self._pieces = {(piece := source.read(one)).name: piece for one in shown}
        self._functions = {one.__name__: one for one in shown}
        self._kept: dict[Function, dict[Any, Any]] = {}
        self._opening: dict[str, Any] = {}
        self._lists_exhibit = True
        self._check(
            shown,
            [
                *(one for one in (cost, links) if one),
                *(one.does for one in acts),
                *(one.offered for one in acts if one.offered),
            ],
        )

    # ---- what is declared ---------------------------------------------------------------------

    def _check(self, shown: list[Function], spoken: list[Function]) -> None:
        names = [*self.given, *self.controls, *(one.__name__ for one in shown)]
        for name in names:
            if names.count(name) > 1 or name in source.RESERVED or name in _SPOKEN:
                raise self._wrong(f"'{name}' stands for two things.", "Give one another name.")
        asked: set[str] = {"view"}
        for one in shown:
            asked |= self._needs(one)
            if spoken_names := asked & set(_SPOKEN):
                raise self._wrong(
                    f"'{one.__name__}' asks for '{spoken_names.pop()}', and what it gives is kept "
                    "whatever the language.",
                    "Let it give an exhibit, which speaks when it is asked.",
                )
        for name in self._opening:
            raise self._wrong(
                f"a function whose body is shown asks for '{name}'.",
                "Ask for the opening in the cost or in an act.",
            )
        before: set[str] = set()
        for control in self.controls.values():
            if isinstance(control, Group):
                needed = self._needs(control.controls)
                asked |= needed
                for name in sorted(needed - before):
                    raise self._wrong(
                        f"the group '{control.name}' follows from '{name}', declared after it.",
                        "Declare the group behind whatever it follows from.",
                    )
            before.add(control.name)
        for one in spoken:
            asked |= self._needs(one)
        for name in self.controls:
            if name not in asked:
                raise self._wrong(
                    f"no function asks for the control '{name}'.",
                    "Name it among a function's arguments, or leave it out.",
                )
        source.check(self._pieces.values(), names, self.title)

    def _wrong(self, what: str, mend: str) -> errors.ParameterError:
        return errors.ParameterError(f"Panel '{self.title}': {what}", mend=mend)

    def _needs(self, function: Function, above: tuple[Function, ...] = ()) -> set[str]:
        """Which controls does a function follow from, by whatever way? And does it speak?"""
        if function in above:
            ring = " → ".join(one.__name__ for one in (*above, function))
            raise self._wrong(f"{ring} ask for each other.", "Let one do without the other.")
        needed: set[str] = set()
        known = {**self.given, **self.controls, **self._functions}
        for name, default in source.arguments(function).items():
            if name in self.controls or name in _SPOKEN:
                needed.add(name)
            elif name in self._functions:
                needed |= self._needs(self._functions[name], (*above, function))
            elif name.startswith(OPENING) and name.removeprefix(OPENING) in known:
                self._opening[name] = None
            elif name not in self.given and default is inspect.Parameter.empty:
                raise self._wrong(
                    f"{source.called(function)} asks for '{name}', and there is nothing of that "
                    "name.",
                    f"{errors.did_you_mean(name, known)}Names: {', '.join(known)}.",
                )
        return needed

    # ---- what is asked ------------------------------------------------------------------------

    def key(self, function: Function, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Give the values a function follows from."""
        return tuple(_hashable(values[name]) for name in sorted(self._needs(function)))

    def call(self, function: Function, values: Mapping[str, Any]) -> Any:
        """Ask a function, with whatever it names among its arguments."""
        known = {**self.given, **values, **self._opening}
        for name in source.arguments(function):
            if name in self._functions:
                known[name] = self._ask(self._functions[name], values)
        return function(
            **{name: known[name] for name in source.arguments(function) if name in known}
        )

    def _ask(self, function: Function, values: Mapping[str, Any]) -> Any:
        """Give what a function gives; what it gave at the same values is not asked for again."""
        kept, key = self._kept.setdefault(function, {}), self.key(function, values)
        kept[key] = kept.pop(key) if key in kept else self.call(function, values)
        for old in list(kept)[: -self._size]:
            del kept[old]
        return kept[key]

    def forget(self) -> None:
        """Ask everything anew: what is answered from has changed."""
        self._kept.clear()

    def open(self, values: Mapping[str, Any]) -> None:
        """Remember what every ``opening_…`` name stands for."""
        for name in self._opening:
            meant = name.removeprefix(OPENING)
            known = {**self.given, **values}
            self._opening[name] = (
                self._ask(self._functions[meant], values)
                if meant in self._functions
                else known[meant]
            )
        self._opened_at = dict(values)

    def view(self, values: dict[str, Any], words: Words) -> View:
        """Answer at these values, in these words."""
        view = self._ask(self._view_function(values), values)
        if not isinstance(view, Shown):
            raise errors.ParameterTypeError(
                f"Panel '{self.title}': '{self._view_function(values).__name__}' gives a "
                f"{type(view).__name__}, not an exhibit.",
                mend="Let it return what an exhibit gives: exhibits.<question>.<name>(table).",
            )
        listed = self._ask(self._lists, values) if self._lists else view
        self._lists_exhibit = isinstance(listed, Shown)
        named = {**values, "words": words}
        return View(
            values=values,
            table=_whole(view, words),
            actions=_whole(listed, words) if self._lists else None,
            listed=_columns(listed, words),
            figure=_drawn(view, words),
            sentence=view.sentence(words),
            cost=self._costed(named),
            minor={*view.look.minor, *(listed.look.minor if isinstance(listed, Shown) else ())},
            acts=tuple(
                one.name
                for one in self.acts.values()
                if one.offered is None or self.call(one.offered, named)
            ),
            links=tuple(self.call(self._links, named)) if self._links else (),
        )

    def _view_function(self, values: Mapping[str, Any]) -> Function:
        return self._views[values.get("view", next(iter(self._views)))]

    def _costed(self, named: dict[str, Any]) -> str:
        """Say what the values that moved since the opening mean in work."""
        if self._cost is None:
            return ""
        words, measured = named["words"], set[str]()
        for name in source.arguments(self._cost):
            meant = name.removeprefix(OPENING)
            if name.startswith(OPENING):
                measured |= (
                    self._needs(self._functions[meant]) if meant in self._functions else {meant}
                )
        steps = [
            f"{control.title(words)} {control.said(self._opened_at[name], words)}"
            f" → {control.said(named[name], words)}"
            for name, control in self.controls.items()
            if name in measured and self._opened_at[name] != named[name]
        ]
        if not steps:
            return ""
        cost = self.call(self._cost, {**named, "step": words.listed(steps)})
        return cost.sentence(words) if isinstance(cost, Shown) else str(cost)

    def act(self, act: Act, view: View, words: Words) -> str | Handed:
        """Do something with what a view shows; the words or the file it comes to."""
        if act.name not in view.acts:
            raise errors.ParameterError(
                f"'{act.said(Words())[0]}' cannot be done with what is shown.",
                mend="Choose something else to see what it can be done with.",
            )
        done: str | Handed = self.call(act.does, {**view.values, "words": words})
        return done

    def code(self, values: Mapping[str, Any], words: Words) -> str:
        """Write the Python that gives the same view."""
        view = self._view_function(values).__name__
        lists = self._lists.__name__ if self._lists else view
        ran: dict[str, source.Piece] = {}
        for name in dict.fromkeys((view, lists)):
            self._collect(name, ran)
        given = {**self.given, **values}
        listed = f"{lists}.listed()" if self._lists_exhibit else lists
        return source.written(list(ran.values()), given, words, view, listed)

    def _collect(self, name: str, ran: dict[str, source.Piece]) -> None:
        for argument in source.arguments(self._functions[name]):
            if argument in self._functions and argument not in ran:
                self._collect(argument, ran)
        ran[name] = self._pieces[name]


def _with_views(controls: Sequence[Control], views: Sequence[Function]) -> list[Control]:
    """Offer the views, first of all controls, unless the panel says itself where."""
    names = tuple(one.__name__ for one in views)
    if len(views) < 2 or any(one.name == "view" for one in controls):
        return list(controls)
    return [Choice(name="view", value=names[0], options=names, words="view"), *controls]


def _hashable(value: Any) -> Any:
    """Give a group's values as something to keep by."""
    return tuple(value.items()) if isinstance(value, Mapping) else value


def _whole(shown: Any, words: Words) -> pd.DataFrame:
    """Give all columns of what is listed; a download holds them."""
    if not isinstance(shown, Shown):
        return shown
    sheet = shown.sheet(words)
    return shown.table if sheet.listed is None else sheet.listed


def _columns(shown: Any, words: Words) -> pd.DataFrame:
    """Give what is listed, in the columns that are shown."""
    return shown.listed(words) if isinstance(shown, Shown) else shown


def _drawn(view: Shown, words: Words) -> go.Figure:
    """Draw a view; of one that has no picture, that there is nothing to draw."""
    figure = view.figure(words)
    if figure is not None:
        return figure
    sheet, scoped = view.sheet(words), words.within(view.scope)
    title, subtitle = (
        text or (scoped(key) if scoped.has(key) else "")
        for key, text in (("title", sheet.title), ("subtitle", sheet.subtitle))
    )
    return style.no_data(title, scoped, subtitle=subtitle)
