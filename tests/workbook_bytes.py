"""Workbooks of the kinds that no library at hand writes: .xls, .xlsb, .ods, and one with a password.

Made byte by byte after the published formats, as small as calamine reads them. A cell is a text,
a number, a date, True or False, or ``Error``; None is left out.
"""

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

_DAY_0 = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}
Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Error:
    """An error value, by the code Excel gives it: 0x2A is #N/A."""

    code: int = 0x2A


def serial(moment: dt.date, *, from_1904: bool = False) -> float:
    start = _DAY_0[from_1904]
    whole = moment if isinstance(moment, dt.datetime) else dt.datetime.combine(moment, dt.time())
    return (whole - start) / dt.timedelta(days=1)


def compound(name: str, stream: bytes) -> bytes:
    """Wrap one stream into the container (OLE) of old Office files and encrypted new ones."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    end, fat_sector, free = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
    fat = [fat_sector, end, *range(3, sectors + 2), end]
    assert len(fat) <= 128, "one sector of the table is enough here"
    fat += [free] * (128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0
    )
    header += struct.pack("<I", 0) + b"\xff" * (512 - len(header) - 4)

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        coded = title.encode("utf-16-le") + b"\0\0"
        return (
            coded.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(coded), kind, 1, free, free, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    folder = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, 2, len(stream))
    body = stream.ljust(sectors * 512, b"\0")
    return header + struct.pack("<128I", *fat) + folder.ljust(512, b"\0") + body


def encrypted() -> bytes:
    """Make what Excel writes when a workbook is given a password to open it."""
    return compound("EncryptedPackage", bytes(range(256)) * 20)


def xls(
    rows: Rows, *, sheet: str = "Orders", from_1904: bool = False, locked: bool = False
) -> bytes:
    """Make an Excel 97 workbook; ``locked`` says in it that it is encrypted."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    mode = record(0x22, struct.pack("<H", from_1904))
    lock = record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48)) if locked else b""
    styles = b"".join(record(0xE0, struct.pack("<HH16x", 0, form)) for form in (0, 22))
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    size = len(begin + lock + mode + styles) + 4 + 6 + len(name) + 4
    book = begin + lock + mode + styles
    book += record(0x85, struct.pack("<IH", size, 0) + name) + record(0x0A, b"")
    width = max((len(row) for row in rows), default=0)
    cells = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    cells += record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            place = struct.pack("<HHH", y, x, isinstance(cell, dt.date))
            if isinstance(cell, Error | bool):
                code, is_error = (cell.code, 1) if isinstance(cell, Error) else (cell, 0)
                cells += record(0x205, place + struct.pack("<BB", code, is_error))
            elif isinstance(cell, str):
                text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
                cells += record(0x204, place + text)
            elif cell is not None:
                is_date = isinstance(cell, dt.date)
                number = serial(cell, from_1904=from_1904) if is_date else float(cell)
                cells += record(0x203, place + struct.pack("<d", number))
    return compound("Workbook", book + cells + record(0x0A, b""))


def xlsb(rows: Rows, *, sheet: str = "Orders", from_1904: bool = False) -> bytes:
    """Make a binary workbook (.xlsb)."""

    def record(kind: int, body: bytes = b"") -> bytes:
        coded = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size, rest = b"", len(body)
        while True:
            size += bytes([rest & 0x7F | (0x80 if rest > 0x7F else 0)])
            rest >>= 7
            if not rest:
                return coded + size + body

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    book = record(131) + record(153, struct.pack("<II", from_1904, 0) + wide(""))
    book += record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide(sheet))
    book += record(144) + record(132)
    width = max((len(row) for row in rows), default=1)
    data = record(129) + record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1))
    data += record(145)
    for y, row in enumerate(rows):
        data += record(0, struct.pack("<IIHHB", y, 0, 300, 0, 0) + struct.pack("<I", 0))
        for x, cell in enumerate(row):
            place = struct.pack("<II", x, 1 if isinstance(cell, dt.date) else 0)
            if isinstance(cell, Error):
                data += record(3, place + bytes([cell.code]))
            elif isinstance(cell, bool):
                data += record(4, place + bytes([cell]))
            elif isinstance(cell, str):
                data += record(6, place + wide(cell))
            elif cell is not None:
                is_date = isinstance(cell, dt.date)
                number = serial(cell, from_1904=from_1904) if is_date else float(cell)
                data += record(5, place + struct.pack("<d", number))
    data += record(146) + record(130)
    styles = record(278) + record(617, struct.pack("<I", 2))
    styles += record(47, struct.pack("<HHHHHH4x", 0, 0, 0, 0, 0, 0))
    styles += record(47, struct.pack("<HHHHHH4x", 0, 22, 0, 0, 0, 0)) + record(618) + record(279)
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return _zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": (
                "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/"
                f"relationships'><Relationship Id='rId1' Type='{relation}/worksheet' "
                "Target='worksheets/sheet1.bin'/></Relationships>"
            ).encode(),
            "xl/worksheets/sheet1.bin": data,
            "xl/styles.bin": styles,
        }
    )


def ods(rows: Rows, *, sheet: str = "Orders") -> bytes:
    """Make an OpenDocument spreadsheet."""

    def cell(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, Error):
            return (
                "<table:table-cell office:value-type='string' office:string-value='' "
                "calcext:value-type='error'><text:p>#N/A</text:p></table:table-cell>"
            )
        if isinstance(value, bool):
            said, shown = f"boolean' office:boolean-value='{str(value).lower()}", str(value)
        elif isinstance(value, dt.date):
            said, shown = f"date' office:date-value='{value.isoformat()}", str(value)
        elif isinstance(value, int | float):
            said, shown = f"float' office:value='{value!r}", str(value)
        else:
            said, shown = "string", escape(str(value))
        return (
            f"<table:table-cell office:value-type='{said}'><text:p>{shown}</text:p>"
            "</table:table-cell>"
        )

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    name = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f"<?xml version='1.0' encoding='UTF-8'?><office:document-content "
        f"xmlns:office='{name}:office:1.0' xmlns:table='{name}:table:1.0' "
        f"xmlns:text='{name}:text:1.0' "
        "xmlns:calcext='urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0'>"
        f"<office:body><office:spreadsheet>"
        f"<table:table table:name='{sheet}'>{body}</table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return _zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": (
                f"<manifest:manifest xmlns:manifest='{name}:manifest:1.0'/>".encode()
            ),
        }
    )


def _zipped(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()
