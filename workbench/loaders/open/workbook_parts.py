"""What do the parts of a workbook say that calamine does not? Where days begin, where a sheet lies."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from workbench.loaders.find.workbooks import Kind
from workbench.loaders.open import compound


def counts_from_1904(path: Path, kind: Kind) -> bool:
    """Does the workbook count days from 1904, as Excel for the Macintosh did?"""
    with suppress(Exception):
        if kind == "xls":
            return compound.counts_from_1904(compound.workbook(path))
        with zipfile.ZipFile(path) as archive:
            if kind == "xlsx":
                book = archive.read("xl/workbook.xml")
                return re.search(rb"\bdate1904=[\"'](1|true|on)[\"']", book) is not None
            records = binary_records(io.BytesIO(archive.read("xl/workbook.bin")))
            return any(record == 153 and body[0] & 1 for record, body in records)
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
            return _sheet_part_xlsb(archive, sheet)
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


def _sheet_part_xlsb(archive: zipfile.ZipFile, sheet: str) -> str | None:
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
