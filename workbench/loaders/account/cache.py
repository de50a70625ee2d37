"""Where do accepted rows lie, so that a second load is instant?

One folder per source content, options and version: ``accepted.parquet``, ``rejects.parquet``,
``ledger.json``. It is made beside its place and moved there in one step, so that a kill never
leaves a half of it.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from workbench import config, errors, scratch

# Raise it when the same file and options give other rows or counts than before.
VERSION = 4
# Entries beyond these, least recently used first, are removed when a new one is published.
KEPT_ENTRIES = 64
ENVIRONMENT = "WORKBENCH_CACHE"

ACCEPTED = "accepted.parquet"
REJECTS = "rejects.parquet"
LEDGER = "ledger.json"
# A file changed within the clock's grain of being hashed could keep its size and times.
_SETTLED_NS = 2_000_000_000


def folder(chosen: Path | str | None = None, *, root: Path | None = None) -> Path:
    """Where is the cache? The place given, ``WORKBENCH_CACHE``, beside the settings, or the user's.

    Parameters
    ----------
    chosen
        A folder; it wins over everything else.
    root
        The folder of the settings in use; None looks for ``workbench.toml`` upwards from here.
    """
    place = chosen or os.environ.get(ENVIRONMENT)
    if place:
        found = Path(place).expanduser()
    else:
        settings = root / config.FILE_NAME if root else config.find()
        if settings is not None:
            scratch.sweep(settings.parent)
        if settings is not None and settings.is_file() and os.access(settings.parent, os.W_OK):
            found = settings.parent / ".workbench" / "cache"
        else:
            found = _users() / "sales-workbench"
    try:
        found.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=found):
            pass
    except OSError as error:
        raise errors.SourceError(
            f"cache: the folder '{found}' cannot be written ({error.strerror}).",
            mend=f"Set {ENVIRONMENT} to a folder that you may write to.",
        ) from error
    scratch.sweep(found)
    return found.resolve()


def _users() -> Path:
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    if sys.platform == "darwin":
        return home / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")


def fingerprint(path: Path, cache: Path) -> str:
    """Give the SHA-256 of a file's bytes; remembered as long as the file is not touched."""
    status = path.stat()
    seen = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev]
    memo = cache / "fingerprints" / f"{_digest(str(path.resolve()))[:32]}.json"
    try:
        known = json.loads(memo.read_bytes())
        if known["seen"] == seen:
            return str(known["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    with path.open("rb") as handle:
        found = hashlib.file_digest(handle, "sha256").hexdigest()
    with suppress(OSError):
        memo.parent.mkdir(exist_ok=True)
        # Two that write it at once write the same; half of one is no JSON, and hashed again.
        draft = memo.with_suffix(".draft")
        draft.write_text(json.dumps({"seen": seen, "sha256": found}), encoding="utf-8")
        # The memo's own time tells whether the file had settled before it was hashed.
        if draft.stat().st_mtime_ns - max(seen[1], seen[2]) > _SETTLED_NS:
            draft.replace(memo)
        else:
            draft.unlink()
    return found


def entry(cache: Path, stem: str, content: str, options: Mapping[str, Any]) -> Path:
    """Name the folder of one source content read with one set of options."""
    said = json.dumps([VERSION, content, options], sort_keys=True, default=str)
    safe = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in stem)
    return cache / f"{safe[:40]}-{_digest(said)[:24]}"


def use(place: Path) -> dict[str, Any] | None:
    """Read what an entry says, and note that it was used; None where there is no whole one."""
    try:
        said: dict[str, Any] = json.loads((place / LEDGER).read_bytes())
        has_rows = said["in_place"] or (place / ACCEPTED).is_file()
        has_rejects = not said["ledger"]["rows_rejected"] or (place / REJECTS).is_file()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    with suppress(OSError):
        os.utime(place)
    return said if has_rows and has_rejects else None


@contextmanager
def drafting(place: Path) -> Iterator[Path]:
    """Give a folder to make an entry in; it becomes the entry when the block ends well."""
    with scratch.Folder(place.parent) as draft:
        yield draft
        if (draft / LEDGER).is_file():
            _publish(draft, place)


def _publish(draft: Path, place: Path) -> None:
    finished = draft / "entry"
    finished.mkdir(mode=0o700)  # what people bought is for this user's eyes
    for name in (ACCEPTED, REJECTS, LEDGER):
        if (draft / name).exists():
            (draft / name).chmod(0o600)
            (draft / name).rename(finished / name)
    try:
        finished.rename(place)
    except OSError:
        # Somebody else published the same content meanwhile: theirs is as good, if it is whole.
        if use(place) is None:
            shutil.rmtree(place)
            finished.rename(place)
    _prune(place)


def _prune(kept: Path) -> None:
    entries = [
        path.parent
        for path in kept.parent.glob(f"*/{LEDGER}")
        if path.parent != kept and not path.parent.name.startswith(scratch.PREFIX)
    ]
    entries.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for old in entries[KEPT_ENTRIES - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
