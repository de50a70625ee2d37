"""Is this file text, compressed or not, and in which encoding? It is brought to UTF-8."""

import codecs
import gzip
import io
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from workbench import errors
from workbench.load_options import codec
from workbench.loaders.find import limits, workbooks
from workbench.loaders.open import encodings

SAMPLE_BYTES = 1 << 20
# What to state where nothing is certain, the likeliest first.
_LIKELY = ("gb18030", "big5", "cp1252", "shift_jis", "euc_kr", "cp1251")
_CHUNK = 1 << 22
_WINDOW, _STEP = 1 << 16, 1 << 22
_LINES_ENOUGH = 100_000
_GZIP = b"\x1f\x8b"

# What people hand in by mistake, by its first bytes.
_FOREIGN = (
    (workbooks.ZIP, "an Excel workbook or a ZIP archive"),
    (workbooks.OLE, "an old or password-protected Excel workbook"),
    (b"%PDF", "a PDF"),
)
# What some systems hand out under the name of an Excel or CSV file.
_MARKUP = (
    (
        (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta"),
        "HTML",
        "a web page (HTML)",
    ),
    ((b"<?xml", b"<workbook"), "XML", "XML"),
    ((b'{"', b"[{"), "JSON", "JSON"),
)


@dataclass(frozen=True)
class TextFile:
    """A file of text that can be read: where, compressed or not, in which encoding.

    ``path`` is what to read (a UTF-8 copy where the file was in another encoding), ``named`` the
    path as the user gave it. ``sample`` is the beginning of the text.
    """

    path: Path
    named: str
    compressed: bool
    encoding: str
    sample: str
    sample_is_all: bool

    def open_bytes(self) -> IO[bytes]:
        """Open the text's bytes, decompressed."""
        return _open(self.path, self.compressed)

    def open_text(self) -> IO[str]:
        """Open the text; bytes that are not UTF-8 become lone surrogates, lines keep their ends."""
        return io.TextIOWrapper(
            self.open_bytes(), encoding="utf-8-sig", errors="surrogateescape", newline=""
        )

    def ends_whole(self) -> bool:
        """Is the last line ended, so that nothing was cut off?"""
        with self.open_bytes() as handle:
            last = b""
            while chunk := handle.read(_CHUNK):
                last = chunk[-1:]
        return last in (b"\n", b"\r")

    def has_long_line(self) -> bool:
        """Is a line so long that DuckDB, whose buffer it does not fit, may leave it out untold?"""
        with self.open_bytes() as handle:
            while chunk := handle.read(_WINDOW):
                if len(chunk) == _WINDOW and b"\n" not in chunk and b"\r" not in chunk:
                    return True
                # a line of two steps covers a window wholly
                if self.compressed:
                    handle.read(_STEP)
                else:
                    handle.seek(_STEP, os.SEEK_CUR)
        return False

    def count_lines(self) -> int:
        """How many physical lines are there, blank ones at the very end left out?"""
        breaks = 0
        tail = b""
        with self.open_bytes() as handle:
            while chunk := handle.read(_CHUNK):
                if chunk.endswith(b"\r"):
                    chunk += handle.read(1)
                breaks += _line_breaks(chunk)
                tail = (tail + chunk)[-4096:]
        blank = tail[len(tail.rstrip(b"\r\n")) :]
        # The last line counts whether or not it is ended.
        return breaks - _line_breaks(blank) + 1


class LongLine(str):
    """The beginning of a line that is too long to be a row."""


def next_line(handle: IO[str]) -> str:
    """Read one line with its end; of one that is too long the beginning, as a ``LongLine``."""
    line = handle.readline(limits.LINE)
    if len(line) < limits.LINE or line.endswith(("\n", "\r")):
        return line
    rest = line
    while rest and not rest.endswith(("\n", "\r")):
        rest = handle.readline(limits.LINE)
    return LongLine(f"{line[: limits.SHOWN]}…")


def _line_breaks(text: bytes) -> int:
    """Count line feeds, carriage returns, and the two together as one."""
    feeds = text.count(b"\n")
    return feeds + text.count(b"\r") - text.count(b"\r\n") if b"\r" in text else feeds


def open_text_file(path: Path, named: str, encoding: str | None, scratch: Path) -> TextFile:
    """Open a text file: see that it is one, find its encoding, bring it to UTF-8.

    Parameters
    ----------
    path, named
        The file, and its name in messages.
    encoding
        As stated; None detects UTF-8, UTF-16 and GB18030 where they are certain.
    scratch
        A folder for the UTF-8 copy of a file in another encoding.

    Raises
    ------
    SourceError
        It is empty, no text, or not in the encoding.
    """
    stated = codec(encoding) if encoding is not None else None
    compressed = path.name.lower().endswith(".gz")
    start, whole = _beginning(path, named, compressed)
    if compressed:
        with decompressing(named):
            limits.gzipped(path, named)
    if not start:
        raise errors.SourceError(
            f"'{named}' is empty.", mend="It needs a header line; export the table again."
        )
    found = stated or encodings.of_start(start if whole else _whole_lines(start))
    if found is None or not found.startswith(("utf-16", "utf-32")):
        _refuse_foreign(start, named)
    if found not in (None, "utf-8", "ascii"):
        copy = scratch / "utf-8.txt"
        _transcode(path, compressed, str(found), copy, named, is_stated=stated is not None)
        start, whole = _beginning(copy, named, compressed=False)
        path, compressed = copy, False
    sample = _decode(start, whole, named, stated)
    said = found or ("utf-8 with BOM" if start.startswith(codecs.BOM_UTF8) else "utf-8")
    return TextFile(path, named, compressed, said, sample, whole)


def encoding_of(file: TextFile) -> str | None:
    """Which encoding do all lines of a file prove that are not ASCII? None where it is UTF-8.

    Raises
    ------
    SourceError
        More lines than damage explains are not UTF-8, none is, and no other encoding is certain.
    """
    lines: list[bytes] = []
    first = bad = 0
    with file.open_bytes() as handle:
        for number, line in enumerate(handle, 1):
            if line.isascii():
                continue
            lines.append(line)
            if not encodings.decodes(line, "utf-8"):
                bad += 1
                first = first or number
            if len(lines) >= _LINES_ENOUGH:
                break
    found = encodings.of_lines(lines)
    if found is None and bad > encodings.DAMAGED:
        refuse_unproven(lines, file.named, first)
    return found


def _open(path: Path, compressed: bool) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if compressed else path.open("rb")


def _beginning(path: Path, named: str, compressed: bool) -> tuple[bytes, bool]:
    with path.open("rb") as handle:
        magic = handle.read(2)
    if magic == _GZIP and not compressed:
        raise errors.SourceError(
            f"'{named}' is compressed with gzip, but its name does not say so.",
            mend="Rename it to end in .csv.gz.",
        )
    if compressed and magic and magic != _GZIP:
        raise errors.SourceError(
            f"'{named}' ends in .gz, but is not compressed with gzip.",
            mend="Rename it without .gz.",
        )
    with decompressing(named), _open(path, compressed) as handle:
        start = handle.read(SAMPLE_BYTES)
        return start, not handle.read(1)


@contextmanager
def decompressing(named: str) -> Iterator[None]:
    """Tell a compressed file that ends too early or is damaged as such."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise errors.SourceError(
            f"'{named}' is damaged: its compressed data end too early or do not add up.",
            mend="Copy or export it again.",
        ) from error


def _refuse_foreign(start: bytes, named: str) -> None:
    for magic, what in _FOREIGN:
        if start.startswith(magic):
            raise errors.SourceError(
                f"'{named}' is {what}, not CSV text.", mend="Export the table as CSV (UTF-8)."
            )
    words = start[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for beginnings, kind, what in _MARKUP:
        if words.startswith(beginnings):
            raise errors.SourceError(
                f"'{named}' is {what}, not a table.",
                mend="If Excel opens it, save it there as an Excel workbook (.xlsx); if it is the "
                "page of a log-in or an error, export the table again.",
            ).told_by("markup", kind=kind)
    # A stray NUL is a damaged row and is rejected as such; many are no text.
    if start.count(b"\0") > max(2, len(start) // 1000):
        raise errors.SourceError(
            f"'{named}' is not text: it holds NUL bytes.",
            mend="Save the table as CSV (UTF-8); if it is UTF-16, state encoding='utf-16-le' or "
            "'utf-16-be'.",
        )


def _decode(start: bytes, whole: bool, named: str, stated: str | None) -> str:
    """Decode the sample; a few bad rows are for the ledger, a wrong encoding is for an error."""
    if not whole:
        start = _whole_lines(start)
    text = start.decode("utf-8-sig", "surrogateescape")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    bad = [number for number, line in enumerate(lines, 1) if not encodings.is_sound(line)]
    if stated is None and len(bad) > encodings.DAMAGED:
        refuse_unproven(start.splitlines(), named, bad[0])
    if bad and (bad[0] == 1 or len(bad) > len(lines) * 0.05):
        mend = "Check the encoding that was stated." if stated else _state(start.splitlines())
        raise errors.SourceError(
            f"'{named}' is not in {(stated or 'utf-8').upper()} (line {bad[0]}).", mend=mend
        )
    return text


def refuse_unproven(lines: Sequence[bytes], named: str, first: int) -> None:
    """Refuse lines of which none proves UTF-8: bad ones are then no damage, but another encoding."""
    if not encodings.proves_utf8(lines):
        raise errors.SourceError(
            f"'{named}' is not in UTF-8 (line {first}), and its encoding is not certain.",
            mend=_state(lines),
        )


def _state(lines: Sequence[bytes]) -> str:
    """Say what to state: the encodings in which the lines could be read."""
    foreign = b"".join(line for line in lines if not line.isascii())
    could = [name for name in _LIKELY if encodings.decodes(foreign, name)]
    names = f"encoding='{could[0]}'" if could else "encoding='gb18030'"
    others = f" (it can be read as {', '.join(could)})" if len(could) > 1 else ""
    flag = names.split("'")[1]
    return (
        f"State its encoding, for example {names}{others}; on the command line --encoding {flag}."
    )


def _whole_lines(start: bytes) -> bytes:
    return start[: max(start.rfind(b"\n"), start.rfind(b"\r")) + 1] or start


def _transcode(
    path: Path, compressed: bool, encoding: str, copy: Path, named: str, *, is_stated: bool
) -> None:
    """Write a UTF-8 copy; bytes that are not in the encoding stay bad, so that rows show it."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    try:
        with decompressing(named), _open(path, compressed) as source, copy.open("wb") as target:
            while chunk := source.read(_CHUNK):
                target.write(decoder.decode(chunk).encode("utf-8", "surrogateescape"))
            target.write(decoder.decode(b"", final=True).encode("utf-8", "surrogateescape"))
    except UnicodeError as error:
        mend = "Copy or export it again; if it is whole, state its encoding, such as 'utf-8'."
        raise errors.SourceError(
            f"'{named}' is not in {encoding.upper()}.",
            mend="Check the encoding that was stated." if is_stated else mend,
        ) from error
