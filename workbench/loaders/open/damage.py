"""Which cells of a sheet hold an error, or a formula that was never calculated?

calamine gives both as empty. In a column that may be empty that would pass for an anonymous sale,
so the cells are looked up where the workbook keeps them.
"""

import re
import struct
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple
from xml.etree import ElementTree

from workbench.loaders.find import limits
from workbench.loaders.find.workbooks import Kind
from workbench.loaders.open import compound, workbook_parts


class Damaged(NamedTuple):
    """A cell without a value: its column (from 0), its text, and the reason as a code."""

    column: int
    text: str
    reason: str


_CHUNK = 1 << 22
_CELL = rb"<(?:\w+:)?c\b(?=[^>]*\br=\"([A-Z]+)(\d+)\")"
_ERROR = re.compile(_CELL + rb"(?=[^>]*\bt=\"e\")[^>]*>(.*?)</(?:\w+:)?c>", re.S)
# A formula whose result is an empty text (t="str") was calculated.
_BARE_FORMULA = re.compile(
    _CELL + rb"(?![^>]*\bt=\"str\")[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>([^<]*)</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
    0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip


def find(path: Path, kind: Kind, sheet: str) -> dict[int, list[Damaged]]:
    """Find the damaged cells of a sheet, by row (from 1).

    A formula without a value is only known of .xlsx: other programs than Excel write those.
    """
    found: dict[int, list[Damaged]] = defaultdict(list)
    # What calamine could read and this cannot has to be laid out in a way unseen so far.
    with suppress(KeyError, ValueError, IndexError, SyntaxError, struct.error, zipfile.BadZipFile):
        for row, damaged in _all(path, kind, sheet):
            found[row].append(damaged)
    return dict(found)


def _all(path: Path, kind: Kind, sheet: str) -> Iterator[tuple[int, Damaged]]:
    if kind == "xls":
        for row, column, code in compound.errors(compound.workbook(path), sheet):
            yield row, Damaged(column, _ERRORS.get(code, "#ERROR"), "excel_error")
        return
    part = "content.xml" if kind == "ods" else str(workbook_parts.sheet_part(path, sheet))
    with zipfile.ZipFile(path) as archive, archive.open(part) as stream:
        if kind == "ods":
            yield from _in_open_document(stream, sheet)
        else:
            yield from (_in_xml if kind == "xlsx" else _in_records)(stream)


def _in_xml(stream: IO[bytes]) -> Iterator[tuple[int, Damaged]]:
    rest = b""
    while chunk := stream.read(_CHUNK):
        rest += chunk
        end = max(rest.rfind(b"</c>"), rest.rfind(b":c>")) + 4
        whole, rest = rest[:end], rest[end:]
        if b't="e"' in whole:
            for letters, row, inner in _ERROR.findall(whole):
                said = _VALUE.search(inner)
                shown = said[1].decode("utf-8", "replace") if said else ""
                yield int(row), Damaged(number_of(letters.decode()), shown, "excel_error")
        if b"<f" in whole or b":f" in whole:
            for letters, row, formula in _BARE_FORMULA.findall(whole):
                shown = f"={formula.decode('utf-8', 'replace')}"
                yield int(row), Damaged(number_of(letters.decode()), shown, "formula_without_value")


def _in_records(stream: IO[bytes]) -> Iterator[tuple[int, Damaged]]:
    """Walk the rows of an .xlsb sheet: BrtRowHdr is 0, BrtCellError 3, BrtFmlaError 11."""
    row = 0
    for record, body in workbook_parts.binary_records(stream):
        if record == 0:
            row = int.from_bytes(body[:4], "little") + 1
        elif record in (3, 11):
            column = int.from_bytes(body[:4], "little")
            yield row, Damaged(column, _ERRORS.get(body[8], "#ERROR"), "excel_error")


def _in_open_document(stream: IO[bytes], sheet: str) -> Iterator[tuple[int, Damaged]]:
    """Walk the rows of a sheet of an .ods: equal rows and cells in a row stand there once."""
    table, row, column = "", 1, 0
    for event, node in ElementTree.iterparse(stream, ("start", "end")):
        said = {name.rpartition("}")[2]: value for name, value in node.attrib.items()}
        tag = node.tag.rpartition("}")[2]
        if event == "start":
            if tag == "table":
                table, row = said.get("name", ""), 1
            column = 0 if tag == "table-row" else column
        elif tag in ("table-cell", "covered-table-cell"):
            many = min(int(said.get("number-columns-repeated", 1)), limits.COLUMNS)
            # calcext:value-type says error where office:value-type says text.
            kinds = [value for name, value in node.attrib.items() if name.endswith("value-type")]
            if table == sheet and "error" in kinds:
                shown = "".join(node.itertext())
                for place in range(column, column + many):
                    yield row, Damaged(place, shown, "excel_error")
            column += many
        elif tag == "table-row":
            row += int(said.get("number-rows-repeated", 1))
            node.clear()


def number_of(letters: str) -> int:
    """Give the place of a column by its letters, from 0.

    Examples
    --------
    >>> number_of("A"), number_of("AA")
    (0, 26)
    """
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found - 1


def letters_of(column: int) -> str:
    """Give the letters of a column by its place, from 0.

    Examples
    --------
    >>> letters_of(0), letters_of(26)
    ('A', 'AA')
    """
    letters = ""
    column += 1
    while column:
        column, last = divmod(column - 1, 26)
        letters = chr(65 + last) + letters
    return letters
