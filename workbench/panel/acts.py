"""What can be done from a panel? Buttons that do something with what is shown."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench import labels


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
    """

    name: str
    does: Callable[..., str | Handed]
    label: str = ""
    renews: bool = False

    def words(self, lang: labels.Lang) -> tuple[str, str]:
        """Give the button's words, and those for who points at it."""
        key = self.label or f"panel.{self.name}"
        longer = f"{key}_title"
        return labels.text(key, lang), labels.text(longer, lang) if labels.has(longer) else ""
