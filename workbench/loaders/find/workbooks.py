"""Is this file a workbook, and of which kind? A file is what its bytes say, whatever its name."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from workbench import errors
from workbench.loaders.find import limits

Kind = Literal["xlsx", "xlsb", "ods", "xls"]

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".ods")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# Excel 2 to 4 wrote bare records, before it had a container.
_ANCIENT = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_OTHER_ZIPS = (
    ("word/", "a Word document"),
    ("ppt/", "a PowerPoint presentation"),
    ("Index/", "an Apple Numbers document"),
)
AGAIN = "Copy or export it again."
_SAVE = "Open it and save the sheet as an Excel workbook (.xlsx) or as CSV (UTF-8)."
_PASSWORD = "Open it, remove the password (File, Info, Protect Workbook), and save it again."


def kind(path: Path, named: str) -> Kind | None:
    """Which kind of workbook do the bytes say? None where they say none at all.

    Raises
    ------
    SourceError
        It is a workbook that cannot be read: behind a password, damaged, of before 1997, or
        another document in the same kind of container.
    """
    start = refuse_at_sight(path, named)
    if start.startswith(ZIP):
        return _zipped(path, named)
    if start.startswith(OLE):
        return _compound(path, named)
    return None


def refuse_at_sight(path: Path, named: str) -> bytes:
    """Give how a file begins; refuse what need not be read to the end to be known as no table.

    Raises
    ------
    SourceError
        It is a workbook of before 1997, larger than its container can be, says that it unpacks to
        more than any table does, or is none for all its name.
    """
    with path.open("rb") as handle:
        start = handle.read(4096)
    if start.startswith(ZIP):
        with _unzipping(named):
            limits.archive_says(path, named)
        return start
    if start.startswith(OLE):
        if path.stat().st_size > limits.COMPOUND_BYTES:
            raise errors.SourceError(
                f"'{named}' is larger than an old Office file can be.", mend=_SAVE
            )
        return start
    if start.startswith(_ANCIENT):
        raise errors.SourceError(f"'{named}' is an Excel file of before 1997.", mend=_SAVE)
    if path.suffix.lower() in SUFFIXES and b"\0" in start:
        raise errors.SourceError(
            f"'{named}' cannot be read as an Excel workbook; it is damaged or something else.",
            mend=AGAIN,
        )
    return start


def looks_like_one(path: Path) -> bool:
    """Is it a workbook, readable or not?"""
    try:
        return kind(path, path.name) is not None
    except errors.SourceError:
        return True


def behind_password(named: str) -> errors.SourceError:
    """Say that a workbook cannot be opened without its password."""
    return errors.SourceError(f"'{named}' is protected by a password.", mend=_PASSWORD)


@contextmanager
def _unzipping(named: str) -> Iterator[None]:
    try:
        yield
    except errors.WorkbenchError:
        raise
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError),
        *(OSError, ValueError, NotImplementedError, RuntimeError),
    ) as error:
        raise errors.SourceError(
            f"'{named}' is a damaged Excel workbook or ZIP archive.", mend=AGAIN
        ) from error


def _zipped(path: Path, named: str) -> Kind | None:
    with _unzipping(named), zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.bin" in names or "xl/workbook.xml" in names or "content.xml" in names:
            limits.archive(path, named)
        mimetype = b""
        if "mimetype" in names:
            with archive.open("mimetype") as handle:
                mimetype = handle.read(200)
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if b"opendocument.spreadsheet" in mimetype:
        return "ods"
    for part, what in _OTHER_ZIPS:
        if any(name.startswith(part) for name in names):
            raise errors.SourceError(f"'{named}' is {what}, not a table.", mend=_SAVE)
    if b"opendocument" in mimetype:
        raise errors.SourceError(f"'{named}' is a document, not a spreadsheet.", mend=_SAVE)
    return None


def _compound(path: Path, named: str) -> Kind:
    """Tell what lies in the container that old Office files and encrypted new ones share."""
    content = path.read_bytes()

    def holds(*names: str) -> bool:
        return any(name.encode("utf-16-le") in content for name in names)

    if holds("EncryptedPackage"):
        raise behind_password(named)
    if holds("Workbook", "Book"):
        return "xls"
    if holds("WordDocument", "PowerPoint Document"):
        raise errors.SourceError(f"'{named}' is an Office document, not a table.", mend=_SAVE)
    raise errors.SourceError(
        f"'{named}' is an old or password-protected Excel workbook, or a damaged one.", mend=_SAVE
    )
