"""How does a file that a person named come about? Whole or not at all, and over nobody's data."""

import contextlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from workbench import config, errors, patterns, scratch

__all__ = ["check", "write"]
__dir__ = __all__.copy

# What a spreadsheet may take for a formula. Apostrophes before it count too, so that the one we
# put is always the one that is taken off.
FORMULA = r"'*[=+\-@＝＋－＠\t\r\n]"
_DATABASES = {0: b"SQLite format 3\0", 8: b"DUCK"}
_BESIDE_DATABASES = ("-wal", "-shm", "-journal")


def check(path: Path | str, *sources: Path | str) -> Path:
    """May a file be written here? Give its path.

    The same file is the same under every name: links, other spellings, other case.

    Parameters
    ----------
    path
        The file to write.
    sources
        What is being read, as ``loaders.load`` takes it: it stays as it is.

    Raises
    ------
    ParameterError
        It is one of the sources, a source or the worklist of the settings in force, a settings
        file, or any database.

    Examples
    --------
    >>> check("workbench.toml")
    Traceback (most recent call last):
    workbench.errors.ParameterError: 'workbench.toml' would be overwritten: it holds settings.
    Name another place for it.
    """
    target = Path(path).expanduser()
    if what := next(_held(target, sources), None):
        raise errors.ParameterError(
            f"'{target}' would be overwritten: it {what}.", mend="Name another place for it."
        )
    return target


def write(path: Path | str, content: bytes | str, *sources: Path | str) -> Path:
    """Write a file that a person named, whole or not at all; text in UTF-8.

    Parameters
    ----------
    path, sources
        As ``check``; the folder has to be there.
    content
        All of the file.

    Raises
    ------
    ParameterError
        As ``check``.
    SourceError
        It cannot be written; what stood there stands.
    """
    target = check(path, *sources)
    try:
        return replace(target, content)
    except OSError as error:
        raise errors.SourceError(
            f"'{target}' cannot be written: {error.strerror or error}.",
            mend="Name a file in a folder that is there, that has room, and that you may write to.",
        ) from error


def replace(target: Path, content: bytes | str, *, private: bool = False) -> Path:
    """Put a file in place in one step: a reader, or a crash, never meets half of it.

    A private one is readable for this user alone.
    """
    with scratch.Folder(target.parent) as folder:
        draft = folder / target.name
        with draft.open("xb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        if private:
            draft.chmod(0o600)
        return draft.replace(target)


def guarded(value: Any) -> Any:
    """Can a spreadsheet take this text for a formula? Then an apostrophe goes before it.

    Loaders take it off again.

    Examples
    --------
    >>> guarded("=1+1"), guarded("'=1+1"), guarded(-3), guarded("O'Neill")
    ("'=1+1", "''=1+1", -3, "O'Neill")
    """
    return f"'{value}" if isinstance(value, str) and re.match(FORMULA, value) else value


def _held(target: Path, sources: tuple[Path | str, ...]) -> Iterator[str]:
    """Say what a file holds that may not be lost."""
    if config.FILE_NAME in (target.name.casefold(), target.resolve().name.casefold()):
        yield "holds settings"
    beside = [Path(str(target).removesuffix(end)) for end in _BESIDE_DATABASES]
    if any(_is_database(one) for one in (target, *beside)):
        yield "is a database"
    if any(_is_of(target, source) for source in sources):
        yield "is what is being read"
    for found in dict.fromkeys((config.find(), config.find(target.absolute().parent))):
        if found is not None and _same(target, found):
            yield "holds settings"
        try:
            settings = config.load(found)
        except errors.ConfigError:
            if target.exists():  # it may be a source that nobody can tell
                raise
            continue
        with contextlib.suppress(errors.ConfigError):  # a secret is not set: no file is meant
            if _is_of(target, settings.worklist_address()):
                yield "is the worklist"
        for name in settings.tables:
            with contextlib.suppress(errors.ConfigError):
                if _is_of(target, settings.source(name)):
                    yield f"is the source of the table '{name}' in {config.FILE_NAME}"


def _is_of(target: Path, source: Path | str) -> bool:
    """Is this one of the files that a source names: a file, a folder, a pattern, a database?"""
    named = str(source)
    path = Path(unquote(named.removeprefix("sqlite:///")) if "://" in named else named).expanduser()
    if path.is_dir():
        return any(_same(target, inside) for inside in path.iterdir())
    inside = [] if path.exists() or not patterns.is_pattern(path) else patterns.matching(path)
    return _same(target, path) or any(_same(target, one) for one in inside)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one is not there yet
        return one.resolve() == other.resolve()


def _is_database(path: Path) -> bool:
    if not path.is_file():  # reading a pipe would wait for ever
        return False
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError:
        return False
    return any(start[place:].startswith(magic) for place, magic in _DATABASES.items())
