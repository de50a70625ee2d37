"""What does a panel show at given values? The pure half of a panel: no widget, no page.

A name stands for what was given, for a control's value, or for what the function of that name
gives. Whoever names it among its arguments gets it.
"""

import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import errors
from workbench.charts import style
from workbench.exhibit import Look, Sheet, Shown
from workbench.panel import source
from workbench.panel.acts import Act, Handed, Link
from workbench.panel.controls import Choice, Control, by_name, listed
from workbench.panel.group import Group
from workbench.results import Result
from workbench.words import Words

Function = Callable[..., Any]

#: Before a name: what it stood for when the panel opened.
OPENING = "opening_"
#: What speaks; nothing that is kept, or shown as code, may ask for it.
_SPOKEN = ("words", "step")
_EXHIBIT = "an exhibit: exhibits.<question>.<name>(table)"


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
    exhibit: str = ""
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
    declared: Sequence[Control]
    steps: Sequence[Function]
    views: Sequence[Function]
    lists: Function | None
    table: Function | None
    cost: Function | None
    acts: Sequence[Act]
    links: Function | None
    size: int
    controls: dict[str, Control] = field(init=False)
    kept: dict[str, dict[Any, Any]] = field(default_factory=dict)
    opening: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        where = f"Panel '{self.title}', "
        shown = [
            *listed(f"{where}steps", self.steps, FunctionType),
            *listed(f"{where}views", self.views, FunctionType),
            *([] if self.lists is None else [self.lists]),
        ]
        pieces = [source.read(function) for function in shown]
        self.pieces = {piece.name: piece for piece in pieces}
        self.functions = {function.__name__: function for function in shown}
        self._place_views(by_name(f"{where}controls", self.declared, Control))
        if self.table is not None and all(step is not self.table for step in self.steps):
            what = f"the table {source.called(self.table)} is none of the steps."
            raise self._wrong(what, "Name the function among them, too: steps=[…].")
        names = [*self.given, *self.controls, *(piece.name for piece in pieces)]
        for name in names:
            if names.count(name) > 1 or name in (*source.RESERVED, *_SPOKEN):
                raise self._wrong(f"'{name}' stands for two things.", "Give one another name.")
        asked = {"view"}
        for function in shown:
            asked |= self._needs(function)
            for name in (*asked.intersection(_SPOKEN), *self.opening):
                what = f"'{function.__name__}' asks for '{name}', and its code is shown."
                raise self._wrong(
                    what, "Ask for the opening, and for words, in the cost or an act."
                )
        before: set[str] = set()
        unshown = [function for function in (self.cost, self.links) if function is not None]
        for function in unshown:
            source.plain(function)
        for act in by_name(f"{where}acts", self.acts, Act).values():
            unshown += [act.does, *([] if act.offered is None else [act.offered])]
        for control in self.controls.values():
            if isinstance(control, Group):
                unshown.append(control.controls)
                for name in sorted(self._needs(control.controls) - before):
                    what = f"the group '{control.name}' follows from '{name}', declared after it."
                    raise self._wrong(what, "Declare it before the group.")
            before.add(control.name)
        for function in unshown:
            asked |= self._needs(function)
            source.taken(function)
        for name in self.controls:
            if name not in asked:
                what = f"no function asks for the control '{name}'."
                raise self._wrong(what, "Name it among a function's arguments, or leave it out.")
        source.check(self.pieces.values(), names)

    def _place_views(self, controls: dict[str, Control]) -> None:
        """Let one of several views be chosen, where it is declared, or else first of all."""
        names = tuple(view.__name__ for view in self.views)
        if not names:
            raise self._wrong("there is no view.", "Give a function that shows one: views=[…].")
        if len(names) > 1 and "view" not in controls:
            controls = {"view": Choice(name="view", value=names[0], options=names), **controls}
        if "view" in controls and set(getattr(controls["view"], "options", ())) != {*names}:
            what = "the control 'view' does not offer the views, and no other."
            raise self._wrong(what, f"Leave it out, or make it a Choice with options={names}.")
        self.controls = controls

    def _wrong(self, what: str, mend: str) -> errors.ParameterError:
        return errors.ParameterError(f"Panel '{self.title}': {what}", mend=mend)

    def _answer(self, function: Function, values: Mapping[str, Any], due: str, *kinds: type) -> Any:
        """Ask a function for what its role has to give; anything else is refused."""
        is_kept = function in self.functions.values()
        value = self._ask(function.__name__, values) if is_kept else self.call(function, values)
        if not isinstance(value, kinds):
            raise errors.ParameterTypeError(
                f"Panel '{self.title}': {source.called(function)} gives a {type(value).__name__}.",
                mend=f"Let it return {due}.",
            )
        return value

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
        return tuple(tuple(part.items()) if isinstance(part, Mapping) else part for part in asked)

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
        view = self._answer(self.functions[self._view_at(values)], values, _EXHIBIT, Shown)
        rows, table = view, view.whole(words)
        if self.lists:
            rows = self._answer(self.lists, values, f"a table, or {_EXHIBIT}", Shown, pd.DataFrame)
        if self.table:
            table = self._answer(self.table, values, "a table", pd.DataFrame)
        self.lists_exhibit = isinstance(rows, Shown)
        if not self.lists_exhibit:
            rows = Shown("", rows, Look(), Result(""), {}, _wordless)
        named = {**values, "words": words}
        links = self.call(self.links, named) if self.links else ()
        return View(
            values=values,
            table=table,
            actions=rows.whole(words) if self.lists else None,
            listed=rows.listed(words),
            figure=_drawn(view, words),
            sentence=view.sentence(words),
            cost=self._costed(named),
            minor={*view.look.minor, *rows.look.minor},
            exhibit=rows.scope if self.lists else "",
            acts=tuple(
                act.name
                for act in self.acts
                if act.offered is None or self.call(act.offered, named)
            ),
            links=tuple(listed(f"Panel '{self.title}', links", links, Link)),
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
        named = {**named, "step": words.listed(steps)}
        cost = self._answer(self.cost, named, f"a sentence, or {_EXHIBIT}", Shown, str)
        return cost.sentence(words) if isinstance(cost, Shown) else str(cost)

    def act(self, act: Act, view: View, words: Words) -> str | Handed:
        """Do something with what a view shows; the words or the file it comes to."""
        if act.name not in view.acts:
            raise errors.ParameterError(
                f"'{act.said(Words())[0]}' cannot be done with what is shown.",
                mend="Choose something else to see what it can be done with.",
            )
        named = {**view.values, "words": words}
        done: str | Handed = self._answer(act.does, named, "a sentence, or Handed", str, Handed)
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
