"""What does an Excel 97 workbook (.xls) say that calamine does not: errors, and where days begin?

The container is a small file system (OLE): sectors, a table that chains them, a folder of streams.
The workbook's stream is a row of records, first for the whole book, then for each sheet.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

_END = 0xFFFFFFFA
_SHEET, _END_OF_PART, _DATE_MODE, _FORMULA, _BOOLEAN_OR_ERROR = 0x85, 0x0A, 0x22, 0x06, 0x205


def workbook(path: Path) -> bytes:
    """Read the stream of the workbook out of its container.

    Raises
    ------
    ValueError
        There is none.
    """
    content = path.read_bytes()
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    folder, mini_table = (struct.unpack_from("<I", content, place)[0] for place in (48, 60))
    tables = list(struct.unpack_from("<109I", content, 76))
    more = struct.unpack_from("<I", content, 68)[0]
    while more < _END and len(tables) < 1 << 20:
        entries = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        tables += entries[:-1]
        more = entries[-1]

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    chain = [link for number in tables if number < _END for link in _numbers(sector(number))]

    def stream(start: int) -> bytes:
        return b"".join(sector(number) for number in _follow(chain, start))

    listing = stream(folder)
    root = struct.unpack_from("<I", listing, 116)[0]
    for place in range(0, len(listing), 128):
        entry = listing[place : place + 128]
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")
        if name not in ("Workbook", "Book"):
            continue
        start, length = struct.unpack_from("<IQ", entry, 116)
        length &= 0xFFFFFFFF
        if length >= 4096:
            return stream(start)[:length]
        links, small = _numbers(stream(mini_table)), stream(root)
        parts = [small[number * 64 : number * 64 + 64] for number in _follow(links, start)]
        return b"".join(parts)[:length]
    raise ValueError("no workbook in it")


def _numbers(sector: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4]))


def _follow(chain: list[int], start: int) -> Iterator[int]:
    # A damaged chain may run in a circle.
    for _ in range(len(chain)):
        if start >= _END or start >= len(chain):
            return
        yield start
        start = chain[start]


def records(stream: bytes, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Give the records of one part of a workbook, up to its end: their type and content."""
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        if kind == _END_OF_PART:
            return
        yield kind, stream[start + 4 : start + 4 + size]
        start += 4 + size


def counts_from_1904(stream: bytes) -> bool:
    """Does the workbook count days from 1904?"""
    return any(kind == _DATE_MODE and body[:1] == b"\1" for kind, body in records(stream))


def errors(stream: bytes, sheet: str) -> Iterator[tuple[int, int, int]]:
    """Give the row (from 1), the column (from 0) and the code of each error value of a sheet."""
    for kind, body in records(stream):
        if kind != _SHEET or _name(body) != sheet:
            continue
        for cell, inner in records(stream, struct.unpack_from("<I", body)[0]):
            row, column = struct.unpack_from("<HH", inner) if len(inner) >= 8 else (0, 0)
            if cell == _BOOLEAN_OR_ERROR and inner[7] == 1:
                yield row + 1, column, inner[6]
            # The result of a formula that is no number ends in FFFF; 2 says that it is an error.
            if cell == _FORMULA and inner[12:14] == b"\xff\xff" and inner[6] == 2:
                yield row + 1, column, inner[8]


def _name(body: bytes) -> str:
    length, is_wide = body[6], body[7] & 1
    if is_wide:
        return body[8 : 8 + 2 * length].decode("utf-16-le")
    return body[8 : 8 + length].decode("latin-1")
