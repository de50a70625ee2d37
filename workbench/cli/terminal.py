"""What does a terminal show, and what may be typed on its command line?"""

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
