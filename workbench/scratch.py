"""Where does a draft lie while it is made? In a folder that goes with its process, a killed one's too.

Whoever makes a file whole or not at all makes it in a folder of its own first. A process that ends
takes its folders along; what a killed one leaves is swept by the next that makes one in the same
place. A living process holds a lock in each of its folders, which dies with it: no folder of a
living run is swept, nor one without such a lock, which is somebody else's.
"""

import contextlib
import functools
import os
import shutil
import tempfile
import threading
import weakref
from pathlib import Path
from typing import Any

__all__ = ["PREFIX", "Folder", "sweep"]
__dir__ = __all__.copy

PREFIX = ".workbench-draft-"
_LOCK = ".alive"
# This process's own, by path.
_LIVING: set[str] = set()
_GUARD = threading.Lock()


class Folder:
    """Which folder is a draft made in? One for this user alone, gone when the block ends.

    Parameters
    ----------
    place
        The folder to make it in, so that what is finished can be moved in one step; None takes the
        machine's folder for temporary files.

    Examples
    --------
    >>> with Folder() as draft:
    ...     _ = (draft / "half.csv").write_text("a,b")
    >>> draft.exists()
    False
    """

    def __init__(self, place: Path | str | None = None) -> None:
        import filelock

        home = Path(tempfile.gettempdir() if place is None else place)
        # the machine's own holds much of others': it is looked through once
        (_sweep_once if place is None else sweep)(home)
        while True:
            self.path = Path(tempfile.mkdtemp(dir=home, prefix=PREFIX))
            lock = filelock.FileLock(self.path / _LOCK, timeout=0, thread_local=False)
            with _GUARD:
                _LIVING.add(str(self.path))
            self._end = weakref.finalize(self, _remove, self.path, lock)
            try:
                lock.acquire()
                if (self.path / _LOCK).exists():
                    return
            except filelock.Timeout:
                pass
            except OSError:
                if self.path.exists():
                    self.remove()
                    raise
            self.remove()  # another's sweep came between the folder and its lock

    def remove(self) -> None:
        """Remove the folder with all that is in it; a second time does nothing."""
        self._end()

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.remove()


def _remove(path: Path, lock: Any) -> None:
    with _GUARD:
        _LIVING.discard(str(path))
    with contextlib.suppress(OSError):
        lock.release()
    shutil.rmtree(path, ignore_errors=True)


def sweep(place: Path) -> None:
    """Remove the drafts in a folder whose process is gone: what killed runs left.

    Examples
    --------
    >>> sweep(Path("/nowhere"))
    """
    import filelock

    try:
        with os.scandir(place) as entries:
            drafts = [
                Path(entry.path)
                for entry in entries
                if entry.name.startswith(PREFIX) and entry.is_dir(follow_symlinks=False)
            ]
    except OSError:
        return
    for draft in drafts:
        with _GUARD:
            if str(draft) in _LIVING:
                continue
        # another user's is that user's to sweep
        with contextlib.suppress(OSError, filelock.Timeout):
            if hasattr(os, "getuid") and draft.stat().st_uid != os.getuid():
                continue
            if not (draft / _LOCK).is_file():
                draft.rmdir()  # killed before it had its lock: nothing is in it
            else:
                with filelock.FileLock(draft / _LOCK, timeout=0):
                    shutil.rmtree(draft, ignore_errors=True)
                shutil.rmtree(draft, ignore_errors=True)  # on Windows a held lock stays


_sweep_once = functools.cache(sweep)
