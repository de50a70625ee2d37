"""What does a terminal show, and what may be typed on its command line?"""

import contextlib
import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from workbench import errors

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


# What was typed: a password in it is a secret too.
TYPED: list[str] = []


def fail(line: str, code: int) -> int:
    """Tell one line of what went wrong, and give the exit code."""
    tell(f"workbench: {line}")
    return code


def tell(line: str) -> None:
    """Print one line to stderr, without secrets; what could steer the terminal is shown, not obeyed."""
    typer.echo(inert(without_secrets(line)), err=True)


def without_secrets(words: str) -> str:
    """Take out the secrets of the environment, of the settings in force, and of what was typed."""
    from workbench import config, redaction

    with contextlib.suppress(OSError):
        found = config.find()
        # as it stands: it may be the settings that are wrong
        settings = found.read_text(encoding="utf-8", errors="replace") if found else ""
        return redaction.text(words, redaction.secrets(os.environ, settings, *TYPED))
    return redaction.text(words, redaction.secrets(os.environ, *TYPED))


def inert(text: str) -> str:
    """Show what could steer a terminal (escape codes, right-to-left marks) instead of obeying it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def console(*, stderr: bool = False) -> "Console":
    """Where tables and progress go; names in brackets are text, not colours."""
    from rich.console import Console

    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def plain_table() -> "Table":
    """A table without lines, its columns three signs apart."""
    from rich.table import Table

    return Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))


@contextmanager
def progress(what: str, *, is_headed: bool = False) -> "Iterator[Callable[..., None]]":
    """Show how much of a long piece of work is done: a bar on a terminal, nothing in a log.

    What it gives is told how much is done, of how much, and, if it is headed, under which heading.
    """
    from rich import progress

    text = functools.partial(progress.TextColumn, markup=False)
    more = (text("left:"), progress.TimeRemainingColumn())
    columns = (
        text("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
        *((text("{task.fields[heading]}"),) if is_headed else more),
    )
    shown = console(stderr=True)
    with progress.Progress(
        *columns, console=shown, transient=True, disable=not shown.is_terminal
    ) as bar:
        task = bar.add_task(what, total=None, heading="")
        yield lambda done, of, heading="": bar.update(
            task, completed=done, total=of, heading=heading
        )


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
