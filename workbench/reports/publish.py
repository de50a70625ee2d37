"""How does a finished run take the last one's place, so that no reader ever meets a mixture?

A report's folder holds runs in ``.runs``, one pointer ``.current`` to the published one, and fixed
links (``report.html``, ``run.json`` …) that lead through the pointer. Publishing swaps the pointer
in one atomic step; a process that is killed at any moment leaves the last good run in place. What
it leaves behind is swept away by the next run.
"""

import contextlib
import os
import shutil
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import filelock

from workbench import errors, outputs

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
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / _LOCK, timeout=0):
            yield
    except filelock.Timeout as error:
        raise errors.ReportError(
            f"{folder}: another process is making this report.",
            mend="Wait until it has finished, then run again.",
        ) from error
    except PermissionError as error:
        raise errors.ReportError(
            f"{folder}: cannot be written.",
            mend="Give this user the right to write there, or set [report] folder.",
        ) from error


def start(folder: Path) -> Path:
    """Open a new run folder beside the published one, and sweep away what killed runs left."""
    sweep(folder)
    run = folder / _RUNS / uuid.uuid4().hex[:12]
    (run / TABLES).mkdir(parents=True)
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
        The file system knows no symbolic links, or something else stands in a link's place.
    """
    _to_disk(run)
    before = current(folder)
    for name in _LINKS:
        _point(folder / name, f"{_CURRENT}/{name}")
    _point(folder / _CURRENT, f"{_RUNS}/{run.name}")
    for forgotten in (FAILED_PAGE, FAILED):
        (folder / forgotten).unlink(missing_ok=True)
    # the run before stays for whoever is still reading it
    sweep(folder, keep=before)


def fail(folder: Path, run: Path, page: str) -> Path:
    """Leave a failure page and the partial notebook; what is published stays as it is."""
    _to_disk(run)
    _point(folder / FAILED, f"{_RUNS}/{run.name}")
    outputs.replace(folder / FAILED_PAGE, page)
    sweep(folder, keep=None)
    return folder / FAILED_PAGE


def sweep(folder: Path, keep: Path | None = None) -> None:
    """Remove runs that nothing points to, and half-made links: what killed runs left behind."""
    kept = {run.name for run in (_pointed(folder, _CURRENT), failure(folder), keep) if run}
    runs = folder / _RUNS
    if runs.is_dir():
        for run in runs.iterdir():
            if run.name not in kept:
                shutil.rmtree(run, ignore_errors=True)
    for leftover in folder.glob(".new-*"):
        leftover.unlink(missing_ok=True)


def _point(link: Path, destination: str) -> None:
    if link.is_symlink() and link.readlink() == Path(destination):
        return
    new = link.with_name(f".new-{uuid.uuid4().hex[:12]}")
    try:
        new.symlink_to(destination)
        new.replace(link)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise errors.ReportError(
            f"{link}: cannot be made a link ({error.strerror}).",
            mend="Remove what stands there, or set [report] folder to a disk with symbolic links.",
        ) from error


def _to_disk(run: Path) -> None:
    """Have the run on the disk before anything points to it: a power cut keeps the order too."""
    if sys.platform == "win32":
        return
    for path in [*run.rglob("*"), run]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
