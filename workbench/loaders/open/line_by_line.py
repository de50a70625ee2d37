"""How is a CSV read that is not one record a line: slower, but with every physical line known?"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from workbench.loaders.open.cells import Writer
from workbench.loaders.open.text_file import LongLine, TextFile, next_line

# A quote that is opened and not closed would swallow the rest of the file: beyond these sizes a
# record is taken to be one, its first line is rejected, and reading goes on with the next line.
MAX_RECORD_LINES = 1_000
MAX_RECORD_CHARACTERS = 16_000_000


class _TooLong(Exception):
    """A record runs over more lines than any record does, or into one that is too long."""


class _LongLine(Exception):
    """A line is too long to be a record."""


class _Lines:
    """The physical lines of a file, with those of the current record remembered."""

    def __init__(self, handle: IO[str]) -> None:
        self._handle = handle
        self._again: list[str] = []
        self.record: list[str] = []
        self._size = 0
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.record) >= MAX_RECORD_LINES or self._size > MAX_RECORD_CHARACTERS:
            raise _TooLong
        line = self._again.pop() if self._again else next_line(self._handle)
        if not line:
            raise StopIteration
        is_long = isinstance(line, LongLine)
        if is_long and self.record:
            self._again.append(line)
            raise _TooLong
        self.record.append(line)
        self._size += len(line)
        self.number += 1
        if is_long:
            raise _LongLine
        return line

    def begin(self) -> None:
        self.record = []
        self._size = 0

    def give_back(self) -> str:
        """Keep the record's first line, and give the others back to be read again."""
        first, *others = self.record
        self._again.extend(reversed(others))
        self.number -= len(others)
        return first


def read(file: TextFile, separator: str) -> Iterator[tuple[int, list[str] | None, str]]:
    """Give every record of a CSV: the line it starts on, its fields, or the raw line if malformed.

    Blank lines are no records. A line that is too long is one, told by its beginning. A field that goes on after its closing quote, or a quote that is
    never closed, makes the one line malformed and not the lines after it.
    """
    limit = csv.field_size_limit(MAX_RECORD_CHARACTERS * 2)
    try:
        with file.open_text() as handle:
            lines = _Lines(handle)
            reader = csv.reader(lines, delimiter=separator, strict=True)
            while True:
                lines.begin()
                start = lines.number + 1
                try:
                    fields = next(reader)
                except StopIteration:
                    return
                except (csv.Error, _TooLong, _LongLine):
                    yield start, None, lines.give_back()
                    reader = csv.reader(lines, delimiter=separator, strict=True)
                    continue
                if fields:
                    yield start, fields, ""
    finally:
        csv.field_size_limit(limit)


def write(file: TextFile, separator: str, width: int, header_lines: int, path: Path) -> Writer:
    """Write all records below the header into a Parquet file of texts; what is malformed is rejected."""
    with Writer(path, width, between=separator) as writer:
        for line, fields, text in read(file, separator):
            if line <= header_lines:
                continue
            if fields is not None and not any(fields[width:]):
                # nothing stands in what is too much
                fields = fields[:width]
            if fields is None:
                reason = "line_too_long" if isinstance(text, LongLine) else "malformed_quotes"
                writer.reject(line, "", text, reason)
            elif len(fields) != width:
                reason = "too_few_fields" if len(fields) < width else "too_many_fields"
                writer.reject(line, "", separator.join(fields), reason)
            else:
                writer.add(line, fields)
    return writer
