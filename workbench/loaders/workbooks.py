"""Is this file a workbook, can it be opened, and what does its container tell?

Decided by content: a file is what its bytes say, whatever its name ends in.
"""

import io
import os
import pickle
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Literal
from xml.etree import ElementTree

from workbench import errors
from workbench.loaders import calamine_reader, compound

Kind = Literal["xlsx", "xlsb", "ods", "xls"]

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".ods")
_SUFFIX_OF: dict[Kind, tuple[str, ...]] = {
    "xlsx": (".xlsx", ".xlsm"),
    "xlsb": (".xlsb",),
    "ods": (".ods",),
    "xls": (".xls",),
}
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"
# Excel 2 to 4 wrote bare records, before it had a container.
_ANCIENT = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_OTHER_ZIPS = (
    ("word/", "a Word document"),
    ("ppt/", "a PowerPoint presentation"),
    ("Index/", "an Apple Numbers document"),
)
_AGAIN = "Copy or export it again."
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
    with path.open("rb") as handle:
        start = handle.read(4096)
    if start.startswith(_ZIP):
        return _zipped(path, named)
    if start.startswith(_OLE):
        return _compound(path, named)
    if start.startswith(_ANCIENT):
        raise errors.SourceError(f"'{named}' is an Excel file of before 1997.", mend=_SAVE)
    if path.suffix.lower() in SUFFIXES and b"\0" in start:
        raise errors.SourceError(
            f"'{named}' cannot be read as an Excel workbook; it is damaged or something else.",
            mend=_AGAIN,
        )
    return None


def looks_like_one(path: Path) -> bool:
    """Is it a workbook, readable or not?"""
    try:
        return kind(path, path.name) is not None
    except errors.SourceError:
        return True


def _zipped(path: Path, named: str) -> Kind | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = b""
            if "mimetype" in names:
                with archive.open("mimetype") as handle:
                    mimetype = handle.read(200)
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError),
        *(OSError, ValueError, NotImplementedError, RuntimeError),
    ) as error:
        raise errors.SourceError(
            f"'{named}' is a damaged Excel workbook or ZIP archive.", mend=_AGAIN
        ) from error
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

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise _behind_password(named)
    if holds("Workbook") or holds("Book"):
        return "xls"
    if holds("WordDocument") or holds("PowerPoint Document"):
        raise errors.SourceError(f"'{named}' is an Office document, not a table.", mend=_SAVE)
    raise errors.SourceError(
        f"'{named}' is an old or password-protected Excel workbook, or a damaged one.", mend=_SAVE
    )


def _behind_password(named: str) -> errors.SourceError:
    return errors.SourceError(f"'{named}' is protected by a password.", mend=_PASSWORD)


class Book:
    """A workbook that a process of its own reads."""

    def __init__(self, process: "subprocess.Popen[bytes]", named: str) -> None:
        self._process, self._named = process, named
        self.sheets: list[tuple[str, bool, bool]] = []

    def ask(self, *request: Any) -> tuple[Any, ...]:
        """Send a request, and give the first reply."""
        if self._process.stdin is not None:
            # A process that has died is told by what it does not answer.
            with suppress(BrokenPipeError, OSError):
                pickle.dump(request, self._process.stdin, protocol=5)
                self._process.stdin.flush()
        return self._reply()

    def open(self, path: Path, *, by_content: bool) -> None:
        """Open the workbook, and list its sheets of cells: name, and whether it is visible."""
        (self.sheets,) = self.ask("open", str(path), by_content)

    def rows(self) -> Iterator[Sequence[Any]]:
        """Give the rows of the sheet that was asked for last, from the first of the sheet on."""
        (batch,) = self.ask("rows")
        while batch is not None:
            yield from batch
            (batch,) = self._reply()

    def _reply(self) -> tuple[Any, ...]:
        try:
            kind, *said = pickle.load(self._process.stdout)  # type: ignore[arg-type]
        except (EOFError, pickle.UnpicklingError, OSError) as error:
            raise errors.SourceError(
                f"'{self._named}' cannot be read: its cells need more memory than there is, or it "
                "is damaged.",
                mend="Delete what stands far outside the table (Ctrl+End shows the last cell), and "
                "save it again; or save the sheet as CSV.",
            ) from error
        if kind == "password":
            raise _behind_password(self._named)
        if kind == "damaged":
            why = str(said[0]).strip(" .")[:120]
            raise errors.SourceError(
                f"'{self._named}' cannot be read as an Excel workbook: it is damaged ({why}).",
                mend=_AGAIN,
            )
        return tuple(said)


@contextmanager
def opened(path: Path, named: str, found: Kind) -> Iterator[Book]:
    """Open a workbook with calamine, in a process that alone dies of a damaged one."""
    # Found where this process finds it; -P: the modules beside the reader are none of its own.
    places = os.pathsep.join(place for place in sys.path if place)
    process = subprocess.Popen(
        [sys.executable, "-P", calamine_reader.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": places},
    )
    try:
        book = Book(process, named)
        # calamine goes by the suffix of a path, but by the content of a stream.
        by_content = path.suffix.lower() not in _SUFFIX_OF[found]
        book.open(path.resolve(), by_content=by_content)
        yield book
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def counts_from_1904(path: Path, found: Kind) -> bool:
    """Does the workbook count days from 1904, as Excel for the Macintosh did?"""
    with suppress(Exception):
        if found == "xlsx":
            with zipfile.ZipFile(path) as archive:
                said = archive.read("xl/workbook.xml")
            return re.search(rb"\bdate1904=[\"'](1|true|on)[\"']", said) is not None
        if found == "xlsb":
            with zipfile.ZipFile(path) as archive:
                return _xlsb_counts_from_1904(archive.read("xl/workbook.bin"))
        if found == "xls":
            return compound.counts_from_1904(compound.workbook(path))
    return False


def _xlsb_counts_from_1904(content: bytes) -> bool:
    for record, body in binary_records(io.BytesIO(content)):
        if record == 153:
            return bool(body[0] & 1)
    return False


def binary_records(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Give the records of a part of an .xlsb workbook: their type and their content."""
    while True:
        record = _varint(stream, 2)
        size = _varint(stream, 4)
        if record is None or size is None:
            return
        yield record, stream.read(size)


def _varint(stream: IO[bytes], most: int) -> int | None:
    found = 0
    for place in range(most):
        byte = stream.read(1)
        if not byte:
            return None
        found |= (byte[0] & 0x7F) << (7 * place)
        if byte[0] < 0x80:
            break
    return found


def sheet_part(path: Path, sheet: str) -> str | None:
    """Name the part of an .xlsx or .xlsb workbook that holds a sheet."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names:
            return _binary_sheet_part(archive, sheet)
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        key = next(
            (
                value
                for entry in book.iter()
                if entry.tag.endswith("}sheet") and entry.get("name") == sheet
                for name, value in entry.attrib.items()
                if name.endswith("}id")
            ),
            None,
        )
        return _target(archive, "xl/_rels/workbook.xml.rels", key)


def _binary_sheet_part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    name = sheet.encode("utf-16-le")
    for record, body in binary_records(io.BytesIO(archive.read("xl/workbook.bin"))):
        if record != 156 or not body.endswith(name):
            continue
        size = int.from_bytes(body[8:12], "little")
        key = body[12 : 12 + 2 * size].decode("utf-16-le")
        if len(body) == 12 + 2 * size + 4 + len(name):
            return _target(archive, "xl/_rels/workbook.bin.rels", key)
    return None


def _target(archive: zipfile.ZipFile, relations: str, key: str | None) -> str | None:
    for entry in ElementTree.fromstring(archive.read(relations)):
        if key is not None and entry.get("Id") == key:
            target = str(entry.get("Target"))
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None
