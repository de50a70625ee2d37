"""What can be moved that depends on what was chosen before? Controls that follow other controls."""

import dataclasses
import html as markup
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets

from workbench import errors
from workbench.panel.controls import Control, Field, Inputs, by_name, classed
from workbench.words import Words


@dataclass(frozen=True, kw_only=True)
class Group(Control):
    """Several controls that follow from what other controls say; together they are one value.

    The value is a mapping from each control's name to its own value. When one of the values that
    ``controls`` asks for moves, the group is drawn anew, at the new controls' opening values.

    Parameters
    ----------
    controls
        Function to the controls of the group, from whatever of the panel it names among its
        arguments; of controls, those declared before.

    Examples
    --------
    >>> from workbench.panel.controls import Toggle
    >>> group = Group(
    ...     name="view", controls=lambda source: [Toggle(name=source, value=True)]
    ... )
    >>> drawn = group.field(Words())
    >>> drawn.redraw(group.controls(source="same_cuts"), Words())
    >>> drawn.read()
    {'same_cuts': True}
    """

    controls: Callable[..., Sequence[Control]]
    value: Any = dataclasses.field(default_factory=dict)

    def said(self, value: Any, _words: Words) -> str:
        """Give all values, in words that need no declaration."""
        return ", ".join(map(str, value.values()))

    def checked(self, value: Any) -> Any:
        """Give a mapping; which names there are, the drawn group knows."""
        if not isinstance(value, Mapping):
            raise self._refuse(value, "Give the values by name: {'name': value}.")
        return dict(value)

    def inputs(self, _words: Words) -> Inputs:
        """Make nothing yet: which controls there are follows from others."""
        return ()

    def field(self, words: Words) -> "GroupField":
        """Draw a group without controls, for the first ``redraw`` to fill."""
        return GroupField(self, words)


class GroupField(Field):
    """A drawn group: a title above a row of controls that come and go."""

    def __init__(self, group: Group, words: Words) -> None:
        self._group = group
        self._controls: dict[str, Control] = {}
        self._fields: dict[str, Field] = {}
        self._moved: Callable[[Any], None] | None = None
        self._asked: Any = None
        self._title, self._row = ipywidgets.HTML(), classed(ipywidgets.HBox(), "controls")
        parts = [self._title, self._row]
        self.box = classed(ipywidgets.VBox(parts), "group", f"group-{group.name}")
        self.inputs = ()
        self.relabel(words)

    def observe(self, moved: Callable[[Any], None]) -> None:
        """Call ``moved`` whenever a person changes a control, also one that is drawn later."""
        self._moved = moved
        for field in self._fields.values():
            field.observe(moved)

    def follow(self, answering: Any, values: Mapping[str, Any], words: Words) -> None:
        """Show the controls that follow from these values, unless they are shown already."""
        asked = answering.key(self._group.controls, values)
        if asked == self._asked:
            return
        # Until it is drawn, there is nothing it followed: what failed is tried again.
        self._asked = None
        try:
            self.redraw(answering.call(self._group.controls, values), words)
        except Exception:
            self.redraw((), words)  # what it shows belongs to something else
            raise
        self._asked = asked

    def forget(self) -> None:
        """Draw it anew next time, whatever it follows from: the world has changed."""
        self._asked = None

    def redraw(self, controls: Sequence[Control], words: Words) -> None:
        """Show other controls, at their opening values."""
        gone = [field.box for field in self._fields.values()]
        self._controls = by_name(f"The group '{self._group.name}'", controls, Control)
        # On the page a control is known by its name: two groups may each have one called "amount".
        self._fields = {
            name: dataclasses.replace(
                control, name=f"{self._group.name}-{name}", label=control.label or name
            ).field(words)
            for name, control in self._controls.items()
        }
        self.inputs = tuple(part for field in self._fields.values() for part in field.inputs)
        if self._moved:
            self.observe(self._moved)
        self._row.children = tuple(field.box for field in self._fields.values())
        self.relabel(words)
        for box in gone:
            _close(box)

    def keep(self, typed: Mapping[str, str]) -> None:
        """Hand on what each of them holds to whoever keeps it."""
        for field in self._fields.values():
            field.keep(typed)

    def read(self) -> dict[str, Any]:
        """Give the values by name."""
        return {name: field.read() for name, field in self._fields.items()}

    def write(self, value: Mapping[str, Any]) -> None:
        """Set some of the values, or refuse all."""
        for name in value:
            if name not in self._controls:
                raise errors.unknown(f"control in '{self._group.name}'", str(name), self._controls)
        checked = {name: self._controls[name].checked(part) for name, part in value.items()}
        for name, part in checked.items():
            self._fields[name].write(part)

    def relabel(self, words: Words) -> None:
        """Put all of them into another language."""
        self._title.value = f"<span>{markup.escape(self._group.title(words))}</span>"
        self.box.layout.display = None if self._fields else "none"
        for field in self._fields.values():
            field.relabel(words)

    def titles(self, words: Words) -> dict[str, str]:
        """Say what each of them moves."""
        fields = self._fields.values()
        return {name: title for field in fields for name, title in field.titles(words).items()}


def _close(widget: ipywidgets.Widget) -> None:
    for child in getattr(widget, "children", ()):
        _close(child)
    widget.close()
