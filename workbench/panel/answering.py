"""What does a panel show at given values? The pure half of a panel: no widget, no page.

A name stands for what was given, for a control's value, or for what the function of that name
gives. Whoever names it among its arguments gets it.
"""

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import errors
from workbench.charts import style
from workbench.exhibit import Look, Sheet, Shown
from workbench.panel import source
from workbench.panel.acts import Act, Handed, Link
from workbench.panel.controls import Control
from workbench.panel.group import Group
from workbench.results import Result
from workbench.words import Words

Function = Callable[..., Any]

#: Before a name: what it stood for when the panel opened.
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


@dataclass
class Answering:
    """Which functions answer, and what does each of them get?

    What a step, a view or the list gives is kept by the values of the controls it follows from,
    for the last ``size`` of them.
    """

    title: str
    given: Mapping[str, Any]
    controls: Mapping[str, Control]
    steps: Sequence[Function]
    views: Sequence[Function]
    lists: Function | None
    table: Function | None
    cost: Function | None
    acts: Sequence[Act]
    links: Function | None
    size: int
    kept: dict[str, dict[Any, Any]] = field(default_factory=dict)
    opening: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shown = [*self.steps, *self.views, *([self.lists] if self.lists else [])]
        self.pieces = {(piece := source.read(one)).name: piece for one in shown}
        self.functions = {one.__name__: one for one in shown}
        names = [*self.given, *self.controls, *(one.__name__ for one in shown)]
        for name in names:
            if names.count(name) > 1 or name in (*source.RESERVED, *_SPOKEN):
                raise self._wrong(f"'{name}' stands for two things.", "Give one another name.")
        asked = {"view"}
        for one in shown:
            asked |= self._needs(one)
            for name in (*asked.intersection(_SPOKEN), *self.opening):
                what = f"'{one.__name__}' asks for '{name}', and its code is shown."
                raise self._wrong(
                    what, "Ask for the opening, and for words, in the cost or an act."
                )
        before: set[str] = set()
        for control in self.controls.values():
            if isinstance(control, Group):
                asked |= self._needs(control.controls)
                for name in sorted(self._needs(control.controls) - before):
                    what = f"the group '{control.name}' follows from '{name}', declared after it."
                    raise self._wrong(what, "Declare it before the group.")
            before.add(control.name)
        acts = [part for act in self.acts for part in (act.does, act.offered)]
        for part in filter(None, (self.cost, self.links, *acts)):
            asked |= self._needs(part)
        for name in self.controls:
            if name not in asked:
                what = f"no function asks for the control '{name}'."
                raise self._wrong(what, "Name it among a function's arguments, or leave it out.")
        source.check(self.pieces.values(), names)

    def _wrong(self, what: str, mend: str) -> errors.ParameterError:
        return errors.ParameterError(f"Panel '{self.title}': {what}", mend=mend)

    def _needs(self, function: Function, above: tuple[Function, ...] = ()) -> set[str]:
        """Which controls does a function follow from, by whatever way? And does it speak?"""
        if function in above:
            ring = " → ".join(one.__name__ for one in (*above, function))
            raise self._wrong(f"{ring} ask for each other.", "Let one do without the other.")
        needed: set[str] = set()
        for name, default in source.arguments(function).items():
            meant = name.removeprefix(OPENING)
            if name in self.controls or name in _SPOKEN:
                needed.add(name)
            elif name in self.functions:
                needed |= self._needs(self.functions[name], (*above, function))
            elif meant != name and meant in self.functions:
                self.opening.setdefault(name, None)
            elif name not in self.given and default is inspect.Parameter.empty:
                known = [*self.given, *self.controls, *self.functions]
                raise self._wrong(
                    f"{source.called(function)} asks for '{name}', and nothing is called so.",
                    f"{errors.did_you_mean(name, known)}Names: {', '.join(known)}.",
                )
        return needed

    def key(self, function: Function, values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Give the values a function follows from."""
        asked = [values[name] for name in sorted(self._needs(function))]
        return tuple(tuple(one.items()) if isinstance(one, Mapping) else one for one in asked)

    def call(self, function: Function, values: Mapping[str, Any]) -> Any:
        """Ask a function, with whatever it names among its arguments."""
        named = {**self.given, **self.opening, **values}
        asked = source.arguments(function)
        made = {name: self._ask(name, values) for name in asked if name in self.functions}
        return function(**{name: named[name] for name in asked if name in named}, **made)

    def _ask(self, name: str, values: Mapping[str, Any]) -> Any:
        """Give what a name stands for; what it was at the same values is not asked for again."""
        function, kept = self.functions[name], self.kept.setdefault(name, {})
        key = self.key(function, values)
        kept[key] = kept.pop(key) if key in kept else self.call(function, values)
        for oldest in list(kept)[: -self.size]:
            del kept[oldest]
        return kept[key]

    def forget(self) -> None:
        """Ask everything anew: what is answered from has changed."""
        self.kept.clear()

    def open(self, values: Mapping[str, Any]) -> None:
        """Remember the opening: what a change costs is measured against it."""
        self.opened = dict(values)
        for name in self.opening:
            self.opening[name] = self._ask(name.removeprefix(OPENING), values)

    def view(self, values: dict[str, Any], words: Words) -> View:
        """Answer at these values, in these words."""
        view = self._ask(self._view_at(values), values)
        if not isinstance(view, Shown):
            raise errors.ParameterTypeError(
                f"Panel '{self.title}': '{self._view_at(values)}' gives a {type(view).__name__}, "
                "not an exhibit.",
                mend="Let it return what an exhibit gives: exhibits.<question>.<name>(table).",
            )
        listed = self._ask(self.lists.__name__, values) if self.lists else view
        self.lists_exhibit = isinstance(listed, Shown)
        if not isinstance(listed, Shown):
            listed = Shown("", listed, Look(), Result(""), {}, _wordless)
        named = {**values, "words": words}
        return View(
            values=values,
            table=self._ask(self.table.__name__, values) if self.table else view.whole(words),
            actions=listed.whole(words) if self.lists else None,
            listed=listed.listed(words),
            figure=_drawn(view, words),
            sentence=view.sentence(words),
            cost=self._costed(named),
            minor={*view.look.minor, *listed.look.minor},
            acts=tuple(
                one.name
                for one in self.acts
                if one.offered is None or self.call(one.offered, named)
            ),
            links=tuple(self.call(self.links, named)) if self.links else (),
        )

    def _view_at(self, values: Mapping[str, Any]) -> str:
        return str(values.get("view", self.views[0].__name__))

    def _costed(self, named: dict[str, Any]) -> str:
        """Say what the values that moved since the opening mean in work."""
        words, measured = named["words"], set[str]()
        for name in self.opening:
            measured |= self._needs(self.functions[name.removeprefix(OPENING)])
        steps = [
            f"{one.title(words)} {one.said(self.opened[name], words)}"
            f" → {one.said(named[name], words)}"
            for name, one in self.controls.items()
            if name in measured and self.opened[name] != named[name]
        ]
        if not steps or self.cost is None:
            return ""
        cost = self.call(self.cost, {**named, "step": words.listed(steps)})
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
        view = self._view_at(values)
        lists = self.lists.__name__ if self.lists else view
        ran = [self.pieces[name] for name in dict.fromkeys((*self._ran(view), *self._ran(lists)))]
        listed = f"{lists}.listed()" if self.lists_exhibit else lists
        return source.written(ran, {**self.given, **values}, words, view, listed)

    def _ran(self, name: str) -> list[str]:
        """Which functions run to give what this one gives? It stands last."""
        asked = [one for one in source.arguments(self.functions[name]) if one in self.functions]
        return [*(part for one in asked for part in self._ran(one)), name]


def _wordless(_words: Words) -> Sheet:
    return Sheet("")


def _drawn(view: Shown, words: Words) -> go.Figure:
    """Draw a view; of one that has no picture, that there is nothing to draw."""
    if (figure := view.figure(words)) is not None:
        return figure
    sheet, scoped = view.sheet(words), words.within(view.scope)
    title, subtitle = (
        text or (scoped(key) if scoped.has(key) else "")
        for key, text in (("title", sheet.title), ("subtitle", sheet.subtitle))
    )
    return style.no_data(title, scoped, subtitle=subtitle)
