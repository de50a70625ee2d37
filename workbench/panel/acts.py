"""What can be done from a panel? Buttons that do something with what is shown."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench import errors, labels

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
    name
        What it is called in Python.
    does
        The answer's table and, by name, the controls' values and ``lang`` → a sentence that says
        what was done, or the file to hand over.
    label
        The key of the button's words in ``labels.csv``; by default ``panel.`` and the name. The
        key with ``_title`` behind it, if there is one, holds the words for who points at it.
    renews
        It changes what the panel shows: all is asked anew.
    offered
        The controls' values, by name → whether it can be done at all; by default always.
    """

    name: str
    does: Callable[..., str | Handed]
    label: str = ""
    renews: bool = False
    offered: Callable[..., bool] | None = None

    def words(self, lang: labels.Lang) -> tuple[str, str]:
        """Give the button's words, and those for who points at it."""
        key = self.label or f"panel.{self.name}"
        longer = f"{key}_title"
        return labels.text(key, lang), labels.text(longer, lang) if labels.has(longer) else ""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A way out of a panel with its words: to the clipboard, or to the program that sends them.

    Parameters
    ----------
    label
        The key of its words in ``labels.csv``.
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
