"""What does a terminal show, and what may be typed on its command line?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from workbench import errors

if TYPE_CHECKING:
    from rich.console import Console


def fail(line: str, code: int) -> int:
    """Print one line to stderr; what could steer the terminal is shown, not obeyed."""
    typer.echo(f"workbench: {inert(line)}", err=True)
    return code


def inert(text: str) -> str:
    """Show what could steer a terminal (escape codes, right-to-left marks) instead of obeying it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def console() -> "Console":
    """Where tables and progress go; names in brackets are text, not colours."""
    from rich.console import Console

    return Console(markup=False, highlight=False, emoji=False)


@contextmanager
def progress(what: str) -> "Iterator[Callable[[int, int], None]]":
    """Show how much of a long piece of work is done: a bar on a terminal, nothing in a log."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:", markup=False),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def pairs(option: str, given: list[str], example: str) -> dict[str, str]:
    """Read an option of the form NAME=VALUE that may be repeated."""
    pairs: dict[str, str] = {}
    for words in given:
        name, equals, value = (part.strip() for part in words.partition("="))
        if not (name and equals and value):
            raise errors.ParameterError(
                f"{option} is '{words}'.", mend=f"Write a name, = and a value: {option} {example}"
            )
        pairs[name] = value
    return pairs
