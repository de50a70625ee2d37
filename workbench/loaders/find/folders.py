"""Which files does a folder or a pattern name, and do they belong together?"""

import os
from collections.abc import Sequence
from pathlib import Path

from workbench import errors, patterns, redaction
from workbench.loaders.find import files, workbooks


def gather(source: Path | str) -> tuple[Path, ...] | None:
    """List the files of a folder or a pattern, in the order of their names; None for one file.

    Hidden files, the locks an open workbook leaves beside itself, and folders inside are no part.

    Raises
    ------
    SourceNotFoundError
        No file matches, or the folder holds none.
    SourceError
        The files are of several kinds, or one may not be read.
    """
    path = Path(source).expanduser()
    try:
        is_folder, is_file = path.is_dir(), path.exists()
    except (OSError, ValueError):
        return None
    if not is_folder and (is_file or not patterns.is_pattern(path)):
        return None
    try:
        inside = path.iterdir() if is_folder else patterns.matching(path)
        paths = [one for one in inside if not one.name.startswith((".", "~$")) and one.is_file()]
    except errors.WorkbenchError:
        raise
    except OSError as error:
        raise errors.SourceError(
            f"The folder '{source}' cannot be read ({error.strerror}).",
            mend="Check its permissions.",
        ) from error
    if not paths:
        raise _nothing(source, path, is_folder)
    patterns.no_more(str(source), len(paths), patterns.MOST_FILES, "holds")
    paths.sort(key=lambda one: one.parts)
    for one in paths:
        files.find(one)
    _check_kinds(paths, source)
    return tuple(paths)


def _nothing(source: Path | str, path: Path, is_folder: bool) -> errors.SourceNotFoundError:
    if is_folder:
        return errors.SourceNotFoundError(
            f"The folder '{source}' holds no file.", mend="Name the folder of the exports."
        )
    base = path.parent
    while patterns.is_pattern(base):
        base = base.parent
    if not base.is_dir():
        mend = f"The folder '{base}' is not there either. Check the path."
    else:
        inside = sorted(one.name for one in base.iterdir() if not one.name.startswith("."))
        listed = ", ".join(f"'{name}'" for name in inside[:8])
        more = f" and {len(inside) - 8} more" if len(inside) > 8 else ""
        mend = f"In '{base}' there is {listed or 'nothing'}{more}. Check the pattern."
    named = redaction.address(str(source))
    return errors.SourceNotFoundError(f"No file matches '{named}'.", mend=redaction.text(mend, ()))


def _check_kinds(paths: Sequence[Path], source: Path | str) -> None:
    kinds: dict[str, list[Path]] = {}
    for path in paths:
        is_book = not files.is_parquet(path) and workbooks.looks_like_one(path)
        kind = "Excel" if is_book else "Parquet" if files.is_parquet(path) else "text"
        kinds.setdefault(kind, []).append(path)
    if len(kinds) > 1:
        listed = ", ".join(
            f"{len(members)} {kind} ('{members[0].name}'{', …' if len(members) > 1 else ''})"
            for kind, members in sorted(kinds.items())
        )
        suffixes = sorted({f"*{path.suffix}" for path in paths})
        raise errors.SourceError(
            f"'{source}' holds files of several kinds: {listed}.",
            mend=f"Name those of one kind by a pattern, such as '{suffixes[0]}'.",
        )


def common(paths: Sequence[Path]) -> Path:
    """Give the folder that holds all of several files.

    Examples
    --------
    >>> common([Path("in/2025/a.csv"), Path("in/2026/a.csv")]).as_posix()
    'in'
    """
    return Path(os.path.commonpath([path.parent for path in paths]))
