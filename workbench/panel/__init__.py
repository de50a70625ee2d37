"""How does an answer become something to move and look at? One mechanism for all panels.

A panel is declared with named controls and plain functions: a function's name is the name of what
it gives, and whoever names it among its arguments gets it. The mechanism waits until a control
rests, shows errors above the figure, names everything for screen readers and offers files and code.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, Self

import pandas as pd
import plotly.graph_objects as go

from workbench import charts, errors
from workbench.exhibit import Shown
from workbench.panel import files
from workbench.panel.acts import Act, Handed, Link
from workbench.panel.answering import Answering, View
from workbench.panel.controls import (
    LANGUAGE,
    Choice,
    Control,
    Day,
    Place,
    Slider,
    Text,
    Toggle,
    owner_choice,
    speaking,
)
from workbench.panel.group import Group, GroupField
from workbench.panel.page import Page
from workbench.panel.upload import Upload
from workbench.people import People
from workbench.words import Lang, Words

# With what its functions are annotated with: all that a declaration needs comes from here.
__all__ = ["Act", "Choice", "Control", "Day", "Group", "Handed", "Link", "Panel", "People", "Place",
           "Shown", "Slider", "Text", "Toggle", "Upload", "Words", "owner_choice"]  # fmt: skip

DEBOUNCE_SECONDS = 0.15
log = logging.getLogger(__name__)


class Panel:
    r"""What does the answer say when a control moves?

    A name stands for what is ``given``, for a control's value, or for what the function of that
    name gives; whoever names it among its arguments gets it. All are pure: equal values show an
    equal panel. What a function gives is kept by the values it follows from.

    Parameters
    ----------
    title
        Key of the panel's name in the word lists. Its last part names the downloads; with
        ``_table`` and ``_actions`` behind it, it is the key of the tables' captions.
    given
        What the panel was opened with, by name.
    controls
        :class:`Slider`, :class:`Choice`, :class:`Toggle`, :class:`Day`, :class:`Text`,
        :class:`Upload`, in the order shown, each at its ``place``; and :class:`Group`, controls that
        follow from those before it. Of several views one is chosen by a control ``view``, made here and shown first;
        a :class:`Choice` of that name puts it elsewhere.
    views
        Functions that give an exhibit. Their names in words are ``<title>.view.<name>``, or
        ``panel.view.<name>``.
    steps
        Functions that give what several others need.
    lists
        A function that gives what to do, shown below the figure: an exhibit, in its columns, or a
        table. The view's own table is then a button away.
    table
        A step whose table stands behind that button, where it is not the view's own.
    cost
        A function that gives what the change of controls means in work: an exhibit or a sentence.
        ``opening_<name>`` stands for what ``<name>`` stood for when the panel opened; it is asked
        while one of the values moved that such a name follows from. It may also name ``step``,
        which says what was moved: "Churn risk from 1.2 → 1.4".
    acts
        What can be done with what is shown: each an :class:`Act`, a button below the figure.
    links
        A function that gives the ways out of the panel, each a :class:`Link`. With links, they and
        the acts stand above the figure, beside the controls they belong to.
    words
        The language it opens in, and the currency; by default as last said with ``words.speak``.
    height
        Height of the figure in pixels; it stays, whatever is drawn.
    rows
        How many rows of a table are shown; downloads hold everything.
    kept
        For how many settings of the controls is kept what a function gave? 1 where others write
        to what is shown.

    Raises
    ------
    ParameterError
        A function asks for a name that nothing has, or no function asks for a control; two things
        have one name; a step, a view or the list is no function that could be shown, or names what
        its module does not have; ``table`` is none of the steps; a control ``view`` offers other
        views; a control cannot take its opening value.
    ParameterTypeError
        An option is no list of what it has to be, ``words`` are no Words, or a function gives
        something else than it has to.
    WorkbenchError
        Whatever the answer refuses at the opening values.

    Examples
    --------
    >>> from workbench.exhibit import Sheet, exhibit
    >>> from workbench.results import Result
    >>> @exhibit(Result("customers(n)", customers="count"))
    ... def counted(table, words):
    ...     return Sheet(words.write(len(table), "customers"))
    >>> def customers(n):
    ...     return pd.DataFrame({"customers": range(n)})
    >>> def shown(customers):
    ...     return counted(customers)
    >>> panel = Panel(
    ...     "panel.table", given={}, steps=[customers], views=[shown],
    ...     controls=[Slider(name="n", value=2, low=1, high=9, step=1, label="panel.table")],
    ... )
    >>> panel.set(n=3).sentence, panel.values
    ('3 customers', {'n': 3})
    >>> print("\n".join(panel.code.split("\n\n")[2:5]))
    n = 3
    customers = pd.DataFrame({"customers": range(n)})
    shown = counted(customers)
    """

    def __init__(
        self,
        title: str,
        *,
        given: Mapping[str, Any],
        controls: Sequence[Control],
        views: Sequence[Callable[..., Shown]],
        steps: Sequence[Callable[..., Any]] = (),
        lists: Callable[..., Shown | pd.DataFrame] | None = None,
        table: Callable[..., pd.DataFrame] | None = None,
        cost: Callable[..., Shown | str] | None = None,
        acts: Sequence[Act] = (),
        links: Callable[..., Sequence[Link]] | None = None,
        words: Words | None = None,
        height: int = 400,
        rows: int = 20,
        kept: int = 8,
    ) -> None:
        words = speaking(words)
        answering = Answering(title, given, controls, steps, views, lists, table, cost, acts, links,
                              kept)  # fmt: skip
        self._open(answering, words, height, rows)

    def _open(self, answering: Any, words: Words, height: int, rows: int) -> None:
        self._title, self._answering = answering.title, answering
        self._controls: dict[str, Control] = answering.controls
        self._acts = {act.name: act for act in answering.acts}
        words = words.within(self._title)
        self._page = Page(answering, words, height, rows)
        self._waiting: asyncio.TimerHandle | None = None
        self._quiet = False
        self._error: Exception | None = None
        self._follow()
        self._answering.open(self.values)
        self._view: View = self._answering.view(self.values, words)
        self._whole = self._view
        self._page.relabel(words)
        self._page.show(self._view, self.code)
        self._page.observe(self._moved)
        for frame in (self._page.frame, self._page.desk):
            frame.on_msg(self._clicked)
        self._page.plot.on_msg(self._pointed)
        self._page.chip.on_click(lambda _chip: self.open())
        if self._page.typing:
            self._page.typing.on_msg(self._typed)

    @property
    def table(self) -> pd.DataFrame:
        """The answer's table at the present values."""
        return self._settled().table

    @property
    def actions(self) -> pd.DataFrame | None:
        """What to do, as a table; None in a panel without actions."""
        return self._settled().actions

    @property
    def listed(self) -> pd.DataFrame:
        """What is listed below the figure, in the columns that are shown."""
        return self._settled().listed

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
    def lang(self) -> Lang:
        """The language the panel speaks now."""
        return self._page.words.lang

    @property
    def code(self) -> str:
        """The Python that gives the same view: the bodies of the functions that ran."""
        return str(self._answering.code(self.values, self._page.words))

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
        return {name: field.inputs for name, field in self._page.every_field.items()}

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
        controls = {**self._controls, "lang": LANGUAGE}
        for name in values:
            if name not in controls:
                raise errors.unknown("control", name, controls)
        checked = {name: controls[name].checked(value) for name, value in values.items()}
        groups = {name: checked.pop(name) for name in values if self._is_group(name)}
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
        done: str | Handed = self._answering.act(self._acts[name], view, self._page.words)
        if self._acts[name].renews:
            before = self.values
            self._page.round += 1
            self._page.forget()
            self._answering.forget()
            self._refresh()
            if self._acts[name].keeps:
                self._put_back(before)
        if isinstance(done, str):
            self._page.tell(done)
        return done

    def open(self, at: Sequence[int] | None = None) -> Self:
        """List only what a mark of the figure counts: what a click on it does. None: all again.

        Parameters
        ----------
        at
            The mark's place, as ``figure.layout.meta["opens"]["marks"]`` names it: trace and point.

        Raises
        ------
        ParameterError
            The list below the figure does not hold what the mark counts.
        """
        self._settled()
        view, label = self._whole, ""
        if at is not None:
            told = (view.figure.layout.meta or {}).get("opens", {})
            rows = pd.DataFrame() if view.actions is None else view.actions
            found = charts.behind(told, view.exhibit, rows, at)
            if found is None:
                raise errors.ParameterError(
                    f"The list below the figure does not hold what the mark at {list(at)} counts.",
                    mend="Choose a mark of figure.layout.meta['opens'].",
                )
            mine, label = found
            view = replace(view, actions=rows[mine], listed=view.listed[mine])
        self._view = view
        self._page.show_list(view, label)
        return self

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
        return files.written(self._title, self._settled(), kind, of, self._page.words)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        self._settled()
        bundle = self._page.widget._repr_mimebundle_(**options)
        texts = self._page.words(self._title), self._view.sentence
        bundle["text/plain"] = " · ".join(text for text in texts if text)
        return bundle

    def _is_group(self, name: str) -> bool:
        return isinstance(self._controls.get(name), Group)

    def _write(self, values: dict[str, Any]) -> None:
        with self._unheard():
            for name, value in values.items():
                self._page.every_field[name].write(value)

    @contextmanager
    def _unheard(self) -> Iterator[None]:
        """What is written meanwhile is no move of a person."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False
            self._page.name_controls()

    def _follow(self) -> None:
        """Draw anew every group whose controls follow from a value that moved."""
        values: dict[str, Any] = {}
        for name, field in self._page.fields.items():
            if isinstance(field, GroupField):
                with self._unheard():
                    field.follow(self._answering, values, self._page.words)
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

    def _refresh(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
        self._page.frame.busy = True
        try:
            if self._page.language.read() != self.lang:
                with self._unheard():
                    words = replace(self._page.words, lang=self._page.language.read())
                    self._page.relabel(words)
            self._page.keep({})  # before what is typed makes way for something else
            self._follow()
            view = self._answering.view(self.values, self._page.words)
            self._page.show(view, self.code)
            self._view = self._whole = view
            self._error = None
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

    def _blame(self, error: Exception, *, refused: bool = False) -> None:
        """Show an error; what is shown below is out of date, unless only an act was refused."""
        if not refused:
            self._error = error
        what, mend = f"{type(error).__name__}: {error}", self._page.words("panel.unexpected")
        if isinstance(error, errors.WorkbenchError):
            what, mend = self._page.told(error)
        else:
            log.error("panel %s", self._title, exc_info=error)
        stale = self._error is not None and not self._view.table.empty
        self._page.blame(what, mend, stale=stale)

    def _pointed(self, _plot: Any, message: Any, _buffers: Any) -> None:
        """List what a clicked mark counts, if the list holds it; tell what could not be drawn."""
        if "at" not in message:
            self._blame(RuntimeError(str(message.get("error"))))
            return
        with suppress(errors.ParameterError):
            self.open(message["at"])

    def _typed(self, _desk: Any, message: Any, _buffers: Any) -> None:
        """Keep words while they are typed; the box is not written to, a person is at it."""
        try:
            self._page.keep(message["typed"])
        except Exception as error:
            self._blame(error, refused=self._error is None)

    def _clicked(self, frame: Any, message: Any, _buffers: Any) -> None:
        """Answer a button of the page: do something, show or hide something, hand over a file."""
        if "click" not in message:
            return
        kind, _, name = message["click"].partition(":")
        if kind == "act" and message.get("round", self._page.round) != self._page.round:
            return  # a second click, meant for what the first one has done
        self._page.frame.busy = True
        try:
            self._page.hear(message.get("typed", {}))
            done: str | Handed = ""
            if kind == "act":
                self._settled()
                now = self._page.picked()
                if sorted(message.get("picked", now)) != sorted(now):
                    raise errors.ParameterError(
                        "What stood chosen had changed before the button was heard.",
                        mend="Look at what stands chosen now, and press again.",
                    ).told_by("moved_on")
                done = self.act(name)
            elif kind == "show":
                self._page.opened ^= {name}
                self._page.show_opened(self._settled(), self.code)
            else:
                done = Handed(*self.file(kind, of=name), files.TYPES[kind])
            if isinstance(done, Handed):
                told = {"id": message["click"], "name": done.name, "type": done.type}
                frame.send(told, [done.content])
        except Exception as error:
            self._blame(error, refused=kind == "act" and self._error is None)
        finally:
            self._page.frame.busy = False
