"""Which files does a pattern such as ``exports/**/*.csv`` name? Looked for step by step, with an end.

A pattern over a whole disk would look at millions of files: it is refused as soon as that shows.
"""

import fnmatch
import os
from collections.abc import Iterator
from pathlib import Path

from workbench import errors

__all__ = ["MOST_FILES", "MOST_LOOKED_AT", "is_pattern", "matching", "no_more"]
__dir__ = __all__.copy

MOST_FILES, MOST_LOOKED_AT = 10_000, 200_000
_SIGNS = "*?["


def is_pattern(source: Path | str) -> bool:
    """Is this a pattern rather than a name?

    Examples
    --------
    >>> is_pattern("exports/*.csv"), is_pattern("exports/orders.csv")
    (True, False)
    """
    return any(sign in str(source) for sign in _SIGNS)


def matching(pattern: Path | str) -> list[Path]:
    """Which files and folders match, in the order of their names? As ``glob`` takes a pattern.

    Hidden ones match only a part that begins with a dot, and ``**`` stands for any folders.

    Raises
    ------
    SourceError
        More match, or have to be looked at, than there are files of one table.

    Examples
    --------
    >>> matching("/nowhere/*.csv")
    []
    """
    path, looked_at = Path(pattern), [0]
    parts = path.parts[1:] if path.anchor else path.parts
    found: list[Path] = []
    for one in _below(Path(path.anchor), list(parts), str(pattern), looked_at):
        found.append(one)
        no_more(str(pattern), len(found), MOST_FILES, "matches")
    return sorted(set(found), key=lambda one: one.parts)


def no_more(named: str, count: int, most: int, does: str) -> None:
    """Refuse a source of more files than those of one table."""
    if count > most:
        raise errors.SourceError(
            f"'{named}' {does} more than {most:,} files, which are not those of one table.",
            mend="Name the folder of the exports: exports/*.csv.",
        )


def _below(folder: Path, parts: list[str], named: str, looked_at: list[int]) -> Iterator[Path]:
    if not parts:
        yield folder
        return
    part, *rest = parts
    if part == "**":
        yield from _below(folder, rest, named, looked_at) if rest else _entries_of(folder)
        for name, is_folder in _entries(folder, named, looked_at):
            if not name.startswith("."):
                if is_folder:
                    yield from _below(folder / name, parts, named, looked_at)
                elif not rest:
                    yield folder / name
    elif not is_pattern(part):
        if os.path.lexists(folder / part):
            yield from _below(folder / part, rest, named, looked_at)
    else:
        for name, is_folder in _entries(folder, named, looked_at):
            is_seen = part.startswith(".") or not name.startswith(".")
            if is_seen and fnmatch.fnmatch(name, part) and (is_folder or not rest):
                yield from _below(folder / name, rest, named, looked_at)


def _entries_of(folder: Path) -> Iterator[Path]:
    if str(folder) != ".":
        yield folder


def _entries(folder: Path, named: str, looked_at: list[int]) -> Iterator[tuple[str, bool]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                looked_at[0] += 1
                no_more(named, looked_at[0], MOST_LOOKED_AT, "looks at")
                yield entry.name, _is_folder(entry)
    except errors.WorkbenchError:
        raise
    except OSError:  # what may not be read holds nothing
        return


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
