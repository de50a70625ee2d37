"""How much may a source hold? What is made to fill memory or disk is told before it does.

One guard for all that is packed or wide: ZIP archives, gzip, workbooks, Parquet, headers, lines.
"""

import copy
import gzip
import zipfile
from contextlib import suppress
from pathlib import Path

from workbench import errors

# No export shrinks like this: it is made to fill the disk. Less is unpacked unasked.
UNPACKED_BYTES, RATIO = 1 << 28, 200
MOST_BYTES = 1 << 36
# Deflate makes nothing larger than this.
_DEFLATE = 1032
# The container of old Office files counts no further.
COMPOUND_BYTES = 1 << 31
COLUMNS = 10_240
# A full sheet of ninety columns; of Parquet, what a thousand cells in a byte would be.
SHEET_CELLS, PARQUET_CELLS, CELLS_PER_BYTE = 100_000_000, 1_000_000_000, 1_000
# A longer line is no row, and could need more memory than there is; so many signs of it are shown.
LINE, SHOWN = 32_000_000, 1_000
_CHUNK = 1 << 22


def unpacked(named: str, packed: int, size: int, *, is_all: bool = True) -> None:
    """Refuse what unpacks to more than any table does.

    Raises
    ------
    SourceError
        It is larger, and shrinks more, than any export.

    Examples
    --------
    >>> unpacked("orders.zip", 1 << 20, 1 << 31)
    Traceback (most recent call last):
    workbench.errors.SourceError: 'orders.zip' unpacks to 2,147,483,648 bytes from 1,048,576, which no table does.
    If you trust it, unpack it or save the table as CSV, and name that file.
    """
    if size > MOST_BYTES or (size > UNPACKED_BYTES and size > RATIO * packed):
        more = "" if is_all else "more than "
        raise errors.SourceError(
            f"'{named}' unpacks to {more}{size:,} bytes from {packed:,}, which no table does.",
            mend="If you trust it, unpack it or save the table as CSV, and name that file.",
        )


def archive(path: Path, named: str) -> None:
    """Refuse a ZIP archive, or a workbook, that unpacks to more than any table does.

    By what it says, and by what it holds: what it says may be a lie.
    """
    archive_says(path, named)
    packed, size = path.stat().st_size, 0
    with zipfile.ZipFile(path) as opened:
        if packed * _DEFLATE <= UNPACKED_BYTES:
            return
        for member in map(copy.copy, opened.infolist()):
            member.file_size = MOST_BYTES
            # what is damaged or locked is told by whoever reads it
            with (
                suppress(zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError),
                opened.open(member) as stream,
            ):
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    unpacked(named, packed, size, is_all=False)


def archive_says(path: Path, named: str) -> None:
    """Refuse a ZIP archive that itself says that it unpacks to more than any table does."""
    with zipfile.ZipFile(path) as opened:
        size = sum(member.file_size for member in opened.infolist())
    unpacked(named, path.stat().st_size, size)


def gzipped(path: Path, named: str) -> None:
    """Refuse a file compressed with gzip that unpacks to more than any table does."""
    packed, size = path.stat().st_size, 0
    if packed * _DEFLATE > UNPACKED_BYTES:
        with gzip.open(path, "rb") as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                unpacked(named, packed, size, is_all=False)


def columns(named: str, count: int) -> None:
    """Refuse a table that is wider than any.

    Examples
    --------
    >>> columns("orders.csv", 100_000)
    Traceback (most recent call last):
    workbench.errors.SourceError: 'orders.csv' has 100,000 columns; a table here has at most 10,240.
    Export only the columns that are needed, one row per order or customer.
    """
    if count > COLUMNS:
        raise errors.SourceError(
            f"'{named}' has {count:,} columns; a table here has at most {COLUMNS:,}.",
            mend="Export only the columns that are needed, one row per order or customer.",
        )


def sheet(named: str, rows: int, width: int) -> None:
    """Refuse a sheet that is wider or larger than any table."""
    columns(named, width)
    if rows * width > SHEET_CELLS:
        raise cells(named, f"has {rows:,} × {width:,}")


def cells(named: str, said: str) -> errors.SourceError:
    """Say that a sheet is larger than any table."""
    return errors.SourceError(
        f"'{named}' {said} cells; a sheet here has at most {SHEET_CELLS:,}.",
        mend="Delete what stands far outside the table (Ctrl+End shows the last cell), and "
        "save it again; or save the sheet as CSV.",
    )


def parquet(named: str, packed: int, rows: int, width: int) -> None:
    """Refuse a Parquet file that says it holds more than any table in its size."""
    columns(named, width)
    if rows * width > max(PARQUET_CELLS, CELLS_PER_BYTE * packed):
        raise errors.SourceError(
            f"'{named}' says that {packed:,} bytes hold {rows:,} × {width:,} cells, which no table "
            "does.",
            mend="If you trust it, write it again as several files, or as CSV.",
        )
