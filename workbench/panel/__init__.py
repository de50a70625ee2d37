"""How does an answer become something to move and look at? One mechanism for all panels.

A panel is declared with named controls, a pure answer (values → table), a figure of it and, where
there is something to do, a table of actions. The mechanism waits until a control rests, shows
errors above the figure, names everything for screen readers and offers files and code.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, Self

import pandas as pd
import plotly.graph_objects as go

from workbench import errors, labels
from workbench.panel import files
from workbench.panel.acts import Act, Handed, Link
from workbench.panel.answering import Answering, View
from workbench.panel.controls import Choice, Control, Day, Slider, Text, Toggle
from workbench.panel.group import Group, GroupField
from workbench.panel.page import LANGUAGE, Page
from workbench.panel.upload import Upload

__all__ = [
    "Act",
    "Choice",
    "Control",
    "Day",
    "Group",
    "Handed",
    "Link",
    "Panel",
    "Slider",
    "Text",
    "Toggle",
    "Upload",
]

DEBOUNCE_SECONDS = 0.15
log = logging.getLogger(__name__)


class Panel:
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
        self._title = title
        self._lang: labels.Lang = LANGUAGE.checked(lang)
        self._controls = {one.name: one for one in controls}
        self._answering = Answering(
            title, self._controls, answer, figure, actions, sentence, cost, code, tuple(acts), links
        )
        self._acts = {one.name: one for one in acts}
        self._page = Page(
            title,
            controls,
            lang=self._lang,
            height=height,
            rows=rows,
            columns=tuple(columns),
            essential=tuple(essential),
            has_actions=actions is not None,
            acts=acts,
            is_desk=links is not None,
            has_cost=cost is not None,
        )
        self._waiting: asyncio.TimerHandle | None = None
        self._quiet = False
        self._stands = True  # the last view's table may be used again at equal values
        self._error: Exception | None = None
        self._follow()
        self._view = self._opening = self._answering.view(self.values, self._lang)
        self._relabel()
        self._page.show(self._view, lang=self._lang, code=self.code)
        self._page.observe(self._moved)
        for frame in (self._page.frame, self._page.desk):
            frame.on_msg(self._clicked)
        self._page.plot.on_msg(self._undrawn)

    @property
    def table(self) -> pd.DataFrame:
        """The answer's table at the present values."""
        return self._settled().table

    @property
    def actions(self) -> pd.DataFrame | None:
        """What to do, as a table; None in a panel without actions."""
        return self._settled().actions

    @property
    def links(self) -> tuple[Link, ...]:
        """The ways out of the panel at the present values."""
        return self._settled().links

    @property
    def acts(self) -> tuple[str, ...]:
        """What can be done at the present values, by name: see ``act``."""
        return self._settled().acts

    @property
    def figure(self) -> go.Figure:
        """The figure at the present values, as the figures' function returned it."""
        return self._settled().figure

    @property
    def sentence(self) -> str:
        """The finding at the present values."""
        return self._settled().sentence

    @property
    def cost(self) -> str:
        """What moving away from the opening values means in work; empty where nothing moved."""
        return self._settled().cost

    @property
    def values(self) -> dict[str, Any]:
        """The controls' values by name."""
        return {name: field.read() for name, field in self._page.fields.items()}

    @property
    def lang(self) -> labels.Lang:
        """The language the panel speaks now."""
        return self._lang

    @property
    def code(self) -> str:
        """The Python that gives the same view."""
        return self._answering.code_for(self.values, self._lang)

    @property
    def error(self) -> Exception | None:
        """What is wrong with the present values, or None.

        With an error, all else is the last good view's, and shown as such.
        """
        self._settled()
        return self._error

    @property
    def widget(self) -> Any:
        """The ipywidget to put into a layout of one's own."""
        return self._page.widget

    @property
    def inputs(self) -> dict[str, tuple[Any, ...]]:
        """The ipywidgets that a person moves, by control."""
        fields = {**self._page.fields, "lang": self._page.language}
        return {name: field.inputs for name, field in fields.items()}

    def set(self, **values: Any) -> Self:
        """Move controls from Python (``lang`` too), and have the answer at once.

        Raises
        ------
        UnknownNameError
            There is no such control.
        ParameterError
            The control cannot take the value.
        Exception
            Whatever the answer raises at these values; the panel shows it as well.
        """
        for name in values:
            if name not in self._controls and name != "lang":
                raise errors.unknown("control", name, [*self._controls, "lang"])
        checked = {
            name: (LANGUAGE if name == "lang" else self._controls[name]).checked(value)
            for name, value in values.items()
        }
        groups = {name: checked.pop(name) for name in [*checked] if self._is_group(name)}
        self._write(checked)
        if groups:
            # A group's controls are those of the values just written.
            try:
                self._follow()
                for name, value in groups.items():
                    self._write({name: value})
                    self._follow()
            except Exception as error:
                self._refresh()
                raise self._error or error from None
        self._refresh()
        if self._error:
            raise self._error
        return self

    def act(self, name: str) -> str | Handed:
        """Do something with what is shown: what a button of the page does.

        Returns
        -------
        str or Handed
            A sentence on what was done, or a file.

        Raises
        ------
        UnknownNameError
            There is nothing of that name to do.
        Exception
            What is wrong with the present values, or whatever the act refuses.
        """
        if name not in self._acts:
            raise errors.unknown("act", name, self._acts)
        view = self._settled()
        if self._error:
            raise self._error
        done = self._answering.act(self._acts[name], view, self._lang)
        if self._acts[name].renews:
            before = self.values
            self._page.round += 1
            self._page.forget()
            self._renew()
            if self._acts[name].keeps:
                self._put_back(before)
        if isinstance(done, str):
            self._page.tell(done)
        return done

    def file(self, kind: str, *, of: str = "") -> tuple[str, bytes]:
        """Give a table as a file, all rows of it: the file's name and its bytes.

        Parameters
        ----------
        kind
            ``csv`` or ``excel``.
        of
            ``table`` or ``actions``; by default the one that is shown.

        Raises
        ------
        UnknownNameError
            There is no such kind of file or no such table.
        """
        return files.written(self._title, self._settled(), kind, of, self._lang)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        self._settled()
        bundle = self._page.widget._repr_mimebundle_(**options)
        words = labels.text(self._title, self._lang), self._view.sentence
        bundle["text/plain"] = " · ".join(word for word in words if word)
        return bundle

    def _is_group(self, name: str) -> bool:
        return isinstance(self._controls.get(name), Group)

    def _write(self, values: dict[str, Any]) -> None:
        self._quiet = True
        try:
            for name, value in values.items():
                (self._page.language if name == "lang" else self._page.fields[name]).write(value)
        finally:
            self._quiet = False

    def _follow(self) -> None:
        """Draw anew every group whose controls follow from a value that moved."""
        values: dict[str, Any] = {}
        for name, field in self._page.fields.items():
            control = self._controls[name]
            if isinstance(control, Group) and isinstance(field, GroupField):
                self._quiet = True
                try:
                    field.follow(self._answering.following(control, values), self._lang)
                finally:
                    self._quiet = False
                    self._page.name_controls(self._lang)
            values[name] = field.read()

    def _settled(self) -> View:
        """Give the view of the controls as they stand, even while one of them still moves."""
        if self._waiting:
            self._refresh()
        return self._view

    def _moved(self, _change: Any) -> None:
        if self._quiet:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # plain Python: there is no page that could still be moving
            self._refresh()
            return
        if self._waiting:
            self._waiting.cancel()
        self._waiting = loop.call_later(DEBOUNCE_SECONDS, self._refresh)

    def _renew(self) -> None:
        """Ask everything anew: an act has changed what the answer sees."""
        self._stands = False
        self._refresh()

    def _refresh(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
        self._page.frame.busy = True
        try:
            if self._page.language.read() != self._lang:
                self._lang = self._page.language.read()
                self._relabel()
            self._follow()
            last = self._view if self._stands else None
            view = self._answering.view(self.values, self._lang, opening=self._opening, last=last)
            self._page.show(view, lang=self._lang, code=self.code)
            self._view, self._error, self._stands = view, None, True
        except Exception as error:
            self._blame(error)
        finally:
            self._page.frame.busy = False

    def _put_back(self, before: dict[str, Any]) -> None:
        """Choose again in the groups what was chosen, as long as it is there to be chosen."""
        for name in filter(self._is_group, self._controls):
            try:
                self.set(**{name: before[name]})
            except errors.WorkbenchError:
                return  # what follows belonged to what is gone

    def _relabel(self) -> None:
        self._quiet = True
        try:
            self._page.relabel(self._lang)
        finally:
            self._quiet = False

    def _blame(self, error: Exception, *, refused: bool = False) -> None:
        """Show an error; what is shown below is out of date, unless only an act was refused."""
        if not refused:
            self._error = error
        stale = self._error is not None and not self._view.table.empty
        if isinstance(error, errors.WorkbenchError):
            self._page.blame(error.what, error.mend, stale=stale, lang=self._lang)
            return
        log.error("panel %s", self._title, exc_info=error)
        what, mend = f"{type(error).__name__}: {error}", labels.text("panel.unexpected", self._lang)
        self._page.blame(what, mend, stale=stale, lang=self._lang)

    def _undrawn(self, _plot: Any, message: Any, _buffers: Any) -> None:
        """Tell what the page says it could not draw."""
        self._blame(RuntimeError(str(message.get("error"))))

    def _clicked(self, frame: Any, message: Any, _buffers: Any) -> None:
        """Answer a button of the page: hand over a file, or show or hide something."""
        try:
            self._page.hear(message.get("typed", {}))
            kind, _, what = message["click"].partition(":")
            if kind == "act" and message.get("round", self._page.round) != self._page.round:
                return  # a second click, meant for what the first one has done
            if kind == "act":
                self._pressed(what, message["click"], frame)
            elif kind == "show":
                self._page.opened ^= {what}
                self._page.show_opened(self._settled(), lang=self._lang, code=self.code)
            else:
                name, content = self.file(kind, of=what)
                told = {"id": message["click"], "name": name, "type": files.TYPES[kind]}
                frame.send(told, [content])
        except Exception as error:
            self._blame(error)

    def _pressed(self, name: str, button: str, frame: Any) -> None:
        """Do what a button says, and tell or hand over what it comes to."""
        self._page.frame.busy = True
        try:
            done = self.act(name)
        except Exception as error:
            self._blame(error, refused=self._error is None)
        else:
            if isinstance(done, Handed):
                told = {"id": button, "name": done.name, "type": done.type}
                frame.send(told, [done.content])
        finally:
            self._page.frame.busy = False
