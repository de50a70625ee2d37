"""What can be done from a panel? Buttons that do something with what is shown."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench import errors
from workbench.words import Words

#: The addresses a panel may lead out to: programs of one's own machine, never a page.
SCHEMES = ("mailto", "sms", "tel")


@dataclass(frozen=True)
class Handed:
    """A file an act hands over: on the page a download.

    Parameters
    ----------
    name, content, type
        The file's name, its bytes and its media type.
    """

    name: str
    content: bytes
    type: str = "text/csv;charset=utf-8"


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something to do with what a panel shows: a button on the page, ``panel.act(name)`` in Python.

    An act is refused while the panel shows an error: it would act on what is no longer so.

    Parameters
    ----------
    does
        Whatever of the panel it names among its arguments, and ``words`` → a sentence that says
        what was done, or the file to hand over.
    name
        What it is called in Python; by default the function's name.
    label
        The key of the button's words; by default ``panel.`` and the name. The key with ``_title``
        behind it, if there is one, holds the words for who points at it.
    renews
        It writes, and so changes what the panel shows: all is asked anew.
    keeps
        Of an act that renews: what was chosen and typed in groups stays, where it still can.
    offered
        What it names among its arguments → whether it can be done at all; by default always.

    Raises
    ------
    ParameterError
        It has no name, and what it does has none either.
    """

    does: Callable[..., str | Handed]
    name: str = ""
    label: str = ""
    renews: bool = False
    keeps: bool = False
    offered: Callable[..., bool] | None = None

    def __post_init__(self) -> None:
        name = self.name or getattr(self.does, "__name__", "<")
        if not name.isidentifier():
            raise errors.ParameterError(
                f"An act that does {self.does!r} has no name.", mend="Give it one: name='save'."
            )
        object.__setattr__(self, "name", name)

    def said(self, words: Words) -> tuple[str, str]:
        """Give the button's words, and those for who points at it."""
        key = self.label or f"panel.{self.name}"
        words = words.within("")  # a panel's own ``queue.done`` is one of its choices
        return words(key), words(f"{key}_title") if words.has(f"{key}_title") else ""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A way out of a panel with its words: to the clipboard, or to the program that sends them.

    Parameters
    ----------
    label
        The key of its words in the word lists.
    address
        A ``mailto:``, ``sms:`` or ``tel:`` address; empty: the words go to the clipboard.
    text
        The words it takes along.
    typed_in
        The control the words are typed in: what stands there when it is pressed counts, though the
        kernel may not have heard of it yet. In a group: the group's name, a dash, the control's.

    Raises
    ------
    ParameterError
        The address is of another kind.

    Examples
    --------
    >>> Link(label="panel.copy", text="Hello").address
    ''
    """

    label: str
    address: str = ""
    text: str = ""
    typed_in: str = ""

    def __post_init__(self) -> None:
        if self.address and self.address.partition(":")[0] not in SCHEMES:
            raise errors.ParameterError(
                f"A panel links to no such address as '{self.address}'.",
                mend=f"Use one of: {', '.join(f'{scheme}:' for scheme in SCHEMES)}.",
            )
