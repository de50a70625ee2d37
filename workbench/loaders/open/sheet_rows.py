"""What do the rows of a sheet say? Each is written as text, or rejected with its reason.

calamine reads the values. What only a spreadsheet does to a table is told here: merged cells, days
as numbers, ids as numbers, error cells.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench import schema
from workbench.load_options import LoadOptions
from workbench.loaders.find.workbooks import Kind
from workbench.loaders.open import damage, workbook_parts
from workbench.loaders.open.calamine_reader import is_blank
from workbench.loaders.open.cells import DATED, NUMERIC, Writer
from workbench.loaders.open.sheet import Sheet

# Excel counts days: 2 is 1900-01-01 only from March 1900 on, since it has a 29 February 1900.
_DAYS_FROM = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}
# Plain numbers that are taken for days in a column of dates: 1927 to 9999. A year is no day.
_FIRST_DAY, _LAST_DAY = 10_000, 2_958_466
# A number keeps fifteen digits: of a longer id the last ones are gone.
_EXACT = 10.0**15


@dataclass(frozen=True)
class Found:
    """What was found while a sheet was written: counts for the ledger, columns without a name."""

    counts: dict[str, int]
    unnamed: tuple[str, ...]


def write(
    sheet: Sheet,
    ours: Mapping[int, schema.Column],
    writer: Writer,
    path: Path,
    kind: Kind,
    options: LoadOptions,
) -> Found:
    """Write the rows of a sheet as text; rows that no cast could judge are rejected here.

    Parameters
    ----------
    sheet
        The sheet.
    ours
        Which of our columns stands where.
    writer
        Where the rows go.
    path, kind
        The workbook, where damage and the first of its days are looked up.
    options
        What was asked of the load.
    """
    damaged = damage.find(path, kind, sheet.name)
    begin = _DAYS_FROM[workbook_parts.counts_from_1904(path, kind)]
    ids = [place for place, column in ours.items() if column.type == "id"]
    counts_days = options.date_format in (None, "excel")
    days = [place for place, column in ours.items() if counts_days and column.type in DATED]
    fills = {place for place, column in ours.items() if column.type not in NUMERIC}
    counts = {"number_ids": 0, "serial_dates": 0, "merged_cells": 0}
    unnamed = {place for place, header in enumerate(sheet.headers) if not header}
    filled: set[int] = set()
    above: dict[int, tuple[int, Any]] = {}
    for number, given in sheet.rows:
        filled |= {place for place in unnamed - filled if given[place] != ""}
        if is_blank(given):
            continue
        row = list(given)
        if found := _damage(damaged.get(number, ()), row, ours, sheet.first_column):
            writer.reject(number, *found)
            continue
        for place in fills:
            if row[place] != "":
                above[place] = (number, row[place])
        counts["merged_cells"] += _fill(row, sheet.merged.get(number, {}), above)
        numbers = [place for place in ids if isinstance(row[place], float)]
        if long := [place for place in numbers if abs(row[place]) >= _EXACT]:
            shown = format(row[long[0]], ".15g")
            writer.reject(number, ours[long[0]].name, shown, "id_digits_lost")
            continue
        counts["number_ids"] += len(numbers)
        for place in days:
            cell = row[place]
            if isinstance(cell, float) and _FIRST_DAY <= cell < _LAST_DAY:
                moment = begin + dt.timedelta(milliseconds=round(cell * 86_400_000))
                row[place] = moment if moment.time() != dt.time() else moment.date()
                counts["serial_dates"] += 1
        writer.add(number, row)
    letters = [damage.letters_of(place + sheet.first_column) for place in sorted(filled)]
    return Found(counts, tuple(f"column {name}" for name in letters))


def _damage(
    cells: Sequence[damage.Damaged],
    row: list[Any],
    ours: Mapping[int, schema.Column],
    first_column: int,
) -> tuple[str, str, str] | None:
    """Join the names, texts and reasons of the damaged cells that are ours; #N/A may be an id's."""
    ids = {place for place, column in ours.items() if column.type == "id"}
    for cell in cells:
        if cell.text == "#N/A" and cell.column - first_column in ids:
            row[cell.column - first_column] = cell.text
    known = [
        (ours[cell.column - first_column].name, cell.text, cell.reason)
        for cell in cells
        if (place := cell.column - first_column) in ours and row[place] == ""
    ]
    if not known:
        return None
    names, texts, reasons = ("; ".join(part) for part in zip(*known, strict=True))
    return names, texts, reasons


def _fill(row: list[Any], merged: dict[int, int], above: dict[int, tuple[int, Any]]) -> int:
    """Fill the cells under a merged one with its value, and count them."""
    filled = 0
    for place, begins in merged.items():
        if place in above and row[place] == "" and above[place][0] == begins:
            row[place] = above[place][1]
            filled += 1
    return filled
