"""How does a finished run take the last one's place, so that no reader ever meets a mixture?

A report's folder holds runs in ``.runs``, one pointer ``.current`` to the published one, and fixed
links (``report.html``, ``run.json`` …) that lead through the pointer. Publishing swaps the pointer
in one atomic step; a process that is killed at any moment leaves the last good run in place. What
it leaves behind is swept away by the next run.
"""

import contextlib
import errno
import os
import shutil
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import filelock

from workbench import errors, outputs, scratch

PAGE, NOTEBOOK, MANIFEST, TABLES = "report.html", "notebook.ipynb", "run.json", "tables"
FAILED_PAGE, FAILED = "FAILED.html", "failed"
_LINKS = (PAGE, NOTEBOOK, MANIFEST, TABLES)
_RUNS, _CURRENT, _LOCK = ".runs", ".current", ".lock"


def target(root: Path, name: str, *, period: str, lang: str, owner: str | None = None) -> Path:
    """Where does a report's edition lie? An owner's own edition has its own folder.

    Examples
    --------
    >>> target(Path("reports"), "calls", period="2026-10", lang="en", owner="../x").as_posix()
    'reports/calls/2026-10/en/owner-..%2Fx'
    """
    folder = root / name / period / lang
    return folder / f"owner-{quote(owner, safe='')}" if owner is not None else folder


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time make an edition; a killed one's lock is gone with it.

    Raises
    ------
    ReportError
        Another process is making it, or the folder cannot be written.
    """
    lock = filelock.FileLock(folder / _LOCK, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except filelock.Timeout as error:
        raise errors.ReportError(
            f"{folder}: another process is making this report.",
            mend="Wait until it has finished, then run again.",
        ) from error
    except OSError as error:
        raise refused(str(folder), error) from error
    try:
        yield
    finally:
        lock.release()


_OTHERWISE = "or set [report] folder to another place in workbench.toml."
_REFUSALS = {
    (errno.ENOSPC, errno.EDQUOT): (
        "the disk is full",
        "Make room on it, or set [report] folder to another disk. Then run again.",
    ),
    (errno.EROFS,): ("the file system is read-only", f"Have it mounted for writing, {_OTHERWISE}"),
    (errno.EACCES, errno.EPERM): (
        "this user may not write there",
        f"Give this user the right to write there, {_OTHERWISE}",
    ),
    (errno.EEXIST, errno.ENOTDIR): (
        "a file stands where a folder is needed",
        f"Move the file away, {_OTHERWISE}",
    ),
}
_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def refusal(error: BaseException | None) -> OSError | None:
    """Which refusal of the disk (full, read-only) lies behind an error? None where none does.

    Examples
    --------
    >>> refusal(ValueError()) is None
    True
    """
    while error is not None:
        if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
            return error
        if os.strerror(errno.ENOSPC) in str(error):  # DuckDB says it in words alone
            return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        error = error.__cause__
    return None


def refused(what: str, error: OSError) -> errors.ReportError:
    """Say what the disk refuses, where, and how it is mended.

    Examples
    --------
    >>> refused("calls", OSError(28, "No space left on device", "reports/x")).what
    "calls cannot be written: the disk is full ('reports/x')."
    """
    why, mend = next(
        (told for numbers, told in _REFUSALS.items() if error.errno in numbers),
        (error.strerror or str(error), f"Check the disk, {_OTHERWISE}"),
    )
    place = error.filename
    if error.errno in (errno.EEXIST, errno.ENOTDIR) and place is not None:
        places = (Path(place), *Path(place).parents)
        place = next((one for one in places if one.exists() and not one.is_dir()), place)
        if link := next((one for one in places if one.is_symlink() and not one.exists()), None):
            why, place = "a link stands there that leads nowhere", link
            mend = f"Have the link lead to a folder that is there, or remove it, {_OTHERWISE}"
    where = "" if place is None else f" ('{place}')"
    return errors.ReportError(f"{what} cannot be written: {why}{where}.", mend=mend)


@contextlib.contextmanager
def live(page: Path, what: str) -> Iterator[None]:
    """Say that a page is live where what comes after it fails.

    Raises
    ------
    ReportError
        The disk refused what comes after.
    """
    try:
        yield
    except OSError as error:
        told = refused(what, error)
        raise errors.ReportError(
            f"{page} is live and whole, but {told.what}",
            mend=f"{told.mend} The next run writes it, also where nothing has changed.",
        ) from error


def start(folder: Path) -> Path:
    """Open a new run folder beside the published one, and sweep away what killed runs left."""
    sweep(folder)
    run = folder / _RUNS / uuid.uuid4().hex[:12]
    run.mkdir(mode=0o700, parents=True)
    (run / TABLES).mkdir()
    return run


def current(folder: Path) -> Path | None:
    """Which run is published, if any?"""
    run = _pointed(folder, _CURRENT)
    return run if run is not None and (run / MANIFEST).is_file() else None


def failure(folder: Path) -> Path | None:
    """Which failed run does a failure page tell of, if any?"""
    return _pointed(folder, FAILED)


def _pointed(folder: Path, pointer: str) -> Path | None:
    try:
        return folder / (folder / pointer).readlink()
    except OSError:
        return None


def publish(folder: Path, run: Path) -> None:
    """Put a finished run in the place of the last one, in one step.

    Raises
    ------
    ReportError
        The file system knows no symbolic links, or something else stands in a link's place; or,
        with the page live already, what the last failure left cannot be removed.
    """
    _to_disk(run)
    before = current(folder)
    for name in _LINKS:
        _point(folder / name, f"{_CURRENT}/{name}")
    _point(folder / _CURRENT, f"{_RUNS}/{run.name}")
    with live(folder / PAGE, f"{folder / FAILED_PAGE}, which tells of the run before,"):
        for forgotten in (FAILED_PAGE, FAILED):
            (folder / forgotten).unlink(missing_ok=True)
    # the run before stays for whoever is still reading it
    sweep(folder, keep=before)


def fail(folder: Path, run: Path, page: str) -> Path:
    """Leave a failure page and the partial notebook; what is published stays as it is."""
    _to_disk(run)
    _point(folder / FAILED, f"{_RUNS}/{run.name}")
    outputs.replace(folder / FAILED_PAGE, page, private=True)
    sweep(folder, keep=None)
    return folder / FAILED_PAGE


def sweep(folder: Path, keep: Path | None = None) -> None:
    """Remove runs that nothing points to, and half-made links: what killed runs left behind."""
    scratch.sweep(folder)
    kept = {run.name for run in (_pointed(folder, _CURRENT), failure(folder), keep) if run}
    runs = folder / _RUNS
    if runs.is_dir():
        for run in runs.iterdir():
            if run.name not in kept:
                shutil.rmtree(run, ignore_errors=True)
    for leftover in folder.glob(".new-*"):
        leftover.unlink(missing_ok=True)


def sweep_others(root: Path) -> None:
    """Sweep away what killed runs left in the editions of a folder that nobody makes just now."""
    for runs in [*root.glob(f"*/*/*/{_RUNS}"), *root.glob(f"*/*/*/owner-*/{_RUNS}")]:
        folder = runs.parent
        with contextlib.suppress(OSError, errors.ReportError):
            pointed = (current(folder), failure(folder))
            if any(run not in pointed and not (run / MANIFEST).is_file() for run in runs.iterdir()):
                with locked(folder):  # one that is being made is not swept
                    sweep(folder)


def _point(link: Path, destination: str) -> None:
    if link.is_symlink() and link.readlink() == Path(destination):
        return
    new = link.with_name(f".new-{uuid.uuid4().hex[:12]}")
    try:
        new.symlink_to(destination)
        new.replace(link)
    except OSError as error:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        if refusal(error):
            raise
        raise errors.ReportError(
            f"{link}: cannot be made a link ({error.strerror}).",
            mend="Remove what stands there, or set [report] folder to a disk with symbolic links.",
        ) from error


def _to_disk(run: Path) -> None:
    """Have the run on the disk before anything points to it: a power cut keeps the order too.

    What it says of people is for this user alone.
    """
    if sys.platform == "win32":
        return
    for path in [*run.rglob("*"), run]:
        path.chmod(0o700 if path.is_dir() else 0o600)
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
