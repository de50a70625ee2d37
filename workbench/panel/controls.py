"""What can be moved in a panel? Named controls, declared once, drawn as ipywidgets.

A declaration (:class:`Slider`, :class:`Choice`, :class:`Toggle`, :class:`Day`, :class:`Text`) is a
frozen set of options. ``declaration.field(words)`` draws it: a :class:`Field` reads, writes and
re-labels itself.
"""

import abc
import datetime as dt
import html as markup
import itertools
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import ipywidgets

from workbench import arguments, errors
from workbench.people import People
from workbench.words import LANGUAGES, Words, formats, spoken

TYPED = "workbench-typed-"
#: The value of a choice that is not made yet.
OPEN = "open"
_NUMBERS = itertools.count(1)


Inputs = tuple[ipywidgets.Widget, ...]
#: Where a control stands: above all it moves, at the list that alone it moves, or folded away.
Place = Literal["above", "list", "adjust"]


def listed(where: str, parts: Any, kind: type[Any]) -> list[Any]:
    """Give the parts of a list that is declared, all of one kind; anything else is refused.

    Raises
    ------
    ParameterTypeError
        It is no list, or one of its parts is of another kind.
    """
    is_list = isinstance(parts, list | tuple)
    for part in parts if is_list else [parts]:
        if not is_list or not isinstance(part, kind):
            raise errors.ParameterTypeError(
                f"{where}: something of type {type(part).__name__} is given.",
                mend=f"Give a list of {kind.__name__.lower()}s.",
            )
    return list(parts)


def by_name(where: str, parts: Any, kind: type[Any]) -> dict[str, Any]:
    """Give controls or acts by their names.

    Raises
    ------
    ParameterTypeError
        It is no list of them.
    ParameterError
        Two have one name.
    """
    named: dict[str, Any] = {}
    for part in listed(where, parts, kind):
        if part.name in named:
            what = f"{where}: '{part.name}' stands for two things."
            raise errors.ParameterError(what, mend="Give one another name.")
        named[part.name] = part
    return named


def speaking(words: Any) -> Words:
    """Give the words that were handed in, or those last spoken; anything else is refused.

    Raises
    ------
    ParameterTypeError
        It is something else, such as a language by its two letters.
    """
    if words is not None and not isinstance(words, Words):
        raise errors.ParameterTypeError(
            f"words is {words!r}, of type {type(words).__name__}.",
            mend="Give words=words.Words('zh'), or leave it out and say once: words.speak('zh').",
        )
    return words or spoken()


def classed(widget: ipywidgets.DOMWidget, *roles: str) -> Any:
    """Give a widget the page's classes for what it is."""
    for role in roles:
        widget.add_class(f"workbench-{role}")
    return widget


class Field:
    """One drawn control: how its value is read, written and put into another language."""

    def __init__(self, control: "Control", words: Words) -> None:
        self._control, self.inputs = control, control.inputs(words)
        self._kept = control.checked(control.value) if control.keep else None
        self._title, self._note = ipywidgets.HTML(), classed(ipywidgets.HTML(), "note")
        row = classed(ipywidgets.HBox(self.inputs), "inputs")
        parts = [self._title, row, *([self._note] if control.note else [])]
        self.box = classed(ipywidgets.VBox(parts), "control", f"control-{control.name}")
        self.relabel(words)
        if control.note:
            self.observe(self._remark)

    def observe(self, moved: Callable[[Any], None]) -> None:
        """Call ``moved`` whenever a person changes the control."""
        for one in self.inputs:
            one.observe(moved, names="index" if isinstance(one, ipywidgets.Dropdown) else "value")

    def read(self) -> Any:
        """Give the value, or refuse it."""
        return self._control.read(self.inputs)

    def write(self, value: Any) -> None:
        """Set the value."""
        self._control.write(self.inputs, value)

    def keep(self, typed: Mapping[str, str]) -> None:
        """Hand the value on to whoever keeps it, also one that is only being typed in its box."""
        if keep := self._control.keep:
            box = typed_in(self.inputs[-1], typed)
            value = self._control.checked(box[0]) if box else self.read()
            if value != self._kept:
                keep(value)
                self._kept = value

    def titles(self, words: Words) -> dict[str, str]:
        """Say what is moved, by the name it has on the page."""
        return {self._control.name: self._control.title(words)}

    def relabel(self, words: Words) -> None:
        """Put it into another language."""
        self._words = words
        self._title.value = f"<span>{markup.escape(self._control.title(words))}</span>"
        self._control.say(self.inputs, words)
        self._remark()

    def _remark(self, _change: Any = None) -> None:
        if self._control.note:
            note = self._control.note(self.read(), self._words)
            self._note.value = f"<span>{markup.escape(note)}</span>"


@dataclass(frozen=True, kw_only=True)
class Control(abc.ABC):
    """What every control has.

    Parameters
    ----------
    name
        The argument it sets.
    value
        The opening value.
    label
        The key of its title in the word lists; by default the name, looked up as
        ``panel.<panel>.<name>``, then as ``panel.<name>``.
    note
        What a line below it says of the value it holds, from the value and the words.
    place
        ``above`` all that follows from it; at the ``list``, where that alone does; or in the fold
        *Adjust*, for what is seldom moved.
    keep
        What is told a value that a person has changed; of words, also while they are typed.
    """

    name: str
    value: Any
    label: str = ""
    place: Place = "above"
    note: Callable[[Any, Words], str] | None = None
    keep: Callable[[Any], None] | None = None

    def title(self, words: Words) -> str:
        """What is the control called?"""
        return words.within(words.scope or "panel")(self.label or self.name)

    def said(self, value: Any, _words: Words) -> str:
        """How is one of its values written in a sentence? As it stands."""
        return str(value)

    def checked(self, value: Any) -> Any:
        """Give the value as the answer gets it, or refuse it."""
        return value

    @abc.abstractmethod
    def inputs(self, words: Words) -> Inputs:
        """Make what a person moves; the last one holds the value."""

    def read(self, inputs: Inputs) -> Any:
        """Give the value that stands there, or refuse it."""
        return self.checked(inputs[-1].value)

    def write(self, inputs: Inputs, value: Any) -> None:
        """Let a value stand there."""
        inputs[-1].value = value

    def say(self, inputs: Inputs, words: Words) -> None:  # noqa: B027
        """Put what stands in them into words."""

    def field(self, words: Words) -> Field:
        """Draw the control."""
        return Field(self, words)

    def _refuse(self, value: Any, mend: str) -> errors.ParameterError:
        return errors.ParameterError(f"{self.name} is {value!r}.", mend=mend)


@dataclass(frozen=True, kw_only=True)
class Slider(Control):
    """A number between two ends: a slider and, beside it, a box to type in.

    Examples
    --------
    >>> Slider(name="due_from", value=0.8, low=0, high=2, step=0.05, label="panel.table").checked(1)
    1.0
    """

    low: float
    high: float
    step: float

    @property
    def _whole(self) -> bool:
        return all(float(part).is_integer() for part in (self.low, self.step, self.value))

    def checked(self, value: Any) -> Any:
        """Give a number within the ends; anything else is refused."""
        mend = f"Give a number from {self.low} to {self.high}."
        number = arguments.number(self.name, value, least=self.low, most=self.high, mend=mend)
        # The slider counts in steps and adds up to 1.2000000000000002.
        return int(number) if self._whole and number.is_integer() else round(number, 6)

    def said(self, value: Any, words: Words) -> str:
        """Write the number with the digits it has."""
        return formats.number(value, words, digits=len(f"{value:g}".partition(".")[2]))

    def inputs(self, _words: Words) -> Inputs:
        """Make a slider and its number box, kept equal in the kernel."""
        mend = "Declare it with low up to high, and a step above 0."
        high = arguments.number(f"{self.name}: high", self.high, mend=mend)
        arguments.number(f"{self.name}: low", self.low, most=high, mend=mend)
        arguments.number(f"{self.name}: step", self.step, above=0, mend=mend)
        value = self.checked(self.value)
        ends = {"value": value, "min": self.low, "max": self.high, "step": self.step}
        number = "Int" if self._whole else "Float"
        slider = getattr(ipywidgets, f"{number}Slider")(
            **ends, readout=False, continuous_update=False
        )
        box = getattr(ipywidgets, f"Bounded{number}Text")(**ends)
        ipywidgets.link((slider, "value"), (box, "value"))
        return slider, box


@dataclass(frozen=True, kw_only=True)
class Choice(Control):
    """One of a few values: a drop-down list.

    Parameters
    ----------
    options
        The values; ``None`` stands for all of them.
    words
        The words of the values: the prefix of their keys in the word lists, by default the
        control's name (``panel.<panel>.<name>.<value>``); a mapping from value to text (names from
        the data), or a function of value and words.
    """

    options: tuple[Hashable, ...]
    words: str | Mapping[Any, str] | Callable[[Any, Words], str] = ""

    def said(self, value: Any, words: Words) -> str:
        """Give the words of one value."""
        if value is None:
            return words("panel.all")
        if isinstance(self.words, str):
            text = words(f"{self.words or self.name}.{value}")
            return text[:1].upper() + text[1:]
        if isinstance(self.words, Mapping):
            return str(self.words.get(value, value))
        return self.words(value, words)

    def checked(self, value: Any) -> Any:
        """Give one of the options; anything else is refused, with the likely one named."""
        if value not in self.options:
            known = [str(option) for option in self.options if option is not None]
            raise self._refuse(
                value, f"{errors.did_you_mean(str(value), known)}Choose from: {', '.join(known)}."
            )
        return value

    def inputs(self, words: Words) -> Inputs:
        """Make a drop-down list."""
        # all of it is said at once: a page may be slow to hear of changes
        options = [self.said(one, words) for one in self.options]
        index = self.options.index(self.checked(self.value))
        return (ipywidgets.Dropdown(options=options, index=index),)

    def read(self, inputs: Inputs) -> Any:
        """Give the option chosen."""
        return self.options[inputs[0].index]

    def write(self, inputs: Inputs, value: Any) -> None:
        """Choose an option."""
        inputs[0].index = self.options.index(value)

    def say(self, inputs: Inputs, words: Words) -> None:
        """Name the options."""
        chosen = inputs[0].index
        inputs[0].options = [self.said(one, words) for one in self.options]
        inputs[0].index = chosen


@dataclass(frozen=True, kw_only=True)
class Toggle(Control):
    """Yes or no: a check box."""

    def said(self, value: Any, words: Words) -> str:
        """Say yes or no."""
        return words("panel.yes" if value else "panel.no")

    def checked(self, value: Any) -> Any:
        """Give True or False; anything else is refused."""
        if not isinstance(value, bool):
            raise self._refuse(value, "Give True or False.")
        return value

    def inputs(self, _words: Words) -> Inputs:
        """Make a check box."""
        return (ipywidgets.Checkbox(value=self.checked(self.value), indent=False),)


@dataclass(frozen=True, kw_only=True)
class Day(Control):
    """A day, between the first and the last there is: a date box."""

    first: dt.date
    last: dt.date

    def said(self, value: Any, words: Words) -> str:
        """Write the day as people do."""
        return words.write(value, "date")

    def checked(self, value: Any) -> Any:
        """Give a day within the ends, from a date or ISO text; anything else is refused."""
        mend = f"Give a day from {self.first} to {self.last}."
        try:
            day = dt.date.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            day = None
        if isinstance(day, dt.datetime):
            day = day.date()
        if not isinstance(day, dt.date) or not self.first <= day <= self.last:
            told = {"name": self.name, "first": self.first, "last": self.last}
            raise self._refuse(str(value), mend).told_by("day", **told)
        return day

    def inputs(self, _words: Words) -> Inputs:
        """Make a date box, without ends: it would move a day beyond them to the end, unsaid."""
        return (ipywidgets.DatePicker(value=self.checked(self.value)),)


@dataclass(frozen=True, kw_only=True)
class Text(Control):
    """Words to type: a box of one line, or of several.

    Examples
    --------
    >>> Text(name="message", value="Dear Lin", lines=4, label="panel.table").checked(" Dear Wu ")
    'Dear Wu'
    """

    lines: int = 1

    def checked(self, value: Any) -> Any:
        """Give text without the spaces around it; anything else is refused."""
        if not isinstance(value, str):
            raise self._refuse(value, "Give a text.")
        return value.strip()

    def inputs(self, _words: Words) -> Inputs:
        """Make a text box, which speaks when it is left or at Enter, not at every letter."""
        # All of it is said at once: whatever comes later makes the page write the box anew. By its
        # number the page says which box it is whose words the kernel has not heard of yet.
        said: dict[str, Any] = {
            "value": self.checked(self.value),
            "continuous_update": False,
            "_dom_classes": (f"{TYPED}{next(_NUMBERS)}",),
        }
        if self.lines > 1:
            return (ipywidgets.Textarea(**said, rows=self.lines),)
        return (ipywidgets.Text(**said),)


def typed_in(box: ipywidgets.DOMWidget, typed: Mapping[str, str]) -> list[str]:
    """Give the words that the page says are typed in this box, where it says any."""
    return [typed[number] for number in typed if f"{TYPED}{number}" in box._dom_classes]


def asked(
    name: str, options: tuple[str, ...], *, label: str, words: str | Callable[[Any, Words], str]
) -> Choice:
    """Ask for one of a few values: it opens on "Choose …", and that is ``OPEN``.

    Examples
    --------
    >>> question = asked("feedback", ("positive", "negative"), label="column.feedback",
    ...                  words="feedback")
    >>> question.said(question.value, Words()), question.said("negative", Words())
    ('Choose …', 'Negative')
    """
    named = Choice(name=name, value=options[0], options=options, words=words)

    def said(value: str, words: Words) -> str:
        return words("panel.choose") if value == OPEN else named.said(value, words)

    return Choice(name=name, value=OPEN, options=(OPEN, *options), words=said, label=label)


#: The language a panel speaks: the one control that every panel has.
LANGUAGE = Choice(
    name="lang", value="en", options=LANGUAGES, words={"en": "English", "zh": "中文"},
    label="panel.language",
)  # fmt: skip


def owner_choice(
    people: People, *, value: str | None = None, place: Place = "above"
) -> list[Choice]:
    """Let one owner's rows be chosen, by name; nothing to choose where there are no owners.

    Examples
    --------
    >>> owner_choice(People())
    []
    """
    if not isinstance(people, People):
        raise errors.ParameterTypeError(
            f"people is of type {type(people).__name__}.",
            mend="Give people=People(customers, owners, leads), with the tables that there are.",
        )
    is_assigned = any("owner_id" in table for table in (people.customers, people.leads))
    names = people.owner_names() if is_assigned else {}
    chosen = Choice(name="owner", value=value, options=(None, *names), words=names, place=place)
    return [chosen] if names else []
