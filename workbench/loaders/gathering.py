"""Which files does a folder or a pattern name, and do they belong together?"""

import glob
from collections.abc import Sequence
from pathlib import Path

from workbench import errors
from workbench.loaders import files, workbooks

_SIGNS = "*?["


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
    if is_folder:
        found = list(path.iterdir()) if _may_list(path, source) else []
    elif not is_file and any(sign in path.name or sign in str(path) for sign in _SIGNS):
        found = [Path(name) for name in glob.glob(str(path), recursive=True)]  # noqa: PTH207
    else:
        return None
    kept = sorted(
        (one for one in found if not one.name.startswith((".", "~$")) and one.is_file()),
        key=lambda one: one.parts,
    )
    if not kept:
        raise _nothing(source, path, is_folder)
    for one in kept:
        files.find(one)
    _check_kinds(kept, source)
    return tuple(kept)


def _may_list(path: Path, source: Path | str) -> bool:
    try:
        next(path.iterdir(), None)
    except OSError as error:
        raise errors.SourceError(
            f"The folder '{source}' cannot be read ({error.strerror}).",
            mend="Check its permissions.",
        ) from error
    return True


def _nothing(source: Path | str, path: Path, is_folder: bool) -> errors.SourceNotFoundError:
    if is_folder:
        return errors.SourceNotFoundError(
            f"The folder '{source}' holds no file.", mend="Name the folder of the exports."
        )
    base = path.parent
    while any(sign in str(base) for sign in _SIGNS):
        base = base.parent
    if not base.is_dir():
        mend = f"The folder '{base}' is not there either. Check the path."
    else:
        names = sorted(one.name for one in base.iterdir() if not one.name.startswith("."))
        listed = ", ".join(f"'{name}'" for name in names[:8])
        more = f" and {len(names) - 8} more" if len(names) > 8 else ""
        mend = f"In '{base}' there is {listed or 'nothing'}{more}. Check the pattern."
    return errors.SourceNotFoundError(f"No file matches '{source}'.", mend=mend)


def _check_kinds(paths: Sequence[Path], source: Path | str) -> None:
    kinds: dict[str, list[Path]] = {}
    for path in paths:
        kinds.setdefault(_kind(path), []).append(path)
    if len(kinds) > 1:
        said = ", ".join(
            f"{len(members)} {kind} ('{members[0].name}'{', …' if len(members) > 1 else ''})"
            for kind, members in sorted(kinds.items())
        )
        suffixes = sorted({f"*{path.suffix}" for path in paths})
        raise errors.SourceError(
            f"'{source}' holds files of several kinds: {said}.",
            mend=f"Name those of one kind by a pattern, such as '{suffixes[0]}'.",
        )


def _kind(path: Path) -> str:
    if files.is_parquet(path):
        return "Parquet"
    return "Excel" if workbooks.looks_like_one(path) else "text"


def folder_of(paths: Sequence[Path]) -> Path:
    """Give the folder that holds all of several files.

    Examples
    --------
    >>> folder_of([Path("in/2025/a.csv"), Path("in/2026/a.csv")]).as_posix()
    'in'
    """
    first, *others = (path.parent.parts for path in paths)
    depth = len(first)
    while any(parts[:depth] != first[:depth] for parts in others):
        depth -= 1
    return Path(*first[:depth])


def names(paths: Sequence[Path]) -> tuple[str, ...]:
    """Give the path of each file below the folder that holds them all.

    Examples
    --------
    >>> names([Path("in/2025/a.csv"), Path("in/2026/a.csv")])
    ('2025/a.csv', '2026/a.csv')
    """
    folder = folder_of(paths)
    return tuple(path.relative_to(folder).as_posix() for path in paths)
