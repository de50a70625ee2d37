"""Is this file a worklist of ours? Looked at before anything is opened for writing.

Nothing of the file, nor beside it, is changed by looking: what is another application's, of a newer
version or damaged is told, and is byte for byte what it was.
"""

import contextlib
import shutil
import sqlite3
import struct
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from workbench import errors
from workbench.worklist import tables

_MAGIC = b"SQLite format 3\0"
_HEAD = 100
# What fails may be a writer at work, or what a killed one left: how often it is looked again.
_ATTEMPTS, _PAUSE_SECONDS = 5, 0.05
# What may stand in a text, in any encoding.
_NO_TEXT = frozenset(range(32)) - frozenset(b"\t\n\f\r\x1b")
_BACKUP = "Check the path; restore a damaged worklist from its backup. Nothing was changed."


def refuse_foreign(path: Path, shown: str) -> None:
    """Refuse a file that is no worklist, or a damaged one; one that is not there or empty passes.

    Raises
    ------
    SourceError
        It is a folder, a file of another kind, cut short, another application's, or damaged.
    WorklistError
        It was made by a newer version of this package.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "worklist.db"
    >>> _ = path.write_text("Dear Ada,")
    >>> try:
    ...     refuse_foreign(path, "worklist.db")
    ... except errors.SourceError as error:
    ...     print(error.what)
    worklist: 'worklist.db' is a text file, no worklist.
    """
    if path.is_dir():
        mend = "Name a file in it: worklist.db. Nothing was changed."
        raise errors.SourceError(f"worklist: '{shown}' is a folder, no file.", mend=mend)
    if not path.exists() or not (size := path.stat().st_size):
        return
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise errors.SourceError(
            f"worklist: '{shown}' cannot be read: {error.strerror or error}.",
            mend="Check the permissions of file and folder.",
        ) from error
    if wrong := _no_database(start, size):
        raise errors.SourceError(f"worklist: '{shown}' {wrong}.", mend=_BACKUP)
    names, made_by, version = _held(path)
    if version is None and (names or made_by):
        held = ", ".join(f"'{name}'" for name in sorted(names)[:3]) or "no table"
        raise errors.SourceError(
            f"worklist: '{shown}' is another application's database: it holds {held}.",
            mend="Name a file of its own in workbench.toml: [worklist] store. Nothing was changed.",
        )
    refuse_newer(version or 0, shown)
    every = tables.METADATA.sorted_tables
    if lost := {one.name for one in every if one.info["since"] <= (version or 0)} - names:
        raise errors.SourceError(
            f"worklist: '{shown}' has lost its table '{min(lost)}'.", mend=_BACKUP
        )


def _held(path: Path) -> tuple[set[str], bool, int | None]:
    """Which tables does a database hold, is it marked as an application's, and of which version?

    The log of a writer that was killed is mended by whoever opens it next, which looking must not:
    then a copy is looked at, and again where a writer came in between.
    """
    for attempt in range(_ATTEMPTS):
        try:
            with _looking(path, copied=attempt > 0) as connection:
                rows = connection.execute("SELECT name FROM sqlite_master").fetchall()
                names = {str(name) for (name,) in rows}
                marks = [
                    connection.execute(f"PRAGMA {mark}").fetchone()[0]
                    for mark in ("application_id", "user_version")
                ]
                version = _version(connection) if tables.VERSION.name in names else None
            return names, any(marks), version
        except (sqlite3.DatabaseError, FileNotFoundError):
            if attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE_SECONDS * attempt)
    raise AssertionError("an attempt either gives something or raises")


def refuse_newer(version: int, shown: str) -> None:
    """Refuse a worklist of a version that is not known here yet, with a ``WorklistError``."""
    if version > (newest := len(tables.MIGRATIONS)):
        raise errors.WorklistError(
            f"worklist: '{shown}' is of version {version}; this package knows {newest}.",
            mend="It was made by a newer Sales Workbench: update this one. Nothing was changed.",
        )


def _no_database(start: bytes, size: int) -> str | None:
    """Say why a file with this start and of this size is no whole database."""
    if not start.startswith(_MAGIC):
        if _MAGIC.startswith(start):
            return f"is cut short: it has {size:,} bytes"
        is_text = not _NO_TEXT.intersection(start) and start[:2] not in (b"\xff\xfe", b"\xfe\xff")
        return "is a text file, no worklist" if is_text else "is no SQLite database"
    if len(start) < _HEAD:
        return f"is cut short: it has {size:,} bytes"
    page, changed, pages = struct.unpack_from(">H6xII", start, 16)
    told_for = struct.unpack_from(">I", start, 92)[0]
    whole = (65536 if page == 1 else page) * pages
    if changed == told_for and size < whole:
        return f"is cut short: it has {size:,} of {whole:,} bytes"
    return None


@contextlib.contextmanager
def _looking(path: Path, *, copied: bool) -> Iterator[sqlite3.Connection]:
    """Open a database so that neither it nor its log is touched, nor a file made beside it."""
    log, index = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    with contextlib.ExitStack() as stack:
        how = "immutable=1"
        if log.exists() and log.stat().st_size:
            # what was written last stands in the log
            how = "mode=ro&readonly_shm=1"
            if copied or not index.exists():
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                for file in (path, log):
                    shutil.copyfile(file, folder / file.name)
                path, how = folder / path.name, "mode=ro"
        address = f"file:{quote(path.absolute().as_posix())}?{how}"
        yield stack.enter_context(contextlib.closing(sqlite3.connect(address, uri=True)))


def _version(connection: sqlite3.Connection) -> int | None:
    """Which version does it say it is? None where it is no word of ours."""
    try:
        rows = connection.execute(f"SELECT version FROM {tables.VERSION.name}").fetchall()
    except sqlite3.OperationalError:
        return None
    return rows[0][0] if len(rows) == 1 and isinstance(rows[0][0], int) else None
