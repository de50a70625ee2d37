"""The panel as it was declared before: a table first, and Python in strings. Gone at the end."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import errors, labels, panel
from workbench.panel.acts import Act, Handed, Link
from workbench.panel.answering import View
from workbench.panel.controls import LANGUAGE, Control
from workbench.panel.group import Group
from workbench.words import Words


class Panel(panel.Panel):
    """What does the answer say when a control moves?

    Every function gets its table first and, of the controls' values and ``lang``, what it names
    among its arguments; ``answer`` gets no table. All are pure: equal values show an equal panel.

    Parameters
    ----------
    title
        Key of the panel's name in ``labels.csv``. Its last part names the downloads; with
        ``_table`` and ``_actions`` behind it, it is the key of the tables' captions.
    controls
        :class:`Slider`, :class:`Choice`, :class:`Toggle`, :class:`Day`, :class:`Text`,
        :class:`Upload`, in the order shown; and :class:`Group`, controls that follow from those
        before it.
    answer
        Values → table, one row per whatever the panel is about.
    figure
        Table → figure.
    code
        The Python that gives the same view, with ``{name}`` for each value. It makes ``table``,
        ``figure`` and, where there are actions, ``actions``. A function of values may give it.
    actions
        Table → table of what to do, shown below the figure; the answer's own is a button away.
    acts
        What can be done with the table: each an :class:`Act`, a button below the figure.
    links
        Table → the ways out of the panel, each a :class:`Link`. With links, they and the acts stand
        above the figure, beside the controls they belong to.
    sentence
        Table → the finding, shown as the panel's heading; by default the figure's own, which is
        its text alternative.
    cost
        Table at the opening values, table now → what the change means in work. It may also ask
        for ``step``, which says what was moved: "Churn risk from 1.2 → 1.4".
    lang
        The language it opens in.
    height
        Height of the figure in pixels; it stays, whatever is drawn.
    rows, columns, essential
        How many rows of a table are shown, which columns of the first one, and which of them stay
        on a phone (by default all); downloads hold everything.

    Raises
    ------
    ParameterError
        A function asks for a control that is not declared, or no function asks for one that is.
    WorkbenchError
        Whatever the answer refuses at the opening values.

    Examples
    --------
    >>> from workbench.panel import Slider
    >>> panel = Panel(
    ...     "panel.table",
    ...     controls=[Slider(name="n", value=2, low=1, high=9, step=1, label="panel.table")],
    ...     answer=lambda n: pd.DataFrame({"customers": range(n)}),
    ...     figure=lambda table: go.Figure(go.Bar(y=table["customers"])),
    ...     code="table = pd.DataFrame({{'customers': range({n})}})",
    ... )
    >>> len(panel.set(n=3).table), panel.values, panel.code
    (3, {'n': 3}, "table = pd.DataFrame({'customers': range(3)})")
    """

    def __init__(
        self,
        title: str,
        *,
        controls: Sequence[Control],
        answer: Callable[..., pd.DataFrame],
        figure: Callable[..., go.Figure],
        code: str | Callable[..., str],
        actions: Callable[..., pd.DataFrame] | None = None,
        acts: Sequence[Act] = (),
        links: Callable[..., Sequence[Link]] | None = None,
        sentence: Callable[..., str] | None = None,
        cost: Callable[..., str] | None = None,
        lang: labels.Lang = "en",
        height: int = 400,
        rows: int = 20,
        columns: Sequence[str] = (),
        essential: Sequence[str] = (),
    ) -> None:
        answering = Answering(
            title, {one.name: one for one in controls}, answer, figure, actions, sentence, cost,
            code, tuple(acts), links, tuple(columns), tuple(essential),
        )  # fmt: skip
        words = Words(LANGUAGE.checked(lang))
        self._open(answering, words, height, rows)


@dataclass(frozen=True)
class Answering:
    """Which functions answer, and which of the controls' values does each of them get?

    A function gets its tables first and then, by name, those values (and ``lang``) that stand
    among its arguments; ``cost`` may also ask for ``step``, the words for what was moved.
    """

    title: str
    controls: Mapping[str, Control]
    answer: Callable[..., pd.DataFrame]
    figure: Callable[..., go.Figure]
    actions: Callable[..., pd.DataFrame] | None
    sentence: Callable[..., str] | None
    cost: Callable[..., str] | None
    recipe: str | Callable[..., str]
    acts: Sequence[Act] = ()
    links: Callable[..., Sequence[Link]] | None = None
    columns: tuple[str, ...] = ()
    essential: tuple[str, ...] = ()
    memory: dict[str, View] = field(default_factory=dict)

    def __post_init__(self) -> None:
        offered = [*self.controls, "lang", "step"]
        asked: set[str] = set()
        for function, tables_given in (
            (self.answer, 0),
            (self.figure, 1),
            (self.actions, 1),
            (self.sentence, 1),
            (self.cost, 2),
            (None if isinstance(self.recipe, str) else self.recipe, 0),
            (self.links, 1),
            *((one.does, 1) for one in self.acts),
            *((one.offered, 0) for one in self.acts if one.offered),
            *((one.controls, 0) for one in self.controls.values() if isinstance(one, Group)),
        ):
            for name, default in list(_arguments(function).items())[tables_given:]:
                asked.add(name)
                if name not in offered and default is inspect.Parameter.empty:
                    raise errors.ParameterError(
                        f"Panel '{self.title}': a function asks for '{name}', which is no control.",
                        mend=f"Declare it or give it a default. Controls: {', '.join(offered)}.",
                    )
        for name in self.controls:
            if name not in asked:
                raise errors.ParameterError(
                    f"Panel '{self.title}': no function asks for the control '{name}'.",
                    mend="Name it among a function's arguments, or leave it out.",
                )

    def view(self, values: dict[str, Any], words: Words) -> View:
        """Answer at these values."""
        last = self.memory.get("last")
        named = {**values, "lang": words.lang}
        if last and all(values[name] == last.values[name] for name in self._answered_by()):
            table = last.table
        else:
            table = _call(self.answer, named=named)
        figure = _call(self.figure, table, named=named)
        said = (figure.layout.meta or {}).get("alt", "")
        actions = _call(self.actions, table, named=named) if self.actions else None
        shown = table if actions is None else actions
        view = View(
            values=values,
            table=table,
            actions=actions,
            listed=shown[list(self.columns)] if self.columns else shown,
            figure=figure,
            sentence=_call(self.sentence, table, named=named) if self.sentence else said,
            minor=[one for one in {*shown, *table} if self.essential and one not in self.essential],
            acts=tuple(one.name for one in self.acts if self._is_offered(one, named)),
            links=tuple(_call(self.links, table, named=named)) if self.links else (),
        )
        if self.cost and "opening" in self.memory:
            view = replace(view, cost=self._costed(table, named=named))
        self.memory.setdefault("opening", view)
        self.memory["last"] = view
        return view

    @property
    def lists(self) -> Any:
        """What gives what to do."""
        return self.actions

    def open(self, values: Mapping[str, Any]) -> None:
        """Nothing is to be remembered before the first view."""

    def forget(self) -> None:
        """Ask everything anew."""
        self.memory.pop("last", None)

    def key(self, function: Callable[..., Any], values: Mapping[str, Any]) -> tuple[Any, ...]:
        """Give those of the values so far that a group of controls follows from."""
        return tuple(values[name] for name in _arguments(function) if name in values)

    def call(self, function: Callable[..., Any], values: Mapping[str, Any]) -> Any:
        """Give the controls of a group."""
        return function(**{name: values[name] for name in _arguments(function) if name in values})

    def _is_offered(self, act: Act, named: dict[str, Any]) -> bool:
        return act.offered is None or bool(_call(act.offered, named=named))

    def act(self, act: Act, view: View, words: Words) -> str | Handed:
        """Do something with what a view shows; the words or the file it comes to."""
        if act.name not in view.acts:
            raise errors.ParameterError(
                f"'{act.said(Words())[0]}' cannot be done with what is shown.",
                mend="Choose something else to see what it can be done with.",
            )
        done: str | Handed = _call(act.does, view.table, named={**view.values, "lang": words.lang})
        return done

    def _answered_by(self) -> list[str]:
        return [name for name in self.controls if name in _arguments(self.answer)]

    def _costed(self, table: pd.DataFrame, *, named: dict[str, Any]) -> str:
        """Say what the values that moved since the opening mean in work."""
        words, opening = Words(named["lang"]), self.memory["opening"]
        steps = [
            f"{control.title(words)} {control.said(opening.values[name], words)}"
            f" → {control.said(named[name], words)}"
            for name, control in self.controls.items()
            if name in self._answered_by() and opening.values[name] != named[name]
        ]
        if not steps or self.cost is None:
            return ""
        step = words.listed(steps)
        return str(_call(self.cost, opening.table, table, named={**named, "step": step}))

    def code(self, values: dict[str, Any], words: Words) -> str:
        """Write the Python that gives the same view."""
        named = {**values, "lang": words.lang}
        form = self.recipe if isinstance(self.recipe, str) else _call(self.recipe, named=named)
        said: str = form.format(**{name: _literal(value) for name, value in named.items()})
        return said


def _arguments(function: Callable[..., Any] | None) -> dict[str, Any]:
    if function is None:
        return {}
    return {name: one.default for name, one in inspect.signature(function).parameters.items()}


def _call(function: Callable[..., Any], *given: pd.DataFrame, named: dict[str, Any]) -> Any:
    asked = list(_arguments(function))[len(given) :]
    return function(*given, **{name: named[name] for name in asked if name in named})


def _literal(value: Any) -> str:
    """Write a value as Python; a day as the ISO text that every function takes."""
    return repr(value.isoformat() if hasattr(value, "isoformat") else value)
