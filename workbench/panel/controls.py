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
from typing import Any

import ipywidgets

from workbench import errors
from workbench.people import People
from workbench.words import LANGUAGES, Words, formats

TYPED = "workbench-typed-"
_NUMBERS = itertools.count(1)


@dataclass
class Field:
    """One drawn control: how its value is read, written and put into another language."""

    name: str
    box: ipywidgets.Widget
    inputs: tuple[ipywidgets.Widget, ...]
    read: Callable[[], Any]
    write: Callable[[Any], None]
    relabel: Callable[[Words], None]
    titles: Callable[[Words], dict[str, str]]

    def observe(self, moved: Callable[[Any], None]) -> None:
        """Call ``moved`` whenever a person changes the control."""
        for one in self.inputs:
            one.observe(moved, names="index" if isinstance(one, ipywidgets.Dropdown) else "value")


def drawn(
    control: "Control",
    words: Words,
    inputs: tuple[ipywidgets.Widget, ...],
    read: Callable[[], Any],
    write: Callable[[Any], None],
    say: Callable[[Words], None] | None = None,
) -> Field:
    """Put a control's inputs under its title, with its note below; ``say`` puts them into words."""
    title, note = ipywidgets.HTML(), ipywidgets.HTML()
    note.add_class("workbench-note")
    row = ipywidgets.HBox(inputs)
    row.add_class("workbench-inputs")
    box = ipywidgets.VBox([title, row, *([note] if control.note else [])])
    box.add_class("workbench-control")
    box.add_class(f"workbench-control-{control.name}")
    spoken = [words]

    def remark(_change: Any = None) -> None:
        if control.note:
            note.value = f"<span>{markup.escape(control.note(read(), spoken[0]))}</span>"

    def relabel(words: Words) -> None:
        spoken[0] = words
        title.value = f"<span>{markup.escape(control.title(words))}</span>"
        if say:
            say(words)
        remark()

    def titles(words: Words) -> dict[str, str]:
        return {control.name: control.title(words)}

    relabel(words)
    field = Field(control.name, box, inputs, read, write, relabel, titles)
    if control.note:
        field.observe(remark)
    return field


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
        The key of its title in the word lists; by default ``panel.`` and the name.
    note
        What a line below it says of the value it holds, from the value and the words.
    """

    name: str
    value: Any
    label: str = ""
    note: Callable[[Any, Words], str] | None = None

    def title(self, words: Words) -> str:
        """What is the control called?"""
        return words(self.label or f"panel.{self.name}")

    @abc.abstractmethod
    def said(self, value: Any, words: Words) -> str:
        """How is one of its values written in a sentence?"""

    def checked(self, value: Any) -> Any:
        """Give the value as the answer gets it, or refuse it."""
        return value

    @abc.abstractmethod
    def field(self, words: Words) -> Field:
        """Draw the control."""

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
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._refuse(value, "Give a number.")
        if not self.low <= value <= self.high:
            raise self._refuse(value, f"Give a number from {self.low} to {self.high}.")
        # The slider counts in steps and adds up to 1.2000000000000002.
        return int(value) if self._whole and float(value).is_integer() else round(float(value), 6)

    def said(self, value: Any, words: Words) -> str:
        """Write the number with the digits it has."""
        return formats.number(value, words.lang, digits=len(f"{value:g}".partition(".")[2]))

    def field(self, words: Words) -> Field:
        """Draw a slider and its number box, kept equal in the kernel."""
        ends = {"value": self.value, "min": self.low, "max": self.high, "step": self.step}
        if self._whole:
            slider = ipywidgets.IntSlider(**ends, readout=False, continuous_update=False)
            box = ipywidgets.BoundedIntText(**ends)
        else:
            slider = ipywidgets.FloatSlider(**ends, readout=False, continuous_update=False)
            box = ipywidgets.BoundedFloatText(**ends)
        ipywidgets.link((slider, "value"), (box, "value"))

        def write(value: Any) -> None:
            slider.value = value

        return drawn(self, words, (slider, box), lambda: self.checked(box.value), write)


@dataclass(frozen=True, kw_only=True)
class Choice(Control):
    """One of a few values: a drop-down list.

    Parameters
    ----------
    options
        The values; ``None`` stands for all of them.
    words
        The words of the values: the prefix of their keys in the word lists, a mapping from value
        to text (names from the data), or a function of value and words.
    """

    options: tuple[Hashable, ...]
    words: str | Mapping[Any, str] | Callable[[Any, Words], str]

    def said(self, value: Any, words: Words) -> str:
        """Give the words of one value."""
        if value is None:
            return words("panel.all")
        if isinstance(self.words, str):
            text = words(f"{self.words}.{value}")
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

    def field(self, words: Words) -> Field:
        """Draw a drop-down list."""
        drop = ipywidgets.Dropdown(options=[self.said(one, words) for one in self.options])

        def write(value: Any) -> None:
            drop.index = self.options.index(value)

        def say(words: Words) -> None:
            kept = drop.index
            drop.options = [self.said(one, words) for one in self.options]
            drop.index = kept

        write(self.checked(self.value))
        return drawn(self, words, (drop,), lambda: self.options[drop.index], write, say)


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

    def field(self, words: Words) -> Field:
        """Draw a check box."""
        tick = ipywidgets.Checkbox(value=self.checked(self.value), indent=False)

        def write(value: Any) -> None:
            tick.value = value

        return drawn(self, words, (tick,), lambda: tick.value, write)


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
            raise self._refuse(value, mend) from None
        if isinstance(day, dt.datetime):
            day = day.date()
        if not isinstance(day, dt.date) or not self.first <= day <= self.last:
            raise self._refuse(str(value), mend)
        return day

    def field(self, words: Words) -> Field:
        """Draw a date box."""
        box = ipywidgets.DatePicker(value=self.checked(self.value), min=self.first, max=self.last)

        def write(value: Any) -> None:
            box.value = value

        return drawn(self, words, (box,), lambda: self.checked(box.value), write)


@dataclass(frozen=True, kw_only=True)
class Text(Control):
    """Words to type: a box of one line, or of several.

    Examples
    --------
    >>> Text(name="message", value="Dear Lin", lines=4, label="panel.table").checked(" Dear Wu ")
    'Dear Wu'
    """

    lines: int = 1

    def said(self, value: Any, _words: Words) -> str:
        """Give the words themselves."""
        return str(value)

    def checked(self, value: Any) -> Any:
        """Give text without the spaces around it; anything else is refused."""
        if not isinstance(value, str):
            raise self._refuse(value, "Give a text.")
        return value.strip()

    def field(self, words: Words) -> Field:
        """Draw a text box, which speaks when it is left or at Enter, not at every letter."""
        # All of it is said at once: whatever comes later makes the page write the box anew. By its
        # number the page says which box it is whose words the kernel has not heard of yet.
        said: dict[str, Any] = {
            "value": self.checked(self.value),
            "continuous_update": False,
            "_dom_classes": (f"{TYPED}{next(_NUMBERS)}",),
        }
        box = (
            ipywidgets.Text(**said)
            if self.lines == 1
            else ipywidgets.Textarea(**said, rows=self.lines)
        )

        def write(value: Any) -> None:
            box.value = value

        return drawn(self, words, (box,), lambda: self.checked(box.value), write)


#: The language a panel speaks: the one control that every panel has.
LANGUAGE = Choice(
    name="lang",
    value="en",
    options=LANGUAGES,
    words={"en": "English", "zh": "中文"},
    label="panel.language",
)


def owner_choice(people: People, *, value: str | None = None) -> list[Control]:
    """Let one owner's rows be chosen, by name; nothing to choose where there are no owners.

    Examples
    --------
    >>> owner_choice(People())
    []
    """
    names = people.owner_names()
    chosen = Choice(name="owner", value=value, options=(None, *names), words=names)
    return [chosen] if names else []
