"""What does a panel show at given values? The pure half of a panel: no widget, no page."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench import errors, labels
from workbench.panel.acts import Act, Handed, Link
from workbench.panel.controls import Control
from workbench.panel.group import Group


@dataclass(frozen=True)
class View:
    """Everything that one setting of the controls shows."""

    values: dict[str, Any]
    table: pd.DataFrame
    actions: pd.DataFrame | None
    figure: go.Figure
    sentence: str
    cost: str
    acts: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


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
    code: str | Callable[..., str]
    acts: Sequence[Act] = ()
    links: Callable[..., Sequence[Link]] | None = None

    def __post_init__(self) -> None:
        offered = [*self.controls, "lang", "step"]
        asked: set[str] = set()
        for function, tables_given in (
            (self.answer, 0),
            (self.figure, 1),
            (self.actions, 1),
            (self.sentence, 1),
            (self.cost, 2),
            (None if isinstance(self.code, str) else self.code, 0),
            (self.links, 1),
            *((one.does, 1) for one in self.acts),
            *((one.offered, 0) for one in self.acts),
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

    def view(
        self,
        values: dict[str, Any],
        lang: labels.Lang,
        *,
        opening: View | None = None,
        last: View | None = None,
    ) -> View:
        """Answer at these values.

        Parameters
        ----------
        values
            A value for each control.
        lang
            The language of figures and sentences.
        opening
            What the panel opened with; the cost of a change is measured against it.
        last
            The view before: where the answer's own values are the same, its table is used again.
        """
        named = {**values, "lang": lang}
        if last and all(values[name] == last.values[name] for name in self._answered_by()):
            table = last.table
        else:
            table = _call(self.answer, named=named)
        figure = _call(self.figure, table, named=named)
        said = (figure.layout.meta or {}).get("alt", "")
        return View(
            values=values,
            table=table,
            actions=_call(self.actions, table, named=named) if self.actions else None,
            figure=figure,
            sentence=_call(self.sentence, table, named=named) if self.sentence else said,
            cost=self._costed(opening, table, named=named) if self.cost and opening else "",
            acts=tuple(one.name for one in self.acts if self._is_offered(one, named)),
            links=tuple(_call(self.links, table, named=named)) if self.links else (),
        )

    def _is_offered(self, act: Act, named: dict[str, Any]) -> bool:
        return act.offered is None or bool(_call(act.offered, named=named))

    def act(self, act: Act, view: View, lang: labels.Lang) -> str | Handed:
        """Do something with what a view shows; the words or the file it comes to."""
        if act.name not in view.acts:
            raise errors.ParameterError(
                f"'{act.words('en')[0]}' cannot be done with what is shown.",
                mend="Choose something else to see what it can be done with.",
            )
        done: str | Handed = _call(act.does, view.table, named={**view.values, "lang": lang})
        return done

    def following(self, group: Group, values: Mapping[str, Any]) -> dict[str, Any]:
        """Give those of the values so far that a group of controls follows from."""
        return {name: values[name] for name in _arguments(group.controls) if name in values}

    def _answered_by(self) -> list[str]:
        return [name for name in self.controls if name in _arguments(self.answer)]

    def _costed(self, opening: View, table: pd.DataFrame, *, named: dict[str, Any]) -> str:
        """Say what the values that moved since the opening mean in work."""
        lang = named["lang"]
        steps = [
            f"{control.title(lang)} {control.said(opening.values[name], lang)}"
            f" → {control.said(named[name], lang)}"
            for name, control in self.controls.items()
            if name in self._answered_by() and opening.values[name] != named[name]
        ]
        if not steps or self.cost is None:
            return ""
        step = labels.listed(steps, lang)
        return str(_call(self.cost, opening.table, table, named={**named, "step": step}))

    def code_for(self, values: dict[str, Any], lang: labels.Lang) -> str:
        """Write the Python that gives the same view."""
        named = {**values, "lang": lang}
        form = self.code if isinstance(self.code, str) else _call(self.code, named=named)
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
